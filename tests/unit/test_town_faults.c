/* test_town_faults: each kind of fault in the files of a town once, by one change, with its line; and what is nearly right. */
#include "town_small.h"

#include "geo/gcj.h"
#include "reading/slip.h"

static void test_town_faults(void **state)
{
	static const struct change changes[] = {
		{TOWN_FILE_TOWN, "name: 小镇", "nmae: 小镇", 2, "unknown key \"nmae\""},
		{TOWN_FILE_TOWN, "name: 小镇\n", "", 1, "missing key \"name\""},
		{TOWN_FILE_TOWN, "name: 小镇", "code: x", 2, "twice"},
		{TOWN_FILE_TOWN, "Asia/Shanghai", "Mars/Base", 3, "not known"},
		{TOWN_FILE_TOWN, "true", "perhaps", 4, "true or false"},
		{TOWN_FILE_TOWN, "[113.43, 34.78], ", "[113.43, x], ", 5, "not a [longitude, latitude]"},
		{TOWN_FILE_TOWN, "code: small", "code: [small", 2, "not YAML"},
		{TOWN_FILE_TOWN, "code: small", "code： small", 1, "full-width colon"},
		{TOWN_FILE_TOWN, "name: 小镇", "name：小镇", 2, "full-width colon"},
		{TOWN_FILE_TOWN, "name: 小镇", "name 小镇", 2, "not YAML"},
		{TOWN_FILE_TOWN, "小镇", "小\x80", 2, "save it as UTF-8"},
	};

	(void)state;
	ASSERT_CHANGES(changes);
}

static void test_calendar_faults(void **state)
{
	static const char *const was = "demonstration: true\n";
	const struct change changes[] = {
		{TOWN_FILE_TOWN, was, CALENDAR("mon, mun", HOURS, "", ""), 6, "weekdays: mon, tue"},
		{TOWN_FILE_TOWN, was, CALENDAR("mon, mon", HOURS, "", ""), 6, "mon twice"},
		{TOWN_FILE_TOWN, was, CALENDAR("", HOURS, "", ""), 6, "weekdays and hours are needed"},
		{TOWN_FILE_TOWN, was, CALENDAR("mon", "\"8:30-12:00\"", "", ""), 7, "HH:MM-HH:MM"},
		{TOWN_FILE_TOWN, was, CALENDAR("mon", "\"22:00-06:00\"", "", ""), 7, "inside one day"},
		{TOWN_FILE_TOWN, was, CALENDAR("mon", "\"08:30-24:01\"", "", ""), 7, "inside one day"},
		{TOWN_FILE_TOWN, was, CALENDAR("mon", "\"08:30-12:00\", \"11:00-17:00\"", "", ""), 7,
			"begins before the first ends"},
		{TOWN_FILE_TOWN, was, CALENDAR("mon", HOURS, "2026-02-29", ""), 8, "a date like"},
		{TOWN_FILE_TOWN, was, CALENDAR("mon", HOURS, "2026-10-01, 2026-10-01", ""), 8, "twice"},
		{TOWN_FILE_TOWN, was, CALENDAR("mon", HOURS, "2026-10-01", "2026-10-01"), 6,
			"both rest and work"},
		{TOWN_FILE_TOWN, was, "demonstration: true\ncalendar: workdays\n", 5,
			"calendar: weekdays, hours"},
		{TOWN_FILE_TOWN, was, "demonstration: true\ncalendar:\n  days: [mon]\n", 6,
			"unknown key \"days\""},
	};

	(void)state;
	ASSERT_CHANGES(changes);
}

static void test_grid_faults(void **state)
{
	static const struct change changes[] = {
		{TOWN_FILE_GRIDS, "{\"type\":\"Feature\"", "{\"type\":\"Feature\",", 2, "not JSON"},
		{TOWN_FILE_GRIDS, "\"head\":\"p-1\"", "\"head\":\"p-9\"", 2, "no person \"p-9\""},
		{TOWN_FILE_GRIDS, "\"parent\":\"T\"", "\"parent\":\"X\"", 3, "no grid \"X\""},
		{TOWN_FILE_GRIDS, "\"parent\":\"T\"", "\"parent\":null", 3, "needs a parent"},
		{TOWN_FILE_GRIDS, "\"parent\":\"T\"", "\"parent\":\"B\"", 3, "cannot hold"},
		{TOWN_FILE_GRIDS, "\"code\":\"B\"", "\"code\":\"A\"", 4, "taken by the grid on line 3"},
		{TOWN_FILE_GRIDS, "\"level\":3", "\"level\":7", 3, "level"},
		{TOWN_FILE_GRIDS, "\"name\":\"A\"", "\"nom\":\"A\"", 3, "unknown property \"nom\""},
		{TOWN_FILE_GRIDS, "\"name\":\"A\"", "\"nom\":\"A\"", 3, "name: missing"},
		{TOWN_FILE_GRIDS, "\"Polygon\"", "\"Point\"", 2, "Polygon"},
		{TOWN_FILE_GRIDS, "\"name\":\"A\"", "\"name\":\"\xff\"", 3, "save it as UTF-8"},
		/* A 1e-4 degree too wide, then too narrow */
		{TOWN_FILE_GRIDS, RING_A,
			"[113.43,34.78],[113.4401,34.78],[113.4401,34.79],[113.43,34.79],[113.43,34.78]", 3,
			"overlaps grid B (line 4) by 10"},
		{TOWN_FILE_GRIDS, RING_A,
			"[113.43,34.78],[113.4399,34.78],[113.4399,34.79],[113.43,34.79],[113.43,34.78]", 1,
			"level 3: a gap of 10"},
		{TOWN_FILE_GRIDS, RING_A,
			"[113.43,34.78],[113.44,34.79],[113.44,34.78],[113.43,34.79],[113.43,34.78]", 3,
			"invalid area"},
		{TOWN_FILE_GRIDS, RING_M2,
			"[113.43,34.785],[113.441,34.785],[113.44,34.79],[113.43,34.79],[113.43,34.785]", 6,
			"outside its parent A"},
		{TOWN_FILE_GRIDS, RING_ALL,
			"[113.43,34.78],[113.46,34.78],[113.45,34.79],[113.44,34.79],[113.43,34.79],[113.43,"
			"34.78]",
			2, "outside the town's outline"},
	};

	(void)state;
	ASSERT_CHANGES(changes);
}

static void test_row_faults(void **state)
{
	static const struct change changes[] = {
		{TOWN_FILE_PEOPLE, "roles,phone", "rolls,phone", 1, "unknown column \"rolls\""},
		{TOWN_FILE_PEOPLE, "roles,phone", "rolls,phone", 1, "missing column \"roles\""},
		{TOWN_FILE_PEOPLE, "id,name", "id,id", 1, "repeated column \"id\""},
		{TOWN_FILE_PEOPLE, "\np-2", "\np-1", 3, "taken by an earlier row"},
		{TOWN_FILE_PEOPLE, ",A\n", ",Z\n", 3, "no grid \"Z\""},
		{TOWN_FILE_PEOPLE, "199-0000-0002", "call me", 3, "telephone"},
		{TOWN_FILE_PEOPLE, "乙", "\xe4\xb9", 3, "save it as UTF-8"},
		{TOWN_FILE_PEOPLE, "乙", "\"乙\"x", 3, "after the closing quote"},
		{TOWN_FILE_PEOPLE, "乙,", "", 3, "5 fields where the header has 6"},
		{TOWN_FILE_UNITS, ",45,", ",fast,", 2, "speed_kmh: \"fast\" is not a number"},
		{TOWN_FILE_UNITS, ",45,", ",4500,", 2, "out of range"},
		{TOWN_FILE_UNITS, ",45,", ",,", 2, "speed_kmh: empty"},
		{TOWN_FILE_UNITS, "00:00-24:00", "24:00-25:00", 2, "not a shift"},
		{TOWN_FILE_UNITS, "p-2 p-1", "p-2 p-7", 2, "no person \"p-7\""},
		{TOWN_FILE_UNITS, ",yes", ",maybe", 2, "neither yes nor no"},
		{TOWN_FILE_UNITS, "water_rescue rescue", "", 2, "skills: empty"},
		{TOWN_FILE_UNITS, "113.435,34.785", "113.535,34.785", 2, "outside the town"},
		{TOWN_FILE_UNITS, "113.435,34.785", "34.785,113.435", 2, "degrees"},
		{TOWN_FILE_UNITS, "EPSG:4490", "", 2, "crs: empty"},
		{TOWN_FILE_UNITS, "EPSG:4490", "EPSG:99999", 2, "crs: \"EPSG:99999\""},
		{TOWN_FILE_UNITS, "EPSG:4490", "EPSG:4547", 2, "outside the town"},
		{TOWN_FILE_DEPOTS, "p-1", "p-8", 2, "no person \"p-8\""},
		{TOWN_FILE_STOCK, "D-1", "D-2", 2, "no depot \"D-2\""},
		{TOWN_FILE_STOCK, "hose,水带,3,盘", "rope,绳,3,卷", 3, "already, on line 2"},
		{TOWN_FILE_STOCK, "hose,水带,3,盘", "rope,绳,3,米", 3, "counted in \"卷\" on line 2"},
		{TOWN_FILE_STOCK, ",20,", ",-1,", 2, "out of range"},
		{TOWN_FILE_STOCK, ",20,", ",2.5,", 2, "not a number"},
		{TOWN_FILE_STOCK, "2028-02-29", "2027-02-29", 2, "not a date"},
		{TOWN_FILE_DEVICES, ",A,", ",Q,", 2, "no grid \"Q\""},
		{TOWN_FILE_DEVICES, ",A,", ",B,", 2, "is not in grid B but in A"},
		{TOWN_FILE_DEVICES, "say stop", "say say", 3, "\"say\" twice"},
		{TOWN_FILE_RESPONSIBILITIES, "水利站", "火星站", 2, "nobody in people.csv is or belongs to"},
		{TOWN_FILE_RESPONSIBILITIES, "86400", "0", 2, "out of range"},
		{TOWN_FILE_PLACES, "113.441", "113.4x1", 2, "not a number"},
	};

	(void)state;
	ASSERT_CHANGES(changes);
}

/* Another encoding is one fault, at its first byte, whatever the file; a colon is blamed where it stands. */
static void test_one_fault_for_a_slip(void **state)
{
	static const char gbk[] =
		"id,name,roles,phone,org,grid\np-1,\xbc\xd7,resident,,,\np-2,\xd2\xd2,resident,,,\n";
	struct reading_faults faults;
	struct town *town;

	(void)state;
	write_good();
	write_file(TOWN_FILE_PEOPLE, gbk, sizeof(gbk) - 1);
	assert_int_equal(assert_fault(DISP_E_INPUT, TOWN_FILE_PEOPLE, 2, "save it as UTF-8"), 1);
	write_changed(TOWN_FILE_GRIDS, "\"name\":\"A\"", "\"name\":\"\xbc\xd7\"");
	assert_int_equal(assert_fault(DISP_E_INPUT, TOWN_FILE_GRIDS, 3, "save it as UTF-8"), 1);
	write_changed(TOWN_FILE_TOWN, "小镇", "\xd0\xa1\xd5\xf2");
	assert_int_equal(assert_fault(DISP_E_INPUT, TOWN_FILE_TOWN, 2, "save it as UTF-8"), 1);
	write_changed(TOWN_FILE_TOWN, "name: 小镇", "name：小镇");
	reading_faults_init(&faults);
	assert_int_equal(town_load(folder, geo, &town, &faults), DISP_E_INPUT);
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.item[0].line, 2);
	assert_int_equal(faults.item[0].column, 5);
	reading_faults_free(&faults);
}

/* Roles are known; other words are the pack's own, and one that stands alone next to another is a slip. */
static void test_words_nearly_right(void **state)
{
	static const char units[] =
		"id,name,kind,skills,team,lon,lat,crs,speed_kmh,turnout_s,shift,members,terminal\n"
		"U-1,一,k,water_rescue s1,,113.435,34.785,EPSG:4490,45,60,,2,yes\n"
		"U-2,二,k,water_rescue s2,,113.435,34.785,EPSG:4490,45,60,,2,yes\n"
		"U-3,三,k,s3 water_resque,,113.435,34.785,EPSG:4490,45,60,,2,yes\n";
	static const struct change changes[] = {
		{TOWN_FILE_PEOPLE, "town_head office", "town_head comittee", 2,
			"roles: \"comittee\" is not a role; did you mean \"committee\"?"},
		{TOWN_FILE_PEOPLE, "grid_member", "grid-membre", 3, "did you mean \"grid_member\"?"},
		{TOWN_FILE_PEOPLE, "department_lead", "astronaut", 4,
			"not a role; there are resident, grid_member"},
		{TOWN_FILE_UNITS, "water_rescue rescue", "grid_wroker", 3,
			"skills: \"grid_worker\" stands only here and \"grid_wroker\" only on line 2"},
		{TOWN_FILE_DEVICES, "c-1,camera", "c-1,camra", 4,
			"kind: \"camera\" stands only here and \"camra\" only on line 2; did you mean one "
			"word?"},
		{TOWN_FILE_DEVICES, "s-1,loudspeaker", "s-1,camra", 3,
			"kind: \"camra\" stands only here; did you mean \"camera\", as on line 2?"},
		{TOWN_FILE_STOCK, "hose,水带,3,盘", "ropes,绳,3,卷", 3, "item: \"ropes\" stands only here"},
	};
	struct reading_faults faults;
	struct town *town;

	(void)state;
	ASSERT_CHANGES(changes);
	write_good();
	write_file(TOWN_FILE_UNITS, units, sizeof(units) - 1);
	reading_faults_init(&faults);
	assert_int_equal(town_load(folder, geo, &town, &faults), DISP_E_INPUT);
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.item[0].line, 4);
	assert_int_equal(faults.item[0].column, 9);
	reading_faults_free(&faults);
	/* hose and rope, s1 and s2 above; ropes that are called otherwise */
	write_changed(TOWN_FILE_STOCK, "hose,水带,3,盘", "ropes,粗绳,3,卷");
	assert_int_equal(town_load(folder, geo, &town, &faults), DISP_OK);
	town_free(town);
}

static void test_near(void **state)
{
	static const struct {
		const char *a, *b;
		bool near;
	} cases[] = {{"committee", "comittee", true}, {"water_rescue", "water_resque", true},
		{"sandbag", "sandbags", true}, {"camera", "caemra", true},
		{"gas_sensor", "dust_sensor", false}, {"rope_30m", "rope_100m", false},
		{"hose", "rope", false}, {"gas", "gaz", false}, {"fire", "fire", false},
		{"救生衣", "救生圈", false}, {"应急物资仓库", "应急物质仓库", true}, {"", "", false}};

	(void)state;
	for (size_t index = 0; index < sizeof(cases) / sizeof(*cases); index++) {
		assert_int_equal(reading_near(cases[index].a, cases[index].b), cases[index].near);
		assert_int_equal(reading_near(cases[index].b, cases[index].a), cases[index].near);
	}
	assert_int_equal(reading_distance("水泵", 6, "水带", 6), 1);
	assert_int_equal(reading_distance("ab", 2, "ba", 2), 1);
	assert_int_equal(reading_distance("", 0, "abc", 3), 3);
	char longest[70];
	memset(longest, 'a', sizeof(longest));
	assert_int_equal(reading_distance(longest, 65, "a", 1), UINT32_MAX);
	assert_int_equal(reading_distance(longest, 64, "a", 1), 63);
}

/* A type of its own is for cases opened by hand; one that is nearly known is a slip. */
static void test_types_nearly_right(void **state)
{
	const struct text known[] = {TEXT("gas_leak"), TEXT("alarm.fire.smoke")};
	static const struct {
		const char *type;
		uint32_t faults;
	} cases[] = {{"flood", 0}, {"gas_leak", 0}, {"alarm.fire.smoke", 0}, {"gas_leek", 1}, {"gsa_leak", 1},
		{"alarm.fire.smok", 1}};
	struct reading_faults faults;
	struct town *town;

	(void)state;
	for (size_t index = 0; index < sizeof(cases) / sizeof(*cases); index++) {
		write_changed(TOWN_FILE_RESPONSIBILITIES, "flood", cases[index].type);
		reading_faults_init(&faults);
		assert_int_equal(town_load(folder, geo, &town, &faults), DISP_OK);
		town_check_types(town, known, 2, &faults);
		assert_int_equal(faults.count, cases[index].faults);
		if (faults.count > 0) {
			assert_string_equal(faults.item[0].file, "responsibilities.csv");
			assert_int_equal(faults.item[0].line, 2);
			assert_int_equal(faults.item[0].column, 1);
			assert_non_null(strstr(faults.item[0].what, "did you mean \""));
		}
		town_free(town);
		reading_faults_free(&faults);
	}
}

/* What a map service gives for a place is 600 m off: in another grid, or outside the town. */
static void test_shifted_positions(void **state)
{
	struct gcj_point device = gcj_from_wgs84((struct gcj_point){113.437, 34.785});
	struct gcj_point place = gcj_from_wgs84((struct gcj_point){113.447, 34.785});
	char device_text[60], place_text[60];
	const struct change changes[] = {
		{TOWN_FILE_DEVICES, "113.435,34.782", device_text, 2,
			"is not in grid A but in B; looks like GCJ-02 declared as EPSG:4490"},
		{TOWN_FILE_DEVICES, "34.785,EPSG:4490,,,", "34.785,GCJ-02,B,,", 4,
			"is not in grid B but in A; looks like EPSG:4490 declared as GCJ-02"},
		{TOWN_FILE_PLACES, "113.441,34.785", place_text, 2,
			"outside the town; looks like GCJ-02 declared as EPSG:4490"},
		{TOWN_FILE_DEVICES, "113.435,34.782", "113.445,34.782", 2, "is not in grid A but in B"},
	};

	(void)state;
	snprintf(device_text, sizeof(device_text), "%.7f,%.7f", device.lon, device.lat);
	snprintf(place_text, sizeof(place_text), "%.7f,%.7f", place.lon, place.lat);
	ASSERT_CHANGES(changes);
}

/* All at once, in the order of the files, each with its column. */
static void test_every_fault_is_listed(void **state)
{
	static const char units[] =
		"id,name,kind,skills,team,lon,lat,crs,speed_kmh,turnout_s,shift,members,terminal\n"
		"U-1,,k,s,,113.435,34.785,EPSG:4490,x,y,z,0,yes\n";
	struct reading_faults faults;
	struct town *town;

	(void)state;
	write_changed(TOWN_FILE_PEOPLE, "199-0000-0002", "!");
	write_file(TOWN_FILE_UNITS, units, sizeof(units) - 1);
	reading_faults_init(&faults);
	assert_int_equal(town_load(folder, geo, &town, &faults), DISP_E_INPUT);
	assert_int_equal(faults.count, 6); /* phone; name, speed, turnout, shift, members */
	assert_string_equal(faults.item[0].file, "people.csv");
	assert_int_equal(faults.item[0].column, 29);
	assert_string_equal(faults.item[1].what, "name: empty");
	assert_int_equal(faults.item[1].column, 5);
	reading_faults_free(&faults);
}

static void test_faults_are_bounded(void **state)
{
	struct reading_faults faults;
	char *printed = NULL;
	size_t size = 0;

	(void)state;
	reading_faults_init(&faults);
	for (int index = 0; index < READING_FAULTS_MAX + 7; index++)
		reading_fault_add(&faults, "units.csv", 3, 4, "bad\nthing %d", index);
	assert_int_equal(faults.kept, READING_FAULTS_MAX);
	assert_int_equal(faults.count, READING_FAULTS_MAX + 7);
	FILE *to = open_memstream(&printed, &size);
	assert_non_null(to);
	reading_fault_print(to, &faults);
	fclose(to);
	assert_memory_equal(printed, "units.csv:3:4: bad thing 0\n", 27);
	assert_string_equal(printed + size - 11, "and 7 more\n");
	free(printed);
	reading_faults_free(&faults);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_town_faults),
		cmocka_unit_test(test_calendar_faults),
		cmocka_unit_test(test_grid_faults),
		cmocka_unit_test(test_row_faults),
		cmocka_unit_test(test_one_fault_for_a_slip),
		cmocka_unit_test(test_words_nearly_right),
		cmocka_unit_test(test_near),
		cmocka_unit_test(test_types_nearly_right),
		cmocka_unit_test(test_shifted_positions),
		cmocka_unit_test(test_every_fault_is_listed),
		cmocka_unit_test(test_faults_are_bounded),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
