/* decide_notice: call-and-answer: a person is told until somebody answers. Whom the name climbs to is decide_climb. */
#include "core/decide.h"
#include "core/on_duty.h"

#include <stddef.h>

enum { TRIES_MAX = 9, PAIRS_MAX = 64, PASSES_MAX = 16, ROOM_NOTICE = 2, ROOM_TAIL = 2 };

/* How a notice stands by now, what this decision has said of it included. */
enum { MARK_LIVE = 1, MARK_KNOWN = 2, MARK_CHILD = 4 };

bool notice_live(const struct notice *notice)
{
	return notice->state == NOTICE_PENDING || notice->state == NOTICE_UNREACHED;
}

static uint32_t terminal_of(const struct core *core, uint32_t number)
{
	const struct person *person = person_at(core, number);
	const struct unit *unit = person == NULL ? NULL : unit_at(core, person->unit);

	return unit != NULL && unit->link ? unit->r.number : 0;
}

/* --- telling ------------------------------------------------------------------------------------ */

static uint32_t tries_of(const struct core *core)
{
	uint32_t tries = core->rules.notice_tries;

	return tries == 0 ? 1 : tries > TRIES_MAX ? TRIES_MAX : tries;
}

static int64_t next_try_ms(const struct core *core, int64_t within_ms)
{
	int64_t ms = within_ms > 0 ? within_ms / tries_of(core) : core->rules.notice_ms;

	return ms > 1 ? ms : 1;
}

bool answer_of_each(uint8_t answer, uint32_t who)
{
	uint32_t one_speaks = WHO_DUTY_OFFICER | WHO_OFFICE | WHO_LEADER | WHO_COMMITTEE | WHO_TOWN_HEAD;

	if (answer == ANSWER_BY_ROLE)
		return (who & one_speaks) == 0;
	return answer == ANSWER_EACH;
}

uint32_t tell_person(struct decision *decision, uint32_t incident, const struct notice_to *to)
{
	const struct core *core = decision->core;
	uint32_t unit = terminal_of(core, to->person);
	int64_t due_ms = to->told_only ? 0 : decision->event->at_ms + next_try_ms(core, to->within_ms);

	if (decision->notices >= state_room(core, TABLE_NOTICE) || !room_for(decision, ROOM_NOTICE) ||
		(unit == 0 && decision->tasks >= state_room(core, TABLE_TASK)))
		return 0;
	uint32_t number = town_of(core)->notices + ++decision->notices;
	struct effect *effect = emit(decision, EFFECT_NOTICE);

	effect->u.notice = (struct effect_notice){.number = number,
		.incident = incident,
		.person = to->person,
		.unit = unit,
		.who = to->who,
		.step = (uint8_t)to->step,
		.due_ms = due_ms,
		.climbed = to->climbed,
		.tries = (uint8_t)(to->told_only ? 0 : tries_of(core) - 1),
		.each = to->each,
		.order = to->order};
	if (unit == 0)
		emit_task(decision, incident, to->person, 0, number, due_ms);
	return number;
}

uint32_t tell_role(struct decision *decision, uint32_t incident, const struct notice_to *to)
{
	const struct core *core = decision->core;
	struct notice_to one = *to;
	uint32_t told = 0;

	for (uint32_t slot = 1; slot <= core->table[TABLE_PERSON].used && told < NOTICE_ROLE_MAX; slot++) {
		const struct person *person = person_at(core, slot);

		if (!told_by_role(core, person, to->who))
			continue;
		one.person = slot;
		if (tell_person(decision, incident, &one) == 0)
			break;
		told++;
	}
	return told;
}

/* --- the clock ---------------------------------------------------------------------------------- */

int64_t notice_within_ms(const struct core *core, const struct notice *notice)
{
	const struct incident *incident = incident_by(core, notice->incident);
	const struct playbook *playbook = incident == NULL ? NULL : playbook_at(core, incident->playbook);

	return playbook != NULL && notice->step < playbook->step_count
		       ? playbook->step[notice->step].answer_within_ms
		       : 0;
}

/* The terminal again, and from the second time on the telephone too; a call that was in vain is put up anew. */
static void try_again(struct decision *decision, const struct notice *notice)
{
	const struct core *core = decision->core;
	const struct task *call = task_at(core, state_slot(core, TABLE_TASK, notice->call_task));
	int64_t due_ms = decision->event->at_ms + next_try_ms(core, notice_within_ms(core, notice));
	bool open = call != NULL && call->state < TASK_DONE;
	struct effect *effect = emit(decision, EFFECT_NOTICE_TRY);

	effect->u.notice_try = (struct effect_notice_try){.notice = notice->r.number,
		.incident = notice->incident,
		.unit = terminal_of(core, notice->person),
		.tries = (uint8_t)(notice->tries - 1),
		.due_ms = due_ms,
		.task = open ? notice->call_task : 0};
	if (!open && decision->tasks < state_room(core, TABLE_TASK))
		emit_task(decision, notice->incident, notice->person, 0, notice->r.number, due_ms);
}

/* The one place that says of somebody: not reached. The name stands on the list, and climbs. */
static void give_up(struct decision *decision, const struct notice *notice)
{
	uint32_t index = decision->out->count;

	emit(decision, EFFECT_NOTICE_STATE)->u.notice_state = (struct effect_notice_state){
		.notice = notice->r.number, .incident = notice->incident, .to = NOTICE_UNREACHED};
	uint32_t up = climb_notice(decision, notice);

	decision->out->item[index].u.notice_state.up = up;
}

/* What one decision could not end: an answer to another notice was for this one as well. */
static bool is_settled(const struct core *core, const struct notice *notice)
{
	const struct incident *incident = incident_by(core, notice->incident);

	for (uint32_t slot = incident == NULL ? 0 : incident->first_notice; slot != 0;
		slot = notice_at(core, slot)->next) {
		const struct notice *other = notice_at(core, slot);
		bool same = other->person == notice->person ||
			    (!notice->each && other->step == notice->step && other->who == notice->who);

		if (same && other->state == NOTICE_ANSWERED && other->answered_ms >= notice->issued_ms)
			return true;
	}
	return false;
}

/* Of those told for the same reason, the latest counts; what this decision tells, too. */
static bool is_told_since(
	const struct decision *decision, const struct incident *incident, const struct notice *notice)
{
	const struct core *core = decision->core;

	for (uint32_t slot = notice->next; slot != 0; slot = notice_at(core, slot)->next) {
		const struct notice *other = notice_at(core, slot);

		if (other->person == notice->person && other->step == notice->step &&
			other->who == notice->who)
			return true;
	}
	for (uint32_t index = 0; index < decision->out->count; index++) {
		const struct effect_notice *said = &decision->out->item[index].u.notice;

		if (decision->out->item[index].kind == EFFECT_NOTICE &&
			said->incident == incident->r.number && said->person == notice->person &&
			said->step == notice->step)
			return true;
	}
	return false;
}

bool notices_again(struct decision *decision, const struct incident *incident)
{
	const struct core *core = decision->core;

	for (uint32_t slot = incident->first_notice; slot != 0; slot = notice_at(core, slot)->next) {
		const struct notice *notice = notice_at(core, slot);
		bool cut_off = notice->state == NOTICE_ENDED && notice->by == 0 && notice->climbed == 0 &&
			       notice->order == 0 && notice->step != STEP_DESK;

		if (!cut_off || person_at(core, notice->person)->retired || is_settled(core, notice) ||
			is_told_since(decision, incident, notice))
			continue;
		if (!room_for(decision, ROOM_NOTICE + ROOM_TAIL))
			return false;
		(void)tell_person(decision, incident->r.number,
			&(struct notice_to){.person = notice->person,
				.who = notice->who,
				.step = notice->step,
				.within_ms = notice_within_ms(core, notice),
				.told_only = notice->due_ms == 0,
				.each = notice->each != 0});
	}
	return true;
}

/* --- an answer, and all that it ends -------------------------------------------------------------- */

struct settling {
	struct decision *decision;
	const struct incident *incident;
	uint32_t by; /* text number; 0: as the event says */
	bool full;
	struct pair {
		uint32_t step, who;
		int64_t at_ms;
	} pair[PAIRS_MAX]; /* of the notices that were answered, where one is enough */
	uint32_t pair_count;
};

static struct pair pair_of(const struct notice *notice, int64_t at_ms)
{
	return (struct pair){.step = notice->step, .who = notice->who, .at_ms = at_ms};
}

static bool same_pair(const struct pair *pair, const struct notice *notice)
{
	return pair->step == notice->step && pair->who == notice->who;
}

static void mark_all(const struct settling *settling)
{
	const struct core *core = settling->decision->core;

	for (uint32_t slot = settling->incident->first_notice; slot != 0; slot = notice_at(core, slot)->next)
		core->scratch->notice[slot] = notice_live(notice_at(core, slot)) ? MARK_LIVE : 0;
}

/* The call about it, unless it is the very one that the event says is done. */
static void end_its_call(struct decision *decision, const struct notice *notice, enum task_state to)
{
	const struct task *call =
		task_at(decision->core, state_slot(decision->core, TABLE_TASK, notice->call_task));
	const struct event *event = decision->event;

	if (call == NULL || call->state >= TASK_DONE ||
		(event->kind == EVENT_TASK && event->u.task.task == notice->call_task))
		return;
	emit(decision, EFFECT_TASK_STATE)->u.task_state =
		(struct effect_task_state){.task = notice->call_task, .to = (uint8_t)to};
}

static void finish(struct settling *settling, const struct notice *notice, enum notice_state to)
{
	struct decision *decision = settling->decision;

	if (!room_for(decision, ROOM_NOTICE + ROOM_TAIL)) {
		settling->full = true;
		return;
	}
	emit(decision, EFFECT_NOTICE_STATE)->u.notice_state =
		(struct effect_notice_state){.notice = notice->r.number,
			.incident = notice->incident,
			.to = (uint8_t)to,
			.by = settling->by,
			.person = notice->incident == 0 ? notice->person : 0};
	end_its_call(decision, notice, to == NOTICE_ANSWERED ? TASK_DONE : TASK_CANCELLED);
	decision->core->scratch->notice[notice->r.slot] = MARK_KNOWN;
	if (to == NOTICE_ANSWERED && !notice->each && settling->pair_count < PAIRS_MAX)
		settling->pair[settling->pair_count++] = pair_of(notice, decision->event->at_ms);
}

/* Somebody answered `above` after the name of `below` had climbed there. */
static bool answered_above(const struct core *core, const struct notice *below, const struct notice *above)
{
	if (above == NULL)
		return false;
	if ((core->scratch->notice[above->r.slot] & MARK_KNOWN) != 0)
		return true;
	return above->by != 0 && !notice_live(above) && above->answered_ms >= below->due_ms;
}

static const struct notice *notice_by(const struct core *core, uint32_t number)
{
	return notice_at(core, state_slot(core, TABLE_NOTICE, number));
}

/* Where the names are that led to a climbed notice: all who were told for it share the first one's. */
static uint32_t head_of(const struct core *core, const struct notice *climbed)
{
	const struct notice *origin = notice_by(core, climbed->climbed);

	return origin == NULL ? 0 : state_slot(core, TABLE_NOTICE, origin->up);
}

/* Which climbed notices somebody's name still waits at. */
static void mark_children(const struct settling *settling)
{
	const struct core *core = settling->decision->core;
	uint8_t *mark = core->scratch->notice;

	for (uint32_t slot = settling->incident->first_notice; slot != 0; slot = notice_at(core, slot)->next)
		mark[slot] &= (uint8_t)~MARK_CHILD;
	for (uint32_t slot = settling->incident->first_notice; slot != 0;
		slot = notice_at(core, slot)->next) {
		uint32_t up = state_slot(core, TABLE_NOTICE, notice_at(core, slot)->up);

		if (up != 0 && (mark[slot] & MARK_LIVE) != 0)
			mark[up] |= MARK_CHILD;
	}
}

/* One walk: who was not reached has been answered for above; who was told of names that have answered may rest. */
static bool spread_once(struct settling *settling)
{
	const struct core *core = settling->decision->core;
	uint8_t *mark = core->scratch->notice;
	bool changed = false;

	mark_children(settling);
	for (uint32_t slot = settling->incident->first_notice; slot != 0 && !settling->full;
		slot = notice_at(core, slot)->next) {
		const struct notice *notice = notice_at(core, slot);
		const struct notice *below = notice_by(core, notice->climbed);
		bool live = (mark[slot] & MARK_LIVE) != 0;

		if (below != NULL && (mark[below->r.slot] & MARK_LIVE) != 0 &&
			answered_above(core, below, notice)) {
			finish(settling, below, NOTICE_ENDED);
			changed = true;
		}
		bool done_above = answered_above(core, notice, notice_by(core, notice->up));
		uint32_t head = below == NULL ? 0 : head_of(core, notice);
		bool rests = head != 0 && (mark[head] & MARK_CHILD) == 0;

		if (live && (done_above || rests)) {
			finish(settling, notice, NOTICE_ENDED);
			changed = true;
		}
	}
	return changed;
}

static void spread(struct settling *settling)
{
	for (uint32_t pass = 0; pass < PASSES_MAX && !settling->full && spread_once(settling); pass++)
		;
}

/* Those who were told before one of the same step and role answered need not answer any more. */
static void end_pairs(struct settling *settling)
{
	const struct core *core = settling->decision->core;

	for (uint32_t slot = settling->incident->first_notice; slot != 0;
		slot = notice_at(core, slot)->next) {
		const struct notice *notice = notice_at(core, slot);
		bool done = false;

		for (uint32_t at = 0; at < settling->pair_count && !notice->each; at++)
			done |= same_pair(&settling->pair[at], notice) &&
				settling->pair[at].at_ms >= notice->issued_ms;
		if (done && (core->scratch->notice[slot] & MARK_LIVE) != 0)
			finish(settling, notice, NOTICE_ENDED);
	}
}

/* The same person's notices are answered with it; those to others of the role need no answer any more. */
static void settle_others(struct settling *settling, const struct notice *answered, uint32_t person)
{
	const struct core *core = settling->decision->core;
	const uint8_t *mark = core->scratch->notice;

	for (uint32_t slot = settling->incident->first_notice; slot != 0;
		slot = notice_at(core, slot)->next) {
		const struct notice *notice = notice_at(core, slot);

		if ((mark[slot] & MARK_LIVE) != 0 &&
			(notice->person == answered->person || notice->person == person))
			finish(settling, notice, NOTICE_ANSWERED);
	}
	end_pairs(settling);
}

void notice_answered(struct decision *decision, const struct notice *notice, uint32_t by, uint32_t person)
{
	struct settling settling = {
		.decision = decision, .incident = incident_by(decision->core, notice->incident), .by = by};

	if (settling.incident == NULL) { /* the desk's own call: it stands alone */
		finish(&settling, notice, NOTICE_ANSWERED);
		return;
	}
	mark_all(&settling);
	finish(&settling, notice, NOTICE_ANSWERED);
	settle_others(&settling, notice, person);
	spread(&settling);
	if (settling.full) /* the rest follows at once: plan_incident settles it */
		emit_agenda(decision, notice->incident, true, 0);
}

/* The latest answer to each step and role for which one answer is enough. */
static void gather_pairs(struct settling *settling)
{
	const struct core *core = settling->decision->core;
	int64_t latest_ms = 0;

	for (uint32_t slot = settling->incident->first_notice; slot != 0;
		slot = notice_at(core, slot)->next) {
		const struct notice *notice = notice_at(core, slot);
		uint32_t at = 0;

		if (notice->state != NOTICE_ANSWERED)
			continue;
		if (notice->answered_ms >= latest_ms) {
			latest_ms = notice->answered_ms;
			settling->by = notice->by;
		}
		while (at < settling->pair_count && !same_pair(&settling->pair[at], notice))
			at++;
		if (notice->each || at == PAIRS_MAX)
			continue;
		if (at == settling->pair_count)
			settling->pair[settling->pair_count++] = pair_of(notice, notice->answered_ms);
		else if (settling->pair[at].at_ms < notice->answered_ms)
			settling->pair[at].at_ms = notice->answered_ms;
	}
}

bool notices_settle(struct decision *decision, const struct incident *incident)
{
	struct settling settling = {.decision = decision, .incident = incident};

	if (incident->first_notice == 0)
		return true;
	mark_all(&settling);
	gather_pairs(&settling);
	end_pairs(&settling);
	spread(&settling);
	return !settling.full;
}

bool notices_end(struct decision *decision, const struct incident *incident)
{
	struct settling settling = {.decision = decision, .incident = incident};
	const struct core *core = decision->core;

	for (uint32_t slot = incident->first_notice; slot != 0 && !settling.full;
		slot = notice_at(core, slot)->next) {
		const struct notice *notice = notice_at(core, slot);

		if (notice_live(notice))
			finish(&settling, notice, NOTICE_ENDED);
		else if (room_for(decision, ROOM_NOTICE + ROOM_TAIL))
			end_its_call(decision, notice, TASK_CANCELLED);
		else
			settling.full = true;
	}
	return !settling.full;
}

void notices_end_about(struct decision *decision, const struct order *loading)
{
	const struct core *core = decision->core;
	struct settling settling = {.decision = decision,
		.incident = incident_standing(core, incident_by(core, loading->incident))};

	if (settling.incident == NULL)
		return;
	mark_all(&settling);
	for (uint32_t slot = settling.incident->first_notice; slot != 0; slot = notice_at(core, slot)->next) {
		const struct notice *notice = notice_at(core, slot);
		const struct order *about = order_by(core, notice->order);

		if (about != NULL && about->who == loading->who && notice_live(notice))
			finish(&settling, notice, NOTICE_ENDED);
	}
	spread(&settling);
}

void notice_due(struct decision *decision, const struct notice *notice)
{
	struct settling settling = {
		.decision = decision, .incident = incident_by(decision->core, notice->incident)};

	if (settling.incident != NULL && is_settled(decision->core, notice)) {
		mark_all(&settling);
		finish(&settling, notice, NOTICE_ENDED);
		spread(&settling);
		if (settling.full)
			emit_agenda(decision, notice->incident, true, 0);
	} else if (notice->tries > 0)
		try_again(decision, notice);
	else
		give_up(decision, notice);
}
