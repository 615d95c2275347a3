/* migrate: brings the database's structure up to date with schemas/sql, over the owner's connection. */
#include "store/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int file_order(const void *left, const void *right)
{
	const struct migrate_file *a = left;
	const struct migrate_file *b = right;

	return a->version < b->version ? -1 : a->version > b->version;
}

/* "012_name.sql": 12. 0: another file. */
static uint32_t name_version(const char *name)
{
	size_t size = strlen(name);
	char *end;
	unsigned long version;

	if (size < 6 || size >= MIGRATE_NAME_BYTES || strcmp(name + size - 4, ".sql") != 0 ||
		strchr(name, '\'') != NULL || name[0] < '0' || name[0] > '9')
		return 0;
	version = strtoul(name, &end, 10);
	return *end == '_' && version < UINT32_MAX ? (uint32_t)version : 0;
}

static void dir_read(struct migrate *migrate)
{
	DIR *dir = opendir(migrate->dir);
	const struct dirent *entry;

	if (dir == NULL) {
		link_tell(&migrate->link, STORE_ERROR, "cannot read %s: %s", migrate->dir, strerror(errno));
		return;
	}
	while ((entry = readdir(dir)) != NULL && migrate->file_count < MIGRATE_FILES_MAX) {
		uint32_t version = name_version(entry->d_name);

		if (version == 0)
			continue;
		struct migrate_file *file = &migrate->file[migrate->file_count++];

		file->version = version;
		memcpy(file->name, entry->d_name, strlen(entry->d_name) + 1);
	}
	closedir(dir);
	qsort(migrate->file, migrate->file_count, sizeof(migrate->file[0]), file_order);
}

void migrate_init(struct migrate *migrate, const char *conninfo, const char *dir, store_report_fn *report,
	void *context)
{
	*migrate = (struct migrate){.dir = dir};
	link_init(&migrate->link, "migrations", conninfo, report, context);
	migrate->settled = conninfo == NULL || dir == NULL;
	if (migrate->settled)
		migrate->state = MIGRATE_DONE;
	else
		dir_read(migrate);
}

void migrate_close(struct migrate *migrate)
{
	link_close(&migrate->link);
	PQclear(migrate->last);
	migrate->last = NULL;
}

bool migrate_settled(const struct migrate *migrate)
{
	return migrate->settled;
}

int64_t migrate_due_ms(const struct migrate *migrate)
{
	return migrate->state == MIGRATE_DONE ? INT64_MAX : link_due_ms(&migrate->link, INT64_MAX / 2);
}

static void give_up(struct migrate *migrate, int64_t now_ms, const char *why)
{
	link_tell(&migrate->link, STORE_ERROR, "%s", why);
	link_close(&migrate->link);
	migrate->link.retry_at_ms = now_ms + MIGRATE_RETRY_MS;
	migrate->state = MIGRATE_DOWN;
	migrate->settled = true;
}

static void done(struct migrate *migrate)
{
	if (migrate->applied_count > 0)
		link_tell(&migrate->link, STORE_INFO, "the structure is up to date, %u files applied",
			migrate->applied_count);
	link_close(&migrate->link);
	migrate->state = MIGRATE_DONE;
	migrate->settled = true;
}

static void send(struct migrate *migrate, enum migrate_state state, const char *sql, int64_t now_ms)
{
	if (!PQsendQuery(migrate->link.pg, sql)) {
		link_drop(&migrate->link, now_ms, PQerrorMessage(migrate->link.pg));
		migrate->state = MIGRATE_DOWN;
		return;
	}
	PQclear(migrate->last);
	migrate->last = NULL;
	migrate->failed = false;
	migrate->state = state;
	link_flush(&migrate->link, now_ms);
}

/* The file between BEGIN and its record; freed by the caller. NULL: cannot be read. */
static char *file_statement(const struct migrate *migrate, const struct migrate_file *file)
{
	static const char record[] = "%s/%s";
	char path[4096];
	char *sql = malloc(MIGRATE_FILE_BYTES_MAX + 512);
	FILE *in = NULL;
	size_t size = 0;

	if (sql != NULL &&
		(size_t)snprintf(path, sizeof(path), record, migrate->dir, file->name) < sizeof(path))
		in = fopen(path, "re");
	if (in == NULL) {
		free(sql);
		return NULL;
	}
	size = (size_t)snprintf(sql, 32, "BEGIN;\n");
	size += fread(sql + size, 1, MIGRATE_FILE_BYTES_MAX, in);
	if (ferror(in) || !feof(in)) {
		(void)fclose(in);
		free(sql);
		return NULL;
	}
	(void)fclose(in);
	snprintf(sql + size, 448,
		"\n;INSERT INTO dispatch.schema_version (version, name) VALUES (%u, '%s') "
		"ON CONFLICT DO NOTHING;\nCOMMIT;",
		file->version, file->name);
	return sql;
}

static void send_next_file(struct migrate *migrate, int64_t now_ms)
{
	while (migrate->next_file < migrate->file_count && migrate->file[migrate->next_file].applied)
		migrate->next_file++;
	if (migrate->next_file == migrate->file_count) {
		done(migrate);
		return;
	}
	char *sql = file_statement(migrate, &migrate->file[migrate->next_file]);

	if (sql == NULL)
		give_up(migrate, now_ms, "a migration file cannot be read");
	else
		send(migrate, MIGRATE_RUNNING, sql, now_ms);
	free(sql);
}

static void mark_applied(struct migrate *migrate, const PGresult *result)
{
	for (int row = 0; row < PQntuples(result); row++) {
		unsigned long version = strtoul(PQgetvalue(result, row, 0), NULL, 10);

		for (uint32_t index = 0; index < migrate->file_count; index++)
			if (migrate->file[index].version == version)
				migrate->file[index].applied = true;
	}
}

/* The last result of what was sent; NULL: it had none. */
static void step(struct migrate *migrate, const PGresult *result, int64_t now_ms)
{
	switch (migrate->state) {
	case MIGRATE_LOCKING:
		send(migrate, MIGRATE_ASKING, "SELECT to_regclass('dispatch.schema_version') IS NOT NULL",
			now_ms);
		break;
	case MIGRATE_ASKING:
		if (PQntuples(result) == 1 && PQgetvalue(result, 0, 0)[0] == 't')
			send(migrate, MIGRATE_READING, "SELECT version FROM dispatch.schema_version", now_ms);
		else
			send_next_file(migrate, now_ms);
		break;
	case MIGRATE_READING:
		mark_applied(migrate, result);
		send_next_file(migrate, now_ms);
		break;
	case MIGRATE_RUNNING:
		migrate->file[migrate->next_file].applied = true;
		migrate->applied_count++;
		send_next_file(migrate, now_ms);
		break;
	case MIGRATE_DOWN:
	case MIGRATE_DONE:
		break;
	}
}

/* Takes results of one PQsendQuery; true when all are there. */
static bool take_results(struct migrate *migrate)
{
	while (!PQisBusy(migrate->link.pg)) {
		PGresult *result = PQgetResult(migrate->link.pg);

		if (result == NULL)
			return true;
		if (PQresultStatus(result) == PGRES_FATAL_ERROR)
			migrate->failed = true;
		PQclear(migrate->last);
		migrate->last = result;
	}
	return false;
}

static void work_up(struct migrate *migrate, int64_t now_ms)
{
	char why[STORE_ERROR_BYTES];

	if (!take_results(migrate))
		return;
	PGresult *last = migrate->last;
	bool failed = migrate->failed;

	migrate->last = NULL;
	migrate->failed = false;
	if (PQstatus(migrate->link.pg) == CONNECTION_BAD) {
		link_drop(&migrate->link, now_ms, PQerrorMessage(migrate->link.pg));
		migrate->state = MIGRATE_DOWN;
	} else if (failed) {
		snprintf(why, sizeof(why), "%s: %s",
			migrate->state == MIGRATE_RUNNING ? migrate->file[migrate->next_file].name
							  : "cannot begin",
			PQresultErrorMessage(last));
		give_up(migrate, now_ms, why);
	} else {
		step(migrate, last, now_ms);
	}
	PQclear(last);
}

void migrate_work(struct migrate *migrate, int64_t now_ms)
{
	bool came_up;

	if (migrate->state == MIGRATE_DONE)
		return;
	if (!link_work(&migrate->link, now_ms, &came_up)) {
		migrate->state = MIGRATE_DOWN;
		/* perhaps only the owner is kept out, and the structure is there: the others may try */
		if (migrate->link.retry_ms >= LINK_RETRY_MS_MIN << MIGRATE_FAILURES_MAX)
			migrate->settled = true;
		return;
	}
	if (came_up) {
		migrate->next_file = 0;
		send(migrate, MIGRATE_LOCKING, "SELECT pg_advisory_lock(6911002)", now_ms);
	} else if (migrate->state != MIGRATE_DOWN) {
		work_up(migrate, now_ms);
	}
}
