/* view_command: what became of a command, or would: effects, what stays uncovered, cases that may be the same. */
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "ctl/value.h"
#include "ctl/view.h"

static const struct field fields_duplicate[] = {
	FIELD("id", "Incident", TABLE_KEEP | TABLE_ID),
	FIELD_WORD("state", "State", WORDS_INCIDENT_STATE, TABLE_KEEP),
	FIELD_TOWN("type", "Type", TABLE_KEEP),
	FIELD("title", "Title", 0),
	FIELD_AS("range_m", "Range", VALUE_METRES, TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("age_s", "Age", VALUE_SECONDS, TABLE_KEEP | TABLE_RIGHT),
	FIELD_END,
};

uint32_t view_duplicates(const struct screen *screen, const json_t *reply)
{
	const json_t *list = value_at(reply, "possible_duplicates"), *one;
	json_t *shown = json_array();
	size_t i, count = json_array_size(list);

	ASSERT(shown != NULL);
	VALUE_EACH(list, i, one)
	{
		json_t *row = json_is_string(one) ? json_pack("{s:O}", "id", one) : json_deep_copy(one);

		ASSERT(json_array_append_new(shown, row) == 0);
	}
	if (count > 0) {
		fprintf(screen->to, "%s%s%s\n", screen_tone(screen, TONE_WARN),
			screen_say(screen, "It may be the same case as:"), screen_plain(screen));
		value_list(screen, shown, fields_duplicate, 2);
	}
	json_decref(shown);
	return (uint32_t)count;
}

uint32_t view_uncovered(const struct screen *screen, const json_t *reply)
{
	const json_t *list = value_at(reply, "uncovered"), *one;
	uint32_t count = 0;
	size_t i;

	VALUE_EACH(list, i, one)
	{
		char skills[256], line[VALUE_TEXT_MAX];

		if (count++ == 0)
			fprintf(screen->to, "  %s\n", screen_say(screen, "That leaves uncovered:"));
		value_town_join(screen, value_at(one, "skill"), skills, sizeof(skills));
		if (value_said(screen, one, "text")[0] != '\0')
			screen_format(line, sizeof(line), "%s", value_said(screen, one, "text"));
		else
			screen_format(line, sizeof(line), screen_say(screen, "%s: %.0f left"), skills,
				value_number(one, "left"));
		fputs("  !! ", screen->to);
		screen_wrapped(screen, 5, value_number(one, "left") > 0 ? TONE_WARN : TONE_BAD, line);
	}
	return count;
}

enum { LINES_LONG = 12 };

/* What follows from the rest: it is in the story of the case, and of a long answer only the rest is shown. */
static bool line_follows(const json_t *line)
{
	static const char *const kinds[] = {"step", "need", "choice", "unit_state"};
	const char *kind = value_string(line, "kind"), *text = value_string(line, "text");
	size_t len = strlen(text);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kind, kinds[i]) == 0)
			return true;
	/* a requirement that is short is the most important line of all */
	return strcmp(kind, "need_state") == 0 && len > 7 && strcmp(text + len - 7, " filled") == 0;
}

/* Lines in the reader's language: a list of texts, or of objects with a text. said: what stands above already. */
static void lines_print(const struct screen *screen, const json_t *list, const char *said)
{
	bool is_long = json_array_size(list) > LINES_LONG;
	const json_t *line;
	size_t i;

	VALUE_EACH(list, i, line)
	{
		if (strcmp(value_said(screen, line, "text"), said) == 0 || (is_long && line_follows(line)))
			continue;
		fputs("  - ", screen->to);
		screen_wrapped(screen, 4, TONE_PLAIN,
			json_is_string(line) ? json_string_value(line) : value_said(screen, line, "text"));
	}
}

static void headline_print(const struct screen *screen, const json_t *reply, const char *result)
{
	static const char *const ids[] = {
		"incident", "order", "silence", "task", "notice", "unit", "device", "alert", "shift"};
	bool dry = value_true(reply, "dry_run");

	fprintf(screen->to, "%s%s%s", screen_tone(screen, dry ? TONE_WARN : TONE_GOOD),
		dry ? screen_say(screen, "Nothing was done; it would be:") : result, screen_plain(screen));
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (value_string(reply, ids[i])[0] != '\0')
			fprintf(screen->to, "  %s", value_string(reply, ids[i]));
	fprintf(screen->to, "  %s\n", value_said(screen, reply, "detail"));
}

void view_command(const struct screen *screen, const json_t *reply)
{
	const json_t *effects = value_at(reply, "effects_zh");
	const char *result = value_word(screen, WORDS_OUTCOME, value_string(reply, "result"));

	headline_print(screen, reply, result);
	if (screen->lang != LANG_ZH || json_array_size(effects) == 0)
		effects = value_at(reply, "effects");
	if (json_array_size(effects) == 0)
		effects = value_at(reply, "decided");
	lines_print(screen, effects, result);
	(void)view_uncovered(screen, reply);
	if (json_array_size(effects) > LINES_LONG) /* the first line may have left the screen by now */
		headline_print(screen, reply, result);
}
