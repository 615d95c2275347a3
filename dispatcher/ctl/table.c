/* table: measures, fits and prints rows of text; nothing about what they mean. */
#include "ctl/table.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "wire/utf8.h"

enum { GAP = 2, SHORTEST = 8, REST_LEAST = 24 };

struct cell {
	char *text;
	enum tone tone;
	uint32_t columns;
};

struct table {
	const char *title[TABLE_COLUMNS_MAX];
	uint32_t flags[TABLE_COLUMNS_MAX];
	uint32_t column_count;
	struct cell *cell;
	uint32_t cell_count, cell_room;
};

/* The widths of one printing; 0: left out. */
struct fit {
	uint32_t width[TABLE_COLUMNS_MAX];
};

struct table *table_new(void)
{
	struct table *table = calloc(1, sizeof(*table));

	ASSERT(table != NULL);
	return table;
}

void table_free(struct table *table)
{
	for (uint32_t i = 0; i < table->cell_count; i++)
		free(table->cell[i].text);
	free(table->cell);
	free(table);
}

void table_column(struct table *table, const char *title, uint32_t flags)
{
	ASSERT(table->column_count < TABLE_COLUMNS_MAX && table->cell_count == 0);
	table->title[table->column_count] = title;
	table->flags[table->column_count] = flags;
	table->column_count++;
}

void table_cell(struct table *table, const char *text, enum tone tone)
{
	struct cell *cell;

	if (table->cell_count == table->cell_room) {
		uint32_t room = table->cell_room == 0 ? 64 : table->cell_room * 2;
		struct cell *grown = realloc(table->cell, room * sizeof(*grown));

		ASSERT(grown != NULL);
		table->cell = grown;
		table->cell_room = room;
	}
	cell = &table->cell[table->cell_count++];
	cell->text = strdup(text);
	ASSERT(cell->text != NULL);
	for (char *at = cell->text; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = ' ';
	cell->tone = tone;
	cell->columns = screen_columns(cell->text);
}

static uint32_t widest(const struct table *table, uint32_t column)
{
	uint32_t width = screen_columns(table->title[column]);

	for (uint32_t i = column; i < table->cell_count; i += table->column_count)
		if (table->cell[i].columns > width)
			width = table->cell[i].columns;
	return width;
}

static bool is_left_out(const struct table *table, uint32_t column)
{
	if ((table->flags[column] & TABLE_SOME) == 0)
		return false;
	for (uint32_t i = column; i < table->cell_count; i += table->column_count)
		if (table->cell[i].columns > 0)
			return false;
	return true;
}

static uint32_t line_width(const struct table *table, const struct fit *fit)
{
	uint32_t sum = 0;

	for (uint32_t column = 0; column < table->column_count; column++)
		if (fit->width[column] > 0)
			sum += fit->width[column] + (sum > 0 ? GAP : 0);
	return sum;
}

/* The widest column that may still be shortened; column_count: none. */
static uint32_t shortenable(const struct table *table, const struct fit *fit)
{
	uint32_t found = table->column_count;

	for (uint32_t column = 0; column < table->column_count; column++)
		if ((table->flags[column] & TABLE_KEEP) == 0 && fit->width[column] > SHORTEST &&
			(found == table->column_count || fit->width[column] > fit->width[found]))
			found = column;
	return found;
}

/* Long texts get the rest of the line. */
static void fit_rest(const struct table *table, uint32_t room, struct fit *fit)
{
	for (uint32_t i = 0; i < table->column_count; i++) {
		uint32_t used = line_width(table, fit) + GAP, wanted = widest(table, i);

		if ((table->flags[i] & TABLE_REST) == 0 ||
			used + (wanted < REST_LEAST ? wanted : REST_LEAST) > room)
			continue;
		fit->width[i] = wanted < room - used ? wanted : room - used;
	}
}

/* False: the line is too long all the same. */
static bool fit_others(const struct table *table, uint32_t room, uint32_t without, struct fit *fit)
{
	uint32_t column = table->column_count;

	for (uint32_t i = 0; i < table->column_count; i++)
		fit->width[i] = (table->flags[i] & (TABLE_REST | without)) != 0 || is_left_out(table, i)
					? 0
					: widest(table, i);
	while (line_width(table, fit) > room && column-- > 0)
		if ((table->flags[column] & TABLE_EXTRA) != 0)
			fit->width[column] = 0;
	while (line_width(table, fit) > room) {
		column = shortenable(table, fit);
		if (column == table->column_count)
			return false;
		fit->width[column]--;
	}
	return true;
}

static void fit_to(const struct table *table, uint32_t room, struct fit *fit)
{
	if (!fit_others(table, room, 0, fit))
		(void)fit_others(table, room, TABLE_SPARE, fit);
	fit_rest(table, room, fit);
}

/* The bytes to leave out at the start, so that at most so many columns are left. */
static uint32_t tail_from(struct text whole, uint32_t columns)
{
	uint32_t from = 0;

	while (utf8_columns((struct text){whole.ptr + from, whole.len - from}) > columns) {
		from++;
		while (from < whole.len && ((unsigned char)whole.ptr[from] & 0xC0) == 0x80)
			from++;
	}
	return from;
}

/* One cell. *owed: blanks that are due before the next text, so that no line ends in them. */
static void cell_print(const struct screen *screen, const char *text, enum tone tone, uint32_t width,
	uint32_t flags, uint32_t *owed)
{
	struct text whole = {text, (uint32_t)strlen(text)};
	bool cut = utf8_columns(whole) > width, right = (flags & TABLE_RIGHT) != 0;
	bool middle = cut && (flags & TABLE_MIDDLE) != 0;
	uint32_t bytes = cut ? utf8_fit_columns(whole, middle ? (width - 1) / 2 : width - 1) : whole.len;
	uint32_t shown = utf8_columns((struct text){text, bytes}) + (cut ? 1 : 0);
	uint32_t tail = middle ? tail_from(whole, width - shown) : whole.len;

	shown += utf8_columns((struct text){text + tail, whole.len - tail});
	if (right)
		*owed += width - shown;
	if (bytes > 0) {
		screen_spaces(screen, *owed);
		*owed = 0;
		fprintf(screen->to, "%s%.*s%s%s%s", screen_tone(screen, tone), (int)bytes, text,
			cut ? "…" : "", text + tail, tone == TONE_PLAIN ? "" : screen_plain(screen));
	}
	if (!right)
		*owed += width - shown;
}

/* row: NULL for the titles */
static void row_print(const struct table *table, const struct screen *screen, const struct fit *fit,
	uint32_t indent, const struct cell *row)
{
	uint32_t owed = indent;

	for (uint32_t column = 0; column < table->column_count; column++) {
		if (fit->width[column] == 0)
			continue;
		cell_print(screen, row == NULL ? table->title[column] : row[column].text,
			row == NULL ? TONE_DIM : row[column].tone, fit->width[column], table->flags[column],
			&owed);
		owed += GAP;
	}
	fputc('\n', screen->to);
}

void table_print(const struct table *table, const struct screen *screen, uint32_t indent)
{
	struct fit fit;

	ASSERT(table->column_count > 0 && table->cell_count % table->column_count == 0);
	fit_to(table, screen->width > indent ? screen->width - indent : 0, &fit);
	row_print(table, screen, &fit, indent, NULL);
	for (uint32_t i = 0; i < table->cell_count; i += table->column_count)
		row_print(table, screen, &fit, indent, &table->cell[i]);
}
