/* zap_request: ZeroMQ's own question about a handshake, read and answered (ZAP 1.0); who may come in is for the caller. */
#include <string.h>

#include "ingest/socket.h"
#include "wire/z85.h"

/*
 * https://rfc.zeromq.org/spec/27/: version, request id, domain, address, identity, mechanism, credentials; the answer:
 * version, request id, status, its text, user id, metadata.
 */
enum { FRAME_VERSION, FRAME_REQUEST, FRAME_DOMAIN, FRAME_ADDRESS, FRAME_MECHANISM = 5, FRAME_KEY, FRAMES };

void *zap_bind(void *context)
{
	const struct socket_option now = {ZMQ_LINGER, 0};
	void *zap = zmq_socket(context, ZMQ_REP);

	if (zap && socket_set(zap, &now, 1) && zmq_bind(zap, "inproc://zeromq.zap.01") == 0)
		return zap;
	if (zap)
		zmq_close(zap);
	return NULL;
}

bool zap_receive(void *zap, struct zap_request *request)
{
	int more = 1;
	size_t size = sizeof(more);

	request->frames = 0;
	while (more) {
		uint32_t at = request->frames < ZAP_FRAMES_MAX ? request->frames : ZAP_FRAMES_MAX - 1;
		int got = zmq_recv(zap, request->bytes[at], ZAP_FRAME_MAX, ZMQ_DONTWAIT);

		if (got < 0)
			return false; /* a message comes whole: this is its first frame */
		bool fits = got <= ZAP_FRAME_MAX && request->frames < ZAP_FRAMES_MAX;

		request->size[at] = fits ? (uint32_t)got : 0;
		request->frames = fits ? request->frames + 1 : ZAP_FRAMES_MAX;
		if (zmq_getsockopt(zap, ZMQ_RCVMORE, &more, &size) != 0)
			return false;
	}
	return true;
}

static bool is(const struct zap_request *request, uint32_t frame, const char *word)
{
	return request->size[frame] == strlen(word) &&
	       memcmp(request->bytes[frame], word, request->size[frame]) == 0;
}

/* NULL and PLAIN name nobody. */
const uint8_t *zap_key(const struct zap_request *request, const char *domain)
{
	if (request->frames != FRAMES || !is(request, FRAME_VERSION, "1.0") ||
		!is(request, FRAME_MECHANISM, "CURVE") || request->size[FRAME_KEY] != KEY_PUBLIC_BYTES ||
		!is(request, FRAME_DOMAIN, domain))
		return NULL;
	return request->bytes[FRAME_KEY];
}

struct text zap_address(const struct zap_request *request)
{
	bool there = request->frames == FRAMES;

	return (struct text){
		(const char *)request->bytes[FRAME_ADDRESS], there ? request->size[FRAME_ADDRESS] : 0};
}

void zap_answer(void *zap, const struct zap_request *request, bool let_in)
{
	char name[Z85_KEY_SIZE];
	struct text user = {"", 0};
	bool asked = request->frames > FRAME_REQUEST && request->frames < ZAP_FRAMES_MAX;

	if (let_in)
		user = z85_write(request->bytes[FRAME_KEY], KEY_PUBLIC_BYTES, name);
	(void)zmq_send(zap, "1.0", 3, ZMQ_SNDMORE);
	(void)zmq_send(
		zap, request->bytes[FRAME_REQUEST], asked ? request->size[FRAME_REQUEST] : 0, ZMQ_SNDMORE);
	(void)zmq_send(zap, let_in ? "200" : "400", 3, ZMQ_SNDMORE);
	(void)zmq_send(zap, let_in ? "OK" : "NO", 2, ZMQ_SNDMORE);
	(void)zmq_send(zap, user.ptr, user.len, ZMQ_SNDMORE);
	(void)zmq_send(zap, "", 0, 0);
}
