/* town_small: a small pack that is right, written into a temporary folder, and changed in one place; for tests of town_load. */
#ifndef TESTS_UNIT_TOWN_SMALL_H
#define TESTS_UNIT_TOWN_SMALL_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "geo/geo.h"
#include "town/town.h"

static struct geo *geo;
static char folder[] = "/tmp/town-small-XXXXXX";

#define GRID(code, level, parent, head, ring)                                                                \
	"{\"type\":\"Feature\",\"properties\":{\"code\":\"" code "\",\"name\":\"" code "\",\"level\":" level \
	",\"parent\":" parent ",\"head\":" head                                                              \
	"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[" ring "]]}}"
/* The town is 0.02 x 0.01 degrees; A its western half, B its eastern, M1 and M2 the halves of A. */
#define RING_ALL                                                                                             \
	"[113.43,34.78],[113.44,34.78],[113.45,34.78],[113.45,34.79],[113.44,34.79],[113.43,34.79],[113.43," \
	"34.78]"
#define RING_A  "[113.43,34.78],[113.44,34.78],[113.44,34.79],[113.43,34.79],[113.43,34.78]"
#define RING_B  "[113.44,34.78],[113.45,34.78],[113.45,34.79],[113.44,34.79],[113.44,34.78]"
#define RING_M1 "[113.43,34.78],[113.44,34.78],[113.44,34.785],[113.43,34.785],[113.43,34.78]"
#define RING_M2 "[113.43,34.785],[113.44,34.785],[113.44,34.79],[113.43,34.79],[113.43,34.785]"

/* The pack as it should be, by file. */
static const char *const good[TOWN_FILE_COUNT] = {
	[TOWN_FILE_TOWN] = "code: small\nname: 小镇\ntime_zone: Asia/Shanghai\ndemonstration: true\n"
			   "outline: [[113.43, 34.78], [113.45, 34.78], [113.45, 34.79], [113.43, 34.79]]\n",
	[TOWN_FILE_GRIDS] = "{\"type\":\"FeatureCollection\",\"features\":[\n" GRID(
		"T", "1", "null", "\"p-1\"", RING_ALL) ",\n" GRID("A", "3", "\"T\"", "\"p-2\"",
		RING_A) ",\n" GRID("B", "\"3\"", "\"T\"", "\"p-2\"", RING_B) ",\n" GRID("M1", "\"micro\"",
		"\"A\"", "null", RING_M1) ",\n" GRID("M2", "\"micro\"", "\"A\"", "null", RING_M2) "\n]}\n",
	[TOWN_FILE_PEOPLE] =
		"id,name,roles,phone,org,grid\np-1,甲,town_head office,0371-5550-0001,水利站,T\n"
		"p-2,乙,grid_head;grid_member,199-0000-0002,,A\np-3,丙,department_lead,,水利站,\n",
	[TOWN_FILE_UNITS] =
		"id,name,kind,skills,team,lon,lat,crs,speed_kmh,turnout_s,shift,members,terminal\n"
		"U-1,一组,boat_crew,water_rescue "
		"rescue,水利站,113.435,34.785,EPSG:4490,45,60,00:00-24:00,p-2 p-1,yes\n"
		"U-2,二组,grid_worker,grid_worker,,113.445,34.785,EPSG:4490,15.5,0.5,20:00-08:30,3,no\n",
	[TOWN_FILE_DEPOTS] =
		"id,name,lon,lat,crs,keeper,load_s\nD-1,\"库,一\",113.435,34.785,EPSG:4490,p-1,300\n",
	[TOWN_FILE_STOCK] = "depot,item,name,quantity,unit,minimum,expires\nD-1,rope,绳,20,卷,8,2028-02-29\n"
			    "D-1,hose,水带,3,盘,,\n",
	[TOWN_FILE_DEVICES] = "id,kind,name,lon,lat,crs,grid,actions,expect_every_s\n"
			      "c-1,camera,机一,113.435,34.782,EPSG:4490,A,,\n"
			      "s-1,loudspeaker,号一,113.44,34.785,EPSG:4490,B,say stop,60\n"
			      "c-2,camera,机二,113.445,34.785,EPSG:4490,,,\n",
	[TOWN_FILE_RESPONSIBILITIES] = "incident_type,lead,assist,receive_s,dispose_s,basis\n"
				       "flood,水利站,p-2,3600,86400,预案\n",
	[TOWN_FILE_PLACES] = "name,lon,lat,crs\n桥,113.441,34.785,EPSG:4490\n",
};

static inline void write_file(enum town_file file, const char *bytes, size_t len)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", folder, town_file_name(file));
	FILE *to = fopen(path, "wb");
	assert_non_null(to);
	assert_int_equal(fwrite(bytes, 1, len, to), len);
	assert_int_equal(fclose(to), 0);
}

static inline void remove_file(enum town_file file)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", folder, town_file_name(file));
	unlink(path);
}

static inline void write_good(void)
{
	for (int file = 0; file < TOWN_FILE_COUNT; file++)
		write_file((enum town_file)file, good[file], strlen(good[file]));
}

/* The good pack with the first `from` of one file replaced by `to`. */
static inline void write_changed(enum town_file file, const char *from, const char *to)
{
	static char bytes[16384];
	const char *at = strstr(good[file], from);

	write_good();
	assert_non_null(at);
	int len = snprintf(
		bytes, sizeof(bytes), "%.*s%s%s", (int)(at - good[file]), good[file], to, at + strlen(from));
	assert_true(len > 0 && (size_t)len < sizeof(bytes));
	write_file(file, bytes, (size_t)len);
}

/* Loads the folder, which must be refused, and looks for a fault that contains `what`, on this line. */
static inline uint32_t assert_fault(
	enum disp_err expected, enum town_file file, uint32_t line, const char *what)
{
	struct reading_faults faults;
	struct town *town;
	bool found = false;

	reading_faults_init(&faults);
	assert_int_equal(town_load(folder, geo, &town, &faults), expected);
	assert_null(town);
	for (uint32_t index = 0; index < faults.kept; index++)
		found = found || (strcmp(faults.item[index].file, town_file_name(file)) == 0 &&
					 faults.item[index].line == line &&
					 strstr(faults.item[index].what, what) != NULL);
	if (!found)
		reading_fault_print(stderr, &faults);
	assert_true(found);
	uint32_t count = faults.count;
	reading_faults_free(&faults);
	return count;
}

/* One change to one file, and the fault it must give. */
struct change {
	enum town_file file;
	const char *from, *to;
	uint32_t line;
	const char *what;
};

static inline void assert_changes(const struct change *change, size_t count)
{
	for (; count > 0; count--, change++) {
		write_changed(change->file, change->from, change->to);
		assert_fault(DISP_E_INPUT, change->file, change->line, change->what);
	}
}
#define ASSERT_CHANGES(changes) assert_changes(changes, sizeof(changes) / sizeof(*(changes)))

static inline int set_up(void **state)
{
	char error[200];

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	return geo_open(&geo, error, sizeof(error)) == DISP_OK ? 0 : -1;
}

static inline int tear_down(void **state)
{
	(void)state;
	for (int file = 0; file < TOWN_FILE_COUNT; file++)
		remove_file((enum town_file)file);
	rmdir(folder);
	geo_close(geo);
	return 0;
}

#define CALENDAR(weekdays, hours, rest, work)                                                                \
	"demonstration: true\ncalendar:\n  weekdays: [" weekdays "]\n  hours: [" hours "]\n  rest: [" rest   \
	"]\n  work: [" work "]\n"
#define HOURS "\"08:30-12:00\", \"14:00-17:30\""

#endif
