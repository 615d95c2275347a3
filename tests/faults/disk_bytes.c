/* disk_bytes: the bytes of a file: in the cache, on the platter, and which sectors differ for all that fsync knows. */
#include <stdlib.h>
#include <string.h>

#include "disk_file.h"
#include "memory.h"

struct disk_file *bytes_new(struct disk *disk, bool is_dir)
{
	for (uint32_t number = 1; number < FILES_MAX; number++) {
		struct disk_file *file = &disk->file[number];

		if (file->used)
			continue;
		*file = (struct disk_file){.used = true, .is_dir = is_dir, .number = number};
		return file;
	}
	sim_violation("the simulator", "too many files");
}

void bytes_free(struct disk_file *file)
{
	free(file->seen);
	free(file->kept);
	free(file->dirty);
	*file = (struct disk_file){0};
}

static uint8_t *grown(uint8_t *bytes, uint64_t from, uint64_t to)
{
	bytes = realloc(bytes, to);
	if (bytes == NULL)
		abort();
	memset(bytes + from, 0, to - from);
	return bytes;
}

static void reserve(struct disk_file *file, uint64_t size)
{
	uint64_t max = file->max == 0 ? 64 << 10 : file->max;

	while (max < size)
		max *= 2;
	if (max == file->max)
		return;
	file->seen = grown(file->seen, file->max, max);
	file->kept = grown(file->kept, file->max, max);
	file->dirty = grown(file->dirty, file->max / DISK_SECTOR, max / DISK_SECTOR);
	file->max = max;
}

static void touch(struct disk_file *file, uint64_t from, uint64_t to)
{
	if (to <= from)
		return;
	from /= DISK_SECTOR;
	to = (to + DISK_SECTOR - 1) / DISK_SECTOR;
	memset(file->dirty + from, 1, to - from);
	if (!file->touched || from < file->dirty_from)
		file->dirty_from = from;
	if (!file->touched || to > file->dirty_to)
		file->dirty_to = to;
	file->touched = true;
}

void bytes_put(struct disk_file *file, const void *from, uint64_t size, uint64_t offset)
{
	void *arena = memory_leave();

	reserve(file, offset + size);
	memcpy(file->seen + offset, from, size);
	if (offset + size > file->seen_bytes)
		file->seen_bytes = offset + size;
	touch(file, offset, offset + size);
	memory_enter(arena);
}

void bytes_cut(struct disk_file *file, uint64_t size)
{
	void *arena = memory_leave();

	reserve(file, size);
	if (size < file->seen_bytes)
		memset(file->seen + size, 0, file->seen_bytes - size);
	touch(file, size < file->seen_bytes ? size : file->seen_bytes,
		size < file->seen_bytes ? file->seen_bytes : size);
	file->seen_bytes = size;
	file->sure_bytes = file->sure_bytes < size ? file->sure_bytes : size;
	memory_enter(arena);
}

static void keep(struct disk_file *file, uint64_t sector)
{
	memcpy(file->kept + sector * DISK_SECTOR, file->seen + sector * DISK_SECTOR, DISK_SECTOR);
}

void bytes_sync(struct disk_file *file, bool fails)
{
	uint64_t style = fails ? sim_below(3) : 1; /* none, all, or some of it */

	for (uint64_t sector = file->dirty_from; file->touched && sector < file->dirty_to; sector++) {
		if (file->dirty[sector] && (style == 1 || (style == 2 && sim_one_in(2))))
			keep(file, sector);
		file->dirty[sector] = 0;
	}
	file->touched = false;
	if (!fails || sim_one_in(2))
		file->kept_bytes = file->seen_bytes;
	if (!fails)
		file->sure_bytes = file->kept_bytes;
}

/* Power is gone: of what was dirty all, nothing, the first part, or any of it has been written. */
void bytes_crash(struct disk_file *file)
{
	uint64_t style = sim_below(4), part = 0;
	uint64_t low = file->kept_bytes < file->seen_bytes ? file->kept_bytes : file->seen_bytes;
	uint64_t high = file->kept_bytes < file->seen_bytes ? file->seen_bytes : file->kept_bytes;

	if (file->max == 0)
		return;
	if (file->touched)
		part = file->dirty_from + sim_below(file->dirty_to - file->dirty_from + 1);
	for (uint64_t sector = file->dirty_from; file->touched && sector < file->dirty_to; sector++) {
		if (file->dirty[sector] &&
			(style == 0 || (style == 1 && sim_one_in(2)) || (style == 2 && sector < part)))
			keep(file, sector);
		file->dirty[sector] = 0;
	}
	file->touched = false;
	if (file->kept_bytes != file->seen_bytes) /* the size is metadata of its own */
		file->kept_bytes = sim_one_in(3)   ? file->seen_bytes
				   : sim_one_in(2) ? (uint64_t)sim_between((int64_t)low, (int64_t)high)
						   : file->kept_bytes;
	memset(file->kept + file->kept_bytes, 0, file->max - file->kept_bytes);
	memcpy(file->seen, file->kept, file->max);
	file->seen_bytes = file->kept_bytes;
}
