/* test_token: what stands behind Authorization is a token, or it is nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "api/token.h"
#include "core/event.h"

static void is(const char *header, const char *id, const char *secret)
{
	struct token token;

	assert_true(token_read(header, &token));
	assert_int_equal(token.id.len, strlen(id));
	assert_memory_equal(token.id.ptr, id, strlen(id));
	assert_int_equal(token.secret.len, strlen(secret));
	assert_memory_equal(token.secret.ptr, secret, strlen(secret));
}

static void is_none(const char *header)
{
	struct token token = {TEXT("left"), TEXT("over")};

	assert_false(token_read(header, &token));
	assert_int_equal(token.id.len + token.secret.len, 0);
}

static void takes_what_is_one(void **state)
{
	(void)state;
	is("Bearer desk-1.c2VjcmV0", "desk-1", "c2VjcmV0");
	is("bearer desk_1.a", "desk_1", "a");
	is("BEARER   D.a-b_c.d=  ", "D", "a-b_c.d=");
}

static void takes_nothing_else(void **state)
{
	static const char *const header[] = {"", "Bearer", "Bearer ", "Bearer desk-1", "Bearer desk-1.",
		"Bearer .secret", "Bearer desk 1.secret", "Bearer desk-1.sec ret", "Bearer desk-1.secret\t",
		"Bearer desk-1.s\xc3\xa9", "Bearer d\xc3\xa9sk.secret", "Basic ZGVzazpz",
		"Bearerdesk-1.secret", "Bearer desk/1.secret", " Bearer desk-1.secret"};

	(void)state;
	is_none(NULL);
	for (size_t i = 0; i < sizeof(header) / sizeof(header[0]); i++)
		is_none(header[i]);
}

/* One byte more than may be, on either side of the dot. */
static void keeps_its_bounds(void **state)
{
	char header[KEY_ID_MAX + TOKEN_SECRET_MAX + 64];

	(void)state;
	for (int id = KEY_ID_MAX; id <= KEY_ID_MAX + 1; id++)
		for (int secret = TOKEN_SECRET_MAX; secret <= TOKEN_SECRET_MAX + 1; secret++) {
			struct token token;

			(void)snprintf(header, sizeof(header), "Bearer %0*d.%0*d", id, 0, secret, 0);
			assert_int_equal(
				token_read(header, &token), id == KEY_ID_MAX && secret == TOKEN_SECRET_MAX);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_is_one),
		cmocka_unit_test(takes_nothing_else),
		cmocka_unit_test(keeps_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
