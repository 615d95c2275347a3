/* store_snapshot: snapshots written by a child, and what they make superfluous; the file is snapshot_file's. */
#include "store/store_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child: nothing but async-signal-safe calls, on memory that fork has copied. Returns its exit code. */
static int child_write(struct snapshot_writer *writer, const struct store *store, uint64_t seq,
	const struct store_section *section, uint32_t count)
{
	snapshot_begin(writer, store->config.ops, store->dir_fd, seq);
	for (uint32_t index = 0; index < count; index++) {
		snapshot_section_begin(writer, section[index].id);
		snapshot_put(writer, section[index].bytes, section[index].size);
	}
	if (snapshot_commit(writer) == DISP_OK)
		return 0;
	return writer->os_errno > 0 && writer->os_errno < 255 ? writer->os_errno : 255;
}

enum disp_err store_snapshot_write(
	struct store *store, uint64_t seq, const struct store_section *section, uint32_t count)
{
	struct snapshot_writer *writer;
	pid_t pid;

	if (count > SNAPSHOT_SECTIONS_MAX)
		return DISP_E_INPUT;
	if (store->snapshot_pid != 0 || store->log == NULL || seq > log_durable_seq(store->log))
		return DISP_E_AGAIN;
	writer = malloc(sizeof(*writer));
	pid = writer == NULL ? -1 : store->config.one_thread ? 0 : fork();
	if (pid == 0) {
		int code = child_write(writer, store, seq, section, count);

		if (!store->config.one_thread)
			_exit(code);
		store->snapshot_code = code;
		pid = STORE_NO_CHILD;
	}
	free(writer);
	if (pid == -1) {
		store_tell(store, STORE_ERROR, "snapshot: no process for it: %s", strerror(errno));
		return DISP_E_IO;
	}
	store->snapshot_pid = pid;
	store->snapshot_next_seq = seq;
	store->snapshot_look_ms = 0;
	return DISP_OK;
}

uint64_t store_log_oldest(struct store *store)
{
	struct log_reader *reader;
	struct log_row row;
	uint64_t oldest = 0;

	if (log_reader_open(&reader, store->log, 0) != DISP_OK)
		return store->log_first;
	if (log_reader_next(reader, &row) == DISP_OK)
		oldest = row.seq;
	log_reader_close(reader);
	return oldest;
}

void store_snapshot_offer(struct store *store)
{
	struct store_row row;

	if (store->snapshot_seq != 0 && store_row_at(store, store->snapshot_seq, &row) == DISP_OK)
		keep_offer(&store->project.keep, store->dir_fd, row.seq, row.at_ms, row.hash);
}

/* Old snapshots, and the log's rows that nobody needs: not a snapshot, not the journal, not the projections. */
static void prune(struct store *store)
{
	uint64_t before;
	uint32_t removed = 0;

	if (snapshot_prune(store->config.ops, store->dir_fd, &before) != DISP_OK) {
		store_tell(store, STORE_WARNING, "snapshot: old ones cannot be removed: %s", strerror(errno));
		return;
	}
	bool stands_by = store->config.pair && store->fence.epoch == 0; /* and does not project */

	if (store->config.conninfo == NULL || before == 0)
		return; /* the log is the only record */
	uint64_t journal_seq = stands_by ? store->follower.journal_seq : store->journal.acked_seq;

	if (journal_seq < before)
		before = journal_seq;
	if (!stands_by && store->config.names != NULL && store->project.projected_seq < before)
		before = store->project.projected_seq;
	before = before > JOURNAL_BEHIND_ROWS ? before - JOURNAL_BEHIND_ROWS : 0;
	if (before > 0 && log_prune(store->log, before, &removed) != DISP_OK)
		store_tell(store, STORE_WARNING, "log: old segments cannot be removed: %s", strerror(errno));
	if (removed > 0)
		store->log_first = store_log_oldest(store);
}

/* *code: its exit code, -1: it was killed. */
static bool child_ended(const struct store *store, int *code)
{
	int status = 0;

	if (store->snapshot_pid == STORE_NO_CHILD) {
		*code = store->snapshot_code;
		return true;
	}
	pid_t ended = waitpid(store->snapshot_pid, &status, WNOHANG);

	*code = ended > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return ended > 0 || (ended < 0 && errno != EINTR);
}

void store_snapshot_reap(struct store *store, int64_t now_ms)
{
	int code = -1;

	if (store->snapshot_pid == 0 || now_ms < store->snapshot_look_ms)
		return;
	store->snapshot_look_ms = now_ms + STORE_CHILD_LOOK_MS;
	if (!child_ended(store, &code))
		return;
	store->snapshot_pid = 0;
	if (code == 0) {
		store->snapshot_seq = store->snapshot_next_seq;
		store_tell(store, STORE_INFO, "snapshot: the state after row %" PRIu64 " is kept",
			store->snapshot_seq);
		store_snapshot_offer(store);
		prune(store);
	} else {
		store_tell(store, STORE_ERROR, "snapshot after row %" PRIu64 " failed: %s",
			store->snapshot_next_seq, code > 0 ? strerror(code) : "its process was ended");
	}
}

enum disp_err store_snapshot_read(struct store *store, struct snapshot *snapshot)
{
	struct snapshot_report report = {0};
	enum disp_err err = snapshot_read_newest(snapshot, store->config.ops, store->dir_fd, &report);

	if (report.damaged_count > 0)
		store_tell(store, STORE_WARNING,
			"snapshot: %u passed over, the newest of row %" PRIu64 ": %s", report.damaged_count,
			report.damaged_seq, report.what);
	if (err == DISP_OK)
		store->snapshot_seq = snapshot->seq;
	return err;
}
