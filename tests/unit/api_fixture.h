/* api_fixture: a small town in a core, an api on a unix socket in a folder of its own, a shell of thirty lines and a
 * client, all in one thread; for the tests of the api. */
#ifndef TESTS_API_FIXTURE_H
#define TESTS_API_FIXTURE_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api_fixture_client.h"
#include "api_fixture_town.h"
#include "wire/alarm_in.h"
#include "wire/time_text.h"

/* --- hooks ----------------------------------------------------------------------------------------- */

static void hook_status(void *context, struct api_status *out)
{
	struct fixture *f = context;

	*out = (struct api_status){.version = "test",
		.leader = true,
		.epoch = 1,
		.log_seq = f->seq,
		.journal_seq = f->seq,
		.now_ms = f->now_ms,
		.rate_milli = 1000,
		.alarms = "tcp://127.0.0.1:1",
		.pair = f->pair,
		.queue = {{"outbox", 3}},
		.queue_count = 1};
}

static int64_t hook_now(void *context)
{
	return ((struct fixture *)context)->now_ms;
}

static enum disp_err hook_row(void *context, uint64_t seq, const uint8_t **row, size_t *size)
{
	struct fixture *f = context;

	if (seq == 0 || seq > f->seq)
		return DISP_E_NONE;
	*row = f->rows[seq].bytes;
	*size = f->rows[seq].size;
	return DISP_OK;
}

/* Every row: the api shows only what is about the incident. */
static uint32_t hook_story(void *context, uint32_t incident, uint64_t *seq, uint32_t max)
{
	struct fixture *f = context;
	uint32_t count = 0;

	(void)incident;
	for (uint64_t i = 1; i <= f->seq && count < max; i++)
		seq[count++] = i;
	return (uint32_t)f->seq;
}

static enum disp_err hook_explain(void *context, const struct event *event, struct effects *out)
{
	struct event copy = *event;

	copy.seq = ((struct fixture *)context)->seq + 1;
	return core_decide(((struct fixture *)context)->core, &copy, out);
}

static bool hook_alarm(void *context, const void *bytes, uint32_t count, int64_t at_ms, struct event *event,
	struct alarm_reply *refused)
{
	static struct alarm_in in;
	struct fixture *f = context;
	enum reject reject = alarm_in_read(bytes, count, f->alarm_memory, &in);
	uint64_t hash = 1469598103934665603u;

	if (reject != REJECT_NONE) {
		*refused = (struct alarm_reply){.id = in.alarm.id,
			.source = in.alarm.source,
			.result = ALARM_REJECTED,
			.reject = (uint8_t)reject,
			.detail = {in.detail, (uint32_t)strlen(in.detail)}};
		return false;
	}
	*event = (struct event){.kind = EVENT_ALARM, .at_ms = at_ms};
	event->u.alarm = in.alarm;
	for (uint32_t i = 0; i < in.alarm.id.len; i++)
		hash = (hash ^ (uint8_t)in.alarm.id.ptr[i]) * 1099511628211u;
	event->u.alarm.identity[0] = hash;
	event->u.alarm.identity[1] = ~hash;
	event->u.alarm.has_place = false;
	event->u.alarm.grid = TEXT("G3");
	return true;
}

static bool hook_place(void *context, struct text name, struct place *out)
{
	(void)context;
	*out = place_at(113.44, 34.78);
	return name.len == 6 && memcmp(name.ptr, "桥头", 6) == 0;
}

static bool hook_place_at(void *context, uint32_t index, struct text *name, struct place *out)
{
	static const char *const names[] = {"桥头", "云溪河公园", "云溪河一号桥", "云溪河二号桥", "龙湾泵站",
		"一村小学", "二村小学", "三村小学", "四村小学", "五村小学", "六村小学", "七村小学",
		"八村小学", "九村小学", "十村小学", "东村小学", "西村小学"};

	(void)context;
	if (index >= sizeof(names) / sizeof(names[0]))
		return false;
	*name = (struct text){names[index], (uint32_t)strlen(names[index])};
	*out = place_at(113.42 + 0.001 * index, 34.78);
	return true;
}

static char asked_by[64]; /* of the last reload or load that came through */

static void keep_asked(const struct event *asked)
{
	snprintf(asked_by, sizeof asked_by, "%.*s/%.*s", (int)asked->by.len, asked->by.ptr,
		(int)asked->channel.len, asked->channel.ptr);
}

static void hook_reload(void *context, const struct event *asked, struct api_loaded *out)
{
	(void)context;
	keep_asked(asked);
	*out = (struct api_loaded){.ok = true, .count = 1, .detail = TEXT("1 playbook in force")};
}

static void hook_town(void *context, const struct event *asked, struct text dir, struct api_loaded *out)
{
	(void)context;
	keep_asked(asked);
	(void)dir;
	*out = (struct api_loaded){.detail = TEXT("nothing was loaded"),
		.faults = TEXT("units.csv:3:1: bad\nunits.csv:4:1: worse")};
}

/* A daemon that takes the lead, but for the reason "no". */
static bool hook_lead(void *context, const struct event *asked, struct text *detail)
{
	struct fixture *f = context;

	keep_asked(asked);
	assert_int_equal(asked->kind, EVENT_LEAD);
	assert_true(asked->u.lead.forced);
	if (asked->u.lead.reason.len == 2) {
		*detail = TEXT("the other one answers");
		return false;
	}
	*detail = TEXT("leads");
	f->pair.state = "leads";
	f->pair.forced = true;
	return true;
}

/* What was kept of a message that was set aside; and no database. */
static struct text aside_kept;

static enum disp_err hook_aside_read(void *context, const char *id, const uint8_t **bytes, size_t *count)
{
	(void)context;
	if (aside_kept.ptr == NULL || strlen(id) != 32)
		return DISP_E_NONE;
	*bytes = (const uint8_t *)aside_kept.ptr;
	*count = aside_kept.len;
	return DISP_OK;
}

static bool hook_aside_ready(void *context)
{
	(void)context;
	return aside_kept.ptr == NULL;
}

static enum disp_err ground_from(
	void *context, struct text crs, double x, double y, struct place *out, const char **detail)
{
	(void)context;
	*detail = "unknown coordinate system";
	if (crs.len != 9)
		return DISP_E_NONE;
	*out = place_at(x, y);
	return DISP_OK;
}

static bool ground_grid(void *context, const struct place *place, struct text *code)
{
	(void)context;
	*code = TEXT("G3");
	return place->lon_e7 > 1133800000 && place->lon_e7 < 1135000000;
}

/* --- the api ---------------------------------------------------------------------------------------- */

static const struct ground fixture_ground = {NULL, ground_from, NULL, ground_grid};

static void api_start(struct fixture *f, struct api_config config)
{
	struct api_hooks hooks = {.context = f,
		.status = hook_status,
		.now_ms = hook_now,
		.journal_row = hook_row,
		.story = hook_story,
		.explain = hook_explain,
		.alarm = hook_alarm,
		.place = hook_place,
		.reload = hook_reload,
		.town_load = hook_town,
		.lead = hook_lead,
		.aside_read = hook_aside_read,
		.aside_ready = hook_aside_ready,
		.place_at = hook_place_at};
	char error[API_ERROR_SIZE];

	config.unix_path = f->path;
	assert_int_equal(
		api_open(&f->api, &config, f->base, f->core, &fixture_ground, &hooks, error), DISP_OK);
}

static struct fixture *fixture_new(struct api_config config)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct core_limits limits;
	struct core_rules rules;
	struct travel travel = {NULL, leg};

	(void)signal(SIGPIPE, SIG_IGN);
	core_limits_default(&limits);
	core_rules_default(&rules);
	rules.evidence = true;
	f->core_memory = aligned_alloc(64, (core_size(&limits) + 63) / 64 * 64);
	memset(f->core_memory, 0, core_size(&limits));
	assert_int_equal(core_init(f->core_memory, &limits, &rules, &travel, &f->core), DISP_OK);
	f->effects.item = calloc(EFFECTS_MAX, sizeof(struct effect));
	f->row = malloc(1 << 20);
	f->ring = malloc(FIXTURE_OUTBOX);
	f->message = malloc(OUTBOX_MESSAGE_MAX);
	f->alarm_memory = malloc(sizeof(*f->alarm_memory));
	outbox_init(&f->outbox, f->ring, FIXTURE_OUTBOX);
	f->now_ms = 1782892800000; /* 2026-07-01T08:00:00Z */
	f->base = event_base_new();
	strcpy(f->folder, "/tmp/test_api.XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	(void)snprintf(f->path, sizeof(f->path), "%s/sock", f->folder);
	town_build(f);
	api_start(f, config);
	return f;
}

static void fixture_free(struct fixture *f)
{
	api_close(f->api);
	event_base_free(f->base);
	assert_int_equal(rmdir(f->folder), 0); /* the socket is gone too */
	for (uint64_t i = 1; i <= f->seq; i++)
		free(f->rows[i].bytes);
	free(f->core_memory);
	free(f->effects.item);
	free(f->row);
	free(f->ring);
	free(f->message);
	free(f->alarm_memory);
	free(f);
}

/* --- what every test does ---------------------------------------------------------------------------- */

static inline int setup(void **state)
{
	*state = fixture_new((struct api_config){0});
	return 0;
}

static inline int teardown(void **state)
{
	fixture_free(*state);
	return 0;
}

#endif
