/* state: tables, timers and the digest; see the header. Decides nothing. */
#include "core/state.h"

#include <stddef.h>
#include <string.h>

static const uint32_t record_bytes[TABLE_COUNT] = {
	[TABLE_TOWN] = sizeof(struct town_state),
	[TABLE_GRID] = sizeof(struct grid),
	[TABLE_PERSON] = sizeof(struct person),
	[TABLE_UNIT] = sizeof(struct unit),
	[TABLE_DEPOT] = sizeof(struct depot),
	[TABLE_STOCK] = sizeof(struct stock),
	[TABLE_DEVICE] = sizeof(struct device),
	[TABLE_DUTY] = sizeof(struct duty),
	[TABLE_PLAYBOOK] = sizeof(struct playbook),
	[TABLE_INCIDENT] = sizeof(struct incident),
	[TABLE_NEED] = sizeof(struct need),
	[TABLE_ORDER] = sizeof(struct order),
	[TABLE_SUPPLY] = sizeof(struct supply),
	[TABLE_NOTICE] = sizeof(struct notice),
	[TABLE_TASK] = sizeof(struct task),
	[TABLE_SILENCE] = sizeof(struct silence),
	[TABLE_IDENTITY] = sizeof(struct identity),
	[TABLE_KEY] = sizeof(struct key),
	[TABLE_ASIDE] = sizeof(struct aside),
};

static const enum table timer_table[TIMER_COUNT] = {
	TABLE_INCIDENT, TABLE_ORDER, TABLE_UNIT, TABLE_DEVICE, TABLE_NOTICE, TABLE_SILENCE, TABLE_TOWN};

void core_limits_default(struct core_limits *limits)
{
	*limits = (struct core_limits){
		.max = {[TABLE_TOWN] = 1,
			[TABLE_GRID] = 4096,
			[TABLE_PERSON] = 8192,
			[TABLE_UNIT] = 8192,
			[TABLE_DEPOT] = SUPPLY_DEPOTS_MAX,
			[TABLE_STOCK] = 8192,
			[TABLE_DEVICE] = 16384,
			[TABLE_DUTY] = 256,
			[TABLE_PLAYBOOK] = 512,
			[TABLE_INCIDENT] = 20000,
			[TABLE_NEED] = 131072,
			[TABLE_ORDER] = 131072,
			[TABLE_SUPPLY] = 65536,
			[TABLE_NOTICE] = 65536,
			[TABLE_TASK] = 131072,
			[TABLE_SILENCE] = 1024,
			[TABLE_IDENTITY] = 1500000,
			[TABLE_KEY] = 16384,
			[TABLE_ASIDE] = 256},
		.texts = 262144,
		.text_bytes = 8u << 20,
	};
}

void core_rules_default(struct core_rules *rules)
{
	*rules = (struct core_rules){
		.identity_keep_ms = 24 * 3600 * INT64_C(1000),
		.position_fresh_ms = 120 * INT64_C(1000),
		.position_stale_ms = 1800 * INT64_C(1000),
		.position_drop_ms = 12 * 3600 * INT64_C(1000),
		.position_cost_permille = 100,
		.position_cost_max_ms = 600 * INT64_C(1000),
		.answer_ms = 60 * INT64_C(1000),
		.ask_again_ms = 300 * INT64_C(1000),
		.retry_ms = 60 * INT64_C(1000),
		.join_mm = 100 * INT64_C(1000),
		.join_ms = 300 * INT64_C(1000),
		.same_place_mm = 50 * INT64_C(1000),
		.carrier_speed_mm_s = 8333,
		.silent_factor = 3,
		.bell_ms = 60 * INT64_C(1000),
		.bell_rings = 5,
		.presence_ms = 0,
		.presence_answer_ms = 300 * INT64_C(1000),
		.notice_tries = 3,
		.notice_ms = 300 * INT64_C(1000),
		.depot_answer_ms = 300 * INT64_C(1000),
		.named = false,
		.response = {[0] = {0, 0, RELEASE_COUNT},
			[1] = {WHO_COMMITTEE,
				WHO_COMMITTEE | WHO_OFFICE | WHO_LEADER | WHO_TOWN_HEAD | WHO_VILLAGE_HEAD |
					WHO_KEEPER,
				RELEASE_AUTO},
			[2] = {WHO_COMMITTEE,
				WHO_COMMITTEE | WHO_OFFICE | WHO_LEADER | WHO_TOWN_HEAD | WHO_VILLAGE_HEAD |
					WHO_KEEPER,
				RELEASE_AUTO},
			[3] = {WHO_LEADER | WHO_COMMITTEE, WHO_OFFICE | WHO_LEADER | WHO_VILLAGE_HEAD,
				RELEASE_COUNT},
			[4] = {0, WHO_OFFICE | WHO_LEADER, RELEASE_COUNT}},
	};
}

static uint64_t round_up(uint64_t bytes)
{
	return (bytes + 63) & ~UINT64_C(63);
}

static uint32_t power_above(uint64_t count)
{
	uint32_t slots = 16;

	while (slots < count)
		slots *= 2;
	return slots;
}

static uint32_t timer_count(const struct core_limits *limits)
{
	uint32_t count = 0;

	for (uint32_t kind = 0; kind < TIMER_COUNT; kind++)
		count += limits->max[timer_table[kind]] + 1;
	return count;
}

static uint64_t indexed_count(const struct core_limits *limits)
{
	uint64_t count = 0;

	for (uint32_t table = 0; table < TABLE_COUNT; table++)
		count += limits->max[table];
	return count + 2 * (uint64_t)limits->max[TABLE_KEY]; /* by id and by public key besides */
}

/* Hands out pieces of the core's one block; with base NULL it only measures. */
struct carver {
	uint8_t *base;
	uint64_t used;
};

static void *carve(struct carver *carver, uint64_t bytes)
{
	void *piece = carver->base == NULL ? NULL : carver->base + carver->used;

	carver->used += round_up(bytes);
	return piece;
}

static uint64_t lay_out(struct core *core, const struct core_limits *limits, void *memory)
{
	struct carver carver = {memory, 0};
	uint32_t timers = timer_count(limits);
	uint32_t incidents = limits->max[TABLE_INCIDENT] + 1;

	carve(&carver, sizeof(struct core));
	for (uint32_t table = 0; table < TABLE_COUNT; table++) {
		struct table_store *store = &core->table[table];

		store->bytes = record_bytes[table];
		store->max = limits->max[table];
		store->base = carve(&carver, (uint64_t)store->bytes * (store->max + 1));
		store->hash = carve(&carver, sizeof(uint64_t) * (store->max + UINT64_C(1)));
	}
	core->texts.texts_max = limits->texts;
	core->texts.bytes_max = limits->text_bytes;
	core->texts.slots = power_above(UINT64_C(2) * limits->texts);
	core->texts.bytes = carve(&carver, limits->text_bytes);
	core->texts.entry = carve(&carver, sizeof(struct text_entry) * (limits->texts + UINT64_C(1)));
	core->texts.slot = carve(&carver, sizeof(uint32_t) * (uint64_t)core->texts.slots);
	core->index.slots = power_above(2 * indexed_count(limits));
	core->index.entry = carve(&carver, sizeof(struct index_entry) * (uint64_t)core->index.slots);
	core->timers.max = timers;
	core->timers.item = carve(&carver, sizeof(struct heap_item) * (uint64_t)timers);
	core->timers.where = carve(&carver, sizeof(uint32_t) * (uint64_t)timers);
	core->agenda.max = incidents;
	core->agenda.item = carve(&carver, sizeof(struct heap_item) * (uint64_t)incidents);
	core->agenda.where = carve(&carver, sizeof(uint32_t) * (uint64_t)incidents);
	core->open.max = incidents;
	core->open.item = carve(&carver, sizeof(struct nearby_item) * (uint64_t)incidents);
	core->open.where = carve(&carver, sizeof(uint32_t) * (uint64_t)incidents);
	core->scratch = carve(&carver, sizeof(struct scratch));
	uint8_t *why = carve(&carver, limits->max[TABLE_UNIT] + UINT64_C(1));
	uint64_t *heads = carve(&carver, sizeof(uint64_t) * (limits->max[TABLE_PERSON] / 64 + UINT64_C(1)));
	uint8_t *depot_why = carve(&carver, limits->max[TABLE_DEPOT] + UINT64_C(1));
	uint8_t *notice = carve(&carver, limits->max[TABLE_NOTICE] + UINT64_C(1));

	if (memory != NULL) {
		core->scratch->why = why;
		core->scratch->depot_why = depot_why;
		core->scratch->heads = heads;
		core->scratch->notice = notice;
	}
	return carver.used;
}

uint64_t core_size(const struct core_limits *limits)
{
	struct core measured = {0};

	return lay_out(&measured, limits, NULL);
}

static bool limits_valid(const struct core_limits *limits)
{
	for (uint32_t table = 0; table < TABLE_COUNT; table++)
		if (limits->max[table] == 0 || limits->max[table] > 1u << 24)
			return false;
	return limits->max[TABLE_TOWN] == 1 && limits->max[TABLE_DEPOT] <= SUPPLY_DEPOTS_MAX &&
	       limits->max[TABLE_UNIT] <= SELECT_CANDIDATES_MAX && limits->texts > 0 &&
	       limits->texts <= 1u << 28 && limits->text_bytes > 0 && limits->text_bytes <= 1u << 31;
}

enum disp_err core_init(void *memory, const struct core_limits *limits, const struct core_rules *rules,
	const struct travel *travel, struct core **out)
{
	struct core *core = memory;

	if (!limits_valid(limits))
		return DISP_E_INPUT;
	core->limits = *limits;
	core->rules = *rules;
	core->travel = *travel;
	(void)lay_out(core, limits, memory);
	for (uint32_t kind = 1; kind < TIMER_COUNT; kind++)
		core->timer_base[kind] = core->timer_base[kind - 1] + limits->max[timer_table[kind - 1]] + 1;
	uint32_t town = state_new(core, TABLE_TOWN, 1);

	ASSERT(town == 1);
	state_settle(core);
	*out = core;
	return DISP_OK;
}

/* --- records ---------------------------------------------------------------------------------- */

static struct record *record_of(const struct core *core, enum table table, uint32_t slot)
{
	return (struct record *)(void *)(core->table[table].base + (uint64_t)slot * core->table[table].bytes);
}

const void *state_at(const struct core *core, enum table table, uint32_t slot)
{
	if (slot == 0 || slot > core->table[table].used)
		return NULL;
	const struct record *record = record_of(core, table, slot);

	return record->number != 0 ? record : NULL;
}

uint64_t state_key(enum table table, uint64_t id)
{
	return ((uint64_t)table + 1) << 56 | (id & ((UINT64_C(1) << 56) - 1));
}

uint32_t state_slot(const struct core *core, enum table table, uint32_t number)
{
	return number == 0 ? 0 : index_get(&core->index, state_key(table, number));
}

/* Registered things are found by their id's text number, kept apart from running numbers by the table. */
uint32_t state_find_number(const struct core *core, enum table table, uint32_t text_number)
{
	return text_number == 0 ? 0 : index_get(&core->index, state_key(table, text_number));
}

uint32_t state_find(const struct core *core, enum table table, struct text id)
{
	return state_find_number(core, table, text_find(&core->texts, id));
}

uint32_t state_find_stock(const struct core *core, uint32_t depot, uint32_t item_text)
{
	if (depot == 0 || item_text == 0)
		return 0;
	return index_get(&core->index, state_key(TABLE_STOCK, (uint64_t)depot << 32 | item_text));
}

const struct incident *incident_by(const struct core *core, uint32_t number)
{
	return incident_at(core, state_slot(core, TABLE_INCIDENT, number));
}

const struct need *need_by(const struct core *core, uint32_t number)
{
	return need_at(core, state_slot(core, TABLE_NEED, number));
}

const struct order *order_by(const struct core *core, uint32_t number)
{
	return order_at(core, state_slot(core, TABLE_ORDER, number));
}

static uint64_t record_hash(const struct core *core, enum table table, uint32_t slot)
{
	const uint8_t *byte = (const uint8_t *)record_of(core, table, slot);
	uint64_t hash = index_mix(table * (UINT64_C(1) << 32) + slot + 1);

	if (record_of(core, table, slot)->number == 0)
		return 0; /* a free slot's content does not count */
	for (uint32_t at = 0; at < core->table[table].bytes; at += 8) {
		uint64_t word;

		memcpy(&word, byte + at, 8);
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return index_mix(hash);
}

static void rehash(struct core *core, uint32_t table, uint32_t slot)
{
	uint64_t now = record_hash(core, (enum table)table, slot);

	core->digest += now - core->table[table].hash[slot];
	core->table[table].hash[slot] = now;
}

void state_settle(struct core *core)
{
	for (uint32_t index = 0; index < core->dirty_count; index++)
		rehash(core, core->dirty[index].table, core->dirty[index].slot);
	core->dirty_count = 0;
}

void state_rehash_all(struct core *core)
{
	for (uint32_t table = 0; table < TABLE_COUNT; table++)
		for (uint32_t slot = 1; slot <= core->table[table].used; slot++)
			rehash(core, table, slot);
}

static void mark(struct core *core, enum table table, uint32_t slot)
{
	if (core->dirty_count == DIRTY_MAX)
		state_settle(core);
	/* The record may be changed again after an early settling: it is marked again by its next edit, and the
	 * last edits of a call always stand at the end of the list. */
	core->dirty[core->dirty_count++] = (struct dirty){(uint32_t)table, slot};
}

void *state_edit(struct core *core, enum table table, uint32_t slot)
{
	if (state_at(core, table, slot) == NULL)
		return NULL;
	mark(core, table, slot);
	return record_of(core, table, slot);
}

uint32_t state_room(const struct core *core, enum table table)
{
	return core->table[table].max - core->table[table].live;
}

static uint32_t take_slot(struct core *core, enum table table)
{
	struct table_store *store = &core->table[table];
	uint32_t slot = store->free;

	if (slot != 0)
		store->free = record_of(core, table, slot)->slot;
	else if (store->used < store->max)
		slot = ++store->used;
	else
		return 0;
	store->live++;
	memset(record_of(core, table, slot), 0, store->bytes);
	record_of(core, table, slot)->slot = slot;
	return slot;
}

uint32_t state_new(struct core *core, enum table table, uint32_t number)
{
	ASSERT(number != 0);
	uint32_t slot = take_slot(core, table);

	if (slot == 0)
		return 0;
	record_of(core, table, slot)->number = number;
	if (table != TABLE_TOWN)
		index_put(&core->index, state_key(table, number), slot);
	mark(core, table, slot);
	return slot;
}

uint32_t state_register(struct core *core, enum table table, uint32_t id_text, uint64_t key)
{
	uint32_t slot = take_slot(core, table);

	if (slot == 0)
		return 0;
	record_of(core, table, slot)->number = slot;
	index_put(&core->index, state_key(table, key != 0 ? key : id_text), slot);
	mark(core, table, slot);
	return slot;
}

void state_free(struct core *core, enum table table, uint32_t slot)
{
	struct table_store *store = &core->table[table];
	struct record *record = record_of(core, table, slot);

	index_remove(&core->index, state_key(table, record->number));
	memset(record, 0, store->bytes);
	record->slot = store->free;
	store->free = slot;
	store->live--;
	mark(core, table, slot);
}

uint64_t core_digest(const struct core *core)
{
	return core->digest;
}

uint64_t core_digest_full(const struct core *core)
{
	uint64_t digest = 0;

	for (uint32_t table = 0; table < TABLE_COUNT; table++)
		for (uint32_t slot = 1; slot <= core->table[table].used; slot++)
			digest += record_hash(core, (enum table)table, slot);
	return digest;
}

bool core_audit(const struct core *core, uint64_t *cursor, uint32_t records)
{
	uint32_t table = (uint32_t)(*cursor >> 32) % TABLE_COUNT, slot = (uint32_t)*cursor;

	for (uint32_t count = 0; count < records; count++) {
		if (slot > core->table[table].used) {
			table = (table + 1) % TABLE_COUNT;
			slot = 0;
		}
		*cursor = table * (UINT64_C(1) << 32) + slot;
		if (slot != 0 && slot <= core->table[table].used &&
			record_hash(core, (enum table)table, slot) != core->table[table].hash[slot])
			return false;
		slot++;
	}
	*cursor = table * (UINT64_C(1) << 32) + slot;
	return true;
}

/* --- timers ----------------------------------------------------------------------------------- */

void timer_set(struct core *core, enum timer_kind kind, uint32_t slot, int64_t due_ms)
{
	uint32_t id = core->timer_base[kind] + slot;

	if (due_ms == 0 || due_ms == INT64_MAX)
		heap_drop(&core->timers, id);
	else
		heap_set(&core->timers, id, due_ms);
}

bool timer_top(const struct core *core, enum timer_kind *kind, uint32_t *slot, int64_t *due_ms)
{
	const struct heap_item *top = heap_top(&core->timers);

	if (top == NULL)
		return false;
	uint32_t found = TIMER_COUNT - 1;

	while (core->timer_base[found] > top->id)
		found--;
	*kind = (enum timer_kind)found;
	*slot = top->id - core->timer_base[found];
	*due_ms = top->key;
	return true;
}

int64_t core_due_ms(const struct core *core)
{
	if (heap_top(&core->agenda) != NULL || town_of(core)->telling.state != TELLING_DONE)
		return 0;
	return heap_top(&core->timers) != NULL ? heap_top(&core->timers)->key : INT64_MAX;
}

uint64_t skills_find(const struct core *core, struct text words)
{
	uint64_t set = 0;

	for (struct text word = text_next_word(&words); word.len > 0; word = text_next_word(&words)) {
		uint32_t number = text_find(&core->texts, word), bit = 0;

		while (bit < core->skill_count && core->skill[bit] != number)
			bit++;
		set |= UINT64_C(1) << (number != 0 && bit < core->skill_count ? bit : SKILL_NOBODY);
	}
	return set;
}

bool incident_ended(uint8_t state)
{
	return state == INCIDENT_CLOSED || state == INCIDENT_CANCELLED || state == INCIDENT_REFERRED;
}

bool order_live(uint8_t state)
{
	return state >= ORDER_ISSUED && state <= ORDER_ARRIVED;
}
