/* decide_climb: somebody was not reached: to whom the name climbs. Not how a person is told: that is decide_notice. */
#include "core/decide.h"
#include "core/on_duty.h"

#include <stddef.h>

enum { RUNGS_MAX = 8 };

/* Who stands above whom; the committee is the last. */
static const struct {
	uint32_t who, above, level; /* level: of the grid whose head that is; 0: everybody of the role */
} ladder[] = {
	{WHO_MICRO_HEADS, WHO_GRID_HEAD, 3},
	{WHO_GRID_MEMBER, WHO_GRID_HEAD, 3},
	{WHO_ALL_HEADS, WHO_GRID_HEAD, 3},
	{WHO_GRID_HEAD, WHO_VILLAGE_HEAD, 2},
	{WHO_VILLAGE_HEAD, WHO_TOWN_HEAD, 1},
	{WHO_TOWN_HEAD, WHO_OFFICE, 0},
	{WHO_KEEPER, WHO_OFFICE, 0},
	{WHO_LEAD, WHO_OFFICE, 0},
	{WHO_ASSIST, WHO_OFFICE, 0},
	{WHO_AUDITOR, WHO_OFFICE, 0},
	{WHO_DUTY_OFFICER, WHO_LEADER, 0},
	{WHO_LEADER, WHO_COMMITTEE, 0},
	{WHO_OFFICE, WHO_COMMITTEE, 0},
};

struct climb {
	struct decision *decision;
	const struct notice *notice; /* whose person was not reached */
	uint32_t person[NOTICE_ROLE_MAX];
	uint32_t count;
};

uint32_t head_at_level(const struct core *core, uint32_t grid, uint32_t level)
{
	for (const struct grid *at = grid_at(core, grid); at != NULL; at = grid_at(core, at->parent))
		if (at->level == level)
			return at->head;
	return 0;
}

/* The grid from which the heads above a person are looked for: the one that the person heads, else lives in. */
static uint32_t grid_of(const struct core *core, const struct incident *incident, uint32_t person)
{
	uint32_t best = 0, best_level = 0;

	for (uint32_t at = incident->grid; at != 0; at = grid_at(core, at)->parent)
		if (grid_at(core, at)->head == person)
			return at;
	for (uint32_t slot = 1; slot <= core->table[TABLE_GRID].used; slot++) {
		const struct grid *grid = grid_at(core, slot);

		if (grid->head == person && !grid->retired && grid->level > best_level) {
			best = slot;
			best_level = grid->level;
		}
	}
	if (best != 0)
		return best;
	best = person_at(core, person)->grid;
	return best != 0 ? best : incident->grid;
}

static void add(struct climb *climb, uint32_t number)
{
	const struct person *person = person_at(climb->decision->core, number);

	if (person != NULL && !person->retired && number != climb->notice->person &&
		climb->count < NOTICE_ROLE_MAX)
		climb->person[climb->count++] = number;
}

static void gather(struct climb *climb, uint32_t who, uint32_t level, uint32_t grid)
{
	const struct core *core = climb->decision->core;

	climb->count = 0;
	if (level != 0) {
		add(climb, head_at_level(core, grid, level));
		return;
	}
	for (uint32_t slot = 1; slot <= core->table[TABLE_PERSON].used; slot++)
		if (told_by_role(core, person_at(core, slot), who))
			add(climb, slot);
}

static bool is_on_rung(const struct climb *climb, uint32_t person)
{
	for (uint32_t at = 0; at < climb->count; at++)
		if (climb->person[at] == person)
			return true;
	return false;
}

/* Nobody is told twice because two names climb: a notice that waits, or was answered for another name, will do. */
static uint32_t join(const struct climb *climb)
{
	const struct core *core = climb->decision->core;
	uint32_t found = 0;

	for (uint32_t slot = incident_by(core, climb->notice->incident)->first_notice; slot != 0;
		slot = notice_at(core, slot)->next) {
		const struct notice *other = notice_at(core, slot);
		bool knows = other->state == NOTICE_ANSWERED && other->climbed != 0 &&
			     other->issued_ms >= climb->notice->issued_ms;

		if (!is_on_rung(climb, other->person))
			continue;
		if (other->state == NOTICE_PENDING && other->due_ms != 0)
			return other->r.number;
		if (knows)
			found = other->r.number;
	}
	return found;
}

/* Who was tried in vain already is not waited for again: the name goes past. The notice of one of them; 0: nobody was. */
static uint32_t leave_out_unreached(struct climb *climb)
{
	const struct core *core = climb->decision->core;
	uint32_t found = 0;

	for (uint32_t slot = incident_by(core, climb->notice->incident)->first_notice; slot != 0;
		slot = notice_at(core, slot)->next) {
		const struct notice *other = notice_at(core, slot);

		if (other->state != NOTICE_UNREACHED || !is_on_rung(climb, other->person))
			continue;
		found = other->r.number;
		for (uint32_t at = 0; at < climb->count; at++)
			if (climb->person[at] == other->person)
				climb->person[at--] = climb->person[--climb->count];
	}
	return found;
}

static uint32_t tell_all(struct climb *climb, uint32_t who)
{
	uint32_t first = 0;
	struct notice_to to = {.who = who,
		.step = climb->notice->step,
		.within_ms = notice_within_ms(climb->decision->core, climb->notice),
		.each = answer_of_each(ANSWER_BY_ROLE, who),
		.climbed = climb->notice->r.number};

	for (uint32_t at = 0; at < climb->count; at++) {
		to.person = climb->person[at];
		uint32_t number = tell_person(climb->decision, climb->notice->incident, &to);

		if (first == 0)
			first = number;
	}
	return first;
}

static bool rung_above(uint32_t *who, uint32_t *level)
{
	for (uint32_t at = 0; at < sizeof ladder / sizeof ladder[0]; at++) {
		if ((*who & ladder[at].who) == 0)
			continue;
		*who = ladder[at].above;
		*level = ladder[at].level;
		return true;
	}
	return false;
}

/* The rung that somebody answers for, or is told of it now. *last: the highest who was tried in vain. */
static uint32_t climb_to(struct climb *climb, uint32_t who, uint32_t *last)
{
	uint32_t up = climb->count == 0 ? 0 : join(climb);

	if (climb->count == 0 || up != 0)
		return up;
	uint32_t in_vain = leave_out_unreached(climb);

	if (in_vain != 0)
		*last = in_vain;
	return tell_all(climb, who);
}

uint32_t climb_notice(struct decision *decision, const struct notice *notice)
{
	const struct core *core = decision->core;
	struct climb climb = {.decision = decision, .notice = notice};
	uint32_t who = notice->who, level = 0, up = 0, last = 0;
	const struct incident *incident = incident_by(core, notice->incident);
	uint32_t grid = incident == NULL ? 0 : grid_of(core, incident, notice->person);

	for (uint32_t rung = 0; incident != NULL && up == 0 && rung < RUNGS_MAX && rung_above(&who, &level);
		rung++) {
		gather(&climb, who, level, grid);
		up = climb_to(&climb, who, &last);
	}
	return up != 0 ? up
		       : last; /* above the last there is nobody: a late answer of theirs is for this name as well */
}
