/* refusal_missing: which of the things that a command names there are not. */
#ifndef API_REFUSAL_MISSING_H
#define API_REFUSAL_MISSING_H

#include "api/tell.h"

/* For OUTCOME_NOT_FOUND: appends each missing thing to both lines of *out; nothing for events that name none. */
void refusal_not_found(struct tell *out, const struct core *core, const struct event *event);

#endif
