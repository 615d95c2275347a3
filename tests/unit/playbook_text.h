/* playbook_text: a plan read from a text of the test; for the tests of the reader of plans. */
#ifndef TESTS_UNIT_PLAYBOOK_TEXT_H
#define TESTS_UNIT_PLAYBOOK_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "playbook/playbook.h"

/* Not SHA-256, and it need not be: 32 bytes that depend on every byte and its place. */
static inline void hash_toy(uint8_t out[PLAYBOOK_HASH_BYTES], const void *bytes, size_t len)
{
	const uint8_t *byte = bytes;
	uint64_t state = 1469598103934665603u;

	for (size_t at = 0; at < len; at++)
		state = (state ^ byte[at]) * 1099511628211u;
	for (uint32_t at = 0; at < PLAYBOOK_HASH_BYTES; at++)
		out[at] = (uint8_t)(state >> (at % 8 * 8));
}

static inline enum disp_err load_text(
	const char *text, struct playbook_set **set, struct reading_faults *faults)
{
	struct playbook_file file = {"demo.yaml", (const uint8_t *)text, strlen(text)};

	reading_faults_init(faults);
	return playbook_load_files(&file, 1, hash_toy, set, faults);
}

static inline bool text_is(struct text text, const char *want)
{
	return text.len == strlen(want) && (text.len == 0 || memcmp(text.ptr, want, text.len) == 0);
}

#endif
