/* memory: everything of one set of playbooks in a few blocks, freed together; no single free. */
#ifndef PLAYBOOK_MEMORY_H
#define PLAYBOOK_MEMORY_H

#include <stddef.h>

struct playbook_memory;

/* NULL when the machine is out of memory. Free with playbook_memory_free; NULL is allowed there. */
struct playbook_memory *playbook_memory_new(void);
void playbook_memory_free(struct playbook_memory *memory);

/* Zeroed bytes, aligned for any type. Never NULL: out of memory ends the process (playbooks are read at the
 * start and on reload, and are bounded by PLAYBOOK_FILE_BYTES_MAX). */
void *playbook_memory_take(struct playbook_memory *memory, size_t bytes);

#endif
