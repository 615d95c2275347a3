/* test_core_permit: who may give which command: every role by every command, beside a grid written for the test. */
#include "core/permit.h"
#include "core_world.h"

/*
 * D duty officer, O office, L leader, C committee, K keeper, A auditor, X anybody else of the town.
 * '+' may, '.' may not.
 */
static const char columns[] = "DOLCKAX";

enum { CELL_COUNT = 7 };

static const char *const person_of[CELL_COUNT] = {
	"officer", "office", "leader", "committee", "keeper", "auditor", "crew"};

struct row {
	const char *command, *cells;
	struct event event;
};

#define ACT_OF(act_)                                                                                         \
	{                                                                                                    \
		.kind = EVENT_ACT, .u.act = {.incident = 9, .act = (act_), .reason = {"x", 1} }              \
	}
#define SAYS(answer_)                                                                                        \
	{                                                                                                    \
		.kind = EVENT_ANSWER, .u.answer = {.order = 9, .answer = (answer_) }                         \
	}
#define STOCK_OF(act_)                                                                                       \
	{                                                                                                    \
		.kind = EVENT_STOCK_MOVE, .u.stock_move = {.act = (act_) }                                   \
	}

/* clang-format off */
static const struct row rows[] = {
	/*                       DOLCKAX */
	{"incident-open",       "+++++.+", {.kind = EVENT_OPEN}},
	{"incident-confirm",    "++++...", ACT_OF(ACT_CONFIRM)},
	{"incident-reject",     "++++...", ACT_OF(ACT_REJECT)},
	{"incident-upgrade",    "++++...", ACT_OF(ACT_UPGRADE)},
	{"incident-escalate",   "++++...", ACT_OF(ACT_ESCALATE)},
	{"incident-note",       "+++++.+", ACT_OF(ACT_NOTE)},
	{"incident-done",       "+++++.+", ACT_OF(ACT_DONE)},
	{"incident-verify",     "+++++.+", ACT_OF(ACT_VERIFY)},
	{"verify --failed",     "+++++.+", ACT_OF(ACT_VERIFY_FAILED)},
	{"incident-reopen",     "++++...", ACT_OF(ACT_REOPEN)},
	{"incident-cancel",     "++++...", ACT_OF(ACT_CANCEL)},
	{"incident-refer",      "++++...", ACT_OF(ACT_REFER)},
	{"incident-close",      "++++...", ACT_OF(ACT_CLOSE)},
	{"incident-merge",      "++++...", ACT_OF(ACT_MERGE)},
	{"incident-split",      "++++...", ACT_OF(ACT_SPLIT)},
	{"incident-add",        "++++...", {.kind = EVENT_ADD}},
	{"order-send",          "++++...", {.kind = EVENT_SEND}},
	{"order-swap",          "++++...", {.kind = EVENT_SWAP}},
	{"order-recall",        "++++...", SAYS(ANSWER_RECALL)},
	{"answer accept",       "+++++.+", SAYS(ANSWER_ACCEPT)},
	{"answer decline",      "+++++.+", SAYS(ANSWER_DECLINE)},
	{"answer en_route",     "+++++.+", SAYS(ANSWER_EN_ROUTE)},
	{"answer arrived",      "+++++.+", SAYS(ANSWER_ARRIVED)},
	{"answer done",         "+++++.+", SAYS(ANSWER_DONE)},
	{"answer failed",       "+++++.+", SAYS(ANSWER_FAILED)},
	{"notice-answer",       "+++++.+", {.kind = EVENT_NOTICE_ANSWER}},
	{"unit-set",            "++++...", {.kind = EVENT_UNIT_SET}},
	{"device-do",           "++++...", {.kind = EVENT_DEVICE_DO}},
	{"device-enable",       "++++...", {.kind = EVENT_DEVICE_SET, .u.device_set = {.enabled = true}}},
	{"device-disable",      "++++...", {.kind = EVENT_DEVICE_SET}},
	{"stock-receive",       "+++++..", STOCK_OF(STOCK_RECEIVE)},
	{"stock-issue",         "+++++..", STOCK_OF(STOCK_ISSUE)},
	{"stock-return",        "+++++..", STOCK_OF(STOCK_RETURN)},
	{"stock-count",         "+++++..", STOCK_OF(STOCK_COUNTED)},
	{"supply-send",         "++++...", {.kind = EVENT_SUPPLY}},
	{"warning-set",         "++++...", {.kind = EVENT_WARNING, .u.warning = {.colour = COLOUR_RED}}},
	{"warning-clear",       "++++...", {.kind = EVENT_WARNING}},
	{"release auto",        "++++...", {.kind = EVENT_RELEASE, .u.release = {.release = RELEASE_AUTO}}},
	{"release confirm",     "++++...", {.kind = EVENT_RELEASE, .u.release = {.release = RELEASE_CONFIRM}}},
	{"release advise",      "..++...", {.kind = EVENT_RELEASE, .u.release = {.release = RELEASE_ADVISE}}},
	{"response-set",        "++++...", {.kind = EVENT_RESPONSE, .u.response = {.level = 4}}},
	{"silence one device",  "++++...", {.kind = EVENT_SILENCE, .u.silence = {.source = {"cam-1", 5}}}},
	{"silence a type",      "..++...", {.kind = EVENT_SILENCE, .u.silence = {.type = {"alarm.x", 7}}}},
	{"silence a grid",      "..++...", {.kind = EVENT_SILENCE, .u.silence = {.grid = {"G1", 2}}}},
	{"silence-expire",      "++++...", {.kind = EVENT_SILENCE, .u.silence = {.expire = 1}}},
	{"task-take",           "++++...", {.kind = EVENT_TASK, .u.task = {.state = TASK_TAKEN}}},
	{"task-done",           "++++...", {.kind = EVENT_TASK, .u.task = {.state = TASK_DONE}}},
	{"shift on",            "++++...", {.kind = EVENT_SHIFT, .u.shift = {.act = SHIFT_ON}}},
	{"shift off",           "++++...", {.kind = EVENT_SHIFT, .u.shift = {.act = SHIFT_OFF}}},
	{"shift handover",      "++++...", {.kind = EVENT_SHIFT, .u.shift = {.act = SHIFT_HANDOVER}}},
	{"shift present",       "++++...", {.kind = EVENT_SHIFT, .u.shift = {.act = SHIFT_PRESENT}}},
	{"ack",                 "++++...", {.kind = EVENT_ACK}},
	{"fact",                "++++...", {.kind = EVENT_FACT}},
	{"report",              "++++...", {.kind = EVENT_REPORT}},
	{"paper",               "++++...", {.kind = EVENT_PAPER}},
	{"playbook reload",     ".+++...", {.kind = EVENT_LOAD, .u.load = {.what = EVENT_PLAN}}},
	{"town load",           ".+++...", {.kind = EVENT_LOAD, .u.load = {.what = EVENT_TOWN}}},
	{"key-add",             ".+++...", {.kind = EVENT_KEY, .u.key = {.act = KEY_ADD}}},
	{"key-revoke",          ".+++...", {.kind = EVENT_KEY, .u.key = {.act = KEY_REVOKE}}},
	{"aside-release",       ".+++...", {.kind = EVENT_ASIDE, .u.aside = {.act = ASIDE_RELEASE}}},
	{"lead --force",        "+..+...", {.kind = EVENT_LEAD, .u.lead = {.forced = true}}},
	{"aside-drop",          ".+++...", {.kind = EVENT_ASIDE, .u.aside = {.act = ASIDE_DROP}}},
};
/* clang-format on */

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

static bool world_named;

static void begin(struct world *world)
{
	struct core_limits limits = world_limits();

	world_open(world, &limits);
	if (world_named) { /* world_core has the rules of the default: another core with ours */
		struct core_rules rules;
		struct travel travel = {NULL, world_leg};

		memset(world->memory, 0, core_size(&limits));
		core_rules_default(&rules);
		rules.named = true;
		assert_int_equal(core_init(world->memory, &limits, &rules, &travel, &world->core), DISP_OK);
	}
	world_settle(world);
	world_person(world, "auditor", WHO_AUDITOR, "");
	world_person(world, "crew", 0, "");
	world_person(world, "member", WHO_GRID_MEMBER, "G1");
	world_person(world, "two-roles", WHO_AUDITOR | WHO_KEEPER, "");
}

static uint32_t put_by(struct world *world, struct event event, const char *by, const char *channel)
{
	event.by = t(by);
	event.channel = t(channel);
	return world_put(world, event);
}

/* Every cell; a refused one changes nothing, and no other one is refused for the person's sake. */
static void every_cell_is_as_the_grid_says(void **state)
{
	(void)state;
	for (size_t row = 0; row < 2 * ROW_COUNT; row++) {
		const struct row *of = &rows[row / 2];
		struct world world;

		world_named = row % 2 != 0;
		begin(&world);
		for (size_t cell = 0; cell < CELL_COUNT; cell++) {
			uint64_t before = core_digest_full(world.core), seq = world.seq;
			uint32_t outcome = put_by(&world, of->event, person_of[cell], "console");
			bool refused = outcome == OUTCOME_NOT_PERMITTED;

			if (refused == (of->cells[cell] == '+'))
				fail_msg("%s by %s (%c): %s", of->command, person_of[cell], columns[cell],
					refused ? "refused" : "not refused");
			if (refused) {
				assert_int_equal(core_digest_full(world.core), before);
				assert_int_equal(world.seq, seq);
			}
		}
		world_close(&world);
	}
	world_named = false;
}

/* The test's grid leaves no command out: every kind that asks who it is has a row. */
static void every_command_has_a_row(void **state)
{
	(void)state;
	for (uint32_t kind = 1; kind < EVENT_KIND_COUNT; kind++)
		for (uint32_t detail = 0; detail < ACT_COUNT; detail++) {
			struct event event = {.kind = kind};
			bool found = false;

			event.u.act.act = (uint8_t)detail;
			if (kind == EVENT_ANSWER)
				event.u = (__typeof__(event.u)){.answer = {.answer = (uint8_t)detail}};
			if (permit_who(&event) == 0)
				continue;
			for (size_t row = 0; row < ROW_COUNT && !found; row++)
				found = rows[row].event.kind == kind &&
					(kind != EVENT_ACT || rows[row].event.u.act.act == detail) &&
					(kind != EVENT_ANSWER || detail == ANSWER_DELIVERED ||
						rows[row].event.u.answer.answer == detail);
			if (!found)
				fail_msg("event %u, detail %u has no row", kind, detail);
		}
}

static void roles_add_up(void **state)
{
	struct world world;
	struct event count = {.kind = EVENT_STOCK_MOVE, .u.stock_move = {.act = STOCK_COUNTED}};
	struct event note = {.kind = EVENT_ACT, .u.act = {.incident = 9, .act = ACT_NOTE, .reason = t("x")}};

	(void)state;
	begin(&world);
	assert_int_equal(put_by(&world, count, "two-roles", "console"), OUTCOME_NOT_FOUND);
	assert_int_equal(put_by(&world, note, "two-roles", "console"), OUTCOME_NOT_FOUND);
	assert_int_equal(put_by(&world, note, "auditor", "console"), OUTCOME_NOT_PERMITTED);
	world_close(&world);
}

/* A name does as well as an id; where several bear it, only what all of them may. */
static void a_name_is_a_person(void **state)
{
	struct world world;
	struct event confirm = ACT_OF(ACT_CONFIRM), note = ACT_OF(ACT_NOTE);

	(void)state;
	begin(&world);
	world_put(&world, (struct event){.kind = EVENT_PERSON,
				  .u.person = {.id = t("p-1"), .name = t("王芳"), .roles = WHO_LEADER}});
	assert_int_equal(put_by(&world, confirm, "王芳", "console"), OUTCOME_NOT_FOUND);
	world_put(&world, (struct event){.kind = EVENT_PERSON,
				  .u.person = {.id = t("p-2"), .name = t("王芳"), .roles = WHO_KEEPER}});
	assert_int_equal(put_by(&world, confirm, "王芳", "console"), OUTCOME_NOT_PERMITTED);
	assert_int_equal(put_by(&world, note, "王芳", "console"), OUTCOME_NOT_FOUND);
	assert_int_equal(put_by(&world, confirm, "p-1", "console"), OUTCOME_NOT_FOUND);
	assert_int_equal(permit_person(world.core, t("王芳")).bearers, 2);
	assert_int_equal(permit_person(world.core, t("p-2")).bearers, 1);
	world_close(&world);
}

/* Whoever is nobody of the town acts for the desk, unless only persons of the town may. */
static void a_stranger_acts_for_the_desk(void **state)
{
	struct world world;
	struct event confirm = ACT_OF(ACT_CONFIRM);
	struct event advise = {.kind = EVENT_RELEASE, .u.release = {.release = RELEASE_ADVISE}};

	(void)state;
	begin(&world);
	assert_int_equal(put_by(&world, confirm, "root", "console"), OUTCOME_NOT_FOUND);
	assert_int_equal(put_by(&world, confirm, "", "console"), OUTCOME_NOT_FOUND);
	assert_int_equal(put_by(&world, advise, "root", "console"), OUTCOME_OK);
	assert_false(permit_agreed(world.core, WHO_LEADER, t("root"), t("root")));
	assert_true(permit_agreed(world.core, WHO_DUTY_OFFICER, t("root"), t("")));
	world_close(&world);
	world_named = true;
	begin(&world);
	assert_int_equal(put_by(&world, confirm, "root", "console"), OUTCOME_NOT_PERMITTED);
	assert_int_equal(put_by(&world, confirm, "", "console"), OUTCOME_NOT_PERMITTED);
	assert_int_equal(put_by(&world, confirm, "officer", "console"), OUTCOME_NOT_FOUND);
	world_close(&world);
	world_named = false;
}

/* Who answers the telephone is written down as given, whoever it is; to recall is a command like others. */
static void anybody_may_have_answered_the_telephone(void **state)
{
	static const char *const anybody[] = {"auditor", "crew", "member", "a wife of a crew's leader", ""};
	struct world world;
	struct event accept = SAYS(ANSWER_ACCEPT), recall = SAYS(ANSWER_RECALL);
	struct event notice = {.kind = EVENT_NOTICE_ANSWER};

	(void)state;
	for (int named = 0; named <= 1; named++) {
		world_named = named;
		begin(&world);
		for (size_t i = 0; i < sizeof anybody / sizeof anybody[0]; i++) {
			assert_int_equal(put_by(&world, accept, anybody[i], "phone"), OUTCOME_NOT_FOUND);
			assert_int_equal(put_by(&world, notice, anybody[i], "radio"), OUTCOME_NOT_FOUND);
		}
		assert_int_equal(put_by(&world, recall, "crew", "phone"), OUTCOME_NOT_PERMITTED);
		world_close(&world);
	}
	world_named = false;
}

/* Who has left the town's list keeps no rights of an office. */
static void who_left_keeps_no_office(void **state)
{
	struct world world;
	struct event confirm = ACT_OF(ACT_CONFIRM), note = ACT_OF(ACT_NOTE);

	(void)state;
	begin(&world);
	world_leave(&world, "officer");
	assert_int_equal(put_by(&world, confirm, "officer", "console"), OUTCOME_NOT_PERMITTED);
	assert_int_equal(put_by(&world, note, "officer", "console"), OUTCOME_NOT_FOUND);
	world_close(&world);
}

/* The clock and terminals name nobody, and are asked for no role. */
static void what_no_person_does_is_not_asked(void **state)
{
	struct world world;

	(void)state;
	world_named = true;
	begin(&world);
	world_unit(&world, "u-1", "medic", 100, 0);
	assert_int_equal(world_status(&world, "u-1", UNIT_OUT_OF_SERVICE), OUTCOME_OK);
	assert_int_equal(world_answer(&world, 9, "u-1", ANSWER_ACCEPT), OUTCOME_NOT_FOUND);
	world_close(&world);
	world_named = false;
}

/* What the configuration says asks for no name; the same over HTTP, which says where it came in, does. */
static void the_configuration_is_asked_for_no_name(void **state)
{
	struct world world;
	struct event load = {.kind = EVENT_LOAD, .u.load = {.what = EVENT_PLAN}};
	struct event confirm = ACT_OF(ACT_CONFIRM);
	struct event key = {.kind = EVENT_KEY,
		.u.key = {.id = t("gw"),
			.act = KEY_ADD,
			.kind = KEY_CURVE,
			.role = KEY_GATEWAY,
			.public_key = {1}}};

	(void)state;
	world_named = true;
	begin(&world);
	load.from = key.from = t("anybody@192.0.2.1");
	assert_int_equal(put_by(&world, key, "", "configuration"), OUTCOME_NOT_PERMITTED);
	assert_int_equal(put_by(&world, load, "", "configuration"), OUTCOME_NOT_PERMITTED);
	load.from = key.from = t("");
	assert_int_equal(put_by(&world, key, "", "configuration"), OUTCOME_OK);
	assert_int_equal(put_by(&world, load, "", "configuration"), OUTCOME_OK);
	assert_int_equal(put_by(&world, confirm, "", "configuration"), OUTCOME_NOT_PERMITTED);
	world_close(&world);
	world_named = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell_is_as_the_grid_says),
		cmocka_unit_test(every_command_has_a_row),
		cmocka_unit_test(roles_add_up),
		cmocka_unit_test(a_name_is_a_person),
		cmocka_unit_test(a_stranger_acts_for_the_desk),
		cmocka_unit_test(anybody_may_have_answered_the_telephone),
		cmocka_unit_test(who_left_keeps_no_office),
		cmocka_unit_test(what_no_person_does_is_not_asked),
		cmocka_unit_test(the_configuration_is_asked_for_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
