/* core_random_books: what must balance after every row: units, stock, needs, notices, clocks, the desk; for test_core_random. */
#ifndef TESTS_PROPERTY_CORE_RANDOM_BOOKS_H
#define TESTS_PROPERTY_CORE_RANDOM_BOOKS_H

#include "../unit/core_world.h"
#include "core/state.h"

/* The one that is watched, the one that reads rows, and the one that now and then is loaded anew. */
struct trial {
	struct world world;
	struct core *replay, *loaded;
	void *replay_memory, *loaded_memory;
	struct core_limits limits;
	uint64_t rows;
	bool drained;
};

static void check_units(const struct core *core)
{
	for (uint32_t slot = 1; slot <= core->table[TABLE_UNIT].used; slot++) {
		const struct unit *unit = unit_at(core, slot);
		uint32_t live = 0, chosen = 0;

		for (uint32_t at = 1; at <= core->table[TABLE_ORDER].used; at++) {
			const struct order *order = order_at(core, at);
			bool its = order != NULL && order->target == TARGET_UNIT && order->who == slot &&
				   order_live(order->state);

			live += its;
			chosen += its && !order->manual;
		}
		assert_int_equal(unit->orders, live);
		assert_true(chosen <= 1);
		if (live > 0)
			assert_true(unit->state == UNIT_ORDERED || unit->state == UNIT_ACKNOWLEDGED ||
				    unit->state == UNIT_EN_ROUTE || unit->state == UNIT_ON_SCENE);
		else
			assert_true(unit->state != UNIT_ORDERED && unit->state != UNIT_ACKNOWLEDGED);
	}
}

static void check_stock(const struct core *core)
{
	int64_t reserved[64 + 1] = {0};

	for (uint32_t slot = 1; slot <= core->table[TABLE_SUPPLY].used; slot++) {
		const struct supply *supply = supply_at(core, slot);

		if (supply == NULL || supply->state != SUPPLY_RESERVED)
			continue;
		reserved[supply->stock] += supply->quantity;
		assert_true(order_live(order_by(core, supply->order)->state));
	}
	for (uint32_t slot = 1; slot <= core->table[TABLE_STOCK].used; slot++) {
		const struct stock *stock = stock_at(core, slot);

		assert_true(stock->on_hand >= stock->reserved && stock->reserved >= 0);
		assert_true(stock->reserved == reserved[slot]);
	}
}

static void check_needs(const struct core *core)
{
	for (uint32_t slot = 1; slot <= core->table[TABLE_NEED].used; slot++) {
		const struct need *need = need_at(core, slot);
		uint32_t sent = 0, recalled = 0;

		if (need == NULL)
			continue;
		const struct incident *incident = incident_by(core, need->incident);

		assert_non_null(incident);
		assert_true(
			need->missing <= need->count && (need->state != NEED_FILLED || need->missing == 0));
		if (need->kind != STEP_SEND || incident->done_ms != 0 ||
			incident->state >= INCIDENT_DONE_REPORTED)
			continue;
		for (uint32_t at = incident->first_order; at != 0; at = order_at(core, at)->next) {
			const struct order *order = order_at(core, at);

			if (order->need != need->r.number)
				continue;
			sent += order_live(order->state) || order->state == ORDER_DONE;
			recalled += order->state == ORDER_RECALLED;
		}
		assert_true(sent <= need->count - need->missing);
		if (need->state != NEED_ENDED)
			assert_true(need->count - need->missing <= sent + recalled);
	}
}

/* Nothing is reserved or given twice for one requirement. */
static void check_supplies(const struct core *core)
{
	for (uint32_t slot = 1; slot <= core->table[TABLE_NEED].used; slot++) {
		const struct need *need = need_at(core, slot);
		int64_t given = 0;

		if (need == NULL || need->kind != STEP_SUPPLY)
			continue;
		const struct incident *incident = incident_by(core, need->incident);

		for (uint32_t at = incident->first_order; at != 0; at = order_at(core, at)->next)
			for (uint32_t line = order_at(core, at)->first_supply; line != 0;
				line = supply_at(core, line)->next)
				if (supply_at(core, line)->need == need->r.number &&
					(supply_at(core, line)->state == SUPPLY_RESERVED ||
						supply_at(core, line)->state == SUPPLY_ISSUED))
					given += supply_at(core, line)->quantity;
		assert_true(given <= need->count - need->missing);
	}
}

static const struct notice *notice_by(const struct core *core, uint32_t number)
{
	return notice_at(core, state_slot(core, TABLE_NOTICE, number));
}

/* What a live notice waits for: its own answer, or that of somebody whose name waits there. */
static void check_live(const struct core *core, const struct incident *incident, const struct notice *notice)
{
	const struct notice *origin = notice_by(core, notice->climbed);
	bool asked = notice->climbed == 0;

	assert_true(notice->state == NOTICE_PENDING || notice->tries == 0);
	for (uint32_t slot = incident->first_notice; slot != 0; slot = notice_at(core, slot)->next) {
		const struct notice *other = notice_at(core, slot);
		bool answered = other->state == NOTICE_ANSWERED && other->answered_ms > notice->issued_ms;

		asked |= other->state == NOTICE_UNREACHED && origin != NULL && other->up == origin->up;
		if (answered && !notice->each)
			assert_false(other->step == notice->step && other->who == notice->who);
		if (answered)
			assert_false(other->person == notice->person);
	}
	assert_true(asked);
}

/* Nobody is called after an answer, nor for an incident that is over. */
static void check_notices(const struct trial *trial, const struct incident *incident)
{
	const struct core *core = trial->world.core;

	for (uint32_t slot = incident->first_notice; slot != 0; slot = notice_at(core, slot)->next) {
		const struct notice *notice = notice_at(core, slot);
		const struct task *call = task_at(core, state_slot(core, TABLE_TASK, notice->call_task));
		bool live = notice->state == NOTICE_PENDING || notice->state == NOTICE_UNREACHED;

		if (notice->up != 0)
			assert_int_equal(notice_by(core, notice->up)->incident, incident->r.number);
		if (!live) /* whoever has taken a call to the desk may finish it */
			assert_true(call == NULL || call->state >= TASK_DONE || notice->step == STEP_DESK);
		else if (incident_ended(incident->state)) /* what is reported done may be verified late */
			assert_false(trial->drained);
		else if (trial->drained)
			check_live(core, incident, notice);
	}
}

static void check_incident(const struct trial *trial, const struct incident *incident)
{
	const struct core *core = trial->world.core;
	uint32_t live = 0;

	for (uint32_t at = incident->first_order; at != 0; at = order_at(core, at)->next) {
		assert_non_null(order_at(core, at));
		assert_int_equal(order_at(core, at)->incident, incident->r.number);
		live += order_live(order_at(core, at)->state);
	}
	for (uint32_t at = incident->first_notice; at != 0; at = notice_at(core, at)->next)
		assert_non_null(notice_at(core, at));
	assert_int_equal(incident->live_orders, live);
	check_notices(trial, incident);
	if (trial->drained) {
		assert_false(incident->agenda);
		/* Crews of a merged case stay out until the case that it goes on in is done. */
		const struct incident *standing = incident;

		while (standing != NULL && standing->merged_into != 0)
			standing = incident_by(core, standing->merged_into);
		if (incident_ended(incident->state) &&
			(standing == NULL || standing->state >= INCIDENT_DONE_REPORTED))
			assert_int_equal(live, 0);
	}
}

static uint32_t check_list(const struct trial *trial, uint32_t first, uint32_t last, bool ended)
{
	const struct core *core = trial->world.core;
	uint32_t count = 0, before = 0;

	for (uint32_t slot = first; slot != 0; slot = incident_at(core, slot)->next) {
		const struct incident *incident = incident_at(core, slot);

		assert_non_null(incident);
		assert_int_equal(incident->previous, before);
		assert_int_equal(incident_ended(incident->state), ended);
		check_incident(trial, incident);
		before = slot;
		count++;
		assert_true(count <= core->table[TABLE_INCIDENT].max);
	}
	assert_int_equal(last, before);
	return count;
}

static int64_t least(int64_t a, int64_t b)
{
	return b != 0 && b < a ? b : a;
}

static void check_clocks(const struct core *core)
{
	int64_t due_ms = least(INT64_MAX, town_due_ms(town_of(core)));
	uint32_t short_count = 0;
	bool agenda = false;

	for (uint32_t slot = 1; slot <= core->table[TABLE_INCIDENT].used; slot++) {
		const struct incident *incident = incident_at(core, slot);

		if (incident == NULL)
			continue;
		due_ms = least(due_ms, incident_due_ms(core, incident));
		agenda |= incident->agenda != 0;
		short_count += incident->short_of;
	}
	for (uint32_t slot = 1; slot <= core->table[TABLE_ORDER].used; slot++)
		due_ms = order_at(core, slot) == NULL ? due_ms
						      : least(due_ms, order_due_ms(order_at(core, slot)));
	for (uint32_t slot = 1; slot <= core->table[TABLE_UNIT].used; slot++)
		due_ms = least(due_ms, unit_due_ms(unit_at(core, slot)));
	for (uint32_t slot = 1; slot <= core->table[TABLE_DEVICE].used; slot++)
		due_ms = least(due_ms, device_due_ms(core, device_at(core, slot)));
	for (uint32_t slot = 1; slot <= core->table[TABLE_NOTICE].used; slot++)
		due_ms = notice_at(core, slot) == NULL ? due_ms
						       : least(due_ms, notice_due_ms(notice_at(core, slot)));
	for (uint32_t slot = 1; slot <= core->table[TABLE_SILENCE].used; slot++)
		due_ms = silence_at(core, slot) == NULL
				 ? due_ms
				 : least(due_ms, silence_due_ms(silence_at(core, slot)));
	assert_true(
		core_due_ms(core) == (agenda || town_of(core)->telling.state != TELLING_DONE ? 0 : due_ms));
	assert_int_equal(short_count, town_of(core)->short_count);
}

/* What waits is counted, and rings; where nothing waits, nothing does. */
static void check_desk(const struct core *core)
{
	const struct desk *desk = &town_of(core)->desk;
	uint32_t waiting = 0, on_duty = 0;
	int64_t since_ms = desk->own != 0 ? desk->own_ms : 0;

	for (uint32_t slot = 1; slot <= core->table[TABLE_INCIDENT].used; slot++) {
		const struct incident *incident = incident_at(core, slot);

		if (incident == NULL)
			continue;
		assert_int_equal(incident->waiting, incident->alert != 0);
		assert_int_equal(incident->alert_ms != 0, incident->waiting);
		assert_false(incident->waiting && incident_ended(incident->state));
		waiting += incident->waiting;
		if (incident->waiting && (since_ms == 0 || incident->alert_ms < since_ms))
			since_ms = incident->alert_ms;
	}
	for (uint32_t slot = 1; slot <= core->table[TABLE_PERSON].used; slot++) {
		on_duty += person_at(core, slot)->on_duty_ms != 0;
		assert_false(person_at(core, slot)->on_duty_ms != 0 && person_at(core, slot)->retired);
	}
	assert_int_equal(desk->waiting, waiting);
	assert_int_equal(desk->on_duty, on_duty);
	assert_true(desk->since_ms == since_ms);
	assert_int_equal(desk->bell_ms != 0, waiting != 0 || desk->own != 0);
	assert_true(desk->bell_ms != 0 || (desk->rings == 0 && desk->climbed == 0));
}

/* What no case remembers is of the desk or of the response level; what of it is over stands in one list, oldest first. */
static void check_alone(const struct core *core)
{
	const struct alone *alone = &town_of(core)->alone;
	uint32_t over = 0, last = 0;

	for (uint32_t slot = 1; slot <= core->table[TABLE_NOTICE].used; slot++) {
		const struct notice *notice = notice_at(core, slot);

		if (notice == NULL || notice->incident != 0)
			continue;
		assert_true(notice->step == STEP_DESK || notice->step == STEP_RESPONSE);
		over += notice->state != NOTICE_PENDING;
	}
	for (uint32_t slot = alone->first_notice; slot != 0; slot = notice_at(core, slot)->next, over--) {
		assert_true(over > 0 && notice_at(core, slot)->state != NOTICE_PENDING);
		last = slot;
	}
	assert_true(over == 0 && last == alone->last_notice);
	for (uint32_t slot = 1; slot <= core->table[TABLE_TASK].used; slot++)
		over += task_at(core, slot) != NULL && task_at(core, slot)->incident == 0 &&
			task_at(core, slot)->state >= TASK_DONE;
	last = 0;
	for (uint32_t slot = alone->first_task; slot != 0; slot = task_at(core, slot)->next, over--) {
		assert_true(over > 0 &&
			    task_at(core, slot)->ended_ms >= (last == 0 ? 0 : task_at(core, last)->ended_ms));
		last = slot;
	}
	assert_true(over == 0 && last == alone->last_task);
}

/* Of a level everybody is told once: at most one notice waits for each person, and none of a level that is over. */
static void check_level(const struct core *core)
{
	const struct level_telling *telling = &town_of(core)->telling;
	uint64_t waits[1024 / 64] = {0};

	for (uint32_t slot = 1; slot <= core->table[TABLE_NOTICE].used && telling->state == TELLING_DONE;
		slot++) {
		const struct notice *notice = notice_at(core, slot);

		if (notice == NULL || notice->step != STEP_RESPONSE || notice->state != NOTICE_PENDING)
			continue;
		assert_true(notice->over != 0 || notice->r.number > telling->until);
		assert_true(notice->over != 0 || notice->level == town_of(core)->response_level);
		assert_true(notice->person < 1024 &&
			    (waits[notice->person / 64] >> notice->person % 64 & 1) == 0);
		waits[notice->person / 64] |= UINT64_C(1) << notice->person % 64;
	}
}

static void check_books(const struct trial *trial)
{
	const struct core *core = trial->world.core;
	const struct town_state *town = town_of(core);

	check_units(core);
	check_stock(core);
	check_supplies(core);
	check_needs(core);
	assert_int_equal(check_list(trial, town->open_first, town->open_last, false), town->open_count);
	check_list(trial, town->closed_first, town->closed_last, true);
	check_clocks(core);
	check_desk(core);
	check_alone(core);
	check_level(core);
	if (trial->rows % 16 == 0)
		assert_int_equal(core_digest(core), core_digest_full(core));
}

#endif
