/* lease: which of two daemons leads. Pure: told what was sent, heard and seen, and when; sends and reads nothing. */
#include "shell/lease.h"

#include <string.h>

enum { FRESH_MS = 3 * LEASE_LOOK_MS, BACK_MS = 2 * LEASE_BEAT_MS };

void lease_init(struct lease *lease, bool pair, uint64_t epoch, int64_t now_ms)
{
	memset(lease, 0, sizeof *lease);
	lease->pair = pair;
	lease->epoch = pair ? epoch : epoch + 1;
	lease->state = pair ? LEASE_STANDS_BY : LEASE_LEADS;
	lease->next_ms = now_ms;
	lease->unmoved_ms = INT64_MAX;
	lease->asked_ms = INT64_MIN / 2;
}

bool lease_may_send(const struct lease *lease, int64_t now_ms)
{
	if (lease->state != LEASE_LEADS)
		return false;
	return !lease->pair || lease->forced || now_ms < lease->until_ms;
}

/* --- PostgreSQL ------------------------------------------------------------------------------------ */

/*
 * The row has not moved for long enough, a look that is not old says so, and nothing else was promised. After a failure
 * the one that leads gets the time to beat, too.
 */
static bool may_take(const struct lease *lease, int64_t now_ms)
{
	return lease->unmoved_ms != INT64_MAX && now_ms - lease->unmoved_ms >= LEASE_TAKE_MS &&
	       now_ms - lease->seen_ms <= FRESH_MS && now_ms - lease->back_ms >= BACK_MS &&
	       now_ms >= lease->granted_ms;
}

enum lease_want lease_want(const struct lease *lease, int64_t now_ms)
{
	if (!lease->pair || lease->state == LEASE_LOST || lease->sent != LEASE_NOTHING ||
		now_ms < lease->next_ms)
		return LEASE_NOTHING;
	if (lease->state == LEASE_LEADS && !lease->forced)
		return LEASE_BEAT;
	if (lease->forced) /* what the row says decides; then it is told */
		return lease->seen_ms != 0 && now_ms - lease->seen_ms <= FRESH_MS ? LEASE_TAKE : LEASE_LOOK;
	return may_take(lease, now_ms) ? LEASE_TAKE : LEASE_LOOK;
}

int64_t lease_due_ms(const struct lease *lease)
{
	int64_t due = lease->sent == LEASE_NOTHING ? lease->next_ms : INT64_MAX;
	int64_t ask = lease->until_ms - LEASE_MS / 2;

	if (!lease->pair || lease->state == LEASE_LOST)
		return INT64_MAX;
	if (lease->state != LEASE_LEADS || lease->forced)
		return due;
	if (ask < lease->asked_ms + LEASE_BEAT_MS)
		ask = lease->asked_ms + LEASE_BEAT_MS;
	return ask < due ? ask : due;
}

void lease_sent(struct lease *lease, enum lease_want what, int64_t now_ms)
{
	lease->sent = what;
	lease->sent_ms = now_ms;
	lease->next_ms = now_ms + (what == LEASE_BEAT ? LEASE_BEAT_MS : LEASE_LOOK_MS);
	if (what == LEASE_TAKE && lease->state == LEASE_STANDS_BY)
		lease->state = LEASE_TAKES;
}

static void lose(struct lease *lease, uint64_t epoch)
{
	lease->state = LEASE_LOST;
	lease->forced = false;
	if (epoch > lease->epoch)
		lease->epoch = epoch;
}

void lease_beaten(struct lease *lease, bool taken, uint64_t epoch, int64_t now_ms)
{
	(void)now_ms;
	lease->sent = LEASE_NOTHING;
	if (lease->state != LEASE_LEADS)
		return;
	if (!taken)
		lose(lease, epoch);
	else if (lease->sent_ms + LEASE_MS > lease->until_ms)
		lease->until_ms = lease->sent_ms + LEASE_MS;
}

void lease_seen(struct lease *lease, uint64_t epoch, uint64_t beat, int64_t now_ms)
{
	bool moved = epoch != lease->row_epoch || beat != lease->row_beat || lease->unmoved_ms == INT64_MAX;

	lease->sent = LEASE_NOTHING;
	lease->unsure = false;
	if (lease->seen_ms == 0)
		lease->back_ms = now_ms;
	lease->seen_ms = now_ms;
	lease->row_epoch = epoch;
	lease->row_beat = beat;
	if (moved)
		lease->unmoved_ms = now_ms;
	if (lease->state == LEASE_LEADS && epoch >= lease->epoch)
		lose(lease, epoch);
	else if (lease->state != LEASE_LEADS && epoch > lease->epoch)
		lease->epoch = epoch;
}

uint64_t lease_next_epoch(const struct lease *lease)
{
	uint64_t highest = lease->row_epoch > lease->epoch ? lease->row_epoch : lease->epoch;

	return lease->forced ? lease->epoch : highest + 1;
}

void lease_taken(struct lease *lease, bool taken, int64_t now_ms)
{
	uint64_t epoch = lease_next_epoch(lease);

	lease->sent = LEASE_NOTHING;
	if (taken) {
		lease->state = LEASE_LEADS;
		lease->forced = false;
		lease->epoch = epoch;
		lease->until_ms = lease->sent_ms + LEASE_MS;
		lease->next_ms = now_ms;
		return;
	}
	lease->seen_ms = 0; /* the row has moved: look again */
	lease->unmoved_ms = INT64_MAX;
	if (lease->state == LEASE_TAKES)
		lease->state = LEASE_STANDS_BY;
}

void lease_failed(struct lease *lease, int64_t now_ms)
{
	lease->unsure = lease->unsure || lease->sent == LEASE_TAKE;
	lease->sent = LEASE_NOTHING;
	lease->next_ms = now_ms + LEASE_LOOK_MS;
	lease->seen_ms = 0;
	if (lease->state == LEASE_TAKES)
		lease->state = LEASE_STANDS_BY;
}

/* --- the pair -------------------------------------------------------------------------------------- */

bool lease_asks(const struct lease *lease, int64_t now_ms)
{
	return lease->pair && lease->state == LEASE_LEADS && !lease->forced &&
	       lease->until_ms - now_ms <= LEASE_MS / 2 && now_ms - lease->asked_ms >= LEASE_BEAT_MS;
}

void lease_asked(struct lease *lease, int64_t now_ms)
{
	lease->asked_ms = now_ms;
}

void lease_granted(struct lease *lease, int64_t asked_ms)
{
	if (lease->state == LEASE_LEADS && asked_ms <= lease->asked_ms &&
		asked_ms + LEASE_MS > lease->until_ms)
		lease->until_ms = asked_ms + LEASE_MS;
}

void lease_refused(struct lease *lease, uint64_t epoch)
{
	if (lease->state == LEASE_LEADS && epoch > lease->epoch)
		lose(lease, epoch);
}

bool lease_grant(struct lease *lease, uint64_t epoch, int64_t now_ms)
{
	if (lease->state != LEASE_STANDS_BY || lease->unsure || epoch < lease->epoch)
		return false;
	lease->epoch = epoch;
	if (now_ms + LEASE_TAKE_MS > lease->granted_ms)
		lease->granted_ms = now_ms + LEASE_TAKE_MS;
	return true;
}

void lease_force(struct lease *lease, int64_t now_ms)
{
	if (!lease->pair || (lease->state == LEASE_LEADS && lease->forced))
		return;
	lease->epoch = (lease->row_epoch > lease->epoch ? lease->row_epoch : lease->epoch) + 1;
	lease->state = LEASE_LEADS;
	lease->forced = true;
	lease->sent = LEASE_NOTHING;
	lease->next_ms = now_ms;
	lease->seen_ms = 0;
}
