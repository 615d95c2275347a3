/*
 * deadlines_notebook: what an officer with a watch and a notebook would write down of cases and their clocks, held against
 * the core; for test_deadlines. It asks the core only in check_known.
 */
#ifndef TESTS_PROPERTY_DEADLINES_NOTEBOOK_H
#define TESTS_PROPERTY_DEADLINES_NOTEBOOK_H

#include "../unit/core_world.h"
#include "core/state.h"

enum { KNOWN_MAX = 200, FIRES_MAX = 1024, RUNGS = 5 };

static const struct {
	const char *id, *type;
	int64_t receive_ms, arrive_ms, dispose_ms, verify_ms, confirm_ms, climb_every_ms;
	bool held, dispatch;
} plans[] = {
	{"slow", "alarm.site.dust", HOUR_MS, 0, 24 * HOUR_MS, 12 * HOUR_MS, 0, 0, false, false},
	{"quick", "alarm.fire.flame", HOUR_MS, 10 * MINUTE_MS, 2 * HOUR_MS, 3 * HOUR_MS, 0, 90 * MINUTE_MS,
		false, false},
	{"asks", "alarm.fire.smoke", 30 * MINUTE_MS, 20 * MINUTE_MS, 6 * HOUR_MS, 5 * HOUR_MS, 40 * MINUTE_MS,
		4 * HOUR_MS, true, true},
	{"holds", "alarm.gas.leak", HOUR_MS, 0, 3 * HOUR_MS, HOUR_MS, 5 * MINUTE_MS, 0, true, false},
};
enum { PLANS = sizeof plans / sizeof plans[0] };

/* --- the oracle: what an officer with a watch and a notebook would write down ------------------------- */

struct watch {
	int64_t due_ms;
	int64_t own_ms; /* 0: the same; -1: it had none of its own */
	uint32_t state;
	bool held;
};
struct known {
	uint32_t number, into, plan, state, before;
	struct watch watch[DEADLINE_COUNT];
	uint32_t rung;
	int64_t climb_ms, over_ms, merged_ms;
};
struct fire {
	uint32_t number, kind;
	int64_t due_ms;
};

struct oracle {
	struct world world;
	struct core_limits limits;
	struct known known[KNOWN_MAX];
	uint32_t known_count;
	struct fire expected[FIRES_MAX];
	uint32_t expected_count;
	uint64_t fired, restarts;
};

static struct known *known_by(struct oracle *oracle, uint32_t number)
{
	for (uint32_t at = 0; at < oracle->known_count; at++)
		if (oracle->known[at].number == number)
			return &oracle->known[at];
	return NULL;
}

static bool over(const struct known *known)
{
	return known->into != 0 || known->state >= INCIDENT_CLOSED;
}

static void turn(struct known *known, uint32_t kind, uint32_t to)
{
	if (known->watch[kind].state == DEADLINE_RUNNING)
		known->watch[kind].state = to;
}

static void start(struct known *known, uint32_t kind, int64_t due_ms)
{
	known->watch[kind] = (struct watch){.due_ms = due_ms, .state = DEADLINE_RUNNING};
}

static void opened(struct oracle *oracle, uint32_t number, uint32_t plan, bool held)
{
	struct known *known = &oracle->known[oracle->known_count++];
	int64_t now_ms = oracle->world.now_ms;

	assert_true(oracle->known_count < KNOWN_MAX);
	*known = (struct known){
		.number = number, .plan = plan, .state = held ? INCIDENT_REPORTED : INCIDENT_ACCEPTED};
	start(known, DEADLINE_RECEIVE, now_ms + plans[plan].receive_ms);
	start(known, DEADLINE_DISPOSE, now_ms + plans[plan].dispose_ms);
	if (!held)
		known->watch[DEADLINE_RECEIVE].state = DEADLINE_MET;
	if (plans[plan].arrive_ms > 0)
		start(known, DEADLINE_ARRIVE, now_ms + plans[plan].arrive_ms);
	if (held)
		start(known, DEADLINE_CONFIRM, now_ms + plans[plan].confirm_ms);
}

static void taken_up_again(struct known *known, int64_t now_ms)
{
	struct watch *arrive = &known->watch[DEADLINE_ARRIVE], *dispose = &known->watch[DEADLINE_DISPOSE];

	if (plans[known->plan].arrive_ms > 0 &&
		(arrive->state == DEADLINE_MET || arrive->state == DEADLINE_STOPPED))
		start(known, DEADLINE_ARRIVE, now_ms + plans[known->plan].arrive_ms);
	turn(known, DEADLINE_VERIFY, DEADLINE_STOPPED);
	if (dispose->state == DEADLINE_MET || dispose->state == DEADLINE_STOPPED)
		dispose->state = DEADLINE_RUNNING;
	known->state = INCIDENT_ACCEPTED;
	known->over_ms = now_ms;
}

/* One rung up. A clock that was missed is expected to have said so; by hand (DEADLINE_COUNT) it has no due time. */
static void climbed(struct oracle *oracle, struct known *known, uint32_t kind, int64_t due_ms)
{
	int64_t every_ms = plans[known->plan].climb_every_ms;

	assert_true(oracle->expected_count < FIRES_MAX);
	oracle->expected[oracle->expected_count++] = (struct fire){known->number, kind, due_ms};
	if (known->rung == RUNGS) {
		known->climb_ms = 0;
		return;
	}
	known->rung++;
	if (known->rung == RUNGS)
		known->climb_ms = 0;
	else if (kind == DEADLINE_DISPOSE)
		known->climb_ms = every_ms > 0 ? oracle->world.now_ms + every_ms : 0;
}

static int64_t next_rung_ms(const struct known *known)
{
	bool late = known->watch[DEADLINE_DISPOSE].state == DEADLINE_LATE;

	return late && known->state < INCIDENT_DONE_REPORTED ? known->climb_ms : 0;
}

/* What is due by now, the earliest first. */
static bool one_fires(struct oracle *oracle, struct known *known)
{
	int64_t now_ms = oracle->world.now_ms, due_ms = INT64_MAX, rung_ms = next_rung_ms(known);
	uint32_t first = DEADLINE_COUNT;

	for (uint32_t kind = 0; kind < DEADLINE_COUNT; kind++)
		if (known->watch[kind].state == DEADLINE_RUNNING && known->watch[kind].due_ms <= now_ms &&
			known->watch[kind].due_ms < due_ms) {
			first = kind;
			due_ms = known->watch[kind].due_ms;
		}
	if (rung_ms != 0 && rung_ms <= now_ms && rung_ms < due_ms) {
		climbed(oracle, known, DEADLINE_DISPOSE, rung_ms);
		return true;
	}
	if (first == DEADLINE_COUNT)
		return false;
	if (first == DEADLINE_CONFIRM && plans[known->plan].dispatch && known->state == INCIDENT_REPORTED) {
		known->watch[first].state = DEADLINE_EXPIRED;
		turn(known, DEADLINE_RECEIVE, DEADLINE_MET);
		known->state = INCIDENT_ACCEPTED;
		return true;
	}
	known->watch[first].state = DEADLINE_LATE;
	if (first != DEADLINE_CONFIRM)
		climbed(oracle, known, first, due_ms);
	return true;
}

static void time_passes(struct oracle *oracle)
{
	for (uint32_t at = 0; at < oracle->known_count; at++)
		while (!over(&oracle->known[at]) && one_fires(oracle, &oracle->known[at]))
			;
}

/* --- merging, by the notebook ------------------------------------------------------------------------- */

static void merged(struct oracle *oracle, struct known *known, struct known *into)
{
	int64_t a_ms = next_rung_ms(into), b_ms = next_rung_ms(known);

	for (uint32_t kind = 0; kind < DEADLINE_COUNT; kind++) {
		struct watch *mine = &known->watch[kind], *its = &into->watch[kind];
		bool none = kind == DEADLINE_ARRIVE && its->state == DEADLINE_IDLE;
		bool late = mine->state == DEADLINE_LATE && kind != DEADLINE_CONFIRM;
		bool sooner = mine->state == DEADLINE_RUNNING && mine->due_ms < its->due_ms;

		if ((its->state == DEADLINE_RUNNING && (late || sooner)) ||
			(none && (late || mine->state == DEADLINE_RUNNING))) {
			int64_t own_ms = none ? -1 : its->own_ms != 0 ? its->own_ms : its->due_ms;

			*its = (struct watch){.due_ms = mine->due_ms, .state = mine->state, .own_ms = own_ms};
		}
		if (mine->state == DEADLINE_RUNNING) {
			mine->state = DEADLINE_STOPPED;
			mine->held = true;
		}
	}
	into->rung = known->rung > into->rung ? known->rung : into->rung;
	into->climb_ms = a_ms == 0 || (b_ms != 0 && b_ms < a_ms) ? b_ms : a_ms;
	known->into = into->number;
	known->before = known->state;
	known->state = INCIDENT_CLOSED;
	known->merged_ms = oracle->world.now_ms;
	known->over_ms = oracle->world.now_ms;
}

static void watch_without(
	struct oracle *oracle, struct known *into, const struct known *leaving, uint32_t kind)
{
	struct watch *its = &into->watch[kind];
	int64_t due_ms = its->own_ms == -1 ? INT64_MAX : its->own_ms;

	if (its->own_ms == 0 || (its->state != DEADLINE_RUNNING && its->state != DEADLINE_LATE))
		return;
	for (uint32_t at = 0; at < oracle->known_count; at++) {
		const struct known *other = &oracle->known[at];
		bool brings = other->watch[kind].held || other->watch[kind].state == DEADLINE_LATE;

		if (other != leaving && other->into == into->number && brings &&
			other->watch[kind].due_ms < due_ms)
			due_ms = other->watch[kind].due_ms;
	}
	if (due_ms == INT64_MAX) {
		*its = (struct watch){.state = DEADLINE_IDLE};
		return;
	}
	its->state = its->state == DEADLINE_LATE && due_ms <= oracle->world.now_ms ? DEADLINE_LATE
										   : DEADLINE_RUNNING;
	its->own_ms = due_ms == its->own_ms ? 0 : its->own_ms;
	its->due_ms = due_ms;
}

static void parted(struct oracle *oracle, struct known *known)
{
	struct known *into = known_by(oracle, known->into);
	bool missed = false;

	for (uint32_t kind = 0; kind < DEADLINE_COUNT; kind++) {
		struct watch *mine = &known->watch[kind];

		if (mine->held) {
			bool fell = into->watch[kind].state == DEADLINE_LATE &&
				    into->watch[kind].due_ms == mine->due_ms;

			mine->held = false;
			mine->state = fell ? DEADLINE_LATE : DEADLINE_RUNNING;
			missed |= fell;
		}
		watch_without(oracle, into, known, kind);
	}
	bool released = into->over_ms != 0 && into->over_ms >= known->merged_ms;

	known->into = 0;
	known->state = known->before;
	if (released && known->state == INCIDENT_ACCEPTED)
		known->over_ms = oracle->world.now_ms;
	if (known->state >= INCIDENT_DONE_REPORTED)
		known->over_ms = oracle->world.now_ms;
	if (missed) {
		known->rung = into->rung > known->rung ? into->rung : known->rung;
		known->climb_ms = into->climb_ms;
	}
}

/* --- what the core says, held against it --------------------------------------------------------------- */

static void check_fires(struct oracle *oracle)
{
	struct world *world = &oracle->world;

	for (uint32_t index = 0; index < world->seen_count; index++) {
		const struct effect_incident_climb *climb = &world->seen[index].u.incident_climb;
		uint32_t at = 0;

		if (world->seen[index].kind != EFFECT_INCIDENT_CLIMB)
			continue;
		assert_true(climb->due_ms <= world->now_ms); /* never early */
		while (at < oracle->expected_count && (oracle->expected[at].number != climb->incident ||
							      oracle->expected[at].kind != climb->deadline ||
							      oracle->expected[at].due_ms != climb->due_ms))
			at++;
		assert_true(at < oracle->expected_count); /* never twice, nor without a reason */
		oracle->expected[at] = oracle->expected[--oracle->expected_count];
		oracle->fired++;
	}
	assert_int_equal(oracle->expected_count, 0); /* never lost */
}

static void check_known(const struct oracle *oracle, const struct known *known)
{
	const struct incident *incident = incident_of(&oracle->world, known->number);

	assert_non_null(incident);
	assert_int_equal(incident->state, known->state);
	assert_int_equal(incident->merged_into, known->into);
	assert_int_equal(incident->rung, known->rung);
	for (uint32_t kind = 0; kind < DEADLINE_COUNT; kind++) {
		const struct deadline *clock = &incident->deadline[kind];
		const struct watch *watch = &known->watch[kind];

		assert_int_equal(clock->state, watch->state);
		assert_true(clock->due_ms == watch->due_ms);
		assert_true(clock->own_ms == (watch->own_ms == -1 ? DEADLINE_NOT_OWN : watch->own_ms));
		assert_int_equal(clock->held, watch->held);
		if (!over(known) && clock->state == DEADLINE_RUNNING)
			assert_true(clock->due_ms > oracle->world.now_ms);
	}
	if (!over(known))
		assert_true(incident_climb_ms(incident) == next_rung_ms(known));
}

static void check(struct oracle *oracle)
{
	time_passes(oracle);
	check_fires(oracle);
	for (uint32_t at = 0; at < oracle->known_count; at++)
		check_known(oracle, &oracle->known[at]);
}

#endif
