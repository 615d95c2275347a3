/* test_select: every choice of units in random small towns against all assignments there are. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/select.h"

#include "random_id.h"

enum { UNITS = 10, NEEDS = 5, SLOTS = 8, WIDE_UNITS = 300, CASES = 100000, WIDE_CASES = 1000 };

static struct select_scratch scratch;

/* --- a town ----------------------------------------------------------------------------------- */

struct town {
	struct select_need need[SELECT_NEEDS_MAX];
	uint32_t need_count;
	struct select_candidate unit[WIDE_UNITS];
	uint32_t unit_count;
	int64_t travel_ms[WIDE_UNITS]; /* the truth; unit[].unit is the index into it */
	uint32_t asked[WIDE_UNITS];
	char id[WIDE_UNITS][8];
};

static void journey(void *context, uint32_t index, int64_t *travel_ms, int64_t *range_mm)
{
	struct town *town = context;
	uint32_t unit = town->unit[index].unit;

	assert_false(town->unit[index].exact);
	town->asked[unit]++;
	*travel_ms = town->travel_ms[unit];
	*range_mm = town->travel_ms[unit] * 7;
}

static uint64_t random_skills(uint32_t kinds)
{
	uint64_t skills = UINT64_C(1) << below(kinds);

	return below(3) == 0 ? skills | UINT64_C(1) << below(kinds) : skills;
}

static void name_unit(struct town *town, uint32_t u)
{
	uint32_t longest = town->unit_count > UNITS ? 7 : 3;

	for (bool unique = false; !unique;) {
		struct text id = random_id(town->id[u], longest);

		town->unit[u].id = id;
		unique = true;
		for (uint32_t v = 0; v < u; v++)
			if (town->unit[v].id.len == id.len && memcmp(town->id[v], id.ptr, id.len) == 0)
				unique = false;
	}
}

static void random_unit(struct town *town, uint32_t u, uint32_t kinds, uint32_t times)
{
	struct select_candidate *c = &town->unit[u];
	int64_t travel_ms = below(7) == 0 ? -1 : 1000 * (int64_t)below(times);
	uint32_t known = below(4);

	memset(c, 0, sizeof(*c));
	c->unit = u;
	c->skills = below(9) == 0 ? 0 : random_skills(kinds) | random_skills(kinds);
	name_unit(town, u);
	town->travel_ms[u] = travel_ms;
	town->asked[u] = 0;
	c->travel_ms = 77; /* not to be believed unless exact */
	if (travel_ms < 0)
		c->bound_ms = 1000 * (int64_t)below(times);
	else
		c->bound_ms = known == 0   ? 0
			      : known == 1 ? travel_ms
					   : (int64_t)below((uint32_t)travel_ms + 1);
	if (known == 3) {
		c->exact = true;
		c->travel_ms = travel_ms;
		c->range_mm = travel_ms * 7;
	}
}

static void random_town(struct town *town, uint32_t units, uint32_t needs, uint32_t slots, uint32_t count_max)
{
	uint32_t kinds = 2 + below(4), times = below(2) == 0 ? 3 : 40, used = 0;

	town->unit_count = below(2) == 0 ? below(units + 1) : units - below(4);
	town->need_count = 1 + below(needs);
	for (uint32_t n = 0; n < town->need_count; n++) {
		struct select_need *need = &town->need[n];
		need->skills = below(20) == 0 ? 0 : random_skills(kinds);
		need->substitute = below(3) == 0 ? random_skills(kinds) : 0;
		need->count = below(count_max + 1);
		if (need->count > slots - used)
			need->count = slots - used;
		used += need->count;
	}
	for (uint32_t u = 0; u < town->unit_count; u++)
		random_unit(town, u, kinds, times);
}

static struct select_query query_of(struct town *town)
{
	return (struct select_query){.need = town->need,
		.need_count = town->need_count,
		.candidate = town->unit,
		.candidate_count = town->unit_count,
		.travel = {town, journey}};
}

static void print_town(const struct town *town)
{
	for (uint32_t n = 0; n < town->need_count; n++)
		printf("need %" PRIu32 ": skills %" PRIx64 " substitute %" PRIx64 " count %" PRIu32 "\n", n,
			town->need[n].skills, town->need[n].substitute, town->need[n].count);
	for (uint32_t u = 0; u < town->unit_count; u++)
		printf("unit %" PRIu32 " %.*s: skills %" PRIx64 " travel %" PRId64 " ms\n", u,
			(int)town->unit[u].id.len, town->unit[u].id.ptr, town->unit[u].skills,
			town->travel_ms[u]);
}

/* --- the oracle: every assignment, judged by the stated objective as one row of numbers ------- */

/* Filled slots and counts (negative: more is better), latest, sum, ids in order, assignment. Least wins. */
enum { RANK_LENGTH = 1 + NEEDS + 2 + SLOTS + SLOTS };

struct oracle {
	const struct town *town;
	uint64_t skills[NEEDS]; /* asked for in this pass */
	uint32_t count[NEEDS];
	bool gone[UNITS];     /* not to be had in this pass */
	int id_place[UNITS];  /* 0: the lowest id */
	int quickness[UNITS]; /* place by (travel, id) */
	int serves[UNITS];    /* the assignment tried: the need, or -1 */
	bool found;
	int64_t best[RANK_LENGTH];
	int best_serves[UNITS];
};

static void place_units(struct oracle *o)
{
	const struct town *t = o->town;

	for (uint32_t u = 0; u < t->unit_count; u++) {
		o->id_place[u] = 0;
		for (uint32_t v = 0; v < t->unit_count; v++)
			o->id_place[u] += lower_id(&t->unit[v].id, &t->unit[u].id);
	}
	for (uint32_t u = 0; u < t->unit_count; u++) {
		o->quickness[u] = 0;
		for (uint32_t v = 0; v < t->unit_count; v++)
			o->quickness[u] +=
				t->travel_ms[v] < t->travel_ms[u] ||
				(t->travel_ms[v] == t->travel_ms[u] && o->id_place[v] < o->id_place[u]);
	}
}

/* Appends to the row the units of one need (-1: of all), by the given places. */
static int append(const struct oracle *o, const int *place, int need, int64_t *row, int length)
{
	for (int at = 0; at < (int)o->town->unit_count; at++)
		for (uint32_t u = 0; u < o->town->unit_count; u++)
			if (place[u] == at && o->serves[u] >= 0 && (need < 0 || o->serves[u] == need))
				row[length++] = at;
	return length;
}

static void judge(struct oracle *o)
{
	int64_t row[RANK_LENGTH] = {0};
	int length = 1 + NEEDS;

	for (uint32_t u = 0; u < o->town->unit_count; u++) {
		if (o->serves[u] < 0)
			continue;
		int64_t travel_ms = o->town->travel_ms[u];
		row[0]--;
		row[1 + o->serves[u]]--;
		if (travel_ms > row[length])
			row[length] = travel_ms;
		row[length + 1] += travel_ms;
	}
	length += 2;
	for (int i = 0; i < length && o->found; i++) {
		if (row[i] > o->best[i])
			return;
		if (row[i] < o->best[i])
			o->found = false; /* better already */
	}
	length = append(o, o->id_place, -1, row, length);
	for (int n = 0; n < NEEDS; n++)
		length = append(o, o->quickness, n, row, length);
	for (int i = 0; i < RANK_LENGTH && o->found; i++) {
		if (row[i] > o->best[i])
			return;
		if (row[i] < o->best[i])
			o->found = false;
	}
	o->found = true;
	memcpy(o->best, row, sizeof(row));
	memcpy(o->best_serves, o->serves, sizeof(o->serves));
}

/* Tries unit u in every need and in none. Left out: what must fill fewer slots than the best. */
static void try_unit(struct oracle *o, uint32_t u, uint32_t filled)
{
	if (o->found && filled + (o->town->unit_count - u) < (uint32_t)-o->best[0])
		return;
	if (u == o->town->unit_count) {
		judge(o);
		return;
	}
	for (uint32_t n = 0; n < o->town->need_count; n++) {
		if (o->gone[u] || o->count[n] == 0 ||
			(o->town->unit[u].skills & o->skills[n]) != o->skills[n])
			continue;
		o->count[n]--;
		o->serves[u] = (int)n;
		try_unit(o, u + 1, filled + 1);
		o->count[n]++;
	}
	o->serves[u] = -1;
	try_unit(o, u + 1, filled);
}

/* serves[u]: the need, or -1; substitute[u]: taken in the second pass. */
static void oracle_choose(const struct town *town, int *serves, bool *substitute)
{
	struct oracle o = {.town = town};

	place_units(&o);
	for (uint32_t u = 0; u < town->unit_count; u++)
		o.gone[u] = town->travel_ms[u] < 0;
	for (uint32_t n = 0; n < town->need_count; n++) {
		o.skills[n] = town->need[n].skills;
		o.count[n] = town->need[n].count;
	}
	try_unit(&o, 0, 0);
	for (uint32_t u = 0; u < town->unit_count; u++) {
		serves[u] = o.best_serves[u];
		substitute[u] = false;
		if (serves[u] >= 0) {
			o.gone[u] = true;
			o.count[serves[u]]--;
		}
	}
	for (uint32_t n = 0; n < town->need_count; n++) {
		o.skills[n] = town->need[n].substitute;
		if (town->need[n].substitute == 0)
			o.count[n] = 0;
	}
	o.found = false;
	try_unit(&o, 0, 0);
	for (uint32_t u = 0; u < town->unit_count; u++)
		if (serves[u] < 0 && o.best_serves[u] >= 0) {
			serves[u] = o.best_serves[u];
			substitute[u] = true;
		}
}

/* --- the comparison --------------------------------------------------------------------------- */

static bool in_order(const struct town *town, uint32_t a, uint32_t b)
{
	if (town->travel_ms[a] != town->travel_ms[b])
		return town->travel_ms[a] < town->travel_ms[b];
	return lower_id(&town->unit[a].id, &town->unit[b].id);
}

/* units[]: who matches the condition, by (travel, id). */
static uint32_t sorted_units(const struct town *town, const bool *wanted, uint32_t *units)
{
	uint32_t count = 0;

	for (uint32_t u = 0; u < town->unit_count; u++) {
		if (!wanted[u])
			continue;
		uint32_t at = count++;
		for (; at > 0 && in_order(town, u, units[at - 1]); at--)
			units[at] = units[at - 1];
		units[at] = u;
	}
	return count;
}

static bool same_choice(const struct town *town, enum disp_err err, const struct select_result *result,
	const int *serves, const bool *substitute)
{
	uint32_t at = 0, units[UNITS];
	bool wanted[UNITS], complete = true;

	for (uint32_t n = 0; n < town->need_count; n++) {
		for (uint32_t u = 0; u < town->unit_count; u++)
			wanted[u] = serves[u] == (int)n;
		uint32_t count = sorted_units(town, wanted, units);
		if (result->filled[n] != count)
			return false;
		complete = complete && count == town->need[n].count;
		for (uint32_t i = 0; i < count; i++, at++) {
			const struct select_pick *pick = &result->pick[at];
			if (at >= result->pick_count || pick->candidate != units[i] || pick->need != n ||
				pick->travel_ms != town->travel_ms[units[i]] ||
				pick->range_mm != pick->travel_ms * 7 ||
				pick->substitute != substitute[units[i]])
				return false;
		}
	}
	return at == result->pick_count && err == (complete ? DISP_OK : DISP_E_SHORT);
}

static bool same_passed(const struct town *town, const struct select_passed_list *list, const int *serves,
	const bool *substitute, uint32_t need)
{
	const struct select_need *want = &town->need[need];
	uint32_t units[UNITS], genuine = 0, unreachable = 0, rest = 0;
	bool wanted[UNITS], holds[UNITS];

	for (uint32_t u = 0; u < town->unit_count; u++)
		genuine += serves[u] == (int)need && !substitute[u];
	for (uint32_t u = 0; u < town->unit_count; u++) {
		bool instead = genuine < want->count && want->substitute != 0 &&
			       (town->unit[u].skills & want->substitute) == want->substitute;
		holds[u] = (town->unit[u].skills & want->skills) == want->skills;
		wanted[u] = (holds[u] || instead) && serves[u] != (int)need && town->travel_ms[u] >= 0;
		unreachable += (holds[u] || instead) && town->travel_ms[u] < 0;
	}
	uint32_t count = sorted_units(town, wanted, units);
	for (uint32_t i = 0; i < SELECT_REASONS; i++)
		rest += list->rest[i];
	if (list->count != (count < SELECT_PASSED_MAX ? count : SELECT_PASSED_MAX) ||
		list->count + rest != count + unreachable)
		return false;
	for (uint32_t i = 0; i < list->count; i++) {
		const struct select_passed *passed = &list->item[i];
		int other = serves[units[i]];
		if (passed->candidate != units[i] || passed->travel_ms != town->travel_ms[units[i]] ||
			passed->range_mm != passed->travel_ms * 7 || passed->substitute == holds[units[i]] ||
			passed->reason != (other >= 0 ? SELECT_PASSED_OTHER : SELECT_PASSED_SLOWER) ||
			(other >= 0 && passed->other_need != (uint32_t)other))
			return false;
	}
	return true;
}

static void test_against_every_assignment(void **state)
{
	static struct town town;
	uint64_t cases = number_from("DISPATCH_CASES", CASES), seed = number_from("DISPATCH_SEED", 1);
	uint64_t shorts = 0, substitutes = 0, others = 0;

	(void)state;
	memset(&scratch, 0xA5, sizeof(scratch));
	for (uint64_t i = 0; i < cases; i++) {
		struct select_result result;
		struct select_passed_list passed;
		int serves[UNITS];
		bool substitute[UNITS];

		random_state = seed + i * UINT64_C(0xD1342543DE82EF95);
		random_town(&town, UNITS, NEEDS, SLOTS, 3);
		struct select_query query = query_of(&town);
		enum disp_err err = select_choose(&query, &scratch, &result);
		oracle_choose(&town, serves, substitute);
		bool same = same_choice(&town, err, &result, serves, substitute);
		for (uint32_t n = 0; same && n < town.need_count; n++) {
			select_passed(&query, &scratch, &result, n, &passed);
			same = same_passed(&town, &passed, serves, substitute, n);
			others += passed.count > 0 && passed.item[0].reason == SELECT_PASSED_OTHER;
		}
		if (!same) {
			print_town(&town);
			fail_msg("case %" PRIu64 " of seed %" PRIu64 " differs from the oracle", i, seed);
		}
		shorts += err == DISP_E_SHORT;
		for (uint32_t p = 0; p < result.pick_count; p++)
			substitutes += result.pick[p].substitute;
	}
	printf("select: %" PRIu64 " towns as the oracle; %" PRIu64 " short, %" PRIu64 " substitutes, %" PRIu64
	       " needs whose best was needed elsewhere\n",
		cases, shorts, substitutes, others);
}

/* --- at full width: asking late, asking early and another order all choose the same ----------- */

static void shuffle(struct town *town)
{
	for (uint32_t i = town->unit_count; i > 1; i--) {
		uint32_t j = below(i);
		struct select_candidate kept = town->unit[i - 1];
		town->unit[i - 1] = town->unit[j];
		town->unit[j] = kept;
	}
}

static void test_laziness_changes_nothing(void **state)
{
	static struct town lazy, known;
	uint64_t cases = number_from("DISPATCH_CASES", CASES) / (CASES / WIDE_CASES);
	uint64_t seed = number_from("DISPATCH_SEED", 1), asked = 0, units = 0;

	(void)state;
	for (uint64_t i = 0; i < cases; i++) {
		struct select_result a, b;
		random_state = ~seed + i * UINT64_C(0xD1342543DE82EF95);
		random_town(&lazy, WIDE_UNITS, SELECT_NEEDS_MAX, SELECT_SLOTS_MAX, 6);
		known = lazy;
		for (uint32_t u = 0; u < known.unit_count; u++) {
			known.unit[u].exact = true;
			known.unit[u].travel_ms = known.travel_ms[u];
		}
		shuffle(&known);
		struct select_query one = query_of(&lazy), two = query_of(&known);
		enum disp_err err = select_choose(&one, &scratch, &a);
		assert_int_equal(err, select_choose(&two, &scratch, &b));
		assert_int_equal(a.pick_count, b.pick_count);
		assert_memory_equal(a.filled, b.filled, sizeof(a.filled));
		for (uint32_t p = 0; p < a.pick_count; p++) {
			assert_int_equal(
				lazy.unit[a.pick[p].candidate].unit, known.unit[b.pick[p].candidate].unit);
			assert_int_equal(a.pick[p].need, b.pick[p].need);
			assert_int_equal(a.pick[p].substitute, b.pick[p].substitute);
		}
		for (uint32_t u = 0; u < lazy.unit_count; u++) {
			assert_true(lazy.asked[u] <= 1);
			asked += lazy.asked[u];
		}
		units += lazy.unit_count;
	}
	printf("select: %" PRIu64 " wide towns, %" PRIu64 " units, %" PRIu64 " journeys asked for\n", cases,
		units, asked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_every_assignment),
		cmocka_unit_test(test_laziness_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
