/* json_read: a strict RFC 8259 reader, bytes to tokens to values. Bounded, no heap; it knows no message. */
#ifndef WIRE_JSON_READ_H
#define WIRE_JSON_READ_H

#include <stddef.h>

#include "core/error.h"
#include "core/types.h"

enum {
	JSON_DEPTH_MAX = 32,     /* arrays and objects within each other */
	JSON_MEMBERS_MAX = 1024, /* members of one object; bounds the search for duplicate keys */
	JSON_BYTES_MAX = 64 * 1024 * 1024
};

enum json_kind {
	JSON_KIND_ABSENT,
	JSON_KIND_NULL,
	JSON_KIND_FALSE,
	JSON_KIND_TRUE,
	JSON_KIND_NUMBER,
	JSON_KIND_STRING,
	JSON_KIND_ARRAY,
	JSON_KIND_OBJECT
};

/* Index of no token. Every getter takes it and calls the value absent, so that look-ups can be nested. */
#define JSON_NONE UINT32_MAX

/*
 * One value, or one key of an object. Tokens stand in document order: a container is followed by what it
 * holds, a key by its value. Token 0 is the whole document.
 */
struct json_token {
	uint32_t start; /* bytes of the document: a string without its quotes, */
	uint32_t end;   /* a container with its brackets */
	uint32_t next;  /* index behind this value and all it holds; of a key: of its value */
	uint32_t count; /* elements or members of a container; of a key: the reader's own hash */
	uint8_t kind;   /* enum json_kind, never JSON_KIND_ABSENT */
	bool escaped;   /* a string that has escapes */
	bool whole;     /* a number without fraction and exponent */
};

struct json_doc {
	const char *bytes;
	const struct json_token *token; /* [count] */
	uint32_t count;
};

enum json_fault {
	JSON_FINE,
	JSON_BAD_END,   /* the document ends too early */
	JSON_BAD_VALUE, /* no value where one must stand */
	JSON_BAD_KEY,   /* no quoted key where one must stand */
	JSON_BAD_COLON,
	JSON_BAD_COMMA, /* neither a comma nor the closing bracket */
	JSON_BAD_NUMBER,
	JSON_BAD_ESCAPE,  /* an unknown escape, or half a surrogate pair */
	JSON_BAD_CONTROL, /* a control character in a string */
	JSON_BAD_UTF8,
	JSON_BAD_NUL,       /* \u0000, which PostgreSQL refuses in text */
	JSON_BAD_DUPLICATE, /* the same key twice in one object */
	JSON_BAD_TRAILING,  /* more bytes behind the document */
	JSON_OVER_DEPTH,
	JSON_OVER_MEMBERS,
	JSON_OVER_TOKENS,
	JSON_OVER_BYTES
};

struct json_error {
	enum json_fault fault;
	uint32_t at;         /* byte offset of the fault */
	const char *message; /* static, English, terminated */
};

/*
 * json_read - checks the whole document and fills the tokens.
 *
 * Shapes  bytes[len] in, any bytes; token[token_max] out. One value a token, one more for each key.
 * Order   one pass, at most len + JSON_MEMBERS_MAX * members / 2 steps.
 * Errors  DISP_E_INPUT  not RFC 8259, not UTF-8, \u0000, or a duplicate key; numbers of any size pass.
 *         DISP_E_FULL   a limit above or token_max. *error (may be NULL) says which and where; on success it
 *         is {JSON_FINE, 0, ""}. On failure *doc is an empty document: everything in it is absent.
 * Memory  the caller owns bytes and token; both must live and stay as they are while doc is used.
 * Source  RFC 8259. A byte order mark is refused (section 8.1 forbids it, and lets readers refuse it).
 */
enum disp_err json_read(struct json_doc *doc, const void *bytes, size_t len, struct json_token *token,
	uint32_t token_max, struct json_error *error) DISP_MUSTCHECK;

/* --- finding ---------------------------------------------------------------------------------- */

/* The kind of a value; JSON_KIND_ABSENT for JSON_NONE and for an index outside the document. */
enum json_kind json_kind(const struct json_doc *doc, uint32_t index);

/* Elements of an array, members of an object, else 0. */
uint32_t json_count(const struct json_doc *doc, uint32_t index);

/* The value of that key; JSON_NONE when there is none or when `object` is not an object. */
uint32_t json_find(const struct json_doc *doc, uint32_t object, struct text key);

/*
 * json_find_members - looks up key_count keys in one walk over the object, fastest when asked in the order
 * in which they are usually written.
 *
 * Shapes  key[key_count] in; found[key_count] out: index of the value or JSON_NONE.
 * Errors  returns the number of members that are none of these keys; 0 also when `object` is not an object.
 */
uint32_t json_find_members(const struct json_doc *doc, uint32_t object, const struct text *key,
	uint32_t key_count, uint32_t *found);

/*
 * json_first, json_next - walk a container: the first element of an array or key of an object, then the next;
 * JSON_NONE behind the last. In an object json_value gives the value that belongs to a key.
 */
uint32_t json_first(const struct json_doc *doc, uint32_t container);
uint32_t json_next(const struct json_doc *doc, uint32_t container, uint32_t index);
uint32_t json_value(const struct json_doc *doc, uint32_t key);

/* Whether the value is a string, or a key, and reads as `want`, escapes counted as what they stand for. */
bool json_equals(const struct json_doc *doc, uint32_t index, struct text want);

/* The bytes of a value as written: a string without its quotes and with its escapes. {NULL, 0} when absent.
 */
struct text json_raw(const struct json_doc *doc, uint32_t index);

/* --- values ----------------------------------------------------------------------------------- */
/* Every getter: DISP_E_NONE when the value is absent or null, DISP_E_INPUT when it is of another kind or out
 * of range; *out is then untouched. */

/* Where strings with escapes are written out. The caller owns buffer[size] and sets used to 0. */
struct json_scratch {
	char *buffer;
	uint32_t size, used;
};

/* A string or key: bytes of the document itself, or of the scratch when it has escapes.
 * DISP_E_FULL: it has escapes and the scratch is too small, or NULL; the size of the document is always
 * enough for all its strings. */
enum disp_err json_get_text(const struct json_doc *doc, uint32_t index, struct json_scratch *scratch,
	struct text *out) DISP_MUSTCHECK;

/* A whole number within min .. max. 5.0 and 5e0 are whole, as in JSON Schema. */
enum disp_err json_get_int64(
	const struct json_doc *doc, uint32_t index, int64_t min, int64_t max, int64_t *out) DISP_MUSTCHECK;

/* The number times 10^scale (-18 .. 18), to nearest, halves away from zero; min and max in the same units:
 * longitude as degrees x 10^7 is (…, 7, -1800000000, 1800000000, &out). */
enum disp_err json_get_fixed(const struct json_doc *doc, uint32_t index, int32_t scale, int64_t min,
	int64_t max, int64_t *out) DISP_MUSTCHECK;

/* The nearest double; how exact: decimal_to_double in wire/decimal.h. */
enum disp_err json_get_double(const struct json_doc *doc, uint32_t index, double *out) DISP_MUSTCHECK;

enum disp_err json_get_bool(const struct json_doc *doc, uint32_t index, bool *out) DISP_MUSTCHECK;

#endif
