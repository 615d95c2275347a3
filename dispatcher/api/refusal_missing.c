/* refusal_missing: which of the things that a command names there are not; see the header. */
#include "api/refusal_missing.h"

#include "api/tell_line.h"
#include "wire/ids.h"

#define SAID(text_) (int)(text_).len, (text_).ptr

/* A registered thing by its id. */
static void miss_thing(struct tell *out, const struct core *core, enum table table, struct text id,
	const char *en, const char *zh)
{
	if (id.len == 0 || query_find(core, table, id) != 0)
		return;
	line_en(out, "%s%s %.*s: there is none", out->en_len > 0 ? "; " : "", en, SAID(id));
	line_zh(out, "%s没有%s“%.*s”", out->zh_len > 0 ? ";" : "", zh, SAID(id));
}

static void miss_number(struct tell *out, const struct core *core, enum table table, enum id_kind kind,
	uint32_t number, const char *en, const char *zh)
{
	char memory[ID_SIZE];
	struct text id = ids_write(kind, number, memory);

	if (number == 0 || query_slot(core, table, number) != 0)
		return;
	line_en(out, "%s%s %.*s: there is none", out->en_len > 0 ? "; " : "", en, SAID(id));
	line_zh(out, "%s没有%s%.*s", out->zh_len > 0 ? ";" : "", zh, SAID(id));
}

/* One that has ended is forgotten in the end. */
static void miss_notice(struct tell *out, const struct core *core, uint32_t notice)
{
	char memory[ID_SIZE];
	struct text id = ids_write(ID_NOTICE, notice, memory);

	if (notice == 0 || notice > query_town(core)->notices ||
		query_slot(core, TABLE_NOTICE, notice) != 0) {
		miss_number(out, core, TABLE_NOTICE, ID_NOTICE, notice, "notice", "叫应");
		return;
	}
	line_en(out, "notice %.*s is over: it was answered, or is not needed any more", SAID(id));
	line_zh(out, "叫应%.*s已结束:已有人答复,或已不再需要", SAID(id));
}

static void miss_unit(struct tell *out, const struct core *core, struct text unit)
{
	miss_thing(out, core, TABLE_UNIT, unit, "unit", "力量");
}

static void miss_units(struct tell *out, const struct core *core, struct text units)
{
	while (units.len > 0) {
		struct text unit = units;

		unit.len = 0;
		while (unit.len < units.len && units.ptr[unit.len] != ' ')
			unit.len++;
		miss_unit(out, core, unit);
		uint32_t skip = unit.len < units.len ? unit.len + 1 : unit.len;

		units = (struct text){units.ptr + skip, units.len - skip};
	}
}

static void miss_incident(struct tell *out, const struct core *core, uint32_t incident)
{
	miss_number(out, core, TABLE_INCIDENT, ID_INCIDENT, incident, "incident", "事件");
}

static void miss_order(struct tell *out, const struct core *core, uint32_t order)
{
	miss_number(out, core, TABLE_ORDER, ID_ORDER, order, "order", "派遣");
}

static bool stocked(const struct core *core, struct text item)
{
	for (uint32_t depot = 1; depot <= query_used(core, TABLE_DEPOT); depot++)
		if (query_find_stock(core, depot, item) != 0)
			return true;
	return false;
}

static void miss_stock(struct tell *out, const struct core *core, struct text depot, struct text item)
{
	miss_thing(out, core, TABLE_DEPOT, depot, "depot", "仓库");
	if (!stocked(core, item)) {
		line_en(out, "%sitem %.*s: no depot has it; see stock list", out->en_len > 0 ? "; " : "",
			SAID(item));
		line_zh(out, "%s没有物资“%.*s”,可用 stock list 查看", out->zh_len > 0 ? ";" : "", SAID(item));
	} else if (depot.len > 0 && out->en_len == 0) {
		line_en(out, "depot %.*s does not keep %.*s", SAID(depot), SAID(item));
		line_zh(out, "仓库%.*s不存放%.*s", SAID(depot), SAID(item));
	}
}

/* Named by commands on the means of the town, and on what is in force. */
static void miss_means(struct tell *out, const struct core *core, const struct event *event)
{
	switch (event->kind) {
	case EVENT_UNIT_SET:
		miss_unit(out, core, event->u.unit_set.unit);
		break;
	case EVENT_DEVICE_SET:
		miss_thing(out, core, TABLE_DEVICE, event->u.device_set.device, "device", "设备");
		break;
	case EVENT_DEVICE_DO:
		miss_thing(out, core, TABLE_DEVICE, event->u.device_do.device, "device", "设备");
		miss_incident(out, core, event->u.device_do.incident);
		break;
	case EVENT_STOCK_MOVE:
		miss_incident(out, core, event->u.stock_move.incident);
		miss_stock(out, core, event->u.stock_move.depot, event->u.stock_move.item);
		break;
	case EVENT_SUPPLY:
		miss_incident(out, core, event->u.supply.incident);
		miss_stock(out, core, event->u.supply.depot, event->u.supply.item);
		break;
	case EVENT_WARNING:
		line_en(out, "no warning of %.*s is in force", SAID(event->u.warning.hazard));
		line_zh(out, "没有生效的“%.*s”预警", SAID(event->u.warning.hazard));
		break;
	case EVENT_SILENCE:
		miss_number(out, core, TABLE_SILENCE, ID_SILENCE, event->u.silence.expire, "silence", "静默");
		break;
	default:
		break;
	}
}

void refusal_not_found(struct tell *out, const struct core *core, const struct event *event)
{
	switch (event->kind) {
	case EVENT_ACT:
		miss_incident(out, core, event->u.act.incident);
		miss_incident(out, core, event->u.act.other);
		miss_thing(out, core, TABLE_DEVICE, event->u.act.device, "device", "设备");
		break;
	case EVENT_FACT:
		miss_incident(out, core, event->u.fact.incident);
		break;
	case EVENT_REPORT:
		miss_incident(out, core, event->u.report.incident);
		break;
	case EVENT_PAPER:
		miss_units(out, core, event->u.paper.units);
		break;
	case EVENT_ADD:
		miss_incident(out, core, event->u.add.incident);
		break;
	case EVENT_SEND:
		miss_incident(out, core, event->u.send.incident);
		miss_unit(out, core, event->u.send.unit);
		break;
	case EVENT_SWAP:
		miss_order(out, core, event->u.swap.order);
		miss_unit(out, core, event->u.swap.unit);
		break;
	case EVENT_ANSWER:
		miss_order(out, core, event->u.answer.order);
		break;
	case EVENT_TASK:
		miss_number(out, core, TABLE_TASK, ID_TASK, event->u.task.task, "call task", "电话任务");
		break;
	case EVENT_NOTICE_ANSWER:
		miss_notice(out, core, event->u.notice_answer.notice);
		break;
	default:
		miss_means(out, core, event);
		break;
	}
}
