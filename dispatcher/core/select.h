/* select: which units go for all requirements of one incident. Not which materials: that is supply. Pure. */
#ifndef CORE_SELECT_H
#define CORE_SELECT_H

#include "core/error.h"
#include "core/types.h"

enum {
	SELECT_NEEDS_MAX = 32,
	SELECT_SLOTS_MAX = 64, /* the sum of the counts of all needs */
	SELECT_CANDIDATES_MAX = 65536,
	SELECT_PASSED_MAX = 8
};

/* One requirement of a playbook: `count` units, each of which holds every skill in `skills`. */
struct select_need {
	uint64_t skills;
	uint64_t substitute; /* skills of a unit taken instead when nobody is left; 0: nothing else will do */
	uint32_t count;      /* 0: nothing */
};

/* A unit that may be sent. Its exact travel time is computed only if it can still win. */
struct select_candidate {
	uint64_t skills;
	int64_t bound_ms;  /* never above the exact travel time; 0 if nothing is known */
	int64_t travel_ms; /* valid once exact; below 0: cannot reach the scene */
	int64_t range_mm;  /* valid once exact */
	struct text id;    /* unique; ties go to the lower: bytewise, then the shorter */
	uint32_t unit;     /* the caller's own index, handed through */
	bool exact;        /* travel_ms and range_mm are known; set here after asking */
};

/* The exact journey of candidate[index]: a geodesic, say. Asked at most once for each candidate. */
struct select_travel {
	void *context;
	void (*exact)(void *context, uint32_t index, int64_t *travel_ms, int64_t *range_mm);
};

struct select_query {
	const struct select_need *need;     /* [need_count], playbook order */
	uint32_t need_count;                /* 0 .. SELECT_NEEDS_MAX */
	uint32_t candidate_count;           /* 0 .. SELECT_CANDIDATES_MAX */
	struct select_candidate *candidate; /* [candidate_count], any order; exact ones are filled in */
	struct select_travel travel;        /* unused when every candidate is exact */
};

/* Working memory, about 1 MiB; nothing in it is read before it is written, nothing is kept. */
struct select_entry {
	int64_t ms; /* exact travel or its bound */
	uint32_t index;
	uint32_t needs; /* bit n: the candidate would do for need n */
};
struct select_scratch {
	struct select_entry heap[SELECT_CANDIDATES_MAX];
	uint32_t heap_count;
	uint64_t taken[SELECT_CANDIDATES_MAX / 64];
};

struct select_pick {
	uint32_t candidate; /* index into query->candidate */
	uint32_t need;      /* index into query->need */
	int64_t travel_ms, range_mm;
	bool substitute;
};

struct select_result {
	struct select_pick pick[SELECT_SLOTS_MAX]; /* by need, then (travel_ms, id) */
	uint32_t pick_count;
	uint32_t filled[SELECT_NEEDS_MAX]; /* slots filled, substitutes included */
};

/*
 * select_choose - the units for all requirements of an incident at once.
 *
 * Objective, each only among the equals of the one before:
 *         1 the most slots filled; then the counts filled, need by need in playbook order, greatest
 *         2 the smallest latest arrival   3 the smallest sum of travel times
 *         4 the lowest ids: the set, sorted by id, compared element by element
 *         5 inside that set the needs, in playbook order and slot by slot, get the quickest
 *           (travel_ms, id) unit that still leaves the slots after it fillable.
 *         Then, with the units left over, the same for the slots left unfilled of needs that name a
 *         substitute; a substitute never displaces a unit that holds the skills.
 * Why greedy is exact: a unit's travel time is the same for every need, so the sets of units that can be
 *         matched to slots are the independent sets of a (transversal) matroid, and so are the sets of
 *         slots. Greedy in (travel_ms, id) order, with augmenting paths, gives the units that are least in
 *         the largest, in the sum and, among equal times, in ids; greedy over the slots in playbook order
 *         gives objective 1. A matchable set of units and a matchable set of slots, both largest, are
 *         matched to each other by one matching (Mendelsohn and Dulmage 1958): both optima hold together.
 *         A further unit only ever adds one slot to the greedy slots (they are bases of a matroid and of its
 *         quotient), the earliest it can free; so one run over the units gives both, and need not know
 *         beforehand what will stay short. A unit that once cannot enlarge the matching never can, so
 *         it is dropped unasked. tests/property/test_select checks it against every assignment.
 * Shapes  out->pick[pick_count], out->filled[need_count] (the rest 0); always set.
 * Units   travel in milliseconds from the moment of decision, range in millimetres.
 * Order   a total order: shuffling the candidates changes nothing but their indices.
 * Cost    candidate_count * need_count steps for the skills, a heap over those that qualify, and the exact
 *         time of only those whose bound is not above the slowest unit chosen (when short: of all
 *         that hold the skills that are short). At most one question a candidate.
 * Errors  DISP_E_SHORT  a slot stays unfilled, see filled[]. A count out of range is a bug in the caller:
 *         ASSERT. A bound above the exact time may cost the optimum, nothing else.
 * Memory  the caller owns all of it; nothing is kept after the return. No recursion.
 */
enum disp_err select_choose(const struct select_query *query, struct select_scratch *scratch,
	struct select_result *out) DISP_MUSTCHECK;

enum select_reason {
	SELECT_PASSED_OTHER = 0,  /* chosen for another need */
	SELECT_PASSED_SLOWER = 1, /* slower than those chosen, or as quick with a later id */
	SELECT_PASSED_UNREACHABLE = 2,
	SELECT_REASONS = 3
};

struct select_passed {
	uint32_t candidate;
	enum select_reason reason;
	uint32_t other_need; /* SELECT_PASSED_OTHER: which */
	int64_t travel_ms, range_mm;
	bool substitute; /* holds the substitute skills only */
};

struct select_passed_list {
	struct select_passed item[SELECT_PASSED_MAX]; /* by (travel_ms, id) */
	uint32_t count;
	uint32_t rest[SELECT_REASONS]; /* how many more, by reason */
};

/*
 * select_passed - who would have done for a need and was not chosen for it, and why.
 *
 * Takes the query and the result of select_choose. Those who hold only the substitute skills are
 * listed when the need took or wanted a substitute. The 8 best that can reach the scene are exact (some more
 * journeys may be asked for); of the rest nobody is asked again, so one whose bound already
 * is too slow counts as slower, reachable or not. Units unfit by their state are the caller's to add.
 */
void select_passed(const struct select_query *query, struct select_scratch *scratch,
	const struct select_result *result, uint32_t need, struct select_passed_list *out);

#endif
