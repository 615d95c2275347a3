/* test_row_core: the names behind a row's numbers: ids of the roster, a stock line's two, words, and nothing. */
#include "core_world.h"

#include "wire/row_core.h"

static void check_name(struct row_names names, enum row_name kind, uint32_t number, const char *expected)
{
	struct text name = names.name(names.context, kind, number);

	assert_int_equal(name.len, strlen(expected));
	if (name.len > 0)
		assert_memory_equal(name.ptr, expected, name.len);
}

static uint32_t stock_number(const struct world *world, const char *depot)
{
	return query_find_stock(world->core, query_find(world->core, TABLE_DEPOT, t(depot)), t("life_ring"));
}

static void numbers_have_the_names_of_the_core(void **state)
{
	struct world world;
	struct row_core memory;

	(void)state;
	world_begin(&world);
	world_depot(&world, "near", 500, "life_ring", 4);
	world_unit(&world, "truck-1", "transport", 400, 0);
	struct row_names names = row_core_names(&memory, world.core);
	uint32_t stock = stock_number(&world, "near");

	check_name(names, ROW_NAME_UNIT, query_find(world.core, TABLE_UNIT, t("truck-1")), "truck-1");
	check_name(names, ROW_NAME_DEPOT, query_find(world.core, TABLE_DEPOT, t("near")), "near");
	check_name(names, ROW_NAME_STOCK, stock, "near/life_ring");
	check_name(names, ROW_NAME_TEXT, stock_of(&world, "near", "life_ring")->item, "life_ring");
	check_name(names, ROW_NAME_SKILL, query_skill_count(world.core), "");
	check_name(names, ROW_NAME_UNIT, 0, "");
	check_name(names, ROW_NAME_STOCK, 0, "");
	world_close(&world);
}

/* Longer than the caller's memory: the item alone. */
static void a_long_name_is_told_by_the_item(void **state)
{
	struct world world;
	struct row_core memory;
	char depot[251];

	(void)state;
	memset(depot, 'd', sizeof depot);
	depot[sizeof depot - 1] = '\0';
	world_begin(&world);
	world_depot(&world, depot, 500, "life_ring", 4);
	check_name(row_core_names(&memory, world.core), ROW_NAME_STOCK, stock_number(&world, depot),
		"life_ring");
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_the_names_of_the_core),
		cmocka_unit_test(a_long_name_is_told_by_the_item),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
