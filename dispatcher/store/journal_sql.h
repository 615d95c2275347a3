/* journal_sql: what the journal's writer sends; private to it. */
#ifndef STORE_JOURNAL_SQL_H
#define STORE_JOURNAL_SQL_H

#include "store/journal.h"

/* Which of the set-up's results tells where the journal ends; of two daemons, there is one more before it: the fence's. */
enum { JOURNAL_SETUP_END = 4 };

void journal_send_setup(struct journal *journal, int64_t now_ms);
void journal_send_batches(struct journal *journal, uint64_t durable_seq, int64_t now_ms);

#endif
