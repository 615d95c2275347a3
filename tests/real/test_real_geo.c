/* test_real_geo: geodesics and coordinate systems against published truths; says how far off the worst row
 * is. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <proj.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "geo/gcj.h"
#include "geo/geo.h"

#include "../geo_fixture.h"

enum { COLUMNS_MAX = 24, LINE_SIZE = 1024, PATH_SIZE = 512 };

static const char *folder;

/* --- reading ---------------------------------------------------------------------------------- */

/* A table of the data folder: gunzipped when its name ends so, fields between single separators. */
struct table {
	FILE *file;
	bool is_pipe;
	char header[LINE_SIZE], line[LINE_SIZE];
	char *name[COLUMNS_MAX], *field[COLUMNS_MAX];
	size_t columns, rows;
	char separator[2];
};

static size_t split(char *line, const char *separator, char *field[COLUMNS_MAX])
{
	size_t count = 0;

	line[strcspn(line, "\r\n")] = '\0';
	while (line != NULL && count < COLUMNS_MAX)
		field[count++] = strsep(&line, separator);
	return count;
}

static bool table_next(struct table *table)
{
	if (fgets(table->line, sizeof table->line, table->file) == NULL)
		return false;
	table->rows++;
	assert_int_equal(split(table->line, table->separator, table->field), table->columns);
	return true;
}

/* columns 0: the first line names them. */
static void table_open(struct table *table, const char *file, char separator, size_t columns)
{
	char path[PATH_SIZE], command[PATH_SIZE + 20];

	*table = (struct table){.columns = columns, .separator = {separator, '\0'}};
	snprintf(path, sizeof path, "%s/%s", folder, file);
	snprintf(command, sizeof command, "gzip -dc '%s'", path);
	table->is_pipe = strcmp(path + strlen(path) - 3, ".gz") == 0;
	table->file = table->is_pipe ? popen(command, "r") : fopen(path, "r");
	if (table->file == NULL)
		fail_msg("%s cannot be read", path);
	if (columns != 0)
		return;
	assert_non_null(fgets(table->header, sizeof table->header, table->file));
	table->columns = split(table->header, table->separator, table->name);
}

static void table_close(struct table *table, size_t rows_least)
{
	int status = table->is_pipe ? pclose(table->file) : fclose(table->file);

	assert_int_equal(status, 0);
	assert_true(table->rows >= rows_least);
}

static double number_at(const struct table *table, size_t column)
{
	char *end;

	assert_true(column < table->columns);

	double value = strtod(table->field[column], &end);
	if (end == table->field[column] || *end != '\0')
		fail_msg("row %zu: '%s' is not a number", table->rows, table->field[column]);
	return value;
}

static const char *text(const struct table *table, const char *name)
{
	for (size_t column = 0; column < table->columns; column++)
		if (strcmp(table->name[column], name) == 0)
			return table->field[column];
	fail_msg("no column %s", name);
	return "";
}

static double number(const struct table *table, const char *name)
{
	for (size_t column = 0; column < table->columns; column++)
		if (strcmp(table->name[column], name) == 0)
			return number_at(table, column);
	fail_msg("no column %s", name);
	return 0.0;
}

/* --- judging ---------------------------------------------------------------------------------- */

struct worst {
	const char *what, *unit;
	double limit, off;
	size_t compared;
};

static void compare(struct worst *worst, double value, double truth)
{
	double off = fabs(value - truth);

	worst->compared++;
	if (!(off <= worst->off)) /* so written, a NaN is the worst */
		worst->off = off;
}

static void judge(const struct worst *worst)
{
	print_message("%-52s %5zu compared, worst %.3g %s (limit %g)\n", worst->what, worst->compared,
		worst->off, worst->unit, worst->limit);
	assert_true(worst->compared > 0);
	assert_true(worst->off <= worst->limit);
}

static int open_all(void **state)
{
	folder = getenv("DISPATCH_DATA");
	if (folder == NULL || folder[0] == '\0')
		folder = "../shared/data";
	if (access(folder, R_OK) != 0) {
		print_message("skipped: no data in %s; DISPATCH_DATA names the folder\n", folder);
		folder = NULL;
	}
	return open_geo(state);
}

static struct gcj_point place_to(const struct place *place, const char *crs)
{
	struct gcj_point point = {0.0, 0.0};

	if (geo_place_to(geo, place, crs, &point.lon, &point.lat) != DISP_OK)
		fail_msg("%s: %s", crs, geo_detail(geo));
	return point;
}

/* Both of the named columns in `to` against what the point of the `from` columns becomes. */
static void compare_systems(
	struct worst *worst, const struct table *table, const char *const from[3], const char *const to[3])
{
	struct place place = place_from(from[0], number(table, from[1]), number(table, from[2]));
	struct gcj_point point = place_to(&place, to[0]);

	compare(worst, point.lon, number(table, to[1]));
	compare(worst, point.lat, number(table, to[2]));
}

/* --- geodesics -------------------------------------------------------------------------------- */

static void every_geodesic_of_karneys_test_set(void **state)
{
	struct worst worst = {"GeodTest-short.half.dat.gz s12", "m", 0.001, 0.0, 0};
	struct table table;

	(void)state;
	if (folder == NULL)
		skip();
	table_open(&table, "A_geodesic/GeodTest-short.half.dat.gz", ' ', 10);
	while (table_next(&table)) {
		double range_m = NAN;
		geo_inverse_m(&GEO_WGS84, number_at(&table, 0), number_at(&table, 1), number_at(&table, 3),
			number_at(&table, 4), &range_m, NULL);
		compare(&worst, range_m, number_at(&table, 6));
	}
	table_close(&table, 5000);
	judge(&worst);
}

static void every_geodesic_of_the_short_table(void **state)
{
	struct worst worst = {"geodtest_20cases.csv s12", "m", 0.001, 0.0, 0};
	struct worst worst_azimuth = {"geodtest_20cases.csv azi1", "degree", 1e-9, 0.0, 0};
	struct table table;

	(void)state;
	if (folder == NULL)
		skip();
	table_open(&table, "A_geodesic/geodtest_20cases.csv", ',', 0);
	while (table_next(&table)) {
		double range_m = NAN, azimuth_deg = NAN;
		geo_inverse_m(&GEO_WGS84, number(&table, "lat1"), number(&table, "lon1"),
			number(&table, "lat2"), number(&table, "lon2"), &range_m, &azimuth_deg);
		compare(&worst, range_m, number(&table, "s12"));
		compare(&worst_azimuth, azimuth_deg, number(&table, "azi1"));
	}
	table_close(&table, 12);
	judge(&worst);
	judge(&worst_azimuth);
}

static void every_geodesic_of_henan(void **state)
{
	struct worst worst = {"henan_city_pairs.csv s12_m, WGS 84", "m", 0.001, 0.0, 0};
	struct worst worst_range = {"henan_city_pairs.csv s12_m, geo_range_mm", "m", 0.001, 0.0, 0};
	struct table table;

	(void)state;
	if (folder == NULL)
		skip();
	table_open(&table, "A_geodesic/henan_city_pairs.csv", ',', 0);
	while (table_next(&table)) {
		double lat1 = number(&table, "lat1"), lon1 = number(&table, "lon1");
		double lat2 = number(&table, "lat2"), lon2 = number(&table, "lon2");
		struct place a = place_from("EPSG:4326", lon1, lat1), b = place_from("EPSG:4326", lon2, lat2);
		double range_m = NAN;

		geo_inverse_m(&GEO_WGS84, lat1, lon1, lat2, lon2, &range_m, NULL);
		compare(&worst, range_m, number(&table, "s12_m"));
		compare(&worst_range, (double)geo_range_mm(geo, &a, &b) / 1e3, number(&table, "s12_m"));
	}
	table_close(&table, 82);
	judge(&worst);
	judge(&worst_range);
}

/* --- projected systems ------------------------------------------------------------------------ */

static void every_row_of_the_gauss_kruger_zones(void **state)
{
	struct worst out = {"cgcs2000_gauss_kruger_3deg.csv to metres", "m", 0.001, 0.0, 0};
	struct worst in = {"cgcs2000_gauss_kruger_3deg.csv to degrees", "degree", 1e-6, 0.0, 0};
	struct table table;

	(void)state;
	if (folder == NULL)
		skip();
	table_open(&table, "G_crs/cgcs2000_gauss_kruger_3deg.csv", ',', 0);
	while (table_next(&table)) {
		char crs[GEO_CRS_NAME_SIZE];
		snprintf(crs, sizeof crs, "EPSG:%s", text(&table, "epsg"));

		double east_m = number(&table, "y_east_m"), north_m = number(&table, "x_north_m");
		struct place place = place_from("EPSG:4490", number(&table, "lon"), number(&table, "lat"));
		struct gcj_point metres = place_to(&place, crs);
		compare(&out, metres.lon, east_m);
		compare(&out, metres.lat, north_m);
		place = place_from(crs, east_m, north_m);
		compare(&in, place.lon_e7 / 1e7, number(&table, "lon"));
		compare(&in, place.lat_e7 / 1e7, number(&table, "lat"));
	}
	table_close(&table, 212);
	judge(&out);
	judge(&in);
}

/*
 * PROJ's series is good to 5 nm up to 3,900 km from the meridian (Karney 2011,
 * doi:10.1007/s00190-011-0445-3), which is 35 degrees on the equator; beyond it the rows are left out.
 * EPSG:4547 is the same projection with scale 1, 114 E and 500 km; its ellipsoid differs by 0.1 mm.
 */
static void transverse_mercator_within_its_domain(void **state)
{
	struct worst kernel = {"TMcoords_sample.csv.gz, PROJ's kernel", "m", 0.001, 0.0, 0};
	struct worst back = {"TMcoords_sample.csv.gz, PROJ's kernel back", "degree", 1e-9, 0.0, 0};
	struct worst strip = {"TMcoords_sample.csv.gz, geo_place_from EPSG:4547", "degree", 1e-7, 0.0, 0};
	const char *pipeline = "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
			       "+step +proj=tmerc +lon_0=0 +k_0=0.9996 +ellps=WGS84";
	PJ_CONTEXT *context = proj_context_create();
	PJ *mercator = proj_create(context, pipeline);
	struct table table;

	(void)state;
	if (folder == NULL) {
		proj_destroy(mercator);
		proj_context_destroy(context);
		skip();
	}
	assert_non_null(mercator);
	table_open(&table, "G_crs/TMcoords_sample.csv.gz", ',', 0);
	while (table_next(&table)) {
		double lat = number(&table, "lat"), lon = number(&table, "lon");
		double east_m = number(&table, "easting_m"), north_m = number(&table, "northing_m");
		if (east_m > 3.9e6)
			continue;

		PJ_COORD metres = proj_trans(mercator, PJ_FWD, proj_coord(lon, lat, 0.0, HUGE_VAL));
		compare(&kernel, metres.xy.x, east_m);
		compare(&kernel, metres.xy.y, north_m);
		PJ_COORD degrees = proj_trans(mercator, PJ_INV, proj_coord(east_m, north_m, 0.0, HUGE_VAL));
		compare(&back, degrees.xy.y, lat);

		if (lon > 60.0)
			continue; /* over the pole, or beyond 180 E */
		struct place place = place_from("EPSG:4547", east_m / 0.9996 + 500000.0, north_m / 0.9996);
		compare(&strip, place.lat_e7 / 1e7, lat);
		compare(&strip, (place.lon_e7 / 1e7 - 114.0 - lon) * cos(lat * acos(-1.0) / 180.0), 0.0);
	}
	table_close(&table, 3000);
	proj_destroy(mercator);
	proj_context_destroy(context);
	judge(&kernel);
	judge(&back);
	judge(&strip);
}

/* --- the shifted systems ---------------------------------------------------------------------- */

static void every_city_as_the_services_answered(void **state)
{
	const char *const wgs[] = {"EPSG:4326", "wgs84_lon", "wgs84_lat"}, *const gcj[] = {"GCJ-02",
										   "gcj02_lon", "gcj02_lat"};
	const char *const bd[] = {"BD-09", "bd09_lon", "bd09_lat"}, *const web[] = {"EPSG:3857", "epsg3857_x",
									    "epsg3857_y"};
	struct worst worst[] = {{"gcoord_china_cities.csv WGS-84 to GCJ-02", "degree", 1e-5, 0.0, 0},
		{"gcoord_china_cities.csv WGS-84 to BD-09", "degree", 1e-5, 0.0, 0},
		{"gcoord_china_cities.csv GCJ-02 to WGS-84", "degree", 1e-5, 0.0, 0},
		{"gcoord_china_cities.csv GCJ-02 to BD-09", "degree", 1e-5, 0.0, 0},
		{"gcoord_china_cities.csv BD-09 to WGS-84", "degree", 1e-5, 0.0, 0},
		{"gcoord_china_cities.csv BD-09 to GCJ-02", "degree", 1e-5, 0.0, 0},
		{"gcoord_china_cities.csv WGS-84 to EPSG:3857", "m", 0.1, 0.0, 0}};
	const char *const *pairs[][2] = {
		{wgs, gcj}, {wgs, bd}, {gcj, wgs}, {gcj, bd}, {bd, wgs}, {bd, gcj}, {wgs, web}};
	struct table table;

	(void)state;
	if (folder == NULL)
		skip();
	table_open(&table, "G_crs/gcoord_china_cities.csv", ',', 0);
	while (table_next(&table))
		for (size_t pair = 0; pair < sizeof pairs / sizeof pairs[0]; pair++)
			compare_systems(&worst[pair], &table, pairs[pair][0], pairs[pair][1]);
	table_close(&table, 200);
	for (size_t pair = 0; pair < sizeof pairs / sizeof pairs[0]; pair++)
		judge(&worst[pair]);
}

/* coordtransform's way back takes one step only: up to 4e-5 degree off, as its own round trip shows. */
static void every_row_of_three_libraries(void **state)
{
	const char *const wgs[] = {"WGS84", "wgs84_lon", "wgs84_lat"}, *const in[] = {"GCJ02", "in_gcj_lon",
									       "in_gcj_lat"};
	const char *const to[][3] = {{"GCJ02", "gcj_gcoord_lon", "gcj_gcoord_lat"},
		{"GCJ02", "gcj_coordtransform_lon", "gcj_coordtransform_lat"},
		{"GCJ02", "gcj_eviltransform_lon", "gcj_eviltransform_lat"},
		{"BD09", "bd_gcoord_lon", "bd_gcoord_lat"},
		{"BD09", "bd_coordtransform_lon", "bd_coordtransform_lat"},
		{"WGS84", "wgs_gcoord_lon", "wgs_gcoord_lat"},
		{"WGS84", "wgs_coordtransform_lon", "wgs_coordtransform_lat"}};
	struct worst worst[] = {{"three_libraries.csv gcoord GCJ-02", "degree", 1e-6, 0.0, 0},
		{"three_libraries.csv coordtransform GCJ-02", "degree", 1e-6, 0.0, 0},
		{"three_libraries.csv eviltransform GCJ-02", "degree", 1e-6, 0.0, 0},
		{"three_libraries.csv gcoord BD-09", "degree", 1e-6, 0.0, 0},
		{"three_libraries.csv coordtransform BD-09", "degree", 1e-6, 0.0, 0},
		{"three_libraries.csv gcoord GCJ-02 back", "degree", 2e-6, 0.0, 0},
		{"three_libraries.csv coordtransform GCJ-02 back", "degree", 5e-5, 0.0, 0}};
	struct table table;

	(void)state;
	if (folder == NULL)
		skip();
	table_open(&table, "G_crs/three_libraries.csv", ',', 0);
	while (table_next(&table))
		for (size_t column = 0; column < sizeof to / sizeof to[0]; column++)
			compare_systems(&worst[column], &table, column < 5 ? wgs : in, to[column]);
	table_close(&table, 200);
	for (size_t column = 0; column < sizeof to / sizeof to[0]; column++)
		judge(&worst[column]);
}

static void every_pair_of_the_libraries_own_tests(void **state)
{
	struct worst out = {"library_test_pairs.csv going out", "degree", 1e-5, 0.0, 0};
	struct worst back = {"library_test_pairs.csv coming back, one step", "degree", 5e-5, 0.0, 0};
	struct table table;

	(void)state;
	if (folder == NULL)
		skip();
	table_open(&table, "G_crs/library_test_pairs.csv", ',', 0);
	while (table_next(&table)) {
		struct gcj_point point = {number(&table, "lon"), number(&table, "lat")};
		const char *from = text(&table, "from"), *to = text(&table, "to");
		struct worst *worst = strcmp(from, "wgs84") == 0 || strcmp(to, "bd09") == 0 ? &out : &back;

		if (strcmp(from, "wgs84") == 0 && strcmp(to, "gcj02") == 0)
			point = gcj_from_wgs84(point);
		else if (strcmp(from, "gcj02") == 0 && strcmp(to, "bd09") == 0)
			point = gcj_to_bd09(point);
		else if (strcmp(from, "bd09") == 0 && strcmp(to, "gcj02") == 0)
			point = gcj_from_bd09(point);
		else if (strcmp(from, "gcj02") == 0 && strcmp(to, "wgs84") == 0)
			point = gcj_to_wgs84(point);
		else
			fail_msg("%s to %s is not known", from, to);
		compare(worst, point.lon, number(&table, "out_lon"));
		compare(worst, point.lat, number(&table, "out_lat"));
	}
	table_close(&table, 7);
	judge(&out);
	judge(&back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_geodesic_of_karneys_test_set),
		cmocka_unit_test(every_geodesic_of_the_short_table),
		cmocka_unit_test(every_geodesic_of_henan),
		cmocka_unit_test(every_row_of_the_gauss_kruger_zones),
		cmocka_unit_test(transverse_mercator_within_its_domain),
		cmocka_unit_test(every_city_as_the_services_answered),
		cmocka_unit_test(every_row_of_three_libraries),
		cmocka_unit_test(every_pair_of_the_libraries_own_tests),
	};

	return cmocka_run_group_tests(tests, open_all, close_geo);
}
