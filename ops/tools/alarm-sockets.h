/* alarm-sockets: the connections of alarm-player.c, to one daemon or to both of a pair. */
#ifndef ALARM_SOCKETS_H
#define ALARM_SOCKETS_H

#include "alarm-player.h"

/* Three lines: the daemon's public key, ours, our secret key. */
static void keys_read(uint32_t ring)
{
	const char *path = player.key_file[ring];
	FILE *from = fopen(path, "r");
	char line[KEY_SIZE + 2];

	if (from == NULL)
		die(strerror(errno), path);
	for (size_t i = 0; i < KEY_LINES; i++) {
		uint8_t key[32];

		if (fgets(line, sizeof line, from) == NULL)
			die("three keys are wanted in", path);
		line[strcspn(line, "\r\n")] = '\0';
		if (strlen(line) != KEY_SIZE - 1 || zmq_z85_decode(key, line) == NULL)
			die("no key in", path);
		memcpy(player.key[ring][i], line, KEY_SIZE);
	}
	fclose(from);
}

/* The files by daemon; the last one is that of all that have none of their own. */
static void keys_set(void *socket, uint32_t daemon)
{
	static const int option[KEY_LINES] = {ZMQ_CURVE_SERVERKEY, ZMQ_CURVE_PUBLICKEY, ZMQ_CURVE_SECRETKEY};
	uint32_t ring = daemon < player.key_files ? daemon : player.key_files - 1;

	for (size_t i = 0; i < KEY_LINES; i++)
		if (zmq_setsockopt(socket, option[i], player.key[ring][i], KEY_SIZE) != 0)
			die("no key in", player.key_file[ring]);
}

static void monitor_open(struct connection *connection)
{
	static unsigned serial;
	char name[64];
	int zero = 0;

	(void)snprintf(name, sizeof name, "inproc://monitor-%u", serial++);
	connection->monitor = need(zmq_socket(player.context, ZMQ_PAIR));
	zmq_setsockopt(connection->monitor, ZMQ_LINGER, &zero, sizeof zero);
	if (zmq_socket_monitor(connection->socket, name,
		    ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
			    ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_DISCONNECTED) != 0 ||
		zmq_connect(connection->monitor, name) != 0)
		die(zmq_strerror(zmq_errno()), "monitor");
}

/* IMMEDIATE: nothing is queued for a daemon that is away; it is sent again when it is back. */
static void connection_open(struct connection *connection, uint32_t daemon)
{
	void *socket = need(zmq_socket(player.context, ZMQ_DEALER));
	int one = 1, zero = 0, hwm = 100000, interval_ms = 50, most_ms = 500;

	connection->socket = socket;
	connection->up = false;
	connection->down_us = now_us();
	connection->again_us = connection->down_us + AGAIN_MAX_US;
	monitor_open(connection);
	zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
	zmq_setsockopt(socket, ZMQ_IMMEDIATE, &one, sizeof one);
	zmq_setsockopt(socket, ZMQ_TCP_KEEPALIVE, &one, sizeof one);
	zmq_setsockopt(socket, ZMQ_SNDHWM, &hwm, sizeof hwm);
	zmq_setsockopt(socket, ZMQ_RCVHWM, &hwm, sizeof hwm);
	zmq_setsockopt(socket, ZMQ_RECONNECT_IVL, &interval_ms, sizeof interval_ms);
	zmq_setsockopt(socket, ZMQ_RECONNECT_IVL_MAX, &most_ms, sizeof most_ms);
	if (player.key_files > 0)
		keys_set(socket, daemon);
	if (zmq_connect(socket, player.endpoint[daemon]) != 0)
		die(zmq_strerror(zmq_errno()), player.endpoint[daemon]);
}

static void connection_close(struct connection *connection)
{
	if (connection->socket == NULL)
		return;
	zmq_close(connection->monitor);
	zmq_close(connection->socket);
}

/* A refused one is forgotten by ZeroMQ: one that was cut comes again by itself. */
static void connection_watch(struct connection *connection)
{
	uint8_t event[16], address[256];
	uint16_t what;

	while (zmq_recv(connection->monitor, event, sizeof event, ZMQ_DONTWAIT) >= (int)sizeof what) {
		memcpy(&what, event, sizeof what);
		(void)zmq_recv(connection->monitor, address, sizeof address, ZMQ_DONTWAIT);
		if (what == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
			connection->up = true;
			connection->backoff_us = 0;
			continue;
		}
		if (connection->up)
			connection->down_us = now_us();
		if (what != ZMQ_EVENT_DISCONNECTED)
			connection->again_us = now_us() + (connection->backoff_us > 0 ? connection->backoff_us
										      : AGAIN_MIN_US);
		else if (connection->up)
			connection->again_us = connection->down_us + AGAIN_MAX_US;
		connection->up = false;
	}
}

/* What was refused, or has not come up for long, is opened anew. */
static void connection_renew(struct connection *connection, uint32_t daemon)
{
	int64_t down_us = connection->down_us,
		wait_us = connection->backoff_us > 0 ? connection->backoff_us : AGAIN_MIN_US;

	if (connection->up || now_us() < connection->again_us)
		return;
	connection_close(connection);
	connection_open(connection, daemon);
	connection->down_us = down_us;
	connection->backoff_us = wait_us * 2 < AGAIN_MAX_US ? wait_us * 2 : AGAIN_MAX_US;
}

/* Reads KEY=VALUE of env_file; whether the endpoint is another now. */
static bool env_read(void)
{
	static const char *const want[2] = {"DISPATCH_ALARMS=", "DISPATCH_SERVER="};
	FILE *from = player.env_file != NULL ? fopen(player.env_file, "r") : NULL;
	char line[512], was[256];

	if (from == NULL)
		return false;
	memcpy(was, player.here[0], sizeof was);
	while (fgets(line, sizeof line, from) != NULL)
		for (int i = 0; i < 2; i++)
			if (strncmp(line, want[i], strlen(want[i])) == 0)
				(void)snprintf(player.here[i], sizeof player.here[i], "%.*s",
					(int)strcspn(line + strlen(want[i]) + (line[strlen(want[i])] == '\''),
						"'\r\n"),
					line + strlen(want[i]) + (line[strlen(want[i])] == '\''));
	fclose(from);
	player.endpoint[0] = player.here[0];
	player.server = player.here[1];
	return strcmp(was, player.here[0]) != 0;
}

/* The first player.connections are those to the first daemon, then come those to the other one of a pair. */
static uint32_t sockets_count(void)
{
	return player.connections * player.daemons;
}

static void sockets_open(void)
{
	for (uint32_t i = 0; i < player.key_files; i++)
		keys_read(i);
	for (uint32_t i = 0; i < sockets_count(); i++) {
		connection_close(&player.connection[i]);
		player.connection[i].backoff_us = 0;
		connection_open(&player.connection[i], i / player.connections);
	}
}

/* The daemon behind this socket does not lead, or says nothing: the other one is asked from now on. */
static void ask_other(uint32_t socket)
{
	if (player.daemons > 1 && socket / player.connections == player.leader)
		player.leader = 1 - player.leader;
}

/* Now and then: what has become of the connections; one that stays away leaves its alarms to the other daemon. */
static void sockets_tend(void)
{
	for (uint32_t i = 0; i < sockets_count(); i++) {
		connection_watch(&player.connection[i]);
		connection_renew(&player.connection[i], i / player.connections);
	}
	const struct connection *asked = &player.connection[player.leader * player.connections];
	const struct connection *other = &player.connection[(1 - player.leader) * player.connections];

	if (player.daemons > 1 && !asked->up && other->up && now_us() - asked->down_us > AWAY_US)
		player.leader = 1 - player.leader;
}

#endif
