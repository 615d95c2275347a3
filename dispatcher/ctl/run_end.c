/* run_end: a case that the officer ends, merges into another or reports as ended: who is out for it, which gaps there
 * are, is shown and asked about first. On a terminal only: scripts are never asked. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ask.h"
#include "ctl/hint.h"
#include "ctl/run.h"
#include "ctl/value.h"
#include "ctl/view.h"

static const struct field fields_out[] = {
	FIELD("id", "Order", TABLE_KEEP | TABLE_ID),
	FIELD("who", "Who", TABLE_KEEP),
	FIELD("name", "Name", 0),
	FIELD_WORD("state", "State", WORDS_ORDER_STATE, TABLE_KEEP),
	FIELD("becomes", "What becomes of it", TABLE_KEEP | TABLE_SOME),
	FIELD("phone", "Phone", TABLE_EXTRA),
	FIELD_END,
};

static bool asks(const struct session *session, const struct args *args)
{
	return ask_possible(session) && args_text(args, "--yes") == NULL &&
	       args_text(args, "--dry-run") == NULL;
}

/* The command as a dry run: the exit code, a refusal is said. *reply is the caller's (json_decref). */
static int dry_run(struct session *session, const struct args *args, json_t **reply)
{
	char path[SESSION_PATH_MAX], *text;
	json_t *body;
	int code;

	*reply = NULL;
	if (!session_request(session, args, path, &body)) {
		session_complain(session, "an argument is too long");
		return EXIT_USAGE;
	}
	ASSERT(json_object_set_new(body, "dry_run", json_true()) == 0);
	text = session_text(body);
	code = session_send(session, "POST", path, text, reply);
	if (code != EXIT_DONE && *reply != NULL)
		hint_refused(session, body, *reply);
	free(text);
	json_decref(body);
	return code;
}

/*
 * Whether nothing is left to ask: a script has had its command done, or the dry run was refused; *code is the exit code then.
 * Else *dry is what it would be, the caller's (json_decref).
 */
static bool tried(struct session *session, const struct args *args, json_t **dry, int *code)
{
	if (!asks(session, args)) {
		*code = run_request(session, args);
		return true;
	}
	*code = dry_run(session, args, dry);
	if (*code == EXIT_DONE)
		return false;
	json_decref(*dry);
	return true;
}

/* The case as the daemon shows it; NULL: it shows none. The caller's (json_decref). */
static json_t *incident_get(struct session *session, const char *id, const char *more)
{
	char path[SESSION_PATH_MAX], escaped[SESSION_PATH_MAX / 2];

	if (id == NULL || !http_escape(id, escaped, sizeof(escaped)))
		return NULL;
	screen_format(path, sizeof(path), "/v1/incidents/%s%s", escaped, more);
	return session_peek(session, path);
}

static bool is_live(const json_t *order)
{
	static const char *const live[] = {"issued", "delivered", "accepted", "en_route", "arrived"};

	for (size_t i = 0; i < sizeof(live) / sizeof(live[0]); i++)
		if (strcmp(value_string(order, "state"), live[i]) == 0)
			return true;
	return false;
}

static void live_add(json_t *live, const json_t *orders)
{
	json_t *order;
	size_t i;

	VALUE_EACH(orders, i, order)
	{
		if (is_live(order))
			ASSERT(json_array_append(live, order) == 0);
	}
}

/* Who is out for it, also for the cases that stand merged into it. The caller's (json_decref). */
static json_t *live_orders(const json_t *incident)
{
	json_t *live = json_array();

	ASSERT(live != NULL);
	live_add(live, value_at(incident, "orders"));
	live_add(live, value_at(incident, "merged_orders"));
	return live;
}

static void head_print(const struct screen *screen, const json_t *incident)
{
	fprintf(screen->to, "%s%s%s  P%.0f  %s  %s  %s\n", screen_tone(screen, TONE_BOLD),
		value_string(incident, "id"), screen_plain(screen), value_number(incident, "priority"),
		value_said(screen, incident, "title"),
		value_word(screen, WORDS_INCIDENT_STATE, value_string(incident, "state")),
		value_string(incident, "grid_name"));
}

/* How many are out, and who. */
static size_t out_print(const struct screen *screen, const json_t *live)
{
	size_t count = json_array_size(live);

	if (count == 0) {
		fprintf(screen->to, "  %s\n", screen_say(screen, "nobody is out for it"));
		return 0;
	}
	fprintf(screen->to, "  %s", screen_tone(screen, TONE_WARN));
	fprintf(screen->to, screen_say(screen, "orders that run for it: %zu"), count);
	fprintf(screen->to, "%s\n", screen_plain(screen));
	value_list(screen, live, fields_out, 4);
	return count;
}

/* --- the end of a case ----------------------------------------------------------------------------- */

/* Who stands where the work is said to be done has done it; the others are called back. How many those are. */
static size_t becomes_put(const struct screen *screen, json_t *live)
{
	json_t *order;
	size_t i, back = 0;

	VALUE_EACH(live, i, order)
	{
		bool done = strcmp(value_string(order, "target"), "unit") == 0 &&
			    strcmp(value_string(order, "state"), "arrived") == 0;
		json_t *copy = json_deep_copy(order);

		ASSERT(copy != NULL &&
			json_object_set_new(copy, "becomes",
				json_string(screen_say(screen, done ? N_("ends as done: it was there")
								    : N_("is called back")))) == 0 &&
			json_array_set_new(live, i, copy) == 0);
		back += !done;
	}
	return back;
}

static int end_asked(struct session *session, const struct args *args, bool work_done)
{
	const struct screen *screen = &session->screen;
	json_t *incident, *live, *dry;
	bool yes;
	int code;

	if (tried(session, args, &dry, &code))
		return code;
	incident = incident_get(session, args_text(args, "ID"), "");
	live = live_orders(incident);
	if (incident != NULL)
		head_print(screen, incident);
	if (work_done && becomes_put(screen, live) > 0)
		fprintf(screen->to, "%s\n", screen_say(screen, "not all of them are there yet:"));
	if (incident != NULL && out_print(screen, live) > 0 && !work_done)
		fprintf(screen->to, "  %s\n", screen_say(screen, "they will all be called back"));
	view_command(screen, dry);
	json_decref(live);
	json_decref(incident);
	json_decref(dry);
	yes = ask_yes(session, work_done ? screen_say(screen, "Is the work done? [y/N]")
					 : screen_say(screen, "End this case? [y/N]"));
	if (yes)
		return run_request(session, args);
	session_complain(session, "nothing was done");
	return EXIT_REFUSED;
}

int run_incident_end(struct session *session, const struct args *args)
{
	return end_asked(session, args, false);
}

int run_incident_done(struct session *session, const struct args *args)
{
	return end_asked(session, args, true);
}

/* --- two that are one ------------------------------------------------------------------------------ */

static bool point_of(const json_t *incident, double *lon, double *lat)
{
	const json_t *point = value_at(incident, "position.coordinates");

	*lon = json_number_value(json_array_get(point, 0));
	*lat = json_number_value(json_array_get(point, 1));
	return json_array_size(point) >= 2;
}

/* Of two points of one town: on a plane that touches the earth between them. */
static void distance_print(const struct screen *screen, const json_t *one, const json_t *other)
{
	static const double metres_per_degree = 111195.0, radians_per_degree = 0.017453292519943295;
	double lon[2], lat[2], east, north;
	char range[64];

	if (!point_of(one, &lon[0], &lat[0]) || !point_of(other, &lon[1], &lat[1])) {
		fprintf(screen->to, "%s\n", screen_say(screen, "how far they are apart is not known"));
		return;
	}
	east = (lon[1] - lon[0]) * cos((lat[0] + lat[1]) / 2 * radians_per_degree) * metres_per_degree;
	north = (lat[1] - lat[0]) * metres_per_degree;
	value_metres(screen, sqrt(east * east + north * north), range, sizeof(range));
	fprintf(screen->to, screen_say(screen, "they are %s apart"), range);
	fputc('\n', screen->to);
}

static void stay_print(const struct screen *screen, const char *id, const json_t *live)
{
	if (json_array_size(live) == 0)
		return;
	fprintf(screen->to, screen_say(screen, "the crews of %s stay under way:"), id);
	fputc('\n', screen->to);
	value_list(screen, live, fields_out, 4);
	fprintf(screen->to, screen_say(screen, "to call one back: order recall %s"),
		value_string(json_array_get(live, 0), "id"));
	fputc('\n', screen->to);
}

/* Both on the screen, and the question. */
static bool merge_may(struct session *session, const json_t *one, const json_t *other, const json_t *live,
	const json_t *dry)
{
	const struct screen *screen = &session->screen;
	json_t *others = live_orders(other);
	char question[256];

	head_print(screen, one);
	(void)out_print(screen, live);
	head_print(screen, other);
	(void)out_print(screen, others);
	distance_print(screen, one, other);
	view_command(screen, dry);
	json_decref(others);
	screen_format(question, sizeof(question),
		screen_say(screen, "%.64s ends, %.64s goes on. Merge? [y/N]"), value_string(one, "id"),
		value_string(other, "id"));
	return ask_yes(session, question);
}

int run_incident_merge(struct session *session, const struct args *args)
{
	const char *into = args_text(args, "INTO");
	json_t *one, *other, *live, *dry;
	int code;

	if (tried(session, args, &dry, &code))
		return code;
	one = incident_get(session, args_text(args, "ID"), "");
	other = incident_get(session, into != NULL ? into : args_text(args, "--into"), "");
	live = live_orders(one);
	if (one == NULL || other == NULL || merge_may(session, one, other, live, dry)) {
		code = run_request(session, args);
		if (code == EXIT_DONE)
			stay_print(&session->screen, args_text(args, "ID"), live);
	} else {
		session_complain(session, "nothing was merged");
		code = EXIT_REFUSED;
	}
	json_decref(live);
	json_decref(one);
	json_decref(other);
	json_decref(dry);
	return code;
}

/* --- the final report ------------------------------------------------------------------------------ */

int run_incident_sent(struct session *session, const struct args *args)
{
	const struct screen *screen = &session->screen;
	const char *kind =
		args_text(args, "KIND") != NULL ? args_text(args, "KIND") : args_text(args, "--kind");
	json_t *report = NULL;
	char gaps[VALUE_TEXT_MAX];

	if (asks(session, args) && kind != NULL && strcmp(kind, "final") == 0)
		report = incident_get(session, args_text(args, "ID"), "/report?kind=final&json=true");
	if (json_array_size(value_at(report, "gaps")) == 0) {
		json_decref(report);
		return run_request(session, args);
	}
	value_join(
		screen, value_at(report, screen->lang == LANG_ZH ? "gaps_zh" : "gaps"), gaps, sizeof(gaps));
	json_decref(report);
	fprintf(screen->to, "%s%s%s ", screen_tone(screen, TONE_WARN),
		screen_say(screen, "The final report has gaps:"), screen_plain(screen));
	screen_wrapped(screen, 4, TONE_PLAIN, gaps);
	if (ask_yes(session, screen_say(screen, "Has it gone as it is? [y/N]")))
		return run_request(session, args);
	session_complain(session, "nothing was recorded");
	return EXIT_REFUSED;
}
