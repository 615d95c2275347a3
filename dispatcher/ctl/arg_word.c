/* arg_word: see the header. */
#include "ctl/arg_word.h"

#include <string.h>

#include "core/words.h"

static const struct word_set {
	const char *first; /* of an argument's words: tells which set they are of */
	enum words_set set;
} sets[] = {
	{"reported|", WORDS_INCIDENT_STATE},
	{"issued|", WORDS_ORDER_STATE},
	{"off_duty|", WORDS_UNIT_STATE},
	{"ok|", WORDS_DEVICE_STATE},
	{"open|", WORDS_TASK_STATE},
	{"pending|", WORDS_NOTICE_STATE},
	{"first|", WORDS_REPORT},
	{"casualties|", WORDS_FACT},
	{"resolved|", WORDS_DISPOSITION},
	{"accept|", WORDS_ANSWER},
	{"blue|", WORDS_COLOUR},
	{"auto|", WORDS_RELEASE},
	{"I|", WORDS_RESPONSE},
};

/* What people also write. */
static const struct {
	enum words_set set;
	const char *typed, *word;
} also[] = {
	{WORDS_DISPOSITION, "\u5df2\u5904\u7f6e", "resolved"}, /* dealt with */
	{WORDS_RESPONSE, "1", "I"}, {WORDS_RESPONSE, "2", "II"}, {WORDS_RESPONSE, "3", "III"},
	{WORDS_RESPONSE, "4", "IV"}, {WORDS_RESPONSE, "\u2160", "I"}, {WORDS_RESPONSE, "\u2161", "II"},
	{WORDS_RESPONSE, "\u2162", "III"}, {WORDS_RESPONSE, "\u2163", "IV"},
	{WORDS_RESPONSE, "\u89e3\u9664", "clear"}, /* lifted */
};

static const struct word_set *set_of(const struct arg *arg)
{
	for (size_t i = 0; arg->words != NULL && i < sizeof(sets) / sizeof(sets[0]); i++)
		if (strncmp(arg->words, sets[i].first, strlen(sets[i].first)) == 0)
			return &sets[i];
	return NULL;
}

static bool is_among(const char *words, const char *text, size_t len)
{
	for (const char *at = words; len > 0 && at != NULL; at = strchr(at, '|')) {
		at += *at == '|';
		if (strncmp(at, text, len) == 0 && (at[len] == '|' || at[len] == '\0'))
			return true;
	}
	return false;
}

const char *arg_word_read(const struct arg *arg, const char *text)
{
	const struct word_set *of = set_of(arg);

	if (of == NULL)
		return NULL;
	for (uint32_t value = 0; words_of(of->set, value).ptr[0] != '?'; value++) {
		const char *word = words_of(of->set, value).ptr; /* a literal: terminated */

		if (strcmp(words_zh(of->set, value).ptr, text) == 0 &&
			is_among(arg->words, word, strlen(word)))
			return word;
	}
	for (size_t i = 0; i < sizeof(also) / sizeof(also[0]); i++)
		if (also[i].set == of->set && strcmp(also[i].typed, text) == 0)
			return also[i].word;
	return NULL;
}

const char *arg_word_zh(const struct arg *arg, const char *word, size_t len)
{
	const struct word_set *of = set_of(arg);
	uint32_t value = of == NULL ? UINT32_MAX : words_find(of->set, (struct text){word, (uint32_t)len});

	return value == UINT32_MAX ? NULL : words_zh(of->set, value).ptr;
}

void arg_words_list(const struct arg *arg, enum lang lang, const char *between, char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (const char *word = arg->words; word != NULL; word = strchr(word, '|')) {
		word += *word == '|';
		size_t len = strcspn(word, "|");
		const char *zh = lang == LANG_ZH ? arg_word_zh(arg, word, len) : NULL;

		at += screen_format(out + at, size - at, "%s%.*s%s%s", at == 0 ? "" : between, (int)len, word,
			zh == NULL ? "" : " ", zh == NULL ? "" : zh);
	}
}

const char *arg_town_read(const struct arg *arg, const char *text)
{
	static const char *const fields[] = {"skill", "skills", "kind", "hazard"};

	for (size_t i = 0; arg->field != NULL && i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(arg->field, fields[i]) == 0)
			return words_town_of_zh((struct text){text, (uint32_t)strlen(text)}).ptr;
	return text;
}
