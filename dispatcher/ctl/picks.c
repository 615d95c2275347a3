/* picks: keeps ids and puts them into a line; see the header. */
#include "ctl/picks.h"

#include <stdlib.h>
#include <string.h>

void picks_free(struct picks *picks)
{
	for (uint32_t i = 0; i < picks->count; i++)
		free(picks->row[i].id);
	free(picks->row);
	*picks = (struct picks){.row = NULL};
}

void picks_begin(struct picks *picks)
{
	picks->fresh = true;
}

uint32_t picks_add(struct picks *picks, const char *id, const char *title)
{
	if (id[0] == '\0' || strpbrk(id, " \t\"'\\") != NULL)
		return 0;
	if (picks->fresh)
		picks_free(picks);
	if (picks->count == picks->room) {
		uint32_t room = picks->room == 0 ? 64 : picks->room * 2;
		struct pick *grown = realloc(picks->row, room * sizeof(*grown));

		ASSERT(grown != NULL);
		picks->row = grown;
		picks->room = room;
	}
	picks->row[picks->count] = (struct pick){strdup(id), title, false};
	ASSERT(picks->row[picks->count].id != NULL);
	return ++picks->count;
}

static bool is_end(char letter)
{
	return letter == '\0' || strchr(" \t\r\n", letter) != NULL;
}

/* A number that begins at the %, and its length; 0: it is none, and stays. */
static size_t number_read(const char *at, uint32_t *number)
{
	size_t len = 1;

	*number = 0;
	for (; at[len] >= '0' && at[len] <= '9' && len < 8; len++)
		*number = *number * 10 + (uint32_t)(at[len] - '0');
	return len > 1 && is_end(at[len]) ? len : 0;
}

/* Whether a % here may stand for an id: at the start of a word, or behind the sign of an option. */
static bool is_start(const char *line, const char *at, const char *word)
{
	return at == line || at == word || (at[-1] == '=' && word[0] == '-' && word[1] == '-');
}

/* How many bytes of the line are taken as they are: one, or with the character that a backslash holds. */
static size_t letter_len(const char *at, char quote)
{
	return *at == '\\' && quote != '\'' && at[1] != '\0' ? 2 : 1;
}

/* The length of the line with the ids in it; out: NULL to count only. 0: *beyond. */
static size_t fill(struct picks *picks, const char *line, char *out, uint32_t *beyond)
{
	const char *word = line;
	size_t to = 0;
	char quote = '\0';

	for (const char *at = line; *at != '\0';) {
		const char *from = at;
		uint32_t number;
		bool may = *at == '%' && quote == '\0' && is_start(line, at, word);
		size_t len = may ? number_read(at, &number) : 0;
		bool is_pick = len > 0;

		if (is_pick && (number == 0 || number > picks->count)) {
			*beyond = number;
			return 0;
		}
		if (!is_pick)
			len = letter_len(at, quote);
		at += len;
		if (is_pick) {
			from = picks->row[number - 1].id;
			picks->row[number - 1].taken = true;
			len = strlen(from);
		} else if (len == 1 && (*from == '"' || *from == '\'') && (quote == '\0' || quote == *from)) {
			quote = quote == '\0' ? *from : '\0';
		} else if (quote == '\0' && is_end(*from)) {
			word = at;
		}
		if (out != NULL)
			memcpy(out + to, from, len);
		to += len;
	}
	return to + 1;
}

enum disp_err picks_expand(struct picks *picks, const char *line, char **out, uint32_t *beyond)
{
	size_t size;

	for (uint32_t i = 0; i < picks->count; i++)
		picks->row[i].taken = false;
	size = fill(picks, line, NULL, beyond);
	*out = NULL;
	if (size == 0)
		return DISP_E_NONE;
	*out = calloc(1, size);
	ASSERT(*out != NULL);
	(void)fill(picks, line, *out, beyond);
	return DISP_OK;
}

const char *picks_taken(const struct picks *picks, const char *id, uint32_t *number)
{
	for (uint32_t i = 0; picks != NULL && i < picks->count; i++) {
		*number = i + 1;
		if (picks->row[i].taken && strcmp(picks->row[i].id, id) == 0)
			return picks->row[i].title;
	}
	return NULL;
}
