/* run_fold: lists of hundreds on a terminal: first what needs somebody, the rest as a count and how to see it. */
#include <stdlib.h>
#include <string.h>

#include "ctl/fields.h"
#include "ctl/run.h"
#include "ctl/value.h"
#include "ctl/view.h"

enum { KIND_MANY = 12, CASE_LEAST = 3, LINES_ELSE = 5 /* titles, the count, the prompt */ };

/* Whether a person reads it, who has asked neither for all nor for some. */
static bool folds(const struct session *session)
{
	return !session->json && screen_is_read(&session->screen);
}

static bool is_given(const struct args *args)
{
	return args->count > 0;
}

/* --- units ----------------------------------------------------------------------------------------- */

/* It does nothing, and nobody asks why: free or off duty, without an order. */
static bool unit_idle(const json_t *unit)
{
	const char *state = value_string(unit, "state");

	return (strcmp(state, "available") == 0 || strcmp(state, "off_duty") == 0) &&
	       value_number(unit, "orders_live") == 0 && value_at(unit, "declined.at") == NULL;
}

/* How many idle ones each kind has: {"grid_worker": 516}. The caller's (json_decref). */
static json_t *kinds_count(const json_t *units)
{
	json_t *kinds = json_object();
	const json_t *unit;
	size_t i;

	ASSERT(kinds != NULL);
	VALUE_EACH(units, i, unit)
	{
		const char *kind = value_string(unit, "kind");

		if (unit_idle(unit))
			ASSERT(json_object_set_new(kinds, kind,
				       json_integer(json_integer_value(json_object_get(kinds, kind)) + 1)) ==
				0);
	}
	return kinds;
}

static bool kind_is_many(const json_t *kinds, const char *kind)
{
	return json_integer_value(json_object_get(kinds, kind)) > KIND_MANY;
}

/* Those at work first, then the free ones of kinds that are few. */
static void units_show(const struct screen *screen, const json_t *units)
{
	json_t *kinds = kinds_count(units), *shown = json_array(), *unit, *count;
	const char *kind;
	size_t i;

	ASSERT(shown != NULL);
	for (int idle = 0; idle <= 1; idle++)
		VALUE_EACH(units, i, unit)
		{
			if (unit_idle(unit) == (idle == 1) &&
				(idle == 0 || !kind_is_many(kinds, value_string(unit, "kind"))))
				ASSERT(json_array_append(shown, unit) == 0);
		}
	value_list(screen, shown, fields_unit, 0);
	VALUE_EACH_MEMBER(kinds, kind, count)
	{
		if (!kind_is_many(kinds, kind))
			continue;
		fprintf(screen->to, screen_say(screen, "and %d of %s, free or off duty: unit list --all"),
			(int)json_integer_value(count), value_town(screen, kind));
		fputc('\n', screen->to);
	}
	json_decref(shown);
	json_decref(kinds);
}

int run_unit_list(struct session *session, const struct args *args)
{
	json_t *units;
	int code;

	if (!folds(session) || is_given(args))
		return run_request(session, args);
	code = run_list_fetch(session, args, &units);
	if (code == EXIT_DONE)
		units_show(&session->screen, units);
	json_decref(units);
	return code;
}

/* --- call tasks ------------------------------------------------------------------------------------ */

/* The tasks of each case, cases and tasks by what is due first: [[…], […]]. The caller's (json_decref). */
static json_t *by_case(const json_t *tasks)
{
	json_t *sorted = view_tasks_sorted(tasks), *cases = json_array(), *task, *of;
	size_t i, j;

	ASSERT(cases != NULL);
	VALUE_EACH(sorted, i, task)
	{
		json_t *mine = NULL;

		VALUE_EACH(cases, j, of)
		{
			if (strcmp(value_string(json_array_get(of, 0), "incident"),
				    value_string(task, "incident")) == 0)
				mine = of;
		}
		if (mine == NULL) {
			mine = json_array();
			ASSERT(mine != NULL && json_array_append_new(cases, mine) == 0);
		}
		ASSERT(json_array_append(mine, task) == 0);
	}
	json_decref(sorted);
	return cases;
}

static void case_show(const struct screen *screen, const json_t *tasks, uint32_t most)
{
	const char *incident = value_string(json_array_get(tasks, 0), "incident");
	size_t count = json_array_size(tasks);
	json_t *shown = json_array();

	ASSERT(shown != NULL);
	for (size_t i = 0; i < count && i < most; i++)
		ASSERT(json_array_append(shown, json_array_get(tasks, i)) == 0);
	fprintf(screen->to, "\n%s■ %s%s  ", screen_tone(screen, TONE_BOLD),
		incident[0] == '\0' ? screen_say(screen, "of no case") : incident, screen_plain(screen));
	fprintf(screen->to, screen_say(screen, "%zu calls\n"), count);
	value_list(screen, shown, fields_task, 2);
	if (count > most && incident[0] != '\0')
		fprintf(screen->to, screen_say(screen, "  and %zu more: task list --incident %s\n"),
			count - most, incident);
	else if (count > most)
		fprintf(screen->to, screen_say(screen, "  and %zu more: task list --all\n"), count - most);
	json_decref(shown);
}

int run_task_list(struct session *session, const struct args *args)
{
	uint32_t lines = screen_lines(&session->screen), most;
	json_t *tasks, *cases;
	size_t i;
	int code;

	if (!folds(session) || args_text(args, "--all") != NULL || args_text(args, "--incident") != NULL)
		return run_request(session, args);
	most = lines > LINES_ELSE + CASE_LEAST ? lines - LINES_ELSE : CASE_LEAST;
	code = run_list_fetch(session, args, &tasks);
	cases = by_case(tasks);
	if (code == EXIT_DONE && json_array_size(cases) == 0)
		value_list(&session->screen, tasks, fields_task, 0);
	for (i = 0; code == EXIT_DONE && i < json_array_size(cases); i++)
		case_show(&session->screen, json_array_get(cases, i), most);
	json_decref(cases);
	json_decref(tasks);
	return code;
}

/* --- one incident ---------------------------------------------------------------------------------- */

int run_incident_show(struct session *session, const struct args *args)
{
	int code;

	session->screen.folds = folds(session) && args_text(args, "--all") == NULL;
	code = run_request(session, args);
	session->screen.folds = false;
	return code;
}
