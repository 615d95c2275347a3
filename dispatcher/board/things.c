/* things: what the town has besides its crews, on paper: stock, what is out, silent devices, silences. */
#include "board/internal.h"
#include "wire/ids.h"

/* --- stock ------------------------------------------------------------------------------------------------- */

static void put_stock(struct board *board, const struct stock *stock)
{
	struct ink *ink = &board->ink;
	int64_t left = stock->on_hand - stock->reserved;

	ink_say(ink, left < stock->minimum ? "<li class=\"low\">" : "<li>");
	board_number(board, stock->name, INK_NAME);
	ink_sayf(ink, " <b>%lld</b>", (long long)left);
	board_number(board, stock->unit, INK_NAME);
	if (stock->reserved > 0)
		ink_sayf(ink, " <small>另预留%lld</small>", (long long)stock->reserved);
	if (stock->minimum > 0)
		ink_sayf(ink, " <small>最低%lld</small>", (long long)stock->minimum);
	if (left < stock->minimum)
		ink_say(ink, " <b class=\"late\">不足</b>");
	ink_say(ink, "\n");
}

static uint32_t put_depot(struct board *board, uint32_t number, const struct depot *depot, uint32_t most)
{
	uint32_t count = 0;

	ink_say(&board->ink, "<h4>");
	board_number(board, depot->name, INK_NAME);
	ink_say(&board->ink, " <small>");
	board_id(board, TABLE_DEPOT, number);
	ink_say(&board->ink, "</small> 管理员 ");
	board_person(board, depot->keeper);
	ink_say(&board->ink, "</h4><ul class=\"stock\">");
	for (uint32_t slot = 1; slot <= query_used(board->core, TABLE_STOCK); slot++) {
		const struct stock *stock = query_at(board->core, TABLE_STOCK, slot);

		if (stock == NULL || stock->retired || stock->depot != number)
			continue;
		if (count < most)
			put_stock(board, stock);
		count++;
	}
	ink_say(&board->ink, "</ul>\n");
	ink_left_out(&board->ink, count > most ? count - most : 0);
	return count < most ? count : most;
}

void board_stock(struct board *board)
{
	uint32_t left = BOARD_STOCK_MAX;

	ink_heading(&board->ink, "物资(可用数)", "stock that is free", -1);
	for (uint32_t slot = 1; slot <= query_used(board->core, TABLE_DEPOT); slot++) {
		const struct depot *depot = query_at(board->core, TABLE_DEPOT, slot);

		if (depot != NULL && !depot->retired)
			left -= put_depot(board, slot, depot, left);
	}
}

/* order 0: issued by hand. */
static void put_out(struct board *board, uint32_t stock_number, int64_t quantity, uint32_t state,
	uint32_t incident, uint32_t order)
{
	const struct stock *stock = query_at(board->core, TABLE_STOCK, stock_number);
	struct ink *ink = &board->ink;
	char id[ID_SIZE];

	ink_row(ink);
	ink_cell(ink);
	board_number(board, stock == NULL ? 0 : stock->name, INK_NAME);
	ink_sayf(ink, " ×%lld ", (long long)quantity);
	board_number(board, stock == NULL ? 0 : stock->unit, INK_NAME);
	ink_cell(ink);
	board_name(board, TABLE_DEPOT, stock == NULL ? 0 : stock->depot);
	ink_cell(ink);
	board_word(board, WORDS_SUPPLY_STATE, state);
	ink_cell(ink);
	board_incident_id(board, incident);
	ink_cell(ink);
	if (order == 0)
		ink_say(ink, "手工出库");
	else
		ink_text_or_dash(ink, ids_write(ID_ORDER, order, id), INK_NAME);
	ink_row_end(ink);
}

void board_goods_out(struct board *board)
{
	static const char *const column[] = {
		"物资|what", "仓库|depot", "状态|state", "事件|incident", "派单|order", NULL};
	uint32_t count = 0;

	ink_heading(&board->ink, "已出库或预留未还", "issued or reserved, not returned", -1);
	for (uint32_t slot = 1; slot <= query_used(board->core, TABLE_SUPPLY); slot++) {
		const struct supply *supply = query_at(board->core, TABLE_SUPPLY, slot);

		if (supply == NULL || (supply->state != SUPPLY_ISSUED && supply->state != SUPPLY_RESERVED))
			continue;
		if (count == 0)
			ink_table(&board->ink, "out", column);
		if (count < BOARD_LIST_MAX)
			put_out(board, supply->stock, supply->quantity, supply->state, supply->incident,
				supply->order);
		count++;
	}
	for (uint32_t i = 0; i < HAND_OUT_MAX; i++) {
		const struct hand_out *out = &query_town(board->core)->hand_out[i];

		if (out->quantity == 0)
			continue;
		if (count == 0)
			ink_table(&board->ink, "out", column);
		if (count < BOARD_LIST_MAX)
			put_out(board, out->stock, out->quantity, SUPPLY_ISSUED, out->incident, 0);
		count++;
	}
	board_list_end(board, count);
}

/* --- devices, silences ------------------------------------------------------------------------------------- */

static void put_device(struct board *board, uint32_t slot, const struct device *device)
{
	struct ink *ink = &board->ink;

	ink_html(ink, "<li>");
	ink_plain(ink, "  · ");
	board_id(board, TABLE_DEVICE, slot);
	ink_say(ink, " ");
	board_number(board, device->name, INK_NAME);
	ink_html(ink, " <small>");
	ink_plain(ink, " ");
	if (device->state == DEVICE_DISABLED) {
		ink_say(ink, "已停用");
	} else if (device->seen_ms == 0) {
		ink_say(ink, "从未上报");
	} else {
		ink_say(ink, "最后 ");
		ink_time(ink, device->seen_ms);
	}
	ink_html(ink, "</small>");
	ink_say(ink, "\n");
}

void board_devices(struct board *board)
{
	uint32_t count = 0;

	ink_heading(&board->ink, "静默或停用的设备", "silent or disabled devices", -1);
	for (uint32_t slot = 1; slot <= query_used(board->core, TABLE_DEVICE); slot++) {
		const struct device *device = query_at(board->core, TABLE_DEVICE, slot);

		if (device == NULL || device->retired || device->state == DEVICE_OK)
			continue;
		if (count == 0)
			ink_html(&board->ink, "<ul class=\"devices\">");
		if (count < BOARD_DEVICES_MAX)
			put_device(board, slot, device);
		count++;
	}
	if (count > 0)
		ink_html(&board->ink, "</ul>\n");
	else
		ink_none(&board->ink);
	ink_left_out(&board->ink, count > BOARD_DEVICES_MAX ? count - BOARD_DEVICES_MAX : 0);
}

/* One of three; what is not said holds for all. */
static void put_scope(struct board *board, uint32_t text_number)
{
	struct text text = query_text(board->core, text_number);

	ink_cell(&board->ink);
	if (text.len == 0)
		ink_say(&board->ink, "全部");
	else
		ink_text(&board->ink, query_word_zh(text), INK_NAME);
}

void board_silences(struct board *board)
{
	static const char *const column[] = {"编号|id", "设备|source", "类型|type", "网格|grid", "至|until",
		"原因|reason", "何人|by", "已拦|held back", NULL};
	struct ink *ink = &board->ink;
	uint32_t count = 0;
	char id[ID_SIZE];

	ink_heading(ink, "生效的静默", "silences in force: their alarms open nothing", -1);
	for (uint32_t slot = 1; slot <= query_used(board->core, TABLE_SILENCE); slot++) {
		const struct silence *silence = query_at(board->core, TABLE_SILENCE, slot);

		if (silence == NULL || !silence->active || ++count > BOARD_LIST_MAX)
			continue;
		if (count == 1)
			ink_table(ink, "silences", column);
		ink_row(ink);
		ink_cell(ink);
		ink_text(ink, ids_write(ID_SILENCE, silence->r.number, id), INK_NAME);
		put_scope(board, silence->source);
		put_scope(board, silence->type);
		put_scope(board, silence->grid);
		ink_cell(ink);
		ink_time(ink, silence->until_ms);
		ink_cell(ink);
		board_number(board, silence->reason, INK_LINE);
		ink_cell(ink);
		board_number(board, silence->by, INK_NAME);
		ink_cell(ink);
		ink_sayf(ink, "%llu", (unsigned long long)silence->count);
		ink_row_end(ink);
	}
	board_list_end(board, count);
}
