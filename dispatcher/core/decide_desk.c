/* decide_desk: what people do at the desk: they come on shift and go, and they have seen an alert. */
#include "core/decide.h"
#include "core/permit.h"

#include <stddef.h>

/* A person of the town by id or name; 0: nobody, or nobody in particular: *outcome says which. */
static uint32_t person_meant(const struct core *core, struct text said, enum outcome *outcome)
{
	struct permit_person found = permit_person(core, said);
	const struct person *person = person_at(core, found.number);

	*outcome = OUTCOME_OK;
	if (said.len == 0 || found.bearers > 1)
		*outcome = OUTCOME_INVALID;
	else if (person == NULL || person->retired)
		*outcome = OUTCOME_NOT_FOUND;
	return *outcome == OUTCOME_OK ? found.number : 0;
}

static bool on_duty(const struct core *core, uint32_t person)
{
	return person_at(core, person)->on_duty_ms != 0;
}

static void emit_shift(struct decision *decision, uint32_t person, enum shift_act act)
{
	struct effect *effect = emit(decision, EFFECT_SHIFT);

	effect->u.shift = (struct effect_shift){.person = person, .act = (uint8_t)act};
}

static void come(struct decision *decision, uint32_t person)
{
	bool there = on_duty(decision->core, person);

	emit_result(decision, there ? OUTCOME_UNCHANGED : OUTCOME_OK, person);
	if (!there)
		emit_shift(decision, person, SHIFT_ON);
}

/* The last one leaves open incidents to nobody: not without a word why. */
static void go(struct decision *decision, uint32_t person)
{
	const struct town_state *town = town_of(decision->core);
	bool last = town->desk.on_duty == 1 && town->open_count > 0;
	enum outcome outcome = OUTCOME_OK;

	if (!on_duty(decision->core, person))
		outcome = OUTCOME_WRONG_STATE;
	else if (last && decision->event->u.shift.note.len == 0)
		outcome = OUTCOME_INVALID;
	emit_result(decision, outcome, person);
	if (outcome == OUTCOME_OK)
		emit_shift(decision, person, SHIFT_OFF);
}

/* One goes, the other comes; what waits goes over with the desk. Who is there already merely stays. */
static void hand_over(struct decision *decision, uint32_t person)
{
	enum outcome outcome;
	uint32_t to = person_meant(decision->core, decision->event->u.shift.to, &outcome);

	if (outcome == OUTCOME_OK && to == person)
		outcome = OUTCOME_INVALID;
	else if (outcome == OUTCOME_OK && !on_duty(decision->core, person))
		outcome = OUTCOME_WRONG_STATE;
	emit_result(decision, outcome, outcome == OUTCOME_WRONG_STATE ? person : to);
	if (outcome != OUTCOME_OK)
		return;
	emit_shift(decision, person, SHIFT_OFF);
	if (!on_duty(decision->core, to))
		emit_shift(decision, to, SHIFT_ON);
}

void decide_shift(struct decision *decision)
{
	const struct event *event = decision->event;
	struct text who = event->u.shift.person.len > 0 ? event->u.shift.person : event->by;
	enum outcome outcome = OUTCOME_OK;

	if (event->u.shift.act == SHIFT_PRESENT) { /* whoever it is: somebody is there */
		emit_result(decision, event->by.len > 0 ? OUTCOME_OK : OUTCOME_INVALID, 0);
		return;
	}
	uint32_t person = person_meant(decision->core, who, &outcome);

	if (outcome != OUTCOME_OK)
		emit_result(decision, outcome, 0);
	else if (event->u.shift.act == SHIFT_ON)
		come(decision, person);
	else if (event->u.shift.act == SHIFT_OFF)
		go(decision, person);
	else if (event->u.shift.act == SHIFT_HANDOVER)
		hand_over(decision, person);
	else
		emit_result(decision, OUTCOME_INVALID, 0);
}

enum { SEEN_NAMED_MAX = 192 };

/* Each incident's story says who saw it; of a storm, with more of them than a row holds, one effect speaks for all. */
static void see_all(struct decision *decision)
{
	const struct core *core = decision->core;

	if (town_of(core)->desk.waiting > SEEN_NAMED_MAX) {
		emit(decision, EFFECT_ALERT)->u.alert = (struct effect_alert){.to = ALERT_SEEN};
		return;
	}
	for (uint32_t slot = town_of(core)->open_first; slot != 0; slot = incident_at(core, slot)->next)
		if (incident_at(core, slot)->waiting)
			emit(decision, EFFECT_ALERT)->u.alert = (struct effect_alert){
				.incident = incident_at(core, slot)->r.number, .to = ALERT_SEEN};
	/* That somebody is there ends by itself; what else is the desk's own has been seen with the rest. */
	if ((town_of(core)->desk.own & ~(1u << ALERT_PRESENCE)) != 0)
		emit(decision, EFFECT_ALERT)->u.alert = (struct effect_alert){.to = ALERT_SEEN};
}

/* A machine cannot have seen anything: who saw it has a name. */
void decide_ack(struct decision *decision)
{
	const struct core *core = decision->core;
	uint32_t number = decision->event->u.ack.incident;
	const struct incident *incident = incident_by(core, number);
	enum outcome outcome = OUTCOME_OK;

	if (decision->event->by.len == 0)
		outcome = OUTCOME_INVALID;
	else if (number != 0 && incident == NULL)
		outcome = OUTCOME_NOT_FOUND;
	else if (number != 0 ? !incident->waiting : desk_waiting(core) == 0)
		outcome = OUTCOME_UNCHANGED;
	emit_result(decision, outcome, number);
	if (outcome == OUTCOME_OK && number != 0)
		emit_alert(decision, number, ALERT_OPENED, ALERT_SEEN);
	else if (outcome == OUTCOME_OK)
		see_all(decision);
}
