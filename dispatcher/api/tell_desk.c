/* tell_desk: shifts, alerts, the bell and presence as lines for people; for api/tell*.c alone. */
#include "api/tell.h"

#include "api/tell_line.h"

#define EN(set, value) (int)words_of((set), (value)).len, words_of((set), (value)).ptr
#define ZH(set, value) (int)words_zh((set), (value)).len, words_zh((set), (value)).ptr

/* Whom nobody's answer reaches, rung by rung; as in core/desk_bell.c. */
static const uint32_t rung_who[] = {0, WHO_LEADER, WHO_OFFICE, WHO_COMMITTEE};
enum { RUNGS = sizeof(rung_who) / sizeof(rung_who[0]) };

static void tell_shift(struct tell *out, const struct core *core, const struct effect_shift *shift)
{
	struct line_name person = line_name(
		query_id(core, TABLE_PERSON, shift->person), query_name(core, TABLE_PERSON, shift->person));

	line_en(out, "%.*s %s", person.len, person.text,
		shift->act == SHIFT_ON ? "comes on duty" : "goes off duty");
	line_zh(out, "%.*s%.*s", person.len, person.text, ZH(WORDS_SHIFT_ACT, shift->act));
}

static void tell_alert(struct tell *out, const struct effect_alert *alert)
{
	if (alert->to == ALERT_SEEN) {
		line_en(out,
			alert->incident == 0 ? "all alerts have been seen" : "its alerts have been seen");
		line_zh(out, alert->incident == 0 ? "全部提醒已确认" : "提醒已确认");
		return;
	}
	line_en(out, alert->to == ALERT_STANDS ? "alert: %.*s" : "alert ended: %.*s",
		EN(WORDS_ALERT, alert->cause));
	line_zh(out, alert->to == ALERT_STANDS ? "提醒:%.*s" : "提醒解除:%.*s",
		ZH(WORDS_ALERT, alert->cause));
}

static void tell_bell(struct tell *out, const struct effect_bell *bell)
{
	line_en(out, "the bell: %u alert(s) wait, ring %u", bell->count, bell->ring);
	line_zh(out, "铃响:%u条提醒未确认,第%u次", bell->count, bell->ring);
	if (bell->climb == 0 || bell->climb >= RUNGS)
		return;
	struct text en = words_who_of(rung_who[bell->climb]), zh = words_who_zh(rung_who[bell->climb]);

	line_en(out, "; nobody answers at the desk: %.*s told", (int)en.len, en.ptr);
	line_zh(out, ";值班台无人应答,已通知%.*s", (int)zh.len, zh.ptr);
}

static void tell_presence(struct tell *out, const struct effect_presence *presence)
{
	if (presence->missed > 0) {
		line_en(out, "nobody at the desk has said that they are there, asked %u time(s)",
			presence->missed);
		line_zh(out, "值班台在岗检查无人应答,第%u次", presence->missed);
	} else if (presence->due_ms == 0) {
		line_en(out, "nobody is on duty who could be asked");
		line_zh(out, "无人在岗,停止在岗检查");
	} else {
		line_en(out, "the desk is manned");
		line_zh(out, "值班台有人在岗");
	}
}

bool tell_desk(struct tell *out, const struct core *core, const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_SHIFT:
		tell_shift(out, core, &effect->u.shift);
		return true;
	case EFFECT_ALERT:
		tell_alert(out, &effect->u.alert);
		return true;
	case EFFECT_BELL:
		tell_bell(out, &effect->u.bell);
		return true;
	case EFFECT_PRESENCE:
		tell_presence(out, &effect->u.presence);
		return true;
	default:
		return false;
	}
}

/* What a command at the desk means, beside its word. */
void tell_desk_event(struct tell *out, const struct core *core, const struct event *event)
{
	const struct event_shift *shift = &event->u.shift;
	uint32_t waiting = query_alerts(core);
	struct text en = words_of(WORDS_SHIFT_ACT, shift->act), zh = words_zh(WORDS_SHIFT_ACT, shift->act);
	struct line_name person = line_who(core, shift->person.len > 0 ? shift->person : event->by);

	line_en(out, "shift %.*s: %.*s", (int)en.len, en.ptr, person.len, person.text);
	line_zh(out, "值班%.*s:%.*s", (int)zh.len, zh.ptr, person.len, person.text);
	if (shift->act == SHIFT_HANDOVER) {
		struct line_name to = line_who(core, shift->to);

		line_en(out, " to %.*s", to.len, to.text);
		line_zh(out, "交给%.*s", to.len, to.text);
	}
	if (shift->act != SHIFT_PRESENT && waiting > 0) {
		line_en(out, "; %u alert(s) wait", waiting);
		line_zh(out, ";%u条提醒未确认", waiting);
	}
	if (shift->note.len > 0) {
		line_en(out, "; %.*s", (int)shift->note.len, shift->note.ptr);
		line_zh(out, ";%.*s", (int)shift->note.len, shift->note.ptr);
	}
}
