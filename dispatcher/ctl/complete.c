/* complete: which values can follow a typed line: the words of an argument, or the ids that the daemon knows. */
#include "ctl/complete.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/line.h"
#include "ctl/value.h"

enum { WORDS_MAX = 300 };

static const struct arg *option_named(const struct command *command, const char *word)
{
	for (const struct arg *arg = command->arg; arg->name != NULL; arg++)
		if (arg_is_option(arg) && strcmp(arg->name, word) == 0)
			return arg;
	return NULL;
}

static const struct arg *place_nth(const struct command *command, uint32_t nth)
{
	for (const struct arg *arg = command->arg; arg->name != NULL; arg++)
		if (!arg_is_option(arg) && ((arg->flags & ARG_MANY) != 0 || nth-- == 0))
			return arg;
	return NULL;
}

static const struct command *command_typed(char *line, const char **word, uint32_t *count, uint32_t *taken)
{
	return line_split(line, word, WORDS_MAX, count) == DISP_OK ? command_find(word, *count, taken) : NULL;
}

const struct arg *complete_arg(const char *typed)
{
	char line[512];
	const char *word[WORDS_MAX];
	uint32_t count, taken, places = 0;
	const struct command *command;

	screen_format(line, sizeof(line), "%s", typed);
	command = command_typed(line, word, &count, &taken);
	if (command == NULL)
		return NULL;
	for (uint32_t i = taken; i < count; i++) {
		const struct arg *option = option_named(command, word[i]);

		if (option != NULL && option->kind != ARG_FLAG && ++i == count)
			return option;
		places += option == NULL;
	}
	return place_nth(command, places);
}

/* Where the daemon lists what a field names, and the member that is typed. */
static const struct {
	const char *field, *path, *member;
} lists[] = {
	{"incident", "/v1/incidents", "id"},
	{"into", "/v1/incidents", "id"},
	{"order", "/v1/orders", "id"},
	{"unit", "/v1/units", "id"},
	{"device", "/v1/devices", "id"},
	{"source", "/v1/devices", "id"},
	{"depot", "/v1/depots", "id"},
	{"item", "/v1/stock", "item"},
	{"task", "/v1/tasks", "id"},
	{"notice", "/v1/notices", "id"},
	{"silence", "/v1/silences", "id"},
	{"key", "/v1/keys", "id"},
	{"playbook", "/v1/playbooks", "id"},
	{"type", "/v1/playbooks", "incident_type"},
	{"grid", "/v1/grids", "code"},
	{"place", "/v1/places", "name"},
	{"person", "/v1/people", "id"},
	{"to", "/v1/people", "id"},
	{"agreed", "/v1/people", "id"},
	{"hazard", "/v1/warnings", "hazard"},
	{"skill", "/v1/units", "skills"},
	{"skills", "/v1/units", "skills"},
};

static void value_put(json_t *to, const char *value, const char *start)
{
	const json_t *known;
	size_t index;

	if (value == NULL || strncmp(value, start, strlen(start)) != 0)
		return;
	VALUE_EACH(to, index, known)
	{
		if (strcmp(json_string_value(known), value) == 0)
			return;
	}
	ASSERT(json_array_append_new(to, json_string(value)) == 0);
}

static void list_put(
	struct session *session, const char *path, const char *member, const char *start, json_t *to)
{
	json_t *list, *thing, *one;
	char asked[128];
	size_t i, j;

	screen_format(asked, sizeof(asked), "%s?fields=%s", path, member);
	list = session_peek(session, asked);
	VALUE_EACH(list, i, thing)
	{
		json_t *value = json_object_get(thing, member);

		value_put(to, json_string_value(value), start);
		VALUE_EACH(value, j, one)
		{
			value_put(to, json_string_value(one), start);
		}
	}
	json_decref(list);
}

static void words_put(const char *words, const char *start, json_t *to)
{
	for (const char *at = words; at != NULL; at = strchr(at, '|')) {
		char word[64];

		at += *at == '|';
		screen_format(word, sizeof(word), "%.*s", (int)strcspn(at, "|"), at);
		value_put(to, word, start);
	}
}

/* What this device can do. */
static void actions_put(struct session *session, const char *device, const char *start, json_t *to)
{
	char path[SESSION_PATH_MAX], escaped[SESSION_PATH_MAX / 2];
	json_t *shown, *action;
	size_t i;

	if (!http_escape(device, escaped, sizeof(escaped)))
		return;
	screen_format(path, sizeof(path), "/v1/devices/%s", escaped);
	shown = session_peek(session, path);
	VALUE_EACH(value_at(shown, "actions"), i, action)
	{
		value_put(to, json_string_value(action), start);
	}
	json_decref(shown);
}

json_t *complete_values(struct session *session, const char *typed, const char *start)
{
	const struct arg *arg = complete_arg(typed);
	json_t *to = json_array();
	char line[512], path[64];
	const char *word[WORDS_MAX];
	uint32_t count, taken;
	const struct command *command;

	ASSERT(to != NULL);
	screen_format(line, sizeof(line), "%s", typed);
	command = command_typed(line, word, &count, &taken);
	if (session != NULL && (command == NULL ? count == 0 || !command_begins(word[0])
						: strcmp(command->words, "radio") == 0))
		complete_radio(session, typed, start, to);
	if (arg == NULL || command == NULL)
		return to;
	if (arg->field != NULL && strcmp(arg->field, "action") == 0 && count > taken)
		actions_put(session, word[taken], start, to);
	if (arg->kind == ARG_WORD)
		words_put(arg->words, start, to);
	if (strcmp(arg->name, "ID") == 0 && arg->field == NULL && command->path != NULL) {
		size_t len = strcspn(command->path, "{"); /* "/v1/units/{id}" is one of "/v1/units" */

		screen_format(path, sizeof(path), "%.*s", (int)(command->path[len] == '{' ? len - 1 : len),
			command->path);
		list_put(session, path, strcmp(path, "/v1/alarms") == 0 ? "alarm" : "id", start, to);
	}
	for (size_t i = 0; arg->field != NULL && i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(lists[i].field, arg->field) == 0)
			list_put(session, lists[i].path, lists[i].member, start, to);
	return to;
}
