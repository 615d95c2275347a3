/* slip: what looks like a slip of the pen; see the header. */
#include "reading/slip.h"

#include <string.h>

/* --- a full-width colon ---------------------------------------------------------------------------- */

static bool is_key_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '_';
}

/* Blanks, dashes and braces, a word of a key, the colon. Its column from 1; 0: not such a line. */
static uint32_t wide_colon_column(const char *text, size_t len)
{
	static const char colon[] = "：";
	size_t at = 0, start;

	while (at < len && memchr(" \t-{", text[at], 4) != NULL)
		at++;
	for (start = at; at < len && is_key_byte(text[at]); at++)
		;
	if (at == start || len - at < sizeof(colon) - 1 || memcmp(text + at, colon, sizeof(colon) - 1) != 0)
		return 0;
	return (uint32_t)at + 1;
}

bool reading_wide_colon(const char *bytes, size_t len, uint32_t first_line, uint32_t last_line,
	uint32_t *line, uint32_t *column)
{
	size_t at = 0;

	for (uint32_t number = 1; number <= last_line && at < len; number++) {
		const char *end = memchr(bytes + at, '\n', len - at);
		size_t size = end == NULL ? len - at : (size_t)(end - bytes) - at;

		*line = number;
		*column = number < first_line ? 0 : wide_colon_column(bytes + at, size);
		if (*column != 0)
			return true;
		at += size + 1;
	}
	return false;
}
