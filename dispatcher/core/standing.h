/* standing: the case that goes on where several have turned out to be one. */
#ifndef CORE_STANDING_H
#define CORE_STANDING_H

#include "core/core.h"

/* The number of the case in which this one goes on; its own where it was not merged, or where that is not known (0: 0). */
uint32_t query_goes_on(const struct core *core, uint32_t incident);

#endif
