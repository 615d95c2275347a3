/* apply_case: what an effect does to incidents. */
#include "core/apply.h"

#include <stddef.h>
#include <string.h>

/* --- lists of open and of ended incidents ------------------------------------------------------ */

static void list_append(struct core *core, uint32_t *first, uint32_t *last, struct incident *incident)
{
	incident->previous = *last;
	incident->next = 0;
	if (*last != 0)
		((struct incident *)state_edit(core, TABLE_INCIDENT, *last))->next = incident->r.slot;
	else
		*first = incident->r.slot;
	*last = incident->r.slot;
}

static void list_remove(struct core *core, uint32_t *first, uint32_t *last, struct incident *incident)
{
	if (incident->previous != 0)
		((struct incident *)state_edit(core, TABLE_INCIDENT, incident->previous))->next =
			incident->next;
	else
		*first = incident->next;
	if (incident->next != 0)
		((struct incident *)state_edit(core, TABLE_INCIDENT, incident->next))->previous =
			incident->previous;
	else
		*last = incident->previous;
}

struct incident *incident_edit(struct core *core, uint32_t number)
{
	return state_edit(core, TABLE_INCIDENT, state_slot(core, TABLE_INCIDENT, number));
}

void incident_rewind(struct core *core, const struct incident *incident)
{
	timer_set(core, TIMER_INCIDENT, incident->r.slot, incident_due_ms(core, incident));
	if (incident->agenda)
		heap_set(&core->agenda, incident->r.slot,
			(int64_t)incident->priority << 40 | incident->r.number);
	else
		heap_drop(&core->agenda, incident->r.slot);
}

void incident_fill(
	const struct core *core, struct incident *incident, const struct effect_incident *from, int64_t at_ms)
{
	const struct playbook *playbook = playbook_at(core, from->playbook);

	incident->playbook = from->playbook;
	incident->type = from->type;
	incident->title = from->title;
	incident->grid = from->grid;
	incident->device = from->device;
	incident->place = from->place;
	incident->reported_ms = from->reported_ms;
	incident->opened_ms = at_ms;
	incident->last_alarm_ms = at_ms;
	incident->priority = from->priority;
	incident->grade = from->grade;
	incident->response_level = from->response_level;
	incident->mode = from->mode;
	incident->release = from->release;
	incident->held = from->why;
	incident->paper = from->paper ? PAPER_BROUGHT_IN : PAPER_NOT;
	incident->split_from = from->split_from;
	incident->state = INCIDENT_REPORTED;
	incident->level = 1;
	for (uint32_t step = 0; playbook != NULL && step < playbook->step_count; step++)
		incident->mark[step].state = STEP_IDLE;
}

/* Words that decide could not know by number yet. */
static void name_by_person(
	struct core *core, struct incident *incident, struct text type, struct text title, struct text where)
{
	incident->opened_by_person = 1;
	incident->type = text_intern(&core->texts, type);
	if (incident->title == 0)
		incident->title = text_intern(&core->texts, title.len > 0 ? title : type);
	incident->where = text_intern(&core->texts, where);
}

enum disp_err apply_incident(struct apply *apply)
{
	const struct effect_incident *from = &apply->effect->u.incident;
	struct core *core = apply->core;
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	if (from->number / 1000000 < town->year || state_slot(core, TABLE_INCIDENT, from->number) != 0)
		return DISP_E_DAMAGED;
	uint32_t slot = state_new(core, TABLE_INCIDENT, from->number);
	struct incident *incident = state_edit(core, TABLE_INCIDENT, slot);

	if (incident == NULL)
		return DISP_E_DAMAGED;
	town->year = from->number / 1000000;
	town->incidents = from->number % 1000000;
	incident_fill(core, incident, from, apply->event->at_ms);
	if (apply->event->kind == EVENT_OPEN)
		name_by_person(core, incident, apply->event->u.open.type, apply->event->u.open.title,
			apply->event->u.open.where);
	if (apply->event->kind == EVENT_PAPER)
		name_by_person(core, incident, apply->event->u.paper.type, apply->event->u.paper.title,
			apply->event->u.paper.where);
	if (apply->event->kind == EVENT_ALARM) {
		if (incident->type == 0)
			incident->type = text_intern(&core->texts, apply->event->u.alarm.type);
		incident->alarms = 1;
		incident->device_count = 1;
		incident->sensor_count = 1;
		incident->sensor[0] = (struct sensor){.device = from->device,
			.type = text_intern(&core->texts, apply->event->u.alarm.type),
			.at_ms = apply->event->at_ms,
			.occurrences = 1};
	}
	struct playbook *playbook = state_edit(core, TABLE_PLAYBOOK, from->playbook);

	if (playbook != NULL)
		playbook->incidents++;
	list_append(core, &town->open_first, &town->open_last, incident);
	nearby_put(&core->open, incident->r.slot, &incident->place);
	town->open_count++;
	incident->agenda = 1;
	incident_rewind(core, incident);
	return DISP_OK;
}

static void stamp_state(struct incident *incident, uint8_t to, int64_t at_ms)
{
	switch (to) {
	case INCIDENT_ACCEPTED:
		if (incident->accepted_ms == 0)
			incident->accepted_ms = at_ms;
		break;
	case INCIDENT_DISPATCHED:
		if (incident->dispatched_ms == 0)
			incident->dispatched_ms = at_ms;
		break;
	case INCIDENT_WORKING:
		if (incident->arrived_ms == 0)
			incident->arrived_ms = at_ms;
		break;
	case INCIDENT_DONE_REPORTED:
		incident->done_ms = at_ms;
		break;
	case INCIDENT_VERIFIED:
		incident->verified_ms = at_ms;
		break;
	default:
		break;
	}
	incident->ended_ms = incident_ended(to) ? at_ms : 0;
}

static bool was_brought(const struct core *core, const struct incident *incident, uint32_t step)
{
	for (uint32_t at = incident->first_order; at != 0; at = order_at(core, at)->next)
		for (uint32_t slot = order_at(core, at)->first_supply; slot != 0;
			slot = supply_at(core, slot)->next) {
			const struct need *need = need_by(core, supply_at(core, slot)->need);

			if (need != NULL && need->step == step &&
				supply_at(core, slot)->state == SUPPLY_ISSUED)
				return true;
		}
	return false;
}

/* After a failed verification crews are needed again; material that was brought is there. */
static void reset_steps(struct core *core, struct incident *incident)
{
	const struct playbook *playbook = playbook_at(core, incident->playbook);

	for (uint32_t step = 0; playbook != NULL && step < playbook->step_count; step++)
		if (playbook->step[step].kind != STEP_SUPPLY || !was_brought(core, incident, step))
			incident->mark[step] = (struct step_mark){.state = STEP_IDLE};
}

/* Into the other list. One that was merged is still found by its place: alarms there join the case it is in. */
static void move_list(struct core *core, struct incident *incident, bool ends)
{
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	if (ends) {
		list_remove(core, &town->open_first, &town->open_last, incident);
		list_append(core, &town->closed_first, &town->closed_last, incident);
		if (incident->merged_into == 0)
			nearby_drop(&core->open, incident->r.slot);
		town->open_count--;
	} else {
		list_remove(core, &town->closed_first, &town->closed_last, incident);
		list_append(core, &town->open_first, &town->open_last, incident);
		nearby_put(&core->open, incident->r.slot, &incident->place);
		town->open_count++;
	}
}

static void note_people(struct apply *apply, struct incident *incident)
{
	const struct effect_incident_state *from = &apply->effect->u.incident_state;

	if (from->to == INCIDENT_ACCEPTED)
		incident->held = WHY_NONE;
	if (from->act == ACT_REOPEN || from->act == ACT_VERIFY_FAILED) {
		reset_steps(apply->core, incident);
		if (incident->paper != PAPER_NOT)
			incident->paper = PAPER_TAKEN_UP;
	}
	if (from->act == ACT_DONE)
		incident->done_by = text_intern(&apply->core->texts, apply->event->by);
	if (from->act == ACT_VERIFY)
		incident->verified_by = text_intern(&apply->core->texts, apply->event->by);
}

enum disp_err apply_incident_state(struct apply *apply)
{
	const struct effect_incident_state *from = &apply->effect->u.incident_state;
	struct core *core = apply->core;
	struct incident *incident = incident_edit(core, from->incident);

	if (incident == NULL || incident->state != from->from || from->to >= INCIDENT_STATE_COUNT)
		return DISP_E_DAMAGED;
	bool was_ended = incident_ended(from->from), is_ended = incident_ended(from->to);

	incident->state = from->to;
	incident->disposition = from->disposition;
	note_people(apply, incident);
	if (from->act == ACT_SPLIT) /* it stands where it stood: nothing happened to it now */
		incident->ended_ms = 0;
	else
		stamp_state(incident, from->to, apply->event->at_ms);
	if (from->to >= INCIDENT_DONE_REPORTED || from->act == ACT_REOPEN)
		incident->over_ms = apply->event->at_ms;
	if (is_ended != was_ended)
		move_list(core, incident, is_ended);
	incident->agenda = 1;
	incident_rewind(core, incident);
	return DISP_OK;
}

enum disp_err apply_incident_level(struct apply *apply)
{
	struct incident *incident = incident_edit(apply->core, apply->effect->u.incident_level.incident);

	if (incident == NULL || apply->effect->u.incident_level.level > PLAYBOOK_LEVELS_MAX)
		return DISP_E_DAMAGED;
	incident->level = apply->effect->u.incident_level.level;
	incident->agenda = 1;
	incident_rewind(apply->core, incident);
	return DISP_OK;
}

enum disp_err apply_incident_climb(struct apply *apply)
{
	struct incident *incident = incident_edit(apply->core, apply->effect->u.incident_climb.incident);

	if (incident == NULL)
		return DISP_E_DAMAGED;
	incident->rung = apply->effect->u.incident_climb.rung;
	incident->climb_ms = apply->effect->u.incident_climb.again_ms;
	incident_rewind(apply->core, incident);
	return DISP_OK;
}

enum disp_err apply_step(struct apply *apply)
{
	const struct effect_step *from = &apply->effect->u.step;
	struct incident *incident = incident_edit(apply->core, from->incident);

	if (incident == NULL || from->step >= PLAYBOOK_STEPS_MAX)
		return DISP_E_DAMAGED;
	incident->mark[from->step] = (struct step_mark){
		.state = from->state, .why = from->why, .progress = from->progress, .due_ms = from->due_ms};
	incident_rewind(apply->core, incident);
	return DISP_OK;
}

enum disp_err apply_deadline(struct apply *apply)
{
	const struct effect_deadline *from = &apply->effect->u.deadline;
	struct incident *incident = incident_edit(apply->core, from->incident);

	if (incident == NULL || from->kind >= DEADLINE_COUNT || from->state >= DEADLINE_STATE_COUNT)
		return DISP_E_DAMAGED;
	incident->deadline[from->kind] = (struct deadline){
		.due_ms = from->due_ms, .state = from->state, .held = from->held, .own_ms = from->own_ms};
	incident_rewind(apply->core, incident);
	return DISP_OK;
}

enum disp_err apply_agenda(struct apply *apply)
{
	const struct effect_agenda *from = &apply->effect->u.agenda;
	struct incident *incident = incident_edit(apply->core, from->incident);
	struct town_state *town = state_edit(apply->core, TABLE_TOWN, 1);

	if (incident == NULL)
		return DISP_E_DAMAGED;
	incident->agenda = from->on;
	if (!from->on) {
		uint8_t short_of = from->retry_ms != 0;

		town->short_count += short_of;
		town->short_count -= incident->short_of;
		incident->short_of = short_of;
		incident->retry_ms = from->retry_ms;
	}
	incident_rewind(apply->core, incident);
	return DISP_OK;
}

/* --- forgetting -------------------------------------------------------------------------------- */

static void forget_calls(struct core *core, uint32_t number)
{
	for (uint32_t slot = state_slot(core, TABLE_TASK, number); slot != 0;) {
		uint32_t previous = task_at(core, slot)->previous;

		state_free(core, TABLE_TASK, slot);
		slot = state_slot(core, TABLE_TASK, previous);
	}
}

static void forget_orders(struct core *core, const struct incident *incident)
{
	for (uint32_t slot = incident->first_order; slot != 0;) {
		const struct order *order = order_at(core, slot);
		uint32_t next = order->next, supply_slot = order->first_supply;

		while (supply_slot != 0) {
			uint32_t next_supply = supply_at(core, supply_slot)->next;

			state_free(core, TABLE_SUPPLY, supply_slot);
			supply_slot = next_supply;
		}
		forget_calls(core, order->call_task);
		timer_set(core, TIMER_ORDER, slot, 0);
		state_free(core, TABLE_ORDER, slot);
		slot = next;
	}
}

static void forget(struct core *core, struct incident *incident)
{
	alert_forget(core, incident);
	forget_orders(core, incident);
	for (uint32_t slot = incident->first_need; slot != 0;) {
		uint32_t next = need_at(core, slot)->next;

		state_free(core, TABLE_NEED, slot);
		slot = next;
	}
	for (uint32_t slot = incident->first_notice; slot != 0;) {
		const struct notice *notice = notice_at(core, slot);
		uint32_t next = notice->next;

		forget_calls(core, notice->call_task);
		timer_set(core, TIMER_NOTICE, slot, 0);
		state_free(core, TABLE_NOTICE, slot);
		slot = next;
	}
	/* Marked only now: what came before may have filled the list of marks and settled it. */
	struct playbook *playbook = state_edit(core, TABLE_PLAYBOOK, incident->playbook);
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	if (playbook != NULL)
		playbook->incidents--;
	town->short_count -= incident->short_of;
	list_remove(core, &town->closed_first, &town->closed_last, incident);
	nearby_drop(&core->open, incident->r.slot); /* one that was merged is still there */
	timer_set(core, TIMER_INCIDENT, incident->r.slot, 0);
	heap_drop(&core->agenda, incident->r.slot);
	state_free(core, TABLE_INCIDENT, incident->r.slot);
}

static bool nearly_full(const struct core *core)
{
	static const enum table watched[] = {
		TABLE_INCIDENT, TABLE_NEED, TABLE_ORDER, TABLE_SUPPLY, TABLE_NOTICE, TABLE_TASK};

	for (uint32_t index = 0; index < sizeof watched / sizeof watched[0]; index++)
		if (table_nearly_full(core, watched[index]))
			return true;
	return false;
}

enum { CHAIN_MAX = 64 };

/* A case that was passed over is merged into this one, at once or by others: it could not be found without it. */
static bool holds_another(const struct core *core, uint32_t upto)
{
	for (uint32_t slot = town_of(core)->closed_first; slot != upto;
		slot = incident_at(core, slot)->next) {
		uint32_t into = slot;

		for (uint32_t count = 0; into != 0 && count < CHAIN_MAX; count++) {
			into = state_slot(core, TABLE_INCIDENT, incident_at(core, into)->merged_into);
			if (into == upto)
				return true;
		}
	}
	return false;
}

/*
 * A merged case whose crews are out for weeks, or are still wanted, is passed over: it must not keep the others. Those
 * before the one that is found are few, and were closed before what they are merged into. 0: none is over.
 */
static uint32_t oldest_over(const struct core *core)
{
	uint32_t slot = town_of(core)->closed_first;

	while (slot != 0 && (incident_at(core, slot)->agenda || incident_at(core, slot)->live_orders > 0 ||
				    incident_at(core, slot)->short_of || holds_another(core, slot)))
		slot = incident_at(core, slot)->next;
	return slot;
}

void incidents_forget(struct core *core)
{
	while (alone_forget(core))
		;
	while (nearly_full(core)) {
		struct incident *oldest = state_edit(core, TABLE_INCIDENT, oldest_over(core));

		if (oldest == NULL)
			return;
		forget(core, oldest);
	}
}
