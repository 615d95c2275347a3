/* fuzz_event: events with any value in any field, at a small town: decided, stored, read again, applied; the books of what
 * was decided balance, and a second core that reads the rows stands where the first one stands. */
#include "fuzz.h"

#include "fuzz_row.h"
#include "fuzz_town_core.h"
#include "fuzz_trial.h"

/*
 * An input is events: a byte that says how much time passes before it, u16 length, and the body of a row, whose effects
 * are not looked at.
 */
enum { EVENTS_MAX = 60, PASS_MS = 20000 };

static struct trial trial;
static struct world *const world = &trial.world;
static struct fuzz_block first, second;

int LLVMFuzzerInitialize(int *count, char ***value)
{
	(void)count;
	(void)value;
	trial.limits = fuzz_town_open(&first);
	world->row.item = world->item;

	struct core_section section[CORE_SECTIONS_MAX];
	uint32_t sections = core_save(first.core, section);

	second.core = world_core(&trial.limits, &second.memory);
	FUZZ_MUST(core_load(second.core, section, sections) == DISP_OK);
	fuzz_block_keep(&second, &trial.limits);
	return 0;
}

static void one_row(struct event *event)
{
	static struct row_scratch scratch;
	struct event again;

	fuzz_trial_decide(world, event, query_town(world->core)->seq + 1);
	FUZZ_MUST(event->kind != EVENT_TICK || world_changes(&world->row) ||
		  core_due_ms(world->core) > world->now_ms);
	if (!world_changes(&world->row))
		return;
	struct effects read = fuzz_row_round(event, &world->row, &again, &scratch);

	FUZZ_MUST(core_apply(world->core, event, &world->row) == DISP_OK);
	FUZZ_MUST(core_apply(trial.replay, &again, &read) == DISP_OK);
	FUZZ_MUST(core_digest(trial.replay) == core_digest(world->core));
	trial.rows++;
	if (trial.rows % 8 == 0)
		fuzz_row_json(&again, &read, NULL);
}

static void step(struct fuzz_input *input)
{
	static struct row_scratch scratch;
	struct effects effects = {0, fuzz_effect};
	struct event event;
	uint8_t pass = fuzz_u8(input);
	size_t len = fuzz_u16(input);
	const uint8_t *bytes = fuzz_bytes(input, len, &len);

	world->now_ms += pass < 250 ? pass * PASS_MS : pass * HOUR_MS;
	fuzz_trial_drain(&trial, one_row);
	if (row_decode(bytes, len, &event, &effects, &scratch) != DISP_OK)
		return;
	trial.drained = false;
	one_row(&event);
	check_books(&trial);
	fuzz_trial_drain(&trial, one_row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};

	fuzz_block_restore(&first);
	fuzz_block_restore(&second);
	world->core = first.core;
	trial.replay = second.core;
	world->now_ms = WORLD_START_MS;
	trial.rows = 0;
	for (uint32_t index = 0; index < EVENTS_MAX && input.left > 0; index++)
		step(&input);
	FUZZ_MUST(core_digest(world->core) == core_digest_full(world->core));
	return 0;
}
