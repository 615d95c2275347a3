/* project_rule: what a projection takes over from another one, in the same transaction; no row is read for it. */
#ifndef STORE_PROJECT_RULE_H
#define STORE_PROJECT_RULE_H

#include "store/project_tables.h"

/*
 * A statement over the rows of `table` that the batch has written: $1 the town, $2 … a text[] for each of the table's
 * first `arrays` columns. It is sent when `after` has been written, or when there was nothing to write to it. So that what it
 * takes over is what stood at that row of the journal, whatever a batch holds: rules of PROJECT_TABLE_ORDER,
 * PROJECT_TABLE_MERGED and PROJECT_TABLE_SEEN see the cases as they were before this batch (what the batch itself knows, the fold has copied), and
 * the registry changes only at the beginning of a batch (begins_batch of project.c).
 */
struct project_rule {
	enum project_table table, after;
	uint32_t arrays;
	const char *sql;
};

enum { PROJECT_RULE_COUNT = 18 };
extern const struct project_rule project_rule[PROJECT_RULE_COUNT];

#endif
