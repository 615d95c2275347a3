/* test_log_open: what an opening log does to bytes that may not be on the disk; the disk here says when. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>

#include "log_fixture.h"

enum { OPENING_BYTES = 40, HEAD_BYTES = 32 };

/* Bytes that were written since the last fdatasync, and whether it fails. */
static uint64_t written;
static uint64_t written_from;
static bool sync_fails;

static ssize_t counting_pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	if (written == 0)
		written_from = (uint64_t)offset;
	written += size;
	return pwrite(fd, bytes, size, offset);
}

/* As a kernel does it: what was dirty is clean afterwards, also when it could not be written. */
static int counting_fdatasync(int fd)
{
	written = 0;
	errno = EIO;
	return sync_fails ? -1 : fdatasync(fd);
}

static uint64_t synced_bytes;
static int watching_fdatasync(int fd)
{
	synced_bytes = written;
	return counting_fdatasync(fd);
}

/* The end of the log, in one record and in several, with and without a run before it. */
static void after_a_failed_sync_the_end_is_written_again(void **state)
{
	struct file_ops ops = file_ops_real;

	(void)state;
	ops.pwrite = counting_pwrite;
	for (uint32_t runs = 1; runs <= 3; runs++) {
		struct fixture fixture;
		uint64_t last = 0;

		fixture_begin(&fixture, 0);
		fixture.config.ops = &ops;
		ops.fdatasync = counting_fdatasync;
		sync_fails = false;
		assert_int_equal(fixture_open(&fixture), DISP_OK);
		for (uint32_t run = 0; run < runs; run++, last += 5)
			fixture_write(&fixture, last + 1, 5);
		assert_int_equal(log_close(fixture.log), DISP_OK);

		sync_fails = true;
		assert_int_equal(fixture_open(&fixture), DISP_E_IO);
		sync_fails = false;
		ops.fdatasync = watching_fdatasync;
		synced_bytes = 0;
		assert_int_equal(fixture_open(&fixture), DISP_OK);
		assert_true(synced_bytes > HEAD_BYTES); /* the last run, and it alone */
		assert_true(synced_bytes <= OPENING_BYTES + HEAD_BYTES + 5 * (4 + FIXTURE_ROW_BYTES));
		assert_int_equal(written_from > 0, runs > 1);
		assert_int_equal(fixture.report.last_seq, last);
		assert_int_equal(log_close(fixture.log), DISP_OK);
		fixture_read_dir(&fixture, 1, last, DISP_E_AGAIN);
		fixture_end(&fixture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(after_a_failed_sync_the_end_is_written_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
