/* pace: so much a second from each address, and from all of them together. Pure; no clock, no sockets. */
#ifndef WIRE_PACE_H
#define WIRE_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PACE_SLOTS =
		1024, /* a power of two; addresses that fall into one slot share it, by chance and unforeseeably */
	PACE_KNOWN = 4 /* who is known may that many times as much as a stranger */
};

/* In units a second, with so many at once. all 0: no limit for all together. */
struct pace_rates {
	uint32_t each, each_burst, all, all_burst;
};

struct pace_bucket {
	int64_t at_ms, thousandths; /* at_ms: of the last look; 0: full */
};

struct pace {
	struct pace_rates rates;
	uint64_t seed;
	struct pace_bucket whole, slot[PACE_SLOTS];
};

/* seed: by chance, so that nobody can choose whose slot he falls into. Every bucket is full at first. */
void pace_init(struct pace *pace, const struct pace_rates *rates, uint64_t seed);

/*
 * pace_take - one unit for who[count], if there is one left; else nothing changes.
 *
 * Shapes  known: not a stranger; strangers leave the last quarter of what is for all to those who are known.
 *         now_ms: above 0, of a clock that never goes back.
 */
bool pace_take(struct pace *pace, const uint8_t *who, uint32_t count, bool known, int64_t now_ms);

/* One unit back into the bucket of who: it was no stranger's. */
void pace_give(struct pace *pace, const uint8_t *who, uint32_t count);

#endif
