/* town_word: the town's own words in Chinese; apart from value, whose tables are not the core's. */
#ifndef CTL_TOWN_WORD_H
#define CTL_TOWN_WORD_H

/* An alarm type, a skill, a kind …; the word itself where we know no Chinese for it. */
const char *town_word_zh(const char *word);

#endif
