/* decide_response: how orders may leave, and the town's response level: who must agree, who is told, what it brings. */
#include "core/decide.h"
#include "core/permit.h"

#include <stddef.h>

static void emit_release(struct decision *decision, uint8_t release, uint8_t kept)
{
	struct effect *effect = emit(decision, EFFECT_RELEASE);

	effect->u.release = (struct effect_release){.release = release, .kept = kept};
}

/* By hand: nothing comes back later, and an open level does not change it any more. */
void decide_release(struct decision *decision)
{
	const struct town_state *town = town_of(decision->core);
	uint8_t release = decision->event->u.release.release;

	if (release >= RELEASE_COUNT || (release == town->release && town->release_kept == 0)) {
		emit_result(decision, release >= RELEASE_COUNT ? OUTCOME_INVALID : OUTCOME_UNCHANGED, 0);
		return;
	}
	emit_result(decision, OUTCOME_OK, 0);
	emit_release(decision, release, 0);
}

/* What was in force before the first level comes back with the last; who set it by hand in between has the last word. */
static void release_with(struct decision *decision, uint8_t level)
{
	const struct town_state *town = town_of(decision->core);
	uint8_t wanted = level == RESPONSE_CLEAR ? (uint8_t)RELEASE_COUNT
						 : decision->core->rules.response[level].release;
	uint8_t kept = (uint8_t)town->release_kept;

	if (wanted < RELEASE_COUNT) {
		if (kept == 0 && wanted == town->release)
			return;
		emit_release(decision, wanted, kept != 0 ? kept : (uint8_t)(town->release + 1));
	} else if (kept != 0) {
		emit_release(decision, (uint8_t)(kept - 1), 0);
	}
}

void decide_response(struct decision *decision)
{
	const struct event_response *from = &decision->event->u.response;
	const struct core *core = decision->core;
	enum outcome outcome = OUTCOME_OK;

	if (from->level >= RESPONSE_COUNT)
		outcome = OUTCOME_INVALID;
	else if (from->level == town_of(core)->response_level)
		outcome = OUTCOME_UNCHANGED;
	else if (!permit_agreed(
			 core, permit_agreement(core, decision->event), decision->event->by, from->agreed))
		outcome = OUTCOME_NEEDS_AGREEMENT;
	emit_result(decision, outcome, 0);
	if (outcome != OUTCOME_OK)
		return;
	struct effect *effect = emit(decision, EFFECT_RESPONSE);

	effect->u.response.level = from->level;
	release_with(decision, from->level);
}
