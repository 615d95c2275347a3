/* checker: a thread that compares secrets with their argon2id strings, which takes too long for a turn; knows no keys. */
#ifndef API_CHECKER_H
#define API_CHECKER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/types.h"

enum { CHECKER_DIGEST_BYTES = 32, CHECKER_JOBS_MAX = 16, CHECKER_HASH_MAX = 128, CHECKER_SECRET_MAX = 128 };

enum checker_result {
	CHECKER_GOOD,
	CHECKER_WRONG,
	CHECKER_FAILED /* no memory, no such form: it is not known */
};

struct checker;
struct event_base;

/* Called out of the event base, once for each ticket that was taken. */
typedef void checker_done(void *context, uint64_t ticket, enum checker_result result);

/* Memory: *out is the caller's until checker_close, which waits for the comparison that runs. Errors: DISP_E_IO: no thread. */
enum disp_err checker_open(
	struct checker **out, struct event_base *base, checker_done *done, void *context) DISP_MUSTCHECK;
void checker_close(struct checker *checker); /* NULL may be closed; what waits is not done any more */

/* Both texts are copied, and the secret's copy wiped. False: CHECKER_JOBS_MAX wait already, or one is too long. */
bool checker_ask(
	struct checker *checker, uint64_t ticket, struct text hash, struct text secret) DISP_MUSTCHECK;

/* SHA-256 of a secret, to know it again; and whether two are the same, in a time that does not tell where they differ. */
void checker_digest(struct text secret, uint8_t out[CHECKER_DIGEST_BYTES]);
bool checker_same(const uint8_t a[CHECKER_DIGEST_BYTES], const uint8_t b[CHECKER_DIGEST_BYTES]);

#endif
