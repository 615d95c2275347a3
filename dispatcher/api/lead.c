/* lead: of two daemons, what the one that stands by answers, and how a person has one lead. Who leads is decided elsewhere. */
#include "api/internal.h"

#include <stdio.h>
#include <string.h>

#include "core/permit.h"
#include "wire/field_in.h"

enum { BY_MAX = 128, CHANNEL_MAX = 32, REASON_MAX = 512, LINE_MAX_BYTES = 512 };

static bool is(const char *word, const char *state)
{
	return word != NULL && state != NULL && strcmp(word, state) == 0;
}

static struct api_pair pair_of(const struct api *api)
{
	struct api_status status = {0};

	if (api->hooks.status != NULL)
		api->hooks.status(api->hooks.context, &status);
	return status.pair;
}

void api_lead(struct api *api, bool leads)
{
	api->stands_by = !leads;
}

/* --- refused here, done there ------------------------------------------------------------------------ */

void reply_not_leader(struct api *api, struct evhttp_request *http)
{
	struct api_pair pair = pair_of(api);
	const char *holder = pair.holder == NULL ? "this machine" : pair.holder;
	const char *holder_zh = pair.holder == NULL ? "本机" : pair.holder;
	char en[LINE_MAX_BYTES], zh[LINE_MAX_BYTES];

	if (is(pair.state, "held")) {
		(void)snprintf(en, sizeof(en),
			"%s leads, but reaches neither PostgreSQL nor the other machine, which may have "
			"taken over: "
			"nothing was done, and nothing is sent. Ask the other machine; when it is off: "
			"dispatchctl lead --force",
			holder);
		(void)snprintf(zh, sizeof(zh),
			"%s是主机,但与数据库和另一台都失去联系,另一台可能已接替:命令未执行,"
			"本机不发出任何指令。"
			"请到另一台操作;确认另一台已关机后可用 dispatchctl lead --force",
			holder_zh);
	} else if (is(pair.state, "takes")) {
		(void)snprintf(en, sizeof(en),
			"%s is about to take over: nothing was done; try again in some seconds", holder);
		(void)snprintf(zh, sizeof(zh), "%s正在接替值守,命令未执行,请几秒后再试", holder_zh);
	} else if (pair.leader != NULL && !is(pair.leader, holder)) {
		(void)snprintf(en, sizeof(en), "%s stands by, %s leads: nothing was done; ask %s", holder,
			pair.leader, pair.leader);
		(void)snprintf(zh, sizeof(zh), "%s为备机,现由%s值守:命令未执行,请到%s操作", holder_zh,
			pair.leader, pair.leader);
	} else {
		(void)snprintf(
			en, sizeof(en), "%s stands by: nothing was done; ask the machine that leads", holder);
		(void)snprintf(zh, sizeof(zh), "%s为备机:命令未执行,请到正在值守的主机操作", holder_zh);
	}
	reply_refused(api, http, 503, "not_leader", text_of(en), text_of(zh));
}

/* --- a person's word ----------------------------------------------------------------------------------- */

/* The body's texts, in memory that outlives the request's parts. */
struct asked_lead {
	struct event event;
	struct text by, channel, reason;
	bool force;
	char bytes[2 * (BY_MAX + CHANNEL_MAX + REASON_MAX)];
	char kept[BY_MAX + CHANNEL_MAX + REASON_MAX];
	uint32_t used;
};

static struct text keep(struct asked_lead *asked, struct text text)
{
	char *at = asked->kept + asked->used;

	if (text.len == 0 || text.len > sizeof(asked->kept) - asked->used)
		return (struct text){NULL, 0};
	memcpy(at, text.ptr, text.len);
	asked->used += text.len;
	return (struct text){at, text.len};
}

/* {"force": true, "reason", "by", "channel"}. False: it was answered. */
static bool read_asked(struct request *request, struct asked_lead *asked)
{
	struct api *api = request->api;
	struct evbuffer *body = evhttp_request_get_input_buffer(request->http);
	size_t len = evbuffer_get_length(body);
	struct json_scratch scratch = {asked->bytes, sizeof(asked->bytes), 0};
	struct json_doc doc;
	struct field_in in;

	if (len == 0 || len > COMMAND_BYTES_MAX ||
		evbuffer_copyout(body, api->message, len) != (ev_ssize_t)len ||
		json_read(&doc, api->message, len, api->token, COMMAND_TOKENS_MAX, NULL) != DISP_OK ||
		json_kind(&doc, 0) != JSON_KIND_OBJECT) {
		reply_error(api, request->http, 400, "invalid",
			"body: {\"force\": true, \"reason\": \"…\"} is needed");
		return false;
	}
	field_in_init(&in, &doc, &scratch);
	(void)field_bool(&in, json_find(&doc, 0, TEXT("force")), "force", &asked->force);
	(void)field_text(&in, json_find(&doc, 0, TEXT("reason")), "reason", REASON_MAX, true, &asked->reason);
	(void)field_text(&in, json_find(&doc, 0, TEXT("by")), "by", BY_MAX, false, &asked->by);
	(void)field_text(
		&in, json_find(&doc, 0, TEXT("channel")), "channel", CHANNEL_MAX, false, &asked->channel);
	if (in.reason != REJECT_NONE || asked->reason.len == 0) {
		reply_error(api, request->http, 400, "invalid", "%s",
			in.reason != REJECT_NONE ? in.detail : "reason: must not be empty");
		return false;
	}
	if (!asked->force) {
		reply_error(api, request->http, 400, "invalid", "force: must be true");
		return false;
	}
	return true;
}

static bool has_other(struct request *request, const struct api_pair *pair)
{
	if (request->api->hooks.lead == NULL || pair->state == NULL) {
		reply_error(request->api, request->http, 409, "wrong_state",
			"there is no other daemon: this one leads");
		return false;
	}
	if (is(pair->state, "leads")) {
		reply_error(request->api, request->http, 409, "unchanged",
			"this machine leads already; nothing was done");
		return false;
	}
	return true;
}

static void reply_led(struct request *request, struct text detail)
{
	struct api_pair pair = pair_of(request->api);
	struct page *page = &request->page;

	json_open_object(&page->out);
	put_text(page, "result", TEXT("ok"));
	put_text(page, "detail", detail);
	put_pair(page, &pair);
	json_close_object(&page->out);
	reply_page(request);
}

void post_lead(struct request *request)
{
	struct api *api = request->api;
	struct asked_lead asked = {.event = {.kind = EVENT_LEAD}};
	struct api_pair pair = pair_of(api);
	struct text detail = {NULL, 0};
	char holder[LINE_MAX_BYTES];

	if (!read_asked(request, &asked))
		return;
	(void)snprintf(holder, sizeof(holder), "%s", pair.holder == NULL ? "" : pair.holder);
	asked.event.by = keep(&asked, asked.by);
	asked.event.channel = keep(&asked, asked.channel);
	asked.event.u.lead = (struct event_lead){
		.holder = text_of(holder), .reason = keep(&asked, asked.reason), .forced = true};
	if (!asked_well(request, &asked.event) || !has_other(request, &pair))
		return;
	if (api->hooks.lead(api->hooks.context, &asked.event, &detail))
		reply_led(request, detail);
	else
		reply_error(api, request->http, 409, "wrong_state", "%.*s", (int)detail.len, detail.ptr);
}

/* null: never. */
static void put_ago(struct page *page, const char *key, int64_t ago_ms)
{
	if (ago_ms >= 0) {
		put_milli(page, key, ago_ms);
		return;
	}
	put_key(page, key);
	json_write_null(&page->out);
}

void put_pair(struct page *page, const struct api_pair *pair)
{
	put_key(page, "pair");
	if (pair->state == NULL) {
		json_write_null(&page->out);
		return;
	}
	json_open_object(&page->out);
	put_text(page, "state", text_of(pair->state));
	put_text_nullable(page, "holder", text_of(pair->holder == NULL ? "" : pair->holder));
	put_text_nullable(page, "leader", text_of(pair->leader == NULL ? "" : pair->leader));
	put_int(page, "epoch", (int64_t)pair->epoch);
	put_ago(page, "heard_s", pair->heard_ms);
	put_ago(page, "behind_s", pair->behind_ms);
	put_bool(page, "forced", pair->forced);
	put_int(page, "stray_rows", (int64_t)pair->stray_rows);
	put_bool(page, "holder_twice", pair->holder_twice);
	json_close_object(&page->out);
}
