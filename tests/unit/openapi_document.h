/* openapi_document: schemas/openapi.yaml as a text; for the tests that hold tables against it. */
#ifndef TESTS_UNIT_OPENAPI_DOCUMENT_H
#define TESTS_UNIT_OPENAPI_DOCUMENT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

enum { OPENAPI_MAX = 1 << 20 };

static char *openapi;

/* Set up and torn down once for all tests of a program. */
static int openapi_read(void **state)
{
	FILE *from = fopen("schemas/openapi.yaml", "r");
	size_t got;

	(void)state;
	assert_non_null(from);
	openapi = calloc(1, OPENAPI_MAX);
	assert_non_null(openapi);
	got = fread(openapi, 1, OPENAPI_MAX - 1, from);
	assert_true(got > 10000 && got < OPENAPI_MAX - 1);
	return fclose(from);
}

static int openapi_free(void **state)
{
	(void)state;
	free(openapi);
	return 0;
}

#endif
