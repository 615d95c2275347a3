/* clock: the only reader of the system's clocks; turns boot time into event time. */
#ifndef CLOCK_CLOCK_H
#define CLOCK_CLOCK_H

#include <stdint.h>

/*
 * Event time is milliseconds since 1970 UTC and never goes back. It starts from an anchor (at this wall time it was this
 * event time), and runs on with the boot-time clock, which a step of the wall clock does not touch. rate_milli 1000
 * is real time; 60,000 lets a minute pass each second.
 */
struct event_clock_source {
	int64_t base_at_ms, base_boot_ms;
	uint32_t rate_milli;
};

int64_t clock_wall_ms(void); /* since 1970 UTC; may step */
int64_t clock_boot_ms(void); /* since boot, sleep included; never back */

/* Starts at the event time that the anchor gives for now, but not before not_before_ms. */
void clock_start(struct event_clock_source *clock, int64_t anchor_wall_ms, int64_t anchor_at_ms,
	uint32_t rate_milli, int64_t not_before_ms);
int64_t clock_now_ms(const struct event_clock_source *clock);
/* How long to wait, in real ms, until event time at_ms; 0: it has come. INT64_MAX stays that. */
int64_t clock_wait_ms(const struct event_clock_source *clock, int64_t at_ms);

#endif
