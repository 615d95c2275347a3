/* pace: token buckets, one for all and one for each slot of addresses; see the header. */
#include "wire/pace.h"

#include <string.h>

enum { HOUR_MS = 3600000 };

/* Of the buckets: a unit for a stranger; who is known pays less. */
static const int64_t unit = 1000 * PACE_KNOWN;

void pace_init(struct pace *pace, const struct pace_rates *rates, uint64_t seed)
{
	memset(pace, 0, sizeof *pace);
	pace->rates = *rates;
	pace->seed = seed;
}

/* FNV-1a over the seed and the bytes, mixed once more: slots are few. */
static struct pace_bucket *slot_of(struct pace *pace, const uint8_t *who, uint32_t count)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ pace->seed;

	for (uint32_t at = 0; at < count; at++)
		hash = (hash ^ who[at]) * UINT64_C(0x100000001b3);
	hash ^= pace->seed >> 7;
	hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
	return &pace->slot[(hash ^ hash >> 33) & (PACE_SLOTS - 1)];
}

static void fill(struct pace_bucket *bucket, uint32_t rate, uint32_t burst, int64_t now_ms)
{
	int64_t full = burst * unit, passed_ms = now_ms - bucket->at_ms;

	if (bucket->at_ms == 0)
		bucket->thousandths = full;
	else if (passed_ms > 0)
		bucket->thousandths += (passed_ms < HOUR_MS ? passed_ms : HOUR_MS) * rate * PACE_KNOWN;
	if (bucket->thousandths > full)
		bucket->thousandths = full;
	bucket->at_ms = now_ms;
}

bool pace_take(struct pace *pace, const uint8_t *who, uint32_t count, bool known, int64_t now_ms)
{
	const struct pace_rates *rates = &pace->rates;
	struct pace_bucket *slot = slot_of(pace, who, count);
	int64_t cost = known ? unit / PACE_KNOWN : unit;
	int64_t kept = known ? 0 : rates->all_burst * unit / 4;

	fill(slot, rates->each, rates->each_burst, now_ms);
	fill(&pace->whole, rates->all, rates->all_burst, now_ms);
	if (slot->thousandths < cost || (rates->all > 0 && pace->whole.thousandths < unit + kept))
		return false;
	slot->thousandths -= cost;
	pace->whole.thousandths -= rates->all > 0 ? unit : 0;
	return true;
}

void pace_give(struct pace *pace, const uint8_t *who, uint32_t count)
{
	slot_of(pace, who, count)->thousandths += unit; /* what is too much is cut off at the next look */
}
