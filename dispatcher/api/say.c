/* say: what the officer reads out on the telephone: what happened, where, and what is asked of the one who is called. */
#include "api/internal.h"

#include <stdlib.h>
#include <string.h>

#include "api/say_notice.h"
#include "api/tell.h"
#include "api/tell_line.h"
#include "api/told.h"
#include "core/standing.h"
#include "wire/utf8.h"

#define SAID(text_) (int)(text_).len, (text_).ptr

static const void *record_of(const struct core *core, enum table table, uint32_t number)
{
	uint32_t slot = number == 0 ? 0 : query_slot(core, table, number);

	return slot == 0 ? NULL : query_at(core, table, slot);
}

/* --- where it is ------------------------------------------------------------------------------------- */

static int64_t far_apart(const struct place *a, const struct place *b)
{
	int64_t sum = 0;

	for (int i = 0; i < 3; i++) {
		int64_t by = (a->ecef_mm[i] - b->ecef_mm[i]) / 1000; /* m, lest the square overflows */

		sum += by * by;
	}
	return sum;
}

/* The device that raised it, else the nearest registered one. */
static uint32_t device_near(const struct core *core, const struct incident *incident)
{
	uint32_t best = incident->device;
	int64_t best_far = INT64_MAX;

	for (uint32_t slot = 1; best_far > 0 && slot <= query_used(core, TABLE_DEVICE); slot++) {
		const struct device *device = query_at(core, TABLE_DEVICE, slot);
		int64_t far;

		if (incident->device != 0 || device == NULL || device->retired)
			continue;
		far = far_apart(&device->place, &incident->place);
		if (far < best_far) {
			best_far = far;
			best = slot;
		}
	}
	return best;
}

static void say_degrees(struct tell *out, const char *en, const char *zh, int32_t e7)
{
	int64_t e5 = ((e7 < 0 ? -(int64_t)e7 : e7) + 50) / 100;
	const char *sign = e7 < 0 ? "-" : "";

	line_en(out, "%s%s%lld.%05lld", en, sign, (long long)(e5 / 100000), (long long)(e5 % 100000));
	line_zh(out, "%s%s%lld.%05lld", zh, sign, (long long)(e5 / 100000), (long long)(e5 % 100000));
}

static bool same(struct text a, struct text b)
{
	return a.len == b.len && a.len > 0 && memcmp(a.ptr, b.ptr, a.len) == 0;
}

static bool ends_in(struct text whole, struct text end)
{
	return whole.len >= end.len && memcmp(whole.ptr + whole.len - end.len, end.ptr, end.len) == 0;
}

static void say_where(
	struct tell *out, const struct core *core, const struct incident *incident, struct text where)
{
	struct text grid = query_name(core, TABLE_GRID, incident->grid);
	uint32_t device = device_near(core, incident);
	struct text near = query_name(core, TABLE_DEVICE, device);

	if (same(where, grid) || same(where, query_id(core, TABLE_GRID, incident->grid)) || same(where, near))
		where.len = 0; /* said below, by its name */
	line_en(out, " Where: %.*s%sgrid %.*s", SAID(where), where.len > 0 ? ", " : "", SAID(grid));
	line_zh(out, "地点:%.*s%s%s%.*s", SAID(where), where.len > 0 ? "," : "",
		ends_in(grid, TEXT("网格")) ? "" : "网格", SAID(grid));
	say_degrees(out, ", lon ", ",东经", incident->place.lon_e7);
	say_degrees(out, ", lat ", ",北纬", incident->place.lat_e7);
	if (near.len > 0 && incident->device != 0) {
		line_en(out, ", seen by %.*s", SAID(near));
		line_zh(out, ",报警点%.*s", SAID(near));
	} else if (near.len > 0) {
		line_en(out, ", nearest device %.*s", SAID(near));
		line_zh(out, ",最近设备%.*s", SAID(near));
	}
	line_en(out, ".");
	line_zh(out, "。");
}

/* --- what is asked ----------------------------------------------------------------------------------- */

/* What is to be loaded: for the keeper, and for whoever fetches it. */
static void say_items(struct tell *out, const struct core *core, const struct order *loading, bool more)
{
	for (uint32_t slot = loading->first_supply; slot != 0;) {
		const struct supply *supply = query_at(core, TABLE_SUPPLY, slot);
		const struct stock *stock = query_at(core, TABLE_STOCK, supply->stock);
		struct text name = query_text(core, stock == NULL ? 0 : stock->name);
		struct text item = query_text(core, stock == NULL ? 0 : stock->item);
		struct text unit = query_text(core, stock == NULL ? 0 : stock->unit);
		const char *comma = more ? "、" : "";

		line_en(out, "%s %.*s x %lld", more ? "," : "", SAID(item), (long long)supply->quantity);
		line_zh(out, "%s%.*s×%lld%.*s", comma, SAID(name), (long long)supply->quantity, SAID(unit));
		more = true;
		slot = supply->next;
	}
}

/* All that goes on one truck: of what its depot did not refuse. */
static void say_load(struct tell *out, const struct core *core, const struct order *first)
{
	bool more = false;

	for (const struct order *with = first; with != NULL; with = query_load(core, first, with)) {
		if (!query_order_live(with->state) && with->state != ORDER_DONE)
			continue;
		say_items(out, core, with, more);
		more = true;
	}
}

static void say_order(struct tell *out, const struct core *core, const struct order *order)
{
	const struct order *loading = record_of(core, TABLE_ORDER, order->depot_order);
	struct text what = query_text(core, order->task);

	bool over = order->state == ORDER_RECALLED || order->state == ORDER_EXPIRED;

	if (over && order->target == TARGET_DEPOT) {
		line_en(out, " This order is WITHDRAWN: nothing is to be loaded. Please confirm.");
		line_zh(out, "本次备货已撤销:不必装车,请确认知悉。");
		return;
	}
	if (over) {
		line_en(out, " This order is RECALLED: stop and go back. Please confirm.");
		line_zh(out, "本次派遣已撤回:请停止前往并返回,请确认知悉。");
		return;
	}
	if (order->target == TARGET_DEPOT) {
		line_en(out, " Get ready:");
		line_zh(out, "请备货:");
		say_items(out, core, order, false);
	} else if (loading != NULL) {
		struct text depot = query_name(core, TABLE_DEPOT, loading->who);
		struct text id = query_id(core, TABLE_DEPOT, loading->who);

		line_en(out, " Fetch from %.*s (%.*s):", SAID(depot), SAID(id));
		line_zh(out, "请先到%.*s(%.*s)提货:", SAID(depot), SAID(id));
		say_load(out, core, loading);
		line_en(out, ", and take it to where it happened");
		line_zh(out, ",再送往上述地点");
	} else {
		struct text zh = query_word_zh(what);

		line_en(out, " Order: %.*s", SAID(what));
		line_zh(out, "派遣任务:%.*s", SAID(zh));
	}
	line_en(out, ". Accept or decline.");
	line_zh(out, "。请答复接受或谢绝。");
}

static void say_report(struct tell *out, const struct core *core, const struct told *report)
{
	if (report->text.len > 0) {
		line_en(out, " Reported: %.*s.", SAID(report->text));
		line_zh(out, "情况:%.*s。", SAID(report->text));
	}
	if (report->caller.len + report->phone.len > 0) {
		struct line_name caller = line_who(core, report->caller);

		line_en(out, " Caller: %.*s %.*s.", caller.len, caller.text, SAID(report->phone));
		line_zh(out, "报告人:%.*s %.*s。", caller.len, caller.text, SAID(report->phone));
	}
}

/* That a response level is in force; or that one is over, to somebody whom the one after it does not concern. */
static void say_level(struct tell *out, const struct core *core, const struct notice *notice)
{
	bool waits = notice->state == NOTICE_PENDING;
	uint32_t level = waits ? query_town(core)->response_level : notice->level;
	struct text now = words_of(WORDS_RESPONSE, level), now_zh = words_zh(WORDS_RESPONSE, level);
	struct text over = words_of(WORDS_RESPONSE, notice->over),
		    over_zh = words_zh(WORDS_RESPONSE, notice->over);

	if (notice->over == 0) {
		line_en(out,
			"The town's emergency response is now at level %.*s. Please stand by, and answer.",
			SAID(now));
		line_zh(out, "本镇应急响应现为:%.*s。请立即到岗待命,并答复。", SAID(now_zh));
		return;
	}
	line_en(out, "The town's emergency response at level %.*s IS OVER", SAID(over));
	line_zh(out, "本镇%.*s应急响应已终止", SAID(over_zh));
	if (level != RESPONSE_CLEAR) {
		line_en(out, "; it is now at level %.*s, which does not concern you", SAID(now));
		line_zh(out, ",现为%.*s,不涉及您", SAID(now_zh));
	}
	line_en(out, ". You need not stand by any more. Please answer.");
	line_zh(out, "。您不必继续待命,请答复知悉。");
}

/* The one who is called is told of no incident: of the town's response level, or that the desk is silent. */
static bool say_silence(struct tell *out, const struct core *core, const struct task *task)
{
	const struct notice *notice = record_of(core, TABLE_NOTICE, task->notice);

	if (notice != NULL && notice->step == STEP_RESPONSE) {
		say_level(out, core, notice);
		return true;
	}
	if (notice == NULL || notice->step != STEP_DESK)
		return false;
	line_en(out, "NOBODY ANSWERS AT THE DUTY DESK. Please come to the desk, or send somebody. ");
	line_zh(out, "值班台无人应答,请立即到值班台或派人查看。");
	return true;
}

void words_to_say(struct tell *out, const struct core *core, struct api *api, const struct task *task)
{
	uint32_t number =
		query_goes_on(core, task->incident); /* one that was merged speaks as the case that goes on */
	const struct incident *incident = record_of(core, TABLE_INCIDENT, number);
	const struct order *order = record_of(core, TABLE_ORDER, task->order);
	const struct notice *notice = record_of(core, TABLE_NOTICE, task->notice);
	struct text title = query_text(core, incident == NULL ? 0 : incident->title);
	struct text title_zh = query_word_zh(title);
	const struct told *report =
		told_of(api, task->state == TASK_OPEN || task->state == TASK_TAKEN ? number : 0);
	char memory[ID_SIZE];
	struct text id = ids_write(ID_INCIDENT, number, memory);

	out->en_len = out->zh_len = 0;
	if (say_silence(out, core, task) && incident == NULL) {
		say_number(out, core, task);
		return;
	}
	line_en(out, "Incident %.*s, %.*s.", SAID(id), SAID(title));
	line_zh(out, "事件%.*s,%.*s。", SAID(id), SAID(title_zh));
	say_report(out, core, report);
	if (incident != NULL)
		say_where(out, core, incident, report->where);
	if (order != NULL)
		say_order(out, core, order);
	else if (notice != NULL)
		say_notice(out, core, notice);
	say_number(out, core, task);
}

void put_words_to_say(struct page *page, struct api *api, const struct task *task)
{
	struct tell out;

	words_to_say(&out, page->core, api, task);
	put_text(page, "text", (struct text){out.en, out.en_len});
	put_text(page, "text_zh", (struct text){out.zh, out.zh_len});
}
