/* readback: rows fetched from dispatch.journal, for a start without a whole local log; writes nothing. */
#ifndef STORE_READBACK_H
#define STORE_READBACK_H

#include "store/link.h"

/*
 * Rows of dispatch.journal, and those set aside on the way there, in order; at most READBACK_ROWS_MAX, and no further one
 * when their bodies have READBACK_PAGE_BYTES. Also the projector's and the follower's.
 */
enum { READBACK_ROWS_MAX = 1000, READBACK_PAGE_BYTES = 16 << 20 };

/* Asks for rows from `from_seq` on; the result has one row each. False: as PQsendQueryParams. */
bool readback_send(PGconn *pg, const char *town_id, const char *stream, uint64_t from_seq, uint32_t rows_max);

/* Row `index` of that result; points into it. DISP_E_DAMAGED: not what the journal's writer wrote. */
enum disp_err readback_row(const PGresult *result, int index, struct store_row *row) DISP_MUSTCHECK;

/*
 * One connection that waits for PostgreSQL; only at a start.
 * readback_page fetches the next rows; *result is the caller's to clear.
 * Errors  DISP_E_AGAIN  no answer within wait_ms, connecting included.
 *         DISP_E_NONE   there is no journal in that database yet.
 */
struct readback {
	struct link link;
	const char *town_id, *stream;
};
void readback_init(struct readback *readback, const struct store_config *config);
void readback_close(struct readback *readback);

/* Sends a statement; false as PQsendQueryParams. */
typedef bool readback_ask_fn(PGconn *pg, const void *context);

/* The result of any one statement; errors as readback_page's. After a lost connection it is asked again. */
enum disp_err readback_ask(struct readback *readback, readback_ask_fn *ask, const void *context,
	int64_t wait_ms, PGresult **result) DISP_MUSTCHECK;
enum disp_err readback_page(
	struct readback *readback, uint64_t from_seq, int64_t wait_ms, PGresult **result) DISP_MUSTCHECK;

#endif
