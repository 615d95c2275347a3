/* test_console_end: what the console asks before a case ends; filters of lists, the greeting and the habits of its shell. */
#include "console_pretended.h"

/* --- before a case ends ---------------------------------------------------------------------------- */

static void the_end_of_a_case_says_who_is_out(void **state)
{
	static const char *const ends[] = {
		"incident|close|2026-000007|--disposition|no_action",
		"incident|cancel|2026-000007",
		"incident|refer|2026-000007",
		"incident|reject|2026-000007",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		console_start(ends[i]);
		hear("End this case? [y/N]");
		assert_non_null(strstr(heard, "smoke at the mill"));
		assert_non_null(strstr(heard, "P2"));
		assert_non_null(strstr(heard, "orders that run for it: 2"));
		assert_non_null(strstr(heard, "FE-1"));
		assert_null(strstr(heard, "FE-2")); /* it is back */
		assert_non_null(strstr(heard, "TR-1"));
		assert_non_null(strstr(heard, "called back"));
		press("\n");
		hear("nothing was done");
		assert_int_equal(console_end(), 1);
		assert_int_equal(times("POST"), 1);
		assert_int_equal(times("\"dry_run\":true"), 1);
	}
}

/* The work is done: who is there has done it, who is on the way is called back; and it is asked. */
static void work_that_is_done_says_what_becomes_of_each(void **state)
{
	(void)state;
	console_start("incident|done|2026-000007");
	hear("Is the work done? [y/N]");
	assert_non_null(strstr(heard, "orders that run for it: 2"));
	assert_non_null(strstr(heard, "not all of them are there yet"));
	assert_non_null(strstr(heard, "is called back"));
	assert_non_null(strstr(heard, "ends as done: it was there"));
	press("\n");
	hear("nothing was done");
	assert_int_equal(console_end(), 1);
	assert_int_equal(times("POST"), 1);
	console_start("incident|done|2026-000007|--yes");
	hear("it was done");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("POST"), 1);
}

static void yes_ends_it(void **state)
{
	static char out[TEXT_MAX];

	(void)state;
	console_start("incident|cancel|2026-000007");
	hear("[y/N]");
	press("y\n");
	hear("it was done");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("POST"), 2);
	assert_int_equal(times("\"dry_run\":true"), 1);
	console_start("incident|cancel|2026-000007|--yes");
	hear("it was done");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("POST"), 1);
	assert_int_equal(times("dry_run"), 0);
	assert_int_equal(console_run_plain("incident|cancel|2026-000007", out, sizeof(out)), 0);
	assert_int_equal(times("POST"), 1);
	assert_int_equal(times("dry_run") + times("GET"), 0);
}

static void two_cases_are_shown_before_they_are_one(void **state)
{
	(void)state;
	console_start("incident|merge|2026-000007|2026-000008");
	hear("Merge? [y/N]");
	assert_non_null(strstr(heard, "smoke at the mill"));
	assert_non_null(strstr(heard, "P1  fire"));
	assert_non_null(strstr(heard, "they are 1.1 km apart"));
	assert_non_null(strstr(heard, "FE-1"));
	press("n\n");
	hear("nothing was merged");
	assert_int_equal(console_end(), 1);
	assert_int_equal(times("POST"), 1);
	console_start("incident|merge|2026-000007|--into|2026-000008");
	hear("Merge? [y/N]");
	press("y\n");
	hear("the crews of 2026-000007 stay under way");
	hear("order recall O11");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("incident-merge"), 2);
}

static void a_final_report_with_gaps_is_asked_about(void **state)
{
	(void)state;
	console_start("incident|sent|2026-000007|final|--to|county");
	hear("cause");
	hear("[y/N]");
	press("\n");
	hear("nothing was recorded");
	assert_int_equal(console_end(), 1);
	assert_int_equal(times("POST"), 0);
	console_start("incident|sent|2026-000007|--kind|first|--to|county");
	hear("it was done");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("\"kind\":\"first\""), 1);
}

/* --- filters of lists ------------------------------------------------------------------------------ */

static void a_filter_of_nothing_is_a_mistake(void **state)
{
	static char out[TEXT_MAX];

	(void)state;
	assert_int_equal(console_run_plain("stock|list|--item|沙袋", out, sizeof(out)), 0);
	assert_non_null(strstr(out, "700"));
	assert_int_equal(console_run_plain("stock|list|--item|sandbag", out, sizeof(out)), 0);
	assert_non_null(strstr(out, "700"));
	console_start("stock|list|--item|sandbox");
	hear("sandbag");
	assert_int_equal(console_end(), 3);
	assert_int_equal(times("item="), 0);
	console_start("device|list|--kind|camra");
	hear("camera");
	assert_int_equal(console_end(), 3);
	console_start("unit|list|--skill|medics");
	hear("medic");
	assert_int_equal(console_end(), 3);
	assert_int_equal(console_run_plain("--json|stock|list|--item|sandbox", out, sizeof(out)), 0);
	assert_string_equal(out, "[]\n"); /* as scripts know it */
}

static void the_shell_greets_and_knows_habits(void **state)
{
	(void)state;
	console_start("");
	hear("You sign as Wang; on duty: Li. Open cases 3, alerts unseen 0, calls open 2.");
	hear("help or ?");
	hear("Wang@dispatch[normal 3 open]> ");
	press("dispatchctl unit show WR-1\n");
	hear("WR-1");
	hear("]> ");
	press("? incident close\n");
	hear("--disposition");
	hear("]> ");
	press("clear\n");
	hear("\033[H\033[2J");
	hear("]> ");
	press("dispatchctl\n");
	hear("]> ");
	press("dispatchctl exit\n");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("GET /v1/units/WR-1"), 1);
}

static void the_board_floods_no_terminal(void **state)
{
	static char out[TEXT_MAX];

	(void)state;
	console_start("board|show");
	hear("board show > board.html");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("GET /v1/board"), 0);
	assert_int_equal(console_run_plain("board|show", out, sizeof(out)), 0);
	assert_string_equal(out, "<html>the whole page</html>\n");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_of_a_case_says_who_is_out),
		cmocka_unit_test(work_that_is_done_says_what_becomes_of_each),
		cmocka_unit_test(yes_ends_it),
		cmocka_unit_test(two_cases_are_shown_before_they_are_one),
		cmocka_unit_test(a_final_report_with_gaps_is_asked_about),
		cmocka_unit_test(a_filter_of_nothing_is_a_mistake),
		cmocka_unit_test(the_shell_greets_and_knows_habits),
		cmocka_unit_test(the_board_floods_no_terminal),
	};

	(void)argc;
	if (!program_find(argv[0], "dispatchctl"))
		return 77;
	return cmocka_run_group_tests(tests, server_start, server_end);
}
