/* commands: finds entries of the table and writes their usage; the entries stand in commands_*.c. */
#include "ctl/command.h"

#include <string.h>

static const struct command *const tables[] = {commands_case, commands_force, commands_desk};

const struct command *command_at(uint32_t index)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct command *command = tables[i]; command->words != NULL; command++)
			if (index-- == 0)
				return command;
	return NULL;
}

/* How many of the words the command is called by; 0: it is another. */
static uint32_t words_match(const char *words, const char *const *word, uint32_t count)
{
	uint32_t taken = 0;

	while (*words != '\0') {
		size_t len = strcspn(words, " ");

		if (taken == count || strlen(word[taken]) != len || strncmp(word[taken], words, len) != 0)
			return 0;
		taken++;
		words += len + (words[len] == ' ');
	}
	return taken;
}

const struct command *command_find(const char *const *word, uint32_t count, uint32_t *taken)
{
	const struct command *found = NULL, *command;

	*taken = 0;
	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++) {
		uint32_t match = words_match(command->words, word, count);

		if (match > *taken) {
			*taken = match;
			found = command;
		}
	}
	return found;
}

bool command_begins(const char *word)
{
	const struct command *command;

	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++)
		if (strcspn(command->words, " ") == strlen(word) &&
			strncmp(command->words, word, strlen(word)) == 0)
			return true;
	return false;
}

size_t command_usage(const struct command *command, char *out, size_t size)
{
	size_t at = screen_format(out, size, "%s", command->words);

	for (const struct arg *arg = command->arg; arg->name != NULL; arg++) {
		bool required = (arg->flags & ARG_REQUIRED) != 0;

		at += screen_format(out + at, size - at, " %s%s", required ? "" : "[", arg->name);
		if (arg_is_option(arg) && arg->kind != ARG_FLAG)
			at += screen_format(out + at, size - at, " %s", arg->kind == ARG_WORD ? "WORD" : "…");
		at += screen_format(out + at, size - at, "%s%s", required ? "" : "]",
			(arg->flags & ARG_MANY) != 0 ? "…" : "");
	}
	return at;
}
