/* stray_text: see the header. */
#include "shell/stray_text.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/query.h"
#include "wire/ids.h"
#include "wire/time_text.h"

enum { NAMED_MAX = 8 };

#define SAID(text_)      (int)(text_).len, (text_).len > 0 ? (text_).ptr : ""
#define WORD(set, value) SAID(words_zh((set), (value))), SAID(words_of((set), (value)))

struct said {
	char *text;
	size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct said *said, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int len = vsnprintf(said->text + said->used, STRAY_TEXT_BYTES - said->used, format, arguments);

	va_end(arguments);
	if (len < 0 || (size_t)len >= STRAY_TEXT_BYTES - said->used)
		said->text[said->used] = '\0'; /* what does not fit whole is left out */
	else
		said->used += (size_t)len;
}

static void add_id(struct said *said, const char *what, enum id_kind kind, uint64_t number)
{
	char id[ID_SIZE];

	if (number != 0)
		add(said, "%s %.*s", what, SAID(ids_write(kind, number, id)));
}

static void add_incident(struct said *said, uint32_t number)
{
	add_id(said, "; 事件 incident", ID_INCIDENT, number);
}

static void add_quoted(struct said *said, struct text text)
{
	if (text.len > 0)
		add(said, ", “%.*s”", SAID(text));
}

static struct text id_of(const struct core *core, uint8_t target, uint32_t who)
{
	struct text id = {.len = 0};

	if (target == TARGET_UNIT)
		id = query_id(core, TABLE_UNIT, who);
	else if (target == TARGET_DEPOT)
		id = query_id(core, TABLE_DEPOT, who);
	else if (target == TARGET_DEVICE)
		id = query_id(core, TABLE_DEVICE, who);
	return id.len > 0 ? id : TEXT("?");
}

/* --- what was asked ------------------------------------------------------------------------------------- */

static void add_answer(struct said *said, const struct event_answer *answer)
{
	add_id(said, "; 指令 order", ID_ORDER, answer->order);
	add(said, ": %.*s %.*s", WORD(WORDS_ANSWER, answer->answer));
	if (answer->who.len > 0)
		add(said, " (%.*s)", SAID(answer->who));
	add_quoted(said, answer->reason);
}

static void add_act(struct said *said, const struct event_act *act)
{
	add_incident(said, act->incident);
	add(said, ": %.*s %.*s", WORD(WORDS_INCIDENT_ACT, act->act));
	if (act->act == ACT_CLOSE)
		add(said, " (%.*s %.*s)", WORD(WORDS_DISPOSITION, act->disposition));
	add_id(said, " →", ID_INCIDENT, act->other);
	add_quoted(said, act->reason);
}

static void add_goods(struct said *said, const struct event *event)
{
	if (event->kind == EVENT_SUPPLY) {
		add_incident(said, event->u.supply.incident);
		add(said, "; %.*s × %u, %.*s", SAID(event->u.supply.item), event->u.supply.quantity,
			SAID(event->u.supply.depot));
		return;
	}
	const struct event_stock_move *move = &event->u.stock_move;

	add(said, "; %.*s %.*s: %.*s × %lld, %.*s", WORD(WORDS_STOCK_ACT, move->act), SAID(move->item),
		(long long)move->quantity, SAID(move->depot));
	add_incident(said, move->incident);
	add_quoted(said, move->reason);
}

/* Of what people do to an incident beside its state. */
static void add_case(struct said *said, const struct event *event)
{
	switch (event->kind) {
	case EVENT_ADD:
		add_incident(said, event->u.add.incident);
		add(said, "; %.*s × %u", SAID(event->u.add.skills), event->u.add.count);
		break;
	case EVENT_SEND:
		add_incident(said, event->u.send.incident);
		add(said, " → %.*s", SAID(event->u.send.unit));
		break;
	case EVENT_FACT:
		add_incident(said, event->u.fact.incident);
		add(said, "; %.*s %.*s", WORD(WORDS_FACT, event->u.fact.fact));
		add_quoted(said, event->u.fact.text);
		break;
	case EVENT_REPORT:
		add_incident(said, event->u.report.incident);
		add(said, "; %.*s %.*s → %.*s", WORD(WORDS_REPORT, event->u.report.report),
			SAID(event->u.report.to));
		break;
	case EVENT_ACK:
		add_incident(said, event->u.ack.incident);
		add_quoted(said, event->u.ack.note);
		break;
	default:
		break;
	}
}

/* Of the town, and of whoever was to be told. */
static void add_rest(struct said *said, const struct event *event)
{
	switch (event->kind) {
	case EVENT_NOTICE_ANSWER:
		add_id(said, "; 通知 notice", ID_NOTICE, event->u.notice_answer.notice);
		add(said, " (%.*s)", SAID(event->u.notice_answer.who));
		add_quoted(said, event->u.notice_answer.text);
		break;
	case EVENT_TASK:
		add_id(said, "; 电话 call", ID_TASK, event->u.task.task);
		add(said, ": %.*s %.*s", WORD(WORDS_TASK_STATE, event->u.task.state));
		add_quoted(said, event->u.task.note);
		break;
	case EVENT_SWAP:
		add_id(said, "; 指令 order", ID_ORDER, event->u.swap.order);
		add(said, " → %.*s", SAID(event->u.swap.unit));
		add_quoted(said, event->u.swap.reason);
		break;
	case EVENT_UNIT_SET:
		add(said, "; %.*s: %.*s %.*s", SAID(event->u.unit_set.unit),
			WORD(WORDS_UNIT_STATE, event->u.unit_set.state));
		add_quoted(said, event->u.unit_set.reason);
		break;
	case EVENT_RELEASE:
		add(said, "; %.*s %.*s", WORD(WORDS_RELEASE, event->u.release.release));
		add_quoted(said, event->u.release.reason);
		break;
	case EVENT_RESPONSE:
		add(said, "; %.*s %.*s", WORD(WORDS_RESPONSE, event->u.response.level));
		add_quoted(said, event->u.response.reason);
		break;
	default:
		break;
	}
}

static void add_asked(struct said *said, const struct event *event)
{
	if (event->kind == EVENT_ANSWER)
		add_answer(said, &event->u.answer);
	else if (event->kind == EVENT_ACT)
		add_act(said, &event->u.act);
	else if (event->kind == EVENT_SUPPLY || event->kind == EVENT_STOCK_MOVE)
		add_goods(said, event);
	else if (event->kind == EVENT_ALARM)
		add(said, "; %.*s %.*s", SAID(event->u.alarm.source), SAID(event->u.alarm.type));
	add_case(said, event);
	add_rest(said, event);
}

/* --- what came of it -------------------------------------------------------------------------------------- */

static void add_opened(struct said *said, const struct effects *effects)
{
	for (uint32_t index = 0; index < effects->count; index++)
		if (effects->item[index].kind == EFFECT_INCIDENT)
			add_id(said, "; 立案 opened", ID_INCIDENT, effects->item[index].u.incident.number);
}

/* To whom orders have gone: they obey them, and nobody here has given them. */
static uint32_t add_orders(struct said *said, const struct core *core, const struct effects *effects)
{
	uint32_t orders = 0, incident = 0;
	char id[ID_SIZE];

	for (uint32_t index = 0; index < effects->count; index++) {
		const struct effect *effect = &effects->item[index];

		if (effect->kind != EFFECT_ORDER || ++orders > NAMED_MAX)
			continue;
		incident = effect->u.order.incident;
		add(said, "%s%.*s→%.*s", orders == 1 ? "; 已发指令 orders sent: " : ", ",
			SAID(ids_write(ID_ORDER, effect->u.order.number, id)),
			SAID(id_of(core, effect->u.order.target, effect->u.order.who)));
	}
	if (orders > NAMED_MAX)
		add(said, " …(%u)", orders);
	if (orders > 0)
		add_incident(said, incident);
	return orders;
}

struct text stray_text(const struct core *core, const struct event *event, const struct effects *effects,
	char *out, uint32_t *orders)
{
	struct said said = {.text = out, .used = 0};
	char at[TIME_LOCAL_LEN + 1] = "";

	out[0] = '\0';
	time_format_local(event->at_ms, query_town(core)->offset_min, at);
	add(&said, "%s 另一台 the other: %.*s %.*s", at, WORD(WORDS_EVENT, event->kind));
	if (event->by.len > 0)
		add(&said, " (%.*s)", SAID(event->by));
	add_asked(&said, event);
	add_opened(&said, effects);
	*orders = add_orders(&said, core, effects);
	return (struct text){out, (uint32_t)said.used};
}
