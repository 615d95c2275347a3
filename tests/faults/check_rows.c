/* check_rows: what the rows say, in their order, held against books of our own. */
#include <stdlib.h>
#include <string.h>

#include "check_pair.h"
#include "devices.h"
#include "officer.h"

enum {
	ORDERS_MAX = 1 << 23,
	SUPPLIES_MAX = 1 << 20,
	SEEN_MAX = 65536,
	INCIDENTS_MAX = 8192,
	STOCKS_MAX = 64,
	UNITS_MAX = 64
};

/* What may happen once: a climb, a missed clock; by what names it. */
static uint64_t seen[SEEN_MAX];
static uint32_t seen_count;
static uint32_t holder[ORDERS_MAX]; /* unit of a live order; 0 none */
static uint32_t live[UNITS_MAX];
static uint16_t alerts[INCIDENTS_MAX]; /* causes that stand; [0]: the desk's own */
static int64_t reserved[STOCKS_MAX];
static struct {
	uint32_t stock;
	int64_t quantity;
} supply[SUPPLIES_MAX];
static uint64_t last_epoch;
static int64_t last_at_ms;

void check_rows_begin(void)
{
	memset(seen, 0, sizeof seen);
	seen_count = 0;
	memset(holder, 0, sizeof holder);
	memset(live, 0, sizeof live);
	memset(alerts, 0, sizeof alerts);
	memset(reserved, 0, sizeof reserved);
	memset(supply, 0, sizeof supply);
	last_epoch = 0;
	last_at_ms = 0;
	check_node_begin();
}

static uint64_t mixed(uint64_t value)
{
	value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	return (value ^ value >> 27) | 1;
}

/* False: it has been there before. */
static bool first_time(uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t key = mixed(mixed(mixed(a) + b) + c);
	uint32_t at = (uint32_t)(key % SEEN_MAX);

	for (; seen[at] != 0; at = (at + 1) % SEEN_MAX)
		if (seen[at] == key)
			return false;
	if (++seen_count > SEEN_MAX / 2)
		sim_violation("the simulator", "too much happens once");
	seen[at] = key;
	return true;
}

/* --- alarms and commands ---------------------------------------------------------------------------- */

static void check_alarm(const struct event *event, const struct effect_alarm *effect)
{
	char id[16] = "";
	const struct text *said = &event->u.alarm.id;

	memcpy(id, said->ptr, said->len < sizeof id ? said->len : sizeof id - 1);
	uint32_t number = (uint32_t)strtoul(id + 1, NULL, 10);

	if (number >= sent_alarms)
		sim_violation("one alarm, one row", "row %llu is of alarm %s, which nobody sent",
			(unsigned long long)event->seq, id);
	if (sent_alarm[number].rows++ != 0)
		sim_violation("one alarm, one row", "alarm %s stands in row %llu again", id,
			(unsigned long long)event->seq);
	sent_alarm[number].row_incident = effect->incident;
}

static struct text note_of(const struct event *event)
{
	switch (event->kind) {
	case EVENT_ACT:
		return event->u.act.reason;
	case EVENT_SWAP:
		return event->u.swap.reason;
	case EVENT_SEND:
		return event->u.send.task;
	case EVENT_ANSWER:
		return event->u.answer.reason;
	case EVENT_TASK:
		return event->u.task.note;
	case EVENT_STOCK_MOVE:
		return event->u.stock_move.reason;
	case EVENT_UNIT_SET:
		return event->u.unit_set.reason;
	case EVENT_ACK:
		return event->u.ack.note;
	default:
		return (struct text){0};
	}
}

static void check_command(const struct event *event)
{
	struct text note = note_of(event);
	char copy[16] = "";

	if (note.len < 2 || note.len >= sizeof copy || note.ptr[0] != 'C')
		return;
	memcpy(copy, note.ptr, note.len);
	uint32_t number = (uint32_t)strtoul(copy + 1, NULL, 10);

	if (number >= officer_commands || officer_command[number].rows++ != 0)
		sim_violation("one command, one row", "command C%u stands in row %llu again", number,
			(unsigned long long)event->seq);
}

/* It comes again, or the officer is told of it. */
void check_stray_event(const struct event *event)
{
	struct text note = event->kind == EVENT_ALARM ? event->u.alarm.id : note_of(event);
	char copy[16] = "";

	if (note.len < 2 || note.len >= sizeof copy)
		return;
	memcpy(copy, note.ptr, note.len);
	uint32_t number = (uint32_t)strtoul(copy + 1, NULL, 10);

	if (event->kind == EVENT_ALARM && number < sent_alarms)
		sent_alarm[number].stray = true;
	else if (event->kind != EVENT_ALARM && copy[0] == 'C' && number < officer_commands)
		officer_command[number].stray = true;
}

/* --- units, stock, clocks, alerts ---------------------------------------------------------------------- */

static void check_order(uint64_t seq, const struct effect_order *order)
{
	if (order->number >= ORDERS_MAX)
		sim_violation("the books are large enough", "order O%u of row %llu", order->number,
			(unsigned long long)seq);
	if (order->target != TARGET_UNIT || order->who >= UNITS_MAX)
		return;
	holder[order->number] = order->who;
	live[order->who]++;
	if (!first_time(1, order->number, 0))
		sim_violation("one live order", "order O%u is issued again in row %llu", order->number,
			(unsigned long long)seq);
}

static void check_order_state(const struct effect_order_state *state)
{
	if (state->order >= ORDERS_MAX || holder[state->order] == 0 || query_order_live(state->to))
		return;
	live[holder[state->order]]--;
	holder[state->order] = 0;
}

static void check_supply(uint32_t number, uint32_t stock, int64_t quantity)
{
	if (number < SUPPLIES_MAX && stock < STOCKS_MAX) {
		supply[number].stock = stock;
		supply[number].quantity = quantity;
		reserved[stock] += quantity;
	}
}

static void check_supply_state(const struct effect_supply_state *state)
{
	if (state->supply >= SUPPLIES_MAX || state->to == SUPPLY_RESERVED)
		return;
	reserved[supply[state->supply].stock] -= supply[state->supply].quantity;
	supply[state->supply].quantity = 0;
}

static void check_stock(uint64_t seq, const struct effect_stock *stock)
{
	if (stock->on_hand < 0 || stock->reserved < 0 || stock->reserved > stock->on_hand)
		sim_violation("stock never negative", "row %llu: stock %u has %lld, %lld of them reserved",
			(unsigned long long)seq, stock->stock, (long long)stock->on_hand,
			(long long)stock->reserved);
	if (stock->stock < STOCKS_MAX && reserved[stock->stock] > stock->on_hand)
		sim_violation("stock never negative",
			"row %llu: %lld of stock %u are promised, %lld are there", (unsigned long long)seq,
			(long long)reserved[stock->stock], stock->stock, (long long)stock->on_hand);
}

static void check_alert(uint64_t seq, const struct effect_alert *alert)
{
	uint16_t bit = (uint16_t)(1u << alert->cause);
	uint16_t *stand = &alerts[alert->incident % 1000000 % INCIDENTS_MAX];

	if (alert->to == ALERT_SEEN && alert->incident == 0) {
		memset(alerts, 0, sizeof alerts);
	} else if (alert->to == ALERT_SEEN) {
		*stand = 0;
	} else if (alert->to == ALERT_ENDED) {
		*stand = (uint16_t)(*stand & ~bit);
	} else if (*stand & bit) {
		sim_violation("each alert once", "row %llu: cause %u of incident %u stands already",
			(unsigned long long)seq, alert->cause, alert->incident);
	} else {
		*stand |= bit;
	}
}

static void check_climb(uint64_t seq, const struct effect_incident_climb *climb)
{
	if (climb->due_ms != 0 &&
		!first_time(2 + (uint64_t)climb->deadline * 256 + climb->rung * (uint64_t)65536,
			climb->incident, (uint64_t)climb->due_ms))
		sim_violation("each climb once", "row %llu: incident %u climbs to rung %u again",
			(unsigned long long)seq, climb->incident, climb->rung);
}

static void check_effect(const struct event *event, const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_ORDER:
		check_order(event->seq, &effect->u.order);
		break;
	case EFFECT_ORDER_STATE:
		check_order_state(&effect->u.order_state);
		break;
	case EFFECT_SUPPLY:
		check_supply(effect->u.supply.number, effect->u.supply.stock, effect->u.supply.quantity);
		break;
	case EFFECT_SUPPLY_STATE:
		check_supply_state(&effect->u.supply_state);
		break;
	case EFFECT_ALERT:
		check_alert(event->seq, &effect->u.alert);
		break;
	case EFFECT_INCIDENT_CLIMB:
		check_climb(event->seq, &effect->u.incident_climb);
		break;
	default:
		break;
	}
}

void check_row(const struct event *event, const struct effects *effects)
{
	if (event->epoch < last_epoch || event->at_ms < last_at_ms)
		sim_violation("epochs rise", "row %llu goes back: epoch %llu after %llu, %lld ms after %lld",
			(unsigned long long)event->seq, (unsigned long long)event->epoch,
			(unsigned long long)last_epoch, (long long)event->at_ms, (long long)last_at_ms);
	last_epoch = event->epoch;
	last_at_ms = event->at_ms;
	if (event->kind == EVENT_ALARM && effects->count > 0 && effects->item[0].kind == EFFECT_ALARM)
		check_alarm(event, &effects->item[0].u.alarm);
	check_command(event);
	for (uint32_t index = 0; index < effects->count; index++)
		check_effect(event, &effects->item[index]);
	for (uint32_t index = 0; index < effects->count; index++)
		if (effects->item[index].kind == EFFECT_STOCK)
			check_stock(event->seq, &effects->item[index].u.stock);
	for (uint32_t unit = 0; unit < UNITS_MAX; unit++)
		if (live[unit] > 1)
			sim_violation("one live order", "row %llu: unit %u has %u",
				(unsigned long long)event->seq, unit, live[unit]);
}
