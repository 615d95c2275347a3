/* test_supply: the depot choices that a person would ask about, the limits, and a search cut off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/supply.h"

static struct supply_scratch scratch;
static struct supply_result result;

static struct supply_depot depot(const char *id, uint32_t available, int64_t travel_ms)
{
	return (struct supply_depot){
		.id = {id, (uint32_t)strlen(id)}, .available = available, .travel_ms = travel_ms};
}

static void check_pick(uint32_t p, uint32_t index, uint32_t quantity)
{
	assert_true(p < result.pick_count);
	assert_int_equal(result.pick[p].depot, index);
	assert_int_equal(result.pick[p].quantity, quantity);
}

static void test_one_far_depot_beats_two_near(void **state)
{
	const struct supply_depot d[] = {depot("a", 3, 1000), depot("b", 3, 1000), depot("far", 4, 60000)};

	(void)state;
	assert_int_equal(supply_choose(d, 3, 4, &scratch, &result), DISP_OK);
	assert_int_equal(result.pick_count, 1);
	check_pick(0, 2, 4);
}

static void test_farthest_gives_the_remainder(void **state)
{
	const struct supply_depot d[] = {depot("far", 9, 5000), depot("near", 4, 1000), depot("out", 9, -1)};

	(void)state;
	assert_int_equal(supply_choose(d, 3, 10, &scratch, &result), DISP_OK);
	assert_int_equal(result.pick_count, 2);
	check_pick(0, 1, 4);
	check_pick(1, 0, 6);
	assert_false(result.not_proven);
}

/* The two nearest do not suffice: of the pairs that do, the one with the least quantity * time. */
static void test_nearest_may_have_to_stay(void **state)
{
	const struct supply_depot d[] = {
		depot("a", 5, 1000), depot("b", 5, 1100), depot("c", 7, 2000), depot("d", 7, 9000)};

	(void)state;
	assert_int_equal(supply_choose(d, 4, 12, &scratch, &result), DISP_OK);
	assert_int_equal(result.pick_count, 2);
	check_pick(0, 0, 5); /* 5 * 1000 + 7 * 2000; b and c: 19500 */
	check_pick(1, 2, 7);
}

static void test_tie_goes_to_lower_ids(void **state)
{
	const struct supply_depot d[] = {
		depot("d10", 2, 1000), depot("d2", 2, 1000), depot("d1", 2, 1000), depot("d3", 2, 1000)};

	(void)state;
	assert_int_equal(supply_choose(d, 4, 4, &scratch, &result), DISP_OK);
	assert_int_equal(result.pick_count, 2);
	check_pick(0, 2, 2); /* d1 before d10: the shorter */
	check_pick(1, 0, 2);
}

static void test_too_little_takes_everything(void **state)
{
	const struct supply_depot d[] = {
		depot("a", 2, 9000), depot("empty", 0, 10), depot("cut-off", 50, -1), depot("b", 3, 1000)};

	(void)state;
	assert_int_equal(supply_choose(d, 4, 9, &scratch, &result), DISP_E_SHORT);
	assert_int_equal(result.missing, 4);
	assert_int_equal(result.pick_count, 2);
	check_pick(0, 3, 3);
	check_pick(1, 0, 2);
}

static void test_nothing_wanted_or_nothing_there(void **state)
{
	const struct supply_depot d[] = {depot("a", 2, 9000)};

	(void)state;
	assert_int_equal(supply_choose(d, 1, 0, &scratch, &result), DISP_OK);
	assert_int_equal(result.pick_count, 0);
	assert_int_equal(supply_choose(NULL, 0, 7, &scratch, &result), DISP_E_SHORT);
	assert_int_equal(result.missing, 7);
	assert_int_equal(result.pick_count, 0);
}

/* All numbers at their limits: a sanitized build would show an overflow. */
static void test_largest_numbers(void **state)
{
	static char id[SUPPLY_DEPOTS_MAX][2];
	struct supply_depot d[SUPPLY_DEPOTS_MAX];

	(void)state;
	for (uint32_t i = 0; i < SUPPLY_DEPOTS_MAX; i++) {
		memcpy(id[i], (char[]){(char)('a' + i / 16), (char)('a' + i % 16)}, 2);
		d[i] = (struct supply_depot){.id = {id[i], 2},
			.available = i < 62 ? UINT32_MAX / 2 - i : UINT32_MAX / 4,
			.travel_ms = SUPPLY_TRAVEL_MAX_MS - (i % 7) * (SUPPLY_TRAVEL_MAX_MS / 7)};
	}
	assert_int_equal(supply_choose(d, SUPPLY_DEPOTS_MAX, UINT32_MAX, &scratch, &result), DISP_OK);
	assert_int_equal(result.pick_count, 3);
	check_pick(0, 6, UINT32_MAX / 2 - 6); /* the nearest seventh, lowest ids */
	check_pick(1, 13, UINT32_MAX / 2 - 13);
	check_pick(2, 20, 1 + 6 + 13);
	assert_false(result.not_proven);
}

/*
 * A subset sum in disguise: what a depot saves falls with its stock, so that only the exact fit wins.
 * The search gives up at its limit and says so; what it found is still whole and from the fewest depots.
 */
static void test_search_cut_off_says_so(void **state)
{
	static char id[SUPPLY_DEPOTS_MAX][2];
	const int64_t base = 1 << 26, farthest_ms = 900000000;
	struct supply_depot d[SUPPLY_DEPOTS_MAX];
	uint64_t sum = 0, scatter = 1;

	(void)state;
	for (uint32_t i = 0; i < SUPPLY_DEPOTS_MAX; i++) {
		scatter = scatter * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		int64_t stock = base + (int64_t)(scatter >> 44); /* up to 1.6 % more */
		int64_t saved_ms = (base * 500000000 - (stock - base) * 400000000) / stock;
		memcpy(id[i], (char[]){(char)('a' + i / 16), (char)('a' + i % 16)}, 2);
		d[i] = (struct supply_depot){.id = {id[i], 2},
			.available = (uint32_t)stock,
			.travel_ms = i == 0 ? farthest_ms : farthest_ms - saved_ms};
	}
	uint32_t quantity = (uint32_t)(20 * base + (20 << 19));
	assert_int_equal(supply_choose(d, SUPPLY_DEPOTS_MAX, quantity, &scratch, &result), DISP_OK);
	assert_true(result.not_proven);
	assert_int_equal(result.nodes, SUPPLY_NODES_MAX);
	assert_int_equal(result.pick_count, 20);
	for (uint32_t p = 0; p < result.pick_count; p++) {
		assert_true(result.pick[p].quantity <= d[result.pick[p].depot].available);
		sum += result.pick[p].quantity;
	}
	assert_int_equal(sum, quantity);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_far_depot_beats_two_near),
		cmocka_unit_test(test_farthest_gives_the_remainder),
		cmocka_unit_test(test_nearest_may_have_to_stay),
		cmocka_unit_test(test_tie_goes_to_lower_ids),
		cmocka_unit_test(test_too_little_takes_everything),
		cmocka_unit_test(test_nothing_wanted_or_nothing_there),
		cmocka_unit_test(test_largest_numbers),
		cmocka_unit_test(test_search_cut_off_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
