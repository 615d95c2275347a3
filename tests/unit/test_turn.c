/* test_turn: one turn of the daemon over the real core: what leaves when, how much at a time, at which time. */
#include "turn_bench.h"

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

static void a_question_is_answered_when_what_came_before_it_is_durable(void **state)
{
	struct bench *bench = *state;
	uint64_t before = seq_now(bench);

	come(&bench->door[0], 100, 1);
	bench->door[0].asks = true;
	(void)shell_turn(&bench->shell, 0, start_ms);
	assert_false(bench->door[0].asks);
	assert_int_equal(bench->store.rows, before + 1); /* it is no row itself */
	assert_int_equal(bench->sent_count, 0);
	bench->store.durable = before + 1;
	(void)shell_turn(&bench->shell, 1, start_ms);
	assert_int_equal(bench->sent_count, 2);
	assert_int_equal(bench->sent[1].ticket, 77);
	assert_int_equal(bench->sent[1].seq, before + 1);
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
		cmocka_unit_test_setup_teardown(
			a_question_is_answered_when_what_came_before_it_is_durable, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(refusals_are_answered_and_not_written, bench_make, bench_end),
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
