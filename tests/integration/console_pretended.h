/* console_pretended: the console on a terminal and without one, before a daemon that knows its answers by heart and writes
 * down what it was sent. For one test program each; no tests. */
#ifndef TESTS_CONSOLE_PRETENDED_H
#define TESTS_CONSOLE_PRETENDED_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../occurrences.h"
#include "console_terminal.h"
#include "program_beside.h"

enum { ARGUMENTS_MAX = 24 };

static char folder[] = "/tmp/dispatch-ask.XXXXXX", server_at[128], sent_path[128];
static char sent[TEXT_MAX];
static pid_t server, child;

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
		"\"merged_orders\":[{\"id\":\"O13\",\"who\":\"TR-1\",\"target\":\"unit\",\"state\":"
		"\"arrived\"}]}"},
	{"GET /v1/incidents/2026-000008", NULL,
		"{\"id\":\"2026-000008\",\"state\":\"working\",\"title\":\"fire\",\"priority\":1,"
		"\"position\":{\"type\":\"Point\",\"coordinates\":[113.43,34.79]},\"orders\":[]}"},
	{"POST /v1/commands/order-send", "\"dry_run\":true",
		"{\"result\":\"ok\",\"dry_run\":true,\"detail\":\"would "
		"go\",\"uncovered\":[{\"skill\":\"medic\","
		"\"left\":0}]}"},
	{"POST /v1/commands/order-answer", "\"O36\"",
		"{\"result\":\"ok\",\"order\":\"O36\",\"detail\":\"in force again\"}"},
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
		"\"name\":\"eight\"},{\"id\":\"L-7\",\"name\":\"seven\"},{\"id\":\"M-2\",\"name\":\"two\"},{"
		"\"id\":\"M-3\","
		"\"name\":\"three\"},{\"id\":\"K-6\",\"name\":\"six\"},{\"id\":\"K-5\",\"name\":\"five\"}]"},
	{"GET /v1/units/K-6", NULL,
		"{\"id\":\"K-6\",\"name\":\"six\",\"state\":\"available\",\"orders\":[]}"},
	{"GET /v1/units/K-5", NULL,
		"{\"id\":\"K-5\",\"name\":\"five\",\"state\":\"returning\",\"orders\":[]}"},
	{"GET /v1/incidents/2026-000078 ", NULL,
		"{\"id\":\"2026-000078\",\"state\":\"done_reported\",\"done\":\"2026-07-01T10:09:40Z\"}"},
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
	{"GET /v1/units/L-7", NULL,
		"{\"id\":\"L-7\",\"name\":\"seven\",\"state\":\"available\",\"orders\":[]}"},
	{"GET /v1/orders?all=true", NULL,
		"[{\"id\":\"O36\",\"incident\":\"2026-000077\",\"target\":\"unit\",\"who\":\"K-6\",\"state\":"
		"\"expired\",\"ended\":\"2026-07-01T10:09:50Z\"},"
		"{\"id\":\"O37\",\"incident\":\"2026-000078\",\"target\":\"unit\",\"who\":\"K-5\",\"state\":"
		"\"done\",\"ended\":\"2026-07-01T10:09:40Z\"},"
		"{\"id\":\"O33\",\"incident\":\"2026-000077\",\"target\":\"unit\",\"who\":\"L-9\",\"state\":"
		"\"expired\",\"ended\":\"2026-07-01T10:09:50Z\"},"
		"{\"id\":\"O31\",\"incident\":\"2026-000077\",\"target\":\"unit\",\"who\":\"L-7\",\"state\":"
		"\"declined\",\"ended\":\"2026-07-01T10:09:45Z\"},"
		"{\"id\":\"O32\",\"incident\":\"2026-000077\",\"target\":\"unit\",\"who\":\"L-8\",\"state\":"
		"\"expired\",\"ended\":\"2026-07-01T09:39:50Z\"}]"},
	{"GET /v1/orders?incident=2026-000077", NULL,
		"[{\"id\":\"O35\",\"target\":\"unit\",\"who\":\"M-3\",\"issued\":\"2026-07-01T10:09:50Z\"},"
		"{\"id\":\"O34\",\"target\":\"unit\",\"who\":\"M-2\",\"issued\":\"2026-07-01T10:09:40Z\"}]"},
	{"GET /v1/orders/O5 ", NULL,
		"{\"id\":\"O5\",\"incident\":\"2026-000077\",\"ended\":\"2026-07-01T10:09:50Z\"}"},
	{"GET /v1/incidents/2026-000077 ", NULL,
		"{\"id\":\"2026-000077\",\"state\":\"working\",\"short\":1}"},
	{"GET /v1/tasks?all=true", NULL,
		"[{\"id\":\"T1\",\"order\":\"O5\"},{\"id\":\"T2\",\"order\":null,\"notice\":\"N1\"}]"},
	{"GET /v1/playbooks?fields", NULL,
		"[{\"id\":\"cover-broken\",\"title\":\"cover "
		"broken\",\"incident_type\":\"manhole\",\"types\":["
		"\"alarm.manhole.broken\"],\"priority\":2},{\"id\":\"cover-gone\",\"title\":\"cover gone\","
		"\"incident_type\":\"manhole\",\"types\":[\"alarm.manhole.moved\"],\"priority\":2},{\"id\":"
		"\"flame\",\"title\":\"open "
		"fire\",\"incident_type\":\"fire\",\"types\":[\"alarm.fire.flame\"],"
		"\"priority\":1},"
		"{\"id\":\"rain-blue\",\"title\":\"blue "
		"rain\",\"incident_type\":\"rain\",\"types\":[],\"warnings\":[\"blue\"]},"
		"{\"id\":\"rain-red\",\"title\":\"red "
		"rain\",\"incident_type\":\"rain\",\"types\":[],\"warnings\":[\"red\"]}]"},
	{"GET /v1/warnings ", NULL,
		"[{\"colour\":\"red\",\"hazard\":\"rainstorm\",\"until\":\"2026-07-01T15:00:00Z\"}]"},
	{"GET /v1/devices/spk-1 ", NULL, "{\"id\":\"spk-1\",\"kind\":\"loudspeaker\",\"actions\":[\"say\"]}"},
	{"GET /v1/devices?fields=id,kind,actions ", NULL,
		"[{\"id\":\"spk-1\",\"kind\":\"loudspeaker\",\"actions\":[\"say\"]}]"},
	{"POST /v1/lead", NULL,
		"{\"result\":\"ok\",\"detail\":\"it "
		"leads\",\"pair\":{\"state\":\"leads\",\"holder\":\"east\","
		"\"heard_s\":null,\"forced\":true}}"},
	{"GET /v1/board", NULL, "<html>the whole page</html>"},
	{"GET /v1/status", NULL,
		"{\"mode\":\"normal\",\"now\":\"2026-07-01T10:10:00Z\",\"incidents_open\":3,\"tasks_open\":2,"
		"\"on_duty\":[\"Li\"]}"},
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
	hear_afresh();
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
	return occurrences(sent, what);
}

#endif
