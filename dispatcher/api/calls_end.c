/* calls_end: how many calls end because the work of a case is done: they leave the list, and the answer says so; see internal.h. */
#include "api/internal.h"

#include "api/tell.h"
#include "api/tell_line.h"

/* The case whose work is done, or that is over, by these effects; 0: none. */
static uint32_t case_over(const struct effects *effects)
{
	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect *effect = &effects->item[i];

		if (effect->kind == EFFECT_INCIDENT_STATE &&
			effect->u.incident_state.to >= INCIDENT_DONE_REPORTED &&
			effect->u.incident_state.from < INCIDENT_DONE_REPORTED)
			return effect->u.incident_state.incident;
	}
	return 0;
}

/* Ended by this decision as done: somebody has answered. */
static bool is_answered(const struct effects *effects, const struct task *task)
{
	for (uint32_t i = 0; i < effects->count; i++)
		if (effects->item[i].kind == EFFECT_TASK_STATE &&
			effects->item[i].u.task_state.task == task->r.number)
			return effects->item[i].u.task_state.to == TASK_DONE;
	return false;
}

/* It waits; or the row after has ended it already. */
static bool ends_with_it(const struct effects *effects, const struct task *task, int64_t at_ms)
{
	return ((task->state == TASK_OPEN || task->state == TASK_TAKEN) && !is_answered(effects, task)) ||
	       (task->state == TASK_CANCELLED && task->ended_ms >= at_ms);
}

void put_calls_end(
	struct page *page, struct tell *tell, const struct event *event, const struct effects *effects)
{
	uint32_t incident = case_over(effects), count = 0;

	for (uint32_t slot = 1; incident != 0 && slot <= query_used(page->core, TABLE_TASK); slot++) {
		const struct task *task = query_at(page->core, TABLE_TASK, slot);

		if (task != NULL && task->incident == incident && ends_with_it(effects, task, event->at_ms))
			count++;
	}
	if (count == 0)
		return;
	put_int(page, "calls_ended", count);
	line_en(tell, "; with it end %u calls that nobody need make any more", count);
	line_zh(tell, ";随之结束未拨电话%u个,不必再打", count);
}
