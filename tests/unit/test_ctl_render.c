/* test_ctl_render: fixed replies to fixed text: Chinese widths, fitting to 80 and 120 columns, both languages. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ctl/change.h"
#include "ctl/fields.h"
#include "ctl/run.h"
#include "ctl/view.h"

static const char incidents[] =
	"[{\"id\":\"2026-000123\",\"title\":\"水边危险区有人\",\"state\":\"dispatched\",\"priority\":1,"
	"\"mode\":\"actual\","
	"\"held\":true,\"short\":1,\"place\":\"云溪河水闸\",\"grid_name\":\"豫龙镇第十七网格\",\"orders_"
	"live\":2,\"reported\":\"2026-"
	"07-01T08:00:00.000Z\","
	"\"next_deadline\":{\"kind\":\"arrive\",\"left_s\":425}},"
	"{\"id\":\"2026-000124\",\"title\":\"商铺燃气泄漏报警(可能爆炸,请立即核实)\",\"state\":\"reported\","
	"\"priority\":2,"
	"\"mode\":\"exercise\",\"held\":false,\"short\":0,\"place\":\"竹影村第3网格\",\"grid_name\":null,"
	"\"orders_live\":12,"
	"\"reported\":\"2026-07-01T16:59:59.999Z\",\"next_deadline\":{\"kind\":\"receive\",\"left_s\":-3700}}"
	"]";

/* A screen of this width that writes into *text. */
struct paper {
	struct screen screen;
	char *text;
	size_t len;
};

static void paper_open(struct paper *paper, enum lang lang, uint32_t width)
{
	*paper = (struct paper){.screen = {.lang = lang, .width = width, .offset_minutes = 480}};
	paper->screen.to = open_memstream(&paper->text, &paper->len);
	assert_non_null(paper->screen.to);
}

static void paper_check(struct paper *paper, const char *expected)
{
	assert_int_equal(fclose(paper->screen.to), 0);
	assert_string_equal(paper->text, expected);
	free(paper->text);
}

/* The same, but only that this stands somewhere. */
static void paper_holds(struct paper *paper, const char *const *expected)
{
	assert_int_equal(fclose(paper->screen.to), 0);
	for (; *expected != NULL; expected++)
		if (strstr(paper->text, *expected) == NULL)
			fail_msg("no '%s' in:\n%s", *expected, paper->text);
	free(paper->text);
}

static json_t *parse(const char *text)
{
	json_error_t error;
	json_t *value = json_loads(text, 0, &error);

	if (value == NULL)
		fail_msg("%d:%d: %s", error.line, error.column, error.text);
	return value;
}

static void list_at(enum lang lang, uint32_t width, const char *expected)
{
	json_t *list = parse(incidents);
	struct paper paper;

	paper_open(&paper, lang, width);
	value_list(&paper.screen, list, fields_incident, 0);
	paper_check(&paper, expected);
	json_decref(list);
}

static void a_list_fits_80_columns(void **state)
{
	(void)state;
	list_at(LANG_ZH, 80,
		"事件         优先  状态    名称      地点      在办  缺口  待确认  余时\n"
		"2026-000123     1  已派遣  水边危…   云…水闸      2     1  待确认  剩7分05秒\n"
		"2026-000124     2  待立案  商铺燃…   竹…3网格    12     0          已超1小时01分\n");
}

static void a_list_fits_120_columns(void **state)
{
	(void)state;
	list_at(LANG_ZH, 120,
		"事件         优先  状态    名称                                   地点           在办  缺口 "
		" 待确认  余时\n"
		"2026-000123     1  已派遣  水边危险区有人                         云溪河水闸        2     1 "
		" 待确认  剩7分05秒\n"
		"2026-000124     2  待立案  商铺燃气泄漏报警(可能爆炸,请立即核实)  竹影村第3网格    12     0 "
		"         已超1小时01分\n");
}

static void a_list_in_english(void **state)
{
	(void)state;
	list_at(LANG_EN, 100,
		"Incident     Pri  State       Title                  Place          Live  Short  Held  "
		"Left\n"
		"2026-000123    1  dispatched  水边危险区有人         云溪河水闸        2      1  Held  "
		"7m05s left\n"
		"2026-000124    2  reported    商铺燃气泄漏报警(可…   竹影村第3网格    12      0        late "
		"by 1h01m\n");
}

/* Nobody waits for a confirmation: that column is not needed, and two fires can be told apart by their places. */
static void two_fires_are_told_apart_at_80_columns(void **state)
{
	static const char fires[] = "[{\"id\":\"2026-000005\",\"title\":\"明火火情\",\"state\":\"working\","
				    "\"priority\":1,\"held\":false,\"short\":0,"
				    "\"orders_live\":7,\"place\":\"云溪河一号桥\",\"next_deadline\":{"
				    "\"kind\":\"dispose\",\"left_s\":85000}},"
				    "{\"id\":\"2026-000006\",\"title\":\"明火火情\",\"state\":\"working\","
				    "\"priority\":1,\"held\":false,\"short\":0,"
				    "\"orders_live\":7,\"place\":\"梅岭村第6网格\",\"next_deadline\":{"
				    "\"kind\":\"dispose\",\"left_s\":85000}}]";
	json_t *list = parse(fires);
	struct paper paper;

	(void)state;
	paper_open(&paper, LANG_ZH, 80);
	value_list(&paper.screen, list, fields_incident, 0);
	paper_holds(&paper, (const char *const[]){"云溪河一号桥  ", "梅岭村第6网格  ", NULL});
	json_decref(list);
}

static void no_line_is_wider_than_its_screen(void **state)
{
	json_t *list = parse(incidents);

	(void)state;
	for (uint32_t width = 72; width < 160; width++) {
		struct paper paper;
		char *rest = NULL;

		paper_open(&paper, LANG_ZH, width);
		value_list(&paper.screen, list, fields_incident, 0);
		assert_int_equal(fclose(paper.screen.to), 0);
		assert_non_null(strstr(paper.text, "2026-000124")); /* an id is never cut */
		for (char *line = strtok_r(paper.text, "\n", &rest); line != NULL;
			line = strtok_r(NULL, "\n", &rest)) {
			assert_true(screen_columns(line) <= width);
			assert_true(line[strlen(line) - 1] != ' ');
		}
		free(paper.text);
	}
	json_decref(list);
}

static void orders_are_called_before_notices(void **state)
{
	json_t *tasks = parse(
		"[{\"id\":\"T1\",\"notice\":\"N1\",\"order\":null,\"due\":\"2026-07-01T08:00:00.000Z\"},"
		"{\"id\":\"T2\",\"order\":\"O1\",\"due\":\"2026-07-01T08:09:00.000Z\"},"
		"{\"id\":\"T3\",\"order\":\"O2\",\"due\":\"2026-07-01T08:05:00.000Z\"},"
		"{\"id\":\"T4\",\"order\":\"O3\",\"due\":\"2026-07-01T07:00:00.000Z\","
		"\"ended\":\"2026-07-01T07:30:00.000Z\"}]");
	json_t *sorted = view_tasks_sorted(tasks);
	static const char *const expected[] = {"T3", "T2", "T1", "T4"};

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(
			json_string_value(json_object_get(json_array_get(sorted, i), "id")), expected[i]);
	json_decref(sorted);
	json_decref(tasks);
}

static void nothing_is_said_to_be_nothing(void **state)
{
	json_t *list = json_array();
	struct paper paper;

	(void)state;
	paper_open(&paper, LANG_ZH, 80);
	value_list(&paper.screen, list, fields_unit, 2);
	paper_check(&paper, "  (无)\n");
	json_decref(list);
}

static void figures_are_for_people(void **state)
{
	static const struct {
		double seconds;
		const char *zh, *en;
	} cases[] = {{0, "0秒", "0s"}, {59.4, "59秒", "59s"}, {60, "1分", "1m"}, {425, "7分05秒", "7m05s"},
		{3600, "1小时", "1h"}, {3700, "1小时01分", "1h01m"}, {90000, "1天01小时", "1d01h"},
		{-5, "-5秒", "-5s"}};
	struct screen zh = {.lang = LANG_ZH}, en = {.lang = LANG_EN};
	char out[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		value_seconds(&zh, cases[i].seconds, out, sizeof(out));
		assert_string_equal(out, cases[i].zh);
		value_seconds(&en, cases[i].seconds, out, sizeof(out));
		assert_string_equal(out, cases[i].en);
	}
	value_metres(&zh, 999.4, out, sizeof(out));
	assert_string_equal(out, "999米");
	value_metres(&zh, 3201.4, out, sizeof(out));
	assert_string_equal(out, "3.2公里");
	value_metres(&en, 3201.4, out, sizeof(out));
	assert_string_equal(out, "3.2 km");
	value_left(&zh, -61, out, sizeof(out));
	assert_string_equal(out, "已超1分01秒");
	value_left(&en, 61, out, sizeof(out));
	assert_string_equal(out, "1m01s left");
}

static void lines_end_between_words(void **state)
{
	struct paper paper;

	(void)state;
	paper_open(&paper, LANG_ZH, 40);
	screen_wrapped(&paper.screen, 2, TONE_PLAIN,
		"下水救援落水人员，注意自身防护;距离4140米,381秒,two words and more 的");
	paper_check(&paper, "下水救援落水人员，注意自身防护;距离\n  4140米,381秒,two words and more 的\n");
}

static void tasks_say_every_word(void **state)
{
	json_t *tasks = parse(
		"[{\"id\":\"T5\",\"state\":\"open\",\"name\":\"王司机\",\"phone\":\"138\",\"incident\":"
		"\"2026-000123\","
		"\"due\":\"2026-07-01T08:02:00.000Z\",\"text\":\"fetch\",\"text_zh\":\"去仓库取救生圈\"}]");
	struct paper paper;

	(void)state;
	paper_open(&paper, LANG_ZH, 80);
	paper.screen.now_ms = INT64_C(1782892800000); /* 2026-07-01T08:00:00Z */
	view_tasks(&paper.screen, tasks);
	paper_check(&paper, "T5  待办  剩2分  王司机  138  2026-000123\n    去仓库取救生圈\n");
	json_decref(tasks);
}

/* --- the officer's explanation --------------------------------------------------------------------- */

static const char story[] =
	"{\"id\":\"2026-000123\",\"title\":\"水边危险区有人\",\"state\":\"dispatched\",\"mode\":\"exercise\","
	"\"held\":false,"
	"\"needs\":[{\"id\":\"N1\",\"kind\":\"send\",\"skills\":[\"water_rescue\"],\"count\":2,\"missing\":1,"
	"\"state\":\"open\","
	"\"why\":\"busy\"},{\"id\":\"N2\",\"kind\":\"supply\",\"item\":\"life_ring\",\"count\":4,\"missing\":"
	"0,\"state\":\"filled\"}],"
	"\"orders\":[{\"id\":\"O12\",\"target\":\"unit\",\"who\":\"U007\",\"name\":\"水上救援一队\","
	"\"state\":\"en_route\","
	"\"range_m\":3201.4,\"travel_s\":310,\"late\":true,\"chosen\":\"rank 1 of 14\",\"chosen_zh\":\"14 "
	"支中第 1 位\"},"
	"{\"id\":\"O13\",\"target\":\"depot\",\"who\":\"D01\",\"name\":\"镇中心仓库\",\"state\":\"issued\","
	"\"items\":[{\"item\":"
	"\"life_ring\",\"name\":\"救生圈\",\"quantity\":4,\"unit\":\"只\",\"state\":\"reserved\"}]}],"
	"\"choices\":[{\"need\":\"N1\",\"passed\":[{\"unit\":\"U009\",\"name\":\"三队\",\"why\":\"busy\","
	"\"why_zh\":\"有任务在身\","
	"\"travel_s\":200,\"range_m\":1800}],\"rest_count\":57,\"rest\":{\"lacks_skill\":40,\"busy\":17}}],"
	"\"tasks\":[{\"id\":\"T5\",\"state\":\"open\",\"name\":\"王司机\",\"phone\":\"13800000003\",\"due\":"
	"\"2026-07-01T08:02:00.000Z\",\"text\":\"fetch\",\"text_zh\":\"去仓库取救生圈\"}],"
	"\"deadlines\":[{\"kind\":\"arrive\",\"state\":\"running\",\"due\":\"2026-07-01T08:15:00.000Z\","
	"\"left_s\":425}],"
	"\"steps\":[{\"kind\":\"notify\",\"who\":[\"grid_head\"],\"state\":\"failed\",\"why\":\"no_effect\","
	"\"when\":\"at_once\"}],"
	"\"timeline\":[{\"at\":\"2026-07-01T08:00:00.000Z\",\"by\":null,\"text\":\"alarm\",\"text_zh\":"
	"\"摄像机报警\","
	"\"lines\":[{\"text\":\"order\",\"text_zh\":\"派遣 O12\"}]}]}";

static void an_incident_explains_itself(void **state)
{
	static const char *const expected[] = {"2026-000123  水边危险区有人  已派遣  【演练】\n",
		"  !! 水上救援 × 2:还缺 1 — 有任务在身\n", "  O12  U007 水上救援一队  赶赴中\n",
		"      距离 3.2公里  行程 5分10秒  [预计超出到场时限]\n", "      选派原因:14 支中第 1 位\n",
		"    U009  三队  有任务在身  3分20秒  1.8公里\n",
		"    另有 57 个:缺少技能 40  有任务在身 17\n", "      救生圈 (life_ring) × 4 只  已预留\n",
		"      运送:尚无力量\n",
		"  T5    待办  已超5分55秒  王司机  13800000003              去仓库取救生圈\n",
		"  到场时限  计时中  07-01 16:15:00  剩7分05秒\n", "未见效", "  07-01 16:00:00  摄像机报警\n",
		"                  - 派遣 O12\n", NULL};
	json_t *reply = parse(story);
	struct paper paper;

	(void)state;
	paper_open(&paper, LANG_ZH, 80);
	view_incident(&paper.screen, reply);
	paper_holds(&paper, expected);
	json_decref(reply);
}

static void an_incident_in_english(void **state)
{
	static const char *const expected[] = {"dispatched  [EXERCISE]", "# NOT COVERED", "1 missing - busy",
		"why: rank 1 of 14", "57 more: lacks_skill 40  busy 17", "carrier: none so far",
		"late by 5m55s", "alarm\n", NULL};
	json_t *reply = parse(story);
	struct paper paper;

	(void)state;
	paper_open(&paper, LANG_EN, 120);
	view_incident(&paper.screen, reply);
	paper_holds(&paper, expected);
	json_decref(reply);
}

/* What goes beside another loading goes with its truck; a keeper who is asked for more is no carrier. */
static void a_loading_beside_another_names_its_truck(void **state)
{
	static const char *const expected[] = {"carrier: O15 TR-3", NULL};
	json_t *reply = parse(
		"{\"id\":\"2026-000123\",\"orders\":[{\"id\":\"O15\",\"target\":\"unit\",\"who\":\"TR-3\","
		"\"state\":\"en_route\",\"depot_order\":\"O14\"},{\"id\":\"O16\",\"target\":\"depot\","
		"\"who\":\"D02\",\"state\":\"issued\",\"depot_order\":\"O14\",\"items\":[]}]}");
	struct paper paper;

	(void)state;
	paper_open(&paper, LANG_EN, 120);
	view_incident(&paper.screen, reply);
	paper_holds(&paper, expected);
	json_decref(reply);
}

static void island_mode_is_said_loudly(void **state)
{
	static const char *const island[] = {
		"!!! 孤岛模式", "12秒", "  !! 3 起事件有缺口\n", "失联设备", "  cam-1 cam-2\n", NULL};
	static const char *const normal[] = {"正常\n", "!! 本机为备用节点", NULL};
	json_t *status =
		parse("{\"mode\":\"island\",\"lag_s\":12,\"leader\":true,\"incidents_short\":3,"
		      "\"now\":\"2026-07-01T08:00:00.000Z\",\"silent_devices\":[\"cam-1\",\"cam-2\"]}");
	struct paper paper;

	(void)state;
	paper_open(&paper, LANG_ZH, 80);
	view_status(&paper.screen, status, NULL, NULL);
	paper_holds(&paper, island);
	json_decref(status);
	status = parse("{\"mode\":\"normal\",\"leader\":false}");
	paper_open(&paper, LANG_ZH, 80);
	view_status(&paper.screen, status, NULL, NULL);
	paper_holds(&paper, normal);
	json_decref(status);
}

/* Every screen stands a reply that holds nothing of what it looks for, or something of another kind. */
static void strange_replies_do_no_harm(void **state)
{
	static command_show *const views[] = {view_incident, view_explained, view_order, view_unit,
		view_depot, view_device, view_playbook, view_alarm, view_loaded, view_command};
	static const char *const replies[] = {"{}", "[]", "[1,null]",
		("{\"orders\":7,\"needs\":[3],\"id\":[],\"title\":{},"
		 "\"deadlines\":{\"a\":1},\"choices\":[[]],\"tasks\":\"x\",\"timeline\":[null],\"state\":5,"
		 "\"steps\":[{}]}")};
	struct paper paper;

	(void)state;
	for (size_t r = 0; r < sizeof(replies) / sizeof(replies[0]); r++)
		for (size_t v = 0; v < sizeof(views) / sizeof(views[0]); v++) {
			json_t *reply = parse(replies[r]);

			paper_open(&paper, LANG_ZH, 80);
			views[v](&paper.screen, reply);
			view_status(&paper.screen, reply, reply, reply);
			assert_int_equal(fclose(paper.screen.to), 0);
			free(paper.text);
			json_decref(reply);
		}
}

/* Text from strangers moves no cursor. */
static void controls_do_not_reach_the_terminal(void **state)
{
	json_t *list = parse("[{\"id\":\"a\\u001b[2Jb\",\"title\":\"x\\ny\\u0007\"}]");
	json_t *order = parse("{\"id\":\"O1\",\"name\":\"a\\u001b]0;b\",\"task\":\"c\\u009bd\\te\"}");
	struct paper paper;

	(void)state;
	value_clean(list);
	value_clean(order);
	paper_open(&paper, LANG_EN, 100);
	value_list(&paper.screen, list, fields_incident, 0);
	view_order(&paper.screen, order);
	assert_int_equal(fclose(paper.screen.to), 0);
	assert_null(strchr(paper.text, '\033'));
	assert_null(strchr(paper.text, '\a'));
	assert_null(strstr(paper.text, "\xc2\x9b"));
	free(paper.text);
	json_decref(list);
	json_decref(order);
}

/* --- the feed -------------------------------------------------------------------------------------- */

static void event_note(void *context, const char *event, const char *data)
{
	char *out = context;

	snprintf(out + strlen(out), 200 - strlen(out), "<%s|%s>", event, data);
}

static void events_are_read_in_any_pieces(void **state)
{
	static const char stream[] =
		": hello\n\nid: 7\ndata: {\"seq\":7}\n\nevent: gap\r\ndata:{\"from\":8}\r\n\r\ndata: x\n\n";

	(void)state;
	for (size_t piece = 1; piece < sizeof(stream); piece++) {
		char out[200] = "";
		struct watch_reader reader = {.context = out, .data = event_note};

		for (size_t at = 0; at < sizeof(stream) - 1; at += piece)
			watch_reader_feed(&reader, stream + at,
				at + piece < sizeof(stream) ? piece : sizeof(stream) - 1 - at);
		assert_string_equal(out, "<|{\"seq\":7}><gap|{\"from\":8}><|x>");
		free(reader.line);
	}
}

static void a_change_is_one_line(void **state)
{
	json_t *change = parse("{\"seq\":7,\"at\":\"2026-07-01T08:00:00.000Z\",\"incident\":\"2026-000123\","
			       "\"kind\":\"alarm\","
			       "\"text\":\"alarm\",\"text_zh\":\"报警\\n水边\",\"lines\":[{\"text_zh\":"
			       "\"立案\"},{\"text_zh\":\"派遣\"}]}");
	struct paper paper;

	(void)state;
	value_clean(change);
	paper_open(&paper, LANG_ZH, 80);
	change_print(&paper.screen, change);
	paper_check(&paper, "07-01 16:00:00 #7  2026-000123  报警 水边:立案;派遣\n");
	json_decref(change);
}

static void a_row_is_one_line(void **state)
{
	json_t *row = parse("{\"kind\":\"alarm\",\"seq\":7,\"at\":\"2026-07-01T08:00:00.000Z\",\"by\":\"\","
			    "\"event\":{\"source\":"
			    "\"cam-0417\",\"type\":\"alarm.fire.smoke\"},\"effects\":[{\"kind\":\"incident\","
			    "\"incident\":"
			    "\"2026-000123\",\"title\":\"冒烟\"},{\"kind\":\"agenda\",\"on\":true},{\"kind\":"
			    "\"order\",\"order\":\"O1\","
			    "\"who\":\"U007\",\"travel_s\":310},{\"kind\":\"unit_state\",\"unit\":\"U007\","
			    "\"to\":\"ordered\"}]}");
	struct paper paper;

	(void)state;
	paper_open(&paper, LANG_ZH, 80);
	change_print(&paper.screen, row);
	paper_check(&paper,
		"07-01 16:00:00 #7  2026-000123  报警 cam-0417 alarm.fire.smoke:立案 2026-000123 冒烟;"
		"派遣 O1 U007 5分10秒;力量状态 U007 已派遣\n");
	json_decref(row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_fits_80_columns),
		cmocka_unit_test(a_list_fits_120_columns),
		cmocka_unit_test(a_list_in_english),
		cmocka_unit_test(two_fires_are_told_apart_at_80_columns),
		cmocka_unit_test(no_line_is_wider_than_its_screen),
		cmocka_unit_test(orders_are_called_before_notices),
		cmocka_unit_test(nothing_is_said_to_be_nothing),
		cmocka_unit_test(figures_are_for_people),
		cmocka_unit_test(lines_end_between_words),
		cmocka_unit_test(tasks_say_every_word),
		cmocka_unit_test(an_incident_explains_itself),
		cmocka_unit_test(an_incident_in_english),
		cmocka_unit_test(a_loading_beside_another_names_its_truck),
		cmocka_unit_test(island_mode_is_said_loudly),
		cmocka_unit_test(strange_replies_do_no_harm),
		cmocka_unit_test(controls_do_not_reach_the_terminal),
		cmocka_unit_test(events_are_read_in_any_pieces),
		cmocka_unit_test(a_change_is_one_line),
		cmocka_unit_test(a_row_is_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
