/* log_queue: what other threads ask of the open log: take a batch, say how it goes, go on, prune; no file is
 * written. */
#include "store/log_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/bytes.h"

uint64_t log_last_segment(const struct log *log)
{
	return log->segments.count > 0 ? log->segments.item[log->segments.count - 1].first : 0;
}

/* The record's bytes, or 0 when no queue could ever hold it. */
static size_t batch_bytes(const struct log *log, const struct log_bytes *row, uint32_t count)
{
	size_t size = LOG_HEAD_BYTES;

	for (uint32_t index = 0; index < count; index++) {
		size += 4 + (size_t)row[index].len;
		if (size > log->queue_bytes_max)
			return 0;
	}
	return size;
}

static bool buffer_reserve(struct log_buffer *buffer, size_t size, size_t limit)
{
	size_t max = buffer->max ? buffer->max : 64 << 10;

	if (size > limit - buffer->used)
		return false;
	while (max < buffer->used + size)
		max *= 2;
	if (max == buffer->max)
		return true;
	uint8_t *bytes = realloc(buffer->bytes, max);
	if (!bytes)
		return false;
	buffer->bytes = bytes;
	buffer->max = max;
	return true;
}

static void batch_put(
	uint8_t *to, uint64_t first_seq, const struct log_bytes *row, uint32_t count, size_t size)
{
	struct log_record record = {
		.first = first_seq, .count = count, .payload_bytes = (uint32_t)(size - LOG_HEAD_BYTES)};

	log_record_put(to, &record);
	to += LOG_HEAD_BYTES;
	for (uint32_t index = 0; index < count; index++) {
		bytes_put_u32(to, row[index].len);
		if (row[index].len > 0)
			memcpy(to + 4, row[index].ptr, row[index].len);
		to += 4 + row[index].len;
	}
}

enum disp_err log_submit(struct log *log, uint64_t first_seq, const struct log_bytes *row, uint32_t count)
{
	size_t size = batch_bytes(log, row, count);
	enum disp_err err = DISP_OK;

	if (size == 0 || count == 0 || first_seq == 0 || first_seq > UINT64_MAX - count)
		return DISP_E_INPUT;
	pthread_mutex_lock(&log->mutex);
	if (log->next_seq != 0 && first_seq != log->next_seq) {
		err = DISP_E_INPUT;
	} else if (!buffer_reserve(&log->filling, size, log->queue_bytes_max)) {
		err = DISP_E_FULL;
	} else {
		if (log->next_seq == 0) /* rows before the first are not this log's business */
			atomic_store(&log->durable_seq, first_seq - 1);
		batch_put(log->filling.bytes + log->filling.used, first_seq, row, count, size);
		log->filling.used += size;
		log->next_seq = first_seq + count;
		pthread_cond_signal(&log->wake);
	}
	pthread_mutex_unlock(&log->mutex);
	return err;
}

uint64_t log_durable_seq(const struct log *log)
{
	return atomic_load(&log->durable_seq);
}

int log_event_fd(const struct log *log)
{
	return log->event_fd;
}

struct log_state log_state(struct log *log)
{
	struct log_state state;

	pthread_mutex_lock(&log->mutex);
	state.status = log->status;
	state.os_errno = log->os_errno;
	state.what = log->what;
	state.submitted_seq = log->next_seq ? log->next_seq - 1 : 0;
	state.durable_seq = atomic_load(&log->durable_seq);
	state.waiting_bytes = log->filling.used;
	state.waiting_max = log->queue_bytes_max;
	pthread_mutex_unlock(&log->mutex);
	return state;
}

enum disp_err log_wait(struct log *log, uint64_t seq)
{
	enum disp_err err = DISP_OK;

	if (log->no_thread)
		log_write_out(log);
	pthread_mutex_lock(&log->mutex);
	while (atomic_load(&log->durable_seq) < seq && log->status != LOG_FAILED)
		pthread_cond_wait(&log->moved, &log->mutex);
	if (atomic_load(&log->durable_seq) < seq)
		err = DISP_E_IO;
	pthread_mutex_unlock(&log->mutex);
	return err;
}

enum disp_err log_recover(struct log *log)
{
	enum disp_err err = DISP_E_NONE;

	pthread_mutex_lock(&log->mutex);
	if (log->status == LOG_FAILED) {
		log->status = LOG_RECOVERING;
		pthread_cond_signal(&log->wake);
		err = DISP_OK;
	}
	pthread_mutex_unlock(&log->mutex);
	return err;
}

enum disp_err log_prune(struct log *log, uint64_t before_seq, uint32_t *removed)
{
	char name[FILE_NAME_BYTES];
	enum disp_err err = DISP_OK;

	*removed = 0;
	pthread_mutex_lock(&log->mutex);
	while (err == DISP_OK && log->segments.count > 1 && log->segments.item[1].first <= before_seq) {
		file_name_put(name, "", log->segments.item[0].first, ".log");
		if (log->ops->unlinkat(log->dir_fd, name, 0) != 0 && errno != ENOENT) {
			err = DISP_E_IO;
			break;
		}
		log_segments_remove(&log->segments, 0);
		++*removed;
	}
	pthread_mutex_unlock(&log->mutex);
	return err;
}
