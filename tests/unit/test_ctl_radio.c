/* test_ctl_radio: what a terse line of radio traffic means, what is not clear in it, and %1 %2 … of the shell. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/picks.h"
#include "ctl/radio.h"

static json_t *units;

static int units_make(void **state)
{
	(void)state;
	units = json_loads(
		"[{\"id\":\"WR-1\",\"name\":\"水上救援一队\"},{\"id\":\"WR-2\",\"name\":\"水上救援二队\"},"
		"{\"id\":\"WR-10\",\"name\":\"冲锋舟\"},{\"id\":\"M-2\",\"name\":\"卫生院\"},"
		"{\"id\":\"F-3\",\"name\":\"消防三班\"}]",
		0, NULL);
	return units == NULL;
}

static int units_free(void **state)
{
	(void)state;
	json_decref(units);
	return 0;
}

static void one_part(const char *typed, const char *unit, const char *status, const char *rest)
{
	struct radio_part part;

	radio_read(typed, units, &part);
	if (part.fault != RADIO_CLEAR)
		fail_msg("%s: fault %d, %zu candidates", typed, (int)part.fault,
			json_array_size(part.candidates));
	assert_string_equal(part.unit, unit);
	assert_string_equal(part.status->word, status);
	assert_string_equal(part.rest, rest);
	radio_free(&part);
}

static void a_part_is_unit_status_and_place(void **state)
{
	(void)state;
	one_part("WR-1 en", "WR-1", "en_route", "");
	one_part("M-2 at 南门桥", "M-2", "arrived", "南门桥");
	one_part("F-3 done", "F-3", "done", "");
	one_part("WR-2 no 车坏了", "WR-2", "decline", "车坏了");
	one_part("m ar south  gate", "M-2", "arrived", "south  gate");
	one_part("F-3  out  发动机 坏了", "F-3", "out_of_service", "发动机 坏了");
}

static void case_and_dashes_do_not_matter(void **state)
{
	(void)state;
	one_part("wr1 EN_ROUTE", "WR-1", "en_route", "");
	one_part("wr10 enroute", "WR-10", "en_route", "");
	one_part("Wr-1 Acc", "WR-1", "accept", "");
	one_part("f oos", "F-3", "out_of_service", "");
}

static void chinese_words_and_their_initials(void **state)
{
	static const struct {
		const char *typed, *status;
	} cases[] = {
		{"接令", "accept"},
		{"jl", "accept"},
		{"接", "accept"},
		{"出动", "en_route"},
		{"cd", "en_route"},
		{"到场", "arrived"},
		{"到", "arrived"},
		{"dc", "arrived"},
		{"完成", "done"},
		{"wc", "done"},
		{"返回", "returning"},
		{"fh", "returning"},
		{"归队", "available"},
		{"gd", "available"},
		{"待命", "available"},
		{"拒绝", "decline"},
		{"jj", "decline"},
		{"停用", "out_of_service"},
		{"接受", "accept"},
		{"下班", "off_duty"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[64];

		snprintf(line, sizeof(line), "卫生 %s", cases[i].typed);
		one_part(line, "M-2", cases[i].status, "");
	}
}

/* Names of candidates, joined. */
static void not_clear(const char *typed, enum radio_fault fault, const char *candidates)
{
	struct radio_part part;
	char names[256] = "";

	radio_read(typed, units, &part);
	assert_int_equal(part.fault, fault);
	for (size_t i = 0; i < json_array_size(part.candidates); i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s", i == 0 ? "" : " ",
			json_string_value(json_array_get(part.candidates, i)));
	if (fault != RADIO_NO_STATUS)
		assert_string_equal(names, candidates);
	radio_free(&part);
}

static void what_is_not_clear_names_what_it_may_be(void **state)
{
	(void)state;
	not_clear("wr en", RADIO_UNIT, "WR-1 WR-2 WR-10");
	not_clear("水上 en", RADIO_UNIT, "WR-1 WR-2");
	not_clear("X-9 en", RADIO_UNIT, "");
	not_clear("F-3 d", RADIO_STATUS, "decline arrived done available");
	not_clear("F-3 o", RADIO_STATUS, "accept arrived off_duty out_of_service");
	not_clear("F-3 nonsense", RADIO_STATUS, "");
	not_clear("F-3", RADIO_NO_STATUS, "");
	not_clear("- en", RADIO_UNIT, ""); /* nothing but dashes is like nothing */
}

/* "去" is how one says that one goes; nobody is taken away by less than a whole word or a clear start of it. */
static void no_start_takes_a_crew_away(void **state)
{
	(void)state;
	one_part("F-3 去 云溪河水闸", "F-3", "en_route", "云溪河水闸");
	one_part("F-3 去不了", "F-3", "decline", "");
	one_part("F-3 不去", "F-3", "decline", "");
	one_part("F-3 谢绝", "F-3", "decline", "");
	one_part("F-3 拒绝 车坏了", "F-3", "decline", "车坏了");
	one_part("F-3 decl", "F-3", "decline", "");
	one_part("F-3 无法完成", "F-3", "failed", "");
	one_part("F-3 坏了", "F-3", "failed", "");
	one_part("F-3 坏", "F-3", "failed", "");
	one_part("F-3 在现场", "F-3", "arrived", "");
	one_part("F-3 在场 桥头", "F-3", "arrived", "桥头");
	one_part("F-3 抵达", "F-3", "arrived", "");
	one_part("F-3 明白", "F-3", "accept", "");
	one_part("F-3 撤", "F-3", "returning", "");
	one_part("F-3 结束", "F-3", "done", "");
	not_clear("F-3 在", RADIO_STATUS, "en_route arrived");
	not_clear("F-3 无", RADIO_STATUS, "failed");
	not_clear("F-3 拒", RADIO_STATUS, "decline");
	not_clear("F-3 停", RADIO_STATUS, "out_of_service");
	not_clear("F-3 不", RADIO_STATUS, "decline off_duty");
	not_clear("F-3 n", RADIO_STATUS, "decline");
	not_clear("F-3 去吧", RADIO_STATUS, "");
}

static void every_status_word_means_one_thing(void **state)
{
	uint32_t count;
	const struct radio_status *status = radio_statuses(&count);

	(void)state;
	for (uint32_t i = 0; i < count; i++) {
		char words[256], *rest = NULL;

		assert_true(words_find(status[i].set,
				    (struct text){status[i].word, (uint32_t)strlen(status[i].word)}) !=
			    UINT32_MAX);
		snprintf(words, sizeof(words), "%s %s", status[i].word, status[i].typed);
		for (char *word = strtok_r(words, " ", &rest); word != NULL;
			word = strtok_r(NULL, " ", &rest)) {
			char line[128];

			snprintf(line, sizeof(line), "F-3 %s", word);
			one_part(line, "F-3", status[i].word, "");
		}
	}
}

static void a_line_has_parts(void **state)
{
	char line[] = " . WR-1 en /M-2 at 南门桥/ / F-3 done\n", wide[] = "。WR-1 en／M-2 at 桥";
	char many[400] = "", *part[RADIO_PARTS_MAX];

	(void)state;
	assert_int_equal(radio_split(line, units, part), 3);
	assert_string_equal(part[0], "WR-1 en");
	assert_string_equal(part[1], "M-2 at 南门桥");
	assert_string_equal(part[2], "F-3 done");
	assert_int_equal(radio_split(wide, units, part), 2);
	assert_string_equal(part[1], "M-2 at 桥");
	for (int i = 0; i < 50; i++)
		strcat(many, "F en/");
	assert_int_equal(radio_split(many, units, part), RADIO_PARTS_MAX);
	many[0] = '\0';
	assert_int_equal(radio_split(many, units, part), 0);
}

/* The parts of a line, joined by "|". */
static void parts_are(const char *typed, const char *expected)
{
	char line[256], joined[512] = "", *part[RADIO_PARTS_MAX];

	snprintf(line, sizeof(line), "%s", typed);
	for (uint32_t i = 0, count = radio_split(line, units, part); i < count; i++)
		snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "%s%s", i == 0 ? "" : "|",
			part[i]);
	assert_string_equal(joined, expected);
}

static void a_comma_parts_where_a_unit_follows(void **state)
{
	(void)state;
	parts_are("WR-1 到场,M-2 去 南门桥", "WR-1 到场|M-2 去 南门桥");
	parts_are("wr1 at, m2 en;F-3 done", "wr1 at|m2 en|F-3 done");
	parts_are("WR-1 到场、冲锋舟 去;卫生院 到了。", "WR-1 到场|冲锋舟 去|卫生院 到了");
	parts_are("WR-1 no 车坏了,在修,要两小时 / M-2 en", "WR-1 no 车坏了,在修,要两小时|M-2 en");
	parts_are("WR-1 no tyre, engine; m at", "WR-1 no tyre, engine; m at"); /* too little for a unit */
	parts_are("WR-1 到场, 卫生 去,,", "WR-1 到场|卫生 去");
	one_part("WR-1,到场,南门桥", "WR-1", "arrived", "南门桥");
}

static void a_line_that_begins_with_a_unit(void **state)
{
	(void)state;
	assert_true(radio_begins_with_unit("wr1 到场", units));
	assert_true(radio_begins_with_unit(" WR-10,到场", units));
	assert_true(radio_begins_with_unit("M_2", units));
	assert_true(radio_begins_with_unit("冲锋舟 去", units));
	assert_false(radio_begins_with_unit("wr 到场", units));
	assert_false(radio_begins_with_unit("", units));
	assert_false(radio_begins_with_unit("wr1", NULL));
}

static void places_match_by_their_start(void **state)
{
	json_t *places =
		json_loads("[{\"name\":\"南门桥\"},{\"name\":\"南门桥东\"},{\"name\":\"北门\"}]", 0, NULL);
	json_t *found = radio_match("南门", places, "name", NULL);

	(void)state;
	assert_int_equal(json_array_size(found), 2);
	json_decref(found);
	found = radio_match("南门桥", places, "name", NULL); /* what it is goes before what begins with it */
	assert_int_equal(json_array_size(found), 1);
	json_decref(found);
	found = radio_match("西", places, "name", NULL);
	assert_int_equal(json_array_size(found), 0);
	json_decref(found);
	json_decref(places);
}

/* --- picks ----------------------------------------------------------------------------------------- */

static void expands(struct picks *picks, const char *line, const char *expected)
{
	uint32_t beyond;
	char *out;

	assert_int_equal(picks_expand(picks, line, &out, &beyond), DISP_OK);
	assert_string_equal(out, expected);
	free(out);
}

static void rows_of_the_last_list(void **state)
{
	struct picks picks = {.row = NULL};
	uint32_t beyond = 0;
	char *out;

	(void)state;
	assert_int_equal(picks_expand(&picks, "incident show %1", &out, &beyond), DISP_E_NONE);
	assert_null(out);
	picks_begin(&picks);
	assert_int_equal(picks_add(&picks, "2026-000001", "Order"), 1);
	assert_int_equal(picks_add(&picks, "two words", "Order"), 0);
	assert_int_equal(picks_add(&picks, "", "Order"), 0);
	assert_int_equal(picks_add(&picks, "O7", "Order"), 2);
	expands(&picks, "incident show %1\n", "incident show 2026-000001\n");
	expands(&picks, "%2 %1 %2", "O7 2026-000001 O7");
	expands(&picks, "order list --incident=%1", "order list --incident=2026-000001");
	expands(&picks, "a 50% b %x c% 5%1 x=%1", "a 50% b %x c% 5%1 x=%1");
	expands(&picks, "note \"%1\" '%2' \\%1 \"a'\" %2", "note \"%1\" '%2' \\%1 \"a'\" O7");
	assert_int_equal(picks_expand(&picks, "x %1 %3", &out, &beyond), DISP_E_NONE);
	assert_int_equal(beyond, 3);
	assert_int_equal(picks_expand(&picks, "x %0", &out, &beyond), DISP_E_NONE);
	picks_begin(&picks); /* a command that lists nothing */
	expands(&picks, "%2", "O7");
	assert_int_equal(picks_add(&picks, "A1", "Order"), 1);
	assert_int_equal(picks_expand(&picks, "%2", &out, &beyond), DISP_E_NONE);
	for (uint32_t i = 2; i <= 5000; i++)
		assert_int_equal(picks_add(&picks, "x", "Order"), i);
	picks_free(&picks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_part_is_unit_status_and_place),
		cmocka_unit_test(case_and_dashes_do_not_matter),
		cmocka_unit_test(chinese_words_and_their_initials),
		cmocka_unit_test(what_is_not_clear_names_what_it_may_be),
		cmocka_unit_test(no_start_takes_a_crew_away),
		cmocka_unit_test(a_comma_parts_where_a_unit_follows),
		cmocka_unit_test(a_line_that_begins_with_a_unit),
		cmocka_unit_test(every_status_word_means_one_thing),
		cmocka_unit_test(a_line_has_parts),
		cmocka_unit_test(places_match_by_their_start),
		cmocka_unit_test(rows_of_the_last_list),
	};

	return cmocka_run_group_tests(tests, units_make, units_free);
}
