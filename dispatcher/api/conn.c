/* conn: clients and their deadlines, which evhttp does not have; knows no request's meaning. */
#include "api/internal.h"

#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * evhttp tells nobody of a connection on which no request came yet. So each client is held by a descriptor of our own,
 * which stays good whatever evhttp does to its: to cut the client off, and to see that evhttp has shut it down. From
 * the first request on, evhttp tells us when it lets go, and until then the bufferevent may be looked at.
 */
static void listen_or_not(struct api *api)
{
	uint32_t most = api->config.connections_max;

	for (uint32_t i = 0; i < 2; i++) {
		struct gate *gate = &api->gate[i];
		/* strangers leave room for the town's own desk */
		bool room = api->conn_count < most && (!gate->tcp || api->conn_tcp_count < most - most / 4);

		if (gate->listener == NULL || room == gate->listening)
			continue;
		if ((room ? evconnlistener_enable(gate->listener) : evconnlistener_disable(gate->listener)) ==
			0)
			gate->listening = room; /* else tried again at the next tick */
	}
}

static void forget(struct api *api, struct conn *conn)
{
	if (conn->fd >= 0)
		(void)close(conn->fd);
	if (conn->feed != NULL)
		api->counter.feeds--;
	api->conn_tcp_count -= conn->tcp;
	*conn = (struct conn){.state = CONN_FREE, .fd = -1};
	api->conn_count--;
}

/* evhttp then meets the end of the stream, reading or writing, and frees everything. */
static void cut(struct conn *conn)
{
	(void)shutdown(conn->fd, SHUT_RDWR);
}

/* Nothing can be sent on it any more: evhttp has let go of it. */
static bool shut(const struct conn *conn)
{
	return conn->fd >= 0 && send(conn->fd, "", 0, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN;
}

/* One that would be too many of its address; the address is noted. */
static bool crowds(const struct api *api, struct conn *conn)
{
	struct sockaddr_storage address = {0};
	socklen_t size = sizeof(address);
	uint32_t same = 0;

	if (!conn->tcp || getpeername(conn->fd, (struct sockaddr *)&address, &size) != 0)
		return false;
	conn->address = guard_address((const struct sockaddr *)&address);
	for (uint32_t i = 0; i < api->config.connections_max; i++)
		same += api->conn[i].state > CONN_NEW && api->conn[i].tcp &&
			memcmp(&api->conn[i].address, &conn->address, sizeof(conn->address)) == 0;
	return same > API_ADDRESS_MAX;
}

/* Runs right behind the callback that accepted: evhttp has given the descriptor to the bufferevent, and nothing else
 * has happened yet. */
static void adopt(evutil_socket_t fd, short what, void *context)
{
	struct api *api = context;

	(void)fd;
	(void)what;
	for (uint32_t i = 0; i < api->config.connections_max; i++) {
		struct conn *conn = &api->conn[i];

		if (conn->state != CONN_NEW)
			continue;
		int theirs = bufferevent_getfd(conn->bev);

		conn->fd = theirs < 0 ? -1 : fcntl(theirs, F_DUPFD_CLOEXEC, 0);
		bufferevent_decref(conn->bev);
		conn->state = CONN_READING;
		if (theirs < 0) {
			forget(api, conn);
		} else if (conn->fd < 0 || crowds(api, conn)) {
			/* no descriptors left: one that cannot be watched is not served */
			(void)shutdown(theirs, SHUT_RDWR);
			forget(api, conn);
		}
	}
	listen_or_not(api);
}

bool conn_open(struct api *api)
{
	for (uint32_t i = 0; i < api->config.connections_max; i++)
		api->conn[i].fd = -1;
	api->adopt = event_new(api->base, -1, 0, adopt, api);
	return api->adopt != NULL;
}

/* evhttp is about to accept; with this the table may be full, and the next ones wait in the kernel. */
struct bufferevent *conn_new(struct event_base *base, void *context)
{
	const struct gate *gate = context;
	struct api *api = gate->api;
	bool tls = gate->tcp && api->tls != NULL;
	struct bufferevent *bev =
		tls ? tls_accept(api->tls, base, ++api->conn_serial) : bufferevent_socket_new(base, -1, 0);
	struct conn *conn = NULL;

	if (bev == NULL)
		return NULL;
	for (uint32_t i = 0; i < api->config.connections_max; i++) {
		if (api->conn[i].bev == bev)
			api->conn[i].bev = NULL; /* an address used again: that one is long gone */
		if (conn == NULL && api->conn[i].state == CONN_FREE)
			conn = &api->conn[i];
	}
	if (conn != NULL) {
		bufferevent_incref(bev);
		*conn = (struct conn){.bev = bev,
			.fd = -1,
			.tcp = gate->tcp,
			.serial = tls ? api->conn_serial : 0,
			.state = CONN_NEW,
			.ticks = tls ? api->ticks_shake : api->ticks_request};
		api->conn_count++;
		api->conn_tcp_count += gate->tcp;
		event_active(api->adopt, EV_TIMEOUT, 0);
	}
	listen_or_not(api);
	return bev;
}

struct conn *conn_of(struct api *api, struct evhttp_request *http)
{
	struct evhttp_connection *evcon = evhttp_request_get_connection(http);
	struct bufferevent *bev = evcon == NULL ? NULL : evhttp_connection_get_bufferevent(evcon);

	for (uint32_t i = 0; bev != NULL && i < api->config.connections_max; i++)
		if (api->conn[i].state != CONN_FREE && api->conn[i].bev == bev)
			return &api->conn[i];
	return NULL;
}

struct conn *conn_by_serial(struct api *api, uint64_t serial)
{
	for (uint32_t i = 0; serial != 0 && i < api->config.connections_max; i++)
		if (api->conn[i].state > CONN_NEW && api->conn[i].serial == serial)
			return &api->conn[i];
	return NULL;
}

void conn_drop(struct api *api, struct conn *conn)
{
	cut(conn);
	forget(api, conn);
	listen_or_not(api);
}

bool conn_gone(struct evhttp_request *http)
{
	struct evhttp_connection *evcon = evhttp_request_get_connection(http);
	struct pollfd pollfd = {.events = 0};

	if (evcon == NULL)
		return true;
	pollfd.fd = bufferevent_getfd(evhttp_connection_get_bufferevent(evcon));
	return poll(&pollfd, 1, 0) > 0 && (pollfd.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

/* evhttp lets go of a connection. A request that has no answer yet it has cut loose before; that one is ours. */
static void on_close(struct evhttp_connection *evcon, void *context)
{
	struct api *api = context;
	struct bufferevent *bev = evhttp_connection_get_bufferevent(evcon);

	for (uint32_t i = 0; i < api->config.connections_max; i++) {
		struct conn *conn = &api->conn[i];
		struct evhttp_request *feed = conn->feed;

		if (conn->state == CONN_FREE || conn->bev != bev)
			continue;
		forget(api, conn);
		if (feed != NULL && evhttp_request_get_connection(feed) == NULL)
			evhttp_send_reply_end(feed); /* frees it */
	}
	listen_or_not(api);
}

void conn_waits(struct api *api, struct evhttp_request *http)
{
	struct conn *conn = conn_of(api, http);

	if (conn == NULL)
		return;
	conn->state = CONN_WAITING;
	conn->told = true;
	evhttp_connection_set_closecb(evhttp_request_get_connection(http), on_close, api);
}

static void answer_is_out(struct evhttp_request *http, void *context)
{
	struct api *api = context;
	struct conn *conn = conn_of(api, http);

	if (conn != NULL && conn->state == CONN_WRITING) {
		conn->state = CONN_READING;
		conn->ticks = api->ticks_request;
	}
}

void conn_writes(struct api *api, struct evhttp_request *http)
{
	struct conn *conn = conn_of(api, http);

	if (conn == NULL)
		return;
	conn->state = CONN_WRITING;
	conn->ticks = api->ticks_stall;
	conn->unsent = SIZE_MAX;
	evhttp_request_set_on_complete_cb(http, answer_is_out, api);
}

void conn_feeds(struct api *api, struct evhttp_request *http)
{
	struct conn *conn = conn_of(api, http);

	if (conn == NULL)
		return;
	conn->state = CONN_FEED;
	conn->feed = http;
	conn->feed_seq = 0;
	conn->ticks = api->ticks_beat;
	api->counter.feeds++;
}

static size_t unsent(const struct conn *conn)
{
	return conn->told && conn->bev != NULL ? evbuffer_get_length(bufferevent_get_output(conn->bev)) : 0;
}

/* A comment now and then, so that a client that has gone is noticed, and proxies keep the stream. */
static void feed_tick(struct api *api, struct conn *conn)
{
	struct evbuffer *beat;

	if (unsent(conn) > API_FEED_BUFFER_MAX) {
		api->counter.cut_feeds++;
		cut(conn);
		return;
	}
	if (--conn->ticks > 0)
		return;
	conn->ticks = api->ticks_beat;
	beat = evbuffer_new();
	if (beat == NULL)
		return;
	if (evbuffer_add(beat, ":\n\n", 3) == 0)
		evhttp_send_reply_chunk(conn->feed, beat);
	evbuffer_free(beat);
}

static void conn_look(struct api *api, struct conn *conn)
{
	size_t left = unsent(conn);

	if (conn->state == CONN_FEED) {
		feed_tick(api, conn);
		return;
	}
	if (conn->state == CONN_WRITING && left < conn->unsent)
		conn->ticks = api->ticks_stall;
	conn->unsent = left;
	if (conn->state == CONN_WAITING || --conn->ticks > 0)
		return;
	conn->ticks = 1;
	api->counter.cut_slow++;
	cut(conn);
	if (!conn->told)
		forget(api, conn); /* nobody will tell us */
}

void conn_keys_look(struct api *api)
{
	for (uint32_t i = 0; i < api->config.connections_max; i++) {
		struct conn *conn = &api->conn[i];
		struct caller caller = {.kind = CALLER_TOKEN, .key = conn->key};

		if (conn->state == CONN_FREE || conn->key == 0 || caller_holds(api, &caller))
			continue;
		conn->key = 0;
		api->counter.cut_keys++;
		cut(conn);
	}
}

void conn_tick(struct api *api)
{
	conn_keys_look(api);
	for (uint32_t i = 0; i < api->config.connections_max; i++) {
		struct conn *conn = &api->conn[i];

		if (conn->state == CONN_FREE || conn->state == CONN_NEW)
			continue;
		if (!conn->told && shut(conn))
			forget(api, conn);
		else
			conn_look(api, conn);
	}
	listen_or_not(api);
}

void conn_close_all(struct api *api)
{
	for (uint32_t i = 0; api->conn != NULL && i < api->config.connections_max; i++) {
		struct evhttp_request *feed = api->conn[i].feed;

		if (feed == NULL)
			continue;
		api->conn[i].feed = NULL;
		api->counter.feeds--;
		evhttp_send_reply_end(feed);
	}
	for (uint32_t i = 0; i < 2; i++) {
		api->gate[i].listener = NULL; /* the listeners go with evhttp */
		if (api->gate[i].http != NULL)
			evhttp_free(api->gate[i].http);
		api->gate[i].http = NULL;
	}
	for (uint32_t i = 0; api->conn != NULL && i < api->config.connections_max; i++) {
		if (api->conn[i].state == CONN_NEW)
			bufferevent_decref(api->conn[i].bev);
		if (api->conn[i].state != CONN_FREE)
			forget(api, &api->conn[i]);
	}
	if (api->adopt != NULL)
		event_free(api->adopt);
}

size_t conn_unsent(const struct api *api)
{
	size_t sum = 0;

	for (uint32_t i = 0; i < api->config.connections_max; i++)
		if (api->conn[i].state != CONN_FREE)
			sum += unsent(&api->conn[i]);
	return sum;
}
