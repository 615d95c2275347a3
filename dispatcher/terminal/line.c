/* line: one DEALER to one daemon, and its hello after every connection; what is said is elsewhere. */
#include "terminal/terminal.h"

#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "clock/clock.h"

enum { PING_EVERY_MS = 20000, DEAD_AFTER_MS = 65000, WORK_MESSAGES_MAX = 256 };

bool line_open(struct crowd *crowd, struct terminal *terminal, uint32_t index)
{
	struct line *line = &terminal->line[index];

	line->heard_ms = line->pinged_ms = clock_boot_ms();
	return connection_open(crowd, &line->connection, index, crowd->endpoint[index]);
}

void line_close(struct line *line)
{
	connection_close(&line->connection);
}

void line_send(struct crowd *crowd, struct terminal *terminal, uint32_t index, struct text message)
{
	struct line *line = &terminal->line[index];

	if (!line->connection.up)
		return;
	if (crowd->verbose)
		fprintf(stderr, "%s > %.*s\n", terminal->id, (int)message.len, message.ptr);
	(void)zmq_send(line->connection.socket, message.ptr, message.len, ZMQ_DONTWAIT);
}

static void watch(struct crowd *crowd, struct terminal *terminal, uint32_t index, int64_t real_ms)
{
	struct line *line = &terminal->line[index];

	if (!connection_watch(&line->connection, real_ms))
		return;
	line->asked.count = 0;
	if (line->connection.up) {
		line->heard_ms = real_ms;
		say_hello(crowd, terminal, index);
	}
}

static void receive(struct crowd *crowd, struct terminal *terminal, uint32_t index, int64_t real_ms)
{
	struct line *line = &terminal->line[index];
	zmq_msg_t message;

	zmq_msg_init(&message);
	for (int i = 0; i < WORK_MESSAGES_MAX && line->connection.socket; i++) {
		if (zmq_msg_recv(&message, line->connection.socket, ZMQ_DONTWAIT) < 0)
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
	watch(crowd, terminal, index, real_ms);
	receive(crowd, terminal, index, real_ms);
	const struct connection *connection = &line->connection;

	if (connection->up && real_ms - line->pinged_ms >= PING_EVERY_MS) {
		line->pinged_ms = real_ms;
		say_ping(crowd, terminal, index);
	}
	/* a cable that was pulled shows in nothing else */
	if (connection->up ? real_ms - line->heard_ms > DEAD_AFTER_MS : real_ms >= connection->again_ms) {
		line->heard_ms = line->pinged_ms = real_ms;
		(void)connection_renew(crowd, &line->connection, index, crowd->endpoint[index]);
	}
}
