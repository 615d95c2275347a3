/* field_in: typed fields out of a JSON message; what they mean is for the messages to know. */
#include "wire/field_in.h"

#include <string.h>

#include "wire/ids.h"
#include "wire/time_text.h"

void field_in_init(struct field_in *in, const struct json_doc *doc, struct json_scratch *scratch)
{
	*in = (struct field_in){.doc = doc, .scratch = scratch, .reason = REJECT_NONE};
}

/* Appends what fits; the detail stays terminated. */
static void detail_add(struct field_in *in, const char *what)
{
	size_t used = 0;

	while (in->detail[used] != '\0')
		used++;
	while (*what != '\0' && used + 1 < FIELD_DETAIL_SIZE)
		in->detail[used++] = *what++;
	in->detail[used] = '\0';
}

void field_fail(struct field_in *in, enum reject reason, const char *name, const char *what)
{
	if (in->reason != REJECT_NONE)
		return;
	in->reason = (uint8_t)reason;
	in->detail[0] = '\0';
	detail_add(in, name);
	detail_add(in, ": ");
	detail_add(in, what);
}

void field_fail_json(struct field_in *in, const struct json_error *error)
{
	char digits[12];
	uint32_t at = sizeof(digits), value = error->at;

	digits[--at] = '\0';
	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	field_fail(in, REJECT_MALFORMED, "not a JSON message", error->message);
	detail_add(in, ", at byte ");
	detail_add(in, digits + at);
}

/* Whether there is anything to read; a missing required field is recorded. */
static bool present(struct field_in *in, uint32_t index, const char *name, bool required)
{
	enum json_kind type = json_kind(in->doc, index);

	if (in->reason != REJECT_NONE)
		return false;
	if (type != JSON_KIND_ABSENT && type != JSON_KIND_NULL)
		return true;
	if (required)
		field_fail(in, REJECT_MALFORMED, name, "missing");
	return false;
}

bool field_text(struct field_in *in, uint32_t index, const char *name, uint32_t max_bytes, bool required,
	struct text *out)
{
	struct text text;
	enum disp_err err;

	if (!present(in, index, name, required))
		return false;
	err = json_get_text(in->doc, index, in->scratch, &text);
	if (err == DISP_E_INPUT)
		field_fail(in, REJECT_MALFORMED, name, "must be a text");
	else if (err != DISP_OK || text.len > max_bytes)
		field_fail(in, REJECT_MALFORMED, name, "too long");
	if (in->reason != REJECT_NONE)
		return false;
	*out = text;
	return true;
}

bool field_name(struct field_in *in, uint32_t index, const char *name, uint32_t max_bytes, struct text *out)
{
	struct text text;

	if (!field_text(in, index, name, max_bytes, true, &text))
		return false;
	if (text.len == 0)
		field_fail(in, REJECT_MALFORMED, name, "must not be empty");
	for (uint32_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7F)
			field_fail(in, REJECT_MALFORMED, name, "must not hold control characters");
	}
	if (in->reason != REJECT_NONE)
		return false;
	*out = text;
	return true;
}

bool field_word(struct field_in *in, uint32_t index, const char *name, enum words_set set, bool required,
	uint8_t *out)
{
	struct text word;
	uint32_t value;

	if (!field_text(in, index, name, UINT32_MAX, required, &word))
		return false;
	value = words_find(set, word);
	if (value > UINT8_MAX) {
		field_fail(in, REJECT_MALFORMED, name, "no such word");
		return false;
	}
	*out = (uint8_t)value;
	return true;
}

bool field_bool(struct field_in *in, uint32_t index, const char *name, bool *out)
{
	if (!present(in, index, name, false))
		return false;
	if (json_get_bool(in->doc, index, out) == DISP_OK)
		return true;
	field_fail(in, REJECT_MALFORMED, name, "must be true or false");
	return false;
}

bool field_whole(struct field_in *in, uint32_t index, const char *name, int64_t min, int64_t max,
	bool required, int64_t *out)
{
	if (!present(in, index, name, required))
		return false;
	if (json_get_int64(in->doc, index, min, max, out) == DISP_OK)
		return true;
	field_fail(in, REJECT_MALFORMED, name, "must be a whole number in range");
	return false;
}

bool field_time(struct field_in *in, uint32_t index, const char *name, int64_t *out)
{
	struct text text;

	if (!field_text(in, index, name, UINT32_MAX, false, &text))
		return false;
	if (time_parse(text, out) == DISP_OK)
		return true;
	field_fail(in, REJECT_MALFORMED, name, "must be an RFC 3339 time, like 2026-07-01T08:00:00.123Z");
	return false;
}

bool field_id(struct field_in *in, uint32_t index, const char *name, uint32_t kind, uint32_t *out)
{
	struct text text;
	uint64_t number;

	if (!field_text(in, index, name, UINT32_MAX, true, &text))
		return false;
	if (ids_read((enum id_kind)kind, text, &number) != DISP_OK || number > UINT32_MAX) {
		field_fail(in, REJECT_MALFORMED, name, "no such form of id");
		return false;
	}
	*out = (uint32_t)number;
	return true;
}

static void point_read_crs(struct field_in *in, uint32_t crs, struct field_point *out)
{
	struct text text = TEXT("EPSG:4490");

	(void)field_text(in, crs, "crs", UINT32_MAX, false, &text);
	if (text.len == 0 || text.len >= FIELD_CRS_SIZE)
		field_fail(in, REJECT_BAD_POSITION, "crs", "no such coordinate system");
	for (uint32_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < 0x20 || text.ptr[i] > 0x7E)
			field_fail(in, REJECT_BAD_POSITION, "crs", "no such coordinate system");
	}
	if (in->reason != REJECT_NONE)
		return;
	memcpy(out->crs, text.ptr, text.len);
	out->crs[text.len] = '\0';
}

bool field_point(
	struct field_in *in, uint32_t position, uint32_t crs, const char *name, struct field_point *out)
{
	const struct json_doc *doc = in->doc;
	uint32_t list, at, count;
	double number[3] = {0};

	out->given = false;
	point_read_crs(in, crs, out);
	if (!present(in, position, name, false))
		return false;
	list = json_find(doc, position, TEXT("coordinates"));
	count = json_count(doc, list);
	if (!json_equals(doc, json_find(doc, position, TEXT("type")), TEXT("Point")) ||
		json_kind(doc, list) != JSON_KIND_ARRAY || count < 2 || count > 3) {
		field_fail(in, REJECT_MALFORMED, name, "must be a GeoJSON Point of two or three coordinates");
		return false;
	}
	at = json_first(doc, list);
	for (uint32_t i = 0; i < count; i++, at = json_next(doc, list, at)) {
		if (json_kind(doc, at) != JSON_KIND_NUMBER)
			field_fail(in, REJECT_MALFORMED, name, "coordinates must be numbers");
		else if (json_get_double(doc, at, &number[i]) != DISP_OK)
			field_fail(in, REJECT_BAD_POSITION, name, "a coordinate is out of range");
	}
	if (in->reason != REJECT_NONE)
		return false;
	out->given = true;
	out->x = number[0];
	out->y = number[1];
	return true;
}
