/* log_fixture: rows that can be checked by their seq, and a scratch directory; for the log's tests. */
#ifndef TESTS_LOG_FIXTURE_H
#define TESTS_LOG_FIXTURE_H

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/log.h"

enum { FIXTURE_BATCH_MAX = 64, FIXTURE_ROW_BYTES = 40 };

struct fixture {
	char dir[64];
	struct log_config config;
	struct log *log;
	struct log_report report;
};

static inline void fixture_begin(struct fixture *fixture, uint64_t segment_bytes_max)
{
	*fixture = (struct fixture){.dir = "/tmp/test_log.XXXXXX"};
	assert_non_null(mkdtemp(fixture->dir));
	fixture->config = (struct log_config){.dir = fixture->dir, .segment_bytes_max = segment_bytes_max};
}

static inline void fixture_clear(const struct fixture *fixture)
{
	char name[400];
	snprintf(name, sizeof name, "%s/log", fixture->dir);
	DIR *dir = opendir(name);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		snprintf(name, sizeof name, "%s/log/%s", fixture->dir, entry->d_name);
		unlink(name);
	}
	if (dir)
		closedir(dir);
}

static inline void fixture_end(struct fixture *fixture)
{
	char name[128];

	fixture_clear(fixture);
	snprintf(name, sizeof name, "%s/log", fixture->dir);
	rmdir(name);
	rmdir(fixture->dir);
}

static inline enum disp_err fixture_open(struct fixture *fixture)
{
	return log_open(&fixture->log, &fixture->config, &fixture->report);
}

/* Row seq has seq % 40 bytes, all of them told by seq. */
static inline uint32_t fixture_row(uint64_t seq, uint8_t bytes[FIXTURE_ROW_BYTES])
{
	uint32_t len = (uint32_t)(seq % FIXTURE_ROW_BYTES);

	for (uint32_t index = 0; index < len; index++)
		bytes[index] = (uint8_t)(seq * 31 + index);
	return len;
}

static inline void fixture_row_check(const struct log_row *row, uint64_t seq)
{
	uint8_t bytes[FIXTURE_ROW_BYTES];

	assert_int_equal(row->seq, seq);
	assert_int_equal(row->len, fixture_row(seq, bytes));
	assert_memory_equal(row->ptr, bytes, row->len);
}

static inline enum disp_err fixture_submit(struct fixture *fixture, uint64_t first, uint32_t count)
{
	static uint8_t bytes[FIXTURE_BATCH_MAX][FIXTURE_ROW_BYTES];
	struct log_bytes row[FIXTURE_BATCH_MAX];

	for (uint32_t index = 0; index < count; index++) {
		row[index].ptr = bytes[index];
		row[index].len = fixture_row(first + index, bytes[index]);
	}
	return log_submit(fixture->log, first, row, count);
}

/* One batch in a drain of its own. */
static inline void fixture_write(struct fixture *fixture, uint64_t first, uint32_t count)
{
	assert_int_equal(fixture_submit(fixture, first, count), DISP_OK);
	assert_int_equal(log_wait(fixture->log, first + count - 1), DISP_OK);
}

/* Reads first..last from the directory; nothing more may follow. */
static inline void fixture_read_dir(
	const struct fixture *fixture, uint64_t first, uint64_t last, enum disp_err end)
{
	struct log_reader *reader;
	struct log_row row;

	assert_int_equal(log_reader_open_dir(&reader, fixture->dir, NULL, 0), DISP_OK);
	for (uint64_t seq = first; seq <= last; seq++) {
		assert_int_equal(log_reader_next(reader, &row), DISP_OK);
		fixture_row_check(&row, seq);
	}
	assert_int_equal(log_reader_next(reader, &row), end);
	log_reader_close(reader);
}

static inline void fixture_path(const struct fixture *fixture, uint64_t segment, char path[160])
{
	snprintf(path, 160, "%s/log/%020llu.log", fixture->dir, (unsigned long long)segment);
}

static inline size_t fixture_load(const char *path, uint8_t *bytes, size_t max)
{
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	size_t size = fread(bytes, 1, max, file);
	fclose(file);
	return size;
}

static inline void fixture_store(const char *path, const uint8_t *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	fclose(file);
}

#endif
