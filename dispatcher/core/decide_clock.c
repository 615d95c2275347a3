/* decide_clock: what a clock of a case is started, met, stopped and missed by. */
#include "core/calendar.h"
#include "core/decide.h"

#include <stddef.h>

#define HOUR_MS INT64_C(3600000)

void emit_clock(struct decision *decision, uint32_t incident, enum deadline_kind kind, struct deadline clock)
{
	struct effect *effect = emit(decision, EFFECT_DEADLINE);

	effect->u.deadline = (struct effect_deadline){.incident = incident,
		.kind = (uint8_t)kind,
		.state = (uint8_t)clock.state,
		.due_ms = clock.due_ms,
		.own_ms = clock.own_ms,
		.held = clock.held != 0};
}

void emit_deadline(struct decision *decision, uint32_t incident, enum deadline_kind kind,
	enum deadline_state state, int64_t due_ms)
{
	emit_clock(decision, incident, kind, (struct deadline){.due_ms = due_ms, .state = (uint32_t)state});
}

/* The same clock in another state. */
static void turn_clock(struct decision *decision, const struct incident *incident, enum deadline_kind kind,
	enum deadline_state state)
{
	struct deadline clock = incident->deadline[kind];

	clock.state = (uint32_t)state;
	emit_clock(decision, incident->r.number, kind, clock);
}

void meet_deadline(struct decision *decision, const struct incident *incident, enum deadline_kind kind)
{
	if (incident->deadline[kind].state == DEADLINE_RUNNING)
		turn_clock(decision, incident, kind, DEADLINE_MET);
}

void stop_deadline(struct decision *decision, const struct incident *incident, enum deadline_kind kind)
{
	if (incident->deadline[kind].state == DEADLINE_RUNNING)
		turn_clock(decision, incident, kind, DEADLINE_STOPPED);
}

int64_t clock_due_ms(const struct core *core, const struct playbook *playbook, enum deadline_kind kind,
	int64_t from_ms, int64_t span_ms)
{
	const struct town_state *town = town_of(core);

	if (playbook == NULL || (playbook->working >> kind & 1) == 0)
		return from_ms + span_ms;
	return calendar_add_ms(&town->calendar, town->offset_min, from_ms, span_ms);
}

int64_t clock_span_ms(
	const struct core *core, const struct playbook *playbook, uint32_t type, enum deadline_kind kind)
{
	const struct duty *duty = duty_at(core, state_find_number(core, TABLE_DUTY, type));

	switch (kind) {
	case DEADLINE_RECEIVE:
		return playbook != NULL && playbook->receive_ms > 0 ? playbook->receive_ms
		       : duty != NULL                               ? duty->receive_ms
								    : HOUR_MS;
	case DEADLINE_DISPOSE:
		return playbook != NULL && playbook->dispose_ms > 0 ? playbook->dispose_ms
		       : duty != NULL                               ? duty->dispose_ms
								    : 24 * HOUR_MS;
	default:
		return playbook != NULL && playbook->verify_ms > 0 ? playbook->verify_ms : 24 * HOUR_MS;
	}
}

void clocks_done(struct decision *decision, const struct incident *incident)
{
	const struct core *core = decision->core;
	const struct playbook *playbook = playbook_at(core, incident->playbook);
	int64_t span_ms = clock_span_ms(core, playbook, incident->type, DEADLINE_VERIFY);

	meet_deadline(decision, incident, DEADLINE_DISPOSE);
	stop_deadline(decision, incident, DEADLINE_ARRIVE);
	emit_deadline(decision, incident->r.number, DEADLINE_VERIFY, DEADLINE_RUNNING,
		clock_due_ms(core, playbook, DEADLINE_VERIFY, decision->event->at_ms, span_ms));
}

void clocks_reopened(struct decision *decision, const struct incident *incident)
{
	const struct core *core = decision->core;
	const struct playbook *playbook = playbook_at(core, incident->playbook);
	uint32_t dispose = incident->deadline[DEADLINE_DISPOSE].state;
	uint32_t arrive = incident->deadline[DEADLINE_ARRIVE].state;

	if (playbook != NULL && playbook->arrive_ms > 0 &&
		(arrive == DEADLINE_MET || arrive == DEADLINE_STOPPED))
		emit_deadline(decision, incident->r.number, DEADLINE_ARRIVE, DEADLINE_RUNNING,
			clock_due_ms(core, playbook, DEADLINE_ARRIVE, decision->event->at_ms,
				playbook->arrive_ms));
	stop_deadline(decision, incident, DEADLINE_VERIFY);
	if (dispose == DEADLINE_MET || dispose == DEADLINE_STOPPED)
		turn_clock(decision, incident, DEADLINE_DISPOSE, DEADLINE_RUNNING);
}

/* Nobody confirmed in time: the playbook says whether help leaves all the same. */
static void confirm_by_clock(struct decision *decision, const struct incident *incident)
{
	const struct playbook *playbook = playbook_at(decision->core, incident->playbook);
	bool dispatch = playbook != NULL && playbook->confirm_dispatch &&
			town_of(decision->core)->release != RELEASE_ADVISE &&
			incident->state == INCIDENT_REPORTED;

	turn_clock(decision, incident, DEADLINE_CONFIRM, dispatch ? DEADLINE_EXPIRED : DEADLINE_LATE);
	if (!dispatch)
		return;
	meet_deadline(decision, incident, DEADLINE_RECEIVE);
	emit_incident_state(decision, incident, INCIDENT_ACCEPTED, ACT_CONFIRM, DISPOSITION_NONE);
}

/* A missed deadline is late once, and the matter climbs: late, but marked with the time when it was due. */
bool clock_missed(struct decision *decision, const struct incident *incident)
{
	int64_t at_ms = decision->event->at_ms, due_ms = INT64_MAX;
	uint32_t missed = DEADLINE_COUNT;

	for (uint32_t kind = 0; kind < DEADLINE_COUNT; kind++) {
		const struct deadline *clock = &incident->deadline[kind];

		if (clock->state != DEADLINE_RUNNING || clock->due_ms > at_ms || clock->due_ms >= due_ms)
			continue;
		missed = kind;
		due_ms = clock->due_ms;
	}
	int64_t climb_ms = incident_climb_ms(incident);

	if (climb_ms != 0 && climb_ms <= at_ms && climb_ms < due_ms) {
		climb_incident(decision, incident, DEADLINE_DISPOSE, climb_ms);
		return true;
	}
	if (missed == DEADLINE_COUNT)
		return false;
	if (missed == DEADLINE_CONFIRM) {
		confirm_by_clock(decision, incident);
		return true;
	}
	turn_clock(decision, incident, (enum deadline_kind)missed, DEADLINE_LATE);
	climb_incident(decision, incident, (uint8_t)missed, due_ms);
	return true;
}
