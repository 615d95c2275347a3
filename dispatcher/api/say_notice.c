/* say_notice: what is said to one who is told of an incident, and whom else to call where there is no number. */
#include "api/say_notice.h"

#include <stddef.h>

#include "api/tell_line.h"
#include "core/query.h"
#include "core/text_pool.h"
#include "wire/ids.h"
#include "wire/time_text.h"

enum { NAMES_MAX = 4, INSTEAD_MAX = 3 };

#define SAID(text_) (int)(text_).len, (text_).ptr

static const void *record_of(const struct core *core, enum table table, uint32_t number)
{
	uint32_t slot = number == 0 ? 0 : query_slot(core, table, number);

	return slot == 0 ? NULL : query_at(core, table, slot);
}

/* --- who was not reached ------------------------------------------------------------------------------ */

static void say_name(struct tell *out, const struct core *core, const struct notice *missing, bool first)
{
	struct text name = query_name(core, TABLE_PERSON, missing->person);
	struct text role = words_who_of(missing->who), role_zh = words_who_zh(missing->who);

	line_en(out, "%s%.*s (%.*s)", first ? " " : ", ", SAID(name), SAID(role));
	line_zh(out, "%s%.*s(%.*s)", first ? "" : "、", SAID(name), SAID(role_zh));
}

/* All whose names have climbed to this notice, and wait there. */
static void say_missing(struct tell *out, const struct core *core, const struct notice *notice)
{
	const struct incident *incident = record_of(core, TABLE_INCIDENT, notice->incident);
	const struct notice *origin = record_of(core, TABLE_NOTICE, notice->climbed);
	uint32_t head = origin == NULL ? notice->r.number : origin->up, count = 0;
	char time[TIME_LOCAL_LEN + 1] = "";

	line_en(out, " NOT REACHED:");
	line_zh(out, "未叫应:");
	for (uint32_t slot = incident == NULL ? 0 : incident->first_notice; slot != 0;) {
		const struct notice *other = query_at(core, TABLE_NOTICE, slot);

		if (other->up == head && other->state == NOTICE_UNREACHED && count++ < NAMES_MAX)
			say_name(out, core, other, count == 1);
		slot = other->next;
	}
	if (count == 0 && origin != NULL)
		say_name(out, core, origin, true);
	if (count > NAMES_MAX) {
		line_en(out, " and %u more", count - NAMES_MAX);
		line_zh(out, "等%u人", count);
	}
	if (origin != NULL) {
		time_format_local(origin->issued_ms, query_town(core)->offset_min, time);
		line_en(out, ", tried %u times since %.*s", origin->told, (int)TIME_LOCAL_LEN, time);
		line_zh(out, ",自%.*s起已叫%u次", (int)TIME_LOCAL_LEN, time, origin->told);
	}
	line_en(out, ". Please see that it is done in their place.");
	line_zh(out, "。请您设法联系或代为处置。");
}

static void say_keeper(struct tell *out, const struct core *core, const struct order *loading)
{
	const struct depot *depot = query_at(core, TABLE_DEPOT, loading->who);
	const struct person *keeper = depot == NULL ? NULL : query_at(core, TABLE_PERSON, depot->keeper);
	struct text place = query_name(core, TABLE_DEPOT, loading->who);
	struct text name = query_text(core, keeper == NULL ? 0 : keeper->name);
	struct text phone = query_text(core, keeper == NULL ? 0 : keeper->phone);

	line_en(out, " The keeper of %.*s, %.*s %.*s, DOES NOT ANSWER. Please see that the depot is opened.",
		SAID(place), SAID(name), SAID(phone));
	line_zh(out, "%.*s保管员%.*s %.*s无人应答,请设法开库备货。", SAID(place), SAID(name), SAID(phone));
}

void say_notice(struct tell *out, const struct core *core, const struct notice *notice)
{
	const struct order *loading = record_of(core, TABLE_ORDER, notice->order);
	const struct incident *incident = record_of(core, TABLE_INCIDENT, notice->incident);
	bool joined = false;

	for (uint32_t slot = incident == NULL ? 0 : incident->first_notice; slot != 0 && !joined;) {
		const struct notice *other = query_at(core, TABLE_NOTICE, slot);

		joined = other->up == notice->r.number && other->state == NOTICE_UNREACHED;
		slot = other->next;
	}
	if (loading != NULL)
		say_keeper(out, core, loading);
	if (notice->climbed != 0 || joined)
		say_missing(out, core, notice);
	line_en(out, " Please answer that you know.");
	line_zh(out, "请答复是否知悉。");
}

/* --- no number ---------------------------------------------------------------------------------------- */

static bool say_instead(struct tell *out, const struct core *core, uint32_t number, uint32_t but, bool first)
{
	const struct person *person = query_at(core, TABLE_PERSON, number);
	struct text phone = query_text(core, person == NULL ? 0 : person->phone);

	if (person == NULL || number == but || person->retired || phone.len == 0)
		return false;
	struct text name = query_text(core, person->name);

	line_en(out, "%s%.*s %.*s", first ? " Call instead: " : ", ", SAID(name), SAID(phone));
	line_zh(out, "%s%.*s %.*s", first ? "请改打:" : "、", SAID(name), SAID(phone));
	return true;
}

/* The others of a crew; else those who work at the same place; else the office. */
static uint32_t instead_of_crew(
	struct tell *out, const struct core *core, const struct order *order, uint32_t but)
{
	const struct unit *unit =
		order == NULL || order->target != TARGET_UNIT ? NULL : query_at(core, TABLE_UNIT, order->who);
	struct text crew = query_text(core, unit == NULL ? 0 : unit->crew);
	uint32_t count = 0;

	for (struct text id = text_next_word(&crew); id.len > 0 && count < INSTEAD_MAX;
		id = text_next_word(&crew))
		count += say_instead(out, core, query_find(core, TABLE_PERSON, id), but, count == 0);
	return count;
}

static uint32_t instead_of_others(struct tell *out, const struct core *core, uint32_t but, bool office)
{
	const struct person *called = query_at(core, TABLE_PERSON, but);
	uint32_t count = 0;

	for (uint32_t slot = 1; slot <= query_used(core, TABLE_PERSON) && count < INSTEAD_MAX; slot++) {
		const struct person *person = query_at(core, TABLE_PERSON, slot);
		bool fits = office ? (person->roles & (WHO_OFFICE | WHO_DUTY_OFFICER)) != 0
				   : called != NULL && called->org != 0 && person->org == called->org;

		if (fits)
			count += say_instead(out, core, slot, but, count == 0);
	}
	return count;
}

void say_number(struct tell *out, const struct core *core, const struct task *task)
{
	const struct person *person = query_at(core, TABLE_PERSON, task->person);
	const struct order *order = record_of(core, TABLE_ORDER, task->order);

	if (person != NULL && person->phone != 0)
		return;
	line_en(out, person == NULL ? " NOBODY IS NAMED to be called." : " NO NUMBER KNOWN.");
	line_zh(out, person == NULL ? "未登记联系人。" : "无电话号码。");
	if (instead_of_crew(out, core, order, task->person) == 0 &&
		instead_of_others(out, core, task->person, false) == 0 &&
		instead_of_others(out, core, task->person, true) == 0)
		return;
	line_en(out, ".");
	line_zh(out, "。");
}
