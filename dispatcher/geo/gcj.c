/* gcj: the shifted coordinates of Chinese map services, GCJ-02 and BD-09; no other coordinate system. */
#include "geo/gcj.h"

#include <math.h>

#define PI 3.14159265358979323846

/* The ellipsoid of Krasovsky 1940, on which the shift is defined: radius, eccentricity squared. */
#define KRASOVSKY_A_M 6378245.0
#define KRASOVSKY_EE  0.00669342162296594323

/* The iteration gains two digits a step and stops at 1e-10 degree; it ends after these in any case. */
enum { STEPS_MAX = 30 };
#define CLOSE_DEG 1e-10

bool gcj_in_box(struct gcj_point point)
{
	return point.lon >= 72.004 && point.lon <= 137.8347 && point.lat >= 0.8293 && point.lat <= 55.8271;
}

/* The three waves that longitude and latitude have in common. */
static double waves_m(double x)
{
	return (20.0 * sin(6.0 * x * PI) + 20.0 * sin(2.0 * x * PI)) * 2.0 / 3.0;
}

static double shift_north_m(double x, double y)
{
	double sum = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x));

	sum += waves_m(x);
	sum += (20.0 * sin(y * PI) + 40.0 * sin(y / 3.0 * PI)) * 2.0 / 3.0;
	sum += (160.0 * sin(y / 12.0 * PI) + 320.0 * sin(y * PI / 30.0)) * 2.0 / 3.0;
	return sum;
}

static double shift_east_m(double x, double y)
{
	double sum = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x));

	sum += waves_m(x);
	sum += (20.0 * sin(x * PI) + 40.0 * sin(x / 3.0 * PI)) * 2.0 / 3.0;
	sum += (150.0 * sin(x / 12.0 * PI) + 300.0 * sin(x / 30.0 * PI)) * 2.0 / 3.0;
	return sum;
}

/* WGS-84 to GCJ-02, in and out of the box. */
static struct gcj_point shift_gcj(struct gcj_point p)
{
	double north_m = shift_north_m(p.lon - 105.0, p.lat - 35.0);
	double east_m = shift_east_m(p.lon - 105.0, p.lat - 35.0);
	double lat_rad = p.lat / 180.0 * PI;
	double magic = 1.0 - KRASOVSKY_EE * sin(lat_rad) * sin(lat_rad);
	double meridian_m = KRASOVSKY_A_M * (1.0 - KRASOVSKY_EE) / (magic * sqrt(magic));
	double parallel_m = KRASOVSKY_A_M / sqrt(magic) * cos(lat_rad);

	return (struct gcj_point){
		p.lon + east_m * 180.0 / (parallel_m * PI), p.lat + north_m * 180.0 / (meridian_m * PI)};
}

/* GCJ-02 to BD-09, in and out of the box. */
static struct gcj_point shift_bd09(struct gcj_point p)
{
	double wave = PI * 3000.0 / 180.0;
	double radius = sqrt(p.lon * p.lon + p.lat * p.lat) + 0.00002 * sin(p.lat * wave);
	double angle = atan2(p.lat, p.lon) + 0.000003 * cos(p.lon * wave);

	return (struct gcj_point){radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006};
}

/* The point that `shift` takes to `target`. Each step leaves less than a tenth of what was missing. */
static struct gcj_point undo(struct gcj_point (*shift)(struct gcj_point), struct gcj_point target)
{
	struct gcj_point guess = target;

	for (int step = 0; step < STEPS_MAX; step++) {
		struct gcj_point there = shift(guess);
		double off_lon = there.lon - target.lon, off_lat = there.lat - target.lat;

		guess.lon -= off_lon;
		guess.lat -= off_lat;
		if (fabs(off_lon) < CLOSE_DEG && fabs(off_lat) < CLOSE_DEG)
			break;
	}
	return guess;
}

struct gcj_point gcj_from_wgs84(struct gcj_point wgs84)
{
	return gcj_in_box(wgs84) ? shift_gcj(wgs84) : wgs84;
}

struct gcj_point gcj_to_wgs84(struct gcj_point gcj02)
{
	return gcj_in_box(gcj02) ? undo(shift_gcj, gcj02) : gcj02;
}

struct gcj_point gcj_to_bd09(struct gcj_point gcj02)
{
	return gcj_in_box(gcj02) ? shift_bd09(gcj02) : gcj02;
}

struct gcj_point gcj_from_bd09(struct gcj_point bd09)
{
	return gcj_in_box(bd09) ? undo(shift_bd09, bd09) : bd09;
}
