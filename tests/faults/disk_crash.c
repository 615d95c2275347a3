/* disk_crash: the end of a process and of a machine; what is durable, for those who check; bits that turn. */
#include <stdlib.h>
#include <string.h>

#include "disk_file.h"

/* Files without a name, seen or durable, are gone. */
static void collect(struct disk *disk)
{
	static bool named[FILES_MAX];

	memset(named, 0, sizeof named);
	named[1] = true;
	for (uint32_t index = 0; index < disk->seen_count; index++)
		named[disk->seen[index].file] = true;
	for (uint32_t index = 0; index < disk->kept_count; index++)
		named[disk->kept[index].file] = true;
	for (uint32_t at = 0; at < disk->change_count; at++)
		for (uint32_t index = 0; index < disk->change[at].count; index++)
			named[disk->change[at].name[index].file] = true;
	for (uint32_t number = 2; number < FILES_MAX; number++)
		if (disk->file[number].used && !named[number])
			bytes_free(&disk->file[number]);
}

void disk_crash(struct disk *disk, bool power)
{
	memset(disk->fd, 0, sizeof disk->fd);
	disk->ready_ms = 0;
	if (power) {
		names_crash(disk);
		for (uint32_t number = 1; number < FILES_MAX; number++)
			if (disk->file[number].used && !disk->file[number].is_dir)
				bytes_crash(&disk->file[number]);
	}
	collect(disk);
}

static uint32_t kept_find(const struct disk *disk, uint32_t dir, const char *text)
{
	for (uint32_t index = 0; index < disk->kept_count; index++)
		if (disk->kept[index].dir == dir && strcmp(disk->kept[index].text, text) == 0)
			return disk->kept[index].file;
	return 0;
}

static int by_text(const void *left, const void *right)
{
	return strcmp(((const struct name *)left)->text, ((const struct name *)right)->text);
}

void disk_each_log(struct disk *disk, void (*visit)(void *context, struct disk_file *file, const char *name),
	void *context)
{
	static struct name list[NAMES_MAX];
	uint32_t data = kept_find(disk, 1, "data"), dir = data == 0 ? 0 : kept_find(disk, data, "log"),
		 count = 0;

	for (uint32_t index = 0; dir != 0 && index < disk->kept_count; index++) {
		const struct name *name = &disk->kept[index];

		if (name->dir == dir && strlen(name->text) == 24 && strcmp(name->text + 20, ".log") == 0)
			list[count++] = *name;
	}
	qsort(list, count, sizeof list[0], by_text);
	for (uint32_t index = 0; index < count; index++)
		visit(context, &disk->file[list[index].file], list[index].text);
}

struct choice {
	struct disk_file *file;
	uint32_t seen;
};

static void choose(void *context, struct disk_file *file, const char *name)
{
	struct choice *choice = context;

	(void)name;
	if (file->last_at > 0 && sim_below(++choice->seen) == 0)
		choice->file = file;
}

bool disk_flip(struct disk *disk, struct disk_flip *flip)
{
	struct choice choice = {0};

	disk_each_log(disk, choose, &choice);
	if (choice.file == NULL)
		return false;
	flip->file = choice.file;
	flip->offset = sim_below(choice.file->last_at);
	flip->was = choice.file->kept[flip->offset];
	choice.file->kept[flip->offset] ^= (uint8_t)(1u << sim_below(8));
	choice.file->seen[flip->offset] = choice.file->kept[flip->offset];
	sim_note("disk.flip", choice.file->number, flip->offset);
	return true;
}

void disk_replace(struct disk *disk)
{
	uint32_t data = kept_find(disk, 1, "data");

	for (uint32_t at = 0; at < disk->kept_count;)
		if (disk->kept[at].file == data)
			at++;
		else
			disk->kept[at] = disk->kept[--disk->kept_count];
	memcpy(disk->seen, disk->kept, disk->kept_count * sizeof disk->kept[0]);
	disk->seen_count = disk->kept_count;
	disk->change_count = 0;
	collect(disk);
	sim_note("disk.replaced", 0, 0);
}

void disk_flip_back(const struct disk_flip *flip)
{
	flip->file->kept[flip->offset] = flip->file->seen[flip->offset] = flip->was;
}
