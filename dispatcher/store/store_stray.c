/* store_stray: what our log has and the journal of the one who leads has not is set aside; blocks, between two starts. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "store/array.h"
#include "store/chain.h"
#include "store/log.h"
#include "store/readback.h"

/*
 * Rows first, then the snapshots, then the log: until the log is moved, in one step, a start finds rows and snapshots that
 * fit each other, sees the fork again, and all this is done again. Were the log to go first, a start in between would
 * take a snapshot of the fork for one of the journal.
 */
enum { BATCH_ROWS = 1000, BATCH_BYTES = 4 << 20, COLUMNS = 8, FOLDERS_MAX = 9999, NAME_BYTES = 32 };

/* A row that stands in the journal all the same is no stray. Why the journal is asked so: see journal_sql.c. */
static const char ADD[] =
	"WITH added AS (INSERT INTO dispatch.stray (town_id, stream, seq, at, epoch, kind, plan_hash, body, "
	"prev_hash, hash, holder) SELECT $1::text, $2::text, i.seq, 'epoch'::timestamptz + i.at_ms * "
	"interval '1 ms', i.epoch, i.kind, i.plan_hash, i.body, i.prev_hash, i.hash, $11::text FROM "
	"unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::bytea[], $8::bytea[], $9::bytea[], "
	"$10::bytea[]) AS i(seq, at_ms, epoch, kind, plan_hash, body, prev_hash, hash) WHERE (SELECT k.hash "
	"FROM dispatch.journal k WHERE k.town_id = $1::text AND k.stream = $2::text AND k.seq >= i.seq "
	"ORDER BY k.seq LIMIT 1) IS DISTINCT FROM i.hash ON CONFLICT DO NOTHING RETURNING seq) "
	"SELECT count(*) FROM added";

static const Oid ARRAY_OID[COLUMNS] = {OID_INT8_ARRAY, OID_INT8_ARRAY, OID_INT8_ARRAY, OID_TEXT_ARRAY,
	OID_BYTEA_ARRAY, OID_BYTEA_ARRAY, OID_BYTEA_ARRAY, OID_BYTEA_ARRAY};
static const uint32_t ELEMENT_OID[COLUMNS] = {
	OID_INT8, OID_INT8, OID_INT8, OID_TEXT, OID_BYTEA, OID_BYTEA, OID_BYTEA, OID_BYTEA};

struct setting {
	const struct store_config *config;
	const struct file_ops *ops;
	uint64_t from_seq;
	int64_t wait_ms; /* for each answer */
	struct readback readback;
	struct array array[COLUMNS];
	uint32_t rows;        /* in the arrays */
	uint64_t read, added; /* in all */
	bool damaged;
	int dir_fd, stray_fd;
	char folder[NAME_BYTES];
};

static void tell(const struct setting *setting, enum store_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void tell(const struct setting *setting, enum store_level level, const char *format, ...)
{
	char text[STORE_ERROR_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (setting->config->report != NULL)
		setting->config->report(setting->config->report_context, level, text);
}

static enum disp_err disk_failed(const struct setting *setting, const char *what)
{
	tell(setting, STORE_ERROR, "setting aside in %s: %s: %s", setting->config->dir, what,
		strerror(errno));
	return DISP_E_IO;
}

/* ---- the rows ---- */

static void batch_begin(struct setting *setting)
{
	for (size_t index = 0; index < COLUMNS; index++)
		array_begin(&setting->array[index], ELEMENT_OID[index]);
	setting->rows = 0;
}

static void batch_add(struct setting *setting, const struct store_row *row)
{
	const char *kind = chain_kind_word(row->kind);

	array_add_i64(&setting->array[0], (int64_t)row->seq);
	array_add_i64(&setting->array[1], row->at_ms);
	array_add_i64(&setting->array[2], (int64_t)row->epoch);
	array_add(&setting->array[3], kind, strlen(kind));
	array_add(&setting->array[4], row->plan_hash, STORE_HASH_BYTES);
	array_add(&setting->array[5], row->body, row->size);
	array_add(&setting->array[6], row->prev_hash, STORE_HASH_BYTES);
	array_add(&setting->array[7], row->hash, STORE_HASH_BYTES);
	setting->rows++;
}

static bool ask_add(PGconn *pg, const void *context)
{
	const struct setting *setting = context;
	const char *holder = setting->config->holder == NULL ? "" : setting->config->holder;
	const char *value[COLUMNS + 3] = {setting->config->town_id, setting->config->stream};
	int length[COLUMNS + 3] = {0}, format[COLUMNS + 3] = {0};
	Oid oid[COLUMNS + 3] = {OID_TEXT, OID_TEXT};

	for (int index = 0; index < COLUMNS; index++) {
		oid[2 + index] = ARRAY_OID[index];
		value[2 + index] = (const char *)setting->array[index].bytes;
		length[2 + index] = (int)setting->array[index].used;
		format[2 + index] = 1;
	}
	oid[COLUMNS + 2] = OID_TEXT;
	value[COLUMNS + 2] = holder;
	return PQsendQueryParams(pg, ADD, COLUMNS + 3, oid, value, length, format, 1) == 1;
}

static enum disp_err batch_send(struct setting *setting)
{
	PGresult *result;
	enum disp_err err;

	if (setting->rows == 0)
		return DISP_OK;
	for (size_t index = 0; index < COLUMNS; index++)
		array_end(&setting->array[index]);
	err = readback_ask(&setting->readback, ask_add, setting, setting->wait_ms, &result);
	if (err != DISP_OK) {
		tell(setting, STORE_WARNING,
			"rows that the journal does not have cannot be set aside yet: PostgreSQL %s",
			err == DISP_E_NONE ? "has no table for them" : "does not answer");
		return DISP_E_AGAIN;
	}
	if (PQntuples(result) == 1 && PQgetlength(result, 0, 0) == 8)
		setting->added += (uint64_t)array_get_i64(PQgetvalue(result, 0, 0));
	PQclear(result);
	batch_begin(setting);
	return DISP_OK;
}

/* All rows of the log from from_seq on, as far as they can be read. */
static enum disp_err rows_send(struct setting *setting, struct log_reader *reader)
{
	enum disp_err err = DISP_OK;
	enum disp_err got = DISP_E_AGAIN;
	struct log_row found;
	struct store_row row;

	batch_begin(setting);
	while (err == DISP_OK && (got = log_reader_next(reader, &found)) == DISP_OK) {
		if (chain_row_get(found.seq, found.ptr, found.len, &row) != DISP_OK ||
			chain_row_check(&row, row.prev_hash) != DISP_OK) {
			got = DISP_E_DAMAGED;
			break;
		}
		if (setting->rows == BATCH_ROWS || setting->array[5].used + row.size > BATCH_BYTES)
			err = batch_send(setting);
		if (err == DISP_OK) {
			batch_add(setting, &row);
			setting->read++;
		}
	}
	if (err == DISP_OK && got == DISP_E_IO) {
		errno = log_reader_report(reader)->os_errno;
		return disk_failed(setting, "the log cannot be read");
	}
	if (err == DISP_OK)
		err = batch_send(setting);
	if (err == DISP_OK && got != DISP_E_AGAIN) {
		setting->damaged = true;
		tell(setting, STORE_ERROR,
			"of the rows that the journal does not have, those behind the first %" PRIu64
			" cannot be read; they stay in the log's files",
			setting->read);
	}
	return err;
}

static enum disp_err rows_set(struct setting *setting)
{
	struct log_reader *reader;
	enum disp_err err =
		log_reader_open_dir(&reader, setting->config->dir, setting->ops, setting->from_seq);

	if (err == DISP_E_NONE)
		err = log_reader_open_dir(&reader, setting->config->dir, setting->ops, 0);
	if (err != DISP_OK)
		return disk_failed(setting, "the log cannot be opened");
	readback_init(&setting->readback, setting->config);
	err = rows_send(setting, reader);
	readback_close(&setting->readback);
	log_reader_close(reader);
	for (size_t index = 0; index < COLUMNS; index++)
		array_free(&setting->array[index]);
	return err;
}

/* ---- the files ---- */

/* DISP_E_NONE: there is no such folder. */
static enum disp_err folder_look(const struct setting *setting, const char *name)
{
	int fd = setting->ops->openat(setting->dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

	if (fd < 0)
		return errno == ENOENT ? DISP_E_NONE : disk_failed(setting, name);
	(void)setting->ops->close(fd);
	return DISP_OK;
}

static void folder_name(char name[NAME_BYTES], const char *behind, int number)
{
	snprintf(name, NAME_BYTES, "stray-%d%s", number, behind);
}

/*
 * DIR/stray-<n>: the first one without a log in it; an attempt before this one may have left it. When the log has been
 * moved already: the one where it is.
 */
static enum disp_err folder_open(struct setting *setting, bool log_there)
{
	const struct file_ops *ops = setting->ops;
	enum disp_err err = DISP_OK;
	int number = 0;

	while (err == DISP_OK && number < FOLDERS_MAX) {
		folder_name(setting->folder, "/log", ++number);
		err = folder_look(setting, setting->folder);
	}
	if (err != DISP_E_NONE)
		return DISP_E_IO;
	folder_name(setting->folder, "", !log_there && number > 1 ? number - 1 : number);
	if (ops->mkdirat(setting->dir_fd, setting->folder, 0700) != 0 && errno != EEXIST)
		return disk_failed(setting, setting->folder);
	setting->stray_fd =
		ops->openat(setting->dir_fd, setting->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (setting->stray_fd < 0 || ops->fsync(setting->dir_fd) != 0)
		return disk_failed(setting, setting->folder);
	return DISP_OK;
}

struct look {
	uint64_t from_seq, seq;
	bool found;
};

static void snapshot_look(void *context, const char *name)
{
	struct look *look = context;
	uint64_t seq;

	if (!look->found && file_name_get(name, "snapshot-", ".snap", &seq) && seq >= look->from_seq) {
		look->found = true;
		look->seq = seq;
	}
}

static enum disp_err renamed(struct setting *setting, const char *name)
{
	if (setting->ops->renameat(setting->dir_fd, name, setting->stray_fd, name) != 0)
		return disk_failed(setting, name);
	return DISP_OK;
}

static enum disp_err synced(struct setting *setting)
{
	if (setting->ops->fsync(setting->stray_fd) != 0 || setting->ops->fsync(setting->dir_fd) != 0)
		return disk_failed(setting, "a folder cannot be made durable");
	return DISP_OK;
}

static enum disp_err snapshots_move(struct setting *setting)
{
	for (;;) {
		struct look look = {.from_seq = setting->from_seq};
		char name[FILE_NAME_BYTES];

		if (setting->ops->list(setting->dir_fd, snapshot_look, &look) != 0)
			return disk_failed(setting, "the folder cannot be read");
		if (!look.found)
			return synced(setting);
		snapshot_name_put(name, look.seq);
		if (renamed(setting, name) != DISP_OK)
			return DISP_E_IO;
	}
}

static enum disp_err files_move(struct setting *setting, bool log_there)
{
	enum disp_err err = folder_open(setting, log_there);

	if (err == DISP_OK)
		err = snapshots_move(setting);
	if (err == DISP_OK && log_there)
		err = renamed(setting, "log");
	if (err == DISP_OK)
		err = synced(setting);
	if (setting->stray_fd >= 0)
		(void)setting->ops->close(setting->stray_fd);
	return err;
}

enum disp_err store_set_stray(const struct store_config *config, uint64_t from_seq, int64_t wait_ms)
{
	struct setting setting = {.config = config,
		.ops = config->ops == NULL ? &file_ops_real : config->ops,
		.from_seq = from_seq,
		.wait_ms = wait_ms,
		.dir_fd = -1,
		.stray_fd = -1};

	setting.dir_fd = setting.ops->openat(AT_FDCWD, config->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (setting.dir_fd < 0)
		return disk_failed(&setting, "the folder cannot be opened");
	enum disp_err log = folder_look(&setting, "log");
	enum disp_err err = log == DISP_OK ? rows_set(&setting) : log == DISP_E_NONE ? DISP_OK : log;

	if (err == DISP_OK)
		err = files_move(&setting, log == DISP_OK);
	(void)setting.ops->close(setting.dir_fd);
	if (err != DISP_OK)
		return err;
	tell(&setting, STORE_WARNING,
		"%" PRIu64 " rows were read from row %" PRIu64 " on, %" PRIu64
		" of them came into dispatch.stray just now; their log is kept in %s",
		setting.read, from_seq, setting.added, setting.folder);
	return setting.damaged ? DISP_E_DAMAGED : DISP_OK;
}
