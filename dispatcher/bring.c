/* bring: what another daemon decided that is not in force here: alarms and calls as new events, the rest as a fact for people. */
#include "bring.h"

#include <stdio.h>
#include <string.h>

#include "core/query.h"
#include "shell/say.h"
#include "shell/stray_text.h"

enum { ROWS = 2 };

/* What came from outside and has an answer that may have been given: an alarm that is known is a duplicate. */
static bool comes_again(uint32_t kind)
{
	return kind == EVENT_ALARM || kind == EVENT_OPEN || kind == EVENT_PAPER;
}

/* What says itself anew: clocks, links, terminals' positions and states, files. */
static bool goes_without_saying(uint32_t kind)
{
	switch (kind) {
	case EVENT_CLOCK:
	case EVENT_TOWN:
	case EVENT_GRID:
	case EVENT_PERSON:
	case EVENT_UNIT:
	case EVENT_DEPOT:
	case EVENT_STOCK:
	case EVENT_DEVICE:
	case EVENT_DUTY:
	case EVENT_RETIRE:
	case EVENT_PLAYBOOK:
	case EVENT_PLAN:
	case EVENT_ALARM:
	case EVENT_LEAD:
	case EVENT_ASIDE:
	case EVENT_LINK:
	case EVENT_POSITION:
	case EVENT_STATUS:
	case EVENT_TICK:
		return true;
	default:
		return false;
	}
}

/* What found no room is no news to anybody: it comes again when there is some. */
static bool found_room(const struct effects *effects)
{
	const struct effect *first = &effects->item[0];

	if (effects->count == 0)
		return true;
	if (first->kind == EFFECT_ALARM)
		return first->u.alarm.result != ALARM_REJECTED || first->u.alarm.reject != REJECT_OVERLOADED;
	return first->kind != EFFECT_RESULT || first->u.result.outcome != OUTCOME_FULL;
}

static enum disp_err take(const struct bring *bring, struct event *event)
{
	const struct effects *effects;
	enum disp_err err = shell_take(bring->shell, event, bring->at_ms, &effects);

	return err == DISP_E_FULL || (err == DISP_OK && !found_room(effects)) ? DISP_E_AGAIN : err;
}

/* bytes: of the row. */
static enum disp_err tell(
	const struct bring *bring, const struct event *from, const struct effects *effects, size_t bytes)
{
	struct event event = {.kind = EVENT_ASIDE};
	char id[64], said[STRAY_TEXT_BYTES];
	uint32_t orders;
	struct text reason = stray_text(bring->shell->core, from, effects, said, &orders);

	if (orders == 0 && goes_without_saying(from->kind))
		return DISP_OK;
	int len = snprintf(id, sizeof id, BRING_ID "%llu-%llu", (unsigned long long)from->epoch,
		(unsigned long long)from->seq);

	event.u.aside = (struct event_aside){.id = {id, (uint32_t)len},
		.act = ASIDE_FOUND,
		.from = ASIDE_OTHER,
		.row = (uint8_t)from->kind,
		.bytes = (uint32_t)bytes,
		.times = 1,
		.reason = reason};
	return take(bring, &event);
}

enum disp_err bring_row(const struct bring *bring, const struct store_row *row)
{
	struct event event;
	enum disp_err err;

	if (!shell_room(bring->shell, ROWS))
		return DISP_E_AGAIN;
	err = row_decode(row->body, row->size, &event, bring->effects, bring->scratch);
	if (err != DISP_OK)
		return err;
	say(SAY_WARNING, "bring.row", "epoch=%llu seq=%llu kind=%.*s", (unsigned long long)row->epoch,
		(unsigned long long)row->seq, (int)words_of(WORDS_EVENT, event.kind).len,
		words_of(WORDS_EVENT, event.kind).ptr);
	err = tell(bring, &event, bring->effects, row->size);
	if (err == DISP_OK && comes_again(event.kind))
		err = take(bring, &event);
	return err;
}
