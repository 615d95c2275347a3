/* table: header and rows of one CSV file; what a field may hold. */
#include "town/table.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/gcj.h"

static const char *file_of(const struct table *table)
{
	return town_file_name(table->file);
}

static bool header_columns(struct table *table)
{
	struct reading_faults *faults = table->reader->faults;
	const struct csv_record *header = &table->record;
	bool seen[TOWN_COLUMNS_MAX] = {false}, good = true;

	for (uint32_t index = 0; index < header->count; index++) {
		const struct csv_field *field = &header->field[index];
		uint32_t column = 0;

		while (column < table->column_count && strcmp(table->column[column], field->text) != 0)
			column++;
		if (column == table->column_count || seen[column]) {
			reading_fault_add(faults, file_of(table), field->line, field->column,
				"%s column \"%s\"", column == table->column_count ? "unknown" : "repeated",
				field->text);
			good = false;
			continue;
		}
		seen[column] = true;
		table->place[column] = index;
	}
	for (uint32_t column = 0; column < table->column_count; column++) {
		if (seen[column])
			continue;
		reading_fault_add(faults, file_of(table), header->line, 1, "missing column \"%s\"",
			table->column[column]);
		good = false;
	}
	table->header_count = header->count;
	return good;
}

bool table_open(struct table *table, struct town_reader *reader, enum town_file file,
	const char *const *column, uint32_t column_count)
{
	struct csv_error error;
	char *bytes;
	size_t len;

	*table = (struct table){
		.reader = reader, .file = file, .column = column, .column_count = column_count};
	ASSERT(column_count <= TOWN_COLUMNS_MAX);
	if (!reader_slurp(reader, file, &bytes, &len))
		return false;
	csv_open(&table->csv, bytes, len);

	enum disp_err err = csv_read_record(&table->csv, &table->record, &error);
	if (err == DISP_E_INPUT)
		reading_fault_add(reader->faults, file_of(table), error.line, error.column, "%s", error.what);
	else if (err == DISP_E_NONE)
		reading_fault_add(reader->faults, file_of(table), 1, 1, "empty: not even a header");
	else if (header_columns(table))
		return true;
	reader->unread[file] = true;
	return false;
}

bool table_next(struct table *table)
{
	struct csv_error error;

	for (;;) {
		enum disp_err err = csv_read_record(&table->csv, &table->record, &error);

		if (err == DISP_E_NONE)
			return false;
		if (err != DISP_OK) {
			reading_fault_add(table->reader->faults, file_of(table), error.line, error.column,
				"%s", error.what);
			continue;
		}
		if (table->record.count == 1 && table->record.field[0].len == 0 && table->header_count > 1)
			continue; /* an empty line */
		if (table->record.count == table->header_count && table->rows++ < TOWN_ROWS_MAX)
			return true;
		if (table->rows > TOWN_ROWS_MAX) {
			reading_fault_add(table->reader->faults, file_of(table), table->record.line, 1,
				"more than %d rows; the rest is not read", TOWN_ROWS_MAX);
			return false;
		}
		reading_fault_add(table->reader->faults, file_of(table), table->record.line, 1,
			"%u fields where the header has %u", table->record.count, table->header_count);
	}
}

struct town_source table_source(const struct table *table)
{
	return (struct town_source){table->file, table->record.line};
}

void table_fault(struct table *table, uint32_t column, const char *format, ...)
{
	const struct csv_field *field = &table->record.field[table->place[column]];
	char what[READING_FAULT_TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	reading_fault_add(table->reader->faults, file_of(table), field->line, field->column, "%s: %s",
		table->column[column], what);
}

const char *table_raw(const struct table *table, uint32_t column)
{
	return table->record.field[table->place[column]].text;
}

char *table_text(struct table *table, uint32_t column, bool required)
{
	const struct csv_field *field = &table->record.field[table->place[column]];

	if (required && field->len == 0)
		table_fault(table, column, "empty");
	return reading_memory_copy(table->reader->town->memory, field->text, field->len);
}

bool reader_is_word(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len > TOWN_WORD_BYTES_MAX)
		return false;
	for (; *text != '\0'; text++)
		if ((unsigned char)*text <= ' ' || *text == 0x7f || strchr(",;|\"'", *text) != NULL)
			return false;
	return true;
}

char *table_word(struct table *table, uint32_t column)
{
	const char *raw = table_raw(table, column);

	if (raw[0] == '\0')
		table_fault(table, column, "empty");
	else if (!reader_is_word(raw))
		table_fault(table, column, "\"%s\" is not a word of 1 to %d bytes without blanks", raw,
			TOWN_WORD_BYTES_MAX);
	return table_text(table, column, false);
}

struct town_words table_words(struct table *table, uint32_t column)
{
	static const char separators[] = " ;|";
	struct reading_memory *memory = table->reader->town->memory;
	const char *at = table_raw(table, column);
	struct town_words words = {NULL, 0};
	size_t room = 0;

	for (at += strspn(at, separators); *at != '\0'; at += strspn(at, separators)) {
		size_t len = strcspn(at, separators);
		char *word = reading_memory_copy(memory, at, len);

		if (!reader_is_word(word))
			table_fault(table, column, "\"%s\" is not a word", word);
		else if (town_words_has(&words, word))
			table_fault(table, column, "\"%s\" twice", word);
		words.item = reading_memory_grow(memory, words.item, words.count, &room, sizeof(*words.item));
		words.item[words.count++] = word;
		at += len;
	}
	return words;
}

/* Digits, at most one point, at most `decimals` after it, a minus in front. */
static bool scaled_parse(const char *text, uint32_t decimals, int64_t *out)
{
	bool negative = *text == '-', point = false, any = false;
	uint32_t after = 0;
	int64_t value = 0;

	for (text += negative; *text != '\0'; text++) {
		if (*text == '.' && any && !point && text[1] != '\0') {
			point = true;
			continue;
		}
		if (*text < '0' || *text > '9' || value > INT64_MAX / 100)
			return false;
		if (point && after == decimals) {
			if (*text != '0')
				return false;
			continue;
		}
		value = value * 10 + (*text - '0');
		after += point;
		any = true;
	}
	for (; after < decimals; after++) {
		if (value > INT64_MAX / 100)
			return false;
		value *= 10;
	}
	*out = negative ? -value : value;
	return any;
}

int64_t table_number(
	struct table *table, uint32_t column, uint32_t decimals, int64_t min, int64_t max, int64_t absent)
{
	const char *raw = table_raw(table, column);
	int64_t value, one = 1;

	for (uint32_t count = 0; count < decimals; count++)
		one *= 10;
	if (raw[0] == '\0' && absent != INT64_MIN)
		return absent;
	if (raw[0] == '\0') {
		table_fault(table, column, "empty");
		return min;
	}
	if (!scaled_parse(raw, decimals, &value)) {
		table_fault(table, column, "\"%s\" is not a number with at most %u decimals", raw, decimals);
		return min;
	}
	if (value < min || value > max) {
		table_fault(table, column, "%s is out of range: %.*f to %.*f", raw, (int)decimals,
			(double)min / (double)one, (int)decimals, (double)max / (double)one);
		return min;
	}
	return value;
}

static bool coordinate(struct table *table, uint32_t column, double *out)
{
	const char *raw = table_raw(table, column);
	char *end;

	if (raw[0] == '\0') {
		table_fault(table, column, "empty");
		return false;
	}
	*out = strtod(raw, &end);
	if (strlen(raw) < 40 && strspn(raw, "-0123456789.") == strlen(raw) && *end == '\0' && isfinite(*out))
		return true;
	table_fault(table, column, "\"%s\" is not a number", raw);
	return false;
}

/* Whether the town holds (x, y) of this coordinate system. */
static bool inside_town(struct table *table, const char *crs, double x, double y)
{
	struct place place;

	return geo_place_from(table->reader->geo, crs, x, y, &place) == DISP_OK &&
	       area_set_find(table->reader->outline, place.lon_e7, place.lat_e7) != AREA_NONE;
}

static void fault_outside(struct table *table, uint32_t first, const struct town_position *position)
{
	double lon = position->place.lon_e7 / 1e7, lat = position->place.lat_e7 / 1e7;
	struct gcj_point back = gcj_to_wgs84((struct gcj_point){lon, lat});
	char hint[120] = "";

	if (inside_town(table, position->crs, position->y, position->x))
		snprintf(hint, sizeof(hint), "; the other way round it would be inside: lon comes first");
	else if (inside_town(table, "EPSG:4490", back.lon, back.lat))
		snprintf(hint, sizeof(hint), "; looks like GCJ-02 declared as %.40s", position->crs);
	else if (inside_town(table, "EPSG:4547", position->x, position->y))
		snprintf(hint, sizeof(hint), "; looks like EPSG:4547 declared as %.40s", position->crs);
	table_fault(table, first, "(%s, %s) in %s is %.7f E %.7f N, outside the town%s",
		table_raw(table, first), table_raw(table, first + 1), position->crs, lon, lat, hint);
}

bool table_position(struct table *table, uint32_t first, struct town_position *out)
{
	struct town_reader *reader = table->reader;
	bool x_good = coordinate(table, first, &out->x), y_good = coordinate(table, first + 1, &out->y);

	out->crs = table_text(table, first + 2, true);
	if (out->crs[0] == '\0')
		return false;
	if (geo_crs_check(reader->geo, out->crs) != DISP_OK) {
		table_fault(table, first + 2, "\"%s\": %s", out->crs, geo_detail(reader->geo));
		return false;
	}
	if (!x_good || !y_good)
		return false;
	if (geo_place_from(reader->geo, out->crs, out->x, out->y, &out->place) != DISP_OK) {
		table_fault(table, first, "%s", geo_detail(reader->geo));
		return false;
	}
	if (reader->outline == NULL ||
		area_set_find(reader->outline, out->place.lon_e7, out->place.lat_e7) != AREA_NONE)
		return true;
	fault_outside(table, first, out);
	return false;
}

uint32_t table_reference(struct table *table, uint32_t column, const struct town_names *names,
	enum town_file target, const char *kind, bool required)
{
	const char *raw = table_raw(table, column);
	uint32_t row = TOWN_NONE;

	if (raw[0] != '\0')
		row = town_names_find(names, raw);
	if (raw[0] == '\0' && required)
		table_fault(table, column, "empty");
	else if (raw[0] != '\0' && row == TOWN_NONE && !table->reader->unread[target])
		table_fault(table, column, "no %s \"%s\" in %s", kind, raw, town_file_name(target));
	return row;
}

void table_claim(struct table *table, uint32_t column, struct town_names *names, const char *id, uint32_t row)
{
	uint32_t before;

	if (id[0] != '\0' && !town_names_add(table->reader->town->memory, names, id, row, &before))
		table_fault(table, column, "\"%s\" is taken by an earlier row", id);
}
