/* test_store_aside: rows that a real PostgreSQL has refused: listed, written where they were refused, or left out. Run by test_store_aside.sh. */
#include "store_fixture.h"

#include "../unit/row_fill.h"

static void append_person(struct store *store, const char *id, const char *phone, const char *org)
{
	static uint8_t body[4096];
	struct effect effect = {
		.kind = EFFECT_REGISTERED, .u.registered = {.what = EVENT_PERSON, .number = 1}};
	struct effects effects = {1, &effect};
	struct event event = {.kind = EVENT_PERSON,
		.u.person = {.id = {id, (uint32_t)strlen(id)},
			.name = TEXT("王芳"),
			.phone = {phone, (uint32_t)strlen(phone)},
			.org = {org, (uint32_t)strlen(org)}}};
	size_t size = row_encode(&event, &effects, body, sizeof(body));

	append_body(store, EVENT_PERSON, body, size);
	while (store_commit(store, now_ms()) != DISP_OK)
		turn(store);
}

static uint64_t waits(const struct store *store)
{
	struct store_aside aside;
	uint64_t sum = 0;

	for (uint32_t index = 0; store_aside_at(store, index, &aside); index++)
		sum = sum * 10 + aside.seq;
	return sum;
}

/* Once it can be written, what is refused is written where it was refused; what later rows have said stays. */
static void test_refused_row_is_let_in(void **context)
{
	struct store *store;
	struct store_aside aside;

	(void)context;
	store = store_start("late", "late", DISP_OK);
	append_person(store, "p-1", "1", "org"); /* the tables are there by then */
	TURN_UNTIL(store, state_of(store).projected_seq == 1);
	sql("DELETE FROM dispatch.person WHERE town_id = 'late'");
	sql("ALTER TABLE dispatch.person ADD CONSTRAINT test_refuses CHECK (phone NOT LIKE '2%') NOT VALID");
	sql("ALTER TABLE dispatch.journal ADD CONSTRAINT test_refuses CHECK (town_id <> 'late' OR seq NOT IN "
	    "(4, 5)) NOT VALID");
	append_person(store, "p-1", "2", "镇政府");
	TURN_UNTIL(store, state_of(store).projected_seq == 2 && waits(store) == 2);
	append_person(store, "p-1", "3", "");
	append(store, 3);
	TURN_UNTIL(store, state_of(store).projected_seq == 6 && waits(store) == 245);
	assert_true(store_aside_at(store, 0, &aside));
	assert_false(aside.journal);
	assert_int_equal(aside.kind, EVENT_PERSON);
	assert_non_null(strstr(aside.error, "test_refuses"));
	assert_true(store_aside_at(store, 1, &aside));
	assert_true(aside.journal);
	assert_int_equal(store_aside_settle(store, 2, false, TEXT("office"), TEXT("try")), DISP_OK);
	assert_int_equal(waits(store), 45);     /* it is under way */
	TURN_UNTIL(store, waits(store) == 245); /* and was refused again */
	assert_true(store_aside_at(store, 0, &aside));
	assert_int_equal(aside.times, 2);
	append_person(store, "p-2", "21", "");
	TURN_UNTIL(store, waits(store) == 2457);
	append_person(store, "p-2", "22", "");
	TURN_UNTIL(store, waits(store) == 24578);

	sql("ALTER TABLE dispatch.person DROP CONSTRAINT test_refuses");
	sql("ALTER TABLE dispatch.journal DROP CONSTRAINT test_refuses");
	assert_int_equal(store_aside_settle(store, 2, false, TEXT("office"), TEXT("fixed")), DISP_OK);
	assert_int_equal(store_aside_settle(store, 4, false, TEXT("office"), TEXT("fixed")), DISP_OK);
	assert_int_equal(store_aside_settle(store, 5, true, TEXT("leader"), TEXT("a test")), DISP_OK);
	assert_int_equal(store_aside_settle(store, 7, false, TEXT("office"), TEXT("fixed")), DISP_OK);
	assert_int_equal(store_aside_settle(store, 8, false, TEXT("office"), TEXT("fixed")), DISP_OK);
	TURN_UNTIL(store,
		strcmp(sql("SELECT count(*) FROM dispatch.quarantine WHERE town_id = 'late' AND settled IS "
			   "NULL"),
			"0") == 0);
	assert_int_equal(waits(store), 0);
	assert_string_equal(
		sql("SELECT phone || ' ' || org FROM dispatch.person WHERE town_id = 'late' AND id = 'p-1'"),
		"3 镇政府");
	assert_string_equal(/* those that come in their turn, one behind the other */
		sql("SELECT phone FROM dispatch.person WHERE town_id = 'late' AND id = 'p-2'"), "22");
	assert_string_equal(sql("SELECT string_agg(seq::text, ' ' ORDER BY seq) FROM dispatch.journal WHERE "
				"town_id = 'late'"),
		"1 2 3 4 6 7 8");
	assert_string_equal(sql("SELECT string_agg(seq || ' ' || settled || ' ' || settled_by || ' ' || "
				"settled_reason, ', ' ORDER BY seq) FROM dispatch.quarantine WHERE town_id = "
				"'late'"),
		"2 released office fixed, 4 released office fixed, 5 dropped leader a test, 7 released "
		"office fixed, "
		"8 released office fixed");
	assert_string_equal(sql("SELECT count(*) FROM dispatch.journal_broken('late', 'actual')"), "0");
	assert_int_equal(store_close(store), DISP_OK);
}

static void append_filled(struct store *store, uint32_t kind, uint32_t first_effect)
{
	static struct row row;
	static uint8_t body[256 * 1024];
	uint32_t kinds[3];

	for (uint32_t index = 0; index < 3; index++)
		kinds[index] =
			first_effect + index < EFFECT_KIND_COUNT ? first_effect + index : EFFECT_REGISTERED;
	fill_row(&row, kind, kinds, 3);
	append_body(store, kind, body, row_encode(&row.event, &row.effects, body, sizeof(body)));
	while (store_commit(store, now_ms()) != DISP_OK)
		turn(store);
}

static uint32_t waiting(const struct store *store)
{
	struct store_aside aside;
	uint32_t count = 0;

	while (store_aside_at(store, count, &aside))
		count++;
	return count;
}

static void settle_all(struct store *store)
{
	struct store_aside aside;

	while (store_aside_at(store, 0, &aside)) {
		if (store_aside_settle(store, aside.seq, false, TEXT("office"), TEXT("all")) != DISP_OK)
			turn(store);
		assert_int_equal(aside.times, 1); /* none was refused again */
	}
}

/* Whatever a row holds, it can be written late. */
static void test_every_table_takes_late_rows(void **context)
{
	struct store *store = store_start("all", "all", DISP_OK);

	(void)context;
	for (uint32_t kind = EVENT_NONE + 1; kind < EVENT_KIND_COUNT; kind++)
		append_filled(store, kind, EFFECT_RESULT);
	for (uint32_t effect = EFFECT_NONE + 1; effect < EFFECT_KIND_COUNT; effect++)
		append_filled(store, effect % 2 == 0 ? EVENT_OPEN : EVENT_ALARM, effect);
	TURN_UNTIL(store, state_of(store).projected_seq == store_last_seq(store));
	assert_int_equal(state_of(store).quarantined, 0);
	assert_int_equal(store_close(store), DISP_OK);
	sql("INSERT INTO dispatch.quarantine (town_id, stream, stage, seq, at, epoch, kind, plan_hash, body, "
	    "prev_hash, hash, error) SELECT town_id, stream, 'projection', seq, at, epoch, kind, plan_hash, "
	    "body, "
	    "prev_hash, hash, 'a test' FROM dispatch.journal WHERE town_id = 'all'");
	store = store_start("all", "all", DISP_OK);
	TURN_UNTIL(store, waiting(store) == store_last_seq(store));
	settle_all(store);
	TURN_UNTIL(store,
		strcmp(sql("SELECT count(*) FROM dispatch.quarantine WHERE town_id = 'all' AND settled "
			   "IS NULL"),
			"0") == 0);
	assert_int_equal(waiting(store), 0);
	assert_int_equal(store_close(store), DISP_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused_row_is_let_in),
		cmocka_unit_test(test_every_table_takes_late_rows),
	};
	const char *dir = getenv("STORE_TEST_DIR");

	if (dir == NULL) {
		printf("run by tests/integration/test_store_aside.sh\n");
		return 77;
	}
	snprintf(scratch, sizeof(scratch), "%s", dir);
	snprintf(conninfo, sizeof(conninfo), "host=%s port=%s dbname=dispatch user=dispatch",
		getenv("PGHOST"), getenv("PGPORT"));
	snprintf(owner_conninfo, sizeof(owner_conninfo),
		"host=%s port=%s dbname=dispatch user=dispatch_owner", getenv("PGHOST"), getenv("PGPORT"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
