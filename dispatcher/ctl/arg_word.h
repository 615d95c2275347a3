/* arg_word: the words of an argument in Chinese and back: what screens print can be typed. Asks no daemon. */
#ifndef CTL_ARG_WORD_H
#define CTL_ARG_WORD_H

#include "ctl/command.h"

/* The daemon's word for what was typed as the screens show it, or for a level as a figure; NULL: none of the argument's. */
const char *arg_word_read(const struct arg *arg, const char *text);

/* Chinese for a word of the argument, word[len]; NULL: we know none. */
const char *arg_word_zh(const struct arg *arg, const char *word, size_t len);

/* The argument's words as people see them: "resolved, false", in Chinese "resolved 已解决, false 误报". */
void arg_words_list(const struct arg *arg, enum lang lang, const char *between, char *out, size_t size);

/* What an argument takes from the town (a skill, a kind, a hazard) in the town's word; the text itself where we know none. */
const char *arg_town_read(const struct arg *arg, const char *text);

#endif
