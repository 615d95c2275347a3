/* project_fold: what a batch of rows writes to each projection, folded to one row a key; knows no event. */
#include "store/project_fold.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "wire/utf8.h"

enum { ROWS_MIN = 64, BYTES_MIN = 64 << 10, NUMBER_BYTES = 32 };

static void *grown(void *old, size_t bytes)
{
	void *more = realloc(old, bytes);

	ASSERT(more != NULL);
	return more;
}

void fold_begin(struct fold *fold)
{
	fold->used = 0;
	for (uint32_t index = 0; index < PROJECT_TABLE_COUNT; index++) {
		struct fold_table *table = &fold->table[index];

		table->rows = 0;
		if (table->slot_count > 0)
			memset(table->slot, 0, table->slot_count * sizeof(*table->slot));
	}
}

void fold_free(struct fold *fold)
{
	for (uint32_t index = 0; index < PROJECT_TABLE_COUNT; index++) {
		free(fold->table[index].cell);
		free(fold->table[index].slot);
	}
	free(fold->bytes);
	*fold = (struct fold){0};
}

static uint64_t bytes_keep(struct fold *fold, struct text text)
{
	uint64_t at = fold->used;

	if (fold->used + text.len > fold->size) {
		size_t size = fold->size == 0 ? BYTES_MIN : fold->size;

		while (size < fold->used + text.len)
			size *= 2;
		fold->bytes = grown(fold->bytes, size);
		fold->size = size;
	}
	memcpy(fold->bytes + at, text.ptr, text.len);
	fold->used += text.len;
	return at;
}

/* What PostgreSQL would refuse must not hold up a batch: the door lets none of it in, an old row may still hold it. */
static struct text safe(struct text text)
{
	if (text.len == 0 || (memchr(text.ptr, 0, text.len) == NULL && utf8_valid(text)))
		return text;
	return TEXT("(not UTF-8)");
}

static uint32_t key_hash(const struct text *key, uint32_t count)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (uint32_t index = 0; index < count; index++) {
		for (uint32_t at = 0; at < key[index].len; at++)
			hash = (hash ^ (uint8_t)key[index].ptr[at]) * 16777619u;
		hash = (hash ^ 0xff) * 16777619u;
	}
	return hash;
}

static bool key_is(
	const struct fold *fold, const struct fold_cell *cell, const struct text *key, uint32_t count)
{
	for (uint32_t index = 0; index < count; index++)
		if (cell[index].len != key[index].len ||
			memcmp(fold->bytes + cell[index].u.at, key[index].ptr, key[index].len) != 0)
			return false;
	return true;
}

/* The slot with this key, or the free one where it belongs. */
static uint32_t *slot_of(
	const struct fold *fold, enum project_table number, const struct text *key, uint32_t key_count)
{
	const struct fold_table *table = &fold->table[number];
	size_t columns = project_table[number].column_count;
	uint32_t at = key_hash(key, key_count) & (table->slot_count - 1);

	while (table->slot[at] != 0 &&
		!key_is(fold, &table->cell[(table->slot[at] - 1) * columns], key, key_count))
		at = (at + 1) & (table->slot_count - 1);
	return &table->slot[at];
}

static void table_grow(struct fold *fold, enum project_table number)
{
	struct fold_table *table = &fold->table[number];
	const struct project_table_def *def = &project_table[number];

	table->rows_max = table->rows_max == 0 ? ROWS_MIN : table->rows_max * 2;
	table->cell = grown(table->cell, (size_t)table->rows_max * def->column_count * sizeof(*table->cell));
	table->slot_count = table->rows_max * 2;
	table->slot = grown(table->slot, table->slot_count * sizeof(*table->slot));
	memset(table->slot, 0, table->slot_count * sizeof(*table->slot));
	for (uint32_t row = 0; row < table->rows; row++) {
		struct text key[PROJECT_COLUMNS_MAX];

		for (uint32_t index = 0; index < def->key_count; index++) {
			const struct fold_cell *cell = &table->cell[(size_t)row * def->column_count + index];

			key[index] = (struct text){fold->bytes + cell->u.at, cell->len};
		}
		*slot_of(fold, number, key, def->key_count) = row + 1;
	}
}

struct fold_row fold_row(
	struct fold *fold, enum project_table number, struct text key_a, struct text key_b, struct text key_c)
{
	struct fold_table *table = &fold->table[number];
	const struct project_table_def *def = &project_table[number];
	const struct text key[3] = {safe(key_a), safe(key_b), safe(key_c)};
	const uint32_t key_count = def->key_count;
	struct fold_row row = {.fold = fold, .table = number, .row = UINT32_MAX};

	ASSERT(key_count <= sizeof key / sizeof key[0]);
	for (uint32_t index = 0; index < key_count; index++)
		if (key[index].len == 0)
			return row;
	if (table->rows == table->rows_max)
		table_grow(fold, number);
	uint32_t *slot = slot_of(fold, number, key, key_count);

	if (*slot == 0) {
		struct fold_cell *cell = &table->cell[(size_t)table->rows * def->column_count];

		*slot = ++table->rows;
		memset(cell, 0, def->column_count * sizeof(*cell));
		for (uint32_t index = 0; index < key_count; index++)
			cell[index] = (struct fold_cell){
				.given = true, .len = key[index].len, .u.at = bytes_keep(fold, key[index])};
	}
	row.row = *slot - 1;
	return row;
}

struct fold_row fold_find(struct fold *fold, enum project_table number, struct text key)
{
	struct fold_row row = {.fold = fold, .table = number, .row = UINT32_MAX};

	ASSERT(project_table[number].key_count == 1);
	key = safe(key);
	if (key.len > 0 && fold->table[number].rows > 0)
		row.row = *slot_of(fold, number, &key, 1) - 1; /* 0, a free slot, becomes nowhere */
	return row;
}

static struct fold_cell *cell_of(const struct fold_row *row, uint32_t column)
{
	const struct project_table_def *def = &project_table[row->table];

	ASSERT(column < def->column_count && column >= def->key_count);
	return &row->fold->table[row->table].cell[(size_t)row->row * def->column_count + column];
}

static void put(const struct fold_row *row, uint32_t column, struct text text)
{
	if (row->row == UINT32_MAX)
		return;
	struct fold_cell *cell = cell_of(row, column);

	text = safe(text);
	if (cell->given && project_table[row->table].column[column].mode == PROJECT_FIRST)
		return;
	*cell = (struct fold_cell){.given = true, .len = text.len, .u.at = bytes_keep(row->fold, text)};
}

void fold_text(const struct fold_row *row, uint32_t column, struct text text)
{
	if (text.len > 0)
		put(row, column, text);
}

void fold_clear(const struct fold_row *row, uint32_t column)
{
	put(row, column, TEXT(""));
}

void fold_copy(const struct fold_row *row, uint32_t column, const struct fold_row *from, uint32_t from_column)
{
	if (row->row == UINT32_MAX || from->row == UINT32_MAX)
		return;
	const struct fold_cell *cell = cell_of(from, from_column);

	if (cell->given)
		*cell_of(row, column) = *cell; /* the bytes lie in the same fold */
}

void fold_forget(const struct fold_row *row, uint32_t column)
{
	if (row->row != UINT32_MAX)
		*cell_of(row, column) = (struct fold_cell){0};
}

void fold_int(const struct fold_row *row, uint32_t column, int64_t value)
{
	char number[NUMBER_BYTES];

	if (row->row == UINT32_MAX)
		return;
	if (project_table[row->table].column[column].mode == PROJECT_ADD) {
		struct fold_cell *cell = cell_of(row, column);

		cell->given = true;
		cell->u.sum += value;
		return;
	}
	put(row, column,
		(struct text){number, (uint32_t)snprintf(number, sizeof(number), "%" PRId64, value)});
}

void fold_time(const struct fold_row *row, uint32_t column, int64_t at_ms)
{
	if (at_ms != 0)
		fold_int(row, column, at_ms);
}

void fold_fixed(const struct fold_row *row, uint32_t column, int64_t value, uint32_t digits)
{
	char number[NUMBER_BYTES + 8];
	uint64_t whole = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
	uint64_t unit = 1;

	for (uint32_t digit = 0; digit < digits; digit++)
		unit *= 10;
	int size = snprintf(number, sizeof(number), "%s%" PRIu64 ".%0*" PRIu64, value < 0 ? "-" : "",
		whole / unit, (int)digits, whole % unit);

	put(row, column, (struct text){number, (uint32_t)size});
}

void fold_place(
	const struct fold_row *row, uint32_t lon_column, uint32_t lat_column, const struct place *place)
{
	if (place->lon_e7 == 0 && place->lat_e7 == 0)
		return; /* none: no town lies in the Gulf of Guinea */
	fold_fixed(row, lon_column, place->lon_e7, 7);
	fold_fixed(row, lat_column, place->lat_e7, 7);
}

void fold_words(const struct fold_row *row, uint32_t column, struct text words)
{
	if (row->row == UINT32_MAX || words.len == 0)
		return;
	put(row, column, words);
	const struct fold_cell *cell = cell_of(row, column);

	for (uint32_t index = 0; index < cell->len; index++)
		if (row->fold->bytes[cell->u.at + index] == ' ')
			row->fold->bytes[cell->u.at + index] = ';';
}

void fold_array(const struct fold *fold, enum project_table number, uint32_t column, struct array *out)
{
	const struct project_table_def *def = &project_table[number];
	const struct fold_table *table = &fold->table[number];
	char sum[NUMBER_BYTES];

	array_begin(out, OID_TEXT);
	for (uint32_t row = 0; row < table->rows; row++) {
		const struct fold_cell *cell = &table->cell[(size_t)row * def->column_count + column];

		if (!cell->given)
			array_add(out, NULL, 0);
		else if (def->column[column].mode == PROJECT_ADD)
			array_add(out, sum, (size_t)snprintf(sum, sizeof(sum), "%" PRId64, cell->u.sum));
		else
			array_add(out, fold->bytes + cell->u.at, cell->len);
	}
	array_end(out);
}
