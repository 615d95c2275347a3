/* report_source: who reported a case, and the cases that stand merged into it; see api/report.h. */
#include "api/report.h"

#include "wire/ids.h"

static int64_t reported_ms(const struct incident *incident)
{
	return incident->reported_ms != 0 ? incident->reported_ms : incident->opened_ms;
}

static void source_add(struct report *report, struct api *api, const struct incident *incident)
{
	uint32_t at = report->source_count;

	if (at == REPORT_SOURCES_MAX) {
		report->sources_left_out++;
		return;
	}
	for (; at > 0 && reported_ms(report->source[at - 1].incident) > reported_ms(incident); at--)
		report->source[at] = report->source[at - 1];
	report->source[at] = (struct report_source){incident, told_of(api, incident->r.number)};
	report->source_count++;
}

void report_gather_sources(struct report *report, struct api *api)
{
	const struct incident *merged;
	uint32_t cursor = 0;

	source_add(report, api, report->incident);
	while ((merged = query_merged(report->core, report->incident, &cursor)) != NULL)
		source_add(report, api, merged);
	report->reported_ms = reported_ms(report->source[0].incident);
}

static bool is_known(const struct report_source *source)
{
	return source->told->caller.len + source->told->phone.len > 0 ||
	       (source->incident->device != 0 && !source->incident->opened_by_person);
}

static void who_words(struct report *report, const struct report_source *source)
{
	const struct told *told = source->told;
	struct ink *ink = &report->ink;

	if (told->caller.len + told->phone.len == 0) {
		(void)ink_text(
			ink, query_name(report->core, TABLE_DEVICE, source->incident->device), INK_NAME);
		report_say(report, "自动报警", " raised the alarm");
		if (source->incident->device_count > 1)
			ink_sayf(ink, report->en ? ", %u devices in all" : ",共%u台设备报警",
				source->incident->device_count);
		return;
	}
	(void)ink_text(ink, told->caller, INK_NAME);
	if (told->phone.len > 0) {
		report_say(report, "(电话", " (telephone ");
		(void)ink_text(ink, told->phone, INK_NAME);
		report_say(report, ")", ")");
	}
	report_say(report, "报告", " reported it");
}

static void source_words(struct report *report, const struct report_source *source)
{
	if (report->source_count > 1) {
		report_when(report, reported_ms(source->incident));
		report_say(report, ",", ": ");
	}
	if (is_known(source))
		who_words(report, source);
	else
		report_gap(report, "source", "信息来源");
	if (source->told->text.len == 0)
		return;
	report_say(report, "。报告内容:“", ". In their words: \"");
	(void)ink_text(&report->ink, source->told->text, INK_TOLD);
	report_say(report, "”", "\"");
}

void report_source_words(struct report *report)
{
	for (uint32_t i = 0; i < report->source_count; i++) {
		report_say(report, i == 0 ? "" : ";", i == 0 ? "" : "; ");
		source_words(report, &report->source[i]);
	}
	if (report->sources_left_out > 0)
		ink_sayf(&report->ink, report->en ? "; %u more reports of the same" : ";另有%u次报告",
			report->sources_left_out);
}

/* --- in the course of events --------------------------------------------------------------------------- */

/* The case's own report, or that of one that stands merged into it. */
void report_reported_words(struct report *report, uint32_t slot)
{
	const struct incident *incident = query_at(report->core, TABLE_INCIDENT, slot);
	const struct told *told = report->told;
	char id[ID_SIZE];

	for (uint32_t i = 0; i < report->source_count; i++)
		if (report->source[i].incident == incident)
			told = report->source[i].told;
	if (incident->paper)
		report_say(report, "接报(系统停用期间纸上登记,事后补录)",
			"reported (run on paper while the system was down, brought in afterwards)");
	else if (told->by_person || incident->opened_by_person)
		report_say(report, "接到报告", "reported");
	else
		report_say(report, "设备自动报警", "raised by a device");
	if (incident == report->incident)
		return;
	report_say(report, "(", " (");
	(void)ink_text(&report->ink, ids_write(ID_INCIDENT, incident->r.number, id), INK_NAME);
	report_say(report, ")", ")");
}

void report_case_words(struct report *report, uint32_t slot)
{
	const struct incident *incident = query_at(report->core, TABLE_INCIDENT, slot);
	char id[ID_SIZE];

	(void)ink_text(&report->ink, ids_write(ID_INCIDENT, incident->r.number, id), INK_NAME);
}
