/* run_lead: who leads of two daemons; and, by a person's word, that this one does. Decides nothing. */
#include <stdio.h>

#include "ctl/ask.h"
#include "ctl/run.h"
#include "ctl/value.h"
#include "ctl/view.h"

static void pair_show(const struct session *session, const json_t *pair)
{
	if (session->json)
		session_print(session, pair);
	else if (value_string(pair, "state")[0] == '\0')
		fprintf(session->screen.to, "%s\n",
			screen_say(&session->screen, "there is no other dispatcher: this one leads"));
	else
		view_pair(&session->screen, pair);
}

static int lead_show(struct session *session)
{
	json_t *status;
	int code = session_send(session, "GET", "/v1/status", NULL, &status);

	if (code == EXIT_DONE)
		pair_show(session, json_object_get(status, "pair"));
	json_decref(status);
	return code;
}

/* On a terminal: how the two stand, what it does, and whether it is meant; unless --yes. */
static bool is_sure(struct session *session, const struct args *args)
{
	const struct screen *screen = &session->screen;
	json_t *status;

	if (!ask_possible(session) || args_text(args, "--yes") != NULL)
		return true;
	status = session_peek(session, "/v1/status");
	view_pair(screen, value_at(status, "pair"));
	json_decref(status);
	screen_wrapped(screen, 0, TONE_BAD,
		screen_say(screen,
			"This machine will lead and send orders, without asking the other one. Only when you "
			"have seen that the other machine is off, and nobody will switch it on before this "
			"one "
			"reaches the database: while both run, crews get orders from two."));
	if (ask_yes(session, screen_say(screen, "Have you seen that the other machine is off? [y/N]")))
		return true;
	session_complain(session, "nothing was done");
	return false;
}

int run_lead(struct session *session, const struct args *args)
{
	json_t *reply;
	int code;

	if (args_text(args, "--force") == NULL)
		return lead_show(session);
	if (!is_sure(session, args))
		return EXIT_REFUSED;
	code = run_send(session, args, &reply);
	if (code == EXIT_DONE && session->json)
		session_print(session, reply);
	else if (code == EXIT_DONE)
		pair_show(session, json_object_get(reply, "pair"));
	json_decref(reply);
	return code;
}
