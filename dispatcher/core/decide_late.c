/* decide_late: a yes that comes when the time to answer is over, and whether the job is still to be had; see decide.h. */
#include "core/decide.h"

#include <stddef.h>

/* Who was asked in its stead and has not answered yet; NULL: nobody. The last one that was asked is spared first. */
static const struct order *asked_instead(const struct core *core, const struct order *order)
{
	const struct incident *incident = incident_by(core, order->incident);
	const struct order *last = NULL;

	for (uint32_t slot = incident->first_order; slot != 0; slot = order_at(core, slot)->next) {
		const struct order *other = order_at(core, slot);

		if (other->need == order->need && other->target == TARGET_UNIT &&
			other->r.number > order->r.number &&
			(other->state == ORDER_ISSUED || other->state == ORDER_DELIVERED))
			last = other;
	}
	return last;
}

/* Its case goes on, and the crew is free to come. */
static bool can_come(const struct core *core, const struct order *order)
{
	const struct incident *incident = incident_by(core, order->incident);
	const struct incident *standing = incident == NULL ? NULL : incident_standing(core, incident);
	const struct unit *unit = order->target == TARGET_UNIT ? unit_at(core, order->who) : NULL;

	return standing != NULL && standing->state < INCIDENT_DONE_REPORTED &&
	       incident_own_state(incident) < INCIDENT_DONE_REPORTED && unit != NULL && !unit->retired &&
	       unit->orders == 0 && unit->state != UNIT_OUT_OF_SERVICE && unit->state != UNIT_OFF_DUTY;
}

/* What it was to carry is still to be fetched. */
static bool load_stands(const struct core *core, const struct order *order)
{
	const struct order *loading = order_by(core, order->depot_order);

	return order->depot_order == 0 ||
	       (loading != NULL && (order_live(loading->state) || loading->state == ORDER_DONE));
}

bool late_yes(const struct core *core, const struct order *order, uint8_t answer)
{
	bool yes = answer == ANSWER_ACCEPT || answer == ANSWER_EN_ROUTE || answer == ANSWER_ARRIVED;

	if (!yes || order->state != ORDER_EXPIRED || !can_come(core, order) || !load_stands(core, order))
		return false;
	const struct need *need = need_by(core, order->need);

	if (order->need == 0)
		return true; /* the officer wanted this very crew */
	if (need == NULL || need->state == NEED_ENDED || need->state == NEED_COVERED)
		return false;
	return need->missing > 0 || asked_instead(core, order) != NULL;
}

void late_yes_takes(struct decision *decision, const struct order *order)
{
	const struct core *core = decision->core;
	const struct need *need = need_by(core, order->need);

	if (need == NULL)
		return;
	if (need->missing == 0) {
		emit_order_end(decision, asked_instead(core, order), ORDER_RECALLED, ANSWER_RECALL, WHY_NONE);
		return;
	}
	struct effect *effect = emit(decision, EFFECT_NEED_STATE);

	effect->u.need_state = (struct effect_need_state){.need = need->r.number,
		.incident = order->incident,
		.state = need->missing > 1 ? NEED_OPEN : NEED_FILLED,
		.why = need->missing > 1 ? need->why : (uint8_t)WHY_NONE,
		.missing = need->missing - 1};
	emit_agenda(decision, order->incident, true, 0);
}
