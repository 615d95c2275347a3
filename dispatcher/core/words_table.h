/* words_table: how a table of words is written; for core/words*.c alone. */
#ifndef CORE_WORDS_TABLE_H
#define CORE_WORDS_TABLE_H

#include <stddef.h>

#include "core/effect.h"
#include "core/event.h"
#include "core/words.h"

struct word {
	struct text en, zh;
};

#define LITERAL(s)                                                                                           \
	{                                                                                                    \
		(s), (uint32_t)sizeof(s) - 1                                                                 \
	}
#define WORD(en, zh)                                                                                         \
	{                                                                                                    \
		LITERAL(en), LITERAL(zh)                                                                     \
	}

/* A table of exactly as many words as its enumeration has values. */
#define TABLE_SIZED(name, count)                                                                             \
	_Static_assert(sizeof(name) / sizeof((name)[0]) == (size_t)(count), #name " spells every value")

/* words_aside.c */
extern const struct word aside_from_words[ASIDE_FROM_COUNT], aside_act_words[ASIDE_ACT_COUNT];

/* words_row.c: the kinds of rows. */
extern const struct word event_words[EVENT_KIND_COUNT], effect_words[EFFECT_KIND_COUNT];

#endif
