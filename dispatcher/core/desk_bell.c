/* desk_bell: the desk's clocks: the bell that goes on until somebody is seen, and the question whether anybody is there. */
#include "core/decide.h"
#include "core/on_duty.h"

#include <stddef.h>

/* Who is told when nobody answers, rung by rung. */
static const uint32_t rung_who[] = {WHO_LEADER, WHO_OFFICE, WHO_COMMITTEE};
enum { RUNGS = sizeof rung_who / sizeof rung_who[0], RUNG_PERSONS_MAX = 16, RING_MAX = 255 };

void emit_bell(struct decision *decision, uint32_t count, uint32_t ring, int64_t at_ms)
{
	int64_t every_ms = decision->core->rules.bell_ms;
	struct effect *effect = emit(decision, EFFECT_BELL);

	effect->u.bell = (struct effect_bell){.count = count,
		.ring = (uint8_t)(ring < RING_MAX ? ring : RING_MAX),
		.next_ms = every_ms > 0 ? at_ms + every_ms : 0};
}

static void emit_presence(struct decision *decision, uint32_t missed, int64_t due_ms)
{
	struct effect *effect = emit(decision, EFFECT_PRESENCE);

	effect->u.presence = (struct effect_presence){.missed = missed, .due_ms = due_ms};
}

/* --- nobody answers -------------------------------------------------------------------------------- */

/* Of the incidents that wait the one that matters most; 0: only the desk itself is asked for. */
static uint32_t most_urgent(const struct core *core)
{
	const struct incident *best = NULL;

	for (uint32_t slot = town_of(core)->open_first; slot != 0; slot = incident_at(core, slot)->next) {
		const struct incident *incident = incident_at(core, slot);

		if (incident->waiting && (best == NULL || incident->priority < best->priority))
			best = incident;
	}
	return best != NULL ? best->r.number : 0;
}

static bool has_wire(const struct core *core, const struct person *person)
{
	const struct unit *unit = unit_at(core, person->unit);

	return unit != NULL && unit->link;
}

static void tell_of_silence(
	struct decision *decision, const struct person *person, uint32_t who, uint32_t incident)
{
	const struct core *core = decision->core;
	bool live = has_wire(core, person);
	uint32_t number = town_of(core)->notices + ++decision->notices;
	struct effect *effect = emit(decision, EFFECT_NOTICE);

	effect->u.notice = (struct effect_notice){.number = number,
		.incident = incident,
		.person = person->r.number,
		.unit = live ? person->unit : 0,
		.who = who,
		.step = STEP_DESK}; /* told once: the next rung is the second try */
	if (!live)
		emit_task(decision, incident, person->r.number, 0, number,
			decision->event->at_ms + core->rules.notice_ms);
}

/* How many rungs up to the first one where a terminal shows it: a call lies on the very desk that is empty. 0: nowhere. */
static uint32_t rungs_to_wire(const struct core *core, uint32_t rung)
{
	for (; rung < RUNGS; rung++)
		for (uint32_t slot = 1; slot <= core->table[TABLE_PERSON].used; slot++) {
			const struct person *person = person_at(core, slot);

			if (!person->retired && (person->roles & rung_who[rung]) != 0 &&
				has_wire(core, person))
				return rung + 1;
		}
	return 0;
}

static uint32_t tell_role_of_silence(
	struct decision *decision, uint32_t who, uint32_t incident, uint32_t told_before)
{
	const struct core *core = decision->core;
	uint32_t told = 0;

	for (uint32_t slot = 1; slot <= core->table[TABLE_PERSON].used; slot++) {
		const struct person *person = person_at(core, slot);

		if (person->retired || (person->roles & who) == 0 || told == RUNG_PERSONS_MAX ||
			state_room(core, TABLE_NOTICE) <= told_before + told ||
			state_room(core, TABLE_TASK) <= told_before + told)
			continue;
		tell_of_silence(decision, person, who, incident);
		told++;
	}
	return told;
}

/* The next rung on which there is somebody, and those above it up to the first terminal; 0: none is left. */
static uint8_t climb(struct decision *decision)
{
	const struct core *core = decision->core;
	uint32_t rung = town_of(core)->desk.climbed, told = 0, incident = most_urgent(core);
	uint32_t upto = rungs_to_wire(core, rung);

	while (rung < RUNGS && (told == 0 || rung < upto))
		told += tell_role_of_silence(decision, rung_who[rung++], incident, told);
	return (uint8_t)(told > 0 || rung > town_of(core)->desk.climbed ? rung : 0);
}

/* The bell that has just been said tells whom it reaches besides. */
static void climb_by(struct decision *decision, uint32_t bell)
{
	uint8_t rung = climb(decision);

	decision->out->item[bell].u.bell.climb = rung;
}

/* One row for all that waits: a storm of incidents costs no more than one. */
static void ring(struct decision *decision)
{
	const struct core_rules *rules = &decision->core->rules;
	const struct desk *desk = &town_of(decision->core)->desk;
	uint32_t ring_count = desk->rings + 1;
	uint32_t bell = decision->out->count;

	emit_bell(decision, desk_waiting(decision->core), ring_count, decision->event->at_ms);
	if (rules->bell_rings > 0 && desk->climbed < RUNGS &&
		ring_count > rules->bell_rings * (desk->climbed + 1))
		climb_by(decision, bell);
}

/* --- whether anybody is there ------------------------------------------------------------------------ */

static bool presence_stands(const struct core *core)
{
	return (town_of(core)->desk.own >> ALERT_PRESENCE & 1) != 0;
}

/* Asked, and nobody has said a word: up it goes, rung by rung, while the bell rings on. */
static void presence_missed(struct decision *decision)
{
	const struct core *core = decision->core;
	const struct desk *desk = &town_of(core)->desk;
	uint32_t bell = decision->out->count, rung = desk->climbed;

	if (rung < RUNGS) {
		emit_bell(decision, desk_waiting(core), desk->rings, 0);
		decision->out->item[bell].u.bell.next_ms = desk->bell_ms;
		climb_by(decision, bell);
		rung = decision->out->item[bell].u.bell.climb;
	}
	emit_presence(decision, desk->missed + 1,
		rung < RUNGS ? decision->event->at_ms + core->rules.presence_answer_ms : 0);
}

static void ask_presence(struct decision *decision)
{
	const struct core *core = decision->core;
	const struct desk *desk = &town_of(core)->desk;
	int64_t at_ms = decision->event->at_ms, every_ms = core->rules.presence_ms;

	if (desk->on_duty == 0 || every_ms <= 0) { /* the town has changed: there is nobody to ask */
		emit_alert(decision, 0, ALERT_PRESENCE, ALERT_ENDED);
		emit_presence(decision, 0, 0);
	} else if (presence_stands(core)) {
		presence_missed(decision);
	} else if (desk->seen_ms + every_ms > at_ms) { /* seen since it was set */
		emit_presence(decision, 0, desk->seen_ms + every_ms);
	} else {
		emit_alert(decision, 0, ALERT_PRESENCE, ALERT_STANDS);
		emit_presence(decision, desk->missed + 1, at_ms + core->rules.presence_answer_ms);
	}
}

bool desk_due(struct decision *decision)
{
	const struct desk *desk = &town_of(decision->core)->desk;
	int64_t at_ms = decision->event->at_ms;

	if (desk->bell_ms != 0 && desk->bell_ms <= at_ms)
		ring(decision);
	else if (desk->presence_ms != 0 && desk->presence_ms <= at_ms)
		ask_presence(decision);
	else
		return false;
	return true;
}

/* --- somebody is there ------------------------------------------------------------------------------- */

/* Whether this very decision has spoken of the notice, or of the call. */
static bool is_said(const struct decision *decision, enum effect_kind kind, uint32_t number)
{
	for (uint32_t index = 0; index < decision->out->count; index++) {
		const struct effect *effect = &decision->out->item[index];

		if (effect->kind == (uint32_t)kind &&
			(kind == EFFECT_TASK_STATE ? effect->u.task_state.task
						   : effect->u.notice_state.notice) == number)
			return true;
	}
	return false;
}

/* Those who were called because nobody answered need not come any more. */
static void end_calls(struct decision *decision)
{
	const struct core *core = decision->core;

	for (uint32_t slot = 1;
		slot <= core->table[TABLE_NOTICE].used && decision->out->count + 2 <= EFFECTS_MAX - ROOM_DESK;
		slot++) {
		const struct notice *notice = notice_at(core, slot);

		if (notice == NULL || notice->step != STEP_DESK || notice->state == NOTICE_ENDED ||
			notice->state == NOTICE_ANSWERED ||
			is_said(decision, EFFECT_NOTICE_STATE, notice->r.number))
			continue;
		const struct task *call = task_at(core, state_slot(core, TABLE_TASK, notice->call_task));

		if (call != NULL && call->state < TASK_DONE &&
			!is_said(decision, EFFECT_TASK_STATE, notice->call_task)) {
			struct effect *ended = emit(decision, EFFECT_TASK_STATE);

			ended->u.task_state =
				(struct effect_task_state){.task = notice->call_task, .to = TASK_CANCELLED};
		}
		struct effect *effect = emit(decision, EFFECT_NOTICE_STATE);

		effect->u.notice_state = (struct effect_notice_state){.notice = notice->r.number,
			.incident = notice->incident,
			.to = NOTICE_ENDED,
			.person = notice->incident == 0 ? notice->person : 0};
	}
}

static uint32_t on_duty_after(const struct decision *decision)
{
	uint32_t on_duty = town_of(decision->core)->desk.on_duty;

	for (uint32_t index = 0; index < decision->out->count; index++) {
		const struct effect *effect = &decision->out->item[index];

		if (effect->kind == EFFECT_SHIFT)
			on_duty += effect->u.shift.act == SHIFT_ON ? 1u : UINT32_MAX;
	}
	return on_duty;
}

void desk_answered(struct decision *decision)
{
	const struct core *core = decision->core;
	const struct desk *desk = &town_of(core)->desk;
	bool asked = presence_stands(core) || desk->missed > 0;

	if (!said_at_desk(decision->event) && decision->event->kind != EVENT_SHIFT)
		return;
	if (said_at_desk(decision->event) && desk->climbed > 0)
		end_calls(decision);
	emit_alert(decision, 0, ALERT_PRESENCE, ALERT_ENDED);
	if (decision->out->count == EFFECTS_MAX)
		return;
	if (core->rules.presence_ms > 0 && on_duty_after(decision) > 0) {
		if (asked || desk->presence_ms == 0)
			emit_presence(decision, 0, decision->event->at_ms + core->rules.presence_ms);
	} else if (desk->presence_ms != 0) {
		emit_presence(decision, 0, 0);
	}
}
