/* file_ops: the system calls through which the log and the snapshots touch the disk, so that tests can fail
 * each. */
#ifndef STORE_FILE_OPS_H
#define STORE_FILE_OPS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/error.h"

/* Takes one name of a directory. */
typedef void file_visit(void *context, const char *name);

/*
 * Each as POSIX or Linux has it: -1 and errno on failure. `pwrite` may write less than asked. busy may be NULL; it is
 * asked by a log without a thread (log_config.no_thread) before it writes: true puts that off.
 */
struct file_ops {
	int (*openat)(int dir_fd, const char *name, int flags, mode_t mode);
	ssize_t (*pread)(int fd, void *bytes, size_t size, off_t offset);
	ssize_t (*pwrite)(int fd, const void *bytes, size_t size, off_t offset);
	int (*fdatasync)(int fd);
	int (*fsync)(int fd);
	int (*ftruncate)(int fd, off_t size);
	int (*renameat)(int from_dir_fd, const char *from, int to_dir_fd, const char *to);
	int (*unlinkat)(int dir_fd, const char *name, int flags);
	int (*close)(int fd);
	int (*mkdirat)(int dir_fd, const char *name, mode_t mode);
	int (*renameat2)(
		int from_dir_fd, const char *from, int to_dir_fd, const char *to, unsigned int flags);
	int (*size)(int fd, uint64_t *bytes);
	int (*list)(int dir_fd, file_visit *visit, void *context); /* all names, in any order */
	int (*lock)(int fd); /* one process at a time; a forked child does not hold it */
	bool (*busy)(void);
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
