/* show_order: orders, requirements, material and choices as JSON. */
#include "api/internal.h"

#include "api/tell.h"
#include "core/standing.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const enum table table_of_target[TARGET_COUNT] = {[TARGET_UNIT] = TABLE_UNIT,
	[TARGET_DEPOT] = TABLE_DEPOT,
	[TARGET_DEVICE] = TABLE_DEVICE,
	[TARGET_PERSON] = TABLE_PERSON};

/* As the first depot that has it calls it. */
void put_item_name(struct page *page, uint32_t item)
{
	uint32_t name = 0;

	for (uint32_t slot = 1; item != 0 && name == 0 && slot <= query_used(page->core, TABLE_STOCK);
		slot++) {
		const struct stock *stock = query_at(page->core, TABLE_STOCK, slot);

		if (stock != NULL && stock->item == item)
			name = stock->name;
	}
	put_number(page, "item_name", name);
}

void show_need(struct page *page, const struct need *need)
{
	json_open_object(&page->out);
	put_id(page, "id", ID_NEED, need->r.number);
	put_id(page, "incident", ID_INCIDENT, need->incident);
	if (need->step == STEP_NONE)
		put_null(page, "step");
	else
		put_int(page, "step", need->step);
	put_word(page, "kind", WORDS_STEP_KIND, need->kind);
	put_skills(page, "skills", need->skills);
	put_skills(page, "substitute", need->substitute);
	put_number(page, "item", need->item);
	put_item_name(page, need->item);
	put_int(page, "count", need->count);
	put_int(page, "missing", need->missing);
	put_word(page, "state", WORDS_NEED_STATE, need->state);
	put_word_nullable(page, "why", WORDS_WHY, need->why);
	put_milli_nullable(page, "arrive_within_s", need->arrive_within_ms);
	put_id(page, "depot_order", ID_ORDER, need->depot_order);
	json_close_object(&page->out);
}

void show_supply(struct page *page, const struct supply *supply)
{
	const struct stock *stock = query_at(page->core, TABLE_STOCK, supply->stock);

	json_open_object(&page->out);
	put_id(page, "id", ID_SUPPLY, supply->r.number);
	put_id(page, "order", ID_ORDER, supply->order);
	put_id(page, "incident", ID_INCIDENT, supply->incident);
	put_id(page, "need", ID_NEED, supply->need);
	put_thing(page, "depot", TABLE_DEPOT, stock == NULL ? 0 : stock->depot);
	put_number(page, "item", stock == NULL ? 0 : stock->item);
	put_number(page, "name", stock == NULL ? 0 : stock->name);
	put_number(page, "unit", stock == NULL ? 0 : stock->unit);
	put_int(page, "quantity", supply->quantity);
	put_word(page, "state", WORDS_SUPPLY_STATE, supply->state);
	json_close_object(&page->out);
}

/* --- why this one --------------------------------------------------------------------------------- */

struct line {
	char text[512];
	uint32_t used;
};

__attribute__((format(printf, 2, 3))) static void say(struct line *line, const char *format, ...)
{
	va_list list;
	int len;

	va_start(list, format);
	len = vsnprintf(line->text + line->used, sizeof(line->text) - line->used, format, list);
	va_end(list);
	if (len > 0 && (uint32_t)len < sizeof(line->text) - line->used)
		line->used += (uint32_t)len; /* what does not fit whole is left out */
}

static void say_chosen(const struct order *order, struct line *en, struct line *zh)
{
	char span[32];
	unsigned long range_m = tell_whole(order->range_mm);

	if (order->manual) {
		say(en, "sent by the officer");
		say(zh, "值班员指定");
	} else if (order->target == TARGET_UNIT) {
		say(en, "all requirements weighed together, soonest there");
		say(zh, "统筹本事件全部需求后最先到达者");
	} else if (order->target == TARGET_DEPOT) {
		say(en, "has the whole quantity with the least carrying");
		say(zh, "库存足够且运送最省");
	} else {
		say(en, "nearest device that can do it");
		say(zh, "最近的可用设备");
	}
	say(en, ": %lu m, %s", range_m, tell_span(span, order->travel_ms, true));
	say(zh, ":距离%lu米,约%s", range_m, tell_span(span, order->travel_ms, false));
	if (order->substitute) {
		say(en, "; a substitute: nobody with the skills asked for was free");
		say(zh, ";替代力量:无符合所需技能者可用");
	}
	if (order->late) {
		say(en, "; expected after the limit");
		say(zh, ";预计超出到场时限");
	}
	if (order->stale) {
		say(en, "; its position is %lu s old, and the age was charged",
			tell_whole(order->position_age_ms));
		say(zh, ";位置为%lu秒前所报,已计入", tell_whole(order->position_age_ms));
	} else if (order->target == TARGET_UNIT && order->position_age_ms < 0) {
		say(en, "; taken to be at its base");
		say(zh, ";按驻地位置计算");
	}
}

/* Its leader's, or the keeper's. */
static uint32_t person_behind(const struct core *core, const struct order *order)
{
	const struct unit *unit =
		order->target == TARGET_UNIT ? query_at(core, TABLE_UNIT, order->who) : NULL;
	const struct depot *depot =
		order->target == TARGET_DEPOT ? query_at(core, TABLE_DEPOT, order->who) : NULL;

	return unit != NULL ? unit->leader : depot != NULL ? depot->keeper : 0;
}

static void put_order_times(struct page *page, const struct order *order)
{
	put_time(page, "issued", order->issued_ms);
	put_time(page, "delivered", order->delivered_ms);
	put_time(page, "answered", order->answered_ms);
	put_time(page, "en_route", order->en_route_ms);
	put_time(page, "arrived", order->arrived_ms);
	put_time(page, "ended", order->ended_ms);
	put_time(page, "respond_by", order->respond_by_ms);
	put_time(page, "arrive_by", order->arrive_by_ms);
}

static void put_order_figures(struct page *page, const struct order *order)
{
	put_milli(page, "range_m", order->range_mm);
	put_milli(page, "travel_s", order->travel_ms);
	if (order->target == TARGET_UNIT && order->position_age_ms >= 0)
		put_milli(page, "position_age_s", order->position_age_ms);
	else
		put_null(page, "position_age_s");
	put_order_times(page, order);
	put_bool(page, "substitute", order->substitute != 0);
	put_bool(page, "late", order->late != 0);
	put_bool(page, "stale", order->stale != 0);
	put_bool(page, "manual", order->manual != 0);
	put_number(page, "answered_by", order->answered_by);
	put_number(page, "answered_channel", order->answered_channel);
}

/* Who declined it or failed, when, and the reason as given: the core keeps the row's number. A terminal speaks for its unit. */
void put_said(struct page *page, const struct order *order)
{
	struct event event;
	struct effects effects;
	bool declined = order != NULL && (order->state == ORDER_DECLINED || order->state == ORDER_FAILED);
	bool read = declined && order->said_seq != 0 && page->rows != NULL &&
		    row_read(page->rows, order->said_seq, &event, &effects) && event.kind == EVENT_ANSWER;
	struct text none = {NULL, 0};

	put_text_nullable(page, "reason", read ? event.u.answer.reason : none);
	if (read && event.by.len == 0 && order->target < TARGET_COUNT)
		put_name(page, "said_by", table_of_target[order->target], order->who);
	else
		put_text_nullable(page, "said_by", read ? event.by : none);
	put_time(page, "said_at", read ? event.at_ms : 0);
}

static void put_items(struct page *page, const struct order *order)
{
	for (uint32_t slot = order->first_supply; slot != 0;) {
		const struct supply *supply = query_at(page->core, TABLE_SUPPLY, slot);

		show_supply(page, supply);
		slot = supply->next;
	}
}

static void put_planned(struct page *page, const struct order *order, const struct effects *effects)
{
	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect_supply *from = &effects->item[i].u.supply;

		if (effects->item[i].kind != EFFECT_SUPPLY || from->order != order->r.number)
			continue;
		struct supply supply = {.order = from->order,
			.incident = from->incident,
			.need = from->need,
			.stock = from->stock,
			.state = SUPPLY_RESERVED,
			.quantity = from->quantity};

		supply.r.number = from->number;
		show_supply(page, &supply);
	}
}

void show_order(struct page *page, const struct order *order)
{
	show_order_planned(page, order, NULL);
}

void show_order_planned(struct page *page, const struct order *order, const struct effects *effects)
{
	const struct person *person = query_at(page->core, TABLE_PERSON, person_behind(page->core, order));
	enum table table = order->target < TARGET_COUNT ? table_of_target[order->target] : TABLE_TOWN;
	struct line en = {.used = 0}, zh = {.used = 0};

	json_open_object(&page->out);
	put_id(page, "id", ID_ORDER, order->r.number);
	uint32_t goes_on = query_goes_on(page->core, order->incident);

	put_id(page, "incident", ID_INCIDENT, goes_on);
	put_id(page, "merged_from", ID_INCIDENT, goes_on != order->incident ? order->incident : 0);
	put_id(page, "need", ID_NEED, order->need);
	put_word(page, "target", WORDS_TARGET, order->target);
	put_thing(page, "who", table, order->who);
	put_name(page, "name", table, order->who);
	put_number(page, "phone", person == NULL ? 0 : person->phone);
	put_number(page, "task", order->task);
	put_number(page, "action", order->action);
	if (order->step == STEP_NONE || order->target != TARGET_DEVICE)
		put_null(page, "step");
	else
		put_int(page, "step", order->step);
	put_word(page, "state", WORDS_ORDER_STATE, order->state);
	put_word_nullable(page, "why", WORDS_WHY, order->why);
	put_said(page, order);
	put_order_figures(page, order);
	put_id(page, "depot_order", ID_ORDER, order->depot_order);
	put_id(page, "call_task", ID_TASK, order->call_task);
	put_int(page, "seq", (int64_t)order->seq);
	put_int(page, "epoch", (int64_t)order->epoch);
	put_key(page, "items");
	json_open_array(&page->out);
	if (effects != NULL)
		put_planned(page, order, effects);
	else
		put_items(page, order);
	json_close_array(&page->out);
	say_chosen(order, &en, &zh);
	put_text(page, "chosen", (struct text){en.text, en.used});
	put_text(page, "chosen_zh", (struct text){zh.text, zh.used});
	json_close_object(&page->out);
	page_flush(page);
}

void show_choice(struct page *page, const struct effect_choice *choice, uint64_t seq, int64_t at_ms)
{
	json_open_object(&page->out);
	put_id(page, "need", ID_NEED, choice->need);
	if (seq == 0)
		put_null(page, "seq");
	else
		put_int(page, "seq", (int64_t)seq);
	put_time(page, "at", at_ms);
	put_key(page, "passed");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < choice->passed_count && i < CHOICE_PASSED_MAX; i++) {
		const struct passed *passed = &choice->passed[i];

		json_open_object(&page->out);
		put_thing(page, "unit", TABLE_UNIT, passed->unit);
		put_thing(page, "depot", TABLE_DEPOT, passed->depot);
		put_name(page, "name", passed->depot != 0 ? TABLE_DEPOT : TABLE_UNIT,
			passed->depot != 0 ? passed->depot : passed->unit);
		put_word(page, "why", WORDS_WHY, passed->why);
		put_text(page, "why_zh", words_zh(WORDS_WHY, passed->why));
		put_milli_nullable(page, "travel_s", passed->travel_ms);
		put_milli_nullable(page, "range_m", passed->travel_ms < 0 ? 0 : passed->range_mm);
		json_close_object(&page->out);
	}
	json_close_array(&page->out);
	put_int(page, "rest_count", choice->rest_count);
	put_key(page, "rest");
	json_open_object(&page->out);
	for (uint32_t why = 0; why < WHY_COUNT; why++) {
		if (choice->rest[why] == 0)
			continue;
		json_write_key(&page->out, words_of(WORDS_WHY, why));
		json_write_uint64(&page->out, choice->rest[why]);
	}
	json_close_object(&page->out);
	json_close_object(&page->out);
	page_flush(page);
}

/* --- the lists ------------------------------------------------------------------------------------- */

struct numbered {
	uint32_t number, slot;
};

static int newest_first(const void *a, const void *b)
{
	uint32_t left = ((const struct numbered *)a)->number, right = ((const struct numbered *)b)->number;

	return left < right ? 1 : left > right ? -1 : 0;
}

uint32_t *pick_slots(
	const struct core *core, enum table table, picker *pick, const void *context, uint32_t *count)
{
	uint32_t used = query_used(core, table);
	struct numbered *found = malloc((used + (size_t)1) * sizeof(*found));

	*count = 0;
	if (found == NULL)
		return NULL;
	for (uint32_t slot = 1; slot <= used; slot++) {
		const void *record = query_at(core, table, slot);

		if (record == NULL || !pick(core, record, context))
			continue;
		found[*count] = (struct numbered){((const struct record *)record)->number, slot};
		++*count;
	}
	qsort(found, *count, sizeof(*found), newest_first);
	uint32_t *slots = (uint32_t *)found; /* in place: slot i lies behind where i is read */

	for (uint32_t i = 0; i < *count; i++)
		slots[i] = found[i].slot;
	return slots;
}

struct order_filter {
	uint32_t incident, state;
	uint32_t target, who; /* 0: any */
	bool all;
};

static bool order_fits(const struct core *core, const void *record, const void *context)
{
	const struct order *order = record;
	const struct order_filter *filter = context;

	if (filter->incident != 0 && order->incident != filter->incident &&
		query_goes_on(core, order->incident) != filter->incident)
		return false;
	if (filter->target != 0 && (order->target != filter->target || order->who != filter->who))
		return false;
	if (filter->state != 0)
		return order->state == filter->state;
	return filter->all || query_order_live(order->state);
}

static void list_orders(struct page *page, const struct order_filter *filter)
{
	uint32_t count, *slots = pick_slots(page->core, TABLE_ORDER, order_fits, filter, &count);

	json_open_array(&page->out);
	for (uint32_t i = 0; i < count; i++)
		show_order(page, query_at(page->core, TABLE_ORDER, slots[i]));
	json_close_array(&page->out);
	free(slots);
}

void show_live_orders(struct page *page, enum target target, uint32_t who)
{
	struct order_filter filter = {.target = target, .who = who};

	put_key(page, "orders");
	list_orders(page, &filter);
}

void get_orders(struct request *request)
{
	struct order_filter filter = {0};

	if (!ask_id(request, ID_INCIDENT, "incident", &filter.incident) ||
		!ask_word(request, "state", WORDS_ORDER_STATE, &filter.state) ||
		!ask_bool(request, "all", &filter.all))
		return;
	list_orders(&request->page, &filter);
	reply_page(request);
}

void get_order(struct request *request)
{
	uint32_t slot = path_slot(request, ID_ORDER, TABLE_ORDER);

	if (slot == 0)
		return;
	show_order(&request->page, query_at(request->api->core, TABLE_ORDER, slot));
	reply_page(request);
}
