/* pg: the simulated PostgreSQL: the tables of schema dispatch that the store writes, and when the server answers. */
#ifndef TESTS_FAULTS_PG_H
#define TESTS_FAULTS_PG_H

#include "sim.h"

/* A row of dispatch.journal or dispatch.quarantine. */
struct pg_row {
	bool there;
	uint64_t seq, epoch;
	int64_t at_ms;
	char kind[32];
	bool has_plan;
	uint8_t plan_hash[32], prev_hash[32], hash[32];
	uint8_t *body;
	uint32_t size;
};

/* The row of dispatch.lease; epoch 0: none. */
struct pg_lease {
	uint64_t epoch, beat;
	char holder[64];
};

/* A row of dispatch.stray. */
struct pg_stray {
	struct pg_row row;
	uint64_t brought_seq; /* 0: not yet */
	bool refused;
};

struct pg_part {
	uint64_t seq;
	uint32_t part, parts;
	uint8_t hash[32];
	uint8_t *body;
	uint32_t size;
};

enum { PG_NODES_MAX = 8 };

struct pg_faults {
	int64_t latency_ms; /* one way */
	int64_t down_until_ms, silent_until_ms;
	int64_t cut_until_ms
		[PG_NODES_MAX]; /* nothing passes between the server and that node; what was sent comes then */
	/* One in so many transactions; 0 never. */
	uint64_t lost_before, lost_after, refused, slow;
	uint64_t poison; /* one in so many alarm rows is refused for good, the same ones each time */
};

enum { PG_PARTS_MAX = 256, PG_ASIDE_MAX = 256 };

struct pg {
	struct pg_row *row; /* [rows]; row seq - 1 */
	uint64_t rows, end; /* end: highest seq in the journal, 0 none */
	struct pg_row aside[PG_ASIDE_MAX];
	uint32_t aside_count;
	struct pg_part part[PG_PARTS_MAX];
	uint32_t part_count;
	struct pg_lease lease;
	struct pg_stray *stray;
	uint32_t stray_count;
	uint32_t writer; /* the node whose transaction it is */
	bool projects;   /* projected_seq is there */
	uint64_t projected, projections, transactions;
	struct pg_faults faults;
	int64_t held_until_ms;                                   /* no fault of its begins before */
	void (*committed)(const struct pg_row *row, bool aside); /* told of each row */
	void (*leased)(const struct pg_lease *row);              /* of each other epoch */
	void (*strayed)(const struct pg_row *row);
};
extern struct pg pg;

void pg_begin(void);
void pg_end(void);
/* The row of the journal, or the one set aside. NULL: neither. */
const struct pg_row *pg_find(uint64_t seq);
bool pg_answers(void); /* it is up, and not silent */
/* Kills all connections, as a crash of the server does. */
void pg_kill(void);

/* pq.c: whose connections are made from now on, what may crash the caller, and whom to wake when an answer has come. */
void pq_use(uint32_t node, void (*point)(void));
extern void (*pq_wake)(uint32_t node);
/* The node has been told that a beat or a take-over was taken, which it had sent then. */
extern void (*pq_leased)(uint32_t node, int64_t sent_ms);
void pq_reset(void); /* all connections of the world that ended */
/* Whether a read of that descriptor would not wait; for poll. */
bool pq_ready(int fd);
/* The process has ended: what it sent may still be done. */
void pq_crash(uint32_t node);
/* Whether the journal's connection of the node is set up: the server has told where the journal ends. */
bool pq_journal_up(uint32_t node);
/* The last seq that the server has told the node's journal connection to be in; never back. */
uint64_t pq_journal_acked(uint32_t node);

#endif
