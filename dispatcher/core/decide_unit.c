/* decide_unit: what units say of themselves or the office of them, and who is helped when one comes free. */
#include "core/decide.h"

#include <stddef.h>
#include <string.h>

static void place_unit(struct decision *decision, uint32_t unit, const struct place *place, int64_t time_ms)
{
	struct effect *effect = emit(decision, EFFECT_UNIT_PLACE);

	effect->u.unit_place = (struct effect_unit_place){.unit = unit, .place = *place, .time_ms = time_ms};
}

void decide_position(struct decision *decision)
{
	const struct event_position *from = &decision->event->u.position;
	uint32_t number = state_find(decision->core, TABLE_UNIT, from->unit);
	const struct unit *unit = unit_at(decision->core, number);
	int64_t time_ms = from->time_ms > 0 && from->time_ms < decision->event->at_ms
				  ? from->time_ms
				  : decision->event->at_ms;

	if (unit == NULL)
		emit_result(decision, OUTCOME_NOT_FOUND, 0);
	else if (time_ms < unit->position_ms)
		emit_result(decision, OUTCOME_UNCHANGED, number); /* older than what is known */
	else
		place_unit(decision, number, &from->place, time_ms);
}

static bool has_refused(const struct core *core, const struct incident *incident, const struct unit *unit)
{
	for (uint32_t slot = incident->first_order; slot != 0; slot = order_at(core, slot)->next) {
		const struct order *order = order_at(core, slot);

		if (order->target == TARGET_UNIT && order->who == unit->r.number &&
			(order->state == ORDER_DECLINED || order->state == ORDER_EXPIRED ||
				order->state == ORDER_FAILED))
			return true;
	}
	return false;
}

static bool could_fill(const struct core *core, const struct incident *incident, const struct unit *unit)
{
	for (uint32_t at = incident->first_need; at != 0; at = need_at(core, at)->next) {
		const struct need *need = need_at(core, at);

		if (need->state == NEED_OPEN && need->missing > 0 && need->kind == STEP_SEND &&
			((unit->skills & need->skills) == need->skills ||
				(need->substitute != 0 &&
					(unit->skills & need->substitute) == need->substitute)))
			return true;
	}
	return false;
}

/* The first shortfall, by urgency, that this unit could fill is looked at again. */
void offer_unit(struct decision *decision, const struct unit *unit, uint32_t but)
{
	const struct core *core = decision->core;
	const struct incident *best = NULL, *left = incident_standing(core, incident_by(core, but));

	if (town_of(core)->short_count == 0)
		return;
	for (const struct incident *incident = short_next(core, NULL); incident != NULL;
		incident = short_next(core, incident)) {
		if (incident->agenda || (left != NULL && incident_standing(core, incident) == left) ||
			(best != NULL && best->priority <= incident->priority))
			continue;
		if (could_fill(core, incident, unit) && !has_refused(core, incident, unit))
			best = incident;
	}
	if (best != NULL && room_for(decision, 12))
		emit_agenda(decision, best->r.number, true, 0);
}

static const struct order *live_order_of(const struct core *core, uint32_t number)
{
	const struct unit *unit = unit_at(core, number);
	const struct order *last = order_at(core, unit->last_order);

	if (unit->orders == 0)
		return NULL;
	if (last != NULL && last->target == TARGET_UNIT && last->who == number && order_live(last->state))
		return last;
	for (uint32_t slot = 1; slot <= core->table[TABLE_ORDER].used;
		slot++) { /* the newest ended before an older one */
		const struct order *order = order_at(core, slot);

		if (order != NULL && order->target == TARGET_UNIT && order->who == number &&
			order_live(order->state))
			return order;
	}
	return NULL;
}

/* A crew that breaks down frees all its orders for the next best. */
static void break_down(struct decision *decision, uint32_t unit)
{
	const struct core *core = decision->core;

	for (uint32_t slot = 1; slot <= core->table[TABLE_ORDER].used && room_for(decision, 16); slot++) {
		const struct order *order = order_at(core, slot);

		if (order == NULL || order->target != TARGET_UNIT || order->who != unit ||
			!order_live(order->state))
			continue;
		emit_order_end(decision, order, ORDER_FAILED, ANSWER_FAILED, WHY_FAILED);
		if (incident_own_state(incident_by(core, order->incident)) < INCIDENT_DONE_REPORTED)
			want_again(decision, order);
	}
}

/* What the unit's state becomes, said by itself or by the office; its orders are never wiped by it. */
static enum outcome set_state(struct decision *decision, const struct unit *unit, uint8_t to)
{
	if (to >= UNIT_STATE_COUNT || to == UNIT_ORDERED || to == UNIT_ACKNOWLEDGED)
		return OUTCOME_INVALID;
	if (unit->orders > 0 && to != UNIT_OUT_OF_SERVICE && to != UNIT_EN_ROUTE && to != UNIT_ON_SCENE)
		return OUTCOME_BUSY;
	if (unit->state == to)
		return OUTCOME_UNCHANGED;
	if (unit->orders > 0 && to == UNIT_OUT_OF_SERVICE)
		break_down(decision, unit->r.number);
	else
		emit_unit_state(decision, unit->r.number, (enum unit_state)to, 0);
	if (to == UNIT_AVAILABLE)
		offer_unit(decision, unit, 0);
	return OUTCOME_OK;
}

void decide_status(struct decision *decision)
{
	const struct event_status *from = &decision->event->u.status;
	const struct core *core = decision->core;
	const struct unit *unit = unit_at(core, state_find(core, TABLE_UNIT, from->unit));

	if (unit == NULL) {
		emit_result(decision, OUTCOME_NOT_FOUND, 0);
		return;
	}
	const struct order *order = unit->orders == 1 ? live_order_of(core, unit->r.number) : NULL;

	if (order != NULL && (from->state == UNIT_EN_ROUTE || from->state == UNIT_ON_SCENE)) {
		struct event answer =
			*decision->event; /* said as a status, meant as an answer to its one order */

		answer.kind = EVENT_ANSWER;
		memset(&answer.u, 0, sizeof answer.u);
		answer.u.answer = (struct event_answer){.order = order->r.number,
			.answer = from->state == UNIT_EN_ROUTE ? ANSWER_EN_ROUTE : ANSWER_ARRIVED,
			.who = from->unit};
		const struct event *said = decision->event;

		decision->event = &answer;
		decide_answer(decision);
		decision->event = said;
		return;
	}
	uint32_t before = decision->out->count;
	enum outcome outcome = set_state(decision, unit, from->state);

	if (decision->out->count == before)
		emit_result(decision, outcome, unit->r.number);
}

void decide_unit_set(struct decision *decision)
{
	const struct event_unit_set *from = &decision->event->u.unit_set;
	const struct core *core = decision->core;
	const struct unit *unit = unit_at(core, state_find(core, TABLE_UNIT, from->unit));

	if (unit == NULL) {
		emit_result(decision, OUTCOME_NOT_FOUND, 0);
		return;
	}
	emit_result(decision, OUTCOME_OK, unit->r.number);
	enum outcome outcome = set_state(decision, unit, from->state);

	if (outcome == OUTCOME_UNCHANGED && from->has_place)
		outcome = OUTCOME_OK;
	decision->out->item[0].u.result.outcome = (uint8_t)outcome;
	if (outcome == OUTCOME_OK && from->has_place)
		place_unit(decision, unit->r.number, &from->place, decision->event->at_ms);
}
