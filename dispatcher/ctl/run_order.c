/* run_order: units that the officer sends or swaps: what stays uncovered is said, and asked, before they go. */
#include <stdlib.h>
#include <string.h>

#include "ctl/ask.h"
#include "ctl/hint.h"
#include "ctl/run.h"
#include "ctl/several.h"
#include "ctl/value.h"
#include "ctl/view.h"

/* Before any of several is sent: each of them is there. */
static bool units_known(struct session *session, const struct args *args)
{
	bool known = true;

	for (uint32_t i = 0; i < args->count; i++) {
		if (strcmp(args->value[i].arg->name, "UNIT") != 0 ||
			hint_unit_known(session, args->value[i].text))
			continue;
		session_complain(session, "there is no unit %s; nothing was sent", args->value[i].text);
		known = false;
	}
	return known;
}

/* The same body again, with another unit in it. */
static int unit_send(
	struct session *session, const char *path, json_t *body, json_t *unit, bool speaks, json_t **reply)
{
	char *text;
	int code;

	ASSERT(json_object_set(body, "unit", unit) == 0);
	text = session_text(body);
	code = speaks ? session_send(session, "POST", path, text, reply)
		      : session_ask(session, "POST", path, text, reply);
	free(text);
	return code;
}

/* What it would do to the cover of the town, for each unit when those before it are gone; a refusal is left to the real order. */
static void dry_run_show(struct session *session, const char *path, const json_t *body, json_t *units)
{
	json_t *dry = json_deep_copy(body), *before = json_array(), *unit;
	uint32_t uncovered = 0, answered = 0;
	size_t i;

	ASSERT(dry != NULL && before != NULL && json_object_set_new(dry, "dry_run", json_true()) == 0);
	VALUE_EACH(units, i, unit)
	{
		json_t *reply;

		if (i > 0) /* only order send has several, and only it knows `with` */
			ASSERT(json_object_set(dry, "with", before) == 0);
		if (unit_send(session, path, dry, unit, false, &reply) == EXIT_DONE) {
			fprintf(session->screen.to, "%s\n", json_string_value(unit));
			uncovered += view_uncovered(&session->screen, reply);
			answered++;
		}
		json_decref(reply);
		ASSERT(json_array_append(before, unit) == 0);
	}
	if (uncovered == 0 && answered > 0)
		fprintf(session->screen.to, "  %s\n",
			screen_say(&session->screen, "nothing stays uncovered"));
	json_decref(before);
	json_decref(dry);
}

/* On a terminal: asked first, unless --yes. */
static bool may_go(
	struct session *session, const struct args *args, const char *path, const json_t *body, json_t *units)
{
	if (!ask_possible(session) || args_text(args, "--yes") != NULL ||
		args_text(args, "--dry-run") != NULL)
		return true;
	dry_run_show(session, path, body, units);
	return ask_yes(session, screen_say(&session->screen, "Send? [y/N]"));
}

/* Each unit of the list; where they are only tried, as if those before it were gone. */
static int units_send(struct session *session, const char *path, json_t *body, json_t *units)
{
	struct several several = several_begin(session);
	bool tried = json_is_true(json_object_get(body, "dry_run"));
	json_t *unit, *before = json_array();
	size_t index;

	ASSERT(before != NULL);
	VALUE_EACH(units, index, unit)
	{
		json_t *reply;

		if (tried && index > 0)
			ASSERT(json_object_set(body, "with", before) == 0);
		int code = unit_send(session, path, body, unit, true, &reply);

		if (code != EXIT_DONE && reply != NULL) {
			session_complain(session, "%s was not sent", json_string_value(unit));
			hint_refused(session, body, reply);
		}
		several_add(&several, code, reply);
		if (code == EXIT_NO_DAEMON)
			break;
		ASSERT(json_array_append(before, unit) == 0);
	}
	json_decref(before);
	return several_end(&several, json_array_size(units) == 1);
}

/* order send with its units, order swap with its one. */
static int units_run(struct session *session, const struct args *args)
{
	char path[SESSION_PATH_MAX];
	json_t *body, *units;
	int code = EXIT_REFUSED;

	if (!session_request(session, args, path, &body))
		return EXIT_USAGE;
	if (session_connect(session) == EXIT_DONE && !units_known(session, args)) {
		json_decref(body);
		return EXIT_NOT_FOUND;
	}
	units = json_incref(json_object_get(body, "unit"));
	if (!json_is_array(units)) {
		json_t *list = json_pack("[o]", units);

		ASSERT(list != NULL);
		units = list;
	}
	if (may_go(session, args, path, body, units))
		code = units_send(session, path, body, units);
	else
		session_complain(session, "nothing was sent");
	json_decref(units);
	json_decref(body);
	return code;
}

int run_order_send(struct session *session, const struct args *args)
{
	return units_run(session, args);
}

int run_order_swap(struct session *session, const struct args *args)
{
	return units_run(session, args);
}
