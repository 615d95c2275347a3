/* field_in: typed fields out of a JSON message; the first fault is kept, with a line for people that names the field. */
#ifndef WIRE_FIELD_IN_H
#define WIRE_FIELD_IN_H

#include "core/types.h"
#include "core/words.h"
#include "wire/json_read.h"

enum { FIELD_DETAIL_SIZE = 160, FIELD_CRS_SIZE = 48 };

/* A position as it was sent; geo/ makes a place of it. */
struct field_point {
	bool given;
	double x, y;              /* GeoJSON order: longitude or easting first */
	char crs[FIELD_CRS_SIZE]; /* terminated; EPSG:4490 when the message names none */
};

/*
 * A message being read. Once a field is wrong, `reason` says so, every later call does nothing, and nothing
 * in between needs to be looked at.
 */
struct field_in {
	const struct json_doc *doc;
	struct json_scratch *scratch;
	uint8_t reason; /* enum reject; REJECT_NONE as long as all is well */
	char detail[FIELD_DETAIL_SIZE];
};

void field_in_init(struct field_in *in, const struct json_doc *doc, struct json_scratch *scratch);

/* Records "name: what", unless something is recorded already. */
void field_fail(struct field_in *in, enum reject reason, const char *name, const char *what);

/* Records why json_read refused the bytes, and where. */
void field_fail_json(struct field_in *in, const struct json_error *error);

/*
 * The getters. index: of the value, JSON_NONE when there is none. Absent and null are the same: *out is left
 * alone, and it is a fault only where `required` says so. Wrong kind or out of range: REJECT_MALFORMED.
 * They return whether *out was written.
 */
bool field_text(struct field_in *in, uint32_t index, const char *name, uint32_t max_bytes, bool required,
	struct text *out);
/* A text that is a name: required, not empty, no control characters. */
bool field_name(struct field_in *in, uint32_t index, const char *name, uint32_t max_bytes, struct text *out);
bool field_word(struct field_in *in, uint32_t index, const char *name, enum words_set set, bool required,
	uint8_t *out);
bool field_bool(struct field_in *in, uint32_t index, const char *name, bool *out);
bool field_whole(struct field_in *in, uint32_t index, const char *name, int64_t min, int64_t max,
	bool required, int64_t *out);
/* RFC 3339 to ms since 1970. */
bool field_time(struct field_in *in, uint32_t index, const char *name, int64_t *out);
/* An id of wire/ids.h, required. */
bool field_id(struct field_in *in, uint32_t index, const char *name, uint32_t kind, uint32_t *out);

/*
 * field_point - a GeoJSON Point and the name of its coordinate system.
 *
 * Errors  REJECT_MALFORMED     not a Point, or a crs that is no text
 *         REJECT_BAD_POSITION  a number that no double holds, or a crs that cannot be one; whether it is one,
 *                              and whether the point lies on the earth, geo/ finds out
 */
bool field_point(
	struct field_in *in, uint32_t position, uint32_t crs, const char *name, struct field_point *out);

#endif
