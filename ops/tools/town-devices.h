/* town-devices: devices.csv of town-generate.c: cameras, river bank, shops, sites and the rest. */
#ifndef OPS_TOWN_DEVICES_H
#define OPS_TOWN_DEVICES_H

#include "town-maker.h"

/* The fixed point of the wire examples: a bank of the river in the town's middle. */
static const struct spot example_spot = {1134312000, 347801000};
enum { EXAMPLE_CELL = 10 + COLUMNS * 10, EXAMPLE_CAMERA = 417 };

enum { CAMERA_COUNT = 1051, RIVER_CAMERA_COUNT = 14 };

/* Where a device stands: the spot, how it is written, and the cell that it lies in. */
struct stand {
	struct spot spot;
	enum crs crs;
	int32_t cell;
};

static void write_device(struct maker *maker, const char *id, const char *kind, const char *name,
	struct stand stand, const char *actions, int32_t expect_every_s)
{
	fprintf(maker->to, "%s,%s,%s,", id, kind, name);
	write_position(maker, stand.spot, stand.crs);
	fprintf(maker->to, ",%s,%s,", maker->grid_code[maker->mesh.grid[stand.cell]], actions);
	if (expect_every_s > 0)
		fprintf(maker->to, "%d", expect_every_s);
	fputc('\n', maker->to);
}

static void write_cameras(struct maker *maker)
{
	int32_t order[MICRO_COUNT], count = 0;
	char id[32], name[120];

	for (int32_t cell = 0; cell < CELLS; cell++)
		if (maker->mesh.town[cell] == 0)
			order[count++] = cell;
	for (int32_t number = 1; number <= CAMERA_COUNT; number++) {
		bool example = number == EXAMPLE_CAMERA;
		int32_t cell = example ? EXAMPLE_CELL : order[(number * 3) % MICRO_COUNT];
		struct spot spot = cell_spot(&maker->mesh, cell);
		enum crs crs = number % 10 == 3 ? CRS_4547 : number % 10 == 8 ? CRS_GCJ : CRS_4490;

		snprintf(id, sizeof(id), "cam-%04d", number);
		snprintf(name, sizeof(name), "%s道路%d号摄像机", village_names[maker->mesh.village[cell]],
			number);
		write_device(maker, id, "camera", name,
			(struct stand){example ? example_spot : spot, crs, cell}, "", 0);
	}
}

/* Along the river, by turns on the north and the south bank: each camera with a loudspeaker some 20 m off. */
static void write_river(struct maker *maker)
{
	const struct mesh *mesh = &maker->mesh;
	int32_t number = 1, gauges = 0, pumps = 0;
	char id[32], name[120];

	for (int32_t step = 0; step < COLUMNS; step++) {
		int32_t i = (step + 10) % COLUMNS, j = step % 2 == 0 ? river[i] - 1 : river[i],
			cell = j * COLUMNS + i;
		struct spot bank = mesh->flat[i][river[i]], middle = cell_middle(mesh, cell);
		struct spot camera = on_the_way(bank, middle, 100), speaker = on_the_way(bank, middle, 180);

		if (mesh->town[cell] != 0)
			continue;
		if (i == 10) {
			camera = (struct spot){example_spot.lon_e7 + 1000, example_spot.lat_e7 - 1000};
			speaker = (struct spot){example_spot.lon_e7 + 2500, example_spot.lat_e7 - 2000};
		}
		if (number <= RIVER_CAMERA_COUNT) {
			snprintf(id, sizeof(id), "rcam-%02d", number);
			snprintf(name, sizeof(name), "云溪河%d号电子围栏摄像机", number);
			write_device(maker, id, "river_camera", name,
				(struct stand){camera, number == 4 ? CRS_GCJ : CRS_4490, cell}, "", 0);
			snprintf(id, sizeof(id), "spk-%02d", number);
			snprintf(name, sizeof(name), "云溪河%d号喊话器", number++);
			write_device(maker, id, "loudspeaker", name, (struct stand){speaker, CRS_4490, cell},
				"say", 0);
		}
		if (step % 2 == 0) {
			snprintf(id, sizeof(id), "gauge-%02d", ++gauges);
			snprintf(name, sizeof(name), "云溪河%d号水位计", gauges);
			write_device(maker, id, "level_gauge", name,
				(struct stand){on_the_way(bank, middle, 40),
					gauges == 3 ? CRS_4547 : CRS_4490, cell},
				"", 900);
		}
		for (; i == 15 && pumps < 4;) {
			snprintf(id, sizeof(id), "pump-%02d", ++pumps);
			snprintf(name, sizeof(name), "龙湾泵站%d号泵", pumps);
			write_device(maker, id, "pump", name,
				(struct stand){on_the_way(bank, middle, 250 + 10 * pumps), CRS_4490, cell},
				"start stop", 900);
		}
	}
}

static void write_scattered(struct maker *maker, const char *prefix, const char *kind, const char *label,
	int32_t count, int32_t expect_every_s)
{
	char id[32], name[160];

	for (int32_t number = 1; number <= count; number++) {
		int32_t cell = any_cell(maker);

		snprintf(id, sizeof(id), "%s-%03d", prefix, number);
		snprintf(name, sizeof(name), "%s%d号%s", village_names[maker->mesh.village[cell]], number,
			label);
		write_device(maker, id, kind, name,
			(struct stand){
				cell_spot(&maker->mesh, cell), number % 9 == 4 ? CRS_4547 : CRS_4490, cell},
			"", expect_every_s);
	}
}

/* A gas and a smoke sensor in each shop. */
static void write_shops(struct maker *maker)
{
	static const char *const shops[] = {
		"面馆", "饭庄", "火锅店", "烧烤店", "早餐铺", "蛋糕房", "小超市", "茶楼"};
	char id[32], name[160];

	for (int32_t number = 1; number <= 72; number++) {
		int32_t cell = any_cell(maker);
		struct spot spot = cell_spot(&maker->mesh, cell);
		const char *shop = WORD_OF(maker, shops), *village = village_names[maker->mesh.village[cell]];

		snprintf(id, sizeof(id), "gas-%03d", number);
		snprintf(name, sizeof(name), "%s%d号%s燃气报警器", village, number, shop);
		write_device(maker, id, "gas_sensor", name, (struct stand){spot, CRS_4490, cell}, "", 86400);
		snprintf(id, sizeof(id), "smoke-%03d", number);
		snprintf(name, sizeof(name), "%s%d号%s烟感", village, number, shop);
		write_device(
			maker, id, "smoke_sensor", name, (struct stand){spot, CRS_4490, cell}, "", 86400);
	}
}

static void write_sites(struct maker *maker)
{
	static const char *const kinds[3] = {"dust_sensor", "helmet_camera", "intrusion_sensor"};
	static const char *const tails[3] = {"dust", "helmet", "fence"};
	static const char *const labels[3] = {"扬尘监测仪", "安全帽识别摄像机", "周界入侵探测器"};
	char id[32], name[160];

	for (int32_t site = 1; site <= 5; site++) {
		int32_t cell = any_cell(maker);
		struct spot middle = cell_middle(&maker->mesh, cell);

		for (int part = 0; part < 3; part++) {
			struct spot spot = {middle.lon_e7 + 3000 * part, middle.lat_e7 + 2000 * part};

			snprintf(id, sizeof(id), "site-%02d-%s", site, tails[part]);
			snprintf(name, sizeof(name), "%d号工地%s", site, labels[part]);
			write_device(maker, id, kinds[part], name, (struct stand){spot, CRS_4490, cell}, "",
				part == 0 ? 3600 : 0);
		}
	}
}

static void write_devices(struct maker *maker)
{
	int32_t office = town_cell(maker, places[0].cell), dock = town_cell(maker, post_cell[POST_CITY]);
	struct spot middle = cell_middle(&maker->mesh, office);

	file_open(maker, "devices.csv");
	fputs("id,kind,name,lon,lat,crs,grid,actions,expect_every_s\n", maker->to);
	write_cameras(maker);
	write_river(maker);
	write_scattered(maker, "mh", "manhole_sensor", "井盖传感器", 48, 86400);
	write_shops(maker);
	write_sites(maker);
	write_scattered(maker, "med", "medical_button", "一键求助按钮", 30, 0);
	write_scattered(maker, "crop", "crop_sensor", "虫情监测灯", 12, 86400);
	write_device(maker, "drone-01", "drone", "无人机机库",
		(struct stand){cell_middle(&maker->mesh, dock), CRS_4490, dock}, "fly", 0);
	write_device(maker, "weather-01", "weather", "气象预警信息源",
		(struct stand){middle, CRS_4490, office}, "", 0);
	write_device(maker, "hotline-12345", "hotline", "12345热线", (struct stand){middle, CRS_4490, office},
		"", 0);
	write_device(
		maker, "gateway", "hotline", "报警接入网关", (struct stand){middle, CRS_4490, office}, "", 0);
	file_close(maker);
}

#endif
