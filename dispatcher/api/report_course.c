/* report_course: the course of events and who is there now, worded for a report upward. */
#include "api/report.h"

enum { NAMES_MAX = 12, CREWS_MAX = 512, ALIKE = 3, NEEDS_MAX = 64, MINUTE_MS = 60000 };

/* --- crews, the like of them as one ---------------------------------------------------------------------- */

struct crews {
	const struct unit *unit[CREWS_MAX];
	uint32_t count, persons;
};

static void crews_add_unit(struct crews *crews, const struct unit *unit)
{
	for (uint32_t i = 0; i < crews->count; i++)
		if (crews->unit[i] == unit)
			return;
	if (unit == NULL || crews->count == CREWS_MAX)
		return;
	crews->unit[crews->count++] = unit;
	crews->persons += unit->members;
}

static void crews_add(struct crews *crews, const struct core *core, const struct order *order)
{
	if (order != NULL && order->target == TARGET_UNIT)
		crews_add_unit(crews, query_at(core, TABLE_UNIT, order->who));
}

static void crews_add_entry(struct crews *crews, const struct core *core, const struct report_entry *entry)
{
	if (entry->unit != 0)
		crews_add_unit(crews, query_at(core, TABLE_UNIT, entry->unit));
	else
		crews_add(crews, core, query_at(core, TABLE_ORDER, entry->slot));
}

/* How many of that kind there are, and their persons; *first: none of them stands before `at`. */
static uint32_t of_kind(const struct crews *crews, uint32_t at, uint32_t *persons, bool *first)
{
	uint32_t count = 0;

	*first = true;
	*persons = 0;
	for (uint32_t i = 0; i < crews->count; i++) {
		if (crews->unit[i]->kind != crews->unit[at]->kind)
			continue;
		count++;
		*persons += crews->unit[i]->members;
		*first = *first && i >= at;
	}
	return count;
}

static void kind_words(struct report *report, const struct unit *unit, uint32_t count, uint32_t persons)
{
	struct text kind = query_text(report->core, unit->kind);

	(void)ink_text(&report->ink, report->en ? kind : words_town_zh(kind), INK_NAME);
	if (report->en)
		ink_sayf(&report->ink, " x %u (%u persons)", count, persons);
	else if (count == persons)
		ink_sayf(&report->ink, "%u人", persons);
	else
		ink_sayf(&report->ink, "%u支(%u人)", count, persons);
}

static void unit_words(struct report *report, const struct unit *unit)
{
	(void)ink_text(&report->ink, query_text(report->core, unit->name), INK_NAME);
	if (unit->members > 0)
		ink_sayf(&report->ink, report->en ? " (%u persons)" : "(%u人)", unit->members);
}

static void crews_words(struct report *report, const struct crews *crews)
{
	uint32_t written = 0;

	for (uint32_t i = 0; i < crews->count && written < NAMES_MAX; i++) {
		uint32_t persons, count;
		bool first;

		count = of_kind(crews, i, &persons, &first);
		if (count >= ALIKE && !first)
			continue;
		if (written++ > 0)
			report_say(report, "、", ", ");
		if (count >= ALIKE)
			kind_words(report, crews->unit[i], count, persons);
		else
			unit_words(report, crews->unit[i]);
	}
	if (written == NAMES_MAX)
		ink_sayf(&report->ink, report->en ? ", %u crews in all" : "等%u支", crews->count);
}

static void goods_words(struct report *report, const struct order *order)
{
	bool any = false;

	(void)ink_text(&report->ink, query_name(report->core, TABLE_DEPOT, order->who), INK_NAME);
	report_say(report, "的", ": ");
	for (uint32_t slot = order->first_supply; slot != 0;) {
		const struct supply *supply = query_at(report->core, TABLE_SUPPLY, slot);
		const struct stock *stock = query_at(report->core, TABLE_STOCK, supply->stock);

		if (any)
			report_say(report, "、", ", ");
		any = true;
		(void)ink_text(
			&report->ink, query_text(report->core, stock == NULL ? 0 : stock->name), INK_NAME);
		ink_sayf(&report->ink, report->en ? " x %lld" : "%lld", (long long)supply->quantity);
		if (!report->en)
			(void)ink_text(&report->ink,
				query_text(report->core, stock == NULL ? 0 : stock->unit), INK_NAME);
		slot = supply->next;
	}
}

static void device_words(struct report *report, const struct order *order)
{
	struct text action = query_text(report->core, order->action);

	(void)ink_text(&report->ink, query_name(report->core, TABLE_DEVICE, order->who), INK_NAME);
	ink_say(&report->ink, report->en ? " (" : "(");
	(void)ink_text(&report->ink, report->en ? action : words_town_zh(action), INK_NAME);
	ink_say(&report->ink, ")");
}

/* --- one line -------------------------------------------------------------------------------------------------- */

/* Who signed: a person's id with the name before it, anything else as it was given. */
static void person_words(struct report *report, struct text by)
{
	struct text name = query_name(report->core, TABLE_PERSON, query_find(report->core, TABLE_PERSON, by));

	(void)ink_text(&report->ink, name, INK_NAME);
	if (name.len > 0)
		ink_say(&report->ink, " ");
	(void)ink_text(&report->ink, by, INK_NAME);
}

static void done_words(struct report *report)
{
	struct text by = query_text(report->core, report->incident->done_by);

	report_say(report, "现场处置完毕", "the work at the scene was done");
	if (by.len == 0)
		return;
	report_say(report, "(报告人:", ", reported by ");
	person_words(report, by);
	report_say(report, ")", "");
}

static void verified_words(struct report *report)
{
	struct text by = report->incident->verified_by != 0
				 ? query_text(report->core, report->incident->verified_by)
				 : report->verified_by;

	report_say(report, "核查确认", "verified");
	if (by.len == 0)
		return;
	report_say(report, "(核查人:", " by ");
	person_words(report, by);
	report_say(report, ")", "");
}

static void ended_words(struct report *report)
{
	report_say(report, "结案", "closed");
	if (report->incident->disposition == DISPOSITION_NONE)
		return;
	report_say(report, ":", ": ");
	(void)ink_text(&report->ink,
		report->en ? words_of(WORDS_DISPOSITION, report->incident->disposition)
			   : words_zh(WORDS_DISPOSITION, report->incident->disposition),
		INK_NAME);
}

/* What the first of a group begins with. */
static void verb(struct report *report, const struct report_entry *entry)
{
	switch (entry->kind) {
	case ENTRY_MERGED:
		report_say(report,
			"同一事件的重复报告并入:", "reported as cases of their own, merged into this: ");
		break;
	case ENTRY_LEVEL:
		report_say(report, "警情升至", "raised to alarm level ");
		break;
	case ENTRY_DEVICE:
		report_say(report, "启用设备", "devices used: ");
		break;
	case ENTRY_SENT:
		report_say(report, "派出", "sent: ");
		break;
	case ENTRY_THERE:
		report_say(report, "出动(派遣、到场时间未记录):", "sent, at times not written down: ");
		break;
	case ENTRY_GOODS:
		report_say(report, "调用", "material called for, ");
		break;
	case ENTRY_FAILED:
		report_say(report, "核查未通过:", "verification failed: ");
		break;
	case ENTRY_REOPENED:
		report_say(report, "重新处置:", "reopened: ");
		break;
	case ENTRY_ARRIVED:
		report_say(report, "", "arrived: ");
		break;
	case ENTRY_FINISHED:
		report_say(report, "", "finished: ");
		break;
	default:
		break;
	}
}

static void words(struct report *report, const struct report_entry *entry)
{
	const struct order *order = query_at(report->core, TABLE_ORDER, entry->slot);

	switch (entry->kind) {
	case ENTRY_REPORTED:
		report_reported_words(report, entry->slot);
		break;
	case ENTRY_MERGED:
		report_case_words(report, entry->slot);
		break;
	case ENTRY_RESPONSE:
		report_level_words(report, entry->slot);
		break;
	case ENTRY_LEVEL:
		ink_sayf(&report->ink, report->en ? "%u" : "%u级", entry->slot);
		break;
	case ENTRY_DEVICE:
		device_words(report, order);
		break;
	case ENTRY_GOODS:
		goods_words(report, order);
		break;
	case ENTRY_DONE:
		done_words(report);
		break;
	case ENTRY_VERIFIED:
		verified_words(report);
		break;
	case ENTRY_ENDED:
		ended_words(report);
		break;
	default:
		(void)ink_text(&report->ink, entry->text, INK_TOLD);
	}
}

/* How many entries from `first` on are told in one breath. */
static uint32_t group_of(const struct report *report, uint32_t first)
{
	uint32_t end = first + 1;

	while (end < report->entry_count && report->entry[end].kind == report->entry[first].kind &&
		report->entry[end].at_ms / MINUTE_MS == report->entry[first].at_ms / MINUTE_MS)
		end++;
	return end - first;
}

static void write_things(struct report *report, const struct report_entry *entry, uint32_t count)
{
	for (uint32_t i = 0; i < count && i < NAMES_MAX; i++) {
		if (i > 0)
			report_say(report, "、", ", ");
		words(report, &entry[i]);
	}
	if (count > NAMES_MAX)
		ink_sayf(&report->ink, report->en ? ", %u in all" : "等%u项", count);
}

static void write_crews(struct report *report, const struct report_entry *entry, uint32_t count)
{
	struct crews crews = {.count = 0};

	for (uint32_t i = 0; i < count; i++)
		crews_add_entry(&crews, report->core, &entry[i]);
	if (crews.count == 0)
		report_say(report, "力量(未记名称)", "crews that are not named");
	crews_words(report, &crews);
}

static void write_group(struct report *report, uint32_t first, uint32_t count)
{
	const struct report_entry *entry = &report->entry[first];

	ink_say(&report->ink, "  ");
	report_when(report, entry->at_ms);
	report_say(report, ",", ", ");
	verb(report, entry);
	if (entry->kind == ENTRY_SENT || entry->kind == ENTRY_ARRIVED || entry->kind == ENTRY_FINISHED ||
		entry->kind == ENTRY_THERE)
		write_crews(report, entry, count);
	else
		write_things(report, entry, count);
	if (entry->kind == ENTRY_ARRIVED)
		report_say(report, "到达现场", "");
	if (entry->kind == ENTRY_FINISHED)
		report_say(report, "完成任务", "");
	report_say(report, "。\n", ".\n");
}

void report_write_course(struct report *report, int64_t since_ms)
{
	uint32_t written = 0;

	for (uint32_t i = 0; i < report->entry_count;) {
		uint32_t count = group_of(report, i);

		if (report->entry[i].at_ms > since_ms) {
			write_group(report, i, count);
			written++;
		}
		i += count;
	}
	if (written == 0)
		report_say(report, "  无新的进展。\n", "  Nothing new.\n");
	if (report->entries_left_out > 0)
		ink_sayf(&report->ink,
			report->en ? "  %u more entries are left out.\n" : "  另有%u条未列出。\n",
			report->entries_left_out);
}

/* --- who is there now ---------------------------------------------------------------------------------------------- */

/* Of the crews that still have their order: those at the scene, or those on the way. */
static uint32_t write_there(struct report *report, bool arrived)
{
	struct query_orders walk = {.incident = report->incident};
	struct crews crews = {.count = 0};
	const struct order *order;

	while ((order = query_orders_next(report->core, &walk)) != NULL)
		if (query_order_live(order->state) && (order->state == ORDER_ARRIVED) == arrived)
			crews_add(&crews, report->core, order);
	if (crews.count == 0)
		return 0;
	report_say(report, arrived ? "现场有" : "赶赴途中有", arrived ? " At the scene: " : " On the way: ");
	crews_words(report, &crews);
	report_say(report, ";", ".");
	return crews.count;
}

/* All that ever came, or are coming. */
static void write_sum(struct report *report)
{
	struct crews crews = {.count = 0};

	for (uint32_t i = 0; i < report->entry_count; i++)
		if (report->entry[i].kind == ENTRY_SENT || report->entry[i].kind == ENTRY_THERE ||
			report->entry[i].kind == ENTRY_ARRIVED)
			crews_add_entry(&crews, report->core, &report->entry[i]);
	if (crews.count > 0)
		ink_sayf(&report->ink,
			report->en ? " %u crews with %u persons were sent in all." : "累计出动%u支力量%u人;",
			crews.count, crews.persons);
}

static void skills_words(struct report *report, uint64_t skills)
{
	bool any = false;

	for (uint32_t bit = 0; bit < 64 && skills >> bit != 0; bit++) {
		struct text skill = query_skill(report->core, bit);

		if ((skills >> bit & 1) == 0)
			continue;
		if (any)
			ink_say(&report->ink, "+");
		any = ink_text(&report->ink, report->en ? skill : words_town_zh(skill), INK_NAME);
	}
}

static struct text item_name(const struct core *core, uint32_t item)
{
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_STOCK); slot++) {
		const struct stock *stock = query_at(core, TABLE_STOCK, slot);

		if (stock != NULL && stock->item == item)
			return query_text(core, stock->name);
	}
	return query_text(core, item);
}

static bool same_need(const struct need *a, const struct need *b)
{
	return a->kind == b->kind && (a->kind == STEP_SUPPLY ? a->item == b->item : a->skills == b->skills);
}

/* What is short, the like of it added up; returns how many there are. */
static uint32_t gather_missing(const struct report *report, struct need missing[NEEDS_MAX])
{
	uint32_t count = 0;

	for (uint32_t slot = report->incident->first_need; slot != 0;) {
		const struct need *need = query_at(report->core, TABLE_NEED, slot);
		uint32_t at = 0;

		slot = need->next;
		if (need->state != NEED_OPEN || need->missing == 0)
			continue;
		while (at < count && !same_need(&missing[at], need))
			at++;
		if (at < count)
			missing[at].missing += need->missing;
		else if (count < NEEDS_MAX)
			missing[count++] = *need;
	}
	return count;
}

static void write_missing(struct report *report)
{
	struct need missing[NEEDS_MAX];
	uint32_t count = gather_missing(report, missing);

	for (uint32_t i = 0; i < count && i < NAMES_MAX; i++) {
		if (i == 0)
			report_say(report, "尚缺", " Still missing: ");
		else
			report_say(report, "、", ", ");
		if (missing[i].kind == STEP_SUPPLY)
			(void)ink_text(&report->ink, item_name(report->core, missing[i].item), INK_NAME);
		else
			skills_words(report, missing[i].skills);
		ink_sayf(&report->ink, report->en ? " x %u" : "×%u", missing[i].missing);
	}
	if (count > 0)
		report_say(report, ",正在继续调派;", ", being looked for.");
}

void report_write_now(struct report *report)
{
	const struct report_told *told = &report->notices;
	uint32_t there;

	report_say(report, "  目前,", "  Now:");
	write_sum(report);
	there = write_there(report, true);
	there += write_there(report, false);
	if (there == 0 && report->incident->paper == PAPER_BROUGHT_IN && report->incident->done_ms == 0 &&
		!query_incident_ended(report->incident->state))
		report_say(report, "纸上派出的力量以现场报告为准;",
			" crews that were sent on paper are as the scene reports.");
	else if (there == 0)
		report_say(report, "无力量在现场或途中;", " nobody is at the scene or on the way.");
	write_missing(report);
	if (told->persons > 0) {
		ink_sayf(&report->ink,
			report->en ? " %u notices were given, %u answered, %u not reached."
				   : "已通知有关人员%u人次,其中%u人次已应答、%u人次未联系上;",
			told->persons, told->answered, told->unreached);
	}
	report_say(report, "事件状态:", " State: ");
	(void)ink_text(&report->ink,
		report->en ? words_of(WORDS_INCIDENT_STATE, report->incident->state)
			   : words_zh(WORDS_INCIDENT_STATE, report->incident->state),
		INK_NAME);
	report_say(report, "。\n", ".\n");
}
