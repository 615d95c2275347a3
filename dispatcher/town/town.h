/* town: a town pack (outline, grids, people, units, depots, stock, devices) as data; decides nothing. */
#ifndef TOWN_TOWN_H
#define TOWN_TOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/types.h"
#include "reading/fault.h"

struct geo;            /* geo/geo.h */
struct area_set;       /* geo/area.h */
struct reading_memory; /* reading/memory.h: what all strings and arrays below live in */
struct town_indexes;   /* town/names.h: id -> row */

enum { TOWN_ROWS_MAX = 200000 }; /* rows of one table */
#define TOWN_NONE  UINT32_MAX    /* an index that points nowhere: not given, not found */
#define TOWN_NEVER INT32_MAX     /* a day that does not come */

/* The files of a pack, in the order they are read. The last three may be absent. */
enum town_file {
	TOWN_FILE_TOWN,
	TOWN_FILE_GRIDS,
	TOWN_FILE_PEOPLE,
	TOWN_FILE_UNITS,
	TOWN_FILE_DEPOTS,
	TOWN_FILE_DEVICES,
	TOWN_FILE_STOCK,
	TOWN_FILE_RESPONSIBILITIES,
	TOWN_FILE_PLACES,
	TOWN_FILE_COUNT
};

/* The grid levels as array indexes. Level 1 is the town, 2 a village, 3 a grid; micro lies inside a grid. */
enum town_level { TOWN_LEVEL_1, TOWN_LEVEL_2, TOWN_LEVEL_3, TOWN_LEVEL_MICRO, TOWN_LEVEL_COUNT };

/* Where a row was written. line counts from 1. */
struct town_source {
	enum town_file file;
	uint32_t line;
};

/* Words in the order written. The file separates them by spaces, ';' or '|'. */
struct town_words {
	char **item; /* [count], terminated strings */
	uint32_t count;
};

/* A position as written, and what geo/ made of it. Projected systems: x east, y north, in metres. */
struct town_position {
	double x, y;
	char *crs;          /* as written: EPSG:4490, EPSG:4547, GCJ-02 ... */
	struct place place; /* CGCS2000 */
};

struct town_point {
	int32_t lat_e7, lon_e7;
};

/* A closed ring without the repeated last point; counter-clockwise or clockwise as written. */
struct town_ring {
	struct town_point *point; /* [count] */
	uint32_t count;           /* at least 3 */
	bool hole;                /* cut out of the ring before it that is none */
};

struct town_grid {
	struct town_source source;
	char *code, *name;
	enum town_level level;
	uint32_t parent;        /* index into grid, or TOWN_NONE at level 1 */
	uint32_t head;          /* index into person, or TOWN_NONE */
	char *dedicated;        /* name of the unit that a dedicated grid is for (专属网格), or NULL */
	struct town_ring *ring; /* [ring_count]: each polygon's outside first, then its holes */
	uint32_t ring_count;
};

struct town_person {
	struct town_source source;
	char *id, *name, *phone, *org;
	struct town_words roles; /* resident, grid_member, grid_head, micro_head, duty_officer, office,
				    committee, ... */
	uint32_t grid;           /* index into grid, or TOWN_NONE */
};

struct town_unit {
	struct town_source source;
	char *id, *name, *kind, *team;
	struct town_words skills;
	struct town_position home;
	int64_t speed_mm_s, turnout_ms;
	int32_t shift_start_min,
		shift_end_min;  /* of the local day, 0 .. 1440; start > end runs over midnight */
	uint32_t members_count; /* people in the crew, at least 1 */
	uint32_t *member;       /* [member_named] indexes into person, the leader first; may be 0 */
	uint32_t member_named;
	bool terminal; /* has a terminal of ours; else it is told by telephone */
};

struct town_depot {
	struct town_source source;
	char *id, *name;
	struct town_position position;
	uint32_t keeper; /* index into person, or TOWN_NONE */
	int64_t load_ms;
};

struct town_stock {
	struct town_source source;
	uint32_t depot; /* index into depot */
	char *item, *name, *unit;
	int64_t quantity, minimum;
	int32_t expires_day; /* days since 1970-01-01 (local date), or TOWN_NEVER */
};

struct town_device {
	struct town_source source;
	char *id, *kind, *name;
	struct town_position position;
	uint32_t grid;             /* index into grid: the one named, else the level-3 grid that holds it */
	struct town_words actions; /* say, start, stop, fly ... */
	int64_t expect_every_ms;   /* 0: not expected to speak by itself */
};

struct town_responsibility {
	struct town_source source;
	char *incident_type, *lead; /* lead: an org of people.csv, or the id of a person */
	struct town_words assist;   /* the same */
	uint32_t type_column;       /* where incident_type stands in its line, from 1 */
	uint32_t lead_person;       /* index into person: who answers for lead */
	uint32_t *assist_person;    /* [assist.count] */
	int64_t receive_ms, dispose_ms;
	char *basis;
};

/* Working hours of the town's offices. */
struct town_calendar {
	uint8_t weekdays;                              /* bit 0 Monday; 0: none given, every minute counts */
	uint16_t from_min, to_min, from2_min, to2_min; /* of the local day; the second span may be empty */
	char *rest, *work; /* YYYY-MM-DD parted by one space: days that differ from the weekdays; or NULL */
};

struct town_place {
	struct town_source source;
	char *name;
	struct town_position position;
};

/* A water course, for maps; nothing is decided by it. */
struct town_water {
	char *name;
	struct town_point *point; /* [count], downstream */
	uint32_t count;
};

struct town {
	char *code, *name, *name_en, *time_zone; /* name: Chinese; name_en may be NULL */
	int32_t utc_offset_min;                  /* of time_zone; zones without summer time only */
	bool demonstration;                      /* clock: may be compressed only here */
	struct town_calendar calendar;
	struct town_ring outline;
	struct town_water *water;
	struct town_grid *grid;
	struct town_person *person;
	struct town_unit *unit;
	struct town_depot *depot;
	struct town_stock *stock;
	struct town_device *device;
	struct town_responsibility *responsibility;
	struct town_place *place;
	uint32_t water_count, grid_count, person_count, unit_count, depot_count, stock_count, device_count,
		responsibility_count, place_count;
	struct area_set *areas[TOWN_LEVEL_COUNT]; /* the grids of a level */
	uint32_t *area_grid[TOWN_LEVEL_COUNT];    /* area index -> index into grid */
	struct town_indexes *indexes;
	struct reading_memory *memory;
};

/*
 * town_load - reads the pack in the folder dir. All or nothing.
 *
 * Order   tables keep the order of their files; every reference is an index into another table.
 * Errors  DISP_E_INPUT  the pack is wrong: faults lists everything that is, *out is NULL.
 *         DISP_E_IO     a file could not be read (also listed), *out is NULL.
 * Memory  *out belongs to the caller and is freed by town_free. geo is used during the call only. faults must
 *         be initialised (reading_faults_init) and is added to.
 * Source  GeoJSON RFC 7946, CSV RFC 4180.
 */
enum disp_err town_load(
	const char *dir, struct geo *geo, struct town **out, struct reading_faults *faults) DISP_MUSTCHECK;

/*
 * town_check_types - incident types of responsibilities.csv against known[count], what the playbooks open and what
 * alarms are called. A type of its own is allowed, for cases opened by hand; what is nearly a known one
 * (reading_near) is added to faults.
 */
void town_check_types(
	const struct town *town, const struct text *known, uint32_t count, struct reading_faults *faults);

/* Frees the town and everything in it; NULL is allowed. */
void town_free(struct town *town);

/* The index of the row with this id (grids: code, places: name), or TOWN_NONE. Constant time. */
uint32_t town_grid_find(const struct town *town, const char *code);
uint32_t town_person_find(const struct town *town, const char *id);
uint32_t town_unit_find(const struct town *town, const char *id);
uint32_t town_depot_find(const struct town *town, const char *id);
uint32_t town_device_find(const struct town *town, const char *id);
uint32_t town_place_find(const struct town *town, const char *name);

/* The grid of this level that holds the place (lowest index on a border), or TOWN_NONE. */
uint32_t town_grid_at(const struct town *town, const struct place *place, enum town_level level);

/* The name of a file of the pack, "units.csv"; and the level as written in grids.geojson, "3", "micro". */
const char *town_file_name(enum town_file file);
const char *town_level_name(enum town_level level);

/* True when words holds this one. */
bool town_words_has(const struct town_words *words, const char *word);

#endif
