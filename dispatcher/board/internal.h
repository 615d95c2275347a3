/* internal: what the pages share, for dispatcher/board/ alone. */
#ifndef BOARD_INTERNAL_H
#define BOARD_INTERNAL_H

#include "board/board.h"
#include "board/ink.h"

enum { ITEMS_KNOWN = 64 };

/* A page that is being written. */
struct board {
	struct ink ink;
	const struct board_view *view;
	const struct core *core;
	int64_t now_ms;
	struct urgent *urgent; /* open incidents, the most urgent first */
	uint32_t urgent_count;
	uint32_t item[ITEMS_KNOWN], item_name[ITEMS_KNOWN]; /* names of stock that were looked up */
	struct board_told told;
};

struct urgent {
	uint32_t slot, number;
	bool done;
	uint32_t priority;
	int64_t due_ms; /* of its next clock; INT64_MAX: none */
};

/* rank.c: the order in which a tired officer must read them */
bool board_rank(struct board *board); /* false: no memory */
/* Nobody is needed at the place any more. */
bool board_work_done(const struct incident *incident);

/* cases.c */
void board_cases(struct board *board);      /* in full, the rest a line each */
void board_case_lines(struct board *board); /* all of them a line each */

/* calls.c: who must be told */
void board_calls(struct board *board, bool with_words);
void board_unreached(struct board *board);
void board_phones(struct board *board);

/* units.c: of a kind with very many crews, those that could go stand in board_units_many alone */
void board_units(struct board *board);
void board_units_many(struct board *board);
void board_units_apart(struct board *board); /* out of service; or out without a case */

/* things.c */
void board_stock(struct board *board);
void board_goods_out(struct board *board);
void board_devices(struct board *board);
void board_silences(struct board *board);

/* shift.c: the clocks that run, the soonest first, at most so many */
void board_clocks(struct board *board, uint32_t most);
/* What was left in writing with the last change of shift; without one: nothing, or (always) that there is none. */
void board_last_note(struct board *board, bool always);

/* duty.c: what is in force */
void board_on_duty(struct board *board);
void board_warnings(struct board *board);
void board_in_force(struct board *board);

/* forms.c: empty ones to go on with by hand: two pages of A4 with the log, else one */
void board_forms(struct board *board, bool with_log);

/* style.c: the whole of <style> */
extern const char board_style[];

/* Small words that all parts write. */
void board_id(struct board *board, enum table table, uint32_t number); /* of a registered thing */
void board_name(struct board *board, enum table table, uint32_t number);
void board_person(struct board *board, uint32_t number); /* name and telephone; a dash for 0 */
void board_number(struct board *board, uint32_t text_number, uint32_t characters);
/* Behind the rows of a list of `count`: its table ends, or there is none; what was left out is said. */
void board_list_end(struct board *board, uint32_t count);
void board_word(struct board *board, enum words_set set, uint32_t value); /* in Chinese */
void board_incident_id(struct board *board, uint32_t number);
void board_item_name(struct board *board, uint32_t item); /* as the first depot that has it calls it */
void board_skills(struct board *board, uint64_t skills);  /* in Chinese */

/* Of two machines, whose page it is; of one nothing. In the head. */
void board_machine(struct board *board);

/* What a board begins and ends with. */
void board_head(struct board *board, const char *zh, const char *en);
void board_tail(struct board *board);
enum disp_err board_finish(struct board *board, char **out, size_t *count) DISP_MUSTCHECK;

#endif
