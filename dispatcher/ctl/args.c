/* args: strict reading of a command line by its specification; the only option parser of the console. */
#include "ctl/args.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/arg_word.h"
#include "wire/time_text.h"

/* Room to say what is wrong, in one language. */
struct complaint {
	char *out;
	enum lang lang;
};

static enum disp_err complain(const struct complaint *to, const char *msgid, ...)
	__attribute__((format(printf, 2, 3)));

static enum disp_err complain(const struct complaint *to, const char *msgid, ...)
{
	va_list list;

	va_start(list, msgid);
	(void)screen_format_list(to->out, ARGS_FAULT_MAX, lang_say(to->lang, msgid), list);
	va_end(list);
	return DISP_E_INPUT;
}

/* --- kinds ---------------------------------------------------------------------------------------- */

static bool number_read(const char *text, double *out)
{
	char *end;

	if (text[0] == '\0' || strchr("0123456789-.", text[0]) == NULL)
		return false;
	errno = 0;
	*out = strtod(text, &end);
	return errno == 0 && *end == '\0' && isfinite(*out);
}

static bool whole_within(const char *text, double least, double most)
{
	double value;

	for (const char *at = text; *at != '\0'; at++)
		if (*at < '0' || *at > '9')
			return false;
	return number_read(text, &value) && value >= least && value <= most;
}

static bool number_within(const char *text, double least, double most)
{
	double value;

	return number_read(text, &value) && value >= least && value <= most;
}

static bool word_among(const char *text, const char *words)
{
	size_t len = strlen(text);

	for (const char *at = words; len > 0 && at != NULL; at = strchr(at, '|')) {
		at += *at == '|';
		if (strncmp(at, text, len) == 0 && (at[len] == '|' || at[len] == '\0'))
			return true;
	}
	return false;
}

bool args_want_now(const struct args *args)
{
	for (uint32_t i = 0; i < args->count; i++)
		if (args->value[i].arg->kind == ARG_TIME && args_time_needs_now(args->value[i].text))
			return true;
	return false;
}

enum arg_side args_side(const struct arg *arg)
{
	return (arg->flags & ARG_COMING) != 0 ? SIDE_COMING
	       : (arg->flags & ARG_PAST) != 0 ? SIDE_PAST
					      : SIDE_NEAR;
}

const char *args_keep(struct args *args, const char *text)
{
	char *kept = args->made[args->made_count];

	if (args->made_count == ARGS_MADE_MAX || strlen(text) >= ARGS_MADE_SIZE)
		return NULL;
	args->made_count++;
	screen_format(kept, ARGS_MADE_SIZE, "%s", text);
	return kept;
}

static const struct arg *option_find(const struct command *command, const char *name, size_t len);

/* A word that is not of the list; words of one's own have a place beside it where the command has a reason. */
static enum disp_err word_refuse(
	const struct command *command, const struct arg *arg, const char *text, const struct complaint *to)
{
	char words[ARGS_FAULT_MAX];

	arg_words_list(arg, to->lang, "|", words, sizeof(words));
	if (strcmp(arg->name, "--disposition") == 0 && option_find(command, "--reason", 8) != NULL)
		return complain(to,
			"%s cannot be '%.60s'; it is one of %s; words of your own go into --reason",
			arg->name, text, words);
	return complain(to, "%s cannot be '%.60s'; it is one of %s", arg->name, text, words);
}

static enum disp_err value_check(
	const struct command *command, const struct arg *arg, const char *text, const struct complaint *to)
{
	char utc[TIME_TEXT_LEN + 1];

	switch (arg->kind) {
	case ARG_WORD:
		return word_among(text, arg->words) ? DISP_OK : word_refuse(command, arg, text, to);
	case ARG_COUNT:
		return whole_within(text, 1, 999999999)
			       ? DISP_OK
			       : complain(to, "'%.200s' is not a whole number above 0", text);
	case ARG_WHOLE:
		return whole_within(text, 0, 9007199254740992.0)
			       ? DISP_OK
			       : complain(to, "'%.200s' is not a whole number from 0", text);
	case ARG_DEGREES_LON:
	case ARG_DEGREES_LAT:
		return number_within(text, -1e8, 1e8) ? DISP_OK
						      : complain(to, "'%.200s' is not a coordinate", text);
	case ARG_TIME:
		return args_time(text, 0, args_side(arg), utc)
			       ? DISP_OK
			       : complain(to,
					 "'%.200s' is not a time; write 18:00, \"yesterday 18:00\", "
					 "\"07-01 18:00\", \"2026-07-01 18:00\" or "
					 "2026-07-01T10:00:00Z",
					 text);
	default:
		return text[0] != '\0' || arg->kind == ARG_FLAG || arg->kind == ARG_ANY
			       ? DISP_OK
			       : complain(to, "%.200s cannot be empty", arg->name);
	}
}

/* --- options and places --------------------------------------------------------------------------- */

bool arg_is_option(const struct arg *arg)
{
	return arg->name[0] == '-';
}

static const struct arg *option_find(const struct command *command, const char *name, size_t len)
{
	for (const struct arg *arg = command->arg; arg->name != NULL; arg++)
		if (arg_is_option(arg) && strlen(arg->name) == len && strncmp(arg->name, name, len) == 0)
			return arg;
	return NULL;
}

static uint32_t given(const struct args *args, const struct arg *arg)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < args->count; i++)
		count += args->value[i].arg == arg;
	return count;
}

/* The place that the next word without a dash fills; NULL: none is left. */
static const struct arg *place_next(const struct args *args)
{
	for (const struct arg *arg = args->command->arg; arg->name != NULL; arg++)
		if (!arg_is_option(arg) && ((arg->flags & ARG_MANY) != 0 || given(args, arg) == 0))
			return arg;
	return NULL;
}

static enum disp_err value_add(
	struct args *args, const struct arg *arg, const char *text, const struct complaint *to)
{
	if ((arg->flags & ARG_MANY) == 0 && given(args, arg) > 0)
		return complain(to, "%.200s can be given once only", arg->name);
	if (args->count == ARGS_VALUES_MAX)
		return complain(to, "too many arguments");
	if (arg->kind == ARG_WORD && !word_among(text, arg->words) && arg_word_read(arg, text) != NULL)
		text = arg_word_read(arg, text);
	text = arg_town_read(arg, text);
	args->value[args->count++] = (struct arg_value){arg, text};
	return value_check(args->command, arg, text, to);
}

/* The option that looks most like a wrong one; NULL: none does. */
static const char *option_like(const struct command *command, const char *name, size_t len)
{
	const char *best = NULL;
	size_t best_same = 3; /* "--" and a letter */

	for (const struct arg *arg = command->arg; arg->name != NULL; arg++) {
		size_t same = 0;

		while (same < len && arg->name[same] == name[same] && name[same] != '\0')
			same++;
		if (arg_is_option(arg) && same >= best_same) {
			best = arg->name;
			best_same = same;
		}
	}
	return best;
}

static enum disp_err option_unknown(
	const struct command *command, const char *name, size_t len, const struct complaint *to)
{
	const char *like = option_like(command, name, len);
	char typed[128];

	screen_format(typed, sizeof(typed), "%.*s", (int)(len < 100 ? len : 100), name);
	if (strcmp(typed, "--json") == 0 || strcmp(typed, "--lang") == 0 || strcmp(typed, "--server") == 0)
		return complain(to, "%.200s goes before the command", typed);
	if (like == NULL)
		return complain(to, "there is no option %.200s; --help shows the usage", typed);
	return complain(
		to, "there is no option %.200s; did you mean %s? --help shows the usage", typed, like);
}

/* word[*at] is an option; takes its value too. */
static enum disp_err option_take(
	struct args *args, const char *const *word, uint32_t count, uint32_t *at, const struct complaint *to)
{
	const char *name = word[*at], *equals = name[1] == '-' ? strchr(name, '=') : NULL;
	size_t len = equals == NULL ? strlen(name) : (size_t)(equals - name);
	const struct arg *arg = option_find(args->command, name, len);

	if (arg == NULL)
		return option_unknown(args->command, name, len, to);
	if (arg->kind == ARG_FLAG)
		return equals != NULL ? complain(to, "%.200s takes no value", arg->name)
				      : value_add(args, arg, "", to);
	if (equals != NULL)
		return value_add(args, arg, equals + 1, to);
	if (*at + 1 == count)
		return complain(to, "%.200s needs a value", arg->name);
	const char *text = word[++*at];
	char whole[ARGS_MADE_SIZE];

	if (arg->kind == ARG_TIME && args_is_day(text) && *at + 1 < count &&
		strchr(word[*at + 1], ':') != NULL) {
		screen_format(whole, sizeof(whole), "%s %s", text,
			word[++*at]); /* the day and the time, unquoted */
		text = args_keep(args, whole);
		if (text == NULL)
			return complain(to, "too many arguments");
	}
	return value_add(args, arg, text, to);
}

/* A dash alone is standard input; a dash and a figure is a number. */
static bool looks_like_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0' && (word[1] < '0' || word[1] > '9');
}

static enum disp_err word_take(
	struct args *args, const char *const *word, uint32_t count, uint32_t *at, const struct complaint *to)
{
	const struct arg *place;

	if (looks_like_option(word[*at]))
		return option_take(args, word, count, at, to);
	place = place_next(args);
	if (place == NULL)
		return complain(to, "'%.200s' is one too many; --help shows the usage", word[*at]);
	return value_add(args, place, word[*at], to);
}

/* --- what must be there ---------------------------------------------------------------------------- */

static const struct arg *arg_named(const struct command *command, const char *name)
{
	return option_find(command, name, strlen(name));
}

static enum disp_err group_check(const struct args *args, uint32_t group, const struct complaint *to)
{
	char names[256] = "";
	uint32_t count = 0;

	for (const struct arg *arg = args->command->arg; arg->name != NULL; arg++) {
		if (arg->group != group)
			continue;
		count += given(args, arg) > 0;
		screen_format(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			names[0] == '\0' ? "" : " | ", arg->name);
	}
	if (group >= GROUP_ANY)
		return count > 0 ? DISP_OK : complain(to, "give at least one of %.200s", names);
	return count == 1 ? DISP_OK : complain(to, "give exactly one of %.200s", names);
}

static enum disp_err required_check(const struct args *args, const struct complaint *to)
{
	for (const struct arg *arg = args->command->arg; arg->name != NULL; arg++) {
		bool is_given = given(args, arg) > 0;

		if ((arg->flags & ARG_REQUIRED) != 0 && !is_given)
			return complain(to, "%.200s is missing; --help shows the usage", arg->name);
		if (is_given && arg->with != NULL && given(args, arg_named(args->command, arg->with)) == 0)
			return complain(to, "%.200s is needed too", arg->with);
		if (arg->group != 0 && group_check(args, arg->group, to) != DISP_OK)
			return DISP_E_INPUT;
	}
	return DISP_OK;
}

enum disp_err args_parse(const struct command *command, const char *const *word, uint32_t count,
	enum lang lang, struct args *out, char *fault)
{
	struct complaint to = {fault, lang};
	bool only_places = false;

	out->command = command;
	out->count = out->made_count = 0;
	out->help = false;
	fault[0] = '\0';
	for (uint32_t at = 0; at < count && strcmp(word[at], "--") != 0; at++)
		out->help = out->help || strcmp(word[at], "--help") == 0 || strcmp(word[at], "-h") == 0;
	if (out->help)
		return DISP_OK;
	for (uint32_t at = 0; at < count; at++) {
		enum disp_err err = DISP_OK;

		if (!only_places && strcmp(word[at], "--") == 0) {
			only_places = true;
		} else if (only_places) {
			const struct arg *place = place_next(out);

			err = place == NULL ? complain(&to, "'%.200s' is one too many", word[at])
					    : value_add(out, place, word[at], &to);
		} else {
			err = word_take(out, word, count, &at, &to);
		}
		if (err != DISP_OK)
			return err;
	}
	return required_check(out, &to);
}

const char *args_text(const struct args *args, const char *name)
{
	for (uint32_t i = 0; i < args->count; i++)
		if (strcmp(args->value[i].arg->name, name) == 0)
			return args->value[i].text;
	return NULL;
}
