/* town-maker: what the writers of town-generate.c share: the open file, codes, positions, chance. */
#ifndef OPS_TOWN_MAKER_H
#define OPS_TOWN_MAKER_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "town-mesh.h"
#include "town-words.h"

enum crs { CRS_4490, CRS_4547, CRS_GCJ };

struct maker {
	struct mesh mesh;
	struct geo *geo;
	const char *dir;
	FILE *to;
	char village_code[VILLAGE_COUNT][16], grid_code[GRID_COUNT][32], micro_code[CELLS][48];
	char grid_name[GRID_COUNT][80];
	int32_t grid_village[GRID_COUNT], grid_number[GRID_COUNT]; /* number: within its village, from 1 */
	int32_t grid_cell[GRID_COUNT];                             /* the grid's first cell */
	int32_t micro_number[CELLS];                               /* from 1 */
	int32_t phones, course;                                    /* how many were written so far */
};

static _Noreturn void give_up(const char *what, const char *which)
{
	fprintf(stderr, "town-generate: %s: %s\n", which, what);
	exit(1);
}

static void file_open(struct maker *maker, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", maker->dir, name);
	maker->to = fopen(path, "wb");
	if (maker->to == NULL)
		give_up(strerror(errno), path);
}

static void file_close(struct maker *maker)
{
	if (ferror(maker->to) || fclose(maker->to) != 0)
		give_up("could not be written", maker->dir);
}

static void write_degrees(FILE *to, int32_t e7)
{
	fprintf(to, "%d.%07d", e7 / 10000000, e7 % 10000000);
}

/* "lon,lat,crs" */
static void write_position(struct maker *maker, struct spot spot, enum crs crs)
{
	static const char *const names[] = {"EPSG:4490", "EPSG:4547", "GCJ-02"};
	struct place place;
	double x, y;

	if (crs == CRS_4490) {
		write_degrees(maker->to, spot.lon_e7);
		fputc(',', maker->to);
		write_degrees(maker->to, spot.lat_e7);
	} else {
		if (geo_place_from_e7(spot.lat_e7, spot.lon_e7, &place) != DISP_OK ||
			geo_place_to(maker->geo, &place, names[crs], &x, &y) != DISP_OK)
			give_up(geo_detail(maker->geo), names[crs]);
		fprintf(maker->to, crs == CRS_4547 ? "%.3f,%.3f" : "%.7f,%.7f", x, y);
	}
	fprintf(maker->to, ",%s", names[crs]);
}

/* The cell, or the nearest one that belongs to the town. */
static int32_t town_cell(const struct maker *maker, int32_t wanted)
{
	int32_t best = -1;

	for (int32_t cell = 0; cell < CELLS; cell++)
		if (maker->mesh.town[cell] == 0 && (best < 0 || apart(cell, wanted) < apart(best, wanted)))
			best = cell;
	return best;
}

static int32_t any_cell(struct maker *maker)
{
	int32_t cell;

	do
		cell = mesh_pick(&maker->mesh, CELLS);
	while (maker->mesh.town[cell] != 0);
	return cell;
}

static const char *word_of(struct maker *maker, const char *const words[], size_t count)
{
	return words[mesh_pick(&maker->mesh, (int32_t)count)];
}
#define WORD_OF(maker, words) word_of(maker, words, sizeof(words) / sizeof(*(words)))

#endif
