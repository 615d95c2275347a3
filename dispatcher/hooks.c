/* hooks: what the api asks of the program: status, rows, stories, explanations, reloads. */
#include <stdio.h>
#include <string.h>

#include "core/query.h"
#include "daemon.h"
#include "shell/say.h"
#include "wire/z85.h"

static void figure(struct api_figure *list, uint32_t *count, const char *name, uint64_t value)
{
	if (*count < API_FIGURES_MAX)
		list[(*count)++] = (struct api_figure){name, value};
}

static void fill_queues(struct daemon *daemon, const struct store_state *state, struct api_status *out)
{
	const struct town_state *town = query_town(daemon->core);

	figure(out->queue, &out->queue_count, "outbox_bytes",
		daemon->shell.outbox.tail - daemon->shell.outbox.head);
	figure(out->queue, &out->queue_count, "log_rows", state->appended_seq - state->log_seq);
	figure(out->queue, &out->queue_count, "journal_rows", state->lag_rows);
	/* The tables may have been brought further than this journal connection knows yet. */
	figure(out->queue, &out->queue_count, "projection_rows",
		state->journal_seq > state->projected_seq ? state->journal_seq - state->projected_seq : 0);
	figure(out->queue, &out->queue_count, "short_incidents", town->short_count);
}

static void fill_counters(struct daemon *daemon, const struct store_state *state, struct api_status *out)
{
	const struct ingest_counters *ingest = ingest_get_counters(daemon->ingest);
	const struct town_state *town = query_town(daemon->core);
	uint64_t rejected = 0;

	for (uint32_t reason = 0; reason < REJECT_COUNT; reason++)
		rejected += ingest->rejected[reason];
	out->alarms_answered[ALARM_ACCEPTED] = town->count_result[ALARM_ACCEPTED];
	out->alarms_answered[ALARM_SUPPRESSED] = town->count_result[ALARM_SUPPRESSED];
	out->alarms_answered[ALARM_DUPLICATE] = daemon->shell.alarms_repeated;
	out->alarms_answered[ALARM_REJECTED] = rejected + daemon->shell.alarms_refused;
	figure(out->counter, &out->counter_count, "messages_alarms", ingest->alarms);
	figure(out->counter, &out->counter_count, "messages_units", ingest->reports);
	figure(out->counter, &out->counter_count, "orders_sent", ingest->orders);
	figure(out->counter, &out->counter_count, "replies_lost", ingest->replies_lost);
	figure(out->counter, &out->counter_count, "links", ingest->links);
	figure(out->counter, &out->counter_count, "doors_shut_out", ingest->shut_out);
	figure(out->counter, &out->counter_count, "rows", daemon->shell.rows);
	figure(out->counter, &out->counter_count, "quarantined", state->quarantined);
	figure(out->counter, &out->counter_count, "messages_lost", daemon->shell.lost);
	figure(out->counter, &out->counter_count, "messages_set_aside", at_work_aside(daemon->at_work));
	if (daemon->api != NULL) {
		struct api_counters api;

		api_get_counters(daemon->api, &api);
		figure(out->counter, &out->counter_count, "http_requests", api.requests);
		figure(out->counter, &out->counter_count, "http_unknown", api.unknown);
		figure(out->counter, &out->counter_count, "http_lockouts", api.lockouts);
		figure(out->counter, &out->counter_count, "http_cut", api.cut_slow + api.cut_feeds);
		figure(out->counter, &out->counter_count, "http_cut_keys", api.cut_keys);
		figure(out->counter, &out->counter_count, "http_tls_refused", api.shakes_refused);
	}
	if (daemon->board != NULL) {
		struct page_file_state board;

		page_file_get_state(daemon->board, &board);
		figure(out->counter, &out->counter_count, "boards_written", board.written);
		figure(out->counter, &out->counter_count, "boards_failed", board.failed);
	}
}

/* As text, while doors ask for keys. */
static const char *server_key(const struct daemon *daemon)
{
	static char text[Z85_KEY_SIZE + 1];

	(void)z85_write(daemon->server_key, Z85_KEY_BYTES, text);
	return daemon->keyed ? text : NULL;
}

static void status(void *context, struct api_status *out)
{
	struct daemon *daemon = context;
	struct store_state state;

	store_get_state(daemon->store, &state);
	out->version = DISPATCHER_VERSION;
	out->island = state.mode == STORE_ISLAND;
	out->conflict = state.conflict;
	out->conflict_seq = state.conflict_seq;
	out->fenced = state.fenced;
	out->leader = lead_may(&daemon->lead);
	pair_status(daemon, &out->pair);
	out->epoch = daemon->shell.epoch;
	out->log_seq = state.log_seq;
	out->journal_seq = state.journal_seq;
	out->projected_seq = state.projected_seq;
	out->lag_ms = state.lag_rows > 0 ? clock_boot_ms() - daemon->caught_up_ms : 0;
	out->uptime_ms = clock_boot_ms() - daemon->started_boot_ms;
	out->now_ms = daemon_now_ms(daemon);
	out->rate_milli = daemon->clock.rate_milli;
	out->alarms = ingest_endpoint(daemon->ingest, DOOR_ALARMS);
	out->units = ingest_endpoint(daemon->ingest, DOOR_UNITS);
	out->feed = ingest_endpoint(daemon->ingest, DOOR_FEED);
	out->server_key = server_key(daemon);
	fill_queues(daemon, &state, out);
	fill_counters(daemon, &state, out);
}

static void note(void *context, const char *what, const char *text)
{
	(void)context;
	say(SAY_WARNING, what, "%s", text);
}

static int64_t now_ms(void *context)
{
	return daemon_now_ms(context);
}

static enum disp_err journal_row(void *context, uint64_t seq, const uint8_t **row, size_t *size)
{
	struct daemon *daemon = context;
	struct store_row found;
	enum disp_err err = store_row_at(daemon->store, seq, &found);

	if (err != DISP_OK)
		return err;
	*row = found.body;
	*size = found.size;
	return DISP_OK;
}

static void verify_start(void *context, uint64_t from_seq)
{
	struct daemon *daemon = context;

	store_verify_start(daemon->store, from_seq);
}

static void verify(void *context, struct api_verify *out)
{
	const struct daemon *daemon = context;
	struct store_verify state;

	store_get_verify(daemon->store, &state);
	out->running = state.running;
	out->from_seq = state.from_seq;
	out->to_seq = state.to_seq;
	out->checked_seq = state.checked_seq;
	out->compared = state.compared;
	out->fault_count = state.fault_count;
	snprintf(out->error, sizeof out->error, "%s", state.error);
	for (uint32_t index = 0;
		index < state.fault_count && index < API_FAULTS_MAX && index < STORE_FAULTS_MAX; index++) {
		out->fault[index].seq = state.fault[index].seq;
		snprintf(
			out->fault[index].what, sizeof out->fault[index].what, "%s", state.fault[index].what);
	}
}

static bool begin(void *context, const void *bytes, size_t count)
{
	struct daemon *daemon = context;

	return at_work_begin(daemon->at_work, DOOR_API, bytes, count);
}

static void end(void *context)
{
	struct daemon *daemon = context;

	at_work_end(daemon->at_work);
}

static uint32_t story(void *context, uint32_t incident, uint64_t *seq, uint32_t max)
{
	const struct daemon *daemon = context;

	return story_of(daemon->story, incident, seq, max);
}

static enum disp_err explain(void *context, const struct event *event, struct effects *out)
{
	struct daemon *daemon = context;
	struct event asked = *event;

	asked.seq = query_town(daemon->core)->seq + 1;
	asked.epoch = daemon->shell.epoch;
	asked.at_ms = daemon_now_ms(daemon);
	return core_decide(daemon->core, &asked, out);
}

static bool alarm(void *context, const void *bytes, uint32_t count, int64_t at_ms, struct event *event,
	struct alarm_reply *refused)
{
	struct daemon *daemon = context;

	return ingest_alarm(daemon->ingest, bytes, count, at_ms, event, refused);
}

/* A point inside a grid: the middle of its corners, or from a corner a tenth of the way towards the middle. */
static bool inside_of(const struct town *town, uint32_t grid, struct place *out)
{
	const struct town_ring *ring = &town->grid[grid].ring[0];
	int64_t lat = 0, lon = 0;

	for (uint32_t point = 0; point < ring->count; point++) {
		lat += ring->point[point].lat_e7;
		lon += ring->point[point].lon_e7;
	}
	if (ring->count == 0)
		return false;
	lat /= ring->count;
	lon /= ring->count;
	for (uint32_t tried = 0; tried <= ring->count; tried++) {
		const struct town_point *corner = &ring->point[tried == 0 ? 0 : tried - 1];
		int64_t weight = tried == 0 ? 0 : 9;
		int32_t at_lat = (int32_t)((lat * (10 - weight) + corner->lat_e7 * weight) / 10);
		int32_t at_lon = (int32_t)((lon * (10 - weight) + corner->lon_e7 * weight) / 10);

		if (geo_place_from_e7(at_lat, at_lon, out) == DISP_OK &&
			town_grid_at(town, out, town->grid[grid].level) == grid)
			return true;
	}
	return false;
}

static bool place(void *context, struct text name, struct place *out)
{
	struct daemon *daemon = context;
	char word[256];

	if (name.len >= sizeof word)
		return false;
	snprintf(word, sizeof word, "%.*s", (int)name.len, name.ptr);
	uint32_t found = town_place_find(daemon->town, word);

	if (found != TOWN_NONE) {
		*out = daemon->town->place[found].position.place;
		return true;
	}
	found = town_grid_find(daemon->town, word);
	return found != TOWN_NONE && inside_of(daemon->town, found, out);
}

static bool place_at(void *context, uint32_t index, struct text *name, struct place *out)
{
	const struct daemon *daemon = context;

	if (index >= daemon->town->place_count)
		return false;
	*name = (struct text){
		daemon->town->place[index].name, (uint32_t)strlen(daemon->town->place[index].name)};
	*out = daemon->town->place[index].position.place;
	return true;
}

static void reload(void *context, const struct event *asked, struct api_loaded *out)
{
	(void)load_playbooks(context, asked, out);
}

static void town_load_hook(void *context, const struct event *asked, struct text dir, struct api_loaded *out)
{
	char path[4096];

	if (dir.len >= sizeof path) {
		*out = (struct api_loaded){.detail = TEXT("the path is too long")};
		return;
	}
	snprintf(path, sizeof path, "%.*s", (int)dir.len, dir.ptr);
	(void)load_town(context, asked, path, out);
}

struct api_hooks hooks_for(struct daemon *daemon)
{
	return (struct api_hooks){.context = daemon,
		.status = status,
		.now_ms = now_ms,
		.journal_row = journal_row,
		.begin = begin,
		.end = end,
		.verify_start = verify_start,
		.verify = verify,
		.aside_read = aside_read,
		.aside_ready = aside_ready,
		.story = story,
		.explain = explain,
		.alarm = alarm,
		.place = place,
		.place_at = place_at,
		.note = note,
		.reload = reload,
		.town_load = town_load_hook,
		.lead = pair_force};
}
