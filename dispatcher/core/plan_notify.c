/* plan_notify: who is told of an incident by a step of its plan. Not how, nor until when: that is decide_notice. */
#include "core/decide.h"
#include "core/on_duty.h"

#include <stddef.h>
#include <string.h>

enum { ROOM_PERSON = 3, ROOM_CLOSE = 4 };

static bool heads_grid(const struct core *core, uint32_t person, uint32_t level, uint32_t parent)
{
	for (uint32_t slot = 1; slot <= core->table[TABLE_GRID].used; slot++) {
		const struct grid *grid = grid_at(core, slot);

		if (grid->head == person && grid->level == level && !grid->retired &&
			(parent == 0 || grid->parent == parent))
			return true;
	}
	return false;
}

static bool words_hold(const struct core *core, uint32_t list_text, uint32_t word_text)
{
	struct text list = text_at(&core->texts, list_text), word = text_at(&core->texts, word_text);

	for (struct text next = text_next_word(&list); next.len > 0; next = text_next_word(&list))
		if (text_equal(next, word))
			return true;
	return false;
}

/* The responsibility list names persons, or organisations for which their leaders speak. */
static bool named(const struct core *core, uint32_t list, const struct person *person)
{
	bool speaks = (person->roles & (WHO_LEAD | WHO_LEADER)) != 0 && person->org != 0;

	return words_hold(core, list, person->id) || (speaks && words_hold(core, list, person->org));
}

static bool leads_for(const struct core *core, const struct person *person, uint32_t type, uint32_t who)
{
	const struct duty *duty = duty_at(core, state_find_number(core, TABLE_DUTY, type));

	if (duty == NULL)
		return false;
	return ((who & WHO_LEAD) != 0 && named(core, duty->lead, person)) ||
	       ((who & WHO_ASSIST) != 0 && named(core, duty->assist, person));
}

static bool is_told(
	const struct core *core, const struct person *person, const struct incident *incident, uint32_t who)
{
	uint32_t by_role = WHO_DUTY_OFFICER | WHO_OFFICE | WHO_COMMITTEE | WHO_KEEPER | WHO_AUDITOR;
	uint32_t number = person->r.number;

	if (person->retired)
		return false;
	if (told_by_role(core, person, who & by_role))
		return true;
	if ((who & WHO_GRID_HEAD) != 0 && head_at_level(core, incident->grid, 3) == number)
		return true;
	if ((who & WHO_VILLAGE_HEAD) != 0 && head_at_level(core, incident->grid, 2) == number)
		return true;
	if ((who & WHO_TOWN_HEAD) != 0 && head_at_level(core, incident->grid, 1) == number)
		return true;
	if ((who & WHO_LEADER) != 0 && (person->roles & WHO_LEADER) != 0 &&
		(who & (WHO_LEAD | WHO_ASSIST)) == 0)
		return true;
	if ((who & WHO_GRID_MEMBER) != 0 && (person->roles & WHO_GRID_MEMBER) != 0 &&
		person->grid == incident->grid)
		return true;
	if ((who & WHO_MICRO_HEADS) != 0 && heads_grid(core, number, 4, incident->grid))
		return true;
	if ((who & WHO_ALL_HEADS) != 0 && (heads_grid(core, number, 3, 0) || heads_grid(core, number, 4, 0)))
		return true;
	return leads_for(core, person, incident->type, who);
}

/* Of the roles a step names, the one for which this person is told. */
static uint32_t role_of(
	const struct core *core, const struct person *person, const struct incident *incident, uint32_t who)
{
	for (uint32_t bit = 1; bit != 0 && bit <= who; bit <<= 1)
		if ((who & bit) != 0 && is_told(core, person, incident, bit))
			return bit;
	return who;
}

/* Who opens the case at the desk need not be told of it. */
static void tell(struct plan *plan, uint32_t index, const struct person *person)
{
	const struct step *step = &plan->playbook->step[index];

	if (plan->decision->event->kind == EVENT_OPEN &&
		actor_of(plan->decision->core, plan->decision->event) == person->r.number)
		return;
	uint32_t who = role_of(plan->decision->core, person, plan->incident, step->who);

	(void)tell_person(plan->decision, plan->incident->r.number,
		&(struct notice_to){.person = person->r.number,
			.who = who,
			.step = index,
			.within_ms = step->answer_within_ms,
			.told_only = step->answer_within_ms == 0,
			.each = answer_of_each(step->answer, who)});
}

/* The heads of grids whom a step wants told, marked in one walk over the grids instead of one a person. */
static void mark_heads(const struct plan *plan, uint32_t who, uint64_t *heads)
{
	const struct core *core = plan->decision->core;

	memset(heads, 0, (core->table[TABLE_PERSON].used / 64 + UINT64_C(1)) * sizeof *heads);
	for (uint32_t slot = 1;
		slot <= core->table[TABLE_GRID].used && (who & (WHO_MICRO_HEADS | WHO_ALL_HEADS)) != 0;
		slot++) {
		const struct grid *grid = grid_at(core, slot);
		bool micro = (who & WHO_MICRO_HEADS) != 0 && grid->level == 4 &&
			     grid->parent == plan->incident->grid;
		bool all = (who & WHO_ALL_HEADS) != 0 && grid->level >= 3;

		if ((micro || all) && !grid->retired)
			heads[grid->head / 64] |= UINT64_C(1) << (grid->head % 64);
	}
}

/* Persons in roster order, as many as fit; where it stopped stands in the mark. */
void plan_notify(struct plan *plan, uint32_t index)
{
	const struct core *core = plan->decision->core;
	struct step_mark mark = plan->mark[index];
	uint32_t used = core->table[TABLE_PERSON].used;
	uint32_t room = state_room(core, TABLE_NOTICE), who = plan->playbook->step[index].who;
	uint64_t *heads = core->scratch->heads;

	mark_heads(plan, who, heads);
	mark.state = STEP_ACTIVE;
	while (mark.progress < used && room_for(plan->decision, ROOM_PERSON + ROOM_CLOSE)) {
		const struct person *person = person_at(core, ++mark.progress);

		bool is_head =
			(heads[mark.progress / 64] >> (mark.progress % 64) & 1) != 0 && !person->retired;

		if (plan->decision->notices < room &&
			(is_head || is_told(core, person, plan->incident,
					    who & ~(uint32_t)(WHO_MICRO_HEADS | WHO_ALL_HEADS))))
			tell(plan, index, person);
	}
	if (mark.progress == used)
		mark.state = STEP_EFFECTIVE;
	else
		plan->more = true;
	plan_set_mark(plan, index, mark);
}
