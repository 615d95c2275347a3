/* image: the core as sections of bytes, out and in; for snapshots. */
#include <stddef.h>
#include <string.h>

#include "core/apply.h"
#include "core/state.h"

/* Raised whenever a record changes its layout: an image of another layout is refused, and the log is read instead. */
enum { LAYOUT = 13, SECTION_HEAD = 1000, SECTION_TEXTS, SECTION_BYTES, SECTION_SKILLS };

/* Table heads stand in memory as they are saved: copied into the scratch, which nothing else uses meanwhile. */
struct head {
	uint32_t layout, unused;
	struct {
		uint32_t bytes, used, free, live;
	} table[TABLE_COUNT];
	uint32_t skill_count, texts, text_bytes, unused_too;
	uint64_t digest;
};

uint32_t core_save(const struct core *core, struct core_section section[CORE_SECTIONS_MAX])
{
	struct head *head = (struct head *)(void *)core->scratch;
	uint32_t count = 0;

	_Static_assert(sizeof(struct head) <= sizeof(struct scratch), "the head fits into the scratch");
	memset(head, 0, sizeof *head);
	head->layout = LAYOUT;
	head->skill_count = core->skill_count;
	head->texts = core->texts.count;
	head->text_bytes = core->texts.bytes_used;
	head->digest = core->digest;
	for (uint32_t table = 0; table < TABLE_COUNT; table++) {
		const struct table_store *store = &core->table[table];

		head->table[table].bytes = store->bytes;
		head->table[table].used = store->used;
		head->table[table].free = store->free;
		head->table[table].live = store->live;
	}
	section[count++] = (struct core_section){SECTION_HEAD, sizeof *head, head, sizeof *head};
	section[count++] = (struct core_section){SECTION_TEXTS, sizeof(struct text_entry),
		core->texts.entry + 1, sizeof(struct text_entry) * (uint64_t)core->texts.count};
	section[count++] = (struct core_section){SECTION_BYTES, 1, core->texts.bytes, core->texts.bytes_used};
	section[count++] =
		(struct core_section){SECTION_SKILLS, sizeof(uint32_t), core->skill, sizeof core->skill};
	for (uint32_t table = 0; table < TABLE_COUNT; table++) {
		const struct table_store *store = &core->table[table];

		section[count++] = (struct core_section){table, store->bytes, store->base + store->bytes,
			(uint64_t)store->bytes * store->used};
	}
	return count;
}

static const struct core_section *find(const struct core_section *section, uint32_t count, uint32_t id)
{
	for (uint32_t index = 0; index < count; index++)
		if (section[index].id == id)
			return &section[index];
	return NULL;
}

static bool take(const struct core_section *section, uint32_t count, uint32_t id, void *to, uint64_t bytes)
{
	const struct core_section *from = find(section, count, id);

	if (from == NULL || from->bytes != bytes)
		return false;
	if (bytes > 0)
		memcpy(to, from->ptr, bytes);
	return true;
}

static bool load_tables(
	struct core *core, const struct head *head, const struct core_section *section, uint32_t count)
{
	for (uint32_t table = 0; table < TABLE_COUNT; table++) {
		struct table_store *store = &core->table[table];

		if (head->table[table].bytes != store->bytes || head->table[table].used > store->max)
			return false;
		store->used = head->table[table].used;
		store->free = head->table[table].free;
		store->live = head->table[table].live;
		if (!take(section, count, table, store->base + store->bytes,
			    (uint64_t)store->bytes * store->used))
			return false;
	}
	return true;
}

/* The digest does not see free slots: their list must hold each of them once, and nothing else. Identities have none. */
static bool free_slots_hold(const struct core *core, const struct table_store *store)
{
	uint32_t slot = store->free, count = 0;

	for (; slot != 0 && count <= store->used; count++) {
		const struct record *record = (const void *)(store->base + (uint64_t)slot * store->bytes);

		if (slot > store->used || record->number != 0)
			return false;
		slot = record->slot;
	}
	return store == &core->table[TABLE_IDENTITY] ? count == 0
						     : slot == 0 && count + store->live == store->used;
}

/* Every record is the one that was saved, before anything follows what stands in it. */
static bool records_hold(struct core *core, uint64_t digest)
{
	core->digest = 0;
	core->dirty_count = 0;
	for (uint32_t table = 0; table < TABLE_COUNT; table++) {
		memset(core->table[table].hash, 0,
			sizeof *core->table[table].hash * (core->table[table].max + UINT64_C(1)));
		if (!free_slots_hold(core, &core->table[table]))
			return false;
	}
	state_rehash_all(core);
	return core->digest == digest;
}

/* Look-up keys follow from the records. */
static uint64_t key_of(const struct core *core, enum table table, uint32_t slot)
{
	const struct record *record = state_at(core, table, slot);

	switch (table) {
	case TABLE_STOCK:
		return (uint64_t)stock_at(core, slot)->depot << 32 | stock_at(core, slot)->item;
	case TABLE_GRID:
		return grid_at(core, slot)->code;
	case TABLE_PERSON:
		return person_at(core, slot)->id;
	case TABLE_UNIT:
		return unit_at(core, slot)->id;
	case TABLE_DEPOT:
		return depot_at(core, slot)->id;
	case TABLE_DEVICE:
		return device_at(core, slot)->id;
	case TABLE_DUTY:
		return duty_at(core, slot)->incident_type;
	case TABLE_PLAYBOOK:
		return playbook_at(core, slot)->id;
	default:
		return record->number;
	}
}

static void index_identity(struct core *core, uint32_t slot)
{
	const struct identity *identity = state_at(core, TABLE_IDENTITY, slot);

	for (uint32_t probe = 0; probe < 4; probe++) {
		uint64_t key = state_key(TABLE_IDENTITY, identity->identity[0] + probe);

		if (index_get(&core->index, key) != 0)
			continue;
		index_put(&core->index, key, slot);
		return;
	}
}

static void index_key(struct core *core, uint32_t slot)
{
	const struct key *key = key_at(core, slot);

	index_put(&core->index, key_lookup_id(key->id), slot);
	if (key->kind == KEY_CURVE)
		index_put(&core->index, key_lookup_public(key->public_key), slot);
}

static void rebuild_index(struct core *core)
{
	index_clear(&core->index);
	for (uint32_t table = TABLE_GRID; table < TABLE_COUNT; table++)
		for (uint32_t slot = 1; slot <= core->table[table].used; slot++) {
			if (state_at(core, (enum table)table, slot) == NULL)
				continue;
			if (table == TABLE_IDENTITY) {
				index_identity(core, slot);
				continue;
			}
			if (table == TABLE_KEY)
				index_key(core, slot);
			uint64_t key = state_key((enum table)table, key_of(core, (enum table)table, slot));

			/* Of the versions of a playbook the one in force, else the latest, is the one by its id. */
			if (table == TABLE_PLAYBOOK && index_get(&core->index, key) != 0 &&
				!playbook_at(core, slot)->active)
				continue;
			index_put(&core->index, key, slot);
		}
}

static void rebuild_clocks(struct core *core)
{
	heap_clear(&core->timers);
	heap_clear(&core->agenda);
	nearby_clear(&core->open);
	for (uint32_t slot = 1; slot <= core->table[TABLE_INCIDENT].used; slot++) {
		const struct incident *incident = incident_at(core, slot);

		if (incident == NULL)
			continue;
		incident_rewind(core, incident);
		if (!incident_ended(incident->state) || incident->merged_into != 0)
			nearby_put(&core->open, slot, &incident->place);
	}
	for (uint32_t slot = 1; slot <= core->table[TABLE_ORDER].used; slot++)
		if (order_at(core, slot) != NULL)
			timer_set(core, TIMER_ORDER, slot, order_due_ms(order_at(core, slot)));
	for (uint32_t slot = 1; slot <= core->table[TABLE_UNIT].used; slot++)
		timer_set(core, TIMER_UNIT, slot, unit_due_ms(unit_at(core, slot)));
	for (uint32_t slot = 1; slot <= core->table[TABLE_DEVICE].used; slot++)
		timer_set(core, TIMER_DEVICE, slot, device_due_ms(core, device_at(core, slot)));
	for (uint32_t slot = 1; slot <= core->table[TABLE_NOTICE].used; slot++)
		if (notice_at(core, slot) != NULL)
			timer_set(core, TIMER_NOTICE, slot, notice_due_ms(notice_at(core, slot)));
	for (uint32_t slot = 1; slot <= core->table[TABLE_SILENCE].used; slot++)
		if (silence_at(core, slot) != NULL)
			timer_set(core, TIMER_SILENCE, slot, silence_due_ms(silence_at(core, slot)));
	timer_set(core, TIMER_TOWN, 1, town_due_ms(town_of(core)));
}

enum disp_err core_load(struct core *core, const struct core_section *section, uint32_t count)
{
	struct head head;

	if (!take(section, count, SECTION_HEAD, &head, sizeof head) || head.layout != LAYOUT ||
		head.skill_count > SKILL_NOBODY || head.texts > core->texts.texts_max ||
		head.text_bytes > core->texts.bytes_max)
		return DISP_E_DAMAGED;
	if (!take(section, count, SECTION_TEXTS, core->texts.entry + 1,
		    sizeof(struct text_entry) * (uint64_t)head.texts) ||
		!take(section, count, SECTION_BYTES, core->texts.bytes, head.text_bytes) ||
		!take(section, count, SECTION_SKILLS, core->skill, sizeof core->skill) ||
		!load_tables(core, &head, section, count))
		return DISP_E_DAMAGED;
	core->skill_count = head.skill_count;
	core->texts.count = head.texts;
	core->texts.bytes_used = head.text_bytes;
	if (!records_hold(core, head.digest) || !text_rebuild(&core->texts))
		return DISP_E_DAMAGED;
	rebuild_index(core);
	rebuild_clocks(core);
	return DISP_OK;
}
