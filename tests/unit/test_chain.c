/* test_chain: the hash over a row is the documented one, and any change to a row or its order shows. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#include "store/chain.h"

static uint8_t prev[STORE_HASH_BYTES], plan[STORE_HASH_BYTES], hash[STORE_HASH_BYTES];

static struct store_row sample(void)
{
	memset(prev, 0x11, sizeof(prev));
	memset(plan, 0x22, sizeof(plan));
	return (struct store_row){.seq = 0x0102030405060708,
		.at_ms = -2,
		.epoch = 9,
		.kind = EVENT_ALARM,
		.plan_hash = plan,
		.prev_hash = prev,
		.hash = hash,
		.body = (const uint8_t *)"body",
		.size = 4};
}

static void test_bytes_are_the_documented_ones(void **context)
{
	static const uint8_t numbers[24] = {1, 2, 3, 4, 5, 6, 7, 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xfe, 0, 0, 0, 0, 0, 0, 0, 9};
	struct store_row row = sample();
	uint8_t bytes[32 + 24 + 32 + 5 + 1 + 4];
	uint8_t expected[STORE_HASH_BYTES];

	(void)context;
	memcpy(bytes, prev, 32);
	memcpy(bytes + 32, numbers, 24);
	memcpy(bytes + 56, plan, 32);
	memcpy(bytes + 88, "alarm\0body", 10);
	crypto_hash_sha256(expected, bytes, sizeof(bytes));
	chain_hash(&row, hash);
	assert_memory_equal(hash, expected, sizeof(expected));
}

static void test_row_comes_back(void **context)
{
	struct store_row row = sample();
	struct store_row back;
	uint8_t bytes[CHAIN_HEAD_BYTES + 4];

	(void)context;
	chain_hash(&row, hash);
	chain_row_put(&row, bytes);
	memcpy(bytes + CHAIN_HEAD_BYTES, row.body, 4);
	assert_int_equal(chain_row_get(row.seq, bytes, sizeof(bytes), &back), DISP_OK);
	assert_int_equal(back.at_ms, row.at_ms);
	assert_int_equal(back.epoch, row.epoch);
	assert_int_equal(back.kind, row.kind);
	assert_int_equal(back.size, row.size);
	assert_int_equal(chain_row_check(&back, prev), DISP_OK);
	assert_int_equal(chain_row_get(row.seq, bytes, CHAIN_HEAD_BYTES - 1, &back), DISP_E_DAMAGED);
}

/* Each byte of a row, its seq and its predecessor count; the version and the kind's number are checked by themselves. */
static void test_every_change_shows(void **context)
{
	struct store_row row = sample();
	struct store_row back;
	uint8_t bytes[CHAIN_HEAD_BYTES + 4];
	uint8_t other[STORE_HASH_BYTES] = {0};

	(void)context;
	chain_hash(&row, hash);
	chain_row_put(&row, bytes);
	memcpy(bytes + CHAIN_HEAD_BYTES, row.body, 4);
	for (size_t index = 0; index < sizeof(bytes); index++) {
		bytes[index] ^= 1;
		if (chain_row_get(row.seq, bytes, sizeof(bytes), &back) == DISP_OK)
			assert_int_equal(chain_row_check(&back, prev), DISP_E_DAMAGED);
		bytes[index] ^= 1;
	}
	assert_int_equal(chain_row_get(row.seq + 1, bytes, sizeof(bytes), &back), DISP_OK);
	assert_int_equal(chain_row_check(&back, prev), DISP_E_DAMAGED);
	assert_int_equal(chain_row_get(row.seq, bytes, sizeof(bytes), &back), DISP_OK);
	assert_int_equal(chain_row_check(&back, other), DISP_E_DAMAGED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_are_the_documented_ones),
		cmocka_unit_test(test_row_comes_back),
		cmocka_unit_test(test_every_change_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
