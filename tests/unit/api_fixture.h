/* api_fixture: a small town in a core, an api on a unix socket in a folder of its own, a shell of thirty lines and a
 * client, all in one thread; for the tests of the api. */
#ifndef TESTS_API_FIXTURE_H
#define TESTS_API_FIXTURE_H

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/api.h"
#include "core/query.h"
#include "wire/alarm_in.h"
#include "wire/json_read.h"
#include "wire/row.h"
#include "wire/time_text.h"

enum { ROWS_MAX = 65536, FIXTURE_OUTBOX = 8 << 20, TOKENS_MAX = 1 << 20 };

struct fixture {
	struct core *core;
	void *core_memory;
	struct event_base *base;
	struct api *api;
	char folder[64], path[96];
	int64_t now_ms;
	uint64_t seq, released;
	struct effects effects;
	uint8_t *row;
	struct {
		uint8_t *bytes;
		size_t size;
	} rows[ROWS_MAX];
	struct outbox outbox;
	uint8_t *ring, *message;
	struct alarm_memory *alarm_memory;
	bool hold;     /* nothing is released */
	bool no_shell; /* api_next is not called */
	uint32_t taken;
};

static struct place place_at(double lon, double lat)
{
	double a = 6378137.0, f = 1 / 298.257222101, e2 = f * (2 - f);
	double l = lon * M_PI / 180, b = lat * M_PI / 180, n = a / sqrt(1 - e2 * sin(b) * sin(b));

	return (struct place){(int32_t)lround(lat * 1e7), (int32_t)lround(lon * 1e7),
		{llround(n * cos(b) * cos(l) * 1e3), llround(n * cos(b) * sin(l) * 1e3),
			llround(n * (1 - e2) * sin(b) * 1e3)}};
}

static void leg(const void *context, const struct place *from, const struct place *to, int32_t speed_mm_s,
	int64_t *range_mm, int64_t *time_ms)
{
	double sum = 0;

	(void)context;
	for (int i = 0; i < 3; i++)
		sum += pow((double)(from->ecef_mm[i] - to->ecef_mm[i]), 2);
	*range_mm = (int64_t)ceil(sqrt(sum) * 1.001);
	*time_ms = *range_mm * 1000 / speed_mm_s;
}

/* --- the shell ------------------------------------------------------------------------------------- */

static void row_store(struct fixture *f, const struct event *event)
{
	size_t size = row_encode(event, &f->effects, f->row, 1 << 20);

	assert_true(size > 0 && event->seq < ROWS_MAX);
	f->rows[event->seq].bytes = malloc(size);
	f->rows[event->seq].size = size;
	memcpy(f->rows[event->seq].bytes, f->row, size);
}

static void take_event(struct fixture *f, struct event *event, const struct origin *origin)
{
	enum disp_err err;

	event->seq = ++f->seq;
	event->epoch = 1;
	event->at_ms = f->now_ms;
	f->effects.count = 0;
	err = core_decide(f->core, event, &f->effects);
	assert_true(err == DISP_OK || err == DISP_E_FULL);
	row_store(f, event);
	assert_int_equal(core_apply(f->core, event, &f->effects), DISP_OK);
	if (f->api != NULL)
		assert_int_equal(api_prepare(f->api, event, &f->effects, origin, &f->outbox), DISP_OK);
}

static void take(struct fixture *f, struct event event)
{
	take_event(f, &event, NULL);
}

static void release_rows(struct fixture *f)
{
	struct outbox_entry entry;
	struct origin to;

	while (!f->hold &&
		outbox_peek(&f->outbox, f->seq, &entry, &to, f->message, OUTBOX_MESSAGE_MAX) == DISP_OK) {
		api_send(f->api, &to, f->message, entry.bytes);
		outbox_pop(&f->outbox);
	}
}

static void shell_step(struct fixture *f)
{
	struct event event;
	struct origin origin;

	event_base_loop(f->base, EVLOOP_NONBLOCK);
	while (!f->no_shell && api_next(f->api, f->now_ms, &event, &origin) == DISP_OK) {
		f->taken++;
		take_event(f, &event, &origin);
	}
	while (core_due_ms(f->core) <= f->now_ms)
		take(f, (struct event){.kind = EVENT_TICK});
	release_rows(f);
}

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

static void hook_reload(void *context, struct api_loaded *out)
{
	(void)context;
	*out = (struct api_loaded){.ok = true, .count = 1, .detail = TEXT("1 playbook in force")};
}

static void hook_town(void *context, struct text dir, struct api_loaded *out)
{
	(void)context;
	(void)dir;
	*out = (struct api_loaded){.detail = TEXT("nothing was loaded"),
		.faults = TEXT("units.csv:3:1: bad\nunits.csv:4:1: worse")};
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

/* --- the town -------------------------------------------------------------------------------------- */

static const struct event_person office[] = {
	{.id = {"duty-1", 6}, .name = {"韩雪", 6}, .roles = WHO_DUTY_OFFICER},
	{.id = {"lead-1", 6}, .name = {"梁华", 6}, .roles = WHO_LEADER},
	{.id = {"cm-1", 4}, .name = {"罗清", 6}, .roles = WHO_COMMITTEE},
	{.id = {"keeper-1", 8}, .name = {"唐霞", 6}, .roles = WHO_KEEPER},
	{.id = {"auditor-1", 9}, .name = {"朱梅", 6}, .roles = WHO_AUDITOR},
	{.id = {"crew-1", 6}, .name = {"郭玲", 6}},
	{.id = {"crew-2", 6}, .name = {"郭玲", 6}},
};

static void town_build(struct fixture *f)
{
	static struct playbook_def def;
	struct event event = {.kind = EVENT_TOWN};

	event.u.town = (struct event_town){
		.code = TEXT("TT"), .name = TEXT("测试镇"), .offset_min = 480, .demonstration = true};
	take(f, event);
	event = (struct event){.kind = EVENT_PERSON};
	event.u.person = (struct event_person){TEXT("P1"), TEXT("张三"), TEXT("13800000000"), TEXT("office"),
		TEXT("G3"), WHO_DUTY_OFFICER | WHO_GRID_HEAD};
	take(f, event);
	for (uint8_t level = 1; level <= 3; level++) {
		static const char *const codes[] = {"", "G1", "G2", "G3"};
		struct event grid = {.kind = EVENT_GRID};

		grid.u.grid = (struct event_grid){{codes[level], 2}, TEXT("网格"),
			{codes[level - 1], level > 1 ? 2 : 0}, TEXT("P1"), level};
		take(f, grid);
	}
	for (int i = 0; i < 4; i++) {
		static const char *const ids[] = {"U1", "U2", "U3", "U4"};
		struct event unit = {.kind = EVENT_UNIT};

		unit.u.unit = (struct event_unit){.id = {ids[i], 2},
			.name = TEXT("救援一队"),
			.kind = TEXT("crew"),
			.skills = i < 2 ? TEXT("water_rescue medic") : TEXT("grid_worker"),
			.leader = TEXT("P1"),
			.home = place_at(113.43 + 0.01 * i, 34.78),
			.speed_mm_s = 10000,
			.turnout_ms = 60000,
			.members = 4};
		take(f, unit);
	}
	event = (struct event){.kind = EVENT_DEPOT};
	event.u.depot = (struct event_depot){
		TEXT("D1"), TEXT("一号仓库"), TEXT("P1"), place_at(113.42, 34.77), 60000};
	take(f, event);
	event = (struct event){.kind = EVENT_STOCK};
	event.u.stock =
		(struct event_stock){TEXT("D1"), TEXT("life_ring"), TEXT("救生圈"), TEXT("个"), 10, 20, 0};
	take(f, event);
	event = (struct event){.kind = EVENT_DEVICE};
	event.u.device = (struct event_device){.id = TEXT("cam-1"),
		.kind = TEXT("camera"),
		.name = TEXT("河边"),
		.grid = TEXT("G3"),
		.actions = TEXT("say"),
		.place = place_at(113.4312, 34.7801),
		.expect_every_ms = 60000};
	take(f, event);
	def = (struct playbook_def){.id = TEXT("water"),
		.title = TEXT("水边危险"),
		.hash = {1},
		.type = {TEXT("alarm.water.person_near")},
		.type_count = 1,
		.incident_type = TEXT("drowning_risk"),
		.priority = 1,
		.grade = GRADE_GENERAL,
		.response_level = 4,
		.release = RELEASE_AUTO,
		.step_count = 3,
		.dispose_ms = 86400000,
		.receive_ms = 3600000,
		.climb = {WHO_GRID_HEAD},
		.climb_count = 1};
	def.step[0] = (struct step_def){.kind = STEP_SEND,
		.level = 1,
		.skills = TEXT("water_rescue"),
		.count = 1,
		.arrive_within_ms = 600000};
	def.step[1] =
		(struct step_def){.kind = STEP_SUPPLY, .level = 1, .item = TEXT("life_ring"), .quantity = 4};
	def.step[2] = (struct step_def){
		.kind = STEP_NOTIFY, .level = 1, .who = WHO_GRID_HEAD, .answer_within_ms = 300000};
	event = (struct event){.kind = EVENT_PLAYBOOK};
	event.u.playbook.def = &def;
	take(f, event);
	event = (struct event){.kind = EVENT_PLAN};
	event.u.plan = (struct event_plan){{7}, 1};
	take(f, event);
	for (size_t i = 0; i < sizeof(office) / sizeof(office[0]); i++) {
		event = (struct event){.kind = EVENT_PERSON};
		event.u.person = office[i];
		take(f, event);
	}
}

static const struct ground fixture_ground = {NULL, ground_from, NULL, ground_grid};

static void api_start(struct fixture *f, struct api_config config)
{
	struct api_hooks hooks = {f, hook_status, hook_now, hook_row, hook_story, hook_explain, hook_alarm,
		hook_place, hook_reload, hook_town, hook_place_at};
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

/* --- the client ------------------------------------------------------------------------------------ */

struct reply {
	int status;
	char *bytes, *body;
	size_t len, body_len;
	struct json_doc doc;
	struct json_token *token;
};

static int client_open(const struct fixture *f)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	strcpy(address.sun_path, f->path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void client_write(struct fixture *f, int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);

		if (sent < 0 && errno != EAGAIN)
			return; /* the server has cut it off */
		if (sent > 0) {
			bytes += sent;
			len -= (size_t)sent;
		}
		shell_step(f);
	}
}

static void client_ask(struct fixture *f, int fd, const char *method, const char *path, const char *body)
{
	size_t len = body == NULL ? 0 : strlen(body), size = strlen(path) + len + 256;
	char *bytes = malloc(size);
	int used = snprintf(bytes, size,
		"%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s", method,
		path, len, body == NULL ? "" : body);

	client_write(f, fd, bytes, (size_t)used);
	free(bytes);
}

/* Reads until the server ends it, running the server meanwhile. */
static struct reply client_read(struct fixture *f, int fd)
{
	struct reply reply = {0};
	size_t size = 1 << 16;

	reply.bytes = malloc(size);
	for (;;) {
		struct pollfd pollfd = {.fd = fd, .events = POLLIN};
		ssize_t got;

		shell_step(f);
		(void)poll(&pollfd, 1, 1);
		if (reply.len + 4096 > size)
			reply.bytes = realloc(reply.bytes, size *= 2);
		got = recv(fd, reply.bytes + reply.len, size - reply.len - 1, 0);
		if (got == 0 || (got < 0 && errno != EAGAIN))
			break;
		reply.len += got > 0 ? (size_t)got : 0;
	}
	reply.bytes[reply.len] = '\0';
	close(fd);
	reply.body = strstr(reply.bytes, "\r\n\r\n");
	if (reply.body != NULL) {
		reply.status = atoi(reply.bytes + 9);
		reply.body += 4;
		reply.body_len = reply.len - (size_t)(reply.body - reply.bytes);
	}
	return reply;
}

static void reply_free(struct reply *reply)
{
	free(reply->bytes);
	free(reply->token);
}

static struct reply call(struct fixture *f, const char *method, const char *path, const char *body)
{
	int fd = client_open(f);

	client_ask(f, fd, method, path, body);
	return client_read(f, fd);
}

/* The body must be JSON. */
static inline struct reply call_json(
	struct fixture *f, const char *method, const char *path, const char *body, int status)
{
	struct reply reply = call(f, method, path, body);
	struct json_error error;

	reply.token = malloc(TOKENS_MAX * sizeof(*reply.token));
	if (reply.status != status)
		print_error(
			"%s %s: %d %s\n", method, path, reply.status, reply.body == NULL ? "" : reply.body);
	assert_int_equal(reply.status, status);
	if (json_read(&reply.doc, reply.body, reply.body_len, reply.token, TOKENS_MAX, &error) != DISP_OK)
		fail_msg("%s %s: %s at %u of %.2000s", method, path, error.message, error.at, reply.body);
	return reply;
}

/* The member, as it is written; "" when it is not there. */
static inline const char *member(const struct reply *reply, const char *key)
{
	static char out[512];
	uint32_t object = json_kind(&reply->doc, 0) == JSON_KIND_ARRAY ? json_first(&reply->doc, 0) : 0;
	struct text raw = json_raw(
		&reply->doc, json_find(&reply->doc, object, (struct text){key, (uint32_t)strlen(key)}));

	(void)snprintf(out, sizeof(out), "%.*s", (int)raw.len, raw.ptr == NULL ? "" : raw.ptr);
	return out;
}

#endif
