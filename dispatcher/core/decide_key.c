/* decide_key: keys are taken in and revoked. Whether one may be used is asked of the record, not here. */
#include "core/decide.h"

#include <stddef.h>
#include <string.h>

#include "core/permit.h"

/* What a role is about, and which kind of key it takes. */
static const struct {
	uint8_t target, kind;
} role_is[KEY_ROLE_COUNT] = {
	[KEY_DEVICE] = {TARGET_DEVICE, KEY_CURVE},
	[KEY_UNIT] = {TARGET_UNIT, KEY_CURVE},
	[KEY_DEPOT] = {TARGET_DEPOT, KEY_CURVE},
	[KEY_GATEWAY] = {TARGET_NONE, KEY_CURVE},
	[KEY_READER] = {TARGET_NONE, KEY_CURVE},
	[KEY_CONSOLE] = {TARGET_PERSON, KEY_TOKEN},
	[KEY_PAIR] = {TARGET_NONE, KEY_CURVE},
};

/* A reader may come by ZeroMQ and by HTTP. */
static bool kind_fits(uint8_t role, uint8_t kind)
{
	return kind == role_is[role].kind || (role == KEY_READER && kind == KEY_TOKEN);
}

/* --- look-up ------------------------------------------------------------------------------------- */

uint64_t key_lookup_id(uint32_t id_text)
{
	return state_key((enum table)LOOKUP_KEY_ID, id_text);
}

uint64_t key_lookup_public(const uint8_t public_key[KEY_PUBLIC_BYTES])
{
	uint64_t mixed = 0, word;

	for (uint32_t at = 0; at < KEY_PUBLIC_BYTES; at += sizeof word) {
		memcpy(&word, public_key + at, sizeof word);
		mixed = index_mix(mixed ^ word);
	}
	return state_key((enum table)LOOKUP_KEY_PUBLIC, mixed);
}

uint32_t key_find(const struct core *core, struct text id)
{
	uint32_t text = text_find(&core->texts, id);

	return text == 0 ? 0 : index_get(&core->index, key_lookup_id(text));
}

bool key_holds(const struct key *key, int64_t at_ms)
{
	return !key->revoked && (key->until_ms == 0 || at_ms < key->until_ms);
}

/* The one that has not held for longest; 0: all do. */
static uint32_t longest_gone(const struct core *core, int64_t at_ms)
{
	int64_t first_ms = INT64_MAX;
	uint32_t number = 0;

	for (uint32_t slot = 1; slot <= core->table[TABLE_KEY].used; slot++) {
		const struct key *key = key_at(core, slot);

		if (key == NULL || key_holds(key, at_ms))
			continue;
		int64_t ended_ms = key->revoked ? key->revoked_ms : key->until_ms;

		if (ended_ms < first_ms) {
			first_ms = ended_ms;
			number = key->r.number;
		}
	}
	return number;
}

/* --- what is asked for ----------------------------------------------------------------------------- */

static bool id_fits(struct text id)
{
	for (uint32_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

		if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-')
			return false;
	}
	return id.len > 0 && id.len <= KEY_ID_MAX;
}

/* A public key of a pair, or what a token is checked against: the one that the kind says, and not the other. */
static bool secret_fits(const struct event_key *from)
{
	static const uint8_t none[KEY_PUBLIC_BYTES];
	struct text mark = TEXT("$argon2id$");
	bool pair = memcmp(from->public_key, none, sizeof none) != 0;

	if (from->kind == KEY_CURVE)
		return pair && from->hash.len == 0;
	return !pair && from->hash.len > mark.len && from->hash.len <= KEY_HASH_MAX &&
	       memcmp(from->hash.ptr, mark.ptr, mark.len) == 0;
}

static bool asks_well(const struct event *event)
{
	const struct event_key *from = &event->u.key;

	if (!id_fits(from->id) || from->role == ROLE_KEY_NONE || from->role >= KEY_ROLE_COUNT ||
		!kind_fits(from->role, from->kind) || !secret_fits(from))
		return false;
	if ((role_is[from->role].target == TARGET_NONE) != (from->who.len == 0))
		return false;
	return from->until_ms == 0 || from->until_ms > event->at_ms;
}

/* The number of the thing or person that is meant; 0: there is none, or not any more. */
static uint32_t find_whose(const struct core *core, uint8_t target, struct text who)
{
	static const enum table table_of[TARGET_COUNT] = {[TARGET_UNIT] = TABLE_UNIT,
		[TARGET_DEPOT] = TABLE_DEPOT,
		[TARGET_DEVICE] = TABLE_DEVICE,
		[TARGET_PERSON] = TABLE_PERSON};
	uint32_t number = target == TARGET_PERSON ? permit_person(core, who).number
						  : state_find(core, table_of[target], who);
	bool retired = number == 0 || (target == TARGET_UNIT && unit_at(core, number)->retired) ||
		       (target == TARGET_DEPOT && depot_at(core, number)->retired) ||
		       (target == TARGET_DEVICE && device_at(core, number)->retired) ||
		       (target == TARGET_PERSON && person_at(core, number)->retired);

	return retired ? 0 : number;
}

/*
 * The key that stands in the way: of this id, or of this public key, revoked ones too: what was given away once is not
 * taken in again under another name. NULL: none.
 */
static const struct key *taken_by(const struct core *core, const struct event_key *from)
{
	uint32_t slot = key_find(core, from->id);

	if (slot == 0 && from->kind == KEY_CURVE)
		slot = index_get(&core->index, key_lookup_public(from->public_key));
	return key_at(core, slot);
}

static void take_in(struct decision *decision)
{
	const struct core *core = decision->core;
	const struct event_key *from = &decision->event->u.key;

	if (!asks_well(decision->event)) {
		emit_result(decision, OUTCOME_INVALID, 0);
		return;
	}
	const struct key *taken = taken_by(core, from);
	uint8_t target = role_is[from->role].target;
	uint32_t who = target == TARGET_NONE ? 0 : find_whose(core, target, from->who);
	uint32_t gone = state_room(core, TABLE_KEY) > 0 ? 0 : longest_gone(core, decision->event->at_ms);

	if (taken != NULL) {
		emit_result(decision, OUTCOME_TAKEN, taken->r.number);
		return;
	}
	if (target != TARGET_NONE && who == 0) {
		emit_result(decision, OUTCOME_NOT_FOUND, 0);
		return;
	}
	if (gone == 0 && state_room(core, TABLE_KEY) == 0) {
		emit_result(decision, OUTCOME_FULL, 0);
		return;
	}
	uint32_t number = town_of(core)->keys + 1;

	emit_result(decision, OUTCOME_OK, number);
	emit(decision, EFFECT_KEY)->u.key = (struct effect_key){
		.key = number, .act = KEY_ADD, .target = target, .who = who, .gone = gone};
}

/* It is named by its id and the reason alone: what else is said would stand in the row unread. */
static void revoke(struct decision *decision)
{
	const struct core *core = decision->core;
	const struct event_key *from = &decision->event->u.key;
	const struct key *key = key_at(core, key_find(core, from->id));
	enum outcome outcome = OUTCOME_OK;

	if (key == NULL)
		outcome = OUTCOME_NOT_FOUND;
	else if (key->revoked)
		outcome = OUTCOME_UNCHANGED;
	else if (from->reason.len == 0 || from->kind != KEY_NONE || from->role != 0)
		outcome = OUTCOME_INVALID;
	emit_result(decision, outcome, key == NULL ? 0 : key->r.number);
	if (outcome == OUTCOME_OK)
		emit(decision, EFFECT_KEY)->u.key =
			(struct effect_key){.key = key->r.number, .act = KEY_REVOKE};
}

void decide_key(struct decision *decision)
{
	if (decision->event->u.key.act == KEY_ADD)
		take_in(decision);
	else if (decision->event->u.key.act == KEY_REVOKE)
		revoke(decision);
	else
		emit_result(decision, OUTCOME_INVALID, 0);
}
