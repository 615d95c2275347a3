/* test_bring: what another daemon decided is brought in, or is left for later when there is no room; never dropped. */
#include "core_world.h"

#include "bring.h"

struct side {
	struct world world;
	struct shell shell;
	struct effects effects;
	struct row_scratch scratch;
	uint64_t rows;
};

static enum disp_err append(void *context, uint64_t seq, int64_t at_ms, uint64_t epoch, uint32_t kind,
	const uint8_t *plan_hash, const void *body, size_t size)
{
	(void)seq, (void)at_ms, (void)epoch, (void)kind, (void)plan_hash, (void)body, (void)size;
	((struct side *)context)->rows++;
	return DISP_OK;
}

/* A command of the other daemon, with that seq there. */
static enum disp_err bring_note(struct side *side, uint64_t seq)
{
	static uint8_t body[4096];
	struct event event = {.kind = EVENT_STOCK_MOVE, .seq = seq, .epoch = 3, .at_ms = WORLD_START_MS};
	struct effects none = {.count = 0};
	const struct bring bring = {&side->shell, &side->effects, &side->scratch, WORLD_START_MS};
	struct store_row row = {.seq = seq, .epoch = 3, .kind = EVENT_STOCK_MOVE, .body = body};

	event.by = t("p1");
	event.u.stock_move = (struct event_stock_move){
		.depot = t("d1"), .item = t("sand"), .reason = t("C1"), .act = STOCK_RECEIVE, .quantity = 1};
	row.size = (uint32_t)row_encode(&event, &none, body, sizeof body);
	assert_int_not_equal(row.size, 0);
	return bring_row(&bring, &row);
}

static int open_side(void **state)
{
	static struct side side;
	struct core_limits limits = world_limits();
	struct store_port port = {.context = &side, .append = append};

	memset(&side, 0, sizeof side);
	limits.max[TABLE_ASIDE] = 1;
	world_open(&side.world, &limits);
	assert_int_equal(shell_init(&side.shell, side.world.core, &port, 4), DISP_OK);
	side.effects.item = calloc(EFFECTS_MAX, sizeof(struct effect));
	assert_non_null(side.effects.item);
	*state = &side;
	return 0;
}

static int close_side(void **state)
{
	struct side *side = *state;

	free(side->effects.item);
	shell_free(&side->shell);
	world_close(&side->world);
	return 0;
}

static void a_fact_is_told_once(void **state)
{
	struct side *side = *state;
	uint64_t before = side->rows;

	assert_int_equal(bring_note(side, 17), DISP_OK);
	assert_int_equal(side->rows, before + 1);
	assert_int_equal(bring_note(side, 17), DISP_OK);
	assert_int_equal(side->rows, before + 1);
}

static void what_finds_no_room_is_not_taken(void **state)
{
	struct side *side = *state;

	assert_int_equal(bring_note(side, 17), DISP_OK);
	assert_int_equal(bring_note(side, 18), DISP_E_AGAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_fact_is_told_once, open_side, close_side),
		cmocka_unit_test_setup_teardown(what_finds_no_room_is_not_taken, open_side, close_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
