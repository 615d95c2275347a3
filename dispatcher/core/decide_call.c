/* decide_call: what persons say to a notice, and what becomes of call tasks. */
#include "core/decide.h"
#include "core/on_duty.h"

#include <stddef.h>

/*
 * A person by id, or by a name that one alone has; 0: nobody we know. Where several have the name, the one who was to
 * be called speaks: `asked`; an answer must not end the calls to a namesake.
 */
static uint32_t person_said(const struct core *core, struct text who, uint32_t asked)
{
	uint32_t found = state_find(core, TABLE_PERSON, who), name = text_find(&core->texts, who);
	uint32_t bearers = 0, bearer = 0;

	for (uint32_t slot = 1; found == 0 && name != 0 && slot <= core->table[TABLE_PERSON].used; slot++) {
		if (person_at(core, slot)->name != name || person_at(core, slot)->retired)
			continue;
		if (slot == asked)
			return slot;
		bearer = slot;
		bearers++;
	}
	return found != 0 ? found : bearers == 1 ? bearer : 0;
}

/* The text number of who answered: the person's id, or the name as given; 0: apply learns it from the event. */
static uint32_t answerer(const struct core *core, uint32_t person, struct text who)
{
	return person != 0 ? person_at(core, person)->id : text_find(&core->texts, who);
}

/* From a terminal: the one that was told, or another that the person holds. At the desk anybody may have called. */
static bool may_answer(const struct core *core, const struct notice *notice, struct text who, struct text by)
{
	const struct person *person = person_at(core, notice->person);
	uint32_t unit = state_find(core, TABLE_UNIT, who);

	if (by.len > 0)
		return true;
	return (unit != 0 && (unit == notice->unit || (person != NULL && unit == person->unit))) ||
	       (who.len > 0 && state_find(core, TABLE_PERSON, who) == notice->person);
}

void decide_notice_answer(struct decision *decision)
{
	const struct event_notice_answer *from = &decision->event->u.notice_answer;
	const struct core *core = decision->core;
	const struct notice *notice = notice_at(core, state_slot(core, TABLE_NOTICE, from->notice));
	struct text by = decision->event->by;

	if (notice == NULL || !notice_live(notice)) {
		emit_result(decision, notice == NULL ? OUTCOME_NOT_FOUND : OUTCOME_UNCHANGED, from->notice);
		return;
	}
	if (!may_answer(core, notice, from->who, by)) {
		emit_result(decision, OUTCOME_NOT_PERMITTED, from->notice);
		return;
	}
	bool other = by.len > 0 && from->who.len > 0;
	uint32_t person = other ? person_said(core, from->who, notice->person) : notice->person;

	emit_result(decision, OUTCOME_OK, from->notice);
	notice_answered(decision, notice, answerer(core, person, from->who), person);
}

uint32_t actor_of(const struct core *core, const struct event *event)
{
	return said_at_desk(event) ? person_said(core, event->by, 0) : 0;
}

void actor_knows(struct decision *decision)
{
	const struct core *core = decision->core;
	const struct effect *result = decision->out->item;
	const struct incident *incident = incident_by(core, touched_incident(core, decision->event));
	uint32_t person = incident == NULL ? 0 : actor_of(core, decision->event);

	if (person == 0 || decision->out->count == 0 || result->kind != EFFECT_RESULT ||
		result->u.result.outcome != OUTCOME_OK)
		return;
	for (uint32_t slot = incident->first_notice; slot != 0; slot = notice_at(core, slot)->next) {
		const struct notice *notice = notice_at(core, slot);

		if (notice->person != person || !notice_live(notice))
			continue;
		notice_answered(decision, notice, answerer(core, person, decision->event->by), person);
		return;
	}
}

/* Who takes a call about an order that waits for its answer is given the time to make it. */
static void give_time(struct decision *decision, const struct task *task)
{
	const struct core *core = decision->core;
	const struct order *order = order_by(core, task->order);

	if (order == NULL || order->target != TARGET_UNIT || order->respond_by_ms == 0 ||
		(order->state != ORDER_ISSUED && order->state != ORDER_DELIVERED))
		return;
	const struct incident *incident = incident_by(core, order->incident);
	int64_t until_ms =
		decision->event->at_ms +
		answer_ms_of(core, incident == NULL ? NULL : playbook_at(core, incident->playbook));

	if (until_ms > order->respond_by_ms)
		emit(decision, EFFECT_ORDER_STATE)->u.order_state =
			(struct effect_order_state){.order = order->r.number,
				.incident = order->incident,
				.from = order->state,
				.to = order->state,
				.why = order->why,
				.respond_by_ms = until_ms,
				.task = task->r.number};
}

static enum outcome may_change(const struct decision *decision, const struct task *task, uint8_t to)
{
	if (task == NULL)
		return OUTCOME_NOT_FOUND;
	if (to != TASK_TAKEN && to != TASK_DONE)
		return OUTCOME_INVALID;
	if (task->state >= TASK_DONE)
		return OUTCOME_WRONG_STATE;
	if (task->state != to)
		return OUTCOME_OK;
	return task->taken_by != 0 && text_equal(text_at(&decision->core->texts, task->taken_by),
					      decision->event->by)
		       ? OUTCOME_UNCHANGED
		       : OUTCOME_WRONG_STATE;
}

void decide_task(struct decision *decision)
{
	const struct event_task *from = &decision->event->u.task;
	const struct core *core = decision->core;
	const struct task *task = task_at(core, state_slot(core, TABLE_TASK, from->task));
	enum outcome outcome = may_change(decision, task, from->state);

	emit_result(decision, outcome, from->task);
	if (outcome != OUTCOME_OK)
		return;
	emit(decision, EFFECT_TASK_STATE)->u.task_state =
		(struct effect_task_state){.task = from->task, .to = from->state};
	if (from->state == TASK_TAKEN)
		give_time(decision, task);
	const struct notice *notice = notice_at(core, state_slot(core, TABLE_NOTICE, task->notice));

	if (from->state != TASK_DONE || from->silent || notice == NULL || !notice_live(notice))
		return;
	uint32_t person = from->who.len > 0 ? person_said(core, from->who, notice->person) : notice->person;

	notice_answered(decision, notice, answerer(core, person, from->who), person);
}
