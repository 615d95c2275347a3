/* project_fold: what a batch of rows writes to each projection, folded to one row a key; knows no event. */
#ifndef STORE_PROJECT_FOLD_H
#define STORE_PROJECT_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "core/types.h"
#include "store/array.h"
#include "store/project_tables.h"

/* One value; nothing written: given is false. */
struct fold_cell {
	bool given;
	uint32_t len;
	union {
		uint64_t at; /* of the text, in the fold's memory */
		int64_t sum; /* PROJECT_ADD */
	} u;
};

struct fold_table {
	struct fold_cell *cell; /* [rows][column_count] */
	uint32_t rows, rows_max;
	uint32_t *slot;      /* index by key: row + 1; 0 free */
	uint32_t slot_count; /* a power of two */
};

/* Grows to what the largest batch needed. No memory ends the process: batches are bounded. */
struct fold {
	struct fold_table table[PROJECT_TABLE_COUNT];
	char *bytes;
	size_t used, size;
};

void fold_begin(struct fold *fold);
void fold_free(struct fold *fold);

/* One row being written. With a key that is not known, what is written goes nowhere. */
struct fold_row {
	struct fold *fold;
	enum project_table table;
	uint32_t row; /* UINT32_MAX: nowhere */
};

/* The row with these keys (the table's key_count of them; the others are not looked at). */
struct fold_row fold_row(struct fold *fold, enum project_table number, struct text key_a, struct text key_b,
	struct text key_c);

/* The row with this key, when the batch has written it; none is made. Only of tables with one key. */
struct fold_row fold_find(struct fold *fold, enum project_table number, struct text key);

/* The value that the batch has written in another row, of a column of the same type; none: nothing. */
void fold_copy(
	const struct fold_row *row, uint32_t column, const struct fold_row *from, uint32_t from_column);

/* Each does nothing when there is nothing to say: an empty text, a time of 0. fold_clear writes an empty text. */
void fold_text(const struct fold_row *row, uint32_t column, struct text text);
void fold_clear(const struct fold_row *row, uint32_t column);
void fold_int(const struct fold_row *row, uint32_t column, int64_t value); /* ADD columns: adds */
void fold_time(const struct fold_row *row, uint32_t column, int64_t at_ms);
/* value / 10^digits */
void fold_fixed(const struct fold_row *row, uint32_t column, int64_t value, uint32_t digits);
void fold_place(
	const struct fold_row *row, uint32_t lon_column, uint32_t lat_column, const struct place *place);
/* Words parted by one space, as words parted by ';'. */
void fold_words(const struct fold_row *row, uint32_t column, struct text words);
void fold_forget(const struct fold_row *row, uint32_t column);

/* The column as a text[] over all rows of the table. */
void fold_array(const struct fold *fold, enum project_table number, uint32_t column, struct array *out);

#endif
