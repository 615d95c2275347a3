/* call_over: what a call or a no leaves open: nobody was reached, the order has no answer yet, the crew may be unfit. */
#include "api/internal.h"

#include "api/tell.h"
#include "api/tell_line.h"
#include "wire/time_text.h"

#define SAID(text_) (int)(text_).len, (text_).ptr

static const void *record_of(const struct core *core, enum table table, uint32_t number)
{
	uint32_t slot = number == 0 ? 0 : query_slot(core, table, number);

	return slot == 0 ? NULL : query_at(core, table, slot);
}

static struct text time_said(const struct core *core, int64_t at_ms, char memory[TIME_LOCAL_LEN + 1])
{
	time_format_local(at_ms, query_town(core)->offset_min, memory);
	return (struct text){memory, TIME_LOCAL_LEN};
}

/* Which try it was, and when the next one comes; after the last the name climbs. */
static void say_try(struct tell *tell, const struct core *core, const struct notice *notice)
{
	char memory[TIME_LOCAL_LEN + 1] = "";
	struct text next = time_said(core, notice->due_ms, memory);

	line_en(tell, ", try %u of %u", notice->told, notice->told + notice->tries);
	line_zh(tell, ",第%u次(共%u次)", notice->told, notice->told + notice->tries);
	if (notice->due_ms == 0 || notice->state != NOTICE_PENDING)
		return;
	if (notice->tries > 0) {
		line_en(tell, "; the next call comes at %.*s", SAID(next));
		line_zh(tell, ",下次叫应在%.*s", SAID(next));
	} else {
		line_en(tell, ", the last; if nobody answers until %.*s it goes up to somebody above",
			SAID(next));
		line_zh(tell, ",已是最后一次;至%.*s仍无人应答即转报上级", SAID(next));
	}
}

/* The order that the call was about waits for its answer still: this was not it. */
static void say_order_waits(struct tell *tell, const struct core *core, const struct order *order)
{
	char memory[TIME_LOCAL_LEN + 1] = "", number[ID_SIZE];
	struct text until = time_said(core, order->respond_by_ms, memory);
	struct text id = ids_write(ID_ORDER, order->r.number, number);

	line_en(tell, "; ORDER %.*s STILL HAS NO ANSWER", SAID(id));
	line_zh(tell, ";注意:派遣%.*s仍未答复", SAID(id));
	if (order->respond_by_ms != 0) {
		line_en(tell, " (waited for until %.*s)", SAID(until));
		line_zh(tell, "(等到%.*s)", SAID(until));
	}
	line_en(tell, "; what was said: order answer %.*s accept, or decline", SAID(id));
	line_zh(tell, ",请记录对方答复:order answer %.*s accept(或 decline)", SAID(id));
}

void tell_call_over(struct tell *tell, const struct core *core, const struct event *event)
{
	const struct task *task = record_of(core, TABLE_TASK, event->u.task.task);
	const struct notice *notice = record_of(core, TABLE_NOTICE, task == NULL ? 0 : task->notice);
	const struct order *order = record_of(core, TABLE_ORDER, task == NULL ? 0 : task->order);

	if (task == NULL || event->u.task.state != TASK_DONE)
		return;
	if (event->u.task.silent) {
		line_en(tell, "; NOBODY WAS REACHED");
		line_zh(tell, ";未联系到人");
		if (notice != NULL)
			say_try(tell, core, notice);
	}
	if (order != NULL && (order->state == ORDER_ISSUED || order->state == ORDER_DELIVERED))
		say_order_waits(tell, core, order);
}

void tell_declined(struct tell *tell, const struct core *core, const struct event *event)
{
	const struct event_answer *answer = &event->u.answer;
	const struct order *order = record_of(core, TABLE_ORDER, answer->order);

	if (answer->answer != ANSWER_DECLINE || answer->reason.len == 0 || order == NULL ||
		order->target != TARGET_UNIT)
		return;
	struct text unit = query_id(core, TABLE_UNIT, order->who);

	line_en(tell, "; if it cannot be sent at all: unit-set %.*s out_of_service", SAID(unit));
	line_zh(tell, ";该力量若不能再派,请报:radio \"%.*s 停用 %.*s\"", SAID(unit), SAID(answer->reason));
}
