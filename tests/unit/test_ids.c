/* test_ids: every id leads back to its number, and nothing else is one. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "wire/ids.h"

static void check(enum id_kind kind, uint64_t number, const char *expected)
{
	char out[ID_SIZE];
	struct text text = ids_write(kind, number, out);
	uint64_t back = 0;
	enum id_kind kind_back = ID_KIND_COUNT;

	assert_string_equal(out, expected);
	assert_int_equal(text.len, strlen(expected));
	assert_int_equal(ids_read(kind, text, &back), DISP_OK);
	assert_true(back == number);
	assert_int_equal(ids_read_any(text, &kind_back, &back), DISP_OK);
	assert_int_equal(kind_back, kind);
}

static void numbers_have_texts(void **state)
{
	(void)state;
	check(ID_INCIDENT, 2026000123, "2026-000123");
	check(ID_INCIDENT, 2026999999, "2026-999999");
	check(ID_INCIDENT, UINT32_MAX, "4294-967295");
	check(ID_ORDER, 4711, "O4711");
	check(ID_ORDER, UINT32_MAX, "O4294967295");
	check(ID_ALARM, 12, "A12");
	check(ID_ALARM, UINT64_MAX, "A18446744073709551615");
	check(ID_NEED, 5, "R5");
	check(ID_NOTICE, 5, "N5");
	check(ID_TASK, 12, "T12");
	check(ID_SILENCE, 3, "S3");
	check(ID_SUPPLY, 7, "M7");
}

static void zero_is_none(void **state)
{
	char out[ID_SIZE] = "x";

	(void)state;
	for (uint32_t kind = 0; kind < ID_KIND_COUNT; kind++)
		assert_int_equal(ids_write(kind, 0, out).len, 0);
	assert_string_equal(out, "");
}

static void small_letters_pass(void **state)
{
	uint64_t number = 0;

	(void)state;
	assert_int_equal(ids_read(ID_ORDER, TEXT("o12"), &number), DISP_OK);
	assert_true(number == 12);
	assert_int_equal(ids_read(ID_SUPPLY, TEXT("m7"), &number), DISP_OK);
}

static void refuse(enum id_kind kind, const char *given)
{
	uint64_t number = 42;
	struct text text = {given, (uint32_t)strlen(given)};

	if (ids_read(kind, text, &number) != DISP_E_INPUT)
		fail_msg("taken as an id: %s", given);
	assert_true(number == 42);
}

static void anything_else_is_refused(void **state)
{
	static const char *const orders[] = {"", "O", "12", "O0", "O012", "O 1", "O1 ", " O1", "O+1", "O-1",
		"P1", "O1x", "O4294967296", "O99999999999999999999", "\xEFO1", "2026-000123"};
	static const char *const incidents[] = {"", "2026", "2026-", "2026-123", "2026-0000123", "2026000123",
		"2026-000000", "0000-000001", "2026_000123", "2026-00012a", "202a-000123", "9999-000001",
		"4294-967296", " 026-000123", "I2026-000123"};

	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		refuse(ID_ORDER, orders[i]);
	for (size_t i = 0; i < sizeof(incidents) / sizeof(incidents[0]); i++)
		refuse(ID_INCIDENT, incidents[i]);
	refuse(ID_ALARM, "A18446744073709551616");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_texts),
		cmocka_unit_test(zero_is_none),
		cmocka_unit_test(small_letters_pass),
		cmocka_unit_test(anything_else_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
