/* permit: who may give which command; see the header. */
#include "core/permit.h"

#include <stddef.h>

#include "core/state.h"

/* What of a command makes a difference: its act, answer, switch. */
enum { DETAIL_MAX = ACT_COUNT, SILENCE_DEVICE = 0, SILENCE_WIDE = 1, SILENCE_END = 2, LEAD_FORCED = 1 };

/* 0: not a person's command. The rows are those of the test, and of the README. */
static const uint16_t may[EVENT_KIND_COUNT][DETAIL_MAX] = {
	[EVENT_ANSWER] =
		{
			[ANSWER_ACCEPT] = PERMIT_ALL,
			[ANSWER_DECLINE] = PERMIT_ALL,
			[ANSWER_EN_ROUTE] = PERMIT_ALL,
			[ANSWER_ARRIVED] = PERMIT_ALL,
			[ANSWER_DONE] = PERMIT_ALL,
			[ANSWER_FAILED] = PERMIT_ALL,
			[ANSWER_DELIVERED] = PERMIT_ALL,
			[ANSWER_RECALL] = PERMIT_DESK,
		},
	[EVENT_NOTICE_ANSWER] = {PERMIT_ALL},
	[EVENT_OPEN] = {PERMIT_ALL},
	[EVENT_ACT] =
		{
			[ACT_CONFIRM] = PERMIT_DESK,
			[ACT_REJECT] = PERMIT_DESK,
			[ACT_UPGRADE] = PERMIT_DESK,
			[ACT_ESCALATE] = PERMIT_DESK,
			[ACT_NOTE] = PERMIT_ALL,
			[ACT_DONE] = PERMIT_ALL,
			[ACT_VERIFY] = PERMIT_ALL, /* decide_act sees to it that it is not their own work */
			[ACT_VERIFY_FAILED] = PERMIT_ALL,
			[ACT_REOPEN] = PERMIT_DESK,
			[ACT_CANCEL] = PERMIT_DESK,
			[ACT_REFER] = PERMIT_DESK,
			[ACT_CLOSE] = PERMIT_DESK,
			[ACT_MERGE] = PERMIT_DESK,
			[ACT_SPLIT] = PERMIT_DESK,
		},
	[EVENT_ADD] = {PERMIT_DESK},
	[EVENT_SEND] = {PERMIT_DESK},
	[EVENT_SWAP] = {PERMIT_DESK},
	[EVENT_UNIT_SET] = {PERMIT_DESK},
	[EVENT_DEVICE_SET] = {PERMIT_DESK},
	[EVENT_DEVICE_DO] = {PERMIT_DESK},
	[EVENT_STOCK_MOVE] =
		{
			[STOCK_RECEIVE] = PERMIT_DESK | WHO_KEEPER,
			[STOCK_ISSUE] = PERMIT_DESK | WHO_KEEPER,
			[STOCK_RETURN] = PERMIT_DESK | WHO_KEEPER,
			[STOCK_COUNTED] = PERMIT_DESK | WHO_KEEPER,
		},
	[EVENT_SUPPLY] = {PERMIT_DESK},
	[EVENT_WARNING] = {PERMIT_DESK},
	[EVENT_RELEASE] =
		{
			[RELEASE_AUTO] = PERMIT_DESK,
			[RELEASE_CONFIRM] = PERMIT_DESK,
			[RELEASE_ADVISE] = PERMIT_LEADING, /* no help leaves by itself any more */
		},
	[EVENT_SILENCE] =
		{
			[SILENCE_DEVICE] = PERMIT_DESK,
			[SILENCE_WIDE] = PERMIT_LEADING, /* a whole type or grid falls silent */
			[SILENCE_END] = PERMIT_DESK,
		},
	[EVENT_TASK] = {PERMIT_DESK},
	[EVENT_RESPONSE] = {PERMIT_DESK}, /* who must agree besides: rules.response */
	[EVENT_SHIFT] = {PERMIT_DESK},
	[EVENT_ACK] = {PERMIT_DESK},
	[EVENT_FACT] = {PERMIT_DESK},
	[EVENT_REPORT] = {PERMIT_DESK},
	[EVENT_PAPER] = {PERMIT_DESK},
	[EVENT_LOAD] = {WHO_OFFICE | PERMIT_LEADING}, /* it changes who is sent, and who may do what */
	[EVENT_KEY] = {WHO_OFFICE | PERMIT_LEADING},
	[EVENT_ASIDE] =
		{
			[ASIDE_RELEASE] =
				WHO_OFFICE | PERMIT_LEADING, /* it may bring the daemon down again */
			[ASIDE_DROP] = WHO_OFFICE | PERMIT_LEADING,
		},
	[EVENT_LEAD] = {[LEAD_FORCED] = WHO_DUTY_OFFICER | WHO_COMMITTEE}, /* two may lead if it is wrong */
};

static uint32_t detail_of(const struct event *event)
{
	switch (event->kind) {
	case EVENT_ANSWER:
		return event->u.answer.answer;
	case EVENT_ACT:
		return event->u.act.act;
	case EVENT_STOCK_MOVE:
		return event->u.stock_move.act;
	case EVENT_RELEASE:
		return event->u.release.release;
	case EVENT_SILENCE:
		if (event->u.silence.expire != 0)
			return SILENCE_END;
		return event->u.silence.source.len > 0 ? SILENCE_DEVICE : SILENCE_WIDE;
	case EVENT_ASIDE:
		return event->u.aside.act;
	case EVENT_LEAD:
		return event->u.lead.forced ? LEAD_FORCED : 0;
	default:
		return 0;
	}
}

uint32_t permit_who(const struct event *event)
{
	uint32_t detail = detail_of(event);

	return event->kind < EVENT_KIND_COUNT && detail < DETAIL_MAX ? may[event->kind][detail] : 0;
}

/* --- persons ----------------------------------------------------------------------------------- */

static uint32_t roles_of(const struct person *person)
{
	uint32_t roles = person->retired ? 0 : person->roles;
	bool audits_alone = (roles & WHO_AUDITOR) != 0 && roles == WHO_AUDITOR && person->unit == 0;

	roles &= PERMIT_DESK | WHO_KEEPER | WHO_AUDITOR;
	return audits_alone ? roles : roles | PERMIT_OTHERS;
}

struct permit_person permit_person(const struct core *core, struct text by)
{
	struct permit_person found = {.roles = UINT32_MAX};
	uint32_t text = by.len == 0 ? 0 : text_find(&core->texts, by);
	uint32_t number = text == 0 ? 0 : state_find_number(core, TABLE_PERSON, text);

	if (number != 0)
		return (struct permit_person){number, roles_of(person_at(core, number)), 1};
	for (uint32_t slot = 1; text != 0 && slot <= core->table[TABLE_PERSON].used; slot++) {
		const struct person *person = person_at(core, slot);

		if (person == NULL || person->name != text)
			continue;
		found.number = found.bearers == 0 ? slot : 0;
		found.bearers++;
		found.roles &= roles_of(person);
	}
	if (found.bearers == 0)
		found.roles = WHO_DUTY_OFFICER | PERMIT_OTHERS;
	return found;
}

/* What somebody answers is his whoever he is; the desk writes down the name that was given. */
static bool is_said_by_anybody(const struct event *event, const struct permit_person *person)
{
	bool answers = event->kind == EVENT_NOTICE_ANSWER ||
		       (event->kind == EVENT_ANSWER && event->u.answer.answer != ANSWER_RECALL);
	bool by_voice =
		text_equal(event->channel, TEXT("phone")) || text_equal(event->channel, TEXT("radio"));

	return answers && (by_voice || person->bearers != 1);
}

/* What the configuration has the daemon do: nobody signs it, and it came by no door: HTTP always says where from. */
static bool is_our_own(const struct event *event)
{
	return (event->kind == EVENT_KEY || event->kind == EVENT_LOAD) && event->by.len == 0 &&
	       event->from.len == 0;
}

/* With a console's key one acts as its person: nobody below makes one for those who lead. */
uint32_t permit_who_of(const struct core *core, const struct event *event)
{
	const struct event_key *key = &event->u.key;
	uint32_t who = permit_who(event);

	if (event->kind == EVENT_KEY && key->act == KEY_ADD && key->role == KEY_CONSOLE) {
		struct permit_person whose = permit_person(core, key->who);

		if (whose.number != 0 && (whose.roles & PERMIT_LEADING) != 0)
			return who & PERMIT_LEADING;
	}
	return who;
}

enum permit permit_event(const struct core *core, const struct event *event)
{
	uint32_t who = permit_who_of(core, event);
	struct permit_person person;

	if (who == 0 || is_our_own(event) || (event->by.len == 0 && !core->rules.named))
		return PERMIT_MAY;
	person = permit_person(core, event->by);
	const struct person *known = person_at(core, person.number);

	if (is_said_by_anybody(event, &person))
		return PERMIT_MAY;
	if (core->rules.named && person.bearers > 1)
		return PERMIT_SEVERAL;
	if (core->rules.named && (known == NULL || known->retired))
		return PERMIT_NOBODY;
	/* A town that does not ask for names takes whoever sits at the desk for one who may use all its switches. */
	if (person.bearers == 0)
		who |= (who & PERMIT_DESK) != 0 ? (uint32_t)WHO_DUTY_OFFICER : 0;
	return (person.roles & who) != 0 ? PERMIT_MAY : PERMIT_ROLE;
}

uint32_t permit_agreement(const struct core *core, const struct event *event)
{
	uint32_t from = town_of(core)->response_level, to = event->u.response.level;

	if (event->kind == EVENT_SUPPLY)
		return WHO_COMMITTEE;
	if (event->kind != EVENT_RESPONSE || to >= RESPONSE_COUNT || from >= RESPONSE_COUNT)
		return 0;
	bool raised = to != RESPONSE_CLEAR && (from == RESPONSE_CLEAR || to < from);

	return core->rules.response[raised ? to : from].agree;
}

bool permit_agreed(const struct core *core, uint32_t roles, struct text by, struct text agreed)
{
	struct permit_person actor = permit_person(core, by), other = permit_person(core, agreed);

	if (roles == 0 || (actor.roles & roles) != 0)
		return true;
	return other.bearers > 0 && (other.roles & roles) != 0;
}
