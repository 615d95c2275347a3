/* plan_units: which units go for an incident's requirements, all at once, and why others do not. */
#include "core/decide.h"

#include <stddef.h>
#include <string.h>

enum { ROOM_PICK = 3, ROOM_NEED = 2, ROOM_TAIL = 64 };

int64_t unit_turnout_ms(const struct unit *unit)
{
	return unit->state == UNIT_AVAILABLE ? unit->turnout_ms
					     : 0; /* one that drives home need not get ready */
}

/* Age of what is known of its place; below 0: nobody ever reported, so it is taken to be at home. */
int64_t age_of(const struct unit *unit, int64_t at_ms)
{
	return unit->position_ms == 0 ? -1 : at_ms - unit->position_ms;
}

enum why unit_unfit(
	const struct core *core, const struct unit *unit, int64_t at_ms, int64_t *age_cost_ms, bool *stale)
{
	const struct core_rules *rules = &core->rules;
	int64_t age_ms = age_of(unit, at_ms);
	int64_t over_ms = age_ms - rules->position_fresh_ms;

	*age_cost_ms = over_ms <= 0 ? 0 : over_ms / 1000 * rules->position_cost_permille;
	if (*age_cost_ms > rules->position_cost_max_ms)
		*age_cost_ms = rules->position_cost_max_ms;
	*stale = age_ms > rules->position_stale_ms;
	if (unit->retired || unit->state == UNIT_OFF_DUTY)
		return WHY_OFF_DUTY;
	if (unit->state == UNIT_OUT_OF_SERVICE)
		return WHY_OUT_OF_SERVICE;
	if (unit->state == UNIT_RESERVED)
		return WHY_RESERVED;
	if (unit->orders > 0 || (unit->state != UNIT_AVAILABLE && unit->state != UNIT_RETURNING))
		return WHY_BUSY;
	if (!in_hours(local_minute(core, at_ms), unit->shift_from_min, unit->shift_to_min))
		return WHY_OFF_SHIFT;
	return age_ms > rules->position_drop_ms ? WHY_STALE_POSITION : WHY_NONE;
}

/*
 * A telephone that nobody took in one minute may be taken in the next five: when nobody else is left, the silent are asked
 * again, each time after twice as long.
 */
static bool silent_still(const struct plan *plan, const struct order *order)
{
	const struct core *core = plan->decision->core;
	int64_t wait_ms = order->ended_ms - plan->incident->dispatched_ms;

	if (wait_ms < core->rules.ask_again_ms || plan->incident->dispatched_ms == 0)
		wait_ms = core->rules.ask_again_ms;
	return plan->decision->event->at_ms < order->ended_ms + wait_ms;
}

/* Those who declined this incident or broke down on it are not asked again by themselves. */
static void mark_refusals(const struct plan *plan, uint8_t *why)
{
	const struct core *core = plan->decision->core;

	for (uint32_t slot = plan->incident->first_order; slot != 0; slot = order_at(core, slot)->next) {
		const struct order *order = order_at(core, slot);

		if (order->target != TARGET_UNIT)
			continue;
		if (order->state == ORDER_DECLINED)
			why[order->who] = WHY_DECLINED;
		else if (order->state == ORDER_EXPIRED && silent_still(plan, order))
			why[order->who] = WHY_NO_ANSWER;
		else if (order->state == ORDER_FAILED)
			why[order->who] = WHY_FAILED;
	}
}

/* What select asks when a candidate can still win. */
struct journey {
	const struct plan *plan;
	const struct select_candidate *candidate;
	const struct place *via; /* a depot where something is fetched; NULL: straight to the scene */
	int64_t load_ms;
};

static void exact(void *context, uint32_t index, int64_t *travel_ms, int64_t *range_mm)
{
	const struct journey *journey = context;
	const struct core *core = journey->plan->decision->core;
	const struct unit *unit = unit_at(core, journey->candidate[index].unit);
	const struct place *to = &journey->plan->incident->place;
	int64_t age_cost_ms = 0, on_range_mm = 0, on_ms = 0;
	bool stale = false;

	(void)unit_unfit(core, unit, journey->plan->decision->event->at_ms, &age_cost_ms, &stale);
	core->travel.leg(core->travel.context, &unit->place, journey->via != NULL ? journey->via : to,
		unit->speed_mm_s, range_mm, travel_ms);
	if (*travel_ms < 0)
		return;
	if (journey->via != NULL) {
		core->travel.leg(
			core->travel.context, journey->via, to, unit->speed_mm_s, &on_range_mm, &on_ms);
		if (on_ms < 0) {
			*travel_ms = -1;
			return;
		}
		*range_mm += on_range_mm;
		*travel_ms += journey->load_ms + on_ms;
	}
	*travel_ms += unit_turnout_ms(unit) + age_cost_ms;
}

static bool is_taken(const struct plan *plan, uint32_t unit)
{
	return (plan->taken[unit / 64] >> (unit % 64) & 1) != 0;
}

static bool would_do(uint64_t skills, const struct select_need *need, uint32_t count)
{
	for (uint32_t index = 0; index < count; index++)
		if ((skills & need[index].skills) == need[index].skills ||
			(need[index].substitute != 0 &&
				(skills & need[index].substitute) == need[index].substitute))
			return true;
	return false;
}

/* Units that could be sent, each with the least time that it can need. */
static uint32_t gather(const struct plan *plan, const struct select_need *need, uint32_t need_count)
{
	const struct core *core = plan->decision->core;
	struct scratch *scratch = core->scratch;
	uint32_t count = 0;

	memset(scratch->why, 0, core->table[TABLE_UNIT].used + UINT64_C(1));
	mark_refusals(plan, scratch->why);
	for (uint32_t slot = 1; slot <= core->table[TABLE_UNIT].used; slot++) {
		const struct unit *unit = unit_at(core, slot);
		int64_t age_cost_ms = 0;
		bool stale = false;

		if (!would_do(unit->skills, need, need_count)) {
			scratch->why[slot] = WHY_LACKS_SKILL;
			continue;
		}
		enum why unfit = unit_unfit(core, unit, plan->decision->event->at_ms, &age_cost_ms, &stale);

		if (is_taken(plan, slot))
			unfit = WHY_OTHER_NEED;
		if (scratch->why[slot] == WHY_NONE)
			scratch->why[slot] = (uint8_t)unfit;
		if (scratch->why[slot] != WHY_NONE)
			continue;
		int64_t chord = chord_mm(&unit->place, &plan->incident->place);

		scratch->candidate[count++] = (struct select_candidate){.skills = unit->skills,
			.bound_ms = chord / (unit->speed_mm_s > 0 ? unit->speed_mm_s : 1) * 1000 +
				    unit_turnout_ms(unit) + age_cost_ms,
			.id = text_at(&core->texts, unit->id),
			.unit = slot};
	}
	return count;
}

/* --- why others were passed over ------------------------------------------------------------------ */

static struct text id_of(const struct core *core, const struct passed *passed)
{
	return text_at(&core->texts,
		passed->depot != 0 ? depot_at(core, passed->depot)->id : unit_at(core, passed->unit)->id);
}

static bool sooner(const struct core *core, const struct passed *a, const struct passed *b)
{
	if (a->travel_ms != b->travel_ms)
		return a->travel_ms < b->travel_ms;
	return text_compare(id_of(core, a), id_of(core, b)) < 0;
}

void plan_pass_over(const struct core *core, struct effect_choice *choice, struct passed passed)
{
	uint32_t place = choice->passed_count;

	while (place > 0 && sooner(core, &passed, &choice->passed[place - 1]))
		place--;
	if (place == CHOICE_PASSED_MAX) {
		choice->rest[passed.why]++;
		choice->rest_count++;
		return;
	}
	if (choice->passed_count == CHOICE_PASSED_MAX) {
		choice->rest[choice->passed[CHOICE_PASSED_MAX - 1].why]++;
		choice->rest_count++;
	} else {
		choice->passed_count++;
	}
	memmove(&choice->passed[place + 1], &choice->passed[place],
		(choice->passed_count - 1 - place) * sizeof choice->passed[0]);
	choice->passed[place] = passed;
}

/* Fit by skill, unfit by state: ranked by the least time that they would have needed, all-in but the road. */
static void pass_unfit(const struct plan *plan, const struct select_need *need, struct effect_choice *choice)
{
	const struct core *core = plan->decision->core;

	for (uint32_t slot = 1; slot <= core->table[TABLE_UNIT].used; slot++) {
		const struct unit *unit = unit_at(core, slot);
		uint8_t why = core->scratch->why[slot];

		if (unit->retired || why == WHY_NONE)
			continue;
		if ((unit->skills & need->skills) != need->skills) {
			choice->rest[WHY_LACKS_SKILL]++;
			choice->rest_count++;
			continue;
		}
		int64_t range_mm = chord_mm(&unit->place, &plan->incident->place);

		plan_pass_over(core, choice,
			(struct passed){.unit = slot,
				.why = why,
				.range_mm = range_mm,
				.travel_ms = range_mm * 1000 / (unit->speed_mm_s > 0 ? unit->speed_mm_s : 1) +
					     unit_turnout_ms(unit)});
	}
}

static enum why reason_of(const struct select_passed *passed)
{
	if (passed->reason == SELECT_PASSED_OTHER)
		return WHY_OTHER_NEED;
	return passed->reason == SELECT_PASSED_SLOWER ? WHY_SLOWER : WHY_UNREACHABLE;
}

/* need: its number; index: its place in the query. */
static void explain(struct plan *plan, const struct select_query *query, uint32_t index, uint32_t need)
{
	struct scratch *scratch = plan->decision->core->scratch;
	struct effect *effect = emit(plan->decision, EFFECT_CHOICE);
	struct effect_choice *choice = &effect->u.choice;
	struct select_passed_list list;

	choice->need = need;
	choice->incident = plan->incident->r.number;
	select_passed(query, &scratch->select, &scratch->result, index, &list);
	for (uint32_t at = 0; at < list.count; at++)
		plan_pass_over(plan->decision->core, choice,
			(struct passed){.unit = query->candidate[list.item[at].candidate].unit,
				.why = (uint8_t)reason_of(&list.item[at]),
				.travel_ms = list.item[at].travel_ms,
				.range_mm = list.item[at].range_mm});
	choice->rest[WHY_OTHER_NEED] += list.rest[SELECT_PASSED_OTHER];
	choice->rest[WHY_SLOWER] += list.rest[SELECT_PASSED_SLOWER];
	choice->rest[WHY_UNREACHABLE] += list.rest[SELECT_PASSED_UNREACHABLE];
	for (uint32_t reason = 0; reason < SELECT_REASONS; reason++)
		choice->rest_count += list.rest[reason];
	pass_unfit(plan, &query->need[index], choice);
}

/* The reason that would help most if it went away: of those who hold the skills, the most frequent one. */
static enum why why_short(const struct effect_choice *choice)
{
	uint32_t count[WHY_COUNT];
	enum why most = WHY_LACKS_SKILL;

	memcpy(count, choice->rest, sizeof count);
	for (uint32_t index = 0; index < choice->passed_count; index++)
		count[choice->passed[index].why]++;
	count[WHY_LACKS_SKILL] = 0;
	count[WHY_SLOWER] = 0;
	for (uint32_t why = 1; why < WHY_COUNT; why++)
		if (count[why] > 0 && (most == WHY_LACKS_SKILL || count[why] > count[most]))
			most = (enum why)why;
	return most;
}

/* --- orders --------------------------------------------------------------------------------------- */

void plan_order_unit(
	struct plan *plan, const struct plan_need *need, const struct select_pick *pick, uint32_t number)
{
	struct decision *decision = plan->decision;
	const struct core *core = decision->core;
	const struct unit *unit = unit_at(core, number);
	int64_t at_ms = decision->event->at_ms, age_cost_ms = 0;
	int64_t answer_ms = answer_ms_of(core, plan->playbook);
	uint32_t order = town_of(core)->orders + ++decision->orders;
	struct effect *effect = emit(decision, EFFECT_ORDER);
	bool stale = false;

	(void)unit_unfit(core, unit, at_ms, &age_cost_ms, &stale);
	effect->u.order = (struct effect_order){.number = order,
		.incident = plan->incident->r.number,
		.need = need != NULL ? need->number : 0,
		.target = TARGET_UNIT,
		.who = number,
		.depot_order = need != NULL ? need->depot_order : 0,
		.task = need != NULL ? plan_task_of(plan, need->number) : plan->incident->title,
		.step = STEP_NONE,
		.range_mm = pick->range_mm,
		.travel_ms = pick->travel_ms,
		.respond_by_ms = at_ms + answer_ms,
		.position_age_ms = age_of(unit, at_ms),
		.substitute = pick->substitute,
		.stale = stale};
	if (need != NULL && need->arrive_within_ms > 0) {
		effect->u.order.arrive_by_ms = at_ms + need->arrive_within_ms;
		effect->u.order.late = pick->travel_ms > need->arrive_within_ms;
	}
	if (unit->orders == 0)
		emit_unit_state(decision, number, UNIT_ORDERED, 0);
	if (!unit->link)
		emit_task(decision, plan->incident->r.number, unit->leader, order, 0, at_ms + answer_ms);
	plan->taken[number / 64] |= UINT64_C(1) << (number % 64);
	plan->sent = true;
}

/* As many needs as fit into this decision; they are solved together. */
static uint32_t needs_that_fit(const struct plan *plan, struct select_need *need, uint32_t first)
{
	uint32_t slots = 0, count = 0, room = EFFECTS_MAX - plan->decision->out->count;

	room = room > ROOM_TAIL ? room - ROOM_TAIL : 0;
	for (uint32_t index = first; index < plan->send_count; index++) {
		const struct plan_need *from = &plan->send[index];

		if (from->depot_order != 0)
			break; /* carriers travel by way of a depot: plan_carriers */
		if (slots + from->missing > SELECT_SLOTS_MAX || ROOM_NEED + ROOM_PICK * from->missing > room)
			break;
		slots += from->missing;
		room -= ROOM_NEED + ROOM_PICK * from->missing;
		need[count] = (struct select_need){
			.skills = from->skills, .substitute = from->substitute, .count = from->missing};
		count++;
	}
	return count;
}

/* Needs for carriers are kept behind the others, so that a run of needs is solved as one. */
static void carriers_last(struct plan *plan)
{
	struct plan_need carrier[PLAN_NEEDS_MAX];
	uint32_t carriers = 0, others = 0;

	for (uint32_t index = 0; index < plan->send_count; index++) {
		if (plan->send[index].depot_order != 0)
			carrier[carriers++] = plan->send[index];
		else
			plan->send[others++] = plan->send[index];
	}
	for (uint32_t index = 0; index < carriers; index++)
		plan->send[others++] = carrier[index];
}

/* The needs from `first` on, `count` of them, are solved as one. */
static void plan_batch(struct plan *plan, const struct select_need *need, uint32_t first, uint32_t count)
{
	struct scratch *scratch = plan->decision->core->scratch;
	struct journey journey = {.plan = plan, .candidate = scratch->candidate};
	struct select_query query = {.need = need,
		.need_count = count,
		.candidate = scratch->candidate,
		.candidate_count = gather(plan, need, count),
		.travel = {&journey, exact}};
	enum disp_err err = select_choose(&query, &scratch->select, &scratch->result);

	(void)err; /* a shortfall is said need by need */
	uint32_t pick = 0;

	for (uint32_t index = 0; index < count; index++) {
		struct plan_need *wanted = &plan->send[first + index];
		uint32_t filled = scratch->result.filled[index];

		if (filled == 0 && !wanted->fresh && wanted->why != WHY_NONE) {
			plan->short_of = true; /* tried again in vain: said before, not said again */
			continue;
		}
		explain(plan, &query, index, plan->send[first + index].number);
		const struct effect_choice *choice =
			&plan->decision->out->item[plan->decision->out->count - 1].u.choice;
		enum why why = filled < wanted->missing ? why_short(choice) : WHY_NONE;

		for (; pick < scratch->result.pick_count && scratch->result.pick[pick].need == index; pick++)
			plan_order_unit(plan, wanted, &scratch->result.pick[pick],
				scratch->candidate[scratch->result.pick[pick].candidate].unit);
		plan_need_state(plan, wanted, wanted->missing - filled, why);
	}
}

/*
 * Batch by batch, in playbook order, so that what cannot be filled does not stand in the way of the rest. Out of
 * room there is more to do; something was said then, so the next decision has less to say.
 */
void plan_units(struct plan *plan)
{
	struct select_need need[SELECT_NEEDS_MAX];
	uint32_t first = 0;

	carriers_last(plan);
	while (first < plan->send_count && plan->send[first].depot_order == 0) {
		uint32_t count = needs_that_fit(plan, need, first);

		if (count == 0) {
			plan->more = true;
			return;
		}
		plan_batch(plan, need, first, count);
		first += count;
	}
}

/* --- carriers: one for each loading that has none ---------------------------------------------------- */

/* The depot of a loading: an order of an earlier decision, or one of this. */
static uint32_t depot_of(const struct plan *plan, uint32_t depot_order)
{
	const struct order *order = order_by(plan->decision->core, depot_order);

	if (order != NULL) {
		bool stands = order_live(order->state) || order->state == ORDER_DONE;

		return stands || loading_beside(plan->decision->core, order) != 0 ? order->who : 0;
	}
	for (uint32_t index = 0; index < plan->decision->out->count; index++) {
		const struct effect *effect = &plan->decision->out->item[index];

		if (effect->kind == EFFECT_ORDER && effect->u.order.number == depot_order)
			return effect->u.order.who;
	}
	return 0;
}

static void carry(struct plan *plan, struct plan_need *wanted)
{
	const struct core *core = plan->decision->core;
	struct scratch *scratch = core->scratch;
	const struct depot *depot = depot_at(core, depot_of(plan, wanted->depot_order));
	struct select_need need = {.skills = wanted->skills, .substitute = wanted->substitute, .count = 1};
	struct journey journey = {.plan = plan, .candidate = scratch->candidate};

	if (depot == NULL) { /* the loading was taken back */
		struct effect *effect = emit(plan->decision, EFFECT_NEED_STATE);

		effect->u.need_state = (struct effect_need_state){
			.need = wanted->number, .incident = plan->incident->r.number, .state = NEED_ENDED};
		return;
	}
	journey.via = &depot->place;
	journey.load_ms = depot->load_ms;
	struct select_query query = {.need = &need,
		.need_count = 1,
		.candidate = scratch->candidate,
		.candidate_count = gather(plan, &need, 1),
		.travel = {&journey, exact}};

	for (uint32_t index = 0; index < query.candidate_count; index++)
		scratch->candidate[index].bound_ms = 0; /* the way leads by the depot */
	enum disp_err err = select_choose(&query, &scratch->select, &scratch->result);

	if (err == DISP_OK || wanted->fresh || wanted->why == WHY_NONE) /* in vain again: said before */
		explain(plan, &query, 0, wanted->number);
	if (err != DISP_OK) {
		plan_need_state(plan, wanted, 1, WHY_NO_CARRIER);
		return;
	}
	plan_order_unit(plan, wanted, &scratch->result.pick[0],
		scratch->candidate[scratch->result.pick[0].candidate].unit);
	plan_need_state(plan, wanted, 0, WHY_NONE);
}

void plan_carriers(struct plan *plan)
{
	for (uint32_t index = 0; index < plan->send_count; index++) {
		if (plan->send[index].depot_order == 0 || plan->send[index].missing == 0)
			continue;
		if (!room_for(plan->decision, ROOM_TAIL)) {
			plan->more = true;
			return;
		}
		carry(plan, &plan->send[index]);
	}
}
