/* view_thing: one order, unit, depot, device, playbook or alarm, and what became of a command. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "ctl/fields.h"
#include "ctl/view.h"
#include "ctl/value.h"

static void title(const struct screen *screen, const json_t *thing, const char *id, const char *name)
{
	fprintf(screen->to, "%s%s  %s%s\n", screen_tone(screen, TONE_BOLD), value_string(thing, id),
		value_string(thing, name), screen_plain(screen));
}

void view_order(const struct screen *screen, const json_t *order)
{
	static const struct field fields[] = {
		FIELD("incident", "事件", "Incident", 0),
		FIELD_WORD("state", "状态", "State", WORDS_ORDER_STATE, 0),
		FIELD_WORD("why", "原因", "Why", WORDS_WHY, 0),
		FIELD_WORD("target", "对象类别", "Target", WORDS_TARGET, 0),
		FIELD("who", "对象", "Who", 0),
		FIELD("phone", "电话", "Phone", 0),
		FIELD("call_task", "电话任务", "Call task", 0),
		FIELD("task", "任务", "Task", 0),
		FIELD_TOWN("action", "动作", "Action", 0),
		FIELD_AS("range_m", "距离", "Range", VALUE_METRES, 0),
		FIELD_AS("travel_s", "行程", "Travel", VALUE_SECONDS, 0),
		FIELD_AS("position_age_s", "位置时龄", "Position's age", VALUE_SECONDS, 0),
		FIELD_AS("issued", "下达", "Issued", VALUE_TIME, 0),
		FIELD_AS("delivered", "送达", "Delivered", VALUE_TIME, 0),
		FIELD_AS("answered", "应答", "Answered", VALUE_TIME, 0),
		FIELD_AS("respond_by", "应答时限", "Answer by", VALUE_TIME, 0),
		FIELD_AS("en_route", "出发", "En route", VALUE_TIME, 0),
		FIELD_AS("arrived", "到场", "Arrived", VALUE_TIME, 0),
		FIELD_AS("arrive_by", "到场时限", "Arrive by", VALUE_TIME, 0),
		FIELD_AS("ended", "结束", "Ended", VALUE_TIME, 0),
		FIELD("depot_order", "运送的派遣", "Carries", 0),
		FIELD("chosen", "选派原因", "Why this one", 0),
		FIELD_END,
	};
	static const struct field items[] = {
		FIELD("item", "物资", "Item", TABLE_KEEP),
		FIELD("name", "名称", "Name", 0),
		FIELD("quantity", "数量", "Quantity", TABLE_KEEP | TABLE_RIGHT),
		FIELD("unit", "单位", "Unit", TABLE_KEEP),
		FIELD_WORD("state", "状态", "State", WORDS_SUPPLY_STATE, TABLE_KEEP),
		FIELD_END,
	};

	title(screen, order, "id", "name");
	value_sheet(screen, order, fields);
	value_section(screen, value_at(order, "items"), (struct say){"物资", "Items"}, items);
}

void view_unit(const struct screen *screen, const json_t *unit)
{
	static const struct field fields[] = {
		FIELD_WORD("state", "状态", "State", WORDS_UNIT_STATE, 0),
		FIELD_TOWN("kind", "类别", "Kind", 0),
		FIELD("team", "队伍", "Team", 0),
		FIELD_TOWN("skills", "技能", "Skills", 0),
		FIELD("skills", "技能代码", "Skills", 0),
		FIELD("members", "人数", "Members", 0),
		FIELD("leader_name", "负责人", "Leader", 0),
		FIELD("phone", "电话", "Phone", 0),
		FIELD("shift", "班次", "Shift", 0),
		FIELD("terminal", "有终端", "Terminal", 0),
		FIELD("link", "终端在线", "Linked", 0),
		FIELD_AS("position", "位置", "Position", VALUE_POINT, 0),
		FIELD_AS("position_at", "位置时间", "Position of", VALUE_TIME, 0),
		FIELD_AS("home", "驻地", "Home", VALUE_POINT, 0),
		FIELD("speed_m_s", "速度(米/秒)", "Speed (m/s)", 0),
		FIELD_AS("turnout_s", "出动", "Turnout", VALUE_SECONDS, 0),
		FIELD_AS("home_at", "预计返回", "Home at", VALUE_TIME, 0),
		FIELD("sent", "累计派遣", "Orders in all", 0),
		FIELD_END,
	};

	title(screen, unit, "id", "name");
	value_sheet(screen, unit, fields);
	value_section(
		screen, value_at(unit, "orders"), (struct say){"在办派遣", "Live orders"}, fields_order);
}

void view_depot(const struct screen *screen, const json_t *depot)
{
	static const struct field fields[] = {
		FIELD("keeper_name", "保管员", "Keeper", 0),
		FIELD("phone", "电话", "Phone", 0),
		FIELD("link", "终端在线", "Linked", 0),
		FIELD_AS("position", "位置", "Position", VALUE_POINT, 0),
		FIELD_AS("load_s", "装车用时", "Loading takes", VALUE_SECONDS, 0),
		FIELD("low", "低于下限", "Lines that are low", 0),
		FIELD_END,
	};

	title(screen, depot, "id", "name");
	value_sheet(screen, depot, fields);
	value_section(screen, value_at(depot, "stock"), (struct say){"库存", "Stock"}, fields_stock + 1);
	value_section(
		screen, value_at(depot, "orders"), (struct say){"在办派遣", "Live orders"}, fields_order);
}

void view_device(const struct screen *screen, const json_t *device)
{
	static const struct field fields[] = {
		FIELD_TOWN("kind", "类别", "Kind", 0),
		FIELD_WORD("state", "状态", "State", WORDS_DEVICE_STATE, 0),
		FIELD("link", "在线", "Linked", 0),
		FIELD("grid", "网格", "Grid", 0),
		FIELD_AS("position", "位置", "Position", VALUE_POINT, 0),
		FIELD("actions", "可做动作", "Actions", 0),
		FIELD_AS("expect_every_s", "应报周期", "Speaks every", VALUE_SECONDS, 0),
		FIELD_AS("seen", "最近消息", "Last seen", VALUE_TIME, 0),
		FIELD("alarms", "报警次数", "Alarms", 0),
		FIELD("incidents", "未结事件", "Open incidents", 0),
		FIELD_END,
	};

	title(screen, device, "id", "name");
	value_sheet(screen, device, fields);
}

void view_playbook(const struct screen *screen, const json_t *playbook)
{
	static const struct field fields[] = {
		FIELD_TOWN("incident_type", "事件类型", "Incident type", 0),
		FIELD("types", "报警类型", "Alarm types", 0),
		FIELD("confidence", "置信度不低于", "Confidence from", 0),
		FIELD("hours", "时段", "Hours", 0),
		FIELD("grids", "网格", "Grids", 0),
		FIELD("warnings", "预警", "Warnings", 0),
		FIELD("value_above", "数值高于", "Value above", 0),
		FIELD("value_below", "数值低于", "Value below", 0),
		FIELD("value_unit", "单位", "Unit", 0),
		FIELD("priority", "优先级", "Priority", 0),
		FIELD_WORD("grade", "事件等级", "Grade", WORDS_GRADE, 0),
		FIELD("response_level", "响应级别", "Response level", 0),
		FIELD_WORD("release", "派遣方式", "Release", WORDS_RELEASE, 0),
		FIELD_AS("correlate_m", "归并距离", "Same case within", VALUE_METRES, 0),
		FIELD_AS("correlate_s", "归并时间", "and within", VALUE_SECONDS, 0),
		FIELD_AS("confirm_within_s", "确认时限", "Confirm within", VALUE_SECONDS, 0),
		FIELD_AS("deadlines.answer_s", "应答时限", "Answer within", VALUE_SECONDS, 0),
		FIELD_AS("deadlines.arrive_s", "到场时限", "Arrive within", VALUE_SECONDS, 0),
		FIELD_AS("deadlines.receive_s", "接收时限", "Receive within", VALUE_SECONDS, 0),
		FIELD_AS("deadlines.dispose_s", "处置时限", "Dispose within", VALUE_SECONDS, 0),
		FIELD_AS("deadlines.verify_s", "核查时限", "Verify within", VALUE_SECONDS, 0),
		FIELD_AS("escalate", "上报顺序", "Climbs to", VALUE_WHO, 0),
		FIELD("hash", "版本", "Version", 0),
		FIELD_END,
	};

	title(screen, playbook, "id", "title");
	value_sheet(screen, playbook, fields);
	if (value_number(playbook, "step_list") > 0) {
		screen_heading(screen, (struct say){"步骤", "Steps"});
		view_steps(screen, value_at(playbook, "step_list"));
	}
}

void view_alarm(const struct screen *screen, const json_t *alarm)
{
	static const struct field fields[] = {
		FIELD("id", "来源编号", "Sender's id", 0),
		FIELD("source", "来源", "Source", 0),
		FIELD_TOWN("type", "类型", "Type", 0),
		FIELD_WORD("state", "状态", "State", WORDS_ALARM_STATE, 0),
		FIELD_WORD("result", "结果", "Result", WORDS_ALARM_RESULT, 0),
		FIELD_WORD("reason", "拒收原因", "Reason", WORDS_REJECT, 0),
		FIELD("incident", "事件", "Incident", 0),
		FIELD("silence", "静默", "Silence", 0),
		FIELD_AS("time", "发出时间", "Sent", VALUE_TIME, 0),
		FIELD_AS("at", "收到时间", "Received", VALUE_TIME, 0),
		FIELD_AS("position", "位置", "Position", VALUE_POINT, 0),
		FIELD("confidence", "置信度", "Confidence", 0),
		FIELD("value", "数值", "Value", 0),
		FIELD("unit", "单位", "Unit", 0),
		FIELD_WORD("mode", "性质", "Mode", WORDS_MODE, 0),
		FIELD("text", "内容", "Text", 0),
		FIELD("seq", "日志序号", "Row", 0),
		FIELD_END,
	};

	title(screen, alarm, "alarm", "type");
	value_sheet(screen, alarm, fields);
}

/* Open before ended, orders to crews before notices, then what is due first. */
static int task_compare(const void *left, const void *right)
{
	const json_t *a = *(const json_t *const *)left, *b = *(const json_t *const *)right;
	int ended = (value_at(a, "ended") != NULL) - (value_at(b, "ended") != NULL);
	int notice = (value_at(a, "order") == NULL) - (value_at(b, "order") == NULL);

	int dueless = (value_at(a, "due") == NULL) - (value_at(b, "due") == NULL);

	if (ended != 0)
		return ended;
	if (notice != 0 || dueless != 0)
		return notice != 0 ? notice : dueless;
	return strcmp(value_string(a, "due"), value_string(b, "due"));
}

json_t *view_tasks_sorted(const json_t *tasks)
{
	size_t count = json_array_size(tasks);
	json_t *sorted = json_array(), **task = calloc(count + 1, sizeof(*task));

	ASSERT(sorted != NULL && task != NULL);
	for (size_t i = 0; i < count; i++)
		task[i] = json_array_get(tasks, i);
	qsort(task, count, sizeof(*task), task_compare);
	for (size_t i = 0; i < count; i++)
		ASSERT(json_array_append(sorted, task[i]) == 0);
	free(task);
	return sorted;
}

void view_tasks(const struct screen *screen, const json_t *given)
{
	json_t *tasks = view_tasks_sorted(given);
	static const struct field fields[] = {
		FIELD("id", "任务", "Task", 0),
		FIELD_WORD("state", "状态", "State", WORDS_TASK_STATE, 0),
		FIELD_AS("due", "时限", "Due", VALUE_DUE, 0),
		FIELD("name", "打给", "Call", 0),
		FIELD("phone", "电话", "Phone", 0),
		FIELD("incident", "事件", "Incident", 0),
		FIELD("taken_by", "领取人", "Taken by", 0),
		FIELD_END,
	};
	const json_t *task;
	size_t index;

	if (json_array_size(tasks) == 0)
		fprintf(screen->to, "%s\n", screen_say(screen, (struct say){"(无)", "(none)"}));
	VALUE_EACH(tasks, index, task)
	{
		for (const struct field *field = fields; field->path != NULL; field++) {
			char text[VALUE_TEXT_MAX];
			enum tone tone;

			value_field(screen, task, field, text, sizeof(text), &tone);
			if (text[0] != '\0')
				fprintf(screen->to, "%s%s%s%s", field == fields ? "" : "  ",
					screen_tone(screen, tone), text,
					tone == TONE_PLAIN ? "" : screen_plain(screen));
		}
		fputs("\n    ", screen->to);
		screen_wrapped(screen, 4, TONE_PLAIN, value_said(screen, task, "text"));
	}
	json_decref(tasks);
}

void view_loaded(const struct screen *screen, const json_t *reply)
{
	const json_t *fault;
	size_t index;

	fprintf(screen->to, "%s  %s\n", value_word(screen, WORDS_OUTCOME, value_string(reply, "result")),
		value_said(screen, reply, "detail"));
	if (value_at(reply, "count") != NULL)
		fprintf(screen->to, screen_say(screen, (struct say){"共 %.0f 项\n", "%.0f in all\n"}),
			value_number(reply, "count"));
	VALUE_EACH(value_at(reply, "faults"), index, fault)
	{
		fprintf(screen->to, "%s\n", json_is_string(fault) ? json_string_value(fault) : "");
	}
}

void view_command(const struct screen *screen, const json_t *reply)
{
	static const char *const ids[] = {"incident", "order", "silence", "task", "notice", "unit", "device"};
	const json_t *line;
	size_t index;

	fprintf(screen->to, "%s%s%s", screen_tone(screen, TONE_GOOD),
		value_word(screen, WORDS_OUTCOME, value_string(reply, "result")), screen_plain(screen));
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (value_string(reply, ids[i])[0] != '\0')
			fprintf(screen->to, "  %s", value_string(reply, ids[i]));
	fprintf(screen->to, "  %s\n", value_said(screen, reply, "detail"));
	VALUE_EACH(value_at(reply, "decided"), index, line)
	{
		fputs("  - ", screen->to);
		screen_wrapped(screen, 4, TONE_PLAIN, value_said(screen, line, "text"));
	}
}
