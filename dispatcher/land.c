/* land: places, grids, travel and names for the adapters, from geo/, town/ and the core. */
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

static struct text stock_name(struct daemon *daemon, uint32_t number)
{
	static char out[256];
	const struct stock *stock = query_at(daemon->core, TABLE_STOCK, number);

	if (stock == NULL)
		return (struct text){0};
	struct text depot = query_id(daemon->core, TABLE_DEPOT, stock->depot);
	struct text item = query_text(daemon->core, stock->item);
	int length =
		snprintf(out, sizeof out, "%.*s/%.*s", (int)depot.len, depot.ptr, (int)item.len, item.ptr);

	return (struct text){out, length < 0 || (size_t)length >= sizeof out ? 0 : (uint32_t)length};
}

static struct text name_of(void *context, enum row_name kind, uint32_t number)
{
	struct daemon *daemon = context;

	switch (kind) {
	case ROW_NAME_GRID:
		return query_id(daemon->core, TABLE_GRID, number);
	case ROW_NAME_PERSON:
		return query_id(daemon->core, TABLE_PERSON, number);
	case ROW_NAME_UNIT:
		return query_id(daemon->core, TABLE_UNIT, number);
	case ROW_NAME_DEPOT:
		return query_id(daemon->core, TABLE_DEPOT, number);
	case ROW_NAME_STOCK:
		return stock_name(daemon, number);
	case ROW_NAME_DEVICE:
		return query_id(daemon->core, TABLE_DEVICE, number);
	case ROW_NAME_PLAYBOOK:
		return query_id(daemon->core, TABLE_PLAYBOOK, number);
	case ROW_NAME_SKILL:
		return query_skill(daemon->core, number);
	default:
		return query_text(daemon->core, number);
	}
}

struct row_names land_names(struct daemon *daemon)
{
	return (struct row_names){daemon, name_of};
}
