/* line: one DEALER to one daemon, and its hello after every connection; what is said is elsewhere. */
#include "terminal/terminal.h"

#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "clock/clock.h"

enum { PING_EVERY_MS = 20000, DEAD_AFTER_MS = 65000, WORK_MESSAGES_MAX = 256 };

static bool open_monitor(struct crowd *crowd, struct line *line)
{
	static unsigned serial;
	char name[64];
	int zero = 0;

	snprintf(name, sizeof(name), "inproc://monitor-%u", serial++);
	if (zmq_socket_monitor(line->socket, name, ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED) !=
		0)
		return false;
	line->monitor = zmq_socket(crowd->context, ZMQ_PAIR);
	return line->monitor && zmq_setsockopt(line->monitor, ZMQ_LINGER, &zero, sizeof(zero)) == 0 &&
	       zmq_connect(line->monitor, name) == 0;
}

bool line_open(struct crowd *crowd, struct terminal *terminal, uint32_t index)
{
	struct line *line = &terminal->line[index];
	static const struct {
		int name, value;
	} option[] = {{ZMQ_LINGER, 500}, {ZMQ_IMMEDIATE, 1}, {ZMQ_RECONNECT_IVL, 100},
		{ZMQ_RECONNECT_IVL_MAX, 2000}, {ZMQ_TCP_KEEPALIVE, 1}, {ZMQ_TCP_KEEPALIVE_IDLE, 30}};

	line->socket = zmq_socket(crowd->context, ZMQ_DEALER);
	if (!line->socket)
		return false;
	for (size_t i = 0; i < sizeof(option) / sizeof(option[0]); i++)
		if (zmq_setsockopt(line->socket, option[i].name, &option[i].value, sizeof(int)) != 0)
			return false;
	line->heard_ms = line->pinged_ms = clock_boot_ms();
	return key_use(&crowd->ring[index], line->socket) && open_monitor(crowd, line) &&
	       zmq_connect(line->socket, crowd->endpoint[index]) == 0;
}

void line_close(struct line *line)
{
	if (line->monitor)
		zmq_close(line->monitor);
	if (line->socket)
		zmq_close(line->socket);
	line->socket = line->monitor = NULL;
	line->up = false;
}

void line_send(struct crowd *crowd, struct terminal *terminal, uint32_t index, struct text message)
{
	struct line *line = &terminal->line[index];

	if (!line->up || !line->socket)
		return;
	if (crowd->verbose)
		fprintf(stderr, "%s > %.*s\n", terminal->id, (int)message.len, message.ptr);
	(void)zmq_send(line->socket, message.ptr, message.len, ZMQ_DONTWAIT);
}

/* The first frame of a monitor's message begins with the event's number; the second is the address. */
static void watch(struct crowd *crowd, struct terminal *terminal, uint32_t index)
{
	struct line *line = &terminal->line[index];
	uint8_t event[16], address[256];

	while (line->monitor && zmq_recv(line->monitor, event, sizeof(event), ZMQ_DONTWAIT) >= 2) {
		uint16_t what;

		memcpy(&what, event, sizeof(what));
		(void)zmq_recv(line->monitor, address, sizeof(address), ZMQ_DONTWAIT);
		line->up = what == ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
		line->asked.count = 0;
		if (line->up)
			say_hello(crowd, terminal, index);
	}
}

static void receive(struct crowd *crowd, struct terminal *terminal, uint32_t index, int64_t real_ms)
{
	struct line *line = &terminal->line[index];
	zmq_msg_t message;

	zmq_msg_init(&message);
	for (int i = 0; i < WORK_MESSAGES_MAX && line->socket; i++) {
		if (zmq_msg_recv(&message, line->socket, ZMQ_DONTWAIT) < 0)
			break;
		line->heard_ms = real_ms;
		told_message(crowd, terminal, index,
			(struct text){zmq_msg_data(&message), (uint32_t)zmq_msg_size(&message)});
	}
	zmq_msg_close(&message);
}

void line_work(struct crowd *crowd, struct terminal *terminal, uint32_t index, int64_t real_ms)
{
	struct line *line = &terminal->line[index];

	if (line->superseded)
		return;
	watch(crowd, terminal, index);
	receive(crowd, terminal, index, real_ms);
	if (line->up && real_ms - line->pinged_ms >= PING_EVERY_MS) {
		line->pinged_ms = real_ms;
		say_ping(crowd, terminal, index);
	}
	if (line->up && real_ms - line->heard_ms >
				DEAD_AFTER_MS) { /* a cable that was pulled shows in nothing else */
		line_close(line);
		if (!line_open(crowd, terminal, index))
			fprintf(stderr, "%s: no new connection: %s\n", terminal->id,
				zmq_strerror(zmq_errno()));
	}
}
