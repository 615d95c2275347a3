/* text_pool: interned texts; see the header. */
#include "core/text_pool.h"

#include <string.h>

uint64_t text_hash(struct text text)
{
	uint64_t hash = 0xcbf29ce484222325u ^ text.len;

	for (uint32_t index = 0; index < text.len; index++)
		hash = (hash ^ (uint8_t)text.ptr[index]) * 0x100000001b3u;
	return hash ^ (hash >> 29);
}

bool text_equal(struct text a, struct text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

int text_compare(struct text a, struct text b)
{
	uint32_t common = a.len < b.len ? a.len : b.len;
	int order = common > 0 ? memcmp(a.ptr, b.ptr, common) : 0;

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

struct text text_at(const struct text_pool *pool, uint32_t number)
{
	if (number == 0 || number > pool->count)
		return (struct text){0};
	return (struct text){pool->bytes + pool->entry[number].offset, pool->entry[number].len};
}

/* The slot that holds the text, or the free one where it belongs. */
static uint32_t slot_of(const struct text_pool *pool, struct text text, uint64_t hash)
{
	uint32_t slot = (uint32_t)hash & (pool->slots - 1);

	while (pool->slot[slot] != 0) {
		const struct text_entry *entry = &pool->entry[pool->slot[slot]];

		if (entry->hash == hash && text_equal(text_at(pool, pool->slot[slot]), text))
			break;
		slot = (slot + 1) & (pool->slots - 1);
	}
	return slot;
}

uint32_t text_find(const struct text_pool *pool, struct text text)
{
	if (text.len == 0)
		return 0;
	return pool->slot[slot_of(pool, text, text_hash(text))];
}

bool text_room(const struct text_pool *pool, uint32_t texts, uint32_t bytes)
{
	return texts <= pool->texts_max - pool->count && bytes <= pool->bytes_max - pool->bytes_used;
}

uint32_t text_intern(struct text_pool *pool, struct text text)
{
	if (text.len == 0)
		return 0;
	uint64_t hash = text_hash(text);
	uint32_t slot = slot_of(pool, text, hash);

	if (pool->slot[slot] != 0)
		return pool->slot[slot];
	if (!text_room(pool, 1, text.len))
		return 0;
	uint32_t number = ++pool->count;
	pool->entry[number] = (struct text_entry){pool->bytes_used, text.len, hash};
	memcpy(pool->bytes + pool->bytes_used, text.ptr, text.len);
	pool->bytes_used += text.len;
	pool->slot[slot] = number;
	return number;
}

bool text_rebuild(struct text_pool *pool)
{
	memset(pool->slot, 0, pool->slots * sizeof *pool->slot);
	for (uint32_t number = 1; number <= pool->count; number++) {
		const struct text_entry *entry = &pool->entry[number];

		if (entry->offset > pool->bytes_used || entry->len > pool->bytes_used - entry->offset ||
			entry->hash != text_hash(text_at(pool, number)))
			return false;
		pool->slot[slot_of(pool, text_at(pool, number), entry->hash)] = number;
	}
	return true;
}

struct text text_next_word(struct text *list)
{
	if (list->len == 0)
		return (struct text){0};
	while (list->len > 0 && list->ptr[0] == ' ') {
		list->ptr++;
		list->len--;
	}
	struct text word = {list->ptr, 0};

	while (word.len < list->len && word.ptr[word.len] != ' ')
		word.len++;
	if (word.len == 0)
		return word; /* the list may be a null pointer, to which not even 0 may be added */
	list->ptr += word.len;
	list->len -= word.len;
	return word;
}
