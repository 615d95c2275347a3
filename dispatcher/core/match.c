/* match: which playbook answers an alarm; the most specific one wins. */
#include "core/decide.h"

#include <stddef.h>

#include "core/query.h"

/* What each restriction adds: the rarer kind of knowledge outweighs all the commoner ones together. */
enum {
	SCORE_ANY = 1,
	SCORE_CONFIDENCE = 2,
	SCORE_VALUE = 4,
	SCORE_HOURS = 8,
	SCORE_MODES = 16,
	SCORE_WARNING = 32,
	SCORE_GRID = 64
};

static bool holds(const uint32_t *list, uint32_t count, uint32_t wanted)
{
	for (uint32_t index = 0; index < count; index++)
		if (list[index] == wanted)
			return true;
	return false;
}

/* A grid of the list holds the incident's grid when it is it, or one above it. */
static bool grid_listed(const struct core *core, const struct playbook *playbook, uint32_t grid)
{
	for (const struct grid *at = grid_at(core, grid); at != NULL; at = grid_at(core, at->parent))
		if (holds(playbook->grid, playbook->grid_count, at->code))
			return true;
	return false;
}

/* Lengths are told apart by their unit; other units must be the playbook's own. */
static int64_t length_factor(struct text unit)
{
	if (text_equal(unit, TEXT("m")))
		return 1000;
	if (text_equal(unit, TEXT("cm")))
		return 10;
	return text_equal(unit, TEXT("mm")) ? 1 : 0;
}

static bool value_fits(
	const struct core *core, const struct playbook *playbook, const struct match_input *input)
{
	struct text unit = text_at(&core->texts, playbook->value_unit);
	int64_t value = input->value_e6, above = playbook->above_e6, below = playbook->below_e6;

	if (!input->has_value)
		return false;
	if (!text_equal(unit, input->value_unit) && unit.len > 0) {
		int64_t ours = length_factor(unit), theirs = length_factor(input->value_unit);

		if (ours == 0 || theirs == 0 || value > INT64_MAX / 1000 || value < INT64_MIN / 1000)
			return false;
		value *= theirs;
		above = above > INT64_MAX / ours ? INT64_MAX : above * ours;
		below = below > INT64_MAX / ours ? INT64_MAX : below * ours;
	}
	return (!playbook->has_above || value > above) && (!playbook->has_below || value < below);
}

static uint32_t colours_in_force(const struct core *core, const struct event_alarm *alarm)
{
	const struct town_state *town = town_of(core);
	uint32_t set = 1u << alarm->colour;

	for (uint32_t index = 0; index < WARNINGS_MAX; index++)
		set |= 1u << town->warning[index].colour;
	return set & ~1u;
}

struct match_input match_input_of(
	const struct core *core, const struct event_alarm *alarm, const struct device *device)
{
	uint32_t grid = state_find(core, TABLE_GRID, alarm->grid);

	return (struct match_input){.type = text_find(&core->texts, alarm->type),
		.grid = grid != 0 ? grid : device->grid,
		.confidence_ppm = alarm->confidence_ppm,
		.value_e6 = alarm->value_e6,
		.has_value = alarm->has_value,
		.value_unit = alarm->value_unit,
		.colours = colours_in_force(core, alarm)};
}

static bool hours_fit(const struct core *core, const struct playbook *playbook, int64_t at_ms)
{
	return in_hours(local_minute(core, at_ms), playbook->hours_from_min, playbook->hours_to_min);
}

static bool has_hours(const struct playbook *playbook)
{
	bool all_day = playbook->hours_from_min == 0 && playbook->hours_to_min == PLAYBOOK_DAY_MIN;

	return !all_day && playbook->hours_from_min != playbook->hours_to_min;
}

enum match_why match_why(const struct core *core, const struct playbook *playbook,
	const struct match_input *input, int64_t at_ms)
{
	uint32_t level = town_of(core)->response_level;

	if (!playbook->active)
		return MATCH_INACTIVE;
	if (input->type == 0 || !holds(playbook->type, playbook->type_count, input->type))
		return MATCH_TYPE;
	if (input->confidence_ppm < playbook->confidence_ppm)
		return MATCH_CONFIDENCE;
	if ((playbook->has_above || playbook->has_below) && !value_fits(core, playbook, input))
		return MATCH_VALUE;
	if (has_hours(playbook) && !hours_fit(core, playbook, at_ms))
		return MATCH_HOURS;
	if (playbook->modes != 0 && (playbook->modes >> level & 1) == 0)
		return MATCH_MODES;
	if (playbook->warning != 0 && (playbook->warning & input->colours) == 0)
		return MATCH_WARNING;
	if (playbook->grid_count > 0 && !grid_listed(core, playbook, input->grid))
		return MATCH_GRID;
	return MATCH_FITS;
}

uint32_t match_score(const struct core *core, const struct playbook *playbook,
	const struct match_input *input, int64_t at_ms)
{
	uint32_t score = SCORE_ANY;

	if (match_why(core, playbook, input, at_ms) != MATCH_FITS)
		return 0;
	if (playbook->confidence_ppm > 0)
		score += SCORE_CONFIDENCE;
	if (playbook->has_above || playbook->has_below)
		score += SCORE_VALUE;
	if (has_hours(playbook))
		score += SCORE_HOURS;
	if (playbook->modes != 0)
		score += SCORE_MODES;
	if (playbook->warning != 0)
		score += SCORE_WARNING;
	if (playbook->grid_count > 0)
		score += SCORE_GRID;
	return score;
}

/* Among equals: the higher threshold, the rarer warning, the stricter confidence, the lower id. */
static bool better(const struct core *core, const struct playbook *a, const struct playbook *b)
{
	if (a->has_above && b->has_above && a->above_e6 != b->above_e6)
		return a->above_e6 > b->above_e6;
	if (a->warning != b->warning)
		return a->warning > b->warning;
	if (a->confidence_ppm != b->confidence_ppm)
		return a->confidence_ppm > b->confidence_ppm;
	return text_compare(text_at(&core->texts, a->id), text_at(&core->texts, b->id)) < 0;
}

uint32_t match_playbook(const struct core *core, const struct match_input *input, int64_t at_ms)
{
	uint32_t best = 0, best_score = 0;

	for (uint32_t slot = 1; slot <= core->table[TABLE_PLAYBOOK].used; slot++) {
		const struct playbook *playbook = playbook_at(core, slot);
		uint32_t score = playbook == NULL ? 0 : match_score(core, playbook, input, at_ms);

		if (score == 0 || score < best_score)
			continue;
		if (score > best_score || better(core, playbook, playbook_at(core, best))) {
			best = slot;
			best_score = score;
		}
	}
	return best;
}

uint32_t query_match(const struct core *core, const struct event *alarm, uint32_t number, int64_t at_ms,
	enum match_why *why)
{
	const struct device *device = device_at(core, state_find(core, TABLE_DEVICE, alarm->u.alarm.source));
	const struct playbook *playbook = playbook_at(core, number);

	*why = MATCH_TYPE;
	if (device == NULL || playbook == NULL)
		return 0;
	struct match_input input = match_input_of(core, &alarm->u.alarm, device);

	*why = match_why(core, playbook, &input, at_ms);
	return match_score(core, playbook, &input, at_ms);
}
