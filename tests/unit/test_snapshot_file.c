/* test_snapshot_file: whole or not there; the older one when the newest is damaged; every call failing; from a
 * forked child. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/snapshot_file.h"

enum { BIG_BYTES = 3 * SNAPSHOT_BUFFER_BYTES + 17 };

static struct snapshot_writer writer;
static uint8_t big[BIG_BYTES];

static int dir_make(char name[32])
{
	strcpy(name, "/tmp/test_snapshot.XXXXXX");
	assert_non_null(mkdtemp(name));
	int fd = open(name, O_RDONLY | O_DIRECTORY);
	assert_true(fd >= 0);
	for (uint32_t index = 0; index < BIG_BYTES; index++)
		big[index] = (uint8_t)(index * 2654435761u >> 24);
	return fd;
}

static int dir_count(const char *name)
{
	DIR *dir = opendir(name);
	int count = -2; /* . and .. */

	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static void dir_clear(const char *name, bool itself)
{
	DIR *dir = opendir(name);
	const struct dirent *entry;
	char path[400];

	while ((entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof path, "%s/%s", name, entry->d_name);
		unlink(path);
	}
	closedir(dir);
	if (itself)
		rmdir(name);
}

static enum disp_err write_small(const struct file_ops *ops, int dir_fd, uint64_t seq)
{
	snapshot_begin(&writer, ops, dir_fd, seq);
	snapshot_section_begin(&writer, 7);
	snapshot_put(&writer, &seq, sizeof seq);
	snapshot_section_begin(&writer, 8);
	return snapshot_commit(&writer);
}

static void newest_is(int dir_fd, uint64_t seq, uint32_t damaged_count)
{
	struct snapshot snapshot;
	struct snapshot_report report;
	const uint8_t *bytes;
	uint64_t size, value;

	assert_int_equal(snapshot_read_newest(&snapshot, NULL, dir_fd, &report), DISP_OK);
	assert_int_equal(report.damaged_count, damaged_count);
	assert_int_equal(snapshot.seq, seq);
	assert_int_equal(snapshot_find(&snapshot, 7, &bytes, &size), DISP_OK);
	assert_int_equal(size, sizeof value);
	memcpy(&value, bytes, sizeof value);
	assert_int_equal(value, seq);
	assert_int_equal(snapshot_find(&snapshot, 8, &bytes, &size), DISP_OK);
	assert_int_equal(size, 0);
	snapshot_free(&snapshot);
}

static void sections_come_back(void **state)
{
	char name[32];
	int dir_fd = dir_make(name);
	struct snapshot snapshot;
	struct snapshot_report report;
	const uint8_t *bytes;
	uint64_t size;

	(void)state;
	assert_int_equal(snapshot_read_newest(&snapshot, NULL, dir_fd, &report), DISP_E_NONE);
	snapshot_begin(&writer, NULL, dir_fd, 4711);
	snapshot_section_begin(&writer, 1);
	for (size_t at = 0; at < BIG_BYTES; at += 1000)
		snapshot_put(&writer, big + at, BIG_BYTES - at < 1000 ? BIG_BYTES - at : 1000);
	snapshot_section_begin(&writer, 2);
	snapshot_section_begin(&writer, 3);
	snapshot_put(&writer, big, BIG_BYTES);
	assert_int_equal(snapshot_commit(&writer), DISP_OK);

	assert_int_equal(snapshot_read_newest(&snapshot, NULL, dir_fd, &report), DISP_OK);
	assert_int_equal(snapshot.seq, 4711);
	assert_int_equal(snapshot.count, 3);
	for (uint32_t id = 1; id <= 3; id += 2) {
		assert_int_equal(snapshot_find(&snapshot, id, &bytes, &size), DISP_OK);
		assert_int_equal(size, BIG_BYTES);
		assert_memory_equal(bytes, big, BIG_BYTES);
	}
	assert_int_equal(snapshot_find(&snapshot, 2, &bytes, &size), DISP_OK);
	assert_int_equal(size, 0);
	assert_int_equal(snapshot_find(&snapshot, 4, &bytes, &size), DISP_E_NONE);
	snapshot_free(&snapshot);

	snapshot_begin(&writer, NULL, dir_fd, 4712);
	for (uint32_t id = 0; id <= SNAPSHOT_SECTIONS_MAX; id++)
		snapshot_section_begin(&writer, id);
	assert_int_equal(snapshot_commit(&writer), DISP_E_FULL);
	assert_int_equal(dir_count(name), 1);
	dir_clear(name, true);
	close(dir_fd);
}

static void damaged_newest_gives_the_older(void **state)
{
	char name[32], path[128];
	int dir_fd = dir_make(name);
	uint8_t bytes[512], flipped;
	struct snapshot snapshot;
	struct snapshot_report report;

	(void)state;
	assert_int_equal(write_small(NULL, dir_fd, 10), DISP_OK);
	assert_int_equal(write_small(NULL, dir_fd, 20), DISP_OK);
	newest_is(dir_fd, 20, 0);
	snprintf(path, sizeof path, "%s/snapshot-%020d.snap", name, 20);
	int fd = open(path, O_RDWR);
	ssize_t size = pread(fd, bytes, sizeof bytes, 0);
	assert_true(size > 80 && size < (ssize_t)sizeof bytes);
	for (ssize_t at = 0; at < size; at++) {
		flipped = bytes[at] ^ (uint8_t)(1 << at % 8);
		assert_int_equal(pwrite(fd, &flipped, 1, at), 1);
		newest_is(dir_fd, 10, 1);
		assert_int_equal(snapshot_read_newest(&snapshot, NULL, dir_fd, &report), DISP_OK);
		assert_int_equal(report.damaged_seq, 20);
		assert_string_not_equal(report.what, "");
		snapshot_free(&snapshot);
		assert_int_equal(pwrite(fd, bytes + at, 1, at), 1);
	}
	newest_is(dir_fd, 20, 0);
	for (ssize_t at = size - 1; at >= 0; at--) {
		assert_int_equal(ftruncate(fd, at), 0);
		newest_is(dir_fd, 10, 1);
	}
	close(fd);
	snprintf(path, sizeof path, "%s/snapshot-%020d.snap", name, 10);
	assert_int_equal(truncate(path, 30), 0);
	assert_int_equal(snapshot_read_newest(&snapshot, NULL, dir_fd, &report), DISP_E_DAMAGED);
	assert_int_equal(report.damaged_count, 2);
	dir_clear(name, true);
	close(dir_fd);
}

static void prune_keeps_the_newest_two(void **state)
{
	char name[32], path[128];
	int dir_fd = dir_make(name);
	uint64_t oldest;

	(void)state;
	assert_int_equal(snapshot_prune(NULL, dir_fd, &oldest), DISP_OK);
	assert_int_equal(oldest, 0);
	for (uint64_t seq = 100; seq <= 500; seq += 100)
		assert_int_equal(write_small(NULL, dir_fd, seq), DISP_OK);
	snprintf(path, sizeof path, "%s/snapshot-%020d.tmp", name, 600);
	close(open(path, O_WRONLY | O_CREAT, 0600));
	assert_int_equal(snapshot_prune(NULL, dir_fd, &oldest), DISP_OK);
	assert_int_equal(oldest, 400);
	assert_int_equal(dir_count(name), 2);
	newest_is(dir_fd, 500, 0);
	dir_clear(name, true);
	close(dir_fd);
}

/* --- every call fails once -------------------------------------------------------------------- */

static long calls_left;

static bool due(void)
{
	errno = EIO;
	return calls_left-- == 0;
}

static int fault_openat(int dir_fd, const char *name, int flags, mode_t mode)
{
	return due() ? -1 : file_ops_real.openat(dir_fd, name, flags, mode);
}

static ssize_t fault_pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	if (due()) {
		ssize_t half = pwrite(fd, bytes, size / 2, offset);
		errno = ENOSPC;
		return half < 0 ? half : -1;
	}
	return pwrite(fd, bytes, size > 100 ? 100 : size, offset); /* and short as a rule */
}

static int synced_count;

static int fault_fsync(int fd)
{
	synced_count++;
	return due() ? -1 : fsync(fd);
}

static int fault_renameat(int from_dir_fd, const char *from, int to_dir_fd, const char *to)
{
	return due() ? -1 : renameat(from_dir_fd, from, to_dir_fd, to);
}

static void each_call_fails(void **state)
{
	char name[32];
	int dir_fd = dir_make(name);
	struct file_ops ops = file_ops_real;
	struct snapshot snapshot;
	struct snapshot_report report;
	enum disp_err err = DISP_E_IO;
	long at;

	(void)state;
	ops.openat = fault_openat;
	ops.pwrite = fault_pwrite;
	ops.fsync = fault_fsync;
	ops.renameat = fault_renameat;
	for (at = 0; err != DISP_OK; at++) {
		dir_clear(name, false);
		assert_int_equal(write_small(NULL, dir_fd, 10), DISP_OK);
		calls_left = at;
		err = write_small(&ops, dir_fd, 20);
		assert_true(err == DISP_OK || (err == DISP_E_IO && writer.os_errno != 0));
		assert_int_equal(snapshot_read_newest(&snapshot, NULL, dir_fd, &report), DISP_OK);
		assert_int_equal(report.damaged_count, 0);
		assert_true(snapshot.seq == (err == DISP_OK ? 20 : 10) || calls_left == -1);
		assert_int_equal(dir_count(name), snapshot.seq == 20 ? 2 : 1); /* no .tmp is left */
		snapshot_free(&snapshot);
	}
	assert_true(at > 5);
	calls_left = -1;
	synced_count = 0;
	assert_int_equal(write_small(&ops, dir_fd, 40), DISP_OK);
	assert_int_equal(synced_count, 2); /* the file, and its name */
	dir_clear(name, true);
	close(dir_fd);
}

static void forked_child_writes_it(void **state)
{
	char name[32];
	int dir_fd = dir_make(name), status;

	(void)state;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(write_small(NULL, dir_fd, 30) == DISP_OK ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	newest_is(dir_fd, 30, 0);
	dir_clear(name, true);
	close(dir_fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_come_back),
		cmocka_unit_test(damaged_newest_gives_the_older),
		cmocka_unit_test(prune_keeps_the_newest_two),
		cmocka_unit_test(each_call_fails),
		cmocka_unit_test(forked_child_writes_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
