/* decide_aside: what was set aside for a person is told, once; a person lets it in again or leaves it out for good. */
#include "core/decide.h"

#include <stddef.h>

enum { ID_MAX = 64 };

uint32_t aside_find(const struct core *core, struct text id)
{
	uint32_t text = id.len == 0 ? 0 : text_find(&core->texts, id);

	for (uint32_t slot = 1; text != 0 && slot <= core->table[TABLE_ASIDE].used; slot++)
		if (aside_at(core, slot) != NULL && aside_at(core, slot)->id == text)
			return slot;
	return 0;
}

static bool told_well(const struct event_aside *from)
{
	bool row = from->from == ASIDE_JOURNAL || from->from == ASIDE_TABLES || from->from == ASIDE_OTHER;

	return from->id.len > 0 && from->id.len <= ID_MAX && from->from != ASIDE_FROM_NONE &&
	       from->from < ASIDE_FROM_COUNT && from->row < EVENT_KIND_COUNT &&
	       row == (from->row != EVENT_NONE);
}

/* What is told already is no news: the daemon tells of all of it after each start. */
static void find(struct decision *decision)
{
	const struct core *core = decision->core;
	const struct event_aside *from = &decision->event->u.aside;
	const struct aside *known = aside_at(core, aside_find(core, from->id));
	uint32_t number = known != NULL ? known->r.number : town_of(core)->asides + 1;
	enum outcome outcome = OUTCOME_OK;

	if (!told_well(from))
		outcome = OUTCOME_INVALID;
	else if (known != NULL)
		outcome = OUTCOME_UNCHANGED;
	else if (state_room(core, TABLE_ASIDE) == 0)
		outcome = OUTCOME_FULL;
	emit_result(decision, outcome, outcome == OUTCOME_OK || known != NULL ? number : 0);
	if (outcome != OUTCOME_OK)
		return;
	emit(decision, EFFECT_ASIDE)->u.aside = (struct effect_aside){.aside = number, .act = ASIDE_FOUND};
	emit_alert(decision, 0, ALERT_ASIDE, ALERT_STANDS);
}

/* The last one takes its alert with it. */
static void settle(struct decision *decision)
{
	const struct core *core = decision->core;
	const struct event_aside *from = &decision->event->u.aside;
	const struct aside *aside = aside_at(core, aside_find(core, from->id));
	enum outcome outcome = OUTCOME_OK;

	if (aside == NULL)
		outcome = OUTCOME_NOT_FOUND;
	else if (from->reason.len == 0 || from->from != ASIDE_FROM_NONE || from->row != EVENT_NONE)
		outcome = OUTCOME_INVALID;
	emit_result(decision, outcome, aside == NULL ? 0 : aside->r.number);
	if (outcome != OUTCOME_OK)
		return;
	emit(decision, EFFECT_ASIDE)->u.aside =
		(struct effect_aside){.aside = aside->r.number, .act = from->act};
	if (core->table[TABLE_ASIDE].live == 1)
		emit_alert(decision, 0, ALERT_ASIDE, ALERT_ENDED);
}

void decide_aside(struct decision *decision)
{
	uint8_t act = decision->event->u.aside.act;

	if (act == ASIDE_FOUND)
		find(decision);
	else if (act == ASIDE_RELEASE || act == ASIDE_DROP)
		settle(decision);
	else
		emit_result(decision, OUTCOME_INVALID, 0);
}
