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
	[INCIDENT_CLOSED] = {[ACT_NOTE] = INCIDENT_CLOSED, [ACT_REOPEN] = INCIDENT_ACCEPTED},
	[INCIDENT_CANCELLED] = {[ACT_NOTE] = INCIDENT_CANCELLED, [ACT_REOPEN] = INCIDENT_ACCEPTED},
	[INCIDENT_REFERRED] = {[ACT_NOTE] = INCIDENT_REFERRED, [ACT_REOPEN] = INCIDENT_ACCEPTED},
};

/* Closing without a verified end needs a disposition that says that there was nothing to verify. */
bool may_close(uint8_t state, uint8_t disposition)
{
	if (disposition == DISPOSITION_NONE || disposition >= DISPOSITION_COUNT)
		return false;
	return state == INCIDENT_VERIFIED || disposition == DISPOSITION_FALSE ||
	       disposition == DISPOSITION_NUISANCE || disposition == DISPOSITION_DUPLICATE ||
	       disposition == DISPOSITION_NO_ACTION;
}

static enum outcome check_verify(const struct decision *decision, const struct incident *incident)
{
	const struct event_act *act = &decision->event->u.act;

	if (decision->event->by.len == 0)
		return OUTCOME_INVALID;
	if (did_the_work(decision->core, incident, decision->event->by))
		return OUTCOME_SAME_PERSON;
	return act->act == ACT_VERIFY && decision->core->rules.evidence && evidence_of(incident, act) == 0
		       ? OUTCOME_NO_EVIDENCE
		       : OUTCOME_OK;
}

/* What an act asks for beyond the state that it starts from. */
static enum outcome check_more(const struct decision *decision, const struct incident *incident)
{
	const struct event_act *act = &decision->event->u.act;

	switch (act->act) {
	case ACT_NOTE:
		return act->reason.len == 0 ? OUTCOME_INVALID : OUTCOME_OK;
	case ACT_VERIFY:
	case ACT_VERIFY_FAILED:
		return check_verify(decision, incident);
	case ACT_CLOSE:
		if (may_close(incident->state, act->disposition))
			return OUTCOME_OK;
		return act->disposition == DISPOSITION_NONE ? OUTCOME_INVALID : OUTCOME_WRONG_STATE;
	case ACT_MERGE:
		return check_merge(incident, incident_by(decision->core, act->other));
	case ACT_UPGRADE:
		return act->level > PLAYBOOK_LEVELS_MAX || incident->level >= PLAYBOOK_LEVELS_MAX ||
				       (act->level != 0 && act->level <= incident->level)
			       ? OUTCOME_INVALID
			       : OUTCOME_OK;
	default:
		return OUTCOME_OK;
	}
}

static enum outcome check(const struct decision *decision, const struct incident *incident)
{
	const struct event_act *act = &decision->event->u.act;
	enum outcome outcome = OUTCOME_OK;

	if (incident == NULL)
		return OUTCOME_NOT_FOUND;
	if (act->act == ACT_NONE || act->act >= ACT_DISPATCH || act->disposition >= DISPOSITION_COUNT)
		return OUTCOME_INVALID;
	if (act->act == ACT_SPLIT) {
		outcome = check_split(decision->core, incident, act->device);
		if (outcome == OUTCOME_OK && act->device.len > 0 &&
			!incident_room(decision->core, decision->event->at_ms))
			outcome = OUTCOME_FULL;
		return outcome;
	}
	/* What was merged goes on in another case, until it is split off again. */
	if (next[incident->state][act->act] == INCIDENT_NONE || incident->merged_into != 0)
		return OUTCOME_WRONG_STATE;
	return check_more(decision, incident);
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
	} else if (act == ACT_VERIFY_FAILED || act == ACT_REOPEN) {
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

/* One case becomes two, or two become one. */
static void change_shape(struct decision *decision, const struct incident *incident)
{
	const struct event_act *act = &decision->event->u.act;

	if (act->act == ACT_MERGE)
		merge_incident(decision, incident, incident_by(decision->core, act->other));
	else if (act->device.len > 0)
		split_incident(decision, incident, act->device);
	else
		unmerge_incident(decision, incident);
}

void decide_act(struct decision *decision)
{
	const struct event_act *act = &decision->event->u.act;
	const struct incident *incident = incident_by(decision->core, act->incident);
	enum outcome outcome = check(decision, incident);
	bool parts = act->act == ACT_SPLIT && act->device.len > 0;

	emit_result(decision, outcome,
		outcome == OUTCOME_OK && parts ? next_incident(decision->core, decision->event->at_ms)
					       : act->incident);
	if (outcome != OUTCOME_OK)
		return;
	if (act->act == ACT_MERGE || act->act == ACT_SPLIT) {
		change_shape(decision, incident);
		return;
	}
	uint8_t to = next[incident->state][act->act];

	if (act->act == ACT_UPGRADE)
		upgrade(decision, incident);
	if (act->act == ACT_ESCALATE)
		climb_incident(decision, incident, DEADLINE_COUNT, 0);
	if (to == incident->state)
		return;
	set_clocks(decision, incident, act->act, to);
	emit_incident_state(decision, incident, (enum incident_state)to, (enum incident_act)act->act,
		disposition_of(act));
	if (act->act == ACT_VERIFY)
		decision->out->item[decision->out->count - 1].u.incident_state.evidence =
			evidence_of(incident, act);
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
