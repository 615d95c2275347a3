/* apply_town: what an effect does to units, devices, stock and the town's switches. */
#include "core/apply.h"

#include <stddef.h>
#include <string.h>

static uint32_t intern(struct apply *apply, struct text text)
{
	return text_intern(&apply->core->texts, text);
}

enum disp_err apply_device(struct apply *apply)
{
	struct device *device = state_edit(apply->core, TABLE_DEVICE, apply->effect->u.device.device);

	if (device == NULL || apply->effect->u.device.state >= DEVICE_STATE_COUNT)
		return DISP_E_DAMAGED;
	device->state = apply->effect->u.device.state;
	if (device->state == DEVICE_OK)
		device->seen_ms = apply->event->at_ms;
	timer_set(apply->core, TIMER_DEVICE, device->r.slot, device_due_ms(apply->core, device));
	return DISP_OK;
}

enum disp_err apply_link(struct apply *apply)
{
	const struct effect_link *link = &apply->effect->u.link;
	struct unit *unit = NULL;
	struct depot *depot = NULL;
	struct device *device = NULL;

	if (link->target == TARGET_UNIT && (unit = state_edit(apply->core, TABLE_UNIT, link->who)) != NULL)
		unit->link = link->up;
	else if (link->target == TARGET_DEPOT &&
		 (depot = state_edit(apply->core, TABLE_DEPOT, link->who)) != NULL)
		depot->link = link->up;
	else if (link->target == TARGET_DEVICE &&
		 (device = state_edit(apply->core, TABLE_DEVICE, link->who)) != NULL)
		device->link = link->up;
	else
		return DISP_E_DAMAGED;
	return DISP_OK;
}

enum disp_err apply_warning(struct apply *apply)
{
	const struct effect_warning *from = &apply->effect->u.warning;
	struct town_state *town = state_edit(apply->core, TABLE_TOWN, 1);
	uint32_t hazard = from->hazard;
	struct warning *place = NULL;

	if (hazard == 0)
		hazard = text_intern(&apply->core->texts, apply->event->kind == EVENT_WARNING
								  ? apply->event->u.warning.hazard
								  : TEXT("rainstorm"));
	for (uint32_t index = 0; index < WARNINGS_MAX; index++) {
		struct warning *warning = &town->warning[index];

		if (warning->colour != COLOUR_NONE && warning->hazard == hazard)
			place = warning;
		else if (place == NULL && warning->colour == COLOUR_NONE)
			place = warning;
	}
	if (place == NULL)
		return DISP_E_DAMAGED;
	*place = (struct warning){hazard, from->colour, from->until_ms};
	if (from->colour == COLOUR_NONE)
		*place = (struct warning){0};
	timer_set(apply->core, TIMER_TOWN, 1, town_due_ms(town));
	return DISP_OK;
}

enum disp_err apply_release(struct apply *apply)
{
	struct town_state *town = state_edit(apply->core, TABLE_TOWN, 1);

	if (apply->effect->u.release.release >= RELEASE_COUNT ||
		apply->effect->u.release.kept > RELEASE_COUNT)
		return DISP_E_DAMAGED;
	town->release = apply->effect->u.release.release;
	town->release_kept = apply->effect->u.release.kept;
	return DISP_OK;
}

enum disp_err apply_response(struct apply *apply)
{
	struct town_state *town = state_edit(apply->core, TABLE_TOWN, 1);

	if (apply->effect->u.response.level >= RESPONSE_COUNT)
		return DISP_E_DAMAGED;
	town->response_level = apply->effect->u.response.level;
	town->level_change[town->level_changes++ % LEVEL_CHANGES_MAX] =
		(struct level_change){.at_ms = apply->event->at_ms,
			.seq = apply->event->seq,
			.level = apply->effect->u.response.level};
	return DISP_OK;
}

enum disp_err apply_telling(struct apply *apply)
{
	const struct effect_telling *from = &apply->effect->u.telling;
	struct town_state *town = state_edit(apply->core, TABLE_TOWN, 1);

	if (from->state >= TELLING_STATE_COUNT || from->over >= RESPONSE_COUNT)
		return DISP_E_DAMAGED;
	town->telling = (struct level_telling){.state = from->state,
		.next = from->next,
		.over = from->over,
		.since = from->since,
		.until = from->until,
		.by = from->by,
		.agreed = from->agreed,
		.by_before = from->by_before,
		.agreed_before = from->agreed_before};
	return DISP_OK;
}

enum disp_err apply_silence(struct apply *apply)
{
	const struct effect_silence *from = &apply->effect->u.silence;
	struct core *core = apply->core;
	uint32_t slot = state_slot(core, TABLE_SILENCE, from->number);

	if (!from->active) {
		if (slot == 0)
			return DISP_E_DAMAGED;
		timer_set(core, TIMER_SILENCE, slot, 0);
		state_free(core, TABLE_SILENCE, slot);
		return DISP_OK;
	}
	const struct event_silence *event = &apply->event->u.silence;
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	if (slot != 0 || (slot = state_new(core, TABLE_SILENCE, from->number)) == 0)
		return DISP_E_DAMAGED;
	struct silence *silence = state_edit(core, TABLE_SILENCE, slot);

	town->silences = from->number;
	silence->source = intern(apply, event->source);
	silence->type = intern(apply, event->type);
	silence->grid = intern(apply, event->grid);
	silence->reason = intern(apply, event->reason);
	silence->by = intern(apply, apply->event->by);
	silence->from_ms = apply->event->at_ms;
	silence->until_ms = event->until_ms;
	silence->active = 1;
	timer_set(core, TIMER_SILENCE, slot, silence_due_ms(silence));
	return DISP_OK;
}

/* The entry of this line and case, else a free one, else the oldest. */
static struct hand_out *hand_out_of(struct town_state *town, uint32_t stock, uint32_t incident)
{
	struct hand_out *found = &town->hand_out[0];

	for (uint32_t i = 0; i < HAND_OUT_MAX; i++) {
		struct hand_out *out = &town->hand_out[i];

		if (out->quantity > 0 && out->stock == stock && out->incident == incident)
			return out;
		if (found->quantity > 0 && (out->quantity == 0 || out->at_ms < found->at_ms))
			found = out;
	}
	memset(found, 0, sizeof *found);
	return found;
}

/* Issued by hand for a case: it is to come back. gone: how much less there is now. */
static void keep_hand_out(struct apply *apply, int64_t gone)
{
	const struct effect_stock *from = &apply->effect->u.stock;
	struct town_state *town = state_edit(apply->core, TABLE_TOWN, 1);
	struct hand_out *out = hand_out_of(town, from->stock, from->incident);

	if (out->quantity + gone <= 0) {
		memset(out, 0, sizeof *out);
		return;
	}
	out->stock = from->stock;
	out->incident = from->incident;
	out->quantity += gone;
	if (gone > 0)
		out->at_ms = apply->event->at_ms;
}

enum disp_err apply_stock(struct apply *apply)
{
	const struct effect_stock *from = &apply->effect->u.stock;
	struct stock *stock = state_edit(apply->core, TABLE_STOCK, from->stock);

	if (stock == NULL || from->on_hand < 0 || from->reserved < 0)
		return DISP_E_DAMAGED;
	int64_t gone = stock->on_hand - from->on_hand;

	stock->on_hand = from->on_hand;
	stock->reserved = from->reserved;
	if (from->incident != 0 && (from->act == STOCK_ISSUE || from->act == STOCK_RETURN))
		keep_hand_out(apply, gone);
	return DISP_OK;
}

enum disp_err apply_unit_state(struct apply *apply)
{
	const struct effect_unit_state *from = &apply->effect->u.unit_state;
	struct unit *unit = state_edit(apply->core, TABLE_UNIT, from->unit);

	if (unit == NULL || from->to >= UNIT_STATE_COUNT)
		return DISP_E_DAMAGED;
	if (unit->state == UNIT_RETURNING && from->to == UNIT_AVAILABLE && unit->home_ms != 0 &&
		unit->home_ms <= apply->event->at_ms) {
		unit->place = unit->home; /* back at the station, as far as anybody knows */
		unit->position_ms = 0;
	}
	unit->state = from->to;
	unit->home_ms = from->home_ms;
	timer_set(apply->core, TIMER_UNIT, unit->r.slot, unit_due_ms(unit));
	return DISP_OK;
}

enum disp_err apply_unit_place(struct apply *apply)
{
	const struct effect_unit_place *from = &apply->effect->u.unit_place;
	struct unit *unit = state_edit(apply->core, TABLE_UNIT, from->unit);

	if (unit == NULL)
		return DISP_E_DAMAGED;
	unit->place = from->place;
	unit->position_ms = from->time_ms;
	return DISP_OK;
}
