/* verdict: what became of a command, or would become of it, as its answer. */
#include "api/command.h"
#include "api/internal.h"

#include <string.h>

#include "api/refusal.h"
#include "api/tell.h"
#include "api/tell_line.h"

/* What the officer reads when the core refused. */
static const struct refusal {
	int status;
	const char *en, *zh;
} refusals[OUTCOME_COUNT] = {
	[OUTCOME_OK] = {200, "", ""},
	[OUTCOME_NOT_FOUND] = {404, "there is no such thing; look it up in the list",
		"未找到,请在列表中核对"},
	[OUTCOME_WRONG_STATE] = {409, "its present state does not allow this; look at it again",
		"当前状态不允许此操作,请重新查看"},
	[OUTCOME_BUSY] = {409,
		"the unit has a live order; order-send takes it all the same with also: true (--also)",
		"该力量有任务在身;确需加派请用 order send 加 --also"},
	[OUTCOME_FULL] = {503, "a table is full; close what is finished", "容量已满,请先结案已完成事项"},
	[OUTCOME_INVALID] = {422, "an argument is out of range, or does not fit the thing",
		"参数超出范围或与对象不符"},
	[OUTCOME_NOT_PERMITTED] = {403, "not permitted to this person", "该人员无此权限"},
	[OUTCOME_SAME_PERSON] = {403,
		"the one who verifies is not the one who did the work; ask somebody else",
		"核查人不能是处置人,请由他人核查"},
	[OUTCOME_NO_STOCK] = {409, "not enough in stock, or what is there is promised",
		"库存不足,或已被预留"},
	[OUTCOME_UNCHANGED] = {409, "it is so already", "已是该状态,无变化"},
	[OUTCOME_NEEDS_AGREEMENT] = {403, "somebody else must agree; say who did: agreed",
		"须经他人同意,请用 --agreed 指明同意人"},
	[OUTCOME_GONE_TOO_FAR] = {409, "it has gone on since and cannot be undone", "情况已有变化,不能撤回"},
	[OUTCOME_NO_EVIDENCE] = {422,
		"a verification needs a note, the reference of a photo, or quiet sensors",
		"核查须有说明、照片编号,或设备报警已解除"},
	[OUTCOME_IN_FUTURE] = {422, "a time lies in the future", "时间晚于现在"},
	[OUTCOME_TIME_ORDER] = {422, "a time lies before the one that must precede it", "时间先后有误"},
	[OUTCOME_TAKEN] = {409, "there is one already; take another", "已存在,请另取一个"},
};

uint8_t verdict_outcome(const struct effects *effects, uint32_t *number)
{
	*number = 0;
	for (uint32_t i = 0; i < effects->count; i++) {
		if (effects->item[i].kind != EFFECT_RESULT)
			continue;
		*number = effects->item[i].u.result.number;
		return effects->item[i].u.result.outcome < OUTCOME_COUNT ? effects->item[i].u.result.outcome
									 : OUTCOME_INVALID;
	}
	return OUTCOME_OK;
}

/* The ids of what was made or touched. */
static void put_touched(
	struct page *page, const char *touched, uint32_t number, const struct effects *effects)
{
	static const struct {
		const char *key;
		enum id_kind kind;
	} ids[] = {{"order", ID_ORDER}, {"silence", ID_SILENCE}, {"task", ID_TASK}, {"notice", ID_NOTICE}};
	uint32_t incident = touched != NULL && strcmp(touched, "incident") == 0 ? number : 0;

	for (uint32_t i = 0; i < effects->count && incident == 0; i++)
		incident = query_effect_incident(&effects->item[i]);
	put_id(page, "incident", ID_INCIDENT, incident);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		put_id(page, ids[i].key, ids[i].kind,
			touched != NULL && strcmp(touched, ids[i].key) == 0 ? number : 0);
	put_thing(page, "key", TABLE_KEY,
		touched != NULL && strcmp(touched, "key") == 0 ? query_slot(page->core, TABLE_KEY, number)
							       : 0);
	put_thing(page, "unit", TABLE_UNIT, touched != NULL && strcmp(touched, "unit") == 0 ? number : 0);
	put_thing(
		page, "device", TABLE_DEVICE, touched != NULL && strcmp(touched, "device") == 0 ? number : 0);
}

/* Whose answer says what it leaves uncovered. */
static bool takes_from_town(uint32_t kind)
{
	return kind == EVENT_SEND || kind == EVENT_SWAP || kind == EVENT_ADD || kind == EVENT_SUPPLY ||
	       kind == EVENT_UNIT_SET;
}

/* The requirement that the command puts up, and the level that it raises to. */
static const struct effect_need *need_of(const struct effects *effects)
{
	for (uint32_t i = 0; i < effects->count; i++)
		if (effects->item[i].kind == EFFECT_NEED)
			return &effects->item[i].u.need;
	return NULL;
}

static uint8_t level_of(const struct effects *effects)
{
	for (uint32_t i = 0; i < effects->count; i++)
		if (effects->item[i].kind == EFFECT_INCIDENT_LEVEL)
			return effects->item[i].u.incident_level.level;
	return 0;
}

/* What the plan of the incident makes of it in the next row. */
static void follow(struct api *api, const struct event *event, const struct effects *effects, bool applied,
	struct effects *plan)
{
	bool acts = event->kind == EVENT_ACT &&
		    (event->u.act.act == ACT_CONFIRM || event->u.act.act == ACT_UPGRADE);
	bool by_depot = event->kind == EVENT_SUPPLY && event->u.supply.depot.len > 0;
	const struct effect_need *more = applied || by_depot ? NULL : need_of(effects);

	*plan = (struct effects){0, api->plan};
	if (event->kind == EVENT_ADD)
		(void)query_propose(api->core, event->u.add.incident, 0, more, event->at_ms, plan);
	else if (event->kind == EVENT_SUPPLY && (applied || !by_depot))
		(void)query_propose(api->core, event->u.supply.incident, 0, more, event->at_ms, plan);
	else if (acts)
		(void)query_propose(
			api->core, event->u.act.incident, level_of(effects), NULL, event->at_ms, plan);
}

/* What is opened by words that the core has not heard before has them only in the event. */
static void tell_unheard(struct tell *line, const struct event *event)
{
	const struct event_open *open = &event->u.open;
	struct text title = open->title.len > 0 ? open->title : query_word_zh(open->type);

	line_en(line, " (%.*s)", (int)title.len, title.ptr);
	line_zh(line, "(%.*s)", (int)title.len, title.ptr);
}

static void put_line_of(
	struct page *page, const struct event *event, const struct effect *effect, bool chinese)
{
	struct tell line = {.en_len = 0};

	if (event->kind == EVENT_TASK && event->u.task.silent && effect->kind == EFFECT_TASK_STATE)
		return;
	if (effect->kind == EFFECT_RESULT || !tell_effect(&line, page->core, effect))
		return;
	if (effect->kind == EFFECT_INCIDENT && effect->u.incident.title == 0 && event->kind == EVENT_OPEN)
		tell_unheard(&line, event);
	json_write_text(&page->out,
		chinese ? (struct text){line.zh, line.zh_len} : (struct text){line.en, line.en_len});
}

/* The lines of what is decided, then of what follows; a requirement that is in both is said once. */
static void put_effects(struct page *page, const char *key, const struct event *event,
	const struct effects *done, const struct effects *plan, bool chinese)
{
	const struct effect_need *need = need_of(done);

	put_key(page, key);
	json_open_array(&page->out);
	for (uint32_t i = 0; i < done->count; i++)
		put_line_of(page, event, &done->item[i], chinese);
	for (uint32_t i = 0; i < plan->count; i++)
		if (need == NULL || plan->item[i].kind != EFFECT_NEED ||
			plan->item[i].u.need.number != need->number)
			put_line_of(page, event, &plan->item[i], chinese);
	json_close_array(&page->out);
}

static void put_done(struct page *page, struct api *api, const struct event *event,
	const struct effects *effects, enum verdict_form form)
{
	struct effects plan;
	struct tell tell;

	tell_event(&tell, page->core, event, effects);
	if (event->kind == EVENT_OPEN)
		put_opened(page, &tell, event, effects);
	if (event->kind == EVENT_WARNING)
		put_warned(page, &tell, &event->u.warning);
	if (event->kind == EVENT_ACT && event->u.act.act == ACT_MERGE)
		put_goes_on(page, &tell, event, effects);
	if (event->kind == EVENT_ACT)
		put_ends_with(page, &tell, event);
	put_calls_end(page, &tell, event, effects);
	if (event->kind == EVENT_TASK)
		tell_call_over(&tell, page->core, event);
	if (event->kind == EVENT_ANSWER)
		tell_declined(&tell, page->core, event);
	if (form == VERDICT_DRY || takes_from_town(event->kind)) {
		follow(api, event, effects, form != VERDICT_DRY, &plan);
		if (event->kind == EVENT_SUPPLY)
			put_supplied(page, &tell, event->u.supply.incident, effects, &plan);
		put_uncovered(page, &tell, event, effects, &plan,
			form == VERDICT_DRY ? api->tried_with : TEXT(""), form != VERDICT_DRY);
	}
	put_text(page, "detail", (struct text){tell.en, tell.en_len});
	put_text(page, "detail_zh", (struct text){tell.zh, tell.zh_len});
	if (form != VERDICT_DRY)
		return;
	put_effects(page, "effects", event, effects, &plan, false);
	put_effects(page, "effects_zh", event, effects, &plan, true);
}

static void put_refused(struct page *page, const struct event *event, uint8_t outcome)
{
	const struct refusal *refusal = &refusals[outcome];
	struct tell tell = {.en_len = 0};

	refusal_tell(&tell, page->core, event, outcome);
	put_text(
		page, "detail", tell.en_len > 0 ? (struct text){tell.en, tell.en_len} : text_of(refusal->en));
	put_text(page, "detail_zh",
		tell.zh_len > 0 ? (struct text){tell.zh, tell.zh_len} : text_of(refusal->zh));
}

int verdict_status(uint8_t outcome)
{
	return outcome < OUTCOME_COUNT ? refusals[outcome].status : 500;
}

void write_verdict(struct page *page, struct api *api, const struct command *command,
	const struct event *event, const struct effects *effects, enum verdict_form form)
{
	uint32_t number;
	uint8_t outcome = verdict_outcome(effects, &number);
	struct effects none = {0, NULL};

	json_open_object(&page->out);
	put_word(page, "result", WORDS_OUTCOME, outcome);
	put_word(page, "outcome", WORDS_OUTCOME, outcome);
	put_word_nullable(page, "error", WORDS_OUTCOME, outcome);
	if (form == VERDICT_DRY)
		put_bool(page, "dry_run", true);
	put_int(page, "seq", (int64_t)event->seq);
	put_time(page, "at", event->at_ms);
	put_touched(page, outcome == OUTCOME_OK ? command->touched : NULL, number, effects);
	if (outcome == OUTCOME_OK)
		put_done(page, api, event, effects, form);
	else
		put_refused(page, event, outcome);
	/* of a call that reached nobody `done` would be the wrong word: the detail says it */
	bool silent = event->kind == EVENT_TASK && event->u.task.silent;

	put_lines(page, "decided", form == VERDICT_SHORT || silent ? &none : effects, 0);
	json_close_object(&page->out);
}

/* The same decision, shown and thrown away. */
void reply_dry_run(struct request *request, const struct command *command, struct event *event)
{
	struct api *api = request->api;
	struct effects effects = {0, api->effect};
	uint32_t number;
	enum disp_err err = DISP_E_NONE;

	event->at_ms = request->page.now_ms;
	event->seq = query_town(api->core)->seq;
	if (api->hooks.explain != NULL)
		err = api->hooks.explain(api->hooks.context, event, &effects);
	if (err != DISP_OK && err != DISP_E_FULL) {
		reply_error(
			api, request->http, 503, "unavailable", "it cannot be decided now; try again soon");
		return;
	}
	write_verdict(&request->page, api, command, event, &effects, VERDICT_DRY);
	if (page_end(&request->page))
		reply_bytes(api, request->http, verdict_status(verdict_outcome(&effects, &number)),
			"application/json", request->body);
	else
		reply_error(api, request->http, 500, "internal", "the answer was too long");
}
