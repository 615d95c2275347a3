/* decide_alarm: an alarm comes in: known, silenced, cleared, joined to an incident, or a new one. */
#include "core/apply.h"
#include "core/decide.h"

#include <stddef.h>
#include <string.h>

enum { WARNING_FROM_ALARM_MS = 6 * 3600 * 1000 };

/* What is known of the alarm at hand. */
struct inquiry {
	struct decision *decision;
	const struct event_alarm *alarm;
	struct effect_alarm *said;
	const struct device *device;
	struct place place;
	uint32_t grid, type;
	struct match_input match;
};

static void refuse(struct inquiry *inquiry, enum reject reject)
{
	inquiry->said->result = ALARM_REJECTED;
	inquiry->said->reject = (uint8_t)reject;
}

static bool silence_matches(
	const struct core *core, const struct silence *silence, const struct inquiry *inquiry)
{
	const struct grid *grid = grid_at(core, inquiry->grid);
	bool grid_fits = silence->grid == 0;

	for (; grid != NULL && !grid_fits; grid = grid_at(core, grid->parent))
		grid_fits = grid->code == silence->grid;
	return silence->active && grid_fits &&
	       (silence->source == 0 || silence->source == inquiry->device->id) &&
	       (silence->type == 0 || silence->type == inquiry->type) &&
	       silence->until_ms > inquiry->decision->event->at_ms;
}

static uint32_t silence_for(const struct inquiry *inquiry)
{
	const struct core *core = inquiry->decision->core;

	for (uint32_t slot = 1; slot <= core->table[TABLE_SILENCE].used; slot++) {
		const struct silence *silence = silence_at(core, slot);

		if (silence != NULL && silence_matches(core, silence, inquiry))
			return silence->r.number;
	}
	return 0;
}

static const struct sensor *sensor_in(const struct incident *incident, uint32_t device, uint32_t type)
{
	for (uint32_t index = 0; index < incident->sensor_count; index++)
		if (incident->sensor[index].device == device &&
			(type == 0 || incident->sensor[index].type == type))
			return &incident->sensor[index];
	return NULL;
}

/* --- cleared ------------------------------------------------------------------------------------- */

/* Not counting one sensor, where it is given. */
static bool all_cleared(const struct incident *incident, uint32_t device, uint32_t type)
{
	for (uint32_t index = 0; index < incident->sensor_count; index++) {
		const struct sensor *sensor = &incident->sensor[index];

		if (!sensor->cleared && (sensor->device != device || sensor->type != type))
			return false;
	}
	return true;
}

/* Where the sensor's trouble is: a case that was merged brought its own place along. */
static const struct place *place_of(
	const struct core *core, const struct incident *incident, const struct sensor *sensor)
{
	const struct incident *brought = incident_by(core, sensor->from);

	return brought != NULL ? &brought->place : &incident->place;
}

static void end_action_orders(struct decision *decision, const struct incident *incident, uint32_t step)
{
	const struct core *core = decision->core;

	for (uint32_t slot = incident->first_order; slot != 0; slot = order_at(core, slot)->next) {
		const struct order *order = order_at(core, slot);

		if (order->target == TARGET_DEVICE && order->step == step && order_live(order->state) &&
			room_for(decision, 8))
			emit_order_end(decision, order, ORDER_DONE, ANSWER_DONE, WHY_NONE);
	}
}

static bool crews_out(const struct core *core, const struct incident *incident)
{
	for (uint32_t slot = incident->first_order; slot != 0; slot = order_at(core, slot)->next)
		if (order_at(core, slot)->target == TARGET_UNIT && order_live(order_at(core, slot)->state))
			return true;
	for (uint32_t slot = incident->first_need; slot != 0; slot = need_at(core, slot)->next)
		if (need_at(core, slot)->state == NEED_OPEN && need_at(core, slot)->missing > 0)
			return true;
	return false;
}

/* The measured effect of an action: the sensors are quiet again. */
static void take_effect(struct decision *decision, const struct incident *incident)
{
	const struct playbook *playbook = playbook_at(decision->core, incident->playbook);
	bool worked = false;

	for (uint32_t step = 0; playbook != NULL && step < playbook->step_count; step++) {
		if (incident->mark[step].state != STEP_ACTIVE || playbook->step[step].kind != STEP_ACTION)
			continue;
		emit_step(decision, incident->r.number, step, (struct step_mark){.state = STEP_EFFECTIVE});
		end_action_orders(decision, incident, step);
		worked = true;
	}
	bool open = incident->state == INCIDENT_ACCEPTED || incident->state == INCIDENT_DISPATCHED;

	if (worked && open && !crews_out(decision->core, incident)) {
		clocks_done(decision, incident);
		emit_incident_state(decision, incident, INCIDENT_DONE_REPORTED, ACT_DONE, DISPOSITION_NONE);
	}
	if (worked)
		emit_agenda(decision, incident->r.number, true, 0);
}

static void clear(struct inquiry *inquiry)
{
	const struct core *core = inquiry->decision->core;
	const struct incident *found = NULL;

	for (uint32_t slot = town_of(core)->open_first; slot != 0; slot = incident_at(core, slot)->next) {
		const struct incident *incident = incident_at(core, slot);
		const struct sensor *sensor = sensor_in(incident, inquiry->device->r.number, inquiry->type);

		if (sensor == NULL || sensor->cleared)
			continue;
		if (inquiry->alarm->has_place &&
			chord_mm(place_of(core, incident, sensor), &inquiry->place) > core->rules.join_mm)
			continue;
		found = incident; /* the latest one, where there are several */
	}
	if (found == NULL)
		return;
	inquiry->said->incident = found->r.number;
	inquiry->said->playbook = found->playbook;
	if (all_cleared(found, inquiry->device->r.number, inquiry->type))
		take_effect(inquiry->decision, found);
}

/* --- raised -------------------------------------------------------------------------------------- */

/* A weather alarm with a colour is the town's warning from now on: playbooks match on it. */
static void set_warning(struct inquiry *inquiry)
{
	const struct core *core = inquiry->decision->core;
	uint32_t hazard = text_find(&core->texts, TEXT("rainstorm"));
	const struct town_state *town = town_of(core);
	bool room = false;

	for (uint32_t index = 0; index < WARNINGS_MAX; index++)
		room |= town->warning[index].colour == COLOUR_NONE || town->warning[index].hazard == hazard;
	if (inquiry->alarm->colour == COLOUR_NONE || !room)
		return;
	struct effect *effect = emit(inquiry->decision, EFFECT_WARNING);

	effect->u.warning = (struct effect_warning){.colour = inquiry->alarm->colour,
		.hazard = hazard,
		.until_ms = inquiry->decision->event->at_ms + WARNING_FROM_ALARM_MS};
}

/* Same kind of trouble; without a plan (too little confidence, say) it is known by the type of the alarm. */
static bool same_kind(
	const struct inquiry *inquiry, const struct playbook *playbook, const struct incident *incident)
{
	if (incident->mode != inquiry->alarm->mode)
		return false;
	if (playbook != NULL)
		return incident->type == playbook->incident_type;
	for (uint32_t index = 0; index < incident->sensor_count; index++)
		if (incident->sensor[index].type == inquiry->type)
			return true;
	return incident->type == inquiry->type;
}

/* A second call to the hotline is a second caller: only soon after the first does it tell of the same trouble. */
static bool speaks_for_many(const struct inquiry *inquiry)
{
	struct text kind = text_at(&inquiry->decision->core->texts, inquiry->device->kind);

	return text_equal(kind, TEXT("hotline")) || text_equal(kind, TEXT("gateway"));
}

/*
 * Whether the alarm tells of this incident, of the same kind of trouble: near enough, soon enough. `standing` is the
 * case in which it goes on.
 */
static bool belongs(const struct inquiry *inquiry, const struct playbook *playbook,
	const struct incident *incident, const struct incident *standing, int64_t away_mm)
{
	const struct core *core = inquiry->decision->core;
	const struct core_rules *rules = &core->rules;
	int64_t within_mm = playbook != NULL ? playbook->correlate_mm : rules->join_mm;
	int64_t within_ms = playbook != NULL ? playbook->correlate_ms : rules->join_ms;
	int64_t since_ms = inquiry->decision->event->at_ms - standing->last_alarm_ms;

	/* Worse than what the incident was opened for: it must not vanish in the milder one's plan. */
	if (playbook != NULL && standing->playbook != playbook->r.number &&
		playbook->priority < standing->priority)
		return false;
	if (sensor_in(incident, inquiry->device->r.number, inquiry->type) != NULL &&
		!speaks_for_many(inquiry))
		return away_mm <= (within_mm > rules->same_place_mm ? within_mm : rules->same_place_mm);
	return away_mm <= within_mm && since_ms <= within_ms && within_mm > 0;
}

/* How far off, for the choice: the sensor of a case that was split off for its sake is at home there. */
static int64_t away_mm_of(const struct inquiry *inquiry, const struct incident *incident)
{
	if (incident->split_from != 0 && incident->device == inquiry->device->r.number)
		return -1;
	return chord_mm(&incident->place, &inquiry->place);
}

/* Of those it may belong to the nearest, among equals the oldest. A merged case stands for the one that it is in. */
static const struct incident *incident_for(const struct inquiry *inquiry, const struct playbook *playbook)
{
	const struct core *core = inquiry->decision->core;
	int64_t within_mm = playbook != NULL ? playbook->correlate_mm : core->rules.join_mm;
	int64_t reach_mm = within_mm > core->rules.same_place_mm ? within_mm : core->rules.same_place_mm;
	const struct incident *best = NULL;
	int64_t best_mm = INT64_MAX;
	uint32_t cursor = 0, slot;

	while ((slot = nearby_next(&core->open, &cursor, &inquiry->place, reach_mm)) != 0) {
		const struct incident *incident = incident_at(core, slot);

		if (!same_kind(inquiry, playbook, incident))
			continue; /* asked first: of ten thousand open cases few are of the alarm's kind */
		const struct incident *standing = incident_standing(core, incident);

		if (standing == NULL || incident_ended(standing->state))
			continue;
		int64_t away_mm = away_mm_of(inquiry, incident);
		bool before = best == NULL || away_mm < best_mm ||
			      (away_mm == best_mm && standing->r.number < best->r.number);

		if (before && belongs(inquiry, playbook, incident, standing, away_mm)) {
			best = standing;
			best_mm = away_mm;
		}
	}
	return best;
}

static uint32_t sensors_within(
	const struct incident *incident, const struct playbook *playbook, uint32_t device, int64_t at_ms)
{
	uint32_t count = 1; /* the one that speaks now */

	for (uint32_t index = 0; index < incident->sensor_count; index++) {
		bool counted = incident->sensor[index].device == device;

		for (uint32_t before = 0; before < index; before++)
			counted |= incident->sensor[before].device == incident->sensor[index].device &&
				   at_ms - incident->sensor[before].at_ms <= playbook->upgrade_ms;
		count += !counted && at_ms - incident->sensor[index].at_ms <= playbook->upgrade_ms;
	}
	return count;
}

static void upgrade_by_sensors(struct inquiry *inquiry, const struct incident *incident)
{
	const struct playbook *playbook = playbook_at(inquiry->decision->core, incident->playbook);
	int64_t at_ms = inquiry->decision->event->at_ms;

	if (playbook == NULL || playbook->upgrade_sensors == 0 || incident->level >= playbook->upgrade_to)
		return;
	if (sensors_within(incident, playbook, inquiry->device->r.number, at_ms) < playbook->upgrade_sensors)
		return;
	struct effect *effect = emit(inquiry->decision, EFFECT_INCIDENT_LEVEL);

	effect->u.incident_level = (struct effect_incident_level){
		.incident = incident->r.number, .level = playbook->upgrade_to, .by_sensors = 1};
}

static void join(struct inquiry *inquiry, const struct incident *incident)
{
	const struct sensor *sensor = sensor_in(incident, inquiry->device->r.number, inquiry->type);
	struct decision *decision = inquiry->decision;

	inquiry->said->incident = incident->r.number;
	inquiry->said->playbook = incident->playbook;
	inquiry->said->occurrence = sensor != NULL && !sensor->cleared;
	inquiry->said->new_sensor = sensor_in(incident, inquiry->device->r.number, 0) == NULL;
	upgrade_by_sensors(inquiry, incident);
	if (incident->state == INCIDENT_DONE_REPORTED || incident->state == INCIDENT_VERIFIED) {
		/* The sensor contradicts the crew: the trouble is there again, and so is the clock. */
		clocks_reopened(decision, incident);
		emit_incident_state(decision, incident, INCIDENT_ACCEPTED, ACT_REOPEN, DISPOSITION_NONE);
	} else if (incident->sensor_count > 0 && all_cleared(incident, 0, 0)) {
		effect_lost(decision, incident);
	}
}

static void raise(struct inquiry *inquiry)
{
	struct decision *decision = inquiry->decision;
	const struct core *core = decision->core;
	uint32_t number = match_playbook(core, &inquiry->match, decision->event->at_ms);
	const struct playbook *playbook = playbook_at(core, number);
	const struct incident *known = incident_for(inquiry, playbook);

	if (known == NULL && !incident_room(core, decision->event->at_ms)) {
		refuse(inquiry, REJECT_OVERLOADED);
		return;
	}
	set_warning(inquiry);
	if (known != NULL) {
		join(inquiry, known);
		return;
	}
	inquiry->said->playbook = number;
	inquiry->said->opened = true;
	inquiry->said->new_sensor = true;
	inquiry->said->incident = next_incident(core, decision->event->at_ms);
	open_incident(
		decision, (struct effect_incident){.number = inquiry->said->incident,
				  .playbook = number,
				  .type = playbook != NULL ? playbook->incident_type : inquiry->type,
				  .title = playbook != NULL ? playbook->title : inquiry->type,
				  .grid = inquiry->grid,
				  .device = inquiry->device->r.number,
				  .place = inquiry->place,
				  .reported_ms = inquiry->alarm->time_ms,
				  .priority = playbook != NULL ? playbook->priority : PRIORITY_UNPLANNED,
				  .grade = playbook != NULL ? playbook->grade : GRADE_GENERAL,
				  .response_level = playbook != NULL ? playbook->response_level : 4,
				  .mode = inquiry->alarm->mode});
}

static bool look_up(struct inquiry *inquiry)
{
	const struct core *core = inquiry->decision->core;
	const struct event_alarm *alarm = inquiry->alarm;

	inquiry->device = device_at(core, state_find(core, TABLE_DEVICE, alarm->source));
	if (inquiry->device == NULL || inquiry->device->retired) {
		refuse(inquiry, REJECT_UNKNOWN_SOURCE);
		return false;
	}
	inquiry->said->device = inquiry->device->r.number;
	inquiry->type = text_find(&core->texts, alarm->type);
	inquiry->place = alarm->has_place ? alarm->place : inquiry->device->place;
	inquiry->match = match_input_of(core, alarm, inquiry->device);
	inquiry->grid = inquiry->match.grid;
	return true;
}

/* Room for one more identity: the ring's next slot is free, or old enough to be forgotten. */
static bool identity_room(const struct core *core, int64_t at_ms)
{
	uint32_t next = town_of(core)->identity_next % core->table[TABLE_IDENTITY].max + 1;
	const struct identity *oldest = state_at(core, TABLE_IDENTITY, next);

	return oldest == NULL || at_ms - oldest->at_ms >= core->rules.identity_keep_ms;
}

void decide_alarm(struct decision *decision)
{
	const struct core *core = decision->core;
	const struct event_alarm *alarm = &decision->event->u.alarm;
	struct effect *effect = emit(decision, EFFECT_ALARM);
	struct inquiry inquiry = {.decision = decision, .alarm = alarm, .said = &effect->u.alarm};
	uint64_t number = 0;
	uint32_t incident = 0;

	inquiry.said->state = alarm->state;
	if (core_alarm_known(core, alarm->identity, &incident, &number)) {
		inquiry.said->result = ALARM_DUPLICATE;
		inquiry.said->incident = incident;
		inquiry.said->number = number;
		return;
	}
	inquiry.said->number = town_of(core)->alarms + 1;
	if (!look_up(&inquiry))
		return;
	if (!identity_room(core, decision->event->at_ms)) {
		refuse(&inquiry, REJECT_OVERLOADED);
		return;
	}
	/* Of a device that somebody has taken out of use no alarm acts either; it is counted like a silenced one. */
	bool disabled = alarm->state == ALARM_RAISED && inquiry.device->state == DEVICE_DISABLED;

	inquiry.said->silence = alarm->state == ALARM_RAISED ? silence_for(&inquiry) : 0;
	if (inquiry.said->silence != 0 || disabled)
		inquiry.said->result = ALARM_SUPPRESSED;
	else if (alarm->state == ALARM_RAISED)
		raise(&inquiry);
	else if (alarm->state == ALARM_CLEARED)
		clear(&inquiry);
}
