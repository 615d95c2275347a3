/* test_api_client: clients that are slow, gone, many, greedy or listening. The clock is the event base's, in steps of
 * 20 ms; every test waits for what must happen, not for time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api_fixture.h"

enum { MANY = 300, INCIDENTS = 5000, STEPS_MAX = 20000 };

static int setup_quick(void **state)
{
	*state = fixture_new((struct api_config){.request_ms = 200, .stall_ms = 200, .tick_ms = 20});
	return 0;
}

/* Nobody is cut off within a test. */
static int setup_patient(void **state)
{
	*state = fixture_new((struct api_config){.request_ms = 100000, .stall_ms = 100000, .tick_ms = 20});
	return 0;
}

static struct api_counters counters(const struct fixture *f)
{
	struct api_counters out;

	api_get_counters(f->api, &out);
	return out;
}

/* One turn, at the latest after a millisecond. */
static void turn(struct fixture *f)
{
	struct pollfd none = {.fd = -1};

	shell_step(f);
	(void)poll(&none, 1, 1);
}

static void cut_whatever_it_has_sent(struct fixture *f, const char *start)
{
	int fd = client_open(f);
	struct reply reply;

	client_write(f, fd, start, strlen(start));
	reply = client_read(f, fd); /* returns when the server ends it */
	assert_int_equal(reply.len, 0);
	reply_free(&reply);
}

static void a_slow_request_is_cut(void **state)
{
	struct fixture *f = *state;
	struct reply reply;

	cut_whatever_it_has_sent(f, "");
	cut_whatever_it_has_sent(f, "GET /v1/sta");
	cut_whatever_it_has_sent(f, "GET /v1/status HTTP/1.1\r\nHost: x\r\nX: ");
	cut_whatever_it_has_sent(f, "POST /v1/commands/release HTTP/1.1\r\nContent-Length: 20\r\n\r\n{");
	assert_int_equal(counters(f).cut_slow, 4);
	reply = call(f, "GET", "/v1/status", NULL);
	assert_int_equal(reply.status, 200);
	reply_free(&reply);
	for (int i = 0; i < STEPS_MAX && counters(f).connections > 0; i++)
		turn(f);
	assert_int_equal(counters(f).connections, 0);
}

/* Drop by drop is slow too: the limit is on the whole request. */
static void a_dripping_request_is_cut(void **state)
{
	struct fixture *f = *state;
	int fd = client_open(f);
	char byte;
	bool cut = false;

	client_write(f, fd, "GET / HTTP/1.1\r\nX: ", 19);
	for (int i = 0; i < STEPS_MAX && !cut; i++) {
		cut = send(fd, "x", 1, MSG_NOSIGNAL) < 0 && errno == EPIPE;
		turn(f);
	}
	assert_true(cut);
	(void)byte;
	close(fd);
}

static void open_incidents(struct fixture *f, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct event event = {.kind = EVENT_OPEN};

		event.u.open = (struct event_open){
			.type = TEXT("other"), .place = place_at(113.44, 34.78), .grid = TEXT("G3")};
		take(f, event);
	}
	assert_int_equal(query_town(f->core)->open_count, count);
}

static void an_answer_that_is_not_fetched_is_cut(void **state)
{
	struct fixture *f = *state;
	int fd = client_open(f);

	open_incidents(f, 1000);
	client_ask(f, fd, "GET", "/v1/incidents", NULL);
	for (int i = 0; i < STEPS_MAX && counters(f).cut_slow == 0; i++)
		turn(f);
	assert_int_equal(counters(f).cut_slow, 1);
	close(fd);
}

static void a_client_that_leaves_before_its_turn_asked_nothing(void **state)
{
	struct fixture *f = *state;
	int fd = client_open(f);

	f->no_shell = true;
	client_ask(f, fd, "POST", "/v1/commands/release", "{\"release\":\"advise\"}");
	for (int i = 0; i < STEPS_MAX && counters(f).waiting == 0; i++)
		turn(f);
	assert_true(api_ready(f->api));
	close(fd);
	f->no_shell = false;
	turn(f);
	assert_int_equal(f->taken, 0);
	assert_int_equal(counters(f).waiting, 0);
}

static void a_client_that_leaves_while_its_row_is_written(void **state)
{
	struct fixture *f = *state;
	int fd = client_open(f);

	f->hold = true;
	client_ask(f, fd, "POST", "/v1/commands/release", "{\"release\":\"advise\"}");
	for (int i = 0; i < STEPS_MAX && f->taken == 0; i++)
		turn(f);
	close(fd);
	turn(f);
	f->hold = false;
	for (int i = 0; i < STEPS_MAX && counters(f).connections > 0; i++)
		turn(f);
	assert_int_equal(counters(f).connections, 0);
	assert_int_equal(counters(f).waiting, 0);
	assert_int_equal(query_town(f->core)->release, RELEASE_ADVISE);
}

/* A command waits as long as the disk does; that is not the client's fault. */
static void a_waiting_client_is_not_cut(void **state)
{
	struct fixture *f = *state;
	int fd = client_open(f);
	struct reply reply;

	f->hold = true;
	client_ask(f, fd, "POST", "/v1/commands/release", "{\"release\":\"advise\"}");
	cut_whatever_it_has_sent(f, ""); /* a deadline passes meanwhile */
	cut_whatever_it_has_sent(f, "");
	f->hold = false;
	reply = client_read(f, fd);
	assert_int_equal(reply.status, 200);
	reply_free(&reply);
}

static void three_hundred_come_at_once(void **state)
{
	struct fixture *f = *state;
	int fd[MANY];

	for (int i = 0; i < MANY; i++) {
		fd[i] = client_open(f);
		if (i % 50 == 0)
			turn(f);
	}
	turn(f);
	assert_int_equal(counters(f).connections, API_CONNECTIONS_MAX);
	for (int i = 0; i < MANY; i++) { /* as one is served and leaves, the next is let in */
		struct reply reply;

		client_ask(f, fd[i], "GET", "/v1/warnings", NULL);
		reply = client_read(f, fd[i]);
		assert_int_equal(reply.status, 200);
		reply_free(&reply);
	}
	assert_int_equal(counters(f).requests, MANY);
}

/* One connection, many requests, some of them sent before the answer to the first. */
static void requests_in_a_row(void **state)
{
	static const char twice[] =
		"GET /v1/warnings HTTP/1.1\r\nHost: x\r\n\r\nGET /v1/silences HTTP/1.1\r\nHost: x\r\n\r\n"
		"GET /v1/grids HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
	struct fixture *f = *state;
	int fd = client_open(f);
	struct reply reply;
	uint32_t answers = 0;

	client_write(f, fd, twice, sizeof(twice) - 1);
	reply = client_read(f, fd);
	for (char *at = strstr(reply.bytes, "HTTP/1.1 200"); at != NULL; at = strstr(at + 1, "HTTP/1.1 200"))
		answers++;
	assert_int_equal(answers, 3);
	reply_free(&reply);
}

static void what_is_sent_while_waiting_does_no_harm(void **state)
{
	struct fixture *f = *state;
	int fd = client_open(f);
	struct reply reply;

	f->hold = true;
	client_ask(f, fd, "POST", "/v1/commands/release", "{\"release\":\"advise\"}");
	client_write(f, fd, "nonsense", 8);
	turn(f);
	turn(f);
	f->hold = false;
	reply = client_read(f, fd);
	assert_int_equal(reply.status, 200);
	reply_free(&reply);
}

static void garbage_is_answered_or_cut(void **state)
{
	static const char *const junk[] = {"\r\n\r\n", "x\r\n\r\n", "GET\r\n\r\n", "GET  HTTP/1.1\r\n\r\n",
		"GET / HTTP/9.9\r\n\r\n", "GET %%%% HTTP/1.1\r\nConnection: close\r\n\r\n",
		"\x16\x03\x01\x02", "POST /v1/alarms HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
		"POST /v1/alarms HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
		"POST /v1/alarms HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"GET /v1/units?%zz=%00&&& HTTP/1.1\r\nConnection: close\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nConnection: close\r\n\r\n",
		"CONNECT a:1 HTTP/1.1\r\nConnection: close\r\n\r\n"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(junk) / sizeof(junk[0]); i++) {
		int fd = client_open(f);
		struct reply reply;

		client_write(f, fd, junk[i], strlen(junk[i]));
		reply = client_read(f, fd);
		reply_free(&reply);
	}
	for (int i = 0; i < STEPS_MAX && counters(f).connections > 0; i++)
		turn(f);
	assert_int_equal(counters(f).connections, 0);
}

static void five_thousand_incidents(void **state)
{
	struct fixture *f = *state;
	struct timespec from, to;
	struct reply reply;

	open_incidents(f, INCIDENTS);
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	reply = call(f, "GET", "/v1/incidents", NULL);
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	print_message("%zu bytes in %ld ms\n", reply.body_len,
		(long)((to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000));
	reply_free(&reply);
	reply = call_json(f, "GET", "/v1/incidents", NULL, 200);
	assert_int_equal(json_count(&reply.doc, 0), INCIDENTS);
	assert_string_equal(member(&reply, "id"), "2026-005000");
	reply_free(&reply);
}

/* --- alarms ---------------------------------------------------------------------------------------- */

#define GOOD(id)                                                                                             \
	"{\"specversion\":\"1.0\",\"id\":\"" id                                                              \
	"\",\"source\":\"cam-1\",\"type\":\"alarm.water.person_near\","                                      \
	"\"time\":\"2026-07-01T08:00:00Z\",\"data\":{\"state\":\"raised\",\"confidence\":0.9}}\n"

static void replies_to_alarms_keep_their_order(void **state)
{
	static const char *const expected[] = {
		"malformed", "accepted", "malformed", "malformed", "duplicate", "accepted"};
	struct fixture *f = *state;
	int fd = client_open(f);
	struct reply reply;
	char *line, *save;
	size_t count = 0;

	f->hold = true;
	client_ask(f, fd, "POST", "/v1/alarms", "{}\n" GOOD("a") "\n[\r\nx\n" GOOD("a") GOOD("b"));
	for (int i = 0; i < STEPS_MAX && f->taken < 3; i++)
		turn(f);
	f->hold = false;
	reply = client_read(f, fd);
	assert_int_equal(reply.status, 200);
	for (line = strtok_r(reply.body, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		assert_true(count < sizeof(expected) / sizeof(expected[0]));
		if (strstr(line, expected[count]) == NULL)
			fail_msg("line %zu: %s", count, line);
		count++;
	}
	assert_int_equal(count, sizeof(expected) / sizeof(expected[0]));
	reply_free(&reply);
	reply = call(f, "POST", "/v1/alarms", "\n\n");
	assert_int_equal(reply.status, 400);
	reply_free(&reply);
}

/* --- the feed -------------------------------------------------------------------------------------- */

/* Reads what there is, until `want` is in it. */
static bool hear(struct fixture *f, int fd, char *heard, size_t size, const char *want)
{
	size_t len = strlen(heard);

	for (int i = 0; i < 2000; i++) {
		ssize_t got = recv(fd, heard + len, size - len - 1, 0);

		len += got > 0 ? (size_t)got : 0;
		heard[len] = '\0';
		if (strstr(heard, want) != NULL)
			return true;
		turn(f);
	}
	return false;
}

static void the_feed_brings_every_row_and_what_was_missed(void **state)
{
	static const char again[] = "GET /v1/feed HTTP/1.1\r\nLast-Event-ID: 3\r\n\r\n";
	static char heard[1 << 16];
	struct fixture *f = *state;
	int fd = client_open(f), late;
	struct reply reply;
	char id[32];

	heard[0] = '\0';
	client_ask(f, fd, "GET", "/v1/feed", NULL);
	assert_true(hear(f, fd, heard, sizeof(heard), ": live"));
	reply = call(f, "POST", "/v1/commands/release", "{\"release\":\"advise\"}");
	reply_free(&reply);
	(void)snprintf(id, sizeof(id), "id: %u\ndata: {", (unsigned)f->seq);
	assert_true(hear(f, fd, heard, sizeof(heard), id));
	assert_non_null(strstr(heard, "\"kind\":\"release\""));

	late = client_open(f);
	heard[0] = '\0';
	client_write(f, late, again, sizeof(again) - 1);
	assert_true(hear(f, late, heard, sizeof(heard), id));
	assert_non_null(strstr(heard, "id: 4\n"));
	assert_null(strstr(heard, "id: 3\n"));
	assert_int_equal(counters(f).feeds, 2);
	close(late);
	close(fd);
}

static void a_listener_that_does_not_keep_up_is_cut(void **state)
{
	static uint8_t line[100000];
	static char heard[1 << 12];
	struct fixture *f = *state;
	int fd = client_open(f);

	heard[0] = '\0';
	client_ask(f, fd, "GET", "/v1/feed", NULL);
	assert_true(hear(f, fd, heard, sizeof(heard), ": live"));
	memset(line, 'x', sizeof(line));
	for (uint64_t i = 0; i < 100; i++) {
		api_feed(f->api, 1000 + i, line, sizeof(line));
		event_base_loop(f->base, EVLOOP_NONBLOCK);
	}
	for (int i = 0; i < STEPS_MAX && counters(f).feeds > 0; i++)
		turn(f);
	assert_int_equal(counters(f).feeds, 0);
	assert_true(counters(f).cut_feeds > 0);
	close(fd);
}

static void stopping_answers_those_who_wait(void **state)
{
	struct fixture *f = *state;
	int fd = client_open(f), feed = client_open(f), idle = client_open(f);

	f->hold = true;
	client_ask(f, fd, "POST", "/v1/commands/release", "{\"release\":\"advise\"}");
	client_ask(f, feed, "GET", "/v1/feed", NULL);
	for (int i = 0; i < STEPS_MAX && (f->taken == 0 || counters(f).feeds == 0); i++)
		turn(f);
	api_close(f->api);
	f->api = NULL;
	close(fd);
	close(feed);
	close(idle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_slow_request_is_cut, setup_quick, teardown),
		cmocka_unit_test_setup_teardown(a_dripping_request_is_cut, setup_quick, teardown),
		cmocka_unit_test_setup_teardown(an_answer_that_is_not_fetched_is_cut, setup_quick, teardown),
		cmocka_unit_test_setup_teardown(
			a_client_that_leaves_before_its_turn_asked_nothing, setup_quick, teardown),
		cmocka_unit_test_setup_teardown(
			a_client_that_leaves_while_its_row_is_written, setup_quick, teardown),
		cmocka_unit_test_setup_teardown(a_waiting_client_is_not_cut, setup_quick, teardown),
		cmocka_unit_test_setup_teardown(three_hundred_come_at_once, setup_patient, teardown),
		cmocka_unit_test_setup_teardown(requests_in_a_row, setup_quick, teardown),
		cmocka_unit_test_setup_teardown(
			what_is_sent_while_waiting_does_no_harm, setup_quick, teardown),
		cmocka_unit_test_setup_teardown(garbage_is_answered_or_cut, setup_quick, teardown),
		cmocka_unit_test_setup_teardown(five_thousand_incidents, setup_patient, teardown),
		cmocka_unit_test_setup_teardown(replies_to_alarms_keep_their_order, setup_patient, teardown),
		cmocka_unit_test_setup_teardown(
			the_feed_brings_every_row_and_what_was_missed, setup_patient, teardown),
		cmocka_unit_test_setup_teardown(
			a_listener_that_does_not_keep_up_is_cut, setup_quick, teardown),
		cmocka_unit_test_setup_teardown(stopping_answers_those_who_wait, setup_quick, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
