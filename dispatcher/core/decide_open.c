/* decide_open: a case begins: its number, its clocks, its first plan; by an alarm or by a person. */
#include "core/apply.h"
#include "core/decide.h"

#include <stddef.h>

/*
 * How orders may leave: the stricter of what the town and the plan say. Who opens a case, or parts one that was
 * confirmed, wants help to go: only a town that is merely to be advised holds that back, until it is confirmed.
 */
static uint8_t release_of(
	const struct decision *decision, const struct playbook *playbook, uint32_t split_from)
{
	const struct incident *parted = incident_by(decision->core, split_from);
	bool confirmed = parted != NULL && parted->state != INCIDENT_REPORTED;
	uint8_t town = (uint8_t)town_of(decision->core)->release;
	uint8_t plan = playbook != NULL ? playbook->release : RELEASE_CONFIRM;

	if (decision->event->kind == EVENT_OPEN || confirmed)
		return town == RELEASE_ADVISE ? town : (uint8_t)RELEASE_AUTO;
	return town > plan ? town : plan;
}

static void start_clocks(struct decision *decision, uint32_t incident, const struct playbook *playbook,
	uint32_t type, bool held)
{
	const struct core *core = decision->core;
	int64_t at_ms = decision->event->at_ms;
	int64_t receive_ms = clock_span_ms(core, playbook, type, DEADLINE_RECEIVE);
	int64_t dispose_ms = clock_span_ms(core, playbook, type, DEADLINE_DISPOSE);

	emit_deadline(decision, incident, DEADLINE_RECEIVE, held ? DEADLINE_RUNNING : DEADLINE_MET,
		clock_due_ms(core, playbook, DEADLINE_RECEIVE, at_ms, receive_ms));
	emit_deadline(decision, incident, DEADLINE_DISPOSE, DEADLINE_RUNNING,
		clock_due_ms(core, playbook, DEADLINE_DISPOSE, at_ms, dispose_ms));
	if (playbook != NULL && playbook->arrive_ms > 0)
		emit_deadline(decision, incident, DEADLINE_ARRIVE, DEADLINE_RUNNING,
			clock_due_ms(core, playbook, DEADLINE_ARRIVE, at_ms, playbook->arrive_ms));
	if (held && playbook != NULL && playbook->confirm_ms > 0)
		emit_deadline(
			decision, incident, DEADLINE_CONFIRM, DEADLINE_RUNNING, at_ms + playbook->confirm_ms);
}

/* Opens an incident; when orders may leave by themselves they are chosen in this very decision. */
void open_incident(struct decision *decision, struct effect_incident opened)
{
	const struct core *core = decision->core;
	const struct playbook *playbook = playbook_at(core, opened.playbook);
	int64_t at_ms = decision->event->at_ms;
	struct incident draft = {.r.number = opened.number};

	opened.release = release_of(decision, playbook, opened.split_from);
	if (opened.release != RELEASE_AUTO)
		opened.why = WHY_HELD;
	struct effect *effect = emit(decision, EFFECT_INCIDENT);

	effect->u.incident = opened;
	if (opened.split_from != 0) {
		struct effect *moved = emit(decision, EFFECT_SENSOR_MOVED);

		moved->u.sensor_moved = (struct effect_sensor_moved){
			.from = opened.split_from, .to = opened.number, .device = opened.device};
	}
	start_clocks(decision, opened.number, playbook, opened.type, opened.why == WHY_HELD);
	incident_fill(core, &draft, &opened, at_ms);
	if (opened.why != WHY_HELD) {
		emit_incident_state(decision, &draft, INCIDENT_ACCEPTED, ACT_CONFIRM, DISPOSITION_NONE);
		draft.state = INCIDENT_ACCEPTED;
	}
	plan_incident(decision, &draft);
}

uint32_t next_incident(const struct core *core, int64_t at_ms)
{
	const struct town_state *town = town_of(core);
	uint32_t year = year_of(at_ms + town->offset_min * INT64_C(60000));

	if (year < town->year)
		year = town->year;
	return year * 1000000 + (year == town->year ? town->incidents : 0) + 1;
}

/* The serial has six digits; the table and what hangs on it have their limits. */
bool incident_room(const struct core *core, int64_t at_ms)
{
	return state_room(core, TABLE_INCIDENT) > 0 && cases_room(core) &&
	       next_incident(core, at_ms) % 1000000 != 0;
}

/* --- opened by a person --------------------------------------------------------------------------- */

uint32_t plan_for_type(const struct core *core, uint32_t type)
{
	uint32_t best = 0;

	for (uint32_t slot = 1; slot <= core->table[TABLE_PLAYBOOK].used; slot++) {
		const struct playbook *playbook = playbook_at(core, slot);

		if (!playbook->active || type == 0 || playbook->incident_type != type)
			continue;
		/* Several plans for one type differ by what a sensor measured: a person gets the plainest one. */
		const struct playbook *chosen = playbook_at(core, best);
		uint32_t strict = playbook->has_above + playbook->warning + playbook->grid_count;

		if (chosen == NULL || strict < chosen->has_above + chosen->warning + chosen->grid_count)
			best = slot;
	}
	return best;
}

/* The plan that the officer chose; else that of the type. */
static uint32_t plan_for(const struct core *core, const struct event_open *from, uint32_t type)
{
	uint32_t chosen = state_find(core, TABLE_PLAYBOOK, from->playbook);

	if (from->playbook.len == 0)
		return plan_for_type(core, type);
	return chosen != 0 && playbook_at(core, chosen)->active ? chosen : 0;
}

struct effect_incident case_opened(const struct decision *decision, const struct case_told *told)
{
	const struct core *core = decision->core;
	const struct playbook *playbook = playbook_at(core, told->playbook);
	uint32_t type = text_find(&core->texts, told->type);

	return (struct effect_incident){.number = next_incident(core, decision->event->at_ms),
		.playbook = told->playbook,
		.type = type,
		.title = told->title.len > 0 ? text_find(&core->texts, told->title)
			 : playbook != NULL  ? playbook->title
					     : type,
		.grid = state_find(core, TABLE_GRID, told->grid),
		.device = state_find(core, TABLE_DEVICE, told->source),
		.place = *told->place,
		.reported_ms = told->reported_ms,
		.priority = playbook != NULL ? playbook->priority : PRIORITY_UNPLANNED,
		.grade = playbook != NULL ? playbook->grade : GRADE_GENERAL,
		.response_level = playbook != NULL ? playbook->response_level : 4};
}

void decide_open(struct decision *decision)
{
	const struct core *core = decision->core;
	const struct event_open *from = &decision->event->u.open;
	uint32_t number = plan_for(core, from, text_find(&core->texts, from->type));

	if (from->type.len == 0 || from->mode >= MODE_COUNT) {
		emit_result(decision, OUTCOME_INVALID, 0);
		return;
	}
	if (from->playbook.len > 0 && number == 0) {
		emit_result(decision, OUTCOME_NOT_FOUND, 0);
		return;
	}
	if (!incident_room(core, decision->event->at_ms)) {
		emit_result(decision, OUTCOME_FULL, 0);
		return;
	}
	struct effect_incident opened = case_opened(decision,
		&(struct case_told){.type = from->type,
			.title = from->title,
			.grid = from->grid,
			.source = from->source,
			.place = &from->place,
			.reported_ms = from->reported_ms > 0 ? from->reported_ms : decision->event->at_ms,
			.playbook = number});

	opened.mode = from->mode;
	emit_result(decision, OUTCOME_OK, opened.number);
	open_incident(decision, opened);
}
