/* test_store: the store against a real PostgreSQL, which is killed, stopped and made to refuse. Run by test_store.sh. */
#include "store_fixture.h"

#include "../unit/row_fill.h"
#include "store/chain.h"

static void test_nothing_lost_when_postgres_is_killed(void **context)
{
	struct store *store = store_start("killed", "killed", DISP_OK);

	(void)context;
	for (uint32_t batch = 0; batch < 1000; batch++) {
		append(store, 10);
		if (batch % 3 == 0)
			turn(store);
		if (batch == 500)
			postgres_signal("KILL");
		if (batch == 800)
			postgres("start");
		assert_true(store_released_seq(store, now_ms()) <= state_of(store).log_seq);
	}
	TURN_UNTIL(store, state_of(store).journal_seq == 10000 && state_of(store).mode == STORE_NORMAL);
	assert_int_equal(store_released_seq(store, now_ms()), 10000);
	TURN_UNTIL(store, state_of(store).projected_seq == 10000);
	assert_chain("killed", 10000);
	assert_int_equal(store_close(store), DISP_OK);
}

static void test_island_after_grace(void **context)
{
	struct store *store = store_start("silent", "silent", DISP_OK);
	int64_t began;

	(void)context;
	append(store, 1);
	TURN_UNTIL(store, state_of(store).mode == STORE_NORMAL && state_of(store).journal_seq == 1);
	postgres_signal("STOP");
	began = now_ms();
	append(store, 1);
	TURN_UNTIL(store, store_released_seq(store, now_ms()) == 2);
	assert_true(now_ms() - began >= 290);
	assert_true(now_ms() - began < 2000);
	assert_int_equal(state_of(store).mode, STORE_ISLAND);
	began = now_ms();
	append(store, 1);
	TURN_UNTIL(store, store_released_seq(store, now_ms()) == 3);
	assert_true(now_ms() - began < 250); /* in island mode nobody waits for the grace again */
	postgres_signal("CONT");
	TURN_UNTIL(store, state_of(store).mode == STORE_NORMAL && state_of(store).journal_seq == 3);
	assert_int_equal(store_close(store), DISP_OK);
}

static void test_conflict_is_said(void **context)
{
	struct store *store = store_start("conflict", "conflict-a", DISP_OK);

	(void)context;
	append(store, 20);
	TURN_UNTIL(store, state_of(store).journal_seq == 20);
	assert_int_equal(store_close(store), DISP_OK);

	/* another history under the same town, which began while PostgreSQL was away */
	postgres("stop");

	store = store_start("conflict", "conflict-b", DISP_E_AGAIN);
	append_body(store, EVENT_TICK, "something else", 14);
	append(store, 30);
	postgres("start");
	TURN_UNTIL(store, state_of(store).conflict);
	assert_true(state_of(store).conflict_seq > 0);
	assert_non_null(strstr(state_of(store).error, "CONFLICT"));
	append(store, 1);
	TURN_UNTIL(store, store_released_seq(store, now_ms()) == 32);
	assert_chain("conflict", 20);

	assert_int_equal(store_close(store), DISP_OK);
}

static void test_refused_row_is_set_aside(void **context)
{
	struct store *store;

	(void)context;
	sql("ALTER TABLE dispatch.journal ADD CONSTRAINT test_refuses CHECK (town_id <> 'refused' OR seq NOT "
	    "IN (57, 58, 1900)) "
	    "NOT VALID");
	store = store_start("refused", "refused", DISP_OK);
	append(store, 2000);
	append(store, 2000);
	TURN_UNTIL(store, state_of(store).journal_seq == 4000);
	assert_int_equal(state_of(store).quarantined, 3);
	assert_string_equal(sql("SELECT string_agg(seq::text, ' ' ORDER BY seq) FROM dispatch.quarantine "
				"WHERE town_id = 'refused'"),
		"57 58 1900");
	assert_chain("refused", 3997);
	assert_int_equal(store_close(store), DISP_OK);
	sql("ALTER TABLE dispatch.journal DROP CONSTRAINT test_refuses");
}

struct seen {
	uint64_t rows;
	uint8_t hash[STORE_HASH_BYTES];
};

static enum disp_err see(void *context, const struct store_row *row)
{
	struct seen *seen = context;

	assert_int_equal(row->seq, ++seen->rows);
	assert_int_equal(chain_row_check(row, seen->hash), DISP_OK);
	memcpy(seen->hash, row->hash, STORE_HASH_BYTES);
	return DISP_OK;
}

static struct store *reopen(const char *town, const char *folder, struct seen *seen)
{
	char dir[PATH_BYTES + 32];
	static char kept[PATH_BYTES + 32];
	struct store_config config = {.dir = kept,
		.conninfo = conninfo,
		.town_id = town,
		.stream = "actual",
		.segment_bytes = 64 << 10,
		.report = report};
	struct store *store;

	snprintf(dir, sizeof(dir), "%s/%s", scratch, folder);
	strcpy(kept, dir);
	assert_int_equal(store_open(&store, &config), DISP_OK);
	*seen = (struct seen){0};
	assert_int_equal(store_recover(store, 0, WAIT_MS, see, seen), DISP_OK);
	return store;
}

static void test_recovery_from_the_database(void **context)
{
	struct store *store = store_start("recover", "recover", DISP_OK);
	struct seen seen;
	char command[2 * PATH_BYTES];

	(void)context;
	append(store, 2500);
	TURN_UNTIL(store, state_of(store).journal_seq == 2500);
	assert_int_equal(store_close(store), DISP_OK);

	store = reopen("recover", "recover", &seen); /* from the log */
	assert_int_equal(seen.rows, 2500);
	append(store, 5);
	TURN_UNTIL(store, state_of(store).journal_seq == 2505);
	assert_int_equal(store_close(store), DISP_OK);

	snprintf(command, sizeof(command), "rm -rf %s/recover/log", scratch);
	assert_int_equal(system(command), 0);
	store = reopen("recover", "recover", &seen); /* from PostgreSQL alone */
	assert_int_equal(seen.rows, 2505);
	append(store, 5);
	TURN_UNTIL(store, state_of(store).journal_seq == 2510);
	assert_int_equal(store_close(store), DISP_OK);

	snprintf(command, sizeof(command),
		"f=$(ls %s/recover/log/*.log | head -n 2 | tail -n 1); printf X | dd of=$f bs=1 seek=9000 "
		"conv=notrunc 2>/dev/null",
		scratch);
	assert_int_equal(system(command), 0);
	store = reopen("recover", "recover", &seen); /* a damage in the middle */
	assert_int_equal(seen.rows, 2510);
	append(store, 5);
	TURN_UNTIL(store, state_of(store).journal_seq == 2515);
	assert_chain("recover", 2515);
	assert_int_equal(store_close(store), DISP_OK);
}

/* A start behind a snapshot does not read what is damaged before it; the journal's writer does, and goes on. */
static void test_damage_before_the_snapshot(void **context)
{
	struct store *store = store_start("old", "old", DISP_OK);
	char command[2 * PATH_BYTES], dir[PATH_BYTES + 32];

	(void)context;
	append(store, 2500);
	TURN_UNTIL(store, state_of(store).journal_seq == 2500);
	assert_int_equal(store_close(store), DISP_OK);
	snprintf(dir, sizeof(dir), "%s/old", scratch);
	snprintf(command, sizeof(command),
		"f=$(ls %s/log/*.log | head -n 2 | tail -n 1); printf X | dd of=$f bs=1 seek=9000 "
		"conv=notrunc "
		"2>/dev/null",
		dir);
	assert_int_equal(system(command), 0);
	struct store_config config = {.dir = dir,
		.conninfo = conninfo,
		.town_id = "old",
		.stream = "actual",
		.segment_bytes = 64 << 10,
		.report = report};

	assert_int_equal(store_open(&store, &config), DISP_OK);
	assert_int_equal(store_recover(store, 2490, WAIT_MS, NULL, NULL), DISP_OK);
	append(store, 5);
	TURN_UNTIL(store, state_of(store).journal_seq == 2505);
	assert_chain("old", 2505);
	assert_int_equal(store_close(store), DISP_OK);
}

static void append_filled(struct store *store, uint32_t kind, const uint32_t kinds[3])
{
	static struct row row, back;
	static uint8_t body[256 * 1024];

	fill_row(&row, kind, kinds, 3);
	size_t size = row_encode(&row.event, &row.effects, body, sizeof(body));

	assert_int_equal(decode(&back, body, size), DISP_OK);
	same_row(&row, &back);
	append_body(store, kind, body, size);
	while (store_commit(store, now_ms()) != DISP_OK)
		turn(store);
}

/* Every kind of event with every kind of effect goes through the projector's statements. */
static void test_projections(void **context)
{
	struct store *store = store_start("projected", "projected", DISP_OK);
	uint32_t kinds[3];

	(void)context;
	for (uint32_t kind = EVENT_NONE + 1; kind < EVENT_KIND_COUNT; kind++)
		for (uint32_t effect = EFFECT_NONE + 1; effect < EFFECT_KIND_COUNT; effect += 3)
			/* of alarms some are rejected, some repeats, some of no case: enough for one that is all else */
			for (uint32_t round = 0; round < (kind == EVENT_ALARM ? 20 : 1); round++) {
				for (uint32_t index = 0; index < 3; index++)
					kinds[index] = effect + index < EFFECT_KIND_COUNT ? effect + index
											  : EFFECT_REGISTERED;
				append_filled(store, kind, kinds);
			}
	TURN_UNTIL(store, state_of(store).projected_seq == store_last_seq(store));
	assert_int_equal(state_of(store).quarantined, 0);
	static const char *const table[] = {"incident", "alarm", "incident_alarm", "incident_event", "unit",
		"order_", "depot", "stock", "supply", "deadline", "notification", "call_task", "silence",
		"warning", "grid", "person", "device", "playbook"};
	for (size_t index = 0; index < sizeof(table) / sizeof(table[0]); index++) {
		char statement[160];

		snprintf(statement, sizeof(statement),
			"SELECT count(*) > 0 FROM dispatch.%s WHERE town_id = 'projected'", table[index]);
		if (strcmp(sql(statement), "t") != 0)
			fail_msg("nothing in dispatch.%s", table[index]);
	}
	char before[64];

	snprintf(before, sizeof(before), "%s",
		sql("SELECT count(*) FROM dispatch.incident_event WHERE town_id = 'projected'"));
	sql("DELETE FROM dispatch.incident_event WHERE town_id = 'projected'");
	sql("DELETE FROM dispatch.projected_seq WHERE town_id = 'projected'");
	append(store, 1); /* the projector sees that the ground has moved, and begins anew */
	TURN_UNTIL(store, strcmp(sql("SELECT coalesce(max(seq), 0)::text FROM dispatch.projected_seq WHERE "
				     "town_id = 'projected'"),
				  "0") != 0 &&
				  state_of(store).projected_seq == store_last_seq(store));
	assert_string_equal(
		before, sql("SELECT count(*) FROM dispatch.incident_event WHERE town_id = 'projected'"));
	assert_int_equal(store_close(store), DISP_OK);
}

static void test_snapshot_by_a_child(void **context)
{
	static char state_bytes[300000];
	struct store *store = store_start("snapshot", "snapshot", DISP_OK);
	struct store_section section[2] = {{1, state_bytes, sizeof(state_bytes)}, {9, "nine", 4}};
	struct snapshot snapshot;
	const uint8_t *bytes;
	uint64_t size;

	(void)context;
	append(store, 3);
	TURN_UNTIL(store, state_of(store).log_seq == 3);
	memset(state_bytes, 'a', sizeof(state_bytes));
	assert_int_equal(store_snapshot_write(store, 4, section, 2), DISP_E_AGAIN); /* not durable yet */
	assert_int_equal(store_snapshot_write(store, 3, section, 2), DISP_OK);
	memset(state_bytes, 'b', sizeof(state_bytes)); /* the child has its own */
	assert_int_equal(store_snapshot_write(store, 3, section, 2), DISP_E_AGAIN);
	TURN_UNTIL(store, state_of(store).snapshot_seq == 3 && !state_of(store).snapshot_running);
	assert_int_equal(store_snapshot_read(store, &snapshot), DISP_OK);
	assert_int_equal(snapshot.seq, 3);
	assert_int_equal(snapshot_find(&snapshot, 1, &bytes, &size), DISP_OK);
	assert_int_equal(size, sizeof(state_bytes));
	assert_int_equal(bytes[0], 'a');
	assert_int_equal(bytes[size - 1], 'a');
	snapshot_free(&snapshot);
	assert_int_equal(store_close(store), DISP_OK);
}

/* A start in an empty folder, or in the one of the last start; rows after the snapshot's are seen. */
static enum disp_err start_again(bool empty, bool postgres_there, struct seen *seen, const char *state_bytes)
{
	static char dir[PATH_BYTES + 32];
	struct store_config config = {.dir = dir,
		.conninfo = postgres_there ? conninfo : NULL,
		.town_id = "kept",
		.stream = "actual",
		.report = report};
	char command[3 * PATH_BYTES];
	struct snapshot snapshot;
	struct store *store;
	const uint8_t *bytes;
	uint64_t size = 0;

	snprintf(dir, sizeof(dir), "%s/kept", scratch);
	snprintf(command, sizeof(command), "rm -rf %s; mkdir %s", dir, dir);
	assert_true(!empty || system(command) == 0);
	assert_int_equal(store_open(&store, &config), DISP_OK);
	enum disp_err local = store_snapshot_read(store, &snapshot);

	assert_int_equal(local, empty ? DISP_E_NONE : DISP_OK);
	enum disp_err err = empty ? store_snapshot_fetch(store, WAIT_MS, &snapshot) : local;

	if (err == DISP_OK) {
		assert_int_equal(snapshot.seq, 50);
		assert_int_equal(snapshot_find(&snapshot, 1, &bytes, &size), DISP_OK);
		assert_memory_equal(bytes, state_bytes, size);
		snapshot_free(&snapshot);
	} else {
		*seen = (struct seen){0};
	}
	assert_int_equal(store_recover(store, seen->rows, WAIT_MS, see, seen), DISP_OK);
	assert_int_equal(store_last_seq(store), 57);
	assert_int_equal(store_close(store), DISP_OK);
	return err;
}

/* Where the folder is gone, the journal and the snapshot in PostgreSQL are enough; and the rows before it are not needed. */
static void test_snapshot_from_the_database(void **context)
{
	static char state_bytes[5 << 19];
	struct store *store = store_start("kept", "kept", DISP_OK);
	struct store_section section = {1, state_bytes, sizeof(state_bytes)};
	struct seen at_snapshot = {.rows = 50};
	struct seen seen;

	(void)context;
	append(store, 50);
	store_last_hash(store, at_snapshot.hash);
	TURN_UNTIL(store, state_of(store).log_seq == 50);
	for (uint32_t index = 0; index < sizeof(state_bytes); index++)
		state_bytes[index] = (char)(index * 2654435761u >> 24);
	assert_int_equal(store_snapshot_write(store, 50, &section, 1), DISP_OK);
	append(store, 7);
	TURN_UNTIL(store, atoi(sql("SELECT count(*) FROM dispatch.snapshot WHERE town_id = 'kept'")) == 3 &&
				  state_of(store).journal_seq == 57 && state_of(store).projected_seq == 57);
	assert_int_equal(store_close(store), DISP_OK);

	seen = at_snapshot;
	assert_int_equal(start_again(true, true, &seen, state_bytes), DISP_OK);
	assert_int_equal(seen.rows, 57);
	seen = at_snapshot; /* from then on the folder is enough again */
	assert_int_equal(start_again(false, false, &seen, state_bytes), DISP_OK);
	assert_int_equal(seen.rows, 57);
	sql("UPDATE dispatch.snapshot SET body = body || 'x' WHERE town_id = 'kept' AND part = 2");
	assert_int_equal(start_again(true, true, &seen, state_bytes), DISP_E_DAMAGED);
	assert_int_equal(seen.rows, 57); /* all of them */
	sql("UPDATE dispatch.snapshot SET body = substr(body, 1, length(body) - 1) WHERE town_id = 'kept' "
	    "AND part = 2");
	sql("SELECT dispatch.journal_retain('kept', 'actual', 50, 'test')");
	seen = at_snapshot;
	assert_int_equal(start_again(true, true, &seen, state_bytes), DISP_OK);
	assert_int_equal(seen.rows, 57);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_lost_when_postgres_is_killed),
		cmocka_unit_test(test_island_after_grace),
		cmocka_unit_test(test_conflict_is_said),
		cmocka_unit_test(test_refused_row_is_set_aside),
		cmocka_unit_test(test_recovery_from_the_database),
		cmocka_unit_test(test_damage_before_the_snapshot),
		cmocka_unit_test(test_projections),
		cmocka_unit_test(test_snapshot_by_a_child),
		cmocka_unit_test(test_snapshot_from_the_database),
	};
	const char *dir = getenv("STORE_TEST_DIR");

	if (dir == NULL) {
		printf("run by tests/integration/test_store.sh\n");
		return 77;
	}
	snprintf(scratch, sizeof(scratch), "%s", dir);
	snprintf(conninfo, sizeof(conninfo), "host=%s port=%s dbname=dispatch user=dispatch",
		getenv("PGHOST"), getenv("PGPORT"));
	snprintf(owner_conninfo, sizeof(owner_conninfo),
		"host=%s port=%s dbname=dispatch user=dispatch_owner", getenv("PGHOST"), getenv("PGPORT"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
