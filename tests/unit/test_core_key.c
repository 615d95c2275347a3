/* test_core_key: the registry of keys: who gets one, what is refused, what revoking leaves, what gives way, what a snapshot keeps. */
#include "core_world.h"
#include "wire/row.h"

static const char hash[] = "$argon2id$v=19$m=65536,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNo";

static struct event pair(const char *id, uint8_t role, const char *who, uint8_t first)
{
	struct event event = {.kind = EVENT_KEY,
		.by = t("office"),
		.channel = t("console"),
		.u.key = {.id = t(id),
			.act = KEY_ADD,
			.kind = KEY_CURVE,
			.role = role,
			.who = t(who),
			.reason = t("new")}};

	for (uint32_t i = 0; i < KEY_PUBLIC_BYTES; i++)
		event.u.key.public_key[i] = (uint8_t)(first + 7 * i);
	return event;
}

static struct event token(const char *id, const char *who)
{
	return (struct event){.kind = EVENT_KEY,
		.by = t("leader"),
		.channel = t("console"),
		.u.key = {.id = t(id),
			.act = KEY_ADD,
			.kind = KEY_TOKEN,
			.role = KEY_CONSOLE,
			.who = t(who),
			.hash = t(hash)}};
}

static struct event revocation(const char *id, const char *reason)
{
	return (struct event){.kind = EVENT_KEY,
		.by = t("leader"),
		.channel = t("phone"),
		.u.key = {.id = t(id), .act = KEY_REVOKE, .reason = t(reason)}};
}

static const struct key *key_of(const struct world *world, const char *id)
{
	return query_at(world->core, TABLE_KEY, query_key_find(world->core, t(id)));
}

static const struct key *key_shown(const struct core *core, uint8_t first)
{
	struct event event = pair("x", KEY_GATEWAY, "", first);

	return query_at(core, TABLE_KEY, query_key_by_public(core, event.u.key.public_key));
}

static void begin(struct world *world)
{
	struct core_limits limits = world_limits();

	limits.max[TABLE_KEY] = 4;
	world_open(world, &limits);
	world_settle(world);
	world_device(world, "cam-1", "camera", "", 0, false);
	world_unit(world, "fire-1", "fire", 0, 0);
	world_depot(world, "d-1", 0, "sandbag", 100);
}

static void check_text(const struct core *core, uint32_t number, const char *expected)
{
	struct text text = query_text(core, number);

	assert_int_equal(text.len, strlen(expected));
	assert_memory_equal(text.ptr, expected, text.len);
}

static void a_key_is_found_by_its_id_and_by_what_it_shows(void **state)
{
	struct world world;
	struct event event = pair("gw-1", KEY_GATEWAY, "", 1);

	(void)state;
	begin(&world);
	assert_int_equal(query_key_find(world.core, t("gw-1")), 0);
	assert_int_equal(query_key_by_public(world.core, event.u.key.public_key), 0);
	assert_int_equal(world_put(&world, event), OUTCOME_OK);
	const struct key *key = key_of(&world, "gw-1");

	assert_non_null(key);
	assert_ptr_equal(key, key_shown(world.core, 1));
	assert_null(key_shown(world.core, 2));
	assert_int_equal(key->role, KEY_GATEWAY);
	assert_int_equal(key->added_ms, world.now_ms);
	check_text(world.core, key->id, "gw-1");
	check_text(world.core, key->by, "office");
	check_text(world.core, key->reason, "new");
	assert_true(query_key_valid(key, world.now_ms));
	assert_int_equal(world_seen_count(&world, EFFECT_KEY), 1);
	world_close(&world);
}

/* Whose key it is must be there; nothing of the sort for a role that is about nobody. */
static void each_role_is_about_somebody_who_is_there(void **state)
{
	static const struct {
		uint8_t role;
		const char *right, *wrong;
	} roles[] = {
		{KEY_DEVICE, "cam-1", "fire-1"}, {KEY_UNIT, "fire-1", "cam-1"}, {KEY_DEPOT, "d-1", "fire-1"}};
	struct world world;
	uint8_t first = 10;

	(void)state;
	begin(&world);
	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
		assert_int_equal(world_put(&world, pair("k", roles[i].role, roles[i].wrong, first)),
			OUTCOME_NOT_FOUND);
		assert_int_equal(world_put(&world, pair("k", roles[i].role, "", first)), OUTCOME_INVALID);
		struct event event = pair("k", roles[i].role, roles[i].right, first++);
		char id[] = "k-0";

		id[2] = (char)('0' + i);
		event.u.key.id = t(id);
		assert_int_equal(world_put(&world, event), OUTCOME_OK);
		check_text(world.core, key_of(&world, id)->who, roles[i].right);
	}
	assert_int_equal(world_put(&world, pair("k", KEY_GATEWAY, "cam-1", 90)), OUTCOME_INVALID);
	assert_int_equal(world_put(&world, pair("k", KEY_READER, "fire-1", 90)), OUTCOME_INVALID);
	assert_int_equal(world_put(&world, token("k", "nobody")), OUTCOME_NOT_FOUND);
	world_close(&world);
}

static void who_has_left_gets_none(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	world_put(&world, (struct event){.kind = EVENT_RETIRE, .u.retire = {t("cam-1"), EVENT_DEVICE}});
	assert_int_equal(world_put(&world, pair("k", KEY_DEVICE, "cam-1", 1)), OUTCOME_NOT_FOUND);
	world_leave(&world, "officer");
	assert_int_equal(world_put(&world, token("k", "officer")), OUTCOME_NOT_FOUND);
	world_close(&world);
}

/* A pair for the wire, a token for a person; never half of one and half of the other. */
static void a_key_is_of_the_kind_of_its_role(void **state)
{
	struct world world;
	struct event event;

	(void)state;
	begin(&world);
	event = token("k", "officer");
	event.u.key.role = KEY_GATEWAY;
	event.u.key.who = t("");
	assert_int_equal(world_put(&world, event), OUTCOME_INVALID);
	event = pair("k", KEY_CONSOLE, "officer", 1);
	assert_int_equal(world_put(&world, event), OUTCOME_INVALID);
	event = pair("k", KEY_GATEWAY, "", 1);
	event.u.key.hash = t(hash);
	assert_int_equal(world_put(&world, event), OUTCOME_INVALID);
	event = pair("k", KEY_GATEWAY, "", 1);
	memset(event.u.key.public_key, 0, KEY_PUBLIC_BYTES);
	assert_int_equal(world_put(&world, event), OUTCOME_INVALID);
	event = token("k", "officer");
	event.u.key.hash = t("secret in the clear");
	assert_int_equal(world_put(&world, event), OUTCOME_INVALID);
	event.u.key.hash = t("$argon2id$");
	assert_int_equal(world_put(&world, event), OUTCOME_INVALID);
	event = pair("k", KEY_GATEWAY, "", 1);
	event.u.key.role = KEY_ROLE_COUNT;
	assert_int_equal(world_put(&world, event), OUTCOME_INVALID);
	event.u.key.role = ROLE_KEY_NONE;
	assert_int_equal(world_put(&world, event), OUTCOME_INVALID);
	event.u.key.act = KEY_ACT_NONE;
	assert_int_equal(world_put(&world, event), OUTCOME_INVALID);
	assert_int_equal(query_used(world.core, TABLE_KEY), 0);
	assert_int_equal(world_put(&world, token("k", "officer")), OUTCOME_OK);
	check_text(world.core, key_of(&world, "k")->hash, hash);
	event = token("r", "");
	event.u.key.role = KEY_READER; /* by HTTP */
	assert_int_equal(world_put(&world, event), OUTCOME_OK);
	world_close(&world);
}

static void an_id_is_a_plain_word(void **state)
{
	static const char longest[] = "0123456789012345678901234567890123456789012345678901234567890123";
	static const char *const bad[] = {"", "a b", "a.b", "网关", "a/b", "a\n",
		"01234567890123456789012345678901234567890123456789012345678901234"};
	struct world world;

	(void)state;
	begin(&world);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(world_put(&world, pair(bad[i], KEY_GATEWAY, "", 1)), OUTCOME_INVALID);
	assert_int_equal(world_put(&world, pair(longest, KEY_GATEWAY, "", 1)), OUTCOME_OK);
	assert_int_equal(world_put(&world, pair("A_z-9", KEY_GATEWAY, "", 2)), OUTCOME_OK);
	world_close(&world);
}

/* What was given away once is not taken in again, not even after it was revoked. */
static void neither_an_id_nor_a_public_key_is_used_twice(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	assert_int_equal(world_put(&world, pair("gw-1", KEY_GATEWAY, "", 1)), OUTCOME_OK);
	assert_int_equal(world_put(&world, pair("gw-1", KEY_GATEWAY, "", 2)), OUTCOME_TAKEN);
	assert_int_equal(world_put(&world, pair("gw-2", KEY_READER, "", 1)), OUTCOME_TAKEN);
	assert_int_equal(world_put(&world, revocation("gw-1", "stolen")), OUTCOME_OK);
	assert_int_equal(world_put(&world, pair("gw-1", KEY_GATEWAY, "", 2)), OUTCOME_TAKEN);
	assert_int_equal(world_put(&world, pair("gw-2", KEY_READER, "", 1)), OUTCOME_TAKEN);
	assert_int_equal(world_put(&world, pair("gw-2", KEY_READER, "", 2)), OUTCOME_OK);
	world_close(&world);
}

static void a_revoked_key_holds_no_more_and_stays_to_be_read(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	world_put(&world, pair("gw-1", KEY_GATEWAY, "", 1));
	world_put(&world, token("t-1", "officer"));
	world.now_ms += 1000;
	assert_int_equal(world_put(&world, revocation("nobody", "x")), OUTCOME_NOT_FOUND);
	assert_int_equal(world_put(&world, revocation("gw-1", "")), OUTCOME_INVALID);
	struct event more = revocation("gw-1", "x");

	more.u.key.role = KEY_ROLE_COUNT; /* its row could not be read again */
	assert_int_equal(world_put(&world, more), OUTCOME_INVALID);
	assert_true(query_key_valid(key_of(&world, "gw-1"), world.now_ms));
	assert_int_equal(world_put(&world, revocation("gw-1", "stolen")), OUTCOME_OK);
	const struct key *key = key_shown(world.core, 1);

	assert_non_null(key);
	assert_false(query_key_valid(key, world.now_ms));
	assert_int_equal(query_key_state(key, world.now_ms), KEY_REVOKED);
	assert_int_equal(key->revoked_ms, world.now_ms);
	assert_int_equal(key->added_ms, world.now_ms - 1000);
	check_text(world.core, key->revoked_by, "leader");
	check_text(world.core, key->revoked_reason, "stolen");
	check_text(world.core, key->reason, "new");
	assert_int_equal(world_put(&world, revocation("gw-1", "again")), OUTCOME_UNCHANGED);
	assert_int_equal(world_put(&world, revocation("t-1", "gone")), OUTCOME_OK);
	assert_int_equal(key_of(&world, "t-1")->hash, 0);
	world_close(&world);
}

static void a_key_ends_at_its_time_to_the_millisecond(void **state)
{
	struct world world;
	struct event event = pair("gw-1", KEY_GATEWAY, "", 1);

	(void)state;
	begin(&world);
	event.u.key.until_ms = world.now_ms;
	assert_int_equal(world_put(&world, event), OUTCOME_INVALID);
	event.u.key.until_ms = world.now_ms + 1000;
	assert_int_equal(world_put(&world, event), OUTCOME_OK);
	assert_true(query_key_valid(key_of(&world, "gw-1"), world.now_ms + 999));
	assert_false(query_key_valid(key_of(&world, "gw-1"), world.now_ms + 1000));
	assert_int_equal(query_key_state(key_of(&world, "gw-1"), world.now_ms + 1000), KEY_EXPIRED);
	world_close(&world);
}

/* With a full table the one that ended first is forgotten; none that holds is. */
static void those_that_ended_first_give_way(void **state)
{
	struct world world;
	struct event event = pair("k-2", KEY_GATEWAY, "", 2);

	(void)state;
	begin(&world);
	event.u.key.until_ms = world.now_ms + 2000;
	world_put(&world, pair("k-1", KEY_GATEWAY, "", 1));
	world_put(&world, event); /* ends at 2 s */
	world_put(&world, pair("k-3", KEY_GATEWAY, "", 3));
	world_put(&world, pair("k-4", KEY_GATEWAY, "", 4));
	assert_int_equal(world_put(&world, pair("k-5", KEY_GATEWAY, "", 5)), OUTCOME_FULL);
	world.now_ms += 1000;
	assert_int_equal(world_put(&world, revocation("k-3", "x")), OUTCOME_OK); /* at 1 s */
	world.now_ms += 5000;
	assert_int_equal(world_put(&world, pair("k-5", KEY_GATEWAY, "", 5)), OUTCOME_OK);
	assert_null(key_of(&world, "k-3"));
	assert_null(key_shown(world.core, 3));
	assert_non_null(key_of(&world, "k-2"));
	assert_int_equal(world_put(&world, pair("k-6", KEY_GATEWAY, "", 6)), OUTCOME_OK);
	assert_null(key_of(&world, "k-2"));
	assert_int_equal(world_put(&world, pair("k-7", KEY_GATEWAY, "", 7)), OUTCOME_FULL);
	assert_non_null(key_shown(world.core, 1));
	assert_ptr_equal(key_of(&world, "k-6"), key_shown(world.core, 6));
	assert_int_equal(core_digest(world.core), core_digest_full(world.core));
	world_close(&world);
}

static void a_snapshot_finds_them_as_before(void **state)
{
	struct world world;
	struct core_section section[CORE_SECTIONS_MAX];
	void *memory;

	(void)state;
	begin(&world);
	for (uint8_t first = 1; first <= 4; first++) {
		char id[] = "k-0";

		id[2] = (char)('0' + first);
		world_put(&world, pair(id, KEY_GATEWAY, "", first));
	}
	world_put(&world, revocation("k-2", "x"));
	world_put(&world, token("t-1", "officer")); /* where k-2 was */
	struct core *loaded = world_core(query_limits(world.core), &memory);

	assert_int_equal(core_load(loaded, section, core_save(world.core, section)), DISP_OK);
	assert_int_equal(core_digest(loaded), core_digest(world.core));
	assert_null(key_shown(loaded, 2));
	for (uint8_t first = 1; first <= 4; first++)
		assert_int_equal(key_shown(loaded, first) != NULL, first != 2);
	assert_int_equal(query_key_find(loaded, t("t-1")), query_key_find(world.core, t("t-1")));
	assert_int_not_equal(query_key_find(loaded, t("t-1")), 0);
	assert_int_equal(query_key_find(loaded, t("k-2")), 0);
	free(memory);
	world_close(&world);
}

/* Whoever may not use the leader's switches may not make a key to act as the leader, either. */
static void nobody_makes_a_key_to_act_as_somebody_above(void **state)
{
	struct world world;
	struct event event = token("t-1", "leader");

	(void)state;
	begin(&world);
	event.by = t("office");
	assert_int_equal(world_put(&world, event), OUTCOME_NOT_PERMITTED);
	event.u.key.who = t("officer");
	assert_int_equal(world_put(&world, event), OUTCOME_OK);
	event = token("t-2", "leader");
	event.by = t("officer");
	assert_int_equal(world_put(&world, event), OUTCOME_NOT_PERMITTED);
	event.by = t("committee");
	assert_int_equal(world_put(&world, event), OUTCOME_OK);
	event = revocation("t-2", "x");
	event.by = t("office");
	assert_int_equal(world_put(&world, event), OUTCOME_OK);
	world_close(&world);
}

/* Who, when, from where, why: in the row; what a token is checked against is not told. */
static void the_row_says_who_and_why_and_not_the_hash(void **state)
{
	struct world world;
	struct event event = token("t-1", "officer");
	char text[4096];
	struct json_out out;
	struct text said;

	(void)state;
	begin(&world);
	event.u.key.reason = t("night shift");
	world_run(&world, &event);
	json_out_init(&out, text, sizeof text - 1);
	row_json(&out, &event, &world.row, NULL);
	assert_int_equal(json_out_finish(&out, &said), DISP_OK);
	text[said.len] = '\0';
	assert_non_null(strstr(text, "\"by\":\"leader\""));
	assert_non_null(strstr(text, "\"channel\":\"console\""));
	assert_non_null(strstr(text, "\"at\":\"2026-"));
	assert_non_null(strstr(text, "\"reason\":\"night shift\""));
	assert_non_null(strstr(text, "\"id\":\"t-1\""));
	assert_null(strstr(text, "argon2id"));
	assert_null(strstr(text, "\"public\""));
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_found_by_its_id_and_by_what_it_shows),
		cmocka_unit_test(each_role_is_about_somebody_who_is_there),
		cmocka_unit_test(who_has_left_gets_none),
		cmocka_unit_test(a_key_is_of_the_kind_of_its_role),
		cmocka_unit_test(an_id_is_a_plain_word),
		cmocka_unit_test(neither_an_id_nor_a_public_key_is_used_twice),
		cmocka_unit_test(a_revoked_key_holds_no_more_and_stays_to_be_read),
		cmocka_unit_test(a_key_ends_at_its_time_to_the_millisecond),
		cmocka_unit_test(those_that_ended_first_give_way),
		cmocka_unit_test(a_snapshot_finds_them_as_before),
		cmocka_unit_test(nobody_makes_a_key_to_act_as_somebody_above),
		cmocka_unit_test(the_row_says_who_and_why_and_not_the_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
