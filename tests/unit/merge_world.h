/* merge_world: a small town with two plans whose cases are merged and parted; for the tests of that alone. */
#ifndef TESTS_UNIT_MERGE_WORLD_H
#define TESTS_UNIT_MERGE_WORLD_H

#include "core_world.h"

#define SMOKE "alarm.fire.smoke"
#define FLOOD "alarm.flood" /* asks for another skill, which the same crews hold */

/* cam-1 at 0 m, cam-2 at 50 m, cam-far at 5,000 m east. Disposal within 24 h by the first plan, 2 h by the second. */
static inline void merge_begin(struct world *world)
{
	struct playbook_def def = plan_for("smoke", SMOKE, "fire");
	struct playbook_def quick = plan_for("flame", "alarm.fire.flame", "fire");
	struct playbook_def flood = plan_for("flood", FLOOD, "fire");

	plan_send(&flood, "pump", 1);
	plan_send(&def, "fire", 1);
	plan_send(&quick, "fire", 1);
	quick.dispose_ms = 2 * HOUR_MS;
	quick.arrive_ms = HOUR_MS;
	world_begin(world);
	world_unit(world, "fire-1", "fire pump", 1000, 0);
	world_unit(world, "fire-2", "fire pump", 6000, 0);
	world_unit(world, "fire-3", "fire pump", 7000, 0);
	world_playbook(world, &def);
	world_playbook(world, &quick);
	world_playbook(world, &flood);
}

static inline uint32_t merge(struct world *world, uint32_t incident, uint32_t into)
{
	return world_merge(world, incident, into);
}

static inline uint32_t split_device(struct world *world, uint32_t incident, const char *device)
{
	return world_put(
		world, (struct event){.kind = EVENT_ACT,
			       .by = t("officer"),
			       .u.act = {.incident = incident, .act = ACT_SPLIT, .device = t(device)}});
}

static inline uint8_t state_of(const struct world *world, uint32_t number)
{
	return incident_of(world, number)->state;
}

static inline uint32_t climbs(const struct world *world)
{
	return world_seen_count(world, EFFECT_INCIDENT_CLIMB);
}

#endif
