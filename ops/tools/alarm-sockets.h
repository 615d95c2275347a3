/* alarm-sockets: the connections of alarm-player.c, to one daemon or to both of a pair. */
#ifndef ALARM_SOCKETS_H
#define ALARM_SOCKETS_H

#include "alarm-player.h"

static void keys_set(void *socket)
{
	static const int option[] = {ZMQ_CURVE_SERVERKEY, ZMQ_CURVE_PUBLICKEY, ZMQ_CURVE_SECRETKEY};
	FILE *from = fopen(player.key_file, "r");
	char line[KEY_SIZE + 2];

	if (from == NULL)
		die(strerror(errno), player.key_file);
	for (size_t i = 0; i < sizeof option / sizeof option[0]; i++) {
		if (fgets(line, sizeof line, from) == NULL)
			die("three keys are wanted in", player.key_file);
		line[strcspn(line, "\r\n")] = '\0';
		if (zmq_setsockopt(socket, option[i], line, KEY_SIZE) != 0)
			die("no key in", player.key_file);
	}
	fclose(from);
}

/* IMMEDIATE: nothing is queued for a daemon that is away; it is sent again when it is back. */
static void *socket_open(const char *endpoint)
{
	void *socket = need(zmq_socket(player.context, ZMQ_DEALER));
	int one = 1, zero = 0, hwm = 100000, interval_ms = 50, most_ms = 500;

	zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
	zmq_setsockopt(socket, ZMQ_IMMEDIATE, &one, sizeof one);
	zmq_setsockopt(socket, ZMQ_TCP_KEEPALIVE, &one, sizeof one);
	zmq_setsockopt(socket, ZMQ_SNDHWM, &hwm, sizeof hwm);
	zmq_setsockopt(socket, ZMQ_RCVHWM, &hwm, sizeof hwm);
	zmq_setsockopt(socket, ZMQ_RECONNECT_IVL, &interval_ms, sizeof interval_ms);
	zmq_setsockopt(socket, ZMQ_RECONNECT_IVL_MAX, &most_ms, sizeof most_ms);
	if (player.key_file != NULL)
		keys_set(socket);
	if (zmq_connect(socket, endpoint) != 0)
		die(zmq_strerror(zmq_errno()), endpoint);
	return socket;
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
	for (uint32_t i = 0; i < sockets_count(); i++) {
		if (player.socket[i] != NULL)
			zmq_close(player.socket[i]);
		player.socket[i] = socket_open(player.endpoint[i / player.connections]);
	}
}

/* The daemon behind this socket does not lead, or says nothing: the other one is asked from now on. */
static void ask_other(uint32_t socket)
{
	if (player.daemons > 1 && socket / player.connections == player.leader)
		player.leader = 1 - player.leader;
}

#endif
