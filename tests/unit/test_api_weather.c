/* test_api_weather: what a weather warning that is set says besides: its end, the plans that ask for it, the level they suggest. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api_fixture.h"

/* The reply has this part somewhere, or has it not. */
static void answers(struct fixture *f, const char *name, const char *body, const char *part, bool wanted)
{
	struct reply reply = call_command(f, name, body, 200);

	if ((strstr(reply.body, part) != NULL) != wanted)
		fail_msg("%s %s: '%s' is %s in %s", name, body, part, wanted ? "not" : "", reply.body);
	reply_free(&reply);
}

static void plan_put(struct fixture *f, const char *id, const char *title, const char *type, uint8_t colours,
	uint8_t level)
{
	static struct playbook_def def;
	struct event event = {.kind = EVENT_PLAYBOOK};

	def = (struct playbook_def){.id = {id, (uint32_t)strlen(id)},
		.title = {title, (uint32_t)strlen(title)},
		.hash = {(uint8_t)strlen(id)},
		.type = {{type, (uint32_t)strlen(type)}},
		.type_count = 1,
		.warning = colours,
		.incident_type = TEXT("rainstorm"),
		.priority = 2,
		.grade = GRADE_GENERAL,
		.response_level = level,
		.step_count = 1,
		.dispose_ms = 86400000,
		.climb = {WHO_GRID_HEAD},
		.climb_count = 1};
	def.step[0] = (struct step_def){.kind = STEP_NOTIFY, .level = 1, .who = WHO_GRID_HEAD};
	event.u.playbook.def = &def;
	take(f, event);
}

#define SET(colour)                                                                                          \
	"{\"colour\":\"" colour                                                                              \
	"\",\"hazard\":\"rainstorm\",\"until\":\"2026-07-01T15:00:00Z\",\"by\":\"duty-1\"}"

static void a_warning_says_what_it_touches(void **state)
{
	struct fixture *f = *state;

	plan_put(f, "pump-in-rain", "雨中停泵", "alarm.pump.failed", 1 << COLOUR_ORANGE | 1 << COLOUR_RED, 3);
	plan_put(f, "rain-orange", "暴雨橙色预警", "alarm.weather.rainstorm", 1 << COLOUR_ORANGE, 2);
	answers(f, "warning-set", SET("orange"), "有效至07-01 23:00", true);
	answers(f, "warning-set", SET("orange"),
		"现适用预案:rain-orange 暴雨橙色预警、pump-in-rain 雨中停泵;", true);
	answers(f, "warning-set", SET("orange"), "response set II --reason", true);
	answers(f, "warning-set", SET("orange"), "\"response_suggested\":\"II\"", true);
	answers(f, "warning-set", SET("blue"), "没有以此预警为条件的预案", true);
	answers(f, "warning-set", SET("red"), "response set",
		false); /* a plan of another hazard suggests nothing */
	answers(f, "warning-clear", "{\"hazard\":\"rainstorm\",\"by\":\"duty-1\"}", "预案", false);
	answers(f, "response-set", "{\"level\":\"II\",\"reason\":\"雨\",\"by\":\"cm-1\"}", "", true);
	answers(f, "warning-set", SET("orange"), "response set", false); /* it is in force */
	struct reply reply = call_json(f, "GET", "/v1/playbooks", NULL, 200);

	assert_non_null(strstr(reply.body, "\"warnings\":[\"orange\"]"));
	reply_free(&reply);
}

static void the_level_is_shown_with_its_course(void **state)
{
	struct fixture *f = *state;
	struct reply reply = call_json(f, "GET", "/v1/response", NULL, 200);

	assert_string_equal(member(&reply, "level"), "clear");
	assert_string_equal(member(&reply, "changes"), "[]");
	reply_free(&reply);
	answers(f, "response-set", "{\"level\":\"IV\",\"reason\":\"有雨\",\"by\":\"duty-1\"}", "", true);
	f->now_ms += 60000;
	answers(f, "response-set",
		"{\"level\":\"II\",\"reason\":\"大雨\",\"by\":\"duty-1\",\"agreed\":\"cm-1\"}", "", true);
	reply = call_json(f, "GET", "/v1/response", NULL, 200);
	assert_string_equal(member(&reply, "level"), "II");
	assert_string_equal(member(&reply, "at"), "2026-07-01T08:01:00.000Z");
	assert_string_equal(member(&reply, "by_name"), "韩雪");
	assert_string_equal(member(&reply, "agreed_name"), "罗清");
	assert_string_equal(member(&reply, "reason"), "大雨");
	assert_string_equal(member(&reply, "release"), "auto");
	assert_non_null(
		strstr(member(&reply, "changes"), "\"level\":\"IV\",\"at\":\"2026-07-01T08:00:00.000Z\""));
	reply_free(&reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_warning_says_what_it_touches, setup, teardown),
		cmocka_unit_test_setup_teardown(the_level_is_shown_with_its_course, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
