/* geo_fixture: one geo for all tests of a program, and places that must be found in it. */
#ifndef TESTS_GEO_FIXTURE_H
#define TESTS_GEO_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "geo/geo.h"

static struct geo *geo;

static inline int open_geo(void **state)
{
	char error[200];

	(void)state;
	if (geo_open(&geo, error, sizeof error) == DISP_OK)
		return 0;
	print_error("%s\n", error);
	return -1;
}

static inline int close_geo(void **state)
{
	(void)state;
	geo_close(geo);
	return 0;
}

static inline struct place place_from(const char *crs, double x, double y)
{
	struct place place = {0};
	enum disp_err error = geo_place_from(geo, crs, x, y, &place);

	if (error != DISP_OK)
		fail_msg("%s %.7f %.7f: %d %s", crs, x, y, (int)error, geo_detail(geo));
	return place;
}

#endif
