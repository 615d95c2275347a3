/* core_random_event: any event at all, with references that hold and others that do not; for test_core_random and fuzz_core. */
#ifndef TESTS_PROPERTY_CORE_RANDOM_EVENT_H
#define TESTS_PROPERTY_CORE_RANDOM_EVENT_H

#include "../random.h"
#include "../unit/core_world.h"

static bool one_in(uint32_t count)
{
	return below(count) == 0;
}

#define PICK(array) t((array)[below(sizeof(array) / sizeof((array)[0]))])

static const char *const unit_ids[] = {"u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9", "nobody"};
static const char *const skill_sets[] = {
	"water", "medic", "water medic", "transport", "transport water", "grid", "fire"};
static const char *const depot_ids[] = {"d1", "d2", "d3", "nowhere"};
static const char *const items[] = {"ring", "pump", "sand", "nothing"};
static const char *const device_ids[] = {"cam-1", "cam-2", "cam-far", "speaker", "pump", "ghost"};
static const char *const types[] = {"alarm.a", "alarm.b", "alarm.c", "alarm.weather.rainstorm", "alarm.none"};
static const char *const incident_types[] = {"ia", "ib", "ic"};
static const char *const grids[] = {"T", "V", "G1", "G2", "", "G9"};
static const char *const persons[] = {"", "officer", "leader", "head-1", "stranger", "p7"};
static const char *const playbook_ids[] = {"pa", "pb", "pc", "pd"};
static const char *const words[] = {"", "because", "no reason", "say it"};
static const char *const actions[] = {"say", "start", "say", "start", "stop", "fly"};

static struct playbook_def random_def;

static int64_t random_ms(int64_t most)
{
	return (int64_t)(random_next() % (uint64_t)most);
}

static struct place random_place(void)
{
	return one_in(20) ? place_at(0, -200000) : place_at((int64_t)below(6000), (int64_t)below(300));
}

static void random_step(struct playbook_def *def)
{
	struct step_def *step = &def->step[def->step_count];
	uint32_t after = def->step_count > 0 ? below(def->step_count) : 0;

	*step = (struct step_def){.kind = (uint8_t)(STEP_SEND + below(4)),
		.level = (uint8_t)(def->step_count > 0 && one_in(4) ? def->step[def->step_count - 1].level + 1
								    : 1)};
	if (def->step_count > 0 && step->level < def->step[def->step_count - 1].level)
		step->level = def->step[def->step_count - 1].level;
	if (step->level > PLAYBOOK_LEVELS_MAX)
		step->level = PLAYBOOK_LEVELS_MAX;
	if (def->step_count > 0 && def->step[after].kind == STEP_ACTION && one_in(2)) {
		step->when = STEP_NO_EFFECT;
		step->after = (uint8_t)after;
	}
	step->skills = PICK(skill_sets);
	step->substitute = one_in(3) ? PICK(skill_sets) : (struct text){0};
	step->count = one_in(8) ? 1 + below(64) : 1 + below(3);
	step->arrive_within_ms = one_in(2) ? random_ms(600000) : 0;
	step->item = PICK(items);
	step->quantity = 1 + below(12);
	step->device = one_in(3) ? t("self") : one_in(2) ? t("loudspeaker") : t("pump");
	step->action = PICK(actions);
	step->within_mm = one_in(2) ? 300000 : 0;
	step->effect = one_in(3) ? EFFECT_NOTHING : EFFECT_CLEARED;
	step->effect_within_ms = random_ms(60000);
	step->who = 1u << below(14);
	step->answer_within_ms = one_in(2) ? random_ms(300000) : 0;
	step->answer = (uint8_t)below(STEP_ANSWER_COUNT);
	step->task = PICK(words);
	def->step_count++;
}

static struct playbook_def *random_playbook(void)
{
	struct playbook_def *def = &random_def;
	uint32_t which = below(4);

	*def = plan_for(playbook_ids[which], types[which], incident_types[below(3)]);
	for (uint32_t byte = 0; byte < PLAYBOOK_HASH_BYTES; byte++)
		def->hash[byte] = (uint8_t)random_next();
	for (uint32_t steps = one_in(10) ? PLAYBOOK_STEPS_MAX : below(7); steps > 0; steps--)
		random_step(def);
	def->confidence_ppm = one_in(2) ? 600000 : 0;
	def->priority = (uint8_t)(1 + below(5));
	def->release = one_in(4) ? RELEASE_CONFIRM : RELEASE_AUTO;
	def->confirm_ms = one_in(2) ? random_ms(120000) : 0;
	def->confirm_dispatch = one_in(2);
	def->upgrade_sensors = below(3);
	def->upgrade_ms = 120000;
	def->upgrade_to = (uint8_t)(2 + below(3));
	def->arrive_ms = one_in(2) ? random_ms(600000) : 0;
	def->climb_count = below(6);
	for (uint32_t rung = 0; rung < def->climb_count; rung++)
		def->climb[rung] = 1u << below(14);
	def->climb_every_ms = one_in(2) ? random_ms(HOUR_MS) : 0;
	def->working = (uint8_t)(one_in(3) ? below(32) : 0);
	def->dispose_ms = one_in(2) ? random_ms(HOUR_MS) : 0;
	def->verify_ms = one_in(2) ? random_ms(HOUR_MS) : 0;
	return def;
}

static uint32_t near_number(uint32_t last)
{
	return one_in(30) ? below(5) + last + 1 : last - below(last < 40 ? last + 1 : 40);
}

/* Of those that others lean on, or of any. */
static struct event random_retire(bool leant_on)
{
	struct event event = {.kind = EVENT_RETIRE};

	if (leant_on) {
		event.u.retire.what = (uint8_t)(one_in(2)   ? EVENT_DEPOT
						: one_in(2) ? EVENT_GRID
							    : EVENT_PERSON);
		event.u.retire.id = event.u.retire.what == EVENT_DEPOT  ? t("d3")
				    : event.u.retire.what == EVENT_GRID ? t("G2")
									: t("leader");
		return event;
	}
	event.u.retire.what = (uint8_t)(EVENT_GRID + below(10));
	event.u.retire.id = one_in(2) ? PICK(unit_ids) : one_in(2) ? PICK(device_ids) : PICK(playbook_ids);
	return event;
}

static struct event random_registry(void)
{
	struct event event = {0};

	switch (below(8)) {
	case 6:
		event.kind = EVENT_CLOCK;
		event.u.clock = (struct event_clock){.wall_ms = random_ms(HOUR_MS), .rate_milli = 1000};
		return event;
	case 7:
		return random_retire(true);
	case 0:
		event.kind = EVENT_PLAYBOOK;
		event.u.playbook.def = random_playbook();
		return event;
	case 1:
		return random_retire(false);
	case 2:
		event.kind = EVENT_UNIT;
		event.u.unit = (struct event_unit){.id = t(unit_ids[below(9)]),
			.skills = PICK(skill_sets),
			.leader = PICK(persons),
			.home = random_place(),
			.speed_mm_s = (int32_t)(1000 + below(20000)),
			.turnout_ms = random_ms(120000),
			.shift_to_min = (uint16_t)(one_in(3) ? below(1440) : 0)};
		return event;
	case 3:
		event.kind = EVENT_DEVICE;
		event.u.device = (struct event_device){.id = t(device_ids[below(5)]),
			.kind = one_in(2)   ? t("loudspeaker")
				: one_in(2) ? t("pump")
					    : t("camera"),
			.grid = PICK(grids),
			.actions = t("say start stop"),
			.place = random_place(),
			.expect_every_ms = one_in(2) ? random_ms(600000) : 0};
		return event;
	case 4:
		event.kind = EVENT_STOCK;
		event.u.stock = (struct event_stock){.depot = PICK(depot_ids),
			.item = PICK(items),
			.quantity = (int64_t)below(60) - 2,
			.expires_ms = one_in(8) ? WORLD_START_MS + random_ms(HOUR_MS) : 0};
		return event;
	default:
		event.kind = EVENT_DUTY;
		event.u.duty = (struct event_duty){.incident_type = PICK(incident_types),
			.lead = t("bureau"),
			.receive_ms = random_ms(HOUR_MS),
			.dispose_ms = random_ms(HOUR_MS)};
		return event;
	}
}

static struct event random_alarm(struct world *world)
{
	struct event event = alarm_event(world, "", "",
		(uint8_t)(one_in(8)   ? below(ALARM_STATE_COUNT)
			  : one_in(3) ? ALARM_CLEARED
				      : ALARM_RAISED));
	uint64_t number =
		world->alarm_serial > 20 && one_in(8) ? world->alarm_serial - below(20) : world->alarm_serial;

	event.u.alarm.source = PICK(device_ids);
	event.u.alarm.type = t(types[one_in(2) ? 0 : below(5)]);
	event.u.alarm.grid = PICK(grids);
	event.u.alarm.identity[0] = number / 2 * 8; /* two by two, so that keys meet */
	event.u.alarm.identity[1] = number;
	event.u.alarm.confidence_ppm = below(1000000);
	event.u.alarm.mode = (uint8_t)one_in(8);
	event.u.alarm.colour = (uint8_t)(one_in(6) ? below(COLOUR_COUNT) : 0);
	event.u.alarm.has_place = one_in(3);
	event.u.alarm.place = event.u.alarm.has_place ? random_place() : (struct place){0};
	return event;
}

static bool keepers_silent; /* nobody at any depot ever says a word */

/* An order that lives, mostly; and mostly answered by the one who holds it. */
static struct event random_answer(const struct core *core)
{
	struct event event = {.kind = EVENT_ANSWER, .by = PICK(persons)};
	uint32_t number = near_number(query_town(core)->orders);

	for (uint32_t tries = 0; tries < 20; tries++) {
		const struct order *order =
			query_at(core, TABLE_ORDER, 1 + below(query_used(core, TABLE_ORDER) + 1));

		if (order == NULL || !query_order_live(order->state) ||
			(keepers_silent && order->target == TARGET_DEPOT))
			continue;
		static const enum table table[] = {[TARGET_UNIT] = TABLE_UNIT,
			[TARGET_DEPOT] = TABLE_DEPOT,
			[TARGET_DEVICE] = TABLE_DEVICE};

		number = order->r.number;
		if (!one_in(5))
			event.u.answer.who = query_id(core, table[order->target], order->who);
		break;
	}
	event.u.answer.order = number;
	event.u.answer.answer = (uint8_t)below(ANSWER_COUNT + 1);
	event.u.answer.quantity = one_in(4) ? below(6) : 0;
	return event;
}

static uint32_t random_incident(const struct core *core)
{
	const struct town_state *town = query_town(core);

	return town->year == 0 ? below(3) : town->year * 1000000 + near_number(town->incidents);
}

static struct event random_act(const struct core *core)
{
	/* Ends less often than it begins, so that cases live a while. */
	static const uint8_t acts[] = {ACT_CONFIRM, ACT_CONFIRM, ACT_CONFIRM, ACT_REJECT, ACT_UPGRADE,
		ACT_UPGRADE, ACT_ESCALATE, ACT_NOTE, ACT_DONE, ACT_VERIFY, ACT_VERIFY_FAILED, ACT_REOPEN,
		ACT_REOPEN, ACT_CANCEL, ACT_REFER, ACT_CLOSE, ACT_CLOSE, ACT_MERGE, ACT_MERGE, ACT_SPLIT,
		ACT_SPLIT, ACT_SPLIT, ACT_DISPATCH, ACT_COUNT};

	return (struct event){.kind = EVENT_ACT,
		.by = PICK(persons),
		.u.act = {.incident = random_incident(core),
			.act = acts[below(sizeof acts)],
			.disposition = (uint8_t)below(DISPOSITION_COUNT + 1),
			.level = (uint8_t)below(7),
			.other = random_incident(core),
			.device = one_in(3) ? PICK(device_ids) : t(""),
			.evidence = one_in(2) ? t("photo-1") : t(""),
			.reason = PICK(words)}};
}

static struct event random_order(const struct core *core)
{
	switch (below(5)) {
	case 0:
		return (struct event){.kind = EVENT_ADD,
			.u.add = {random_incident(core), PICK(skill_sets), one_in(9) ? below(70) : below(4)}};
	case 1:
		return (struct event){.kind = EVENT_SEND,
			.u.send = {random_incident(core), PICK(unit_ids), PICK(words), one_in(3)}};
	case 2:
		return (struct event){.kind = EVENT_SWAP,
			.u.swap = {near_number(query_town(core)->orders), PICK(unit_ids), PICK(words)}};
	case 3:
		return (struct event){.kind = EVENT_DEVICE_DO,
			.u.device_do = {PICK(device_ids), PICK(actions), PICK(words),
				one_in(3) ? 0 : random_incident(core)}};
	default:
		return (struct event){.kind = EVENT_SUPPLY,
			.u.supply = {random_incident(core), PICK(items), one_in(2) ? PICK(depot_ids) : t(""),
				below(9), one_in(2) ? PICK(persons) : t("")}};
	}
}

static struct event random_report(const struct world *world)
{
	const struct core *core = world->core;

	switch (below(8)) {
	case 0:
		return (struct event){.kind = EVENT_POSITION,
			.u.position = {
				PICK(unit_ids), random_place(), world->now_ms - random_ms(40 * HOUR_MS)}};
	case 1:
		return (struct event){.kind = EVENT_STATUS,
			.u.status = {PICK(unit_ids),
				(uint8_t)(one_in(2) ? UNIT_AVAILABLE : below(UNIT_STATE_COUNT + 1))}};
	case 2:
		return (struct event){.kind = EVENT_UNIT_SET,
			.u.unit_set = {PICK(unit_ids), (uint8_t)below(UNIT_STATE_COUNT + 1), one_in(2),
				random_place(), t("")}};
	case 3:
		return (struct event){.kind = EVENT_LINK,
			.u.link = {one_in(2)   ? PICK(unit_ids)
				   : one_in(2) ? PICK(device_ids)
					       : PICK(depot_ids),
				(uint8_t)below(6), !one_in(4), 0}};
	case 4:
		return (struct event){.kind = EVENT_NOTICE_ANSWER,
			.by = PICK(persons),
			.u.notice_answer = {near_number(query_town(core)->notices),
				one_in(4)   ? PICK(unit_ids)
				: one_in(3) ? PICK(persons)
					    : t(""),
				t("yes")}};
	case 5:
		return (struct event){.kind = EVENT_TASK,
			.by = PICK(persons),
			.u.task = {near_number(query_town(core)->tasks), (uint8_t)below(TASK_STATE_COUNT + 1),
				t(""), one_in(3) ? PICK(persons) : t(""), one_in(3)}};
	case 6:
		return (struct event){.kind = EVENT_STOCK_MOVE,
			.u.stock_move = {PICK(depot_ids), PICK(items), t(""), (uint8_t)below(6),
				one_in(50) ? INT64_MAX : (int64_t)below(30) - 3,
				one_in(3) ? random_incident(core) : 0}};
	default:
		return (struct event){
			.kind = EVENT_DEVICE_SET, .u.device_set = {PICK(device_ids), !one_in(3), t("")}};
	}
}

/* What people write down; times mostly in order. */
static struct event random_paper(const struct world *world)
{
	int64_t at_ms = world->now_ms - 3 * HOUR_MS, *time_ms[5];
	struct event event = {.kind = EVENT_PAPER, .by = PICK(persons)};
	struct event_paper *paper = &event.u.paper;

	*paper = (struct event_paper){.type = PICK(incident_types),
		.title = PICK(words),
		.place = random_place(),
		.grid = PICK(grids),
		.units = one_in(2) ? PICK(unit_ids) : t(""),
		.done_by = PICK(persons),
		.reported_ms = at_ms,
		.disposition = (uint8_t)(one_in(3) ? below(DISPOSITION_COUNT) : 0)};
	time_ms[0] = &paper->dispatched_ms;
	time_ms[1] = &paper->arrived_ms;
	time_ms[2] = &paper->done_ms;
	time_ms[3] = &paper->verified_ms;
	time_ms[4] = &paper->ended_ms;
	for (uint32_t index = 0; index < 5 && !one_in(4); index++) {
		at_ms += random_ms(HOUR_MS) - (one_in(20) ? HOUR_MS : 0);
		*time_ms[index] = at_ms;
	}
	if (paper->verified_ms != 0)
		paper->verified_by = PICK(persons);
	return event;
}

static struct event random_words(const struct world *world)
{
	const struct core *core = world->core;

	switch (below(4)) {
	case 0:
		return (struct event){.kind = EVENT_FACT,
			.u.fact = {random_incident(core), (uint8_t)below(FACT_COUNT + 1), PICK(words)}};
	case 1:
		return (struct event){.kind = EVENT_REPORT,
			.u.report = {random_incident(core), (uint8_t)below(REPORT_COUNT + 1), t("county"),
				PICK(words)}};
	case 2:
		return (struct event){.kind = EVENT_CALENDAR,
			.u.calendar = {(uint8_t)below(130), (uint16_t)below(800), (uint16_t)below(1500),
				one_in(2) ? 800 : 0, one_in(2) ? 1200 : 0,
				one_in(2) ? t("2026-07-03 2026-07-02") : t(""),
				one_in(2) ? t("2026-07-04") : t("")}};
	default:
		return random_paper(world);
	}
}

static struct event random_switch(const struct world *world)
{
	int64_t until_ms = world->now_ms + random_ms(HOUR_MS) - MINUTE_MS;

	switch (below(5)) {
	case 3:
		return (struct event){.kind = EVENT_RESPONSE,
			.u.response = {(uint8_t)below(RESPONSE_COUNT + 1), t(""),
				one_in(2) ? PICK(persons) : t("")}};
	case 0:
		return (struct event){.kind = EVENT_WARNING,
			.u.warning = {(uint8_t)below(COLOUR_COUNT + 1),
				one_in(2) ? t("rainstorm") : PICK(words), until_ms}};
	case 1:
		return (struct event){
			.kind = EVENT_RELEASE, .u.release = {(uint8_t)(one_in(3) ? below(4) : 0), t("")}};
	case 2:
		return (struct event){.kind = EVENT_SILENCE,
			.u.silence = {one_in(2) ? near_number(query_town(world->core)->silences) : 0,
				PICK(device_ids), one_in(2) ? PICK(types) : t(""),
				one_in(3) ? PICK(grids) : t(""), until_ms, PICK(words)}};
	default:
		return (struct event){
			.kind = EVENT_PLAN, .u.plan = {.hash = {(uint8_t)below(3)}, .count = 3}};
	}
}

/* People at the desk: they come and go, look at what rings, or merely say that they are there. */
static struct event random_desk(const struct core *core)
{
	if (one_in(3))
		return (struct event){.kind = EVENT_ACK,
			.by = PICK(persons),
			.u.ack = {one_in(3) ? 0 : random_incident(core), t("")}};
	return (struct event){.kind = EVENT_SHIFT,
		.by = PICK(persons),
		.channel = one_in(5) ? t("terminal") : t("console"),
		.u.shift = {.act = (uint8_t)below(SHIFT_ACT_COUNT + 1),
			.person = one_in(2) ? PICK(persons) : t(""),
			.to = PICK(persons),
			.note = PICK(words)}};
}

/* Few ids and few pairs, so that they come again; a table that is soon full. */
static struct event random_key(const struct world *world)
{
	static const char *const ids[] = {"k-1", "k-2", "k-3", "k-4", "k-5", "k-6", "k-7", "k-8", "k-9",
		"k-10", "k-11", "k-12", "k-13", "k-14", "k-15", "k-16", "k-17", "k-18", "k-19", "k-20",
		"k 21"};
	uint8_t role = (uint8_t)below(KEY_ROLE_COUNT + 1);
	bool token = role == KEY_CONSOLE, bare = one_in(4);
	struct event event = {.kind = EVENT_KEY,
		.by = PICK(persons),
		.u.key = {.id = t(ids[below(sizeof ids / sizeof ids[0])]),
			.act = (uint8_t)(bare || one_in(8) ? KEY_REVOKE : KEY_ADD),
			.kind = (uint8_t)(bare ? KEY_NONE : KEY_CURVE + token),
			.role = bare ? 0 : role,
			.who = token                ? PICK(persons)
			       : role == KEY_DEVICE ? PICK(device_ids)
			       : role == KEY_UNIT   ? PICK(unit_ids)
						    : t(""),
			.hash = token ? t("$argon2id$x") : t(""),
			.until_ms = one_in(3) ? world->now_ms + random_ms(HOUR_MS) - MINUTE_MS : 0,
			.reason = PICK(words)}};

	if (!token)
		event.u.key.public_key[below(KEY_PUBLIC_BYTES)] = (uint8_t)(1 + below(3));
	return event;
}

/* Few ids, so that they come again. */
static struct event random_aside(void)
{
	static const char *const ids[] = {"1", "2", "3", "4", "5", "6"};
	uint8_t from = one_in(2) ? ASIDE_FROM_NONE : (uint8_t)below(ASIDE_FROM_COUNT + 1);

	return (struct event){.kind = EVENT_ASIDE,
		.by = one_in(2) ? PICK(persons) : t(""),
		.u.aside = {.id = t(ids[below(sizeof ids / sizeof ids[0])]),
			.act = (uint8_t)below(ASIDE_ACT_COUNT + 1),
			.from = from,
			.row = from >= ASIDE_JOURNAL ? EVENT_OPEN : EVENT_NONE,
			.reason = PICK(words)}};
}

static struct event random_event(struct world *world)
{
	uint32_t kind = below(100);

	if (kind < 22)
		return random_alarm(world);
	if (kind < 50)
		return random_answer(world->core);
	if (kind < 65)
		return random_act(world->core);
	if (kind < 76)
		return random_order(world->core);
	if (kind < 87)
		return random_report(world);
	if (kind < 88)
		return one_in(3) ? random_key(world) : one_in(4) ? random_aside() : random_words(world);
	if (kind < 91)
		return random_desk(world->core);
	if (kind < 94)
		return random_switch(world);
	if (kind < 96)
		return (struct event){.kind = EVENT_OPEN,
			.by = PICK(persons),
			.u.open = {.type = one_in(5) ? PICK(words) : PICK(incident_types),
				.title = PICK(words),
				.place = random_place(),
				.grid = PICK(grids),
				.mode = (uint8_t)below(3)}};
	return random_registry();
}

#endif
