/* test_console_ask: what the console asks before it acts, on a terminal and without one. The daemon is a pretended one
 * that knows its answers by heart and writes down what it was sent. */
#include "console_pretended.h"

/* --- before a case is opened ----------------------------------------------------------------------- */

#define OPEN "incident|open|--type|fire|--grid|YL-1|--text|smoke|--caller|Li"

static void a_likely_duplicate_is_asked_about(void **state)
{
	(void)state;
	console_start(OPEN);
	hear("2026-000007");
	hear("[y/N");
	press("\n");
	hear("nothing was opened");
	assert_int_equal(console_end(), 1);
	assert_int_equal(times("incident-open"), 1);
	assert_int_equal(times("\"dry_run\":true"), 1);
}

static void yes_opens_it_all_the_same(void **state)
{
	(void)state;
	console_start(OPEN);
	hear("[y/N");
	press("y\n");
	hear("2026-000008");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("incident-open"), 2);
	assert_int_equal(times("\"dry_run\":true"), 1);
}

static void a_row_joins_it_as_a_note(void **state)
{
	(void)state;
	console_start(OPEN "|--channel|phone");
	hear("[y/N");
	press("1\n");
	hear("noted");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("incident-open"), 1);
	assert_non_null(strstr(sent,
		"incident-note {\"by\":\"Wang\",\"channel\":\"phone\",\"incident\":\"2026-000007\","
		"\"reason\":\"reported again: Li smoke\"}"));
}

static void a_row_that_is_not_there_opens_nothing(void **state)
{
	(void)state;
	console_start(OPEN);
	hear("[y/N");
	press("2\n");
	hear("nothing was opened");
	assert_int_equal(console_end(), 1);
	assert_int_equal(times("POST"), 1);
}

static void the_end_of_the_input_is_no(void **state)
{
	(void)state;
	console_start(OPEN);
	hear("[y/N");
	press("\004");
	hear("nothing was opened");
	assert_int_equal(console_end(), 1);
	console_start(OPEN);
	hear("[y/N");
	press("\003");
	hear("nothing was opened");
	assert_int_equal(console_end(), 1);
	assert_int_equal(times("POST"), 1);
}

static void new_does_not_ask(void **state)
{
	(void)state;
	console_start(OPEN "|--new");
	hear("2026-000008");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("POST"), 1);
	assert_int_equal(times("dry_run"), 0);
}

static void without_a_terminal_nobody_is_asked(void **state)
{
	static char out[TEXT_MAX];

	(void)state;
	assert_int_equal(console_run_plain(OPEN, out, sizeof(out)), 0);
	assert_int_equal(times("POST"), 1);
	assert_non_null(strstr(out, "2026-000008"));
	assert_null(strstr(out, "2026-000007")); /* that goes to standard error */
	assert_int_equal(console_run_plain("order|send|2026-000007|M-2", out, sizeof(out)), 0);
	assert_int_equal(times("POST"), 1);
	assert_int_equal(times("dry_run"), 0);
	assert_non_null(strstr(out, "medic: 0 left"));
	assert_int_equal(console_run_plain("order|send|2026-000007|M-2|--dry-run", out, sizeof(out)), 0);
	assert_int_equal(times("\"dry_run\":true"), 1);
	assert_non_null(strstr(out, "Nothing was done"));
}

/* --- before units go ------------------------------------------------------------------------------- */

static void what_stays_uncovered_is_said_before_they_go(void **state)
{
	(void)state;
	console_start("order|send|2026-000007|M-2|M-3");
	hear("medic: 0 left");
	hear("Send? [y/N]");
	press("n\n");
	hear("nothing was sent");
	assert_int_equal(console_end(), 1);
	assert_int_equal(times("order-send"), 2);
	assert_int_equal(times("\"dry_run\":true"), 2);
	console_start("order|swap|O1|M-2");
	hear("Send? [y/N]");
	press("y\n");
	hear("O9");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("order-swap"), 2);
	assert_int_equal(times("\"dry_run\":true"), 1);
	console_start("order|send|2026-000007|M-2|--yes");
	hear("O9");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("order-send"), 1);
}

/* --- radio traffic --------------------------------------------------------------------------------- */

static void radio_does_what_is_clear_and_asks_for_the_rest(void **state)
{
	static char out[TEXT_MAX];

	(void)state;
	assert_int_equal(console_run_plain("radio|m2 at south g / wr done / m en / M-3 done / M-3 dc South",
				 out, sizeof(out)),
		2);
	assert_non_null(strstr(sent,
		"order-answer {\"by\":\"Wang\",\"channel\":\"radio\",\"order\":\"O5\",\"answer\":"
		"\"arrived\"}"));
	assert_non_null(
		strstr(sent, "unit-set {\"by\":\"Wang\",\"channel\":\"radio\",\"unit\":\"M-2\",\"status\":"
			     "\"on_scene\",\"place\":\"South Gate\"}"));
	assert_int_equal(times("POST"), 2);
	assert_non_null(strstr(out, "M-2 two  arrived South Gate  O5: recorded"));
	assert_non_null(strstr(out, "it has 2 orders"));
	assert_non_null(strstr(out, "m en: 'm' may be M-2 M-3"));
	assert_non_null(strstr(out, "M-3 three  done: it has no live order"));
	assert_non_null(strstr(out, "'South' may be South Gate South Bridge"));
}

/* A crew that comes a few seconds late is set nowhere; one whose order is long over may be. */
static void radio_sets_nobody_whose_order_has_just_expired(void **state)
{
	static char out[TEXT_MAX];

	(void)state;
	assert_int_equal(console_run_plain("radio|l9 at", out, sizeof(out)), 1);
	assert_non_null(strstr(out, "order O33 is expired; nothing was done. To give it to them again: "
				    "order send 2026-000077 L-9"));
	assert_int_equal(times("unit-set"), 0);
	assert_int_equal(console_run_plain("radio|l7 go", out, sizeof(out)), 1);
	assert_non_null(strstr(out, "order O31 is declined; nothing was done. To give it to them again: "
				    "order send 2026-000077 L-7"));
	assert_int_equal(times("unit-set"), 0);
	assert_int_equal(console_run_plain("radio|l8 at", out, sizeof(out)), 0);
	assert_int_equal(times("unit-set"), 1);
}

/* A late yes that nobody has come before; and a crew whose case was reported done before it said so itself. */
static void radio_takes_a_late_yes_and_thanks_for_a_late_done(void **state)
{
	static char out[TEXT_MAX];

	(void)state;
	assert_int_equal(console_run_plain("radio|k6 ok", out, sizeof(out)), 0);
	assert_non_null(strstr(out, "O36"));
	assert_non_null(strstr(out, "in force again"));
	assert_int_equal(times("order-answer"), 2); /* tried, and given */
	assert_int_equal(times("unit-set"), 0);
	assert_int_equal(console_run_plain("radio|k5 done", out, sizeof(out)), 0);
	assert_non_null(strstr(out, "order O37 has ended with case 2026-000078: nothing more to report"));
	assert_int_equal(times("POST"), 0);
}

static void radio_says_how_a_crew_is_taken_out(void **state)
{
	static char out[TEXT_MAX];

	(void)state;
	assert_int_equal(console_run_plain("radio|m2 decline pump broken", out, sizeof(out)), 0);
	assert_non_null(strstr(out, "radio \"M-2 out_of_service pump broken\""));
	assert_int_equal(console_run_plain("radio|m2 decline", out, sizeof(out)), 0);
	assert_null(strstr(out, "out_of_service"));
}

static void radio_says_who_goes_instead(void **state)
{
	static char out[TEXT_MAX];

	(void)state;
	assert_int_equal(console_run_plain("radio|m2 no tyre, engine", out, sizeof(out)), 0);
	assert_non_null(strstr(out, "O5: recorded"));
	assert_non_null(strstr(out, "asked instead: M-3(O35)\n"));
}

static void the_shell_numbers_what_it_asks_about(void **state)
{
	(void)state;
	console_start("");
	hear("dispatch[normal 3 open]> ");
	press("wr1 done\n");
	hear("it has 2 orders");
	hear("%2");
	hear("]> ");
	press("WR-1 done %2 all well\n");
	hear("recorded");
	hear("]> ");
	press("exit\n");
	assert_int_equal(console_end(), 0);
	assert_non_null(strstr(sent, "\"order\":\"O2\",\"answer\":\"done\",\"reason\":\"all well\"}"));
	assert_int_equal(times("POST"), 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_likely_duplicate_is_asked_about),
		cmocka_unit_test(yes_opens_it_all_the_same),
		cmocka_unit_test(a_row_joins_it_as_a_note),
		cmocka_unit_test(a_row_that_is_not_there_opens_nothing),
		cmocka_unit_test(the_end_of_the_input_is_no),
		cmocka_unit_test(new_does_not_ask),
		cmocka_unit_test(without_a_terminal_nobody_is_asked),
		cmocka_unit_test(what_stays_uncovered_is_said_before_they_go),
		cmocka_unit_test(radio_does_what_is_clear_and_asks_for_the_rest),
		cmocka_unit_test(radio_sets_nobody_whose_order_has_just_expired),
		cmocka_unit_test(radio_takes_a_late_yes_and_thanks_for_a_late_done),
		cmocka_unit_test(radio_says_how_a_crew_is_taken_out),
		cmocka_unit_test(radio_says_who_goes_instead),
		cmocka_unit_test(the_shell_numbers_what_it_asks_about),
	};

	(void)argc;
	if (!program_find(argv[0], "dispatchctl"))
		return 77;
	return cmocka_run_group_tests(tests, server_start, server_end);
}
