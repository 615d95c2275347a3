/* view_status: how the daemon and the town are, worst first; for the officer who comes on shift. */
#include <stdio.h>
#include <string.h>

#include "ctl/fields.h"
#include "ctl/view.h"
#include "ctl/value.h"
#include "wire/time_text.h"

enum { TASKS_SHOWN = 10 };

/* What is said loudest; lag: how far the database is behind, for a text that wants it. */
static void loud(const struct screen *screen, const char *msgid, const char *lag)
{
	fputs(screen_tone(screen, TONE_BAD), screen->to);
	fprintf(screen->to, screen_say(screen, msgid), lag);
	fprintf(screen->to, "%s\n", screen_plain(screen));
}

/* It answers, but takes nothing from here: a person must see to it. False: it is not so. */
static bool refused_show(const struct screen *screen, const json_t *status)
{
	char seq[32];

	if (value_true(status, "fenced")) {
		loud(screen,
			N_("!!! FENCED: another program leads this town in the database: nothing is written "
			   "from here, and NOTHING IS SENT !!!"),
			"");
		fprintf(screen->to, "  %s\n",
			screen_say(screen, "Two programs use one database. Stop this one, or give both a "
					   "`pair:` (README, Two machines)."));
		return true;
	}
	if (!json_is_integer(value_at(status, "conflict")))
		return false;
	snprintf(seq, sizeof(seq), "%.0f", value_number(status, "conflict"));
	loud(screen,
		N_("!!! CONFLICT: the database has another row %s than this machine, and takes no more rows "
		   "from here; they stand in the local log alone !!!"),
		seq);
	fprintf(screen->to, "  %s\n",
		screen_say(screen, "A second program writes for this town, or the database or the data "
				   "folder is an old copy. Stop the other program; throw neither away; give "
				   "this one the right database or data folder, and start it again."));
	return true;
}

/* Who sends nothing does not say that help leaves. */
static void database_show(const struct screen *screen, const json_t *status)
{
	const char *state = value_string(status, "pair.state");
	bool island = strcmp(value_string(status, "mode"), "island") == 0;
	bool leads = state[0] == '\0' || strcmp(state, "leads") == 0, held = strcmp(state, "held") == 0;
	char lag[64];

	value_seconds(screen, value_number(status, "lag_s"), lag, sizeof(lag));
	if (island && leads)
		loud(screen,
			N_("!!! ISLAND MODE: the database does not answer, behind by %s; help "
			   "leaves on the local log alone !!!"),
			lag);
	else if (island && held)
		loud(screen, N_("!! the database does not answer, behind by %s"), lag);
	else if (island)
		loud(screen,
			N_("!! the database does not answer: this machine cannot follow the one that leads "
			   "now"),
			lag);
	else if (!held)
		fprintf(screen->to, "%s%s%s\n", screen_tone(screen, TONE_GOOD), screen_say(screen, "NORMAL"),
			screen_plain(screen));
}

static void mode_show(const struct screen *screen, const json_t *status)
{
	if (!refused_show(screen, status))
		database_show(screen, status);
	if (value_at(status, "pair") == NULL && value_at(status, "leader") != NULL &&
		!value_true(status, "leader"))
		fprintf(screen->to, "%s%s%s\n", screen_tone(screen, TONE_BAD),
			screen_say(screen, "!! this daemon does not lead: it sends nothing"),
			screen_plain(screen));
	if (value_true(status, "demonstration"))
		fprintf(screen->to, "%s\n",
			screen_say(screen, "(a demonstration town: nothing here is real)"));
}

/* Counts by word: "待命 12  赶赴中 3". */
static void counts_show(const struct screen *screen, const json_t *status, const char *path,
	const char *title, enum words_set set)
{
	json_t *counts = json_object_get(status, path);
	char line[VALUE_TEXT_MAX] = "";
	size_t at = 0;
	const char *word;
	json_t *count;

	VALUE_EACH_MEMBER(counts, word, count)
	{
		if (json_number_value(count) > 0 && at + 100 < sizeof(line))
			at += screen_format(line + at, sizeof(line) - at, "%.60s %.0f  ",
				set == WORDS_SET_COUNT ? word : value_word(screen, set, word),
				json_number_value(count));
	}
	while (at > 0 && line[at - 1] == ' ')
		line[--at] = '\0';
	if (line[0] == '\0')
		return;
	fprintf(screen->to, "  %s  ", screen_say(screen, title));
	screen_wrapped(screen, screen_columns(screen_say(screen, title)) + 4, TONE_PLAIN, line);
}

/* One line of a count that should be none. */
static void alert(const struct screen *screen, const json_t *status, const char *path, const char *say)
{
	double count = value_number(status, path);

	if (count <= 0)
		return;
	fprintf(screen->to, "  %s!! ", screen_tone(screen, TONE_BAD));
	fprintf(screen->to, screen_say(screen, say), count);
	fprintf(screen->to, "%s\n", screen_plain(screen));
}

static void alerts_show(const struct screen *screen, const json_t *status)
{
	alert(screen, status, "alerts", N_("%.0f alerts nobody has seen: alert list"));
	alert(screen, status, "incidents_reported", N_("%.0f incidents wait for confirmation"));
	alert(screen, status, "incidents_short", N_("%.0f incidents are not covered"));
	alert(screen, status, "tasks_open", N_("%.0f calls are to be made"));
	alert(screen, status, "unreached", N_("%.0f people were not reached: notice list --unreached"));
	alert(screen, status, "deadlines_due", N_("%.0f deadlines are past"));
	alert(screen, status, "stock_low", N_("%.0f stock lines are below their minimum"));
}

static void silent_show(const struct screen *screen, const json_t *status)
{
	char list[VALUE_TEXT_MAX];
	const json_t *silent = value_at(status, "silent_devices");

	if (json_array_size(silent) == 0)
		return;
	screen_heading(screen, "Silent devices");
	value_join(screen, silent, list, sizeof(list));
	for (char *at = list; *at != '\0'; at++)
		if (*at == '+')
			*at = ' ';
	fputs("  ", screen->to);
	screen_wrapped(screen, 2, TONE_BAD, list);
}

static const struct field sheet[] = {
	FIELD("town_name", "Town", 0),
	FIELD_AS("now", "Time", VALUE_TIME, 0),
	FIELD_WORD("release", "Release", WORDS_RELEASE, 0),
	FIELD_WORD("response_level", "Response level", WORDS_RESPONSE, 0),
	FIELD_AS("on_duty", "On duty", VALUE_LIST, 0),
	FIELD_AS("desk_seen", "Desk last seen", VALUE_TIME, 0),
	FIELD("incidents_open", "Open incidents", 0),
	FIELD("orders_live", NC_("status", "Live orders"), 0),
	FIELD("notices_pending", "Notices pending", 0),
	FIELD("silences_active", "Silences", 0),
	FIELD("plan_count", "Playbooks", 0),
	FIELD("seq", "Row", 0),
	FIELD("journal_seq", "In the database", 0),
	FIELD_AS("uptime_s", "Up", VALUE_SECONDS, 0),
	FIELD("version", "Version", 0),
	FIELD("server_key", "Server's public key", 0),
	FIELD_END,
};

/* Open incidents of which something is missing. */
static void short_show(const struct screen *screen, const json_t *incidents)
{
	json_t *some = json_array();
	json_t *incident;
	size_t index;

	VALUE_EACH(incidents, index, incident)
	{
		if (value_number(incident, "short") > 0)
			(void)json_array_append(some, incident);
	}
	value_section(screen, some, N_("Incidents not covered"), fields_incident);
	json_decref(some);
}

/* The first few; the list of them has them all. */
static void tasks_show(const struct screen *screen, const json_t *status, const json_t *tasks)
{
	json_t *some = json_array(), *sorted = view_tasks_sorted(tasks);
	double all = value_number(status, "tasks_open");

	if (all < (double)json_array_size(tasks))
		all = (double)json_array_size(tasks);
	for (size_t i = 0; i < json_array_size(sorted) && i < TASKS_SHOWN; i++)
		(void)json_array_append(some, json_array_get(sorted, i));
	value_section(screen, some, N_("Call tasks"), fields_task);
	if (json_array_size(tasks) > 0 && all > TASKS_SHOWN)
		fprintf(screen->to, screen_say(screen, "  %.0f more: task list\n"), all - TASKS_SHOWN);
	json_decref(sorted);
	json_decref(some);
}

void view_status(
	const struct screen *given, const json_t *status, const json_t *tasks, const json_t *incidents)
{
	static const struct field due[] = {
		FIELD("incident", "Incident", TABLE_KEEP),
		FIELD_WORD("kind", "Deadline", WORDS_DEADLINE_KIND, TABLE_KEEP),
		FIELD_AS("due", NC_("time", "Due"), VALUE_TIME, TABLE_KEEP),
		FIELD_AS("left_s", "Left", VALUE_LEFT, TABLE_KEEP),
		FIELD_END,
	};
	const char *now = value_string(status, "now");
	struct screen screen = *given;

	if (time_parse((struct text){now, (uint32_t)strlen(now)}, &screen.now_ms) != DISP_OK)
		screen.now_ms = 0;
	view_pair(&screen, value_at(status, "pair"));
	mode_show(&screen, status);
	alerts_show(&screen, status);
	value_sheet(&screen, status, sheet);
	counts_show(&screen, status, "units", N_("Units"), WORDS_UNIT_STATE);
	counts_show(&screen, status, "devices", N_("Devices"), WORDS_DEVICE_STATE);
	counts_show(&screen, status, "alarms", N_("Alarms"), WORDS_ALARM_RESULT);
	counts_show(&screen, status, "queues", N_("Queues"), WORDS_SET_COUNT);
	value_section(&screen, value_at(status, "warnings"), N_("Warnings"), fields_warning);
	short_show(&screen, incidents);
	tasks_show(&screen, status, tasks);
	value_section(&screen, value_at(status, "deadlines"), N_("Deadlines, the most urgent first"), due);
	silent_show(&screen, status);
}
