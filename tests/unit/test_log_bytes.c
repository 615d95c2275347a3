/* test_log_bytes: files that no writer of ours makes, with true checksums, and damage that comes while the log is open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "log_fixture.h"

#include "store/bytes.h"
#include "store/crc32c.h"

enum { OPENING_BYTES = 40, HEAD_BYTES = 32 };

enum { RECORD_BYTES = HEAD_BYTES + 4 + 4 };

/* A segment of three batches of one row of four bytes, each durable before the next. */
static size_t equal_records(struct fixture *fixture, uint8_t *bytes, size_t max)
{
	char path[160];
	const struct log_bytes row = {"abcd", 4};

	assert_int_equal(fixture_open(fixture), DISP_OK);
	for (uint64_t seq = 1; seq <= 3; seq++) {
		assert_int_equal(log_submit(fixture->log, seq, &row, 1), DISP_OK);
		assert_int_equal(log_wait(fixture->log, seq), DISP_OK);
	}
	assert_int_equal(log_close(fixture->log), DISP_OK);
	fixture_path(fixture, 1, path);
	return fixture_load(path, bytes, max);
}

static void damage_is_told(struct fixture *fixture, const uint8_t *bytes, size_t size, uint64_t last)
{
	char path[160];

	fixture_path(fixture, 1, path);
	fixture_store(path, bytes, size);
	assert_int_equal(fixture_open(fixture), DISP_E_DAMAGED);
	assert_int_equal(fixture->report.last_seq, last);
	assert_int_equal(fixture->report.offset, OPENING_BYTES + last * RECORD_BYTES);
}

static void records_out_of_sequence_are_damage(void **state)
{
	struct fixture fixture;
	uint8_t bytes[512], swapped[512];
	const size_t record = RECORD_BYTES;

	(void)state;
	fixture_begin(&fixture, 0);
	size_t size = equal_records(&fixture, bytes, sizeof bytes);
	assert_int_equal(size, OPENING_BYTES + 3 * record);
	memcpy(swapped, bytes, size);
	memcpy(swapped + OPENING_BYTES, bytes + OPENING_BYTES + record, record);
	memcpy(swapped + OPENING_BYTES + record, bytes + OPENING_BYTES, record);
	damage_is_told(&fixture, swapped, size, 0);
	memcpy(swapped, bytes, size);
	memcpy(swapped + OPENING_BYTES + record, bytes + OPENING_BYTES + 2 * record,
		record); /* row 2 is gone */
	damage_is_told(&fixture, swapped, size - record, 1);
	fixture_end(&fixture);
}

static void row_lengths_must_fill_the_record(void **state)
{
	struct fixture fixture;
	uint8_t bytes[512];

	(void)state;
	fixture_begin(&fixture, 0);
	size_t size = equal_records(&fixture, bytes, sizeof bytes);
	uint8_t *record = bytes + OPENING_BYTES + RECORD_BYTES;
	static const uint32_t wrong[] = {0, 3, 5, 0x7fffffff, UINT32_MAX};
	for (size_t index = 0; index < sizeof wrong / sizeof *wrong; index++) {
		bytes_put_u32(record + HEAD_BYTES, wrong[index]);
		bytes_put_u32(record + 4, crc32c_extend(0, record + 8, RECORD_BYTES - 8));
		damage_is_told(&fixture, bytes, size, 1);
	}
	fixture_end(&fixture);
}

/* A length that no file could hold must not be believed: no memory is asked for it. */
static void absurd_length_is_a_torn_tail(void **state)
{
	struct fixture fixture;
	uint8_t bytes[512];
	char path[160];

	(void)state;
	fixture_begin(&fixture, 0);
	size_t size = equal_records(&fixture, bytes, sizeof bytes);
	fixture_path(&fixture, 1, path);
	static const uint32_t absurd[] = {
		LOG_RECORD_BYTES_MAX - HEAD_BYTES, LOG_RECORD_BYTES_MAX, UINT32_MAX};
	for (size_t index = 0; index < sizeof absurd / sizeof *absurd; index++) {
		bytes_put_u32(bytes + size - RECORD_BYTES + 8, absurd[index]);
		fixture_store(path, bytes, size);
		assert_int_equal(fixture_open(&fixture), DISP_OK);
		assert_int_equal(fixture.report.last_seq, 2);
		assert_int_equal(fixture.report.cut_bytes, RECORD_BYTES);
		assert_int_equal(log_close(fixture.log), DISP_OK);
	}
	fixture_end(&fixture);
}

static void damage_while_open_is_told_each_time(void **state)
{
	struct fixture fixture;
	struct log_row row;
	uint8_t bytes[512];
	char path[160];

	(void)state;
	fixture_begin(&fixture, 0);
	size_t size = equal_records(&fixture, bytes, sizeof bytes);
	assert_int_equal(fixture_open(&fixture), DISP_OK);
	fixture_path(&fixture, 1, path);
	bytes[size - 1] ^= 1;
	fixture_store(path, bytes, size);
	for (int look = 0; look < 3; look++) {
		assert_int_equal(log_read_at(fixture.log, 3, &row), DISP_E_DAMAGED);
		if (look == 1)
			assert_int_equal(log_read_at(fixture.log, 2, &row), DISP_OK);
	}
	bytes[size - 1] ^= 1;
	fixture_store(path, bytes, size);
	assert_int_equal(log_read_at(fixture.log, 3, &row), DISP_OK);
	assert_int_equal(row.seq, 3);
	assert_memory_equal(row.ptr, "abcd", 4);
	assert_int_equal(log_close(fixture.log), DISP_OK);
	fixture_end(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_out_of_sequence_are_damage),
		cmocka_unit_test(row_lengths_must_fill_the_record),
		cmocka_unit_test(absurd_length_is_a_torn_tail),
		cmocka_unit_test(damage_while_open_is_told_each_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
