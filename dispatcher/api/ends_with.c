/* ends_with: who is out for a case that a person ends, and what becomes of each; see internal.h. */
#include "api/internal.h"

#include "api/tell.h"
#include "api/tell_line.h"

enum { NAMED_MAX = 8 };

#define SAID(text_) (int)(text_).len, (text_).ptr

static bool ends(uint8_t act)
{
	return act == ACT_DONE || act == ACT_CANCEL || act == ACT_REFER || act == ACT_CLOSE ||
	       act == ACT_REJECT;
}

/* It lives; or the plan of the row after has ended it already. */
static bool is_out(const struct order *order, int64_t at_ms)
{
	return order->target == TARGET_UNIT &&
	       (query_order_live(order->state) ||
		       ((order->state == ORDER_RECALLED || order->state == ORDER_DONE) &&
			       order->ended_ms != 0 && order->ended_ms >= at_ms));
}

/* A crew that stands there when the work is said to be done has done it; all others are called back. */
static bool has_done(const struct event *event, const struct order *order)
{
	return event->u.act.act == ACT_DONE && (order->state == ORDER_ARRIVED || order->state == ORDER_DONE);
}

static uint32_t name_them(struct page *page, struct tell *tell, const struct event *event,
	const struct incident *incident, bool done)
{
	struct query_orders walk = {.incident = incident};
	const struct order *order;
	uint32_t count = 0;

	while ((order = query_orders_next(page->core, &walk)) != NULL) {
		char memory[ID_SIZE];
		struct text unit = query_id(page->core, TABLE_UNIT, order->who);
		struct text id = ids_write(ID_ORDER, order->r.number, memory);

		if (!is_out(order, event->at_ms) || has_done(event, order) != done || count++ >= NAMED_MAX)
			continue;
		if (count == 1) {
			line_en(tell, done ? "; on the scene, their orders end as done:" : "; CALLED BACK:");
			line_zh(tell, done ? ";在场力量随事件结束(不撤回):" : ";撤回:");
		}
		line_en(tell, " %.*s (%.*s)", SAID(unit), SAID(id));
		line_zh(tell, "%s%.*s(%.*s)", count == 1 ? "" : "、", SAID(unit), SAID(id));
	}
	if (count > NAMED_MAX) {
		line_en(tell, " and %u more", count - NAMED_MAX);
		line_zh(tell, "等共%u支", count);
	}
	return count;
}

void put_ends_with(struct page *page, struct tell *tell, const struct event *event)
{
	const struct incident *incident = query_at(
		page->core, TABLE_INCIDENT, query_slot(page->core, TABLE_INCIDENT, event->u.act.incident));
	struct query_orders walk = {.incident = incident};
	const struct order *order;

	if (incident == NULL || !ends(event->u.act.act))
		return;
	put_key(page, "ends_with_it");
	json_open_array(&page->out);
	while ((order = query_orders_next(page->core, &walk)) != NULL) {
		if (!is_out(order, event->at_ms))
			continue;
		json_open_object(&page->out);
		put_id(page, "order", ID_ORDER, order->r.number);
		put_thing(page, "who", TABLE_UNIT, order->who);
		put_name(page, "name", TABLE_UNIT, order->who);
		put_word(page, "becomes", WORDS_ORDER_STATE,
			has_done(event, order) ? ORDER_DONE : ORDER_RECALLED);
		json_close_object(&page->out);
	}
	json_close_array(&page->out);
	(void)name_them(page, tell, event, incident, true);
	(void)name_them(page, tell, event, incident, false);
}
