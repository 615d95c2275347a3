/* query: reading the core's state from outside; see the header. */
#include "core/query.h"

#include <stddef.h>
#include <string.h>

#include "core/decide.h"
#include "core/state.h"

uint32_t query_used(const struct core *core, enum table table)
{
	return core->table[table].used;
}

const void *query_at(const struct core *core, enum table table, uint32_t slot)
{
	return state_at(core, table, slot);
}

uint32_t query_slot(const struct core *core, enum table table, uint32_t number)
{
	return state_slot(core, table, number);
}

uint32_t query_find(const struct core *core, enum table table, struct text id)
{
	return state_find(core, table, id);
}

uint32_t query_find_stock(const struct core *core, uint32_t depot, struct text item)
{
	return state_find_stock(core, depot, text_find(&core->texts, item));
}

uint32_t query_key_find(const struct core *core, struct text id)
{
	return key_find(core, id);
}

/* The look-up knows 56 bits of it; the rest is compared. */
uint32_t query_key_by_public(const struct core *core, const uint8_t public_key[KEY_PUBLIC_BYTES])
{
	uint32_t slot = index_get(&core->index, key_lookup_public(public_key));
	const struct key *key = key_at(core, slot);

	return key != NULL && memcmp(key->public_key, public_key, KEY_PUBLIC_BYTES) == 0 ? slot : 0;
}

uint32_t query_aside_find(const struct core *core, struct text id)
{
	return aside_find(core, id);
}

enum key_state query_key_state(const struct key *key, int64_t at_ms)
{
	if (key_holds(key, at_ms))
		return KEY_VALID;
	return key->revoked ? KEY_REVOKED : KEY_EXPIRED;
}

bool query_key_valid(const struct key *key, int64_t at_ms)
{
	return key_holds(key, at_ms);
}

struct text query_text(const struct core *core, uint32_t text_number)
{
	return text_at(&core->texts, text_number);
}

uint32_t query_text_find(const struct core *core, struct text text)
{
	return text_find(&core->texts, text);
}

/* Where the id and the name stand in a registered record. */
static const struct {
	uint32_t id, name;
} words_at[TABLE_COUNT] = {
	[TABLE_GRID] = {offsetof(struct grid, code), offsetof(struct grid, name)},
	[TABLE_PERSON] = {offsetof(struct person, id), offsetof(struct person, name)},
	[TABLE_UNIT] = {offsetof(struct unit, id), offsetof(struct unit, name)},
	[TABLE_DEPOT] = {offsetof(struct depot, id), offsetof(struct depot, name)},
	[TABLE_STOCK] = {offsetof(struct stock, item), offsetof(struct stock, name)},
	[TABLE_DEVICE] = {offsetof(struct device, id), offsetof(struct device, name)},
	[TABLE_DUTY] = {offsetof(struct duty, incident_type), offsetof(struct duty, lead)},
	[TABLE_PLAYBOOK] = {offsetof(struct playbook, id), offsetof(struct playbook, title)},
	[TABLE_KEY] = {offsetof(struct key, id), offsetof(struct key, id)},
	[TABLE_ASIDE] = {offsetof(struct aside, id), offsetof(struct aside, id)},
};

static struct text word_at(const struct core *core, enum table table, uint32_t number, uint32_t offset)
{
	const uint8_t *record = offset == 0 ? NULL : state_at(core, table, number);
	uint32_t text;

	if (record == NULL)
		return (struct text){0};
	memcpy(&text, record + offset, sizeof text);
	return text_at(&core->texts, text);
}

struct text query_id(const struct core *core, enum table table, uint32_t number)
{
	return word_at(core, table, number, words_at[table].id);
}

struct text query_name(const struct core *core, enum table table, uint32_t number)
{
	return word_at(core, table, number, words_at[table].name);
}

const struct town_state *query_town(const struct core *core)
{
	return town_of(core);
}

const struct core_limits *query_limits(const struct core *core)
{
	return &core->limits;
}

const struct core_rules *query_rules(const struct core *core)
{
	return &core->rules;
}

uint32_t query_skills(const struct core *core, uint64_t skills, char *out, uint32_t size)
{
	uint32_t used = 0;

	for (uint32_t bit = 0; bit < core->skill_count; bit++) {
		struct text word = text_at(&core->texts, core->skill[bit]);

		if ((skills >> bit & 1) == 0)
			continue;
		if (used > 0 && used < size)
			out[used] = ' ';
		used += used > 0;
		if (used + word.len <= size)
			memcpy(out + used, word.ptr, word.len);
		used += word.len;
	}
	return used;
}

uint32_t query_skill_count(const struct core *core)
{
	return core->skill_count;
}

struct text query_skill(const struct core *core, uint32_t bit)
{
	return bit < core->skill_count ? text_at(&core->texts, core->skill[bit]) : (struct text){0};
}

uint64_t query_skill_set(const struct core *core, struct text words)
{
	return skills_find(core, words);
}

bool query_order_live(uint8_t state)
{
	return order_live(state);
}

const struct order *query_carrier(const struct core *core, const struct order *loading)
{
	const struct incident *incident = incident_by(core, loading->incident);
	const struct order *found = NULL;

	for (uint32_t slot = incident == NULL ? 0 : incident->first_order; slot != 0;
		slot = order_at(core, slot)->next) {
		const struct order *order = order_at(core, slot);

		if (order->target == TARGET_UNIT && order->depot_order == load_of(loading) &&
			(found == NULL || order_live(order->state) || !order_live(found->state)))
			found = order;
	}
	return found;
}

const struct order *query_load(const struct core *core, const struct order *first, const struct order *before)
{
	if (before == NULL)
		return first;
	for (uint32_t slot = before->next; slot != 0; slot = order_at(core, slot)->next) {
		const struct order *order = order_at(core, slot);

		if (order->target == TARGET_DEPOT && order->depot_order == first->r.number)
			return order;
	}
	return NULL;
}

const struct incident *query_merged(const struct core *core, const struct incident *into, uint32_t *cursor)
{
	return merged_next(core, into, cursor);
}

const struct order *query_orders_next(const struct core *core, struct query_orders *walk)
{
	if (walk->at == NULL) {
		walk->at = walk->incident;
		walk->slot = walk->incident->first_order;
	}
	while (walk->slot == 0) {
		walk->at = query_merged(core, walk->incident, &walk->cursor);
		if (walk->at == NULL) {
			walk->at = walk->incident; /* asked once more: still none */
			return NULL;
		}
		walk->slot = walk->at->first_order;
	}
	const struct order *order = query_at(core, TABLE_ORDER, walk->slot);

	walk->slot = order->next;
	return order;
}

const struct need *query_needs_next(const struct core *core, struct query_needs *walk)
{
	if (walk->at == NULL) {
		walk->at = walk->incident;
		walk->slot = walk->incident->first_need;
	}
	while (walk->slot == 0) {
		const struct incident *merged = query_merged(core, walk->incident, &walk->cursor);

		if (merged == NULL)
			return NULL;
		walk->at = merged;
		walk->slot = merged->first_need;
	}
	const struct need *need = need_at(core, walk->slot);

	walk->slot = need->next;
	return need;
}

int64_t query_climb_ms(const struct incident *incident)
{
	return incident_climb_ms(incident);
}

bool query_incident_ended(uint8_t state)
{
	return incident_ended(state);
}

bool query_deadline_open(const struct incident *incident, uint32_t kind)
{
	const int64_t met_ms[DEADLINE_COUNT] = {[DEADLINE_ARRIVE] = incident->arrived_ms,
		[DEADLINE_RECEIVE] = incident->accepted_ms,
		[DEADLINE_DISPOSE] = incident->done_ms,
		[DEADLINE_VERIFY] = incident->verified_ms,
		[DEADLINE_CONFIRM] = incident->accepted_ms};
	uint32_t state = incident->deadline[kind].state;

	if (state != DEADLINE_LATE)
		return state == DEADLINE_RUNNING;
	return met_ms[kind] == 0 && !query_incident_ended(incident->state);
}

uint32_t query_deadline_next(const struct incident *incident)
{
	uint32_t next = DEADLINE_COUNT;

	for (uint32_t kind = 0; kind < DEADLINE_COUNT; kind++)
		if (query_deadline_open(incident, kind) &&
			(next == DEADLINE_COUNT ||
				incident->deadline[kind].due_ms < incident->deadline[next].due_ms))
			next = kind;
	return next;
}

/* --- nearest -------------------------------------------------------------------------------------- */

static bool before(const struct core *core, const struct nearest *a, const struct nearest *b)
{
	if (a->travel_ms != b->travel_ms)
		return a->travel_ms < b->travel_ms;
	return text_compare(query_id(core, TABLE_UNIT, a->unit), query_id(core, TABLE_UNIT, b->unit)) < 0;
}

static uint32_t insert(
	const struct core *core, struct nearest *out, uint32_t count, uint32_t k, struct nearest found)
{
	uint32_t place = count;

	while (place > 0 && before(core, &found, &out[place - 1]))
		place--;
	if (place == k)
		return count;
	if (count < k)
		count++;
	memmove(&out[place + 1], &out[place], (count - 1 - place) * sizeof *out);
	out[place] = found;
	return count;
}

uint32_t query_nearest(const struct core *core, const struct place *place, uint64_t skills, uint32_t k,
	int64_t at_ms, struct nearest *out)
{
	uint32_t count = 0;

	ASSERT(k >= 1 && k <= NEAREST_MAX);
	for (uint32_t slot = 1; slot <= core->table[TABLE_UNIT].used; slot++) {
		const struct unit *unit = unit_at(core, slot);
		int64_t cost_ms = 0;
		bool stale = false;

		if (unit->retired || (unit->skills & skills) != skills)
			continue;
		struct nearest found = {.unit = slot, .age_ms = age_of(unit, at_ms)};

		found.why = (uint8_t)unit_unfit(core, unit, at_ms, &cost_ms, &stale);
		found.stale = stale;
		int64_t extra_ms = unit_turnout_ms(unit) + cost_ms;
		int64_t bound_ms =
			chord_mm(&unit->place, place) / (unit->speed_mm_s > 0 ? unit->speed_mm_s : 1) * 1000;

		if (count == k && bound_ms + extra_ms > out[k - 1].travel_ms)
			continue;
		core->travel.leg(core->travel.context, &unit->place, place, unit->speed_mm_s, &found.range_mm,
			&found.travel_ms);
		if (found.travel_ms < 0)
			continue;
		found.travel_ms += extra_ms;
		count = insert(core, out, count, k, found);
	}
	return count;
}

/* --- alarm types ------------------------------------------------------------------------------------ */

static const struct {
	struct text type, zh;
} alarm_type[] = {
#define T(word, chinese)                                                                                     \
	{                                                                                                    \
		{word, sizeof(word) - 1},                                                                    \
		{                                                                                            \
			chinese, sizeof(chinese) - 1                                                         \
		}                                                                                            \
	}
	T("alarm.water.person_near", "水边有人"),
	T("alarm.water.person_in_water", "有人落水"),
	T("alarm.water.level", "水位超限"),
	T("alarm.pump.failed", "水泵故障"),
	T("alarm.manhole.moved", "井盖移位"),
	T("alarm.manhole.blocked", "井道堵塞"),
	T("alarm.manhole.broken", "井盖破损"),
	T("alarm.fire.smoke", "烟雾报警"),
	T("alarm.fire.flame", "明火报警"),
	T("alarm.gas.leak", "燃气泄漏"),
	T("alarm.fire.straw_burning", "秸秆焚烧"),
	T("alarm.site.dust", "工地扬尘"),
	T("alarm.site.no_helmet", "未戴安全帽"),
	T("alarm.site.intrusion", "工地闯入"),
	T("alarm.road.collapse", "路面塌陷"),
	T("alarm.crop.pest", "作物病虫害"),
	T("alarm.medical.help", "医疗求助"),
	T("alarm.weather.rainstorm", "暴雨预警"),
	T("alarm.road.obstruction", "道路障碍"),
	T("alarm.manhole.missing", "井盖缺失"),
#undef T
};

uint32_t query_alarm_types(void)
{
	return sizeof alarm_type / sizeof alarm_type[0];
}

struct text query_alarm_type(uint32_t index)
{
	return index < query_alarm_types() ? alarm_type[index].type : (struct text){0};
}

struct text query_word_zh(struct text word)
{
	for (uint32_t index = 0; index < query_alarm_types(); index++)
		if (text_equal(alarm_type[index].type, word))
			return alarm_type[index].zh;
	return words_town_zh(word);
}

bool query_alarm_type_listed(struct text type)
{
	for (uint32_t index = 0; index < query_alarm_types(); index++)
		if (text_equal(alarm_type[index].type, type))
			return true;
	return false;
}

bool query_alarm_urgent(const struct core *core, struct text type)
{
	for (uint32_t slot = 1; slot <= core->table[TABLE_PLAYBOOK].used; slot++) {
		const struct playbook *playbook = playbook_at(core, slot);

		if (playbook == NULL || !playbook->active || playbook->priority != 1)
			continue;
		for (uint32_t index = 0; index < playbook->type_count; index++)
			if (text_equal(query_text(core, playbook->type[index]), type))
				return true;
	}
	return false;
}

uint32_t query_alerts(const struct core *core)
{
	return desk_waiting(core);
}

uint32_t query_effect_incident(const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_ALARM:
		return effect->u.alarm.incident;
	case EFFECT_INCIDENT:
		return effect->u.incident.number;
	case EFFECT_INCIDENT_STATE:
		return effect->u.incident_state.incident;
	case EFFECT_INCIDENT_LEVEL:
		return effect->u.incident_level.incident;
	case EFFECT_INCIDENT_CLIMB:
		return effect->u.incident_climb.incident;
	case EFFECT_INCIDENT_MERGED:
		return effect->u.incident_merged.incident;
	case EFFECT_STEP:
		return effect->u.step.incident;
	case EFFECT_NEED:
		return effect->u.need.incident;
	case EFFECT_NEED_STATE:
		return effect->u.need_state.incident;
	case EFFECT_CHOICE:
		return effect->u.choice.incident;
	case EFFECT_ORDER:
		return effect->u.order.incident;
	case EFFECT_ORDER_STATE:
		return effect->u.order_state.incident;
	case EFFECT_SUPPLY:
		return effect->u.supply.incident;
	case EFFECT_NOTICE:
		return effect->u.notice.incident;
	case EFFECT_NOTICE_STATE:
		return effect->u.notice_state.incident;
	case EFFECT_TASK:
		return effect->u.task.incident;
	case EFFECT_DEADLINE:
		return effect->u.deadline.incident;
	case EFFECT_AGENDA:
		return effect->u.agenda.incident;
	case EFFECT_STOCK:
		return effect->u.stock.incident;
	case EFFECT_ALERT:
		return effect->u.alert.incident;
	case EFFECT_NOTICE_TRY:
		return effect->u.notice_try.incident;
	case EFFECT_FACT:
		return effect->u.fact.incident;
	case EFFECT_REPORT:
		return effect->u.report.incident;
	case EFFECT_INCIDENT_TIMES:
		return effect->u.incident_times.incident;
	case EFFECT_SENSOR_MOVED:
		return effect->u.sensor_moved.to;
	default:
		return 0;
	}
}

uint32_t query_event_incident(const struct core *core, const struct event *event)
{
	const struct order *order = NULL;

	switch (event->kind) {
	case EVENT_ACT:
		return event->u.act.incident;
	case EVENT_ADD:
		return event->u.add.incident;
	case EVENT_SEND:
		return event->u.send.incident;
	case EVENT_SWAP:
		order = order_by(core, event->u.swap.order);
		return order != NULL ? order->incident : 0;
	case EVENT_SUPPLY:
		return event->u.supply.incident;
	case EVENT_DEVICE_DO:
		return event->u.device_do.incident;
	default:
		return 0;
	}
}
