/* checker: a thread that compares secrets with their argon2id strings; see the header. The only user of libsodium here. */
#include "api/checker.h"

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct job {
	uint64_t ticket;
	char hash[CHECKER_HASH_MAX + 1], secret[CHECKER_SECRET_MAX];
	uint32_t secret_len;
	enum checker_result result;
};

/* jobs[first .. +asked) wait, the one at `first` may be worked on; in front of them `ready` wait to be told. */
struct checker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool running, ending;
	struct job job[CHECKER_JOBS_MAX];
	uint32_t first, ready, asked;
	int signal_fd;
	struct event *on_signal;
	checker_done *done;
	void *context;
};

static struct job *job_at(struct checker *checker, uint32_t offset)
{
	return &checker->job[(checker->first + offset) % CHECKER_JOBS_MAX];
}

static enum checker_result compare(const struct job *job)
{
	errno = 0;
	if (crypto_pwhash_str_verify(job->hash, job->secret, job->secret_len) == 0)
		return CHECKER_GOOD;
	return errno == EINVAL ? CHECKER_WRONG : CHECKER_FAILED;
}

static void *work(void *context)
{
	struct checker *checker = context;
	uint64_t one = 1;

	(void)pthread_mutex_lock(&checker->lock);
	for (;;) {
		struct job *job;
		enum checker_result result;

		while (checker->asked == 0 && !checker->ending)
			(void)pthread_cond_wait(&checker->wake, &checker->lock);
		if (checker->ending)
			break;
		job = job_at(checker, checker->ready);
		(void)pthread_mutex_unlock(&checker->lock); /* nobody else touches a job that waits */
		result = compare(job);
		sodium_memzero(job->secret, sizeof(job->secret));
		(void)pthread_mutex_lock(&checker->lock);
		job->result = result;
		checker->asked--;
		checker->ready++;
		(void)!write(checker->signal_fd, &one, sizeof(one));
	}
	(void)pthread_mutex_unlock(&checker->lock);
	return NULL;
}

static void on_signal(evutil_socket_t fd, short what, void *context)
{
	struct checker *checker = context;
	uint64_t count;

	(void)what;
	(void)!read(fd, &count, sizeof(count));
	for (;;) {
		uint64_t ticket;
		enum checker_result result;

		(void)pthread_mutex_lock(&checker->lock);
		if (checker->ready == 0)
			break;
		ticket = job_at(checker, 0)->ticket;
		result = job_at(checker, 0)->result;
		checker->first = (checker->first + 1) % CHECKER_JOBS_MAX;
		checker->ready--;
		(void)pthread_mutex_unlock(&checker->lock);
		checker->done(checker->context, ticket, result);
	}
	(void)pthread_mutex_unlock(&checker->lock);
}

/* Signals are for the main thread. */
static bool thread_start(struct checker *checker)
{
	sigset_t all, before;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	checker->running = pthread_create(&checker->thread, NULL, work, checker) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return checker->running;
}

enum disp_err checker_open(struct checker **out, struct event_base *base, checker_done *done, void *context)
{
	struct checker *checker = calloc(1, sizeof(*checker));

	*out = NULL;
	if (checker == NULL || sodium_init() < 0) {
		free(checker);
		return DISP_E_IO;
	}
	checker->done = done;
	checker->context = context;
	(void)pthread_mutex_init(&checker->lock, NULL);
	(void)pthread_cond_init(&checker->wake, NULL);
	checker->signal_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (checker->signal_fd >= 0)
		checker->on_signal =
			event_new(base, checker->signal_fd, EV_READ | EV_PERSIST, on_signal, checker);
	if (checker->on_signal == NULL || event_add(checker->on_signal, NULL) != 0 ||
		!thread_start(checker)) {
		checker_close(checker);
		return DISP_E_IO;
	}
	*out = checker;
	return DISP_OK;
}

void checker_close(struct checker *checker)
{
	if (checker == NULL)
		return;
	if (checker->running) {
		(void)pthread_mutex_lock(&checker->lock);
		checker->ending = true;
		(void)pthread_cond_signal(&checker->wake);
		(void)pthread_mutex_unlock(&checker->lock);
		(void)pthread_join(checker->thread, NULL);
	}
	if (checker->on_signal != NULL)
		event_free(checker->on_signal);
	if (checker->signal_fd >= 0)
		(void)close(checker->signal_fd);
	(void)pthread_cond_destroy(&checker->wake);
	(void)pthread_mutex_destroy(&checker->lock);
	sodium_memzero(checker, sizeof(*checker));
	free(checker);
}

bool checker_ask(struct checker *checker, uint64_t ticket, struct text hash, struct text secret)
{
	bool taken = false;

	if (hash.len > CHECKER_HASH_MAX || secret.len > CHECKER_SECRET_MAX)
		return false;
	(void)pthread_mutex_lock(&checker->lock);
	if (checker->ready + checker->asked < CHECKER_JOBS_MAX) {
		struct job *job = job_at(checker, checker->ready + checker->asked);

		*job = (struct job){.ticket = ticket, .secret_len = secret.len};
		memcpy(job->hash, hash.ptr, hash.len);
		memcpy(job->secret, secret.ptr, secret.len);
		checker->asked++;
		taken = true;
		(void)pthread_cond_signal(&checker->wake);
	}
	(void)pthread_mutex_unlock(&checker->lock);
	return taken;
}

void checker_digest(struct text secret, uint8_t out[CHECKER_DIGEST_BYTES])
{
	_Static_assert(CHECKER_DIGEST_BYTES == crypto_hash_sha256_BYTES, "SHA-256");
	(void)crypto_hash_sha256(out, (const unsigned char *)secret.ptr, secret.len);
}

bool checker_same(const uint8_t a[CHECKER_DIGEST_BYTES], const uint8_t b[CHECKER_DIGEST_BYTES])
{
	return sodium_memcmp(a, b, CHECKER_DIGEST_BYTES) == 0;
}
