/* radio_command: what of the command line and of the shell is radio traffic; does none of it itself. */
#include <string.h>

#include "ctl/radio.h"
#include "ctl/run.h"

bool radio_is_line(struct session *session, const char *line)
{
	char word[RADIO_TEXT_MAX];
	json_t *units;
	bool is_unit;

	line += strspn(line, " \t");
	if (line[0] == '.' || strncmp(line, "\xE3\x80\x82", 3) == 0)
		return true;
	screen_format(word, sizeof(word), "%.*s", (int)strcspn(line, " \t\r\n"), line);
	if (word[0] == '\0' || command_begins(word))
		return false;
	units = session_peek(session, "/v1/units?fields=id,name");
	is_unit = radio_begins_with_unit(line, units);
	json_decref(units);
	return is_unit;
}

int run_radio(struct session *session, const struct args *args)
{
	char line[SESSION_PATH_MAX] = "";
	size_t at = 0;

	for (uint32_t i = 0; i < args->count; i++)
		if (!arg_is_option(args->value[i].arg))
			at += screen_format(line + at, sizeof(line) - at, "%s%s", at == 0 ? "" : " ",
				args->value[i].text);
	return radio_line(session, line, args_text(args, "--dry-run") != NULL);
}
