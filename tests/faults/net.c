/* net: messages under way: late, lost, twice, out of order; connections that end. */
#include "net.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

struct net_faults net_faults;
static struct net_peer *peers[NET_PEERS_MAX];
static uint32_t peer_count;

struct message {
	struct net_peer *peer;
	uint32_t generation, bytes;
	bool loose; /* belongs to no connection: a sender's own repeats */
	char text[];
};

void net_begin(void)
{
	peer_count = 0;
	net_faults = (struct net_faults){.latency_ms = 1};
}

void net_add(struct net_peer *peer)
{
	if (peer_count == NET_PEERS_MAX)
		abort();
	peer->number = peer_count;
	peers[peer_count++] = peer;
}

struct net_peer *net_find(uint32_t node, enum net_door door, const char *name, size_t bytes)
{
	for (uint32_t index = 0; index < peer_count; index++)
		if (peers[index]->node == node && peers[index]->door == door && peers[index]->connected &&
			strlen(peers[index]->name) == bytes && memcmp(peers[index]->name, name, bytes) == 0)
			return peers[index];
	return NULL;
}

bool net_connect(struct net_peer *peer, uint32_t node)
{
	if (!zmq_listens(node, peer->door))
		return false;
	peer->node = node;
	peer->connected = true;
	peer->generation++;
	return true;
}

static void tell_lost(void *context, uint64_t generation)
{
	struct net_peer *peer = context;

	if (peer->generation == generation && !peer->connected && peer->lost != NULL)
		peer->lost(peer->context);
}

void net_cut(struct net_peer *peer)
{
	if (!peer->connected)
		return;
	sim_note("net.cut", peer->number, 0);
	peer->connected = false;
	peer->generation++;
	sim_at(sim.now_ms + sim_long(1, 10 * SIM_SECOND), tell_lost, peer, peer->generation);
}

static struct message *message_new(struct net_peer *peer, const char *text, uint32_t bytes)
{
	void *arena = memory_leave();
	struct message *message = malloc(sizeof *message + bytes + 1);

	if (message == NULL)
		abort();
	*message = (struct message){.peer = peer, .generation = peer->generation, .bytes = bytes};
	memcpy(message->text, text, bytes);
	message->text[bytes] = '\0';
	memory_enter(arena);
	return message;
}

static void arrive(void *context, uint64_t arg)
{
	struct message *message = context;
	struct net_peer *peer = message->peer;

	(void)arg;
	if (peer->connected && (message->loose || message->generation == peer->generation))
		(void)zmq_arrived(peer->node, peer->door, peer, message->text, message->bytes);
	free(message);
}

static int64_t way_ms(void)
{
	int64_t ms = sim_between(0, 2 * net_faults.latency_ms);

	return sim_one_in(net_faults.delay) ? ms + sim_long(10, 5 * SIM_SECOND) : ms;
}

void net_send(struct net_peer *peer, const char *text, uint32_t bytes)
{
	if (!peer->connected)
		return;
	if (sim_one_in(net_faults.cut)) {
		net_cut(peer);
		return;
	}
	if (peer->door == NET_ALARMS && sim_one_in(net_faults.drop)) {
		sim_note("net.drop", peer->number, bytes);
		return;
	}
	struct message *message = message_new(peer, text, bytes);
	int64_t at_ms = sim.now_ms + way_ms();

	message->loose = peer->door == NET_ALARMS;
	if (!message->loose) {
		at_ms = at_ms < peer->out_ms ? peer->out_ms : at_ms;
		peer->out_ms = at_ms;
	} else if (sim_one_in(net_faults.repeat)) {
		struct message *twin = message_new(peer, text, bytes);

		twin->loose = true;
		sim_at(sim.now_ms + way_ms() + sim_long(1, SIM_MINUTE), arrive, twin, 0);
	}
	sim_at(at_ms, arrive, message, 0);
}

static void reach(void *context, uint64_t arg)
{
	struct message *message = context;
	struct net_peer *peer = message->peer;

	(void)arg;
	if (peer->connected && message->generation == peer->generation)
		peer->got(peer->context, message->text, message->bytes);
	free(message);
}

void net_deliver(struct net_peer *peer, const char *text, uint32_t bytes)
{
	if (sim_one_in(net_faults.cut)) {
		net_cut(peer);
		return;
	}
	struct message *message = message_new(peer, text, bytes);
	int64_t at_ms = sim.now_ms + way_ms();

	at_ms = at_ms < peer->in_ms ? peer->in_ms : at_ms;
	peer->in_ms = at_ms;
	sim_at(at_ms, reach, message, 0);
}

void net_crash(uint32_t node)
{
	zmq_node_gone(node);
	for (uint32_t index = 0; index < peer_count; index++)
		if (peers[index]->node == node)
			net_cut(peers[index]);
}
