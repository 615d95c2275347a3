/* goes_on: what a case that is merged still lacks: it is looked for on, and the answer says so; see internal.h. */
#include "api/internal.h"

#include "api/tell.h"
#include "api/tell_line.h"

/* In the words in which it was put up, after what was said before it. */
static void tell_need(struct tell *tell, const struct core *core, const struct need *need, bool first)
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
	line_en(tell, first ? "; still looked for: %.*s" : ", %.*s", (int)line.en_len, line.en);
	line_zh(tell, first ? ";合并后继续调派:%.*s" : "、%.*s", (int)line.zh_len, line.zh);
}

void put_goes_on(struct page *page, struct tell *tell, const struct event *event)
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
		if (need->state != NEED_OPEN || need->missing == 0)
			continue;
		show_need(page, need);
		tell_need(tell, core, need, first);
		first = false;
	}
	json_close_array(&page->out);
}
