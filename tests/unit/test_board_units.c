/* test_board_units: crews on the board: the few in full, the many of one kind in running text; and the board in short. */
#include "../occurrences.h"
#include "board/board.h"
#include "core_world.h"
#include "core_world_plan.h"

enum { MANY = 30 };

/* Terminated; to be freed. */
static char *page_of(const struct world *world, bool brief)
{
	struct board_view view = {.core = world->core, .now_ms = world->now_ms, .brief = brief};
	size_t count;
	char *out, *page;

	assert_int_equal(board_render(&view, &out, &count), DISP_OK);
	page = strndup(out, count);
	assert_non_null(page);
	free(out);
	return page;
}

static void member(struct world *world, uint32_t number)
{
	char id[16], name[32], unit[16];

	snprintf(id, sizeof id, "m-%02u", number);
	snprintf(name, sizeof name, "王%02u", number);
	snprintf(unit, sizeof unit, "GW-%02u", number);
	world_put(world, (struct event){.kind = EVENT_PERSON,
				 .u.person = {.id = t(id),
					 .name = t(name),
					 .phone = t("199"),
					 .grid = t(number % 2 ? "G1" : "G2")}});
	world_put(world, (struct event){.kind = EVENT_UNIT,
				 .u.unit = {.id = t(unit),
					 .name = t(unit),
					 .kind = t("grid_worker"),
					 .team = t(number < 20 ? "甲村" : "乙村"),
					 .skills = t("grid_worker"),
					 .leader = t(id),
					 .home = place_at(100, 0),
					 .speed_mm_s = WORLD_SPEED_MM_S,
					 .members = 1}});
}

static void begin(struct world *world, uint32_t members)
{
	struct core_limits limits = world_limits();

	world_open(world, &limits);
	world_settle(world);
	world_put(world,
		(struct event){.kind = EVENT_GRID,
			.u.grid = {.code = t("G1"), .name = t("甲村第1网格"), .parent = t("V"), .level = 3}});
	for (uint32_t i = 0; i < members; i++)
		member(world, i);
	world_unit(world, "FE-1", "fire", 100, 0);
}

static void the_many_of_a_kind_stand_by_team_and_grid(void **state)
{
	struct world world;
	char *page, *many;

	(void)state;
	begin(&world, MANY);
	assert_int_equal(world_status(&world, "GW-07", UNIT_ON_SCENE), OUTCOME_OK);
	page = page_of(&world, false);
	many = strstr(page, "待命的");
	assert_non_null(many);
	assert_int_equal(occurrences(many, "<p><b>甲村</b>"), 1);
	assert_int_equal(occurrences(many, "<p><b>乙村</b>"), 1);
	assert_int_equal(occurrences(many, "<i>第1网格</i>"), 1); /* without its team's name */
	assert_int_equal(occurrences(many, "<i>甲村第1网格</i>"), 1);
	assert_int_equal(occurrences(many, "<span>王"), MANY - 1);
	assert_null(strstr(many, "王07"));
	assert_true(strstr(page, "<b>GW-07</b>") < many);
	assert_true(strstr(page, "<b>FE-1</b>") < many);
	assert_int_equal(occurrences(page, "<b>GW-"), 1);
	free(page);
	world_close(&world);
}

static void a_few_of_a_kind_stand_in_full(void **state)
{
	struct world world;
	char *page;

	(void)state;
	begin(&world, 5);
	page = page_of(&world, false);
	assert_int_equal(occurrences(page, "<b>GW-"), 5);
	assert_null(strstr(page, "待命的"));
	free(page);
	world_close(&world);
}

/* What one prints in a hurry has what goes on, who could go, and forms. */
static void the_short_board_leaves_out_what_can_be_looked_up(void **state)
{
	struct world world;
	char *whole, *brief;

	(void)state;
	begin(&world, MANY);
	whole = page_of(&world, false);
	brief = page_of(&world, true);
	assert_int_equal(occurrences(whole, "<section class=\"form\">"), 5);
	assert_int_equal(occurrences(brief, "<section class=\"form\">"), 3);
	assert_non_null(strstr(whole, "最后两页"));
	assert_non_null(strstr(brief, "最后一页"));
	for (const char *const *part = (const char *const[]){"常用电话", "待命的", "物资(可用数)",
		     "生效的静默", "值班流水", NULL};
		*part != NULL; part++) {
		char heading[64];

		snprintf(heading, sizeof heading, "<h2>%s", *part);
		assert_non_null(strstr(whole, heading));
		assert_null(strstr(brief, heading));
	}
	for (const char *const *part =
			(const char *const[]){"未结事件", "在走的时限", "力量", "待打电话", NULL};
		*part != NULL; part++) {
		char heading[64];

		snprintf(heading, sizeof heading, "<h2>%s", *part);
		assert_non_null(strstr(whole, heading));
		assert_non_null(strstr(brief, heading));
	}
	free(whole);
	free(brief);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_many_of_a_kind_stand_by_team_and_grid),
		cmocka_unit_test(a_few_of_a_kind_stand_in_full),
		cmocka_unit_test(the_short_board_leaves_out_what_can_be_looked_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
