/* ingest: the ZeroMQ doors: alarms in, orders out, reports of units in, live feed. Decides nothing, keeps no record. */
#ifndef INGEST_INGEST_H
#define INGEST_INGEST_H

#include "core/core.h"
#include "wire/alarm_in.h"
#include "wire/ground.h"
#include "wire/outbox.h"

/*
 * The shell pulls. A turn of its: ingest_tick, then ingest_next until DISP_E_AGAIN (or the turn's bound); every
 * event is decided and applied at once, and ingest_prepare then puts what has to be said about it into the outbox;
 * when the row is durable the shell hands each message back to ingest_send. At the end of the turn ingest_ready
 * says whether to come back without waiting. One thread; the sockets belong to it.
 */
struct ingest;

enum {
	INGEST_FDS = 4,
	INGEST_ERROR_SIZE = 256,
	INGEST_ENDPOINT_SIZE = 128,
	INGEST_MESSAGE_MAX = 16 << 20, /* bytes; a larger one disconnects its sender */
	INGEST_FOLLOWERS_MAX = 8       /* of one incident */
};

/* 0 or NULL: the default, in brackets. Texts are needed only during ingest_open. */
struct ingest_config {
	const char *alarms, *units,
		*feed;  /* ZeroMQ endpoints; tcp://ADDRESS:* takes a free port [127.0.0.1, 5570 to 5572] */
	uint64_t epoch; /* of this leader [1]; changed by ingest_lead */

	/*
	 * Doors at tcp:// are CURVE servers under this pair, and let in whom TABLE_KEY of the core knows, with the role
	 * of the key. false: they let in everybody. ipc:// is guarded by the permissions of its file.
	 */
	bool curve;
	uint8_t public_key[KEY_PUBLIC_BYTES], secret_key[KEY_PUBLIC_BYTES];

	/* High-water marks, in messages per connection: they bound the memory a stranger can take. */
	int32_t receive_max; /* [256] */
	int32_t reply_max;   /* replies that wait for a slow sender of alarms [100,000] */
	int32_t order_max;   /* messages that wait for a slow terminal [1,000] */
	int32_t feed_max;    /* lines that wait for a slow subscriber; what is more is lost to it [100,000] */
	int32_t handshake_ms; /* [5,000] */

	int64_t future_ms;        /* an alarm's time may lie ahead of event time by this [120,000] */
	int64_t identity_keep_ms; /* older alarms are too_old; the core's rule of that name [24 h] */

	/*
	 * Alarms a second, with a second's worth at once; above: overloaded. With curve: of one key, in real time; the
	 * second figure is for the role gateway [20 and 50,000]. Without: of one source, which is only what
	 * a message says it is, in event time; the second figure is for devices of the kinds gateway, hotline and
	 * weather [0: no limit].
	 */
	uint32_t device_rate, gateway_rate;

	int64_t link_timeout_ms; /* of silence, after which a terminal counts as gone [90,000] */

	/*
	 * A message is about to be read; false: it was set aside, having brought the process down, and is refused. And:
	 * all that the last one led to is done. [NULL: all are read.]
	 */
	bool (*begin)(void *context, uint32_t door, const void *bytes, size_t count);
	void (*end)(void *context);

	/*
	 * What was reported when the incident was opened, into bytes[size], cut at a character; its length. For orders
	 * that are given or told later than that. [NULL: they go without.]
	 */
	uint32_t (*reported)(void *context, uint32_t incident, char *bytes, uint32_t size);
	void *context;

	/* Whether what waits for a slow terminal may leave, at this very moment; asked before each message. [NULL: it may.] */
	bool (*may_send)(void *context);
	void *may_send_context;
};

struct ingest_counters {
	uint64_t alarms, reports;        /* messages in, of senders of alarms and of terminals */
	uint64_t rejected[REJECT_COUNT]; /* alarms that ingest itself has answered, by enum reject */
	uint64_t refused;                /* messages of terminals that were answered with an error */
	uint64_t replies, orders, notices, feed_lines; /* messages out */
	uint64_t replies_lost; /* the sender was gone, or read nothing; its repeat is answered again */
	uint64_t kept;         /* messages that had to wait for a slow terminal */
	uint64_t superseded;   /* terminals that another one has taken over */
	uint64_t handshakes, handshakes_refused; /* at doors that ask for keys */
	uint64_t
		turned_away; /* messages of those whose key holds no more, or who have too many connections */
	uint64_t cut; /* connections that were ended for it, or because too many strangers came from there */
	uint64_t
		shut_out; /* addresses from which too many strangers came: times that one was shut out for a while */
	uint64_t
		known_alone; /* times that only known addresses were let in for a while: too many strangers in all */
	uint64_t links_lost;                   /* by silence, by a gone connection, by reading too slowly */
	uint32_t links, followers, subscribed; /* now; subscribed: to the feed, by all who do */
};

/*
 * ingest_open - binds the three sockets, and before them the one that answers for who may connect.
 *
 * Errors  DISP_E_INPUT  an endpoint or a figure is not usable; DISP_E_IO  the port is taken, or no memory;
 *         error[INGEST_ERROR_SIZE] then says it in one English line, terminated.
 * Memory  core and ground must live as long, and are asked only within ingest_next, ingest_tick and
 *         ingest_prepare. ingest_close frees; NULL may be closed. It waits at most 200 ms for what was sent.
 */
enum disp_err ingest_open(struct ingest **out, const struct ingest_config *config, const struct core *core,
	const struct ground *ground, char *error) DISP_MUSTCHECK;
void ingest_close(struct ingest *ingest);

/*
 * ingest_key_file - a pair of keys of one's own, Z85, a line each: the public one, then the secret one. A file that is not
 * there is made, mode 0600, with a new pair.
 *
 * Shapes  first: the other side's public key, in a line above them; NULL: there is no such line.
 * Errors  DISP_E_INPUT  not such a file, or no pair, or others than its owner can read it; DISP_E_IO. error as in
 *         ingest_open.
 */
enum disp_err ingest_key_file(const char *path, const uint8_t *first, uint8_t public_key[KEY_PUBLIC_BYTES],
	uint8_t secret_key[KEY_PUBLIC_BYTES], char *error) DISP_MUSTCHECK;

/* The endpoint as it was bound, the port resolved; door: DOOR_ALARMS, DOOR_UNITS or DOOR_FEED. */
const char *ingest_endpoint(const struct ingest *ingest, enum door door);

/* To wait on, for reading. They are edge-triggered and lie both ways: ask ingest_ready after every turn. */
void ingest_fds(const struct ingest *ingest, int fd[INGEST_FDS]);

/* Whether ingest_next may have something; if so the next turn must not wait. */
bool ingest_ready(struct ingest *ingest);

/* Who leads. leads false: alarms are answered `not_leader`, terminals with an error. At first: true. */
void ingest_lead(struct ingest *ingest, bool leads, uint64_t epoch);

/*
 * ingest_hold - what may still be handed in. HOLD_ORDINARY: ordinary alarms are answered overloaded by ingest_next.
 * HOLD_ALL: every alarm is; what terminals say waits in their sockets, up to the high-water marks, and no link counts as
 * silent meanwhile; ingest_next hands out nothing. At first: HOLD_NOTHING.
 */
void ingest_hold(struct ingest *ingest, enum hold hold);

/*
 * ingest_tick - housekeeping: links that have gone silent, messages that wait for slow terminals. Once a turn, and
 * at least once a second while there are links. monotonic_ms: real time, never back. A core that was recovered
 * with live links has link_timeout_ms from the first tick for its terminals to come again; then they are down.
 */
void ingest_tick(struct ingest *ingest, int64_t monotonic_ms);

/*
 * ingest_next - the next event, from the alarms and the units in turn, reports of units and of ingest itself
 * (a link lost, an order delivered) first.
 *
 * Units   at_ms is event time, the shell's of this turn; put into event->at_ms. seq and epoch are left to the shell.
 * Order   What cannot become an event is answered at once and counted; ingest goes on to the next message, at most
 *         256 of them a call. A repeat of a remembered (source, id) is always passed on, whatever else it says, and
 *         its other fields then mean nothing. Then: too_large, malformed, unknown_source, unknown_type,
 *         bad_position, outside_town, bad_time, too_old, not_permitted, overloaded.
 * Errors  DISP_E_AGAIN  nothing; or the bound was reached, and ingest_ready says true.
 *         A ping is EVENT_NONE: there is nothing to decide, but its pong says that all before it is kept, and waits.
 * Memory  texts of *event point into the message, which lives until the next ingest_next.
 */
enum disp_err ingest_next(
	struct ingest *ingest, int64_t at_ms, struct event *event, struct origin *origin) DISP_MUSTCHECK;

/*
 * ingest_alarm - one alarm message that came in by another door, by the same rules: an event, or *refused.
 *
 * Memory  texts of *event and *refused point into bytes or into ingest, and live until the next alarm is read.
 */
bool ingest_alarm(struct ingest *ingest, const void *bytes, uint32_t count, int64_t at_ms,
	struct event *event, struct alarm_reply *refused);

/*
 * ingest_prepare - what the world has to be told about a row, into the outbox, under the row's seq. For every row,
 * whatever its door, after core_apply; not in recovery.
 *
 * What    for EVENT_NONE a pong, event->seq being the last row's; else the reply to the sender (origin's door is DOOR_ALARMS or DOOR_UNITS); orders, recalls and notices for
 *         terminals that are live; after EVENT_LINK up, all that the terminal has missed; followers of incidents;
 *         one line for the feed, when somebody subscribes.
 * Shapes  event->seq and event->epoch are set. At most OUTBOX_MESSAGE_MAX bytes a message.
 * Errors  DISP_E_FULL  the outbox had no room for all. What is missing is sent again when the terminal says hello,
 *         or the sender repeats; the shell sees to it that a turn starts only with room enough.
 */
enum disp_err ingest_prepare(struct ingest *ingest, const struct event *event, const struct effects *effects,
	const struct origin *origin, struct outbox *outbox) DISP_MUSTCHECK;

/*
 * ingest_send - one message of the outbox to the door that `to` names (DOOR_ALARMS, DOOR_UNITS, DOOR_FEED). Never
 * waits, never fails: a sender that is gone loses its reply; a terminal that is gone or reads too slowly loses its
 * link, which ingest_next then reports. An order that the socket of a live terminal has taken is reported by
 * ingest_next as delivered.
 */
void ingest_send(struct ingest *ingest, const struct origin *to, const uint8_t *bytes, uint32_t count);

const struct ingest_counters *ingest_get_counters(struct ingest *ingest);

#endif
