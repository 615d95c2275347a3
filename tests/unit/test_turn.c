/* test_turn: one turn of the daemon over the real core, with doors and a store that are made up. */
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

static enum disp_err store_append(void *context, uint64_t seq, int64_t at_ms, uint64_t epoch, uint32_t kind,
	const uint8_t *plan_hash, const void *body, size_t size)
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

static enum disp_err store_commit(void *context, int64_t real_ms)
{
	struct store *store = context;

	(void)real_ms;
	store->commits++;
	return store->blocked ? DISP_E_AGAIN : DISP_OK;
}

static uint64_t store_released(void *context, int64_t real_ms)
{
	(void)real_ms;
	return ((struct store *)context)->durable;
}

static enum hold store_hold(void *context)
{
	return ((struct store *)context)->hold;
}

static void door_hold(void *context, enum hold hold)
{
	((struct fake_door *)context)->hold = hold;
}

static enum disp_err door_next(void *context, int64_t at_ms, struct event *event, struct origin *origin)
{
	struct fake_door *door = context;

	if (door->hold == HOLD_ALL) {
		door->turned_away += door->waiting - door->taken;
		door->taken = door->waiting;
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

static enum disp_err door_prepare(void *context, const struct event *event, const struct effects *effects,
	const struct origin *origin, struct outbox *outbox)
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
static void door_send(void *context, const struct origin *to, const uint8_t *bytes, uint32_t count)
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

static void witness(void *context, const struct event *event, const struct effects *effects)
{
	struct bench *bench = context;

	assert_int_equal(query_town(bench->shell.core)->seq, event->seq); /* applied already */
	assert_true(effects->count > 0);
	bench->witnessed++;
}

/* --- set up ----------------------------------------------------------------------------------------- */

static void register_camera(struct bench *bench)
{
	struct event event = {.kind = EVENT_DEVICE, .by = TEXT("town pack")};

	event.u.device =
		(struct event_device){.id = TEXT("cam"), .kind = TEXT("camera"), .name = TEXT("cam")};
	assert_int_equal(shell_take(&bench->shell, &event, start_ms, NULL), DISP_OK);
	bench->store.durable = 1;
	shell_flush(&bench->shell, 0);
}

static int bench_make(void **state)
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

static int bench_end(void **state)
{
	struct bench *bench = *state;

	shell_free(&bench->shell);
	free(bench->memory);
	free(bench);
	return 0;
}

/* `count` alarms come to a door, with identities from `first` up. */
static void come(struct fake_door *door, uint64_t first, uint32_t count)
{
	assert_true(door->waiting + count <= INPUTS_MAX);
	for (uint32_t index = 0; index < count; index++)
		door->alarm[door->waiting++] = first + index;
}

static uint64_t seq_now(const struct bench *bench)
{
	return query_town(bench->shell.core)->seq;
}

/* --- durable first ---------------------------------------------------------------------------------- */

static void nothing_leaves_before_it_is_durable(void **state)
{
	struct bench *bench = *state;
	uint64_t before = seq_now(bench);

	come(&bench->door[0], 100, 3);
	(void)shell_turn(&bench->shell, 0, start_ms);
	assert_int_equal(bench->door[0].taken, 3);
	assert_int_equal(seq_now(bench), before + 3);
	assert_int_equal(bench->store.rows, before + 3);
	assert_int_equal(bench->sent_count, 0);
	bench->store.durable = before + 2;
	(void)shell_turn(&bench->shell, 1, start_ms + 1);
	assert_int_equal(bench->sent_count, 2);
	(void)shell_turn(&bench->shell, 2, start_ms + 2);
	assert_int_equal(bench->sent_count, 2); /* sent once, and the third waits */
	bench->store.durable = before + 3;
	(void)shell_turn(&bench->shell, 3, start_ms + 3);
	assert_int_equal(bench->sent_count, 3);
	for (uint32_t index = 0; index < 3; index++) {
		assert_int_equal(bench->sent[index].seq, before + 1 + index);
		assert_int_equal(bench->sent[index].ticket, index);
		assert_int_equal(bench->sent[index].result, ALARM_ACCEPTED);
	}
	for (uint32_t row = 1; row < bench->store.rows; row++)
		assert_int_equal(bench->store.seq[row], bench->store.seq[row - 1] + 1);
	assert_int_equal(bench->witnessed, bench->store.rows);
}

static void answers_go_to_the_door_they_came_from(void **state)
{
	struct bench *bench = *state;

	come(&bench->door[0], 100, 2);
	come(&bench->door[1], 200, 2);
	bench->store.durable = UINT64_MAX;
	(void)shell_turn(&bench->shell, 0, start_ms);
	assert_int_equal(bench->sent_count, 4);
	for (uint32_t index = 0; index < 4; index++)
		assert_int_equal(bench->sent[index].door, bench->order[index] == 0 ? DOOR_ALARMS : DOOR_API);
}

static void repeats_are_answered_under_the_last_seq(void **state)
{
	struct bench *bench = *state;
	uint64_t before = seq_now(bench);

	come(&bench->door[0], 100, 2);
	come(&bench->door[0], 100, 1); /* the first again */
	(void)shell_turn(&bench->shell, 0, start_ms);
	assert_int_equal(seq_now(bench), before + 2);
	assert_int_equal(bench->store.rows, before + 2); /* no row for what changed nothing */
	bench->store.durable = before + 1;
	(void)shell_turn(&bench->shell, 1, start_ms);
	assert_int_equal(bench->sent_count, 1); /* the repeat does not overtake */
	bench->store.durable = before + 2;
	(void)shell_turn(&bench->shell, 2, start_ms);
	assert_int_equal(bench->sent_count, 3);
	assert_int_equal(bench->sent[2].result, ALARM_DUPLICATE);
	assert_int_equal(bench->sent[2].seq, before + 2);

	come(&bench->door[0], 101, 1); /* later, with nothing open: at once, and still no row */
	(void)shell_turn(&bench->shell, 3, start_ms);
	assert_int_equal(bench->sent_count, 4);
	assert_int_equal(bench->sent[3].result, ALARM_DUPLICATE);
	assert_int_equal(bench->store.rows, before + 2);
}

static void refusals_are_answered_and_not_written(void **state)
{
	struct bench *bench = *state;
	uint64_t before = seq_now(bench);

	come(&bench->door[0], 100, 1);
	bench->door[0].source[0] = "nobody";
	(void)shell_turn(&bench->shell, 0, start_ms);
	assert_int_equal(bench->store.rows, before);
	assert_int_equal(seq_now(bench), before);
	assert_int_equal(bench->sent_count, 1);
	assert_int_equal(bench->sent[0].result, ALARM_REJECTED);
}

/* --- a store that takes no more ---------------------------------------------------------------------- */

static void a_blocked_store_takes_nothing_in(void **state)
{
	struct bench *bench = *state;
	struct event event = {.kind = EVENT_CLOCK};

	come(&bench->door[0], 100, SHELL_EVENTS_MAX + 1);
	bench->store.blocked = true;
	assert_false(shell_turn(&bench->shell, 0, start_ms)); /* no use in coming back at once */
	assert_int_equal(bench->door[0].taken, SHELL_EVENTS_MAX);
	uint64_t seq = seq_now(bench);
	uint32_t commits = bench->store.commits;

	come(&bench->door[0], 2000, 5);
	assert_false(
		shell_turn(&bench->shell, 1, start_ms + 100 * 3600 * INT64_C(1000))); /* deadlines wait too */
	assert_int_equal(bench->door[0].taken, SHELL_EVENTS_MAX);
	assert_int_equal(seq_now(bench), seq);
	assert_int_equal(bench->store.commits, commits + 1); /* it is asked again each turn */
	assert_int_equal(shell_take(&bench->shell, &event, start_ms, NULL), DISP_E_AGAIN);
	assert_int_equal(seq_now(bench), seq);
	bench->store.durable = seq; /* what is durable may leave all the same */
	(void)shell_turn(&bench->shell, 2, start_ms);
	assert_int_equal(bench->sent_count, SHELL_EVENTS_MAX);

	bench->store.blocked = false;
	(void)shell_turn(&bench->shell, 3, start_ms); /* this one finds out */
	(void)shell_turn(&bench->shell, 4, start_ms);
	assert_int_equal(bench->door[0].taken, SHELL_EVENTS_MAX + 6);
	assert_int_equal(bench->store.rows, seq + 6);
}

static void a_failed_log_is_answered_for(void **state)
{
	struct bench *bench = *state;
	struct event event = {.kind = EVENT_CLOCK};

	for (uint32_t index = 0; index < DOORS; index++)
		bench->shell.door[index].hold = door_hold;
	bench->shell.store.hold = store_hold;
	uint64_t seq = seq_now(bench);

	bench->store.hold = HOLD_ALL;
	come(&bench->door[0], 100, 3);
	come(&bench->door[1], 200, 2);
	assert_false(shell_turn(&bench->shell, 0, start_ms)); /* it is woken by what comes, not by itself */
	assert_int_equal(bench->door[0].turned_away, 3);
	assert_int_equal(bench->door[1].turned_away, 2);
	assert_int_equal(shell_take(&bench->shell, &event, start_ms, NULL), DISP_E_AGAIN);
	(void)shell_turn(&bench->shell, 1, start_ms + 100 * 3600 * INT64_C(1000)); /* clocks wait, too */
	assert_int_equal(seq_now(bench), seq);

	bench->store.hold = HOLD_ORDINARY; /* the doors know what is ordinary */
	come(&bench->door[0], 300, 2);
	(void)shell_turn(&bench->shell, 2, start_ms);
	assert_int_equal(bench->door[0].hold, HOLD_ORDINARY);
	assert_int_equal(seq_now(bench), seq + 2);
	bench->store.hold = HOLD_NOTHING;
	(void)shell_turn(&bench->shell, 3, start_ms);
	assert_int_equal(bench->door[1].hold, HOLD_NOTHING);
}

/* A queue that is full is found by commit, in the middle of a turn: the same turn tells the doors. */
static void a_full_queue_is_answered_for(void **state)
{
	struct bench *bench = *state;

	bench->shell.door[0].hold = door_hold;
	bench->store.blocked = true;
	come(&bench->door[0], 100, 1);
	assert_false(shell_turn(&bench->shell, 0, start_ms));
	assert_int_equal(bench->door[0].hold, HOLD_ALL);
	come(&bench->door[0], 200, 4);
	assert_false(shell_turn(&bench->shell, 1, start_ms));
	assert_int_equal(bench->door[0].turned_away, 4);
	bench->store.blocked = false;
	assert_true(
		shell_turn(&bench->shell, 2, start_ms)); /* what waited meanwhile need not wait for more */
	assert_int_equal(bench->door[0].hold, HOLD_NOTHING);
}

static void a_full_turn_says_so(void **state)
{
	struct bench *bench = *state;
	uint32_t taken = 0;

	for (; taken < 2 * SHELL_ROWS_MAX; taken++) {
		struct event event = {.kind = EVENT_CLOCK, .by = TEXT("clock")};

		if (shell_take(&bench->shell, &event, start_ms, NULL) != DISP_OK)
			break;
	}
	assert_int_equal(taken, SHELL_ROWS_MAX);
	shell_flush(&bench->shell, 0);
	assert_true(shell_room(&bench->shell, SHELL_ROWS_MAX));
	assert_false(shell_room(&bench->shell, SHELL_ROWS_MAX + 1));
}

static void a_message_without_room_is_counted(void **state)
{
	struct bench *bench = *state;

	bench->door[0].refuses = true;
	come(&bench->door[0], 100, 3);
	(void)shell_turn(&bench->shell, 0, start_ms);
	assert_int_equal(bench->shell.lost, 3);
	assert_int_equal(bench->store.rows, 4); /* the camera, and the alarms all the same */
}

/* --- bounded and fair ------------------------------------------------------------------------------- */

static void a_flood_at_one_door_does_not_starve_the_other(void **state)
{
	struct bench *bench = *state;

	come(&bench->door[0], 100, 5000);
	come(&bench->door[1], 100000, 20);
	assert_true(shell_turn(&bench->shell, 0, start_ms));
	assert_int_equal(bench->order_count, SHELL_EVENTS_MAX);
	assert_int_equal(bench->door[1].taken, 20);
	for (uint32_t index = 0; index + 1 < 40; index += 2) /* turn about while both have something */
		assert_int_not_equal(bench->order[index], bench->order[index + 1]);
	assert_int_equal(bench->door[0].taken, SHELL_EVENTS_MAX - 20);

	come(&bench->door[1], 200000, 1); /* and in the next turn again */
	assert_true(shell_turn(&bench->shell, 1, start_ms));
	assert_int_equal(bench->door[1].taken, 21);
	assert_int_equal(bench->order_count, 2 * SHELL_EVENTS_MAX);
	assert_true(bench->order[SHELL_EVENTS_MAX] == 1 || bench->order[SHELL_EVENTS_MAX + 1] == 1);
}

static void a_quiet_turn_has_nothing_more(void **state)
{
	struct bench *bench = *state;

	assert_false(shell_turn(&bench->shell, 0, start_ms));
	come(&bench->door[1], 100, 1);
	assert_false(shell_turn(&bench->shell, 1, start_ms));
	assert_int_equal(bench->door[1].taken, 1);
}

static void sending_is_bounded(void **state)
{
	struct bench *bench = *state;

	bench->door[0].answers = 20;
	come(&bench->door[0], 100, 300);
	bench->store.durable = UINT64_MAX;
	assert_true(shell_turn(&bench->shell, 0, start_ms));
	assert_int_equal(bench->sent_count, SHELL_SENDS_MAX);
	assert_false(shell_turn(&bench->shell, 1, start_ms));
	assert_int_equal(bench->sent_count, 300 * 20);
	for (uint32_t index = 0; index < bench->sent_count; index++)
		assert_int_equal(bench->sent[index].ticket, index / 20);
}

/* --- time ------------------------------------------------------------------------------------------- */

static void time_never_goes_back(void **state)
{
	struct bench *bench = *state;

	come(&bench->door[0], 100, 1);
	(void)shell_turn(&bench->shell, 0, start_ms + 5000);
	come(&bench->door[0], 200, 1);
	(void)shell_turn(&bench->shell, 1, start_ms + 1000);
	assert_int_equal(bench->store.rows, 3);
	assert_int_equal(bench->store.at_ms[1], start_ms + 5000);
	assert_int_equal(bench->store.at_ms[2], start_ms + 5000);
}

/* An alarm that nobody takes up within the hour: the clock's row stands before what came in at that time. */
static void what_is_due_comes_before_what_comes_in(void **state)
{
	struct bench *bench = *state;

	come(&bench->door[0], 100, 1);
	(void)shell_turn(&bench->shell, 0, start_ms);
	int64_t due_ms = core_due_ms(bench->shell.core);

	assert_true(due_ms > start_ms && due_ms < INT64_MAX);
	uint32_t rows = bench->store.rows;

	(void)shell_turn(&bench->shell, 1, due_ms - 1);
	assert_int_equal(bench->store.rows, rows); /* not before it is due */
	come(&bench->door[0], 200, 1);
	(void)shell_turn(&bench->shell, 2, due_ms);
	assert_true(bench->store.rows >= rows + 2);
	assert_int_equal(bench->store.kind[rows], EVENT_TICK);
	assert_int_equal(bench->store.at_ms[rows], due_ms);
	assert_true(core_due_ms(bench->shell.core) > due_ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_leaves_before_it_is_durable, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(answers_go_to_the_door_they_came_from, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(
			repeats_are_answered_under_the_last_seq, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(refusals_are_answered_and_not_written, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(a_blocked_store_takes_nothing_in, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(a_failed_log_is_answered_for, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(a_full_queue_is_answered_for, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(a_full_turn_says_so, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(a_message_without_room_is_counted, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(
			a_flood_at_one_door_does_not_starve_the_other, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(a_quiet_turn_has_nothing_more, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(sending_is_bounded, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(time_never_goes_back, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(
			what_is_due_comes_before_what_comes_in, bench_make, bench_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
