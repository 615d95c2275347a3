/* apply_desk: what an effect does to shifts, alerts, the bell and the presence check. */
#include "core/apply.h"
#include "core/on_duty.h"

#include <stddef.h>

static int64_t older(int64_t a, int64_t b)
{
	if (a == 0 || b == 0)
		return a == 0 ? b : a;
	return a < b ? a : b;
}

/* When the oldest alert that waits was raised. Ended incidents have none. */
static int64_t oldest_ms(const struct core *core, const struct desk *desk)
{
	int64_t since_ms = desk->own_ms;

	if (desk->waiting == 0)
		return since_ms;
	for (uint32_t slot = town_of(core)->open_first; slot != 0; slot = incident_at(core, slot)->next)
		since_ms = older(since_ms, incident_at(core, slot)->alert_ms);
	return since_ms;
}

/* Where nothing waits any more the bell is silent; who was not seen is forgotten. */
static void settle_desk(struct core *core, int64_t gone_ms)
{
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);
	struct desk *desk = &town->desk;

	if (desk->waiting == 0 && desk->own == 0) {
		desk->since_ms = desk->bell_ms = 0;
		desk->rings = desk->climbed = 0;
	} else if (gone_ms != 0 && gone_ms == desk->since_ms) {
		desk->since_ms = oldest_ms(core, desk);
	}
	timer_set(core, TIMER_TOWN, 1, town_due_ms(town));
}

void desk_seen(struct core *core, const struct event *event)
{
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	if (!said_at_desk(event))
		return;
	town->desk.seen_ms = event->at_ms;
	town->desk.rings = town->desk.climbed = 0;
}

void desk_unanswered(struct core *core)
{
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	town->desk.rings = town->desk.climbed = 0;
}

void shift_end(struct core *core, struct person *person)
{
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	if (person->on_duty_ms == 0)
		return;
	person->on_duty_ms = 0;
	town->desk.on_duty--;
}

enum disp_err apply_shift(struct apply *apply)
{
	const struct effect_shift *from = &apply->effect->u.shift;
	struct person *person = state_edit(apply->core, TABLE_PERSON, from->person);
	struct town_state *town = state_edit(apply->core, TABLE_TOWN, 1);
	bool on = from->act == SHIFT_ON;

	if (person == NULL || (!on && from->act != SHIFT_OFF) || (person->on_duty_ms != 0) == on)
		return DISP_E_DAMAGED;
	if (apply->event->kind == EVENT_SHIFT && apply->event->u.shift.note.len > 0)
		town->desk.note_seq = apply->event->seq;
	if (!on) {
		shift_end(apply->core, person);
		return DISP_OK;
	}
	person->on_duty_ms = apply->event->at_ms;
	town->desk.on_duty++;
	return DISP_OK;
}

/* --- alerts -------------------------------------------------------------------------------------- */

/* The incident's own part; the town's is the caller's. When the oldest of its alerts was raised. */
static int64_t drop_alert(struct incident *incident)
{
	int64_t since_ms = incident->alert_ms;

	incident->waiting = 0;
	incident->alert = 0;
	incident->alert_ms = 0;
	return since_ms;
}

static void count_off(struct core *core, int64_t gone_ms)
{
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	town->desk.waiting--;
	settle_desk(core, gone_ms);
}

void alert_forget(struct core *core, struct incident *incident)
{
	if (incident->waiting)
		count_off(core, drop_alert(incident));
}

static int64_t see(struct incident *incident, int64_t at_ms, uint32_t by)
{
	incident->acked_ms = at_ms;
	incident->acked_by = by;
	return drop_alert(incident);
}

static void see_all(struct apply *apply)
{
	struct core *core = apply->core;
	uint32_t by = text_intern(&core->texts, apply->event->by);

	for (uint32_t slot = town_of(core)->open_first; slot != 0; slot = incident_at(core, slot)->next)
		if (incident_at(core, slot)->waiting)
			(void)see(state_edit(core, TABLE_INCIDENT, slot), apply->event->at_ms, by);
	struct town_state *town =
		state_edit(core, TABLE_TOWN, 1); /* marked last: the walk may have settled */

	town->desk.waiting = town->desk.own = 0;
	town->desk.own_ms = 0;
	settle_desk(core, 0);
}

static enum disp_err own_alert(struct apply *apply)
{
	const struct effect_alert *from = &apply->effect->u.alert;
	struct town_state *town = state_edit(apply->core, TABLE_TOWN, 1);
	struct desk *desk = &town->desk;
	int64_t gone_ms = 0;

	if (from->to == ALERT_STANDS) {
		desk->own |= 1u << from->cause;
		desk->own_ms = older(desk->own_ms, apply->event->at_ms);
		desk->since_ms = older(desk->since_ms, apply->event->at_ms);
	} else {
		desk->own &= ~(1u << from->cause);
		gone_ms = desk->own == 0 ? desk->own_ms : 0;
		desk->own_ms = desk->own == 0 ? 0 : desk->own_ms;
	}
	settle_desk(apply->core, gone_ms);
	return DISP_OK;
}

static void raise_alert(struct apply *apply, struct incident *incident)
{
	struct town_state *town = state_edit(apply->core, TABLE_TOWN, 1);

	incident->alert |= (uint16_t)(1u << apply->effect->u.alert.cause);
	if (!incident->waiting) {
		incident->waiting = 1;
		incident->alert_ms = apply->event->at_ms;
		town->desk.waiting++;
		town->desk.since_ms = older(town->desk.since_ms, apply->event->at_ms);
	}
}

enum disp_err apply_alert(struct apply *apply)
{
	const struct effect_alert *from = &apply->effect->u.alert;
	struct incident *incident = incident_edit(apply->core, from->incident);

	if (from->cause >= ALERT_COUNT || from->to >= ALERT_STATE_COUNT ||
		(incident == NULL && from->incident != 0))
		return DISP_E_DAMAGED;
	if (incident == NULL) {
		if (from->to != ALERT_SEEN)
			return own_alert(apply);
		see_all(apply);
	} else if (from->to == ALERT_STANDS) {
		raise_alert(apply, incident);
	} else if (from->to == ALERT_SEEN) {
		uint32_t by = text_intern(&apply->core->texts, apply->event->by);

		if (!incident->waiting)
			return DISP_E_DAMAGED;
		count_off(apply->core, see(incident, apply->event->at_ms, by));
	} else {
		incident->alert &= (uint16_t) ~(1u << from->cause);
		if (incident->alert == 0)
			alert_forget(apply->core, incident);
	}
	return DISP_OK;
}

/* --- the clocks ------------------------------------------------------------------------------------ */

enum disp_err apply_bell(struct apply *apply)
{
	const struct effect_bell *from = &apply->effect->u.bell;
	struct town_state *town = state_edit(apply->core, TABLE_TOWN, 1);

	if (town->desk.waiting == 0 && town->desk.own == 0)
		return DISP_E_DAMAGED;
	town->desk.rings = from->ring;
	if (from->climb != 0)
		town->desk.climbed = from->climb;
	town->desk.bell_ms = from->next_ms;
	timer_set(apply->core, TIMER_TOWN, 1, town_due_ms(town));
	return DISP_OK;
}

enum disp_err apply_presence(struct apply *apply)
{
	const struct effect_presence *from = &apply->effect->u.presence;
	struct town_state *town = state_edit(apply->core, TABLE_TOWN, 1);

	town->desk.missed = from->missed;
	town->desk.presence_ms = from->due_ms;
	timer_set(apply->core, TIMER_TOWN, 1, town_due_ms(town));
	return DISP_OK;
}
