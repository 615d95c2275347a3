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
	assert_int_equal(radio_split(line, part), 3);
	assert_string_equal(part[0], "WR-1 en");
	assert_string_equal(part[1], "M-2 at 南门桥");
	assert_string_equal(part[2], "F-3 done");
	assert_int_equal(radio_split(wide, part), 2);
	assert_string_equal(part[1], "M-2 at 桥");
	for (int i = 0; i < 50; i++)
		strcat(many, "F en/");
	assert_int_equal(radio_split(many, part), RADIO_PARTS_MAX);
	many[0] = '\0';
	assert_int_equal(radio_split(many, part), 0);
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

static void expands(const struct picks *picks, const char *line, const char *expected)
{
	uint32_t beyond;
	char *out;

	assert_int_equal(picks_expand(picks, line, &out, &beyond), DISP_OK);
	assert_string_equal(out, expected);
	free(out);
}

static void rows_of_the_last_list(void **state)
{
	struct picks picks = {.id = NULL};
	uint32_t beyond = 0;
	char *out;

	(void)state;
	assert_int_equal(picks_expand(&picks, "incident show %1", &out, &beyond), DISP_E_NONE);
	assert_null(out);
	picks_begin(&picks);
	assert_int_equal(picks_add(&picks, "2026-000001"), 1);
	assert_int_equal(picks_add(&picks, "two words"), 0);
	assert_int_equal(picks_add(&picks, ""), 0);
	assert_int_equal(picks_add(&picks, "O7"), 2);
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
	assert_int_equal(picks_add(&picks, "A1"), 1);
	assert_int_equal(picks_expand(&picks, "%2", &out, &beyond), DISP_E_NONE);
	for (uint32_t i = 2; i <= 5000; i++)
		assert_int_equal(picks_add(&picks, "x"), i);
	picks_free(&picks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_part_is_unit_status_and_place),
		cmocka_unit_test(case_and_dashes_do_not_matter),
		cmocka_unit_test(chinese_words_and_their_initials),
		cmocka_unit_test(what_is_not_clear_names_what_it_may_be),
		cmocka_unit_test(every_status_word_means_one_thing),
		cmocka_unit_test(a_line_has_parts),
		cmocka_unit_test(places_match_by_their_start),
		cmocka_unit_test(rows_of_the_last_list),
	};

	return cmocka_run_group_tests(tests, units_make, units_free);
}
