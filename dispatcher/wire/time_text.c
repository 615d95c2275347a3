/* time_text: the civil calendar in integers, and its text form. */
#include "wire/time_text.h"

#include <string.h>

#define DAY_MS    INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)

static int64_t clamp(int64_t ms, int32_t offset_minutes)
{
	int64_t shift = offset_minutes * MINUTE_MS;

	if (ms < TIME_MS_MIN)
		ms = TIME_MS_MIN;
	if (ms > TIME_MS_MAX)
		ms = TIME_MS_MAX;
	ms += shift;
	if (ms < TIME_MS_MIN)
		return TIME_MS_MIN;
	return ms > TIME_MS_MAX ? TIME_MS_MAX : ms;
}

static uint32_t month_days(int32_t year, uint32_t month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

/*
 * Days from 1970-01-01. Years are counted from 1 March, so that the leap day is the last of its year.
 * Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil, civil_from_days.
 */
static int64_t days_of_date(int64_t year, int64_t month, int64_t day)
{
	if (month <= 2)
		year--;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of_days(int64_t days, struct time_parts *parts)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t day = days - era * 146097;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t of_year = day - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;

	parts->day = (uint32_t)(of_year - (153 * month + 2) / 5 + 1);
	parts->month = (uint32_t)(month < 10 ? month + 3 : month - 9);
	parts->year = (int32_t)(year + era * 400 + (parts->month <= 2 ? 1 : 0));
}

struct time_parts time_split(int64_t ms, int32_t offset_minutes)
{
	struct time_parts parts;
	int64_t local = clamp(ms, offset_minutes);
	int64_t days = (local - TIME_MS_MIN) / DAY_MS; /* since 0000-01-01, a Saturday; never negative */
	uint32_t rest = (uint32_t)((local - TIME_MS_MIN) % DAY_MS);

	date_of_days(days + TIME_MS_MIN / DAY_MS, &parts);
	parts.weekday = (uint32_t)((days + 5) % 7 + 1);
	parts.hour = rest / 3600000;
	parts.minute = rest / 60000 % 60;
	parts.second = rest / 1000 % 60;
	parts.ms = rest % 1000;
	return parts;
}

enum disp_err time_join(const struct time_parts *p, int32_t offset_minutes, int64_t *ms)
{
	if (p->year < 0 || p->year > 9999 || p->month < 1 || p->month > 12)
		return DISP_E_INPUT;
	if (p->day < 1 || p->day > month_days(p->year, p->month))
		return DISP_E_INPUT;
	if (p->hour > 23 || p->minute > 59 || p->second > 59 || p->ms > 999)
		return DISP_E_INPUT;

	int64_t seconds = ((int64_t)p->hour * 60 + p->minute) * 60 + p->second;
	int64_t value = days_of_date(p->year, p->month, p->day) * DAY_MS + seconds * 1000 + p->ms;
	value -= offset_minutes * MINUTE_MS;
	if (value < TIME_MS_MIN || value > TIME_MS_MAX)
		return DISP_E_INPUT;
	*ms = value;
	return DISP_OK;
}

uint32_t time_minute_of_day(int64_t ms, int32_t offset_minutes)
{
	return (uint32_t)((clamp(ms, offset_minutes) - TIME_MS_MIN) % DAY_MS / MINUTE_MS);
}

/* Two digits at a fixed place; more than 99 when they are none. */
static uint32_t two_digits(const char *at)
{
	uint32_t tens = (uint32_t)(uint8_t)at[0] - '0', ones = (uint32_t)(uint8_t)at[1] - '0';

	return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

/* "Z" or "+hh:mm" and nothing behind it. */
static bool parse_offset(struct text text, uint32_t at, int32_t *minutes)
{
	uint32_t left = text.len - at;
	const char *ptr = text.ptr + at;

	*minutes = 0;
	if (left == 1)
		return *ptr == 'Z' || *ptr == 'z';
	if (left != 6 || (*ptr != '+' && *ptr != '-') || ptr[3] != ':')
		return false;
	uint32_t hours = two_digits(ptr + 1), rest = two_digits(ptr + 4);
	if (hours > 23 || rest > 59)
		return false;
	*minutes = (int32_t)(hours * 60 + rest) * (*ptr == '-' ? -1 : 1);
	return true;
}

/* An optional fraction: its first three digits; *at is moved behind it. */
static bool parse_fraction(struct text text, uint32_t *at, uint32_t *ms)
{
	uint32_t weight = 100, index = *at + 1;

	*ms = 0;
	if (text.ptr[*at] != '.')
		return true;
	for (; index < text.len && text.ptr[index] >= '0' && text.ptr[index] <= '9'; index++) {
		*ms += (uint32_t)(text.ptr[index] - '0') * weight;
		weight /= 10;
	}
	if (index == *at + 1)
		return false;
	*at = index;
	return true;
}

enum disp_err time_parse(struct text text, int64_t *ms)
{
	const char *t = text.ptr;
	uint32_t at = 19;
	struct time_parts p = {0};
	int32_t offset;
	int64_t value;

	if (text.len < 20 || t[4] != '-' || t[7] != '-' || t[13] != ':' || t[16] != ':')
		return DISP_E_INPUT;
	if (t[10] != 'T' && t[10] != 't')
		return DISP_E_INPUT;
	uint32_t century = two_digits(t), year = two_digits(t + 2);
	if (century > 99 || year > 99)
		return DISP_E_INPUT;
	p.year = (int32_t)(century * 100 + year);
	p.month = two_digits(t + 5);
	p.day = two_digits(t + 8);
	p.hour = two_digits(t + 11);
	p.minute = two_digits(t + 14);
	p.second = two_digits(t + 17);
	if (!parse_fraction(text, &at, &p.ms) || !parse_offset(text, at, &offset))
		return DISP_E_INPUT;

	bool leap = p.second == 60;
	if (leap)
		p.second = 59;
	if (time_join(&p, offset, &value) != DISP_OK)
		return DISP_E_INPUT;
	if (leap) {
		value += 1000;
		if ((value - TIME_MS_MIN) % DAY_MS >= 1000 || value > TIME_MS_MAX)
			return DISP_E_INPUT; /* not the last second of a UTC day */
	}
	*ms = value;
	return DISP_OK;
}

/* Writes value with `count` digits, leading zeros included. */
static void put_digits(char *out, uint32_t value, uint32_t count)
{
	for (; count > 0; count--) {
		out[count - 1] = (char)('0' + value % 10);
		value /= 10;
	}
}

void time_format_local(int64_t ms, int32_t offset_minutes, char *out)
{
	struct time_parts parts = time_split(ms, offset_minutes);

	memcpy(out, "0000-00-00 00:00:00", TIME_LOCAL_LEN);
	put_digits(out, (uint32_t)parts.year, 4);
	put_digits(out + 5, parts.month, 2);
	put_digits(out + 8, parts.day, 2);
	put_digits(out + 11, parts.hour, 2);
	put_digits(out + 14, parts.minute, 2);
	put_digits(out + 17, parts.second, 2);
}

void time_format(int64_t ms, char *out)
{
	time_format_local(ms, 0, out);
	out[10] = 'T';
	out[19] = '.';
	put_digits(out + 20, time_split(ms, 0).ms, 3);
	out[23] = 'Z';
}
