/* radio_say: the line that a part of radio traffic gets: what was understood and what became of it. Does nothing itself. */
#include <string.h>

#include "ctl/radio_say.h"
#include "ctl/value.h"
#include "wire/utf8.h"

void radio_record(const struct radio_heard *heard, const char *key, const char *value)
{
	if (value != NULL && value[0] != '\0')
		ASSERT(json_object_set_new(heard->record, key, json_string(value)) == 0);
}

/* "WR-1 水上救援队 到场 南门桥 O7": what was understood so far. */
static void understood(const struct radio_heard *heard, char *out, size_t size)
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

void radio_say(const struct radio_heard *heard, enum tone tone, const char *became)
{
	const struct screen *screen = &heard->session->screen;
	char head[VALUE_TEXT_MAX], said[VALUE_TEXT_MAX];

	radio_record(heard, "said", became);
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

int radio_say_candidates(const struct radio_heard *heard, const char *several, const char *nothing,
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
	radio_say(heard, TONE_BAD, line);
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
static void words_print(const struct radio_heard *heard)
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

static int status_not_clear(const struct radio_heard *heard)
{
	json_t *said = statuses_said(&heard->session->screen, heard->part.candidates);
	int code = radio_say_candidates(heard, N_("'%s' may be %s; nothing was done"),
		N_("'%s' is no status word; nothing was done"), said, heard->part.said);

	if (json_array_size(said) == 0)
		words_print(heard);
	else
		ASSERT(json_object_set(heard->record, "candidates", heard->part.candidates) == 0);
	json_decref(said);
	return code;
}

int radio_say_fault(const struct radio_heard *heard)
{
	const struct radio_part *part = &heard->part;

	switch (part->fault) {
	case RADIO_UNIT:
		return radio_say_candidates(heard, N_("'%s' may be %s; nothing was done"),
			N_("there is no unit '%s'; nothing was done"), part->candidates, part->unit);
	case RADIO_STATUS:
		return status_not_clear(heard);
	case RADIO_NO_STATUS:
		radio_say(heard, TONE_BAD,
			screen_say(&heard->session->screen, "a status word is missing; nothing was done"));
		words_print(heard);
		return EXIT_USAGE;
	default:
		return EXIT_DONE;
	}
}

void radio_say_became(const struct radio_heard *heard, int code, const json_t *reply)
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
	radio_record(heard, "result", word);
	radio_say(heard, code == EXIT_DONE ? TONE_GOOD : TONE_BAD, line);
}

void radio_say_calls(const struct radio_heard *heard, const json_t *reply)
{
	const struct screen *screen = &heard->session->screen;

	if (heard->session->json || value_number(reply, "calls_ended") <= 0)
		return;
	fputs("  ", screen->to);
	fprintf(screen->to,
		screen_say(screen, "the work is done: %.0f calls that were waiting end with it\n"),
		value_number(reply, "calls_ended"));
}
