/* store_recover: the rows of the past, from the local log, and from PostgreSQL where the log has holes. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/readback.h"
#include "store/store_internal.h"

enum { FLUSH_ROWS = 1000 };

/* What is under way: rows are checked, handed on, and written to `into` when they came from elsewhere. */
struct recovery {
	struct store *store;
	struct readback readback;
	uint64_t next_seq;
	uint8_t hash[STORE_HASH_BYTES]; /* of row next_seq - 1 */
	bool hash_known;
	struct log *into; /* NULL: they are in the log already */
	store_row_fn *take;
	void *context;
};

static enum disp_err damaged(const struct recovery *recovery, const char *what)
{
	store_tell(recovery->store, STORE_ERROR, "recovery: row %" PRIu64 ": %s", recovery->next_seq, what);
	return DISP_E_DAMAGED;
}

static enum disp_err log_write(struct log *log, const struct store_row *row)
{
	static uint8_t bytes[CHAIN_HEAD_BYTES + STORE_ROW_BODY_BYTES_MAX];
	struct log_bytes one = {.ptr = bytes, .len = CHAIN_HEAD_BYTES + row->size};
	enum disp_err err;

	chain_row_put(row, bytes);
	memcpy(bytes + CHAIN_HEAD_BYTES, row->body, row->size);
	err = log_submit(log, row->seq, &one, 1);
	if (err == DISP_E_FULL) {
		err = log_wait(log, row->seq - 1);
		if (err == DISP_OK)
			err = log_submit(log, row->seq, &one, 1);
	}
	return err;
}

static enum disp_err row_take(struct recovery *recovery, const struct store_row *row)
{
	enum disp_err err;

	const struct store *store = recovery->store;

	if (row->seq != recovery->next_seq)
		return damaged(recovery, "missing");
	if (row->seq == store->fetched_seq && memcmp(row->hash, store->fetched_hash, STORE_HASH_BYTES) != 0)
		return damaged(recovery, "the snapshot in PostgreSQL follows another row");
	if (chain_row_check(row, recovery->hash_known ? recovery->hash : row->prev_hash) != DISP_OK)
		return damaged(recovery, "its hash does not fit the row, or the row before");
	if (recovery->into != NULL && (err = log_write(recovery->into, row)) != DISP_OK)
		return err;
	if (recovery->take != NULL && (err = recovery->take(recovery->context, row)) != DISP_OK)
		return err;
	memcpy(recovery->hash, row->hash, STORE_HASH_BYTES);
	recovery->hash_known = true;
	recovery->next_seq++;
	return DISP_OK;
}

/* Rows from next_seq on as far as the reader goes. DISP_OK also when it stops at damage: *stopped. */
static enum disp_err reader_drain(
	struct recovery *recovery, struct log_reader *reader, enum disp_err *stopped)
{
	struct log_row found;
	struct store_row row;
	enum disp_err err = DISP_OK;

	while (err == DISP_OK && (*stopped = log_reader_next(reader, &found)) == DISP_OK) {
		if (chain_row_get(found.seq, found.ptr, found.len, &row) != DISP_OK)
			return damaged(recovery, "not a row of ours in the local log");
		err = row_take(recovery, &row);
	}
	return err;
}

/* All rows that PostgreSQL has from next_seq on. *answered: it has said what it has. */
static enum disp_err postgres_drain(struct recovery *recovery, int64_t wait_ms, bool *answered)
{
	*answered = false;
	for (;;) {
		PGresult *result;
		struct store_row row;
		enum disp_err err = readback_page(&recovery->readback, recovery->next_seq, wait_ms, &result);
		int count = PQntuples(result);

		*answered = err == DISP_OK || err == DISP_E_NONE;
		if (err != DISP_OK)
			return DISP_OK;
		for (int index = 0; err == DISP_OK && index < count; index++) {
			err = readback_row(result, index, &row);
			if (err == DISP_OK && row.seq != recovery->next_seq) {
				PQclear(result); /* a hole there: perhaps the local log has what is missing */
				return DISP_OK;
			}
			err = err == DISP_OK ? row_take(recovery, &row)
					     : damaged(recovery, "not a row of ours in PostgreSQL");
		}
		PQclear(result);
		if (err != DISP_OK || count == 0)
			return err;
	}
}

/* ---- a log that is not whole ---- */

struct folder {
	const struct file_ops *ops;
	int fd;
};

static void file_remove(void *context, const char *name)
{
	const struct folder *folder = context;

	(void)folder->ops->unlinkat(folder->fd, name, 0); /* "." and ".." refuse */
}

/* Removes what an earlier attempt left: a log folder of ours with nothing but files in it. */
static void folder_remove(const struct file_ops *ops, const char *path)
{
	char log[STORE_PATH_BYTES + 8];
	struct folder folder = {.ops = ops};

	snprintf(log, sizeof(log), "%s/log", path);
	folder.fd = ops->openat(AT_FDCWD, log, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (folder.fd >= 0) {
		(void)ops->list(folder.fd, file_remove, &folder);
		(void)ops->close(folder.fd);
	}
	(void)ops->unlinkat(AT_FDCWD, log, AT_REMOVEDIR);
	(void)ops->unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

/* Both sources in turns until neither has the next row. */
static enum disp_err merge(struct recovery *recovery, int64_t wait_ms, bool *answered)
{
	uint64_t before;
	enum disp_err err;

	do {
		struct log_reader *reader;
		enum disp_err stopped;

		before = recovery->next_seq;
		err = log_reader_open_dir(
			&reader, recovery->store->config.dir, recovery->store->config.ops, before);
		if (err == DISP_OK) {
			err = reader_drain(recovery, reader, &stopped);
			log_reader_close(reader);
		} else if (err == DISP_E_NONE || err == DISP_E_DAMAGED) {
			err = DISP_OK;
		}
		if (err == DISP_OK)
			err = postgres_drain(recovery, wait_ms, answered);
	} while (err == DISP_OK && *answered && recovery->next_seq > before);
	return err;
}

/* Puts DIR/log.new/log in the place of DIR/log, in one step; the old one becomes DIR/log.damaged-<n>/log. */
static enum disp_err exchange(struct store *store, const char *fresh)
{
	char new_log[STORE_PATH_BYTES + 8];
	char old_log[STORE_PATH_BYTES];
	char kept[STORE_PATH_BYTES];
	const struct file_ops *ops = store->config.ops;

	snprintf(new_log, sizeof(new_log), "%s/log", fresh);
	if ((size_t)snprintf(old_log, sizeof(old_log), "%s/log", store->config.dir) >= sizeof(old_log) ||
		ops->renameat2(AT_FDCWD, new_log, AT_FDCWD, old_log, RENAME_EXCHANGE) != 0 ||
		ops->fsync(store->dir_fd) != 0) {
		store_tell(store, STORE_ERROR, "recovery: cannot put the completed log in place: %s",
			strerror(errno));
		return DISP_E_IO;
	}
	for (unsigned number = 1; number < 1000; number++) {
		if ((size_t)snprintf(kept, sizeof(kept), "%s/log.damaged-%u", store->config.dir, number) >=
			sizeof(kept))
			break;
		if (ops->renameat2(AT_FDCWD, fresh, AT_FDCWD, kept, RENAME_NOREPLACE) == 0) {
			store_tell(store, STORE_WARNING,
				"recovery: the log was completed; the old one is kept in %s", kept);
			break;
		}
	}
	return DISP_OK;
}

/* Whether the old log has rows behind the gap that could not be closed. */
static bool rows_left_behind(const struct store *store, uint64_t next_seq)
{
	return store->log_report.last_seq >= next_seq &&
	       store->log_report.last_seq >= store->log_report.first_seq;
}

/* Builds a whole log in DIR/log.new from both sources. *built: it has rows, and is closed again. */
static enum disp_err build(
	struct recovery *recovery, const char *fresh, int64_t wait_ms, bool *answered, bool *built)
{
	struct store *store = recovery->store;
	struct log_report report;
	uint64_t first = recovery->next_seq;
	enum disp_err err;

	folder_remove(store->config.ops, fresh);
	if (store->config.ops->mkdirat(AT_FDCWD, fresh, 0700) != 0 && errno != EEXIST) {
		store_tell(store, STORE_ERROR, "recovery: %s: %s", fresh, strerror(errno));
		return DISP_E_IO;
	}
	err = store_log_open(store, fresh, &recovery->into, &report);
	if (err != DISP_OK)
		return err;
	err = merge(recovery, wait_ms, answered);
	*built = recovery->next_seq > first;
	if (err == DISP_OK && *built)
		err = log_wait(recovery->into, recovery->next_seq - 1);
	enum disp_err closed = log_close(recovery->into);

	recovery->into = NULL;
	return err == DISP_OK ? closed : err;
}

/* The hash of the row that the snapshot stands at, if the log still has it: the next one must name it. */
static void hash_before(struct recovery *recovery, uint64_t after_seq)
{
	struct log_row found;
	struct store_row row;

	recovery->next_seq = after_seq + 1;
	recovery->hash_known = after_seq == 0;
	memset(recovery->hash, 0, sizeof(recovery->hash));
	if (after_seq != 0 && after_seq == recovery->store->fetched_seq) {
		memcpy(recovery->hash, recovery->store->fetched_hash, STORE_HASH_BYTES);
		recovery->hash_known = true;
		return;
	}
	if (after_seq == 0 || recovery->store->log == NULL ||
		log_read_at(recovery->store->log, after_seq, &found) != DISP_OK ||
		chain_row_get(found.seq, found.ptr, found.len, &row) != DISP_OK)
		return;
	memcpy(recovery->hash, row.hash, STORE_HASH_BYTES);
	recovery->hash_known = true;
}

/* Makes store->log a whole one that begins at or before after_seq + 1. */
static enum disp_err complete(
	struct recovery *recovery, uint64_t after_seq, int64_t wait_ms, bool was_damaged)
{
	struct store *store = recovery->store;
	char fresh[STORE_PATH_BYTES];
	bool answered = false;
	bool built = false;
	enum disp_err err = DISP_OK;

	if ((size_t)snprintf(fresh, sizeof(fresh), "%s/log.new", store->config.dir) >= sizeof(fresh))
		return DISP_E_INPUT;
	recovery->next_seq = after_seq > 0 ? after_seq : 1; /* that row's hash is the next one's prev_hash */
	if (store->log_report.first_seq > 0 && store->log_report.first_seq <= store->log_report.last_seq &&
		store->log_report.first_seq < recovery->next_seq)
		recovery->next_seq = store->log_report.first_seq;
	recovery->hash_known = recovery->next_seq == 1;
	if (store->log != NULL) {
		err = log_close(store->log);
		store->log = NULL;
	}
	if (err == DISP_OK)
		err = build(recovery, fresh, wait_ms, &answered, &built);
	if (err == DISP_OK && answered && !built && after_seq != 0 && after_seq == store->fetched_seq) {
		/* the row that the snapshot stands at has been removed from the journal: its hash is known */
		hash_before(recovery, after_seq);
		err = build(recovery, fresh, wait_ms, &answered, &built);
	}
	if (err != DISP_OK)
		return err;
	if (was_damaged && !answered)
		return damaged(recovery, "the local log is damaged, and PostgreSQL does not answer");
	if (rows_left_behind(store, recovery->next_seq) || (answered && recovery->next_seq <= after_seq))
		return damaged(recovery, "neither the local log nor PostgreSQL has it");
	if (built && (err = exchange(store, fresh)) != DISP_OK)
		return err;
	if (!built)
		folder_remove(store->config.ops, fresh);
	err = store_log_open(store, store->config.dir, &store->log, &store->log_report);
	if (err != DISP_OK)
		return err == DISP_E_DAMAGED ? damaged(recovery, "the log is damaged again") : err;
	return built || answered ? DISP_OK : DISP_E_AGAIN;
}

/* ---- the start ---- */

/* Hands over what the log has from next_seq on. *stopped: why it ended. */
static enum disp_err log_drain(struct recovery *recovery, enum disp_err *stopped)
{
	struct log_reader *reader;
	enum disp_err err = log_reader_open(&reader, recovery->store->log, recovery->next_seq);

	if (err != DISP_OK) {
		*stopped = err;
		return err == DISP_E_IO ? err : DISP_OK;
	}
	err = reader_drain(recovery, reader, stopped);
	log_reader_close(reader);
	return err;
}

/* A damage in the middle shows only when the rows are read: those before it have been handed over by then. */
static enum disp_err mend(struct recovery *recovery, int64_t wait_ms)
{
	struct recovery building = {.store = recovery->store, .readback = recovery->readback};
	enum disp_err err;

	store_tell(recovery->store, STORE_ERROR, "log: row %" PRIu64 " cannot be read", recovery->next_seq);
	err = complete(&building, recovery->next_seq - 1, wait_ms, true);
	recovery->readback = building.readback;
	return err == DISP_E_AGAIN
		       ? damaged(recovery, "the local log is damaged, and PostgreSQL does not answer")
		       : err;
}

/* Hands over what the log has after after_seq, then what PostgreSQL knows beyond it. */
static enum disp_err replay(struct recovery *recovery, uint64_t after_seq, int64_t wait_ms)
{
	struct store *store = recovery->store;
	enum disp_err stopped = DISP_OK;
	enum disp_err err;
	bool answered;

	hash_before(recovery, after_seq);
	err = log_drain(recovery, &stopped);
	if (err == DISP_OK && stopped != DISP_E_AGAIN) {
		err = mend(recovery, wait_ms);
		if (err == DISP_OK)
			err = log_drain(recovery, &stopped);
		if (err == DISP_OK && stopped != DISP_E_AGAIN)
			err = damaged(recovery, "cannot be read from the local log");
	}
	if (err != DISP_OK)
		return err;
	recovery->into = store->log;
	err = postgres_drain(recovery, store->config.grace_ms, &answered);
	if (err == DISP_E_DAMAGED) {
		store_tell(store, STORE_ERROR,
			"recovery: PostgreSQL has other rows than the local log from %" PRIu64 " on",
			recovery->next_seq);
		err = DISP_OK; /* the journal's writer will see the conflict, stop and say so */
	}
	if (err == DISP_OK && recovery->next_seq > after_seq + 1)
		err = log_wait(store->log, recovery->next_seq - 1);
	return err;
}

static void settle(struct store *store, const struct recovery *recovery)
{
	store->source.log = store->log;
	store->last_seq = store->committed_seq = store->released_seq = recovery->next_seq - 1;
	memcpy(store->last_hash, recovery->hash, STORE_HASH_BYTES);
	ring_reset(&store->ring, recovery->next_seq);
	store->log_first = store_log_oldest(store);
	store->recovered = true;
	store_snapshot_offer(store);
}

enum disp_err store_recover(
	struct store *store, uint64_t after_seq, int64_t wait_ms, store_row_fn *take, void *context)
{
	struct recovery recovery = {.store = store, .next_seq = 1, .hash_known = after_seq == 0};
	enum disp_err completed = DISP_OK;
	enum disp_err err = DISP_OK;
	bool empty = store->log != NULL && store->log_report.last_seq < store->log_report.first_seq;

	ASSERT(!store->recovered);
	if (store->postgres_silent) /* it was waited for once */
		wait_ms /= 10;
	readback_init(&recovery.readback, &store->config);
	if (store->log == NULL || empty || store->log_report.first_seq > after_seq + 1 ||
		store->log_report.last_seq < after_seq)
		completed = complete(&recovery, after_seq, wait_ms, store->log == NULL);
	recovery.take = take;
	recovery.context = context;
	if (completed == DISP_OK)
		err = replay(&recovery, after_seq, wait_ms);
	else if (completed == DISP_E_AGAIN && after_seq == 0)
		recovery = (struct recovery){.store = store, .readback = recovery.readback, .next_seq = 1};
	else if (completed == DISP_E_AGAIN)
		completed = damaged(&recovery,
			"the local log does not reach the snapshot, and PostgreSQL does not answer");
	readback_close(&recovery.readback);
	if (err != DISP_OK || (completed != DISP_OK && completed != DISP_E_AGAIN))
		return err != DISP_OK ? err : completed;
	settle(store, &recovery);
	return completed;
}
