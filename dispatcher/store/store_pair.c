/* store_pair: the store of one of two daemons begins to lead; which of them leads is not decided here (shell/lease.h). */
#include "store/store_internal.h"

void store_lead(struct store *store, uint64_t epoch, store_row_fn *stray_take, void *context)
{
	ASSERT(store->recovered && epoch != 0);
	store->stray_take = stray_take;
	store->stray_context = context;
	fence_lead(&store->fence, epoch);
	store->opened_ms = 0; /* the first connection has the patience of a start */
}

bool store_writes(const struct store *store)
{
	return !store->config.pair || fence_open(&store->fence);
}
