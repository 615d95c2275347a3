/* random_id: names that are easily taken for one another, and their order; for oracles of choices that end with the id. */
#ifndef TESTS_PROPERTY_RANDOM_ID_H
#define TESTS_PROPERTY_RANDOM_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "../random.h"
#include "core/types.h"

enum { ID_LETTERS_MAX = 8 };

/* A short word over few letters, so that one is often the beginning of another; one letter is above 0x7F. */
static inline struct text random_id(char to[ID_LETTERS_MAX], uint32_t longest)
{
	static const char letters[] = "ab\xE8";
	uint32_t len = 1 + below(longest);

	for (uint32_t i = 0; i < len; i++)
		to[i] = letters[below(3)];
	return (struct text){to, len};
}

static inline bool lower_id(const struct text *a, const struct text *b)
{
	for (uint32_t i = 0; i < a->len && i < b->len; i++)
		if (a->ptr[i] != b->ptr[i])
			return (unsigned char)a->ptr[i] < (unsigned char)b->ptr[i];
	return a->len < b->len;
}

#endif
