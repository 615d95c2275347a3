/* town: the loaded pack; names to rows, places to grids, and its end. Reading it is load.c's. */
#include "town/town.h"

#include <stdlib.h>
#include <string.h>

#include "geo/area.h"
#include "reading/memory.h"
#include "town/names.h"

void town_free(struct town *town)
{
	if (town == NULL)
		return;
	for (int level = 0; level < TOWN_LEVEL_COUNT; level++)
		area_set_free(town->areas[level]);
	reading_memory_free(town->memory);
	free(town);
}

uint32_t town_grid_find(const struct town *town, const char *code)
{
	return town_names_find(&town->indexes->grids, code);
}

uint32_t town_person_find(const struct town *town, const char *id)
{
	return town_names_find(&town->indexes->people, id);
}

uint32_t town_unit_find(const struct town *town, const char *id)
{
	return town_names_find(&town->indexes->units, id);
}

uint32_t town_depot_find(const struct town *town, const char *id)
{
	return town_names_find(&town->indexes->depots, id);
}

uint32_t town_device_find(const struct town *town, const char *id)
{
	return town_names_find(&town->indexes->devices, id);
}

uint32_t town_place_find(const struct town *town, const char *name)
{
	return town_names_find(&town->indexes->places, name);
}

uint32_t town_grid_at(const struct town *town, const struct place *place, enum town_level level)
{
	uint32_t area = area_set_find(town->areas[level], place->lon_e7, place->lat_e7);

	return area == AREA_NONE ? TOWN_NONE : town->area_grid[level][area];
}

const char *town_file_name(enum town_file file)
{
	static const char *const names[TOWN_FILE_COUNT] = {
		[TOWN_FILE_TOWN] = "town.yaml",
		[TOWN_FILE_GRIDS] = "grids.geojson",
		[TOWN_FILE_PEOPLE] = "people.csv",
		[TOWN_FILE_UNITS] = "units.csv",
		[TOWN_FILE_DEPOTS] = "depots.csv",
		[TOWN_FILE_DEVICES] = "devices.csv",
		[TOWN_FILE_STOCK] = "stock.csv",
		[TOWN_FILE_RESPONSIBILITIES] = "responsibilities.csv",
		[TOWN_FILE_PLACES] = "places.csv",
	};

	ASSERT(file < TOWN_FILE_COUNT);
	return names[file];
}

const char *town_level_name(enum town_level level)
{
	static const char *const names[TOWN_LEVEL_COUNT] = {[TOWN_LEVEL_1] = "1",
		[TOWN_LEVEL_2] = "2",
		[TOWN_LEVEL_3] = "3",
		[TOWN_LEVEL_MICRO] = "micro"};

	ASSERT(level < TOWN_LEVEL_COUNT);
	return names[level];
}

bool town_words_has(const struct town_words *words, const char *word)
{
	for (uint32_t index = 0; index < words->count; index++)
		if (strcmp(words->item[index], word) == 0)
			return true;
	return false;
}
