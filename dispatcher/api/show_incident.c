/* show_incident: incidents, their steps, clocks, notices and call tasks as JSON. */
#include "api/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* When what the clock is for was done; 0: not yet. */
static int64_t stopped_ms(const struct incident *incident, uint32_t kind)
{
	const int64_t at_ms[DEADLINE_COUNT] = {[DEADLINE_ARRIVE] = incident->arrived_ms,
		[DEADLINE_RECEIVE] = incident->accepted_ms,
		[DEADLINE_DISPOSE] = incident->done_ms,
		[DEADLINE_VERIFY] = incident->verified_ms,
		[DEADLINE_CONFIRM] = incident->accepted_ms};

	return query_deadline_open(incident, kind) ? 0 : at_ms[kind];
}

void show_deadline(struct page *page, const struct incident *incident, uint32_t kind)
{
	const struct deadline *deadline = &incident->deadline[kind];

	json_open_object(&page->out);
	put_word(page, "kind", WORDS_DEADLINE_KIND, kind);
	put_word(page, "state", WORDS_DEADLINE_STATE, deadline->state);
	put_time(page, "due", deadline->due_ms);
	put_milli(page, "left_s", deadline->due_ms - page->now_ms);
	put_time(page, "stopped", stopped_ms(incident, kind));
	put_time(page, "own_due", deadline->own_ms != DEADLINE_NOT_OWN ? deadline->own_ms : 0);
	put_bool(page, "held", deadline->held != 0);
	json_close_object(&page->out);
}

static void put_next_deadline(struct page *page, const struct incident *incident)
{
	uint32_t next = query_deadline_next(incident);

	put_key(page, "next_deadline");
	if (next == DEADLINE_COUNT)
		json_write_null(&page->out);
	else
		show_deadline(page, incident, next);
}

static uint32_t short_count(const struct core *core, const struct incident *incident)
{
	struct query_needs walk = {.incident = incident};
	const struct need *need;
	uint32_t count = 0;

	while ((need = query_needs_next(core, &walk)) != NULL) /* of those merged into it, too */
		count += need->state == NEED_OPEN && need->missing > 0;
	return count;
}

static void put_incident_times(struct page *page, const struct incident *incident)
{
	put_time(page, "reported", incident->reported_ms);
	put_time(page, "opened", incident->opened_ms);
	put_time(page, "accepted", incident->accepted_ms);
	put_time(page, "dispatched", incident->dispatched_ms);
	put_time(page, "arrived", incident->arrived_ms);
	put_time(page, "done", incident->done_ms);
	put_time(page, "verified", incident->verified_ms);
	put_time(page, "ended", incident->ended_ms);
	put_time(page, "last_alarm", incident->last_alarm_ms);
}

void put_title(struct page *page, const struct incident *incident)
{
	put_text(page, "title", query_text(page->core, incident->title));
	put_text(page, "title_zh", query_word_zh(query_text(page->core, incident->title)));
}

/* What people call the place: by the name that was found for it, else the device that is there, else its grid. */
static struct text place_name(const struct core *core, const struct incident *incident)
{
	struct text name = query_text(core, incident->where);

	if (name.len == 0)
		name = query_name(core, TABLE_DEVICE, incident->device);
	return name.len > 0 ? name : query_name(core, TABLE_GRID, incident->grid);
}

void show_incident_members(struct page *page, const struct incident *incident)
{
	put_id(page, "id", ID_INCIDENT, incident->r.number);
	put_text(page, "type", query_text(page->core, incident->type));
	put_title(page, incident);
	put_word(page, "state", WORDS_INCIDENT_STATE, incident->state);
	put_word_nullable(page, "disposition", WORDS_DISPOSITION, incident->disposition);
	put_int(page, "priority", incident->priority);
	put_word(page, "grade", WORDS_GRADE, incident->grade);
	put_roman(page, "response_level", incident->response_level);
	put_word(page, "mode", WORDS_MODE, incident->mode);
	put_word(page, "release", WORDS_RELEASE, incident->release);
	put_int(page, "level", incident->level);
	put_int(page, "rung", incident->rung);
	put_bool(page, "held", incident->held != 0);
	put_bool(page, "paper", incident->paper != PAPER_NOT);
	put_int(page, "short", short_count(page->core, incident));
	put_thing(page, "grid", TABLE_GRID, incident->grid);
	put_name(page, "grid_name", TABLE_GRID, incident->grid);
	put_thing(page, "device", TABLE_DEVICE, incident->device);
	put_text_nullable(page, "place", place_name(page->core, incident));
	put_place(page, "position", &incident->place);
	put_thing(page, "playbook", TABLE_PLAYBOOK, incident->playbook);
	put_id(page, "merged_into", ID_INCIDENT, incident->merged_into);
	put_incident_times(page, incident);
	put_int(page, "alarms", incident->alarms);
	put_int(page, "sensors", incident->device_count);
	put_int(page, "orders_live", incident->live_orders);
	put_next_deadline(page, incident);
}

/* The case, or one that stands merged into it. */
static bool is_short(const struct core *core, const struct incident *incident)
{
	struct query_needs walk = {.incident = incident};
	const struct need *need;

	while ((need = query_needs_next(core, &walk)) != NULL)
		if (need->state == NEED_OPEN && need->missing > 0)
			return true;
	return false;
}

/* --- the list -------------------------------------------------------------------------------------- */

struct incident_filter {
	uint32_t state;
	bool all, short_of;
};

static bool incident_fits(const struct core *core, const void *record, const void *context)
{
	const struct incident *incident = record;
	const struct incident_filter *filter = context;

	if (filter->short_of && (query_incident_ended(incident->state) || !is_short(core, incident)))
		return false;
	if (filter->state != 0)
		return incident->state == filter->state;
	return filter->all || !query_incident_ended(incident->state);
}

void get_incidents(struct request *request)
{
	struct page *page = &request->page;
	struct incident_filter filter = {0};
	int64_t most = INT64_MAX;
	uint32_t count, *slots;

	if (!ask_word(request, "state", WORDS_INCIDENT_STATE, &filter.state) ||
		!ask_bool(request, "all", &filter.all) || !ask_bool(request, "short", &filter.short_of) ||
		!ask_int(request, "limit", 1, 1000000, &most))
		return;
	slots = pick_slots(page->core, TABLE_INCIDENT, incident_fits, &filter, &count);
	json_open_array(&page->out);
	for (uint32_t i = 0; i < count && i < most; i++) {
		json_open_object(&page->out);
		show_incident_members(page, query_at(page->core, TABLE_INCIDENT, slots[i]));
		json_close_object(&page->out);
		page_flush(page);
	}
	json_close_array(&page->out);
	free(slots);
	reply_page(request);
}

/* --- the whole story ------------------------------------------------------------------------------- */

static void put_sensors(struct page *page, const struct incident *incident)
{
	put_key(page, "sensor_list");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < incident->sensor_count && i < INCIDENT_SENSORS_MAX; i++) {
		const struct sensor *sensor = &incident->sensor[i];

		json_open_object(&page->out);
		put_thing(page, "device", TABLE_DEVICE, sensor->device);
		put_name(page, "name", TABLE_DEVICE, sensor->device);
		put_number(page, "type", sensor->type);
		put_time(page, "at", sensor->at_ms);
		put_int(page, "occurrences", sensor->occurrences);
		put_bool(page, "cleared", sensor->cleared != 0);
		json_close_object(&page->out);
	}
	json_close_array(&page->out);
}

static void put_needs(struct page *page, const struct incident *incident)
{
	struct query_needs walk = {.incident = incident};
	const struct need *need = query_needs_next(page->core, &walk);

	put_key(page, "needs");
	json_open_array(&page->out);
	for (; need != NULL && walk.at == incident; need = query_needs_next(page->core, &walk))
		show_need(page, need);
	json_close_array(&page->out);
	put_key(page, "merged_needs"); /* what is missing there is looked for on */
	json_open_array(&page->out);
	for (; need != NULL; need = query_needs_next(page->core, &walk))
		show_need(page, need);
	json_close_array(&page->out);
}

static void put_orders_of(struct page *page, const struct incident *incident)
{
	for (uint32_t slot = incident->first_order; slot != 0;) {
		const struct order *order = query_at(page->core, TABLE_ORDER, slot);

		show_order(page, order);
		slot = order->next;
	}
}

static void put_orders(struct page *page, const struct incident *incident)
{
	const struct incident *merged;
	uint32_t cursor = 0;

	put_key(page, "orders");
	json_open_array(&page->out);
	put_orders_of(page, incident);
	json_close_array(&page->out);
	put_key(page, "merged_orders"); /* crews of cases that stand merged into it live on */
	json_open_array(&page->out);
	while ((merged = query_merged(page->core, incident, &cursor)) != NULL)
		put_orders_of(page, merged);
	json_close_array(&page->out);
	put_key(page, "supplies");
	json_open_array(&page->out);
	for (uint32_t slot = incident->first_order; slot != 0;) {
		const struct order *order = query_at(page->core, TABLE_ORDER, slot);

		for (uint32_t at = order->first_supply; at != 0;) {
			const struct supply *supply = query_at(page->core, TABLE_SUPPLY, at);

			show_supply(page, supply);
			at = supply->next;
		}
		slot = order->next;
	}
	json_close_array(&page->out);
}

static void put_steps(struct page *page, const struct incident *incident)
{
	const struct playbook *playbook = query_at(page->core, TABLE_PLAYBOOK, incident->playbook);

	put_number(page, "playbook_title", playbook == NULL ? 0 : playbook->title);
	put_key(page, "steps");
	json_open_array(&page->out);
	for (uint32_t i = 0; playbook != NULL && i < playbook->step_count; i++)
		if (incident->paper != PAPER_BROUGHT_IN || incident->mark[i].state != STEP_IDLE)
			show_step(page, playbook, i, &incident->mark[i]); /* on paper nothing is planned */
	json_close_array(&page->out);
}

static void put_notices(struct page *page, const struct incident *incident)
{
	put_key(page, "notices");
	json_open_array(&page->out);
	for (uint32_t slot = incident->first_notice; slot != 0;) {
		const struct notice *notice = query_at(page->core, TABLE_NOTICE, slot);

		show_notice(page, notice);
		slot = notice->next;
	}
	json_close_array(&page->out);
}

static void put_tasks(struct page *page, struct api *api, uint32_t incident)
{
	put_key(page, "tasks");
	json_open_array(&page->out);
	for (uint32_t slot = 1; slot <= query_used(page->core, TABLE_TASK); slot++) {
		const struct task *task = query_at(page->core, TABLE_TASK, slot);

		if (task != NULL && task->incident == incident)
			show_task(page, api, task);
	}
	json_close_array(&page->out);
}

static void put_deadlines(struct page *page, const struct incident *incident)
{
	put_key(page, "deadlines");
	json_open_array(&page->out);
	for (uint32_t kind = 0; kind < DEADLINE_COUNT; kind++)
		if (incident->deadline[kind].state != DEADLINE_IDLE)
			show_deadline(page, incident, kind);
	json_close_array(&page->out);
}

void get_incident(struct request *request)
{
	struct page *page = &request->page;
	uint32_t slot = path_slot(request, ID_INCIDENT, TABLE_INCIDENT);
	const struct incident *incident;

	if (slot == 0)
		return;
	incident = query_at(page->core, TABLE_INCIDENT, slot);
	json_open_object(&page->out);
	show_incident_members(page, incident);
	put_number(page, "done_by", incident->done_by);
	put_name(page, "done_by_name", TABLE_PERSON,
		query_find(page->core, TABLE_PERSON, query_text(page->core, incident->done_by)));
	show_facts(page, request->api, incident);
	put_sensors(page, incident);
	put_needs(page, incident);
	put_orders(page, incident);
	put_steps(page, incident);
	put_notices(page, incident);
	put_tasks(page, request->api, incident->r.number);
	put_deadlines(page, incident);
	put_proposed(page, request->api, incident);
	page_flush(page);
	show_story(page, request->api, incident->r.number);
	json_close_object(&page->out);
	reply_page(request);
}
