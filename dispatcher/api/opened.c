/* opened: what the officer who opened an incident has to know at once: its plan, and those that it may double. */
#include "api/internal.h"

#include <string.h>

#include "api/tell.h"
#include "api/tell_line.h"
#include "core/text_pool.h"

enum { SHOWN_MAX = 16 };

#define SAID(text_) (int)(text_).len, (text_).ptr

static const struct effect_incident *opened_by(const struct effects *effects)
{
	for (uint32_t i = 0; i < effects->count; i++)
		if (effects->item[i].kind == EFFECT_INCIDENT)
			return &effects->item[i].u.incident;
	return NULL;
}

/* --- the place -------------------------------------------------------------------------------------- */

/* Whole names, so that a word that was taken for another place is seen at once. */
static void say_place(struct tell *tell, const struct core *core, const struct event *event)
{
	const struct event_open *open = &event->u.open;
	uint32_t grid = query_find(core, TABLE_GRID, open->grid);
	struct text where = open->where;
	struct line_name name = line_name(open->grid, query_name(core, TABLE_GRID, grid));

	if (where.len == 0)
		where = query_name(core, TABLE_DEVICE, query_find(core, TABLE_DEVICE, open->source));
	if (text_equal(where, query_name(core, TABLE_GRID, grid)))
		where.len = 0;
	line_en(tell, "; at %.*s%sgrid %.*s", SAID(where), where.len > 0 ? ", " : "", name.len, name.text);
	line_zh(tell, ";地点%.*s%s%.*s", SAID(where), where.len > 0 ? "," : ":", name.len, name.text);
	if (open->said.len > 0) {
		line_en(tell, " (said as %.*s)", SAID(open->said));
		line_zh(tell, "(所说“%.*s”)", SAID(open->said));
	}
}

/* --- the plan -------------------------------------------------------------------------------------- */

/* Other plans in force for the same type. */
static void say_others(struct tell *tell, const struct core *core, uint32_t taken)
{
	const struct playbook *plan = query_at(core, TABLE_PLAYBOOK, taken);
	uint32_t count = 0;

	for (uint32_t slot = 1; slot <= query_used(core, TABLE_PLAYBOOK) && count < SHOWN_MAX; slot++) {
		const struct playbook *playbook = query_at(core, TABLE_PLAYBOOK, slot);

		if (playbook == NULL || !playbook->active || slot == taken ||
			playbook->incident_type != plan->incident_type)
			continue;
		struct line_name name =
			line_name(query_text(core, playbook->id), query_text(core, playbook->title));

		line_en(tell, count == 0 ? "; others for this type (choose with playbook): %.*s" : ", %.*s",
			name.len, name.text);
		line_zh(tell, count == 0 ? ";同类预案还有(可用 --playbook 指定):%.*s" : "、%.*s", name.len,
			name.text);
		count++;
	}
}

static void say_plan(struct tell *tell, const struct core *core, uint32_t taken)
{
	struct line_name name =
		line_name(query_id(core, TABLE_PLAYBOOK, taken), query_name(core, TABLE_PLAYBOOK, taken));

	if (taken == 0) {
		line_en(tell, "; NO PLAYBOOK answers this type: nobody has been sent, send units by hand");
		line_zh(tell, ";注意:没有相应预案,尚未派出任何力量,请人工派遣");
		return;
	}
	line_en(tell, "; playbook %.*s", name.len, name.text);
	line_zh(tell, ";预案%.*s", name.len, name.text);
	say_others(tell, core, taken);
}

/* --- doubles --------------------------------------------------------------------------------------- */

enum { DOUBLES_MAX = 5, NEAR_MM = 500000, FAR_MM = 5000000, YOUNG_MS = 6 * 3600 * 1000 };

/* An open case that may be the same, and how far off. */
struct doubled {
	const struct incident *incident;
	int64_t range_mm;
};

static int64_t root_of(int64_t square)
{
	int64_t low = 0, high = FAR_MM + 1;

	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (middle * middle <= square)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Straight; beyond `most_mm`: -1. */
static int64_t range_mm(const struct place *a, const struct place *b, int64_t most_mm)
{
	int64_t sum = 0;

	for (int i = 0; i < 3; i++) {
		int64_t by = a->ecef_mm[i] - b->ecef_mm[i];

		if (by > most_mm || by < -most_mm)
			return -1;
		sum += by * by;
	}
	return sum <= most_mm * most_mm ? root_of(sum) : -1;
}

/* Callers place things worse than sensors do: three times as far as alarms are joined, and half a kilometre at least. */
static int64_t near_mm(const struct core *core, uint32_t plan)
{
	const struct playbook *playbook = query_at(core, TABLE_PLAYBOOK, plan);
	int64_t join_mm = query_rules(core)->join_mm, far_mm = NEAR_MM;

	far_mm = join_mm > far_mm ? join_mm : far_mm;
	if (playbook != NULL && playbook->correlate_mm > far_mm / 3)
		far_mm = 3 * playbook->correlate_mm;
	return far_mm < FAR_MM ? far_mm : FAR_MM;
}

static int64_t young_ms(const struct core *core, uint32_t plan)
{
	const struct playbook *playbook = query_at(core, TABLE_PLAYBOOK, plan);

	return playbook != NULL && playbook->correlate_ms > YOUNG_MS / 3 ? 3 * playbook->correlate_ms
									 : (int64_t)YOUNG_MS;
}

/* Whether a plan in force for one type answers an alarm that a plan for the other answers, too. */
static bool share_alarm(const struct core *core, const struct playbook *one, uint32_t other_type)
{
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_PLAYBOOK); slot++) {
		const struct playbook *other = query_at(core, TABLE_PLAYBOOK, slot);

		if (other == NULL || !other->active || other->incident_type != other_type)
			continue;
		for (uint32_t i = 0; i < one->type_count; i++)
			for (uint32_t j = 0; j < other->type_count; j++)
				if (one->type[i] == other->type[j])
					return true;
	}
	return false;
}

static bool is_other(struct text type)
{
	return type.len == 5 && memcmp(type.ptr, "other", 5) == 0;
}

/* The type as it was given: it may not have been heard of before. */
static bool is_related(const struct core *core, struct text type, uint32_t b)
{
	uint32_t a = query_text_find(core, type);

	if (a == b || is_other(type) || is_other(query_text(core, b)))
		return true;
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_PLAYBOOK); slot++) {
		const struct playbook *playbook = query_at(core, TABLE_PLAYBOOK, slot);

		if (playbook != NULL && playbook->active && playbook->incident_type == a &&
			share_alarm(core, playbook, b))
			return true;
	}
	return false;
}

/* What is this near is shown whatever its type: a caller sees smoke, the next one flames. */
static int64_t same_mm(const struct core *core)
{
	const struct core_rules *rules = query_rules(core);
	int64_t most_mm = rules->same_place_mm > rules->join_mm ? rules->same_place_mm : rules->join_mm;

	return most_mm < FAR_MM ? most_mm : FAR_MM;
}

static int64_t age_ms(const struct incident *incident, int64_t now_ms)
{
	int64_t last_ms =
		incident->last_alarm_ms > incident->opened_ms ? incident->last_alarm_ms : incident->opened_ms;

	return now_ms > last_ms ? now_ms - last_ms : 0;
}

/* The nearest first, in list[DOUBLES_MAX]; returns how many. */
static uint32_t find_doubles(const struct core *core, const struct event *event,
	const struct effect_incident *opened, struct doubled *list)
{
	int64_t most_mm = near_mm(core, opened->playbook), most_ms = young_ms(core, opened->playbook);
	int64_t here_mm = same_mm(core);
	uint32_t count = 0;

	most_mm = most_mm > here_mm ? most_mm : here_mm;
	for (uint32_t slot = query_town(core)->open_first; slot != 0;) {
		const struct incident *incident = query_at(core, TABLE_INCIDENT, slot);
		int64_t away_mm = range_mm(&incident->place, &event->u.open.place, most_mm);
		uint32_t at = count < DOUBLES_MAX ? count : DOUBLES_MAX - 1;

		slot = incident->next;
		if (away_mm < 0 || incident->r.number == opened->number || incident->merged_into != 0 ||
			query_incident_ended(incident->state) || incident->mode != opened->mode ||
			age_ms(incident, event->at_ms) > most_ms ||
			(count == DOUBLES_MAX && list[at].range_mm <= away_mm) ||
			(away_mm > here_mm && !is_related(core, event->u.open.type, incident->type)))
			continue;
		for (; at > 0 && list[at - 1].range_mm > away_mm; at--)
			list[at] = list[at - 1];
		list[at] = (struct doubled){incident, away_mm};
		count += count < DOUBLES_MAX;
	}
	return count;
}

static void put_double(struct page *page, const struct doubled *one, int64_t now_ms)
{
	const struct incident *incident = one->incident;

	json_open_object(&page->out);
	put_id(page, "id", ID_INCIDENT, incident->r.number);
	put_word(page, "state", WORDS_INCIDENT_STATE, incident->state);
	put_text(page, "type", query_text(page->core, incident->type));
	put_title(page, incident);
	put_milli(page, "range_m", one->range_mm);
	put_milli(page, "age_s", now_ms - incident->opened_ms);
	json_close_object(&page->out);
}

static void put_doubles(
	struct page *page, struct tell *tell, const struct event *event, const struct effect_incident *opened)
{
	struct doubled list[DOUBLES_MAX];
	uint32_t count = find_doubles(page->core, event, opened, list);

	put_key(page, "possible_duplicates");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < count; i++) {
		char memory[ID_SIZE];
		struct text id = ids_write(ID_INCIDENT, list[i].incident->r.number, memory);

		put_double(page, &list[i], event->at_ms);
		struct text type = query_text(page->core, list[i].incident->type),
			    type_zh = query_word_zh(type);

		line_en(tell,
			i == 0 ? "; POSSIBLE DUPLICATE, open nearby: %.*s (%.*s, %lu m)"
			       : ", %.*s (%.*s, %lu m)",
			SAID(id), SAID(type), tell_whole(list[i].range_mm));
		line_zh(tell, i == 0 ? ";可能重复,附近已有在办事件:%.*s(%.*s,%lu米)" : "、%.*s(%.*s,%lu米)",
			SAID(id), SAID(type_zh), tell_whole(list[i].range_mm));
	}
	json_close_array(&page->out);
	if (count > 0) {
		line_en(tell, " (incident-merge joins them)");
		line_zh(tell, "(确为同一件可用 incident merge 合并)");
	}
}

void put_opened(
	struct page *page, struct tell *tell, const struct event *event, const struct effects *effects)
{
	const struct effect_incident *opened = opened_by(effects);

	if (opened == NULL)
		return;
	say_place(tell, page->core, event);
	say_plan(tell, page->core, opened->playbook);
	put_thing(page, "playbook", TABLE_PLAYBOOK, opened->playbook);
	put_doubles(page, tell, event, opened);
}
