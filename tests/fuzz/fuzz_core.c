/* fuzz_core: any sequence of events at a small town; after each row its books balance, the row is the same when read again,
 * and a core fed with stored rows stands where the first one stands. */
#include "fuzz_random.h"

#include "../property/core_random_event.h"
#include "../property/core_random_rules.h"
#include "fuzz_row.h"
#include "fuzz_town_core.h"
#include "fuzz_trial.h"
#include "wire/row_core.h"

enum { EVENTS_MAX = 150, AUDIT_EVERY = 4, AUDIT_RECORDS = 64, LOAD_EVERY = 40, JSON_EVERY = 8 };

static struct trial trial;
static struct world *const world = &trial.world;
static struct core_section town[CORE_SECTIONS_MAX]; /* the town as every input finds it */
static uint32_t town_sections;
static uint64_t town_seq;
static uint64_t cursor;

/* --- a row ---------------------------------------------------------------------------------------- */

static void replay(const struct event *event)
{
	static struct row_scratch scratch;
	static struct row_core names;
	struct row_names by_core = row_core_names(&names, world->core);
	struct event again;
	struct effects read = fuzz_row_round(event, &world->row, &again, &scratch);

	if (trial.replay == NULL) /* the town is being built */
		return;
	FUZZ_MUST(core_apply(trial.replay, &again, &read) == DISP_OK);
	FUZZ_MUST(core_digest(trial.replay) == core_digest(world->core));
	FUZZ_MUST(core_due_ms(trial.replay) == core_due_ms(world->core));
	if (world->seq % JSON_EVERY == 0)
		fuzz_row_json(&again, &read, &by_core);
}

static void one_row(struct event *event)
{
	fuzz_trial_decide(world, event, world->seq + 1);
	FUZZ_MUST(event->kind != EVENT_TICK || world_changes(&world->row)); /* a tick gets somewhere */
	if (!world_changes(&world->row))
		return;
	FUZZ_MUST(core_apply(world->core, event, &world->row) == DISP_OK);
	world->seq++;
	trial.rows++;
	replay(event);
}

/* --- the town --------------------------------------------------------------------------------------- */

static void put(struct event event)
{
	one_row(&event);
}

static void put_people(void)
{
	static const uint32_t roles[] = {
		0, WHO_DUTY_OFFICER, WHO_LEADER, WHO_GRID_HEAD, WHO_OFFICE, WHO_COMMITTEE};

	put((struct event){.kind = EVENT_TOWN, .u.town = {.code = t("T"), .offset_min = 480}});
	for (uint32_t index = 1; index < 6; index++)
		put((struct event){
			.kind = EVENT_PERSON, .u.person = {.id = t(persons[index]), .roles = roles[index]}});
	for (uint32_t index = 0; index < 4; index++)
		put((struct event){.kind = EVENT_GRID,
			.u.grid = {.code = t(grids[index]),
				.parent = t(index == 0 ? "" : grids[index > 2 ? 1 : index - 1]),
				.head = t(persons[index + 1]),
				.level = (uint8_t)(index > 2 ? 3 : index + 1)}});
}

static void put_means(void)
{
	for (uint32_t index = 0; index < 3; index++) {
		put((struct event){.kind = EVENT_DEPOT,
			.u.depot = {.id = t(depot_ids[index]),
				.keeper = t("leader"),
				.place = place_at(index * 900, 0)}});
		put((struct event){.kind = EVENT_STOCK,
			.u.stock = {.depot = t(depot_ids[index]), .item = t(items[index]), .quantity = 9}});
	}
	for (uint32_t index = 0; index < 8; index++)
		put((struct event){.kind = EVENT_UNIT,
			.u.unit = {.id = t(unit_ids[index]),
				.skills = t(skill_sets[index % 7]),
				.leader = t(persons[index % 6]),
				.home = place_at(index * 700, index * 30),
				.speed_mm_s = 10000}});
	for (uint32_t index = 0; index < 5; index++) {
		static const char *const kinds[] = {"camera", "camera", "pump", "loudspeaker", "pump"};

		put((struct event){.kind = EVENT_DEVICE,
			.u.device = {.id = t(device_ids[index]),
				.kind = t(kinds[index]),
				.grid = t(grids[index % 4]),
				.actions = t("say start"),
				.place = place_at(index * 400, 100)}});
		put((struct event){
			.kind = EVENT_LINK, .u.link = {t(device_ids[index]), TARGET_DEVICE, true, 0}});
	}
}

static void put_plan(void)
{
	struct playbook_def def = plan_for("pa", types[0], incident_types[0]);

	def.hash[0] = 1;
	plan_send(&def, "water", 2);
	plan_supply(&def, "ring", 4);
	plan_notify(&def, WHO_GRID_HEAD);
	plan_action(&def, "loudspeaker", "say");
	put((struct event){.kind = EVENT_PLAYBOOK, .u.playbook = {&def}});
	put((struct event){.kind = EVENT_PLAN, .u.plan = {.hash = {1}, .count = 1}});
}

/* --- an input ----------------------------------------------------------------------------------------- */

static struct fuzz_block first, second, third;

static void block_open(struct fuzz_block *block)
{
	block->core = world_core(&trial.limits, &block->memory);
	FUZZ_MUST(core_load(block->core, town, town_sections) == DISP_OK);
	fuzz_block_keep(block, &trial.limits);
}

/* The third core, loaded from the first one's image, goes on in its place. */
static void load(void)
{
	struct core_section section[CORE_SECTIONS_MAX];
	struct core *from = world->core, *to = from == first.core ? third.core : first.core;

	fuzz_block_restore(to == first.core ? &first : &third);
	uint32_t count = core_save(from, section);

	FUZZ_MUST(core_load(to, section, count) == DISP_OK);
	FUZZ_MUST(core_digest(to) == core_digest(from) && core_due_ms(to) == core_due_ms(from));
	world->core = to;
}

static void step(uint32_t index)
{
	uint8_t how = fuzz_u8(&fuzz_random);
	struct event event = random_event(world);

	trial.drained = false;
	one_row(&event);
	check_books(&trial);
	if (how % 8 != 7) /* else the next event comes before the core had its turn */
		fuzz_trial_drain(&trial, one_row);
	if (how >= 128)
		world->now_ms += (how & 8) != 0 ? random_ms(30 * HOUR_MS) : random_ms(2 * MINUTE_MS);
	if (index % AUDIT_EVERY == 0)
		FUZZ_MUST(core_audit(world->core, &cursor, AUDIT_RECORDS));
	if (index % LOAD_EVERY == LOAD_EVERY - 1)
		load();
}

int LLVMFuzzerInitialize(int *count, char ***value)
{
	(void)count;
	(void)value;
	fuzz_asserts_abort();
	world_identity_keep_ms = 10 * MINUTE_MS;
	world_rules = random_rules;
	trial.limits = fuzz_limits();
	world_open(world, &trial.limits); /* this core stays as it is: town[] points into it */
	put_people();
	put_means();
	put_plan();
	town_sections = core_save(world->core, town);
	town_seq = world->seq;
	block_open(&first);
	block_open(&second);
	block_open(&third);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_random = (struct fuzz_input){data, size};
	keepers_silent = fuzz_u8(&fuzz_random) % 2 != 0;
	fuzz_block_restore(&first);
	fuzz_block_restore(&second);
	world->core = first.core;
	trial.replay = second.core;
	world->seq = town_seq;
	world->now_ms = WORLD_START_MS;
	world->alarm_serial = trial.rows = cursor = 0;
	for (uint32_t index = 0; index < EVENTS_MAX && fuzz_random.left > 0; index++)
		step(index);
	FUZZ_MUST(core_digest(world->core) == core_digest_full(world->core));
	return 0;
}
