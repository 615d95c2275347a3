/* open_type: which plan a word for a type of incident means; where it fits several, the officer says which. */
#ifndef CTL_OPEN_TYPE_H
#define CTL_OPEN_TYPE_H

#include "ctl/session.h"

/*
 * open_type_choose - settles --type and --playbook of incident open, in place.
 *
 * Shapes  the title or the id of a playbook, a type that one playbook is for, and whatever --playbook goes with: as it is.
 *         A word that fits several: asked on a terminal; elsewhere the code of a type goes on as it is, too. So does what
 *         fits nothing: the daemon knows what to say.
 * Errors  an exit code: refused with the candidates on standard error, or nothing was chosen.
 * Memory  what is made lies in the arguments themselves.
 */
int open_type_choose(struct session *session, struct args *args) DISP_MUSTCHECK;

#endif
