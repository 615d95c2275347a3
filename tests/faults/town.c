/* town: flat land, streets along the axes, few units, less sand than is asked for. */
#include "town.h"

#include <stdio.h>
#include <string.h>

#include "node.h"
#include "../unit/core_world_plan.h"

enum { WEST_E7 = 1134300000, SOUTH_E7 = 347800000, STEP_E7 = 5000 };

const char *const town_alarm_types[] = {"alarm.water.level", "alarm.fire.smoke", "alarm.pump.failed",
	"alarm.medical.help", "alarm.road.collapse"};

void town_limits(struct core_limits *limits)
{
	core_limits_default(limits);
	limits->max[TABLE_GRID] = limits->max[TABLE_PERSON] = 64;
	limits->max[TABLE_UNIT] = limits->max[TABLE_STOCK] = limits->max[TABLE_DEVICE] = 64;
	limits->max[TABLE_DUTY] = limits->max[TABLE_PLAYBOOK] = 16;
	limits->max[TABLE_INCIDENT] = 512;
	limits->max[TABLE_NEED] = limits->max[TABLE_SUPPLY] = 2048;
	limits->max[TABLE_ORDER] = limits->max[TABLE_NOTICE] = 4096;
	limits->max[TABLE_TASK] = 8192;
	limits->max[TABLE_SILENCE] = 64;
	if (node_count > 1) /* nobody settles what another daemon has left */
		limits->max[TABLE_ASIDE] = 8192;
	limits->max[TABLE_IDENTITY] = 8192;
	limits->texts = 32768;
	limits->text_bytes = 1u << 20;
}

static struct place place_of(int32_t lon_e7, int32_t lat_e7)
{
	return (struct place){.lon_e7 = lon_e7,
		.lat_e7 = lat_e7,
		.ecef_mm = {(int64_t)(lon_e7 - WEST_E7) * 10, (int64_t)(lat_e7 - SOUTH_E7) * 11, 0}};
}

void town_point(uint32_t at, uint32_t count, int32_t *lon_e7, int32_t *lat_e7)
{
	*lon_e7 = WEST_E7 + (int32_t)(at * TOWN_GRIDS * 8 / count) * STEP_E7;
	*lat_e7 = SOUTH_E7 + (int32_t)(at % 3) * STEP_E7;
}

static enum disp_err place_from(
	void *context, struct text crs, double x, double y, struct place *out, const char **detail)
{
	(void)context;
	(void)crs;
	*detail = "";
	*out = place_of((int32_t)(x * 1e7 + 0.5), (int32_t)(y * 1e7 + 0.5));
	return DISP_OK;
}

static enum disp_err place_to(void *context, const struct place *place, struct text crs, double *x, double *y)
{
	(void)context;
	(void)crs;
	*x = place->lon_e7 / 1e7;
	*y = place->lat_e7 / 1e7;
	return DISP_OK;
}

static bool grid_at(void *context, const struct place *place, struct text *code)
{
	static const char *const grids[TOWN_GRIDS] = {"G1", "G2", "G3", "G4"};
	int32_t grid = (place->lon_e7 - WEST_E7) / (8 * STEP_E7);

	(void)context;
	if (place->lon_e7 < WEST_E7 || grid >= TOWN_GRIDS)
		return false;
	*code = t(grids[grid]);
	return true;
}

const struct ground town_ground = {NULL, place_from, place_to, grid_at};

static void leg(const void *context, const struct place *from, const struct place *to, int32_t speed_mm_s,
	int64_t *range_mm, int64_t *time_ms)
{
	int64_t east = from->ecef_mm[0] - to->ecef_mm[0], north = from->ecef_mm[1] - to->ecef_mm[1];

	*range_mm = (east < 0 ? -east : east) + (north < 0 ? -north : north);
	*time_ms = *range_mm * 1000 / (speed_mm_s > 0 ? speed_mm_s : 1);
	*time_ms += *time_ms * (int64_t)(uintptr_t)context / 4;
}

struct travel town_travel(uint32_t delay)
{
	return (struct travel){(const void *)(uintptr_t)delay, leg};
}

/* --- the registry ----------------------------------------------------------------------------------- */

struct registry {
	enum disp_err (*take)(void *context, struct event *event);
	void *context;
	enum disp_err err;
};

static void put(struct registry *registry, struct event event)
{
	event.by = TEXT("town pack");
	if (registry->err == DISP_OK)
		registry->err = registry->take(registry->context, &event);
}

static struct text id_of(char bytes[16], const char *prefix, uint32_t number)
{
	return (struct text){bytes, (uint32_t)snprintf(bytes, 16, "%s%u", prefix, number)};
}

static void put_grids(struct registry *registry)
{
	char id[16];

	put(registry,
		(struct event){.kind = EVENT_GRID, .u.grid = {.code = t("T"), .name = t("T"), .level = 1}});
	put(registry, (struct event){.kind = EVENT_GRID,
			      .u.grid = {.code = t("V"), .name = t("V"), .parent = t("T"), .level = 2}});
	for (uint32_t grid = 1; grid <= TOWN_GRIDS; grid++) {
		struct text code = id_of(id, "G", grid);

		put(registry, (struct event){.kind = EVENT_GRID,
				      .u.grid = {.code = code, .name = code, .parent = t("V"), .level = 3}});
	}
}

static void put_people(struct registry *registry)
{
	static const uint32_t roles[TOWN_PERSONS] = {WHO_DUTY_OFFICER, WHO_OFFICE, WHO_LEADER, WHO_COMMITTEE,
		WHO_KEEPER, WHO_KEEPER, WHO_GRID_HEAD, WHO_GRID_HEAD, WHO_GRID_HEAD, WHO_GRID_HEAD,
		WHO_VILLAGE_HEAD, WHO_TOWN_HEAD};
	char id[16];

	for (uint32_t person = 0; person < TOWN_PERSONS; person++) {
		struct text name = id_of(id, "p", person + 1);

		put(registry, (struct event){.kind = EVENT_PERSON,
				      .u.person = {.id = name,
					      .name = name,
					      .phone = t("123"),
					      .grid = t("G1"),
					      .roles = roles[person]}});
	}
}

static void put_units(struct registry *registry)
{
	static const char *const skills[] = {
		"water", "fire", "medic", "water transport", "fire medic", "transport"};
	char id[16];
	int32_t lon, lat;

	for (uint32_t unit = 0; unit < TOWN_UNITS; unit++) {
		struct text name = id_of(id, "u", unit + 1);

		town_point(unit, TOWN_UNITS, &lon, &lat);
		put(registry, (struct event){.kind = EVENT_UNIT,
				      .u.unit = {.id = name,
					      .name = name,
					      .kind = t("crew"),
					      .skills = t(skills[unit % 6]),
					      .leader = t("p7"),
					      .home = place_of(lon, lat),
					      .speed_mm_s = 15000,
					      .turnout_ms = 20000,
					      .members = 3,
					      .terminal = true}});
	}
}

static void put_things(struct registry *registry)
{
	static const char *const items[] = {"sand", "pump", "ring"};
	char id[16];
	int32_t lon, lat;

	for (uint32_t depot = 0; depot < TOWN_DEPOTS; depot++) {
		struct text name = id_of(id, "d", depot + 1);

		town_point(depot, TOWN_DEPOTS, &lon, &lat);
		put(registry, (struct event){.kind = EVENT_DEPOT,
				      .u.depot = {.id = name,
					      .name = name,
					      .keeper = t(depot == 0 ? "p5" : "p6"),
					      .place = place_of(lon, lat),
					      .load_ms = 60000}});
		for (uint32_t item = 0; item < 3; item++)
			put(registry, (struct event){.kind = EVENT_STOCK,
					      .u.stock = {.depot = name,
						      .item = t(items[item]),
						      .name = t(items[item]),
						      .unit = t("pcs"),
						      .quantity = 20 + (int64_t)item * 5}});
	}
	for (uint32_t device = 0; device < TOWN_DEVICES; device++) {
		bool speaker = device >= TOWN_DEVICES - TOWN_SPEAKERS;
		struct text name = id_of(id, "s", device + 1);

		town_point(device, TOWN_DEVICES, &lon, &lat);
		put(registry, (struct event){.kind = EVENT_DEVICE,
				      .u.device = {.id = name,
					      .kind = t(speaker ? "loudspeaker" : "camera"),
					      .name = name,
					      .grid = t("G1"),
					      .actions = t(speaker ? "say" : ""),
					      .place = place_of(lon, lat)}});
	}
}

static void put_plan(struct registry *registry, uint32_t which)
{
	static const char *const skills[TOWN_ALARM_TYPES] = {
		"water", "fire", "transport", "medic", "transport"};
	static const char *const kinds[TOWN_ALARM_TYPES] = {"flood", "fire", "pump", "medical", "road"};
	static struct playbook_def def;

	def = plan_for(kinds[which], town_alarm_types[which], kinds[which]);
	memset(def.hash, (int)which + 1, sizeof def.hash);
	def.priority = (uint8_t)(which + 1);
	def.receive_ms = 2 * MINUTE_MS;
	def.arrive_ms = 10 * MINUTE_MS;
	def.dispose_ms = 20 * MINUTE_MS;
	def.climb_every_ms = which == 1 ? 10 * MINUTE_MS : 0;
	plan_send(&def, skills[which], which < 2 ? 2 : 1)->arrive_within_ms = 5 * MINUTE_MS;
	if (which == 0 || which == 2)
		(void)plan_supply(&def, which == 0 ? "sand" : "pump", which == 0 ? 6 : 3);
	if (which == 1)
		*plan_action(&def, "loudspeaker", "say") = (struct step_def){.kind = STEP_ACTION,
			.level = 1,
			.device = t("loudspeaker"),
			.action = t("say"),
			.say = t("leave the house"),
			.within_mm = 300000000};
	if (which == 3)
		(void)plan_notify(&def, WHO_GRID_HEAD);
	if (which == 4) {
		def.release = RELEASE_CONFIRM;
		def.confirm_ms = MINUTE_MS;
		def.confirm_dispatch = true;
	}
	put(registry, (struct event){.kind = EVENT_PLAYBOOK, .u.playbook.def = &def});
}

enum disp_err town_register(enum disp_err (*take)(void *context, struct event *event), void *context)
{
	struct registry registry = {take, context, DISP_OK};
	struct event town = {.kind = EVENT_TOWN,
		.u.town = {.code = t("sim"), .name = t("sim"), .offset_min = 480, .demonstration = true}};
	struct event plan = {.kind = EVENT_PLAN, .u.plan.count = TOWN_ALARM_TYPES};

	put_grids(&registry);
	put_people(&registry);
	put_units(&registry);
	put_things(&registry);
	memset(town.u.town.hash, 7, sizeof town.u.town.hash);
	put(&registry, town);
	for (uint32_t which = 0; which < TOWN_ALARM_TYPES; which++)
		put_plan(&registry, which);
	memset(plan.u.plan.hash, 9, sizeof plan.u.plan.hash);
	put(&registry, plan);
	return registry.err;
}
