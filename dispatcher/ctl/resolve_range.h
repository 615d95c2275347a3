/* resolve_range: "T57-T60" where several call tasks may stand: those of them that still wait, each for itself. Only asks. */
#ifndef CTL_RESOLVE_RANGE_H
#define CTL_RESOLVE_RANGE_H

#include "ctl/session.h"

/*
 * resolve_ranges - in place of each range of call tasks those that are open or taken, in the order of their numbers.
 *
 * Shapes  "T57-T60", "57-60", "t57-60"; both ends belong to it. Anything else stays as it is.
 * Errors  EXIT_USAGE: the ends are the wrong way round, or there are more than one command line can hold;
 *         EXIT_NOT_FOUND: no call of them waits. Said on standard error, as are those that are left out.
 */
int resolve_ranges(struct session *session, struct args *args) DISP_MUSTCHECK;

#endif
