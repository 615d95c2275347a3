/* test_readback: a row of the journal as libpq gives it: taken when it is what the writer wrote, else refused. No database. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "store/readback.h"

enum { COLUMNS = 8 };

static const char eight[8] = {0, 0, 0, 0, 0, 0, 1, 2}, hash[STORE_HASH_BYTES] = {7};

struct column {
	const char *bytes;
	int len; /* -1: NULL */
};

static const struct column good[COLUMNS] = {{eight, 8}, {eight, 8}, {eight, 8}, {"tick", 4}, {NULL, -1},
	{"body", 4}, {hash, STORE_HASH_BYTES}, {hash, STORE_HASH_BYTES}};

/* The good row with one column changed; COLUMNS: none. */
static enum disp_err row_with(int changed, struct column column, struct store_row *row, PGresult **result)
{
	PGresAttDesc desc[COLUMNS] = {0};
	static char name[] = "x";

	*result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	for (int index = 0; index < COLUMNS; index++)
		desc[index] = (PGresAttDesc){.name = name, .format = 1, .typlen = -1, .atttypmod = -1};
	assert_int_equal(PQsetResultAttrs(*result, COLUMNS, desc), 1);
	for (int index = 0; index < COLUMNS; index++) {
		struct column one = index == changed ? column : good[index];
		char bytes[64];

		if (one.len > 0)
			memcpy(bytes, one.bytes, (size_t)one.len);
		assert_int_equal(PQsetvalue(*result, 0, index, one.len < 0 ? NULL : bytes, one.len), 1);
	}
	return readback_row(*result, 0, row);
}

static void assert_refused(int changed, struct column column)
{
	struct store_row row;
	PGresult *result;

	assert_int_equal(row_with(changed, column, &row, &result), DISP_E_DAMAGED);
	PQclear(result);
}

static void a_whole_row_is_taken(void **state)
{
	struct store_row row;
	PGresult *result;

	(void)state;
	assert_int_equal(row_with(COLUMNS, good[0], &row, &result), DISP_OK);
	assert_int_equal(row.seq, 258);
	assert_int_equal(row.at_ms, 258);
	assert_int_equal(row.epoch, 258);
	assert_int_equal(row.kind, EVENT_TICK);
	assert_int_equal(row.size, 4);
	assert_int_equal(row.plan_hash[0], 0);
	assert_int_equal(row.hash[0], 7);
	PQclear(result);
}

static void another_shape_is_refused(void **state)
{
	(void)state;
	for (int index = 0; index < 3; index++) { /* numbers */
		assert_refused(index, (struct column){NULL, -1});
		assert_refused(index, (struct column){eight, 4});
	}
	assert_refused(3, (struct column){"tock", 4});
	assert_refused(3, (struct column){"", 0});
	for (int index = 6; index < COLUMNS; index++) { /* hashes */
		assert_refused(index, (struct column){NULL, -1});
		assert_refused(index, (struct column){hash, STORE_HASH_BYTES - 1});
	}
	assert_refused(4, (struct column){hash, 1});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_row_is_taken),
		cmocka_unit_test(another_shape_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
