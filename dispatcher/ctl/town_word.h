/* town_word: the town's own words in Chinese; apart from value, whose tables are not the core's. */
#ifndef CTL_TOWN_WORD_H
#define CTL_TOWN_WORD_H

#include <stdint.h>

/* An alarm type, a skill, a kind …; the word itself where we know no Chinese for it. */
const char *town_word_zh(const char *word);

/* The alarm types that are shipped, from index 0; NULL: there are no more. */
const char *town_alarm_type(uint32_t index);

#endif
