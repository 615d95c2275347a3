/* smoke_world: two fire crews, a medic and a plan for smoke in the small town; for the tests of the life of a case. */
#ifndef TESTS_UNIT_SMOKE_WORLD_H
#define TESTS_UNIT_SMOKE_WORLD_H

#include "core_world.h"

static const char *const smoke = "alarm.fire.smoke";

static inline struct playbook_def smoke_plan(void)
{
	struct playbook_def def = plan_for("smoke", smoke, "fire");

	plan_send(&def, "fire", 1);
	plan_send(&def, "medic", 1)->level = 2;
	return def;
}

static inline void begin_with(struct world *world, struct playbook_def *def)
{
	world_begin(world);
	world_unit(world, "fire-1", "fire", 1000, 0);
	world_unit(world, "fire-2", "fire", 2000, 0);
	world_unit(world, "medic-1", "medic", 500, 0);
	world_playbook(world, def);
}

static inline uint32_t begin(struct world *world)
{
	struct playbook_def def = smoke_plan();

	begin_with(world, &def);
	return world_raise(world, "cam-1", smoke);
}

static inline uint8_t state_of(const struct world *world, uint32_t number)
{
	return incident_of(world, number)->state;
}

#endif
