/* ports: the store and ingest behind the ports that the shell knows; for the daemon and for what simulates it. */
#ifndef PORTS_H
#define PORTS_H

#include "ingest/ingest.h"
#include "shell/recover.h"
#include "shell/shell.h"
#include "store/store.h"

enum { PORTS_JOURNAL_WAIT_MS = 30000 }; /* a start waits so long for PostgreSQL where it needs it */

/* The store as the shell's turn sees it; its log's pressure says what may still be taken in. */
struct store_port ports_store(struct store *store);

/* Ingest as a door: alarms, units and feed. */
struct door_port ports_ingest(struct ingest *ingest);

/*
 * ports_snapshot - the newest whole snapshot, the local one or else PostgreSQL's, as sections of a core.
 *
 * Errors  DISP_E_NONE  there is none of any use.
 * Memory  the sections point into *snapshot, which snapshot_free frees.
 */
enum disp_err ports_snapshot(struct store *store, struct snapshot *snapshot,
	struct core_section section[CORE_SECTIONS_MAX], uint32_t *count) DISP_MUSTCHECK;

/* Hands over every row after that one. Errors: store_recover's, and those of take. */
enum disp_err ports_rows(
	struct store *store, uint64_t after_seq, recover_take *take, void *recover) DISP_MUSTCHECK;

#endif
