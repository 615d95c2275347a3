/* test_select: the cases of a choice that a person would ask about, and how few journeys it computes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/select.h"

enum { MEDIC = 1, WATER = 2, DRIVER = 4 };

static struct select_scratch scratch;
static struct select_result result;

static struct select_candidate unit(const char *id, uint64_t skills, int64_t travel_ms)
{
	return (struct select_candidate){
		.id = {id, (uint32_t)strlen(id)}, .skills = skills, .travel_ms = travel_ms, .exact = true};
}

static struct select_query query_of(const struct select_need *need, uint32_t need_count,
	struct select_candidate *candidate, uint32_t candidate_count)
{
	return (struct select_query){.need = need,
		.need_count = need_count,
		.candidate = candidate,
		.candidate_count = candidate_count};
}

static void test_double_skill_goes_to_rare_need(void **state)
{
	const struct select_need need[] = {{DRIVER, 0, 1}, {WATER, 0, 1}};
	struct select_candidate c[] = {unit("both", DRIVER | WATER, 1000), unit("driver", DRIVER, 9000)};
	struct select_query query = query_of(need, 2, c, 2);

	(void)state;
	assert_int_equal(select_choose(&query, &scratch, &result), DISP_OK);
	assert_int_equal(result.pick_count, 2);
	assert_int_equal(result.pick[0].candidate, 1);
	assert_int_equal(result.pick[1].candidate, 0);
}

static void test_earlier_need_wins_when_short(void **state)
{
	const struct select_need need[] = {{WATER, 0, 1}, {MEDIC, 0, 1}};
	struct select_candidate c[] = {unit("u", WATER | MEDIC, 1000)};
	struct select_query query = query_of(need, 2, c, 1);

	(void)state;
	assert_int_equal(select_choose(&query, &scratch, &result), DISP_E_SHORT);
	assert_int_equal(result.filled[0], 1);
	assert_int_equal(result.filled[1], 0);
}

static void test_substitute_never_displaces(void **state)
{
	const struct select_need need[] = {{WATER, DRIVER, 2}, {DRIVER, 0, 1}};
	struct select_candidate c[] = {
		unit("w", WATER, 9000), unit("d1", DRIVER, 1000), unit("d2", DRIVER, 2000)};
	struct select_query query = query_of(need, 2, c, 3);

	(void)state;
	assert_int_equal(select_choose(&query, &scratch, &result), DISP_OK);
	assert_int_equal(result.pick[0].candidate, 2); /* by travel inside the need */
	assert_true(result.pick[0].substitute);
	assert_int_equal(result.pick[1].candidate, 0);
	assert_false(result.pick[1].substitute);
	assert_int_equal(result.pick[2].candidate, 1);
}

static void test_tie_goes_to_shorter_of_two_ids(void **state)
{
	const struct select_need need[] = {{0, 0, 1}};
	struct select_candidate c[] = {unit("u10", MEDIC, 5), unit("u1", MEDIC, 5), unit("u2", MEDIC, 5)};
	struct select_query query = query_of(need, 1, c, 3);

	(void)state;
	assert_int_equal(select_choose(&query, &scratch, &result), DISP_OK);
	assert_int_equal(result.pick[0].candidate, 1);
}

static void test_nothing_wanted_nothing_sent(void **state)
{
	const struct select_need need[] = {{MEDIC, 0, 0}};
	struct select_candidate c[] = {unit("u", MEDIC, 5)};
	struct select_query query = query_of(need, 1, c, 1), empty = query_of(NULL, 0, NULL, 0);

	(void)state;
	assert_int_equal(select_choose(&query, &scratch, &result), DISP_OK);
	assert_int_equal(result.pick_count, 0);
	assert_int_equal(select_choose(&empty, &scratch, &result), DISP_OK);
	assert_int_equal(result.pick_count, 0);
}

static void test_passed_says_why(void **state)
{
	const struct select_need need[] = {{DRIVER, 0, 1}, {WATER, 0, 1}};
	struct select_candidate c[] = {unit("both", DRIVER | WATER, 1), unit("near", DRIVER, 2),
		unit("cut-off", DRIVER, -1), unit("far", DRIVER, 3), unit("medic", MEDIC, 0)};
	struct select_query query = query_of(need, 2, c, 5);
	struct select_passed_list passed;

	(void)state;
	assert_int_equal(select_choose(&query, &scratch, &result), DISP_OK);
	select_passed(&query, &scratch, &result, 0, &passed);
	assert_int_equal(passed.count, 2);
	assert_int_equal(passed.item[0].candidate, 0);
	assert_int_equal(passed.item[0].reason, SELECT_PASSED_OTHER);
	assert_int_equal(passed.item[0].other_need, 1);
	assert_int_equal(passed.item[1].candidate, 3);
	assert_int_equal(passed.item[1].reason, SELECT_PASSED_SLOWER);
	assert_int_equal(passed.rest[SELECT_PASSED_UNREACHABLE], 1);
}

/* --- a full roster, bounds 1 % below the truth ------------------------------------------------ */

static struct select_candidate roster[SELECT_CANDIDATES_MAX];
static char roster_id[SELECT_CANDIDATES_MAX][5];
static uint32_t asked;

static int64_t true_travel_ms(uint32_t index) /* a scattered order; every time once */
{
	return 100000 + 100 * (int64_t)((index * 40503u) % SELECT_CANDIDATES_MAX);
}

static void journey(void *context, uint32_t index, int64_t *travel_ms, int64_t *range_mm)
{
	(void)context;
	asked++;
	*travel_ms = true_travel_ms(index);
	*range_mm = *travel_ms;
}

static struct select_query full_roster(const struct select_need *need, uint32_t need_count)
{
	for (uint32_t i = 0; i < SELECT_CANDIDATES_MAX; i++) {
		for (uint32_t digit = 0; digit < 5; digit++)
			roster_id[i][digit] = (char)('a' + (i >> (4 * digit) & 15));
		roster[i] = (struct select_candidate){.id = {roster_id[i], 5},
			.skills = MEDIC,
			.bound_ms = true_travel_ms(i) / 100 * 99,
			.unit = i};
	}
	asked = 0;
	struct select_query query = query_of(need, need_count, roster, SELECT_CANDIDATES_MAX);
	query.travel.exact = journey;
	return query;
}

static void test_full_roster_asks_for_few_journeys(void **state)
{
	const struct select_need need[] = {{MEDIC, 0, 2}};
	struct select_query query = full_roster(need, 1);
	struct select_passed_list passed;

	(void)state;
	assert_int_equal(select_choose(&query, &scratch, &result), DISP_OK);
	assert_int_equal(result.pick[0].travel_ms, 100000);
	assert_int_equal(result.pick[1].travel_ms, 100100);
	assert_true(asked <= 14); /* bounds up to 100100: times up to 101100 */

	select_passed(&query, &scratch, &result, 0, &passed);
	assert_int_equal(passed.count, SELECT_PASSED_MAX);
	for (uint32_t i = 0; i < passed.count; i++)
		assert_int_equal(passed.item[i].travel_ms, 100200 + 100 * (int64_t)i);
	assert_int_equal(passed.rest[SELECT_PASSED_SLOWER], SELECT_CANDIDATES_MAX - 2 - SELECT_PASSED_MAX);
	assert_true(asked <= 24);
}

/* Nobody holds what the second need asks for: that is no reason to look at everybody else's journey. */
static void test_hopeless_need_asks_nobody(void **state)
{
	const struct select_need need[] = {{MEDIC, 0, 2}, {WATER, 0, 1}, {MEDIC | WATER, 0, 3}};
	struct select_query query = full_roster(need, 3);

	(void)state;
	assert_int_equal(select_choose(&query, &scratch, &result), DISP_E_SHORT);
	assert_int_equal(result.filled[0], 2);
	assert_int_equal(result.pick_count, 2);
	assert_true(asked <= 14);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_double_skill_goes_to_rare_need),
		cmocka_unit_test(test_earlier_need_wins_when_short),
		cmocka_unit_test(test_substitute_never_displaces),
		cmocka_unit_test(test_tie_goes_to_shorter_of_two_ids),
		cmocka_unit_test(test_nothing_wanted_nothing_sent),
		cmocka_unit_test(test_passed_says_why),
		cmocka_unit_test(test_full_roster_asks_for_few_journeys),
		cmocka_unit_test(test_hopeless_need_asks_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
