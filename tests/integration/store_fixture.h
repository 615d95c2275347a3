/* store_fixture: a store against a real PostgreSQL that can be stopped, killed and asked; for test_store. */
#ifndef TESTS_INTEGRATION_STORE_FIXTURE_H
#define TESTS_INTEGRATION_STORE_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "core/event.h"
#include "store/store.h"

enum { WAIT_MS = 30000, PATH_BYTES = 512 };

static char scratch[PATH_BYTES], conninfo[PATH_BYTES], owner_conninfo[PATH_BYTES];

static int64_t now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static struct text some_name(void *context, enum row_name kind, uint32_t number)
{
	static char name[8][32];
	static unsigned next;
	char *to = name[next++ % 8];

	(void)context;
	int len = kind == ROW_NAME_STOCK ? snprintf(to, 32, "depot-%u/item-%u", number, number)
					 : snprintf(to, 32, "名%u-%u", (unsigned)kind, number);
	return (struct text){to, (uint32_t)len};
}

static const struct row_names names = {NULL, some_name};
static char last_report[STORE_ERROR_BYTES];

static void report(void *context, enum store_level level, const char *text)
{
	(void)context;
	if (level == STORE_ERROR)
		snprintf(last_report, sizeof(last_report), "%s", text);
	print_message("    %d %s\n", (int)level, text);
}

static inline struct store *store_start(const char *town, const char *folder, enum disp_err recovered)
{
	char dir[PATH_BYTES + 32];
	struct store_config config = {.dir = dir,
		.conninfo = conninfo,
		.migrate_conninfo = owner_conninfo,
		.migrations_dir = "schemas/sql",
		.town_id = town,
		.stream = "actual",
		.segment_bytes = 256 << 10,
		.names = &names,
		.report = report};
	struct store *store;

	static char kept[16][PATH_BYTES + 32];
	static unsigned used;

	snprintf(dir, sizeof(dir), "%s/%s", scratch, folder);
	char *copy = strcpy(kept[used++ % 16], dir);

	config.dir = copy;
	char command[PATH_BYTES + 64];

	snprintf(command, sizeof(command), "mkdir -p %s", dir);
	assert_int_equal(system(command), 0);
	assert_int_equal(store_open(&store, &config), DISP_OK);
	assert_int_equal(store_recover(store, 0, WAIT_MS, NULL, NULL), recovered);
	return store;
}

static void turn(struct store *store)
{
	struct store_pollfd wanted[STORE_POLLFDS_MAX];
	struct pollfd fds[STORE_POLLFDS_MAX];
	uint32_t count = store_pollfds(store, wanted, STORE_POLLFDS_MAX);
	int64_t wait = store_due_ms(store) - now_ms();

	for (uint32_t index = 0; index < count; index++)
		fds[index] = (struct pollfd){.fd = wanted[index].fd, .events = wanted[index].events};
	poll(fds, count, wait < 0 ? 0 : wait > 20 ? 20 : (int)wait);
	store_work(store, now_ms());
}

static void append_body(struct store *store, uint32_t kind, const void *body, size_t size)
{
	static const uint8_t plan[STORE_HASH_BYTES] = {7};
	uint64_t seq = store_last_seq(store) + 1;

	assert_int_equal(
		store_append(store, seq, 1782892800000 + (int64_t)seq, 3, kind, plan, body, size), DISP_OK);
}

static void append(struct store *store, uint32_t count)
{
	char body[200];

	for (uint32_t index = 0; index < count; index++) {
		int len = snprintf(
			body, sizeof(body), "row %" PRIu64 " of this store", store_last_seq(store) + 1);

		append_body(store, EVENT_TICK, body, (size_t)len);
	}
	while (store_commit(store, now_ms()) != DISP_OK)
		turn(store);
}

static struct store_state state_of(const struct store *store)
{
	struct store_state state;

	store_get_state(store, &state);
	return state;
}

#define TURN_UNTIL(store, condition)                                                                         \
	do {                                                                                                 \
		int64_t until = now_ms() + WAIT_MS;                                                          \
		while (!(condition) && now_ms() < until)                                                     \
			turn(store);                                                                         \
		assert_true(condition);                                                                      \
	} while (0)

/* The one value of a statement, as the owner. */
static const char *sql(const char *statement)
{
	static char value[1024];
	PGconn *pg = PQconnectdb(owner_conninfo);
	PGresult *result = PQexec(pg, statement);

	if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", statement, PQerrorMessage(pg));
	snprintf(value, sizeof(value), "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
	PQclear(result);
	PQfinish(pg);
	return value;
}

static inline void postgres(const char *what)
{
	char command[PATH_BYTES + 64];

	snprintf(command, sizeof(command), "ops/private-postgres %s %s/pg", what, scratch);
	assert_int_equal(system(command), 0);
}

/* Every process that works in its data folder: the server, and its children. */
static inline void postgres_signal(const char *signal_name)
{
	char command[2 * PATH_BYTES];

	snprintf(command, sizeof(command),
		"data=$(head -n 1 %s/pg/location); for p in /proc/[0-9]*; do "
		"[ \"$(readlink $p/cwd)\" = \"$data\" ] && kill -%s ${p#/proc/}; done; true",
		scratch, signal_name);
	assert_int_equal(system(command), 0);
}

static inline void assert_chain(const char *town, uint64_t rows)
{
	char statement[256];
	char expected[24];

	snprintf(expected, sizeof(expected), "%" PRIu64, rows);
	snprintf(statement, sizeof(statement), "SELECT count(*) FROM dispatch.journal WHERE town_id = '%s'",
		town);
	assert_string_equal(sql(statement), expected);
	snprintf(statement, sizeof(statement),
		"SELECT seq || what FROM dispatch.journal_broken('%s', 'actual')", town);
	assert_string_equal(sql(statement), "");
}

#endif
