/* log_file: the log's records and segment files as bytes; private to the log, no thread and no queue. */
#ifndef STORE_LOG_FILE_H
#define STORE_LOG_FILE_H

#include "store/log.h"

enum {
	LOG_HEAD_BYTES = 32,
	LOG_OPENING_BYTES = LOG_HEAD_BYTES + 8, /* the first record of a segment */
	LOG_MARK_EVERY_BYTES = 64 << 10
};

struct log_record {
	uint64_t first, durable;
	uint32_t count;
	uint32_t payload_bytes;
};

/* A head with crc 0; log_record_seal fills in the durable seq and the crc when the bytes are to be written.
 */
void log_record_put(uint8_t *bytes, const struct log_record *record);
void log_record_seal(uint8_t *bytes, uint64_t durable);
uint32_t log_record_bytes(const uint8_t *bytes); /* of a head that we put ourselves */
void log_opening_put(uint8_t bytes[LOG_OPENING_BYTES], uint64_t first, uint64_t previous_first);

/* A sparse index: this record lies there. Kept in order, about one for each 64 KiB. */
struct log_mark {
	uint64_t seq, offset;
};

struct log_segment {
	uint64_t first;
	struct log_mark *mark;
	uint32_t mark_count, mark_max;
};

struct log_segments {
	struct log_segment *item; /* [count], ascending by first */
	uint32_t count, max;
};

enum disp_err log_segments_add(
	struct log_segments *segments, uint64_t first) DISP_MUSTCHECK; /* FULL: no memory */
void log_segments_remove(struct log_segments *segments, uint32_t index);
void log_segments_free(struct log_segments *segments);
uint32_t log_segments_find(
	const struct log_segments *segments, uint64_t seq); /* UINT32_MAX: before the oldest */
/* IO: errno */
enum disp_err log_segments_list(
	struct log_segments *segments, const struct file_ops *ops, int dir_fd) DISP_MUSTCHECK;
void log_segment_mark(
	struct log_segment *segment, uint64_t seq, uint64_t offset); /* without memory: no mark */
struct log_mark log_segment_nearest(const struct log_segment *segment, uint64_t seq);

/* A file read through a buffer, record by record. */
struct log_source {
	const struct file_ops *ops;
	int fd; /* -1: none; owned */
	uint8_t *buffer;
	size_t max, used;
	uint64_t at;      /* the file's offset of buffer[0] */
	const char *what; /* after an error */
};

enum disp_err log_source_open(
	struct log_source *source, const struct file_ops *ops, int dir_fd, uint64_t first) DISP_MUSTCHECK;
void log_source_close(struct log_source *source); /* keeps the buffer */
void log_source_free(struct log_source *source);

/*
 * Reads and checks the record at `offset`, which must begin with row `expected`. *bytes: head and payload.
 * DISP_E_NONE: the file ends exactly there. DISP_E_DAMAGED: source->what. DISP_E_IO: errno.
 */
enum disp_err log_source_record(struct log_source *source, uint64_t offset, uint64_t expected,
	struct log_record *record, const uint8_t **bytes) DISP_MUSTCHECK;

/*
 * After a bad record at `offset` where row `expected` should be: looks through the rest of the file.
 * *was_durable: a whole record behind says that `expected` had been durable. *rows: in whole records.
 */
enum disp_err log_source_behind(struct log_source *source, uint64_t offset, uint64_t expected,
	bool *was_durable, uint64_t *rows) DISP_MUSTCHECK;

#endif
