/* unit_in: the messages of terminals to events; whether the speaker may say it is for others to know. */
#include "wire/unit_io.h"

#include <string.h>

#include "wire/ids.h"

enum {
	IN_KIND,
	IN_UNIT,
	IN_DEPOT,
	IN_DEVICE,
	IN_LAST_SEQ,
	IN_EPOCH,
	IN_POSITION,
	IN_CRS,
	IN_TIME,
	IN_STATUS,
	IN_ORDER,
	IN_ANSWER,
	IN_REASON,
	IN_QUANTITY,
	IN_NOTICE,
	IN_TEXT,
	KEY_COUNT
};
static const struct text keys[KEY_COUNT] = {{"kind", 4}, {"unit", 4}, {"depot", 5}, {"device", 6},
	{"last_seq", 8}, {"epoch", 5}, {"position", 8}, {"crs", 3}, {"time", 4}, {"status", 6}, {"order", 5},
	{"answer", 6}, {"reason", 6}, {"quantity", 8}, {"notice", 6}, {"text", 4}};

static const struct text kinds[UNIT_IN_COUNT] = {{NULL, 0}, {"hello", 5}, {"position", 8}, {"status", 6},
	{"answer", 6}, {"done", 4}, {"notify_answer", 13}, {"ping", 4}};

static void read_kind(struct field_in *in, const uint32_t *at, struct unit_in *out)
{
	struct text kind;

	if (!field_text(in, at[IN_KIND], "kind", UINT32_MAX, true, &kind))
		return;
	for (uint32_t i = UNIT_IN_NONE + 1; i < UNIT_IN_COUNT; i++) {
		if (kind.len == kinds[i].len && memcmp(kind.ptr, kinds[i].ptr, kind.len) == 0)
			out->kind = (uint8_t)i;
	}
	if (out->kind == UNIT_IN_NONE)
		field_fail(in, REJECT_MALFORMED, "kind",
			"must be hello, position, status, answer, done, notify_answer or ping");
}

static bool is_given(const struct field_in *in, uint32_t index)
{
	enum json_kind kind = json_kind(in->doc, index);

	return kind != JSON_KIND_ABSENT && kind != JSON_KIND_NULL;
}

static void read_speaker(struct field_in *in, const uint32_t *at, struct unit_in *out)
{
	static const struct {
		uint8_t key, target;
		const char *name;
	} speakers[] = {{IN_UNIT, TARGET_UNIT, "unit"}, {IN_DEPOT, TARGET_DEPOT, "depot"},
		{IN_DEVICE, TARGET_DEVICE, "device"}};

	for (uint32_t i = 0; i < sizeof(speakers) / sizeof(speakers[0]); i++) {
		if (!is_given(in, at[speakers[i].key]))
			continue;
		if (out->target != TARGET_NONE)
			field_fail(in, REJECT_MALFORMED, speakers[i].name,
				"only one of unit, depot, device may stand");
		if (field_name(in, at[speakers[i].key], speakers[i].name, UNIT_NAME_MAX, &out->id))
			out->target = speakers[i].target;
	}
	if (out->kind == UNIT_IN_HELLO && out->target == TARGET_NONE)
		field_fail(in, REJECT_MALFORMED, "hello", "one of unit, depot, device is missing");
}

static void read_hello(struct field_in *in, const uint32_t *at, struct unit_in *out)
{
	int64_t last_seq = 0, epoch = 0;

	(void)field_whole(in, at[IN_LAST_SEQ], "last_seq", 0, INT64_MAX, false, &last_seq);
	(void)field_whole(in, at[IN_EPOCH], "epoch", 0, INT64_MAX, false, &epoch);
	out->last_seq = (uint64_t)last_seq;
	out->epoch = (uint64_t)epoch;
}

static void read_position(struct field_in *in, const uint32_t *at, struct unit_in *out)
{
	if (!field_point(in, at[IN_POSITION], at[IN_CRS], "position", &out->position))
		field_fail(in, REJECT_MALFORMED, "position", "missing");
	(void)field_time(in, at[IN_TIME], "time", &out->time_ms);
}

static void read_status(struct field_in *in, const uint32_t *at, struct unit_in *out)
{
	if (field_word(in, at[IN_STATUS], "status", WORDS_UNIT_STATE, true, &out->state) &&
		(out->state == UNIT_RESERVED || out->state == UNIT_ORDERED))
		field_fail(
			in, REJECT_MALFORMED, "status", "reserved and ordered are said by the office only");
}

static void read_answer(struct field_in *in, const uint32_t *at, struct unit_in *out)
{
	int64_t quantity = 0;

	(void)field_id(in, at[IN_ORDER], "order", ID_ORDER, &out->order);
	if (out->kind == UNIT_IN_DONE)
		out->answer = ANSWER_DONE;
	else if (field_word(in, at[IN_ANSWER], "answer", WORDS_ANSWER, true, &out->answer) &&
		 (out->answer == ANSWER_NONE || out->answer > ANSWER_DELIVERED))
		field_fail(in, REJECT_MALFORMED, "answer",
			"must be accept, decline, en_route, arrived, done, failed or delivered");
	(void)field_text(in, at[IN_REASON], "reason", UNIT_TEXT_MAX, false, &out->reason);
	(void)field_whole(in, at[IN_QUANTITY], "quantity", 0, UINT32_MAX, false, &quantity);
	out->quantity = (uint32_t)quantity;
}

static void read_notify_answer(struct field_in *in, const uint32_t *at, struct unit_in *out)
{
	(void)field_id(in, at[IN_NOTICE], "notice", ID_NOTICE, &out->notice);
	(void)field_text(in, at[IN_TEXT], "text", UNIT_TEXT_MAX, false, &out->text);
}

static void read_members(struct field_in *in, const uint32_t *at, struct unit_in *out)
{
	read_kind(in, at, out);
	read_speaker(in, at, out);
	switch (out->kind) {
	case UNIT_IN_HELLO:
		read_hello(in, at, out);
		break;
	case UNIT_IN_POSITION:
		read_position(in, at, out);
		break;
	case UNIT_IN_STATUS:
		read_status(in, at, out);
		break;
	case UNIT_IN_ANSWER:
	case UNIT_IN_DONE:
		read_answer(in, at, out);
		break;
	case UNIT_IN_NOTIFY_ANSWER:
		read_notify_answer(in, at, out);
		break;
	default:
		break;
	}
}

enum reject unit_in_read(const void *bytes, size_t len, struct unit_memory *memory, struct unit_in *out)
{
	struct json_scratch scratch = {memory->scratch, sizeof(memory->scratch), 0};
	struct json_doc doc = {NULL, NULL, 0};
	uint32_t at[KEY_COUNT];
	struct json_error error;
	struct field_in in;

	memset(out, 0, sizeof(*out));
	field_in_init(&in, &doc, &scratch);
	if (len > UNIT_BYTES_MAX) {
		field_fail(&in, REJECT_TOO_LARGE, "message", "more than 16384 bytes");
	} else if (json_read(&doc, bytes, len, memory->token, UNIT_TOKENS_MAX, &error) != DISP_OK) {
		field_fail_json(&in, &error);
	} else if (json_kind(&doc, 0) != JSON_KIND_OBJECT) {
		field_fail(&in, REJECT_MALFORMED, "message", "must be a JSON object");
	} else {
		(void)json_find_members(&doc, 0, keys, KEY_COUNT, at);
		read_members(&in, at, out);
	}
	out->reject = in.reason;
	memcpy(out->detail, in.detail, sizeof(out->detail));
	return (enum reject)out->reject;
}

bool unit_in_speaks_for(const struct unit_in *in, enum target target, struct text id)
{
	return in->target == TARGET_NONE ||
	       (in->target == target && in->id.len == id.len && memcmp(in->id.ptr, id.ptr, id.len) == 0);
}

enum disp_err unit_in_event(const struct unit_in *in, enum target target, struct text id, struct event *event)
{
	memset(event, 0, sizeof(*event));
	event->channel = TEXT("terminal");
	switch (in->kind) {
	case UNIT_IN_HELLO:
		event->kind = EVENT_LINK;
		event->u.link = (struct event_link){id, (uint8_t)target, true, in->last_seq};
		return DISP_OK;
	case UNIT_IN_POSITION:
		event->kind = EVENT_POSITION;
		event->u.position = (struct event_position){.unit = id, .time_ms = in->time_ms};
		return target == TARGET_UNIT ? DISP_OK : DISP_E_INPUT;
	case UNIT_IN_STATUS:
		event->kind = EVENT_STATUS;
		event->u.status = (struct event_status){id, in->state};
		return target == TARGET_UNIT ? DISP_OK : DISP_E_INPUT;
	case UNIT_IN_ANSWER:
	case UNIT_IN_DONE:
		event->kind = EVENT_ANSWER;
		event->u.answer = (struct event_answer){in->order, in->answer, id, in->reason, in->quantity};
		return DISP_OK;
	case UNIT_IN_NOTIFY_ANSWER:
		event->kind = EVENT_NOTICE_ANSWER;
		event->u.notice_answer = (struct event_notice_answer){in->notice, id, in->text};
		return DISP_OK;
	default:
		return DISP_E_NONE;
	}
}
