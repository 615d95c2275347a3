/* loop: libevent once, then one turn; until TERM or INT. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/query.h"
#include "daemon.h"
#include "shell/say.h"

enum {
	WAIT_MAX_MS = 1000,
	STORY_ROWS_A_TURN = 500,
	AUDIT_RECORDS = 2000,
	WALL_STEP_MS = 2000,
	SNAPSHOT_AGAIN_MS = 1000,
	ALLOWED_FLUSH_MS = 5000
};

int64_t daemon_now_ms(const struct daemon *daemon)
{
	return clock_now_ms(&daemon->clock);
}

/* Callbacks only wake the loop: the turn works. */
static void wake(evutil_socket_t fd, short events, void *context)
{
	(void)fd;
	(void)events;
	(void)context;
}

static void on_end(evutil_socket_t number, short events, void *context)
{
	struct daemon *daemon = context;

	(void)events;
	say(SAY_INFO, "daemon.ending", "signal=%d", (int)number);
	daemon->ending = true;
}

static void on_hup(evutil_socket_t number, short events, void *context)
{
	struct daemon *daemon = context;

	(void)number;
	(void)events;
	daemon->reload = true;
}

bool loop_open(struct daemon *daemon)
{
	daemon->timer = evtimer_new(daemon->base, wake, daemon);
	daemon->on_term = evsignal_new(daemon->base, SIGTERM, on_end, daemon);
	daemon->on_int = evsignal_new(daemon->base, SIGINT, on_end, daemon);
	daemon->on_hup = evsignal_new(daemon->base, SIGHUP, on_hup, daemon);
	if (daemon->timer == NULL || daemon->on_term == NULL || daemon->on_int == NULL ||
		daemon->on_hup == NULL)
		return false;
	return evsignal_add(daemon->on_term, NULL) == 0 && evsignal_add(daemon->on_int, NULL) == 0 &&
	       evsignal_add(daemon->on_hup, NULL) == 0;
}

static void free_event(struct event **event)
{
	if (*event != NULL)
		event_free(*event);
	*event = NULL;
}

void loop_close(struct daemon *daemon)
{
	for (uint32_t index = 0; index < daemon->watched_count; index++)
		free_event(&daemon->watched[index].event);
	daemon->watched_count = 0;
	free_event(&daemon->timer);
	free_event(&daemon->on_term);
	free_event(&daemon->on_int);
	free_event(&daemon->on_hup);
}

/* --- descriptors: the store's come and go, ingest's stay ------------------------------------------ */

static uint32_t wanted(struct daemon *daemon, struct watched out[WATCHED_MAX])
{
	struct store_pollfd store[STORE_POLLFDS_MAX];
	uint32_t stores = store_pollfds(daemon->store, store, STORE_POLLFDS_MAX);
	uint32_t count = 0;
	int fds[INGEST_FDS];

	ingest_fds(daemon->ingest, fds);
	for (uint32_t index = 0; index < INGEST_FDS; index++)
		out[count++] = (struct watched){.fd = fds[index], .events = EV_READ};
	for (uint32_t index = 0; index < stores; index++)
		out[count++] = (struct watched){.fd = store[index].fd,
			.events = (short)((store[index].events & POLLIN ? EV_READ : 0) |
					  (store[index].events & POLLOUT ? EV_WRITE : 0))};
	count += pair_watched(daemon, out + count);
	return count;
}

static void watch(struct daemon *daemon)
{
	struct watched want[WATCHED_MAX];
	uint32_t count = wanted(daemon, want);
	bool same = count == daemon->watched_count;

	for (uint32_t index = 0; same && index < count; index++)
		same = want[index].fd == daemon->watched[index].fd &&
		       want[index].events == daemon->watched[index].events;
	if (same)
		return;
	for (uint32_t index = 0; index < daemon->watched_count; index++)
		free_event(&daemon->watched[index].event);
	for (uint32_t index = 0; index < count; index++) {
		daemon->watched[index] = want[index];
		daemon->watched[index].event = event_new(
			daemon->base, want[index].fd, (short)(want[index].events | EV_PERSIST), wake, daemon);
		if (daemon->watched[index].event != NULL)
			(void)event_add(daemon->watched[index].event, NULL);
	}
	daemon->watched_count = count;
}

/* --- the wait -------------------------------------------------------------------------------------- */

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void wait_once(struct daemon *daemon, bool more)
{
	int64_t real_ms = clock_boot_ms();
	int64_t store_due = least(store_due_ms(daemon->store), lead_due_ms(&daemon->lead));
	/* While the log takes nothing, clocks wait: the doors answer for it. */
	bool taking = !daemon->shell.blocked && daemon->shell.hold != HOLD_ALL;
	int64_t core_due = taking ? core_due_ms(daemon->core) : INT64_MAX;
	int64_t wait_ms = least(clock_wait_ms(&daemon->clock, core_due), WAIT_MAX_MS);
	bool waiting = ingest_ready(daemon->ingest) || api_ready(daemon->api) ||
		       daemon->story_next < daemon->story_end;

	if (store_due != INT64_MAX)
		wait_ms = least(wait_ms, store_due > real_ms ? store_due - real_ms : 0);
	if (more || waiting)
		wait_ms = 0;
	struct timeval timeout = {wait_ms / 1000, (suseconds_t)(wait_ms % 1000 * 1000)};

	(void)evtimer_add(daemon->timer, &timeout);
	(void)event_base_loop(daemon->base, wait_ms == 0 ? EVLOOP_ONCE | EVLOOP_NONBLOCK : EVLOOP_ONCE);
	(void)evtimer_del(daemon->timer);
}

/* --- housekeeping ----------------------------------------------------------------------------------- */

/* Rows older than the snapshot are told to the story little by little, when the start is long over. */
static void read_old_rows(struct daemon *daemon)
{
	struct event event;
	struct store_row row;

	for (uint32_t count = 0; count < STORY_ROWS_A_TURN && daemon->story_next < daemon->story_end;
		count++) {
		uint64_t seq = daemon->story_next++;

		if (store_row_at(daemon->store, seq, &row) != DISP_OK)
			continue;
		if (row_decode(row.body, row.size, &event, &daemon->scratch_effects, daemon->row_scratch) ==
			DISP_OK)
			story_note(daemon->story, &event, &daemon->scratch_effects);
	}
}

/* A step of the wall clock is put on record; event time does not notice it. */
static void watch_wall(struct daemon *daemon, int64_t real_ms, int64_t at_ms)
{
	int64_t off_ms = clock_wall_ms() - real_ms;
	int64_t step_ms = off_ms - daemon->wall_off_ms;

	if (step_ms > -WALL_STEP_MS && step_ms < WALL_STEP_MS)
		return;
	if (!lead_may(&daemon->lead)) { /* the row with which it begins to lead says what the clock shows */
		daemon->wall_off_ms = off_ms;
		return;
	}
	struct event event = {.kind = EVENT_CLOCK};

	event.u.clock = (struct event_clock){clock_wall_ms(), daemon->clock.rate_milli};
	say(SAY_WARNING, "clock.step", "step_ms=%lld", (long long)step_ms);
	if (shell_take(&daemon->shell, &event, at_ms, NULL) == DISP_OK)
		daemon->wall_off_ms = off_ms;
}

static void snapshot_now_and_then(struct daemon *daemon)
{
	uint64_t every = daemon->config->snapshot_rows != 0 ? daemon->config->snapshot_rows : 100000;
	struct core_section section[CORE_SECTIONS_MAX];
	struct store_section out[CORE_SECTIONS_MAX];
	uint64_t seq = query_town(daemon->core)->seq;

	if (seq < daemon->snapshot_seq + every && !daemon->ending)
		return;
	if (seq == daemon->snapshot_seq || clock_boot_ms() < daemon->snapshot_again_ms)
		return;
	struct store_state state;

	store_get_state(daemon->store, &state);
	if (state.snapshot_running || state.log_seq < seq)
		return;
	uint32_t count = core_save(daemon->core, section);

	for (uint32_t index = 0; index < count; index++)
		out[index] =
			(struct store_section){section[index].id, section[index].ptr, section[index].bytes};
	if (store_snapshot_write(daemon->store, seq, out, count) == DISP_OK)
		daemon->snapshot_seq = seq;
	else
		daemon->snapshot_again_ms = clock_boot_ms() + SNAPSHOT_AGAIN_MS;
}

/* The end of the chain in the daemon's own words, kept where its log is kept: who cuts or rewrites the journal has that
 * against him. */
void daemon_say_head(struct daemon *daemon)
{
	char text[2 * STORE_HASH_BYTES + 1];
	struct store_state state;
	struct store_row row;

	store_get_state(daemon->store, &state);
	if (store_row_at(daemon->store, state.log_seq, &row) != DISP_OK)
		return;
	for (uint32_t index = 0; index < STORE_HASH_BYTES; index++)
		snprintf(text + 2 * (size_t)index, 3, "%02x", row.hash[index]);
	say(SAY_INFO, "journal.head", "seq=%llu hash=%s", (unsigned long long)row.seq, text);
}

static void say_head_daily(struct daemon *daemon, int64_t at_ms)
{
	int64_t day =
		(at_ms + query_town(daemon->core)->offset_min * INT64_C(60000)) / (24 * INT64_C(3600000));

	if (day != daemon->head_day && daemon->head_day != 0)
		daemon_say_head(daemon);
	daemon->head_day = day;
}

static void keep_house(struct daemon *daemon, int64_t real_ms, int64_t at_ms)
{
	struct store_state state;

	store_get_state(daemon->store, &state);
	if (state.lag_rows == 0)
		daemon->caught_up_ms = real_ms;
	read_old_rows(daemon);
	snapshot_now_and_then(daemon);
	if (daemon->reload) {
		daemon->reload = false;
		if (lead_may(&daemon->lead))
			load_again(daemon);
		else
			say(SAY_WARNING, "load.refused",
				"detail=\"this daemon stands by: the one that leads loads\"");
		doors_renew(daemon);
	}
	aside_turn(daemon, real_ms, at_ms);
	paper_turn(daemon, real_ms, at_ms);
	if (real_ms - daemon->checked_ms < 1000)
		return;
	daemon->checked_ms = real_ms;
	watch_wall(daemon, real_ms, at_ms);
	say_head_daily(daemon, at_ms);
	/* A state that nobody decided must not decide: better no dispatcher than a wrong one; the next start reads the
	 * log again. */
	ASSERT(core_audit(daemon->core, &daemon->audit_cursor, AUDIT_RECORDS));
}

/* What is decided is made durable and told; what was not read yet is left to its sender to repeat. */
static void finish(struct daemon *daemon)
{
	int64_t until_ms = clock_boot_ms() + ALLOWED_FLUSH_MS;
	struct store_state state;

	do {
		store_work(daemon->store, clock_boot_ms());
		shell_flush(&daemon->shell, clock_boot_ms());
		snapshot_now_and_then(daemon);
		store_get_state(daemon->store, &state);
		bool told = daemon->shell.outbox.head == daemon->shell.outbox.tail;
		bool saved = !state.snapshot_running && daemon->snapshot_seq == query_town(daemon->core)->seq;

		if (told && saved && state.log_seq == state.appended_seq)
			break;
		watch(daemon);
		struct timeval timeout = {0, 20000};

		(void)evtimer_add(daemon->timer, &timeout);
		(void)event_base_loop(daemon->base, EVLOOP_ONCE);
	} while (clock_boot_ms() < until_ms);
	daemon_say_head(daemon);
	paper_finish(daemon);
}

void loop_run(struct daemon *daemon)
{
	bool more = true;

	daemon->wall_off_ms = clock_wall_ms() - clock_boot_ms();
	daemon->caught_up_ms = clock_boot_ms();
	while (!daemon->ending) {
		watch(daemon);
		wait_once(daemon, more);
		int64_t real_ms = clock_boot_ms(), at_ms = clock_now_ms(&daemon->clock);

		store_work(daemon->store, real_ms);
		if (!lead_turn(&daemon->lead, real_ms))
			break;
		ingest_tick(daemon->ingest, real_ms);
		more = shell_turn(&daemon->shell, real_ms, at_ms);
		store_work(daemon->store, clock_boot_ms());
		keep_house(daemon, real_ms, at_ms);
	}
	if (!daemon->lead.again)
		finish(daemon);
}
