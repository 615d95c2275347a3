/* town-words: the invented names and the lists of town-generate.c; nothing is taken from a real town. */
#ifndef OPS_TOWN_WORDS_H
#define OPS_TOWN_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "town-mesh.h"

static const char *const village_names[VILLAGE_COUNT] = {"柳溪村", "青石村", "望河村", "云杉村", "枫桥村",
	"栖霞村", "东篱村", "松鹤村", "竹影村", "梅岭村", "桃源社区", "锦绣社区", "和畅社区", "明德社区",
	"康宁社区", "翠屏村", "石泉村", "古槐村", "双塔村", "长亭村", "荷塘村", "金穗村", "白鹭村",
	"安澜社区", "启明社区"};

static const char *const surnames[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙",
	"胡", "朱", "高", "林", "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董",
	"萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕"};
static const char *const given_first[] = {"建", "国", "文", "志", "明", "晓", "海", "春", "秀", "玉", "永",
	"俊", "丽", "新", "红", "金", "广", "亚", "雪", "庆", "瑞", "思", "宏", "卫", "少", "立", "清", "书",
	"爱", "景"};
static const char *const given_last[] = {"", "", "", "军", "华", "伟", "芳", "娟", "强", "霞", "平", "涛",
	"玲", "杰", "辉", "敏", "峰", "燕", "林", "波", "英", "斌", "梅", "超", "洁", "民", "莉", "成", "勇",
	"萍", "磊", "静"};

static const char *const dedicated_names[3] = {"豫龙镇第一中学", "豫龙工业园", "豫龙仓储物流园"};
static const int32_t dedicated_grids[3] = {12, 77, 150};

/* Departments, in people.csv as org; the first person of each leads it. */
enum {
	ORG_OFFICE,
	ORG_WATER,
	ORG_FIRE,
	ORG_HEALTH,
	ORG_ROAD,
	ORG_GAS,
	ORG_UTILITY,
	ORG_FARM,
	ORG_CITY,
	ORG_POLICE,
	ORG_BUILD,
	ORG_WELFARE,
	ORG_VOLUNTEER,
	ORG_COUNT
};
static const char *const org_names[ORG_COUNT] = {"应急管理办公室", "水利站", "消防救援站", "中心卫生院",
	"交通管理站", "燃气服务站", "市政设施站", "农业服务中心", "综合执法队", "派出所", "村镇建设办公室",
	"民政所", "志愿服务队"};

/* What may happen, who leads, who assists. 1 hour and 24 hours are the town's own rule. */
struct duty_line {
	const char *type;
	int lead, assist[3];
	int32_t dispose_h;
	const char *basis;
};
static const struct duty_line duties[] = {
	{"drowning_risk", ORG_WATER, {ORG_OFFICE, ORG_POLICE, -1}, 24, "镇防溺水工作方案"},
	{"drowning", ORG_WATER, {ORG_HEALTH, ORG_FIRE, ORG_POLICE}, 24, "镇防溺水工作方案"},
	{"person_in_water", ORG_WATER, {ORG_HEALTH, ORG_FIRE, ORG_POLICE}, 24, "镇防溺水工作方案"},
	{"flood", ORG_WATER, {ORG_OFFICE, ORG_FIRE, ORG_UTILITY}, 24, "镇防汛应急预案"},
	{"waterlogging", ORG_UTILITY, {ORG_WATER, ORG_ROAD, -1}, 24, "镇防汛应急预案"},
	{"pump_failure", ORG_WATER, {ORG_UTILITY, -1, -1}, 24, "镇防汛应急预案"},
	{"manhole", ORG_UTILITY, {ORG_CITY, ORG_ROAD, -1}, 24, "窨井盖安全管理办法"},
	{"fire", ORG_FIRE, {ORG_HEALTH, ORG_POLICE, ORG_OFFICE}, 24, "镇火灾应急预案"},
	{"smoke", ORG_FIRE, {ORG_OFFICE, -1, -1}, 24, "镇火灾应急预案"},
	{"gas_leak", ORG_GAS, {ORG_FIRE, ORG_POLICE, ORG_HEALTH}, 24, "燃气事故应急预案"},
	{"straw_burning", ORG_FARM, {ORG_CITY, ORG_FIRE, -1}, 24, "秸秆禁烧工作方案"},
	{"site_dust", ORG_BUILD, {ORG_CITY, -1, -1}, 24, "扬尘治理工作方案"},
	{"site_safety", ORG_BUILD, {ORG_CITY, -1, -1}, 24, "建设工地安全管理办法"},
	{"site_intrusion", ORG_POLICE, {ORG_BUILD, -1, -1}, 24, "建设工地安全管理办法"},
	{"road_collapse", ORG_ROAD, {ORG_UTILITY, ORG_POLICE, ORG_GAS}, 24, "道路塌陷处置方案"},
	{"road_obstruction", ORG_ROAD, {ORG_UTILITY, ORG_POLICE, -1}, 24, "道路清障工作方案"},
	{"crop_pest", ORG_FARM, {ORG_OFFICE, -1, -1}, 72, "农作物病虫害防治方案"},
	{"medical", ORG_HEALTH, {ORG_WELFARE, -1, -1}, 24, "紧急医疗救助方案"},
	{"rainstorm", ORG_OFFICE, {ORG_WATER, ORG_FIRE, ORG_UTILITY}, 24, "镇防汛应急预案"},
};
enum { DUTY_COUNT = sizeof(duties) / sizeof(*duties) };

/* Where crews wait. The cell is column + COLUMNS * row of the lattice. */
enum {
	POST_FIRE,
	POST_WATER,
	POST_HEALTH,
	POST_PUMP,
	POST_POLICE,
	POST_YARD,
	POST_FARM,
	POST_CITY,
	POST_COUNT
};
static const int32_t post_cell[POST_COUNT] = {11 + 24 * 13, 9 + 24 * 11, 12 + 24 * 9, 15 + 24 * 9,
	10 + 24 * 13, 13 + 24 * 12, 7 + 24 * 7, 12 + 24 * 12};

struct crew_line {
	const char *id, *name, *kind, *skills;
	int org, post, members;
	int32_t speed_kmh, turnout_s;
	const char *shift;
	bool terminal;
};
static const struct crew_line crews[] = {
	{"WR-1", "水上救援一组", "boat_crew", "water_rescue rescue", ORG_WATER, POST_WATER, 4, 45, 60,
		"00:00-24:00", true},
	{"WR-2", "水上救援二组", "boat_crew", "water_rescue rescue", ORG_WATER, POST_PUMP, 4, 45, 90,
		"00:00-24:00", true},
	{"WR-3", "水上救援三组", "boat_crew", "water_rescue rescue medic", ORG_WATER, POST_CITY, 4, 45, 90,
		"00:00-24:00", true},
	{"FE-1", "消防一车", "fire_engine", "fire rescue", ORG_FIRE, POST_FIRE, 5, 50, 60, "00:00-24:00",
		true},
	{"FE-2", "消防二车", "fire_engine", "fire rescue", ORG_FIRE, POST_FIRE, 5, 50, 60, "00:00-24:00",
		true},
	{"FE-3", "消防三车", "fire_engine", "fire rescue water_rescue", ORG_FIRE, POST_PUMP, 5, 50, 90,
		"00:00-24:00", true},
	{"MED-1", "救护一车", "ambulance", "medic", ORG_HEALTH, POST_HEALTH, 3, 55, 60, "00:00-24:00", true},
	{"MED-2", "救护二车", "ambulance", "medic", ORG_HEALTH, POST_HEALTH, 3, 55, 60, "00:00-24:00", true},
	{"MED-3", "救护三车", "ambulance", "medic rescue", ORG_HEALTH, POST_YARD, 3, 55, 90, "00:00-24:00",
		true},
	{"PUMP-1", "排涝一车", "pump_truck", "pump_crew", ORG_WATER, POST_PUMP, 3, 40, 180, "00:00-24:00",
		true},
	{"PUMP-2", "排涝二车", "pump_truck", "pump_crew utility", ORG_WATER, POST_YARD, 3, 40, 180,
		"00:00-24:00", true},
	{"RT-1", "道路抢险一组", "road_crew", "traffic", ORG_ROAD, POST_YARD, 2, 45, 120, "00:00-24:00",
		true},
	{"RT-2", "道路抢险二组", "road_crew", "traffic utility", ORG_ROAD, POST_POLICE, 2, 45, 120,
		"00:00-24:00", true},
	{"GAS-1", "燃气抢修一组", "gas_crew", "gas", ORG_GAS, POST_YARD, 2, 45, 120, "00:00-24:00", true},
	{"GAS-2", "燃气抢修二组", "gas_crew", "gas", ORG_GAS, POST_HEALTH, 2, 45, 120, "00:00-24:00", true},
	{"UT-1", "市政抢修一组", "utility_crew", "utility", ORG_UTILITY, POST_YARD, 2, 40, 180, "00:00-24:00",
		true},
	{"UT-2", "市政抢修二组", "utility_crew", "utility pump_crew", ORG_UTILITY, POST_CITY, 2, 40, 180,
		"00:00-24:00", true},
	{"TR-1", "物资运输一车", "truck", "transport", ORG_OFFICE, POST_YARD, 2, 45, 180, "00:00-24:00",
		true},
	{"TR-2", "物资运输二车", "truck", "transport", ORG_OFFICE, POST_YARD, 2, 45, 180, "00:00-24:00",
		true},
	{"TR-3", "物资运输三车", "truck", "transport", ORG_OFFICE, POST_PUMP, 2, 45, 180, "07:00-19:00",
		true},
	{"DRONE-1", "无人机组", "drone_crew", "drone", ORG_OFFICE, POST_CITY, 2, 54, 120, "00:00-24:00",
		true},
	{"AGRI-1", "农技一组", "farm_crew", "agronomy", ORG_FARM, POST_FARM, 1, 35, 600, "08:00-18:00", true},
	{"AGRI-2", "农技二组", "farm_crew", "agronomy", ORG_FARM, POST_FARM, 1, 35, 600, "00:00-24:00", true},
	{"INSP-1", "综合执法一组", "inspection_crew", "inspector", ORG_CITY, POST_CITY, 2, 40, 120,
		"07:00-19:00", true},
	{"INSP-2", "综合执法二组", "inspection_crew", "inspector", ORG_CITY, POST_HEALTH, 2, 40, 120,
		"07:00-19:00", true},
	{"INSP-3", "综合执法三组", "inspection_crew", "inspector", ORG_CITY, POST_CITY, 2, 40, 180,
		"19:00-07:00", true},
	{"INSP-4", "综合执法四组", "inspection_crew", "inspector traffic", ORG_CITY, POST_YARD, 2, 40, 180,
		"00:00-24:00", true},
	{"POL-1", "巡逻一车", "patrol_car", "police", ORG_POLICE, POST_POLICE, 2, 50, 60, "00:00-24:00",
		true},
	{"POL-2", "巡逻二车", "patrol_car", "police traffic", ORG_POLICE, POST_POLICE, 2, 50, 60,
		"00:00-24:00", true},
	{"POL-3", "巡逻三车", "patrol_car", "police", ORG_POLICE, POST_FARM, 2, 50, 90, "00:00-24:00", true},
	{"VOL-1", "蓝帆志愿队", "volunteers", "volunteer rescue", ORG_VOLUNTEER, POST_CITY, 3, 30, 900,
		"00:00-24:00", false},
	{"VOL-2", "守望志愿队", "volunteers", "volunteer", ORG_VOLUNTEER, POST_FARM, 3, 30, 900,
		"06:00-22:00", false},
};
enum { CREW_COUNT = sizeof(crews) / sizeof(*crews) };

/* What lies in the depots, north and south; -1: not kept there. */
struct stock_line {
	const char *item, *name, *unit;
	int32_t north, south, minimum;
	const char *expires;
};
static const struct stock_line stocks[] = {
	{"life_ring", "救生圈", "个", 60, 80, 20, ""},
	{"life_jacket", "救生衣", "件", 120, 160, 40, ""},
	{"rope_100m", "救生绳100米", "卷", 20, 30, 8, ""},
	{"throw_bag", "抛绳包", "个", 20, 30, 8, ""},
	{"rubber_boat", "橡皮艇", "艘", 3, 5, 2, ""},
	{"outboard_motor", "船外机", "台", 2, 4, 1, ""},
	{"sandbag", "沙袋", "个", 3000, 5000, 1500, ""},
	{"sand_m3", "沙料", "立方米", 80, 120, 30, ""},
	{"water_bag", "吸水膨胀袋", "个", 800, 1200, 300, "2029-06-30"},
	{"geotextile", "土工布", "平方米", 2000, 3000, 500, ""},
	{"pump_mobile", "移动泵", "台", 6, 8, 2, ""},
	{"pump_hose", "排水软管", "米", 600, 900, 200, ""},
	{"generator", "发电机", "台", 4, 5, 2, ""},
	{"light_tower", "应急照明灯塔", "台", 3, 3, 1, ""},
	{"torch", "强光手电", "支", 100, 120, 40, ""},
	{"battery", "电池组", "组", 200, 240, 80, "2028-03-31"},
	{"fuel_l", "柴油", "升", 800, 1000, 300, "2027-12-31"},
	{"hose", "消防水带", "盘", 40, 30, 12, ""},
	{"extinguisher", "干粉灭火器", "具", 150, 120, 50, "2028-09-30"},
	{"extinguisher_co2", "二氧化碳灭火器", "具", 40, 30, 10, "2028-05-31"},
	{"fire_blanket", "灭火毯", "条", 100, 80, 30, ""},
	{"fire_broom", "灭火扫把", "把", 120, 100, 40, ""},
	{"foam_l", "泡沫灭火剂", "升", 600, 400, 200, "2029-10-31"},
	{"smoke_mask", "防烟面罩", "个", 200, 160, 60, "2028-11-30"},
	{"breathing_set", "空气呼吸器", "套", 16, 12, 6, "2029-04-30"},
	{"gas_detector", "便携燃气检测仪", "台", 12, 10, 4, ""},
	{"gas_clamp", "燃气管道堵漏夹", "套", 10, 8, 3, ""},
	{"cone", "交通锥", "个", 300, 260, 100, ""},
	{"barrier", "隔离护栏", "米", 600, 500, 150, ""},
	{"warning_tape", "警戒带", "卷", 120, 100, 30, ""},
	{"warning_sign", "警示牌", "块", 80, 60, 20, ""},
	{"manhole_cover", "窨井盖", "套", 30, 24, 8, ""},
	{"manhole_net", "井下防坠网", "张", 60, 50, 15, ""},
	{"steel_plate", "铺路钢板", "块", 20, 16, 5, ""},
	{"blanket", "毛毯", "条", 400, 360, 120, ""},
	{"quilt", "棉被", "床", 300, 300, 100, ""},
	{"tent", "帐篷", "顶", 40, 36, 12, ""},
	{"folding_bed", "折叠床", "张", 200, 180, 60, ""},
	{"drinking_water", "瓶装饮用水", "箱", 500, 500, 200, "2027-08-31"},
	{"food_ration", "应急食品", "箱", 300, 300, 120, "2027-10-31"},
	{"stretcher", "担架", "副", 16, 14, 6, ""},
	{"first_aid_kit", "急救包", "个", 80, 70, 30, "2028-01-31"},
	{"defibrillator", "自动除颤仪", "台", 3, 2, 1, "2029-12-31"},
	{"raincoat", "雨衣", "件", 300, 260, 100, ""},
	{"loudhailer", "手持扩音器", "个", 40, 36, 12, ""},
	{"radio", "对讲机", "部", 40, 30, 12, ""},
	{"shovel", "铁锹", "把", 200, 200, 60, ""},
	{"chainsaw", "油锯", "台", 8, 6, 2, ""},
	{"pesticide_l", "应急农药", "升", -1, 300, 100, "2027-09-30"},
	{"sprayer", "喷雾器", "台", -1, 40, 10, ""},
};
enum { STOCK_COUNT = sizeof(stocks) / sizeof(*stocks) };

/* Places people name; every village has its own square and school besides. {name, cell} */
struct place_line {
	const char *name;
	int32_t cell;
};
static const struct place_line places[] = {{"豫龙镇政府", 11 + 24 * 12}, {"云溪河公园", 10 + 24 * 11},
	{"云溪河一号桥", 7 + 24 * 11}, {"云溪河二号桥", 13 + 24 * 10}, {"云溪河三号桥", 17 + 24 * 9},
	{"云溪河水闸", 5 + 24 * 10}, {"龙湾泵站", 15 + 24 * 10}, {"豫龙客运站", 14 + 24 * 13},
	{"豫龙农贸市场", 12 + 24 * 13}, {"豫龙镇便民服务中心", 9 + 24 * 13},
	{"豫龙镇中心卫生院", 12 + 24 * 8}, {"锦绣广场", 12 + 24 * 11}, {"康宁公园", 8 + 24 * 8},
	{"金穗合作社", 6 + 24 * 6}, {"白鹭湿地", 6 + 24 * 10}, {"翠屏山庄", 15 + 24 * 15},
	{"启明书院", 8 + 24 * 14}};
enum { PLACE_COUNT = sizeof(places) / sizeof(*places) };

#endif
