/* pair: the line between two daemons of one town: the one that leads asks, the other one grants or refuses (shell/lease.h). */
#ifndef INGEST_PAIR_H
#define INGEST_PAIR_H

#include "core/core.h"

struct pair;

enum { PAIR_FDS = 3, PAIR_ERROR_SIZE = 256 };

struct pair_config {
	const char *listen, *peer; /* ZeroMQ endpoints: ours, and the other one's */
	const char *town;          /* its code: a pair of another town is refused */
	bool curve;                /* false: ipc://, or listen.insecure */
	uint8_t public_key[KEY_PUBLIC_BYTES], secret_key[KEY_PUBLIC_BYTES]; /* ours */
	uint8_t peer_key[KEY_PUBLIC_BYTES];                                 /* the only one that is let in */
};

enum pair_said {
	PAIR_NOTHING,
	PAIR_ASKS,   /* it leads with this epoch: answer by pair_answer */
	PAIR_GRANTS, /* to our question of asked_ms */
	PAIR_REFUSES /* and knows of this epoch */
};

struct pair_message {
	enum pair_said what;
	uint64_t epoch;
	int64_t asked_ms; /* as it was in the question */
};

/*
 * pair_open - binds ours, connects to the other one, who need not be there.
 * Errors  DISP_E_INPUT, DISP_E_IO: error[PAIR_ERROR_SIZE] says it in one English line. pair_close frees; NULL may be closed.
 */
enum disp_err pair_open(struct pair **result, const struct pair_config *config, char *error) DISP_MUSTCHECK;
void pair_close(struct pair *pair);

/* Never waits; a question that cannot leave now is dropped: the next one comes. */
void pair_ask(struct pair *pair, uint64_t epoch, int64_t asked_ms);

/* The next thing that the other one has said, if any; what cannot be read is dropped and counted. */
enum pair_said pair_next(struct pair *pair, struct pair_message *out);

/* To the question that pair_next has just given. epoch: the highest that we know. */
void pair_answer(struct pair *pair, bool granted, uint64_t epoch);

/* To wait on, for reading; edge-triggered: ask pair_ready after every turn. */
void pair_fds(const struct pair *pair, int fd[PAIR_FDS]);
bool pair_ready(struct pair *pair);

/* When it last said something, by the clock of pair_tick; 0: never. For status. */
void pair_tick(struct pair *pair, int64_t monotonic_ms);
int64_t pair_heard_ms(const struct pair *pair);
uint64_t pair_refused(const struct pair *pair); /* messages and handshakes that were not let in */

#endif
