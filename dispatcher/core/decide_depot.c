/* decide_depot: what becomes of a loading: it was given, in part, not at all, or its keeper keeps silent. */
#include "core/decide.h"

#include <stddef.h>

/* Whether the truck was to fetch only this: its own loading, or the last one that it took along. */
static bool only_fetches(const struct core *core, const struct order *carrier, const struct order *loading)
{
	const struct order *own = order_by(core, carrier->depot_order);

	if (carrier->target != TARGET_UNIT || own == NULL || !order_live(carrier->state) ||
		load_of(loading) != own->r.number || loading_beside(core, loading) != 0)
		return false;
	return own == loading || (!order_live(own->state) && own->state != ORDER_DONE);
}

/* What a depot did not give is wanted again, from another. */
void depot_put_back(struct decision *decision, const struct order *order)
{
	const struct core *core = decision->core;

	for (uint32_t slot = order->first_supply; slot != 0; slot = supply_at(core, slot)->next) {
		const struct supply *supply = supply_at(core, slot);
		const struct need *need = need_by(core, supply->need);

		if (need == NULL || need->state == NEED_ENDED)
			continue;
		struct effect *effect = emit(decision, EFFECT_NEED_STATE);

		effect->u.need_state = (struct effect_need_state){.need = need->r.number,
			.incident = order->incident,
			.state = NEED_OPEN,
			.missing = need->missing + (uint32_t)supply->quantity};
	}
	/* Whoever was to fetch it need not go. */
	for (uint32_t slot = incident_by(core, order->incident)->first_order; slot != 0;
		slot = order_at(core, slot)->next) {
		const struct order *carrier = order_at(core, slot);

		if (only_fetches(core, carrier, order) && room_for(decision, 16))
			emit_order_end(decision, carrier, ORDER_RECALLED, ANSWER_RECALL, WHY_NO_STOCK);
	}
	emit_agenda(decision, order->incident, true, 0);
}

/* What was not loaded: the difference between what was reserved and what this decision issues. */
void depot_put_back_rest(struct decision *decision, const struct order *order)
{
	const struct core *core = decision->core;
	uint32_t said = decision->out->count;

	for (uint32_t index = 0; index < said; index++) {
		const struct effect *effect = &decision->out->item[index];

		if (effect->kind != EFFECT_SUPPLY_STATE)
			continue;
		const struct supply *supply =
			supply_at(core, state_slot(core, TABLE_SUPPLY, effect->u.supply_state.supply));
		const struct need *need = need_by(core, supply->need);
		int64_t given =
			effect->u.supply_state.to == SUPPLY_ISSUED ? effect->u.supply_state.quantity : 0;

		if (need == NULL || need->state == NEED_ENDED || given == supply->quantity)
			continue;
		struct effect *again = emit(decision, EFFECT_NEED_STATE);

		again->u.need_state = (struct effect_need_state){.need = need->r.number,
			.incident = order->incident,
			.state = NEED_OPEN,
			.missing = need->missing + (uint32_t)(supply->quantity - given)};
	}
	emit_agenda(decision, order->incident, true, 0);
}

/* A keeper loaded less than was asked: the rest is wanted from elsewhere. */
bool depot_loaded_less(struct decision *decision, const struct order *order)
{
	const struct core *core = decision->core;
	int64_t left = decision->event->u.answer.quantity, short_by = 0;

	for (uint32_t slot = order->first_supply; slot != 0 && left > 0; slot = supply_at(core, slot)->next) {
		const struct supply *supply = supply_at(core, slot);

		short_by += supply->state == SUPPLY_RESERVED ? supply->quantity : 0;
	}
	return short_by > left;
}

/* A truck that is there has been loaded, whether the keeper has said so or not: what it brought has left the depot. */
void depot_loaded(struct decision *decision, const struct order *carrier)
{
	const struct core *core = decision->core;
	const struct order *own = order_by(core, carrier->depot_order);

	if (own == NULL)
		return;
	for (uint32_t slot = incident_by(core, own->incident)->first_order; slot != 0;
		slot = order_at(core, slot)->next) {
		const struct order *loading = order_at(core, slot);

		if (loading->target == TARGET_DEPOT && load_of(loading) == own->r.number &&
			order_live(loading->state) && room_for(decision, 48)) {
			emit_order_end(decision, loading, ORDER_DONE, ANSWER_DONE, WHY_NONE);
			depot_answered(decision, loading);
		}
	}
}

/* --- a keeper who does not answer ------------------------------------------------------------------- */

int64_t depot_answer_ms(const struct core *core, const struct playbook *playbook)
{
	int64_t answer_ms = playbook != NULL ? playbook->answer_ms : 0;

	return answer_ms > core->rules.depot_answer_ms ? answer_ms : core->rules.depot_answer_ms;
}

enum why depot_unfit(const struct core *core, const struct incident *incident, uint32_t depot, int64_t at_ms)
{
	enum why why = WHY_NONE;

	for (uint32_t slot = incident->first_order; slot != 0; slot = order_at(core, slot)->next) {
		const struct order *order = order_at(core, slot);

		if (order->target != TARGET_DEPOT || order->who != depot)
			continue;
		if (order->state == ORDER_DECLINED || order->state == ORDER_FAILED ||
			order->why == WHY_FEWER_THAN_ASKED)
			return WHY_DECLINED;
		if (order->state == ORDER_EXPIRED && at_ms < order->ended_ms + core->rules.ask_again_ms)
			why = WHY_NO_ANSWER;
	}
	return why;
}

/* What is reserved of one stock line for the loading. */
static int64_t wanted_of(const struct core *core, const struct order *loading, uint32_t stock)
{
	int64_t sum = 0;

	for (uint32_t slot = loading->first_supply; slot != 0; slot = supply_at(core, slot)->next) {
		const struct supply *supply = supply_at(core, slot);

		if (supply->state == SUPPLY_RESERVED && supply->stock == stock)
			sum += supply->quantity;
	}
	return sum;
}

static bool can_come(const struct core *core, const struct depot *depot, const struct incident *incident)
{
	int64_t range_mm = 0, travel_ms = 0;

	core->travel.leg(core->travel.context, &depot->place, &incident->place,
		core->rules.carrier_speed_mm_s, &range_mm, &travel_ms);
	return travel_ms >= 0;
}

/* Whether the other depots together hold all of it. */
static bool others_have(const struct decision *decision, const struct order *loading)
{
	const struct core *core = decision->core;
	const struct incident *incident = incident_by(core, loading->incident);
	int64_t at_ms = decision->event->at_ms;

	for (uint32_t slot = loading->first_supply; slot != 0; slot = supply_at(core, slot)->next) {
		uint32_t stock = supply_at(core, slot)->stock;
		int64_t left = wanted_of(core, loading, stock);

		for (uint32_t number = 1; left > 0 && number <= core->table[TABLE_DEPOT].used; number++) {
			const struct depot *depot = depot_at(core, number);

			if (number == loading->who || depot->retired ||
				depot_unfit(core, incident, number, at_ms) != WHY_NONE ||
				!can_come(core, depot, incident))
				continue;
			left -= stock_available(core, number, stock_at(core, stock)->item, at_ms);
		}
		if (left > 0)
			return false;
	}
	return true;
}

/* Why the needs that the loading serves are as they are: while the keeper is silent, they are not sure to be met. */
static void say_needs(struct decision *decision, const struct order *loading, enum why why)
{
	const struct core *core = decision->core;

	for (uint32_t slot = loading->first_supply; slot != 0; slot = supply_at(core, slot)->next) {
		const struct need *need = need_by(core, supply_at(core, slot)->need);
		bool other = need != NULL && need->state == NEED_FILLED && need->why != why;

		if (!other || (why == WHY_NONE && need->why != WHY_NO_ANSWER) || !room_for(decision, 4))
			continue;
		emit(decision, EFFECT_NEED_STATE)->u.need_state =
			(struct effect_need_state){.need = need->r.number,
				.incident = loading->incident,
				.state = need->state,
				.why = (uint8_t)why};
	}
}

/* The keeper's name climbs to the office, once for each depot of an incident; of a merged case, where that goes on. */
static void tell_office(struct decision *decision, const struct order *loading)
{
	const struct core *core = decision->core;
	const struct incident *incident = incident_standing(core, incident_by(core, loading->incident));
	struct notice_to to = {.who = WHO_OFFICE, .step = STEP_NONE, .order = loading->r.number};

	if (incident == NULL)
		return;
	for (uint32_t slot = incident->first_notice; slot != 0; slot = notice_at(core, slot)->next) {
		const struct order *about = order_by(core, notice_at(core, slot)->order);

		if (about != NULL && about->who == loading->who &&
			notice_at(core, slot)->state != NOTICE_ENDED)
			return;
	}
	if (tell_role(decision, incident->r.number, &to) > 0)
		return;
	to.who = WHO_COMMITTEE;
	(void)tell_role(decision, incident->r.number, &to);
}

bool depot_asked_again(struct decision *decision, const struct order *loading)
{
	const struct core *core = decision->core;
	const struct incident *incident = incident_by(core, loading->incident);
	const struct task *call = task_at(core, state_slot(core, TABLE_TASK, loading->call_task));

	if (incident == NULL)
		return false;
	/* A merged case stands still: what it has asked for is asked for again, by nobody else. */
	const struct incident *standing = incident_standing(core, incident);
	bool merged =
		incident->merged_into != 0 && standing != NULL && standing->state < INCIDENT_DONE_REPORTED;

	if (!merged && (incident->state >= INCIDENT_DONE_REPORTED || others_have(decision, loading)))
		return false;
	bool open = call != NULL && call->state < TASK_DONE;
	int64_t due_ms =
		decision->event->at_ms + depot_answer_ms(core, playbook_at(core, incident->playbook));

	emit(decision, EFFECT_ORDER_STATE)->u.order_state =
		(struct effect_order_state){.order = loading->r.number,
			.incident = loading->incident,
			.from = loading->state,
			.to = loading->state,
			.answer = ANSWER_EXPIRE,
			.why = WHY_NO_ANSWER,
			.respond_by_ms = due_ms,
			.task = open ? loading->call_task : 0};
	if (!open && decision->tasks < state_room(core, TABLE_TASK))
		emit_task(decision, loading->incident, depot_at(core, loading->who)->keeper,
			loading->r.number, 0, due_ms);
	say_needs(decision, loading, WHY_NO_ANSWER);
	tell_office(decision, loading);
	return true;
}

void depot_answered(struct decision *decision, const struct order *loading)
{
	say_needs(decision, loading, WHY_NONE);
	notices_end_about(decision, loading);
}
