/* test_core_order: what is said of orders, by crews, by the clock and by the officer. */
#include "core/text_pool.h"
#include "core_world.h"

static uint32_t begin(struct world *world, uint32_t crews)
{
	struct playbook_def def = plan_for("smoke", "alarm.fire.smoke", "fire");

	world_begin(world);
	world_unit(world, "fire-1", "fire", 1000, 0);
	world_unit(world, "fire-2", "fire", 2000, 0);
	world_unit(world, "fire-3", "fire", 3000, 0);
	def.arrive_ms = 600 * SECOND_MS;
	plan_send(&def, "fire", crews);
	world_playbook(world, &def);
	return world_raise(world, "cam-1", "alarm.fire.smoke");
}

static void one_who_declines_is_replaced_at_once_and_not_asked_again(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 1);

	assert_int_equal(world_say(&world, number, "fire-1", ANSWER_DECLINE), OUTCOME_OK);
	assert_true(world_sent(&world, number, "fire-2"));
	assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_AVAILABLE);
	world_say(&world, number, "fire-2", ANSWER_DECLINE);
	world_say(&world, number, "fire-3", ANSWER_DECLINE);
	world_wait(&world, HOUR_MS);
	assert_int_equal(unit_of(&world, "fire-1")->sent, 1);
	assert_int_equal(incident_of(&world, number)->short_of, 1);
	const struct need *need = query_at(world.core, TABLE_NEED, incident_of(&world, number)->first_need);

	assert_int_equal(need->why, WHY_DECLINED);
	assert_int_equal(need->missing, 1);
	/* For another case it is asked like anybody. */
	uint32_t second = world_raise(&world, "cam-far", "alarm.fire.smoke");

	assert_int_not_equal(second, number);
	assert_true(world_sent(&world, second, "fire-3"));
	world_close(&world);
}

/* A crew with two orders that ends the one at which it stood: it shows what it does for the other. */
static void of_two_orders_the_one_that_goes_on_gives_the_state(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 1), second = world_raise(&world, "cam-far", "alarm.fire.smoke");

	assert_int_equal(world_say(&world, number, "fire-1", ANSWER_ARRIVED), OUTCOME_OK);
	assert_int_equal(world_send(&world, second, "fire-1", true), OUTCOME_OK);
	assert_int_equal(world_say(&world, second, "fire-1", ANSWER_ACCEPT), OUTCOME_OK);
	assert_int_equal(world_say(&world, number, "fire-1", ANSWER_DONE), OUTCOME_OK);
	assert_int_equal(unit_of(&world, "fire-1")->orders, 1);
	assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_ACKNOWLEDGED);
	assert_int_equal(world_say(&world, second, "fire-1", ANSWER_ARRIVED), OUTCOME_OK);
	assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_ON_SCENE);
	world_close(&world);
}

static void no_answer_in_time_sends_the_next(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 1);

	world_say(&world, number, "fire-1", ANSWER_DELIVERED);
	world_wait(&world, 60 * SECOND_MS);
	assert_int_equal(world_order(&world, number, TARGET_UNIT, "fire-1")->state, ORDER_EXPIRED);
	assert_int_equal(world_order(&world, number, TARGET_UNIT, "fire-1")->why, WHY_NO_ANSWER);
	assert_true(world_sent(&world, number, "fire-2"));
	assert_int_equal(world_say(&world, number, "fire-2", ANSWER_ACCEPT), OUTCOME_OK);
	world_wait(&world, HOUR_MS);
	assert_true(world_sent(&world, number, "fire-2")); /* who has answered is waited for */
	assert_int_equal(unit_of(&world, "fire-3")->sent, 0);
	world_close(&world);
}

/* A terminal may hold orders that another leader gave last, of which nobody here has heard. */
static void a_new_leader_gives_no_number_twice(void **state)
{
	struct world world;
	struct event lead = {.kind = EVENT_LEAD, .epoch = 2, .u.lead = {.holder = t("b")}};

	(void)state;
	uint32_t number = begin(&world, 1);
	uint32_t before = world_order(&world, number, TARGET_UNIT, "fire-1")->r.number;

	assert_int_equal(world_put(&world, lead), OUTCOME_OK);
	world_wait(&world, 60 * SECOND_MS);
	assert_true(world_order(&world, number, TARGET_UNIT, "fire-2")->r.number > before + LEAD_NUMBERS);
	assert_int_equal(world_say(&world, number, "fire-2", ANSWER_ACCEPT), OUTCOME_OK);
	world_close(&world);
}

/* The number of the order that fire-2 gets when a leader with that epoch goes on. */
static uint32_t number_by(uint64_t epoch)
{
	struct world world;
	struct event lead = {.kind = EVENT_LEAD, .epoch = epoch, .u.lead = {.holder = t("b")}};
	uint32_t incident = begin(&world, 1), number;

	assert_int_equal(world_put(&world, lead), OUTCOME_OK);
	world_wait(&world, 60 * SECOND_MS);
	number = world_order(&world, incident, TARGET_UNIT, "fire-2")->r.number;
	world_close(&world);
	return number;
}

/* Two go on from the same row, and one of them never knew of the other. */
static void two_leaders_give_no_number_both(void **state)
{
	(void)state;
	assert_true(number_by(3) >= number_by(2) + LEAD_NUMBERS);
}

static void the_silent_are_asked_again_when_nobody_is_left(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 1);

	world_wait(&world, 180 * SECOND_MS); /* one after the other, a minute each */
	assert_int_equal(unit_of(&world, "fire-1")->sent, 1);
	assert_int_equal(unit_of(&world, "fire-3")->sent, 1);
	assert_int_equal(incident_of(&world, number)->short_of, 1);
	world_wait(&world, 5 * 60 * SECOND_MS);
	assert_int_equal(unit_of(&world, "fire-1")->sent, 2);
	world_wait(&world, 24 * HOUR_MS);
	assert_in_range(unit_of(&world, "fire-1")->sent, 4, 12); /* ever more rarely */
	world_close(&world);
}

static void one_that_fails_is_out_of_service_and_replaced(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 1);

	world_say(&world, number, "fire-1", ANSWER_EN_ROUTE);
	world_say(&world, number, "fire-1", ANSWER_FAILED);
	assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_OUT_OF_SERVICE);
	assert_true(world_sent(&world, number, "fire-2"));
	world_close(&world);
}

static void a_crew_says_its_way(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 1);
	const struct incident *incident = incident_of(&world, number);

	assert_int_equal(world_say(&world, number, "fire-1", ANSWER_ACCEPT), OUTCOME_OK);
	assert_int_equal(world_say(&world, number, "fire-1", ANSWER_ACCEPT), OUTCOME_UNCHANGED);
	assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_ACKNOWLEDGED);
	assert_int_equal(
		world_status(&world, "fire-1", UNIT_EN_ROUTE), OUTCOME_OK); /* a status is an answer too */
	assert_int_equal(world_order(&world, number, TARGET_UNIT, "fire-1")->state, ORDER_EN_ROUTE);
	assert_int_equal(world_status(&world, "fire-1", UNIT_ON_SCENE), OUTCOME_OK);
	assert_int_equal(incident->state, INCIDENT_WORKING);
	assert_int_equal(incident->deadline[DEADLINE_ARRIVE].state, DEADLINE_MET);
	assert_int_equal(unit_of(&world, "fire-1")->place.ecef_mm[0], 0);
	assert_int_equal(world_say(&world, number, "fire-1", ANSWER_DONE), OUTCOME_OK);
	assert_int_equal(incident->state, INCIDENT_DONE_REPORTED);
	assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_RETURNING);
	assert_int_equal(unit_of(&world, "fire-1")->home_ms, world.now_ms + 100 * SECOND_MS);
	world_wait(&world, 100 * SECOND_MS);
	assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_AVAILABLE);
	assert_int_equal(unit_of(&world, "fire-1")->place.ecef_mm[0], 1000000);
	assert_int_equal(world_say(&world, number, "fire-1", ANSWER_DONE), OUTCOME_WRONG_STATE);
	world_close(&world);
}

static void only_the_holder_or_the_office_may_answer(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 1);
	uint32_t order = world_order(&world, number, TARGET_UNIT, "fire-1")->r.number;

	assert_int_equal(world_answer(&world, order, "fire-2", ANSWER_ACCEPT), OUTCOME_NOT_PERMITTED);
	assert_int_equal(world_answer(&world, order, "", ANSWER_ACCEPT), OUTCOME_INVALID);
	assert_int_equal(world_answer(&world, 999, "fire-1", ANSWER_ACCEPT), OUTCOME_NOT_FOUND);
	struct event answer = {.kind = EVENT_ANSWER,
		.by = t("officer"),
		.u.answer = {.order = order, .answer = ANSWER_ACCEPT}};

	assert_int_equal(world_put(&world, answer), OUTCOME_OK);
	world_close(&world);
}

static void the_first_done_does_not_end_what_others_still_do(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 2);

	world_say(&world, number, "fire-1", ANSWER_DONE);
	assert_int_equal(incident_of(&world, number)->state, INCIDENT_DISPATCHED);
	world_say(&world, number, "fire-2", ANSWER_DONE);
	assert_int_equal(incident_of(&world, number)->state, INCIDENT_DONE_REPORTED);
	world_close(&world);
}

static void done_with_a_crew_still_wanted_is_not_done(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 4); /* there are three */

	world_say(&world, number, "fire-1", ANSWER_DONE);
	world_say(&world, number, "fire-2", ANSWER_DONE);
	world_say(&world, number, "fire-3", ANSWER_ACCEPT);
	world_say(&world, number, "fire-3", ANSWER_DONE);
	assert_true(incident_of(&world, number)->state < INCIDENT_DONE_REPORTED);
	world_close(&world);
}

/* The crew that is asked second has no link: the call to it. */
static const struct task *begin_call(struct world *world)
{
	uint32_t number = begin(world, 1);

	world_link(world, TARGET_UNIT, "fire-2", false);
	world_say(world, number, "fire-1", ANSWER_DECLINE);
	uint32_t task = world_order(world, number, TARGET_UNIT, "fire-2")->call_task;

	return query_at(world->core, TABLE_TASK, query_slot(world->core, TABLE_TASK, task));
}

static void a_crew_without_a_link_is_called(void **state)
{
	struct world world;

	(void)state;
	const struct task *call = begin_call(&world);

	assert_non_null(call);
	assert_int_equal(call->person, query_find(world.core, TABLE_PERSON, t("leader")));
	world_link(&world, TARGET_UNIT, "fire-2", true); /* its terminal is back and is told */
	assert_int_equal(call->state, TASK_CANCELLED);
	world_close(&world);
}

static void a_call_is_done_when_the_answer_comes(void **state)
{
	struct world world;

	(void)state;
	const struct task *call = begin_call(&world);

	world_say(&world, call->incident, "fire-2", ANSWER_ACCEPT);

	assert_int_equal(call->state, TASK_DONE);
	world_close(&world);
}

/* --- by hand -------------------------------------------------------------------------------------- */

static void a_second_order_is_refused_unless_it_is_meant(void **state)
{
	struct world world;

	(void)state;
	uint32_t first = begin(&world, 1), second = world_raise(&world, "cam-far", "alarm.fire.smoke");

	assert_true(world_sent(&world, first, "fire-1") && world_sent(&world, second, "fire-3"));
	assert_int_equal(world_send(&world, second, "fire-1", false), OUTCOME_BUSY);
	assert_int_equal(world_send(&world, second, "fire-1", true), OUTCOME_OK);
	assert_int_equal(unit_of(&world, "fire-1")->orders, 2);
	assert_true(world_sent(&world, first, "fire-1") && world_sent(&world, second, "fire-1"));
	assert_true(world_order(&world, second, TARGET_UNIT, "fire-1")->manual);
	world_say(&world, second, "fire-1", ANSWER_DECLINE); /* the first order stands */
	assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_ORDERED);
	world_close(&world);
}

static void nobody_is_ordered_twice_to_the_same_case(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 1);

	assert_int_equal(world_send(&world, number, "fire-1", false), OUTCOME_BUSY);
	assert_int_equal(world_send(&world, number, "fire-1", true), OUTCOME_UNCHANGED);
	assert_int_equal(unit_of(&world, "fire-1")->orders, 1);
	assert_int_equal(world_close_case(&world, number, DISPOSITION_FALSE), OUTCOME_OK);
	assert_int_equal(unit_of(&world, "fire-1")->orders, 0);
	assert_int_equal(world_send(&world, number, "fire-1", true), OUTCOME_WRONG_STATE);
	world_close(&world);
}

static void a_break_down_frees_all_orders(void **state)
{
	struct world world;

	(void)state;
	uint32_t first = begin(&world, 1), second = world_raise(&world, "cam-far", "alarm.fire.smoke");

	world_send(&world, second, "fire-1", true);
	assert_int_equal(world_status(&world, "fire-1", UNIT_OFF_DUTY), OUTCOME_BUSY);
	assert_int_equal(world_status(&world, "fire-1", UNIT_OUT_OF_SERVICE), OUTCOME_OK);
	assert_int_equal(unit_of(&world, "fire-1")->orders, 0);
	assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_OUT_OF_SERVICE);
	assert_int_equal(world_order(&world, first, TARGET_UNIT, "fire-1")->state, ORDER_FAILED);
	assert_true(world_sent(&world, first, "fire-2")); /* the next best */
	world_close(&world);
}

static void a_swap_recalls_one_and_sends_the_other(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 1);
	struct event swap = {.kind = EVENT_SWAP,
		.by = t("officer"),
		.u.swap = {.order = world_order(&world, number, TARGET_UNIT, "fire-1")->r.number,
			.unit = t("fire-3")}};

	assert_int_equal(world_put(&world, swap), OUTCOME_OK);
	assert_int_equal(world_order(&world, number, TARGET_UNIT, "fire-1")->state, ORDER_RECALLED);
	assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_AVAILABLE);
	assert_true(world_sent(&world, number, "fire-3"));
	assert_int_equal(world_put(&world, swap), OUTCOME_BUSY);
	/* It stands where the first one stood: when it declines, the requirement is open again. */
	world_say(&world, number, "fire-3", ANSWER_DECLINE);
	assert_true(world_sent(&world, number, "fire-1"));
	world_close(&world);
}

static void a_send_fills_an_open_requirement(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 4);
	const struct need *need = query_at(world.core, TABLE_NEED, incident_of(&world, number)->first_need);

	assert_int_equal(need->missing, 1);
	world_unit(&world, "fire-4", "fire", 4000, 0);
	world_status(&world, "fire-4", UNIT_RESERVED);
	assert_int_equal(world_send(&world, number, "fire-4", false), OUTCOME_OK);
	assert_int_equal(need->missing, 0);
	assert_int_equal(need->state, NEED_FILLED);
	world_status(&world, "fire-4", UNIT_AVAILABLE);
	world_close(&world);
}

static void a_device_obeys_the_officer_with_a_case_and_without(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 1);
	struct event told = {.kind = EVENT_DEVICE_DO,
		.by = t("officer"),
		.u.device_do = {
			.device = t("speaker"), .action = t("say"), .say = t("出去"), .incident = number}};

	assert_int_equal(world_put(&world, told), OUTCOME_NOT_FOUND);
	world_device(&world, "speaker", "loudspeaker", "say", 0, true);
	assert_int_equal(world_put(&world, told), OUTCOME_OK);
	const struct order *order = world_order(&world, number, TARGET_DEVICE, "speaker");

	assert_int_equal(query_text(world.core, order->task).len, 6); /* words never heard before */
	told.u.device_do.action = t("sing");
	assert_int_equal(world_put(&world, told), OUTCOME_INVALID);
	told.u.device_do.action = t("say");
	told.u.device_do.incident = 0;
	assert_int_equal(world_put(&world, told), OUTCOME_OK);
	uint32_t alone = world.seen[0].u.result.number;

	assert_non_null(order_of(&world, alone));
	assert_int_equal(world_answer(&world, alone, "speaker", ANSWER_DONE), OUTCOME_OK);
	assert_null(order_of(&world, alone)); /* no case keeps it */
	assert_int_equal(world_put(&world, told), OUTCOME_OK);
	alone = world.seen[0].u.result.number;
	world_wait(&world, 60 * SECOND_MS); /* nor does it wait for ever */
	assert_null(order_of(&world, alone));
	world_close(&world);
}

/* The crew had said yes, its line was lost and it is called back; then its terminal comes again and shows the recall. */
static void a_recall_that_the_terminal_has_taken_spares_the_call(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 1);
	const struct order *order = world_order(&world, number, TARGET_UNIT, "fire-1");

	world_say(&world, number, "fire-1", ANSWER_ACCEPT);
	world_link(&world, TARGET_UNIT, "fire-1", false);
	struct event recall = {.kind = EVENT_ANSWER,
		.by = t("officer"),
		.channel = t("console"),
		.u.answer = {.order = order->r.number, .answer = ANSWER_RECALL}};

	assert_int_equal(world_put(&world, recall), OUTCOME_OK);
	const struct task *call =
		query_at(world.core, TABLE_TASK, query_slot(world.core, TABLE_TASK, order->call_task));

	assert_int_equal(call->state, TASK_OPEN);
	world_link(&world, TARGET_UNIT, "fire-1", true);
	assert_int_equal(call->state, TASK_OPEN); /* it has not shown it yet */
	assert_int_equal(world_answer(&world, order->r.number, "fire-1", ANSWER_DELIVERED), OUTCOME_OK);
	assert_int_equal(call->state, TASK_CANCELLED);
	assert_int_equal(order->state, ORDER_RECALLED);
	assert_int_equal(
		world_answer(&world, order->r.number, "fire-1", ANSWER_DELIVERED), OUTCOME_WRONG_STATE);
	world_close(&world);
}

static void what_is_said_on_behalf_keeps_its_speaker(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world, 1);
	const struct order *order = world_order(&world, number, TARGET_UNIT, "fire-1");

	world_say(&world, number, "fire-1", ANSWER_ACCEPT);
	assert_int_equal(order->answered_by, 0); /* its own terminal */
	assert_int_equal(
		world_put(&world, (struct event){.kind = EVENT_ANSWER,
					  .by = t("officer"),
					  .channel = t("radio"),
					  .u.answer = {.order = order->r.number, .answer = ANSWER_EN_ROUTE}}),
		OUTCOME_OK);
	assert_true(text_equal(query_text(world.core, order->answered_by), t("officer")));
	assert_true(text_equal(query_text(world.core, order->answered_channel), t("radio")));
	world_close(&world);
}

/* A line that comes and goes all day long fills no table with calls that nobody made. */
static void a_line_that_flaps_fills_no_table(void **state)
{
	struct world world;
	uint32_t calls = 0;

	(void)state;
	uint32_t number = begin(&world, 1);

	assert_int_equal(world_say(&world, number, "fire-1", ANSWER_ACCEPT), OUTCOME_OK);
	for (uint32_t times = 0; times < 500; times++) {
		world_link(&world, TARGET_UNIT, "fire-1", false);
		assert_int_equal(world_seen_count(&world, EFFECT_TASK), 1);
		world_link(&world, TARGET_UNIT, "fire-1", true);
		assert_int_equal(world_seen_count(&world, EFFECT_TASK_STATE), 1);
	}
	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_TASK); slot++)
		calls += query_at(world.core, TABLE_TASK, slot) != NULL;
	assert_true(calls < 10);
	assert_int_equal(world_close_case(&world, number, DISPOSITION_FALSE), OUTCOME_OK);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_who_declines_is_replaced_at_once_and_not_asked_again),
		cmocka_unit_test(of_two_orders_the_one_that_goes_on_gives_the_state),
		cmocka_unit_test(no_answer_in_time_sends_the_next),
		cmocka_unit_test(a_new_leader_gives_no_number_twice),
		cmocka_unit_test(two_leaders_give_no_number_both),
		cmocka_unit_test(the_silent_are_asked_again_when_nobody_is_left),
		cmocka_unit_test(one_that_fails_is_out_of_service_and_replaced),
		cmocka_unit_test(a_crew_says_its_way),
		cmocka_unit_test(only_the_holder_or_the_office_may_answer),
		cmocka_unit_test(the_first_done_does_not_end_what_others_still_do),
		cmocka_unit_test(done_with_a_crew_still_wanted_is_not_done),
		cmocka_unit_test(a_crew_without_a_link_is_called),
		cmocka_unit_test(a_call_is_done_when_the_answer_comes),
		cmocka_unit_test(a_second_order_is_refused_unless_it_is_meant),
		cmocka_unit_test(nobody_is_ordered_twice_to_the_same_case),
		cmocka_unit_test(a_break_down_frees_all_orders),
		cmocka_unit_test(a_recall_that_the_terminal_has_taken_spares_the_call),
		cmocka_unit_test(what_is_said_on_behalf_keeps_its_speaker),
		cmocka_unit_test(a_swap_recalls_one_and_sends_the_other),
		cmocka_unit_test(a_send_fills_an_open_requirement),
		cmocka_unit_test(a_device_obeys_the_officer_with_a_case_and_without),
		cmocka_unit_test(a_line_that_flaps_fills_no_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
