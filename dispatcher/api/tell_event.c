/* tell_event: what came in, as a line for people; and how lines grow. */
#include "api/tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "api/tell_line.h"
#include "wire/ids.h"
#include "wire/utf8.h"

/* --- lines ----------------------------------------------------------------------------------------- */

/* Whole characters only. */
static uint32_t whole(const char *text, uint32_t len)
{
	while (len > 0 && !utf8_valid((struct text){text, len}))
		len--;
	return len;
}

static void append(char *line, uint32_t *used, const char *format, va_list list)
{
	char piece[TELL_SIZE];
	int len = vsnprintf(piece, sizeof(piece), format, list);
	uint32_t add = len < 0                         ? 0
		       : (uint32_t)len < sizeof(piece) ? (uint32_t)len
						       : (uint32_t)sizeof(piece) - 1;

	if (add > TELL_SIZE - *used)
		add = TELL_SIZE - *used;
	if ((uint32_t)len != add)
		add = whole(piece, add);
	memcpy(line + *used, piece, add);
	*used += add;
}

void line_en(struct tell *out, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	append(out->en, &out->en_len, format, list);
	va_end(list);
}

void line_zh(struct tell *out, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	append(out->zh, &out->zh_len, format, list);
	va_end(list);
}

void line_quote(struct tell *out, const char *en, const char *zh, struct text text)
{
	uint32_t len = text.len <= 300 ? text.len : whole(text.ptr, 300);

	if (len == 0)
		return;
	line_en(out, "%s%.*s", en, (int)len, text.ptr);
	line_zh(out, "%s%.*s", zh, (int)len, text.ptr);
}

const char *tell_span(char *out, int64_t span_ms, bool en)
{
	unsigned long whole_s = tell_whole(span_ms), minutes = whole_s / 60, seconds = whole_s % 60;

	if (minutes == 0)
		(void)snprintf(out, 32, en ? "%lu s" : "%lu秒", seconds);
	else if (seconds == 0)
		(void)snprintf(out, 32, en ? "%lu min" : "%lu分", minutes);
	else
		(void)snprintf(out, 32, en ? "%lu min %02lu s" : "%lu分%02lu秒", minutes, seconds);
	return out;
}

void line_span(struct tell *out, int64_t span_ms)
{
	char span[32];

	line_en(out, "%s", tell_span(span, span_ms, true));
	line_zh(out, "%s", tell_span(span, span_ms, false));
}

static void name_add(struct line_name *name, struct text text)
{
	uint32_t room = (uint32_t)sizeof(name->text) - (uint32_t)name->len;
	uint32_t add = text.len < room ? text.len : whole(text.ptr, room);

	if (add > 0 && text.ptr != NULL)
		memcpy(name->text + name->len, text.ptr, add);
	name->len += (int)add;
}

struct line_name line_name(struct text id, struct text name)
{
	struct line_name out = {.len = 0};

	name_add(&out, id);
	if (id.len > 0 && name.len > 0)
		name_add(&out, TEXT(" "));
	name_add(&out, name);
	return out;
}

struct line_name line_who(const struct core *core, struct text by)
{
	uint32_t person = query_find(core, TABLE_PERSON, by);

	return line_name(by, query_name(core, TABLE_PERSON, person));
}

/* --- events ---------------------------------------------------------------------------------------- */

static void quote(struct tell *out, struct text text)
{
	line_quote(out, ": ", ":", text);
}

static void tell_alarm_event(struct tell *out, const struct event_alarm *alarm)
{
	struct text zh = query_word_zh(alarm->type);

	line_en(out, "%.*s %.*s by %.*s", (int)alarm->type.len, alarm->type.ptr,
		(int)words_of(WORDS_ALARM_STATE, alarm->state).len,
		words_of(WORDS_ALARM_STATE, alarm->state).ptr, (int)alarm->source.len, alarm->source.ptr);
	line_zh(out, "%.*s%.*s:%.*s", (int)zh.len, zh.ptr, (int)words_zh(WORDS_ALARM_STATE, alarm->state).len,
		words_zh(WORDS_ALARM_STATE, alarm->state).ptr, (int)alarm->source.len, alarm->source.ptr);
	quote(out, alarm->text);
}

/* Whose order it is, where somebody else answers for it. */
static struct line_name holder_of(const struct core *core, uint32_t number)
{
	static const enum table table[TARGET_COUNT] = {
		[TARGET_UNIT] = TABLE_UNIT, [TARGET_DEPOT] = TABLE_DEPOT, [TARGET_DEVICE] = TABLE_DEVICE};
	uint32_t slot = query_slot(core, TABLE_ORDER, number);
	const struct order *order = slot == 0 ? NULL : query_at(core, TABLE_ORDER, slot);

	if (order == NULL || order->target >= TARGET_COUNT || table[order->target] == TABLE_TOWN)
		return (struct line_name){.len = 0};
	return line_name(query_id(core, table[order->target], order->who),
		query_name(core, table[order->target], order->who));
}

/* A yes that came too late and counts all the same, and whom it calls back. */
static void tell_late_yes(
	struct tell *out, const struct core *core, const struct effects *effects, uint32_t number)
{
	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect_order_state *state = &effects->item[i].u.order_state;
		bool said = effects->item[i].kind == EFFECT_ORDER_STATE;
		char id[ID_SIZE];

		if (said && state->order == number && state->from == ORDER_EXPIRED) {
			line_en(out, "; late, and nobody else had said yes: the order is in force again");
			line_zh(out, ";虽已逾时但尚无人承担,派遣恢复有效");
		} else if (said && state->to == ORDER_RECALLED) {
			struct line_name instead = holder_of(core, state->order);
			struct text order = ids_write(ID_ORDER, state->order, id);

			line_en(out,
				"; %.*s, who was asked instead and had not answered, is called back (%.*s)",
				instead.len, instead.text, (int)order.len, order.ptr);
			line_zh(out, ";撤回尚未答复的替补%.*s(%.*s)", instead.len, instead.text,
				(int)order.len, order.ptr);
		}
	}
}

static void tell_answer_event(struct tell *out, const struct core *core, const struct event_answer *answer)
{
	struct line_name holder = holder_of(core, answer->order);
	char id[ID_SIZE];
	struct text order = ids_write(ID_ORDER, answer->order, id);
	struct text en = words_of(WORDS_ANSWER, answer->answer), zh = words_zh(WORDS_ANSWER, answer->answer);

	line_en(out, "order %.*s: %.*s", (int)order.len, order.ptr, (int)en.len, en.ptr);
	line_zh(out, "派遣%.*s:%.*s", (int)order.len, order.ptr, (int)zh.len, zh.ptr);
	if (answer->who.len > 0) {
		struct line_name who = line_who(core, answer->who);

		line_en(out, " (%.*s)", who.len, who.text);
		line_zh(out, "(%.*s)", who.len, who.text);
	} else if (holder.len > 0) {
		line_en(out, " (%.*s)", holder.len, holder.text);
		line_zh(out, "(%.*s)", holder.len, holder.text);
	}
	quote(out, answer->reason);
}

static void tell_load_event(struct tell *out, const struct event_load *load)
{
	bool town = load->what == EVENT_TOWN;

	line_en(out, "%s read again: %u %s out of %.*s", town ? "the town pack" : "the playbooks",
		load->count, town ? "rows" : "playbooks", (int)load->dir.len, load->dir.ptr);
	line_zh(out, town ? "重新加载城镇数据:%u行,来自%.*s" : "重新加载预案:%u份,来自%.*s", load->count,
		(int)load->dir.len, load->dir.ptr);
}

static void tell_lead_event(struct tell *out, const struct event *event)
{
	const struct event_lead *lead = &event->u.lead;

	line_en(out, "%.*s leads from here on%s", (int)lead->holder.len, lead->holder.ptr,
		lead->forced ? ", by a person's word that the other machine is off" : "");
	line_zh(out, "由%.*s接替值守%s", (int)lead->holder.len, lead->holder.ptr,
		lead->forced ? "(人工强制接管,已确认另一台已关机)" : "");
	quote(out, lead->reason);
}

/* What people wrote with it, where the kind of event has such a field and is about nothing that has a name. */
static struct text remark_of(const struct event *event)
{
	switch (event->kind) {
	case EVENT_OPEN:
		return event->u.open.text;
	case EVENT_ACT:
		return event->u.act.reason;
	case EVENT_SILENCE:
		return event->u.silence.reason;
	case EVENT_TASK:
		return event->u.task.note;
	case EVENT_NOTICE_ANSWER:
		return event->u.notice_answer.text;
	case EVENT_FACT:
		return event->u.fact.text;
	case EVENT_PAPER:
		return event->u.paper.text;
	case EVENT_ACK:
		return event->u.ack.note;
	default:
		return (struct text){NULL, 0};
	}
}

/* The events that have a sentence of their own. False: it is told by its word. */
static bool tell_own(
	struct tell *out, const struct core *core, const struct event *event, const struct effects *effects)
{
	switch (event->kind) {
	case EVENT_ALARM:
		tell_alarm_event(out, &event->u.alarm);
		return true;
	case EVENT_ANSWER:
		tell_answer_event(out, core, &event->u.answer);
		if (event->u.answer.answer < ANSWER_DONE)
			tell_late_yes(out, core, effects, event->u.answer.order);
		return true;
	case EVENT_LOAD:
		tell_load_event(out, &event->u.load);
		return true;
	case EVENT_LEAD:
		tell_lead_event(out, event);
		return true;
	case EVENT_KEY:
		tell_key_event(out, core, &event->u.key);
		return true;
	case EVENT_ASIDE:
		tell_aside_event(out, &event->u.aside);
		return true;
	case EVENT_SHIFT:
		tell_desk_event(out, core, event);
		return true;
	default:
		return false;
	}
}

/* A tick is what became due. False: nothing of it can be told. */
static bool tell_tick(struct tell *out, const struct core *core, const struct effects *effects)
{
	uint32_t index = effects->count > 1 && effects->item[0].kind == EFFECT_RESULT ? 1 : 0;
	struct tell first = {0};

	if (!tell_effect(&first, core, &effects->item[index]))
		return false;
	line_en(out, "the clock: %.*s", (int)first.en_len, first.en);
	line_zh(out, "到时:%.*s", (int)first.zh_len, first.zh);
	return true;
}

/* What an act rests on, and the sensor that it is about. */
static void tell_act(struct tell *out, const struct event_act *act)
{
	struct line_name evidence = line_name(act->evidence, (struct text){NULL, 0});
	struct line_name device = line_name(act->device, (struct text){NULL, 0});

	if (act->evidence.len > 0) {
		line_en(out, " (evidence %.*s)", evidence.len, evidence.text);
		line_zh(out, "(依据%.*s)", evidence.len, evidence.text);
	}
	if (act->device.len > 0) {
		line_en(out, " (sensor %.*s)", device.len, device.text);
		line_zh(out, "(设备%.*s)", device.len, device.text);
	}
}

void tell_event(
	struct tell *out, const struct core *core, const struct event *event, const struct effects *effects)
{
	struct text en = words_of(WORDS_EVENT, event->kind), zh = words_zh(WORDS_EVENT, event->kind);

	out->en_len = out->zh_len = 0;
	if (tell_own(out, core, event, effects))
		return;
	if (event->kind == EVENT_ACT) {
		en = words_of(WORDS_INCIDENT_ACT, event->u.act.act);
		zh = words_zh(WORDS_INCIDENT_ACT, event->u.act.act);
	} else if (event->kind == EVENT_FACT) {
		en = words_of(WORDS_FACT, event->u.fact.fact);
		zh = words_zh(WORDS_FACT, event->u.fact.fact);
	} else if (event->kind == EVENT_TICK && effects->count > 0) {
		if (tell_tick(out, core, effects))
			return;
		en = TEXT("time");
	}
	line_en(out, "%.*s", (int)en.len, en.ptr);
	line_zh(out, "%.*s", (int)zh.len, zh.ptr);
	if (!tell_remark(out, core, event))
		quote(out, remark_of(event));
	if (event->kind == EVENT_ACT)
		tell_act(out, &event->u.act);
}
