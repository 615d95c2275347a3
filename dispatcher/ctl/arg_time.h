/* arg_time: times as people type them, in the town's time, to RFC 3339; asks no clock but for want of a better one. */
#ifndef CTL_ARG_TIME_H
#define CTL_ARG_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

/* The clock on the wall may go ahead of the daemon's by so much: such a time counts as now. */
enum { ARG_TIME_SOON_MS = 120000 };

/* Where a time of day lies that may be of several days. */
enum arg_side {
	SIDE_NEAR,   /* the nearest to now */
	SIDE_COMING, /* the next one to come */
	SIDE_PAST /* today's; in the first hours of a day the evening's before, which is then the only sensible one */
};

/*
 * args_time - what was typed to RFC 3339 UTC in out[25].
 *
 * Shapes  RFC 3339; "2026-07-01 18:00"; "07-01 18:00" (the year by `side`); "yesterday", "today" or "tomorrow" and a time,
 *         or the Chinese for it; "18:00". Seconds may follow all but the last. now_ms 0: this machine's clock.
 * Errors  false: none of these. With SIDE_PAST the time may still lie in the future: the caller looks.
 */
bool args_time(const char *text, int64_t now_ms, enum arg_side side, char *out) DISP_MUSTCHECK;

/*
 * args_time_after - "18:00" on the day of something before it, or on the day after where midnight lies between them (less
 * than half a day on), to RFC 3339 UTC in out[25]. False: it is no time of day alone.
 */
bool args_time_after(const char *text, int64_t before_ms, char *out) DISP_MUSTCHECK;

/* Whether it is "18:00", and its day is to be guessed; whether the daemon's time is needed to read it; whether it is the
 * day alone, and a time should follow. */
bool args_is_time_of_day(const char *text);
bool args_time_needs_now(const char *text);
bool args_is_day(const char *text);

/* This machine's clock. */
int64_t args_clock_ms(void);

#endif
