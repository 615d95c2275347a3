/* filter: see the header. */
#include "ctl/filter.h"

#include <string.h>

#include "ctl/value.h"

enum { NEAR_MAX = 12, NEAR_BYTES = 3 }; /* three letters, or one Chinese character */

/* Which lists know the words of a filter: the member that is the word, and its name. */
static const struct filter {
	const char *option, *path, *member, *name;
} filters[] = {
	{"--item", "/v1/stock?fields=item,name", "item", "name"},
	{"--depot", "/v1/depots?fields=id,name", "id", "name"},
	{"--kind", "/v1/devices?fields=kind,kind_zh", "kind", NULL},
	{"--skill", "/v1/units?fields=skills", "skills", NULL},
};

static const struct filter *filter_of(const struct arg *arg)
{
	for (size_t i = 0; arg->to == TO_QUERY && i < sizeof(filters) / sizeof(filters[0]); i++)
		if (strcmp(filters[i].option, arg->name) == 0)
			return &filters[i];
	return NULL;
}

/* The words with their names, each once: {"life_ring": "救生圈"}, into known. */
static void words_put(
	const struct screen *screen, const struct filter *filter, const json_t *list, json_t *known)
{
	const json_t *row, *one;
	size_t i, j;

	VALUE_EACH(list, i, row)
	{
		const json_t *member = value_at(row, filter->member);
		const char *name = filter->name == NULL ? "" : value_string(row, filter->name);

		if (json_is_string(member))
			(void)json_object_set_new(known, json_string_value(member),
				json_string(filter->name == NULL
						    ? value_town(screen, json_string_value(member))
						    : name));
		VALUE_EACH(member, j, one)
		{
			(void)json_object_set_new(known, json_string_value(one),
				json_string(value_town(screen, json_string_value(one))));
		}
	}
}

/* The word itself, the whole name, else the only name that holds it; NULL: none or several. */
static const char *word_find(const json_t *known, const char *typed)
{
	json_t *list = (json_t *)known, *name;
	const char *word, *found = NULL;
	uint32_t count = 0;

	VALUE_EACH_MEMBER(list, word, name)
	{
		if (strcmp(word, typed) == 0 || strcmp(json_string_value(name), typed) == 0)
			return word;
		if (strstr(json_string_value(name), typed) != NULL) {
			found = word;
			count++;
		}
	}
	return count == 1 ? found : NULL;
}

static bool is_near(const char *typed, const char *word)
{
	size_t len = strlen(typed);

	for (size_t at = 0; at + NEAR_BYTES <= len; at++)
		for (const char *in = word; strlen(in) >= NEAR_BYTES; in++)
			if (memcmp(typed + at, in, NEAR_BYTES) == 0)
				return true;
	return false;
}

/* Those that look like it; where none does, those that there are. */
static void near_put(json_t *known, const char *typed, char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (uint32_t pass = 0; pass < 2 && at == 0; pass++) {
		const char *word;
		json_t *name;
		uint32_t count = 0;

		VALUE_EACH_MEMBER(known, word, name)
		{
			const char *of = json_string_value(name);

			if ((pass == 0 && !is_near(typed, word) && !is_near(typed, of)) ||
				count++ >= NEAR_MAX)
				continue;
			at += screen_format(out + at, size - at, "%s%s", at == 0 ? "" : ", ", word);
			if (of[0] != '\0' && strcmp(of, word) != 0)
				at += screen_format(out + at, size - at, " %s", of);
		}
	}
}

static int value_resolve(
	struct session *session, const struct filter *filter, struct arg_value *value, json_t *known)
{
	char near[VALUE_TEXT_MAX];
	const char *found;
	json_t *list, *words = json_object();
	int code = session_send(session, "GET", filter->path, NULL, &list);

	ASSERT(words != NULL && json_array_append_new(known, words) == 0);
	words_put(&session->screen, filter, list, words);
	json_decref(list);
	if (code != EXIT_DONE ||
		json_object_size(words) == 0) /* a town without any: an empty list is right */
		return code;
	found = word_find(words, value->text);
	if (found != NULL) {
		value->text = found;
	} else if (!session->json) {
		near_put(words, value->text, near, sizeof(near));
		session_complain(session, "%s: no such word or more than one: '%s'; there are: %s",
			filter->option, value->text, near);
		return EXIT_NOT_FOUND;
	}
	return EXIT_DONE;
}

int filter_resolve(struct session *session, struct args *args, json_t **known)
{
	int code = EXIT_DONE;

	*known = json_array();
	ASSERT(*known != NULL);
	for (uint32_t i = 0; i < args->count && code == EXIT_DONE; i++) {
		const struct filter *filter = filter_of(args->value[i].arg);

		if (filter != NULL)
			code = value_resolve(session, filter, &args->value[i], *known);
	}
	return code;
}
