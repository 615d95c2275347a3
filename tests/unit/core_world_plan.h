/* core_world_plan: plans made line by line, for the tests of the core; no world. */
#ifndef TESTS_UNIT_CORE_WORLD_PLAN_H
#define TESTS_UNIT_CORE_WORLD_PLAN_H

#include <string.h>

#include "core/playbook.h"
#include "core/words.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)

static inline struct text t(const char *string)
{
	return (struct text){string, (uint32_t)strlen(string)};
}

/* A plan for an alarm type, without steps: grade 一般, deadlines 1 h and 24 h. */
static inline struct playbook_def plan_for(const char *id, const char *alarm_type, const char *incident_type)
{
	return (struct playbook_def){.id = t(id),
		.title = t(id),
		.type = {t(alarm_type)},
		.type_count = 1,
		.incident_type = t(incident_type),
		.correlate_mm = 150000,
		.correlate_ms = 300 * SECOND_MS,
		.priority = 2,
		.grade = GRADE_GENERAL,
		.response_level = 4,
		.answer_ms = 60 * SECOND_MS,
		.receive_ms = HOUR_MS,
		.dispose_ms = 24 * HOUR_MS,
		.verify_ms = 24 * HOUR_MS,
		.climb = {WHO_GRID_HEAD, WHO_VILLAGE_HEAD, WHO_TOWN_HEAD, WHO_OFFICE, WHO_COMMITTEE},
		.climb_count = 5};
}
static inline struct step_def *plan_step(struct playbook_def *def, uint8_t kind)
{
	struct step_def *step = &def->step[def->step_count++];

	*step = (struct step_def){.kind = kind, .level = 1};
	return step;
}
static inline struct step_def *plan_send(struct playbook_def *def, const char *skills, uint32_t count)
{
	struct step_def *step = plan_step(def, STEP_SEND);

	step->skills = t(skills);
	step->count = count;
	return step;
}
static inline struct step_def *plan_supply(struct playbook_def *def, const char *item, uint32_t quantity)
{
	struct step_def *step = plan_step(def, STEP_SUPPLY);

	step->item = t(item);
	step->quantity = quantity;
	return step;
}
static inline struct step_def *plan_action(struct playbook_def *def, const char *device, const char *action)
{
	struct step_def *step = plan_step(def, STEP_ACTION);

	step->device = t(device);
	step->action = t(action);
	step->within_mm = 300000;
	step->effect = EFFECT_CLEARED;
	step->effect_within_ms = 30 * SECOND_MS;
	return step;
}
static inline struct step_def *plan_notify(struct playbook_def *def, uint32_t who)
{
	struct step_def *step = plan_step(def, STEP_NOTIFY);

	step->who = who;
	step->answer_within_ms = 300 * SECOND_MS;
	return step;
}

#endif
