/* officer: looks at the core as the console does, and gives commands as events with an origin. */
#include "officer.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "memory.h"
#include "../unit/core_world_plan.h"

enum { EVERY_MS = 4000, TRIES = 20 };

struct officer_command officer_command[COMMANDS_MAX];
uint32_t officer_commands;
static uint32_t waiting[NODES_MAX]; /* commands that he has in mind */

static void think(void *context, uint64_t arg)
{
	(void)context;
	for (uint32_t number = 0; number < node_count; number++) {
		if (waiting[number] < 3)
			waiting[number]++;
		node_wake(number);
	}
	sim_at(sim.now_ms + sim_between(1, 2 * EVERY_MS), think, NULL, arg);
}

void officer_begin(void)
{
	officer_commands = 0;
	memset(waiting, 0, sizeof waiting);
	sim_at(sim.now_ms + EVERY_MS, think, NULL, 0);
}

/* --- what he looks at --------------------------------------------------------------------------------- */

static const struct incident *some_incident(const struct core *core)
{
	for (uint32_t tried = 0; tried < TRIES; tried++) {
		const struct incident *incident = query_at(
			core, TABLE_INCIDENT, 1 + (uint32_t)sim_below(query_used(core, TABLE_INCIDENT)));

		if (incident != NULL && !query_incident_ended(incident->state))
			return incident;
	}
	return NULL;
}

static const struct order *some_order(const struct core *core)
{
	for (uint32_t tried = 0; tried < TRIES; tried++) {
		const struct order *order =
			query_at(core, TABLE_ORDER, 1 + (uint32_t)sim_below(query_used(core, TABLE_ORDER)));

		if (order != NULL && order->target == TARGET_UNIT && query_order_live(order->state))
			return order;
	}
	return NULL;
}

static struct text some_unit(const struct core *core)
{
	return query_id(core, TABLE_UNIT, 1 + (uint32_t)sim_below(query_used(core, TABLE_UNIT)));
}

/* --- what he says -------------------------------------------------------------------------------------- */

static bool act(const struct core *core, struct event *event, struct text note)
{
	static const uint8_t acts[] = {
		ACT_CONFIRM, ACT_NOTE, ACT_DONE, ACT_VERIFY, ACT_CLOSE, ACT_CLOSE, ACT_CANCEL, ACT_UPGRADE};
	const struct incident *incident = some_incident(core);

	if (incident == NULL)
		return false;
	event->kind = EVENT_ACT;
	event->u.act = (struct event_act){.incident = incident->r.number,
		.act = acts[sim_below(sizeof acts)],
		.disposition = DISPOSITION_RESOLVED,
		.evidence = TEXT("photo"),
		.reason = note};
	return true;
}

static bool order(const struct core *core, struct event *event, struct text note)
{
	const struct incident *incident = some_incident(core);
	const struct order *held = some_order(core);

	if (sim_one_in(2) && held != NULL) {
		event->kind = EVENT_SWAP;
		event->u.swap =
			(struct event_swap){.order = held->r.number, .unit = some_unit(core), .reason = note};
		return true;
	}
	event->kind = EVENT_SEND;
	event->u.send =
		(struct event_send){incident == NULL ? 0 : incident->r.number, some_unit(core), note, false};
	return incident != NULL;
}

static bool recall(const struct core *core, struct event *event, struct text note)
{
	const struct order *held = some_order(core);

	if (held == NULL)
		return false;
	event->kind = EVENT_ANSWER;
	event->u.answer =
		(struct event_answer){.order = held->r.number, .answer = ANSWER_RECALL, .reason = note};
	return true;
}

static bool answer_call(const struct core *core, struct event *event, struct text note)
{
	for (uint32_t tried = 0; tried < TRIES; tried++) {
		const struct task *task =
			query_at(core, TABLE_TASK, 1 + (uint32_t)sim_below(query_used(core, TABLE_TASK)));

		if (task == NULL || task->state != TASK_OPEN)
			continue;
		event->kind = EVENT_TASK;
		event->u.task = (struct event_task){.task = task->r.number, .state = TASK_DONE, .note = note};
		return true;
	}
	return false;
}

static bool stock(const struct core *core, struct event *event, struct text note)
{
	static const char *const items[] = {"sand", "pump", "ring"};

	(void)core;
	event->kind = EVENT_STOCK_MOVE;
	event->u.stock_move = (struct event_stock_move){.depot = t(sim_one_in(2) ? "d1" : "d2"),
		.item = t(items[sim_below(3)]),
		.reason = note,
		.act = (uint8_t)(sim_one_in(3) ? STOCK_ISSUE : STOCK_RECEIVE),
		.quantity = sim_between(1, 5)};
	return true;
}

static bool switches(const struct core *core, struct event *event, struct text note)
{
	if (sim_one_in(2)) {
		event->kind = EVENT_UNIT_SET;
		event->u.unit_set = (struct event_unit_set){.unit = some_unit(core),
			.state = (uint8_t)(sim_one_in(3) ? UNIT_OUT_OF_SERVICE : UNIT_AVAILABLE),
			.reason = note};
	} else {
		event->kind = EVENT_ACK;
		event->u.ack = (struct event_ack){.incident = 0, .note = note};
	}
	return true;
}

/* --- the door -------------------------------------------------------------------------------------------- */

static bool command(const struct core *core, struct event *event)
{
	static bool (*const says[])(const struct core *core, struct event *event, struct text note) = {
		act, act, act, order, recall, answer_call, answer_call, stock, switches};
	static char note[16];

	if (officer_commands == COMMANDS_MAX)
		return false;
	struct text text = {note, (uint32_t)snprintf(note, sizeof note, "C%u", officer_commands)};

	event->by = TEXT("p1");
	event->channel = TEXT("console");
	return says[sim_below(sizeof says / sizeof says[0])](core, event, text);
}

static enum disp_err next(void *context, int64_t at_ms, struct event *event, struct origin *origin)
{
	struct node *node = context;
	const struct core *core = node_core(node);
	void *arena = memory_leave();
	bool said = core != NULL && waiting[node->number] > 0;

	(void)at_ms;
	if (said) {
		waiting[node->number]--;
		said = command(core, event);
	}
	if (said) {
		origin->door = DOOR_API;
		origin->flags = 0;
		origin->peer_bytes = 0;
		origin->ticket = officer_commands;
		officer_command[officer_commands++] = (struct officer_command){0};
		sim_note("officer.says", event->kind, origin->ticket);
	}
	memory_enter(arena);
	return said ? DISP_OK : DISP_E_AGAIN;
}

static enum disp_err prepare(void *context, const struct event *event, const struct effects *effects,
	const struct origin *origin, struct outbox *outbox)
{
	const struct effect *first = &effects->item[0];
	uint8_t answer[9];

	(void)context;
	if (origin->door != DOOR_API || effects->count == 0 || first->kind != EFFECT_RESULT)
		return DISP_OK;
	answer[0] = first->u.result.outcome;
	memcpy(answer + 1, &event->seq, 8);
	return outbox_put(outbox, event->seq, origin, answer, sizeof answer);
}

static void send(void *context, const struct origin *to, const uint8_t *bytes, uint32_t count)
{
	struct node *node = context;
	void *arena = memory_leave();
	uint64_t seq;

	(void)count;
	memcpy(&seq, bytes + 1, 8);
	if (bytes[0] == OUTCOME_OK) {
		check_released(node->number, seq, "an officer's answer");
		officer_command[to->ticket].told_ok = true;
	}
	sim_note("officer.told", bytes[0], to->ticket);
	memory_enter(arena);
}

struct door_port officer_door(struct node *node)
{
	return (struct door_port){node, next, prepare, send, 1u << DOOR_API, NULL};
}
