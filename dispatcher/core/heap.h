/* heap: a bounded priority queue of ids with 64-bit keys; an id stands in it at most once. Pure. */
#ifndef CORE_HEAP_H
#define CORE_HEAP_H

#include "core/error.h"
#include "core/types.h"

struct heap_item {
	int64_t key;
	uint32_t id;
	uint32_t unused;
};

struct heap {
	struct heap_item *item; /* [max] */
	uint32_t *where;        /* [max]: place of id in item[] + 1; 0: not in the heap */
	uint32_t max, count;    /* ids are 0 .. max - 1 */
};

void heap_set(struct heap *heap, uint32_t id, int64_t key); /* puts in, or moves */
void heap_drop(struct heap *heap, uint32_t id);             /* nothing when it is not there */
void heap_clear(struct heap *heap);

/* The least (key, id); NULL when empty. */
const struct heap_item *heap_top(const struct heap *heap);

#endif
