/* follower: what another daemon adds to dispatch.journal, fetched and put into our log; writes nothing to PostgreSQL. */
#ifndef STORE_FOLLOWER_H
#define STORE_FOLLOWER_H

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
	FOLLOWER_POLL_MS = 100,
	FOLLOWER_HOLE_MS = 2000, /* a hole that long is told */
	FOLLOWER_FULL_MS = 20,   /* the log took no more: tried again then, if nothing has woken us before */
	FOLLOWER_ROWS_MAX = 256, /* handed over a call, */
	FOLLOWER_BYTES_MAX = 4 << 20
};

enum follower_state {
	FOLLOWER_WAITS,   /* for the connection, or for next_ms */
	FOLLOWER_SETS_UP, /* each of these is one statement under way */
	FOLLOWER_ASKS_END,
	FOLLOWER_ASKS_ROWS,
	FOLLOWER_SEARCHES, /* where a fork begins */
	FOLLOWER_HANDS     /* rows are at hand; nothing is under way */
};

struct follower {
	struct link link;
	const char *town_id, *stream;
	int64_t stall_ms;
	bool on;
	store_row_fn *take;
	void *context;
	struct store_following said;
	enum follower_state state;
	int64_t next_ms;
	int64_t asked_ms;     /* of the statement under way, or of the rows at hand */
	uint64_t journal_seq; /* our rows up to it stand in the journal, as far as we know */
	PGresult *answer;     /* of the statement under way; it is whole when a NULL has come behind it */
	PGresult *page;
	int index, count; /* the next one of it */
	uint64_t page_bytes;
	int64_t hole_since_ms; /* the journal has later rows than the next one, but not that; 0: it has none */
	bool hole_told;
	/* searching: of our rows low … high - 1 it is not known whether they are the journal's; high itself is not */
	bool first_known; /* where the journal begins; what is older was removed from it, and is no fork */
	uint64_t suspect_seq; /* known to be another one, or followed by one that does not name it */
	uint64_t low, high, probe_seq;
};

void follower_init(struct follower *follower, const struct store_config *config);
void follower_begin(struct follower *follower, store_row_fn *take, void *context);
/* What is at hand is let go. */
void follower_close(struct follower *follower);

/* Goes on; the rows go into this store, which must have been recovered. */
void follower_work(struct follower *follower, struct store *store, int64_t now_ms);
int64_t follower_due_ms(const struct follower *follower);

#endif
