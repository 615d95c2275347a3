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

uint32_t radio_split(char *line, char **part)
{
	uint32_t count = 0;
	char *rest = NULL;

	narrow(line);
	line = trimmed(line);
	if (*line == '.')
		line++;
	for (char *at = strtok_r(line, "/", &rest); at != NULL && count < RADIO_PARTS_MAX;
		at = strtok_r(NULL, "/", &rest)) {
		at = trimmed(at);
		if (*at != '\0')
			part[count++] = at;
	}
	return count;
}

/* --- words ----------------------------------------------------------------------------------------- */

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
	if (json_array_size(candidates) != 1)
		*found = NULL;
	return candidates;
}

/* --- a part ---------------------------------------------------------------------------------------- */

/* The next word of *at into out; what follows stays in *at. */
static void word_take(const char **at, char *out, size_t size)
{
	size_t len = strcspn(*at, " ");

	screen_format(out, size, "%.*s", (int)len, *at);
	*at += len;
	*at += strspn(*at, " ");
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
