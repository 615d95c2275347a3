/* test_words: every value has one word of its own, and the word leads back to the value. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "core/effect.h"
#include "core/event.h"
#include "core/words.h"

static void check_text(struct text text, const char *expected)
{
	assert_int_equal(text.len, strlen(expected));
	assert_memory_equal(text.ptr, expected, text.len);
}

static bool is_unknown(struct text text)
{
	return text.len == 1 && text.ptr[0] == '?';
}

static void every_word_leads_back(void **state)
{
	(void)state;
	for (uint32_t set = 0; set < WORDS_SET_COUNT; set++) {
		uint32_t value = 0;

		for (; !is_unknown(words_of(set, value)); value++) {
			struct text word = words_of(set, value);

			assert_int_equal(words_find(set, word), value);
			assert_false(is_unknown(words_zh(set, value)));
			assert_true(words_zh(set, value).len >= 3);
			for (uint32_t i = 0; i < word.len; i++)
				assert_true(word.ptr[i] == '_' ||
					    (word.ptr[i] >= 'a' && word.ptr[i] <= 'z') ||
					    (set == WORDS_RESPONSE &&
						    (word.ptr[i] == 'I' || word.ptr[i] == 'V')));
		}
		assert_true(value >= 2);
		assert_true(is_unknown(words_of(set, UINT32_MAX)));
		assert_true(is_unknown(words_zh(set, value)));
	}
}

static void words_stand_at_their_values(void **state)
{
	(void)state;
	check_text(words_of(WORDS_COLOUR, COLOUR_RED), "red");
	check_text(words_of(WORDS_REJECT, REJECT_NOT_LEADER), "not_leader");
	check_text(words_of(WORDS_REJECT, REJECT_BAD_TIME), "bad_time");
	check_text(words_of(WORDS_INCIDENT_STATE, INCIDENT_DONE_REPORTED), "done_reported");
	check_text(words_of(WORDS_UNIT_STATE, UNIT_OUT_OF_SERVICE), "out_of_service");
	check_text(words_of(WORDS_ORDER_STATE, ORDER_RECALLED), "recalled");
	check_text(words_of(WORDS_ANSWER, ANSWER_FAILED), "failed");
	check_text(words_of(WORDS_WHY, WHY_HELD), "held");
	check_text(words_of(WORDS_WHY, WHY_NO_LINK), "no_link");
	check_text(words_of(WORDS_OUTCOME, OUTCOME_SAME_PERSON), "same_person");
	check_text(words_of(WORDS_STEP_KIND, STEP_NOTIFY), "notify");
	check_text(words_of(WORDS_EVENT, EVENT_UNIT_SET), "unit_set");
	check_text(words_of(WORDS_EVENT, EVENT_TICK), "tick");
	check_text(words_of(WORDS_EFFECT, EFFECT_NEED_STATE), "need_state");
	check_text(words_of(WORDS_EFFECT, EFFECT_AGENDA), "agenda");
	check_text(words_zh(WORDS_INCIDENT_STATE, INCIDENT_CLOSED), "已结案");
	check_text(words_zh(WORDS_MODE, MODE_EXERCISE), "演练");
}

static void grades_are_found_in_chinese(void **state)
{
	(void)state;
	assert_int_equal(words_find(WORDS_GRADE, TEXT("一般")), GRADE_GENERAL);
	assert_int_equal(words_find(WORDS_GRADE, TEXT("较大")), GRADE_LARGER);
	assert_int_equal(words_find(WORDS_GRADE, TEXT("重大")), GRADE_MAJOR);
	assert_int_equal(words_find(WORDS_GRADE, TEXT("特别重大")), GRADE_EXTREME);
	assert_int_equal(words_find(WORDS_GRADE, TEXT("extreme")), GRADE_EXTREME);
	assert_int_equal(words_find(WORDS_COLOUR, TEXT("红色")), UINT32_MAX);
}

static void strangers_are_not_found(void **state)
{
	(void)state;
	assert_int_equal(words_find(WORDS_COLOUR, TEXT("Red")), UINT32_MAX);
	assert_int_equal(words_find(WORDS_COLOUR, TEXT("redd")), UINT32_MAX);
	assert_int_equal(words_find(WORDS_COLOUR, TEXT("")), UINT32_MAX);
	assert_int_equal(words_find(WORDS_COLOUR, (struct text){NULL, 0}), UINT32_MAX);
}

static void who_words_are_bits(void **state)
{
	(void)state;
	assert_int_equal(words_who(TEXT("grid_head")), WHO_GRID_HEAD);
	assert_int_equal(words_who(TEXT("grid_3")), WHO_GRID_HEAD);
	assert_int_equal(words_who(TEXT("grid_2")), WHO_VILLAGE_HEAD);
	assert_int_equal(words_who(TEXT("grid_1")), WHO_TOWN_HEAD);
	assert_int_equal(words_who(TEXT("grid_4")), 0);
	assert_int_equal(words_who(TEXT("")), 0);
	for (uint32_t bit = WHO_DUTY_OFFICER; bit <= WHO_ASSIST; bit <<= 1) {
		assert_int_equal(words_who(words_who_of(bit)), bit);
		assert_false(is_unknown(words_who_zh(bit)));
	}
	check_text(words_who_of(WHO_GRID_HEAD), "grid_head");
	assert_true(is_unknown(words_who_of(0)));
	assert_true(is_unknown(words_who_of(WHO_OFFICE | WHO_LEAD)));
	assert_true(is_unknown(words_who_zh(1u << 31)));
}

static void words_of_the_town_have_chinese(void **state)
{
	static const char stranger[] = "ufo_crew";

	(void)state;
	check_text(words_town_zh((struct text){"water_rescue", 12}), "水上救援");
	check_text(words_town_zh((struct text){stranger, sizeof(stranger) - 1}), "ufo_crew");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_the_town_have_chinese),
		cmocka_unit_test(every_word_leads_back),
		cmocka_unit_test(words_stand_at_their_values),
		cmocka_unit_test(grades_are_found_in_chinese),
		cmocka_unit_test(strangers_are_not_found),
		cmocka_unit_test(who_words_are_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
