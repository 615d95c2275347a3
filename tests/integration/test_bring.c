/* test_bring: rows that were set aside are brought in by who leads. Run by test_follow.sh. */
#include "stray_fixture.h"

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

static enum disp_err count_row(void *context, const struct store_row *row)
{
	*(uint64_t *)context = row->seq;
	return DISP_OK;
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

/* Who has been replaced brings nothing in; nor who only follows. */
static void test_only_who_leads(void **context)
{
	static struct taking taking;
	struct store_config config = pair_config("fenced", "fenced-d");
	struct store *other = pair_open(&config, NULL);

	(void)context;
	store_follow(other, count_row, &(uint64_t){0});
	lease("fenced", "fenced-b", 9);
	struct store *store = leading("fenced", "fenced-a", 4, &taking);

	TURN_UNTIL(store, state_of(store).fenced);
	strays_make("fenced", "fenced-c", 5);
	turn_for(store, 2500);
	turn_for(other, 2500);
	assert_int_equal(taking.count, 0);
	assert_int_equal(waiting("fenced"), 5);
	assert_int_equal(store_close(store), DISP_OK);
	assert_int_equal(store_close(other), DISP_OK);
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

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_brought_in_once),
	cmocka_unit_test(test_again_and_refused),
	cmocka_unit_test(test_killed_before_the_mark),
	cmocka_unit_test(test_only_who_leads),
	cmocka_unit_test(test_postgres_dies_meanwhile),
	cmocka_unit_test(test_two_of_them),
};

STRAY_MAIN(tests)
