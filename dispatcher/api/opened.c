/* opened: what the officer who opened an incident has to know at once: its plan, and those that it may double. */
#include "api/internal.h"

#include "api/tell.h"
#include "api/tell_line.h"

enum { NEAR_MM = 500000, SHOWN_MAX = 16 };

#define SAID(text_) (int)(text_).len, (text_).ptr

static const struct effect_incident *opened_by(const struct effects *effects)
{
	for (uint32_t i = 0; i < effects->count; i++)
		if (effects->item[i].kind == EFFECT_INCIDENT)
			return &effects->item[i].u.incident;
	return NULL;
}

/* --- the plan -------------------------------------------------------------------------------------- */

/* Other plans in force for the same type. */
static void say_others(struct tell *tell, const struct core *core, uint32_t taken)
{
	const struct playbook *plan = query_at(core, TABLE_PLAYBOOK, taken);
	uint32_t count = 0;

	for (uint32_t slot = 1; slot <= query_used(core, TABLE_PLAYBOOK) && count < SHOWN_MAX; slot++) {
		const struct playbook *playbook = query_at(core, TABLE_PLAYBOOK, slot);

		if (playbook == NULL || !playbook->active || slot == taken ||
			playbook->incident_type != plan->incident_type)
			continue;
		struct line_name name =
			line_name(query_text(core, playbook->id), query_text(core, playbook->title));

		line_en(tell, count == 0 ? "; others for this type (choose with playbook): %.*s" : ", %.*s",
			name.len, name.text);
		line_zh(tell, count == 0 ? ";同类预案还有(可用 --playbook 指定):%.*s" : "、%.*s", name.len,
			name.text);
		count++;
	}
}

static void say_plan(struct tell *tell, const struct core *core, uint32_t taken)
{
	struct line_name name =
		line_name(query_id(core, TABLE_PLAYBOOK, taken), query_name(core, TABLE_PLAYBOOK, taken));

	if (taken == 0) {
		line_en(tell, "; NO PLAYBOOK answers this type: nobody has been sent, send units by hand");
		line_zh(tell, ";注意:没有相应预案,尚未派出任何力量,请人工派遣");
		return;
	}
	line_en(tell, "; playbook %.*s", name.len, name.text);
	line_zh(tell, ";预案%.*s", name.len, name.text);
	say_others(tell, core, taken);
}

/* --- doubles --------------------------------------------------------------------------------------- */

static bool near(const struct place *a, const struct place *b)
{
	int64_t sum = 0;

	for (int i = 0; i < 3; i++) {
		int64_t by = a->ecef_mm[i] - b->ecef_mm[i];

		if (by > NEAR_MM || by < -NEAR_MM)
			return false;
		sum += by * by;
	}
	return sum <= (int64_t)NEAR_MM * NEAR_MM;
}

static bool doubles(const struct core *core, const struct incident *incident, const struct event *event,
	const struct effect_incident *opened)
{
	struct text type = query_text(core, incident->type);

	return incident->r.number != opened->number && !query_incident_ended(incident->state) &&
	       incident->merged_into == 0 && type.len == event->u.open.type.len &&
	       query_text_find(core, event->u.open.type) == incident->type &&
	       near(&incident->place, &event->u.open.place);
}

static void put_doubles(
	struct page *page, struct tell *tell, const struct event *event, const struct effect_incident *opened)
{
	const struct core *core = page->core;
	uint32_t count = 0;

	put_key(page, "possible_duplicates");
	json_open_array(&page->out);
	for (uint32_t slot = query_town(core)->open_first; slot != 0 && count < SHOWN_MAX;) {
		const struct incident *incident = query_at(core, TABLE_INCIDENT, slot);
		char memory[ID_SIZE];

		slot = incident->next;
		if (!doubles(core, incident, event, opened))
			continue;
		struct text id = ids_write(ID_INCIDENT, incident->r.number, memory);

		json_write_text(&page->out, id);
		line_en(tell, count == 0 ? "; POSSIBLE DUPLICATE, open within 500 m: %.*s" : ", %.*s",
			SAID(id));
		line_zh(tell, count == 0 ? ";可能重复,500米内已有同类在办事件:%.*s" : "、%.*s", SAID(id));
		count++;
	}
	json_close_array(&page->out);
	if (count > 0) {
		line_en(tell, " (incident-merge joins them)");
		line_zh(tell, "(确为同一件可用 incident merge 合并)");
	}
}

void put_opened(
	struct page *page, struct tell *tell, const struct event *event, const struct effects *effects)
{
	const struct effect_incident *opened = opened_by(effects);

	if (opened == NULL)
		return;
	say_plan(tell, page->core, opened->playbook);
	put_thing(page, "playbook", TABLE_PLAYBOOK, opened->playbook);
	put_doubles(page, tell, event, opened);
}
