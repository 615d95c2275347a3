/* ring: the newest rows in memory, in the log's bytes, with the time each was committed; no I/O. */
#ifndef STORE_RING_H
#define STORE_RING_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

enum { RING_ROWS_MAX = 1 << 18 };

struct ring_row {
	uint64_t offset; /* bytes ever put, before this row; modulo the size: where it lies */
	uint32_t size;
	int64_t committed_ms;
};

/* Rows first .. last lie in it; first = last + 1: none. Older ones give way to newer ones. */
struct ring {
	uint8_t *bytes;
	uint64_t size, used; /* used: bytes ever put, gaps at the end included */
	uint64_t first, last;
	struct ring_row *row; /* [RING_ROWS_MAX], by seq modulo that */
};

enum disp_err ring_init(struct ring *ring, uint64_t size) DISP_MUSTCHECK; /* DISP_E_FULL: no memory */
void ring_free(struct ring *ring);

/* Forgets everything; the next row put is `next`. */
void ring_reset(struct ring *ring, uint64_t next);

/* Room for the next row, which is last + 1 and at most half the ring; the caller fills it. */
uint8_t *ring_put(struct ring *ring, uint32_t size);

/* NULL: not in the ring. */
const struct ring_row *ring_find(const struct ring *ring, uint64_t seq);
const uint8_t *ring_bytes(const struct ring *ring, const struct ring_row *row);
void ring_committed(struct ring *ring, uint64_t first, int64_t now_ms);

#endif
