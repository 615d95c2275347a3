/* words: the words of one column, to find those that only one row has and that are nearly another; not for others. */
#ifndef TOWN_WORDS_H
#define TOWN_WORDS_H

#include "town/table.h"

enum {
	WORDS_SEEN_MAX = 512
}; /* different words of a column; with more it is no vocabulary and is not checked */

struct words_seen {
	struct town_names index; /* word -> item */
	struct words_seen_item *item;
	uint32_t count;
	size_t room;
};

/* Takes note of a word of this row. name: what people call the thing, or NULL; both must live as long as the town. */
void words_note(
	struct table *table, uint32_t column, struct words_seen *seen, const char *word, const char *name);

/*
 * After the last row: a fault for each word of one row that is nearly another (reading_near) of the same name. Of two
 * that one row each has, it is the later one's.
 */
void words_check(struct table *table, uint32_t column, const struct words_seen *seen);

/* A fault for each role that is none. */
void words_check_roles(struct table *table, uint32_t column, const struct town_words *roles);

#endif
