/* log_internal: the open log as its own files see it, and who may touch which field. */
#ifndef STORE_LOG_INTERNAL_H
#define STORE_LOG_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "store/log_file.h"

struct log_buffer {
	uint8_t *bytes; /* sealed or unsealed records, one behind the other */
	size_t used, max;
};

struct log {
	const struct file_ops *ops;
	uint64_t segment_bytes_max;
	uint32_t queue_bytes_max;
	int dir_fd, lock_fd, event_fd; /* of DIR/log; the first and the last are used by both threads */
	_Atomic uint64_t durable_seq;

	pthread_mutex_t mutex; /* guards all up to the next blank line */
	pthread_cond_t wake, moved;
	struct log_segments segments;
	struct log_buffer filling;
	uint64_t next_seq; /* 0: the log is empty, any will do */
	enum log_status status;
	int os_errno;
	const char *what;
	bool writing_waits; /* `writing` holds rows that are not durable */
	bool stop;
	bool no_thread; /* fixed */

	pthread_t writer; /* the fields below are the writer's own once it runs */
	struct log_buffer writing;
	size_t done; /* bytes of `writing` that are durable */
	int fd;      /* of the last segment; -1: the next run opens a new one */
	uint64_t offset;
	const char *step; /* what it is doing, told when that fails */

	struct log_reader *lookup; /* log_read_at's, made when first used */
};

void *log_writer_run(void *context);
/* What waits is written by the caller, as far as the disk takes it. no_thread alone. */
void log_write_out(struct log *log);

/* The last segment's first seq, or 0. The mutex is held. */
uint64_t log_last_segment(const struct log *log);

#endif
