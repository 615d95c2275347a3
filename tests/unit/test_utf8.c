/* test_utf8: what could do something to a screen is made harmless, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wire/utf8.h"

static void shows(const char *from, const char *wanted)
{
	char text[64];

	snprintf(text, sizeof text, "%s", from);
	assert_int_equal(utf8_make_harmless(text, strlen(text)), strcmp(from, wanted) != 0);
	assert_string_equal(text, wanted);
}

static void what_moves_the_cursor_becomes_blank(void **state)
{
	(void)state;
	shows("a\033[2Jb\x07\b\r\n\tc\x7F", "a [2Jb     c ");
	shows("a\xC2\x9B"
	      "31mb\xC2\x85",
		"a  31mb  "); /* C1: CSI, NEL */
}

static void what_turns_or_hides_is_marked(void **state)
{
	(void)state;
	shows("水\u202Egnp\u2066x\u2069", "水\uFFFDgnp\uFFFDx\uFFFD");
	shows("零\u200B宽\uFEFF\u2060", "零\uFFFD宽\uFFFD\uFFFD");
	shows("行\u2028段\u2029", "行\uFFFD段\uFFFD");
	shows("a\u00ADb\u061Cc", "a  b  c");
	shows("tag\U000E0041", "tag\uFFFD ");
}

static void text_stays_as_it_is(void **state)
{
	(void)state;
	shows("", "");
	shows("豫龙镇 𠮷野家 é ñ 👨‍👩‍👧 ①",
		"豫龙镇 𠮷野家 é ñ 👨‍👩‍👧 ①");
	shows("\xC2\xA0\u3000<b>&\"'", "\xC2\xA0\u3000<b>&\"'");
}

static void what_is_no_utf8_is_marked(void **state)
{
	(void)state;
	shows("a\xFF"
	      "b\xC3",
		"a?b?");
	shows("\xE6\xB0", "??");
	shows("\xED\xA0\x80", "???");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_moves_the_cursor_becomes_blank),
		cmocka_unit_test(what_turns_or_hides_is_marked), cmocka_unit_test(text_stays_as_it_is),
		cmocka_unit_test(what_is_no_utf8_is_marked)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
