/* test_api_table: the table of commands and schemas/openapi.yaml say the same: names, arguments, which are required,
 * and every path of the document is answered by something. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/command.h"
#include "api_fixture.h"
#include "openapi_document.h"

#define PREFIX "  /v1/commands/"

/* What the document says of one command, from its path to the next. */
static char *section(const struct command *command)
{
	char path[96], *start, *end;
	size_t len;

	(void)snprintf(path, sizeof(path), "\n" PREFIX "%.*s:\n", (int)command->name.len, command->name.ptr);
	start = strstr(openapi, path);
	if (start == NULL)
		fail_msg("%s is not in schemas/openapi.yaml", path);
	end = strstr(start, "\n      responses:");
	assert_non_null(end);
	len = (size_t)(end - start);
	start = strndup(start, len + 1);
	return start;
}

static void every_command_is_in_the_document(void **state)
{
	uint32_t count, written = 0;
	const struct command *commands = command_table(&count);

	(void)state;
	for (uint32_t i = 0; i < count; i++) {
		char *text = section(&commands[i]), *at = strstr(text, "\n              properties:\n"),
		     line[96];
		uint32_t properties = 0;
		char required[512] = "              required: [";

		assert_non_null(at);
		for (char *p = strchr(at + 1, '\n'); p != NULL && strncmp(p, "\n                ", 17) == 0;
			p = strchr(p + 1, '\n'))
			properties++;
		assert_int_equal(properties, commands[i].argument_count + 2); /* by, channel */
		for (uint32_t j = 0; j < commands[i].argument_count; j++) {
			const struct argument *argument = &commands[i].argument[j];

			(void)snprintf(line, sizeof(line), "\n                %s: {", argument->name.ptr);
			if (strstr(text, line) == NULL)
				fail_msg("%s: %s is not in schemas/openapi.yaml", commands[i].name.ptr,
					argument->name.ptr);
			if (argument->required) {
				if (required[strlen(required) - 1] != '[')
					strcat(required, ", ");
				strcat(required, argument->name.ptr);
			}
		}
		strcat(required, "]\n");
		if (strstr(text, required) == NULL)
			fail_msg("%s: not %s", commands[i].name.ptr, required);
		free(text);
	}
	for (char *at = strstr(openapi, PREFIX); at != NULL; at = strstr(at + 1, PREFIX))
		written++;
	assert_int_equal(written, count);
}

/* The method of a path's first operation, or of its second one. */
static void ask_path(struct fixture *f, const char *path, const char *method)
{
	struct reply reply = call(f, method, path, "");

	if (reply.status == 405 || strstr(reply.body, "unknown_path") != NULL ||
		strstr(reply.body, "unknown_command") != NULL)
		fail_msg("%s %s: %s", method, path, reply.body);
	reply_free(&reply);
}

static void every_path_is_answered(void **state)
{
	struct fixture *f = fixture_new((struct api_config){0});
	uint32_t asked = 0;
	char *copy = strdup(openapi), *save, path[128] = "";

	(void)state;
	for (char *line = strtok_r(copy, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		if (strncmp(line, "  /v1/", 6) == 0) {
			char *id;

			(void)snprintf(path, sizeof(path), "%s", line + 2);
			path[strlen(path) - 1] = '\0';
			id = strstr(path, "{id}");
			if (id != NULL)
				strcpy(id, "U1");
		} else if (strcmp(line, "    get:") == 0 || strcmp(line, "    post:") == 0) {
			if (strcmp(path, "/v1/feed") == 0) /* never ends */
				continue;
			ask_path(f, path, line[4] == 'g' ? "GET" : "POST");
			asked++;
		}
	}
	assert_true(asked > 60);
	free(copy);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_is_in_the_document),
		cmocka_unit_test(every_path_is_answered),
	};

	return cmocka_run_group_tests(tests, openapi_read, openapi_free);
}
