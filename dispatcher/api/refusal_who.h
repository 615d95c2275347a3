/* refusal_who: who may do what was refused, and who would have to agree, in words. No HTTP. */
#ifndef API_REFUSAL_WHO_H
#define API_REFUSAL_WHO_H

#include "api/tell.h"

/* OUTCOME_NOT_PERMITTED and OUTCOME_NEEDS_AGREEMENT; append to both lines. */
void refusal_not_permitted(struct tell *out, const struct core *core, const struct event *event);
void refusal_needs_agreement(struct tell *out, const struct core *core, const struct event *event);

#endif
