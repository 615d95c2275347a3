/* store_pair: the store of one of two daemons begins to lead; which of them leads is not decided here (shell/lease.h). */
#include "store/store_internal.h"

void store_lead(struct store *store, uint64_t epoch, store_row_fn *stray_take, void *context)
{
	ASSERT(store->recovered && epoch != 0);
	store->stray_take = stray_take;
	store->stray_context = context;
	follower_close(&store->follower);
	fence_lead(&store->fence, epoch);
	store->opened_ms = 0; /* the first connection has the patience of a start */
}

bool store_writes(const struct store *store)
{
	return !store->config.pair || fence_open(&store->fence);
}

void store_follow(struct store *store, store_row_fn *take, void *context)
{
	ASSERT(store->recovered && store->config.pair && store->fence.epoch == 0);
	follower_begin(&store->follower, take, context);
}

void store_get_following(const struct store *store, struct store_following *out)
{
	*out = store->follower.said;
}

void store_pair_state(const struct store *store, struct store_state *state)
{
	const struct follower *follower = &store->follower;

	if (!store->config.pair || store->fence.epoch != 0)
		return;
	state->connected = follower->said.connected;
	state->mode = state->connected ? STORE_NORMAL : STORE_ISLAND;
	state->journal_seq = state->projected_seq = follower->journal_seq;
	state->lag_rows = state->log_seq > follower->journal_seq ? state->log_seq - follower->journal_seq : 0;
}

static bool brings_in(const struct store *store)
{
	return store->fence.epoch != 0 && fence_open(&store->fence) && store->stray_take != NULL;
}

void store_pair_work(struct store *store, int64_t now_ms)
{
	follower_work(&store->follower, store, now_ms);
	if (brings_in(store))
		stray_work(&store->stray, store, now_ms);
	else
		stray_close(&store->stray);
}

uint32_t store_pair_pollfds(const struct store *store, struct store_pollfd *out, uint32_t max)
{
	uint32_t count = 0;

	if (count < max && link_pollfd(&store->follower.link, &out[count]))
		count++;
	if (count < max && link_pollfd(&store->stray.link, &out[count]))
		count++;
	return count;
}

int64_t store_pair_due_ms(const struct store *store)
{
	int64_t follow_ms = follower_due_ms(&store->follower);
	int64_t stray_ms = brings_in(store) ? stray_due_ms(&store->stray) : INT64_MAX;

	return follow_ms < stray_ms ? follow_ms : stray_ms;
}
