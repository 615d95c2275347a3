/* units: crews on paper: who is out, who could go, and the many of one kind in few lines; who is apart. */
#include <stdlib.h>

#include "board/internal.h"
#include "core/standing.h"

/* Of a kind with more crews than this, those that could go are written by team, in running text. */
enum { MANY = 24, KINDS_MAX = 64, DECLINED_FOR_MS = 60 * 60 * 1000 };

struct kinds {
	uint32_t kind[KINDS_MAX], crews[KINDS_MAX], count;
};

static void count_kinds(const struct core *core, struct kinds *out)
{
	out->count = 0;
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_UNIT); slot++) {
		const struct unit *unit = query_at(core, TABLE_UNIT, slot);
		uint32_t at = 0;

		if (unit == NULL || unit->retired)
			continue;
		while (at < out->count && out->kind[at] != unit->kind)
			at++;
		if (at == KINDS_MAX)
			continue;
		if (at == out->count) {
			out->kind[out->count] = unit->kind;
			out->crews[out->count++] = 0;
		}
		out->crews[at]++;
	}
}

static bool one_of_many(const struct kinds *kinds, const struct unit *unit)
{
	for (uint32_t at = 0; at < kinds->count; at++)
		if (kinds->kind[at] == unit->kind)
			return kinds->crews[at] > MANY;
	return false;
}

/* Its newest order, where it has declined that one within the hour: a crew that has just said no is told from one that waits. */
static const struct order *declined_by(const struct board *board, const struct unit *unit)
{
	const struct order *order =
		unit->last_order == 0 ? NULL : query_at(board->core, TABLE_ORDER, unit->last_order);

	return order != NULL && order->who == unit->r.number && order->state == ORDER_DECLINED &&
			       board->now_ms - order->ended_ms <= DECLINED_FOR_MS
		       ? order
		       : NULL;
}

static bool unit_shown(
	const struct board *board, const struct kinds *kinds, const struct unit *unit, uint32_t state)
{
	return unit != NULL && !unit->retired && unit->state == state &&
	       !(state == UNIT_AVAILABLE && one_of_many(kinds, unit) && declined_by(board, unit) == NULL);
}

static void put_declined(struct board *board, const struct order *order)
{
	ink_html(&board->ink, " <b class=\"late\">已谢绝</b> ");
	ink_time(&board->ink, order->ended_ms);
	ink_say(&board->ink, " ");
	board_incident_id(board, query_goes_on(board->core, order->incident));
}

/* The incident of its newest order, where that goes on. */
static uint32_t incident_of(const struct core *core, const struct unit *unit)
{
	const struct order *order =
		unit->last_order == 0 ? NULL : query_at(core, TABLE_ORDER, unit->last_order);

	return order != NULL && query_order_live(order->state) ? query_goes_on(core, order->incident) : 0;
}

static void put_unit(struct board *board, uint32_t slot, const struct unit *unit)
{
	struct ink *ink = &board->ink;
	uint32_t incident = incident_of(board->core, unit);

	ink_say(ink, "<li><b>");
	board_number(board, unit->name, INK_NAME);
	ink_say(ink, "</b> <small>");
	board_id(board, TABLE_UNIT, slot);
	ink_say(ink, " ");
	board_skills(board, unit->skills);
	ink_sayf(ink, " %u人</small> ", unit->members);
	board_person(board, unit->leader);
	if (incident != 0) {
		ink_say(ink, " → ");
		board_incident_id(board, incident);
	}
	if (declined_by(board, unit) != NULL)
		put_declined(board, declined_by(board, unit));
	ink_say(ink, "\n");
}

static uint32_t put_units(struct board *board, const struct kinds *kinds, uint32_t state, uint32_t most)
{
	uint32_t count = 0;

	for (uint32_t slot = 1; slot <= query_used(board->core, TABLE_UNIT); slot++)
		count += unit_shown(board, kinds, query_at(board->core, TABLE_UNIT, slot), state);
	if (count == 0)
		return 0;
	ink_say(&board->ink, "<h4>");
	board_word(board, WORDS_UNIT_STATE, state);
	ink_sayf(&board->ink, " %u <small>", count);
	ink_text(&board->ink, words_of(WORDS_UNIT_STATE, state), INK_NAME);
	ink_say(&board->ink, "</small></h4><ul class=\"units\">");
	for (uint32_t slot = 1, shown = 0; slot <= query_used(board->core, TABLE_UNIT) && shown < most;
		slot++) {
		const struct unit *unit = query_at(board->core, TABLE_UNIT, slot);

		if (!unit_shown(board, kinds, unit, state))
			continue;
		put_unit(board, slot, unit);
		shown++;
	}
	ink_say(&board->ink, "</ul>\n");
	ink_left_out(&board->ink, count > most ? count - most : 0);
	return count < most ? count : most;
}

void board_units(struct board *board)
{
	/* those that are out first, then those that could go */
	static const uint8_t state[] = {UNIT_ON_SCENE, UNIT_EN_ROUTE, UNIT_ACKNOWLEDGED, UNIT_ORDERED,
		UNIT_RETURNING, UNIT_AVAILABLE, UNIT_RESERVED, UNIT_OUT_OF_SERVICE, UNIT_OFF_DUTY};
	uint32_t left = BOARD_UNITS_MAX;
	struct kinds kinds;

	_Static_assert(sizeof state == UNIT_STATE_COUNT, "every state");
	count_kinds(board->core, &kinds);
	ink_heading(&board->ink, "力量", "units by state", -1);
	for (uint32_t i = 0; i < sizeof state; i++)
		left -= put_units(board, &kinds, state[i], left);
}

/* --- the many of one kind -------------------------------------------------------------------------------- */

struct one {
	uint32_t kind, team, grid, slot;
};

static int by_team(const void *left, const void *right)
{
	const struct one *a = left, *b = right;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->team != b->team)
		return a->team < b->team ? -1 : 1;
	if (a->grid != b->grid)
		return a->grid < b->grid ? -1 : 1;
	return a->slot < b->slot ? -1 : a->slot > b->slot;
}

/* A name without the team's in front of it. */
static struct text without(struct text name, struct text team)
{
	uint32_t at = 0;

	while (at < team.len && at < name.len && name.ptr[at] == team.ptr[at])
		at++;
	return at == team.len && at < name.len ? (struct text){name.ptr + at, name.len - at} : name;
}

static void put_one(struct board *board, const struct one *one, const struct one *before)
{
	const struct unit *unit = query_at(board->core, TABLE_UNIT, one->slot);
	struct text team = query_text(board->core, unit->team);
	struct text grid = query_name(board->core, TABLE_GRID, one->grid);

	if (before == NULL || before->kind != one->kind || before->team != one->team) {
		ink_say(&board->ink, before == NULL ? "<p><b>" : "</p>\n<p><b>");
		ink_text_or_dash(&board->ink, team, INK_NAME);
		ink_say(&board->ink, "</b>");
		before = NULL;
	}
	if (before == NULL || before->grid != one->grid || one->grid == 0) {
		ink_say(&board->ink, " <i>");
		ink_text(&board->ink,
			without(grid.len > 0 ? grid : query_text(board->core, unit->name), team), INK_NAME);
		ink_say(&board->ink, "</i>");
	}
	ink_say(&board->ink, " <span>");
	board_person(board, unit->leader);
	ink_say(&board->ink, "</span>");
}

static uint32_t gather_many(struct board *board, struct one *list)
{
	struct kinds kinds;
	uint32_t count = 0;

	count_kinds(board->core, &kinds);
	for (uint32_t slot = 1; slot <= query_used(board->core, TABLE_UNIT); slot++) {
		const struct unit *unit = query_at(board->core, TABLE_UNIT, slot);
		const struct person *leader =
			unit == NULL ? NULL : query_at(board->core, TABLE_PERSON, unit->leader);

		if (unit == NULL || unit->retired || unit->state != UNIT_AVAILABLE ||
			!one_of_many(&kinds, unit) || declined_by(board, unit) != NULL)
			continue;
		list[count++] = (struct one){unit->kind, unit->team, leader == NULL ? 0 : leader->grid, slot};
	}
	qsort(list, count, sizeof *list, by_team);
	return count;
}

void board_units_many(struct board *board)
{
	struct one *list = calloc((size_t)query_used(board->core, TABLE_UNIT) + 1, sizeof *list);
	uint32_t count = list == NULL ? 0 : gather_many(board, list);
	uint32_t shown = count < BOARD_UNITS_MAX ? count : BOARD_UNITS_MAX;

	for (uint32_t i = 0; i < shown; i++) {
		bool first = i == 0 || list[i - 1].kind != list[i].kind;

		if (first) {
			ink_say(&board->ink, i == 0 ? "" : "</p></div>\n");
			ink_html(&board->ink, "<h2>待命的");
			ink_text(&board->ink, words_town_zh(query_text(board->core, list[i].kind)), INK_NAME);
			ink_html(&board->ink,
				" <small>available, by team and grid</small></h2>\n<div class=\"many\">");
		}
		put_one(board, &list[i], first ? NULL : &list[i - 1]);
	}
	ink_say(&board->ink, shown > 0 ? "</p></div>\n" : "");
	ink_left_out(&board->ink, count - shown);
	free(list);
}

/* --- apart ---------------------------------------------------------------------------------------------------- */

/* Somewhere out there, and no case says why. */
static bool out_alone(const struct unit *unit)
{
	return unit->orders == 0 && (unit->state == UNIT_ON_SCENE || unit->state == UNIT_EN_ROUTE ||
					    unit->state == UNIT_ORDERED || unit->state == UNIT_ACKNOWLEDGED);
}

static void put_apart(struct board *board, uint32_t slot, const struct unit *unit)
{
	struct ink *ink = &board->ink;

	ink_row(ink);
	ink_cell(ink);
	board_word(board, WORDS_UNIT_STATE, unit->state);
	ink_say(ink, out_alone(unit) ? ",无对应事件" : "");
	if (declined_by(board, unit) != NULL)
		put_declined(board, declined_by(board, unit));
	ink_cell(ink);
	board_id(board, TABLE_UNIT, slot);
	ink_cell(ink);
	board_number(board, unit->name, INK_NAME);
	ink_cell(ink);
	board_person(board, unit->leader);
	ink_row_end(ink);
}

void board_units_apart(struct board *board)
{
	static const char *const column[] = {
		"状态|state", "编号|id", "力量|unit", "负责人 电话|leader", NULL};
	uint32_t count = 0;

	ink_heading(&board->ink, "停用的力量,刚谢绝的力量,在外而无事件的力量",
		"units out of service, units that have just declined, units out without a case", -1);
	for (uint32_t slot = 1; slot <= query_used(board->core, TABLE_UNIT); slot++) {
		const struct unit *unit = query_at(board->core, TABLE_UNIT, slot);

		if (unit == NULL || unit->retired ||
			(unit->state != UNIT_OUT_OF_SERVICE && !out_alone(unit) &&
				declined_by(board, unit) == NULL))
			continue;
		if (count == 0)
			ink_table(&board->ink, "apart", column);
		if (count < BOARD_LIST_MAX)
			put_apart(board, slot, unit);
		count++;
	}
	board_list_end(board, count);
}
