/* town_word: see the header. */
#include "ctl/town_word.h"

#include <string.h>

#include "core/query.h"

const char *town_word_zh(const char *word)
{
	struct text text = {word, (uint32_t)strlen(word)};

	return query_word_zh(text).ptr; /* a literal, or the word: terminated both */
}

const char *town_alarm_type(uint32_t index)
{
	return query_alarm_type(index).ptr;
}
