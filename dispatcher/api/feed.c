/* feed: server-sent events: every durable row to those who listen, and what they missed. */
#include "api/internal.h"

#include <event2/bufferevent.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "wire/decimal.h"

enum { MISSED_MAX = 1000 };

static bool add_line(struct evbuffer *to, uint64_t seq, const void *bytes, size_t count)
{
	return evbuffer_add_printf(to, "id: %llu\ndata: ", (unsigned long long)seq) > 0 &&
	       evbuffer_add(to, bytes, count) == 0 && evbuffer_add(to, "\n\n", 2) == 0;
}

/* What came after `last`, as far as it is durable; tells of a gap when it is too much. Returns the last one sent. */
static uint64_t add_missed(struct request *request, struct evbuffer *to, uint64_t last)
{
	struct page *page = &request->page;
	struct event event;
	struct effects effects;

	for (uint32_t sent = 0; row_read(request->api, last + 1, &event, &effects); sent++) {
		struct text text;

		if (sent == MISSED_MAX || evbuffer_get_length(to) > API_FEED_BUFFER_MAX / 2) {
			(void)evbuffer_add_printf(to,
				"event: gap\ndata: {\"from\":%llu,\"detail\":\"read "
				"/v1/journal?from=%llu\"}\n\n",
				(unsigned long long)last + 1, (unsigned long long)last + 1);
			break;
		}
		last++;
		if (effects.count == 0)
			continue;
		json_out_init(&page->out, request->api->page, PAGE_BYTES);
		write_row(page, request->api, &event, &effects);
		if (json_out_finish(&page->out, &text) != DISP_OK || !add_line(to, last, text.ptr, text.len))
			break;
	}
	return last;
}

void get_feed(struct request *request)
{
	struct api *api = request->api;
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request->http);
	const char *given =
		evhttp_find_header(evhttp_request_get_input_headers(request->http), "Last-Event-ID");
	int64_t last = 0;
	struct conn *conn;

	if (api->counter.feeds >= API_FEEDS_MAX) {
		reply_error(
			api, request->http, 503, "overloaded", "too many listen already; try again later");
		return;
	}
	if (given != NULL &&
		(!decimal_valid(text_of(given)) ||
			decimal_to_fixed(text_of(given), 0, &last, NULL) != DISP_OK || last < 0)) {
		reply_error(api, request->http, 400, "invalid", "Last-Event-ID: the number of a row");
		return;
	}
	conn_feeds(api, request->http);
	conn = conn_of(api, request->http);
	if (conn == NULL || conn->state != CONN_FEED) {
		reply_error(api, request->http, 503, "overloaded", "too many clients; try again later");
		return;
	}
	(void)evhttp_add_header(headers, "Content-Type", "text/event-stream");
	(void)evhttp_add_header(headers, "Cache-Control", "no-store");
	evhttp_send_reply_start(request->http, 200, "OK");
	(void)evbuffer_add(request->body, ": live\n\n", 8);
	if (given != NULL)
		conn->feed_seq = add_missed(request, request->body, (uint64_t)last);
	evhttp_send_reply_chunk(request->http, request->body);
}

void api_feed(struct api *api, uint64_t seq, const uint8_t *bytes, uint32_t count)
{
	struct evbuffer *line;

	if (api->counter.feeds == 0)
		return;
	line = evbuffer_new();
	for (uint32_t i = 0; line != NULL && i < api->config.connections_max; i++) {
		struct conn *conn = &api->conn[i];

		if (conn->state != CONN_FEED || conn->feed == NULL || conn->bev == NULL ||
			conn->feed_seq >= seq)
			continue;
		if (evbuffer_get_length(bufferevent_get_output(conn->bev)) > API_FEED_BUFFER_MAX)
			continue; /* cut off at the next tick */
		conn->feed_seq = seq;
		if (add_line(line, seq, bytes, count))
			evhttp_send_reply_chunk(conn->feed, line);
		(void)evbuffer_drain(line, evbuffer_get_length(line));
	}
	if (line != NULL)
		evbuffer_free(line);
}
