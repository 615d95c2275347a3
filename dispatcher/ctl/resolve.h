/* resolve: what people type for a thing or a time, as the daemon calls it: "1" for 2026-000001, "T1" for the order that
 * call is about. Reads and asks; changes nothing at the daemon. */
#ifndef CTL_RESOLVE_H
#define CTL_RESOLVE_H

#include "ctl/session.h"

/*
 * resolve_args - makes the ids among the values whole, in place.
 *
 * Shapes  "T57-T60" for several calls, and the name of a unit, a device or a depot for its id (resolve_range.h,
 *         resolve_name.h);
 *         "1", "000001", "2026-1" for an incident (the year is the town's own by the daemon's clock), "o31" or "31" for an
 *         order, so too tasks, notices and silences; the id of a call task for the order that is called about.
 * Errors  an exit code, said on standard error: an id of another kind, or a %N of a list of other things; a time of day
 *         still to come where one in the past is wanted.
 * Memory  what is made lies in the arguments themselves.
 */
int resolve_args(struct session *session, struct args *args) DISP_MUSTCHECK;

#endif
