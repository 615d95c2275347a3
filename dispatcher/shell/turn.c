/* turn: one turn of the daemon, phase by phase; see shell.h. */
#include "shell/shell.h"

#include <stdlib.h>
#include <string.h>

#include "core/query.h"

enum { OUTBOX_BYTES = 64 << 20 };

enum disp_err shell_init(
	struct shell *shell, struct core *core, const struct store_port *store, uint64_t epoch)
{
	memset(shell, 0, sizeof *shell);
	shell->core = core;
	shell->store = *store;
	shell->epoch = epoch;
	shell->effects.item = calloc(EFFECTS_MAX, sizeof(struct effect));
	shell->row = malloc(SHELL_ROW_BYTES_MAX);
	shell->message = malloc(OUTBOX_MESSAGE_MAX);
	uint8_t *ring = malloc(OUTBOX_BYTES);

	if (shell->effects.item == NULL || shell->row == NULL || shell->message == NULL || ring == NULL) {
		free(ring);
		shell_free(shell);
		return DISP_E_FULL;
	}
	outbox_init(&shell->outbox, ring, OUTBOX_BYTES);
	return DISP_OK;
}

void shell_free(struct shell *shell)
{
	free(shell->effects.item);
	free(shell->row);
	free(shell->message);
	free(shell->outbox.ring);
	memset(shell, 0, sizeof *shell);
}

bool shell_room(const struct shell *shell, uint32_t rows)
{
	return !shell->blocked && shell->hold != HOLD_ALL && shell->turn_rows + rows <= SHELL_ROWS_MAX &&
	       shell->turn_bytes < SHELL_BYTES_MAX && outbox_room(&shell->outbox) >= 4 * OUTBOX_MESSAGE_MAX;
}

/* What changed nothing is answered, not written: repeats, refusals, commands without effect. */
static bool changes_something(const struct effects *effects)
{
	if (effects->count == 0)
		return false;
	const struct effect *first = &effects->item[0];

	if (first->kind == EFFECT_ALARM)
		return first->u.alarm.result == ALARM_ACCEPTED || first->u.alarm.result == ALARM_SUPPRESSED;
	return first->kind != EFFECT_RESULT || first->u.result.outcome == OUTCOME_OK;
}

/*
 * A note changes nothing in the core and is still on the record: it is an EFFECT_RESULT "ok", so it is written.
 * A repeat is answered under the seq of the last row, so that its answer does not overtake the first one's; a question
 * (EVENT_NONE), so that its answer says of all that was taken before it that it is kept.
 */
static void prepare(struct shell *shell, const struct event *event, const struct origin *origin)
{
	for (uint32_t index = 0; index < shell->door_count; index++) {
		const struct door_port *door = &shell->door[index];

		if (door->prepare != NULL && door->prepare(door->context, event, &shell->effects, origin,
						     &shell->outbox) != DISP_OK)
			shell->lost++;
	}
}

/* Answered without a row: only these counters know of them. */
static void count_unwritten(struct shell *shell)
{
	const struct effect *first = &shell->effects.item[0];

	if (shell->effects.count == 0 || first->kind != EFFECT_ALARM)
		return;
	if (first->u.alarm.result == ALARM_DUPLICATE)
		shell->alarms_repeated++;
	else
		shell->alarms_refused++;
}

static void write_row(struct shell *shell, const struct event *event)
{
	size_t size = row_encode(event, &shell->effects, shell->row, SHELL_ROW_BYTES_MAX);

	ASSERT(size > 0);
	enum disp_err err = shell->store.append(shell->store.context, event->seq, event->at_ms, event->epoch,
		event->kind, query_town(shell->core)->plan_hash, shell->row, size);

	ASSERT(err == DISP_OK); /* shell_room bounds a turn far below the batch */
	shell->turn_rows++;
	shell->turn_bytes += (uint32_t)size;
	shell->rows++;
}

static enum disp_err run(struct shell *shell, struct event *event, int64_t at_ms, const struct origin *origin)
{
	const struct town_state *town = query_town(shell->core);

	event->epoch = shell->epoch;
	event->at_ms = at_ms > town->at_ms ? at_ms : town->at_ms;
	if (event->kind == EVENT_NONE) {
		shell->effects.count = 0;
		event->seq = town->seq;
		prepare(shell, event, origin);
		return DISP_OK;
	}
	event->seq = town->seq + 1;
	enum disp_err err = core_decide(shell->core, event, &shell->effects);

	shell->events++;
	if (err == DISP_OK && changes_something(&shell->effects)) {
		write_row(shell, event);
		err = core_apply(shell->core, event, &shell->effects);
		ASSERT(err == DISP_OK); /* what was just decided on this very state must fit it */
		if (shell->witness != NULL)
			shell->witness(shell->witness_context, event, &shell->effects);
	} else {
		count_unwritten(shell);
		event->seq = town->seq;
	}
	prepare(shell, event, origin);
	return err;
}

enum disp_err shell_take(
	struct shell *shell, struct event *event, int64_t at_ms, const struct effects **effects)
{
	struct origin origin = {.door = DOOR_CONTROL};

	if (!shell_room(shell, 1))
		return DISP_E_AGAIN;
	enum disp_err err = run(shell, event, at_ms, &origin);

	if (effects != NULL)
		*effects = &shell->effects;
	return err;
}

/* What the core owes by now: plans, clocks. True: there is more than this turn could do. */
static bool tick(struct shell *shell, int64_t at_ms)
{
	while (core_due_ms(shell->core) <= at_ms) {
		struct event event = {.kind = EVENT_TICK};
		struct origin origin = {.door = DOOR_CLOCK};
		uint64_t before = query_town(shell->core)->seq;

		if (!shell_room(shell, 1))
			return true;
		enum disp_err err = run(shell, &event, at_ms, &origin);

		ASSERT(err == DISP_OK &&
			query_town(shell->core)->seq == before + 1); /* a tick always gets somewhere */
	}
	return false;
}

/* Doors in turn, one event each, so that none is starved. True: one of them may have more. */
static bool take_in(struct shell *shell, int64_t at_ms)
{
	uint32_t idle = 0;

	for (uint32_t taken = 0; taken < SHELL_EVENTS_MAX && idle < shell->door_count;) {
		struct door_port *door = &shell->door[shell->next_door++ % shell->door_count];
		struct event event;
		struct origin origin;

		if (!shell_room(shell, 64))
			return true;
		memset(&event, 0, sizeof event);
		origin.door = DOOR_COUNT;
		if (door->next == NULL || door->next(door->context, at_ms, &event, &origin) != DISP_OK) {
			idle++;
			continue;
		}
		idle = 0;
		taken++;
		(void)run(shell, &event, at_ms, &origin); /* a full table is said in the effects */
		if (tick(shell, at_ms))
			return true;
	}
	return idle < shell->door_count;
}

static bool leads(const struct shell *shell)
{
	return shell->leads == NULL || shell->leads(shell->leads_context);
}

/* A log that takes no rows, or few more, and another one who leads, is said to the doors: they answer for it. */
void shell_look(struct shell *shell)
{
	enum hold hold = HOLD_NOTHING;

	if (shell->blocked || !leads(shell))
		hold = HOLD_ALL;
	else if (shell->store.hold != NULL)
		hold = shell->store.hold(shell->store.context);
	if (hold == shell->hold)
		return;
	shell->hold = hold;
	for (uint32_t index = 0; index < shell->door_count; index++)
		if (shell->door[index].hold != NULL)
			shell->door[index].hold(shell->door[index].context, hold);
}

/* Every door answers a while for what it cannot hand in. */
static void turn_away(struct shell *shell, int64_t at_ms)
{
	for (uint32_t index = 0; index < shell->door_count; index++) {
		struct door_port *door = &shell->door[index];
		struct event event;
		struct origin origin;

		if (door->next == NULL || door->hold == NULL)
			continue;
		memset(&event, 0, sizeof event);
		enum disp_err err = door->next(door->context, at_ms, &event, &origin);

		ASSERT(err == DISP_E_AGAIN); /* it was told to hand out nothing */
	}
}

static void commit(struct shell *shell, int64_t real_ms)
{
	shell->blocked = shell->store.commit(shell->store.context, real_ms) != DISP_OK;
	if (!shell->blocked) {
		shell->turn_rows = 0;
		shell->turn_bytes = 0;
	}
}

static struct door_port *door_of(struct shell *shell, uint8_t door)
{
	for (uint32_t index = 0; index < shell->door_count; index++)
		if ((shell->door[index].doors >> door & 1) != 0)
			return &shell->door[index];
	return NULL;
}

/* Nothing leaves before the row that explains it is durable. */
static bool release(struct shell *shell, int64_t real_ms)
{
	uint64_t released = shell->store.released(shell->store.context, real_ms);
	struct outbox_entry entry;
	struct origin to;

	for (uint32_t sent = 0; sent < SHELL_SENDS_MAX; sent++) {
		if (!leads(shell) || outbox_peek(&shell->outbox, released, &entry, &to, shell->message,
					     OUTBOX_MESSAGE_MAX) != DISP_OK)
			return false;
		struct door_port *door = door_of(shell, to.door);

		if (door != NULL && door->send != NULL)
			door->send(door->context, &to, shell->message, entry.bytes);
		outbox_pop(&shell->outbox);
	}
	return true;
}

enum hold shell_hold_at(uint32_t pressure)
{
	if (pressure >= 1000)
		return HOLD_ALL;
	return pressure >= 500 ? HOLD_ORDINARY : HOLD_NOTHING;
}

void shell_flush(struct shell *shell, int64_t real_ms)
{
	commit(shell, real_ms);
	(void)release(shell, real_ms);
}

bool shell_turn(struct shell *shell, int64_t real_ms, int64_t at_ms)
{
	bool more = false;

	shell_look(shell);
	if (shell->hold == HOLD_ALL) {
		turn_away(shell, at_ms);
	} else {
		more = tick(shell, at_ms);
		more |= take_in(shell, at_ms);
	}
	commit(shell, real_ms);
	more |= release(shell, real_ms);
	bool held = shell->hold == HOLD_ALL;

	shell_look(shell);
	return (more || held) && shell->hold != HOLD_ALL;
}
