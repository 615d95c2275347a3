/* plans: behaviours as they are written on the command line. */
#include "terminal/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	int64_t ms; /* where no figure is given */
} behaviours[BEHAVE_COUNT] = {
	[BEHAVE_HAND] = {"hand", 0},
	[BEHAVE_GOOD] = {"good", 120000},
	[BEHAVE_DECLINE] = {"decline", 3000},
	[BEHAVE_MUTE] = {"mute", 0},
	[BEHAVE_SLOW] = {"slow", 30000},
	[BEHAVE_BREAK] = {"break", 0},
	[BEHAVE_ACCEPT_THEN_MUTE] = {"accept-then-mute", 0},
	[BEHAVE_DEPOT] = {"depot", 60000},
	[BEHAVE_DEVICE] = {"device", 1000},
	[BEHAVE_FIXES] = {"fixes", 10000},
	[BEHAVE_NO_EFFECT] = {"no-effect", 0},
};

static bool parse_seconds(const char *word, int64_t *ms)
{
	char *end;
	double seconds = strtod(word, &end);

	if (end == word || *end != '\0' || !(seconds >= 0 && seconds < 1e6))
		return false;
	*ms = (int64_t)(seconds * 1000);
	return true;
}

/* name[:figure or words[:type[:source]]] */
static const char *parse_plan(char *word, struct plan *plan)
{
	char *rest = word;
	const char *name = strsep(&rest, ":");

	for (int kind = 0; kind < BEHAVE_COUNT; kind++) {
		if (strcmp(name, behaviours[kind].name) != 0)
			continue;
		plan->kind = (enum behaviour)kind;
		plan->ms = behaviours[kind].ms;
		if (!rest)
			return kind == BEHAVE_FIXES ? "fixes needs fixes:SECONDS:ALARM-TYPE[:SOURCE]" : NULL;
		if (kind == BEHAVE_DECLINE) {
			snprintf(plan->word, sizeof(plan->word), "%s", rest);
			return NULL;
		}
		if (!parse_seconds(strsep(&rest, ":"), &plan->ms))
			return "not a number of seconds";
		if (kind == BEHAVE_FIXES && !rest)
			return "fixes needs fixes:SECONDS:ALARM-TYPE[:SOURCE]";
		if (rest)
			snprintf(plan->word, sizeof(plan->word), "%s", strsep(&rest, ":"));
		if (rest)
			snprintf(plan->source, sizeof(plan->source), "%s", rest);
		return NULL;
	}
	return "unknown behaviour";
}

const char *plans_parse(struct terminal *terminal, const char *spec)
{
	char copy[512], *rest = copy, *word;
	const char *wrong = NULL;

	if (snprintf(copy, sizeof(copy), "%s", spec) >= (int)sizeof(copy))
		return "too long";
	for (char *then = strstr(copy, " then:"); then; then = strstr(copy, " then:")) {
		*then = ',';
		memmove(then + 1, then + 6, strlen(then + 6) + 1);
	}
	if (strncmp(copy, "first:", 6) == 0)
		rest += 6;
	terminal->plan_count = 0;
	while (!wrong && (word = strsep(&rest, ","))) {
		if (terminal->plan_count == PLANS_MAX)
			return "more than 8 behaviours";
		wrong = parse_plan(word, &terminal->plan[terminal->plan_count++]);
	}
	return wrong;
}

const struct plan *plans_next(struct terminal *terminal)
{
	uint32_t index = terminal->orders++;

	return &terminal->plan[index < terminal->plan_count ? index : terminal->plan_count - 1];
}
