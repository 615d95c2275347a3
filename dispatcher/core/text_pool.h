/* text_pool: every text that the core keeps, once; a text is known by its number. Pure, bounded, never shrinks. */
#ifndef CORE_TEXT_POOL_H
#define CORE_TEXT_POOL_H

#include "core/error.h"
#include "core/types.h"

struct text_entry {
	uint32_t offset, len;
	uint64_t hash;
};

struct text_pool {
	char *bytes;              /* [bytes_max] */
	struct text_entry *entry; /* [texts_max + 1], 0 is the empty text */
	uint32_t *slot;           /* [slots], power of two, open addressing; 0 empty */
	uint32_t bytes_max, bytes_used, texts_max, count, slots;
};

/* The number of a text that is there; 0: it is not, or it is empty. */
uint32_t text_find(const struct text_pool *pool, struct text text);

/* The number of a text, taken in when new. 0: empty, or no room (text_room said so before). */
uint32_t text_intern(struct text_pool *pool, struct text text);

/* Whether `bytes` more bytes in `texts` more texts still fit. */
bool text_room(const struct text_pool *pool, uint32_t texts, uint32_t bytes);

/* The text of a number; empty for 0 and beyond the last. Lives as long as the pool. */
struct text text_at(const struct text_pool *pool, uint32_t number);

/* Fills the look-up slots again from entry[]; after a load. False: an entry is not that of its bytes. */
bool text_rebuild(struct text_pool *pool);

bool text_equal(struct text a, struct text b);
int text_compare(struct text a, struct text b); /* bytewise, then the shorter first: <0, 0, >0 */
uint64_t text_hash(struct text text);

/* Takes the next word, parted by blanks, off *list; empty at the end. */
struct text text_next_word(struct text *list);

#endif
