/* report_gather: what a report upward is made of, out of the core's records and the journal's rows; no wording. */
#include "api/report.h"

#include <stdlib.h>
#include <string.h>

#include "core/text_pool.h"
#include "wire/utf8.h"

/* --- texts that rows hold ------------------------------------------------------------------------------- */

/* Cut at a character. */
static struct text keep(struct report *report, struct text text, uint32_t most)
{
	uint32_t room = REPORT_NOTES_BYTES - report->notes_used;
	uint32_t len = text.len < most ? text.len : most;
	struct text kept = {report->notes + report->notes_used, 0};

	len = len < room ? len : room;
	while (len > 0 && len < text.len && !utf8_valid((struct text){text.ptr, len}))
		len--;
	if (len > 0)
		memcpy(report->notes + report->notes_used, text.ptr, len);
	report->notes_used += len;
	kept.len = len;
	return kept;
}

enum { FACT_BYTES = 4096, NOTE_BYTES = 1600, NAME_BYTES = 120 };

static void gather_facts(struct report *report, struct api *api)
{
	for (uint32_t fact = 0; fact < FACT_COUNT; fact++) {
		uint64_t seq = report->incident->fact_seq[fact];
		struct event event;
		struct effects effects;

		if (seq == 0 || !row_read(api, seq, &event, &effects) || event.kind != EVENT_FACT)
			continue;
		report->fact[fact] = (struct report_fact){
			.text = keep(report, event.u.fact.text, FACT_BYTES), .at_ms = event.at_ms};
	}
}

/* --- the course of events -------------------------------------------------------------------------------- */

void report_add(
	struct report *report, enum report_entry_kind kind, int64_t at_ms, uint32_t slot, struct text text)
{
	if (at_ms == 0)
		return;
	if (report->entry_count == REPORT_ENTRIES_MAX) {
		report->entries_left_out++;
		return;
	}
	report->entry[report->entry_count] = (struct report_entry){
		.at_ms = at_ms, .kind = kind, .order = report->entry_count, .slot = slot, .text = text};
	report->entry_count++;
}

/* An order that came to nothing is no news for those above; one that had arrived is. */
static bool order_told(const struct order *order)
{
	return order->arrived_ms != 0 || query_order_live(order->state) || order->state == ORDER_DONE;
}

static void gather_orders(struct report *report)
{
	struct query_orders walk = {.incident = report->incident};
	const struct order *order;

	while ((order = query_orders_next(report->core, &walk)) != NULL) {
		struct text none = {NULL, 0};
		uint32_t slot = order->r.slot;

		if (order_told(order)) {
			report_add(report,
				order->target == TARGET_DEPOT    ? ENTRY_GOODS
				: order->target == TARGET_DEVICE ? ENTRY_DEVICE
								 : ENTRY_SENT,
				order->issued_ms, slot, none);
			if (order->target == TARGET_UNIT) {
				report_add(report, ENTRY_ARRIVED, order->arrived_ms, slot, none);
				report_add(report, ENTRY_FINISHED,
					order->state == ORDER_DONE ? order->ended_ms : 0, slot, none);
			}
		}
	}
}

static void add_crew(struct report *report, enum report_entry_kind kind, int64_t at_ms, uint32_t unit)
{
	uint32_t before = report->entry_count;

	report_add(report, kind, at_ms, 0, (struct text){NULL, 0});
	if (before < REPORT_ENTRIES_MAX && report->entry_count > before)
		report->entry[before].unit = unit;
}

/* Of a case that was run on paper: who was there. */
static void gather_paper(struct report *report, const struct event_paper *paper)
{
	struct text units = paper->units;

	for (struct text id = text_next_word(&units); id.len > 0; id = text_next_word(&units)) {
		uint32_t unit = query_find(report->core, TABLE_UNIT, id);

		if (unit == 0)
			continue;
		add_crew(report, ENTRY_SENT, paper->dispatched_ms, unit);
		add_crew(report, ENTRY_ARRIVED, paper->arrived_ms, unit);
		if (paper->dispatched_ms == 0 && paper->arrived_ms == 0)
			add_crew(report, ENTRY_THERE, paper->reported_ms, unit);
	}
	if (paper->units.len == 0) {
		add_crew(report, ENTRY_SENT, paper->dispatched_ms, 0);
		add_crew(report, ENTRY_ARRIVED, paper->arrived_ms, 0);
	}
}

/* What somebody did to the case, or to one that stands merged into it. */
static void gather_act(struct report *report, const struct incident *of, const struct event *event)
{
	const struct event_act *act = &event->u.act;
	struct text none = {NULL, 0};

	if (act->incident != of->r.number)
		return;
	if (act->act == ACT_VERIFY && of == report->incident)
		report->verified_by = keep(report, event->by, NAME_BYTES);
	if (act->act == ACT_MERGE && of != report->incident)
		report_add(report, ENTRY_MERGED, event->at_ms, of->r.slot, none);
	if (act->reason.len == 0)
		return;
	if (act->act == ACT_NOTE)
		report_add(report, ENTRY_NOTE, event->at_ms, 0, keep(report, act->reason, NOTE_BYTES));
	else if (act->act == ACT_VERIFY_FAILED)
		report_add(report, ENTRY_FAILED, event->at_ms, 0, keep(report, act->reason, NOTE_BYTES));
	else if (act->act == ACT_REOPEN)
		report_add(report, ENTRY_REOPENED, event->at_ms, 0, keep(report, act->reason, NOTE_BYTES));
}

static void gather_row(struct report *report, const struct incident *of, const struct event *event,
	const struct effects *effects)
{
	bool refused = false;

	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect *effect = &effects->item[i];

		refused |= effect->kind == EFFECT_RESULT && effect->u.result.outcome != OUTCOME_OK;
		if (event->kind == EVENT_PAPER && effect->kind == EFFECT_INCIDENT &&
			effect->u.incident.number == of->r.number)
			gather_paper(report, &event->u.paper);
		if (effect->kind == EFFECT_INCIDENT_LEVEL &&
			effect->u.incident_level.incident == of->r.number)
			report_add(report, ENTRY_LEVEL, event->at_ms, effect->u.incident_level.level,
				(struct text){NULL, 0});
	}
	if (event->kind == EVENT_ACT && !refused)
		gather_act(report, of, event);
}

static void gather_rows(struct report *report, const struct incident *of, struct api *api)
{
	uint64_t *seq = calloc(API_STORY_ROWS_MAX, sizeof(*seq));
	uint32_t all = seq != NULL && api->hooks.story != NULL
			       ? api->hooks.story(api->hooks.context, of->r.number, seq, API_STORY_ROWS_MAX)
			       : 0;

	for (uint32_t i = 0; i < all && i < API_STORY_ROWS_MAX; i++) {
		struct event event;
		struct effects effects;

		if (row_read(api, seq[i], &event, &effects))
			gather_row(report, of, &event, &effects);
	}
	free(seq);
}

static int by_time(const void *left, const void *right)
{
	const struct report_entry *a = left, *b = right;
	int64_t a_min = a->at_ms / 60000, b_min = b->at_ms / 60000;

	if (a_min != b_min)
		return a_min < b_min ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* --- who was told --------------------------------------------------------------------------------------------- */

static void gather_notices(struct report *report, const struct incident *of)
{
	for (uint32_t slot = of->first_notice; slot != 0;) {
		const struct notice *notice = query_at(report->core, TABLE_NOTICE, slot);

		report->notices.persons++;
		report->notices.answered += notice->state == NOTICE_ANSWERED;
		report->notices.unreached += notice->state == NOTICE_UNREACHED;
		slot = notice->next;
	}
}

static int64_t latest(const int64_t at_ms[REPORT_COUNT])
{
	int64_t out = 0;

	for (uint32_t kind = 0; kind < REPORT_COUNT; kind++)
		out = at_ms[kind] > out ? at_ms[kind] : out;
	return out;
}

void report_gather(struct report *report, struct api *api)
{
	const struct incident *incident = report->incident;
	struct text none = {NULL, 0};

	report->since_ms = latest(incident->report_ms);
	report->number = (uint32_t)incident->report_count[REPORT_FOLLOWUP] + 1;
	report->told = told_of(api, incident->r.number);
	gather_facts(report, api);
	report_gather_sources(report, api);
	report_add(report, ENTRY_DONE, incident->done_ms, 0, none);
	report_add(report, ENTRY_VERIFIED, incident->verified_ms, 0, none);
	report_add(report, ENTRY_ENDED, incident->ended_ms, 0, none);
	gather_orders(report);
	report_gather_levels(report);
	for (uint32_t i = 0; i < report->source_count; i++) {
		const struct incident *of = report->source[i].incident;

		report_add(report, ENTRY_REPORTED, of->reported_ms != 0 ? of->reported_ms : of->opened_ms,
			of->r.slot, none);
		gather_rows(report, of, api);
		gather_notices(report, of);
	}
	qsort(report->entry, report->entry_count, sizeof(report->entry[0]), by_time);
}
