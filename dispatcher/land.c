/* land: places, grids and travel for the adapters, from geo/ and town/. */
#include <stdio.h>
#include <string.h>

#include "core/query.h"
#include "daemon.h"

enum { CRS_BYTES = 128 };

static enum disp_err place_from(
	void *context, struct text crs, double x, double y, struct place *out, const char **detail)
{
	struct daemon *daemon = context;
	char name[CRS_BYTES];

	if (crs.len == 0)
		crs = TEXT("EPSG:4490");
	if (crs.len >= sizeof name) {
		*detail = "the name of the coordinate system is too long";
		return DISP_E_NONE;
	}
	snprintf(name, sizeof name, "%.*s", (int)crs.len, crs.ptr);
	enum disp_err err = geo_place_from(daemon->geo, name, x, y, out);

	*detail = err == DISP_OK ? "" : geo_detail(daemon->geo);
	return err;
}

static enum disp_err place_to(void *context, const struct place *place, struct text crs, double *x, double *y)
{
	struct daemon *daemon = context;
	char name[CRS_BYTES];

	if (crs.len >= sizeof name)
		return DISP_E_NONE;
	snprintf(name, sizeof name, "%.*s", (int)crs.len, crs.ptr);
	return geo_place_to(daemon->geo, place, name, x, y);
}

static bool grid_at(void *context, const struct place *place, struct text *code)
{
	const struct daemon *daemon = context;
	uint32_t grid = town_grid_at(daemon->town, place, TOWN_LEVEL_3);

	if (grid == TOWN_NONE)
		return false;
	const char *found = daemon->town->grid[grid].code;

	*code = (struct text){found, (uint32_t)strlen(found)};
	return true;
}

void land_fill(struct daemon *daemon)
{
	daemon->ground = (struct ground){daemon, place_from, place_to, grid_at};
}

/* The shortest way over the ellipsoid at the unit's speed. */
static void leg(const void *context, const struct place *from, const struct place *to, int32_t speed_mm_s,
	int64_t *range_mm, int64_t *time_ms)
{
	*range_mm = geo_range_mm(context, from, to);
	*time_ms = speed_mm_s <= 0 ? -1 : *range_mm * 1000 / speed_mm_s;
}

struct travel land_travel(struct daemon *daemon)
{
	return (struct travel){daemon->geo, leg};
}
