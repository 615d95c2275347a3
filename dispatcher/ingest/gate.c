/* gate: whose key a connection has, what that key may do and how much of it; and the way out when it holds no more. */
#include "ingest/door.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
	CALLERS_MAX = 65536,     /* descriptors that are kept account of; one beyond is cut */
	SWEEP_EVERY_MS = 1000,   /* for keys that end by themselves, and connections that are gone */
	SILENT_UNITS_MS = 10000, /* terminals say hello at once */
	RETURN_MS =
		5000, /* a terminal that came again is heard within that, or its old connection is in its way */
	SILENT_MS = 60000, /* a connection that has never said anything is cut, and comes again */
	QUIET_MS = 10000,  /* one that has not said anything for so long gives way to a new one */
	GATEWAY_CONNECTIONS = 8,
	DEVICE_CONNECTIONS = 2,
	OTHER_CONNECTIONS = 4,
	REPORT_RATE = 100 /* messages a second of one terminal */
};

/* One connection. */
struct caller {
	uint64_t cookie;  /* of the socket: a descriptor is used again, this is not; 0: free */
	uint32_t key;     /* running number; 0: nothing was said yet */
	uint32_t slot;    /* of the key */
	int64_t heard_ms; /* monotonic */
	uint8_t door;
};

/* What a key takes up; by its slot. */
struct key_use {
	uint32_t key; /* running number: slots are used again */
	uint32_t connections[DOOR_COUNT];
	struct bucket bucket[DOOR_COUNT];
	int64_t came_ms; /* monotonic: it has come to DOOR_UNITS, and no new connection of it was heard yet; 0: it was */
};

bool gate_open(struct ingest *ingest)
{
	if (!ingest->config.curve)
		return true;
	ingest->next_end_ms = INT64_MAX;
	ingest->caller = calloc(CALLERS_MAX, sizeof(*ingest->caller));
	ingest->key_use =
		calloc(query_limits(ingest->core)->max[TABLE_KEY] + (size_t)1, sizeof(*ingest->key_use));
	return ingest->caller && ingest->key_use && flood_open(ingest);
}

void gate_close(struct ingest *ingest)
{
	free(ingest->caller);
	free(ingest->key_use);
	flood_close(ingest);
}

/* --- keys ----------------------------------------------------------------------------------------- */

/* Event time, as far as this part has heard of it. */
static int64_t event_ms(const struct ingest *ingest)
{
	int64_t core_ms = query_town(ingest->core)->at_ms;

	return core_ms > ingest->at_ms ? core_ms : ingest->at_ms;
}

static const struct key *key_in(const struct ingest *ingest, uint32_t slot)
{
	return query_at(ingest->core, TABLE_KEY, slot);
}

static bool role_enters(uint8_t role, enum door door)
{
	switch (role) {
	case KEY_GATEWAY:
		return true;
	case KEY_DEVICE:
		return door == DOOR_ALARMS || door == DOOR_UNITS;
	case KEY_UNIT:
	case KEY_DEPOT:
		return door == DOOR_UNITS;
	case KEY_READER:
		return door == DOOR_FEED;
	default:
		return false;
	}
}

static bool holds_at(const struct ingest *ingest, enum door door, const struct key *key)
{
	return key && key->kind == KEY_CURVE && query_key_valid(key, event_ms(ingest)) &&
	       role_enters(key->role, door);
}

bool gate_opens(const struct ingest *ingest, enum door door, const uint8_t public_key[KEY_PUBLIC_BYTES])
{
	return holds_at(ingest, door, key_in(ingest, query_key_by_public(ingest->core, public_key)));
}

bool gate_speaks_for(const struct ingest *ingest, enum target target, struct text id)
{
	static const uint8_t target_of[KEY_ROLE_COUNT] = {
		[KEY_DEVICE] = TARGET_DEVICE, [KEY_UNIT] = TARGET_UNIT, [KEY_DEPOT] = TARGET_DEPOT};
	const struct key *key = key_in(ingest, ingest->caller_slot);

	if (ingest->caller_slot == 0 || (key && key->role == KEY_GATEWAY))
		return true;
	struct text who = key ? query_text(ingest->core, key->who) : (struct text){"", 0};

	return key && target_of[key->role] == target && who.len > 0 && who.len == id.len &&
	       memcmp(who.ptr, id.ptr, id.len) == 0;
}

/* --- connections ---------------------------------------------------------------------------------- */

/* The kernel's name of a socket, never used again; 0: it is closed. Linux has it since 4.6. */
static uint64_t cookie_of(int fd)
{
	uint64_t cookie = 0;
	socklen_t size = sizeof(cookie);

	return getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) == 0 ? cookie : 0;
}

/* Only a descriptor that is still a connection of the door: it may have been closed and used again by now. */
static void cut(struct ingest *ingest, enum door door, int fd)
{
	struct sockaddr_storage own = {0};
	socklen_t size = sizeof(own);
	uint16_t port = 0;

	if (fd < 0 || getsockname(fd, (struct sockaddr *)&own, &size) != 0)
		return;
	if (own.ss_family == AF_INET)
		port = ntohs(((const struct sockaddr_in *)&own)->sin_port);
	else if (own.ss_family == AF_INET6)
		port = ntohs(((const struct sockaddr_in6 *)&own)->sin6_port);
	if (port != 0 && port == ingest->port[door] && shutdown(fd, SHUT_RDWR) == 0)
		ingest->count.cut++;
}

/* Slots are used again by other keys: what is counted is the present one's. */
static struct key_use *use_of(struct ingest *ingest, uint32_t slot, uint32_t key)
{
	struct key_use *use = &ingest->key_use[slot];

	if (use->key != key)
		*use = (struct key_use){.key = key};
	return use;
}

static void forget(struct ingest *ingest, struct caller *caller)
{
	struct key_use *use = &ingest->key_use[caller->slot];

	if (caller->key != 0 && use->key == caller->key && use->connections[caller->door] > 0)
		use->connections[caller->door]--;
	*caller = (struct caller){0};
}

/* A gateway has a connection for each terminal that it speaks for. */
static uint32_t connections_max(uint8_t role, enum door door)
{
	if (role == KEY_GATEWAY)
		return door == DOOR_UNITS ? (uint32_t)LINKS_MAX : (uint32_t)GATEWAY_CONNECTIONS;
	return role == KEY_DEVICE ? DEVICE_CONNECTIONS : OTHER_CONNECTIONS;
}

/* One that is gone, or has been quiet for long (it may hang on a cable that was pulled) gives way. Readers of the feed are
 * always quiet. */
static bool make_room(struct ingest *ingest, enum door door, uint32_t key)
{
	uint32_t quietest = 0;

	for (uint32_t fd = 1; fd < ingest->callers; fd++) {
		struct caller *caller = &ingest->caller[fd];

		if (caller->key != key || caller->door != door)
			continue;
		if (cookie_of((int)fd) != caller->cookie) {
			forget(ingest, caller);
			return true;
		}
		if (quietest == 0 || caller->heard_ms < ingest->caller[quietest].heard_ms)
			quietest = fd;
	}
	if (quietest == 0 || door == DOOR_FEED ||
		ingest->now_ms - ingest->caller[quietest].heard_ms < QUIET_MS)
		return false;
	cut(ingest, door, (int)quietest);
	forget(ingest, &ingest->caller[quietest]);
	return true;
}

static bool caller_add(struct ingest *ingest, enum door door, uint32_t fd, uint32_t slot)
{
	struct caller *caller = &ingest->caller[fd];
	const struct key *key = key_in(ingest, slot);
	struct key_use *use = use_of(ingest, slot, key->r.number);

	forget(ingest, caller);
	if (use->connections[door] >= connections_max(key->role, door) &&
		!make_room(ingest, door, key->r.number))
		return false;
	*caller = (struct caller){
		.cookie = cookie_of((int)fd), .key = key->r.number, .slot = slot, .door = (uint8_t)door};
	use->connections[door]++;
	if (door == DOOR_UNITS)
		use->came_ms = 0;
	if (fd >= ingest->callers)
		ingest->callers = fd + 1;
	return true;
}

void gate_cut(struct ingest *ingest, enum door door, zmq_msg_t *frame)
{
	cut(ingest, door, zmq_msg_get(frame, ZMQ_SRCFD));
}

bool gate_admit(struct ingest *ingest, enum door door, zmq_msg_t *frame)
{
	uint8_t public_key[KEY_PUBLIC_BYTES];

	ingest->caller_slot = 0;
	if (!ingest->keyed[door])
		return true;
	const char *user = zmq_msg_gets(frame, "User-Id");
	struct text name = {user ? user : "", user ? (uint32_t)strlen(user) : 0};
	int fd = zmq_msg_get(frame, ZMQ_SRCFD);
	uint32_t slot = z85_read(name, public_key, KEY_PUBLIC_BYTES)
				? query_key_by_public(ingest->core, public_key)
				: 0;
	const struct key *key = key_in(ingest, slot);
	bool known = fd > 0 && fd < CALLERS_MAX && key && ingest->caller[fd].key == key->r.number &&
		     ingest->caller[fd].door == door;

	if (!holds_at(ingest, door, key) || fd <= 0 || fd >= CALLERS_MAX ||
		(!known && !caller_add(ingest, door, (uint32_t)fd, slot))) {
		ingest->count.turned_away++;
		cut(ingest, door, fd);
		return false;
	}
	ingest->caller[fd].heard_ms = ingest->now_ms;
	ingest->caller_slot = slot;
	ingest->caller_fd = fd;
	return true;
}

/* --- how much ------------------------------------------------------------------------------------- */

/* A bucket of one second's worth, full at first. */
bool bucket_take(struct bucket *bucket, uint64_t rate, int64_t at_ms)
{
	int64_t elapsed_ms = at_ms - bucket->at_ms;

	if (elapsed_ms >= 1000 || elapsed_ms < 0 || bucket->at_ms == 0)
		bucket->milli = rate * 1000;
	else
		bucket->milli += (uint64_t)elapsed_ms * rate;
	if (bucket->milli > rate * 1000)
		bucket->milli = rate * 1000;
	bucket->at_ms = at_ms;
	if (bucket->milli < 1000)
		return false;
	bucket->milli -= 1000;
	return true;
}

bool gate_within_rate(struct ingest *ingest, enum door door)
{
	const struct key *key = key_in(ingest, ingest->caller_slot);

	if (ingest->caller_slot == 0 || !key)
		return true;
	uint64_t rate = door == DOOR_ALARMS ? ingest->config.device_rate : REPORT_RATE;

	if (key->role == KEY_GATEWAY)
		rate = ingest->config.gateway_rate;
	return bucket_take(
		&use_of(ingest, ingest->caller_slot, key->r.number)->bucket[door], rate, ingest->now_ms + 1);
}

/* --- links ---------------------------------------------------------------------------------------- */

void gate_sign(const struct ingest *ingest, struct link *link)
{
	const struct key *key = key_in(ingest, ingest->caller_slot);

	link->key = key ? key->r.number : 0;
	link->fd = key ? ingest->caller_fd : -1;
	link->cookie = key ? cookie_of(link->fd) : 0;
}

bool gate_is_caller(const struct ingest *ingest, const struct link *link)
{
	const struct key *key = key_in(ingest, ingest->caller_slot);

	return link->key == (key ? key->r.number : 0);
}

bool gate_is_there(const struct link *link)
{
	return link->key == 0 || cookie_of(link->fd) == link->cookie;
}

/* --- those who say nothing ------------------------------------------------------------------------ */

/*
 * They have no key that we could see. Besides those who mean no good it is the terminal that came again under the routing
 * id of its own dead connection: ZeroMQ does not hear it any more, and only a new connection helps.
 */
bool gate_watch(struct ingest *ingest, enum door door)
{
	char place[32];
	int zero = 0;

	(void)snprintf(place, sizeof(place), "inproc://accepted-%d", (int)door);
	ingest->monitor[door] = zmq_socket(ingest->context, ZMQ_PAIR);
	/* Without a bound: ZeroMQ's own thread waits for room, and all doors with it. */
	return ingest->monitor[door] &&
	       zmq_setsockopt(ingest->monitor[door], ZMQ_RCVHWM, &zero, sizeof(zero)) == 0 &&
	       zmq_setsockopt(ingest->monitor[door], ZMQ_LINGER, &zero, sizeof(zero)) == 0 &&
	       zmq_socket_monitor(ingest->socket[door], place, ZMQ_EVENT_LISTENING | ZMQ_EVENT_ACCEPTED) ==
		       0 &&
	       zmq_connect(ingest->monitor[door], place) == 0;
}

static void note_accepted(struct ingest *ingest, enum door door, int fd)
{
	uint64_t cookie = cookie_of(fd);

	if (cookie != 0 && fd > 0 && fd < CALLERS_MAX && ingest->caller[fd].cookie == cookie)
		return; /* it has said something before we heard of it, or has the descriptor of one that is gone */
	if (cookie == 0) {
		flood_unseen(ingest);
		return;
	}
	if (!flood_admits(ingest, fd) || fd <= 0 || fd >= CALLERS_MAX) {
		cut(ingest, door, fd);
		return;
	}
	struct caller *caller = &ingest->caller[fd];

	forget(ingest, caller);
	*caller = (struct caller){.cookie = cookie, .heard_ms = ingest->now_ms, .door = (uint8_t)door};
	if ((uint32_t)fd >= ingest->callers)
		ingest->callers = (uint32_t)fd + 1;
}

/* The first frame: a number of two bytes, the event; one of four, the descriptor. The second is the endpoint. */
void gate_listen(struct ingest *ingest)
{
	uint64_t times;
	uint8_t event[8], endpoint[INGEST_ENDPOINT_SIZE];

	if (ingest->end_fd >= 0)
		(void)!read(ingest->end_fd, &times, sizeof(times)); /* it has woken us, and is quiet again */
	for (enum door door = 0; door < DOOR_COUNT; door++)
		while (ingest->monitor[door] &&
			zmq_recv(ingest->monitor[door], event, sizeof(event), ZMQ_DONTWAIT) >= 6) {
			uint16_t what;
			int32_t fd;

			(void)zmq_recv(ingest->monitor[door], endpoint, sizeof(endpoint), ZMQ_DONTWAIT);
			memcpy(&what, event, sizeof(what));
			memcpy(&fd, event + 2, sizeof(fd));
			if (what == ZMQ_EVENT_LISTENING)
				flood_listens(ingest, door, fd);
			else
				note_accepted(ingest, door, fd);
		}
}

/* --- the way out ---------------------------------------------------------------------------------- */

static bool still_holds(const struct ingest *ingest, uint32_t number, enum door door)
{
	return holds_at(ingest, door, key_in(ingest, query_slot(ingest->core, TABLE_KEY, number)));
}

static void sweep_links(struct ingest *ingest)
{
	for (uint32_t i = 1; i <= LINKS_MAX; i++) {
		struct link *link = &ingest->link[i];

		if (link->target != TARGET_NONE && link->key != 0 &&
			!still_holds(ingest, link->key, DOOR_UNITS))
			terminal_drop(ingest, link, true);
	}
}

/* The next one of ours that ends by itself; INT64_MAX: none does. */
static int64_t next_end(const struct ingest *ingest)
{
	int64_t now_ms = event_ms(ingest), first_ms = INT64_MAX;

	for (uint32_t slot = 1; slot <= query_used(ingest->core, TABLE_KEY); slot++) {
		const struct key *key = key_in(ingest, slot);

		if (key && key->kind == KEY_CURVE && !key->revoked && key->until_ms > now_ms &&
			key->until_ms < first_ms)
			first_ms = key->until_ms;
	}
	return first_ms;
}

/* The loop sleeps a second at most; it is woken when a key ends within that time. */
static void wake_at_end(struct ingest *ingest)
{
	int64_t left_ms = ingest->next_end_ms - event_ms(ingest);
	struct itimerspec when = {.it_value = {left_ms / 1000, (left_ms % 1000 + 1) * 1000000 - 1}};

	if (left_ms <= SWEEP_EVERY_MS && ingest->end_set_ms != ingest->next_end_ms &&
		timerfd_settime(ingest->end_fd, 0, &when, NULL) == 0)
		ingest->end_set_ms = ingest->next_end_ms;
}

void gate_came(struct ingest *ingest, enum door door, const uint8_t public_key[KEY_PUBLIC_BYTES])
{
	uint32_t slot = query_key_by_public(ingest->core, public_key);
	const struct key *key = key_in(ingest, slot);

	if (door == DOOR_UNITS && key && key->role != KEY_GATEWAY)
		use_of(ingest, slot, key->r.number)->came_ms = ingest->now_ms + 1;
}

/*
 * A terminal that comes again under its routing id while its old connection hangs is not heard, for ZeroMQ has the name still.
 * The old one is cut when it has been quiet since, and the new one for its silence: the third is heard.
 */
static void cut_old_ones(struct ingest *ingest)
{
	for (uint32_t slot = 1; slot <= query_used(ingest->core, TABLE_KEY); slot++) {
		struct key_use *use = &ingest->key_use[slot];

		if (use->came_ms == 0 || ingest->now_ms - use->came_ms < RETURN_MS)
			continue;
		for (uint32_t fd = 1; fd < ingest->callers; fd++) {
			struct caller *caller = &ingest->caller[fd];

			if (caller->key != use->key || caller->key == 0 || caller->door != DOOR_UNITS ||
				caller->heard_ms >= use->came_ms)
				continue;
			cut(ingest, DOOR_UNITS, (int)fd);
			forget(ingest, caller);
		}
		use->came_ms = 0;
	}
}

static void sweep(struct ingest *ingest)
{
	ingest->keys_changed = false;
	ingest->gate_swept_ms = ingest->now_ms;
	for (uint32_t fd = 1; fd < ingest->callers; fd++) {
		struct caller *caller = &ingest->caller[fd];

		if (caller->cookie == 0)
			continue;
		bool there = cookie_of((int)fd) == caller->cookie;
		int64_t silent_ms = caller->door == DOOR_UNITS ? SILENT_UNITS_MS : SILENT_MS;
		bool may_stay = caller->key != 0 ? still_holds(ingest, caller->key, (enum door)caller->door)
						 : ingest->now_ms - caller->heard_ms < silent_ms;

		if (there && may_stay)
			continue;
		if (there)
			cut(ingest, (enum door)caller->door, (int)fd);
		forget(ingest, caller);
	}
	cut_old_ones(ingest);
	sweep_links(ingest);
	ingest->next_end_ms = next_end(ingest);
}

void gate_tick(struct ingest *ingest)
{
	if (!ingest->key_use) {
		ingest->keys_changed = false;
		return;
	}
	gate_listen(ingest);
	flood_tick(ingest);
	if (ingest->keys_changed || ingest->now_ms - ingest->gate_swept_ms >= SWEEP_EVERY_MS)
		sweep(ingest);
}

void gate_time(struct ingest *ingest)
{
	if (!ingest->key_use || ingest->next_end_ms == INT64_MAX)
		return;
	if (event_ms(ingest) >= ingest->next_end_ms)
		sweep(ingest);
	else
		wake_at_end(ingest);
}
