/* decide_act: what people do to an incident. One table says which act leads where. */
#include "core/decide.h"

#include <stddef.h>

#include "core/permit.h"

/* 0 (INCIDENT_NONE): not from this state. The state itself: the act is allowed and changes something else. */
static const uint8_t next[INCIDENT_STATE_COUNT][ACT_COUNT] = {
	[INCIDENT_REPORTED] =
		{
			[ACT_CONFIRM] = INCIDENT_ACCEPTED,
			[ACT_REJECT] = INCIDENT_CLOSED,
			[ACT_UPGRADE] = INCIDENT_REPORTED,
			[ACT_ESCALATE] = INCIDENT_REPORTED,
			[ACT_NOTE] = INCIDENT_REPORTED,
			[ACT_CANCEL] = INCIDENT_CANCELLED,
			[ACT_REFER] = INCIDENT_REFERRED,
			[ACT_CLOSE] = INCIDENT_CLOSED,
			[ACT_MERGE] = INCIDENT_CLOSED,
		},
	[INCIDENT_ACCEPTED] =
		{
			[ACT_UPGRADE] = INCIDENT_ACCEPTED,
			[ACT_ESCALATE] = INCIDENT_ACCEPTED,
			[ACT_NOTE] = INCIDENT_ACCEPTED,
			[ACT_DONE] = INCIDENT_DONE_REPORTED,
			[ACT_CANCEL] = INCIDENT_CANCELLED,
			[ACT_REFER] = INCIDENT_REFERRED,
			[ACT_CLOSE] = INCIDENT_CLOSED,
			[ACT_MERGE] = INCIDENT_CLOSED,
			[ACT_DISPATCH] = INCIDENT_DISPATCHED,
			[ACT_WORK] = INCIDENT_WORKING,
		},
	[INCIDENT_DISPATCHED] =
		{
			[ACT_UPGRADE] = INCIDENT_DISPATCHED,
			[ACT_ESCALATE] = INCIDENT_DISPATCHED,
			[ACT_NOTE] = INCIDENT_DISPATCHED,
			[ACT_DONE] = INCIDENT_DONE_REPORTED,
			[ACT_CANCEL] = INCIDENT_CANCELLED,
			[ACT_REFER] = INCIDENT_REFERRED,
			[ACT_CLOSE] = INCIDENT_CLOSED,
			[ACT_MERGE] = INCIDENT_CLOSED,
			[ACT_WORK] = INCIDENT_WORKING,
		},
	[INCIDENT_WORKING] =
		{
			[ACT_UPGRADE] = INCIDENT_WORKING,
			[ACT_ESCALATE] = INCIDENT_WORKING,
			[ACT_NOTE] = INCIDENT_WORKING,
			[ACT_DONE] = INCIDENT_DONE_REPORTED,
			[ACT_CANCEL] = INCIDENT_CANCELLED,
			[ACT_REFER] = INCIDENT_REFERRED,
			[ACT_CLOSE] = INCIDENT_CLOSED,
			[ACT_MERGE] = INCIDENT_CLOSED,
		},
	[INCIDENT_DONE_REPORTED] =
		{
			[ACT_ESCALATE] = INCIDENT_DONE_REPORTED,
			[ACT_NOTE] = INCIDENT_DONE_REPORTED,
			[ACT_VERIFY] = INCIDENT_VERIFIED,
			[ACT_VERIFY_FAILED] = INCIDENT_ACCEPTED,
			[ACT_REOPEN] = INCIDENT_ACCEPTED,
			[ACT_REFER] = INCIDENT_REFERRED,
			[ACT_CLOSE] = INCIDENT_CLOSED,
			[ACT_MERGE] = INCIDENT_CLOSED,
		},
	[INCIDENT_VERIFIED] =
		{
			[ACT_NOTE] = INCIDENT_VERIFIED,
			[ACT_REOPEN] = INCIDENT_ACCEPTED,
			[ACT_CLOSE] = INCIDENT_CLOSED,
		},
	[INCIDENT_CLOSED] = {[ACT_NOTE] = INCIDENT_CLOSED,
		[ACT_REOPEN] = INCIDENT_ACCEPTED,
		[ACT_SPLIT] = INCIDENT_ACCEPTED},
	[INCIDENT_CANCELLED] = {[ACT_NOTE] = INCIDENT_CANCELLED, [ACT_REOPEN] = INCIDENT_ACCEPTED},
	[INCIDENT_REFERRED] = {[ACT_NOTE] = INCIDENT_REFERRED, [ACT_REOPEN] = INCIDENT_ACCEPTED},
};

/* Whether two texts mean one person: each an id or a name. Two persons of one name are taken for one. */
static bool same_person(const struct core *core, uint32_t a, uint32_t b)
{
	const struct person *by_a = person_at(core, state_find_number(core, TABLE_PERSON, a));
	const struct person *by_b = person_at(core, state_find_number(core, TABLE_PERSON, b));

	if (a == 0 || b == 0)
		return false;
	return a == b || (by_a != NULL && by_a->name == b) || (by_b != NULL && by_b->name == a);
}

static bool is_of_crew(const struct core *core, const struct order *order, uint32_t person_text)
{
	const struct unit *unit = order->target == TARGET_UNIT ? unit_at(core, order->who) : NULL;
	const struct person *leader = unit == NULL ? NULL : person_at(core, unit->leader);

	if (unit == NULL)
		return false;
	if (unit->id == person_text || (leader != NULL && same_person(core, leader->id, person_text)))
		return true;
	struct text crew = text_at(&core->texts, unit->crew);

	for (struct text id = text_next_word(&crew); id.len > 0; id = text_next_word(&crew))
		if (same_person(core, text_find(&core->texts, id), person_text))
			return true;
	return false;
}

/* The one who verifies is none of those who did the work, nor one who reported it done, in whole or in part. */
static bool did_the_work(const struct core *core, const struct incident *incident, struct text by)
{
	uint32_t person = text_find(&core->texts, by);

	if (person == 0)
		return false;
	for (uint32_t slot = incident->first_order; slot != 0; slot = order_at(core, slot)->next) {
		const struct order *order = order_at(core, slot);

		if ((order->state == ORDER_DONE || order->arrived_ms != 0) && is_of_crew(core, order, person))
			return true;
		if (same_person(core, order->done_by, person))
			return true;
	}
	return same_person(core, incident->done_by, person);
}

/* Closing without a verified end needs a disposition that says that there was nothing to verify. */
static bool may_close(const struct incident *incident, uint8_t disposition)
{
	if (disposition == DISPOSITION_NONE || disposition >= DISPOSITION_COUNT)
		return false;
	return incident->state == INCIDENT_VERIFIED || disposition == DISPOSITION_FALSE ||
	       disposition == DISPOSITION_NUISANCE || disposition == DISPOSITION_DUPLICATE ||
	       disposition == DISPOSITION_NO_ACTION;
}

static enum outcome check(const struct decision *decision, const struct incident *incident)
{
	const struct event_act *act = &decision->event->u.act;
	const struct incident *into = incident_by(decision->core, act->other);

	if (incident == NULL)
		return OUTCOME_NOT_FOUND;
	if (act->act == ACT_NONE || act->act >= ACT_DISPATCH || act->disposition >= DISPOSITION_COUNT)
		return OUTCOME_INVALID;
	/* What was merged goes on in another case, until it is split off again. */
	if (next[incident->state][act->act] == INCIDENT_NONE ||
		(incident->merged_into != 0) != (act->act == ACT_SPLIT))
		return OUTCOME_WRONG_STATE;
	if (act->act == ACT_NOTE && act->reason.len == 0)
		return OUTCOME_INVALID;
	if ((act->act == ACT_VERIFY || act->act == ACT_VERIFY_FAILED) &&
		(decision->event->by.len == 0 || did_the_work(decision->core, incident, decision->event->by)))
		return decision->event->by.len == 0 ? OUTCOME_INVALID : OUTCOME_SAME_PERSON;
	if (act->act == ACT_CLOSE && !may_close(incident, act->disposition))
		return act->disposition == DISPOSITION_NONE ? OUTCOME_INVALID : OUTCOME_WRONG_STATE;
	if (act->act == ACT_MERGE && (into == NULL || into == incident || incident_ended(into->state)))
		return into == NULL ? OUTCOME_NOT_FOUND : OUTCOME_WRONG_STATE;
	if (act->act == ACT_UPGRADE &&
		(act->level > PLAYBOOK_LEVELS_MAX || incident->level >= PLAYBOOK_LEVELS_MAX ||
			(act->level != 0 && act->level <= incident->level)))
		return OUTCOME_INVALID;
	return OUTCOME_OK;
}

static enum disposition disposition_of(const struct event_act *act)
{
	switch (act->act) {
	case ACT_REJECT:
		return DISPOSITION_FALSE;
	case ACT_CLOSE:
		return (enum disposition)act->disposition;
	case ACT_REFER:
		return DISPOSITION_REFERRED;
	case ACT_MERGE:
		return DISPOSITION_DUPLICATE;
	case ACT_CANCEL:
		return DISPOSITION_NO_ACTION;
	default:
		return DISPOSITION_NONE;
	}
}

/* A clock that was running keeps running: only what an act ends or starts is said. */
static void set_clocks(struct decision *decision, const struct incident *incident, uint8_t act, uint8_t to)
{
	if (act == ACT_CONFIRM) {
		meet_deadline(decision, incident, DEADLINE_RECEIVE);
		stop_deadline(decision, incident, DEADLINE_CONFIRM);
	} else if (to == INCIDENT_DONE_REPORTED && act == ACT_DONE) {
		clocks_done(decision, incident);
	} else if (to == INCIDENT_VERIFIED && act == ACT_VERIFY) {
		meet_deadline(decision, incident, DEADLINE_VERIFY);
	} else if (act == ACT_VERIFY_FAILED || act == ACT_REOPEN || act == ACT_SPLIT) {
		clocks_reopened(decision, incident);
	} else if (incident_ended(to)) {
		for (uint32_t kind = 0; kind < DEADLINE_COUNT; kind++)
			stop_deadline(decision, incident, (enum deadline_kind)kind);
	}
}

static void upgrade(struct decision *decision, const struct incident *incident)
{
	uint8_t level = decision->event->u.act.level;
	struct effect *effect = emit(decision, EFFECT_INCIDENT_LEVEL);

	effect->u.incident_level = (struct effect_incident_level){
		.incident = incident->r.number, .level = level != 0 ? level : (uint8_t)(incident->level + 1)};
}

void decide_act(struct decision *decision)
{
	const struct event_act *act = &decision->event->u.act;
	const struct incident *incident = incident_by(decision->core, act->incident);
	enum outcome outcome = check(decision, incident);

	emit_result(decision, outcome, act->incident);
	if (outcome != OUTCOME_OK)
		return;
	uint8_t to = next[incident->state][act->act];

	if (act->act == ACT_UPGRADE)
		upgrade(decision, incident);
	if (act->act == ACT_ESCALATE)
		climb_incident(decision, incident, DEADLINE_COUNT);
	if (act->act == ACT_MERGE || act->act == ACT_SPLIT) {
		struct effect *effect = emit(decision, EFFECT_INCIDENT_MERGED);

		effect->u.incident_merged = (struct effect_incident_merged){
			.incident = incident->r.number, .into = act->act == ACT_MERGE ? act->other : 0};
	}
	if (to == incident->state)
		return;
	set_clocks(decision, incident, act->act, to);
	emit_incident_state(decision, incident, (enum incident_state)to, (enum incident_act)act->act,
		disposition_of(act));
}

/* More help than the playbook asks for: one more requirement, filled by the same choice as the others. */
void decide_add(struct decision *decision)
{
	const struct event_add *add = &decision->event->u.add;
	const struct core *core = decision->core;
	const struct incident *incident = incident_by(core, add->incident);
	uint64_t skills = skills_find(core, add->skills);
	enum outcome outcome = OUTCOME_OK;

	if (incident == NULL)
		outcome = OUTCOME_NOT_FOUND;
	else if (incident->state >= INCIDENT_DONE_REPORTED || incident->state == INCIDENT_REPORTED)
		outcome = OUTCOME_WRONG_STATE;
	else if (skills == 0 || (skills >> SKILL_NOBODY & 1) != 0 || add->count == 0 ||
		 add->count > SELECT_SLOTS_MAX)
		outcome = OUTCOME_INVALID;
	else if (!cases_room(core))
		outcome = OUTCOME_FULL;
	emit_result(decision, outcome, add->incident);
	if (outcome != OUTCOME_OK)
		return;
	struct effect *effect = emit(decision, EFFECT_NEED);

	effect->u.need = (struct effect_need){.number = town_of(core)->needs + ++decision->needs,
		.incident = add->incident,
		.step = STEP_NONE,
		.kind = STEP_SEND,
		.skills = skills,
		.count = add->count};
	emit_agenda(decision, add->incident, true, 0);
}

/* What the officer asks of one depot is reserved there and then; a carrier follows with the next plan. */
static void supply_from(struct decision *decision, const struct incident *incident, uint32_t item,
	uint32_t quantity, uint32_t depot)
{
	struct plan plan = {.decision = decision,
		.incident = incident,
		.playbook = playbook_at(decision->core, incident->playbook)};

	plan_supply_from(&plan, item, quantity, depot);
	if (incident->state == INCIDENT_ACCEPTED)
		emit_incident_state(decision, incident, INCIDENT_DISPATCHED, ACT_DISPATCH, DISPOSITION_NONE);
}

/*
 * Whether it would take a stock below its minimum. Where the objective chooses the depots, what all of them have above
 * their minimum is looked at.
 */
static bool takes_reserve(const struct decision *decision, uint32_t depot, uint32_t item)
{
	const struct core *core = decision->core;
	int64_t all = 0, spare = 0, wanted = decision->event->u.supply.quantity;

	for (uint32_t slot = 1; slot <= core->table[TABLE_STOCK].used; slot++) {
		const struct stock *stock = stock_at(core, slot);

		if (stock == NULL || stock->retired || stock->item != item ||
			(depot != 0 && stock->depot != depot))
			continue;
		int64_t has = stock_available(core, stock->depot, item, decision->event->at_ms);

		all += has;
		spare += has > stock->minimum ? has - stock->minimum : 0;
	}
	return (wanted < all ? wanted : all) > spare;
}

/* This material, now: reserved from that depot, or from where the objective says. */
void decide_supply(struct decision *decision)
{
	const struct event_supply *from = &decision->event->u.supply;
	const struct core *core = decision->core;
	const struct incident *incident = incident_by(core, from->incident);
	uint32_t item = text_find(&core->texts, from->item),
		 depot = state_find(core, TABLE_DEPOT, from->depot);
	enum outcome outcome = OUTCOME_OK;

	if (incident == NULL || item == 0 ||
		(from->depot.len > 0 && state_find_stock(core, depot, item) == 0))
		outcome = OUTCOME_NOT_FOUND;
	else if (incident->state >= INCIDENT_DONE_REPORTED || incident->state == INCIDENT_REPORTED)
		outcome = OUTCOME_WRONG_STATE;
	else if (from->quantity == 0 || from->quantity > 1000000000)
		outcome = OUTCOME_INVALID;
	else if (from->depot.len > 0 &&
		 stock_available(core, depot, item, decision->event->at_ms) < from->quantity)
		outcome = OUTCOME_NO_STOCK;
	else if (takes_reserve(decision, depot, item) &&
		 !permit_agreed(
			 core, permit_agreement(core, decision->event), decision->event->by, from->agreed))
		outcome = OUTCOME_NEEDS_AGREEMENT;
	else if (!cases_room(core))
		outcome = OUTCOME_FULL;
	emit_result(decision, outcome, from->incident);
	if (outcome != OUTCOME_OK)
		return;
	if (from->depot.len > 0) {
		supply_from(decision, incident, item, from->quantity, depot);
	} else {
		struct effect *effect = emit(decision, EFFECT_NEED);

		effect->u.need = (struct effect_need){.number = town_of(core)->needs + ++decision->needs,
			.incident = from->incident,
			.step = STEP_NONE,
			.kind = STEP_SUPPLY,
			.count = from->quantity,
			.item = item};
	}
	emit_agenda(decision, from->incident, true, 0);
}
