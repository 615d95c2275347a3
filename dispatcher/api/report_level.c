/* report_level: the town's response level in a report: only as far as it was in force while the case ran; see api/report.h. */
#include "api/report.h"

static const char *const roman_zh[] = {"", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"}, *const roman[] = {"", "I", "II", "III", "IV"};

static int64_t end_ms(const struct report *report)
{
	int64_t ended_ms = report->incident->ended_ms;

	return ended_ms != 0 && query_incident_ended(report->incident->state) ? ended_ms : report->now_ms;
}

/* The level before the change with this index; RESPONSE_CLEAR too where that is not remembered. */
static uint32_t level_before(const struct core *core, uint32_t index)
{
	struct level_change before;

	return query_level_change(core, index + 1, &before) ? before.level : RESPONSE_CLEAR;
}

void report_gather_levels(struct report *report)
{
	struct level_change change;

	for (uint32_t index = 0; query_level_change(report->core, index, &change); index++)
		if (change.at_ms > report->reported_ms && change.at_ms <= end_ms(report))
			report_add(report, ENTRY_RESPONSE, change.at_ms,
				change.level << 8 | level_before(report->core, index),
				(struct text){NULL, 0});
}

void report_level_words(struct report *report, uint32_t levels)
{
	uint32_t level = levels >> 8, before = levels & 255;

	if (level == RESPONSE_CLEAR)
		ink_sayf(&report->ink,
			report->en ? "the town's response at level %s was ended" : "我镇终止%s级应急响应",
			report->en ? roman[before] : roman_zh[before]);
	else
		ink_sayf(&report->ink,
			report->en                 ? "the town's response was set to level %s"
			: before == RESPONSE_CLEAR ? "我镇启动%s级应急响应"
						   : "我镇应急响应调整为%s级",
			report->en ? roman[level] : roman_zh[level]);
}

/* Only the response that the town has declared; of a case that is over, the one that was in force at its end. */
void report_write_response(struct report *report)
{
	int64_t since_ms;
	uint32_t level = query_level_at(report->core, end_ms(report), &since_ms);

	if (level == RESPONSE_CLEAR || level >= RESPONSE_COUNT)
		return;
	ink_sayf(&report->ink,
		report->en ? "  The town's response level was set to %s at " : "  我镇已启动%s级应急响应(",
		report->en ? roman[level] : roman_zh[level]);
	report_when(report, since_ms);
	report_say(report, "起)。\n", ".\n");
}
