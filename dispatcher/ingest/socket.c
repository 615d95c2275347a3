/* socket: messages and their envelopes over ZeroMQ, in and out; knows no message. */
#include "ingest/door.h"

#include <errno.h>
#include <string.h>

bool socket_set(void *socket, const struct socket_option *option, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (zmq_setsockopt(socket, option[i].name, &option[i].value, sizeof(option[i].value)) != 0)
			return false;
	}
	return true;
}

bool socket_readable(void *socket)
{
	int events = 0;
	size_t size = sizeof(events);

	return zmq_getsockopt(socket, ZMQ_EVENTS, &events, &size) == 0 && (events & ZMQ_POLLIN);
}

bool socket_receive(zmq_msg_t *frame, void *socket)
{
	int got;

	do {
		got = zmq_msg_recv(frame, socket, ZMQ_DONTWAIT);
	} while (got < 0 && errno == EINTR);
	return got >= 0;
}

static enum sent send_frame(void *socket, const void *bytes, size_t count, int more)
{
	for (;;) {
		if (zmq_send(socket, bytes, count, ZMQ_DONTWAIT | more) >= 0)
			return SENT;
		if (errno == EINTR)
			continue;
		return errno == EAGAIN ? SENT_FULL : SENT_GONE;
	}
}

/* The routing id decides: once it is taken, ZeroMQ takes the rest of the message too. */
enum sent peer_send(struct ingest *ingest, enum door door, const uint8_t *peer, uint16_t peer_bytes,
	uint8_t flags, const void *bytes, uint32_t count)
{
	void *socket = ingest->socket[door];
	enum sent sent = send_frame(socket, peer, peer_bytes, ZMQ_SNDMORE);

	if (sent == SENT && (flags & ORIGIN_DELIMITER))
		sent = send_frame(socket, "", 0, ZMQ_SNDMORE);
	if (sent == SENT)
		sent = send_frame(socket, bytes, count, 0);
	return sent;
}

/*
 * The peer's name; false: none that could be kept. ZeroMQ bounds it to 255 bytes, and where names are not handed over it may
 * take a message for the name of a second connection under the same.
 */
static bool take_peer(zmq_msg_t *frame, struct origin *origin)
{
	size_t bytes = zmq_msg_size(frame);

	origin->peer_bytes = bytes <= PEER_MAX ? (uint16_t)bytes : 0;
	memcpy(origin->peer, zmq_msg_data(frame), origin->peer_bytes);
	return bytes <= PEER_MAX;
}

/* Who it is from is asked of the last frame: the first has lost it when ZeroMQ was asked before whether there is one. */
enum disp_err peer_receive(struct ingest *ingest, enum door door, struct origin *origin)
{
	void *socket = ingest->socket[door];
	zmq_msg_t *frame = &ingest->message;

	origin->door = (uint8_t)door;
	origin->flags = 0;
	origin->ticket = 0;
	ingest->odd = false;
	if (!socket_receive(frame, socket))
		return DISP_E_AGAIN;
	bool named = take_peer(frame, origin);
	bool more = zmq_msg_more(frame);

	if (more && socket_receive(frame, socket))
		more = zmq_msg_more(frame);
	if (more && zmq_msg_size(frame) == 0 && socket_receive(frame, socket)) {
		origin->flags = ORIGIN_DELIMITER;
		more = zmq_msg_more(frame);
	}
	while (more && socket_receive(frame, socket)) {
		ingest->odd = true;
		more = zmq_msg_more(frame);
	}
	ingest->turned_away = !gate_admit(ingest, door, frame) || !named;
	if (!named)
		gate_cut(ingest, door, frame);
	return DISP_OK;
}

bool door_readable(struct ingest *ingest, enum door door)
{
	return socket_readable(ingest->socket[door]);
}

/* An XPUB socket tells who subscribes: without anybody no line is made. */
void feed_subscriptions(struct ingest *ingest)
{
	zmq_msg_t frame;

	zmq_msg_init(&frame);
	while (door_readable(ingest, DOOR_FEED) && socket_receive(&frame, ingest->socket[DOOR_FEED])) {
		const uint8_t *byte = zmq_msg_data(&frame);

		if (zmq_msg_size(&frame) > 0 && byte[0] == 1) {
			ingest->count.subscribed++;
			(void)gate_admit(ingest, DOOR_FEED, &frame);
		} else if (zmq_msg_size(&frame) > 0 && byte[0] == 0 && ingest->count.subscribed > 0) {
			ingest->count
				.subscribed--; /* also of a connection that is gone: it says nothing of its key */
		}
	}
	zmq_msg_close(&frame);
}
