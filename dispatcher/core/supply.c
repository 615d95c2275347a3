/* supply: the fewest depots by stock, then a bounded search for the least quantity * travel. */
#include "core/supply.h"

#include <string.h>

/* Lambda is a fraction over SCALE; the bound is sharp enough with 8 binary places. */
enum { SCALE_BITS = 8 };
static const supply_wide SCALE = 1 << SCALE_BITS;

/* The depots that count, nearest first, and the best set found so far. */
struct search {
	const struct supply_depot *depot;
	struct supply_scratch *scratch;
	uint32_t order[SUPPLY_DEPOTS_MAX]; /* indices into depot, by (travel_ms, id) */
	uint64_t bit[SUPPLY_DEPOTS_MAX];   /* bit[i] of order[i]: the lowest id has the highest bit */
	uint32_t count;
	uint32_t quantity;
	uint32_t nodes;
	supply_wide best_cost;
	uint64_t best_set;
};

/* What is still to choose once the farthest depot is named. */
struct rest {
	uint32_t items;   /* how many are nearer */
	uint32_t choose;  /* how many of them to take */
	uint64_t stock;   /* what they must hold together, at least */
	supply_wide cost; /* if all of it came from the farthest: each item saves its value */
	uint64_t set;     /* the farthest */
	supply_wide lambda;
};

static bool id_before(const struct text *a, const struct text *b)
{
	uint32_t shorter = a->len < b->len ? a->len : b->len;
	int order = shorter > 0 ? memcmp(a->ptr, b->ptr, shorter) : 0;

	return order != 0 ? order < 0 : a->len < b->len;
}

static bool nearer(const struct supply_depot *a, const struct supply_depot *b)
{
	return a->travel_ms != b->travel_ms ? a->travel_ms < b->travel_ms : id_before(&a->id, &b->id);
}

static const struct supply_depot *nth(const struct search *search, uint32_t i)
{
	return &search->depot[search->order[i]];
}

static void order_depots(struct search *search, uint32_t count)
{
	for (uint32_t d = 0; d < count; d++) {
		const struct supply_depot *depot = &search->depot[d];
		if (depot->available == 0 || depot->travel_ms < 0 || depot->travel_ms > SUPPLY_TRAVEL_MAX_MS)
			continue;
		uint32_t at = search->count++;
		for (; at > 0 && nearer(depot, nth(search, at - 1)); at--)
			search->order[at] = search->order[at - 1];
		search->order[at] = d;
	}
	for (uint32_t i = 0; i < search->count; i++) {
		const struct text *id = &nth(search, i)->id;
		uint32_t lower = 0;
		for (uint32_t j = 0; j < search->count; j++) { /* each bit once, even if an id came twice */
			const struct text *other = &nth(search, j)->id;
			lower += id_before(other, id) || (j < i && !id_before(id, other));
		}
		search->bit[i] = UINT64_C(1) << (SUPPLY_DEPOTS_MAX - 1 - lower);
	}
}

/* How many depots it takes at least; *set is such a set, those with the largest stocks. 0: not enough. */
static uint32_t fewest(const struct search *search, uint64_t *set)
{
	uint64_t stock = 0;
	uint32_t k = 0;

	for (*set = 0; stock < search->quantity; k++) {
		uint32_t largest = search->count;
		for (uint32_t i = 0; i < search->count; i++)
			if ((*set & search->bit[i]) == 0 &&
				(largest == search->count ||
					nth(search, i)->available > nth(search, largest)->available))
				largest = i;
		if (largest == search->count)
			return 0;
		*set |= search->bit[largest];
		stock += nth(search, largest)->available;
	}
	return k;
}

/* What a set costs when the nearest give all they have and the last the remainder. */
static supply_wide set_cost(const struct search *search, uint64_t set)
{
	supply_wide cost = 0;
	uint32_t left = search->quantity;

	for (uint32_t i = 0; i < search->count; i++) {
		const struct supply_depot *depot = nth(search, i);
		if ((set & search->bit[i]) == 0)
			continue;
		uint32_t give = depot->available < left ? depot->available : left;
		cost += (supply_wide)give * depot->travel_ms;
		left -= give;
	}
	return cost;
}

/* --- the search below one farthest depot ------------------------------------------------------ */

static bool item_before(const struct supply_item *a, const struct supply_item *b)
{
	return a->weight != b->weight ? a->weight > b->weight : a->bit > b->bit;
}

/* Orders the items by value + lambda * stock. Returns the stock of the first rest->choose of them. */
static uint64_t weigh(struct supply_item *item, const struct rest *rest, supply_wide lambda)
{
	uint64_t stock = 0;

	for (uint32_t i = 0; i < rest->items; i++) {
		struct supply_item moving = item[i];
		uint32_t at = i;
		moving.weight = moving.value * SCALE + lambda * moving.available;
		for (; at > 0 && item_before(&moving, &item[at - 1]); at--)
			item[at] = item[at - 1];
		item[at] = moving;
	}
	for (uint32_t i = 0; i < rest->choose; i++)
		stock += item[i].available;
	return stock;
}

/*
 * The least lambda, to 8 binary places, whose first items hold enough: the sharpest bound. Any lambda gives
 * a true bound; at the largest, above any value, the largest stocks come first. False: even they lack.
 */
static bool find_lambda(struct supply_item *item, struct rest *rest)
{
	uint32_t low = 0, high = 40 + 32 + SCALE_BITS;

	if (weigh(item, rest, (supply_wide)1 << high) < rest->stock)
		return false;
	rest->lambda = 0;
	if (weigh(item, rest, 0) >= rest->stock)
		return true;
	while (low < high) { /* the least power of two that does */
		uint32_t middle = (low + high) / 2;
		if (weigh(item, rest, (supply_wide)1 << middle) >= rest->stock)
			high = middle;
		else
			low = middle + 1;
	}
	rest->lambda = (supply_wide)1 << low;
	for (uint32_t place = 2; place <= 9 && place <= low + 1; place++) {
		supply_wide less = rest->lambda - ((supply_wide)1 << (low + 1 - place));
		if (weigh(item, rest, less) >= rest->stock)
			rest->lambda = less;
	}
	(void)weigh(item, rest, rest->lambda);
	return true;
}

/* most[i][r]: what the r largest stocks among item[i ..] hold together. */
static void tabulate(struct supply_scratch *scratch, const struct rest *rest)
{
	uint32_t sorted[SUPPLY_DEPOTS_MAX];

	scratch->weight_before[0] = 0;
	scratch->bits_before[0] = 0;
	for (uint32_t i = 0; i < rest->items; i++) {
		scratch->weight_before[i + 1] = scratch->weight_before[i] + scratch->item[i].weight;
		scratch->bits_before[i + 1] = scratch->bits_before[i] + scratch->item[i].bit;
	}
	scratch->most[rest->items][0] = 0;
	for (uint32_t i = rest->items; i > 0; i--) {
		uint32_t held = rest->items - i, at = held;
		uint32_t stock = scratch->item[i - 1].available;
		for (; at > 0 && stock > sorted[at - 1]; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = stock;
		scratch->most[i - 1][0] = 0;
		for (uint32_t r = 0; r <= held; r++)
			scratch->most[i - 1][r + 1] = scratch->most[i - 1][r] + sorted[r];
	}
}

/* What is chosen on the way down. */
struct path {
	uint32_t at[SUPPLY_DEPOTS_MAX]; /* positions in item[], rising */
	uint32_t depth;
	supply_wide weight;
	uint64_t set, stock;
};

static void path_push(struct path *path, const struct supply_item *item, uint32_t at)
{
	path->at[path->depth++] = at;
	path->weight += item[at].weight;
	path->set |= item[at].bit;
	path->stock += item[at].available;
}

static uint32_t path_pop(struct path *path, const struct supply_item *item)
{
	uint32_t at = path->at[--path->depth];

	path->weight -= item[at].weight;
	path->set &= ~item[at].bit;
	path->stock -= item[at].available;
	return at;
}

/* Whether a set below this path that takes the others from item[next ..] may still be the best. */
static bool promising(
	const struct search *search, const struct rest *rest, const struct path *path, uint32_t next)
{
	const struct supply_scratch *scratch = search->scratch;
	uint32_t left = rest->choose - path->depth;

	if (left > rest->items - next || path->stock + scratch->most[next][left] < rest->stock)
		return false;
	supply_wide weight = path->weight + scratch->weight_before[next + left] -
			     scratch->weight_before[next] - rest->lambda * (supply_wide)rest->stock;
	supply_wide wanted = (rest->cost - search->best_cost) * SCALE;
	if (weight != wanted)
		return weight > wanted;
	uint64_t set = path->set + (scratch->bits_before[next + left] - scratch->bits_before[next]);
	return set > search->best_set;
}

static void keep_if_better(struct search *search, uint64_t set)
{
	supply_wide cost = set_cost(search, set);

	if (cost < search->best_cost || (cost == search->best_cost && set > search->best_set)) {
		search->best_cost = cost;
		search->best_set = set;
	}
}

/* Depth first, the heaviest items first. False: the limit was reached. */
static bool descend(struct search *search, const struct rest *rest)
{
	struct path path = {.set = rest->set};
	const struct supply_item *item = search->scratch->item;
	uint32_t next = 0;

	for (;;) {
		if (search->nodes == SUPPLY_NODES_MAX)
			return false;
		search->nodes++;
		if (promising(search, rest, &path, next)) {
			if (path.depth < rest->choose) {
				path_push(&path, item, next++);
				continue;
			}
			keep_if_better(search, path.set);
		}
		if (path.depth == 0)
			return true;
		next = path_pop(&path, item) + 1;
	}
}

/* All sets of k whose farthest is order[last]. False: the limit was reached. */
static bool search_below(struct search *search, uint32_t last, uint32_t k)
{
	const struct supply_depot *farthest = nth(search, last);
	struct rest rest = {.items = last, .choose = k - 1, .set = search->bit[last]};

	if (farthest->available < search->quantity)
		rest.stock = search->quantity - farthest->available;
	rest.cost = (supply_wide)search->quantity * farthest->travel_ms;
	if (rest.choose > rest.items)
		return true;
	for (uint32_t i = 0; i < last; i++) {
		const struct supply_depot *depot = nth(search, i);
		supply_wide saved = farthest->travel_ms - depot->travel_ms;
		search->scratch->item[i] = (struct supply_item){
			.value = saved * depot->available,
			.bit = search->bit[i],
			.available = depot->available,
		};
	}
	if (!find_lambda(search->scratch->item, &rest))
		return true;
	tabulate(search->scratch, &rest);
	return descend(search, &rest);
}

static void give(const struct search *search, uint64_t set, struct supply_result *out)
{
	uint32_t left = search->quantity;

	for (uint32_t i = 0; i < search->count; i++) {
		const struct supply_depot *depot = nth(search, i);
		if ((set & search->bit[i]) == 0)
			continue;
		uint32_t quantity = depot->available < left ? depot->available : left;
		ASSERT(quantity > 0); /* k is the fewest: each of them is needed */
		out->pick[out->pick_count++] =
			(struct supply_pick){search->order[i], quantity, depot->travel_ms};
		left -= quantity;
	}
	out->missing = left;
}

enum disp_err supply_choose(const struct supply_depot *depot, uint32_t count, uint32_t quantity,
	struct supply_scratch *scratch, struct supply_result *out)
{
	struct search search = {.depot = depot, .scratch = scratch, .quantity = quantity};

	ASSERT(count <= SUPPLY_DEPOTS_MAX);
	memset(out, 0, sizeof(*out));
	if (quantity == 0)
		return DISP_OK;
	order_depots(&search, count);

	uint32_t k = fewest(&search, &search.best_set);
	if (k > 0) {
		search.best_cost = set_cost(&search, search.best_set);
		for (uint32_t last = k - 1; last < search.count && !out->not_proven; last++)
			out->not_proven = !search_below(&search, last, k);
	}
	give(&search, search.best_set, out);
	out->nodes = search.nodes;
	return k > 0 ? DISP_OK : DISP_E_SHORT;
}
