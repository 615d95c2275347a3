/* area_set: what area.c and area_check.c share; not for anybody else. */
#ifndef GEO_AREA_SET_H
#define GEO_AREA_SET_H

#include <geos_c.h>
#include <stdbool.h>
#include <stdint.h>

struct area {
	GEOSGeometry *shape;
	const GEOSPreparedGeometry *prepared;
	bool valid;
};

struct area_set {
	GEOSContextHandle_t geos;
	GEOSSTRtree *tree; /* items are the index plus 1, as a pointer: 0 would be NULL */
	struct area *area;
	uint32_t count, room;
	bool sealed; /* a tree that was asked takes nothing more */
	char detail[160];
};

/* Square metres on the ellipsoid; 0 for lines, points, nothing and NULL. */
double area_shape_size_m2(GEOSContextHandle_t geos, const GEOSGeometry *shape);

#endif
