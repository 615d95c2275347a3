/* notice_world: call-and-answer in the small town; between all steps the core is saved and loaded. For test_core_notice and _climb. */
#ifndef TESTS_UNIT_NOTICE_WORLD_H
#define TESTS_UNIT_NOTICE_WORLD_H

#include "core_world.h"

enum { IMAGE_MAX = 4 << 20 };

static struct world world;
static uint8_t image[IMAGE_MAX];

/* What is saved and loaded stands where it stood, and goes on from there. */
static inline void reload(void)
{
	struct core_section section[CORE_SECTIONS_MAX];
	struct core_limits limits = world_limits();
	uint32_t count = core_save(world.core, section);
	uint64_t used = 0, digest = core_digest(world.core);
	int64_t due_ms = core_due_ms(world.core);

	for (uint32_t index = 0; index < count; index++) {
		assert_true(used + section[index].bytes <= sizeof image);
		memcpy(image + used, section[index].ptr, section[index].bytes);
		section[index].ptr = image + used;
		used += (section[index].bytes + 63) / 64 * 64;
	}
	free(world.memory);
	world.core = world_core(&limits, &world.memory);
	assert_int_equal(core_load(world.core, section, count), DISP_OK);
	assert_int_equal(core_digest(world.core), digest);
	assert_true(core_due_ms(world.core) == due_ms);
}

static inline void wait_for(int64_t ms)
{
	world_wait(&world, ms);
	reload();
}

/* A person who holds a terminal: the leader of a unit of one. */
static inline void give_terminal(const char *unit, const char *person)
{
	world_put(&world, (struct event){.kind = EVENT_UNIT,
				  .u.unit = {.id = t(unit),
					  .name = t(unit),
					  .skills = t("grid_worker"),
					  .leader = t(person),
					  .home = place_at(9000, 0),
					  .speed_mm_s = 1000,
					  .members = 1,
					  .terminal = true}});
	world_link(&world, TARGET_UNIT, unit, true);
}

/* That nobody is at the desk is another matter, with notices of its own. */
static inline void desk_is_patient(struct core_rules *rules)
{
	rules->bell_rings = 0;
}

static inline void begin(uint32_t who, uint8_t answer)
{
	struct playbook_def def = plan_for("pb", "alarm.water.person_near", "drowning");

	world_rules = desk_is_patient;
	world_begin(&world);
	plan_notify(&def, who)->answer = answer;
	def.receive_ms = def.dispose_ms = 0;
	world_playbook(&world, &def);
}

static inline uint32_t raise_one(void)
{
	uint32_t incident = world_raise(&world, "cam-1", "alarm.water.person_near");

	reload();
	return incident;
}

static inline const struct notice *notice_of(uint32_t number)
{
	return query_at(world.core, TABLE_NOTICE, query_slot(world.core, TABLE_NOTICE, number));
}

static inline const struct task *task_of(uint32_t number)
{
	return query_at(world.core, TABLE_TASK, query_slot(world.core, TABLE_TASK, number));
}

/* The latest notice to a person; NULL: never told. */
static inline const struct notice *told(const char *person)
{
	uint32_t number = query_find(world.core, TABLE_PERSON, t(person));
	const struct notice *found = NULL;

	assert_true(number != 0);
	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_NOTICE); slot++) {
		const struct notice *notice = query_at(world.core, TABLE_NOTICE, slot);

		if (notice != NULL && notice->person == number &&
			(found == NULL || notice->r.number > found->r.number))
			found = notice;
	}
	return found;
}

static inline uint32_t state_of(const char *person)
{
	return told(person) == NULL ? NOTICE_NONE : told(person)->state;
}

/* Whether anything at all is still to be done about a person: an open call. */
static inline bool is_called(const char *person)
{
	const struct task *task = task_of(told(person)->call_task);

	return task != NULL && task->state < TASK_DONE;
}

static inline uint32_t answer(const char *person, const char *who, const char *by)
{
	uint32_t outcome = world_put(
		&world, (struct event){.kind = EVENT_NOTICE_ANSWER,
				.by = t(by),
				.u.notice_answer = {.notice = told(person)->r.number, .who = t(who)}});

	reload();
	return outcome;
}

static inline uint32_t finish_task(uint32_t task, const char *who, bool silent)
{
	uint32_t outcome = world_put(&world,
		(struct event){.kind = EVENT_TASK,
			.by = t("officer"),
			.u.task = {.task = task, .state = TASK_DONE, .who = t(who), .silent = silent}});

	reload();
	return outcome;
}

static inline const char *answerer_of(const char *person)
{
	static char name[64];
	struct text text = query_text(world.core, told(person)->by);

	memcpy(name, text.ptr, text.len);
	name[text.len] = '\0';
	return name;
}

static inline uint32_t notices_to(const char *person)
{
	uint32_t number = query_find(world.core, TABLE_PERSON, t(person)), count = 0;

	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_NOTICE); slot++) {
		const struct notice *notice = query_at(world.core, TABLE_NOTICE, slot);

		count += notice != NULL && notice->person == number;
	}
	return count;
}

#endif
