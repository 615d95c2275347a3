/* alarms: POST /v1/alarms: one message a line to the hook that reads alarms, one reply a line back, in order. */
#include "api/internal.h"

#include <string.h>

/* A refusal that waits for the replies before it; its bytes follow. */
struct late {
	uint32_t line, count;
};

void post_alarms(struct request *request)
{
	struct api *api = request->api;
	struct evbuffer *body = evhttp_request_get_input_buffer(request->http);
	size_t len = evbuffer_get_length(body);
	struct waiting *waiting;

	if (api->hooks.alarm == NULL || api->queued.count + api->waiting.count >= API_WAITING_MAX) {
		reply_error(api, request->http, 503, "overloaded",
			"alarms are not taken here now; try again soon");
		return;
	}
	if (len == 0) {
		reply_error(api, request->http, 400, "invalid", "body: one alarm a line is needed");
		return;
	}
	waiting = waiting_new(api, request->http, request->caller, len);
	if (waiting != NULL) {
		waiting->reply = evbuffer_new();
		waiting->later = evbuffer_new();
	}
	if (waiting == NULL || waiting->reply == NULL || waiting->later == NULL ||
		evbuffer_copyout(body, waiting->memory, len) != (ev_ssize_t)len) {
		reply_error(api, request->http, 503, "overloaded", "no memory; try again soon");
		if (waiting != NULL)
			waiting_free(waiting);
		return;
	}
	waiting->is_alarms = true;
	waiting->at = waiting->memory;
	waiting->end = waiting->memory + len;
	waiting_append(&api->queued, waiting);
}

static void add_reply(struct waiting *waiting, const void *bytes, uint32_t count)
{
	(void)evbuffer_add(waiting->reply, bytes, count);
	(void)evbuffer_add(waiting->reply, "\n", 1);
	waiting->answered++;
}

/* Refusals whose turn has come. */
static void catch_up(struct api *api, struct waiting *waiting)
{
	struct late late;

	while (evbuffer_copyout(waiting->later, &late, sizeof(late)) == (ev_ssize_t)sizeof(late) &&
		late.line == waiting->answered) {
		(void)evbuffer_drain(waiting->later, sizeof(late));
		(void)evbuffer_remove(waiting->later, api->page, late.count);
		add_reply(waiting, api->page, late.count);
	}
}

static void refuse_line(
	struct api *api, struct waiting *waiting, uint32_t line, const struct alarm_reply *refused)
{
	struct json_out out;
	struct text text;
	struct late late = {.line = line};

	json_out_init(&out, api->message, OUTBOX_MESSAGE_MAX);
	alarm_reply_write(&out, refused);
	if (json_out_finish(&out, &text) != DISP_OK)
		text = TEXT("{}");
	late.count = text.len;
	if (line == waiting->answered) {
		add_reply(waiting, text.ptr, text.len);
	} else {
		(void)evbuffer_add(waiting->later, &late, sizeof(late));
		(void)evbuffer_add(waiting->later, text.ptr, text.len);
	}
}

/* The next line that is not empty. */
static bool line_next(struct waiting *waiting, struct text *line)
{
	while (waiting->at < waiting->end) {
		size_t left = (size_t)(waiting->end - waiting->at);
		const char *newline = memchr(waiting->at, '\n', left);
		size_t len = newline == NULL ? left : (size_t)(newline - waiting->at);

		*line = (struct text){waiting->at, (uint32_t)len};
		waiting->at += len + (newline != NULL);
		while (line->len > 0 && (line->ptr[line->len - 1] == '\r' || line->ptr[line->len - 1] == ' '))
			line->len--;
		if (line->len > 0)
			return true;
	}
	return false;
}

bool alarms_next(struct api *api, struct waiting *waiting, int64_t at_ms, struct event *event)
{
	struct text line;

	while (line_next(waiting, &line)) {
		struct alarm_reply refused;

		waiting->lines++;
		*event = (struct event){.kind = EVENT_ALARM};
		refused = (struct alarm_reply){.result = ALARM_REJECTED,
			.reject = REJECT_MALFORMED,
			.detail = TEXT("set aside: it has brought the dispatcher down twice")};
		if (api->stands_by) /* since its first line */
			refused.reject = REJECT_NOT_LEADER,
			refused.detail = words_zh(WORDS_REJECT, REJECT_NOT_LEADER);
		else if ((api->hooks.begin == NULL ||
				 api->hooks.begin(api->hooks.context, line.ptr, line.len)) &&
			 api->hooks.alarm(api->hooks.context, line.ptr, line.len, at_ms, event, &refused)) {
			api->counter.alarms++;
			return true;
		}
		refuse_line(api, waiting, waiting->lines - 1, &refused);
	}
	return false;
}

void alarms_answer(struct api *api, struct waiting *waiting, const uint8_t *bytes, uint32_t count)
{
	add_reply(waiting, bytes, count);
	catch_up(api, waiting);
}

bool alarms_done(const struct waiting *waiting)
{
	return waiting->at == waiting->end && waiting->answered == waiting->lines;
}

void alarms_reply(struct api *api, struct waiting *waiting)
{
	if (waiting->lines == 0)
		reply_error(api, waiting->http, 400, "invalid", "body: one alarm a line is needed");
	else
		reply_bytes(api, waiting->http, 200, "application/x-ndjson", waiting->reply);
	waiting_free(waiting);
}
