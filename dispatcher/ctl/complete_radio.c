/* complete_radio: what can follow in a line of radio traffic: a unit, a status word, a place. */
#include "ctl/complete.h"

#include <string.h>

#include "ctl/line.h"
#include "ctl/radio.h"
#include "ctl/value.h"

enum { PART_WORDS_MAX = 32, PART_SIZE = 512 };

static void put(json_t *to, const char *before, const char *value, const char *start)
{
	const json_t *known;
	char whole[RADIO_TEXT_MAX];
	size_t i;

	screen_format(whole, sizeof(whole), "%s%s", before, value);
	if (value[0] == '\0' || strncmp(whole, start, strlen(start)) != 0)
		return;
	VALUE_EACH(to, i, known)
	{
		if (strcmp(json_string_value(known), whole) == 0)
			return;
	}
	ASSERT(json_array_append_new(to, json_string(whole)) == 0);
}

/* Of each status the word of the screens, or every word for it that begins as typed. */
static void statuses_put(const struct screen *screen, const char *start, json_t *to)
{
	uint32_t count;
	const struct radio_status *status = radio_statuses(&count);

	for (uint32_t i = 0; i < count; i++) {
		put(to, "", value_word(screen, status[i].set, status[i].word), start);
		if (start[0] == '\0')
			continue;
		put(to, "", status[i].word, start);
		for (const char *at = status[i].typed; *at != '\0';) {
			size_t len = strcspn(at, " ");
			char word[RADIO_TEXT_MAX];

			screen_format(word, sizeof(word), "%.*s", (int)len, at);
			put(to, "", word, start);
			at += len + (at[len] == ' ');
		}
	}
}

/* A dot may stand before the first unit without a blank between. */
static void units_put(const json_t *units, const char *start, json_t *to)
{
	const json_t *unit;
	size_t i;

	VALUE_EACH(units, i, unit)
	{
		put(to, start[0] == '.' ? "." : "", value_string(unit, "id"), start);
		if (start[0] != '\0' && start[0] != '.')
			put(to, "", value_string(unit, "name"), start);
	}
}

static void places_put(struct session *session, const char *start, json_t *to)
{
	json_t *places = session_peek(session, "/v1/places?fields=name"), *place;
	size_t i;

	VALUE_EACH(places, i, place)
	{
		put(to, "", value_string(place, "name"), start);
	}
	json_decref(places);
}

/* What stands behind the last mark that parts a line. */
static const char *last_part(const char *typed)
{
	static const char *const marks[] = {"/", ",", ";", "\uff0f", "\uff0c", "\u3001", "\uff1b"};
	const char *last = typed;

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		for (const char *at = typed; (at = strstr(at, marks[i])) != NULL;) {
			at += strlen(marks[i]);
			last = at > last ? at : last;
		}
	return last;
}

void complete_radio(struct session *session, const char *typed, const char *start, json_t *to)
{
	const char *word[PART_WORDS_MAX];
	char part[PART_SIZE];
	struct radio_part read;
	uint32_t count = 0;
	json_t *units;

	typed += strspn(typed, " ");
	if (strncmp(typed, "radio ", 6) == 0)
		typed += 6;
	typed += strspn(typed, " .");
	screen_format(part, sizeof(part), "%s", last_part(typed));
	units = session_peek(session, "/v1/units?fields=id,name");
	radio_read(part + strspn(part, " "), units, &read);
	if (line_split(part, word, PART_WORDS_MAX, &count) != DISP_OK)
		count = PART_WORDS_MAX;
	if (count == 0)
		units_put(units, start, to);
	else if (count == 1 && read.fault == RADIO_NO_STATUS) /* its unit is clear */
		statuses_put(&session->screen, start, to);
	else if (count == 2 && read.fault == RADIO_CLEAR && !read.status->remark)
		places_put(session, start, to);
	radio_free(&read);
	json_decref(units);
}
