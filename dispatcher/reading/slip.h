/* slip: slips of the pen in files that people write: a full-width colon, a word that is nearly another. */
#ifndef READING_SLIP_H
#define READING_SLIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * reading_wide_colon - the first line of first_line .. last_line that begins with a key and a full-width colon,
 * which YAML does not take for a colon.
 *
 * Units   lines and columns from 1, columns in characters. bytes[len] is UTF-8.
 */
bool reading_wide_colon(const char *bytes, size_t len, uint32_t first_line, uint32_t last_line,
	uint32_t *line, uint32_t *column);

/* Characters to change, add, drop or swap with the next to get from a to b; UINT32_MAX beyond 64 characters. UTF-8. */
uint32_t reading_distance(const char *a, size_t a_len, const char *b, size_t b_len);

/*
 * reading_near - whether one word is likely the other, written wrongly: one character off in 4 to 7, two in 8 and
 * more. Shorter words, the same word, and words that differ in their digits only are not near.
 */
bool reading_near(const char *a, const char *b);

#endif
