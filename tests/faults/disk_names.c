/* disk_names: directories: what a reader sees, what is durable, and the changes between the two. */
#include <errno.h>
#include <string.h>

#include "disk_file.h"

static uint32_t find(const struct name *list, uint32_t count, uint32_t dir, const char *text)
{
	for (uint32_t index = 0; index < count; index++)
		if (list[index].dir == dir && strcmp(list[index].text, text) == 0)
			return index;
	return UINT32_MAX;
}

uint32_t names_find(const struct disk *disk, uint32_t dir, const char *text)
{
	if (strcmp(text, ".") == 0)
		return dir;
	uint32_t at = find(disk->seen, disk->seen_count, dir, text);

	errno = ENOENT;
	return at == UINT32_MAX ? 0 : disk->seen[at].file;
}

uint32_t names_walk(const struct disk *disk, uint32_t dir, const char *path, char last[DISK_NAME_BYTES])
{
	while (*path == '/')
		path++;
	for (;;) {
		size_t size = strcspn(path, "/");

		if (size == 0 || size >= DISK_NAME_BYTES) {
			errno = ENOENT;
			return 0;
		}
		memcpy(last, path, size);
		last[size] = '\0';
		if (path[size] == '\0')
			return dir;
		dir = names_find(disk, dir, last);
		if (dir == 0 || !disk->file[dir].is_dir)
			return 0;
		path += size + 1;
	}
}

static void set(struct name *list, uint32_t *count, const struct name *name)
{
	uint32_t at = find(list, *count, name->dir, name->text);

	if (at == UINT32_MAX && name->file != 0) {
		if (*count == NAMES_MAX)
			sim_violation("the simulator", "its directories are full");
		list[(*count)++] = *name;
	} else if (at != UINT32_MAX && name->file == 0) {
		list[at] = list[--*count];
	} else if (at != UINT32_MAX) {
		list[at].file = name->file;
	}
}

void names_change(struct disk *disk, const struct name *name, uint32_t count)
{
	struct change *change = &disk->change[disk->change_count];

	if (disk->change_count == CHANGES_MAX)
		sim_violation("the simulator", "too many changes of names without an fsync");
	disk->change_count++;
	change->count = count;
	for (uint32_t index = 0; index < count; index++) {
		change->name[index] = name[index];
		set(disk->seen, &disk->seen_count, &name[index]);
	}
}

static void make_durable(struct disk *disk, uint32_t at)
{
	const struct change *change = &disk->change[at];

	for (uint32_t index = 0; index < change->count; index++)
		set(disk->kept, &disk->kept_count, &change->name[index]);
	memmove(&disk->change[at], &disk->change[at + 1],
		(disk->change_count - at - 1) * sizeof disk->change[0]);
	disk->change_count--;
}

void names_sync(struct disk *disk, uint32_t dir)
{
	for (uint32_t at = 0; at < disk->change_count;) {
		const struct change *change = &disk->change[at];

		if (change->name[0].dir == dir || (change->count == 2 && change->name[1].dir == dir))
			make_durable(disk, at);
		else
			at++;
	}
}

/* Changes are journalled in their order: some of the first are durable, the others never happened. */
void names_crash(struct disk *disk)
{
	for (uint64_t left = sim_below(disk->change_count + (uint64_t)1); left > 0; left--)
		make_durable(disk, 0);
	disk->change_count = 0;
	memcpy(disk->seen, disk->kept, disk->kept_count * sizeof disk->kept[0]);
	disk->seen_count = disk->kept_count;
}
