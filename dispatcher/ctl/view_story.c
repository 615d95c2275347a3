/* view_story: an incident from its first alarm to its end, and what an alarm would do; for the officer. */
#include <stdio.h>
#include <string.h>

#include "ctl/fields.h"
#include "ctl/view.h"
#include "ctl/value.h"
#include "wire/time_text.h"

static const struct field sheet[] = {
	FIELD_TOWN("type", "类型", "Type", 0),
	FIELD("priority", "优先级", "Priority", 0),
	FIELD_WORD("grade", "事件等级", "Grade", WORDS_GRADE, 0),
	FIELD("response_level", "响应级别", "Response level", 0),
	FIELD("level", "增援级", "Alarm level", 0),
	FIELD("playbook_title", "预案", "Playbook", 0),
	FIELD_WORD("release", "派遣方式", "Release", WORDS_RELEASE, 0),
	FIELD_AS("position", "位置", "Position", VALUE_POINT, 0),
	FIELD("grid", "网格", "Grid", 0),
	FIELD("grid_name", "网格名称", "Grid name", 0),
	FIELD("device", "报警设备", "Device", 0),
	FIELD("report.caller", "报告人", "Caller", 0),
	FIELD("report.phone", "来电", "Phone", 0),
	FIELD("report.where", "地点", "Where", 0),
	FIELD("report.text", "内容", "Report", 0),
	FIELD_AS("reported", "报告时间", "Reported", VALUE_TIME, 0),
	FIELD_AS("dispatched", "派遣时间", "Dispatched", VALUE_TIME, 0),
	FIELD_AS("arrived", "到场时间", "Arrived", VALUE_TIME, 0),
	FIELD_AS("done", "反馈时间", "Done", VALUE_TIME, 0),
	FIELD("done_by", "反馈人", "Done by", 0),
	FIELD_AS("verified", "核查时间", "Verified", VALUE_TIME, 0),
	FIELD_AS("ended", "结束时间", "Ended", VALUE_TIME, 0),
	FIELD_WORD("disposition", "处置结果", "Disposition", WORDS_DISPOSITION, 0),
	FIELD("merged_into", "已并入", "Merged into", 0),
	FIELD_END,
};

/* What is left until tasks and answers are due, from a deadline that comes with both its time and its rest. */
static void now_find(struct screen *screen, const json_t *deadlines)
{
	const json_t *deadline;
	size_t index;

	VALUE_EACH(deadlines, index, deadline)
	{
		const char *due = value_string(deadline, "due");
		int64_t ms;

		if (screen->now_ms == 0 && json_is_number(value_at(deadline, "left_s")) &&
			time_parse((struct text){due, (uint32_t)strlen(due)}, &ms) == DISP_OK)
			screen->now_ms = ms - (int64_t)(value_number(deadline, "left_s") * 1000);
	}
}

static void tasks_show(const struct screen *screen, const json_t *story)
{
	static const struct field fields[] = {
		FIELD("id", "任务", "Task", TABLE_KEEP),
		FIELD_WORD("state", "状态", "State", WORDS_TASK_STATE, TABLE_KEEP),
		FIELD_AS("due", "时限", "Due", VALUE_DUE, TABLE_KEEP),
		FIELD("name", "打给", "Call", TABLE_KEEP),
		FIELD("phone", "电话", "Phone", TABLE_KEEP),
		FIELD("order", "派遣", "Order", TABLE_KEEP),
		FIELD("notice", "叫应", "Notice", TABLE_KEEP),
		FIELD("text", "要说的话", "Say", TABLE_EXTRA),
		FIELD_END,
	};

	value_section(screen, value_at(story, "tasks"), (struct say){"电话任务", "Call tasks"}, fields);
}

static void notices_show(const struct screen *screen, const json_t *story)
{
	static const struct field fields[] = {
		FIELD("id", "叫应", "Notice", TABLE_KEEP),
		FIELD("name", "人员", "Person", TABLE_KEEP),
		FIELD("phone", "电话", "Phone", TABLE_KEEP),
		FIELD_AS("who", "身份", "As", VALUE_WHO, 0),
		FIELD_WORD("state", "状态", "State", WORDS_NOTICE_STATE, TABLE_KEEP),
		FIELD_AS("due", "时限", "Due", VALUE_DUE, TABLE_EXTRA),
		FIELD_AS("answered", "应答", "Answered", VALUE_TIME, TABLE_EXTRA),
		FIELD_END,
	};

	value_section(screen, value_at(story, "notices"), (struct say){"叫应", "Call and answer"}, fields);
}

static void deadlines_show(const struct screen *screen, const json_t *story)
{
	static const struct field running[] = {
		FIELD_WORD("kind", "时限", "Deadline", WORDS_DEADLINE_KIND, TABLE_KEEP),
		FIELD_WORD("state", "状态", "State", WORDS_DEADLINE_STATE, TABLE_KEEP),
		FIELD_AS("due", "到期", "Due", VALUE_TIME, TABLE_KEEP),
		FIELD_AS("left_s", "余时", "Left", VALUE_LEFT, TABLE_KEEP),
		FIELD_END,
	};
	json_t *shown = json_array();
	json_t *deadline;
	size_t index;

	VALUE_EACH(json_object_get(story, "deadlines"), index, deadline)
	{
		json_t *copy = json_copy(deadline);
		const char *state = value_string(deadline, "state");

		if (strcmp(state, "running") != 0 && strcmp(state, "late") != 0)
			(void)json_object_del(copy, "left_s"); /* what is over has no time left */
		if (strcmp(state, "idle") != 0)
			(void)json_array_append(shown, copy);
		json_decref(copy);
	}
	value_section(screen, shown, (struct say){"时限", "Deadlines"}, running);
	json_decref(shown);
}

static void sensors_show(const struct screen *screen, const json_t *story)
{
	static const struct field fields[] = {
		FIELD("device", "设备", "Device", TABLE_KEEP),
		FIELD("name", "名称", "Name", 0),
		FIELD_TOWN("type", "类型", "Type", 0),
		FIELD_AS("at", "最近报警", "Last raised", VALUE_TIME, TABLE_KEEP),
		FIELD("occurrences", "次数", "Times", TABLE_KEEP | TABLE_RIGHT),
		FIELD_AS("cleared", "已解除", "Cleared", VALUE_YES, TABLE_KEEP),
		FIELD_END,
	};

	value_section(screen, value_at(story, "sensor_list"), (struct say){"报警来源", "Sensors"}, fields);
}

static void timeline_show(const struct screen *screen, const json_t *story)
{
	const json_t *entry, *line;
	size_t index, inner;

	screen_heading(screen, (struct say){"时间线", "Timeline"});
	if (value_at(story, "timeline_complete") != NULL && !value_true(story, "timeline_complete"))
		fprintf(screen->to, "  %s\n",
			screen_say(screen, (struct say){"(更早的记录见 journal export)",
						   "(older rows: journal export)"}));
	VALUE_EACH(value_at(story, "timeline"), index, entry)
	{
		char time[64], head[VALUE_TEXT_MAX];
		const char *by = value_string(entry, "by");

		value_time(screen, value_string(entry, "at"), time, sizeof(time));
		screen_format(head, sizeof(head), "%s%s%.100s%s", value_said(screen, entry, "text"),
			by[0] == '\0' ? "" : " [", by, by[0] == '\0' ? "" : "]");
		fprintf(screen->to, "  %s  ", time);
		screen_wrapped(screen, 18, TONE_PLAIN, head);
		VALUE_EACH(value_at(entry, "lines"), inner, line)
		{
			fputs("                  - ", screen->to);
			screen_wrapped(screen, 20, TONE_PLAIN, value_said(screen, line, "text"));
		}
	}
}

static void head_show(const struct screen *screen, const json_t *story)
{
	const char *state = value_string(story, "state");

	fprintf(screen->to, "%s%s  %s%s  %s%s%s", screen_tone(screen, TONE_BOLD), value_string(story, "id"),
		value_said(screen, story, "title"), screen_plain(screen),
		screen_tone(screen, value_tone(WORDS_INCIDENT_STATE, state)),
		value_word(screen, WORDS_INCIDENT_STATE, state), screen_plain(screen));
	if (strcmp(value_string(story, "mode"), "exercise") == 0)
		fputs(screen_say(screen, (struct say){"  【演练】", "  [EXERCISE]"}), screen->to);
	if (value_true(story, "held"))
		fprintf(screen->to, "  %s%s%s", screen_tone(screen, TONE_BAD),
			screen_say(screen, (struct say){"【等待值班员确认:incident confirm】",
						   "[WAITS FOR YOU: incident confirm]"}),
			screen_plain(screen));
	fputc('\n', screen->to);
}

void view_incident(const struct screen *given, const json_t *story)
{
	struct screen screen = *given;

	now_find(&screen, value_at(story, "deadlines"));
	head_show(&screen, story);
	value_sheet(&screen, story, sheet);
	(void)view_shortfalls(&screen, story);
	view_sent(&screen, story);
	view_passed(&screen, story);
	view_materials(&screen, story);
	view_actions(&screen, story);
	tasks_show(&screen, story);
	notices_show(&screen, story);
	deadlines_show(&screen, story);
	if (value_number(story, "steps") > 0) {
		screen_heading(&screen, (struct say){"预案步骤", "Steps of the playbook"});
		view_steps(&screen, value_at(story, "steps"));
	}
	sensors_show(&screen, story);
	timeline_show(&screen, story);
}

/* --- what an alarm would do ------------------------------------------------------------------------ */

/* Which plans were looked at: the most specific that fits wins. */
static void candidates_show(const struct screen *screen, const json_t *reply)
{
	static const struct field fields[] = {
		FIELD("playbook", "预案", "Playbook", TABLE_KEEP),
		FIELD("title", "名称", "Title", 0),
		FIELD_WORD("why", "是否符合", "Fits", WORDS_MATCH, TABLE_KEEP),
		FIELD("specific", "具体程度", "Specific", TABLE_KEEP | TABLE_RIGHT),
		FIELD_END,
	};

	value_section(screen, value_at(reply, "candidates"),
		(struct say){"预案比选(符合者中具体程度最高的生效)",
			"Playbooks; of those that fit the most specific wins"},
		fields);
}

void view_explained(const struct screen *screen, const json_t *reply)
{
	static const struct field fields[] = {
		FIELD_WORD("result", "结果", "Result", WORDS_ALARM_RESULT, 0),
		FIELD_WORD("reason", "原因", "Reason", WORDS_REJECT, 0),
		FIELD("detail", "说明", "Detail", 0),
		FIELD("opens", "新开事件", "Opens an incident", 0),
		FIELD("incident", "将并入", "Would join", 0),
		FIELD_TOWN("incident_type", "事件类型", "Incident type", 0),
		FIELD("playbook", "预案", "Playbook", 0),
		FIELD_WORD("state", "状态", "State", WORDS_INCIDENT_STATE, 0),
		FIELD("held", "须值班员确认", "Waits for the officer", 0),
		FIELD_END,
	};
	const json_t *line;
	size_t index;

	fprintf(screen->to, "%s%s%s\n", screen_tone(screen, TONE_BOLD),
		screen_say(screen, (struct say){"推演:这条报警此刻会做什么(没有派出任何力量)",
					   "What this alarm would do now; nothing was sent"}),
		screen_plain(screen));
	value_sheet(screen, reply, fields);
	candidates_show(screen, reply);
	if (view_shortfalls(screen, reply) == 0 && value_number(reply, "needs") > 0)
		fprintf(screen->to, "\n  %s\n",
			screen_say(screen, (struct say){"全部需求均可满足", "every requirement is covered"}));
	view_sent(screen, reply);
	view_passed(screen, reply);
	view_materials(screen, reply);
	view_actions(screen, reply);
	tasks_show(screen, reply);
	notices_show(screen, reply);
	if (value_number(reply, "steps") > 0) {
		screen_heading(screen, (struct say){"预案步骤", "Steps of the playbook"});
		view_steps(screen, value_at(reply, "steps"));
	}
	if (value_number(reply, "decided") > 0)
		screen_heading(screen, (struct say){"决定", "Decided"});
	VALUE_EACH(value_at(reply, "decided"), index, line)
	{
		fputs("  - ", screen->to);
		screen_wrapped(screen, 4, TONE_PLAIN, value_said(screen, line, "text"));
	}
}
