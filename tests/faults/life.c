/* life: start and turn of a daemon, over the real parts, in the order of dispatcher/start.c and loop.c. */
#include "life.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "officer.h"
#include "ports.h"
#include "town.h"

enum {
	SNAPSHOT_ROWS = 1500,
	SEGMENT_BYTES = 192 << 10,
	AUDIT_EVERY_MS = 60000,
	AUDIT_RECORDS = 500,
	WALL_STEP_MS = 2000,
	WAIT_MAX_MS = 1000
};

/* --- the ports ------------------------------------------------------------------------------------- */

static struct core *make_core(void *context)
{
	struct life *life = context;
	struct core_limits limits;
	struct core_rules rules;
	struct travel travel = town_travel(life->roads);

	town_limits(&limits);
	core_rules_default(&rules);
	void *memory = calloc(1, core_size(&limits));

	if (memory == NULL || core_init(memory, &limits, &rules, &travel, &life->core) != DISP_OK)
		return NULL;
	life->names = row_core_names(&life->row_core, life->core);
	return life->core;
}

static enum disp_err read_snapshot(
	void *context, struct core_section section[CORE_SECTIONS_MAX], uint32_t *count)
{
	struct life *life = context;

	return ports_snapshot(life->store, &life->snapshot, section, count);
}

static void free_snapshot(void *context)
{
	struct life *life = context;

	snapshot_free(&life->snapshot);
}

static enum disp_err read_rows(void *context, uint64_t after_seq, recover_take *take, void *recover)
{
	struct life *life = context;

	return ports_rows(life->store, after_seq, take, recover);
}

static void report(void *context, enum store_level level, const char *text)
{
	(void)context;
	check_report((int)level, text);
}

/* --- the start --------------------------------------------------------------------------------------- */

static bool open_store(struct node *node, struct life *life)
{
	snprintf(life->holder, sizeof life->holder, "n%u", node->number);
	life->config = (struct store_config){.dir = "/data",
		.conninfo = "simulated",
		.town_id = "sim",
		.stream = "actual",
		.segment_bytes = SEGMENT_BYTES,
		.ops = &disk_ops,
		.one_thread = true,
		.pair = node_count > 1,
		.holder = life->holder,
		.names = &life->names,
		.report = report};

	return store_open(&life->store, &life->config) == DISP_OK;
}

static bool recover(struct node *node, struct life *life)
{
	const struct recover_port port = {life, read_snapshot, free_snapshot, read_rows, make_core, NULL};

	life->recovered.effects.item = calloc(EFFECTS_MAX, sizeof(struct effect));
	life->recovered.row = calloc(1, sizeof *life->recovered.row);
	if (life->recovered.effects.item == NULL || life->recovered.row == NULL)
		return false;
	enum disp_err err = recover_run(&life->recovered, &port);

	life->snapshot_seq = life->recovered.snapshot_seq;
	if (err != DISP_OK && err != DISP_E_AGAIN) {
		check_refused_start(node, (int)err);
		return false;
	}
	check_log_anew(node, true);
	check_recovered(node);
	return true;
}

static enum disp_err take_event(void *context, struct event *event)
{
	struct life *life = context;

	return shell_take(&life->shell, event, clock_now_ms(&life->clock), NULL);
}

bool life_note_start(struct life *life)
{
	struct event event = {.kind = EVENT_CLOCK};

	event.by = TEXT("simulated");
	event.u.clock = (struct event_clock){clock_wall_ms(), life->clock.rate_milli};
	if (take_event(life, &event) != DISP_OK)
		return false;
	return query_town(life->core)->plan_count != 0 || town_register(take_event, life) == DISP_OK;
}

static bool may_send(void *context)
{
	return lead_may(context);
}

static bool open_doors(struct node *node, struct life *life)
{
	struct ingest_config config = {.epoch = life->shell.epoch};

	if (node_count > 1) {
		config.may_send = may_send;
		config.may_send_context = &life->lead;
	}
	char error[INGEST_ERROR_SIZE];

	life->ground = town_ground;
	if (ingest_open(&life->ingest, &config, life->core, &life->ground, error) != DISP_OK)
		return false;
	life->shell.door[0] = ports_ingest(life->ingest);
	life->shell.door[1] = officer_door(node);
	life->shell.door_count = 2;
	return true;
}

bool life_start(struct node *node)
{
	struct store_port port;
	struct life *life = calloc(1, sizeof *life);

	if (life == NULL)
		return false;
	node->life = life;
	check_log_anew(node, false);
	life->roads = node->starts % 4;
	if (!open_store(node, life) || !recover(node, life))
		return false;
	clock_start(&life->clock, clock_wall_ms(), clock_wall_ms(), 1000, query_town(life->core)->at_ms);
	life->wall_off_ms = clock_wall_ms() - clock_boot_ms();
	port = ports_store(life->store);
	if (shell_init(&life->shell, life->core, &port, recover_next_epoch(life->core)) != DISP_OK)
		return false;
	if (node_count > 1) {
		if (!open_doors(node, life) || !life_pair_open(node))
			return false;
	} else {
		check_new_epoch(node, life->shell.epoch);
		if (!life_note_start(life) || !open_doors(node, life))
			return false;
	}
	shell_flush(&life->shell, clock_boot_ms());
	life->more = true;
	return true;
}

/* --- the turn ------------------------------------------------------------------------------------------ */

static void watch_wall(struct life *life, int64_t real_ms, int64_t at_ms)
{
	int64_t off_ms = clock_wall_ms() - real_ms, step_ms = off_ms - life->wall_off_ms;
	struct event event = {.kind = EVENT_CLOCK};

	if (step_ms > -WALL_STEP_MS && step_ms < WALL_STEP_MS)
		return;
	event.u.clock = (struct event_clock){clock_wall_ms(), life->clock.rate_milli};
	if (shell_take(&life->shell, &event, at_ms, NULL) == DISP_OK)
		life->wall_off_ms = off_ms;
}

static void snapshot_now_and_then(struct life *life)
{
	struct core_section section[CORE_SECTIONS_MAX];
	struct store_section out[CORE_SECTIONS_MAX];
	uint64_t seq = query_town(life->core)->seq;
	struct store_state state;

	if (seq < life->snapshot_seq + SNAPSHOT_ROWS)
		return;
	store_get_state(life->store, &state);
	if (state.snapshot_running || state.log_seq < seq)
		return;
	uint32_t count = core_save(life->core, section);

	for (uint32_t index = 0; index < count; index++)
		out[index] =
			(struct store_section){section[index].id, section[index].ptr, section[index].bytes};
	if (store_snapshot_write(life->store, seq, out, count) == DISP_OK)
		life->snapshot_seq = seq;
}

bool life_turn(struct node *node)
{
	struct life *life = node->life;
	int64_t real_ms = clock_boot_ms(), at_ms = clock_now_ms(&life->clock);

	store_work(life->store, real_ms);
	if (node_count > 1 && !lead_turn(&life->lead, real_ms))
		return false;
	ingest_tick(life->ingest, real_ms);
	life->more = shell_turn(&life->shell, real_ms, at_ms);
	store_work(life->store, clock_boot_ms());
	snapshot_now_and_then(life);
	watch_wall(life, real_ms, at_ms);
	if (real_ms - life->checked_ms >= AUDIT_EVERY_MS) {
		life->checked_ms = real_ms;
		ASSERT(core_audit(life->core, &life->audit_cursor, AUDIT_RECORDS));
	}
	return true;
}

int64_t life_due_ms(const struct node *node)
{
	struct life *life = node->life;
	int64_t now_ms = sim.now_ms, due_ms = store_due_ms(life->store),
		disk_ms = disk_busy_until(node->disk);
	bool holds = node_count > 1 && life->shell.hold == HOLD_ALL;
	int64_t core_due = life->shell.blocked || holds ? INT64_MAX : core_due_ms(life->core);
	int64_t core_wait = clock_wait_ms(&life->clock, core_due);

	if (life->more || (!life->shell.blocked && ingest_ready(life->ingest)))
		return now_ms;
	if (node_count > 1 && lead_due_ms(&life->lead) < due_ms)
		due_ms = lead_due_ms(&life->lead);
	due_ms = disk_ms < due_ms ? disk_ms : due_ms;
	due_ms = due_ms < now_ms + WAIT_MAX_MS ? due_ms : now_ms + WAIT_MAX_MS;
	return core_wait < WAIT_MAX_MS && now_ms + core_wait < due_ms ? now_ms + core_wait : due_ms;
}

/* --- for others ------------------------------------------------------------------------------------------ */

const struct core *node_core(const struct node *node)
{
	return node->state == NODE_UP ? node->life->core : NULL;
}

struct shell *node_shell(const struct node *node)
{
	return node->state == NODE_UP ? &node->life->shell : NULL;
}

int64_t node_event_ms(const struct node *node)
{
	return clock_now_ms(&node->life->clock);
}

bool node_is_quiet(const struct node *node)
{
	struct store_state state;

	if (node->state != NODE_UP)
		return false;
	store_get_state(node->life->store, &state);
	const struct outbox *outbox = &node->life->shell.outbox;

	if (node_count > 1 && !lead_may(&node->life->lead))
		return state.connected && state.log_seq == state.appended_seq && !node->life->lead.begun;
	return outbox->head == outbox->tail && state.mode == STORE_NORMAL && !state.conflict &&
	       state.log_seq == state.appended_seq && state.journal_seq == state.log_seq &&
	       state.projected_seq == state.log_seq;
}
