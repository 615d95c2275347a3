/* at_work: the message that is being worked on, where it outlives the process; and those that have brought it down. */
#include "store/at_work.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/bytes.h"

enum { HEAD_BYTES = 32, DROPPED_AT = 24, FILE_VERSION = 1, STACK_BYTES = 64 << 10 };

/* As it lies in DIR/at-work. */
struct mark {
	_Atomic uint32_t busy, down;
	uint32_t door, count;
	uint8_t bytes[AT_WORK_BYTES_MAX];
};

struct at_work {
	struct mark *mark;
	int dir_fd, aside_fd; /* DIR, DIR/aside */
	store_report_fn *report;
	void *context;
	struct at_work_kept kept[AT_WORK_KEPT_MAX];
	uint32_t count, aside_count;
};

static void tell(const struct at_work *at_work, enum store_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void tell(const struct at_work *at_work, enum store_level level, const char *format, ...)
{
	char text[STORE_ERROR_BYTES];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof text, format, list);
	va_end(list);
	if (at_work->report != NULL)
		at_work->report(at_work->context, level, text);
}

static void id_of(uint32_t door, const void *bytes, size_t count, char id[AT_WORK_ID_BYTES])
{
	uint8_t digest[crypto_hash_sha256_BYTES], from = (uint8_t)door;
	crypto_hash_sha256_state state;

	(void)crypto_hash_sha256_init(&state);
	(void)crypto_hash_sha256_update(&state, &from, 1);
	(void)crypto_hash_sha256_update(&state, bytes, count);
	(void)crypto_hash_sha256_final(&state, digest);
	sodium_bin2hex(id, AT_WORK_ID_BYTES, digest, (AT_WORK_ID_BYTES - 1) / 2);
}

static struct at_work_kept *find(struct at_work *at_work, const char *id)
{
	for (uint32_t index = 0; index < at_work->count; index++)
		if (strcmp(at_work->kept[index].id, id) == 0)
			return &at_work->kept[index];
	return NULL;
}

/* --- the files of DIR/aside ------------------------------------------------------------------------ */

static bool is_id(const char *name)
{
	return strlen(name) == AT_WORK_ID_BYTES - 1 &&
	       strspn(name, "0123456789abcdef") == AT_WORK_ID_BYTES - 1;
}

static enum disp_err file_write(
	const struct at_work *at_work, const struct at_work_kept *kept, const uint8_t *bytes)
{
	uint8_t head[HEAD_BYTES] = {0};
	char fresh[AT_WORK_ID_BYTES + 8];
	enum disp_err err = DISP_E_IO;

	bytes_put_u32(head, FILE_VERSION);
	bytes_put_u32(head + 4, kept->door);
	bytes_put_u32(head + 8, kept->times);
	bytes_put_u32(head + 12, kept->bytes);
	bytes_put_u64(head + 16, (uint64_t)kept->wall_ms);
	head[DROPPED_AT] = kept->dropped;
	snprintf(fresh, sizeof fresh, "%s.new", kept->id);
	int fd = openat(at_work->aside_fd, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return DISP_E_IO;
	if (file_write_all(&file_ops_real, fd, head, sizeof head, 0) == DISP_OK &&
		file_write_all(&file_ops_real, fd, bytes, kept->dropped ? 0 : kept->bytes, sizeof head) ==
			DISP_OK &&
		fdatasync(fd) == 0)
		err = DISP_OK;
	close(fd);
	if (err == DISP_OK && (renameat(at_work->aside_fd, fresh, at_work->aside_fd, kept->id) != 0 ||
				      fsync(at_work->aside_fd) != 0))
		err = DISP_E_IO;
	return err;
}

static bool file_head(const struct at_work *at_work, const char *name, struct at_work_kept *kept)
{
	uint8_t head[HEAD_BYTES];
	size_t got = 0;
	int fd = openat(at_work->aside_fd, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	bool good = file_read_some(&file_ops_real, fd, head, sizeof head, 0, &got) == DISP_OK &&
		    got == sizeof head && bytes_get_u32(head) == FILE_VERSION;

	close(fd);
	*kept = (struct at_work_kept){.door = bytes_get_u32(head + 4),
		.times = bytes_get_u32(head + 8),
		.bytes = bytes_get_u32(head + 12),
		.wall_ms = (int64_t)bytes_get_u64(head + 16),
		.dropped = head[DROPPED_AT] != 0};
	snprintf(kept->id, sizeof kept->id, "%s", name);
	kept->aside = kept->times >= AT_WORK_TIMES;
	return good && kept->bytes <= AT_WORK_BYTES_MAX;
}

static int by_time(const void *a, const void *b)
{
	const struct at_work_kept *first = a, *second = b;

	return first->wall_ms < second->wall_ms ? -1 : first->wall_ms > second->wall_ms;
}

static void files_read(struct at_work *at_work)
{
	int fd = openat(at_work->aside_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(dir)) != NULL && at_work->count < AT_WORK_KEPT_MAX) {
		if (!is_id(entry->d_name))
			continue;
		if (!file_head(at_work, entry->d_name, &at_work->kept[at_work->count]))
			tell(at_work, STORE_WARNING, "aside: %s cannot be read", entry->d_name);
		else if (at_work->kept[at_work->count++].aside)
			at_work->aside_count++;
	}
	closedir(dir);
	qsort(at_work->kept, at_work->count, sizeof at_work->kept[0], by_time);
}

static bool forget(struct at_work *at_work, struct at_work_kept *kept)
{
	uint32_t index = (uint32_t)(kept - at_work->kept);

	if (unlinkat(at_work->aside_fd, kept->id, 0) != 0 && errno != ENOENT)
		return false;
	(void)fsync(at_work->aside_fd);
	at_work->aside_count -= kept->aside;
	at_work->count--;
	memmove(kept, kept + 1, (at_work->count - index) * sizeof *kept);
	return true;
}

/* Room for one more: the oldest that is not refused goes, else the oldest that was dropped; if all wait, none does. */
static bool room(struct at_work *at_work)
{
	for (int dropped = 0; dropped < 2 && at_work->count == AT_WORK_KEPT_MAX; dropped++)
		for (uint32_t index = 0; at_work->count == AT_WORK_KEPT_MAX && index < at_work->count;
			index++) {
			struct at_work_kept *kept = &at_work->kept[index];

			if ((dropped ? kept->dropped : !kept->aside) && !forget(at_work, kept))
				return false;
		}
	return at_work->count < AT_WORK_KEPT_MAX;
}

/* --- what the last process left --------------------------------------------------------------------- */

static void count_it(struct at_work *at_work, int64_t wall_ms)
{
	const struct mark *mark = at_work->mark;
	uint32_t bytes = mark->count <= AT_WORK_BYTES_MAX ? mark->count : AT_WORK_BYTES_MAX;
	char id[AT_WORK_ID_BYTES];

	id_of(mark->door, mark->bytes, bytes, id);
	struct at_work_kept *kept = find(at_work, id);

	if (kept == NULL && !room(at_work)) {
		tell(at_work, STORE_ERROR,
			"a message brought the dispatcher down, and cannot be kept: aside is full");
		return;
	}
	if (kept == NULL) {
		kept = &at_work->kept[at_work->count++];
		*kept = (struct at_work_kept){.door = mark->door, .bytes = bytes};
		memcpy(kept->id, id, sizeof id);
	}
	kept->times++;
	kept->wall_ms = wall_ms;
	kept->fresh = !kept->aside && kept->times >= AT_WORK_TIMES;
	kept->aside = kept->times >= AT_WORK_TIMES;
	at_work->aside_count += kept->fresh;
	if (file_write(at_work, kept, mark->bytes) != DISP_OK)
		tell(at_work, STORE_ERROR, "aside: %s cannot be written: %s", id, strerror(errno));
	tell(at_work, STORE_ERROR,
		"a message of %" PRIu32 " bytes brought the dispatcher down, time %" PRIu32 "%s: aside/%s",
		kept->bytes, kept->times, kept->aside ? ", and is SET ASIDE" : "", id);
}

static bool map(struct at_work *at_work)
{
	int fd = openat(at_work->dir_fd, "at-work", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *memory = MAP_FAILED;

	if (fd < 0)
		return false;
	/* Its blocks are there from now on: on a full disk a page that cannot be had would be a SIGBUS. */
	if (posix_fallocate(fd, 0, sizeof(struct mark)) == 0)
		memory = mmap(NULL, sizeof(struct mark), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	at_work->mark = memory == MAP_FAILED ? NULL : memory;
	return at_work->mark != NULL;
}

enum disp_err at_work_open(
	struct at_work **out, const char *dir, int64_t wall_ms, store_report_fn *report, void *context)
{
	struct at_work *at_work = calloc(1, sizeof *at_work);

	*out = NULL;
	if (at_work == NULL || sodium_init() < 0) {
		free(at_work);
		return DISP_E_FULL;
	}
	at_work->report = report;
	at_work->context = context;
	at_work->aside_fd = -1;
	at_work->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at_work->dir_fd >= 0 && (mkdirat(at_work->dir_fd, "aside", 0700) == 0 || errno == EEXIST))
		at_work->aside_fd = openat(at_work->dir_fd, "aside", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at_work->aside_fd < 0 || !map(at_work)) {
		tell(at_work, STORE_ERROR, "%s: at-work, aside: %s", dir, strerror(errno));
		at_work_close(at_work);
		return DISP_E_IO;
	}
	files_read(at_work);
	if (atomic_load(&at_work->mark->busy) != 0 && atomic_load(&at_work->mark->down) != 0)
		count_it(at_work, wall_ms);
	atomic_store(&at_work->mark->busy, 0);
	atomic_store(&at_work->mark->down, 0);
	*out = at_work;
	return DISP_OK;
}

void at_work_close(struct at_work *at_work)
{
	if (at_work == NULL)
		return;
	if (at_work->mark != NULL) {
		at_work_end(at_work);
		(void)munmap(at_work->mark, sizeof *at_work->mark);
	}
	if (at_work->aside_fd >= 0)
		close(at_work->aside_fd);
	if (at_work->dir_fd >= 0)
		close(at_work->dir_fd);
	free(at_work);
}

/* --- the end that is its own fault ------------------------------------------------------------------ */

static struct mark *caught;

static void on_fault(int number)
{
	atomic_store(&caught->down, 1);
	(void)raise(number); /* the handler is gone by now: it does what it always did */
}

void at_work_catch(struct at_work *at_work)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS};
	static uint8_t memory[STACK_BYTES]; /* a stack that ran over is no place to stand on */
	const stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
	struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_ONSTACK | (int)SA_RESETHAND};

	caught = at_work->mark;
	(void)sigaltstack(&stack, NULL);
	(void)sigemptyset(&action.sa_mask);
	for (size_t index = 0; index < sizeof faults / sizeof faults[0]; index++)
		(void)sigaction(faults[index], &action, NULL);
}

/* --- one message ------------------------------------------------------------------------------------ */

bool at_work_begin(struct at_work *at_work, uint32_t door, const void *bytes, size_t count)
{
	struct mark *mark = at_work->mark;
	uint32_t kept = count < AT_WORK_BYTES_MAX ? (uint32_t)count : AT_WORK_BYTES_MAX;

	if (at_work->aside_count > 0) { /* else nobody pays for the hash */
		char id[AT_WORK_ID_BYTES];

		id_of(door, bytes, kept, id);
		const struct at_work_kept *found = find(at_work, id);

		if (found != NULL && found->aside)
			return false;
	}
	atomic_store(&mark->busy, 0); /* never busy with half of one */
	mark->door = door;
	mark->count = kept;
	memcpy(mark->bytes, bytes, kept);
	atomic_store(&mark->busy, 1);
	return true;
}

void at_work_end(struct at_work *at_work)
{
	atomic_store_explicit(&at_work->mark->busy, 0, memory_order_relaxed);
}

/* --- for people ------------------------------------------------------------------------------------- */

const struct at_work_kept *at_work_at(const struct at_work *at_work, uint32_t index)
{
	return index < at_work->count ? &at_work->kept[index] : NULL;
}

uint32_t at_work_aside(const struct at_work *at_work)
{
	return at_work->aside_count;
}

enum disp_err at_work_read(const struct at_work *at_work, const char *id, uint8_t **bytes, size_t *count)
{
	struct at_work_kept kept;
	enum disp_err err;

	*bytes = NULL;
	*count = 0;
	if (!is_id(id))
		return DISP_E_NONE;
	int fd = openat(at_work->aside_fd, id, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? DISP_E_NONE : DISP_E_IO;
	err = file_head(at_work, id, &kept) ? DISP_OK : DISP_E_IO;
	if (err == DISP_OK && (*bytes = malloc((size_t)kept.bytes + 1)) == NULL)
		err = DISP_E_FULL;
	if (err == DISP_OK)
		err = file_read_some(&file_ops_real, fd, *bytes, kept.bytes, HEAD_BYTES, count);
	close(fd);
	if (err != DISP_OK) {
		free(*bytes);
		*bytes = NULL;
	}
	return err;
}

/* Its file in its new state first, then what we know of it. */
static enum disp_err settle(struct at_work *at_work, const char *id, bool dropped)
{
	struct at_work_kept *kept = find(at_work, id), fresh;
	uint8_t *bytes;
	size_t count;

	if (kept == NULL || !kept->aside || (dropped && kept->dropped))
		return DISP_E_NONE;
	enum disp_err err = at_work_read(at_work, id, &bytes, &count);

	if (err != DISP_OK)
		return err;
	fresh = *kept;
	fresh.fresh = false;
	fresh.dropped = dropped;
	fresh.aside = dropped;
	fresh.times = dropped ? kept->times : AT_WORK_TIMES - 1;
	fresh.bytes = dropped ? kept->bytes : (uint32_t)count;
	err = file_write(at_work, &fresh, bytes);
	free(bytes);
	if (err != DISP_OK)
		return err;
	at_work->aside_count -= kept->aside && !fresh.aside;
	*kept = fresh;
	return DISP_OK;
}

enum disp_err at_work_release(struct at_work *at_work, const char *id)
{
	return settle(at_work, id, false);
}

enum disp_err at_work_drop(struct at_work *at_work, const char *id)
{
	return settle(at_work, id, true);
}
