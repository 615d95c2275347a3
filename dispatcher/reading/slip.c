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

/* --- a word that is nearly another ----------------------------------------------------------------- */

enum { WORD_MAX = 64 };

/* Characters as numbers: their bytes put end to end. Returns how many; WORD_MAX + 1: too many. */
static uint32_t characters(const char *text, size_t len, uint32_t out[WORD_MAX])
{
	uint32_t count = 0;

	for (size_t at = 0; at < len; at++) {
		uint32_t byte = (unsigned char)text[at];

		if ((byte & 0xc0) == 0x80 && count > 0) {
			out[count - 1] = out[count - 1] << 8 | byte;
			continue;
		}
		if (count == WORD_MAX)
			return WORD_MAX + 1;
		out[count++] = byte;
	}
	return count;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

uint32_t reading_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	uint32_t from[WORD_MAX], to[WORD_MAX], row[3][WORD_MAX + 1] = {{0}};
	uint32_t from_count = characters(a, a_len, from), to_count = characters(b, b_len, to);

	if (from_count > WORD_MAX || to_count > WORD_MAX)
		return UINT32_MAX;
	for (uint32_t j = 0; j <= to_count; j++)
		row[0][j] = j;
	for (uint32_t i = 1; i <= from_count; i++) {
		uint32_t *now = row[i % 3];
		const uint32_t *before = row[(i + 2) % 3], *earlier = row[(i + 1) % 3];

		now[0] = i;
		for (uint32_t j = 1; j <= to_count; j++) {
			now[j] = least(before[j], now[j - 1]) + 1;
			now[j] = least(now[j], before[j - 1] + (from[i - 1] != to[j - 1]));
			if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
				now[j] = least(now[j], earlier[j - 2] + 1);
		}
	}
	return row[from_count % 3][to_count];
}

/* rope_30m and rope_100m are two things. */
static bool same_but_digits(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, "0123456789");
		b += strspn(b, "0123456789");
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
	}
}

bool reading_near(const char *a, const char *b)
{
	uint32_t unused[WORD_MAX], a_count = characters(a, strlen(a), unused);
	uint32_t b_count = characters(b, strlen(b), unused), longer = a_count > b_count ? a_count : b_count;

	if (longer < 4 || longer - least(a_count, b_count) > 2 || same_but_digits(a, b))
		return false;
	return reading_distance(a, strlen(a), b, strlen(b)) <= (longer < 8 ? 1 : 2);
}
