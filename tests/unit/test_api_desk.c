/* test_api_desk: shifts, alerts and the bell over HTTP: what is refused, done, listed and told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/tell.h"
#include "api_fixture.h"

/* Sends a command; the reply has this status, and these words in its detail. */
static void says(struct fixture *f, const char *name, const char *body, int status, const char *words)
{
	struct reply reply = call_command(f, name, body, status);

	if (strstr(member(&reply, "detail"), words) == NULL &&
		strstr(member(&reply, "detail_zh"), words) == NULL)
		fail_msg("%s %s: %s / %s", name, body, member(&reply, "detail"), member(&reply, "detail_zh"));
	reply_free(&reply);
}

static void shows(struct fixture *f, const char *path, const char *words)
{
	struct reply reply = call(f, "GET", path, "");

	assert_int_equal(reply.status, 200);
	if (strstr(reply.body, words) == NULL)
		fail_msg("%s: no %s in %s", path, words, reply.body);
	reply_free(&reply);
}

static void raise_alarm(struct fixture *f)
{
	struct event alarm = {.kind = EVENT_ALARM};

	alarm.u.alarm = (struct event_alarm){.source = TEXT("cam-1"),
		.id = TEXT("desk-1"),
		.type = TEXT("alarm.water.person_near"),
		.identity = {77, 78},
		.state = ALARM_RAISED,
		.grid = TEXT("G3"),
		.confidence_ppm = 900000,
		.time_ms = f->now_ms};
	take(f, alarm);
	shell_step(f);
}

static void a_shift_begins_and_ends(void **state)
{
	struct fixture *f = *state;

	says(f, "shift-on", "{\"by\":\"duty-1\"}", 200, "上岗");
	says(f, "shift-on", "{\"by\":\"duty-1\"}", 409, "已在岗");
	says(f, "shift-on", "{\"by\":\"duty-1\",\"person\":\"无名\"}", 404, "没有人员");
	says(f, "shift-on", "{\"by\":\"duty-1\",\"person\":\"郭玲\"}", 422, "请用编号");
	says(f, "shift-on", "{\"by\":\"duty-1\",\"person\":\"crew-2\",\"note\":\"代班\"}", 200, "代班");
	shows(f, "/v1/shift?json=1", "\"name\":\"韩雪\"");
	shows(f, "/v1/shift?json=1", "\"person\":\"crew-2\"");
	shows(f, "/v1/status", "\"on_duty\":[\"韩雪\",\"郭玲\"]");
	says(f, "shift-off", "{\"by\":\"lead-1\"}", 409, "未在岗");
	says(f, "shift-off", "{\"by\":\"duty-1\",\"person\":\"crew-2\"}", 200, "离岗");
	raise_alarm(f);
	says(f, "shift-off", "{\"by\":\"duty-1\"}", 422, "note");
	says(f, "shift-handover", "{\"by\":\"duty-1\"}", 400, "to");
	says(f, "shift-handover", "{\"by\":\"duty-1\",\"to\":\"韩雪\"}", 422, "接班人");
	says(f, "shift-handover", "{\"by\":\"duty-1\",\"to\":\"梁华\"}", 200, "1条提醒未确认");
	shows(f, "/v1/status", "\"on_duty\":[\"梁华\"]");
	says(f, "shift-off", "{\"by\":\"lead-1\",\"note\":\"去现场\"}", 200, "去现场");
	shows(f, "/v1/status", "\"on_duty\":[]");
	says(f, "shift-present", "{\"by\":\"duty-1\"}", 200, "在岗");
}

static void what_waits_is_listed_until_seen(void **state)
{
	struct fixture *f = *state;

	shows(f, "/v1/alerts", "[]");
	shows(f, "/v1/status", "\"alerts\":0,\"oldest_alert_s\":null");
	raise_alarm(f);
	f->now_ms += 90000;
	shell_step(f);
	shows(f, "/v1/alerts", "\"incident\":\"2026-000001\"");
	shows(f, "/v1/alerts", "\"causes\":[\"opened\"");
	shows(f, "/v1/alerts", "新事件");
	shows(f, "/v1/alerts", "\"waits_s\":90");
	shows(f, "/v1/alerts", "\"rings\":2");
	shows(f, "/v1/status", "\"alerts\":1,\"oldest_alert_s\":90");
	shows(f, "/v1/shift?json=true", "\"alerts\":1");
	says(f, "alert-ack", "{\"by\":\"duty-1\"}", 400, "incident, all");
	says(f, "alert-ack", "{\"by\":\"duty-1\"}", 400, "请指明要确认的提醒");
	says(f, "alert-ack", "{\"by\":\"duty-1\",\"all\":true,\"incident\":\"2026-000001\"}", 400,
		"incident, all");
	says(f, "alert-ack", "{\"by\":\"duty-1\",\"incident\":\"2026-000009\"}", 404, "没有事件");
	says(f, "alert-ack", "{\"by\":\"duty-1\",\"incident\":\"2026-000001\",\"note\":\"看到了\"}", 200,
		"看到了");
	shows(f, "/v1/alerts", "[]");
	says(f, "alert-ack", "{\"by\":\"duty-1\",\"incident\":\"2026-000001\"}", 409, "没有未确认的提醒");
	says(f, "alert-ack", "{\"by\":\"duty-1\",\"all\":true}", 409, "没有未确认的提醒");
	shows(f, "/v1/incidents/2026-000001", "提醒已确认");
}

static void nobody_at_the_desk_is_said(void **state)
{
	struct fixture *f = *state;

	raise_alarm(f);
	for (uint32_t minute = 0; minute < 6; minute++) {
		f->now_ms += 60000;
		shell_step(f);
	}
	shows(f, "/v1/tasks", "值班台无人应答");
	shows(f, "/v1/tasks", "NOBODY ANSWERS AT THE DUTY DESK");
	shows(f, "/v1/shift?json=1", "\"climbed\":1");
	says(f, "alert-ack", "{\"by\":\"duty-1\",\"all\":true}", 200, "");
	struct reply reply = call(f, "GET", "/v1/tasks", "");

	assert_null(strstr(reply.body, "值班台无人应答"));
	reply_free(&reply);
}

static void the_page_keeps_its_place(void **state)
{
	struct fixture *f = *state;

	shows(f, "/v1/shift/handover?text=1", "交接班");
	shows(f, "/v1/shift?text=1", "交接班");
	shows(f, "/v1/shift/handover", "<html");
	struct reply reply = call(f, "GET", "/v1/shift?json=perhaps", "");

	assert_int_equal(reply.status, 400);
	reply_free(&reply);
}

static void every_effect_has_its_words(void **state)
{
	struct fixture *f = *state;
	struct effect effect = {.kind = EFFECT_BELL, .u.bell = {.count = 3, .ring = 6, .climb = 1}};
	struct tell tell;

	assert_true(tell_effect(&tell, f->core, &effect));
	assert_int_equal(tell.en_len > 0 && tell.zh_len > 0, true);
	assert_non_null(memmem(tell.zh, tell.zh_len, "值班台无人应答", strlen("值班台无人应答")));
	for (uint8_t to = 0; to < ALERT_STATE_COUNT; to++) {
		effect = (struct effect){.kind = EFFECT_ALERT, .u.alert = {.incident = 1, .to = to}};
		assert_true(tell_effect(&tell, f->core, &effect) && tell.zh_len > 0);
	}
	effect = (struct effect){.kind = EFFECT_PRESENCE, .u.presence = {.missed = 2, .due_ms = 5}};
	assert_true(tell_effect(&tell, f->core, &effect) && tell.zh_len > 0);
	effect = (struct effect){.kind = EFFECT_SHIFT, .u.shift = {.person = 1, .act = SHIFT_OFF}};
	assert_true(tell_effect(&tell, f->core, &effect));
	assert_non_null(memmem(tell.zh, tell.zh_len, "离岗", strlen("离岗")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_shift_begins_and_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(what_waits_is_listed_until_seen, setup, teardown),
		cmocka_unit_test_setup_teardown(nobody_at_the_desk_is_said, setup, teardown),
		cmocka_unit_test_setup_teardown(the_page_keeps_its_place, setup, teardown),
		cmocka_unit_test_setup_teardown(every_effect_has_its_words, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
