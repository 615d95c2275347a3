/* test_core_supply: materials for a case: reserved, loaded, carried, refused, named by the officer. */
#include "core_world.h"

static const struct need *first_need(const struct world *world, uint32_t number)
{
	return query_at(world->core, TABLE_NEED, incident_of(world, number)->first_need);
}

static uint32_t rings(struct world *world, uint32_t quantity)
{
	struct playbook_def def = plan_for("rings", "alarm.fire.smoke", "fire");

	plan_supply(&def, "life_ring", quantity);
	world_playbook(world, &def);
	return world_raise(world, "cam-1", "alarm.fire.smoke");
}

static void begin_depots(struct world *world)
{
	world_begin(world);
	world_depot(world, "near", 500, "life_ring", 4);
	world_depot(world, "far", 3000, "life_ring", 10);
	world_unit(world, "truck-1", "transport", 400, 0);
	world_unit(world, "truck-2", "transport", 2000, 0);
}

static void materials_are_reserved_at_once_from_the_fewest_depots(void **state)
{
	struct world world;

	(void)state;
	begin_depots(&world);
	uint32_t number = rings(&world, 6);

	assert_int_equal(stock_of(&world, "near", "life_ring")->reserved, 0);
	assert_int_equal(stock_of(&world, "far", "life_ring")->reserved, 6);
	const struct order *loading = world_order(&world, number, TARGET_DEPOT, "far");
	const struct order *carrier = world_order(&world, number, TARGET_UNIT, "truck-2");

	assert_int_equal(carrier->depot_order, loading->r.number);
	assert_int_equal(carrier->range_mm, 4000000); /* 1 km to the depot, 3 km on */
	assert_int_equal(world_answer(&world, loading->r.number, "far", ANSWER_DONE), OUTCOME_OK);
	assert_int_equal(stock_of(&world, "far", "life_ring")->on_hand, 4);
	assert_int_equal(stock_of(&world, "far", "life_ring")->reserved, 0);
	world_close(&world);
}

static void what_is_reserved_is_not_given_twice(void **state)
{
	struct world world;
	struct event issue = {.kind = EVENT_STOCK_MOVE,
		.by = t("keeper"),
		.u.stock_move = {
			.depot = t("far"), .item = t("life_ring"), .act = STOCK_ISSUE, .quantity = 5}};

	(void)state;
	begin_depots(&world);
	rings(&world, 6);
	assert_int_equal(world_put(&world, issue), OUTCOME_NO_STOCK);
	issue.u.stock_move.quantity = 4;
	assert_int_equal(world_put(&world, issue), OUTCOME_OK);
	uint32_t second = world_raise(&world, "cam-far", "alarm.fire.smoke"); /* 6 more: there are 4 */

	assert_int_equal(first_need(&world, second)->missing, 2);
	assert_int_equal(first_need(&world, second)->why, WHY_NO_STOCK);
	struct event receive = issue;

	receive.u.stock_move = (struct event_stock_move){
		.depot = t("near"), .item = t("life_ring"), .act = STOCK_RECEIVE, .quantity = 2};
	assert_int_equal(world_put(&world, receive), OUTCOME_OK);
	assert_int_equal(first_need(&world, second)->missing, 0);
	assert_int_equal(stock_of(&world, "near", "life_ring")->reserved, 6);
	world_close(&world);
}

static void a_depot_that_declines_is_replaced_and_its_truck_recalled(void **state)
{
	struct world world;

	(void)state;
	begin_depots(&world);
	uint32_t number = rings(&world, 4);
	const struct order *loading = world_order(&world, number, TARGET_DEPOT, "near");

	assert_true(world_sent(&world, number, "truck-1"));
	assert_int_equal(world_answer(&world, loading->r.number, "near", ANSWER_DECLINE), OUTCOME_OK);
	assert_int_equal(stock_of(&world, "near", "life_ring")->reserved, 0);
	assert_int_equal(stock_of(&world, "far", "life_ring")->reserved, 4);
	assert_int_equal(world_order(&world, number, TARGET_DEPOT, "near")->state, ORDER_DECLINED);
	assert_true(query_order_live(world_order(&world, number, TARGET_DEPOT, "far")->state));
	world_close(&world);
}

static void a_depot_that_loads_less_leaves_the_rest_to_others(void **state)
{
	struct world world;

	(void)state;
	begin_depots(&world);
	uint32_t number = rings(&world, 4);
	struct event answer = {.kind = EVENT_ANSWER,
		.u.answer = {.order = world_order(&world, number, TARGET_DEPOT, "near")->r.number,
			.answer = ANSWER_DONE,
			.who = t("near"),
			.quantity = 3}};

	assert_int_equal(world_put(&world, answer), OUTCOME_OK);
	assert_int_equal(stock_of(&world, "near", "life_ring")->on_hand, 1);
	assert_int_equal(stock_of(&world, "near", "life_ring")->reserved, 0);
	assert_int_equal(stock_of(&world, "far", "life_ring")->reserved, 1);
	world_close(&world);
}

static void a_truck_that_arrives_was_loaded(void **state)
{
	struct world world;

	(void)state;
	begin_depots(&world);
	uint32_t number = rings(&world, 6);

	world_say(&world, number, "truck-2", ANSWER_EN_ROUTE);
	assert_int_equal(stock_of(&world, "far", "life_ring")->reserved, 6);
	world_say(&world, number, "truck-2", ANSWER_ARRIVED);
	assert_int_equal(world_order(&world, number, TARGET_DEPOT, "far")->state, ORDER_DONE);
	assert_int_equal(stock_of(&world, "far", "life_ring")->on_hand, 4);
	assert_int_equal(stock_of(&world, "far", "life_ring")->reserved, 0);
	world_act(&world, number, ACT_CANCEL);
	assert_int_equal(stock_of(&world, "far", "life_ring")->on_hand, 4);
	world_close(&world);
}

static uint32_t ask_for_more(struct world *world, uint32_t number, const char *depot, uint32_t quantity)
{
	struct event supply = {.kind = EVENT_SUPPLY,
		.by = t("officer"),
		.u.supply = {
			.incident = number, .item = t("life_ring"), .depot = t(depot), .quantity = quantity}};

	assert_int_equal(world_put(world, supply), OUTCOME_OK);
	return world_order(world, number, TARGET_DEPOT, depot)->r.number;
}

static void one_truck_fetches_what_is_asked_for_before_it_is_loaded(void **state)
{
	struct world world;

	(void)state;
	begin_depots(&world);
	world_unit(&world, "truck-3", "transport", 5000, 0);
	uint32_t number = rings(&world, 6);
	uint32_t first = world_order(&world, number, TARGET_DEPOT, "far")->r.number;
	uint32_t second = ask_for_more(&world, number, "far", 2);

	assert_int_not_equal(second, first);
	assert_int_equal(stock_of(&world, "far", "life_ring")->reserved, 8);
	assert_int_equal(unit_of(&world, "truck-1")->orders, 0);
	assert_int_equal(incident_of(&world, number)->short_of, 0);
	/* The keeper refuses the first: the truck still has the second to fetch, or another truck has. */
	assert_int_equal(world_answer(&world, first, "far", ANSWER_DECLINE), OUTCOME_OK);
	assert_true(world_sent(&world, number, "truck-2"));
	world_say(&world, number, "truck-2", ANSWER_DECLINE);
	assert_true(world_sent(&world, number, "truck-3"));
	assert_int_equal(world_answer(&world, second, "far", ANSWER_DECLINE), OUTCOME_OK);
	assert_false(world_sent(&world, number, "truck-3")); /* nothing is left to fetch */
	world_close(&world);
}

/* Six rings are on the truck that fetches them; far has four left. */
static uint32_t begin_loaded(struct world *world)
{
	begin_depots(world);
	uint32_t number = rings(world, 6);
	uint32_t order = world_order(world, number, TARGET_DEPOT, "far")->r.number;

	assert_int_equal(world_answer(world, order, "far", ANSWER_DONE), OUTCOME_OK);
	return number;
}

static void a_truck_that_is_loaded_takes_no_more(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin_loaded(&world);
	(void)ask_for_more(&world, number, "far", 2);
	assert_true(world_sent(&world, number, "truck-1"));
	world_close(&world);
}

static void a_truck_that_arrives_brought_all_that_it_was_to_fetch(void **state)
{
	struct world world;

	(void)state;
	begin_depots(&world);
	uint32_t number = rings(&world, 6);

	(void)ask_for_more(&world, number, "far", 2);
	world_say(&world, number, "truck-2", ANSWER_ARRIVED);
	assert_int_equal(stock_of(&world, "far", "life_ring")->reserved, 0);
	assert_int_equal(stock_of(&world, "far", "life_ring")->on_hand, 2);
	world_close(&world);
}

static void without_a_carrier_the_loading_waits_and_says_so(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	world_depot(&world, "near", 500, "life_ring", 4);
	uint32_t number = rings(&world, 4);
	const struct need *carrier = query_at(world.core, TABLE_NEED, incident_of(&world, number)->last_need);

	assert_int_equal(carrier->why, WHY_NO_CARRIER);
	world_unit(&world, "truck-1", "transport", 400, 0);
	world_wait(&world, MINUTE_MS);
	assert_true(world_sent(&world, number, "truck-1"));
	world_close(&world);
}

static void the_officer_takes_from_the_depot_he_names(void **state)
{
	struct world world;
	struct event supply = {.kind = EVENT_SUPPLY,
		.by = t("officer"),
		.u.supply = {.item = t("life_ring"), .depot = t("far"), .quantity = 2}};

	(void)state;
	begin_depots(&world);
	supply.u.supply.incident = rings(&world, 1);
	assert_int_equal(stock_of(&world, "near", "life_ring")->reserved, 1);
	assert_int_equal(world_put(&world, supply), OUTCOME_OK);
	assert_int_equal(stock_of(&world, "far", "life_ring")->reserved, 2);
	assert_true(world_sent(&world, supply.u.supply.incident, "truck-2"));
	supply.u.supply.quantity = 9;
	assert_int_equal(world_put(&world, supply), OUTCOME_NO_STOCK);
	world_close(&world);
}

static bool told_again(const struct world *world, uint32_t order)
{
	for (uint32_t index = 0; index < world->seen_count; index++) {
		const struct effect_order_state *state = &world->seen[index].u.order_state;

		if (world->seen[index].kind == EFFECT_ORDER_STATE && state->order == order &&
			state->respond_by_ms != 0)
			return true;
	}
	return false;
}

/* Whoever is still to be loaded takes it along, and hears of it: at the terminal, or by a call. */
static void a_truck_is_told_what_it_takes_along(void **state)
{
	struct world world;

	(void)state;
	begin_depots(&world);
	uint32_t number = rings(&world, 6);
	uint32_t first = world_order(&world, number, TARGET_DEPOT, "far")->r.number;
	uint32_t truck = world_order(&world, number, TARGET_UNIT, "truck-2")->r.number;

	world_say(&world, number, "truck-2", ANSWER_EN_ROUTE);
	uint32_t second = ask_for_more(&world, number, "far", 2);

	assert_true(told_again(&world, truck));
	assert_int_equal(world_seen_count(&world, EFFECT_TASK), 0);
	assert_int_equal(order_of(&world, truck)->state, ORDER_EN_ROUTE);
	assert_int_equal(order_of(&world, second)->depot_order, first);
	assert_int_equal(query_carrier(world.core, order_of(&world, second))->r.number, truck);
	world_link(&world, TARGET_UNIT, "truck-2", false);
	uint32_t third = ask_for_more(&world, number, "far", 1);

	assert_int_equal(world_seen(&world, EFFECT_TASK, 0)->u.task.order, truck);
	assert_int_equal(query_carrier(world.core, order_of(&world, third))->r.number, truck);
	world_say(&world, number, "truck-2", ANSWER_DONE);
	assert_int_equal(order_of(&world, second)->state, ORDER_DONE);
	assert_int_equal(order_of(&world, third)->state, ORDER_DONE);
	assert_int_equal(stock_of(&world, "far", "life_ring")->on_hand, 1);
	world_close(&world);
}

/* A truck for another depot carries nothing from this one; nor does one that was loaded before. */
static void what_a_truck_was_not_asked_to_carry_it_has_not_brought(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin_loaded(&world);
	uint32_t second = ask_for_more(&world, number, "far", 1); /* truck-1 */
	uint32_t third = ask_for_more(&world, number, "far", 1);  /* along with it */

	assert_true(world_sent(&world, number, "truck-1"));
	assert_int_equal(order_of(&world, third)->depot_order, second);
	world_say(&world, number, "truck-2", ANSWER_DONE);
	assert_int_equal(order_of(&world, second)->state, ORDER_ISSUED);
	assert_int_equal(order_of(&world, third)->state, ORDER_ISSUED);
	assert_int_equal(stock_of(&world, "far", "life_ring")->on_hand, 4);
	assert_int_equal(stock_of(&world, "far", "life_ring")->reserved, 2);
	world_say(&world, number, "truck-1", ANSWER_ARRIVED);
	assert_int_equal(stock_of(&world, "far", "life_ring")->on_hand, 2);
	world_close(&world);
}

/* No truck is left for the other depot: short, and the desk is told; a truck sent by hand fills it. */
static void a_loading_elsewhere_wants_a_truck_of_its_own(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	world_depot(&world, "near", 500, "life_ring", 4);
	world_depot(&world, "far", 3000, "life_ring", 10);
	world_unit(&world, "truck-2", "transport", 2000, 0);
	uint32_t number = rings(&world, 6);
	uint32_t near = ask_for_more(&world, number, "near", 2);
	const struct need *carrier = query_at(world.core, TABLE_NEED, incident_of(&world, number)->last_need);

	assert_int_equal(carrier->depot_order, near);
	assert_int_equal(carrier->missing, 1);
	assert_int_equal(carrier->why, WHY_NO_CARRIER);
	assert_int_equal(incident_of(&world, number)->short_of, 1);
	assert_true(incident_of(&world, number)->alert != 0);
	assert_null(query_carrier(world.core, order_of(&world, near)));
	world_say(&world, number, "truck-2", ANSWER_DONE);
	assert_int_equal(order_of(&world, near)->state, ORDER_ISSUED);
	assert_int_equal(stock_of(&world, "near", "life_ring")->on_hand, 4);
	world_close(&world);
}

static void a_truck_sent_by_hand_carries_what_waits_for_one(void **state)
{
	struct world world;
	struct event send = {.kind = EVENT_SEND,
		.by = t("officer"),
		.u.send = {.unit = t("truck-1"), .task = t("carry the rings"), .also = true}};

	(void)state;
	world_begin(&world);
	world_depot(&world, "near", 500, "life_ring", 4);
	world_unit(&world, "truck-1", "transport", 400, 0);
	uint32_t other = rings(&world, 1); /* has the only truck */
	uint32_t number = world_raise(&world, "cam-far", "alarm.fire.smoke");
	const struct order *loading = world_order(&world, number, TARGET_DEPOT, "near");

	assert_true(world_sent(&world, other, "truck-1"));
	assert_non_null(loading);
	assert_null(query_carrier(world.core, loading));
	send.u.send.incident = number;
	assert_int_equal(world_put(&world, send), OUTCOME_OK);
	const struct order *carrier = query_carrier(world.core, loading);

	assert_non_null(carrier);
	assert_int_equal(carrier->depot_order, loading->r.number);
	assert_int_equal(carrier->range_mm, 4600000); /* 100 m to the depot, 4.5 km on */
	assert_int_equal(((const struct need *)query_at(
				  world.core, TABLE_NEED, incident_of(&world, number)->last_need))
				 ->missing,
		0);
	world_close(&world);
}

/* What it brought is there; a truck that is still on its way is called back. */
static void a_truck_that_has_arrived_has_delivered(void **state)
{
	struct playbook_def def = plan_for("rings", "alarm.fire.smoke", "fire");
	struct world world;

	(void)state;
	plan_supply(&def, "life_ring", 12);
	begin_depots(&world);
	world_playbook(&world, &def);
	uint32_t number = world_raise(&world, "cam-1", "alarm.fire.smoke");
	uint32_t there = world_order(&world, number, TARGET_UNIT, "truck-1")->r.number;
	uint32_t under_way = world_order(&world, number, TARGET_UNIT, "truck-2")->r.number;

	assert_int_equal(world_say(&world, number, "truck-1", ANSWER_ARRIVED), OUTCOME_OK);
	assert_int_equal(world_say(&world, number, "truck-2", ANSWER_EN_ROUTE), OUTCOME_OK);
	assert_int_equal(world_act(&world, number, ACT_DONE), OUTCOME_OK);
	assert_int_equal(order_of(&world, there)->state, ORDER_DONE);
	assert_int_equal(order_of(&world, there)->done_by, 0); /* nobody has said so on its behalf */
	assert_int_equal(unit_of(&world, "truck-1")->state, UNIT_RETURNING);
	assert_int_equal(order_of(&world, under_way)->state, ORDER_RECALLED);
	world_close(&world);
}

/* A case that is called off has trucks to call off as well, wherever they are. */
static void a_truck_is_called_off_with_its_case(void **state)
{
	struct world world;

	(void)state;
	begin_depots(&world);
	uint32_t number = rings(&world, 4);
	uint32_t truck = world_order(&world, number, TARGET_UNIT, "truck-1")->r.number;

	assert_int_equal(world_say(&world, number, "truck-1", ANSWER_ARRIVED), OUTCOME_OK);
	assert_int_equal(world_act(&world, number, ACT_CANCEL), OUTCOME_OK);
	assert_int_equal(order_of(&world, truck)->state, ORDER_RECALLED);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(materials_are_reserved_at_once_from_the_fewest_depots),
		cmocka_unit_test(what_is_reserved_is_not_given_twice),
		cmocka_unit_test(a_depot_that_declines_is_replaced_and_its_truck_recalled),
		cmocka_unit_test(a_depot_that_loads_less_leaves_the_rest_to_others),
		cmocka_unit_test(a_truck_that_arrives_was_loaded),
		cmocka_unit_test(one_truck_fetches_what_is_asked_for_before_it_is_loaded),
		cmocka_unit_test(a_truck_that_is_loaded_takes_no_more),
		cmocka_unit_test(a_truck_that_arrives_brought_all_that_it_was_to_fetch),
		cmocka_unit_test(without_a_carrier_the_loading_waits_and_says_so),
		cmocka_unit_test(the_officer_takes_from_the_depot_he_names),
		cmocka_unit_test(a_truck_is_told_what_it_takes_along),
		cmocka_unit_test(what_a_truck_was_not_asked_to_carry_it_has_not_brought),
		cmocka_unit_test(a_loading_elsewhere_wants_a_truck_of_its_own),
		cmocka_unit_test(a_truck_sent_by_hand_carries_what_waits_for_one),
		cmocka_unit_test(a_truck_that_has_arrived_has_delivered),
		cmocka_unit_test(a_truck_is_called_off_with_its_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
