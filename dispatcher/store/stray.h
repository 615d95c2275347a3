/* stray: rows that a daemon set aside because another one led (dispatch.stray), brought in again by the one who leads now. */
#ifndef STORE_STRAY_H
#define STORE_STRAY_H

#include "store/array.h"
#include "store/link.h"

/*
 * Pages of rows that nobody has brought in, oldest first, handed over one by one. Which seq of ours stands for a row is
 * remembered, and written beside it when the journal has that seq: whoever leads next asks for those that have none. A page
 * is over before the next one is asked for.
 */
enum {
	STRAY_LOOK_MS = 2000,
	STRAY_AGAIN_MS = 100, /* a row that was not taken is handed over again */
	STRAY_PAGE_ROWS = 256,
	STRAY_PAGE_BYTES = 4 << 20, /* of bodies; at least one row */
	STRAY_ROWS_MAX = 16         /* handed over a call */
};

enum stray_state {
	STRAY_WAITS, /* for the connection, for next_ms, or for the journal */
	STRAY_READS, /* a page is under way */
	STRAY_MARKS  /* what became of rows marked … marking - 1 is under way */
};

struct stray {
	struct link link;
	const char *town_id, *stream;
	int64_t stall_ms;
	enum stray_state state;
	int64_t next_ms;  /* the next page, or the next try with a row */
	PGresult *answer; /* of the statement under way; it is whole when a NULL has come behind it */
	PGresult *page;   /* NULL: none at hand */
	int count, index, marked,
		marking; /* rows before index were handed over, before marked it is written */
	struct {
		uint64_t seq; /* ours */
		bool refused;
	} outcome[STRAY_PAGE_ROWS];
	uint64_t brought; /* since the last line about it */
	struct array array[3];
};

void stray_init(struct stray *stray, const struct store_config *config);
void stray_close(struct stray *stray);

/* Goes on; only of the store that leads. What is not marked yet is handed over again after stray_close. */
void stray_work(struct stray *stray, struct store *store, int64_t now_ms);
int64_t stray_due_ms(const struct stray *stray);

#endif
