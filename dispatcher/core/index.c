/* index: open addressing with backward-shift removal; see the header. */
#include "core/index.h"

#include <string.h>

uint64_t index_mix(uint64_t value)
{
	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
	value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
	return value ^ (value >> 31);
}

static uint32_t home_of(const struct index *index, uint64_t key)
{
	return (uint32_t)index_mix(key) & (index->slots - 1);
}

static uint32_t slot_of(const struct index *index, uint64_t key)
{
	uint32_t slot = home_of(index, key);

	while (index->entry[slot].value != 0 && index->entry[slot].key != key)
		slot = (slot + 1) & (index->slots - 1);
	return slot;
}

uint32_t index_get(const struct index *index, uint64_t key)
{
	return index->entry[slot_of(index, key)].value;
}

void index_put(struct index *index, uint64_t key, uint32_t value)
{
	uint32_t slot = slot_of(index, key);

	ASSERT(value != 0);
	if (index->entry[slot].value == 0) {
		ASSERT(index->count < index->slots / 2 + index->slots / 4);
		index->count++;
	}
	index->entry[slot].key = key;
	index->entry[slot].value = value;
}

void index_remove(struct index *index, uint64_t key)
{
	uint32_t mask = index->slots - 1;
	uint32_t hole = slot_of(index, key);

	if (index->entry[hole].value == 0)
		return;
	index->count--;
	for (uint32_t next = (hole + 1) & mask; index->entry[next].value != 0; next = (next + 1) & mask) {
		uint32_t home = home_of(index, index->entry[next].key);

		if (((next - home) & mask) >= ((next - hole) & mask)) {
			index->entry[hole] = index->entry[next];
			hole = next;
		}
	}
	index->entry[hole].value = 0;
}

void index_clear(struct index *index)
{
	memset(index->entry, 0, index->slots * sizeof *index->entry);
	index->count = 0;
}
