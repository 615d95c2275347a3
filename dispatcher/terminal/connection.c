/* connection: one DEALER to one daemon, what becomes of its handshake, and when it is opened anew; nothing that is said. */
#include "terminal/terminal.h"

#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "clock/clock.h"

enum { AGAIN_MIN_MS = 2000, AGAIN_MAX_MS = 15000 };

static bool open_monitor(struct crowd *crowd, struct connection *connection)
{
	static unsigned serial;
	char name[64];
	int zero = 0;

	snprintf(name, sizeof(name), "inproc://monitor-%u", serial++);
	if (zmq_socket_monitor(connection->socket, name,
		    ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
			    ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_DISCONNECTED) != 0)
		return false;
	connection->monitor = zmq_socket(crowd->context, ZMQ_PAIR);
	return connection->monitor &&
	       zmq_setsockopt(connection->monitor, ZMQ_LINGER, &zero, sizeof(zero)) == 0 &&
	       zmq_connect(connection->monitor, name) == 0;
}

bool connection_open(struct crowd *crowd, struct connection *connection, uint32_t ring, const char *endpoint)
{
	static const struct {
		int name, value;
	} option[] = {{ZMQ_LINGER, 500}, {ZMQ_RECONNECT_IVL, 100}, {ZMQ_RECONNECT_IVL_MAX, 2000},
		{ZMQ_TCP_KEEPALIVE, 1}, {ZMQ_TCP_KEEPALIVE_IDLE, 30}};
	int immediate = !connection->keeps;

	connection->up = false;
	connection->again_ms = connection->keeps ? INT64_MAX : clock_boot_ms() + AGAIN_MAX_MS;
	connection->socket = zmq_socket(crowd->context, ZMQ_DEALER);
	if (!connection->socket ||
		zmq_setsockopt(connection->socket, ZMQ_IMMEDIATE, &immediate, sizeof(immediate)) != 0)
		return false;
	for (size_t i = 0; i < sizeof(option) / sizeof(option[0]); i++)
		if (zmq_setsockopt(connection->socket, option[i].name, &option[i].value, sizeof(int)) != 0)
			return false;
	return key_use(&crowd->ring[ring], connection->socket) && open_monitor(crowd, connection) &&
	       zmq_connect(connection->socket, endpoint) == 0;
}

void connection_close(struct connection *connection)
{
	if (connection->monitor)
		zmq_close(connection->monitor);
	if (connection->socket)
		zmq_close(connection->socket);
	connection->socket = connection->monitor = NULL;
	connection->up = false;
}

/* A refused one is forgotten by ZeroMQ: one that was cut comes again by itself. */
static void take_event(struct connection *connection, uint16_t what, int64_t real_ms)
{
	int64_t wait_ms = connection->backoff_ms > 0 ? connection->backoff_ms : AGAIN_MIN_MS;

	if (what == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
		connection->up = true;
		connection->backoff_ms = 0;
		return;
	}
	if (what != ZMQ_EVENT_DISCONNECTED)
		connection->again_ms = real_ms + wait_ms;
	else if (connection->up && !connection->keeps)
		connection->again_ms = real_ms + AGAIN_MAX_MS;
	connection->up = false;
}

/* The first frame of a monitor's message begins with the event's number; the second is the address. */
bool connection_watch(struct connection *connection, int64_t real_ms)
{
	uint8_t event[16], address[256];
	bool some = false;

	while (connection->monitor &&
		zmq_recv(connection->monitor, event, sizeof(event), ZMQ_DONTWAIT) >= 2) {
		uint16_t what;

		memcpy(&what, event, sizeof(what));
		(void)zmq_recv(connection->monitor, address, sizeof(address), ZMQ_DONTWAIT);
		take_event(connection, what, real_ms);
		some = true;
	}
	return some;
}

bool connection_renew(struct crowd *crowd, struct connection *connection, uint32_t ring, const char *endpoint)
{
	int64_t wait_ms = connection->backoff_ms > 0 ? connection->backoff_ms : AGAIN_MIN_MS;

	connection_close(connection);
	connection->backoff_ms = wait_ms * 2 < AGAIN_MAX_MS ? wait_ms * 2 : AGAIN_MAX_MS;
	if (connection_open(crowd, connection, ring, endpoint))
		return true;
	fprintf(stderr, "%s: no new connection: %s\n", endpoint, zmq_strerror(zmq_errno()));
	connection_close(connection);
	connection->again_ms = clock_boot_ms() + connection->backoff_ms;
	return false;
}
