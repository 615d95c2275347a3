/* project_tables: the projections' tables and columns as the projector writes them; the one list, no behaviour. */
#include "store/project_tables.h"

#define COLUMN(table, column, type, mode) {#column, PROJECT_##type, PROJECT_##mode},

#define COLUMNS(table, name) static const struct project_column column_##table[] = {PROJECT_##table(COLUMN)};
PROJECT_TABLES(COLUMNS)

/* A term of the sum in TABLE, not a value of its own: parentheses around it would make a call of the sum. */
#define IS_KEY(table, column, type, mode)                                                                    \
	+(PROJECT_##mode == PROJECT_KEY) /* NOLINT(bugprone-macro-parentheses) */
#define TABLE(table, name)                                                                                   \
	[PROJECT_TABLE_##table] = {name, column_##table, table##_COLUMNS, 0 PROJECT_##table(IS_KEY)},

const struct project_table_def project_table[PROJECT_TABLE_COUNT] = {PROJECT_TABLES(TABLE)};
