/* fuzz_town: town packs: files as a town may write them, read whole, and what was taken registered in a core. */
#include "fuzz_row.h"

#include "../unit/core_world.h"
#include "../unit/town_small.h"
#include "shell/register.h"

/*
 * An input is parts, parted by 0x1e: one character, the file by its number ('0' is town.yaml), then its bytes. A file that
 * is not in the input is that of a small pack that is right.
 */
enum { MARK = 0x1e };

static bool changed[TOWN_FILE_COUNT];
static struct core *core;
static void *core_memory;

static void leave(void)
{
	for (int file = 0; file < TOWN_FILE_COUNT; file++)
		remove_file((enum town_file)file);
	(void)rmdir(folder);
}

int LLVMFuzzerInitialize(int *count, char ***value)
{
	struct core_limits limits = world_limits();
	char error[200];

	(void)count;
	(void)value;
	fuzz_asserts_abort();
	strcpy(folder, "/dev/shm/town-XXXXXX");
	FUZZ_MUST(mkdtemp(folder) != NULL && atexit(leave) == 0);
	write_good();
	FUZZ_MUST(geo_open(&geo, error, sizeof(error)) == DISP_OK);
	core = world_core(&limits, &core_memory);
	return 0;
}

static void files_put(struct fuzz_input *input)
{
	const uint8_t *bytes;
	size_t len;

	for (int file = 0; file < TOWN_FILE_COUNT; file++)
		if (changed[file])
			write_file((enum town_file)file, good[file], strlen(good[file]));
	memset(changed, 0, sizeof(changed));
	while (fuzz_part(input, MARK, &bytes, &len)) {
		uint32_t file = len == 0 ? TOWN_FILE_COUNT : (uint32_t)(bytes[0] - '0');

		if (file >= TOWN_FILE_COUNT)
			continue;
		write_file((enum town_file)file, (const char *)bytes + 1, len - 1);
		changed[file] = true;
	}
}

/* Each row of the pack can be stored, and the core says what it thinks of it. */
static enum disp_err take(void *context, struct event *event)
{
	static struct effect item[EFFECTS_MAX];
	struct effects effects = {0, item};

	(void)context;
	event->seq = event->epoch = 1;
	event->at_ms = WORLD_START_MS;
	fuzz_event_round(event);
	enum disp_err err = core_decide(core, event, &effects);

	FUZZ_MUST(err == DISP_OK || err == DISP_E_FULL);
	return DISP_OK;
}

static void check_town(const struct town *town)
{
	static const uint8_t hash[PLAYBOOK_HASH_BYTES] = {1};
	const char *what = NULL;

	for (uint32_t index = 0; index < town->unit_count; index++)
		FUZZ_MUST(town_unit_find(town, town->unit[index].id) == index);
	for (uint32_t index = 0; index < town->place_count; index++)
		for (int level = 0; level < TOWN_LEVEL_COUNT; level++) {
			uint32_t grid = town_grid_at(
				town, &town->place[index].position.place, (enum town_level)level);

			FUZZ_MUST(grid == TOWN_NONE || grid < town->grid_count);
		}
	enum disp_err err = register_town(core, town, hash, take, NULL, &what);

	FUZZ_MUST(err == DISP_OK || err == DISP_E_FULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	struct reading_faults faults;
	struct town *town;

	files_put(&input);
	reading_faults_init(&faults);
	enum disp_err err = town_load(folder, geo, &town, &faults);

	FUZZ_MUST(err == DISP_OK || err == DISP_E_INPUT || err == DISP_E_IO);
	FUZZ_MUST((err == DISP_OK) == (town != NULL) && (err == DISP_OK) == (faults.count == 0));
	for (uint32_t index = 0; index < faults.kept; index++)
		FUZZ_MUST(faults.item[index].file != NULL && faults.item[index].what[0] != '\0');
	if (err == DISP_OK)
		check_town(town);
	reading_faults_free(&faults);
	town_free(town);
	return 0;
}
