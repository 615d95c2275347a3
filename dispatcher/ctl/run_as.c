/* run_as: who signs in the shell: changed by name, and asked about when the desk is handed over. */
#include <string.h>

#include "ctl/ask.h"
#include "ctl/run.h"
#include "ctl/value.h"

/* Who that is to the town; NULL: nobody is there, which was said. The caller's (json_decref). */
static json_t *person_get(struct session *session, const char *who, int *code)
{
	char path[SESSION_PATH_MAX], escaped[SESSION_PATH_MAX / 2];
	json_t *reply = NULL;

	*code = EXIT_USAGE;
	if (!http_escape(who, escaped, sizeof(escaped)))
		return NULL;
	screen_format(path, sizeof(path), "/v1/whoami?by=%s", escaped);
	*code = session_send(session, "GET", path, NULL, &reply);
	return reply;
}

/* Signs with the person's id, which the prompt then shows. False: said why not. */
static bool person_take(struct session *session, const json_t *reply, const char *who)
{
	const char *id = value_string(reply, "person");

	if (value_number(reply, "bearers") > 1) {
		session_complain(
			session, "%s is the name of several persons; say which, by id: people list", who);
		return false;
	}
	if (id[0] == '\0' || strlen(id) >= sizeof(session->by)) {
		session_complain(session, "%s is nobody of this town; those who are: people list", who);
		return false;
	}
	screen_format(session->by, sizeof(session->by), "%s", id);
	return true;
}

int run_as(struct session *session, const struct args *args)
{
	const char *who = args_text(args, "PERSON");
	json_t *reply;
	int code;

	if (who != NULL && !session->shell) {
		session_complain(session,
			"this changes who signs in the shell; for one command: --by %s, for all: "
			"DISPATCH_BY=%s",
			who, who);
		return EXIT_USAGE;
	}
	reply = person_get(session, who == NULL ? session->by : who, &code);
	if (code == EXIT_DONE && who != NULL && !person_take(session, reply, who))
		code = EXIT_NOT_FOUND;
	if (code == EXIT_DONE && who != NULL && !session->json)
		fprintf(session->screen.to, screen_say(&session->screen, "from now on %s %s signs\n"),
			session->by, value_string(reply, "name"));
	else if (code == EXIT_DONE)
		session_show(session, args->command, reply);
	json_decref(reply);
	return code;
}

/* In the shell the one who takes over goes on at the same keys. */
int run_shift_handover(struct session *session, const struct args *args)
{
	const char *to = args_text(args, "TO");
	char question[VALUE_TEXT_MAX];
	int code = run_request(session, args), got;
	json_t *reply;

	if (code != EXIT_DONE || !session->shell || !ask_possible(session) ||
		args_text(args, "--dry-run") != NULL || strcmp(session->by, to) == 0)
		return code;
	reply = person_get(session, to, &got);
	screen_format(question, sizeof(question),
		screen_say(&session->screen, "You sign as %s. Does %s %s sign here from now on? [y/N]"),
		session->by, to, value_string(reply, "name"));
	if (got == EXIT_DONE && ask_yes(session, question) && person_take(session, reply, to))
		fprintf(session->screen.to, screen_say(&session->screen, "from now on %s %s signs\n"),
			session->by, value_string(reply, "name"));
	else if (got == EXIT_DONE)
		session_complain(session, "%s goes on signing; to change: as %s", session->by, to);
	json_decref(reply);
	return code;
}
