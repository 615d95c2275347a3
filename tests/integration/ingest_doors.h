/* ingest_doors: what the tests of a town's doors say and do at them; a town of ingest_town.h, and one with low limits. */
#ifndef TESTS_INGEST_DOORS_H
#define TESTS_INGEST_DOORS_H

#include "ingest_town.h"

#define CAM(id, rest)                                                                                        \
	"{\"specversion\":\"1.0\",\"id\":\"" id                                                              \
	"\",\"source\":\"cam-1\",\"type\":\"alarm.water.person_near\","                                      \
	"\"time\":\"2026-07-01T08:00:00Z\",\"data\":{\"state\":\"raised\"" rest "}}"
#define POINT(lon, lat) ",\"position\":{\"type\":\"Point\",\"coordinates\":[" lon "," lat "]}"
#define FORM(id, source, type, time, rest)                                                                   \
	"{\"specversion\":\"1.0\",\"id\":\"" id "\",\"source\":\"" source "\",\"type\":\"" type "\"," time   \
	"\"data\":{\"state\":\"raised\"" rest "}}"
#define NOW  "\"time\":\"2026-07-01T08:00:00Z\","
#define NEAR "alarm.water.person_near"

static inline int open_slow_town(void **state)
{
	(void)state;
	return open_town_with(&(struct ingest_config){.device_rate = 2, .order_max = 1, .receive_max = 1000});
}

#define IN_TOWN(test)      cmocka_unit_test_setup_teardown(test, open_town, close_town)
#define IN_SLOW_TOWN(test) cmocka_unit_test_setup_teardown(test, open_slow_town, close_town)

/* A socket at the units' door that has said hello. */
static inline void *terminal(const char *hello)
{
	void *socket = connect_to(DOOR_UNITS, ZMQ_DEALER);

	send_text(socket, hello);
	expect(socket, "\"kind\":\"pong\"");
	return socket;
}

static inline void raise_alarm(const char *message)
{
	void *sender = connect_to(DOOR_ALARMS, ZMQ_DEALER);

	send_text(sender, message);
	expect(sender, "\"result\":\"accepted\"");
	hang_up(sender);
}

#endif
