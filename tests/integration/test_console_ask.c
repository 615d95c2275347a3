/* test_console_ask: what the console asks before it acts, on a terminal and without one. The daemon is a pretended one
 * that knows its answers by heart and writes down what it was sent. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT_MAX = 1 << 16, PATIENCE_MS = 20000, ARGUMENTS_MAX = 24 };

static char program[512], folder[] = "/tmp/dispatch-ask.XXXXXX", server_at[128], sent_path[128];
static char heard[TEXT_MAX], sent[TEXT_MAX];
static size_t heard_len;
static pid_t server, child;
static int terminal;

/* --- the pretended daemon -------------------------------------------------------------------------- */

static const struct answer {
	const char *request; /* its line begins so */
	const char *body;    /* and this stands in it; NULL: whatever */
	const char *reply;
} answers[] = {
	{"POST /v1/commands/incident-open", "\"dry_run\":true",
		"{\"result\":\"ok\",\"dry_run\":true,\"detail\":\"would open\",\"effects\":[\"an incident\"],"
		"\"possible_duplicates\":[{\"id\":\"2026-000007\",\"state\":\"working\",\"type\":\"fire\","
		"\"title\":\"smoke\",\"range_m\":120,\"age_s\":90}]}"},
	{"POST /v1/commands/incident-open", NULL,
		"{\"result\":\"ok\",\"incident\":\"2026-000008\",\"detail\":\"opened\","
		"\"possible_duplicates\":[{\"id\":\"2026-000007\"}]}"},
	{"POST /v1/commands/incident-note", NULL,
		"{\"result\":\"ok\",\"incident\":\"2026-000007\",\"detail\":\"noted\"}"},
	{"POST /v1/commands/incident-", "\"dry_run\":true",
		"{\"result\":\"ok\",\"dry_run\":true,\"incident\":\"2026-000007\",\"detail\":\"would do "
		"so\"}"},
	{"POST /v1/commands/incident-", NULL,
		"{\"result\":\"ok\",\"incident\":\"2026-000007\",\"detail\":\"it was done\"}"},
	{"GET /v1/incidents/2026-000007/report?kind=final&json=true", NULL,
		"{\"kind\":\"final\",\"gaps\":[\"cause\",\"signer\"]}"},
	{"GET /v1/incidents/2026-000007", NULL,
		"{\"id\":\"2026-000007\",\"state\":\"working\",\"title\":\"smoke at the "
		"mill\",\"priority\":2,"
		"\"position\":{\"type\":\"Point\",\"coordinates\":[113.43,34.78]},\"orders\":[{\"id\":"
		"\"O11\","
		"\"who\":\"FE-1\",\"state\":\"en_route\"},{\"id\":\"O12\",\"who\":\"FE-2\",\"state\":"
		"\"done\"}],"
		"\"merged_orders\":[{\"id\":\"O13\",\"who\":\"TR-1\",\"state\":\"arrived\"}]}"},
	{"GET /v1/incidents/2026-000008", NULL,
		"{\"id\":\"2026-000008\",\"state\":\"working\",\"title\":\"fire\",\"priority\":1,"
		"\"position\":{\"type\":\"Point\",\"coordinates\":[113.43,34.79]},\"orders\":[]}"},
	{"POST /v1/commands/order-send", "\"dry_run\":true",
		"{\"result\":\"ok\",\"dry_run\":true,\"detail\":\"would "
		"go\",\"uncovered\":[{\"skill\":\"medic\","
		"\"left\":0}]}"},
	{"POST /v1/commands/order-", NULL,
		"{\"result\":\"ok\",\"order\":\"O9\",\"detail\":\"gone\",\"uncovered\":[{\"skill\":\"medic\","
		"\"left\":0}]}"},
	{"POST /v1/commands/unit-set", NULL, "{\"result\":\"ok\",\"unit\":\"M-2\",\"detail\":\"set\"}"},
	{"GET /v1/stock?fields=item,name ", NULL,
		"[{\"item\":\"sandbag\",\"name\":\"沙袋\"},{\"item\":\"life_ring\",\"name\":\"救生圈\"}]"},
	{"GET /v1/stock?item=sandbag", NULL,
		"[{\"depot\":\"D1\",\"item\":\"sandbag\",\"name\":\"沙袋\",\"on_hand\":700}]"},
	{"GET /v1/stock?item=", NULL, "[]"},
	{"GET /v1/devices?fields=kind,kind_zh ", NULL, "[{\"kind\":\"camera\"},{\"kind\":\"pump\"}]"},
	{"GET /v1/units?fields=skills ", NULL, "[{\"skills\":[\"medic\",\"fire\"]}]"},
	{"GET /v1/units?fields", NULL,
		"[{\"id\":\"WR-1\",\"name\":\"one\"},{\"id\":\"L-9\",\"name\":\"nine\"},{\"id\":\"L-8\","
		"\"name\":\"eight\"},{\"id\":\"M-2\",\"name\":\"two\"},{\"id\":\"M-3\","
		"\"name\":\"three\"}]"},
	{"GET /v1/units/WR-1", NULL,
		"{\"id\":\"WR-1\",\"name\":\"one\",\"state\":\"on_scene\",\"orders\":[{\"id\":\"O1\"},{"
		"\"id\":\"O2\"}]}"},
	{"GET /v1/units/M-2", NULL,
		"{\"id\":\"M-2\",\"name\":\"two\",\"state\":\"on_scene\",\"orders\":[{\"id\":\"O5\"}]}"},
	{"GET /v1/units/M-3", NULL,
		"{\"id\":\"M-3\",\"name\":\"three\",\"state\":\"available\",\"orders\":[]}"},
	{"GET /v1/places", NULL, "[{\"name\":\"South Gate\"},{\"name\":\"South Bridge\"}]"},
	{"GET /v1/units/L-9", NULL,
		"{\"id\":\"L-9\",\"name\":\"nine\",\"state\":\"available\",\"orders\":[]}"},
	{"GET /v1/units/L-8", NULL,
		"{\"id\":\"L-8\",\"name\":\"eight\",\"state\":\"available\",\"orders\":[]}"},
	{"GET /v1/orders?all=true", NULL,
		"[{\"id\":\"O33\",\"incident\":\"2026-000077\",\"target\":\"unit\",\"who\":\"L-9\",\"state\":"
		"\"expired\",\"ended\":\"2026-07-01T10:09:50Z\"},"
		"{\"id\":\"O32\",\"incident\":\"2026-000077\",\"target\":\"unit\",\"who\":\"L-8\",\"state\":"
		"\"expired\",\"ended\":\"2026-07-01T09:39:50Z\"}]"},
	{"GET /v1/orders?incident=2026-000077", NULL,
		"[{\"id\":\"O35\",\"target\":\"unit\",\"who\":\"M-3\",\"issued\":\"2026-07-01T10:09:50Z\"},"
		"{\"id\":\"O34\",\"target\":\"unit\",\"who\":\"M-2\",\"issued\":\"2026-07-01T10:09:40Z\"}]"},
	{"GET /v1/orders/O5 ", NULL,
		"{\"id\":\"O5\",\"incident\":\"2026-000077\",\"ended\":\"2026-07-01T10:09:50Z\"}"},
	{"GET /v1/incidents/2026-000077 ", NULL,
		"{\"id\":\"2026-000077\",\"state\":\"working\",\"short\":1}"},
	{"GET /v1/status", NULL,
		"{\"mode\":\"normal\",\"now\":\"2026-07-01T10:10:00Z\",\"incidents_open\":3}"},
};

static const char *answer_of(const char *request)
{
	const char *body = strstr(request, "\r\n\r\n");

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (strncmp(request, answers[i].request, strlen(answers[i].request)) == 0 &&
			(answers[i].body == NULL || strstr(body, answers[i].body) != NULL))
			return answers[i].reply;
	return NULL;
}

/* A whole request of this connection; false: it has ended. */
static bool request_read(int from, char *out)
{
	size_t len = 0;

	for (;;) {
		const char *body, *said;
		ssize_t got;

		out[len] = '\0';
		body = strstr(out, "\r\n\r\n");
		said = strstr(out, "Content-Length: ");
		if (body != NULL &&
			strlen(body + 4) >=
				(said == NULL ? 0 : strtoul(said + strlen("Content-Length: "), NULL, 10)))
			return true;
		got = read(from, out + len, TEXT_MAX - 1 - len);
		if (got <= 0)
			return false;
		len += (size_t)got;
	}
}

static void connection_serve(int at)
{
	static char request[TEXT_MAX];

	while (request_read(at, request)) {
		const char *reply = answer_of(request);
		FILE *log = fopen(sent_path, "a");

		if (log == NULL)
			return;
		fprintf(log, "%.*s %s\n", (int)strcspn(request, "\r") - 9, request,
			strstr(request, "\r\n\r\n") + 4);
		fclose(log);
		dprintf(at, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
			reply == NULL ? "404 Not Found" : "200 OK",
			strlen(reply == NULL ? "{\"error\":\"not_found\"}" : reply),
			reply == NULL ? "{\"error\":\"not_found\"}" : reply);
	}
}

static int server_start(void **state)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int listening = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	if (mkdtemp(folder) == NULL || listening < 0)
		return 1;
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/socket", folder);
	snprintf(server_at, sizeof(server_at), "unix:%s", at.sun_path);
	snprintf(sent_path, sizeof(sent_path), "%s/sent", folder);
	if (bind(listening, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(listening, 16) != 0)
		return 1;
	server = fork();
	if (server != 0) {
		close(listening);
		return server < 0;
	}
	for (;;) { /* one console at a time */
		int one = accept(listening, NULL, NULL);

		if (one < 0)
			_exit(1);
		connection_serve(one);
		close(one);
	}
}

static int server_end(void **state)
{
	(void)state;
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	unlink(sent_path);
	unlink(server_at + strlen("unix:"));
	snprintf(heard, sizeof(heard), "%s/dispatch/history", folder);
	unlink(heard);
	*strrchr(heard, '/') = '\0';
	return rmdir(heard) + rmdir(folder);
}

/* --- the console ----------------------------------------------------------------------------------- */

static void hear(const char *text)
{
	while (strstr(heard, text) == NULL) {
		struct pollfd from = {.fd = terminal, .events = POLLIN};
		ssize_t got = poll(&from, 1, PATIENCE_MS) == 1
				      ? read(terminal, heard + heard_len, TEXT_MAX - 1 - heard_len)
				      : -1;

		if (got <= 0)
			fail_msg("no '%s' in what came: %s", text, heard);
		heard_len += (size_t)got;
		heard[heard_len] = '\0';
	}
}

static void press(const char *keys)
{
	heard_len = 0;
	heard[0] = '\0';
	assert_int_equal(write(terminal, keys, strlen(keys)), (ssize_t)strlen(keys));
}

/* Becomes the console with these words, parted by '|'. */
static void console_become(const char *words)
{
	static char copy[1024];
	char *argument[ARGUMENTS_MAX] = {program, "--lang", "en", "--server", server_at}, *rest = NULL;
	size_t count = 5;

	snprintf(copy, sizeof(copy), "%s", words);
	for (char *at = strtok_r(copy, "|", &rest); at != NULL && count + 1 < ARGUMENTS_MAX;
		at = strtok_r(NULL, "|", &rest))
		argument[count++] = at;
	(void)setenv("TERM", "xterm", 1);
	(void)setenv("XDG_STATE_HOME", folder, 1);
	(void)setenv("DISPATCH_BY", "Wang", 1);
	execv(program, argument);
	_exit(127);
}

static void console_start(const char *words)
{
	struct winsize size = {.ws_row = 40, .ws_col = 100};

	unlink(sent_path);
	heard_len = 0;
	heard[0] = '\0';
	child = forkpty(&terminal, NULL, NULL, &size);
	assert_true(child >= 0);
	if (child == 0)
		console_become(words);
}

static void sent_read(void)
{
	FILE *from = fopen(sent_path, "r");

	sent[0] = '\0';
	if (from == NULL)
		return;
	sent[fread(sent, 1, sizeof(sent) - 1, from)] = '\0';
	fclose(from);
}

/* Its exit code; what it has sent is then in `sent`. */
static int console_end(void)
{
	char rest[512];
	int status;

	while (read(terminal, rest, sizeof(rest)) > 0)
		; /* until it has closed its side */
	assert_int_equal(waitpid(child, &status, 0), child);
	close(terminal);
	sent_read();
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* The same without a terminal; out: what it says on standard output. */
static int console_run_plain(const char *words, char *out, size_t size)
{
	int pipes[2], status;
	size_t len = 0;
	ssize_t got;

	unlink(sent_path);
	assert_int_equal(pipe(pipes), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)dup2(pipes[1], STDOUT_FILENO);
		close(pipes[0]);
		console_become(words);
	}
	close(pipes[1]);
	while ((got = read(pipes[0], out + len, size - 1 - len)) > 0)
		len += (size_t)got;
	out[len] = '\0';
	close(pipes[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	sent_read();
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
}

static uint32_t times(const char *what)
{
	uint32_t count = 0;

	for (const char *at = sent; (at = strstr(at, what)) != NULL; at++)
		count++;
	return count;
}

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
	assert_int_equal(console_run_plain("radio|l8 at", out, sizeof(out)), 0);
	assert_int_equal(times("unit-set"), 1);
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
		cmocka_unit_test(the_end_of_a_case_says_who_is_out),
		cmocka_unit_test(yes_ends_it),
		cmocka_unit_test(two_cases_are_shown_before_they_are_one),
		cmocka_unit_test(a_final_report_with_gaps_is_asked_about),
		cmocka_unit_test(a_filter_of_nothing_is_a_mistake),
		cmocka_unit_test(radio_does_what_is_clear_and_asks_for_the_rest),
		cmocka_unit_test(radio_sets_nobody_whose_order_has_just_expired),
		cmocka_unit_test(radio_says_who_goes_instead),
		cmocka_unit_test(the_shell_numbers_what_it_asks_about),
	};
	const char *end = strstr(argv[0], "/tests/integration/");

	(void)argc;
	snprintf(program, sizeof(program), "%.*s/dispatchctl", end ? (int)(end - argv[0]) : 1,
		end ? argv[0] : ".");
	return cmocka_run_group_tests(tests, server_start, server_end);
}
