/* test_core_aside: what was set aside: told once, rings until it is seen, ends with the last one; who lets it in again, and why. */
#include "core_world.h"
#include "wire/row.h"

static const char poison[] = "0123456789abcdef0123456789abcdef";

static struct event found(const char *id, uint8_t from, uint8_t row)
{
	return (struct event){.kind = EVENT_ASIDE,
		.u.aside = {.id = t(id),
			.act = ASIDE_FOUND,
			.from = from,
			.row = row,
			.bytes = 300,
			.times = 2,
			.reason = t("refused")}};
}

static struct event settled(const char *id, uint8_t act, const char *by, const char *reason)
{
	return (struct event){.kind = EVENT_ASIDE,
		.by = t(by),
		.channel = t("console"),
		.u.aside = {.id = t(id), .act = act, .reason = t(reason)}};
}

static void begin(struct world *world)
{
	struct core_limits limits = world_limits();

	limits.max[TABLE_ASIDE] = 3;
	world_open(world, &limits);
	world_settle(world);
}

static const struct aside *aside_of(const struct world *world, const char *id)
{
	return query_at(world->core, TABLE_ASIDE, query_aside_find(world->core, t(id)));
}

static bool stands(const struct world *world)
{
	return (query_town(world->core)->desk.own >> ALERT_ASIDE & 1) != 0;
}

static void it_is_told_once_and_rings_until_it_is_seen(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	assert_int_equal(world_put(&world, found(poison, ASIDE_ALARMS, EVENT_NONE)), OUTCOME_OK);
	assert_true(stands(&world));
	assert_int_equal(query_alerts(world.core), 1);
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 1);
	const struct aside *aside = aside_of(&world, poison);

	assert_non_null(aside);
	assert_int_equal(aside->from, ASIDE_ALARMS);
	assert_int_equal(aside->bytes, 300);
	assert_int_equal(aside->at_ms, world.now_ms);
	assert_int_equal(aside->seq, world.seq);
	uint64_t seq = world.seq;

	assert_int_equal(world_put(&world, found(poison, ASIDE_ALARMS, EVENT_NONE)), OUTCOME_UNCHANGED);
	assert_int_equal(world.seq, seq);
	world_wait(&world, 61 * INT64_C(1000));
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 1); /* again */
	assert_int_equal(
		world_put(&world, (struct event){.kind = EVENT_ACK, .by = t("officer")}), OUTCOME_OK);
	assert_false(stands(&world));
	assert_non_null(aside_of(&world, poison)); /* seen is not settled */
	world_wait(&world, 600 * INT64_C(1000));
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 0);
	assert_int_equal(world_put(&world, found("17", ASIDE_TABLES, EVENT_OPEN)), OUTCOME_OK);
	assert_true(stands(&world)); /* a new one */
	assert_int_equal(core_digest(world.core), core_digest_full(world.core));
	world_close(&world);
}

static void the_last_one_ends_the_alert(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	world_put(&world, found(poison, ASIDE_HTTP, EVENT_NONE));
	world_put(&world, found("17", ASIDE_JOURNAL, EVENT_ALARM));
	assert_int_equal(world_put(&world, settled(poison, ASIDE_RELEASE, "office", "fixed")), OUTCOME_OK);
	assert_null(aside_of(&world, poison));
	assert_true(stands(&world));
	assert_int_equal(world_put(&world, settled("17", ASIDE_DROP, "leader", "a test")), OUTCOME_OK);
	assert_int_equal(query_used(world.core, TABLE_ASIDE), 2);
	assert_null(aside_of(&world, "17"));
	assert_false(stands(&world));
	assert_int_equal(query_town(world.core)->desk.bell_ms, 0);
	/* It came back: it is news again. */
	assert_int_equal(world_put(&world, found(poison, ASIDE_HTTP, EVENT_NONE)), OUTCOME_OK);
	assert_true(stands(&world));
	world_close(&world);
}

static void who_and_why_must_be_said(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	world_put(&world, found(poison, ASIDE_UNITS, EVENT_NONE));
	assert_int_equal(world_put(&world, settled(poison, ASIDE_RELEASE, "office", "")), OUTCOME_INVALID);
	assert_int_equal(
		world_put(&world, settled(poison, ASIDE_RELEASE, "officer", "x")), OUTCOME_NOT_PERMITTED);
	assert_int_equal(
		world_put(&world, settled(poison, ASIDE_DROP, "officer", "x")), OUTCOME_NOT_PERMITTED);
	assert_int_equal(world_put(&world, settled("18", ASIDE_DROP, "office", "x")), OUTCOME_NOT_FOUND);
	assert_int_equal(world_put(&world, settled(poison, ASIDE_ACT_COUNT, "office", "x")), OUTCOME_INVALID);
	struct event other = settled(poison, ASIDE_DROP, "office", "x");

	other.u.aside.from = ASIDE_UNITS; /* that is for the daemon to say */
	assert_int_equal(world_put(&world, other), OUTCOME_INVALID);
	assert_non_null(aside_of(&world, poison));
	world_close(&world);
}

static void what_is_told_badly_is_refused(void **state)
{
	static const char longest[] = "01234567890123456789012345678901234567890123456789012345678901234";
	struct world world;

	(void)state;
	begin(&world);
	assert_int_equal(world_put(&world, found("", ASIDE_ALARMS, EVENT_NONE)), OUTCOME_INVALID);
	assert_int_equal(world_put(&world, found(longest, ASIDE_ALARMS, EVENT_NONE)), OUTCOME_INVALID);
	assert_int_equal(world_put(&world, found("a", ASIDE_FROM_NONE, EVENT_NONE)), OUTCOME_INVALID);
	assert_int_equal(world_put(&world, found("a", ASIDE_FROM_COUNT, EVENT_NONE)), OUTCOME_INVALID);
	assert_int_equal(world_put(&world, found("a", ASIDE_TABLES, EVENT_NONE)), OUTCOME_INVALID);
	assert_int_equal(world_put(&world, found("a", ASIDE_HTTP, EVENT_OPEN)), OUTCOME_INVALID);
	assert_int_equal(world_put(&world, found("a", ASIDE_TABLES, EVENT_KIND_COUNT)), OUTCOME_INVALID);
	assert_false(stands(&world));
	world_close(&world);
}

/* Of a flood of them the first are told; the rest when there is room. */
static void a_full_list_takes_no_more(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	assert_int_equal(world_put(&world, found("1", ASIDE_TABLES, EVENT_OPEN)), OUTCOME_OK);
	assert_int_equal(world_put(&world, found("2", ASIDE_TABLES, EVENT_OPEN)), OUTCOME_OK);
	assert_int_equal(world_put(&world, found("3", ASIDE_TABLES, EVENT_OPEN)), OUTCOME_OK);
	assert_int_equal(world_put(&world, found("4", ASIDE_TABLES, EVENT_OPEN)), OUTCOME_FULL);
	assert_int_equal(world_put(&world, settled("2", ASIDE_RELEASE, "office", "x")), OUTCOME_OK);
	assert_int_equal(world_put(&world, found("4", ASIDE_TABLES, EVENT_OPEN)), OUTCOME_OK);
	world_close(&world);
}

static void a_snapshot_keeps_it(void **state)
{
	struct world world;
	struct core_section section[CORE_SECTIONS_MAX];
	struct core_limits limits = world_limits();
	void *memory;

	(void)state;
	begin(&world);
	limits.max[TABLE_ASIDE] = 3;
	world_put(&world, found(poison, ASIDE_ALARMS, EVENT_NONE));
	world_put(&world, found("17", ASIDE_TABLES, EVENT_OPEN));
	world_put(&world, settled(poison, ASIDE_DROP, "office", "x"));
	uint32_t count = core_save(world.core, section);
	struct core *other = world_core(&limits, &memory);

	assert_int_equal(core_load(other, section, count), DISP_OK);
	assert_int_equal(core_digest(other), core_digest(world.core));
	const struct aside *aside = query_at(other, TABLE_ASIDE, query_aside_find(other, t("17")));

	assert_non_null(aside);
	assert_int_equal(aside->row, EVENT_OPEN);
	assert_int_equal(query_aside_find(other, t(poison)), 0);
	assert_int_equal(query_slot(other, TABLE_ASIDE, aside->r.number), query_aside_find(other, t("17")));
	free(memory);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_told_once_and_rings_until_it_is_seen),
		cmocka_unit_test(the_last_one_ends_the_alert),
		cmocka_unit_test(who_and_why_must_be_said),
		cmocka_unit_test(what_is_told_badly_is_refused),
		cmocka_unit_test(a_full_list_takes_no_more),
		cmocka_unit_test(a_snapshot_keeps_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
