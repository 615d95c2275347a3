/* test_stray: rows that only our log has are set aside in a real PostgreSQL. Run by test_follow.sh. */
#include "stray_fixture.h"

#include <errno.h>

static void test_set_aside_and_start_again(void **context)
{
	uint8_t hash[STORE_HASH_BYTES];
	struct store_config config = forked("set", "set-b", hash);

	(void)context;
	assert_int_equal(store_set_stray(&config, COMMON + 1, WAIT_MS), DISP_OK);
	assert_int_equal(strays("set"), OWN);
	assert_int_equal(
		number("SELECT count(*) FROM dispatch.stray WHERE town_id = 'set' AND holder = 'set-b' "
		       "AND seq BETWEEN 21 AND 30 AND brought_seq IS NULL AND refused IS NULL AND "
		       "hash = dispatch.journal_hash(prev_hash, seq, at, epoch, plan_hash, kind, body)"),
		OWN);
	shell("cd %s && test ! -e log && test -e stray-1/log && test ! -e stray-2", config.dir);
	shell("cd %s && [ \"$(ls stray-1 *.snap | tr -d '\\n' | tr -s 0)\" = "
	      "\"snapshot-010.snapsnapshot-015.snapsnapshot-020.snapstray-1:log"
	      "snapshot-025.snapsnapshot-030.snap\" ]",
		config.dir);
	assert_starts(&config, hash);

	/* all of it is the journal's now: once more moves it, and adds nothing */
	assert_int_equal(store_set_stray(&config, COMMON + 1, WAIT_MS), DISP_OK);
	assert_int_equal(strays("set"), OWN);
	shell("cd %s && test -e stray-2/log", config.dir);
	assert_starts(&config, hash);
}

static void test_without_postgres_nothing_moves(void **context)
{
	uint8_t hash[STORE_HASH_BYTES];
	struct store_config config = forked("silent", "silent-b", hash);

	(void)context;
	postgres_signal("STOP");
	assert_int_equal(store_set_stray(&config, COMMON + 1, 300), DISP_E_AGAIN);
	postgres_signal("CONT");
	shell("cd %s && test -e log && test ! -e stray-1", config.dir);
	assert_int_equal(newest_snapshot(config.dir), COMMON + OWN);
	assert_int_equal(store_set_stray(&config, COMMON + 1, WAIT_MS), DISP_OK);
	assert_int_equal(strays("silent"), OWN);
	assert_starts(&config, hash);
}

static void test_a_damaged_log_is_moved_all_the_same(void **context)
{
	uint8_t hash[STORE_HASH_BYTES];
	struct store_config config = forked("broken", "broken-b", hash);
	struct store *store;

	(void)context;
	config.conninfo = NULL;
	config.pair = false;
	assert_int_equal(store_open(&store, &config), DISP_OK);
	assert_int_equal(store_recover(store, 0, 0, NULL, NULL), DISP_OK);
	for (uint32_t row = 0; row < 40; row++) { /* one record each */
		append_body(store, EVENT_TICK, "body", 4);
		assert_int_equal(store_commit(store, now_ms()), DISP_OK);
		TURN_UNTIL(store, state_of(store).log_seq == store_last_seq(store));
	}
	assert_int_equal(store_close(store), DISP_OK);
	config.conninfo = conninfo;
	config.pair = true;
	shell("f=$(ls %s/log/*.log | tail -n 1); s=$(stat -c %%s $f); printf X | dd of=$f bs=1 seek=$((s - "
	      "2000)) "
	      "conv=notrunc 2>/dev/null",
		config.dir);
	assert_int_equal(store_set_stray(&config, COMMON + 1, WAIT_MS), DISP_E_DAMAGED);
	assert_true(strays("broken") >= OWN && strays("broken") < OWN + 40);
	assert_int_equal(
		number("SELECT max(seq) - min(seq) + 1 FROM dispatch.stray WHERE town_id = 'broken'"),
		strays("broken"));
	shell("cd %s && test ! -e log && test -e stray-1/log", config.dir);
	assert_starts(&config, hash);
}

/* ---- the process dies at any of its steps on the disk ---- */

static int steps_left;

static bool alive(void)
{
	errno = EIO;
	return steps_left > 0 && --steps_left >= 0;
}

static int dying_openat(int dir_fd, const char *name, int flags, mode_t mode)
{
	return alive() ? openat(dir_fd, name, flags, mode) : -1;
}

static int dying_fsync(int fd)
{
	return alive() ? fsync(fd) : -1;
}

static int dying_mkdirat(int dir_fd, const char *name, mode_t mode)
{
	return alive() ? mkdirat(dir_fd, name, mode) : -1;
}

static int dying_renameat(int from_fd, const char *from, int to_fd, const char *to)
{
	return alive() ? renameat(from_fd, from, to_fd, to) : -1;
}

static int dying_list(int dir_fd, file_visit *visit, void *context)
{
	return alive() ? file_ops_real.list(dir_fd, visit, context) : -1;
}

static struct file_ops dying_ops(void)
{
	struct file_ops ops = file_ops_real;

	ops.openat = dying_openat;
	ops.fsync = dying_fsync;
	ops.mkdirat = dying_mkdirat;
	ops.renameat = dying_renameat;
	ops.list = dying_list;
	return ops;
}

/* What a start would find now: the fork, whole, or nothing of it. A snapshot of the fork without its log never. */
static void assert_fits(const struct store_config *config)
{
	char log[PATH_BYTES + 64];

	snprintf(log, sizeof(log), "%s/log", config->dir);
	assert_true(access(log, F_OK) == 0 || newest_snapshot(config->dir) <= COMMON);
}

static void test_killed_at_any_step(void **context)
{
	const struct file_ops ops = dying_ops();
	uint8_t hash[STORE_HASH_BYTES];
	struct store_config whole = forked("killed", "killed-b", hash);
	enum disp_err err = DISP_E_IO;
	int steps = 0;

	(void)context;
	for (; err != DISP_OK; steps++) {
		char folder[32];

		assert_true(steps < 100);
		snprintf(folder, sizeof(folder), "killed-%d", steps);
		struct store_config config = pair_config("killed", folder);

		shell("cp -a %s/. %s", whole.dir, config.dir);
		steps_left = steps;
		config.ops = &ops;
		err = store_set_stray(&config, COMMON + 1, WAIT_MS);
		assert_true(err == DISP_OK || err == DISP_E_IO);
		config.ops = NULL;
		assert_fits(&config);
		assert_int_equal(store_set_stray(&config, COMMON + 1, WAIT_MS), DISP_OK);
		assert_int_equal(strays("killed"), OWN);
		shell("cd %s && test ! -e log && test -e stray-1/log && test ! -e stray-2", config.dir);
		assert_starts(&config, hash);
		shell("rm -rf %s", config.dir);
	}
	assert_true(steps > 12);
	print_message("    %d steps\n", steps);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_set_aside_and_start_again),
	cmocka_unit_test(test_without_postgres_nothing_moves),
	cmocka_unit_test(test_a_damaged_log_is_moved_all_the_same),
	cmocka_unit_test(test_killed_at_any_step),
};

STRAY_MAIN(tests)
