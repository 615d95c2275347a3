/* tell_remark: what a command is about, by the names that people have for it; for api/tell*.c alone. */
#include <stddef.h>

#include "api/tell_line.h"

#include "core/query.h"
#include "core/text_pool.h"

#define SAID(text_)    (int)(text_).len, (text_).ptr
#define NAME(name)     (name).len, (name).text
#define EN(set, value) (int)words_of((set), (value)).len, words_of((set), (value)).ptr
#define ZH(set, value) (int)words_zh((set), (value)).len, words_zh((set), (value)).ptr

static void remark(struct tell *out, struct text text)
{
	line_quote(out, "; ", ";", text);
}

/* ": id name" of what the town has registered; what it has not stands as it was given. */
static void about(struct tell *out, const struct core *core, enum table table, struct text id)
{
	struct line_name name = line_name(id, query_name(core, table, query_find(core, table, id)));

	line_en(out, ": %.*s", NAME(name));
	line_zh(out, ":%.*s", NAME(name));
}

struct text tell_item_zh(const struct core *core, struct text item)
{
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_STOCK); slot++) {
		const struct stock *stock = query_at(core, TABLE_STOCK, slot);

		if (stock != NULL && text_equal(query_text(core, stock->item), item))
			return query_text(core, stock->name);
	}
	return item;
}

static void goods(struct tell *out, const struct core *core, struct text item, int64_t quantity)
{
	struct text zh = tell_item_zh(core, item);

	line_en(out, "%.*s x %lld", SAID(item), (long long)quantity);
	line_zh(out, "%.*s × %lld", SAID(zh), (long long)quantity);
}

static void tell_add(struct tell *out, const struct event_add *add)
{
	struct text skills = add->skills;
	uint32_t count = add->count == 0 ? 1 : add->count;
	bool first = true;

	for (struct text skill = text_next_word(&skills); skill.len > 0; skill = text_next_word(&skills)) {
		struct text zh = words_town_zh(skill);

		line_en(out, "%s%.*s", first ? ": " : "+", SAID(skill));
		line_zh(out, "%s%.*s", first ? ":" : "+", SAID(zh));
		first = false;
	}
	line_en(out, " x %u", count);
	line_zh(out, " × %u", count);
}

static void tell_unit_set(struct tell *out, const struct core *core, struct text unit, uint8_t state)
{
	about(out, core, TABLE_UNIT, unit);
	line_en(out, ", %.*s", EN(WORDS_UNIT_STATE, state));
	line_zh(out, ",%.*s", ZH(WORDS_UNIT_STATE, state));
}

static void tell_device_set(struct tell *out, const struct core *core, const struct event_device_set *set)
{
	about(out, core, TABLE_DEVICE, set->device);
	line_en(out, set->enabled ? ", enabled" : ", disabled");
	line_zh(out, set->enabled ? ",恢复使用" : ",停用");
	remark(out, set->reason);
}

static void tell_device_do(struct tell *out, const struct core *core, const struct event_device_do *wanted)
{
	struct text zh = words_town_zh(wanted->action);

	about(out, core, TABLE_DEVICE, wanted->device);
	line_en(out, ", %.*s", SAID(wanted->action));
	line_zh(out, ",%.*s", SAID(zh));
	remark(out, wanted->say);
}

static void tell_stock(struct tell *out, const struct core *core, const struct event_stock_move *move)
{
	about(out, core, TABLE_DEPOT, move->depot);
	line_en(out, ", %.*s ", EN(WORDS_STOCK_ACT, move->act));
	line_zh(out, ",%.*s", ZH(WORDS_STOCK_ACT, move->act));
	goods(out, core, move->item, move->quantity);
	remark(out, move->reason);
}

static void tell_supply(struct tell *out, const struct core *core, const struct event_supply *supply)
{
	line_en(out, ": ");
	line_zh(out, ":");
	goods(out, core, supply->item, supply->quantity);
	if (supply->agreed.len > 0) {
		struct line_name who = line_who(core, supply->agreed);

		line_en(out, ", agreed by %.*s", NAME(who));
		line_zh(out, ",%.*s同意", NAME(who));
	}
}

static void tell_warning(struct tell *out, const struct event_warning *warning)
{
	struct text zh = words_town_zh(warning->hazard);
	bool clear = warning->colour == COLOUR_NONE;

	line_en(out, ": %.*s%s%.*s", SAID(warning->hazard), warning->hazard.len > 0 ? " " : "",
		clear ? 7 : (int)words_of(WORDS_COLOUR, warning->colour).len,
		clear ? "cleared" : words_of(WORDS_COLOUR, warning->colour).ptr);
	line_zh(out, ":%.*s%.*s", SAID(zh),
		clear ? (int)sizeof("解除") - 1 : (int)words_zh(WORDS_COLOUR, warning->colour).len,
		clear ? "解除" : words_zh(WORDS_COLOUR, warning->colour).ptr);
}

static void tell_response(struct tell *out, const struct core *core, const struct event_response *response)
{
	line_en(out, ": %.*s", EN(WORDS_RESPONSE, response->level));
	line_zh(out, ":%.*s", ZH(WORDS_RESPONSE, response->level));
	if (response->agreed.len > 0) {
		struct line_name who = line_who(core, response->agreed);

		line_en(out, ", agreed by %.*s", NAME(who));
		line_zh(out, ",%.*s同意", NAME(who));
	}
	remark(out, response->reason);
}

static void tell_link(struct tell *out, const struct core *core, const struct event_link *link)
{
	static const enum table table[TARGET_COUNT] = {[TARGET_UNIT] = TABLE_UNIT,
		[TARGET_DEPOT] = TABLE_DEPOT,
		[TARGET_DEVICE] = TABLE_DEVICE,
		[TARGET_PERSON] = TABLE_PERSON};

	about(out, core, link->target < TARGET_COUNT ? table[link->target] : TABLE_UNIT, link->id);
}

/* About a thing that the town has registered; false: about none. */
static bool tell_thing(struct tell *out, const struct core *core, const struct event *event)
{
	switch (event->kind) {
	case EVENT_SEND:
		about(out, core, TABLE_UNIT, event->u.send.unit);
		remark(out, event->u.send.task);
		return true;
	case EVENT_SWAP:
		about(out, core, TABLE_UNIT, event->u.swap.unit);
		remark(out, event->u.swap.reason);
		return true;
	case EVENT_STATUS:
		tell_unit_set(out, core, event->u.status.unit, event->u.status.state);
		return true;
	case EVENT_UNIT_SET:
		tell_unit_set(out, core, event->u.unit_set.unit, event->u.unit_set.state);
		remark(out, event->u.unit_set.reason);
		return true;
	case EVENT_DEVICE_SET:
		tell_device_set(out, core, &event->u.device_set);
		return true;
	case EVENT_DEVICE_DO:
		tell_device_do(out, core, &event->u.device_do);
		return true;
	case EVENT_STOCK_MOVE:
		tell_stock(out, core, &event->u.stock_move);
		return true;
	case EVENT_LINK:
		tell_link(out, core, &event->u.link);
		return true;
	default:
		return false;
	}
}

bool tell_remark(struct tell *out, const struct core *core, const struct event *event)
{
	switch (event->kind) {
	case EVENT_ADD:
		tell_add(out, &event->u.add);
		return true;
	case EVENT_SUPPLY:
		tell_supply(out, core, &event->u.supply);
		return true;
	case EVENT_WARNING:
		tell_warning(out, &event->u.warning);
		return true;
	case EVENT_RELEASE:
		line_en(out, ": %.*s", EN(WORDS_RELEASE, event->u.release.release));
		line_zh(out, ":%.*s", ZH(WORDS_RELEASE, event->u.release.release));
		remark(out, event->u.release.reason);
		return true;
	case EVENT_RESPONSE:
		tell_response(out, core, &event->u.response);
		return true;
	case EVENT_REPORT:
		line_en(out, ": %.*s", EN(WORDS_REPORT, event->u.report.report));
		line_zh(out, ":%.*s", ZH(WORDS_REPORT, event->u.report.report));
		line_quote(out, " to ", ",报送", event->u.report.to);
		return true;
	default:
		return tell_thing(out, core, event);
	}
}
