/*
 * test_deadlines: random lives of cases under a virtual clock, with restarts, pauses, merges and steps of the wall clock.
 * An oracle outside of the core keeps what is due when: nothing fires early, twice or never, and no rung is given back.
 */
#include "deadlines_notebook.h"

#include "../random.h"

enum { CASES = 80, LENGTH = 120, CAMERAS = 6 };

/* --- what happens ------------------------------------------------------------------------------------- */

static void restart(struct oracle *oracle)
{
	struct core_section section[CORE_SECTIONS_MAX];
	struct world *world = &oracle->world;
	void *memory;
	struct core *loaded = world_core(&oracle->limits, &memory);

	assert_int_equal(core_load(loaded, section, core_save(world->core, section)), DISP_OK);
	assert_true(core_due_ms(loaded) == core_due_ms(world->core));
	free(world->memory);
	world->core = loaded;
	world->memory = memory;
	oracle->restarts++;
}

static void camera_name(char name[16], uint32_t index)
{
	(void)snprintf(name, 16, "eye-%u", index);
}

/* Pairs of cameras 50 m apart, the pairs 5 km. */
static void begin(struct oracle *oracle)
{
	struct world *world = &oracle->world;

	memset(oracle, 0, sizeof *oracle);
	oracle->limits = world_limits();
	oracle->limits.max[TABLE_INCIDENT] = KNOWN_MAX * 2;
	oracle->limits.max[TABLE_NOTICE] = oracle->limits.max[TABLE_TASK] = 2048;
	oracle->limits.max[TABLE_IDENTITY] = 512;
	oracle->limits.max[TABLE_NEED] = oracle->limits.max[TABLE_ORDER] = oracle->limits.max[TABLE_SUPPLY] =
		512;
	world_open(world, &oracle->limits);
	world_settle(world);
	for (uint32_t index = 0; index < CAMERAS; index++) {
		char name[16];

		camera_name(name, index);
		world_device(world, name, "camera", "", 20000 + index / 2 * 5000 + index % 2 * 50, false);
	}
	for (uint32_t index = 0; index < PLANS; index++) {
		struct playbook_def def = plan_for(plans[index].id, plans[index].type, "trouble");

		def.receive_ms = plans[index].receive_ms;
		def.arrive_ms = plans[index].arrive_ms;
		def.dispose_ms = plans[index].dispose_ms;
		def.verify_ms = plans[index].verify_ms;
		def.confirm_ms = plans[index].confirm_ms;
		def.confirm_dispatch = plans[index].dispatch;
		def.release = plans[index].held ? RELEASE_CONFIRM : RELEASE_AUTO;
		def.climb_every_ms = plans[index].climb_every_ms;
		world_playbook(world, &def);
	}
}

static void raise(struct oracle *oracle, uint32_t camera, uint32_t plan)
{
	struct world *world = &oracle->world;
	char name[16];

	camera_name(name, camera);
	assert_int_equal(
		world_put(world, alarm_event(world, name, plans[plan].type, ALARM_RAISED)), ALARM_ACCEPTED);
	const struct effect_alarm *alarm = &world->seen[0].u.alarm;
	struct known *known = known_by(oracle, alarm->incident);

	if (alarm->opened) {
		assert_null(known);
		opened(oracle, alarm->incident, plan, plans[plan].held);
		return;
	}
	assert_non_null(known);
	assert_false(over(known)); /* alarms join what goes on */
	if (known->state == INCIDENT_DONE_REPORTED || known->state == INCIDENT_VERIFIED)
		taken_up_again(known, world->now_ms);
}

static void ended(struct known *known, uint32_t state, int64_t now_ms)
{
	for (uint32_t kind = 0; kind < DEADLINE_COUNT; kind++)
		turn(known, kind, DEADLINE_STOPPED);
	known->state = state;
	known->over_ms = now_ms;
}

static void acted(struct oracle *oracle, struct known *known, const struct event_act *act, uint32_t made)
{
	int64_t now_ms = oracle->world.now_ms;

	switch (act->act) {
	case ACT_CONFIRM:
		turn(known, DEADLINE_RECEIVE, DEADLINE_MET);
		turn(known, DEADLINE_CONFIRM, DEADLINE_STOPPED);
		known->state = INCIDENT_ACCEPTED;
		break;
	case ACT_DONE:
		turn(known, DEADLINE_DISPOSE, DEADLINE_MET);
		turn(known, DEADLINE_ARRIVE, DEADLINE_STOPPED);
		start(known, DEADLINE_VERIFY, now_ms + plans[known->plan].verify_ms);
		known->state = INCIDENT_DONE_REPORTED;
		known->over_ms = now_ms;
		break;
	case ACT_VERIFY:
		turn(known, DEADLINE_VERIFY, DEADLINE_MET);
		known->state = INCIDENT_VERIFIED;
		known->over_ms = now_ms;
		break;
	case ACT_VERIFY_FAILED:
	case ACT_REOPEN: {
		int64_t over_ms = known->over_ms;

		taken_up_again(known, now_ms);
		known->over_ms = act->act == ACT_REOPEN ? now_ms : over_ms;
		break;
	}
	case ACT_ESCALATE:
		climbed(oracle, known, DEADLINE_COUNT, 0);
		break;
	case ACT_CLOSE:
		ended(known, INCIDENT_CLOSED, now_ms);
		break;
	case ACT_CANCEL:
		ended(known, INCIDENT_CANCELLED, now_ms);
		break;
	case ACT_MERGE:
		merged(oracle, known, known_by(oracle, act->other));
		break;
	case ACT_SPLIT:
		if (act->device.len == 0)
			parted(oracle, known);
		else
			opened(oracle, made, known->plan,
				known->state == INCIDENT_REPORTED && plans[known->plan].held);
		break;
	default:
		break;
	}
}

static void act(struct oracle *oracle)
{
	static const uint8_t acts[] = {ACT_CONFIRM, ACT_CONFIRM, ACT_DONE, ACT_DONE, ACT_VERIFY,
		ACT_VERIFY_FAILED, ACT_REOPEN, ACT_REOPEN, ACT_ESCALATE, ACT_CLOSE, ACT_CANCEL, ACT_MERGE,
		ACT_MERGE, ACT_MERGE, ACT_SPLIT, ACT_SPLIT, ACT_SPLIT};
	struct known *known = &oracle->known[below(oracle->known_count)];
	struct event event = {.kind = EVENT_ACT, .by = t("office")};
	char device[16];

	event.u.act = (struct event_act){.incident = known->number,
		.act = acts[below(sizeof acts)],
		.disposition = DISPOSITION_FALSE,
		.other = oracle->known[below(oracle->known_count)].number,
		.reason = t("because")};
	if (event.u.act.act == ACT_DONE)
		event.by = t("officer");
	if (event.u.act.act == ACT_SPLIT && below(3) == 0) {
		camera_name(device, below(CAMERAS));
		event.u.act.device = t(device);
	}
	if (world_put(&oracle->world, event) == OUTCOME_OK)
		acted(oracle, known, &event.u.act, oracle->world.seen[0].u.result.number);
}

/* When the notebook says that something is due next. */
static int64_t next_due_ms(const struct oracle *oracle)
{
	int64_t next_ms = INT64_MAX;

	for (uint32_t at = 0; at < oracle->known_count; at++) {
		const struct known *known = &oracle->known[at];
		int64_t rung_ms = next_rung_ms(known);

		for (uint32_t kind = 0; kind < DEADLINE_COUNT && !over(known); kind++)
			if (known->watch[kind].state == DEADLINE_RUNNING &&
				known->watch[kind].due_ms < next_ms)
				next_ms = known->watch[kind].due_ms;
		if (!over(known) && rung_ms != 0 && rung_ms < next_ms)
			next_ms = rung_ms;
	}
	return next_ms;
}

/* Awake: from one due time to the next, each held against the notebook; in between nothing may fire. */
static void time_goes(struct oracle *oracle, int64_t ms)
{
	struct world *world = &oracle->world;
	int64_t until_ms = world->now_ms + ms;

	while (world->now_ms < until_ms) {
		int64_t next_ms = next_due_ms(oracle);

		world_wait(world, (next_ms < until_ms ? next_ms : until_ms) - world->now_ms);
		check(oracle);
	}
	world->seen_count = 0;
}

static void step(struct oracle *oracle)
{
	struct world *world = &oracle->world;
	uint32_t kind = below(100);

	world->seen_count = 0;
	if (kind < 25 || oracle->known_count == 0) {
		raise(oracle, below(CAMERAS), below(PLANS));
	} else if (kind < 60) {
		act(oracle);
	} else if (kind < 80) { /* awake: every due time is met */
		time_goes(oracle, below(180) * MINUTE_MS);
	} else if (kind < 88) { /* nobody there: hours, or days, and then all at once */
		world->now_ms += below(below(3) == 0 ? 4000 : 400) * MINUTE_MS;
		if (below(3) == 0)
			restart(oracle);
		world_tick(world);
	} else if (kind < 97) { /* the wall clock is set, forward or back */
		world_put(world,
			(struct event){.kind = EVENT_CLOCK,
				.u.clock = {world->now_ms + (int64_t)below(1u << 30) - (1 << 29), 1000}});
	} else {
		restart(oracle);
	}
}

static void no_climb_is_lost_doubled_or_early(void **state)
{
	uint64_t cases = number_from("DISPATCH_CASES", CASES), seed = number_from("DISPATCH_SEED", 1);
	uint64_t fired = 0, restarts = 0;
	static struct oracle oracle;

	(void)state;
	for (uint64_t number = 0; number < cases; number++) {
		random_state = seed + number;
		begin(&oracle);
		for (uint32_t count = 0; count < LENGTH; count++) {
			step(&oracle);
			check(&oracle);
		}
		fired += oracle.fired;
		restarts += oracle.restarts;
		world_close(&oracle.world);
	}
	print_message("%llu lives from seed %llu, %llu climbs, %llu restarts\n", (unsigned long long)cases,
		(unsigned long long)seed, (unsigned long long)fired, (unsigned long long)restarts);
}

/* --- one life, with a restart at each of its points ---------------------------------------------------- */

enum { LIFE_MS = 60, POINTS = 16 };

static void do_act(struct world *world, uint32_t incident, uint8_t act, uint32_t other, const char *by)
{
	world_put(world,
		(struct event){.kind = EVENT_ACT,
			.by = t(by),
			.u.act = {.incident = incident, .act = act, .other = other, .reason = t("because")}});
}

/* What is done at a point of the life; the returned time passes then. */
static int64_t point(struct world *world, uint32_t number, const uint32_t incident[2])
{
	switch (number) {
	case 0: /* 10 minutes to arrive */
		return 10 * MINUTE_MS - 1;
	case 1:
		return 1;
	case 2: /* 2 h to dispose */
		return 110 * MINUTE_MS - 1;
	case 3:
		return 1;
	case 4: /* one rung more after 90 minutes */
		return 90 * MINUTE_MS - 1;
	case 5:
		return 1;
	case 6:
		do_act(world, incident[0], ACT_MERGE, incident[1], "officer");
		return 90 * MINUTE_MS;
	case 7:
		do_act(world, incident[0], ACT_SPLIT, 0, "officer");
		return MINUTE_MS;
	case 8:
		do_act(world, incident[0], ACT_DONE, 0, "officer");
		return 3 * HOUR_MS - 1;
	case 9: /* 3 h to verify */
		return 1;
	case 10:
		do_act(world, incident[0], ACT_VERIFY_FAILED, 0, "office");
		return HOUR_MS;
	case 11:
		do_act(world, incident[0], ACT_DONE, 0, "officer");
		return HOUR_MS;
	case 12:
		do_act(world, incident[0], ACT_VERIFY, 0, "office");
		return HOUR_MS;
	case 13:
		do_act(world, incident[0], ACT_CLOSE, 0, "officer");
		return HOUR_MS;
	case 14:
		do_act(world, incident[0], ACT_REOPEN, 0, "officer");
		return 3 * HOUR_MS;
	default:
		return 30 * HOUR_MS;
	}
}

struct life {
	uint32_t count;
	struct {
		int64_t at_ms;
		struct effect_incident_climb climb;
	} fire[LIFE_MS];
	uint64_t digest;
};

static void note_fires(struct life *life, const struct world *world)
{
	for (uint32_t index = 0; index < world->seen_count; index++) {
		if (world->seen[index].kind != EFFECT_INCIDENT_CLIMB)
			continue;
		assert_true(life->count < LIFE_MS);
		life->fire[life->count].at_ms = world->now_ms;
		life->fire[life->count++].climb = world->seen[index].u.incident_climb;
	}
}

static void live(struct oracle *oracle, uint32_t restart_at, struct life *life)
{
	struct world *world = &oracle->world;
	uint32_t incident[2];

	memset(life, 0, sizeof *life);
	begin(oracle);
	incident[0] = world_raise(world, "eye-0", plans[1].type);
	incident[1] = world_raise(world, "eye-2", plans[0].type);
	for (uint32_t number = 0; number < POINTS; number++) {
		if (number == restart_at)
			restart(oracle);
		world->seen_count = 0;
		int64_t until_ms = point(world, number, incident) + world->now_ms;

		note_fires(life, world);
		if (number == restart_at)
			restart(oracle);
		while (core_due_ms(world->core) <= until_ms) {
			if (core_due_ms(world->core) > world->now_ms)
				world->now_ms = core_due_ms(world->core);
			world->seen_count = 0;
			world_tick(world);
			note_fires(life, world);
		}
		world->now_ms = until_ms;
	}
	life->digest = core_digest(world->core);
	world_close(world);
}

static void a_restart_at_any_point_changes_nothing(void **state)
{
	static struct oracle oracle;
	static struct life plain, other;

	(void)state;
	live(&oracle, POINTS, &plain);
	assert_true(plain.count >= 6);
	for (uint32_t restart_at = 0; restart_at < POINTS; restart_at++) {
		live(&oracle, restart_at, &other);
		assert_int_equal(other.count, plain.count);
		assert_memory_equal(other.fire, plain.fire, sizeof plain.fire);
		assert_true(other.digest == plain.digest);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(no_climb_is_lost_doubled_or_early),
		cmocka_unit_test(a_restart_at_any_point_changes_nothing)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
