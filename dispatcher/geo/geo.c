/* geo: positions in any coordinate system, and ranges on the ellipsoid, by PROJ; no polygons, see area.c. */
#include "geo/geo.h"

#include <geodesic.h>
#include <math.h>
#include <proj.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/gcj.h"

#define PI 3.14159265358979323846

/* A point that does not come back within this, in the system's unit or in degrees, had no meaning there. */
#define BACK_MAX_UNITS 1.0
#define BACK_MAX_DEG   1e-5

const struct geo_ellipsoid GEO_WGS84 = {6378137.0, 1.0 / 298.257223563};
const struct geo_ellipsoid GEO_CGCS2000 = {6378137.0, 1.0 / 298.257222101};

enum crs_kind { CRS_PLAIN, CRS_GCJ02, CRS_BD09, CRS_PROJ };

/* A system that PROJ was asked for. Refused ones are kept as well: to find that out costs as much. */
struct crs {
	char name[GEO_CRS_NAME_SIZE];
	PJ *to_degrees;      /* x, y to longitude, latitude; NULL when refused */
	const char *refused; /* why, for people */
};

struct geo {
	PJ_CONTEXT *context;
	PJ *cgcs2000, *wgs84; /* wgs84: made when first needed */
	struct geod_geodesic ellipsoid;
	struct crs crs[GEO_CRS_MAX];
	uint32_t crs_count;
	char unknown[GEO_CRS_NAME_SIZE]; /* the last name that the database did not know */
	const char *detail;
};

/* --- opening ---------------------------------------------------------------------------------- */

enum disp_err geo_open(struct geo **out, char *error, size_t error_size)
{
	struct geo *geo = calloc(1, sizeof *geo);

	*out = NULL;
	if (geo == NULL || (geo->context = proj_context_create()) == NULL) {
		snprintf(error, error_size, "no memory for PROJ");
		free(geo);
		return DISP_E_IO;
	}
	proj_log_level(geo->context, PJ_LOG_NONE);
	proj_context_set_enable_network(geo->context, 0);
	geo->cgcs2000 = proj_create_from_database(geo->context, "EPSG", "4490", PJ_CATEGORY_CRS, 0, NULL);
	if (geo->cgcs2000 == NULL) {
		snprintf(error, error_size, "PROJ does not know EPSG:4490: %s",
			proj_context_errno_string(geo->context, proj_context_errno(geo->context)));
		geo_close(geo);
		return DISP_E_IO;
	}
	geod_init(&geo->ellipsoid, GEO_CGCS2000.a_m, GEO_CGCS2000.f);
	geo->detail = "";
	*out = geo;
	return DISP_OK;
}

void geo_close(struct geo *geo)
{
	if (geo == NULL)
		return;
	for (uint32_t index = 0; index < geo->crs_count; index++)
		proj_destroy(geo->crs[index].to_degrees);
	proj_destroy(geo->wgs84);
	proj_destroy(geo->cgcs2000);
	proj_context_destroy(geo->context);
	free(geo);
}

const char *geo_detail(const struct geo *geo)
{
	return geo->detail;
}

static enum disp_err refuse(struct geo *geo, enum disp_err error, const char *detail)
{
	geo->detail = detail;
	return error;
}

/* --- names ------------------------------------------------------------------------------------ */

/* Upper case, and the long form that GeoJSON once used, urn:ogc:def:crs:EPSG::4490, made short. */
static bool crs_name_normalize(const char *crs, char name[GEO_CRS_NAME_SIZE])
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:._-";
	static const char urn[] = "URN:OGC:DEF:CRS:";
	size_t length = crs == NULL ? 0 : strlen(crs);

	if (length == 0 || length >= GEO_CRS_NAME_SIZE)
		return false;
	for (size_t at = 0; at <= length; at++)
		name[at] = crs[at] >= 'a' && crs[at] <= 'z' ? (char)(crs[at] - 'a' + 'A') : crs[at];
	if (strspn(name, allowed) != length)
		return false;
	if (strncmp(name, urn, sizeof urn - 1) != 0)
		return true;
	memmove(name, name + sizeof urn - 1, length - sizeof urn + 2);

	char *version = strchr(name, ':'), *code = version == NULL ? NULL : strchr(version + 1, ':');
	if (code == NULL)
		return false;
	memmove(version, code, strlen(code) + 1);
	return true;
}

static enum crs_kind crs_kind_of(const char *name)
{
	static const struct {
		const char *name;
		enum crs_kind kind;
	} known[] = {
		{"EPSG:4490", CRS_PLAIN},
		{"EPSG:4326", CRS_PLAIN},
		{"OGC:CRS84", CRS_PLAIN},
		{"CGCS2000", CRS_PLAIN},
		{"WGS84", CRS_PLAIN},
		{"WGS-84", CRS_PLAIN},
		{"GCJ-02", CRS_GCJ02},
		{"GCJ02", CRS_GCJ02},
		{"BD-09", CRS_BD09},
		{"BD09", CRS_BD09},
	};

	for (size_t index = 0; index < sizeof known / sizeof known[0]; index++)
		if (strcmp(name, known[index].name) == 0)
			return known[index].kind;
	return CRS_PROJ;
}

/* --- PROJ's systems --------------------------------------------------------------------------- */

static bool is_horizontal(PJ *system)
{
	PJ_TYPE type = proj_get_type(system);

	return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS ||
	       type == PJ_TYPE_PROJECTED_CRS;
}

/* EPSG has WGS-84 as an ensemble; from there PROJ has only a guess to CGCS2000, we take the two as one. */
static PJ *degrees_of(struct geo *geo, PJ *system)
{
	PJ *base = proj_crs_get_geodetic_crs(geo->context, system);
	bool on_wgs84 = base != NULL && strncmp(proj_get_name(base), "WGS 84", 6) == 0;

	proj_destroy(base);
	if (!on_wgs84)
		return geo->cgcs2000;
	if (geo->wgs84 == NULL)
		geo->wgs84 =
			proj_create_from_database(geo->context, "EPSG", "4326", PJ_CATEGORY_CRS, 0, NULL);
	return geo->wgs84;
}

/* Without a guess, and with x, y in the order of maps. NULL: there is no such way. */
static PJ *way_to_degrees(struct geo *geo, PJ *system)
{
	static const char *const options[] = {"ALLOW_BALLPARK=NO", NULL};
	PJ *degrees = degrees_of(geo, system);
	PJ *way = degrees == NULL
			  ? NULL
			  : proj_create_crs_to_crs_from_pj(geo->context, system, degrees, NULL, options);
	PJ *ordered = way == NULL ? NULL : proj_normalize_for_visualization(geo->context, way);

	proj_destroy(way);
	return ordered;
}

static enum disp_err crs_make(struct geo *geo, const char *name, const struct crs **out)
{
	char authority[GEO_CRS_NAME_SIZE];
	const char *colon = strchr(name, ':');
	PJ *system = NULL;

	if (geo->crs_count == GEO_CRS_MAX)
		return refuse(geo, DISP_E_FULL, "too many different coordinate systems are in use");
	if (colon != NULL && strcmp(name, geo->unknown) != 0) {
		snprintf(authority, sizeof authority, "%.*s", (int)(colon - name), name);
		system = proj_create_from_database(
			geo->context, authority, colon + 1, PJ_CATEGORY_CRS, 0, NULL);
	}
	if (system == NULL) {
		memcpy(geo->unknown, name, sizeof geo->unknown);
		return refuse(geo, DISP_E_NONE, "unknown coordinate system");
	}

	struct crs *made = &geo->crs[geo->crs_count++];
	memcpy(made->name, name, sizeof made->name);
	if (!is_horizontal(system))
		made->refused = "not a coordinate system of positions on the ground";
	else if ((made->to_degrees = way_to_degrees(geo, system)) == NULL)
		made->refused = "no exact way from this coordinate system to CGCS2000 is known";
	proj_destroy(system);
	*out = made;
	return DISP_OK;
}

/* The kind of a named system, and for CRS_PROJ the system itself, ready to use. */
static enum disp_err crs_get(struct geo *geo, const char *crs, enum crs_kind *kind, const struct crs **out)
{
	char name[GEO_CRS_NAME_SIZE] = "";
	enum disp_err error = DISP_OK;

	*out = NULL;
	if (!crs_name_normalize(crs, name))
		return refuse(
			geo, DISP_E_NONE, "not the name of a coordinate system, such as EPSG:4490 or GCJ-02");
	*kind = crs_kind_of(name);
	if (*kind != CRS_PROJ)
		return DISP_OK;
	for (uint32_t index = 0; index < geo->crs_count && *out == NULL; index++)
		if (strcmp(name, geo->crs[index].name) == 0)
			*out = &geo->crs[index];
	if (*out == NULL)
		error = crs_make(geo, name, out);
	if (error == DISP_OK && (*out)->to_degrees == NULL)
		return refuse(geo, DISP_E_NONE, (*out)->refused);
	return error;
}

enum disp_err geo_crs_check(struct geo *geo, const char *crs)
{
	enum crs_kind kind;
	const struct crs *system;

	return crs_get(geo, crs, &kind, &system);
}

/* False when PROJ says no, or what it says is no number. */
static bool transform(PJ *way, PJ_DIRECTION direction, double *x, double *y)
{
	proj_errno_reset(way);

	PJ_COORD there = proj_trans(way, direction, proj_coord(*x, *y, 0.0, HUGE_VAL));
	if (proj_errno(way) != 0 || !isfinite(there.xy.x) || !isfinite(there.xy.y))
		return false;
	*x = there.xy.x;
	*y = there.xy.y;
	return true;
}

/* Far outside, projections fold back and give the degrees of somewhere else; the way back shows it. */
static bool transform_checked(PJ *way, PJ_DIRECTION direction, double *x, double *y)
{
	const double back_max = direction == PJ_FWD ? BACK_MAX_UNITS : BACK_MAX_DEG;
	const double given_x = *x, given_y = *y;

	if (!transform(way, direction, x, y))
		return false;

	double back_x = *x, back_y = *y;
	return transform(way, direction == PJ_FWD ? PJ_INV : PJ_FWD, &back_x, &back_y) &&
	       fabs(back_x - given_x) < back_max && fabs(back_y - given_y) < back_max;
}

/* --- places ----------------------------------------------------------------------------------- */

static bool in_degrees(double lon, double lat)
{
	return fabs(lon) <= 180.0 && fabs(lat) <= 90.0;
}

enum disp_err geo_place_from_e7(int32_t lat_e7, int32_t lon_e7, struct place *out)
{
	if (lat_e7 < -900000000 || lat_e7 > 900000000 || lon_e7 < -1800000000 || lon_e7 > 1800000000)
		return DISP_E_INPUT;

	double lat_rad = lat_e7 * (PI / 180e7), lon_rad = lon_e7 * (PI / 180e7);
	double ee = GEO_CGCS2000.f * (2.0 - GEO_CGCS2000.f);
	double normal_mm = GEO_CGCS2000.a_m * 1000.0 / sqrt(1.0 - ee * sin(lat_rad) * sin(lat_rad));

	out->lat_e7 = lat_e7;
	out->lon_e7 = lon_e7;
	out->ecef_mm[0] = llround(normal_mm * cos(lat_rad) * cos(lon_rad));
	out->ecef_mm[1] = llround(normal_mm * cos(lat_rad) * sin(lon_rad));
	out->ecef_mm[2] = llround(normal_mm * (1.0 - ee) * sin(lat_rad));
	return DISP_OK;
}

enum disp_err geo_place_from(struct geo *geo, const char *crs, double x, double y, struct place *out)
{
	enum crs_kind kind;
	const struct crs *system;
	enum disp_err error = crs_get(geo, crs, &kind, &system);
	struct gcj_point point = {x, y};

	if (error != DISP_OK)
		return error;
	if (!isfinite(x) || !isfinite(y))
		return refuse(geo, DISP_E_INPUT, "a coordinate is not a finite number");
	if (kind == CRS_PROJ && !transform_checked(system->to_degrees, PJ_FWD, &point.lon, &point.lat))
		return refuse(geo, DISP_E_INPUT, "the point has no meaning in this coordinate system");
	if (!in_degrees(point.lon, point.lat))
		return refuse(geo, DISP_E_INPUT, "longitude beyond 180 or latitude beyond 90 degrees");
	if (kind == CRS_BD09)
		point = gcj_from_bd09(point);
	if (kind == CRS_BD09 || kind == CRS_GCJ02)
		point = gcj_to_wgs84(point);
	return geo_place_from_e7((int32_t)lround(point.lat * 1e7), (int32_t)lround(point.lon * 1e7), out);
}

enum disp_err geo_place_to(struct geo *geo, const struct place *place, const char *crs, double *x, double *y)
{
	enum crs_kind kind;
	const struct crs *system;
	enum disp_err error = crs_get(geo, crs, &kind, &system);
	struct gcj_point point = {place->lon_e7 / 1e7, place->lat_e7 / 1e7};

	if (error != DISP_OK)
		return error;
	if (kind == CRS_PROJ && !transform_checked(system->to_degrees, PJ_INV, &point.lon, &point.lat))
		return refuse(geo, DISP_E_INPUT, "the point has no meaning in this coordinate system");
	if (kind == CRS_BD09 || kind == CRS_GCJ02)
		point = gcj_from_wgs84(point);
	if (kind == CRS_BD09)
		point = gcj_to_bd09(point);
	*x = point.lon;
	*y = point.lat;
	return DISP_OK;
}

/* --- ranges ----------------------------------------------------------------------------------- */

int64_t geo_range_mm(const struct geo *geo, const struct place *a, const struct place *b)
{
	double range_m = 0.0;

	geod_inverse(&geo->ellipsoid, a->lat_e7 / 1e7, a->lon_e7 / 1e7, b->lat_e7 / 1e7, b->lon_e7 / 1e7,
		&range_m, NULL, NULL);
	return llround(range_m * 1000.0);
}

void geo_inverse_m(const struct geo_ellipsoid *ellipsoid, double lat1_deg, double lon1_deg, double lat2_deg,
	double lon2_deg, double *s12_m, double *azi1_deg)
{
	struct geod_geodesic geodesic;

	geod_init(&geodesic, ellipsoid->a_m, ellipsoid->f);
	geod_inverse(&geodesic, lat1_deg, lon1_deg, lat2_deg, lon2_deg, s12_m, azi1_deg, NULL);
}
