/* resolve: short ids, ids of another kind, rows of another list, times of day; see the header. */
#include "ctl/resolve.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/picks.h"
#include "ctl/resolve_name.h"
#include "ctl/resolve_range.h"
#include "ctl/value.h"
#include "wire/ids.h"
#include "wire/time_text.h"

enum { NO_IDS = ID_KIND_COUNT, SERIAL_DIGITS = 6, TOWN_AHEAD_MIN = 8 * 60 };

/* What an argument's field names. */
static const struct wanted {
	const char *field;
	const char *title; /* of the column that lists number their rows by: a msgid */
	uint32_t ids;      /* enum id_kind; NO_IDS: the town's own ids */
	const char *a;     /* a msgid */
} wanteds[] = {
	{"incident", "Incident", ID_INCIDENT, N_("an incident")},
	{"into", "Incident", ID_INCIDENT, N_("an incident")},
	{"order", "Order", ID_ORDER, N_("an order")},
	{"task", "Task", ID_TASK, N_("a call task")},
	{"notice", "Notice", ID_NOTICE, N_("a notice")},
	{"silence", "Silence", ID_SILENCE, N_("a silence")},
	{"alarm", "Alarm", NO_IDS, N_("an alarm")},
	{"unit", "Unit", NO_IDS, N_("a unit")},
	{"units", "Unit", NO_IDS, N_("a unit")},
	{"device", "Device", NO_IDS, N_("a device")},
	{"source", "Device", NO_IDS, N_("a device")},
	{"depot", "Depot", NO_IDS, N_("a depot")},
	{"item", "Item", NO_IDS, N_("an item")},
	{"playbook", "Playbook", NO_IDS, N_("a playbook")},
	{"grid", "Grid", NO_IDS, N_("a grid")},
	{"person", "Person", NO_IDS, N_("a person")},
	{"key", "Key", NO_IDS, N_("a key")},
	{"aside", "Set aside", NO_IDS, N_("something set aside")},
};

static const struct wanted *wanted_named(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(wanteds) / sizeof(wanteds[0]); i++)
		if (strlen(wanteds[i].field) == len && strncmp(wanteds[i].field, name, len) == 0)
			return &wanteds[i];
	return NULL;
}

/* By the field, else by the path: "/v1/units/{id}" is asked for a unit. NULL: anything may stand there. */
static const struct wanted *wanted_by(const struct command *command, const struct arg *arg)
{
	const char *path = command->path;

	if (arg->field != NULL)
		return wanted_named(arg->field, strlen(arg->field));
	if (path == NULL || strncmp(path, "/v1/", 4) != 0 || strcmp(arg->name, "ID") != 0)
		return NULL;
	size_t len = strcspn(path + 4, "/");

	return len == 0 ? NULL : wanted_named(path + 4, len - 1);
}

/* --- rows of the last list ------------------------------------------------------------------------- */

/* A place may be told by the words for a grid or a device, and the other way round. */
static bool list_fits(const struct wanted *wanted, const char *title)
{
	return strcmp(title, wanted->title) == 0 || strcmp(title, "Place") == 0;
}

static int pick_check(struct session *session, const struct wanted *wanted, const char *text)
{
	uint32_t number;
	const char *title = picks_taken(session->screen.picks, text, &number);
	const char *a = NULL;

	if (title == NULL || list_fits(wanted, title))
		return EXIT_DONE;
	for (size_t i = 0; i < sizeof(wanteds) / sizeof(wanteds[0]) && a == NULL; i++)
		if (strcmp(wanteds[i].title, title) == 0)
			a = wanteds[i].a;
	session_complain(session, "%%%u is %s: %s; %s is wanted here", number,
		a == NULL ? screen_say(&session->errors, title) : screen_say(&session->errors, a), text,
		screen_say(&session->errors, wanted->a));
	return EXIT_USAGE;
}

/* --- ids ------------------------------------------------------------------------------------------- */

/* Digits and nothing else: how many; 0: something else is there, too. */
static size_t digits_of(const char *text)
{
	size_t len = strspn(text, "0123456789");

	return text[len] == '\0' ? len : 0;
}

/* The year on the town's calendar. */
static unsigned year_now(struct session *session)
{
	char local[TIME_LOCAL_LEN + 1];

	session_ask_now(session);
	time_format_local(session->screen.now_ms == 0 ? args_clock_ms() : session->screen.now_ms,
		TOWN_AHEAD_MIN, local);
	local[4] = '\0';
	return (unsigned)strtoul(local, NULL, 10);
}

/* "1", "000001", "2026-1" to "2026-000001"; NULL: it is none of them. */
static const char *incident_whole(struct session *session, struct args *args, const char *text)
{
	size_t digits = digits_of(text);
	bool has_year = strspn(text, "0123456789") == 4 && text[4] == '-';
	const char *serial = has_year ? text + 5 : text;
	char whole[ARGS_MADE_SIZE];

	if (has_year)
		digits = digits_of(serial);
	if (digits == 0 || digits > SERIAL_DIGITS || strtoul(serial, NULL, 10) == 0)
		return NULL;
	if (has_year)
		screen_format(whole, sizeof(whole), "%.4s-%06lu", text, strtoul(serial, NULL, 10));
	else
		screen_format(
			whole, sizeof(whole), "%04u-%06lu", year_now(session), strtoul(serial, NULL, 10));
	return args_keep(args, whole);
}

/* "o31" and "31" to "O31"; NULL: neither. */
static const char *numbered_whole(struct args *args, uint32_t kind, const char *text)
{
	char whole[ARGS_MADE_SIZE], letter[ID_SIZE];
	uint64_t number;

	(void)ids_write(kind, 1, letter);
	letter[digits_of(text) == 0 ? 0 : 1] = '\0';
	screen_format(whole, sizeof(whole), "%s%s", letter, text);
	if (ids_read(kind, (struct text){whole, (uint32_t)strlen(whole)}, &number) != DISP_OK)
		return NULL;
	(void)ids_write(kind, number, whole);
	return strcmp(whole, text) == 0 ? text : args_keep(args, whole);
}

/* The order that a call is about. */
static int order_of_task(struct session *session, struct args *args, const char **text)
{
	json_t *tasks = session_peek(session, "/v1/tasks?all=true&fields=id,order"), *task;
	const char *typed = numbered_whole(args, ID_TASK, *text), *order = NULL;
	size_t i;

	VALUE_EACH(tasks, i, task)
	{
		if (strcmp(value_string(task, "id"), typed) == 0)
			order = value_string(task, "order");
	}
	if (order == NULL && tasks != NULL)
		session_complain(session, "there is no call task %s", typed);
	else if (order != NULL && order[0] == '\0')
		session_complain(session, "%s is a call that is about no order; to report it: task done %s",
			typed, typed);
	else if (order != NULL)
		session_complain(session, "%s is the call about order %s", typed, order);
	int code = tasks == NULL || (order != NULL && order[0] != '\0') ? EXIT_DONE
		   : order == NULL                                      ? EXIT_NOT_FOUND
									: EXIT_USAGE;

	if (order != NULL && order[0] != '\0')
		*text = args_keep(args, order);
	json_decref(tasks);
	return code;
}

/* An id that reads well, but as another kind of thing. */
static int other_kind(
	struct session *session, struct args *args, const struct wanted *wanted, const char **text)
{
	enum id_kind kind;
	uint64_t number;

	if (ids_read_any((struct text){*text, (uint32_t)strlen(*text)}, &kind, &number) != DISP_OK)
		return EXIT_DONE;
	if (wanted->ids == ID_ORDER && kind == ID_TASK)
		return order_of_task(session, args, text);
	for (size_t i = 0; i < sizeof(wanteds) / sizeof(wanteds[0]); i++) {
		if (wanteds[i].ids != kind)
			continue;
		session_complain(session, "%s is %s; %s is wanted here", *text,
			screen_say(&session->errors, wanteds[i].a), screen_say(&session->errors, wanted->a));
		return EXIT_USAGE;
	}
	return EXIT_DONE;
}

static int id_resolve(
	struct session *session, struct args *args, const struct wanted *wanted, const char **text)
{
	const char *whole;

	if (wanted->ids == NO_IDS)
		return resolve_name(session, args, wanted->field, text);
	whole = wanted->ids == ID_INCIDENT ? incident_whole(session, args, *text)
					   : numbered_whole(args, wanted->ids, *text);
	if (whole == NULL)
		return other_kind(session, args, wanted, text);
	*text = whole;
	return EXIT_DONE;
}

/* --- times ----------------------------------------------------------------------------------------- */

/* A time of day whose day had to be guessed: it is said which, or that it is still to come. */
static int time_check(struct session *session, const struct arg_value *value)
{
	const struct screen *screen = &session->errors;
	int64_t now_ms = session->screen.now_ms == 0 ? args_clock_ms() : session->screen.now_ms, ms;
	char utc[TIME_TEXT_LEN + 1], local[TIME_LOCAL_LEN + 1], today[TIME_LOCAL_LEN + 1];

	if (value->arg->kind != ARG_TIME || !args_is_time_of_day(value->text) ||
		!args_time(value->text, now_ms, args_side(value->arg), utc) ||
		time_parse((struct text){utc, TIME_TEXT_LEN}, &ms) != DISP_OK)
		return EXIT_DONE;
	if ((value->arg->flags & ARG_PAST) != 0 && ms > now_ms + ARG_TIME_SOON_MS) {
		session_complain(session, "%s: %s is still to come today; for yesterday write \"%s %s\"",
			value->arg->name, value->text, screen_say(screen, "yesterday"), value->text);
		return EXIT_USAGE;
	}
	time_format_local(ms, TOWN_AHEAD_MIN, local);
	time_format_local(now_ms, TOWN_AHEAD_MIN, today);
	if (memcmp(local, today, 10) != 0 && !session->json)
		session_complain(session, "%s: %s is read as %.16s", value->arg->name, value->text, local);
	return EXIT_DONE;
}

static struct arg_value *value_of(struct args *args, const struct arg *arg)
{
	for (uint32_t i = 0; i < args->count; i++)
		if (args->value[i].arg == arg)
			return &args->value[i];
	return NULL;
}

/* What happened has one course: a time of day without its day is that of the time before it, in the order of the table. */
static void times_follow(const struct session *session, struct args *args)
{
	int64_t now_ms = session->screen.now_ms == 0 ? args_clock_ms() : session->screen.now_ms,
		before_ms = 0;
	char utc[TIME_TEXT_LEN + 1];

	for (const struct arg *arg = args->command->arg; arg->name != NULL; arg++) {
		struct arg_value *value =
			arg->kind == ARG_TIME && (arg->flags & ARG_PAST) != 0 ? value_of(args, arg) : NULL;
		const char *kept = NULL;

		if (value == NULL)
			continue;
		if (before_ms != 0 && args_time_after(value->text, before_ms, utc))
			kept = args_keep(args, utc);
		if (kept != NULL)
			value->text = kept;
		if (args_time(value->text, now_ms, args_side(arg), utc))
			(void)!time_parse((struct text){utc, TIME_TEXT_LEN}, &before_ms);
	}
}

int resolve_args(struct session *session, struct args *args)
{
	int code = resolve_ranges(session, args);

	times_follow(session, args);
	for (uint32_t i = 0; i < args->count && code == EXIT_DONE; i++) {
		struct arg_value *value = &args->value[i];
		const struct wanted *wanted = wanted_by(args->command, value->arg);

		if (wanted != NULL)
			code = pick_check(session, wanted, value->text);
		bool filters = value->arg->to == TO_QUERY && value->arg->name[0] == '-' &&
			       strcmp(value->arg->name, "--device") != 0; /* ctl/filter.h knows its names */

		if (wanted != NULL && code == EXIT_DONE && (wanted->ids != NO_IDS || !filters))
			code = id_resolve(session, args, wanted, &value->text);
		if (code == EXIT_DONE)
			code = time_check(session, value);
	}
	return code;
}
