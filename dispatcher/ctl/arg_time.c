/* arg_time: days and times of day in the town's time; see the header. */
#include "ctl/arg_time.h"

#include <string.h>
#include <time.h>

#include "ctl/screen.h"
#include "wire/time_text.h"

enum { TOWN_AHEAD_S = 8 * 3600, DAY_MS = 86400000, NIGHT_MS = 6 * 3600 * 1000, DAY_SIZE = 16 };

static const struct {
	const char *word;
	int days;
} days[] = {
	{"yesterday", -1},
	{"today", 0},
	{"tomorrow", 1},
	{"\u524d\u5929", -2}, /* the day before yesterday */
	{"\u6628\u5929", -1},
	{"\u4eca\u5929", 0},
	{"\u660e\u5929", 1},
	{"\u540e\u5929", 2},
};

int64_t args_clock_ms(void)
{
	return (int64_t)time(NULL) * 1000;
}

bool args_is_time_of_day(const char *text)
{
	return strlen(text) == 5 && text[2] == ':';
}

/* "2026-07-01 18:00" with seconds or without, in the town's time. */
static bool time_local(const char *text, int64_t *ms)
{
	char padded[32];
	size_t len = strlen(text);

	if ((len != 16 && len != 19) || (text[10] != ' ' && text[10] != 'T'))
		return false;
	screen_format(padded, sizeof(padded), "%.10sT%s%s+08:00", text, text + 11, len == 16 ? ":00" : "");
	return time_parse((struct text){padded, (uint32_t)strlen(padded)}, ms) == DISP_OK;
}

/* The town's calendar day, "2026-07-01". */
static bool day_of(int64_t ms, char out[DAY_SIZE])
{
	time_t town = (time_t)(ms / 1000 + TOWN_AHEAD_S);
	struct tm parts;

	return gmtime_r(&town, &parts) != NULL && strftime(out, DAY_SIZE, "%Y-%m-%d", &parts) > 0;
}

static bool time_on(int64_t day_ms, const char *text, int64_t *ms)
{
	char day[DAY_SIZE], whole[64];

	if (!day_of(day_ms, day))
		return false;
	screen_format(whole, sizeof(whole), "%s %s", day, text);
	return time_local(whole, ms);
}

/* "18:00" in the town. */
static bool time_of_day(const char *text, int64_t now_ms, enum arg_side side, int64_t *ms)
{
	if (!args_is_time_of_day(text) || !time_on(now_ms, text, ms))
		return false;
	if (side == SIDE_COMING)
		*ms += *ms <= now_ms ? DAY_MS : 0;
	else if (side == SIDE_PAST && *ms + DAY_MS <= now_ms + ARG_TIME_SOON_MS)
		*ms += DAY_MS; /* the clock on the wall has passed midnight already */
	else if (side == SIDE_PAST)
		*ms -= *ms > now_ms && *ms - DAY_MS >= now_ms - NIGHT_MS ? DAY_MS : 0;
	else if (*ms < now_ms - DAY_MS / 2)
		*ms += DAY_MS;
	else if (*ms > now_ms + DAY_MS / 2)
		*ms -= DAY_MS;
	return true;
}

/* Bytes of the word for a day that the text begins with; 0: none. */
static size_t day_word(const char *text, int *ahead)
{
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		size_t len = strlen(days[i].word);

		*ahead = days[i].days;
		if (strncmp(text, days[i].word, len) == 0)
			return len;
	}
	return 0;
}

static bool time_of_day_word(const char *text, int64_t now_ms, int64_t *ms)
{
	int ahead;
	size_t len = day_word(text, &ahead);

	return len > 0 && time_on(now_ms + (int64_t)ahead * DAY_MS, text + len + strspn(text + len, " "), ms);
}

/* "07-01" begins the text. */
static bool is_month_day(const char *text)
{
	return strspn(text, "0123456789") == 2 && text[2] == '-' && strspn(text + 3, "0123456789") == 2;
}

static bool is_better(int64_t ms, int64_t than_ms, int64_t now_ms, enum arg_side side)
{
	bool is_right = side == SIDE_COMING ? ms > now_ms : side == SIDE_PAST ? ms <= now_ms : true;
	bool than_right = side == SIDE_COMING ? than_ms > now_ms
			  : side == SIDE_PAST ? than_ms <= now_ms
					      : true;
	int64_t off_ms = ms > now_ms ? ms - now_ms : now_ms - ms;
	int64_t than_off_ms = than_ms > now_ms ? than_ms - now_ms : now_ms - than_ms;

	return is_right != than_right ? is_right : off_ms < than_off_ms;
}

/* "07-01 18:00": last year's, this year's or the next one's. */
static bool time_of_month(const char *text, int64_t now_ms, enum arg_side side, int64_t *ms)
{
	char day[DAY_SIZE], whole[64];
	bool found = false;

	if (!is_month_day(text) || !day_of(now_ms, day))
		return false;
	for (int year = -1; year <= 1; year++) {
		int64_t one_ms;

		(void)day_of(now_ms + (int64_t)year * 365 * DAY_MS, day);
		screen_format(whole, sizeof(whole), "%.5s%s", day, text);
		if (!time_local(whole, &one_ms) || (found && !is_better(one_ms, *ms, now_ms, side)))
			continue;
		*ms = one_ms;
		found = true;
	}
	return found;
}

bool args_time(const char *text, int64_t now_ms, enum arg_side side, char *out)
{
	int64_t ms;

	if (now_ms == 0)
		now_ms = args_clock_ms();
	if (time_parse((struct text){text, (uint32_t)strlen(text)}, &ms) != DISP_OK &&
		!time_local(text, &ms) && !time_of_day(text, now_ms, side, &ms) &&
		!time_of_day_word(text, now_ms, &ms) && !time_of_month(text, now_ms, side, &ms))
		return false;
	time_format(ms, out);
	out[TIME_TEXT_LEN] = '\0';
	return true;
}

bool args_time_after(const char *text, int64_t before_ms, char *out)
{
	int64_t ms;

	if (!args_is_time_of_day(text) || !time_on(before_ms, text, &ms))
		return false;
	if (ms < before_ms && ms + DAY_MS - before_ms < DAY_MS / 2)
		ms += DAY_MS;
	time_format(ms, out);
	out[TIME_TEXT_LEN] = '\0';
	return true;
}

bool args_time_needs_now(const char *text)
{
	int ahead;

	return args_is_time_of_day(text) || is_month_day(text) || day_word(text, &ahead) > 0;
}

bool args_is_day(const char *text)
{
	int ahead;
	size_t len = day_word(text, &ahead);

	return (len > 0 && text[len] == '\0') || (is_month_day(text) && strlen(text) == 5) ||
	       (strspn(text, "0123456789") == 4 && text[4] == '-' && is_month_day(text + 5) &&
		       strlen(text) == 10);
}
