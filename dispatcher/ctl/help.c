/* help: the table as text for people; knows no command by name. */
#include <string.h>

#include "ctl/arg_word.h"
#include "ctl/run.h"
#include "ctl/table.h"

static void head_print(const struct screen *screen)
{
	static const char *const lines[] = {
		N_("exit: 0 done, 1 refused or failed, 2 usage, 3 not found, 4 not permitted, 5 no daemon"),
		N_("Every command has --help. Without a command on a terminal: an interactive shell."),
		N_("There Tab completes, %1 %2 … are the rows of the last list, Ctrl-D or exit leaves."),
	};
	char server[256];

	screen_wrapped(screen, 2, TONE_PLAIN,
		screen_say(screen, "usage: dispatchctl [--server URL] [--json] [--lang zh|en] COMMAND …"));
	screen_format(server, sizeof(server),
		screen_say(screen, "URL: unix:PATH or http://HOST:PORT; else DISPATCH_SERVER, else %s"),
		SESSION_SERVER_DEFAULT);
	screen_wrapped(screen, 2, TONE_PLAIN, server);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		screen_wrapped(screen, 2, TONE_PLAIN, screen_say(screen, lines[i]));
}

/* Whether two commands begin with the same word. */
static bool same_group(const struct command *a, const struct command *b)
{
	size_t len = strcspn(a->words, " ");

	return strcspn(b->words, " ") == len && strncmp(a->words, b->words, len) == 0;
}

/* An example of each group: of the first of its commands that changes something, else of its first. */
static void examples_print(const struct screen *screen)
{
	const struct command *command, *shown = NULL;

	screen_heading(screen, "Examples, one of a group; the others: COMMAND --help");
	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++) {
		if (shown != NULL && !same_group(shown, command)) {
			fprintf(screen->to, "  dispatchctl %s\n", shown->example);
			shown = NULL;
		}
		if (command->hidden)
			continue;
		if (shown == NULL || (!shown->signed_by && command->signed_by))
			shown = command;
	}
	if (shown != NULL)
		fprintf(screen->to, "  dispatchctl %s\n", shown->example);
}

static void list_print(const struct screen *screen, const char *prefix, size_t len)
{
	struct table *table = table_new();
	const struct command *command;

	table_column(table, screen_say(screen, "command"), TABLE_KEEP);
	table_column(table, screen_say(screen, "what it does"), 0);
	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++) {
		if (command->hidden || strncmp(command->words, prefix, len) != 0)
			continue;
		table_cell(table, command->words, TONE_BOLD);
		table_cell(table, screen_say(screen, command->help), TONE_PLAIN);
	}
	table_print(table, screen, 2);
	table_free(table);
}

/* "--state WORD: reported|accepted|…" */
static void arg_title(const struct arg *arg, char *out, size_t size)
{
	size_t at = screen_format(out, size, "%s", arg->name);

	if (arg_is_option(arg) && arg->kind == ARG_WORD)
		screen_format(out + at, size - at, " WORD");
	else if (arg_is_option(arg) && arg->kind != ARG_FLAG)
		screen_format(out + at, size - at, " …");
}

/* "yes", "one of" or nothing. */
static const char *arg_needed(const struct screen *screen, const struct arg *arg)
{
	if ((arg->flags & ARG_REQUIRED) != 0)
		return screen_say(screen, "yes");
	return arg->group != 0 ? screen_say(screen, "one of") : "";
}

static uint32_t wider(uint32_t width, const char *text)
{
	return screen_columns(text) > width ? screen_columns(text) : width;
}

static void padded(const struct screen *screen, const char *text, uint32_t width)
{
	fputs(text, screen->to);
	screen_spaces(screen, width - screen_columns(text) + 2);
}

/* The meaning, with the words to choose from. */
static void arg_meaning(const struct screen *screen, const struct arg *arg, char *out, size_t size)
{
	size_t at = screen_format(out, size, "%s", screen_say(screen, arg->what));
	char words[ARGS_FAULT_MAX];

	if (arg->words == NULL)
		return;
	arg_words_list(arg, screen->lang, ", ", words, sizeof(words));
	(void)screen_format(out + at, size - at, " (%s)", words);
}

static void args_print(const struct screen *screen, const struct command *command)
{
	const char *argument = screen_say(screen, "argument"), *needed = screen_say(screen, "needed");
	uint32_t first = screen_columns(argument), second = screen_columns(needed);
	char text[1024];

	for (const struct arg *arg = command->arg; arg->name != NULL; arg++) {
		arg_title(arg, text, sizeof(text));
		first = wider(first, text);
		second = wider(second, arg_needed(screen, arg));
	}
	if (command->arg[0].name == NULL)
		return;
	fprintf(screen->to, "  %s", screen_tone(screen, TONE_DIM));
	padded(screen, argument, first);
	padded(screen, needed, second);
	fprintf(screen->to, "%s%s\n", screen_say(screen, "meaning"), screen_plain(screen));
	for (const struct arg *arg = command->arg; arg->name != NULL; arg++) {
		arg_title(arg, text, sizeof(text));
		fprintf(screen->to, "  %s", screen_tone(screen, TONE_BOLD));
		padded(screen, text, first);
		fputs(screen_plain(screen), screen->to);
		padded(screen, arg_needed(screen, arg), second);
		arg_meaning(screen, arg, text, sizeof(text));
		screen_wrapped(screen, first + second + 6, TONE_PLAIN, text);
	}
}

static void command_print(const struct screen *screen, const struct command *command)
{
	char usage[1024];
	size_t at;

	at = screen_format(usage, sizeof(usage), "dispatchctl ");
	command_usage(command, usage + at, sizeof(usage) - at);
	screen_wrapped(screen, 4, TONE_BOLD, usage);
	fputs("  ", screen->to);
	screen_wrapped(screen, 2, TONE_PLAIN, screen_say(screen, command->help));
	fputc('\n', screen->to);
	args_print(screen, command);
	fprintf(screen->to, "\n%s\n  dispatchctl %s\n", screen_say(screen, "example:"), command->example);
}

static json_t *help_document(const struct session *session, const char *prefix, size_t len)
{
	json_t *list = json_array();
	const struct command *command;

	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++) {
		char usage[1024];

		command_usage(command, usage, sizeof(usage));
		if (!command->hidden && strncmp(command->words, prefix, len) == 0)
			(void)json_array_append_new(
				list, json_pack("{s:s, s:s, s:s, s:s}", "command", command->words, "usage",
					      usage, "help", screen_say(&session->screen, command->help),
					      "example", command->example));
	}
	return list;
}

static bool prefix_known(const char *prefix, size_t len)
{
	const struct command *command;

	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++)
		if (strncmp(command->words, prefix, len) == 0 &&
			(len == 0 || command->words[len] == '\0' || command->words[len] == ' '))
			return true;
	return false;
}

int run_help(struct session *session, const struct args *args)
{
	const char *word[COMMAND_WORDS_MAX] = {NULL};
	char prefix[128] = "";
	const struct command *command;
	size_t len = 0;
	uint32_t count = 0, taken;

	for (; count < args->count && count < COMMAND_WORDS_MAX; count++) {
		word[count] = args->value[count].text;
		if (word[count][0] != '-')
			len += screen_format(prefix + len, sizeof(prefix) - len, "%s%s",
				count == 0 ? "" : " ", word[count]);
	}
	command = command_find(word, count, &taken);
	if (command != NULL)
		len = strlen(command->words);
	if (!prefix_known(command == NULL ? prefix : command->words, len)) {
		session_complain(session, "there is no command '%s'; dispatchctl help lists all", prefix);
		return EXIT_USAGE;
	}
	if (session->json) {
		json_t *document = help_document(session, command == NULL ? prefix : command->words, len);

		session_print(session, document);
		json_decref(document);
	} else if (command != NULL) {
		command_print(&session->screen, command);
		if (command->help_more != NULL)
			command->help_more(
				session, count > taken && word[taken][0] != '-' ? word[taken] : NULL);
	} else {
		if (len == 0)
			head_print(&session->screen);
		list_print(&session->screen, prefix, len);
		if (len == 0)
			examples_print(&session->screen);
	}
	return EXIT_DONE;
}
