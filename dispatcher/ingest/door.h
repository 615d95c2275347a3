/* door: what the sources of ingest share, for ingest/ alone; the contract is ingest.h. */
#ifndef INGEST_DOOR_H
#define INGEST_DOOR_H

#include "core/query.h"
#include "ingest/ingest.h"
#include "ingest/socket.h"
#include "wire/alarm_in.h"
#include "wire/unit_io.h"
#include "wire/z85.h"

enum {
	LINKS_MAX = 16384,      /* live terminals */
	LINK_BUCKETS = 32768,   /* a power of two */
	LINK_WAITING_MAX = 256, /* messages kept for one slow terminal, beyond the socket's own */
	NEWS_MAX = 65536,       /* a power of two: more than LINKS_MAX */
	FOLLOWS_MAX = 8192,
	FOLLOW_BUCKETS = 4096, /* a power of two */
	MESSAGE_BUFFER = 256 * 1024,
	NEXT_MESSAGES_MAX = 256,
	REPORTED_MAX = 512,
	PEER_MAX = 255 /* bytes of a ZeroMQ routing id */
};

/* A ticket that is an order's number says when the order was taken; with this, when its recall was. */
#define TICKET_RECALL (UINT64_C(1) << 63)

/* origin.flags */
enum {
	ORIGIN_DELIMITER = 1, /* an empty frame stands before the message: REQ, and those who do as it does */
	ORIGIN_FOLLOW = 2,    /* the sender asked to be told of changes */
	ORIGIN_LINKED = 4     /* to a terminal: only as long as it is the one that said hello */
};

/* A message that a slow terminal has yet to take. */
struct waiting {
	struct waiting *next;
	uint64_t ticket;
	uint32_t bytes;
	uint8_t data[];
};

/* One live terminal: a routing id that has said hello for a unit, depot or device. */
struct link {
	uint8_t target; /* enum target; TARGET_NONE: free */
	uint8_t flags;
	uint16_t peer_bytes;
	uint32_t who;  /* its number in the core */
	uint32_t next; /* in the bucket, or the next free one; 0 none */
	uint32_t waiting_count;
	struct waiting *first, *last;
	int64_t heard_ms; /* monotonic */
	uint32_t key;     /* running number of the key that said hello; 0: the door asks for none */
	int fd;           /* its connection, and that socket's cookie: see gate_is_there */
	uint64_t cookie;
	uint8_t peer[PEER_MAX];
};

/* What ingest itself has to report to the core. */
struct news {
	uint8_t target;
	bool down; /* the link is gone; else: the order was delivered */
	uint32_t who, order;
};

struct follow {
	uint32_t incident; /* 0 free */
	uint32_t next;     /* in the bucket; 0 none */
	uint8_t flags;
	uint8_t peer_bytes;
	uint8_t peer[PEER_MAX];
};

/* The orders of a target, or the notices of a unit, newest first, so that nobody walks whole tables. */
struct chain {
	uint32_t *head[TARGET_COUNT]; /* [numbers + 1] of slots */
	uint32_t *next, *number;      /* [slots + 1]; number: of the record as it was chained */
	uint32_t slots;
	bool stale; /* a slot was used again: build anew before it is read */
};

struct bucket {
	int64_t at_ms;
	uint64_t milli; /* thousandths of a message */
};

struct ingest {
	struct ingest_config config;
	const struct core *core;
	const struct ground *ground;
	void *context, *zap, *socket[DOOR_COUNT];
	void *monitor[DOOR_COUNT]; /* of the doors that ask for keys: who was accepted */
	char endpoint[DOOR_COUNT][INGEST_ENDPOINT_SIZE];
	uint64_t epoch;
	bool leads, units_last;
	enum hold hold;
	int64_t now_ms, first_tick_ms, swept_ms, flushed_ms, at_ms; /* at_ms: event time, the last seen */
	bool ticked, orphans_found;
	struct ingest_counters count;

	zmq_msg_t message; /* texts of the last event point into it */
	bool odd;          /* it came in more parts than it should */
	bool turned_away;  /* its sender may not be here: nobody looks at it */

	bool keyed[DOOR_COUNT]; /* the door asks for keys */
	uint16_t port[DOOR_COUNT];
	bool keys_changed;
	uint32_t caller_slot;    /* of the key of the last message; 0: the door asks for none */
	int caller_fd;           /* and its connection */
	struct caller *caller;   /* [CALLERS_MAX] by descriptor; NULL: no door asks for keys */
	uint32_t callers;        /* above the highest one */
	struct key_use *key_use; /* [keys + 1] */
	int64_t gate_swept_ms;
	int64_t next_end_ms; /* event time: a key that holds ends then */
	int64_t end_set_ms;  /* that for which the timer was set */
	int end_fd;          /* a timer for it, in asked_fd; -1 none */
	struct flood *flood; /* NULL: no door asks for keys */
	int asked_fd; /* readable when the questions of handshakes, or news of connections, may wait; -1: the former's own */

	struct link *link; /* [LINKS_MAX + 1] */
	uint32_t *bucket;  /* [LINK_BUCKETS] */
	uint32_t *link_of[TARGET_COUNT];
	uint32_t numbers[TARGET_COUNT];             /* highest number that link_of has */
	uint32_t free_link, used_links, slow_links; /* used: the highest that was ever taken */

	struct news *news; /* [NEWS_MAX] */
	uint32_t news_head, news_tail;

	struct follow *follow; /* [FOLLOWS_MAX + 1] */
	uint32_t *follow_bucket;
	uint32_t follow_next;

	struct chain orders, notices;
	struct bucket *rate; /* [devices + 1]; NULL: no limit by source */

	struct alarm_memory alarm_memory;
	struct alarm_in alarm_in;
	struct unit_memory unit_memory;
	struct unit_in unit_in;
	char buffer[MESSAGE_BUFFER];
	uint32_t reported_incident; /* whose report stands in `reported` */
	uint32_t reported_bytes;
	char reported[REPORTED_MAX];
};

/* --- socket.c ------------------------------------------------------------------------------------- */

enum sent { SENT, SENT_FULL, SENT_GONE };
enum sent peer_send(struct ingest *ingest, enum door door, const uint8_t *peer, uint16_t peer_bytes,
	uint8_t flags, const void *bytes, uint32_t count);
/* One message into ingest->message, its envelope into *origin. DISP_E_AGAIN: none. */
enum disp_err peer_receive(struct ingest *ingest, enum door door, struct origin *origin) DISP_MUSTCHECK;
bool door_readable(struct ingest *ingest, enum door door);
void feed_subscriptions(struct ingest *ingest);

/* --- zap.c ---------------------------------------------------------------------------------------- */

bool zap_open(struct ingest *ingest);
/* The domain of a door's handshakes. */
const char *zap_domain(enum door door);
bool zap_ready(struct ingest *ingest);
/* Answers the handshakes that wait. */
void zap_serve(struct ingest *ingest);

/* --- gate.c: where a door asks for no keys, everybody may do everything --------------------------- */

bool gate_open(struct ingest *ingest);
void gate_close(struct ingest *ingest);
/* Before the door is bound, where it asks for keys. */
bool gate_watch(struct ingest *ingest, enum door door);
/* Whether this key may connect to the door now. */
bool gate_opens(const struct ingest *ingest, enum door door, const uint8_t public_key[KEY_PUBLIC_BYTES]);
/* A handshake of this key has succeeded there. */
void gate_came(struct ingest *ingest, enum door door, const uint8_t public_key[KEY_PUBLIC_BYTES]);
/* Whose message this frame is of, into caller_slot and caller_fd; false: nobody's who may be here, and it was cut off. */
bool gate_admit(struct ingest *ingest, enum door door, zmq_msg_t *frame);
/* Ends the connection that this frame came by, where it can be told. */
void gate_cut(struct ingest *ingest, enum door door, zmq_msg_t *frame);
/* Of the last message: whether its key may speak for that one; whether it may send so much. */
bool gate_speaks_for(const struct ingest *ingest, enum target target, struct text id);
bool gate_within_rate(struct ingest *ingest, enum door door);
/* One from the bucket; rate: a second, and at once. False: it is empty. */
bool bucket_take(struct bucket *bucket, uint64_t rate, int64_t at_ms);
/*
 * A link belongs to the key and the connection that said hello. A routing id is what its bearer chose: when the connection
 * is gone, another one may have it, and is then neither the caller of the link nor there.
 */
void gate_sign(const struct ingest *ingest, struct link *link);
bool gate_is_caller(const struct ingest *ingest, const struct link *link);
bool gate_is_there(const struct link *link);
/* Takes note of connections that were accepted. */
void gate_listen(struct ingest *ingest);
/* Cuts off whoever's key holds no more. */
void gate_tick(struct ingest *ingest);
/* Event time has moved on. */
void gate_time(struct ingest *ingest);

/* --- flood.c: strangers by the address that they come from; where a door asks for keys ------------ */

bool flood_open(struct ingest *ingest);
void flood_close(struct ingest *ingest);
/* The door's listening socket. */
void flood_listens(struct ingest *ingest, enum door door, int fd);
/* Whether one more stranger's connection may stay; false: its address is shut out for a while. */
bool flood_admits(struct ingest *ingest, int fd);
/* One more of which nobody knows any more who it was: it is gone. */
void flood_unseen(struct ingest *ingest);
/* A handshake from there was no stranger's; address: as ZeroMQ writes it. */
void flood_known(struct ingest *ingest, struct text address);
/* Lets in again whose time is over. */
void flood_tick(struct ingest *ingest);

/* --- alarms.c, reports.c: one message; true: *event is one, false: it was answered --------------- */

bool alarm_take(struct ingest *ingest, int64_t at_ms, struct event *event, struct origin *origin);
bool report_take(struct ingest *ingest, int64_t at_ms, struct event *event, struct origin *origin);
/* Refuses the message at hand without reading it. */
void alarm_refuse_unread(struct ingest *ingest, const struct origin *origin, struct text why);
/* Sends a reply or an error now. */
void alarm_answer(struct ingest *ingest, const struct origin *origin, const struct alarm_reply *reply);
void report_error(struct ingest *ingest, const struct origin *origin, enum reject reason, struct text detail);

/* --- links.c -------------------------------------------------------------------------------------- */

enum table target_table(uint32_t target);
bool links_open(struct ingest *ingest);
void links_close(struct ingest *ingest);
struct link *terminal_by_peer(struct ingest *ingest, const uint8_t *peer, uint16_t peer_bytes);
struct link *terminal_by_target(struct ingest *ingest, uint32_t target, uint32_t who);
/* The terminal of (target, who) from now on. NULL: LINKS_MAX are live. */
struct link *terminal_bind(struct ingest *ingest, const struct origin *origin, uint8_t target, uint32_t who);
/* Forgets it; lost: the core is told. */
void terminal_drop(struct ingest *ingest, struct link *link, bool lost);
void terminal_send(struct ingest *ingest, const struct origin *to, const uint8_t *bytes, uint32_t count);
void links_tick(struct ingest *ingest);
/* Every link counts as heard of now: nobody has listened meanwhile. */
void links_heard(struct ingest *ingest);
bool news_take(struct ingest *ingest, struct event *event);

/* --- prepare.c ------------------------------------------------------------------------------------ */

/* One row being told. full: the outbox had no room. */
struct telling {
	struct ingest *ingest;
	const struct event *event;
	struct outbox *outbox;
	bool full;
};
/* What stands in `out` goes to that origin, once the row is durable. */
void tell(struct telling *telling, const struct origin *to, const struct json_out *out);
/* To the live terminal of (target, who); ticket: the order it carries, or 0. Nothing without one. */
void tell_target(
	struct telling *telling, uint8_t target, uint32_t who, uint64_t ticket, const struct json_out *out);

/* --- orders.c: one message each, to the live terminal that it concerns ---------------------------- */

void tell_order(struct telling *telling, const struct order *order);
void tell_recall(struct telling *telling, const struct order *order, struct text reason);
void tell_notice(struct telling *telling, const struct notice *notice);

/* --- missed.c, follow.c --------------------------------------------------------------------------- */

bool missed_open(struct ingest *ingest);
void missed_close(struct ingest *ingest);
void missed_note(struct ingest *ingest, const struct effects *effects);
/* After a hello: live orders, open notices, and recalls of what the terminal may still hold. */
void tell_missed(struct telling *telling, uint8_t target, uint32_t who, uint64_t last_seq);

bool follow_open(struct ingest *ingest);
void follow_close(struct ingest *ingest);
void follow_add(struct ingest *ingest, uint32_t incident, const struct origin *origin);
void tell_followers(
	struct telling *telling, uint32_t incident, enum incident_state state, enum disposition disposition);

#endif
