/* test_terminal_asked: what a terminal may take for arrived when a pong comes, early or late. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "terminal/asked.h"

static void a_pong_is_of_the_oldest_question(void **state)
{
	struct asked asked = {.count = 0};

	(void)state;
	asked_put(&asked, 100);
	asked_put(&asked, 200);
	assert_int_equal(asked_take(&asked), 100); /* what was said at 150 may be lost yet */
	assert_int_equal(asked_take(&asked), 200);
	assert_int_equal(asked_take(&asked), 0);
}

static void questions_without_end_confirm_nothing_too_early(void **state)
{
	struct asked asked = {.count = 0};

	(void)state;
	for (int64_t at_ms = 1; at_ms <= 2 * ASKED_MAX; at_ms++)
		asked_put(&asked, at_ms);
	for (int64_t at_ms = 1; at_ms <= 2 * ASKED_MAX; at_ms++)
		assert_true(asked_take(&asked) <= at_ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pong_is_of_the_oldest_question),
		cmocka_unit_test(questions_without_end_confirm_nothing_too_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
