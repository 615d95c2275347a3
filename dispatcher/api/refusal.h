/* refusal: why the core refused a command, for the officer: which thing, in which state, and what would do. No HTTP. */
#ifndef API_REFUSAL_H
#define API_REFUSAL_H

#include "api/tell.h"

/* Appends to both lines of *out; nothing where there is no more to say than the outcome's own words. */
void refusal_tell(struct tell *out, const struct core *core, const struct event *event, uint8_t outcome);

/* keys.c: the same of a command about keys; false: it is none, or there is no more to say. */
bool refusal_key(struct tell *out, const struct core *core, const struct event *event, uint8_t outcome);
/* aside.c: the same of what was set aside. */
bool refusal_aside(struct tell *out, const struct event *event, uint8_t outcome);

#endif
