/* view_story: an incident from its first alarm to its end, and what an alarm would do; for the officer. */
#include <stdio.h>
#include <string.h>

#include "ctl/fields.h"
#include "ctl/view.h"
#include "ctl/value.h"
#include "wire/time_text.h"

static const struct field sheet[] = {
	FIELD_TOWN("type", "Type", 0),
	FIELD("priority", "Priority", 0),
	FIELD_WORD("grade", "Grade", WORDS_GRADE, 0),
	FIELD_WORD("response_level", "Response level", WORDS_RESPONSE, 0),
	FIELD("level", "Alarm level", 0),
	FIELD("playbook_title", "Playbook", 0),
	FIELD_WORD("release", "Release", WORDS_RELEASE, 0),
	FIELD_AS("position", "Position", VALUE_POINT, 0),
	FIELD("grid", "Grid", 0),
	FIELD("grid_name", "Grid name", 0),
	FIELD("device", NC_("alarm", "Device"), 0),
	FIELD("report.caller", "Caller", 0),
	FIELD("report.phone", NC_("caller", "Phone"), 0),
	FIELD("report.where", "Where", 0),
	FIELD("report.said", NC_("place", "Said as"), 0),
	FIELD("report.text", "Report", 0),
	FIELD_AS("reported", NC_("sheet", "Reported"), VALUE_TIME, 0),
	FIELD_AS("dispatched", "Dispatched", VALUE_TIME, 0),
	FIELD_AS("arrived", NC_("incident", "Arrived"), VALUE_TIME, 0),
	FIELD_AS("done", "Done", VALUE_TIME, 0),
	FIELD_AS("done_by", "Done by", VALUE_SIGNED, 0),
	FIELD_AS("verified", "Verified", VALUE_TIME, 0),
	FIELD_AS("ended", NC_("incident", "Ended"), VALUE_TIME, 0),
	FIELD_WORD("disposition", "Disposition", WORDS_DISPOSITION, 0),
	FIELD("merged_into", "Merged into", 0),
	FIELD_AS("merged", "Merged in", VALUE_LIST, 0),
	FIELD("split_from", "Split from", 0),
	FIELD_AS("climbs_again", "Climbs again", VALUE_TIME, 0),
	FIELD_AS("verified_by", "Checked by", VALUE_SIGNED, 0),
	FIELD_AS("paper", "Brought in from paper", VALUE_YES, 0),
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

enum { FOLD_FROM = 12, FOLD_LINES_FROM = 5, ENTRIES_FIRST = 4, ENTRIES_LAST = 12 };

/* Of a long list how many there are of each state, and which command lists them: "LIST --incident ID". */
static bool folded(const struct screen *screen, const json_t *story, const char *key, const char *title,
	enum words_set states, const char *list)
{
	const json_t *all = value_at(story, key), *one;
	char line[VALUE_TEXT_MAX];
	size_t at, i;

	if (!screen->folds || json_array_size(all) <= FOLD_FROM)
		return false;
	screen_heading(screen, title);
	at = screen_format(line, sizeof(line), screen_say(screen, "%zu in all"), json_array_size(all));
	for (uint32_t state = 0; words_of(states, state).ptr[0] != '?'; state++) {
		uint32_t count = 0;

		VALUE_EACH(all, i, one)
		{
			count += strcmp(value_string(one, "state"), words_of(states, state).ptr) == 0;
		}
		if (count > 0)
			at += screen_format(line + at, sizeof(line) - at, "%s%s %u", screen_say(screen, ", "),
				value_word(screen, states, words_of(states, state).ptr), count);
	}
	fputs("  ", screen->to);
	screen_wrapped(screen, 2, TONE_PLAIN, line);
	fprintf(screen->to, screen_say(screen, "  to see them: %s --incident %s\n"), list,
		value_string(story, "id"));
	return true;
}

static void tasks_show(const struct screen *screen, const json_t *story)
{
	static const struct field fields[] = {
		FIELD("id", "Task", TABLE_KEEP | TABLE_ID),
		FIELD_WORD("state", "State", WORDS_TASK_STATE, TABLE_KEEP),
		FIELD_AS("due", "Due", VALUE_DUE, TABLE_KEEP),
		FIELD("name", "Call", TABLE_KEEP),
		FIELD("phone", "Phone", TABLE_KEEP),
		FIELD("order", "Order", TABLE_KEEP),
		FIELD("notice", "Notice", TABLE_KEEP),
		FIELD("text", "Say", TABLE_EXTRA),
		FIELD_END,
	};

	if (!folded(screen, story, "tasks", N_("Call tasks"), WORDS_TASK_STATE, "task list"))
		value_section(screen, value_at(story, "tasks"), N_("Call tasks"), fields);
}

static void notices_show(const struct screen *screen, const json_t *story)
{
	static const struct field fields[] = {
		FIELD("id", "Notice", TABLE_KEEP | TABLE_ID),
		FIELD("name", "Person", TABLE_KEEP),
		FIELD("phone", "Phone", TABLE_KEEP),
		FIELD_AS("who", "As", VALUE_WHO, 0),
		FIELD_WORD("state", "State", WORDS_NOTICE_STATE, TABLE_KEEP),
		FIELD_AS("due", "Due", VALUE_DUE, TABLE_EXTRA),
		FIELD_AS("answered", "Answered", VALUE_TIME, TABLE_EXTRA),
		FIELD_END,
	};

	if (!folded(screen, story, "notices", N_("Call and answer"), WORDS_NOTICE_STATE, "notice list"))
		value_section(screen, value_at(story, "notices"), N_("Call and answer"), fields);
}

static void deadlines_show(const struct screen *screen, const json_t *story)
{
	static const struct field running[] = {
		FIELD_WORD("kind", "Deadline", WORDS_DEADLINE_KIND, TABLE_KEEP),
		FIELD_WORD("state", "State", WORDS_DEADLINE_STATE, TABLE_KEEP),
		FIELD_AS("due", NC_("time", "Due"), VALUE_TIME, TABLE_KEEP),
		FIELD_AS("left_s", "Left", VALUE_LEFT, TABLE_KEEP),
		FIELD_AS("stopped", NC_("incident", "Ended"), VALUE_TIME, 0),
		FIELD_END,
	};
	json_t *shown = json_array();
	json_t *deadline;
	size_t index;

	VALUE_EACH(json_object_get(story, "deadlines"), index, deadline)
	{
		json_t *copy = json_copy(deadline);
		const char *state = value_string(deadline, "state");

		if ((strcmp(state, "running") != 0 && strcmp(state, "late") != 0) ||
			value_string(deadline, "stopped")[0] != '\0')
			(void)json_object_del(copy, "left_s"); /* what is over has no time left */
		if (strcmp(state, "idle") != 0)
			(void)json_array_append(shown, copy);
		json_decref(copy);
	}
	value_section(screen, shown, N_("Deadlines"), running);
	json_decref(shown);
}

/* What only people know of it, and the reports that have gone upward. */
static void facts_show(const struct screen *screen, const json_t *story)
{
	static const struct field facts[] = {
		FIELD_WORD("fact", "Fact", WORDS_FACT, TABLE_KEEP),
		FIELD("text", "Text", 0),
		FIELD("by", NC_("fact", "By"), TABLE_EXTRA),
		FIELD_AS("at", "Time", VALUE_TIME, TABLE_EXTRA),
		FIELD_END,
	};
	static const struct field reports[] = {
		FIELD_WORD("kind", NC_("kind", "Report"), WORDS_REPORT, TABLE_KEEP),
		FIELD("count", "Times", TABLE_KEEP | TABLE_RIGHT),
		FIELD_AS("last", "Last sent", VALUE_TIME, TABLE_KEEP),
		FIELD_END,
	};

	json_t *given = json_array(), *fact;
	size_t i;

	VALUE_EACH(json_object_get(story, "facts"), i, fact)
	{
		if (value_string(fact, "text")[0] != '\0')
			(void)json_array_append(given, fact);
	}
	value_section(screen, given, N_("Facts for the reports"), facts);
	value_section(screen, value_at(story, "reports"), N_("Reports sent upward"), reports);
	json_decref(given);
}

static void sensors_show(const struct screen *screen, const json_t *story)
{
	static const struct field fields[] = {
		FIELD("device", "Device", TABLE_KEEP),
		FIELD("name", "Name", 0),
		FIELD_TOWN("type", "Type", 0),
		FIELD_AS("at", "Last raised", VALUE_TIME, TABLE_KEEP),
		FIELD("occurrences", "Times", TABLE_KEEP | TABLE_RIGHT),
		FIELD_AS("cleared", "Cleared", VALUE_YES, TABLE_KEEP),
		FIELD_END,
	};

	value_section(screen, value_at(story, "sensor_list"), N_("Sensors"), fields);
}

/* How many lines of that kind an entry has. */
static uint32_t lines_of_kind(const json_t *lines, const char *kind)
{
	const json_t *line;
	uint32_t count = 0;
	size_t i;

	VALUE_EACH(lines, i, line)
	{
		count += strcmp(value_string(line, "kind"), kind) == 0;
	}
	return count;
}

static bool timeline_folds(const struct screen *screen, const json_t *story)
{
	const json_t *entry, *line;
	size_t i, j;

	VALUE_EACH(value_at(story, "timeline"), i, entry)
	{
		const json_t *lines = value_at(entry, "lines");

		VALUE_EACH(lines, j, line)
		{
			if (screen->folds &&
				lines_of_kind(lines, value_string(line, "kind")) > FOLD_LINES_FROM)
				return true;
		}
	}
	return false;
}

/* The first of many of one kind stands for all of them; true: this line is done with. */
static bool line_folded(const struct screen *screen, const json_t *lines, size_t index)
{
	const json_t *earlier;
	const char *kind = value_string(json_array_get(lines, index), "kind");
	uint32_t count = screen->folds ? lines_of_kind(lines, kind) : 0;

	if (count <= FOLD_LINES_FROM)
		return false;
	for (size_t i = 0; i < index; i++) {
		earlier = json_array_get(lines, i);
		if (strcmp(value_string(earlier, "kind"), kind) == 0)
			return true;
	}
	fprintf(screen->to, "                  - %s × %u\n", value_word(screen, WORDS_EFFECT, kind), count);
	return true;
}

/* Of a long timeline the beginning and the latest are shown; one line stands for those between. */
static bool entry_folded(const struct screen *screen, const json_t *story, size_t index)
{
	size_t count = json_array_size(value_at(story, "timeline"));

	if (!screen->folds || count <= ENTRIES_FIRST + ENTRIES_LAST + 1 || index < ENTRIES_FIRST ||
		index >= count - ENTRIES_LAST)
		return false;
	if (index == ENTRIES_FIRST)
		fprintf(screen->to, screen_say(screen, "  … %zu entries between: incident show %s --all\n"),
			count - ENTRIES_FIRST - ENTRIES_LAST, value_string(story, "id"));
	return true;
}

static void timeline_show(const struct screen *screen, const json_t *story)
{
	const json_t *entry, *line;
	size_t index, inner;

	screen_heading(screen, "Timeline");
	if (value_at(story, "timeline_complete") != NULL && !value_true(story, "timeline_complete"))
		fprintf(screen->to, "  %s\n", screen_say(screen, "(older rows: journal export)"));
	if (timeline_folds(screen, story))
		fprintf(screen->to,
			screen_say(screen, "  (many of a kind are counted; each: incident show %s --all)\n"),
			value_string(story, "id"));
	VALUE_EACH(value_at(story, "timeline"), index, entry)
	{
		char time[64], head[VALUE_TEXT_MAX], by[200];

		if (entry_folded(screen, story, index))
			continue;
		value_signed(entry, "by", by, sizeof(by));

		value_time(screen, value_string(entry, "at"), time, sizeof(time));
		screen_format(head, sizeof(head), "%s%s%s%s", value_said(screen, entry, "text"),
			by[0] == '\0' ? "" : " [", by, by[0] == '\0' ? "" : "]");
		fprintf(screen->to, "  %s  ", time);
		screen_wrapped(screen, 18, TONE_PLAIN, head);
		VALUE_EACH(value_at(entry, "lines"), inner, line)
		{
			if (line_folded(screen, value_at(entry, "lines"), inner))
				continue;
			if (strstr(value_said(screen, entry, "text"), value_said(screen, line, "text")) !=
					NULL ||
				strcmp(value_string(line, "text"), "ok") == 0)
				continue; /* the head says it, or it only says that it was done */
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
		fputs(screen_say(screen, "  [EXERCISE]"), screen->to);
	if (value_true(story, "held"))
		fprintf(screen->to, "  %s%s%s", screen_tone(screen, TONE_BAD),
			screen_say(screen, "[WAITS FOR YOU: incident confirm]"), screen_plain(screen));
	fputc('\n', screen->to);
}

/* What would go if it were confirmed, and until when it waits. */
static void proposed_show(const struct screen *screen, const json_t *proposed)
{
	char time[64];

	if (proposed == NULL)
		return;
	screen_heading(screen, "Waits to be confirmed; then these go");
	if (value_string(proposed, "confirm_by")[0] != '\0') {
		value_time(screen, value_string(proposed, "confirm_by"), time, sizeof(time));
		fprintf(screen->to,
			strcmp(value_string(proposed, "then"), "dispatch") == 0
				? screen_say(screen, "  at %s they go without you\n")
				: screen_say(screen, "  at %s it stays held, for somebody to decide\n"),
			time);
	}
	value_list(screen, value_at(proposed, "orders"), fields_order + 1, 2);
	(void)view_uncovered(screen, proposed);
}

void view_incident(const struct screen *given, const json_t *story)
{
	struct screen screen = *given;

	now_find(&screen, value_at(story, "deadlines"));
	head_show(&screen, story);
	value_sheet(&screen, story, sheet);
	proposed_show(&screen, value_at(story, "proposed"));
	(void)view_shortfalls(&screen, story);
	view_sent(&screen, story);
	value_section(&screen, value_at(story, "merged_orders"), N_("Sent for the cases merged into it"),
		fields_order);
	view_passed(&screen, story);
	view_materials(&screen, story);
	view_actions(&screen, story);
	tasks_show(&screen, story);
	notices_show(&screen, story);
	deadlines_show(&screen, story);
	facts_show(&screen, story);
	if (value_number(story, "steps") > 0) {
		screen_heading(&screen, "Steps of the playbook");
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
		FIELD("playbook", "Playbook", TABLE_KEEP),
		FIELD("title", "Title", 0),
		FIELD_WORD("why", "Fits", WORDS_MATCH, TABLE_KEEP),
		FIELD("specific", "Specific", TABLE_KEEP | TABLE_RIGHT),
		FIELD_END,
	};

	value_section(screen, value_at(reply, "candidates"),
		N_("Playbooks; of those that fit the most specific wins"), fields);
}

void view_explained(const struct screen *screen, const json_t *reply)
{
	static const struct field fields[] = {
		FIELD_WORD("result", "Result", WORDS_ALARM_RESULT, 0),
		FIELD_WORD("reason", "Reason", WORDS_REJECT, 0),
		FIELD("detail", "Detail", 0),
		FIELD("opens", "Opens an incident", 0),
		FIELD("incident", "Would join", 0),
		FIELD_TOWN("incident_type", "Incident type", 0),
		FIELD("playbook", "Playbook", 0),
		FIELD_WORD("state", "State", WORDS_INCIDENT_STATE, 0),
		FIELD("held", "Waits for the officer", 0),
		FIELD_END,
	};
	const json_t *line;
	size_t index;

	fprintf(screen->to, "%s%s%s\n", screen_tone(screen, TONE_BOLD),
		screen_say(screen, "What this alarm would do now; nothing was sent"), screen_plain(screen));
	value_sheet(screen, reply, fields);
	candidates_show(screen, reply);
	if (view_shortfalls(screen, reply) == 0 && value_number(reply, "needs") > 0)
		fprintf(screen->to, "\n  %s\n", screen_say(screen, "every requirement is covered"));
	view_sent(screen, reply);
	view_passed(screen, reply);
	view_materials(screen, reply);
	view_actions(screen, reply);
	tasks_show(screen, reply);
	notices_show(screen, reply);
	if (value_number(reply, "steps") > 0) {
		screen_heading(screen, "Steps of the playbook");
		view_steps(screen, value_at(reply, "steps"));
	}
	if (value_number(reply, "decided") > 0)
		screen_heading(screen, "Decided");
	VALUE_EACH(value_at(reply, "decided"), index, line)
	{
		fputs("  - ", screen->to);
		screen_wrapped(screen, 4, TONE_PLAIN, value_said(screen, line, "text"));
	}
}
