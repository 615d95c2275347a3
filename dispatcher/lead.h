/* lead: of two daemons the one that leads, as far as this one knows: shell/lease.h over PostgreSQL and the line between them. */
#ifndef LEAD_H
#define LEAD_H

#include "ingest/pair.h"
#include "shell/lease.h"
#include "shell/shell.h"
#include "store/seat.h"
#include "store/store.h"

/* Filled by whoever has it: the daemon, or what simulates it. The parts are theirs; without a pair there is no other one. */
struct lead {
	struct store *store; /* follows, and leads; with config.pair */
	struct shell *shell;
	struct seat *seat;
	struct pair *pair; /* NULL: there is no other one; this one leads from lead_open on */
	store_row_fn *stray_take;
	void *context;
	/* We lead, and have all rows of who led before: the doors are open, and the rows with which a life begins can be
	 * written. again: we had begun, and were held, and a person has raised the epoch. */
	void (*begins)(void *context, bool again);
	/* The doors are to say that we lead, or that we do not. */
	void (*tells)(void *context, bool leads);

	struct lease lease;
	bool begun;
	bool held;           /* begun, and our lease has run out: it was said */
	bool again;          /* this life is over: the process is to start anew, as the one that stands by */
	uint64_t stray_from; /* of again: our first row that is not in force, for store_set_stray; 0: none */
	bool missing;        /* begun, and the other one has not answered for long: it was said */
	int64_t taken_ms;    /* when the lease was taken, or the word was given */
	int64_t begun_ms;
	char leader[128];      /* as dispatch.lease says; "" not known */
	const char *holder;    /* our name; NULL: nobody asks whether another one has it */
	uint32_t holder_twice; /* beats of another one with our name; LEAD_TWICE: said */
};

/* One may have been under way when our life before this one ended. */
enum { LEAD_TWICE = 2 };

/* epoch: of the last row. From here on the shell asks lead_may. */
void lead_open(struct lead *lead, uint64_t epoch, int64_t real_ms);

/* Once a turn, after store_work. real_ms: boot time. False: this life is over (again); nothing may be sent or written any more. */
bool lead_turn(struct lead *lead, int64_t real_ms);

/* Whether we may decide and send, at this very moment. */
bool lead_may(const struct lead *lead);

/* A person says that the other one is off. */
void lead_force(struct lead *lead, int64_t real_ms);

/* When lead_turn next has something to do; INT64_MIN: now. */
int64_t lead_due_ms(const struct lead *lead);

#endif
