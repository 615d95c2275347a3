/* tell_notice: notices and call tasks as lines for people: who is told, again, not reached, answered. */
#include <stddef.h>

#include "api/tell_line.h"
#include "core/query.h"
#include "wire/ids.h"

#define NAME(name)     (name).len, (name).text
#define TEXT_OF(text_) (int)(text_).len, (text_).ptr
#define EN(set, value) (int)words_of((set), (value)).len, words_of((set), (value)).ptr
#define ZH(set, value) (int)words_zh((set), (value)).len, words_zh((set), (value)).ptr

static const void *record_of(const struct core *core, enum table table, uint32_t number)
{
	uint32_t slot = number == 0 ? 0 : query_slot(core, table, number);

	return slot == 0 ? NULL : query_at(core, table, slot);
}

static struct line_name person_of(const struct core *core, uint32_t person)
{
	return line_name(query_id(core, TABLE_PERSON, person), query_name(core, TABLE_PERSON, person));
}

static struct line_name person_told(const struct core *core, uint32_t number)
{
	const struct notice *notice = record_of(core, TABLE_NOTICE, number);

	return person_of(core, notice == NULL ? 0 : notice->person);
}

static struct line_name id_of(enum id_kind kind, uint32_t number)
{
	struct line_name name;

	name.len = (int)ids_write(kind, number, name.text).len;
	return name;
}

/* A text number that is a person's id, or a name as it was given. */
static struct line_name said_by(const struct core *core, uint32_t by)
{
	struct text text = query_text(core, by);
	uint32_t person = query_find(core, TABLE_PERSON, text);

	return person != 0 ? person_of(core, person) : line_name(text, (struct text){NULL, 0});
}

static void tell_new(struct tell *out, const struct core *core, const struct effect_notice *notice)
{
	struct line_name id = id_of(ID_NOTICE, notice->number), person = person_of(core, notice->person);
	struct text who = words_who_of(notice->who), who_zh = words_who_zh(notice->who);
	const struct order *loading = record_of(core, TABLE_ORDER, notice->order);

	line_en(out, "notice %.*s to %.*s (%.*s)", NAME(id), NAME(person), TEXT_OF(who));
	line_zh(out, "叫应%.*s:%.*s(%.*s)", NAME(id), NAME(person), TEXT_OF(who_zh));
	if (notice->step == STEP_DESK) {
		line_en(out, ", as nobody answers at the desk");
		line_zh(out, ",因值班台无人应答");
	}
	if (notice->step == STEP_RESPONSE && notice->over != 0) {
		line_en(out, ", that response level %.*s is over", EN(WORDS_RESPONSE, notice->over));
		line_zh(out, ",告知%.*s应急响应已终止", ZH(WORDS_RESPONSE, notice->over));
	} else if (notice->step == STEP_RESPONSE && notice->level != 0) {
		line_en(out, ", of response level %.*s", EN(WORDS_RESPONSE, notice->level));
		line_zh(out, ",告知%.*s应急响应", ZH(WORDS_RESPONSE, notice->level));
	}
	if (notice->climbed != 0) {
		struct line_name missing = person_told(core, notice->climbed);

		line_en(out, ", as %.*s was not reached", NAME(missing));
		line_zh(out, ",因%.*s未叫应", NAME(missing));
	}
	if (loading != NULL) {
		struct text depot = query_name(core, TABLE_DEPOT, loading->who);

		line_en(out, ", as the keeper of %.*s does not answer", TEXT_OF(depot));
		line_zh(out, ",因%.*s保管员无人应答", TEXT_OF(depot));
	}
}

static void tell_state(struct tell *out, const struct core *core, const struct effect_notice_state *state)
{
	struct line_name id = id_of(ID_NOTICE, state->notice), by = said_by(core, state->by);
	struct line_name person =
		state->person != 0 ? person_of(core, state->person) : person_told(core, state->notice);

	line_en(out, "notice %.*s", NAME(id));
	line_zh(out, "叫应%.*s", NAME(id));
	if (person.len > 0) {
		line_en(out, " to %.*s", NAME(person));
		line_zh(out, "(%.*s)", NAME(person));
	}
	line_en(out, " %.*s", EN(WORDS_NOTICE_STATE, state->to));
	line_zh(out, "%.*s", ZH(WORDS_NOTICE_STATE, state->to));
	if (by.len > 0) {
		line_en(out, state->to == NOTICE_ANSWERED ? " by %.*s" : ", %.*s has answered", NAME(by));
		line_zh(out, state->to == NOTICE_ANSWERED ? ",答复人%.*s" : ",%.*s已答复", NAME(by));
	}
	if (state->up != 0) {
		struct line_name up = person_told(core, state->up);

		line_en(out, "; the name climbs to %.*s", NAME(up));
		line_zh(out, ";上报%.*s", NAME(up));
	}
}

static void tell_try(struct tell *out, const struct core *core, const struct effect_notice_try *again)
{
	struct line_name person = person_told(core, again->notice), id = id_of(ID_NOTICE, again->notice);

	line_en(out, "notice %.*s: %.*s is told again by %s; %u more before the name climbs", NAME(id),
		NAME(person), again->unit != 0 ? "terminal and telephone" : "telephone", again->tries);
	line_zh(out, "叫应%.*s:再次%s%.*s,余%u次", NAME(id), again->unit != 0 ? "终端、电话叫应" : "电话叫应",
		NAME(person), again->tries);
}

static void tell_task(struct tell *out, const struct core *core, const struct effect *effect)
{
	struct line_name id = id_of(ID_TASK, effect->u.task.number);

	if (effect->kind == EFFECT_TASK) {
		struct line_name person = person_of(core, effect->u.task.person);

		line_en(out, "call task %.*s: call %.*s", NAME(id), NAME(person));
		line_zh(out, "电话任务%.*s:致电%.*s", NAME(id), NAME(person));
		return;
	}
	line_en(out, "call task %.*s %.*s", NAME(id), EN(WORDS_TASK_STATE, effect->u.task_state.to));
	line_zh(out, "电话任务%.*s%.*s", NAME(id), ZH(WORDS_TASK_STATE, effect->u.task_state.to));
}

void tell_notice_effect(struct tell *out, const struct core *core, const struct effect *effect)
{
	if (effect->kind == EFFECT_NOTICE)
		tell_new(out, core, &effect->u.notice);
	else if (effect->kind == EFFECT_NOTICE_STATE)
		tell_state(out, core, &effect->u.notice_state);
	else if (effect->kind == EFFECT_NOTICE_TRY)
		tell_try(out, core, &effect->u.notice_try);
	else
		tell_task(out, core, effect);
}
