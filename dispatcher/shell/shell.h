/* shell: the phases of one turn: clock, inbox, core, store, outbox. Knows ports, not libraries. */
#ifndef SHELL_SHELL_H
#define SHELL_SHELL_H

#include <stddef.h>

#include "core/core.h"
#include "wire/outbox.h"
#include "wire/row.h"

/* What the store does for the shell; main fills it. Contracts as in store/store.h. */
struct store_port {
	void *context;
	enum disp_err (*append)(void *context, uint64_t seq, int64_t at_ms, uint64_t epoch, uint32_t kind,
		const uint8_t *plan_hash, const void *body, size_t size);
	enum disp_err (*commit)(void *context, int64_t real_ms);
	uint64_t (*released)(void *context, int64_t real_ms);
	/* What may still be taken in, as far as the local log goes. NULL: all, until commit refuses. */
	enum hold (*hold)(void *context);
};

/* An adapter through which events come in and messages go out. A function that is NULL is not asked. */
struct door_port {
	void *context;
	/* EVENT_NONE: nothing to decide, only an answer, which leaves when all that was taken before it is durable. */
	enum disp_err (*next)(void *context, int64_t at_ms, struct event *event, struct origin *origin);
	enum disp_err (*prepare)(void *context, const struct event *event, const struct effects *effects,
		const struct origin *origin, struct outbox *outbox);
	void (*send)(void *context, const struct origin *to, const uint8_t *bytes, uint32_t count);
	uint32_t doors; /* set of 1 << enum door that send serves */
	/* From now on `next` hands out no more than this allows, and answers what else waits there. */
	void (*hold)(void *context, enum hold hold);
};

enum {
	SHELL_DOORS_MAX = 4,
	SHELL_EVENTS_MAX = 512,    /* taken in one turn */
	SHELL_ROWS_MAX = 2048,     /* written in one turn, ticks included */
	SHELL_BYTES_MAX = 8 << 20, /* of rows in one turn */
	SHELL_ROW_BYTES_MAX = 1 << 20,
	SHELL_SENDS_MAX = 4096 /* messages sent in one turn */
};

struct shell {
	struct core *core;
	struct store_port store;
	struct door_port door[SHELL_DOORS_MAX];
	uint32_t door_count, next_door;
	uint64_t epoch;
	struct outbox outbox;
	struct effects effects; /* of the row at hand */
	uint8_t *row;           /* [SHELL_ROW_BYTES_MAX] */
	uint8_t *message;       /* [OUTBOX_MESSAGE_MAX] */
	uint32_t turn_rows, turn_bytes;
	bool blocked;   /* the log took no more of what is decided */
	enum hold hold; /* what the doors were told; HOLD_ALL: nothing is decided, clocks wait too */
	uint64_t rows, events, lost;              /* since the start; lost: messages that found no room */
	uint64_t alarms_refused, alarms_repeated; /* since the start; neither leaves a row */
	/*
	 * Of two daemons only the one that leads decides and sends: asked before each turn, and before each message. While
	 * it says no, doors are told HOLD_ALL. NULL: there is no other one.
	 */
	bool (*leads)(void *context);
	void *leads_context;
	/* Told of every row once it is applied; for the story and the feed. May be NULL. */
	void (*witness)(void *context, const struct event *event, const struct effects *effects);
	void *witness_context;
};

/*
 * shell_init - takes its memory: about 70 MiB of outbox and buffers.
 *
 * Errors  DISP_E_FULL: no memory. shell_free frees; the core and the ports are the caller's.
 */
enum disp_err shell_init(struct shell *shell, struct core *core, const struct store_port *store,
	uint64_t epoch) DISP_MUSTCHECK;
void shell_free(struct shell *shell);

/*
 * shell_take - one event from outside a door (registry, clock, program): decided, written, applied.
 *
 * Shapes  event->seq, epoch and at_ms are set here. effects: what was decided, good until the next call; may be NULL.
 * Errors  DISP_E_AGAIN  the turn is full: commit first. DISP_E_FULL as core_decide.
 */
enum disp_err shell_take(struct shell *shell, struct event *event, int64_t at_ms,
	const struct effects **effects) DISP_MUSTCHECK;

/* Looks anew at what may be decided, and tells the doors: each turn does; here for who takes the lead between two. */
void shell_look(struct shell *shell);

/* Whether shell_take has room for `rows` more rows in this turn. */
bool shell_room(const struct shell *shell, uint32_t rows);

/*
 * shell_turn - one turn: due ticks, inbox, commit, release. real_ms: boot time; at_ms: event time. While the log takes no
 * rows nothing is decided: clocks wait, doors answer for it, and what is durable leaves all the same.
 * Returns whether there is more to do at once.
 */
bool shell_turn(struct shell *shell, int64_t real_ms, int64_t at_ms);

/* What may be taken in with a log's queue this full, in thousandths: its last half is for life and limb. */
enum hold shell_hold_at(uint32_t pressure);

/* Commits and releases without taking anything in: at the start and at the end. */
void shell_flush(struct shell *shell, int64_t real_ms);

#endif
