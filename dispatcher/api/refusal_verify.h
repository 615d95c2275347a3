/* refusal_verify: why somebody may not verify: who counts as having done the work, and who asks. */
#ifndef API_REFUSAL_VERIFY_H
#define API_REFUSAL_VERIFY_H

#include "api/internal.h"
#include "api/tell.h"

/* For a verification by one who did the work: fills *out with both. Texts are copied. */
void refusal_same_person(struct tell *out, const struct core *core, const struct event *event);

#endif
