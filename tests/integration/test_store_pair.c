/* test_store_pair: the lease's row, and that a store writes only while the row is its own. Run by test_store_pair.sh. */
#include "store_fixture.h"

#include "store/seat.h"

enum { ROUNDS = 200 };

/* ---- the lease's row ---- */

static struct seat *seat_of(const char *town, const char *holder)
{
	struct store_config config = {
		.conninfo = conninfo, .town_id = town, .holder = holder, .report = report};
	struct seat *seat;

	assert_int_equal(seat_open(&seat, &config), DISP_OK);
	return seat;
}

static bool seat_turn(struct seat *seat, struct seat_answer *answer)
{
	struct store_pollfd wanted;
	struct pollfd one = {.fd = -1};

	if (seat_pollfd(seat, &wanted))
		one = (struct pollfd){.fd = wanted.fd, .events = wanted.events};
	int64_t wait = seat_due_ms(seat) - now_ms();

	poll(&one, 1, wait < 0 ? 0 : wait > 20 ? 20 : (int)wait);
	return seat_work(seat, now_ms(), answer);
}

static void seat_begin(
	struct seat *seat, enum seat_ask ask, uint64_t epoch, uint64_t seen_epoch, uint64_t seen_beat)
{
	struct seat_answer answer;
	int64_t until = now_ms() + WAIT_MS;

	while (!seat_send(seat, ask, epoch, seen_epoch, seen_beat, now_ms()) && now_ms() < until)
		assert_false(seat_turn(seat, &answer));
}

static struct seat_answer seat_end(struct seat *seat)
{
	struct seat_answer answer = {0};
	int64_t until = now_ms() + WAIT_MS;

	while (!seat_turn(seat, &answer) && now_ms() < until)
		;
	assert_int_not_equal(answer.of, SEAT_NOTHING);
	return answer;
}

static struct seat_answer seat_do(
	struct seat *seat, enum seat_ask ask, uint64_t epoch, uint64_t seen_epoch, uint64_t seen_beat)
{
	seat_begin(seat, ask, epoch, seen_epoch, seen_beat);
	return seat_end(seat);
}

static void assert_row(struct seat *seat, uint64_t epoch, uint64_t beat, const char *holder)
{
	struct seat_answer answer = seat_do(seat, SEAT_LOOK, 0, 0, 0);

	assert_int_equal(answer.of, SEAT_LOOK);
	assert_false(answer.failed);
	assert_int_equal(answer.epoch, epoch);
	assert_int_equal(answer.beat, beat);
	assert_string_equal(answer.holder, holder);
}

static void test_seat(void **context)
{
	struct seat *one = seat_of("seat", "one"), *two = seat_of("seat", "two");
	struct seat_answer answer;

	(void)context;
	assert_row(one, 0, 0, "");
	assert_false(seat_do(one, SEAT_BEAT, 1, 0, 0).taken);
	assert_true(seat_do(one, SEAT_TAKE, 1, 0, 0).taken);
	assert_row(two, 1, 0, "one");
	assert_true(seat_do(one, SEAT_BEAT, 1, 0, 0).taken);
	assert_true(seat_do(one, SEAT_BEAT, 1, 0, 0).taken);
	assert_row(two, 1, 2, "one");
	assert_false(seat_do(two, SEAT_BEAT, 1, 0, 0).taken); /* another's */
	assert_false(seat_do(two, SEAT_TAKE, 2, 0, 0).taken); /* there is a row */
	assert_false(seat_do(two, SEAT_TAKE, 2, 1, 1).taken); /* it has moved */
	assert_false(seat_do(two, SEAT_TAKE, 1, 1, 2).taken); /* not above the row's */
	answer = seat_do(two, SEAT_TAKE, 2, 1, 2);
	assert_true(answer.taken && !answer.failed && answer.of == SEAT_TAKE);
	assert_row(one, 2, 3, "two");
	answer = seat_do(one, SEAT_BEAT, 1, 0, 0);
	assert_false(answer.taken || answer.failed);
	assert_int_equal(answer.epoch, 2);
	assert_row(one, 2, 3, "two");
	seat_close(one);
	seat_close(two);
	seat_close(NULL);
}

/* Of two that take at the same moment, one does. */
static void test_seat_race(void **context)
{
	struct seat *seat[2] = {seat_of("race", "one"), seat_of("race", "two")};
	uint64_t epoch = 0, beat = 0;

	(void)context;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct seat_answer answer[2];

		assert_row(seat[round % 2], epoch, beat,
			epoch == 0 ? "" : sql("SELECT holder FROM dispatch.lease WHERE town_id = 'race'"));
		seat_begin(seat[0], SEAT_TAKE, epoch + 1, epoch, beat);
		seat_begin(seat[1], SEAT_TAKE, epoch + 1, epoch, beat);
		answer[0] = seat_end(seat[0]);
		answer[1] = seat_end(seat[1]);
		assert_false(answer[0].failed || answer[1].failed);
		assert_true(answer[0].taken != answer[1].taken);
		beat += epoch++ != 0;
	}
	seat_close(seat[0]);
	seat_close(seat[1]);
}

static void test_seat_without_an_answer(void **context)
{
	struct seat *seat = seat_of("stopped", "one");
	struct seat_answer answer;

	(void)context;
	assert_true(seat_do(seat, SEAT_TAKE, 1, 0, 0).taken);
	postgres_signal("STOP");
	assert_true(seat_send(seat, SEAT_BEAT, 1, 0, 0, now_ms()));
	assert_false(seat_send(seat, SEAT_LOOK, 0, 0, 0, now_ms())); /* one at a time */
	int64_t began = now_ms();

	answer = seat_end(seat);
	assert_true(answer.failed && answer.of == SEAT_BEAT && !answer.taken);
	assert_true(now_ms() - began >= SEAT_TIMEOUT_MS - 50 && now_ms() - began < 2 * SEAT_TIMEOUT_MS);
	assert_false(seat_send(seat, SEAT_BEAT, 1, 0, 0, now_ms()));
	postgres_signal("CONT");
	assert_true(seat_do(seat, SEAT_BEAT, 1, 0, 0).taken);
	postgres("stop");
	for (unsigned turns = 0; turns < 10; turns++)
		assert_false(seat_turn(seat, &answer));
	postgres("start");
	assert_true(seat_do(seat, SEAT_BEAT, 1, 0, 0).taken);
	seat_close(seat);
}

/* ---- the fence ---- */

/* A store of one of two daemons; `epoch` 0: it stands by. */
static struct store *pair_start(const char *town, const char *folder, const char *holder, uint64_t epoch)
{
	static char dir[8][PATH_BYTES + 32];
	static unsigned used;
	char *to = dir[used++ % 8];
	char command[PATH_BYTES + 64];
	struct store_config config = {.dir = to,
		.conninfo = conninfo,
		.town_id = town,
		.stream = "actual",
		.names = &names,
		.report = report,
		.pair = true,
		.holder = holder};
	struct store *store;

	snprintf(to, sizeof(dir[0]), "%s/%s", scratch, folder);
	snprintf(command, sizeof(command), "mkdir -p %s", to);
	assert_int_equal(system(command), 0);
	assert_int_equal(store_open(&store, &config), DISP_OK);
	assert_int_equal(store_recover(store, 0, WAIT_MS, NULL, NULL), DISP_OK);
	if (epoch != 0)
		store_lead(store, epoch, NULL, NULL);
	return store;
}

static void lease_put(const char *town, const char *holder, unsigned epoch)
{
	char statement[256];

	snprintf(statement, sizeof(statement),
		"INSERT INTO dispatch.lease (town_id, epoch, holder) VALUES ('%s', %u, '%s') ON CONFLICT "
		"(town_id) "
		"DO UPDATE SET epoch = excluded.epoch, holder = excluded.holder",
		town, epoch, holder);
	sql(statement);
}

static uint64_t journal_rows(const char *town)
{
	char statement[128];

	snprintf(statement, sizeof(statement), "SELECT count(*) FROM dispatch.journal WHERE town_id = '%s'",
		town);
	return strtoull(sql(statement), NULL, 10);
}

static void test_without_the_lead_nothing_connects(void **context)
{
	struct store *store = pair_start("by", "by", "two", 0);

	(void)context;
	for (int64_t until = now_ms() + 700; now_ms() < until;) {
		turn(store);
		assert_string_equal(sql("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE "
					"'dispatcherd %' AND application_name <> 'dispatcherd seat'"),
			"0");
	}
	assert_false(state_of(store).connected || state_of(store).fenced);
	assert_int_equal(store_due_ms(store), INT64_MAX);
	lease_put("by", "two", 1);
	store_lead(store, 1, NULL, NULL);
	append(store, 3);
	TURN_UNTIL(store, state_of(store).projected_seq == 3 && state_of(store).mode == STORE_NORMAL);
	assert_chain("by", 3);
	assert_int_equal(store_close(store), DISP_OK);
}

static enum disp_err count_row(void *context, const struct store_row *row)
{
	*(uint64_t *)context = row->seq;
	return DISP_OK;
}

/* Who stands by with the journal at hand is no island, and no row of it waits. */
static void test_the_state_of_one_that_follows(void **context)
{
	struct store *leader, *other;
	uint64_t seen = 0;

	(void)context;
	lease_put("state", "one", 1);
	leader = pair_start("state", "state-a", "one", 1);
	other = pair_start("state", "state-b", "two", 0);
	store_follow(other, count_row, &seen);
	assert_int_equal(state_of(other).mode, STORE_ISLAND);
	append(leader, 20);
	TURN_UNTIL(leader, state_of(leader).journal_seq == 20);
	TURN_UNTIL(other, seen == 20 && state_of(other).log_seq == 20 && state_of(other).lag_rows == 0);
	assert_true(state_of(other).connected && state_of(other).mode == STORE_NORMAL);
	assert_int_equal(state_of(other).journal_seq, 20);
	assert_int_equal(state_of(other).projected_seq, 20);
	postgres("stop");
	TURN_UNTIL(other, state_of(other).mode == STORE_ISLAND && !state_of(other).connected);
	assert_int_equal(store_released_seq(other, now_ms()), 0);
	postgres("start");
	TURN_UNTIL(other, state_of(other).mode == STORE_NORMAL);
	assert_int_equal(store_close(other), DISP_OK);
	assert_int_equal(store_close(leader), DISP_OK);
}

/* A person's word came before the row: what is written waits for it, and help does not. */
static void test_the_row_has_not_heard_of_it(void **context)
{
	struct store *store;

	(void)context;
	lease_put("early", "two", 4);
	store = pair_start("early", "early", "one", 5);
	append(store, 3);
	TURN_UNTIL(store, store_released_seq(store, now_ms()) == 3);
	for (int64_t until = now_ms() + 500; now_ms() < until;)
		turn(store);
	assert_false(state_of(store).fenced || state_of(store).connected);
	assert_int_equal(journal_rows("early"), 0);
	lease_put("early", "one", 5);
	TURN_UNTIL(store, state_of(store).projected_seq == 3 && state_of(store).mode == STORE_NORMAL);
	lease_put("early", "two", 5); /* the same number, taken by both while they could not see each other */
	append(store, 3);
	TURN_UNTIL(store, state_of(store).fenced);
	assert_int_equal(journal_rows("early"), 3);
	assert_int_equal(store_close(store), DISP_OK);
}

static void test_a_take_over_waits(void **context)
{
	struct store *store, *other;
	struct seat *seat = seat_of("taken", "two");
	PGconn *pg = PQconnectdb(owner_conninfo);
	struct seat_answer answer;

	(void)context;
	lease_put("taken", "one", 1);
	store = pair_start("taken", "taken", "one", 1);
	append(store, 50);
	TURN_UNTIL(store, state_of(store).projected_seq == 50 && state_of(store).mode == STORE_NORMAL);
	assert_int_equal(store_released_seq(store, now_ms()), 50);
	PQclear(PQexec(pg, "BEGIN; SELECT FROM dispatch.lease WHERE town_id = 'taken' FOR KEY SHARE"));
	answer = seat_do(seat, SEAT_TAKE, 2, 1, 0);
	assert_true(answer.failed && !answer.taken);
	append(store, 50); /* meanwhile, it leads */
	TURN_UNTIL(store, state_of(store).journal_seq == 100);
	assert_true(seat_do(seat, SEAT_LOOK, 0, 0, 0).epoch == 1);
	sql("UPDATE dispatch.lease SET beat = beat + 1 WHERE town_id = 'taken'"); /* a beat waits for nobody */
	PQclear(PQexec(pg, "COMMIT"));
	PQfinish(pg);
	assert_true(seat_do(seat, SEAT_TAKE, 2, 1, 1).taken);
	append(store, 50);
	TURN_UNTIL(store, state_of(store).fenced);
	append(store, 50);
	TURN_UNTIL(store, state_of(store).log_seq == 200);
	assert_false(state_of(store).connected || state_of(store).conflict);
	assert_int_equal(store_released_seq(store, now_ms()), 100);
	assert_int_equal(store_due_ms(store), INT64_MAX);
	assert_int_equal(journal_rows("taken"), 100);
	assert_non_null(strstr(last_report, "FENCED"));
	other = pair_start("taken", "taken-b", "two", 2);
	append(other, 50);
	TURN_UNTIL(other, state_of(other).projected_seq == 150);
	assert_chain("taken", 150);
	assert_int_equal(store_close(other), DISP_OK);
	assert_int_equal(store_close(store), DISP_OK);
	seat_close(seat);
}

/* One whose connection was lost meanwhile finds later rows in the journal: they are the other leader's, no conflict. */
static void test_after_a_lost_connection(void **context)
{
	struct store *store, *other;
	PGconn *pg = PQconnectdb(conninfo);

	(void)context;
	lease_put("lost", "one", 1);
	store = pair_start("lost", "lost-a", "one", 1);
	append(store, 20);
	TURN_UNTIL(store, state_of(store).projected_seq == 20);
	lease_put("lost", "two", 2);
	other = pair_start("lost", "lost-b", "two", 2);
	append(other, 20);
	TURN_UNTIL(other, state_of(other).projected_seq == 40);
	assert_int_equal(store_close(other), DISP_OK);
	PQclear(PQexec(pg, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN "
			   "('dispatcherd journal', 'dispatcherd projector')"));
	PQfinish(pg);
	TURN_UNTIL(store, state_of(store).fenced);
	assert_false(state_of(store).conflict);
	assert_chain("lost", 40);
	assert_int_equal(store_close(store), DISP_OK);
}

/* What a daemon that was paused in the midst of a transaction leaves open does not keep the other one away. */
static void test_a_paused_leader_is_ended(void **context)
{
	struct seat *seat = seat_of("paused", "two");
	PGconn *pg = PQconnectdb(conninfo);

	(void)context;
	lease_put("paused", "one", 1);
	assert_true(PQenterPipelineMode(pg));
	assert_true(PQsendQueryParams(pg, "SELECT FROM dispatch.lease WHERE town_id = 'paused' FOR KEY SHARE",
		0, NULL, NULL, NULL, NULL, 0));
	assert_true(PQsendFlushRequest(pg));
	assert_int_equal(PQflush(pg), 0);
	PQclear(PQgetResult(pg));
	struct seat_answer answer = seat_do(seat, SEAT_TAKE, 2, 1, 0);
	for (unsigned tries = 0; tries < 10 && !answer.taken; tries++)
		answer = seat_do(seat, SEAT_TAKE, 2, 1, 0);
	assert_true(answer.taken);
	PQfinish(pg);
	seat_close(seat);
}

/*
 * The lease is taken at any moment while rows are under way. What stands in the database at the moment at which the take-over
 * has its lock is what stands there for ever.
 */
static void race_once(const char *town, unsigned round)
{
	struct store *store = pair_start(town, town, "one", 1);
	PGconn *pg = PQconnectdb(owner_conninfo);
	char take[512];
	uint8_t state_bytes[3] = {1, 2, 3};
	struct store_section section = {1, state_bytes, sizeof(state_bytes)};
	bool taken = false;

	snprintf(take, sizeof(take),
		"SELECT (SELECT count(*) FROM dispatch.journal WHERE town_id = '%s') || ' ' || "
		"coalesce((SELECT seq FROM dispatch.projected_seq WHERE town_id = '%s'), 0) || ' ' || "
		"(SELECT count(*) FROM dispatch.snapshot WHERE town_id = '%s')",
		town, town, town);
	append(store, 1);
	TURN_UNTIL(store, state_of(store).journal_seq == 1);
	for (unsigned at = 0; !state_of(store).fenced && at < 100000; at++) {
		append(store, 1 + at % 7);
		if (at % 16 == 0)
			(void)(store_snapshot_write(store, state_of(store).log_seq, &section, 1) == DISP_OK);
		if (at == round % 50) {
			char update[1024];

			snprintf(update, sizeof(update),
				"BEGIN; UPDATE dispatch.lease SET epoch = 2, holder = 'two' WHERE "
				"town_id = '%s'; %s",
				town, take);
			assert_true(PQsendQuery(pg, update));
		}
		if (at > round % 50 && !taken && PQconsumeInput(pg) && !PQisBusy(pg))
			taken = true;
		turn(store);
		if (taken && at % 5 == round % 5)
			break;
	}
	char before[64] = "";
	PGresult *result;

	while ((result = PQgetResult(pg)) != NULL) {
		if (PQresultStatus(result) == PGRES_TUPLES_OK)
			snprintf(before, sizeof(before), "%s", PQgetvalue(result, 0, 0));
		PQclear(result);
	}
	PQclear(PQexec(pg, "COMMIT"));
	PQfinish(pg);
	append(store, 3);
	TURN_UNTIL(store,
		state_of(store).fenced && !state_of(store).connected && !state_of(store).snapshot_running);
	assert_false(state_of(store).conflict);
	assert_int_equal(store_close(store), DISP_OK);
	assert_string_equal(sql(take), before);
	assert_true(strtoull(before, NULL, 10) > 0);
}

static void test_race(void **context)
{
	(void)context;
	for (unsigned round = 0; round < ROUNDS; round++) {
		char town[24], command[PATH_BYTES + 64];

		snprintf(town, sizeof(town), "race-%u", round);
		lease_put(town, "one", 1);
		race_once(town, round);
		snprintf(command, sizeof(command), "rm -r %s/%s", scratch, town);
		assert_int_equal(system(command), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seat),
		cmocka_unit_test(test_seat_race),
		cmocka_unit_test(test_seat_without_an_answer),
		cmocka_unit_test(test_without_the_lead_nothing_connects),
		cmocka_unit_test(test_the_state_of_one_that_follows),
		cmocka_unit_test(test_the_row_has_not_heard_of_it),
		cmocka_unit_test(test_a_take_over_waits),
		cmocka_unit_test(test_after_a_lost_connection),
		cmocka_unit_test(test_a_paused_leader_is_ended),
		cmocka_unit_test(test_race),
	};
	const char *dir = getenv("STORE_TEST_DIR");
	struct store *store;

	if (dir == NULL) {
		printf("run by tests/integration/test_store_pair.sh\n");
		return 77;
	}
	snprintf(scratch, sizeof(scratch), "%s", dir);
	snprintf(conninfo, sizeof(conninfo), "host=%s port=%s dbname=dispatch user=dispatch",
		getenv("PGHOST"), getenv("PGPORT"));
	snprintf(owner_conninfo, sizeof(owner_conninfo),
		"host=%s port=%s dbname=dispatch user=dispatch_owner", getenv("PGHOST"), getenv("PGPORT"));
	store = store_start("alone", "alone", DISP_OK); /* brings the tables there */
	TURN_UNTIL(store, state_of(store).mode == STORE_NORMAL);
	if (store_close(store) != DISP_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
