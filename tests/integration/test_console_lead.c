/* test_console_lead: what lead --force asks before it is sent; and of two addresses, which one is asked for what, and how
 * often. The daemons are pretended ones: the first knows its answers by heart, the other stands by, or breaks off. */
#include "console_pretended.h"

static char first_at[128], other_path[128], asked_path[128];
static pid_t other;

/* --- another daemon ---------------------------------------------------------------------------------- */

enum other_kind { STANDS_BY, BREAKS_OFF };

static void other_serve(int at, enum other_kind kind)
{
	static const char reply[] =
		"{\"error\":\"not_leader\",\"detail\":\"east stands by, west leads: ask west\"}";
	static char request[TEXT_MAX];

	while (request_read(at, request)) {
		FILE *log = fopen(asked_path, "a");

		if (log == NULL)
			return;
		fprintf(log, "%.*s\n", (int)strcspn(request, "\r"), request);
		fclose(log);
		if (kind == BREAKS_OFF)
			return;
		dprintf(at,
			"HTTP/1.1 503 Service Unavailable\r\nContent-Type: "
			"application/json\r\nContent-Length: "
			"%zu\r\n\r\n%s",
			strlen(reply), reply);
	}
}

static void other_start(enum other_kind kind)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int listening = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(other_path, sizeof(other_path), "%s/other", folder);
	snprintf(asked_path, sizeof(asked_path), "%s/asked", folder);
	snprintf(at.sun_path, sizeof(at.sun_path), "%.100s", other_path);
	assert_int_equal(bind(listening, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(listening, 16), 0);
	other = fork();
	assert_true(other >= 0);
	if (other > 0) {
		close(listening);
		return;
	}
	for (;;) {
		int one = accept(listening, NULL, NULL);

		if (one < 0)
			_exit(1);
		other_serve(one, kind);
		close(one);
	}
}

/* How many requests it had. */
static uint32_t other_end(void)
{
	char line[512];
	uint32_t count = 0;
	FILE *from = fopen(asked_path, "r");

	while (from != NULL && fgets(line, sizeof(line), from) != NULL)
		count++;
	if (from != NULL)
		fclose(from);
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	unlink(other_path);
	unlink(asked_path);
	return count;
}

/* Both addresses, the other one first. */
static void other_goes_first(void)
{
	snprintf(first_at, sizeof(first_at), "%s", server_at);
	snprintf(server_at, sizeof(server_at), "unix:%.40s,%.60s", other_path, first_at);
}

static void first_alone(void)
{
	snprintf(server_at, sizeof(server_at), "%s", first_at);
}

#define NOTE "incident|note|2026-000007|seen"

/* --- two addresses ----------------------------------------------------------------------------------- */

static void one_that_stands_by_sends_on(void **state)
{
	char out[TEXT_MAX];

	(void)state;
	other_start(STANDS_BY);
	other_goes_first();
	assert_int_equal(console_run_plain(NOTE, out, sizeof(out)), 0);
	assert_non_null(strstr(out, "noted"));
	assert_int_equal(times("incident-note"), 1);
	first_alone();
	assert_int_equal(other_end(), 1);
}

/* The shell goes on asking the one that leads. */
static void the_leader_is_kept(void **state)
{
	(void)state;
	other_start(STANDS_BY);
	other_goes_first();
	console_start("");
	hear("]> ");
	press("incident note 2026-000007 seen\n");
	hear("noted");
	press("incident note 2026-000007 again\n");
	hear("noted");
	hear("]> ");
	press("exit\n");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("incident-note"), 2);
	first_alone();
	(void)other_end();
}

static void where_nobody_is_the_other_is_asked(void **state)
{
	char out[TEXT_MAX];

	(void)state;
	snprintf(other_path, sizeof(other_path), "%s/nobody", folder);
	other_goes_first();
	assert_int_equal(console_run_plain(NOTE, out, sizeof(out)), 0);
	assert_int_equal(times("incident-note"), 1);
	assert_int_equal(console_run_plain("board|show", out, sizeof(out)), 0);
	assert_non_null(strstr(out, "the whole page"));
	first_alone();
}

/* It may have been done: nobody else is asked to do it, too. What only reads may be asked again. */
static void what_may_be_done_is_not_asked_twice(void **state)
{
	char out[TEXT_MAX];

	(void)state;
	other_start(BREAKS_OFF);
	other_goes_first();
	assert_int_equal(console_run_plain(NOTE, out, sizeof(out)), 5);
	assert_int_equal(times("incident-note"), 0);
	assert_int_equal(console_run_plain("board|show", out, sizeof(out)), 0);
	assert_int_equal(times("GET /v1/board"), 1);
	first_alone();
	assert_true(other_end() >= 2);
}

static void one_that_stands_by_alone_says_whom_to_ask(void **state)
{
	static const char *const behind[] = {"", ",unix:/nowhere", ",unix:/tmp/a,b"};

	(void)state;
	other_start(STANDS_BY);
	snprintf(first_at, sizeof(first_at), "%s", server_at);
	for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++) {
		snprintf(server_at, sizeof(server_at), "unix:%.40s%s", other_path, behind[i]);
		console_start(NOTE);
		hear("east stands by, west leads: ask west");
		assert_int_equal(console_end(), 1);
	}
	snprintf(server_at, sizeof(server_at), "unix:%.50s,unix:%.50s", other_path, other_path);
	console_start(NOTE);
	hear("east stands by, west leads: ask west");
	assert_int_equal(console_end(), 1);
	first_alone();
	(void)other_end();
}

static void nobody_at_both_is_said_of_both(void **state)
{
	(void)state;
	snprintf(first_at, sizeof(first_at), "%s", server_at);
	snprintf(server_at, sizeof(server_at), "unix:/nowhere/1,unix:/nowhere/2");
	console_start("status");
	hear("no daemon at unix:/nowhere/1,unix:/nowhere/2: no such file");
	assert_int_equal(console_end(), 5);
	snprintf(server_at, sizeof(server_at), "unix:/nowhere/1,https://");
	console_start("status");
	hear("is no address");
	assert_int_equal(console_end(), 2);
	first_alone();
}

/* --- a person's word ----------------------------------------------------------------------------------- */

#define FORCE "lead|--force|--reason|no power there"

static void it_is_asked_whether_the_other_is_off(void **state)
{
	(void)state;
	console_start(FORCE);
	hear("crews get orders from two");
	hear("Have you seen that the other machine is off? [y/N]");
	press("\n");
	hear("nothing was done");
	assert_int_equal(console_end(), 1);
	assert_int_equal(times("POST"), 0);
}

static void yes_has_it_lead(void **state)
{
	(void)state;
	console_start(FORCE);
	hear("[y/N]");
	press("y\n");
	hear("LEADS BY A PERSON'S WORD");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("POST /v1/lead"), 1);
	assert_int_equal(times("\"force\":true"), 1);
	assert_int_equal(times("\"reason\":\"no power there\""), 1);
	assert_int_equal(times("\"by\":\"Wang\""), 1);
}

static void with_yes_it_is_not_asked(void **state)
{
	char out[TEXT_MAX];

	(void)state;
	console_start(FORCE "|--yes");
	hear("LEADS BY A PERSON'S WORD");
	assert_int_equal(console_end(), 0);
	assert_int_equal(times("POST /v1/lead"), 1);
	assert_int_equal(console_run_plain(FORCE, out, sizeof(out)), 0); /* nobody to ask */
	assert_int_equal(times("POST /v1/lead"), 1);
}

static void a_reason_goes_with_it(void **state)
{
	char out[TEXT_MAX];

	(void)state;
	assert_int_equal(console_run_plain("lead|--force", out, sizeof(out)), 2);
	assert_int_equal(console_run_plain("lead|--reason|x", out, sizeof(out)), 2);
	assert_int_equal(times("POST"), 0);
	assert_int_equal(console_run_plain("lead", out, sizeof(out)), 0);
	assert_non_null(strstr(out, "there is no other dispatcher"));
	assert_int_equal(times("POST"), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_stands_by_sends_on),
		cmocka_unit_test(the_leader_is_kept),
		cmocka_unit_test(where_nobody_is_the_other_is_asked),
		cmocka_unit_test(what_may_be_done_is_not_asked_twice),
		cmocka_unit_test(one_that_stands_by_alone_says_whom_to_ask),
		cmocka_unit_test(nobody_at_both_is_said_of_both),
		cmocka_unit_test(it_is_asked_whether_the_other_is_off),
		cmocka_unit_test(yes_has_it_lead),
		cmocka_unit_test(with_yes_it_is_not_asked),
		cmocka_unit_test(a_reason_goes_with_it),
	};

	(void)argc;
	if (!program_find(argv[0], "dispatchctl"))
		return 77;
	return cmocka_run_group_tests(tests, server_start, server_end);
}
