/* say: the daemon's own log, one structured line an event, on standard error. */
#ifndef SHELL_SAY_H
#define SHELL_SAY_H

#include <stdint.h>

enum say_level { SAY_DEBUG, SAY_INFO, SAY_WARNING, SAY_ERROR };

/* Lines below the level are not written. */
void say_level_set(enum say_level level);

/*
 * One line: wall time, level, what, then the text, which is key=value words by custom. Line breaks and
 * controls in it become blanks, what turns or hides text U+FFFD; more than 2,000 bytes are cut.
 */
void say(enum say_level level, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same whatever the level: for what nobody may fail to hear. */
void say_always(enum say_level level, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
