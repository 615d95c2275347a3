/* watch: the live feed, a line a change; connects again and fills what was missed. Decides nothing. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/change.h"
#include "ctl/run.h"
#include "ctl/value.h"

enum { GAP_PAGE = 1000, AGAIN_S = 1 };

static volatile sig_atomic_t stopped;

static void stop_on_signal(int signal)
{
	(void)signal;
	stopped = 1;
}

/* --- server-sent events ---------------------------------------------------------------------------- */

/* Source: WHATWG HTML, "Server-sent events": lines "field: value"; comments begin with a colon. */
static void event_line(struct watch_reader *reader)
{
	const char *line = reader->line;

	if (strncmp(line, "event:", 6) == 0)
		snprintf(reader->event, sizeof(reader->event), "%.31s", line + 6 + (line[6] == ' '));
	else if (strncmp(line, "data:", 5) == 0)
		reader->data(reader->context, reader->event, line + 5 + (line[5] == ' '));
	else if (line[0] == '\0')
		reader->event[0] = '\0';
}

void watch_reader_feed(struct watch_reader *reader, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (reader->len + 1 >= reader->room) {
			size_t room = reader->room == 0 ? 4096 : reader->room * 2;
			char *grown = realloc(reader->line, room);

			ASSERT(grown != NULL);
			reader->line = grown;
			reader->room = room;
		}
		if (bytes[i] == '\r')
			continue;
		reader->line[reader->len] = bytes[i] == '\n' ? '\0' : bytes[i];
		reader->len++;
		if (bytes[i] == '\n') {
			event_line(reader);
			reader->len = 0;
		}
	}
}

/* --- following ------------------------------------------------------------------------------------- */

struct follower {
	struct session *session;
	long long seen; /* the last seq that was printed; 0: none */
	struct watch_reader reader;
	bool heard;      /* something came over this connection */
	uint32_t failed; /* connections in a row that gave nothing */
};

static void change_take(struct follower *follower, json_t *change, const char *text)
{
	long long seq = (long long)value_number(change, "seq");

	if (change == NULL || (seq != 0 && seq <= follower->seen))
		return;
	if (follower->session->json) {
		screen_json(&follower->session->screen, text);
		fflush(follower->session->screen.to);
	} else {
		value_clean(change);
		change_print(&follower->session->screen, change);
	}
	follower->seen = seq != 0 ? seq : follower->seen;
}

/* Rows of the journal behind the last one seen, over a connection of their own. */
static void gap_fill(struct follower *follower)
{
	struct http *http;
	struct http_reply reply;
	char path[128], *rest = NULL;
	long long rows = GAP_PAGE;

	if (!session_http(follower->session, &http))
		return;
	while (rows == GAP_PAGE && stopped == 0) {
		rows = 0;
		snprintf(path, sizeof(path), "/v1/journal?from=%lld&limit=%d", follower->seen + 1, GAP_PAGE);
		if (http_send(http, "GET", path, NULL, &reply) != DISP_OK)
			break;
		for (char *line = reply.status == 200 ? strtok_r(reply.body, "\n", &rest) : NULL;
			line != NULL; line = strtok_r(NULL, "\n", &rest)) {
			json_t *row = json_loads(line, 0, NULL);

			change_take(follower, row, line);
			json_decref(row);
			rows++;
		}
		http_reply_free(&reply);
	}
	http_close(http);
}

static void data_take(void *context, const char *event, const char *data)
{
	struct follower *follower = context;
	json_t *change;

	follower->heard = true;
	if (strcmp(event, "gap") == 0) {
		gap_fill(follower);
		return;
	}
	change = json_loads(data, 0, NULL);
	change_take(follower, change, data);
	json_decref(change);
}

static bool piece_take(void *context, const char *bytes, size_t len)
{
	struct follower *follower = context;

	watch_reader_feed(&follower->reader, bytes, len);
	return stopped == 0;
}

/* Two addresses: the other one is tried, once. */
static bool elsewhere(struct follower *follower)
{
	if (stopped != 0 || follower->failed > 0 || !session_other(follower->session)) {
		follower->failed = 0;
		return false;
	}
	follower->failed++;
	return true;
}

/* One connection, until it ends. The exit code when there is no use in another. */
static int follow_once(struct follower *follower)
{
	struct session *session = follower->session;
	char header[64];
	long status;
	int code = session_connect(session);

	if (code != EXIT_DONE)
		return code;
	snprintf(header, sizeof(header), "Last-Event-ID: %lld", follower->seen);
	follower->heard = false;
	follower->reader.len = 0;
	follower->reader.event[0] = '\0';
	if (http_stream(session->http, "/v1/feed", follower->seen > 0 ? header : NULL, &stopped, &status,
		    piece_take, follower) != DISP_OK &&
		!follower->heard && status == 0) {
		if (elsewhere(follower))
			return follow_once(follower);
		if (follower->seen == 0)
			session_complain(
				session, "no daemon at %s: %s", session->server, session_trouble(session));
		return follower->seen == 0 ? EXIT_NO_DAEMON : EXIT_DONE;
	}
	if (status == 503 && elsewhere(follower))
		return follow_once(follower);
	if (status == 503 && follower->seen > 0)
		return EXIT_DONE; /* nobody leads at present */
	follower->failed = 0;
	if (status >= 400) {
		session_complain(session, "the daemon gives no feed (HTTP %ld); try later", status);
		return EXIT_REFUSED;
	}
	return EXIT_DONE;
}

int run_watch(struct session *session, const struct args *args)
{
	struct follower follower = {.session = session};
	struct sigaction action = {.sa_handler = stop_on_signal}, before;
	int code = EXIT_DONE;
	bool connected = false;

	(void)args;
	follower.reader = (struct watch_reader){.context = &follower, .data = data_take};
	stopped = 0;
	ASSERT(sigaction(SIGINT, &action, &before) == 0);
	while (stopped == 0) {
		code = follow_once(&follower);
		if (stopped != 0 || (code != EXIT_DONE && !connected))
			break;
		connected = true;
		session_complain(session, "the connection ended; again in %d s", AGAIN_S);
		(void)sleep(AGAIN_S);
	}
	ASSERT(sigaction(SIGINT, &before, NULL) == 0);
	free(follower.reader.line);
	return stopped != 0 ? EXIT_DONE : code;
}
