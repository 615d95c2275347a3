/* fuzz_playbook: files of playbooks, parted by 0x1e, as the daemon and `playbook check` read them. */
#include "fuzz_row.h"

#include "playbook/playbook.h"

enum { FILES_MAX = 4, MARK = 0x1e };

/* Not SHA-256: 32 bytes that depend on every byte and its place. */
static void hash_toy(uint8_t out[PLAYBOOK_HASH_BYTES], const void *bytes, size_t len)
{
	const uint8_t *byte = bytes;
	uint64_t state = UINT64_C(14695981039346656037);

	for (size_t at = 0; at < len; at++)
		state = (state ^ byte[at]) * UINT64_C(1099511628211);
	for (uint32_t at = 0; at < PLAYBOOK_HASH_BYTES; at++)
		out[at] = (uint8_t)(state >> (at % 8 * 8));
}

/* A town that has every other thing. */
static bool has_text(void *context, struct text text)
{
	(void)context;
	return text.len % 2 == 0;
}

static bool has_action(void *context, struct text kind, struct text action)
{
	(void)context;
	return (kind.len + action.len) % 2 == 0;
}

static const struct playbook_vocabulary vocabulary = {NULL, has_text, has_text, has_action, has_text};

/* Every fault has a place in a file that was there. */
static void check_faults(const struct reading_faults *faults, uint32_t lines)
{
	for (uint32_t index = 0; index < faults->kept; index++) {
		FUZZ_MUST(faults->item[index].what != NULL && faults->item[index].what[0] != '\0');
		FUZZ_MUST(faults->item[index].line <= lines + 2); /* libyaml ends an unfinished line */
	}
}

/* A plan that was taken can be stored, and is within what the core counts on. */
static void check_plan(const struct playbook_def *def)
{
	struct event event = {.kind = EVENT_PLAYBOOK, .seq = 1, .epoch = 1, .at_ms = 1};

	FUZZ_MUST(def->step_count <= PLAYBOOK_STEPS_MAX && def->type_count <= PLAYBOOK_TYPES_MAX);
	FUZZ_MUST(def->grid_count <= PLAYBOOK_GRIDS_MAX && def->climb_count <= PLAYBOOK_CLIMB_MAX);
	FUZZ_MUST(def->id.len > 0 && def->incident_type.len > 0 && def->type_count > 0);
	event.u.playbook.def = def;
	fuzz_event_round(&event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[FILES_MAX] = {"a.yaml", "b.yaml", "c.yaml", "d.yaml"};
	struct playbook_file file[FILES_MAX];
	struct fuzz_input input = {data, size};
	struct reading_faults faults;
	struct playbook_set *set;
	uint32_t count = 0, lines = 0;

	for (size_t at = 0; at < size; at++)
		lines += data[at] == '\n' || data[at] == '\r' || data[at] >= 0x80;
	while (count < FILES_MAX && fuzz_part(&input, MARK, &file[count].bytes, &file[count].len)) {
		file[count].name = names[count];
		count++;
	}
	if (count == 0)
		return 0;
	reading_faults_init(&faults);
	enum disp_err err = playbook_load_files(file, count, hash_toy, &set, &faults);

	FUZZ_MUST((err == DISP_OK) == (set != NULL) && (err == DISP_OK) == (faults.count == 0));
	for (uint32_t index = 0; err == DISP_OK && index < set->count; index++)
		check_plan(set->def[index]);
	if (err == DISP_OK)
		FUZZ_MUST((playbook_check_town(set, &vocabulary, &faults) == DISP_OK) == (faults.count == 0));
	check_faults(&faults, lines);
	reading_faults_free(&faults);
	playbook_set_free(set);
	return 0;
}
