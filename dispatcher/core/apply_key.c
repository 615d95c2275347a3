/* apply_key: what an effect does to the registry of keys. */
#include "core/apply.h"

#include <stddef.h>
#include <string.h>

static uint32_t intern(struct apply *apply, struct text text)
{
	return text_intern(&apply->core->texts, text);
}

static enum disp_err forget(struct core *core, uint32_t number)
{
	uint32_t slot = state_slot(core, TABLE_KEY, number);
	const struct key *key = key_at(core, slot);

	if (key == NULL)
		return DISP_E_DAMAGED;
	index_remove(&core->index, key_lookup_id(key->id));
	if (key->kind == KEY_CURVE)
		index_remove(&core->index, key_lookup_public(key->public_key));
	state_free(core, TABLE_KEY, slot);
	return DISP_OK;
}

/* The id of whose it is: a person may have been meant by name. 0: there is nobody of that number. */
static uint32_t id_of(const struct core *core, uint8_t target, uint32_t who)
{
	switch (target) {
	case TARGET_UNIT:
		return unit_at(core, who) == NULL ? 0 : unit_at(core, who)->id;
	case TARGET_DEPOT:
		return depot_at(core, who) == NULL ? 0 : depot_at(core, who)->id;
	case TARGET_DEVICE:
		return device_at(core, who) == NULL ? 0 : device_at(core, who)->id;
	case TARGET_PERSON:
		return person_at(core, who) == NULL ? 0 : person_at(core, who)->id;
	default:
		return 0;
	}
}

static void fill(struct apply *apply, struct key *key, uint32_t id)
{
	const struct event_key *from = &apply->event->u.key;
	const struct effect_key *effect = &apply->effect->u.key;

	key->id = id;
	key->who = id_of(apply->core, effect->target, effect->who);
	key->hash = intern(apply, from->hash);
	key->by = intern(apply, apply->event->by);
	key->reason = intern(apply, from->reason);
	key->kind = from->kind;
	key->role = from->role;
	memcpy(key->public_key, from->public_key, sizeof key->public_key);
	key->until_ms = from->until_ms;
	key->added_ms = apply->event->at_ms;
}

static enum disp_err take_in(struct apply *apply)
{
	struct core *core = apply->core;
	const struct event_key *from = &apply->event->u.key;
	const struct effect_key *effect = &apply->effect->u.key;
	uint32_t id = intern(apply, from->id);

	if (effect->gone != 0 && forget(core, effect->gone) != DISP_OK)
		return DISP_E_DAMAGED;
	if (effect->key == 0 || id == 0 || state_slot(core, TABLE_KEY, effect->key) != 0 ||
		index_get(&core->index, key_lookup_id(id)) != 0 ||
		(effect->target != TARGET_NONE && id_of(core, effect->target, effect->who) == 0))
		return DISP_E_DAMAGED;
	if (from->kind == KEY_CURVE && index_get(&core->index, key_lookup_public(from->public_key)) != 0)
		return DISP_E_DAMAGED;
	uint32_t slot = state_new(core, TABLE_KEY, effect->key);

	if (slot == 0)
		return DISP_E_DAMAGED;
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);

	town->keys = effect->key;
	fill(apply, state_edit(core, TABLE_KEY, slot), id);
	index_put(&core->index, key_lookup_id(id), slot);
	if (from->kind == KEY_CURVE)
		index_put(&core->index, key_lookup_public(from->public_key), slot);
	return DISP_OK;
}

/* It stays to be read; what its token was checked against does not. */
static enum disp_err revoke(struct apply *apply)
{
	struct core *core = apply->core;
	struct key *key = state_edit(core, TABLE_KEY, state_slot(core, TABLE_KEY, apply->effect->u.key.key));

	if (key == NULL || key->revoked)
		return DISP_E_DAMAGED;
	key->revoked = 1;
	key->hash = 0;
	key->revoked_ms = apply->event->at_ms;
	key->revoked_by = intern(apply, apply->event->by);
	key->revoked_reason = intern(apply, apply->event->u.key.reason);
	return DISP_OK;
}

enum disp_err apply_key(struct apply *apply)
{
	if (apply->event->kind != EVENT_KEY)
		return DISP_E_DAMAGED;
	if (apply->effect->u.key.act == KEY_ADD)
		return take_in(apply);
	return apply->effect->u.key.act == KEY_REVOKE ? revoke(apply) : DISP_E_DAMAGED;
}
