/* refusal_desk: why a command about shifts or alerts was refused. */
#include "api/refusal_desk.h"

#include <stddef.h>

#include "api/tell_line.h"
#include "wire/ids.h"

#define SAID(text_) (int)(text_).len, (text_).ptr

static struct text person_said(const struct event *event)
{
	return event->u.shift.person.len > 0 ? event->u.shift.person : event->by;
}

/* How many persons of the town it may mean. */
static uint32_t bearers(const struct core *core, struct text said)
{
	uint32_t name = query_text_find(core, said), count = 0;

	if (query_find(core, TABLE_PERSON, said) != 0)
		return 1;
	for (uint32_t slot = 1; name != 0 && slot <= query_used(core, TABLE_PERSON); slot++) {
		const struct person *person = query_at(core, TABLE_PERSON, slot);

		count += person != NULL && person->name == name;
	}
	return count;
}

static bool say_person(struct tell *out, const struct core *core, struct text said)
{
	uint32_t count = bearers(core, said);

	if (count == 1)
		return false;
	if (said.len == 0) {
		line_en(out, "who? name a person of the town");
		line_zh(out, "请写明人员(编号或姓名)");
	} else if (count == 0) {
		line_en(out, "%.*s is no person of the town; see people list", SAID(said));
		line_zh(out, "没有人员“%.*s”,可用 people list 查看", SAID(said));
	} else {
		line_en(out, "%u persons are called %.*s; give the id", count, SAID(said));
		line_zh(out, "有%u人名为“%.*s”,请用编号", count, SAID(said));
	}
	return true;
}

static void say_shift(struct tell *out, const struct core *core, const struct event *event, uint8_t outcome)
{
	const struct event_shift *shift = &event->u.shift;
	struct text person = person_said(event);

	if (shift->act == SHIFT_PRESENT || say_person(out, core, person) ||
		(shift->act == SHIFT_HANDOVER && say_person(out, core, shift->to)))
		return;
	if (outcome == OUTCOME_UNCHANGED) {
		line_en(out, "%.*s is on duty already", SAID(person));
		line_zh(out, "%.*s已在岗", SAID(person));
	} else if (outcome == OUTCOME_WRONG_STATE) {
		line_en(out, "%.*s is not on duty; shift on comes first", SAID(person));
		line_zh(out, "%.*s未在岗,请先上岗(shift on)", SAID(person));
	} else if (outcome == OUTCOME_NOT_FOUND) {
		line_en(out, "who is meant is not in the town any more; see people list");
		line_zh(out, "该人员已注销,可用 people list 查看");
	} else if (shift->act == SHIFT_OFF) {
		line_en(out, "the last one on duty, and incidents are open: say why (note), or hand over");
		line_zh(out, "最后一名在岗人员,尚有未结事件:请注明原因(note),或交接班");
	} else if (shift->act == SHIFT_HANDOVER) {
		line_en(out, "to whom? not to the one who goes");
		line_zh(out, "不能交给本人,请写明接班人");
	}
}

static void say_ack(struct tell *out, const struct core *core, const struct event *event, uint8_t outcome)
{
	uint32_t number = event->u.ack.incident;
	char memory[ID_SIZE];
	struct text id = ids_write(ID_INCIDENT, number, memory);

	(void)core;
	if (outcome == OUTCOME_INVALID) {
		line_en(out, "who has seen it? by is missing");
		line_zh(out, "请写明确认人(by)");
	} else if (outcome == OUTCOME_NOT_FOUND) {
		line_en(out, "incident %.*s: there is none", SAID(id));
		line_zh(out, "没有事件%.*s", SAID(id));
	} else if (number == 0) {
		line_en(out, "no alert waits");
		line_zh(out, "没有未确认的提醒");
	} else {
		line_en(out, "no alert of incident %.*s waits", SAID(id));
		line_zh(out, "事件%.*s没有未确认的提醒", SAID(id));
	}
}

bool refusal_desk(struct tell *out, const struct core *core, const struct event *event, uint8_t outcome)
{
	if (outcome != OUTCOME_NOT_FOUND && outcome != OUTCOME_WRONG_STATE && outcome != OUTCOME_INVALID &&
		outcome != OUTCOME_UNCHANGED)
		return false;
	if (event->kind == EVENT_SHIFT)
		say_shift(out, core, event, outcome);
	else if (event->kind == EVENT_ACK)
		say_ack(out, core, event, outcome);
	return event->kind == EVENT_SHIFT || event->kind == EVENT_ACK;
}
