/* ring: the newest rows in memory, in the log's bytes, with the time each was committed; no I/O. */
#include "store/ring.h"

#include <stdlib.h>

enum disp_err ring_init(struct ring *ring, uint64_t size)
{
	*ring = (struct ring){.bytes = malloc(size),
		.row = calloc(RING_ROWS_MAX, sizeof(*ring->row)),
		.size = size,
		.first = 1};
	if (ring->bytes != NULL && ring->row != NULL)
		return DISP_OK;
	ring_free(ring);
	return DISP_E_FULL;
}

void ring_free(struct ring *ring)
{
	free(ring->bytes);
	free(ring->row);
	*ring = (struct ring){.first = 1};
}

void ring_reset(struct ring *ring, uint64_t next)
{
	ring->first = next;
	ring->last = next - 1;
}

uint8_t *ring_put(struct ring *ring, uint32_t size)
{
	uint64_t at = ring->used % ring->size;
	uint64_t offset = at + size > ring->size ? ring->used + ring->size - at : ring->used;
	uint64_t seq = ring->last + 1;

	ASSERT(size <= ring->size / 2);
	while (ring->first <= ring->last &&
		(ring->last + 1 - ring->first == RING_ROWS_MAX ||
			offset + size - ring->row[ring->first % RING_ROWS_MAX].offset > ring->size))
		ring->first++;
	ring->row[seq % RING_ROWS_MAX] = (struct ring_row){.offset = offset, .size = size};
	ring->used = offset + size;
	ring->last = seq;
	return ring->bytes + offset % ring->size;
}

const struct ring_row *ring_find(const struct ring *ring, uint64_t seq)
{
	return seq < ring->first || seq > ring->last ? NULL : &ring->row[seq % RING_ROWS_MAX];
}

const uint8_t *ring_bytes(const struct ring *ring, const struct ring_row *row)
{
	return ring->bytes + row->offset % ring->size;
}

void ring_committed(struct ring *ring, uint64_t first, int64_t now_ms)
{
	for (uint64_t seq = first; seq <= ring->last; seq++)
		ring->row[seq % RING_ROWS_MAX].committed_ms = now_ms;
}
