/* devices: cameras and gauges over the alarms' door. */
#include "devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check_pair.h"
#include "json.h"
#include "net.h"
#include "town.h"

enum { REPEAT_MS = 1500, REPEAT_MAX_MS = 8000, RECONNECT_MS = 200, TRIES_HERE = 3 };

struct sent_alarm sent_alarm[ALARMS_MAX];
uint32_t sent_alarms, alarms_unanswered;
static struct net_peer peer[TOWN_DEVICES];
static int64_t every_ms;

static void send_alarm(uint32_t number)
{
	static const char *const states[] = {"raised", "cleared", "alive", "test"};
	const struct sent_alarm *alarm = &sent_alarm[number];
	int64_t wall_ms = alarm->at_ms + SIM_WALL_MS;
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;
	char text[512], when[32];

	gmtime_r(&seconds, &tm);
	strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", &tm);
	int bytes = snprintf(text, sizeof text,
		"{\"specversion\":\"1.0\",\"id\":\"a%u\",\"source\":\"s%u\",\"type\":\"%s\",\"time\":\"%s.%"
		"03dZ\","
		"\"data\":{\"state\":\"%s\",\"confidence\":0.9,\"mode\":\"actual\"}}",
		number, alarm->device + 1u, town_alarm_types[alarm->type], when, (int)(wall_ms % 1000),
		states[alarm->state]);

	net_send(&peer[alarm->device], text, (uint32_t)bytes);
}

/* To the other daemon. */
static void go_over(struct net_peer *self)
{
	net_cut(self);
	(void)net_connect(self, (self->node + 1) % node_count);
}

static void try_again(void *context, uint64_t number)
{
	struct sent_alarm *alarm = &sent_alarm[number];
	int64_t wait_ms = REPEAT_MS * (int64_t)(alarm->tries + 1);

	(void)context;
	if (alarm->answered)
		return;
	alarm->tries++;
	if (check_is_pair() && alarm->tries % TRIES_HERE == 0)
		go_over(&peer[alarm->device]);
	if (peer[alarm->device].connected)
		send_alarm((uint32_t)number);
	sim_at(sim.now_ms + (wait_ms < REPEAT_MAX_MS ? wait_ms : REPEAT_MAX_MS) + sim_between(0, 500),
		try_again, NULL, number);
}

static void take_incident(struct sent_alarm *alarm, uint32_t number, uint32_t incident)
{
	if (alarm->accepted && alarm->incident != incident) {
		alarm->two_incidents =
			true; /* of two daemons it may be so when the first one's row was set aside */
		if (!check_is_pair())
			sim_violation("one alarm, one incident", "alarm a%u: first %u, then %u", number,
				alarm->incident, incident);
	}
	alarm->incident = incident;
	alarm->accepted = true;
}

static void got(void *context, const char *text, uint32_t bytes)
{
	char id[32], result[16], reason[24], incident[32];

	(void)bytes;
	if (!json_say_text(text, "id", id, sizeof id) ||
		!json_say_text(text, "result", result, sizeof result))
		return;
	uint32_t number = (uint32_t)strtoul(id + 1, NULL, 10);
	struct sent_alarm *alarm = &sent_alarm[number];

	sim_note("device.told", number, (uint64_t)result[0]);
	if (strcmp(result, "rejected") == 0) {
		(void)json_say_text(text, "reason", reason, sizeof reason);
		if (strcmp(reason, "overloaded") == 0)
			return; /* it is tried again */
		if (strcmp(reason, "not_leader") == 0 && check_is_pair()) {
			go_over(context);
			return;
		}
		if (strcmp(reason, "bad_time") != 0)
			sim_violation("a good alarm is taken", "alarm a%u was rejected: %s", number, reason);
		alarm->refused = true;
	} else {
		uint32_t year = 0, serial = 0;

		if (json_say_text(text, "incident", incident, sizeof incident) &&
			sscanf(incident, "%u-%u", &year, &serial) == 2)
			serial += year * 1000000;
		take_incident(alarm, number, serial);
	}
	if (!alarm->answered)
		alarms_unanswered--;
	alarm->answered = true;
}

static void connect_again(void *context, uint64_t arg)
{
	struct net_peer *self = context;

	(void)arg;
	if (!self->connected && !net_connect(self, (uint32_t)sim_below(node_count)))
		sim_at(sim.now_ms + sim_long(RECONNECT_MS, 2000), connect_again, self, 0);
}

static void lost(void *context)
{
	connect_again(context, 0);
}

static void next_alarm(void *context, uint64_t storm)
{
	struct sent_alarm *alarm;

	(void)context;
	if (every_ms == 0 || storm != (uint64_t)every_ms)
		return;
	sim_at(sim.now_ms + sim_between(1, 2 * every_ms), next_alarm, NULL, storm);
	if (sent_alarms == ALARMS_MAX)
		return;
	alarm = &sent_alarm[sent_alarms];
	*alarm = (struct sent_alarm){.device = (uint8_t)sim_below(TOWN_DEVICES),
		.type = (uint8_t)sim_below(TOWN_ALARM_TYPES),
		.state = (uint8_t)(sim_one_in(4)   ? 1
				   : sim_one_in(8) ? 2
						   : 0),
		.at_ms = sim.now_ms};
	alarms_unanswered++;
	try_again(NULL, sent_alarms++);
}

void devices_storm(int64_t every)
{
	every_ms = every;
	if (every != 0)
		sim_at(sim.now_ms + 1, next_alarm, NULL, (uint64_t)every);
}

void devices_begin(void)
{
	sent_alarms = alarms_unanswered = 0;
	every_ms = 0;
	for (uint32_t device = 0; device < TOWN_DEVICES; device++) {
		peer[device] = (struct net_peer){
			.door = NET_ALARMS, .context = &peer[device], .got = got, .lost = lost};
		snprintf(peer[device].name, sizeof peer[device].name, "S%u", device + 1);
		net_add(&peer[device]);
		sim_at(sim.now_ms + sim_between(0, SIM_SECOND), connect_again, &peer[device], 0);
	}
}
