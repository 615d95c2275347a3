/* kind: words that people give for types, hazards and items, turned into codes; see the header. */
#include "api/kind.h"

#include <string.h>

#include "api/tell_line.h"
#include "core/text_pool.h"

/* The word itself, or its Chinese. */
static bool names(struct text word, struct text code)
{
	return word.len > 0 && (text_equal(word, code) || text_equal(word, query_word_zh(code)));
}

#define SAID(text_) (int)(text_).len, (text_).ptr

/* --- types of incidents ---------------------------------------------------------------------------- */

static const struct text other = {"other", 5}, other_zh = {"其他", 6};

static const struct playbook *active(const struct core *core, uint32_t slot)
{
	const struct playbook *playbook = query_at(core, TABLE_PLAYBOOK, slot);

	return playbook != NULL && playbook->active ? playbook : NULL;
}

/* As the core chooses: what was measured or forecast is asked of the least plans. */
static bool plainer(const struct playbook *playbook, const struct playbook *than)
{
	return than == NULL || playbook->has_above + playbook->warning + playbook->grid_count <
				       than->has_above + than->warning + than->grid_count;
}

/* An incident type that a playbook or the responsibilities have. */
static struct text town_type(const struct core *core, struct text word)
{
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_PLAYBOOK); slot++) {
		const struct playbook *playbook = active(core, slot);
		struct text type = query_text(core, playbook == NULL ? 0 : playbook->incident_type);

		if (names(word, type))
			return type;
	}
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_DUTY); slot++) {
		const struct duty *duty = query_at(core, TABLE_DUTY, slot);
		struct text type = query_text(core, duty == NULL ? 0 : duty->incident_type);

		if (names(word, type))
			return type;
	}
	return text_equal(word, other) || text_equal(word, other_zh) ? other : (struct text){NULL, 0};
}

static struct text listed_type(struct text word)
{
	for (uint32_t index = 0; index < query_alarm_types(); index++)
		if (names(word, query_alarm_type(index)))
			return query_alarm_type(index);
	return (struct text){NULL, 0};
}

static bool answers(const struct core *core, const struct playbook *playbook, struct text alarm_type)
{
	for (uint32_t i = 0; i < playbook->type_count; i++)
		if (text_equal(query_text(core, playbook->type[i]), alarm_type))
			return true;
	return false;
}

/* The playbook whose title the word is, or the plainest one for a listed alarm type. */
static const struct playbook *named_plan(const struct core *core, struct text word)
{
	struct text listed = listed_type(word);
	const struct playbook *found = NULL;

	for (uint32_t slot = 1; slot <= query_used(core, TABLE_PLAYBOOK); slot++) {
		const struct playbook *playbook = active(core, slot);

		if (playbook == NULL)
			continue;
		if (text_equal(word, query_text(core, playbook->title)))
			return playbook;
		if (listed.len > 0 && answers(core, playbook, listed) && plainer(playbook, found))
			found = playbook;
	}
	return found;
}

static void say_type(struct tell *out, uint32_t *count, struct text type)
{
	struct text zh = text_equal(type, other) ? other_zh : query_word_zh(type);

	line_en(out, *count == 0 ? " %.*s" : ", %.*s", SAID(type));
	line_zh(out, *count == 0 ? "%.*s" : "、%.*s", SAID(zh));
	if (!text_equal(type, zh)) {
		line_en(out, " (%.*s)", SAID(zh));
		line_zh(out, "(%.*s)", SAID(type));
	}
	++*count;
}

static bool said_before(const struct core *core, uint32_t slot, uint32_t type)
{
	for (uint32_t earlier = 1; earlier < slot; earlier++)
		if (active(core, earlier) != NULL && active(core, earlier)->incident_type == type)
			return true;
	return false;
}

static bool has_plan(const struct core *core, uint32_t type)
{
	return said_before(core, query_used(core, TABLE_PLAYBOOK) + 1, type);
}

static void refuse_type(const struct core *core, struct text word, struct refused *refused)
{
	struct tell *out = &refused->said;
	uint32_t count = 0;

	refused->status = 422;
	refused->error = "invalid";
	line_en(out, "type: there is no incident type %.*s. Types:", SAID(word));
	line_zh(out, "没有事件类型“%.*s”。可用类型:", SAID(word));
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_PLAYBOOK); slot++) {
		const struct playbook *playbook = active(core, slot);

		if (playbook != NULL && !said_before(core, slot, playbook->incident_type))
			say_type(out, &count, query_text(core, playbook->incident_type));
	}
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_DUTY); slot++) {
		const struct duty *duty = query_at(core, TABLE_DUTY, slot);

		if (duty != NULL && !has_plan(core, duty->incident_type))
			say_type(out, &count, query_text(core, duty->incident_type));
	}
	say_type(out, &count, other);
	line_en(out, ". A playbook's title or a listed alarm type (alarm.…) will do, too");
	line_zh(out, "。也可用预案名称或报警类型(alarm.…)");
}

/* The plan that was asked for by its id. */
static bool asked_plan(const struct core *core, struct event_open *open, struct refused *refused)
{
	const struct playbook *playbook = active(core, query_find(core, TABLE_PLAYBOOK, open->playbook));
	struct text type = query_text(core, playbook == NULL ? 0 : playbook->incident_type);

	if (playbook == NULL) {
		refused->status = 404;
		refused->error = "not_found";
		line_en(&refused->said,
			"playbook: none with the id %.*s is in force; /v1/playbooks shows them",
			SAID(open->playbook));
		line_zh(&refused->said, "没有在用预案“%.*s”,请用 playbook list 查看", SAID(open->playbook));
		return false;
	}
	if (text_equal(open->type, type))
		return true;
	refused->status = 422;
	refused->error = "invalid";
	line_en(&refused->said, "playbook: %.*s is for the type %.*s, not for %.*s", SAID(open->playbook),
		SAID(type), SAID(open->type));
	line_zh(&refused->said, "预案“%.*s”用于类型%.*s,不用于%.*s", SAID(open->playbook), SAID(type),
		SAID(open->type));
	return false;
}

bool kind_of_open(const struct core *core, struct event_open *open, struct refused *refused)
{
	struct text known = town_type(core, open->type), listed = listed_type(open->type);
	const struct playbook *named = known.len > 0 ? NULL : named_plan(core, open->type);

	if (named != NULL) {
		known = query_text(core, named->incident_type);
		if (open->playbook.len == 0)
			open->playbook = query_text(core, named->id);
	} else if (known.len == 0) {
		known = listed;
	}
	if (known.len == 0) {
		refuse_type(core, open->type, refused);
		return false;
	}
	open->type = known;
	return open->playbook.len == 0 || asked_plan(core, open, refused);
}

/* --- items ------------------------------------------------------------------------------------------- */

enum { CLOSE_SHOWN_MAX = 12 };

static const struct stock *stocked(const struct core *core, uint32_t slot)
{
	const struct stock *stock = query_at(core, TABLE_STOCK, slot);

	return stock != NULL && !stock->retired ? stock : NULL;
}

static bool within(struct text part, struct text whole)
{
	return part.len > 0 && part.len <= whole.len &&
	       memmem(whole.ptr, whole.len, part.ptr, part.len) != NULL;
}

/* One is in the other, or they begin alike. */
static bool alike(struct text a, struct text b)
{
	return within(a, b) || within(b, a) || (a.len >= 3 && b.len >= 3 && memcmp(a.ptr, b.ptr, 3) == 0);
}

/* Each item once, in the order of the stock lines; all: also those that are not alike. */
static uint32_t say_items(struct tell *out, const struct core *core, struct text word, bool all)
{
	uint32_t count = 0;

	for (uint32_t slot = 1; slot <= query_used(core, TABLE_STOCK) && count < CLOSE_SHOWN_MAX; slot++) {
		const struct stock *stock = stocked(core, slot), *earlier = NULL;
		struct text item, name;

		if (stock == NULL)
			continue;
		item = query_text(core, stock->item);
		name = query_text(core, stock->name);
		for (uint32_t before = 1; before < slot && earlier == NULL; before++)
			if (stocked(core, before) != NULL && stocked(core, before)->item == stock->item)
				earlier = stocked(core, before);
		if (earlier != NULL || (!all && !alike(word, item) && !alike(word, name)))
			continue;
		line_en(out, count == 0 ? ": %.*s (%.*s)" : ", %.*s (%.*s)", SAID(item), SAID(name));
		line_zh(out, count == 0 ? ":%.*s" : "、%.*s", SAID(name.len > 0 ? name : item));
		count++;
	}
	return count;
}

bool kind_of_item(const struct core *core, struct text *item, struct refused *refused)
{
	struct text code = {NULL, 0};

	for (uint32_t slot = 1; slot <= query_used(core, TABLE_STOCK); slot++) {
		const struct stock *stock = stocked(core, slot);

		if (stock != NULL && text_equal(*item, query_text(core, stock->item)))
			return true;
		if (stock != NULL && code.len == 0 && text_equal(*item, query_text(core, stock->name)))
			code = query_text(core, stock->item);
	}
	if (code.len > 0) {
		*item = code;
		return true;
	}
	refused->status = 404;
	refused->error = "not_found";
	line_en(&refused->said, "item: no depot has %.*s; there is", SAID(*item));
	line_zh(&refused->said, "没有物资“%.*s”,现有", SAID(*item));
	if (say_items(&refused->said, core, *item, false) == 0)
		(void)say_items(&refused->said, core, *item, true);
	return false;
}

/* What a stock line still has of an item, free and good. */
static int64_t free_of(const struct core *core, uint32_t slot, uint32_t item, int64_t at_ms)
{
	const struct stock *stock = stocked(core, slot);

	if (stock == NULL || stock->item != item || (stock->expires_ms != 0 && stock->expires_ms <= at_ms))
		return 0;
	return stock->on_hand > stock->reserved ? stock->on_hand - stock->reserved : 0;
}

bool kind_is_there(
	const struct core *core, struct text item, int64_t quantity, int64_t at_ms, struct refused *refused)
{
	struct tell *out = &refused->said;
	uint32_t wanted = query_text_find(core, item);
	int64_t all = 0;

	for (uint32_t slot = 1; slot <= query_used(core, TABLE_STOCK); slot++)
		all += free_of(core, slot, wanted, at_ms);
	if (all >= quantity)
		return true;
	refused->status = 409;
	refused->error = "no_stock";
	line_en(out, "all depots together have %lld %.*s free", (long long)all, SAID(item));
	struct text item_zh = tell_item_zh(core, item);

	line_zh(out, "各仓库可用%.*s共%lld", SAID(item_zh), (long long)all);
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_STOCK); slot++) {
		int64_t left = free_of(core, slot, wanted, at_ms);

		if (left == 0)
			continue;
		const struct stock *stock = stocked(core, slot);
		struct text depot = query_id(core, TABLE_DEPOT, stock->depot);
		struct text name = query_name(core, TABLE_DEPOT, stock->depot);

		line_en(out, ", %.*s %lld", SAID(depot), (long long)left);
		line_zh(out, ",%.*s%lld", SAID(name.len > 0 ? name : depot), (long long)left);
	}
	line_en(out,
		"; ask for less, or say partial: true (at the console --partial) to reserve all there is");
	line_zh(out, "。请减少数量;确需全部调出请指定 --partial");
	return false;
}

/* --- hazards ----------------------------------------------------------------------------------------- */

/* Their Chinese is that of query_word_zh. */
static const char *const hazards[] = {"rainstorm", "flood", "typhoon", "snow", "cold_wave", "gale",
	"dust_storm", "heat", "drought", "lightning", "hail", "frost", "fog", "haze", "icy_road",
	"geological", "forest_fire"};

static struct text hazard_at(size_t index)
{
	return (struct text){hazards[index], (uint32_t)strlen(hazards[index])};
}

bool kind_of_hazard(struct text *hazard, struct refused *refused)
{
	struct tell *out = &refused->said;

	for (size_t i = 0; i < sizeof(hazards) / sizeof(hazards[0]); i++) {
		if (!names(*hazard, hazard_at(i)))
			continue;
		*hazard = hazard_at(i);
		return true;
	}
	refused->status = 422;
	refused->error = "invalid";
	line_en(out, "hazard: there is no %.*s; hazards:", SAID(*hazard));
	line_zh(out, "没有灾种“%.*s”,可用:", SAID(*hazard));
	for (size_t i = 0; i < sizeof(hazards) / sizeof(hazards[0]); i++) {
		struct text en = hazard_at(i), zh = query_word_zh(en);

		line_en(out, i == 0 ? " %.*s (%.*s)" : ", %.*s (%.*s)", SAID(en), SAID(zh));
		line_zh(out, i == 0 ? "%.*s(%.*s)" : "、%.*s(%.*s)", SAID(zh), SAID(en));
	}
	return false;
}

/* --- what a silence is about ------------------------------------------------------------------------- */

static bool refuse_aim(struct refused *refused, const char *en, const char *zh, struct text word)
{
	refused->status = 404;
	refused->error = "not_found";
	line_en(&refused->said, "%s: there is no %.*s", en, SAID(word));
	line_zh(&refused->said, "没有%s“%.*s”", zh, SAID(word));
	return false;
}

bool kind_of_silence(const struct core *core, struct event_silence *silence, struct refused *refused)
{
	if (silence->source.len > 0 && query_find(core, TABLE_DEVICE, silence->source) == 0)
		return refuse_aim(refused, "source (a device)", "设备", silence->source);
	if (silence->grid.len > 0 && query_find(core, TABLE_GRID, silence->grid) == 0)
		return refuse_aim(refused, "grid", "网格", silence->grid);
	if (silence->type.len == 0)
		return true;
	struct text listed = listed_type(silence->type);

	if (listed.len > 0) {
		silence->type = listed;
		return true;
	}
	(void)refuse_aim(refused, "type (of alarms)", "报警类型", silence->type);
	line_en(&refused->said, "; types:");
	line_zh(&refused->said, ",可用:");
	for (uint32_t index = 0, count = 0; index < query_alarm_types(); index++)
		say_type(&refused->said, &count, query_alarm_type(index));
	return false;
}
