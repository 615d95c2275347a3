/* reports: one message of a terminal to an event or an error; who it is comes from its hello. */
#include <string.h>

#include "ingest/door.h"

enum { ANSWER_SIZE = 1024 };
static const int64_t away_max_mm = 500000000;

static struct text text_of(const char *terminated)
{
	return (struct text){terminated, (uint32_t)strlen(terminated)};
}

/* At once: it says of one message that it was not taken, and nothing of those before it. */
void report_error(struct ingest *ingest, const struct origin *origin, enum reject reason, struct text detail)
{
	char bytes[ANSWER_SIZE];
	struct json_out out;
	struct text text;

	ingest->count.refused++;
	json_out_init(&out, bytes, sizeof(bytes));
	unit_error_write(&out, reason, detail);
	if (json_out_finish(&out, &text) == DISP_OK)
		terminal_send(ingest, origin, (const uint8_t *)text.ptr, text.len);
}

static bool refuse(struct ingest *ingest, const struct origin *origin, enum reject reason, struct text detail)
{
	report_error(ingest, origin, reason, detail);
	return false;
}

/* --- hello ---------------------------------------------------------------------------------------- */

static bool is_retired(const struct ingest *ingest, uint8_t target, uint32_t who)
{
	const void *record = query_at(ingest->core, target_table(target), who);

	if (!record)
		return true;
	if (target == TARGET_UNIT)
		return ((const struct unit *)record)->retired;
	if (target == TARGET_DEPOT)
		return ((const struct depot *)record)->retired;
	return ((const struct device *)record)->retired;
}

/* The newcomer gets everything from now on; who had the name before is told, and is a stranger again. */
static void supersede(struct ingest *ingest, struct link *before, const struct origin *origin)
{
	struct origin old = {.door = DOOR_UNITS,
		.flags = before->flags & ORIGIN_DELIMITER,
		.peer_bytes = before->peer_bytes};

	if (before->peer_bytes == origin->peer_bytes &&
		memcmp(before->peer, origin->peer, origin->peer_bytes) == 0)
		return;
	memcpy(old.peer, before->peer, before->peer_bytes);
	ingest->count.superseded++;
	terminal_drop(ingest, before, false);
	report_error(ingest, &old, REJECT_NOT_PERMITTED,
		TEXT("superseded: another terminal has said hello with this id"));
}

static bool take_hello(
	struct ingest *ingest, const struct unit_in *in, struct event *event, const struct origin *origin)
{
	uint32_t who = query_find(ingest->core, target_table(in->target), in->id);
	struct link *same = terminal_by_peer(ingest, origin->peer, origin->peer_bytes);

	if (!gate_speaks_for(ingest, (enum target)in->target, in->id))
		return refuse(ingest, origin, REJECT_NOT_PERMITTED, TEXT("hello: not the id of your key"));
	if (who == 0 || is_retired(ingest, in->target, who))
		return refuse(ingest, origin, REJECT_UNKNOWN_SOURCE, TEXT("hello: the town has no such id"));
	if (in->epoch > ingest->epoch)
		return refuse(ingest, origin, REJECT_NOT_LEADER,
			TEXT("hello: you have seen a later leader than this"));
	if (same && (same->target != in->target || same->who != who))
		terminal_drop(ingest, same, true); /* one connection, one name: it has given up the other */
	struct link *before = terminal_by_target(ingest, in->target, who);

	if (before)
		supersede(ingest, before, origin);
	if (!terminal_bind(ingest, origin, in->target, who))
		return refuse(ingest, origin, REJECT_OVERLOADED, TEXT("hello: too many terminals"));
	struct text id = query_id(ingest->core, target_table(in->target), who);

	return unit_in_event(in, (enum target)in->target, id, event) == DISP_OK;
}

/* --- the others ----------------------------------------------------------------------------------- */

/* 0, 0 and the like are what a receiver says that has no fix: no crew is so far from its home. */
static bool is_absurd(const struct unit *unit, const struct place *place)
{
	for (int axis = 0; unit && axis < 3; axis++) {
		int64_t away_mm = place->ecef_mm[axis] - unit->home.ecef_mm[axis];

		if (away_mm > away_max_mm || away_mm < -away_max_mm)
			return true;
	}
	return false;
}

static bool place_report(struct ingest *ingest, const struct origin *origin, const struct unit_in *in,
	int64_t at_ms, struct event_position *position)
{
	const struct ground *ground = ingest->ground;
	const struct field_point *point = &in->position;
	const char *why = NULL;

	if (position->time_ms == 0)
		position->time_ms = at_ms;
	if (position->time_ms - at_ms > ingest->config.future_ms)
		return refuse(ingest, origin, REJECT_BAD_TIME, TEXT("time: lies in the future"));
	if (ground->place_from(ground->context, text_of(point->crs), point->x, point->y, &position->place,
		    &why) != DISP_OK)
		return refuse(ingest, origin, REJECT_BAD_POSITION, text_of(why ? why : "not a position"));
	if (is_absurd(
		    query_at(ingest->core, TABLE_UNIT, query_find(ingest->core, TABLE_UNIT, position->unit)),
		    &position->place))
		return refuse(ingest, origin, REJECT_BAD_POSITION,
			TEXT("position: more than 500 km from the unit's home"));
	return true; /* outside the town it may be: crews drive to hospitals */
}

static bool take_said(struct ingest *ingest, const struct unit_in *in, int64_t at_ms, struct event *event,
	const struct origin *origin)
{
	const struct link *link = terminal_by_peer(ingest, origin->peer, origin->peer_bytes);

	if (!link)
		return refuse(ingest, origin, REJECT_NOT_PERMITTED, TEXT("hello first"));
	struct text id = query_id(ingest->core, target_table(link->target), link->who);

	if (!unit_in_speaks_for(in, (enum target)link->target, id))
		return refuse(ingest, origin, REJECT_NOT_PERMITTED, TEXT("not the id of the hello"));
	switch (unit_in_event(in, (enum target)link->target, id, event)) {
	case DISP_OK:
		break;
	case DISP_E_NONE:
		event->kind = EVENT_NONE; /* a ping */
		return true;
	default:
		return refuse(
			ingest, origin, REJECT_MALFORMED, TEXT("only units have a position and a status"));
	}
	return event->kind != EVENT_POSITION || place_report(ingest, origin, in, at_ms, &event->u.position);
}

bool report_take(struct ingest *ingest, int64_t at_ms, struct event *event, struct origin *origin)
{
	struct unit_in *in = &ingest->unit_in;
	struct link *link = terminal_by_peer(ingest, origin->peer, origin->peer_bytes);
	enum reject reject = unit_in_read(
		zmq_msg_data(&ingest->message), zmq_msg_size(&ingest->message), &ingest->unit_memory, in);

	ingest->count.reports++;
	if (link && !gate_is_caller(ingest, link)) {
		terminal_drop(ingest, link, true); /* its routing id is another's now */
		link = NULL;
	}
	if (link)
		link->heard_ms = ingest->now_ms;
	if (!ingest->leads)
		return refuse(
			ingest, origin, REJECT_NOT_LEADER, TEXT("this daemon stands by; ask the leader"));
	if (!gate_within_rate(ingest, DOOR_UNITS))
		return refuse(
			ingest, origin, REJECT_OVERLOADED, TEXT("more messages than this key may send"));
	if (reject != REJECT_NONE)
		return refuse(ingest, origin, reject, text_of(in->detail));
	if (ingest->odd)
		return refuse(ingest, origin, REJECT_MALFORMED, TEXT("message: in more than one part"));
	if (in->kind == UNIT_IN_HELLO)
		return take_hello(ingest, in, event, origin);
	return take_said(ingest, in, at_ms, event, origin);
}
