/* words_town: Chinese for the words that towns and playbooks choose themselves, as far as ours do; no logic but look-up. */
#include "core/words.h"

#include "core/text_pool.h"

#define LITERAL(s)                                                                                           \
	{                                                                                                    \
		(s), (uint32_t)sizeof(s) - 1                                                                 \
	}

static const struct town_word {
	struct text en, zh;
} town_words[] = {
	/* skills and kinds of units */
	{LITERAL("grid_worker"), LITERAL("网格员")},
	{LITERAL("water_rescue"), LITERAL("水上救援")},
	{LITERAL("rescue"), LITERAL("抢险救援")},
	{LITERAL("fire"), LITERAL("消防")},
	{LITERAL("medic"), LITERAL("医疗救护")},
	{LITERAL("pump_crew"), LITERAL("排涝")},
	{LITERAL("traffic"), LITERAL("交通疏导")},
	{LITERAL("gas"), LITERAL("燃气抢修")},
	{LITERAL("utility"), LITERAL("市政抢修")},
	{LITERAL("transport"), LITERAL("物资运输")},
	{LITERAL("drone"), LITERAL("无人机")},
	{LITERAL("agronomy"), LITERAL("农技")},
	{LITERAL("inspector"), LITERAL("综合执法")},
	{LITERAL("police"), LITERAL("公安")},
	{LITERAL("volunteer"), LITERAL("志愿者")},
	{LITERAL("inspection_crew"), LITERAL("执法组")},
	{LITERAL("truck"), LITERAL("运输车")},
	{LITERAL("patrol_car"), LITERAL("巡逻车")},
	{LITERAL("fire_engine"), LITERAL("消防车")},
	{LITERAL("boat_crew"), LITERAL("舟艇队")},
	{LITERAL("ambulance"), LITERAL("救护车")},
	{LITERAL("volunteers"), LITERAL("志愿者队")},
	{LITERAL("utility_crew"), LITERAL("市政抢修组")},
	{LITERAL("road_crew"), LITERAL("道路抢险组")},
	{LITERAL("pump_truck"), LITERAL("排涝车")},
	{LITERAL("gas_crew"), LITERAL("燃气抢修组")},
	{LITERAL("farm_crew"), LITERAL("农技组")},
	{LITERAL("drone_crew"), LITERAL("无人机组")},
	/* kinds of devices and what they do */
	{LITERAL("camera"), LITERAL("摄像机")},
	{LITERAL("river_camera"), LITERAL("河道摄像机")},
	{LITERAL("helmet_camera"), LITERAL("安全帽摄像机")},
	{LITERAL("crop_sensor"), LITERAL("虫情测报灯")},
	{LITERAL("dust_sensor"), LITERAL("扬尘监测仪")},
	{LITERAL("gas_sensor"), LITERAL("燃气报警器")},
	{LITERAL("smoke_sensor"), LITERAL("烟感报警器")},
	{LITERAL("intrusion_sensor"), LITERAL("周界报警器")},
	{LITERAL("manhole_sensor"), LITERAL("井盖传感器")},
	{LITERAL("level_gauge"), LITERAL("水位计")},
	{LITERAL("loudspeaker"), LITERAL("广播喇叭")},
	{LITERAL("medical_button"), LITERAL("医疗呼叫按钮")},
	{LITERAL("hotline"), LITERAL("热线电话")},
	{LITERAL("gateway"), LITERAL("网关")},
	{LITERAL("weather"), LITERAL("气象站")},
	{LITERAL("pump"), LITERAL("水泵")},
	{LITERAL("self"), LITERAL("报警设备")},
	{LITERAL("say"), LITERAL("喊话")},
	{LITERAL("fly"), LITERAL("起飞查看")},
	{LITERAL("start"), LITERAL("启动")},
	{LITERAL("stop"), LITERAL("停止")},
	/* how somebody was reached */
	{LITERAL("phone"), LITERAL("电话")},
	{LITERAL("radio"), LITERAL("电台")},
	{LITERAL("console"), LITERAL("控制台")},
	{LITERAL("terminal"), LITERAL("终端")},
	/* types of incidents, hazards */
	{LITERAL("drowning_risk"), LITERAL("溺水风险")},
	{LITERAL("drowning"), LITERAL("溺水")},
	{LITERAL("person_in_water"), LITERAL("人员落水")},
	{LITERAL("flood"), LITERAL("汛情")},
	{LITERAL("waterlogging"), LITERAL("内涝")},
	{LITERAL("pump_failure"), LITERAL("泵站故障")},
	{LITERAL("manhole"), LITERAL("井盖")},
	{LITERAL("smoke"), LITERAL("烟雾")},
	{LITERAL("gas_leak"), LITERAL("燃气泄漏")},
	{LITERAL("straw_burning"), LITERAL("秸秆焚烧")},
	{LITERAL("site_dust"), LITERAL("工地扬尘")},
	{LITERAL("site_safety"), LITERAL("工地安全")},
	{LITERAL("site_intrusion"), LITERAL("工地闯入")},
	{LITERAL("road_collapse"), LITERAL("道路塌陷")},
	{LITERAL("road_obstruction"), LITERAL("道路障碍")},
	{LITERAL("crop_pest"), LITERAL("农作物病虫害")},
	{LITERAL("medical"), LITERAL("医疗求助")},
	{LITERAL("rainstorm"), LITERAL("暴雨")},
	{LITERAL("other"), LITERAL("其他")},
	{LITERAL("typhoon"), LITERAL("台风")},
	{LITERAL("snow"), LITERAL("暴雪")},
	{LITERAL("cold_wave"), LITERAL("寒潮")},
	{LITERAL("gale"), LITERAL("大风")},
	{LITERAL("dust_storm"), LITERAL("沙尘暴")},
	{LITERAL("heat"), LITERAL("高温")},
	{LITERAL("drought"), LITERAL("干旱")},
	{LITERAL("lightning"), LITERAL("雷电")},
	{LITERAL("hail"), LITERAL("冰雹")},
	{LITERAL("frost"), LITERAL("霜冻")},
	{LITERAL("fog"), LITERAL("大雾")},
	{LITERAL("haze"), LITERAL("霾")},
	{LITERAL("icy_road"), LITERAL("道路结冰")},
	{LITERAL("geological"), LITERAL("地质灾害")},
	{LITERAL("forest_fire"), LITERAL("森林火险")},
};

struct text words_town_zh(struct text word)
{
	for (uint32_t i = 0; i < sizeof(town_words) / sizeof(town_words[0]); i++)
		if (text_equal(town_words[i].en, word))
			return town_words[i].zh;
	return word;
}

struct text words_town_of_zh(struct text zh)
{
	for (uint32_t i = 0; i < sizeof(town_words) / sizeof(town_words[0]); i++)
		if (text_equal(town_words[i].zh, zh))
			return town_words[i].en;
	return zh;
}
