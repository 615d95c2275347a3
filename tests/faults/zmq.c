/* zmq: libzmq as ingest calls it: two ROUTER sockets and one XPUB for each node, and the line between two, over the simulated net. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "memory.h"
#include "net.h"

struct letter {
	struct letter *next;
	char peer[NET_PEER_BYTES];
	uint32_t bytes;
	char text[];
};

/* Of the line between two daemons: where one is asked, and where it asks. */
enum line_end { LINE_NONE, LINE_ASKED, LINE_ASKS };

struct zsocket {
	bool open, bound;
	enum line_end line;
	uint32_t node;
	enum net_door door;
	struct letter *first, **end;
	struct letter *reading; /* its peer has been read, or all of it */
	bool half, half_out;    /* the text comes next; is to be sent next */
	struct net_peer *to;
};

/* What a zmq_msg_t holds here. */
struct frame {
	const char *bytes;
	size_t size;
	bool more;
};
_Static_assert(sizeof(struct frame) <= sizeof(zmq_msg_t), "a frame fits");

enum { LINE_LATE_MAX_MS = 5000, LINE_WAITING_MAX = 4 };

static struct zsocket sockets[NET_NODES_MAX][NET_DOORS], lines[NET_NODES_MAX][LINE_ASKS + 1];
static uint32_t node_now, opened[NET_NODES_MAX], lives[NET_NODES_MAX];
static int64_t line_ms[NET_NODES_MAX]; /* nothing overtakes */
static bool opens_pair;
static void (*step)(void), (*step_sending)(void);
void (*net_line_asks)(uint32_t node, const char *text, uint32_t bytes);
void (*net_line_told)(uint32_t node, const char *text, uint32_t bytes);
void (*net_leaves)(uint32_t node, enum net_door door, const char *text, uint32_t bytes);
void (*net_wake)(uint32_t node);

void net_use(uint32_t node, void (*point)(void), void (*sending)(void))
{
	node_now = node;
	step = point;
	step_sending = sending;
}

void net_opens_pair(bool yes)
{
	opens_pair = yes;
}

static void drop(struct letter *letter)
{
	void *arena = memory_leave();

	free(letter);
	memory_enter(arena);
}

static void empty(struct zsocket *socket)
{
	while (socket->first != NULL) {
		struct letter *first = socket->first;

		socket->first = first->next;
		drop(first);
	}
	if (socket->reading != NULL)
		drop(socket->reading);
	*socket = (struct zsocket){0};
}

void zmq_node_gone(uint32_t node)
{
	for (int door = 0; door < NET_DOORS; door++)
		empty(&sockets[node][door]);
	for (int end = LINE_ASKED; end <= LINE_ASKS; end++)
		empty(&lines[node][end]);
	opened[node] = 0;
	lives[node]++;
	line_ms[node] = 0;
}

bool zmq_listens(uint32_t node, enum net_door door)
{
	return sockets[node][door].bound;
}

bool zmq_arrived(
	uint32_t node, enum net_door door, const struct net_peer *peer, const char *text, uint32_t bytes)
{
	struct zsocket *socket = &sockets[node][door];
	struct letter *letter;

	if (!socket->bound)
		return false;
	letter = malloc(sizeof *letter + bytes);
	if (letter == NULL)
		abort();
	letter->next = NULL;
	letter->bytes = bytes;
	memcpy(letter->peer, peer->name, sizeof letter->peer);
	memcpy(letter->text, text, bytes);
	*socket->end = letter;
	socket->end = &letter->next;
	net_wake(node);
	return true;
}

/* --- the line between two daemons --------------------------------------------------------------------- */

/* Under way to the other one. */
struct line_letter {
	struct zsocket *to;
	uint32_t life;
	struct letter *letter;
};

static void line_arrives(void *context, uint64_t late)
{
	struct line_letter *way = context;
	struct zsocket *to = way->to;
	uint32_t waiting = 0;

	if (sim.now_ms < net_faults.line_cut_until_ms && late == 0 &&
		net_faults.line_cut_until_ms - sim.now_ms <= LINE_LATE_MAX_MS && sim_one_in(2)) {
		sim_at(net_faults.line_cut_until_ms + sim_between(0, 200), line_arrives, way, 1);
		return;
	}
	for (const struct letter *at = to->first; to->open && at != NULL; at = at->next)
		waiting++;
	if (sim.now_ms < net_faults.line_cut_until_ms || !to->open || lives[to->node] != way->life ||
		waiting >= LINE_WAITING_MAX) {
		free(way->letter);
	} else {
		*to->end = way->letter;
		to->end = &way->letter->next;
		net_wake(to->node);
	}
	free(way);
}

/* Who is not connected to the other one cannot send; what was sent may come late, or never. */
static int line_send(const struct zsocket *from, const char *bytes, uint32_t size)
{
	struct zsocket *to = &lines[1 - from->node][from->line == LINE_ASKS ? LINE_ASKED : LINE_ASKS];

	if (!to->open || sim.now_ms < net_faults.line_cut_until_ms) {
		errno = EAGAIN;
		return -1;
	}
	void *arena = memory_leave();
	struct line_letter *way = malloc(sizeof *way);
	struct letter *letter = malloc(sizeof *letter + size + 1);
	int64_t at_ms = sim.now_ms + sim_between(0, 2 * net_faults.latency_ms) +
			(sim_one_in(net_faults.delay) ? sim_long(10, LINE_LATE_MAX_MS) : 0);

	if (way == NULL || letter == NULL)
		abort();
	*letter = (struct letter){.bytes = size};
	snprintf(letter->peer, sizeof letter->peer, "N%u", from->node);
	memcpy(letter->text, bytes, size);
	letter->text[size] = '\0';
	*way = (struct line_letter){to, lives[to->node], letter};
	at_ms = at_ms < line_ms[from->node] ? line_ms[from->node] : at_ms;
	line_ms[from->node] = at_ms;
	sim_note(from->line == LINE_ASKS ? "line.asks" : "line.answers", from->node, size);
	if (from->line == LINE_ASKS)
		net_line_asks(from->node, letter->text, size);
	sim_at(at_ms, line_arrives, way, 0);
	memory_enter(arena);
	return (int)size;
}

/* --- the library ------------------------------------------------------------------------------------- */

void *zmq_ctx_new(void)
{
	return &sockets[node_now];
}

int zmq_ctx_set(void *context, int option, int value)
{
	(void)context;
	(void)option;
	(void)value;
	return 0;
}

int zmq_ctx_term(void *context)
{
	(void)context;
	return 0;
}

void *zmq_socket(void *context, int type)
{
	struct zsocket *socket = &sockets[node_now][opened[node_now]];

	static struct zsocket deaf; /* what listens to no door hears nothing */

	(void)context;
	if (type == ZMQ_PAIR || type == ZMQ_REP) {
		deaf.node = node_now;
		deaf.end = &deaf.first;
		return &deaf;
	}
	if (opens_pair) {
		socket = &lines[node_now][type == ZMQ_DEALER ? LINE_ASKS : LINE_ASKED];
		*socket = (struct zsocket){
			.open = true, .node = node_now, .line = type == ZMQ_DEALER ? LINE_ASKS : LINE_ASKED};
		socket->end = &socket->first;
		return socket;
	}
	if (opened[node_now] == NET_DOORS)
		return NULL;
	*socket = (struct zsocket){.open = true, .node = node_now, .door = (enum net_door)opened[node_now]++};
	socket->end = &socket->first;
	return socket;
}

int zmq_close(void *socket)
{
	((struct zsocket *)socket)->open = ((struct zsocket *)socket)->bound = false;
	return 0;
}

int zmq_setsockopt(void *socket, int option, const void *value, size_t size)
{
	(void)socket;
	(void)option;
	(void)value;
	(void)size;
	return 0;
}

int zmq_bind(void *socket, const char *endpoint)
{
	(void)endpoint;
	((struct zsocket *)socket)->bound = true;
	return 0;
}

const char *zmq_strerror(int error)
{
	return strerror(error);
}

int zmq_getsockopt(void *from, int option, void *value, size_t *size)
{
	const struct zsocket *socket = from;
	int number = -1;

	if (option == ZMQ_LAST_ENDPOINT) {
		*size = (size_t)snprintf(value, *size, "inproc://sim") + 1;
		return 0;
	}
	if (option == ZMQ_EVENTS)
		number = socket->first != NULL ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLOUT;
	memcpy(value, &number, sizeof number);
	return 0;
}

static struct frame *frame_of(zmq_msg_t *message)
{
	return (struct frame *)(void *)message;
}

int zmq_msg_init(zmq_msg_t *message)
{
	*frame_of(message) = (struct frame){"", 0, false};
	return 0;
}

int zmq_msg_close(zmq_msg_t *message)
{
	return zmq_msg_init(message);
}

int zmq_msg_recv(zmq_msg_t *message, void *from, int flags)
{
	struct zsocket *socket = from;

	(void)flags;
	if (socket->half) {
		*frame_of(message) = (struct frame){socket->reading->text, socket->reading->bytes, false};
		socket->half = false;
		return (int)socket->reading->bytes;
	}
	step();
	if (socket->reading != NULL)
		drop(socket->reading);
	socket->reading = socket->first;
	if (socket->first == NULL) {
		errno = EAGAIN;
		return -1;
	}
	socket->first = socket->first->next;
	if (socket->first == NULL)
		socket->end = &socket->first;
	if (socket->line == LINE_ASKS) {
		*frame_of(message) = (struct frame){socket->reading->text, socket->reading->bytes, false};
		net_line_told(socket->node, socket->reading->text, socket->reading->bytes);
		return (int)socket->reading->bytes;
	}
	socket->half = true;
	*frame_of(message) = (struct frame){socket->reading->peer, strlen(socket->reading->peer), true};
	return (int)frame_of(message)->size;
}

int zmq_msg_more(const zmq_msg_t *message)
{
	return ((const struct frame *)(const void *)message)->more;
}

size_t zmq_msg_size(const zmq_msg_t *message)
{
	return ((const struct frame *)(const void *)message)->size;
}

void *zmq_msg_data(zmq_msg_t *message)
{
	return (void *)(uintptr_t)frame_of(message)->bytes;
}

int zmq_recv(void *socket, void *bytes, size_t size, int flags)
{
	(void)socket;
	(void)bytes;
	(void)size;
	(void)flags;
	errno = EAGAIN; /* nobody subscribes */
	return -1;
}

int zmq_send(void *to, const void *bytes, size_t size, int flags)
{
	struct zsocket *socket = to;

	if (socket->line == LINE_ASKS || (socket->line == LINE_ASKED && socket->half_out)) {
		step_sending();
		socket->half_out = false;
		return line_send(socket, bytes, (uint32_t)size);
	}
	if (socket->line == LINE_ASKED) {
		socket->half_out = true;
		return (int)size;
	}
	if (!socket->half_out) {
		socket->to = net_find(socket->node, socket->door, bytes, size);
		if (socket->to == NULL || socket->to->frozen) {
			errno = socket->to == NULL ? EHOSTUNREACH : EAGAIN;
			return -1;
		}
		socket->half_out = true;
		return (int)size;
	}
	if (flags & ZMQ_SNDMORE)
		return 0;
	socket->half_out = false;
	step_sending();
	net_leaves(socket->node, socket->door, bytes, (uint32_t)size);
	net_deliver(socket->to, bytes, (uint32_t)size);
	step_sending();
	return (int)size;
}

/* Of keys there is nothing here: the doors of the simulation ask for none. */

int zmq_msg_get(const zmq_msg_t *message, int property)
{
	(void)message;
	(void)property;
	errno = EINVAL;
	return -1;
}

const char *zmq_msg_gets(const zmq_msg_t *message, const char *property)
{
	(void)message;
	(void)property;
	errno = EINVAL;
	return NULL;
}

int zmq_connect(void *socket, const char *endpoint)
{
	(void)socket;
	(void)endpoint;
	return 0;
}

/* Nobody is ever told of a connection. */
int zmq_socket_monitor(void *socket, const char *endpoint, int events)
{
	(void)socket;
	(void)endpoint;
	(void)events;
	return 0;
}
