/* stray_fixture: logs that have forked from the journal, and what is asked about them; for test_stray and test_bring. */
#ifndef STRAY_FIXTURE_H
#define STRAY_FIXTURE_H

#include "pair_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

enum { COMMON = 20, OWN = 10, THEIRS = 15 };

static inline void shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline void shell(const char *format, ...)
{
	char command[4 * PATH_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	assert_int_equal(system(command), 0);
}

static inline int64_t number(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline int64_t number(const char *format, ...)
{
	char statement[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(statement, sizeof(statement), format, arguments);
	va_end(arguments);
	return strtoll(sql(statement), NULL, 10);
}

static inline int64_t strays(const char *town)
{
	return number("SELECT count(*) FROM dispatch.stray WHERE town_id = '%s'", town);
}

static inline void snapshot_at(const char *dir, uint64_t seq)
{
	static struct snapshot_writer writer;
	int dir_fd = open(dir, O_RDONLY | O_DIRECTORY);

	snapshot_begin(&writer, &file_ops_real, dir_fd, seq);
	snapshot_section_begin(&writer, 1);
	snapshot_put(&writer, "state", 5);
	assert_int_equal(snapshot_commit(&writer), DISP_OK);
	close(dir_fd);
}

/* 0: there is none. */
static inline uint64_t newest_snapshot(const char *dir)
{
	struct snapshot_report found;
	struct snapshot snapshot;
	int dir_fd = open(dir, O_RDONLY | O_DIRECTORY);
	enum disp_err err = snapshot_read_newest(&snapshot, &file_ops_real, dir_fd, &found);
	uint64_t seq = err == DISP_OK ? snapshot.seq : 0;

	assert_true(err == DISP_OK || err == DISP_E_NONE);
	if (err == DISP_OK)
		snapshot_free(&snapshot);
	close(dir_fd);
	return seq;
}

/* The journal has COMMON and THEIRS rows; the folder's log COMMON and OWN, and snapshots on both sides of the fork. */
static inline struct store_config forked(const char *town, const char *folder, uint8_t hash[STORE_HASH_BYTES])
{
	struct store_config config = pair_config(town, folder);
	struct store *leader = writer(town, "leader", COMMON);
	struct store *store = pair_open(&config, NULL);

	assert_int_equal(store_close(store), DISP_OK);
	alone(town, folder, OWN);
	append(leader, THEIRS);
	TURN_UNTIL(leader, state_of(leader).journal_seq == COMMON + THEIRS);
	store_last_hash(leader, hash);
	assert_int_equal(store_close(leader), DISP_OK);
	shell("rm -rf %s/leader", scratch);
	for (uint64_t seq = 10; seq <= COMMON + OWN; seq += 5)
		snapshot_at(config.dir, seq);
	return config;
}

/* A start as the daemon does it; what is handed over behind the snapshot must end with the journal's last row. */
static inline void assert_starts(const struct store_config *config, const uint8_t hash[STORE_HASH_BYTES])
{
	uint64_t after_seq = newest_snapshot(config->dir);
	uint8_t last[STORE_HASH_BYTES];
	struct store *store;

	assert_true(after_seq <= COMMON);
	assert_int_equal(store_open(&store, config), DISP_OK);
	assert_int_equal(store_recover(store, after_seq, WAIT_MS, NULL, NULL), DISP_OK);
	assert_int_equal(store_last_seq(store), COMMON + THEIRS);
	store_last_hash(store, last);
	assert_memory_equal(last, hash, STORE_HASH_BYTES);
	assert_int_equal(store_close(store), DISP_OK);
}

/* The tables are there before anything is set aside. */
static inline int migrated(void **context)
{
	(void)context;
	return store_close(writer("migrated", "migrated", 1)) == DISP_OK ? 0 : -1;
}

#define STRAY_MAIN(tests)                                                                                    \
	int main(void)                                                                                       \
	{                                                                                                    \
		const char *dir = getenv("STORE_TEST_DIR");                                                  \
		if (dir == NULL) {                                                                           \
			printf("run by tests/integration/test_follow.sh\n");                                 \
			return 77;                                                                           \
		}                                                                                            \
		places_take(dir);                                                                            \
		return cmocka_run_group_tests(tests, migrated, NULL);                                        \
	}

#endif
