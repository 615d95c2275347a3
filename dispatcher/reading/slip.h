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

#endif
