/* reload: a person has the playbooks or the town read again: who may, who it was, and what became of it. Reads no file. */
#include "api/internal.h"

#include <string.h>

#include "api/refusal_who.h"
#include "core/permit.h"
#include "wire/field_in.h"

enum { BY_MAX = 128, CHANNEL_MAX = 32, DIR_MAX = 1023 };

/* What was asked; its texts point to the bytes behind it, or to our own. */
struct asked {
	struct event event;
	struct text dir;
	char bytes[2 * (BY_MAX + CHANNEL_MAX + DIR_MAX)], kept[BY_MAX + CHANNEL_MAX + DIR_MAX];
	uint32_t used;
};

static void reply_loaded(struct request *request, const struct api_loaded *loaded)
{
	struct page *page = &request->page;
	uint32_t start = 0;

	json_open_object(&page->out);
	put_text(page, "result", loaded->ok ? TEXT("ok") : TEXT("refused"));
	put_text_nullable(page, "error", loaded->ok ? (struct text){NULL, 0} : TEXT("invalid"));
	put_text(page, "detail", loaded->detail);
	put_int(page, "count", loaded->count);
	put_key(page, "faults");
	json_open_array(&page->out);
	for (uint32_t i = 0; i <= loaded->faults.len; i++) {
		if (i < loaded->faults.len && loaded->faults.ptr[i] != '\n')
			continue;
		if (i > start)
			json_write_text(&page->out, (struct text){loaded->faults.ptr + start, i - start});
		start = i + 1;
		page_flush(page);
	}
	json_close_array(&page->out);
	json_close_object(&page->out);
	if (!page_end(page))
		reply_error(request->api, request->http, 500, "internal", "the list of faults was too long");
	else
		reply_bytes(request->api, request->http, loaded->ok ? 200 : 422, "application/json",
			request->body);
}

/* The message is overwritten by the rows that follow. */
static struct text keep(struct asked *asked, struct text text)
{
	char *at = asked->kept + asked->used;

	if (text.len == 0 || text.len > sizeof(asked->kept) - asked->used)
		return (struct text){NULL, 0};
	memcpy(at, text.ptr, text.len);
	asked->used += text.len;
	return (struct text){at, text.len};
}

/* {"dir", "by", "channel"}: who asks need not be said; wants_dir: which folder must be. False: it was answered. */
static bool read_asked(struct request *request, struct asked *asked, bool wants_dir)
{
	struct api *api = request->api;
	struct evbuffer *body = evhttp_request_get_input_buffer(request->http);
	size_t len = evbuffer_get_length(body);
	struct json_scratch scratch = {asked->bytes, sizeof(asked->bytes), 0};
	struct text dir = {NULL, 0}, by = {NULL, 0}, channel = {NULL, 0};
	struct json_doc doc;
	struct field_in in;

	if (len == 0 && !wants_dir)
		return true;
	if (len == 0 || len > COMMAND_BYTES_MAX ||
		evbuffer_copyout(body, api->message, len) != (ev_ssize_t)len ||
		json_read(&doc, api->message, len, api->token, COMMAND_TOKENS_MAX, NULL) != DISP_OK ||
		json_kind(&doc, 0) != JSON_KIND_OBJECT) {
		reply_error(api, request->http, 400, "invalid",
			wants_dir ? "body: {\"dir\": \"…\"} is needed, a directory that the daemon can read"
				  : "body: none, or {\"by\": \"who asks\"}");
		return false;
	}
	field_in_init(&in, &doc, &scratch);
	(void)field_text(&in, json_find(&doc, 0, TEXT("by")), "by", BY_MAX, false, &by);
	(void)field_text(&in, json_find(&doc, 0, TEXT("channel")), "channel", CHANNEL_MAX, false, &channel);
	(void)field_text(&in, json_find(&doc, 0, TEXT("dir")), "dir", DIR_MAX, wants_dir, &dir);
	if (in.reason != REJECT_NONE || (wants_dir && dir.len == 0)) {
		reply_error(api, request->http, 400, "invalid", "%s",
			in.reason != REJECT_NONE ? in.detail : "dir: a directory is needed");
		return false;
	}
	asked->event.by = keep(asked, by);
	asked->event.channel = keep(asked, channel);
	asked->dir = keep(asked, dir);
	return true;
}

bool asked_well(struct request *request, struct event *event)
{
	struct api *api = request->api;
	struct tell said;

	if (!caller_signs(api, request->http, request->caller, event))
		return false;
	if (permit_event(api->core, event) == PERMIT_MAY)
		return true;
	said.en_len = said.zh_len = 0;
	refusal_not_permitted(&said, api->core, event);
	reply_refused(api, request->http, 403, "not_permitted", (struct text){said.en, said.en_len},
		(struct text){said.zh, said.zh_len});
	return false;
}

void post_reload(struct request *request)
{
	struct api *api = request->api;
	struct asked asked = {.event = {.kind = EVENT_LOAD, .u.load = {.what = EVENT_PLAN}}};
	struct api_loaded loaded = {0};

	if (api->hooks.reload == NULL) {
		reply_error(api, request->http, 503, "unavailable", "this program loads no playbooks");
		return;
	}
	if (!read_asked(request, &asked, false) || !asked_well(request, &asked.event))
		return;
	api->hooks.reload(api->hooks.context, &asked.event, &loaded);
	reply_loaded(request, &loaded);
}

void post_town_load(struct request *request)
{
	struct api *api = request->api;
	struct asked asked = {.event = {.kind = EVENT_LOAD, .u.load = {.what = EVENT_TOWN}}};
	struct api_loaded loaded = {0};

	if (api->hooks.town_load == NULL) {
		reply_error(api, request->http, 503, "unavailable", "this program loads no town");
		return;
	}
	if (!read_asked(request, &asked, true) || !asked_well(request, &asked.event))
		return;
	api->hooks.town_load(api->hooks.context, &asked.event, asked.dir, &loaded);
	reply_loaded(request, &loaded);
}
