/* memory: blocks in a chain; taking is a pointer step. */
#include "reading/memory.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"

enum { BLOCK_BYTES = 256 * 1024, ALIGN = 16 };

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(ALIGN) char bytes[];
};

struct reading_memory {
	struct block *first; /* the one being filled */
};

struct reading_memory *reading_memory_new(void)
{
	return calloc(1, sizeof(struct reading_memory));
}

void reading_memory_free(struct reading_memory *memory)
{
	if (memory == NULL)
		return;
	for (struct block *block = memory->first, *next; block != NULL; block = next) {
		next = block->next;
		free(block);
	}
	free(memory);
}

void *reading_memory_take(struct reading_memory *memory, size_t bytes)
{
	size_t want = (bytes + ALIGN - 1) / ALIGN * ALIGN;
	struct block *block = memory->first;

	if (block == NULL || block->size - block->used < want) {
		size_t size = want > BLOCK_BYTES ? want : BLOCK_BYTES;

		block = calloc(1, sizeof(*block) + size);
		if (block == NULL)
			disp_panic("out of memory while reading files", __FILE__, __LINE__);
		block->size = size;
		block->next = memory->first;
		memory->first = block;
	}
	block->used += want;
	return block->bytes + block->used - want;
}

char *reading_memory_copy(struct reading_memory *memory, const char *text, size_t len)
{
	char *copy = reading_memory_take(memory, len + 1);

	if (len > 0)
		memcpy(copy, text, len);
	return copy;
}

void *reading_memory_grow(
	struct reading_memory *memory, void *array, size_t count, size_t *room, size_t element_bytes)
{
	if (count < *room)
		return array;
	*room = *room == 0 ? 64 : *room * 2;

	void *larger = reading_memory_take(memory, *room * element_bytes);
	if (count > 0)
		memcpy(larger, array, count * element_bytes);
	return larger;
}
