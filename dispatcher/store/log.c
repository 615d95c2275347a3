/* log: opens, checks and closes the log and takes batches; the writing is log_writer's, the reading
 * log_reader's. */
#include "store/log_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/bytes.h"

static enum disp_err io_failed(struct log_report *report, const char *what)
{
	report->os_errno = errno;
	report->what = what;
	return DISP_E_IO;
}

static enum disp_err damage_found(
	struct log_report *report, uint64_t segment, uint64_t offset, const char *what)
{
	report->damaged = true;
	report->segment = segment;
	report->offset = offset;
	report->what = what;
	return DISP_E_DAMAGED;
}

/* --- opening ---------------------------------------------------------------------------------- */

/* One process at a time. */
static enum disp_err dir_open(struct log *log, const char *dir, struct log_report *report)
{
	const struct file_ops *ops = log->ops;
	int parent_fd = ops->openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

	if (parent_fd < 0)
		return io_failed(report, "cannot open the directory that shall hold the log");
	if (ops->mkdirat(parent_fd, "log", 0700) != 0 && errno != EEXIST)
		io_failed(report, "cannot make the log's directory");
	else if (ops->fsync(parent_fd) != 0)
		io_failed(report, "cannot make the log's directory durable");
	else if ((log->dir_fd = ops->openat(parent_fd, "log", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)) < 0)
		io_failed(report, "cannot open the log's directory");
	else if ((log->lock_fd = ops->openat(log->dir_fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600)) < 0)
		io_failed(report, "cannot open the log's lock file");
	else if (ops->lock(log->lock_fd) != 0)
		io_failed(report, "another process has this log open");
	(void)ops->close(parent_fd);
	return report->os_errno ? DISP_E_IO : DISP_OK;
}

/* Reads segment `index` from its begin: marks what it finds, *next is the row that comes behind, *offset its
 * place. */
static enum disp_err segment_scan(
	struct log *log, uint32_t index, struct log_source *source, uint64_t *next, uint64_t *offset)
{
	struct log_segment *segment = &log->segments.item[index];
	struct log_record record;
	const uint8_t *bytes;
	enum disp_err err = log_source_open(source, log->ops, log->dir_fd, segment->first);

	*next = segment->first;
	*offset = 0;
	if (err != DISP_OK)
		return err;
	for (;;) {
		bool superseded =
			index + 1 < log->segments.count && *next >= log->segments.item[index + 1].first;
		if (superseded)
			return DISP_OK;
		err = log_source_record(source, *offset, *next, &record, &bytes);
		if (err == DISP_E_NONE)
			return DISP_OK;
		if (err != DISP_OK)
			return err;
		if (record.count > 0)
			log_segment_mark(segment, record.first, *offset);
		*next += record.count;
		*offset += log_record_bytes(bytes);
	}
}

/* Every segment but the last: does it begin as its name says, behind the one before it? */
static enum disp_err chain_check(struct log *log, struct log_source *source, struct log_report *report)
{
	struct log_record record;
	const uint8_t *bytes;

	for (uint32_t index = 0; index < log->segments.count; index++) {
		uint64_t first = log->segments.item[index].first;
		bool last = index + 1 == log->segments.count;
		enum disp_err err = log_source_open(source, log->ops, log->dir_fd, first);
		if (err == DISP_OK)
			err = log_source_record(source, 0, first, &record, &bytes);
		if (err == DISP_E_IO)
			return io_failed(report, source->what);
		if (err != DISP_OK && last)
			return DISP_OK; /* perhaps torn: the scan of the last segment tells */
		report->last_seq = first - 1;
		if (err != DISP_OK)
			return damage_found(
				report, first, 0, err == DISP_E_NONE ? "an empty segment" : source->what);
		uint64_t previous = index > 0 ? log->segments.item[index - 1].first : 0;
		if (index == 0 || bytes_get_u64(bytes + LOG_HEAD_BYTES) == previous)
			continue;
		uint64_t next, offset;
		err = segment_scan(log, index - 1, source, &next, &offset);
		report->last_seq = next - 1;
		if (err == DISP_E_IO)
			return io_failed(report, source->what);
		return damage_found(report, first, 0, "the segment before this one is missing");
	}
	return DISP_OK;
}

/* Copies [offset, end) of the last segment to a file of its own and makes that durable. */
static enum disp_err tail_keep(struct log *log, uint64_t offset, uint64_t next, struct log_report *report)
{
	static const char *const suffix[] = {
		".bad", ".1.bad", ".2.bad", ".3.bad", ".4.bad", ".5.bad", ".6.bad"};
	uint8_t part[16 << 10];
	uint64_t at = 0;
	size_t got = 0;
	int fd = -1;

	for (size_t try = 0; fd < 0 && try < sizeof suffix / sizeof *suffix; try++) {
		file_name_put(report->cut_name, "cut-", next, suffix[try]);
		fd = log->ops->openat(
			log->dir_fd, report->cut_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd < 0)
		return io_failed(report, "cannot create the file that shall keep the torn tail");
	enum disp_err err;
	do {
		err = file_read_some(log->ops, log->fd, part, sizeof part, offset + at, &got);
		if (err == DISP_OK)
			err = file_write_all(log->ops, fd, part, got, at);
		at += got;
	} while (err == DISP_OK && got == sizeof part);
	if (err != DISP_OK || log->ops->fsync(fd) != 0 || log->ops->fsync(log->dir_fd) != 0)
		err = io_failed(report, "cannot keep the torn tail");
	(void)log->ops->close(fd);
	report->cut_bytes = at;
	return err;
}

static enum disp_err tail_cut(
	struct log *log, struct log_source *source, uint64_t offset, uint64_t next, struct log_report *report)
{
	const char *what = source->what;
	bool was_durable;

	if (log_source_behind(source, offset, next, &was_durable, &report->cut_rows) != DISP_OK)
		return io_failed(report, source->what);
	if (was_durable) {
		report->cut_rows = 0;
		return damage_found(report, log_last_segment(log), offset, what);
	}
	if (tail_keep(log, offset, next, report) != DISP_OK)
		return DISP_E_IO;
	if (log->ops->ftruncate(log->fd, (off_t)offset) != 0)
		return io_failed(report, "cannot cut the torn tail off");
	report->segment = log_last_segment(log);
	report->offset = offset;
	report->what = what;
	return DISP_OK;
}

/* Where the last segment's records begin that no record behind them says to be durable. */
static enum disp_err unproven_find(struct log *log, struct log_source *source, uint64_t end, uint64_t *from)
{
	const struct log_segment *segment = &log->segments.item[log->segments.count - 1];
	uint64_t durable = 0, offset = 0, seq = segment->first;
	struct log_record record;
	const uint8_t *bytes;
	enum disp_err err = DISP_OK;

	*from = 0;
	while (err == DISP_OK && offset < end) {
		err = log_source_record(source, offset, seq, &record, &bytes);
		if (err != DISP_OK)
			break;
		/* What was written together names the same durable seq: the run before it is sure as a whole. */
		if (record.durable > durable || record.count == 0) {
			durable = record.durable;
			*from = offset > LOG_OPENING_BYTES ? offset : 0;
		}
		seq += record.count;
		offset += log_record_bytes(bytes);
	}
	return err;
}

/*
 * Writes once more what may not be on the disk. A process that ended behind a failed fsync, be it at its start, has left
 * bytes that read well and count as clean: the next fsync would be silent, and they would be gone after a power cut.
 */
static enum disp_err unproven_write(
	struct log *log, struct log_source *source, uint64_t end, struct log_report *report)
{
	uint8_t part[16 << 10];
	uint64_t at;
	size_t got = 1;

	if (unproven_find(log, source, end, &at) != DISP_OK)
		return io_failed(report, "cannot read the last segment again");
	for (; at < end && got > 0; at += got) {
		size_t size = end - at < sizeof part ? (size_t)(end - at) : sizeof part;

		if (file_read_some(log->ops, log->fd, part, size, at, &got) != DISP_OK ||
			file_write_all(log->ops, log->fd, part, got, at) != DISP_OK)
			return io_failed(report, "cannot write the end of the log again");
	}
	return DISP_OK;
}

/* Finds the log's end in the last segment, repairs a torn one, and leaves the file open for the writer. */
static enum disp_err last_open(struct log *log, struct log_source *source, struct log_report *report)
{
	char name[FILE_NAME_BYTES];
	uint64_t next, offset;
	enum disp_err err = segment_scan(log, log->segments.count - 1, source, &next, &offset);

	report->last_seq = next - 1;
	if (err == DISP_E_IO)
		return io_failed(report, source->what);
	file_name_put(name, "", log_last_segment(log), ".log");
	log->fd = log->ops->openat(log->dir_fd, name, O_RDWR | O_CLOEXEC, 0);
	if (log->fd < 0)
		return io_failed(report, "cannot open the last segment for writing");
	if (err == DISP_E_DAMAGED) {
		err = tail_cut(log, source, offset, next, report);
		if (err != DISP_OK)
			return err;
	}
	/* What a killed process had written may be in memory only: make it durable before anybody builds on
	 * it. */
	if (unproven_write(log, source, offset, report) != DISP_OK)
		return DISP_E_IO;
	if (log->ops->fdatasync(log->fd) != 0 || log->ops->fsync(log->dir_fd) != 0)
		return io_failed(report, "cannot make what was found durable");
	log->offset = offset;
	log->next_seq = next;
	atomic_store(&log->durable_seq, next - 1);
	return DISP_OK;
}

static enum disp_err content_open(struct log *log, struct log_report *report)
{
	struct log_source source = {.fd = -1, .what = ""};
	enum disp_err err = DISP_OK;

	if (log_segments_list(&log->segments, log->ops, log->dir_fd) != DISP_OK)
		return io_failed(report, "cannot list the log's directory");
	if (log->segments.count > 0) {
		report->first_seq = log->segments.item[0].first;
		err = chain_check(log, &source, report);
		if (err == DISP_OK)
			err = last_open(log, &source, report);
	}
	log_source_free(&source);
	return err;
}

static void log_free(struct log *log)
{
	const int fds[] = {log->fd, log->dir_fd, log->lock_fd};

	for (size_t index = 0; index < sizeof fds / sizeof *fds; index++) {
		if (fds[index] >= 0)
			(void)log->ops->close(fds[index]);
	}
	if (log->event_fd >= 0)
		close(log->event_fd);
	log_segments_free(&log->segments);
	free(log->filling.bytes);
	free(log->writing.bytes);
	pthread_cond_destroy(&log->wake);
	pthread_cond_destroy(&log->moved);
	pthread_mutex_destroy(&log->mutex);
	free(log);
}

static struct log *log_new(const struct log_config *config)
{
	struct log *log = calloc(1, sizeof *log);

	if (!log)
		return NULL;
	log->ops = config->ops ? config->ops : &file_ops_real;
	log->segment_bytes_max =
		config->segment_bytes_max ? config->segment_bytes_max : LOG_SEGMENT_BYTES_MAX;
	log->queue_bytes_max = config->queue_bytes_max ? config->queue_bytes_max : LOG_QUEUE_BYTES_MAX;
	log->fd = log->dir_fd = log->lock_fd = -1;
	log->what = "";
	log->step = "";
	pthread_mutex_init(&log->mutex, NULL);
	pthread_cond_init(&log->wake, NULL);
	pthread_cond_init(&log->moved, NULL);
	log->no_thread = config->no_thread;
	log->event_fd = log->no_thread ? -1 : eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	return log;
}

enum disp_err log_open(struct log **out, const struct log_config *config, struct log_report *report)
{
	enum disp_err err;

	*out = NULL;
	*report = (struct log_report){.first_seq = 1, .what = ""};
	if (config->queue_bytes_max > LOG_RECORD_BYTES_MAX) {
		report->what = "queue_bytes_max is out of range";
		return DISP_E_INPUT;
	}
	struct log *log = log_new(config);
	if (!log)
		return io_failed(report, "no memory");
	err = log->event_fd < 0 && !log->no_thread ? io_failed(report, "cannot make an eventfd") : DISP_OK;
	if (err == DISP_OK)
		err = dir_open(log, config->dir, report);
	if (err == DISP_OK)
		err = content_open(log, report);
	if (err == DISP_OK && !log->no_thread) {
		errno = pthread_create(&log->writer, NULL, log_writer_run, log);
		if (errno != 0)
			err = io_failed(report, "cannot start the writer thread");
	}
	if (err != DISP_OK) {
		log_free(log);
		return err;
	}
	*out = log;
	return DISP_OK;
}

enum disp_err log_close(struct log *log)
{
	if (log->no_thread) {
		log_write_out(log);
	} else {
		pthread_mutex_lock(&log->mutex);
		log->stop = true;
		pthread_cond_signal(&log->wake);
		pthread_mutex_unlock(&log->mutex);
		pthread_join(log->writer, NULL);
	}

	enum disp_err err = log->status == LOG_FAILED ? DISP_E_IO : DISP_OK;
	log_reader_close(log->lookup);
	log_free(log);
	return err;
}
