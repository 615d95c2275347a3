/* test_pace: how much each address may, and all together, and that who is known is not kept out by strangers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "wire/pace.h"

static const struct pace_rates rates = {10, 20, 50, 100};
static struct pace pace;

/* How many of `tries` the address `who` gets at this moment. */
static uint32_t got(uint32_t who, uint32_t tries, bool known, int64_t now_ms)
{
	uint8_t bytes[4] = {(uint8_t)(who >> 24), (uint8_t)(who >> 16), (uint8_t)(who >> 8), (uint8_t)who};
	uint32_t count = 0;

	for (uint32_t i = 0; i < tries; i++)
		count += pace_take(&pace, bytes, sizeof bytes, known, now_ms);
	return count;
}

static void each_has_its_burst_and_then_its_rate(void **state)
{
	(void)state;
	pace_init(&pace, &rates, 7);
	assert_int_equal(got(1, 100, false, 1000), 20);
	assert_int_equal(got(1, 100, false, 1000), 0);
	assert_int_equal(got(1, 100, false, 1099), 0);
	assert_int_equal(got(1, 100, false, 1100), 1);
	assert_int_equal(got(1, 100, false, 2100), 10);
	assert_int_equal(got(1, 100, false, 3600000), 20); /* no more than its burst, however long it waits */
}

static void one_does_not_keep_another_out(void **state)
{
	(void)state;
	pace_init(&pace, &rates, 7);
	assert_int_equal(got(1, 1000, false, 1000), 20);
	assert_int_equal(got(2, 1000, false, 1000), 20);
}

static void strangers_leave_room_for_who_is_known(void **state)
{
	uint32_t strangers = 0;

	(void)state;
	pace_init(&pace, &rates, 7);
	for (uint32_t who = 100; who < 1100; who++)
		strangers += got(who, 20, false, 1000);
	assert_int_equal(strangers, 75);
	assert_int_equal(got(1, 100, true, 1000), 25);
	assert_int_equal(got(1, 100, true, 1000), 0); /* all is all */
	strangers = 0;
	for (uint32_t who = 100; who < 1100; who++)
		strangers += got(who, 20, false, 2000);
	assert_int_equal(strangers, 25); /* 50 have come in a second, to a quarter of 100 they do not go */
}

static void who_is_known_may_four_times_as_much(void **state)
{
	(void)state;
	pace_init(&pace, &(struct pace_rates){10, 20, 0, 0}, 7);
	assert_int_equal(got(1, 1000, true, 1000), 20 * PACE_KNOWN);
	assert_int_equal(got(1, 1000, true, 2000), 10 * PACE_KNOWN);
}

static void what_is_given_back_can_be_taken_again(void **state)
{
	uint8_t who[4] = {0, 0, 0, 1};

	(void)state;
	pace_init(&pace, &rates, 7);
	for (int i = 0; i < 500; i++) {
		assert_true(pace_take(&pace, who, sizeof who, false, 1000 + i * 20));
		pace_give(&pace, who, sizeof who);
	}
	for (int i = 0; i < 500; i++)
		pace_give(&pace, who, sizeof who);
	assert_int_equal(got(1, 100, false, 11000), 20);
}

static void slots_are_not_foreseeable(void **state)
{
	uint32_t same = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 2000; seed++) {
		pace_init(&pace, &rates, seed * UINT64_C(0x9e3779b97f4a7c15));
		(void)got(1, 20, false, 1000);
		same += got(2, 1, false, 1000) == 0;
	}
	assert_true(same < 20); /* 2 of 2000 by chance */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_its_burst_and_then_its_rate),
		cmocka_unit_test(one_does_not_keep_another_out),
		cmocka_unit_test(strangers_leave_room_for_who_is_known),
		cmocka_unit_test(who_is_known_may_four_times_as_much),
		cmocka_unit_test(what_is_given_back_can_be_taken_again),
		cmocka_unit_test(slots_are_not_foreseeable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
