/* args: what was typed, read strictly by the command's own specification. */
#ifndef CTL_ARGS_H
#define CTL_ARGS_H

#include "core/error.h"
#include "ctl/arg_time.h"
#include "ctl/command.h"

enum { ARGS_VALUES_MAX = 256, ARGS_FAULT_MAX = 512, ARGS_MADE_MAX = 256, ARGS_MADE_SIZE = 64 };

struct arg_value {
	const struct arg *arg;
	const char *text; /* as typed, a word of the screens as the daemon's; "" for a flag */
};

/* By arg in the order typed. Texts are the caller's, or lie in `made`: whoever copies the args keeps the first. */
struct args {
	const struct command *command;
	struct arg_value value[ARGS_VALUES_MAX];
	uint32_t count;
	bool help; /* --help was among them; nothing else was checked */
	char made[ARGS_MADE_MAX][ARGS_MADE_SIZE];
	uint32_t made_count;
};

/*
 * args_parse - word[count] behind the command's words, to values.
 *
 * Errors  DISP_E_INPUT  an unknown option, a value missing, of the wrong kind or too many, something required that
 *                       is not there; fault[ARGS_FAULT_MAX] says what and what to do, in the screen's language.
 */
enum disp_err args_parse(const struct command *command, const char *const *word, uint32_t count,
	enum lang lang, struct args *out, char *fault) DISP_MUSTCHECK;

/* The (first) value by the name of its arg; NULL: not given. */
const char *args_text(const struct args *args, const char *name);

/* On which side of now a time of this argument lies, by its flags. */
enum arg_side args_side(const struct arg *arg);

/* A copy of a text that lives as long as the args; NULL: there is no room. */
const char *args_keep(struct args *args, const char *text);

/* Whether a time without its day was typed: the daemon's own time is then wanted. */
bool args_want_now(const struct args *args);

#endif
