/* index: a bounded hash map from 64-bit keys to 32-bit values. Pure; removal leaves no tombs. */
#ifndef CORE_INDEX_H
#define CORE_INDEX_H

#include "core/error.h"
#include "core/types.h"

struct index_entry {
	uint64_t key;
	uint32_t value; /* 0: empty */
	uint32_t unused;
};

struct index {
	struct index_entry *entry; /* [slots], power of two, at least twice the keys it will hold */
	uint32_t slots, count;
};

uint32_t index_get(const struct index *index, uint64_t key);       /* 0: not there */
void index_put(struct index *index, uint64_t key, uint32_t value); /* value not 0; replaces */
void index_remove(struct index *index, uint64_t key);
void index_clear(struct index *index);
uint64_t index_mix(uint64_t value); /* a good 64-bit scramble (splitmix64's finaliser) */

#endif
