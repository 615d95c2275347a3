/* follow: what another daemon adds to dispatch.journal, fetched and put into our log; writes nothing to PostgreSQL. */
#ifndef STORE_FOLLOW_H
#define STORE_FOLLOW_H

#include "store/link.h"

/*
 * Asks where the journal ends; when it has later rows, asks for them (readback.h) from the one after our last on, each of
 * which must name the one before it. They go into the log as our own rows do; a log that takes no more is waited for.
 * A hole in the journal (a batch that is being cut in halves there) is waited for, too.
 *
 * We have a fork when the journal's first later row names another row than our last, or its last row is not ours of that
 * seq. Rows of ours that the journal does not have yet are none. Where it begins is searched for by halves: rows are
 * the same up to it, and never after it. A row that the journal should have and does not have counts as another.
 */
enum {
	FOLLOW_POLL_MS = 100,
	FOLLOW_FULL_MS =
		20, /* the log took no more: when it is tried again, if nothing has woken us before */
	FOLLOW_ROWS_MAX = 256, /* handed over a call, */
	FOLLOW_BYTES_MAX = 4 << 20
};

enum follow_state {
	FOLLOW_WAITS,   /* for the connection, or for next_ms */
	FOLLOW_SETS_UP, /* each of these is one statement under way */
	FOLLOW_ASKS_END,
	FOLLOW_ASKS_ROWS,
	FOLLOW_SEARCHES, /* where a fork begins */
	FOLLOW_HANDS     /* rows are at hand; nothing is under way */
};

struct follow {
	struct link link;
	const char *town_id, *stream;
	int64_t stall_ms;
	bool on;
	store_row_fn *take;
	void *context;
	struct store_following said;
	enum follow_state state;
	int64_t next_ms;
	int64_t asked_ms;     /* of the statement under way, or of the rows at hand */
	uint64_t journal_seq; /* our rows up to it stand in the journal, as far as we know */
	PGresult *page;
	int index, count; /* the next one of it */
	uint64_t page_bytes;
	bool hole_told;
	/* searching: of our rows low … high - 1 it is not known whether they are the journal's; high itself is not */
	bool first_known; /* where the journal begins; what is older was removed from it, and is no fork */
	uint64_t suspect_seq; /* known to be another one, or followed by one that does not name it */
	uint64_t low, high, probe_seq;
};

void follow_init(struct follow *follow, const struct store_config *config);
void follow_begin(struct follow *follow, store_row_fn *take, void *context);
/* What is at hand is let go. */
void follow_close(struct follow *follow);

/* Goes on; the rows go into this store, which must have been recovered. */
void follow_work(struct follow *follow, struct store *store, int64_t now_ms);
int64_t follow_due_ms(const struct follow *follow);

#endif
