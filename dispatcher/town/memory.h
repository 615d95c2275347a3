/* memory: everything of one town in a few large blocks, freed together; no single free. */
#ifndef TOWN_MEMORY_H
#define TOWN_MEMORY_H

#include <stddef.h>

struct town_memory;

/* NULL when the machine is out of memory. Free with town_memory_free; NULL is allowed there. */
struct town_memory *town_memory_new(void);
void town_memory_free(struct town_memory *memory);

/* Zeroed bytes, aligned for any type. Never NULL: out of memory ends the process (a pack is read at the
 * start, and is bounded by TOWN_FILE_BYTES_MAX). */
void *town_memory_take(struct town_memory *memory, size_t bytes);

/* A terminated copy. */
char *town_memory_copy(struct town_memory *memory, const char *text, size_t len);

/* Room for one more element: returns array, or a copy with twice the room. count elements are in use and
 * *room is kept by the caller (0 at first). */
void *town_memory_grow(
	struct town_memory *memory, void *array, size_t count, size_t *room, size_t element_bytes);

#endif
