/* page_file: see the header. */
#include "board/page_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, PAGE_MODE = 0640 };

struct page_file {
	char path[PATH_BYTES], fresh[PATH_BYTES], folder[PATH_BYTES];
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	char *bytes; /* to be written; NULL: nothing */
	size_t count;
	struct page_file_state state;
	bool ending, ended; /* told to end; has ended */
	bool left;          /* nobody waits any more: the thread frees */
};

/* --- the writing: in the thread, without the lock ----------------------------------------------------------- */

static int write_all(int fd, const char *bytes, size_t count)
{
	while (count > 0) {
		ssize_t wrote = write(fd, bytes, count);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return wrote < 0 ? errno : EIO;
		bytes += wrote;
		count -= (size_t)wrote;
	}
	return 0;
}

static int sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = fd < 0 ? errno : 0;

	if (fd < 0)
		return error;
	if (fsync(fd) != 0)
		error = errno;
	(void)close(fd);
	return error;
}

static int write_page(const struct page_file *file, const char *bytes, size_t count)
{
	int fd, error;

	(void)unlink(file->fresh); /* of one who was killed, or a link laid in the way */
	fd = open(file->fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, PAGE_MODE);
	if (fd < 0)
		return errno;
	error = write_all(fd, bytes, count);
	if (error == 0 && fchmod(fd, PAGE_MODE) != 0)
		error = errno;
	if (error == 0 && fsync(fd) != 0)
		error = errno;
	if (close(fd) != 0 && error == 0)
		error = errno;
	if (error == 0 && rename(file->fresh, file->path) != 0)
		error = errno;
	if (error != 0)
		(void)unlink(file->fresh);
	return error != 0 ? error : sync_folder(file->folder);
}

/* --- the thread -------------------------------------------------------------------------------------------------- */

static void release(struct page_file *file)
{
	free(file->bytes);
	(void)pthread_cond_destroy(&file->changed);
	(void)pthread_mutex_destroy(&file->lock);
	free(file);
}

static void write_next(struct page_file *file)
{
	char *bytes = file->bytes;
	size_t count = file->count;
	int error;

	file->bytes = NULL;
	(void)pthread_mutex_unlock(&file->lock);
	error = write_page(file, bytes, count);
	free(bytes);
	(void)pthread_mutex_lock(&file->lock);
	file->state.error = error;
	file->state.written += error == 0;
	file->state.failed += error != 0;
	file->state.busy = false;
	(void)pthread_cond_broadcast(&file->changed);
}

static void *run(void *context)
{
	struct page_file *file = context;
	sigset_t all;
	bool left;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, NULL); /* signals are the loop's */
	(void)pthread_mutex_lock(&file->lock);
	for (;;) {
		while (file->bytes == NULL && !file->ending)
			(void)pthread_cond_wait(&file->changed, &file->lock);
		if (file->bytes == NULL)
			break;
		write_next(file);
	}
	file->ended = true;
	left = file->left;
	(void)pthread_cond_broadcast(&file->changed);
	(void)pthread_mutex_unlock(&file->lock);
	if (left)
		release(file);
	return NULL;
}

/* --- the others ------------------------------------------------------------------------------------------------- */

static void folder_of(const char *path, char *out)
{
	const char *slash = strrchr(path, '/');
	int len = slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path);

	(void)snprintf(out, PATH_BYTES, "%.*s", len, slash == NULL ? "." : path);
}

static bool locks_made(struct page_file *file)
{
	pthread_condattr_t attributes;
	bool made;

	if (pthread_condattr_init(&attributes) != 0)
		return false;
	made = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
	       pthread_cond_init(&file->changed, &attributes) == 0;
	(void)pthread_condattr_destroy(&attributes);
	if (made && pthread_mutex_init(&file->lock, NULL) != 0) {
		(void)pthread_cond_destroy(&file->changed);
		made = false;
	}
	return made;
}

enum disp_err page_file_open(struct page_file **out, const char *path)
{
	struct page_file *file;

	*out = NULL;
	if (path[0] == '\0' || strlen(path) + sizeof ".new" > PATH_BYTES)
		return DISP_E_INPUT;
	file = calloc(1, sizeof *file);
	if (file == NULL)
		return DISP_E_FULL;
	(void)snprintf(file->path, PATH_BYTES, "%s", path);
	(void)snprintf(file->fresh, PATH_BYTES, "%s.new", path);
	folder_of(path, file->folder);
	if (!locks_made(file)) {
		free(file);
		return DISP_E_FULL;
	}
	if (pthread_create(&file->thread, NULL, run, file) != 0) {
		release(file);
		return DISP_E_FULL;
	}
	*out = file;
	return DISP_OK;
}

enum disp_err page_file_put(struct page_file *file, char *bytes, size_t count)
{
	bool taken;

	(void)pthread_mutex_lock(&file->lock);
	taken = !file->state.busy;
	if (taken) {
		file->bytes = bytes;
		file->count = count;
		file->state.busy = true;
		(void)pthread_cond_broadcast(&file->changed);
	}
	(void)pthread_mutex_unlock(&file->lock);
	if (!taken)
		free(bytes);
	return taken ? DISP_OK : DISP_E_AGAIN;
}

void page_file_get_state(struct page_file *file, struct page_file_state *out)
{
	(void)pthread_mutex_lock(&file->lock);
	*out = file->state;
	(void)pthread_mutex_unlock(&file->lock);
}

static struct timespec time_in(int64_t wait_ms)
{
	struct timespec until = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(wait_ms / 1000);
	until.tv_nsec += (long)(wait_ms % 1000 * 1000000);
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	return until;
}

bool page_file_wait(struct page_file *file, int64_t wait_ms)
{
	struct timespec until = time_in(wait_ms);
	bool busy;

	(void)pthread_mutex_lock(&file->lock);
	while (file->state.busy && pthread_cond_timedwait(&file->changed, &file->lock, &until) == 0)
		;
	busy = file->state.busy;
	(void)pthread_mutex_unlock(&file->lock);
	return !busy;
}

void page_file_close(struct page_file *file, int64_t wait_ms)
{
	struct timespec until = time_in(wait_ms);
	bool ended;

	if (file == NULL)
		return;
	(void)pthread_mutex_lock(&file->lock);
	file->ending = true;
	(void)pthread_cond_broadcast(&file->changed);
	while (!file->ended && pthread_cond_timedwait(&file->changed, &file->lock, &until) == 0)
		;
	ended = file->ended;
	file->left = !ended;
	if (!ended)
		(void)pthread_detach(file->thread);
	(void)pthread_mutex_unlock(&file->lock);
	if (ended) {
		(void)pthread_join(file->thread, NULL);
		release(file);
	}
}
