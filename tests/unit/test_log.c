/* test_log: what is written comes back; rolling, pruning, looking up, reading along; torn and damaged files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "log_fixture.h"

enum { OPENING_BYTES = 40, HEAD_BYTES = 32 };

static uint64_t count_files(const struct fixture *fixture, const char *suffix)
{
	char name[160];
	uint64_t count = 0;
	snprintf(name, sizeof name, "%s/log", fixture->dir);
	DIR *dir = opendir(name);
	const struct dirent *entry;

	while ((entry = readdir(dir)) != NULL) {
		size_t len = strlen(entry->d_name), end = strlen(suffix);
		count += len > end && strcmp(entry->d_name + len - end, suffix) == 0;
	}
	closedir(dir);
	return count;
}

static void round_trip_and_reopen(void **state)
{
	struct fixture fixture;
	struct log_row row;

	(void)state;
	fixture_begin(&fixture, 0);
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	assert_int_equal(fixture.report.first_seq, 1);
	assert_int_equal(fixture.report.last_seq, 0);
	assert_int_equal(log_read_at(fixture.log, 1, &row), DISP_E_NONE);
	fixture_write(&fixture, 101, 3);
	assert_int_equal(fixture_submit(&fixture, 103, 1), DISP_E_INPUT);
	assert_int_equal(fixture_submit(&fixture, 105, 1), DISP_E_INPUT);
	assert_int_equal(fixture_submit(&fixture, 104, 0), DISP_E_INPUT);
	fixture_write(&fixture, 104, 40);
	assert_int_equal(log_durable_seq(fixture.log), 143);
	assert_int_equal(log_recover(fixture.log), DISP_E_NONE);
	assert_int_equal(log_close(fixture.log), DISP_OK);
	fixture_read_dir(&fixture, 101, 143, DISP_E_AGAIN);

	assert_int_equal(fixture_open(&fixture), DISP_OK);
	assert_int_equal(fixture.report.first_seq, 101);
	assert_int_equal(fixture.report.last_seq, 143);
	assert_int_equal(fixture.report.cut_bytes, 0);
	assert_string_equal(fixture.report.what, "");
	assert_int_equal(fixture_submit(&fixture, 101, 1), DISP_E_INPUT);
	assert_int_equal(fixture_submit(&fixture, 144, 9), DISP_OK);
	assert_int_equal(log_close(fixture.log), DISP_OK); /* closing writes what waits */
	fixture_read_dir(&fixture, 101, 152, DISP_E_AGAIN);
	fixture_end(&fixture);
}

static void segments_roll_and_prune(void **state)
{
	struct fixture fixture;
	struct log_reader *reader;
	struct log_row row;
	uint32_t removed;

	(void)state;
	fixture_begin(&fixture, 2048);
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	for (uint64_t seq = 1; seq <= 1000; seq += 10)
		fixture_write(&fixture, seq, 10);
	uint64_t segments = count_files(&fixture, ".log");
	assert_true(segments > 10);
	assert_int_equal(log_prune(fixture.log, 1, &removed), DISP_OK);
	assert_int_equal(removed, 0);
	assert_int_equal(log_prune(fixture.log, 501, &removed), DISP_OK);
	assert_true(removed > 4);
	assert_int_equal(count_files(&fixture, ".log"), segments - removed);
	assert_int_equal(log_reader_open(&reader, fixture.log, 1), DISP_E_NONE);
	assert_int_equal(log_reader_open(&reader, fixture.log, 501), DISP_OK);
	for (uint64_t seq = 501; seq <= 1000; seq++) {
		assert_int_equal(log_reader_next(reader, &row), DISP_OK);
		fixture_row_check(&row, seq);
	}
	assert_int_equal(log_reader_next(reader, &row), DISP_E_AGAIN);
	log_reader_close(reader);
	assert_int_equal(log_prune(fixture.log, UINT64_MAX, &removed), DISP_OK);
	assert_int_equal(count_files(&fixture, ".log"), 1); /* never the last */
	assert_int_equal(log_read_at(fixture.log, 501, &row), DISP_E_NONE);
	assert_int_equal(log_read_at(fixture.log, 1000, &row), DISP_OK);
	assert_int_equal(log_close(fixture.log), DISP_OK);
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	assert_int_equal(fixture.report.last_seq, 1000);
	assert_int_equal(log_close(fixture.log), DISP_OK);
	fixture_end(&fixture);
}

static void any_row_is_found_by_its_seq(void **state)
{
	struct fixture fixture;
	struct log_row row;

	(void)state;
	fixture_begin(&fixture, 300000);
	for (int life = 0; life < 2; life++) { /* the second life has to find the places anew */
		assert_int_equal(fixture_open(&fixture), DISP_OK);
		for (uint64_t seq = 1 + 20000 * (uint64_t)life; seq <= 20000 * (uint64_t)(life + 1);
			seq += 40)
			assert_int_equal(fixture_submit(&fixture, seq, 40), DISP_OK);
		uint64_t last = 20000 * (uint64_t)(life + 1), seq = 1;
		assert_int_equal(log_wait(fixture.log, last), DISP_OK);
		for (int look = 0; look < 3000; look++, seq = (seq * 7919 + 13) % last + 1) {
			assert_int_equal(log_read_at(fixture.log, seq, &row), DISP_OK);
			fixture_row_check(&row, seq);
		}
		assert_int_equal(log_read_at(fixture.log, last + 1, &row), DISP_E_NONE);
		assert_int_equal(log_read_at(fixture.log, 0, &row), DISP_E_NONE);
		assert_int_equal(log_close(fixture.log), DISP_OK);
	}
	assert_true(count_files(&fixture, ".log") > 2);
	fixture_end(&fixture);
}

static void reader_follows_the_writer(void **state)
{
	struct fixture fixture;
	struct log_reader *reader;
	struct log_row row;
	uint64_t next = 1, submitted = 0, told;
	enum disp_err err;

	(void)state;
	fixture_begin(&fixture, 5000);
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	assert_int_equal(log_reader_open(&reader, fixture.log, 0), DISP_OK);
	while (next <= 6000) {
		uint32_t count = (uint32_t)(submitted % 17 + 1);
		if (submitted < 6000) {
			assert_int_equal(fixture_submit(&fixture, submitted + 1, count), DISP_OK);
			submitted += count;
		} else {
			struct pollfd wait = {.fd = log_event_fd(fixture.log), .events = POLLIN};
			assert_int_equal(poll(&wait, 1, 10000), 1);
			assert_int_equal(read(wait.fd, &told, sizeof told), sizeof told);
		}
		uint64_t durable = log_durable_seq(fixture.log);
		while ((err = log_reader_next(reader, &row)) == DISP_OK)
			fixture_row_check(&row, next++);
		assert_int_equal(err, DISP_E_AGAIN);
		assert_true(next > durable);
	}
	log_reader_close(reader);
	assert_int_equal(log_close(fixture.log), DISP_OK);
	fixture_end(&fixture);
}

/* A log of three batches, each durable before the next: where each record begins, and its first row. */
static const uint64_t three_first[] = {5, 10, 12, 16};

static size_t three_batches(struct fixture *fixture, uint8_t *bytes, size_t max, uint64_t begin[4])
{
	char path[160];
	uint8_t row[FIXTURE_ROW_BYTES];

	assert_int_equal(fixture_open(fixture), DISP_OK);
	begin[0] = OPENING_BYTES;
	for (int batch = 0; batch < 3; batch++) {
		fixture_write(
			fixture, three_first[batch], (uint32_t)(three_first[batch + 1] - three_first[batch]));
		begin[batch + 1] = begin[batch] + HEAD_BYTES;
		for (uint64_t seq = three_first[batch]; seq < three_first[batch + 1]; seq++)
			begin[batch + 1] += 4 + fixture_row(seq, row);
	}
	assert_int_equal(log_close(fixture->log), DISP_OK);
	fixture_path(fixture, 5, path);
	size_t size = fixture_load(path, bytes, max);
	assert_int_equal(size, begin[3]);
	return size;
}

static void cut_file_check(const struct fixture *fixture, const uint8_t *bytes, size_t size)
{
	char path[256];
	uint8_t kept[2048];

	snprintf(path, sizeof path, "%s/log/%s", fixture->dir, fixture->report.cut_name);
	assert_int_equal(fixture_load(path, kept, sizeof kept), size);
	assert_memory_equal(kept, bytes, size);
}

static void torn_tail_at_every_byte(void **state)
{
	struct fixture fixture;
	uint8_t bytes[2048];
	uint64_t begin[4];
	char path[160];

	(void)state;
	fixture_begin(&fixture, 0);
	three_batches(&fixture, bytes, sizeof bytes, begin);
	fixture_path(&fixture, 5, path);
	for (size_t size = 0; size < begin[3]; size++) {
		uint64_t record = size < OPENING_BYTES ? 0 : OPENING_BYTES, last = 4;
		for (int batch = 0; batch < 3; batch++) {
			if (size >= begin[batch + 1])
				last = three_first[batch + 1] - 1, record = begin[batch + 1];
		}
		fixture_clear(&fixture);
		fixture_store(path, bytes, size);
		fixture_read_dir(&fixture, 5, last, DISP_E_AGAIN);
		assert_int_equal(fixture_open(&fixture), DISP_OK);
		assert_false(fixture.report.damaged);
		assert_int_equal(fixture.report.last_seq, last);
		assert_int_equal(fixture.report.cut_bytes, size - record);
		assert_int_equal(fixture.report.cut_rows, 0);
		if (size > record) {
			assert_int_equal(fixture.report.offset, record);
			assert_int_equal(fixture.report.segment, 5);
			assert_string_not_equal(fixture.report.what, "");
			cut_file_check(&fixture, bytes + record, size - record);
		}
		fixture_write(&fixture, last + 1, 4);
		assert_int_equal(log_close(fixture.log), DISP_OK);
		fixture_read_dir(&fixture, 5, last + 4, DISP_E_AGAIN);
		assert_int_equal(fixture_open(&fixture), DISP_OK);
		assert_int_equal(fixture.report.cut_bytes, 0);
		assert_int_equal(log_close(fixture.log), DISP_OK);
	}
	fixture_end(&fixture);
}

static void flipped_bit_at_every_byte(void **state)
{
	struct fixture fixture;
	uint8_t bytes[2048], after[2048];
	uint64_t begin[4];
	char path[160];

	(void)state;
	fixture_begin(&fixture, 0);
	size_t size = three_batches(&fixture, bytes, sizeof bytes, begin);
	fixture_path(&fixture, 5, path);
	for (size_t at = 0; at < size * 8; at++) {
		uint64_t record = at / 8 < begin[0]   ? 0
				  : at / 8 < begin[1] ? begin[0]
				  : at / 8 < begin[2] ? begin[1]
						      : begin[2];
		uint64_t last = record <= begin[0] ? 4 : record == begin[1] ? 9 : 11;
		bool tail = record == begin[2];
		fixture_clear(&fixture);
		bytes[at / 8] ^= (uint8_t)(1 << at % 8);
		fixture_store(path, bytes, size);
		fixture_read_dir(&fixture, 5, last, tail ? DISP_E_AGAIN : DISP_E_DAMAGED);
		assert_int_equal(fixture_open(&fixture), tail ? DISP_OK : DISP_E_DAMAGED);
		assert_int_equal(fixture.report.damaged, !tail);
		assert_int_equal(fixture.report.segment, 5);
		assert_int_equal(fixture.report.offset, record);
		assert_int_equal(fixture.report.last_seq, last);
		assert_string_not_equal(fixture.report.what, "");
		if (tail) {
			cut_file_check(&fixture, bytes + record, size - record);
			assert_int_equal(log_close(fixture.log), DISP_OK);
		} else { /* nothing on disk was changed */
			assert_null(fixture.log);
			assert_int_equal(fixture_load(path, after, sizeof after), size);
			assert_memory_equal(after, bytes, size);
		}
		bytes[at / 8] ^= (uint8_t)(1 << at % 8);
	}
	fixture_end(&fixture);
}

static void missing_and_damaged_segments_are_told(void **state)
{
	struct fixture fixture;
	uint8_t bytes[4096];
	char path[160];

	(void)state;
	fixture_begin(&fixture, 1); /* each batch its own segment: 1, 11, 21, 31 */
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	for (uint64_t seq = 1; seq <= 40; seq += 10)
		fixture_write(&fixture, seq, 10);
	assert_int_equal(log_close(fixture.log), DISP_OK);
	fixture_path(&fixture, 21, path);
	size_t size = fixture_load(path, bytes, sizeof bytes);

	unlink(path);
	assert_int_equal(fixture_open(&fixture), DISP_E_DAMAGED);
	assert_int_equal(fixture.report.segment, 31);
	assert_int_equal(fixture.report.first_seq, 1);
	assert_int_equal(fixture.report.last_seq, 20);
	fixture_read_dir(&fixture, 1, 20, DISP_E_DAMAGED);

	bytes[20] ^= 1; /* in the opening record */
	fixture_store(path, bytes, size);
	assert_int_equal(fixture_open(&fixture), DISP_E_DAMAGED);
	assert_int_equal(fixture.report.segment, 21);
	assert_int_equal(fixture.report.last_seq, 20);
	fixture_read_dir(&fixture, 1, 20, DISP_E_DAMAGED);

	bytes[20] ^= 1;
	bytes[size - 1] ^= 1; /* in a row of an old segment: log_open does not look, every reader does */
	fixture_store(path, bytes, size);
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	struct log_row row;
	assert_int_equal(log_read_at(fixture.log, 25, &row), DISP_E_DAMAGED);
	assert_int_equal(log_read_at(fixture.log, 20, &row), DISP_OK);
	assert_int_equal(log_read_at(fixture.log, 31, &row), DISP_OK);
	assert_int_equal(log_close(fixture.log), DISP_OK);
	fixture_read_dir(&fixture, 1, 20, DISP_E_DAMAGED);
	fixture_end(&fixture);
}

static void another_process_is_refused(void **state)
{
	struct fixture fixture;
	int status;

	(void)state;
	fixture_begin(&fixture, 0);
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct log *log;
		struct log_report report;
		enum disp_err err = log_open(&log, &fixture.config, &report);
		_exit(err == DISP_E_IO && (report.os_errno == EAGAIN || report.os_errno == EACCES) ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(log_close(fixture.log), DISP_OK);
	fixture_end(&fixture);
}

/* The child tells what it was told is durable; however it dies, that much is there. */
static void killed_process_keeps_what_was_durable(void **state)
{
	struct fixture fixture;
	uint64_t told = 0, next = 1;
	int pipe_fd[2], status;

	(void)state;
	fixture_begin(&fixture, 3000);
	for (int life = 0; life < 12; life++) {
		assert_int_equal(pipe(pipe_fd), 0);
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			if (fixture_open(&fixture) != DISP_OK || fixture.report.last_seq + 1 < next)
				_exit(1);
			for (uint64_t seq = fixture.report.last_seq + 1;; seq += 7) {
				if (fixture_submit(&fixture, seq, 7) != DISP_OK)
					_exit(2);
				uint64_t durable = log_durable_seq(fixture.log);
				if (write(pipe_fd[1], &durable, sizeof durable) != sizeof durable)
					_exit(3);
			}
		}
		close(pipe_fd[1]);
		while (told < next + 300)
			assert_int_equal(read(pipe_fd[0], &told, sizeof told), sizeof told);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		close(pipe_fd[0]);
		assert_int_equal(fixture_open(&fixture), DISP_OK);
		assert_true(fixture.report.last_seq >= told);
		next = fixture.report.last_seq + 1;
		assert_int_equal(log_close(fixture.log), DISP_OK);
		fixture_read_dir(&fixture, 1, next - 1, DISP_E_AGAIN);
	}
	fixture_end(&fixture);
}

static bool disk_is_busy;

static bool busy(void)
{
	return disk_is_busy;
}

static void without_a_thread_only_work_writes(void **state)
{
	struct file_ops ops = file_ops_real;
	struct log_bytes row = {.ptr = "row", .len = 3};
	struct fixture fixture;

	(void)state;
	fixture_begin(&fixture, 0);
	ops.busy = busy;
	fixture.config.ops = &ops;
	fixture.config.no_thread = true;
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	assert_int_equal(log_event_fd(fixture.log), -1);
	assert_int_equal(log_submit(fixture.log, 1, &row, 1), DISP_OK);
	assert_int_equal(log_durable_seq(fixture.log), 0);
	disk_is_busy = true;
	log_work(fixture.log);
	assert_int_equal(log_durable_seq(fixture.log), 0);
	disk_is_busy = false;
	log_work(fixture.log);
	assert_int_equal(log_durable_seq(fixture.log), 1);
	assert_int_equal(log_submit(fixture.log, 2, &row, 1), DISP_OK);
	disk_is_busy = true; /* who waits does not ask */
	assert_int_equal(log_wait(fixture.log, 2), DISP_OK);
	assert_int_equal(log_submit(fixture.log, 3, &row, 1), DISP_OK);
	assert_int_equal(log_close(fixture.log), DISP_OK);
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	assert_int_equal(fixture.report.last_seq, 3);
	assert_int_equal(log_close(fixture.log), DISP_OK);
	fixture_end(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip_and_reopen),
		cmocka_unit_test(segments_roll_and_prune),
		cmocka_unit_test(any_row_is_found_by_its_seq),
		cmocka_unit_test(reader_follows_the_writer),
		cmocka_unit_test(torn_tail_at_every_byte),
		cmocka_unit_test(flipped_bit_at_every_byte),
		cmocka_unit_test(missing_and_damaged_segments_are_told),
		cmocka_unit_test(another_process_is_refused),
		cmocka_unit_test(killed_process_keeps_what_was_durable),
		cmocka_unit_test(without_a_thread_only_work_writes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
