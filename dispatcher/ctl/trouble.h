/* trouble: what the system's error numbers are called for the reader. */
#ifndef CTL_TROUBLE_H
#define CTL_TROUBLE_H

#include "ctl/screen.h"

/* In the language of the screen those that occur, of others what the C library says. A literal, or the library's. */
const char *trouble_say(const struct screen *screen, int os_error);

#endif
