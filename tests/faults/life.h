/* life: what one process of a node is made of; for node.c and life.c alone. */
#ifndef TESTS_FAULTS_LIFE_H
#define TESTS_FAULTS_LIFE_H

#include "clock/clock.h"
#include "ingest/ingest.h"
#include "lead.h"
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
	struct store_config config;
	struct lead lead; /* of two daemons */
	char holder[8];
	uint64_t snapshot_seq, audit_cursor;
	int64_t wall_off_ms, checked_ms;
	bool more;
	uint32_t roads; /* how the ways are in this life */
};

/* From nothing to open doors, as the daemon's start does it. False: the start was refused, the process ends. */
bool life_start(struct node *node);
/* One turn of the daemon's loop. False: another daemon leads, and this life is over. */
bool life_turn(struct node *node);
/* The start is on record; so are the town and its plans, once. */
bool life_note_start(struct life *life);
/* When the next one is due. */
int64_t life_due_ms(const struct node *node);

/* life_pair.c: the parts of one of two daemons, opened behind the store and the shell; the end of a life that was replaced. */
bool life_pair_open(struct node *node);
void life_pair_end(struct node *node);

#endif
