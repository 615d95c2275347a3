/* store_internal: what the files of the facade share; private to them. */
#ifndef STORE_STORE_INTERNAL_H
#define STORE_STORE_INTERNAL_H

#include <sys/types.h>

#include "store/chain.h"
#include "store/cursor.h"
#include "store/fence.h"
#include "store/follower.h"
#include "store/journal.h"
#include "store/migrate.h"
#include "store/project.h"
#include "store/ring.h"
#include "store/store.h"
#include "store/stray.h"
#include "store/verify.h"

enum { STORE_LOG_RETRY_MS = 1000, STORE_CHILD_LOOK_MS = 50, STORE_PATH_BYTES = 4096, STORE_NO_CHILD = -2 };

struct store {
	struct store_config config; /* defaults filled in */
	int dir_fd;
	struct log *log; /* NULL: damaged, until store_recover */
	struct log_report log_report;
	uint64_t log_first; /* the oldest row in the log */
	struct ring ring;
	struct cursor_source source;
	bool recovered;

	/* the batch: rows committed_seq + 1 .. last_seq, in the ring */
	uint64_t last_seq, committed_seq;
	uint8_t last_hash[STORE_HASH_BYTES];
	uint64_t batch_bytes;
	bool batch_refused;

	enum store_mode mode;
	bool mode_told;
	uint64_t released_seq;
	int64_t opened_ms; /* of the first look at the clock; 0: none yet */
	bool log_failed_told;
	int64_t log_retry_ms, log_again_ms; /* again: when it last came back from a failure */

	/* two daemons: only with config.pair */
	struct fence fence;
	struct follower follower; /* until store_lead */
	struct stray stray;       /* from store_lead on */
	store_row_fn *stray_take; /* of store_lead */
	void *stray_context;

	struct migrate migrate;
	struct journal journal;
	struct project project;
	struct verify verify;

	pid_t snapshot_pid; /* 0: none is being written; STORE_NO_CHILD: it was, within the call */
	int snapshot_code;  /* of STORE_NO_CHILD: as the child would exit */
	uint64_t snapshot_next_seq, snapshot_seq;
	int64_t snapshot_look_ms;

	/* the one that came from PostgreSQL, if it did */
	uint64_t fetched_seq;
	uint8_t fetched_hash[STORE_HASH_BYTES]; /* of that row */
	bool postgres_silent;                   /* at this start: it was waited for, and did not answer */

	char error[STORE_ERROR_BYTES];
	struct log_bytes submit[STORE_BATCH_ROWS_MAX];
};

void store_tell(struct store *store, enum store_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Opens the log in the config's folder into store->log and log_report. */
enum disp_err store_log_open(
	struct store *store, const char *dir, struct log **log, struct log_report *report) DISP_MUSTCHECK;

/* Of two daemons: whether this one leads, as far as is known. Without a pair it always does. */
bool store_writes(const struct store *store);

/* What runs only with config.pair: the following, and from store_lead on the bringing in of stray rows. */
void store_pair_work(struct store *store, int64_t now_ms);
uint32_t store_pair_pollfds(const struct store *store, struct store_pollfd *out, uint32_t max);
int64_t store_pair_due_ms(const struct store *store);
void store_pair_state(const struct store *store, struct store_state *state);

/* Looks whether the child has ended, and what came of it. */
void store_snapshot_reap(struct store *store, int64_t now_ms);
/* The newest local snapshot is for PostgreSQL, too. */
void store_snapshot_offer(struct store *store);
uint64_t store_log_oldest(struct store *store);

#endif
