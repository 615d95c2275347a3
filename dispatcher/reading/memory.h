/* memory: everything that is read from one folder in a few large blocks, freed together; no single free. */
#ifndef READING_MEMORY_H
#define READING_MEMORY_H

#include <stddef.h>

struct reading_memory;

/* NULL when the machine is out of memory. Free with reading_memory_free; NULL is allowed there. */
struct reading_memory *reading_memory_new(void);
void reading_memory_free(struct reading_memory *memory);

/* Zeroed bytes, aligned for any type. Never NULL: out of memory ends the process (folders are read
 * at the start and on reload, and their files are bounded). */
void *reading_memory_take(struct reading_memory *memory, size_t bytes);

/* A terminated copy. */
char *reading_memory_copy(struct reading_memory *memory, const char *text, size_t len);

/* Room for one more element: returns array, or a copy with twice the room. count elements are in use and
 * *room is kept by the caller (0 at first). */
void *reading_memory_grow(
	struct reading_memory *memory, void *array, size_t count, size_t *room, size_t element_bytes);

#endif
