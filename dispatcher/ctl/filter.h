/* filter: a list's filter word by id or by its Chinese name; one that is of nothing is a mistake, not an empty list. */
#ifndef CTL_FILTER_H
#define CTL_FILTER_H

#include "ctl/session.h"

/*
 * Puts ids for names into args, from what the daemon lists. Memory of the new texts is *known's (json_decref, after args).
 * An exit code: EXIT_NOT_FOUND, said with near words, where a word is of nothing, or of several; with --json such a
 * word stays as it is, the daemon has its own answer to it. Nothing is asked where no filter was typed.
 */
int filter_resolve(struct session *session, struct args *args, json_t **known) DISP_MUSTCHECK;

#endif
