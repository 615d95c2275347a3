/* json_string: JSON strings between their quotes, escapes included. For the reader and its getters only. */
#ifndef WIRE_JSON_STRING_H
#define WIRE_JSON_STRING_H

#include <stddef.h>

#include "core/types.h"

/*
 * json_escape_decode - the code point of the escape that begins with the backslash at `at`.
 *
 * Shapes  at < end; *code is set when the result is not 0.
 * Errors  0: not an escape of RFC 8259 section 7, or half a surrogate pair. Else its length: 2, 6 or 12.
 */
uint32_t json_escape_decode(const uint8_t *at, const uint8_t *end, uint32_t *code);

/* The first byte in at .. end that is a quote, a backslash, a control or not ASCII; end when there is none.
 */
const uint8_t *json_string_skip_plain(const uint8_t *at, const uint8_t *end);

/* Writes the string without its escapes to out, which holds raw.len bytes at least; returns the bytes
 * written. */
uint32_t json_string_unescape(struct text raw, uint8_t *out);

/* Whether two strings are the same once their escapes are read; raw: as written, checked by the reader. */
bool json_string_equal(struct text raw_a, bool escaped_a, struct text raw_b, bool escaped_b);

/* Equal strings, equal hashes, whatever their escapes. A filter before json_string_equal, no defence. */
uint32_t json_string_hash(struct text raw, bool escaped);

#endif
