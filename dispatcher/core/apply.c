/* apply: changes the state as recorded; chooses nothing. */
#include "core/apply.h"

#include <stddef.h>
#include <string.h>

/* Results and explanations change nothing; they are there to be read. */
static enum disp_err apply_nothing(struct apply *apply)
{
	(void)apply;
	return DISP_OK;
}

static apply_function *const function[EFFECT_KIND_COUNT] = {
	[EFFECT_RESULT] = apply_nothing,
	[EFFECT_REGISTERED] = apply_registered,
	[EFFECT_RETIRED] = apply_retired,
	[EFFECT_PLAN] = apply_plan,
	[EFFECT_ALARM] = apply_alarm,
	[EFFECT_INCIDENT] = apply_incident,
	[EFFECT_INCIDENT_STATE] = apply_incident_state,
	[EFFECT_INCIDENT_LEVEL] = apply_incident_level,
	[EFFECT_INCIDENT_CLIMB] = apply_incident_climb,
	[EFFECT_INCIDENT_MERGED] = apply_incident_merged,
	[EFFECT_STEP] = apply_step,
	[EFFECT_NEED] = apply_need,
	[EFFECT_NEED_STATE] = apply_need_state,
	[EFFECT_CHOICE] = apply_nothing,
	[EFFECT_ORDER] = apply_order,
	[EFFECT_ORDER_STATE] = apply_order_state,
	[EFFECT_UNIT_STATE] = apply_unit_state,
	[EFFECT_UNIT_PLACE] = apply_unit_place,
	[EFFECT_SUPPLY] = apply_supply,
	[EFFECT_SUPPLY_STATE] = apply_supply_state,
	[EFFECT_STOCK] = apply_stock,
	[EFFECT_NOTICE] = apply_notice,
	[EFFECT_NOTICE_STATE] = apply_notice_state,
	[EFFECT_TASK] = apply_task,
	[EFFECT_TASK_STATE] = apply_task_state,
	[EFFECT_DEADLINE] = apply_deadline,
	[EFFECT_DEVICE] = apply_device,
	[EFFECT_LINK] = apply_link,
	[EFFECT_WARNING] = apply_warning,
	[EFFECT_RELEASE] = apply_release,
	[EFFECT_RESPONSE] = apply_response,
	[EFFECT_SILENCE] = apply_silence,
	[EFFECT_AGENDA] = apply_agenda,
	[EFFECT_SHIFT] = apply_shift,
	[EFFECT_ALERT] = apply_alert,
	[EFFECT_BELL] = apply_bell,
	[EFFECT_PRESENCE] = apply_presence,
	[EFFECT_NOTICE_TRY] = apply_notice_try,
	[EFFECT_FACT] = apply_fact,
	[EFFECT_REPORT] = apply_report,
	[EFFECT_INCIDENT_TIMES] = apply_incident_times,
	[EFFECT_SENSOR_MOVED] = apply_sensor_moved,
	[EFFECT_CALENDAR] = apply_calendar,
	[EFFECT_TELLING] = apply_telling,
	[EFFECT_KEY] = apply_key,
	[EFFECT_ASIDE] = apply_aside,
};

static enum disp_err begin_row(struct core *core, const struct event *event)
{
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	if (event->seq != town->seq + 1 || event->at_ms < town->at_ms)
		return DISP_E_DAMAGED;
	town->seq = event->seq;
	town->at_ms = event->at_ms;
	town->epoch = event->epoch;
	desk_seen(core, event);
	if (event->kind == EVENT_CLOCK) {
		town->clock_wall_ms = event->u.clock.wall_ms;
		town->clock_at_ms = event->at_ms;
	}
	if (event->kind == EVENT_LEAD && event->epoch > 1) {
		/* What another daemon gave last may not be known here, nor even that it has led: its numbers are not given to
		 * other orders. */
		uint32_t further = LEAD_NUMBERS * (1 + (uint32_t)(event->epoch % LEAD_APART));

		town->orders += further;
		town->notices += further;
	}
	if (event->kind == EVENT_TOWN) {
		town->code = text_intern(&core->texts, event->u.town.code);
		town->name = text_intern(&core->texts, event->u.town.name);
		town->offset_min = event->u.town.offset_min;
		town->demonstration = event->u.town.demonstration;
		memcpy(town->pack_hash, event->u.town.hash, sizeof town->pack_hash);
	}
	return DISP_OK;
}

enum disp_err core_apply(struct core *core, const struct event *event, const struct effects *done)
{
	enum disp_err err = begin_row(core, event);

	for (uint32_t index = 0; index < done->count && err == DISP_OK; index++) {
		struct apply apply = {core, event, &done->item[index]};

		if (apply.effect->kind == EFFECT_NONE || apply.effect->kind >= EFFECT_KIND_COUNT)
			return DISP_E_DAMAGED;
		err = function[apply.effect->kind](&apply);
		if (core->dirty_count > DIRTY_MAX / 2)
			state_settle(core);
	}
	if (err != DISP_OK)
		return err;
	incidents_forget(core);
	state_settle(core);
	return DISP_OK;
}
