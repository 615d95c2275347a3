/* calendar: working hours, for the slow clocks; integers, no clock of its own. */
#ifndef CORE_CALENDAR_H
#define CORE_CALENDAR_H

#include "core/model.h"

/* The local day of YYYY-MM-DD, in days since 1970. False: not a date from 1970 to 9999. */
bool calendar_day_read(struct text date, int32_t *day);

/* Whether offices work on a local day, and at a moment. Without a calendar every minute counts. */
bool calendar_works(const struct calendar *calendar, int64_t day);
bool calendar_open(const struct calendar *calendar, int32_t offset_min, int64_t at_ms);

/*
 * calendar_add_ms - the first moment at which span_ms of working time have gone by since from_ms.
 *
 * Units   ms since 1970 UTC; offset_min: what the town's clock is ahead of UTC.
 * Order   A span of 0, or none, ends where it begins; one that ends with the working day ends at closing time, not at
 *         the next opening.
 * Errors  Where the working time of the next CALENDAR_AHEAD_DAYS does not suffice, every minute counts.
 */
enum { CALENDAR_AHEAD_DAYS = 3660 };
int64_t calendar_add_ms(
	const struct calendar *calendar, int32_t offset_min, int64_t from_ms, int64_t span_ms);

#endif
