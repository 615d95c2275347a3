/* socket: what the doors and the pair share of ZeroMQ: options, frames, its questions about handshakes. For ingest/ alone. */
#ifndef INGEST_SOCKET_H
#define INGEST_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

#include "core/core.h"

/* --- socket.c: none of these waits ---------------------------------------------------------------- */

struct socket_option {
	int name, value;
};

/* False: one was not taken, and errno says why. */
bool socket_set(void *socket, const struct socket_option *option, size_t count);
/* Whether there is something to read. Asking is what arms its descriptor again. */
bool socket_readable(void *socket);
/* One frame; false: there is none. */
bool socket_receive(zmq_msg_t *frame, void *socket);

/* --- zap_request.c -------------------------------------------------------------------------------- */

/* The option's name is in the draft header alone; libzmq has had it since 4.3. */
enum { OPTION_ZAP_ENFORCE_DOMAIN = 93 };

enum { ZAP_FRAMES_MAX = 8, ZAP_FRAME_MAX = 256 };

struct zap_request {
	uint8_t bytes[ZAP_FRAMES_MAX][ZAP_FRAME_MAX];
	uint32_t size[ZAP_FRAMES_MAX];
	uint32_t frames; /* ZAP_FRAMES_MAX: too many, or one too long */
};

/* The socket that is asked about each handshake of this context; to be bound before any other. NULL: errno says why. */
void *zap_bind(void *context);
/* One request; false: there is none. Each is to be answered. */
bool zap_receive(void *zap, struct zap_request *request);
/* The public key [KEY_PUBLIC_BYTES] that is shown by CURVE to a socket of this domain; NULL: none is. */
const uint8_t *zap_key(const struct zap_request *request, const char *domain);
/* Where it comes from, as ZeroMQ writes it; empty: it does not say. */
struct text zap_address(const struct zap_request *request);
/* 400 closes the connection; the peer is told nothing more than that. The user id is the public key itself. */
void zap_answer(void *zap, const struct zap_request *request, bool let_in);

#endif
