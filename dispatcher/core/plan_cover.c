/* plan_cover: what a merged case lacks and the one that goes on wants, or has, itself: nobody is sent twice; see decide.h. */
#include "core/decide.h"

#include <stddef.h>

enum { ROOM_COVER = 8 };

static bool alike(const struct need *a, const struct need *b)
{
	return a->kind == b->kind &&
	       (a->kind == STEP_SUPPLY
			       ? a->item == b->item
			       : a->skills == b->skills && a->depot_order == 0 && b->depot_order == 0);
}

/* How many, or how much, of the same the case wants or has: its own requirements, and crews that a person sent on top. */
static uint64_t cover_of(const struct core *core, const struct incident *incident, const struct need *like)
{
	uint64_t sum = 0;

	for (uint32_t slot = incident->first_need; slot != 0; slot = need_at(core, slot)->next) {
		const struct need *need = need_at(core, slot);

		if (alike(need, like) && need->state != NEED_ENDED && need->state != NEED_COVERED)
			sum += need->count;
	}
	for (uint32_t slot = like->kind == STEP_SEND ? incident->first_order : 0; slot != 0;
		slot = order_at(core, slot)->next) {
		const struct order *order = order_at(core, slot);
		const struct unit *unit = order->target == TARGET_UNIT ? unit_at(core, order->who) : NULL;

		if (unit != NULL && order_live(order->state) && order->need == 0 &&
			(unit->skills & like->skills) == like->skills)
			sum++;
	}
	return sum;
}

static bool is_covered(const struct core *core, const struct incident *into, const struct need *need)
{
	if (need->missing == 0 || need->depot_order != 0 || (need->kind == STEP_SEND && need->skills == 0))
		return false;
	return cover_of(core, into, need) >= need->missing;
}

bool needs_cover(struct decision *decision, const struct incident *incident, const struct incident *into)
{
	const struct core *core = decision->core;

	for (uint32_t slot = incident->first_need; slot != 0; slot = need_at(core, slot)->next) {
		const struct need *need = need_at(core, slot);
		bool covered = into != NULL && is_covered(core, into, need);

		if (covered ? need->state != NEED_OPEN : need->state != NEED_COVERED)
			continue;
		if (!room_for(decision, ROOM_COVER))
			return false;
		struct effect *effect = emit(decision, EFFECT_NEED_STATE);

		effect->u.need_state = (struct effect_need_state){.need = need->r.number,
			.incident = incident->r.number,
			.state = covered ? NEED_COVERED : NEED_OPEN,
			.why = need->why,
			.missing = need->missing};
	}
	return true;
}
