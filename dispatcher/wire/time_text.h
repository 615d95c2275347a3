/* time_text: RFC 3339 to milliseconds and back, dates at a fixed offset. No clock, no zone database. */
#ifndef WIRE_TIME_TEXT_H
#define WIRE_TIME_TEXT_H

#include "core/error.h"
#include "core/types.h"

/* Milliseconds since 1970-01-01T00:00:00Z without leap seconds, proleptic Gregorian; years 0000 .. 9999. */
#define TIME_MS_MIN INT64_C(-62167219200000)
#define TIME_MS_MAX INT64_C(253402300799999)

enum {
	TIME_TEXT_LEN = 24,        /* 2026-07-01T08:00:00.123Z */
	TIME_LOCAL_LEN = 19,       /* 2026-07-01 16:00:00 */
	TIME_OFFSET_SHANGHAI = 480 /* minutes east of Greenwich; no summer time since 1991 */
};

/* A moment as a calendar shows it. */
struct time_parts {
	int32_t year;   /* 0 .. 9999 */
	uint32_t month; /* 1 .. 12 */
	uint32_t day;   /* 1 .. 31 */
	uint32_t hour, minute, second, ms;
	uint32_t weekday; /* 1 Monday .. 7 Sunday, as ISO 8601 counts */
};

/*
 * time_parse - RFC 3339 date-time with any offset to milliseconds.
 *
 * Shapes  the whole text, T and Z also in lower case, a fraction of any length: cut off behind the
 * milliseconds.
 *         "-00:00" is UTC.
 * Errors  DISP_E_INPUT  another form, a date that no calendar has, an offset beyond 23:59, or a moment that
 * in UTC lies outside of the years 0000 .. 9999. *ms is untouched. Order   A leap second, 23:59:60 in UTC on
 * any day, is the second after it; :60 anywhere else is an error. Source  RFC 3339, section 5.6 and appendix
 * D.
 */
enum disp_err time_parse(struct text text, int64_t *ms) DISP_MUSTCHECK;

/* Writes exactly TIME_TEXT_LEN bytes, not terminated. A moment out of range is written as the nearest in it.
 */
void time_format(int64_t ms, char *out);

/* Writes exactly TIME_LOCAL_LEN bytes, not terminated: the clock on the wall, for people, not for machines.
 */
void time_format_local(int64_t ms, int32_t offset_minutes, char *out);

/* offset_minutes is added before splitting; out of range is the nearest moment in it. */
struct time_parts time_split(int64_t ms, int32_t offset_minutes);

/* The moment of these parts (weekday is not looked at). DISP_E_INPUT: no such date or time of day. */
enum disp_err time_join(const struct time_parts *parts, int32_t offset_minutes, int64_t *ms) DISP_MUSTCHECK;

/* 0 .. 1439 at that offset. */
uint32_t time_minute_of_day(int64_t ms, int32_t offset_minutes);

#endif
