/* on_duty: who sits at the desk: whose words count as seen there, and who is told in the duty officer's place. */
#ifndef CORE_ON_DUTY_H
#define CORE_ON_DUTY_H

#include "core/state.h"

/* Whether the event is a command that a person gave at the desk: somebody is there, awake. */
bool said_at_desk(const struct event *event);

/* The incident upon which such a command acts: whoever gives it has seen that incident. 0: upon none. */
uint32_t seen_incident(const struct core *core, const struct event *event);
/* The incident that a person at the desk works on, whether or not that shows that its alert was read; 0 none. */
uint32_t touched_incident(const struct core *core, const struct event *event);

/*
 * Whether the person is told where the duty officer is to be told: those on shift with that role; where none of them is
 * on shift, everybody of the role.
 */
bool told_as_duty(const struct core *core, const struct person *person);
/* Whether one of the roles is the person's, and has the person told. */
bool told_by_role(const struct core *core, const struct person *person, uint32_t who);

#endif
