/* test_z85: keys as ZeroMQ writes them: the vectors of RFC 32, there and back, and what is no such text. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "wire/z85.h"

#include "../random.h"

static struct text t(const char *text)
{
	return (struct text){text, (uint32_t)strlen(text)};
}

/* https://rfc.zeromq.org/spec/32/: "HelloWorld"; and the pair that zmq_curve(7) shows. */
static void the_vectors_of_the_rfc(void **state)
{
	static const uint8_t hello[] = {0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b};
	static const uint8_t key[] = {0xbb, 0x88, 0x47, 0x1d, 0x65, 0xe2, 0x65, 0x9b, 0x30, 0xc5, 0x5a, 0x53,
		0x21, 0xce, 0xbb, 0x5a, 0xab, 0x2b, 0x70, 0xa3, 0x98, 0x64, 0x5c, 0x26, 0xdc, 0xa2, 0xb2,
		0xfc, 0xb4, 0x3f, 0xc5, 0x18};
	static const char key_text[] = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
	char out[Z85_KEY_SIZE];
	uint8_t back[Z85_KEY_BYTES];

	(void)state;
	struct text text = z85_write(hello, sizeof hello, out);

	assert_int_equal(text.len, 10);
	assert_memory_equal(text.ptr, "HelloWorld", 10);
	assert_true(z85_read(t("HelloWorld"), back, sizeof hello));
	assert_memory_equal(back, hello, sizeof hello);
	text = z85_write(key, sizeof key, out);
	assert_int_equal(text.len, Z85_KEY_SIZE);
	assert_memory_equal(text.ptr, key_text, Z85_KEY_SIZE);
	assert_true(z85_read(t(key_text), back, sizeof key));
	assert_memory_equal(back, key, sizeof key);
}

static void every_key_comes_back(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 10000; round++) {
		uint8_t key[Z85_KEY_BYTES], back[Z85_KEY_BYTES];
		char out[Z85_KEY_SIZE];

		for (uint32_t i = 0; i < sizeof key; i++)
			key[i] = round == 0 ? 0 : round == 1 ? 0xff : (uint8_t)random_next();
		assert_true(z85_read(z85_write(key, sizeof key, out), back, sizeof back));
		assert_memory_equal(back, key, sizeof key);
	}
}

static void what_is_no_such_text_is_refused(void **state)
{
	static const char *const bad[] = {"", "HelloWorl", "HelloWorldd", "Hello World", "Hello\"orld",
		"Hello,orld", "Hello\x80orld", "#####Hello", "%nSc1Hello"};
	uint8_t back[8];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(z85_read(t(bad[i]), back, sizeof back));
	assert_true(z85_read(t("%nSc0%nSc0"), back, sizeof back)); /* 2^32 - 1, twice */
	for (uint32_t i = 0; i < sizeof back; i++)
		assert_int_equal(back[i], 0xff);
	for (int c = 0; c < 256; c++) { /* 85 characters and no more */
		static uint32_t digits;
		char text[5] = {'0', '0', '0', '0', (char)c};

		digits += z85_read((struct text){text, 5}, back, 4);
		if (c == 255)
			assert_int_equal(digits, 85);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_the_rfc),
		cmocka_unit_test(every_key_comes_back),
		cmocka_unit_test(what_is_no_such_text_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
