/* names: from an id to its row, by hash; the rows themselves stay where they are. */
#ifndef TOWN_NAMES_H
#define TOWN_NAMES_H

#include <stdbool.h>
#include <stdint.h>

struct reading_memory;

/* One table of names. Start it as {0}. */
struct town_names {
	struct town_names_slot *slot; /* [size], size a power of two */
	uint32_t size, count;
};

/* The tables of a town, by what their ids name. */
struct town_indexes {
	struct town_names grids, people, units, depots, devices, places;
};

/* Adds name -> row, unless the name is there: then false, and *row_before is its row. The name is kept by
 * pointer and must live as long as the table. */
bool town_names_add(struct reading_memory *memory, struct town_names *names, const char *name, uint32_t row,
	uint32_t *row_before);

/* Points a name that is there to another row. */
void town_names_set(struct town_names *names, const char *name, uint32_t row);

/* The row, or UINT32_MAX. */
uint32_t town_names_find(const struct town_names *names, const char *name);

#endif
