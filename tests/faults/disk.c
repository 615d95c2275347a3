/* disk: the calls of file_ops over the simulated files; failures by chance. */
#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk_file.h"
#include "memory.h"
#include "store/log.h"

static struct disk *used;
static void (*step)(void);

struct disk *disk_new(void)
{
	struct disk *disk = calloc(1, sizeof *disk);

	if (disk == NULL)
		abort();
	disk->faults.latency_ms = 1;
	(void)bytes_new(disk, true);
	return disk;
}

void disk_free(struct disk *disk)
{
	for (uint32_t number = 1; number < FILES_MAX; number++)
		bytes_free(&disk->file[number]);
	free(disk);
}

void disk_use(struct disk *disk, void (*point)(void))
{
	used = disk;
	step = point;
}

struct disk_faults *disk_get_faults(struct disk *disk)
{
	return &disk->faults;
}

void disk_watch(struct disk *disk, void (*synced)(void *context, struct disk *disk), void *context)
{
	disk->synced = synced;
	disk->context = context;
}

static int fail(int why)
{
	errno = why;
	return -1;
}

static bool fails(uint64_t one_in)
{
	if (!sim_one_in(one_in))
		return false;
	sim_note("disk.fails", 0, 0);
	if (sim.mishap != NULL)
		sim.mishap();
	errno = EIO;
	return true;
}

static struct disk_file *file_of(int fd)
{
	int index = fd - DISK_FD_FIRST;

	if (index < 0 || index >= FDS_MAX || !used->fd[index].used)
		sim_violation("descriptors", "descriptor %d is not open", fd);
	return &used->file[used->fd[index].file];
}

/* A directory as openat and its like name it. */
static uint32_t dir_of(int dir_fd)
{
	return dir_fd == AT_FDCWD ? 1 : file_of(dir_fd)->number;
}

static int fd_new(uint32_t file)
{
	for (int index = 0; index < FDS_MAX; index++) {
		if (used->fd[index].used)
			continue;
		used->fd[index] = (struct open_file){true, file};
		return DISK_FD_FIRST + index;
	}
	sim_violation("descriptors", "more than %d are open", (int)FDS_MAX);
}

static int sim_openat(int dir_fd, const char *path, int flags, mode_t mode)
{
	struct name name = {0};

	(void)mode;
	step();
	name.dir = names_walk(used, dir_of(dir_fd), path, name.text);
	if (name.dir == 0)
		return -1;
	name.file = names_find(used, name.dir, name.text);
	if (name.file != 0 && (flags & O_CREAT) && (flags & O_EXCL))
		return fail(EEXIST);
	if (name.file == 0) {
		if (!(flags & O_CREAT))
			return fail(ENOENT);
		if (used->faults.full)
			return fail(ENOSPC);
		if (fails(used->faults.write_eio))
			return -1;
		name.file = bytes_new(used, false)->number;
		names_change(used, &name, 1);
	} else if (flags & O_TRUNC) {
		bytes_cut(&used->file[name.file], 0);
	}
	if ((flags & O_DIRECTORY) && !used->file[name.file].is_dir)
		return fail(ENOTDIR);
	return fd_new(name.file);
}

static ssize_t sim_pread(int fd, void *bytes, size_t size, off_t offset)
{
	const struct disk_file *file = file_of(fd);
	uint64_t at = (uint64_t)offset;

	step();
	if (fails(used->faults.read_eio))
		return -1;
	if (at >= file->seen_bytes)
		return 0;
	if (size > file->seen_bytes - at)
		size = file->seen_bytes - at;
	memcpy(bytes, file->seen + at, size);
	return (ssize_t)size;
}

static ssize_t sim_pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	struct disk_file *file = file_of(fd);

	step();
	if (fails(used->faults.write_eio))
		return -1;
	if (used->faults.full && (uint64_t)offset + size > file->seen_bytes)
		return fail(ENOSPC);
	if (size > 1 && sim_one_in(used->faults.short_write))
		size = 1 + sim_below(size - 1);
	bytes_put(file, bytes, size, (uint64_t)offset);
	sim_note("disk.write", file->number, (uint64_t)offset + size);
	step();
	return (ssize_t)size;
}

static int sync_file(int fd)
{
	struct disk_file *file = file_of(fd);

	step();
	bool failed = fails(used->faults.sync_eio);

	if (!file->is_dir)
		bytes_sync(file, failed);
	else if (!failed)
		names_sync(used, file->number);
	sim_note(failed ? "disk.sync_failed" : "disk.sync", file->number, file->kept_bytes);
	if (!failed && used->synced != NULL)
		used->synced(used->context, used);
	step();
	if (failed)
		errno = EIO;
	return failed ? -1 : 0;
}

static int sim_ftruncate(int fd, off_t size)
{
	struct disk_file *file = file_of(fd);

	step();
	if (fails(used->faults.write_eio))
		return -1;
	bytes_cut(file, (uint64_t)size);
	step();
	return 0;
}

static int sim_renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned int flags)
{
	struct name name[2] = {0};

	step();
	name[0].dir = names_walk(used, dir_of(from_fd), from, name[0].text);
	name[1].dir = names_walk(used, dir_of(to_fd), to, name[1].text);
	if (name[0].dir == 0 || name[1].dir == 0)
		return -1;
	uint32_t moved = names_find(used, name[0].dir, name[0].text);
	uint32_t there = names_find(used, name[1].dir, name[1].text);

	if (moved == 0)
		return fail(ENOENT);
	if ((flags & RENAME_NOREPLACE) && there != 0)
		return fail(EEXIST);
	if ((flags & RENAME_EXCHANGE) && there == 0)
		return fail(ENOENT);
	if (fails(used->faults.write_eio))
		return -1;
	name[0].file = flags & RENAME_EXCHANGE ? there : 0;
	name[1].file = moved;
	names_change(used, name, 2);
	sim_note("disk.rename", moved, flags);
	step();
	return 0;
}

static int sim_renameat(int from_fd, const char *from, int to_fd, const char *to)
{
	return sim_renameat2(from_fd, from, to_fd, to, 0);
}

static bool is_empty(const struct disk *disk, uint32_t dir)
{
	for (uint32_t index = 0; index < disk->seen_count; index++)
		if (disk->seen[index].dir == dir)
			return false;
	return true;
}

static int sim_unlinkat(int dir_fd, const char *path, int flags)
{
	struct name name = {0};

	step();
	name.dir = names_walk(used, dir_of(dir_fd), path, name.text);
	uint32_t file = name.dir == 0 ? 0 : names_find(used, name.dir, name.text);

	if (file == 0)
		return fail(ENOENT);
	if (used->file[file].is_dir != ((flags & AT_REMOVEDIR) != 0))
		return fail(used->file[file].is_dir ? EISDIR : ENOTDIR);
	if (used->file[file].is_dir && !is_empty(used, file))
		return fail(ENOTEMPTY);
	if (fails(used->faults.write_eio))
		return -1;
	names_change(used, &name, 1);
	step();
	return 0;
}

static int sim_close(int fd)
{
	(void)file_of(fd);
	used->fd[fd - DISK_FD_FIRST].used = false;
	return 0;
}

static int sim_mkdirat(int dir_fd, const char *path, mode_t mode)
{
	struct name name = {0};

	(void)mode;
	step();
	name.dir = names_walk(used, dir_of(dir_fd), path, name.text);
	if (name.dir == 0)
		return -1;
	if (names_find(used, name.dir, name.text) != 0)
		return fail(EEXIST);
	if (used->faults.full)
		return fail(ENOSPC);
	name.file = bytes_new(used, true)->number;
	names_change(used, &name, 1);
	step();
	return 0;
}

static int sim_size(int fd, uint64_t *bytes)
{
	*bytes = file_of(fd)->seen_bytes;
	return 0;
}

/* The names are copied first: the visitor may remove them. */
static int sim_list(int dir_fd, file_visit *visit, void *context)
{
	static struct name copy[NAMES_MAX];
	uint32_t dir = file_of(dir_fd)->number, count = 0;

	step();
	if (fails(used->faults.read_eio))
		return -1;
	for (uint32_t index = 0; index < used->seen_count; index++)
		if (used->seen[index].dir == dir)
			copy[count++] = used->seen[index];
	for (uint32_t index = 0; index < count; index++)
		visit(context, copy[index].text);
	return 0;
}

static int sim_lock(int fd)
{
	(void)file_of(fd);
	return 0;
}

/* A batch takes its time from when it is first asked about. */
static bool sim_busy(void)
{
	if (used->ready_ms == 0)
		used->ready_ms = sim.now_ms + used->faults.latency_ms;
	if (sim.now_ms < used->ready_ms)
		return true;
	used->ready_ms = 0;
	return false;
}

int64_t disk_busy_until(const struct disk *disk)
{
	return disk->ready_ms == 0 ? INT64_MAX : disk->ready_ms;
}

const struct file_ops disk_ops = {
	.openat = sim_openat,
	.pread = sim_pread,
	.pwrite = sim_pwrite,
	.fdatasync = sync_file,
	.fsync = sync_file,
	.ftruncate = sim_ftruncate,
	.renameat = sim_renameat,
	.unlinkat = sim_unlinkat,
	.close = sim_close,
	.mkdirat = sim_mkdirat,
	.renameat2 = sim_renameat2,
	.size = sim_size,
	.list = sim_list,
	.lock = sim_lock,
	.busy = sim_busy,
};
