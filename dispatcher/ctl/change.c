/* change: what of a row's event and effects an officer wants to see, as data, and the line made of it. */
#include "ctl/change.h"

#include <string.h>

#include "ctl/value.h"

enum { LINE_MAX_BYTES = 4096 };

/* Members worth telling, in this order. kind: of the effect; "" for the event itself, whatever its kind. */
static const struct told {
	const char *kind;
	struct field field;
} told[] = {
	{"", FIELD("source", NULL, 0)},
	{"", FIELD("order", NULL, 0)},
	{"", FIELD("task", NULL, 0)},
	{"", FIELD("unit", NULL, 0)},
	{"", FIELD("device", NULL, 0)},
	{"", FIELD("type", NULL, 0)},
	{"", FIELD_WORD("act", NULL, WORDS_INCIDENT_ACT, 0)},
	{"", FIELD_WORD("answer", NULL, WORDS_ANSWER, 0)},
	{"", FIELD("action", NULL, 0)},
	{"", FIELD("text", NULL, 0)},
	{"", FIELD("reason", NULL, 0)},
	{"result", FIELD_WORD("outcome", NULL, WORDS_OUTCOME, 0)},
	{"alarm", FIELD("alarm", NULL, 0)},
	{"alarm", FIELD_WORD("result", NULL, WORDS_ALARM_RESULT, 0)},
	{"alarm", FIELD_WORD("reason", NULL, WORDS_REJECT, 0)},
	{"incident", FIELD("incident", NULL, 0)},
	{"incident", FIELD("title", NULL, 0)},
	{"incident", FIELD("grid", NULL, 0)},
	{"incident_state", FIELD("incident", NULL, 0)},
	{"incident_state", FIELD_WORD("to", NULL, WORDS_INCIDENT_STATE, 0)},
	{"incident_state", FIELD_WORD("disposition", NULL, WORDS_DISPOSITION, 0)},
	{"incident_level", FIELD("level", NULL, 0)},
	{"incident_climb", FIELD_AS("who", NULL, VALUE_WHO, 0)},
	{"incident_merged", FIELD("into", NULL, 0)},
	{"step", FIELD("step", NULL, 0)},
	{"step", FIELD_WORD("state", NULL, WORDS_STEP_STATE, 0)},
	{"step", FIELD_WORD("why", NULL, WORDS_WHY, 0)},
	{"need", FIELD("need", NULL, 0)},
	{"need", FIELD("skills", NULL, 0)},
	{"need", FIELD("item", NULL, 0)},
	{"need", FIELD("count", NULL, 0)},
	{"need_state", FIELD("need", NULL, 0)},
	{"need_state", FIELD_WORD("state", NULL, WORDS_NEED_STATE, 0)},
	{"need_state", FIELD_WORD("why", NULL, WORDS_WHY, 0)},
	{"order", FIELD("order", NULL, 0)},
	{"order", FIELD("who", NULL, 0)},
	{"order", FIELD("action", NULL, 0)},
	{"order", FIELD_AS("travel_s", NULL, VALUE_SECONDS, 0)},
	{"order_state", FIELD("order", NULL, 0)},
	{"order_state", FIELD_WORD("to", NULL, WORDS_ORDER_STATE, 0)},
	{"order_state", FIELD_WORD("why", NULL, WORDS_WHY, 0)},
	{"unit_state", FIELD("unit", NULL, 0)},
	{"unit_state", FIELD_WORD("to", NULL, WORDS_UNIT_STATE, 0)},
	{"supply", FIELD("stock", NULL, 0)},
	{"supply", FIELD("quantity", NULL, 0)},
	{"supply_state", FIELD("stock", NULL, 0)},
	{"supply_state", FIELD_WORD("to", NULL, WORDS_SUPPLY_STATE, 0)},
	{"stock", FIELD("stock", NULL, 0)},
	{"stock", FIELD_WORD("act", NULL, WORDS_STOCK_ACT, 0)},
	{"stock", FIELD("on_hand", NULL, 0)},
	{"notice", FIELD("notice", NULL, 0)},
	{"notice", FIELD("person", NULL, 0)},
	{"notice_state", FIELD("notice", NULL, 0)},
	{"notice_state", FIELD_WORD("to", NULL, WORDS_NOTICE_STATE, 0)},
	{"task", FIELD("task", NULL, 0)},
	{"task", FIELD("person", NULL, 0)},
	{"task_state", FIELD("task", NULL, 0)},
	{"task_state", FIELD_WORD("to", NULL, WORDS_TASK_STATE, 0)},
	{"deadline", FIELD_WORD("deadline", NULL, WORDS_DEADLINE_KIND, 0)},
	{"deadline", FIELD_WORD("state", NULL, WORDS_DEADLINE_STATE, 0)},
	{"device", FIELD("device", NULL, 0)},
	{"device", FIELD_WORD("state", NULL, WORDS_DEVICE_STATE, 0)},
	{"link", FIELD("who", NULL, 0)},
	{"warning", FIELD_WORD("colour", NULL, WORDS_COLOUR, 0)},
	{"warning", FIELD("hazard", NULL, 0)},
	{"release", FIELD_WORD("release", NULL, WORDS_RELEASE, 0)},
	{"response", FIELD_WORD("level", NULL, WORDS_RESPONSE, 0)},
	{"silence", FIELD("silence", NULL, 0)},
};

/* Appends the members that a kind tells; returns how many had a value. */
static uint32_t members_put(const struct screen *screen, const json_t *object, const char *kind, char *out,
	size_t size, size_t *at)
{
	uint32_t count = 0;

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		char text[256];
		enum tone tone;

		if (strcmp(told[i].kind, kind) != 0)
			continue;
		value_field(screen, object, &told[i].field, text, sizeof(text), &tone);
		if (text[0] == '\0')
			continue;
		*at += screen_format(out + *at, size - *at, " %s", text);
		count++;
	}
	return count;
}

/* An effect with nothing to tell leaves no trace: it serves the machine. */
static void effects_put(const struct screen *screen, const json_t *row, char *out, size_t size, size_t *at)
{
	const json_t *effect;
	bool first = true;
	size_t index;

	VALUE_EACH(value_at(row, "effects"), index, effect)
	{
		const char *kind = value_string(effect, "kind");
		size_t before = *at;

		*at += screen_format(out + *at, size - *at, "%s%s",
			screen_say(screen, first ? N_(": ") : N_("; ")),
			value_word(screen, WORDS_EFFECT, kind));
		if (members_put(screen, effect, kind, out, size, at) == 0)
			out[ *at = before] = '\0';
		else
			first = false;
	}
}

static void lines_put(const struct screen *screen, const json_t *change, char *out, size_t size, size_t *at)
{
	const json_t *line;
	size_t index;
	bool first = true;

	VALUE_EACH(value_at(change, "lines"), index, line)
	{
		const char *text = value_said(screen, line, "text");

		if (strstr(out, text) != NULL)
			continue; /* the head says it */
		*at += screen_format(
			out + *at, size - *at, "%s%s", screen_say(screen, first ? N_(": ") : N_("; ")), text);
		first = false;
	}
}

/* The incident that the change or the first of its effects names. */
static const char *change_incident(const json_t *change)
{
	const char *found = value_string(change, "incident");
	const json_t *effect;
	size_t index;

	if (found[0] == '\0')
		found = value_string(change, "event.incident");
	VALUE_EACH(value_at(change, "effects"), index, effect)
	{
		if (found[0] == '\0')
			found = value_string(effect, "incident");
	}
	return found;
}

void change_print(const struct screen *screen, const json_t *change)
{
	char time[64], text[LINE_MAX_BYTES];
	const char *said = value_said(screen, change, "text"), *incident = change_incident(change);
	const char *by = value_string(change, "by");
	size_t at;

	value_time(screen, value_string(change, "at"), time, sizeof(time));
	at = screen_format(text, sizeof(text), "%s",
		said[0] != '\0' ? said : value_word(screen, WORDS_EVENT, value_string(change, "kind")));
	if (said[0] == '\0')
		(void)members_put(screen, value_at(change, "event"), "", text, sizeof(text), &at);
	if (by[0] != '\0')
		at += screen_format(text + at, sizeof(text) - at, " [%s]", by);
	effects_put(screen, change, text, sizeof(text), &at);
	lines_put(screen, change, text, sizeof(text), &at);
	fprintf(screen->to, "%s%s #%.0f%s%s%s  %s\n", screen_tone(screen, TONE_DIM), time,
		value_number(change, "seq"), screen_plain(screen), incident[0] == '\0' ? "" : "  ", incident,
		text);
	fflush(screen->to);
}
