/* apply_aside: what an effect does to the list of what was set aside for a person. */
#include "core/apply.h"

#include <stddef.h>

static enum disp_err take_in(struct apply *apply)
{
	struct core *core = apply->core;
	const struct event_aside *from = &apply->event->u.aside;
	uint32_t number = apply->effect->u.aside.aside;
	uint32_t id = text_intern(&core->texts, from->id);

	if (number == 0 || id == 0 || state_slot(core, TABLE_ASIDE, number) != 0)
		return DISP_E_DAMAGED;
	uint32_t slot = state_new(core, TABLE_ASIDE, number);

	if (slot == 0)
		return DISP_E_DAMAGED;
	struct aside *aside = state_edit(core, TABLE_ASIDE, slot);
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	aside->id = id;
	aside->reason = text_intern(&core->texts, from->reason);
	aside->bytes = from->bytes;
	aside->times = from->times;
	aside->from = from->from;
	aside->row = from->row;
	aside->at_ms = apply->event->at_ms;
	aside->seq = apply->event->seq;
	town->asides = number;
	return DISP_OK;
}

enum disp_err apply_aside(struct apply *apply)
{
	const struct effect_aside *effect = &apply->effect->u.aside;
	uint32_t slot = state_slot(apply->core, TABLE_ASIDE, effect->aside);

	if (apply->event->kind != EVENT_ASIDE)
		return DISP_E_DAMAGED;
	if (effect->act == ASIDE_FOUND)
		return take_in(apply);
	if (slot == 0 || (effect->act != ASIDE_RELEASE && effect->act != ASIDE_DROP))
		return DISP_E_DAMAGED;
	state_free(apply->core, TABLE_ASIDE, slot);
	return DISP_OK;
}
