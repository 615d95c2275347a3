/* console: the console without a command, on a terminal: a prompt, history, completion. The same table as ever. */
#ifndef CTL_CONSOLE_H
#define CTL_CONSOLE_H

#include "ctl/session.h"

/* Until the end of input, "exit" or "quit"; the exit code of the last command. */
int console_run(struct session *session);

/* The nth word that can follow `line` where `start` has been typed of it, of the table; NULL: no more. Static memory. */
const char *console_complete(const char *line, const char *start, uint32_t nth);

#endif
