/* decide_response: how orders may leave, and the town's response level: who must agree, who is told, what it brings. */
#include "core/decide.h"
#include "core/on_duty.h"
#include "core/permit.h"

#include <stddef.h>
#include <string.h>

static void emit_release(struct decision *decision, uint8_t release, uint8_t kept)
{
	struct effect *effect = emit(decision, EFFECT_RELEASE);

	effect->u.release = (struct effect_release){.release = release, .kept = kept};
}

/* By hand: nothing comes back later, and an open level does not change it any more. */
void decide_release(struct decision *decision)
{
	const struct town_state *town = town_of(decision->core);
	uint8_t release = decision->event->u.release.release;

	if (release >= RELEASE_COUNT || (release == town->release && town->release_kept == 0)) {
		emit_result(decision, release >= RELEASE_COUNT ? OUTCOME_INVALID : OUTCOME_UNCHANGED, 0);
		return;
	}
	emit_result(decision, OUTCOME_OK, 0);
	emit_release(decision, release, 0);
}

/* What was in force before the first level comes back with the last; who set it by hand in between has the last word. */
static void release_with(struct decision *decision, uint8_t level)
{
	const struct town_state *town = town_of(decision->core);
	uint8_t wanted = level == RESPONSE_CLEAR ? (uint8_t)RELEASE_COUNT
						 : decision->core->rules.response[level].release;
	uint8_t kept = (uint8_t)town->release_kept;

	if (wanted < RELEASE_COUNT) {
		if (kept == 0 && wanted == town->release)
			return;
		emit_release(decision, wanted, kept != 0 ? kept : (uint8_t)(town->release + 1));
	} else if (kept != 0) {
		emit_release(decision, (uint8_t)(kept - 1), 0);
	}
}

/* --- who is told --------------------------------------------------------------------------------- */

/*
 * Two walks, as far as a row holds, then the next row goes on at the same time stamp: notices that nobody has answered
 * yet end; then the persons in roster order, each one once.
 */
enum { ROOM_ONE = 2, ROOM_TELLING = 1 }; /* a notice, or its end, and its call; how far it has come */

struct talk {
	struct decision *decision;
	struct level_telling telling;
	uint32_t level; /* in force from now on */
};

/* The first role for which this person is told; 0: is not. */
static uint32_t role_of(const struct core *core, const struct person *person, uint32_t who)
{
	for (uint32_t bit = 1; bit != 0 && bit <= who; bit <<= 1)
		if ((who & bit) != 0 && told_by_role(core, person, bit))
			return bit;
	return 0;
}

/* Whoever set the level or agreed to it knows. */
static uint32_t role_at(const struct talk *talk, uint32_t person, uint32_t level)
{
	const struct core *core = talk->decision->core;

	if (person == talk->telling.by || person == talk->telling.agreed)
		return 0;
	return role_of(core, person_at(core, person), core->rules.response[level].notify);
}

/* As what the person was told of the level that is over; who set it was not told as anything. */
static uint32_t role_before(const struct talk *talk, uint32_t person)
{
	uint32_t role = role_at(talk, person, talk->telling.over);
	uint32_t roles = person_at(talk->decision->core, person)->roles;

	return role != 0 ? role : roles & (~roles + 1);
}

static bool is_of_level(const struct notice *notice)
{
	return notice != NULL && notice->step == STEP_RESPONSE && notice->incident == 0;
}

/* What nobody has heard yet is not said any more; that a level is over, only to those who are told of a new one. */
static bool is_obsolete(const struct talk *talk, const struct notice *notice)
{
	uint32_t person = notice->person;

	if (!notice_live(notice) || notice->r.number > talk->telling.until)
		return false;
	return notice->over == 0 || person == talk->telling.by || person == talk->telling.agreed ||
	       person_at(talk->decision->core, person)->retired || role_at(talk, person, talk->level) != 0;
}

static void end_notice(struct decision *decision, const struct notice *notice)
{
	const struct task *call =
		task_at(decision->core, state_slot(decision->core, TABLE_TASK, notice->call_task));

	if (call != NULL && call->state < TASK_DONE)
		emit(decision, EFFECT_TASK_STATE)->u.task_state =
			(struct effect_task_state){.task = notice->call_task, .to = TASK_CANCELLED};
	emit(decision, EFFECT_NOTICE_STATE)->u.notice_state = (struct effect_notice_state){
		.notice = notice->r.number, .to = NOTICE_ENDED, .person = notice->person};
}

static void end_notices(struct talk *talk)
{
	const struct core *core = talk->decision->core;
	struct level_telling *telling = &talk->telling;

	while (telling->next < core->table[TABLE_NOTICE].used) {
		if (!room_for(talk->decision, ROOM_ONE + ROOM_TELLING))
			return;
		const struct notice *notice = notice_at(core, ++telling->next);

		if (is_of_level(notice) && is_obsolete(talk, notice))
			end_notice(talk->decision, notice);
	}
	telling->state = TELLING_PERSONS;
	telling->next = 0;
}

/* Answered, shown by a terminal, or somebody was on the telephone when it ended. */
static bool was_heard(const struct core *core, const struct notice *notice)
{
	const struct task *call = task_at(core, state_slot(core, TABLE_TASK, notice->call_task));

	return notice->state == NOTICE_ANSWERED || notice->unit != 0 ||
	       (call != NULL && call->taken_by != 0 && call->state != TASK_DONE);
}

/* Who set or agreed to a level that others end is told so; a duty officer sees it at the desk. */
static void mark_person(const struct core *core, uint32_t person, uint64_t *believes)
{
	if (person != 0 && (person_at(core, person)->roles & WHO_DUTY_OFFICER) == 0)
		believes[person / 64] |= UINT64_C(1) << (person % 64);
}

/* Those who believe that the level before is in force. */
static void mark_believers(const struct talk *talk, uint64_t *believes)
{
	const struct core *core = talk->decision->core;
	const struct level_telling *telling = &talk->telling;
	uint32_t used = core->table[TABLE_NOTICE].used;

	memset(believes, 0, (core->table[TABLE_PERSON].used / 64 + UINT64_C(1)) * sizeof *believes);
	if (telling->over == RESPONSE_CLEAR)
		return;
	mark_person(core, telling->by_before, believes);
	mark_person(core, telling->agreed_before, believes);
	for (uint32_t slot = 1; slot <= used; slot++) {
		const struct notice *notice = notice_at(core, slot);

		if (is_of_level(notice) && notice->over == 0 && notice->r.number > telling->since &&
			notice->r.number <= telling->until && was_heard(core, notice))
			believes[notice->person / 64] |= UINT64_C(1) << (notice->person % 64);
	}
	for (uint32_t slot = 1; slot <= used; slot++) { /* of a change that was itself overtaken */
		const struct notice *notice = notice_at(core, slot);

		if (is_of_level(notice) && notice->over != 0 && notice->r.number > telling->since)
			believes[notice->person / 64] &= ~(UINT64_C(1) << (notice->person % 64));
	}
}

/* By terminal, else by telephone. over: 0, or the level that is. */
static void tell(struct talk *talk, uint32_t number, uint32_t who, uint32_t over)
{
	struct decision *decision = talk->decision;
	const struct core *core = decision->core;
	const struct unit *unit = unit_at(core, person_at(core, number)->unit);
	bool live = unit != NULL && unit->link;

	if (decision->notices >= state_room(core, TABLE_NOTICE) ||
		decision->tasks >= state_room(core, TABLE_TASK))
		return;
	uint32_t notice = town_of(core)->notices + ++decision->notices;

	emit(decision, EFFECT_NOTICE)->u.notice = (struct effect_notice){.number = notice,
		.person = number,
		.unit = live ? unit->r.number : 0,
		.who = who,
		.step = STEP_RESPONSE,
		.each = true,
		.level = (uint8_t)talk->level,
		.over = (uint8_t)over};
	if (!live)
		emit_task(decision, 0, number, 0, notice, decision->event->at_ms + core->rules.notice_ms);
}

static void tell_persons(struct talk *talk)
{
	const struct core *core = talk->decision->core;
	struct level_telling *telling = &talk->telling;
	uint64_t *believes = core->scratch->heads;

	mark_believers(talk, believes);
	while (telling->next < core->table[TABLE_PERSON].used) {
		if (!room_for(talk->decision, ROOM_ONE + ROOM_TELLING))
			return;
		uint32_t person = ++telling->next, role = role_at(talk, person, talk->level);
		bool knows = person == telling->by || person == telling->agreed;
		bool stands = (believes[person / 64] >> (person % 64) & 1) != 0;

		if (role != 0)
			tell(talk, person, role, 0);
		else if (stands && !knows && !person_at(core, person)->retired)
			tell(talk, person, role_before(talk, person), telling->over);
	}
	telling->state = TELLING_DONE;
	telling->next = 0;
}

static void go_on(struct talk *talk)
{
	const struct level_telling *telling = &talk->telling;

	if (telling->state == TELLING_ENDS)
		end_notices(talk);
	if (telling->state == TELLING_PERSONS)
		tell_persons(talk);
	emit(talk->decision, EFFECT_TELLING)->u.telling =
		(struct effect_telling){.state = (uint8_t)telling->state,
			.over = (uint8_t)telling->over,
			.next = telling->next,
			.since = telling->since,
			.until = telling->until,
			.by = telling->by,
			.agreed = telling->agreed,
			.by_before = telling->by_before,
			.agreed_before = telling->agreed_before};
}

bool response_told(struct decision *decision)
{
	const struct town_state *town = town_of(decision->core);
	struct talk talk = {.decision = decision, .telling = town->telling, .level = town->response_level};

	if (town->telling.state == TELLING_DONE)
		return false;
	go_on(&talk);
	return true;
}

/* A change that comes before the last one was told to all takes over what that one had still to say. */
static struct level_telling telling_of(const struct decision *decision)
{
	const struct core *core = decision->core;
	const struct event *event = decision->event;
	const struct level_telling *last = &town_of(core)->telling;
	uint32_t before = town_of(core)->response_level;
	bool overtakes = last->state != TELLING_DONE, gap = overtakes && before == RESPONSE_CLEAR;

	return (struct level_telling){.state = TELLING_ENDS,
		.over = gap ? last->over : before,
		.since = overtakes ? last->since : last->until,
		.until = town_of(core)->notices,
		.by = permit_person(core, event->by).number,
		.agreed = permit_person(core, event->u.response.agreed).number,
		.by_before = gap ? last->by_before : last->by,
		.agreed_before = gap ? last->agreed_before : last->agreed};
}

void decide_response(struct decision *decision)
{
	const struct event_response *from = &decision->event->u.response;
	const struct core *core = decision->core;
	enum outcome outcome = OUTCOME_OK;

	if (from->level >= RESPONSE_COUNT)
		outcome = OUTCOME_INVALID;
	else if (from->level == town_of(core)->response_level)
		outcome = OUTCOME_UNCHANGED;
	else if (!permit_agreed(
			 core, permit_agreement(core, decision->event), decision->event->by, from->agreed))
		outcome = OUTCOME_NEEDS_AGREEMENT;
	emit_result(decision, outcome, 0);
	if (outcome != OUTCOME_OK)
		return;
	emit(decision, EFFECT_RESPONSE)->u.response.level = from->level;
	release_with(decision, from->level);
	struct talk talk = {.decision = decision, .telling = telling_of(decision), .level = from->level};

	go_on(&talk);
}
