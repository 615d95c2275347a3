/* bring: what another daemon decided that is not in force here: alarms and calls as new events, the rest as a fact for people. */
#include "bring.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/query.h"
#include "shell/say.h"
#include "wire/time_text.h"

enum { ROWS = 2, NAMED_MAX = 8, SAID_BYTES = 1024 };

struct said {
	char text[SAID_BYTES];
	size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct said *said, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int len = vsnprintf(said->text + said->used, sizeof said->text - said->used, format, arguments);

	va_end(arguments);
	if (len < 0 || (size_t)len >= sizeof said->text - said->used)
		said->text[said->used] = '\0'; /* what does not fit whole is left out */
	else
		said->used += (size_t)len;
}

/* What came from outside and has an answer that may have been given: an alarm that is known is a duplicate. */
static bool comes_again(uint32_t kind)
{
	return kind == EVENT_ALARM || kind == EVENT_OPEN || kind == EVENT_PAPER;
}

/* What says itself anew: clocks, links, terminals' positions and states, files. */
static bool goes_without_saying(uint32_t kind)
{
	switch (kind) {
	case EVENT_CLOCK:
	case EVENT_TOWN:
	case EVENT_GRID:
	case EVENT_PERSON:
	case EVENT_UNIT:
	case EVENT_DEPOT:
	case EVENT_STOCK:
	case EVENT_DEVICE:
	case EVENT_DUTY:
	case EVENT_RETIRE:
	case EVENT_PLAYBOOK:
	case EVENT_PLAN:
	case EVENT_ALARM:
	case EVENT_LEAD:
	case EVENT_ASIDE:
	case EVENT_LINK:
	case EVENT_POSITION:
	case EVENT_STATUS:
	case EVENT_TICK:
		return true;
	default:
		return false;
	}
}

static struct text id_of(const struct core *core, uint8_t target, uint32_t who)
{
	static const enum table table[] = {
		[TARGET_UNIT] = TABLE_UNIT, [TARGET_DEPOT] = TABLE_DEPOT, [TARGET_DEVICE] = TABLE_DEVICE};
	const void *record = target == TARGET_UNIT || target == TARGET_DEPOT || target == TARGET_DEVICE
				     ? query_at(core, table[target], who)
				     : NULL;

	if (record == NULL)
		return TEXT("?");
	if (target == TARGET_UNIT)
		return query_text(core, ((const struct unit *)record)->id);
	if (target == TARGET_DEPOT)
		return query_text(core, ((const struct depot *)record)->id);
	return query_text(core, ((const struct device *)record)->id);
}

/* To whom orders have gone: they obey them, and nobody here has given them. */
static uint32_t add_orders(struct said *said, const struct core *core, const struct effects *effects)
{
	uint32_t orders = 0;

	for (uint32_t index = 0; index < effects->count; index++) {
		const struct effect *effect = &effects->item[index];

		if (effect->kind != EFFECT_ORDER || ++orders > NAMED_MAX)
			continue;
		struct text id = id_of(core, effect->u.order.target, effect->u.order.who);

		add(said, "%s%.*s", orders == 1 ? "; 已发指令 orders to: " : ", ", (int)id.len, id.ptr);
	}
	if (orders > NAMED_MAX)
		add(said, " …(%u)", orders);
	return orders;
}

/* What found no room is no news to anybody: it comes again when there is some. */
static bool found_room(const struct effects *effects)
{
	const struct effect *first = &effects->item[0];

	if (effects->count == 0)
		return true;
	if (first->kind == EFFECT_ALARM)
		return first->u.alarm.result != ALARM_REJECTED || first->u.alarm.reject != REJECT_OVERLOADED;
	return first->kind != EFFECT_RESULT || first->u.result.outcome != OUTCOME_FULL;
}

static enum disp_err take(const struct bring *bring, struct event *event)
{
	const struct effects *effects;
	enum disp_err err = shell_take(bring->shell, event, bring->at_ms, &effects);

	return err == DISP_E_FULL || (err == DISP_OK && !found_room(effects)) ? DISP_E_AGAIN : err;
}

static enum disp_err tell(const struct bring *bring, const struct event *from, const struct effects *effects)
{
	int32_t offset_min = query_town(bring->shell->core)->offset_min;
	struct text zh = words_zh(WORDS_EVENT, from->kind), en = words_of(WORDS_EVENT, from->kind);
	struct event event = {.kind = EVENT_ASIDE};
	char id[64], at[TIME_LOCAL_LEN + 1] = "";
	struct said said = {.used = 0};

	time_format_local(from->at_ms, offset_min, at);
	add(&said, "%s 另一台 the other daemon: %.*s (%.*s)", at, (int)zh.len, zh.ptr, (int)en.len, en.ptr);
	if (from->by.len > 0)
		add(&said, ", %.*s", (int)from->by.len, from->by.ptr);
	uint32_t orders = add_orders(&said, bring->shell->core, effects);

	if (orders == 0 && goes_without_saying(from->kind))
		return DISP_OK;
	int len = snprintf(id, sizeof id, BRING_ID "%llu-%llu", (unsigned long long)from->epoch,
		(unsigned long long)from->seq);

	event.u.aside = (struct event_aside){.id = {id, (uint32_t)len},
		.act = ASIDE_FOUND,
		.from = ASIDE_OTHER,
		.row = (uint8_t)from->kind,
		.times = 1,
		.reason = {said.text, (uint32_t)said.used}};
	return take(bring, &event);
}

enum disp_err bring_row(const struct bring *bring, const struct store_row *row)
{
	struct event event;
	enum disp_err err;

	if (!shell_room(bring->shell, ROWS))
		return DISP_E_AGAIN;
	err = row_decode(row->body, row->size, &event, bring->effects, bring->scratch);
	if (err != DISP_OK)
		return err;
	say(SAY_WARNING, "bring.row", "epoch=%llu seq=%llu kind=%.*s", (unsigned long long)row->epoch,
		(unsigned long long)row->seq, (int)words_of(WORDS_EVENT, event.kind).len,
		words_of(WORDS_EVENT, event.kind).ptr);
	err = tell(bring, &event, bring->effects);
	if (err == DISP_OK && comes_again(event.kind))
		err = take(bring, &event);
	return err;
}
