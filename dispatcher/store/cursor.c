/* cursor: durable rows in order, from memory when they are recent, else from the local log; writes nothing. */
#include "store/cursor.h"

#include "store/chain.h"

void cursor_close(struct cursor *cursor)
{
	if (cursor->reader != NULL)
		log_reader_close(cursor->reader);
	cursor->reader = NULL;
}

enum disp_err cursor_row(struct cursor *cursor, uint64_t seq, struct store_row *row)
{
	const struct ring_row *recent = ring_find(cursor->source->ring, seq);
	struct log_row found;
	enum disp_err err;

	if (recent != NULL) {
		cursor_close(cursor);
		return chain_row_get(seq, ring_bytes(cursor->source->ring, recent), recent->size, row);
	}
	if (cursor->reader != NULL && cursor->reader_seq != seq)
		cursor_close(cursor);
	if (cursor->reader == NULL) {
		err = log_reader_open(&cursor->reader, cursor->source->log, seq);
		if (err != DISP_OK) {
			cursor->reader = NULL;
			return err;
		}
		cursor->reader_seq = seq;
	}
	err = log_reader_next(cursor->reader, &found);
	if (err == DISP_OK && found.seq == seq) {
		cursor->reader_seq++;
		return chain_row_get(seq, found.ptr, found.len, row);
	}
	cursor_close(cursor);
	return err == DISP_OK || err == DISP_E_AGAIN ? DISP_E_NONE : err;
}
