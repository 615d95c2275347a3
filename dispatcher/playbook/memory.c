/* memory: blocks in a chain; taking is a pointer step. */
#include "playbook/memory.h"

#include <stdlib.h>

#include "core/error.h"

enum { BLOCK_BYTES = 64 * 1024, ALIGN = 16 };

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(ALIGN) char bytes[];
};

struct playbook_memory {
	struct block *first; /* the one being filled */
};

struct playbook_memory *playbook_memory_new(void)
{
	return calloc(1, sizeof(struct playbook_memory));
}

void playbook_memory_free(struct playbook_memory *memory)
{
	if (memory == NULL)
		return;
	for (struct block *block = memory->first, *next; block != NULL; block = next) {
		next = block->next;
		free(block);
	}
	free(memory);
}

void *playbook_memory_take(struct playbook_memory *memory, size_t bytes)
{
	size_t want = (bytes + ALIGN - 1) / ALIGN * ALIGN;
	struct block *block = memory->first;

	if (block == NULL || block->size - block->used < want) {
		size_t size = want > BLOCK_BYTES ? want : BLOCK_BYTES;

		block = calloc(1, sizeof(*block) + size);
		if (block == NULL)
			disp_panic("out of memory while reading playbooks", __FILE__, __LINE__);
		block->size = size;
		block->next = memory->first;
		memory->first = block;
	}
	block->used += want;
	return block->bytes + block->used - want;
}
