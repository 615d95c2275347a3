/* turn_bench: the shell over the real core, with two doors and a store that are made up; for the tests of its turns. */
#ifndef TESTS_UNIT_TURN_BENCH_H
#define TESTS_UNIT_TURN_BENCH_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/query.h"
#include "shell/shell.h"

enum { INPUTS_MAX = 20000, SENT_MAX = 20000, ROWS_MAX = 20000, DOORS = 2 };

static const int64_t start_ms = INT64_C(1782878400000);

/* A store that is asked by the test what it has done. */
struct store {
	uint64_t seq[ROWS_MAX]; /* of each row, as appended */
	int64_t at_ms[ROWS_MAX];
	uint32_t kind[ROWS_MAX];
	uint32_t rows, commits;
	uint64_t durable; /* what released answers */
	bool blocked;     /* commit says DISP_E_AGAIN */
	enum hold hold;   /* what the log still takes */
};

struct message {
	uint64_t seq, ticket; /* seq: under which it was put */
	uint8_t result;       /* enum alarm_result of the answer */
	uint8_t door;
};

struct bench;

/* A door with alarms waiting; it answers each with a message. */
struct fake_door {
	struct bench *bench;
	uint32_t index, waiting, taken; /* alarms [0, waiting) have come in, [0, taken) were handed on */
	uint64_t alarm[INPUTS_MAX];     /* identity: equal ones are repeats */
	const char *source[INPUTS_MAX];
	uint32_t answers; /* messages for each event: 1 unless the test says more */
	bool refuses;     /* prepare finds no room */
	bool asks;        /* it has a question, after its alarms */
	enum hold hold;   /* as it was told */
	uint32_t turned_away;
};

struct bench {
	struct shell shell;
	void *memory;
	struct store store;
	struct fake_door door[DOORS];
	struct message sent[SENT_MAX];
	uint32_t sent_count;
	uint8_t order[INPUTS_MAX]; /* which door each event was taken from */
	uint32_t order_count;
	uint64_t witnessed;
};

/* --- the ports -------------------------------------------------------------------------------------- */

static inline enum disp_err store_append(void *context, uint64_t seq, int64_t at_ms, uint64_t epoch,
	uint32_t kind, const uint8_t *plan_hash, const void *body, size_t size)
{
	struct store *store = context;

	assert_int_equal(epoch, 9);
	assert_non_null(plan_hash);
	assert_non_null(body);
	assert_true(size > 0);
	assert_true(store->rows < ROWS_MAX);
	store->seq[store->rows] = seq;
	store->at_ms[store->rows] = at_ms;
	store->kind[store->rows++] = kind;
	return DISP_OK;
}

static inline enum disp_err store_commit(void *context, int64_t real_ms)
{
	struct store *store = context;

	(void)real_ms;
	store->commits++;
	return store->blocked ? DISP_E_AGAIN : DISP_OK;
}

static inline uint64_t store_released(void *context, int64_t real_ms)
{
	(void)real_ms;
	return ((struct store *)context)->durable;
}

static inline enum hold store_hold(void *context)
{
	return ((struct store *)context)->hold;
}

static inline void door_hold(void *context, enum hold hold)
{
	((struct fake_door *)context)->hold = hold;
}

static inline enum disp_err door_next(
	void *context, int64_t at_ms, struct event *event, struct origin *origin)
{
	struct fake_door *door = context;

	if (door->hold == HOLD_ALL) {
		door->turned_away += door->waiting - door->taken;
		door->taken = door->waiting;
	}
	if (door->taken == door->waiting && door->asks) {
		door->asks = false;
		*origin = (struct origin){.door = DOOR_ALARMS, .ticket = 77};
		return DISP_OK;
	}
	if (door->taken == door->waiting)
		return DISP_E_AGAIN;
	static char id[32];
	uint32_t next = door->taken++;
	const char *source = door->source[next] == NULL ? "cam" : door->source[next];

	snprintf(id, sizeof id, "%llu", (unsigned long long)door->alarm[next]);
	event->kind = EVENT_ALARM;
	event->u.alarm = (struct event_alarm){.source = {source, (uint32_t)strlen(source)},
		.id = {id, (uint32_t)strlen(id)},
		.type = TEXT("alarm.fire.smoke"),
		.identity = {door->alarm[next], 1},
		.state = ALARM_RAISED,
		.time_ms = at_ms,
		.confidence_ppm = 1000000};
	*origin =
		(struct origin){.door = (uint8_t)(door->index == 0 ? DOOR_ALARMS : DOOR_API), .ticket = next};
	door->bench->order[door->bench->order_count++] = (uint8_t)door->index;
	return DISP_OK;
}

static inline enum disp_err door_prepare(void *context, const struct event *event,
	const struct effects *effects, const struct origin *origin, struct outbox *outbox)
{
	struct fake_door *door = context;
	struct message message = {.seq = event->seq, .ticket = origin->ticket, .door = origin->door};
	enum disp_err err = DISP_OK;

	if (origin->door != (door->index == 0 ? DOOR_ALARMS : DOOR_API))
		return DISP_OK;
	if (door->refuses)
		return DISP_E_FULL;
	message.result = effects->item[0].u.alarm.result;
	for (uint32_t index = 0; index < door->answers && err == DISP_OK; index++)
		err = outbox_put(outbox, event->seq, origin, &message, sizeof message);
	return err;
}

/* The test of tests: whatever leaves, the row that explains it is durable. */
static inline void door_send(void *context, const struct origin *to, const uint8_t *bytes, uint32_t count)
{
	const struct fake_door *door = context;
	struct bench *bench = door->bench;
	struct message *message = &bench->sent[bench->sent_count++];

	assert_int_equal(count, sizeof *message);
	memcpy(message, bytes, count);
	assert_int_equal(to->ticket, message->ticket);
	assert_int_equal(to->door, message->door);
	assert_int_equal(to->door, door->index == 0 ? DOOR_ALARMS : DOOR_API);
	assert_true(message->seq <= bench->store.durable);
}

static inline void witness(void *context, const struct event *event, const struct effects *effects)
{
	struct bench *bench = context;

	assert_int_equal(query_town(bench->shell.core)->seq, event->seq); /* applied already */
	assert_true(effects->count > 0);
	bench->witnessed++;
}

/* --- set up ----------------------------------------------------------------------------------------- */

static inline void register_camera(struct bench *bench)
{
	struct event event = {.kind = EVENT_DEVICE, .by = TEXT("town pack")};

	event.u.device =
		(struct event_device){.id = TEXT("cam"), .kind = TEXT("camera"), .name = TEXT("cam")};
	assert_int_equal(shell_take(&bench->shell, &event, start_ms, NULL), DISP_OK);
	bench->store.durable = 1;
	shell_flush(&bench->shell, 0);
}

static inline int bench_make(void **state)
{
	struct bench *bench = calloc(1, sizeof *bench);
	struct core_limits limits;
	struct core_rules rules;
	struct travel travel = {0};
	struct core *core;

	*state = bench;
	if (bench == NULL)
		return -1;
	core_limits_default(&limits);
	core_rules_default(&rules);
	for (uint32_t table = 1; table < TABLE_COUNT; table++)
		limits.max[table] = limits.max[table] > 16384 ? 16384 : limits.max[table];
	bench->memory = calloc(1, core_size(&limits));
	if (bench->memory == NULL || core_init(bench->memory, &limits, &rules, &travel, &core) != DISP_OK)
		return -1;
	struct store_port store = {&bench->store, store_append, store_commit, store_released, NULL};

	if (shell_init(&bench->shell, core, &store, 9) != DISP_OK)
		return -1;
	for (uint32_t index = 0; index < DOORS; index++) {
		bench->door[index].bench = bench;
		bench->door[index].index = index;
		bench->door[index].answers = 1;
		bench->shell.door[index] = (struct door_port){.context = &bench->door[index],
			.next = door_next,
			.prepare = door_prepare,
			.send = door_send,
			.doors = 1u << (index == 0 ? DOOR_ALARMS : DOOR_API)};
	}
	bench->shell.door_count = DOORS;
	bench->shell.witness = witness;
	bench->shell.witness_context = bench;
	register_camera(bench);
	return 0;
}

static inline int bench_end(void **state)
{
	struct bench *bench = *state;

	shell_free(&bench->shell);
	free(bench->memory);
	free(bench);
	return 0;
}

/* `count` alarms come to a door, with identities from `first` up. */
static inline void come(struct fake_door *door, uint64_t first, uint32_t count)
{
	assert_true(door->waiting + count <= INPUTS_MAX);
	for (uint32_t index = 0; index < count; index++)
		door->alarm[door->waiting++] = first + index;
}

static inline uint64_t seq_now(const struct bench *bench)
{
	return query_town(bench->shell.core)->seq;
}

#endif
