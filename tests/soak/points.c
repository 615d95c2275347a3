/* points: linked into a daemon for tests alone; at the nth call of a step it kills, stops or makes the call fail. Decides nothing. */
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zmq.h>

#include "core/core.h"
#include "store/store.h"
#include "wire/outbox.h"

/*
 * Environment, all of it optional:
 *   SOAK_POINT     STEP:N:WHEN:WHAT   the Nth call (from 1) of STEP; WHEN before | after; WHAT one of
 *                  daemon    SIGKILL to ourselves
 *                  database  SIGKILL to the PostgreSQL of SOAK_DATABASE, all its processes; the call goes on
 *                  both      first the one, then the other
 *                  stop      SIGSTOP to ourselves; whoever tests sends CONT
 *                  enospc eio enomem   the call is not made and fails (only before, and only steps that can)
 *   SOAK_TIMES     how many calls in a row fail (1)
 *   SOAK_DATABASE  the server's postmaster.pid
 *   SOAK_COUNTS    a file: what has been called so often, STEP_COUNT pairs (before, after) of uint64_t. `after` counts
 *                  the calls that brought something: a message, a result. It outlives us.
 *   SOAK_FIRED     a file that appears when the point is reached, before anything is done
 */
enum soak_step {
	STEP_RECEIVE,  /* a message is taken from ZeroMQ */
	STEP_DECIDE,   /* core_decide */
	STEP_APPLY,    /* core_apply */
	STEP_APPEND,   /* the row to the turn's batch */
	STEP_COMMIT,   /* the batch to the log's thread */
	STEP_WRITE,    /* pwrite: log and snapshots */
	STEP_SYNC,     /* fdatasync of the log */
	STEP_NAME,     /* fsync: snapshots, and directories for new names */
	STEP_RENAME,   /* a snapshot gets its name */
	STEP_SNAPSHOT, /* fork for a snapshot */
	STEP_SUBMIT,   /* rows to PostgreSQL */
	STEP_SEAL,     /* the end of a transaction in the pipeline */
	STEP_FLUSH,    /* bytes to PostgreSQL's socket */
	STEP_RESULT,   /* PostgreSQL's answer, that of a commit too */
	STEP_RELEASED, /* what may leave is asked for */
	STEP_RELEASE,  /* a message has left the outbox */
	STEP_ANSWER,   /* a frame to ZeroMQ: replies, orders, the feed */
	STEP_MEMORY,   /* malloc, calloc, realloc */
	STEP_COUNT
};

enum soak_when { BEFORE, AFTER };
enum soak_what {
	WHAT_NOTHING,
	WHAT_DAEMON,
	WHAT_DATABASE,
	WHAT_BOTH,
	WHAT_STOP,
	WHAT_ENOSPC,
	WHAT_EIO,
	WHAT_ENOMEM,
	WHAT_COUNT
};

static const char *const step_word[STEP_COUNT] = {"receive", "decide", "apply", "append", "commit", "write",
	"sync", "name", "rename", "snapshot", "submit", "seal", "flush", "result", "released", "release",
	"answer", "memory"};
static const char *const what_word[WHAT_COUNT] = {
	"", "daemon", "database", "both", "stop", "enospc", "eio", "enomem"};

static atomic_uint_fast64_t own_count[STEP_COUNT][2];
static atomic_uint_fast64_t (*called)[2] = own_count;
static enum soak_step point_step = STEP_COUNT;
static enum soak_when point_when;
static enum soak_what point_what;
static uint64_t point_number, point_times = 1;
static const char *fired_path, *database_path;
static pid_t daemon_pid;

/* --- what is asked for ----------------------------------------------------------------------------- */

static void refuse(const char *what)
{
	(void)!write(STDERR_FILENO, "points: not understood: ", 24);
	(void)!write(STDERR_FILENO, what, strlen(what));
	(void)!write(STDERR_FILENO, "\n", 1);
	_exit(2);
}

static size_t find_word(const char *const *word, size_t count, const char *wanted)
{
	size_t at = 0;

	while (at < count && strcmp(word[at], wanted) != 0)
		at++;
	return at;
}

static void read_point(const char *text)
{
	char step[16], when[8], what[16];
	unsigned long long number;

	if (sscanf(text, "%15[a-z]:%llu:%7[a-z]:%15[a-z]", step, &number, when, what) != 4 || number == 0)
		refuse(text);
	point_step = (enum soak_step)find_word(step_word, STEP_COUNT, step);
	point_what = (enum soak_what)find_word(what_word, WHAT_COUNT, what);
	point_when = strcmp(when, "after") == 0 ? AFTER : BEFORE;
	point_number = number;
	if (point_step == STEP_COUNT || point_what == WHAT_COUNT || point_what == WHAT_NOTHING ||
		(strcmp(when, "before") != 0 && strcmp(when, "after") != 0))
		refuse(text);
}

static void map_counts(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *memory = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof own_count) == 0)
		memory = mmap(NULL, sizeof own_count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		refuse(path);
	close(fd);
	memset(memory, 0, sizeof own_count);
	called = memory;
}

__attribute__((constructor)) static void begin(void)
{
	const char *point = getenv("SOAK_POINT"), *counts = getenv("SOAK_COUNTS"),
		   *times = getenv("SOAK_TIMES");

	daemon_pid = getpid();
	fired_path = getenv("SOAK_FIRED");
	database_path = getenv("SOAK_DATABASE");
	if (times != NULL && times[0] != '\0')
		point_times = strtoull(times, NULL, 10);
	if (counts != NULL && counts[0] != '\0')
		map_counts(counts);
	if (point != NULL && point[0] != '\0')
		read_point(point);
}

/* --- what is done: no heap and no stdio, for any thread may be here, within any call ------------------ */

static size_t read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
	return got > 0 ? (size_t)got : 0;
}

static char *put_number(char *at, unsigned long number)
{
	char digit[24];
	size_t count = 0;

	do
		digit[count++] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	while (count > 0)
		*at++ = digit[--count];
	*at = '\0';
	return at;
}

/* The file may be an old one and its number anybody's: only what calls itself postgres is killed. */
static void kill_database(void)
{
	char text[4096], path[96], *at;
	unsigned long server;

	if (database_path == NULL || read_file(database_path, text, sizeof text) == 0)
		return;
	server = strtoul(text, NULL, 10);
	if (server <= 1)
		return;
	at = put_number(stpcpy(path, "/proc/"), server);
	strcpy(at, "/comm");
	if (read_file(path, text, sizeof text) == 0 || strncmp(text, "postgres", 8) != 0)
		return;
	strcpy(put_number(stpcpy(at, "/task/"), server), "/children");
	(void)read_file(path, text, sizeof text);
	(void)kill((pid_t)server, SIGKILL);
	for (at = text; *at >= '0' && *at <= '9';) {
		(void)kill((pid_t)strtoul(at, &at, 10), SIGKILL);
		at += *at == ' ';
	}
}

static void say_fired(void)
{
	int fd = fired_path != NULL ? open(fired_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;

	if (fd >= 0)
		close(fd);
}

static void act(void)
{
	int kept = errno;

	say_fired();
	if (point_what == WHAT_DATABASE || point_what == WHAT_BOTH)
		kill_database();
	if (point_what == WHAT_DAEMON || point_what == WHAT_BOTH) {
		(void)kill(daemon_pid, SIGKILL);
		(void)kill(getpid(), SIGKILL); /* a snapshot's child goes with it */
		for (;;)
			pause();
	}
	if (point_what == WHAT_STOP)
		(void)kill(daemon_pid, SIGSTOP);
	errno = kept;
}

/* Counts the call; the errno with which it must fail, or 0. */
static int reached(enum soak_step step, enum soak_when when)
{
	uint64_t number = atomic_fetch_add(&called[step][when], 1) + 1;

	if (step != point_step || when != point_when || number < point_number)
		return 0;
	if (point_what < WHAT_ENOSPC) {
		if (number == point_number)
			act();
		return 0;
	}
	if (number - point_number >= point_times || when == AFTER)
		return 0;
	say_fired();
	return point_what == WHAT_ENOSPC ? ENOSPC : point_what == WHAT_EIO ? EIO : ENOMEM;
}

/* --- the steps --------------------------------------------------------------------------------------- */

#define WRAPPED(type, name, parameters)                                                                      \
	type __real_##name parameters;                                                                       \
	type __wrap_##name parameters;                                                                       \
	type __wrap_##name parameters

/* A call that cannot be made to fail here; `some`: whether it brought something. */
#define PASS(step, type, call, some)                                                                         \
	(void)reached(step, BEFORE);                                                                         \
	type result = call;                                                                                  \
	if (some)                                                                                            \
		(void)reached(step, AFTER);                                                                  \
	return result

/* One that can. */
#define FAIL(step, type, failed, call, some)                                                                 \
	int why = reached(step, BEFORE);                                                                     \
	if (why != 0) {                                                                                      \
		errno = why;                                                                                 \
		return failed;                                                                               \
	}                                                                                                    \
	type result = call;                                                                                  \
	if (some)                                                                                            \
		(void)reached(step, AFTER);                                                                  \
	return result

WRAPPED(int, zmq_msg_recv, (zmq_msg_t * message, void *socket, int flags))
{
	PASS(STEP_RECEIVE, int, __real_zmq_msg_recv(message, socket, flags), result >= 0);
}

WRAPPED(enum disp_err, core_decide,
	(const struct core *core, const struct event *event, struct effects *effects))
{
	PASS(STEP_DECIDE, enum disp_err, __real_core_decide(core, event, effects), true);
}

WRAPPED(enum disp_err, core_apply,
	(struct core * core, const struct event *event, const struct effects *effects))
{
	PASS(STEP_APPLY, enum disp_err, __real_core_apply(core, event, effects), true);
}

WRAPPED(enum disp_err, store_append,
	(struct store * store, uint64_t seq, int64_t at_ms, uint64_t epoch, uint32_t kind,
		const uint8_t plan_hash[STORE_HASH_BYTES], const void *body, size_t size))
{
	PASS(STEP_APPEND, enum disp_err,
		__real_store_append(store, seq, at_ms, epoch, kind, plan_hash, body, size), true);
}

WRAPPED(enum disp_err, store_commit, (struct store * store, int64_t now_ms))
{
	PASS(STEP_COMMIT, enum disp_err, __real_store_commit(store, now_ms), true);
}

WRAPPED(uint64_t, store_released_seq, (struct store * store, int64_t now_ms))
{
	PASS(STEP_RELEASED, uint64_t, __real_store_released_seq(store, now_ms), true);
}

WRAPPED(void, outbox_pop, (struct outbox * outbox))
{
	(void)reached(STEP_RELEASE, BEFORE);
	__real_outbox_pop(outbox);
	(void)reached(STEP_RELEASE, AFTER);
}

WRAPPED(int, zmq_send, (void *socket, const void *bytes, size_t size, int flags))
{
	PASS(STEP_ANSWER, int, __real_zmq_send(socket, bytes, size, flags), result >= 0);
}

WRAPPED(ssize_t, pwrite, (int fd, const void *bytes, size_t size, off_t offset))
{
	FAIL(STEP_WRITE, ssize_t, -1, __real_pwrite(fd, bytes, size, offset), true);
}

WRAPPED(int, fdatasync, (int fd))
{
	FAIL(STEP_SYNC, int, -1, __real_fdatasync(fd), true);
}

WRAPPED(int, fsync, (int fd))
{
	FAIL(STEP_NAME, int, -1, __real_fsync(fd), true);
}

WRAPPED(int, renameat, (int from_fd, const char *from, int to_fd, const char *to))
{
	FAIL(STEP_RENAME, int, -1, __real_renameat(from_fd, from, to_fd, to), true);
}

WRAPPED(pid_t, fork, (void))
{
	FAIL(STEP_SNAPSHOT, pid_t, -1, __real_fork(), true);
}

WRAPPED(int, PQsendQueryPrepared,
	(PGconn * pg, const char *name, int count, const char *const *value, const int *length,
		const int *format, int result_format))
{
	PASS(STEP_SUBMIT, int,
		__real_PQsendQueryPrepared(pg, name, count, value, length, format, result_format), true);
}

WRAPPED(int, PQpipelineSync, (PGconn * pg))
{
	PASS(STEP_SEAL, int, __real_PQpipelineSync(pg), true);
}

WRAPPED(int, PQflush, (PGconn * pg))
{
	PASS(STEP_FLUSH, int, __real_PQflush(pg), true);
}

WRAPPED(PGresult *, PQgetResult, (PGconn * pg))
{
	PASS(STEP_RESULT, PGresult *, __real_PQgetResult(pg), result != NULL);
}

WRAPPED(void *, malloc, (size_t size))
{
	FAIL(STEP_MEMORY, void *, NULL, __real_malloc(size), true);
}

WRAPPED(void *, calloc, (size_t count, size_t size))
{
	FAIL(STEP_MEMORY, void *, NULL, __real_calloc(count, size), true);
}

WRAPPED(void *, realloc, (void *block, size_t size))
{
	FAIL(STEP_MEMORY, void *, NULL, __real_realloc(block, size), true);
}
