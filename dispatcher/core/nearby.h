/* nearby: where the open incidents are, packed for scanning; the incidents themselves stand in their table. Pure. */
#ifndef CORE_NEARBY_H
#define CORE_NEARBY_H

#include "core/error.h"
#include "core/types.h"

struct nearby_item {
	int64_t ecef_mm[3];
	uint32_t slot, unused;
};

struct nearby {
	struct nearby_item *item; /* [max], in no order */
	uint32_t *where;          /* [max]: place of slot in item[] + 1; 0: not there */
	uint32_t max, count;      /* slots are 0 .. max - 1 */
};

void nearby_put(struct nearby *nearby, uint32_t slot, const struct place *place); /* puts in, or moves */
void nearby_drop(struct nearby *nearby, uint32_t slot); /* nothing when it is not there */
void nearby_clear(struct nearby *nearby);

/*
 * The next slot from *cursor (0 at first) that may lie within within_mm of the place, as a chord; 0: no more. A sieve:
 * it lets through what is up to a cube's corner too far, and nothing nearer is left out.
 */
uint32_t nearby_next(
	const struct nearby *nearby, uint32_t *cursor, const struct place *place, int64_t within_mm);

#endif
