/* test_ctl_command: what the screen shows of a command's answer: all of a short one; of a long one what the officer acts on. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/view.h"

#include "../occurrences.h"

static json_t *answer_of(uint32_t orders)
{
	json_t *reply =
		json_pack("{s:s, s:s, s:s}", "result", "ok", "incident", "2026-000001", "detail", "open");
	json_t *decided = json_array();

	json_array_append_new(decided, json_pack("{s:s, s:s}", "kind", "step", "text", "step 0 effective"));
	json_array_append_new(
		decided, json_pack("{s:s, s:s}", "kind", "need_state", "text", "requirement R1 filled"));
	json_array_append_new(decided,
		json_pack("{s:s, s:s}", "kind", "need_state", "text", "requirement R2 short by 1: busy"));
	json_array_append_new(
		decided, json_pack("{s:s, s:s}", "kind", "unit_state", "text", "FE-1 available -> ordered"));
	for (uint32_t i = 0; i < orders; i++)
		json_array_append_new(decided, json_pack("{s:s, s:s}", "kind", "order", "text", "order O1"));
	json_object_set_new(reply, "decided", decided);
	return reply;
}

/* Everything that is shown; the caller's. */
static char *shown(uint32_t orders)
{
	char *out = NULL;
	size_t size = 0;
	struct screen screen = {.to = open_memstream(&out, &size), .lang = LANG_EN, .width = 80};
	json_t *reply = answer_of(orders);

	assert_non_null(screen.to);
	view_command(&screen, reply);
	fclose(screen.to);
	json_decref(reply);
	return out;
}

static void a_short_answer_is_whole(void **state)
{
	char *text = shown(8);

	(void)state;
	assert_int_equal(occurrences(text, "2026-000001"), 1);
	assert_int_equal(occurrences(text, "step 0 effective"), 1);
	assert_int_equal(occurrences(text, "R1 filled"), 1);
	assert_int_equal(occurrences(text, "FE-1 available"), 1);
	free(text);
}

static void a_long_answer_says_what_to_act_on_and_its_number_last(void **state)
{
	char *text = shown(9);

	(void)state;
	assert_int_equal(occurrences(text, "order O1"), 9);
	assert_int_equal(occurrences(text, "step 0 effective") + occurrences(text, "R1 filled") +
				 occurrences(text, "FE-1"),
		0);
	assert_int_equal(occurrences(text, "R2 short by 1: busy"), 1); /* what is missing is never left out */
	assert_int_equal(occurrences(text, "2026-000001"), 2);
	assert_string_equal(text + strlen(text) - strlen("2026-000001  open\n"), "2026-000001  open\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_answer_is_whole),
		cmocka_unit_test(a_long_answer_says_what_to_act_on_and_its_number_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
