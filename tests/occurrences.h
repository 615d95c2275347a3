/* occurrences: how often a part stands in a text; for tests of what is written. */
#ifndef TESTS_OCCURRENCES_H
#define TESTS_OCCURRENCES_H

#include <stdint.h>
#include <string.h>

static inline uint32_t occurrences(const char *text, const char *part)
{
	uint32_t count = 0;

	for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
		count++;
	return count;
}

#endif
