/* store: opens, appends, commits and closes; what runs beside that is in store_work.c and store_recover.c. */
#include "store/store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GRACE_MS = 300, STALL_MS = 10000 };

void store_tell(struct store *store, enum store_level level, const char *format, ...)
{
	char text[STORE_ERROR_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (level != STORE_INFO)
		memcpy(store->error, text, sizeof(text));
	if (store->config.report != NULL)
		store->config.report(store->config.report_context, level, text);
}

enum disp_err store_log_open(
	struct store *store, const char *dir, struct log **log, struct log_report *report)
{
	struct log_config config = {.dir = dir,
		.segment_bytes_max = store->config.segment_bytes,
		.ops = store->config.ops,
		.no_thread = store->config.one_thread};
	enum disp_err err = log_open(log, &config, report);

	if (err == DISP_OK && report->cut_bytes > 0)
		store_tell(store, STORE_WARNING, "log: a torn end of %" PRIu64 " bytes was taken off: %s",
			report->cut_bytes, report->what);
	if (err == DISP_E_DAMAGED)
		store_tell(store, STORE_ERROR, "log: damaged in segment %" PRIu64 " at byte %" PRIu64 ": %s",
			report->segment, report->offset, report->what);
	if (err == DISP_E_IO)
		store_tell(store, STORE_ERROR, "log in %s: %s: %s", dir, report->what,
			strerror(report->os_errno));
	return err;
}

static enum disp_err config_take(struct store *store, const struct store_config *config)
{
	store->config = *config;
	if (config->dir == NULL || config->town_id == NULL || config->stream == NULL ||
		config->grace_ms < 0 || config->stall_ms < 0 || (config->pair && config->holder == NULL))
		return DISP_E_INPUT;
	if (config->grace_ms == 0)
		store->config.grace_ms = GRACE_MS;
	if (config->stall_ms == 0)
		store->config.stall_ms = STALL_MS;
	if (config->ring_bytes == 0)
		store->config.ring_bytes = STORE_RING_BYTES;
	if (config->ops == NULL)
		store->config.ops = &file_ops_real;
	return store->config.ring_bytes < (uint64_t)4 * STORE_BATCH_BYTES_MAX ? DISP_E_INPUT : DISP_OK;
}

static enum disp_err local_hash(void *context, uint64_t seq, uint8_t hash[STORE_HASH_BYTES])
{
	struct store_row row;
	enum disp_err err = store_row_at(context, seq, &row);

	if (err == DISP_OK)
		memcpy(hash, row.hash, STORE_HASH_BYTES);
	return err;
}

static void parts_init(struct store *store)
{
	const struct store_config *config = &store->config;
	struct journal_config journal = {.conninfo = config->conninfo,
		.town_id = config->town_id,
		.stream = config->stream,
		.source = &store->source,
		.ops = config->ops,
		.stall_ms = config->stall_ms,
		.fence = config->pair ? &store->fence : NULL,
		.report = config->report,
		.report_context = config->report_context};

	store->source = (struct cursor_source){.ring = &store->ring, .log = store->log};
	follower_init(&store->follower, &store->config);
	stray_init(&store->stray, &store->config);
	fence_init(&store->fence, config->town_id, config->holder);
	journal_init(&store->journal, &journal);
	project_init(&store->project, &journal, config->names);
	verify_init(&store->verify, config, local_hash, store);
	migrate_init(&store->migrate, config->migrate_conninfo, config->migrations_dir, config->report,
		config->report_context);
}

enum disp_err store_open(struct store **result, const struct store_config *config)
{
	struct store *store = calloc(1, sizeof(*store));
	enum disp_err err;

	*result = NULL;
	if (store == NULL || sodium_init() < 0) {
		free(store);
		return DISP_E_FULL;
	}
	store->dir_fd = -1;
	store->mode = STORE_ISLAND; /* until PostgreSQL has answered */
	err = config_take(store, config);
	if (err == DISP_OK)
		err = ring_init(&store->ring, store->config.ring_bytes);
	if (err == DISP_OK) {
		store->dir_fd = store->config.ops->openat(
			AT_FDCWD, config->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
		if (store->dir_fd < 0) {
			store_tell(store, STORE_ERROR, "%s: %s", config->dir, strerror(errno));
			err = DISP_E_IO;
		}
	}
	if (err == DISP_OK)
		err = store_log_open(store, store->config.dir, &store->log, &store->log_report);
	if (err == DISP_E_DAMAGED)
		err = DISP_OK; /* store_recover completes it */
	if (err != DISP_OK) {
		if (store->dir_fd >= 0)
			(void)store->config.ops->close(store->dir_fd);
		ring_free(&store->ring);
		free(store);
		return err;
	}
	parts_init(store);
	*result = store;
	return DISP_OK;
}

enum disp_err store_close(struct store *store)
{
	enum disp_err err = DISP_OK;

	project_close(&store->project);
	journal_close(&store->journal);
	migrate_close(&store->migrate);
	verify_close(&store->verify);
	follower_close(&store->follower);
	stray_close(&store->stray);
	if (store->log != NULL) {
		if (store->batch_refused) { /* committed by the caller, and the queue was full */
			enum disp_err waited = log_wait(store->log, log_state(store->log).submitted_seq);

			err = waited == DISP_OK ? store_commit(store, INT64_MAX) : waited;
		}
		enum disp_err closed = log_close(store->log);

		err = err == DISP_OK ? closed : err;
	}
	(void)store->config.ops->close(store->dir_fd);
	ring_free(&store->ring);
	free(store);
	return err == DISP_OK ? DISP_OK : DISP_E_IO;
}

uint64_t store_last_seq(const struct store *store)
{
	return store->last_seq;
}

void store_last_hash(const struct store *store, uint8_t hash[STORE_HASH_BYTES])
{
	memcpy(hash, store->last_hash, STORE_HASH_BYTES);
}

enum disp_err store_append(struct store *store, uint64_t seq, int64_t at_ms, uint64_t epoch, uint32_t kind,
	const uint8_t plan_hash[STORE_HASH_BYTES], const void *body, size_t size)
{
	struct store_row row = {.seq = seq,
		.at_ms = at_ms,
		.epoch = epoch,
		.kind = kind,
		.plan_hash = plan_hash,
		.prev_hash = store->last_hash,
		.body = body,
		.size = (uint32_t)size};
	uint8_t hash[STORE_HASH_BYTES];

	ASSERT(store->recovered);
	if (seq != store->last_seq + 1 || size > STORE_ROW_BODY_BYTES_MAX || kind == EVENT_NONE ||
		kind >= EVENT_KIND_COUNT)
		return DISP_E_INPUT;
	if (store->batch_refused)
		return DISP_E_AGAIN;
	if (store->last_seq - store->committed_seq == STORE_BATCH_ROWS_MAX ||
		store->batch_bytes + size + CHAIN_HEAD_BYTES > STORE_BATCH_BYTES_MAX)
		return DISP_E_FULL;
	chain_hash(&row, hash);
	row.hash = hash;
	uint8_t *bytes = ring_put(&store->ring, (uint32_t)(CHAIN_HEAD_BYTES + size));

	chain_row_put(&row, bytes);
	if (size > 0)
		memcpy(bytes + CHAIN_HEAD_BYTES, body, size);
	memcpy(store->last_hash, hash, STORE_HASH_BYTES);
	store->last_seq = seq;
	store->batch_bytes += CHAIN_HEAD_BYTES + size;
	return DISP_OK;
}

enum disp_err store_commit(struct store *store, int64_t now_ms)
{
	uint64_t first = store->committed_seq + 1;
	uint32_t count = (uint32_t)(store->last_seq - store->committed_seq);
	enum disp_err err;

	if (count == 0)
		return DISP_OK;
	for (uint32_t index = 0; index < count; index++) {
		const struct ring_row *row = ring_find(&store->ring, first + index);

		ASSERT(row != NULL);
		store->submit[index] =
			(struct log_bytes){.ptr = ring_bytes(&store->ring, row), .len = row->size};
	}
	err = log_submit(store->log, first, store->submit, count);
	store->batch_refused = err == DISP_E_FULL;
	if (store->batch_refused)
		return DISP_E_AGAIN;
	ASSERT(err == DISP_OK); /* we number the rows, and a batch is smaller than the queue */
	ring_committed(&store->ring, first, now_ms);
	store->committed_seq = store->last_seq;
	store->batch_bytes = 0;
	return DISP_OK;
}

void store_verify_start(struct store *store, uint64_t from_seq)
{
	bool stands_by = store->config.pair && store->fence.epoch == 0;

	verify_start(
		&store->verify, from_seq, stands_by ? store->follower.journal_seq : store->journal.acked_seq);
}

/* --- rows that PostgreSQL refused ----------------------------------------------------------------- */

bool store_aside_at(const struct store *store, uint32_t index, struct store_aside *out)
{
	const struct project_aside *aside = &store->project.aside;

	for (uint32_t at = 0; at < aside->count; at++) {
		if (project_aside_is_wanted(aside, aside->row[at].seq) || index-- > 0)
			continue;
		*out = aside->row[at];
		return true;
	}
	return false;
}

bool store_aside_ready(const struct store *store)
{
	return store->config.names != NULL && store->project.link.state == LINK_UP &&
	       store->project.aside.wanted_count < ASIDE_WANTED_MAX;
}

enum disp_err store_aside_settle(
	struct store *store, uint64_t seq, bool drop, struct text by, struct text reason)
{
	if (!store_aside_ready(store) || !project_aside_want(&store->project.aside, seq, drop, by, reason))
		return DISP_E_AGAIN;
	return DISP_OK;
}

void store_get_verify(const struct store *store, struct store_verify *out)
{
	*out = store->verify.state;
}

enum disp_err store_row_at(struct store *store, uint64_t seq, struct store_row *row)
{
	const struct ring_row *recent = ring_find(&store->ring, seq);
	struct log_row found;
	enum disp_err err;

	if (store->log == NULL || seq > log_durable_seq(store->log))
		return DISP_E_NONE;
	if (recent != NULL)
		return chain_row_get(seq, ring_bytes(&store->ring, recent), recent->size, row);
	err = log_read_at(store->log, seq, &found);
	return err == DISP_OK ? chain_row_get(seq, found.ptr, found.len, row) : err;
}
