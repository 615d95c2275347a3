/* refusal: why the core refused a command; see the header. */
#include "api/refusal.h"

#include <stddef.h>

#include "api/refusal_desk.h"
#include "api/refusal_missing.h"
#include "api/refusal_shape.h"
#include "api/refusal_verify.h"
#include "api/refusal_who.h"
#include "api/tell_line.h"
#include "core/standing.h"
#include "wire/ids.h"
#include "wire/time_text.h"

#define SAID(text_)    (int)(text_).len, (text_).ptr
#define EN(set, value) (int)words_of((set), (value)).len, words_of((set), (value)).ptr
#define ZH(set, value) (int)words_zh((set), (value)).len, words_zh((set), (value)).ptr

static const void *record_of(const struct core *core, enum table table, uint32_t number)
{
	uint32_t slot = number == 0 ? 0 : query_slot(core, table, number);

	return slot == 0 ? NULL : query_at(core, table, slot);
}

/* --- the wrong state --------------------------------------------------------------------------------- */

static void say_incident(struct tell *out, const struct core *core, uint32_t number)
{
	static const struct {
		const char *en, *zh;
	} can[INCIDENT_STATE_COUNT] = {
		[INCIDENT_REPORTED] = {"confirm it first; or reject, cancel, refer, merge, close",
			"请先确认(confirm);也可不予立案、取消、转交、合并、结案"},
		[INCIDENT_ACCEPTED] = {"done, cancel, refer, merge or upgrade it",
			"可反馈完成(done)、取消、转交、合并、升级"},
		[INCIDENT_DISPATCHED] = {"done, cancel, refer, merge or upgrade it",
			"可反馈完成(done)、取消、转交、合并、升级"},
		[INCIDENT_WORKING] = {"done, cancel, refer, merge or upgrade it",
			"可反馈完成(done)、取消、转交、合并、升级"},
		[INCIDENT_DONE_REPORTED] = {"verify it before it is closed as resolved; or reopen it",
			"请先核查(verify)再结案;或重新处置(reopen)"},
		[INCIDENT_VERIFIED] = {"close or reopen it", "可结案(close)或重新处置(reopen)"},
		[INCIDENT_CLOSED] = {"reopen it; split it off if it was merged",
			"可重新处置(reopen);被合并的可拆分(split)"},
		[INCIDENT_CANCELLED] = {"reopen it", "可重新处置(reopen)"},
		[INCIDENT_REFERRED] = {"reopen it", "可重新处置(reopen)"}};
	const struct incident *incident = record_of(core, TABLE_INCIDENT, number);
	char memory[ID_SIZE];
	struct text id = ids_write(ID_INCIDENT, number, memory);

	if (incident == NULL)
		return;
	line_en(out, "incident %.*s is %.*s", SAID(id), EN(WORDS_INCIDENT_STATE, incident->state));
	line_zh(out, "事件%.*s为“%.*s”", SAID(id), ZH(WORDS_INCIDENT_STATE, incident->state));
	if (incident->state < INCIDENT_STATE_COUNT && can[incident->state].en != NULL) {
		line_en(out, ": %s", can[incident->state].en);
		line_zh(out, ":%s", can[incident->state].zh);
	}
}

/* Who has the task now that the order is over. */
static void say_holders(struct tell *out, const struct core *core, const struct order *over)
{
	const struct incident *incident = record_of(core, TABLE_INCIDENT, over->incident);
	uint32_t count = 0;

	for (uint32_t slot = incident == NULL ? 0 : incident->first_order; slot != 0;) {
		const struct order *order = query_at(core, TABLE_ORDER, slot);
		char memory[ID_SIZE];

		slot = order->next;
		if (order->need != over->need || order->target != over->target || over->need == 0 ||
			!query_order_live(order->state))
			continue;
		enum table table = order->target == TARGET_UNIT ? TABLE_UNIT : TABLE_DEPOT;
		struct line_name name =
			line_name(query_id(core, table, order->who), query_name(core, table, order->who));
		struct text id = ids_write(ID_ORDER, order->r.number, memory);

		line_en(out, count == 0 ? "; the task is now with %.*s (%.*s)" : ", %.*s (%.*s)", name.len,
			name.text, SAID(id));
		line_zh(out, count == 0 ? ";现由%.*s(%.*s)承担" : "、%.*s(%.*s)", name.len, name.text,
			SAID(id));
		count++;
	}
	if (count > 0)
		return;
	line_en(out, "; nobody has the task now, order-send gives it again");
	line_zh(out, ";目前无人承担,可用 order send 再派");
}

static void say_order(struct tell *out, const struct core *core, uint32_t number)
{
	const struct order *order = record_of(core, TABLE_ORDER, number);
	char memory[ID_SIZE], time[TIME_LOCAL_LEN + 1] = "";
	struct text id = ids_write(ID_ORDER, number, memory);

	if (order == NULL)
		return;
	line_en(out, "order %.*s is %.*s", SAID(id), EN(WORDS_ORDER_STATE, order->state));
	line_zh(out, "派遣%.*s%.*s", SAID(id), ZH(WORDS_ORDER_STATE, order->state));
	if (query_order_live(order->state))
		return;
	if (order->ended_ms != 0) {
		time_format_local(order->ended_ms, query_town(core)->offset_min, time);
		line_en(out, " since %.*s", (int)TIME_LOCAL_LEN, time);
		line_zh(out, ",时间%.*s", (int)TIME_LOCAL_LEN, time);
	}
	const struct incident *incident =
		record_of(core, TABLE_INCIDENT, query_goes_on(core, order->incident));

	if (incident != NULL && incident->state >= INCIDENT_DONE_REPORTED &&
		order->ended_ms >= (incident->done_ms != 0 ? incident->done_ms : incident->ended_ms)) {
		line_en(out, ": it ended with its case; nothing more has to be reported");
		line_zh(out, ":已随事件结束,无需再报");
	} else if (order->state != ORDER_DONE) {
		say_holders(out, core, order);
	}
}

static void say_unit(struct tell *out, const struct core *core, struct text id)
{
	const struct unit *unit = query_at(core, TABLE_UNIT, query_find(core, TABLE_UNIT, id));

	if (unit == NULL)
		return;
	line_en(out, "%sunit %.*s is %.*s; unit-set changes it", out->en_len > 0 ? "; " : "", SAID(id),
		EN(WORDS_UNIT_STATE, unit->state));
	line_zh(out, "%s力量%.*s为“%.*s”,可用 unit set 更改", out->zh_len > 0 ? ";" : "", SAID(id),
		ZH(WORDS_UNIT_STATE, unit->state));
}

/* How a call stands, and who has it. */
static void say_task(struct tell *out, const struct core *core, uint32_t number)
{
	const struct task *task = record_of(core, TABLE_TASK, number);
	struct text by = query_text(core, task == NULL ? 0 : task->taken_by);
	struct text name = query_name(core, TABLE_PERSON, query_find(core, TABLE_PERSON, by));

	if (task == NULL)
		return;
	line_en(out, "the call task is %.*s already", EN(WORDS_TASK_STATE, task->state));
	line_zh(out, "该电话任务已是“%.*s”", ZH(WORDS_TASK_STATE, task->state));
	if (by.len == 0)
		return;
	by = name.len > 0 ? name : by;
	line_en(out, ", %.*s has it", SAID(by));
	line_zh(out, ",由%.*s承接", SAID(by));
}

/* A notice that waits for no answer any more, and who has given it. */
static void say_over(struct tell *out, const struct core *core, uint32_t number)
{
	const struct notice *notice = record_of(core, TABLE_NOTICE, number);
	struct text by = query_text(core, notice == NULL ? 0 : notice->by);
	struct text name = query_name(core, TABLE_PERSON, query_find(core, TABLE_PERSON, by));
	char memory[ID_SIZE], time[TIME_LOCAL_LEN + 1] = "";
	struct text id = ids_write(ID_NOTICE, number, memory);

	if (notice == NULL)
		return;
	by = name.len > 0 ? name : by;
	time_format_local(notice->answered_ms, query_town(core)->offset_min, time);
	line_en(out, "notice %.*s is over: ", SAID(id));
	line_zh(out, "叫应%.*s已结束:", SAID(id));
	if (by.len > 0) {
		line_en(out, "%.*s has answered at %.*s", SAID(by), (int)TIME_LOCAL_LEN, time);
		line_zh(out, "%.*s已于%.*s答复", SAID(by), (int)TIME_LOCAL_LEN, time);
	} else {
		line_en(out, "it is not needed any more");
		line_zh(out, "已不再需要");
	}
}

/* What a unit is doing: for which incidents, since when, how far. */
static void say_busy(struct tell *out, const struct core *core, struct text id)
{
	const struct unit *unit = query_at(core, TABLE_UNIT, query_find(core, TABLE_UNIT, id));
	uint32_t told = 0;

	for (uint32_t slot = 1; unit != NULL && told < unit->orders && slot <= query_used(core, TABLE_ORDER);
		slot++) {
		const struct order *order = query_at(core, TABLE_ORDER, slot);
		char order_id[ID_SIZE], incident_id[ID_SIZE], since[TIME_LOCAL_LEN + 1] = "";

		if (order == NULL || order->target != TARGET_UNIT || order->who != unit->r.number ||
			!query_order_live(order->state))
			continue;
		struct text number = ids_write(ID_ORDER, order->r.number, order_id);
		struct text incident = ids_write(ID_INCIDENT, order->incident, incident_id);

		const struct incident *of = record_of(core, TABLE_INCIDENT, order->incident);
		struct text title = query_text(core, of == NULL ? 0 : of->title),
			    title_zh = query_word_zh(title);

		time_format_local(order->issued_ms, query_town(core)->offset_min, since);
		line_en(out, "%s%.*s has order %.*s for incident %.*s since %.*s, %.*s%s%.*s",
			told == 0 ? "" : "; ", SAID(id), SAID(number), SAID(incident), (int)TIME_LOCAL_LEN,
			since, EN(WORDS_ORDER_STATE, order->state), title.len > 0 ? ": " : "", SAID(title));
		line_zh(out, "%s%.*s正在执行事件%.*s%s%.*s的派遣%.*s(%.*s起,%.*s)", told == 0 ? "" : ";",
			SAID(id), SAID(incident), title.len > 0 ? " " : "", SAID(title_zh), SAID(number),
			(int)TIME_LOCAL_LEN, since, ZH(WORDS_ORDER_STATE, order->state));
		told++;
	}
}

/* It has one order already, or the very same. */
static void busy(struct tell *out, const struct core *core, const struct event *event, uint8_t outcome)
{
	if (event->kind == EVENT_SEND) {
		say_busy(out, core, event->u.send.unit);
		if (outcome == OUTCOME_BUSY && out->en_len > 0) {
			line_en(out, "; if you mean it, say also: true (at the console --also)");
			line_zh(out, ";确需加派请加 --also");
		}
	} else if (event->kind == EVENT_SWAP)
		say_busy(out, core, event->u.swap.unit);
	else if (event->kind == EVENT_UNIT_SET)
		say_busy(out, core, event->u.unit_set.unit);
	else if (event->kind == EVENT_TASK)
		say_task(out, core, event->u.task.task);
	else if (event->kind == EVENT_NOTICE_ANSWER)
		say_over(out, core, event->u.notice_answer.notice);
}

static void say_device(struct tell *out, const struct core *core, struct text id)
{
	const struct device *device = query_at(core, TABLE_DEVICE, query_find(core, TABLE_DEVICE, id));

	if (device == NULL)
		return;
	line_en(out, "device %.*s is %.*s, its terminal is %s", SAID(id),
		EN(WORDS_DEVICE_STATE, device->state), device->link ? "connected" : "not connected");
	line_zh(out, "设备%.*s%.*s,终端%s", SAID(id), ZH(WORDS_DEVICE_STATE, device->state),
		device->link ? "在线" : "未连接");
}

static void wrong_state(struct tell *out, const struct core *core, const struct event *event)
{
	const struct order *order;

	switch (event->kind) {
	case EVENT_ACT:
		if (!refusal_shape(out, core, event, OUTCOME_WRONG_STATE))
			say_incident(out, core, event->u.act.incident);
		break;
	case EVENT_ADD:
		say_incident(out, core, event->u.add.incident);
		break;
	case EVENT_SUPPLY:
		say_incident(out, core, event->u.supply.incident);
		break;
	case EVENT_SEND:
		say_incident(out, core, event->u.send.incident);
		say_unit(out, core, event->u.send.unit);
		break;
	case EVENT_SWAP:
		say_order(out, core, event->u.swap.order);
		order = record_of(core, TABLE_ORDER, event->u.swap.order);
		if (order != NULL && query_order_live(order->state))
			say_unit(out, core, event->u.swap.unit);
		break;
	case EVENT_ANSWER:
		say_order(out, core, event->u.answer.order);
		break;
	case EVENT_DEVICE_DO:
		say_device(out, core, event->u.device_do.device);
		break;
	case EVENT_TASK:
		say_task(out, core, event->u.task.task);
		break;
	case EVENT_REPORT:
	case EVENT_PAPER:
		(void)refusal_shape(out, core, event, OUTCOME_WRONG_STATE);
		break;
	default:
		break;
	}
}

/* --- the wrong words --------------------------------------------------------------------------------- */

static void say_actions(struct tell *out, const struct core *core, struct text id)
{
	const struct device *device = query_at(core, TABLE_DEVICE, query_find(core, TABLE_DEVICE, id));
	uint32_t count = 0;

	if (device == NULL)
		return;
	line_en(out, "device %.*s can:", SAID(id));
	line_zh(out, "设备%.*s可用动作:", SAID(id));
	for (uint32_t i = 0; i < DEVICE_ACTIONS_MAX; i++) {
		struct text action = query_text(core, device->action[i]), zh = query_word_zh(action);

		if (action.len == 0)
			continue;
		line_en(out, count == 0 ? " %.*s" : ", %.*s", SAID(action));
		line_zh(out, count == 0 ? "%.*s(%.*s)" : "、%.*s(%.*s)", SAID(action), SAID(zh));
		count++;
	}
	if (count == 0) {
		line_en(out, " nothing");
		line_zh(out, "无");
	}
}

static void say_skills(struct tell *out, const struct core *core)
{
	line_en(out, "skills:");
	line_zh(out, "可用技能:");
	for (uint32_t bit = 0; bit < query_skill_count(core); bit++) {
		struct text skill = query_skill(core, bit), zh = query_word_zh(skill);

		line_en(out, bit == 0 ? " %.*s" : ", %.*s", SAID(skill));
		line_zh(out, bit == 0 ? "%.*s(%.*s)" : "、%.*s(%.*s)", SAID(skill), SAID(zh));
	}
}

static void invalid(struct tell *out, const struct core *core, const struct event *event)
{
	if (event->kind == EVENT_DEVICE_DO)
		say_actions(out, core, event->u.device_do.device);
	else if (event->kind == EVENT_ADD)
		say_skills(out, core);
}

/* --- material ---------------------------------------------------------------------------------------- */

static void no_stock(struct tell *out, const struct core *core, const struct event *event)
{
	bool moves = event->kind == EVENT_STOCK_MOVE;
	struct text depot = moves ? event->u.stock_move.depot : event->u.supply.depot;
	struct text item = moves ? event->u.stock_move.item : event->u.supply.item;
	uint32_t slot = query_find_stock(core, query_find(core, TABLE_DEPOT, depot), item);
	const struct stock *stock = query_at(core, TABLE_STOCK, slot);

	if (stock == NULL || (!moves && event->kind != EVENT_SUPPLY))
		return;
	line_en(out, "%.*s has %lld %.*s, of which %lld are reserved", SAID(depot), (long long)stock->on_hand,
		SAID(item), (long long)stock->reserved);
	struct text depot_zh = query_name(core, TABLE_DEPOT, stock->depot),
		    item_zh = tell_item_zh(core, item);
	struct text measure = query_text(core, stock->unit);

	line_zh(out, "%.*s现有%.*s%lld%.*s,其中已预留%lld%.*s", SAID(depot_zh.len > 0 ? depot_zh : depot),
		SAID(item_zh), (long long)stock->on_hand, SAID(measure), (long long)stock->reserved,
		SAID(measure));
	if (!moves)
		return;
	line_en(out,
		"; if less is there, recall the depot's orders first, or let its keeper answer done with "
		"the quantity that was loaded; then count again");
	line_zh(out,
		";若实有更少,请先撤回该仓库的派遣(order recall),或由保管员答复 done 并报实装数量,再盘点");
}

void refusal_tell(struct tell *out, const struct core *core, const struct event *event, uint8_t outcome)
{
	if (refusal_desk(out, core, event, outcome) || refusal_key(out, core, event, outcome) ||
		refusal_aside(out, event, outcome))
		return;
	switch (outcome) {
	case OUTCOME_NOT_FOUND:
		refusal_not_found(out, core, event);
		break;
	case OUTCOME_WRONG_STATE:
		wrong_state(out, core, event);
		break;
	case OUTCOME_INVALID:
		if (!refusal_shape(out, core, event, outcome))
			invalid(out, core, event);
		break;
	case OUTCOME_GONE_TOO_FAR:
	case OUTCOME_NO_EVIDENCE:
	case OUTCOME_IN_FUTURE:
	case OUTCOME_TIME_ORDER:
		(void)refusal_shape(out, core, event, outcome);
		break;
	case OUTCOME_BUSY:
	case OUTCOME_UNCHANGED:
		busy(out, core, event, outcome);
		break;
	case OUTCOME_NO_STOCK:
		no_stock(out, core, event);
		break;
	case OUTCOME_NOT_PERMITTED:
		refusal_not_permitted(out, core, event);
		break;
	case OUTCOME_SAME_PERSON:
		refusal_same_person(out, core, event);
		break;
	case OUTCOME_NEEDS_AGREEMENT:
		refusal_needs_agreement(out, core, event);
		break;
	default:
		break;
	}
}
