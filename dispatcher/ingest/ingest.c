/* ingest: opening, closing and the turn of the doors; what a message means is in alarms.c and reports.c. */
#include "ingest/door.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <sodium.h>

static int64_t or_default(int64_t value, int64_t otherwise)
{
	return value != 0 ? value : otherwise;
}

static void fill_config(struct ingest_config *config)
{
	config->alarms = config->alarms ? config->alarms : "tcp://127.0.0.1:5570";
	config->units = config->units ? config->units : "tcp://127.0.0.1:5571";
	config->feed = config->feed ? config->feed : "tcp://127.0.0.1:5572";
	config->epoch = config->epoch != 0 ? config->epoch : 1;
	config->receive_max = (int32_t)or_default(config->receive_max, 256);
	config->reply_max = (int32_t)or_default(config->reply_max, 100000);
	config->order_max = (int32_t)or_default(config->order_max, 1000);
	config->feed_max = (int32_t)or_default(config->feed_max, 100000);
	config->handshake_ms = (int32_t)or_default(config->handshake_ms, 5000);
	config->future_ms = or_default(config->future_ms, 120000);
	config->identity_keep_ms = or_default(config->identity_keep_ms, 24 * 3600 * INT64_C(1000));
	config->link_timeout_ms = or_default(config->link_timeout_ms, 90000);
	if (config->curve) {
		config->device_rate = (uint32_t)or_default(config->device_rate, 20);
		config->gateway_rate = (uint32_t)or_default(config->gateway_rate, 50000);
	}
}

static bool config_valid(const struct ingest_config *config)
{
	return config->receive_max > 0 && config->reply_max > 0 && config->order_max > 0 &&
	       config->feed_max > 0 && config->handshake_ms > 0 && config->future_ms > 0 &&
	       config->identity_keep_ms > 0 && config->link_timeout_ms > 0;
}

/* --- sockets -------------------------------------------------------------------------------------- */

/* CURVE and nothing else: a peer that offers NULL or PLAIN does not get as far as a question. */
static bool set_keys(const struct ingest *ingest, enum door door, void *socket)
{
	static const struct socket_option server[] = {{ZMQ_CURVE_SERVER, 1}, {OPTION_ZAP_ENFORCE_DOMAIN, 1}};
	const char *domain = zap_domain(door);

	return zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, domain, strlen(domain)) == 0 &&
	       zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, ingest->config.secret_key, KEY_PUBLIC_BYTES) ==
		       0 &&
	       socket_set(socket, server, sizeof(server) / sizeof(server[0]));
}

/* No ZMQ_HEARTBEAT: libzmq 4.3.4 aborts with it when a subscriber is slow. TCP keepalive finds dead hosts. */
static bool prepare_socket(struct ingest *ingest, enum door door, int type, int send_max)
{
	const struct ingest_config *config = &ingest->config;
	int64_t message_max = door == DOOR_FEED ? 4096 : INGEST_MESSAGE_MAX;
	const struct socket_option common[] = {{ZMQ_LINGER, 200}, {ZMQ_RCVHWM, config->receive_max},
		{ZMQ_SNDHWM, send_max}, {ZMQ_HANDSHAKE_IVL, config->handshake_ms}, {ZMQ_TCP_KEEPALIVE, 1},
		{ZMQ_TCP_KEEPALIVE_IDLE, ingest->keyed[door] ? 10 : 30},
		{ZMQ_TCP_KEEPALIVE_INTVL, ingest->keyed[door] ? 3 : 10}, {ZMQ_TCP_KEEPALIVE_CNT, 3},
		{ZMQ_BACKLOG, 1024}};
	/*
	 * A terminal that comes again under its own routing id takes over from its dead connection. Where a key says who
	 * it is, nobody takes over a live one: its orders would go to whoever knows its routing id.
	 */
	const struct socket_option router[] = {
		{ZMQ_ROUTER_MANDATORY, 1}, {ZMQ_ROUTER_HANDOVER, ingest->keyed[door] ? 0 : 1}};
	/* Every subscription is told, not only the first of its topic: each has a key behind it. */
	const struct socket_option feed[] = {{ZMQ_XPUB_VERBOSER, 1}};
	void *socket = zmq_socket(ingest->context, type);

	ingest->socket[door] = socket;
	return socket && socket_set(socket, common, sizeof(common) / sizeof(common[0])) &&
	       zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &message_max, sizeof(message_max)) == 0 &&
	       (type != ZMQ_ROUTER || socket_set(socket, router, sizeof(router) / sizeof(router[0]))) &&
	       (type != ZMQ_XPUB || socket_set(socket, feed, sizeof(feed) / sizeof(feed[0]))) &&
	       (!ingest->keyed[door] || (set_keys(ingest, door, socket) && gate_watch(ingest, door)));
}

static enum disp_err bind_socket(
	struct ingest *ingest, enum door door, int type, int send_max, const char *endpoint, char *error)
{
	size_t size = INGEST_ENDPOINT_SIZE;

	ingest->keyed[door] = ingest->config.curve && strncmp(endpoint, "tcp://", 6) == 0;
	if (!prepare_socket(ingest, door, type, send_max)) {
		snprintf(error, INGEST_ERROR_SIZE, "no socket for %s: %s", endpoint, zmq_strerror(errno));
		return DISP_E_IO;
	}
	if (zmq_bind(ingest->socket[door], endpoint) != 0) {
		bool wrong = errno == EINVAL || errno == EPROTONOSUPPORT || errno == ENOCOMPATPROTO ||
			     errno == ENODEV;

		snprintf(error, INGEST_ERROR_SIZE, "cannot bind %s: %s", endpoint, zmq_strerror(errno));
		return wrong ? DISP_E_INPUT : DISP_E_IO;
	}
	if (zmq_getsockopt(ingest->socket[door], ZMQ_LAST_ENDPOINT, ingest->endpoint[door], &size) != 0) {
		snprintf(error, INGEST_ERROR_SIZE, "endpoint %s is too long", endpoint);
		return DISP_E_INPUT;
	}
	const char *colon = strrchr(ingest->endpoint[door], ':');

	ingest->port[door] = ingest->keyed[door] && colon ? (uint16_t)strtoul(colon + 1, NULL, 10) : 0;
	return DISP_OK;
}

/* Where doors ask for keys, one descriptor for all that is asked of us and told to us about connections. */
static bool wait_for_all(struct ingest *ingest)
{
	struct epoll_event event = {.events = EPOLLIN};
	size_t size = sizeof(int);
	int fd;

	if (!ingest->config.curve)
		return true;
	ingest->asked_fd = epoll_create1(EPOLL_CLOEXEC);
	ingest->end_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	bool all = ingest->asked_fd >= 0 && ingest->end_fd >= 0 &&
		   epoll_ctl(ingest->asked_fd, EPOLL_CTL_ADD, ingest->end_fd, &event) == 0 &&
		   zmq_getsockopt(ingest->zap, ZMQ_FD, &fd, &size) == 0 &&
		   epoll_ctl(ingest->asked_fd, EPOLL_CTL_ADD, fd, &event) == 0;

	for (enum door door = 0; all && door < DOOR_COUNT; door++)
		all = !ingest->monitor[door] ||
		      (zmq_getsockopt(ingest->monitor[door], ZMQ_FD, &fd, &size) == 0 &&
			      epoll_ctl(ingest->asked_fd, EPOLL_CTL_ADD, fd, &event) == 0);
	return all;
}

static enum disp_err bind_all(struct ingest *ingest, char *error)
{
	const struct ingest_config *config = &ingest->config;
	enum disp_err err;

	ingest->context = zmq_ctx_new();
	if (!ingest->context || zmq_ctx_set(ingest->context, ZMQ_MAX_SOCKETS, 65535) != 0 ||
		!zap_open(ingest)) {
		snprintf(error, INGEST_ERROR_SIZE, "ZeroMQ does not start: %s", zmq_strerror(errno));
		return DISP_E_IO;
	}
	err = bind_socket(ingest, DOOR_ALARMS, ZMQ_ROUTER, config->reply_max, config->alarms, error);
	if (err == DISP_OK)
		err = bind_socket(ingest, DOOR_UNITS, ZMQ_ROUTER, config->order_max, config->units, error);
	if (err == DISP_OK)
		err = bind_socket(ingest, DOOR_FEED, ZMQ_XPUB, config->feed_max, config->feed, error);
	if (err == DISP_OK && !wait_for_all(ingest)) {
		snprintf(error, INGEST_ERROR_SIZE, "no descriptor for the doors: %s", strerror(errno));
		return DISP_E_IO;
	}
	return err;
}

static bool take_memory(struct ingest *ingest)
{
	uint32_t devices = query_limits(ingest->core)->max[TABLE_DEVICE];

	if (!ingest->config.curve && (ingest->config.device_rate != 0 || ingest->config.gateway_rate != 0)) {
		ingest->rate = calloc(devices + (size_t)1, sizeof(*ingest->rate));
		if (!ingest->rate)
			return false;
	}
	return gate_open(ingest) && links_open(ingest) && missed_open(ingest) && follow_open(ingest);
}

enum disp_err ingest_open(struct ingest **out, const struct ingest_config *config, const struct core *core,
	const struct ground *ground, char *error)
{
	struct ingest *ingest = calloc(1, sizeof(*ingest));
	enum disp_err err;

	*out = NULL;
	error[0] = '\0';
	if (!ingest) {
		snprintf(error, INGEST_ERROR_SIZE, "no memory for the doors");
		return DISP_E_IO;
	}
	ingest->config = *config;
	ingest->core = core;
	ingest->ground = ground;
	ingest->leads = true;
	ingest->asked_fd = ingest->end_fd = -1;
	zmq_msg_init(&ingest->message);
	fill_config(&ingest->config);
	ingest->epoch = ingest->config.epoch;
	if (!config_valid(&ingest->config)) {
		snprintf(error, INGEST_ERROR_SIZE, "a limit of the doors is negative");
		err = DISP_E_INPUT;
	} else if (!take_memory(ingest)) {
		snprintf(error, INGEST_ERROR_SIZE, "no memory for the doors");
		err = DISP_E_IO;
	} else {
		err = bind_all(ingest, error);
		sodium_memzero(ingest->config.secret_key,
			sizeof(ingest->config.secret_key)); /* the sockets have it */
	}
	if (err == DISP_OK)
		*out = ingest;
	else
		ingest_close(ingest);
	return err;
}

void ingest_close(struct ingest *ingest)
{
	if (!ingest)
		return;
	zmq_msg_close(&ingest->message);
	for (int door = 0; door < DOOR_COUNT; door++) {
		if (ingest->socket[door])
			zmq_close(ingest->socket[door]);
		if (ingest->monitor[door])
			zmq_close(ingest->monitor[door]);
	}
	if (ingest->zap)
		zmq_close(ingest->zap);
	if (ingest->context)
		zmq_ctx_term(ingest->context);
	if (ingest->asked_fd >= 0)
		close(ingest->asked_fd);
	if (ingest->end_fd >= 0)
		close(ingest->end_fd);
	gate_close(ingest);
	links_close(ingest);
	missed_close(ingest);
	follow_close(ingest);
	free(ingest->rate);
	free(ingest);
}

/* --- the turn ------------------------------------------------------------------------------------- */

const char *ingest_endpoint(const struct ingest *ingest, enum door door)
{
	ASSERT(door == DOOR_ALARMS || door == DOOR_UNITS || door == DOOR_FEED);
	return ingest->endpoint[door];
}

void ingest_fds(const struct ingest *ingest, int fd[INGEST_FDS])
{
	static const enum door door[INGEST_FDS - 1] = {DOOR_ALARMS, DOOR_UNITS, DOOR_FEED};
	size_t size = sizeof(fd[0]);

	for (int i = 0; i < INGEST_FDS - 1; i++)
		ASSERT(zmq_getsockopt(ingest->socket[door[i]], ZMQ_FD, &fd[i], &size) == 0);
	fd[INGEST_FDS - 1] = ingest->asked_fd;
	if (ingest->asked_fd < 0)
		ASSERT(zmq_getsockopt(ingest->zap, ZMQ_FD, &fd[INGEST_FDS - 1], &size) == 0);
}

/* Every socket is asked: asking is what arms its descriptor again. */
bool ingest_ready(struct ingest *ingest)
{
	bool alarms = door_readable(ingest, DOOR_ALARMS);
	bool units = door_readable(ingest, DOOR_UNITS);

	zap_serve(ingest);
	gate_listen(ingest);
	feed_subscriptions(ingest);
	if (zap_ready(ingest) || ingest->keys_changed)
		return true;
	if (ingest->hold == HOLD_ALL)
		return alarms || (units && !ingest->leads);
	return alarms || units || ingest->news_head != ingest->news_tail;
}

void ingest_lead(struct ingest *ingest, bool leads, uint64_t epoch)
{
	/* Links of the one that led before are not ours: whose terminal does not come here is reported gone. */
	if (leads && epoch != ingest->epoch) {
		ingest->first_tick_ms = ingest->now_ms;
		ingest->orphans_found = false;
	}
	ingest->leads = leads;
	ingest->epoch = epoch;
}

void ingest_hold(struct ingest *ingest, enum hold hold)
{
	if (ingest->hold == HOLD_ALL && hold != HOLD_ALL)
		links_heard(ingest);
	ingest->hold = hold;
}

void ingest_tick(struct ingest *ingest, int64_t monotonic_ms)
{
	if (!ingest->ticked) {
		ingest->ticked = true;
		ingest->first_tick_ms = monotonic_ms;
		ingest->swept_ms = monotonic_ms;
	}
	ingest->now_ms = monotonic_ms;
	zap_serve(ingest);
	gate_tick(ingest);
	feed_subscriptions(ingest);
	links_tick(ingest);
}

/* The other door than last time, then that one again. */
static enum disp_err receive_fair(struct ingest *ingest, struct origin *origin)
{
	if (ingest->hold == HOLD_ALL && ingest->leads)
		return peer_receive(ingest, DOOR_ALARMS, origin);
	enum door first = ingest->units_last ? DOOR_ALARMS : DOOR_UNITS;
	enum door second = ingest->units_last ? DOOR_UNITS : DOOR_ALARMS;
	enum disp_err err = peer_receive(ingest, first, origin);

	if (err == DISP_E_AGAIN)
		err = peer_receive(ingest, second, origin);
	if (err == DISP_OK)
		ingest->units_last = origin->door == DOOR_UNITS;
	return err;
}

/* A message that has brought the process down before is not read. */
static bool may_read(struct ingest *ingest, const struct origin *origin)
{
	const struct text why = TEXT("set aside: it has brought the dispatcher down twice");
	const struct ingest_config *config = &ingest->config;

	if (config->begin == NULL || config->begin(config->context, origin->door,
					     zmq_msg_data(&ingest->message), zmq_msg_size(&ingest->message)))
		return true;
	if (origin->door == DOOR_UNITS)
		report_error(ingest, origin, REJECT_MALFORMED, why);
	else
		alarm_refuse_unread(ingest, origin, why);
	return false;
}

enum disp_err ingest_next(struct ingest *ingest, int64_t at_ms, struct event *event, struct origin *origin)
{
	if (ingest->config.end != NULL)
		ingest->config.end(ingest->config.context);
	ingest->at_ms = at_ms;
	gate_time(ingest);
	memset(event, 0, sizeof(*event));
	if (ingest->hold != HOLD_ALL && news_take(ingest, event)) {
		*origin = (struct origin){.door = DOOR_UNITS};
		event->at_ms = at_ms;
		return DISP_OK;
	}
	for (int i = 0; i < NEXT_MESSAGES_MAX; i++) {
		if (receive_fair(ingest, origin) != DISP_OK)
			return DISP_E_AGAIN;
		if (ingest->turned_away || !may_read(ingest, origin))
			continue;
		bool is_event = origin->door == DOOR_ALARMS ? alarm_take(ingest, at_ms, event, origin)
							    : report_take(ingest, at_ms, event, origin);

		event->at_ms = at_ms;
		if (is_event)
			return DISP_OK;
	}
	return DISP_E_AGAIN;
}

void ingest_send(struct ingest *ingest, const struct origin *to, const uint8_t *bytes, uint32_t count)
{
	switch (to->door) {
	case DOOR_ALARMS:
		if (peer_send(ingest, DOOR_ALARMS, to->peer, to->peer_bytes, to->flags, bytes, count) == SENT)
			ingest->count.replies++;
		else
			ingest->count.replies_lost++;
		return;
	case DOOR_UNITS:
		terminal_send(ingest, to, bytes, count);
		return;
	default:
		ASSERT(to->door == DOOR_FEED);
		(void)zmq_send(ingest->socket[DOOR_FEED], bytes, count, ZMQ_DONTWAIT);
		ingest->count.feed_lines++;
	}
}

const struct ingest_counters *ingest_get_counters(struct ingest *ingest)
{
	return &ingest->count;
}
