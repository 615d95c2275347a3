/* table: rows of text in aligned columns, fitted to the width of the screen. Knows no meaning. */
#ifndef CTL_TABLE_H
#define CTL_TABLE_H

#include "ctl/screen.h"

enum { TABLE_COLUMNS_MAX = 16 };

enum {
	TABLE_RIGHT = 1,   /* figures */
	TABLE_KEEP = 2,    /* never shortened: ids, states, times */
	TABLE_EXTRA = 4,   /* left out, from the right, before anything is shortened */
	TABLE_ID = 8,      /* what a row is called: %1 %2 … stand for it in the shell */
	TABLE_MIDDLE = 16, /* shortened in the middle: beginnings alone look alike */
	TABLE_REST = 32,   /* a long text: what the others leave, nothing where that is little */
	TABLE_SOME = 64,   /* left out where no row has anything in it */
	TABLE_SPARE =
		128 /* left out, too, where the screen is too narrow for it however much the others are shortened */
};

struct table; /* growing; cells are copied */

/* An empty table; titles are kept by pointer. Memory is the caller's until table_free. */
struct table *table_new(void);
void table_free(struct table *table);
void table_column(struct table *table, const char *title, uint32_t flags);

/* Cells come row by row, from the left; controls in the text become spaces. */
void table_cell(struct table *table, const char *text, enum tone tone);

/*
 * Prints it after `indent` spaces: titles, then rows. Columns are as wide as their widest cell. Where that is wider
 * than the screen, extra columns are left out, then the widest that may be are shortened, ending in "…", down to
 * eight columns. A long text gets what is left then. What is to be kept is kept even if the line is then too long.
 */
void table_print(const struct table *table, const struct screen *screen, uint32_t indent);

#endif
