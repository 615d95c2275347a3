/* prepare: what the world is told about a row, and whom; the words of orders are in orders.c. */
#include "ingest/door.h"

#include <string.h>

#include "wire/ids.h"
#include "wire/row_core.h"

void tell(struct telling *telling, const struct origin *to, const struct json_out *out)
{
	struct text text;

	if (json_out_finish(out, &text) != DISP_OK || text.len > OUTBOX_MESSAGE_MAX ||
		outbox_put(telling->outbox, telling->event->seq, to, text.ptr, text.len) != DISP_OK)
		telling->full = true;
}

void tell_target(
	struct telling *telling, uint8_t target, uint32_t who, uint64_t ticket, const struct json_out *out)
{
	const struct link *link = terminal_by_target(telling->ingest, target, who);
	struct origin to = {.door = DOOR_UNITS, .ticket = ticket};

	if (!link)
		return;
	to.flags = link->flags | ORIGIN_LINKED;
	to.peer_bytes = link->peer_bytes;
	memcpy(to.peer, link->peer, link->peer_bytes);
	tell(telling, &to, out);
}

/* --- the sender's answer -------------------------------------------------------------------------- */

static const struct effect *find_effect(const struct effects *effects, enum effect_kind kind)
{
	for (uint32_t i = 0; i < effects->count; i++) {
		if (effects->item[i].kind == kind)
			return &effects->item[i];
	}
	return NULL;
}

static void tell_sender(struct telling *telling, const struct effects *effects, const struct origin *origin)
{
	const struct event_alarm *alarm = &telling->event->u.alarm;
	const struct effect *effect = find_effect(effects, EFFECT_ALARM);
	struct alarm_reply reply = {.id = alarm->id,
		.source = alarm->source,
		.result = ALARM_REJECTED,
		.reject = REJECT_OVERLOADED,
		.detail = TEXT("the tables are full; call the duty officer"),
		.retry_after_s = 1};
	struct json_out out;

	if (effect) {
		reply.result = effect->u.alarm.result;
		reply.incident = effect->u.alarm.incident;
		reply.seq = telling->event->seq;
		reply.reject = effect->u.alarm.reject;
		if (reply.reject != REJECT_OVERLOADED)
			reply.detail = TEXT("refused by the town's register");
	}
	if (reply.result == ALARM_REJECTED)
		telling->ingest->count.rejected[reply.reject]++;
	json_out_init(&out, telling->ingest->buffer, sizeof(telling->ingest->buffer));
	alarm_reply_write(&out, &reply);
	tell(telling, origin, &out);
	if ((origin->flags & ORIGIN_FOLLOW) && reply.result != ALARM_REJECTED)
		follow_add(telling->ingest, reply.incident, origin);
}

static enum reject reject_of(uint8_t outcome)
{
	switch (outcome) {
	case OUTCOME_FULL:
		return REJECT_OVERLOADED;
	case OUTCOME_INVALID:
		return REJECT_MALFORMED;
	default:
		return REJECT_NOT_PERMITTED;
	}
}

/* "answer O12: wrong_state": which message, about what, and how it stands. */
static struct text explain(const struct event *event, uint8_t outcome, char *out, size_t size)
{
	char id[ID_SIZE];
	const struct text part[] = {words_of(WORDS_EVENT, event->kind), TEXT(" "),
		event->kind == EVENT_ANSWER          ? ids_write(ID_ORDER, event->u.answer.order, id)
		: event->kind == EVENT_NOTICE_ANSWER ? ids_write(ID_NOTICE, event->u.notice_answer.notice, id)
						     : TEXT("refused"),
		TEXT(": "), words_of(WORDS_OUTCOME, outcome)};
	uint32_t used = 0;

	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		if (used + part[i].len > size)
			break;
		memcpy(out + used, part[i].ptr, part[i].len);
		used += part[i].len;
	}
	return (struct text){out, used};
}

/* A pong is under the seq of the last row: who has it knows that what he said before is kept. */
static void tell_terminal(struct telling *telling, const struct effects *effects, const struct origin *origin)
{
	const struct effect *effect = find_effect(effects, EFFECT_RESULT);
	struct ingest *ingest = telling->ingest;
	const struct event *event = telling->event;
	char detail[128];
	struct json_out out;

	if (origin->peer_bytes == 0)
		return;
	json_out_init(&out, ingest->buffer, sizeof(ingest->buffer));
	if (event->kind == EVENT_LINK || event->kind == EVENT_NONE) {
		unit_pong_write(&out, event->epoch, event->seq, event->at_ms);
	} else if (effect && effect->u.result.outcome != OUTCOME_OK &&
		   effect->u.result.outcome != OUTCOME_UNCHANGED) {
		ingest->count.refused++;
		unit_error_write(&out, reject_of(effect->u.result.outcome),
			explain(event, effect->u.result.outcome, detail, sizeof(detail)));
	} else {
		return;
	}
	tell(telling, origin, &out);
}

/* --- the others ----------------------------------------------------------------------------------- */

/* What the terminal itself has just said of an order it need not be told; of others that end with it, it is. */
static bool said_by_itself(const struct event *event, uint32_t order)
{
	return event->kind == EVENT_ANSWER && event->u.answer.order == order && event->u.answer.who.len > 0 &&
	       event->by.len == 0;
}

static struct text reason_of(const struct event *event, const struct effect_order_state *state)
{
	if (event->kind == EVENT_SWAP && event->u.swap.reason.len > 0)
		return event->u.swap.reason;
	if (event->kind == EVENT_ACT && event->u.act.reason.len > 0)
		return event->u.act.reason;
	return state->why != WHY_NONE ? words_of(WORDS_WHY, state->why)
				      : words_of(WORDS_ORDER_STATE, state->to);
}

static void tell_order_state(struct telling *telling, const struct effect_order_state *state)
{
	const struct core *core = telling->ingest->core;
	const struct order *order = query_at(core, TABLE_ORDER, query_slot(core, TABLE_ORDER, state->order));

	if (order && state->respond_by_ms != 0 && query_order_live(state->to)) {
		tell_order(telling, order); /* its keeper is asked again, its crew takes more */
		return;
	}
	if (!order || query_order_live(state->to) || !query_order_live(state->from) ||
		said_by_itself(telling->event, state->order))
		return;
	if (order->target == TARGET_DEVICE && state->to == ORDER_DONE)
		return; /* the effect was seen: nothing to call back */
	tell_recall(telling, order, reason_of(telling->event, state));
}

static void tell_effect(struct telling *telling, const struct effect *effect)
{
	const struct core *core = telling->ingest->core;
	const void *record = NULL;

	switch (effect->kind) {
	case EFFECT_ORDER:
		record = query_at(core, TABLE_ORDER, query_slot(core, TABLE_ORDER, effect->u.order.number));
		if (record)
			tell_order(telling, record);
		break;
	case EFFECT_ORDER_STATE:
		tell_order_state(telling, &effect->u.order_state);
		break;
	case EFFECT_NOTICE:
		record =
			query_at(core, TABLE_NOTICE, query_slot(core, TABLE_NOTICE, effect->u.notice.number));
		if (record && effect->u.notice.unit != 0)
			tell_notice(telling, record);
		break;
	case EFFECT_NOTICE_TRY:
		record = query_at(
			core, TABLE_NOTICE, query_slot(core, TABLE_NOTICE, effect->u.notice_try.notice));
		if (record && effect->u.notice_try.unit != 0)
			tell_notice(telling, record);
		break;
	case EFFECT_INCIDENT_STATE:
		tell_followers(telling, effect->u.incident_state.incident,
			(enum incident_state)effect->u.incident_state.to,
			(enum disposition)effect->u.incident_state.disposition);
		break;
	default:
		break;
	}
}

/* --- the feed ------------------------------------------------------------------------------------- */

/* A row that is too long to be shown (a whole playbook) still closes the gap in the numbers. */
static void write_short(struct json_out *out, const struct event *event)
{
	json_open_object(out);
	JSON_KEY(out, "kind");
	json_write_text(out, words_of(WORDS_EVENT, event->kind));
	JSON_KEY(out, "seq");
	json_write_uint64(out, event->seq);
	JSON_KEY(out, "epoch");
	json_write_uint64(out, event->epoch);
	JSON_KEY(out, "at");
	json_write_time(out, event->at_ms);
	JSON_KEY(out, "too_long");
	json_write_bool(out, true);
	json_close_object(out);
}

static void tell_feed(struct telling *telling, const struct effects *effects)
{
	struct row_core memory;
	struct row_names names = row_core_names(&memory, telling->ingest->core);
	struct origin to = {.door = DOOR_FEED};
	struct json_out out;
	struct text text;

	if (effects->count == 0 || telling->ingest->count.subscribed == 0)
		return;
	json_out_init(&out, telling->ingest->buffer, sizeof(telling->ingest->buffer));
	row_json(&out, telling->event, effects, &names);
	if (json_out_finish(&out, &text) != DISP_OK) {
		json_out_init(&out, telling->ingest->buffer, sizeof(telling->ingest->buffer));
		write_short(&out, telling->event);
	}
	tell(telling, &to, &out);
}

enum disp_err ingest_prepare(struct ingest *ingest, const struct event *event, const struct effects *effects,
	const struct origin *origin, struct outbox *outbox)
{
	struct telling telling = {.ingest = ingest, .event = event, .outbox = outbox};
	const struct effect *registered = find_effect(effects, EFFECT_REGISTERED);

	missed_note(ingest, effects);
	if (event->kind == EVENT_KEY)
		ingest->keys_changed = true;
	if (origin && origin->door == DOOR_ALARMS && event->kind == EVENT_ALARM)
		tell_sender(&telling, effects, origin);
	if (origin && origin->door == DOOR_UNITS)
		tell_terminal(&telling, effects, origin);
	if (event->kind == EVENT_LINK && event->u.link.up && event->u.link.target >= TARGET_UNIT &&
		event->u.link.target <= TARGET_DEVICE) {
		uint8_t target = event->u.link.target;

		tell_missed(&telling, target,
			query_find(ingest->core, target_table(target), event->u.link.id),
			event->u.link.last_seq);
	}
	if (!registered) {
		for (uint32_t i = 0; i < effects->count; i++)
			tell_effect(&telling, &effects->item[i]);
	}
	tell_feed(&telling, effects);
	return telling.full ? DISP_E_FULL : DISP_OK;
}
