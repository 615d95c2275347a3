/* select: greedy over units, quickest first, with augmenting paths between the needs. */
#include "core/select.h"

#include <string.h>

#define NOBODY UINT32_MAX

/* A unit of the set chosen so far, and the need it serves at the moment. */
struct member {
	uint32_t candidate;
	uint32_t needs; /* bit n: it would do for need n */
	uint32_t need;
};

/* One pass: with the skills asked for, or with the substitutes for what is left. */
struct pass {
	const struct select_query *query;
	struct select_scratch *scratch;
	uint64_t skills[SELECT_NEEDS_MAX];
	uint32_t count[SELECT_NEEDS_MAX];       /* slots to fill */
	uint32_t used[SELECT_NEEDS_MAX];        /* slots filled */
	struct member member[SELECT_SLOTS_MAX]; /* in the order chosen: (travel_ms, id) */
	uint32_t member_count;
};

static uint32_t lowest_bit(uint32_t bits)
{
	return (uint32_t)__builtin_ctz(bits);
}

static bool id_before(const struct text *a, const struct text *b)
{
	uint32_t shorter = a->len < b->len ? a->len : b->len;
	int order = shorter > 0 ? memcmp(a->ptr, b->ptr, shorter) : 0;

	return order != 0 ? order < 0 : a->len < b->len;
}

/* --- the heap: quickest first, by exact time where known, by bound where not ------------------ */

/* At equal times the unknown come first: they must be asked before the known may be taken. */
static bool entry_before(
	const struct select_candidate *candidate, const struct select_entry *a, const struct select_entry *b)
{
	if (a->ms != b->ms)
		return a->ms < b->ms;

	const struct select_candidate *one = &candidate[a->index], *two = &candidate[b->index];
	if (one->exact != two->exact)
		return !one->exact;
	return one->exact && id_before(&one->id, &two->id);
}

static void heap_sift(struct select_scratch *scratch, const struct select_candidate *candidate, uint32_t hole)
{
	struct select_entry *heap = scratch->heap;
	struct select_entry moving = heap[hole];

	for (;;) {
		uint32_t child = 2 * hole + 1;
		if (child >= scratch->heap_count)
			break;
		if (child + 1 < scratch->heap_count &&
			entry_before(candidate, &heap[child + 1], &heap[child]))
			child++;
		if (!entry_before(candidate, &heap[child], &moving))
			break;
		heap[hole] = heap[child];
		hole = child;
	}
	heap[hole] = moving;
}

static void heap_order(struct select_scratch *scratch, const struct select_candidate *candidate)
{
	for (uint32_t hole = scratch->heap_count / 2; hole > 0; hole--)
		heap_sift(scratch, candidate, hole - 1);
}

static void heap_drop(struct select_scratch *scratch, const struct select_candidate *candidate)
{
	scratch->heap[0] = scratch->heap[--scratch->heap_count];
	if (scratch->heap_count > 0)
		heap_sift(scratch, candidate, 0);
}

static void heap_add(
	struct select_scratch *scratch, const struct select_candidate *c, uint32_t index, uint32_t needs)
{
	int64_t ms = c->exact ? c->travel_ms : c->bound_ms;

	scratch->heap[scratch->heap_count++] = (struct select_entry){ms, index, needs};
}

/* The next reachable unit in (travel_ms, id) order that would do for one of `needs`. */
static bool heap_next(const struct select_query *query, struct select_scratch *scratch, uint32_t needs,
	struct select_entry *next, uint32_t *unreachable)
{
	while (scratch->heap_count > 0) {
		struct select_entry *top = &scratch->heap[0];
		struct select_candidate *c = &query->candidate[top->index];

		if ((top->needs & needs) == 0) {
			heap_drop(scratch, query->candidate);
		} else if (c->exact) {
			*next = *top;
			heap_drop(scratch, query->candidate);
			return true;
		} else {
			query->travel.exact(query->travel.context, top->index, &c->travel_ms, &c->range_mm);
			c->exact = true;
			top->ms = c->travel_ms;
			if (c->travel_ms >= 0) {
				heap_sift(scratch, query->candidate, 0);
			} else {
				heap_drop(scratch, query->candidate);
				(*unreachable)++;
			}
		}
	}
	return false;
}

static bool taken(const struct select_scratch *scratch, uint32_t index)
{
	return (scratch->taken[index / 64] >> (index % 64) & 1) != 0;
}

static void take(struct select_scratch *scratch, uint32_t index)
{
	scratch->taken[index / 64] |= UINT64_C(1) << (index % 64);
}

/* --- the matching: which member serves which need --------------------------------------------- */

/*
 * The needs that can pass a member on from one of `start`, in any number of steps, fixed members excepted.
 * via[n] is the member that would move into need n; NOBODY at a start.
 */
static uint32_t reach(const struct pass *pass, uint32_t start, uint64_t fixed, uint32_t *via)
{
	uint32_t seen = start, todo = start;

	for (uint32_t n = 0; n < SELECT_NEEDS_MAX; n++)
		via[n] = NOBODY;
	while (todo != 0) {
		uint32_t from = lowest_bit(todo);
		todo &= todo - 1;
		for (uint32_t m = 0; m < pass->member_count; m++) {
			if (pass->member[m].need != from || (fixed >> m & 1) != 0)
				continue;
			uint32_t fresh = pass->member[m].needs & ~seen;
			seen |= fresh;
			todo |= fresh;
			for (; fresh != 0; fresh &= fresh - 1)
				via[lowest_bit(fresh)] = m;
		}
	}
	return seen;
}

/* Moves each member on the path one need on, up to `need`. Returns where the path began. */
static uint32_t shift(struct pass *pass, uint32_t need, const uint32_t *via)
{
	while (via[need] != NOBODY) {
		struct member *m = &pass->member[via[need]];
		uint32_t from = m->need;
		m->need = need;
		need = from;
	}
	return need;
}

/* The needs that one more unit would help: those with a free slot, or with a member who can make room. */
static uint32_t open_needs(const struct pass *pass)
{
	uint32_t open = 0, before;

	for (uint32_t n = 0; n < pass->query->need_count; n++)
		if (pass->used[n] < pass->count[n])
			open |= UINT32_C(1) << n;
	do {
		before = open;
		for (uint32_t m = 0; m < pass->member_count; m++)
			if ((pass->member[m].needs & open) != 0)
				open |= UINT32_C(1) << pass->member[m].need;
	} while (open != before);
	return open;
}

/* The slot it comes to fill is the earliest that it can: see "why greedy is exact" in the header. */
static void add_member(struct pass *pass, const struct select_entry *entry)
{
	uint32_t via[SELECT_NEEDS_MAX];
	uint32_t reached = reach(pass, entry->needs, 0, via);
	uint32_t need = 0;

	while (need < pass->query->need_count &&
		!((reached >> need & 1) != 0 && pass->used[need] < pass->count[need]))
		need++;
	ASSERT(need < pass->query->need_count); /* the unit would do for an open need */
	ASSERT(pass->member_count < SELECT_SLOTS_MAX);
	pass->used[need]++;
	need = shift(pass, need, via);
	pass->member[pass->member_count++] = (struct member){entry->index, entry->needs, need};
	take(pass->scratch, entry->index);
}

/* Gives each slot in turn the first member that leaves the slots after it fillable. */
static void assign(struct pass *pass)
{
	uint64_t fixed = 0;

	for (uint32_t n = 0; n < pass->query->need_count; n++) {
		for (uint32_t slot = 0; slot < pass->used[n]; slot++) {
			uint32_t via[SELECT_NEEDS_MAX];
			uint32_t reached = reach(pass, UINT32_C(1) << n, fixed, via);
			uint32_t m = 0;
			while (m < pass->member_count &&
				((fixed >> m & 1) != 0 || (pass->member[m].needs >> n & 1) == 0 ||
					(reached >> pass->member[m].need & 1) == 0))
				m++;
			ASSERT(m < pass->member_count); /* the one that serves it now would do */
			(void)shift(pass, pass->member[m].need, via);
			pass->member[m].need = n;
			fixed |= UINT64_C(1) << m;
		}
	}
}

/* --- a whole choice --------------------------------------------------------------------------- */

static uint32_t needs_served(const struct pass *pass, uint64_t skills)
{
	uint32_t needs = 0;

	for (uint32_t n = 0; n < pass->query->need_count; n++)
		needs |= (uint32_t)(pass->count[n] > 0 && (skills & pass->skills[n]) == pass->skills[n]) << n;
	return needs;
}

static void run(struct pass *pass)
{
	const struct select_query *query = pass->query;
	struct select_entry entry;
	uint32_t open = open_needs(pass), unreachable = 0;

	if (open == 0)
		return;
	pass->scratch->heap_count = 0;
	for (uint32_t index = 0; index < query->candidate_count; index++) {
		const struct select_candidate *c = &query->candidate[index];
		if ((c->exact && c->travel_ms < 0) || taken(pass->scratch, index))
			continue;
		uint32_t needs = needs_served(pass, c->skills);
		if (needs != 0)
			heap_add(pass->scratch, c, index, needs);
	}
	heap_order(pass->scratch, query->candidate);

	while (open != 0 && heap_next(query, pass->scratch, open, &entry, &unreachable)) {
		add_member(pass, &entry);
		open = open_needs(pass);
	}
	assign(pass);
}

static bool pick_before(
	const struct select_query *query, const struct select_pick *a, const struct select_pick *b)
{
	if (a->need != b->need)
		return a->need < b->need;
	if (a->travel_ms != b->travel_ms)
		return a->travel_ms < b->travel_ms;
	return id_before(&query->candidate[a->candidate].id, &query->candidate[b->candidate].id);
}

static void collect(const struct pass *pass, bool substitute, struct select_result *out)
{
	for (uint32_t m = 0; m < pass->member_count; m++) {
		const struct member *member = &pass->member[m];
		const struct select_candidate *c = &pass->query->candidate[member->candidate];
		struct select_pick pick = {
			member->candidate, member->need, c->travel_ms, c->range_mm, substitute};
		uint32_t at = out->pick_count++;

		for (; at > 0 && pick_before(pass->query, &pick, &out->pick[at - 1]); at--)
			out->pick[at] = out->pick[at - 1];
		out->pick[at] = pick;
		out->filled[member->need]++;
	}
}

enum disp_err select_choose(
	const struct select_query *query, struct select_scratch *scratch, struct select_result *out)
{
	struct pass pass = {.query = query, .scratch = scratch};
	uint64_t slots = 0;

	ASSERT(query->need_count <= SELECT_NEEDS_MAX);
	ASSERT(query->candidate_count <= SELECT_CANDIDATES_MAX);
	for (uint32_t n = 0; n < query->need_count; n++) {
		pass.skills[n] = query->need[n].skills;
		pass.count[n] = query->need[n].count;
		slots += query->need[n].count;
	}
	ASSERT(slots <= SELECT_SLOTS_MAX);

	memset(out, 0, sizeof(*out));
	memset(scratch->taken, 0, sizeof(scratch->taken));
	run(&pass);
	collect(&pass, false, out);

	for (uint32_t n = 0; n < query->need_count; n++) {
		pass.skills[n] = query->need[n].substitute;
		pass.count[n] = query->need[n].substitute != 0 ? pass.count[n] - pass.used[n] : 0;
		pass.used[n] = 0;
	}
	pass.member_count = 0;
	run(&pass);
	collect(&pass, true, out);

	return out->pick_count == slots ? DISP_OK : DISP_E_SHORT;
}

/* --- the explanation -------------------------------------------------------------------------- */

enum { HOLDS_SKILLS = 1, HOLDS_SUBSTITUTE = 2 };

static const struct select_pick *pick_of(const struct select_result *result, uint32_t index)
{
	for (uint32_t p = 0; p < result->pick_count; p++)
		if (result->pick[p].candidate == index)
			return &result->pick[p];
	return NULL;
}

/* Fills the heap with those who would have done for the need. Returns how many are known not to reach it. */
static uint32_t collect_passed(const struct select_query *query, struct select_scratch *scratch,
	const struct select_result *result, uint32_t need)
{
	const struct select_need *want = &query->need[need];
	uint32_t genuine = 0, unreachable = 0;

	memset(scratch->taken, 0, sizeof(scratch->taken));
	for (uint32_t p = 0; p < result->pick_count; p++) {
		take(scratch, result->pick[p].candidate);
		genuine += result->pick[p].need == need && !result->pick[p].substitute;
	}
	bool substitutes = want->substitute != 0 && genuine < want->count;

	scratch->heap_count = 0;
	for (uint32_t index = 0; index < query->candidate_count; index++) {
		const struct select_candidate *c = &query->candidate[index];
		uint32_t holds = 0;
		if ((c->skills & want->skills) == want->skills)
			holds = HOLDS_SKILLS;
		else if (substitutes && (c->skills & want->substitute) == want->substitute)
			holds = HOLDS_SUBSTITUTE;
		if (holds == 0 || (taken(scratch, index) && pick_of(result, index)->need == need))
			continue;
		if (c->exact && c->travel_ms < 0)
			unreachable++;
		else
			heap_add(scratch, c, index, holds);
	}
	heap_order(scratch, query->candidate);
	return unreachable;
}

void select_passed(const struct select_query *query, struct select_scratch *scratch,
	const struct select_result *result, uint32_t need, struct select_passed_list *out)
{
	struct select_entry entry;

	ASSERT(need < query->need_count);
	memset(out, 0, sizeof(*out));
	uint32_t unreachable = collect_passed(query, scratch, result, need);

	while (out->count < SELECT_PASSED_MAX &&
		heap_next(query, scratch, HOLDS_SKILLS | HOLDS_SUBSTITUTE, &entry, &unreachable)) {
		const struct select_candidate *c = &query->candidate[entry.index];
		const struct select_pick *other =
			taken(scratch, entry.index) ? pick_of(result, entry.index) : NULL;
		out->item[out->count++] = (struct select_passed){
			.candidate = entry.index,
			.reason = other != NULL ? SELECT_PASSED_OTHER : SELECT_PASSED_SLOWER,
			.other_need = other != NULL ? other->need : 0,
			.travel_ms = c->travel_ms,
			.range_mm = c->range_mm,
			.substitute = entry.needs == HOLDS_SUBSTITUTE,
		};
	}
	for (uint32_t h = 0; h < scratch->heap_count; h++)
		out->rest[taken(scratch, scratch->heap[h].index) ? SELECT_PASSED_OTHER
								 : SELECT_PASSED_SLOWER]++;
	out->rest[SELECT_PASSED_UNREACHABLE] = unreachable;
}
