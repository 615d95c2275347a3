/* screen: where text for people goes: its width, colours, language and time. Knows no contents. */
#ifndef CTL_SCREEN_H
#define CTL_SCREEN_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/types.h"

enum lang { LANG_ZH, LANG_EN };

/* Words for people are English msgids in the code; xgettext finds them by these and by the names of our macros.
 * With a context, where one English has two translations. */
#define N_(msgid)           msgid
#define NC_(context, msgid) context "\004" msgid

/* A second signal beside the words, never the only one. */
enum tone { TONE_PLAIN, TONE_BOLD, TONE_DIM, TONE_GOOD, TONE_WARN, TONE_BAD, TONE_COUNT };

struct picks; /* ctl/picks.h */

struct screen {
	FILE *to;
	enum lang lang;
	uint32_t width; /* columns */
	bool colour;
	int32_t offset_minutes; /* east of Greenwich: the clock on the wall */
	int64_t now_ms;         /* the daemon's event time, as its last reply said; 0: not known */
	bool folds; /* what repeats is counted and not shown: a person reads it, who has not asked for all */
	struct picks *picks; /* rows get their %1 %2 …; NULL: not in the shell */
};

enum { SCREEN_WIDTH_DEFAULT = 80, SCREEN_WIDTH_MIN = 40 };

/* The screen behind this stream: 80 columns and no colour unless it is a terminal; NO_COLOR is honoured. */
void screen_open(struct screen *screen, FILE *to, enum lang lang);

/* Whether a person reads it: it is a terminal. */
bool screen_is_read(const struct screen *screen);
/* The lines that it shows at once; of what is no terminal a common number. */
uint32_t screen_lines(const struct screen *screen);

/* The width that it has by now. */
void screen_fit(struct screen *screen);

/* A msgid in the screen's language. Formats keep their arguments. */
const char *screen_say(const struct screen *screen, const char *msgid) __attribute__((format_arg(2)));
/* The same without a screen. */
const char *lang_say(enum lang lang, const char *msgid) __attribute__((format_arg(2)));
/* What switches a tone on and everything off again; "" without colour. */
const char *screen_tone(const struct screen *screen, enum tone tone);
const char *screen_plain(const struct screen *screen);

/* snprintf for text that may be cut: out is terminated, returns how many bytes stand in it. */
size_t screen_format(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
size_t screen_format_list(char *out, size_t size, const char *format, va_list list)
	__attribute__((format(printf, 3, 0)));

/* A line of JSON: what could do something to the screen is escaped, so that it says the same and does nothing. */
void screen_json(const struct screen *screen, const char *json);

/* A heading over a part of the answer, with an empty line before it. */
void screen_heading(const struct screen *screen, const char *title);

/* The columns of a terminated string. */
uint32_t screen_columns(const char *text);
void screen_spaces(const struct screen *screen, uint32_t count);

/* Text after a label, wrapped to the width and indented under itself. */
void screen_wrapped(const struct screen *screen, uint32_t indent, enum tone tone, const char *text);

/* The language of the environment: English for LC_ALL, LC_MESSAGES or LANG that begin with "en", else Chinese. */
enum lang screen_lang_of_environment(void);

#endif
