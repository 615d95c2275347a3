/* hint: what a refusal leaves open: in which state the thing is, which words there are. Only asks the daemon. */
#ifndef CTL_HINT_H
#define CTL_HINT_H

#include "ctl/session.h"

/* On standard error, for each thing that the refused body names: that it is not there, its state, its actions. */
void hint_refused(struct session *session, const json_t *body, const json_t *reply);

/* Whether the daemon knows that unit. */
bool hint_unit_known(struct session *session, const char *unit);

/* The skills of all units as the keys of an object; the caller's (json_decref). Empty: they cannot be had. */
json_t *hint_skills(struct session *session);

#endif
