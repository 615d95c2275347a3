/* test_town_pack: the committed demonstration town: a fresh generation equals it, its counts, and that it tiles. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "geo/area.h"
#include "town/town.h"

/* The generator itself, so that the test needs no other program; its files include only what it needs. */
int town_generate_main(int count, char **argument);
#define main town_generate_main
#include "../../ops/tools/town-generate.c"
#undef main

static const char pack[] = "ops/towns/yulong";
static struct geo *geo;
static struct town *town;

static char *read_whole(const char *dir, const char *name, size_t *len)
{
	char path[300], *bytes = malloc(1024 * 1024);

	assert_non_null(bytes);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	FILE *from = fopen(path, "rb");
	assert_non_null(from);
	*len = fread(bytes, 1, 1024 * 1024, from);
	fclose(from);
	return bytes;
}

static void test_equals_a_fresh_generation(void **state)
{
	char folder[] = "/tmp/town-pack-XXXXXX", tool[] = "town-generate", path[300];

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(town_generate_main(2, (char *[]){tool, folder}), 0);
	for (int file = 0; file < TOWN_FILE_COUNT; file++) {
		const char *name = town_file_name((enum town_file)file);
		size_t committed_len, fresh_len;
		char *committed = read_whole(pack, name, &committed_len),
		     *fresh = read_whole(folder, name, &fresh_len);

		if (committed_len != fresh_len || memcmp(committed, fresh, fresh_len) != 0)
			fail_msg("%s differs: run build/town-generate %s and commit it", name, pack);
		free(committed);
		free(fresh);
		snprintf(path, sizeof(path), "%s/%s", folder, name);
		unlink(path);
	}
	rmdir(folder);
}

static uint32_t grids_of(enum town_level level)
{
	uint32_t count = 0;

	for (uint32_t row = 0; row < town->grid_count; row++)
		count += town->grid[row].level == level;
	return count;
}

static uint32_t people_with(const char *role)
{
	uint32_t count = 0;

	for (uint32_t row = 0; row < town->person_count; row++)
		count += town_words_has(&town->person[row].roles, role);
	return count;
}

static uint32_t units_with(const char *skill)
{
	uint32_t count = 0;

	for (uint32_t row = 0; row < town->unit_count; row++)
		count += town_words_has(&town->unit[row].skills, skill);
	return count;
}

static uint32_t devices_of(const char *kind)
{
	uint32_t count = 0;

	for (uint32_t row = 0; row < town->device_count; row++)
		count += strcmp(town->device[row].kind, kind) == 0;
	return count;
}

static void test_grids_and_people(void **state)
{
	uint32_t dedicated = 0;

	(void)state;
	assert_string_equal(town->code, "yulong");
	assert_string_equal(town->name, "豫龙镇");
	assert_int_equal(town->utc_offset_min, 480);
	assert_true(town->demonstration);
	assert_int_equal(grids_of(TOWN_LEVEL_1), 1);
	assert_int_equal(grids_of(TOWN_LEVEL_2), 25);
	assert_int_equal(grids_of(TOWN_LEVEL_3), 181);
	assert_int_equal(grids_of(TOWN_LEVEL_MICRO), 343);
	for (uint32_t row = 0; row < town->grid_count; row++) {
		const struct town_grid *grid = &town->grid[row];

		assert_int_not_equal(grid->head, TOWN_NONE);
		if (grid->level == TOWN_LEVEL_3)
			assert_true(town_words_has(&town->person[grid->head].roles, "grid_member"));
		dedicated += grid->dedicated != NULL;
	}
	assert_int_equal(dedicated, 3);
	assert_int_equal(people_with("grid_member"), 516);
	assert_int_equal(people_with("grid_head"), 181);
	assert_int_equal(people_with("micro_head"), 343);
	assert_int_equal(people_with("committee"), 5);
	assert_true(people_with("duty_officer") >= 4);
	assert_true(people_with("office") >= 1);
	assert_true(people_with("keeper") >= 2);
	for (uint32_t row = 0; row < town->person_count; row++)
		assert_true(strncmp(town->person[row].phone, "199-0000-", 9) == 0 ||
			    strncmp(town->person[row].phone, "0371-5550-", 10) == 0);
}

static void test_units(void **state)
{
	uint32_t workers_with_terminal = 0;

	(void)state;
	assert_int_equal(units_with("grid_worker"), 516);
	assert_true(units_with("water_rescue") >= 3);
	assert_true(units_with("fire") >= 3);
	assert_true(units_with("medic") >= 3);
	assert_true(units_with("pump_crew") >= 2);
	assert_true(units_with("traffic") >= 2);
	assert_true(units_with("gas") >= 2);
	assert_true(units_with("utility") >= 2);
	assert_true(units_with("transport") >= 3);
	assert_true(units_with("drone") >= 1);
	assert_true(units_with("agronomy") >= 2);
	assert_true(units_with("inspector") >= 4);
	assert_true(units_with("police") >= 3);
	for (uint32_t row = 0; row < town->unit_count; row++) {
		const struct town_unit *unit = &town->unit[row];

		assert_true(unit->member_named >= 1); /* somebody to telephone */
		if (strcmp(unit->kind, "grid_worker") == 0)
			workers_with_terminal += unit->terminal;
	}
	assert_in_range(workers_with_terminal, 516 / 10, 516 / 5);
}

/* The nearest loudspeaker, in millimetres. */
static int64_t loudspeaker_range_mm(const struct place *from)
{
	int64_t nearest = INT64_MAX;

	for (uint32_t row = 0; row < town->device_count; row++) {
		const struct town_device *device = &town->device[row];

		if (strcmp(device->kind, "loudspeaker") != 0)
			continue;
		assert_true(town_words_has(&device->actions, "say"));
		int64_t range = geo_range_mm(geo, from, &device->position.place);
		nearest = range < nearest ? range : nearest;
	}
	return nearest;
}

static void test_devices(void **state)
{
	(void)state;
	assert_int_equal(devices_of("camera"), 1051);
	assert_int_not_equal(town_device_find(town, "cam-0001"), TOWN_NONE);
	assert_int_not_equal(town_device_find(town, "cam-1051"), TOWN_NONE);
	assert_true(devices_of("river_camera") >= 12);
	assert_true(devices_of("level_gauge") >= 6);
	assert_true(devices_of("pump") >= 3);
	assert_true(devices_of("manhole_sensor") >= 40);
	assert_true(devices_of("gas_sensor") >= 60);
	assert_true(devices_of("smoke_sensor") >= 60);
	assert_int_equal(devices_of("dust_sensor"), 5);
	assert_int_equal(devices_of("helmet_camera"), 5);
	assert_int_equal(devices_of("intrusion_sensor"), 5);
	assert_int_equal(devices_of("drone"), 1);
	assert_int_not_equal(town_device_find(town, "weather-01"), TOWN_NONE);
	assert_int_not_equal(town_device_find(town, "hotline-12345"), TOWN_NONE);
	assert_int_not_equal(town_device_find(town, "gateway"), TOWN_NONE);
	for (uint32_t row = 0; row < town->device_count; row++) {
		const struct town_device *device = &town->device[row];

		if (strcmp(device->kind, "river_camera") == 0)
			assert_true(loudspeaker_range_mm(&device->position.place) <= 100000);
	}
	/* the camera and the place of the wire examples */
	const struct town_device *example = &town->device[town_device_find(town, "cam-0417")];
	assert_int_equal(example->position.place.lon_e7, 1134312000);
	assert_int_equal(example->position.place.lat_e7, 347801000);
	assert_true(loudspeaker_range_mm(&example->position.place) <= 100000);
}

static void test_depots_duties_places(void **state)
{
	uint32_t items = 0, expiring = 0, in_4547 = 0, in_gcj = 0;

	(void)state;
	assert_int_equal(town->depot_count, 2);
	for (uint32_t row = 0; row < town->stock_count; row++) {
		bool first = true;

		for (uint32_t before = 0; before < row; before++)
			first = first && strcmp(town->stock[before].item, town->stock[row].item) != 0;
		items += first;
		expiring += town->stock[row].expires_day != TOWN_NEVER;
		assert_true(town->stock[row].minimum > 0);
	}
	assert_true(items >= 40);
	assert_true(expiring >= 8);
	for (uint32_t row = 0; row < town->responsibility_count; row++)
		assert_true(town_words_has(
			&town->person[town->responsibility[row].lead_person].roles, "department_lead"));
	assert_true(town->place_count >= 60);
	for (uint32_t row = 0; row < town->device_count; row++) {
		in_4547 += strcmp(town->device[row].position.crs, "EPSG:4547") == 0;
		in_gcj += strcmp(town->device[row].position.crs, "GCJ-02") == 0;
	}
	assert_in_range(in_4547, 1, town->device_count / 4);
	assert_in_range(in_gcj, 1, town->device_count / 4);
}

static void count_fault(void *context, const struct area_fault *fault)
{
	(void)fault;
	(*(uint32_t *)context)++;
}

/* Micro-grids, grids and villages each share out the town, to the square metre: nothing is forgiven. */
static void test_tiles(void **state)
{
	double whole_m2 = area_set_size_m2(town->areas[TOWN_LEVEL_1], 0);

	(void)state;
	for (int level = TOWN_LEVEL_1; level < TOWN_LEVEL_COUNT; level++) {
		uint32_t faults = 0, count = area_set_count(town->areas[level]);
		double sum_m2 = 0;

		assert_int_equal(area_set_check(town->areas[level], town->areas[TOWN_LEVEL_1], 0.1,
					 count_fault, &faults),
			DISP_OK);
		assert_int_equal(faults, 0);
		for (uint32_t area = 0; area < count; area++)
			sum_m2 += area_set_size_m2(town->areas[level], area);
		/* the whole is measured with the scale of its centre: area.h */
		assert_true(sum_m2 - whole_m2 < 1e-5 * whole_m2 && whole_m2 - sum_m2 < 1e-5 * whole_m2);
	}
	for (uint32_t index = 0; index < town->outline.count; index++) {
		assert_in_range(town->outline.point[index].lon_e7, 1133800000, 1135000000);
		assert_in_range(town->outline.point[index].lat_e7, 347300000, 348300000);
	}
}

static int set_up(void **state)
{
	struct reading_faults faults;
	char error[200];

	(void)state;
	if (geo_open(&geo, error, sizeof(error)) != DISP_OK)
		return -1;
	reading_faults_init(&faults);
	enum disp_err err = town_load(pack, geo, &town, &faults);
	reading_fault_print(stderr, &faults);
	reading_faults_free(&faults);
	return err == DISP_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	town_free(town);
	geo_close(geo);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equals_a_fresh_generation),
		cmocka_unit_test(test_grids_and_people),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_depots_duties_places),
		cmocka_unit_test(test_tiles),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
