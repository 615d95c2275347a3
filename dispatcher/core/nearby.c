/* nearby: a packed list, scanned whole: 10,000 open incidents are 400 KiB; see the header. */
#include "core/nearby.h"

#include <string.h>

void nearby_put(struct nearby *nearby, uint32_t slot, const struct place *place)
{
	ASSERT(slot < nearby->max);
	if (nearby->where[slot] == 0)
		nearby->where[slot] = ++nearby->count;
	struct nearby_item *item = &nearby->item[nearby->where[slot] - 1];

	memcpy(item->ecef_mm, place->ecef_mm, sizeof item->ecef_mm);
	item->slot = slot;
}

void nearby_drop(struct nearby *nearby, uint32_t slot)
{
	ASSERT(slot < nearby->max);
	if (nearby->where[slot] == 0)
		return;
	uint32_t hole = nearby->where[slot] - 1;

	nearby->item[hole] = nearby->item[--nearby->count];
	nearby->where[nearby->item[hole].slot] = hole + 1;
	nearby->where[slot] = 0;
}

void nearby_clear(struct nearby *nearby)
{
	memset(nearby->where, 0, nearby->max * sizeof *nearby->where);
	nearby->count = 0;
}

uint32_t nearby_next(
	const struct nearby *nearby, uint32_t *cursor, const struct place *place, int64_t within_mm)
{
	/* Each end was rounded to the millimetre. */
	uint64_t span = (uint64_t)within_mm + 4, width = 2 * span;

	while (*cursor < nearby->count) {
		const struct nearby_item *item = &nearby->item[(*cursor)++];
		bool in = true;

		for (uint32_t axis = 0; axis < 3; axis++)
			in &= (uint64_t)(item->ecef_mm[axis] - place->ecef_mm[axis]) + span <= width;
		if (in)
			return item->slot;
	}
	return 0;
}
