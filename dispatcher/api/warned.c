/* warned: what a weather warning that is put in force touches: until when, which plans answer now, which level they suggest; see internal.h. */
#include "api/internal.h"

#include <string.h>

#include "api/tell.h"
#include "api/tell_line.h"
#include "core/text_pool.h"
#include "wire/time_text.h"

enum { PLANS_SHOWN_MAX = 8 };

static const char weather[] = "alarm.weather.";

#define WEATHER_LEN (sizeof(weather) - 1)

/* Whether the plan answers warnings of this very hazard. */
static bool is_of_hazard(const struct core *core, const struct playbook *playbook, struct text hazard)
{
	for (uint32_t i = 0; i < playbook->type_count; i++) {
		struct text type = query_text(core, playbook->type[i]);

		if (type.len == WEATHER_LEN + hazard.len && memcmp(type.ptr, weather, WEATHER_LEN) == 0 &&
			memcmp(type.ptr + WEATHER_LEN, hazard.ptr, hazard.len) == 0)
			return true;
	}
	return false;
}

/* Plans that ask for this colour: those of the hazard first, then the others. Slots into list[]; returns how many there are. */
static uint32_t find_plans(
	const struct core *core, const struct event_warning *warning, uint32_t list[PLANS_SHOWN_MAX])
{
	uint32_t count = 0;

	for (uint32_t pass = 0; pass < 2; pass++)
		for (uint32_t slot = 1; slot <= query_used(core, TABLE_PLAYBOOK); slot++) {
			const struct playbook *playbook = query_at(core, TABLE_PLAYBOOK, slot);

			if (playbook == NULL || !playbook->active ||
				(playbook->warning >> warning->colour & 1) == 0 ||
				is_of_hazard(core, playbook, warning->hazard) != (pass == 0))
				continue;
			if (count < PLANS_SHOWN_MAX)
				list[count] = slot;
			count++;
		}
	return count;
}

static void say_until(struct tell *tell, const struct core *core, int64_t until_ms)
{
	char local[TIME_LOCAL_LEN];

	time_format_local(until_ms, query_town(core)->offset_min, local);
	line_en(tell, ", until %.11s", local + 5);
	line_zh(tell, ",有效至%.11s", local + 5);
}

static void say_plans(
	struct tell *tell, const struct core *core, const uint32_t list[PLANS_SHOWN_MAX], uint32_t count)
{
	for (uint32_t i = 0; i < count && i < PLANS_SHOWN_MAX; i++) {
		struct line_name name = line_name(
			query_id(core, TABLE_PLAYBOOK, list[i]), query_name(core, TABLE_PLAYBOOK, list[i]));

		line_en(tell, i == 0 ? "; playbooks that answer now: %.*s" : ", %.*s", name.len, name.text);
		line_zh(tell, i == 0 ? ";现适用预案:%.*s" : "、%.*s", name.len, name.text);
	}
	if (count > PLANS_SHOWN_MAX) {
		line_en(tell, ", %u in all", count);
		line_zh(tell, "等%u个", count);
	}
	if (count == 0) {
		line_en(tell, "; no playbook asks for this warning");
		line_zh(tell, ";没有以此预警为条件的预案");
	}
}

/* The gravest level that plans of the hazard suggest; RESPONSE_CLEAR: none, or one as grave is in force. */
static uint32_t level_suggested(
	const struct core *core, struct text hazard, const uint32_t list[PLANS_SHOWN_MAX], uint32_t count)
{
	uint32_t in_force = query_town(core)->response_level, best = RESPONSE_CLEAR;

	for (uint32_t i = 0; i < count && i < PLANS_SHOWN_MAX; i++) {
		const struct playbook *playbook = query_at(core, TABLE_PLAYBOOK, list[i]);
		uint32_t level = playbook->response_level;

		if (is_of_hazard(core, playbook, hazard) && level != RESPONSE_CLEAR &&
			(best == RESPONSE_CLEAR || level < best))
			best = level;
	}
	return in_force != RESPONSE_CLEAR && in_force <= best ? RESPONSE_CLEAR : best;
}

static void say_level(struct tell *tell, uint32_t level)
{
	struct text en = words_of(WORDS_RESPONSE, level), zh = words_zh(WORDS_RESPONSE, level);

	if (level == RESPONSE_CLEAR)
		return;
	line_en(tell, "; the plan suggests response level %.*s: response set %.*s --reason …", (int)en.len,
		en.ptr, (int)en.len, en.ptr);
	line_zh(tell, ";预案建议启动%.*s应急响应:response set %.*s --reason …", (int)zh.len, zh.ptr,
		(int)en.len, en.ptr);
}

void put_warned(struct page *page, struct tell *tell, const struct event_warning *warning)
{
	const struct core *core = page->core;
	uint32_t list[PLANS_SHOWN_MAX], level = RESPONSE_CLEAR, count = 0;

	if (warning->colour != COLOUR_NONE) {
		count = find_plans(core, warning, list);
		level = level_suggested(core, warning->hazard, list, count);
		say_until(tell, core, warning->until_ms);
		say_plans(tell, core, list, count);
		say_level(tell, level);
	}
	put_time(page, "until", warning->until_ms);
	put_roman(page, "response_suggested", level);
	put_key(page, "playbooks");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < count && i < PLANS_SHOWN_MAX; i++)
		json_write_text(&page->out, query_id(core, TABLE_PLAYBOOK, list[i]));
	json_close_array(&page->out);
}
