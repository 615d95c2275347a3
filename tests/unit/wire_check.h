/* wire_check: messages handed to a reader to the byte, and texts compared; for the tests of what comes in. */
#ifndef TESTS_UNIT_WIRE_CHECK_H
#define TESTS_UNIT_WIRE_CHECK_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/types.h"

/* From the heap and to the byte, where the sanitizer sees a read past the end. Good until the next call. */
static inline const char *kept_bytes(const void *bytes, size_t len)
{
	static char *kept;

	free(kept);
	kept = malloc(len + (len == 0));
	if (kept != NULL && len > 0)
		memcpy(kept, bytes, len);
	return kept;
}

static inline void check_text(struct text text, const char *expected)
{
	assert_int_equal(text.len, strlen(expected));
	if (text.len > 0)
		assert_memory_equal(text.ptr, expected, text.len);
}

#endif
