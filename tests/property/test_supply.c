/* test_supply: every choice of depots in random towns against all subsets, and all quantities, there are. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/supply.h"

#include "random_id.h"

enum { CASES = 100000, DEPOTS = 8, MIDDLE_DEPOTS = 15, MIDDLE_CASES = 500, WIDE_CASES = 500 };

static struct supply_scratch scratch;

/* --- a town ----------------------------------------------------------------------------------- */

struct town {
	struct supply_depot depot[SUPPLY_DEPOTS_MAX];
	uint32_t count;
	uint32_t quantity;
	char id[SUPPLY_DEPOTS_MAX][8];
};

static void name_depot(struct town *town, uint32_t d)
{
	for (bool unique = false; !unique;) {
		struct text id = random_id(town->id[d], 5);

		town->depot[d].id = id;
		unique = true;
		for (uint32_t e = 0; e < d; e++)
			if (town->depot[e].id.len == id.len && memcmp(town->id[e], id.ptr, id.len) == 0)
				unique = false;
	}
}

/* Stocks and times small (many ties), middling, or at the limits. */
static void random_town(struct town *town, uint32_t count)
{
	static const uint32_t stock_limit[] = {4, 30, 1000, UINT32_C(1) << 31};
	static const uint32_t time_limit[] = {3, 20, 3600000, 1000000000};
	uint32_t stock = stock_limit[below(4)], time = time_limit[below(4)];
	uint64_t total = 0;

	town->count = count;
	for (uint32_t d = 0; d < count; d++) {
		struct supply_depot *depot = &town->depot[d];
		depot->depot = d;
		depot->available = below(stock);
		depot->travel_ms = below(12) == 0 ? -1 : (int64_t)below(time);
		if (below(200) == 0)
			depot->travel_ms = SUPPLY_TRAVEL_MAX_MS + 1;
		name_depot(town, d);
		total += depot->available;
	}
	if (total > UINT32_MAX)
		total = UINT32_MAX;
	town->quantity = (uint32_t)(random_next() % (total + total / 8 + 2) % UINT32_MAX);
}

static void print_town(const struct town *town)
{
	printf("quantity %" PRIu32 "\n", town->quantity);
	for (uint32_t d = 0; d < town->count; d++)
		printf("depot %" PRIu32 " %.*s: %" PRIu32 " at %" PRId64 " ms\n", d,
			(int)town->depot[d].id.len, town->depot[d].id.ptr, town->depot[d].available,
			town->depot[d].travel_ms);
}

/* --- the oracle: all subsets, each with its own least cost ------------------------------------ */

struct plan {
	uint32_t depots;
	supply_wide cost;
	uint32_t give[SUPPLY_DEPOTS_MAX];
};

static bool reachable(const struct supply_depot *depot)
{
	return depot->travel_ms >= 0 && depot->travel_ms <= SUPPLY_TRAVEL_MAX_MS;
}

static bool in_order(const struct supply_depot *a, const struct supply_depot *b)
{
	return a->travel_ms != b->travel_ms ? a->travel_ms < b->travel_ms : lower_id(&a->id, &b->id);
}

/* Whether the ids of plan a, in order, come before those of plan b: the lowest id in only one decides. */
static bool lower_ids(const struct town *town, const struct plan *a, const struct plan *b)
{
	const struct text *lowest = NULL;
	bool in_a = false;

	for (uint32_t d = 0; d < town->count; d++)
		if ((a->give[d] > 0) != (b->give[d] > 0) &&
			(lowest == NULL || lower_id(&town->depot[d].id, lowest))) {
			lowest = &town->depot[d].id;
			in_a = a->give[d] > 0;
		}
	return in_a;
}

/* Takes what is wanted from the nearest of the subset, then the next. False: it has too little. */
static bool serve(const struct town *town, uint32_t subset, const uint32_t *nearest, struct plan *plan)
{
	uint32_t left = town->quantity;

	memset(plan, 0, sizeof(*plan));
	for (uint32_t i = 0; i < town->count && left > 0; i++) {
		const struct supply_depot *depot = &town->depot[nearest[i]];
		if ((subset >> nearest[i] & 1) == 0 || depot->available == 0 || !reachable(depot))
			continue;
		uint32_t give = depot->available < left ? depot->available : left;
		plan->give[nearest[i]] = give;
		plan->cost += (supply_wide)give * depot->travel_ms;
		plan->depots++;
		left -= give;
	}
	return left == 0;
}

static bool better(const struct town *town, const struct plan *a, const struct plan *b)
{
	if (a->depots != b->depots)
		return a->depots < b->depots;
	if (a->cost != b->cost)
		return a->cost < b->cost;
	return lower_ids(town, a, b);
}

/* Returns the missing quantity. */
static uint32_t oracle_choose(const struct town *town, const uint32_t *nearest, struct plan *best)
{
	struct plan plan;
	uint64_t total = 0;
	bool found = false;

	memset(best, 0, sizeof(*best));
	for (uint32_t d = 0; d < town->count; d++)
		if (reachable(&town->depot[d]))
			total += best->give[d] = town->depot[d].available;
	if (total < town->quantity)
		return (uint32_t)(town->quantity - total);
	for (uint32_t subset = 0; subset >> town->count == 0; subset++)
		if (serve(town, subset, nearest, &plan) && (!found || better(town, &plan, best))) {
			*best = plan;
			found = true;
		}
	return 0;
}

/* --- a second oracle for small quantities: every way to share them out ------------------------ */

static void share_out(
	const struct town *town, uint32_t d, uint32_t left, struct plan *plan, struct plan *best, bool *found)
{
	if (d == town->count) {
		if (left == 0 && (!*found || better(town, plan, best))) {
			*best = *plan;
			*found = true;
		}
		return;
	}
	share_out(town, d + 1, left, plan, best, found);
	for (uint32_t give = 1;
		give <= left && give <= town->depot[d].available && reachable(&town->depot[d]); give++) {
		plan->give[d] = give;
		plan->depots++;
		plan->cost += (supply_wide)give * town->depot[d].travel_ms;
		share_out(town, d + 1, left - give, plan, best, found);
		plan->cost -= (supply_wide)give * town->depot[d].travel_ms;
		plan->depots--;
		plan->give[d] = 0;
	}
}

/* --- the comparison --------------------------------------------------------------------------- */

static void sort_nearest(const struct town *town, uint32_t *nearest)
{
	for (uint32_t d = 0; d < town->count; d++) {
		uint32_t at = d;
		for (; at > 0 && in_order(&town->depot[d], &town->depot[nearest[at - 1]]); at--)
			nearest[at] = nearest[at - 1];
		nearest[at] = d;
	}
}

static bool same_choice(const struct town *town, const uint32_t *nearest, const struct supply_result *result,
	const struct plan *plan)
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < town->count; i++) {
		uint32_t d = nearest[i];
		if (plan->give[d] == 0)
			continue;
		if (at >= result->pick_count || result->pick[at].depot != d ||
			result->pick[at].quantity != plan->give[d] ||
			result->pick[at].travel_ms != town->depot[d].travel_ms)
			return false;
		at++;
	}
	return at == result->pick_count;
}

static void compare(const struct town *town, uint64_t i, struct supply_result *result)
{
	uint32_t nearest[SUPPLY_DEPOTS_MAX];
	struct plan plan, other = {0}, best = {0};
	bool found = false;

	sort_nearest(town, nearest);
	enum disp_err err = supply_choose(town->depot, town->count, town->quantity, &scratch, result);
	uint32_t missing = oracle_choose(town, nearest, &plan);
	bool same = same_choice(town, nearest, result, &plan) && result->missing == missing &&
		    err == (missing == 0 ? DISP_OK : DISP_E_SHORT) && !result->not_proven;
	if (missing == 0 && town->quantity <= 8 && town->count <= DEPOTS) {
		share_out(town, 0, town->quantity, &other, &best, &found);
		same = same && found && best.depots == plan.depots && best.cost == plan.cost &&
		       !lower_ids(town, &best, &plan) && !lower_ids(town, &plan, &best);
	}
	if (!same) {
		print_town(town);
		fail_msg("case %" PRIu64 " differs from the oracle", i);
	}
}

static void test_against_every_subset(void **state)
{
	static struct town town;
	uint64_t cases = number_from("DISPATCH_CASES", CASES), seed = number_from("DISPATCH_SEED", 1);
	uint64_t shorts = 0, several = 0;

	(void)state;
	memset(&scratch, 0xA5, sizeof(scratch));
	for (uint64_t i = 0; i < cases; i++) {
		struct supply_result result;
		random_state = seed + i * UINT64_C(0xD1342543DE82EF95);
		random_town(&town, below(DEPOTS + 1));
		compare(&town, i, &result);
		shorts += result.missing > 0;
		several += result.missing == 0 && result.pick_count > 1;
	}
	printf("supply: %" PRIu64 " towns as the oracle; %" PRIu64 " short, %" PRIu64
	       " from several depots\n",
		cases, shorts, several);
}

static void test_more_depots_against_every_subset(void **state)
{
	static struct town town;
	uint64_t cases = number_from("DISPATCH_CASES", CASES) / (CASES / MIDDLE_CASES);
	uint64_t seed = number_from("DISPATCH_SEED", 1);

	(void)state;
	for (uint64_t i = 0; i < cases; i++) {
		struct supply_result result;
		random_state = ~seed + i * UINT64_C(0xD1342543DE82EF95);
		random_town(&town, MIDDLE_DEPOTS - below(5));
		compare(&town, i, &result);
	}
	printf("supply: %" PRIu64 " towns of up to %d depots as the oracle\n", cases, MIDDLE_DEPOTS);
}

/* At the limit of depots there is no oracle: the choice is valid, takes the fewest, and ends in time. */
static void test_most_depots(void **state)
{
	static struct town town;
	uint64_t cases = number_from("DISPATCH_CASES", CASES) / (CASES / WIDE_CASES);
	uint64_t seed = number_from("DISPATCH_SEED", 1), most = 0, not_proven = 0;

	(void)state;
	for (uint64_t i = 0; i < cases; i++) {
		struct supply_result result;
		uint64_t sum = 0, largest = 0;

		random_state = seed * 3 + i * UINT64_C(0xD1342543DE82EF95);
		random_town(&town, SUPPLY_DEPOTS_MAX);
		enum disp_err err = supply_choose(town.depot, town.count, town.quantity, &scratch, &result);
		for (uint32_t p = 0; p < result.pick_count; p++) {
			const struct supply_depot *depot = &town.depot[result.pick[p].depot];
			assert_true(result.pick[p].quantity > 0);
			assert_true(result.pick[p].quantity <= depot->available && reachable(depot));
			sum += result.pick[p].quantity;
		}
		assert_true(sum + result.missing == town.quantity);
		assert_true((err == DISP_OK) == (result.missing == 0));
		if (result.missing == 0) { /* one depot less cannot do, not even the fullest */
			bool used[SUPPLY_DEPOTS_MAX] = {false};
			for (uint32_t p = 1; p < result.pick_count; p++) {
				uint32_t fullest = SUPPLY_DEPOTS_MAX;
				for (uint32_t d = 0; d < town.count; d++)
					if (!used[d] && reachable(&town.depot[d]) &&
						(fullest == SUPPLY_DEPOTS_MAX ||
							town.depot[d].available >
								town.depot[fullest].available))
						fullest = d;
				used[fullest] = true;
				largest += town.depot[fullest].available;
			}
			assert_true(largest < town.quantity || town.quantity == 0);
		}
		not_proven += result.not_proven;
		if (result.nodes > most)
			most = result.nodes;
	}
	printf("supply: %" PRIu64 " towns of %d depots; at most %" PRIu64 " steps, %" PRIu64 " not proven\n",
		cases, SUPPLY_DEPOTS_MAX, most, not_proven);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_every_subset),
		cmocka_unit_test(test_more_depots_against_every_subset),
		cmocka_unit_test(test_most_depots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
