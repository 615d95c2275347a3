/* memory: size classes of powers of two over one range of addresses; freed blocks are used again. */
#include "memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { CLASSES = 40, HEAD_BYTES = 64, CLASS_MIN = 6 };
#define ARENA_BYTES (UINT64_C(4) << 30)
#define ARENA_AT    UINT64_C(0x100000000000)

/* Before each block; the block is aligned to 64 bytes. */
struct head {
	uint64_t bytes; /* asked for */
	uint32_t class;
	struct head *next; /* of a free one */
};

struct memory {
	uint8_t *base;
	uint64_t used;
	struct head *free[CLASSES];
};

bool (*memory_fails)(void);
static struct memory *current;
static uint32_t arenas;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void __wrap_free(void *block);

struct memory *memory_new(void)
{
	struct memory *memory = __real_calloc(1, sizeof *memory);
	void *wanted = (void *)(uintptr_t)(ARENA_AT + arenas * ARENA_BYTES);

	if (memory == NULL)
		abort();
	memory->base = mmap(wanted, ARENA_BYTES, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
	if (memory->base == MAP_FAILED)
		abort();
	arenas++;
	return memory;
}

void memory_reset(struct memory *memory)
{
	uint8_t *base = memory->base;

	if (memory->used > 0 && madvise(base, memory->used, MADV_DONTNEED) != 0)
		abort();
	memset(memory, 0, sizeof *memory);
	memory->base = base;
}

void memory_enter(void *memory)
{
	current = memory;
}

void *memory_leave(void)
{
	void *before = current;

	current = NULL;
	return before;
}

static bool is_arena(const void *block)
{
	uint64_t at = (uint64_t)(uintptr_t)block;

	return at >= ARENA_AT && at < ARENA_AT + arenas * ARENA_BYTES;
}

/* *fresh: never used since the arena was reset, and so zero. */
static void *take(size_t size, bool *fresh)
{
	uint32_t class = CLASS_MIN;
	struct head *head;

	if (memory_fails != NULL && memory_fails()) {
		errno = ENOMEM;
		return NULL;
	}
	while ((UINT64_C(1) << class) < size)
		class ++;
	head = class < CLASSES ? current->free[class] : NULL;
	*fresh = head == NULL;
	if (head != NULL) {
		current->free[class] = head->next;
	} else {
		uint64_t bytes = HEAD_BYTES + (UINT64_C(1) << class);

		if (current->used + bytes > ARENA_BYTES)
			abort();
		head = (struct head *)(void *)(current->base + current->used);
		current->used += bytes;
		head->class = class;
	}
	head->bytes = size;
	return (uint8_t *)head + HEAD_BYTES;
}

static struct head *head_of(void *block)
{
	return (struct head *)(void *)((uint8_t *)block - HEAD_BYTES);
}

void *__wrap_malloc(size_t size)
{
	bool fresh;

	return current == NULL ? __real_malloc(size) : take(size, &fresh);
}

void *__wrap_calloc(size_t count, size_t size)
{
	bool fresh;

	if (current == NULL)
		return __real_calloc(count, size);
	void *block = take(count * size, &fresh);

	if (block != NULL && !fresh)
		memset(block, 0, count * size);
	return block;
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	return current == NULL ? __real_aligned_alloc(alignment, size) : __wrap_malloc(size);
}

void __wrap_free(void *block)
{
	if (block == NULL)
		return;
	if (!is_arena(block)) {
		__real_free(block);
		return;
	}
	struct head *head = head_of(block);

	if (current == NULL)
		return; /* its arena is dropped as a whole */
	head->next = current->free[head->class];
	current->free[head->class] = head;
}

void *__wrap_realloc(void *block, size_t size)
{
	if (current == NULL || (block != NULL && !is_arena(block)))
		return __real_realloc(block, size);
	if (block != NULL && size <= UINT64_C(1) << head_of(block)->class) {
		head_of(block)->bytes = size;
		return block;
	}
	void *grown = __wrap_malloc(size);

	if (grown != NULL && block != NULL) {
		memcpy(grown, block, head_of(block)->bytes < size ? head_of(block)->bytes : size);
		__wrap_free(block);
	}
	return grown;
}
