/* explain: what an alarm would do now, shown as an incident is. Nothing is kept or sent. */
#include "api/internal.h"

#include <string.h>

/* --- effects as the records that they would make --------------------------------------------------- */

static struct need need_of(const struct effect_need *from)
{
	struct need need = {.incident = from->incident,
		.count = from->count,
		.missing = from->count,
		.item = from->item,
		.depot_order = from->depot_order,
		.step = from->step,
		.kind = from->kind,
		.state = NEED_OPEN,
		.skills = from->skills,
		.substitute = from->substitute,
		.arrive_within_ms = from->arrive_within_ms};

	need.r.number = from->number;
	return need;
}

uint32_t put_planned_needs(struct page *page, const struct effects *effects)
{
	uint32_t uncovered = 0;

	put_key(page, "needs");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < effects->count; i++) {
		struct need need;

		if (effects->item[i].kind != EFFECT_NEED)
			continue;
		need = need_of(&effects->item[i].u.need);
		for (uint32_t j = i + 1; j < effects->count; j++) {
			const struct effect_need_state *state = &effects->item[j].u.need_state;

			if (effects->item[j].kind != EFFECT_NEED_STATE || state->need != need.r.number)
				continue;
			need.state = state->state;
			need.why = state->why;
			need.missing = state->missing;
		}
		uncovered += need.missing > 0;
		show_need(page, &need);
	}
	json_close_array(&page->out);
	return uncovered;
}

void put_planned_orders(struct page *page, const struct effects *effects, int64_t at_ms)
{
	put_key(page, "orders");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect_order *from = &effects->item[i].u.order;

		if (effects->item[i].kind != EFFECT_ORDER)
			continue;
		struct order order = {.incident = from->incident,
			.need = from->need,
			.who = from->who,
			.depot_order = from->depot_order,
			.task = from->task,
			.action = from->action,
			.target = from->target,
			.state = ORDER_ISSUED,
			.step = from->step,
			.substitute = from->substitute,
			.late = from->late,
			.stale = from->stale,
			.manual = from->manual,
			.range_mm = from->range_mm,
			.travel_ms = from->travel_ms,
			.position_age_ms = from->position_age_ms,
			.issued_ms = at_ms,
			.respond_by_ms = from->respond_by_ms,
			.arrive_by_ms = from->arrive_by_ms};

		order.r.number = from->number;
		show_order_planned(page, &order, effects);
	}
	json_close_array(&page->out);
}

static void put_choices(struct page *page, const struct effects *effects)
{
	put_key(page, "choices");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < effects->count; i++)
		if (effects->item[i].kind == EFFECT_CHOICE)
			show_choice(page, &effects->item[i].u.choice, 0, 0);
	json_close_array(&page->out);
}

static void put_steps(struct page *page, const struct effects *effects, uint32_t number)
{
	const struct playbook *playbook = query_at(page->core, TABLE_PLAYBOOK, number);

	put_key(page, "steps");
	json_open_array(&page->out);
	for (uint32_t index = 0; playbook != NULL && index < playbook->step_count; index++) {
		struct step_mark mark = {0};

		for (uint32_t i = 0; i < effects->count; i++) {
			const struct effect_step *step = &effects->item[i].u.step;

			if (effects->item[i].kind == EFFECT_STEP && step->step == index)
				mark = (struct step_mark){.state = step->state,
					.why = step->why,
					.progress = step->progress,
					.due_ms = step->due_ms};
		}
		show_step(page, playbook, index, &mark);
	}
	json_close_array(&page->out);
}

static void put_calls(struct page *page, const struct effects *effects, const struct event *event)
{
	put_key(page, "notices");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect_notice *from = &effects->item[i].u.notice;

		if (effects->item[i].kind != EFFECT_NOTICE)
			continue;
		struct notice notice = {.incident = from->incident,
			.person = from->person,
			.unit = from->unit,
			.who = from->who,
			.state = NOTICE_PENDING,
			.step = from->step,
			.issued_ms = event->at_ms,
			.due_ms = from->due_ms};

		notice.r.number = from->number;
		show_notice(page, &notice);
	}
	json_close_array(&page->out);
	put_key(page, "tasks");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect_task *from = &effects->item[i].u.task;

		if (effects->item[i].kind != EFFECT_TASK)
			continue;
		struct task task = {.incident = from->incident,
			.person = from->person,
			.order = from->order,
			.notice = from->notice,
			.state = TASK_OPEN,
			.issued_ms = event->at_ms,
			.due_ms = from->due_ms};

		task.r.number = from->number;
		show_task(page, NULL, &task);
	}
	json_close_array(&page->out);
}

/* --- POST /v1/explain ------------------------------------------------------------------------------- */

/* The plans for this type of alarm: which would answer it, how specifically, and why the others do not. */
static void put_candidates(struct page *page, const struct event *event)
{
	put_key(page, "candidates");
	json_open_array(&page->out);
	for (uint32_t number = 1; number <= query_used(page->core, TABLE_PLAYBOOK); number++) {
		const struct playbook *playbook = query_at(page->core, TABLE_PLAYBOOK, number);
		enum match_why why;
		uint32_t score =
			playbook == NULL ? 0 : query_match(page->core, event, number, event->at_ms, &why);

		if (playbook == NULL || why == MATCH_INACTIVE || why == MATCH_TYPE)
			continue;
		json_open_object(&page->out);
		put_thing(page, "playbook", TABLE_PLAYBOOK, number);
		put_name(page, "title", TABLE_PLAYBOOK, number);
		put_bool(page, "fits", score > 0);
		put_int(page, "specific", score);
		put_word(page, "why", WORDS_MATCH, why);
		json_close_object(&page->out);
	}
	json_close_array(&page->out);
}

/* What the rest of the answer hangs on. */
struct gist {
	uint32_t playbook, incident, incident_type;
	uint8_t result, reject, state;
	bool opens, held;
};

static struct gist gist_of(const struct effects *effects)
{
	struct gist gist = {0};

	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect *effect = &effects->item[i];

		if (effect->kind == EFFECT_ALARM) {
			gist.result = effect->u.alarm.result;
			gist.reject = effect->u.alarm.reject;
			gist.incident = effect->u.alarm.opened ? 0 : effect->u.alarm.incident;
			gist.playbook = effect->u.alarm.playbook;
		} else if (effect->kind == EFFECT_INCIDENT) {
			gist.opens = true;
			gist.playbook = effect->u.incident.playbook;
			gist.incident_type = effect->u.incident.type;
			gist.held = effect->u.incident.why == WHY_HELD;
			gist.state = INCIDENT_REPORTED;
		} else if (effect->kind == EFFECT_INCIDENT_STATE) {
			gist.state = effect->u.incident_state.to;
		}
	}
	return gist;
}

static void write_explained(struct page *page, const struct event *event, const struct effects *effects)
{
	struct gist gist = gist_of(effects);
	uint32_t uncovered;

	json_open_object(&page->out);
	put_word(page, "result", WORDS_ALARM_RESULT, gist.result);
	put_word_nullable(page, "reason", WORDS_REJECT, gist.reject);
	put_null(page, "detail");
	put_bool(page, "opens", gist.opens);
	put_id(page, "incident", ID_INCIDENT, gist.incident);
	put_number(page, "incident_type", gist.incident_type);
	put_thing(page, "playbook", TABLE_PLAYBOOK, gist.playbook);
	put_word_nullable(page, "state", WORDS_INCIDENT_STATE, gist.state);
	put_bool(page, "held", gist.held);
	put_candidates(page, event);
	uncovered = put_planned_needs(page, effects);
	put_int(page, "uncovered", uncovered);
	put_planned_orders(page, effects, event->at_ms);
	put_choices(page, effects);
	put_steps(page, effects, gist.playbook);
	put_calls(page, effects, event);
	put_lines(page, "decided", effects, 0);
	json_close_object(&page->out);
}

static void write_refused(struct page *page, const struct alarm_reply *refused)
{
	static const char *const lists[] = {
		"candidates", "needs", "orders", "choices", "steps", "notices", "tasks", "decided"};

	json_open_object(&page->out);
	put_word(page, "result", WORDS_ALARM_RESULT, ALARM_REJECTED);
	put_word_nullable(page, "reason", WORDS_REJECT, refused->reject);
	put_text_nullable(page, "detail", refused->detail);
	put_bool(page, "opens", false);
	put_null(page, "incident");
	put_null(page, "incident_type");
	put_null(page, "playbook");
	put_null(page, "state");
	put_bool(page, "held", false);
	put_int(page, "uncovered", 0);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		put_key(page, lists[i]);
		json_open_array(&page->out);
		json_close_array(&page->out);
	}
	json_close_object(&page->out);
}

void post_explain(struct request *request)
{
	struct api *api = request->api;
	struct evbuffer *body = evhttp_request_get_input_buffer(request->http);
	size_t len = evbuffer_get_length(body);
	struct event event = {.kind = EVENT_ALARM};
	struct effects effects = {0, api->effect};
	struct alarm_reply refused = {0};
	enum disp_err err;

	if (api->hooks.alarm == NULL || api->hooks.explain == NULL) {
		reply_error(api, request->http, 503, "unavailable", "this program explains nothing");
		return;
	}
	if (len == 0 || len > ALARM_BYTES_MAX ||
		evbuffer_copyout(body, api->message, len) != (ev_ssize_t)len) {
		reply_error(api, request->http, len > ALARM_BYTES_MAX ? 413 : 400,
			len > 0 ? "too_large" : "invalid",
			"body: one alarm, as JSON, of at most 65536 bytes is needed");
		return;
	}
	if (!api->hooks.alarm(api->hooks.context, api->message, (uint32_t)len, request->page.now_ms, &event,
		    &refused)) {
		write_refused(&request->page, &refused);
		reply_page(request);
		return;
	}
	event.at_ms = request->page.now_ms;
	err = api->hooks.explain(api->hooks.context, &event, &effects);
	if (err != DISP_OK && err != DISP_E_FULL) {
		reply_error(
			api, request->http, 503, "unavailable", "it cannot be decided now; try again soon");
		return;
	}
	write_explained(&request->page, &event, &effects);
	reply_page(request);
}
