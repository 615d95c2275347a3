/* memory: each node's heap in an arena of its own, which is dropped when the node dies; allocations that fail. */
#ifndef TESTS_FAULTS_MEMORY_H
#define TESTS_FAULTS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The program is linked with --wrap for malloc, calloc, realloc, aligned_alloc and free: between memory_enter and
 * memory_leave they serve from the arena, at the same addresses in each run; outside from the C library.
 */
struct memory;
struct memory *memory_new(void);
void memory_reset(struct memory *memory); /* all of it is zero again */

void memory_enter(void *memory); /* NULL: the C library's */
void *memory_leave(void);        /* returns what was in force */

/* Asked at each allocation inside an arena; true: it fails. */
extern bool (*memory_fails)(void);

#endif
