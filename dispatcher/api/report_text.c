/* report_text: a first report, a follow-up or a final report in the form in which duty offices send it upward. */
#include "api/report.h"

#include <string.h>

#include "wire/ids.h"
#include "wire/time_text.h"

/*
 * What stands in it: time, place, source, cause and nature, course, casualties and losses, scope, trend, what is done and what comes
 * next, who reports, who signed, whom to ask: the rules for reporting emergencies by duty offices of local governments. A follow-up
 * does not tell the beginning again; a final one sums up with result and lessons. Numbers nobody has given are named, never made up.
 */

void report_say(struct report *report, const char *zh, const char *en)
{
	ink_say(&report->ink, report->en ? en : zh);
}

static struct time_parts local(const struct report *report, int64_t at_ms)
{
	return time_split(at_ms, query_town(report->core)->offset_min);
}

void report_when_full(struct report *report, int64_t at_ms)
{
	struct time_parts at = local(report, at_ms);

	if (report->en)
		ink_sayf(&report->ink, "%04d-%02u-%02u %02u:%02u", at.year, at.month, at.day, at.hour,
			at.minute);
	else
		ink_sayf(&report->ink, "%d年%u月%u日%u时%02u分", at.year, at.month, at.day, at.hour,
			at.minute);
}

void report_when(struct report *report, int64_t at_ms)
{
	struct time_parts at = local(report, at_ms), now = local(report, report->now_ms);

	if (at.year != now.year) {
		report_when_full(report, at_ms);
		return;
	}
	if (report->en) {
		if (at.month != now.month || at.day != now.day)
			ink_sayf(&report->ink, "%02u-%02u ", at.month, at.day);
		ink_sayf(&report->ink, "%02u:%02u", at.hour, at.minute);
		return;
	}
	if (at.month != now.month || at.day != now.day)
		ink_sayf(&report->ink, "%u月%u日", at.month, at.day);
	ink_sayf(&report->ink, "%u时%02u分", at.hour, at.minute);
}

/* --- facts and gaps ------------------------------------------------------------------------------------------ */

void report_gap(struct report *report, const char *word, const char *zh)
{
	bool known = false;

	for (uint32_t i = 0; i < report->gap_count; i++)
		known |= report->gap[i].word == word;
	if (!known && report->gap_count < REPORT_GAPS_MAX)
		report->gap[report->gap_count++] = (struct report_gap){word, zh};
	if (report->en)
		ink_sayf(&report->ink, "[TO BE ADDED: %s]", word);
	else
		ink_sayf(&report->ink, "【待补:%s】", zh);
}

enum { FACT_CHARACTERS = 1000 };

/* What a person has said, else the gap by its name; where it may be missing, `instead` in its place. */
static void fact(struct report *report, enum fact which, const char *instead_zh, const char *instead_en)
{
	struct report_fact *known = &report->fact[which];

	if (ink_text(&report->ink, known->text, FACT_CHARACTERS))
		return;
	if (instead_zh != NULL)
		report_say(report, instead_zh, instead_en);
	else
		report_gap(report, words_of(WORDS_FACT, which).ptr, words_zh(WORDS_FACT, which).ptr);
}

/* In a follow-up: what was said since the last report; what stands already is not told again. */
static void fact_since(struct report *report, enum fact which, bool required)
{
	const struct report_fact *known = &report->fact[which];

	if (known->text.len > 0 && known->at_ms <= report->since_ms)
		report_say(report, "与上次报告相比无新变化", "no change since the last report");
	else
		fact(report, which, required ? NULL : "正在核实", "being looked into");
}

static bool ends_with(const struct ink *ink, const char *words)
{
	size_t len = strlen(words);

	return ink->used >= len && memcmp(ink->ptr + ink->used - len, words, len) == 0;
}

/* People end what they write with a full stop, or do not. */
static void end_sentence(struct report *report)
{
	if (ends_with(&report->ink, "。") || ends_with(&report->ink, "."))
		ink_say(&report->ink, "\n");
	else
		report_say(report, "。\n", ".\n");
}

/* --- head -------------------------------------------------------------------------------------------------------- */

/* The one on shift, else nobody. */
static const struct person *on_shift(const struct core *core)
{
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_PERSON); slot++) {
		const struct person *person = query_at(core, TABLE_PERSON, slot);

		if (person != NULL && person->on_duty_ms != 0 && (person->roles & WHO_DUTY_OFFICER) != 0)
			return person;
	}
	return NULL;
}

static void contact(struct report *report)
{
	const struct person *person = on_shift(report->core);

	if (report->fact[FACT_CONTACT].text.len > 0 || person == NULL) {
		fact(report, FACT_CONTACT, NULL, NULL);
		return;
	}
	(void)ink_text(&report->ink, query_text(report->core, person->name), INK_NAME);
	ink_say(&report->ink, " ");
	(void)ink_text(&report->ink, query_text(report->core, person->phone), INK_NAME);
}

static void title_words(struct report *report)
{
	struct text title = query_text(report->core, report->incident->title);

	(void)ink_text(&report->ink, report->en ? title : query_word_zh(title), INK_LINE);
}

static void place_words(struct report *report)
{
	struct text device = query_name(report->core, TABLE_DEVICE, report->incident->device);

	(void)ink_text(&report->ink, query_name(report->core, TABLE_GRID, report->incident->grid), INK_NAME);
	if (report->told->where.len > 0) {
		report_say(report, "", ", ");
		(void)ink_text(&report->ink, report->told->where, INK_LINE);
	} else if (device.len > 0) {
		report_say(report, "", ", ");
		(void)ink_text(&report->ink, device, INK_NAME);
		report_say(report, "附近", " (nearby)");
	}
}

static void coordinates(struct report *report)
{
	const struct place *place = &report->incident->place;

	report_say(report, "(", " (");
	if (report->en)
		ink_sayf(&report->ink, "lon %.5f, lat %.5f", place->lon_e7 / 1e7, place->lat_e7 / 1e7);
	else
		ink_place(&report->ink, place);
	report_say(report, ")", ")");
}

static void write_title(struct report *report)
{
	struct ink *ink = &report->ink;

	(void)ink_text(ink, query_text(report->core, query_town(report->core)->name), INK_NAME);
	report_say(report, "突发事件信息", ": emergency report, ");
	(void)ink_text(ink,
		report->en ? words_of(WORDS_REPORT, report->kind) : words_zh(WORDS_REPORT, report->kind),
		INK_NAME);
	if (report->kind == REPORT_FOLLOWUP)
		ink_sayf(ink, report->en ? " no. %u" : "(第%u期)", report->number);
	if (report->incident->mode == MODE_EXERCISE)
		report_say(report, "【演练】", " [EXERCISE]");
	if (query_town(report->core)->demonstration)
		report_say(report, "【演示数据】", " [DEMONSTRATION]");
	report_say(report, "\n关于", "\nOn: ");
	(void)ink_text(ink, query_name(report->core, TABLE_GRID, report->incident->grid), INK_NAME);
	report_say(report, "“", ", ");
	title_words(report);
	report_say(report, "”的报告\n\n", "\n\n");
}

static void write_head(struct report *report)
{
	struct ink *ink = &report->ink;
	char id[ID_SIZE];

	write_title(report);
	report_say(report, "报告单位:", "From: ");
	(void)ink_text(ink, query_text(report->core, query_town(report->core)->name), INK_NAME);
	report_say(report, "应急管理办公室\n报告时间:", ", emergency office\nAt: ");
	report_when_full(report, report->now_ms);
	report_say(report, "\n事件编号:", "\nIncident: ");
	(void)ink_text(ink, ids_write(ID_INCIDENT, report->incident->r.number, id), INK_NAME);
	report_say(report, "\n签 发 人:", "\nSigned by: ");
	fact(report, FACT_SIGNER, NULL, NULL);
	report_say(report, "\n联系人及电话:", "\nContact: ");
	contact(report);
	ink_say(ink, "\n\n");
}

/* --- parts ------------------------------------------------------------------------------------------------------------ */

static void part(struct report *report, const char *zh, const char *en)
{
	static const char *const count_zh[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
	uint32_t number = report->part++;

	if (report->en)
		ink_sayf(&report->ink, "%u. %s\n", number + 1, en);
	else
		ink_sayf(&report->ink, "%s、%s\n", count_zh[number < 10 ? number : 9], zh);
}

static void write_what(struct report *report)
{
	part(report, "时间、地点和事件", "When, where, what");
	ink_say(&report->ink, "  ");
	report_when_full(report, report->reported_ms);
	report_say(report, "(接报时间),", " (when it was reported), ");
	place_words(report);
	coordinates(report);
	report_say(report, "发生“", ": ");
	title_words(report);
	report_say(report, "”事件", "");
	end_sentence(report);
}

static void write_source(struct report *report)
{
	part(report, "信息来源", "Source");
	ink_say(&report->ink, "  ");
	report_source_words(report);
	end_sentence(report);
}

static void write_nature(struct report *report, bool required)
{
	const struct incident *incident = report->incident;

	part(report, "起因和性质", "Cause and nature");
	ink_say(&report->ink, "  ");
	fact(report, FACT_CAUSE, required ? NULL : "起因正在核实", "the cause is being looked into");
	if (incident->grade != GRADE_NONE) {
		report_say(report, "。初步判定级别:", ". Grade, for now: ");
		(void)ink_text(&report->ink,
			report->en ? words_of(WORDS_GRADE, incident->grade)
				   : words_zh(WORDS_GRADE, incident->grade),
			INK_NAME);
	}
	end_sentence(report);
}

static void write_harm(struct report *report, bool loss_required, bool since)
{
	part(report, "人员伤亡和财产损失", "Casualties and losses");
	report_say(report, "  人员伤亡:", "  Casualties: ");
	fact(report, FACT_CASUALTIES, NULL, NULL); /* the number always stands there */
	end_sentence(report);
	report_say(report, "  财产损失:", "  Losses: ");
	if (since)
		fact_since(report, FACT_LOSS, loss_required);
	else
		fact(report, FACT_LOSS, loss_required ? NULL : "正在统计", "being counted");
	end_sentence(report);
}

static void write_fact(
	struct report *report, enum fact which, const char *zh, const char *en, bool required, bool since)
{
	part(report, zh, en);
	ink_say(&report->ink, "  ");
	if (since)
		fact_since(report, which, required);
	else
		fact(report, which, required ? NULL : "暂无", "none for now");
	end_sentence(report);
}

/* --- the three ---------------------------------------------------------------------------------------------------------- */

static void write_first(struct report *report)
{
	write_what(report);
	write_source(report);
	write_nature(report, false);
	write_harm(report, false, false);
	write_fact(report, FACT_SCOPE, "影响范围", "Scope", true, false);
	part(report, "基本过程和处置情况", "Course of events and what has been done");
	report_write_course(report, 0);
	report_write_response(report);
	report_write_now(report);
	write_fact(report, FACT_TREND, "发展趋势", "Trend", true, false);
	write_fact(report, FACT_MEASURES, "拟采取的措施和下一步工作", "What comes next", true, false);
	write_fact(report, FACT_REQUEST, "请求支援事项", "What is asked for", false, false);
}

static void write_followup(struct report *report)
{
	part(report, "事件", "The incident");
	ink_say(&report->ink, "  ");
	report_when_full(report, report->reported_ms);
	report_say(report, ",", ", ");
	place_words(report);
	report_say(report, "发生“", ": ");
	title_words(report);
	if (report->since_ms != 0) {
		report_say(report, "”事件,已于", ". Last reported at ");
		report_when(report, report->since_ms);
		report_say(report, "上报。现将此后情况续报如下", ". What has happened since");
	} else {
		report_say(report,
			"”事件。系统中没有初报已报出的记录:", ". No first report is on record as sent: ");
		report_gap(report, "first", "初报");
	}
	end_sentence(report);
	write_harm(report, false, true);
	part(report, "最新处置进展", "What was done since");
	report_write_course(report, report->since_ms);
	report_write_response(report);
	report_write_now(report);
	write_fact(report, FACT_SCOPE, "影响范围", "Scope", false, true);
	write_fact(report, FACT_TREND, "发展趋势", "Trend", true, true);
	write_fact(report, FACT_MEASURES, "下一步措施", "What comes next", true, true);
	write_fact(report, FACT_REQUEST, "请求支援事项", "What is asked for", false, false);
}

/* As the clock on the wall shows both: whole minutes. */
static void span_words(struct report *report, int64_t from_ms, int64_t to_ms)
{
	int64_t minutes = to_ms / 60000 - from_ms / 60000;

	if (report->en)
		ink_sayf(&report->ink, "%lld h %lld min", (long long)(minutes / 60),
			(long long)(minutes % 60));
	else if (minutes >= 60)
		ink_sayf(
			&report->ink, "%lld小时%lld分", (long long)(minutes / 60), (long long)(minutes % 60));
	else
		ink_sayf(&report->ink, "%lld分钟", (long long)minutes);
}

static void write_result(struct report *report)
{
	const struct incident *incident = report->incident;

	part(report, "处置结果", "Result");
	ink_say(&report->ink, "  ");
	if (!query_incident_ended(incident->state)) {
		report_say(report, "事件尚未结案:", "the incident is not closed: ");
		report_gap(report, "end", "结案");
		end_sentence(report);
		return;
	}
	report_when(report, incident->ended_ms);
	report_say(report, "结案,结论:", ", closed as: ");
	(void)ink_text(&report->ink,
		report->en ? words_of(WORDS_DISPOSITION, incident->disposition)
			   : words_zh(WORDS_DISPOSITION, incident->disposition),
		INK_NAME);
	report_say(report, ",自接报历时", ", after ");
	span_words(report, report->reported_ms, incident->ended_ms);
	if (incident->arrived_ms != 0) {
		report_say(report, ";首支力量到场用时", "; the first crew was there after ");
		span_words(report, report->reported_ms, incident->arrived_ms);
	}
	end_sentence(report);
}

/* What has gone upward before. */
static void write_sent(struct report *report)
{
	const struct incident *incident = report->incident;
	uint32_t first = incident->report_count[REPORT_FIRST], more = incident->report_count[REPORT_FOLLOWUP];

	if (first + more == 0)
		return;
	ink_say(&report->ink, "  ");
	if (first > 0) {
		report_say(report, "初报于", "First reported at ");
		report_when(report, incident->report_ms[REPORT_FIRST]);
		report_say(report, "上报", "");
	}
	if (more > 0) {
		ink_sayf(&report->ink, report->en ? "%s%u follow-ups, the last at " : "%s续报%u期,最近一期于",
			first == 0   ? ""
			: report->en ? "; "
				     : ";",
			more);
		report_when(report, incident->report_ms[REPORT_FOLLOWUP]);
		report_say(report, "上报", "");
	}
	end_sentence(report);
}

static void write_final(struct report *report)
{
	write_what(report);
	write_source(report);
	write_nature(report, true);
	write_harm(report, true, false);
	write_fact(report, FACT_SCOPE, "影响范围", "Scope", true, false);
	part(report, "处置经过", "Course of events");
	report_write_course(report, 0);
	report_write_response(report);
	write_result(report);
	write_sent(report);
	write_fact(report, FACT_MEASURES, "善后和后续工作", "What remains to be done", true, false);
	write_fact(report, FACT_LESSONS, "经验教训", "Lessons", true, false);
}

void report_write(struct report *report)
{
	ink_init(&report->ink, false, REPORT_BYTES_MAX, report->now_ms, query_town(report->core)->offset_min);
	report->part = 0;
	write_head(report);
	if (report->kind == REPORT_FIRST)
		write_first(report);
	else if (report->kind == REPORT_FOLLOWUP)
		write_followup(report);
	else
		write_final(report);
}
