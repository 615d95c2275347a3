/* things: depots.csv, stock.csv, devices.csv and places.csv; what stands where and what lies in it. */
#include "town/words.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "geo/gcj.h"

enum { DAY_S = 86400 };

void reader_depots(struct town_reader *reader)
{
	enum { ID, NAME, LON, LAT, CRS, KEEPER, LOAD, COLUMNS };
	static const char *const column[COLUMNS] = {"id", "name", "lon", "lat", "crs", "keeper", "load_s"};
	struct town *town = reader->town;
	struct table table;
	size_t room = 0;

	if (!table_open(&table, reader, TOWN_FILE_DEPOTS, column, COLUMNS))
		return;
	while (table_next(&table)) {
		uint32_t row = town->depot_count++;

		town->depot =
			reading_memory_grow(town->memory, town->depot, row, &room, sizeof(*town->depot));

		struct town_depot *depot = &town->depot[row];
		*depot = (struct town_depot){.source = table_source(&table)};
		depot->id = table_word(&table, ID);
		depot->name = table_text(&table, NAME, true);
		(void)table_position(&table, LON, &depot->position);
		depot->keeper = table_reference(
			&table, KEEPER, &town->indexes->people, TOWN_FILE_PEOPLE, "person", false);
		depot->load_ms = table_number(&table, LOAD, 3, 0, DAY_S * 1000, 0);
		table_claim(&table, ID, &town->indexes->depots, depot->id, row);
	}
}

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static int32_t days_of(int32_t year, int32_t month, int32_t day)
{
	int32_t shifted = month > 2 ? year : year - 1, month_of = month > 2 ? month - 3 : month + 9;

	return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * month_of + 2) / 5 + day -
	       1 - 719468;
}

static int32_t month_days(int32_t year, int32_t month)
{
	static const int32_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* "2027-06-30", or empty: never. */
static int32_t stock_expires(struct table *table, uint32_t column)
{
	const char *raw = table_raw(table, column);
	int year, month, day, used = 0;

	if (raw[0] == '\0')
		return TOWN_NEVER;
	if (strlen(raw) == 10 && strspn(raw, "0123456789-") == 10 &&
		sscanf(raw, "%4d-%2d-%2d%n", &year, &month, &day, &used) == 3 && used == 10 && year >= 1970 &&
		month >= 1 && month <= 12 && day >= 1 && day <= month_days(year, month))
		return days_of(year, month, day);
	table_fault(table, column, "\"%s\" is not a date like 2027-06-30", raw);
	return TOWN_NEVER;
}

/* An item is counted in the same unit in every depot, else quantities could not be added. */
static void stock_claim(struct table *table, uint32_t item_column, uint32_t unit_column,
	struct town_names *items, uint32_t row)
{
	struct town *town = table->reader->town;
	const struct town_stock *stock = &town->stock[row];
	char key[2 * TOWN_WORD_BYTES_MAX + 16];
	uint32_t before;

	if (stock->item[0] == '\0')
		return;
	if (!town_names_add(town->memory, items, stock->item, row, &before) &&
		strcmp(town->stock[before].unit, stock->unit) != 0)
		table_fault(table, unit_column, "%s is counted in \"%s\" on line %u", stock->item,
			town->stock[before].unit, town->stock[before].source.line);
	if (stock->depot == TOWN_NONE)
		return;

	int len = snprintf(key, sizeof(key), "%u %s", stock->depot, stock->item);
	char *kept = reading_memory_copy(
		town->memory, key, (size_t)len < sizeof(key) ? (size_t)len : sizeof(key) - 1);
	if (!town_names_add(town->memory, items, kept, row, &before))
		table_fault(table, item_column, "%s has a row for this depot already, on line %u",
			stock->item, town->stock[before].source.line);
}

void reader_stock(struct town_reader *reader)
{
	enum { DEPOT, ITEM, NAME, QUANTITY, UNIT, MINIMUM, EXPIRES, COLUMNS };
	static const char *const column[COLUMNS] = {
		"depot", "item", "name", "quantity", "unit", "minimum", "expires"};
	const int64_t most = 1000000000;
	struct town *town = reader->town;
	struct town_names items = {0};
	struct words_seen codes = {0};
	struct table table;
	size_t room = 0;

	if (!table_open(&table, reader, TOWN_FILE_STOCK, column, COLUMNS))
		return;
	while (table_next(&table)) {
		uint32_t row = town->stock_count++;

		town->stock =
			reading_memory_grow(town->memory, town->stock, row, &room, sizeof(*town->stock));

		struct town_stock *stock = &town->stock[row];
		*stock = (struct town_stock){.source = table_source(&table)};
		stock->depot = table_reference(
			&table, DEPOT, &town->indexes->depots, TOWN_FILE_DEPOTS, "depot", true);
		stock->item = table_word(&table, ITEM);
		stock->name = table_text(&table, NAME, true);
		stock->quantity = table_number(&table, QUANTITY, 0, 0, most, INT64_MIN);
		stock->unit = table_text(&table, UNIT, true);
		stock->minimum = table_number(&table, MINIMUM, 0, 0, most, 0);
		stock->expires_day = stock_expires(&table, EXPIRES);
		stock_claim(&table, ITEM, UNIT, &items, row);
		words_note(&table, ITEM, &codes, stock->item, stock->name);
	}
	words_check(&table, ITEM, &codes);
}

/* Borders count as inside, so a set of this one grid is asked where the level's set names a neighbour. */
static bool grid_holds(struct town_reader *reader, uint32_t grid, const struct place *place)
{
	return town_grid_at(reader->town, place, reader->town->grid[grid].level) == grid ||
	       reader_grid_touches(reader, grid, place->lon_e7, place->lat_e7);
}

/* Tells a shift by a map service from a plain mistake. */
static const char *shift_hint(struct town_reader *reader, uint32_t grid, const struct town_position *position)
{
	struct gcj_point written = {position->x, position->y};
	struct gcj_point back = gcj_to_wgs84(written);
	struct place place;
	bool gcj = strcasecmp(position->crs, "GCJ-02") == 0 || strcasecmp(position->crs, "GCJ02") == 0;

	if (gcj && geo_place_from(reader->geo, "EPSG:4490", written.lon, written.lat, &place) == DISP_OK &&
		grid_holds(reader, grid, &place))
		return "; looks like EPSG:4490 declared as GCJ-02";
	if (!gcj && geo_place_from(reader->geo, "EPSG:4490", back.lon, back.lat, &place) == DISP_OK &&
		grid_holds(reader, grid, &place))
		return strcasecmp(position->crs, "EPSG:4490") == 0
			       ? "; looks like GCJ-02 declared as EPSG:4490"
			       : "; looks like GCJ-02 declared as another system";
	return "";
}

static void device_grid(struct table *table, uint32_t lon, uint32_t grid_column, struct town_device *device)
{
	struct town_reader *reader = table->reader;
	const struct town *town = reader->town;
	uint32_t found = town_grid_at(town, &device->position.place, TOWN_LEVEL_3);

	if (device->grid == TOWN_NONE) {
		device->grid = found;
		return;
	}
	if (grid_holds(reader, device->grid, &device->position.place))
		return;
	table_fault(table, lon, "(%s, %s) is not in grid %s but in %s%s", table_raw(table, lon),
		table_raw(table, lon + 1), table_raw(table, grid_column),
		found == TOWN_NONE ? "none" : town->grid[found].code,
		shift_hint(reader, device->grid, &device->position));
}

void reader_devices(struct town_reader *reader)
{
	enum { ID, KIND, NAME, LON, LAT, CRS, GRID, ACTIONS, EXPECT, COLUMNS };
	static const char *const column[COLUMNS] = {
		"id", "kind", "name", "lon", "lat", "crs", "grid", "actions", "expect_every_s"};
	struct town *town = reader->town;
	struct words_seen kinds = {0};
	struct table table;
	size_t room = 0;

	if (!table_open(&table, reader, TOWN_FILE_DEVICES, column, COLUMNS))
		return;
	while (table_next(&table)) {
		uint32_t row = town->device_count++;

		town->device =
			reading_memory_grow(town->memory, town->device, row, &room, sizeof(*town->device));

		struct town_device *device = &town->device[row];
		*device = (struct town_device){.source = table_source(&table)};
		device->id = table_word(&table, ID);
		device->kind = table_word(&table, KIND);
		words_note(&table, KIND, &kinds, device->kind, NULL);
		device->name = table_text(&table, NAME, false);
		device->grid =
			table_reference(&table, GRID, &town->indexes->grids, TOWN_FILE_GRIDS, "grid", false);
		if (table_position(&table, LON, &device->position))
			device_grid(&table, LON, GRID, device);
		device->actions = table_words(&table, ACTIONS);
		device->expect_every_ms = table_number(&table, EXPECT, 3, 0, (int64_t)DAY_S * 31 * 1000, 0);
		table_claim(&table, ID, &town->indexes->devices, device->id, row);
	}
	words_check(&table, KIND, &kinds);
}

void reader_places(struct town_reader *reader)
{
	enum { NAME, LON, LAT, CRS, COLUMNS };
	static const char *const column[COLUMNS] = {"name", "lon", "lat", "crs"};
	struct town *town = reader->town;
	struct table table;
	size_t room = 0;

	if (!table_open(&table, reader, TOWN_FILE_PLACES, column, COLUMNS))
		return;
	while (table_next(&table)) {
		uint32_t row = town->place_count++;

		town->place =
			reading_memory_grow(town->memory, town->place, row, &room, sizeof(*town->place));

		struct town_place *place = &town->place[row];
		*place = (struct town_place){.source = table_source(&table)};
		place->name = table_text(&table, NAME, true);
		(void)table_position(&table, LON, &place->position);
		table_claim(&table, NAME, &town->indexes->places, place->name, row);
	}
}
