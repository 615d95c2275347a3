/* on_duty: who sits at the desk; see the header. Changes nothing. */
#include "core/on_duty.h"

#include "core/query.h"

#include <stddef.h>

/* Recovery asks this too: a change of the list would make old rows mean something else. */
bool said_at_desk(const struct event *event)
{
	bool command = event->kind >= EVENT_ANSWER && event->kind <= EVENT_PAPER && event->kind != EVENT_TICK;

	return command && event->by.len > 0 && !text_equal(event->channel, TEXT("terminal"));
}

uint32_t seen_incident(const struct core *core, const struct event *event)
{
	return said_at_desk(event) ? query_event_incident(core, event) : 0;
}

uint32_t touched_incident(const struct core *core, const struct event *event)
{
	if (said_at_desk(event) && event->kind == EVENT_FACT)
		return event->u.fact.incident;
	if (said_at_desk(event) && event->kind == EVENT_REPORT)
		return event->u.report.incident;
	if (said_at_desk(event) && event->kind == EVENT_ACK)
		return event->u.ack.incident;
	return seen_incident(core, event);
}

static bool on_shift(const struct person *person)
{
	return person != NULL && person->on_duty_ms != 0 && !person->retired &&
	       (person->roles & WHO_DUTY_OFFICER) != 0;
}

bool told_as_duty(const struct core *core, const struct person *person)
{
	if (person == NULL || person->retired || (person->roles & WHO_DUTY_OFFICER) == 0)
		return false;
	if (on_shift(person) || town_of(core)->desk.on_duty == 0)
		return true;
	for (uint32_t slot = 1; slot <= core->table[TABLE_PERSON].used; slot++)
		if (on_shift(person_at(core, slot)))
			return false;
	return true;
}

bool told_by_role(const struct core *core, const struct person *person, uint32_t who)
{
	if (person == NULL || person->retired)
		return false;
	return (person->roles & who & ~(uint32_t)WHO_DUTY_OFFICER) != 0 ||
	       ((who & WHO_DUTY_OFFICER) != 0 && told_as_duty(core, person));
}
