/* clock: see the header. */
#include "clock/clock.h"

#include <time.h>

static int64_t read_ms(clockid_t id)
{
	struct timespec now;

	(void)clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
	return read_ms(CLOCK_REALTIME);
}

int64_t clock_boot_ms(void)
{
	return read_ms(CLOCK_BOOTTIME);
}

/* a * rate / 1000 without overflow for centuries at any allowed rate. */
static int64_t scaled(int64_t real_ms, uint32_t rate_milli)
{
	return real_ms / 1000 * rate_milli + real_ms % 1000 * rate_milli / 1000;
}

void clock_start(struct event_clock_source *clock, int64_t anchor_wall_ms, int64_t anchor_at_ms,
	uint32_t rate_milli, int64_t not_before_ms)
{
	int64_t at_ms = anchor_at_ms + scaled(clock_wall_ms() - anchor_wall_ms, rate_milli);

	clock->base_at_ms = at_ms > not_before_ms ? at_ms : not_before_ms;
	clock->base_boot_ms = clock_boot_ms();
	clock->rate_milli = rate_milli;
}

int64_t clock_now_ms(const struct event_clock_source *clock)
{
	return clock->base_at_ms + scaled(clock_boot_ms() - clock->base_boot_ms, clock->rate_milli);
}

int64_t clock_wait_ms(const struct event_clock_source *clock, int64_t at_ms)
{
	int64_t left_ms = at_ms == INT64_MAX ? INT64_MAX : at_ms - clock_now_ms(clock);

	if (left_ms <= 0 || left_ms == INT64_MAX)
		return left_ms <= 0 ? 0 : INT64_MAX;
	return left_ms / clock->rate_milli * 1000 + left_ms % clock->rate_milli * 1000 / clock->rate_milli +
	       1;
}
