/* decide: which function answers which event, and the small pieces that they share. */
#include "core/decide.h"

#include <stddef.h>
#include <string.h>

#include "core/on_duty.h"
#include "core/permit.h"

static decide_function *const function[EVENT_KIND_COUNT] = {
	[EVENT_CLOCK] = decide_clock,
	[EVENT_TOWN] = decide_town,
	[EVENT_GRID] = decide_grid,
	[EVENT_PERSON] = decide_person,
	[EVENT_UNIT] = decide_unit,
	[EVENT_DEPOT] = decide_depot,
	[EVENT_STOCK] = decide_stock,
	[EVENT_DEVICE] = decide_device,
	[EVENT_DUTY] = decide_duty,
	[EVENT_RETIRE] = decide_retire,
	[EVENT_PLAYBOOK] = decide_playbook,
	[EVENT_PLAN] = decide_plan,
	[EVENT_ALARM] = decide_alarm,
	[EVENT_LINK] = decide_link,
	[EVENT_POSITION] = decide_position,
	[EVENT_STATUS] = decide_status,
	[EVENT_ANSWER] = decide_answer,
	[EVENT_NOTICE_ANSWER] = decide_notice_answer,
	[EVENT_OPEN] = decide_open,
	[EVENT_ACT] = decide_act,
	[EVENT_ADD] = decide_add,
	[EVENT_SEND] = decide_send,
	[EVENT_SWAP] = decide_swap,
	[EVENT_UNIT_SET] = decide_unit_set,
	[EVENT_DEVICE_SET] = decide_device_set,
	[EVENT_DEVICE_DO] = decide_device_do,
	[EVENT_STOCK_MOVE] = decide_stock_move,
	[EVENT_SUPPLY] = decide_supply,
	[EVENT_WARNING] = decide_warning,
	[EVENT_RELEASE] = decide_release,
	[EVENT_SILENCE] = decide_silence,
	[EVENT_TASK] = decide_task,
	[EVENT_TICK] = decide_tick,
	[EVENT_RESPONSE] = decide_response,
	[EVENT_SHIFT] = decide_shift,
	[EVENT_ACK] = decide_ack,
	[EVENT_FACT] = decide_fact,
	[EVENT_REPORT] = decide_report,
	[EVENT_PAPER] = decide_paper,
	[EVENT_CALENDAR] = decide_calendar,
	[EVENT_LOAD] = decide_load,
	[EVENT_KEY] = decide_key,
	[EVENT_ASIDE] = decide_aside,
	[EVENT_LEAD] = decide_lead,
};

enum disp_err core_decide(const struct core *core, const struct event *event, struct effects *out)
{
	struct decision decision = {.core = core, .event = event, .out = out};

	out->count = 0;
	ASSERT(event->kind > EVENT_NONE && event->kind < EVENT_KIND_COUNT);
	/*
	 * A batch of texts that the pool could no longer hold would lose names: better to refuse the whole event.
	 * The reserve is for alarms, whose types are few, for answers and for the clock.
	 */
	if (!text_room(&core->texts, 4096, 65536) && event->kind != EVENT_TICK &&
		event->kind != EVENT_ANSWER && event->kind != EVENT_ALARM) {
		emit_result(&decision, OUTCOME_FULL, 0);
		return DISP_E_FULL;
	}
	if (permit_event(core, event) != PERMIT_MAY)
		emit_result(&decision, OUTCOME_NOT_PERMITTED, 0);
	else
		function[event->kind](&decision);
	actor_knows(&decision);
	desk_watch(&decision);
	return DISP_OK;
}

bool room_for(const struct decision *decision, uint32_t effects)
{
	bool ends_calls = town_of(decision->core)->desk.climbed > 0 && said_at_desk(decision->event);

	return decision->out->count + effects + (ends_calls ? ROOM_DESK_CALLS : 0) <= EFFECTS_MAX - ROOM_DESK;
}

struct effect *emit(struct decision *decision, enum effect_kind kind)
{
	ASSERT(decision->out->count < EFFECTS_MAX);
	struct effect *effect = &decision->out->item[decision->out->count++];

	memset(effect, 0, sizeof *effect);
	effect->kind = kind;
	return effect;
}

void emit_result(struct decision *decision, enum outcome outcome, uint32_t number)
{
	struct effect *effect = emit(decision, EFFECT_RESULT);

	effect->u.result = (struct effect_result){.outcome = (uint8_t)outcome, .number = number};
}

void emit_registered(struct decision *decision, uint32_t number)
{
	struct effect *effect = emit(decision, EFFECT_REGISTERED);

	effect->u.registered =
		(struct effect_registered){.what = (uint8_t)decision->event->kind, .number = number};
}

void emit_incident_state(struct decision *decision, const struct incident *incident, enum incident_state to,
	enum incident_act act, enum disposition disposition)
{
	struct effect *effect = emit(decision, EFFECT_INCIDENT_STATE);

	effect->u.incident_state = (struct effect_incident_state){.incident = incident->r.number,
		.from = incident->state,
		.to = (uint8_t)to,
		.act = (uint8_t)act,
		.disposition = (uint8_t)disposition};
}

void emit_agenda(struct decision *decision, uint32_t incident, bool on, int64_t retry_ms)
{
	struct effect *effect = emit(decision, EFFECT_AGENDA);

	effect->u.agenda = (struct effect_agenda){.incident = incident, .on = on, .retry_ms = retry_ms};
}

void emit_step(struct decision *decision, uint32_t incident, uint32_t step, struct step_mark mark)
{
	struct effect *effect = emit(decision, EFFECT_STEP);

	effect->u.step = (struct effect_step){.incident = incident,
		.step = (uint8_t)step,
		.state = mark.state,
		.why = mark.why,
		.progress = mark.progress,
		.due_ms = mark.due_ms};
}

void emit_unit_state(struct decision *decision, uint32_t unit, enum unit_state to, int64_t home_ms)
{
	const struct unit *before = unit_at(decision->core, unit);
	struct effect *effect = emit(decision, EFFECT_UNIT_STATE);

	effect->u.unit_state = (struct effect_unit_state){
		.unit = unit, .from = before->state, .to = (uint8_t)to, .home_ms = home_ms};
}

void emit_task(struct decision *decision, uint32_t incident, uint32_t person, uint32_t order, uint32_t notice,
	int64_t due_ms)
{
	struct effect *effect = emit(decision, EFFECT_TASK);

	effect->u.task = (struct effect_task){.number = town_of(decision->core)->tasks + ++decision->tasks,
		.incident = incident,
		.person = person,
		.order = order,
		.notice = notice,
		.due_ms = due_ms};
}

/* What was loaded may be less than what was asked for: line by line, until it is used up. */
static void end_supplies(struct decision *decision, const struct order *order, enum supply_state to)
{
	const struct event *event = decision->event;
	bool counted = to == SUPPLY_ISSUED && event->kind == EVENT_ANSWER && event->u.answer.quantity > 0;
	int64_t left = counted ? event->u.answer.quantity : INT64_MAX;

	for (uint32_t slot = order->first_supply; slot != 0; slot = supply_at(decision->core, slot)->next) {
		const struct supply *supply = supply_at(decision->core, slot);
		int64_t given = supply->quantity < left ? supply->quantity : left;

		if (supply->state != SUPPLY_RESERVED)
			continue;
		struct effect *effect = emit(decision, EFFECT_SUPPLY_STATE);

		effect->u.supply_state = (struct effect_supply_state){.supply = supply->r.number,
			.order = order->r.number,
			.stock = supply->stock,
			.to = (uint8_t)(given > 0 ? to : SUPPLY_RELEASED),
			.quantity = given > 0 ? given : supply->quantity};
		left -= given;
	}
}

bool cases_room(const struct core *core)
{
	return state_room(core, TABLE_NEED) > EFFECTS_MAX && state_room(core, TABLE_ORDER) > EFFECTS_MAX &&
	       state_room(core, TABLE_SUPPLY) > EFFECTS_MAX && state_room(core, TABLE_NOTICE) > EFFECTS_MAX &&
	       state_room(core, TABLE_TASK) > EFFECTS_MAX;
}

/* Orders of the unit that live on: those of the table less those that this decision has ended. */
static uint32_t orders_left(const struct decision *decision, const struct unit *unit)
{
	uint32_t left = unit->orders;

	for (uint32_t index = 0; index < decision->out->count; index++) {
		const struct effect *effect = &decision->out->item[index];
		const struct order *order =
			effect->kind == EFFECT_ORDER_STATE && !order_live(effect->u.order_state.to)
				? order_by(decision->core, effect->u.order_state.order)
				: NULL;

		left -= order != NULL && order->target == TARGET_UNIT && order->who == unit->r.number;
	}
	return left;
}

int64_t answer_ms_of(const struct core *core, const struct playbook *playbook)
{
	return playbook != NULL && playbook->answer_ms > 0 ? playbook->answer_ms : core->rules.answer_ms;
}

/*
 * A crew that may be on its way for nothing and has no terminal to say so: it said yes, its terminal had shown the
 * order before the line was lost, or somebody has called. Who stands where the work is said to be done knows.
 */
static bool must_be_called_back(const struct core *core, const struct order *order, enum order_state to)
{
	const struct task *call = task_at(core, state_slot(core, TABLE_TASK, order->call_task));
	const struct incident *incident = incident_by(core, order->incident);
	bool told = order->state != ORDER_ISSUED ||
		    (call != NULL && (call->state == TASK_TAKEN || call->state == TASK_DONE));
	bool there = order->state == ORDER_ARRIVED && incident != NULL &&
		     (incident->state == INCIDENT_DONE_REPORTED || incident->state == INCIDENT_VERIFIED);

	bool live = order->target == TARGET_DEPOT ? depot_at(core, order->who)->link
						  : unit_at(core, order->who)->link;

	return (to == ORDER_RECALLED || to == ORDER_EXPIRED) && told && !there && !live;
}

static bool call_back(struct decision *decision, const struct order *order, enum order_state to)
{
	const struct core *core = decision->core;
	const struct incident *incident = incident_by(core, order->incident);

	if (!must_be_called_back(core, order, to) || decision->tasks >= state_room(core, TABLE_TASK))
		return false;
	emit_task(decision, order->incident,
		order->target == TARGET_DEPOT ? depot_at(core, order->who)->keeper
					      : unit_at(core, order->who)->leader,
		order->r.number, 0,
		decision->event->at_ms + answer_ms_of(core, playbook_at(core, incident->playbook)));
	return true;
}

/*
 * How long until it is home. Where nobody has reported its place since it left, the way back is as long as it has
 * driven; and one that is yet to be called drives on until then.
 */
static int64_t way_home_ms(const struct decision *decision, const struct order *order, bool to_call)
{
	const struct core *core = decision->core;
	const struct unit *unit = unit_at(core, order->who);
	const struct incident *incident = incident_by(core, order->incident);
	int64_t range_mm = 0, home_ms = 0, driven_ms = decision->event->at_ms - order->en_route_ms;

	core->travel.leg(
		core->travel.context, &unit->place, &unit->home, unit->speed_mm_s, &range_mm, &home_ms);
	if (order->travel_ms > 0 && driven_ms > order->travel_ms)
		driven_ms = order->travel_ms;
	if (order->state == ORDER_EN_ROUTE && unit->position_ms < order->en_route_ms && driven_ms > home_ms)
		home_ms = driven_ms;
	int64_t answer_ms = answer_ms_of(core, playbook_at(core, incident->playbook));

	return to_call && home_ms < answer_ms ? answer_ms : home_ms;
}

bool order_ended_now(const struct decision *decision, const struct order *order)
{
	for (uint32_t index = 0; index < decision->out->count; index++) {
		const struct effect *effect = &decision->out->item[index];

		if (effect->kind == EFFECT_ORDER_STATE && effect->u.order_state.order == order->r.number &&
			!order_live(effect->u.order_state.to))
			return true;
	}
	return false;
}

/* What the furthest of the unit's other orders makes of it; as it is where it stands there for none. */
static enum unit_state state_of_rest(
	const struct decision *decision, const struct unit *unit, const struct order *but)
{
	const struct core *core = decision->core;
	uint8_t furthest = ORDER_NONE;

	if (unit->state < UNIT_ORDERED || unit->state > UNIT_ON_SCENE)
		return unit->state;
	for (uint32_t slot = 1; slot <= core->table[TABLE_ORDER].used; slot++) {
		const struct order *order = order_at(core, slot);

		if (order != NULL && order != but && order->target == TARGET_UNIT &&
			order->who == unit->r.number && order_live(order->state) &&
			!order_ended_now(decision, order) && order->state > furthest)
			furthest = order->state;
	}
	if (furthest == ORDER_NONE)
		return unit->state; /* it is one of this very decision */
	return furthest == ORDER_ARRIVED    ? UNIT_ON_SCENE
	       : furthest == ORDER_EN_ROUTE ? UNIT_EN_ROUTE
	       : furthest == ORDER_ACCEPTED ? UNIT_ACKNOWLEDGED
					    : UNIT_ORDERED;
}

/* What a unit does when one of its orders ends: the next one it has, or home. */
static void free_unit(struct decision *decision, const struct order *order, enum order_state to, bool to_call)
{
	const struct unit *unit = unit_at(decision->core, order->who);

	if (orders_left(decision, unit) > 0) { /* the other order goes on, and with it its status */
		enum unit_state of_rest = state_of_rest(decision, unit, order);

		if (of_rest != unit->state)
			emit_unit_state(decision, order->who, of_rest, 0);
		return;
	}
	if (to == ORDER_FAILED) {
		emit_unit_state(decision, order->who, UNIT_OUT_OF_SERVICE, 0);
		return;
	}
	if (unit->state == UNIT_OUT_OF_SERVICE || unit->state == UNIT_OFF_DUTY)
		return;
	if (unit->state != UNIT_EN_ROUTE && unit->state != UNIT_ON_SCENE) {
		emit_unit_state(decision, order->who, UNIT_AVAILABLE, 0);
		offer_unit(decision, unit, order->incident);
		return;
	}
	int64_t home_ms = way_home_ms(decision, order, to_call);

	emit_unit_state(decision, order->who, home_ms > 0 ? UNIT_RETURNING : UNIT_AVAILABLE,
		home_ms > 0 ? decision->event->at_ms + home_ms : 0);
	offer_unit(decision, unit, order->incident);
}

/* What this decision has said of a need last, else what stands in the table. */
static uint32_t missing_of(const struct decision *decision, const struct need *need)
{
	for (uint32_t index = decision->out->count; index > 0; index--) {
		const struct effect *effect = &decision->out->item[index - 1];

		if (effect->kind == EFFECT_NEED_STATE && effect->u.need_state.need == need->r.number)
			return effect->u.need_state.missing;
	}
	return need->missing;
}

uint32_t loading_beside(const struct core *core, const struct order *loading)
{
	const struct incident *incident = incident_by(core, loading->incident);

	for (uint32_t slot = incident->first_order; slot != 0; slot = order_at(core, slot)->next) {
		const struct order *order = order_at(core, slot);

		if (order != loading && order->target == TARGET_DEPOT && load_of(order) == load_of(loading) &&
			order_live(order->state))
			return order->r.number;
	}
	return 0;
}

void want_again(struct decision *decision, const struct order *order)
{
	const struct need *need = need_by(decision->core, order->need);

	if (need != NULL && need->state != NEED_ENDED) {
		uint32_t missing = missing_of(decision, need);
		struct effect *effect = emit(decision, EFFECT_NEED_STATE);

		effect->u.need_state = (struct effect_need_state){.need = need->r.number,
			.incident = order->incident,
			.state = NEED_OPEN,
			.missing = missing < need->count ? missing + 1 : need->count};
	}
	emit_agenda(decision, order->incident, true, 0);
}

void emit_order_end(struct decision *decision, const struct order *order, enum order_state to,
	enum answer answer, enum why why)
{
	struct effect *effect = emit(decision, EFFECT_ORDER_STATE);
	uint32_t task = state_slot(decision->core, TABLE_TASK, order->call_task);

	effect->u.order_state = (struct effect_order_state){.order = order->r.number,
		.incident = order->incident,
		.from = order->state,
		.to = (uint8_t)to,
		.answer = (uint8_t)answer,
		.why = (uint8_t)why};
	if (order->target == TARGET_DEPOT)
		end_supplies(decision, order, to == ORDER_DONE ? SUPPLY_ISSUED : SUPPLY_RELEASED);
	if (task != 0 && task_at(decision->core, task)->state < TASK_DONE) {
		struct effect *ended = emit(decision, EFFECT_TASK_STATE);

		ended->u.task_state = (struct effect_task_state){.task = order->call_task,
			.to = to == ORDER_DONE || to == ORDER_DECLINED ? TASK_DONE : TASK_CANCELLED};
	}
	if (order->target == TARGET_DEPOT)
		(void)call_back(decision, order, to);
	if (order->target == TARGET_UNIT)
		free_unit(decision, order, to, call_back(decision, order, to));
}

uint16_t local_minute(const struct core *core, int64_t at_ms)
{
	int64_t minute = at_ms / 60000 + town_of(core)->offset_min;

	return (uint16_t)((minute % PLAYBOOK_DAY_MIN + PLAYBOOK_DAY_MIN) % PLAYBOOK_DAY_MIN);
}

bool in_hours(uint16_t minute, uint16_t from_min, uint16_t to_min)
{
	if (from_min == to_min)
		return true;
	if (from_min < to_min)
		return minute >= from_min && minute < to_min;
	return minute >= from_min || minute < to_min;
}

static uint64_t root_of(uint64_t square)
{
	uint64_t root = 0;

	uint64_t bit = UINT64_C(1) << 62;

	while (bit > square)
		bit >>= 2;
	for (; bit != 0; bit >>= 2) {
		if (square >= root + bit) {
			square -= root + bit;
			root = (root >> 1) + bit;
		} else {
			root >>= 1;
		}
	}
	return root;
}

int64_t chord_mm(const struct place *a, const struct place *b)
{
	uint64_t off[3], most = 0, sum = 0;
	uint32_t shift = 0;

	for (uint32_t axis = 0; axis < 3; axis++) {
		int64_t way = a->ecef_mm[axis] - b->ecef_mm[axis];

		off[axis] = way < 0 ? (uint64_t)-way : (uint64_t)way;
		most = off[axis] > most ? off[axis] : most;
	}
	while (most >> shift >= UINT64_C(1) << 31)
		shift++;
	for (uint32_t axis = 0; axis < 3; axis++)
		sum += (off[axis] >> shift) * (off[axis] >> shift);
	int64_t chord = (int64_t)(root_of(sum) << shift);

	return chord > 2 ? chord - 2 : 0; /* each end was rounded to the millimetre */
}

/* Civil year of a local time in ms since 1970; H. Hinnant, chrono-compatible low-level date algorithms. */
uint32_t year_of(int64_t local_ms)
{
	int64_t days = local_ms / 86400000 + 719468;
	int64_t era = days / 146097, day_of_era = days % 146097;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);

	return (uint32_t)(year_of_era + era * 400 + ((5 * day_of_year + 2) / 153 >= 10 ? 1 : 0));
}
