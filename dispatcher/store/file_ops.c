/* file_ops: the real system calls, whole reads and writes, and names with a sequence number in them. */
#include "store/file_ops.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEQ_DIGITS = 20 };

static int real_openat(int dir_fd, const char *name, int flags, mode_t mode)
{
	return openat(dir_fd, name, flags, mode);
}

static int real_size(int fd, uint64_t *bytes)
{
	struct stat stat;

	if (fstat(fd, &stat) != 0)
		return -1;
	*bytes = (uint64_t)stat.st_size;
	return 0;
}

static int real_list(int dir_fd, file_visit *visit, void *context)
{
	int own_fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = own_fd < 0 ? NULL : fdopendir(own_fd);
	const struct dirent *entry;

	if (dir == NULL) {
		int why = errno;

		if (own_fd >= 0)
			close(own_fd);
		errno = why;
		return -1;
	}
	for (errno = 0; (entry = readdir(dir)) != NULL; errno = 0)
		visit(context, entry->d_name);
	int why = errno;

	closedir(dir);
	errno = why;
	return why == 0 ? 0 : -1;
}

static int real_lock(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_SETLK, &lock);
}

const struct file_ops file_ops_real = {
	.openat = real_openat,
	.pread = pread,
	.pwrite = pwrite,
	.fdatasync = fdatasync,
	.fsync = fsync,
	.ftruncate = ftruncate,
	.renameat = renameat,
	.unlinkat = unlinkat,
	.close = close,
	.mkdirat = mkdirat,
	.renameat2 = renameat2,
	.size = real_size,
	.list = real_list,
	.lock = real_lock,
};

enum disp_err file_write_all(
	const struct file_ops *ops, int fd, const void *bytes, size_t size, uint64_t offset)
{
	const uint8_t *at = bytes;

	while (size > 0) {
		ssize_t wrote = ops->pwrite(fd, at, size, (off_t)offset);
		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote == 0)
			errno = ENOSPC; /* no progress and no reason: never loop on it */
		if (wrote <= 0)
			return DISP_E_IO;
		at += wrote;
		offset += (uint64_t)wrote;
		size -= (size_t)wrote;
	}
	return DISP_OK;
}

enum disp_err file_read_some(
	const struct file_ops *ops, int fd, void *bytes, size_t size, uint64_t offset, size_t *got)
{
	uint8_t *at = bytes;

	*got = 0;
	while (*got < size) {
		ssize_t have = ops->pread(fd, at + *got, size - *got, (off_t)(offset + *got));
		if (have < 0 && errno == EINTR)
			continue;
		if (have < 0)
			return DISP_E_IO;
		if (have == 0)
			break;
		*got += (size_t)have;
	}
	return DISP_OK;
}

void file_name_put(char name[FILE_NAME_BYTES], const char *prefix, uint64_t seq, const char *suffix)
{
	size_t before = strlen(prefix), after = strlen(suffix);

	ASSERT(before + SEQ_DIGITS + after < FILE_NAME_BYTES);
	memcpy(name, prefix, before);
	for (size_t digit = SEQ_DIGITS; digit > 0; digit--, seq /= 10)
		name[before + digit - 1] = (char)('0' + seq % 10);
	memcpy(name + before + SEQ_DIGITS, suffix, after + 1);
}

bool file_name_get(const char *name, const char *prefix, const char *suffix, uint64_t *seq)
{
	size_t before = strlen(prefix);

	if (strncmp(name, prefix, before) != 0 || strlen(name) != before + SEQ_DIGITS + strlen(suffix))
		return false;
	if (strcmp(name + before + SEQ_DIGITS, suffix) != 0)
		return false;
	*seq = 0;
	for (size_t digit = 0; digit < SEQ_DIGITS; digit++) {
		char c = name[before + digit];
		if (c < '0' || c > '9')
			return false;
		if (__builtin_mul_overflow(*seq, (uint64_t)10, seq) ||
			__builtin_add_overflow(*seq, (uint64_t)(c - '0'), seq))
			return false;
	}
	return true;
}
