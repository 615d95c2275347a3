/* check: what plans ask for and a town can never give. */
#include "playbook/plan.h"

struct check {
	const struct playbook_vocabulary *town;
	const char *file;
	struct reading_faults *faults;
};

static void mark_fault(struct check *check, struct mark at, const char *what, struct text name)
{
	reading_fault_add(
		check->faults, check->file, at.line, at.column, "%s '%.*s'", what, TEXT_PRINT(name));
}

/* Words parted by one space, each asked for. */
static void skills_check(struct check *check, struct text skills, struct mark at)
{
	uint32_t from = 0;

	if (check->town->has_skill == NULL || skills.len == 0)
		return;
	for (uint32_t to = 0; to <= skills.len; to++) {
		if (to < skills.len && skills.ptr[to] != ' ')
			continue;
		struct text word = {skills.ptr + from, to - from};

		if (!check->town->has_skill(check->town->context, word))
			mark_fault(check, at, "no unit of the town has the skill", word);
		from = to + 1;
	}
}

static void action_check(struct check *check, const struct step_def *step, const struct step_origin *origin)
{
	const struct playbook_vocabulary *town = check->town;

	if (town->has_device_action == NULL ||
		town->has_device_action(town->context, step->device, step->action))
		return;
	if (!text_equal(step->device, TEXT("self")) &&
		!town->has_device_action(town->context, step->device, (struct text){0}))
		mark_fault(check, origin->device, "the town has no device of the kind", step->device);
	else
		mark_fault(check, origin->action, "no such device of the town can do", step->action);
}

static void step_check(struct check *check, const struct step_def *step, const struct step_origin *origin)
{
	const struct playbook_vocabulary *town = check->town;

	if (step->kind == STEP_SEND) {
		skills_check(check, step->skills, origin->skills);
		skills_check(check, step->substitute, origin->substitute);
	} else if (step->kind == STEP_SUPPLY) {
		if (town->has_item != NULL && !town->has_item(town->context, step->item))
			mark_fault(check, origin->item, "no depot of the town has the item", step->item);
	} else if (step->kind == STEP_ACTION) {
		action_check(check, step, origin);
	}
}

enum disp_err playbook_check_town(const struct playbook_set *set,
	const struct playbook_vocabulary *vocabulary, struct reading_faults *faults)
{
	uint32_t faults_before = faults->count;

	for (uint32_t index = 0; index < set->count; index++) {
		const struct playbook_def *def = set->def[index];
		const struct playbook_origin *origin = &set->origin[index];
		struct check check = {vocabulary, set->file[index], faults};

		for (uint32_t grid = 0; grid < def->grid_count; grid++)
			if (vocabulary->has_grid != NULL &&
				!vocabulary->has_grid(vocabulary->context, def->grid[grid]))
				mark_fault(
					&check, origin->grid[grid], "the town has no grid", def->grid[grid]);
		for (uint32_t step = 0; step < def->step_count; step++)
			step_check(&check, &def->step[step], &origin->step[step]);
	}
	return faults->count == faults_before ? DISP_OK : DISP_E_INPUT;
}
