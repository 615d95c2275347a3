/* plan: what an incident still wants, step by step of its playbook; who and what fills it is plan_units, plan_supply. */
#include "core/decide.h"

#include <stddef.h>
#include <string.h>

enum { ROOM_STEP = 8, ROOM_CLOSE = 4 };

void plan_add_need(struct plan *plan, const struct effect_need *wanted)
{
	struct decision *decision = plan->decision;
	uint32_t number = town_of(decision->core)->needs + ++decision->needs;
	struct effect *effect = emit(decision, EFFECT_NEED);

	effect->u.need = *wanted;
	effect->u.need.number = number;
	effect->u.need.incident = plan->incident->r.number;
	struct plan_need *list = wanted->kind == STEP_SEND ? plan->send : plan->supply;
	uint32_t *list_count = wanted->kind == STEP_SEND ? &plan->send_count : &plan->supply_count;

	if (*list_count == PLAN_NEEDS_MAX) {
		plan->more = true; /* it stands in the table and is taken up next time */
		return;
	}
	list[(*list_count)++] = (struct plan_need){.number = number,
		.missing = wanted->count,
		.before = wanted->count,
		.item = wanted->item,
		.skills = wanted->skills,
		.substitute = wanted->substitute,
		.depot_order = wanted->depot_order,
		.arrive_within_ms = wanted->arrive_within_ms,
		.fresh = true};
}

void plan_need_state(struct plan *plan, struct plan_need *need, uint32_t missing, enum why why)
{
	if (missing > 0)
		plan->short_of = true;
	need->missing = missing;
	if (missing == need->before && (uint8_t)why == need->why)
		return; /* nothing new to say */
	struct effect *effect = emit(plan->decision, EFFECT_NEED_STATE);

	effect->u.need_state = (struct effect_need_state){.need = need->number,
		.incident = plan->incident->r.number,
		.state = missing > 0 ? NEED_OPEN : NEED_FILLED,
		.why = (uint8_t)why,
		.missing = missing};
}

void plan_set_mark(struct plan *plan, uint32_t step, struct step_mark mark)
{
	plan->mark[step] = mark;
	emit_step(plan->decision, plan->incident->r.number, step, mark);
}

/* --- actions of devices ------------------------------------------------------------------------- */

static bool can_do(const struct device *device, uint32_t action)
{
	for (uint32_t index = 0; index < DEVICE_ACTIONS_MAX; index++)
		if (device->action[index] == action)
			return true;
	return false;
}

/* The device that shall act: the one that raised the alarm, or the nearest of the kind. Live ones first. */
static uint32_t pick_device(const struct plan *plan, const struct step *step, enum why *why)
{
	const struct core *core = plan->decision->core;
	uint32_t best = 0;
	int64_t best_mm = INT64_MAX;
	bool best_live = false;

	*why = WHY_NO_DEVICE;
	for (uint32_t slot = 1; slot <= core->table[TABLE_DEVICE].used; slot++) {
		const struct device *device = device_at(core, slot);

		if (step->self ? slot != plan->incident->device : device->kind != step->device)
			continue;
		if (device->retired || !can_do(device, step->action))
			continue;
		int64_t away_mm = chord_mm(&device->place, &plan->incident->place);

		if (!step->self && step->within_mm > 0 && away_mm > step->within_mm)
			continue;
		if (device->state == DEVICE_DISABLED) {
			if (best == 0)
				*why = WHY_OUT_OF_SERVICE;
			continue;
		}
		bool live = device->link != 0;

		if (best == 0 || (live && !best_live) || (live == best_live && away_mm < best_mm)) {
			best = slot;
			best_mm = away_mm;
			best_live = live;
		}
	}
	if (best != 0)
		*why = best_live ? WHY_NONE : WHY_NO_LINK;
	return best;
}

static void act(struct plan *plan, uint32_t index)
{
	struct decision *decision = plan->decision;
	const struct step *step = &plan->playbook->step[index];
	enum why why;
	uint32_t device = pick_device(plan, step, &why);

	if (why != WHY_NONE) {
		plan_set_mark(plan, index, (struct step_mark){.state = STEP_FAILED, .why = (uint8_t)why});
		return;
	}
	int64_t due_ms = step->effect == EFFECT_CLEARED ? decision->event->at_ms + step->effect_within_ms : 0;
	struct effect *effect = emit(decision, EFFECT_ORDER);

	effect->u.order = (struct effect_order){
		.number = town_of(decision->core)->orders + ++decision->orders,
		.incident = plan->incident->r.number,
		.target = TARGET_DEVICE,
		.who = device,
		.action = step->action,
		.task = step->say,
		.step = (uint8_t)index,
		.range_mm = chord_mm(&device_at(decision->core, device)->place, &plan->incident->place)};
	plan_set_mark(plan, index,
		(struct step_mark){.state = due_ms != 0 ? STEP_ACTIVE : STEP_EFFECTIVE, .due_ms = due_ms});
}

/* --- steps -------------------------------------------------------------------------------------- */

static void start_step(struct plan *plan, uint32_t index)
{
	const struct step *step = &plan->playbook->step[index];

	switch (step->kind) {
	case STEP_SEND:
		plan_set_mark(plan, index, (struct step_mark){.state = STEP_EFFECTIVE});
		plan_add_need(plan, &(struct effect_need){.step = (uint8_t)index,
					    .kind = STEP_SEND,
					    .skills = step->skills,
					    .substitute = step->substitute,
					    .count = step->count,
					    .arrive_within_ms = step->arrive_within_ms});
		break;
	case STEP_SUPPLY:
		plan_set_mark(plan, index, (struct step_mark){.state = STEP_EFFECTIVE});
		plan_add_need(plan, &(struct effect_need){.step = (uint8_t)index,
					    .kind = STEP_SUPPLY,
					    .count = step->quantity,
					    .item = step->item});
		break;
	case STEP_ACTION:
		act(plan, index);
		break;
	default:
		plan_notify(plan, index);
		break;
	}
}

static bool due_now(struct plan *plan, uint32_t index)
{
	const struct step *step = &plan->playbook->step[index];
	uint8_t state = plan->mark[index].state;

	if (step->level > plan->incident->level)
		return false;
	if (step->kind == STEP_NOTIFY && state == STEP_ACTIVE)
		return true; /* not all were told yet */
	if (state != STEP_IDLE)
		return false;
	if (step->when == STEP_AT_ONCE)
		return true;
	if (plan->mark[step->after].state == STEP_EFFECTIVE)
		plan_set_mark(plan, index, (struct step_mark){.state = STEP_SKIPPED});
	return plan->mark[step->after].state == STEP_FAILED;
}

/* The steps of one kind that are due. False: the row is full, the rest starts in the next one. */
static bool start_kind(struct plan *plan, uint8_t kind)
{
	for (uint32_t index = 0; plan->playbook != NULL && index < plan->playbook->step_count; index++) {
		if (plan->playbook->step[index].kind != kind)
			continue;
		if (!room_for(plan->decision, ROOM_STEP + ROOM_CLOSE)) {
			plan->more = true;
			return false;
		}
		if (due_now(plan, index))
			start_step(plan, index);
	}
	return true;
}

/* Actions first: what fails at once calls for its follow-up in the same breath. Notices come after the crews. */
static void start_steps(struct plan *plan)
{
	if (start_kind(plan, STEP_ACTION) && start_kind(plan, STEP_SEND))
		(void)start_kind(plan, STEP_SUPPLY);
}

static void start_notices(struct plan *plan)
{
	(void)start_kind(plan, STEP_NOTIFY);
}

/* Requirements of earlier decisions that are still short. */
static void gather_needs(struct plan *plan)
{
	const struct core *core = plan->decision->core;

	for (uint32_t slot = plan->incident->first_need; slot != 0; slot = need_at(core, slot)->next) {
		const struct need *need = need_at(core, slot);

		if (need->state != NEED_OPEN || need->missing == 0)
			continue;
		struct plan_need *list = need->kind == STEP_SEND ? plan->send : plan->supply;
		uint32_t *count = need->kind == STEP_SEND ? &plan->send_count : &plan->supply_count;

		if (*count == PLAN_NEEDS_MAX) {
			plan->short_of = true;
			continue;
		}
		list[(*count)++] = (struct plan_need){.number = need->r.number,
			.missing = need->missing,
			.before = need->missing,
			.why = need->why,
			.item = need->item,
			/* There may have been no carrier in the town when the loading was put up. */
			.skills =
				need->depot_order != 0 ? skills_find(core, TEXT("transport")) : need->skills,
			.substitute = need->substitute,
			.depot_order = need->depot_order,
			.arrive_within_ms = need->arrive_within_ms};
	}
}

/* Who is sent for a case that was merged is sent for the one that goes on. */
static uint32_t incident_titled(const struct plan *plan)
{
	const struct incident *standing = plan->incident->merged_into == 0
						  ? plan->incident
						  : incident_standing(plan->decision->core, plan->incident);

	return standing != NULL ? standing->title : plan->incident->title;
}

uint32_t plan_task_of(const struct plan *plan, uint32_t need_number)
{
	const struct need *need = need_by(plan->decision->core, need_number);
	uint32_t step = need != NULL ? need->step : STEP_NONE;

	for (uint32_t index = 0; need == NULL && index < plan->decision->out->count; index++) {
		const struct effect *effect = &plan->decision->out->item[index];

		if (effect->kind == EFFECT_NEED && effect->u.need.number == need_number)
			step = effect->u.need.step;
	}
	if (plan->playbook == NULL || step >= plan->playbook->step_count ||
		plan->playbook->step[step].task == 0)
		return incident_titled(plan);
	return plan->playbook->step[step].task;
}

/* --- the end of an incident --------------------------------------------------------------------- */

static void end_needs(struct plan *plan)
{
	const struct core *core = plan->decision->core;

	for (uint32_t slot = plan->incident->first_need; slot != 0; slot = need_at(core, slot)->next) {
		const struct need *need = need_at(core, slot);

		if (need->state != NEED_OPEN && need->state != NEED_COVERED)
			continue;
		if (!room_for(plan->decision, ROOM_CLOSE + 1)) {
			plan->more = true;
			return;
		}
		struct effect *effect = emit(plan->decision, EFFECT_NEED_STATE);

		effect->u.need_state = (struct effect_need_state){.need = need->r.number,
			.incident = plan->incident->r.number,
			.state = NEED_ENDED,
			.why = need->why,
			.missing = need->missing};
	}
}

/* Who stands where the work is said to be done has done it, and a truck has brought what it was to bring: not called back. */
static bool has_done(const struct core *core, const struct incident *incident, const struct order *order)
{
	const struct incident *standing = incident_standing(core, incident);

	return order->target == TARGET_UNIT && order->state == ORDER_ARRIVED && standing != NULL &&
	       (standing->state == INCIDENT_DONE_REPORTED || standing->state == INCIDENT_VERIFIED);
}

/* Nobody is needed any more: crews are recalled, material goes back on the shelf, open calls end. */
static void wind_down(struct plan *plan)
{
	const struct core *core = plan->decision->core;

	for (uint32_t slot = plan->incident->first_order; slot != 0; slot = order_at(core, slot)->next) {
		const struct order *order = order_at(core, slot);

		if (!order_live(order->state))
			continue;
		if (!room_for(plan->decision, ROOM_CLOSE + 8 + PLAYBOOK_STEPS_MAX)) {
			plan->more = true;
			break;
		}
		if (has_done(core, plan->incident, order))
			emit_order_end(plan->decision, order, ORDER_DONE, ANSWER_DONE, WHY_NONE);
		else
			emit_order_end(plan->decision, order, ORDER_RECALLED, ANSWER_RECALL, WHY_NONE);
	}
	end_needs(plan);
	plan->more |= !notices_end(plan->decision, plan->incident);
	for (uint32_t step = 0; plan->playbook != NULL && step < plan->playbook->step_count; step++)
		if (plan->mark[step].state == STEP_ACTIVE && room_for(plan->decision, ROOM_CLOSE + 1))
			plan_set_mark(plan, step, (struct step_mark){.state = STEP_SKIPPED});
}

/* What a merged case has out is released with the case that it goes on in: those are looked at next. */
static void wake_merged(struct plan *plan)
{
	const struct core *core = plan->decision->core;
	const struct incident *merged;
	uint32_t cursor = 0;

	while ((merged = merged_next(core, plan->incident, &cursor)) != NULL) {
		bool pending = merged->live_orders > 0 || merged->short_of;

		for (uint32_t slot = merged->first_notice; slot != 0 && !pending;
			slot = notice_at(core, slot)->next)
			pending = notice_live(notice_at(core, slot));
		if (!pending || merged->agenda)
			continue;
		if (!room_for(plan->decision, ROOM_CLOSE + 1)) {
			plan->more = true;
			return;
		}
		emit_agenda(plan->decision, merged->r.number, true, 0);
	}
}

/* A merged case stands still while the one that it is in goes on, but for what it lacks. */
static bool stands_still(const struct core *core, const struct incident *incident)
{
	const struct incident *standing = incident_standing(core, incident);

	return incident->merged_into != 0 && standing != NULL && standing->state < INCIDENT_DONE_REPORTED;
}

/* A crew is on its way as soon as one order stands; the state says so. */
static void note_dispatch(struct plan *plan)
{
	if (plan->sent && plan->incident->state == INCIDENT_ACCEPTED)
		emit_incident_state(
			plan->decision, plan->incident, INCIDENT_DISPATCHED, ACT_DISPATCH, DISPOSITION_NONE);
}

/* What was lacking when it was merged, or has been since, is looked for as before; no step of it begins any more. */
static void plan_lacking(struct plan *plan)
{
	const struct core *core = plan->decision->core;
	const struct incident *standing = incident_standing(core, plan->incident);
	uint32_t said = plan->decision->out->count;

	if (!needs_cover(plan->decision, plan->incident, standing) || plan->decision->out->count != said) {
		plan->more = true;
		return;
	}
	gather_needs(plan);
	if (plan->send_count + plan->supply_count == 0)
		return;
	if (standing->state == INCIDENT_REPORTED || !cases_room(core)) {
		plan->short_of = true;
		return;
	}
	plan_units(plan);
	plan_supplies(plan);
	plan_carriers(plan);
	if (plan->sent && standing->state == INCIDENT_ACCEPTED)
		emit_incident_state(
			plan->decision, standing, INCIDENT_DISPATCHED, ACT_DISPATCH, DISPOSITION_NONE);
}

void plan_incident(struct decision *decision, const struct incident *incident)
{
	plan_incident_with(decision, incident, NULL);
}

void plan_incident_with(
	struct decision *decision, const struct incident *incident, const struct effect_need *more)
{
	const struct core *core = decision->core;
	struct plan plan = {.decision = decision,
		.incident = incident,
		.playbook = playbook_at(core, incident->playbook)};
	bool still = stands_still(core, incident);
	bool over = incident->state >= INCIDENT_DONE_REPORTED && !still;

	memcpy(plan.mark, incident->mark, sizeof plan.mark);
	if (!over && !still)
		plan.more = !notices_settle(decision, incident);
	uint32_t said = decision->out->count;

	if (still) {
		plan.more = !notices_end(decision, incident); /* who is to know is told of the other */
		plan_lacking(&plan);
	} else if (over) {
		wind_down(&plan);
		wake_merged(&plan);
	} else if (incident->state != INCIDENT_REPORTED && !cases_room(core)) {
		plan.short_of = true; /* the tables are full: tried again when some cases have ended */
	} else if (incident->state != INCIDENT_REPORTED) {
		plan.more |= !needs_cover(decision, incident, NULL) || decision->out->count != said;
		gather_needs(&plan);
		if (more != NULL)
			plan_add_need(&plan, more);
		if (incident->paper != PAPER_BROUGHT_IN)
			start_steps(&plan);
		plan_units(&plan);
		plan_supplies(&plan);
		plan_carriers(&plan);
		note_dispatch(&plan);
		if (incident->paper != PAPER_BROUGHT_IN)
			start_notices(&plan);
		if (incident->merged_state != INCIDENT_NONE && !plan.more)
			plan.more = !notices_again(decision, incident);
	}
	/* Applying the change of state puts the incident on the agenda again: this must come last. */
	emit_agenda(decision, incident->r.number, plan.more,
		plan.short_of && !over && !plan.more ? decision->event->at_ms + core->rules.retry_ms : 0);
}
