/* geo: positions in any coordinate system, and ranges on the ellipsoid, by PROJ; no polygons, see area.h. */
#ifndef GEO_GEO_H
#define GEO_GEO_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/types.h"

enum {
	GEO_CRS_MAX = 32,      /* names that PROJ's database has and that one handle keeps, usable or not */
	GEO_CRS_NAME_SIZE = 48 /* a name, with its end */
};

struct geo; /* PROJ's context, the ellipsoid, the coordinate systems used so far. One thread at a time. */

/*
 * geo_open - what every other call needs; create once, at the start.
 *
 * Errors  DISP_E_IO    PROJ's database (proj.db) is missing or cannot be read, or no memory;
 *                      error[error_size] then holds one line for people.
 * Memory  *out is the caller's, until geo_close. NULL may be closed.
 * Cost    some ms. A coordinate system costs PROJ up to 100 ms when it is first named, then 0.5 us a point;
 *         EPSG:4490, EPSG:4326, GCJ-02 and BD-09 cost nothing at first and up to 1 us a point. Name what a
 *         town uses at the start with geo_crs_check.
 */
enum disp_err geo_open(struct geo **out, char *error, size_t error_size) DISP_MUSTCHECK;
void geo_close(struct geo *geo);

/*
 * geo_crs_check - whether positions may be given in this coordinate system; makes it ready if they may.
 *
 * Names   "GCJ-02", "GCJ02", "BD-09", "BD09", "CGCS2000", "WGS84", "WGS-84", and AUTHORITY:CODE as PROJ's
 *         database has it ("EPSG:4547", "OGC:CRS84"; also urn:ogc:def:crs:EPSG::4547), geographic or
 *         projected. Letter case does not matter. Nothing else: a name comes from strangers, and PROJ's
 *         own strings can open files.
 * Errors  DISP_E_NONE  no such name, not a system of positions on the ground, or no way from there to
 *                      CGCS2000 better than a guess (Beijing 1954, Xian 1980: their shift is not public)
 *         DISP_E_FULL  GEO_CRS_MAX others were named before; those go on working
 *         geo_detail says which, for people.
 */
enum disp_err geo_crs_check(struct geo *geo, const char *crs) DISP_MUSTCHECK;

/*
 * geo_place_from - where (x, y) in a named coordinate system is.
 *
 * Shapes  x is longitude or easting, y is latitude or northing: the order of GeoJSON and of maps, whatever
 *         the authority says.
 * Units   degrees or the unit of the system, mostly metres. *out is CGCS2000, rounded to the nearest 1e-7
 *         degree; ecef_mm is computed from the rounded degrees, at height 0 on GRS80, so equal degrees
 *         have equal ecef_mm, whatever system they came from.
 * Errors  DISP_E_NONE, DISP_E_FULL  as geo_crs_check
 *         DISP_E_INPUT  not a finite number, degrees beyond 180 or 90, or a point where the system has no
 *                       meaning
 *         geo_detail says which, for people. *out is left alone then.
 * Source  WGS-84 (EPSG:4326) and CGCS2000 (EPSG:4490) are taken as the same: they are defined alike, and
 *         the drift of the continent between them is decimetres. GCJ-02, BD-09: gcj.h.
 */
enum disp_err geo_place_from(
	struct geo *geo, const char *crs, double x, double y, struct place *out) DISP_MUSTCHECK;

/* geo_place_from_e7 - the place of rounded CGCS2000 degrees. DISP_E_INPUT: beyond 180 or 90 degrees. */
enum disp_err geo_place_from_e7(int32_t lat_e7, int32_t lon_e7, struct place *out) DISP_MUSTCHECK;

/* geo_place_to - the other way: the place in a named system. Order, units and errors as geo_place_from. */
enum disp_err geo_place_to(
	struct geo *geo, const struct place *place, const char *crs, double *x, double *y) DISP_MUSTCHECK;

/* Why the last call that failed with this handle did: one line, never NULL, not to be freed. */
const char *geo_detail(const struct geo *geo);

/*
 * geo_range_mm - the shortest way along the CGCS2000 ellipsoid, rounded to the nearest millimetre.
 *
 * Order   the same both ways; 0 for equal degrees.
 * Cost    about 1 us. It reads lat_e7 and lon_e7, not ecef_mm.
 * Source  Karney 2013, doi:10.1007/s00190-012-0578-z, as PROJ has it.
 */
int64_t geo_range_mm(const struct geo *geo, const struct place *a, const struct place *b);

/* An ellipsoid at the border: equatorial radius and flattening. */
struct geo_ellipsoid {
	double a_m, f;
};
extern const struct geo_ellipsoid GEO_WGS84;    /* for published truths */
extern const struct geo_ellipsoid GEO_CGCS2000; /* the figures of GRS80: what geo_range_mm uses */

/*
 * geo_inverse_m - range and starting azimuth on any ellipsoid, for tests and for comparison with others.
 *
 * Units   degrees, latitude first as in the published tables; metres; azimuth from north, -180 .. 180.
 *         s12_m or azi1_deg may be NULL.
 */
void geo_inverse_m(const struct geo_ellipsoid *ellipsoid, double lat1_deg, double lon1_deg, double lat2_deg,
	double lon2_deg, double *s12_m, double *azi1_deg);

#endif
