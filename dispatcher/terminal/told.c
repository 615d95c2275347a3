/* told: what the daemon says to a terminal; a leader of yesterday is refused, an order is taken up once. */
#include "terminal/terminal.h"

#include <stdio.h>
#include <string.h>

#include "wire/ids.h"
#include "wire/json_read.h"
#include "wire/time_text.h"
#include "wire/utf8.h"

enum { TOKENS_MAX = 65536 };

/* A message that has been read. */
struct told {
	struct json_doc doc;
	struct json_scratch scratch;
};

static struct text get_text(struct told *told, uint32_t object, struct text key)
{
	struct text text = {"", 0};

	(void)!json_get_text(&told->doc, json_find(&told->doc, object, key), &told->scratch, &text);
	if (text.len > told->scratch.size - told->scratch.used)
		return text; /* longer than a message can be */
	char *copy = (char *)told->scratch.buffer + told->scratch.used;

	memcpy(copy, text.ptr, text.len);
	(void)utf8_make_harmless(copy, text.len);
	told->scratch.used += text.len;
	return (struct text){copy, text.len};
}

static int64_t get_fixed(struct told *told, struct text key, int32_t scale)
{
	int64_t value = 0;

	(void)!json_get_fixed(&told->doc, json_find(&told->doc, 0, key), scale, 0, INT64_MAX, &value);
	return value;
}

static struct spot get_spot(struct told *told)
{
	uint32_t position = json_find(&told->doc, 0, TEXT("position"));
	uint32_t pair = json_find(&told->doc, position, TEXT("coordinates"));
	uint32_t first = json_first(&told->doc, pair);
	int64_t lon_e7 = 0, lat_e7 = 0;
	bool known = first != JSON_NONE &&
		     json_get_fixed(&told->doc, first, 7, -1800000000, 1800000000, &lon_e7) == DISP_OK &&
		     json_get_fixed(&told->doc, json_next(&told->doc, pair, first), 7, -900000000, 900000000,
			     &lat_e7) == DISP_OK;

	return (struct spot){known, (int32_t)lon_e7, (int32_t)lat_e7};
}

static bool is(struct text text, const char *word)
{
	return text.len == strlen(word) && memcmp(text.ptr, word, text.len) == 0;
}

static bool holds(struct text text, const char *words)
{
	return memmem(text.ptr, text.len, words, strlen(words)) != NULL;
}

/* " 网格…(G3) 113.43120,34.78010": as far as the message says it. */
static void show_where(struct told *told)
{
	struct text grid = get_text(told, 0, TEXT("grid")), name = get_text(told, 0, TEXT("grid_name"));
	struct text where = get_text(told, 0, TEXT("where"));
	struct spot spot = get_spot(told);

	if (where.len > 0)
		printf(" 地点%.*s", (int)where.len, where.ptr);
	if (grid.len > 0)
		printf(" 网格%.*s(%.*s)", (int)name.len, name.ptr, (int)grid.len, grid.ptr);
	if (spot.known)
		printf(" 位置%.5f,%.5f", spot.lon_e7 / 1e7, spot.lat_e7 / 1e7);
}

/* How far and how long; an order knows, nothing else does. */
static void show_way(struct told *told)
{
	int64_t range_mm = get_fixed(told, TEXT("range_m"), 3),
		travel_ms = get_fixed(told, TEXT("travel_s"), 3);

	if (travel_ms > 0)
		printf(" 路程%.1f公里 约%lld分钟", (double)range_mm / 1e6,
			(long long)((travel_ms + 59999) / 60000));
}

/* What a keeper loads, and what its carrier fetches there. */
static void show_items(struct told *told)
{
	struct text depot = get_text(told, 0, TEXT("depot")), name = get_text(told, 0, TEXT("depot_name"));
	uint32_t items = json_find(&told->doc, 0, TEXT("items"));

	if (name.len > 0)
		printf(" 先到%.*s(%.*s)提货", (int)name.len, name.ptr, (int)depot.len, depot.ptr);
	for (uint32_t item = json_first(&told->doc, items); item != JSON_NONE;
		item = json_next(&told->doc, items, item)) {
		struct text what = get_text(told, item, TEXT("name")),
			    unit = get_text(told, item, TEXT("unit"));
		int64_t quantity = 0;

		(void)!json_get_fixed(&told->doc, json_find(&told->doc, item, TEXT("quantity")), 0, 0,
			INT64_MAX, &quantity);
		printf(" %.*s×%lld%.*s", (int)what.len, what.ptr, (long long)quantity, (int)unit.len,
			unit.ptr);
	}
	if (name.len > 0)
		printf(" 再送往现场");
}

static void show(const struct terminal *terminal, struct told *told, const char *what, struct text id)
{
	static const char *const words[] = {"title", "task", "action", "text", "reason"};
	struct text incident = get_text(told, 0, TEXT("incident"));

	printf("%s %s %.*s 事件%.*s", terminal->id, what, (int)id.len, id.ptr, (int)incident.len,
		incident.ptr);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct text word = get_text(told, 0, (struct text){words[i], (uint32_t)strlen(words[i])});

		if (word.len > 0)
			printf(" %.*s", (int)word.len, word.ptr);
	}
	show_where(told);
	show_items(told);
	show_way(told);
	putchar('\n');
	fflush(stdout);
}

/* How much there is to fetch: it only grows. */
static int64_t load_in(const struct told *told)
{
	uint32_t items = json_find(&told->doc, 0, TEXT("items"));
	int64_t sum = 0;

	for (uint32_t item = json_first(&told->doc, items); item != JSON_NONE;
		item = json_next(&told->doc, items, item)) {
		int64_t quantity = 0;

		(void)!json_get_fixed(&told->doc, json_find(&told->doc, item, TEXT("quantity")), 0, 0,
			INT64_MAX / TOKENS_MAX, &quantity);
		sum += quantity;
	}
	return sum;
}

static void take_order(struct crowd *crowd, struct terminal *terminal, struct told *told)
{
	struct text id = get_text(told, 0, TEXT("order"));
	uint64_t number;

	if (ids_read(ID_ORDER, id, &number) != DISP_OK) {
		fprintf(stderr, "%s: an order without a number\n", terminal->id);
		return;
	}
	struct job *job = job_find(terminal, (uint32_t)number);

	if (job) { /* told again: it is not carried out again, only answered */
		if (load_in(told) > job->load)
			show(terminal, told, "增派", id);
		job->load = load_in(told);
		if (job->answer != ANSWER_NONE)
			say_answer(crowd, terminal, terminal->home, job->order, job->answer, job->reason);
		return;
	}
	show(terminal, told, "派遣", id);
	job = job_start(
		crowd, terminal, (uint32_t)number, get_fixed(told, TEXT("travel_s"), 3), get_spot(told));
	if (job)
		job->load = load_in(told);
}

static void take_recall(struct terminal *terminal, struct told *told)
{
	struct text id = get_text(told, 0, TEXT("order"));
	uint64_t number;
	struct job *job =
		ids_read(ID_ORDER, id, &number) == DISP_OK ? job_find(terminal, (uint32_t)number) : NULL;

	if (!job || job->stage == STAGE_OVER)
		return;
	show(terminal, told, "撤回", id);
	job->stage = STAGE_OVER;
	job->due_ms = INT64_MAX;
	job->answer = ANSWER_NONE;
}

static void take_notice(struct crowd *crowd, struct terminal *terminal, struct told *told)
{
	struct text id = get_text(told, 0, TEXT("notice"));
	enum behaviour kind = terminal->plan[0].kind;

	show(terminal, told, "通知", id);
	if (kind != BEHAVE_HAND && kind != BEHAVE_MUTE)
		say_notice(crowd, terminal, id);
}

static void take_error(struct crowd *crowd, struct terminal *terminal, uint32_t index, struct told *told)
{
	struct text reason = get_text(told, 0, TEXT("reason")), detail = get_text(told, 0, TEXT("detail"));

	if (holds(detail, "hello first")) {
		say_hello(crowd, terminal, index);
		return;
	}
	if (is(reason, "not_leader") && !crowd->verbose)
		return; /* the one that stands by says so to every ping */
	fprintf(stderr, "%s: 错误 %.*s: %.*s\n", terminal->id, (int)reason.len, reason.ptr, (int)detail.len,
		detail.ptr);
	if (holds(detail, "superseded")) {
		terminal->line[index].superseded = true;
		terminal->line[index].connection.up = false;
	}
}

static void take_pong(struct crowd *crowd, struct told *told)
{
	int64_t at_ms;

	if (time_parse(get_text(told, 0, TEXT("time")), &at_ms) == DISP_OK)
		crowd->event_offset_ms = at_ms - crowd_now_ms(crowd);
}

/* false: its daemon led before another one that we have heard of. */
static bool check_epoch(struct crowd *crowd, struct terminal *terminal, uint32_t index, struct told *told)
{
	uint64_t epoch = (uint64_t)get_fixed(told, TEXT("epoch"), 0), number;
	char reason[WORD_SIZE];

	if (epoch >= terminal->epoch) {
		terminal->epoch = epoch;
		terminal->home = index;
		return true;
	}
	snprintf(reason, sizeof(reason), "stale leader: epoch %llu, but %llu has been seen",
		(unsigned long long)epoch, (unsigned long long)terminal->epoch);
	fprintf(stderr, "%s: 拒绝 %s\n", terminal->id, reason);
	if (is(get_text(told, 0, TEXT("kind")), "order") &&
		ids_read(ID_ORDER, get_text(told, 0, TEXT("order")), &number) == DISP_OK)
		say_answer(crowd, terminal, index, (uint32_t)number, ANSWER_DECLINE, reason);
	return false;
}

void told_message(struct crowd *crowd, struct terminal *terminal, uint32_t index, struct text message)
{
	static struct json_token token[TOKENS_MAX];
	static char strings[1 << 20];
	struct told told = {.scratch = {strings, sizeof(strings), 0}};

	if (crowd->verbose)
		fprintf(stderr, "%s < %.*s\n", terminal->id, (int)message.len, message.ptr);
	if (message.len > sizeof(strings) ||
		json_read(&told.doc, message.ptr, message.len, token, TOKENS_MAX, NULL) != DISP_OK) {
		fprintf(stderr, "%s: a message that is no JSON\n", terminal->id);
		return;
	}
	struct text kind = get_text(&told, 0, TEXT("kind"));

	if (is(kind, "error")) {
		take_error(crowd, terminal, index, &told);
		return;
	}
	if (!check_epoch(crowd, terminal, index, &told))
		return;
	uint64_t seq = (uint64_t)get_fixed(&told, TEXT("seq"), 0);

	if (is(kind, "pong")) {
		int64_t arrived_ms = asked_take(&terminal->line[index].asked);

		if (arrived_ms > terminal->confirmed_ms)
			terminal->confirmed_ms = arrived_ms;
		take_pong(crowd, &told);
		return;
	}
	if (is(kind, "order"))
		take_order(crowd, terminal, &told);
	else if (is(kind, "recall"))
		take_recall(terminal, &told);
	else if (is(kind, "notify"))
		take_notice(crowd, terminal, &told);
	if (seq > terminal->last_seq)
		terminal->last_seq = seq;
}
