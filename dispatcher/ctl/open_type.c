/* open_type: compares a word with the playbooks in force; see the header. */
#include "ctl/open_type.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/ask.h"
#include "ctl/picks.h"
#include "ctl/town_word.h"
#include "ctl/value.h"

static const struct field fields_candidate[] = {
	FIELD("id", "Playbook", TABLE_KEEP | TABLE_ID),
	FIELD("title", "Title", TABLE_MIDDLE),
	FIELD_TOWN("incident_type", "Type", 0),
	FIELD("priority", "Pri", TABLE_KEEP | TABLE_RIGHT),
	FIELD_END,
};

/* How a word and a playbook belong together, the closest last. */
enum fit {
	FIT_NOT,
	FIT_PART, /* part of its title or type */
	FIT_TYPE, /* its type, or an alarm that it answers */
	FIT_PLAN  /* itself */
};

static bool is_word(const char *word, const char *of)
{
	return of[0] != '\0' && (strcmp(word, of) == 0 || strcmp(word, town_word_zh(of)) == 0);
}

static enum fit fit_of(const json_t *playbook, const char *word)
{
	const char *type = value_string(playbook, "incident_type");
	const json_t *alarm;
	size_t i;

	if (strcmp(word, value_string(playbook, "id")) == 0 ||
		strcmp(word, value_string(playbook, "title")) == 0)
		return FIT_PLAN;
	if (is_word(word, type))
		return FIT_TYPE;
	VALUE_EACH(value_at(playbook, "types"), i, alarm)
	{
		if (is_word(word, json_string_value(alarm)))
			return FIT_TYPE;
	}
	if (strstr(value_string(playbook, "title"), word) != NULL ||
		strstr(town_word_zh(type), word) != NULL || (strlen(word) > 2 && strstr(type, word) != NULL))
		return FIT_PART;
	return FIT_NOT;
}

/* Those that fit best; of these first the ones whose title holds the word. The caller's (json_decref). */
static json_t *candidates(const json_t *playbooks, const char *word, enum fit *best)
{
	json_t *found = json_array(), *playbook;
	size_t i, titled = 0;

	ASSERT(found != NULL);
	*best = FIT_NOT;
	VALUE_EACH(playbooks, i, playbook)
	{
		enum fit fit = fit_of(playbook, word);

		if (fit == FIT_NOT || fit < *best)
			continue;
		if (fit > *best) {
			(void)json_array_clear(found);
			titled = 0;
		}
		*best = fit;
		if (strstr(value_string(playbook, "title"), word) != NULL)
			ASSERT(json_array_insert(found, titled++, playbook) == 0);
		else
			ASSERT(json_array_append(found, playbook) == 0);
	}
	return found;
}

/* --- what was chosen ------------------------------------------------------------------------------- */

static void value_put(struct args *args, const char *name, const char *text)
{
	const char *kept = args_keep(args, text);

	for (uint32_t i = 0; kept != NULL && i < args->count; i++)
		if (strcmp(args->value[i].arg->name, name) == 0) {
			args->value[i].text = kept;
			return;
		}
	for (const struct arg *arg = args->command->arg; kept != NULL && arg->name != NULL; arg++)
		if (strcmp(arg->name, name) == 0 && args->count < ARGS_VALUES_MAX)
			args->value[args->count++] = (struct arg_value){arg, kept};
}

static void plan_take(struct args *args, const json_t *playbook)
{
	value_put(args, "--type", value_string(playbook, "incident_type"));
	value_put(args, "--playbook", value_string(playbook, "id"));
}

/* --- asking ---------------------------------------------------------------------------------------- */

/* The one of the row or with the id that was typed; NULL: none. */
static const json_t *chosen(const json_t *found, const char *answer)
{
	const char *digits = answer[0] == '%' ? answer + 1 : answer;
	char *end;
	unsigned long row = strtoul(digits, &end, 10);
	const json_t *one;
	size_t i;

	VALUE_EACH(found, i, one)
	{
		if (strcmp(value_string(one, "id"), answer) == 0 ||
			strcmp(value_string(one, "title"), answer) == 0)
			return one;
	}
	return digits[0] == '\0' || *end != '\0' || row == 0 ? NULL : json_array_get(found, row - 1);
}

/* Rows get their %1 %2 … also outside the shell: the answer is one of them. */
static void numbered_print(struct session *session, const struct screen *screen, const json_t *found)
{
	struct picks own = {.row = NULL};
	struct screen numbered = *screen;

	if (numbered.picks == NULL)
		numbered.picks = &own;
	else
		picks_begin(numbered.picks);
	value_list(&numbered, found, fields_candidate, 2);
	fflush(screen->to);
	picks_free(&own);
	(void)session;
}

static int ask_which(struct session *session, struct args *args, const json_t *found, const char *word)
{
	const struct screen *screen = &session->screen;
	char answer[ASK_ANSWER_MAX];
	const json_t *one;

	fprintf(screen->to, "%s", screen_tone(screen, TONE_WARN));
	fprintf(screen->to, screen_say(screen, "'%s' fits %zu playbooks:"), word, json_array_size(found));
	fprintf(screen->to, "%s\n", screen_plain(screen));
	numbered_print(session, screen, found);
	ask_word(session, screen_say(screen, "Which one? [%1 %2 …, nothing: none]"), answer);
	one = chosen(found, answer);
	if (one == NULL) {
		session_complain(session, "nothing was opened");
		return EXIT_REFUSED;
	}
	plan_take(args, one);
	return EXIT_DONE;
}

static int refuse(struct session *session, const json_t *found, const char *word)
{
	session_complain(session, "'%s' fits %zu playbooks; say which, by --playbook or its title:", word,
		json_array_size(found));
	value_list(&session->errors, found, fields_candidate, 2);
	if (session->json) {
		json_t *reply =
			json_pack("{s:s, s:s, s:O}", "error", "ambiguous", "type", word, "candidates", found);

		ASSERT(reply != NULL);
		session_print(session, reply);
		json_decref(reply);
	}
	return EXIT_USAGE;
}

/* --- warnings -------------------------------------------------------------------------------------- */

/* Whether a warning of a colour that the plan asks for is in force. */
static bool is_warned(const json_t *playbook, const json_t *warnings)
{
	const json_t *colour, *warning;
	size_t i, j;

	VALUE_EACH(value_at(playbook, "warnings"), i, colour)
	{
		VALUE_EACH(warnings, j, warning)
		{
			if (strcmp(json_string_value(colour), value_string(warning, "colour")) == 0)
				return true;
		}
	}
	return false;
}

/* The only one of those found whose warning is in force, and it is said; NULL: none, or several. */
static const json_t *warned_take(struct session *session, const json_t *found)
{
	json_t *warnings = session_peek(session, "/v1/warnings");
	const json_t *one, *taken = NULL;
	size_t i, count = 0;

	VALUE_EACH(found, i, one)
	{
		if (is_warned(one, warnings)) {
			taken = one;
			count++;
		}
	}
	json_decref(warnings);
	if (count == 1)
		session_complain(session, "by the warning in force: playbook %s (%s)",
			value_string(taken, "title"), value_string(taken, "id"));
	return count == 1 ? taken : NULL;
}

static bool is_code(const char *word)
{
	return word[strspn(word, "abcdefghijklmnopqrstuvwxyz_.0123456789")] == '\0';
}

int open_type_choose(struct session *session, struct args *args)
{
	const char *word = args_text(args, "--type");
	const json_t *warned = NULL;
	json_t *playbooks, *found;
	enum fit best;
	int code = EXIT_DONE;

	if (word == NULL || args_text(args, "--playbook") != NULL)
		return EXIT_DONE;
	playbooks =
		session_peek(session, "/v1/playbooks?fields=id,title,incident_type,types,priority,warnings");
	found = candidates(playbooks, word, &best);
	if (json_array_size(found) > 1)
		warned = warned_take(session, found);
	if (warned != NULL || (json_array_size(found) == 1 && best != FIT_TYPE))
		plan_take(args, warned != NULL ? warned : json_array_get(found, 0));
	else if (json_array_size(found) > 1 && args_text(args, "--yes") == NULL) {
		if (ask_possible(session))
			code = ask_which(session, args, found, word);
		else if (best != FIT_TYPE || !is_code(word))
			code = refuse(session, found, word);
	}
	json_decref(found);
	json_decref(playbooks);
	return code;
}
