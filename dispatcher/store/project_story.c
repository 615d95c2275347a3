/* project_story: what happened in a case, one line of Chinese and one of English an effect; writes incident_event only. */
#include <stdarg.h>
#include <stdio.h>

#include "core/query.h"
#include "store/project_row.h"
#include "wire/ids.h"

/* A printf argument pair for "%.*s". */
#define S(text) (int)(text).len, (text).len > 0 ? (text).ptr : ""

struct story {
	uint32_t incident; /* 0: nothing to tell */
	struct text who;
	char zh[PROJECT_LINE_BYTES], en[PROJECT_LINE_BYTES];
};

/* A number of bytes that ends before `size` and between two characters. */
static uint32_t cut(const char *text, int len, uint32_t size)
{
	uint32_t used = len < 0 ? 0 : (uint32_t)len;

	if (used < size)
		return used;
	used = size - 1;
	while (used > 0 && ((uint8_t)text[used] & 0xc0) == 0x80)
		used--;
	return used;
}

__attribute__((format(printf, 2, 3))) static void line(char *out, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int len = vsnprintf(out, PROJECT_LINE_BYTES, format, arguments);

	va_end(arguments);
	out[cut(out, len, PROJECT_LINE_BYTES)] = '\0';
}

static void tell_alarm(const struct project_rows *rows, const struct effect_alarm *alarm, struct story *story)
{
	struct text source = rows->event.u.alarm.source;
	struct text type = rows->event.u.alarm.type;
	struct text zh = words_zh(WORDS_ALARM_STATE, alarm->state);
	struct text en = words_of(WORDS_ALARM_STATE, alarm->state);

	if (rows->event.kind != EVENT_ALARM || alarm->result != ALARM_ACCEPTED)
		return;
	story->incident = alarm->incident;
	story->who = source;
	line(story->zh, "设备 %.*s 报警 %.*s(%.*s)", S(source), S(type), S(zh));
	line(story->en, "alarm %.*s from %.*s, %.*s", S(type), S(source), S(en));
}

static void tell_incident(
	const struct project_rows *rows, const struct effect_incident *incident, struct story *story)
{
	struct text title = project_name(rows, ROW_NAME_TEXT, incident->title);
	struct text title_zh = query_word_zh(title);
	struct text playbook = project_name(rows, ROW_NAME_PLAYBOOK, incident->playbook);

	story->incident = incident->number;
	line(story->zh, "事件上报:%.*s%s%.*s", S(title_zh), playbook.len > 0 ? ",预案 " : ",没有适用的预案",
		S(playbook));
	line(story->en, "reported: %.*s, %s%.*s", S(title),
		playbook.len > 0 ? "playbook " : "no playbook fits", S(playbook));
}

static void tell_state(
	const struct project_rows *rows, const struct effect_incident_state *state, struct story *story)
{
	struct text zh = words_zh(WORDS_INCIDENT_STATE, state->to);
	struct text en = words_of(WORDS_INCIDENT_STATE, state->to);
	struct text end_zh = words_zh(WORDS_DISPOSITION, state->disposition);
	struct text end_en = words_of(WORDS_DISPOSITION, state->disposition);
	struct text reason =
		rows->event.kind == EVENT_ACT ? rows->event.u.act.reason : (struct text){NULL, 0};
	bool ended = state->disposition != DISPOSITION_NONE;

	story->incident = state->incident;
	line(story->zh, "事件状态:%.*s%s%.*s%s%.*s", S(zh), ended ? ",结果 " : "",
		ended ? (int)end_zh.len : 0, end_zh.ptr, reason.len > 0 ? ",说明:" : "", S(reason));
	line(story->en, "state: %.*s%s%.*s%s%.*s", S(en), ended ? ", " : "", ended ? (int)end_en.len : 0,
		end_en.ptr, reason.len > 0 ? ": " : "", S(reason));
}

static void tell_climb(const struct effect_incident_climb *climb, struct story *story)
{
	struct text zh = words_who_zh(climb->who);
	struct text en = words_who_of(climb->who);
	bool by_hand = climb->deadline >= DEADLINE_COUNT;
	struct text late_zh = words_zh(WORDS_DEADLINE_KIND, by_hand ? 0 : climb->deadline);
	struct text late_en = words_of(WORDS_DEADLINE_KIND, by_hand ? 0 : climb->deadline);

	story->incident = climb->incident;
	if (by_hand) {
		line(story->zh, "人工升级上报至 %.*s", S(zh));
		line(story->en, "escalated by hand to %.*s", S(en));
		return;
	}
	line(story->zh, "%.*s时限已过,上报至 %.*s", S(late_zh), S(zh));
	line(story->en, "%.*s deadline missed, escalated to %.*s", S(late_en), S(en));
}

static void tell_step(const struct effect_step *step, struct story *story)
{
	struct text zh = words_zh(WORDS_STEP_STATE, step->state);
	struct text en = words_of(WORDS_STEP_STATE, step->state);
	struct text why_zh = step->why == WHY_NONE ? TEXT("") : words_zh(WORDS_WHY, step->why);
	struct text why_en = step->why == WHY_NONE ? TEXT("") : words_of(WORDS_WHY, step->why);

	if (step->state != STEP_EFFECTIVE && step->state != STEP_FAILED && step->state != STEP_SKIPPED)
		return;
	story->incident = step->incident;
	line(story->zh, "预案第 %u 步:%.*s %.*s", step->step + 1u, S(zh), S(why_zh));
	line(story->en, "step %u: %.*s %.*s", step->step + 1u, S(en), S(why_en));
}

static void tell_need(
	const struct project_rows *rows, const struct effect_need_state *need, struct story *story)
{
	char id[ID_SIZE];
	struct text what = project_need_text(rows, need->need, id);
	struct text zh = words_zh(WORDS_WHY, need->why);
	struct text en = words_of(WORDS_WHY, need->why);

	if (need->missing == 0)
		return;
	story->incident = need->incident;
	line(story->zh, "缺 %.*s %u:%.*s", S(what), need->missing, S(zh));
	line(story->en, "%u of %.*s missing: %.*s", need->missing, S(what), S(en));
}

static void tell_order(const struct project_rows *rows, const struct effect_order *order, struct story *story)
{
	char id[ID_SIZE];
	char need_id[ID_SIZE];
	struct text number = ids_write(ID_ORDER, order->number, id);
	struct text who = project_who(rows, order->target, order->who);
	struct text need = project_need_text(rows, order->need, need_id);
	long long range_m = order->range_mm / 1000;
	long long travel_s = order->travel_ms / 1000;

	story->incident = order->incident;
	story->who = who;
	line(story->zh, "派遣 %.*s:%.*s,任务 %.*s,距离 %lld 米,约 %lld 秒%s%s", S(number), S(who), S(need),
		range_m, travel_s, order->substitute ? ",替代力量" : "", order->late ? ",预计超时" : "");
	line(story->en, "order %.*s: %.*s for %.*s, %lld m, about %lld s%s%s", S(number), S(who), S(need),
		range_m, travel_s, order->substitute ? ", a substitute" : "",
		order->late ? ", expected late" : "");
}

static void tell_order_state(
	const struct project_rows *rows, const struct effect_order_state *state, struct story *story)
{
	char id[ID_SIZE];
	struct text number = ids_write(ID_ORDER, state->order, id);
	struct text zh = words_zh(WORDS_ORDER_STATE, state->to);
	struct text en = words_of(WORDS_ORDER_STATE, state->to);
	struct text why_zh = state->why == WHY_NONE ? TEXT("") : words_zh(WORDS_WHY, state->why);
	struct text why_en = state->why == WHY_NONE ? TEXT("") : words_of(WORDS_WHY, state->why);
	struct text reason = rows->event.kind == EVENT_ANSWER ? rows->event.u.answer.reason : TEXT("");

	story->incident = state->incident;
	if (rows->event.kind == EVENT_ANSWER)
		story->who = rows->event.by.len > 0 ? rows->event.by : rows->event.u.answer.who;
	if (state->from == state->to && state->why == WHY_NONE) {
		line(story->zh, "派遣 %.*s:已告知承运力量一并提取新增物资", S(number));
		line(story->en, "order %.*s: the crew is told what else to fetch", S(number));
		return;
	}
	line(story->zh, "派遣 %.*s:%.*s %.*s %.*s", S(number), S(zh), S(why_zh), S(reason));
	line(story->en, "order %.*s: %.*s %.*s %.*s", S(number), S(en), S(why_en), S(reason));
}

static void tell_supply(
	const struct project_rows *rows, const struct effect_supply *supply, struct story *story)
{
	struct text depot;
	struct text item;
	long long quantity = supply->quantity;

	project_stock(rows, supply->stock, &depot, &item);
	story->incident = supply->incident;
	story->who = depot;
	line(story->zh, "物资:%.*s %lld,仓库 %.*s", S(item), quantity, S(depot));
	line(story->en, "supplies: %lld of %.*s from %.*s", quantity, S(item), S(depot));
}

static void tell_notice(
	const struct project_rows *rows, const struct effect_notice *notice, struct story *story)
{
	struct text person = project_name(rows, ROW_NAME_PERSON, notice->person);
	struct text zh = words_who_zh(notice->who);
	struct text en = words_who_of(notice->who);

	story->incident = notice->incident;
	story->who = person;
	line(story->zh, "%s通知 %.*s(%.*s),%s", notice->step == STEP_DESK ? "值班台无人应答," : "", S(person),
		S(zh), notice->unit != 0 ? "终端" : "电话");
	line(story->en, "%snotice to %.*s (%.*s) by %s",
		notice->step == STEP_DESK ? "nobody answers at the desk: " : "", S(person), S(en),
		notice->unit != 0 ? "terminal" : "telephone");
}

static void tell_notice_state(
	const struct project_rows *rows, const struct effect_notice_state *state, struct story *story)
{
	char id[ID_SIZE];
	struct text number = ids_write(ID_NOTICE, state->notice, id);
	struct text zh = words_zh(WORDS_NOTICE_STATE, state->to);
	struct text en = words_of(WORDS_NOTICE_STATE, state->to);

	if (state->to != NOTICE_ANSWERED && state->to != NOTICE_UNREACHED)
		return;
	story->incident = state->incident;
	if (rows->event.kind == EVENT_NOTICE_ANSWER)
		story->who = rows->event.u.notice_answer.who;
	line(story->zh, "通知 %.*s:%.*s", S(number), S(zh));
	line(story->en, "notice %.*s: %.*s", S(number), S(en));
}

static void tell_task(const struct project_rows *rows, const struct effect_task *task, struct story *story)
{
	char id[ID_SIZE];
	struct text number = ids_write(ID_TASK, task->number, id);
	struct text person = project_name(rows, ROW_NAME_PERSON, task->person);

	story->incident = task->incident;
	story->who = person;
	line(story->zh, "电话任务 %.*s:致电 %.*s", S(number), S(person));
	line(story->en, "call task %.*s: telephone %.*s", S(number), S(person));
}

static void tell_deadline(const struct effect_deadline *deadline, struct story *story)
{
	struct text zh = words_zh(WORDS_DEADLINE_KIND, deadline->kind);
	struct text en = words_of(WORDS_DEADLINE_KIND, deadline->kind);

	if (deadline->state != DEADLINE_LATE)
		return;
	story->incident = deadline->incident;
	line(story->zh, "%.*s时限已过", S(zh));
	line(story->en, "%.*s deadline missed", S(en));
}

static void tell_level(const struct effect_incident_level *level, struct story *story)
{
	story->incident = level->incident;
	line(story->zh, "升级增援至第 %u 级%s", (unsigned)level->level,
		level->by_sensors != 0 ? "(多个设备确认)" : "");
	line(story->en, "raised to level %u%s", (unsigned)level->level,
		level->by_sensors != 0 ? ", confirmed by several sensors" : "");
}

static void tell_merged(const struct effect_incident_merged *merged, struct story *story)
{
	char id[ID_SIZE];
	struct text into = ids_write(ID_INCIDENT, merged->into, id);

	story->incident = merged->incident;
	if (merged->into == 0) {
		line(story->zh, "从合并的事件中分出");
		line(story->en, "taken out of the merged case");
		return;
	}
	line(story->zh, "并入事件 %.*s", S(into));
	line(story->en, "merged into %.*s", S(into));
}

/* A note changes nothing else, so its words stand at the command's result. */
static void tell_note(
	const struct project_rows *rows, const struct effect_result *result, struct story *story)
{
	if (rows->event.kind != EVENT_ACT || rows->event.u.act.act != ACT_NOTE ||
		result->outcome != OUTCOME_OK)
		return;
	story->incident = rows->event.u.act.incident;
	line(story->zh, "记录:%.*s", S(rows->event.u.act.reason));
	line(story->en, "note: %.*s", S(rows->event.u.act.reason));
}

static void tell_fact(const struct project_rows *rows, const struct effect_fact *fact, struct story *story)
{
	struct text zh = words_zh(WORDS_FACT, fact->fact), en = words_of(WORDS_FACT, fact->fact);
	struct text text = rows->event.kind == EVENT_FACT ? rows->event.u.fact.text : TEXT("");

	story->incident = fact->incident;
	line(story->zh, "%.*s:%.*s", S(zh), S(text));
	line(story->en, "%.*s: %.*s", S(en), S(text));
}

static void tell_report(
	const struct project_rows *rows, const struct effect_report *report, struct story *story)
{
	struct text zh = words_zh(WORDS_REPORT, report->report), en = words_of(WORDS_REPORT, report->report);
	struct text to = rows->event.kind == EVENT_REPORT ? rows->event.u.report.to : TEXT("");

	story->incident = report->incident;
	line(story->zh, "%.*s第 %u 次报送 %.*s", S(zh), report->number, S(to));
	line(story->en, "report %.*s %u sent to %.*s", S(en), report->number, S(to));
}

/* What wanted to be seen stands there already; who saw it does not. */
static void tell_alert(const struct project_rows *rows, const struct effect_alert *alert, struct story *story)
{
	if (alert->to != ALERT_SEEN)
		return;
	story->incident = alert->incident;
	line(story->zh, "提醒已确认:%.*s", S(rows->event.by));
	line(story->en, "alerts seen by %.*s", S(rows->event.by));
}

static void tell_times(
	const struct project_rows *rows, const struct effect_incident_times *times, struct story *story)
{
	story->incident = times->incident;
	line(story->zh, "纸质补录,录入人 %.*s", S(rows->event.by));
	line(story->en, "brought in from paper by %.*s", S(rows->event.by));
}

/* What is done about the case: steps, orders, material, calls. */
static void tell_work(const struct project_rows *rows, const struct effect *effect, struct story *story)
{
	switch (effect->kind) {
	case EFFECT_STEP:
		tell_step(&effect->u.step, story);
		break;
	case EFFECT_NEED_STATE:
		tell_need(rows, &effect->u.need_state, story);
		break;
	case EFFECT_ORDER:
		tell_order(rows, &effect->u.order, story);
		break;
	case EFFECT_ORDER_STATE:
		tell_order_state(rows, &effect->u.order_state, story);
		break;
	case EFFECT_SUPPLY:
		tell_supply(rows, &effect->u.supply, story);
		break;
	case EFFECT_NOTICE:
		tell_notice(rows, &effect->u.notice, story);
		break;
	case EFFECT_NOTICE_STATE:
		tell_notice_state(rows, &effect->u.notice_state, story);
		break;
	case EFFECT_TASK:
		tell_task(rows, &effect->u.task, story);
		break;
	default:
		break;
	}
}

static void tell(const struct project_rows *rows, const struct effect *effect, struct story *story)
{
	switch (effect->kind) {
	case EFFECT_RESULT:
		tell_note(rows, &effect->u.result, story);
		break;
	case EFFECT_ALARM:
		tell_alarm(rows, &effect->u.alarm, story);
		break;
	case EFFECT_INCIDENT:
		tell_incident(rows, &effect->u.incident, story);
		break;
	case EFFECT_INCIDENT_STATE:
		tell_state(rows, &effect->u.incident_state, story);
		break;
	case EFFECT_INCIDENT_LEVEL:
		tell_level(&effect->u.incident_level, story);
		break;
	case EFFECT_INCIDENT_CLIMB:
		tell_climb(&effect->u.incident_climb, story);
		break;
	case EFFECT_INCIDENT_MERGED:
		tell_merged(&effect->u.incident_merged, story);
		break;
	case EFFECT_DEADLINE:
		tell_deadline(&effect->u.deadline, story);
		break;
	case EFFECT_ALERT:
		tell_alert(rows, &effect->u.alert, story);
		break;
	case EFFECT_FACT:
		tell_fact(rows, &effect->u.fact, story);
		break;
	case EFFECT_REPORT:
		tell_report(rows, &effect->u.report, story);
		break;
	case EFFECT_INCIDENT_TIMES:
		tell_times(rows, &effect->u.incident_times, story);
		break;
	default:
		tell_work(rows, effect, story);
		break;
	}
}

/* Without the blanks that empty parts leave at the end. */
static struct text trimmed(const char *text)
{
	uint32_t len = 0;

	while (text[len] != '\0')
		len++;
	while (len > 0 && text[len - 1] == ' ')
		len--;
	return (struct text){text, len};
}

void project_story(struct project_rows *rows, const struct effect *effect, uint32_t n)
{
	struct story story;
	char id[ID_SIZE];
	char seq[24];
	char nth[12];

	story.incident = 0;
	story.who = rows->event.by;
	tell(rows, effect, &story);
	if (story.incident == 0)
		return;
	struct text seq_text = {
		seq, (uint32_t)snprintf(seq, sizeof(seq), "%llu", (unsigned long long)rows->event.seq)};
	struct text n_text = {nth, (uint32_t)snprintf(nth, sizeof(nth), "%u", n)};
	struct fold_row to = fold_row(&rows->fold, PROJECT_TABLE_INCIDENT_EVENT,
		ids_write(ID_INCIDENT, story.incident, id), seq_text, n_text);

	fold_time(&to, INCIDENT_EVENT_at, rows->event.at_ms);
	fold_text(&to, INCIDENT_EVENT_kind, words_of(WORDS_EFFECT, effect->kind));
	fold_text(&to, INCIDENT_EVENT_text_zh, trimmed(story.zh));
	fold_text(&to, INCIDENT_EVENT_text_en, trimmed(story.en));
	fold_text(&to, INCIDENT_EVENT_who, story.who);
}
