/* gcj: the shifted coordinates of Chinese map services, GCJ-02 and BD-09; no other coordinate system. */
#ifndef GEO_GCJ_H
#define GEO_GCJ_H

#include <stdbool.h>

/* Longitude and latitude in degrees, always in this order. */
struct gcj_point {
	double lon, lat;
};

/*
 * The shift of GCJ-02 (AMap, Tencent and most Chinese maps) and the second one of BD-09 (Baidu) on top of it.
 *
 * Shapes  one point in, one point out; pure functions.
 * Units   degrees. "wgs84" is also CGCS2000: the two differ by less than the error of the shift.
 * Order   gcj_to_wgs84 and gcj_from_bd09 undo their partner by iteration, to 1e-9 degree (0.1 mm).
 * Border  a point that lies, as given, outside the services' box (72.004..137.8347 E, 0.8293..55.8271 N)
 *         is returned as it is, in all four: abroad the services give WGS-84. Right at the border the shift
 *         jumps, so a point within 1 km of the box does not come back exactly. The box is rough: neighbours
 *         of China inside it are shifted too, as the published formula does.
 * Errors  none. What is not finite goes in and comes out not finite; geo.h refuses it before.
 * Source  the formula published by several open libraries; it is within 1e-5 degree of 200 points as the
 *         services answered them (tests/real/test_real_geo.c prints the worst).
 */
struct gcj_point gcj_from_wgs84(struct gcj_point wgs84);
struct gcj_point gcj_to_wgs84(struct gcj_point gcj02);
struct gcj_point gcj_to_bd09(struct gcj_point gcj02);
struct gcj_point gcj_from_bd09(struct gcj_point bd09);

bool gcj_in_box(struct gcj_point point); /* whether the services shift this point */

#endif
