/* area: which area holds a point, and whether areas share out their town, by GEOS. No files, no names. */
#ifndef GEO_AREA_H
#define GEO_AREA_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

#define AREA_NONE UINT32_MAX

enum {
	AREA_COUNT_MAX = 65536,    /* areas in one set */
	AREA_POINTS_MAX = 1000000, /* points in one area */
	AREA_TINY_M2 = 10          /* what rounding to 7 decimals may leave along a border of a few km */
};

/* Areas of one level, by index in the order they were added. One thread at a time, readers too. */
struct area_set;

/* area_set_new - an empty set, the caller's until area_set_free. DISP_E_IO: no memory. NULL may be freed. */
enum disp_err area_set_new(struct area_set **out) DISP_MUSTCHECK;
void area_set_free(struct area_set *set);

/*
 * area_set_add - one more area: a polygon, or several that belong together.
 *
 * Shapes  lonlat[2 * sum of ring_sizes]: longitude, latitude, in degrees, ring after ring.
 *         ring_sizes[rings] counts points, the first repeated as the last, at least 4.
 *         polygon_rings[polygons] says how many rings each polygon has: its outside, then its holes;
 *         NULL with polygons 0: all rings are one polygon. This is what GeoJSON's Polygon and MultiPolygon
 *         hold. Rings may turn either way.
 * Order   *index is 0 for the first area, then 1, 2 ...
 * Errors  DISP_E_INPUT  no ring, a ring too short or not closed, numbers not finite or beyond 180 and 90,
 *                       counts that do not add up, AREA_POINTS_MAX. An area that crosses itself is taken
 *                       all the same, and reported by area_set_check.
 *         DISP_E_FULL   AREA_COUNT_MAX
 *         DISP_E_IO     no memory
 *         Nothing is added then; area_set_detail says why. To add after the first area_set_find or
 *         area_set_check is a bug: ASSERT.
 * Memory  everything is copied.
 */
enum disp_err area_set_add(struct area_set *set, const double *lonlat, const size_t *ring_sizes, size_t rings,
	const size_t *polygon_rings, size_t polygons, uint32_t *index) DISP_MUSTCHECK;

/* Why the last area_set_add that failed did: one line, never NULL, not to be freed. */
const char *area_set_detail(const struct area_set *set);

uint32_t area_set_count(const struct area_set *set);

/*
 * area_set_find - the area that holds a point, or AREA_NONE.
 *
 * Units   CGCS2000 degrees times 10^7, as in struct place; longitude first.
 * Order   a point on a border belongs to the lowest index that touches it, so to exactly one.
 *         For a point inside two areas the same holds; area_set_check finds such areas.
 * Cost    0.3 us with 200 areas, 2 us with 10,000; the first call builds the index.
 */
uint32_t area_set_find(struct area_set *set, int32_t lon_e7, int32_t lat_e7);

/* area_set_size_m2 - how large an area is, on the ellipsoid, borders straight in longitude and latitude. */
double area_set_size_m2(const struct area_set *set, uint32_t index);

enum area_fault_kind {
	AREA_INVALID, /* `a` crosses or touches itself, or a hole lies outside; reason says how */
	AREA_OVERLAP, /* `a` < `b` share area_m2 */
	AREA_OUTSIDE, /* area_m2 of `a` lie outside the outline */
	AREA_GAP,     /* one connected piece of the outline, area_m2, lies in no area */
	AREA_UNKNOWN  /* GEOS could not compare `a` with `b`, or, when they are AREA_NONE, with the outline */
};

struct area_fault {
	enum area_fault_kind kind;
	uint32_t a, b;      /* areas concerned; AREA_NONE where there is none */
	double area_m2;     /* 0 for AREA_INVALID and AREA_UNKNOWN */
	double lon, lat;    /* a point to look at, degrees: where it crosses itself, inside the piece */
	const char *reason; /* English, never NULL; valid during the call only */
};

/*
 * area_set_check - every fault of a set of areas that should share out a town.
 *
 * Shapes  report is called once a fault: first every invalid area by index, then pairs by (a, b), then
 *         what is outside by index, then gaps, largest first. outline is another set, of one area or of
 *         several (a finer level is checked against the next coarser one); NULL: outside and gaps are not
 *         looked for.
 * Units   tiny_m2: overlaps, overhangs and gaps up to this are not reported. AREA_TINY_M2 is a good choice:
 *         where borders meet, corners rounded to 7 decimals leave slivers of some m2.
 * Errors  DISP_E_INPUT  at least one fault was reported
 *         DISP_E_IO     no memory; some faults may be missing
 * Cost    milliseconds for 181 areas, some seconds for 10,000.
 * Source  areas in m2 are planar areas in degrees, scaled by the ellipsoid at their centre: better than
 *         1e-5 for a county. Not the geodesic area: borders are straight in longitude and latitude, as in
 *         GeoJSON. Invalid areas take no part in pairs and overhangs, and count repaired towards the cover.
 */
enum disp_err area_set_check(struct area_set *set, const struct area_set *outline, double tiny_m2,
	void (*report)(void *context, const struct area_fault *fault), void *context) DISP_MUSTCHECK;

#endif
