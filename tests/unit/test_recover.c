/* test_recover: snapshot and rows into a core, behind a port of the test's own. */
#include "core_world.h"
#include "shell/recover.h"

enum { ROWS_MAX = 64, ROW_BYTES = 4096 };

static struct world world;
static struct {
	uint8_t bytes[ROWS_MAX][ROW_BYTES];
	size_t size[ROWS_MAX];
	uint32_t count;
} rows;
static struct core_section saved[CORE_SECTIONS_MAX];
static uint32_t saved_count, freed, made;
static uint64_t asked_after;
static void *memory;

static void keep_row(struct event event)
{
	uint32_t at = rows.count;
	struct event copy = event;

	world_run(&world, &copy);
	rows.size[at] = row_encode(&copy, &world.row, rows.bytes[at], ROW_BYTES);
	assert_true(rows.size[at] > 0);
	rows.count++;
}

static enum disp_err snapshot(void *context, struct core_section section[CORE_SECTIONS_MAX], uint32_t *count)
{
	(void)context;
	memcpy(section, saved, sizeof saved);
	*count = saved_count;
	return saved_count == 0 ? DISP_E_NONE : DISP_OK;
}

static void snapshot_done(void *context)
{
	(void)context;
	freed++;
}

static enum disp_err read_rows(void *context, uint64_t after_seq, recover_take *take, void *recover)
{
	enum disp_err err = DISP_OK;

	(void)context;
	asked_after = after_seq;
	for (uint64_t at = after_seq; err == DISP_OK && at < rows.count; at++)
		err = take(recover, at + 1, rows.bytes[at], rows.size[at]);
	return err;
}

static struct core *make_core(void *context)
{
	struct core_limits limits = world_limits();

	(void)context;
	made++;
	free(memory);
	return world_core(&limits, &memory);
}

static const struct recover_port port = {NULL, snapshot, snapshot_done, read_rows, make_core, NULL};

static struct recovered *fresh(void)
{
	static struct effect item[EFFECTS_MAX];
	static struct row_scratch scratch;
	static struct recovered recovered;

	recovered = (struct recovered){.effects.item = item, .row = &scratch};
	made = freed = 0;
	return &recovered;
}

static int open_world(void **state)
{
	struct core_limits limits = world_limits();

	(void)state;
	world_open(&world, &limits);
	rows.count = saved_count = 0;
	for (uint32_t number = 0; number < 5; number++)
		keep_row((struct event){.kind = EVENT_CLOCK, .u.clock = {number, 1000}});
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	world_close(&world);
	free(memory);
	memory = NULL;
	return 0;
}

static void rows_alone_make_the_same_state(void **state)
{
	struct recovered *recovered = fresh();

	(void)state;
	assert_int_equal(recover_run(recovered, &port), DISP_OK);
	assert_int_equal(core_digest(recovered->core), core_digest(world.core));
	assert_int_equal(recovered->snapshot_seq, 0);
	assert_int_equal(recover_next_epoch(recovered->core), 2);
}

static void a_snapshot_saves_the_rows_before_it(void **state)
{
	struct recovered *recovered = fresh();

	(void)state;
	saved_count = core_save(world.core, saved);
	assert_int_equal(recover_run(recovered, &port), DISP_OK);
	assert_int_equal(asked_after, 5);
	assert_int_equal(freed, 1);
	assert_int_equal(core_digest(recovered->core), core_digest(world.core));
}

static void a_snapshot_of_another_layout_is_passed_over(void **state)
{
	struct recovered *recovered = fresh();

	(void)state;
	saved_count = core_save(world.core, saved) - 1;
	assert_int_equal(recover_run(recovered, &port), DISP_OK);
	assert_true(recovered->snapshot_refused);
	assert_int_equal(made, 2);
	assert_int_equal(freed, 1);
	assert_int_equal(asked_after, 0);
	assert_int_equal(core_digest(recovered->core), core_digest(world.core));
}

static void a_row_that_does_not_fit_stops_the_start(void **state)
{
	struct recovered *recovered = fresh();

	(void)state;
	rows.size[3] = 0;
	assert_int_not_equal(recover_run(recovered, &port), DISP_OK);
	assert_int_equal(recovered->refused_seq, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rows_alone_make_the_same_state, open_world, close_world),
		cmocka_unit_test_setup_teardown(a_snapshot_saves_the_rows_before_it, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			a_snapshot_of_another_layout_is_passed_over, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			a_row_that_does_not_fit_stops_the_start, open_world, close_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
