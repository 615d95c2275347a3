/* state: what a core is made of, for core/ alone; others read through core/query.h. */
#ifndef CORE_STATE_H
#define CORE_STATE_H

#include "core/core.h"
#include "core/heap.h"
#include "core/index.h"
#include "core/nearby.h"
#include "core/select.h"
#include "core/supply.h"
#include "core/text_pool.h"

/* One array of records. Slot 0 is never used; a registered thing's number is its slot. */
struct table_store {
	uint8_t *base;  /* [max + 1] records of `bytes` each */
	uint64_t *hash; /* [max + 1]: of the record as it stood after the last apply; 0 free */
	uint32_t bytes, max;
	uint32_t used; /* highest slot ever taken */
	uint32_t free; /* first of the freed slots; 0 none */
	uint32_t live;
};

enum { DIRTY_MAX = 4096 };
struct dirty {
	uint32_t table, slot;
};

/* The one heap of clocks: a timer is known by its table and slot. */
enum timer_kind {
	TIMER_INCIDENT,
	TIMER_ORDER,
	TIMER_UNIT,
	TIMER_DEVICE,
	TIMER_NOTICE,
	TIMER_SILENCE,
	TIMER_TOWN,
	TIMER_COUNT
};

struct scratch {
	struct select_candidate candidate[SELECT_CANDIDATES_MAX];
	struct select_scratch select;
	struct select_result result;
	struct supply_scratch supply;
	struct supply_result supply_result;
	uint8_t *why;       /* [units + 1]: why a unit is out of the question for the incident at hand */
	uint8_t *depot_why; /* [depots + 1] */
	uint64_t *heads;    /* [persons / 64 + 1]: who heads a grid that a step wants told */
	uint8_t *notice;    /* [notices + 1]: how the notices of the incident at hand stand by now */
};

struct core {
	struct core_limits limits;
	struct core_rules rules;
	struct travel travel;
	struct table_store table[TABLE_COUNT];
	struct text_pool texts;
	uint32_t skill[64]; /* text number of each skill bit; rebuilt from TABLE_UNIT's order of words */
	uint32_t skill_count;
	struct index index;
	struct heap timers;
	struct nearby open; /* places of the open incidents, by slot */
	uint32_t timer_base[TIMER_COUNT];
	struct heap agenda; /* incidents to plan, by slot; key: priority, then order of opening */
	uint64_t digest;
	struct dirty dirty[DIRTY_MAX];
	uint32_t dirty_count;
	struct scratch *scratch; /* the one thing that decide writes: nothing in it outlives the call */
};

/* --- reading: the record of a slot, NULL beyond the table or when the slot is free ------------ */
const void *state_at(const struct core *core, enum table table, uint32_t slot);
/* The slot of a running number (incident, need, order, …); 0: not known any more. */
uint32_t state_slot(const struct core *core, enum table table, uint32_t number);
/* The number of a registered thing by its id text; 0: none. */
uint32_t state_find(const struct core *core, enum table table, struct text id);
uint32_t state_find_number(const struct core *core, enum table table, uint32_t text_number);
uint32_t state_find_stock(const struct core *core, uint32_t depot, uint32_t item_text);

#define STATE_READER(name, type, table)                                                                      \
	static inline const struct type *name(const struct core *core, uint32_t slot)                        \
	{                                                                                                    \
		return state_at(core, table, slot);                                                          \
	}
STATE_READER(grid_at, grid, TABLE_GRID)
STATE_READER(person_at, person, TABLE_PERSON)
STATE_READER(unit_at, unit, TABLE_UNIT)
STATE_READER(depot_at, depot, TABLE_DEPOT)
STATE_READER(stock_at, stock, TABLE_STOCK)
STATE_READER(device_at, device, TABLE_DEVICE)
STATE_READER(duty_at, duty, TABLE_DUTY)
STATE_READER(playbook_at, playbook, TABLE_PLAYBOOK)
STATE_READER(incident_at, incident, TABLE_INCIDENT)
STATE_READER(need_at, need, TABLE_NEED)
STATE_READER(order_at, order, TABLE_ORDER)
STATE_READER(supply_at, supply, TABLE_SUPPLY)
STATE_READER(notice_at, notice, TABLE_NOTICE)
STATE_READER(task_at, task, TABLE_TASK)
STATE_READER(silence_at, silence, TABLE_SILENCE)
STATE_READER(key_at, key, TABLE_KEY)
STATE_READER(aside_at, aside, TABLE_ASIDE)

static inline const struct town_state *town_of(const struct core *core)
{
	return state_at(core, TABLE_TOWN, 1);
}

/* Keys are found by their id and by their public key besides; slots. */
enum { LOOKUP_KEY_ID = TABLE_COUNT, LOOKUP_KEY_PUBLIC };
uint64_t key_lookup_id(uint32_t id_text);
uint64_t key_lookup_public(const uint8_t public_key[KEY_PUBLIC_BYTES]);
uint32_t key_find(const struct core *core, struct text id);
/* Whether it may still be used. */
bool key_holds(const struct key *key, int64_t at_ms);

/* The slot of what waits for a person under this id; 0: nothing does. */
uint32_t aside_find(const struct core *core, struct text id);

/* The same by running number. */
const struct incident *incident_by(const struct core *core, uint32_t number);
const struct need *need_by(const struct core *core, uint32_t number);
const struct order *order_by(const struct core *core, uint32_t number);

/* --- changing: for apply alone ---------------------------------------------------------------- */
void *state_edit(struct core *core, enum table table, uint32_t slot); /* marks it; NULL as state_at */
/* A zeroed record under a running number; 0: the table is full. */
uint32_t state_new(struct core *core, enum table table, uint32_t number);
/* A zeroed record whose number is its slot, found again by id. */
uint32_t state_register(struct core *core, enum table table, uint32_t id_text, uint64_t key);
void state_free(struct core *core, enum table table, uint32_t slot);
void state_settle(struct core *core); /* brings the digest up to date */
void state_rehash_all(struct core *core);
uint64_t state_key(enum table table, uint64_t id);
uint32_t state_room(const struct core *core, enum table table);

void timer_set(
	struct core *core, enum timer_kind kind, uint32_t slot, int64_t due_ms); /* INT64_MAX or 0: none */
bool timer_top(const struct core *core, enum timer_kind *kind, uint32_t *slot, int64_t *due_ms);

/* When the record wants to be woken; the one place that says so for each kind of record. */
int64_t incident_climb_ms(const struct incident *incident); /* when it goes up one more rung; 0 not */
int64_t incident_due_ms(const struct core *core, const struct incident *incident);
int64_t order_due_ms(const struct order *order);
int64_t unit_due_ms(const struct unit *unit);
int64_t device_due_ms(const struct core *core, const struct device *device);
int64_t notice_due_ms(const struct notice *notice);
int64_t silence_due_ms(const struct silence *silence);
int64_t town_due_ms(const struct town_state *town);

/* The skill set of words; unknown words give bit 63 alone, which no unit holds. */
enum { SKILL_NOBODY = 63 };
uint64_t skills_find(const struct core *core, struct text words);

/* Whether an incident has come to its end: nothing is sent for it any more. */
bool incident_ended(uint8_t state);
bool order_live(uint8_t state);
/* The number of the loading for which the truck was asked that takes this one: itself, or the one it goes along with. */
uint32_t load_of(const struct order *loading);

#endif
