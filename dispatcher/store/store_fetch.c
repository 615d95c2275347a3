/* store_fetch: a snapshot brought back from PostgreSQL, where the local ones are gone; blocks, only at a start. */
#include "store/store_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "store/readback.h"

/* What is asked for. */
struct wanted {
	const struct store_config *config;
	uint64_t seq;
	uint32_t part;
};

static bool ask_newest(PGconn *pg, const void *context)
{
	const struct wanted *wanted = context;

	return keep_ask_newest(pg, wanted->config->town_id, wanted->config->stream);
}

static bool ask_part(PGconn *pg, const void *context)
{
	const struct wanted *wanted = context;

	return keep_ask_part(pg, wanted->config->town_id, wanted->config->stream, wanted->seq, wanted->part);
}

static enum disp_err damaged(struct store *store, const char *what)
{
	store_tell(store, STORE_WARNING, "snapshot: the one in PostgreSQL is of no use: %s", what);
	return DISP_E_DAMAGED;
}

/* Which one, in how many parts, and the hash of its row. */
static enum disp_err newest(struct store *store, struct readback *readback, int64_t wait_ms,
	struct wanted *wanted, uint32_t *parts)
{
	PGresult *result;
	enum disp_err err = readback_ask(readback, ask_newest, wanted, wait_ms, &result);

	if (err != DISP_OK)
		return err;
	if (PQntuples(result) == 0) {
		err = DISP_E_NONE;
	} else {
		int64_t count = array_get_i64(PQgetvalue(result, 0, 1));

		wanted->seq = (uint64_t)array_get_i64(PQgetvalue(result, 0, 0));
		if (count < 1 || count > KEEP_PARTS_MAX || PQgetlength(result, 0, 2) != STORE_HASH_BYTES)
			err = damaged(store, "it is not what this program writes");
		else
			memcpy(store->fetched_hash, PQgetvalue(result, 0, 2), STORE_HASH_BYTES);
		*parts = (uint32_t)count;
	}
	PQclear(result);
	return err;
}

/* All parts, one behind the other. */
static enum disp_err gather(struct store *store, struct readback *readback, int64_t wait_ms,
	struct wanted *wanted, uint32_t parts, uint8_t *bytes, uint64_t *size)
{
	enum disp_err err = DISP_OK;

	for (*size = 0; err == DISP_OK && wanted->part < parts; wanted->part++) {
		PGresult *result;

		err = readback_ask(readback, ask_part, wanted, wait_ms, &result);
		if (err != DISP_OK)
			break;
		int length = PQntuples(result) == 1 ? PQgetlength(result, 0, 0) : 0;

		if (length <= 0 || length > KEEP_PART_BYTES)
			err = damaged(store, "a part is missing");
		else
			memcpy(bytes + *size, PQgetvalue(result, 0, 0), (size_t)length);
		*size += (uint64_t)length;
		PQclear(result);
	}
	return err;
}

static enum disp_err fetch(
	struct store *store, struct readback *readback, int64_t wait_ms, struct snapshot *snapshot)
{
	struct wanted wanted = {.config = &store->config};
	uint32_t parts = 0;
	uint64_t size;
	enum disp_err err = newest(store, readback, wait_ms, &wanted, &parts);
	uint8_t *bytes;

	if (err != DISP_OK)
		return err;
	bytes = malloc((size_t)parts * KEEP_PART_BYTES);
	if (bytes == NULL)
		return DISP_E_FULL;
	err = gather(store, readback, wait_ms, &wanted, parts, bytes, &size);
	if (err != DISP_OK) {
		free(bytes);
		return err;
	}
	err = snapshot_adopt(snapshot, store->config.ops, store->dir_fd, wanted.seq, bytes, size);
	if (err == DISP_E_DAMAGED)
		return damaged(store, "its bytes are not whole");
	if (err != DISP_OK) {
		store_tell(store, STORE_ERROR, "snapshot: cannot be written: %s", strerror(errno));
		return err;
	}
	store->fetched_seq = store->snapshot_seq = wanted.seq;
	store_tell(store, STORE_INFO, "snapshot: the state after row %" PRIu64 " comes from PostgreSQL",
		wanted.seq);
	return DISP_OK;
}

enum disp_err store_snapshot_fetch(struct store *store, int64_t wait_ms, struct snapshot *snapshot)
{
	const struct log_report *log = &store->log_report;
	struct readback readback;
	enum disp_err err;

	*snapshot = (struct snapshot){0};
	if (store->log != NULL && log->first_seq == 1 && log->last_seq >= log->first_seq)
		return DISP_E_NONE;
	readback_init(&readback, &store->config);
	err = fetch(store, &readback, wait_ms, snapshot);
	readback_close(&readback);
	store->postgres_silent = err == DISP_E_AGAIN;
	return err;
}
