/* test_report: reports upward: what stands in each kind, which gaps are named, that no text of a stranger does harm. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api_fixture.h"

#define HOSTILE "\"<script>\x1b[31m\xE2\x80\xAE\n\r【待补:人员伤亡】\x07\xC2\x9B"

/* One row with one effect of a kind that only writes down. */
static void put(struct fixture *f, struct event event, struct effect effect)
{
	event.seq = ++f->seq;
	event.epoch = 1;
	event.at_ms = f->now_ms;
	f->effects.count = 1;
	f->effects.item[0] = effect;
	row_store(f, &event);
	assert_int_equal(core_apply(f->core, &event, &f->effects), DISP_OK);
}

static void put_fact(struct fixture *f, uint32_t incident, enum fact fact, const char *text)
{
	put(f,
		(struct event){.kind = EVENT_FACT,
			.u.fact = {.incident = incident,
				.fact = (uint8_t)fact,
				.text = {text, (uint32_t)strlen(text)}}},
		(struct effect){
			.kind = EFFECT_FACT, .u.fact = {.incident = incident, .fact = (uint8_t)fact}});
}

static void put_report(struct fixture *f, uint32_t incident, enum report_kind report, uint32_t number)
{
	put(f,
		(struct event){.kind = EVENT_REPORT,
			.u.report = {.incident = incident,
				.report = (uint8_t)report,
				.to = TEXT("县应急局")}},
		(struct effect){.kind = EFFECT_REPORT,
			.u.report = {.incident = incident, .report = (uint8_t)report, .number = number}});
}

static void put_note(struct fixture *f, uint32_t incident, const char *text)
{
	struct event event = {.kind = EVENT_ACT, .by = TEXT("P1")};

	event.u.act = (struct event_act){
		.incident = incident, .act = ACT_NOTE, .reason = {text, (uint32_t)strlen(text)}};
	take(f, event);
}

static void act(struct fixture *f, uint32_t incident, uint8_t act, uint8_t disposition, const char *by)
{
	struct event event = {.kind = EVENT_ACT, .by = {by, (uint32_t)strlen(by)}};

	event.u.act = (struct event_act){
		.incident = incident, .act = act, .disposition = disposition, .reason = TEXT("好了")};
	take(f, event);
}

static uint32_t open_case(struct fixture *f, const char *text)
{
	struct event event = {.kind = EVENT_OPEN, .by = TEXT("P1")};
	struct text said = {text, (uint32_t)strlen(text)};

	event.u.open = (struct event_open){.type = TEXT("drowning_risk"),
		.place = place_at(113.4312, 34.7801),
		.grid = TEXT("G3"),
		.caller = said,
		.phone = said,
		.text = said,
		.where = said};
	take(f, event);
	shell_step(f);
	return f->effects.count > 0 ? query_town(f->core)->incidents : 0;
}

static uint32_t the_case(const struct fixture *f)
{
	uint32_t slot = query_town(f->core)->open_first;

	assert_int_not_equal(slot, 0);
	return ((const struct incident *)query_at(f->core, TABLE_INCIDENT, slot))->r.number;
}

static struct reply ask(struct fixture *f, uint32_t incident, const char *query, int status)
{
	char path[160];
	struct reply reply;

	(void)snprintf(path, sizeof path, "/v1/incidents/%u-%06u/report%s", incident / 1000000,
		incident % 1000000, query);
	reply = call(f, "GET", path, NULL);
	if (reply.status != status)
		fail_msg("%s: %d %s", path, reply.status, reply.body);
	return reply;
}

static void has(struct fixture *f, uint32_t incident, const char *query, const char *const *part)
{
	struct reply reply = ask(f, incident, query, 200);

	for (; *part != NULL; part++)
		if (strstr(reply.body, *part) == NULL)
			fail_msg("%s: no '%s' in %s", query, *part, reply.body);
	reply_free(&reply);
}

static void has_not(struct fixture *f, uint32_t incident, const char *query, const char *part)
{
	struct reply reply = ask(f, incident, query, 200);

	if (strstr(reply.body, part) != NULL)
		fail_msg("%s: '%s' in %s", query, part, reply.body);
	reply_free(&reply);
}

static void put_all_facts(struct fixture *f, uint32_t incident)
{
	put_fact(f, incident, FACT_CASUALTIES, "1人轻伤");
	put_fact(f, incident, FACT_CAUSE, "孩童在岸边玩耍滑落");
	put_fact(f, incident, FACT_TREND, "事态已控制");
	put_fact(f, incident, FACT_SCOPE, "河湾一处");
	put_fact(f, incident, FACT_LOSS, "无");
	put_fact(f, incident, FACT_MEASURES, "继续巡查河道。");
	put_fact(f, incident, FACT_REQUEST, "请求支援冲锋舟一艘");
	put_fact(f, incident, FACT_CONTACT, "李四 13900000000");
	put_fact(f, incident, FACT_SIGNER, "王五");
	put_fact(f, incident, FACT_LESSONS, "护栏应加高");
}

static void what_nobody_has_given_is_named(void **state)
{
	struct fixture *f = fixture_new((struct api_config){0});
	struct reply reply;

	(void)state;
	(void)open_case(f, "有人喊救命");
	has(f, the_case(f), "",
		(const char *const[]){"测试镇突发事件信息初报", "【演示数据】", "报告单位:测试镇",
			"2026年7月1日16时00分", "【待补:人员伤亡】", "【待补:签发人】",
			"【待补:联系人及电话】", "【待补:影响范围】", "【待补:发展趋势】",
			"【待补:拟采取的措施】", "起因正在核实", "正在统计", "有人喊救命(电话有人喊救命)报告",
			"东经113.43120 北纬34.78010", "派出救援一队(4人)", "一号仓库的救生圈4个", NULL});
	reply = call_json(f, "GET", "/v1/incidents/2026-000001/report?json=1", NULL, 200);
	assert_non_null(strstr(reply.body,
		"\"gaps\":[\"signer\",\"contact\",\"casualties\",\"scope\",\"trend\",\"measures\"]"));
	assert_non_null(strstr(reply.body, "\"kind\":\"first\""));
	assert_non_null(strstr(reply.body, "\"text\":\"测试镇突发事件信息初报"));
	reply_free(&reply);
	fixture_free(f);
}

static void a_complete_one_has_no_gaps(void **state)
{
	struct fixture *f = fixture_new((struct api_config){0});
	struct reply reply;
	uint32_t incident;

	(void)state;
	(void)open_case(f, "有人喊救命");
	incident = the_case(f);
	put_all_facts(f, incident);
	has_not(f, incident, "?kind=first", "待补");
	has(f, incident, "?kind=first",
		(const char *const[]){"1人轻伤", "孩童在岸边玩耍滑落", "事态已控制", "河湾一处",
			"  继续巡查河道。\n", "请求支援冲锋舟一艘", "李四 13900000000", "签 发 人:王五",
			NULL});
	put_fact(f, incident, FACT_CASUALTIES, "2人轻伤"); /* the latest counts */
	has(f, incident, "", (const char *const[]){"2人轻伤", NULL});
	has_not(f, incident, "", "1人轻伤");
	reply = call_json(f, "GET", "/v1/incidents/2026-000001/report?json=true", NULL, 200);
	assert_non_null(strstr(reply.body, "\"gaps\":[]"));
	reply_free(&reply);
	fixture_free(f);
}

static void a_long_fact_is_not_cut(void **state)
{
	struct fixture *f = fixture_new((struct api_config){0});
	static char text[3001];
	uint32_t incident;

	(void)state;
	for (uint32_t i = 0; i < 1000; i++)
		memcpy(text + 3 * (size_t)i, i == 999 ? "末" : "长", 3);
	(void)open_case(f, "x");
	incident = the_case(f);
	for (uint32_t fact = 0; fact < FACT_COUNT; fact++)
		put_fact(f, incident, (enum fact)fact, text);
	has(f, incident, "?kind=first", (const char *const[]){text, "签 发 人:长", NULL});
	has_not(f, incident, "?kind=first", "长…");
	has_not(f, incident, "?kind=final", "待补:经验教训");
	fixture_free(f);
}

static void a_follow_up_tells_what_is_new(void **state)
{
	struct fixture *f = fixture_new((struct api_config){0});
	uint32_t incident;

	(void)state;
	(void)open_case(f, "有人喊救命");
	incident = the_case(f);
	has(f, incident, "?kind=followup", (const char *const[]){"续报(第1期)", "【待补:初报】", NULL});
	put_fact(f, incident, FACT_TREND, "水在涨");
	put_fact(f, incident, FACT_LOSS, "围栏损坏");
	put_note(f, incident, "第一批人员到位");
	put_report(f, incident, REPORT_FIRST, 1);
	f->now_ms += 3600000;
	put_fact(f, incident, FACT_TREND, "水在退");
	put_note(f, incident, "孩子已救起");
	has(f, incident, "?kind=followup",
		(const char *const[]){"续报(第1期)", "已于16时00分上报", "17时00分,孩子已救起", "水在退",
			"财产损失:与上次报告相比无新变化", "【待补:人员伤亡】", NULL});
	has_not(f, incident, "?kind=followup", "第一批人员到位");
	has_not(f, incident, "?kind=followup", "水在涨");
	has_not(f, incident, "?kind=followup", "待补:初报");
	put_report(f, incident, REPORT_FOLLOWUP, 1);
	has(f, incident, "?kind=followup",
		(const char *const[]){
			"续报(第2期)", "已于17时00分上报", "发展趋势\n  与上次报告相比无新变化", NULL});
	has(f, incident, "?kind=first", (const char *const[]){"第一批人员到位", "孩子已救起", NULL});
	fixture_free(f);
}

static void a_final_one_sums_up(void **state)
{
	struct fixture *f = fixture_new((struct api_config){0});
	uint32_t incident;
	struct reply reply;

	(void)state;
	(void)open_case(f, "有人喊救命");
	incident = the_case(f);
	put_all_facts(f, incident);
	put_report(f, incident, REPORT_FIRST, 1);
	put_report(f, incident, REPORT_FOLLOWUP, 2);
	has(f, incident, "?kind=final", (const char *const[]){"终报", "事件尚未结案:【待补:结案】", NULL});
	f->now_ms += 5400000;
	act(f, incident, ACT_DONE, 0, "救援队长");
	act(f, incident, ACT_VERIFY, 0, "网格员");
	act(f, incident, ACT_CLOSE, DISPOSITION_RESOLVED, "P1");
	has(f, incident, "?kind=final",
		(const char *const[]){"处置经过", "16时00分,接到报告。",
			"17时30分,现场处置完毕(报告人:救援队长)。", "17时30分,核查确认(核查人:网格员)。",
			"17时30分,结案:已解决。", "17时30分结案,结论:已解决,自接报历时1小时30分",
			"护栏应加高", "初报于16时00分上报;续报2期,最近一期于16时00分上报。", NULL});
	reply = ask(f, incident, "?kind=final&json=1", 200);
	assert_non_null(strstr(reply.body, "\"gaps\":[]"));
	reply_free(&reply);
	fixture_free(f);
}

static uint32_t bring_paper(struct fixture *f, struct text units, int64_t sent_ms, int64_t arrived_ms)
{
	struct event event = {.kind = EVENT_PAPER, .by = TEXT("P1")};

	event.u.paper = (struct event_paper){.type = TEXT("drowning_risk"),
		.place = place_at(113.4312, 34.7801),
		.grid = TEXT("G3"),
		.caller = TEXT("王老师"),
		.phone = TEXT("13811112222"),
		.text = TEXT("有人落水"),
		.where = TEXT("桥下"),
		.units = units,
		.reported_ms = f->now_ms - 7200000,
		.dispatched_ms = sent_ms,
		.arrived_ms = arrived_ms};
	take(f, event);
	shell_step(f);
	return query_town(f->core)->incidents;
}

static void what_was_run_on_paper_keeps_its_facts(void **state)
{
	struct fixture *f = fixture_new((struct api_config){0});
	uint32_t incident;
	struct reply reply;
	char path[64];

	(void)state;
	(void)bring_paper(f, TEXT("U1 U3"), f->now_ms - 7080000, f->now_ms - 6900000);
	incident = the_case(f);
	has(f, incident, "?kind=final",
		(const char *const[]){"纸上登记", "13811112222", "“有人落水”",
			"14时02分,派出救援一队(4人)、救援一队(4人)。",
			"14时05分,救援一队(4人)、救援一队(4人)到达现场。", NULL});
	has(f, incident, "?kind=first",
		(const char *const[]){"累计出动2支力量8人;", "纸上派出的力量以现场报告为准;", NULL});
	(void)snprintf(path, sizeof path, "/v1/incidents/%u-%06u", incident / 1000000, incident % 1000000);
	reply = call(f, "GET", path, NULL);
	assert_non_null(strstr(reply.body,
		"\"caller\":\"王老师\",\"phone\":\"13811112222\",\"text\":\"有人落水\",\"where\":\"桥下\""));
	assert_non_null(strstr(reply.body,
		"\"paper_units\":[{\"unit\":\"U1\",\"name\":\"救援一队\",\"members\":4,\"dispatched\":\"2"));
	assert_non_null(strstr(reply.body, "{\"unit\":\"U3\""));
	assert_non_null(strstr(reply.body, "\"kind\":\"receive\",\"state\":\"met\""));
	assert_non_null(strstr(reply.body, "\"stopped\":\"2"));
	assert_non_null(strstr(reply.body, "\"mode\":\"actual\""));
	assert_non_null(strstr(reply.body, "\"paper\":true"));
	assert_non_null(strstr(reply.body, "\"steps\":[]"));
	reply_free(&reply);
	fixture_free(f);
}

static void paper_without_times_or_names_says_so(void **state)
{
	struct fixture *f = fixture_new((struct api_config){0});

	(void)state;
	(void)bring_paper(f, TEXT("U2"), 0, 0);
	has(f, the_case(f), "?kind=final",
		(const char *const[]){"出动(派遣、到场时间未记录):救援一队(4人)。", NULL});
	fixture_free(f);
	f = fixture_new((struct api_config){0});
	(void)bring_paper(f, (struct text){NULL, 0}, f->now_ms - 7080000, 0);
	has(f, the_case(f), "?kind=final", (const char *const[]){"派出力量(未记名称)。", NULL});
	fixture_free(f);
}

static void no_text_of_a_stranger_does_harm(void **state)
{
	static const char *const kind[] = {"?kind=first", "?kind=followup", "?kind=final", "?lang=en"};
	struct fixture *f = fixture_new((struct api_config){0});
	uint32_t incident;

	(void)state;
	(void)open_case(f, HOSTILE);
	incident = the_case(f);
	put_note(f, incident, HOSTILE);
	for (uint32_t fact = 0; fact < FACT_COUNT; fact++)
		put_fact(f, incident, (enum fact)fact, HOSTILE);
	for (size_t i = 0; i < sizeof kind / sizeof kind[0]; i++) {
		struct reply reply = ask(f, incident, kind[i], 200);

		assert_non_null(strstr(reply.bytes, "Content-Type: text/plain; charset=utf-8"));
		assert_non_null(strstr(reply.bytes, "X-Content-Type-Options: nosniff"));
		assert_null(strpbrk(reply.body, "\x1b\x07\r"));
		assert_null(strstr(reply.body, "\xE2\x80\xAE"));
		assert_null(strstr(reply.body, "\xC2\x9B"));
		assert_non_null(strstr(reply.body, "\"<script>\xEF\xBF\xBD[31m\xEF\xBF\xBD  【待补"));
		reply_free(&reply);
	}
	fixture_free(f);
}

static void in_english_too(void **state)
{
	struct fixture *f = fixture_new((struct api_config){0});

	(void)state;
	(void)open_case(f, "help");
	has(f, the_case(f), "?lang=en",
		(const char *const[]){"emergency report, first", "At: 2026-07-01 16:00",
			"[TO BE ADDED: casualties]", "1. When, where, what", "lon 113.43120, lat 34.78010",
			"sent: ", NULL});
	fixture_free(f);
}

static void what_cannot_be_asked_is_refused(void **state)
{
	struct fixture *f = fixture_new((struct api_config){0});
	struct reply reply;

	(void)state;
	(void)open_case(f, "x");
	reply = ask(f, the_case(f), "?kind=third", 400);
	reply_free(&reply);
	reply = ask(f, the_case(f), "?lang=fr", 400);
	reply_free(&reply);
	reply = ask(f, the_case(f), "?json=maybe", 400);
	reply_free(&reply);
	reply = ask(f, 2026999999, "", 404);
	reply_free(&reply);
	reply = ask(f, the_case(f), "/more", 404);
	assert_non_null(strstr(reply.body, "unknown_path"));
	reply_free(&reply);
	reply = call(f, "GET", "/v1/incidents//report", NULL);
	assert_int_equal(reply.status, 404);
	reply_free(&reply);
	reply = call(f, "POST", "/v1/incidents/2026-000001/report", "");
	assert_int_equal(reply.status, 405);
	reply_free(&reply);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_nobody_has_given_is_named),
		cmocka_unit_test(a_complete_one_has_no_gaps),
		cmocka_unit_test(a_long_fact_is_not_cut),
		cmocka_unit_test(a_follow_up_tells_what_is_new),
		cmocka_unit_test(a_final_one_sums_up),
		cmocka_unit_test(what_was_run_on_paper_keeps_its_facts),
		cmocka_unit_test(paper_without_times_or_names_says_so),
		cmocka_unit_test(no_text_of_a_stranger_does_harm),
		cmocka_unit_test(in_english_too),
		cmocka_unit_test(what_cannot_be_asked_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
