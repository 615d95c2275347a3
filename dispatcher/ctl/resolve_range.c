/* resolve_range: see the header. */
#include "ctl/resolve_range.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/value.h"
#include "wire/ids.h"

enum { DIGITS_MAX = 9 };

struct range {
	uint64_t first, last;
};

/* "T57" or "57" at the start of text: its number; returns how many bytes it takes, 0: it is none. */
static size_t end_read(const char *text, uint64_t *number)
{
	size_t letter = text[0] == 'T' || text[0] == 't' ? 1 : 0,
	       digits = strspn(text + letter, "0123456789");

	*number = digits == 0 || digits > DIGITS_MAX ? 0 : strtoull(text + letter, NULL, 10);
	return *number == 0 ? 0 : letter + digits;
}

static bool range_read(const char *text, struct range *out)
{
	size_t len = end_read(text, &out->first);

	if (len == 0 || text[len] != '-')
		return false;
	text += len + 1;
	len = end_read(text, &out->last);
	return len > 0 && text[len] == '\0';
}

static bool task_waits(const json_t *tasks, const char *id)
{
	const json_t *task;
	size_t i;

	VALUE_EACH(tasks, i, task)
	{
		if (strcmp(value_string(task, "id"), id) == 0)
			return value_at(task, "ended") == NULL;
	}
	return false;
}

/* Puts the waiting ones behind the values of `to`; *left_out: how many of the range do not wait. */
static int range_put(struct args *to, const struct arg *arg, const json_t *tasks, const struct range *range,
	uint64_t *left_out)
{
	*left_out = 0;
	for (uint64_t number = range->first; number <= range->last; number++) {
		char id[ID_SIZE];
		const char *kept;

		(void)ids_write(ID_TASK, number, id);
		if (!task_waits(tasks, id)) {
			++*left_out;
			continue;
		}
		kept = args_keep(to, id);
		if (kept == NULL || to->count == ARGS_VALUES_MAX)
			return EXIT_USAGE;
		to->value[to->count++] = (struct arg_value){arg, kept};
	}
	return EXIT_DONE;
}

static int range_resolve(struct session *session, struct args *to, const struct arg_value *value,
	const json_t *tasks, const struct range *range)
{
	uint64_t left_out, asked = range->last - range->first + 1;

	if (range->last < range->first || asked > ARGS_VALUES_MAX) {
		session_complain(session, "%s: from the lower number to the higher, at most %d calls",
			value->text, (int)ARGS_VALUES_MAX);
		return EXIT_USAGE;
	}
	if (range_put(to, value->arg, tasks, range, &left_out) != EXIT_DONE) {
		session_complain(session, "too many arguments");
		return EXIT_USAGE;
	}
	if (left_out == asked) {
		session_complain(session, "%s: none of these calls waits", value->text);
		return EXIT_NOT_FOUND;
	}
	if (left_out > 0 && !session->json)
		session_complain(session, "%s: of these calls %u do not wait, and are left out", value->text,
			(unsigned)left_out);
	return EXIT_DONE;
}

int resolve_ranges(struct session *session, struct args *args)
{
	struct arg_value typed[ARGS_VALUES_MAX];
	uint32_t count = args->count;
	json_t *tasks = NULL;
	int code = EXIT_DONE;
	struct range range;

	memcpy(typed, args->value, count * sizeof(typed[0]));
	args->count = 0;
	for (uint32_t i = 0; i < count && code == EXIT_DONE; i++) {
		const struct arg *arg = typed[i].arg;
		bool may =
			arg->field != NULL && strcmp(arg->field, "task") == 0 && (arg->flags & ARG_MANY) != 0;

		if (!may || !range_read(typed[i].text, &range)) {
			if (args->count == ARGS_VALUES_MAX)
				code = EXIT_USAGE;
			else
				args->value[args->count++] = typed[i];
			continue;
		}
		if (tasks == NULL)
			tasks = session_peek(session, "/v1/tasks?fields=id,ended");
		if (tasks == NULL) /* nobody is there: the command itself says so */
			args->value[args->count++] = typed[i];
		else
			code = range_resolve(session, args, &typed[i], tasks, &range);
	}
	json_decref(tasks);
	return code;
}
