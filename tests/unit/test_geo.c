/* test_geo: places in every coordinate system, ranges, and what is refused; the large truths are in
 * tests/real. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "geo/gcj.h"
#include "geo/geo.h"

#include "../geo_fixture.h"

static void assert_near(double value, double expected, double within)
{
	if (!(fabs(value - expected) <= within))
		fail_msg("%.12f is not within %g of %.12f", value, within, expected);
}

/* A point of the model town; its metres as PROJ 9.1.1 gives them from EPSG:4490 and EPSG:4326. */
static void one_point_has_one_place_in_every_system(void **state)
{
	const struct place plain = place_from("EPSG:4490", 113.4, 34.78);
	const char *same[] = {"epsg:4326", "OGC:CRS84", "urn:ogc:def:crs:EPSG::4490",
		"urn:ogc:def:crs:OGC:1.3:CRS84", "WGS84", "cgcs2000", "EPSG:4480", "EPSG:4979"};

	(void)state;
	assert_int_equal(plain.lat_e7, 347800000);
	assert_int_equal(plain.lon_e7, 1134000000);
	for (size_t index = 0; index < sizeof same / sizeof same[0]; index++) {
		struct place other = place_from(same[index], 113.4, 34.78);
		assert_memory_equal(&other, &plain, sizeof plain);
	}

	struct place strip = place_from("EPSG:4547", 445080.549890, 3850350.452027);
	assert_memory_equal(&strip, &plain, sizeof plain);
	strip = place_from("EPSG:4526", 38445080.549890, 3850350.452027);
	assert_memory_equal(&strip, &plain, sizeof plain);
	strip = place_from("EPSG:32649", 719611.128910, 3851270.945904);
	assert_memory_equal(&strip, &plain, sizeof plain);
	strip = place_from("EPSG:3857", 12623630.255957, 4134024.068481);
	assert_memory_equal(&strip, &plain, sizeof plain);
}

static void the_way_back_leads_back(void **state)
{
	const char *systems[] = {"EPSG:4490", "EPSG:4547", "EPSG:4526", "EPSG:32649", "EPSG:3857", "GCJ-02",
		"gcj02", "BD-09", "bd09"};

	(void)state;
	for (size_t index = 0; index < sizeof systems / sizeof systems[0]; index++)
		for (int step = 0; step < 1000; step++) {
			struct place place, back;
			double x = 0, y = 0;

			assert_int_equal(
				geo_place_from_e7(347300000 + step * 1009, 1133800000 + step * 1201, &place),
				DISP_OK);
			assert_int_equal(geo_place_to(geo, &place, systems[index], &x, &y), DISP_OK);
			back = place_from(systems[index], x, y);
			assert_memory_equal(&back, &place, sizeof place);
		}
}

/* The two axes of GRS80, and a point of the town by PROJ 9.1.1: +proj=cart +ellps=GRS80. */
static void earth_centred_coordinates_are_those_of_the_rounded_degrees(void **state)
{
	struct place place;

	(void)state;
	assert_int_equal(geo_place_from_e7(0, 0, &place), DISP_OK);
	assert_int_equal(place.ecef_mm[0], 6378137000);
	assert_int_equal(place.ecef_mm[1], 0);
	assert_int_equal(place.ecef_mm[2], 0);
	assert_int_equal(geo_place_from_e7(900000000, 0, &place), DISP_OK);
	assert_int_equal(place.ecef_mm[0], 0);
	assert_int_equal(place.ecef_mm[2], 6356752314);
	place = place_from("EPSG:4490", 113.4, 34.78);
	assert_int_equal(place.ecef_mm[0], -2082797396);
	assert_int_equal(place.ecef_mm[1], 4813060802);
	assert_int_equal(place.ecef_mm[2], 3617847461);

	struct place near = place_from("EPSG:4490", 113.40000004, 34.77999996);
	assert_memory_equal(&near, &place, sizeof place);
	near = place_from("EPSG:4490", 113.40000006, 34.77999994);
	assert_int_equal(near.lon_e7, 1134000001);
	assert_int_equal(near.lat_e7, 347799999);
}

static void what_is_wrong_is_a_value_with_a_reason(void **state)
{
	const struct {
		const char *crs;
		double x, y;
		enum disp_err error;
		const char *detail;
	} cases[] = {
		{"EPSG:99999", 113.4, 34.8, DISP_E_NONE, "unknown"},
		{"EPSG:99999", 113.4, 34.8, DISP_E_NONE, "unknown"},
		{"nonsense", 113.4, 34.8, DISP_E_NONE, "unknown"},
		{"", 113.4, 34.8, DISP_E_NONE, "not the name"},
		{NULL, 113.4, 34.8, DISP_E_NONE, "not the name"},
		{"+proj=longlat +datum=WGS84", 113.4, 34.8, DISP_E_NONE, "not the name"},
		{"EPSG:4490\n", 113.4, 34.8, DISP_E_NONE, "not the name"},
		{"urn:ogc:def:crs:EPSG", 113.4, 34.8, DISP_E_NONE, "not the name"},
		{"EPSG:012345678901234567890123456789012345678901234567890", 113.4, 34.8, DISP_E_NONE,
			"not the name"},
		{"EPSG:5773", 113.4, 34.8, DISP_E_NONE, "on the ground"},
		{"EPSG:4978", 113.4, 34.8, DISP_E_NONE, "on the ground"},
		{"EPSG:4214", 113.4, 34.8, DISP_E_NONE, "no exact way"},
		{"EPSG:4610", 113.4, 34.8, DISP_E_NONE, "no exact way"},
		{"IAU_2015:30100", 113.4, 34.8, DISP_E_NONE, "no exact way"},
		{"EPSG:4490", NAN, 34.8, DISP_E_INPUT, "finite"},
		{"EPSG:4547", 445080, INFINITY, DISP_E_INPUT, "finite"},
		{"GCJ-02", -INFINITY, 34.8, DISP_E_INPUT, "finite"},
		{"EPSG:4490", 180.0000001, 34.8, DISP_E_INPUT, "beyond"},
		{"EPSG:4490", 34.8, 113.4, DISP_E_INPUT, "beyond"},
		{"GCJ-02", 34.8, 113.4, DISP_E_INPUT, "beyond"},
		{"BD-09", 1e300, 1e300, DISP_E_INPUT, "beyond"},
		{"EPSG:4547", 1e9, 1e9, DISP_E_INPUT, "no meaning"},
		{"EPSG:4547", 38445080, 3850350, DISP_E_INPUT, "no meaning"},
		{"EPSG:3857", 1e9, 1e9, DISP_E_INPUT, "no meaning"},
		{"EPSG:3857", 1e9, 4134024, DISP_E_INPUT, "no meaning"},
	};

	(void)state;
	for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
		struct place place = {1, 2, {3, 4, 5}}, untouched = place;
		enum disp_err error =
			geo_place_from(geo, cases[index].crs, cases[index].x, cases[index].y, &place);

		if (error != cases[index].error || strstr(geo_detail(geo), cases[index].detail) == NULL)
			fail_msg("case %zu: %d, %s", index, (int)error, geo_detail(geo));
		assert_memory_equal(&place, &untouched, sizeof place);
	}

	struct place place;
	assert_int_equal(geo_place_from_e7(900000001, 0, &place), DISP_E_INPUT);
	assert_int_equal(geo_place_from_e7(0, -1800000001, &place), DISP_E_INPUT);
	assert_int_equal(geo_place_from_e7(-900000000, 1800000000, &place), DISP_OK);
}

static void the_table_of_systems_is_bounded(void **state)
{
	char error[200], name[20];
	struct geo *small;
	struct place place;

	(void)state;
	assert_int_equal(geo_open(&small, error, sizeof error), DISP_OK);
	for (int code = 0; code < GEO_CRS_MAX;
		code++) { /* CGCS2000, 21 zones each, with and without number */
		snprintf(name, sizeof name, "EPSG:%d", 4513 + code);
		assert_int_equal(geo_crs_check(small, name), DISP_OK);
		assert_int_equal(geo_crs_check(small, name), DISP_OK);
	}
	assert_int_equal(geo_crs_check(small, "EPSG:32649"), DISP_E_FULL);
	assert_int_equal(geo_crs_check(small, "EPSG:99999"), DISP_E_FULL);
	assert_int_equal(geo_crs_check(small, "EPSG:4513"), DISP_OK);
	assert_int_equal(geo_crs_check(small, "GCJ-02"), DISP_OK);
	assert_int_equal(geo_place_from(small, "EPSG:4490", 113.4, 34.78, &place), DISP_OK);
	geo_close(small);
	geo_close(NULL);
}

/* Range: GeographicLib 2.1.2's row of Henan pairs is in tests/real; here quarter meridian and equator of
 * GRS80. */
static void ranges_are_those_of_the_ellipsoid(void **state)
{
	struct place equator, pole, east, a, b;
	double range_m = 0;

	(void)state;
	assert_int_equal(geo_place_from_e7(0, 0, &equator), DISP_OK);
	assert_int_equal(geo_place_from_e7(900000000, 0, &pole), DISP_OK);
	assert_int_equal(geo_place_from_e7(0, 900000000, &east), DISP_OK);
	assert_int_equal(
		geo_range_mm(geo, &equator, &pole), 10001965729); /* Moritz 2000: 10,001,965.7293 m */
	assert_int_equal(geo_range_mm(geo, &equator, &east), 10018754171); /* a pi / 2 */
	assert_int_equal(geo_range_mm(geo, &east, &east), 0);

	uint32_t random = 12345;
	for (int turn = 0; turn < 10000; turn++) {
		random = random * 1664525u + 1013904223u;
		assert_int_equal(
			geo_place_from_e7(347300000 + (int32_t)(random % 1000000), 1134000000, &a), DISP_OK);
		random = random * 1664525u + 1013904223u;
		assert_int_equal(
			geo_place_from_e7(347800000, 1133800000 + (int32_t)(random % 1200000), &b), DISP_OK);
		int64_t range_mm = geo_range_mm(geo, &a, &b);
		double x = (double)(a.ecef_mm[0] - b.ecef_mm[0]), y = (double)(a.ecef_mm[1] - b.ecef_mm[1]);
		double z = (double)(a.ecef_mm[2] - b.ecef_mm[2]);

		assert_int_equal(range_mm, geo_range_mm(geo, &b, &a));
		geo_inverse_m(&GEO_CGCS2000, a.lat_e7 / 1e7, a.lon_e7 / 1e7, b.lat_e7 / 1e7, b.lon_e7 / 1e7,
			&range_m, NULL);
		assert_near((double)range_mm, range_m * 1e3, 0.500001);
		assert_near(sqrt(x * x + y * y + z * z), (double)range_mm,
			5.0); /* a chord of 11 km is 1.4 mm short */
	}
}

/* Karney, GeodTest: WGS 84. */
static void the_inverse_takes_the_ellipsoid_at_the_border(void **state)
{
	double range_m = 0, azimuth_deg = 0;

	(void)state;
	geo_inverse_m(&GEO_WGS84, 35.60777, -139.44815, -11.17491, -69.95921, &range_m, &azimuth_deg);
	assert_near(range_m, 8935244.5604818305, 1e-6);
	assert_near(azimuth_deg, 111.098748429560326, 1e-9);
	geo_inverse_m(&GEO_WGS84, 0, 0, 0, 90, &range_m, NULL);
	assert_near(range_m, 10018754.171394622, 1e-6);
}

/* The pairs in the tests of eviltransform and coordtransform, and what a service answered (gcoord's fixture).
 */
static void the_shift_is_that_of_the_services(void **state)
{
	struct gcj_point out = gcj_from_wgs84((struct gcj_point){116.404, 39.915});

	(void)state;
	assert_near(out.lon, 116.41024449916938, 1e-9);
	assert_near(out.lat, 39.91640428150164, 1e-9);
	out = gcj_from_wgs84((struct gcj_point){121.5272106, 31.1774276});
	assert_near(out.lon, 121.531541859215, 1e-6);
	assert_near(out.lat, 31.17530398364597, 1e-6);
	out = gcj_to_bd09((struct gcj_point){116.404, 39.915});
	assert_near(out.lon, 116.41036949371029, 1e-9);
	assert_near(out.lat, 39.92133699351021, 1e-9);
	out = gcj_to_bd09(gcj_from_wgs84((struct gcj_point){114.0164322, 33.0133556}));
	assert_near(out.lon, 114.0287781, 1e-5);
	assert_near(out.lat, 33.0176697, 1e-5);
	out = gcj_from_wgs84((struct gcj_point){-0.1276, 51.5072});
	assert_true(out.lon == -0.1276 && out.lat == 51.5072);
	out = gcj_from_bd09((struct gcj_point){-0.1276, 51.5072});
	assert_true(out.lon == -0.1276 && out.lat == 51.5072);
}

static void a_shifted_place_is_where_it_really_is(void **state)
{
	const char *names[] = {"GCJ-02", "GCJ02", "gcj-02", "BD-09", "BD09", "bd09"};

	(void)state;
	for (int index = 0; index < 6; index++) { /* a city as a service gave it, id 0 of gcoord's fixture */
		bool gcj = index < 3;
		struct place place = place_from(
			names[index], gcj ? 114.022306 : 114.0287781, gcj ? 33.0115324 : 33.0176697);
		assert_near(place.lon_e7, 1140164322, 100);
		assert_near(place.lat_e7, 330133556, 100);
	}
}

static void the_shift_is_undone_everywhere_in_the_box(void **state)
{
	(void)state;
	for (double lon = 72.1; lon < 137.8; lon += 0.37)
		for (double lat = 0.9; lat < 55.8; lat += 0.41) {
			struct gcj_point there = gcj_from_wgs84((struct gcj_point){lon, lat});
			struct gcj_point back = gcj_to_wgs84(there);
			assert_near(back.lon, lon, 1e-9);
			assert_near(back.lat, lat, 1e-9);
			back = gcj_to_wgs84(gcj_from_bd09(gcj_to_bd09(there)));
			assert_near(back.lon, lon, 1e-9);
			assert_near(back.lat, lat, 1e-9);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_point_has_one_place_in_every_system),
		cmocka_unit_test(the_way_back_leads_back),
		cmocka_unit_test(earth_centred_coordinates_are_those_of_the_rounded_degrees),
		cmocka_unit_test(what_is_wrong_is_a_value_with_a_reason),
		cmocka_unit_test(the_table_of_systems_is_bounded),
		cmocka_unit_test(ranges_are_those_of_the_ellipsoid),
		cmocka_unit_test(the_inverse_takes_the_ellipsoid_at_the_border),
		cmocka_unit_test(the_shift_is_that_of_the_services),
		cmocka_unit_test(a_shifted_place_is_where_it_really_is),
		cmocka_unit_test(the_shift_is_undone_everywhere_in_the_box),
	};

	return cmocka_run_group_tests(tests, open_geo, close_geo);
}
