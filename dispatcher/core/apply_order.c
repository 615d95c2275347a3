/* apply_order: what an effect does to needs, orders, materials, notices and call tasks. */
#include "core/apply.h"

#include <stddef.h>

/* Appends a fresh record to an incident's list; slots, 0 none. */
static void chain(uint32_t *first, uint32_t *last, uint32_t *next_of_last, uint32_t slot)
{
	if (next_of_last != NULL)
		*next_of_last = slot;
	else
		*first = slot;
	*last = slot;
}

enum disp_err apply_need(struct apply *apply)
{
	const struct effect_need *from = &apply->effect->u.need;
	struct core *core = apply->core;
	struct incident *incident = incident_edit(core, from->incident);
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	if (incident == NULL || from->number != town->needs + 1)
		return DISP_E_DAMAGED;
	uint32_t slot = state_new(core, TABLE_NEED, from->number);
	struct need *need = state_edit(core, TABLE_NEED, slot);
	struct need *last = state_edit(core, TABLE_NEED, incident->last_need);

	if (need == NULL)
		return DISP_E_DAMAGED;
	town->needs = from->number;
	need->incident = from->incident;
	need->step = from->step;
	need->kind = from->kind;
	need->skills = from->skills;
	need->substitute = from->substitute;
	need->count = from->count;
	need->missing = from->count;
	need->item = from->item;
	need->depot_order = from->depot_order;
	need->arrive_within_ms = from->arrive_within_ms;
	need->state = NEED_OPEN;
	chain(&incident->first_need, &incident->last_need, last != NULL ? &last->next : NULL, slot);
	return DISP_OK;
}

enum disp_err apply_need_state(struct apply *apply)
{
	const struct effect_need_state *from = &apply->effect->u.need_state;
	struct need *need =
		state_edit(apply->core, TABLE_NEED, state_slot(apply->core, TABLE_NEED, from->need));

	if (need == NULL || from->missing > need->count || from->state >= NEED_STATE_COUNT)
		return DISP_E_DAMAGED;
	need->state = from->state;
	need->why = from->why;
	need->missing = from->missing;
	return DISP_OK;
}

static enum disp_err charge_unit(struct core *core, const struct order *order, int change)
{
	struct unit *unit = state_edit(core, TABLE_UNIT, order->who);

	if (order->target != TARGET_UNIT)
		return DISP_OK;
	if (unit == NULL || (change < 0 && unit->orders == 0))
		return DISP_E_DAMAGED;
	unit->orders = change < 0 ? unit->orders - 1 : unit->orders + 1;
	if (change > 0) { /* 0: one that it was given before is in force again */
		unit->sent++;
		unit->last_order = order->r.slot;
	}
	return DISP_OK;
}

enum disp_err apply_order(struct apply *apply)
{
	const struct effect_order *from = &apply->effect->u.order;
	struct core *core = apply->core;
	struct incident *incident = incident_edit(core, from->incident);
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	bool alone = from->incident == 0 &&
		     from->target == TARGET_DEVICE; /* a device told something outside of any case */

	if ((incident == NULL && !alone) || from->number != town->orders + 1)
		return DISP_E_DAMAGED;
	uint32_t slot = state_new(core, TABLE_ORDER, from->number);
	struct order *order = state_edit(core, TABLE_ORDER, slot);
	struct order *last = incident != NULL ? state_edit(core, TABLE_ORDER, incident->last_order) : NULL;

	if (order == NULL)
		return DISP_E_DAMAGED;
	town->orders = from->number;
	order->incident = from->incident;
	order->need = from->need;
	order->target = from->target;
	order->who = from->who;
	order->depot_order = from->depot_order;
	order->task = from->task;
	if (order->task == 0 && apply->event->kind == EVENT_SEND)
		order->task = text_intern(&core->texts, apply->event->u.send.task);
	if (order->task == 0 && apply->event->kind == EVENT_DEVICE_DO)
		order->task = text_intern(&core->texts, apply->event->u.device_do.say);
	order->action = from->action;
	order->step = from->step;
	order->state = ORDER_ISSUED;
	order->substitute = from->substitute;
	order->late = from->late;
	order->stale = from->stale;
	order->manual = from->manual;
	order->range_mm = from->range_mm;
	order->travel_ms = from->travel_ms;
	order->position_age_ms = from->position_age_ms;
	order->issued_ms = apply->event->at_ms;
	order->respond_by_ms = from->respond_by_ms;
	order->arrive_by_ms = from->arrive_by_ms;
	order->seq = apply->event->seq;
	order->epoch = apply->event->epoch;
	timer_set(core, TIMER_ORDER, slot, order_due_ms(order));
	if (incident == NULL)
		return DISP_OK;
	chain(&incident->first_order, &incident->last_order, last != NULL ? &last->next : NULL, slot);
	incident->live_orders++;
	return charge_unit(core, order, 1);
}

enum disp_err apply_order_state(struct apply *apply)
{
	const struct effect_order_state *from = &apply->effect->u.order_state;
	struct core *core = apply->core;
	struct order *order = state_edit(core, TABLE_ORDER, state_slot(core, TABLE_ORDER, from->order));
	struct incident *incident = incident_edit(core, from->incident);
	int64_t at_ms = apply->event->at_ms;

	if (order == NULL || order->incident != from->incident || order->state != from->from ||
		from->to >= ORDER_STATE_COUNT)
		return DISP_E_DAMAGED;
	bool was_live = order_live(from->from);
	const struct event *event = apply->event;

	if (event->kind == EVENT_ANSWER && event->u.answer.order == from->order && event->by.len > 0 &&
		event->u.answer.who.len == 0) { /* somebody says so on the holder's behalf */
		order->answered_by = text_intern(&core->texts, event->by);
		order->answered_channel = text_intern(&core->texts, event->channel);
	}
	if (event->kind == EVENT_ANSWER && event->u.answer.order == from->order &&
		(from->to == ORDER_DECLINED || from->to == ORDER_FAILED || from->to == ORDER_DONE))
		order->said_seq = event->seq;
	order->state = from->to;
	order->why = from->why;
	if (from->to == ORDER_DELIVERED && from->from != ORDER_DELIVERED)
		order->delivered_ms = at_ms;
	if (order->answered_ms == 0 && (from->to >= ORDER_ACCEPTED && from->to <= ORDER_DECLINED))
		order->answered_ms = at_ms;
	if (order->en_route_ms == 0 && from->to == ORDER_EN_ROUTE)
		order->en_route_ms = at_ms;
	if (order->arrived_ms == 0 && from->to == ORDER_ARRIVED)
		order->arrived_ms = at_ms;
	if (from->respond_by_ms != 0) {
		struct task *call = state_edit(core, TABLE_TASK, state_slot(core, TABLE_TASK, from->task));

		order->respond_by_ms = from->respond_by_ms;
		if (call != NULL)
			call->due_ms = from->respond_by_ms;
	}
	timer_set(core, TIMER_ORDER, order->r.slot, order_due_ms(order));
	if (order_live(from->to) && !was_live && incident != NULL) { /* a late yes: in force again */
		order->ended_ms = 0;
		incident->live_orders++;
		return charge_unit(core, order, 0);
	}
	if (order_live(from->to) || !was_live)
		return DISP_OK;
	order->ended_ms = at_ms;
	if (from->to == ORDER_DONE && apply->event->kind == EVENT_ANSWER &&
		apply->event->u.answer.who.len == 0)
		order->done_by = text_intern(&core->texts, apply->event->by);
	if (incident == NULL) { /* no case remembers it */
		state_free(core, TABLE_ORDER, order->r.slot);
		return DISP_OK;
	}
	incident->live_orders--;
	return charge_unit(core, order, -1);
}

/* What of a stock line is spoken for goes up or down with each supply's life. */
static enum disp_err reserve(struct core *core, uint32_t stock_slot, int64_t on_hand, int64_t reserved)
{
	struct stock *stock = state_edit(core, TABLE_STOCK, stock_slot);

	if (stock == NULL || __builtin_add_overflow(stock->on_hand, on_hand, &on_hand) ||
		__builtin_add_overflow(stock->reserved, reserved, &reserved) || on_hand < 0 || reserved < 0)
		return DISP_E_DAMAGED;
	stock->on_hand = on_hand;
	stock->reserved = reserved;
	return DISP_OK;
}

enum disp_err apply_supply(struct apply *apply)
{
	const struct effect_supply *from = &apply->effect->u.supply;
	struct core *core = apply->core;
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);
	struct order *order = state_edit(core, TABLE_ORDER, state_slot(core, TABLE_ORDER, from->order));

	if (order == NULL || from->quantity <= 0 || from->number != town->supplies + 1)
		return DISP_E_DAMAGED;
	uint32_t slot = state_new(core, TABLE_SUPPLY, from->number);
	struct supply *supply = state_edit(core, TABLE_SUPPLY, slot);

	if (supply == NULL)
		return DISP_E_DAMAGED;
	town->supplies = from->number;
	supply->order = from->order;
	supply->incident = from->incident;
	supply->need = from->need;
	supply->stock = from->stock;
	supply->quantity = from->quantity;
	supply->state = SUPPLY_RESERVED;
	supply->next = order->first_supply;
	order->first_supply = slot;
	return reserve(core, from->stock, 0, from->quantity);
}

enum disp_err apply_supply_state(struct apply *apply)
{
	const struct effect_supply_state *from = &apply->effect->u.supply_state;
	struct core *core = apply->core;
	struct supply *supply = state_edit(core, TABLE_SUPPLY, state_slot(core, TABLE_SUPPLY, from->supply));

	if (supply == NULL || from->to >= SUPPLY_STATE_COUNT)
		return DISP_E_DAMAGED;
	uint32_t before = supply->state;

	supply->state = from->to;
	if (before == SUPPLY_RESERVED && from->to == SUPPLY_ISSUED) {
		int64_t reserved = supply->quantity;

		if (from->quantity <= 0 || from->quantity > reserved)
			return DISP_E_DAMAGED;
		supply->quantity = from->quantity;
		return reserve(core, supply->stock, -from->quantity, -reserved);
	}
	if (before == SUPPLY_RESERVED && from->to == SUPPLY_RELEASED)
		return reserve(core, supply->stock, 0, -supply->quantity);
	if (before == SUPPLY_ISSUED && from->to == SUPPLY_RETURNED)
		return reserve(core, supply->stock, supply->quantity, 0);
	return DISP_E_DAMAGED;
}

enum disp_err apply_notice(struct apply *apply)
{
	const struct effect_notice *from = &apply->effect->u.notice;
	struct core *core = apply->core;
	struct incident *incident = incident_edit(core, from->incident);
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	bool alone = from->incident == 0 && (from->step == STEP_DESK || from->step == STEP_RESPONSE);

	if ((incident == NULL && !alone) || from->number != town->notices + 1)
		return DISP_E_DAMAGED;
	uint32_t slot = state_new(core, TABLE_NOTICE, from->number);
	struct notice *notice = state_edit(core, TABLE_NOTICE, slot);
	struct notice *last = incident != NULL ? state_edit(core, TABLE_NOTICE, incident->last_notice) : NULL;

	if (notice == NULL)
		return DISP_E_DAMAGED;
	town->notices = from->number;
	notice->incident = from->incident;
	notice->person = from->person;
	notice->unit = from->unit;
	notice->who = from->who;
	notice->step = from->step;
	notice->state = NOTICE_PENDING;
	notice->issued_ms = apply->event->at_ms;
	notice->due_ms = from->due_ms;
	notice->climbed = from->climbed;
	notice->tries = from->tries;
	notice->each = from->each;
	notice->order = from->order;
	notice->level = from->level;
	notice->over = from->over;
	notice->told = 1;
	notice->seq = apply->event->seq;
	if (incident != NULL)
		chain(&incident->first_notice, &incident->last_notice, last != NULL ? &last->next : NULL,
			slot);
	timer_set(core, TIMER_NOTICE, slot, notice_due_ms(notice));
	return DISP_OK;
}

/* The name that was given for the one who answered, where decide could not know it by number yet. */
static struct text answerer(const struct event *event)
{
	if (event->kind == EVENT_NOTICE_ANSWER)
		return event->u.notice_answer.who.len > 0 ? event->u.notice_answer.who : event->by;
	return event->kind == EVENT_TASK ? event->u.task.who : (struct text){NULL, 0};
}

enum disp_err apply_notice_state(struct apply *apply)
{
	const struct effect_notice_state *from = &apply->effect->u.notice_state;
	struct core *core = apply->core;
	struct notice *notice = state_edit(core, TABLE_NOTICE, state_slot(core, TABLE_NOTICE, from->notice));

	if (notice == NULL || from->to >= NOTICE_STATE_COUNT)
		return DISP_E_DAMAGED;
	bool over = from->to == NOTICE_ANSWERED || from->to == NOTICE_ENDED;
	bool was_over = notice->state == NOTICE_ANSWERED || notice->state == NOTICE_ENDED;

	notice->state = from->to;
	notice->by = from->by != 0 ? from->by : text_intern(&core->texts, answerer(apply->event));
	if (from->to == NOTICE_ANSWERED || (from->to == NOTICE_ENDED && notice->by != 0))
		notice->answered_ms = apply->event->at_ms;
	if (from->up != 0)
		notice->up = from->up;
	timer_set(core, TIMER_NOTICE, notice->r.slot, notice_due_ms(notice));
	if (notice->step == STEP_DESK && from->to == NOTICE_ENDED && notice->by == 0)
		desk_unanswered(core);
	if (notice->incident == 0 && over && !was_over)
		alone_keep_notice(core, notice);
	return DISP_OK;
}

enum disp_err apply_notice_try(struct apply *apply)
{
	const struct effect_notice_try *from = &apply->effect->u.notice_try;
	struct core *core = apply->core;
	struct notice *notice = state_edit(core, TABLE_NOTICE, state_slot(core, TABLE_NOTICE, from->notice));

	if (notice == NULL)
		return DISP_E_DAMAGED;
	notice->unit = from->unit;
	notice->tries = from->tries;
	notice->told++;
	notice->due_ms = from->due_ms;
	notice->seq = apply->event->seq;
	timer_set(core, TIMER_NOTICE, notice->r.slot, notice_due_ms(notice));
	struct task *call = state_edit(core, TABLE_TASK, state_slot(core, TABLE_TASK, from->task));

	if (call != NULL)
		call->due_ms = from->due_ms;
	return DISP_OK;
}

/* Of calls that nobody made, of a line that comes and goes, the latest two are kept: a storm of them fills no table. */
static void forget_cancelled(struct core *core, struct task *task)
{
	const struct task *last = task_at(core, state_slot(core, TABLE_TASK, task->previous));
	const struct task *before =
		last == NULL ? NULL : task_at(core, state_slot(core, TABLE_TASK, last->previous));

	if (before == NULL || task->incident == 0 || last->state != TASK_CANCELLED ||
		before->state != TASK_CANCELLED)
		return;
	struct task *kept = state_edit(core, TABLE_TASK, last->r.slot);

	kept->previous = before->previous;
	state_free(core, TABLE_TASK, before->r.slot);
}

enum disp_err apply_task(struct apply *apply)
{
	const struct effect_task *from = &apply->effect->u.task;
	struct core *core = apply->core;
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	if (from->number != town->tasks + 1)
		return DISP_E_DAMAGED;
	struct task *task = state_edit(core, TABLE_TASK, state_new(core, TABLE_TASK, from->number));
	struct order *order = state_edit(core, TABLE_ORDER, state_slot(core, TABLE_ORDER, from->order));
	struct notice *notice = state_edit(core, TABLE_NOTICE, state_slot(core, TABLE_NOTICE, from->notice));

	if (task == NULL)
		return DISP_E_DAMAGED;
	town->tasks = from->number;
	task->incident = from->incident;
	task->person = from->person;
	task->order = from->order;
	task->notice = from->notice;
	task->state = TASK_OPEN;
	task->issued_ms = apply->event->at_ms;
	task->due_ms = from->due_ms;
	if (order != NULL) {
		task->previous = order->call_task;
		order->call_task = from->number;
	}
	if (notice != NULL) {
		task->previous = notice->call_task;
		notice->call_task = from->number;
	}
	forget_cancelled(core, task);
	return DISP_OK;
}

enum disp_err apply_task_state(struct apply *apply)
{
	const struct effect_task_state *from = &apply->effect->u.task_state;
	struct core *core = apply->core;
	struct task *task = state_edit(core, TABLE_TASK, state_slot(core, TABLE_TASK, from->task));

	if (task == NULL || from->to >= TASK_STATE_COUNT)
		return DISP_E_DAMAGED;
	bool was_over = task->ended_ms != 0;

	task->state = from->to;
	if (from->to == TASK_TAKEN)
		task->taken_by = text_intern(&core->texts, apply->event->by);
	if (from->to == TASK_DONE || from->to == TASK_CANCELLED)
		task->ended_ms = apply->event->at_ms;
	if (task->ended_ms != 0 && task->incident == 0 && !was_over)
		alone_keep_task(core, task);
	return DISP_OK;
}
