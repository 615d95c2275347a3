/* file_ops: the system calls through which the log and the snapshots touch the disk, so that tests can fail
 * each. */
#ifndef STORE_FILE_OPS_H
#define STORE_FILE_OPS_H

#include <stdint.h>
#include <sys/types.h>

#include "core/error.h"

/* Each as POSIX has it: -1 and errno on failure. `pwrite` may write less than asked. */
struct file_ops {
	int (*openat)(int dir_fd, const char *name, int flags, mode_t mode);
	ssize_t (*pread)(int fd, void *bytes, size_t size, off_t offset);
	ssize_t (*pwrite)(int fd, const void *bytes, size_t size, off_t offset);
	int (*fdatasync)(int fd);
	int (*fsync)(int fd);
	int (*ftruncate)(int fd, off_t size);
	int (*renameat)(int from_dir_fd, const char *from, int to_dir_fd, const char *to);
	int (*unlinkat)(int dir_fd, const char *name, int flags);
};

extern const struct file_ops file_ops_real;

/* Writes all bytes, going on after a short write or EINTR. DISP_E_IO: errno says why. Async-signal-safe. */
enum disp_err file_write_all(
	const struct file_ops *ops, int fd, const void *bytes, size_t size, uint64_t offset) DISP_MUSTCHECK;

/* Reads up to `size` bytes; *got is less only at the end of the file. DISP_E_IO: errno says why. */
enum disp_err file_read_some(const struct file_ops *ops, int fd, void *bytes, size_t size, uint64_t offset,
	size_t *got) DISP_MUSTCHECK;

/* Puts prefix, seq as 20 digits and suffix into name; ASSERTs that it fits. Async-signal-safe. */
enum { FILE_NAME_BYTES = 48 };
void file_name_put(char name[FILE_NAME_BYTES], const char *prefix, uint64_t seq, const char *suffix);

/* Reads such a name back. False: it is another file's name. */
_Bool file_name_get(const char *name, const char *prefix, const char *suffix, uint64_t *seq);

#endif
