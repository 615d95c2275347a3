/* csv: one pass, one byte of lookahead, fields unquoted where they stand. */
#include "town/csv.h"

#include <stdbool.h>
#include <string.h>

void csv_open(struct csv *csv, char *bytes, size_t len)
{
	*csv = (struct csv){.bytes = bytes, .len = len, .line = 1, .column = 1};
	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		csv->at = 3;
}

uint32_t csv_utf8_length(const char *text, size_t len)
{
	const unsigned char *byte = (const unsigned char *)text;
	uint32_t want, point, least;

	if (byte[0] < 0x80)
		return 1;
	if (byte[0] >= 0xc2 && byte[0] <= 0xdf)
		want = 2, point = byte[0] & 0x1fu, least = 0x80;
	else if (byte[0] >= 0xe0 && byte[0] <= 0xef)
		want = 3, point = byte[0] & 0x0fu, least = 0x800;
	else if (byte[0] >= 0xf0 && byte[0] <= 0xf4)
		want = 4, point = byte[0] & 0x07u, least = 0x10000;
	else
		return 0;
	if (len < want)
		return 0;
	for (uint32_t at = 1; at < want; at++) {
		if ((byte[at] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (byte[at] & 0x3fu);
	}
	if (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	return want;
}

static bool at_end(const struct csv *csv)
{
	return csv->at >= csv->len;
}

/* The byte at `ahead` past the next, or -1 after the end. */
static int peek(const struct csv *csv, size_t ahead)
{
	return csv->at + ahead < csv->len ? (unsigned char)csv->bytes[csv->at + ahead] : -1;
}

static bool at_line_end(const struct csv *csv)
{
	return peek(csv, 0) == '\n' || (peek(csv, 0) == '\r' && peek(csv, 1) == '\n');
}

/* Passes over the line end and counts it. */
static void pass_line_end(struct csv *csv)
{
	csv->at += peek(csv, 0) == '\r' ? 2 : 1;
	csv->line++;
	csv->column = 1;
}

static enum disp_err fail(struct csv *csv, struct csv_error *error, const char *what)
{
	*error = (struct csv_error){csv->line, csv->column, what};
	while (!at_end(csv) && csv->bytes[csv->at] != '\n')
		csv->at++;
	if (!at_end(csv))
		pass_line_end(csv);
	return DISP_E_INPUT;
}

/* Moves one character to the field, which never overtakes the reading. */
static const char *take_character(struct csv *csv, struct csv_field *field)
{
	int byte = peek(csv, 0);

	if (byte == 0)
		return "a NUL byte";

	uint32_t bytes = csv_utf8_length(csv->bytes + csv->at, csv->len - csv->at);
	if (bytes == 0)
		return "not UTF-8";
	memmove(field->text + field->len, csv->bytes + csv->at, bytes);
	field->len += bytes;
	csv->at += bytes;
	csv->column++;
	return NULL;
}

static const char *take_plain(struct csv *csv, struct csv_field *field)
{
	while (!at_end(csv) && peek(csv, 0) != ',' && !at_line_end(csv)) {
		if (peek(csv, 0) == '"')
			return "a quote inside an unquoted field";
		if (peek(csv, 0) == '\r')
			return "a carriage return without a line feed";

		const char *what = take_character(csv, field);
		if (what != NULL)
			return what;
	}
	return NULL;
}

static const char *take_quoted(struct csv *csv, struct csv_field *field)
{
	csv->at++;
	csv->column++;
	for (;;) {
		if (at_end(csv))
			return "a quote that is never closed";
		if (peek(csv, 0) == '"' && peek(csv, 1) != '"')
			break;
		if (peek(csv, 0) == '"') { /* doubled: the first is passed over, the second taken */
			csv->at++;
			csv->column++;
		}

		bool new_line = peek(csv, 0) == '\n';
		const char *what = take_character(csv, field);
		if (what != NULL)
			return what;
		if (new_line) {
			csv->line++;
			csv->column = 1;
		}
	}
	csv->at++;
	csv->column++;
	if (!at_end(csv) && peek(csv, 0) != ',' && !at_line_end(csv))
		return "text after the closing quote";
	return NULL;
}

enum disp_err csv_read_record(struct csv *csv, struct csv_record *record, struct csv_error *error)
{
	record->count = 0;
	record->line = csv->line;
	if (at_end(csv))
		return DISP_E_NONE;

	for (;;) {
		if (record->count == CSV_FIELDS_MAX)
			return fail(csv, error, "too many fields");

		struct csv_field *field = &record->field[record->count++];
		*field = (struct csv_field){csv->bytes + csv->at, 0, csv->line, csv->column};

		bool quoted = peek(csv, 0) == '"';
		const char *what = quoted ? take_quoted(csv, field) : take_plain(csv, field);
		if (what != NULL && quoted &&
			at_end(csv)) { /* said where it was opened: that is what people look for */
			*error = (struct csv_error){field->line, field->column, what};
			return DISP_E_INPUT;
		}
		if (what != NULL)
			return fail(csv, error, what);

		bool more = peek(csv, 0) == ',';
		if (more) {
			csv->at++;
			csv->column++;
		} else if (!at_end(csv)) {
			pass_line_end(csv);
		}
		field->text[field->len] = '\0'; /* on or before the separator, which has been read */
		if (!more)
			return DISP_OK;
	}
}
