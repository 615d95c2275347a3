/* refusal_verify: names those who did the work of a case; see the header. */
#include "api/refusal_verify.h"

#include "api/tell_line.h"
#include "core/permit.h"

enum { DOERS_SHOWN = 6 };

/* Who has been named already: text numbers of persons, numbers of units above them. */
struct doers {
	struct tell *out;
	const struct core *core;
	uint32_t person[DOERS_SHOWN], unit[DOERS_SHOWN];
	uint32_t persons, units;
};

static bool is_new(uint32_t *seen, uint32_t *count, uint32_t one)
{
	for (uint32_t i = 0; i < *count; i++)
		if (seen[i] == one)
			return false;
	if (*count == DOERS_SHOWN)
		return false;
	seen[(*count)++] = one;
	return true;
}

static void say_part(struct doers *doers, struct line_name name, const char *en, const char *zh)
{
	bool first = doers->persons + doers->units == 1;

	line_en(doers->out, "%s%.*s%s", first ? "" : ", ", name.len, name.text, en);
	line_zh(doers->out, "%s%.*s%s", first ? "" : "、", name.len, name.text, zh);
}

static void say_person(struct doers *doers, uint32_t person_text)
{
	struct permit_person person = permit_person(doers->core, query_text(doers->core, person_text));
	struct line_name name =
		person.number == 0 ? line_name(query_text(doers->core, person_text), (struct text){NULL, 0})
				   : line_name(query_id(doers->core, TABLE_PERSON, person.number),
					     query_name(doers->core, TABLE_PERSON, person.number));

	if (person_text != 0 && is_new(doers->person, &doers->persons, person_text))
		say_part(doers, name, " (reported it done)", "(报告处置完毕)");
}

/* The case itself, or one merged into it. */
static bool is_of_case(const struct core *core, uint32_t number, uint32_t of)
{
	const struct incident *incident =
		query_at(core, TABLE_INCIDENT, query_slot(core, TABLE_INCIDENT, number));

	return number == of || (incident != NULL && incident->merged_into == of);
}

static void say_orders(struct doers *doers, uint32_t incident)
{
	for (uint32_t slot = 1; slot <= query_used(doers->core, TABLE_ORDER); slot++) {
		const struct order *order = query_at(doers->core, TABLE_ORDER, slot);

		if (order == NULL || !is_of_case(doers->core, order->incident, incident))
			continue;
		if (order->target == TARGET_UNIT && (order->state == ORDER_DONE || order->arrived_ms != 0) &&
			is_new(doers->unit, &doers->units, order->who))
			say_part(doers,
				line_name(query_id(doers->core, TABLE_UNIT, order->who),
					query_name(doers->core, TABLE_UNIT, order->who)),
				" (its leader and crew)", "(负责人和队员)");
		say_person(doers, order->done_by);
	}
}

void refusal_same_person(struct tell *out, const struct core *core, const struct event *event)
{
	uint32_t number =
		event->kind == EVENT_ACT ? event->u.act.incident : 0; /* papers name who they mean */
	const struct incident *incident =
		number == 0 ? NULL : query_at(core, TABLE_INCIDENT, query_slot(core, TABLE_INCIDENT, number));
	struct doers doers = {.out = out, .core = core};
	struct permit_person you = permit_person(core, event->by);
	struct line_name name = you.number == 0 ? line_name(event->by, (struct text){NULL, 0})
						: line_name(query_id(core, TABLE_PERSON, you.number),
							  query_name(core, TABLE_PERSON, you.number));

	if (incident == NULL)
		return;
	line_en(out, "the work is checked by another than did it. Did it: ");
	line_zh(out, "核查人不能是处置人。处置人:");
	say_person(&doers, incident->done_by);
	say_orders(&doers, incident->r.number);
	line_en(out, ". You are %.*s; let another check: --by ID or name", name.len, name.text);
	line_zh(out, "。您是%.*s;请由他人核查(--by 编号或姓名,控制台里可用 as 换人)", name.len, name.text);
}
