/* test_register: a pack and plans as events: once, twice, and with things gone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <unistd.h>

#include "../property/town_core.h"

static const char pack[] = "ops/towns/yulong";
static const int64_t start_ms = INT64_C(1782878400000);

/* Counts what is sent; says no from the event `refuse_at` on, where that is not 0. */
struct taker {
	struct town_core *world;
	uint32_t sent, refuse_at, last_kind;
};

static enum disp_err take(void *context, struct event *event)
{
	struct taker *taker = context;

	taker->sent++;
	taker->last_kind = event->kind;
	if (taker->refuse_at != 0 && taker->sent >= taker->refuse_at)
		return DISP_E_AGAIN;
	return town_core_take(taker->world, event, start_ms);
}

static enum disp_err send_town(
	struct town_core *world, const struct town *town, struct taker *taker, const char **what)
{
	uint8_t hash[PLAYBOOK_HASH_BYTES] = {1};

	*taker = (struct taker){.world = world, .refuse_at = taker->refuse_at};
	return register_town(world->core, town, hash, take, taker, what);
}

static int world_make(void **state)
{
	struct town_core *world = calloc(1, sizeof *world);

	*state = world;
	return world != NULL && town_core_open(world, "playbooks", pack) &&
			       town_core_fill(world, start_ms) == DISP_OK
		       ? 0
		       : -1;
}

static int world_end(void **state)
{
	town_core_close(*state);
	free(*state);
	return 0;
}

/* --- all records that a registration makes, to be compared later ------------------------------------ */

static const struct {
	enum table table;
	size_t bytes;
} registered[] = {{TABLE_GRID, sizeof(struct grid)}, {TABLE_PERSON, sizeof(struct person)},
	{TABLE_UNIT, sizeof(struct unit)}, {TABLE_DEPOT, sizeof(struct depot)},
	{TABLE_STOCK, sizeof(struct stock)}, {TABLE_DEVICE, sizeof(struct device)},
	{TABLE_DUTY, sizeof(struct duty)}, {TABLE_PLAYBOOK, sizeof(struct playbook)}};

struct copy {
	uint8_t *bytes;
	size_t size;
};

static struct copy copy_records(const struct core *core)
{
	struct copy copy = {0};

	for (uint32_t index = 0; index < sizeof registered / sizeof registered[0]; index++)
		copy.size += registered[index].bytes * query_used(core, registered[index].table);
	copy.bytes = calloc(1, copy.size);
	assert_non_null(copy.bytes);
	uint8_t *at = copy.bytes;

	for (uint32_t index = 0; index < sizeof registered / sizeof registered[0]; index++)
		for (uint32_t slot = 1; slot <= query_used(core, registered[index].table); slot++) {
			memcpy(at, query_at(core, registered[index].table, slot), registered[index].bytes);
			at += registered[index].bytes;
		}
	return copy;
}

static void expect_unchanged(const struct core *core, struct copy before)
{
	struct copy now = copy_records(core);

	assert_int_equal(now.size, before.size);
	assert_memory_equal(now.bytes, before.bytes, now.size);
	free(now.bytes);
	free(before.bytes);
}

/* --- packs with lines gone -------------------------------------------------------------------------- */

/* The pack without the units of these ids (NULL: none). */
static struct town *town_without(struct town_core *world, const char *first, const char *second)
{
	char folder[] = "/tmp/register-XXXXXX", path[300], line[65536];
	struct reading_faults faults;
	struct town *town = NULL;

	assert_non_null(mkdtemp(folder));
	for (uint32_t file = 0; file < TOWN_FILE_COUNT; file++) {
		const char *name = town_file_name((enum town_file)file);

		snprintf(path, sizeof path, "%s/%s", pack, name);
		FILE *from = fopen(path, "r");

		snprintf(path, sizeof path, "%s/%s", folder, name);
		FILE *to = fopen(path, "w");

		assert_non_null(from);
		assert_non_null(to);
		while (fgets(line, sizeof line, from) != NULL) {
			size_t len = strcspn(line, ",");
			bool gone =
				file == TOWN_FILE_UNITS &&
				((first != NULL && len == strlen(first) && memcmp(line, first, len) == 0) ||
					(second != NULL && len == strlen(second) &&
						memcmp(line, second, len) == 0));

			if (!gone)
				fputs(line, to);
		}
		fclose(from);
		assert_int_equal(fclose(to), 0);
	}
	reading_faults_init(&faults);
	if (town_load(folder, world->geo, &town, &faults) != DISP_OK)
		reading_fault_print(stderr, &faults);
	reading_faults_free(&faults);
	for (uint32_t file = 0; file < TOWN_FILE_COUNT; file++) {
		snprintf(path, sizeof path, "%s/%s", folder, town_file_name((enum town_file)file));
		unlink(path);
	}
	rmdir(folder);
	assert_non_null(town);
	return town;
}

static const struct unit *unit_of(const struct town_core *world, const char *id)
{
	struct text text = {id, (uint32_t)strlen(id)};

	return query_at(world->core, TABLE_UNIT, query_find(world->core, TABLE_UNIT, text));
}

/* An alarm that sends somebody; the id of the first unit sent. */
static void raise_alarm(struct town_core *world, char *busy, size_t size)
{
	const struct town_device *device = &world->town->device[0];
	struct event event = {.kind = EVENT_ALARM};

	event.u.alarm = (struct event_alarm){.source = {device->id, (uint32_t)strlen(device->id)},
		.id = TEXT("a1"),
		.type = TEXT("alarm.fire.flame"),
		.identity = {1, 1},
		.state = ALARM_RAISED,
		.place = device->position.place,
		.time_ms = start_ms,
		.confidence_ppm = 1000000};
	assert_int_equal(town_core_take(world, &event, start_ms), DISP_OK);
	for (uint32_t slot = 1; slot <= query_used(world->core, TABLE_ORDER); slot++) {
		const struct order *order = query_at(world->core, TABLE_ORDER, slot);

		if (order->target != TARGET_UNIT)
			continue;
		struct text id = query_id(world->core, TABLE_UNIT, order->who);

		snprintf(busy, size, "%.*s", (int)id.len, id.ptr);
		return;
	}
	fail_msg("nobody was sent");
}

/* --- the tests -------------------------------------------------------------------------------------- */

static void all_rows_arrive(void **state)
{
	struct town_core *world = *state;
	const struct town *town = world->town;

	assert_int_equal(query_used(world->core, TABLE_GRID), town->grid_count);
	assert_int_equal(query_used(world->core, TABLE_PERSON), town->person_count);
	assert_int_equal(query_used(world->core, TABLE_UNIT), town->unit_count);
	assert_int_equal(query_used(world->core, TABLE_DEPOT), town->depot_count);
	assert_int_equal(query_used(world->core, TABLE_STOCK), town->stock_count);
	assert_int_equal(query_used(world->core, TABLE_DEVICE), town->device_count);
	assert_int_equal(query_used(world->core, TABLE_DUTY), town->responsibility_count);
	assert_int_equal(query_used(world->core, TABLE_PLAYBOOK), world->set->count);
	assert_int_equal(query_town(world->core)->pack_hash[0], 1);
	assert_int_equal(query_town(world->core)->calendar.weekdays, town->calendar.weekdays);
	assert_int_equal(query_town(world->core)->calendar.day_count, 25);
	assert_memory_equal(query_town(world->core)->plan_hash, world->set->hash, PLAYBOOK_HASH_BYTES);
	for (uint32_t index = 0; index < town->grid_count;
		index++) { /* heads are in, though persons come after grids */
		const char *code = town->grid[index].code;
		struct text text = {code, (uint32_t)strlen(code)};
		const struct grid *grid =
			query_at(world->core, TABLE_GRID, query_find(world->core, TABLE_GRID, text));

		assert_non_null(grid);
		assert_true((grid->head != 0) == (town->grid[index].head != TOWN_NONE));
		assert_true((grid->parent != 0) == (town->grid[index].parent != TOWN_NONE));
	}
}

static void crews_are_known_by_name(void **state)
{
	struct town_core *world = *state;
	const struct town *town = world->town;
	uint32_t named = 0;

	for (uint32_t index = 0; index < town->unit_count; index++) {
		const struct town_unit *unit = &town->unit[index];
		struct text crew = query_text(world->core, unit_of(world, unit->id)->crew);

		for (uint32_t at = 0; at < unit->member_named; at++, named++) {
			const char *id = town->person[unit->member[at]].id;

			assert_true(crew.len >= strlen(id));
			assert_memory_equal(crew.ptr, id, strlen(id));
			crew.ptr += strlen(id) + (at + 1 < unit->member_named);
			crew.len -= (uint32_t)strlen(id) + (at + 1 < unit->member_named);
		}
		assert_int_equal(crew.len, 0);
	}
	assert_true(named > town->unit_count); /* the pack names more than the leaders */
}

static void twice_changes_nothing(void **state)
{
	struct town_core *world = *state;
	struct taker taker = {0};
	struct copy before = copy_records(world->core);
	const char *what = NULL;

	assert_int_equal(send_town(world, world->town, &taker, &what), DISP_OK);
	assert_int_equal(taker.last_kind, EVENT_TOWN); /* the last row says that all is in */
	uint64_t seq = query_town(world->core)->seq;

	assert_int_equal(register_plan(world->core, world->set, take, &taker), DISP_OK);
	assert_int_equal(
		query_town(world->core)->seq, seq); /* plans that are in force are not even written again */
	expect_unchanged(world->core, before);
}

/* A pack says what there is, not what has become of it since. */
static void what_happened_since_stays(void **state)
{
	struct town_core *world = *state;
	struct taker taker = {0};
	struct event moved = {.kind = EVENT_UNIT_SET, .by = TEXT("officer"), .channel = TEXT("console")};
	struct event issued = {.kind = EVENT_STOCK_MOVE, .by = TEXT("officer"), .channel = TEXT("console")};
	const struct town_stock *line = &world->town->stock[0];
	const char *depot = world->town->depot[line->depot].id, *unit = world->town->unit[0].id, *what = NULL;

	moved.u.unit_set = (struct event_unit_set){.unit = {unit, (uint32_t)strlen(unit)},
		.state = UNIT_OUT_OF_SERVICE,
		.has_place = true,
		.place = world->town->unit[1].home.place};
	issued.u.stock_move = (struct event_stock_move){.depot = {depot, (uint32_t)strlen(depot)},
		.item = {line->item, (uint32_t)strlen(line->item)},
		.act = STOCK_ISSUE,
		.quantity = 1};
	assert_int_equal(town_core_take(world, &moved, start_ms), DISP_OK);
	assert_int_equal(town_core_take(world, &issued, start_ms), DISP_OK);
	assert_int_equal(unit_of(world, unit)->state, UNIT_OUT_OF_SERVICE);
	const struct stock *stock = query_at(world->core, TABLE_STOCK, 1);

	assert_int_equal(stock->on_hand, line->quantity - 1);
	struct copy before = copy_records(world->core);

	assert_int_equal(send_town(world, world->town, &taker, &what), DISP_OK);
	expect_unchanged(world->core, before);
}

static void the_gone_are_retired_but_for_the_busy(void **state)
{
	struct town_core *world = *state;
	struct taker taker = {0};
	const char *what = NULL, *idle = NULL;
	char busy[64];

	raise_alarm(world, busy, sizeof busy);
	for (uint32_t index = world->town->unit_count; index > 0 && idle == NULL; index--)
		if (unit_of(world, world->town->unit[index - 1].id)->orders == 0)
			idle = world->town->unit[index - 1].id;
	assert_non_null(idle);
	assert_int_equal(unit_of(world, busy)->orders, 1);
	struct town *fewer = town_without(world, idle, busy);

	assert_int_equal(fewer->unit_count, world->town->unit_count - 2);
	assert_int_equal(send_town(world, fewer, &taker, &what), DISP_OK);
	assert_true(unit_of(world, idle)->retired);
	assert_false(unit_of(world, busy)->retired); /* it is on its way */
	assert_int_equal(unit_of(world, busy)->orders, 1);

	/* With its order gone it goes at the next load. */
	struct event declined = {.kind = EVENT_ANSWER};

	for (uint32_t slot = 1; slot <= query_used(world->core, TABLE_ORDER); slot++) {
		const struct order *order = query_at(world->core, TABLE_ORDER, slot);

		if (order->target == TARGET_UNIT && order->who == unit_of(world, busy)->r.number)
			declined.u.answer.order = order->r.number;
	}
	declined.u.answer.answer = ANSWER_DECLINE;
	declined.u.answer.who = (struct text){busy, (uint32_t)strlen(busy)};
	assert_int_equal(town_core_take(world, &declined, start_ms + 1000), DISP_OK);
	assert_int_equal(unit_of(world, busy)->orders, 0);
	assert_int_equal(send_town(world, fewer, &taker, &what), DISP_OK);
	assert_true(unit_of(world, busy)->retired);
	struct copy before = copy_records(world->core);

	assert_int_equal(send_town(world, fewer, &taker, &what), DISP_OK); /* retired once, not again */
	expect_unchanged(world->core, before);

	assert_int_equal(
		send_town(world, world->town, &taker, &what), DISP_OK); /* and back with the whole pack */
	assert_false(unit_of(world, idle)->retired);
	assert_false(unit_of(world, busy)->retired);
	town_free(fewer);
}

static void plans_that_are_gone_or_new(void **state)
{
	struct town_core *world = *state;
	struct taker taker = {.world = world};
	struct playbook_set fewer = *world->set;
	struct playbook_def changed = *world->set->def[1], *list[PLAYBOOK_COUNT_MAX];
	uint32_t gone = query_find(world->core, TABLE_PLAYBOOK, world->set->def[0]->id);
	uint32_t old = query_find(world->core, TABLE_PLAYBOOK, changed.id);

	memcpy(list, world->set->def + 1, (world->set->count - 1) * sizeof list[0]);
	list[0] = &changed;
	changed.hash[0] ^= 1;
	changed.priority = changed.priority == 1 ? 2 : 1;
	fewer.def = list;
	fewer.count = world->set->count - 1;
	fewer.hash[0] ^= 1;
	assert_int_equal(register_plan(world->core, &fewer, take, &taker), DISP_OK);
	assert_int_equal(taker.last_kind, EVENT_PLAN);
	uint32_t now = query_find(world->core, TABLE_PLAYBOOK, changed.id);

	assert_false(((const struct playbook *)query_at(world->core, TABLE_PLAYBOOK, gone))->active);
	assert_int_not_equal(now, old); /* a version is never changed */
	assert_false(((const struct playbook *)query_at(world->core, TABLE_PLAYBOOK, old))->active);
	assert_true(((const struct playbook *)query_at(world->core, TABLE_PLAYBOOK, now))->active);
	assert_int_equal(((const struct playbook *)query_at(world->core, TABLE_PLAYBOOK, now))->priority,
		changed.priority);
	uint64_t seq = query_town(world->core)->seq;

	assert_int_equal(register_plan(world->core, &fewer, take, &taker), DISP_OK);
	assert_int_equal(query_town(world->core)->seq, seq);
}

static void stops_where_it_is_told_to(void **state)
{
	struct town_core *world = *state;
	struct taker taker = {.refuse_at = 10};
	const char *what = NULL;

	assert_int_equal(send_town(world, world->town, &taker, &what), DISP_E_AGAIN);
	assert_int_equal(taker.sent, 10);
}

static void too_large_a_town_sends_nothing(void **state)
{
	struct town_core *world = *state;
	struct town_core small = *world;
	struct taker taker = {0};
	const char *what = NULL;

	small.limits.max[TABLE_UNIT] = world->town->unit_count - 1;
	small.core = town_core_new(&small, &small.memory);
	assert_non_null(small.core);
	assert_int_equal(send_town(&small, world->town, &taker, &what), DISP_E_FULL);
	assert_string_equal(what, "units");
	assert_int_equal(taker.sent, 0);
	free(small.memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_rows_arrive, world_make, world_end),
		cmocka_unit_test_setup_teardown(crews_are_known_by_name, world_make, world_end),
		cmocka_unit_test_setup_teardown(twice_changes_nothing, world_make, world_end),
		cmocka_unit_test_setup_teardown(what_happened_since_stays, world_make, world_end),
		cmocka_unit_test_setup_teardown(the_gone_are_retired_but_for_the_busy, world_make, world_end),
		cmocka_unit_test_setup_teardown(plans_that_are_gone_or_new, world_make, world_end),
		cmocka_unit_test_setup_teardown(stops_where_it_is_told_to, world_make, world_end),
		cmocka_unit_test_setup_teardown(too_large_a_town_sends_nothing, world_make, world_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
