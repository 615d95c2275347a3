/* decide_order: what is said of an order, and orders that the officer gives by hand. */
#include "core/decide.h"

#include <stddef.h>
#include <string.h>

/* Which answer leads an order where; 0: it cannot be said now. */
static const uint8_t next[ORDER_STATE_COUNT][ANSWER_COUNT] = {
	[ORDER_ISSUED] = {0, ORDER_ACCEPTED, ORDER_DECLINED, ORDER_EN_ROUTE, ORDER_ARRIVED, ORDER_DONE,
		ORDER_FAILED, ORDER_DELIVERED, ORDER_EXPIRED, ORDER_RECALLED},
	[ORDER_DELIVERED] = {0, ORDER_ACCEPTED, ORDER_DECLINED, ORDER_EN_ROUTE, ORDER_ARRIVED, ORDER_DONE,
		ORDER_FAILED, 0, ORDER_EXPIRED, ORDER_RECALLED},
	[ORDER_ACCEPTED] = {0, 0, ORDER_DECLINED, ORDER_EN_ROUTE, ORDER_ARRIVED, ORDER_DONE, ORDER_FAILED, 0,
		0, ORDER_RECALLED},
	[ORDER_EN_ROUTE] = {0, 0, ORDER_DECLINED, 0, ORDER_ARRIVED, ORDER_DONE, ORDER_FAILED, 0, 0,
		ORDER_RECALLED},
	[ORDER_ARRIVED] = {0, 0, 0, 0, 0, ORDER_DONE, ORDER_FAILED, 0, 0, ORDER_RECALLED},
};

static const uint8_t unit_state_of[ORDER_STATE_COUNT] = {
	[ORDER_ACCEPTED] = UNIT_ACKNOWLEDGED,
	[ORDER_EN_ROUTE] = UNIT_EN_ROUTE,
	[ORDER_ARRIVED] = UNIT_ON_SCENE,
};

static uint32_t holder(const struct core *core, const struct order *order, struct text who)
{
	static const enum table table[TARGET_COUNT] = {
		[TARGET_UNIT] = TABLE_UNIT, [TARGET_DEPOT] = TABLE_DEPOT, [TARGET_DEVICE] = TABLE_DEVICE};

	return state_find(core, table[order->target], who);
}

static bool crews_live(const struct core *core, const struct incident *incident, const struct order *but)
{
	for (uint32_t slot = incident->first_order; slot != 0; slot = order_at(core, slot)->next) {
		const struct order *order = order_at(core, slot);

		if (order != but && order->target == TARGET_UNIT && order->depot_order == 0 &&
			order_live(order->state))
			return true;
	}
	return false;
}

static bool crews_wanted(const struct core *core, const struct incident *incident)
{
	for (uint32_t slot = incident->first_need; slot != 0; slot = need_at(core, slot)->next) {
		const struct need *need = need_at(core, slot);

		if (need->kind == STEP_SEND && need->state == NEED_OPEN && need->missing > 0 &&
			need->depot_order == 0)
			return true;
	}
	return false;
}

/*
 * All crews that were sent have reported done, and nobody is still wanted: the incident is reported done. What a merged case
 * lacks does not keep it open: those who were there say that there is nothing left to do.
 */
static bool was_the_last(const struct core *core, const struct incident *incident, const struct order *done)
{
	if (done->target != TARGET_UNIT || done->depot_order != 0)
		return false;
	const struct incident *merged;
	uint32_t cursor = 0;

	while ((merged = merged_next(core, incident, &cursor)) != NULL)
		if (crews_live(core, merged, done))
			return false;
	if (crews_live(core, incident, done) || crews_wanted(core, incident))
		return false;
	return incident->state >= INCIDENT_ACCEPTED && incident->state <= INCIDENT_WORKING;
}

static void report_done(struct decision *decision, const struct incident *incident)
{
	clocks_done(decision, incident);
	emit_incident_state(decision, incident, INCIDENT_DONE_REPORTED, ACT_DONE, DISPOSITION_NONE);
}

static void arrive(struct decision *decision, const struct order *order, const struct incident *incident)
{
	const struct place *place = &incident->place;
	struct effect *effect = emit(decision, EFFECT_UNIT_PLACE);

	incident = incident_standing(decision->core, incident);

	effect->u.unit_place = (struct effect_unit_place){
		.unit = order->who, .place = *place, .time_ms = decision->event->at_ms};
	if (incident == NULL ||
		(incident->state != INCIDENT_ACCEPTED && incident->state != INCIDENT_DISPATCHED))
		return;
	if (order->depot_order != 0)
		return; /* the truck is not yet the crew */
	meet_deadline(decision, incident, DEADLINE_ARRIVE);
	emit_incident_state(decision, incident, INCIDENT_WORKING, ACT_WORK, DISPOSITION_NONE);
}

/* A call task is done once the person has said yes or no; the order itself goes on. */
static void end_call(struct decision *decision, const struct order *order)
{
	uint32_t slot = state_slot(decision->core, TABLE_TASK, order->call_task);

	if (slot == 0 || task_at(decision->core, slot)->state >= TASK_DONE)
		return;
	struct effect *effect = emit(decision, EFFECT_TASK_STATE);

	effect->u.task_state = (struct effect_task_state){.task = order->call_task, .to = TASK_DONE};
}

static void go_on(struct decision *decision, const struct order *order, uint8_t to, uint8_t answer)
{
	const struct incident *incident = incident_by(decision->core, order->incident);
	struct effect *effect = emit(decision, EFFECT_ORDER_STATE);

	effect->u.order_state = (struct effect_order_state){.order = order->r.number,
		.incident = order->incident,
		.from = order->state,
		.to = to,
		.answer = answer};
	if (to != ORDER_DELIVERED)
		end_call(decision, order);
	if (order->target == TARGET_DEPOT && to != ORDER_DELIVERED)
		depot_answered(decision, order);
	if (order->target != TARGET_UNIT || unit_state_of[to] == 0)
		return;
	if (unit_at(decision->core, order->who)->state != unit_state_of[to])
		emit_unit_state(decision, order->who, (enum unit_state)unit_state_of[to], 0);
	if (to == ORDER_ARRIVED && incident != NULL)
		arrive(decision, order, incident);
	if (to == ORDER_ARRIVED)
		depot_loaded(decision, order);
}

static enum why why_of(uint8_t to)
{
	switch (to) {
	case ORDER_DECLINED:
		return WHY_DECLINED;
	case ORDER_EXPIRED:
		return WHY_NO_ANSWER;
	case ORDER_FAILED:
		return WHY_FAILED;
	default:
		return WHY_NONE;
	}
}

/* A device that cannot do what it was told has failed its step: what follows on no effect follows now. */
static void fail_step(struct decision *decision, const struct order *order, const struct incident *incident)
{
	if (order->step == STEP_NONE || incident->mark[order->step].state != STEP_ACTIVE)
		return;
	emit_step(decision, incident->r.number, order->step,
		(struct step_mark){.state = STEP_FAILED, .why = WHY_NO_EFFECT});
	emit_agenda(decision, incident->r.number, true, 0);
}

static void finish(struct decision *decision, const struct order *order, uint8_t to, uint8_t answer)
{
	const struct core *core = decision->core;
	const struct incident *incident = incident_by(core, order->incident);
	bool less = to == ORDER_DONE && order->target == TARGET_DEPOT && depot_loaded_less(decision, order);

	emit_order_end(decision, order, (enum order_state)to, (enum answer)answer,
		less ? WHY_FEWER_THAN_ASKED : why_of(to));
	if (to == ORDER_DONE && order->target == TARGET_UNIT)
		depot_loaded(decision, order);
	if (order->target == TARGET_DEPOT && to != ORDER_EXPIRED)
		depot_answered(decision, order);
	if (incident == NULL)
		return; /* a device that was told something outside of any case */
	const struct incident *standing = incident_standing(core, incident);
	uint8_t state = incident_own_state(incident);
	bool replace = to != ORDER_DONE && to != ORDER_RECALLED && state < INCIDENT_DONE_REPORTED;

	if (replace && order->target == TARGET_UNIT)
		want_again(decision, order);
	if (replace && order->target == TARGET_DEPOT)
		depot_put_back(decision, order);
	if (replace && order->target == TARGET_DEVICE)
		fail_step(decision, order, incident);
	if (less && state < INCIDENT_DONE_REPORTED)
		depot_put_back_rest(decision, order);
	if (to == ORDER_DONE && standing != NULL && was_the_last(core, standing, order))
		report_done(decision, standing);
}

/* The terminal is back and has shown that the order is over: nobody has to be called about it. */
static bool spares_call(const struct core *core, const struct order *order, const struct event_answer *from)
{
	const struct task *call = task_at(core, state_slot(core, TABLE_TASK, order->call_task));

	return from->answer == ANSWER_DELIVERED && from->who.len > 0 &&
	       (order->state == ORDER_RECALLED || order->state == ORDER_EXPIRED) && call != NULL &&
	       call->state < TASK_DONE;
}

void decide_answer(struct decision *decision)
{
	const struct event_answer *from = &decision->event->u.answer;
	const struct core *core = decision->core;
	const struct order *order = order_by(core, from->order);
	uint8_t to = order != NULL && from->answer < ANSWER_COUNT ? next[order->state][from->answer] : 0;
	bool late = to == 0 && order != NULL && late_yes(core, order, from->answer);

	if (late)
		to = next[ORDER_DELIVERED][from->answer];
	if (order == NULL)
		emit_result(decision, OUTCOME_NOT_FOUND, from->order);
	else if (from->who.len > 0 && holder(core, order, from->who) != order->who)
		emit_result(decision, OUTCOME_NOT_PERMITTED, from->order);
	else if (from->who.len == 0 && decision->event->by.len == 0)
		emit_result(decision, OUTCOME_INVALID, from->order);
	else if (!late && spares_call(core, order, from)) {
		emit_result(decision, OUTCOME_OK, from->order);
		emit(decision, EFFECT_TASK_STATE)->u.task_state =
			(struct effect_task_state){.task = order->call_task, .to = TASK_CANCELLED};
	} else if (to == 0)
		emit_result(decision, order_live(order->state) ? OUTCOME_UNCHANGED : OUTCOME_WRONG_STATE,
			from->order);
	else {
		emit_result(decision, OUTCOME_OK, from->order);
		if (to == ORDER_EXPIRED && order->target == TARGET_DEPOT &&
			depot_asked_again(decision, order))
			return;
		if (late)
			late_yes_takes(decision, order);
		if (order_live(to))
			go_on(decision, order, to, from->answer);
		else
			finish(decision, order, to, from->answer);
	}
}

/* --- by hand ------------------------------------------------------------------------------------- */

/* The unit is on its way to this very incident, or there: nobody is ordered twice to the same place. */
static bool is_sent(const struct core *core, const struct incident *incident, const struct unit *unit)
{
	for (uint32_t slot = incident->first_order; slot != 0; slot = order_at(core, slot)->next) {
		const struct order *order = order_at(core, slot);

		if (order->target == TARGET_UNIT && order->who == unit->r.number && order_live(order->state))
			return true;
	}
	return false;
}

static enum outcome may_send(
	const struct core *core, const struct incident *incident, const struct unit *unit, bool also)
{
	if (incident == NULL || unit == NULL || unit->retired)
		return OUTCOME_NOT_FOUND;
	if (incident->state >= INCIDENT_DONE_REPORTED)
		return OUTCOME_WRONG_STATE;
	if (unit->state == UNIT_OUT_OF_SERVICE || unit->state == UNIT_OFF_DUTY)
		return OUTCOME_WRONG_STATE;
	if (unit->orders > 0 && !also)
		return OUTCOME_BUSY;
	return is_sent(core, incident, unit) ? OUTCOME_UNCHANGED : OUTCOME_OK;
}

/* An open requirement that the unit would fill counts it, a loading without a truck last; else it goes on top. */
static const struct need *need_for(
	const struct core *core, const struct incident *incident, const struct unit *unit)
{
	const struct need *load = NULL;

	for (uint32_t slot = incident->first_need; slot != 0; slot = need_at(core, slot)->next) {
		const struct need *need = need_at(core, slot);
		const struct order *loading = order_by(core, need->depot_order);
		uint64_t skills =
			need->depot_order != 0 ? skills_find(core, TEXT("transport")) : need->skills;

		if (need->kind != STEP_SEND || need->state != NEED_OPEN || need->missing == 0 ||
			(unit->skills & skills) != skills)
			continue;
		if (need->depot_order == 0)
			return need;
		if (load == NULL && loading != NULL && order_live(loading->state))
			load = need;
	}
	return load;
}

/* The way to the case, by the depot where it is to fetch something. */
static void measure(const struct core *core, const struct incident *incident, const struct unit *unit,
	const struct need *need, struct select_pick *pick)
{
	const struct order *loading = need == NULL ? NULL : order_by(core, need->depot_order);
	const struct depot *depot = loading == NULL ? NULL : depot_at(core, loading->who);
	int64_t range_mm = 0, travel_ms = 0;

	core->travel.leg(core->travel.context, &unit->place, depot != NULL ? &depot->place : &incident->place,
		unit->speed_mm_s, &pick->range_mm, &pick->travel_ms);
	if (depot != NULL) {
		core->travel.leg(core->travel.context, &depot->place, &incident->place, unit->speed_mm_s,
			&range_mm, &travel_ms);
		pick->range_mm += range_mm;
		pick->travel_ms = pick->travel_ms < 0 || travel_ms < 0
					  ? -1
					  : pick->travel_ms + travel_ms + depot->load_ms;
	}
	if (pick->travel_ms >= 0)
		pick->travel_ms += unit_turnout_ms(unit);
}

static void send_unit(struct decision *decision, const struct incident *incident, const struct unit *unit,
	const struct need *need)
{
	const struct core *core = decision->core;
	struct plan plan = {.decision = decision,
		.incident = incident,
		.playbook = playbook_at(core, incident->playbook)};
	struct plan_need wanted = {0};
	struct select_pick pick = {0};

	measure(core, incident, unit, need, &pick);
	if (need != NULL)
		wanted = (struct plan_need){.number = need->r.number,
			.missing = need->missing,
			.before = need->missing,
			.why = need->why,
			.depot_order = need->depot_order,
			.arrive_within_ms = need->arrive_within_ms};
	uint32_t order = decision->out->count;

	plan_order_unit(&plan, need != NULL ? &wanted : NULL, &pick, unit->r.number);
	decision->out->item[order].u.order.manual = true;
	if (decision->event->kind == EVENT_SEND && decision->event->u.send.task.len > 0)
		decision->out->item[order].u.order.task =
			text_find(&core->texts, decision->event->u.send.task);
	if (need != NULL && need->missing > 0)
		plan_need_state(&plan, &wanted, need->missing - 1,
			need->missing > 1 ? (enum why)need->why : WHY_NONE);
	if (incident->state == INCIDENT_REPORTED) {
		struct incident accepted = *incident;

		meet_deadline(decision, incident, DEADLINE_RECEIVE);
		stop_deadline(decision, incident, DEADLINE_CONFIRM);
		emit_incident_state(decision, incident, INCIDENT_ACCEPTED, ACT_CONFIRM, DISPOSITION_NONE);
		accepted.state = INCIDENT_ACCEPTED;
		emit_incident_state(decision, &accepted, INCIDENT_DISPATCHED, ACT_DISPATCH, DISPOSITION_NONE);
	} else if (incident->state == INCIDENT_ACCEPTED) {
		emit_incident_state(decision, incident, INCIDENT_DISPATCHED, ACT_DISPATCH, DISPOSITION_NONE);
	}
}

void decide_send(struct decision *decision)
{
	const struct event_send *from = &decision->event->u.send;
	const struct core *core = decision->core;
	const struct incident *incident = incident_by(core, from->incident);
	const struct unit *unit = unit_at(core, state_find(core, TABLE_UNIT, from->unit));
	enum outcome outcome = may_send(core, incident, unit, from->also);

	if (outcome == OUTCOME_OK &&
		(state_room(core, TABLE_ORDER) == 0 || state_room(core, TABLE_TASK) == 0))
		outcome = OUTCOME_FULL;
	emit_result(decision, outcome,
		outcome == OUTCOME_OK ? town_of(core)->orders + 1
		: unit != NULL        ? unit->r.number
				      : 0);
	if (outcome == OUTCOME_OK)
		send_unit(decision, incident, unit, need_for(core, incident, unit));
}

/* Another unit for the same task: the first is recalled, the second sent, in one row. */
void decide_swap(struct decision *decision)
{
	const struct event_swap *from = &decision->event->u.swap;
	const struct core *core = decision->core;
	const struct order *order = order_by(core, from->order);
	const struct incident *incident = order == NULL ? NULL : incident_by(core, order->incident);
	const struct unit *unit = unit_at(core, state_find(core, TABLE_UNIT, from->unit));
	enum outcome outcome = may_send(core, incident, unit, false);

	if (outcome == OUTCOME_OK && (order->target != TARGET_UNIT || !order_live(order->state)))
		outcome = OUTCOME_WRONG_STATE;
	else if (outcome == OUTCOME_OK &&
		 (state_room(core, TABLE_ORDER) == 0 || state_room(core, TABLE_TASK) == 0))
		outcome = OUTCOME_FULL;
	emit_result(decision, outcome, outcome == OUTCOME_OK ? town_of(core)->orders + 1 : from->order);
	if (outcome != OUTCOME_OK)
		return;
	emit_order_end(decision, order, ORDER_RECALLED, ANSWER_RECALL, WHY_NONE);
	send_unit(decision, incident, unit, NULL);
	for (uint32_t index = 0; index < decision->out->count; index++) {
		struct effect *effect = &decision->out->item[index];

		if (effect->kind == EFFECT_ORDER) { /* it stands where the first one stood */
			effect->u.order.need = order->need;
			effect->u.order.depot_order = order->depot_order;
			effect->u.order.task = order->task;
		}
	}
}

/* A device is told to act by the officer, for an incident or for none. */
void decide_device_do(struct decision *decision)
{
	const struct event_device_do *from = &decision->event->u.device_do;
	const struct core *core = decision->core;
	const struct device *device = device_at(core, state_find(core, TABLE_DEVICE, from->device));
	const struct incident *incident = incident_by(core, from->incident);
	uint32_t action = text_find(&core->texts, from->action);
	enum outcome outcome = OUTCOME_OK;
	bool able = false;

	for (uint32_t index = 0; device != NULL && action != 0 && index < DEVICE_ACTIONS_MAX; index++)
		able |= device->action[index] == action;
	if (device == NULL || (incident == NULL && from->incident != 0))
		outcome = OUTCOME_NOT_FOUND;
	else if (!able)
		outcome = OUTCOME_INVALID;
	else if (!device->link || device->state == DEVICE_DISABLED ||
		 (incident != NULL && incident->state >= INCIDENT_DONE_REPORTED))
		outcome = OUTCOME_WRONG_STATE;
	else if (state_room(core, TABLE_ORDER) == 0)
		outcome = OUTCOME_FULL;
	emit_result(decision, outcome, outcome == OUTCOME_OK ? town_of(core)->orders + 1 : 0);
	if (outcome != OUTCOME_OK)
		return;
	struct effect *effect = emit(decision, EFFECT_ORDER);

	effect->u.order = (struct effect_order){.number = town_of(core)->orders + ++decision->orders,
		.incident = from->incident,
		.target = TARGET_DEVICE,
		.who = device->r.number,
		.action = action,
		.task = text_find(&core->texts, from->say),
		.step = STEP_NONE,
		.range_mm = incident != NULL ? chord_mm(&device->place, &incident->place) : 0,
		.respond_by_ms = incident != NULL ? 0 : decision->event->at_ms + core->rules.answer_ms,
		.manual = true};
}
