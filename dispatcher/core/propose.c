/* propose: what a plan would do, for those who look before they say yes. Decides on a draft, applies nothing. */
#include "core/decide.h"
#include "core/query.h"

#include <stddef.h>

enum why query_unit_why(const struct core *core, uint32_t unit, int64_t at_ms)
{
	const struct unit *found = unit_at(core, unit);
	int64_t age_cost_ms;
	bool stale;

	return found == NULL ? WHY_OFF_DUTY : unit_unfit(core, found, at_ms, &age_cost_ms, &stale);
}

bool query_propose(const struct core *core, uint32_t number, uint8_t level, const struct effect_need *more,
	int64_t at_ms, struct effects *out)
{
	const struct incident *incident = incident_by(core, number);
	struct event tick = {.kind = EVENT_TICK, .at_ms = at_ms, .seq = town_of(core)->seq + 1};
	struct decision decision = {.core = core, .event = &tick, .out = out};
	struct incident draft;

	out->count = 0;
	if (incident == NULL || incident->state >= INCIDENT_DONE_REPORTED)
		return false;
	draft = *incident;
	if (draft.state == INCIDENT_REPORTED)
		draft.state = INCIDENT_ACCEPTED;
	if (level != 0)
		draft.level = level;
	plan_incident_with(&decision, &draft, more);
	return true;
}
