/* decide_merge: cases that turn out to be one, and one that turns out to be two; each can be undone whole. */
#include "core/decide.h"

#include <stddef.h>

enum { CHAIN_MAX = 64, ROOM_SPLIT = 16 };

/*
 * A merged case stands still: its crews, needs, steps and notices stay as they are, and live on. Nobody is called back
 * because two papers became one; what its crews report counts for the case that goes on, and only when that is done or
 * ended are they released. What it lacks is looked for on, and goes to where it was wanted. So an undone merge finds
 * everything where it was.
 */
const struct incident *incident_standing(const struct core *core, const struct incident *incident)
{
	for (uint32_t count = 0; incident != NULL && incident->merged_into != 0; count++)
		incident = count == CHAIN_MAX ? NULL : incident_by(core, incident->merged_into);
	return incident;
}

const struct incident *merged_next(const struct core *core, const struct incident *into, uint32_t *cursor)
{
	if (into->merged_count == 0)
		return NULL;
	while (*cursor < core->table[TABLE_INCIDENT].used) {
		const struct incident *incident = incident_at(core, ++*cursor);

		if (incident != NULL && incident->merged_into != 0 &&
			incident_standing(core, incident) == into)
			return incident;
	}
	return NULL;
}

uint8_t incident_own_state(const struct incident *incident)
{
	return incident->merged_into != 0 ? incident->merged_state : incident->state;
}

const struct incident *short_next(const struct core *core, const struct incident *before)
{
	bool itself = before == NULL; /* whether the open case itself is still to be looked at */
	const struct incident *open =
		itself ? incident_at(core, town_of(core)->open_first) : incident_standing(core, before);
	uint32_t cursor = itself || before == open ? 0 : before->r.slot;

	for (; open != NULL; open = incident_at(core, open->next)) {
		const struct incident *merged;

		if (itself && open->short_of && open->state < INCIDENT_DONE_REPORTED)
			return open;
		while (open->state < INCIDENT_DONE_REPORTED &&
			(merged = merged_next(core, open, &cursor)) != NULL)
			if (merged->short_of)
				return merged;
		itself = true;
		cursor = 0;
	}
	return NULL;
}

/* --- merging ------------------------------------------------------------------------------------- */

enum outcome check_merge(const struct incident *incident, const struct incident *into)
{
	if (into == NULL)
		return OUTCOME_NOT_FOUND;
	if (into == incident || into->state >= INCIDENT_DONE_REPORTED)
		return OUTCOME_WRONG_STATE; /* its crews would be released in the same breath */
	if (into->state == INCIDENT_REPORTED && incident->state != INCIDENT_REPORTED)
		return OUTCOME_WRONG_STATE; /* what is under way must not wait for a confirmation again */
	return into->mode != incident->mode ? OUTCOME_INVALID : OUTCOME_OK;
}

/* Each device of the case once. */
static void move_sensors(struct decision *decision, const struct incident *of, uint32_t from, uint32_t to)
{
	for (uint32_t index = 0; index < of->sensor_count; index++) {
		bool said = false;

		for (uint32_t before = 0; before < index; before++)
			said |= of->sensor[before].device == of->sensor[index].device;
		if (said)
			continue;
		struct effect *effect = emit(decision, EFFECT_SENSOR_MOVED);

		effect->u.sensor_moved = (struct effect_sensor_moved){
			.from = from, .to = to, .device = of->sensor[index].device};
	}
}

static int64_t own_of(const struct deadline *clock)
{
	return clock->own_ms != 0 ? clock->own_ms : clock->due_ms;
}

/* Nobody gets rid of a clock by merging: the earlier one counts, and late stays late. */
static struct deadline joined(const struct incident *into, const struct incident *incident, uint32_t kind)
{
	struct deadline clock = into->deadline[kind];
	const struct deadline *other = &incident->deadline[kind];
	bool awaited =
		kind == DEADLINE_ARRIVE && clock.state == DEADLINE_IDLE && into->state < INCIDENT_WORKING;
	bool counts = clock.state == DEADLINE_RUNNING || awaited;
	bool late = other->state == DEADLINE_LATE && kind != DEADLINE_CONFIRM;

	if (!counts || (other->state != DEADLINE_RUNNING && !late))
		return clock;
	if (!late && !awaited && other->due_ms >= clock.due_ms)
		return clock;
	return (struct deadline){.due_ms = other->due_ms,
		.state = other->state,
		.own_ms = awaited ? DEADLINE_NOT_OWN : own_of(&clock)};
}

static bool clock_differs(const struct deadline *a, const struct deadline *b)
{
	return a->due_ms != b->due_ms || a->state != b->state || a->own_ms != b->own_ms || a->held != b->held;
}

/* When the one that goes on climbs again: the earlier of both. */
static int64_t joined_climb_ms(const struct incident *into, const struct incident *incident)
{
	int64_t a = incident_climb_ms(into), b = incident_climb_ms(incident);

	return a == 0 || (b != 0 && b < a) ? b : a;
}

void merge_incident(struct decision *decision, const struct incident *incident, const struct incident *into)
{
	struct effect *effect = emit(decision, EFFECT_INCIDENT_MERGED);

	effect->u.incident_merged = (struct effect_incident_merged){.incident = incident->r.number,
		.into = into->r.number,
		.rung = incident->rung > into->rung ? incident->rung : into->rung,
		.again_ms = joined_climb_ms(into, incident)};
	move_sensors(decision, incident, incident->r.number, into->r.number);
	for (uint32_t kind = 0; kind < DEADLINE_COUNT; kind++) {
		struct deadline clock = joined(into, incident, kind), own = incident->deadline[kind];

		if (clock_differs(&clock, &into->deadline[kind]))
			emit_clock(decision, into->r.number, (enum deadline_kind)kind, clock);
		if (own.state != DEADLINE_RUNNING)
			continue;
		own.state = DEADLINE_STOPPED;
		own.held = 1;
		emit_clock(decision, incident->r.number, (enum deadline_kind)kind, own);
	}
	(void)needs_cover(decision, incident, into); /* what does not fit is said with the next plan */
	emit_incident_state(decision, incident, INCIDENT_CLOSED, ACT_MERGE, DISPOSITION_DUPLICATE);
}

/* --- undone -------------------------------------------------------------------------------------- */

static bool brought_by_merge(const struct incident *incident, uint32_t device)
{
	for (uint32_t index = 0; index < incident->sensor_count; index++)
		if (incident->sensor[index].device == device && incident->sensor[index].from != 0)
			return true;
	return false;
}

/* Whether the sensor is the case's own, and is not its only one. */
static bool can_part(const struct incident *incident, uint32_t device)
{
	bool there = false, others = incident->opened_by_person != 0;

	for (uint32_t index = 0; index < incident->sensor_count; index++) {
		there |= incident->sensor[index].device == device;
		others |= incident->sensor[index].device != device;
	}
	return there && others && !brought_by_merge(incident, device);
}

enum outcome check_split(const struct core *core, const struct incident *incident, struct text device)
{
	const struct incident *into = incident_by(core, incident->merged_into);

	if (device.len > 0) {
		uint32_t number = state_find(core, TABLE_DEVICE, device);

		if (number == 0)
			return OUTCOME_NOT_FOUND;
		return incident->merged_into == 0 && incident->state < INCIDENT_DONE_REPORTED &&
				       can_part(incident, number)
			       ? OUTCOME_OK
			       : OUTCOME_WRONG_STATE;
	}
	if (incident->merged_into == 0)
		return OUTCOME_WRONG_STATE;
	if (into == NULL || into->state >= INCIDENT_DONE_REPORTED)
		return OUTCOME_GONE_TOO_FAR; /* itself merged on, reported done, ended or forgotten */
	return OUTCOME_OK;
}

/* A crew is on its way, or there. */
static bool crew_sent(const struct core *core, const struct incident *incident)
{
	for (uint32_t slot = incident->first_order; slot != 0; slot = order_at(core, slot)->next)
		if (order_at(core, slot)->target == TARGET_UNIT && order_live(order_at(core, slot)->state))
			return true;
	return false;
}

static bool crew_arrived(const struct core *core, const struct incident *incident)
{
	for (uint32_t slot = incident->first_order; slot != 0; slot = order_at(core, slot)->next) {
		const struct order *order = order_at(core, slot);

		if (order->target == TARGET_UNIT && order->depot_order == 0 && order->arrived_ms != 0)
			return true;
	}
	return false;
}

/* What the merged case had running runs on; what came due for both meanwhile was missed for both, once. */
static struct deadline given_back(
	const struct core *core, const struct incident *incident, const struct incident *into, uint32_t kind)
{
	struct deadline clock = incident->deadline[kind];
	const struct deadline *joint = &into->deadline[kind];

	if (!clock.held)
		return clock;
	clock.held = 0;
	clock.state = DEADLINE_RUNNING;
	if (joint->state == DEADLINE_LATE && joint->due_ms == clock.due_ms)
		clock.state = DEADLINE_LATE;
	else if (kind == DEADLINE_ARRIVE && crew_arrived(core, incident))
		clock.state = DEADLINE_MET;
	return clock;
}

/* The clock of the case that went on, less what this one had brought: others that stand merged still count. */
static struct deadline without(const struct decision *decision, const struct incident *into,
	const struct incident *incident, uint32_t kind)
{
	const struct core *core = decision->core;
	struct deadline clock = into->deadline[kind];
	bool own = clock.own_ms != DEADLINE_NOT_OWN;

	if (clock.own_ms == 0 || (clock.state != DEADLINE_RUNNING && clock.state != DEADLINE_LATE))
		return clock;
	int64_t due_ms = own ? clock.own_ms : INT64_MAX;

	for (uint32_t slot = 1; slot <= core->table[TABLE_INCIDENT].used; slot++) {
		const struct incident *other = incident_at(core, slot);

		if (other == NULL || other == incident || other->merged_into != into->r.number)
			continue;
		const struct deadline *brought = &other->deadline[kind];

		if ((brought->held || brought->state == DEADLINE_LATE) && brought->due_ms < due_ms)
			due_ms = brought->due_ms;
	}
	if (due_ms == INT64_MAX)
		return (struct deadline){.state = DEADLINE_IDLE};
	clock.due_ms = due_ms;
	clock.own_ms = own && due_ms == clock.own_ms ? 0 : clock.own_ms;
	/* A time that came meanwhile was missed with the other's: late, and told once. */
	clock.state = clock.state == DEADLINE_LATE && due_ms <= decision->event->at_ms ? DEADLINE_LATE
										       : DEADLINE_RUNNING;
	return clock;
}

/* How it stood; when the other case has been over since, its crews were released, and it begins anew. */
static void stand_again(
	struct decision *decision, const struct incident *incident, const struct incident *into)
{
	bool released = into->over_ms != 0 && into->over_ms >= incident->ended_ms;
	bool waits =
		incident->merged_state == INCIDENT_ACCEPTED || incident->merged_state == INCIDENT_DISPATCHED;
	enum incident_state to = (enum incident_state)incident->merged_state;

	if (waits && crew_arrived(decision->core, incident))
		to = INCIDENT_WORKING;
	else if (to == INCIDENT_ACCEPTED && crew_sent(decision->core, incident))
		to = INCIDENT_DISPATCHED; /* what it lacked has been found meanwhile */

	if (to == INCIDENT_NONE || (released && to < INCIDENT_DONE_REPORTED && to > INCIDENT_REPORTED))
		emit_incident_state(decision, incident, INCIDENT_ACCEPTED, ACT_REOPEN, DISPOSITION_NONE);
	else
		emit_incident_state(decision, incident, to, ACT_SPLIT, DISPOSITION_NONE);
}

/* What those that stand merged into this one lack is looked at again: what covered it has gone its own way. */
static void wake_those_in(struct decision *decision, const struct incident *incident)
{
	const struct core *core = decision->core;

	for (uint32_t slot = 1; slot <= core->table[TABLE_INCIDENT].used && room_for(decision, ROOM_SPLIT);
		slot++) {
		const struct incident *other = incident_at(core, slot);

		if (other != NULL && other->merged_into == incident->r.number && !other->agenda)
			emit_agenda(decision, other->r.number, true, 0);
	}
}

void unmerge_incident(struct decision *decision, const struct incident *incident)
{
	const struct core *core = decision->core;
	const struct incident *into = incident_by(core, incident->merged_into);
	bool missed = false;

	move_sensors(decision, incident, into->r.number, incident->r.number);
	for (uint32_t kind = 0; kind < DEADLINE_COUNT; kind++) {
		struct deadline back = given_back(core, incident, into, kind);
		struct deadline rest = without(decision, into, incident, kind);

		missed |= incident->deadline[kind].held && back.state == DEADLINE_LATE;
		if (clock_differs(&back, &incident->deadline[kind]))
			emit_clock(decision, incident->r.number, (enum deadline_kind)kind, back);
		if (clock_differs(&rest, &into->deadline[kind]))
			emit_clock(decision, into->r.number, (enum deadline_kind)kind, rest);
	}
	wake_those_in(decision, incident);
	stand_again(decision, incident, into);
	struct effect *effect = emit(decision, EFFECT_INCIDENT_MERGED);

	effect->u.incident_merged = (struct effect_incident_merged){.incident = incident->r.number,
		.rung = missed && into->rung > incident->rung ? into->rung : incident->rung,
		.again_ms = missed ? into->climb_ms : incident->climb_ms};
}

/* --- a sensor that tells of another trouble -------------------------------------------------------- */

void split_incident(struct decision *decision, const struct incident *incident, struct text device)
{
	const struct core *core = decision->core;
	uint32_t number = state_find(core, TABLE_DEVICE, device);
	const struct device *from = device_at(core, number);
	int64_t raised_ms = decision->event->at_ms;

	for (uint32_t index = 0; index < incident->sensor_count; index++)
		if (incident->sensor[index].device == number && incident->sensor[index].at_ms < raised_ms)
			raised_ms = incident->sensor[index].at_ms;
	open_incident(
		decision, (struct effect_incident){.number = next_incident(core, decision->event->at_ms),
				  .playbook = incident->playbook,
				  .type = incident->type,
				  .title = incident->title,
				  .grid = from->grid,
				  .device = number,
				  .place = from->place,
				  .reported_ms = raised_ms,
				  .priority = incident->priority,
				  .grade = incident->grade,
				  .response_level = incident->response_level,
				  .mode = incident->mode,
				  .split_from = incident->r.number});
}
