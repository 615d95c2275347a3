/* test_log_faults: every call to the disk made to fail, one after the other; a full disk; the queue; what a failed drain
 * leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#include <cmocka.h>

#include "log_fixture.h"

/* --- faults: the calls numbered from `from` to before `until` fail ---------------------------------- */

static struct {
	_Atomic long calls, reads;
	long from, until;
	int os_errno;
	bool half; /* a failing write takes half of the bytes first */
	bool cuts_fail;
} fault;

static bool due(void)
{
	long call = atomic_fetch_add(&fault.calls, 1);

	if (call < fault.from || call >= fault.until)
		return false;
	errno = fault.os_errno;
	return true;
}

static int fault_openat(int dir_fd, const char *name, int flags, mode_t mode)
{
	return due() ? -1 : file_ops_real.openat(dir_fd, name, flags, mode);
}

static ssize_t fault_pread(int fd, void *bytes, size_t size, off_t offset)
{
	return due() ? -1 : pread(fd, bytes, size, offset);
}

static ssize_t fault_pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	if (!due())
		return pwrite(fd, bytes, size, offset);
	if (fault.half && pwrite(fd, bytes, size / 2, offset) < 0)
		return -1;
	errno = fault.os_errno;
	return -1;
}

/* A failed fdatasync has often written: the worst case for whoever opens the file again. */
static int fault_fdatasync(int fd)
{
	return due() ? -1 : fdatasync(fd);
}

static int fault_fsync(int fd)
{
	return due() ? -1 : fsync(fd);
}

static int fault_ftruncate(int fd, off_t size)
{
	if (fault.cuts_fail) {
		errno = EIO;
		return -1;
	}
	return due() ? -1 : ftruncate(fd, size);
}

static int fault_renameat(int from_dir_fd, const char *from, int to_dir_fd, const char *to)
{
	return due() ? -1 : renameat(from_dir_fd, from, to_dir_fd, to);
}

static int fault_unlinkat(int dir_fd, const char *name, int flags)
{
	return due() ? -1 : unlinkat(dir_fd, name, flags);
}

static struct file_ops fault_ops;

/* What is not made to fail is real. */
static void fault_ops_make(void)
{
	fault_ops = file_ops_real;
	fault_ops.openat = fault_openat;
	fault_ops.pread = fault_pread;
	fault_ops.pwrite = fault_pwrite;
	fault_ops.fdatasync = fault_fdatasync;
	fault_ops.fsync = fault_fsync;
	fault_ops.ftruncate = fault_ftruncate;
	fault_ops.renameat = fault_renameat;
	fault_ops.unlinkat = fault_unlinkat;
}

static void fault_set(long from, long until, int os_errno, bool half)
{
	atomic_store(&fault.calls, 0);
	fault.from = from;
	fault.until = until;
	fault.os_errno = os_errno;
	fault.half = half;
	fault.cuts_fail = false;
}

/* --- a log of some segments and a torn tail, as a killed process leaves it -------------------------- */

enum { LEFT_LAST = 30, LAST = 100, BATCH = 7 };

static void torn_log_make(struct fixture *fixture)
{
	uint8_t bytes[4096];
	char path[160];
	const struct file_ops *ops = fixture->config.ops;

	fixture_clear(fixture);
	fixture->config.ops = NULL;
	assert_int_equal(fixture_open(fixture), DISP_OK);
	fixture_write(fixture, 1, 10);
	fixture_write(fixture, 11, 10);
	fixture_write(fixture, 21, 10);
	fixture_write(fixture, 31, 10);
	assert_int_equal(log_close(fixture->log), DISP_OK);
	fixture_path(fixture, 31, path); /* 1 and 11, then 21, then 31 */
	size_t size = fixture_load(path, bytes, sizeof bytes);
	fixture_store(path, bytes, size - 1);
	fixture->config.ops = ops;
}

static void read_along(struct log_reader *reader, uint64_t *next, uint64_t durable)
{
	struct log_row row;
	enum disp_err err;

	while ((err = log_reader_next(reader, &row)) == DISP_OK)
		fixture_row_check(&row, (*next)++);
	if (err == DISP_E_IO) { /* the reader was hit: it may just be asked again */
		while ((err = log_reader_next(reader, &row)) == DISP_OK)
			fixture_row_check(&row, (*next)++);
	}
	assert_true(err == DISP_E_AGAIN || err == DISP_E_IO);
	if (err == DISP_E_AGAIN)
		assert_true(*next > durable);
}

static void open_with_faults(struct fixture *fixture)
{
	enum disp_err err;

	while ((err = fixture_open(fixture)) != DISP_OK) {
		assert_int_equal(err, DISP_E_IO);
		assert_int_equal(fixture->report.os_errno, fault.os_errno);
		assert_string_not_equal(fixture->report.what, "");
		assert_null(fixture->log);
	}
	assert_int_equal(fixture->report.last_seq, LEFT_LAST);
}

/* Goes on through every failure. Returns false when no call was left to fail. */
static bool recovers_from(struct fixture *fixture, long from, long count, int os_errno, bool half)
{
	struct log_reader *reader;
	uint64_t read_next = 1;

	torn_log_make(fixture);
	fault_set(from, from + count, os_errno, half);
	open_with_faults(fixture);
	assert_int_equal(log_reader_open(&reader, fixture->log, 0), DISP_OK);
	for (uint64_t seq = LEFT_LAST + 1; seq <= LAST; seq += BATCH) {
		assert_int_equal(fixture_submit(fixture, seq, BATCH), DISP_OK);
		while (log_wait(fixture->log, seq + BATCH - 1) != DISP_OK) {
			struct log_state state = log_state(fixture->log);
			assert_int_equal(state.status, LOG_FAILED);
			assert_int_equal(state.os_errno, os_errno);
			assert_string_not_equal(state.what, "");
			assert_true(log_durable_seq(fixture->log) < seq);
			read_along(reader, &read_next, seq - 1);
			assert_int_equal(log_recover(fixture->log), DISP_OK);
		}
		read_along(reader, &read_next, seq + BATCH - 1);
	}
	bool more = atomic_load(&fault.calls) > from;
	fault_set(0, 0, 0, false);
	read_along(reader, &read_next, LAST);
	assert_int_equal(read_next, LAST + 1);
	log_reader_close(reader);
	assert_int_equal(log_close(fixture->log), DISP_OK);
	fixture_read_dir(fixture, 1, LAST, DISP_E_AGAIN);
	assert_int_equal(fixture_open(fixture), DISP_OK);
	assert_int_equal(fixture->report.last_seq, LAST);
	assert_int_equal(fixture->report.cut_bytes, 0);
	assert_int_equal(log_close(fixture->log), DISP_OK);
	return more;
}

static void each_call_fails_and_the_log_recovers(void **state)
{
	static const struct {
		long count;
		int os_errno;
		bool half;
	} kind[] = {{1, EIO, false}, {1, EIO, true}, {5, ENOSPC, true}, {3, EIO, false}};
	struct fixture fixture;

	(void)state;
	fixture_begin(&fixture, 500);
	fixture.config.ops = &fault_ops;
	for (size_t index = 0; index < sizeof kind / sizeof *kind; index++) {
		long from = 0;
		while (recovers_from(
			&fixture, from, kind[index].count, kind[index].os_errno, kind[index].half))
			from++;
		assert_true(from > 60);
	}
	fixture_end(&fixture);
}

/* Does not go on, but dies at the first failure; with and without the failed file's tail being cut. */
static bool survives(struct fixture *fixture, long from, bool half, bool cuts_fail)
{
	uint64_t durable = LEFT_LAST;

	torn_log_make(fixture);
	fault_set(from, from + 1, EIO, half);
	if (fixture_open(fixture) == DISP_OK) {
		fault.cuts_fail = cuts_fail;
		for (uint64_t seq = LEFT_LAST + 1; seq <= LAST; seq += BATCH) {
			assert_int_equal(fixture_submit(fixture, seq, BATCH), DISP_OK);
			if (log_wait(fixture->log, seq + BATCH - 1) != DISP_OK)
				break;
			durable = seq + BATCH - 1;
		}
		assert_int_equal(log_close(fixture->log), durable == LAST ? DISP_OK : DISP_E_IO);
	}
	bool more = atomic_load(&fault.calls) > from;
	fault_set(0, 0, 0, false);
	assert_int_equal(fixture_open(fixture), DISP_OK);
	assert_true(fixture->report.last_seq >= durable);
	assert_true(fixture->report.last_seq <= LAST);
	assert_int_equal(log_close(fixture->log), DISP_OK);
	fixture_read_dir(fixture, 1, fixture->report.last_seq, DISP_E_AGAIN);
	return more;
}

static void each_call_fails_and_the_process_ends(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_begin(&fixture, 500);
	fixture.config.ops = &fault_ops;
	for (int kind = 0; kind < 4; kind++) {
		long from = 0;
		while (survives(&fixture, from, kind & 1, kind & 2))
			from++;
		assert_true(from > 60);
	}
	fixture_end(&fixture);
}

static bool name_exists(const struct fixture *fixture, uint64_t segment)
{
	char path[160];

	fixture_path(fixture, segment, path);
	return access(path, F_OK) == 0;
}

/* The failed file keeps whole records of rows that stand again in the next segment. */
static void rows_written_twice_are_read_once(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_begin(&fixture, 0);
	fixture.config.ops = &fault_ops;
	fault_set(0, 0, 0, false);
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	fixture_write(&fixture, 1, 10);
	long calls = atomic_load(&fault.calls);
	fault_set(1, 2, EIO, false); /* the write succeeds, fdatasync fails */
	fault.cuts_fail = true;
	assert_true(calls > 2);
	assert_int_equal(fixture_submit(&fixture, 11, 10), DISP_OK);
	assert_int_equal(log_wait(fixture.log, 20), DISP_E_IO);
	assert_int_equal(log_durable_seq(fixture.log), 10);
	fixture_read_dir(&fixture, 1, 20, DISP_E_AGAIN);             /* it is there, and nobody was told */
	assert_int_equal(fixture_submit(&fixture, 21, 10), DISP_OK); /* taken, waits */
	assert_int_equal(log_recover(fixture.log), DISP_OK);
	assert_int_equal(log_wait(fixture.log, 30), DISP_OK);
	assert_true(name_exists(&fixture, 11));
	fixture_read_dir(&fixture, 1, 30, DISP_E_AGAIN);
	assert_int_equal(log_close(fixture.log), DISP_OK);
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	assert_int_equal(fixture.report.last_seq, 30);
	struct log_row row;
	for (uint64_t seq = 30; seq > 0; seq--) {
		assert_int_equal(log_read_at(fixture.log, seq, &row), DISP_OK);
		fixture_row_check(&row, seq);
	}
	assert_int_equal(log_close(fixture.log), DISP_OK);
	fixture_end(&fixture);
}

/* What failed is cut off at once, so that a later start cannot take it from the page cache for durable. */
static void failed_rows_are_cut_off(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_begin(&fixture, 0);
	fixture.config.ops = &fault_ops;
	fault_set(0, 0, 0, false);
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	fixture_write(&fixture, 1, 10);
	fault_set(1, 2, EIO, false);
	assert_int_equal(fixture_submit(&fixture, 11, 10), DISP_OK);
	assert_int_equal(log_wait(fixture.log, 20), DISP_E_IO);
	assert_int_equal(log_close(fixture.log), DISP_E_IO);
	fixture_read_dir(&fixture, 1, 10, DISP_E_AGAIN);
	fixture_end(&fixture);
}

/* --- a gate: the writer waits before each write of rows ---------------------------------------------- */

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t moved;
	bool shut, waiting;
} gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, false};

static ssize_t gate_pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	pthread_mutex_lock(&gate.mutex);
	gate.waiting = true;
	pthread_cond_broadcast(&gate.moved);
	while (gate.shut)
		pthread_cond_wait(&gate.moved, &gate.mutex);
	gate.waiting = false;
	pthread_mutex_unlock(&gate.mutex);
	return pwrite(fd, bytes, size, offset);
}

static void gate_shut(void)
{
	pthread_mutex_lock(&gate.mutex);
	gate.shut = true;
	gate.waiting = false;
	pthread_mutex_unlock(&gate.mutex);
}

static void gate_await_writer(void)
{
	pthread_mutex_lock(&gate.mutex);
	while (!gate.waiting)
		pthread_cond_wait(&gate.moved, &gate.mutex);
	pthread_mutex_unlock(&gate.mutex);
}

static void gate_open(void)
{
	pthread_mutex_lock(&gate.mutex);
	gate.shut = false;
	pthread_cond_broadcast(&gate.moved);
	pthread_mutex_unlock(&gate.mutex);
}

static void full_queue_refuses_and_comes_back(void **state)
{
	struct fixture fixture;
	struct file_ops ops = file_ops_real;
	uint8_t big[3000] = {0};
	uint64_t next = 1;
	enum disp_err err;

	(void)state;
	ops.pwrite = gate_pwrite;
	fixture_begin(&fixture, 0);
	fixture.config.ops = &ops;
	fixture.config.queue_bytes_max = 2000;
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	assert_int_equal(log_submit(fixture.log, 1, &(struct log_bytes){big, sizeof big}, 1), DISP_E_INPUT);
	gate_shut();
	assert_int_equal(fixture_submit(&fixture, next++, 1), DISP_OK);
	gate_await_writer(); /* it holds the first, the rest waits in the other buffer */
	while ((err = fixture_submit(&fixture, next, 1)) == DISP_OK)
		next++;
	assert_int_equal(err, DISP_E_FULL);
	assert_true(next > 20);
	assert_int_equal(log_durable_seq(fixture.log), 0);
	assert_true(log_state(fixture.log).waiting_bytes > 1900);
	gate_open();
	assert_int_equal(log_wait(fixture.log, next - 1), DISP_OK);
	fixture_write(&fixture, next, 1);
	assert_int_equal(log_close(fixture.log), DISP_OK);
	fixture_read_dir(&fixture, 1, next, DISP_E_AGAIN);
	fixture_end(&fixture);
}

/* The reader has read ahead into a record whose first half was not there yet; later it is whole. */
static ssize_t gate_after_half(int fd, const void *bytes, size_t size, off_t offset)
{
	if (pwrite(fd, (const uint8_t *)bytes + size / 2, size - size / 2, offset + (off_t)(size / 2)) < 0)
		return -1;
	return gate_pwrite(fd, bytes, size, offset);
}

static void half_written_record_is_no_damage(void **state)
{
	struct fixture fixture;
	struct file_ops ops = file_ops_real;
	struct log_reader *reader;
	struct log_row row;

	(void)state;
	ops.pwrite = gate_after_half;
	fixture_begin(&fixture, 0);
	fixture.config.ops = &ops;
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	fixture_write(&fixture, 11, 2);
	gate_shut();
	assert_int_equal(fixture_submit(&fixture, 13, 20), DISP_OK);
	gate_await_writer();
	assert_int_equal(log_reader_open(&reader, fixture.log, 0), DISP_OK);
	assert_int_equal(log_reader_next(reader, &row), DISP_OK);
	gate_open();
	assert_int_equal(log_wait(fixture.log, 32), DISP_OK);
	for (uint64_t seq = 12; seq <= 32; seq++) {
		assert_int_equal(log_reader_next(reader, &row), DISP_OK);
		fixture_row_check(&row, seq);
	}
	assert_int_equal(log_reader_next(reader, &row), DISP_E_AGAIN);
	log_reader_close(reader);
	assert_int_equal(log_close(fixture.log), DISP_OK);
	fixture_end(&fixture);
}

/* Rows that shared one fdatasync were durable together or not at all: a hole among them is a torn tail. */
static void hole_within_one_drain_is_a_torn_tail(void **state)
{
	struct fixture fixture;
	struct file_ops ops = file_ops_real;
	uint8_t bytes[4096];
	char path[160];

	(void)state;
	ops.pwrite = gate_pwrite;
	fixture_begin(&fixture, 0);
	fixture.config.ops = &ops;
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	gate_shut();
	assert_int_equal(fixture_submit(&fixture, 1, 5), DISP_OK);
	gate_await_writer();
	for (uint64_t seq = 6; seq <= 20; seq += 5)
		assert_int_equal(fixture_submit(&fixture, seq, 5), DISP_OK);
	gate_open();
	assert_int_equal(log_close(fixture.log), DISP_OK);

	fixture_path(&fixture, 1, path);
	size_t size = fixture_load(path, bytes, sizeof bytes);
	size_t hole = 40 + 32 + 5 * 4 + (1 + 2 + 3 + 4 + 5) + 33; /* in the record of row 6 */
	bytes[hole] ^= 0xff;
	fixture_store(path, bytes, size);
	fixture_read_dir(&fixture, 1, 5, DISP_E_AGAIN);
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	assert_false(fixture.report.damaged);
	assert_int_equal(fixture.report.last_seq, 5);
	assert_int_equal(fixture.report.cut_rows, 10);
	assert_int_equal(fixture.report.cut_bytes, size - (hole - 33));
	assert_int_equal(log_close(fixture.log), DISP_OK);
	fixture_end(&fixture);
}

int main(void)
{
	fault_ops_make();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_call_fails_and_the_log_recovers),
		cmocka_unit_test(each_call_fails_and_the_process_ends),
		cmocka_unit_test(rows_written_twice_are_read_once),
		cmocka_unit_test(failed_rows_are_cut_off),
		cmocka_unit_test(full_queue_refuses_and_comes_back),
		cmocka_unit_test(half_written_record_is_no_damage),
		cmocka_unit_test(hole_within_one_drain_is_a_torn_tail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
