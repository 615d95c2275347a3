/* guard: who has tried in vain how often, and who must wait; no clock, no sockets, no secrets. */
#ifndef API_GUARD_H
#define API_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * After GUARD_TRIES failed tries an address, or a key, is locked out: at first for first_ms, then for twice as long each
 * time, at most GUARD_LONGEST times as long. A good try, or as long a time without a failed one, wipes the slate. Apart from
 * that it counts how many secrets are to be compared in a second, which costs a tenth of a second of a processor each.
 */
enum {
	GUARD_TRIES = 5,
	GUARD_LONGEST = 60,
	GUARD_CHECKS_ADDRESS = 2, /* a second */
	GUARD_CHECKS_ALL = 10,
	GUARD_KNOWN_MS = 24 * 3600000, /* since a good try an address is no stranger's */
	GUARD_SUBJECTS =
		1024 /* remembered; the one unheard of for longest gives way, one that is locked out last of all */
};

/* An address (IPv6: its /64, which is one customer's) or a key. */
struct guard_subject {
	uint8_t bytes[17];
};

struct guard_entry {
	struct guard_subject subject;
	bool used;
	uint32_t failed, locks;                                   /* in a row */
	uint32_t checks;                                          /* in the second that began at second_ms */
	int64_t seen_ms, failed_ms, until_ms, second_ms, good_ms; /* good_ms: -1 never */
};

struct guard {
	int64_t first_ms, second_ms;
	uint32_t checks;
	struct guard_entry entry[GUARD_SUBJECTS];
};

struct sockaddr;
struct guard_subject guard_address(
	const struct sockaddr *address); /* neither IPv4 nor IPv6: all the same one */
struct guard_subject guard_key(uint32_t number);

/* Memory: the caller's; first_ms: of a first lock-out, above 0. All times below: ms of a clock that never goes back. */
void guard_init(struct guard *guard, int64_t first_ms);

/* How long the subject must still wait; 0: it need not. */
int64_t guard_wait_ms(const struct guard *guard, const struct guard_subject *subject, int64_t now_ms);

/* Whether one more secret may be compared for this address now; if so it is counted. */
bool guard_check(struct guard *guard, const struct guard_subject *address, int64_t now_ms);

/* A failed try. Returns for how long the subject is locked out by it; 0: not yet. */
int64_t guard_failed(struct guard *guard, const struct guard_subject *subject, int64_t now_ms);

/* A good one. */
void guard_good(struct guard *guard, const struct guard_subject *subject, int64_t now_ms);

/* Whether there was a good one from there in the last GUARD_KNOWN_MS. */
bool guard_known(struct guard *guard, const struct guard_subject *subject, int64_t now_ms);

#endif
