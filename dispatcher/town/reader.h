/* reader: what the files of this part share while one pack is read; not for others. */
#ifndef TOWN_READER_H
#define TOWN_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "geo/area.h"
#include "geo/geo.h"
#include "town/csv.h"
#include "reading/memory.h"
#include "town/names.h"
#include "town/town.h"

enum { TOWN_FILE_BYTES_MAX = 64 * 1024 * 1024, TOWN_COLUMNS_MAX = 16, TOWN_WORD_BYTES_MAX = 64 };

/* What grids.geojson says about a grid until people and all grids are known. */
struct grid_wish {
	char *parent, *head; /* NULL: not given */
	uint32_t line, column;
};

struct town_reader {
	const char *dir;
	struct geo *geo;
	struct town *town;
	struct reading_faults *faults;
	struct area_set *outline;     /* one area; NULL until town.yaml was understood */
	struct grid_wish *wish;       /* [town->grid_count] */
	struct town_names orgs;       /* org -> the person who leads it */
	bool unread[TOWN_FILE_COUNT]; /* a table that could not be read at all: say nothing about references
					 to it */
	bool io_failed;
};

/* The whole file, terminated, in memory of the reader's town. false: a fault was added, or it is absent and
 * may be. */
bool reader_slurp(struct town_reader *reader, enum town_file file, char **bytes, size_t *len);

/* town.yaml; grids.geojson; the CSV tables. Each lists its faults and keeps what it understood. */
void reader_town(struct town_reader *reader);
void reader_grids(struct town_reader *reader);
void reader_people(struct town_reader *reader);
void reader_units(struct town_reader *reader);
void reader_depots(struct town_reader *reader);
void reader_stock(struct town_reader *reader);
void reader_devices(struct town_reader *reader);
void reader_responsibilities(struct town_reader *reader);
void reader_places(struct town_reader *reader);

/* After people: heads and parents by name become indexes. */
void reader_grids_resolve(struct town_reader *reader);

/* Tiling, overlaps, children inside their parents. Needs resolved grids. */
void reader_ground(struct town_reader *reader);

/* Whether the grid holds the point or has it on its border. */
bool reader_grid_touches(struct town_reader *reader, uint32_t grid, int32_t lon_e7, int32_t lat_e7);

/* Rounds degrees; false when they are no degrees. */
bool reader_point(double lon, double lat, struct town_point *out);

/* An identifier, word or code: 1 to 64 bytes without blanks, commas, quotes, separators or control
 * characters. */
bool reader_is_word(const char *text);

#endif
