/* test_board: the pages for paper: what stands on them, that no text of a stranger does harm there, and their bounds. */
#include <time.h>

#include "../occurrences.h"
#include "board/board.h"
#include "core_world.h"
#include "core_world_plan.h"
#include "wire/utf8.h"

/* Everything that has ever broken a page, a terminal or a reader, without a NUL. */
#define HOSTILE                                                                                              \
	"\"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;&\x1b[31m\x1b]0;x\x07\xE2\x80\xAE"    \
	"olleh\xE2\x81\xA6\xE2\x80\x8B\xEF\xBB\xBF\x01\x02\x7f\xC2\x9B\n\r\t`${x}\xD7\xA9\xD7\x9C"

static const char *long_text(void)
{
	static char text[60001];

	for (uint32_t i = 0; i + 4 <= 60000; i += 4)
		memcpy(text + i, "<a>\n", 4);
	return text;
}

static bool has(const char *page, const char *part)
{
	return strstr(page, part) != NULL;
}

/* Terminated; to be freed. */
static char *page_of(const struct world *world, struct board_source source, bool shift, bool html)
{
	struct board_view view = {
		.core = world->core, .now_ms = world->now_ms, .every_s = 60, .source = source};
	size_t count;
	char *out, *page;

	assert_int_equal(
		shift ? board_render_shift(&view, html, &out, &count) : board_render(&view, &out, &count),
		DISP_OK);
	page = malloc(count + 1);
	assert_non_null(page);
	memcpy(page, out, count);
	page[count] = '\0';
	free(out);
	return page;
}

/* --- a night -------------------------------------------------------------------------------------------- */

static const char *said; /* what the journal would know */

static struct board_told told(void *context, uint32_t incident)
{
	(void)context;
	(void)incident;
	return (struct board_told){t(said), t(said), t(said), t(said)};
}

static struct text words(void *context, const struct task *task)
{
	(void)context;
	(void)task;
	return t(said);
}

static const struct board_source source = {.told = told, .words = words};

/* The town, the one on duty, a grid, a crew, a depot and a camera; all of it called `name`. */
static void night_town(struct world *world, const char *name)
{
	struct event event;

	event = (struct event){.kind = EVENT_TOWN,
		.u.town = {.code = t("T"), .name = t(name), .offset_min = 480, .demonstration = true}};
	world_put(world, event);
	event = (struct event){.kind = EVENT_PERSON,
		.u.person = {.id = t("leader"),
			.name = t(name),
			.phone = t(name),
			.org = t(name),
			.roles = WHO_LEADER | WHO_DUTY_OFFICER}};
	world_put(world, event);
	event = (struct event){.kind = EVENT_GRID,
		.u.grid = {
			.code = t("G1"), .name = t(name), .parent = t("V"), .head = t("leader"), .level = 3}};
	world_put(world, event);
	event = (struct event){.kind = EVENT_UNIT,
		.u.unit = {.id = t("crew-1"),
			.name = t(name),
			.kind = t(name),
			.skills = t("water"),
			.leader = t("leader"),
			.home = place_at(900, 0),
			.speed_mm_s = WORLD_SPEED_MM_S,
			.members = 4}};
	world_put(world, event);
	event = (struct event){.kind = EVENT_DEPOT,
		.u.depot = {.id = t("depot-1"),
			.name = t(name),
			.keeper = t("leader"),
			.place = place_at(100, 0)}};
	world_put(world, event);
	event = (struct event){.kind = EVENT_STOCK,
		.u.stock = {.depot = t("depot-1"),
			.item = t("ring"),
			.name = t(name),
			.unit = t(name),
			.quantity = 10,
			.minimum = 9}};
	world_put(world, event);
	event = (struct event){.kind = EVENT_DEVICE,
		.u.device = {.id = t("cam-1"),
			.kind = t(name),
			.name = t(name),
			.grid = t("G1"),
			.expect_every_ms = 60000,
			.place = place_at(0, 0)}};
	world_put(world, event);
}

/* A silence, a warning, and a camera that is out of service. */
static void night_orders(struct world *world, const char *name)
{
	struct event event;

	event = (struct event){.kind = EVENT_SILENCE,
		.by = t(name),
		.u.silence = {.grid = t("G2"), .until_ms = world->now_ms + 3600000, .reason = t(name)}};
	world_put(world, event);
	event = (struct event){.kind = EVENT_WARNING,
		.u.warning = {.colour = COLOUR_RED, .hazard = t(name), .until_ms = world->now_ms + 3600000}};
	world_put(world, event);
	event = (struct event){.kind = EVENT_DEVICE_SET,
		.by = t("officer"),
		.u.device_set = {.device = t("cam-2"), .reason = t(name)}};
	world_put(world, event);
}

/* A crew on its way, one that is missing, a call to make, material reserved, a silence, a warning; all of it called `name`. */
static uint32_t night(struct world *world, const char *name)
{
	struct playbook_def def = plan_for("fire", "alarm.fire.smoke", "fire");
	uint32_t number;

	def.title = t(name);
	def.incident_type = t(name);
	plan_send(&def, "water", 1);
	plan_send(&def, "boat", 2);
	def.step[def.step_count++] =
		(struct step_def){.kind = STEP_SUPPLY, .level = 1, .item = t("ring"), .quantity = 3};
	def.dispose_ms = 86400000;
	night_town(world, name);
	world_playbook(world, &def);
	number = world_raise(world, "cam-1", "alarm.fire.smoke");
	night_orders(world, name);
	return number;
}

/* Every tag is one of ours, nothing else stands behind a '<', and what is opened as a block is closed. */
static void is_harmless_html(const char *page)
{
	static const char *const ours[] = {"!DOCTYPE html>", "html lang=\"zh-CN\">", "head>", "meta ",
		"title>", "style>", "body>", "header>", "div", "b>", "b class=\"", "small>", "h1>", "h2>",
		"h3>", "h4>", "p>", "p class=\"", "i>", "em>", "em class=\"late\">", "section class=\"",
		"section>", "span>", "span class=\"tel\">", "table class=\"", "table>", "thead>", "tbody>",
		"tr>", "tr class=\"blank\">", "td>", "td class=\"tall\">", "td colspan=\"3\"", "th>",
		"ul class=\"", "ul>", "li>", "li class=\"low\">", "bdi>", "html>", "div>"};
	static const char *const blocks[] = {"table", "ul", "section", "div", "h2", "h3", "h4", "bdi",
		"small", "b", "em", "span", "header", "style", "title", "body", "html"};
	const char *begin = strstr(page, "</style>");
	char opened[32], opened_more[32], closed[32];

	assert_non_null(begin);
	assert_true(utf8_valid(t(page)));
	for (const char *at = strchr(begin, '<'); at != NULL; at = strchr(at + 1, '<')) {
		bool known = false;

		for (size_t i = 0; !known && i < sizeof ours / sizeof ours[0]; i++)
			known = strncmp(at[1] == '/' ? at + 2 : at + 1, ours[i], strlen(ours[i])) == 0;
		if (!known && strncmp(at, "</style>", 8) != 0)
			fail_msg("a tag that is not ours: %.60s", at);
	}
	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
		snprintf(opened, sizeof opened, "<%s>", blocks[i]);
		snprintf(opened_more, sizeof opened_more, "<%s ", blocks[i]);
		snprintf(closed, sizeof closed, "</%s>", blocks[i]);
		if (occurrences(page, opened) + occurrences(page, opened_more) != occurrences(page, closed))
			fail_msg("%s: %u + %u opened, %u closed", blocks[i], occurrences(page, opened),
				occurrences(page, opened_more), occurrences(page, closed));
	}
	assert_string_equal(page + strlen(page) - 8, "</html>\n");
}

static void has_no_harmful_bytes(const char *page)
{
	static const char *const harmful[] = {"\x1b", "\x01", "\x02", "\x07", "\x7f", "\r", "\t", "\xC2\x9B",
		"\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x80\x8B", "\xEF\xBB\xBF"};

	for (size_t i = 0; i < sizeof harmful / sizeof harmful[0]; i++)
		assert_false(has(page, harmful[i]));
}

static void no_text_of_a_stranger_does_harm(void **state)
{
	struct world world;
	char *page;

	(void)state;
	world_begin(&world);
	said = HOSTILE;
	(void)night(&world, HOSTILE);
	for (int shift = 0; shift < 2; shift++) {
		page = page_of(&world, source, shift == 1, true);
		is_harmless_html(page);
		has_no_harmful_bytes(page);
		assert_true(has(page, "&lt;script&gt;"));
		assert_false(has(page, "<script"));
		assert_false(has(page, "<img"));
		free(page);
	}
	page = page_of(&world, source, true, false);
	has_no_harmful_bytes(page);
	free(page);
	world_close(&world);
}

static void a_very_long_text_is_cut(void **state)
{
	struct world world;
	char *page;

	(void)state;
	world_begin(&world);
	said = long_text();
	(void)night(&world, "很长");
	page = page_of(&world, source, false, true);
	is_harmless_html(page);
	assert_true(strlen(page) < 200000);
	assert_true(has(page, "…"));
	free(page);
	world_close(&world);
}

static void the_board_has_what_a_night_needs(void **state)
{
	struct world world;
	char *page;

	(void)state;
	world_begin(&world);
	said = "桥下有人喊";
	(void)night(&world, "河湾");
	world_wait(&world, 30000);
	page = page_of(&world, source, false, true);
	assert_true(has(page, "2026-000001"));
	assert_true(has(page, "桥下有人喊"));
	assert_true(has(page, "boat×2"));     /* what is missing */
	assert_true(has(page, "预计 "));      /* when the crew should be there */
	assert_true(has(page, "东经"));       /* where */
	assert_true(has(page, "处置时限"));   /* its next clock */
	assert_true(has(page, "河湾×3河湾")); /* what is loaded */
	assert_true(has(page, "待打电话"));
	assert_true(has(page, ">T1<"));        /* the crew has no terminal */
	assert_true(has(page, "13800000000")); /* keepers and the committee */
	assert_true(has(page, "红色预警"));
	assert_true(has(page, "cam-2")); /* a disabled device */
	assert_true(has(page, "不足"));  /* stock below its minimum */
	assert_true(has(page, "纸上事件"));
	assert_true(has(page, "演示数据"));
	assert_true(has(page, "截至 <b>08:00</b>")); /* local time */
	is_harmless_html(page);
	free(page);
	world_close(&world);
}

static void act_on(struct world *world, uint32_t incident, uint8_t act, const char *by)
{
	assert_int_equal(
		world_put(world, (struct event){.kind = EVENT_ACT,
					 .by = t(by),
					 .u.act = {.incident = incident, .act = act, .reason = t("x")}}),
		OUTCOME_OK);
}

/* Two alike: the older one stands above, until its work is done. */
static void what_only_waits_to_be_verified_comes_last(void **state)
{
	struct world world;
	struct event event = {.kind = EVENT_OPEN, .by = t("officer")};
	uint32_t first;
	char *page;

	(void)state;
	world_begin(&world);
	event.u.open = (struct event_open){.type = t("other"), .place = place_at(0, 0), .grid = t("G1")};
	for (int i = 0; i < 2; i++) {
		assert_int_equal(world_put(&world, event), OUTCOME_OK);
		event.u.open.place = place_at(4000, 0);
	}
	first = ((const struct incident *)query_at(world.core, TABLE_INCIDENT, 1))->r.number;
	page = page_of(&world, (struct board_source){.context = NULL}, false, true);
	assert_true(strstr(page, "2026-000001") < strstr(page, "2026-000002"));
	assert_int_equal(occurrences(page, "现无力量在场或途中"), 2);
	free(page);
	act_on(&world, first, ACT_DONE, "leader");
	page = page_of(&world, (struct board_source){.context = NULL}, false, true);
	assert_true(strstr(page, "2026-000001") > strstr(page, "2026-000002"));
	assert_int_equal(occurrences(page, "现无力量在场或途中"), 1);
	is_harmless_html(page);
	free(page);
	world_close(&world);
}

/* The crews of a case that was merged live on, and stand with the one that goes on. */
static void a_merged_case_is_on_the_paper_of_the_other(void **state)
{
	struct playbook_def def = plan_for("fire", "alarm.fire.smoke", "fire");
	struct world world;
	uint32_t kept, merged;
	char *page;

	(void)state;
	world_begin(&world);
	plan_send(&def, "water", 1);
	world_unit(&world, "crew-1", "water", 100, 0);
	world_unit(&world, "crew-2", "water", 4900, 0);
	world_playbook(&world, &def);
	kept = world_raise(&world, "cam-1", "alarm.fire.smoke");
	merged = world_raise(&world, "cam-far", "alarm.fire.smoke");
	assert_int_not_equal(kept, merged);
	assert_int_equal(world_merge(&world, merged, kept), OUTCOME_OK);
	page = page_of(&world, (struct board_source){.context = NULL}, false, true);
	assert_int_equal(occurrences(page, "<section class=\"case\">"), 1);
	assert_true(has(page, "已并入</i> 2026-000002"));
	assert_int_equal(occurrences(page, "<td>crew-1 <small>"), 1);
	assert_int_equal(occurrences(page, "<td>crew-2 <small>"), 1);
	is_harmless_html(page);
	free(page);
	world_close(&world);
}

static void a_hand_over_says_who_was_there_and_what_waits(void **state)
{
	struct world world;
	char *page;

	(void)state;
	world_begin(&world);
	said = "";
	assert_int_equal(world_put(&world, (struct event){.kind = EVENT_SHIFT,
						   .by = t("officer"),
						   .u.shift = {.act = SHIFT_ON}}),
		OUTCOME_OK);
	world_wait(&world, 60000);
	(void)night(&world, "河湾");
	world_wait(&world, 30000);
	page = page_of(&world, source, true, false);
	assert_true(has(page, "officer 13800000000,08:00 到岗"));
	assert_true(has(page, "未确认提醒:1 起事件有提醒未确认"));
	assert_true(has(page, "■ 未确认的提醒"));
	assert_true(has(page, "· 2026-000001 | 河湾 |")); /* its alerts */
	assert_true(has(page, "[到点 | 还有 | 时限 | 事件]"));
	assert_true(has(page, "07-02 08:01 | 还有23小时59分 | 处置时限 | 2026-000001 河湾"));
	assert_true(has(page, "河湾 ×3 河湾 | 河湾 | 已预留 | 2026-000001")); /* goods */
	assert_true(has(page, "cam-2"));
	assert_true(has(page, "S1 | 全部 | 全部 | G2 |"));
	assert_true(has(page, "交班人 ____"));
	free(page);
	page = page_of(&world, source, true, true);
	assert_true(has(page, "交接班清单"));
	assert_true(has(page, "officer"));
	is_harmless_html(page);
	free(page);
	world_close(&world);
}

/* --- very many -------------------------------------------------------------------------------------------- */

static double cpu_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void open_many(struct world *world, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct event event = {.kind = EVENT_OPEN, .by = t("officer")};

		event.u.open = (struct event_open){
			.type = t("other"), .text = t("x"), .place = place_at(i, i), .grid = t("G1")};
		world_run(world, &event);
	}
}

static void the_most_urgent_are_in_full_the_rest_a_line(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;
	char *page;
	double before_ms;

	(void)state;
	limits.max[TABLE_INCIDENT] = 8000;
	limits.max[TABLE_NEED] = limits.max[TABLE_ORDER] = 40000;
	limits.texts = 100000;
	world_open(&world, &limits);
	world_settle(&world);
	said = "桥下";
	open_many(&world, 5100);
	assert_int_equal(query_town(world.core)->open_count, 5100);
	before_ms = cpu_ms();
	page = page_of(&world, source, false, true);
	print_message("5,100 open incidents: %.1f ms, %zu bytes\n", cpu_ms() - before_ms, strlen(page));
	assert_int_equal(occurrences(page, "<section class=\"case\">"), BOARD_CASES_MAX);
	assert_true(has(page, "2026-000201"));
	assert_true(has(page, "2026-005000"));
	assert_false(has(page, "2026-005001"));
	assert_true(has(page, "另有 100 项未列出"));
	is_harmless_html(page);
	free(page);
	page = page_of(&world, source, true, true);
	assert_true(has(page, "2026-000200"));
	assert_true(has(page, "2026-005000"));
	assert_false(has(page, "2026-005001"));
	assert_int_equal(occurrences(page, "另有 100 项未列出"), 1);
	is_harmless_html(page);
	free(page);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_text_of_a_stranger_does_harm),
		cmocka_unit_test(a_very_long_text_is_cut),
		cmocka_unit_test(the_board_has_what_a_night_needs),
		cmocka_unit_test(what_only_waits_to_be_verified_comes_last),
		cmocka_unit_test(a_merged_case_is_on_the_paper_of_the_other),
		cmocka_unit_test(a_hand_over_says_who_was_there_and_what_waits),
		cmocka_unit_test(the_most_urgent_are_in_full_the_rest_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
