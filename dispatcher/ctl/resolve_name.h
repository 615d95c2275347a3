/* resolve_name: a thing of the town by its name, whole or an unambiguous part, where its id is wanted. Only asks. */
#ifndef CTL_RESOLVE_NAME_H
#define CTL_RESOLVE_NAME_H

#include "ctl/session.h"

/*
 * resolve_name - the id of what was typed, into *text, where *text is no id but a name of that kind of thing.
 *
 * Shapes  field: "unit", "units", "device", "source", "depot"; of anything else nothing is asked. Only words with letters
 *         beyond ASCII are looked up: ids of towns are ASCII but for those that are found as they stand.
 * Errors  EXIT_USAGE: it is part of several names, which stand on standard error (with --json also on standard output).
 *         A name of nothing is left to the daemon, which says so.
 * Memory  the id lies in the arguments.
 */
int resolve_name(
	struct session *session, struct args *args, const char *field, const char **text) DISP_MUSTCHECK;

#endif
