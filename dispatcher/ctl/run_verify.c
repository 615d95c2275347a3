/* run_verify: has the daemon go through the journal in PostgreSQL, and waits for what it finds. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ctl/run.h"
#include "ctl/value.h"

enum { LOOK_NS = 100 * 1000 * 1000 };

static const char *const faults_said[] = {
	N_("removed"),
	N_("changed"),
	N_("follows another row"),
	N_("another row than in the local log"),
};

static long long row_of(const json_t *object, const char *path)
{
	return (long long)value_number(object, path);
}

static void say_faults(const struct session *session, const json_t *state)
{
	const struct screen *screen = &session->screen;
	const json_t *fault;
	size_t index;

	VALUE_EACH(json_object_get(state, "faults"), index, fault)
	{
		const char *what = value_string(fault, "what");

		for (size_t known = 0; known < sizeof(faults_said) / sizeof(faults_said[0]); known++)
			if (strcmp(what, faults_said[known]) == 0)
				what = screen_say(screen, faults_said[known]);
		fprintf(screen->to, screen_say(screen, "row %lld: %s\n"), row_of(fault, "seq"), what);
	}
}

/* What came of it, for people and as an exit code. */
static int say_end(const struct session *session, const json_t *state)
{
	const struct screen *screen = &session->screen;
	long long count = row_of(state, "fault_count"),
		  shown = (long long)json_array_size(json_object_get(state, "faults"));
	const char *error = value_string(state, "error");

	if (session->json)
		session_print(session, state);
	else
		say_faults(session, state);
	if (!session->json && count > shown)
		fprintf(screen->to, screen_say(screen, "and %lld more\n"), count - shown);
	if (error != NULL && error[0] != '\0') {
		session_complain(session, "the journal could not be checked beyond row %lld: %s",
			row_of(state, "checked"), error);
		return EXIT_REFUSED;
	}
	if (!session->json && count == 0)
		fprintf(screen->to,
			screen_say(screen, "The journal is whole: rows %lld to %lld are as they were "
					   "written, one behind the other.\n"),
			row_of(state, "from"), row_of(state, "to"));
	if (!session->json && count > 0)
		fprintf(screen->to,
			screen_say(screen, "The journal is not as it was written. Keep the database as it "
					   "is; who may look into it must be called.\n"));
	return count == 0 ? EXIT_DONE : EXIT_REFUSED;
}

int run_journal_verify(struct session *session, const struct args *args)
{
	const struct timespec look = {.tv_nsec = LOOK_NS};
	const char *from = args_text(args, "--from");
	char path[128];
	json_t *state;
	int code;

	snprintf(path, sizeof(path), "/v1/journal/verify%s%s",
		from == NULL ? "" : "?from=", from == NULL ? "" : from);
	code = session_send(session, "POST", path, "{}", &state);
	while (code == EXIT_DONE && json_is_true(json_object_get(state, "running"))) {
		json_decref(state);
		(void)nanosleep(&look, NULL);
		code = session_send(session, "GET", "/v1/journal/verify", NULL, &state);
	}
	if (code == EXIT_DONE)
		code = say_end(session, state);
	json_decref(state);
	return code;
}
