/* project_effect_more: notices, call tasks, deadlines, terminals, the town's switches, materials; as project_effect. */
#include <stdio.h>

#include "store/project_row.h"
#include "wire/ids.h"

#define ROW(table, key) fold_row(&rows->fold, PROJECT_TABLE_##table, (key), (key), (key))
/* The case's mode, where this batch has opened it; else a rule of project_rule.c takes it over. */
#define MODE(row, table, incident)                                                                           \
	do {                                                                                                 \
		struct fold_row of = fold_find(&rows->fold, PROJECT_TABLE_INCIDENT, (incident));             \
                                                                                                             \
		fold_copy(&(row), table##_mode, &of, INCIDENT_mode);                                         \
	} while (0)
#define SEQ(row, table) fold_int(&(row), table##_seq, (int64_t)rows->event.seq)

static void on_level(struct project_rows *rows, const struct effect_incident_level *effect)
{
	char id[ID_SIZE];
	struct fold_row to = ROW(INCIDENT, ids_write(ID_INCIDENT, effect->incident, id));

	fold_int(&to, INCIDENT_level, effect->level);
	SEQ(to, INCIDENT);
}

void project_call_due(struct project_rows *rows, uint32_t task, int64_t due_ms)
{
	char id[ID_SIZE];

	if (task == 0)
		return;
	struct fold_row to = ROW(CALL_TASK, ids_write(ID_TASK, task, id));

	fold_time(&to, CALL_TASK_due_at, due_ms);
	SEQ(to, CALL_TASK);
}

static void on_notice(struct project_rows *rows, const struct effect_notice *effect)
{
	char id[ID_SIZE];
	struct fold_row to = ROW(NOTIFICATION, ids_write(ID_NOTICE, effect->number, id));

	fold_text(&to, NOTIFICATION_incident, ids_write(ID_INCIDENT, effect->incident, id));
	MODE(to, NOTIFICATION, ids_write(ID_INCIDENT, effect->incident, id));
	fold_text(&to, NOTIFICATION_person, project_name(rows, ROW_NAME_PERSON, effect->person));
	fold_text(&to, NOTIFICATION_role, words_who_of(effect->who));
	fold_text(&to, NOTIFICATION_state, words_of(WORDS_NOTICE_STATE, NOTICE_PENDING));
	fold_text(&to, NOTIFICATION_channel, effect->unit != 0 ? TEXT("terminal") : TEXT("phone"));
	fold_time(&to, NOTIFICATION_issued_at, rows->event.at_ms);
	fold_time(&to, NOTIFICATION_answer_by, effect->due_ms);
	SEQ(to, NOTIFICATION);
}

/* Told once more: the answer, and the call that is open about it, are due anew. */
static void on_notice_try(struct project_rows *rows, const struct effect_notice_try *effect)
{
	char id[ID_SIZE];
	struct fold_row to = ROW(NOTIFICATION, ids_write(ID_NOTICE, effect->notice, id));

	fold_text(&to, NOTIFICATION_channel, effect->unit != 0 ? TEXT("terminal") : TEXT("phone"));
	fold_time(&to, NOTIFICATION_answer_by, effect->due_ms);
	SEQ(to, NOTIFICATION);
	project_call_due(rows, effect->task, effect->due_ms);
}

/* It ended because somebody has answered in the person's place. */
static bool for_another(const struct event *event, const struct effect_notice_state *effect)
{
	return effect->by != 0 || event->kind == EVENT_NOTICE_ANSWER ||
	       (event->kind == EVENT_TASK && event->u.task.who.len > 0);
}

static void on_notice_state(struct project_rows *rows, const struct effect_notice_state *effect)
{
	char id[ID_SIZE];
	struct fold_row to = ROW(NOTIFICATION, ids_write(ID_NOTICE, effect->notice, id));

	fold_text(&to, NOTIFICATION_state, words_of(WORDS_NOTICE_STATE, effect->to));
	if (effect->to == NOTICE_ENDED && for_another(&rows->event, effect))
		fold_time(&to, NOTIFICATION_answered_at, rows->event.at_ms);
	if (effect->to == NOTICE_ANSWERED) {
		fold_time(&to, NOTIFICATION_answered_at, rows->event.at_ms);
		fold_text(&to, NOTIFICATION_by, rows->event.by);
		fold_text(&to, NOTIFICATION_channel, rows->event.channel);
		if (rows->event.kind == EVENT_NOTICE_ANSWER)
			fold_text(&to, NOTIFICATION_answer, rows->event.u.notice_answer.text);
		else if (rows->event.kind == EVENT_TASK)
			fold_text(&to, NOTIFICATION_answer, rows->event.u.task.note);
	} else if (effect->to == NOTICE_UNREACHED || effect->to == NOTICE_ENDED) {
		fold_time(&to, NOTIFICATION_ended_at, rows->event.at_ms);
	}
	SEQ(to, NOTIFICATION);
}

static void on_task(struct project_rows *rows, const struct effect_task *effect)
{
	char id[ID_SIZE];
	struct fold_row to = ROW(CALL_TASK, ids_write(ID_TASK, effect->number, id));

	fold_text(&to, CALL_TASK_incident, ids_write(ID_INCIDENT, effect->incident, id));
	MODE(to, CALL_TASK, ids_write(ID_INCIDENT, effect->incident, id));
	fold_text(&to, CALL_TASK_order_id, ids_write(ID_ORDER, effect->order, id));
	fold_text(&to, CALL_TASK_notification, ids_write(ID_NOTICE, effect->notice, id));
	fold_text(&to, CALL_TASK_person, project_name(rows, ROW_NAME_PERSON, effect->person));
	fold_text(&to, CALL_TASK_state, words_of(WORDS_TASK_STATE, TASK_OPEN));
	fold_time(&to, CALL_TASK_opened_at, rows->event.at_ms);
	fold_time(&to, CALL_TASK_due_at, effect->due_ms);
	SEQ(to, CALL_TASK);
}

static void on_task_state(struct project_rows *rows, const struct effect_task_state *effect)
{
	char id[ID_SIZE];
	struct fold_row to = ROW(CALL_TASK, ids_write(ID_TASK, effect->task, id));

	fold_text(&to, CALL_TASK_state, words_of(WORDS_TASK_STATE, effect->to));
	if (effect->to == TASK_TAKEN) {
		fold_text(&to, CALL_TASK_taken_by, rows->event.by);
		fold_time(&to, CALL_TASK_taken_at, rows->event.at_ms);
	} else if (effect->to == TASK_DONE || effect->to == TASK_CANCELLED) {
		fold_text(&to, CALL_TASK_done_by, rows->event.by);
		fold_time(&to, CALL_TASK_done_at, rows->event.at_ms);
	}
	if (rows->event.kind == EVENT_TASK)
		fold_text(&to, CALL_TASK_result, rows->event.u.task.note);
	SEQ(to, CALL_TASK);
}

/* One row an incident and kind: '2026-000123/arrive'. */
static struct fold_row deadline_row(struct project_rows *rows, uint32_t incident, uint8_t kind)
{
	char id[ID_SIZE];
	char key[64];
	struct text number = ids_write(ID_INCIDENT, incident, id);
	struct text word = words_of(WORDS_DEADLINE_KIND, kind);
	int len =
		snprintf(key, sizeof(key), "%.*s/%.*s", (int)number.len, number.ptr, (int)word.len, word.ptr);
	struct fold_row to = ROW(DEADLINE, ((struct text){key, (uint32_t)len}));

	fold_text(&to, DEADLINE_incident, number);
	fold_text(&to, DEADLINE_kind, word);
	MODE(to, DEADLINE, number);
	SEQ(to, DEADLINE);
	return to;
}

/* The clocks of a case that was run on paper ran then, not when it was brought in. */
static void on_paper_deadline(
	struct project_rows *rows, const struct effect_deadline *effect, const struct fold_row *to)
{
	const struct event_paper *paper = &rows->event.u.paper;
	int64_t started_ms = effect->kind == DEADLINE_VERIFY ? paper->done_ms : paper->reported_ms;
	int64_t ended_ms = effect->kind == DEADLINE_VERIFY    ? paper->verified_ms
			   : effect->kind == DEADLINE_DISPOSE ? paper->done_ms
			   : effect->kind == DEADLINE_ARRIVE  ? paper->arrived_ms
							      : paper->reported_ms;

	fold_time(to, DEADLINE_started_at, started_ms);
	fold_int(to, DEADLINE_allowed_s, (effect->due_ms - started_ms) / 1000);
	if (effect->state != DEADLINE_RUNNING)
		fold_time(to, DEADLINE_ended_at, ended_ms != 0 ? ended_ms : paper->ended_ms);
}

static void on_deadline(struct project_rows *rows, const struct effect_deadline *effect)
{
	if (effect->incident == 0)
		return;
	struct fold_row to = deadline_row(rows, effect->incident, effect->kind);

	fold_text(&to, DEADLINE_state, words_of(WORDS_DEADLINE_STATE, effect->state));
	fold_time(&to, DEADLINE_due_at, effect->due_ms);
	if (rows->event.kind == EVENT_PAPER) {
		on_paper_deadline(rows, effect, &to);
	} else if (effect->state == DEADLINE_RUNNING) {
		fold_time(&to, DEADLINE_started_at, rows->event.at_ms);
		fold_int(&to, DEADLINE_allowed_s, (effect->due_ms - rows->event.at_ms) / 1000);
	} else if (effect->state != DEADLINE_IDLE) {
		fold_time(&to, DEADLINE_ended_at, rows->event.at_ms);
	}
}

static void on_climb(struct project_rows *rows, const struct effect_incident_climb *effect)
{
	if (effect->deadline >= DEADLINE_COUNT)
		return; /* by hand */
	struct fold_row to = deadline_row(rows, effect->incident, effect->deadline);

	fold_int(&to, DEADLINE_rung, effect->rung);
	fold_text(&to, DEADLINE_owner, words_who_of(effect->who));
	fold_time(&to, DEADLINE_climbed_at, rows->event.at_ms);
}

static void on_device(struct project_rows *rows, const struct effect_device *effect)
{
	struct fold_row to = ROW(DEVICE, project_name(rows, ROW_NAME_DEVICE, effect->device));

	fold_text(&to, DEVICE_state, words_of(WORDS_DEVICE_STATE, effect->state));
	if (effect->state == DEVICE_SILENT)
		fold_time(&to, DEVICE_silent_at, rows->event.at_ms);
	if (effect->state == DEVICE_DISABLED)
		fold_time(&to, DEVICE_disabled_at, rows->event.at_ms);
	if (rows->event.kind == EVENT_DEVICE_SET) {
		fold_text(&to, DEVICE_by, rows->event.by);
		fold_text(&to, DEVICE_reason, rows->event.u.device_set.reason);
	}
	SEQ(to, DEVICE);
}

static void on_link(struct project_rows *rows, const struct effect_link *effect)
{
	if (effect->target != TARGET_UNIT)
		return;
	struct fold_row to = ROW(UNIT, project_name(rows, ROW_NAME_UNIT, effect->who));

	fold_text(&to, UNIT_link, effect->up ? TEXT("live") : TEXT("lost"));
	fold_time(&to, UNIT_link_at, rows->event.at_ms);
	SEQ(to, UNIT);
}

static void on_warning(struct project_rows *rows, const struct effect_warning *effect)
{
	struct text hazard = project_name(rows, ROW_NAME_TEXT, effect->hazard);

	if (hazard.len == 0) /* a word that was new when this was decided */
		hazard = rows->event.kind == EVENT_WARNING ? rows->event.u.warning.hazard : TEXT("rainstorm");
	struct fold_row to = ROW(WARNING, hazard);

	fold_text(&to, WARNING_hazard, hazard);
	fold_text(&to, WARNING_by, rows->event.by);
	SEQ(to, WARNING);
	if (effect->colour == COLOUR_NONE) {
		fold_text(&to, WARNING_state,
			rows->event.kind == EVENT_TICK ? TEXT("expired") : TEXT("cleared"));
		fold_time(&to, WARNING_cleared_at, rows->event.at_ms);
		return;
	}
	fold_text(&to, WARNING_state, TEXT("active"));
	fold_text(&to, WARNING_colour, words_of(WORDS_COLOUR, effect->colour));
	fold_time(&to, WARNING_set_at, rows->event.at_ms);
	fold_time(&to, WARNING_until_at, effect->until_ms);
}

static void on_silence(struct project_rows *rows, const struct effect_silence *effect)
{
	char id[ID_SIZE];
	struct fold_row to = ROW(SILENCE, ids_write(ID_SILENCE, effect->number, id));
	const struct event_silence *silence = &rows->event.u.silence;

	SEQ(to, SILENCE);
	fold_text(&to, SILENCE_state, effect->active ? TEXT("active") : TEXT("expired"));
	if (!effect->active) {
		fold_time(&to, SILENCE_expired_at, rows->event.at_ms);
		return;
	}
	fold_int(&to, SILENCE_suppressed_count, 0);
	fold_time(&to, SILENCE_starts_at, rows->event.at_ms);
	fold_text(&to, SILENCE_by, rows->event.by);
	if (rows->event.kind != EVENT_SILENCE)
		return;
	fold_text(&to, SILENCE_device, silence->source);
	fold_text(&to, SILENCE_type, silence->type);
	fold_text(&to, SILENCE_grid, silence->grid);
	fold_text(&to, SILENCE_reason, silence->reason);
	fold_time(&to, SILENCE_ends_at, silence->until_ms);
}

/* ---- the desk ---- */

static void on_shift(struct project_rows *rows, const struct effect_shift *effect)
{
	char seq[24];
	int len = snprintf(seq, sizeof(seq), "%llu", (unsigned long long)rows->event.seq);
	struct text key = {seq, (uint32_t)len};
	struct fold_row to = fold_row(&rows->fold, PROJECT_TABLE_SHIFT_CHANGE,
		project_name(rows, ROW_NAME_PERSON, effect->person), key, key);

	fold_text(&to, SHIFT_CHANGE_act, words_of(WORDS_SHIFT_ACT, effect->act));
	fold_time(&to, SHIFT_CHANGE_at, rows->event.at_ms);
	fold_text(&to, SHIFT_CHANGE_by, rows->event.by);
	if (rows->event.kind == EVENT_SHIFT)
		fold_text(&to, SHIFT_CHANGE_note, rows->event.u.shift.note);
}

static void on_alert(struct project_rows *rows, const struct effect_alert *effect)
{
	char id[ID_SIZE];

	if (effect->incident == 0 && effect->to == ALERT_SEEN) {
		char at[24];
		int len = snprintf(at, sizeof(at), "%lld", (long long)rows->event.at_ms);
		struct fold_row all = ROW(SEEN, ((struct text){at, (uint32_t)len}));

		fold_text(&all, SEEN_by, rows->event.by);
	}
	if (effect->incident == 0)
		return;
	struct fold_row to = ROW(INCIDENT, ids_write(ID_INCIDENT, effect->incident, id));

	SEQ(to, INCIDENT);
	if (effect->to == ALERT_STANDS) {
		fold_text(&to, INCIDENT_alert, TEXT("waits"));
		fold_time(&to, INCIDENT_alerted_at, rows->event.at_ms);
		return;
	}
	if (effect->to == ALERT_SEEN || effect->last)
		fold_clear(&to, INCIDENT_alert);
	if (effect->to == ALERT_ENDED)
		return;
	fold_time(&to, INCIDENT_acknowledged_at, rows->event.at_ms);
	fold_text(&to, INCIDENT_acknowledged_by, rows->event.by);
}

/* ---- materials ---- */

/* What is reserved is the sum of what the supplies have reserved: a rule of project_rule.c. */
static void stock_moved(struct project_rows *rows, uint32_t stock, int64_t quantity)
{
	struct text depot;
	struct text item;

	project_stock(rows, stock, &depot, &item);
	struct fold_row to = fold_row(&rows->fold, PROJECT_TABLE_STOCK_MOVED, depot, item, item);

	fold_int(&to, STOCK_MOVED_quantity, quantity);
	fold_time(&to, STOCK_MOVED_updated_at, rows->event.at_ms);
	SEQ(to, STOCK_MOVED);
}

static void on_supply(struct project_rows *rows, const struct effect_supply *effect)
{
	char id[ID_SIZE];
	struct fold_row to = ROW(SUPPLY, ids_write(ID_SUPPLY, effect->number, id));
	struct text incident = ids_write(ID_INCIDENT, effect->incident, id);
	struct fold_row of = fold_find(&rows->fold, PROJECT_TABLE_INCIDENT, incident);
	struct text depot;
	struct text item;

	project_stock(rows, effect->stock, &depot, &item);
	fold_text(&to, SUPPLY_incident, incident);
	fold_copy(&to, SUPPLY_mode, &of, INCIDENT_mode);
	fold_text(&to, SUPPLY_item, item);
	fold_text(&to, SUPPLY_depot, depot);
	fold_int(&to, SUPPLY_quantity, effect->quantity);
	fold_text(&to, SUPPLY_order_id, ids_write(ID_ORDER, effect->order, id));
	fold_text(&to, SUPPLY_state, words_of(WORDS_SUPPLY_STATE, SUPPLY_RESERVED));
	fold_time(&to, SUPPLY_reserved_at, rows->event.at_ms);
	SEQ(to, SUPPLY);
	stock_moved(rows, effect->stock, 0);
}

static void on_supply_state(struct project_rows *rows, const struct effect_supply_state *effect)
{
	char id[ID_SIZE];
	struct fold_row to = ROW(SUPPLY, ids_write(ID_SUPPLY, effect->supply, id));

	fold_text(&to, SUPPLY_state, words_of(WORDS_SUPPLY_STATE, effect->to));
	SEQ(to, SUPPLY);
	if (effect->to == SUPPLY_ISSUED) {
		fold_time(&to, SUPPLY_issued_at, rows->event.at_ms);
		fold_int(&to, SUPPLY_quantity, effect->quantity); /* what was loaded */
	}
	stock_moved(rows, effect->stock,
		effect->to == SUPPLY_ISSUED     ? -effect->quantity
		: effect->to == SUPPLY_RETURNED ? effect->quantity
						: 0);
}

static void on_stock(struct project_rows *rows, const struct effect_stock *effect)
{
	struct text depot;
	struct text item;

	project_stock(rows, effect->stock, &depot, &item);
	struct fold_row moved = fold_row(&rows->fold, PROJECT_TABLE_STOCK_MOVED, depot, item, item);
	struct fold_row to = fold_row(&rows->fold, PROJECT_TABLE_STOCK, depot, item, item);

	fold_forget(&moved, STOCK_MOVED_quantity); /* the new figures hold what was moved before */
	fold_int(&to, STOCK_quantity, effect->on_hand);
	fold_int(&to, STOCK_reserved, effect->reserved);
	fold_time(&to, STOCK_updated_at, rows->event.at_ms);
	if (effect->act == STOCK_COUNTED)
		fold_time(&to, STOCK_counted_at, rows->event.at_ms);
	SEQ(to, STOCK);
}

void project_effect_more(struct project_rows *rows, const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_INCIDENT_LEVEL:
		on_level(rows, &effect->u.incident_level);
		break;
	case EFFECT_INCIDENT_CLIMB:
		on_climb(rows, &effect->u.incident_climb);
		break;
	case EFFECT_NOTICE:
		on_notice(rows, &effect->u.notice);
		break;
	case EFFECT_NOTICE_TRY:
		on_notice_try(rows, &effect->u.notice_try);
		break;
	case EFFECT_NOTICE_STATE:
		on_notice_state(rows, &effect->u.notice_state);
		break;
	case EFFECT_TASK:
		on_task(rows, &effect->u.task);
		break;
	case EFFECT_TASK_STATE:
		on_task_state(rows, &effect->u.task_state);
		break;
	case EFFECT_DEADLINE:
		on_deadline(rows, &effect->u.deadline);
		break;
	case EFFECT_DEVICE:
		on_device(rows, &effect->u.device);
		break;
	case EFFECT_LINK:
		on_link(rows, &effect->u.link);
		break;
	case EFFECT_WARNING:
		on_warning(rows, &effect->u.warning);
		break;
	case EFFECT_SILENCE:
		on_silence(rows, &effect->u.silence);
		break;
	case EFFECT_SUPPLY:
		on_supply(rows, &effect->u.supply);
		break;
	case EFFECT_SUPPLY_STATE:
		on_supply_state(rows, &effect->u.supply_state);
		break;
	case EFFECT_SHIFT:
		on_shift(rows, &effect->u.shift);
		break;
	case EFFECT_ALERT:
		on_alert(rows, &effect->u.alert);
		break;
	case EFFECT_STOCK:
		on_stock(rows, &effect->u.stock);
		break;
	default:
		break;
	}
}
