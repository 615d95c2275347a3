/* tell_paper: facts, reports, true times, sensors that change their case and working hours, as lines for people. */
#include "api/tell_line.h"

#include "wire/ids.h"
#include "wire/time_text.h"

#define EN(set, value) (int)words_of((set), (value)).len, words_of((set), (value)).ptr
#define ZH(set, value) (int)words_zh((set), (value)).len, words_zh((set), (value)).ptr

static void say_time(
	struct tell *out, const struct core *core, int64_t at_ms, const char *en, const char *zh, bool *any)
{
	char time[TIME_LOCAL_LEN + 1] = "";

	if (at_ms == 0)
		return;
	time_format_local(at_ms, query_town(core)->offset_min, time);
	line_en(out, "%s %s %.*s", *any ? "," : "", en, (int)TIME_LOCAL_LEN, time);
	line_zh(out, "%s%s%.*s", *any ? "," : "", zh, (int)TIME_LOCAL_LEN, time);
	*any = true;
}

static void tell_times(struct tell *out, const struct core *core, const struct effect_incident_times *times)
{
	bool any = false;

	line_en(out, "brought in from paper:");
	line_zh(out, "纸质补录:");
	say_time(out, core, times->reported_ms, "reported", "接报", &any);
	say_time(out, core, times->dispatched_ms, "dispatched", "派遣", &any);
	say_time(out, core, times->arrived_ms, "arrived", "到场", &any);
	say_time(out, core, times->done_ms, "done", "处置完毕", &any);
	say_time(out, core, times->verified_ms, "verified", "核查", &any);
	say_time(out, core, times->ended_ms, "ended", "结束", &any);
}

static void tell_sensor(struct tell *out, const struct core *core, const struct effect_sensor_moved *moved)
{
	struct line_name device = line_name(
		query_id(core, TABLE_DEVICE, moved->device), query_name(core, TABLE_DEVICE, moved->device));
	char memory[ID_SIZE];
	struct text to = ids_write(ID_INCIDENT, moved->to, memory);

	line_en(out, "%.*s belongs to %.*s from now on", device.len, device.text, (int)to.len, to.ptr);
	line_zh(out, "%.*s的报警归入事件%.*s", device.len, device.text, (int)to.len, to.ptr);
}

void tell_evidence(struct tell *out, uint8_t evidence)
{
	static const struct {
		uint8_t bit;
		const char *en, *zh;
	} words[] = {{EVIDENCE_NOTE, "a note", "现场说明"}, {EVIDENCE_REFERENCE, "a reference", "照片或文件"},
		{EVIDENCE_SENSORS, "all sensors back to normal", "设备报警已全部解除"}};
	bool any = false;

	for (uint32_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if ((evidence & words[i].bit) == 0)
			continue;
		line_en(out, any ? ", %s" : "; evidence: %s", words[i].en);
		line_zh(out, any ? "、%s" : ";依据:%s", words[i].zh);
		any = true;
	}
	if (!any) {
		line_en(out, "; without evidence");
		line_zh(out, ";未附核查依据");
	}
}

bool tell_paper(struct tell *out, const struct core *core, const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_FACT:
		line_en(out, "known of it: %.*s", EN(WORDS_FACT, effect->u.fact.fact));
		line_zh(out, "已登记:%.*s", ZH(WORDS_FACT, effect->u.fact.fact));
		return true;
	case EFFECT_REPORT:
		line_en(out, "report %.*s %u sent", EN(WORDS_REPORT, effect->u.report.report),
			effect->u.report.number);
		line_zh(out, "%.*s(第%u次)已报送", ZH(WORDS_REPORT, effect->u.report.report),
			effect->u.report.number);
		return true;
	case EFFECT_INCIDENT_TIMES:
		tell_times(out, core, &effect->u.incident_times);
		return true;
	case EFFECT_SENSOR_MOVED:
		tell_sensor(out, core, &effect->u.sensor_moved);
		return true;
	case EFFECT_CALENDAR:
		line_en(out, "working hours set, %u days differ from the weekdays", effect->u.calendar.days);
		line_zh(out, "工作时间已更新,另有%u个调休或节假日", effect->u.calendar.days);
		return true;
	default:
		return false;
	}
}
