/* line: splits what was typed into words; knows no command. */
#include "ctl/line.h"

#include <stdbool.h>

static bool is_blank(char letter)
{
	return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

/* One word from *at, written back to *to without its quotes. False: a quote does not end. */
static bool word_take(char **at, char **to)
{
	char quote = '\0';

	for (; **at != '\0' && (quote != '\0' || !is_blank(**at)); (*at)++) {
		if (quote == '\0' && (**at == '"' || **at == '\'')) {
			quote = **at;
		} else if (quote != '\0' && **at == quote) {
			quote = '\0';
		} else {
			if (**at == '\\' && quote != '\'' && (*at)[1] != '\0')
				(*at)++;
			*(*to)++ = **at;
		}
	}
	return quote == '\0';
}

enum disp_err line_split(char *line, const char **word, uint32_t max, uint32_t *count)
{
	char *at = line, *to = line;

	*count = 0;
	for (;;) {
		while (is_blank(*at))
			at++;
		if (*at == '\0')
			return DISP_OK;
		if (*count == max)
			return DISP_E_FULL;
		word[(*count)++] = to;
		if (!word_take(&at, &to))
			return DISP_E_INPUT;
		if (*at != '\0')
			at++;
		*to++ = '\0';
	}
}
