/* guard: who has tried in vain how often, and who must wait; see the header. */
#include "api/guard.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum { SUBJECT_OTHER, SUBJECT_V4, SUBJECT_V6, SUBJECT_KEY };
enum { SECOND_MS = 1000 };

struct guard_subject guard_address(const struct sockaddr *address)
{
	struct guard_subject subject = {{SUBJECT_OTHER}};

	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *four = (const struct sockaddr_in *)address;

		subject.bytes[0] = SUBJECT_V4;
		memcpy(subject.bytes + 1, &four->sin_addr, 4);
	} else if (address->sa_family == AF_INET6) {
		const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
		bool mapped = IN6_IS_ADDR_V4MAPPED(&six->sin6_addr);

		subject.bytes[0] = mapped ? SUBJECT_V4 : SUBJECT_V6;
		memcpy(subject.bytes + 1, six->sin6_addr.s6_addr + (mapped ? 12 : 0), mapped ? 4 : 8);
	}
	return subject;
}

struct guard_subject guard_key(uint32_t number)
{
	struct guard_subject subject = {{SUBJECT_KEY}};

	memcpy(subject.bytes + 1, &number, sizeof(number));
	return subject;
}

void guard_init(struct guard *guard, int64_t first_ms)
{
	memset(guard, 0, sizeof(*guard));
	guard->first_ms = first_ms;
}

static struct guard_entry *find(struct guard *guard, const struct guard_subject *subject)
{
	for (uint32_t i = 0; i < GUARD_SUBJECTS; i++)
		if (guard->entry[i].used &&
			memcmp(guard->entry[i].subject.bytes, subject->bytes, sizeof(subject->bytes)) == 0)
			return &guard->entry[i];
	return NULL;
}

/* Whether a gives way before b. */
static bool gives_way(const struct guard_entry *a, const struct guard_entry *b, int64_t now_ms)
{
	bool locked_a = a->until_ms > now_ms, locked_b = b->until_ms > now_ms;

	if (a->used != b->used)
		return !a->used;
	return locked_a != locked_b ? locked_b : a->seen_ms < b->seen_ms;
}

static struct guard_entry *find_or_make(
	struct guard *guard, const struct guard_subject *subject, int64_t now_ms)
{
	struct guard_entry *entry = find(guard, subject);

	if (entry == NULL) {
		entry = &guard->entry[0];
		for (uint32_t i = 1; i < GUARD_SUBJECTS; i++)
			if (gives_way(&guard->entry[i], entry, now_ms))
				entry = &guard->entry[i];
		*entry = (struct guard_entry){
			.subject = *subject, .used = true, .second_ms = now_ms, .good_ms = -1};
	}
	entry->seen_ms = now_ms;
	return entry;
}

int64_t guard_wait_ms(const struct guard *guard, const struct guard_subject *subject, int64_t now_ms)
{
	for (uint32_t i = 0; i < GUARD_SUBJECTS; i++) {
		const struct guard_entry *entry = &guard->entry[i];

		if (entry->used && memcmp(entry->subject.bytes, subject->bytes, sizeof(subject->bytes)) == 0)
			return entry->until_ms > now_ms ? entry->until_ms - now_ms : 0;
	}
	return 0;
}

/* True: there is room in this second. */
static bool room(int64_t *second_ms, uint32_t *checks, uint32_t max, int64_t now_ms)
{
	if (now_ms - *second_ms >= SECOND_MS) {
		*second_ms = now_ms;
		*checks = 0;
	}
	return *checks < max;
}

bool guard_check(struct guard *guard, const struct guard_subject *address, int64_t now_ms)
{
	struct guard_entry *entry = find_or_make(guard, address, now_ms);

	if (!room(&entry->second_ms, &entry->checks, GUARD_CHECKS_ADDRESS, now_ms) ||
		!room(&guard->second_ms, &guard->checks, GUARD_CHECKS_ALL, now_ms))
		return false;
	entry->checks++;
	guard->checks++;
	return true;
}

int64_t guard_failed(struct guard *guard, const struct guard_subject *subject, int64_t now_ms)
{
	struct guard_entry *entry = find_or_make(guard, subject, now_ms);
	int64_t longest_ms = guard->first_ms * GUARD_LONGEST, lock_ms = guard->first_ms;
	int64_t since_ms = entry->until_ms > entry->failed_ms ? entry->until_ms : entry->failed_ms;

	if (now_ms - since_ms >= longest_ms)
		entry->failed = entry->locks = 0;
	entry->failed_ms = now_ms;
	if (++entry->failed < GUARD_TRIES)
		return 0;
	for (uint32_t i = 0; i < entry->locks && lock_ms < longest_ms; i++)
		lock_ms *= 2;
	if (lock_ms > longest_ms)
		lock_ms = longest_ms;
	entry->failed = 0;
	entry->locks++;
	entry->until_ms = now_ms + lock_ms;
	return lock_ms;
}

void guard_good(struct guard *guard, const struct guard_subject *subject, int64_t now_ms)
{
	struct guard_entry *entry = find_or_make(guard, subject, now_ms);

	entry->failed = entry->locks = 0;
	entry->good_ms = now_ms;
}

bool guard_known(struct guard *guard, const struct guard_subject *subject, int64_t now_ms)
{
	const struct guard_entry *entry = find(guard, subject);

	return entry != NULL && entry->good_ms >= 0 && now_ms - entry->good_ms < GUARD_KNOWN_MS;
}
