/* decide_effect: the trouble is back after an action had driven it away; the first time is decide_alarm's. */
#include "core/decide.h"

#include <stddef.h>

enum {
	ACTION_TRIES_MAX = 3
}; /* of one step in one incident; a sensor that flaps does not make it speak for ever */

static uint32_t tries_of(const struct core *core, const struct incident *incident, uint32_t step)
{
	uint32_t tries = 0;

	for (uint32_t slot = incident->first_order; slot != 0; slot = order_at(core, slot)->next)
		tries += order_at(core, slot)->target == TARGET_DEVICE && order_at(core, slot)->step == step;
	return tries;
}

void effect_lost(struct decision *decision, const struct incident *incident)
{
	const struct core *core = decision->core;
	const struct playbook *playbook = playbook_at(core, incident->playbook);
	uint32_t number = incident->r.number;
	bool lost = false;

	for (uint32_t step = 0; playbook != NULL && step < playbook->step_count; step++) {
		const struct step *action = &playbook->step[step];

		if (action->kind != STEP_ACTION || action->effect != EFFECT_CLEARED ||
			incident->mark[step].state != STEP_EFFECTIVE)
			continue;
		struct step_mark mark = {.state = STEP_IDLE};

		if (tries_of(core, incident, step) >= ACTION_TRIES_MAX)
			mark = (struct step_mark){.state = STEP_FAILED, .why = WHY_NO_EFFECT};
		emit_step(decision, number, step, mark);
		for (uint32_t next = 0; next < playbook->step_count; next++)
			if (playbook->step[next].when == STEP_NO_EFFECT &&
				playbook->step[next].after == step &&
				incident->mark[next].state == STEP_SKIPPED)
				emit_step(decision, number, next, (struct step_mark){.state = STEP_IDLE});
		lost = true;
	}
	if (lost)
		emit_agenda(decision, number, true, 0);
}
