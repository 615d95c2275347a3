/* answer: requests that wait for their row: taken in, handed to the shell, answered when it is durable. */
#include "api/command.h"
#include "api/find.h"
#include "api/internal.h"

#include <stdlib.h>
#include <string.h>

/* --- the two lists --------------------------------------------------------------------------------- */

struct waiting *waiting_new(
	struct api *api, struct evhttp_request *http, const struct caller *caller, size_t memory)
{
	struct waiting *waiting = calloc(1, sizeof(*waiting));

	if (waiting == NULL)
		return NULL;
	waiting->memory = malloc(memory + 1);
	if (waiting->memory == NULL) {
		free(waiting);
		return NULL;
	}
	waiting->http = http;
	waiting->ticket = ++api->ticket;
	waiting->caller = *caller;
	return waiting;
}

void waiting_append(struct waiting_list *list, struct waiting *waiting)
{
	waiting->next = NULL;
	if (list->last != NULL)
		list->last->next = waiting;
	else
		list->first = waiting;
	list->last = waiting;
	list->count++;
}

static void waiting_take(struct waiting_list *list, struct waiting *waiting)
{
	struct waiting *before = NULL;

	for (struct waiting *at = list->first; at != NULL && at != waiting; at = at->next)
		before = at;
	if (before != NULL)
		before->next = waiting->next;
	else
		list->first = waiting->next;
	if (list->last == waiting)
		list->last = before;
	list->count--;
}

void waiting_free(struct waiting *waiting)
{
	if (waiting->reply != NULL)
		evbuffer_free(waiting->reply);
	if (waiting->later != NULL)
		evbuffer_free(waiting->later);
	free(waiting->memory);
	free(waiting->asked);
	free(waiting);
}

/* A batch of alarms is found while it is still being handed out, too. */
static struct waiting *waiting_find(struct api *api, uint64_t ticket)
{
	for (struct waiting *at = api->waiting.first; at != NULL; at = at->next)
		if (at->ticket == ticket)
			return at;
	return api->queued.first != NULL && api->queued.first->ticket == ticket ? api->queued.first : NULL;
}

static void drop_list(struct api *api, struct waiting_list *list)
{
	while (list->first != NULL) {
		struct waiting *waiting = list->first;

		waiting_take(list, waiting);
		reply_error(api, waiting->http, 503, "stopping",
			"the daemon stops; whether it was done stands in the journal, look before you "
			"repeat");
		waiting_free(waiting);
	}
}

void waiting_drop_all(struct api *api)
{
	drop_list(api, &api->queued);
	drop_list(api, &api->waiting);
}

/* --- commands in ----------------------------------------------------------------------------------- */

/* The body and what is written out of it live behind each other: [body][scratch][name]. */
static bool command_parse(struct request *request, const struct command *command, struct waiting *waiting,
	uint32_t len, bool *dry_run)
{
	struct api *api = request->api;
	struct command_input input = {.name = waiting->memory + 2 * (size_t)len + 64};
	struct json_error error;
	struct json_doc doc;
	struct json_scratch scratch = {waiting->memory + len, len + 64, 0};
	char detail[FIELD_DETAIL_SIZE];
	const char *why = "";

	if (json_read(&doc, waiting->memory, len, api->token, COMMAND_TOKENS_MAX, &error) != DISP_OK) {
		reply_error(api, request->http, 400, "bad_json", "not JSON: %s, at byte %u", error.message,
			error.at);
		return false;
	}
	if (!command_read(command, &doc, &scratch, &input, detail)) {
		reply_error(api, request->http, 400, "invalid", "%s", detail);
		return false;
	}
	if (command->fill != NULL && !command->fill(api, &input, command->preset, &why)) {
		const struct tell *said = &input.refused.said;

		if (input.refused.candidate_count > 0)
			reply_candidates(api, request->http, &input.refused);
		else if (input.refused.status != 0)
			reply_refused(api, request->http, input.refused.status, input.refused.error,
				(struct text){said->en, said->en_len}, (struct text){said->zh, said->zh_len});
		else
			reply_error(api, request->http, 400, "invalid", "%s", why);
		return false;
	}
	if (!caller_signs(api, request->http, &waiting->caller, &input.event))
		return false;
	waiting->event = input.event;
	*dry_run = input.dry_run;
	api->tried_with = input.with;
	return true;
}

/* For the guard, when it is handed to the shell; without memory it goes unguarded. */
static void keep_asked(const struct request *request, struct waiting *waiting)
{
	waiting->asked = request->asked.len == 0 ? NULL : malloc(request->asked.len);
	if (waiting->asked == NULL)
		return;
	memcpy(waiting->asked, request->asked.ptr, request->asked.len);
	waiting->asked_len = request->asked.len;
}

void post_command(struct request *request)
{
	struct api *api = request->api;
	const struct command *command = command_find(request->id);
	struct evbuffer *body = evhttp_request_get_input_buffer(request->http);
	size_t len = evbuffer_get_length(body);
	struct waiting *waiting;
	bool dry_run = false;

	if (command == NULL) {
		reply_error(api, request->http, 404, "unknown_command",
			"%.100s: there is no such command; see schemas/openapi.yaml", request->id.ptr);
		return;
	}
	if (len > COMMAND_BYTES_MAX) {
		reply_error(api, request->http, 413, "too_large", "a command has at most 65536 bytes");
		return;
	}
	if (api->queued.count + api->waiting.count >= API_WAITING_MAX) {
		reply_error(api, request->http, 503, "overloaded",
			"too many commands are waiting; try again soon");
		return;
	}
	waiting = waiting_new(api, request->http, request->caller, 2 * len + 64 + COMMAND_NAME_MAX);
	if (waiting == NULL || evbuffer_copyout(body, waiting->memory, len) != (ev_ssize_t)len) {
		reply_error(api, request->http, 503, "overloaded", "no memory; try again soon");
		if (waiting != NULL)
			waiting_free(waiting);
		return;
	}
	waiting->command = command;
	if (!command_parse(request, command, waiting, (uint32_t)len, &dry_run)) {
		waiting_free(waiting);
		return;
	}
	if (dry_run) {
		reply_dry_run(request, command, &waiting->event);
		waiting_free(waiting);
		return;
	}
	keep_asked(request, waiting);
	waiting_append(&api->queued, waiting);
}

/* --- to the shell ---------------------------------------------------------------------------------- */

bool api_ready(const struct api *api)
{
	return api->queued.first != NULL;
}

/* Nobody waits for it any more, and nothing of it has been handed out. */
static bool asked_nothing(const struct waiting *waiting)
{
	return waiting->handed == 0 && conn_gone(waiting->http);
}

void api_hold(struct api *api, enum hold hold)
{
	api->hold = hold;
}

/* Answers it at once, unless each of its lines will be refused. */
static bool turned_away(struct api *api, struct waiting *waiting)
{
	if (api->stands_by && waiting->handed == 0) {
		waiting_take(&api->queued, waiting);
		reply_not_leader(api, waiting->http);
		waiting_free(waiting);
		return true;
	}
	if (api->hold != HOLD_ALL || waiting->is_alarms)
		return false;
	waiting_take(&api->queued, waiting);
	reply_error(api, waiting->http, 503, "overloaded",
		"nothing can be written down at present (is the disk full?); nothing was done, try again "
		"soon");
	waiting_free(waiting);
	return true;
}

/* Its key was revoked, or ended, while it waited. */
static bool shown_out(struct api *api, struct waiting *waiting)
{
	if (caller_holds(api, &waiting->caller) || waiting->handed > 0)
		return false;
	waiting_take(&api->queued, waiting);
	reply_error(api, waiting->http, 401, "unknown_token", "this token holds no more; nothing was done");
	waiting_free(waiting);
	return true;
}

enum disp_err api_next(struct api *api, int64_t at_ms, struct event *event, struct origin *origin)
{
	while (api->queued.first != NULL) {
		struct waiting *waiting = api->queued.first;
		bool has_event;

		if (asked_nothing(waiting)) {
			waiting_take(&api->queued, waiting);
			reply_error(api, waiting->http, 503, "gone", "nobody waited for it");
			waiting_free(waiting);
			continue;
		}
		if (turned_away(api, waiting) || shown_out(api, waiting))
			continue;
		has_event = !waiting->is_alarms || alarms_next(api, waiting, at_ms, event);
		if (!waiting->is_alarms || !has_event) {
			waiting_take(&api->queued, waiting);
			waiting_append(&api->waiting, waiting);
		}
		if (!has_event && alarms_done(waiting)) {
			waiting_take(&api->waiting, waiting);
			alarms_reply(api, waiting);
		}
		if (!has_event)
			continue;
		if (!waiting->is_alarms)
			*event = waiting->event;
		if (waiting->asked != NULL) /* it was asked when it came in */
			(void)api->hooks.begin(api->hooks.context, waiting->asked, waiting->asked_len);
		event->from = text_of(waiting->caller.from);
		waiting->handed++;
		event->at_ms = at_ms;
		*origin = (struct origin){.door = DOOR_API, .ticket = waiting->ticket};
		return DISP_OK;
	}
	return DISP_E_AGAIN;
}

/* --- answers out ----------------------------------------------------------------------------------- */

static enum disp_err prepare_command(struct api *api, const struct waiting *waiting,
	const struct event *event, const struct effects *effects, const struct origin *origin,
	struct outbox *outbox)
{
	struct origin to = *origin;
	struct page page;
	struct text text;
	uint32_t number;

	page_begin(&page, api->message, NULL, api->core, event->at_ms);
	write_verdict(&page, api, waiting->command, event, effects, VERDICT_WHOLE);
	if (json_out_finish(&page.out, &text) != DISP_OK) {
		page_begin(&page, api->message, NULL, api->core, event->at_ms);
		write_verdict(&page, api, waiting->command, event, effects, VERDICT_SHORT);
		if (json_out_finish(&page.out, &text) != DISP_OK)
			return DISP_E_FULL;
	}
	to.flags = verdict_outcome(effects, &number);
	return outbox_put(outbox, event->seq, &to, text.ptr, text.len);
}

static enum disp_err prepare_alarm(struct api *api, const struct event *event, const struct effects *effects,
	const struct origin *origin, struct outbox *outbox)
{
	const struct event_alarm *alarm = &event->u.alarm;
	struct alarm_reply reply = {
		.id = alarm->id, .source = alarm->source, .result = ALARM_ACCEPTED, .seq = event->seq};
	struct origin to = *origin;
	struct json_out out;
	struct text text;

	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect_alarm *said = &effects->item[i].u.alarm;

		if (effects->item[i].kind != EFFECT_ALARM)
			continue;
		reply.result = said->result;
		reply.reject = said->reject;
		reply.incident = said->incident;
		reply.retry_after_s = said->reject == REJECT_OVERLOADED ? 1 : 0;
		if (said->result == ALARM_REJECTED)
			reply.detail = words_zh(WORDS_REJECT, said->reject);
		break;
	}
	json_out_init(&out, api->message, OUTBOX_MESSAGE_MAX);
	alarm_reply_write(&out, &reply);
	if (json_out_finish(&out, &text) != DISP_OK)
		return DISP_E_FULL;
	to.flags = FLAG_ALARM;
	return outbox_put(outbox, event->seq, &to, text.ptr, text.len);
}

static enum disp_err prepare_feed(
	struct api *api, const struct event *event, const struct effects *effects, struct outbox *outbox)
{
	struct origin to = {.door = DOOR_API, .flags = FLAG_FEED, .ticket = event->seq};
	struct page page;
	struct text text;

	if (api->counter.feeds == 0 || effects->count == 0)
		return DISP_OK;
	page_begin(&page, api->message, NULL, api->core, event->at_ms);
	write_row(&page, api, event, effects);
	if (json_out_finish(&page.out, &text) != DISP_OK)
		return DISP_E_FULL;
	return outbox_put(outbox, event->seq, &to, text.ptr, text.len);
}

enum disp_err api_prepare(struct api *api, const struct event *event, const struct effects *effects,
	const struct origin *origin, struct outbox *outbox)
{
	enum disp_err err = DISP_OK, feed;
	struct waiting *waiting;

	alarm_keep(api, event, effects);
	silence_keep(api, event, effects);
	if (outbox == NULL)
		return DISP_OK;
	if (event->kind == EVENT_KEY)
		conn_keys_look(api);
	waiting = origin != NULL && origin->door == DOOR_API ? waiting_find(api, origin->ticket) : NULL;
	if (waiting != NULL && waiting->is_alarms)
		err = prepare_alarm(api, event, effects, origin, outbox);
	else if (waiting != NULL)
		err = prepare_command(api, waiting, event, effects, origin, outbox);
	if (err != DISP_OK)
		api_refuse(api, origin, 503, TEXT("full"),
			TEXT("it is done, but there was no room for the answer; look before you repeat it"));
	feed = prepare_feed(api, event, effects, outbox);
	return err != DISP_OK ? err : feed;
}

void api_refuse(struct api *api, const struct origin *to, int status, struct text error, struct text detail)
{
	struct waiting *waiting = to->door == DOOR_API ? waiting_find(api, to->ticket) : NULL;
	char word[64];
	uint32_t len = error.len < sizeof(word) ? error.len : (uint32_t)sizeof(word) - 1;

	if (waiting == NULL)
		return;
	memcpy(word, error.ptr, len);
	word[len] = '\0';
	waiting_take(waiting == api->queued.first ? &api->queued : &api->waiting, waiting);
	reply_error(api, waiting->http, status, word, "%.*s", (int)detail.len, detail.ptr);
	waiting_free(waiting);
}

static void send_command(
	struct api *api, struct waiting *waiting, uint8_t outcome, const uint8_t *bytes, uint32_t count)
{
	struct evbuffer *body = evbuffer_new();

	api->counter.commands++;
	waiting_take(&api->waiting, waiting);
	if (body == NULL || evbuffer_add(body, bytes, count) != 0 || evbuffer_add(body, "\n", 1) != 0)
		reply_error(
			api, waiting->http, 500, "internal", "it is done, but the answer found no memory");
	else
		reply_bytes(api, waiting->http, verdict_status(outcome), "application/json", body);
	if (body != NULL)
		evbuffer_free(body);
	waiting_free(waiting);
}

void api_send(struct api *api, const struct origin *to, const uint8_t *bytes, uint32_t count)
{
	struct waiting *waiting;

	if (to->door != DOOR_API)
		return;
	if (to->flags == FLAG_FEED) {
		api_feed(api, to->ticket, bytes, count);
		return;
	}
	waiting = waiting_find(api, to->ticket);
	if (waiting == NULL)
		return;
	if (!waiting->is_alarms) {
		send_command(api, waiting, to->flags, bytes, count);
		return;
	}
	alarms_answer(api, waiting, bytes, count);
	if (alarms_done(waiting)) {
		waiting_take(waiting == api->queued.first ? &api->queued : &api->waiting, waiting);
		alarms_reply(api, waiting);
	}
}
