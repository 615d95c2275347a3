/* test_town_load: what is read from a small pack that is right: grids in pieces and with holes, absent files, the calendar. */
#include "town_small.h"

static void test_good(void **state)
{
	struct reading_faults faults;
	struct town *town;

	(void)state;
	write_good();
	reading_faults_init(&faults);
	enum disp_err err = town_load(folder, geo, &town, &faults);
	reading_fault_print(stderr, &faults);
	assert_int_equal(err, DISP_OK);
	assert_string_equal(town->name, "小镇");
	assert_int_equal(town->utc_offset_min, 480);
	assert_true(town->demonstration);
	assert_int_equal(town->outline.count, 4);
	assert_int_equal(town->grid_count, 5);
	assert_int_equal(town->grid[town_grid_find(town, "B")].source.line, 4);
	assert_int_equal(town->grid[town_grid_find(town, "M2")].parent, town_grid_find(town, "A"));
	assert_int_equal(town->grid[1].head, town_person_find(town, "p-2"));
	assert_int_equal(town->grid[3].head, TOWN_NONE);
	assert_int_equal(town->person[1].roles.count, 2);
	assert_true(town_words_has(&town->person[1].roles, "grid_member"));
	assert_int_equal(town->unit[0].speed_mm_s, 12500);
	assert_int_equal(town->unit[0].members_count, 2);
	assert_int_equal(town->unit[0].member[0], 1);
	assert_int_equal(town->unit[1].speed_mm_s, 4305);
	assert_int_equal(town->unit[1].turnout_ms, 500);
	assert_int_equal(town->unit[1].shift_start_min, 1200);
	assert_int_equal(town->unit[1].shift_end_min, 510);
	assert_int_equal(town->unit[1].members_count, 3);
	assert_int_equal(town->unit[1].member_named, 0);
	assert_string_equal(town->depot[0].name, "库,一");
	assert_int_equal(town->stock[0].expires_day, 21243); /* 2028-02-29 */
	assert_int_equal(town->stock[1].expires_day, TOWN_NEVER);
	assert_int_equal(town->device[0].position.place.lon_e7, 1134350000);
	assert_int_equal(town->device[1].grid, town_grid_find(town, "B")); /* on the border to A */
	assert_int_equal(town->device[2].grid, town_grid_find(town, "B")); /* not named: found */
	assert_int_equal(town->device[1].expect_every_ms, 60000);
	assert_int_equal(town->responsibility[0].lead_person, town_person_find(town, "p-3"));
	assert_int_equal(town->responsibility[0].assist_person[0], town_person_find(town, "p-2"));
	assert_int_equal(town_place_find(town, "桥"), 0);
	assert_int_equal(town_unit_find(town, "U-9"), TOWN_NONE);
	assert_int_equal(town_grid_at(town, &town->device[0].position.place, TOWN_LEVEL_MICRO),
		town_grid_find(town, "M1"));
	assert_int_equal(town_grid_at(town, &town->place[0].position.place, TOWN_LEVEL_MICRO), TOWN_NONE);
	town_free(town);
	reading_faults_free(&faults);
}

/* B in two pieces, and A with a hole; C fills the hole and lies between the pieces of B. */
static void test_pieces_and_holes(void **state)
{
	static const char hole[] =
		"[113.434,34.784],[113.436,34.784],[113.436,34.786],[113.434,34.786],[113.434,34.784]";
	struct reading_faults faults;
	struct town *town;
	char grids[4096];

	(void)state;
	write_good();
	int len = snprintf(grids, sizeof(grids),
		"{\"type\":\"FeatureCollection\",\"features\":[\n%s,\n%s\n,"
		"{\"type\":\"Feature\",\"properties\":{\"code\":\"B\",\"name\":\"B\",\"level\":3,\"parent\":"
		"\"T\"},"
		"\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":[[[[113.44,34.78],[113.45,34.78],["
		"113.45,34.783],[113.44,34.783],[113.44,34.78]]],"
		"[[[113.44,34.787],[113.45,34.787],[113.45,34.79],[113.44,34.79],[113.44,34.787]]]]}},\n"
		"{\"type\":\"Feature\",\"properties\":{\"code\":\"C\",\"name\":\"C\",\"level\":3,\"parent\":"
		"\"T\"},"
		"\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":[[[%s]],"
		"[[[113.44,34.783],[113.45,34.783],[113.45,34.787],[113.44,34.787],[113.44,34.783]]]]}}]}",
		GRID("T", "1", "null", "null", RING_ALL), GRID("A", "3", "\"T\"", "null", RING_A "],[%s"),
		hole);
	assert_true(len > 0 && (size_t)len < sizeof(grids));
	char *at = strstr(grids, "%s"); /* the hole of A */
	assert_non_null(at);
	memmove(at + sizeof(hole) - 1, at + 2, strlen(at + 2) + 1);
	memcpy(at, hole, sizeof(hole) - 1);
	write_file(TOWN_FILE_GRIDS, grids, strlen(grids));
	static const char devices[] =
		"id,kind,name,lon,lat,crs,grid,actions,expect_every_s\n"
		"c-1,camera,,113.435,34.785,EPSG:4490,C,,\nc-2,camera,,113.445,34.789,EPSG:4490,B,,\n"
		"c-3,camera,,113.445,34.785,EPSG:4490,,,\n";
	write_file(TOWN_FILE_DEVICES, devices, sizeof(devices) - 1);
	reading_faults_init(&faults);
	enum disp_err err = town_load(folder, geo, &town, &faults);
	reading_fault_print(stderr, &faults);
	assert_int_equal(err, DISP_OK);
	assert_int_equal(town->grid[1].ring_count, 2);
	assert_true(town->grid[1].ring[1].hole);
	assert_int_equal(town->grid[2].ring_count, 2);
	assert_false(town->grid[2].ring[1].hole);
	assert_int_equal(town->device[2].grid, town_grid_find(town, "C"));
	town_free(town);
	reading_faults_free(&faults);
}

static void test_files_that_may_be_absent(void **state)
{
	struct reading_faults faults;
	struct town *town;

	(void)state;
	write_good();
	remove_file(TOWN_FILE_STOCK);
	remove_file(TOWN_FILE_RESPONSIBILITIES);
	remove_file(TOWN_FILE_PLACES);
	reading_faults_init(&faults);
	assert_int_equal(town_load(folder, geo, &town, &faults), DISP_OK);
	assert_int_equal(town->stock_count + town->responsibility_count + town->place_count, 0);
	town_free(town);
	reading_faults_free(&faults);
	write_good();
	remove_file(TOWN_FILE_PEOPLE);
	/* one fault, not one more for each reference to a person */
	assert_int_equal(assert_fault(DISP_E_IO, TOWN_FILE_PEOPLE, 0, "No such file"), 1);
}

static void test_calendar(void **state)
{
	struct reading_faults faults;
	struct town *town;

	(void)state;
	write_changed(TOWN_FILE_TOWN, "demonstration: true\n",
		CALENDAR("mon, fri", HOURS, "2026-10-01, 2026-10-02", "2026-10-10"));
	reading_faults_init(&faults);
	assert_int_equal(town_load(folder, geo, &town, &faults), DISP_OK);
	assert_int_equal(town->calendar.weekdays, 1 << 0 | 1 << 4);
	assert_int_equal(town->calendar.from_min, 510);
	assert_int_equal(town->calendar.to_min, 720);
	assert_int_equal(town->calendar.from2_min, 840);
	assert_int_equal(town->calendar.to2_min, 1050);
	assert_string_equal(town->calendar.rest, "2026-10-01 2026-10-02");
	assert_string_equal(town->calendar.work, "2026-10-10");
	town_free(town);
	reading_faults_free(&faults);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_pieces_and_holes),
		cmocka_unit_test(test_files_that_may_be_absent),
		cmocka_unit_test(test_calendar),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
