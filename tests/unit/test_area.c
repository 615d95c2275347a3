/* test_area: exactly one area holds a point, and every overlap, overhang and gap is told with its size. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/area.h"

enum { FAULTS_MAX = 64, SIDE = 20 };

static struct area_fault fault[FAULTS_MAX];
static char reason[FAULTS_MAX][80];
static size_t fault_count;

static void keep(void *context, const struct area_fault *found)
{
	assert_ptr_equal(context, &fault_count);
	assert_true(fault_count < FAULTS_MAX);
	strncpy(reason[fault_count], found->reason, sizeof reason[0] - 1);
	fault[fault_count++] = *found;
}

static enum disp_err check(struct area_set *set, const struct area_set *outline)
{
	fault_count = 0;
	return area_set_check(set, outline, AREA_TINY_M2, keep, &fault_count);
}

static struct area_set *new_set(void)
{
	struct area_set *set;

	assert_int_equal(area_set_new(&set), DISP_OK);
	return set;
}

static uint32_t add_ring(struct area_set *set, const double *lonlat, size_t points)
{
	uint32_t index = AREA_NONE;

	if (area_set_add(set, lonlat, &points, 1, NULL, 0, &index) != DISP_OK)
		fail_msg("%s", area_set_detail(set));
	return index;
}

static uint32_t add_box(struct area_set *set, double west, double south, double east, double north)
{
	const double ring[] = {west, south, east, south, east, north, west, north, west, south};

	return add_ring(set, ring, 5);
}

/* SIDE x SIDE boxes of 0.005 degrees from 113.38 E, 34.73 N, row after row. */
static struct area_set *new_town(void)
{
	struct area_set *set = new_set();

	for (uint32_t box = 0; box < SIDE * SIDE; box++) {
		double west = (113380 + 5 * (box % SIDE)) / 1e3, south = (34730 + 5 * (box / SIDE)) / 1e3;
		double east = (113380 + 5 * (box % SIDE + 1)) / 1e3,
		       north = (34730 + 5 * (box / SIDE + 1)) / 1e3;
		assert_int_equal(add_box(set, west, south, east, north), box);
	}
	return set;
}

static void assert_about(double value, double expected, double share)
{
	if (!(fabs(value - expected) <= share * expected))
		fail_msg("%.6f is not within %g of %.6f", value, share, expected);
}

static void a_point_is_in_one_area(void **state)
{
	struct area_set *set = new_town();

	(void)state;
	assert_int_equal(area_set_count(set), SIDE * SIDE);
	for (uint32_t box = 0; box < SIDE * SIDE; box++) {
		int32_t lon_e7 = 1133825000 + 50000 * (int32_t)(box % SIDE);
		int32_t lat_e7 = 347325000 + 50000 * (int32_t)(box / SIDE);
		assert_int_equal(area_set_find(set, lon_e7, lat_e7), box);
	}
	assert_int_equal(area_set_find(set, 1133799999, 347325000), AREA_NONE);
	assert_int_equal(area_set_find(set, 1134800001, 347325000), AREA_NONE);
	assert_int_equal(area_set_find(set, 0, 0), AREA_NONE);
	assert_int_equal(area_set_find(set, 1800000000, 900000000), AREA_NONE);
	area_set_free(set);
}

static void a_point_on_a_border_is_in_the_lowest(void **state)
{
	struct area_set *set = new_town(), *turned = new_set(), *empty = new_set();

	(void)state;
	assert_int_equal(area_set_find(set, 1133850000, 347325000), 0);        /* between 0 and 1 */
	assert_int_equal(area_set_find(set, 1133850001, 347325000), 1);        /* 1 cm on */
	assert_int_equal(area_set_find(set, 1133850000, 347350000), 0);        /* corner of 0, 1, 20 and 21 */
	assert_int_equal(area_set_find(set, 1133900000, 347400000), SIDE + 1); /* of 21, 22, 41 and 42 */
	assert_int_equal(area_set_find(set, 1133800000, 347300000), 0);
	assert_int_equal(area_set_find(set, 1134800000, 348300000), SIDE * SIDE - 1);

	add_box(turned, 113.5, 34.5, 114.0, 35.0);
	add_box(turned, 113.0, 34.5, 113.5, 35.0);
	assert_int_equal(area_set_find(turned, 1135000000, 347000000), 0);
	assert_int_equal(area_set_find(empty, 1135000000, 347000000), AREA_NONE);
	area_set_free(set);
	area_set_free(turned);
	area_set_free(empty);
	area_set_free(NULL);
}

/* An oblique border: whatever lies near it is in exactly one of the two, and both are asked the same way. */
static void nothing_falls_between_neighbours(void **state)
{
	const double west[] = {113.0, 34.0, 113.3333333, 34.0, 113.7777777, 35.0, 113.0, 35.0, 113.0, 34.0};
	const double east[] = {
		113.3333333, 34.0, 114.0, 34.0, 114.0, 35.0, 113.7777777, 35.0, 113.3333333, 34.0};
	struct area_set *set = new_set();

	(void)state;
	add_ring(set, west, 5);
	add_ring(set, east, 5);
	for (int32_t step = 0; step <= 100000; step++) {
		int32_t lat_e7 = 340000000 + step * 100;
		int32_t lon_e7 = 1133333333 + (int32_t)(4444444LL * step / 100000);
		uint32_t last = 0;
		for (int32_t off = -2; off <= 2; off++) {
			uint32_t found = area_set_find(set, lon_e7 + off, lat_e7);
			assert_true(found == 0 || found == 1);
			assert_true(found >= last); /* from west to east only one change */
			last = found;
		}
	}
	area_set_free(set);
}

static void holes_and_islands_belong_to_their_area(void **state)
{
	const double rings[] = {
		113.0, 34.0, 113.4, 34.0, 113.4, 34.4, 113.0, 34.4, 113.0, 34.0, /* outside */
		113.1, 34.1, 113.1, 34.3, 113.3, 34.3, 113.3, 34.1, 113.1, 34.1, /* its hole */
		113.15, 34.15, 113.25, 34.15, 113.25, 34.25, 113.15, 34.15,      /* an island in the hole */
	};
	const size_t ring_sizes[] = {5, 5, 4}, polygon_rings[] = {2, 1};
	struct area_set *set = new_set();
	uint32_t index = AREA_NONE;

	(void)state;
	assert_int_equal(area_set_add(set, rings, ring_sizes, 3, polygon_rings, 2, &index), DISP_OK);
	assert_int_equal(index, 0);
	assert_int_equal(area_set_find(set, 1130500000, 340500000), 0);
	assert_int_equal(area_set_find(set, 1131200000, 342800000), AREA_NONE);
	assert_int_equal(area_set_find(set, 1132200000, 341800000), 0);
	assert_int_equal(area_set_find(set, 1131000000, 342000000), 0); /* the rim of the hole */
	assert_int_equal(check(set, NULL), DISP_OK);
	area_set_free(set);
}

static void what_is_no_area_is_refused_with_a_reason(void **state)
{
	const double open[] = {113.0, 34.0, 113.1, 34.0, 113.1, 34.1, 113.0, 34.1};
	const double wrong[] = {113.0, 34.0, NAN, 34.0, 113.1, 34.1, 113.0, 34.0};
	const double far[] = {113.0, 34.0, 113.1, 94.0, 113.1, 34.1, 113.0, 34.0};
	const double good[] = {113.0, 34.0, 113.1, 34.0, 113.1, 34.1, 113.0, 34.0, /* the same once more */
		113.0, 34.0, 113.1, 34.0, 113.1, 34.1, 113.0, 34.0};
	const size_t four[] = {4, 4}, three = 3, huge[] = {4, SIZE_MAX}, two[] = {2, 0},
		     much[] = {1, SIZE_MAX};
	struct area_set *set = new_set();
	uint32_t index = 77;

	(void)state;
	assert_int_equal(area_set_add(set, open, four, 1, NULL, 0, &index), DISP_E_INPUT);
	assert_string_equal(area_set_detail(set), "ring 1 is not closed");
	assert_int_equal(area_set_add(set, wrong, four, 1, NULL, 0, &index), DISP_E_INPUT);
	assert_string_equal(area_set_detail(set), "ring 1, point 2: not a longitude and latitude");
	assert_int_equal(area_set_add(set, far, four, 1, NULL, 0, &index), DISP_E_INPUT);
	assert_int_equal(area_set_add(set, good, &three, 1, NULL, 0, &index), DISP_E_INPUT);
	assert_string_equal(area_set_detail(set), "ring 1 has 3 points; 4 are the least");
	assert_int_equal(area_set_add(set, good, four, 0, NULL, 0, &index), DISP_E_INPUT);
	assert_int_equal(area_set_add(set, good, huge, 2, NULL, 0, &index), DISP_E_INPUT);
	assert_string_equal(area_set_detail(set), "more than 1000000 points");
	assert_int_equal(area_set_add(set, good, four, 1, two, 1, &index), DISP_E_INPUT);
	assert_int_equal(area_set_add(set, good, four, 2, two, 2, &index), DISP_E_INPUT);
	assert_int_equal(area_set_add(set, good, four, 2, much, 2, &index), DISP_E_INPUT);
	assert_int_equal(area_set_add(set, good, four, 2, much, 1, &index), DISP_E_INPUT);
	assert_int_equal(index, 77);
	assert_int_equal(area_set_count(set), 0);
	assert_int_equal(add_ring(set, good, 4), 0);
	assert_string_equal(area_set_detail(set), "");
	area_set_free(set);
}

/* A degree square between 34 and 35 N: GRS80's zone by the closed formula of the authalic sphere. */
static void sizes_are_those_of_the_ellipsoid(void **state)
{
	const double a_m = 6378137.0, f = 1 / 298.257222101, e = sqrt(f * (2 - f)), pi = acos(-1.0);
	struct area_set *set = new_set();
	double zone[2];

	(void)state;
	for (int edge = 0; edge < 2; edge++) {
		double s = sin((34.70 + 0.1 * edge) * pi / 180);
		zone[edge] = a_m * a_m * (1 - e * e) / 2 * (s / (1 - e * e * s * s) + atanh(e * s) / e);
	}
	add_box(set, 113.3, 34.7, 113.4, 34.8);
	assert_about(area_set_size_m2(set, 0), (zone[1] - zone[0]) * 0.1 * pi / 180, 1e-6);
	area_set_free(set);
}

static void a_sound_town_has_no_fault(void **state)
{
	struct area_set *set = new_town(), *outline = new_set();

	(void)state;
	add_box(outline, 113.38, 34.73, 113.48, 34.83);
	assert_int_equal(check(set, outline), DISP_OK);
	assert_int_equal(fault_count, 0);
	area_set_free(set);
	area_set_free(outline);
}

static void overlaps_overhangs_and_gaps_are_told(void **state)
{
	struct area_set *set = new_set(), *outline = new_set();

	(void)state;
	add_box(outline, 113.0, 34.0, 113.4, 34.1);
	add_box(set, 113.0, 34.0, 113.11, 34.1);       /* 0 reaches 0.01 into 1 */
	add_box(set, 113.1, 34.0, 113.2, 34.1);        /* 1 */
	add_box(set, 113.2000001, 34.0, 113.3, 34.12); /* 2: 0.02 over the outline, and 100 m2 from 1 */
	add_box(set, 113.31, 34.0, 113.4, 34.1);       /* 3: a gap of 0.01 before it */
	assert_int_equal(check(set, outline), DISP_E_INPUT);
	assert_int_equal(fault_count, 4);

	/* One square degree at 34.05 N: 110,931.6 m by 92,332.6 m (GRS80's radii there). */
	assert_int_equal(fault[0].kind, AREA_OVERLAP);
	assert_int_equal(fault[0].a, 0);
	assert_int_equal(fault[0].b, 1);
	assert_about(fault[0].area_m2, 0.01 * 0.1 * 110931.6 * 92332.6, 1e-4);
	assert_true(
		fault[0].lon > 113.1 && fault[0].lon < 113.11 && fault[0].lat > 34.0 && fault[0].lat < 34.1);
	assert_int_equal(fault[1].kind, AREA_OUTSIDE);
	assert_int_equal(fault[1].a, 2);
	assert_int_equal(fault[1].b, AREA_NONE);
	assert_about(fault[1].area_m2, 0.1 * 0.02 * 110931.6 * 92332.6, 1e-3);
	assert_int_equal(fault[2].kind, AREA_GAP);
	assert_about(fault[2].area_m2, 0.01 * 0.1 * 110931.6 * 92332.6, 1e-4);
	assert_true(fault[2].lon > 113.3 && fault[2].lon < 113.31);
	assert_int_equal(fault[3].kind, AREA_GAP);
	assert_about(fault[3].area_m2, 1e-7 * 0.1 * 110931.6 * 92332.6, 1e-4);

	assert_int_equal(check(set, NULL), DISP_E_INPUT);
	assert_int_equal(fault_count, 1);
	assert_int_equal(area_set_check(set, outline, 1e12, keep, &fault_count), DISP_OK);
	area_set_free(set);
	area_set_free(outline);
}

/* Corners that differ by a few 1e-7 degree along a border of 1 km overlap and gape by some m2: no fault. */
static void rounded_corners_are_no_fault(void **state)
{
	const double left[] = {113.0, 34.0, 113.1, 34.0, 113.1000003, 34.01, 113.0, 34.01, 113.0, 34.0};
	const double middle[] = {
		113.1, 34.0, 113.2, 34.0, 113.2, 34.01, 113.1000003, 34.01, 113.1000001, 34.005, 113.1, 34.0};
	struct area_set *set = new_set(), *outline = new_set();

	(void)state;
	add_ring(set, left, 5);
	add_ring(set, middle, 6);
	add_box(outline, 113.0, 34.0, 113.2, 34.01);
	assert_int_equal(check(set, outline), DISP_OK);
	assert_int_equal(area_set_check(set, outline, 0.0, keep, &fault_count), DISP_E_INPUT);
	area_set_free(set);
	area_set_free(outline);
}

static void an_area_that_crosses_itself_is_told_once(void **state)
{
	const double bow[] = {113.0, 34.0, 113.1, 34.1, 113.1, 34.0, 113.0, 34.1, 113.0, 34.0};
	const double spike[] = {113.1, 34.0, 113.2, 34.0, 113.2, 34.1, 113.15, 34.1, 113.15, 34.2, 113.15,
		34.1, 113.1, 34.1, 113.1, 34.0};
	const double line[] = {113.0, 34.0, 113.2, 34.0, 113.1, 34.0, 113.0, 34.0};
	struct area_set *set = new_set(), *outline = new_set();

	(void)state;
	add_ring(set, bow, 5);
	add_ring(set, spike, 8);
	add_ring(set, line, 4);
	add_box(outline, 113.0, 34.0, 113.2, 34.1);
	assert_int_equal(check(set, outline), DISP_E_INPUT);
	assert_int_equal(fault_count, 5);
	for (uint32_t index = 0; index < 3; index++) {
		assert_int_equal(fault[index].kind, AREA_INVALID);
		assert_int_equal(fault[index].a, index);
	}
	assert_string_equal(reason[0], "Self-intersection");
	assert_true(fabs(fault[0].lon - 113.05) < 1e-9 && fabs(fault[0].lat - 34.05) < 1e-9);
	for (int gap = 3; gap < 5; gap++) { /* the two wings that the bow leaves open */
		assert_int_equal(fault[gap].kind, AREA_GAP);
		assert_about(fault[gap].area_m2, 0.1 * 0.1 / 4 * 110931.6 * 92332.6, 1e-3);
	}
	area_set_free(set);
	area_set_free(outline);
}

/* Two parts that overlap make a MultiPolygon invalid, but cover what they cover. */
static void what_is_invalid_is_told_as_nothing_else(void **state)
{
	const double parts[] = {113.0, 34.0, 113.15, 34.0, 113.15, 34.1, 113.0, 34.1, 113.0, 34.0, /* one */
		113.05, 34.05, 113.2, 34.05, 113.2, 34.15, 113.05, 34.15, 113.05, 34.05};
	const size_t ring_sizes[] = {5, 5}, polygon_rings[] = {1, 1};
	struct area_set *set = new_set(), *outline = new_set();
	uint32_t index = AREA_NONE;

	(void)state;
	add_box(set, 113.0, 34.0, 113.01, 34.1);
	assert_int_equal(area_set_add(set, parts, ring_sizes, 2, polygon_rings, 2, &index), DISP_OK);
	add_box(set, 113.19, 34.05, 113.2, 34.15);
	add_box(outline, 113.0, 34.0, 113.15, 34.1); /* an outline of two areas */
	add_box(outline, 113.05, 34.05, 113.2, 34.15);
	assert_int_equal(check(set, outline), DISP_E_INPUT);
	assert_int_equal(fault_count, 1);
	assert_int_equal(fault[0].kind, AREA_INVALID);
	assert_int_equal(fault[0].a, 1);
	area_set_free(set);
	area_set_free(outline);
}

static void pairs_are_told_in_order(void **state)
{
	struct area_set *set = new_set();
	size_t at = 0;

	(void)state;
	for (int box = 0; box < 11; box++) { /* scattered, and all share a strip */
		double west = 113.0 + 0.01 * (box * 7 % 11);
		add_box(set, west, 34.0, west + 0.2, 34.1);
	}
	assert_int_equal(check(set, NULL), DISP_E_INPUT);
	assert_int_equal(fault_count, 55);
	for (uint32_t a = 0; a < 11; a++)
		for (uint32_t b = a + 1; b < 11; b++, at++) {
			assert_int_equal(fault[at].a, a);
			assert_int_equal(fault[at].b, b);
		}
	area_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_point_is_in_one_area),
		cmocka_unit_test(a_point_on_a_border_is_in_the_lowest),
		cmocka_unit_test(nothing_falls_between_neighbours),
		cmocka_unit_test(holes_and_islands_belong_to_their_area),
		cmocka_unit_test(what_is_no_area_is_refused_with_a_reason),
		cmocka_unit_test(sizes_are_those_of_the_ellipsoid),
		cmocka_unit_test(a_sound_town_has_no_fault),
		cmocka_unit_test(overlaps_overhangs_and_gaps_are_told),
		cmocka_unit_test(rounded_corners_are_no_fault),
		cmocka_unit_test(an_area_that_crosses_itself_is_told_once),
		cmocka_unit_test(what_is_invalid_is_told_as_nothing_else),
		cmocka_unit_test(pairs_are_told_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
