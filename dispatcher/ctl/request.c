/* request: a command and what was typed, to the path, query and body of a request; sends nothing. */
#include <stdlib.h>
#include <string.h>

#include "ctl/session.h"
#include "wire/time_text.h"

/* A path that grows; too long once, too long for good. */
struct path {
	char *out;
	size_t len;
	bool too_long;
};

static void path_put(struct path *path, const char *text, size_t len)
{
	if (path->too_long || path->len + len >= SESSION_PATH_MAX) {
		path->too_long = true;
		return;
	}
	memcpy(path->out + path->len, text, len);
	path->len += len;
	path->out[path->len] = '\0';
}

static void path_put_escaped(struct path *path, const char *text)
{
	char escaped[SESSION_PATH_MAX];

	if (http_escape(text, escaped, sizeof(escaped)))
		path_put(path, escaped, strlen(escaped));
	else
		path->too_long = true;
}

/* The value that goes into the braces of the path: there is one argument for it. */
static const char *path_value(const struct args *args)
{
	for (uint32_t i = 0; i < args->count; i++)
		if (args->value[i].arg->to == TO_PATH)
			return args->value[i].text;
	return "";
}

static void path_fill(const struct args *args, struct path *path)
{
	const char *template = args->command->path;
	const char *open = strchr(template, '{');

	if (open == NULL) {
		path_put(path, template, strlen(template));
		return;
	}
	path_put(path, template, (size_t)(open - template));
	path_put_escaped(path, path_value(args));
	path_put(path, strchr(open, '}') + 1, strlen(strchr(open, '}') + 1));
}

/* A time as it is sent, anything else as it was typed. */
static const char *value_sent(
	const struct session *session, const struct arg_value *value, char utc[TIME_TEXT_LEN + 1])
{
	if (value->arg->kind == ARG_FLAG)
		return "true";
	return value->arg->kind == ARG_TIME &&
			       args_time(value->text, session->screen.now_ms, args_side(value->arg), utc)
		       ? utc
		       : value->text;
}

static void query_fill(const struct session *session, const struct args *args, struct path *path)
{
	char utc[TIME_TEXT_LEN + 1];
	const char *mark = "?";

	for (uint32_t i = 0; i < args->count; i++) {
		const struct arg_value *value = &args->value[i];

		if (value->arg->to != TO_QUERY)
			continue;
		path_put(path, mark, 1);
		path_put(path, value->arg->field, strlen(value->arg->field));
		path_put(path, "=", 1);
		path_put_escaped(path, value_sent(session, value, utc));
		mark = "&";
	}
}

static json_t *body_value(const struct session *session, const struct arg_value *value)
{
	char utc[TIME_TEXT_LEN + 1];

	switch (value->arg->kind) {
	case ARG_FLAG:
		return json_boolean((value->arg->flags & ARG_NEGATES) == 0);
	case ARG_COUNT:
	case ARG_WHOLE:
		return json_integer(strtoll(value->text, NULL, 10));
	case ARG_DEGREES_LON:
	case ARG_DEGREES_LAT:
		return json_real(strtod(value->text, NULL));
	default:
		return json_string(value_sent(session, value, utc));
	}
}

/* Arguments that may come often make an array. */
static void body_put(const struct session *session, json_t *body, const struct arg_value *value)
{
	json_t *made = body_value(session, value);

	ASSERT(made != NULL); /* what was typed is UTF-8: run_words has looked */
	if ((value->arg->flags & ARG_MANY) != 0) {
		json_t *list = json_object_get(body, value->arg->field);

		if (list == NULL) {
			list = json_array();
			ASSERT(json_object_set_new(body, value->arg->field, list) == 0);
		}
		ASSERT(json_array_append_new(list, made) == 0);
	} else {
		ASSERT(json_object_set_new(body, value->arg->field, made) == 0);
	}
}

static json_t *body_fill(const struct session *session, const struct args *args)
{
	json_t *body = args->command->body == NULL ? json_object() : json_loads(args->command->body, 0, NULL);

	ASSERT(body != NULL);
	if (args->command->signed_by) {
		ASSERT(json_object_set_new(body, "by", json_string(session->by)) == 0);
		ASSERT(json_object_set_new(body, "channel", json_string("console")) == 0);
	}
	for (uint32_t i = 0; i < args->count; i++)
		if (args->value[i].arg->to == TO_BODY)
			body_put(session, body, &args->value[i]);
	return body;
}

bool session_request(const struct session *session, const struct args *args, char *path, json_t **body)
{
	struct path to = {.out = path};

	*body = NULL;
	path[0] = '\0';
	path_fill(args, &to);
	query_fill(session, args, &to);
	if (to.too_long)
		return false;
	if (strcmp(args->command->method, "GET") != 0)
		*body = body_fill(session, args);
	return true;
}
