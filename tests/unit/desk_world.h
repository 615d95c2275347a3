/* desk_world: a night at the desk, as it is or with a restart after each of its steps; for test_core_desk and _bell. */
#ifndef TESTS_UNIT_DESK_WORLD_H
#define TESTS_UNIT_DESK_WORLD_H

#include "core_world.h"

static const char *const smoke = "alarm.fire.smoke";

/* Every night is played twice: as it is, and with a restart from an image after each of its steps. */
static bool with_restarts;

static inline void restart(struct world *world)
{
	struct core_section section[CORE_SECTIONS_MAX];
	struct core_limits limits = world_limits();
	uint32_t count = core_save(world->core, section);
	int64_t due_ms = core_due_ms(world->core);
	uint64_t digest = core_digest(world->core);
	void *memory = NULL;
	struct core *core = world_core(&limits, &memory);

	assert_int_equal(core_load(core, section, count), DISP_OK);
	assert_int_equal(core_digest(core), digest);
	assert_int_equal(core_due_ms(core), due_ms);
	free(world->memory);
	world->memory = memory;
	world->core = core;
}

static inline void pass(struct world *world, int64_t ms)
{
	world_wait(world, ms);
	if (with_restarts)
		restart(world);
}

static inline const struct desk *desk_of(const struct world *world)
{
	return &query_town(world->core)->desk;
}

static inline uint32_t shift(
	struct world *world, uint8_t act, const char *by, const char *person, const char *note)
{
	return world_put(
		world, (struct event){.kind = EVENT_SHIFT,
			       .by = t(by),
			       .u.shift = {.act = act, .person = t(person), .to = t(""), .note = t(note)}});
}

static inline uint32_t hand_over(struct world *world, const char *from, const char *to)
{
	return world_put(world,
		(struct event){
			.kind = EVENT_SHIFT, .by = t(from), .u.shift = {.act = SHIFT_HANDOVER, .to = t(to)}});
}

static inline uint32_t ack(struct world *world, uint32_t incident, const char *by)
{
	return world_put(
		world, (struct event){.kind = EVENT_ACK, .by = t(by), .u.ack = {.incident = incident}});
}

static inline const struct person *person_of(const struct world *world, const char *id)
{
	return query_at(world->core, TABLE_PERSON, query_find(world->core, TABLE_PERSON, t(id)));
}

static inline bool stands(const struct world *world, uint32_t incident, enum alert cause)
{
	return (incident_of(world, incident)->alert >> cause & 1) != 0;
}

/* A fire crew, so that smoke at cam-1 sends one; cam-far raises what nobody is needed for. */
static inline void begin_with(struct world *world, struct playbook_def *def)
{
	world_begin(world);
	world_unit(world, "fire-1", "fire", 100, 0);
	world_playbook(world, def);
}

static inline void begin(struct world *world)
{
	struct playbook_def def = plan_for("smoke", smoke, "fire");

	plan_send(&def, "fire", 1);
	begin_with(world, &def);
}

static inline uint32_t told(struct world *world, const char *id)
{
	uint32_t count = 0, person = query_find(world->core, TABLE_PERSON, t(id));

	for (uint32_t at = 0; at < world->seen_count; at++)
		count += world->seen[at].kind == EFFECT_NOTICE && world->seen[at].u.notice.person == person;
	return count;
}

#endif
