/* ingest_town: a town of a few things with its doors open, and a shell of thirty lines; for the tests of terminals and doors. */
#ifndef TESTS_INGEST_TOWN_H
#define TESTS_INGEST_TOWN_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "core/query.h"
#include "ingest/ingest.h"

enum { TURNS_MAX = 2000, ANSWER_SIZE = 1 << 16, SOCKETS_MAX = 16 };
#define START_MS INT64_C(1782892800000) /* 2026-07-01T08:00:00Z */

struct town {
	struct core *core;
	void *memory;
	struct ingest *ingest;
	struct effect effect[EFFECTS_MAX];
	struct outbox outbox;
	uint8_t *ring, *bytes;
	uint64_t seq, lag; /* lag: rows at the end that are not durable yet */
	int64_t at_ms, monotonic_ms;
	void *context; /* of the senders and terminals */
	void *socket[SOCKETS_MAX];
};

static struct town town;

/* --- ground: the town is a square of a tenth of a degree ------------------------------------------ */

static inline struct place place_at(double lon, double lat)
{
	struct place place = {.lat_e7 = (int32_t)(lat * 1e7), .lon_e7 = (int32_t)(lon * 1e7)};

	/* A plane will do: 11 mm a step both ways. */
	place.ecef_mm[0] = place.lon_e7 * INT64_C(11);
	place.ecef_mm[1] = place.lat_e7 * INT64_C(11);
	return place;
}

static inline enum disp_err place_from(
	void *context, struct text crs, double x, double y, struct place *out, const char **detail)
{
	(void)context;
	*detail = "data.crs: unknown";
	if (crs.len != 9 || memcmp(crs.ptr, "EPSG:4490", 9) != 0)
		return DISP_E_NONE;
	*detail = "data.position: not on the earth";
	if (!(x >= -180 && x <= 180 && y >= -90 && y <= 90))
		return DISP_E_INPUT;
	*out = place_at(x, y);
	return DISP_OK;
}

static inline bool grid_at_place(void *context, const struct place *place, struct text *code)
{
	(void)context;
	*code = TEXT("G-1");
	return place->lon_e7 >= 1133800000 && place->lon_e7 <= 1135000000 && place->lat_e7 >= 347300000 &&
	       place->lat_e7 <= 348300000;
}

static const struct ground ground = {.place_from = place_from, .grid_at = grid_at_place};

static inline void leg(const void *context, const struct place *from, const struct place *to,
	int32_t speed_mm_s, int64_t *range_mm, int64_t *time_ms)
{
	(void)context;
	*range_mm = llabs(from->ecef_mm[0] - to->ecef_mm[0]) + llabs(from->ecef_mm[1] - to->ecef_mm[1]);
	*time_ms = speed_mm_s > 0 ? *range_mm * 1000 / speed_mm_s : -1;
}

/* --- the shell ------------------------------------------------------------------------------------ */

static inline void run_event(struct event *event, const struct origin *origin)
{
	struct effects effects = {.item = town.effect};

	event->epoch = 7;
	event->at_ms = town.at_ms;
	if (event->kind == EVENT_NONE) {
		event->seq = town.seq;
		assert_int_equal(ingest_prepare(town.ingest, event, &effects, origin, &town.outbox), DISP_OK);
		return;
	}
	event->seq = ++town.seq;
	(void)!core_decide(town.core, event, &effects);
	assert_int_equal(core_apply(town.core, event, &effects), DISP_OK);
	if (town.ingest)
		assert_int_equal(ingest_prepare(town.ingest, event, &effects, origin, &town.outbox), DISP_OK);
}

/* One turn: all that is waiting comes in, all that is prepared goes out. */
static inline void turn(void)
{
	struct outbox_entry entry;
	struct origin origin;
	struct event event;

	(void)ingest_ready(town.ingest); /* as the loop does: ZeroMQ then has a message in its hand */
	ingest_tick(town.ingest, town.monotonic_ms);
	while (core_due_ms(town.core) <= town.at_ms) {
		event = (struct event){.kind = EVENT_TICK};
		run_event(&event, NULL);
	}
	while (ingest_next(town.ingest, town.at_ms, &event, &origin) == DISP_OK)
		run_event(&event, &origin);
	while (outbox_peek(&town.outbox, town.seq - town.lag, &entry, &origin, town.bytes,
		       OUTBOX_MESSAGE_MAX) == DISP_OK) {
		ingest_send(town.ingest, &origin, town.bytes, entry.bytes);
		outbox_pop(&town.outbox);
	}
}

/* --- the town ------------------------------------------------------------------------------------- */

static inline void add_things(void)
{
	static const struct playbook_def near = {.id = {"near", 4},
		.title = {"水边有人", 12},
		.type = {{"alarm.water.person_near", 23}},
		.type_count = 1,
		.incident_type = {"drowning_risk", 13},
		.priority = 1,
		.grade = GRADE_GENERAL,
		.response_level = 4,
		.step = {{.kind = STEP_SEND, .level = 1, .skills = {"patrol", 6}, .count = 1},
			{.kind = STEP_SUPPLY, .level = 1, .item = {"ring", 4}, .quantity = 2}},
		.step_count = 2,
		.answer_ms = 60000};
	struct event events[] = {
		{.kind = EVENT_CLOCK, .u.clock = {START_MS, 1000}},
		{.kind = EVENT_TOWN, .u.town = {.code = TEXT("T"), .name = TEXT("镇"), .offset_min = 480}},
		{.kind = EVENT_GRID, .u.grid = {.code = TEXT("G-1"), .name = TEXT("一格"), .level = 3}},
		{.kind = EVENT_UNIT,
			.u.unit = {.id = TEXT("FE-1"),
				.name = TEXT("一组"),
				.skills = TEXT("patrol transport"),
				.home = place_at(113.44, 34.78),
				.speed_mm_s = 5000,
				.members = 2,
				.terminal = true}},
		{.kind = EVENT_UNIT,
			.u.unit = {.id = TEXT("FE-2"),
				.name = TEXT("二组"),
				.skills = TEXT("patrol transport"),
				.home = place_at(113.46, 34.78),
				.speed_mm_s = 5000,
				.members = 2,
				.terminal = true}},
		{.kind = EVENT_DEPOT,
			.u.depot = {.id = TEXT("D-1"), .name = TEXT("库"), .place = place_at(113.45, 34.77)}},
		{.kind = EVENT_STOCK,
			.u.stock = {.depot = TEXT("D-1"),
				.item = TEXT("ring"),
				.name = TEXT("救生圈"),
				.unit = TEXT("个"),
				.quantity = 10}},
		{.kind = EVENT_DEVICE,
			.u.device = {.id = TEXT("cam-1"),
				.kind = TEXT("camera"),
				.name = TEXT("一号"),
				.grid = TEXT("G-1"),
				.place = place_at(113.441, 34.78)}},
		{.kind = EVENT_PLAYBOOK, .u.playbook = {&near}},
		{.kind = EVENT_PLAN, .u.plan = {.count = 1}},
	};

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		run_event(&events[i], NULL);
}

static inline int open_town_with(const struct ingest_config *limits)
{
	struct ingest_config config = *limits;
	struct core_limits sizes;
	struct core_rules rules;
	const struct travel travel = {NULL, leg};
	char error[INGEST_ERROR_SIZE];

	memset(&town, 0, sizeof(town));
	core_limits_default(&sizes);
	sizes.max[TABLE_IDENTITY] = 10000;
	sizes.max[TABLE_INCIDENT] = 1000;
	core_rules_default(&rules);
	town.memory = aligned_alloc(64, (core_size(&sizes) + 63) & ~UINT64_C(63));
	assert_non_null(town.memory);
	memset(town.memory, 0, core_size(&sizes));
	assert_int_equal(core_init(town.memory, &sizes, &rules, &travel, &town.core), DISP_OK);
	town.ring = malloc(8 << 20);
	town.bytes = malloc(OUTBOX_MESSAGE_MAX);
	outbox_init(&town.outbox, town.ring, 8 << 20);
	town.at_ms = START_MS;
	add_things();
	if (!config.alarms)
		config.alarms = config.units = config.feed = "tcp://127.0.0.1:*";
	config.epoch = 7;
	if (ingest_open(&town.ingest, &config, town.core, &ground, error) != DISP_OK)
		fail_msg("%s", error);
	town.context = zmq_ctx_new();
	ingest_tick(town.ingest, town.monotonic_ms);
	return 0;
}

static inline int open_town(void **state)
{
	(void)state;
	return open_town_with(&(struct ingest_config){0});
}

static inline int close_town(void **state)
{
	(void)state;
	for (int i = 0; i < SOCKETS_MAX; i++) /* those of a test that failed */
		if (town.socket[i])
			zmq_close(town.socket[i]);
	zmq_ctx_term(town.context);
	ingest_close(town.ingest);
	free(town.memory);
	free(town.ring);
	free(town.bytes);
	return 0;
}

/* --- the other side ------------------------------------------------------------------------------- */

static inline void *connect_to(enum door door, int type)
{
	void *socket = zmq_socket(town.context, type);
	int zero = 0;

	assert_non_null(socket);
	assert_int_equal(zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof(zero)), 0);
	if (type == ZMQ_SUB)
		assert_int_equal(zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0), 0);
	assert_int_equal(zmq_connect(socket, ingest_endpoint(town.ingest, door)), 0);
	for (int i = 0; i < SOCKETS_MAX; i++) {
		if (!town.socket[i]) {
			town.socket[i] = socket;
			return socket;
		}
	}
	fail_msg("more than %d sockets", SOCKETS_MAX);
	return NULL;
}

static inline void hang_up(void *socket)
{
	for (int i = 0; i < SOCKETS_MAX; i++)
		if (town.socket[i] == socket)
			town.socket[i] = NULL;
	zmq_close(socket);
}

static inline void send_text(void *socket, const char *message)
{
	assert_true(zmq_send(socket, message, strlen(message), 0) >= 0);
}

/* Turns until the socket has something; the last frame of it. NULL: nothing came in TURNS_MAX turns. */
static inline const char *wait_for(void *socket)
{
	static char answer[ANSWER_SIZE];

	for (int i = 0; i < TURNS_MAX; i++) {
		zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};

		turn();
		if (zmq_poll(&item, 1, 1) <= 0)
			continue;
		int more = 1;

		while (more) {
			size_t size = sizeof(more);
			int got = zmq_recv(socket, answer, sizeof(answer) - 1, 0);

			assert_true(got >= 0 && got < (int)sizeof(answer));
			answer[got] = '\0';
			assert_int_equal(zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size), 0);
		}
		return answer;
	}
	return NULL;
}

/* Waits for a message that holds `want`; others before it are passed over. */
static inline const char *wait_until(void *socket, const char *want)
{
	for (;;) {
		const char *got = wait_for(socket);

		if (!got)
			fail_msg("nothing came that holds %s", want);
		if (strstr(got, want))
			return got;
	}
}

static inline void expect(void *socket, const char *want)
{
	const char *got = wait_for(socket);

	if (!got || !strstr(got, want))
		fail_msg("wanted %s, got %s", want, got ? got : "nothing");
}

#endif
