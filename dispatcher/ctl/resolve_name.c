/* resolve_name: compares a word with the names that the daemon lists; see the header. */
#include "ctl/resolve_name.h"

#include <string.h>

#include "ctl/value.h"

enum { CANDIDATES_SHOWN = 12 };

static const struct field fields_unit_named[] = {
	FIELD("id", "Unit", TABLE_KEEP | TABLE_ID),
	FIELD("name", "Name", TABLE_MIDDLE),
	FIELD_TOWN("kind", "Kind", 0),
	FIELD_END,
};

static const struct field fields_device_named[] = {
	FIELD("id", "Device", TABLE_KEEP | TABLE_ID),
	FIELD("name", "Name", TABLE_MIDDLE),
	FIELD_TOWN("kind", "Kind", 0),
	FIELD_END,
};

static const struct field fields_depot_named[] = {
	FIELD("id", "Depot", TABLE_KEEP | TABLE_ID),
	FIELD("name", "Name", TABLE_MIDDLE),
	FIELD_END,
};

static const struct named {
	const char *field, *path;
	const struct field *columns;
} nameds[] = {
	{"unit", "/v1/units?fields=id,name,kind,kind_zh", fields_unit_named},
	{"units", "/v1/units?fields=id,name,kind,kind_zh", fields_unit_named},
	{"device", "/v1/devices?fields=id,name,kind,kind_zh", fields_device_named},
	{"source", "/v1/devices?fields=id,name,kind,kind_zh", fields_device_named},
	{"depot", "/v1/depots?fields=id,name", fields_depot_named},
};

static bool is_ascii(const char *text)
{
	while (*text != '\0')
		if (((unsigned char)*text++ & 0x80) != 0)
			return false;
	return true;
}

/* Those with this very id or name, else those whose name holds it. The caller's (json_decref). */
static json_t *those_named(const json_t *list, const char *text)
{
	json_t *whole = json_array(), *part = json_array(), *thing;
	size_t i;

	ASSERT(whole != NULL && part != NULL);
	VALUE_EACH(list, i, thing)
	{
		const char *name = value_string(thing, "name");

		if (strcmp(name, text) == 0 || strcmp(value_string(thing, "id"), text) == 0)
			ASSERT(json_array_append(whole, thing) == 0);
		else if (strstr(name, text) != NULL)
			ASSERT(json_array_append(part, thing) == 0);
	}
	bool exact = json_array_size(whole) > 0;

	json_decref(exact ? part : whole);
	return exact ? whole : part;
}

static int several_say(
	struct session *session, const struct named *named, const json_t *found, const char *text)
{
	size_t count = json_array_size(found);
	json_t *shown = json_array();

	ASSERT(shown != NULL);
	for (size_t i = 0; i < count && i < CANDIDATES_SHOWN; i++)
		ASSERT(json_array_append(shown, json_array_get(found, i)) == 0);
	session_complain(session, "'%s' fits %zu names; say which, by its id or whole name:", text, count);
	value_list(&session->errors, shown, named->columns, 2);
	if (count > CANDIDATES_SHOWN)
		fprintf(session->errors.to, screen_say(&session->errors, "  and %zu more\n"),
			count - CANDIDATES_SHOWN);
	json_decref(shown);
	if (session->json) {
		json_t *reply =
			json_pack("{s:s, s:s, s:O}", "error", "ambiguous", "name", text, "candidates", found);

		ASSERT(reply != NULL);
		session_print(session, reply);
		json_decref(reply);
	}
	return EXIT_USAGE;
}

static int named_resolve(
	struct session *session, struct args *args, const struct named *named, const char **text)
{
	json_t *list = session_peek(session, named->path), *found = those_named(list, *text);
	const char *id = value_string(json_array_get(found, 0), "id"), *kept;
	int code = EXIT_DONE;

	if (json_array_size(found) > 1) {
		code = several_say(session, named, found, *text);
	} else if (json_array_size(found) == 1 && (kept = args_keep(args, id)) != NULL) {
		*text = kept;
	}
	json_decref(found);
	json_decref(list);
	return code;
}

int resolve_name(struct session *session, struct args *args, const char *field, const char **text)
{
	if (is_ascii(*text))
		return EXIT_DONE;
	for (size_t i = 0; i < sizeof(nameds) / sizeof(nameds[0]); i++)
		if (strcmp(nameds[i].field, field) == 0)
			return named_resolve(session, args, &nameds[i], text);
	return EXIT_DONE;
}
