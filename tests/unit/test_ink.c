/* test_ink: bytes of a page: what a stranger wrote is made harmless, times are the town's, a bound is a bound. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "board/ink.h"

static struct text t(const char *string)
{
	return (struct text){string, (uint32_t)strlen(string)};
}

static char *inked(bool html, struct text text, uint32_t characters)
{
	struct ink ink;
	size_t count;
	char *out;

	ink_init(&ink, html, 1 << 20, 0, 480);
	(void)ink_text(&ink, text, characters);
	ink_say(&ink, "");
	out = ink_finish(&ink, &count);
	assert_non_null(out);
	out = realloc(out, count + 1);
	out[count] = '\0';
	return out;
}

static void is_inked(bool html, const char *from, uint32_t characters, const char *wanted)
{
	char *got = inked(html, t(from), characters);

	assert_string_equal(got, wanted);
	free(got);
}

static void what_a_stranger_wrote_is_made_harmless(void **state)
{
	(void)state;
	is_inked(true, "<b>&\"'`", 99, "&lt;b&gt;&amp;&quot;&#39;&#96;");
	is_inked(false, "<b>&\"", 99, "<b>&\"");
	is_inked(true, "a\x1b[31mb", 99, "a\xEF\xBF\xBD[31mb");
	is_inked(false, "a\x1b[31mb", 99, "a\xEF\xBF\xBD[31mb");
	is_inked(true, "a\nb\tc\rd", 99, "a b c d");
	is_inked(true,
		"a\xE2\x80\xAE"
		"b\xC2\x9B"
		"c",
		99,
		"a\xEF\xBF\xBD"
		"b\xEF\xBF\xBD"
		"c");
	is_inked(true, "a\xFF\xC0\xAF", 99, "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
	is_inked(true, "\xD7\xA9", 99, "<bdi>\xD7\xA9</bdi>");
	is_inked(true, "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81", 99, "e\xCC\x81\xCC\x81");
	is_inked(true, "一二三四", 2, "一二…");
	is_inked(true, "一二", 2, "一二");
}

static void a_page_that_is_too_long_is_no_page(void **state)
{
	struct ink ink;
	size_t count;

	(void)state;
	ink_init(&ink, true, 100, 0, 480);
	for (int i = 0; i < 20; i++)
		ink_say(&ink, "0123456789");
	assert_null(ink_finish(&ink, &count));
	assert_int_equal(count, 0);
}

static void times_are_the_towns(void **state)
{
	struct ink ink;
	size_t count;
	char *out;

	(void)state;
	ink_init(&ink, false, 1000, INT64_C(1782892800000), 480); /* 2026-07-01 16:00 there */
	ink_time(&ink, INT64_C(1782892800000) - 60000);
	ink_say(&ink, " ");
	ink_time(&ink, INT64_C(1782892800000) - 86400000);
	ink_say(&ink, " ");
	ink_time(&ink, INT64_C(1782892800000) - INT64_C(366) * 86400000);
	ink_say(&ink, " ");
	ink_time(&ink, 0);
	ink_say(&ink, " ");
	ink_span(&ink, 59000);
	ink_span(&ink, 3600000);
	ink_span(&ink, -3720000);
	ink_span(&ink, INT64_C(86400000) * 3);
	out = ink_finish(&ink, &count);
	assert_non_null(out);
	assert_int_equal(count, strlen("15:59 06-30 16:00 2025-06-30 16:00 — 0分1小时1小时2分3天"));
	assert_memory_equal(out, "15:59 06-30 16:00 2025-06-30 16:00 — 0分1小时1小时2分3天", count);
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_stranger_wrote_is_made_harmless),
		cmocka_unit_test(a_page_that_is_too_long_is_no_page),
		cmocka_unit_test(times_are_the_towns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
