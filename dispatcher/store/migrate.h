/* migrate: brings the database's structure up to date with schemas/sql, over the owner's connection. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/link.h"

/*
 * Without waiting: one file after the other is sent as one transaction, and its end is looked for in migrate_work.
 * Order and record are as schemas/sql/001_journal.sql says. The journal and the projector wait until migrate_settled:
 * the structure is up to date, or it could not be brought there, which was told, and which the old one may do for.
 */
enum {
	MIGRATE_FILES_MAX = 256,
	MIGRATE_NAME_BYTES = 128,
	MIGRATE_FILE_BYTES_MAX = 4 << 20,
	MIGRATE_RETRY_MS = 30000,
	MIGRATE_FAILURES_MAX = 3
};

enum migrate_state {
	MIGRATE_DOWN,
	MIGRATE_LOCKING, /* two daemons at once: one goes first */
	MIGRATE_ASKING,  /* is there dispatch.schema_version? */
	MIGRATE_READING, /* which versions are there */
	MIGRATE_RUNNING, /* file next_file is under way */
	MIGRATE_DONE
};

struct migrate_file {
	uint32_t version;
	bool applied;
	char name[MIGRATE_NAME_BYTES];
};

struct migrate {
	struct link link;
	const char *dir;
	enum migrate_state state;
	bool settled;
	bool failed;    /* a result of what is under way was an error */
	PGresult *last; /* of what is under way, the last that has come */
	uint32_t file_count, next_file, applied_count;
	struct migrate_file file[MIGRATE_FILES_MAX];
};

/* conninfo or dir NULL: settled at once. The directory is read here; what is wrong with it is told. */
void migrate_init(struct migrate *migrate, const char *conninfo, const char *dir, store_report_fn *report,
	void *context);
void migrate_close(struct migrate *migrate);
void migrate_work(struct migrate *migrate, int64_t now_ms);
bool migrate_settled(const struct migrate *migrate);
int64_t migrate_due_ms(const struct migrate *migrate);

#endif
