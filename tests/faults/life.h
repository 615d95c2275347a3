/* life: what one process of a node is made of; for node.c and life.c alone. */
#ifndef TESTS_FAULTS_LIFE_H
#define TESTS_FAULTS_LIFE_H

#include "clock/clock.h"
#include "ingest/ingest.h"
#include "node.h"
#include "shell/recover.h"
#include "store/store.h"
#include "wire/row_core.h"

struct life {
	struct core *core;
	struct store *store;
	struct shell shell;
	struct ingest *ingest;
	struct event_clock_source clock;
	struct row_core row_core;
	struct row_names names;
	struct snapshot snapshot;
	struct recovered recovered;
	struct ground ground;
	uint64_t snapshot_seq, audit_cursor;
	int64_t wall_off_ms, checked_ms;
	bool more;
	uint32_t roads; /* how the ways are in this life */
};

/* From nothing to open doors, as the daemon's start does it. False: the start was refused, the process ends. */
bool life_start(struct node *node);
/* One turn of the daemon's loop. */
void life_turn(struct node *node);
/* When the next one is due. */
int64_t life_due_ms(const struct node *node);

#endif
