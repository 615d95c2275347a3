/* desk_watch: what a decision means for the desk: which alerts it raises, ends, or shows to have been seen. */
#include "core/decide.h"
#include "core/on_duty.h"
#include "core/query.h"

#include <stddef.h>

/*
 * The desk looks at every decision when it is made: what opened, fell short or failed stands in its effects, whoever
 * decided it. So no place that decides has to think of the desk.
 */

static uint32_t bits(uint32_t set)
{
	uint32_t count = 0;

	for (; set != 0; set &= set - 1)
		count++;
	return count;
}

static uint32_t standing_at(const struct decision *decision, uint32_t incident, uint32_t upto)
{
	const struct incident *known = incident_by(decision->core, incident);
	uint32_t set = known != NULL ? known->alert : incident == 0 ? town_of(decision->core)->desk.own : 0;

	for (uint32_t index = 0; index < upto; index++) {
		const struct effect_alert *alert = &decision->out->item[index].u.alert;

		if (decision->out->item[index].kind != EFFECT_ALERT)
			continue;
		if (alert->to == ALERT_SEEN && (alert->incident == incident || alert->incident == 0))
			set = 0;
		else if (alert->to == ALERT_STANDS && alert->incident == incident)
			set |= 1u << alert->cause;
		else if (alert->to == ALERT_ENDED && alert->incident == incident)
			set &= ~(1u << alert->cause);
	}
	return set;
}

static uint32_t standing(const struct decision *decision, uint32_t incident)
{
	return standing_at(decision, incident, decision->out->count);
}

/* How many alerts wait after the first `upto` effects: incidents, and the desk's own one by one. */
static uint32_t waiting_at(const struct decision *decision, uint32_t upto)
{
	uint32_t waiting = desk_waiting(decision->core);

	for (uint32_t index = 0; index < upto; index++) {
		const struct effect_alert *alert = &decision->out->item[index].u.alert;

		if (decision->out->item[index].kind != EFFECT_ALERT)
			continue;
		uint32_t before = standing_at(decision, alert->incident, index);
		uint32_t after = standing_at(decision, alert->incident, index + 1);

		if (alert->incident != 0)
			waiting += (uint32_t)(after != 0) - (uint32_t)(before != 0);
		else if (alert->to == ALERT_SEEN)
			waiting = 0;
		else
			waiting += bits(after) - bits(before);
	}
	return waiting;
}

uint32_t desk_waiting(const struct core *core)
{
	return town_of(core)->desk.waiting + bits(town_of(core)->desk.own);
}

void emit_alert(struct decision *decision, uint32_t incident, enum alert cause, enum alert_state to)
{
	uint32_t set = standing(decision, incident);
	bool stands = (set >> cause & 1) != 0;

	if ((to == ALERT_SEEN ? set == 0 : stands == (to == ALERT_STANDS)) ||
		decision->out->count == EFFECTS_MAX)
		return;
	struct effect *effect = emit(decision, EFFECT_ALERT);

	effect->u.alert = (struct effect_alert){.incident = incident,
		.cause = (uint8_t)cause,
		.to = (uint8_t)to,
		.last = to == ALERT_ENDED && set == 1u << cause};
}

/* --- what ends by itself --------------------------------------------------------------------------- */

static uint8_t state_after(const struct decision *decision, uint32_t number)
{
	const struct incident *incident = incident_by(decision->core, number);
	uint8_t state = incident != NULL ? incident->state : (uint8_t)INCIDENT_REPORTED;

	for (uint32_t index = 0; index < decision->out->count; index++) {
		const struct effect *effect = &decision->out->item[index];

		if (effect->kind == EFFECT_INCIDENT_STATE && effect->u.incident_state.incident == number)
			state = effect->u.incident_state.to;
	}
	return state;
}

/* Something is missing, or what was reserved is asked of a keeper who keeps silent. */
static bool falls_short(uint8_t state, uint32_t missing, uint8_t why)
{
	return state == NEED_OPEN ? missing > 0 : state == NEED_FILLED && why == WHY_NO_ANSWER;
}

static bool need_is_short(const struct decision *decision, const struct need *need)
{
	bool is_short = falls_short(need->state, need->missing, need->why);

	for (uint32_t index = 0; index < decision->out->count; index++) {
		const struct effect_need_state *said = &decision->out->item[index].u.need_state;

		if (decision->out->item[index].kind == EFFECT_NEED_STATE && said->need == need->r.number)
			is_short = falls_short(said->state, said->missing, said->why);
	}
	return is_short;
}

static bool lacks(const struct decision *decision, const struct incident *incident)
{
	for (uint32_t slot = incident->first_need; slot != 0; slot = need_at(decision->core, slot)->next)
		if (need_is_short(decision, need_at(decision->core, slot)))
			return true;
	return false;
}

/* The case, or one that stands merged into it. */
static bool is_short(const struct decision *decision, const struct incident *incident)
{
	const struct incident *merged;
	uint32_t cursor = 0;

	while ((merged = merged_next(decision->core, incident, &cursor)) != NULL)
		if (lacks(decision, merged))
			return true;
	return lacks(decision, incident);
}

static bool is_unreached(const struct decision *decision, const struct notice *notice)
{
	for (uint32_t index = 0; index < decision->out->count; index++) {
		const struct effect *effect = &decision->out->item[index];

		if (effect->kind == EFFECT_NOTICE_STATE && effect->u.notice_state.notice == notice->r.number)
			return effect->u.notice_state.to == NOTICE_UNREACHED;
	}
	return true;
}

static bool has_unreached(const struct decision *decision, const struct incident *incident)
{
	const struct core *core = decision->core;

	for (uint32_t slot = incident->first_notice; slot != 0; slot = notice_at(core, slot)->next)
		if (notice_at(core, slot)->state == NOTICE_UNREACHED &&
			is_unreached(decision, notice_at(core, slot)))
			return true;
	return false;
}

static void end_all(struct decision *decision, uint32_t incident)
{
	for (uint32_t cause = 0; cause < ALERT_COUNT; cause++)
		emit_alert(decision, incident, (enum alert)cause, ALERT_ENDED);
}

/* Whose alert it is: what is said of a merged case's crews and needs is for the one that goes on. */
static uint32_t concerns(const struct decision *decision, const struct effect *effect)
{
	uint32_t number = query_effect_incident(effect);
	const struct incident *goes_on =
		incident_standing(decision->core, incident_by(decision->core, number));

	return goes_on != NULL && effect->kind == EFFECT_NEED_STATE ? goes_on->r.number : number;
}

static void end_of(struct decision *decision, const struct effect *effect)
{
	uint32_t number = concerns(decision, effect), set = number == 0 ? 0 : standing(decision, number);
	const struct incident *incident = set == 0 ? NULL : incident_by(decision->core, number);

	if (incident == NULL)
		return;
	if (effect->kind == EFFECT_INCIDENT_STATE && incident_ended(effect->u.incident_state.to))
		end_all(decision, number);
	else if (effect->kind == EFFECT_INCIDENT_STATE && effect->u.incident_state.to != INCIDENT_REPORTED)
		emit_alert(decision, number, ALERT_HELD, ALERT_ENDED);
	else if (effect->kind == EFFECT_NEED_STATE && (set >> ALERT_SHORT & 1) != 0 &&
		 !is_short(decision, incident))
		emit_alert(decision, number, ALERT_SHORT, ALERT_ENDED);
	else if (effect->kind == EFFECT_NOTICE_STATE && (set >> ALERT_UNREACHED & 1) != 0 &&
		 !has_unreached(decision, incident))
		emit_alert(decision, number, ALERT_UNREACHED, ALERT_ENDED);
}

/* --- what goes wrong ------------------------------------------------------------------------------- */

/* A shortage is told once, not whenever its reason changes: what is merely wanted again has no reason yet. */
static bool is_newly_short(const struct core *core, const struct effect_need_state *from)
{
	const struct need *need = need_by(core, from->need);

	return falls_short(from->state, from->missing, from->why) && from->why != WHY_NONE &&
	       (need == NULL || need->why == WHY_NONE || from->missing > need->missing);
}

/* Why the effect wants a person's eye; ALERT_COUNT: it does not. What a person says at the desk is known there. */
static enum alert cause_of(const struct decision *decision, const struct effect *effect)
{
	bool known = said_at_desk(decision->event);

	switch (effect->kind) {
	case EFFECT_INCIDENT:
		return decision->event->kind == EVENT_ALARM ? ALERT_OPENED : ALERT_COUNT;
	case EFFECT_INCIDENT_STATE: /* the sensors contradict the crew */
		return effect->u.incident_state.act == ACT_REOPEN && !known ? ALERT_FAILED : ALERT_COUNT;
	case EFFECT_INCIDENT_LEVEL:
		return effect->u.incident_level.by_sensors ? ALERT_LEVEL : ALERT_COUNT;
	case EFFECT_DEADLINE:
		return effect->u.deadline.state == DEADLINE_LATE ? ALERT_LATE : ALERT_COUNT;
	case EFFECT_STEP:
		return effect->u.step.state == STEP_FAILED ? ALERT_FAILED : ALERT_COUNT;
	case EFFECT_ORDER_STATE:
		return !known && effect->u.order_state.to == ORDER_FAILED ? ALERT_FAILED : ALERT_COUNT;
	case EFFECT_NOTICE_STATE:
		return effect->u.notice_state.to == NOTICE_UNREACHED ? ALERT_UNREACHED : ALERT_COUNT;
	case EFFECT_NEED_STATE:
		return is_newly_short(decision->core, &effect->u.need_state) ? ALERT_SHORT : ALERT_COUNT;
	default:
		return ALERT_COUNT;
	}
}

static void raise_for(struct decision *decision, const struct effect *effect)
{
	enum alert cause = cause_of(decision, effect);
	uint32_t incident = cause == ALERT_COUNT ? 0 : query_effect_incident(effect);
	const struct incident *standing =
		incident_standing(decision->core, incident_by(decision->core, incident));

	if (standing != NULL)
		incident = standing->r.number; /* what is said of a merged case is for the one that goes on */
	if (incident == 0 || incident_ended(state_after(decision, incident)))
		return;
	emit_alert(decision, incident, cause, ALERT_STANDS);
	if (effect->kind == EFFECT_INCIDENT && effect->u.incident.why == WHY_HELD)
		emit_alert(decision, incident, ALERT_HELD, ALERT_STANDS);
}

/* --- the whole ------------------------------------------------------------------------------------- */

static bool changes(const struct effects *out)
{
	const struct effect *first = out->item;

	if (out->count == 0 || (first->kind == EFFECT_RESULT && first->u.result.outcome != OUTCOME_OK))
		return false;
	return first->kind != EFFECT_ALARM || first->u.alarm.result == ALARM_ACCEPTED;
}

/* The first alert after a silence rings at once; what comes while it rings waits for the next time. */
static void ring_at_once(struct decision *decision)
{
	uint32_t first = 0, count = decision->out->count;

	while (first < count && (decision->out->item[first].kind != EFFECT_ALERT ||
					decision->out->item[first].u.alert.to != ALERT_STANDS))
		first++;
	if (first == count || count == EFFECTS_MAX)
		return;
	if (town_of(decision->core)->desk.bell_ms == 0 || waiting_at(decision, first) == 0)
		emit_bell(decision, waiting_at(decision, count), 1, decision->event->at_ms);
}

void desk_watch(struct decision *decision)
{
	uint32_t said = decision->out->count, seen = 0;

	if (!changes(decision->out))
		return;
	seen = seen_incident(decision->core, decision->event);
	if (seen != 0)
		emit_alert(decision, seen, ALERT_OPENED, ALERT_SEEN);
	for (uint32_t index = 0; index < said; index++)
		end_of(decision, &decision->out->item[index]);
	for (uint32_t index = 0; index < said && decision->event->kind != EVENT_PAPER; index++)
		raise_for(decision, &decision->out->item[index]);
	desk_answered(decision);
	ring_at_once(decision);
}
