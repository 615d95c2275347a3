/* hint: what a refusal leaves open: in which state the thing is, which words there are. Only asks the daemon. */
#include "ctl/hint.h"

#include <string.h>

#include "ctl/value.h"

/* A thing that a body can name, where the daemon shows it, and the words of its state. */
static const struct thing {
	const char *field, *path;
	enum words_set states;
} things[] = {
	{"order", "/v1/orders/", WORDS_ORDER_STATE},
	{"incident", "/v1/incidents/", WORDS_INCIDENT_STATE},
	{"into", "/v1/incidents/", WORDS_INCIDENT_STATE},
	{"unit", "/v1/units/", WORDS_UNIT_STATE},
	{"device", "/v1/devices/", WORDS_DEVICE_STATE},
};

/* The thing as the daemon shows it; NULL: it shows none. The caller's (json_decref). */
static json_t *thing_get(struct session *session, const struct thing *thing, const char *id)
{
	char path[SESSION_PATH_MAX], escaped[SESSION_PATH_MAX / 2];

	if (!http_escape(id, escaped, sizeof(escaped)))
		return NULL;
	screen_format(path, sizeof(path), "%s%s", thing->path, escaped);
	return session_peek(session, path);
}

static void thing_say(struct session *session, const struct thing *thing, const char *id, const char *error)
{
	json_t *shown = thing_get(session, thing, id);
	const char *state = value_string(shown, "state");
	char actions[VALUE_TEXT_MAX];

	if (shown == NULL) {
		if (strcmp(error, "not_found") == 0)
			session_complain(session, "there is no %s", id);
	} else if (strcmp(thing->field, "device") == 0 && strcmp(error, "invalid") == 0) {
		value_join(&session->errors, value_at(shown, "actions"), actions, sizeof(actions));
		session_complain(session, "%s can do: %s", id, actions[0] == '\0' ? "-" : actions);
	} else if (state[0] != '\0') {
		session_complain(session, "%s is %s", id, value_word(&session->errors, thing->states, state));
	}
	json_decref(shown);
}

void hint_refused(struct session *session, const json_t *body, const json_t *reply)
{
	const char *error = value_string(reply, "error");
	const char *detail = value_string(reply, "detail");

	if (strcmp(error, "wrong_state") != 0 && strcmp(error, "not_found") != 0 &&
		strcmp(error, "invalid") != 0)
		return;
	for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++) {
		const char *id = value_string(body, things[i].field);

		if (id[0] == '\0' || strstr(detail, id) != NULL) /* the daemon has said so itself */
			continue;
		if (strcmp(error, "invalid") != 0 || strcmp(things[i].field, "device") == 0)
			thing_say(session, &things[i], id, error);
	}
}

bool hint_unit_known(struct session *session, const char *unit)
{
	json_t *shown = thing_get(session, &things[3], unit);
	bool known = shown != NULL;

	json_decref(shown);
	return known;
}

json_t *hint_skills(struct session *session)
{
	json_t *units, *unit, *skill, *known = json_object();
	size_t i, j;

	ASSERT(known != NULL);
	if (session_send(session, "GET", "/v1/units", NULL, &units) == EXIT_DONE)
		VALUE_EACH(units, i, unit)
		{
			json_t *skills = json_object_get(unit, "skills");

			VALUE_EACH(skills, j, skill)
			{
				(void)json_object_set_new(known, json_string_value(skill), json_true());
			}
		}
	json_decref(units);
	return known;
}
