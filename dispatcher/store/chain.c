/* chain: the hash over a row and its predecessor, and a row's bytes in the local log; no I/O. */
#include "store/chain.h"

#include <sodium.h>
#include <string.h>

#include "store/bytes.h"

static void big_endian_put(uint8_t *to, uint64_t value)
{
	for (unsigned index = 0; index < 8; index++)
		to[index] = (uint8_t)(value >> (56 - 8 * index));
}

const char *chain_kind_word(uint32_t kind)
{
	return words_of(WORDS_EVENT, kind).ptr; /* a literal, hence terminated */
}

void chain_hash(const struct store_row *row, uint8_t hash[STORE_HASH_BYTES])
{
	struct text kind = words_of(WORDS_EVENT, row->kind);
	uint8_t numbers[24];
	crypto_hash_sha256_state state;

	big_endian_put(numbers, row->seq);
	big_endian_put(numbers + 8, (uint64_t)row->at_ms);
	big_endian_put(numbers + 16, row->epoch);
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, row->prev_hash, STORE_HASH_BYTES);
	crypto_hash_sha256_update(&state, numbers, sizeof(numbers));
	crypto_hash_sha256_update(&state, row->plan_hash, STORE_HASH_BYTES);
	crypto_hash_sha256_update(&state, (const uint8_t *)kind.ptr, kind.len);
	crypto_hash_sha256_update(&state, (const uint8_t *)"", 1);
	crypto_hash_sha256_update(&state, row->body, row->size);
	crypto_hash_sha256_final(&state, hash);
}

void chain_row_put(const struct store_row *row, uint8_t head[CHAIN_HEAD_BYTES])
{
	bytes_put_u32(head, CHAIN_VERSION);
	bytes_put_u32(head + 4, row->kind);
	bytes_put_u64(head + 8, (uint64_t)row->at_ms);
	bytes_put_u64(head + 16, row->epoch);
	memcpy(head + 24, row->plan_hash, STORE_HASH_BYTES);
	memcpy(head + 56, row->prev_hash, STORE_HASH_BYTES);
	memcpy(head + 88, row->hash, STORE_HASH_BYTES);
}

enum disp_err chain_row_get(uint64_t seq, const uint8_t *bytes, size_t size, struct store_row *row)
{
	if (size < CHAIN_HEAD_BYTES || size - CHAIN_HEAD_BYTES > STORE_ROW_BODY_BYTES_MAX ||
		bytes_get_u32(bytes) != CHAIN_VERSION)
		return DISP_E_DAMAGED;
	*row = (struct store_row){.seq = seq,
		.kind = bytes_get_u32(bytes + 4),
		.at_ms = (int64_t)bytes_get_u64(bytes + 8),
		.epoch = bytes_get_u64(bytes + 16),
		.plan_hash = bytes + 24,
		.prev_hash = bytes + 56,
		.hash = bytes + 88,
		.body = bytes + CHAIN_HEAD_BYTES,
		.size = (uint32_t)(size - CHAIN_HEAD_BYTES)};
	return row->kind > EVENT_NONE && row->kind < EVENT_KIND_COUNT ? DISP_OK : DISP_E_DAMAGED;
}

enum disp_err chain_row_check(const struct store_row *row, const uint8_t prev_hash[STORE_HASH_BYTES])
{
	uint8_t hash[STORE_HASH_BYTES];

	chain_hash(row, hash);
	if (memcmp(hash, row->hash, STORE_HASH_BYTES) != 0 ||
		memcmp(prev_hash, row->prev_hash, STORE_HASH_BYTES) != 0)
		return DISP_E_DAMAGED;
	return DISP_OK;
}
