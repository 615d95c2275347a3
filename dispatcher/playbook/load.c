/* load: a folder of files to a set of playbooks; all or nothing. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "playbook/plan.h"

/* --- files in memory to a set -------------------------------------------------------------------- */

static const char *name_copy(struct reading_memory *memory, const char *name)
{
	size_t len = strlen(name);
	char *copy = reading_memory_take(memory, len + 1);

	memcpy(copy, name, len);
	return copy;
}

/* Reads one file into def[index], and its cases behind the ones before. Faults are in the list. */
static void file_read(struct playbook_set *set, uint32_t index, const struct playbook_file *file,
	playbook_hash *hash, struct reading_faults *faults)
{
	struct playbook_expect *expect = &set->expect[set->expect_count];
	struct plan_file plan = {.def = set->def[index], .origin = &set->origin[index], .expect = expect};
	struct reader reader = {.memory = set->memory, .file = &plan};
	uint32_t faults_before = faults->kept;

	plan.origin->file = set->file[index];
	if (file->len > PLAYBOOK_FILE_BYTES_MAX) {
		reading_fault_add(
			faults, set->file[index], 0, 0, "longer than %d bytes", PLAYBOOK_FILE_BYTES_MAX);
		return;
	}
	hash(plan.def->hash, file->bytes, file->len);
	if (tree_open(&reader.tree, set->file[index], file->bytes, file->len, faults) != DISP_OK)
		return;
	plan_read(&reader);
	tree_close(&reader.tree);
	for (uint32_t at = 0; at < plan.expect_count; at++)
		expect[at].playbook = index;
	set->expect_count += plan.expect_count;
	reading_faults_sort(faults, faults_before);
}

static void ids_check(const struct playbook_set *set, struct reading_faults *faults)
{
	for (uint32_t index = 1; index < set->count; index++) {
		struct text id = set->def[index]->id;
		uint32_t first = 0;

		while (first < index && !text_equal(set->def[first]->id, id))
			first++;
		if (first < index && id.len > 0)
			reading_fault_add(faults, set->file[index], set->origin[index].id.line,
				set->origin[index].id.column, "playbook '%.*s' stands in %s already",
				TEXT_PRINT(id), set->file[first]);
	}
}

static int hash_compare(const void *a, const void *b)
{
	return memcmp(a, b, PLAYBOOK_HASH_BYTES);
}

static void set_hash(struct playbook_set *set, playbook_hash *hash)
{
	size_t bytes = (size_t)set->count * PLAYBOOK_HASH_BYTES;
	uint8_t *all = reading_memory_take(set->memory, bytes);

	for (uint32_t index = 0; index < set->count; index++)
		memcpy(all + (size_t)index * PLAYBOOK_HASH_BYTES, set->def[index]->hash, PLAYBOOK_HASH_BYTES);
	qsort(all, set->count, PLAYBOOK_HASH_BYTES, hash_compare);
	hash(set->hash, all, bytes);
}

static struct playbook_set *set_new(const struct playbook_file *file, uint32_t count)
{
	struct reading_memory *memory = reading_memory_new();
	struct playbook_set *set;

	if (memory == NULL)
		disp_panic("out of memory while reading playbooks", __FILE__, __LINE__);
	set = reading_memory_take(memory, sizeof(*set));
	set->memory = memory;
	set->count = count;
	set->def = reading_memory_take(memory, count * sizeof(*set->def));
	set->file = reading_memory_take(memory, count * sizeof(*set->file));
	set->origin = reading_memory_take(memory, count * sizeof(*set->origin));
	set->expect =
		reading_memory_take(memory, (size_t)count * PLAYBOOK_EXPECTS_MAX * sizeof(*set->expect));
	for (uint32_t index = 0; index < count; index++) {
		set->def[index] = reading_memory_take(memory, sizeof(*set->def[index]));
		set->file[index] = name_copy(memory, file[index].name);
	}
	return set;
}

enum disp_err playbook_load_files(const struct playbook_file *file, uint32_t count, playbook_hash *hash,
	struct playbook_set **out, struct reading_faults *faults)
{
	struct playbook_set *set;
	uint32_t faults_before = faults->count;

	ASSERT(count >= 1 && count <= PLAYBOOK_COUNT_MAX);
	*out = NULL;
	set = set_new(file, count);
	for (uint32_t index = 0; index < count; index++)
		file_read(set, index, &file[index], hash, faults);
	ids_check(set, faults);
	if (faults->count != faults_before) {
		playbook_set_free(set);
		return DISP_E_INPUT;
	}
	set_hash(set, hash);
	*out = set;
	return DISP_OK;
}

void playbook_set_free(struct playbook_set *set)
{
	if (set != NULL)
		reading_memory_free(set->memory); /* the set itself lives in it */
}

/* --- a folder ------------------------------------------------------------------------------------ */

static bool name_ends(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && name[0] != '.' && strcmp(name + len - end_len, end) == 0;
}

static int name_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of the playbooks of a folder, sorted; name[] is to be freed one by one. */
static enum disp_err names_list(
	const char *dir, char *name[PLAYBOOK_COUNT_MAX], uint32_t *count, struct reading_faults *faults)
{
	DIR *folder = opendir(dir);
	enum disp_err err = DISP_OK;
	struct dirent *entry;

	*count = 0;
	if (folder == NULL) {
		reading_fault_add(faults, dir, 0, 0, "cannot be opened: %s", strerror(errno));
		return DISP_E_IO;
	}
	while (err == DISP_OK && (entry = readdir(folder)) != NULL) {
		if (name_ends(entry->d_name, ".yml")) { /* would be left out in silence */
			reading_fault_add(faults, entry->d_name, 0, 0, "name it .yaml: .yml is not read");
		} else if (name_ends(entry->d_name, ".yaml") && *count == PLAYBOOK_COUNT_MAX) {
			reading_fault_add(faults, dir, 0, 0, "more than %d playbooks", PLAYBOOK_COUNT_MAX);
			err = DISP_E_INPUT;
		} else if (name_ends(entry->d_name, ".yaml")) {
			name[*count] = strdup(entry->d_name);
			ASSERT(name[*count] != NULL);
			(*count)++;
		}
	}
	closedir(folder);
	if (err == DISP_OK && *count == 0) {
		reading_fault_add(faults, dir, 0, 0, "holds no playbook (*.yaml)");
		err = DISP_E_INPUT;
	}
	qsort(name, *count, sizeof(*name), name_compare);
	return err;
}

/* At most one byte more than is allowed, so that too long is seen. */
static bool bytes_read(
	const char *dir, const char *name, struct playbook_file *file, struct reading_faults *faults)
{
	char path[4096];
	FILE *from = NULL;
	uint8_t *bytes = malloc(PLAYBOOK_FILE_BYTES_MAX + 1);
	int len = snprintf(path, sizeof(path), "%s/%s", dir, name);

	ASSERT(bytes != NULL);
	errno = ENAMETOOLONG;
	if (len > 0 && (size_t)len < sizeof(path))
		from = fopen(path, "rb");
	file->name = name;
	file->bytes = bytes;
	file->len = 0;
	if (from != NULL) {
		file->len = fread(bytes, 1, PLAYBOOK_FILE_BYTES_MAX + 1, from);
		if (!ferror(from)) {
			fclose(from);
			return true;
		}
		fclose(from);
	}
	reading_fault_add(faults, name, 0, 0, "cannot be read: %s", strerror(errno));
	return false;
}

enum disp_err playbook_load_dir(
	const char *dir, playbook_hash *hash, struct playbook_set **out, struct reading_faults *faults)
{
	char *name[PLAYBOOK_COUNT_MAX];
	struct playbook_file file[PLAYBOOK_COUNT_MAX];
	uint32_t count = 0, read = 0, faults_before = faults->count;
	enum disp_err err = names_list(dir, name, &count, faults);

	*out = NULL;
	while (err == DISP_OK && read < count) {
		if (!bytes_read(dir, name[read], &file[read], faults))
			err = DISP_E_IO;
		read++;
	}
	if (err == DISP_OK)
		err = playbook_load_files(file, count, hash, out, faults);
	if (err == DISP_OK && faults->count != faults_before) {
		playbook_set_free(*out);
		*out = NULL;
		err = DISP_E_INPUT;
	}
	for (uint32_t index = 0; index < read; index++)
		free((void *)(uintptr_t)file[index].bytes);
	for (uint32_t index = 0; index < count; index++)
		free(name[index]);
	return err;
}
