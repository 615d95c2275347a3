/* lease: which of two daemons leads. Pure: told what was sent, heard and seen, and when; sends and reads nothing. */
#ifndef SHELL_LEASE_H
#define SHELL_LEASE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Two daemons and one row in PostgreSQL: (epoch, holder, beat). The leader raises the beat every LEASE_BEAT_MS, and may
 * send for LEASE_MS from the moment at which it SENT a beat that was taken. The other one looks at the row every
 * LEASE_LOOK_MS; when it has seen one and the same beat for LEASE_TAKE_MS it raises the epoch, in one statement that
 * fails when epoch or beat have moved. LEASE_TAKE_MS is more than LEASE_MS, and the beat was seen after it was sent: the
 * leader has stopped sending before another one begins. Each measures by its own boot clock, which runs on in suspend; the
 * two clocks need not agree, only run equally fast to 1 in 10: by a clock that is slow by so much the lease ends after
 * LEASE_MS * 1.1 = 1100 ms of the other one, who waits for 1250.
 *
 * Of a kill, the other one knows LEASE_TAKE_MS + LEASE_LOOK_MS after the last beat at most, and then asks PostgreSQL once.
 * A leader may lose three beats in a row; it asks its pair when half of the lease is gone.
 *
 * While PostgreSQL does not answer the leader, the other one may grant: it will not take over for LEASE_TAKE_MS from its
 * answer. So a leader needs PostgreSQL or its pair; who has neither sends nothing, until a person says that the other one
 * is off (lease_force).
 *
 * All times are milliseconds of one boot clock. A daemon without a pair leads from lease_init on and is never held.
 */
enum { LEASE_BEAT_MS = 250, LEASE_LOOK_MS = 150, LEASE_MS = 1000, LEASE_TAKE_MS = 1250 };

enum lease_state {
	LEASE_STANDS_BY,
	LEASE_TAKES, /* stands by; the statement that raises the epoch is under way */
	LEASE_LEADS,
	LEASE_LOST /* another leads: what this one has in memory may be stale; it starts anew as the one that stands by */
};

/* What to send to PostgreSQL next. Each ends with one answer, or with lease_failed. */
enum lease_want {
	LEASE_NOTHING,
	LEASE_BEAT, /* raise the beat where the epoch is ours */
	LEASE_LOOK, /* read the row */
	LEASE_TAKE /* set epoch to lease_next_epoch and holder to us, where epoch and beat are those last seen */
};

struct lease {
	bool pair;
	bool forced; /* leads by a person's word; PostgreSQL has not been told yet */
	bool unsure; /* a take-over was sent, and whether it was taken is not known */
	enum lease_state state;
	uint64_t epoch;               /* ours when we lead; else the highest known */
	uint64_t row_epoch, row_beat; /* as last seen */
	enum lease_want sent;         /* what is under way */
	int64_t sent_ms, next_ms;     /* of what is under way; when the next may go */
	int64_t until_ms;             /* leads: may send before this */
	int64_t unmoved_ms; /* since when the row has not moved, as far as we saw; INT64_MAX: not seen yet */
	int64_t seen_ms;    /* of the last look that was answered; 0: none, or it failed since */
	int64_t back_ms;    /* of the first that was answered after that */
	int64_t granted_ms; /* stands by: no take-over before this */
	int64_t asked_ms;   /* of the last question to the pair */
};

/* pair: there is another daemon. epoch: the highest in our own journal. Without a pair it leads with epoch + 1. */
void lease_init(struct lease *lease, bool pair, uint64_t epoch, int64_t now_ms);

/* Whether anything may leave: orders, replies, the feed. To be asked right before each message. */
bool lease_may_send(const struct lease *lease, int64_t now_ms);

/* ---- PostgreSQL ---- */

/* What is due now; LEASE_NOTHING while an answer is awaited. Whoever sends it calls lease_sent. */
enum lease_want lease_want(const struct lease *lease, int64_t now_ms);
/* When lease_want or lease_asks will next say something else; INT64_MAX: never by time alone. */
int64_t lease_due_ms(const struct lease *lease);
void lease_sent(struct lease *lease, enum lease_want what, int64_t now_ms);

/* The answers. A beat: taken, or the row has this epoch by now. A look: no row is epoch 0, beat 0. A take-over: taken, or
 * another was quicker. lease_failed: the connection was lost, or the statement failed: it may have happened or not. */
void lease_beaten(struct lease *lease, bool taken, uint64_t epoch, int64_t now_ms);
void lease_seen(struct lease *lease, uint64_t epoch, uint64_t beat, int64_t now_ms);
void lease_taken(struct lease *lease, bool taken, int64_t now_ms);
void lease_failed(struct lease *lease, int64_t now_ms);
uint64_t lease_next_epoch(const struct lease *lease);

/* ---- the pair ---- */

/* Whether the pair should be asked now: half of the lease is gone. The question carries our epoch and now_ms. */
bool lease_asks(const struct lease *lease, int64_t now_ms);
void lease_asked(struct lease *lease, int64_t now_ms);
/* Its answer; asked_ms: as it was in the question. */
void lease_granted(struct lease *lease, int64_t asked_ms);
/* It refuses, and knows of this epoch. */
void lease_refused(struct lease *lease, uint64_t epoch);
/* The pair asks: it leads with this epoch. True: granted, there will be no take-over by us for LEASE_TAKE_MS. */
bool lease_grant(struct lease *lease, uint64_t epoch, int64_t now_ms);

/* A person takes the responsibility, having seen that the other one is off: leads with a new epoch, without both. */
void lease_force(struct lease *lease, int64_t now_ms);

#endif
