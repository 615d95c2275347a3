/* test_core_depot_answer: keepers who do not answer: the loading goes elsewhere, or is asked for again; the stock stays right. */
#include "core_world.h"

static struct world world;

static void depot(const char *id, int64_t east_m, const char *keeper, int64_t quantity)
{
	world_depot(&world, id, east_m, "life_ring", quantity);
	world_person(&world, keeper, WHO_KEEPER, "");
	world_put(&world, (struct event){.kind = EVENT_DEPOT,
				  .u.depot = {.id = t(id),
					  .name = t(id),
					  .keeper = t(keeper),
					  .place = place_at(east_m, 0)}});
	world_link(&world, TARGET_DEPOT, id, false);
}

/* Rings for an incident at 0; near has 4, far has far_has. */
static uint32_t begin(int64_t far_has, uint32_t quantity)
{
	struct playbook_def def = plan_for("rings", "alarm.fire.smoke", "fire");

	world_begin(&world);
	depot("near", 500, "k-near", 4);
	depot("far", 3000, "k-far", far_has);
	world_unit(&world, "truck-1", "transport", 400, 0);
	world_unit(&world, "truck-2", "transport", 2000, 0);
	plan_supply(&def, "life_ring", quantity);
	world_playbook(&world, &def);
	return world_raise(&world, "cam-1", "alarm.fire.smoke");
}

static const struct order *loading_of(uint32_t incident, const char *id)
{
	return world_order(&world, incident, TARGET_DEPOT, id);
}

static const struct task *call_of(const struct order *order)
{
	return query_at(world.core, TABLE_TASK, query_slot(world.core, TABLE_TASK, order->call_task));
}

static const struct need *need_of(uint32_t incident)
{
	return query_at(world.core, TABLE_NEED, incident_of(&world, incident)->first_need);
}

static int64_t reserved(const char *id)
{
	return stock_of(&world, id, "life_ring")->reserved;
}

/* Open calls to a person, of whatever kind. */
static uint32_t calls_to(const char *person)
{
	uint32_t number = query_find(world.core, TABLE_PERSON, t(person)), count = 0;

	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_TASK); slot++) {
		const struct task *task = query_at(world.core, TABLE_TASK, slot);

		count += task != NULL && task->person == number && task->state < TASK_DONE;
	}
	return count;
}

static uint32_t answer_for(const struct order *order, uint8_t answer)
{
	return world_put(&world, (struct event){.kind = EVENT_ANSWER,
					 .by = t("officer"),
					 .channel = t("phone"),
					 .u.answer = {.order = order->r.number, .answer = answer}});
}

static void a_silent_keeper_loses_the_loading_to_the_next_depot(void **state)
{
	(void)state;
	uint32_t incident = begin(10, 4);

	assert_int_equal(reserved("near"), 4);
	assert_int_equal(calls_to("k-near"), 1);
	assert_true(loading_of(incident, "near")->respond_by_ms == world.now_ms + 300 * SECOND_MS);
	assert_true(call_of(loading_of(incident, "near"))->due_ms == world.now_ms + 300 * SECOND_MS);
	assert_int_equal(world_say(&world, incident, "truck-1", ANSWER_ACCEPT), OUTCOME_OK);
	world_wait(&world, 300 * SECOND_MS - 1);
	assert_int_equal(loading_of(incident, "near")->state, ORDER_ISSUED);
	world_wait(&world, 1);
	assert_int_equal(loading_of(incident, "near")->state, ORDER_EXPIRED);
	assert_int_equal(reserved("near"), 0);
	assert_int_equal(reserved("far"), 4);
	assert_int_equal(need_of(incident)->missing, 0);
	assert_int_equal(calls_to("k-near"), 0); /* nobody spoke to him: there is nothing to take back */
	assert_int_equal(calls_to("k-far"), 1);
	uint32_t carriers = 0;

	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_ORDER); slot++) {
		const struct order *order = query_at(world.core, TABLE_ORDER, slot);

		carriers += order->depot_order != 0 && query_order_live(order->state);
		if (order->depot_order != 0 && query_order_live(order->state))
			assert_int_equal(order->depot_order, loading_of(incident, "far")->r.number);
	}
	assert_int_equal(carriers, 1); /* the first was called off, one goes to the other depot */
	world_close(&world);
}

/* Somebody has called him and waits for his word: he is told that it is not needed any more. */
static void a_keeper_who_was_called_is_told_that_it_is_over(void **state)
{
	(void)state;
	uint32_t incident = begin(10, 4);

	assert_int_equal(world_put(&world, (struct event){.kind = EVENT_TASK,
						   .by = t("officer"),
						   .u.task = {.task = loading_of(incident, "near")->call_task,
							   .state = TASK_TAKEN}}),
		OUTCOME_OK);
	world_wait(&world, 300 * SECOND_MS);
	assert_int_equal(loading_of(incident, "near")->state, ORDER_EXPIRED);
	assert_int_equal(calls_to("k-near"), 1);
	assert_int_equal(call_of(loading_of(incident, "near"))->state, TASK_OPEN);
	world_close(&world);
}

static void where_no_other_depot_has_it_the_same_keeper_is_asked_again(void **state)
{
	(void)state;
	uint32_t incident = begin(3, 4); /* the other has one too few */
	uint32_t order = loading_of(incident, "near")->r.number;
	const struct task *call = call_of(loading_of(incident, "near"));

	assert_true(world_sent(&world, incident, "truck-1"));
	assert_int_equal(world_say(&world, incident, "truck-1", ANSWER_ACCEPT), OUTCOME_OK);
	world_wait(&world, 300 * SECOND_MS);
	assert_int_equal(loading_of(incident, "near")->r.number, order);
	assert_int_equal(loading_of(incident, "near")->state, ORDER_ISSUED);
	assert_int_equal(reserved("near"), 4);
	assert_int_equal(reserved("far"), 0);
	assert_true(world_sent(&world, incident, "truck-1")); /* it goes on */
	assert_int_equal(need_of(incident)->state, NEED_FILLED);
	assert_int_equal(need_of(incident)->why, WHY_NO_ANSWER);
	assert_true((incident_of(&world, incident)->alert >> ALERT_SHORT & 1) != 0);
	assert_true(call->due_ms == world.now_ms + 300 * SECOND_MS);
	assert_int_equal(calls_to("k-near"), 1);
	assert_int_equal(calls_to("office"), 1);
	const struct notice *office = query_at(world.core, TABLE_NOTICE, 1);

	assert_int_equal(office->order, order);
	world_wait(&world, 290 * SECOND_MS);
	assert_int_equal(calls_to("office"), 1);
	/* The keeper answers: the office need not. */
	assert_int_equal(answer_for(loading_of(incident, "near"), ANSWER_ACCEPT), OUTCOME_OK);
	assert_int_equal(calls_to("office"), 0);
	assert_int_equal(calls_to("k-near"), 0);
	assert_int_equal(office->state, NOTICE_ENDED);
	assert_int_equal(need_of(incident)->why, WHY_NONE);
	assert_false((incident_of(&world, incident)->alert >> ALERT_SHORT & 1) != 0);
	world_wait(&world, 20 * MINUTE_MS);
	assert_int_equal(loading_of(incident, "near")->state, ORDER_ACCEPTED);
	world_close(&world);
}

/* A call that was done in vain is put up anew; the office is told once. */
static void a_call_in_vain_is_made_again(void **state)
{
	(void)state;
	uint32_t incident = begin(0, 4);

	for (uint32_t round = 0; round < 5; round++) {
		uint32_t task = loading_of(incident, "near")->call_task;

		assert_int_equal(calls_to("k-near"), 1);
		assert_int_equal(
			world_put(&world,
				(struct event){.kind = EVENT_TASK,
					.by = t("officer"),
					.u.task = {.task = task, .state = TASK_DONE, .silent = true}}),
			OUTCOME_OK);
		assert_int_equal(calls_to("k-near"), 0);
		world_wait(&world, 300 * SECOND_MS);
	}
	assert_int_equal(query_used(world.core, TABLE_NOTICE) > 0, true);
	uint32_t office = 0;

	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_NOTICE); slot++) {
		const struct notice *notice = query_at(world.core, TABLE_NOTICE, slot);

		office += notice->order != 0;
	}
	assert_int_equal(office, 1);
	assert_int_equal(reserved("near"), 4);
	world_close(&world);
}

/* The truck was there: it has what it came for, whether the keeper has said so or not. */
static void a_truck_that_was_loaded_ends_the_silence(void **state)
{
	(void)state;
	uint32_t incident = begin(0, 4);

	assert_int_equal(world_say(&world, incident, "truck-1", ANSWER_ACCEPT), OUTCOME_OK);
	world_wait(&world, 300 * SECOND_MS);
	assert_int_equal(calls_to("office"), 1);
	assert_int_equal(world_say(&world, incident, "truck-1", ANSWER_ARRIVED), OUTCOME_OK);
	assert_int_equal(loading_of(incident, "near")->state, ORDER_DONE);
	assert_int_equal(calls_to("office"), 0);
	assert_int_equal(stock_of(&world, "near", "life_ring")->on_hand, 0);
	assert_int_equal(reserved("near"), 0);
	assert_int_equal(need_of(incident)->why, WHY_NONE);
	world_close(&world);
}

static void the_playbooks_time_counts_where_it_is_longer(void **state)
{
	struct playbook_def def = plan_for("rings", "alarm.fire.smoke", "fire");

	(void)state;
	world_begin(&world);
	depot("near", 500, "k-near", 4);
	def.answer_ms = 20 * MINUTE_MS;
	plan_supply(&def, "life_ring", 2);
	world_playbook(&world, &def);
	uint32_t incident = world_raise(&world, "cam-1", "alarm.fire.smoke");

	assert_true(loading_of(incident, "near")->respond_by_ms == world.now_ms + 20 * MINUTE_MS);
	world_close(&world);
}

/* Why a depot was passed over, as the last decision about it says; WHY_COUNT: nothing was said. */
static uint32_t why_not(const char *id)
{
	uint32_t number = query_find(world.core, TABLE_DEPOT, t(id)), why = WHY_COUNT;

	for (uint32_t index = 0; index < world.seen_count; index++) {
		const struct effect_choice *choice = &world.seen[index].u.choice;

		for (uint32_t at = 0; world.seen[index].kind == EFFECT_CHOICE && at < choice->passed_count;
			at++)
			if (choice->passed[at].depot == number)
				why = choice->passed[at].why;
	}
	return why;
}

/* How many carriers were passed over, in the choice that says so. */
static uint32_t carriers_passed(void)
{
	for (uint32_t index = 0; index < world.seen_count; index++) {
		const struct effect_choice *choice = &world.seen[index].u.choice;
		const struct need *need =
			query_at(world.core, TABLE_NEED, query_slot(world.core, TABLE_NEED, choice->need));

		if (world.seen[index].kind == EFFECT_CHOICE && need != NULL && need->depot_order != 0)
			return choice->passed_count;
	}
	return UINT32_MAX;
}

static void it_is_said_why_this_depot_and_why_this_truck(void **state)
{
	(void)state;
	begin(10, 4);
	assert_int_equal(why_not("far"), WHY_SLOWER);
	assert_int_equal(why_not("near"), WHY_COUNT);
	assert_int_equal(carriers_passed(), 1);
	world_wait(&world, 300 * SECOND_MS);
	assert_int_equal(why_not("near"), WHY_NO_ANSWER);
	world_close(&world);
	begin(0, 4);
	assert_int_equal(why_not("far"), WHY_NO_STOCK);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_silent_keeper_loses_the_loading_to_the_next_depot),
		cmocka_unit_test(a_keeper_who_was_called_is_told_that_it_is_over),
		cmocka_unit_test(where_no_other_depot_has_it_the_same_keeper_is_asked_again),
		cmocka_unit_test(a_call_in_vain_is_made_again),
		cmocka_unit_test(a_truck_that_was_loaded_ends_the_silence),
		cmocka_unit_test(it_is_said_why_this_depot_and_why_this_truck),
		cmocka_unit_test(the_playbooks_time_counts_where_it_is_longer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
