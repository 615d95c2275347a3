/* run: from words to an exit code; and the commands that need more than one request. */
#include "ctl/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ctl/filter.h"
#include "ctl/hint.h"
#include "ctl/resolve.h"
#include "ctl/several.h"
#include "ctl/trouble.h"
#include "ctl/view.h"
#include "ctl/value.h"
#include "wire/utf8.h"

enum { JOURNAL_PAGE = 1000, ALARMS_KNOWN = 4096 };

/* --- one request, one reply ------------------------------------------------------------------------ */

int run_send(struct session *session, const struct args *args, json_t **reply)
{
	char path[SESSION_PATH_MAX], *text = NULL;
	json_t *body;
	int code;

	*reply = NULL;
	if (!session_request(session, args, path, &body)) {
		session_complain(session, "an argument is too long");
		return EXIT_USAGE;
	}
	if (body != NULL)
		text = session_text(body);
	code = session_send(session, args->command->method, path, text, reply);
	if (code != EXIT_DONE && *reply != NULL && body != NULL)
		hint_refused(session, body, *reply);
	json_decref(body);
	free(text);
	return code;
}

/* --- lists: of thousands of things only what a screen shows, or the daemon's own bytes -------------- */

enum { LIST_PRETTY_BYTES = 65536 }; /* a longer list is one document all the same, but on one line */

/* Asks for the columns alone: a path's first part, its Chinese twin, and what decides whether a time is still due. */
static void path_put_columns(char *path, const struct field *field)
{
	char asked[SESSION_PATH_MAX];
	size_t len = screen_format(asked, sizeof(asked), "%s%sfields=ended,answered,told_only", path,
		strchr(path, '?') == NULL ? "?" : "&");

	for (; field->path != NULL; field++) {
		int part = (int)strcspn(field->path, ".");

		len += screen_format(asked + len, sizeof(asked) - len, ",%.*s,%.*s_zh", part, field->path,
			part, field->path);
	}
	if (len < sizeof(asked) - 1) /* else all members come: more bytes, the same table */
		memcpy(path, asked, len + 1);
}

static int list_print(struct session *session, const char *path)
{
	char *text = NULL;
	int code = session_fetch(session, "GET", path, NULL, &text);
	size_t len = text == NULL ? 0 : strlen(text);
	json_t *list = len > LIST_PRETTY_BYTES ? NULL : json_loadb(text == NULL ? "" : text, len, 0, NULL);

	if (code == EXIT_DONE && list != NULL)
		session_print(session, list);
	else if (code == EXIT_DONE)
		screen_json(&session->screen, text);
	json_decref(list);
	free(text);
	return code;
}

/* The columns of a list; args with their filters resolved. */
static int list_fetch(struct session *session, const struct args *args, json_t **list)
{
	char path[SESSION_PATH_MAX];
	int code;

	*list = NULL;
	if (!session_request(session, args, path, list)) {
		session_complain(session, "an argument is too long");
		return EXIT_USAGE;
	}
	path_put_columns(path, args->command->fields);
	code = session_send(session, "GET", path, NULL, list);
	if (code == EXIT_DONE && args->command->asks_now)
		session_ask_now(session);
	return code;
}

int run_list_fetch(struct session *session, const struct args *args, json_t **list)
{
	struct args resolved = *args;
	json_t *known;
	int code = filter_resolve(session, &resolved, &known);

	*list = NULL;
	if (code == EXIT_DONE)
		code = list_fetch(session, &resolved, list);
	json_decref(known);
	return code;
}

static int list_show(struct session *session, const struct args *args)
{
	char path[SESSION_PATH_MAX];
	json_t *list = NULL;
	int code;

	if (session->json && session_request(session, args, path, &list))
		return list_print(session, path);
	code = list_fetch(session, args, &list);
	if (code == EXIT_DONE)
		session_show(session, args->command, list);
	json_decref(list);
	return code;
}

static int run_list(struct session *session, const struct args *args)
{
	struct args resolved = *args;
	json_t *known;
	int code = filter_resolve(session, &resolved, &known);

	if (code == EXIT_DONE)
		code = list_show(session, &resolved);
	json_decref(known);
	return code;
}

int run_request(struct session *session, const struct args *args)
{
	json_t *reply;

	if (args->command->fields != NULL && args->command->show == NULL &&
		strcmp(args->command->method, "GET") == 0)
		return run_list(session, args);

	int code = run_send(session, args, &reply);

	if (code == EXIT_DONE && args->command->asks_now && !session->json)
		session_ask_now(session);
	if (code == EXIT_DONE)
		session_show(session, args->command, reply);
	json_decref(reply);
	return code;
}

/* "incident --help" lists what begins so; "incident foo" says where to look. */
static int command_unknown(struct session *session, const char *const *word, uint32_t count)
{
	uint32_t taken;
	struct args help = {.command = command_find((const char *const[]){"help"}, 1, &taken), .count = 1};

	help.value[0] = (struct arg_value){help.command->arg, word[0]};
	if (count == 2 && (strcmp(word[1], "--help") == 0 || strcmp(word[1], "-h") == 0))
		return run_help(session, &help);
	session_complain(session, "there is no command '%s%s%s'; dispatchctl help lists all", word[0],
		count > 1 ? " " : "", count > 1 ? word[1] : "");
	return EXIT_USAGE;
}

static bool is_utf8(const char *text)
{
	return utf8_valid((struct text){text, (uint32_t)strlen(text)});
}

int run_words(struct session *session, const char *const *word, uint32_t count)
{
	char fault[ARGS_FAULT_MAX];
	struct args args;
	uint32_t taken;
	const struct command *command = command_find(word, count, &taken);

	if (command == NULL)
		return command_unknown(session, word, count);
	for (uint32_t i = 0; i < count; i++)
		if (!is_utf8(word[i])) {
			session_complain(session, "word %u is not UTF-8", i + 1);
			return EXIT_USAGE;
		}
	if (args_parse(command, word + taken, count - taken, session->errors.lang, &args, fault) != DISP_OK) {
		session_complain(session, "%s: %s", command->words, fault);
		return EXIT_USAGE;
	}
	if (args.help) {
		struct args of = {.command = command_find((const char *const[]){"help"}, 1, &taken)};

		for (uint32_t i = 0; i < count && of.count < COMMAND_WORDS_MAX; i++)
			of.value[of.count++] = (struct arg_value){of.command->arg, word[i]};
		return run_help(session, &of);
	}
	if (args_want_now(&args))
		session_ask_now(session);
	int code = resolve_args(session, &args);

	if (code != EXIT_DONE)
		return code;
	return command->run != NULL ? command->run(session, &args) : run_request(session, &args);
}

/* --- more than one request ------------------------------------------------------------------------- */

int run_status(struct session *session, const struct args *args)
{
	json_t *status, *tasks = NULL, *incidents = NULL;
	int code = run_send(session, args, &status);

	if (code == EXIT_DONE && session->json) {
		session_print(session, status);
	} else if (code == EXIT_DONE) {
		if (value_number(status, "tasks_open") > 0)
			code = session_send(session, "GET", "/v1/tasks?limit=200", NULL, &tasks);
		if (code == EXIT_DONE && value_number(status, "incidents_short") > 0)
			code = session_send(
				session, "GET", "/v1/incidents?short=true&limit=20", NULL, &incidents);
		view_status(&session->screen, status, tasks, incidents);
	}
	json_decref(status);
	json_decref(tasks);
	json_decref(incidents);
	return code;
}

int run_alarm_show(struct session *session, const struct args *args)
{
	const char *id = args_text(args, "ID");
	json_t *list, *alarm, *found = NULL;
	char path[64];
	size_t index;
	int code;

	snprintf(path, sizeof(path), "/v1/alarms?limit=%d", ALARMS_KNOWN);
	code = session_send(session, "GET", path, NULL, &list);
	VALUE_EACH(list, index, alarm)
	{
		if (found == NULL && (strcasecmp(value_string(alarm, "alarm"), id) == 0 ||
					     strcmp(value_string(alarm, "id"), id) == 0))
			found = alarm;
	}
	if (code == EXIT_DONE && found == NULL) {
		session_complain(session,
			"among the latest %d alarms there is no %s; older ones: journal export", ALARMS_KNOWN,
			id);
		code = EXIT_NOT_FOUND;
	}
	if (code == EXIT_DONE && session->json)
		session_print(session, found);
	else if (code == EXIT_DONE)
		view_alarm(&session->screen, found);
	json_decref(list);
	return code;
}

int run_task_show(struct session *session, const struct args *args)
{
	const char *id = args_text(args, "ID");
	json_t *list, *task, *found = json_array();
	size_t index;
	int code = session_send(session, "GET", "/v1/tasks?all=true", NULL, &list);

	ASSERT(found != NULL);
	VALUE_EACH(list, index, task)
	{
		if (strcmp(value_string(task, "id"), id) == 0)
			ASSERT(json_array_append(found, task) == 0);
	}
	if (code == EXIT_DONE && json_array_size(found) == 0) {
		session_complain(session, "there is no call task %s", id);
		code = EXIT_NOT_FOUND;
	}
	if (code == EXIT_DONE && session->json) {
		session_print(session, json_array_get(found, 0));
	} else if (code == EXIT_DONE) {
		session_ask_now(session);
		view_tasks(&session->screen, found);
	}
	json_decref(found);
	json_decref(list);
	return code;
}

/* A skill that nobody has is a mistake, not an empty list. */
int run_nearest(struct session *session, const struct args *args)
{
	json_t *known = args_text(args, "--skill") == NULL ? NULL : hint_skills(session);
	int code = EXIT_DONE;

	for (uint32_t i = 0; i < args->count && json_object_size(known) > 0; i++) {
		char list[VALUE_TEXT_MAX] = "";
		size_t at = 0;
		const char *skill;
		json_t *yes;

		if (strcmp(args->value[i].arg->name, "--skill") != 0 ||
			json_object_get(known, args->value[i].text) != NULL)
			continue;
		VALUE_EACH_MEMBER(known, skill, yes)
		{
			(void)yes;
			at += screen_format(list + at, sizeof(list) - at, " %s", skill);
		}
		session_complain(
			session, "no unit holds the skill '%s'; there are:%s", args->value[i].text, list);
		code = EXIT_NOT_FOUND;
	}
	json_decref(known);
	return code == EXIT_DONE ? run_request(session, args) : code;
}

/* Without a hazard: each of those in force. */
int run_warning_clear(struct session *session, const struct args *args)
{
	struct args one = *args;
	struct several several;
	json_t *list, *warning;
	size_t index;
	int code;

	if (args_text(args, "HAZARD") != NULL)
		return run_request(session, args);
	code = session_send(session, "GET", "/v1/warnings", NULL, &list);
	if (code == EXIT_DONE && json_array_size(list) == 0) {
		session_complain(session, "no warning is in force");
		code = EXIT_NOT_FOUND;
	}
	several = several_begin(session);
	several.worst = code;
	VALUE_EACH(list, index, warning)
	{
		json_t *reply;

		one.value[args->count] =
			(struct arg_value){args->command->arg, value_string(warning, "hazard")};
		one.count = args->count + 1;
		code = run_send(session, &one, &reply);
		several_add(&several, code, reply);
	}
	json_decref(list);
	return several_end(&several, false);
}

/* --- files and folders ----------------------------------------------------------------------------- */

int run_playbook_explain(struct session *session, const struct args *args)
{
	const char *file = args_text(args, "FILE");
	char *text = session_read_file(session, file);
	json_error_t error;
	json_t *alarm, *reply;
	int code;

	if (text == NULL)
		return EXIT_REFUSED;
	alarm = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (alarm == NULL) {
		session_complain(
			session, "%s:%d:%d: not JSON: %s", file, error.line, error.column, error.text);
		free(text);
		return EXIT_REFUSED;
	}
	json_decref(alarm);
	code = session_send(session, "POST", "/v1/explain", text, &reply);
	free(text);
	if (code == EXIT_DONE && session->json)
		session_print(session, reply);
	else if (code == EXIT_DONE)
		view_explained(&session->screen, reply);
	json_decref(reply);
	return code;
}

/* The daemon may stand in another folder: it gets the whole path. */
int run_town_load(struct session *session, const struct args *args)
{
	const char *dir = args_text(args, "DIR");
	char *whole = realpath(dir, NULL);
	struct args absolute = *args;
	int code;

	if (whole == NULL) {
		session_complain(session, "cannot find %s: %s", dir, trouble_say(&session->errors, errno));
		return EXIT_NOT_FOUND;
	}
	absolute.value[0].text = whole;
	if (is_utf8(whole)) {
		code = run_request(session, &absolute);
	} else {
		session_complain(session, "the path is not UTF-8");
		code = EXIT_USAGE;
	}
	free(whole);
	return code;
}

/* --- the journal ----------------------------------------------------------------------------------- */

struct export
{
	struct session *session;
	json_t *rows; /* with --json */
	long long from, left;
};

/* One page of lines; how many rows there were goes to *got. */
static int export_page(struct export *export, long long *got)
{
	long long limit = export->left < JOURNAL_PAGE ? export->left : JOURNAL_PAGE;
	char path[128], *text, *rest = NULL;
	int code;

	*got = 0;
	snprintf(path, sizeof(path), "/v1/journal?from=%lld&limit=%lld", export->from, limit);
	code = session_fetch(export->session, "GET", path, NULL, &text);
	for (char *line = code == EXIT_DONE ? strtok_r(text, "\n", &rest) : NULL; line != NULL;
		line = strtok_r(NULL, "\n", &rest)) {
		json_t *row = json_loads(line, 0, NULL);

		++*got;
		export->from = (long long)value_number(row, "seq") + 1;
		if (export->rows == NULL)
			screen_json(&export->session->screen, line);
		else if (row != NULL)
			ASSERT(json_array_append(export->rows, row) == 0);
		if (row == NULL) {
			session_complain(export->session, "a row of the journal is not JSON");
			code = EXIT_REFUSED;
		}
		json_decref(row);
	}
	free(text);
	return code;
}

int run_journal_export(struct session *session, const struct args *args)
{
	const char *from = args_text(args, "--from"), *limit = args_text(args, "--limit");
	struct export export = {
		.session = session,
		.rows = session->json ? json_array() : NULL,
		.from = from == NULL ? 1 : strtoll(from, NULL, 10),
		.left = limit == NULL ? INT64_MAX : strtoll(limit, NULL, 10),
	};
	long long got = 1;
	int code = EXIT_DONE;

	while (code == EXIT_DONE && got > 0 && export.left > 0) {
		code = export_page(&export, &got);
		export.left -= got;
	}
	if (code == EXIT_DONE && export.rows != NULL)
		session_print(session, export.rows);
	json_decref(export.rows);
	return code;
}
