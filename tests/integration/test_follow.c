/* test_follow: a store that follows what another writes to a real PostgreSQL, and finds where both differ. Run by test_follow.sh. */
#include "pair_fixture.h"

#include <errno.h>

static struct store *follower(const char *town, const char *folder, struct seen *seen)
{
	struct store_config config = pair_config(town, folder);
	struct store *store = pair_open(&config, seen);

	store_follow(store, see, seen);
	return store;
}

#define BOTH_UNTIL(a, b, condition)                                                                          \
	do {                                                                                                 \
		int64_t until = now_ms() + WAIT_MS;                                                          \
		while (!(condition) && now_ms() < until) {                                                   \
			turn(a);                                                                             \
			turn(b);                                                                             \
		}                                                                                            \
		assert_true(condition);                                                                      \
	} while (0)

/* What the log of the folder holds, without PostgreSQL. */
static uint64_t rows_in_log(const char *town, const char *folder, struct seen *seen)
{
	struct store_config config = pair_config(town, folder);
	struct store *store;

	config.conninfo = NULL;
	store = pair_open(&config, seen);
	assert_int_equal(store_close(store), DISP_OK);
	return seen->rows;
}

static void test_from_empty_and_from_behind(void **context)
{
	struct store *leader = store_start("follow", "follow-a", DISP_OK);
	struct seen seen, again;
	struct store *store = follower("follow", "follow-b", &seen);
	uint8_t hash[STORE_HASH_BYTES];

	(void)context;
	TURN_UNTIL(store, following(store).reached_ms > 0); /* an empty journal has an end, too */
	assert_true(following(store).connected);
	append(leader, 5);
	BOTH_UNTIL(leader, store, seen.rows == 5);
	append(leader, 3500); /* four pages and a bit, while the other one does not look */
	TURN_UNTIL(leader, state_of(leader).journal_seq == 3505);
	int64_t asked_ms = now_ms();

	TURN_UNTIL(store, following(store).reached_ms >= asked_ms);
	assert_int_equal(seen.rows, 3505);
	assert_same_end(leader, store);
	assert_int_equal(following(store).forked_seq, 0);
	assert_int_equal(following(store).stopped, DISP_OK);
	store_last_hash(store, hash);
	assert_int_equal(store_close(store), DISP_OK);
	assert_int_equal(store_close(leader), DISP_OK);
	assert_int_equal(rows_in_log("follow", "follow-b", &again), 3505);
	assert_memory_equal(again.hash, hash, STORE_HASH_BYTES);
}

static void test_while_rows_are_written(void **context)
{
	struct store *leader = store_start("speed", "speed-a", DISP_OK);
	struct seen seen;
	struct store *store = follower("speed", "speed-b", &seen);

	(void)context;
	for (uint32_t batch = 0; batch < 400; batch++) {
		append(leader, 25);
		turn(leader);
		store_work(store, now_ms());
		if (batch == 200)
			BOTH_UNTIL(leader, store, seen.rows > 0);
	}
	BOTH_UNTIL(leader, store, seen.rows == 10000);
	assert_chain("speed", 10000);
	assert_same_end(leader, store);
	assert_int_equal(store_close(store), DISP_OK);
	assert_int_equal(store_close(leader), DISP_OK);
}

/* reached_ms says when the question was sent: it must not pass the time of a row that is not here yet. */
static void test_reached_is_never_too_late(void **context)
{
	struct store *leader = store_start("reached", "reached-a", DISP_OK);
	struct seen seen;
	struct store *store = follower("reached", "reached-b", &seen);

	(void)context;
	for (uint64_t row = 1; row <= 20; row++) {
		TURN_UNTIL(store, following(store).reached_ms > 0);
		append(leader, 1);
		TURN_UNTIL(leader, state_of(leader).journal_seq == row);
		int64_t there_ms = now_ms();

		while (following(store).reached_ms <= there_ms) {
			usleep(1000);
			store_work(store, now_ms());
		}
		assert_int_equal(seen.rows, row);
	}
	assert_int_equal(store_close(store), DISP_OK);
	assert_int_equal(store_close(leader), DISP_OK);
}

static void test_postgres_goes_and_comes_back(void **context)
{
	struct store *leader = writer("away", "away-a", 10);
	struct seen seen;
	struct store *store = follower("away", "away-b", &seen);

	(void)context;
	assert_int_equal(seen.rows, 10); /* store_recover has them from the journal */
	BOTH_UNTIL(leader, store, following(store).reached_ms > 0);
	postgres_signal("KILL");
	append(leader, 1500);
	BOTH_UNTIL(leader, store, !following(store).connected);
	int64_t reached_ms = following(store).reached_ms;

	for (int64_t until = now_ms() + 300; now_ms() < until;)
		turn(store);
	assert_int_equal(following(store).reached_ms, reached_ms);
	postgres("start");
	BOTH_UNTIL(leader, store, seen.rows == 1510 && following(store).reached_ms > reached_ms);
	assert_true(following(store).connected);
	assert_same_end(leader, store);

	postgres_signal("STOP"); /* silent, with a question on the way */
	reached_ms = following(store).reached_ms;
	for (int64_t until = now_ms() + 300; now_ms() < until;)
		turn(store);
	assert_true(following(store).reached_ms <= reached_ms + 100);
	postgres_signal("CONT");
	append(leader, 1);
	BOTH_UNTIL(leader, store, seen.rows == 1511);
	assert_int_equal(store_close(store), DISP_OK);
	assert_int_equal(store_close(leader), DISP_OK);
}

static volatile bool disk_refuses;

static int refusing_sync(int fd)
{
	errno = EIO;
	return disk_refuses ? -1 : fdatasync(fd);
}

static void test_a_full_log_is_waited_for(void **context)
{
	enum { BIG_BYTES = 64 << 10, BIG_ROWS = 1100 };
	static char body[BIG_BYTES];
	static struct file_ops ops;
	struct store *leader = store_start("full", "full-a", DISP_OK);
	struct store_config config = pair_config("full", "full-b");
	struct seen seen, again;

	(void)context;
	ops = file_ops_real;
	ops.fdatasync = refusing_sync;
	config.ops = &ops;
	struct store *store = pair_open(&config, &seen);

	store_follow(store, see, &seen);
	disk_refuses = true;
	for (uint32_t row = 0; row < BIG_ROWS; row++) {
		memset(body, (int)row, sizeof(body));
		append_body(leader, EVENT_TICK, body, sizeof(body));
		if (row % 100 == 99)
			while (store_commit(leader, now_ms()) != DISP_OK)
				turn(leader);
	}
	TURN_UNTIL(leader, state_of(leader).journal_seq == BIG_ROWS);
	int64_t asked_ms = now_ms();

	TURN_UNTIL(store, seen.rows > 300 && state_of(store).log_failed);
	for (int64_t until = now_ms() + 1500; now_ms() < until;)
		turn(store);
	assert_true(seen.rows < BIG_ROWS);
	assert_true(following(store).reached_ms < asked_ms);
	disk_refuses = false;
	TURN_UNTIL(store, seen.rows == BIG_ROWS && following(store).reached_ms >= asked_ms);
	assert_same_end(leader, store);
	assert_int_equal(store_close(store), DISP_OK);
	assert_int_equal(store_close(leader), DISP_OK);
	assert_int_equal(rows_in_log("full", "full-b", &again), BIG_ROWS);
	assert_memory_equal(again.hash, seen.hash, STORE_HASH_BYTES);
}

/* A row that PostgreSQL refused is a link of the chain, also as the last one. */
static void test_a_row_set_aside_is_followed(void **context)
{
	struct store *leader = store_start("aside", "aside-a", DISP_OK);
	struct seen seen;
	struct store *store = follower("aside", "aside-b", &seen);

	(void)context;
	sql("ALTER TABLE dispatch.journal ADD CONSTRAINT test_follow CHECK (town_id <> 'aside' OR seq NOT IN "
	    "(57, 100)) NOT VALID");
	append(leader, 100);
	BOTH_UNTIL(leader, store, seen.rows == 100);
	int64_t asked_ms = now_ms();

	TURN_UNTIL(store, following(store).reached_ms >= asked_ms);
	assert_int_equal(following(store).forked_seq, 0);
	assert_same_end(leader, store);
	sql("ALTER TABLE dispatch.journal DROP CONSTRAINT test_follow");
	assert_int_equal(store_close(store), DISP_OK);
	assert_int_equal(store_close(leader), DISP_OK);
}

/* Of two daemons, the other one may have to go on at any time: behind a row that is missing it could not. */
static void test_a_refused_row_leaves_no_hole(void **context)
{
	struct store_config config = pair_config("holes", "holes-a");
	struct store *leader = pair_open(&config, NULL);

	(void)context;
	lease("holes", "holes-a", 1);
	store_lead(leader, 1, NULL, NULL);
	sql("ALTER TABLE dispatch.journal ADD CONSTRAINT test_holes CHECK (town_id <> 'holes' OR seq <> "
	    "1500) NOT "
	    "VALID");
	for (uint32_t batch = 0; batch < 10; batch++)
		append(leader, 1000);
	while (state_of(leader).journal_seq < 10000) {
		turn(leader);
		assert_string_equal(sql("SELECT coalesce(max(seq), 0) - count(*) FROM (SELECT seq FROM "
					"dispatch.journal WHERE town_id = 'holes' UNION SELECT seq FROM "
					"dispatch.quarantine WHERE town_id = 'holes') rows"),
			"0");
	}
	assert_int_equal(state_of(leader).quarantined, 1);
	sql("ALTER TABLE dispatch.journal DROP CONSTRAINT test_holes");
	assert_int_equal(store_close(leader), DISP_OK);
}

static void test_what_take_says_stops_it(void **context)
{
	struct store *leader = store_start("stops", "stops-a", DISP_OK);
	struct seen seen;
	struct store *store = follower("stops", "stops-b", &seen);

	(void)context;
	seen.stop_at = 3;
	append(leader, 10);
	BOTH_UNTIL(leader, store, following(store).stopped == DISP_E_FULL);
	for (int64_t until = now_ms() + 300; now_ms() < until;)
		turn(store);
	assert_int_equal(seen.rows, 3);
	assert_false(following(store).connected);
	assert_int_equal(store_close(store), DISP_OK);
	assert_int_equal(store_close(leader), DISP_OK);
}

/* A folder with `common` rows of the journal and `own` rows that another daemon made of what came to it. */
static void folder_with(const char *town, const char *folder, uint64_t common, uint32_t own)
{
	struct store_config config = pair_config(town, folder);
	struct store *store = pair_open(&config, NULL);

	assert_int_equal(store_last_seq(store), common);
	assert_int_equal(store_close(store), DISP_OK);
	alone(town, folder, own);
}

/* The journal has `theirs` rows behind the common ones before the follower looks, and `later` more while it does. */
static void assert_fork(const char *town, uint32_t common, uint32_t own, uint32_t theirs, uint32_t later)
{
	char a[32], b[32];
	struct seen seen;

	snprintf(a, sizeof(a), "%s-a", town);
	snprintf(b, sizeof(b), "%s-b", town);
	struct store *leader = writer(town, a, common);

	folder_with(town, b, common, own);
	if (theirs > 0)
		append(leader, theirs);
	TURN_UNTIL(leader, state_of(leader).journal_seq == common + theirs);
	struct store *store = follower(town, b, &seen);

	assert_int_equal(seen.rows, common + own);
	if (later > 0) {
		TURN_UNTIL(store, following(store).reached_ms > 0);
		assert_int_equal(following(store).forked_seq, 0); /* rows of ours that are not there yet */
		append(leader, later);
	}
	BOTH_UNTIL(leader, store, following(store).forked_seq > 0);
	assert_int_equal(following(store).forked_seq, common + 1);
	assert_int_equal(following(store).stopped, DISP_OK);
	for (int64_t until = now_ms() + 200; now_ms() < until;)
		turn(store);
	assert_int_equal(seen.rows, common + own);
	assert_int_equal(store_close(store), DISP_OK);
	assert_int_equal(store_close(leader), DISP_OK);
}

static void test_forks(void **context)
{
	(void)context;
	assert_fork("fork-later", 20, 5, 20, 0);     /* the journal goes on behind our last row */
	assert_fork("fork-same", 20, 5, 5, 0);       /* it ends with the same seq */
	assert_fork("fork-shorter", 20, 5, 1, 0);    /* it ends before our last row */
	assert_fork("fork-ahead", 20, 5, 0, 2);      /* we are ahead when it comes */
	assert_fork("fork-ahead-far", 20, 5, 0, 9);  /* and are overtaken */
	assert_fork("fork-first", 0, 3, 0, 2);       /* of the first row */
	assert_fork("fork-long", 1000, 700, 300, 0); /* a long way to search */
}

/* Rows of ours that PostgreSQL does not have yet, and gets from us: no fork. */
static void test_ahead_is_no_fork(void **context)
{
	struct store *leader = writer("ahead", "ahead-a", 20);
	struct seen seen;
	char command[4 * PATH_BYTES];

	(void)context;
	assert_int_equal(store_close(leader), DISP_OK);
	folder_with("ahead", "ahead-b", 20, 5);
	snprintf(command, sizeof(command), "rm -rf %s/ahead-a && cp -a %s/ahead-b %s/ahead-a", scratch,
		scratch, scratch);
	assert_int_equal(system(command), 0);
	struct store *store = follower("ahead", "ahead-b", &seen);

	TURN_UNTIL(store, following(store).reached_ms > 0);
	leader = store_start("ahead", "ahead-a", DISP_OK);
	append(leader, 10);
	BOTH_UNTIL(leader, store, seen.rows == 35);
	assert_int_equal(following(store).forked_seq, 0);
	assert_same_end(leader, store);
	assert_int_equal(store_close(store), DISP_OK);
	assert_int_equal(store_close(leader), DISP_OK);
}

/* The journal's oldest rows are gone: what we still have of them is no fork, and is not searched. */
static void test_rows_removed_from_the_journal(void **context)
{
	struct store *leader = writer("removed", "removed-a", 50);
	struct seen seen;

	(void)context;
	folder_with("removed", "removed-b", 50, 5);
	append(leader, 10);
	TURN_UNTIL(leader, state_of(leader).journal_seq == 60);
	sql("SELECT dispatch.journal_retain('removed', 'actual', 40, 'test')");
	struct store *store = follower("removed", "removed-b", &seen);

	TURN_UNTIL(store, following(store).forked_seq > 0);
	assert_int_equal(following(store).forked_seq, 51);
	assert_int_equal(store_close(store), DISP_OK);
	assert_int_equal(store_close(leader), DISP_OK);
}

static void test_a_changed_row_stops_it(void **context)
{
	struct store *leader = writer("changed", "changed-a", 10);
	struct seen seen;
	struct store *store = follower("changed", "changed-b", &seen);

	(void)context;
	append(leader, 5);
	TURN_UNTIL(leader, state_of(leader).journal_seq == 15);
	sql("ALTER TABLE dispatch.journal DISABLE TRIGGER journal_append_only");
	sql("UPDATE dispatch.journal SET body = 'other' WHERE town_id = 'changed' AND seq = 13");
	sql("ALTER TABLE dispatch.journal ENABLE ALWAYS TRIGGER journal_append_only");
	TURN_UNTIL(store, following(store).stopped == DISP_E_DAMAGED);
	assert_int_equal(seen.rows, 12);
	assert_int_equal(following(store).forked_seq, 0);
	assert_non_null(strstr(last_report, "row 13"));
	assert_int_equal(store_close(store), DISP_OK);
	assert_int_equal(store_close(leader), DISP_OK);
	assert_string_equal(sql("SELECT seq FROM dispatch.journal_broken('changed', 'actual')"), "13");
}

/* The tables are there before anybody follows. */
static int migrated(void **context)
{
	(void)context;
	return store_close(writer("migrated", "migrated", 1)) == DISP_OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_empty_and_from_behind),
		cmocka_unit_test(test_while_rows_are_written),
		cmocka_unit_test(test_reached_is_never_too_late),
		cmocka_unit_test(test_postgres_goes_and_comes_back),
		cmocka_unit_test(test_a_full_log_is_waited_for),
		cmocka_unit_test(test_a_row_set_aside_is_followed),
		cmocka_unit_test(test_a_refused_row_leaves_no_hole),
		cmocka_unit_test(test_what_take_says_stops_it),
		cmocka_unit_test(test_forks),
		cmocka_unit_test(test_ahead_is_no_fork),
		cmocka_unit_test(test_rows_removed_from_the_journal),
		cmocka_unit_test(test_a_changed_row_stops_it),
	};
	const char *dir = getenv("STORE_TEST_DIR");

	if (dir == NULL) {
		printf("run by tests/integration/test_follow.sh\n");
		return 77;
	}
	places_take(dir);
	return cmocka_run_group_tests(tests, migrated, NULL);
}
