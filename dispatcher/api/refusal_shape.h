/* refusal_shape: why cases could not be merged, split, verified, or brought in from paper. */
#ifndef API_REFUSAL_SHAPE_H
#define API_REFUSAL_SHAPE_H

#include "api/tell.h"

/* Adds the reason, in both languages; false: it has none to give for this event and outcome. */
bool refusal_shape(struct tell *out, const struct core *core, const struct event *event, uint8_t outcome);

#endif
