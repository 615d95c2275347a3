/* decide_tick: the clock: what waits for planning, and what falls due. One matter a decision. */
#include "core/decide.h"

#include <stddef.h>

static void expire_order(struct decision *decision, const struct order *order)
{
	struct event said = *decision->event;
	const struct event *tick = decision->event;

	said.kind = EVENT_ANSWER;
	said.by = TEXT("clock");
	said.u.answer = (struct event_answer){.order = order->r.number, .answer = ANSWER_EXPIRE};
	decision->event = &said;
	decide_answer(decision);
	decision->event = tick;
}

static void come_home(struct decision *decision, const struct unit *unit)
{
	emit_unit_state(decision, unit->r.number, UNIT_AVAILABLE, 0);
}

static void fall_silent(struct decision *decision, const struct device *device)
{
	struct effect *effect = emit(decision, EFFECT_DEVICE);

	effect->u.device = (struct effect_device){.device = device->r.number, .state = DEVICE_SILENT};
}

/* Those on the rung: the heads above the incident's grid, or everybody of the role, a bounded few. How many. */
static uint32_t tell_rung(struct decision *decision, const struct incident *incident, uint32_t who)
{
	const struct core *core = decision->core;
	uint32_t level = who == WHO_GRID_HEAD      ? 3
			 : who == WHO_VILLAGE_HEAD ? 2
			 : who == WHO_TOWN_HEAD    ? 1
						   : 0;
	struct notice_to to = {.who = who, .step = STEP_NONE, .each = answer_of_each(ANSWER_BY_ROLE, who)};

	if (level == 0)
		return tell_role(decision, incident->r.number, &to);
	to.person = head_at_level(core, incident->grid, level);
	const struct person *head = person_at(core, to.person);

	return head != NULL && !head->retired && tell_person(decision, incident->r.number, &to) != 0;
}

/* When it climbs once more: disposal is late, and there is a rung above. */
static int64_t climb_again_ms(const struct decision *decision, const struct incident *incident,
	const struct playbook *playbook, uint8_t missed, uint32_t who)
{
	if (playbook == NULL || who == WHO_COMMITTEE)
		return 0;
	if (missed != DEADLINE_DISPOSE)
		return incident->climb_ms;
	return playbook->climb_every_ms == 0 ? 0
					     : clock_due_ms(decision->core, playbook, DEADLINE_DISPOSE,
						       decision->event->at_ms, playbook->climb_every_ms);
}

/* The next rung on which there is somebody; above the last one stands the committee. */
void climb_incident(
	struct decision *decision, const struct incident *incident, uint8_t missed, int64_t due_ms)
{
	const struct core *core = decision->core;
	const struct playbook *playbook = playbook_at(core, incident->playbook);
	uint32_t rungs = playbook != NULL ? playbook->climb_count : 0, rung = incident->rung, told = 0;
	bool room = state_room(core, TABLE_NOTICE) > 32 && state_room(core, TABLE_TASK) > 32;
	struct effect *effect = emit(decision, EFFECT_INCIDENT_CLIMB);
	uint32_t who = WHO_COMMITTEE;

	while (rung < rungs && told == 0) {
		who = playbook->climb[rung++];
		told = room ? tell_rung(decision, incident, who) : 1;
	}
	if (told == 0) {
		who = WHO_COMMITTEE;
		(void)(room && tell_rung(decision, incident, who));
	}
	effect->u.incident_climb = (struct effect_incident_climb){.incident = incident->r.number,
		.rung = (uint8_t)rung,
		.deadline = missed,
		.who = who,
		.due_ms = due_ms,
		.again_ms = climb_again_ms(decision, incident, playbook, missed, who)};
}

static void wake_incident(struct decision *decision, const struct incident *incident)
{
	const struct playbook *playbook = playbook_at(decision->core, incident->playbook);
	int64_t at_ms = decision->event->at_ms;
	bool merged = incident->merged_into != 0;

	for (uint32_t step = 0; playbook != NULL && step < playbook->step_count && !merged; step++) {
		const struct step_mark *mark = &incident->mark[step];

		if (mark->state != STEP_ACTIVE || mark->due_ms == 0 || mark->due_ms > at_ms)
			continue;
		emit_step(decision, incident->r.number, step,
			(struct step_mark){.state = STEP_FAILED, .why = WHY_NO_EFFECT});
		emit_agenda(decision, incident->r.number, true, 0);
		return;
	}
	if (clock_missed(decision, incident))
		return;
	plan_incident(decision, incident); /* a shortfall is tried again */
}

static void end_silence(struct decision *decision, const struct silence *silence)
{
	struct effect *effect = emit(decision, EFFECT_SILENCE);

	effect->u.silence = (struct effect_silence){.number = silence->r.number, .active = false};
}

static void end_warning(struct decision *decision)
{
	const struct town_state *town = town_of(decision->core);

	for (uint32_t index = 0; index < WARNINGS_MAX; index++) {
		const struct warning *warning = &town->warning[index];

		if (warning->colour == COLOUR_NONE || warning->until_ms > decision->event->at_ms)
			continue;
		struct effect *effect = emit(decision, EFFECT_WARNING);

		effect->u.warning = (struct effect_warning){.colour = COLOUR_NONE, .hazard = warning->hazard};
		return;
	}
}

static void fire(struct decision *decision, enum timer_kind kind, uint32_t slot)
{
	const struct core *core = decision->core;

	switch (kind) {
	case TIMER_INCIDENT:
		wake_incident(decision, incident_at(core, slot));
		break;
	case TIMER_ORDER:
		expire_order(decision, order_at(core, slot));
		break;
	case TIMER_UNIT:
		come_home(decision, unit_at(core, slot));
		break;
	case TIMER_DEVICE:
		fall_silent(decision, device_at(core, slot));
		break;
	case TIMER_NOTICE:
		notice_due(decision, notice_at(core, slot));
		break;
	case TIMER_SILENCE:
		end_silence(decision, silence_at(core, slot));
		break;
	default:
		if (!desk_due(decision))
			end_warning(decision);
		break;
	}
}

void decide_tick(struct decision *decision)
{
	const struct core *core = decision->core;
	const struct heap_item *waiting = heap_top(&core->agenda);
	enum timer_kind kind = TIMER_TOWN;
	uint32_t slot = 0;
	int64_t due_ms = 0;

	if (waiting != NULL)
		plan_incident(decision, incident_at(core, waiting->id));
	else if (response_told(decision))
		return;
	else if (timer_top(core, &kind, &slot, &due_ms) && due_ms <= decision->event->at_ms)
		fire(decision, kind, slot);
}
