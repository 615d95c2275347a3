/* decide_paper: what people write down: facts, reports, and incidents that were run on paper. */
#include "core/decide.h"

#include <stddef.h>

enum { FACT_CHARACTERS_MAX = 1000, PAPER_UNITS_MAX = 64 };

/* UTF-8, which the sender has checked: continuation bytes are not counted. */
static uint32_t characters(struct text text)
{
	uint32_t count = 0;

	for (uint32_t at = 0; at < text.len; at++)
		count += ((uint8_t)text.ptr[at] & 0xc0) != 0x80;
	return count;
}

void decide_fact(struct decision *decision)
{
	const struct event_fact *from = &decision->event->u.fact;
	enum outcome outcome = OUTCOME_OK;

	if (incident_by(decision->core, from->incident) == NULL)
		outcome = OUTCOME_NOT_FOUND;
	else if (from->fact >= FACT_COUNT || from->text.len == 0 ||
		 characters(from->text) > FACT_CHARACTERS_MAX)
		outcome = OUTCOME_INVALID;
	emit_result(decision, outcome, from->incident);
	if (outcome != OUTCOME_OK)
		return;
	struct effect *effect = emit(decision, EFFECT_FACT);

	effect->u.fact = (struct effect_fact){.incident = from->incident, .fact = from->fact};
}

/* The first report goes once, before all others; the final one says how the case ended, so it has ended. */
static enum outcome check_report(const struct incident *incident, const struct event_report *from)
{
	if (incident == NULL)
		return OUTCOME_NOT_FOUND;
	if (from->report >= REPORT_COUNT || from->to.len == 0)
		return OUTCOME_INVALID;
	bool first = from->report == REPORT_FIRST;

	if (first == (incident->report_count[REPORT_FIRST] > 0) ||
		incident->report_count[from->report] == UINT16_MAX)
		return OUTCOME_WRONG_STATE;
	return from->report == REPORT_FINAL && !incident_ended(incident->state) ? OUTCOME_WRONG_STATE
										: OUTCOME_OK;
}

void decide_report(struct decision *decision)
{
	const struct event_report *from = &decision->event->u.report;
	const struct incident *incident = incident_by(decision->core, from->incident);
	enum outcome outcome = check_report(incident, from);

	emit_result(decision, outcome, from->incident);
	if (outcome != OUTCOME_OK)
		return;
	struct effect *effect = emit(decision, EFFECT_REPORT);

	effect->u.report = (struct effect_report){.incident = from->incident,
		.report = from->report,
		.number = incident->report_count[from->report] + 1u};
}

/* --- an incident that was run on paper -------------------------------------------------------------- */

static enum outcome check_times(const struct event_paper *from, int64_t at_ms)
{
	const int64_t times[] = {from->reported_ms, from->dispatched_ms, from->arrived_ms, from->done_ms,
		from->verified_ms, from->ended_ms};
	int64_t before_ms = 0;

	if (from->reported_ms <= 0)
		return OUTCOME_INVALID;
	for (uint32_t index = 0; index < sizeof times / sizeof times[0]; index++) {
		if (times[index] == 0)
			continue;
		if (times[index] > at_ms)
			return OUTCOME_IN_FUTURE;
		if (times[index] < before_ms)
			return OUTCOME_TIME_ORDER;
		before_ms = times[index];
	}
	return OUTCOME_OK;
}

/* Whether every unit is the town's; and whether this person was one of their crews. */
static bool units_known(const struct core *core, struct text units)
{
	uint32_t count = 0;

	for (struct text id = text_next_word(&units); id.len > 0; id = text_next_word(&units))
		if (state_find(core, TABLE_UNIT, id) == 0 || ++count > PAPER_UNITS_MAX)
			return false;
	return true;
}

static bool was_there(const struct core *core, struct text units, struct text person)
{
	for (struct text id = text_next_word(&units); id.len > 0; id = text_next_word(&units))
		if (is_of_unit(core, unit_at(core, state_find(core, TABLE_UNIT, id)),
			    text_find(&core->texts, person)))
			return true;
	return false;
}

/* The same rules as for a case that was run here: verified by another, closed only when verified or for a reason. */
static enum outcome check_end(const struct core *core, const struct event_paper *from)
{
	bool verified = from->verified_ms != 0;

	if (verified != (from->verified_by.len > 0) || (verified && from->done_ms == 0) ||
		(from->ended_ms != 0) != (from->disposition != DISPOSITION_NONE) ||
		from->disposition >= DISPOSITION_COUNT)
		return OUTCOME_INVALID;
	if (verified && (text_equal(from->done_by, from->verified_by) ||
				same_person(core, text_find(&core->texts, from->done_by),
					text_find(&core->texts, from->verified_by)) ||
				was_there(core, from->units, from->verified_by)))
		return OUTCOME_SAME_PERSON;
	if (from->ended_ms != 0 && from->disposition != DISPOSITION_REFERRED &&
		!may_close(verified ? INCIDENT_VERIFIED : INCIDENT_DONE_REPORTED, from->disposition))
		return OUTCOME_WRONG_STATE;
	return OUTCOME_OK;
}

static enum outcome check_paper(const struct decision *decision)
{
	const struct event_paper *from = &decision->event->u.paper;
	const struct core *core = decision->core;
	enum outcome outcome = check_times(from, decision->event->at_ms);

	if (from->type.len == 0)
		return OUTCOME_INVALID;
	if (outcome == OUTCOME_OK)
		outcome = check_end(core, from);
	if (outcome == OUTCOME_OK && !units_known(core, from->units))
		outcome = OUTCOME_NOT_FOUND;
	if (outcome == OUTCOME_OK && !incident_room(core, decision->event->at_ms))
		outcome = OUTCOME_FULL;
	return outcome;
}

static enum incident_state state_by_times(const struct event_paper *from)
{
	if (from->ended_ms != 0)
		return from->disposition == DISPOSITION_REFERRED ? INCIDENT_REFERRED : INCIDENT_CLOSED;
	return from->verified_ms != 0     ? INCIDENT_VERIFIED
	       : from->done_ms != 0       ? INCIDENT_DONE_REPORTED
	       : from->arrived_ms != 0    ? INCIDENT_WORKING
	       : from->dispatched_ms != 0 ? INCIDENT_DISPATCHED
					  : INCIDENT_ACCEPTED;
}

/* A clock as it was: met or late by the true time at which it was stopped; running when nothing has stopped it yet. */
static void paper_clock(
	struct decision *decision, uint32_t incident, enum deadline_kind kind, int64_t due_ms, int64_t met_ms)
{
	bool ended = decision->event->u.paper.ended_ms != 0;
	enum deadline_state state = met_ms != 0 ? (met_ms <= due_ms ? DEADLINE_MET : DEADLINE_LATE)
				    : ended     ? DEADLINE_STOPPED
						: DEADLINE_RUNNING;

	emit_deadline(decision, incident, kind, state, due_ms);
}

static void paper_clocks(struct decision *decision, const struct effect_incident *opened)
{
	const struct event_paper *from = &decision->event->u.paper;
	const struct core *core = decision->core;
	const struct playbook *playbook = playbook_at(core, opened->playbook);
	int64_t span_ms[DEADLINE_COUNT] = {
		[DEADLINE_RECEIVE] = clock_span_ms(core, playbook, opened->type, DEADLINE_RECEIVE),
		[DEADLINE_DISPOSE] = clock_span_ms(core, playbook, opened->type, DEADLINE_DISPOSE),
		[DEADLINE_VERIFY] = clock_span_ms(core, playbook, opened->type, DEADLINE_VERIFY)};

	paper_clock(decision, opened->number, DEADLINE_RECEIVE,
		clock_due_ms(core, playbook, DEADLINE_RECEIVE, from->reported_ms, span_ms[DEADLINE_RECEIVE]),
		from->reported_ms);
	paper_clock(decision, opened->number, DEADLINE_DISPOSE,
		clock_due_ms(core, playbook, DEADLINE_DISPOSE, from->reported_ms, span_ms[DEADLINE_DISPOSE]),
		from->done_ms);
	if (playbook != NULL && playbook->arrive_ms > 0 && (from->arrived_ms != 0 || from->done_ms == 0))
		paper_clock(decision, opened->number, DEADLINE_ARRIVE,
			clock_due_ms(core, playbook, DEADLINE_ARRIVE, from->reported_ms, playbook->arrive_ms),
			from->arrived_ms);
	if (from->done_ms != 0)
		paper_clock(decision, opened->number, DEADLINE_VERIFY,
			clock_due_ms(
				core, playbook, DEADLINE_VERIFY, from->done_ms, span_ms[DEADLINE_VERIFY]),
			from->verified_ms);
}

static struct effect_incident paper_incident(const struct decision *decision)
{
	const struct event_paper *from = &decision->event->u.paper;
	const struct core *core = decision->core;
	struct effect_incident opened = case_opened(
		decision, &(struct case_told){.type = from->type,
				  .title = from->title,
				  .grid = from->grid,
				  .source = from->source,
				  .place = &from->place,
				  .reported_ms = from->reported_ms,
				  .playbook = plan_for_type(core, text_find(&core->texts, from->type))});

	opened.release = RELEASE_AUTO;
	opened.paper = true;
	return opened;
}

void decide_paper(struct decision *decision)
{
	const struct event_paper *from = &decision->event->u.paper;
	struct effect_incident opened = paper_incident(decision);
	enum outcome outcome = check_paper(decision);

	emit_result(decision, outcome, outcome == OUTCOME_OK ? opened.number : 0);
	if (outcome != OUTCOME_OK)
		return;
	emit(decision, EFFECT_INCIDENT)->u.incident = opened;
	paper_clocks(decision, &opened);
	emit(decision, EFFECT_INCIDENT_STATE)->u.incident_state =
		(struct effect_incident_state){.incident = opened.number,
			.from = INCIDENT_REPORTED,
			.to = (uint8_t)state_by_times(from),
			.disposition = from->disposition};
	emit(decision, EFFECT_INCIDENT_TIMES)->u.incident_times =
		(struct effect_incident_times){.incident = opened.number,
			.reported_ms = from->reported_ms,
			.accepted_ms = from->reported_ms,
			.dispatched_ms = from->dispatched_ms,
			.arrived_ms = from->arrived_ms,
			.done_ms = from->done_ms,
			.verified_ms = from->verified_ms,
			.ended_ms = from->ended_ms};
	emit_agenda(decision, opened.number, false, 0); /* nothing is planned for it */
}
