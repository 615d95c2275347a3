/* calendar: working hours, for the slow clocks; see the header. */
#include "core/calendar.h"

#include <string.h>

#include "core/apply.h"
#include "core/decide.h"

#define DAY_MS INT64_C(86400000)

enum { MINUTE_MS = 60000, WEEK_SET = 0x7f, DATE_LEN = 10 };

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* --- days ---------------------------------------------------------------------------------------- */

static bool digits(struct text date, uint32_t from, uint32_t count, int32_t *out)
{
	*out = 0;
	for (uint32_t at = from; at < from + count; at++) {
		if (date.ptr[at] < '0' || date.ptr[at] > '9')
			return false;
		*out = *out * 10 + (date.ptr[at] - '0');
	}
	return true;
}

/* H. Hinnant, chrono-compatible low-level date algorithms: days_from_civil. */
bool calendar_day_read(struct text date, int32_t *day)
{
	static const int32_t length[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int32_t year, month, of_month;

	if (date.len != DATE_LEN || date.ptr[4] != '-' || date.ptr[7] != '-' || !digits(date, 0, 4, &year) ||
		!digits(date, 5, 2, &month) || !digits(date, 8, 2, &of_month))
		return false;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1970 || month < 1 || month > 12 || of_month < 1 || of_month > length[month - 1] ||
		(month == 2 && of_month == 29 && !leap))
		return false;
	int32_t shifted = month <= 2 ? year - 1 : year, era = shifted / 400, of_era = shifted % 400;
	int32_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + of_month - 1;

	*day = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
	return true;
}

bool calendar_works(const struct calendar *calendar, int64_t day)
{
	uint32_t low = 0, high = calendar->day_count;

	if (calendar->weekdays == 0)
		return true;
	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (calendar->day[middle] / 2 == day)
			return calendar->day[middle] % 2 != 0;
		if (calendar->day[middle] / 2 < day)
			low = middle + 1;
		else
			high = middle;
	}
	int64_t weekday = (day + 3) - floor_div(day + 3, 7) * 7; /* 1970-01-01 was a Thursday */

	return (calendar->weekdays >> weekday & 1) != 0;
}

bool calendar_open(const struct calendar *calendar, int32_t offset_min, int64_t at_ms)
{
	int64_t local_ms = at_ms + (int64_t)offset_min * MINUTE_MS, day = floor_div(local_ms, DAY_MS);
	int64_t minute = (local_ms - day * DAY_MS) / MINUTE_MS;

	return calendar->weekdays == 0 ||
	       (calendar_works(calendar, day) &&
		       ((minute >= calendar->from_min && minute < calendar->to_min) ||
			       (minute >= calendar->from2_min && minute < calendar->to2_min)));
}

int64_t calendar_add_ms(const struct calendar *calendar, int32_t offset_min, int64_t from_ms, int64_t span_ms)
{
	const uint16_t edge[2][2] = {
		{calendar->from_min, calendar->to_min}, {calendar->from2_min, calendar->to2_min}};
	int64_t offset_ms = (int64_t)offset_min * MINUTE_MS, left_ms = span_ms;
	int64_t local_ms = from_ms + offset_ms, today = floor_div(local_ms, DAY_MS);

	if (span_ms <= 0)
		return from_ms;
	if (calendar->weekdays == 0)
		return from_ms + span_ms;
	for (int64_t day = today; day < today + CALENDAR_AHEAD_DAYS; day++) {
		if (!calendar_works(calendar, day))
			continue;
		for (uint32_t half = 0; half < 2; half++) {
			int64_t open_ms = day * DAY_MS + (int64_t)edge[half][0] * MINUTE_MS;
			int64_t shut_ms = day * DAY_MS + (int64_t)edge[half][1] * MINUTE_MS;

			if (open_ms < local_ms)
				open_ms = local_ms;
			if (open_ms >= shut_ms)
				continue;
			if (left_ms <= shut_ms - open_ms)
				return open_ms + left_ms - offset_ms;
			left_ms -= shut_ms - open_ms;
		}
	}
	return from_ms + span_ms;
}

/* --- the town's ---------------------------------------------------------------------------------- */

static bool put_days(struct calendar *calendar, struct text list, int32_t works)
{
	for (struct text word = text_next_word(&list); word.len > 0; word = text_next_word(&list)) {
		int32_t day, value;
		uint32_t at = calendar->day_count;

		if (!calendar_day_read(word, &day) || calendar->day_count == CALENDAR_DAYS_MAX)
			return false;
		value = day * 2 + works;
		while (at > 0 && calendar->day[at - 1] / 2 > day)
			at--;
		if (at > 0 && calendar->day[at - 1] / 2 == day)
			return false; /* twice, or both */
		memmove(&calendar->day[at + 1], &calendar->day[at],
			(calendar->day_count - at) * sizeof calendar->day[0]);
		calendar->day[at] = value;
		calendar->day_count++;
	}
	return true;
}

/* What the event says, as a record; false: it says nothing that could be kept. */
static bool calendar_fill(struct calendar *calendar, const struct event_calendar *from)
{
	memset(calendar, 0, sizeof *calendar);
	if (from->weekdays == 0)
		return from->rest.len == 0 && from->work.len == 0;
	calendar->weekdays = from->weekdays;
	calendar->from_min = from->from_min;
	calendar->to_min = from->to_min;
	calendar->from2_min = from->from2_min;
	calendar->to2_min = from->to2_min;
	bool second = from->from2_min != 0 || from->to2_min != 0;

	return from->weekdays <= WEEK_SET && from->from_min < from->to_min &&
	       from->to_min <= PLAYBOOK_DAY_MIN &&
	       (!second || (from->from2_min >= from->to_min && from->from2_min < from->to2_min &&
				   from->to2_min <= PLAYBOOK_DAY_MIN)) &&
	       put_days(calendar, from->rest, 0) && put_days(calendar, from->work, 1);
}

void decide_calendar(struct decision *decision)
{
	struct calendar calendar;

	if (!calendar_fill(&calendar, &decision->event->u.calendar)) {
		emit_result(decision, OUTCOME_INVALID, 0);
		return;
	}
	if (memcmp(&calendar, &town_of(decision->core)->calendar, sizeof calendar) == 0)
		return; /* nothing new: no row */
	struct effect *effect = emit(decision, EFFECT_CALENDAR);

	effect->u.calendar = (struct effect_calendar){.days = calendar.day_count};
}

enum disp_err apply_calendar(struct apply *apply)
{
	struct town_state *town = state_edit(apply->core, TABLE_TOWN, 1);

	return apply->event->kind == EVENT_CALENDAR &&
			       calendar_fill(&town->calendar, &apply->event->u.calendar)
		       ? DISP_OK
		       : DISP_E_DAMAGED;
}
