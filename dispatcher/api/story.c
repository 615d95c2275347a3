/* story: what only the journal remembers: the rows themselves, and an incident's timeline. */
#include "api/internal.h"

#include <stdlib.h>
#include <string.h>

#include "api/tell.h"
#include "core/text_pool.h"
#include "wire/row_core.h"

enum { CHOICES_SHOWN = 256, ALARMS_SHOWN = 512, REPORT_BYTES = 8192 };

/* One durable row; false: there is none, or it cannot be read. */
bool row_read(struct api *api, uint64_t seq, struct event *event, struct effects *effects)
{
	const uint8_t *row;
	size_t size;

	*effects = (struct effects){0, api->effect};
	return api->hooks.journal_row != NULL &&
	       api->hooks.journal_row(api->hooks.context, seq, &row, &size) == DISP_OK &&
	       row_decode(row, size, event, effects, &api->row) == DISP_OK;
}

/* --- /v1/journal ------------------------------------------------------------------------------------- */

void write_row(struct page *page, struct api *api, const struct event *event, const struct effects *effects)
{
	struct row_core memory;
	struct row_names names = row_core_names(&memory, api->core);

	row_json(&page->out, event, effects, &names);
	if (!page->out.full)
		return;
	json_out_init(&page->out, page->out.ptr, PAGE_BYTES); /* a whole playbook: too long to show */
	json_open_object(&page->out);
	put_word(page, "kind", WORDS_EVENT, event->kind);
	put_int(page, "seq", (int64_t)event->seq);
	put_int(page, "epoch", (int64_t)event->epoch);
	put_time(page, "at", event->at_ms);
	put_bool(page, "too_long", true);
	json_close_object(&page->out);
}

void get_journal(struct request *request)
{
	struct api *api = request->api;
	struct page *page = &request->page;
	int64_t from = 1, limit = 100;

	if (!ask_int(request, "from", 1, INT64_MAX, &from) || !ask_int(request, "limit", 1, 1000, &limit))
		return;
	if (api->hooks.journal_row == NULL) {
		reply_error(api, request->http, 503, "unavailable", "this program keeps no journal");
		return;
	}
	for (uint64_t seq = (uint64_t)from; seq < (uint64_t)from + (uint64_t)limit; seq++) {
		struct event event;
		struct effects effects;

		if (!row_read(api, seq, &event, &effects))
			break;
		write_row(page, api, &event, &effects);
		page_end_line(page);
	}
	if (page_end(page))
		reply_bytes(api, request->http, 200, "application/x-ndjson", request->body);
	else
		reply_error(api, request->http, 500, "internal", "the answer was too long; ask for less");
}

/* --- one incident ------------------------------------------------------------------------------------ */

struct choice_row {
	struct effect_choice choice;
	uint64_t seq;
	int64_t at_ms;
};

/* What is gathered on the one way through the rows. */
struct story {
	struct page *page;
	struct api *api;
	uint32_t incident;
	struct choice_row *choice; /* [CHOICES_SHOWN] */
	struct kept_alarm *alarm;  /* [ALARMS_SHOWN] */
	uint32_t choice_count, alarm_count;
	char report_bytes[REPORT_BYTES];
	uint32_t report_used;
	struct text caller, phone, text, where, said, source;
	bool reported;
	struct text units; /* that were there, of a case that was run on paper; ids parted by one space */
	int64_t dispatched_ms, arrived_ms; /* of them */
};

static struct text keep(struct story *story, struct text text)
{
	struct text kept = {story->report_bytes + story->report_used, text.len};

	if (text.len == 0 || text.len > REPORT_BYTES - story->report_used)
		return (struct text){NULL, 0};
	memcpy(story->report_bytes + story->report_used, text.ptr, text.len);
	story->report_used += text.len;
	return kept;
}

static void gather_paper(struct story *story, const struct event_paper *paper)
{
	story->reported = true;
	story->caller = keep(story, paper->caller);
	story->phone = keep(story, paper->phone);
	story->text = keep(story, paper->text);
	story->where = keep(story, paper->where);
	story->said = keep(story, paper->said);
	story->source = keep(story, paper->source);
	story->units = keep(story, paper->units);
	story->dispatched_ms = paper->dispatched_ms;
	story->arrived_ms = paper->arrived_ms;
}

static void gather(struct story *story, const struct event *event, const struct effect *effect)
{
	if (effect->kind == EFFECT_CHOICE && story->choice_count < CHOICES_SHOWN)
		story->choice[story->choice_count++] =
			(struct choice_row){effect->u.choice, event->seq, event->at_ms};
	if (effect->kind == EFFECT_ALARM && event->kind == EVENT_ALARM && story->alarm_count < ALARMS_SHOWN)
		alarm_fill(&story->alarm[story->alarm_count++], story->api, event, &effect->u.alarm);
	if (effect->kind == EFFECT_INCIDENT && event->kind == EVENT_OPEN) {
		story->reported = true;
		story->caller = keep(story, event->u.open.caller);
		story->phone = keep(story, event->u.open.phone);
		story->text = keep(story, event->u.open.text);
		story->where = keep(story, event->u.open.where);
		story->said = keep(story, event->u.open.said);
		story->source = keep(story, event->u.open.source);
	}
	if (effect->kind == EFFECT_INCIDENT && event->kind == EVENT_PAPER)
		gather_paper(story, &event->u.paper);
	if (effect->kind == EFFECT_INCIDENT && event->kind == EVENT_ALARM) {
		story->reported = true;
		story->text = keep(story, event->u.alarm.text);
		story->source = keep(story, event->u.alarm.source);
	}
}

void put_lines(struct page *page, const char *key, const struct effects *effects, uint32_t incident)
{
	struct tell tell;

	put_key(page, key);
	json_open_array(&page->out);
	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect *effect = &effects->item[i];
		uint32_t about = query_effect_incident(effect);

		if ((incident != 0 && about != 0 && about != incident) ||
			!tell_effect(&tell, page->core, effect))
			continue;
		json_open_object(&page->out);
		put_word(page, "kind", WORDS_EFFECT, effect->kind);
		put_text(page, "text", (struct text){tell.en, tell.en_len});
		put_text(page, "text_zh", (struct text){tell.zh, tell.zh_len});
		json_close_object(&page->out);
	}
	json_close_array(&page->out);
}

static void show_entry(struct story *story, const struct event *event, const struct effects *effects)
{
	struct page *page = story->page;
	struct tell tell;

	for (uint32_t i = 0; i < effects->count; i++)
		if (query_effect_incident(&effects->item[i]) == story->incident)
			gather(story, event, &effects->item[i]);
	tell_event(&tell, page->core, event, effects);
	json_open_object(&page->out);
	put_int(page, "seq", (int64_t)event->seq);
	put_time(page, "at", event->at_ms);
	put_text_nullable(page, "by", event->by);
	put_name(page, "by_name", TABLE_PERSON, query_find(page->core, TABLE_PERSON, event->by));
	put_text_nullable(page, "channel", event->channel);
	put_word(page, "kind", WORDS_EVENT, event->kind);
	put_text(page, "text", (struct text){tell.en, tell.en_len});
	put_text(page, "text_zh", (struct text){tell.zh, tell.zh_len});
	put_lines(page, "lines", effects, story->incident);
	json_close_object(&page->out);
	page_flush(page);
}

static void put_paper_units(struct story *story)
{
	struct page *page = story->page;
	struct text units = story->units;

	put_key(page, "paper_units");
	json_open_array(&page->out);
	for (struct text id = text_next_word(&units); id.len > 0; id = text_next_word(&units)) {
		uint32_t slot = query_find(page->core, TABLE_UNIT, id);
		const struct unit *unit = query_at(page->core, TABLE_UNIT, slot);

		json_open_object(&page->out);
		put_text(page, "unit", id);
		put_name(page, "name", TABLE_UNIT, slot);
		put_int(page, "members", unit == NULL ? 0 : unit->members);
		put_time(page, "dispatched", story->dispatched_ms);
		put_time(page, "arrived", story->arrived_ms);
		json_close_object(&page->out);
	}
	json_close_array(&page->out);
}

static void put_gathered(struct story *story)
{
	struct page *page = story->page;

	put_key(page, "alarm_list");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < story->alarm_count; i++)
		show_alarm(page, &story->alarm[i]);
	json_close_array(&page->out);
	put_key(page, "choices");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < story->choice_count; i++)
		show_choice(page, &story->choice[i].choice, story->choice[i].seq, story->choice[i].at_ms);
	json_close_array(&page->out);
	put_paper_units(story);
	put_key(page, "report");
	if (!story->reported) {
		json_write_null(&page->out);
		return;
	}
	json_open_object(&page->out);
	put_text_nullable(page, "caller", story->caller);
	put_text_nullable(page, "phone", story->phone);
	put_text_nullable(page, "text", story->text);
	put_text_nullable(page, "where", story->where);
	put_text_nullable(page, "said", story->said);
	put_text_nullable(page, "source", story->source);
	json_close_object(&page->out);
}

void show_story(struct page *page, struct api *api, uint32_t incident)
{
	struct story *story = calloc(1, sizeof(*story));
	uint64_t *seq = calloc(API_STORY_ROWS_MAX, sizeof(*seq));
	struct choice_row *choice = calloc(CHOICES_SHOWN, sizeof(*choice));
	struct kept_alarm *alarm = calloc(ALARMS_SHOWN, sizeof(*alarm));
	bool memory = story != NULL && seq != NULL && choice != NULL && alarm != NULL;
	uint32_t all = memory && api->hooks.story != NULL
			       ? api->hooks.story(api->hooks.context, incident, seq, API_STORY_ROWS_MAX)
			       : 0;
	uint32_t shown = 0, count = all < API_STORY_ROWS_MAX ? all : API_STORY_ROWS_MAX;

	if (memory)
		*story = (struct story){
			.page = page, .api = api, .incident = incident, .choice = choice, .alarm = alarm};
	put_key(page, "timeline");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < count; i++) {
		struct event event;
		struct effects effects;

		if (!row_read(api, seq[i], &event, &effects))
			continue;
		show_entry(story, &event, &effects);
		shown++;
	}
	json_close_array(&page->out);
	put_bool(page, "timeline_complete", memory && shown == all && all > 0);
	if (memory)
		put_gathered(story);
	free(story);
	free(seq);
	free(choice);
	free(alarm);
}
