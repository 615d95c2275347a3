/* view_sent: who and what was sent, who was not, and why; the officer's explanation. */
#include <stdio.h>
#include <string.h>

#include "ctl/view.h"
#include "ctl/value.h"

void view_asked(const struct screen *screen, const json_t *need, char *out, size_t size)
{
	const char *kind = value_string(need, "kind");
	char what[256];
	bool is_supply = strcmp(kind, "supply") == 0;
	double count =
		value_number(need, is_supply && value_at(need, "quantity") != NULL ? "quantity" : "count");

	if (is_supply)
		screen_format(what, sizeof(what), "%s",
			screen->lang == LANG_ZH && value_string(need, "item_name")[0] != '\0'
				? value_string(need, "item_name")
				: value_string(need, "item"));
	else
		value_town_join(screen, value_at(need, "skills"), what, sizeof(what));
	if (what[0] == '\0')
		screen_format(what, sizeof(what), "%s", value_word(screen, WORDS_STEP_KIND, kind));
	screen_format(out, size, "%.200s × %.0f", what, count);
}

/* Those of one list that something is missing of; count: of those before it, which stand below the heading. */
static uint32_t shortfalls_print(const struct screen *screen, const json_t *needs, uint32_t count)
{
	const json_t *need;
	size_t index;

	VALUE_EACH(needs, index, need)
	{
		char asked[256], line[VALUE_TEXT_MAX];
		const char *why = value_string(need, "why");

		if (value_number(need, "missing") <= 0 || strcmp(value_string(need, "state"), "ended") == 0)
			continue;
		if (count++ == 0)
			screen_heading(screen, "NOT COVERED");
		view_asked(screen, need, asked, sizeof(asked));
		screen_format(line, sizeof(line), screen_say(screen, "%s: %.0f missing - %s"), asked,
			value_number(need, "missing"),
			why[0] == '\0' ? screen_say(screen, "no reason given")
				       : value_word(screen, WORDS_WHY, why));
		fputs("  !! ", screen->to);
		screen_wrapped(screen, 5, TONE_BAD, line);
	}
	return count;
}

uint32_t view_shortfalls(const struct screen *screen, const json_t *story)
{
	uint32_t count = shortfalls_print(screen, value_at(story, "needs"), 0);

	return shortfalls_print(screen, value_at(story, "merged_needs"), count);
}

/* --- sent ------------------------------------------------------------------------------------------ */

static void put(char *out, size_t size, const char *text)
{
	size_t len = strlen(out);

	if (text[0] != '\0' && len < size)
		screen_format(out + len, size - len, "%s%s", len == 0 ? "" : "  ", text);
}

static void put_if(const struct screen *screen, const json_t *order, const char *path, const char *say,
	char *out, size_t size)
{
	if (value_true(order, path))
		put(out, size, screen_say(screen, say));
}

static void put_marks(const struct screen *screen, const json_t *order, char *out, size_t size)
{
	put_if(screen, order, "manual", N_("[by the officer]"), out, size);
	put_if(screen, order, "substitute", N_("[substitute]"), out, size);
	put_if(screen, order, "late", N_("[expected late]"), out, size);
	put_if(screen, order, "stale", N_("[old position]"), out, size);
}

static void put_travel(const struct screen *screen, const json_t *order, char *out, size_t size)
{
	char figure[64], line[128];

	value_metres(screen, value_number(order, "range_m"), figure, sizeof(figure));
	screen_format(line, sizeof(line), screen_say(screen, "range %s"), figure);
	put(out, size, line);
	value_seconds(screen, value_number(order, "travel_s"), figure, sizeof(figure));
	screen_format(line, sizeof(line), screen_say(screen, "travel %s"), figure);
	put(out, size, line);
}

/* Behind the state of one that was declined or failed: why, who said so, when. */
static void over_print(const struct screen *screen, const json_t *order)
{
	const char *reason = value_string(order, "reason"), *by = value_string(order, "said_by");
	char at[64];

	if (value_at(order, "said_at") == NULL)
		return;
	value_time(screen, value_string(order, "said_at"), at, sizeof(at));
	fprintf(screen->to, screen_say(screen, ": %s (%s, %s)"),
		reason[0] == '\0' ? screen_say(screen, "no reason given") : reason, by, at);
}

static void order_head(const struct screen *screen, const json_t *order)
{
	const char *state = value_string(order, "state");

	fprintf(screen->to, "  %s  %s%s %s%s  %s%s%s", value_string(order, "id"),
		screen_tone(screen, TONE_BOLD), value_string(order, "who"), value_string(order, "name"),
		screen_plain(screen), screen_tone(screen, value_tone(WORDS_ORDER_STATE, state)),
		value_word(screen, WORDS_ORDER_STATE, state), screen_plain(screen));
	if (value_string(order, "why")[0] != '\0' && strcmp(value_string(order, "why"), state) != 0)
		fprintf(screen->to, " (%s)", value_word(screen, WORDS_WHY, value_string(order, "why")));
	over_print(screen, order);
	fputc('\n', screen->to);
}

static void order_more(const struct screen *screen, const char *line)
{
	if (line[0] == '\0')
		return;
	screen_spaces(screen, 6);
	screen_wrapped(screen, 6, TONE_PLAIN, line);
}

static void order_unit(const struct screen *screen, const json_t *order)
{
	char line[VALUE_TEXT_MAX] = "", why[VALUE_TEXT_MAX];
	const char *chosen = value_said(screen, order, "chosen");

	order_head(screen, order);
	if (screen->folds && value_string(order, "ended")[0] != '\0')
		return; /* why it was chosen matters no more */
	put_travel(screen, order, line, sizeof(line));
	put_marks(screen, order, line, sizeof(line));
	order_more(screen, line);
	if (chosen[0] != '\0') {
		screen_format(why, sizeof(why), "%s%.900s", screen_say(screen, "why: "), chosen);
		order_more(screen, why);
	}
	line[0] = '\0';
	put(line, sizeof(line), value_string(order, "task"));
	if (value_string(order, "call_task")[0] != '\0') {
		screen_format(why, sizeof(why), screen_say(screen, "call task %s: %s"),
			value_string(order, "call_task"), value_string(order, "phone"));
		put(line, sizeof(line), why);
	}
	order_more(screen, line);
}

static bool target_is(const json_t *order, const char *target)
{
	return strcmp(value_string(order, "target"), target) == 0;
}

void view_sent(const struct screen *screen, const json_t *story)
{
	static const struct field on_paper[] = {
		FIELD("unit", "Unit", TABLE_KEEP | TABLE_ID),
		FIELD("name", "Name", TABLE_KEEP),
		FIELD_AS("dispatched", "Dispatched", VALUE_TIME, TABLE_KEEP),
		FIELD_AS("arrived", NC_("incident", "Arrived"), VALUE_TIME, TABLE_KEEP),
		FIELD_END,
	};
	const json_t *order;
	size_t index;
	uint32_t count = 0;

	screen_heading(screen, "Sent");
	if (value_number(story, "paper_units") > 0) {
		value_list(screen, value_at(story, "paper_units"), on_paper, 2);
		count++;
	}
	VALUE_EACH(value_at(story, "orders"), index, order)
	{
		if (target_is(order, "depot") || target_is(order, "device"))
			continue;
		order_unit(screen, order);
		count++;
	}
	if (count == 0)
		fprintf(screen->to, "  %s\n", screen_say(screen, "(no unit was sent)"));
}

/* --- not sent -------------------------------------------------------------------------------------- */

static const json_t *by_id(const json_t *list, const char *key, const char *id)
{
	const json_t *item;
	size_t index;

	VALUE_EACH(list, index, item)
	{
		if (strcmp(value_string(item, key), id) == 0)
			return item;
	}
	return NULL;
}

static void rest_print(const struct screen *screen, const json_t *choice)
{
	json_t *rest = json_object_get(choice, "rest");
	char line[VALUE_TEXT_MAX];
	size_t at;
	const char *why;
	json_t *count;

	if (value_number(choice, "rest_count") <= 0)
		return;
	at = screen_format(
		line, sizeof(line), screen_say(screen, "%.0f more: "), value_number(choice, "rest_count"));
	VALUE_EACH_MEMBER(rest, why, count)
	{
		if (at + 100 > sizeof(line))
			break;
		at += screen_format(line + at, sizeof(line) - at, "%.60s %.0f  ",
			value_word(screen, WORDS_WHY, why), json_number_value(count));
	}
	while (at > 0 && line[at - 1] == ' ')
		line[--at] = '\0';
	fputs("    ", screen->to);
	screen_wrapped(screen, 4, TONE_PLAIN, line);
}

/* Whether the same was chosen anew further on. */
static bool is_overtaken(const json_t *choices, size_t index)
{
	const char *need = value_string(json_array_get(choices, index), "need");

	while (++index < json_array_size(choices))
		if (strcmp(value_string(json_array_get(choices, index), "need"), need) == 0)
			return true;
	return false;
}

void view_passed(const struct screen *screen, const json_t *story)
{
	static const struct field fields[] = {
		FIELD("unit", "Unit", TABLE_KEEP),
		FIELD("name", "Name", 0),
		FIELD("why", "Why not", TABLE_KEEP),
		FIELD_AS("travel_s", "Travel", VALUE_SECONDS, TABLE_KEEP | TABLE_RIGHT),
		FIELD_AS("range_m", "Range", VALUE_METRES, TABLE_KEEP | TABLE_RIGHT),
		FIELD_END,
	};
	const json_t *choice;
	size_t index;

	if (value_number(story, "choices") <= 0)
		return;
	screen_heading(screen, "Not sent, and why");
	VALUE_EACH(value_at(story, "choices"), index, choice)
	{
		const json_t *need = by_id(value_at(story, "needs"), "id", value_string(choice, "need"));
		char asked[256] = "";

		if (screen->folds && is_overtaken(value_at(story, "choices"), index))
			continue;
		if (need != NULL)
			view_asked(screen, need, asked, sizeof(asked));
		fprintf(screen->to, "  %s %s\n", value_string(choice, "need"), asked);
		if (value_number(choice, "passed") > 0)
			value_list(screen, value_at(choice, "passed"), fields, 4);
		rest_print(screen, choice);
	}
}

/* --- materials and devices ------------------------------------------------------------------------- */

/* The truck that was asked for the loading last; NULL: none. */
static const json_t *carrier_of(const json_t *story, const char *loading)
{
	const json_t *order, *found = NULL;
	size_t index;

	VALUE_EACH(value_at(story, "orders"), index, order)
	{
		if (target_is(order, "unit") && strcmp(value_string(order, "depot_order"), loading) == 0)
			found = order;
	}
	return found;
}

/* A loading that goes beside another names that one, whose truck takes it. */
static void carrier_print(const struct screen *screen, const json_t *story, const json_t *loading)
{
	const char *beside = value_string(loading, "depot_order");
	const json_t *carrier = carrier_of(story, beside[0] != '\0' ? beside : value_string(loading, "id"));
	char line[VALUE_TEXT_MAX] = "";

	if (carrier == NULL) {
		screen_spaces(screen, 6);
		screen_wrapped(screen, 6, TONE_BAD, screen_say(screen, "carrier: none so far"));
		return;
	}
	screen_format(line, sizeof(line), screen_say(screen, "carrier: %s %s %s (%s)"),
		value_string(carrier, "id"), value_string(carrier, "who"), value_string(carrier, "name"),
		value_word(screen, WORDS_ORDER_STATE, value_string(carrier, "state")));
	put_travel(screen, carrier, line, sizeof(line));
	order_more(screen, line);
}

static void items_print(const struct screen *screen, const json_t *items)
{
	const json_t *item;
	size_t index;

	VALUE_EACH(items, index, item)
	{
		char line[VALUE_TEXT_MAX];

		screen_format(line, sizeof(line), "%.200s (%.100s) × %.0f %.40s  %s",
			value_string(item, "name"), value_string(item, "item"),
			value_number(item, "quantity"), value_string(item, "unit"),
			value_word(screen, WORDS_SUPPLY_STATE, value_string(item, "state")));
		order_more(screen, line);
	}
}

void view_materials(const struct screen *screen, const json_t *story)
{
	const json_t *order;
	size_t index;
	uint32_t count = 0;

	VALUE_EACH(value_at(story, "orders"), index, order)
	{
		if (!target_is(order, "depot"))
			continue;
		if (count++ == 0)
			screen_heading(screen, "Materials and carriers");
		order_head(screen, order);
		items_print(screen, value_at(order, "items"));
		carrier_print(screen, story, order);
	}
}

void view_actions(const struct screen *screen, const json_t *story)
{
	const json_t *order;
	size_t index;
	uint32_t count = 0;

	VALUE_EACH(value_at(story, "orders"), index, order)
	{
		char line[VALUE_TEXT_MAX] = "";

		if (!target_is(order, "device"))
			continue;
		if (count++ == 0)
			screen_heading(screen, "Actions of devices");
		order_head(screen, order);
		put(line, sizeof(line), value_town(screen, value_string(order, "action")));
		put(line, sizeof(line), value_string(order, "task"));
		order_more(screen, line);
	}
}

/* --- steps ----------------------------------------------------------------------------------------- */

static void step_what(const struct screen *screen, const json_t *step, char *out, size_t size)
{
	const char *kind = value_string(step, "kind");

	if (strcmp(kind, "send") == 0 || strcmp(kind, "supply") == 0)
		view_asked(screen, step, out, size);
	else if (strcmp(kind, "action") == 0)
		screen_format(out, size, "%s %s %s", value_town(screen, value_string(step, "device")),
			value_town(screen, value_string(step, "action")), value_string(step, "say"));
	else
		value_who(screen, value_at(step, "who"), out, size);
}

static void step_when(
	const struct screen *screen, const json_t *steps, const json_t *step, char *out, size_t size)
{
	const json_t *after = by_id(steps, "id", value_string(step, "after"));

	if (strcmp(value_string(step, "when"), "no_effect") == 0)
		screen_format(
			out, size, screen_say(screen, "when step %.0f fails"), value_number(after, "index"));
	else if (value_number(step, "level") > 1)
		screen_format(out, size, screen_say(screen, "level %.0f"), value_number(step, "level"));
	else
		screen_format(out, size, "%s", screen_say(screen, "at once"));
}

void view_steps(const struct screen *screen, const json_t *steps)
{
	struct table *table = table_new();
	const json_t *step;
	size_t index;

	table_column(table, screen_say(screen, "No"), TABLE_KEEP | TABLE_RIGHT);
	table_column(table, screen_say(screen, "Step"), TABLE_KEEP);
	table_column(table, screen_say(screen, "What"), 0);
	table_column(table, screen_say(screen, "When"), 0);
	table_column(table, screen_say(screen, "State"), TABLE_KEEP);
	table_column(table, screen_say(screen, "Why"), 0);
	VALUE_EACH(steps, index, step)
	{
		const char *state = value_string(step, "state"), *why = value_string(step, "why");
		char number[16], what[VALUE_TEXT_MAX], when[256];

		screen_format(number, sizeof(number), "%.0f", value_number(step, "index"));
		step_what(screen, step, what, sizeof(what));
		step_when(screen, steps, step, when, sizeof(when));
		table_cell(table, number, TONE_PLAIN);
		table_cell(
			table, value_word(screen, WORDS_STEP_KIND, value_string(step, "kind")), TONE_PLAIN);
		table_cell(table, what, TONE_PLAIN);
		table_cell(table, when, TONE_PLAIN);
		table_cell(table, value_word(screen, WORDS_STEP_STATE, state),
			value_tone(WORDS_STEP_STATE, state));
		table_cell(table,
			why[0] == '\0' || strcmp(why, "none") == 0 ? "" : value_word(screen, WORDS_WHY, why),
			TONE_BAD);
	}
	if (json_array_size(steps) > 0)
		table_print(table, screen, 2);
	table_free(table);
}
