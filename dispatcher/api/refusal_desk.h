/* refusal_desk: why a command about shifts or alerts was refused. */
#ifndef API_REFUSAL_DESK_H
#define API_REFUSAL_DESK_H

#include "api/tell.h"

/* False: it is no such command, or there is nothing more to say than the outcome. */
bool refusal_desk(struct tell *out, const struct core *core, const struct event *event, uint8_t outcome);

#endif
