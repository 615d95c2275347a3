/* names: open addressing, at most half full. */
#include "town/names.h"

#include <string.h>

#include "reading/memory.h"

struct town_names_slot {
	const char *name; /* NULL: free */
	uint32_t row;
};

/* FNV-1a, 64 bits. */
static uint32_t hash_of(const char *name)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
	return (uint32_t)(hash ^ hash >> 32);
}

static struct town_names_slot *slot_of(const struct town_names *names, const char *name)
{
	uint32_t at = hash_of(name) & (names->size - 1);

	while (names->slot[at].name != NULL && strcmp(names->slot[at].name, name) != 0)
		at = (at + 1) & (names->size - 1);
	return &names->slot[at];
}

static void names_widen(struct reading_memory *memory, struct town_names *names)
{
	struct town_names wider = {.size = names->size == 0 ? 256 : names->size * 2, .count = names->count};

	wider.slot = reading_memory_take(memory, wider.size * sizeof(*wider.slot));
	for (uint32_t at = 0; at < names->size; at++)
		if (names->slot[at].name != NULL)
			*slot_of(&wider, names->slot[at].name) = names->slot[at];
	*names = wider;
}

bool town_names_add(struct reading_memory *memory, struct town_names *names, const char *name, uint32_t row,
	uint32_t *row_before)
{
	if (names->count * 2 >= names->size)
		names_widen(memory, names);

	struct town_names_slot *slot = slot_of(names, name);
	if (slot->name != NULL) {
		*row_before = slot->row;
		return false;
	}
	*slot = (struct town_names_slot){name, row};
	names->count++;
	return true;
}

void town_names_set(struct town_names *names, const char *name, uint32_t row)
{
	slot_of(names, name)->row = row;
}

uint32_t town_names_find(const struct town_names *names, const char *name)
{
	if (names->size == 0)
		return UINT32_MAX;

	const struct town_names_slot *slot = slot_of(names, name);
	return slot->name == NULL ? UINT32_MAX : slot->row;
}
