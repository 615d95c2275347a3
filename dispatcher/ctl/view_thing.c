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
		FIELD("incident", "Incident", 0),
		FIELD_WORD("state", "State", WORDS_ORDER_STATE, 0),
		FIELD_WORD("why", "Why", WORDS_WHY, 0),
		FIELD("reason", "Reason", 0),
		FIELD("said_by", "Said by", 0),
		FIELD_AS("said_at", "Said at", VALUE_TIME, 0),
		FIELD_WORD("target", "Target", WORDS_TARGET, 0),
		FIELD("who", "Who", 0),
		FIELD("phone", "Phone", 0),
		FIELD("call_task", "Call task", 0),
		FIELD("task", "Task", 0),
		FIELD_TOWN("action", "Action", 0),
		FIELD_AS("range_m", "Range", VALUE_METRES, 0),
		FIELD_AS("travel_s", "Travel", VALUE_SECONDS, 0),
		FIELD_AS("position_age_s", "Position's age", VALUE_SECONDS, 0),
		FIELD_AS("issued", "Issued", VALUE_TIME, 0),
		FIELD_AS("delivered", "Delivered", VALUE_TIME, 0),
		FIELD_AS("answered", "Answered", VALUE_TIME, 0),
		FIELD("answered_by", "Answered by", 0),
		FIELD_TOWN("answered_channel", "Channel", 0),
		FIELD_AS("respond_by", NC_("sheet", "Answer by"), VALUE_TIME, 0),
		FIELD_AS("en_route", "En route", VALUE_TIME, 0),
		FIELD_AS("arrived", "Arrived", VALUE_TIME, 0),
		FIELD_AS("arrive_by", "Arrive by", VALUE_TIME, 0),
		FIELD_AS("ended", "Ended", VALUE_TIME, 0),
		FIELD("depot_order", "Carries", 0),
		FIELD("chosen", "Why this one", 0),
		FIELD_END,
	};
	static const struct field items[] = {
		FIELD("item", "Item", TABLE_KEEP),
		FIELD("name", "Name", 0),
		FIELD("quantity", "Quantity", TABLE_KEEP | TABLE_RIGHT),
		FIELD("unit", NC_("measure", "Unit"), TABLE_KEEP),
		FIELD_WORD("state", "State", WORDS_SUPPLY_STATE, TABLE_KEEP),
		FIELD_END,
	};

	json_t *shown = json_copy((json_t *)(uintptr_t)order);

	ASSERT(shown != NULL);
	if (strcmp(value_string(order, "why"), value_string(order, "state")) == 0) /* said once */
		json_object_del(shown, "why");
	title(screen, order, "id", "name");
	value_sheet(screen, shown, fields);
	json_decref(shown);
	value_section(screen, value_at(order, "items"), N_("Items"), items);
}

void view_unit(const struct screen *screen, const json_t *unit)
{
	static const struct field fields[] = {
		FIELD_WORD("state", "State", WORDS_UNIT_STATE, 0),
		FIELD_TOWN("kind", "Kind", 0),
		FIELD("team", "Team", 0),
		FIELD_TOWN("skills", "Skills", 0),
		FIELD("skills", NC_("codes", "Skills"), 0),
		FIELD("members", "Members", 0),
		FIELD("leader_name", "Leader", 0),
		FIELD("phone", "Phone", 0),
		FIELD("shift", "Shift", 0),
		FIELD("terminal", "Terminal", 0),
		FIELD("link", NC_("terminal", "Linked"), 0),
		FIELD_AS("position", "Position", VALUE_POINT, 0),
		FIELD_AS("position_at", "Position of", VALUE_TIME, 0),
		FIELD_AS("home", "Home", VALUE_POINT, 0),
		FIELD("speed_m_s", "Speed (m/s)", 0),
		FIELD_AS("turnout_s", "Turnout", VALUE_SECONDS, 0),
		FIELD_AS("home_at", "Home at", VALUE_TIME, 0),
		FIELD("sent", "Orders in all", 0),
		FIELD_AS("declined.at", "Declined at", VALUE_TIME, 0),
		FIELD("declined.incident", "Declined for", 0),
		FIELD("declined.reason", "Declined because", 0),
		FIELD("declined.said_by", "Said by", 0),
		FIELD_END,
	};

	title(screen, unit, "id", "name");
	value_sheet(screen, unit, fields);
	value_section(screen, value_at(unit, "orders"), N_("Live orders"), fields_order);
}

void view_depot(const struct screen *screen, const json_t *depot)
{
	static const struct field fields[] = {
		FIELD("keeper_name", "Keeper", 0),
		FIELD("phone", "Phone", 0),
		FIELD("link", NC_("terminal", "Linked"), 0),
		FIELD_AS("position", "Position", VALUE_POINT, 0),
		FIELD_AS("load_s", "Loading takes", VALUE_SECONDS, 0),
		FIELD("low", "Lines that are low", 0),
		FIELD_END,
	};

	title(screen, depot, "id", "name");
	value_sheet(screen, depot, fields);
	value_section(screen, value_at(depot, "stock"), N_("Stock"), fields_stock + 1);
	value_section(screen, value_at(depot, "orders"), N_("Live orders"), fields_order);
}

void view_device(const struct screen *screen, const json_t *device)
{
	static const struct field fields[] = {
		FIELD_TOWN("kind", "Kind", 0),
		FIELD_WORD("state", "State", WORDS_DEVICE_STATE, 0),
		FIELD("link", "Linked", 0),
		FIELD("grid", "Grid", 0),
		FIELD_AS("position", "Position", VALUE_POINT, 0),
		FIELD_TOWN("actions", NC_("sheet", "Actions"), 0),
		FIELD("actions", NC_("codes", "Actions"), 0),
		FIELD_AS("expect_every_s", "Speaks every", VALUE_SECONDS, 0),
		FIELD_AS("seen", NC_("sheet", "Last seen"), VALUE_TIME, 0),
		FIELD("alarms", NC_("count", "Alarms"), 0),
		FIELD("incidents", NC_("device", "Open incidents"), 0),
		FIELD_END,
	};

	title(screen, device, "id", "name");
	value_sheet(screen, device, fields);
}

void view_playbook(const struct screen *screen, const json_t *playbook)
{
	static const struct field fields[] = {
		FIELD_TOWN("incident_type", "Incident type", 0),
		FIELD_TOWN("types", "Alarm types", 0),
		FIELD("confidence", "Confidence from", 0),
		FIELD("hours", "Hours", 0),
		FIELD("grids", "Grids", 0),
		FIELD_WORD("warnings", "Warnings", WORDS_COLOUR, 0),
		FIELD("value_above", "Value above", 0),
		FIELD("value_below", "Value below", 0),
		FIELD("value_unit", NC_("measure", "Unit"), 0),
		FIELD("priority", "Priority", 0),
		FIELD_WORD("grade", "Grade", WORDS_GRADE, 0),
		FIELD_WORD("response_level", "Response level", WORDS_RESPONSE, 0),
		FIELD_WORD("release", "Release", WORDS_RELEASE, 0),
		FIELD_AS("correlate_m", "Same case within", VALUE_METRES, 0),
		FIELD_AS("correlate_s", "and within", VALUE_SECONDS, 0),
		FIELD_AS("confirm_within_s", "Confirm within", VALUE_SECONDS, 0),
		FIELD_AS("deadlines.answer_s", "Answer within", VALUE_SECONDS, 0),
		FIELD_AS("deadlines.arrive_s", "Arrive within", VALUE_SECONDS, 0),
		FIELD_AS("deadlines.receive_s", "Receive within", VALUE_SECONDS, 0),
		FIELD_AS("deadlines.dispose_s", "Dispose within", VALUE_SECONDS, 0),
		FIELD_AS("deadlines.verify_s", "Verify within", VALUE_SECONDS, 0),
		FIELD_AS("escalate", "Climbs to", VALUE_WHO, 0),
		FIELD("hash", "Version", 0),
		FIELD_END,
	};

	title(screen, playbook, "id", "title");
	value_sheet(screen, playbook, fields);
	if (value_number(playbook, "step_list") > 0) {
		screen_heading(screen, "Steps");
		view_steps(screen, value_at(playbook, "step_list"));
	}
}

void view_alarm(const struct screen *screen, const json_t *alarm)
{
	static const struct field fields[] = {
		FIELD("id", "Sender's id", 0),
		FIELD("source", "Source", 0),
		FIELD_TOWN("type", "Type", 0),
		FIELD_WORD("state", "State", WORDS_ALARM_STATE, 0),
		FIELD_WORD("result", "Result", WORDS_ALARM_RESULT, 0),
		FIELD_WORD("reason", NC_("alarm", "Reason"), WORDS_REJECT, 0),
		FIELD("incident", "Incident", 0),
		FIELD("silence", "Silence", 0),
		FIELD_AS("time", NC_("time", "Sent"), VALUE_TIME, 0),
		FIELD_AS("at", NC_("sheet", "Received"), VALUE_TIME, 0),
		FIELD_AS("position", "Position", VALUE_POINT, 0),
		FIELD("confidence", "Confidence", 0),
		FIELD("value", "Value", 0),
		FIELD("unit", NC_("measure", "Unit"), 0),
		FIELD_WORD("mode", "Mode", WORDS_MODE, 0),
		FIELD("text", "Text", 0),
		FIELD("seq", "Row", 0),
		FIELD_END,
	};

	fprintf(screen->to, "%s%s  %s%s\n", screen_tone(screen, TONE_BOLD), value_string(alarm, "alarm"),
		value_town(screen, value_string(alarm, "type")), screen_plain(screen));
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
		FIELD("id", "Task", 0),
		FIELD_WORD("state", "State", WORDS_TASK_STATE, 0),
		FIELD_AS("due", "Due", VALUE_DUE, 0),
		FIELD("name", "Call", 0),
		FIELD("phone", "Phone", 0),
		FIELD("incident", "Incident", 0),
		FIELD("taken_by", "Taken by", 0),
		FIELD_END,
	};
	const json_t *task;
	size_t index;

	if (json_array_size(tasks) == 0)
		fprintf(screen->to, "%s\n", screen_say(screen, "(none)"));
	VALUE_EACH(tasks, index, task)
	{
		char number[16];

		value_pick(screen, value_string(task, "id"), "Task", number, sizeof(number));
		if (number[0] != '\0')
			fprintf(screen->to, "%s%3s%s ", screen_tone(screen, TONE_DIM), number,
				screen_plain(screen));
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
		fprintf(screen->to, screen_say(screen, "%.0f in all\n"), value_number(reply, "count"));
	VALUE_EACH(value_at(reply, "faults"), index, fault)
	{
		fprintf(screen->to, "%s\n", json_is_string(fault) ? json_string_value(fault) : "");
	}
}
