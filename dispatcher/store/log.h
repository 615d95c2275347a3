/* log: the durable local log, rows in append-only segment files; knows nothing of what a row means. */
#ifndef STORE_LOG_H
#define STORE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "store/file_ops.h"

/*
 * On disk: DIR/log/<first seq, 20 digits>.log. A segment is a run of records; a record is one batch:
 *
 *    0 u32 magic "DLG1"          16 u64 first seq: row i is seq first + i
 *    4 u32 crc32c of all behind  24 u64 durable seq: what was durable when this was written
 *    8 u32 payload bytes         32     payload: for each row u32 length and its bytes
 *   12 u32 row count
 *
 * all little-endian. The first record of a segment has no rows; its payload is the u64 first seq of the
 * segment before (0: none), so that a missing file shows. A segment ends where the next one begins: what lies
 * behind that in the file (a failed write that was done again in the next segment) is ignored.
 * The durable seq tells a torn tail, which nobody was told of, from damage to what was durable.
 */
enum {
	LOG_SEGMENT_BYTES_MAX = 64 << 20, /* defaults of log_config */
	LOG_QUEUE_BYTES_MAX = 32 << 20,
	LOG_RECORD_BYTES_MAX = 64 << 20 /* a greater length in a file is damage */
};

struct log;
struct log_reader;

struct log_config {
	const char *dir;            /* must exist; DIR/log is made when missing */
	uint64_t segment_bytes_max; /* 0: default; a single greater batch makes a greater segment */
	uint32_t queue_bytes_max;   /* 0: default, at most LOG_RECORD_BYTES_MAX; two such buffers at most */
	const struct file_ops *ops; /* NULL: the real ones */
	bool no_thread; /* log_work writes, and nothing else does: for tests with a clock of their own */
};

/* What was found. `what` is a constant English text, never NULL after a call that got the report. */
struct log_report {
	uint64_t first_seq, last_seq;   /* rows that can be read; first = last + 1: none */
	uint64_t segment;               /* where: the segment's first seq, */
	uint64_t offset;                /* and bytes from its begin */
	uint64_t cut_bytes;             /* torn tail taken off; 0: none */
	uint64_t cut_rows;              /* rows in it that were whole, but stood behind the torn ones */
	char cut_name[FILE_NAME_BYTES]; /* the file in DIR/log that now holds that tail; "" none */
	bool damaged;                   /* durable rows are unreadable; nothing was changed on disk */
	const char *what;               /* "" nothing to tell */
	int os_errno;                   /* of DISP_E_IO */
};

struct log_bytes {
	const void *ptr;
	uint32_t len;
};

struct log_row {
	uint64_t seq;
	const uint8_t *ptr;
	uint32_t len;
};

enum log_status {
	LOG_WORKING,   /* what is submitted becomes durable */
	LOG_FAILED,    /* the disk refused; nothing becomes durable until log_recover has helped */
	LOG_RECOVERING /* log_recover was called, its outcome is not known yet */
};

struct log_state {
	enum log_status status;
	int os_errno;     /* why it failed; 0 when LOG_WORKING */
	const char *what; /* which step failed, for people; "" when LOG_WORKING */
	uint64_t submitted_seq, durable_seq;
	uint64_t waiting_bytes; /* submitted and not yet taken by the writer, */
	uint64_t waiting_max;   /* of this many at most */
};

/*
 * log_open - opens the log in DIR/log, or makes it, and starts its writer thread.
 *
 * Order   looks at the first record of every segment and reads the whole of the last. A torn tail (short or
 *         wrong, and never durable) is copied to DIR/log/cut-<seq>.bad and then cut off. What is left is
 *         made durable before the call returns.
 * Errors  DISP_E_DAMAGED  rows that were durable cannot be read, or a segment is missing: report->damaged and
 *                         the place; *out is NULL, nothing on disk was changed, log_reader_open_dir reads
 *                         first_seq to last_seq. Later rows must come from elsewhere.
 *         DISP_E_IO       report->os_errno, report->what; also when another process has it open (EAGAIN).
 *         DISP_E_INPUT    a limit in the config is out of range.
 * Memory  grows with the buffers (config) and by 16 bytes for each 64 KiB of log looked at. log_close frees.
 */
enum disp_err log_open(
	struct log **out, const struct log_config *config, struct log_report *report) DISP_MUSTCHECK;

/* Writes what is submitted, then stops the writer and frees. DISP_E_IO: it had failed, rows were dropped. */
enum disp_err log_close(struct log *log) DISP_MUSTCHECK;

/*
 * log_submit - hands one batch to the writer; copies it and returns at once.
 *
 * Shapes  row[count], count at least 1; row i becomes seq first_seq + i.
 * Order   first_seq is the last one submitted + 1; an empty log takes any from 1 on as its first.
 *         All batches that came while the disk was busy share the next fdatasync.
 * Errors  DISP_E_FULL   the queue is at its limit: try again when log_event_fd has told of progress.
 *         DISP_E_INPUT  not the next seq, no row, or a batch that no empty queue could hold.
 *         Nothing was taken in either case. A failed log goes on taking rows until it is full.
 */
enum disp_err log_submit(
	struct log *log, uint64_t first_seq, const struct log_bytes *row, uint32_t count) DISP_MUSTCHECK;

/* The last seq that survives a power cut; 0: none yet. Any thread. */
uint64_t log_durable_seq(const struct log *log);

/*
 * log_work - with no_thread: does what the writer thread would do next, unless ops->busy says that the disk is not ready.
 * Without it: nothing. log_wait and log_close do not ask busy.
 */
void log_work(struct log *log);

/* Readable when the durable seq or the state may have changed; an eventfd, the caller reads its 8 bytes. no_thread: -1. */
int log_event_fd(const struct log *log);

/* Any thread. */
struct log_state log_state(struct log *log);

/* Blocks until seq is durable. DISP_E_IO: the log has failed. For the start, the end and tests. */
enum disp_err log_wait(struct log *log, uint64_t seq) DISP_MUSTCHECK;

/*
 * log_recover - tells a failed log to go on. The failed file is never written again: the writer opens a new
 * segment and writes there, from its buffers, all that was not durable. Returns at once; the outcome
 * (LOG_WORKING or LOG_FAILED again) comes by log_event_fd and log_state.
 * Errors  DISP_E_NONE  the log has not failed.
 */
enum disp_err log_recover(struct log *log) DISP_MUSTCHECK;

/*
 * log_prune - removes the segments all of whose rows are below before_seq, oldest first; never the last one.
 * Errors  DISP_E_IO  errno says why; what was removed until then is gone, and the log is whole.
 */
enum disp_err log_prune(struct log *log, uint64_t before_seq, uint32_t *removed) DISP_MUSTCHECK;

/*
 * log_reader_open - reads rows in order, from_seq first (0: from the oldest); also while the writer appends.
 * log_reader_open_dir - the same over a directory that no process writes, for tools and after damage.
 *
 * Errors  DISP_E_NONE  from_seq is older than the oldest segment. (A later from_seq waits with DISP_E_AGAIN.)
 *         DISP_E_IO    errno says why.
 * Memory  a buffer of 256 KiB, or of the greatest record. log_reader_close frees; before log_close.
 */
enum disp_err log_reader_open(struct log_reader **out, struct log *log, uint64_t from_seq) DISP_MUSTCHECK;
enum disp_err log_reader_open_dir(struct log_reader **out, const char *dir, const struct file_ops *ops,
	uint64_t from_seq) DISP_MUSTCHECK;
void log_reader_close(struct log_reader *reader);

/*
 * log_reader_next - the next row; row->ptr is good until the next call on this reader.
 *
 * Errors  DISP_E_AGAIN    no durable row is left now (over a directory: the end, or a torn tail).
 *         DISP_E_DAMAGED  log_reader_report says where; every row before was good; each call says so again.
 *         DISP_E_NONE     the next row was pruned meanwhile, or the log began behind it.
 *         DISP_E_IO       log_reader_report has os_errno.
 */
enum disp_err log_reader_next(struct log_reader *reader, struct log_row *row) DISP_MUSTCHECK;
const struct log_report *log_reader_report(const struct log_reader *reader);

/*
 * log_read_at - one durable row by its seq. One thread at a time; row->ptr is good until the next call.
 * The first look into an old segment reads it from its begin, later ones at most 64 KiB and one record.
 * Errors  DISP_E_NONE  not durable yet, or pruned. DISP_E_DAMAGED, DISP_E_IO as log_reader_next.
 */
enum disp_err log_read_at(struct log *log, uint64_t seq, struct log_row *row) DISP_MUSTCHECK;

#endif
