/* route: from method and path to a function, arguments of a query, and the plain answers. */
#include "api/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/decimal.h"
#include "wire/utf8.h"

enum { PATH_MAX_BYTES = 512, DETAIL_MAX = 512, REPLY_MAX = 16 * 1024, ASKED_MAX = 64 * 1024 };

/* has_id: one more part of the path is the id, at the asterisk, or behind it all. leader: for the one alone that leads. The
 * order is that of schemas/openapi.yaml. */
static const struct route_entry {
	enum evhttp_cmd_type method;
	const char *path;
	bool has_id;
	handler *handler;
	bool leader;
} routes[] = {
	{EVHTTP_REQ_GET, "/v1/status", false, get_status, false},
	{EVHTTP_REQ_GET, "/v1/alarms", false, get_alarms, false},
	{EVHTTP_REQ_POST, "/v1/alarms", false, post_alarms, true},
	{EVHTTP_REQ_GET, "/v1/incidents", false, get_incidents, false},
	{EVHTTP_REQ_GET, "/v1/incidents", true, get_incident, false},
	{EVHTTP_REQ_GET, "/v1/incidents/*/report", true, get_report, false},
	{EVHTTP_REQ_GET, "/v1/orders", false, get_orders, false},
	{EVHTTP_REQ_GET, "/v1/orders", true, get_order, false},
	{EVHTTP_REQ_GET, "/v1/units", false, get_units, false},
	{EVHTTP_REQ_GET, "/v1/units", true, get_unit, false},
	{EVHTTP_REQ_GET, "/v1/nearest", false, get_nearest, false},
	{EVHTTP_REQ_GET, "/v1/depots", false, get_depots, false},
	{EVHTTP_REQ_GET, "/v1/depots", true, get_depot, false},
	{EVHTTP_REQ_GET, "/v1/stock", false, get_stock, false},
	{EVHTTP_REQ_GET, "/v1/devices", false, get_devices, false},
	{EVHTTP_REQ_GET, "/v1/devices", true, get_device, false},
	{EVHTTP_REQ_POST, "/v1/playbooks/reload", false, post_reload, true},
	{EVHTTP_REQ_GET, "/v1/playbooks", false, get_playbooks, false},
	{EVHTTP_REQ_GET, "/v1/playbooks", true, get_playbook, false},
	{EVHTTP_REQ_POST, "/v1/town/load", false, post_town_load, true},
	{EVHTTP_REQ_GET, "/v1/tasks", false, get_tasks, false},
	{EVHTTP_REQ_GET, "/v1/notices", false, get_notices, false},
	{EVHTTP_REQ_GET, "/v1/warnings", false, get_warnings, false},
	{EVHTTP_REQ_GET, "/v1/response", false, get_response, false},
	{EVHTTP_REQ_GET, "/v1/silences", false, get_silences, false},
	{EVHTTP_REQ_GET, "/v1/grids", false, get_grids, false},
	{EVHTTP_REQ_GET, "/v1/people", false, get_people, false},
	{EVHTTP_REQ_GET, "/v1/places", false, get_places, false},
	{EVHTTP_REQ_GET, "/v1/whoami", false, get_whoami, false},
	{EVHTTP_REQ_GET, "/v1/journal", false, get_journal, false},
	{EVHTTP_REQ_GET, "/v1/journal/verify", false, get_verify, false},
	{EVHTTP_REQ_POST, "/v1/journal/verify", false, post_verify, false},
	{EVHTTP_REQ_GET, "/v1/feed", false, get_feed, true},
	{EVHTTP_REQ_GET, "/v1/alerts", false, get_alerts, false},
	{EVHTTP_REQ_GET, "/v1/board", false, get_board, false},
	{EVHTTP_REQ_GET, "/v1/calendar", false, get_calendar, false},
	{EVHTTP_REQ_GET, "/v1/shift", false, get_on_duty, false},
	{EVHTTP_REQ_GET, "/v1/shift/handover", false, get_shift, false},
	{EVHTTP_REQ_GET, "/v1/keys", false, get_keys, false},
	{EVHTTP_REQ_GET, "/v1/asides", false, get_asides, false},
	{EVHTTP_REQ_GET, "/v1/asides", true, get_aside, false},
	{EVHTTP_REQ_POST, "/v1/lead", false, post_lead, false},
	{EVHTTP_REQ_POST, "/v1/explain", false, post_explain, false},
	{EVHTTP_REQ_POST, "/v1/commands", true, post_command, true},
};

struct text text_of(const char *terminated)
{
	return (struct text){terminated, (uint32_t)strlen(terminated)};
}

/* --- answers --------------------------------------------------------------------------------------- */

static const char *reason_of(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 400:
		return "Bad Request";
	case 401:
		return "Unauthorized";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 409:
		return "Conflict";
	case 413:
		return "Payload Too Large";
	case 422:
		return "Unprocessable Entity";
	case 429:
		return "Too Many Requests";
	case 503:
		return "Service Unavailable";
	default:
		return "Internal Server Error";
	}
}

void reply_bytes(
	struct api *api, struct evhttp_request *http, int status, const char *type, struct evbuffer *body)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(http);

	if (status >= 400)
		api->counter.errors++;
	if (evhttp_request_get_connection(http) == NULL)
		api->counter.gone++;
	conn_writes(api, http);
	(void)evhttp_add_header(headers, "Content-Type", type);
	(void)evhttp_add_header(headers, "Cache-Control", "no-store");
	(void)evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
	if (status == 405)
		(void)evhttp_add_header(headers, "Allow", "GET, POST");
	if (status == 503)
		(void)evhttp_add_header(headers, "Retry-After", "5");
	evhttp_send_reply(http, status, reason_of(status), body);
}

void reply_refused(struct api *api, struct evhttp_request *http, int status, const char *error,
	struct text detail, struct text detail_zh)
{
	struct evbuffer *body = evbuffer_new();
	char memory[REPLY_MAX];
	struct json_out out;
	struct text text;

	json_out_init(&out, memory, sizeof(memory));
	json_open_object(&out);
	JSON_KEY(&out, "error");
	json_write_text(&out, text_of(error));
	JSON_KEY(&out, "detail");
	json_write_text(&out, detail);
	if (detail_zh.len > 0) {
		JSON_KEY(&out, "detail_zh");
		json_write_text(&out, detail_zh);
	}
	json_close_object(&out);
	if (body != NULL && json_out_finish(&out, &text) == DISP_OK)
		(void)evbuffer_add_printf(body, "%.*s\n", (int)text.len, text.ptr);
	reply_bytes(api, http, status, "application/json", body);
	if (body != NULL)
		evbuffer_free(body);
}

void reply_error(
	struct api *api, struct evhttp_request *http, int status, const char *error, const char *format, ...)
{
	char detail[DETAIL_MAX], chinese[2 * DETAIL_MAX];
	va_list list;
	int len;

	va_start(list, format);
	len = vsnprintf(detail, sizeof(detail), format, list);
	va_end(list);
	len = len < DETAIL_MAX ? len : DETAIL_MAX - 1;
	if (!utf8_valid((struct text){
		    detail, (uint32_t)len})) /* what a stranger sent, or a character cut in two */
		for (int i = 0; i < len; i++)
			detail[i] = (signed char)detail[i] < 0 ? '?' : detail[i];
	reply_refused(api, http, status, error, text_of(detail), detail_zh(detail, chinese, sizeof(chinese)));
}

void reply_page(struct request *request)
{
	if (page_end(&request->page))
		reply_bytes(request->api, request->http, 200, "application/json", request->body);
	else
		reply_error(request->api, request->http, 500, "internal",
			"the answer was too long; ask for less");
}

/* --- arguments ------------------------------------------------------------------------------------- */

const char *ask_text(const struct request *request, const char *key)
{
	return evhttp_find_header(&request->query, key);
}

static bool bad(struct request *request, const char *key, const char *what)
{
	reply_error(request->api, request->http, 400, "invalid", "%s: %s", key, what);
	return false;
}

bool ask_word(struct request *request, const char *key, enum words_set set, uint32_t *out)
{
	const char *given = ask_text(request, key);
	uint32_t value = given == NULL ? 0 : words_find(set, text_of(given));

	if (given == NULL)
		return true;
	if (value == UINT32_MAX)
		return bad(request, key, "not one of its words");
	*out = value;
	return true;
}

bool ask_int(struct request *request, const char *key, int64_t min, int64_t max, int64_t *out)
{
	const char *given = ask_text(request, key);
	int64_t value;

	if (given == NULL)
		return true;
	if (!decimal_valid(text_of(given)) || decimal_to_fixed(text_of(given), 0, &value, NULL) != DISP_OK ||
		value < min || value > max)
		return bad(request, key, "not a whole number in its range");
	*out = value;
	return true;
}

bool ask_bool(struct request *request, const char *key, bool *out)
{
	const char *given = ask_text(request, key);

	if (given == NULL)
		return true;
	if (strcmp(given, "true") != 0 && strcmp(given, "false") != 0 && strcmp(given, "1") != 0 &&
		strcmp(given, "0") != 0)
		return bad(request, key, "true or false");
	*out = given[0] == 't' || given[0] == '1';
	return true;
}

bool ask_id(struct request *request, enum id_kind kind, const char *key, uint32_t *out)
{
	const char *given = ask_text(request, key);
	uint64_t number;

	if (given == NULL)
		return true;
	if (ids_read(kind, text_of(given), &number) != DISP_OK)
		return bad(request, key, "not an id of that kind");
	*out = (uint32_t)number;
	return true;
}

static uint32_t not_found(struct request *request)
{
	reply_error(request->api, request->http, 404, "not_found",
		"%.*s: there is no such thing; the list without it shows what there is",
		(int)(request->id.len < 200 ? request->id.len : 200), request->id.ptr);
	return 0;
}

uint32_t path_slot(struct request *request, enum id_kind kind, enum table table)
{
	uint64_t number;
	uint32_t slot = 0;

	if (ids_read(kind, request->id, &number) == DISP_OK)
		slot = query_slot(request->api->core, table, (uint32_t)number);
	return slot != 0 ? slot : not_found(request);
}

uint32_t path_thing(struct request *request, enum table table)
{
	uint32_t number = query_find(request->api->core, table, request->id);

	return number != 0 ? number : not_found(request);
}

/* --- dispatch -------------------------------------------------------------------------------------- */

/* Whether the path is the entry's; *id is then what stands behind it. */
static bool path_fits(const struct route_entry *entry, const char *path, struct text *id)
{
	const char *star = strchr(entry->path, '*');
	size_t len = star == NULL ? strlen(entry->path) : (size_t)(star - entry->path) - 1;

	if (strncmp(path, entry->path, len) != 0)
		return false;
	if (!entry->has_id)
		return path[len] == '\0';
	if (path[len] != '/')
		return false;
	path += len + 1;
	len = strcspn(path, "/");
	if (len == 0 || strcmp(path + len, star == NULL ? "" : star + 1) != 0)
		return false;
	*id = (struct text){path, (uint32_t)len};
	return true;
}

static const struct route_entry *entry_of(
	enum evhttp_cmd_type method, const char *path, struct text *id, bool *known)
{
	*known = false;
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (!path_fits(&routes[i], path, id))
			continue;
		*known = true;
		if (routes[i].method == method)
			return &routes[i];
	}
	return NULL;
}

static void serve(struct request *request, const struct route_entry *entry)
{
	struct api *api = request->api;

	request->body = evbuffer_new();
	if (request->body == NULL || conn_unsent(api) > API_OUTPUT_MAX) {
		reply_error(api, request->http, 503, "overloaded",
			"too much is waiting to be sent; try again soon");
	} else if (entry->leader && api->stands_by) {
		reply_not_leader(api, request->http);
	} else {
		page_begin(&request->page, api->page, request->body, api->core,
			api->hooks.now_ms(api->hooks.context));
		request->page.rows = api;
		request->page.only = ask_text(request, "fields");
		entry->handler(request);
	}
	if (request->body != NULL)
		evbuffer_free(request->body);
}

static char *path_decoded(const struct evhttp_uri *uri, size_t *len)
{
	const char *path = uri == NULL ? NULL : evhttp_uri_get_path(uri);

	return path == NULL ? NULL : evhttp_uridecode(path, 0, len);
}

/* False: not to be parsed, or not UTF-8 in the end; what stands there is shown again in answers. */
static bool query_read(const char *query, struct evkeyvalq *out)
{
	if (query == NULL)
		return true;
	if (evhttp_parse_query_str(query, out) != 0)
		return false;
	for (const struct evkeyval *pair = out->tqh_first; pair != NULL; pair = pair->next.tqe_next)
		if (!utf8_valid(text_of(pair->key)) || !utf8_valid(text_of(pair->value)))
			return false;
	return true;
}

/* Who only reads changes nothing. */
static bool may_ask(struct api *api, struct evhttp_request *http, const struct caller *caller)
{
	const struct key *key = query_at(api->core, TABLE_KEY, query_slot(api->core, TABLE_KEY, caller->key));

	if (key == NULL || key->role != KEY_READER || evhttp_request_get_command(http) == EVHTTP_REQ_GET)
		return true;
	reply_error(api, http, 403, "not_permitted",
		"this token only reads; a token of the role console is needed to change something");
	return false;
}

static void route_read(struct request *request)
{
	struct evhttp_request *http = request->http;
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(http);
	const char *query = uri == NULL ? NULL : evhttp_uri_get_query(uri);
	size_t len = 0;
	char *path = path_decoded(uri, &len);
	const struct route_entry *entry;
	bool known = false;

	if (!may_ask(request->api, http, request->caller)) {
		free(path);
		return;
	}
	if (path == NULL || strlen(path) != len || len > PATH_MAX_BYTES ||
		!query_read(query, &request->query)) {
		reply_error(request->api, http, 400, "invalid", "the path or its query cannot be read");
		evhttp_clear_headers(&request->query);
		free(path);
		return;
	}
	entry = entry_of(evhttp_request_get_command(http), path, &request->id, &known);
	if (entry != NULL)
		serve(request, entry);
	else if (known)
		reply_error(request->api, http, 405, "wrong_method", "%.200s takes another method", path);
	else
		reply_error(request->api, http, 404, "unknown_path",
			"%.200s: there is no such path; see schemas/openapi.yaml", path);
	evhttp_clear_headers(&request->query);
	free(path);
}

/* What came, in one piece; malloc. Empty: no memory, or nobody wants it. A batch of alarms is noted line by line. */
static struct text asked(const struct api *api, struct evhttp_request *http)
{
	struct evbuffer *body = evhttp_request_get_input_buffer(http);
	const char *target = evhttp_request_get_uri(http);
	size_t head = strlen(target), len = evbuffer_get_length(body);

	len = len < ASKED_MAX ? len : ASKED_MAX;
	char *bytes = api->hooks.begin == NULL || strncmp(target, "/v1/alarms", 10) == 0
			      ? NULL
			      : malloc(head + 1 + len);

	if (bytes == NULL)
		return (struct text){NULL, 0};
	memcpy(bytes, target, head);
	bytes[head] = '\n';
	(void)evbuffer_copyout(body, bytes + head + 1, len);
	return (struct text){bytes, (uint32_t)(head + 1 + len)};
}

/* Notes what is about to be read. False: it was set aside, and is answered. */
static bool may_read(struct request *request)
{
	const struct api_hooks *hooks = &request->api->hooks;

	request->asked = asked(request->api, request->http);
	if (request->asked.len == 0 || hooks->begin(hooks->context, request->asked.ptr, request->asked.len))
		return true;
	reply_error(request->api, request->http, 422, "set_aside",
		"it has brought the dispatcher down twice and is set aside; see aside list");
	return false;
}

void route(struct evhttp_request *http, void *context)
{
	struct gate *gate = context;
	struct caller caller;

	gate->api->counter.requests++;
	conn_waits(gate->api, http);
	if (caller_ask(gate, http, &caller))
		route_serve(gate->api, http, &caller);
}

/* Under the guard of the one who counts what brings the process down. */
void route_serve(struct api *api, struct evhttp_request *http, const struct caller *caller)
{
	struct request request = {.api = api, .http = http, .caller = caller};

	if (may_read(&request))
		route_read(&request);
	if (api->hooks.end != NULL)
		api->hooks.end(api->hooks.context);
	free((void *)(uintptr_t)request.asked.ptr);
}
