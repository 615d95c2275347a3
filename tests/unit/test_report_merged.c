/* test_report_merged: a report tells only what belongs to its case and its time: the response level then, all who called, in order of time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api_fixture.h"

#define MINUTE INT64_C(60000)

static void level_set(struct fixture *f, uint8_t level)
{
	struct event event = {.kind = EVENT_RESPONSE, .by = TEXT("cm-1")};

	event.u.response =
		(struct event_response){.level = level, .reason = TEXT("雨情"), .agreed = TEXT("cm-1")};
	take(f, event);
	shell_step(f);
}

static uint32_t open_case(struct fixture *f, const char *caller, const char *text, int64_t reported_ms)
{
	struct event event = {.kind = EVENT_OPEN, .by = TEXT("P1")};

	event.u.open = (struct event_open){.type = TEXT("drowning_risk"),
		.place = place_at(113.4312, 34.7801),
		.grid = TEXT("G3"),
		.caller = {caller, (uint32_t)strlen(caller)},
		.phone = TEXT("19900000001"),
		.text = {text, (uint32_t)strlen(text)},
		.reported_ms = reported_ms};
	take(f, event);
	shell_step(f);
	return query_town(f->core)->year * 1000000 + query_town(f->core)->incidents;
}

static void act(struct fixture *f, uint32_t incident, uint8_t act, uint32_t other, const char *reason)
{
	struct event event = {.kind = EVENT_ACT, .by = TEXT("P1")};

	event.u.act = (struct event_act){.incident = incident,
		.act = act,
		.other = other,
		.disposition = act == ACT_CLOSE ? DISPOSITION_RESOLVED : 0,
		.reason = {reason, (uint32_t)strlen(reason)}};
	take(f, event);
	shell_step(f);
}

static struct reply report_of(struct fixture *f, uint32_t incident, const char *query)
{
	char path[160];

	(void)snprintf(path, sizeof path, "/v1/incidents/%u-%06u/report%s", incident / 1000000,
		incident % 1000000, query);
	struct reply reply = call(f, "GET", path, NULL);

	assert_int_equal(reply.status, 200);
	return reply;
}

static const char *holds(const struct reply *reply, const char *part)
{
	const char *at = strstr(reply->body, part);

	if (at == NULL)
		fail_msg("no '%s' in %s", part, reply->body);
	return at;
}

static void holds_not(const struct reply *reply, const char *part)
{
	if (strstr(reply->body, part) != NULL)
		fail_msg("'%s' in %s", part, reply->body);
}

static struct event paper_case(int64_t reported_ms, int64_t ended_ms)
{
	struct event event = {.kind = EVENT_PAPER, .by = TEXT("P1")};

	event.u.paper = (struct event_paper){.type = TEXT("drowning_risk"),
		.place = place_at(113.4312, 34.7801),
		.grid = TEXT("G3"),
		.reported_ms = reported_ms,
		.done_ms = ended_ms - MINUTE,
		.verified_ms = ended_ms,
		.done_by = TEXT("crew-1"),
		.verified_by = TEXT("P1"),
		.ended_ms = ended_ms,
		.disposition = DISPOSITION_RESOLVED};
	return event;
}

/* What was set after its end, or over before its report, is not in the report of a case. */
static void a_level_is_told_only_of_its_time(void **state)
{
	struct fixture *f = *state;
	struct reply reply;
	int64_t began_ms = f->now_ms;

	f->now_ms += 60 * MINUTE;
	level_set(f, 3);
	f->now_ms += 60 * MINUTE;
	take(f, paper_case(began_ms, began_ms + 30 * MINUTE));
	reply = report_of(f, query_town(f->core)->year * 1000000 + 1, "?kind=final");
	holds_not(&reply, "应急响应");
	reply_free(&reply);
	take(f, paper_case(began_ms + 70 * MINUTE, began_ms + 90 * MINUTE));
	reply = report_of(f, query_town(f->core)->year * 1000000 + 2, "?kind=final");
	(void)holds(&reply, "我镇已启动Ⅲ级应急响应(17时00分起)");
	reply_free(&reply);
	take(f, paper_case(began_ms + 50 * MINUTE, began_ms + 90 * MINUTE));
	level_set(f, 0);
	reply = report_of(f, query_town(f->core)->year * 1000000 + 3, "?kind=final");
	(void)holds(&reply, "17时00分,我镇启动Ⅲ级应急响应。");
	holds_not(&reply, "终止Ⅲ级");
	reply_free(&reply);
	uint32_t open = open_case(f, "王女士", "落水", 0);

	reply = report_of(f, open, "?kind=first");
	holds_not(&reply, "应急响应");
	reply_free(&reply);
}

/* The first caller's case is merged into the second's: both are sources, and what happened first stands first. */
static void merged_cases_are_told_as_one(void **state)
{
	struct fixture *f = *state;
	uint32_t first = open_case(f, "王女士", "桥下冒烟", 0), second;
	struct reply reply;

	f->now_ms += 3 * MINUTE;
	act(f, first, ACT_NOTE, 0, "已回电核实");
	f->now_ms += 2 * MINUTE;
	second = open_case(f, "李先生", "桥下着火", 0);
	f->now_ms += MINUTE;
	act(f, first, ACT_MERGE, second, "同一起");
	reply = report_of(f, second, "?kind=first");
	(void)holds(&reply, "16时00分,王女士(电话19900000001)报告。报告内容:“桥下冒烟”;16时05分,李先生("
			    "电话19900000001)报告。报告内容:“桥下着火”");
	(void)holds(&reply, "2026年7月1日16时00分(接报时间)");
	const char *told = holds(&reply, "16时00分,接到报告(2026-000001)。"),
		   *sent = holds(&reply, "16时00分,调用");
	const char *noted = holds(&reply, "16时03分,已回电核实"),
		   *again = holds(&reply, "16时05分,接到报告。");
	const char *merged = holds(&reply, "16时06分,同一事件的重复报告并入:2026-000001。");

	assert_true(told < sent && sent < noted && noted < again && again < merged);
	reply_free(&reply);
	reply = report_of(f, first, "?kind=first"); /* it knows only of itself */
	holds_not(&reply, "李先生");
	reply_free(&reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_level_is_told_only_of_its_time, setup, teardown),
		cmocka_unit_test_setup_teardown(merged_cases_are_told_as_one, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
