/* show_call: notices, call tasks, silences and warnings as JSON. */
#include "api/find.h"
#include "api/internal.h"
#include "core/standing.h"

#include <stdlib.h>

/* The name of who answered: of a person of the town, or as it was given. */
static void put_answerer(struct page *page, const struct notice *notice)
{
	struct text by = query_text(page->core, notice->by);
	uint32_t person = query_find(page->core, TABLE_PERSON, by);

	put_text_nullable(
		page, "answered_by", person != 0 ? query_name(page->core, TABLE_PERSON, person) : by);
}

static void put_level(struct page *page, const char *key, uint32_t level)
{
	if (level == 0)
		put_null(page, key);
	else
		put_word(page, key, WORDS_RESPONSE, level);
}

void show_notice(struct page *page, const struct notice *notice)
{
	const struct person *person = query_at(page->core, TABLE_PERSON, notice->person);

	json_open_object(&page->out);
	put_id(page, "id", ID_NOTICE, notice->r.number);
	put_id(page, "incident", ID_INCIDENT, notice->incident);
	put_thing(page, "person", TABLE_PERSON, notice->person);
	put_name(page, "name", TABLE_PERSON, notice->person);
	put_number(page, "phone", person == NULL ? 0 : person->phone);
	put_thing(page, "unit", TABLE_UNIT, notice->unit);
	put_text(page, "who", words_who_of(notice->who));
	if (notice->step >= STEP_RESPONSE)
		put_null(page, "step");
	else
		put_int(page, "step", notice->step);
	put_word(page, "state", WORDS_NOTICE_STATE, notice->state);
	put_int(page, "told", notice->told);
	put_int(page, "tries_left", notice->state == NOTICE_PENDING ? notice->tries : 0);
	put_bool(page, "each", notice->each != 0);
	put_time(page, "issued", notice->issued_ms);
	put_time(page, "due", notice->due_ms);
	put_bool(page, "told_only", notice->step == STEP_RESPONSE && notice->due_ms == 0);
	put_level(page, "response_level", notice->step == STEP_RESPONSE ? notice->level : 0);
	put_level(page, "response_over", notice->step == STEP_RESPONSE ? notice->over : 0);
	put_time(page, "unreached", notice->state == NOTICE_UNREACHED ? notice->due_ms : 0);
	put_time(page, "answered", notice->answered_ms);
	put_answerer(page, notice);
	put_id(page, "climbed_from", ID_NOTICE, notice->climbed);
	put_id(page, "climbed_to", ID_NOTICE, notice->up);
	put_id(page, "order", ID_ORDER, notice->order);
	put_id(page, "task", ID_TASK, notice->call_task);
	json_close_object(&page->out);
	page_flush(page);
}

void show_task(struct page *page, struct api *api, const struct task *task)
{
	const struct person *person = query_at(page->core, TABLE_PERSON, task->person);

	json_open_object(&page->out);
	put_id(page, "id", ID_TASK, task->r.number);
	put_id(page, "incident", ID_INCIDENT, query_goes_on(page->core, task->incident));
	put_thing(page, "person", TABLE_PERSON, task->person);
	put_name(page, "name", TABLE_PERSON, task->person);
	put_number(page, "phone", person == NULL ? 0 : person->phone);
	put_id(page, "order", ID_ORDER, task->order);
	put_id(page, "notice", ID_NOTICE, task->notice);
	put_word(page, "state", WORDS_TASK_STATE, task->state);
	put_number(page, "taken_by", task->taken_by);
	put_time(page, "issued", task->issued_ms);
	put_time(page, "due", task->ended_ms == 0 ? task->due_ms : 0);
	put_time(page, "ended", task->ended_ms);
	put_words_to_say(page, api, task);
	json_close_object(&page->out);
	page_flush(page);
}

static void show_silence(struct page *page, const struct silence *silence)
{
	json_open_object(&page->out);
	put_id(page, "id", ID_SILENCE, silence->r.number);
	put_number(page, "source", silence->source);
	put_number(page, "type", silence->type);
	put_number(page, "grid", silence->grid);
	put_text(page, "reason", query_text(page->core, silence->reason));
	put_number(page, "by", silence->by);
	put_bool(page, "active", silence->active != 0);
	put_time(page, "from", silence->from_ms);
	put_time(page, "until", silence->until_ms);
	put_int(page, "count", (int64_t)silence->count);
	json_close_object(&page->out);
	page_flush(page);
}

void show_warnings(struct page *page)
{
	const struct town_state *town = query_town(page->core);

	json_open_array(&page->out);
	for (uint32_t i = 0; i < WARNINGS_MAX; i++) {
		const struct warning *warning = &town->warning[i];

		if (warning->colour == COLOUR_NONE)
			continue;
		json_open_object(&page->out);
		put_word(page, "colour", WORDS_COLOUR, warning->colour);
		put_text(page, "hazard", query_text(page->core, warning->hazard));
		put_time(page, "until", warning->until_ms);
		json_close_object(&page->out);
	}
	json_close_array(&page->out);
}

/* --- the lists ------------------------------------------------------------------------------------- */

struct call_filter {
	uint32_t state, incident;
	uint32_t grid, role; /* of who is called: a grid's number, itself or above; a bit of WHO_* */
	bool all, unreached;
	int64_t limit; /* 0: all */
};

enum { GRID_LEVELS = 4 };

/* Whether a person belongs to the grid, or to one that lies in it. */
static bool is_of_grid(const struct core *core, const struct person *person, uint32_t grid)
{
	uint32_t slot = person == NULL ? 0 : query_find(core, TABLE_GRID, query_text(core, person->grid));

	for (uint32_t level = 0; level < GRID_LEVELS && slot != 0; level++) {
		const struct grid *at = query_at(core, TABLE_GRID, slot);

		if (slot == grid)
			return true;
		slot = at == NULL ? 0 : at->parent;
	}
	return false;
}

static bool task_fits(const struct core *core, const void *record, const void *context)
{
	const struct call_filter *filter = context;
	const struct task *task = record;
	const struct person *person = query_at(core, TABLE_PERSON, task->person);
	uint32_t state = task->state;

	if ((filter->incident != 0 && task->incident != filter->incident) ||
		(filter->grid != 0 && !is_of_grid(core, person, filter->grid)) ||
		(filter->role != 0 && (person == NULL || (person->roles & filter->role) == 0)))
		return false;
	return filter->state != 0 ? state == filter->state
				  : filter->all || state == TASK_OPEN || state == TASK_TAKEN;
}

static bool notice_fits(const struct core *core, const void *record, const void *context)
{
	const struct call_filter *filter = context;
	const struct notice *notice = record;
	uint32_t state = notice->state;

	(void)core;
	if (filter->incident != 0 && notice->incident != filter->incident)
		return false;
	if (filter->unreached)
		return state == NOTICE_UNREACHED;
	return filter->state != 0 ? state == filter->state : filter->all || state == NOTICE_PENDING;
}

static bool silence_fits(const struct core *core, const void *record, const void *context)
{
	(void)core;
	return ((const struct call_filter *)context)->all || ((const struct silence *)record)->active != 0;
}

/* Those to call first come first; what is only told, last; what is over, at the very end. */
static int64_t urgency(const struct task *task)
{
	if (task->state != TASK_OPEN && task->state != TASK_TAKEN)
		return INT64_MAX;
	return task->due_ms == 0 ? INT64_MAX - 1 : task->due_ms;
}

static const struct core *sorted_core; /* one thread; qsort has no context */

static int by_urgency(const void *a, const void *b)
{
	const struct task *left = query_at(sorted_core, TABLE_TASK, *(const uint32_t *)a);
	const struct task *right = query_at(sorted_core, TABLE_TASK, *(const uint32_t *)b);
	int64_t soon = urgency(left), late = urgency(right);

	if (soon != late)
		return soon < late ? -1 : 1;
	return left->r.number < right->r.number ? -1 : left->r.number > right->r.number;
}

typedef void shower(struct request *request, const void *record);

static void show_any_task(struct request *request, const void *record)
{
	show_task(&request->page, request->api, record);
}

static void show_any_notice(struct request *request, const void *record)
{
	show_notice(&request->page, record);
}

static void show_any_silence(struct request *request, const void *record)
{
	show_silence(&request->page, record);
}

static void list(struct request *request, enum table table, picker *pick, shower *show,
	const struct call_filter *filter)
{
	struct page *page = &request->page;
	uint32_t count, *slots = pick_slots(page->core, table, pick, filter, &count);

	sorted_core = page->core;
	if (table == TABLE_TASK && slots != NULL)
		qsort(slots, count, sizeof(*slots), by_urgency);
	json_open_array(&page->out);
	for (uint32_t i = 0; i < count && (filter->limit == 0 || i < filter->limit); i++)
		show(request, query_at(page->core, table, slots[i]));
	if (table == TABLE_SILENCE && filter->all)
		show_ended_silences(page, request->api);
	json_close_array(&page->out);
	free(slots);
	reply_page(request);
}

/* A grid by its code or its name. */
static bool ask_grid(struct request *request, uint32_t *grid)
{
	const char *given = ask_text(request, "grid");
	struct refused refused = {0};

	if (given == NULL || find_grid(request->api, text_of(given), grid, &refused))
		return true;
	reply_candidates(request->api, request->http, &refused);
	return false;
}

static bool ask_role(struct request *request, uint32_t *role)
{
	const char *given = ask_text(request, "role");

	*role = given == NULL ? 0 : words_who(text_of(given));
	if (given == NULL || *role != 0)
		return true;
	reply_error(request->api, request->http, 400, "invalid", "role: not one of its words");
	return false;
}

void get_tasks(struct request *request)
{
	struct call_filter filter = {0};

	if (ask_word(request, "state", WORDS_TASK_STATE, &filter.state) &&
		ask_bool(request, "all", &filter.all) &&
		ask_id(request, ID_INCIDENT, "incident", &filter.incident) &&
		ask_grid(request, &filter.grid) && ask_role(request, &filter.role) &&
		ask_int(request, "limit", 1, INT32_MAX, &filter.limit))
		list(request, TABLE_TASK, task_fits, show_any_task, &filter);
}

void get_notices(struct request *request)
{
	struct call_filter filter = {0};

	if (ask_word(request, "state", WORDS_NOTICE_STATE, &filter.state) &&
		ask_bool(request, "all", &filter.all) && ask_bool(request, "unreached", &filter.unreached) &&
		ask_id(request, ID_INCIDENT, "incident", &filter.incident))
		list(request, TABLE_NOTICE, notice_fits, show_any_notice, &filter);
}

void get_silences(struct request *request)
{
	struct call_filter filter = {0};

	if (ask_bool(request, "all", &filter.all))
		list(request, TABLE_SILENCE, silence_fits, show_any_silence, &filter);
}

void get_warnings(struct request *request)
{
	show_warnings(&request->page);
	reply_page(request);
}
