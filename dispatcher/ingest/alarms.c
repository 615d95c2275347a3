/* alarms: one message of a sender of alarms to an event, or to its refusal; the core says what becomes of it. */
#include <sodium.h>
#include <string.h>

#include "ingest/door.h"

enum { REPLY_SIZE = 4096, RETRY_AFTER_S = 1, RETRY_AFTER_HOLD_S = 5 };

static struct text text_of(const char *terminated)
{
	return (struct text){terminated, (uint32_t)strlen(terminated)};
}

void alarm_answer(struct ingest *ingest, const struct origin *origin, const struct alarm_reply *reply)
{
	char bytes[REPLY_SIZE];
	struct json_out out;
	struct text text;

	json_out_init(&out, bytes, sizeof(bytes));
	alarm_reply_write(&out, reply);
	if (json_out_finish(&out, &text) != DISP_OK)
		return; /* names and detail are bounded far below */
	if (peer_send(ingest, DOOR_ALARMS, origin->peer, origin->peer_bytes, origin->flags, text.ptr,
		    text.len) == SENT)
		ingest->count.replies++;
	else
		ingest->count.replies_lost++;
}

/* The first 128 bits of SHA-256 over source, 0x00, id, big-endian as the digest is written. */
static void identify(struct event_alarm *alarm)
{
	uint8_t name[2 * ALARM_NAME_MAX + 1], digest[crypto_hash_sha256_BYTES];

	ASSERT(alarm->source.len <= ALARM_NAME_MAX && alarm->id.len <= ALARM_NAME_MAX);
	memcpy(name, alarm->source.ptr, alarm->source.len);
	name[alarm->source.len] = 0;
	memcpy(name + alarm->source.len + 1, alarm->id.ptr, alarm->id.len);
	(void)crypto_hash_sha256(digest, name, alarm->source.len + alarm->id.len + UINT64_C(1));
	for (int half = 0; half < 2; half++) {
		alarm->identity[half] = 0;
		for (int i = 0; i < 8; i++)
			alarm->identity[half] = alarm->identity[half] << 8 | digest[half * 8 + i];
	}
}

static bool is_known(const struct ingest *ingest, const struct event_alarm *alarm)
{
	uint32_t incident;
	uint64_t number;

	return alarm->id.len > 0 && alarm->source.len > 0 &&
	       core_alarm_known(ingest->core, alarm->identity, &incident, &number);
}

/* --- what only the town can say ------------------------------------------------------------------- */

static enum reject find_place(
	struct ingest *ingest, const struct device *device, struct event_alarm *alarm, struct text *detail)
{
	const struct ground *ground = ingest->ground;
	const struct field_point *point = &ingest->alarm_in.position;
	const char *why = "not a position";

	if (!alarm->has_place) {
		alarm->place = device->place;
		alarm->grid = query_id(ingest->core, TABLE_GRID, device->grid);
		return REJECT_NONE;
	}
	if (ground->place_from(ground->context, text_of(point->crs), point->x, point->y, &alarm->place,
		    &why) != DISP_OK) {
		*detail = text_of(why ? why : "not a position");
		return REJECT_BAD_POSITION;
	}
	*detail = TEXT("data.position: no grid of the town holds it");
	return ground->grid_at(ground->context, &alarm->place, &alarm->grid) ? REJECT_NONE
									     : REJECT_OUTSIDE_TOWN;
}

static enum reject check_time(
	const struct ingest *ingest, const struct event_alarm *alarm, int64_t at_ms, struct text *detail)
{
	if (alarm->time_ms - at_ms > ingest->config.future_ms) {
		*detail = TEXT("time: lies in the future; look at the sender's clock");
		return REJECT_BAD_TIME;
	}
	*detail = TEXT("time: older than what repeats are remembered for");
	return at_ms - alarm->time_ms > ingest->config.identity_keep_ms ? REJECT_TOO_OLD : REJECT_NONE;
}

static bool speaks_for_many(const struct ingest *ingest, const struct device *device)
{
	static const char *const kinds[] = {"gateway", "hotline", "weather"};
	struct text kind = query_text(ingest->core, device->kind);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kind.len == strlen(kinds[i]) && memcmp(kind.ptr, kinds[i], kind.len) == 0)
			return true;
	}
	return false;
}

/* Of a source, where nobody says more of himself than that. By event time. */
static bool within_rate(struct ingest *ingest, const struct device *device, int64_t at_ms)
{
	uint64_t rate =
		speaks_for_many(ingest, device) ? ingest->config.gateway_rate : ingest->config.device_rate;

	if (!ingest->rate || rate == 0)
		return true;
	return bucket_take(&ingest->rate[device->r.number], rate, at_ms);
}

static enum reject check(struct ingest *ingest, struct event_alarm *alarm, int64_t at_ms, struct text *detail)
{
	const struct device *device =
		query_at(ingest->core, TABLE_DEVICE, query_find(ingest->core, TABLE_DEVICE, alarm->source));
	enum reject reject;

	*detail = TEXT("source: no device of the town has this id");
	if (!device || device->retired)
		return REJECT_UNKNOWN_SOURCE;
	*detail = TEXT("type: not a listed alarm type");
	if (!query_alarm_type_listed(alarm->type))
		return REJECT_UNKNOWN_TYPE;
	reject = find_place(ingest, device, alarm, detail);
	if (reject == REJECT_NONE)
		reject = check_time(ingest, alarm, at_ms, detail);
	if (reject != REJECT_NONE)
		return reject;
	*detail = TEXT("data.mode: no drill is running");
	if (alarm->mode != MODE_ACTUAL)
		return REJECT_NOT_PERMITTED;
	*detail = TEXT("more alarms than this source may send");
	return within_rate(ingest, device, at_ms) ? REJECT_NONE : REJECT_OVERLOADED;
}

/* --- one message ---------------------------------------------------------------------------------- */

static void read_message(struct ingest *ingest, const void *bytes, size_t count, bool odd)
{
	struct alarm_in *in = &ingest->alarm_in;

	if (alarm_in_read(bytes, count, &ingest->alarm_memory, in) == REJECT_NONE && odd) {
		in->reject = REJECT_MALFORMED;
		memcpy(in->detail, "message: in more than one part",
			sizeof("message: in more than one part"));
	}
	if (in->alarm.id.len > 0 && in->alarm.source.len > 0)
		identify(&in->alarm);
}

/* A repeat keeps what can be trusted of it: who it was. The place is not looked up again. */
static void keep_repeat(const struct alarm_in *in, struct event_alarm *alarm)
{
	if (in->reject == REJECT_NONE) {
		alarm->has_place = false;
		return;
	}
	*alarm = (struct event_alarm){.source = in->alarm.source,
		.id = in->alarm.id,
		.identity = {in->alarm.identity[0], in->alarm.identity[1]}};
}

/* A refusal is counted, and said in *reply. */
static bool refuse(struct ingest *ingest, struct alarm_reply *reply, enum reject reason, struct text detail)
{
	const struct event_alarm *alarm = &ingest->alarm_in.alarm;

	ingest->count.rejected[reason]++;
	*reply = (struct alarm_reply){.id = alarm->id,
		.source = alarm->source,
		.result = ALARM_REJECTED,
		.reject = (uint8_t)reason,
		.detail = detail,
		.retry_after_s = ingest->hold == HOLD_NOTHING ? RETRY_AFTER_S : RETRY_AFTER_HOLD_S};
	return false;
}

/* What was read into ingest->alarm_in becomes an event, or a refusal. */
static bool judge(struct ingest *ingest, int64_t at_ms, struct event *event, struct alarm_reply *reply)
{
	struct event_alarm *alarm = &event->u.alarm;
	const struct alarm_in *in = &ingest->alarm_in;
	struct text detail;

	ingest->count.alarms++;
	if (!ingest->leads)
		return refuse(
			ingest, reply, REJECT_NOT_LEADER, TEXT("this daemon stands by; ask the leader"));
	if (ingest->hold == HOLD_ALL)
		return refuse(
			ingest, reply, REJECT_OVERLOADED, TEXT("nothing can be written down at present"));
	if (!gate_within_rate(ingest, DOOR_ALARMS))
		return refuse(ingest, reply, REJECT_OVERLOADED, TEXT("more alarms than this key may send"));
	if (in->alarm.source.len > 0 && !gate_speaks_for(ingest, TARGET_DEVICE, in->alarm.source))
		return refuse(
			ingest, reply, REJECT_NOT_PERMITTED, TEXT("source: not the device of your key"));
	event->kind = EVENT_ALARM;
	event->channel = TEXT("device");
	*alarm = in->alarm;
	if (is_known(ingest, alarm)) {
		keep_repeat(in, alarm);
		return true;
	}
	if (in->reject != REJECT_NONE)
		return refuse(ingest, reply, (enum reject)in->reject, text_of(in->detail));
	enum reject reject = check(ingest, alarm, at_ms, &detail);

	if (reject == REJECT_NONE && ingest->hold == HOLD_ORDINARY &&
		!query_alarm_urgent(ingest->core, alarm->type))
		return refuse(
			ingest, reply, REJECT_OVERLOADED, TEXT("only alarms for life and limb at present"));
	return reject == REJECT_NONE || refuse(ingest, reply, reject, detail);
}

bool ingest_alarm(struct ingest *ingest, const void *bytes, uint32_t count, int64_t at_ms,
	struct event *event, struct alarm_reply *refused)
{
	ingest->caller_slot = 0; /* whoever it is has shown another door who he is */
	read_message(ingest, bytes, count, false);
	return judge(ingest, at_ms, event, refused);
}

void alarm_refuse_unread(struct ingest *ingest, const struct origin *origin, struct text why)
{
	struct alarm_reply reply;

	ingest->count.alarms++;
	ingest->alarm_in.alarm = (struct event_alarm){0};
	(void)refuse(ingest, &reply, REJECT_MALFORMED, why);
	alarm_answer(ingest, origin, &reply);
}

bool alarm_take(struct ingest *ingest, int64_t at_ms, struct event *event, struct origin *origin)
{
	struct alarm_reply reply;

	read_message(ingest, zmq_msg_data(&ingest->message), zmq_msg_size(&ingest->message), ingest->odd);
	if (!judge(ingest, at_ms, event, &reply)) {
		alarm_answer(ingest, origin, &reply);
		return false;
	}
	if (ingest->alarm_in.follow && !(origin->flags & ORIGIN_DELIMITER))
		origin->flags |= ORIGIN_FOLLOW;
	return true;
}
