/* goes_on: what a case that is merged still lacks: it is looked for on, and the answer says so; see internal.h. */
#include "api/internal.h"

#include "api/tell.h"
#include "api/tell_line.h"

/* What the merge says of it; else how it stands. */
static uint8_t state_of(const struct effects *effects, const struct need *need)
{
	uint8_t state = need->state;

	for (uint32_t i = 0; i < effects->count; i++)
		if (effects->item[i].kind == EFFECT_NEED_STATE &&
			effects->item[i].u.need_state.need == need->r.number)
			state = effects->item[i].u.need_state.state;
	return state;
}

/* In the words in which it was put up, after what was said before it. */
static void tell_need(
	struct tell *tell, const struct core *core, const struct need *need, const char *en, const char *zh)
{
	struct effect wanted = {.kind = EFFECT_NEED,
		.u.need = {.number = need->r.number,
			.incident = need->incident,
			.kind = need->kind,
			.skills = need->skills,
			.item = need->item,
			.count = need->missing}};
	struct tell line = {.en_len = 0};

	(void)tell_effect(&line, core, &wanted);
	line_en(tell, "%s%.*s", en, (int)line.en_len, line.en);
	line_zh(tell, "%s%.*s", zh, (int)line.zh_len, line.zh);
}

/* What the other wants, or has, itself: nobody is sent for it twice. */
static void tell_covered(struct tell *tell, const struct core *core, const struct effects *effects,
	const struct incident *incident)
{
	bool first = true;

	for (uint32_t slot = incident == NULL ? 0 : incident->first_need; slot != 0;) {
		const struct need *need = query_at(core, TABLE_NEED, slot);

		slot = need->next;
		if (state_of(effects, need) != NEED_COVERED)
			continue;
		tell_need(tell, core, need,
			first ? "; wanted by the other case itself, not sent twice: " : ", ",
			first ? ";保留的事件已有同样需求,不再另派:" : "、");
		first = false;
	}
}

void put_goes_on(
	struct page *page, struct tell *tell, const struct event *event, const struct effects *effects)
{
	const struct core *core = page->core;
	const struct incident *incident =
		query_at(core, TABLE_INCIDENT, query_slot(core, TABLE_INCIDENT, event->u.act.incident));
	bool first = true;

	put_key(page, "goes_on");
	json_open_array(&page->out);
	for (uint32_t slot = incident == NULL ? 0 : incident->first_need; slot != 0;) {
		const struct need *need = query_at(core, TABLE_NEED, slot);

		slot = need->next;
		if (state_of(effects, need) != NEED_OPEN || need->missing == 0)
			continue;
		show_need(page, need);
		tell_need(tell, core, need, first ? "; still looked for: " : ", ",
			first ? ";合并后继续调派:" : "、");
		first = false;
	}
	json_close_array(&page->out);
	tell_covered(tell, core, effects, incident);
}
