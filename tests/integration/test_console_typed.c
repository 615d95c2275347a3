/* test_console_typed: what the console makes of short ids, rows of lists, words for several playbooks and radio lines, in
 * the shell. The daemon is a pretended one that knows its answers by heart and writes down what it was sent. */
#include "console_pretended.h"

#define PROMPT "3 open]> "

static void shell_start(void)
{
	console_start("");
	hear(PROMPT);
}

static void shell_end(int code)
{
	press("exit\n");
	assert_int_equal(console_end(), code);
}

static void a_row_of_other_things_is_refused(void **state)
{
	(void)state;
	shell_start();
	press("stock list --item sandbag\n");
	hear("%1");
	hear(PROMPT);
	press("incident show %1\n");
	hear("%1 is an item: sandbag; an incident is wanted here");
	hear(PROMPT);
	press("order answer %1 accept\n");
	hear("%1 is an item: sandbag; an order is wanted here");
	hear(PROMPT);
	shell_end(2);
	assert_int_equal(times("POST"), 0);
	assert_int_equal(times("/v1/incidents"), 0);
}

static void short_ids_are_this_years(void **state)
{
	(void)state;
	shell_start();
	press("incident show 7\n"); /* the daemon's clock stands in 2026 */
	hear("smoke at the mill");
	hear(PROMPT);
	press("incident show 2026-7\n");
	hear("smoke at the mill");
	hear(PROMPT);
	press("order recall o31 --reason x\n");
	hear("O9");
	hear(PROMPT);
	press("order recall 32 --reason x\n");
	hear("O9");
	hear(PROMPT);
	press("incident show O5\n");
	hear("O5 is an order; an incident is wanted here");
	hear(PROMPT);
	shell_end(2);
	assert_int_equal(times("GET /v1/incidents/2026-000007 "), 2);
	assert_int_equal(times("\"order\":\"O31\""), 1);
	assert_int_equal(times("\"order\":\"O32\""), 1);
}

static void a_call_stands_for_its_order(void **state)
{
	(void)state;
	shell_start();
	press("order answer t1 accept\n");
	hear("T1 is the call about order O5");
	hear("gone");
	hear(PROMPT);
	press("order answer T2 accept\n");
	hear("T2 is a call that is about no order");
	hear(PROMPT);
	press("order answer T3 accept\n");
	hear("there is no call task T3");
	hear(PROMPT);
	shell_end(3);
	assert_int_equal(times("POST /v1/commands/order-answer"), 1);
	assert_int_equal(times("\"order\":\"O5\""), 1);
}

#define OPEN "incident|open|--grid|YL-1|--new|--type|"

static void a_word_for_several_playbooks_is_asked_about(void **state)
{
	(void)state;
	console_start(OPEN "cover");
	hear("'cover' fits 2 playbooks:");
	hear("%2");
	hear("Which one?");
	press("%2\n");
	hear("2026-000008");
	assert_int_equal(console_end(), 0);
	assert_int_equal(
		times("\"type\":\"manhole\",\"grid\":\"YL-1\",") + times("\"playbook\":\"cover-gone\""), 1);
	console_start(OPEN "cover");
	hear("Which one?");
	press("3\n");
	hear("nothing was opened");
	assert_int_equal(console_end(), 1);
	assert_int_equal(times("POST"), 0);
	console_start(OPEN "cover gone"); /* a title */
	hear("2026-000008");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("\"playbook\":\"cover-gone\""), 1);
	console_start(OPEN "manhole|--yes");
	hear("2026-000008");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("playbook\":"), 0);
}

static void a_word_for_several_is_refused_without_a_terminal(void **state)
{
	char out[4096];

	(void)state;
	assert_int_equal(console_run_plain(OPEN "cover", out, sizeof(out)), 2);
	assert_int_equal(times("POST"), 0);
	assert_int_equal(console_run_plain(OPEN "manhole", out, sizeof(out)), 0); /* the code of a type */
	assert_int_equal(times("POST"), 1);
}

static void what_has_happened_lies_not_in_the_future(void **state)
{
	(void)state;
	console_start("incident|open|--grid|YL-1|--new|--type|fire|--at|19:40"); /* now: 18:10 in the town */
	hear("19:40 is still to come today; for yesterday write \"yesterday 19:40\"");
	assert_int_equal(console_end(), 2);
	assert_int_equal(times("POST"), 0);
	console_start("incident|open|--grid|YL-1|--new|--type|fire|--at|yesterday 19:40");
	hear("2026-000008");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("\"at\":\"2026-06-30T11:40:00.000Z\""), 1);
	console_start(
		"incident|open|--grid|YL-1|--new|--type|fire|--at|18:12"); /* the wall's clock is ahead */
	hear("2026-000008");
	assert_int_equal(console_end(), 0);
}

static void the_times_of_a_case_from_paper_follow_each_other(void **state)
{
	char out[4096];

	(void)state;
	(void)console_run_plain(
		"incident|paper|--grid|YL-1|--type|fire|--dispatched|23:45|--reported|yesterday 23:40|"
		"--done|00:20|--ended|01:10",
		out, sizeof(out));
	assert_int_equal(times("\"reported\":\"2026-06-30T15:40:00.000Z\""), 1);
	assert_int_equal(times("\"dispatched\":\"2026-06-30T15:45:00.000Z\""), 1);
	assert_int_equal(times("\"done\":\"2026-06-30T16:20:00.000Z\""), 1);
	assert_int_equal(times("\"ended\":\"2026-06-30T17:10:00.000Z\""), 1);
}

/* The words are those behind "complete --", parted by '|'. */
static void completes(const char *words, const char *wanted)
{
	char out[4096], line[256];

	snprintf(line, sizeof(line), "complete|--|%s", words);
	assert_int_equal(console_run_plain(line, out, sizeof(out)), 0);
	assert_string_equal(out, wanted);
}

static void tab_knows_radio_words_and_actions(void **state)
{
	(void)state;
	completes("WR", "WR-1\n");
	completes(".WR", ".WR-1\n");
	completes("WR-1|retu", "returning\n");
	completes("WR-1|arr", "arrived\n");
	completes("radio|L-9|arrived|Sou", "South Gate\nSouth Bridge\n");
	completes("radio|L-9|at|South|/|M-2|arr", "arrived\n");
	completes("device|do|spk-1|s", "say\n");
	console_start("device|do|spk-1|--help");
	hear("Actions that there are:");
	hear("say");
	assert_int_equal(console_end(), 0);
	console_start("device|do|--help");
	hear("(loudspeaker)");
	assert_int_equal(console_end(), 0);
}

static void radio_says_what_it_would_do(void **state)
{
	char out[4096];

	(void)state;
	assert_int_equal(console_run_plain("radio|M-3 returning|--dry-run", out, sizeof(out)), 0);
	assert_non_null(strstr(out, "would be recorded"));
	assert_int_equal(times("POST"), 1);
	assert_int_equal(times("\"dry_run\":true"), 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_of_other_things_is_refused),
		cmocka_unit_test(short_ids_are_this_years),
		cmocka_unit_test(a_call_stands_for_its_order),
		cmocka_unit_test(a_word_for_several_playbooks_is_asked_about),
		cmocka_unit_test(a_word_for_several_is_refused_without_a_terminal),
		cmocka_unit_test(what_has_happened_lies_not_in_the_future),
		cmocka_unit_test(the_times_of_a_case_from_paper_follow_each_other),
		cmocka_unit_test(tab_knows_radio_words_and_actions),
		cmocka_unit_test(radio_says_what_it_would_do),
	};

	(void)argc;
	if (!program_find(argv[0], "dispatchctl"))
		return 77;
	return cmocka_run_group_tests(tests, server_start, server_end);
}
