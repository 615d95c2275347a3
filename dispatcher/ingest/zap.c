/* zap: who may connect at all: answers ZeroMQ's own question about each handshake (ZAP 1.0). What is said later is gate.c's. */
#include "ingest/door.h"

#include <string.h>

/*
 * https://rfc.zeromq.org/spec/27/: version, request id, domain, address, identity, mechanism, credentials; the answer:
 * version, request id, status, its text, user id, metadata. The domain is the name of the door.
 */
enum { REQUESTS_A_TURN = 256, FRAMES_MAX = 8, FRAME_MAX = 256 };
enum { FRAME_VERSION, FRAME_REQUEST, FRAME_DOMAIN, FRAME_MECHANISM = 5, FRAME_KEY, FRAMES };

struct request {
	uint8_t bytes[FRAMES_MAX][FRAME_MAX];
	uint32_t size[FRAMES_MAX];
	uint32_t frames; /* FRAMES_MAX: too many, or one too long */
};

static const char *const domain[DOOR_COUNT] = {
	[DOOR_ALARMS] = "alarms", [DOOR_UNITS] = "units", [DOOR_FEED] = "feed"};

const char *zap_domain(enum door door)
{
	return domain[door];
}

/* Before any other socket of the context: a handshake that finds nobody to ask would be let in. */
bool zap_open(struct ingest *ingest)
{
	int zero = 0;

	ingest->zap = zmq_socket(ingest->context, ZMQ_REP);
	return ingest->zap && zmq_setsockopt(ingest->zap, ZMQ_LINGER, &zero, sizeof(zero)) == 0 &&
	       zmq_bind(ingest->zap, "inproc://zeromq.zap.01") == 0;
}

static bool receive_request(void *zap, struct request *request)
{
	int more = 1;
	size_t size = sizeof(more);

	request->frames = 0;
	while (more) {
		uint32_t at = request->frames < FRAMES_MAX ? request->frames : FRAMES_MAX - 1;
		int got = zmq_recv(zap, request->bytes[at], FRAME_MAX, ZMQ_DONTWAIT);

		if (got < 0)
			return false; /* a message comes whole: this is its first frame */
		bool fits = got <= FRAME_MAX && request->frames < FRAMES_MAX;

		request->size[at] = fits ? (uint32_t)got : 0;
		request->frames = fits ? request->frames + 1 : FRAMES_MAX;
		if (zmq_getsockopt(zap, ZMQ_RCVMORE, &more, &size) != 0)
			return false;
	}
	return true;
}

static bool is(const struct request *request, uint32_t frame, const char *word)
{
	return request->size[frame] == strlen(word) &&
	       memcmp(request->bytes[frame], word, request->size[frame]) == 0;
}

/* NULL and PLAIN name nobody: whoever asks by them is refused, whatever the door. */
static bool is_let_in(const struct ingest *ingest, const struct request *request)
{
	if (request->frames != FRAMES || !is(request, FRAME_VERSION, "1.0") ||
		!is(request, FRAME_MECHANISM, "CURVE") || request->size[FRAME_KEY] != KEY_PUBLIC_BYTES)
		return false;
	for (enum door door = 0; door < DOOR_COUNT; door++)
		if (domain[door] && is(request, FRAME_DOMAIN, domain[door]))
			return gate_opens(ingest, door, request->bytes[FRAME_KEY]);
	return false;
}

/* 400 closes the connection; the peer is told nothing more than that. The user id is the public key itself. */
static void answer(struct ingest *ingest, const struct request *request, bool let_in)
{
	char name[Z85_KEY_SIZE];
	struct text user = {"", 0};
	bool asked = request->frames > FRAME_REQUEST && request->frames < FRAMES_MAX;

	if (let_in)
		user = z85_write(request->bytes[FRAME_KEY], KEY_PUBLIC_BYTES, name);
	(void)zmq_send(ingest->zap, "1.0", 3, ZMQ_SNDMORE);
	(void)zmq_send(ingest->zap, request->bytes[FRAME_REQUEST], asked ? request->size[FRAME_REQUEST] : 0,
		ZMQ_SNDMORE);
	(void)zmq_send(ingest->zap, let_in ? "200" : "400", 3, ZMQ_SNDMORE);
	(void)zmq_send(ingest->zap, let_in ? "OK" : "NO", 2, ZMQ_SNDMORE);
	(void)zmq_send(ingest->zap, user.ptr, user.len, ZMQ_SNDMORE);
	(void)zmq_send(ingest->zap, "", 0, 0);
}

bool zap_ready(struct ingest *ingest)
{
	int events = 0;
	size_t size = sizeof(events);

	return zmq_getsockopt(ingest->zap, ZMQ_EVENTS, &events, &size) == 0 && (events & ZMQ_POLLIN);
}

void zap_serve(struct ingest *ingest)
{
	struct request request;

	for (uint32_t i = 0; i < REQUESTS_A_TURN && zap_ready(ingest); i++) {
		if (!receive_request(ingest->zap, &request))
			return;
		bool let_in = is_let_in(ingest, &request);

		if (let_in)
			ingest->count.handshakes++;
		else
			ingest->count.handshakes_refused++;
		answer(ingest, &request, let_in);
	}
}
