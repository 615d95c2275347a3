/* test_guard: failed tries lock out, longer each time, and no one else; under a clock that the test moves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <string.h>

#include "api/guard.h"

enum { FIRST_MS = 60000, START_MS = 1000000 };

static struct guard guard;
static int64_t now_ms;

static int fresh(void **state)
{
	(void)state;
	guard_init(&guard, FIRST_MS);
	now_ms = START_MS;
	return 0;
}

static struct guard_subject v4(const char *text)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)(now_ms % 60000))};

	assert_int_equal(inet_pton(AF_INET, text, &address.sin_addr), 1);
	return guard_address((const struct sockaddr *)&address);
}

static struct guard_subject v6(const char *text)
{
	struct sockaddr_in6 address = {.sin6_family = AF_INET6};

	assert_int_equal(inet_pton(AF_INET6, text, &address.sin6_addr), 1);
	return guard_address((const struct sockaddr *)&address);
}

static int64_t tries(const struct guard_subject *subject, int times)
{
	int64_t for_ms = 0;

	while (times-- > 0)
		for_ms = guard_failed(&guard, subject, now_ms);
	return for_ms;
}

static void locks_out_after_five(void **state)
{
	struct guard_subject one = v4("192.0.2.1"), other = v4("192.0.2.2"), key = guard_key(7);

	(void)state;
	assert_int_equal(tries(&one, GUARD_TRIES - 1), 0);
	assert_int_equal(guard_wait_ms(&guard, &one, now_ms), 0);
	assert_int_equal(tries(&one, 1), FIRST_MS);
	assert_int_equal(guard_wait_ms(&guard, &one, now_ms), FIRST_MS);
	now_ms += FIRST_MS - 1;
	assert_int_equal(guard_wait_ms(&guard, &one, now_ms), 1);
	assert_int_equal(guard_wait_ms(&guard, &other, now_ms), 0);
	assert_int_equal(guard_wait_ms(&guard, &key, now_ms), 0);
	now_ms++;
	assert_int_equal(guard_wait_ms(&guard, &one, now_ms), 0);
}

/* 1, 2, 4 … 32, then an hour at most. */
static void twice_as_long_each_time(void **state)
{
	struct guard_subject key = guard_key(7);
	int64_t for_ms = FIRST_MS;

	(void)state;
	for (int i = 0; i < 10; i++) {
		int64_t wanted_ms = for_ms < GUARD_LONGEST * (int64_t)FIRST_MS
					    ? for_ms
					    : GUARD_LONGEST * (int64_t)FIRST_MS;

		assert_int_equal(tries(&key, GUARD_TRIES), wanted_ms);
		now_ms += wanted_ms;
		for_ms *= 2;
	}
}

static void wipes_the_slate(void **state)
{
	struct guard_subject key = guard_key(7);

	(void)state;
	assert_int_equal(tries(&key, GUARD_TRIES), FIRST_MS);
	now_ms += FIRST_MS;
	guard_good(&guard, &key, now_ms);
	assert_int_equal(tries(&key, GUARD_TRIES - 1), 0);
	guard_good(&guard, &key, now_ms);
	assert_int_equal(tries(&key, GUARD_TRIES - 1), 0);
	now_ms += GUARD_LONGEST * (int64_t)FIRST_MS; /* as long without a failed one */
	assert_int_equal(tries(&key, GUARD_TRIES - 1), 0);
	assert_int_equal(tries(&key, 1), FIRST_MS);
}

static void who_was_right_is_known_for_a_day(void **state)
{
	struct guard_subject one = v4("192.0.2.1"), other = v4("192.0.2.2");

	(void)state;
	assert_false(guard_known(&guard, &one, now_ms));
	(void)guard_failed(&guard, &one, now_ms);
	assert_false(guard_known(&guard, &one, now_ms));
	guard_good(&guard, &one, now_ms);
	assert_true(guard_known(&guard, &one, now_ms + GUARD_KNOWN_MS - 1));
	assert_false(guard_known(&guard, &one, now_ms + GUARD_KNOWN_MS));
	assert_false(guard_known(&guard, &other, now_ms));
}

static void an_address_is_what_a_customer_has(void **state)
{
	struct guard_subject a = v6("2001:db8:1:2::1"), b = v6("2001:db8:1:2:ffff::9"),
			     c = v6("2001:db8:1:3::1"), mapped = v6("::ffff:192.0.2.1"),
			     four = v4("192.0.2.1");

	(void)state;
	assert_memory_equal(&a, &b, sizeof a);
	assert_memory_not_equal(&a, &c, sizeof a);
	assert_memory_equal(&mapped, &four, sizeof four);
}

static void compares_only_so_many(void **state)
{
	struct guard_subject one = v4("192.0.2.1");
	uint32_t all = 0;

	(void)state;
	for (int i = 0; i < 10; i++)
		all += guard_check(&guard, &one, now_ms);
	assert_int_equal(all, GUARD_CHECKS_ADDRESS);
	for (int i = 0; i < 20; i++) {
		struct guard_subject other = guard_key((uint32_t)i + 100);

		all += guard_check(&guard, &other, now_ms);
	}
	assert_int_equal(all, GUARD_CHECKS_ALL);
	now_ms += 1000;
	assert_true(guard_check(&guard, &one, now_ms));
}

/* Strangers from everywhere do not wash one out of the book who is locked out. */
static void keeps_who_is_locked_out(void **state)
{
	struct guard_subject locked = guard_key(1);

	(void)state;
	assert_int_equal(tries(&locked, GUARD_TRIES), FIRST_MS);
	for (uint32_t i = 0; i < 3 * GUARD_SUBJECTS; i++) {
		struct guard_subject stranger = guard_key(1000 + i);

		now_ms++;
		assert_int_equal(tries(&stranger, 1), 0);
	}
	assert_true(guard_wait_ms(&guard, &locked, now_ms) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(locks_out_after_five, fresh),
		cmocka_unit_test_setup(twice_as_long_each_time, fresh),
		cmocka_unit_test_setup(wipes_the_slate, fresh),
		cmocka_unit_test_setup(who_was_right_is_known_for_a_day, fresh),
		cmocka_unit_test_setup(an_address_is_what_a_customer_has, fresh),
		cmocka_unit_test_setup(compares_only_so_many, fresh),
		cmocka_unit_test_setup(keeps_who_is_locked_out, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
