/* test_crc32c: the known vectors, and the instruction against the table at every length and alignment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/crc32c.h"

static void known_vectors(void **state)
{
	uint8_t bytes[32];

	(void)state;
	assert_int_equal(crc32c_extend(0, "123456789", 9), 0xE3069283);
	assert_int_equal(crc32c_extend_by_table(0, "123456789", 9), 0xE3069283);
	memset(bytes, 0, sizeof bytes); /* RFC 3720, B.4 */
	assert_int_equal(crc32c_extend(0, bytes, sizeof bytes), 0x8A9136AA);
	memset(bytes, 0xff, sizeof bytes);
	assert_int_equal(crc32c_extend(0, bytes, sizeof bytes), 0x62A8AB43);
	for (size_t index = 0; index < sizeof bytes; index++)
		bytes[index] = (uint8_t)index;
	assert_int_equal(crc32c_extend(0, bytes, sizeof bytes), 0x46DD794E);
	assert_int_equal(crc32c_extend(0, NULL, 0), 0);
}

static void hardware_equals_table(void **state)
{
	uint8_t bytes[300];

	(void)state;
	if (!crc32c_has_hardware())
		skip();
	for (size_t index = 0; index < sizeof bytes; index++)
		bytes[index] = (uint8_t)(index * 167 + 13);
	for (size_t from = 0; from < 9; from++) {
		for (size_t size = 0; from + size <= sizeof bytes; size++)
			assert_int_equal(crc32c_extend_by_hardware(7, bytes + from, size),
				crc32c_extend_by_table(7, bytes + from, size));
	}
}

static void parts_equal_the_whole(void **state)
{
	const char text[] = "an alarm, an order, an answer";
	const uint32_t whole = crc32c_extend(0, text, sizeof text);

	(void)state;
	for (size_t cut = 0; cut <= sizeof text; cut++) {
		uint32_t crc = crc32c_extend(0, text, cut);
		assert_int_equal(crc32c_extend(crc, text + cut, sizeof text - cut), whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_vectors),
		cmocka_unit_test(hardware_equals_table),
		cmocka_unit_test(parts_equal_the_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
