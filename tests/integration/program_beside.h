/* program_beside: the program of the same build that a test starts. */
#ifndef TESTS_PROGRAM_BESIDE_H
#define TESTS_PROGRAM_BESIDE_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char program[512];

/* The programs lie two folders above the tests of the same build. False: a build of the tests alone; it is said. */
static inline bool program_find(const char *self, const char *name)
{
	const char *end = strstr(self, "/tests/integration/");

	snprintf(program, sizeof(program), "%.*s/%s", end ? (int)(end - self) : 1, end ? self : ".", name);
	if (access(program, X_OK) == 0)
		return true;
	printf("no %s\n", program);
	return false;
}

#endif
