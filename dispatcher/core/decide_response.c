/* decide_response: how orders may leave, and the town's response level: who must agree, who is told, what it brings. */
#include "core/decide.h"
#include "core/on_duty.h"
#include "core/permit.h"

#include <stddef.h>

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

/* The first role for which this person is told; 0: is not. */
static uint32_t role_of(const struct core *core, const struct person *person, uint32_t who)
{
	for (uint32_t bit = 1; bit != 0 && bit <= who; bit <<= 1)
		if ((who & bit) != 0 && told_by_role(core, person, bit))
			return bit;
	return 0;
}

/* By terminal, else by telephone; whoever set the level or agreed to it knows. */
static void tell(struct decision *decision, uint32_t number, uint32_t who)
{
	const struct core *core = decision->core;
	const struct unit *unit = unit_at(core, person_at(core, number)->unit);
	bool live = unit != NULL && unit->link;
	uint32_t notice = town_of(core)->notices + ++decision->notices;
	struct effect *effect = emit(decision, EFFECT_NOTICE);

	effect->u.notice = (struct effect_notice){.number = notice,
		.person = number,
		.unit = live ? unit->r.number : 0,
		.who = who,
		.step = STEP_RESPONSE,
		.each = true};
	if (!live)
		emit_task(decision, 0, number, 0, notice, decision->event->at_ms + core->rules.notice_ms);
}

static void tell_roles(struct decision *decision, uint32_t who)
{
	const struct core *core = decision->core;
	uint32_t by = permit_person(core, decision->event->by).number;
	uint32_t agreed = permit_person(core, decision->event->u.response.agreed).number;

	for (uint32_t slot = 1; slot <= core->table[TABLE_PERSON].used && room_for(decision, 2); slot++) {
		const struct person *person = person_at(core, slot);
		uint32_t role = slot == by || slot == agreed ? 0 : role_of(core, person, who);

		if (role == 0 || decision->notices >= state_room(core, TABLE_NOTICE) ||
			decision->tasks >= state_room(core, TABLE_TASK))
			continue;
		tell(decision, slot, role);
	}
}

/* What nobody has heard yet of the level before is not said any more. */
static void end_told(struct decision *decision)
{
	const struct core *core = decision->core;

	for (uint32_t slot = 1; slot <= core->table[TABLE_NOTICE].used && room_for(decision, 2); slot++) {
		const struct notice *notice = notice_at(core, slot);

		if (notice == NULL || notice->step != STEP_RESPONSE || notice->incident != 0 ||
			!notice_live(notice))
			continue;
		const struct task *call = task_at(core, state_slot(core, TABLE_TASK, notice->call_task));

		if (call != NULL && call->state < TASK_DONE) {
			struct effect *ended = emit(decision, EFFECT_TASK_STATE);

			ended->u.task_state =
				(struct effect_task_state){.task = notice->call_task, .to = TASK_CANCELLED};
		}
		struct effect *effect = emit(decision, EFFECT_NOTICE_STATE);

		effect->u.notice_state = (struct effect_notice_state){
			.notice = notice->r.number, .to = NOTICE_ENDED, .person = notice->person};
	}
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
	struct effect *effect = emit(decision, EFFECT_RESPONSE);

	effect->u.response.level = from->level;
	release_with(decision, from->level);
	/* First those of this level: a row that is full of calls that end would have no room for theirs. */
	tell_roles(decision, core->rules.response[from->level].notify);
	end_told(decision);
}
