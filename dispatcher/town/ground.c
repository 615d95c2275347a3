/* ground: whether the grids share out the town: tiling, overlaps, children inside their parents. */
#include "town/reader.h"

#include <stdlib.h>

/* One area_set_check: whose areas, and which kinds of fault are wanted. */
struct check {
	struct town_reader *reader;
	const uint32_t *area_grid; /* area -> grid */
	const char *level, *whole; /* names for people: "3", "the town's outline" */
	bool pairs, outside, gaps;
};

static void fault_at(
	const struct check *check, uint32_t area, const char *what, const struct area_fault *fault)
{
	if (area == AREA_NONE) { /* of the whole, not of one of them */
		reading_fault_add(check->reader->faults, town_file_name(TOWN_FILE_GRIDS), 1, 1,
			"level %s, %s: %s", check->level, check->whole, what);
		return;
	}
	const struct town_grid *grid = &check->reader->town->grid[check->area_grid[area]];

	reading_fault_add(check->reader->faults, town_file_name(TOWN_FILE_GRIDS), grid->source.line,
		check->reader->wish[check->area_grid[area]].column, "grid %s (level %s): %s at %.7f E %.7f N",
		grid->code, check->level, what, fault->lon, fault->lat);
}

static void check_report(void *context, const struct area_fault *fault)
{
	const struct check *check = context;
	const struct town_grid *grid = check->reader->town->grid;
	char what[READING_FAULT_TEXT_MAX];

	switch (fault->kind) {
	case AREA_INVALID:
		snprintf(what, sizeof(what), "invalid area: %s", fault->reason);
		if (check->pairs)
			fault_at(check, fault->a, what, fault);
		return;
	case AREA_OVERLAP:
		snprintf(what, sizeof(what), "overlaps grid %s (line %u) by %.0f m2",
			grid[check->area_grid[fault->b]].code, grid[check->area_grid[fault->b]].source.line,
			fault->area_m2);
		if (check->pairs)
			fault_at(check, fault->a, what, fault);
		return;
	case AREA_OUTSIDE:
		snprintf(what, sizeof(what), "%.0f m2 lie outside %s", fault->area_m2, check->whole);
		if (check->outside)
			fault_at(check, fault->a, what, fault);
		return;
	case AREA_GAP:
		if (check->gaps)
			reading_fault_add(check->reader->faults, town_file_name(TOWN_FILE_GRIDS), 1, 1,
				"level %s: a gap of %.0f m2 at %.7f E %.7f N lies in no grid", check->level,
				fault->area_m2, fault->lon, fault->lat);
		return;
	case AREA_UNKNOWN:
		break;
	}
	snprintf(what, sizeof(what), "cannot be compared: %s", fault->reason);
	fault_at(check, fault->a, what, fault);
}

static struct area_set *new_set(void)
{
	struct area_set *set;

	if (area_set_new(&set) != DISP_OK)
		disp_panic("out of memory while reading the town pack", __FILE__, __LINE__);
	return set;
}

/* The grid's area once more; false when it has none that can be used. */
static bool set_add_grid(struct area_set *set, const struct town_grid *grid)
{
	size_t points = 0, polygons = 0, at = 0;
	uint32_t area;

	for (uint32_t ring = 0; ring < grid->ring_count; ring++)
		points += grid->ring[ring].count + 1;
	if (points == 0)
		return false;

	double *lonlat = calloc(2 * points, sizeof(*lonlat));
	size_t *sizes = calloc(grid->ring_count, sizeof(*sizes));
	size_t *rings = calloc(grid->ring_count, sizeof(*rings));
	if (lonlat == NULL || sizes == NULL || rings == NULL)
		disp_panic("out of memory while reading the town pack", __FILE__, __LINE__);
	for (uint32_t index = 0; index < grid->ring_count; index++) {
		const struct town_ring *ring = &grid->ring[index];

		sizes[index] = ring->count + 1;
		polygons += !ring->hole;
		rings[polygons - 1]++;
		for (uint32_t point = 0; point <= ring->count; point++) {
			lonlat[at++] = ring->point[point % ring->count].lon_e7 / 1e7;
			lonlat[at++] = ring->point[point % ring->count].lat_e7 / 1e7;
		}
	}
	bool added = area_set_add(set, lonlat, sizes, grid->ring_count, rings, polygons, &area) == DISP_OK;
	free(lonlat);
	free(sizes);
	free(rings);
	return added;
}

bool reader_grid_touches(struct town_reader *reader, uint32_t grid, int32_t lon_e7, int32_t lat_e7)
{
	struct area_set *one = new_set();
	bool touches =
		set_add_grid(one, &reader->town->grid[grid]) && area_set_find(one, lon_e7, lat_e7) == 0;

	area_set_free(one);
	return touches;
}

/* What of a parent's children lies outside it. They are chained: first_child[parent], then next_child[child]. */
static void check_children(
	struct town_reader *reader, uint32_t parent, const uint32_t *first_child, const uint32_t *next_child)
{
	const struct town *town = reader->town;
	struct area_set *whole = new_set(), *children = new_set();
	uint32_t *area_grid = calloc(town->grid_count, sizeof(*area_grid)), count = 0;
	char name[100];

	if (area_grid == NULL)
		disp_panic("out of memory while reading the town pack", __FILE__, __LINE__);
	for (uint32_t child = first_child[parent]; child != TOWN_NONE; child = next_child[child])
		if (set_add_grid(children, &town->grid[child]))
			area_grid[count++] = child;
	snprintf(name, sizeof(name), "its parent %.64s", town->grid[parent].code);
	if (count > 0 && set_add_grid(whole, &town->grid[parent])) {
		struct check check = {reader, area_grid, town_level_name(town->grid[area_grid[0]].level),
			name, false, true, false};

		if (area_set_check(children, whole, AREA_TINY_M2, check_report, &check) == DISP_E_IO)
			reader->io_failed = true;
	}
	free(area_grid);
	area_set_free(children);
	area_set_free(whole);
}

static void check_parents(struct town_reader *reader)
{
	const struct town *town = reader->town;
	uint32_t *first = calloc(town->grid_count, sizeof(*first));
	uint32_t *next = calloc(town->grid_count, sizeof(*next));

	if (first == NULL || next == NULL)
		disp_panic("out of memory while reading the town pack", __FILE__, __LINE__);
	for (uint32_t row = 0; row < town->grid_count; row++)
		first[row] = TOWN_NONE;
	for (uint32_t row = town->grid_count; row-- > 0;) {
		uint32_t parent = town->grid[row].parent;

		if (parent == TOWN_NONE)
			continue;
		next[row] = first[parent];
		first[parent] = row;
	}
	/* level 1 is compared with the outline itself, and so are the villages */
	for (uint32_t row = 0; row < town->grid_count; row++)
		if (first[row] != TOWN_NONE && town->grid[row].level != TOWN_LEVEL_1)
			check_children(reader, row, first, next);
	free(first);
	free(next);
}

void reader_ground(struct town_reader *reader)
{
	struct town *town = reader->town;

	if (town->grid_count == 0)
		return;
	if (area_set_count(town->areas[TOWN_LEVEL_3]) == 0)
		reading_fault_add(
			reader->faults, town_file_name(TOWN_FILE_GRIDS), 1, 1, "no usable grid of level 3");
	for (int level = 0; level < TOWN_LEVEL_COUNT; level++) {
		bool micro = level == TOWN_LEVEL_MICRO;
		struct check check = {reader, town->area_grid[level], town_level_name((enum town_level)level),
			"the town's outline", true, !micro, level == TOWN_LEVEL_1 || level == TOWN_LEVEL_3};

		if (area_set_count(town->areas[level]) > 0 &&
			area_set_check(town->areas[level], micro ? NULL : reader->outline, AREA_TINY_M2,
				check_report, &check) == DISP_E_IO)
			reader->io_failed = true;
	}
	check_parents(reader);
}
