/* town-generate: writes the pack of the demonstration town, the same bytes for the same seed; all of it
 * invented. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "town-devices.h"
#include "town-maker.h"

enum { SEED = 5, MEMBER_COUNT = 516, KEEPER_COUNT = 4 };

/* --- codes, town and grids ------------------------------------------------------------------------ */

static void make_codes(struct maker *maker)
{
	int32_t grids_in[VILLAGE_COUNT] = {0}, micros_in[GRID_COUNT] = {0}, micros = 0;
	const struct mesh *mesh = &maker->mesh;

	for (int32_t village = 0; village < VILLAGE_COUNT; village++)
		snprintf(
			maker->village_code[village], sizeof(maker->village_code[0]), "YL-%02d", village + 1);
	for (int32_t cell = 0; cell < CELLS; cell++) {
		int32_t grid = mesh->grid[cell], village = mesh->village[cell];

		if (mesh->town[cell] != 0)
			continue;
		if (micros_in[grid]++ == 0) {
			int32_t number = ++grids_in[village];

			maker->grid_cell[grid] = cell;
			maker->grid_village[grid] = village;
			maker->grid_number[grid] = number;
			snprintf(maker->grid_code[grid], sizeof(maker->grid_code[0]), "YL-%02d-%02d",
				village + 1, number);
			snprintf(maker->grid_name[grid], sizeof(maker->grid_name[0]), "%s第%d网格",
				village_names[village], number);
		}
		maker->micro_number[cell] = ++micros;
		snprintf(maker->micro_code[cell], sizeof(maker->micro_code[0]), "YL-%02d-%02d-%d",
			village + 1, maker->grid_number[grid], micros_in[grid]);
	}
}

static void write_ring(struct maker *maker, const int32_t group[CELLS], int32_t wanted)
{
	struct spot ring[RING_MAX];
	int32_t count = mesh_ring(&maker->mesh, group, wanted, ring);

	ASSERT(count > 0);
	for (int32_t at = 0; at <= count; at++) {
		fputs(at == 0 ? "[" : ",[", maker->to);
		write_degrees(maker->to, ring[at % count].lon_e7);
		fputc(',', maker->to);
		write_degrees(maker->to, ring[at % count].lat_e7);
		fputc(']', maker->to);
	}
}

static void write_course(struct maker *maker, const struct spot *spot)
{
	fputs(maker->course++ == 0 ? "[" : ",[", maker->to);
	write_degrees(maker->to, spot->lon_e7);
	fputc(',', maker->to);
	write_degrees(maker->to, spot->lat_e7);
	fputc(']', maker->to);
}

/* The river as far as a cell of the town lies on one of its banks. */
static void write_river_line(struct maker *maker)
{
	const struct mesh *mesh = &maker->mesh;

	for (int32_t i = 0; i < COLUMNS; i++) {
		int32_t j = river[i], before = i > 0 ? river[i - 1] : j;

		if (mesh->town[j * COLUMNS + i] != 0 && mesh->town[(j - 1) * COLUMNS + i] != 0)
			continue;
		if (before != j && maker->course > 0)
			write_course(maker, &mesh->steep[i][before < j ? before : j]);
		if (before != j || maker->course == 0)
			write_course(maker, &mesh->corner[i][j]);
		write_course(maker, &mesh->flat[i][j]);
		write_course(maker, &mesh->corner[i + 1][j]);
	}
}

static void write_town(struct maker *maker)
{
	file_open(maker, "town.yaml");
	fputs("# The demonstration town: invented from end to end by ops/tools/town-generate.c; do not edit "
	      "by hand.\n"
	      "code: yulong\nname: 豫龙镇\nname_en: Yulong\ntime_zone: Asia/Shanghai\ndemonstration: true\n"
	      "calendar:  # 2026, by the State Council's notice of 2025-11-04 "
	      "(国务院办公厅关于2026年部分节假日安排的通知)\n"
	      "  weekdays: [mon, tue, wed, thu, fri]\n"
	      "  hours: [\"08:30-12:00\", \"14:00-17:30\"]\n"
	      "  rest: [2026-01-01, 2026-01-02, 2026-02-16, 2026-02-17, 2026-02-18, 2026-02-19, 2026-02-20, "
	      "2026-02-23, 2026-04-06,\n"
	      "    2026-05-01, 2026-05-04, 2026-05-05, 2026-06-19, 2026-09-25, 2026-10-01, 2026-10-02, "
	      "2026-10-05, 2026-10-06, 2026-10-07]\n"
	      "  work: [2026-01-04, 2026-02-14, 2026-02-28, 2026-05-09, 2026-09-20, 2026-10-10]\n"
	      "# [longitude, latitude] in CGCS2000 (EPSG:4490)\noutline: [",
		maker->to);
	write_ring(maker, maker->mesh.town, 0);
	fputs("]\nwaters:\n  - name: 云溪河\n    line: [", maker->to);
	write_river_line(maker);
	fputs("]\n", maker->to);
	file_close(maker);
}

struct feature {
	const char *code, *name, *level, *parent, *head;
	const char *dedicated; /* NULL: not dedicated */
	const int32_t *group;  /* [CELLS]; the cells with `wanted` */
	int32_t wanted;
};

static void write_feature(struct maker *maker, const struct feature *feature)
{
	fprintf(maker->to,
		",\n{\"type\":\"Feature\",\"properties\":{\"code\":\"%s\",\"name\":\"%s\",\"level\":%s",
		feature->code, feature->name, feature->level);
	fprintf(maker->to, ",\"parent\":\"%s\",\"head\":\"%s\"", feature->parent, feature->head);
	if (feature->dedicated != NULL)
		fprintf(maker->to, ",\"dedicated\":\"%s\"", feature->dedicated);
	fputs("},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[", maker->to);
	write_ring(maker, feature->group, feature->wanted);
	fputs("]]}}", maker->to);
}

static const char *dedicated_name(int32_t grid)
{
	for (int at = 0; at < 3; at++)
		if (dedicated_grids[at] == grid)
			return dedicated_names[at];
	return NULL;
}

static void write_grids(struct maker *maker)
{
	const struct mesh *mesh = &maker->mesh;
	int32_t itself[CELLS];
	char head[32], name[120];

	file_open(maker, "grids.geojson");
	fputs("{\"type\":\"FeatureCollection\",\"features\":[\n{\"type\":\"Feature\",\"properties\":{"
	      "\"code\":\"YL\","
	      "\"name\":\"豫龙镇\",\"level\":1,\"parent\":null,\"head\":\"cm-1\"},\"geometry\":{\"type\":"
	      "\"Polygon\","
	      "\"coordinates\":[[",
		maker->to);
	write_ring(maker, mesh->town, 0);
	fputs("]]}}", maker->to);
	for (int32_t village = 0; village < VILLAGE_COUNT; village++) {
		snprintf(head, sizeof(head), "vh-%02d", village + 1);
		write_feature(maker, &(struct feature){.code = maker->village_code[village],
					     .name = village_names[village],
					     .level = "2",
					     .parent = "YL",
					     .head = head,
					     .group = mesh->village,
					     .wanted = village});
	}
	for (int32_t grid = 0; grid < GRID_COUNT; grid++) {
		snprintf(head, sizeof(head), "gm-%03d", grid + 1);
		snprintf(name, sizeof(name), "%s%s", maker->grid_name[grid],
			dedicated_name(grid) ? "(专属)" : "");
		write_feature(maker, &(struct feature){.code = maker->grid_code[grid],
					     .name = name,
					     .level = "3",
					     .parent = maker->village_code[maker->grid_village[grid]],
					     .head = head,
					     .dedicated = dedicated_name(grid),
					     .group = mesh->grid,
					     .wanted = grid});
	}
	for (int32_t cell = 0; cell < CELLS; cell++)
		itself[cell] = cell;
	for (int32_t cell = 0; cell < CELLS; cell++) {
		if (mesh->town[cell] != 0)
			continue;
		snprintf(head, sizeof(head), "micro-%03d", maker->micro_number[cell]);
		snprintf(name, sizeof(name), "%s微网格%s", maker->grid_name[mesh->grid[cell]],
			strrchr(maker->micro_code[cell], '-') + 1);
		write_feature(maker, &(struct feature){.code = maker->micro_code[cell],
					     .name = name,
					     .level = "\"micro\"",
					     .parent = maker->grid_code[mesh->grid[cell]],
					     .head = head,
					     .group = itself,
					     .wanted = cell});
	}
	fputs("\n]}\n", maker->to);
	file_close(maker);
}

/* --- people and units ----------------------------------------------------------------------------- */

/* Mobile numbers 199-0000-... and office numbers 0371-5550-... belong to nobody. */
static void write_person(struct maker *maker, const char *id, const char *roles, bool at_desk,
	const char *org, const char *grid)
{
	const char *surname = WORD_OF(maker, surnames), *first = WORD_OF(maker, given_first),
		   *last = WORD_OF(maker, given_last);

	fprintf(maker->to, "%s,%s%s%s,%s,%s-%04d,%s,%s\n", id, surname, first, last, roles,
		at_desk ? "0371-5550" : "199-0000", ++maker->phones, org, grid);
}

static void write_persons(
	struct maker *maker, const char *prefix, int32_t count, const char *roles, const char *org)
{
	char id[32];

	for (int32_t number = 1; number <= count; number++) {
		snprintf(id, sizeof(id), "%s-%d", prefix, number);
		write_person(maker, id, roles, true, org, "");
	}
}

/* The grid of a member: heads first, one a grid, then the others in turn. */
static int32_t member_grid(int32_t member)
{
	return member % GRID_COUNT;
}

static void write_grid_people(struct maker *maker)
{
	const struct mesh *mesh = &maker->mesh;
	char id[32];

	for (int32_t village = 0; village < VILLAGE_COUNT; village++) {
		snprintf(id, sizeof(id), "vh-%02d", village + 1);
		write_person(maker, id, "village_head", false, village_names[village],
			maker->village_code[village]);
	}
	for (int32_t member = 0; member < MEMBER_COUNT; member++) {
		int32_t grid = member_grid(member);

		snprintf(id, sizeof(id), "gm-%03d", member + 1);
		write_person(maker, id, member < GRID_COUNT ? "grid_member grid_head" : "grid_member", false,
			village_names[maker->grid_village[grid]], maker->grid_code[grid]);
	}
	for (int32_t cell = 0; cell < CELLS; cell++) {
		if (mesh->town[cell] != 0)
			continue;
		snprintf(id, sizeof(id), "micro-%03d", maker->micro_number[cell]);
		write_person(maker, id, "micro_head", false, village_names[mesh->village[cell]],
			maker->micro_code[cell]);
	}
}

static void write_people(struct maker *maker)
{
	char id[32];

	file_open(maker, "people.csv");
	fputs("id,name,roles,phone,org,grid\n", maker->to);
	write_person(maker, "cm-1", "committee town_head leader", true, "应急调度委员会", "YL");
	for (int32_t number = 2; number <= 5; number++) {
		snprintf(id, sizeof(id), "cm-%d", number);
		write_person(maker, id, number == 2 ? "committee leader" : "committee", true,
			"应急调度委员会", "");
	}
	for (int org = 0; org < ORG_COUNT; org++) {
		snprintf(id, sizeof(id), "lead-%02d", org + 1);
		write_person(maker, id, org == ORG_OFFICE ? "department_lead office" : "department_lead",
			true, org_names[org], "");
	}
	write_persons(maker, "office", 2, "office", org_names[ORG_OFFICE]);
	write_persons(maker, "duty", 6, "duty_officer", org_names[ORG_OFFICE]);
	write_persons(maker, "auditor", 1, "auditor", "镇纪检监察室");
	write_persons(maker, "keeper", KEEPER_COUNT, "keeper", org_names[ORG_OFFICE]);
	for (int crew = 0; crew < CREW_COUNT; crew++)
		for (int member = 1; member <= crews[crew].members; member++) {
			snprintf(id, sizeof(id), "%s-%d", crews[crew].id, member);
			write_person(maker, id, member == 1 ? "crew crew_leader" : "crew", false,
				org_names[crews[crew].org], "");
		}
	write_grid_people(maker);
	file_close(maker);
}

static void write_units(struct maker *maker)
{
	static const char *const shifts[] = {
		"08:00-20:00", "08:00-20:00", "07:00-19:00", "20:00-08:00", "00:00-24:00"};

	file_open(maker, "units.csv");
	fputs("id,name,kind,skills,team,lon,lat,crs,speed_kmh,turnout_s,shift,members,terminal\n", maker->to);
	for (int crew = 0; crew < CREW_COUNT; crew++) {
		const struct crew_line *line = &crews[crew];
		int32_t cell = town_cell(maker, post_cell[line->post]);

		fprintf(maker->to, "%s,%s,%s,%s,%s,", line->id, line->name, line->kind, line->skills,
			org_names[line->org]);
		write_position(maker, cell_spot(&maker->mesh, cell), crew % 8 == 5 ? CRS_4547 : CRS_4490);
		fprintf(maker->to, ",%d,%d,%s,", line->speed_kmh, line->turnout_s, line->shift);
		for (int member = 1; member <= line->members; member++)
			fprintf(maker->to, "%s%s-%d", member == 1 ? "" : " ", line->id, member);
		fprintf(maker->to, ",%s\n", line->terminal ? "yes" : "no");
	}
	for (int32_t member = 0; member < MEMBER_COUNT; member++) {
		int32_t grid = member_grid(member), cell = maker->grid_cell[grid];
		int32_t turnout_s = 60 + 30 * mesh_pick(&maker->mesh, 4), shift = mesh_pick(&maker->mesh, 5);

		fprintf(maker->to, "GW-%03d,%s网格员%d,grid_worker,grid_worker,%s,", member + 1,
			maker->grid_name[grid], member / GRID_COUNT + 1,
			village_names[maker->grid_village[grid]]);
		write_position(maker, cell_spot(&maker->mesh, cell), member % 40 == 21 ? CRS_GCJ : CRS_4490);
		fprintf(maker->to, ",15,%d,%s,gm-%03d,%s\n", turnout_s, shifts[shift], member + 1,
			member % 20 < 3 ? "yes" : "no");
	}
	file_close(maker);
}

/* --- depots, duties and places -------------------------------------------------------------------- */

static void write_depots(struct maker *maker)
{
	file_open(maker, "depots.csv");
	fputs("id,name,lon,lat,crs,keeper,load_s\ndepot-north,北片应急物资仓库,", maker->to);
	write_position(maker, cell_middle(&maker->mesh, town_cell(maker, 12 + COLUMNS * 15)), CRS_4490);
	fputs(",keeper-1,300\ndepot-south,南片应急物资仓库,", maker->to);
	write_position(maker, cell_middle(&maker->mesh, town_cell(maker, 11 + COLUMNS * 7)), CRS_4547);
	fputs(",keeper-3,420\n", maker->to);
	file_close(maker);

	file_open(maker, "stock.csv");
	fputs("depot,item,name,quantity,unit,minimum,expires\n", maker->to);
	for (int index = 0; index < STOCK_COUNT; index++) {
		const struct stock_line *line = &stocks[index];

		if (line->north >= 0)
			fprintf(maker->to, "depot-north,%s,%s,%d,%s,%d,%s\n", line->item, line->name,
				line->north, line->unit, line->minimum, line->expires);
		if (line->south >= 0)
			fprintf(maker->to, "depot-south,%s,%s,%d,%s,%d,%s\n", line->item, line->name,
				line->south, line->unit, line->minimum, line->expires);
	}
	file_close(maker);
}

static void write_duties(struct maker *maker)
{
	file_open(maker, "responsibilities.csv");
	fputs("incident_type,lead,assist,receive_s,dispose_s,basis\n", maker->to);
	for (int index = 0; index < DUTY_COUNT; index++) {
		const struct duty_line *line = &duties[index];

		fprintf(maker->to, "%s,%s,", line->type, org_names[line->lead]);
		for (int at = 0; at < 3 && line->assist[at] >= 0; at++)
			fprintf(maker->to, "%s%s", at == 0 ? "" : " ", org_names[line->assist[at]]);
		fprintf(maker->to, ",3600,%d,%s\n", line->dispose_h * 3600, line->basis);
	}
	file_close(maker);
}

static void write_place(struct maker *maker, const char *name, const char *tail, int32_t cell)
{
	struct spot spot = cell_spot(&maker->mesh, cell);

	fprintf(maker->to, "%s%s,", name, tail);
	write_position(maker, spot, spot.lon_e7 % 8 == 0 ? CRS_GCJ : CRS_4490);
	fputc('\n', maker->to);
}

static void write_places(struct maker *maker)
{
	static const char *const tails[3] = {"文化广场", "小学", "便民服务站"};

	file_open(maker, "places.csv");
	fputs("name,lon,lat,crs\n", maker->to);
	for (int index = 0; index < PLACE_COUNT; index++)
		write_place(maker, places[index].name, "", town_cell(maker, places[index].cell));
	for (int index = 0; index < 3; index++)
		write_place(maker, dedicated_names[index], "", maker->grid_cell[dedicated_grids[index]]);
	for (int32_t village = 0; village < VILLAGE_COUNT; village++)
		for (int tail = 0; tail < 3; tail++) {
			int32_t cell = any_cell(maker);

			while (maker->mesh.village[cell] != village)
				cell = any_cell(maker);
			write_place(maker, village_names[village], tails[tail], cell);
		}
	file_close(maker);
}

int main(int count, char **argument)
{
	static struct maker maker;
	char error[200];

	if (count != 2 && count != 3) {
		fputs("usage: town-generate DIR [SEED]\n", stderr);
		return 2;
	}
	maker.dir = argument[1];
	if (geo_open(&maker.geo, error, sizeof(error)) != DISP_OK)
		give_up(error, "geo");
	if (mkdir(maker.dir, 0777) != 0 && errno != EEXIST)
		give_up(strerror(errno), maker.dir);
	mesh_make(&maker.mesh, count == 3 ? strtoull(argument[2], NULL, 10) : SEED);
	make_codes(&maker);
	write_town(&maker);
	write_grids(&maker);
	write_people(&maker);
	write_units(&maker);
	write_devices(&maker);
	write_depots(&maker);
	write_duties(&maker);
	write_places(&maker);
	geo_close(maker.geo);
	return 0;
}
