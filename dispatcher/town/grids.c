/* grids: grids.geojson; areas, their levels, parents and heads. */
#include "town/reader.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is read of one feature, with the place to blame. */
struct feature {
	struct town_reader *reader;
	uint32_t line, column;
	const char *code; /* "?" until known */
};

/* Flat coordinates of a feature as area_set_add wants them. */
struct shape {
	double *lonlat;
	size_t *ring_sizes, *polygon_rings;
	size_t points, points_room, rings, rings_room, polygons, polygons_room;
};

static void __attribute__((format(printf, 2, 3)))
feature_fault(const struct feature *feature, const char *format, ...)
{
	char what[READING_FAULT_TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	reading_fault_add(feature->reader->faults, town_file_name(TOWN_FILE_GRIDS), feature->line,
		feature->column, "grid %s: %s", feature->code, what);
}

bool reader_point(double lon, double lat, struct town_point *out)
{
	struct place place;

	if (!(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90))
		return false;
	out->lon_e7 = (int32_t)(lon * 1e7 + (lon < 0 ? -0.5 : 0.5));
	out->lat_e7 = (int32_t)(lat * 1e7 + (lat < 0 ? -0.5 : 0.5));
	return geo_place_from_e7(out->lat_e7, out->lon_e7, &place) == DISP_OK;
}

/* --- where each feature begins: jansson keeps no positions --------------------------------------- */

struct scan {
	const char *bytes;
	size_t len, at;
	uint32_t line, column, depth;
	bool in_features; /* inside the list of the root's key "features" */
};

static void scan_step(struct scan *scan)
{
	char byte = scan->bytes[scan->at++];

	if (byte == '\n') {
		scan->line++;
		scan->column = 1;
	} else if (((unsigned char)byte & 0xc0) != 0x80) {
		scan->column++;
	}
}

/* Passes over a string; true when it is "features". */
static bool scan_string(struct scan *scan)
{
	size_t start = scan->at + 1;

	scan_step(scan);
	while (scan->at < scan->len && scan->bytes[scan->at] != '"') {
		if (scan->bytes[scan->at] == '\\')
			scan_step(scan);
		scan_step(scan);
	}
	bool features = scan->at - start == 8 && memcmp(scan->bytes + start, "features", 8) == 0;
	scan_step(scan);
	return features;
}

/* Moves to the next feature's brace; the text is JSON (jansson took it). false: no more. */
static bool scan_feature(struct scan *scan, uint32_t *line, uint32_t *column)
{
	bool named = false;

	while (scan->at < scan->len) {
		char byte = scan->bytes[scan->at];

		if (byte == '"') {
			named = scan_string(scan) && scan->depth == 1;
			continue;
		}
		if (byte == '[' && scan->depth == 1)
			scan->in_features = named;
		*line = scan->line;
		*column = scan->column;
		scan_step(scan);
		if (byte == '{' || byte == '[')
			scan->depth++;
		if (byte == '}' || byte == ']')
			scan->depth--;
		if (byte == '{' && scan->depth == 3 && scan->in_features)
			return true;
	}
	return false;
}

/* --- geometry ------------------------------------------------------------------------------------- */

static bool shape_ring(const struct feature *feature, struct shape *shape, const json_t *points)
{
	struct reading_memory *memory = feature->reader->town->memory;
	size_t count = json_array_size(points);

	if (count < 4) {
		feature_fault(feature, "a ring needs at least four points, the first repeated as the last");
		return false;
	}
	for (size_t index = 0; index < count; index++) {
		const json_t *point = json_array_get(points, index);
		const json_t *lon = json_array_get(point, 0), *lat = json_array_get(point, 1);
		struct town_point unused;

		if (!json_is_number(lon) || !json_is_number(lat) ||
			!reader_point(json_number_value(lon), json_number_value(lat), &unused)) {
			feature_fault(
				feature, "point %zu is not a [longitude, latitude] in degrees", index + 1);
			return false;
		}
		shape->lonlat = reading_memory_grow(
			memory, shape->lonlat, shape->points, &shape->points_room, 2 * sizeof(double));
		shape->lonlat[2 * shape->points] = json_number_value(lon);
		shape->lonlat[2 * shape->points + 1] = json_number_value(lat);
		shape->points++;
	}
	shape->ring_sizes = reading_memory_grow(
		memory, shape->ring_sizes, shape->rings, &shape->rings_room, sizeof(*shape->ring_sizes));
	shape->ring_sizes[shape->rings++] = count;
	return true;
}

static bool shape_polygon(const struct feature *feature, struct shape *shape, const json_t *rings)
{
	size_t count = json_array_size(rings);

	if (count == 0) {
		feature_fault(feature, "a polygon without a ring");
		return false;
	}
	for (size_t index = 0; index < count; index++)
		if (!shape_ring(feature, shape, json_array_get(rings, index)))
			return false;
	shape->polygon_rings = reading_memory_grow(feature->reader->town->memory, shape->polygon_rings,
		shape->polygons, &shape->polygons_room, sizeof(*shape->polygon_rings));
	shape->polygon_rings[shape->polygons++] = count;
	return true;
}

static bool shape_read(const struct feature *feature, struct shape *shape, const json_t *geometry)
{
	const char *type = json_string_value(json_object_get(geometry, "type"));
	const json_t *coordinates = json_object_get(geometry, "coordinates");

	if (type != NULL && strcmp(type, "Polygon") == 0)
		return shape_polygon(feature, shape, coordinates);
	if (type == NULL || strcmp(type, "MultiPolygon") != 0 || json_array_size(coordinates) == 0) {
		feature_fault(feature, "the geometry must be a Polygon or a MultiPolygon");
		return false;
	}
	for (size_t index = 0; index < json_array_size(coordinates); index++)
		if (!shape_polygon(feature, shape, json_array_get(coordinates, index)))
			return false;
	return true;
}

/* The rings of the grid, without the repeated last points. */
static void grid_rings(struct reading_memory *memory, const struct shape *shape, struct town_grid *grid)
{
	size_t at = 0, polygon = 0;

	if (shape->rings == 0)
		return;
	size_t left = shape->polygon_rings[0];

	grid->ring_count = (uint32_t)shape->rings;
	grid->ring = reading_memory_take(memory, shape->rings * sizeof(*grid->ring));
	for (size_t index = 0; index < shape->rings; index++, left--) {
		struct town_ring *ring = &grid->ring[index];

		if (left == 0)
			left = shape->polygon_rings[++polygon];
		ring->hole = left != shape->polygon_rings[polygon];
		ring->count = (uint32_t)(shape->ring_sizes[index] - 1);
		ring->point = reading_memory_take(memory, ring->count * sizeof(*ring->point));
		for (uint32_t point = 0; point < ring->count; point++)
			(void)reader_point(shape->lonlat[2 * (at + point)],
				shape->lonlat[2 * (at + point) + 1], &ring->point[point]);
		at += shape->ring_sizes[index];
	}
}

static void grid_area(const struct feature *feature, uint32_t row, const struct shape *shape)
{
	struct town *town = feature->reader->town;
	struct town_grid *grid = &town->grid[row];
	struct area_set *set = town->areas[grid->level];
	uint32_t area;

	grid_rings(town->memory, shape, grid);
	if (area_set_add(set, shape->lonlat, shape->ring_sizes, shape->rings, shape->polygon_rings,
		    shape->polygons, &area) != DISP_OK) {
		feature_fault(feature, "%s", area_set_detail(set));
		return;
	}
	town->area_grid[grid->level][area] = row;
}

/* --- properties ----------------------------------------------------------------------------------- */

/* A text property, kept; NULL when it is null or missing. */
static char *property_text(
	const struct feature *feature, const json_t *properties, const char *key, bool required)
{
	const json_t *value = json_object_get(properties, key);

	if (json_is_string(value) && json_string_length(value) == strlen(json_string_value(value)) &&
		json_string_length(value) > 0)
		return reading_memory_copy(
			feature->reader->town->memory, json_string_value(value), json_string_length(value));
	if (value != NULL && !json_is_null(value) &&
		!(json_is_string(value) && json_string_length(value) == 0))
		feature_fault(feature, "%s: a text is needed", key);
	else if (required)
		feature_fault(feature, "%s: missing or empty", key);
	return NULL;
}

static bool property_level(const struct feature *feature, const json_t *properties, enum town_level *out)
{
	const json_t *value = json_object_get(properties, "level");
	const char *text = json_string_value(value);
	const char digit[2] = {(char)(json_is_integer(value) && json_integer_value(value) >= 0 &&
						       json_integer_value(value) <= 9
					       ? '0' + json_integer_value(value)
					       : '?'),
		'\0'};

	if (text == NULL)
		text = digit;
	for (*out = TOWN_LEVEL_1; *out < TOWN_LEVEL_COUNT; (*out)++)
		if (strcmp(town_level_name(*out), text) == 0)
			return true;
	*out = TOWN_LEVEL_3;
	feature_fault(feature, "level: 1, 2, 3 or \"micro\" is needed");
	return false;
}

static void properties_known(const struct feature *feature, json_t *properties)
{
	static const char *const known[] = {"code", "name", "level", "parent", "head", "dedicated"};
	const char *key;
	json_t *value;

	json_object_foreach(properties, key, value)
	{
		size_t index = 0;

		while (index < sizeof(known) / sizeof(*known) && strcmp(known[index], key) != 0)
			index++;
		if (index == sizeof(known) / sizeof(*known))
			feature_fault(feature, "unknown property \"%s\"", key);
	}
}

static void feature_read(struct feature *feature, const json_t *json, uint32_t row)
{
	struct town_reader *reader = feature->reader;
	struct town *town = reader->town;
	struct town_grid *grid = &town->grid[row];
	json_t *properties = json_object_get(json, "properties");
	struct shape shape = {0};
	uint32_t before;

	*grid = (struct town_grid){.source = {TOWN_FILE_GRIDS, feature->line}};
	grid->parent = grid->head = TOWN_NONE;
	reader->wish[row] = (struct grid_wish){NULL, NULL, feature->line, feature->column};
	grid->code = property_text(feature, properties, "code", true);
	if (grid->code == NULL)
		grid->code = reading_memory_copy(town->memory, "", 0);
	else
		feature->code = grid->code;
	if (grid->code[0] != '\0' && !reader_is_word(grid->code))
		feature_fault(
			feature, "code: not a word of 1 to %d bytes without blanks", TOWN_WORD_BYTES_MAX);
	properties_known(feature, properties);
	grid->name = property_text(feature, properties, "name", true);
	grid->dedicated = property_text(feature, properties, "dedicated", false);
	reader->wish[row].parent = property_text(feature, properties, "parent", false);
	reader->wish[row].head = property_text(feature, properties, "head", false);
	bool level_known = property_level(feature, properties, &grid->level);

	if (grid->code[0] != '\0' &&
		!town_names_add(town->memory, &town->indexes->grids, grid->code, row, &before))
		feature_fault(
			feature, "the code is taken by the grid on line %u", town->grid[before].source.line);
	if (shape_read(feature, &shape, json_object_get(json, "geometry")) && level_known)
		grid_area(feature, row, &shape);
}

void reader_grids(struct town_reader *reader)
{
	const char *name = town_file_name(TOWN_FILE_GRIDS);
	struct town *town = reader->town;
	struct scan scan = {.line = 1, .column = 1};
	json_error_t error;
	char *bytes;

	reader->unread[TOWN_FILE_GRIDS] = true;
	if (!reader_slurp(reader, TOWN_FILE_GRIDS, &bytes, &scan.len))
		return;
	json_t *root = json_loadb(bytes, scan.len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL) {
		reading_fault_add(reader->faults, name, error.line > 0 ? (uint32_t)error.line : 1,
			error.column > 0 ? (uint32_t)error.column : 1, "not JSON: %s", error.text);
		return;
	}
	const json_t *features = json_object_get(root, "features");
	size_t count = json_array_size(features);
	if (!json_is_array(features) || count == 0 || count > AREA_COUNT_MAX) {
		reading_fault_add(reader->faults, name, 1, 1,
			"a FeatureCollection of 1 to %d features is needed", AREA_COUNT_MAX);
		json_decref(root);
		return;
	}
	reader->unread[TOWN_FILE_GRIDS] = false;
	scan.bytes = bytes;
	town->grid = reading_memory_take(town->memory, count * sizeof(*town->grid));
	reader->wish = reading_memory_take(town->memory, count * sizeof(*reader->wish));
	for (int level = 0; level < TOWN_LEVEL_COUNT; level++)
		town->area_grid[level] = reading_memory_take(town->memory, count * sizeof(uint32_t));
	for (size_t index = 0; index < count; index++) {
		struct feature feature = {.reader = reader, .code = "?"};

		if (!json_is_object(json_array_get(features, index)) ||
			!scan_feature(&scan, &feature.line, &feature.column)) {
			reading_fault_add(reader->faults, name, 1, 1, "feature %zu is no object", index + 1);
			break;
		}
		feature_read(&feature, json_array_get(features, index), town->grid_count++);
	}
	json_decref(root);
}

/* --- parents and heads ---------------------------------------------------------------------------- */

static bool parent_fits(enum town_level child, enum town_level parent)
{
	return parent < child && (child != TOWN_LEVEL_MICRO || parent == TOWN_LEVEL_3);
}

static void grid_parent(const struct feature *feature, struct town_grid *grid, const char *wish)
{
	const struct town *town = feature->reader->town;

	if (wish == NULL) {
		if (grid->level != TOWN_LEVEL_1)
			feature_fault(
				feature, "a grid of level %s needs a parent", town_level_name(grid->level));
		return;
	}
	uint32_t parent = town_names_find(&town->indexes->grids, wish);
	if (parent == TOWN_NONE)
		feature_fault(feature, "parent: no grid \"%s\" in grids.geojson", wish);
	else if (!parent_fits(grid->level, town->grid[parent].level))
		feature_fault(feature, "parent: \"%s\" is of level %s, which cannot hold one of level %s",
			wish, town_level_name(town->grid[parent].level), town_level_name(grid->level));
	else
		grid->parent = parent;
}

void reader_grids_resolve(struct town_reader *reader)
{
	struct town *town = reader->town;

	for (uint32_t row = 0; row < town->grid_count; row++) {
		struct town_grid *grid = &town->grid[row];
		const struct grid_wish *wish = &reader->wish[row];
		struct feature feature = {reader, wish->line, wish->column, grid->code};

		grid_parent(&feature, grid, wish->parent);
		if (wish->head == NULL)
			continue;
		grid->head = town_names_find(&town->indexes->people, wish->head);
		if (grid->head == TOWN_NONE && !reader->unread[TOWN_FILE_PEOPLE])
			feature_fault(&feature, "head: no person \"%s\" in people.csv", wish->head);
	}
}
