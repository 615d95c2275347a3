/* supply: which depots give how much of one item. Not which units carry it. Pure. */
#ifndef CORE_SUPPLY_H
#define CORE_SUPPLY_H

#include "core/error.h"
#include "core/types.h"

enum {
	SUPPLY_DEPOTS_MAX = 64,
	SUPPLY_NODES_MAX = 100000 /* steps of one search; about 20 ns each */
};

/* Further than 31 years away is out of reach. */
#define SUPPLY_TRAVEL_MAX_MS INT64_C(1000000000000)

struct supply_depot {
	int64_t travel_ms;  /* below 0 or above SUPPLY_TRAVEL_MAX_MS: cannot deliver, its stock does not count
			     */
	struct text id;     /* unique; ties go to the lower: bytewise, then the shorter */
	uint32_t available; /* neither issued nor reserved, in the item's own unit */
	uint32_t depot;     /* the caller's own index, handed through */
};

struct supply_pick {
	uint32_t depot;    /* index into the depots given */
	uint32_t quantity; /* above 0 */
	int64_t travel_ms;
};

/* Sums of quantity * time need more than 64 bits. */
__extension__ typedef __int128 supply_wide;

/* Working memory, about 40 KiB, aligned to 16; nothing in it is read before written, nothing is kept. */
struct supply_item {
	supply_wide weight; /* 256 * value + lambda * available */
	supply_wide value;  /* what choosing it saves against the farthest: available * travel saved */
	uint64_t bit;       /* of its id: the lowest id has the highest bit */
	uint32_t available;
};
struct supply_scratch {
	struct supply_item item[SUPPLY_DEPOTS_MAX];
	supply_wide weight_before[SUPPLY_DEPOTS_MAX + 1]; /* sums over item[0 .. i-1] */
	uint64_t bits_before[SUPPLY_DEPOTS_MAX + 1];
	/* [i][r]: what the r largest stocks in item[i ..] hold together */
	uint64_t most[SUPPLY_DEPOTS_MAX + 1][SUPPLY_DEPOTS_MAX + 1];
};

struct supply_result {
	struct supply_pick pick[SUPPLY_DEPOTS_MAX]; /* by (travel_ms, id) */
	uint32_t pick_count;
	uint32_t missing; /* 0 unless DISP_E_SHORT */
	uint32_t nodes;   /* steps of the search */
	bool not_proven;  /* the search ended at its limit: valid, fewest depots, perhaps not the quickest */
};

/*
 * supply_choose - where `quantity` of one item comes from.
 *
 * Objective, each only among the equals of the one before:
 *         1 the whole quantity   2 the fewest depots   3 the least sum of quantity * travel_ms
 *         4 the lowest ids: the set of depots, sorted by id, compared element by element.
 *         Inside the set the nearer (travel_ms, id) gives all it has; the farthest gives the remainder.
 *         When all depots together have too little: all there is, from every depot that has some.
 * How     The k largest stocks give the fewest depots, k. No k-1 depots suffice, so each of the k gives
 *         something; and once the farthest is named, the rest is: of those nearer, k-1 that together reach
 *         the quantity less the farthest's stock and save the most travel. That is a knapsack with a
 *         count, NP-hard in general; a Lagrange multiplier on the stock orders the items and bounds the
 *         search, which in practice ends after a few steps (5,086 at most in 10,000 random towns of 64).
 *         tests/property/test_supply checks it against every subset.
 * Shapes  depot[count] in, 0 .. SUPPLY_DEPOTS_MAX, any order; *out is always set.
 * Order   a total order: shuffling the depots changes nothing but their indices.
 * Cost    the search could visit every k-subset; it is cut off after SUPPLY_NODES_MAX steps, and says so in
 *         not_proven. Besides, for each depot at most 16 sorts of 64 items and one 64 x 64 table.
 * Errors  DISP_E_SHORT  out->missing could not be found. A count out of range is a bug in the caller: ASSERT.
 * Memory  the caller owns all of it; nothing is kept after the return. No recursion.
 * Source  every product and sum is below 2^126: stocks below 2^32, times below 2^40, 64 depots.
 */
enum disp_err supply_choose(const struct supply_depot *depot, uint32_t count, uint32_t quantity,
	struct supply_scratch *scratch, struct supply_result *out) DISP_MUSTCHECK;

#endif
