/* board: pages for paper: the town as it stands, and the hand-over of a shift. Yields bytes; reads the core, decides nothing. */
#ifndef BOARD_BOARD_H
#define BOARD_BOARD_H

#include <stddef.h>

#include "core/query.h"

/* What was told when an incident was opened: the core keeps numbers, the journal has the words. Empty: not given. */
struct board_told {
	struct text caller, phone, text, where;
};

/* What whoever came on or went off duty last left in writing. Empty: nothing, or it cannot be read. */
struct board_note {
	struct text text, by;
	int64_t at_ms;
};

/* Where it asks for what the core does not keep; texts live until the next call. A member that is NULL is done without. */
struct board_source {
	void *context;
	struct board_told (*told)(void *context, uint32_t incident);
	/* What is said on the telephone for a call task, in Chinese. */
	struct text (*words)(void *context, const struct task *task);
	struct board_note (*note)(void *context, uint64_t seq); /* the row that has it */
};

struct board_view {
	const struct core *core;
	int64_t now_ms; /* event time */
	bool island;    /* the database does not answer */
	bool conflict;  /* it has other rows than we, and takes none of ours */
	bool fenced;    /* it says that another one leads: nothing of ours is written, nor leaves */
	/* Of two machines: ours, the one that leads (NULL: not known), and the state as api_pair has it. state NULL: there is one. */
	const char *holder, *leader, *state;
	uint32_t every_s; /* how often it is written; 0: on request */
	bool brief;       /* the board in one to three pages: what goes on, who could go, forms */
	struct board_source source;
};

enum {
	BOARD_BYTES_MAX = 16 << 20,
	BOARD_CASES_MAX = 200,  /* incidents in full: the most urgent */
	BOARD_LINES_MAX = 4800, /* more incidents, a line each */
	BOARD_ORDERS_MAX = 16,  /* of one incident */
	BOARD_NEEDS_MAX = 8,    /* missing ones of one incident */
	BOARD_CALLS_MAX = 200,  /* call tasks with their words */
	BOARD_CALLS_BRIEF = 60, /* without, at a hand-over */
	BOARD_BRIEF_CASES = 6,  /* on a brief board: in full, */
	BOARD_BRIEF_LINES = 30, /* a line each; also clocks and calls */
	BOARD_PEOPLE_MAX = 400, /* telephone numbers */
	BOARD_UNITS_MAX = 1000,
	BOARD_STOCK_MAX = 500,
	BOARD_DEVICES_MAX = 200,
	BOARD_CLOCKS_MAX = 200,
	BOARD_CLOCKS_SOON = 40, /* on the board, whose cases have their own */
	BOARD_LIST_MAX = 100    /* unreached persons, silences, what is out */
};

/*
 * board_render - the paper board: one HTML page that needs nothing else, for a screen without a daemon and for A4 paper.
 *
 * Memory  *out is the caller's to free.
 * Errors  DISP_E_FULL: no memory, or beyond BOARD_BYTES_MAX (the bounds above leave it far below).
 */
enum disp_err board_render(const struct board_view *view, char **out, size_t *count) DISP_MUSTCHECK;

/* The hand-over of a shift, as HTML or as plain text: what the next officer must know and sign for. */
enum disp_err board_render_shift(
	const struct board_view *view, bool html, char **out, size_t *count) DISP_MUSTCHECK;

#endif
