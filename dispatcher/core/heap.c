/* heap: binary, with a place index; see the header. */
#include "core/heap.h"

#include <stddef.h>
#include <string.h>

static bool before(const struct heap_item *a, const struct heap_item *b)
{
	return a->key != b->key ? a->key < b->key : a->id < b->id;
}

static void put(struct heap *heap, uint32_t place, struct heap_item item)
{
	heap->item[place] = item;
	heap->where[item.id] = place + 1;
}

static void sift(struct heap *heap, uint32_t place, struct heap_item item)
{
	while (place > 0 && before(&item, &heap->item[(place - 1) / 2])) {
		put(heap, place, heap->item[(place - 1) / 2]);
		place = (place - 1) / 2;
	}
	for (;;) {
		uint32_t child = 2 * place + 1;

		if (child >= heap->count)
			break;
		if (child + 1 < heap->count && before(&heap->item[child + 1], &heap->item[child]))
			child++;
		if (!before(&heap->item[child], &item))
			break;
		put(heap, place, heap->item[child]);
		place = child;
	}
	put(heap, place, item);
}

void heap_set(struct heap *heap, uint32_t id, int64_t key)
{
	ASSERT(id < heap->max);
	uint32_t place = heap->where[id] != 0 ? heap->where[id] - 1 : heap->count++;

	sift(heap, place, (struct heap_item){.key = key, .id = id});
}

void heap_drop(struct heap *heap, uint32_t id)
{
	ASSERT(id < heap->max);
	if (heap->where[id] == 0)
		return;
	uint32_t place = heap->where[id] - 1;
	struct heap_item last = heap->item[--heap->count];

	heap->where[id] = 0;
	if (last.id != id)
		sift(heap, place, last);
}

void heap_clear(struct heap *heap)
{
	memset(heap->where, 0, heap->max * sizeof *heap->where);
	heap->count = 0;
}

const struct heap_item *heap_top(const struct heap *heap)
{
	return heap->count > 0 ? &heap->item[0] : NULL;
}
