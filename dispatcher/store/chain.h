/* chain: the hash over a row and its predecessor, and a row's bytes in the local log; no I/O. */
#ifndef STORE_CHAIN_H
#define STORE_CHAIN_H

#include "store/store.h"

/*
 * hash = SHA-256 of these bytes, one behind the other:
 *
 *   prev_hash   32 bytes; of the stream's first row: 32 zeros
 *   seq          8 bytes, big-endian
 *   at_ms        8 bytes, big-endian, two's complement: event time, ms since 1970 UTC
 *   epoch        8 bytes, big-endian
 *   plan_hash   32 bytes; zeros: none
 *   kind         the word of enum event_kind (core/words.h), then one zero byte
 *   body         to the end
 *
 * so that PostgreSQL can compute it from the columns: see dispatch.journal_broken in schemas/sql.
 */
void chain_hash(const struct store_row *row, uint8_t hash[STORE_HASH_BYTES]);

/*
 * A row in the local log, little-endian:
 *   0 u32 version 1   8 i64 at_ms    24 plan_hash[32]   88 hash[32]
 *   4 u32 kind       16 u64 epoch    56 prev_hash[32]  120 body
 * The seq is the log's.
 */
enum { CHAIN_HEAD_BYTES = 120, CHAIN_VERSION = 1 };

void chain_row_put(const struct store_row *row, uint8_t head[CHAIN_HEAD_BYTES]);

/*
 * chain_row_get - a row of the log; *row points into the bytes.
 * Errors  DISP_E_DAMAGED  too short, another version, an unknown kind. The hash is not looked at: chain_row_check.
 */
enum disp_err chain_row_get(
	uint64_t seq, const uint8_t *bytes, size_t size, struct store_row *row) DISP_MUSTCHECK;

/* DISP_E_DAMAGED: the hash is not that of the row, or the row before is not the one that this one names. */
enum disp_err chain_row_check(
	const struct store_row *row, const uint8_t prev_hash[STORE_HASH_BYTES]) DISP_MUSTCHECK;

/* The word of the kind, as in the column; terminated. */
const char *chain_kind_word(uint32_t kind);

#endif
