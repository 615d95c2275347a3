/* start: from a configuration to a daemon that listens, and back; recovery on the way. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/query.h"
#include "daemon.h"
#include "ports.h"
#include "shell/say.h"
#include "wire/time_text.h"
#include "wire/z85.h"

enum { RATE_MAX = 100000, LATEST_ROWS = 4096 };

/* --- recovery ----------------------------------------------------------------------------------------- */

static struct core *make_core(void *context)
{
	struct daemon *daemon = context;
	struct core_limits limits;
	struct core_rules rules;
	struct travel travel = land_travel(daemon);

	config_core_limits(daemon->config, &limits);
	config_core_rules(daemon->config, &rules);
	if (daemon->core_memory != NULL)
		(void)munmap(daemon->core_memory, daemon->core_bytes);
	daemon->core_bytes = core_size(&limits);
	daemon->core_memory =
		mmap(NULL, daemon->core_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (daemon->core_memory == MAP_FAILED) {
		daemon->core_memory = NULL;
		say(SAY_ERROR, "core.memory", "bytes=%llu", (unsigned long long)daemon->core_bytes);
		return NULL;
	}
	if (core_init(daemon->core_memory, &limits, &rules, &travel, &daemon->core) != DISP_OK) {
		say(SAY_ERROR, "core.limits", "detail=\"a limit in the configuration is 0 or too large\"");
		return NULL;
	}
	daemon->names = row_core_names(&daemon->row_core, daemon->core);
	return daemon->core;
}

static enum disp_err read_snapshot(
	void *context, struct core_section section[CORE_SECTIONS_MAX], uint32_t *count)
{
	struct daemon *daemon = context;

	return ports_snapshot(daemon->store, &daemon->snapshot, section, count);
}

static void free_snapshot(void *context)
{
	struct daemon *daemon = context;

	snapshot_free(&daemon->snapshot);
}

static enum disp_err read_rows(void *context, uint64_t after_seq, recover_take *take, void *recover)
{
	struct daemon *daemon = context;

	return ports_rows(daemon->store, after_seq, take, recover);
}

static void note_row(void *context, const struct event *event, const struct effects *effects)
{
	struct daemon *daemon = context;

	story_note(daemon->story, event, effects);
}

static void witness(void *context, const struct event *event, const struct effects *effects)
{
	note_row(context, event, effects);
	aside_note(context, event);
}

static bool recover(struct daemon *daemon)
{
	const struct recover_port port = {
		daemon, read_snapshot, free_snapshot, read_rows, make_core, note_row};
	struct recovered recovered = {.effects = daemon->scratch_effects, .row = daemon->row_scratch};
	int64_t before_ms = clock_boot_ms();
	enum disp_err err = recover_run(&recovered, &port);

	if (recovered.snapshot_refused)
		say(SAY_WARNING, "snapshot.refused",
			"detail=\"another layout or limits; reading the log instead\"");
	if (recovered.refused_seq != 0)
		say(SAY_ERROR, "recovery.row", "seq=%llu err=%d", (unsigned long long)recovered.refused_seq,
			(int)recovered.refused);
	daemon->snapshot_seq = recovered.snapshot_seq;
	if (err == DISP_E_AGAIN)
		say(SAY_WARNING, "recovery.unknown",
			"detail=\"no log and no database: going on as a new town\"");
	else if (err != DISP_OK) {
		say(SAY_ERROR, "recovery.failed", "err=%d", (int)err);
		return false;
	}
	daemon->story_next = 1;
	daemon->story_end = daemon->snapshot_seq + 1;
	say(SAY_INFO, "recovery.done", "seq=%llu snapshot=%llu open=%u ms=%lld",
		(unsigned long long)query_town(daemon->core)->seq, (unsigned long long)daemon->snapshot_seq,
		query_town(daemon->core)->open_count, (long long)(clock_boot_ms() - before_ms));
	return true;
}

static void report(void *context, enum store_level level, const char *text)
{
	static const enum say_level of[] = {SAY_INFO, SAY_WARNING, SAY_ERROR};

	(void)context;
	say(of[level], "store", "%s", text);
}

static bool open_store(struct daemon *daemon)
{
	const struct config *config = daemon->config;

	daemon->store_config = (struct store_config){.dir = config->data,
		.conninfo = config->postgres.conninfo,
		.migrate_conninfo = config->postgres.migrate_conninfo,
		.migrations_dir = config->postgres.migrations,
		.town_id = daemon->town_code,
		.stream = "actual",
		.grace_ms = config->store_grace_ms,
		.pair = config->pair.listen != NULL,
		.holder = daemon->holder,
		.names = &daemon->names,
		.report = report,
		.report_context = daemon};
	if (config->pair.name != NULL)
		snprintf(daemon->holder, sizeof daemon->holder, "%s", config->pair.name);
	else if (gethostname(daemon->holder, sizeof daemon->holder - 1) != 0)
		snprintf(daemon->holder, sizeof daemon->holder, "dispatcherd");

	snprintf(daemon->town_code, sizeof daemon->town_code, "%s", daemon->town->code);
	if (mkdir(config->data, 0750) != 0 && errno != EEXIST) {
		say(SAY_ERROR, "data.directory", "dir=%s errno=%d", config->data, errno);
		return false;
	}
	return store_open(&daemon->store, &daemon->store_config) == DISP_OK &&
	       at_work_open(&daemon->at_work, config->data, clock_wall_ms(), report, daemon) == DISP_OK;
}

/* --- the clock ------------------------------------------------------------------------------------------ */

static bool clock_configured(const struct daemon *daemon)
{
	return daemon->config->clock.start != NULL || daemon->config->clock.rate > 1;
}

static bool start_clock(struct daemon *daemon)
{
	const struct town_state *town = query_town(daemon->core);
	const struct config_clock *config = &daemon->config->clock;
	uint32_t rate = config->rate == 0 ? 1 : config->rate;
	int64_t wall_ms = clock_wall_ms(), start_ms = wall_ms;

	if (config->start != NULL && time_parse((struct text){config->start, (uint32_t)strlen(config->start)},
					     &start_ms) != DISP_OK) {
		say(SAY_ERROR, "clock.start", "detail=\"not a time: %s\"", config->start);
		return false;
	}
	clock_start(&daemon->clock, wall_ms, start_ms, rate * 1000, town->at_ms);
	if (!clock_configured(daemon) || town->clock_wall_ms == 0)
		return true;
	/* The demonstration goes on where it was, unless it is to start later than that. */
	clock_start(&daemon->clock, town->clock_wall_ms, town->clock_at_ms, rate * 1000, town->at_ms);
	if (config->start != NULL && start_ms > clock_now_ms(&daemon->clock))
		clock_start(&daemon->clock, wall_ms, start_ms, rate * 1000, town->at_ms);
	return true;
}

static bool note_start(struct daemon *daemon)
{
	struct event event = {.kind = EVENT_CLOCK};

	event.by = TEXT("dispatcherd " DISPATCHER_VERSION);
	event.u.clock = (struct event_clock){clock_wall_ms(), daemon->clock.rate_milli};
	enum disp_err err = load_event(daemon, &event);

	if (err != DISP_OK)
		say(SAY_ERROR, "start.refused", "detail=\"%s\"",
			err == DISP_E_FULL
				? "no room for texts: see texts and text_bytes under limits in the "
				  "configuration"
				: "the log takes no rows");
	return err == DISP_OK;
}

/* Rows that the lists of the latest alarms and silences are made of. */
static bool is_listed(uint32_t kind)
{
	return kind == EVENT_ALARM || kind == EVENT_ACT || kind == EVENT_SILENCE || kind == EVENT_TICK;
}

/* The latest alarms are listed again after a restart: the api is told of the last rows as if they came now. */
static void tell_latest(struct daemon *daemon)
{
	uint64_t last = store_last_seq(daemon->store), first = last > LATEST_ROWS ? last - LATEST_ROWS : 1;
	struct origin nobody = {.door = DOOR_COUNT};
	struct store_row row;
	struct event event;

	for (uint64_t seq = first; seq <= last; seq++)
		if (store_row_at(daemon->store, seq, &row) == DISP_OK && is_listed(row.kind) &&
			row_decode(row.body, row.size, &event, &daemon->scratch_effects,
				daemon->row_scratch) == DISP_OK &&
			api_prepare(daemon->api, &event, &daemon->scratch_effects, &nobody, NULL) != DISP_OK)
			return;
}

/* Written whole, then renamed: who sees it finds everything listening. */
static bool write_ready(const struct daemon *daemon)
{
	const char *path = daemon->config->ready_file;
	char fresh[4096];

	if (path == NULL)
		return true;
	snprintf(fresh, sizeof fresh, "%s.new", path);
	FILE *to = fopen(fresh, "w");

	if (to == NULL) {
		say(SAY_ERROR, "ready_file", "path=%s errno=%d", path, errno);
		return false;
	}
	if (daemon->keyed) {
		char key[Z85_KEY_SIZE];

		fprintf(to, "SERVER_KEY=%.*s\n", (int)Z85_KEY_SIZE,
			z85_write(daemon->server_key, KEY_PUBLIC_BYTES, key).ptr);
		if (daemon->config->listen.gateway_key_file != NULL)
			fprintf(to, "GATEWAY_KEY_FILE=%s\n", daemon->config->listen.gateway_key_file);
	}
	fprintf(to, "ALARMS=%s\nUNITS=%s\nFEED=%s\nSERVER=%s\nPID=%ld\n",
		ingest_endpoint(daemon->ingest, DOOR_ALARMS), ingest_endpoint(daemon->ingest, DOOR_UNITS),
		ingest_endpoint(daemon->ingest, DOOR_FEED),
		api_endpoint_unix(daemon->api)[0] != '\0' ? api_endpoint_unix(daemon->api)
							  : api_endpoint_tcp(daemon->api),
		(long)getpid());
	return fclose(to) == 0 && rename(fresh, path) == 0;
}

/* --- in order ------------------------------------------------------------------------------------------------ */

bool start_check(struct daemon *daemon)
{
	char error[256];

	if (geo_open(&daemon->geo, error, sizeof error) != DISP_OK) {
		say(SAY_ERROR, "geo", "detail=\"%s\"", error);
		return false;
	}
	if (!load_check(daemon))
		return false;
	if (clock_configured(daemon) && !daemon->town->demonstration) {
		say(SAY_ERROR, "clock", "detail=\"a compressed clock is for demonstration towns only\"");
		return false;
	}
	if (daemon->config->listen.gateway_key_file != NULL && !daemon->town->demonstration) {
		say(SAY_ERROR, "listen.gateway_key_file", "detail=\"for demonstration towns only\"");
		return false;
	}
	if (daemon->config->clock.rate > RATE_MAX) {
		say(SAY_ERROR, "clock", "detail=\"rate is above %d\"", (int)RATE_MAX);
		return false;
	}
	return true;
}

/* A clock that was set goes on where that of who led before was. */
bool start_lead(struct daemon *daemon, bool load)
{
	return start_clock(daemon) && note_start(daemon) && (!load || load_first(daemon)) &&
	       keys_gateway(daemon);
}

bool start_run(struct daemon *daemon)
{
	struct store_port port;

	daemon->started_boot_ms = clock_boot_ms();
	land_fill(daemon);
	daemon->scratch_effects.item = calloc(EFFECTS_MAX, sizeof(struct effect));
	daemon->row_scratch = calloc(1, sizeof *daemon->row_scratch);
	if (daemon->scratch_effects.item == NULL || daemon->row_scratch == NULL ||
		story_new(&daemon->story) != DISP_OK)
		return false;
	if (!open_store(daemon) || !recover(daemon) || !start_clock(daemon))
		return false;
	port = ports_store(daemon->store);
	if (shell_init(&daemon->shell, daemon->core, &port, recover_next_epoch(daemon->core)) != DISP_OK)
		return false;
	daemon->shell.witness = witness;
	daemon->shell.witness_context = daemon;
	if (!pair_begin(daemon) || (lead_may(&daemon->lead) && (!note_start(daemon) || !load_first(daemon))))
		return false;
	at_work_catch(daemon->at_work);
	if (!loop_open(daemon) || !doors_open(daemon) || (lead_may(&daemon->lead) && !keys_gateway(daemon)) ||
		!paper_open(daemon))
		return false;
	tell_latest(daemon);
	shell_flush(&daemon->shell, clock_boot_ms());
	if (!write_ready(daemon))
		return false;
	daemon_say_head(daemon);
	say(SAY_INFO, "daemon.ready", "version=%s epoch=%llu alarms=%s units=%s feed=%s", DISPATCHER_VERSION,
		(unsigned long long)daemon->shell.epoch, ingest_endpoint(daemon->ingest, DOOR_ALARMS),
		ingest_endpoint(daemon->ingest, DOOR_UNITS), ingest_endpoint(daemon->ingest, DOOR_FEED));
	return true;
}

void start_end(struct daemon *daemon)
{
	if (daemon->config->ready_file != NULL && daemon->ingest != NULL)
		(void)unlink(daemon->config->ready_file);
	paper_close(daemon);
	api_close(daemon->api);
	ingest_close(daemon->ingest);
	loop_close(daemon);
	at_work_close(daemon->at_work);
	pair_end(daemon);
	if (daemon->store != NULL && store_close(daemon->store) != DISP_OK)
		say(SAY_ERROR, "store", "the log had failed: the last rows are not durable");
	shell_free(&daemon->shell);
	story_free(daemon->story);
	if (daemon->core_memory != NULL)
		(void)munmap(daemon->core_memory, daemon->core_bytes);
	town_free(daemon->town);
	geo_close(daemon->geo);
	free(daemon->scratch_effects.item);
	free(daemon->row_scratch);
	free(daemon->fault_text);
	free(daemon->aside_bytes);
}
