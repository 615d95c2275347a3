/* alarm_in: the alarm message and its reply; every limit of a field is checked here, its meaning is not. */
#include "wire/alarm_in.h"

#include <string.h>

#include "wire/ids.h"

static const int64_t micro_max = INT64_C(9000000000000000000);
static const int64_t one_e18 = INT64_C(1000000000000000000);
static const int64_t one_e12 = INT64_C(1000000000000);

enum { IN_SPECVERSION, IN_ID, IN_SOURCE, IN_TYPE, IN_TIME, IN_DATA, ENVELOPE_COUNT };
static const struct text envelope_keys[ENVELOPE_COUNT] = {
	{"specversion", 11}, {"id", 2}, {"source", 6}, {"type", 4}, {"time", 4}, {"data", 4}};

enum {
	IN_STATE,
	IN_POSITION,
	IN_CRS,
	IN_CONFIDENCE,
	IN_VALUE,
	IN_UNIT,
	IN_TEXT,
	IN_MEDIA,
	IN_MODE,
	IN_FOLLOW,
	IN_COLOUR,
	DATA_COUNT
};
static const struct text data_keys[DATA_COUNT] = {{"state", 5}, {"position", 8}, {"crs", 3},
	{"confidence", 10}, {"value", 5}, {"unit", 4}, {"text", 4}, {"media", 5}, {"mode", 4}, {"follow", 6},
	{"colour", 6}};

/* Reads the identity by itself: it goes into the reply even when something before it is wrong. */
static void read_identity(const struct field_in *in, const uint32_t *at, struct event_alarm *alarm)
{
	struct field_in own;

	field_in_init(&own, in->doc, in->scratch);
	(void)field_name(&own, at[IN_ID], "id", ALARM_NAME_MAX, &alarm->id);
	field_in_init(&own, in->doc, in->scratch);
	(void)field_name(&own, at[IN_SOURCE], "source", ALARM_NAME_MAX, &alarm->source);
}

static void read_envelope(struct field_in *in, const uint32_t *at, struct event_alarm *alarm)
{
	struct text version = TEXT("1.0");

	(void)field_text(in, at[IN_SPECVERSION], "specversion", UINT32_MAX, true, &version);
	if (version.len != 3 || memcmp(version.ptr, "1.0", 3) != 0)
		field_fail(in, REJECT_MALFORMED, "specversion", "must be \"1.0\"");
	(void)field_name(in, at[IN_ID], "id", ALARM_NAME_MAX, &alarm->id);
	(void)field_name(in, at[IN_SOURCE], "source", ALARM_NAME_MAX, &alarm->source);
	(void)field_name(in, at[IN_TYPE], "type", ALARM_NAME_MAX, &alarm->type);
	if (!field_time(in, at[IN_TIME], "time", &alarm->time_ms))
		field_fail(in, REJECT_BAD_TIME, "time", "missing");
	if (json_kind(in->doc, at[IN_DATA]) != JSON_KIND_OBJECT)
		field_fail(in, REJECT_MALFORMED, "data", "must be an object");
}

/* Cut off, not rounded, so that a confidence below a limit stays below it. */
static void read_confidence(struct field_in *in, uint32_t index, struct event_alarm *alarm)
{
	int64_t confidence_e18;

	switch (json_get_fixed(in->doc, index, 18, 0, one_e18, &confidence_e18)) {
	case DISP_OK:
		alarm->confidence_ppm = (uint32_t)(confidence_e18 / one_e12);
		break;
	case DISP_E_NONE:
		alarm->confidence_ppm = 1000000;
		break;
	default:
		field_fail(in, REJECT_MALFORMED, "data.confidence", "must be a number from 0 to 1");
	}
}

static void read_value(struct field_in *in, uint32_t index, struct event_alarm *alarm)
{
	enum disp_err err = json_get_fixed(in->doc, index, 6, -micro_max, micro_max, &alarm->value_e6);

	alarm->has_value = err == DISP_OK;
	if (err == DISP_E_INPUT)
		field_fail(in, REJECT_MALFORMED, "data.value", "must be a number within +-9e12");
}

/* Puts the addresses behind one another into the scratch, parted by blanks. */
static void join_media(struct field_in *in, const struct text *address, uint32_t count, struct text *media)
{
	struct json_scratch *scratch = in->scratch;
	char *start = scratch->buffer + scratch->used, *to = start, *end = scratch->buffer + scratch->size;

	for (uint32_t i = 0; i < count; i++) {
		if (address[i].len + 1 > (size_t)(end - to)) {
			field_fail(in, REJECT_MALFORMED, "data.media", "too long");
			return;
		}
		if (i > 0)
			*to++ = ' ';
		memcpy(to, address[i].ptr, address[i].len);
		to += address[i].len;
	}
	scratch->used = (uint32_t)(to - scratch->buffer);
	*media = (struct text){start, (uint32_t)(to - start)};
}

static void read_media(struct field_in *in, uint32_t index, struct event_alarm *alarm)
{
	struct text address[ALARM_MEDIA_MAX];
	enum json_kind type = json_kind(in->doc, index);
	uint32_t count = 0;

	if (in->reason != REJECT_NONE || type == JSON_KIND_ABSENT || type == JSON_KIND_NULL)
		return;
	if (type != JSON_KIND_ARRAY || json_count(in->doc, index) > ALARM_MEDIA_MAX) {
		field_fail(in, REJECT_MALFORMED, "data.media", "must be a list of at most 32 addresses");
		return;
	}
	for (uint32_t at = json_first(in->doc, index); at != JSON_NONE; at = json_next(in->doc, index, at)) {
		if (!field_name(in, at, "data.media", ALARM_MEDIA_BYTES_MAX, &address[count]))
			return;
		if (memchr(address[count].ptr, ' ', address[count].len)) {
			field_fail(in, REJECT_MALFORMED, "data.media", "an address must not hold blanks");
			return;
		}
		count++;
	}
	if (count > 0)
		join_media(in, address, count, &alarm->media);
}

static bool is_weather(struct text type)
{
	static const struct text prefix = {"alarm.weather.", 14};

	return type.len >= prefix.len && memcmp(type.ptr, prefix.ptr, prefix.len) == 0;
}

/* 1 .. 4 is blue .. red: the order of enum colour. */
static void read_colour(struct field_in *in, uint32_t index, struct event_alarm *alarm)
{
	if (field_word(in, index, "data.colour", WORDS_COLOUR, false, &alarm->colour)) {
		if (alarm->colour == COLOUR_NONE)
			field_fail(
				in, REJECT_MALFORMED, "data.colour", "must be red, orange, yellow or blue");
		return;
	}
	if (is_weather(alarm->type) && alarm->has_value && alarm->value_e6 % 1000000 == 0 &&
		alarm->value_e6 >= 1000000 && alarm->value_e6 <= 4000000)
		alarm->colour = (uint8_t)(alarm->value_e6 / 1000000);
}

static void read_data(struct field_in *in, uint32_t data, struct alarm_in *out)
{
	struct event_alarm *alarm = &out->alarm;
	uint32_t at[DATA_COUNT];

	(void)json_find_members(in->doc, data, data_keys, DATA_COUNT, at);
	(void)field_word(in, at[IN_STATE], "data.state", WORDS_ALARM_STATE, true, &alarm->state);
	alarm->has_place = field_point(in, at[IN_POSITION], at[IN_CRS], "data.position", &out->position);
	read_confidence(in, at[IN_CONFIDENCE], alarm);
	read_value(in, at[IN_VALUE], alarm);
	(void)field_text(in, at[IN_UNIT], "data.unit", ALARM_UNIT_MAX, false, &alarm->value_unit);
	(void)field_text(in, at[IN_TEXT], "data.text", ALARM_TEXT_MAX, false, &alarm->text);
	(void)field_word(in, at[IN_MODE], "data.mode", WORDS_MODE, false, &alarm->mode);
	(void)field_bool(in, at[IN_FOLLOW], "data.follow", &out->follow);
	read_colour(in, at[IN_COLOUR], alarm);
	read_media(in, at[IN_MEDIA], alarm);
}

enum reject alarm_in_read(const void *bytes, size_t len, struct alarm_memory *memory, struct alarm_in *out)
{
	struct json_scratch scratch = {memory->scratch, sizeof(memory->scratch), 0};
	uint32_t at[ENVELOPE_COUNT];
	struct json_error error;
	struct field_in in;
	struct json_doc doc = {NULL, NULL, 0};

	memset(out, 0, sizeof(*out));
	field_in_init(&in, &doc, &scratch);
	if (len > ALARM_BYTES_MAX) {
		field_fail(&in, REJECT_TOO_LARGE, "message", "more than 65536 bytes");
	} else if (json_read(&doc, bytes, len, memory->token, ALARM_TOKENS_MAX, &error) != DISP_OK) {
		field_fail_json(&in, &error);
	} else if (json_kind(&doc, 0) != JSON_KIND_OBJECT) {
		field_fail(&in, REJECT_MALFORMED, "message", "must be a JSON object");
	} else {
		(void)json_find_members(&doc, 0, envelope_keys, ENVELOPE_COUNT, at);
		read_identity(&in, at, &out->alarm);
		read_envelope(&in, at, &out->alarm);
		if (in.reason == REJECT_NONE)
			read_data(&in, at[IN_DATA], out);
	}
	out->reject = in.reason;
	memcpy(out->detail, in.detail, sizeof(out->detail));
	return (enum reject)out->reject;
}

/* --- out ------------------------------------------------------------------------------------------ */

static void write_text_or_null(struct json_out *out, struct text text)
{
	if (text.len > 0)
		json_write_text(out, text);
	else
		json_write_null(out);
}

void alarm_reply_write(struct json_out *out, const struct alarm_reply *reply)
{
	char id[ID_SIZE];

	json_open_object(out);
	JSON_KEY(out, "id");
	write_text_or_null(out, reply->id);
	JSON_KEY(out, "source");
	write_text_or_null(out, reply->source);
	JSON_KEY(out, "result");
	json_write_text(out, words_of(WORDS_ALARM_RESULT, reply->result));
	if (reply->result == ALARM_REJECTED) {
		JSON_KEY(out, "reason");
		json_write_text(out, words_of(WORDS_REJECT, reply->reject));
		JSON_KEY(out, "detail");
		json_write_text(out, reply->detail);
		if (reply->reject == REJECT_OVERLOADED) {
			JSON_KEY(out, "retry_after_s");
			json_write_uint64(out, reply->retry_after_s);
		}
	} else {
		JSON_KEY(out, "incident");
		write_text_or_null(out, ids_write(ID_INCIDENT, reply->incident, id));
		JSON_KEY(out, "seq");
		if (reply->seq > 0)
			json_write_uint64(out, reply->seq);
		else
			json_write_null(out);
	}
	json_close_object(out);
}

void alarm_follow_write(
	struct json_out *out, uint32_t incident, enum incident_state state, enum disposition disposition)
{
	char id[ID_SIZE];

	json_open_object(out);
	JSON_KEY(out, "incident");
	write_text_or_null(out, ids_write(ID_INCIDENT, incident, id));
	JSON_KEY(out, "state");
	json_write_text(out, words_of(WORDS_INCIDENT_STATE, state));
	JSON_KEY(out, "disposition");
	if (disposition != DISPOSITION_NONE)
		json_write_text(out, words_of(WORDS_DISPOSITION, disposition));
	else
		json_write_null(out);
	json_close_object(out);
}
