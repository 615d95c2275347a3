/* uncovered: what a command takes from the town, said before it goes and after; see internal.h. Looks, decides nothing. */
#include "api/internal.h"

#include "api/tell.h"
#include "api/tell_line.h"
#include "core/text_pool.h"

enum { SHOWN_MAX = 16, UNITS_MAX = 128 };

#define SAID(text_) (int)(text_).len, (text_).ptr

/* What is taken, and out of what. */
struct taking {
	struct page *page;
	struct tell *tell;
	const struct core *core;
	const struct effects *done, *plan;
	uint32_t incident; /* that it is for; 0 none */
	int64_t at_ms;
	bool applied;
	uint32_t taken[UNITS_MAX], freed[UNITS_MAX];
	uint32_t taken_count, freed_count, said;
	struct tell part;
	uint64_t skills;
};

static bool holds(const uint32_t *list, uint32_t count, uint32_t unit)
{
	for (uint32_t i = 0; i < count; i++)
		if (list[i] == unit)
			return true;
	return false;
}

static void take(struct taking *taking, uint32_t number)
{
	const struct unit *unit = query_at(taking->core, TABLE_UNIT, number);

	if (unit == NULL || taking->taken_count == UNITS_MAX ||
		holds(taking->taken, taking->taken_count, number))
		return;
	taking->taken[taking->taken_count++] = number;
	taking->skills |= unit->skills;
}

static void gather(struct taking *taking, const struct effects *effects)
{
	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect *effect = &effects->item[i];
		uint8_t to = effect->u.unit_state.to;

		if (effect->kind == EFFECT_ORDER && effect->u.order.target == TARGET_UNIT)
			take(taking, effect->u.order.who);
		else if (effect->kind == EFFECT_UNIT_STATE &&
			 (to == UNIT_OFF_DUTY || to == UNIT_RESERVED || to == UNIT_OUT_OF_SERVICE))
			take(taking, effect->u.unit_state.unit);
		else if (effect->kind == EFFECT_UNIT_STATE &&
			 (to == UNIT_AVAILABLE || to == UNIT_RETURNING) && taking->freed_count < UNITS_MAX)
			taking->freed[taking->freed_count++] = effect->u.unit_state.unit;
	}
}

/* One thing that is left uncovered, with its words; the command's own line names them all. */
static struct tell *begin_part(struct taking *taking)
{
	taking->part.en_len = taking->part.zh_len = 0;
	json_open_object(&taking->page->out);
	return &taking->part;
}

static void end_part(struct taking *taking)
{
	const struct tell *part = &taking->part;

	put_text(taking->page, "text", (struct text){part->en, part->en_len});
	put_text(taking->page, "text_zh", (struct text){part->zh, part->zh_len});
	json_close_object(&taking->page->out);
	line_en(taking->tell, taking->said == 0 ? "; LEAVES UNCOVERED: %.*s" : ", %.*s", (int)part->en_len,
		part->en);
	line_zh(taking->tell, taking->said == 0 ? ";注意,将无保障:%.*s" : "、%.*s", (int)part->zh_len,
		part->zh);
	taking->said++;
}

/* --- skills ------------------------------------------------------------------------------------------ */

static bool is_left(const struct taking *taking, uint64_t skill)
{
	for (uint32_t slot = 1; slot <= query_used(taking->core, TABLE_UNIT); slot++) {
		const struct unit *unit = query_at(taking->core, TABLE_UNIT, slot);

		if (unit == NULL || unit->retired || (unit->skills & skill) == 0 ||
			holds(taking->taken, taking->taken_count, slot))
			continue;
		if (query_unit_why(taking->core, slot, taking->at_ms) == WHY_NONE ||
			holds(taking->freed, taking->freed_count, slot))
			return true;
	}
	return false;
}

static void put_skills_gone(struct taking *taking)
{
	for (uint32_t bit = 0; bit < query_skill_count(taking->core) && taking->said < SHOWN_MAX; bit++) {
		struct text skill = query_skill(taking->core, bit), zh = query_word_zh(skill);
		uint64_t set = UINT64_C(1) << bit;

		if ((taking->skills & set) == 0 || is_left(taking, set))
			continue;
		struct tell *part = begin_part(taking);

		put_text(taking->page, "skill", skill);
		put_int(taking->page, "left", 0);
		line_en(part, "%.*s (no unit left)", SAID(skill));
		line_zh(part, "%.*s(无可用力量)", SAID(zh));
		end_part(taking);
	}
}

/* --- requirements of other cases ------------------------------------------------------------------------ */

static void put_need_left(struct taking *taking, const struct need *need, uint32_t missing)
{
	char memory[ID_SIZE];
	struct text id = ids_write(ID_INCIDENT, need->incident, memory);
	struct tell *part = begin_part(taking);

	put_id(taking->page, "incident", ID_INCIDENT, need->incident);
	put_id(taking->page, "need", ID_NEED, need->r.number);
	put_skills(taking->page, "skills", need->skills);
	put_int(taking->page, "missing", missing);
	line_en(part, "incident %.*s (%u missing)", SAID(id), missing);
	line_zh(part, "事件%.*s(缺%u)", SAID(id), missing);
	end_part(taking);
}

/* Whether one of those who are taken could have done it. */
static bool could_do(const struct taking *taking, const struct need *need)
{
	for (uint32_t i = 0; i < taking->taken_count; i++) {
		const struct unit *unit = query_at(taking->core, TABLE_UNIT, taking->taken[i]);

		if ((unit->skills & need->skills) == need->skills ||
			(need->substitute != 0 && (unit->skills & need->substitute) == need->substitute))
			return true;
	}
	return false;
}

static void put_needs_of(struct taking *taking, const struct incident *incident)
{
	for (uint32_t slot = incident->first_need; slot != 0 && taking->said < SHOWN_MAX;) {
		const struct need *need = query_at(taking->core, TABLE_NEED, slot);

		slot = need->next;
		if (need->kind == STEP_SEND && need->state == NEED_OPEN && need->missing > 0 &&
			could_do(taking, need))
			put_need_left(taking, need, need->missing);
	}
}

/* Cases that wait for somebody, and those from which the command itself takes one away. */
static void put_needs_left(struct taking *taking)
{
	const struct core *core = taking->core;

	for (uint32_t slot = query_town(core)->open_first;
		slot != 0 && taking->taken_count > 0 && taking->said < SHOWN_MAX;) {
		const struct incident *incident = query_at(core, TABLE_INCIDENT, slot);

		slot = incident->next;
		if (incident->short_of && incident->r.number != taking->incident)
			put_needs_of(taking, incident);
	}
	for (uint32_t i = 0; i < taking->done->count && taking->said < SHOWN_MAX; i++) {
		const struct effect_need_state *state = &taking->done->item[i].u.need_state;
		const struct incident *other =
			query_at(core, TABLE_INCIDENT, query_slot(core, TABLE_INCIDENT, state->incident));
		const struct need *need =
			query_at(core, TABLE_NEED, query_slot(core, TABLE_NEED, state->need));

		if (taking->done->item[i].kind == EFFECT_NEED_STATE && state->missing > 0 && need != NULL &&
			other != NULL && state->incident != taking->incident && !other->short_of)
			put_need_left(taking, need, state->missing);
	}
}

/* --- stocks -------------------------------------------------------------------------------------------- */

static int64_t reserved_in(const struct effects *effects, uint32_t stock)
{
	int64_t quantity = 0;

	for (uint32_t i = 0; i < effects->count; i++)
		if (effects->item[i].kind == EFFECT_SUPPLY && effects->item[i].u.supply.stock == stock)
			quantity += effects->item[i].u.supply.quantity;
	return quantity;
}

static void put_stock_low(struct taking *taking, uint32_t slot)
{
	const struct stock *stock = query_at(taking->core, TABLE_STOCK, slot);
	int64_t done = reserved_in(taking->done, slot), plan = reserved_in(taking->plan, slot);

	if (stock == NULL || stock->retired || done + plan == 0)
		return;
	int64_t left = stock->on_hand - stock->reserved - plan - (taking->applied ? 0 : done);
	struct text item = query_text(taking->core, stock->item),
		    name = query_text(taking->core, stock->name);
	struct text depot = query_id(taking->core, TABLE_DEPOT, stock->depot);

	if (left >= stock->minimum)
		return;
	struct tell *part = begin_part(taking);

	put_text(taking->page, "item", item);
	put_text(taking->page, "depot", depot);
	put_int(taking->page, "left", left);
	put_int(taking->page, "minimum", stock->minimum);
	line_en(part, "%.*s at %.*s (%lld left, minimum %lld)", SAID(item), SAID(depot), (long long)left,
		(long long)stock->minimum);
	line_zh(part, "%.*s的%.*s(余%lld,低于最低储备%lld)", SAID(depot), SAID(name), (long long)left,
		(long long)stock->minimum);
	end_part(taking);
}

void put_uncovered(struct page *page, struct tell *tell, const struct event *event,
	const struct effects *done, const struct effects *plan, struct text gone, bool applied)
{
	struct taking taking = {.page = page,
		.tell = tell,
		.core = page->core,
		.done = done,
		.plan = plan,
		.incident = query_event_incident(page->core, event),
		.at_ms = event->at_ms,
		.applied = applied};

	while (gone.len > 0 && taking.taken_count < UNITS_MAX) {
		uint32_t unit = query_find(page->core, TABLE_UNIT, text_next_word(&gone));

		if (unit != 0)
			taking.taken[taking.taken_count++] =
				unit; /* its skills are not what this command takes */
	}
	gather(&taking, done);
	gather(&taking, plan);
	put_key(page, "uncovered");
	json_open_array(&page->out);
	put_skills_gone(&taking);
	put_needs_left(&taking);
	for (uint32_t slot = 1; slot <= query_used(page->core, TABLE_STOCK) && taking.said < SHOWN_MAX;
		slot++)
		put_stock_low(&taking, slot);
	json_close_array(&page->out);
}
