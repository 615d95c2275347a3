/* core_world: a small town round a core, driven as the shell drives it; for the tests of the core alone. */
#ifndef TESTS_UNIT_CORE_WORLD_H
#define TESTS_UNIT_CORE_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/query.h"
#include "core_world_plan.h"

/* 2026-07-01 08:00 in the town, whose clock is 8 h ahead of UTC. Speeds are 10 m/s: 100 m take 10 s. */
#define WORLD_START_MS INT64_C(1782864000000)
enum { WORLD_SEEN_MAX = 20000, WORLD_TICKS_MAX = 5000, WORLD_SPEED_MM_S = 10000 };

struct world {
	struct core *core;
	void *memory;
	struct effect item[EFFECTS_MAX];
	struct effects row;  /* of the last decision */
	struct effect *seen; /* all effects since the last event, its own and the ticks' */
	uint32_t seen_count, ticks;
	uint64_t seq;
	int64_t now_ms;
	uint64_t alarm_serial;
};

/* A flat town: metres east and north of its middle. */
static inline struct place place_at(int64_t east_m, int64_t north_m)
{
	return (struct place){.lat_e7 = 347800000 + (int32_t)north_m * 90,
		.lon_e7 = 1134300000 + (int32_t)east_m * 110,
		.ecef_mm = {east_m * 1000, north_m * 1000, 0}};
}

/* Streets run along the axes; below the river (100 km and more south) there is no way. */
static inline void world_leg(const void *context, const struct place *from, const struct place *to,
	int32_t speed_mm_s, int64_t *range_mm, int64_t *time_ms)
{
	(void)context;
	int64_t east = from->ecef_mm[0] - to->ecef_mm[0], north = from->ecef_mm[1] - to->ecef_mm[1];

	*range_mm = (east < 0 ? -east : east) + (north < 0 ? -north : north);
	*time_ms = *range_mm * 1000 / (speed_mm_s > 0 ? speed_mm_s : 1);
	if (from->ecef_mm[1] < -100000000 || to->ecef_mm[1] < -100000000)
		*time_ms = -1;
}

static inline struct core_limits world_limits(void)
{
	struct core_limits limits;

	core_limits_default(&limits);
	limits.max[TABLE_GRID] = limits.max[TABLE_PERSON] = limits.max[TABLE_UNIT] = 1024;
	limits.max[TABLE_STOCK] = limits.max[TABLE_DEVICE] = 64;
	limits.max[TABLE_PLAYBOOK] = 24;
	limits.max[TABLE_INCIDENT] = 64;
	limits.max[TABLE_NEED] = limits.max[TABLE_ORDER] = limits.max[TABLE_SUPPLY] = 2048;
	limits.max[TABLE_NOTICE] = limits.max[TABLE_TASK] = 4096;
	limits.max[TABLE_SILENCE] = 8;
	limits.max[TABLE_IDENTITY] = 4096;
	limits.max[TABLE_KEY] = 16;
	limits.texts = 16384;
	limits.text_bytes = 1u << 20;
	return limits;
}

/* How long identities are kept: 0 as usual. */
static int64_t world_identity_keep_ms;
/* Rules that a test wants otherwise; NULL: as usual. */
static void (*world_rules)(struct core_rules *rules);

static inline struct core *world_core(const struct core_limits *limits, void **memory)
{
	struct core_rules rules;
	struct travel travel = {NULL, world_leg};
	struct core *core = NULL;
	uint64_t bytes = (core_size(limits) + 63) / 64 * 64;

	*memory = aligned_alloc(64, bytes);
	assert_non_null(*memory);
	memset(*memory, 0, bytes);
	core_rules_default(&rules);
	if (world_identity_keep_ms > 0)
		rules.identity_keep_ms = world_identity_keep_ms;
	if (world_rules != NULL)
		world_rules(&rules);
	assert_int_equal(core_init(*memory, limits, &rules, &travel, &core), DISP_OK);
	return core;
}

static inline void world_open(struct world *world, const struct core_limits *limits)
{
	memset(world, 0, sizeof *world);
	world->core = world_core(limits, &world->memory);
	world->row.item = world->item;
	world->seen = calloc(WORLD_SEEN_MAX, sizeof *world->seen);
	assert_non_null(world->seen);
	world->now_ms = WORLD_START_MS;
}

static inline void world_close(struct world *world)
{
	free(world->memory);
	free(world->seen);
}

/* What changes nothing is answered and not recorded: the shell's rule. */
static inline bool world_changes(const struct effects *row)
{
	if (row->count == 0)
		return false;
	if (row->item[0].kind == EFFECT_ALARM)
		return row->item[0].u.alarm.result == ALARM_ACCEPTED ||
		       row->item[0].u.alarm.result == ALARM_SUPPRESSED;
	return row->item[0].kind != EFFECT_RESULT || row->item[0].u.result.outcome == OUTCOME_OK;
}

/* Stamps the event and decides, in memory that holds rubbish; deciding changes nothing. */
static inline void world_decide(struct world *world, struct event *event)
{
	uint64_t before = core_digest(world->core);

	event->seq = world->seq + 1;
	event->epoch = event->epoch > 0 ? event->epoch : 1;
	event->at_ms = world->now_ms;
	memset(world->item, 0xa5, sizeof world->item);
	enum disp_err err = core_decide(world->core, event, &world->row);

	assert_true(err == DISP_OK || err == DISP_E_FULL);
	assert_int_equal(core_digest(world->core), before);
}

/* One event through decide and apply; no ticks. */
static inline void world_run(struct world *world, struct event *event)
{
	world_decide(world, event);
	if (!world_changes(&world->row))
		return;
	assert_int_equal(core_apply(world->core, event, &world->row), DISP_OK);
	world->seq++;
}

static inline void world_note(struct world *world)
{
	for (uint32_t index = 0; index < world->row.count && world->seen_count < WORLD_SEEN_MAX; index++)
		world->seen[world->seen_count++] = world->row.item[index];
}

/* All that the core owes by now; each tick must get somewhere. */
static inline void world_tick(struct world *world)
{
	for (uint32_t count = 0; core_due_ms(world->core) <= world->now_ms; count++) {
		struct event tick = {.kind = EVENT_TICK};
		uint64_t before = world->seq;

		assert_true(count < WORLD_TICKS_MAX);
		world_run(world, &tick);
		assert_int_equal(world->seq, before + 1);
		world_note(world);
		world->ticks++;
	}
}

/* An event and the ticks that it causes. Returns the event's own outcome (alarms: the result). */
static inline uint32_t world_put(struct world *world, struct event event)
{
	world->seen_count = world->ticks = 0;
	world_run(world, &event);
	uint32_t outcome = world->row.count == 0                  ? UINT32_MAX
			   : world->item[0].kind == EFFECT_RESULT ? world->item[0].u.result.outcome
			   : world->item[0].kind == EFFECT_ALARM  ? world->item[0].u.alarm.result
								  : (uint32_t)OUTCOME_OK;

	world_note(world);
	world_tick(world);
	assert_int_equal(core_digest(world->core), core_digest_full(world->core));
	return outcome;
}

/* Lets time pass, from one due time to the next. */
static inline void world_wait(struct world *world, int64_t ms)
{
	int64_t until_ms = world->now_ms + ms;

	world->seen_count = world->ticks = 0;
	while (core_due_ms(world->core) <= until_ms) {
		if (core_due_ms(world->core) > world->now_ms)
			world->now_ms = core_due_ms(world->core);
		world_tick(world);
	}
	world->now_ms = until_ms;
	assert_int_equal(core_digest(world->core), core_digest_full(world->core));
}

/* --- what was seen ---------------------------------------------------------------------------- */

/* The effect of a kind, the index-th since the last event; NULL: there were not so many. */
static inline const struct effect *world_seen(
	const struct world *world, enum effect_kind kind, uint32_t index)
{
	for (uint32_t at = 0; at < world->seen_count; at++)
		if (world->seen[at].kind == kind && index-- == 0)
			return &world->seen[at];
	return NULL;
}

static inline uint32_t world_seen_count(const struct world *world, enum effect_kind kind)
{
	uint32_t count = 0;

	for (uint32_t at = 0; at < world->seen_count; at++)
		count += world->seen[at].kind == kind;
	return count;
}

static inline const struct incident *incident_of(const struct world *world, uint32_t number)
{
	return query_at(world->core, TABLE_INCIDENT, query_slot(world->core, TABLE_INCIDENT, number));
}
static inline const struct deadline *clock_of(
	const struct world *world, uint32_t number, enum deadline_kind kind)
{
	return &incident_of(world, number)->deadline[kind];
}
static inline const struct order *order_of(const struct world *world, uint32_t number)
{
	return query_at(world->core, TABLE_ORDER, query_slot(world->core, TABLE_ORDER, number));
}
static inline const struct unit *unit_of(const struct world *world, const char *id)
{
	return query_at(world->core, TABLE_UNIT, query_find(world->core, TABLE_UNIT, t(id)));
}
static inline const struct stock *stock_of(const struct world *world, const char *depot, const char *item)
{
	return query_at(world->core, TABLE_STOCK,
		query_find_stock(world->core, query_find(world->core, TABLE_DEPOT, t(depot)), t(item)));
}
static inline const struct device *device_of(const struct world *world, const char *id)
{
	return query_at(world->core, TABLE_DEVICE, query_find(world->core, TABLE_DEVICE, t(id)));
}

/* The latest order of somebody for an incident, live or not; NULL: never sent. */
static inline const struct order *world_order(
	const struct world *world, uint32_t incident, enum target target, const char *who)
{
	static const enum table table[] = {
		[TARGET_UNIT] = TABLE_UNIT, [TARGET_DEPOT] = TABLE_DEPOT, [TARGET_DEVICE] = TABLE_DEVICE};
	uint32_t number = query_find(world->core, table[target], t(who));
	const struct order *found = NULL;

	assert_true(number != 0);
	for (uint32_t slot = 1; slot <= query_used(world->core, TABLE_ORDER); slot++) {
		const struct order *order = query_at(world->core, TABLE_ORDER, slot);

		if (order != NULL && order->incident == incident && order->target == target &&
			order->who == number && (found == NULL || order->r.number > found->r.number))
			found = order;
	}
	return found;
}
static inline bool world_sent(const struct world *world, uint32_t incident, const char *unit)
{
	const struct order *order = world_order(world, incident, TARGET_UNIT, unit);

	return order != NULL && query_order_live(order->state);
}

/* --- things in the town ------------------------------------------------------------------------ */

/* Who leaves the town. */
static inline void world_leave(struct world *world, const char *person)
{
	world_put(world,
		(struct event){.kind = EVENT_RETIRE, .u.retire = {.id = t(person), .what = EVENT_PERSON}});
}
static inline void world_grid(
	struct world *world, const char *code, const char *parent, uint8_t level, const char *head)
{
	world_put(world, (struct event){.kind = EVENT_GRID,
				 .u.grid = {.code = t(code),
					 .name = t(code),
					 .parent = t(parent),
					 .head = t(head),
					 .level = level}});
}
static inline void world_person(struct world *world, const char *id, uint32_t roles, const char *grid)
{
	world_put(world, (struct event){.kind = EVENT_PERSON,
				 .u.person = {.id = t(id),
					 .name = t(id),
					 .phone = t("13800000000"),
					 .grid = t(grid),
					 .roles = roles}});
}
static inline void world_link(struct world *world, uint8_t target, const char *id, bool up)
{
	world_put(world,
		(struct event){.kind = EVENT_LINK, .u.link = {.id = t(id), .target = target, .up = up}});
}
static inline void world_unit(
	struct world *world, const char *id, const char *skills, int64_t east_m, int64_t north_m)
{
	world_put(world, (struct event){.kind = EVENT_UNIT,
				 .u.unit = {.id = t(id),
					 .name = t(id),
					 .skills = t(skills),
					 .leader = t("leader"),
					 .home = place_at(east_m, north_m),
					 .speed_mm_s = WORLD_SPEED_MM_S,
					 .members = 2,
					 .terminal = true}});
	world_link(world, TARGET_UNIT, id, true);
}
static inline void world_depot(
	struct world *world, const char *id, int64_t east_m, const char *item, int64_t quantity)
{
	world_put(world, (struct event){.kind = EVENT_DEPOT,
				 .u.depot = {.id = t(id),
					 .name = t(id),
					 .keeper = t("keeper"),
					 .place = place_at(east_m, 0)}});
	world_put(world, (struct event){.kind = EVENT_STOCK,
				 .u.stock = {.depot = t(id),
					 .item = t(item),
					 .name = t(item),
					 .unit = t("个"),
					 .quantity = quantity}});
	world_link(world, TARGET_DEPOT, id, true);
}
static inline void world_device(
	struct world *world, const char *id, const char *kind, const char *actions, int64_t east_m, bool link)
{
	world_put(world, (struct event){.kind = EVENT_DEVICE,
				 .u.device = {.id = t(id),
					 .kind = t(kind),
					 .name = t(id),
					 .grid = t("G1"),
					 .actions = t(actions),
					 .place = place_at(east_m, 0)}});
	if (link)
		world_link(world, TARGET_DEVICE, id, true);
}
static inline void world_playbook(struct world *world, struct playbook_def *def)
{
	def->hash[0]++;
	assert_int_equal(
		world_put(world, (struct event){.kind = EVENT_PLAYBOOK, .u.playbook = {def}}), OUTCOME_OK);
}

/*
 * Grids T > V > G1, G2; people of every role, each heading what the name says; three cameras at 0, 50 and 5,000 m east.
 * Units and plans are each test's own.
 */
static inline void world_settle(struct world *world)
{
	world_put(world, (struct event){.kind = EVENT_TOWN,
				 .u.town = {.code = t("T"), .name = t("镇"), .offset_min = 480}});
	world_person(world, "head-t", WHO_GRID_MEMBER, "");
	world_person(world, "head-v", WHO_GRID_MEMBER, "");
	world_person(world, "head-1", WHO_GRID_MEMBER, "");
	world_person(world, "officer", WHO_DUTY_OFFICER, "");
	world_person(world, "office", WHO_OFFICE, "");
	world_person(world, "committee", WHO_COMMITTEE, "");
	world_person(world, "keeper", WHO_KEEPER, "");
	world_person(world, "leader", WHO_LEADER, "");
	world_grid(world, "T", "", 1, "head-t");
	world_grid(world, "V", "T", 2, "head-v");
	world_grid(world, "G1", "V", 3, "head-1");
	world_grid(world, "G2", "V", 3, "");
	world_device(world, "cam-1", "camera", "", 0, false);
	world_device(world, "cam-2", "camera", "", 50, false);
	world_device(world, "cam-far", "camera", "", 5000, false);
}

static inline void world_begin(struct world *world)
{
	struct core_limits limits = world_limits();

	world_open(world, &limits);
	world_settle(world);
}

/* --- what happens ------------------------------------------------------------------------------ */

static inline struct event alarm_event(
	struct world *world, const char *source, const char *type, uint8_t state)
{
	struct event event = {.kind = EVENT_ALARM,
		.u.alarm = {.source = t(source),
			.type = t(type),
			.state = state,
			.time_ms = world->now_ms,
			.grid = t("G1"),
			.confidence_ppm = 900000}};

	event.u.alarm.identity[0] = ++world->alarm_serial * UINT64_C(0x9E3779B97F4A7C15);
	event.u.alarm.identity[1] = world->alarm_serial;
	return event;
}

/* Raises (or clears) and returns the incident. */
static inline uint32_t world_alarm(struct world *world, const char *source, const char *type, uint8_t state)
{
	assert_int_equal(world_put(world, alarm_event(world, source, type, state)), ALARM_ACCEPTED);
	return world->seen[0].u.alarm.incident;
}
static inline uint32_t world_raise(struct world *world, const char *source, const char *type)
{
	return world_alarm(world, source, type, ALARM_RAISED);
}

/* Something said by the one who holds the order. */
static inline uint32_t world_answer(struct world *world, uint32_t order, const char *who, uint8_t answer)
{
	return world_put(world, (struct event){.kind = EVENT_ANSWER,
					.u.answer = {.order = order, .answer = answer, .who = t(who)}});
}
/* The same, by the unit's name, for its latest order in the incident. */
static inline uint32_t world_say(struct world *world, uint32_t incident, const char *unit, uint8_t answer)
{
	const struct order *order = world_order(world, incident, TARGET_UNIT, unit);

	assert_non_null(order);
	return world_answer(world, order->r.number, unit, answer);
}
static inline uint32_t world_act_by(
	struct world *world, uint32_t incident, uint8_t act, uint8_t disposition, const char *by)
{
	return world_put(world, (struct event){.kind = EVENT_ACT,
					.by = t(by),
					.u.act = {.incident = incident,
						.act = act,
						.disposition = disposition,
						.reason = t("because")}});
}
static inline uint32_t world_act(struct world *world, uint32_t incident, uint8_t act)
{
	return world_act_by(world, incident, act, DISPOSITION_NONE, "officer");
}
static inline uint32_t world_merge(struct world *world, uint32_t incident, uint32_t into)
{
	return world_put(world, (struct event){.kind = EVENT_ACT,
					.by = t("officer"),
					.u.act = {.incident = incident, .act = ACT_MERGE, .other = into}});
}
static inline uint32_t world_close_case(struct world *world, uint32_t incident, uint8_t disposition)
{
	return world_act_by(world, incident, ACT_CLOSE, disposition, "officer");
}
/* The officer has seen what waits. */
static inline uint32_t world_see(struct world *world)
{
	return world_put(world, (struct event){.kind = EVENT_ACK, .by = t("officer")});
}
static inline uint32_t world_send(struct world *world, uint32_t incident, const char *unit, bool also)
{
	return world_put(world, (struct event){.kind = EVENT_SEND,
					.by = t("officer"),
					.u.send = {.incident = incident, .unit = t(unit), .also = also}});
}
static inline uint32_t world_status(struct world *world, const char *unit, uint8_t state)
{
	return world_put(
		world, (struct event){.kind = EVENT_STATUS, .u.status = {.unit = t(unit), .state = state}});
}

#endif
