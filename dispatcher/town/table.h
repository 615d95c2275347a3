/* table: one CSV file of the pack, row by row, with fields as checked values; not for others. */
#ifndef TOWN_TABLE_H
#define TOWN_TABLE_H

#include "town/reader.h"

struct table {
	struct town_reader *reader;
	enum town_file file;
	const char *const *column; /* [column_count], the names the contract gives */
	uint32_t column_count;
	uint32_t place[TOWN_COLUMNS_MAX]; /* column -> field of the record */
	uint32_t header_count, rows;
	struct csv csv;
	struct csv_record record;
};

/* Reads the header. false: absent, or not understood (faults were added). */
bool table_open(struct table *table, struct town_reader *reader, enum town_file file,
	const char *const *column, uint32_t column_count);

/* The next row that has as many fields as the header; faults are added for others. false: the end. */
bool table_next(struct table *table);

struct town_source table_source(const struct table *table);

/* A fault at this column of the row. */
void table_fault(struct table *table, uint32_t column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The field as written, terminated; valid during the row. Never NULL. */
const char *table_raw(const struct table *table, uint32_t column);

/* A kept copy. table_text: any text; table_word: an identifier. Required ones add a fault when empty. */
char *table_text(struct table *table, uint32_t column, bool required);
char *table_word(struct table *table, uint32_t column);
struct town_words table_words(struct table *table, uint32_t column);

/*
 * A plain decimal number times 10^decimals: "15.5" with 3 decimals is 15500. Digits beyond are a fault, as is
 * what lies outside min .. max (both scaled). Empty gives `absent`, or a fault where that is INT64_MIN.
 */
int64_t table_number(
	struct table *table, uint32_t column, uint32_t decimals, int64_t min, int64_t max, int64_t absent);

/* Columns lon, lat, crs, side by side from `first`. false: a fault was added. Outside the town is a fault
 * too. */
bool table_position(struct table *table, uint32_t first, struct town_position *out);

/* The row that the field names in names; TOWN_NONE and, unless its file was unread, a fault when there is
 * none. An empty field is TOWN_NONE, and a fault if required. */
uint32_t table_reference(struct table *table, uint32_t column, const struct town_names *names,
	enum town_file target, const char *kind, bool required);

/* Adds the row's id to names; a fault when it is taken. */
void table_claim(
	struct table *table, uint32_t column, struct town_names *names, const char *id, uint32_t row);

#endif
