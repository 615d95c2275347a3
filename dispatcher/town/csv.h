/* csv: a strict reader of RFC 4180 text in memory; knows nothing of columns' meaning. */
#ifndef TOWN_CSV_H
#define TOWN_CSV_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

enum { CSV_FIELDS_MAX = 64 };

struct csv {
	char *bytes; /* [len + 1], owned by the caller; unquoted in place while reading */
	size_t len, at;
	uint32_t line, column; /* of at; from 1, columns in characters */
};

struct csv_field {
	char *text; /* terminated, inside csv->bytes */
	uint32_t len;
	uint32_t line, column; /* where it begins */
};

struct csv_record {
	struct csv_field field[CSV_FIELDS_MAX];
	uint32_t count;
	uint32_t line; /* where it begins */
};

struct csv_error {
	uint32_t line, column;
	const char *what; /* static */
};

/* Reads from bytes[len]; bytes[len] must be writable too. A byte order mark at the start is passed over. */
void csv_open(struct csv *csv, char *bytes, size_t len);

/*
 * csv_read_record - the next record.
 *
 * Order   records and fields as written. Lines end in LF or CRLF; the last may end with the text. A quoted
 *         field may hold commas, line ends and doubled quotes.
 * Errors  DISP_E_NONE   the text is at its end.
 *         DISP_E_INPUT  *error says what and where: a quote inside an unquoted field, text after a closing
 *                       quote, a quote never closed, a lone CR, a NUL, bytes that are not UTF-8, more than
 *                       CSV_FIELDS_MAX fields. Reading goes on with the line after the error.
 * Memory  the fields stay valid as long as bytes does.
 * Source  RFC 4180 sections 2.1 to 2.7; RFC 3629 for UTF-8.
 */
enum disp_err csv_read_record(
	struct csv *csv, struct csv_record *record, struct csv_error *error) DISP_MUSTCHECK;

/* Bytes of the UTF-8 character at text (len > 0 left), or 0 when it is not one. */
uint32_t csv_utf8_length(const char *text, size_t len);

#endif
