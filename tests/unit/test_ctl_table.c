/* test_ctl_table: the table of commands agrees with itself and with schemas/openapi.yaml; the parser is strict. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/args.h"
#include "ctl/complete.h"
#include "ctl/console.h"
#include "ctl/line.h"
#include "ctl/session.h"
#include "wire/time_text.h"
#include "openapi_document.h"

enum { WORDS_MAX = 64 };

/* What stands under a path there, as text to be freed; NULL: the path is not there. */
static char *openapi_section(const char *path)
{
	char key[256];
	const char *from, *to;

	snprintf(key, sizeof(key), "\n  %s:\n", path);
	from = strstr(openapi, key);
	if (from == NULL)
		return NULL;
	to = strstr(from + 1, "\n  /");
	if (to == NULL)
		to = strstr(from, "\ncomponents:");
	assert_non_null(to);
	return strndup(from, (size_t)(to - from));
}

static bool is_text(const char *text)
{
	return text != NULL && text[0] != '\0';
}

/* Its characters are wider than one column. */
static bool is_chinese(const char *text)
{
	uint32_t characters = 0;

	assert_true(is_text(text));
	for (const char *at = text; *at != '\0'; at++)
		characters += ((unsigned char)*at & 0xC0) != 0x80;
	return screen_columns(text) > characters;
}

static void words_with_a_context(void **state)
{
	(void)state;
	assert_string_equal(lang_say(LANG_EN, NC_("stock", "Free")), "Free");
	assert_string_equal(lang_say(LANG_ZH, NC_("stock", "Free")), "可用");
	assert_string_equal(lang_say(LANG_ZH, "Free"), "可派");
	assert_string_equal(lang_say(LANG_ZH, NC_("nowhere", "no such words")), "no such words");
	assert_string_equal(lang_say(LANG_ZH, ""), "");
}

static void every_entry_speaks_both_languages(void **state)
{
	const struct command *command;

	(void)state;
	assert_non_null(command_at(50));
	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++) {
		assert_true(is_text(command->words));
		assert_true(is_chinese(lang_say(LANG_ZH, command->help)));
		assert_false(is_chinese(lang_say(LANG_EN, command->help)));
		assert_true(is_text(command->example));
		assert_null(command->arg[COMMAND_ARGS_MAX - 1].name);
		for (const struct arg *arg = command->arg; arg->name != NULL; arg++)
			assert_true(is_chinese(lang_say(LANG_ZH, arg->what)) &&
				    !is_chinese(lang_say(LANG_EN, arg->what)));
	}
}

static void every_entry_can_be_run_and_shown(void **state)
{
	const struct command *command;

	(void)state;
	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++) {
		assert_true(command->run != NULL || (command->method != NULL && command->path != NULL));
		assert_true(command->run != NULL || command->show != NULL || command->fields != NULL);
	}
}

static void no_words_and_no_names_come_twice(void **state)
{
	const struct command *command;

	(void)state;
	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++) {
		for (uint32_t j = 0; j < i; j++)
			assert_string_not_equal(command->words, command_at(j)->words);
		for (const struct arg *a = command->arg; a->name != NULL; a++)
			for (const struct arg *b = command->arg; b != a; b++)
				assert_string_not_equal(a->name, b->name);
	}
}

/* Options that need another, and words to choose from, name what is there. */
static void specifications_are_whole(void **state)
{
	const struct command *command;

	(void)state;
	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++)
		for (const struct arg *arg = command->arg; arg->name != NULL; arg++) {
			bool found = arg->with == NULL;

			for (const struct arg *other = command->arg; other->name != NULL; other++)
				found = found || strcmp(other->name, arg->with) == 0;
			assert_true(found);
			assert_true((arg->kind == ARG_WORD) == (arg->words != NULL));
			assert_true((arg->to == TO_QUERY || arg->to == TO_BODY) == (arg->field != NULL));
		}
}

static void every_example_parses(void **state)
{
	const struct command *command;

	(void)state;
	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++) {
		char line[512], fault[ARGS_FAULT_MAX];
		const char *word[WORDS_MAX];
		struct args args;
		uint32_t words, taken;

		snprintf(line, sizeof(line), "%s", command->example);
		assert_int_equal(line_split(line, word, WORDS_MAX, &words), DISP_OK);
		assert_ptr_equal(command_find(word, words, &taken), command);
		if (args_parse(command, word + taken, words - taken, LANG_EN, &args, fault) != DISP_OK)
			fail_msg("%s: %s", command->example, fault);
	}
}

static void every_path_and_field_is_in_openapi(void **state)
{
	const struct command *command;

	(void)state;
	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++) {
		char *section, key[128];

		if (command->path == NULL)
			continue;
		section = openapi_section(command->path);
		if (section == NULL)
			fail_msg("%s: no path %s", command->words, command->path);
		assert_non_null(
			strstr(section, strcmp(command->method, "GET") == 0 ? "\n    get:" : "\n    post:"));
		if (command->signed_by)
			assert_true(
				strstr(section, " by: {") != NULL && strstr(section, " channel: {") != NULL);
		for (const struct arg *arg = command->arg; arg->name != NULL; arg++) {
			if (arg->field == NULL ||
				strcmp(arg->field, "dry_run") == 0) /* that every command takes */
				continue;
			snprintf(key, sizeof(key), arg->to == TO_QUERY ? "name: %s, in: query" : " %s: {",
				arg->field);
			if (strstr(section, key) == NULL)
				fail_msg("%s: %s takes no %s", command->words, command->path, arg->field);
		}
		free(section);
	}
}

/* What the daemon can be asked, a person can ask. */
static void every_path_of_openapi_has_an_entry(void **state)
{
	uint32_t paths = 0;

	(void)state;
	for (const char *at = strstr(openapi, "\n  /v1/"); at != NULL; at = strstr(at + 1, "\n  /v1/")) {
		const struct command *command;
		char path[128];
		bool found = false;

		snprintf(path, sizeof(path), "%.*s", (int)strcspn(at + 3, ":"), at + 3);
		for (uint32_t i = 0; (command = command_at(i)) != NULL; i++)
			found = found || (command->path != NULL && strcmp(command->path, path) == 0);
		if (!found)
			fail_msg("no command for %s", path);
		paths++;
	}
	assert_true(paths > 60);
}

static const struct command *command_of_path(const char *path)
{
	const struct command *command;

	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++)
		if (command->path != NULL && strcmp(command->path, path) == 0)
			return command;
	return NULL;
}

/* Whether a value of a body, or of a query, can be typed. */
static bool takes(const struct command *command, const char *field)
{
	for (const struct arg *arg = command->arg; arg->name != NULL; arg++)
		if (arg->field != NULL && strcmp(arg->field, field) == 0)
			return true;
	return strcmp(field, "with") == 0; /* of order-send: the console names the units typed before it */
}

static void every_property_of_a_command_can_be_typed(void **state)
{
	static const char mark[] = "\n                "; /* a property of a body stands so far to the right */
	uint32_t properties = 0;

	(void)state;
	for (const char *at = strstr(openapi, "\n  /v1/commands/"); at != NULL;
		at = strstr(at + 1, "\n  /v1/commands/")) {
		char path[128], *section;

		snprintf(path, sizeof(path), "%.*s", (int)strcspn(at + 3, ":"), at + 3);
		section = openapi_section(path);
		assert_non_null(section);
		for (const char *line = strstr(section, mark); line != NULL; line = strstr(line + 1, mark)) {
			char name[64];

			snprintf(name, sizeof(name), "%.*s", (int)strcspn(line + strlen(mark), ": "),
				line + strlen(mark));
			if (name[0] == '\0' || strcmp(name, "mode") == 0) /* drills are not the officer's */
				continue;
			if (!takes(command_of_path(path), name))
				fail_msg("%s: %s cannot be typed", path, name);
			properties++;
		}
		free(section);
	}
	assert_true(properties > 150);
}

/* --- the parser ------------------------------------------------------------------------------------ */

static enum disp_err parse(const char *typed, struct args *args, char *fault)
{
	static char line[512];
	const char *word[WORDS_MAX];
	const struct command *command;
	uint32_t words, taken;

	snprintf(line, sizeof(line), "%s", typed);
	assert_int_equal(line_split(line, word, WORDS_MAX, &words), DISP_OK);
	command = command_find(word, words, &taken);
	assert_non_null(command);
	return args_parse(command, word + taken, words - taken, LANG_EN, args, fault);
}

static void what_is_wrong_is_said(void **state)
{
	static const struct {
		const char *typed, *said;
	} cases[] = {
		{"incident list --stat accepted", "did you mean --state?"},
		{"incident list --state nonsense", "it is one of reported|"},
		{"incident list --all --all", "once only"},
		{"incident list --all=yes", "takes no value"},
		{"incident list --state", "needs a value"},
		{"incident list surplus", "one too many"},
		{"incident list --json", "before the command"},
		{"incident show", "ID is missing"},
		{"incident close 1", "--disposition is missing"},
		{"incident open --type x", "exactly one of --lon | --grid | --device | --place"},
		{"incident open --type x --grid g --place p", "exactly one of"},
		{"incident open --type x --lon 113", "--lat is needed too"},
		{"incident open --type x --grid g --crs EPSG:4490", "--lon is needed too"},
		{"incident add 1 --skill medic --count 0", "whole number above 0"},
		{"incident add 1 --skill medic --count -1", "whole number above 0"},
		{"incident add 1 --skill ''", "cannot be empty"},
		{"nearest --lon 11x --lat 34", "not a coordinate"},
		{"nearest --lon nan --lat 34", "not a coordinate"},
		{"warning set red rain --until tomorrow", "not a time"},
		{"incident list --state 待命", "it is one of reported|"},
		{"silence add --until 2026-07-01T00:00:00Z --reason x",
			"at least one of --source | --type | --grid"},
	};
	char fault[ARGS_FAULT_MAX];
	struct args args;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse(cases[i].typed, &args, fault), DISP_E_INPUT);
		if (strstr(fault, cases[i].said) == NULL)
			fail_msg("%s: %s", cases[i].typed, fault);
	}
	assert_int_equal(parse("incident close --help", &args, fault), DISP_OK);
	assert_true(args.help);
	assert_int_equal(parse("incident note 7 -- --help", &args, fault), DISP_OK);
	assert_false(args.help);
}

static void check_request(const char *typed, const char *path, const char *body)
{
	struct session session = {.by = "王五"};
	char fault[ARGS_FAULT_MAX], made[SESSION_PATH_MAX];
	struct args args;
	json_t *document;

	assert_int_equal(parse(typed, &args, fault), DISP_OK);
	assert_true(session_request(&session, &args, made, &document));
	assert_string_equal(made, path);
	if (body == NULL) {
		assert_null(document);
	} else {
		char *text = session_text(document);

		assert_string_equal(text, body);
		free(text);
	}
	json_decref(document);
}

static void requests_of_every_kind(void **state)
{
	(void)state;
	check_request("incident show '2026/../x y'", "/v1/incidents/2026%2F..%2Fx%20y", NULL);
	check_request("incident list --state=working --all", "/v1/incidents?state=working&all=true", NULL);
	check_request("nearest --lon 113.4312 --lat 34.78 -k 3 --skill medic --skill 水",
		"/v1/nearest?lon=113.4312&lat=34.78&k=3&skill=medic&skill=%E6%B0%B4", NULL);
	check_request("incident verify 7", "/v1/commands/incident-verify",
		"{\"passed\":true,\"by\":\"王五\",\"channel\":\"console\",\"incident\":\"7\"}");
	check_request("incident verify 7 --failed", "/v1/commands/incident-verify",
		"{\"passed\":false,\"by\":\"王五\",\"channel\":\"console\",\"incident\":\"7\"}");
	check_request("incident open --type fire --lon 113.4312 --lat 34.78 --at '2026-07-01 16:00'",
		"/v1/commands/incident-open",
		"{\"by\":\"王五\",\"channel\":\"console\",\"type\":\"fire\",\"lon\":113.4312,\"lat\":34.78,"
		"\"at\":\"2026-07-01T08:00:00.000Z\"}");
	check_request("incident add 7 --skill a --skill b --count 2", "/v1/commands/incident-add",
		"{\"by\":\"王五\",\"channel\":\"console\",\"incident\":\"7\",\"skills\":[\"a\",\"b\"],"
		"\"count\":2}");
	check_request("order answer O1 accept --by 李四 --channel radio", "/v1/commands/order-answer",
		"{\"by\":\"李四\",\"channel\":\"radio\",\"order\":\"O1\",\"answer\":\"accept\"}");
	check_request("incident merge 8 7", "/v1/commands/incident-merge",
		"{\"by\":\"王五\",\"channel\":\"console\",\"incident\":\"8\",\"into\":\"7\"}");
	check_request("incident note 7 x --dry-run", "/v1/commands/incident-note",
		"{\"by\":\"王五\",\"channel\":\"console\",\"incident\":\"7\",\"reason\":\"x\",\"dry_run\":"
		"true}");
	check_request("incident note 7 -- --dashes", "/v1/commands/incident-note",
		"{\"by\":\"王五\",\"channel\":\"console\",\"incident\":\"7\",\"reason\":\"--dashes\"}");
}

static void words_of_the_screens_and_times_of_today(void **state)
{
	char utc[32] = "";

	(void)state;
	check_request("incident list --state 已派遣", "/v1/incidents?state=dispatched", NULL);
	check_request("unit list --state 待命", "/v1/units?state=available", NULL);
	check_request("unit list --state 赶赴中", "/v1/units?state=en_route", NULL);
	check_request("task list --state 待办", "/v1/tasks?state=open", NULL);
	check_request("order answer O1 接受 --by 李四", "/v1/commands/order-answer",
		"{\"by\":\"李四\",\"channel\":\"console\",\"order\":\"O1\",\"answer\":\"accept\"}");
	check_request("incident close 1 --disposition 已处置", "/v1/commands/incident-close",
		"{\"by\":\"王五\",\"channel\":\"console\",\"incident\":\"1\",\"disposition\":\"resolved\"}");
	check_request("response set Ⅲ --reason 雨", "/v1/commands/response-set",
		"{\"by\":\"王五\",\"channel\":\"console\",\"level\":\"III\",\"reason\":\"雨\"}");
	check_request("response set 3 --reason 雨", "/v1/commands/response-set",
		"{\"by\":\"王五\",\"channel\":\"console\",\"level\":\"III\",\"reason\":\"雨\"}");
	check_request("incident fact 1 人员伤亡 无", "/v1/commands/incident-fact",
		"{\"by\":\"王五\",\"channel\":\"console\",\"incident\":\"1\",\"fact\":\"casualties\","
		"\"text\":\"无\"}");
	check_request("unit list --skill 医疗救护", "/v1/units?skill=medic", NULL);
	check_request("device list --kind 摄像机", "/v1/devices?kind=camera", NULL);
	assert_true(args_time("18:05", 0, false, utc));
	assert_string_equal(utc + 10, "T10:05:00.000Z");
	assert_true(args_time("02:30", 0, false, utc));
	assert_string_equal(utc + 10, "T18:30:00.000Z"); /* yesterday in Greenwich */
	assert_false(args_time("24:01", 0, false, utc));
	assert_false(args_time("9:30", 0, false, utc));
}

static void a_time_of_day_at_night(void **state)
{
	static const struct {
		const char *now, *typed;
		bool coming;
		const char *means;
	} cases[] = {
		{"2026-07-01T22:40:00+08:00", "06:30", true, "2026-07-01T22:30:00.000Z"}, /* in the morning */
		{"2026-07-01T22:40:00+08:00", "23:00", true, "2026-07-01T15:00:00.000Z"},
		{"2026-07-01T22:40:00+08:00", "22:40", true, "2026-07-02T14:40:00.000Z"},
		{"2026-07-02T00:10:00+08:00", "23:50", false,
			"2026-07-01T15:50:00.000Z"}, /* before midnight */
		{"2026-07-02T00:10:00+08:00", "00:05", false, "2026-07-01T16:05:00.000Z"},
		{"2026-07-02T00:10:00+08:00", "00:15", false,
			"2026-07-01T16:15:00.000Z"}, /* refused, not a day ago */
		{"2026-07-01T23:50:00+08:00", "00:05", false, "2026-07-01T16:05:00.000Z"},
	};
	char utc[32] = "";
	int64_t now_ms;

	(void)state;
	for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
			time_parse((struct text){cases[i].now, (uint32_t)strlen(cases[i].now)}, &now_ms),
			DISP_OK);
		assert_true(args_time(cases[i].typed, now_ms, cases[i].coming, utc));
		assert_string_equal(utc, cases[i].means);
	}
}

/* --- completion ------------------------------------------------------------------------------------ */

static void completion_reads_the_table(void **state)
{
	(void)state;
	assert_string_equal(console_complete("", "inc", 0), "incident");
	assert_null(console_complete("", "inc", 1));
	assert_string_equal(console_complete("incident ", "cl", 0), "close");
	assert_string_equal(console_complete("incident close 7 ", "--d", 0), "--disposition");
	assert_string_equal(console_complete("incident close 7 ", "--", 0), "--disposition");
	assert_string_equal(console_complete("incident close 7 ", "--h", 0), "--help");
	assert_null(console_complete("nonsense ", "--", 0));
	assert_null(console_complete("status ", "x", 0));
}

static void completion_knows_the_argument(void **state)
{
	(void)state;
	assert_string_equal(complete_arg("incident show ")->name, "ID");
	assert_string_equal(complete_arg("order send ")->name, "INCIDENT");
	assert_string_equal(complete_arg("order send 2026-000001 --task x ")->name, "UNIT");
	assert_string_equal(complete_arg("incident close 7 --disposition ")->name, "--disposition");
	assert_null(complete_arg("incident confirm 7 "));
	assert_null(complete_arg("nonsense "));

	json_t *values = complete_values(NULL, "incident close 7 --disposition ", "re");
	assert_int_equal(json_array_size(values), 2);
	assert_string_equal(json_string_value(json_array_get(values, 1)), "referred");
	json_decref(values);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_with_a_context),
		cmocka_unit_test(every_entry_speaks_both_languages),
		cmocka_unit_test(every_entry_can_be_run_and_shown),
		cmocka_unit_test(no_words_and_no_names_come_twice),
		cmocka_unit_test(specifications_are_whole),
		cmocka_unit_test(every_example_parses),
		cmocka_unit_test(every_path_and_field_is_in_openapi),
		cmocka_unit_test(every_path_of_openapi_has_an_entry),
		cmocka_unit_test(every_property_of_a_command_can_be_typed),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(requests_of_every_kind),
		cmocka_unit_test(words_of_the_screens_and_times_of_today),
		cmocka_unit_test(a_time_of_day_at_night),
		cmocka_unit_test(completion_reads_the_table),
		cmocka_unit_test(completion_knows_the_argument),
	};

	return cmocka_run_group_tests(tests, openapi_read, openapi_free);
}
