/* radio_after: asks what was over before a report and what follows from it; see the header. */
#include "ctl/radio_after.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/value.h"

enum { LAPSED_FOR_S = 30 * 60 };

static bool word_among(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

/* The newest of the unit's orders, in a list with the newest first; NULL: none. */
static const json_t *last_of(const json_t *orders, const char *unit)
{
	const json_t *order;
	size_t i;

	VALUE_EACH(orders, i, order)
	{
		if (strcmp(value_string(order, "target"), "unit") == 0 &&
			strcmp(value_string(order, "who"), unit) == 0)
			return order;
	}
	return NULL;
}

static bool incident_open(struct session *session, const char *id)
{
	static const char *const over[] = {"", "closed", "cancelled", "referred"};
	char path[SESSION_PATH_MAX];
	json_t *incident;
	bool open;

	screen_format(path, sizeof(path), "/v1/incidents/%s", id);
	incident = session_peek(session, path);
	open = !word_among(value_string(incident, "state"), over, sizeof(over) / sizeof(over[0]));
	json_decref(incident);
	return open;
}

/* What the daemon says to such an answer, as `order answer` does: that the order is over, and who has the task. */
static void refusal_say(struct session *session, const char *order, const char *answer, const char *state,
	char *out, size_t size)
{
	const struct screen *screen = &session->screen;
	json_t *reply = NULL, *body = json_pack("{s:s, s:s, s:s, s:s, s:b}", "by", session->by, "channel",
				      "radio", "order", order, "answer", answer, "dry_run", 1);
	char *text;

	ASSERT(body != NULL);
	text = session_text(body);
	if (session_ask(session, "POST", "/v1/commands/order-answer", text, &reply) == EXIT_REFUSED &&
		strcmp(value_string(reply, "error"), "wrong_state") == 0 &&
		strstr(value_said(screen, reply, "detail"), order) != NULL)
		screen_format(out, size, "%s", value_said(screen, reply, "detail"));
	else
		screen_format(out, size, screen_say(screen, "order %s is %s"), order,
			value_word(screen, WORDS_ORDER_STATE, state));
	free(text);
	json_decref(reply);
	json_decref(body);
}

bool radio_lapsed(struct session *session, const char *unit, const char *answer, char *out, size_t size)
{
	static const char *const lapsed[] = {"expired", "recalled", "declined", "failed"};
	json_t *orders =
		session_peek(session, "/v1/orders?all=true&fields=id,incident,target,who,state,ended");
	const json_t *last = last_of(orders, unit);
	const char *state = value_string(last, "state"), *incident = value_string(last, "incident");
	char said[VALUE_TEXT_MAX];
	double left_s = 0;
	bool is_so = false;

	if (word_among(state, lapsed, sizeof(lapsed) / sizeof(lapsed[0]))) {
		session_ask_now(session);
		is_so = value_seconds_until(&session->screen, value_string(last, "ended"), &left_s) &&
			left_s >= -LAPSED_FOR_S && incident_open(session, incident);
	}
	if (is_so) {
		refusal_say(session, value_string(last, "id"), answer, state, said, sizeof(said));
		screen_format(out, size,
			screen_say(&session->screen,
				"%s; nothing was done. To give it to them again: order send %s %s"),
			said, incident, unit);
	}
	json_decref(orders);
	return is_so;
}

/* It would be in force again: nobody else has said yes. */
static bool would_count(struct session *session, const char *order, const char *answer)
{
	json_t *reply = NULL, *body = json_pack("{s:s, s:s, s:s, s:s, s:b}", "by", session->by, "channel",
				      "radio", "order", order, "answer", answer, "dry_run", 1);
	bool counts;
	char *text;
	int code;

	ASSERT(body != NULL);
	text = session_text(body);
	code = session_ask(session, "POST", "/v1/commands/order-answer", text, &reply);
	counts = code == EXIT_DONE && strcmp(value_string(reply, "order"), order) == 0;
	free(text);
	json_decref(reply);
	json_decref(body);
	return counts;
}

/* Ended by the end of its case: that is reported done, or over, and the order ended no sooner. */
static bool ended_with_case(struct session *session, const json_t *last)
{
	static const char *const over[] = {"done_reported", "verified", "closed", "cancelled", "referred"};
	const char *state = value_string(last, "state"), *ended = value_string(last, "ended");
	char path[SESSION_PATH_MAX];
	json_t *incident;
	const char *since;
	bool with_it;

	if (strcmp(state, "done") != 0 && strcmp(state, "recalled") != 0)
		return false;
	screen_format(path, sizeof(path), "/v1/incidents/%s", value_string(last, "incident"));
	incident = session_peek(session, path);
	since = value_string(incident, "done")[0] != '\0' ? value_string(incident, "done")
							  : value_string(incident, "ended");
	with_it = word_among(value_string(incident, "state"), over, sizeof(over) / sizeof(over[0])) &&
		  since[0] != '\0' && strcmp(ended, since) >= 0;
	json_decref(incident);
	return with_it;
}

enum radio_over radio_over(
	struct session *session, const char *unit, const char *answer, char order[32], char *out, size_t size)
{
	json_t *orders =
		session_peek(session, "/v1/orders?all=true&fields=id,incident,target,who,state,ended");
	const json_t *last = last_of(orders, unit);
	enum radio_over over = RADIO_OVER_NOT;

	screen_format(order, 32, "%.31s", value_string(last, "id"));
	if (strcmp(value_string(last, "state"), "expired") == 0 && would_count(session, order, answer))
		over = RADIO_OVER_IN_FORCE;
	else if (strcmp(answer, "done") == 0 && ended_with_case(session, last))
		over = RADIO_OVER_WITH_CASE;
	if (over == RADIO_OVER_WITH_CASE)
		screen_format(out, size,
			screen_say(
				&session->screen, "order %s has ended with case %s: nothing more to report"),
			order, value_string(last, "incident"));
	if (over != RADIO_OVER_IN_FORCE)
		order[0] = '\0';
	json_decref(orders);
	return over;
}

/* --- instead --------------------------------------------------------------------------------------- */

/* "FE-5(O7) WR-2(O8)": the orders of a list that were issued after this one was over; "": none. */
static void later_join(const json_t *orders, const json_t *over, char *out, size_t size)
{
	const json_t *order;
	size_t i, at = 0;

	out[0] = '\0';
	VALUE_EACH(orders, i, order)
	{
		const char *id = value_string(order, "id");

		if (strcmp(value_string(order, "target"), "unit") != 0 ||
			strcmp(value_string(order, "issued"), value_string(over, "ended")) < 0 ||
			strcmp(id, value_string(over, "id")) == 0 || at + strlen(id) + 64 >= size)
			continue;
		at += screen_format(
			out + at, size - at, "%s%s(%s)", at == 0 ? "" : " ", value_string(order, "who"), id);
	}
}

void radio_instead(struct session *session, const char *order, char *out, size_t size)
{
	const struct screen *screen = &session->screen;
	char path[SESSION_PATH_MAX], names[VALUE_TEXT_MAX];
	json_t *over, *orders, *incident;

	out[0] = '\0';
	screen_format(path, sizeof(path), "/v1/orders/%s", order);
	over = session_peek(session, path);
	screen_format(path, sizeof(path), "/v1/orders?incident=%s", value_string(over, "incident"));
	orders = over == NULL ? NULL : session_peek(session, path);
	screen_format(path, sizeof(path), "/v1/incidents/%s", value_string(over, "incident"));
	incident = over == NULL ? NULL : session_peek(session, path);
	later_join(orders, over, names, sizeof(names));
	if (names[0] != '\0')
		screen_format(out, size, screen_say(screen, "→ asked instead: %s"), names);
	else if (value_true(incident, "held"))
		screen_format(out, size, "%s",
			screen_say(screen, "→ nobody is asked instead: the case is held for the officer"));
	else if (value_number(incident, "short") > 0)
		screen_format(out, size, "%s", screen_say(screen, "→ there is nobody to go instead"));
	json_decref(incident);
	json_decref(orders);
	json_decref(over);
}

void radio_unfit(struct session *session, const char *unit, const char *reason, char *out, size_t size)
{
	screen_format(out, size,
		screen_say(&session->screen, "if it cannot be sent at all: radio \"%s out_of_service %s\""),
		unit, reason);
}
