/* cursor: durable rows in order, from memory when they are recent, else from the local log; writes nothing. */
#ifndef STORE_CURSOR_H
#define STORE_CURSOR_H

#include "store/log.h"
#include "store/ring.h"
#include "store/store.h"

/* Where rows are found. The log is opened anew after damage, hence by address. */
struct cursor_source {
	const struct ring *ring;
	struct log *log;
};

struct cursor {
	const struct cursor_source *source;
	struct log_reader *reader; /* NULL: none open */
	uint64_t reader_seq;       /* what the reader gives next */
};

/*
 * cursor_row - the row with this seq, which the caller knows to be durable. Quick when called in order. The row is
 * good until the next call on this cursor, or the next store_append.
 * Errors  DISP_E_NONE     pruned, or not yet visible to the reader.
 *         DISP_E_DAMAGED, DISP_E_IO  the log.
 */
enum disp_err cursor_row(struct cursor *cursor, uint64_t seq, struct store_row *row) DISP_MUSTCHECK;
void cursor_close(struct cursor *cursor);

#endif
