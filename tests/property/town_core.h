/* town_core: a town pack and its playbooks inside a real core, put back as often as a test likes; for tests alone. */
#ifndef TESTS_PROPERTY_TOWN_CORE_H
#define TESTS_PROPERTY_TOWN_CORE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/query.h"
#include "geo/geo.h"
#include "shell/register.h"

struct town_core {
	struct geo *geo;
	struct town *town;
	struct playbook_set *set;
	struct core_limits limits;
	struct travel travel;
	void *image_memory, *memory;
	struct core *image, *core; /* image: as it was when town_core_keep was called */
	struct core_section section[CORE_SECTIONS_MAX];
	uint32_t section_count;
	struct effects effects; /* of the last event */
	/* Told of every event and what was decided, before it is applied. May be NULL. */
	void (*witness)(void *context, const struct event *event, const struct effects *effects);
	void *witness_context;
};

/* FNV-1a, stretched: no secret is kept here, and no cryptography linked. */
static inline void town_core_hash(uint8_t out[PLAYBOOK_HASH_BYTES], const void *bytes, size_t len)
{
	uint64_t state = UINT64_C(14695981039346656037);

	for (size_t index = 0; index < len; index++)
		state = (state ^ ((const uint8_t *)bytes)[index]) * UINT64_C(1099511628211);
	for (uint32_t index = 0; index < PLAYBOOK_HASH_BYTES; index++) {
		state = (state ^ index) * UINT64_C(1099511628211);
		out[index] = (uint8_t)(state >> 56);
	}
}

/* As in the daemon: the shortest way over the ground, at the unit's speed. */
static inline void town_core_leg(const void *context, const struct place *from, const struct place *to,
	int32_t speed_mm_s, int64_t *range_mm, int64_t *time_ms)
{
	*range_mm = geo_range_mm(context, from, to);
	*time_ms = speed_mm_s > 0 ? *range_mm * 1000 / speed_mm_s : -1;
}

/* Empty, with what a town may hold and room for a few hundred incidents. NULL: no memory. */
static inline struct core *town_core_new(const struct town_core *world, void **memory)
{
	struct core_rules rules;
	struct core *core = NULL;

	core_rules_default(&rules);
	*memory = calloc(1, core_size(&world->limits));
	if (*memory == NULL)
		return NULL;
	return core_init(*memory, &world->limits, &rules, &world->travel, &core) == DISP_OK ? core : NULL;
}

/* Whether a row is written, as shell/turn.c sees it: refusals and repeats are only answered. */
static inline bool town_core_changes(const struct effects *effects)
{
	const struct effect *first = &effects->item[0];

	if (effects->count == 0)
		return false;
	if (first->kind == EFFECT_ALARM)
		return first->u.alarm.result == ALARM_ACCEPTED || first->u.alarm.result == ALARM_SUPPRESSED;
	return first->kind != EFFECT_RESULT || first->u.result.outcome == OUTCOME_OK;
}

/* One event at `at_ms`, or now where that is later: decided, and applied when it changes something. */
static inline enum disp_err town_core_take(struct town_core *world, struct event *event, int64_t at_ms)
{
	const struct town_state *town = query_town(world->core);

	event->seq = town->seq + 1;
	event->epoch = 1;
	event->at_ms = at_ms > town->at_ms ? at_ms : town->at_ms;
	enum disp_err err = core_decide(world->core, event, &world->effects);

	if (err != DISP_OK)
		return err;
	if (world->witness != NULL)
		world->witness(world->witness_context, event, &world->effects);
	return town_core_changes(&world->effects) ? core_apply(world->core, event, &world->effects) : DISP_OK;
}

/*
 * Ticks until nothing is due at `to_ms`, each at the time that it is owed. DISP_E_DAMAGED: a tick that got nowhere,
 * or no end of them.
 */
static inline enum disp_err town_core_advance(struct town_core *world, int64_t to_ms)
{
	for (uint32_t ticks = 0; core_due_ms(world->core) <= to_ms; ticks++) {
		struct event event = {.kind = EVENT_TICK};
		uint64_t before = query_town(world->core)->seq;
		enum disp_err err = town_core_take(world, &event, core_due_ms(world->core));

		if (err != DISP_OK)
			return err;
		if (ticks > 1000000 || query_town(world->core)->seq != before + 1)
			return DISP_E_DAMAGED;
	}
	return DISP_OK;
}

struct town_core_taking {
	struct town_core *world;
	int64_t at_ms;
};

static inline enum disp_err town_core_register(void *context, struct event *event)
{
	struct town_core_taking *taking = context;

	return town_core_take(taking->world, event, taking->at_ms);
}

/* The pack and the plans go into the core at `at_ms`; every device has a live terminal from then on. */
static inline enum disp_err town_core_fill(struct town_core *world, int64_t at_ms)
{
	struct town_core_taking taking = {world, at_ms};
	uint8_t hash[PLAYBOOK_HASH_BYTES] = {1};
	const char *what = NULL;
	enum disp_err err = register_town(world->core, world->town, hash, town_core_register, &taking, &what);

	if (err == DISP_E_FULL && what != NULL)
		fprintf(stderr, "the core holds fewer %s than the town has\n", what);
	if (err == DISP_OK)
		err = register_plan(world->core, world->set, town_core_register, &taking);
	for (uint32_t index = 0; err == DISP_OK && index < world->town->device_count; index++) {
		const char *id = world->town->device[index].id;
		struct event event = {.kind = EVENT_LINK};

		event.u.link = (struct event_link){
			.id = {id, (uint32_t)strlen(id)}, .target = TARGET_DEVICE, .up = true};
		err = town_core_take(world, &event, at_ms);
	}
	return err == DISP_OK ? town_core_advance(world, at_ms) : err;
}

/* What the core holds now is what town_core_restore brings back. Once. */
static inline void town_core_keep(struct town_core *world)
{
	world->image = world->core;
	world->image_memory = world->memory;
	world->core = NULL;
	world->memory = NULL;
	world->section_count = core_save(world->image, world->section);
}

static inline enum disp_err town_core_restore(struct town_core *world)
{
	free(world->memory);
	world->core = town_core_new(world, &world->memory);
	return world->core == NULL ? DISP_E_FULL
				   : core_load(world->core, world->section, world->section_count);
}

/* Reads both folders; every fault is printed. false: something is wrong. Free with town_core_close all the same. */
static inline bool town_core_open(struct town_core *world, const char *playbooks, const char *pack)
{
	struct reading_faults faults_of_town;
	struct reading_faults plan_faults;
	char error[200] = "";

	memset(world, 0, sizeof *world);
	core_limits_default(&world->limits);
	for (uint32_t table = TABLE_INCIDENT; table < TABLE_COUNT; table++)
		if (world->limits.max[table] > 4096)
			world->limits.max[table] = 4096; /* a case is over after a few dozen */
	reading_faults_init(&faults_of_town);
	reading_faults_init(&plan_faults);
	if (geo_open(&world->geo, error, sizeof error) != DISP_OK)
		fprintf(stderr, "%s\n", error);
	else if (town_load(pack, world->geo, &world->town, &faults_of_town) != DISP_OK)
		reading_fault_print(stderr, &faults_of_town);
	if (playbook_load_dir(playbooks, town_core_hash, &world->set, &plan_faults) != DISP_OK)
		reading_fault_print(stderr, &plan_faults);
	reading_faults_free(&faults_of_town);
	reading_faults_free(&plan_faults);
	world->effects.item = calloc(EFFECTS_MAX, sizeof(struct effect));
	world->travel = (struct travel){world->geo, town_core_leg};
	if (world->town == NULL || world->set == NULL || world->effects.item == NULL)
		return false;
	world->core = town_core_new(world, &world->memory);
	return world->core != NULL;
}

static inline void town_core_close(struct town_core *world)
{
	free(world->memory);
	free(world->image_memory);
	free(world->effects.item);
	playbook_set_free(world->set);
	town_free(world->town);
	geo_close(world->geo);
}

#endif
