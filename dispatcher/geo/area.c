/* area: a set of areas, and which of them holds a point, by GEOS; how they fit is area_check.c. */
#include "geo/area.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/area_set.h"
#include "geo/geo.h"

#define PI 3.14159265358979323846

enum { NODE_CAPACITY = 10, ROOM_FIRST = 64, RING_POINTS_MIN = 4 };

/* --- making ----------------------------------------------------------------------------------- */

enum disp_err area_set_new(struct area_set **out)
{
	struct area_set *set = calloc(1, sizeof *set);

	*out = NULL;
	if (set == NULL)
		return DISP_E_IO;
	set->geos = GEOS_init_r();
	set->tree = set->geos == NULL ? NULL : GEOSSTRtree_create_r(set->geos, NODE_CAPACITY);
	if (set->tree == NULL) {
		area_set_free(set);
		return DISP_E_IO;
	}
	*out = set;
	return DISP_OK;
}

void area_set_free(struct area_set *set)
{
	if (set == NULL)
		return;
	if (set->tree != NULL)
		GEOSSTRtree_destroy_r(set->geos, set->tree);
	for (uint32_t index = 0; index < set->count; index++) {
		GEOSPreparedGeom_destroy_r(set->geos, set->area[index].prepared);
		GEOSGeom_destroy_r(set->geos, set->area[index].shape);
	}
	if (set->geos != NULL)
		GEOS_finish_r(set->geos);
	free(set->area);
	free(set);
}

const char *area_set_detail(const struct area_set *set)
{
	return set->detail;
}

uint32_t area_set_count(const struct area_set *set)
{
	return set->count;
}

/* Rings as the caller gave them, and how far they are used up. */
struct rings {
	const double *lonlat;
	const size_t *sizes;
	size_t count, next;
};

static bool ring_is_sound(struct area_set *set, const double *lonlat, size_t points, size_t ring)
{
	if (points < RING_POINTS_MIN) {
		snprintf(set->detail, sizeof set->detail, "ring %zu has %zu points; 4 are the least",
			ring + 1, points);
		return false;
	}
	for (size_t point = 0; point < points; point++) {
		/* Written so that a NaN fails. */
		if (fabs(lonlat[2 * point]) <= 180.0 && fabs(lonlat[2 * point + 1]) <= 90.0)
			continue;
		snprintf(set->detail, sizeof set->detail, "ring %zu, point %zu: not a longitude and latitude",
			ring + 1, point + 1);
		return false;
	}
	/* Compared as numbers, not bytes: 0.0 and -0.0 close a ring. */
	const double *last = &lonlat[2 * (points - 1)];
	if (lonlat[0] < last[0] || lonlat[0] > last[0] || lonlat[1] < last[1] || lonlat[1] > last[1]) {
		snprintf(set->detail, sizeof set->detail, "ring %zu is not closed", ring + 1);
		return false;
	}
	return true;
}

static bool shape_is_sound(struct area_set *set, const double *lonlat, const size_t *ring_sizes, size_t rings,
	const size_t *polygon_rings, size_t polygons)
{
	size_t points = 0, rings_used = polygons == 0 ? rings : 0;

	snprintf(set->detail, sizeof set->detail,
		"an area needs rings, and each polygon its own, none left over");
	for (size_t polygon = 0; polygon < polygons; polygon++) {
		if (polygon_rings[polygon] == 0 || polygon_rings[polygon] > rings - rings_used)
			return false;
		rings_used += polygon_rings[polygon];
	}
	if (rings == 0 || rings_used != rings)
		return false;
	for (size_t ring = 0; ring < rings; ring++) {
		if (ring_sizes[ring] > AREA_POINTS_MAX - points) {
			snprintf(set->detail, sizeof set->detail, "more than %d points", AREA_POINTS_MAX);
			return false;
		}
		if (!ring_is_sound(set, &lonlat[2 * points], ring_sizes[ring], ring))
			return false;
		points += ring_sizes[ring];
	}
	return true;
}

static GEOSGeometry *next_ring(GEOSContextHandle_t geos, struct rings *rings)
{
	size_t points = rings->sizes[rings->next++];
	GEOSCoordSequence *sequence =
		GEOSCoordSeq_copyFromBuffer_r(geos, rings->lonlat, (unsigned)points, 0, 0);

	rings->lonlat += 2 * points;
	return sequence == NULL ? NULL : GEOSGeom_createLinearRing_r(geos, sequence);
}

/* The outside and `holes` holes. GEOS takes what it is given to make something of, also when that fails. */
static GEOSGeometry *next_polygon(GEOSContextHandle_t geos, struct rings *rings, size_t holes)
{
	GEOSGeometry **hole = calloc(holes + 1, sizeof *hole); /* never of size 0 */
	GEOSGeometry *shell = hole == NULL ? NULL : next_ring(geos, rings), *polygon = NULL;
	size_t made = 0;

	while (shell != NULL && made < holes && (hole[made] = next_ring(geos, rings)) != NULL)
		made++;
	if (shell != NULL && made == holes) {
		polygon = GEOSGeom_createPolygon_r(geos, shell, hole, (unsigned)holes);
	} else {
		for (size_t index = 0; index < made; index++)
			GEOSGeom_destroy_r(geos, hole[index]);
		GEOSGeom_destroy_r(geos, shell);
	}
	free(hole);
	return polygon;
}

static GEOSGeometry *make_shape(
	GEOSContextHandle_t geos, struct rings *rings, const size_t *polygon_rings, size_t polygons)
{
	if (polygons == 0)
		return next_polygon(geos, rings, rings->count - 1);

	GEOSGeometry **part = calloc(polygons, sizeof *part), *shape = NULL;
	size_t made = 0;
	while (part != NULL && made < polygons &&
		(part[made] = next_polygon(geos, rings, polygon_rings[made] - 1)) != NULL)
		made++;
	if (part != NULL && made == polygons)
		shape = GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, part, (unsigned)polygons);
	for (size_t index = 0; made < polygons && index < made; index++)
		GEOSGeom_destroy_r(geos, part[index]);
	free(part);
	return shape;
}

static bool make_room(struct area_set *set)
{
	if (set->count < set->room)
		return true;

	uint32_t room = set->room == 0 ? ROOM_FIRST : set->room * 2;
	struct area *area = realloc(set->area, room * sizeof *area);
	if (area == NULL)
		return false;
	set->area = area;
	set->room = room;
	return true;
}

enum disp_err area_set_add(struct area_set *set, const double *lonlat, const size_t *ring_sizes, size_t rings,
	const size_t *polygon_rings, size_t polygons, uint32_t *index)
{
	struct rings source = {lonlat, ring_sizes, rings, 0};
	struct area area = {NULL, NULL, false};

	ASSERT(!set->sealed);
	if (!shape_is_sound(set, lonlat, ring_sizes, rings, polygon_rings, polygons))
		return DISP_E_INPUT;
	snprintf(set->detail, sizeof set->detail, "no memory, or too many areas");
	if (set->count == AREA_COUNT_MAX)
		return DISP_E_FULL;
	if (!make_room(set))
		return DISP_E_IO;
	area.shape = make_shape(set->geos, &source, polygon_rings, polygons);
	area.prepared = area.shape == NULL ? NULL : GEOSPrepare_r(set->geos, area.shape);
	if (area.prepared == NULL) {
		GEOSGeom_destroy_r(set->geos, area.shape);
		return DISP_E_IO;
	}
	area.valid = GEOSisValid_r(set->geos, area.shape) == 1;
	*index = set->count;
	set->area[set->count++] = area;
	GEOSSTRtree_insert_r(set->geos, set->tree, area.shape, (void *)(uintptr_t)set->count);
	set->detail[0] = '\0';
	return DISP_OK;
}

/* --- finding ---------------------------------------------------------------------------------- */

struct search {
	const struct area_set *set;
	const GEOSGeometry *point;
	uint32_t lowest;
};

static void search_visit(void *item, void *context)
{
	struct search *search = context;
	uint32_t index = (uint32_t)((uintptr_t)item - 1);

	if (index < search->lowest && GEOSPreparedIntersects_r(search->set->geos,
					      search->set->area[index].prepared, search->point) == 1)
		search->lowest = index;
}

uint32_t area_set_find(struct area_set *set, int32_t lon_e7, int32_t lat_e7)
{
	struct search search = {set, NULL, AREA_NONE};
	GEOSGeometry *point = GEOSGeom_createPointFromXY_r(set->geos, lon_e7 / 1e7, lat_e7 / 1e7);

	ASSERT(point != NULL); /* 100 bytes: without them nothing goes on */
	set->sealed = true;
	search.point = point;
	GEOSSTRtree_query_r(set->geos, set->tree, point, search_visit, &search);
	GEOSGeom_destroy_r(set->geos, point);
	return search.lowest;
}

/* --- measuring -------------------------------------------------------------------------------- */

/* Square metres of a square degree at a latitude: the two radii of curvature of the ellipsoid. */
static double square_degree_m2(double lat_deg)
{
	double lat_rad = lat_deg * PI / 180.0, ee = GEO_CGCS2000.f * (2.0 - GEO_CGCS2000.f);
	double w2 = 1.0 - ee * sin(lat_rad) * sin(lat_rad), a_m = GEO_CGCS2000.a_m;

	return a_m * a_m * (1.0 - ee) / (w2 * w2) * cos(lat_rad) * (PI / 180.0) * (PI / 180.0);
}

double area_shape_size_m2(GEOSContextHandle_t geos, const GEOSGeometry *shape)
{
	double square_deg = 0.0, lat = 0.0;

	if (shape == NULL || GEOSArea_r(geos, shape, &square_deg) != 1 || !(square_deg > 0.0))
		return 0.0;

	GEOSGeometry *centre = GEOSGetCentroid_r(geos, shape);
	if (centre == NULL || GEOSGeomGetY_r(geos, centre, &lat) != 1)
		lat = 0.0;
	GEOSGeom_destroy_r(geos, centre);
	return square_deg * square_degree_m2(lat);
}

double area_set_size_m2(const struct area_set *set, uint32_t index)
{
	ASSERT(index < set->count);
	return area_shape_size_m2(set->geos, set->area[index].shape);
}
