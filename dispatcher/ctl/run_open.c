/* run_open: an incident that the officer opens: cases nearby that may be the same are shown before it is there. */
#include <stdlib.h>
#include <string.h>

#include "ctl/ask.h"
#include "ctl/open_type.h"
#include "ctl/run.h"
#include "ctl/value.h"
#include "ctl/view.h"

/* The reply of a dry run; NULL: it was refused, as the real one will be. The caller's (json_decref). */
static json_t *dry_run(struct session *session, const struct args *args)
{
	char path[SESSION_PATH_MAX], *text;
	json_t *body, *reply = NULL;

	if (!session_request(session, args, path, &body))
		return NULL;
	ASSERT(json_object_set_new(body, "dry_run", json_true()) == 0);
	text = session_text(body);
	if (session_ask(session, "POST", path, text, &reply) != EXIT_DONE) {
		json_decref(reply);
		reply = NULL;
	}
	free(text);
	json_decref(body);
	return reply;
}

/* A daemon that names only their ids is asked for each. */
static void duplicates_fill(struct session *session, const json_t *reply)
{
	json_t *list = json_object_get(reply, "possible_duplicates"), *shown;
	char path[128];

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *id = json_string_value(json_array_get(list, i));

		if (id == NULL)
			continue;
		screen_format(path, sizeof(path), "/v1/incidents/%.64s", id);
		if (session_ask(session, "GET", path, NULL, &shown) == EXIT_DONE)
			ASSERT(json_array_set(list, i, shown) == 0);
		json_decref(shown);
	}
}

/* The call as a remark at the case that it belongs to. */
static int join(struct session *session, const struct args *args, const char *incident)
{
	static const char *const told[] = {"--caller", "--phone", "--text"};
	char note[VALUE_TEXT_MAX];
	const struct command *command;
	struct args of = {.count = 2};
	uint32_t taken;
	size_t at = screen_format(note, sizeof(note), "%s", screen_say(&session->screen, "reported again:"));

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (args_text(args, told[i]) != NULL)
			at += screen_format(note + at, sizeof(note) - at, " %s", args_text(args, told[i]));
	command = command_find((const char *const[]){"incident", "note"}, 2, &taken);
	ASSERT(command != NULL);
	of.command = command;
	for (uint32_t i = 0; command->arg[i].name != NULL; i++) {
		if (strcmp(command->arg[i].name, "ID") == 0)
			of.value[0] = (struct arg_value){&command->arg[i], incident};
		if (strcmp(command->arg[i].name, "TEXT") == 0)
			of.value[1] = (struct arg_value){&command->arg[i], note};
		for (uint32_t j = 0; j < args->count; j++)
			if (strcmp(command->arg[i].name, args->value[j].arg->name) == 0 &&
				(strcmp(command->arg[i].name, "--by") == 0 ||
					strcmp(command->arg[i].name, "--channel") == 0))
				of.value[of.count++] =
					(struct arg_value){&command->arg[i], args->value[j].text};
	}
	return run_request(session, &of);
}

/* The id in row `number` of the duplicates, from 1; NULL: there is none. */
static const char *duplicate_at(const json_t *reply, const char *number)
{
	char *end;
	unsigned long row = strtoul(number, &end, 10);
	const json_t *one;

	if (number[0] == '\0' || *end != '\0' || row == 0)
		return NULL;
	one = json_array_get(value_at(reply, "possible_duplicates"), row - 1);
	return json_is_string(one) ? json_string_value(one) : (one == NULL ? NULL : value_string(one, "id"));
}

/* Opens it all the same, joins it to one of those, or leaves it. */
static int ask_which(struct session *session, const struct args *args, const json_t *dry)
{
	char answer[ASK_ANSWER_MAX];
	const char *incident;

	ask_word(session,
		screen_say(&session->screen,
			"Open another all the same? [y/N, or the row of the one it belongs to]"),
		answer);
	if (ask_is_yes(answer))
		return run_request(session, args);
	incident = duplicate_at(dry, answer[0] == '%' ? answer + 1 : answer);
	if (incident != NULL)
		return join(session, args, incident);
	session_complain(session, "nothing was opened");
	return EXIT_REFUSED;
}

int run_incident_open(struct session *session, const struct args *typed)
{
	struct args of = *typed;
	const struct args *args = &of;
	int code = open_type_choose(session, &of);

	if (code != EXIT_DONE)
		return code;
	bool asks = ask_possible(session) && args_text(args, "--new") == NULL &&
		    args_text(args, "--yes") == NULL && args_text(args, "--dry-run") == NULL;
	json_t *reply = asks ? dry_run(session, args) : NULL;
	uint32_t duplicates;

	duplicates_fill(session, reply);
	duplicates = reply == NULL ? 0 : view_duplicates(&session->screen, reply);
	if (duplicates > 0) {
		code = ask_which(session, args, reply);
		json_decref(reply);
		return code;
	}
	json_decref(reply);
	code = run_send(session, args, &reply);
	if (code == EXIT_DONE) {
		session_show(session, args->command, reply);
		fflush(session->screen.to);
		(void)view_duplicates(ask_possible(session) ? &session->screen : &session->errors, reply);
	}
	json_decref(reply);
	return code;
}
