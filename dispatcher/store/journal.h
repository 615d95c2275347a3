/* journal: the writer of dispatch.journal, from durable rows; decides nothing about release. */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "store/array.h"
#include "store/cursor.h"
#include "store/fence.h"
#include "store/file_ops.h"
#include "store/link.h"

/*
 * One connection in pipeline mode. A batch is one array statement and one Sync, hence one transaction; at most
 * JOURNAL_FLIGHT_MAX are under way and are acknowledged in order. A lone row does not wait for company. What is
 * in doubt is sent again: rows that are there already with the same hash are no news.
 *
 * Of two daemons, one batch is under way: the other one follows, and might have to go on from here at any time, so that it
 * must never find a hole.
 *
 * A batch that PostgreSQL refuses is cut in halves down to the row, which goes to dispatch.quarantine. While that
 * goes on only one batch is under way, so that the journal never has a hole longer than what is under way, and a
 * new process that starts that far behind max(seq) misses nothing.
 */
enum {
	JOURNAL_BATCH_ROWS_MAX = 1024,
	JOURNAL_BATCH_BYTES_MAX = 4 << 20,
	JOURNAL_FLIGHT_MAX = 4,
	JOURNAL_BEHIND_ROWS = JOURNAL_BATCH_ROWS_MAX * JOURNAL_FLIGHT_MAX
};

enum journal_state {
	JOURNAL_DOWN,          /* no connection */
	JOURNAL_PREPARING,     /* set up: settings, statements, where the journal ends */
	JOURNAL_RUNNING,       /* batches of JOURNAL_BATCH_ROWS_MAX, up to JOURNAL_FLIGHT_MAX */
	JOURNAL_BISECTING,     /* one batch at a time, up to bisect_last */
	JOURNAL_SETTING_ASIDE, /* the row next_seq goes to dispatch.quarantine */
	JOURNAL_CONFLICT,      /* another row stands under conflict_seq; stopped for good */
	JOURNAL_FENCED         /* of two daemons, the other one leads; stopped for good */
};

struct journal_batch {
	uint64_t first, last;
	bool aside; /* the row goes to dispatch.quarantine */
	bool asked; /* nothing is written: whether the journal has the row, which the log does not give */
};

struct journal_config {
	const char *conninfo, *town_id, *stream;
	const struct cursor_source *source;
	const struct file_ops *ops;
	int64_t stall_ms;
	struct fence *fence; /* NULL: there is no other daemon */
	store_report_fn *report;
	void *report_context;
};

struct journal {
	struct journal_config config;
	struct link link;
	struct cursor cursor;
	enum journal_state state;
	uint64_t acked_seq; /* all rows up to it are in the journal, or set aside */
	uint64_t next_seq;  /* what is sent next */
	bool asked;         /* acked_seq rests on what this database said */
	struct journal_batch batch[JOURNAL_FLIGHT_MAX];
	uint32_t batch_first, batch_count;
	uint32_t results_seen; /* while preparing */
	uint64_t end_seq;      /* where the journal ends, as this database says; 0: empty */
	uint8_t end_hash[STORE_HASH_BYTES];
	bool refused;          /* the oldest batch has failed; its Sync is awaited */
	bool refused_for_good; /* by its content: to be bisected. Else: tried again */
	char refusal[STORE_ERROR_BYTES];
	uint64_t bisect_last; /* JOURNAL_BISECTING: as far as the batches that were under way reached */
	uint32_t bisect_rows; /* how many are sent at once */
	uint64_t conflict_seq;
	uint64_t quarantined;
	uint64_t unreadable_seq; /* the log does not give it; 0: the last one that was wanted was read */
	uint64_t lost_seq;       /* nor has the journal that row: no more is written; 0 none */
	bool found;              /* the one that was asked for is there */
	struct array array[8];   /* seq, at, epoch, kind, plan_hash, body, prev_hash, hash */
};

void journal_init(struct journal *journal, const struct journal_config *config);
void journal_close(struct journal *journal);

/*
 * journal_work - goes on; sends rows up to durable_seq, from first_seq (the log's oldest) on. Of two daemons, the one that
 * stands by does not connect.
 * Order  reads answers first, then sends.
 */
void journal_work(struct journal *journal, uint64_t first_seq, uint64_t durable_seq, int64_t now_ms);

bool journal_connected(const struct journal *journal); /* set up, and not stopped */

#endif
