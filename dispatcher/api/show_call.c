/* show_call: notices, call tasks, silences and warnings as JSON, and what a caller has to say. */
#include "api/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	if (notice->step == STEP_NONE)
		put_null(page, "step");
	else
		put_int(page, "step", notice->step);
	put_word(page, "state", WORDS_NOTICE_STATE, notice->state);
	put_time(page, "issued", notice->issued_ms);
	put_time(page, "due", notice->due_ms);
	put_time(page, "answered", notice->answered_ms);
	put_id(page, "task", ID_TASK, notice->call_task);
	json_close_object(&page->out);
	page_flush(page);
}

/* --- what the officer reads out on the telephone ---------------------------------------------------- */

enum { SAY_MAX = 1024 };

struct say {
	char text[SAY_MAX];
	size_t used;
};

__attribute__((format(printf, 2, 3))) static void say(struct say *out, const char *format, ...)
{
	va_list list;
	int len;

	va_start(list, format);
	len = vsnprintf(out->text + out->used, SAY_MAX - out->used, format, list);
	va_end(list);
	if (len > 0 && (size_t)len < SAY_MAX - out->used)
		out->used += (size_t)len; /* what does not fit whole is left out */
}

static const void *record_of(const struct core *core, enum table table, uint32_t number)
{
	uint32_t slot = number == 0 ? 0 : query_slot(core, table, number);

	return slot == 0 ? NULL : query_at(core, table, slot);
}

#define SAID(text_) (int)((text_).len < 200 ? (text_).len : 0), (text_).ptr

/* What is to be loaded: for the keeper, and for whoever fetches it. */
static void say_items(const struct core *core, const struct order *loading, struct say *en, struct say *zh)
{
	for (uint32_t slot = loading->first_supply; slot != 0;) {
		const struct supply *supply = query_at(core, TABLE_SUPPLY, slot);
		const struct stock *stock = query_at(core, TABLE_STOCK, supply->stock);
		struct text name = query_text(core, stock == NULL ? 0 : stock->name);
		struct text item = query_text(core, stock == NULL ? 0 : stock->item);
		struct text unit = query_text(core, stock == NULL ? 0 : stock->unit);
		const char *comma = slot == loading->first_supply ? "" : "、";

		say(en, "%s %.*s x %lld", slot == loading->first_supply ? "" : ",", SAID(item),
			(long long)supply->quantity);
		say(zh, "%s%.*s×%lld%.*s", comma, SAID(name), (long long)supply->quantity, SAID(unit));
		slot = supply->next;
	}
}

static void say_order(const struct core *core, const struct order *order, struct say *en, struct say *zh)
{
	const struct order *loading = record_of(core, TABLE_ORDER, order->depot_order);
	struct text what = query_text(core, order->task);

	if (order->target == TARGET_DEPOT) {
		say(en, " Get ready:");
		say(zh, "请备货:");
		say_items(core, order, en, zh);
	} else if (loading != NULL) {
		struct text depot = query_name(core, TABLE_DEPOT, loading->who);

		say(en, " Fetch from %.*s:", SAID(depot));
		say(zh, "请先到%.*s提货:", SAID(depot));
		say_items(core, loading, en, zh);
		say(en, ", and take it there");
		say(zh, ",再送往现场");
	} else {
		say(en, " Order: %.*s", SAID(what));
		say(zh, "派遣任务:%.*s", SAID(what));
	}
	say(en, ". Accept or decline.");
	say(zh, "。请答复接受或谢绝。");
}

static void put_words_to_say(struct page *page, const struct task *task)
{
	const struct core *core = page->core;
	const struct incident *incident = record_of(core, TABLE_INCIDENT, task->incident);
	const struct order *order = record_of(core, TABLE_ORDER, task->order);
	struct text grid = query_name(core, TABLE_GRID, incident == NULL ? 0 : incident->grid);
	struct text device = query_name(core, TABLE_DEVICE, incident == NULL ? 0 : incident->device);
	struct text title = query_text(core, incident == NULL ? 0 : incident->title);
	struct text title_said = query_word_zh(title);
	struct say en = {.used = 0}, zh = {.used = 0};
	char id[ID_SIZE];
	struct text number = ids_write(ID_INCIDENT, task->incident, id);

	say(&en, "Incident %.*s, %.*s, grid %.*s", SAID(number), SAID(title), SAID(grid));
	say(&zh, "事件%.*s,%.*s,网格%.*s", SAID(number), SAID(title_said), SAID(grid));
	if (device.len > 0) {
		say(&en, ", seen by %.*s", SAID(device));
		say(&zh, ",报警点%.*s", SAID(device));
	}
	say(&en, ".");
	say(&zh, "。");
	if (order != NULL) {
		say_order(core, order, &en, &zh);
	} else {
		say(&en, " Please answer.");
		say(&zh, "请答复。");
	}
	put_text(page, "text", (struct text){en.text, (uint32_t)en.used});
	put_text(page, "text_zh", (struct text){zh.text, (uint32_t)zh.used});
}

void show_task(struct page *page, const struct task *task)
{
	const struct person *person = query_at(page->core, TABLE_PERSON, task->person);

	json_open_object(&page->out);
	put_id(page, "id", ID_TASK, task->r.number);
	put_id(page, "incident", ID_INCIDENT, task->incident);
	put_thing(page, "person", TABLE_PERSON, task->person);
	put_name(page, "name", TABLE_PERSON, task->person);
	put_number(page, "phone", person == NULL ? 0 : person->phone);
	put_id(page, "order", ID_ORDER, task->order);
	put_id(page, "notice", ID_NOTICE, task->notice);
	put_word(page, "state", WORDS_TASK_STATE, task->state);
	put_number(page, "taken_by", task->taken_by);
	put_time(page, "issued", task->issued_ms);
	put_time(page, "due", task->due_ms);
	put_time(page, "ended", task->ended_ms);
	put_words_to_say(page, task);
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
	uint32_t state;
	bool all;
};

static bool task_fits(const struct core *core, const void *record, const void *context)
{
	const struct call_filter *filter = context;
	uint32_t state = ((const struct task *)record)->state;

	(void)core;
	return filter->state != 0 ? state == filter->state
				  : filter->all || state == TASK_OPEN || state == TASK_TAKEN;
}

static bool notice_fits(const struct core *core, const void *record, const void *context)
{
	const struct call_filter *filter = context;
	uint32_t state = ((const struct notice *)record)->state;

	(void)core;
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

typedef void shower(struct page *page, const void *record);

static void show_any_task(struct page *page, const void *record)
{
	show_task(page, record);
}

static void show_any_notice(struct page *page, const void *record)
{
	show_notice(page, record);
}

static void show_any_silence(struct page *page, const void *record)
{
	show_silence(page, record);
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
	for (uint32_t i = 0; i < count; i++)
		show(page, query_at(page->core, table, slots[i]));
	json_close_array(&page->out);
	free(slots);
	reply_page(request);
}

void get_tasks(struct request *request)
{
	struct call_filter filter = {0};

	if (ask_word(request, "state", WORDS_TASK_STATE, &filter.state) &&
		ask_bool(request, "all", &filter.all))
		list(request, TABLE_TASK, task_fits, show_any_task, &filter);
}

void get_notices(struct request *request)
{
	struct call_filter filter = {0};

	if (ask_word(request, "state", WORDS_NOTICE_STATE, &filter.state) &&
		ask_bool(request, "all", &filter.all))
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
