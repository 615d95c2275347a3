/* complete: which values can follow a typed line: the words of an argument, or the ids that the daemon knows. */
#include "ctl/complete.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/arg_word.h"
#include "ctl/line.h"
#include "ctl/town_word.h"
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

/* Where the daemon lists what a field names, the member that is typed, and a name that does as well. */
static const struct {
	const char *field, *path, *member, *name;
} lists[] = {
	{"incident", "/v1/incidents", "id", NULL},
	{"into", "/v1/incidents", "id", NULL},
	{"order", "/v1/orders", "id", NULL},
	{"unit", "/v1/units", "id", "name"},
	{"units", "/v1/units", "id", "name"},
	{"device", "/v1/devices", "id", "name"},
	{"source", "/v1/devices", "id", "name"},
	{"depot", "/v1/depots", "id", "name"},
	{"item", "/v1/stock", "item", "name"},
	{"task", "/v1/tasks", "id", NULL},
	{"notice", "/v1/notices", "id", NULL},
	{"silence", "/v1/silences", "id", NULL},
	{"key", "/v1/keys", "id", NULL},
	{"aside", "/v1/asides", "id", NULL},
	{"playbook", "/v1/playbooks", "id", NULL},
	{"type", "/v1/playbooks", "incident_type", "title"},
	{"grid", "/v1/grids", "code", "name"},
	{"place", "/v1/places", "name", NULL},
	{"person", "/v1/people", "id", "name"},
	{"to", "/v1/people", "id", "name"},
	{"agreed", "/v1/people", "id", "name"},
	{"hazard", "/v1/warnings", "hazard", NULL},
	{"skill", "/v1/units", "skills", NULL},
	{"skills", "/v1/units", "skills", NULL},
};

/* What is looked for. */
struct wish {
	const char *start;
	bool typed;  /* Chinese has been typed: names, too */
	bool zh;     /* Chinese words beside the English ones */
	bool inside; /* anywhere in the value, not only where it begins */
};

static bool is_ascii(const char *text)
{
	while (*text != '\0')
		if (((unsigned char)*text++ & 0x80) != 0)
			return false;
	return true;
}

static void value_put(json_t *to, const char *value, const struct wish *wish)
{
	const json_t *known;
	size_t index;

	if (value == NULL || strpbrk(value, " \t") != NULL ||
		(wish->inside ? strstr(value, wish->start) == NULL
			      : strncmp(value, wish->start, strlen(wish->start)) != 0))
		return;
	VALUE_EACH(to, index, known)
	{
		if (strcmp(json_string_value(known), value) == 0)
			return;
	}
	ASSERT(json_array_append_new(to, json_string(value)) == 0);
}

/* A word of the town, and what it is called. */
static void word_put(json_t *to, const char *word, const struct wish *wish)
{
	value_put(to, word, wish);
	if (word != NULL && wish->zh)
		value_put(to, town_word_zh(word), wish);
}

static void list_put(struct session *session, const char *path, const char *member, const char *name,
	const struct wish *wish, json_t *to)
{
	json_t *list, *thing, *one;
	bool named = name != NULL && wish->typed;
	char asked[128];
	size_t i, j;

	screen_format(
		asked, sizeof(asked), "%s?fields=%s%s%s", path, member, named ? "," : "", named ? name : "");
	list = session_peek(session, asked);
	VALUE_EACH(list, i, thing)
	{
		json_t *value = json_object_get(thing, member);

		word_put(to, json_string_value(value), wish);
		VALUE_EACH(value, j, one)
		{
			word_put(to, json_string_value(one), wish);
		}
		if (named)
			value_put(to, json_string_value(json_object_get(thing, name)), wish);
	}
	json_decref(list);
}

static void words_put(const struct arg *arg, const struct wish *wish, json_t *to)
{
	for (const char *at = arg->words; at != NULL; at = strchr(at, '|')) {
		char word[64];

		at += *at == '|';
		size_t len = strcspn(at, "|");

		screen_format(word, sizeof(word), "%.*s", (int)len, at);
		value_put(to, word, wish);
		if (wish->zh)
			value_put(to, arg_word_zh(arg, at, len), wish);
	}
}

/* What this device can do. */
static void actions_put(struct session *session, const char *device, const struct wish *wish, json_t *to)
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
		word_put(to, json_string_value(action), wish);
	}
	json_decref(shown);
}

/* What the argument can be, by its words, its path or the list of its field. */
static void arg_values_put(struct session *session, const struct command *command, const struct arg *arg,
	const char *first, const struct wish *wish, json_t *to)
{
	char path[64];

	if (arg->field != NULL && strcmp(arg->field, "action") == 0 && first != NULL)
		actions_put(session, first, wish, to);
	if (arg->kind == ARG_WORD)
		words_put(arg, wish, to);
	if (strcmp(arg->name, "ID") == 0 && arg->field == NULL && command->path != NULL) {
		size_t len = strcspn(command->path, "{"); /* "/v1/units/{id}" is one of "/v1/units" */
		bool named = strncmp(command->path, "/v1/units", 9) == 0 ||
			     strncmp(command->path, "/v1/de", 6) == 0; /* devices, depots */

		screen_format(path, sizeof(path), "%.*s", (int)(command->path[len] == '{' ? len - 1 : len),
			command->path);
		list_put(session, path, strcmp(path, "/v1/alarms") == 0 ? "alarm" : "id",
			named ? "name" : NULL, wish, to);
	}
	const char *field = strcmp(arg->name, "PERSON") == 0 ? "person" : arg->field;

	for (size_t i = 0; field != NULL && i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(lists[i].field, field) == 0)
			list_put(session, lists[i].path, lists[i].member, lists[i].name, wish, to);
}

json_t *complete_values(struct session *session, const char *typed, const char *start)
{
	const struct arg *arg = complete_arg(typed);
	bool chinese = !is_ascii(start);
	struct wish wish = {.start = start, .typed = chinese};
	json_t *to = json_array();
	char line[512];
	const char *word[WORDS_MAX];
	uint32_t count, taken;
	const struct command *command;

	ASSERT(to != NULL);
	wish.zh = chinese || (start[0] == '\0' && session != NULL && session->screen.lang == LANG_ZH);
	screen_format(line, sizeof(line), "%s", typed);
	command = command_typed(line, word, &count, &taken);
	if (session != NULL && (command == NULL ? count == 0 || !command_begins(word[0])
						: strcmp(command->words, "radio") == 0))
		complete_radio(session, typed, start, to);
	if (arg == NULL || command == NULL)
		return to;
	for (int inside = 0; inside <= (chinese ? 1 : 0) && json_array_size(to) == 0; inside++) {
		wish.inside = inside == 1; /* where nothing begins with what was typed */
		arg_values_put(session, command, arg, count > taken ? word[taken] : NULL, &wish, to);
	}
	return to;
}
