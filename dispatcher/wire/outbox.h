/* outbox: messages that wait for the row that explains them to be durable. Pure; one ring of bytes, in row order. */
#ifndef WIRE_OUTBOX_H
#define WIRE_OUTBOX_H

#include "core/error.h"
#include "core/types.h"

/* Through which adapter something came in or goes out. */
enum door { DOOR_CLOCK, DOOR_ALARMS, DOOR_UNITS, DOOR_FEED, DOOR_API, DOOR_CONTROL, DOOR_COUNT };

/*
 * What the doors may still hand in. An ordinary alarm is one of a type that no active playbook of priority 1 names. What is
 * not handed in is answered at once, overloaded, with the time after which to come again; nothing of it is remembered.
 */
enum hold { HOLD_NOTHING, HOLD_ORDINARY, HOLD_ALL };

enum { PEER_BYTES_MAX = 256, OUTBOX_MESSAGE_MAX = 1 << 20 };

/* Who sent an event, and so who gets the answer. Only the door itself understands peer and ticket. */
struct origin {
	uint8_t door; /* enum door */
	uint8_t flags;
	uint16_t peer_bytes;
	uint64_t ticket;
	uint8_t peer[PEER_BYTES_MAX];
};

/* One message as it stands in the ring; peer and bytes follow it. */
struct outbox_entry {
	uint64_t seq; /* leaves when this row is durable; 0: at once */
	uint64_t ticket;
	uint32_t bytes;
	uint16_t peer_bytes;
	uint8_t door, flags;
};

struct outbox {
	uint8_t *ring;             /* [size] */
	uint64_t size, head, tail; /* head: read, tail: written; both count up for ever */
};

/* memory: `size` bytes, a power of two, the caller's. */
void outbox_init(struct outbox *outbox, uint8_t *memory, uint64_t size);

/* Free bytes. A turn takes no input while less than OUTBOX_MESSAGE_MAX is free. */
uint64_t outbox_room(const struct outbox *outbox);

/* Appends. seq must not be below that of the entry before. DISP_E_FULL: no room, nothing was written. */
enum disp_err outbox_put(struct outbox *outbox, uint64_t seq, const struct origin *to, const void *bytes,
	uint32_t count) DISP_MUSTCHECK;

/*
 * The oldest entry, if its seq is not above released_seq: copied into *entry, *to (door, flags, ticket, peer) and
 * bytes[size] (size at least OUTBOX_MESSAGE_MAX). DISP_E_AGAIN: nothing may leave. outbox_pop drops it.
 */
enum disp_err outbox_peek(const struct outbox *outbox, uint64_t released_seq, struct outbox_entry *entry,
	struct origin *to, uint8_t *bytes, uint32_t size) DISP_MUSTCHECK;
void outbox_pop(struct outbox *outbox);

#endif
