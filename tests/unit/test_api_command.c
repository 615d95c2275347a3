/* test_api_command: every command over HTTP: what it refuses, what it does, and how it is answered. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/command.h"
#include "api_fixture.h"

/* Sends a command; the reply must have this status, and this value under key. */
static void does(
	struct fixture *f, const char *name, const char *body, int status, const char *key, const char *value)
{
	struct reply reply = call_command(f, name, body, status);

	if (key != NULL && strcmp(member(&reply, key), value) != 0)
		fail_msg("%s %s: %s is %s", name, body, key, member(&reply, key));
	assert_true(strlen(member(&reply, "detail")) > 0);
	reply_free(&reply);
}

#define OPEN                                                                                                 \
	"{\"type\":\"drowning_risk\",\"lon\":113.44,\"lat\":34.78,\"by\":\"李四\",\"caller\":\"王五\","  \
	"\"text\":\"落水\"}"

static void every_command_refuses_what_it_cannot_read(void **state)
{
	static const char *const bodies[] = {
		"", "[", "[]", "5", "{\"nonsense\":1}", "{\"by\":5}", "{\"by\":\"\\u0000\"}"};
	struct fixture *f = *state;
	uint32_t count, before;
	const struct command *commands = command_table(&count);

	before = f->taken;
	for (uint32_t i = 0; i < count; i++)
		for (size_t j = 0; j < sizeof(bodies) / sizeof(bodies[0]); j++)
			does(f, commands[i].name.ptr, bodies[j], 400, NULL, NULL);
	assert_int_equal(f->taken, before);
}

/* Each argument in turn gets a value of a kind that it cannot have. */
static void every_argument_is_looked_at(void **state)
{
	struct fixture *f = *state;
	uint32_t count;
	const struct command *commands = command_table(&count);

	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t j = 0; j < commands[i].argument_count; j++) {
			char body[128];

			(void)snprintf(body, sizeof(body), "{\"%s\":{}}", commands[i].argument[j].name.ptr);
			does(f, commands[i].name.ptr, body, 400, "error", "invalid");
		}
	}
}

static void an_incident_runs_its_course(void **state)
{
	struct fixture *f = *state;

	does(f, "incident-open", OPEN, 200, "incident", "2026-000001");
	does(f, "incident-note", "{\"incident\":\"2026-000001\",\"reason\":\"家属已到\",\"by\":\"李四\"}",
		200, "result", "ok");
	does(f, "incident-note", "{\"incident\":\"2026-000001\",\"by\":\"李四\"}", 400, "error", "invalid");
	does(f, "incident-upgrade", "{\"incident\":\"2026-000001\",\"level\":2}", 200, "outcome", "ok");
	does(f, "incident-escalate", "{\"incident\":\"2026-000001\"}", 200, "outcome", "ok");
	does(f, "incident-add", "{\"incident\":\"2026-000001\",\"skills\":[\"grid_worker\"],\"count\":1}",
		200, "outcome", "ok");
	does(f, "incident-done", "{\"incident\":\"2026-000001\",\"by\":\"李四\"}", 200, "outcome", "ok");
	does(f, "incident-verify", "{\"incident\":\"2026-000001\",\"by\":\"李四\"}", 403, "error",
		"same_person");
	does(f, "incident-verify", "{\"incident\":\"2026-000001\",\"by\":\"赵六\",\"passed\":false}", 200,
		"outcome", "ok");
	does(f, "incident-close", "{\"incident\":\"2026-000001\",\"disposition\":\"none\"}", 400, "error",
		"invalid");
	does(f, "incident-close", "{\"incident\":\"2026-000001\",\"disposition\":\"resolved\"}", 409, "error",
		"wrong_state");
	does(f, "incident-cancel", "{\"incident\":\"2026-000001\"}", 200, "outcome", "ok");
	does(f, "incident-reopen", "{\"incident\":\"2026-000001\"}", 200, "outcome", "ok");
	does(f, "incident-refer", "{\"incident\":\"2026-000001\"}", 200, "outcome", "ok");
	does(f, "incident-confirm", "{\"incident\":\"2026-000001\"}", 409, "outcome", "wrong_state");
	does(f, "incident-reject", "{\"incident\":\"2026-000099\"}", 404, "outcome", "not_found");
	does(f, "incident-split", "{\"incident\":\"2026-000001\"}", 409, "outcome", "wrong_state");
}

static void a_place_has_many_names(void **state)
{
	struct fixture *f = *state;

	does(f, "incident-open", "{\"type\":\"other\",\"place\":\"桥头\"}", 200, "incident", "2026-000001");
	does(f, "incident-open", "{\"type\":\"other\",\"device\":\"cam-1\"}", 200, "incident", "2026-000002");
	does(f, "incident-open", "{\"type\":\"other\",\"grid\":\"G3\"}", 200, "incident", "2026-000003");
	does(f, "incident-merge", "{\"incident\":\"2026-000003\",\"into\":\"2026-000002\"}", 200, "outcome",
		"ok");
	does(f, "incident-open", "{\"type\":\"other\"}", 400, NULL, NULL);
	does(f, "incident-open", "{\"type\":\"other\",\"lon\":113.4}", 400, NULL, NULL);
	does(f, "incident-open", "{\"type\":\"other\",\"lon\":1,\"lat\":1}", 400, NULL, NULL);
	does(f, "incident-open", "{\"type\":\"other\",\"lon\":113.44,\"lat\":34.78,\"crs\":\"?\"}", 400, NULL,
		NULL);
	does(f, "incident-open", "{\"type\":\"other\",\"grid\":\"G9\"}", 404, NULL, NULL);
	does(f, "incident-open", "{\"type\":\"other\",\"grid\":\"G3\",\"device\":\"cam-1\"}", 400, NULL,
		NULL);
	does(f, "incident-open", "{\"type\":\"other\",\"place\":\"无名\"}", 404, NULL, NULL);
	does(f, "incident-open", "{\"type\":\"other\",\"grid\":\"G3\",\"at\":\"2027-01-01T00:00:00Z\"}", 400,
		NULL, NULL);
}

#define PAPER(more)                                                                                          \
	"{\"type\":\"drowning_risk\",\"place\":\"桥头\",\"reported\":\"2026-06-30T01:00:00Z\"," more         \
	"\"by\":\"李四\"}"

static void what_was_run_on_paper_is_brought_in(void **state)
{
	struct fixture *f = *state;

	does(f, "incident-paper", PAPER("\"done\":\"2026-06-30T02:00:00Z\",\"done_by\":\"王五\","), 200,
		"incident", "2026-000001");
	does(f, "incident-paper", PAPER("\"done\":\"2026-06-30T00:00:00Z\","), 422, "detail",
		"done lies before reported");
	does(f, "incident-paper", PAPER("\"done\":\"2036-06-30T00:00:00Z\","), 422, "error", "in_future");
	does(f, "incident-paper", PAPER("\"units\":[\"nobody\"],"), 404, "detail",
		"unit nobody: there is none");
	does(f, "incident-paper", PAPER("\"ended\":\"2026-06-30T02:00:00Z\","), 422, "detail",
		"ended and disposition belong together");
	does(f, "incident-fact", "{\"incident\":\"2026-000001\",\"fact\":\"loss\",\"text\":\"无\"}", 200,
		"outcome", "ok");
	does(f, "incident-fact", "{\"incident\":\"2026-000001\",\"fact\":\"luck\",\"text\":\"无\"}", 400,
		NULL, NULL);
	does(f, "incident-report", "{\"incident\":\"2026-000001\",\"kind\":\"final\",\"to\":\"县\"}", 409,
		"detail", "the first report goes first");
	does(f, "incident-report", "{\"incident\":\"2026-000001\",\"kind\":\"first\",\"to\":\"县\"}", 200,
		"outcome", "ok");
	does(f, "incident-verify", "{\"incident\":\"2026-000001\",\"by\":\"赵六\"}", 422, "error",
		"no_evidence");
	does(f, "incident-verify", "{\"incident\":\"2026-000001\",\"evidence\":\"IMG_1\",\"by\":\"赵六\"}",
		200, "outcome", "ok");
}

static void a_merge_is_undone(void **state)
{
	struct fixture *f = *state;

	does(f, "incident-open", "{\"type\":\"other\",\"place\":\"桥头\"}", 200, "outcome", "ok");
	does(f, "incident-open", "{\"type\":\"other\",\"device\":\"cam-1\"}", 200, "outcome", "ok");
	does(f, "incident-merge", "{\"incident\":\"2026-000002\",\"into\":\"2026-000001\"}", 200, "outcome",
		"ok");
	does(f, "incident-done", "{\"incident\":\"2026-000001\",\"evidence\":\"IMG_2\"}", 200, "outcome",
		"ok");
	does(f, "incident-split", "{\"incident\":\"2026-000002\"}", 409, "detail",
		"incident 2026-000001 is done_reported: reopen that one first");
	does(f, "incident-reopen", "{\"incident\":\"2026-000001\"}", 200, "outcome", "ok");
	does(f, "incident-split", "{\"incident\":\"2026-000002\"}", 200, "outcome", "ok");
	does(f, "incident-split", "{\"incident\":\"2026-000002\",\"device\":\"cam-9\"}", 404, "detail",
		"device cam-9: there is none");
}

static bool answer_has(
	struct fixture *f, const char *name, const char *body, int status, const char *key, const char *part)
{
	struct reply reply = call_command(f, name, body, status);
	bool has = strstr(member(&reply, key), part) != NULL;
	if (!has)
		print_error("%s: %s is %s\n", name, key, member(&reply, key));
	reply_free(&reply);
	return has;
}

static void a_type_is_known_by_many_words(void **state)
{
	struct fixture *f = *state;

#define TYPE(word) "{\"type\":\"" word "\",\"grid\":\"G3\"}"
	assert_true(answer_has(f, "incident-open", TYPE("nonsense"), 422, "detail", "drowning_risk"));
	assert_true(
		answer_has(f, "incident-open", TYPE("落水"), 422, "detail_zh", "溺水风险(drowning_risk)"));
	assert_true(answer_has(f, "incident-open", TYPE("水边危险"), 200, "detail_zh", "预案water"));
	assert_true(answer_has(f, "incident-open", TYPE("溺水风险"), 200, "detail_zh", "预案water"));
	assert_true(answer_has(f, "incident-open", TYPE("alarm.water.person_near"), 200, "detail", "water"));
	assert_true(answer_has(f, "incident-open", TYPE("水边有人"), 200, "detail", "playbook water"));
	assert_true(
		answer_has(f, "incident-open", TYPE("alarm.road.collapse"), 200, "detail", "NO PLAYBOOK"));
	assert_true(answer_has(f, "incident-open", TYPE("other"), 200, "detail_zh", "没有相应预案"));
	assert_true(answer_has(f, "incident-open",
		"{\"type\":\"drowning_risk\",\"grid\":\"G3\",\"playbook\":\"x\"}", 404, "detail_zh", "x"));
	assert_true(
		answer_has(f, "incident-open", "{\"type\":\"other\",\"grid\":\"G3\",\"playbook\":\"water\"}",
			422, "detail", "drowning_risk"));
	assert_true(answer_has(f, "incident-open",
		"{\"type\":\"drowning_risk\",\"grid\":\"G3\",\"playbook\":\"water\"}", 200, "detail",
		"playbook water"));
}

static void what_is_opened_twice_is_said(void **state)
{
	struct fixture *f = *state;

	assert_true(answer_has(f, "incident-open", OPEN, 200, "possible_duplicates", "[]"));
	assert_true(answer_has(f, "incident-open", OPEN, 200, "possible_duplicates", "2026-000001"));
	assert_true(answer_has(f, "incident-open", OPEN, 200, "detail_zh",
		"可能重复,附近已有在办事件:2026-000001(溺水风险,0米)、2026-000002(溺水风险,0米)"));
	assert_true(
		answer_has(f, "incident-open", "{\"type\":\"drowning_risk\",\"lon\":113.45,\"lat\":34.78}",
			200, "possible_duplicates", "[]"));
}

static void a_caller_has_all_to_say(void **state)
{
	static const char *const parts[] = {"事件2026-000001,水边危险。", "情况:落水。", "报告人:王五 139。",
		"地点:桥头,网格,东经113.44000,北纬34.78000,最近设备河边。", "派遣任务:"};
	struct fixture *f = *state;
	struct reply reply;

	does(f, "incident-open",
		"{\"type\":\"drowning_risk\",\"place\":\"桥头\",\"caller\":\"王五\",\"phone\":\"139\","
		"\"text\":"
		"\"落水\"}",
		200, NULL, NULL);
	reply = call(f, "GET", "/v1/tasks", NULL);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strstr(reply.body, parts[i]) == NULL)
			fail_msg("%s: not in %s", parts[i], reply.body);
	reply_free(&reply);
	reply = call(f, "GET", "/v1/incidents/2026-000001", NULL);
	assert_non_null(strstr(reply.body, "报告人:王五 139。"));
	reply_free(&reply);
}

static void a_refusal_says_what_would_do(void **state)
{
	struct fixture *f = *state;

	does(f, "incident-open", OPEN, 200, "incident", "2026-000001");
	assert_true(answer_has(f, "order-send", "{\"incident\":\"2026-000001\",\"unit\":\"U9\"}", 404,
		"detail_zh", "没有力量“U9”"));
	assert_true(answer_has(
		f, "incident-done", "{\"incident\":\"2026-000009\"}", 404, "detail", "incident 2026-000009"));
	assert_true(answer_has(f, "stock-count", "{\"depot\":\"D1\",\"item\":\"x\",\"quantity\":1}", 404,
		"detail_zh", "没有物资“x”"));
	assert_true(answer_has(f, "stock-count", "{\"depot\":\"D9\",\"item\":\"life_ring\",\"quantity\":1}",
		404, "detail_zh", "没有仓库“D9”"));
	assert_true(answer_has(f, "stock-count", "{\"depot\":\"D1\",\"item\":\"life_ring\",\"quantity\":1}",
		409, "detail_zh", "其中已预留4"));
	assert_true(answer_has(f, "device-do", "{\"device\":\"cam-1\",\"action\":\"dance\"}", 422,
		"detail_zh", "say(喊话)"));
	assert_true(answer_has(f, "incident-add", "{\"incident\":\"2026-000001\",\"skills\":[\"fly\"]}", 422,
		"detail", "grid_worker"));
	assert_true(answer_has(f, "incident-verify", "{\"incident\":\"2026-000001\",\"by\":\"赵六\"}", 409,
		"detail_zh", "反馈完成(done)"));
	does(f, "order-answer", "{\"order\":\"O1\",\"answer\":\"decline\",\"by\":\"张三\"}", 200, NULL, NULL);
	assert_true(answer_has(f, "order-answer", "{\"order\":\"O1\",\"answer\":\"accept\",\"by\":\"张三\"}",
		409, "detail_zh", "派遣O1"));
	assert_true(answer_has(f, "order-answer", "{\"order\":\"O1\",\"answer\":\"accept\",\"by\":\"张三\"}",
		409, "detail", "the task is now with U"));
}

static void items_hazards_and_silences_are_known(void **state)
{
	struct fixture *f = *state;

#define SUPPLY(rest) "{\"incident\":\"2026-000001\"," rest "}"
	does(f, "incident-open", OPEN, 200, "incident", "2026-000001");
	assert_true(answer_has(f, "supply-send", SUPPLY("\"item\":\"life_rings\",\"quantity\":1"), 404,
		"detail", "life_ring (救生圈)"));
	assert_true(answer_has(f, "supply-send", SUPPLY("\"item\":\"帐篷\",\"quantity\":1"), 404, "detail_zh",
		"没有物资“帐篷”,现有:救生圈"));
	assert_true(answer_has(f, "supply-send", SUPPLY("\"item\":\"救生圈\",\"quantity\":99"), 409,
		"detail_zh", "各仓库可用救生圈共6,一号仓库6。"));
	assert_true(
		answer_has(f, "supply-send", SUPPLY("\"item\":\"救生圈\",\"quantity\":2,\"agreed\":\"cm-1\""),
			200, "detail_zh", ":D1 一号仓库备货救生圈2个"));
	assert_true(answer_has(f, "supply-send",
		SUPPLY("\"item\":\"life_ring\",\"quantity\":99,\"partial\":true,\"agreed\":\"罗清\""), 200,
		"result", "ok"));
#define WARN(hazard) "{\"colour\":\"red\",\"hazard\":\"" hazard "\",\"until\":\"2026-07-02T00:00:00+08:00\"}"
	assert_true(answer_has(f, "warning-set", WARN("rainstrom"), 422, "detail_zh", "暴雨(rainstorm)"));
	assert_true(answer_has(f, "warning-set", WARN("暴雨"), 200, "result", "ok"));
	does(f, "warning-clear", "{\"hazard\":\"rainstorm\"}", 200, NULL, NULL);
#define SILENCE(key, value)                                                                                  \
	"{\"" key "\":\"" value "\",\"until\":\"2026-07-02T00:00:00Z\",\"reason\":\"检修\"}"
	assert_true(answer_has(f, "silence-add", SILENCE("source", "cam-9"), 404, "detail_zh", "cam-9"));
	assert_true(answer_has(f, "silence-add", SILENCE("grid", "G9"), 404, "detail_zh", "G9"));
	assert_true(
		answer_has(f, "silence-add", SILENCE("type", "alarm.x"), 404, "detail", "alarm.fire.smoke"));
	does(f, "silence-add", SILENCE("type", "烟雾报警"), 200, "result", "ok");
}

static void bad_requests_are_explained_in_chinese(void **state)
{
	struct fixture *f = *state;

	assert_true(answer_has(f, "incident-open", "{\"type\":\"other\",\"grid\":\"G9\"}", 404, "detail_zh",
		"没有网格“G9”"));
	assert_true(answer_has(f, "incident-open", "{\"type\":5}", 400, "detail_zh", "type:须为文字"));
	assert_true(answer_has(f, "release", "{\"nonsense\":5}", 400, "detail_zh", "nonsense"));
	assert_true(answer_has(f, "nothing", "{}", 404, "detail_zh", "nothing:没有此命令"));
}

static void orders_are_given_by_hand(void **state)
{
	struct fixture *f = *state;

	does(f, "incident-open", OPEN, 200, "incident",
		"2026-000001"); /* O1 to the depot or U2, O2 the other */
	does(f, "order-send", "{\"incident\":\"2026-000001\",\"unit\":\"U4\",\"task\":\"look\"}", 200,
		"incident", "2026-000001");
	does(f, "order-send", "{\"incident\":\"2026-000001\",\"unit\":\"U4\"}", 409, "error", "busy");
	does(f, "order-send", "{\"incident\":\"2026-000001\",\"unit\":\"U4\",\"also\":true}", 409, "error",
		"unchanged");
	does(f, "order-send", "{\"incident\":\"2026-000001\",\"unit\":\"U9\"}", 404, "error", "not_found");
	does(f, "order-answer",
		"{\"order\":\"O1\",\"answer\":\"accept\",\"by\":\"张三\",\"channel\":\"phone\"}", 200,
		"order", "O1");
	does(f, "order-answer", "{\"order\":\"O1\",\"answer\":\"recall\",\"by\":\"张三\"}", 400, NULL, NULL);
	does(f, "order-answer", "{\"order\":\"O1\",\"answer\":\"accept\"}", 409, "error", "unchanged");
	does(f, "order-recall", "{\"order\":\"O1\",\"reason\":\"误派\"}", 200, "order", "O1");
	does(f, "order-recall", "{\"order\":\"O1\"}", 409, "error", "wrong_state");
	does(f, "order-swap", "{\"order\":\"O1\",\"unit\":\"U3\"}", 409, NULL, NULL);
	does(f, "unit-set", "{\"unit\":\"U3\",\"status\":\"out_of_service\"}", 200, "unit", "U3");
	does(f, "unit-set", "{\"unit\":\"U3\",\"status\":\"available\",\"lon\":113.5,\"lat\":34.7}", 200,
		"unit", "U3");
	does(f, "unit-set", "{\"unit\":\"U3\",\"status\":\"available\",\"lon\":113.5}", 400, NULL, NULL);
	does(f, "supply-send",
		"{\"incident\":\"2026-000001\",\"item\":\"life_ring\",\"quantity\":1,\"depot\":\"D1\","
		"\"agreed\":\"cm-1\"}",
		200, NULL, NULL);
}

static void material_warnings_switches_and_calls(void **state)
{
	struct fixture *f = *state;

	does(f, "incident-open", OPEN, 200, NULL, NULL);
	does(f, "task-take", "{\"task\":\"T1\",\"by\":\"李四\"}", 200, "task", "T1");
	does(f, "task-done", "{\"task\":\"T1\",\"note\":\"已告知\"}", 200, "task", "T1");
	does(f, "notice-answer", "{\"notice\":\"N1\",\"text\":\"收到\"}", 200, "notice", "N1");
	does(f, "stock-receive", "{\"depot\":\"D1\",\"item\":\"life_ring\",\"quantity\":5}", 200, "result",
		"ok");
	does(f, "stock-issue", "{\"depot\":\"D1\",\"item\":\"life_ring\",\"quantity\":500}", 409, "error",
		"no_stock");
	does(f, "stock-return", "{\"depot\":\"D1\",\"item\":\"life_ring\",\"quantity\":1}", 200, "result",
		"ok");
	does(f, "stock-count", "{\"depot\":\"D1\",\"item\":\"life_ring\",\"quantity\":-1}", 400, NULL, NULL);
	does(f, "stock-count", "{\"depot\":\"D1\",\"item\":\"life_ring\",\"quantity\":1.5}", 400, NULL, NULL);
	does(f, "warning-set",
		"{\"colour\":\"red\",\"hazard\":\"rainstorm\",\"until\":\"2026-07-02T00:00:00+08:00\"}", 200,
		NULL, NULL);
	does(f, "warning-set",
		"{\"colour\":\"none\",\"hazard\":\"rainstorm\",\"until\":\"2026-07-02T00:00:00Z\"}", 400,
		NULL, NULL);
	does(f, "warning-set",
		"{\"colour\":\"red\",\"hazard\":\"rainstorm\",\"until\":\"2026-06-02T00:00:00Z\"}", 400, NULL,
		NULL);
	does(f, "warning-clear", "{\"hazard\":\"rainstorm\"}", 200, NULL, NULL);
	does(f, "release", "{\"release\":\"advise\"}", 200, NULL, NULL);
	does(f, "release", "{\"release\":\"advise\"}", 409, "error", "unchanged");
	does(f, "response-set", "{\"level\":\"II\"}", 400, NULL, NULL);
	does(f, "response-set", "{\"level\":\"V\",\"reason\":\"汛情\"}", 400, NULL, NULL);
	does(f, "response-set", "{\"level\":\"II\",\"reason\":\"汛情\",\"agreed\":\"罗清\"}", 200, NULL,
		NULL);
	assert_int_equal(query_town(f->core)->response_level, 2);
	does(f, "response-set", "{\"level\":\"II\",\"reason\":\"汛情\"}", 409, "error", "unchanged");
	does(f, "response-set", "{\"level\":\"clear\",\"reason\":\"汛情\",\"by\":\"cm-1\"}", 200, NULL, NULL);
	assert_int_equal(query_town(f->core)->response_level, 0);
	does(f, "silence-add",
		"{\"source\":\"cam-1\",\"until\":\"2026-07-02T00:00:00Z\",\"reason\":\"检修\"}", 200,
		"silence", "S1");
	does(f, "silence-add", "{\"until\":\"2026-07-02T00:00:00Z\",\"reason\":\"检修\"}", 400, NULL, NULL);
	does(f, "silence-expire", "{\"silence\":\"S1\"}", 200, "silence", "S1");
	does(f, "device-disable", "{\"device\":\"cam-1\"}", 400, NULL, NULL);
	does(f, "device-disable", "{\"device\":\"cam-1\",\"reason\":\"坏\"}", 200, "device", "cam-1");
	does(f, "device-enable", "{\"device\":\"cam-1\"}", 200, "device", "cam-1");
	does(f, "device-do", "{\"device\":\"cam-1\",\"action\":\"say\"}", 409, "error", "wrong_state");
	does(f, "release", "{\"release\":\"auto\"}", 200, NULL, NULL);
}

/* Whose role is not enough is told whose would be; the words come in both languages. */
static void roles_are_asked(void **state)
{
	struct fixture *f = *state;

	does(f, "incident-open", OPEN, 200, "incident", "2026-000001");
#define BY(who) "{\"incident\":\"2026-000001\",\"reason\":\"x\",\"by\":\"" who "\"}"
	does(f, "incident-cancel", BY("keeper-1"), 403, "error", "not_permitted");
	assert_true(answer_has(f, "incident-cancel", BY("keeper-1"), 403, "detail",
		"keeper-1 唐霞 (keeper) may not do this; those who may: duty_officer, office, leader, "
		"committee."));
	assert_true(answer_has(f, "incident-cancel", BY("朱梅"), 403, "detail_zh",
		"朱梅(审计员)无此权限;有权的是:值班员、应急管理办公室、带班领导、应急调度委员会。"));
	does(f, "incident-note", BY("auditor-1"), 403, "error", "not_permitted");
	does(f, "incident-note", BY("郭玲"), 200, "result", "ok");
	does(f, "incident-cancel", BY("郭玲"), 403, "error", "not_permitted");
	does(f, "incident-cancel", BY("duty-1"), 200, "result", "ok");
	does(f, "order-answer", "{\"order\":\"O1\",\"answer\":\"accept\",\"by\":\"朱梅\"}", 403, "error",
		"not_permitted");
	does(f, "release", "{\"release\":\"advise\",\"by\":\"duty-1\"}", 403, "error", "not_permitted");
	does(f, "release", "{\"release\":\"advise\",\"by\":\"梁华\"}", 200, "result", "ok");
}

static void levels_and_reserves_are_agreed_to(void **state)
{
	struct fixture *f = *state;

#define LEVEL(rest) "{\"level\":\"II\",\"reason\":\"汛情\"" rest "}"
	does(f, "response-set", LEVEL(""), 403, "error", "needs_agreement");
	assert_true(answer_has(
		f, "response-set", LEVEL(""), 403, "detail", "one of these must agree: committee."));
	assert_true(answer_has(f, "response-set", LEVEL(",\"agreed\":\"梁华\""), 403, "detail_zh",
		"lead-1 梁华(带班领导)无权同意;须经以下人员之一同意:应急调度委员会"));
	assert_true(answer_has(f, "response-set", LEVEL(",\"agreed\":\"无名\""), 403, "detail_zh",
		"无名不在本镇人员名册中"));
	does(f, "response-set", LEVEL(",\"agreed\":\"罗清\""), 200, "result", "ok");
	does(f, "incident-open", OPEN, 200, "incident", "2026-000001");
#define RINGS(rest) "{\"incident\":\"2026-000001\",\"item\":\"救生圈\",\"quantity\":1" rest "}"
	assert_true(answer_has(f, "supply-send", RINGS(""), 403, "detail",
		"this would take the stock of life_ring below its minimum; one of these must agree: "
		"committee"));
	does(f, "supply-send", RINGS(",\"agreed\":\"cm-1\""), 200, "result", "ok");
}

/* Who does not say who he is is named by the socket. */
static void the_account_is_the_name(void **state)
{
	struct fixture *f = *state;
	struct reply reply;

	does(f, "release", "{\"release\":\"confirm\"}", 200, NULL, NULL);
	reply = call(f, "GET", "/v1/journal?from=1&limit=1000", NULL);
	assert_non_null(strstr(reply.body, "\"kind\":\"release\""));
	assert_non_null(strstr(strstr(reply.body, "\"kind\":\"release\""), "\"by\":\""));
	reply_free(&reply);
}

static void too_much_and_unknown(void **state)
{
	struct fixture *f = *state;
	char *big = malloc(API_BODY_MAX + 4096);
	struct reply reply;

	does(f, "nothing", "{}", 404, "error", "unknown_command");
	memset(big, ' ', 70000);
	big[70000] = '\0';
	does(f, "release", big, 413, "error", "too_large");
	memset(big, ' ', API_BODY_MAX + 100);
	big[API_BODY_MAX + 100] = '\0';
	reply = call(f, "POST", "/v1/commands/release", big);
	assert_int_equal(reply.status, 413);
	reply_free(&reply);
	free(big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_command_refuses_what_it_cannot_read, setup, teardown),
		cmocka_unit_test_setup_teardown(every_argument_is_looked_at, setup, teardown),
		cmocka_unit_test_setup_teardown(an_incident_runs_its_course, setup, teardown),
		cmocka_unit_test_setup_teardown(a_place_has_many_names, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_run_on_paper_is_brought_in, setup, teardown),
		cmocka_unit_test_setup_teardown(a_merge_is_undone, setup, teardown),
		cmocka_unit_test_setup_teardown(a_type_is_known_by_many_words, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_opened_twice_is_said, setup, teardown),
		cmocka_unit_test_setup_teardown(a_caller_has_all_to_say, setup, teardown),
		cmocka_unit_test_setup_teardown(a_refusal_says_what_would_do, setup, teardown),
		cmocka_unit_test_setup_teardown(items_hazards_and_silences_are_known, setup, teardown),
		cmocka_unit_test_setup_teardown(bad_requests_are_explained_in_chinese, setup, teardown),
		cmocka_unit_test_setup_teardown(orders_are_given_by_hand, setup, teardown),
		cmocka_unit_test_setup_teardown(material_warnings_switches_and_calls, setup, teardown),
		cmocka_unit_test_setup_teardown(roles_are_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(levels_and_reserves_are_agreed_to, setup, teardown),
		cmocka_unit_test_setup_teardown(the_account_is_the_name, setup, teardown),
		cmocka_unit_test_setup_teardown(too_much_and_unknown, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
