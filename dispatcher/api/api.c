/* api: opens and closes; the sockets, and the tick. */
#include "api/internal.h"

#include <errno.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 512, NO_TIMEOUT_S = 1000000000, BEAT_MS = 15000, CONNECTIONS_LIMIT = 4096 };

static void on_tick(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	struct api *api = context;

	api->ticked_ms += api->config.tick_ms;
	conn_tick(api);
}

static uint32_t ticks(int64_t time_ms, int64_t tick_ms)
{
	return (uint32_t)((time_ms + tick_ms - 1) / tick_ms) + 1;
}

static bool config_take(struct api *api, const struct api_config *config)
{
	api->config = *config;
	if (api->config.connections_max == 0)
		api->config.connections_max = API_CONNECTIONS_MAX;
	if (api->config.request_ms == 0)
		api->config.request_ms = 9000;
	if (api->config.handshake_ms == 0)
		api->config.handshake_ms = 5000;
	if (api->config.stall_ms == 0)
		api->config.stall_ms = 9000;
	if (api->config.tick_ms == 0)
		api->config.tick_ms = 500;
	if (api->config.lockout_ms == 0)
		api->config.lockout_ms = 60000;
	if (api->config.tick_ms < 1 || api->config.request_ms < 1 || api->config.stall_ms < 1 ||
		api->config.handshake_ms < 1 || api->config.handshake_ms > INT32_MAX ||
		api->config.request_ms > INT32_MAX || api->config.stall_ms > INT32_MAX ||
		api->config.lockout_ms < 1 || api->config.lockout_ms > INT32_MAX ||
		api->config.connections_max > CONNECTIONS_LIMIT)
		return false;
	api->ticks_request = ticks(api->config.request_ms, api->config.tick_ms);
	api->ticks_shake = ticks(api->config.handshake_ms, api->config.tick_ms);
	api->ticks_stall = ticks(api->config.stall_ms, api->config.tick_ms);
	api->ticks_beat = ticks(BEAT_MS, api->config.tick_ms);
	return true;
}

static bool memory_take(struct api *api)
{
	api->conn = calloc(api->config.connections_max, sizeof(*api->conn));
	api->kept = calloc(API_ALARMS_KEPT, sizeof(*api->kept));
	api->silence = calloc(API_SILENCES_KEPT, sizeof(*api->silence));
	api->page = malloc(PAGE_BYTES);
	api->message = malloc(OUTBOX_MESSAGE_MAX);
	api->effect = calloc(EFFECTS_MAX, sizeof(*api->effect));
	api->plan = calloc(EFFECTS_MAX, sizeof(*api->plan));
	if (api->config.account_count > 0) {
		api->account = calloc(api->config.account_count, sizeof(*api->account));
		if (api->account == NULL)
			return false;
		memcpy(api->account, api->config.account, api->config.account_count * sizeof(*api->account));
	}
	return api->conn != NULL && api->kept != NULL && api->silence != NULL && api->page != NULL &&
	       api->message != NULL && api->effect != NULL && api->plan != NULL;
}

static bool http_make(struct api *api, struct gate *gate)
{
	gate->api = api;
	gate->http = evhttp_new(api->base);
	if (gate->http == NULL)
		return false;
	evhttp_set_max_body_size(gate->http, API_BODY_MAX);
	evhttp_set_max_headers_size(gate->http, HEADERS_BYTES_MAX);
	evhttp_set_timeout(
		gate->http, NO_TIMEOUT_S); /* ours, in conn.c, see the whole request, not the last byte */
	evhttp_set_allowed_methods(gate->http, UINT16_MAX); /* ours answers, in JSON */
	evhttp_set_default_content_type(gate->http, NULL);
	evhttp_set_bevcb(gate->http, conn_new, gate);
	evhttp_set_gencb(gate->http, route, gate);
	return true;
}

static bool ticking(struct api *api)
{
	struct timeval tick = {
		.tv_sec = api->config.tick_ms / 1000, .tv_usec = api->config.tick_ms % 1000 * 1000};

	api->gate[1].tcp = true;
	api->tick = event_new(api->base, -1, EV_PERSIST, on_tick, api);
	return api->tick != NULL && event_add(api->tick, &tick) == 0 && http_make(api, &api->gate[0]) &&
	       http_make(api, &api->gate[1]);
}

static bool listen_at(struct api *api, uint32_t which, const struct sockaddr *address, int size)
{
	struct gate *gate = &api->gate[which];
	struct evconnlistener *listener = evconnlistener_new_bind(api->base, NULL, NULL,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE, BACKLOG, address, size);

	if (listener == NULL)
		return false;
	if (evhttp_bind_listener(gate->http, listener) == NULL) {
		evconnlistener_free(listener);
		return false;
	}
	gate->listener = listener;
	gate->listening = true;
	return true;
}

/* A socket without a listener is a leftover; one that answers is somebody's. */
static bool unix_stale(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct stat file;
	bool stale;

	if (fd < 0)
		return false;
	stale = connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 &&
		errno == ECONNREFUSED && lstat(address->sun_path, &file) == 0 && S_ISSOCK(file.st_mode);
	close(fd);
	return stale;
}

static enum disp_err listen_unix(struct api *api, char *error)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *path = api->config.unix_path;
	mode_t mask;
	bool bound;

	if (path == NULL)
		return DISP_OK;
	if (strlen(path) >= sizeof(address.sun_path) || path[0] == '\0') {
		(void)snprintf(error, API_ERROR_SIZE, "%.120s: not a path for a unix socket", path);
		return DISP_E_INPUT;
	}
	memcpy(address.sun_path, path, strlen(path));
	if (unix_stale(&address))
		(void)unlink(path);
	mask = umask(0117); /* 0660 from the first moment */
	bound = listen_at(api, 0, (const struct sockaddr *)&address, (int)sizeof(address));
	(void)umask(mask);
	if (!bound) {
		(void)snprintf(error, API_ERROR_SIZE, "cannot listen at %.120s: %s", path, strerror(errno));
		return DISP_E_IO;
	}
	memcpy(api->unix_path, path, strlen(path) + 1);
	(void)snprintf(api->endpoint_unix, API_ENDPOINT_SIZE, "unix:%s", path);
	return DISP_OK;
}

static in_port_t *port_of(struct sockaddr_storage *address)
{
	return address->ss_family == AF_INET6 ? &((struct sockaddr_in6 *)address)->sin6_port
					      : &((struct sockaddr_in *)address)->sin_port;
}

static enum disp_err listen_tcp(struct api *api, char *error)
{
	struct sockaddr_storage address;
	int size = sizeof(address);
	socklen_t bound_size = sizeof(address);
	const char *tcp = api->config.tcp;
	char text[API_ENDPOINT_SIZE];
	bool any_port;
	size_t len;

	if (tcp == NULL)
		return DISP_OK;
	len = strlen(tcp);
	(void)snprintf(text, sizeof(text), "%s", tcp);
	any_port = len > 2 && len < sizeof(text) && strcmp(text + len - 2, ":*") == 0;
	if (any_port)
		text[len - 1] = '1'; /* libevent reads no port 0 */
	if (len >= sizeof(text) ||
		evutil_parse_sockaddr_port(text, (struct sockaddr *)&address, &size) != 0) {
		(void)snprintf(error, API_ERROR_SIZE, "%.120s: not HOST:PORT with a numeric address", tcp);
		return DISP_E_INPUT;
	}
	if (any_port)
		*port_of(&address) = 0;
	if (!listen_at(api, 1, (const struct sockaddr *)&address, size)) {
		(void)snprintf(error, API_ERROR_SIZE, "cannot listen at %.120s: %s", tcp, strerror(errno));
		return DISP_E_IO;
	}
	if (getsockname(evconnlistener_get_fd(api->gate[1].listener), (struct sockaddr *)&address,
		    &bound_size) != 0)
		return DISP_E_IO;
	*strrchr(text, ':') = '\0';
	(void)snprintf(api->endpoint_tcp, API_ENDPOINT_SIZE, "%s://%.120s:%u",
		api->tls == NULL ? "http" : "https", text, ntohs(*port_of(&address)));
	return DISP_OK;
}

/* With TLS where there is a certificate. */
static enum disp_err listen_both(struct api *api, char *error)
{
	enum disp_err err = listen_unix(api, error);

	_Static_assert((int)TLS_ERROR_SIZE <= (int)API_ERROR_SIZE, "one line for both");
	if (err == DISP_OK && api->config.tcp != NULL && api->config.certificate != NULL)
		err = handshake_open(api, error);
	return err == DISP_OK ? listen_tcp(api, error) : err;
}

enum disp_err api_open(struct api **out, const struct api_config *config, struct event_base *base,
	const struct core *core, const struct ground *ground, const struct api_hooks *hooks, char *error)
{
	struct api *api = calloc(1, sizeof(*api));
	enum disp_err err = DISP_E_IO;

	*out = NULL;
	(void)snprintf(error, API_ERROR_SIZE, "no memory for the HTTP interface");
	if (api == NULL)
		return DISP_E_IO;
	api->base = base;
	api->core = core;
	api->ground = ground;
	api->hooks = *hooks;
	if (!config_take(api, config)) {
		(void)snprintf(error, API_ERROR_SIZE, "a figure of the HTTP interface is out of range");
		err = DISP_E_INPUT;
	} else if (memory_take(api) && conn_open(api) && ticking(api) && caller_open(api) == DISP_OK) {
		err = listen_both(api, error);
	}
	if (err != DISP_OK) {
		api_close(api);
		return err;
	}
	api->config.unix_path = NULL; /* the caller's, and no longer needed */
	api->config.tcp = api->config.certificate = api->config.key = NULL;
	error[0] = '\0';
	*out = api;
	return DISP_OK;
}

void api_close(struct api *api)
{
	if (api == NULL)
		return;
	waiting_drop_all(api);
	caller_close(api);
	conn_close_all(api);
	tls_close(api->tls);
	if (api->tick != NULL)
		event_free(api->tick);
	if (api->unix_path[0] != '\0')
		(void)unlink(api->unix_path);
	free(api->account);
	free(api->conn);
	free(api->kept);
	free(api->silence);
	free(api->told);
	free(api->page);
	free(api->message);
	free(api->effect);
	free(api->plan);
	free(api);
}

enum disp_err api_renew(struct api *api, const char *certificate, const char *key, char *error)
{
	error[0] = '\0';
	return api->tls == NULL ? DISP_E_NONE : tls_renew(api->tls, certificate, key, error);
}

const char *api_endpoint_unix(const struct api *api)
{
	return api->endpoint_unix;
}

const char *api_endpoint_tcp(const struct api *api)
{
	return api->endpoint_tcp;
}

void api_get_counters(const struct api *api, struct api_counters *out)
{
	*out = api->counter;
	out->connections = api->conn_count;
	out->waiting = api->queued.count + api->waiting.count;
}
