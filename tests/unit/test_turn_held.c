/* test_turn_held: turns of the daemon while the store takes no more, or there is no room for what it would say. */
#include "turn_bench.h"

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

static bool whether(void *context)
{
	return *(const bool *)context;
}

/* What was decided while it led leaves when it leads again, and not before. */
static void who_does_not_lead_decides_and_sends_nothing(void **state)
{
	struct bench *bench = *state;
	bool leads = true;

	bench->shell.leads = whether;
	bench->shell.leads_context = &leads;
	bench->shell.door[0].hold = door_hold;
	come(&bench->door[0], 100, 2);
	(void)shell_turn(&bench->shell, 0, start_ms);
	uint64_t seq = seq_now(bench);
	struct event event = {.kind = EVENT_CLOCK};

	leads = false;
	bench->store.durable = seq;
	come(&bench->door[0], 200, 3);
	assert_false(shell_turn(&bench->shell, 1, start_ms + 100 * 3600 * INT64_C(1000)));
	assert_int_equal(bench->door[0].hold, HOLD_ALL);
	assert_int_equal(bench->door[0].turned_away, 3);
	assert_int_equal(seq_now(bench), seq);
	assert_int_equal(bench->sent_count, 0);
	assert_int_equal(shell_take(&bench->shell, &event, start_ms, NULL), DISP_E_AGAIN);

	leads = true;
	shell_look(&bench->shell);
	assert_int_equal(bench->door[0].hold, HOLD_NOTHING);
	assert_int_equal(shell_take(&bench->shell, &event, start_ms, NULL), DISP_OK);
	(void)shell_turn(&bench->shell, 2, start_ms);
	assert_int_equal(bench->sent_count, 2);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_blocked_store_takes_nothing_in, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(a_failed_log_is_answered_for, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(a_full_queue_is_answered_for, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(
			who_does_not_lead_decides_and_sends_nothing, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(a_full_turn_says_so, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(a_message_without_room_is_counted, bench_make, bench_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
