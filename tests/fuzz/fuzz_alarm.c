/* fuzz_alarm: bytes from the alarms' door: read, answered, stored and shown. */
#include "fuzz_row.h"

#include "wire/alarm_in.h"

static struct alarm_memory memory;
static struct alarm_in in;

static void answer(enum reject reject)
{
	struct json_out out;
	struct alarm_reply reply = {.id = in.alarm.id,
		.source = in.alarm.source,
		.result = reject == REJECT_NONE ? ALARM_ACCEPTED : ALARM_REJECTED,
		.reject = (uint8_t)reject,
		.incident = in.follow ? 2026000001 : 0,
		.seq = in.follow ? UINT64_MAX : 0,
		.detail = {in.detail, (uint32_t)strlen(in.detail)},
		.retry_after_s = reject == REJECT_NONE ? 0 : 5};

	json_out_init(&out, fuzz_document, sizeof(fuzz_document));
	alarm_reply_write(&out, &reply);
	fuzz_document_check(&out);
	json_out_init(&out, fuzz_document, sizeof(fuzz_document));
	alarm_follow_write(&out, reply.incident, INCIDENT_CLOSED, DISPOSITION_RESOLVED);
	fuzz_document_check(&out);
}

/* What the shell and the core count on. */
static void check_accepted(const struct event_alarm *alarm)
{
	FUZZ_MUST(alarm->id.len > 0 && alarm->id.len <= ALARM_NAME_MAX);
	FUZZ_MUST(alarm->source.len > 0 && alarm->source.len <= ALARM_NAME_MAX);
	FUZZ_MUST(alarm->type.len > 0 && alarm->type.len <= ALARM_NAME_MAX);
	FUZZ_MUST(alarm->text.len <= ALARM_TEXT_MAX && alarm->value_unit.len <= ALARM_UNIT_MAX);
	FUZZ_MUST(alarm->state < ALARM_STATE_COUNT && alarm->mode < MODE_COUNT);
	FUZZ_MUST(alarm->colour < COLOUR_COUNT && alarm->confidence_ppm <= 1000000);
	FUZZ_MUST(in.detail[0] == '\0' && in.reject == REJECT_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event event = {.kind = EVENT_ALARM, .seq = 1, .epoch = 1, .at_ms = 1};
	enum reject reject = alarm_in_read(data, size, &memory, &in);

	FUZZ_MUST(reject == in.reject && memchr(in.detail, '\0', sizeof(in.detail)) != NULL);
	answer(reject);
	if (reject != REJECT_NONE)
		return 0;
	check_accepted(&in.alarm);
	event.u.alarm = in.alarm;
	fuzz_event_round(&event);
	return 0;
}
