/* apply_alone: notices and calls that no case remembers, after they have ended: kept, oldest first, until their room is needed. */
#include "core/apply.h"

#include <stddef.h>

bool table_nearly_full(const struct core *core, enum table table)
{
	return state_room(core, table) < core->table[table].max / 8;
}

static struct alone *alone_edit(struct core *core)
{
	return &((struct town_state *)state_edit(core, TABLE_TOWN, 1))->alone;
}

void alone_keep_notice(struct core *core, struct notice *notice)
{
	struct alone *alone = alone_edit(core);
	struct notice *last = state_edit(core, TABLE_NOTICE, alone->last_notice);

	if (last != NULL)
		last->next = notice->r.slot;
	else
		alone->first_notice = notice->r.slot;
	alone->last_notice = notice->r.slot;
}

void alone_keep_task(struct core *core, struct task *task)
{
	struct alone *alone = alone_edit(core);
	struct task *last = state_edit(core, TABLE_TASK, alone->last_task);

	if (last != NULL)
		last->next = task->r.slot;
	else
		alone->first_task = task->r.slot;
	alone->last_task = task->r.slot;
}

static bool forget_notice(struct core *core)
{
	uint32_t slot = town_of(core)->alone.first_notice;

	if (slot == 0 || !table_nearly_full(core, TABLE_NOTICE))
		return false;
	struct alone *alone = alone_edit(core);

	alone->first_notice = notice_at(core, slot)->next;
	if (alone->first_notice == 0)
		alone->last_notice = 0;
	state_free(core, TABLE_NOTICE, slot);
	return true;
}

static bool forget_task(struct core *core)
{
	uint32_t slot = town_of(core)->alone.first_task;

	if (slot == 0 || !table_nearly_full(core, TABLE_TASK))
		return false;
	struct alone *alone = alone_edit(core);

	alone->first_task = task_at(core, slot)->next;
	if (alone->first_task == 0)
		alone->last_task = 0;
	state_free(core, TABLE_TASK, slot);
	return true;
}

bool alone_forget(struct core *core)
{
	return forget_notice(core) || forget_task(core);
}
