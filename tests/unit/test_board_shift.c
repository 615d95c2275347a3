/* test_board_shift: what the hand-over of a shift has that no case says: crews apart, goods by hand, calls, the note. */
#include "board/board.h"
#include "core_world.h"
#include "core_world_plan.h"

static struct board_note note(void *context, uint64_t seq)
{
	*(uint64_t *)context = seq;
	return (struct board_note){t("二号泵<坏>了"), t("officer"), 1782892800000};
}

static uint64_t note_seq;

/* Terminated; to be freed. */
static char *page_of(const struct world *world, bool html)
{
	struct board_view view = {
		.core = world->core, .now_ms = world->now_ms, .source = {.context = &note_seq, .note = note}};
	size_t count;
	char *out, *page;

	assert_int_equal(board_render_shift(&view, html, &out, &count), DISP_OK);
	page = strndup(out, count);
	assert_non_null(page);
	free(out);
	return page;
}

static void says(const struct world *world, const char *part, bool wanted)
{
	char *page = page_of(world, false);

	if ((strstr(page, part) != NULL) != wanted)
		fail_msg("%s: %s\n%s", wanted ? "missing" : "not wanted", part, page);
	free(page);
}

static void begin(struct world *world)
{
	struct core_limits limits = world_limits();

	world_open(world, &limits);
	world_settle(world);
	note_seq = 0;
}

static void crews_apart_are_listed(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	world_unit(&world, "u-1", "medic", 100, 0);
	world_unit(&world, "u-2", "medic", 200, 0);
	world_unit(&world, "u-3", "medic", 300, 0);
	says(&world, "| u-1 |", false);
	assert_int_equal(world_status(&world, "u-1", UNIT_OUT_OF_SERVICE), OUTCOME_OK);
	assert_int_equal(world_status(&world, "u-2", UNIT_ON_SCENE), OUTCOME_OK);
	says(&world, "停用 | u-1 |", true);
	says(&world, ",无对应事件 | u-2 |", true);
	says(&world, "| u-3 |", false);
	assert_int_equal(world_status(&world, "u-1", UNIT_AVAILABLE), OUTCOME_OK);
	assert_int_equal(world_status(&world, "u-2", UNIT_AVAILABLE), OUTCOME_OK);
	says(&world, "| u-1 |", false);
	says(&world, "| u-2 |", false);
	world_close(&world);
}

static uint32_t move(struct world *world, enum stock_act act, int64_t quantity, uint32_t incident)
{
	return world_put(world, (struct event){.kind = EVENT_STOCK_MOVE,
					.by = t("officer"),
					.u.stock_move = {.depot = t("depot-1"),
						.item = t("ring"),
						.act = (uint8_t)act,
						.quantity = quantity,
						.incident = incident}});
}

static void goods_by_hand_are_out_until_they_are_back(void **state)
{
	struct world world;
	struct event open = {.kind = EVENT_OPEN, .by = t("officer")};
	uint32_t incident;

	(void)state;
	begin(&world);
	world_put(&world, (struct event){.kind = EVENT_DEPOT,
				  .u.depot = {.id = t("depot-1"), .name = t("北库"), .keeper = t("keeper")}});
	world_put(&world, (struct event){.kind = EVENT_STOCK,
				  .u.stock = {.depot = t("depot-1"),
					  .item = t("ring"),
					  .name = t("救生圈"),
					  .unit = t("个"),
					  .quantity = 20}});
	open.u.open = (struct event_open){.type = t("other"), .text = t("x"), .grid = t("G1")};
	assert_int_equal(world_put(&world, open), OUTCOME_OK);
	incident = query_town(world.core)->year * 1000000 + 1;
	assert_int_equal(move(&world, STOCK_ISSUE, 3, incident), OUTCOME_OK);
	assert_int_equal(move(&world, STOCK_ISSUE, 4, incident), OUTCOME_OK);
	assert_int_equal(move(&world, STOCK_ISSUE, 1, 0), OUTCOME_OK); /* for no case */
	says(&world, "救生圈 ×7 个 | 北库 | 已出库 | 2026-000001 | 手工出库", true);
	assert_int_equal(move(&world, STOCK_RETURN, 5, incident), OUTCOME_OK);
	says(&world, "救生圈 ×2 个 | 北库 | 已出库 | 2026-000001 | 手工出库", true);
	assert_int_equal(move(&world, STOCK_RETURN, 5, incident), OUTCOME_OK); /* more than went out */
	says(&world, "手工出库", false);
	assert_int_equal(move(&world, STOCK_RETURN, 1, incident), OUTCOME_OK);
	says(&world, "手工出库", false);
	world_close(&world);
}

/* On the paper board, the full one and the short one. */
static bool board_has(const struct world *world, bool brief, const char *part)
{
	struct board_view view = {.core = world->core,
		.now_ms = world->now_ms,
		.brief = brief,
		.source = {.context = &note_seq, .note = note}};
	size_t count;
	char *out;
	bool found;

	assert_int_equal(board_render(&view, &out, &count), DISP_OK);
	found = memmem(out, count, part, strlen(part)) != NULL;
	free(out);
	return found;
}

/* The note of the last change stays until another leaves one; whoever is merely there leaves none. */
static void the_note_of_the_last_change_is_read(void **state)
{
	struct world world;
	struct event shift = {.kind = EVENT_SHIFT, .by = t("officer"), .u.shift = {.act = SHIFT_ON}};
	uint64_t seq;
	char *page;

	(void)state;
	begin(&world);
	assert_int_equal(world_put(&world, shift), OUTCOME_OK);
	says(&world, "二号泵", false);
	assert_false(board_has(&world, false, "上次交接班的交代"));
	shift.u.shift = (struct event_shift){.act = SHIFT_HANDOVER, .to = t("office"), .note = t("n")};
	assert_int_equal(world_put(&world, shift), OUTCOME_OK);
	seq = query_town(world.core)->seq;
	shift.u.shift = (struct event_shift){.act = SHIFT_PRESENT, .note = t("还在")};
	assert_int_equal(world_put(&world, shift), OUTCOME_OK);
	says(&world, "■ 上次交接班的交代", true);
	says(&world, "二号泵<坏>了(officer 13800000000,", true);
	assert_int_equal(note_seq, seq);
	page = page_of(&world, true);
	assert_non_null(strstr(page, "二号泵&lt;坏&gt;了"));
	assert_true(
		board_has(&world, false, "上次交接班的交代") && board_has(&world, true, "上次交接班的交代"));
	assert_true(board_has(&world, false, "二号泵&lt;坏&gt;了") &&
		    board_has(&world, true, "二号泵&lt;坏&gt;了"));
	free(page);
	world_close(&world);
}

static void open_calls_are_counted(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	says(&world, "待打电话 0 个", true);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crews_apart_are_listed),
		cmocka_unit_test(goods_by_hand_are_out_until_they_are_back),
		cmocka_unit_test(the_note_of_the_last_change_is_read),
		cmocka_unit_test(open_calls_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
