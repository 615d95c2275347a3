/* seat: the row of dispatch.lease, over a connection of its own; says nothing about who should lead (shell/lease.h). */
#ifndef STORE_SEAT_H
#define STORE_SEAT_H

#include "store/store.h"

enum seat_ask {
	SEAT_NOTHING,
	SEAT_BEAT, /* beat + 1 where the epoch is ours */
	SEAT_LOOK, /* read the row; there is none: epoch 0, beat 0 */
	SEAT_TAKE /* our epoch and holder where epoch and beat are those seen; epoch 0: where there is no row */
};

/* What came of the one that was sent. */
struct seat_answer {
	enum seat_ask of;
	bool failed;          /* no answer: it may have happened or not */
	bool taken;           /* SEAT_BEAT, SEAT_TAKE */
	uint64_t epoch, beat; /* of the row: SEAT_LOOK, and SEAT_BEAT that was not taken */
	char holder[128];     /* as the row has it: SEAT_LOOK */
};

struct seat;

enum { SEAT_TIMEOUT_MS = 900 }; /* without an answer for so long: failed, and the connection begins anew */

/* Connects in seat_work. Texts of the config must live as long. Errors: DISP_E_FULL. seat_close frees; NULL may be closed. */
enum disp_err seat_open(struct seat **result, const struct store_config *config) DISP_MUSTCHECK;
void seat_close(struct seat *seat);

/*
 * seat_send - one statement; one at a time. epoch: ours (SEAT_BEAT), or the one to take (SEAT_TAKE); seen_epoch, seen_beat:
 * of SEAT_TAKE. False: not connected, or one is under way; nothing was sent.
 */
bool seat_send(struct seat *seat, enum seat_ask ask, uint64_t epoch, uint64_t seen_epoch, uint64_t seen_beat,
	int64_t now_ms) DISP_MUSTCHECK;

/* Connects, reads and writes without waiting. True: *answer is that of what was sent. */
bool seat_work(struct seat *seat, int64_t now_ms, struct seat_answer *answer);

/* As store_pollfds and store_due_ms. */
bool seat_pollfd(const struct seat *seat, struct store_pollfd *out);
int64_t seat_due_ms(const struct seat *seat);

#endif
