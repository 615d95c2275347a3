/* check: the promises, looked at from outside: durable bytes, rows of the database, messages that have left a door. */
#ifndef TESTS_FAULTS_CHECK_H
#define TESTS_FAULTS_CHECK_H

#include "node.h"

void check_begin(void);
void check_end(void);

/* ---- check_log.c: what is durable in DIR/log, read by itself, and the core that those rows make ---- */

struct check_row {
	uint8_t hash[32];       /* zeros: not known */
	uint64_t epoch, digest; /* digest: of the shadow behind it */
	int64_t at_ms;
};
void check_synced(void *context, struct disk *disk); /* context: the node */
void check_new_disk(const struct node *node);        /* nothing is durable there any more */
uint64_t check_durable(const struct node *node);     /* the last row, without a gap */
const struct check_row *check_row_at(uint64_t seq);  /* NULL: never durable */
uint64_t check_shadow_digest(uint64_t *seq);
/* Of two daemons the shadow is made of the journal, and each one's log is remembered besides. */
void check_journal_grew(void);
const struct check_row *check_row_of(
	const struct node *node, uint64_t seq);              /* durable there; NULL: not known */
void check_sets_stray(struct node *node, uint64_t from_seq); /* its log is about to go */
void check_log_anew(struct node *node, bool recovered);      /* a start: it may have another log now */
/* The row's event and effects, as the shadow has applied them, to check_rows.c. */
void check_row(const struct event *event, const struct effects *effects);

/* ---- check_node.c: what a node does, and what leaves it ---- */
void check_node_begin(void);
void check_report(int level, const char *text);
void check_refused_start(struct node *node, int err);
void check_recovered(struct node *node);
void check_new_epoch(struct node *node, uint64_t epoch);
void check_leaves(uint32_t number, enum net_door door, const char *text, uint32_t bytes);
void check_released(uint32_t number, uint64_t seq, const char *what);
void check_died(struct node *node);
void check_turn(struct node *node);   /* before a turn */
void check_turned(struct node *node); /* after it */

/* ---- check_rows.c: the rows, as they become durable ---- */
void check_rows_begin(void);
void check_stray_event(const struct event *event); /* of a row that is not in force */

/* ---- check_end.c: when all is over ---- */
void check_finished(void);
/* Why it is not over yet, a constant; NULL: it is. */
const char *check_unfinished(void);

#endif
