/* standing: the case that goes on where several have turned out to be one; see the header. */
#include "core/standing.h"

#include <stddef.h>

#include "core/decide.h"

uint32_t query_goes_on(const struct core *core, uint32_t incident)
{
	const struct incident *standing = incident_standing(core, incident_by(core, incident));

	return standing == NULL ? incident : standing->r.number;
}
