/* show_desk: what waits for a person's eye, and who is on duty, as JSON. */
#include "api/internal.h"

#include <stdlib.h>
#include <string.h>

#include "api/told.h"

enum { ALERT_WORDS = ALERT_COUNT };

/* --- what waits for a person's eye ------------------------------------------------------------------- */

struct line {
	char text[256];
	size_t used;
};

static void add(struct line *line, struct text text)
{
	if (line->used + text.len > sizeof(line->text) || text.len == 0)
		return;
	memcpy(line->text + line->used, text.ptr, text.len);
	line->used += text.len;
}

static void write_line(struct page *page, const struct line *line)
{
	json_write_text(&page->out, (struct text){line->text, (uint32_t)line->used});
}

/* "广播喇叭喊话:附近无设备" */
static void write_failed_step(struct page *page, const struct step *step, const struct step_mark *mark)
{
	struct line line = {.used = 0};

	add(&line, words_zh(WORDS_STEP_KIND, step->kind));
	if (step->kind == STEP_ACTION) {
		line.used = 0;
		if (!step->self)
			add(&line, words_town_zh(query_text(page->core, step->device)));
		add(&line, words_town_zh(query_text(page->core, step->action)));
	}
	add(&line, TEXT(":"));
	add(&line, mark->why == WHY_NONE ? words_zh(WORDS_STEP_STATE, STEP_FAILED)
					 : words_zh(WORDS_WHY, mark->why));
	write_line(page, &line);
}

/* What it was that did not come about, in Chinese; returns how many there are. */
static uint32_t write_failed(struct page *page, const struct incident *incident)
{
	const struct playbook *playbook = query_at(page->core, TABLE_PLAYBOOK, incident->playbook);
	struct query_orders walk = {.incident = incident};
	const struct order *order;
	uint32_t count = 0;

	for (uint32_t i = 0; playbook != NULL && i < playbook->step_count; i++) {
		if (incident->mark[i].state != STEP_FAILED)
			continue;
		write_failed_step(page, &playbook->step[i], &incident->mark[i]);
		count++;
	}
	while ((order = query_orders_next(page->core, &walk)) != NULL) {
		struct line line = {.used = 0};

		if (order->state != ORDER_FAILED || order->target != TARGET_UNIT)
			continue;
		add(&line, query_name(page->core, TABLE_UNIT, order->who));
		add(&line, TEXT(":"));
		add(&line, words_zh(WORDS_WHY, WHY_FAILED));
		write_line(page, &line);
		count++;
	}
	return count;
}

/* incident: NULL for the desk's own. The Chinese says what failed; the words of programs stay words. */
static void put_causes(struct page *page, uint32_t set, const struct incident *incident)
{
	put_key(page, "causes");
	json_open_array(&page->out);
	for (uint32_t cause = 0; cause < ALERT_WORDS; cause++)
		if ((set >> cause & 1) != 0)
			json_write_text(&page->out, words_of(WORDS_ALERT, cause));
	json_close_array(&page->out);
	put_key(page, "causes_zh");
	json_open_array(&page->out);
	for (uint32_t cause = 0; cause < ALERT_WORDS; cause++) {
		if ((set >> cause & 1) == 0)
			continue;
		if (cause != ALERT_FAILED || incident == NULL || write_failed(page, incident) == 0)
			json_write_text(&page->out, words_zh(WORDS_ALERT, cause));
	}
	json_close_array(&page->out);
}

static void put_since(struct page *page, int64_t since_ms)
{
	put_time(page, "since", since_ms);
	put_milli(page, "waits_s", page->now_ms > since_ms ? page->now_ms - since_ms : 0);
	put_int(page, "rings", query_town(page->core)->desk.rings);
}

static void show_alert(struct page *page, const struct incident *incident)
{
	json_open_object(&page->out);
	put_id(page, "incident", ID_INCIDENT, incident->r.number);
	put_causes(page, incident->alert, incident);
	put_since(page, incident->alert_ms);
	put_title(page, incident);
	put_int(page, "priority", incident->priority);
	put_word(page, "state", WORDS_INCIDENT_STATE, incident->state);
	put_thing(page, "grid", TABLE_GRID, incident->grid);
	put_name(page, "grid_name", TABLE_GRID, incident->grid);
	json_close_object(&page->out);
	page_flush(page);
}

/* The desk itself: no incident is behind it. */
static void show_own_alert(struct page *page, const struct desk *desk)
{
	json_open_object(&page->out);
	put_null(page, "incident");
	put_causes(page, desk->own, NULL);
	put_since(page, desk->own_ms);
	put_text(page, "title", TEXT("the duty desk"));
	put_text(page, "title_zh", TEXT("值班台"));
	put_null(page, "priority");
	put_null(page, "state");
	put_null(page, "grid");
	put_null(page, "grid_name");
	json_close_object(&page->out);
	page_flush(page);
}

static bool waits(const struct core *core, const void *record, const void *context)
{
	(void)core;
	(void)context;
	return ((const struct incident *)record)->waiting != 0;
}

static const struct core *sorted_core; /* one thread; qsort has no context */

/* The most urgent first, of equals the one that waits longest. */
static int by_urgency(const void *a, const void *b)
{
	const struct incident *left = query_at(sorted_core, TABLE_INCIDENT, *(const uint32_t *)a);
	const struct incident *right = query_at(sorted_core, TABLE_INCIDENT, *(const uint32_t *)b);

	if (left->priority != right->priority)
		return left->priority < right->priority ? -1 : 1;
	if (left->alert_ms != right->alert_ms)
		return left->alert_ms < right->alert_ms ? -1 : 1;
	return left->r.number < right->r.number ? -1 : left->r.number > right->r.number;
}

void get_alerts(struct request *request)
{
	struct page *page = &request->page;
	const struct desk *desk = &query_town(page->core)->desk;
	uint32_t count, *slots = pick_slots(page->core, TABLE_INCIDENT, waits, NULL, &count);

	sorted_core = page->core;
	if (slots != NULL)
		qsort(slots, count, sizeof(*slots), by_urgency);
	json_open_array(&page->out);
	if (desk->own != 0)
		show_own_alert(page, desk);
	for (uint32_t i = 0; slots != NULL && i < count; i++)
		show_alert(page, query_at(page->core, TABLE_INCIDENT, slots[i]));
	json_close_array(&page->out);
	free(slots);
	reply_page(request);
}

/* --- who is on duty ---------------------------------------------------------------------------------- */

static void put_persons(struct page *page)
{
	put_key(page, "on_duty");
	json_open_array(&page->out);
	for (uint32_t slot = 1; slot <= query_used(page->core, TABLE_PERSON); slot++) {
		const struct person *person = query_at(page->core, TABLE_PERSON, slot);

		if (person == NULL || person->on_duty_ms == 0)
			continue;
		json_open_object(&page->out);
		put_thing(page, "person", TABLE_PERSON, slot);
		put_name(page, "name", TABLE_PERSON, slot);
		put_number(page, "phone", person->phone);
		put_who(page, "roles", person->roles);
		put_time(page, "since", person->on_duty_ms);
		json_close_object(&page->out);
	}
	json_close_array(&page->out);
}

static void put_waiting(struct page *page, const struct desk *desk)
{
	put_int(page, "alerts", query_alerts(page->core));
	if (desk->since_ms == 0)
		put_null(page, "oldest_alert_s");
	else
		put_milli(page, "oldest_alert_s",
			page->now_ms > desk->since_ms ? page->now_ms - desk->since_ms : 0);
}

/* Members of the status. */
void put_desk(struct page *page)
{
	const struct desk *desk = &query_town(page->core)->desk;

	put_waiting(page, desk);
	put_key(page, "on_duty");
	json_open_array(&page->out);
	for (uint32_t slot = 1; desk->on_duty > 0 && slot <= query_used(page->core, TABLE_PERSON); slot++) {
		const struct person *person = query_at(page->core, TABLE_PERSON, slot);

		if (person != NULL && person->on_duty_ms != 0)
			json_write_text(&page->out, query_text(page->core, person->name));
	}
	json_close_array(&page->out);
	put_time(page, "desk_seen", desk->seen_ms);
}

/* What was left in writing with the last coming, going or hand-over. */
static void put_note(struct page *page, struct api *api, uint64_t seq)
{
	struct board_note note = shift_note(api, seq);

	if (note.text.len == 0) {
		put_null(page, "note");
		return;
	}
	put_key(page, "note");
	json_open_object(&page->out);
	put_text(page, "text", note.text);
	put_text_nullable(page, "by", note.by);
	put_time(page, "at", note.at_ms);
	json_close_object(&page->out);
}

static void show_shift(struct request *request)
{
	struct page *page = &request->page;
	const struct desk *desk = &query_town(page->core)->desk;

	json_open_object(&page->out);
	put_persons(page);
	put_time(page, "desk_seen", desk->seen_ms);
	put_time(page, "presence_due", desk->presence_ms);
	put_int(page, "presence_missed", desk->missed);
	put_waiting(page, desk);
	put_int(page, "rings", desk->rings);
	put_time(page, "bell", desk->bell_ms);
	put_int(page, "climbed", desk->climbed);
	put_note(page, request->api, desk->note_seq);
	json_close_object(&page->out);
	reply_page(request);
}

/* Of one path two shapes: the page to hand over with, and the same desk for a program. */
void get_on_duty(struct request *request)
{
	bool json = false;

	if (!ask_bool(request, "json", &json))
		return;
	if (json)
		show_shift(request);
	else
		get_shift(request);
}
