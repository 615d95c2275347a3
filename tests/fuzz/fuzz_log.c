/* fuzz_log: files of the local log as a disk may give them back: opened, read, and gone on with. The files are in memory. */
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "store/bytes.h"
#include "store/crc32c.h"
#include "store/log_file.h"

/*
 * An input: one byte of flags, then segments, each u16 bytes and those bytes. FLAG_SEAL: checksums are made right first, so
 * that what stands behind them is reached. The first segment begins with row 1, each other where its first record says.
 */
enum { FLAG_SEAL = 1, FLAG_TINY = 2, SEGMENTS_MAX = 4, ROWS_MAX = 100000 };

static char folder[] = "/dev/shm/fuzz-log-XXXXXX";
static char folder_log[64];

static void clear(void)
{
	DIR *dir = opendir(folder_log);
	const struct dirent *entry;
	char path[400];

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder_log, entry->d_name);
		(void)unlink(path);
	}
	if (dir != NULL)
		closedir(dir);
}

static void leave(void)
{
	clear();
	(void)rmdir(folder_log);
	(void)rmdir(folder);
}

int LLVMFuzzerInitialize(int *count, char ***value)
{
	(void)count;
	(void)value;
	FUZZ_MUST(mkdtemp(folder) != NULL);
	(void)snprintf(folder_log, sizeof(folder_log), "%s/log", folder);
	FUZZ_MUST(mkdir(folder_log, 0700) == 0 && atexit(leave) == 0);
	return 0;
}

/* --- the files -------------------------------------------------------------------------------------- */

/* Walks the records as their heads say, and seals each that is whole. */
static void seal(uint8_t *bytes, size_t size)
{
	for (size_t at = 0; size - at >= LOG_HEAD_BYTES;) {
		uint64_t whole = LOG_HEAD_BYTES + (uint64_t)bytes_get_u32(bytes + at + 8);

		if (whole > size - at)
			return;
		bytes_put_u32(bytes + at + 4, crc32c_extend(0, bytes + at + 8, (size_t)whole - 8));
		at += (size_t)whole;
	}
}

static void segment_put(const uint8_t *bytes, size_t size, bool sealed, bool first)
{
	char path[160], name[FILE_NAME_BYTES];
	uint8_t *copy = malloc(size + 1);

	FUZZ_MUST(copy != NULL);
	memcpy(copy, bytes, size);
	if (sealed)
		seal(copy, size);
	file_name_put(name, "", first || size < 24 ? 1 : bytes_get_u64(bytes + 16), ".log");
	(void)snprintf(path, sizeof(path), "%s/%s", folder_log, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	FUZZ_MUST(fd >= 0 && write(fd, copy, size) == (ssize_t)size);
	close(fd);
	free(copy);
}

static uint8_t files_put(struct fuzz_input *input)
{
	uint8_t flags = fuzz_u8(input);

	clear();
	for (uint32_t index = 0; index < SEGMENTS_MAX && (index == 0 || input->left > 0); index++) {
		size_t len = fuzz_u16(input);
		const uint8_t *bytes = fuzz_bytes(input, len, &len);

		segment_put(bytes, len, (flags & FLAG_SEAL) != 0, index == 0);
	}
	return flags;
}

/* --- reading and going on ------------------------------------------------------------------------------ */

/* Rows come in order, each with its bytes; returns the seq behind the last, and how it ended. */
static uint64_t read_on(struct log_reader *reader, enum disp_err *end)
{
	struct log_row row;
	uint64_t next = 0, sum = 0;

	for (uint32_t rows = 0; (*end = log_reader_next(reader, &row)) == DISP_OK; rows++) {
		FUZZ_MUST(rows < ROWS_MAX && (next == 0 || row.seq == next));
		next = row.seq + 1;
		for (uint32_t index = 0; index < row.len; index++)
			sum += row.ptr[index];
	}
	FUZZ_MUST(*end == DISP_E_AGAIN || *end == DISP_E_DAMAGED || *end == DISP_E_NONE);
	FUZZ_MUST(*end != DISP_E_DAMAGED || log_reader_report(reader)->what[0] != '\0');
	return sum == UINT64_MAX ? 0 : next;
}

static uint64_t read_dir(enum disp_err *end)
{
	struct log_reader *reader;
	uint64_t next = 0;

	*end = log_reader_open_dir(&reader, folder, NULL, 0);
	if (*end != DISP_OK)
		return 0;
	next = read_on(reader, end);
	log_reader_close(reader);
	return next;
}

/* A log that was opened takes rows, keeps them, and gives back all that the report promised. */
static void use(struct log *log, const struct log_report *report)
{
	static const char text[] = "what comes next";
	struct log_bytes bytes = {text, sizeof(text)};
	struct log_row row;
	struct log_reader *reader;
	enum disp_err end;
	uint64_t last = report->last_seq;

	FUZZ_MUST(log_durable_seq(log) == last && report->first_seq <= last + 1);
	if (last < INT64_MAX) {
		FUZZ_MUST(log_submit(log, last + 1, &bytes, 1) == DISP_OK &&
			  log_wait(log, last + 1) == DISP_OK);
		FUZZ_MUST(log_read_at(log, last + 1, &row) == DISP_OK && row.len == sizeof(text));
		last++;
	}
	enum disp_err err = log_reader_open(&reader, log, 0);

	if (err != DISP_OK)
		return;
	uint64_t next = read_on(reader, &end);

	FUZZ_MUST(end != DISP_E_AGAIN || next == last + 1 || last == 0);
	log_reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	uint8_t flags = files_put(&input);
	struct log_config config = {.dir = folder,
		.segment_bytes_max = (flags & FLAG_TINY) != 0 ? 4096 : 0,
		.queue_bytes_max = 65536};
	struct log_report report;
	struct log *log;
	enum disp_err end;

	(void)read_dir(&end);
	enum disp_err err = log_open(&log, &config, &report);

	FUZZ_MUST((err == DISP_OK) == (log != NULL) && report.what != NULL);
	FUZZ_MUST(err != DISP_E_DAMAGED || (report.damaged && report.what[0] != '\0'));
	if (err != DISP_OK)
		return 0;
	use(log, &report);
	FUZZ_MUST(log_close(log) == DISP_OK);
	return 0;
}
