/* pair_fixture: stores of two daemons over one PostgreSQL: one that writes, one that follows, and logs that differ. */
#ifndef TESTS_INTEGRATION_PAIR_FIXTURE_H
#define TESTS_INTEGRATION_PAIR_FIXTURE_H

#include "store_fixture.h"

#include "store/chain.h"

/* What was handed over; the rows must be a chain. */
struct seen {
	uint64_t rows;
	uint8_t hash[STORE_HASH_BYTES];
	uint64_t stop_at; /* this row is answered with DISP_E_FULL; 0: none */
};

static inline enum disp_err see(void *context, const struct store_row *row)
{
	struct seen *seen = context;

	assert_int_equal(row->seq, ++seen->rows);
	assert_int_equal(chain_row_check(row, seen->hash), DISP_OK);
	memcpy(seen->hash, row->hash, STORE_HASH_BYTES);
	return seen->stop_at == row->seq ? DISP_E_FULL : DISP_OK;
}

static inline const char *folder_make(const char *folder)
{
	static char dir[64][PATH_BYTES + 32];
	static unsigned used;
	char command[PATH_BYTES + 64];
	char *to = dir[used++ % 64];

	snprintf(to, sizeof(dir[0]), "%s/%s", scratch, folder);
	snprintf(command, sizeof(command), "mkdir -p %s", to);
	assert_int_equal(system(command), 0);
	return to;
}

static inline struct store_config pair_config(const char *town, const char *folder)
{
	return (struct store_config){.dir = folder_make(folder),
		.conninfo = conninfo,
		.town_id = town,
		.stream = "actual",
		.segment_bytes = 256 << 10,
		.pair = true,
		.holder = folder,
		.report = report};
}

static inline struct store *pair_open(const struct store_config *config, struct seen *seen)
{
	struct store *store;

	assert_int_equal(store_open(&store, config), DISP_OK);
	if (seen != NULL)
		*seen = (struct seen){0};
	assert_int_equal(store_recover(store, 0, WAIT_MS, seen == NULL ? NULL : see, seen), DISP_OK);
	return store;
}

/* Rows into the log of this folder that PostgreSQL is not told of. */
static inline void alone(const char *town, const char *folder, uint32_t count)
{
	struct store_config config = pair_config(town, folder);
	struct store *store;

	config.conninfo = NULL;
	config.pair = false;
	assert_int_equal(store_open(&store, &config), DISP_OK);
	enum disp_err err = store_recover(store, 0, 0, NULL, NULL);

	assert_true(err == DISP_OK || err == DISP_E_AGAIN);
	for (uint32_t index = 0; index < count; index++)
		append_body(store, EVENT_TICK, folder, strlen(folder));
	assert_int_equal(store_commit(store, now_ms()), DISP_OK);
	assert_int_equal(store_close(store), DISP_OK);
}

/* One that writes, without a pair; what it has is in the journal when this returns. */
static inline struct store *writer(const char *town, const char *folder, uint32_t count)
{
	struct store *store = store_start(town, folder, DISP_OK);
	uint64_t last = store_last_seq(store) + count;

	while (store_last_seq(store) < last)
		append(store, last - store_last_seq(store) < 1000 ? (uint32_t)(last - store_last_seq(store))
								  : 1000);
	TURN_UNTIL(store, state_of(store).journal_seq == last);
	return store;
}

static inline void lease(const char *town, const char *holder, int epoch)
{
	char statement[256];

	snprintf(statement, sizeof(statement),
		"INSERT INTO dispatch.lease (town_id, epoch, holder) VALUES ('%s', %d, '%s') ON CONFLICT "
		"(town_id) DO UPDATE SET epoch = excluded.epoch, holder = excluded.holder",
		town, epoch, holder);
	sql(statement);
}

static inline struct store_following following(const struct store *store)
{
	struct store_following following;

	store_get_following(store, &following);
	return following;
}

static inline void assert_same_end(const struct store *a, const struct store *b)
{
	uint8_t one[STORE_HASH_BYTES], other[STORE_HASH_BYTES];

	store_last_hash(a, one);
	store_last_hash(b, other);
	assert_int_equal(store_last_seq(a), store_last_seq(b));
	assert_memory_equal(one, other, STORE_HASH_BYTES);
}

static inline void places_take(const char *dir)
{
	snprintf(scratch, sizeof(scratch), "%s", dir);
	snprintf(conninfo, sizeof(conninfo), "host=%s port=%s dbname=dispatch user=dispatch",
		getenv("PGHOST"), getenv("PGPORT"));
	snprintf(owner_conninfo, sizeof(owner_conninfo),
		"host=%s port=%s dbname=dispatch user=dispatch_owner", getenv("PGHOST"), getenv("PGPORT"));
}

#endif
