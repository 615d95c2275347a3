/* plan_supply: which depots give the materials that an incident wants; the carriers follow in plan_units. */
#include "core/decide.h"

#include <stddef.h>
#include <string.h>

enum { ROOM_SUPPLY = 4, ROOM_TAIL = 48 };

/* Loadings of this decision, one a depot, so that a keeper gets one order with several lines. */
struct loadings {
	uint32_t order[SUPPLY_DEPOTS_MAX + 1]; /* by depot number; 0 none */
};

static void mark_refusals(const struct plan *plan, uint8_t *why)
{
	const struct core *core = plan->decision->core;

	for (uint32_t slot = 1; slot <= core->table[TABLE_DEPOT].used; slot++)
		why[slot] = (uint8_t)depot_unfit(core, plan->incident, slot, plan->decision->event->at_ms);
}

static uint32_t available(const struct stock *stock, int64_t at_ms)
{
	int64_t free_quantity = stock == NULL || stock->retired ? 0 : stock->on_hand - stock->reserved;

	if (free_quantity <= 0 || (stock->expires_ms != 0 && stock->expires_ms <= at_ms))
		return 0;
	return free_quantity > UINT32_MAX ? UINT32_MAX : (uint32_t)free_quantity;
}

/* What this decision has already reserved of a stock line: the tables do not show it yet. */
static int64_t reserved_here(const struct plan *plan, uint32_t stock)
{
	int64_t sum = 0;

	for (uint32_t index = 0; index < plan->decision->out->count; index++) {
		const struct effect *effect = &plan->decision->out->item[index];

		if (effect->kind == EFFECT_SUPPLY && effect->u.supply.stock == stock)
			sum += effect->u.supply.quantity;
	}
	return sum;
}

static uint32_t gather(const struct plan *plan, const struct plan_need *need, struct supply_depot *out)
{
	const struct core *core = plan->decision->core;
	uint32_t count = 0;

	for (uint32_t slot = 1; slot <= core->table[TABLE_DEPOT].used; slot++) {
		const struct depot *depot = depot_at(core, slot);
		uint32_t stock = state_find_stock(core, slot, need->item);
		int64_t range_mm = 0, travel_ms = 0;

		if (depot->retired || core->scratch->depot_why[slot] != WHY_NONE || stock == 0)
			continue;
		uint32_t have = available(stock_at(core, stock), plan->decision->event->at_ms);
		int64_t spoken_for = reserved_here(plan, stock);

		have = spoken_for >= have ? 0 : have - (uint32_t)spoken_for;
		core->travel.leg(core->travel.context, &depot->place, &plan->incident->place,
			core->rules.carrier_speed_mm_s, &range_mm, &travel_ms);
		out[count++] =
			(struct supply_depot){.travel_ms = travel_ms < 0 ? -1 : travel_ms + depot->load_ms,
				.id = text_at(&core->texts, depot->id),
				.available = have,
				.depot = slot};
	}
	return count;
}

/* The truck that is on its way to the depot for this incident and still to be loaded there; NULL: none. */
static const struct order *truck_that_comes(const struct plan *plan, uint32_t depot)
{
	const struct core *core = plan->decision->core;

	for (uint32_t slot = plan->incident->first_order; slot != 0; slot = order_at(core, slot)->next) {
		const struct order *carrier = order_at(core, slot);
		const struct order *loading = order_by(core, carrier->depot_order);

		if (carrier->target == TARGET_UNIT && loading != NULL && loading->who == depot &&
			order_live(carrier->state) && carrier->state != ORDER_ARRIVED &&
			order_live(loading->state) && !order_ended_now(plan->decision, carrier) &&
			!order_ended_now(plan->decision, loading))
			return carrier;
	}
	return NULL;
}

/* Its crew hears what it is to take along: its order is sent anew, or its leader is called. */
static void tell_truck(struct plan *plan, const struct order *carrier)
{
	struct decision *decision = plan->decision;
	const struct core *core = decision->core;
	const struct unit *unit = unit_at(core, carrier->who);
	const struct task *call = task_at(core, state_slot(core, TABLE_TASK, carrier->call_task));
	int64_t due_ms = decision->event->at_ms + answer_ms_of(core, plan->playbook);
	bool open = call != NULL && call->state == TASK_OPEN; /* whoever makes it reads out all of it */

	emit(decision, EFFECT_ORDER_STATE)->u.order_state =
		(struct effect_order_state){.order = carrier->r.number,
			.incident = carrier->incident,
			.from = carrier->state,
			.to = carrier->state,
			.respond_by_ms = due_ms,
			.task = open ? carrier->call_task : 0};
	if (!unit->link && !open)
		emit_task(decision, carrier->incident, unit->leader, carrier->r.number, 0, due_ms);
}

static uint32_t loading_at(struct plan *plan, const struct plan_need *need, struct loadings *loadings,
	uint32_t depot, int64_t travel_ms)
{
	struct decision *decision = plan->decision;
	const struct core *core = decision->core;
	int64_t respond_ms = decision->event->at_ms + depot_answer_ms(core, plan->playbook);

	if (loadings->order[depot] != 0)
		return loadings->order[depot];
	const struct order *carrier = truck_that_comes(plan, depot);
	uint32_t number = town_of(core)->orders + ++decision->orders;
	struct effect *effect = emit(decision, EFFECT_ORDER);

	effect->u.order = (struct effect_order){.number = number,
		.incident = plan->incident->r.number,
		.target = TARGET_DEPOT,
		.who = depot,
		.depot_order = carrier != NULL ? carrier->depot_order : 0,
		.task = plan_task_of(plan, need->number),
		.step = STEP_NONE,
		.travel_ms = travel_ms,
		.range_mm = chord_mm(&depot_at(core, depot)->place, &plan->incident->place),
		.respond_by_ms = respond_ms,
		.position_age_ms = -1};
	loadings->order[depot] = number;
	if (!depot_at(core, depot)->link)
		emit_task(decision, plan->incident->r.number, depot_at(core, depot)->keeper, number, 0,
			respond_ms);
	if (carrier != NULL)
		tell_truck(plan, carrier);
	else
		plan_add_need(plan, &(struct effect_need){.step = STEP_NONE,
					    .kind = STEP_SEND,
					    .skills = skills_find(core, TEXT("transport")),
					    .count = 1,
					    .depot_order = number});
	plan->sent = true;
	return number;
}

static void reserve(
	struct plan *plan, const struct plan_need *need, uint32_t order, uint32_t depot, uint32_t quantity)
{
	struct decision *decision = plan->decision;
	struct effect *effect = emit(decision, EFFECT_SUPPLY);

	effect->u.supply =
		(struct effect_supply){.number = town_of(decision->core)->supplies + ++decision->supplies,
			.order = order,
			.incident = plan->incident->r.number,
			.need = need->number,
			.stock = state_find_stock(decision->core, depot, need->item),
			.quantity = quantity};
}

/* Why a depot that keeps the item does not give of it now. */
static enum why why_passed(
	const struct plan *plan, const struct plan_need *need, uint32_t number, int64_t travel_ms)
{
	const struct core *core = plan->decision->core;
	uint32_t stock = state_find_stock(core, number, need->item);
	int64_t have = available(stock_at(core, stock), plan->decision->event->at_ms);

	if (core->scratch->depot_why[number] != WHY_NONE)
		return (enum why)core->scratch->depot_why[number];
	if (travel_ms < 0)
		return WHY_UNREACHABLE;
	return have - reserved_here(plan, stock) <= 0 ? WHY_NO_STOCK : WHY_SLOWER;
}

static bool is_picked(const struct supply_result *result, const struct supply_depot *depot, uint32_t number)
{
	for (uint32_t index = 0; index < result->pick_count; index++)
		if (depot[result->pick[index].depot].depot == number)
			return true;
	return false;
}

/* Why these depots and not others: fewer would not have it all, or others are further off. Before it is reserved. */
static void explain(struct plan *plan, const struct plan_need *need, const struct supply_result *result,
	const struct supply_depot *depot)
{
	const struct core *core = plan->decision->core;
	struct effect_choice *choice = &emit(plan->decision, EFFECT_CHOICE)->u.choice;

	choice->need = need->number;
	choice->incident = plan->incident->r.number;
	for (uint32_t number = 1; number <= core->table[TABLE_DEPOT].used; number++) {
		const struct depot *at = depot_at(core, number);
		int64_t range_mm = 0, travel_ms = 0;

		if (at->retired || state_find_stock(core, number, need->item) == 0 ||
			is_picked(result, depot, number))
			continue;
		core->travel.leg(core->travel.context, &at->place, &plan->incident->place,
			core->rules.carrier_speed_mm_s, &range_mm, &travel_ms);
		plan_pass_over(core, choice,
			(struct passed){.depot = number,
				.why = (uint8_t)why_passed(plan, need, number, travel_ms),
				.travel_ms = travel_ms < 0 ? -1 : travel_ms + at->load_ms,
				.range_mm = range_mm});
	}
}

static void supply(struct plan *plan, struct loadings *loadings, struct plan_need *need)
{
	struct scratch *scratch = plan->decision->core->scratch;
	struct supply_result *result = &scratch->supply_result;
	struct supply_depot depot[SUPPLY_DEPOTS_MAX];
	uint32_t count = gather(plan, need, depot);
	enum disp_err err = supply_choose(depot, count, need->missing, &scratch->supply, result);

	if (result->pick_count > 0 &&
		!room_for(plan->decision, result->pick_count * ROOM_SUPPLY + ROOM_TAIL)) {
		plan->more = true;
		return;
	}
	if (result->pick_count > 0 || need->fresh || need->why == WHY_NONE) /* in vain again: said before */
		explain(plan, need, result, depot);
	for (uint32_t index = 0; index < result->pick_count; index++) {
		const struct supply_pick *pick = &result->pick[index];
		uint32_t number = depot[pick->depot].depot;

		reserve(plan, need, loading_at(plan, need, loadings, number, pick->travel_ms), number,
			pick->quantity);
	}
	plan_need_state(plan, need, result->missing, err == DISP_OK ? WHY_NONE : WHY_NO_STOCK);
}

uint32_t stock_available(const struct core *core, uint32_t depot, uint32_t item, int64_t at_ms)
{
	return available(stock_at(core, state_find_stock(core, depot, item)), at_ms);
}

void plan_supply_from(struct plan *plan, uint32_t item, uint32_t quantity, uint32_t number)
{
	const struct core *core = plan->decision->core;
	const struct depot *depot = depot_at(core, number);
	struct loadings loadings = {0};
	int64_t range_mm = 0, travel_ms = 0;

	core->travel.leg(core->travel.context, &depot->place, &plan->incident->place,
		core->rules.carrier_speed_mm_s, &range_mm, &travel_ms);
	plan_add_need(plan, &(struct effect_need){
				    .step = STEP_NONE, .kind = STEP_SUPPLY, .count = quantity, .item = item});
	struct plan_need *need = &plan->supply[0];
	uint32_t order = loading_at(
		plan, need, &loadings, number, travel_ms < 0 ? travel_ms : travel_ms + depot->load_ms);

	reserve(plan, need, order, number, quantity);
	plan_need_state(plan, need, 0, WHY_NONE);
}

void plan_supplies(struct plan *plan)
{
	struct loadings loadings = {0};

	mark_refusals(plan, plan->decision->core->scratch->depot_why);
	for (uint32_t index = 0; index < plan->supply_count; index++) {
		if (!room_for(plan->decision, ROOM_TAIL)) {
			plan->more = true;
			return;
		}
		supply(plan, &loadings, &plan->supply[index]);
	}
}
