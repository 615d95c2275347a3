/* log_reader: rows in order or one by its seq, from an open log or from a directory; never writes. */
#include "store/log_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "store/bytes.h"

struct log_reader {
	struct log *log; /* NULL: over a directory that nobody writes */
	const struct file_ops *ops;
	int dir_fd;                /* owned when log is NULL */
	struct log_segments owned; /* used when log is NULL */
	struct log_source source;
	uint64_t wanted; /* rows below are passed over; 0: from the oldest */
	bool placed;     /* segment, walk and offset below hold */
	uint64_t segment;
	uint64_t walk; /* first seq of the record at `offset` */
	uint64_t offset;
	struct log_record record; /* being handed out */
	const uint8_t *rows;      /* its payload */
	const uint8_t *row;       /* the next of its rows */
	uint32_t rows_left;
	struct log_report report;
};

static const struct log_segments *segments_lock(struct log_reader *reader)
{
	if (!reader->log)
		return &reader->owned;
	pthread_mutex_lock(&reader->log->mutex);
	return &reader->log->segments;
}

static void segments_unlock(struct log_reader *reader)
{
	if (reader->log)
		pthread_mutex_unlock(&reader->log->mutex);
}

static enum disp_err refuse(struct log_reader *reader, enum disp_err err, const char *what)
{
	reader->report.damaged = err == DISP_E_DAMAGED;
	reader->report.os_errno = err == DISP_E_IO ? errno : 0;
	reader->report.segment = reader->segment;
	reader->report.offset = reader->offset;
	reader->report.last_seq = reader->walk > 0 ? reader->walk - 1 : 0;
	reader->report.what = what;
	return err;
}

/* Where the next record lies. *bound: the first row of the segment behind, 0 when this is the last. */
static enum disp_err place(struct log_reader *reader, uint64_t *bound)
{
	uint64_t durable = reader->log ? log_durable_seq(reader->log) : UINT64_MAX;
	const struct log_segments *segments = segments_lock(reader);
	enum disp_err err = DISP_OK;

	if (segments->count > 0 && reader->wanted == 0)
		reader->wanted = segments->item[0].first;
	uint64_t seq = reader->placed ? reader->walk : reader->wanted;
	uint32_t index = log_segments_find(segments, seq);
	if (segments->count == 0 || seq > durable) {
		err = DISP_E_AGAIN;
	} else if (index == UINT32_MAX) {
		err = DISP_E_NONE; /* pruned */
	} else if (reader->placed && segments->item[index].first == reader->segment) {
		*bound = index + 1 < segments->count ? segments->item[index + 1].first : 0;
	} else {
		struct log_mark mark = log_segment_nearest(&segments->item[index], seq);
		*bound = index + 1 < segments->count ? segments->item[index + 1].first : 0;
		if (segments->item[index].first != reader->segment)
			log_source_close(&reader->source);
		reader->segment = segments->item[index].first;
		reader->walk = mark.seq;
		reader->offset = mark.offset;
		reader->placed = true;
	}
	segments_unlock(reader);
	return err;
}

/* Lets the next look into this segment begin nearer. */
static void mark(struct log_reader *reader)
{
	if (!reader->log || reader->record.count == 0)
		return;
	pthread_mutex_lock(&reader->log->mutex);
	uint32_t index = log_segments_find(&reader->log->segments, reader->walk);
	if (index != UINT32_MAX && reader->log->segments.item[index].first == reader->segment)
		log_segment_mark(&reader->log->segments.item[index], reader->walk, reader->offset);
	pthread_mutex_unlock(&reader->log->mutex);
}

/* No whole record is where row `walk` should be. Over a directory that may be a torn tail, which was never
 * durable. */
static enum disp_err stopped(struct log_reader *reader, enum disp_err err, uint64_t bound)
{
	const char *what =
		err == DISP_E_NONE ? "the segment ends before the next one begins" : reader->source.what;
	bool was_durable = false;
	uint64_t rows;

	if (err == DISP_E_IO)
		return refuse(reader, DISP_E_IO, what);
	if (reader->log || bound != 0)
		return refuse(reader, DISP_E_DAMAGED, what);
	if (err == DISP_E_NONE)
		return DISP_E_AGAIN;
	if (log_source_behind(&reader->source, reader->offset, reader->walk, &was_durable, &rows) != DISP_OK)
		return refuse(reader, DISP_E_IO, reader->source.what);
	refuse(reader, was_durable ? DISP_E_DAMAGED : DISP_E_AGAIN, what);
	return was_durable ? DISP_E_DAMAGED : DISP_E_AGAIN;
}

static enum disp_err record_next(struct log_reader *reader)
{
	const uint8_t *bytes;
	uint64_t bound = 0;
	enum disp_err err = place(reader, &bound);

	reader->rows = NULL; /* the buffer is about to be used again */
	if (err != DISP_OK)
		return err;
	if (reader->source.fd < 0) {
		err = log_source_open(&reader->source, reader->ops, reader->dir_fd, reader->segment);
		if (err != DISP_OK)
			return refuse(reader, err, reader->source.what);
	}
	err = log_source_record(&reader->source, reader->offset, reader->walk, &reader->record, &bytes);
	if (err != DISP_OK)
		return stopped(reader, err, bound);
	if (bound != 0 && reader->walk + reader->record.count > bound)
		return refuse(reader, DISP_E_DAMAGED, "a record reaches into the next segment");
	mark(reader);
	reader->rows = reader->row = bytes + LOG_HEAD_BYTES;
	reader->rows_left = reader->record.count;
	reader->walk += reader->record.count;
	reader->offset += log_record_bytes(bytes);
	return DISP_OK;
}

enum disp_err log_reader_next(struct log_reader *reader, struct log_row *row)
{
	for (;;) {
		while (reader->rows_left > 0) {
			row->seq = reader->record.first + (reader->record.count - reader->rows_left);
			row->len = bytes_get_u32(reader->row);
			row->ptr = reader->row + 4;
			reader->row += 4 + row->len;
			reader->rows_left--;
			if (row->seq < reader->wanted)
				continue;
			reader->wanted = row->seq + 1;
			return DISP_OK;
		}
		enum disp_err err = record_next(reader);
		if (err != DISP_OK)
			return err;
	}
}

const struct log_report *log_reader_report(const struct log_reader *reader)
{
	return &reader->report;
}

static struct log_reader *reader_new(const struct file_ops *ops, uint64_t from_seq)
{
	struct log_reader *reader = calloc(1, sizeof *reader);

	if (!reader)
		return NULL;
	reader->ops = ops ? ops : &file_ops_real;
	reader->dir_fd = -1;
	reader->source.fd = -1;
	reader->source.what = "";
	reader->report.what = "";
	reader->wanted = from_seq;
	return reader;
}

static enum disp_err from_check(struct log_reader **out, struct log_reader *reader)
{
	const struct log_segments *segments = segments_lock(reader);
	bool gone = reader->wanted != 0 && segments->count > 0 && reader->wanted < segments->item[0].first;

	segments_unlock(reader);
	if (gone) {
		log_reader_close(reader);
		return DISP_E_NONE;
	}
	*out = reader;
	return DISP_OK;
}

enum disp_err log_reader_open(struct log_reader **out, struct log *log, uint64_t from_seq)
{
	struct log_reader *reader = reader_new(log->ops, from_seq);

	*out = NULL;
	if (!reader)
		return DISP_E_IO;
	reader->log = log;
	reader->dir_fd = log->dir_fd;
	return from_check(out, reader);
}

enum disp_err log_reader_open_dir(
	struct log_reader **out, const char *dir, const struct file_ops *ops, uint64_t from_seq)
{
	struct log_reader *reader = reader_new(ops, from_seq);
	const struct file_ops *files = ops ? ops : &file_ops_real;
	int parent_fd = files->openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

	*out = NULL;
	if (reader && parent_fd >= 0)
		reader->dir_fd = files->openat(parent_fd, "log", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	int why = errno;
	if (parent_fd >= 0)
		(void)files->close(parent_fd);
	errno = why;
	if (!reader)
		return DISP_E_IO;
	if (reader->dir_fd < 0 || log_segments_list(&reader->owned, files, reader->dir_fd) != DISP_OK) {
		why = errno;
		log_reader_close(reader);
		errno = why;
		return DISP_E_IO;
	}
	return from_check(out, reader);
}

void log_reader_close(struct log_reader *reader)
{
	if (!reader)
		return;
	log_source_free(&reader->source);
	log_segments_free(&reader->owned);
	if (!reader->log && reader->dir_fd >= 0)
		(void)reader->ops->close(reader->dir_fd);
	free(reader);
}

enum disp_err log_read_at(struct log *log, uint64_t seq, struct log_row *row)
{
	struct log_reader *reader = log->lookup;
	enum disp_err err;

	if (seq == 0 || seq > log_durable_seq(log))
		return DISP_E_NONE;
	if (!reader) {
		err = log_reader_open(&log->lookup, log, seq);
		if (err != DISP_OK)
			return err;
		reader = log->lookup;
	} else if (reader->placed && reader->rows && seq >= reader->record.first &&
		   seq - reader->record.first < reader->record.count) {
		reader->row = reader->rows; /* in the record that is at hand */
		reader->rows_left = reader->record.count;
	} else {
		reader->rows_left = 0;
		reader->rows = NULL;
		reader->placed = false;
	}
	reader->wanted = seq;
	err = log_reader_next(reader, row);
	return err == DISP_E_AGAIN ? DISP_E_NONE : err;
}
