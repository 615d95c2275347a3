/* test_nearby: the sieve lets through all that is near, whatever came and went. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/nearby.h"

enum { SLOTS = 200, STEPS = 20000 };

static uint64_t state_of_dice = 7;

static uint32_t dice(uint32_t below)
{
	state_of_dice = state_of_dice * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state_of_dice >> 33) % below;
}

static int near_enough(const struct place *a, const struct place *b, int64_t within_mm)
{
	int64_t sum = 0;

	for (int axis = 0; axis < 3; axis++)
		sum += (a->ecef_mm[axis] - b->ecef_mm[axis]) * (a->ecef_mm[axis] - b->ecef_mm[axis]);
	return sum <= within_mm * within_mm;
}

static void what_is_near_is_found(void **unused)
{
	static struct nearby_item item[SLOTS];
	static uint32_t where[SLOTS];
	struct nearby nearby = {.item = item, .where = where, .max = SLOTS};
	struct place place[SLOTS] = {{0}};
	int there[SLOTS] = {0};

	(void)unused;
	for (int step = 0; step < STEPS; step++) {
		uint32_t slot = 1 + dice(SLOTS - 1), cursor = 0, found;
		int seen[SLOTS] = {0};
		int64_t within_mm = dice(3000);

		for (int axis = 0; axis < 3; axis++)
			place[0].ecef_mm[axis] = (int64_t)dice(8000) - 4000;
		there[slot] = dice(3) != 0;
		if (there[slot]) {
			place[slot] = place[0];
			nearby_put(&nearby, slot, &place[slot]);
		} else {
			nearby_drop(&nearby, slot);
		}
		while ((found = nearby_next(&nearby, &cursor, &place[0], within_mm)) != 0)
			seen[found]++;
		for (uint32_t other = 1; other < SLOTS; other++) {
			assert_true(seen[other] <= there[other]);
			assert_true(!there[other] || seen[other] ||
				    !near_enough(&place[other], &place[0], within_mm));
		}
	}
	nearby_clear(&nearby);
	uint32_t cursor = 0;

	assert_int_equal(nearby_next(&nearby, &cursor, &place[0], INT64_MAX / 4), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_near_is_found)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
