/* store_work: what the store does beside the turn: release, the log's failures, PostgreSQL's three connections. */
#include "store/store_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static uint64_t durable_seq(const struct store *store)
{
	return store->log == NULL ? 0 : log_durable_seq(store->log);
}

/*
 * How long the oldest row that waits for PostgreSQL has waited; a row no longer in memory: for ever. 0: none waits. What
 * it waited for a disk that refused is not PostgreSQL's.
 */
static int64_t oldest_wait_ms(const struct store *store, uint64_t durable, int64_t now_ms)
{
	const struct ring_row *row;

	if (store->journal.acked_seq >= durable)
		return 0;
	row = ring_find(&store->ring, store->journal.acked_seq + 1);
	if (row == NULL)
		return INT64_MAX;
	return now_ms - (row->committed_ms > store->log_again_ms ? row->committed_ms : store->log_again_ms);
}

/* A first connection and its migrations take their time: no alarm for that, unless it is known that there is none. */
enum { START_PATIENCE_MS = 5000 };

static int64_t start_patience_ms(const struct store *store)
{
	bool known = store->config.conninfo == NULL || store->journal.link.error[0] != '\0';

	return known || store->config.grace_ms > START_PATIENCE_MS ? store->config.grace_ms
								   : START_PATIENCE_MS;
}

static void mode_look(struct store *store, uint64_t durable, int64_t now_ms)
{
	bool connected = journal_connected(&store->journal);
	int64_t wait_ms = oldest_wait_ms(store, durable, now_ms);
	uint64_t lag = durable > store->journal.acked_seq ? durable - store->journal.acked_seq : 0;

	if (store->mode == STORE_NORMAL && (!connected || wait_ms >= store->config.grace_ms)) {
		store->mode = STORE_ISLAND;
		store->mode_told = true;
		store_tell(store, STORE_WARNING,
			"ISLAND MODE: PostgreSQL %s; help leaves on the local log alone, %" PRIu64
			" rows wait (%s)",
			connected ? "is silent" : "is not connected", lag, store->journal.link.error);
	} else if (store->mode == STORE_ISLAND && connected && wait_ms <= store->config.grace_ms / 2) {
		store->mode = STORE_NORMAL;
		store_tell(store, STORE_INFO, "%s: PostgreSQL has caught up to row %" PRIu64,
			store->mode_told ? "ISLAND MODE ENDED" : "normal", store->journal.acked_seq);
		store->mode_told = true;
		store->error[0] = '\0';
	} else if (store->mode == STORE_ISLAND && !store->mode_told &&
		   now_ms - store->opened_ms >= start_patience_ms(store)) {
		store->mode_told = true;
		store_tell(store, STORE_WARNING, "ISLAND MODE from the start: PostgreSQL %s (%s)",
			store->config.conninfo == NULL ? "is not configured" : "does not answer",
			store->journal.link.error);
	}
}

uint64_t store_released_seq(struct store *store, int64_t now_ms)
{
	uint64_t durable = durable_seq(store);
	uint64_t released;

	if (store->opened_ms == 0)
		store->opened_ms = now_ms;
	if (!store_writes(store)) /* nothing more leaves here */
		return store->released_seq;
	mode_look(store, durable, now_ms);
	released = store->mode == STORE_ISLAND || store->journal.acked_seq > durable
			   ? durable
			   : store->journal.acked_seq;
	if (released > store->released_seq)
		store->released_seq = released;
	return store->released_seq;
}

static void log_look(struct store *store, int64_t now_ms)
{
	uint64_t ticks;
	int event_fd = log_event_fd(store->log);

	if (event_fd >= 0 && read(event_fd, &ticks, sizeof(ticks)) < 0)
		ticks = 0; /* nothing had come; it was read only to make it quiet again */
	log_work(store->log);
	struct log_state state = log_state(store->log);

	if (state.status == LOG_WORKING) {
		if (store->log_failed_told) {
			store_tell(store, STORE_INFO, "log: the disk takes rows again");
			store->log_again_ms = now_ms;
		}
		store->log_failed_told = false;
		return;
	}
	if (state.status != LOG_FAILED)
		return;
	if (!store->log_failed_told) {
		store_tell(store, STORE_ERROR,
			"log: the disk refuses (%s: %s); nothing can be released until it takes rows",
			state.what, strerror(state.os_errno));
		store->log_failed_told = true;
		store->log_retry_ms = now_ms + STORE_LOG_RETRY_MS;
	} else if (now_ms >= store->log_retry_ms) {
		store->log_retry_ms = now_ms + STORE_LOG_RETRY_MS;
		if (log_recover(store->log) != DISP_OK)
			store->log_retry_ms = now_ms; /* it works again by now */
	}
}

void store_work(struct store *store, int64_t now_ms)
{
	ASSERT(store->recovered);
	if (store->opened_ms == 0)
		store->opened_ms = now_ms;
	log_look(store, now_ms);
	store_snapshot_reap(store, now_ms);
	migrate_work(&store->migrate, now_ms);
	if (migrate_settled(&store->migrate)) {
		journal_work(&store->journal, store->log_first, durable_seq(store), now_ms);
		if (store->journal.quarantined != store->project.aside.journal_saw) {
			store->project.aside.journal_saw = store->journal.quarantined;
			store->project.aside.ask = true;
		}
		if (store->config.names != NULL)
			project_work(&store->project,
				journal_connected(&store->journal) ? store->journal.acked_seq : 0, now_ms);
		if (store->config.pair)
			store_pair_work(store, now_ms);
	}
	verify_work(&store->verify, now_ms);
	(void)store_released_seq(store, now_ms);
}

uint32_t store_pollfds(struct store *store, struct store_pollfd *out, uint32_t max)
{
	uint32_t count = 0;
	struct store_pollfd one;

	if (store->log != NULL && log_event_fd(store->log) >= 0 && count < max)
		out[count++] = (struct store_pollfd){.fd = log_event_fd(store->log), .events = POLLIN};
	if (count < max && link_pollfd(&store->migrate.link, &one))
		out[count++] = one;
	if (count < max && link_pollfd(&store->journal.link, &one))
		out[count++] = one;
	if (count < max && link_pollfd(&store->project.link, &one))
		out[count++] = one;
	if (count < max && link_pollfd(&store->verify.link, &one))
		out[count++] = one;
	return count + store_pair_pollfds(store, out + count, max - count);
}

int64_t store_due_ms(const struct store *store)
{
	int64_t due = migrate_due_ms(&store->migrate);
	uint64_t durable = durable_seq(store);

	if (migrate_settled(&store->migrate) && store_writes(store)) {
		if (store->journal.state != JOURNAL_CONFLICT)
			due = earlier(due, link_due_ms(&store->journal.link, store->config.stall_ms));
		if (store->config.names != NULL)
			due = earlier(due, project_due_ms(&store->project));
	}
	if (migrate_settled(&store->migrate) && store->config.pair)
		due = earlier(due, store_pair_due_ms(store));
	due = earlier(due, verify_due_ms(&store->verify));
	if (store->log_failed_told)
		due = earlier(due, store->log_retry_ms);
	if (store->snapshot_pid != 0)
		due = earlier(due, store->snapshot_look_ms);
	if (!store_writes(store))
		return due;
	if (store->mode == STORE_ISLAND && !store->mode_told)
		due = earlier(due, store->opened_ms + store->config.grace_ms);
	if (store->mode == STORE_NORMAL && store->journal.acked_seq < durable) {
		const struct ring_row *row = ring_find(&store->ring, store->journal.acked_seq + 1);

		due = earlier(due, row == NULL ? INT64_MIN : row->committed_ms + store->config.grace_ms);
	}
	return due;
}

uint32_t store_pressure(const struct store *store)
{
	struct log_state state;

	if (store->log == NULL || store->log_failed_told || store->batch_refused)
		return 1000;
	state = log_state(store->log);
	return state.status != LOG_WORKING ? 1000
					   : (uint32_t)(state.waiting_bytes * 1000 / state.waiting_max);
}

void store_get_state(const struct store *store, struct store_state *state)
{
	uint64_t durable = durable_seq(store);
	const char *error = store->journal.link.error[0] != '\0' ? store->journal.link.error : store->error;

	*state = (struct store_state){.mode = store->mode,
		.connected = journal_connected(&store->journal),
		.conflict = store->journal.state == JOURNAL_CONFLICT,
		.log_failed = store->log_failed_told,
		.fenced = store->fence.lost_to != 0,
		.conflict_seq = store->journal.conflict_seq,
		.appended_seq = store->last_seq,
		.log_seq = durable,
		.journal_seq = store->journal.acked_seq,
		.projected_seq = store->project.projected_seq,
		.lag_rows = durable > store->journal.acked_seq ? durable - store->journal.acked_seq : 0,
		.quarantined = store->journal.quarantined + store->project.quarantined,
		.snapshot_seq = store->snapshot_seq,
		.snapshot_running = store->snapshot_pid != 0};
	memcpy(state->error, error, sizeof(state->error));
	store_pair_state(store, state);
}
