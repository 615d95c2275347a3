/* view_desk: who keeps the desk, and what waits for whoever does. */
#include <stdio.h>
#include <string.h>

#include "ctl/command.h"
#include "ctl/value.h"
#include "ctl/view.h"

void view_shift(const struct screen *screen, const json_t *shift)
{
	static const struct field people[] = {
		FIELD("person", "Person", TABLE_KEEP | TABLE_ID),
		FIELD("name", "Name", TABLE_KEEP),
		FIELD_AS("roles", "As", VALUE_WHO, 0),
		FIELD("phone", "Phone", TABLE_KEEP),
		FIELD_AS("since", "Since", VALUE_TIME, TABLE_KEEP),
		FIELD_END,
	};
	static const struct field sheet[] = {
		FIELD_AS("desk_seen", "Desk last seen", VALUE_TIME, 0),
		FIELD_AS("presence_due", "Say that you are there by", VALUE_TIME, 0),
		FIELD("presence_missed", "Missed in a row", 0),
		FIELD("alerts", "Alerts nobody has seen", 0),
		FIELD_AS("oldest_alert_s", "The oldest waits", VALUE_SECONDS, 0),
		FIELD("rings", "Rings", 0),
		FIELD_AS("bell", "Rings again", VALUE_TIME, 0),
		FIELD("climbed", "Rungs told that nobody answers", 0),
		FIELD("note.text", "Note of the last change", 0),
		FIELD("note.by", NC_("note", "Left by"), 0),
		FIELD_AS("note.at", NC_("note", "Left at"), VALUE_TIME, 0),
		FIELD_END,
	};

	if (json_array_size(value_at(shift, "on_duty")) == 0)
		fprintf(screen->to, "%s%s%s\n", screen_tone(screen, TONE_BAD),
			screen_say(screen, "NOBODY IS ON DUTY: shift on"), screen_plain(screen));
	else
		value_list(screen, value_at(shift, "on_duty"), people, 0);
	fputc('\n', screen->to);
	value_sheet(screen, shift, sheet);
}

void view_calendar(const struct screen *screen, const json_t *calendar)
{
	static const struct field fields[] = {
		FIELD("open", "Open now", 0),
		FIELD_AS("weekdays", "Weekdays", VALUE_LIST, 0),
		FIELD_AS("hours", "Hours", VALUE_LIST, 0),
		FIELD_AS("rest", "Days of rest", VALUE_LIST, 0),
		FIELD_AS("work", "Days of work", VALUE_LIST, 0),
		FIELD_END,
	};

	static const struct {
		const char *word, *said;
	} days[] = {
		{"mon", N_("mon")},
		{"tue", N_("tue")},
		{"wed", N_("wed")},
		{"thu", N_("thu")},
		{"fri", N_("fri")},
		{"sat", N_("sat")},
		{"sun", N_("sun")},
	};
	json_t *shown = json_copy((json_t *)calendar), *said = json_array();
	const json_t *day;
	size_t i;

	VALUE_EACH(value_at(calendar, "weekdays"), i, day)
	{
		for (size_t j = 0; j < sizeof(days) / sizeof(days[0]); j++)
			if (strcmp(json_string_value(day), days[j].word) == 0)
				(void)json_array_append_new(
					said, json_string(screen_say(screen, days[j].said)));
	}
	(void)json_object_set(shown, "weekdays", said);
	if (value_true(calendar, "set"))
		value_sheet(screen, shown, fields);
	else
		fprintf(screen->to, "%s\n",
			screen_say(screen, "no working hours are set: every minute counts"));
	json_decref(shown);
	json_decref(said);
}

/* --- who somebody is ------------------------------------------------------------------------------- */

/* The command that asks the daemon for it; NULL: it is none of ours. */
static const struct command *command_of(const char *name)
{
	const struct command *command;
	size_t len = strlen(name);

	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++) {
		size_t path = command->path == NULL ? 0 : strlen(command->path);

		if (path > len && command->path[path - len - 1] == '/' &&
			strcmp(command->path + path - len, name) == 0)
			return command;
	}
	return NULL;
}

/* In Chinese what it does, as far as the first mark; else as it is typed. */
static void may_say(const struct screen *screen, const char *name, char *out, size_t size)
{
	static const char *const marks[] = {"\uFF08", "\uFF0C", "\uFF1A", "\uFF1B", "(", ",", ":", ";"};
	const struct command *command = command_of(name);

	if (strcmp(name, "release advise") == 0)
		screen_format(out, size, "%s", screen_say(screen, "hold all help back (release advise)"));
	else if (strcmp(name, "silence-add of a type or grid") == 0)
		screen_format(out, size, "%s", screen_say(screen, "silence a whole type or grid"));
	else if (command == NULL)
		screen_format(out, size, "%s", name);
	else if (screen->lang != LANG_ZH)
		screen_format(out, size, "%s", command->words);
	else
		screen_format(out, size, "%s", screen_say(screen, command->help));
	for (size_t i = 0; command != NULL && i < sizeof(marks) / sizeof(marks[0]); i++) {
		char *mark = strstr(out, marks[i]);

		if (mark != NULL)
			*mark = '\0';
	}
}

static void may_set(const struct screen *screen, json_t *shown, const json_t *reply, const char *key)
{
	json_t *said = json_array();
	const json_t *one;
	size_t i;

	VALUE_EACH(value_at(reply, key), i, one)
	{
		char text[VALUE_TEXT_MAX];

		may_say(screen, json_is_string(one) ? json_string_value(one) : "", text, sizeof(text));
		(void)json_array_append_new(said, json_string(text));
	}
	(void)json_object_set_new(shown, key, said);
}

void view_whoami(const struct screen *screen, const json_t *reply)
{
	static const struct field fields[] = {
		FIELD("by", "Signs as", 0),
		FIELD("person", "Person", 0),
		FIELD("name", "Name", 0),
		FIELD_AS("roles", "As", VALUE_WHO, 0),
		FIELD_AS("may", "May", VALUE_LIST, 0),
		FIELD_AS("may_not", "May not", VALUE_LIST, 0),
		FIELD_END,
	};

	json_t *shown = json_copy((json_t *)reply);

	may_set(screen, shown, reply, "may");
	may_set(screen, shown, reply, "may_not");
	value_sheet(screen, shown, fields);
	json_decref(shown);
	if (value_number(reply, "bearers") > 1)
		fprintf(screen->to, screen_say(screen, "%.0f people have this name: sign with the id\n"),
			value_number(reply, "bearers"));
	else if (value_string(reply, "person")[0] == '\0')
		fprintf(screen->to, "%s\n",
			value_true(reply, "named")
				? screen_say(screen, "nobody of the town: commands are refused; sign with "
						     "--by or DISPATCH_BY")
				: screen_say(screen, "nobody of the town: acts for the desk"));
}
