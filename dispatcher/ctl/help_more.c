/* help_more: what only the daemon knows, behind the help of a command; nothing where it is not there. */
#include <string.h>

#include "ctl/run.h"
#include "ctl/town_word.h"
#include "ctl/value.h"

/* The kinds of devices that can do it, joined; "" for a thing that is not among them. */
static void kinds_join(
	const struct screen *screen, const json_t *devices, const char *action, char *out, size_t size)
{
	json_t *seen = json_object();
	const json_t *device, *one;
	size_t i, j, at = 0;

	ASSERT(seen != NULL);
	out[0] = '\0';
	VALUE_EACH(devices, i, device)
	{
		const char *kind = value_string(device, "kind");

		VALUE_EACH(value_at(device, "actions"), j, one)
		{
			if (strcmp(json_string_value(one), action) != 0 ||
				json_object_get(seen, kind) != NULL || at + strlen(kind) + 64 > size)
				continue;
			ASSERT(json_object_set_new(seen, kind, json_true()) == 0);
			at += screen_format(out + at, size - at, "%s%s",
				at == 0 ? "" : screen_say(screen, ", "), value_town(screen, kind));
		}
	}
	json_decref(seen);
}

/* "say 喊话: loudspeakers, drones": of one device, or of all. */
static uint32_t actions_print(const struct screen *screen, const json_t *devices, const char *device)
{
	json_t *seen = json_object();
	const json_t *one, *action;
	size_t i, j;

	ASSERT(seen != NULL);
	VALUE_EACH(devices, i, one)
	{
		VALUE_EACH(value_at(one, "actions"), j, action)
		{
			const char *word = json_string_value(action), *said = value_town(screen, word);
			char kinds[VALUE_TEXT_MAX];

			if (json_object_get(seen, word) != NULL ||
				(device != NULL && strcmp(value_string(one, "id"), device) != 0))
				continue;
			ASSERT(json_object_set_new(seen, word, json_true()) == 0);
			if (json_object_size(seen) == 1)
				fprintf(screen->to, "\n%s\n", screen_say(screen, "Actions that there are:"));
			kinds_join(screen, devices, word, kinds, sizeof(kinds));
			fprintf(screen->to, "  %s%s%s%s%s", screen_tone(screen, TONE_BOLD), word,
				screen_plain(screen), said == word ? "" : " ", said == word ? "" : said);
			if (device == NULL)
				fprintf(screen->to, "  (%s)", kinds);
			fputc('\n', screen->to);
		}
	}
	uint32_t count = (uint32_t)json_object_size(seen);

	json_decref(seen);
	return count;
}

/* The types that stand in a list of playbooks, a line each, with the titles of their plans behind them. */
static void types_print(const struct screen *screen, const json_t *playbooks)
{
	json_t *seen = json_object();
	const json_t *one, *other;
	size_t i, j;

	ASSERT(seen != NULL);
	VALUE_EACH(playbooks, i, one)
	{
		const char *type = value_string(one, "incident_type");

		if (json_object_get(seen, type) != NULL)
			continue;
		ASSERT(json_object_set_new(seen, type, json_true()) == 0);
		fprintf(screen->to, "  %s%s%s %s  ", screen_tone(screen, TONE_BOLD), town_word_zh(type),
			screen_plain(screen), type);
		char titles[VALUE_TEXT_MAX];
		size_t at = 0;

		VALUE_EACH(playbooks, j, other)
		{
			if (strcmp(value_string(other, "incident_type"), type) == 0)
				at += screen_format(titles + at, sizeof(titles) - at, "%s%s",
					at == 0 ? "" : screen_say(screen, ", "),
					value_string(other, "title"));
		}
		screen_wrapped(screen, 6, TONE_DIM, titles);
	}
	json_decref(seen);
}

void help_incident_types(struct session *session, const char *thing)
{
	const struct screen *screen = &session->screen;
	json_t *playbooks = session_peek(session, "/v1/playbooks?fields=id,title,incident_type");

	const char *type;

	(void)thing;
	fprintf(screen->to, "\n%s\n",
		screen_say(screen, "Types (--type); a playbook's title or part of it will do, too:"));
	if (playbooks != NULL)
		types_print(screen, playbooks);
	else
		for (uint32_t i = 0; (type = town_alarm_type(i)) != NULL; i++) /* those that are shipped */
			fprintf(screen->to, "  %s%s%s %s\n", screen_tone(screen, TONE_BOLD),
				town_word_zh(type), screen_plain(screen), type);
	json_decref(playbooks);
}

void help_device_actions(struct session *session, const char *device)
{
	const struct screen *screen = &session->screen;
	json_t *devices = session_peek(session, "/v1/devices?fields=id,kind,actions");

	if (device == NULL || actions_print(screen, devices, device) == 0)
		(void)actions_print(screen, devices, NULL);
	json_decref(devices);
}
