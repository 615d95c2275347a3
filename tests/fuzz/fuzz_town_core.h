/* fuzz_town_core: one small town in a core, with a case that runs, put back as often as an input wants; for the fuzz targets. */
#ifndef TESTS_FUZZ_FUZZ_TOWN_CORE_H
#define TESTS_FUZZ_FUZZ_TOWN_CORE_H

#include "fuzz.h"

#include "../unit/core_world.h"
#include "core/state.h"

/* A core in a block of memory of its own: the addresses inside stay what they were. */
struct fuzz_block {
	struct core *core;
	void *memory, *kept;
	size_t before, behind; /* its scratch, which holds nothing from one event to the next */
};

static inline void fuzz_block_keep(struct fuzz_block *block, const struct core_limits *limits)
{
	block->before = (size_t)((uint8_t *)block->core->scratch - (uint8_t *)block->memory);
	block->behind = (size_t)core_size(limits) - block->before - sizeof(struct scratch);
	block->kept = malloc(block->before + block->behind);
	FUZZ_MUST(block->kept != NULL);
	memcpy(block->kept, block->memory, block->before);
	memcpy((uint8_t *)block->kept + block->before, block->core->scratch + 1, block->behind);
}

static inline void fuzz_block_restore(const struct fuzz_block *block)
{
	memcpy(block->memory, block->kept, block->before);
	memcpy((void *)((struct scratch *)((uint8_t *)block->memory + block->before) + 1),
		(const uint8_t *)block->kept + block->before, block->behind);
}

/* Tables so small that an input can fill them. */
static inline struct core_limits fuzz_limits(void)
{
	struct core_limits limits = world_limits();

	limits.max[TABLE_INCIDENT] = 10;
	for (uint32_t table = TABLE_NEED; table <= TABLE_TASK; table++)
		limits.max[table] = EFFECTS_MAX + 60;
	limits.max[TABLE_IDENTITY] = 24;
	limits.max[TABLE_PLAYBOOK] = 6;
	limits.max[TABLE_GRID] = limits.max[TABLE_PERSON] = limits.max[TABLE_UNIT] = 16;
	limits.texts = 4400;
	limits.text_bytes = 70000;
	return limits;
}

static inline void fuzz_town_fill(struct world *world)
{
	struct playbook_def def = plan_for("p", "alarm.a", "ia");

	plan_send(&def, "water", 1);
	plan_supply(&def, "ring", 2);
	plan_notify(&def, WHO_GRID_HEAD);
	const struct event events[] = {{.kind = EVENT_TOWN, .u.town = {.code = t("T"), .offset_min = 480}},
		{.kind = EVENT_PERSON, .u.person = {.id = t("head"), .roles = WHO_GRID_HEAD}},
		{.kind = EVENT_GRID, .u.grid = {.code = t("G"), .head = t("head"), .level = 3}},
		{.kind = EVENT_DEPOT, .u.depot = {.id = t("d"), .keeper = t("head")}},
		{.kind = EVENT_STOCK, .u.stock = {.depot = t("d"), .item = t("ring"), .quantity = 9}},
		{.kind = EVENT_UNIT, .u.unit = {.id = t("u"), .skills = t("water"), .speed_mm_s = 10000}},
		{.kind = EVENT_DEVICE, .u.device = {.id = t("cam"), .kind = t("camera"), .grid = t("G")}},
		{.kind = EVENT_PLAYBOOK, .u.playbook = {&def}},
		{.kind = EVENT_PLAN, .u.plan = {.hash = {1}, .count = 1}},
		{.kind = EVENT_ALARM,
			.u.alarm = {.source = t("cam"),
				.id = t("1"),
				.type = t("alarm.a"),
				.grid = t("G"),
				.identity = {1, 2},
				.state = ALARM_RAISED,
				.confidence_ppm = 1000000}}};

	for (size_t index = 0; index < sizeof(events) / sizeof(events[0]); index++)
		(void)world_put(world, events[index]);
}

/* The town's core, and the block that it stands in. Call it once. */
static inline struct core_limits fuzz_town_open(struct fuzz_block *block)
{
	static struct world world;
	struct core_limits limits = fuzz_limits();

	fuzz_asserts_abort();
	world_open(&world, &limits);
	fuzz_town_fill(&world);
	block->core = world.core;
	block->memory = world.memory;
	fuzz_block_keep(block, &limits);
	return limits;
}

#endif
