/* radio_run: does what a line of radio traffic says: answers orders, sets units, and says a line for each part. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ctl/fields.h"
#include "ctl/radio_after.h"
#include "ctl/radio_say.h"
#include "ctl/run.h"
#include "ctl/value.h"

/* --- places ---------------------------------------------------------------------------------------- */

/* A place by its name or the start of it. A daemon that lists none takes the name as it was typed. */
static int place_find(struct radio_heard *heard)
{
	char path[SESSION_PATH_MAX], escaped[SESSION_PATH_MAX / 2];
	const char *typed = heard->part.rest;
	json_t *list, *names;
	int code = EXIT_DONE;

	screen_format(heard->place, sizeof(heard->place), "%s", typed);
	if (!http_escape(typed, escaped, sizeof(escaped)))
		return EXIT_USAGE;
	screen_format(path, sizeof(path), "/v1/places?name=%s", escaped);
	if (session_ask(heard->session, "GET", path, NULL, &list) == EXIT_DONE && json_is_array(list)) {
		names = radio_match(typed, list, "name", NULL);
		if (json_array_size(names) == 0) { /* none begins with it: those that hold it */
			json_decref(names);
			names = radio_match(NULL, list, "name", NULL);
		}
		if (json_array_size(names) != 1)
			code = radio_say_candidates(heard, N_("'%s' may be %s; nothing was done"),
				N_("there is no place '%s'; nothing was done"), names, typed);
		else
			screen_format(heard->place, sizeof(heard->place), "%s",
				json_string_value(json_array_get(names, 0)));
		json_decref(names);
	}
	json_decref(list);
	return code;
}

/* --- orders ---------------------------------------------------------------------------------------- */

/* The order that the rest of the part begins with, which is taken off it; NULL: none of these. */
static const char *order_said(const json_t *orders, char *rest)
{
	size_t len = strcspn(rest, " "), i;
	const json_t *order;

	VALUE_EACH(orders, i, order)
	{
		const char *id = value_string(order, "id");

		if (len > 0 && strlen(id) == len && strncasecmp(id, rest, len) == 0) {
			len += strspn(rest + len, " ");
			memmove(rest, rest + len, strlen(rest + len) + 1);
			return id;
		}
	}
	return NULL;
}

/* The rest begins with the id of an order, and it is none of the live ones. */
static bool order_over_said(const struct radio_heard *heard)
{
	const char *rest = heard->part.rest;
	size_t digits = rest[0] == 'O' || rest[0] == 'o' ? strspn(rest + 1, "0123456789") : 0;

	return digits > 0 && (rest[1 + digits] == '\0' || rest[1 + digits] == ' ');
}

/* Nothing live is answered: why not, or EXIT_DONE where the unit itself can be set. */
static int order_none(struct radio_heard *heard)
{
	const struct screen *screen = &heard->session->screen;
	char line[VALUE_TEXT_MAX];

	enum radio_over over = radio_over(
		heard->session, heard->part.unit, heard->part.status->word, heard->late, line, sizeof(line));

	heard->order = over == RADIO_OVER_IN_FORCE ? heard->late : NULL;
	heard->thanked = over == RADIO_OVER_WITH_CASE;
	if (heard->thanked)
		radio_say(heard, TONE_GOOD, line);
	if (over != RADIO_OVER_NOT)
		return EXIT_DONE;
	if (radio_lapsed(heard->session, heard->part.unit, heard->part.status->word, line, sizeof(line))) {
		radio_say(heard, TONE_BAD, line);
		return EXIT_REFUSED;
	}
	if (heard->part.status->unit_state != NULL)
		return EXIT_DONE;
	radio_say(heard, TONE_BAD, screen_say(screen, "it has no live order; nothing was done"));
	return EXIT_USAGE;
}

/* The order that is answered: the one that was said, else the only one. */
static int order_find(struct radio_heard *heard)
{
	const json_t *orders = value_at(heard->unit, "orders");
	const struct screen *screen = &heard->session->screen;
	char line[VALUE_TEXT_MAX];

	heard->order = order_said(orders, heard->part.rest);
	if (heard->order != NULL)
		return EXIT_DONE;
	if (json_array_size(orders) == 0)
		return order_none(heard);
	if (order_over_said(heard)) {
		radio_say(
			heard, TONE_BAD, screen_say(screen, "that is no live order of it; nothing was done"));
		return EXIT_USAGE;
	}
	if (json_array_size(orders) == 1) {
		heard->order = value_string(json_array_get(orders, 0), "id");
		return EXIT_DONE;
	}
	screen_format(line, sizeof(line),
		screen_say(screen, "it has %zu orders; nothing was done. Say which, behind the word:"),
		json_array_size(orders));
	radio_say(heard, TONE_BAD, line);
	if (!heard->session->json)
		value_list(screen, orders, fields_order, 2);
	return EXIT_USAGE;
}

/* --- doing ----------------------------------------------------------------------------------------- */

static json_t *body_begin(const struct radio_heard *heard)
{
	json_t *body = json_pack("{s:s, s:s}", "by", heard->session->by, "channel", "radio");

	ASSERT(body != NULL);
	if (heard->dry)
		ASSERT(json_object_set_new(body, "dry_run", json_true()) == 0);
	return body;
}

static void body_put(json_t *body, const char *key, const char *value)
{
	if (value != NULL && value[0] != '\0')
		ASSERT(json_object_set_new(body, key, json_string(value)) == 0);
}

/* Sends and frees the body. */
static int do_it(struct radio_heard *heard, const char *path, json_t *body, json_t **reply)
{
	char *text = session_text(body);
	int code = session_ask(heard->session, "POST", path, text, reply);

	free(text);
	json_decref(body);
	return code;
}

static int unit_set(struct radio_heard *heard, const char *status, json_t **reply)
{
	json_t *body = body_begin(heard);

	body_put(body, "unit", heard->part.unit);
	body_put(body, "status", status);
	body_put(body, "place", heard->place);
	if (heard->part.status->remark)
		body_put(body, "reason", heard->part.rest);
	return do_it(heard, "/v1/commands/unit-set", body, reply);
}

/* Where it is goes with the state that the answer has given it. A refusal is kept for the line. */
static void place_set(struct radio_heard *heard)
{
	char path[SESSION_PATH_MAX];
	json_t *unit, *reply = NULL;

	screen_format(path, sizeof(path), "/v1/units/%s", heard->part.unit);
	if (session_ask(heard->session, "GET", path, NULL, &unit) != EXIT_DONE ||
		unit_set(heard, value_string(unit, "state"), &reply) != EXIT_DONE)
		screen_format(heard->unplaced, sizeof(heard->unplaced), "%s",
			value_said(&heard->session->screen, reply, "detail"));
	json_decref(reply);
	json_decref(unit);
}

static int order_answer(struct radio_heard *heard, json_t **reply)
{
	json_t *body = body_begin(heard);
	int code;

	body_put(body, "order", heard->order);
	body_put(body, "answer", heard->part.status->word);
	if (heard->part.status->remark)
		body_put(body, "reason", heard->part.rest);
	code = do_it(heard, "/v1/commands/order-answer", body, reply);
	if (code == EXIT_REFUSED && heard->place[0] != '\0' &&
		strcmp(value_string(*reply, "error"), "unchanged") == 0)
		code = EXIT_DONE; /* said before; where it is may be new */
	if (code == EXIT_DONE && heard->place[0] != '\0' && !heard->dry)
		place_set(heard); /* it goes with the state, not yet there */
	return code;
}

/* Behind a decline or a failure. */
static void instead_print(const struct radio_heard *heard)
{
	const struct screen *screen = &heard->session->screen;
	const char *word = heard->part.status->word;
	char line[VALUE_TEXT_MAX];

	if (heard->dry || heard->order == NULL ||
		(strcmp(word, "decline") != 0 && strcmp(word, "failed") != 0))
		return;
	radio_instead(heard->session, heard->order, line, sizeof(line));
	radio_record(heard, "instead", line);
	if (line[0] != '\0' && !heard->session->json)
		fprintf(screen->to, "  %s\n", line);
	if (heard->session->json || strcmp(word, "decline") != 0 || heard->part.rest[0] == '\0')
		return;
	radio_unfit(heard->session, heard->part.unit, heard->part.rest, line, sizeof(line));
	fprintf(screen->to, "  %s\n", line);
}

/* What is clear is done. */
static int part_do(struct radio_heard *heard)
{
	const struct radio_status *status = heard->part.status;
	char path[SESSION_PATH_MAX], escaped[SESSION_PATH_MAX / 2];
	json_t *reply = NULL;
	int code;

	ASSERT(status != NULL); /* radio_say_fault has seen to it */
	if (!http_escape(heard->part.unit, escaped, sizeof(escaped)))
		return EXIT_USAGE;
	screen_format(path, sizeof(path), "/v1/units/%s", escaped);
	code = session_send(heard->session, "GET", path, NULL, &heard->unit);
	if (code == EXIT_DONE && status->set == WORDS_ANSWER)
		code = order_find(heard);
	if (code == EXIT_DONE && heard->part.rest[0] != '\0' && !status->remark && !heard->thanked)
		code = place_find(heard);
	radio_record(heard, "order", heard->order);
	radio_record(
		heard, status->remark ? "remark" : "place", status->remark ? heard->part.rest : heard->place);
	if (code != EXIT_DONE || heard->thanked)
		return code;
	if (heard->order != NULL)
		code = order_answer(heard, &reply);
	else
		code = unit_set(
			heard, status->set == WORDS_ANSWER ? status->unit_state : status->word, &reply);
	if (code != EXIT_NO_DAEMON)
		radio_say_became(heard, code, reply);
	if (code == EXIT_DONE)
		instead_print(heard);
	if (code == EXIT_DONE)
		radio_say_calls(heard, reply);
	json_decref(reply);
	return code;
}

static int part_take(
	struct session *session, const char *typed, const json_t *units, bool dry, json_t *records)
{
	struct radio_heard heard = {.session = session, .record = json_object(), .dry = dry};
	int code;

	ASSERT(heard.record != NULL);
	radio_read(typed, units, &heard.part);
	radio_record(&heard, "typed", heard.part.typed);
	radio_record(&heard, "unit", heard.part.unit);
	radio_record(&heard, "status", heard.part.status == NULL ? NULL : heard.part.status->word);
	code = radio_say_fault(&heard);
	if (code == EXIT_DONE)
		code = part_do(&heard);
	ASSERT(json_array_append_new(records, heard.record) == 0);
	json_decref(heard.unit);
	radio_free(&heard.part);
	return code;
}

int radio_line(struct session *session, const char *line, bool dry)
{
	char *copy = strdup(line), *part[RADIO_PARTS_MAX];
	json_t *units, *records = json_array();
	bool json = session->json;
	uint32_t count;
	int code, worst;

	ASSERT(copy != NULL && records != NULL);
	session->json = false; /* the units are no answer */
	worst = session_send(session, "GET", "/v1/units?fields=id,name", NULL, &units);
	session->json = json;
	count = radio_split(copy, units, part);
	for (uint32_t i = 0; i < count && worst != EXIT_NO_DAEMON && units != NULL; i++) {
		code = part_take(session, part[i], units, dry, records);
		worst = code > worst ? code : worst;
	}
	if (count == 0)
		session_complain(session, "say: UNIT STATUS [PLACE], several parted by / or commas");
	if (json && units != NULL)
		session_print(session, records);
	json_decref(records);
	json_decref(units);
	free(copy);
	return count == 0 ? EXIT_USAGE : worst;
}
