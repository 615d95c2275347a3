/* test_core_random: random nights; after every row the books balance, and two other cores, one fed with stored rows,
 * one loaded from an image, stand where the first stands. */
#include "core_random_books.h"
#include "core_random_event.h"
#include "core_random_rules.h"

#include <stdio.h>

#include "wire/row.h"

enum { CASES = 100, LENGTH = 1000, ROW_BYTES_MAX = 1 << 20, IMAGE_BYTES_MAX = 8 << 20 };

static uint8_t row_bytes[ROW_BYTES_MAX], other_bytes[ROW_BYTES_MAX];
static uint8_t image[IMAGE_BYTES_MAX];
static struct effect read_item[EFFECTS_MAX], other_item[EFFECTS_MAX];

/* --- rows and images ------------------------------------------------------------------------------ */

/* What was stored, read and applied elsewhere, leads to the same state. */
static void replay(struct trial *trial, size_t size)
{
	struct row_scratch scratch;
	struct event event;
	struct effects effects = {0, read_item};

	memset(read_item, 0x3c, sizeof read_item);
	assert_int_equal(row_decode(row_bytes, size, &event, &effects, &scratch), DISP_OK);
	assert_int_equal(core_apply(trial->replay, &event, &effects), DISP_OK);
	assert_int_equal(core_digest(trial->replay), core_digest(trial->world.core));
	assert_int_equal(core_apply(trial->loaded, &event, &effects), DISP_OK);
	assert_int_equal(core_digest(trial->loaded), core_digest(trial->world.core));
}

/* The loaded core decides the same, in memory that holds other rubbish. */
static void decide_again(struct trial *trial, const struct event *event, size_t size)
{
	struct effects effects = {0, other_item};

	memset(other_item, 0x5a, sizeof other_item);
	enum disp_err err = core_decide(trial->loaded, event, &effects);

	assert_true(err == DISP_OK || err == DISP_E_FULL);
	assert_int_equal(row_encode(event, &effects, other_bytes, sizeof other_bytes), size);
	assert_memory_equal(other_bytes, row_bytes, size);
}

static void load(struct trial *trial)
{
	struct core_section section[CORE_SECTIONS_MAX];
	uint32_t count = core_save(trial->world.core, section);
	uint64_t used = 0;

	for (uint32_t index = 0; index < count; index++) { /* through memory of our own, as a file would be */
		assert_true(used + section[index].bytes <= sizeof image);
		memcpy(image + used, section[index].ptr, section[index].bytes);
		section[index].ptr = image + used;
		used += (section[index].bytes + 63) / 64 * 64;
	}
	free(trial->loaded_memory);
	trial->loaded = world_core(&trial->limits, &trial->loaded_memory);
	assert_int_equal(core_load(trial->loaded, section, count), DISP_OK);
	assert_int_equal(core_digest(trial->loaded), core_digest(trial->world.core));
	assert_true(core_due_ms(trial->loaded) == core_due_ms(trial->world.core));
}

/* --- a night ------------------------------------------------------------------------------------ */

static void one_row(struct trial *trial, struct event *event)
{
	struct world *world = &trial->world;
	uint64_t full = trial->rows % 64 == 0 ? core_digest_full(world->core) : 0;

	world_decide(world, event);
	assert_true(world->row.count <= EFFECTS_MAX);
	assert_true(trial->rows % 64 != 0 || core_digest_full(world->core) == full);
	size_t size = row_encode(event, &world->row, row_bytes, sizeof row_bytes);

	assert_true(size > 0);
	decide_again(trial, event, size);
	assert_true(event->kind != EVENT_TICK || world_changes(&world->row));
	if (!world_changes(&world->row))
		return;
	assert_int_equal(core_apply(world->core, event, &world->row), DISP_OK);
	world->seq++;
	trial->rows++;
	replay(trial, size);
}

static void drain(struct trial *trial)
{
	for (uint32_t count = 0; core_due_ms(trial->world.core) <= trial->world.now_ms; count++) {
		struct event tick = {.kind = EVENT_TICK};

		trial->drained = false;
		assert_true(count < WORLD_TICKS_MAX);
		one_row(trial, &tick);
		check_books(trial);
	}
	trial->drained = true;
	check_books(trial);
}

static void step(struct trial *trial)
{
	struct world *world = &trial->world;
	struct event event = random_event(world);

	trial->drained = false;
	one_row(trial, &event);
	check_books(trial);
	if (!one_in(8)) /* else the next event comes before the core had its turn */
		drain(trial);
	if (one_in(4))
		world->now_ms += random_ms(one_in(30) ? 30 * HOUR_MS : 2 * MINUTE_MS);
	if (one_in(250))
		load(trial);
}

static void put(struct trial *trial, struct event event)
{
	one_row(trial, &event);
}

static void open_trial(struct trial *trial)
{
	static const char *const units[] = {"u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8"};

	memset(trial, 0, sizeof *trial);
	keepers_silent = one_in(3);
	trial->limits = world_limits();
	trial->limits.max[TABLE_INCIDENT] = 8 + below(24);
	for (uint32_t table = TABLE_NEED; table <= TABLE_TASK; table++)
		trial->limits.max[table] = EFFECTS_MAX + 50 + below(400);
	trial->limits.max[TABLE_IDENTITY] = 16 + below(40);
	trial->limits.max[TABLE_PLAYBOOK] = 6;
	trial->limits.max[TABLE_GRID] = trial->limits.max[TABLE_PERSON] = trial->limits.max[TABLE_UNIT] = 16;
	trial->limits.texts = 4400;
	trial->limits.text_bytes = 70000;
	world_open(&trial->world, &trial->limits);
	trial->replay = world_core(&trial->limits, &trial->replay_memory);
	trial->loaded = world_core(&trial->limits, &trial->loaded_memory);
	put(trial, (struct event){.kind = EVENT_TOWN, .u.town = {.code = t("T"), .offset_min = 480}});
	for (uint32_t index = 1; index < 6; index++)
		put(trial, (struct event){.kind = EVENT_PERSON,
				   .u.person = {.id = t(persons[index]), .roles = 1u << below(10)}});
	for (uint32_t index = 0; index < 4; index++)
		put(trial, (struct event){.kind = EVENT_GRID,
				   .u.grid = {.code = t(grids[index]),
					   .parent = t(index == 0 ? "" : grids[index > 2 ? 1 : index - 1]),
					   .head = PICK(persons),
					   .level = (uint8_t)(index > 2 ? 3 : index + 1)}});
	for (uint32_t index = 0; index < 3; index++) {
		put(trial, (struct event){.kind = EVENT_DEPOT,
				   .u.depot = {.id = t(depot_ids[index]),
					   .keeper = t("leader"),
					   .place = random_place()}});
		put(trial,
			(struct event){.kind = EVENT_STOCK,
				.u.stock = {.depot = t(depot_ids[index]), .item = t("ring"), .quantity = 9}});
	}
	for (uint32_t index = 0; index < 8; index++)
		put(trial, (struct event){.kind = EVENT_UNIT,
				   .u.unit = {.id = t(units[index]),
					   .skills = PICK(skill_sets),
					   .leader = PICK(persons),
					   .home = random_place(),
					   .speed_mm_s = 10000}});
	for (uint32_t index = 0; index < 5; index++) {
		static const char *const kinds[] = {"camera", "camera", "pump", "loudspeaker", "pump"};

		put(trial, (struct event){.kind = EVENT_DEVICE,
				   .u.device = {.id = t(device_ids[index]),
					   .kind = t(kinds[index]),
					   .grid = PICK(grids),
					   .actions = t("say start"),
					   .place = random_place()}});
		put(trial, (struct event){.kind = EVENT_LINK,
				   .u.link = {t(device_ids[index]), TARGET_DEVICE, true, 0}});
	}
	for (uint32_t index = 0; index < 20; index++)
		put(trial, random_registry());
}

static void close_trial(struct trial *trial)
{
	world_close(&trial->world);
	free(trial->replay_memory);
	free(trial->loaded_memory);
}

static void nights_balance(void **state)
{
	uint64_t cases = number_from("DISPATCH_CASES", CASES), seed = number_from("DISPATCH_SEED", 1);
	uint64_t rows = 0;
	static struct trial trial;

	(void)state;
	world_identity_keep_ms = 10 * MINUTE_MS;
	world_rules = random_rules;
	for (uint64_t number = 0; number < cases; number++) {
		random_state = seed + number;
		if (getenv("DISPATCH_VERBOSE") != NULL)
			printf("seed %llu\n", (unsigned long long)random_state);
		open_trial(&trial);
		for (uint32_t index = 0; index < LENGTH; index++)
			step(&trial);
		rows += trial.rows;
		close_trial(&trial);
	}
	printf("%llu nights of %d events from seed %llu, %llu rows\n", (unsigned long long)cases, LENGTH,
		(unsigned long long)seed, (unsigned long long)rows);
}

/* Records are hashed and stored eight bytes at a time. */
static void records_are_whole_words(void **state)
{
	(void)state;
	struct core_limits limits = world_limits();
	void *memory;
	struct core *core = world_core(&limits, &memory);

	for (uint32_t table = 0; table < TABLE_COUNT; table++)
		assert_int_equal(core->table[table].bytes % 8, 0);
	free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_whole_words),
		cmocka_unit_test(nights_balance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
