/* area_check: whether a set of areas covers its town without overlap, by GEOS; it only reports. */
#include <stdlib.h>

#include "geo/area.h"
#include "geo/area_set.h"

struct check {
	const struct area_set *set;
	GEOSContextHandle_t geos;
	double tiny_m2;
	void (*report)(void *context, const struct area_fault *fault);
	void *context;
	uint32_t fault_count;
	bool no_memory;
	uint32_t *near; /* [set->count] areas whose box meets the one in hand */
	uint32_t near_count;
};

static void report(struct check *check, struct area_fault fault, const GEOSGeometry *where)
{
	GEOSGeometry *inside = where == NULL ? NULL : GEOSPointOnSurface_r(check->geos, where);

	if (inside != NULL) {
		(void)GEOSGeomGetX_r(check->geos, inside, &fault.lon);
		(void)GEOSGeomGetY_r(check->geos, inside, &fault.lat);
		GEOSGeom_destroy_r(check->geos, inside);
	}
	check->fault_count++;
	check->report(check->context, &fault);
}

static void report_unknown(struct check *check, const char *reason)
{
	report(check, (struct area_fault){AREA_UNKNOWN, AREA_NONE, AREA_NONE, 0.0, 0.0, 0.0, reason}, NULL);
}

static void check_valid(struct check *check, uint32_t index)
{
	char *reason = NULL;
	GEOSGeometry *where = NULL;
	struct area_fault fault = {AREA_INVALID, index, AREA_NONE, 0.0, 0.0, 0.0, "not valid"};

	(void)GEOSisValidDetail_r(check->geos, check->set->area[index].shape, 0, &reason, &where);
	if (reason != NULL)
		fault.reason = reason;
	report(check, fault, where);
	GEOSFree_r(check->geos, reason);
	GEOSGeom_destroy_r(check->geos, where);
}

/* Reports `common` when it is more than tiny, and destroys it. NULL: GEOS gave up. */
static void check_piece(struct check *check, struct area_fault fault, GEOSGeometry *common)
{
	fault.area_m2 = area_shape_size_m2(check->geos, common);
	if (common == NULL) {
		fault.kind = AREA_UNKNOWN;
		fault.reason = "could not be compared";
		report(check, fault, NULL);
		return;
	}
	if (fault.area_m2 > check->tiny_m2)
		report(check, fault, common);
	GEOSGeom_destroy_r(check->geos, common);
}

static void near_visit(void *item, void *context)
{
	struct check *check = context;

	check->near[check->near_count++] = (uint32_t)((uintptr_t)item - 1);
}

static int compare_index(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

/* Against each valid area of a higher index that it meets. */
static void check_overlaps(struct check *check, uint32_t index)
{
	const struct area *area = check->set->area, *one = &area[index];

	check->near_count = 0;
	GEOSSTRtree_query_r(check->geos, check->set->tree, one->shape, near_visit, check);
	qsort(check->near, check->near_count, sizeof *check->near, compare_index);
	for (uint32_t at = 0; at < check->near_count; at++) {
		uint32_t other = check->near[at];
		struct area_fault fault = {AREA_OVERLAP, index, other, 0.0, 0.0, 0.0, "overlap"};

		if (other <= index || !area[other].valid ||
			GEOSPreparedIntersects_r(check->geos, one->prepared, area[other].shape) == 0)
			continue;
		check_piece(check, fault, GEOSIntersection_r(check->geos, one->shape, area[other].shape));
	}
}

/* A polygon that is valid: its lobes are kept, what collapses to a line goes. */
static GEOSGeometry *repaired(GEOSContextHandle_t geos, const GEOSGeometry *shape)
{
	GEOSMakeValidParams *how = GEOSMakeValidParams_create_r(geos);
	GEOSGeometry *valid = NULL;

	if (how != NULL && GEOSMakeValidParams_setMethod_r(geos, how, GEOS_MAKE_VALID_STRUCTURE) == 1 &&
		GEOSMakeValidParams_setKeepCollapsed_r(geos, how, 0) == 1)
		valid = GEOSMakeValidWithParams_r(geos, shape, how);
	if (how != NULL)
		GEOSMakeValidParams_destroy_r(geos, how);
	return valid;
}

/* One shape of all areas, invalid ones repaired so that a fault is not told twice. NULL: GEOS gave up. */
static GEOSGeometry *union_of(GEOSContextHandle_t geos, const struct area_set *set)
{
	GEOSGeometry **part = calloc((size_t)set->count + 1, sizeof *part), *all = NULL, *merged = NULL;
	uint32_t made = 0;

	while (part != NULL && made < set->count) {
		const struct area *area = &set->area[made];
		part[made] = area->valid ? GEOSGeom_clone_r(geos, area->shape) : repaired(geos, area->shape);
		if (part[made] == NULL)
			break;
		made++;
	}
	if (part != NULL && made == set->count)
		all = GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION, part, made);
	for (uint32_t index = 0; made < set->count && index < made; index++)
		GEOSGeom_destroy_r(geos, part[index]);
	free(part);
	if (all != NULL) {
		merged = GEOSUnaryUnion_r(geos, all);
		GEOSGeom_destroy_r(geos, all);
	}
	return merged;
}

struct piece {
	const GEOSGeometry *shape;
	double area_m2;
};

static int compare_piece(const void *a, const void *b)
{
	double left = ((const struct piece *)a)->area_m2, right = ((const struct piece *)b)->area_m2;

	return (left < right) - (left > right);
}

/* Each piece of `rest`, largest first. */
static void check_pieces(struct check *check, const GEOSGeometry *rest)
{
	int parts = GEOSGetNumGeometries_r(check->geos, rest);
	struct piece *piece = calloc((size_t)parts + 1, sizeof *piece);

	check->no_memory = piece == NULL;
	if (piece == NULL)
		return;
	for (int part = 0; part < parts; part++) {
		piece[part].shape = GEOSGetGeometryN_r(check->geos, rest, part);
		piece[part].area_m2 = area_shape_size_m2(check->geos, piece[part].shape);
	}
	qsort(piece, (size_t)parts, sizeof *piece, compare_piece);
	for (int part = 0; part < parts && piece[part].area_m2 > check->tiny_m2; part++) {
		struct area_fault fault = {AREA_GAP, AREA_NONE, AREA_NONE, 0.0, 0.0, 0.0, "no area here"};

		fault.area_m2 = piece[part].area_m2;
		report(check, fault, piece[part].shape);
	}
	free(piece);
}

static void check_gaps(struct check *check, const GEOSGeometry *whole)
{
	GEOSGeometry *cover = union_of(check->geos, check->set);
	GEOSGeometry *rest = cover == NULL ? NULL : GEOSDifference_r(check->geos, whole, cover);

	if (rest == NULL)
		report_unknown(check, "cover unknown");
	else
		check_pieces(check, rest);
	GEOSGeom_destroy_r(check->geos, rest);
	GEOSGeom_destroy_r(check->geos, cover);
}

static void check_outside(
	struct check *check, uint32_t index, const GEOSGeometry *whole, const GEOSPreparedGeometry *prepared)
{
	const struct area *area = &check->set->area[index];
	struct area_fault fault = {AREA_OUTSIDE, index, AREA_NONE, 0.0, 0.0, 0.0, "outside the outline"};

	if (area->valid && GEOSPreparedCovers_r(check->geos, prepared, area->shape) != 1)
		check_piece(check, fault, GEOSDifference_r(check->geos, area->shape, whole));
}

static void check_outline(struct check *check, const struct area_set *outline)
{
	GEOSGeometry *whole = union_of(check->geos, outline);
	const GEOSPreparedGeometry *prepared = whole == NULL ? NULL : GEOSPrepare_r(check->geos, whole);

	if (prepared == NULL) {
		report_unknown(check, "outline unknown");
	} else {
		for (uint32_t index = 0; index < check->set->count; index++)
			check_outside(check, index, whole, prepared);
		check_gaps(check, whole);
	}
	GEOSPreparedGeom_destroy_r(check->geos, prepared);
	GEOSGeom_destroy_r(check->geos, whole);
}

enum disp_err area_set_check(struct area_set *set, const struct area_set *outline, double tiny_m2,
	void (*report_fault)(void *context, const struct area_fault *fault), void *context)
{
	struct check check = {.set = set,
		.geos = set->geos,
		.tiny_m2 = tiny_m2,
		.report = report_fault,
		.context = context};

	check.near = calloc((size_t)set->count + 1, sizeof *check.near);
	if (check.near == NULL)
		return DISP_E_IO;
	set->sealed = true;
	for (uint32_t index = 0; index < set->count; index++)
		if (!set->area[index].valid)
			check_valid(&check, index);
	for (uint32_t index = 0; index < set->count; index++)
		if (set->area[index].valid)
			check_overlaps(&check, index);
	if (outline != NULL)
		check_outline(&check, outline);
	free(check.near);
	if (check.no_memory)
		return DISP_E_IO;
	return check.fault_count == 0 ? DISP_OK : DISP_E_INPUT;
}
