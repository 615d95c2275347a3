/* log_writer: the thread that makes batches durable; the only one that writes segment files once the log is
 * open. */
#include "store/log_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/bytes.h"

static void tell(const struct log *log)
{
	const uint64_t one = 1;

	while (log->event_fd >= 0 && write(log->event_fd, &one, sizeof one) < 0 && errno == EINTR)
		;
}

/* Opens the segment that begins behind the last durable row, and writes its first record. */
static enum disp_err segment_open(struct log *log)
{
	uint64_t first = atomic_load(&log->durable_seq) + 1;
	uint8_t opening[LOG_OPENING_BYTES];
	char name[FILE_NAME_BYTES];
	enum disp_err err;

	pthread_mutex_lock(&log->mutex);
	log_opening_put(opening, first, log_last_segment(log));
	pthread_mutex_unlock(&log->mutex);

	file_name_put(name, "", first, ".log");
	log->step = "cannot create a segment";
	log->fd = log->ops->openat(log->dir_fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (log->fd < 0)
		return DISP_E_IO;
	log->offset = 0;
	log->step = "cannot write a segment's first record";
	if (file_write_all(log->ops, log->fd, opening, sizeof opening, 0) != DISP_OK)
		return DISP_E_IO;
	log->offset = sizeof opening;
	log->step = "cannot make a new segment's name durable";
	if (log->ops->fsync(log->dir_fd) != 0)
		return DISP_E_IO;

	pthread_mutex_lock(&log->mutex);
	err = log_segments_add(&log->segments, first);
	pthread_mutex_unlock(&log->mutex);
	errno = ENOMEM;
	return err == DISP_OK ? DISP_OK : DISP_E_IO;
}

/* An empty segment that log_open left has its name, but not its first record. */
static enum disp_err segment_begin_again(struct log *log)
{
	uint8_t opening[LOG_OPENING_BYTES];
	uint64_t previous;

	pthread_mutex_lock(&log->mutex);
	uint32_t count = log->segments.count;
	previous = count > 1 ? log->segments.item[count - 2].first : 0;
	log_opening_put(opening, log->segments.item[count - 1].first, previous);
	pthread_mutex_unlock(&log->mutex);

	log->step = "cannot write a segment's first record";
	if (file_write_all(log->ops, log->fd, opening, sizeof opening, 0) != DISP_OK)
		return DISP_E_IO;
	log->offset = sizeof opening;
	return DISP_OK;
}

/* Sees to it that the next record, `size` bytes long, has a segment to go into. */
static enum disp_err segment_ready(struct log *log, uint32_t size)
{
	if (log->fd >= 0 && log->offset == 0)
		return segment_begin_again(log);
	if (log->fd >= 0 && log->offset > LOG_OPENING_BYTES && log->offset + size > log->segment_bytes_max) {
		(void)log->ops->close(log->fd); /* all in it is durable: every run ends with fdatasync */
		log->fd = -1;
	}
	return log->fd >= 0 ? DISP_OK : segment_open(log);
}

/* Writes the records that fit into this segment, at least one, and makes them durable. */
static enum disp_err run_write(struct log *log)
{
	uint8_t *from = log->writing.bytes + log->done;
	uint64_t durable = atomic_load(&log->durable_seq), last;
	size_t size = 0;

	do {
		uint8_t *record = from + size;
		log_record_seal(record, durable);
		last = bytes_get_u64(record + 16) + bytes_get_u32(record + 12) - 1;
		size += log_record_bytes(record);
	} while (log->done + size < log->writing.used &&
		 log->offset + size + log_record_bytes(from + size) <= log->segment_bytes_max);

	log->step = "cannot write rows";
	if (file_write_all(log->ops, log->fd, from, size, log->offset) != DISP_OK)
		return DISP_E_IO;
	log->step = "cannot make rows durable";
	if (log->ops->fdatasync(log->fd) != 0)
		return DISP_E_IO;

	pthread_mutex_lock(&log->mutex);
	struct log_segment *segment = &log->segments.item[log->segments.count - 1];
	for (size_t at = 0; at < size; at += log_record_bytes(from + at))
		log_segment_mark(segment, bytes_get_u64(from + at + 16), log->offset + at);
	log->offset += size;
	log->done += size;
	atomic_store(&log->durable_seq, last);
	pthread_cond_broadcast(&log->moved);
	pthread_mutex_unlock(&log->mutex);
	tell(log);
	return DISP_OK;
}

/*
 * Leaves the failed file for good. Nobody was told of a row behind log->offset: cut it, best effort, so that
 * a later start cannot find in the page cache what never reached the disk. A file that holds no durable row
 * goes.
 */
static void segment_leave(struct log *log)
{
	if (log->fd < 0)
		return;
	uint64_t durable_bytes = log->offset > LOG_OPENING_BYTES ? log->offset : 0;
	if (log->ops->ftruncate(log->fd, (off_t)durable_bytes) != 0)
		log->step = "rows failed, and could not be cut off";
	(void)log->ops->close(log->fd);
	log->fd = -1;
}

/* Takes away a segment of the name that the next one will have: all in it is still in our buffers. */
static enum disp_err segment_forget_failed(struct log *log)
{
	uint64_t first = atomic_load(&log->durable_seq) + 1;
	char name[FILE_NAME_BYTES];

	file_name_put(name, "", first, ".log");
	log->step = "cannot remove the failed segment";
	if (log->ops->unlinkat(log->dir_fd, name, 0) != 0 && errno != ENOENT)
		return DISP_E_IO;
	pthread_mutex_lock(&log->mutex);
	if (log_last_segment(log) == first)
		log_segments_remove(&log->segments, log->segments.count - 1);
	pthread_mutex_unlock(&log->mutex);
	return DISP_OK;
}

static enum disp_err drain(struct log *log, bool recovering)
{
	if (recovering && segment_forget_failed(log) != DISP_OK)
		return DISP_E_IO;
	while (log->done < log->writing.used) {
		if (segment_ready(log, log_record_bytes(log->writing.bytes + log->done)) != DISP_OK ||
			run_write(log) != DISP_OK)
			return DISP_E_IO;
	}
	return DISP_OK;
}

/* The mutex is held. */
static void drained(struct log *log)
{
	log->writing.used = 0;
	log->writing_waits = false;
	log->done = 0;
	log->status = LOG_WORKING;
	log->os_errno = 0;
	log->what = "";
}

static void failed(struct log *log, int os_errno)
{
	log->status = LOG_FAILED;
	log->os_errno = os_errno;
	log->what = log->step;
}

static bool work_waits(const struct log *log)
{
	return log->status != LOG_FAILED && (log->writing_waits || log->filling.used > 0);
}

/* One round: what waits is taken over and written. The mutex is held, and let go meanwhile. False: nothing to do. */
static bool write_round(struct log *log)
{
	if (!work_waits(log))
		return false;
	if (!log->writing_waits) {
		struct log_buffer full = log->filling;
		log->filling = log->writing;
		log->writing = full;
		log->writing_waits = true;
	}
	bool recovering = log->status == LOG_RECOVERING;
	pthread_mutex_unlock(&log->mutex);

	enum disp_err err = drain(log, recovering);
	int os_errno = errno;
	if (err != DISP_OK)
		segment_leave(log);

	pthread_mutex_lock(&log->mutex);
	if (err == DISP_OK)
		drained(log);
	else
		failed(log, os_errno);
	pthread_cond_broadcast(&log->moved);
	tell(log);
	return true;
}

void *log_writer_run(void *context)
{
	struct log *log = context;

	pthread_mutex_lock(&log->mutex);
	for (;;) {
		if (write_round(log))
			continue;
		if (log->stop)
			break;
		pthread_cond_wait(&log->wake, &log->mutex);
	}
	pthread_mutex_unlock(&log->mutex);
	return NULL;
}

void log_write_out(struct log *log)
{
	pthread_mutex_lock(&log->mutex);
	while (write_round(log))
		;
	pthread_mutex_unlock(&log->mutex);
}

void log_work(struct log *log)
{
	if (!log->no_thread)
		return;
	pthread_mutex_lock(&log->mutex);
	if (work_waits(log) && (log->ops->busy == NULL || !log->ops->busy()))
		(void)write_round(log);
	pthread_mutex_unlock(&log->mutex);
}
