/* radio_run: does what a line of radio traffic says: answers orders, sets units, and says a line for each part. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ctl/fields.h"
#include "ctl/radio.h"
#include "ctl/radio_after.h"
#include "ctl/run.h"
#include "ctl/value.h"
#include "wire/utf8.h"

/* One part on its way. */
struct heard {
	struct session *session;
	struct radio_part part;
	json_t *unit;                  /* as the daemon shows it, with its live orders */
	const char *order;             /* the one that is answered; NULL: none */
	char late[32];                 /* the same, where its time to answer was over; "" */
	bool thanked;                  /* it ended with its case: nothing is left to do */
	char place[RADIO_TEXT_MAX];    /* its whole name; "" */
	char unplaced[RADIO_TEXT_MAX]; /* why its place was not recorded; "" */
	json_t *record;                /* with --json: what was understood and what became of it */
	bool dry;                      /* nothing is done */
};

static void record(const struct heard *heard, const char *key, const char *value)
{
	if (value != NULL && value[0] != '\0')
		ASSERT(json_object_set_new(heard->record, key, json_string(value)) == 0);
}

/* "WR-1 水上救援队 到场 南门桥 O7": what was understood so far. */
static void understood(const struct heard *heard, char *out, size_t size)
{
	const struct screen *screen = &heard->session->screen;
	const struct radio_part *part = &heard->part;
	const char *name = value_string(heard->unit, "name");
	size_t at = screen_format(out, size, "%s%s%s", part->unit, name[0] == '\0' ? "" : " ", name);

	if (part->status != NULL)
		at += screen_format(out + at, size - at, "  %s",
			value_word(screen, part->status->set, part->status->word));
	if (part->rest[0] != '\0')
		at += screen_format(
			out + at, size - at, " %s", heard->place[0] == '\0' ? part->rest : heard->place);
	if (heard->order != NULL)
		(void)screen_format(out + at, size - at, "  %s", heard->order);
}

/* The line of a part: understood, and what became of it. */
static void line_print(const struct heard *heard, enum tone tone, const char *became)
{
	const struct screen *screen = &heard->session->screen;
	char head[VALUE_TEXT_MAX], said[VALUE_TEXT_MAX];

	record(heard, "said", became);
	if (heard->session->json)
		return;
	if (heard->part.fault == RADIO_CLEAR)
		understood(heard, head, sizeof(head));
	else
		screen_format(head, sizeof(head), "%s", heard->part.typed);
	screen_format(said, sizeof(said), "%s", became);
	(void)utf8_make_harmless(head, strlen(head)); /* what was typed is in both */
	(void)utf8_make_harmless(said, strlen(said));
	fprintf(screen->to, "%s%s%s%s%s\n", head, screen_say(screen, ": "), screen_tone(screen, tone), said,
		screen_plain(screen));
}

/* Candidates of a list as one text, with a mark where there are more than fit. */
static void names_join(const json_t *names, char *out, size_t size)
{
	const json_t *name;
	size_t i, at = 0;

	out[0] = '\0';
	VALUE_EACH(names, i, name)
	{
		if (at + strlen(json_string_value(name)) + 8 >= size) {
			(void)screen_format(out + at, size - at, " …");
			return;
		}
		at += screen_format(out + at, size - at, "%s%s", i == 0 ? "" : " ", json_string_value(name));
	}
}

static int not_clear(const struct heard *heard, const char *several, const char *nothing,
	const json_t *candidates, const char *typed)
{
	const struct screen *screen = &heard->session->screen;
	bool none = json_array_size(candidates) == 0;
	char names[512], line[VALUE_TEXT_MAX];

	names_join(candidates, names, sizeof(names));
	if (none)
		screen_format(line, sizeof(line), screen_say(screen, nothing), typed);
	else
		screen_format(line, sizeof(line), screen_say(screen, several), typed, names);
	if (!none)
		ASSERT(json_object_set(heard->record, "candidates", (json_t *)candidates) == 0);
	line_print(heard, TONE_BAD, line);
	return EXIT_USAGE;
}

/* "接受 accept" of each name of a status. */
static json_t *statuses_said(const struct screen *screen, const json_t *names)
{
	json_t *said = json_array();
	uint32_t count;
	const struct radio_status *status = radio_statuses(&count);
	char line[128];

	ASSERT(said != NULL);
	for (uint32_t i = 0; i < count; i++) {
		const char *word = value_word(screen, status[i].set, status[i].word);
		const json_t *name;
		size_t at;

		VALUE_EACH(names, at, name)
		{
			if (strcmp(json_string_value(name), status[i].word) != 0)
				continue;
			screen_format(line, sizeof(line), "%s%s%s", word,
				strcmp(word, status[i].word) == 0 ? "" : "=",
				strcmp(word, status[i].word) == 0 ? "" : status[i].word);
			ASSERT(json_array_append_new(said, json_string(line)) == 0);
		}
	}
	return said;
}

/* Every word that there is, one line for each status. */
static void words_print(const struct heard *heard)
{
	const struct screen *screen = &heard->session->screen;
	uint32_t count;
	const struct radio_status *status = radio_statuses(&count);

	if (heard->session->json)
		return;
	fprintf(screen->to, "  %s\n",
		screen_say(screen,
			"say: UNIT STATUS [PLACE], several parted by / or commas; the status words are:"));
	for (uint32_t i = 0; i < count; i++)
		fprintf(screen->to, "    %s  %s %s\n", value_word(screen, status[i].set, status[i].word),
			status[i].word, status[i].typed);
}

static int status_not_clear(const struct heard *heard)
{
	json_t *said = statuses_said(&heard->session->screen, heard->part.candidates);
	int code = not_clear(heard, N_("'%s' may be %s; nothing was done"),
		N_("'%s' is no status word; nothing was done"), said, heard->part.said);

	if (json_array_size(said) == 0)
		words_print(heard);
	else
		ASSERT(json_object_set(heard->record, "candidates", heard->part.candidates) == 0);
	json_decref(said);
	return code;
}

/* What was not clear in the part itself; EXIT_DONE: all is. */
static int part_check(const struct heard *heard)
{
	const struct radio_part *part = &heard->part;

	switch (part->fault) {
	case RADIO_UNIT:
		return not_clear(heard, N_("'%s' may be %s; nothing was done"),
			N_("there is no unit '%s'; nothing was done"), part->candidates, part->unit);
	case RADIO_STATUS:
		return status_not_clear(heard);
	case RADIO_NO_STATUS:
		line_print(heard, TONE_BAD,
			screen_say(&heard->session->screen, "a status word is missing; nothing was done"));
		words_print(heard);
		return EXIT_USAGE;
	default:
		return EXIT_DONE;
	}
}

/* --- places ---------------------------------------------------------------------------------------- */

/* A place by its name or the start of it. A daemon that lists none takes the name as it was typed. */
static int place_find(struct heard *heard)
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
			code = not_clear(heard, N_("'%s' may be %s; nothing was done"),
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
static bool order_over_said(const struct heard *heard)
{
	const char *rest = heard->part.rest;
	size_t digits = rest[0] == 'O' || rest[0] == 'o' ? strspn(rest + 1, "0123456789") : 0;

	return digits > 0 && (rest[1 + digits] == '\0' || rest[1 + digits] == ' ');
}

/* Nothing live is answered: why not, or EXIT_DONE where the unit itself can be set. */
static int order_none(struct heard *heard)
{
	const struct screen *screen = &heard->session->screen;
	char line[VALUE_TEXT_MAX];

	enum radio_over over = radio_over(
		heard->session, heard->part.unit, heard->part.status->word, heard->late, line, sizeof(line));

	heard->order = over == RADIO_OVER_IN_FORCE ? heard->late : NULL;
	heard->thanked = over == RADIO_OVER_WITH_CASE;
	if (heard->thanked)
		line_print(heard, TONE_GOOD, line);
	if (over != RADIO_OVER_NOT)
		return EXIT_DONE;
	if (radio_lapsed(heard->session, heard->part.unit, heard->part.status->word, line, sizeof(line))) {
		line_print(heard, TONE_BAD, line);
		return EXIT_REFUSED;
	}
	if (heard->part.status->unit_state != NULL)
		return EXIT_DONE;
	line_print(heard, TONE_BAD, screen_say(screen, "it has no live order; nothing was done"));
	return EXIT_USAGE;
}

/* The order that is answered: the one that was said, else the only one. */
static int order_find(struct heard *heard)
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
		line_print(
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
	line_print(heard, TONE_BAD, line);
	if (!heard->session->json)
		value_list(screen, orders, fields_order, 2);
	return EXIT_USAGE;
}

/* --- doing ----------------------------------------------------------------------------------------- */

static json_t *body_begin(const struct heard *heard)
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
static int do_it(struct heard *heard, const char *path, json_t *body, json_t **reply)
{
	char *text = session_text(body);
	int code = session_ask(heard->session, "POST", path, text, reply);

	free(text);
	json_decref(body);
	return code;
}

static int unit_set(struct heard *heard, const char *status, json_t **reply)
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
static void place_set(struct heard *heard)
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

static int order_answer(struct heard *heard, json_t **reply)
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

static void became_print(const struct heard *heard, int code, const json_t *reply)
{
	const struct screen *screen = &heard->session->screen;
	const char *word = value_string(reply, code == EXIT_DONE ? "result" : "error");
	const char *detail = value_said(screen, reply, "detail");
	const char *said = value_word(screen, WORDS_OUTCOME, word);
	char line[VALUE_TEXT_MAX];

	if (code == EXIT_DONE) {
		said = screen_say(screen, heard->dry                   ? N_("would be recorded")
					  : heard->unplaced[0] == '\0' ? N_("recorded")
								       : N_("recorded, without its place:"));
		detail = heard->unplaced[0] == '\0' && heard->late[0] != '\0' ? detail : heard->unplaced;
	} else if (strcmp(word, "busy") == 0 && heard->order == NULL &&
		   value_number(heard->unit, "orders") > 0) {
		said = screen_say(screen, "it has a live order; say done first");
		detail = "";
	} else if (strncmp(detail, said, strlen(said)) == 0) {
		said = "";
	}
	screen_format(
		line, sizeof(line), "%s%s%s", said, said[0] == '\0' || detail[0] == '\0' ? "" : "  ", detail);
	record(heard, "result", word);
	line_print(heard, code == EXIT_DONE ? TONE_GOOD : TONE_BAD, line);
}

/* Where it was the last of the work: the calls that were waiting are gone from the list. */
static void calls_print(const struct heard *heard, const json_t *reply)
{
	const struct screen *screen = &heard->session->screen;

	if (heard->session->json || value_number(reply, "calls_ended") <= 0)
		return;
	fputs("  ", screen->to);
	fprintf(screen->to,
		screen_say(screen, "the work is done: %.0f calls that were waiting end with it\n"),
		value_number(reply, "calls_ended"));
}

/* Behind a decline or a failure. */
static void instead_print(const struct heard *heard)
{
	const struct screen *screen = &heard->session->screen;
	const char *word = heard->part.status->word;
	char line[VALUE_TEXT_MAX];

	if (heard->dry || heard->order == NULL ||
		(strcmp(word, "decline") != 0 && strcmp(word, "failed") != 0))
		return;
	radio_instead(heard->session, heard->order, line, sizeof(line));
	record(heard, "instead", line);
	if (line[0] != '\0' && !heard->session->json)
		fprintf(screen->to, "  %s\n", line);
	if (heard->session->json || strcmp(word, "decline") != 0 || heard->part.rest[0] == '\0')
		return;
	radio_unfit(heard->session, heard->part.unit, heard->part.rest, line, sizeof(line));
	fprintf(screen->to, "  %s\n", line);
}

/* What is clear is done. */
static int part_do(struct heard *heard)
{
	const struct radio_status *status = heard->part.status;
	char path[SESSION_PATH_MAX], escaped[SESSION_PATH_MAX / 2];
	json_t *reply = NULL;
	int code;

	ASSERT(status != NULL); /* part_check has seen to it */
	if (!http_escape(heard->part.unit, escaped, sizeof(escaped)))
		return EXIT_USAGE;
	screen_format(path, sizeof(path), "/v1/units/%s", escaped);
	code = session_send(heard->session, "GET", path, NULL, &heard->unit);
	if (code == EXIT_DONE && status->set == WORDS_ANSWER)
		code = order_find(heard);
	if (code == EXIT_DONE && heard->part.rest[0] != '\0' && !status->remark && !heard->thanked)
		code = place_find(heard);
	record(heard, "order", heard->order);
	record(heard, status->remark ? "remark" : "place", status->remark ? heard->part.rest : heard->place);
	if (code != EXIT_DONE || heard->thanked)
		return code;
	if (heard->order != NULL)
		code = order_answer(heard, &reply);
	else
		code = unit_set(
			heard, status->set == WORDS_ANSWER ? status->unit_state : status->word, &reply);
	if (code != EXIT_NO_DAEMON)
		became_print(heard, code, reply);
	if (code == EXIT_DONE)
		instead_print(heard);
	if (code == EXIT_DONE)
		calls_print(heard, reply);
	json_decref(reply);
	return code;
}

static int part_take(
	struct session *session, const char *typed, const json_t *units, bool dry, json_t *records)
{
	struct heard heard = {.session = session, .record = json_object(), .dry = dry};
	int code;

	ASSERT(heard.record != NULL);
	radio_read(typed, units, &heard.part);
	record(&heard, "typed", heard.part.typed);
	record(&heard, "unit", heard.part.unit);
	record(&heard, "status", heard.part.status == NULL ? NULL : heard.part.status->word);
	code = part_check(&heard);
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
