/* radio: reads a terse line; see the header. */
#include "ctl/radio.h"

#include <string.h>

#include "core/error.h"
#include "ctl/screen.h"
#include "ctl/value.h"

enum { NORMAL_MAX = 128 };

/* Letters of a Chinese keyboard that stand for ours: the full-width slash, dot and blank. */
static const struct {
	const char *wide;
	char ours;
} wides[] = {{"\xEF\xBC\x8F", '/'}, {"\xE3\x80\x82", '.'}, {"\xE3\x80\x80", ' '}, {"\t", ' '}, {"\n", ' '}};

static void narrow(char *line)
{
	char *to = line;

	for (const char *at = line; *at != '\0';) {
		size_t i = 0, len = 1;
		char letter = *at;

		while (i < sizeof(wides) / sizeof(wides[0]) &&
			strncmp(at, wides[i].wide, strlen(wides[i].wide)) != 0)
			i++;
		if (i < sizeof(wides) / sizeof(wides[0])) {
			len = strlen(wides[i].wide);
			letter = wides[i].ours;
		}
		*to++ = letter;
		at += len;
	}
	*to = '\0';
}

/* Without blanks at either end. */
static char *trimmed(char *text)
{
	size_t len;

	while (*text == ' ')
		text++;
	len = strlen(text);
	while (len > 0 && text[len - 1] == ' ')
		text[--len] = '\0';
	return text;
}

/* Bytes of the comma or semicolon that stands here; 0: none. */
static size_t comma_len(const char *at)
{
	static const char *const commas[] = {",", ";", "\xEF\xBC\x8C", "\xE3\x80\x81", "\xEF\xBC\x9B"};

	for (size_t i = 0; i < sizeof(commas) / sizeof(commas[0]); i++)
		if (strncmp(at, commas[i], strlen(commas[i])) == 0)
			return strlen(commas[i]);
	return 0;
}

/* The next word of *at into out; what follows stays in *at, without the blanks and commas between. */
static void word_take(const char **at, char *out, size_t size)
{
	size_t len = 0;

	while ((*at)[len] != '\0' && (*at)[len] != ' ' && (*at)[len] != '/' && comma_len(*at + len) == 0)
		len++;
	screen_format(out, size, "%.*s", (int)len, *at);
	*at += len;
	while (**at == ' ' || comma_len(*at) > 0)
		*at += **at == ' ' ? 1 : comma_len(*at);
}

/* --- words ----------------------------------------------------------------------------------------- */

static uint32_t letters(const char *text)
{
	uint32_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xC0) != 0x80;
	return count;
}

/* Small letters, without "-" and "_". */
static void normal(const char *text, char *out)
{
	size_t len = 0;

	for (; *text != '\0' && len + 1 < NORMAL_MAX; text++)
		if (*text != '-' && *text != '_')
			out[len++] = (char)(*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text);
	out[len] = '\0';
}

enum likeness { LIKE_NOTHING, LIKE_START, LIKE_WHOLE };

/* typed: normal already */
static enum likeness like(const char *typed, const char *word)
{
	char form[NORMAL_MAX];

	normal(word, form);
	if (typed[0] == '\0' || strncmp(form, typed, strlen(typed)) != 0)
		return LIKE_NOTHING;
	return strcmp(form, typed) == 0 ? LIKE_WHOLE : LIKE_START;
}

static bool string_among(const json_t *list, const char *string)
{
	const json_t *one;
	size_t i;

	VALUE_EACH(list, i, one)
	{
		if (strcmp(json_string_value(one), string) == 0)
			return true;
	}
	return false;
}

/* Adds what is as like as the best so far; what is more like throws those away. */
static void candidate_put(json_t *to, enum likeness *best, enum likeness how, const char *string)
{
	if (how == LIKE_NOTHING || how < *best)
		return;
	if (how > *best)
		(void)json_array_clear(to);
	*best = how;
	if (!string_among(to, string))
		ASSERT(json_array_append_new(to, json_string(string)) == 0);
}

json_t *radio_match(const char *typed, const json_t *list, const char *key, const char *also)
{
	json_t *found = json_array();
	enum likeness best = LIKE_NOTHING;
	char form[NORMAL_MAX];
	const json_t *one;
	size_t i;

	ASSERT(found != NULL);
	normal(typed == NULL ? "" : typed, form);
	VALUE_EACH(list, i, one)
	{
		const char *id = value_string(one, key);

		candidate_put(found, &best, typed == NULL ? LIKE_START : like(form, id), id);
		if (also != NULL)
			candidate_put(found, &best, like(form, value_string(one, also)), id);
	}
	return found;
}

/* The best likeness to any word for it: the daemon's, the screens' Chinese, those of the radio. */
static enum likeness status_like(const char *typed, const struct radio_status *status)
{
	enum likeness best = like(typed, status->word), how;
	uint32_t value = words_find(status->set, (struct text){status->word, (uint32_t)strlen(status->word)});

	how = value == UINT32_MAX ? LIKE_NOTHING : like(typed, words_zh(status->set, value).ptr);
	best = how > best ? how : best;
	for (const char *at = status->typed; *at != '\0';) {
		size_t len = strcspn(at, " ");
		char word[64];

		screen_format(word, sizeof(word), "%.*s", (int)len, at);
		how = like(typed, word);
		best = how > best ? how : best;
		at += len + (at[len] == ' ');
	}
	return best;
}

static json_t *status_match(const char *typed, const struct radio_status **found)
{
	uint32_t count;
	const struct radio_status *status = radio_statuses(&count);
	json_t *candidates = json_array();
	enum likeness best = LIKE_NOTHING;
	char form[NORMAL_MAX];

	ASSERT(candidates != NULL);
	normal(typed, form);
	*found = NULL;
	for (uint32_t i = 0; i < count; i++) {
		candidate_put(candidates, &best, status_like(form, &status[i]), status[i].word);
		if (json_array_size(candidates) == 1 && string_among(candidates, status[i].word))
			*found = &status[i];
	}
	if (json_array_size(candidates) != 1 || *found == NULL ||
		(best == LIKE_START && (*found)->grave && letters(form) < 2))
		*found = NULL;
	return candidates;
}

/* --- a part ---------------------------------------------------------------------------------------- */

/* Without blanks, commas and dots at its end. */
static char *part_trimmed(char *text)
{
	char *end = NULL;

	text = trimmed(text);
	for (char *at = text; *at != '\0'; at++) {
		bool mark = *at == ' ' || *at == '.' || comma_len(at) > 0;

		end = !mark ? NULL : end == NULL ? at : end;
		at += comma_len(at) > 1 ? comma_len(at) - 1 : 0;
	}
	if (end != NULL)
		*end = '\0';
	return text;
}

bool radio_begins_with_unit(const char *line, const json_t *units)
{
	char word[RADIO_TEXT_MAX], form[NORMAL_MAX];
	const json_t *unit;
	size_t i;

	line += strspn(line, " \t\r\n");
	word_take(&line, word, sizeof(word));
	word[strcspn(word, "\t\r\n")] = '\0';
	normal(word, form);
	VALUE_EACH(units, i, unit)
	{
		if (like(form, value_string(unit, "id")) == LIKE_WHOLE ||
			like(form, value_string(unit, "name")) == LIKE_WHOLE)
			return true;
	}
	return false;
}

/* What follows a comma is a part of its own: a unit, or a clear start of one and of a status word. */
static bool part_begins(const char *at, const json_t *units)
{
	struct radio_part part;
	char word[RADIO_TEXT_MAX];
	const char *rest = at + strspn(at, " ");
	bool clear;

	if (radio_begins_with_unit(at, units))
		return true;
	radio_read(rest, units, &part);
	word_take(&rest, word, sizeof(word));
	clear = part.fault == RADIO_CLEAR && letters(word) > 1;
	radio_free(&part);
	return clear;
}

uint32_t radio_split(char *line, const json_t *units, char **part)
{
	uint32_t count = 0;
	char *from, *at;

	narrow(line);
	line = trimmed(line);
	if (*line == '.')
		line++;
	for (from = at = line; *from != '\0' && count < RADIO_PARTS_MAX; from = at) {
		size_t len = 0;

		while (*at != '\0' && len == 0) {
			len = *at == '/' ? 1 : comma_len(at);
			if (len > 0 && *at != '/' && !part_begins(at + len, units)) {
				at += len;
				len = 0;
			} else if (len == 0) {
				at++;
			}
		}
		*at = '\0';
		at += len;
		part[count] = part_trimmed(from);
		count += *part[count] != '\0';
	}
	return count;
}

void radio_read(const char *typed, const json_t *units, struct radio_part *out)
{
	const char *at = typed;

	*out = (struct radio_part){.fault = RADIO_CLEAR};
	screen_format(out->typed, sizeof(out->typed), "%s", typed);
	word_take(&at, out->unit, sizeof(out->unit));
	word_take(&at, out->said, sizeof(out->said));
	screen_format(out->rest, sizeof(out->rest), "%s", at);
	out->candidates = radio_match(out->unit, units, "id", "name");
	if (json_array_size(out->candidates) != 1) {
		out->fault = RADIO_UNIT;
		return;
	}
	screen_format(
		out->unit, sizeof(out->unit), "%s", json_string_value(json_array_get(out->candidates, 0)));
	if (out->said[0] == '\0') {
		out->fault = RADIO_NO_STATUS;
		return;
	}
	json_decref(out->candidates);
	out->candidates = status_match(out->said, &out->status);
	if (out->status == NULL)
		out->fault = RADIO_STATUS;
}

void radio_free(struct radio_part *part)
{
	json_decref(part->candidates);
	part->candidates = NULL;
}
