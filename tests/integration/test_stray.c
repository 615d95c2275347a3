/* test_stray: rows that only our log has are set aside in a real PostgreSQL, and brought in by who leads. Run by test_follow.sh. */
#include "pair_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { COMMON = 20, OWN = 10, THEIRS = 15 };

static void shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void shell(const char *format, ...)
{
	char command[4 * PATH_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	assert_int_equal(system(command), 0);
}

static int64_t number(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int64_t number(const char *format, ...)
{
	char statement[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(statement, sizeof(statement), format, arguments);
	va_end(arguments);
	return strtoll(sql(statement), NULL, 10);
}

static int64_t strays(const char *town)
{
	return number("SELECT count(*) FROM dispatch.stray WHERE town_id = '%s'", town);
}

static void snapshot_at(const char *dir, uint64_t seq)
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
static uint64_t newest_snapshot(const char *dir)
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
static struct store_config forked(const char *town, const char *folder, uint8_t hash[STORE_HASH_BYTES])
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
static void assert_starts(const struct store_config *config, const uint8_t hash[STORE_HASH_BYTES])
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

/* ---- brought in again ---- */

enum { TAKEN_MAX = 600 };

/* Each row that comes is a new row of the one who leads. */
struct taking {
	struct store *store;
	uint64_t seq[TAKEN_MAX], epoch[TAKEN_MAX];
	uint32_t count, again;
	uint64_t refuse_seq;
};

static enum disp_err take_stray(void *context, const struct store_row *row)
{
	struct taking *taking = context;

	assert_true(taking->count < TAKEN_MAX);
	if (taking->again > 0) {
		taking->again--;
		return DISP_E_AGAIN;
	}
	if (taking->refuse_seq == row->seq)
		return DISP_E_INPUT;
	taking->seq[taking->count] = row->seq;
	taking->epoch[taking->count++] = row->epoch;
	append_body(taking->store, EVENT_TICK, row->body, row->size);
	return store_commit(taking->store, now_ms()) == DISP_OK ? DISP_OK : DISP_E_AGAIN;
}

static struct store *leading(const char *town, const char *folder, uint64_t epoch, struct taking *taking)
{
	struct store_config config = pair_config(town, folder);
	struct store *store = pair_open(&config, NULL);

	taking->store = store;
	store_lead(store, epoch, take_stray, taking);
	return store;
}

static int64_t waiting(const char *town)
{
	return number("SELECT count(*) FROM dispatch.stray WHERE town_id = '%s' AND brought_seq IS NULL AND "
		      "refused IS NULL",
		town);
}

/* `rows` strays, on a log that the journal does not know. */
static void strays_make(const char *town, const char *folder, uint32_t rows)
{
	struct store_config config = pair_config(town, folder);

	alone(town, folder, rows);
	assert_int_equal(store_set_stray(&config, 1, WAIT_MS), DISP_OK);
	assert_int_equal(strays(town), rows);
}

static void turn_for(struct store *store, int64_t ms)
{
	for (int64_t until = now_ms() + ms; now_ms() < until;)
		turn(store);
}

static void test_brought_in_once(void **context)
{
	static struct taking taking;

	(void)context;
	strays_make("once", "once-b", 300); /* more than a page */
	lease("once", "once-a", 4);
	struct store *store = leading("once", "once-a", 4, &taking);

	TURN_UNTIL(store, taking.count == 300 && waiting("once") == 0);
	for (uint32_t row = 0; row < 300; row++)
		assert_int_equal(taking.seq[row], row + 1);
	assert_int_equal(
		number("SELECT count(*) FROM dispatch.stray WHERE town_id = 'once' AND brought_seq = seq"),
		300);
	turn_for(store, 2500);
	assert_int_equal(taking.count, 300);
	/* three that come later: an older epoch first; one says something else than its hash */
	sql("UPDATE dispatch.stray SET brought_seq = NULL WHERE town_id = 'once' AND seq IN (3, 7, 9)");
	sql("UPDATE dispatch.stray SET epoch = 2, hash = dispatch.journal_hash(prev_hash, seq, at, 2, "
	    "plan_hash, kind, "
	    "body) WHERE town_id = 'once' AND seq = 7");
	sql("UPDATE dispatch.stray SET body = 'other' WHERE town_id = 'once' AND seq = 9");
	TURN_UNTIL(store, taking.count == 302 && waiting("once") == 0);
	assert_int_equal(taking.seq[300], 7);
	assert_int_equal(taking.seq[301], 3);
	assert_int_equal(
		number("SELECT seq FROM dispatch.stray WHERE town_id = 'once' AND refused IS NOT NULL"), 9);
	assert_int_equal(store_close(store), DISP_OK);
}

static void test_again_and_refused(void **context)
{
	static struct taking taking = {.again = 3, .refuse_seq = 5};

	(void)context;
	strays_make("refuses", "refuses-b", 10);
	lease("refuses", "refuses-a", 4);
	struct store *store = leading("refuses", "refuses-a", 4, &taking);

	TURN_UNTIL(store, taking.count == 9 && waiting("refuses") == 0);
	assert_int_equal(taking.again, 0);
	assert_int_equal(taking.seq[3], 4);
	assert_int_equal(taking.seq[4], 6);
	assert_int_equal(
		number("SELECT count(*) FROM dispatch.stray WHERE town_id = 'refuses' AND seq = 5 AND "
		       "refused IS NOT NULL AND brought_seq IS NULL"),
		1);
	assert_non_null(strstr(last_report, "row 5 of another daemon"));
	assert_int_equal(store_close(store), DISP_OK);
}

/* A leader that is gone between taking and marking: the next one has the row, too. */
static void test_killed_before_the_mark(void **context)
{
	static struct taking first, second;

	(void)context;
	strays_make("twice", "twice-c", 5);
	lease("twice", "twice-a",
		3); /* an older epoch: the journal is not written yet, so nothing is marked */
	struct store *store = leading("twice", "twice-a", 4, &first);

	TURN_UNTIL(store, first.count == 5);
	turn_for(store, 300);
	assert_int_equal(waiting("twice"), 5);
	assert_int_equal(store_close(store), DISP_OK);
	lease("twice", "twice-b", 5);
	store = leading("twice", "twice-b", 5, &second);
	TURN_UNTIL(store, second.count == 5 && waiting("twice") == 0);
	assert_int_equal(store_close(store), DISP_OK);
}

/* Who has been replaced brings nothing in, and marks nothing; nor who only follows. */
static void test_only_who_leads(void **context)
{
	static struct taking taking;

	(void)context;
	strays_make("fenced", "fenced-c", 5);
	lease("fenced", "fenced-b", 9);
	struct store *store = leading("fenced", "fenced-a", 4, &taking);

	TURN_UNTIL(store, state_of(store).fenced);
	uint32_t count = taking.count;

	turn_for(store, 2500);
	assert_int_equal(taking.count, count);
	assert_int_equal(waiting("fenced"), 5);
	assert_int_equal(store_close(store), DISP_OK);
}

static void test_postgres_dies_meanwhile(void **context)
{
	static struct taking taking;

	(void)context;
	strays_make("dies", "dies-b", 100);
	lease("dies", "dies-a", 4);
	struct store *store = leading("dies", "dies-a", 4, &taking);

	TURN_UNTIL(store, taking.count > 20);
	postgres_signal("KILL");
	turn_for(store, 300);
	postgres("start");
	TURN_UNTIL(store, taking.count == 100 && state_of(store).journal_seq == 100);
	TURN_UNTIL(store, waiting("dies") == 0);
	turn_for(store, 2500);
	assert_int_equal(taking.count, 100);
	assert_int_equal(store_close(store), DISP_OK);
}

static enum disp_err count_row(void *context, const struct store_row *row)
{
	*(uint64_t *)context = row->seq;
	return DISP_OK;
}

/* From the pause of a leader to the day on which both logs are one again. */
static void test_two_of_them(void **context)
{
	static struct taking by_a, by_b;
	uint64_t followed = 0;
	struct store_config config_a = pair_config("two", "two-a");
	struct store_config config_b = pair_config("two", "two-b");
	struct store_following following_a;

	(void)context;
	lease("two", "two-a", 1);
	struct store *a = leading("two", "two-a", 1, &by_a);
	struct store *b = pair_open(&config_b, NULL);

	store_follow(b, count_row, &followed);
	append(a, 100);
	TURN_UNTIL(a, state_of(a).journal_seq == 100);
	for (uint32_t row = 0; row < 5; row++) /* and is paused before PostgreSQL is told */
		append_body(a, EVENT_TICK, "paused", 6);
	assert_int_equal(store_commit(a, now_ms()), DISP_OK);
	lease("two", "two-b", 2);
	int64_t taken_ms = now_ms();

	TURN_UNTIL(b, following(b).reached_ms >= taken_ms);
	assert_int_equal(followed, 100);
	by_b.store = b;
	store_lead(b, 2, take_stray, &by_b);
	append(b, 10);
	TURN_UNTIL(b, state_of(b).journal_seq == 110);
	TURN_UNTIL(a, state_of(a).fenced);
	assert_int_equal(store_close(a), DISP_OK);

	a = pair_open(&config_a, NULL);
	followed = 0;
	store_follow(a, count_row, &followed);
	TURN_UNTIL(a, following(a).forked_seq > 0);
	following_a = following(a);
	assert_int_equal(following_a.forked_seq, 101);
	assert_int_equal(followed, 0);
	assert_int_equal(store_close(a), DISP_OK);
	assert_int_equal(store_set_stray(&config_a, following_a.forked_seq, WAIT_MS), DISP_OK);
	a = pair_open(&config_a, NULL);
	store_follow(a, count_row, &followed);
	TURN_UNTIL(b, by_b.count == 5 && waiting("two") == 0);
	assert_int_equal(by_b.seq[0], 101);
	TURN_UNTIL(a, followed == 115);
	assert_same_end(a, b);
	assert_chain("two", 115);
	assert_int_equal(store_close(a), DISP_OK);
	assert_int_equal(store_close(b), DISP_OK);
}

/* The tables are there before anything is set aside. */
static int migrated(void **context)
{
	(void)context;
	return store_close(writer("migrated", "migrated", 1)) == DISP_OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set_aside_and_start_again),
		cmocka_unit_test(test_without_postgres_nothing_moves),
		cmocka_unit_test(test_a_damaged_log_is_moved_all_the_same),
		cmocka_unit_test(test_killed_at_any_step),
		cmocka_unit_test(test_brought_in_once),
		cmocka_unit_test(test_again_and_refused),
		cmocka_unit_test(test_killed_before_the_mark),
		cmocka_unit_test(test_only_who_leads),
		cmocka_unit_test(test_postgres_dies_meanwhile),
		cmocka_unit_test(test_two_of_them),
	};
	const char *dir = getenv("STORE_TEST_DIR");

	if (dir == NULL) {
		printf("run by tests/integration/test_follow.sh\n");
		return 77;
	}
	places_take(dir);
	return cmocka_run_group_tests(tests, migrated, NULL);
}
