/* permit: who may give which command; one table. Whether the thing itself allows it is not asked here. */
#ifndef CORE_PERMIT_H
#define CORE_PERMIT_H

#include "core/core.h"

/*
 * A set of those who may: WHO_DUTY_OFFICER, WHO_OFFICE, WHO_LEADER, WHO_COMMITTEE, WHO_KEEPER, WHO_AUDITOR, and
 * PERMIT_OTHERS for everybody else of the town: grid members, heads, crews, departments. Whoever has a role of the
 * desk or keeps a depot is one of the others, too; who is an auditor and nothing else is not.
 */
enum {
	PERMIT_OTHERS = 1 << 14,
	PERMIT_DESK = WHO_DUTY_OFFICER | WHO_OFFICE | WHO_LEADER | WHO_COMMITTEE,
	PERMIT_LEADING = WHO_LEADER | WHO_COMMITTEE,
	PERMIT_ALL = PERMIT_DESK | WHO_KEEPER | PERMIT_OTHERS
};

enum permit {
	PERMIT_MAY,
	PERMIT_ROLE,    /* none of the person's roles may */
	PERMIT_NOBODY,  /* nobody of the town, or nobody named, where only persons of the town may */
	PERMIT_SEVERAL, /* a name that several persons bear, where only one may be meant */
	PERMIT_COUNT
};

/* Who somebody is. */
struct permit_person {
	uint32_t number;  /* of the person; 0: nobody of the town, or several */
	uint32_t roles;   /* set as above; of several: what all of them may */
	uint32_t bearers; /* persons whose id or name it is */
};

/* By id, else by name. Nobody of the town (a login name): the duty officer's roles. */
struct permit_person permit_person(const struct core *core, struct text by);

/* Who may do what the event asks; 0: no person's command, nobody is asked. */
uint32_t permit_who(const struct event *event);
/* The same of this very event: of some there are fewer who may than of others of its kind. */
uint32_t permit_who_of(const struct core *core, const struct event *event);

/*
 * permit_event - whether the one who acts may.
 *
 * Words said by telephone or radio are those of whoever is named: an order or a notice may be answered by anybody.
 * Without rules.named, who is nobody of the town (a login name) may what the desk may, its leader's switches too, but can
 * agree to nothing; and an event without `by` may.
 */
enum permit permit_event(const struct core *core, const struct event *event);

/*
 * Who must agree to it; 0: nobody. A response level wants its own (rules.response): to raise it those of the level that
 * begins, to lower or end it those of the one that ends. Material: where it would take a stock below its minimum.
 */
uint32_t permit_agreement(const struct core *core, const struct event *event);
/* Whether one of these roles stands behind it: that of the one who acts, or of the one who is said to have agreed. */
bool permit_agreed(const struct core *core, uint32_t roles, struct text by, struct text agreed);

#endif
