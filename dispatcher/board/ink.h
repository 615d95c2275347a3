/* ink: bytes of a page for paper, as HTML or as plain text; the one place where what strangers wrote is made harmless. */
#ifndef BOARD_INK_H
#define BOARD_INK_H

#include <stddef.h>

#include "core/error.h"
#include "core/types.h"
#include "wire/time_text.h"

/*
 * A page that grows up to `most` bytes. Without memory, or beyond most, it is full: what comes then is left out whole,
 * and ink_finish says so. Nobody needs to look in between.
 */
struct ink {
	char *ptr;
	size_t used, size, most;
	int32_t offset_min; /* of the town's clock on the wall */
	struct time_parts now;
	bool html, full;
};

/* Half a gigabyte is never reached: the lists of a page are bounded. */
enum { INK_TABLE_COLUMNS_MAX = 12, INK_NAME = 40, INK_LINE = 160, INK_TOLD = 400 };

/* now_ms: event time of the page; times are written as the town's clock shows them, offset_min east of Greenwich. */
void ink_init(struct ink *ink, bool html, size_t most, int64_t now_ms, int32_t offset_min);
void ink_free(struct ink *ink);
/* Hands over the bytes, to be freed; NULL: there was no memory, or more than `most`. */
char *ink_finish(struct ink *ink, size_t *count) DISP_MUSTCHECK;

/* Our own words, which need no escaping: into both kinds of page; only into HTML; only into plain text. */
void ink_say(struct ink *ink, const char *words);
void ink_html(struct ink *ink, const char *markup);
void ink_plain(struct ink *ink, const char *words);
/* The same with numbers in it; %s is for our own words alone. */
void ink_sayf(struct ink *ink, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Chinese, and in HTML the English behind it in small. */
void ink_both(struct ink *ink, const char *zh, const char *en);

/*
 * ink_text - what came from outside: a name, a number, a reason, what a caller said.
 *
 * Escaped for HTML (also inside attributes). Controls, escapes of terminals, marks that turn the direction of writing or take no
 * room, and what is not UTF-8 become U+FFFD; line ends and tabs become blanks; of marks that stand above one another two
 * remain. Cut behind `characters` of them, with an ellipsis. Words of a script that runs from right to left are kept to themselves.
 * Returns whether there was anything to write.
 */
bool ink_text(struct ink *ink, struct text text, uint32_t characters);
/* The same, or a dash where it is empty. */
void ink_text_or_dash(struct ink *ink, struct text text, uint32_t characters);

/* 23:45 today, 07-01 23:45 on another day of the year, 2025-07-01 23:45 beyond; a dash for 0. */
void ink_time(struct ink *ink, int64_t at_ms);
/* 2小时5分: whole minutes, the sign is not shown. */
void ink_span(struct ink *ink, int64_t span_ms);
/* 东经113.43120 北纬34.78010 */
void ink_place(struct ink *ink, const struct place *place);

/* --- headings and tables ------------------------------------------------------------------------------ */

/* The anchor is ours; count below 0: none is shown. */
void ink_heading(struct ink *ink, const char *zh, const char *en, int64_t count);
/* Column heads as "中文|English", NULL behind the last; class is of the style sheet. */
void ink_table(struct ink *ink, const char *class, const char *const *column);
void ink_table_end(struct ink *ink);
void ink_row(struct ink *ink);
void ink_row_end(struct ink *ink);
/* Ends the cell before it in the row. */
void ink_cell(struct ink *ink);
/* One row of n empty boxes to write into. */
void ink_row_empty(struct ink *ink, uint32_t cells);
void ink_none(struct ink *ink);
/* "另有 N 项未列出": where a bound bites. Nothing for 0. */
void ink_left_out(struct ink *ink, uint32_t count);

#endif
