/* town-mesh: an invented town's ground for town-generate.c: a jittered lattice of cells, grouped three times.
 * No names. */
#ifndef OPS_TOWN_MESH_H
#define OPS_TOWN_MESH_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/error.h"

/*
 * The lattice has COLUMNS x ROWS cells. A cell is a quadrilateral whose four sides are bent once; neighbours
 * share corners and bends as the same integers, and every coarser area is a union of cells that keeps all
 * corners. So the areas meet without gap, overlap or a corner in the middle of a neighbour's side.
 */
enum { COLUMNS = 24, ROWS = 22, CELLS = COLUMNS * ROWS };
enum { LON0_E7 = 1133820000, LAT0_E7 = 347320000, STEP_LON_E7 = 48000, STEP_LAT_E7 = 44000 };
enum { MICRO_COUNT = 343, GRID_COUNT = 181, VILLAGE_COUNT = 25, RING_MAX = 4 * CELLS };
enum { NOT_IN_TOWN = -1 };

struct spot {
	int32_t lon_e7, lat_e7;
};

struct mesh {
	uint64_t random; /* state of splitmix64 */
	struct spot corner[COLUMNS + 1][ROWS + 1];
	struct spot flat[COLUMNS][ROWS + 1];  /* bend of the side from corner (i, j) to (i + 1, j) */
	struct spot steep[COLUMNS + 1][ROWS]; /* bend of the side from corner (i, j) to (i, j + 1) */
	int32_t town[CELLS];                  /* 0, or NOT_IN_TOWN */
	int32_t grid[CELLS];                  /* 0 .. GRID_COUNT - 1, or NOT_IN_TOWN */
	int32_t village[CELLS];               /* 0 .. VILLAGE_COUNT - 1, or NOT_IN_TOWN */
};

/* The river runs along sides of cells, west to east: under the cells (i, river[i]). */
static const int32_t river[COLUMNS] = {
	9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 11, 11, 11, 10, 10, 10, 9, 9, 9, 10, 10, 10, 11, 11};

static uint64_t mesh_random(struct mesh *mesh)
{
	uint64_t z = mesh->random += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* 0 .. below - 1 */
static int32_t mesh_pick(struct mesh *mesh, int32_t below)
{
	return (int32_t)(mesh_random(mesh) % (uint64_t)below);
}

/* -most .. most */
static int32_t mesh_sway(struct mesh *mesh, int32_t most)
{
	return mesh_pick(mesh, 2 * most + 1) - most;
}

static bool is_north(int32_t cell)
{
	return cell / COLUMNS >= river[cell % COLUMNS];
}

/* The cell on this side (0 east, 1 north, 2 west, 3 south; 4.. the diagonals NE NW SW SE), or -1. */
static int32_t neighbour(int32_t cell, int direction)
{
	static const int32_t across[8] = {1, 0, -1, 0, 1, -1, -1, 1}, up[8] = {0, 1, 0, -1, 1, 1, -1, -1};
	int32_t i = cell % COLUMNS + across[direction], j = cell / COLUMNS + up[direction];

	return i < 0 || j < 0 || i >= COLUMNS || j >= ROWS ? -1 : j * COLUMNS + i;
}

static struct spot between(struct mesh *mesh, struct spot a, struct spot b)
{
	int32_t lon = mesh_sway(mesh, STEP_LON_E7 / 12), lat = mesh_sway(mesh, STEP_LAT_E7 / 12);

	return (struct spot){
		a.lon_e7 + (b.lon_e7 - a.lon_e7) / 2 + lon, a.lat_e7 + (b.lat_e7 - a.lat_e7) / 2 + lat};
}

static void mesh_lattice(struct mesh *mesh)
{
	for (int32_t i = 0; i <= COLUMNS; i++)
		for (int32_t j = 0; j <= ROWS; j++) {
			/* the bank of the river at the town's centre stays straight */
			bool straight = j == 11 && (i == 10 || i == 11);
			int32_t lon = mesh_sway(mesh, STEP_LON_E7 / 5),
				lat = mesh_sway(mesh, STEP_LAT_E7 / 5);

			mesh->corner[i][j] = (struct spot){LON0_E7 + i * STEP_LON_E7 + (straight ? 0 : lon),
				LAT0_E7 + j * STEP_LAT_E7 + (straight ? 0 : lat)};
		}
	for (int32_t i = 0; i < COLUMNS; i++)
		for (int32_t j = 0; j <= ROWS; j++)
			mesh->flat[i][j] = between(mesh, mesh->corner[i][j], mesh->corner[i + 1][j]);
	for (int32_t i = 0; i <= COLUMNS; i++)
		for (int32_t j = 0; j < ROWS; j++)
			mesh->steep[i][j] = between(mesh, mesh->corner[i][j], mesh->corner[i][j + 1]);
	mesh->flat[10][11] =
		(struct spot){LON0_E7 + 10 * STEP_LON_E7 + STEP_LON_E7 / 2, LAT0_E7 + 11 * STEP_LAT_E7};
}

/* The eight corners and bends of a cell, counter-clockwise from the lower left. */
static void cell_ring(const struct mesh *mesh, int32_t cell, struct spot ring[8])
{
	int32_t i = cell % COLUMNS, j = cell / COLUMNS;

	ring[0] = mesh->corner[i][j];
	ring[1] = mesh->flat[i][j];
	ring[2] = mesh->corner[i + 1][j];
	ring[3] = mesh->steep[i + 1][j];
	ring[4] = mesh->corner[i + 1][j + 1];
	ring[5] = mesh->flat[i][j + 1];
	ring[6] = mesh->corner[i][j + 1];
	ring[7] = mesh->steep[i][j];
}

static struct spot cell_middle(const struct mesh *mesh, int32_t cell)
{
	struct spot ring[8];
	int64_t lon = 0, lat = 0;

	cell_ring(mesh, cell, ring);
	for (int at = 0; at < 8; at++) {
		lon += ring[at].lon_e7;
		lat += ring[at].lat_e7;
	}
	return (struct spot){(int32_t)(lon / 8), (int32_t)(lat / 8)};
}

/* A spot on the way from one to the other, in thousandths of it. */
static struct spot on_the_way(struct spot from, struct spot to, int64_t thousandths)
{
	return (struct spot){from.lon_e7 + (int32_t)((to.lon_e7 - from.lon_e7) * thousandths / 1000),
		from.lat_e7 + (int32_t)((to.lat_e7 - from.lat_e7) * thousandths / 1000)};
}

/* Anywhere in a cell, a little off its border. */
static struct spot cell_spot(struct mesh *mesh, int32_t cell)
{
	struct spot ring[8];
	int32_t at = mesh_pick(mesh, 8);

	cell_ring(mesh, cell, ring);
	struct spot border = on_the_way(ring[at], ring[(at + 1) % 8], mesh_pick(mesh, 1001));
	return on_the_way(cell_middle(mesh, cell), border, mesh_pick(mesh, 900));
}

/* Whether the town stays without holes and without corners where it touches itself when this cell joins. */
static bool may_join(const struct mesh *mesh, int32_t cell)
{
	static const int around[8] = {0, 4, 1, 5, 2, 6, 3, 7};
	int changes = 0;
	bool in[8];

	for (int at = 0; at < 8; at++) {
		int32_t other = neighbour(cell, around[at]);
		in[at] = other >= 0 && mesh->town[other] == 0;
	}
	for (int at = 0; at < 8; at++) {
		changes += in[at] && !in[(at + 7) % 8];
		if (at % 2 == 1 && in[at] && !in[at - 1] && !in[(at + 1) % 8])
			return false;
	}
	return changes == 1 && (in[0] || in[2] || in[4] || in[6]);
}

/* Grows the town from its middle, always by the cell nearest to it but for some chance: a ragged oval. */
static void mesh_town(struct mesh *mesh)
{
	int32_t far[CELLS], first = 10 * COLUMNS + 11;

	for (int32_t cell = 0; cell < CELLS; cell++) {
		int32_t dx = 2 * (cell % COLUMNS) - 23, dy = 2 * (cell / COLUMNS) - 21;

		far[cell] = 10 * dx * dx + 12 * dy * dy + mesh_pick(mesh, 1800);
		mesh->town[cell] = NOT_IN_TOWN;
	}
	mesh->town[first] = 0;
	for (int32_t count = 1; count < MICRO_COUNT; count++) {
		int32_t best = -1;

		for (int32_t cell = 0; cell < CELLS; cell++)
			if (mesh->town[cell] != 0 && may_join(mesh, cell) &&
				(best < 0 || far[cell] < far[best]))
				best = cell;
		ASSERT(best >= 0);
		mesh->town[best] = 0;
	}
}

/* Joins neighbouring cells until GRID_COUNT grids of one to three cells are left; none crosses the river. */
static void mesh_grids(struct mesh *mesh)
{
	int32_t size[CELLS], left = MICRO_COUNT, number[CELLS], used = 0;

	for (int32_t cell = 0; cell < CELLS; cell++) {
		mesh->grid[cell] = mesh->town[cell] == 0 ? cell : NOT_IN_TOWN;
		size[cell] = 1;
		number[cell] = -1;
	}
	for (int32_t most = 2; left > GRID_COUNT; most = 3)
		for (int32_t tries = 0; tries < 4 * CELLS && left > GRID_COUNT; tries++) {
			int32_t a = mesh_pick(mesh, CELLS), b = neighbour(a, mesh_pick(mesh, 4));

			if (mesh->town[a] != 0 || b < 0 || mesh->town[b] != 0 || is_north(a) != is_north(b))
				continue;
			int32_t from = mesh->grid[b], to = mesh->grid[a];
			if (from == to || size[from] + size[to] > most)
				continue;
			for (int32_t cell = 0; cell < CELLS; cell++)
				if (mesh->grid[cell] == from)
					mesh->grid[cell] = to;
			size[to] += size[from];
			left--;
		}
	for (int32_t cell = 0; cell < CELLS; cell++) {
		if (mesh->town[cell] != 0)
			continue;
		if (number[mesh->grid[cell]] < 0)
			number[mesh->grid[cell]] = used++;
		mesh->grid[cell] = number[mesh->grid[cell]];
	}
	ASSERT(used == GRID_COUNT);
}

static int64_t apart(int32_t a, int32_t b)
{
	int64_t dx = a % COLUMNS - b % COLUMNS, dy = a / COLUMNS - b / COLUMNS;

	return dx * dx + dy * dy;
}

/* Cells far from each other, for the villages to grow from. */
static void village_seeds(struct mesh *mesh, int32_t seed[VILLAGE_COUNT])
{
	do
		seed[0] = mesh_pick(mesh, CELLS);
	while (mesh->town[seed[0]] != 0);
	for (int32_t count = 1; count < VILLAGE_COUNT; count++) {
		int64_t farthest = -1;

		for (int32_t cell = 0; cell < CELLS; cell++) {
			int64_t nearest = INT64_MAX;

			if (mesh->town[cell] != 0)
				continue;
			for (int32_t other = 0; other < count; other++)
				if (apart(cell, seed[other]) < nearest)
					nearest = apart(cell, seed[other]);
			if (nearest > farthest) {
				farthest = nearest;
				seed[count] = cell;
			}
		}
	}
}

/* Gives the grid of a cell to a village; returns how many cells that was. */
static int32_t village_take(struct mesh *mesh, int32_t village, int32_t cell)
{
	int32_t taken = 0;

	for (int32_t other = 0; other < CELLS; other++)
		if (mesh->town[other] == 0 && mesh->grid[other] == mesh->grid[cell]) {
			mesh->village[other] = village;
			taken++;
		}
	return taken;
}

/* The free cell beside a village, on its side of the river, that is nearest to its seed; or -1. */
static int32_t village_next(const struct mesh *mesh, int32_t village, int32_t seed)
{
	int32_t best = -1;

	for (int32_t cell = 0; cell < CELLS; cell++) {
		bool beside = false;

		if (mesh->town[cell] != 0 || mesh->village[cell] >= 0 || is_north(cell) != is_north(seed))
			continue;
		for (int side = 0; side < 4; side++) {
			int32_t other = neighbour(cell, side);
			beside = beside || (other >= 0 && mesh->village[other] == village);
		}
		if (beside && (best < 0 || apart(cell, seed) < apart(best, seed)))
			best = cell;
	}
	return best;
}

/* The border of all cells with group[cell] == wanted, counter-clockwise from its first cell; 0: not one ring.
 */
static int32_t mesh_ring(
	const struct mesh *mesh, const int32_t group[CELLS], int32_t wanted, struct spot ring[RING_MAX])
{
	enum { CORNERS = (COLUMNS + 1) * (ROWS + 1) };
	static const int32_t di[4] = {1, 1, 0, 0},
			     dj[4] = {0, 1, 1, 0}; /* a side's first corner: E, N, W, S */
	int32_t next[CORNERS], sides = 0, first = -1, count = 0;
	struct spot bend[CORNERS];

	for (int32_t at = 0; at < CORNERS; at++)
		next[at] = -1;
	for (int32_t cell = 0; cell < CELLS; cell++)
		for (int side = 0; group[cell] == wanted && side < 4; side++) {
			int32_t other = neighbour(cell, side), i = cell % COLUMNS, j = cell / COLUMNS;
			int32_t from = (j + dj[side]) * (COLUMNS + 1) + i + di[side], turn = (side + 1) % 4;

			if (other >= 0 && group[other] == wanted)
				continue;
			if (next[from] >= 0)
				return 0; /* touches itself */
			next[from] = (j + dj[turn]) * (COLUMNS + 1) + i + di[turn];
			bend[from] = side == 0   ? mesh->steep[i + 1][j]
				     : side == 1 ? mesh->flat[i][j + 1]
				     : side == 2 ? mesh->steep[i][j]
						 : mesh->flat[i][j];
			first = first < 0 ? from : first;
			sides++;
		}
	for (int32_t at = first; at >= 0 && (count == 0 || at != first) && count < 2 * sides; at = next[at]) {
		ring[count++] = mesh->corner[at % (COLUMNS + 1)][at / (COLUMNS + 1)];
		ring[count++] = bend[at];
	}
	return count == 2 * sides ? count : 0;
}

/* The smallest village grows first. false: some village came out with a hole, or a grid was left
 * over. */
static bool mesh_villages_try(struct mesh *mesh)
{
	int32_t seed[VILLAGE_COUNT], size[VILLAGE_COUNT] = {0}, taken = 0;
	struct spot ring[RING_MAX];

	for (int32_t cell = 0; cell < CELLS; cell++)
		mesh->village[cell] = NOT_IN_TOWN;
	village_seeds(mesh, seed);
	for (int32_t village = 0; village < VILLAGE_COUNT; village++) {
		if (mesh->village[seed[village]] >= 0)
			return false;
		taken += size[village] = village_take(mesh, village, seed[village]);
	}
	while (taken < MICRO_COUNT) {
		int32_t smallest = -1, cell = -1;

		for (int32_t village = 0; village < VILLAGE_COUNT; village++) {
			int32_t next = village_next(mesh, village, seed[village]);

			if (next < 0 || (smallest >= 0 && size[village] >= size[smallest]))
				continue;
			smallest = village;
			cell = next;
		}
		if (smallest < 0)
			return false;
		int32_t more = village_take(mesh, smallest, cell);
		size[smallest] += more;
		taken += more;
	}
	for (int32_t village = 0; village < VILLAGE_COUNT; village++)
		if (mesh_ring(mesh, mesh->village, village, ring) == 0)
			return false;
	return true;
}

static void mesh_make(struct mesh *mesh, uint64_t seed)
{
	memset(mesh, 0, sizeof(*mesh));
	mesh->random = seed;
	mesh_lattice(mesh);
	mesh_town(mesh);
	mesh_grids(mesh);
	while (!mesh_villages_try(mesh))
		;
}

#endif
