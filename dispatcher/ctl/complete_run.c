/* complete_run: completion for a shell outside: prints what the last of the words can be, a line each. */
#include <string.h>

#include "ctl/complete.h"
#include "ctl/console.h"
#include "ctl/run.h"
#include "ctl/value.h"

enum { LINE_SIZE = 512 };

static void start_print(const struct session *session, const char *word, const char *start)
{
	if (strncmp(word, start, strlen(start)) == 0)
		fprintf(session->screen.to, "%s\n", word);
}

/* The options of the program itself, before the command. */
static void own_options_print(const struct session *session, const char *start)
{
	static const char *const own[] = {
		"--server", "--cacert", "--token-file", "--json", "--lang", "--help"};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		start_print(session, own[i], start);
}

static void candidates_print(struct session *session, const char *line, const char *start)
{
	json_t *values, *value;
	const char *found;
	uint32_t count = 0;
	size_t i;

	for (; (found = console_complete(line, start, count)) != NULL; count++)
		fprintf(session->screen.to, "%s\n", found);
	values = count > 0 ? NULL : complete_values(session, line, start);
	VALUE_EACH(values, i, value)
	{
		fprintf(session->screen.to, "%s\n", json_string_value(value));
	}
	json_decref(values);
}

/* The words before the last as a line; bash parts "--state=x" into three, and the sign says nothing. */
static size_t line_make(const struct args *args, uint32_t from, char *line)
{
	size_t at = 0;

	line[0] = '\0';
	for (uint32_t i = from; i + 1 < args->count; i++)
		if (strcmp(args->value[i].text, "=") != 0)
			at += screen_format(line + at, LINE_SIZE - at, "%s ", args->value[i].text);
	return at;
}

/* Past the program's own options; a server among them is the one to ask. *in: the value of which is typed last. */
static uint32_t own_options_skip(struct session *session, const struct args *args, const char **in)
{
	uint32_t at = 0;

	*in = NULL;
	while (at + 1 < args->count && args->value[at].text[0] == '-') {
		const char *name = args->value[at].text;

		at++;
		if (strcmp(name, "--server") != 0 && strcmp(name, "--lang") != 0 &&
			strcmp(name, "--cacert") != 0 && strcmp(name, "--token-file") != 0)
			continue;
		if (at + 1 < args->count && strcmp(args->value[at].text, "=") == 0)
			at++;
		if (at + 1 == args->count)
			*in = name;
		else if (strcmp(name, "--server") == 0)
			session->server = args->value[at].text;
		else if (strcmp(name, "--cacert") == 0)
			session_trust(session, args->value[at].text, NULL);
		else if (strcmp(name, "--token-file") == 0)
			session_trust(session, NULL, args->value[at].text);
		at += at + 1 < args->count;
	}
	return at;
}

int run_complete(struct session *session, const struct args *args)
{
	char line[LINE_SIZE];
	const char *start = args->count == 0 ? "" : args->value[args->count - 1].text, *in;
	uint32_t from = own_options_skip(session, args, &in);

	if (strcmp(start, "=") == 0)
		start = "";
	if (in != NULL && strcmp(in, "--lang") == 0) {
		start_print(session, "zh", start);
		start_print(session, "en", start);
	} else if (in == NULL && line_make(args, from, line) == 0 && start[0] == '-') {
		own_options_print(session, start);
	} else if (in == NULL) {
		candidates_print(session, line, start);
	}
	return EXIT_DONE;
}
