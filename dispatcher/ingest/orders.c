/* orders: what the core has ordered, recalled or announced, as messages for the terminals concerned. */
#include "core/standing.h"
#include "ingest/door.h"

#include <string.h>

enum { ITEMS_MAX = 64, WORDS_MAX = 512 };

static const struct incident *incident_of(const struct telling *telling, uint32_t number)
{
	const struct core *core = telling->ingest->core;

	return query_at(core, TABLE_INCIDENT, query_slot(core, TABLE_INCIDENT, number));
}

static const struct order *order_of(const struct telling *telling, uint32_t number)
{
	const struct core *core = telling->ingest->core;

	return query_at(core, TABLE_ORDER, query_slot(core, TABLE_ORDER, number));
}

static void start(struct telling *telling, struct json_out *out)
{
	json_out_init(out, telling->ingest->buffer, sizeof(telling->ingest->buffer));
}

/* What is reserved for a loading and not yet given back. The core's list is newest first; it is told as made. */
static uint32_t gather_items(
	const struct core *core, const struct order *loading, struct unit_item item[ITEMS_MAX], uint32_t told)
{
	uint32_t slot[ITEMS_MAX], count = 0;
	const struct supply *supply = query_at(core, TABLE_SUPPLY, loading->first_supply);

	for (; supply && told + count < ITEMS_MAX; supply = query_at(core, TABLE_SUPPLY, supply->next)) {
		if (supply->state == SUPPLY_RESERVED || supply->state == SUPPLY_ISSUED)
			slot[count++] = supply->r.slot;
	}
	while (count-- > 0) {
		const struct supply *line = query_at(core, TABLE_SUPPLY, slot[count]);
		const struct stock *stock = query_at(core, TABLE_STOCK, line->stock);

		if (!stock)
			continue;
		item[told++] = (struct unit_item){.supply = line->r.number,
			.item = query_text(core, stock->item),
			.name = query_text(core, stock->name),
			.unit = query_text(core, stock->unit),
			.quantity = line->quantity};
	}
	return told;
}

/* A word said by hand stands in the event until the core knows it as a text. */
static struct text task_of(const struct telling *telling, const struct order *order)
{
	const struct event *event = telling->event;
	struct text task = query_text(telling->ingest->core, order->task);

	if (task.len == 0 && event->kind == EVENT_DEVICE_DO && order->seq == event->seq)
		task = event->u.device_do.say;
	return task;
}

/* What was reported: by the event at hand, where it opened the incident; else as the journal has it. */
static struct text reported_by(const struct telling *telling, const struct order *order)
{
	const struct event *event = telling->event;
	struct ingest *ingest = telling->ingest;
	uint32_t number = query_goes_on(ingest->core, order->incident);
	const struct incident *incident = incident_of(telling, number);

	if (order->seq == event->seq && event->kind == EVENT_OPEN)
		return event->u.open.text;
	if (order->seq == event->seq && event->kind == EVENT_ALARM && incident && incident->alarms == 1)
		return event->u.alarm.text;
	if (!incident || !ingest->config.reported)
		return (struct text){NULL, 0};
	if (ingest->reported_incident != number) {
		ingest->reported_bytes = ingest->config.reported(
			ingest->config.context, number, ingest->reported, REPORTED_MAX);
		/* What is not durable yet is asked for again. */
		ingest->reported_incident = ingest->reported_bytes > 0 ? number : 0;
	}
	return (struct text){ingest->reported, ingest->reported_bytes};
}

static int64_t respond_within_ms(const struct telling *telling, const struct order *order)
{
	int64_t left_ms = order->respond_by_ms - telling->event->at_ms;

	if (order->respond_by_ms == 0)
		return 0;
	return left_ms > 1 ? left_ms : 1; /* late, and still waited for */
}

void tell_order(struct telling *telling, const struct order *order)
{
	const struct core *core = telling->ingest->core;
	const struct incident *incident = incident_of(telling, query_goes_on(core, order->incident));
	const struct order *loading = order->target == TARGET_UNIT && order->depot_order != 0
					      ? order_of(telling, order->depot_order)
					      : NULL;
	struct unit_item item[ITEMS_MAX];
	struct unit_order said = {.target = order->target,
		.to = query_id(core, target_table(order->target), order->who),
		.order = order->r.number,
		.incident = query_goes_on(core, order->incident),
		.epoch = telling->event->epoch, /* of who says so now, not of who decided it */
		.seq = order->seq,
		.task = task_of(telling, order),
		.range_mm = order->range_mm,
		.travel_ms = order->travel_ms,
		.respond_within_ms = respond_within_ms(telling, order),
		.depot_order = order->target == TARGET_UNIT ? order->depot_order : 0,
		.item = item,
		.action = query_text(core, order->action)};
	struct json_out out;

	if (!terminal_by_target(telling->ingest, order->target, order->who))
		return;
	said.say = order->target == TARGET_DEVICE ? said.task : reported_by(telling, order);
	if (order->target == TARGET_DEPOT)
		said.item_count = gather_items(core, order, item, 0);
	if (loading) {
		said.depot = query_id(core, TABLE_DEPOT, loading->who);
		said.depot_name = query_name(core, TABLE_DEPOT, loading->who);
		for (const struct order *with = loading; with; with = query_load(core, loading, with))
			said.item_count = gather_items(core, with, item, said.item_count);
	}
	if (incident) {
		said.title = query_text(core, incident->title);
		said.has_place = true;
		said.place = incident->place;
		said.grid = query_id(core, TABLE_GRID, incident->grid);
		said.grid_name = query_name(core, TABLE_GRID, incident->grid);
		said.where = query_text(core, incident->where);
		said.playbook = query_id(core, TABLE_PLAYBOOK, incident->playbook);
		said.mode = incident->mode;
	}
	start(telling, &out);
	unit_order_write(&out, &said);
	tell_target(telling, order->target, order->who, order->r.number, &out);
}

void tell_recall(struct telling *telling, const struct order *order, struct text reason)
{
	const struct core *core = telling->ingest->core;
	const struct incident *incident = incident_of(telling, query_goes_on(core, order->incident));
	struct json_out out;

	if (!terminal_by_target(telling->ingest, order->target, order->who))
		return;
	start(telling, &out);
	unit_recall_write(&out, &(struct unit_recall){.target = order->target,
					.to = query_id(core, target_table(order->target), order->who),
					.order = order->r.number,
					.incident = query_goes_on(core, order->incident),
					.epoch = telling->event->epoch,
					.seq = telling->event->seq,
					.reason = reason,
					.mode = incident ? incident->mode : (uint8_t)MODE_ACTUAL});
	tell_target(telling, order->target, order->who, TICKET_RECALL | order->r.number, &out);
}

static void add(char *bytes, uint32_t *used, struct text text)
{
	if (*used + text.len > WORDS_MAX)
		return;
	if (text.len > 0)
		memcpy(bytes + *used, text.ptr, text.len);
	*used += text.len;
}

/* For which role the person is told, and who was not reached. */
static struct text words_of_notice(const struct core *core, const struct notice *notice, char *bytes)
{
	const struct notice *origin =
		query_at(core, TABLE_NOTICE, query_slot(core, TABLE_NOTICE, notice->climbed));
	const struct order *loading =
		query_at(core, TABLE_ORDER, query_slot(core, TABLE_ORDER, notice->order));
	uint32_t used = 0;

	add(bytes, &used, words_who_zh(notice->who));
	if (origin) {
		add(bytes, &used, TEXT(";未叫应:"));
		add(bytes, &used, query_name(core, TABLE_PERSON, origin->person));
		add(bytes, &used, TEXT("("));
		add(bytes, &used, words_who_zh(origin->who));
		add(bytes, &used, TEXT(")"));
	}
	if (loading) {
		add(bytes, &used, TEXT(";保管员无人应答:"));
		add(bytes, &used, query_name(core, TABLE_DEPOT, loading->who));
	}
	return (struct text){bytes, used};
}

/* The level in force; or that one is over, and which is in force instead. */
static struct text words_of_level(const struct core *core, const struct notice *notice, char *bytes)
{
	uint32_t level = query_town(core)->response_level, used = 0;

	if (notice->over == 0)
		return words_zh(WORDS_RESPONSE, level);
	add(bytes, &used, words_zh(WORDS_RESPONSE, notice->over));
	add(bytes, &used, TEXT("应急响应已终止"));
	if (level != RESPONSE_CLEAR) {
		add(bytes, &used, TEXT(",现为"));
		add(bytes, &used, words_zh(WORDS_RESPONSE, level));
	}
	return (struct text){bytes, used};
}

void tell_notice(struct telling *telling, const struct notice *notice)
{
	const struct core *core = telling->ingest->core;
	char words[WORDS_MAX];
	const struct incident *incident = incident_of(telling, notice->incident);
	int64_t left_ms = notice->due_ms - telling->event->at_ms;
	struct unit_notify said = {.to = query_id(core, TABLE_UNIT, notice->unit),
		.notice = notice->r.number,
		.incident = notice->incident,
		.epoch = telling->event->epoch,
		.seq = notice->seq,
		.text = words_of_notice(core, notice, words)};
	struct json_out out;

	if (!terminal_by_target(telling->ingest, TARGET_UNIT, notice->unit))
		return;
	if (notice->step == STEP_RESPONSE)
		said.text = said.title = words_of_level(core, notice, words);
	if (notice->step == STEP_DESK)
		said.text = said.title = TEXT("值班台无人应答");
	if (notice->due_ms != 0)
		said.answer_within_ms = left_ms > 1 ? left_ms : 1;
	if (incident) {
		said.title = query_text(core, incident->title);
		said.has_place = true;
		said.place = incident->place;
		said.mode = incident->mode;
	}
	start(telling, &out);
	unit_notify_write(&out, &said);
	telling->ingest->count.notices++;
	tell_target(telling, TARGET_UNIT, notice->unit, 0, &out);
}
