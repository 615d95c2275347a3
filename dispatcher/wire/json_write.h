/* json_write: appends JSON to a buffer of the caller; commas and escapes are its work, meaning is not. */
#ifndef WIRE_JSON_WRITE_H
#define WIRE_JSON_WRITE_H

#include <stddef.h>

#include "core/error.h"
#include "core/types.h"

enum { JSON_OUT_DEPTH_MAX = 32 };

/*
 * A document being written. Once something did not fit, `full` is set, nothing more is written, and
 * json_out_finish reports it; no call in between needs to be looked at.
 */
struct json_out {
	char *ptr;
	size_t size, used; /* used <= size */
	bool full;
	bool after_key;      /* a key waits for its value */
	uint32_t depth;      /* open arrays and objects */
	uint64_t objects;    /* bit d: what is open at depth d is an object */
	uint64_t has_member; /* bit d: it has a member already, the next one needs a comma */
};

/*
 * Calls out of order (a value without its key in an object, a key in an array, a bracket too many, more than
 * JSON_OUT_DEPTH_MAX deep) are a bug in the caller: ASSERT.
 */

/* Begins an empty document in ptr[size]. */
void json_out_init(struct json_out *out, char *ptr, size_t size);

/*
 * json_out_finish - the finished document, in the caller's buffer and not terminated.
 *
 * Errors  DISP_E_FULL  it did not fit; *text is untouched. Something left open is a bug: ASSERT.
 */
enum disp_err json_out_finish(const struct json_out *out, struct text *text) DISP_MUSTCHECK;

void json_open_object(struct json_out *out);
void json_close_object(struct json_out *out);
void json_open_array(struct json_out *out);
void json_close_array(struct json_out *out);

/* The key of the next value; the caller sees to it that no key comes twice. JSON_KEY is for literals. */
void json_write_key(struct json_out *out, struct text key);
#define JSON_KEY(out, literal) json_write_key((out), TEXT(literal))

/* A string. Quotes, backslashes and controls are escaped, UTF-8 passes as it is and must be valid. */
void json_write_text(struct json_out *out, struct text text);

void json_write_int64(struct json_out *out, int64_t value);
void json_write_uint64(struct json_out *out, uint64_t value);

/*
 * json_write_fixed - value / 10^scale as a plain decimal: 1134312000 at scale 7 is 113.4312.
 *
 * Shapes  scale 0 .. 18. Zeros at the end of the fraction are left out; at least one digit before the point.
 */
void json_write_fixed(struct json_out *out, int64_t value, uint32_t scale);

void json_write_bool(struct json_out *out, bool value);
void json_write_null(struct json_out *out);

/* A string with that time in RFC 3339, UTC, milliseconds: time_format in wire/time_text.h. */
void json_write_time(struct json_out *out, int64_t at_ms);

/* One complete JSON value, copied as it is; that it is one is for the caller to know. */
void json_write_raw(struct json_out *out, struct text value);

#endif
