/* refusal_shape: why cases could not be merged, split, verified, or brought in from paper; see the header. */
#include "api/refusal_shape.h"

#include <stddef.h>

#include "api/tell_line.h"
#include "wire/ids.h"

static const struct incident *case_of(const struct core *core, uint32_t number)
{
	uint32_t slot = number == 0 ? 0 : query_slot(core, TABLE_INCIDENT, number);

	return slot == 0 ? NULL : query_at(core, TABLE_INCIDENT, slot);
}

static void say(struct tell *out, const char *en, const char *zh)
{
	line_en(out, "%s", en);
	line_zh(out, "%s", zh);
}

/* "incident 2026-000007 is done_reported" */
static void say_state(struct tell *out, const struct incident *incident)
{
	char memory[ID_SIZE];
	struct text id = ids_write(ID_INCIDENT, incident->r.number, memory);
	struct text en = words_of(WORDS_INCIDENT_STATE, incident->state);
	struct text zh = words_zh(WORDS_INCIDENT_STATE, incident->state);

	line_en(out, "incident %.*s is %.*s", (int)id.len, id.ptr, (int)en.len, en.ptr);
	line_zh(out, "事件%.*s为“%.*s”", (int)id.len, id.ptr, (int)zh.len, zh.ptr);
}

static bool say_merged(struct tell *out, const struct incident *incident)
{
	char a[ID_SIZE], b[ID_SIZE];
	struct text id = ids_write(ID_INCIDENT, incident->r.number, a);
	struct text into = ids_write(ID_INCIDENT, incident->merged_into, b);

	line_en(out, "incident %.*s stands merged into %.*s; split takes it out again", (int)id.len, id.ptr,
		(int)into.len, into.ptr);
	line_zh(out, "事件%.*s已并入%.*s,可用 split 分出", (int)id.len, id.ptr, (int)into.len, into.ptr);
	return true;
}

static bool say_split(struct tell *out, const struct incident *incident, struct text device)
{
	if (device.len == 0) {
		say(out, "it is not merged into another; to part one sensor's alarms name it (--device)",
			"它没有并入其他事件;要把某个设备的报警单独立案,请写明设备(--device)");
		return true;
	}
	say_state(out, incident);
	say(out,
		": a sensor is parted from an open case that has others as well; one that came with a merged "
		"case goes with it (split that one)",
		":只能从未办结、且还有其他设备报警的事件中分出一个设备;随合并而来的设备请拆分原事件");
	return true;
}

static bool wrong_shape(struct tell *out, const struct core *core, const struct event_act *act)
{
	const struct incident *incident = case_of(core, act->incident), *into = case_of(core, act->other);

	if (incident == NULL)
		return false;
	if (act->act == ACT_SPLIT)
		return say_split(out, incident, act->device);
	if (incident->merged_into != 0)
		return say_merged(out, incident);
	if (act->act == ACT_MERGE && into != NULL && into->state == INCIDENT_REPORTED &&
		incident->state != INCIDENT_REPORTED) {
		say_state(out, into);
		say(out, ": confirm it first, or merge it into the one that is under way",
			":请先确认它,或将它并入正在处置的事件");
		return true;
	}
	if (act->act != ACT_MERGE || into == NULL || into->state < INCIDENT_DONE_REPORTED)
		return false;
	if (into->merged_into != 0)
		return say_merged(out, into);
	say_state(out, into);
	say(out, ": reopen it first, or close the duplicate (--disposition duplicate)",
		":请先重新打开它,或将重复的事件按重复结案");
	return true;
}

static bool gone_too_far(struct tell *out, const struct core *core, const struct event_act *act)
{
	const struct incident *incident = case_of(core, act->incident);
	const struct incident *into = incident == NULL ? NULL : case_of(core, incident->merged_into);

	if (into == NULL) {
		say(out, "the case that it was merged into is no longer kept; open a new one",
			"它并入的事件已不在系统中,请另行立案");
	} else if (into->merged_into != 0) {
		(void)say_merged(out, into);
		say(out, "; do that first", ",请先分出后者");
	} else {
		say_state(out, into);
		say(out, ": reopen that one first", ",请先重新打开它");
	}
	return true;
}

static bool wrong_paper(struct tell *out, const struct event_paper *paper, uint8_t outcome)
{
	if (outcome == OUTCOME_WRONG_STATE)
		say(out,
			"what was not verified is closed as false, nuisance, duplicate, no_action or "
			"referred",
			"未经核查的,只能以误报、骚扰、重复、无需处置或移送结案");
	else if ((paper->ended_ms != 0) != (paper->disposition != DISPOSITION_NONE))
		say(out, "ended and disposition belong together", "结束时间和处理结果须同时填写");
	else if ((paper->verified_ms != 0) != (paper->verified_by.len > 0))
		say(out, "verified and verified_by belong together", "核查时间和核查人须同时填写");
	else if (paper->verified_ms != 0 && paper->done_ms == 0)
		say(out, "verified: what was not done cannot be verified", "没有处置完毕时间,不能填核查时间");
	else
		return false;
	return true;
}

static bool wrong_report(struct tell *out, const struct core *core, const struct event_report *report)
{
	const struct incident *incident = case_of(core, report->incident);
	bool first_sent = incident != NULL && incident->report_count[REPORT_FIRST] > 0;

	if (report->report == REPORT_FIRST)
		say(out, "the first report has gone; what follows is a follow-up", "初报已报送,后续请报续报");
	else if (!first_sent)
		say(out, "the first report goes first", "请先报送初报");
	else
		say(out, "the final report goes when the case has ended: incident close comes first",
			"事件尚未结案,终报须在结案之后报送;请先 incident close,其间可报续报");
	return true;
}

/* Of the times of a paper the first that is wrong, by name. */
static bool wrong_time(struct tell *out, const struct event_paper *paper, uint8_t outcome)
{
	const struct {
		int64_t at_ms;
		const char *en, *zh;
	} times[] = {{paper->reported_ms, "reported", "接报时间"},
		{paper->dispatched_ms, "dispatched", "派遣时间"}, {paper->arrived_ms, "arrived", "到场时间"},
		{paper->done_ms, "done", "处置完毕时间"}, {paper->verified_ms, "verified", "核查时间"},
		{paper->ended_ms, "ended", "结束时间"}};
	uint32_t last = 0;

	if (outcome == OUTCOME_IN_FUTURE) {
		say(out, "a time that was given has not come yet; all of them are of the past",
			"所填时间尚未到来;补录的时间都应在现在之前");
		return true;
	}
	for (uint32_t i = 1; i < sizeof(times) / sizeof(times[0]); i++) {
		if (times[i].at_ms == 0)
			continue;
		if (times[i].at_ms < times[last].at_ms) {
			line_en(out, "%s lies before %s", times[i].en, times[last].en);
			line_zh(out, "%s早于%s", times[i].zh, times[last].zh);
			return true;
		}
		last = i;
	}
	return false;
}

bool refusal_shape(struct tell *out, const struct core *core, const struct event *event, uint8_t outcome)
{
	if (event->kind == EVENT_PAPER && (outcome == OUTCOME_IN_FUTURE || outcome == OUTCOME_TIME_ORDER))
		return wrong_time(out, &event->u.paper, outcome);
	if (event->kind == EVENT_PAPER)
		return wrong_paper(out, &event->u.paper, outcome);
	if (event->kind == EVENT_REPORT && outcome == OUTCOME_WRONG_STATE)
		return wrong_report(out, core, &event->u.report);
	if (event->kind == EVENT_FACT && outcome == OUTCOME_INVALID) {
		say(out, "text: 1 to 1,000 characters", "文字须为1至1000字");
		return true;
	}
	if (event->kind != EVENT_ACT)
		return false;
	if (outcome == OUTCOME_NO_EVIDENCE) {
		say(out,
			"a verification rests on something: a note of what was seen, the reference of a "
			"photo "
			"(evidence), or all sensors back to normal",
			"核查须有依据:现场情况说明、照片编号(evidence),或全部设备报警已解除");
		return true;
	}
	if (outcome == OUTCOME_INVALID && event->u.act.act == ACT_MERGE) {
		say(out, "an exercise and a real case are not merged", "演练事件与真实事件不能合并");
		return true;
	}
	return outcome == OUTCOME_GONE_TOO_FAR  ? gone_too_far(out, core, &event->u.act)
	       : outcome == OUTCOME_WRONG_STATE ? wrong_shape(out, core, &event->u.act)
						: false;
}
