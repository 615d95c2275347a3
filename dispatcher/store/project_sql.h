/* project_sql: what the projector sends; private to it. */
#ifndef STORE_PROJECT_SQL_H
#define STORE_PROJECT_SQL_H

#include "store/project.h"

/* Settings, statements, where the projections stand; then a Sync. The last result but the Sync's says where. */
bool project_send_setup(struct project *project);

/* The fold, and projected_seq from `from` to project->batch_last, in one transaction. */
bool project_send_batch(struct project *project, uint64_t from);

/* Of two daemons, the last statement before each Sync: the transaction fails when another one leads. Else nothing is sent. */
bool project_send_fence(struct project *project);

/* This row, whose projection was refused, into dispatch.quarantine, and projected_seq past it. */
bool project_send_passing(struct project *project, const struct store_row *row);

/* The fold of a row that comes late: into the tables, where later rows have said nothing else. No Sync. */
bool project_send_late(struct project *project);

#endif
