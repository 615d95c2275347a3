/* row_core: the names behind a row's numbers, as a core knows them now. */
#ifndef WIRE_ROW_CORE_H
#define WIRE_ROW_CORE_H

#include "core/query.h"
#include "wire/row.h"

/* The caller's; the name of a stock line, "depot/item", and of a requirement is good until the next one is asked for. */
struct row_core {
	const struct core *core;
	char stock[258];
	char need[256];
};

/* The names of core. Memory  *memory and core must outlive what is returned. */
struct row_names row_core_names(struct row_core *memory, const struct core *core);

#endif
