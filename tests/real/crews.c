/* crews: answers for all units of a replayed week as the city's units did; a program for tests, decides nothing. */
#include <inttypes.h>
#include <jansson.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#include "wire/time_text.h"

static const char usage[] = "usage: crews ENDPOINT RATE CREWS.tsv WORK.tsv REPLIES.jsonl\n"
			    "Prints \"ready\" once every unit is known to the daemon, \"over\" when every "
			    "call of WORK was replied to and\n"
			    "no order has been open for two seconds, and ends then. REPLIES: alarm-player's "
			    "log, read as it grows; it\n"
			    "says which call an incident is, and so how long a crew works there.\n";

enum {
	CREWS_MAX = 1000,
	SKILLS = 4,
	ID_MAX = 64,
	MESSAGE_MAX = 16384,
	PING_MS = 500,
	HELLO_MS = 200,
	IDLE_MS = 2000
};

enum stage { STAGE_NONE, STAGE_EN_ROUTE, STAGE_ARRIVED, STAGE_DONE, STAGE_RECALLED };

struct crew {
	void *socket;
	char id[ID_MAX];
	uint32_t skill; /* column of WORK */
	bool known;     /* the daemon has said so */
	int64_t pinged_ms, greeted_ms;
};

struct job {
	enum stage stage;
	uint32_t crew;
	char incident[ID_MAX];
	int64_t arrive_ms, done_ms; /* event time; done_ms 0: not known yet */
	double lon, lat;
};

struct call {
	char id[ID_MAX];
	int64_t work_ms[SKILLS];
};

static struct crew crew[CREWS_MAX];
static uint32_t crew_count;
static struct job *job; /* [job_room], by the order's number */
static uint32_t job_room, job_first, job_end;
static struct call *call;
static size_t call_count, replied;
static struct hsearch_data call_of_id, call_of_incident;
static FILE *replies;
static const char *replies_path;
static int64_t clock_event_ms, clock_real_ms, rate, busy_ms;
static uint64_t orders, again, recalls, errors;

static void die(const char *what, const char *which)
{
	fprintf(stderr, "crews: %s %s\n", what, which);
	exit(2);
}

static int64_t real_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static int64_t event_ms(void)
{
	return clock_event_ms + (real_ms() - clock_real_ms) * rate;
}

/* --- the files ------------------------------------------------------------------------------------- */

static void enter(struct hsearch_data *table, const char *key, void *data)
{
	ENTRY *slot;

	if (hsearch_r((ENTRY){strdup(key), data}, ENTER, &slot, table) == 0)
		die("out of memory at", key);
}

static void *find(struct hsearch_data *table, char *key)
{
	ENTRY *slot;

	return hsearch_r((ENTRY){key, NULL}, FIND, &slot, table) != 0 ? slot->data : NULL;
}

static void crews_read(const char *path)
{
	FILE *from = fopen(path, "r");

	if (from == NULL)
		die("cannot read", path);
	while (crew_count < CREWS_MAX &&
		fscanf(from, "%63[^\t]\t%" SCNu32 "\n", crew[crew_count].id, &crew[crew_count].skill) == 2) {
		if (crew[crew_count].skill >= SKILLS)
			die("no such column of work:", crew[crew_count].id);
		crew_count++;
	}
	fclose(from);
}

static void work_read(const char *path)
{
	FILE *from = fopen(path, "r");
	struct call one;
	int64_t *s = one.work_ms;
	size_t room = 0;

	if (from == NULL)
		die("cannot read", path);
	while (fscanf(from, "%63[^\t]\t%" SCNd64 "\t%" SCNd64 "\t%" SCNd64 "\t%" SCNd64 "\n", one.id, &s[0],
		       &s[1], &s[2], &s[3]) == 5) {
		if (call_count == room) {
			room = room == 0 ? 4096 : 2 * room;
			call = realloc(call, room * sizeof(*call));
			if (call == NULL)
				die("out of memory at", path);
		}
		for (int skill = 0; skill < SKILLS; skill++)
			one.work_ms[skill] = s[skill] * 1000;
		call[call_count++] = one;
	}
	fclose(from);
	if (hcreate_r(2 * call_count + 16, &call_of_id) == 0 ||
		hcreate_r(2 * call_count + 16, &call_of_incident) == 0)
		die("out of memory at", path);
	for (size_t index = 0; index < call_count; index++)
		enter(&call_of_id, call[index].id, &call[index]);
}

/* Takes in what the player has logged since; half a line waits for the rest. */
static void replies_read(void)
{
	static char *line;
	static size_t size;

	if (replies == NULL && (replies = fopen(replies_path, "r")) == NULL)
		return;
	clearerr(replies);
	for (long at = ftell(replies); getline(&line, &size, replies) > 0; at = ftell(replies)) {
		if (strchr(line, '\n') == NULL) {
			(void)fseek(replies, at, SEEK_SET);
			return;
		}
		json_t *reply = json_loads(line, 0, NULL);
		const char *id = json_string_value(json_object_get(reply, "id"));
		const char *incident = json_string_value(json_object_get(reply, "incident"));
		void *known = id != NULL ? find(&call_of_id, (char *)(uintptr_t)id) : NULL;

		replied += known != NULL;
		if (known != NULL && incident != NULL)
			enter(&call_of_incident, incident, known);
		json_decref(reply);
	}
}

/* --- saying ---------------------------------------------------------------------------------------- */

static void say(struct crew *to, const char *message)
{
	(void)zmq_send(to->socket, message, strlen(message), ZMQ_DONTWAIT);
}

static void say_hello(struct crew *to)
{
	char message[256];

	if (real_ms() - to->greeted_ms < HELLO_MS)
		return;
	to->greeted_ms = real_ms();
	snprintf(message, sizeof(message), "{\"kind\":\"hello\",\"unit\":\"%s\",\"last_seq\":0}", to->id);
	say(to, message);
}

static void say_answer(struct crew *to, uint32_t order, const char *answer)
{
	char message[256];

	snprintf(message, sizeof(message),
		"{\"kind\":\"answer\",\"order\":\"O%" PRIu32 "\",\"answer\":\"%s\"}", order, answer);
	say(to, message);
}

static void say_place(struct crew *to, const struct job *at)
{
	char message[256];

	snprintf(message, sizeof(message),
		"{\"kind\":\"position\",\"position\":{\"type\":\"Point\",\"coordinates\":[%.7f,%.7f]}}",
		at->lon, at->lat);
	say(to, message);
}

/* All that was answered to the order so far; what the daemon has heard already does no harm. */
static void say_all(uint32_t order)
{
	struct crew *by = &crew[job[order].crew];

	if (job[order].stage == STAGE_RECALLED)
		return;
	say_answer(by, order, "accept");
	say_answer(by, order, "en_route");
	if (job[order].stage >= STAGE_ARRIVED)
		say_answer(by, order, "arrived");
	if (job[order].stage == STAGE_DONE) {
		say_place(by, &job[order]);
		say_answer(by, order, "done");
	}
}

/* --- hearing --------------------------------------------------------------------------------------- */

static uint32_t order_number(const json_t *message)
{
	const char *text = json_string_value(json_object_get(message, "order"));

	return text != NULL && text[0] == 'O' ? (uint32_t)strtoul(text + 1, NULL, 10) : 0;
}

static struct job *job_at(uint32_t order)
{
	if (order >= job_room) {
		uint32_t room = order * 2 + 1024;

		job = realloc(job, room * sizeof(*job));
		if (job == NULL)
			die("out of memory at", "an order");
		memset(job + job_room, 0, (room - job_room) * sizeof(*job));
		job_room = room;
	}
	return &job[order];
}

static void hear_order(uint32_t by, const json_t *message)
{
	uint32_t order = order_number(message);
	const json_t *at = json_object_get(json_object_get(message, "position"), "coordinates");
	struct job *taken = job_at(order);

	if (order == 0)
		die("an order without a number for", crew[by].id);
	busy_ms = real_ms();
	if (taken->stage != STAGE_NONE) {
		again++;
		say_all(order);
		return;
	}
	orders++;
	*taken = (struct job){.stage = STAGE_EN_ROUTE, .crew = by};
	taken->lon = json_number_value(json_array_get(at, 0));
	taken->lat = json_number_value(json_array_get(at, 1));
	taken->arrive_ms =
		event_ms() + (int64_t)(json_number_value(json_object_get(message, "travel_s")) * 1000);
	snprintf(taken->incident, sizeof(taken->incident), "%s",
		json_string_value(json_object_get(message, "incident")));
	if (order >= job_end)
		job_end = order + 1;
	if (order < job_first)
		job_first = order;
	say_all(order);
}

static void hear_pong(struct crew *from, const json_t *message)
{
	const char *time = json_string_value(json_object_get(message, "time"));
	int64_t at_ms;

	if (time == NULL || time_parse((struct text){time, (uint32_t)strlen(time)}, &at_ms) != DISP_OK)
		return;
	from->known = true;
	clock_event_ms = at_ms;
	clock_real_ms = real_ms();
}

static void hear(uint32_t from, const char *bytes, size_t len)
{
	json_t *message = json_loadb(bytes, len, 0, NULL);
	const char *kind = json_string_value(json_object_get(message, "kind"));
	const char *detail = json_string_value(json_object_get(message, "detail"));

	if (kind == NULL)
		die("not a message to a terminal, for", crew[from].id);
	if (strcmp(kind, "pong") == 0) {
		hear_pong(&crew[from], message);
	} else if (strcmp(kind, "order") == 0) {
		hear_order(from, message);
	} else if (strcmp(kind, "recall") == 0) {
		recalls++;
		job_at(order_number(message))->stage = STAGE_RECALLED;
	} else if (strcmp(kind, "error") == 0 && detail != NULL && strcmp(detail, "hello first") == 0) {
		say_hello(&crew[from]);
	} else {
		errors++;
	}
	json_decref(message);
}

/* --- working --------------------------------------------------------------------------------------- */

static void job_work(uint32_t order, int64_t now_ms)
{
	struct job *at = &job[order];

	if (at->stage == STAGE_EN_ROUTE && now_ms >= at->arrive_ms) {
		at->stage = STAGE_ARRIVED;
		say_answer(&crew[at->crew], order, "arrived");
	}
	if (at->stage == STAGE_ARRIVED && at->done_ms == 0) {
		const struct call *known = find(&call_of_incident, at->incident);

		if (known != NULL)
			at->done_ms = at->arrive_ms + known->work_ms[crew[at->crew].skill];
	}
	if (at->stage == STAGE_ARRIVED && at->done_ms != 0 && now_ms >= at->done_ms) {
		at->stage = STAGE_DONE;
		say_place(&crew[at->crew], at); /* from where it drives home */
		say_answer(&crew[at->crew], order, "done");
	}
}

static bool job_open(const struct job *at)
{
	return at->stage == STAGE_EN_ROUTE || at->stage == STAGE_ARRIVED;
}

static void jobs_work(void)
{
	int64_t now_ms = event_ms();

	for (uint32_t order = job_first; order < job_end; order++) {
		job_work(order, now_ms);
		if (job_open(&job[order]))
			busy_ms = real_ms();
	}
	while (job_first < job_end && job[job_first].stage != STAGE_NONE && !job_open(&job[job_first]))
		job_first++;
}

static void crews_ping(void)
{
	for (uint32_t index = 0; index < crew_count; index++) {
		if (real_ms() - crew[index].pinged_ms < PING_MS)
			continue;
		crew[index].pinged_ms = real_ms();
		say(&crew[index], "{\"kind\":\"ping\"}");
	}
}

static void crews_hear(zmq_pollitem_t *item)
{
	static char bytes[MESSAGE_MAX];

	if (zmq_poll(item, (int)crew_count, 2) <= 0)
		return;
	for (uint32_t index = 0; index < crew_count; index++)
		for (int len; (item[index].revents & ZMQ_POLLIN) != 0 &&
			      (len = zmq_recv(crew[index].socket, bytes, sizeof(bytes), ZMQ_DONTWAIT)) >= 0;)
			hear(index, bytes, (size_t)len < sizeof(bytes) ? (size_t)len : sizeof(bytes));
}

static void crews_open(const char *endpoint, zmq_pollitem_t *item)
{
	void *context = zmq_ctx_new();
	int none = 0, interval_ms = 50;

	for (uint32_t index = 0; index < crew_count; index++) {
		crew[index].socket = zmq_socket(context, ZMQ_DEALER);
		if (crew[index].socket == NULL)
			die("no socket for", crew[index].id);
		(void)zmq_setsockopt(crew[index].socket, ZMQ_LINGER, &none, sizeof(none));
		(void)zmq_setsockopt(
			crew[index].socket, ZMQ_RECONNECT_IVL, &interval_ms, sizeof(interval_ms));
		if (zmq_connect(crew[index].socket, endpoint) != 0)
			die("cannot connect to", endpoint);
		item[index] = (zmq_pollitem_t){.socket = crew[index].socket, .events = ZMQ_POLLIN};
	}
}

static bool all_known(void)
{
	for (uint32_t index = 0; index < crew_count; index++)
		if (!crew[index].known)
			return false;
	return true;
}

int main(int argc, char **argv)
{
	static zmq_pollitem_t item[CREWS_MAX];
	bool ready = false;

	if (argc != 6 || (rate = strtoll(argv[2], NULL, 10)) < 1) {
		fputs(usage, stderr);
		return 2;
	}
	crews_read(argv[3]);
	work_read(argv[4]);
	replies_path = argv[5];
	crews_open(argv[1], item);
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (!ready || replied < call_count || real_ms() - busy_ms < IDLE_MS) {
		crews_hear(item);
		crews_ping();
		replies_read();
		jobs_work();
		if (!ready && all_known()) {
			ready = true;
			puts("ready");
		}
	}
	printf("over: %" PRIu64 " orders, %" PRIu64 " told again, %" PRIu64 " recalls, %" PRIu64 " errors\n",
		orders, again, recalls, errors);
	return 0;
}
