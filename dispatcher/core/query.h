/* query: how everybody else reads the core's state. Changes nothing. */
#ifndef CORE_QUERY_H
#define CORE_QUERY_H

#include "core/core.h"

/*
 * Records are those of core/model.h. Numbers of registered things (grid, person, unit, depot, stock line, device,
 * duty, playbook version) are slots; incidents, needs, orders, supplies, notices, tasks, silences and keys have running
 * numbers that query_slot turns into slots. Pointers hold until the next core_apply.
 */

/* The highest slot that was ever taken; walk 1 .. this. */
uint32_t query_used(const struct core *core, enum table table);
/* The record in a slot; NULL: free, or beyond. Cast to the table's struct. */
const void *query_at(const struct core *core, enum table table, uint32_t slot);
/* The slot of a running number; 0: unknown, or forgotten since. */
uint32_t query_slot(const struct core *core, enum table table, uint32_t number);
/* The number of a registered thing by its id; 0: unknown. Not for stock and keys. */
uint32_t query_find(const struct core *core, enum table table, struct text id);
uint32_t query_find_stock(const struct core *core, uint32_t depot, struct text item);

/* The slot of a key by its id, or by the public key that somebody has shown; 0: never heard of. It need not hold any more. */
uint32_t query_key_find(const struct core *core, struct text id);
uint32_t query_key_by_public(const struct core *core, const uint8_t public_key[KEY_PUBLIC_BYTES]);
/* Whether it may be used: not revoked, not past its end; and which of them. */
enum key_state query_key_state(const struct key *key, int64_t at_ms);
bool query_key_valid(const struct key *key, int64_t at_ms);

/* The slot of what was set aside and waits for a person, by its whole id; 0: it does not. */
uint32_t query_aside_find(const struct core *core, struct text id);

struct text query_text(const struct core *core, uint32_t text_number);
/* The text number; 0: never heard of. */
uint32_t query_text_find(const struct core *core, struct text text);
/* The id text of a registered thing; empty for 0. */
struct text query_id(const struct core *core, enum table table, uint32_t number);
struct text query_name(const struct core *core, enum table table, uint32_t number);

const struct town_state *query_town(const struct core *core);
const struct core_limits *query_limits(const struct core *core);
const struct core_rules *query_rules(const struct core *core);
/* Words of a skill set, parted by one space, into out; returns the length that it has or would have. */
uint32_t query_skills(const struct core *core, uint64_t skills, char *out, uint32_t size);
uint32_t query_skill_count(const struct core *core);
struct text query_skill(const struct core *core, uint32_t bit);
uint64_t query_skill_set(const struct core *core, struct text words);

bool query_order_live(uint8_t state);
/*
 * Of a loading: the order of the truck that takes it, its own or that of the loading that it goes along with; the one
 * that lives, else the latest. NULL: none.
 */
const struct order *query_carrier(const struct core *core, const struct order *loading);
/* All loadings that go with the truck of `first`, that one included: begin with 0. NULL: no more. */
const struct order *query_load(
	const struct core *core, const struct order *first, const struct order *before);
bool query_incident_ended(uint8_t state);
/* A clock (enum deadline_kind) that somebody still has to stop: it runs, or it has run out and what it waited for has not come. */
bool query_deadline_open(const struct incident *incident, uint32_t kind);
/* The open one that is due first, enum deadline_kind; DEADLINE_COUNT: none. */
uint32_t query_deadline_next(const struct incident *incident);
/* Cases that stand merged into this one, and into those; *cursor is 0 at first. NULL: no more. */
const struct incident *query_merged(const struct core *core, const struct incident *into, uint32_t *cursor);
/* All orders of a case, then those of the cases that stand merged into it: begin with only `incident` set. NULL: no more. */
struct query_orders {
	const struct incident *incident, *at; /* at: whose orders they are now */
	uint32_t slot, cursor;
};
const struct order *query_orders_next(const struct core *core, struct query_orders *walk);
/* The same of its requirements. */
struct query_needs {
	const struct incident *incident, *at; /* at: whose requirements they are now */
	uint32_t slot, cursor;
};
const struct need *query_needs_next(const struct core *core, struct query_needs *walk);
/* When the response level was set, as far as it is remembered, from `index` 0, the latest first. False: no more. */
bool query_level_change(const struct core *core, uint32_t index, struct level_change *out);
/* The response level that was in force at a time; RESPONSE_CLEAR also where that is not remembered. *since_ms: since when; 0: none. */
uint32_t query_level_at(const struct core *core, int64_t at_ms, int64_t *since_ms);
/* When a late case goes up one more rung by itself; 0: not. */
int64_t query_climb_ms(const struct incident *incident);

/* Alerts that nobody has seen: incidents, and the desk's own one by one. */
uint32_t query_alerts(const struct core *core);

/* The incident that an effect names; 0: none. */
uint32_t query_effect_incident(const struct effect *effect);
/* The incident that a command acts upon; 0: upon none that it names, or by an order that is forgotten. */
uint32_t query_event_incident(const struct core *core, const struct event *event);

/* Units by travel time to a place. */
enum { NEAREST_MAX = 64 };
struct nearest {
	uint32_t unit;
	int64_t travel_ms, range_mm, age_ms; /* age of the position; -1: assumed at home */
	uint8_t why; /* WHY_NONE: could be sent now; else why it would be passed over */
	bool stale;
};
/*
 * The k quickest units that hold all skills (0: any), those that could be sent and those that could not, in order of
 * (travel_ms, id). Asks travel only for those that can still be among them. Returns how many.
 */
uint32_t query_nearest(const struct core *core, const struct place *place, uint64_t skills, uint32_t k,
	int64_t at_ms, struct nearest *out);

/* Why a unit cannot be sent now; WHY_NONE: it can. */
enum why query_unit_why(const struct core *core, uint32_t unit, int64_t at_ms);

/*
 * What the next plan of an incident would send, put up and tell, were its orders free to leave; propose.c. As with
 * core_decide, out->item[EFFECTS_MAX] is the caller's, and nothing is changed. level: the level to plan for; 0: its own.
 * more: a requirement that is asked for besides; NULL: none. False: there is no such incident, or it is over.
 */
bool query_propose(const struct core *core, uint32_t incident, uint8_t level, const struct effect_need *more,
	int64_t at_ms, struct effects *out);

/* How specifically a playbook (by its number) answers an alarm, the highest wins; 0: not at all, and *why says what does not fit. */
uint32_t query_match(const struct core *core, const struct event *alarm, uint32_t number, int64_t at_ms,
	enum match_why *why);

/* Listed alarm types, those of schemas/wire/alarm.json, in order; index from 0. */
uint32_t query_alarm_types(void);
struct text query_alarm_type(uint32_t index);
/* Chinese for an alarm type, or for a word of words_town_zh; else the word as it is: it may stand where a title stands. */
struct text query_word_zh(struct text word);
bool query_alarm_type_listed(struct text type);
/* Whether an active playbook of priority 1 answers alarms of this type: where life and limb are at stake. */
bool query_alarm_urgent(const struct core *core, struct text type);

#endif
