/* verify: goes through the journal in PostgreSQL for a person who asks, beside all other work; changes nothing. */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "store/link.h"

/*
 * One statement a stretch of VERIFY_ROWS rows, one after the other. PostgreSQL says what is wrong within a stretch; the
 * hash of its last row is held against the local log's where that still has the row, so that a journal that was
 * written anew from some row on, with hashes that fit, is found, too; and the last stretch ends where this process has
 * seen PostgreSQL acknowledge rows, so that a cut tail is found.
 */
enum { VERIFY_ROWS = 5000 };

/* The hash of a row of the local log. DISP_E_NONE: it is not there any more. */
typedef enum disp_err verify_hash_fn(void *context, uint64_t seq, uint8_t hash[STORE_HASH_BYTES]);

struct verify {
	struct link link;
	const char *town_id, *stream;
	verify_hash_fn *local;
	void *context;
	struct store_verify state;
	uint64_t sent_to; /* the last row of the stretch under way; 0: none is */
	bool first_known; /* where the journal begins was asked */
};

void verify_init(
	struct verify *verify, const struct store_config *config, verify_hash_fn *local, void *context);
void verify_close(struct verify *verify);

/* Begins with row from_seq (0: the oldest that is kept) up to to_seq. One under way begins anew. */
void verify_start(struct verify *verify, uint64_t from_seq, uint64_t to_seq);

void verify_work(struct verify *verify, int64_t now_ms);
int64_t verify_due_ms(const struct verify *verify);

#endif
