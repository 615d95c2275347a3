/* store: rows made durable, kept in PostgreSQL and read back; does not know what a row means to the core. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "store/snapshot_file.h"
#include "wire/row.h"

/*
 * A row goes one way: store_append … store_commit → local log (one fdatasync a batch) → durable there →
 * dispatch.journal → acknowledged → projections. PostgreSQL is sent only what is durable in the local log, so
 * it never knows a row that a power cut can take from us. A row may be released when it is durable in the log
 * AND either acknowledged by PostgreSQL, or PostgreSQL is not connected or silent for grace_ms: island mode.
 *
 * One thread calls everything here. Nothing blocks but store_open, store_recover and store_close. The caller
 * polls store_pollfds, and calls store_work once a turn: when one of them is ready, when store_due_ms has
 * come, and after store_commit. Times named now_ms are of a monotonic clock; at_ms is event time.
 */
enum {
	STORE_HASH_BYTES = 32,
	STORE_ROW_BODY_BYTES_MAX = 4 << 20,
	STORE_BATCH_ROWS_MAX = 4096,      /* one commit */
	STORE_BATCH_BYTES_MAX = 16 << 20, /* one commit */
	STORE_RING_BYTES = 64 << 20,      /* default */
	STORE_POLLFDS_MAX = 8,
	STORE_ERROR_BYTES = 256
};

enum store_level { STORE_INFO, STORE_WARNING, STORE_ERROR };

/* One line for people and the log of the daemon; text is good during the call. Called from within any call.
 */
typedef void store_report_fn(void *context, enum store_level level, const char *text);

/* All texts must live as long as the store. 0 or NULL: the default. */
struct store_config {
	const char *dir;              /* must exist; the log lies in DIR/log, snapshots in DIR */
	const char *conninfo;         /* of the daemon's role; NULL: no PostgreSQL, always an island */
	const char *migrate_conninfo; /* of the owner; NULL: migrations are somebody else's work */
	const char *migrations_dir;   /* schemas/sql */
	const char *town_id;
	const char *stream;         /* "actual" */
	int64_t grace_ms;           /* 300 */
	int64_t stall_ms;           /* 10,000: a connection that owes an answer for so long is dropped */
	uint64_t ring_bytes;        /* STORE_RING_BYTES; at least 4 x STORE_BATCH_BYTES_MAX */
	uint64_t segment_bytes;     /* of the log; 64 MiB */
	const struct file_ops *ops; /* NULL: the real ones */

	/*
	 * No thread and no child: the log is written within store_work, a snapshot within store_snapshot_write. For tests
	 * that run many daemons on a clock of their own.
	 */
	bool one_thread;

	/*
	 * Another daemon shares the journal. It is written after store_lead alone, and only while dispatch.lease has that
	 * epoch; until then store_follow says what the other one writes. false: the journal is ours alone.
	 */
	bool pair;
	const char *holder; /* who we are in dispatch.lease and dispatch.stray; with pair */

	/*
	 * How the projector finds the text id of a number; ids never change, so a core that is ahead serves
	 * rows of any age. ROW_NAME_STOCK gives "<depot>/<item>"; an empty text: unknown, and what needs it
	 * is left out. NULL: nothing is projected.
	 */
	const struct row_names *names;
	store_report_fn *report; /* NULL: nobody listens */
	void *report_context;
};

/* A row as it is kept. The hash chain over it is in chain.h. */
struct store_row {
	uint64_t seq;
	int64_t at_ms; /* event time */
	uint64_t epoch;
	uint32_t kind;                   /* enum event_kind */
	const uint8_t *plan_hash;        /* [STORE_HASH_BYTES]; zeros: none */
	const uint8_t *prev_hash, *hash; /* [STORE_HASH_BYTES] */
	const uint8_t *body;
	uint32_t size;
};

struct store;

/*
 * store_open - opens the local log. PostgreSQL is not asked; a damaged log is left for store_recover.
 *
 * Errors  DISP_E_IO     the directory or the log cannot be used; told by report.
 *         DISP_E_INPUT  the config is not usable: no dir, town or stream, or a number out of range.
 *         DISP_E_FULL   no memory.
 * Memory  ring_bytes and the log's buffers, about 25 MiB for PostgreSQL's; more never comes. store_close
 * frees.
 */
enum disp_err store_open(struct store **result, const struct store_config *config) DISP_MUSTCHECK;

/*
 * store_close - writes what was committed to the log, then frees. Does not wait for PostgreSQL: the next
 * start goes on where the journal ends. Rows appended and not committed are dropped. Errors  DISP_E_IO  the
 * log had failed; what was not durable is lost.
 */
enum disp_err store_close(struct store *store) DISP_MUSTCHECK;

/* ---- start ---- */

/* Takes one row; anything but DISP_OK stops the recovery, which returns it. The row is good during the call.
 */
typedef enum disp_err store_row_fn(void *context, const struct store_row *row);

/*
 * store_recover - hands over every row after after_seq (the snapshot's seq; 0: none) in order, hashes and
 * chain checked. Must be called once, before the first store_append, also for a new town. Blocks.
 *
 * With a whole local log PostgreSQL is not needed; it is asked, for at most grace_ms, whether it knows later
 * rows (a log restored from an old copy). A log that is empty, damaged or begins after after_seq + 1 is
 * completed from dispatch.journal, which is waited for at most wait_ms; rows from there are written to the
 * log first. A damaged log directory is kept aside as DIR/log.damaged-<n>. Errors  DISP_E_AGAIN    the log is
 * empty and PostgreSQL did not answer (or there is none): whether there is a past is not known. No row was
 * handed over. The caller may go on as a new town: should the journal know rows after all, that is a
 * conflict, told loudly, and nothing is lost. DISP_E_DAMAGED  rows are missing and PostgreSQL does not have
 * them or did not answer, or a hash does not fit; told by report. The start must not go on. DISP_E_IO the
 * disk. others          what the callback returned.
 */
enum disp_err store_recover(struct store *store, uint64_t after_seq, int64_t wait_ms, store_row_fn *take,
	void *context) DISP_MUSTCHECK;

/* The last row of all, its hash (zeros: none) and epoch; 0: none. After store_recover. */
uint64_t store_last_seq(const struct store *store);
void store_last_hash(const struct store *store, uint8_t hash[STORE_HASH_BYTES]);

/* ---- a turn ---- */

/*
 * store_append - adds a row to this turn's batch; copies it.
 *
 * Order   seq is store_last_seq + 1. The first row of an empty store is seq 1.
 * Errors  DISP_E_FULL   the batch is full: commit, then append again.
 *         DISP_E_AGAIN  the batch before was refused by the log (store_commit said so): take no input until
 *                       store_commit returns DISP_OK.
 *         DISP_E_INPUT  not the next seq, size above STORE_ROW_BODY_BYTES_MAX, kind outside enum event_kind.
 *         In each case nothing was taken.
 */
enum disp_err store_append(struct store *store, uint64_t seq, int64_t at_ms, uint64_t epoch, uint32_t kind,
	const uint8_t plan_hash[STORE_HASH_BYTES], const void *body, size_t size) DISP_MUSTCHECK;

/*
 * store_commit - hands the batch to the log; an empty batch is DISP_OK.
 * Errors  DISP_E_AGAIN  the log's queue is full (a slow or failed disk). The batch is kept; call again after
 *                       store_work, until DISP_OK.
 */
enum disp_err store_commit(struct store *store, int64_t now_ms) DISP_MUSTCHECK;

/* The last seq that may be released; never goes back. Cheap. Enters and leaves island mode. */
uint64_t store_released_seq(struct store *store, int64_t now_ms);

/*
 * store_pressure - how full the local log's queue is, in thousandths; 1,000 also while the disk refuses. Cheap.
 */
uint32_t store_pressure(const struct store *store);

/* What to wait for; events are POLLIN and POLLOUT of poll(2). Ask again each turn: descriptors come and go.
 */
struct store_pollfd {
	int fd;
	short events;
};
uint32_t store_pollfds(struct store *store, struct store_pollfd *out, uint32_t max);

/* When store_work next has something to do without a descriptor; INT64_MAX: never. */
int64_t store_due_ms(const struct store *store);

/* Does what can be done without waiting. Bounded: at most 4 batches each way a call. */
void store_work(struct store *store, int64_t now_ms);

/* ---- two daemons ---- */

/*
 * store_follow - stands by: from now on store_work fetches what another daemon adds to dispatch.journal, puts it into the
 * local log and hands it over, in order, a bounded number of rows a call; nothing is written to PostgreSQL.
 *
 * Order   with config.pair, after store_recover, before store_lead; store_append only after that.
 * Errors  of take: it stops the following for good (store_following.stopped), the rest of the store goes on.
 */
void store_follow(struct store *store, store_row_fn *take, void *context);

struct store_following {
	bool connected;
	/* All rows that stood in the journal at this time (of the clock of store_work) have been handed over; 0: never. */
	int64_t reached_ms;
	/* The first row of ours instead of which the journal has another; 0: none. Nothing is handed over any more. */
	uint64_t forked_seq;
	enum disp_err stopped; /* what take has returned; DISP_OK: it goes on */
};
void store_get_following(const struct store *store, struct store_following *out);

/*
 * store_lead - we lead: rows are ours to append, and go to PostgreSQL under this epoch of dispatch.lease, or not at all
 * (store_state.fenced). What another one set aside (dispatch.stray) is handed to stray_take, oldest first, a row at a time.
 *
 * Shapes  stray_take: DISP_OK: brought in; it is marked when row store_last_seq is durable in PostgreSQL. DISP_E_AGAIN: later.
 *         Anything else: it cannot be read; marked as such, and told. A row may come twice, after a crash.
 */
void store_lead(struct store *store, uint64_t epoch, store_row_fn *stray_take, void *context);

/*
 * store_set_stray - the rows of the local log from from_seq on into dispatch.stray, then the log, and the snapshots that
 * stand at or behind that row, into DIR/stray-<n>: the next start makes itself a log from the journal. Blocks, at most
 * wait_ms for PostgreSQL. Can be repeated, also after a crash at any point: nothing is lost, nothing stands twice.
 *
 * Order   the store of this config must be closed.
 * Errors  DISP_E_AGAIN  PostgreSQL did not answer: nothing was moved. DISP_E_IO  the disk. DISP_E_DAMAGED  a row cannot be
 *         read: those before it are in dispatch.stray, and the folder is moved all the same; told by report.
 */
enum disp_err store_set_stray(
	const struct store_config *config, uint64_t from_seq, int64_t wait_ms) DISP_MUSTCHECK;

/* ---- state ---- */

enum store_mode { STORE_NORMAL, STORE_ISLAND };

struct store_state {
	enum store_mode mode;
	bool connected; /* the journal's connection is up and set up */
	bool conflict;  /* PostgreSQL holds another row under a seq of ours: the journal writer has stopped */
	bool log_failed; /* nothing becomes durable; tried again every second */
	bool fenced; /* dispatch.lease has a later epoch than ours: nothing more is written to PostgreSQL, nor released */
	uint64_t conflict_seq;
	uint64_t appended_seq; /* the last row taken */
	uint64_t log_seq;      /* durable in the local log */
	uint64_t journal_seq;  /* acknowledged by PostgreSQL, without a gap (rows set aside count) */
	uint64_t projected_seq;
	uint64_t lag_rows;     /* log_seq - journal_seq */
	uint64_t quarantined;  /* rows set aside since the start */
	uint64_t snapshot_seq; /* newest whole snapshot written or read by this process */
	bool snapshot_running;
	char error[STORE_ERROR_BYTES]; /* the last thing that went wrong; "" nothing since the last success */
};
/* Of one that stands by: what it knows of the other one's journal; projected_seq is the other one's matter, and as journal_seq. */
void store_get_state(const struct store *store, struct store_state *state);

/*
 * store_row_at - one durable row by its seq (explain, export). Good until the next call of any kind.
 * Errors  DISP_E_NONE  not durable yet, or pruned. DISP_E_DAMAGED, DISP_E_IO  the log.
 */
enum disp_err store_row_at(struct store *store, uint64_t seq, struct store_row *row) DISP_MUSTCHECK;

/* ---- rows that PostgreSQL refused ---- */

enum { STORE_ASIDE_MAX = 256 };

/* One that stands in dispatch.quarantine and waits for a person. */
struct store_aside {
	uint64_t seq;
	uint32_t kind; /* enum event_kind; UINT32_MAX: none that this program knows */
	uint32_t bytes, times;
	bool journal; /* it is not in dispatch.journal; else in the journal, and not in the tables */
	char error[STORE_ERROR_BYTES];
};

/*
 * store_aside_at - those that wait, by seq, as PostgreSQL last said; at most STORE_ASIDE_MAX of them, and none whose
 * settling is under way. False: no such index. A row that was refused in both places stands there twice.
 */
bool store_aside_at(const struct store *store, uint32_t index, struct store_aside *out) DISP_MUSTCHECK;

/*
 * store_aside_settle - has the row written where it was refused, or (drop) leaves it out for good; what comes of it is
 * told by report, and by store_aside_at: one that was refused again waits again.
 * Errors  DISP_E_AGAIN  PostgreSQL is not connected, or too many are under way; nothing was taken.
 */
enum disp_err store_aside_settle(
	struct store *store, uint64_t seq, bool drop, struct text by, struct text reason) DISP_MUSTCHECK;
/* Whether store_aside_settle would take one now. */
bool store_aside_ready(const struct store *store);

/* ---- verification ---- */

enum { STORE_FAULTS_MAX = 32, STORE_FAULT_BYTES = 64 };

/* How far a verification of the journal in PostgreSQL is, and what it found. */
struct store_verify {
	bool running;
	uint64_t from_seq, to_seq; /* the stretch asked for; 0, 0: none was yet */
	uint64_t checked_seq;      /* as far as it has come */
	uint32_t compared;         /* rows that were held against the local log */
	uint32_t fault_count;      /* found; the first STORE_FAULTS_MAX are below */
	struct {
		uint64_t seq;
		char what[STORE_FAULT_BYTES];
	} fault[STORE_FAULTS_MAX];
	char error[STORE_ERROR_BYTES]; /* why it could not go on; "": it could */
};

/*
 * store_verify_start - begins to go through dispatch.journal from row from_seq (0: the oldest that is kept) to the last
 * one that PostgreSQL has acknowledged, over a connection of its own, in store_work. One under way begins anew.
 * Finds: rows removed (the end cut off, too), changed in any column, put elsewhere, written anew with hashes that fit.
 */
void store_verify_start(struct store *store, uint64_t from_seq);
void store_get_verify(const struct store *store, struct store_verify *out);

/* ---- snapshots ---- */

struct store_section {
	uint32_t id; /* the caller's, unique */
	const void *bytes;
	uint64_t size;
};

/*
 * store_snapshot_write - writes the state after row seq in a fork()ed child; the memory may change as soon as
 * the call has returned. The outcome comes by report and store_state.snapshot_seq. When it is there, old
 * snapshots go, and log segments that no snapshot kept, nor the journal, nor the projections still need.
 * Errors  DISP_E_AGAIN  one is being written, or seq is not durable yet. DISP_E_IO  no child could be
 * started. DISP_E_INPUT  more than SNAPSHOT_SECTIONS_MAX sections.
 */
enum disp_err store_snapshot_write(struct store *store, uint64_t seq, const struct store_section *section,
	uint32_t count) DISP_MUSTCHECK;

/* The newest whole one, as snapshot_read_newest has it; sections by snapshot_find, freed by snapshot_free. */
enum disp_err store_snapshot_read(struct store *store, struct snapshot *snapshot) DISP_MUSTCHECK;

/*
 * store_snapshot_fetch - the newest one of PostgreSQL, for a start without a local one. It is put into DIR as well.
 *
 * A snapshot that is whole locally is sent to dispatch.snapshot in parts, beside the projections (not without
 * config.names), when the journal has its row; one above KEEP_BYTES_MAX (keep.h) is not.
 *
 * Order   before store_recover, which then begins after the snapshot's seq, or at the first row with after_seq 0 when it
 *         is of no use.
 * Errors  DISP_E_NONE     there is none, or none is needed: the local log begins with the first row.
 *         DISP_E_AGAIN    PostgreSQL did not answer within wait_ms, or there is none; store_recover will not wait again.
 *         DISP_E_DAMAGED  what is there is not whole; told by report. DISP_E_IO  the disk. DISP_E_FULL  no memory.
 */
enum disp_err store_snapshot_fetch(
	struct store *store, int64_t wait_ms, struct snapshot *snapshot) DISP_MUSTCHECK;

/*
 * store_conninfo_check - whether this is a connection string: keywords and values, or a postgresql:// URI. Connects to
 * nothing.
 *
 * Errors  DISP_E_INPUT  error (terminated, one line) says why.
 */
enum disp_err store_conninfo_check(const char *conninfo, char *error, size_t error_size) DISP_MUSTCHECK;

#endif
