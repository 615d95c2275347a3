/* supplied: who loads and who drives, of material that is sent by hand: orders, depots and trucks; see internal.h. */
#include "api/internal.h"

#include "api/tell.h"
#include "api/tell_line.h"

#define SAID(text_) (int)(text_).len, (text_).ptr

enum { ORDERS_SHOWN_MAX = 12 };

/* Another case may be planned first, and take the numbers. */
static bool numbers_are_sure(const struct core *core, uint32_t incident)
{
	for (uint32_t slot = query_town(core)->open_first; slot != 0;) {
		const struct incident *other = query_at(core, TABLE_INCIDENT, slot);

		if (other->agenda != 0 && other->r.number != incident)
			return false;
		slot = other->next;
	}
	return true;
}

static void say_load(
	struct tell *tell, const struct core *core, const struct effects *effects, uint32_t order)
{
	bool more = false;

	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect_supply *supply = &effects->item[i].u.supply;
		const struct stock *stock = effects->item[i].kind == EFFECT_SUPPLY && supply->order == order
						    ? query_at(core, TABLE_STOCK, supply->stock)
						    : NULL;

		if (stock == NULL)
			continue;
		struct text item = query_text(core, stock->item), name = query_text(core, stock->name);
		struct text unit = query_text(core, stock->unit);

		line_en(tell, "%s %.*s x %lld", more ? "," : "", SAID(item), (long long)supply->quantity);
		line_zh(tell, "%s%.*s%lld%.*s", more ? "、" : "", SAID(name), (long long)supply->quantity,
			SAID(unit));
		more = true;
	}
}

/* A truck that is out for the case takes it along. */
static void say_along(struct tell *tell, const struct core *core, uint32_t with)
{
	const struct order *first = query_at(core, TABLE_ORDER, query_slot(core, TABLE_ORDER, with));
	const struct order *carrier = first == NULL ? NULL : query_carrier(core, first);

	if (carrier == NULL)
		return;
	struct line_name truck = line_name(
		query_id(core, TABLE_UNIT, carrier->who), query_name(core, TABLE_UNIT, carrier->who));
	char memory[ID_SIZE];
	struct text id = ids_write(ID_ORDER, carrier->r.number, memory);

	line_en(tell, ", goes along with %.*s (%.*s)", truck.len, truck.text, SAID(id));
	line_zh(tell, ",由%.*s(%.*s)一并运送", truck.len, truck.text, SAID(id));
}

static void say_order(struct tell *tell, const struct core *core, const struct effects *effects,
	const struct effect_order *order, bool sure)
{
	bool loads = order->target == TARGET_DEPOT;
	enum table table = loads ? TABLE_DEPOT : TABLE_UNIT;
	struct line_name who =
		line_name(query_id(core, table, order->who), query_name(core, table, order->who));
	char memory[ID_SIZE];
	struct text id = sure ? ids_write(ID_ORDER, order->number, memory) : (struct text){"", 0};

	line_en(tell, "; %.*s%s%.*s %s", SAID(id), sure ? ": " : "", who.len, who.text,
		loads ? "loads" : "fetches it and brings it");
	line_zh(tell, ";%.*s%s%.*s%s", SAID(id), sure ? ":" : "", who.len, who.text,
		loads ? "备货" : "提货送达");
	if (!loads)
		return;
	say_load(tell, core, effects, order->number);
	if (order->depot_order != 0)
		say_along(tell, core, order->depot_order);
}

/* Of material: who loads it, who fetches it; not a crew that the plan sends besides. */
static bool is_about(const struct effect *effect, uint32_t incident)
{
	const struct effect_order *order = &effect->u.order;

	return effect->kind == EFFECT_ORDER && order->incident == incident &&
	       order->target != TARGET_DEVICE && (order->target != TARGET_UNIT || order->depot_order != 0);
}

void put_supplied(struct page *page, struct tell *tell, uint32_t incident, const struct effects *done,
	const struct effects *plan)
{
	const struct effects *both[] = {done, plan};
	bool sure = numbers_are_sure(page->core, incident);
	uint32_t count = 0;

	put_key(page, "orders");
	json_open_array(&page->out);
	for (uint32_t part = 0; part < 2; part++)
		for (uint32_t i = 0; i < both[part]->count; i++) {
			const struct effect_order *order = &both[part]->item[i].u.order;
			char memory[ID_SIZE];

			if (!is_about(&both[part]->item[i], incident))
				continue;
			if (part == 0 || sure)
				json_write_text(&page->out, ids_write(ID_ORDER, order->number, memory));
			if (count++ < ORDERS_SHOWN_MAX)
				say_order(tell, page->core, both[part], order, part == 0 || sure);
		}
	json_close_array(&page->out);
	if (count > ORDERS_SHOWN_MAX) {
		line_en(tell, "; and %u more: see order list", count - ORDERS_SHOWN_MAX);
		line_zh(tell, ";另有%u条派遣,见 order list", count - ORDERS_SHOWN_MAX);
	}
	if (count == 0) {
		line_en(tell, "; no depot or truck has it yet: see order list");
		line_zh(tell, ";尚未落实仓库和车辆,见 order list");
	} else if (!sure) {
		line_en(tell, "; the numbers of the orders: order list");
		line_zh(tell, ";派遣编号见 order list");
	}
}
