/* picks: the ids of the list that was printed last, for a shell's %1 %2 …; knows no command. */
#ifndef CTL_PICKS_H
#define CTL_PICKS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct pick {
	char *id;
	const char *title; /* of the column that it stood in: what kind of thing it is */
	bool taken;        /* by the line that was expanded last */
};

struct picks {
	struct pick *row; /* from 0; %1 is the first */
	uint32_t count, room;
	bool fresh; /* the next one begins a new list */
};

/* Starts as zeroes. */
void picks_free(struct picks *picks);

/* A command begins: the first id that it lists throws away those before. One that lists nothing leaves them. */
void picks_begin(struct picks *picks);

/* The number under which it can be typed, from 1; 0: it cannot be typed as a word of a line. The id is copied, the
 * title (a literal) is not. */
uint32_t picks_add(struct picks *picks, const char *id, const char *title);

/*
 * picks_expand - a typed line with each word %N, or --option=%N, replaced by an id.
 *
 * Shapes  what is quoted, and a % that is no %N, stays as it is.
 * Errors  DISP_E_NONE  *beyond is the first number that is not on the list
 * Memory  *out is the caller's (free); NULL on errors.
 */
enum disp_err picks_expand(
	struct picks *picks, const char *line, char **out, uint32_t *beyond) DISP_MUSTCHECK;

/* The title under which the line that was expanded last has taken this id, and its number; NULL: it has not, or picks is. */
const char *picks_taken(const struct picks *picks, const char *id, uint32_t *number);

#endif
