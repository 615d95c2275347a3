/* decide_town: the registry, stock, switches, silences and call tasks. */
#include "core/decide.h"

#include <stddef.h>
#include <string.h>

enum { QUANTITY_MAX = 1000000000 };

/* The number that a registered row gets: the one it has, or the next; 0: the table is full. */
static uint32_t number_for(const struct core *core, enum table table, uint32_t known)
{
	if (known != 0)
		return known;
	return state_room(core, table) > 0 ? core->table[table].used + 1 : 0;
}

static void take_in(struct decision *decision, enum table table, struct text id)
{
	uint32_t number = number_for(decision->core, table, state_find(decision->core, table, id));

	if (id.len == 0)
		emit_result(decision, OUTCOME_INVALID, 0);
	else if (number == 0)
		emit_result(decision, OUTCOME_FULL, 0);
	else
		emit_registered(decision, number);
}

void decide_clock(struct decision *decision)
{
	emit_result(decision, OUTCOME_OK, 0);
}

void decide_town(struct decision *decision)
{
	emit_registered(decision, 1);
}

void decide_grid(struct decision *decision)
{
	take_in(decision, TABLE_GRID, decision->event->u.grid.code);
}

void decide_person(struct decision *decision)
{
	take_in(decision, TABLE_PERSON, decision->event->u.person.id);
}

void decide_unit(struct decision *decision)
{
	take_in(decision, TABLE_UNIT, decision->event->u.unit.id);
}

void decide_depot(struct decision *decision)
{
	take_in(decision, TABLE_DEPOT, decision->event->u.depot.id);
}

void decide_stock(struct decision *decision)
{
	const struct core *core = decision->core;
	const struct event_stock *from = &decision->event->u.stock;
	uint32_t depot = state_find(core, TABLE_DEPOT, from->depot);
	uint32_t known = state_find_stock(core, depot, text_find(&core->texts, from->item));
	uint32_t number = number_for(core, TABLE_STOCK, known);

	if (depot == 0)
		emit_result(decision, OUTCOME_NOT_FOUND, 0);
	else if (from->item.len == 0 || from->quantity < 0 || from->quantity > QUANTITY_MAX)
		emit_result(decision, OUTCOME_INVALID, 0);
	else if (number == 0)
		emit_result(decision, OUTCOME_FULL, 0);
	else
		emit_registered(decision, number);
}

void decide_device(struct decision *decision)
{
	take_in(decision, TABLE_DEVICE, decision->event->u.device.id);
}

void decide_duty(struct decision *decision)
{
	take_in(decision, TABLE_DUTY, decision->event->u.duty.incident_type);
}

void decide_retire(struct decision *decision)
{
	static const enum table table_of[EVENT_KIND_COUNT] = {[EVENT_GRID] = TABLE_GRID,
		[EVENT_PERSON] = TABLE_PERSON,
		[EVENT_UNIT] = TABLE_UNIT,
		[EVENT_DEPOT] = TABLE_DEPOT,
		[EVENT_DEVICE] = TABLE_DEVICE,
		[EVENT_PLAYBOOK] = TABLE_PLAYBOOK};
	uint8_t what = decision->event->u.retire.what;
	enum table table = what < EVENT_KIND_COUNT ? table_of[what] : TABLE_TOWN;
	uint32_t number =
		table == TABLE_TOWN ? 0 : state_find(decision->core, table, decision->event->u.retire.id);
	const struct unit *unit = table == TABLE_UNIT ? unit_at(decision->core, number) : NULL;
	const struct playbook *playbook =
		table == TABLE_PLAYBOOK ? playbook_at(decision->core, number) : NULL;

	if (number == 0 || (playbook != NULL && !playbook->active)) {
		emit_result(decision, OUTCOME_NOT_FOUND, 0);
	} else if (unit != NULL && unit->orders > 0) {
		emit_result(decision, OUTCOME_BUSY, number);
	} else {
		const struct person *person =
			table == TABLE_PERSON ? person_at(decision->core, number) : NULL;

		if (person != NULL && person->on_duty_ms != 0)
			emit(decision, EFFECT_SHIFT)->u.shift =
				(struct effect_shift){.person = number, .act = SHIFT_OFF};
		struct effect *effect = emit(decision, EFFECT_RETIRED);

		effect->u.registered = (struct effect_registered){.what = what, .number = number};
	}
}

/* A free slot, else one of a version that nobody needs any more. */
static uint32_t playbook_slot(const struct core *core)
{
	if (state_room(core, TABLE_PLAYBOOK) > 0)
		return core->table[TABLE_PLAYBOOK].used + 1;
	for (uint32_t slot = 1; slot <= core->table[TABLE_PLAYBOOK].used; slot++)
		if (!playbook_at(core, slot)->active && playbook_at(core, slot)->incidents == 0)
			return slot;
	return 0;
}

void decide_playbook(struct decision *decision)
{
	const struct core *core = decision->core;
	const struct playbook_def *def = decision->event->u.playbook.def;
	const struct playbook *known = playbook_at(core, state_find(core, TABLE_PLAYBOOK, def->id));
	uint32_t slot = playbook_slot(core);

	if (def->id.len == 0 || def->step_count > PLAYBOOK_STEPS_MAX || def->climb_count > PLAYBOOK_CLIMB_MAX)
		emit_result(decision, OUTCOME_INVALID, 0);
	else if (known != NULL && known->active && memcmp(known->hash, def->hash, sizeof known->hash) == 0)
		emit_result(decision, OUTCOME_UNCHANGED, known->r.number);
	else if (slot == 0)
		emit_result(decision, OUTCOME_FULL, 0);
	else
		emit_registered(decision, slot);
}

void decide_plan(struct decision *decision)
{
	const struct town_state *town = town_of(decision->core);

	if (memcmp(town->plan_hash, decision->event->u.plan.hash, sizeof town->plan_hash) == 0) {
		emit_result(decision, OUTCOME_UNCHANGED, 0);
		return;
	}
	struct effect *effect = emit(decision, EFFECT_PLAN);

	effect->u.plan.count = decision->event->u.plan.count;
}

/* Nothing changes yet: who had it read, and what was read, is on the record. */
void decide_load(struct decision *decision)
{
	const struct event_load *from = &decision->event->u.load;
	bool known = from->what == EVENT_PLAN || from->what == EVENT_TOWN;

	emit_result(decision, known ? OUTCOME_OK : OUTCOME_INVALID, 0);
}

/* What it took was taken already, or nothing could be written: the row says who, when and why. */
void decide_lead(struct decision *decision)
{
	const struct event_lead *from = &decision->event->u.lead;
	bool whole = from->holder.len > 0 && (!from->forced || from->reason.len > 0);

	emit_result(decision, whole ? OUTCOME_OK : OUTCOME_INVALID, 0);
}

static const enum table target_table[TARGET_COUNT] = {
	[TARGET_UNIT] = TABLE_UNIT, [TARGET_DEPOT] = TABLE_DEPOT, [TARGET_DEVICE] = TABLE_DEVICE};

static bool link_of(const struct core *core, uint8_t target, uint32_t who)
{
	if (target == TARGET_UNIT)
		return unit_at(core, who)->link != 0;
	return target == TARGET_DEPOT ? depot_at(core, who)->link != 0 : device_at(core, who)->link != 0;
}

/* A terminal that came spares the call: an order that waits for one is told over the wire now. */
static void end_calls(struct decision *decision, uint8_t target, uint32_t who)
{
	const struct core *core = decision->core;

	if (target == TARGET_DEVICE || (target == TARGET_UNIT && unit_at(core, who)->orders == 0))
		return; /* nobody is telephoned for it */
	for (uint32_t slot = 1; slot <= core->table[TABLE_TASK].used; slot++) {
		const struct task *task = task_at(core, slot);
		const struct order *order = task == NULL ? NULL : order_by(core, task->order);

		if (order == NULL || !order_live(order->state) || task->state >= TASK_DONE ||
			order->target != target || order->who != who || !room_for(decision, 2))
			continue;
		struct effect *effect = emit(decision, EFFECT_TASK_STATE);

		effect->u.task_state =
			(struct effect_task_state){.task = task->r.number, .to = TASK_CANCELLED};
	}
}

/* When the call is due: with the answer, where that is still waited for. */
static int64_t call_due_ms(const struct decision *decision, const struct order *order)
{
	const struct core *core = decision->core;
	const struct incident *incident = incident_by(core, order->incident);
	bool waits = order->state != ORDER_ACCEPTED && order->respond_by_ms > decision->event->at_ms;

	return waits ? order->respond_by_ms
		     : decision->event->at_ms + answer_ms_of(core, playbook_at(core, incident->playbook));
}

/* A line that is lost: whoever has an order and is not on the way yet is called, unless a call is open already. */
static void start_calls(struct decision *decision, uint8_t target, uint32_t who)
{
	const struct core *core = decision->core;

	if (target == TARGET_DEVICE || (target == TARGET_UNIT && unit_at(core, who)->orders == 0))
		return; /* nobody is telephoned for it */
	for (uint32_t slot = 1; slot <= core->table[TABLE_ORDER].used; slot++) {
		const struct order *order = order_at(core, slot);

		if (order == NULL || order->target != target || order->who != who ||
			(order->state != ORDER_ISSUED && order->state != ORDER_DELIVERED &&
				order->state != ORDER_ACCEPTED))
			continue;
		const struct task *call = task_at(core, state_slot(core, TABLE_TASK, order->call_task));

		if (call != NULL && call->state < TASK_DONE)
			continue;
		if (!room_for(decision, 1) || decision->tasks >= state_room(core, TABLE_TASK))
			return;
		emit_task(decision, order->incident,
			target == TARGET_UNIT ? unit_at(core, who)->leader : depot_at(core, who)->keeper,
			order->r.number, 0, call_due_ms(decision, order));
	}
}

void decide_link(struct decision *decision)
{
	const struct event_link *link = &decision->event->u.link;
	const struct core *core = decision->core;
	enum table table = link->target < TARGET_COUNT ? target_table[link->target] : TABLE_TOWN;
	uint32_t who = table == TABLE_TOWN ? 0 : state_find(core, table, link->id);

	if (who == 0) {
		emit_result(decision, OUTCOME_NOT_FOUND, 0);
		return;
	}
	if (link_of(core, link->target, who) == link->up) {
		emit_result(decision, OUTCOME_UNCHANGED, who);
		return;
	}
	struct effect *effect = emit(decision, EFFECT_LINK);

	effect->u.link = (struct effect_link){.target = link->target, .who = who, .up = link->up};
	if (link->up)
		end_calls(decision, link->target, who);
	else
		start_calls(decision, link->target, who);
}

void decide_device_set(struct decision *decision)
{
	const struct event_device_set *from = &decision->event->u.device_set;
	uint32_t number = state_find(decision->core, TABLE_DEVICE, from->device);

	if (number == 0) {
		emit_result(decision, OUTCOME_NOT_FOUND, 0);
		return;
	}
	emit_result(decision, OUTCOME_OK, number);
	struct effect *effect = emit(decision, EFFECT_DEVICE);

	effect->u.device = (struct effect_device){
		.device = number, .state = from->enabled ? DEVICE_OK : DEVICE_DISABLED};
}

/* Material that came in may end somebody's shortfall. */
static void offer_item(struct decision *decision, uint32_t item)
{
	const struct core *core = decision->core;

	for (const struct incident *incident = short_next(core, NULL);
		incident != NULL && room_for(decision, 1); incident = short_next(core, incident)) {
		bool wants = false;

		for (uint32_t at = incident->first_need; at != 0; at = need_at(core, at)->next)
			wants |= need_at(core, at)->item == item && need_at(core, at)->missing > 0 &&
				 need_at(core, at)->state == NEED_OPEN;
		if (wants && !incident->agenda)
			emit_agenda(decision, incident->r.number, true, 0);
	}
}

void decide_stock_move(struct decision *decision)
{
	const struct event_stock_move *from = &decision->event->u.stock_move;
	const struct core *core = decision->core;
	uint32_t item = text_find(&core->texts, from->item);
	const struct stock *stock =
		stock_at(core, state_find_stock(core, state_find(core, TABLE_DEPOT, from->depot), item));

	if (stock == NULL || (from->incident != 0 && incident_by(core, from->incident) == NULL)) {
		emit_result(decision, OUTCOME_NOT_FOUND, 0);
		return;
	}
	int64_t on_hand = stock->on_hand;
	bool counts = from->quantity >= 0 && from->quantity <= QUANTITY_MAX;

	if (!counts)
		on_hand = 0;
	else if (from->act == STOCK_ISSUE)
		on_hand -= from->quantity;
	else if (from->act == STOCK_COUNTED)
		on_hand = from->quantity;
	else
		on_hand += from->quantity;
	bool valid =
		from->act > STOCK_NONE && from->act < STOCK_ACT_COUNT && counts && on_hand <= QUANTITY_MAX;

	if (!valid) {
		emit_result(decision, OUTCOME_INVALID, stock->r.number);
	} else if (on_hand < stock->reserved) {
		emit_result(
			decision, OUTCOME_NO_STOCK, stock->r.number); /* what is promised stays promised */
	} else {
		emit_result(decision, OUTCOME_OK, stock->r.number);
		struct effect *effect = emit(decision, EFFECT_STOCK);

		effect->u.stock = (struct effect_stock){.stock = stock->r.number,
			.act = from->act,
			.incident = from->incident,
			.on_hand = on_hand,
			.reserved = stock->reserved};
		if (on_hand > stock->on_hand)
			offer_item(decision, item);
	}
}

static bool warning_room(const struct town_state *town, uint32_t hazard)
{
	for (uint32_t index = 0; index < WARNINGS_MAX; index++)
		if (town->warning[index].colour == COLOUR_NONE || town->warning[index].hazard == hazard)
			return true;
	return false;
}

static bool warning_set(const struct town_state *town, uint32_t hazard)
{
	for (uint32_t index = 0; index < WARNINGS_MAX; index++)
		if (town->warning[index].colour != COLOUR_NONE && town->warning[index].hazard == hazard)
			return true;
	return false;
}

void decide_warning(struct decision *decision)
{
	const struct event_warning *from = &decision->event->u.warning;
	const struct town_state *town = town_of(decision->core);
	uint32_t hazard = text_find(&decision->core->texts, from->hazard);
	enum outcome outcome = OUTCOME_OK;

	if (from->hazard.len == 0 || from->colour >= COLOUR_COUNT ||
		(from->colour != COLOUR_NONE && from->until_ms <= decision->event->at_ms))
		outcome = OUTCOME_INVALID;
	else if (from->colour == COLOUR_NONE && !warning_set(town, hazard))
		outcome = OUTCOME_NOT_FOUND;
	else if (!warning_room(town, hazard))
		outcome = OUTCOME_FULL;
	emit_result(decision, outcome, 0);
	if (outcome != OUTCOME_OK)
		return;
	struct effect *effect = emit(decision, EFFECT_WARNING);

	effect->u.warning =
		(struct effect_warning){.colour = from->colour, .hazard = hazard, .until_ms = from->until_ms};
}

void decide_silence(struct decision *decision)
{
	const struct event_silence *from = &decision->event->u.silence;
	const struct core *core = decision->core;
	uint32_t number = from->expire != 0 ? from->expire : town_of(core)->silences + 1;
	enum outcome outcome = OUTCOME_OK;

	if (from->expire != 0 && state_slot(core, TABLE_SILENCE, from->expire) == 0)
		outcome = OUTCOME_NOT_FOUND;
	else if (from->expire == 0 && (from->reason.len == 0 || from->until_ms <= decision->event->at_ms ||
					      from->source.len + from->type.len + from->grid.len == 0))
		outcome = OUTCOME_INVALID; /* a silence has a reason, an end and an aim */
	else if (from->expire == 0 && state_room(core, TABLE_SILENCE) == 0)
		outcome = OUTCOME_FULL;
	emit_result(decision, outcome, outcome == OUTCOME_OK ? number : 0);
	if (outcome != OUTCOME_OK)
		return;
	struct effect *effect = emit(decision, EFFECT_SILENCE);

	effect->u.silence = (struct effect_silence){.number = number, .active = from->expire == 0};
}
