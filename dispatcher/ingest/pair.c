/* pair: the line between two daemons: asks over a DEALER, is asked at a ROUTER; who leads is not its to know. */
#include "ingest/pair.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sodium.h>

#include "ingest/socket.h"
#include "wire/pair_io.h"

enum {
	DROPPED_MAX = 64, /* messages that one call may drop before it comes back */
	REQUESTS_MAX = 16,
	WAITING_MAX = 4,         /* messages kept on each side of a socket: an old question is of no use */
	KERNEL_BYTES = 8 * 1024, /* and in the kernel, each way */
	PEER_MAX = 255           /* bytes of a ZeroMQ routing id */
};

static const char domain[] = "pair";

struct pair {
	void *context, *zap;
	void *server, *client; /* where we are asked; where we ask */
	bool curve;
	bool client_last; /* the last message came by `client` */
	uint8_t peer_key[KEY_PUBLIC_BYTES];
	char town[PAIR_TOWN_MAX + 1];
	uint8_t asker[PEER_MAX]; /* of the question that has no answer yet */
	size_t asker_bytes;      /* 0: there is none */
	int64_t question_ms;     /* asked_ms in it */
	int64_t asked_ms;        /* of our own last question; -1: none */
	int64_t now_ms, heard_ms;
	uint64_t refused;
};

/* --- opening and closing -------------------------------------------------------------------------- */

/*
 * No ZMQ_HEARTBEAT: libzmq 4.3.4 aborts with it when a peer is slow. Keepalive finds a host that is gone while nothing is
 * said, ZMQ_TCP_MAXRT when something is.
 */
static bool set_common(void *socket, const struct pair_config *config)
{
	const struct socket_option common[] = {{ZMQ_LINGER, 0}, {ZMQ_SNDHWM, WAITING_MAX},
		{ZMQ_RCVHWM, WAITING_MAX}, {ZMQ_SNDBUF, KERNEL_BYTES}, {ZMQ_RCVBUF, KERNEL_BYTES},
		{ZMQ_HANDSHAKE_IVL, 2000}, {ZMQ_CONNECT_TIMEOUT, 2000}, {ZMQ_RECONNECT_IVL, 100},
		{ZMQ_TCP_MAXRT, 5000}, {ZMQ_TCP_KEEPALIVE, 1}, {ZMQ_TCP_KEEPALIVE_IDLE, 5},
		{ZMQ_TCP_KEEPALIVE_INTVL, 2}, {ZMQ_TCP_KEEPALIVE_CNT, 3}, {ZMQ_BACKLOG, 16},
		{ZMQ_IPV6, strchr(config->listen, '[') || strchr(config->peer, '[')}};
	int64_t message_max = PAIR_BYTES_MAX;

	return socket_set(socket, common, sizeof(common) / sizeof(common[0])) &&
	       zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &message_max, sizeof(message_max)) == 0;
}

static bool set_key(void *socket, int name, const uint8_t key[KEY_PUBLIC_BYTES])
{
	return zmq_setsockopt(socket, name, key, KEY_PUBLIC_BYTES) == 0;
}

static bool open_server(struct pair *pair, const struct pair_config *config)
{
	const struct socket_option router = {ZMQ_ROUTER_MANDATORY, 1};
	const struct socket_option curve[] = {{ZMQ_CURVE_SERVER, 1}, {OPTION_ZAP_ENFORCE_DOMAIN, 1}};

	pair->server = zmq_socket(pair->context, ZMQ_ROUTER);
	return pair->server && set_common(pair->server, config) && socket_set(pair->server, &router, 1) &&
	       (!config->curve ||
		       (zmq_setsockopt(pair->server, ZMQ_ZAP_DOMAIN, domain, strlen(domain)) == 0 &&
			       set_key(pair->server, ZMQ_CURVE_SECRETKEY, config->secret_key) &&
			       socket_set(pair->server, curve, 2)));
}

/* Immediate: nothing is kept for a connection that is not there. */
static bool open_client(struct pair *pair, const struct pair_config *config)
{
	const struct socket_option dealer = {ZMQ_IMMEDIATE, 1};

	pair->client = zmq_socket(pair->context, ZMQ_DEALER);
	return pair->client && set_common(pair->client, config) && socket_set(pair->client, &dealer, 1) &&
	       (!config->curve || (set_key(pair->client, ZMQ_CURVE_SERVERKEY, config->peer_key) &&
					  set_key(pair->client, ZMQ_CURVE_PUBLICKEY, config->public_key) &&
					  set_key(pair->client, ZMQ_CURVE_SECRETKEY, config->secret_key)));
}

static enum disp_err fail(char *error, const char *what, const char *endpoint)
{
	bool wrong = errno == EINVAL || errno == EPROTONOSUPPORT || errno == ENOCOMPATPROTO ||
		     errno == ENODEV || errno == ENAMETOOLONG;

	snprintf(error, PAIR_ERROR_SIZE, "%s %.150s: %s", what, endpoint, zmq_strerror(errno));
	return wrong ? DISP_E_INPUT : DISP_E_IO;
}

/* The handler of handshakes before all: one that finds nobody to ask would be let in. */
static enum disp_err open_all(struct pair *pair, const struct pair_config *config, char *error)
{
	pair->context = zmq_ctx_new();
	if (!pair->context || zmq_ctx_set(pair->context, ZMQ_IO_THREADS, 1) != 0)
		return fail(error, "ZeroMQ does not start for", config->listen);
	pair->zap = zap_bind(pair->context);
	if (!pair->zap || !open_server(pair, config) || !open_client(pair, config))
		return fail(error, "no socket for", config->listen);
	if (zmq_bind(pair->server, config->listen) != 0)
		return fail(error, "cannot bind", config->listen);
	if (zmq_connect(pair->client, config->peer) != 0)
		return fail(error, "cannot connect to", config->peer);
	return DISP_OK;
}

enum disp_err pair_open(struct pair **result, const struct pair_config *config, char *error)
{
	struct pair *pair;
	enum disp_err err;

	*result = NULL;
	error[0] = '\0';
	if (strlen(config->town) > PAIR_TOWN_MAX) {
		snprintf(error, PAIR_ERROR_SIZE, "the town's code is longer than %d bytes", PAIR_TOWN_MAX);
		return DISP_E_INPUT;
	}
	pair = calloc(1, sizeof(*pair));
	if (!pair) {
		snprintf(error, PAIR_ERROR_SIZE, "no memory for the line to the other daemon");
		return DISP_E_IO;
	}
	pair->asked_ms = -1;
	pair->curve = config->curve;
	memcpy(pair->peer_key, config->peer_key, sizeof(pair->peer_key));
	memcpy(pair->town, config->town, strlen(config->town) + 1);
	err = open_all(pair, config, error);
	if (err == DISP_OK)
		*result = pair;
	else
		pair_close(pair);
	return err;
}

/* Nothing lingers, and no name is looked up: the context ends at once. */
void pair_close(struct pair *pair)
{
	if (!pair)
		return;
	if (pair->client)
		zmq_close(pair->client);
	if (pair->server)
		zmq_close(pair->server);
	if (pair->zap)
		zmq_close(pair->zap);
	if (pair->context)
		zmq_ctx_term(pair->context);
	free(pair);
}

/* --- handshakes ----------------------------------------------------------------------------------- */

static void serve_handshakes(struct pair *pair)
{
	struct zap_request request;

	for (uint32_t i = 0; i < REQUESTS_MAX && socket_readable(pair->zap); i++) {
		if (!zap_receive(pair->zap, &request))
			return;
		const uint8_t *key = zap_key(&request, domain);
		bool let_in = pair->curve && key && sodium_memcmp(key, pair->peer_key, KEY_PUBLIC_BYTES) == 0;

		pair->refused += let_in ? 0 : 1;
		zap_answer(pair->zap, &request, let_in);
	}
}

/* --- what is said --------------------------------------------------------------------------------- */

static struct text town_of(const struct pair *pair)
{
	return (struct text){pair->town, (uint32_t)strlen(pair->town)};
}

/* In buffer[PAIR_BYTES_MAX]; what cannot be said is not, as what cannot leave. */
static bool write_line(const struct pair *pair, const struct pair_line *line, char *buffer, struct text *out)
{
	return pair_line_write(line, town_of(pair), buffer, PAIR_BYTES_MAX, out) == DISP_OK;
}

void pair_ask(struct pair *pair, uint64_t epoch, int64_t asked_ms)
{
	const struct pair_line line = {PAIR_KIND_ASK, epoch, asked_ms};
	char buffer[PAIR_BYTES_MAX];
	struct text text;

	if (!write_line(pair, &line, buffer, &text))
		return;
	(void)socket_readable(pair->client); /* asking makes ZeroMQ see what has left meanwhile */
	if (zmq_send(pair->client, text.ptr, text.len, ZMQ_DONTWAIT) >= 0)
		pair->asked_ms = asked_ms;
}

void pair_answer(struct pair *pair, bool granted, uint64_t epoch)
{
	const struct pair_line line = {
		granted ? PAIR_KIND_GRANTED : PAIR_KIND_REFUSED, epoch, pair->question_ms};
	char buffer[PAIR_BYTES_MAX];
	struct text text;

	if (pair->asker_bytes == 0)
		return;
	(void)socket_readable(pair->server);
	/* Once the routing id is taken, ZeroMQ takes the rest of the message too. */
	if (write_line(pair, &line, buffer, &text) &&
		zmq_send(pair->server, pair->asker, pair->asker_bytes, ZMQ_DONTWAIT | ZMQ_SNDMORE) >= 0)
		(void)zmq_send(pair->server, text.ptr, text.len, ZMQ_DONTWAIT);
	pair->asker_bytes = 0;
}

/* --- what is heard -------------------------------------------------------------------------------- */

struct heard {
	bool server; /* by that socket, behind the name of who asks */
	bool whole;  /* one frame, and not too long */
	size_t count;
	uint8_t bytes[PAIR_BYTES_MAX];
};

/* The name into pair->asker. False: it is no name, or nothing follows it. */
static bool take_asker(struct pair *pair, zmq_msg_t *frame)
{
	size_t count = zmq_msg_size(frame);

	if (count == 0 || count > PEER_MAX || !zmq_msg_more(frame))
		return false;
	memcpy(pair->asker, zmq_msg_data(frame), count);
	pair->asker_bytes = count;
	return true;
}

/* One message; false: there is none. */
static bool receive(struct pair *pair, bool server, struct heard *heard)
{
	void *socket = server ? pair->server : pair->client;
	zmq_msg_t frame;

	zmq_msg_init(&frame);
	bool got = socket_receive(&frame, socket);

	heard->server = server;
	heard->whole = got && (!server || (take_asker(pair, &frame) && socket_receive(&frame, socket)));
	heard->whole = heard->whole && !zmq_msg_more(&frame) && zmq_msg_size(&frame) <= PAIR_BYTES_MAX;
	heard->count = heard->whole ? zmq_msg_size(&frame) : 0;
	memcpy(heard->bytes, zmq_msg_data(&frame), heard->count);
	while (zmq_msg_more(&frame) && socket_receive(&frame, socket))
		;
	zmq_msg_close(&frame);
	return got;
}

/* By the other socket than the last one, then by that one again. */
static bool receive_fair(struct pair *pair, struct heard *heard)
{
	bool server = pair->client_last;

	pair->asker_bytes = 0;
	if (!receive(pair, server, heard) && !receive(pair, !server, heard))
		return false;
	pair->client_last = !heard->server;
	return true;
}

/* Questions come in at the server and answers at the client, to what we have asked. */
static bool understand(struct pair *pair, const struct heard *heard, struct pair_message *out)
{
	struct pair_line line;

	if (!heard->whole || pair_line_read(heard->bytes, heard->count, town_of(pair), &line) != DISP_OK ||
		(line.kind == PAIR_KIND_ASK) != heard->server ||
		(!heard->server && line.asked_ms > pair->asked_ms))
		return false;
	out->what = heard->server ? PAIR_ASKS : line.kind == PAIR_KIND_GRANTED ? PAIR_GRANTS : PAIR_REFUSES;
	out->epoch = line.epoch;
	out->asked_ms = line.asked_ms;
	if (heard->server)
		pair->question_ms = line.asked_ms;
	return true;
}

enum pair_said pair_next(struct pair *pair, struct pair_message *out)
{
	struct heard heard;

	serve_handshakes(pair);
	*out = (struct pair_message){.what = PAIR_NOTHING};
	for (uint32_t i = 0; i < DROPPED_MAX && receive_fair(pair, &heard); i++) {
		if (understand(pair, &heard, out)) {
			pair->heard_ms = pair->now_ms;
			return out->what;
		}
		pair->refused++;
	}
	pair->asker_bytes = 0;
	return PAIR_NOTHING;
}

/* --- the turn ------------------------------------------------------------------------------------- */

void pair_fds(const struct pair *pair, int fd[PAIR_FDS])
{
	void *const socket[PAIR_FDS] = {pair->server, pair->client, pair->zap};
	size_t size = sizeof(fd[0]);

	for (int i = 0; i < PAIR_FDS; i++)
		ASSERT(zmq_getsockopt(socket[i], ZMQ_FD, &fd[i], &size) == 0);
}

/* Every socket is asked: asking is what arms its descriptor again. */
bool pair_ready(struct pair *pair)
{
	serve_handshakes(pair);
	bool server = socket_readable(pair->server);
	bool client = socket_readable(pair->client);

	return socket_readable(pair->zap) || server || client;
}

void pair_tick(struct pair *pair, int64_t monotonic_ms)
{
	pair->now_ms = monotonic_ms;
	serve_handshakes(pair);
}

int64_t pair_heard_ms(const struct pair *pair)
{
	return pair->heard_ms;
}

uint64_t pair_refused(const struct pair *pair)
{
	return pair->refused;
}
