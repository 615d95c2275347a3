/* test_terminal: unit-terminal as a program of its own, against the doors of a small town; a fast clock, no waiting. */
#include "ingest_town.h"
#include "program_beside.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static int run_terminal(const char *target, const char *id, const char *behaviour)
{
	if (access(program, X_OK) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		execl(program, program, "--connect", ingest_endpoint(town.ingest, DOOR_UNITS), "--alarms",
			ingest_endpoint(town.ingest, DOOR_ALARMS), target, id, "--behaviour", behaviour,
			"--rate", "1000", (char *)NULL);
		_exit(127);
	}
	return 0;
}

static int stop_terminal(void **state)
{
	if (child > 0) {
		kill(child, SIGTERM);
		waitpid(child, NULL, 0);
	}
	child = 0;
	return close_town(state);
}

static void one_turn(void)
{
	int fd[INGEST_FDS];
	zmq_pollitem_t item[INGEST_FDS];

	ingest_fds(town.ingest, fd);
	for (int i = 0; i < INGEST_FDS; i++)
		item[i] = (zmq_pollitem_t){NULL, fd[i], ZMQ_POLLIN, 0};
	turn();
	if (!ingest_ready(town.ingest))
		(void)zmq_poll(item, INGEST_FDS, 1);
}

static bool linked(uint32_t number)
{
	const struct unit *unit = query_at(town.core, TABLE_UNIT, number);

	for (int i = 0; i < TURNS_MAX && !unit->link; i++)
		one_turn();
	return unit->link;
}

static const struct order *order_to(uint8_t target, uint32_t who)
{
	for (uint32_t slot = 1; slot <= query_used(town.core, TABLE_ORDER); slot++) {
		const struct order *order = query_at(town.core, TABLE_ORDER, slot);

		if (order && order->target == target && order->who == who)
			return order;
	}
	return NULL;
}

static void raise_alarm(void)
{
	void *sender = connect_to(DOOR_ALARMS, ZMQ_DEALER);

	send_text(sender, "{\"specversion\":\"1.0\",\"id\":\"t1\",\"source\":\"cam-1\",\"type\":\"alarm."
			  "water.person_near\","
			  "\"time\":\"2026-07-01T08:00:00Z\",\"data\":{\"state\":\"raised\"}}");
	expect(sender, "\"result\":\"accepted\"");
	hang_up(sender);
}

static void wait_state(uint8_t target, uint32_t who, uint8_t wanted)
{
	const struct order *order = NULL;

	for (int i = 0; i < TURNS_MAX; i++) {
		one_turn();
		order = order_to(target, who);
		if (order && order->state == wanted)
			return;
	}
	fail_msg("the order is in state %d, not %d", order ? order->state : -1, wanted);
}

static void a_good_crew_does_what_it_is_told(void **state)
{
	(void)state;
	if (run_terminal("--unit", "FE-1", "good:60") != 0)
		skip();
	assert_true(linked(1));
	raise_alarm();
	wait_state(TARGET_UNIT, 1, ORDER_DONE);
	const struct order *order = order_to(TARGET_UNIT, 1);
	const struct unit *unit = query_at(town.core, TABLE_UNIT, 1);

	assert_true(order->answered_ms > 0 && order->en_route_ms > 0 && order->arrived_ms > 0);
	assert_int_equal(unit->place.lon_e7, place_at(113.441, 34.78).lon_e7);
}

static void who_declines_says_why(void **state)
{
	(void)state;
	if (run_terminal("--unit", "FE-1", "first:decline:no fuel then:good") != 0)
		skip();
	assert_true(linked(1));
	raise_alarm();
	wait_state(TARGET_UNIT, 1, ORDER_DECLINED);
}

static void a_vehicle_breaks_down_on_the_way(void **state)
{
	(void)state;
	if (run_terminal("--unit", "FE-1", "break") != 0)
		skip();
	assert_true(linked(1));
	raise_alarm();
	wait_state(TARGET_UNIT, 1, ORDER_FAILED);
	assert_true(order_to(TARGET_UNIT, 1)->en_route_ms > 0);
}

static void a_depot_loads(void **state)
{
	const struct depot *depot;

	(void)state;
	if (run_terminal("--depot", "D-1", "depot:20") != 0)
		skip();
	depot = query_at(town.core, TABLE_DEPOT, 1);
	for (int i = 0; i < TURNS_MAX && !depot->link; i++)
		one_turn();
	raise_alarm();
	wait_state(TARGET_DEPOT, 1, ORDER_DONE);
}

/* The daemon goes and comes on the same port: the terminal greets by itself, and does nothing twice. */
static void it_comes_again_by_itself(void **state)
{
	struct ingest_config config = {.epoch = 7};
	char alarms[128], units[128], error[INGEST_ERROR_SIZE];

	(void)state;
	if (run_terminal("--unit", "FE-1", "accept-then-mute") != 0)
		skip();
	assert_true(linked(1));
	raise_alarm();
	wait_state(TARGET_UNIT, 1, ORDER_ACCEPTED);
	snprintf(alarms, sizeof(alarms), "%s", ingest_endpoint(town.ingest, DOOR_ALARMS));
	snprintf(units, sizeof(units), "%s", ingest_endpoint(town.ingest, DOOR_UNITS));
	config.alarms = alarms;
	config.units = units;
	config.feed = "tcp://127.0.0.1:*";
	ingest_close(town.ingest);
	if (ingest_open(&town.ingest, &config, town.core, &ground, error) != DISP_OK)
		fail_msg("%s", error);
	for (int i = 0; i < TURNS_MAX && ingest_get_counters(town.ingest)->links == 0; i++)
		one_turn();
	assert_int_equal(ingest_get_counters(town.ingest)->links, 1);
	for (int i = 0; i < TURNS_MAX && ingest_get_counters(town.ingest)->reports < 2; i++)
		one_turn();
	assert_true(
		ingest_get_counters(town.ingest)->reports >= 2); /* hello, and the last answer once more */
	assert_int_equal(order_to(TARGET_UNIT, 1)->state, ORDER_ACCEPTED);
	assert_int_equal(ingest_get_counters(town.ingest)->refused, 0);
}

#define IN_TOWN(test) cmocka_unit_test_setup_teardown(test, open_town, stop_terminal)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_TOWN(a_good_crew_does_what_it_is_told),
		IN_TOWN(who_declines_says_why),
		IN_TOWN(a_vehicle_breaks_down_on_the_way),
		IN_TOWN(a_depot_loads),
		IN_TOWN(it_comes_again_by_itself),
	};

	(void)argc;
	(void)program_find(argv[0], "unit-terminal");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
