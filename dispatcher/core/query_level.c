/* query_level: which response level was in force when, as far as it is remembered; see core/query.h. */
#include "core/query.h"
#include "core/state.h"

bool query_level_change(const struct core *core, uint32_t index, struct level_change *out)
{
	const struct town_state *town = query_town(core);

	if (index >= town->level_changes || index >= LEVEL_CHANGES_MAX)
		return false;
	*out = town->level_change[(town->level_changes - 1 - index) % LEVEL_CHANGES_MAX];
	return true;
}

uint32_t query_level_at(const struct core *core, int64_t at_ms, int64_t *since_ms)
{
	struct level_change change;

	*since_ms = 0;
	for (uint32_t index = 0; query_level_change(core, index, &change); index++) {
		if (change.at_ms > at_ms)
			continue;
		*since_ms = change.at_ms;
		return change.level;
	}
	return RESPONSE_CLEAR;
}
