/* decide_verify: whether a person may say that the work was done well, and what that rests on. */
#include "core/decide.h"

#include <stddef.h>

/* Whether two texts mean one person: each an id or a name. Two persons of one name are taken for one. */
bool same_person(const struct core *core, uint32_t a, uint32_t b)
{
	const struct person *by_a = person_at(core, state_find_number(core, TABLE_PERSON, a));
	const struct person *by_b = person_at(core, state_find_number(core, TABLE_PERSON, b));

	if (a == 0 || b == 0)
		return false;
	return a == b || (by_a != NULL && by_a->name == b) || (by_b != NULL && by_b->name == a);
}

bool is_of_unit(const struct core *core, const struct unit *unit, uint32_t person_text)
{
	const struct person *leader = unit == NULL ? NULL : person_at(core, unit->leader);

	if (unit == NULL || person_text == 0)
		return false;
	if (unit->id == person_text || (leader != NULL && same_person(core, leader->id, person_text)))
		return true;
	struct text crew = text_at(&core->texts, unit->crew);

	for (struct text id = text_next_word(&crew); id.len > 0; id = text_next_word(&crew))
		if (same_person(core, text_find(&core->texts, id), person_text))
			return true;
	return false;
}

static bool did_work_of(const struct core *core, const struct incident *incident, uint32_t person)
{
	for (uint32_t slot = incident->first_order; slot != 0; slot = order_at(core, slot)->next) {
		const struct order *order = order_at(core, slot);
		const struct unit *unit = order->target == TARGET_UNIT ? unit_at(core, order->who) : NULL;

		if ((order->state == ORDER_DONE || order->arrived_ms != 0) && is_of_unit(core, unit, person))
			return true;
		if (same_person(core, order->done_by, person))
			return true;
	}
	return same_person(core, incident->done_by, person);
}

/* The one who verifies is none of those who did the work, nor one who reported it done, in whole or in part. */
bool did_the_work(const struct core *core, const struct incident *incident, struct text by)
{
	uint32_t person = text_find(&core->texts, by), cursor = 0;
	const struct incident *merged;

	if (person == 0)
		return false;
	while ((merged = merged_next(core, incident, &cursor)) != NULL)
		if (did_work_of(core, merged, person))
			return true;
	return did_work_of(core, incident, person);
}

uint8_t evidence_of(const struct incident *incident, const struct event_act *act)
{
	bool quiet = incident->sensor_count > 0;

	for (uint32_t index = 0; index < incident->sensor_count; index++)
		quiet &= incident->sensor[index].cleared != 0;
	return (uint8_t)((act->reason.len > 0 ? EVIDENCE_NOTE : 0) |
			 (act->evidence.len > 0 ? EVIDENCE_REFERENCE : 0) | (quiet ? EVIDENCE_SENSORS : 0));
}
