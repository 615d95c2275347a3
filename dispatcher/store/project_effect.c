/* project_effect: what a decision writes in the projections, one function an effect; words are project_story's. */
#include <stdio.h>
#include <string.h>

#include "core/query.h"
#include "store/project_row.h"
#include "wire/ids.h"

#define ROW(table, key) fold_row(&rows->fold, PROJECT_TABLE_##table, (key), (key), (key))
#define SEQ(row, table) fold_int(&(row), table##_seq, (int64_t)rows->event.seq)

static struct text word(enum words_set set, uint32_t value)
{
	return words_of(set, value);
}

static struct text id_of(enum id_kind kind, uint64_t number, char *out)
{
	return ids_write(kind, number, out);
}

/* ---- incidents ---- */

static struct fold_row incident_row(struct project_rows *rows, uint32_t number)
{
	char id[ID_SIZE];
	struct fold_row to = ROW(INCIDENT, id_of(ID_INCIDENT, number, id));

	SEQ(to, INCIDENT);
	return to;
}

static void incident_origin(struct project_rows *rows, const struct fold_row *to)
{
	const struct event_open *open = &rows->event.u.open;

	if (rows->event.kind == EVENT_ALARM) {
		fold_text(to, INCIDENT_text, rows->event.u.alarm.text);
		fold_text(to, INCIDENT_source, rows->event.u.alarm.source);
	} else if (rows->event.kind == EVENT_OPEN) {
		fold_text(to, INCIDENT_text, open->text);
		fold_text(to, INCIDENT_source, open->source.len > 0 ? open->source : rows->event.by);
		fold_text(to, INCIDENT_caller, open->caller);
		fold_text(to, INCIDENT_phone, open->phone);
		fold_text(to, INCIDENT_place, open->where);
	} else if (rows->event.kind == EVENT_PAPER) {
		const struct event_paper *paper = &rows->event.u.paper;

		fold_text(to, INCIDENT_text, paper->text);
		fold_text(to, INCIDENT_source, paper->source.len > 0 ? paper->source : rows->event.by);
		fold_text(to, INCIDENT_caller, paper->caller);
		fold_text(to, INCIDENT_phone, paper->phone);
		fold_text(to, INCIDENT_place, paper->where);
		fold_text(to, INCIDENT_paper_by, rows->event.by);
		fold_time(to, INCIDENT_paper_at, rows->event.at_ms);
	}
}

/* Words that were new when this was decided have no number in the effect. */
static void incident_words(
	struct project_rows *rows, const struct fold_row *to, const struct effect_incident *effect)
{
	const struct event_open *open = &rows->event.u.open;
	struct text type = project_name(rows, ROW_NAME_TEXT, effect->type);
	struct text title = project_name(rows, ROW_NAME_TEXT, effect->title);

	if (rows->event.kind == EVENT_OPEN) {
		type = open->type;
		if (title.len == 0)
			title = open->title.len > 0 ? open->title : open->type;
	} else if (rows->event.kind == EVENT_PAPER) {
		const struct event_paper *paper = &rows->event.u.paper;

		type = paper->type;
		if (title.len == 0)
			title = paper->title.len > 0 ? paper->title : paper->type;
	} else if (rows->event.kind == EVENT_ALARM && type.len == 0) {
		type = rows->event.u.alarm.type;
	}
	fold_text(to, INCIDENT_type, type);
	fold_text(to, INCIDENT_title, query_word_zh(title));
}

/* Its first sensor was another case's: what that sensor has said goes along, by a rule of project_rule.c. */
static void parted(struct project_rows *rows, const struct effect_incident *effect)
{
	char id[ID_SIZE];
	struct fold_row to = ROW(PARTED, id_of(ID_INCIDENT, effect->number, id));

	fold_text(&to, PARTED_from, id_of(ID_INCIDENT, effect->split_from, id));
	fold_text(&to, PARTED_device, project_name(rows, ROW_NAME_DEVICE, effect->device));
}

static void on_incident(struct project_rows *rows, const struct effect_incident *effect)
{
	struct fold_row to = incident_row(rows, effect->number);

	fold_int(&to, INCIDENT_number, effect->number % 1000000);
	incident_words(rows, &to, effect);
	fold_text(&to, INCIDENT_playbook, project_name(rows, ROW_NAME_PLAYBOOK, effect->playbook));
	fold_int(&to, INCIDENT_priority, effect->priority);
	if (effect->grade != GRADE_NONE)
		fold_text(&to, INCIDENT_grade, words_zh(WORDS_GRADE, effect->grade));
	fold_text(&to, INCIDENT_response_level, project_roman(effect->response_level));
	fold_int(&to, INCIDENT_level, 1);
	fold_text(&to, INCIDENT_state, word(WORDS_INCIDENT_STATE, INCIDENT_REPORTED));
	fold_text(&to, INCIDENT_mode, word(WORDS_MODE, effect->mode));
	fold_place(&to, INCIDENT_lon, INCIDENT_lat, &effect->place);
	fold_text(&to, INCIDENT_grid, project_name(rows, ROW_NAME_GRID, effect->grid));
	fold_int(&to, INCIDENT_alarm_count, 0);
	fold_int(&to, INCIDENT_order_count, 0);
	fold_int(&to, INCIDENT_reopened_count, 0);
	/* What was run on paper began when it was reported, not when it was brought in. */
	fold_time(&to, INCIDENT_opened_at, effect->paper ? effect->reported_ms : rows->event.at_ms);
	if (effect->split_from != 0) {
		char id[ID_SIZE];

		fold_text(&to, INCIDENT_split_from, id_of(ID_INCIDENT, effect->split_from, id));
		parted(rows, effect);
	}
	incident_origin(rows, &to);
}

static void on_incident_state(struct project_rows *rows, const struct effect_incident_state *effect)
{
	static const uint32_t when[INCIDENT_STATE_COUNT] = {[INCIDENT_ACCEPTED] = INCIDENT_accepted_at,
		[INCIDENT_DISPATCHED] = INCIDENT_dispatched_at,
		[INCIDENT_DONE_REPORTED] = INCIDENT_done_at,
		[INCIDENT_VERIFIED] = INCIDENT_verified_at,
		[INCIDENT_CLOSED] = INCIDENT_closed_at,
		[INCIDENT_CANCELLED] = INCIDENT_closed_at,
		[INCIDENT_REFERRED] = INCIDENT_closed_at};
	struct fold_row to = incident_row(rows, effect->incident);
	/* An undone merge does nothing to the case now; the true times of a paper follow. */
	bool now = effect->act != ACT_SPLIT && rows->event.kind != EVENT_PAPER;
	uint32_t column = now && effect->to < INCIDENT_STATE_COUNT ? when[effect->to] : 0;

	fold_text(&to, INCIDENT_state, word(WORDS_INCIDENT_STATE, effect->to));
	if (column != 0)
		fold_time(&to, column, rows->event.at_ms);
	if (effect->disposition != DISPOSITION_NONE)
		fold_text(&to, INCIDENT_disposition, word(WORDS_DISPOSITION, effect->disposition));
	if (effect->to == INCIDENT_VERIFIED && now)
		fold_text(&to, INCIDENT_verified_by, rows->event.by);
	if (effect->act == ACT_DONE)
		fold_text(&to, INCIDENT_done_by, rows->event.by);
	if (effect->act == ACT_VERIFY && rows->event.kind == EVENT_ACT)
		fold_text(&to, INCIDENT_evidence, rows->event.u.act.evidence);
	if (column == INCIDENT_closed_at)
		fold_text(&to, INCIDENT_closed_by, rows->event.by);
	if (effect->act == ACT_REOPEN || effect->act == ACT_VERIFY_FAILED) {
		fold_int(&to, INCIDENT_reopened_count, 1);
		fold_time(&to, INCIDENT_reopened_at, rows->event.at_ms);
	}
}

/* The true times of a case that was run on paper. */
static void on_times(struct project_rows *rows, const struct effect_incident_times *effect)
{
	const struct event_paper *paper = &rows->event.u.paper;
	const struct {
		uint32_t column;
		int64_t at_ms;
	} times[] = {{INCIDENT_accepted_at, effect->accepted_ms},
		{INCIDENT_dispatched_at, effect->dispatched_ms},
		{INCIDENT_first_arrived_at, effect->arrived_ms}, {INCIDENT_done_at, effect->done_ms},
		{INCIDENT_verified_at, effect->verified_ms}, {INCIDENT_closed_at, effect->ended_ms}};
	struct fold_row to = incident_row(rows, effect->incident);

	for (uint32_t index = 0; index < sizeof times / sizeof times[0]; index++)
		if (times[index].at_ms != 0)
			fold_time(&to, times[index].column, times[index].at_ms);
	if (rows->event.kind != EVENT_PAPER)
		return;
	fold_text(&to, INCIDENT_done_by, paper->done_by);
	fold_text(&to, INCIDENT_verified_by, paper->verified_by);
}

static void on_merged(struct project_rows *rows, const struct effect_incident_merged *effect)
{
	struct fold_row to = incident_row(rows, effect->incident);
	char id[ID_SIZE];
	char into[ID_SIZE];
	struct fold_row moved = ROW(MERGED, id_of(ID_INCIDENT, effect->incident, id));

	if (effect->into == 0) { /* taken out again */
		fold_clear(&to, INCIDENT_merged_into);
		fold_clear(&moved, MERGED_into);
		return;
	}
	fold_text(&to, INCIDENT_merged_into, id_of(ID_INCIDENT, effect->into, into));
	fold_text(&moved, MERGED_into, id_of(ID_INCIDENT, effect->into, into));
}

/* ---- requirements and orders ---- */

static void need_add(struct project_need *need, struct text part)
{
	if (part.len == 0 || need->len + part.len + 1 > PROJECT_NEED_BYTES)
		return;
	if (need->len > 0)
		need->text[need->len++] = ' ';
	memcpy(need->text + need->len, part.ptr, part.len);
	need->len += part.len;
}

static void on_need(struct project_rows *rows, const struct effect_need *effect)
{
	struct project_need *need = &rows->need[effect->number % PROJECT_NEEDS_MAX];
	char id[ID_SIZE];
	struct fold_row to = ROW(NEED, id_of(ID_NEED, effect->number, id));

	*need = (struct project_need){.number = effect->number};
	need_add(need, project_name(rows, ROW_NAME_TEXT, effect->item));
	for (uint32_t bit = 0; bit < 64; bit++) /* a bit is no number: 0 is one, too */
		if ((effect->skills >> bit & 1) != 0)
			need_add(need, rows->names->name(rows->names->context, ROW_NAME_SKILL, bit));
	fold_text(&to, NEED_incident, id_of(ID_INCIDENT, effect->incident, id));
	fold_text(&to, NEED_what, (struct text){need->text, need->len});
	fold_int(&to, NEED_wanted, effect->count);
	fold_int(&to, NEED_missing, effect->count);
	fold_text(&to, NEED_state, word(WORDS_NEED_STATE, NEED_OPEN));
	fold_time(&to, NEED_at, rows->event.at_ms);
	SEQ(to, NEED);
}

/* The case's shortfall is made of these by a rule of project_rule.c. */
static void on_need_state(struct project_rows *rows, const struct effect_need_state *effect)
{
	char id[ID_SIZE];
	struct fold_row to = ROW(NEED, id_of(ID_NEED, effect->need, id));

	fold_text(&to, NEED_state, word(WORDS_NEED_STATE, effect->state));
	fold_int(&to, NEED_missing, effect->missing);
	if (effect->why == WHY_NONE)
		fold_clear(&to, NEED_why);
	else
		fold_text(&to, NEED_why, words_zh(WORDS_WHY, effect->why));
	SEQ(to, NEED);
}

static struct fold_row order_row(struct project_rows *rows, uint32_t number)
{
	char id[ID_SIZE];
	struct fold_row to = ROW(ORDER, id_of(ID_ORDER, number, id));

	SEQ(to, ORDER);
	return to;
}

/* How many were free and nearer, and one: a unit goes to the requirement that it serves best, not always to the nearest. */
static void order_rank(
	const struct project_rows *rows, const struct fold_row *to, const struct effect_order *order)
{
	const struct effect_choice *choice = NULL;
	int64_t rank = 1;

	for (uint32_t index = 0; index < rows->effects.count; index++) {
		const struct effect *other = &rows->effects.item[index];

		if (other->kind == EFFECT_CHOICE && other->u.choice.need == order->need)
			choice = &other->u.choice;
		if (other->kind == EFFECT_ORDER && other->u.order.need == order->need &&
			other->u.order.travel_ms < order->travel_ms)
			rank++;
	}
	if (choice == NULL)
		return; /* the officer's own choice, a depot, a device */
	for (uint32_t index = 0; index < choice->passed_count; index++) {
		const struct passed *passed = &choice->passed[index];

		if ((passed->why == WHY_SLOWER || passed->why == WHY_OTHER_NEED) && passed->travel_ms >= 0 &&
			passed->travel_ms < order->travel_ms)
			rank++;
	}
	fold_int(to, ORDER_rank, rank);
}

static void order_numbers(
	struct project_rows *rows, const struct fold_row *to, const struct effect_order *effect)
{
	char id[ID_SIZE];

	fold_fixed(to, ORDER_range_m, effect->range_mm, 3);
	fold_fixed(to, ORDER_travel_s, effect->travel_ms, 3);
	if (effect->step != 255)
		fold_int(to, ORDER_step, effect->step + 1);
	if (effect->substitute)
		fold_text(to, ORDER_substitute, TEXT("substitute"));
	fold_text(to, ORDER_carrier_order, id_of(ID_ORDER, effect->depot_order, id));
	if (rows->event.kind == EVENT_SWAP)
		fold_text(to, ORDER_replaces, id_of(ID_ORDER, rows->event.u.swap.order, id));
	fold_time(to, ORDER_respond_by, effect->respond_by_ms);
	fold_time(to, ORDER_arrive_by, effect->arrive_by_ms);
	fold_time(to, ORDER_issued_at, rows->event.at_ms);
	if (effect->manual)
		fold_text(to, ORDER_by, rows->event.by);
}

static void on_order(struct project_rows *rows, const struct effect_order *effect)
{
	struct fold_row to = order_row(rows, effect->number);
	struct fold_row of = incident_row(rows, effect->incident);
	char order[ID_SIZE];
	char incident[ID_SIZE];
	char need[ID_SIZE];
	struct text who = project_who(rows, effect->target, effect->who);
	struct text task = project_name(rows, ROW_NAME_TEXT, effect->task);

	fold_text(&to, ORDER_incident, id_of(ID_INCIDENT, effect->incident, incident));
	fold_text(&to, ORDER_kind, word(WORDS_TARGET, effect->target));
	fold_text(&to, ORDER_target, who);
	fold_text(&to, ORDER_task,
		task.len == 0 && rows->event.kind == EVENT_SEND ? rows->event.u.send.task : task);
	fold_text(&to, ORDER_action, project_name(rows, ROW_NAME_TEXT, effect->action));
	fold_text(&to, ORDER_state, word(WORDS_ORDER_STATE, ORDER_ISSUED));
	fold_text(&to, ORDER_need, project_need_text(rows, effect->need, need));
	fold_copy(&to, ORDER_level, &of, INCIDENT_level);
	fold_copy(&to, ORDER_mode, &of, INCIDENT_mode);
	fold_copy(&to, ORDER_lon, &of, INCIDENT_lon);
	fold_copy(&to, ORDER_lat, &of, INCIDENT_lat);
	order_rank(rows, &to, effect);
	order_numbers(rows, &to, effect);
	fold_int(&of, INCIDENT_order_count, 1);
	if (effect->target != TARGET_UNIT)
		return;
	struct fold_row unit = ROW(UNIT, who);

	fold_text(&unit, UNIT_order_id, id_of(ID_ORDER, effect->number, order));
	fold_text(&unit, UNIT_incident, id_of(ID_INCIDENT, effect->incident, incident));
	SEQ(unit, UNIT);
}

/* Who was passed over stands in every order of this row that fills the requirement. */
static void on_choice(struct project_rows *rows, const struct effect *effect)
{
	struct json_out out;
	struct text json;

	json_out_init(&out, rows->json, sizeof(rows->json));
	row_json_effect(&out, effect, rows->names);
	if (json_out_finish(&out, &json) != DISP_OK)
		return;
	for (uint32_t index = 0; index < rows->effects.count; index++) {
		const struct effect *other = &rows->effects.item[index];

		if (other->kind == EFFECT_ORDER && other->u.order.need == effect->u.choice.need) {
			struct fold_row to = order_row(rows, other->u.order.number);

			fold_text(&to, ORDER_explain, json);
		}
	}
}

static void on_order_state(struct project_rows *rows, const struct effect_order_state *effect)
{
	struct fold_row to = order_row(rows, effect->order);
	int64_t at_ms = rows->event.at_ms;
	bool again = effect->from == effect->to; /* told once more: no new answer */
	bool answered = !again && effect->to >= ORDER_ACCEPTED && effect->to <= ORDER_DECLINED;

	fold_text(&to, ORDER_state, word(WORDS_ORDER_STATE, effect->to));
	if (effect->from > ORDER_DONE && effect->to < ORDER_DONE) { /* a late yes: in force again */
		fold_clear(&to, ORDER_ended_at);
		fold_clear(&to, ORDER_reason);
	}
	if (effect->respond_by_ms != 0) {
		fold_time(&to, ORDER_respond_by, effect->respond_by_ms);
		project_call_due(rows, effect->task, effect->respond_by_ms);
	}
	if (!again && effect->to == ORDER_DELIVERED)
		fold_time(&to, ORDER_delivered_at, at_ms);
	if (answered) {
		fold_time(&to, ORDER_answered_at, at_ms);
		fold_text(&to, ORDER_by,
			rows->event.by.len > 0 || rows->event.kind != EVENT_ANSWER
				? rows->event.by
				: rows->event.u.answer.who);
		fold_text(&to, ORDER_channel, rows->event.channel);
	}
	if (!again && effect->to == ORDER_EN_ROUTE)
		fold_time(&to, ORDER_en_route_at, at_ms);
	if (effect->to == ORDER_ARRIVED)
		fold_time(&to, ORDER_arrived_at, at_ms);
	if (effect->to == ORDER_DONE)
		fold_time(&to, ORDER_done_at, at_ms);
	if (effect->to > ORDER_DONE) {
		fold_time(&to, ORDER_ended_at, at_ms);
		if (effect->why != WHY_NONE)
			fold_text(&to, ORDER_reason, word(WORDS_WHY, effect->why));
		if (rows->event.kind == EVENT_ANSWER)
			fold_text(&to, ORDER_reason, rows->event.u.answer.reason);
	}
}

static void on_unit_state(struct project_rows *rows, const struct effect_unit_state *effect)
{
	struct fold_row to = ROW(UNIT, project_name(rows, ROW_NAME_UNIT, effect->unit));

	fold_text(&to, UNIT_state, word(WORDS_UNIT_STATE, effect->to));
	fold_time(&to, UNIT_state_at, rows->event.at_ms);
	if (effect->to == UNIT_AVAILABLE || effect->to == UNIT_RETURNING || effect->to == UNIT_OFF_DUTY) {
		fold_clear(&to, UNIT_order_id);
		fold_clear(&to, UNIT_incident);
	}
	if (effect->from == UNIT_RETURNING && effect->to == UNIT_AVAILABLE &&
		rows->event.kind == EVENT_TICK) {
		struct text unit = project_name(rows, ROW_NAME_UNIT, effect->unit);
		struct fold_row homed = ROW(HOMED, unit); /* back at the station, as far as anybody knows */

		SEQ(homed, HOMED);
		fold_forget(&to, UNIT_lon);
		fold_forget(&to, UNIT_lat);
		fold_forget(&to, UNIT_position_at);
	}
	if (rows->event.kind == EVENT_UNIT_SET)
		fold_text(&to, UNIT_reason, rows->event.u.unit_set.reason);
	SEQ(to, UNIT);
}

static void on_unit_place(struct project_rows *rows, const struct effect_unit_place *effect)
{
	struct fold_row to = ROW(UNIT, project_name(rows, ROW_NAME_UNIT, effect->unit));

	fold_place(&to, UNIT_lon, UNIT_lat, &effect->place);
	fold_time(&to, UNIT_position_at, effect->time_ms);
	SEQ(to, UNIT);
}

void project_effect(struct project_rows *rows, const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_ALARM:
		project_alarm(rows, &effect->u.alarm);
		break;
	case EFFECT_INCIDENT:
		on_incident(rows, &effect->u.incident);
		break;
	case EFFECT_INCIDENT_STATE:
		on_incident_state(rows, &effect->u.incident_state);
		break;
	case EFFECT_INCIDENT_TIMES:
		on_times(rows, &effect->u.incident_times);
		break;
	case EFFECT_INCIDENT_MERGED:
		on_merged(rows, &effect->u.incident_merged);
		break;
	case EFFECT_NEED:
		on_need(rows, &effect->u.need);
		break;
	case EFFECT_NEED_STATE:
		on_need_state(rows, &effect->u.need_state);
		break;
	case EFFECT_CHOICE:
		on_choice(rows, effect);
		break;
	case EFFECT_ORDER:
		on_order(rows, &effect->u.order);
		break;
	case EFFECT_ORDER_STATE:
		on_order_state(rows, &effect->u.order_state);
		break;
	case EFFECT_UNIT_STATE:
		on_unit_state(rows, &effect->u.unit_state);
		break;
	case EFFECT_UNIT_PLACE:
		on_unit_place(rows, &effect->u.unit_place);
		break;
	default:
		project_effect_more(rows, effect);
		break;
	}
}
