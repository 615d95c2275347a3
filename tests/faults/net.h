/* net: senders and terminals on one side, the doors of the nodes on the other, and what the way between does to messages. */
#ifndef TESTS_FAULTS_NET_H
#define TESTS_FAULTS_NET_H

#include "sim.h"

enum net_door { NET_ALARMS, NET_UNITS, NET_FEED, NET_DOORS };
enum { NET_PEERS_MAX = 128, NET_NODES_MAX = 4, NET_PEER_BYTES = 16 };

/* One connection at a time to one door of one node. Messages of a connection come in order, or not at all. */
struct net_peer {
	char name[NET_PEER_BYTES]; /* its routing id */
	uint32_t number, node;
	enum net_door door;
	bool connected, frozen; /* frozen: reads nothing, its socket is full */
	uint32_t generation;
	int64_t out_ms, in_ms; /* nothing overtakes */
	void *context;
	void (*got)(void *context, const char *text, uint32_t bytes); /* text is terminated */
	void (*lost)(void *context); /* the connection is gone; told after a while */
};

struct net_faults {
	int64_t latency_ms;
	uint64_t drop, repeat, delay; /* one in so many messages of senders of alarms */
	uint64_t cut;              /* one in so many messages cuts its connection, with what is under way */
	int64_t line_cut_until_ms; /* the line between two daemons */
};
extern struct net_faults net_faults;

void net_begin(void);
/* The peer is the caller's, with name, door, context, got and lost set; it lives as long as the world. */
void net_add(struct net_peer *peer);
/* False: nobody listens there. */
bool net_connect(struct net_peer *peer, uint32_t node);
void net_cut(struct net_peer *peer);
void net_send(struct net_peer *peer, const char *text, uint32_t bytes);

/* zmq.c: the sockets of the node that runs. Told of each message that leaves a door, before it goes. point: where it reads;
 * sending: where it sends. */
void net_use(uint32_t node, void (*point)(void), void (*sending)(void));
/* The sockets that are opened now are those of the line to the other daemon. Told of what it asks, and of what it is told. */
void net_opens_pair(bool yes);
extern void (*net_line_asks)(uint32_t node, const char *text, uint32_t bytes);
extern void (*net_line_told)(uint32_t node, const char *text, uint32_t bytes);
extern void (*net_leaves)(uint32_t node, enum net_door door, const char *text, uint32_t bytes);
extern void (*net_wake)(uint32_t node);
/* The node's process is gone: its sockets and all connections with it. */
void net_crash(uint32_t node);

/* For net.c alone: a message has come to a door. False: nobody listens. */
bool zmq_arrived(
	uint32_t node, enum net_door door, const struct net_peer *peer, const char *text, uint32_t bytes);
void zmq_node_gone(uint32_t node);
bool zmq_listens(uint32_t node, enum net_door door);
struct net_peer *net_find(uint32_t node, enum net_door door, const char *name, size_t bytes);
void net_deliver(struct net_peer *peer, const char *text, uint32_t bytes);

#endif
