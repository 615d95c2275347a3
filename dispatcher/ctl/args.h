/* args: what was typed, read strictly by the command's own specification. */
#ifndef CTL_ARGS_H
#define CTL_ARGS_H

#include "core/error.h"
#include "ctl/command.h"

enum { ARGS_VALUES_MAX = 256, ARGS_FAULT_MAX = 512 };

struct arg_value {
	const struct arg *arg;
	const char *text; /* as typed, a word of the screens as the daemon's; "" for a flag */
};

/* By arg in the order typed. Texts are the caller's. */
struct args {
	const struct command *command;
	struct arg_value value[ARGS_VALUES_MAX];
	uint32_t count;
	bool help; /* --help was among them; nothing else was checked */
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

/*
 * RFC 3339, or the town's time with its day or ("18:00") without, to RFC 3339 UTC in out[25]; false: neither. Of the days
 * that "18:00" may be of, the nearest to now_ms (0: this machine's clock), with `coming` the next: who types --until 06:30
 * in the evening means the morning, who types --at 23:50 after midnight means the evening before.
 */
bool args_time(const char *text, int64_t now_ms, bool coming, char *out) DISP_MUSTCHECK;

/* Whether a time without its day was typed: the daemon's own time is then wanted. */
bool args_want_now(const struct args *args);

#endif
