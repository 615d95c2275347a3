/* cases: open incidents on paper, the most urgent in full with who was sent and what is missing, the rest a line each. */
#include "board/internal.h"
#include "wire/ids.h"

static const void *record_of(const struct core *core, enum table table, uint32_t number)
{
	uint32_t slot = number == 0 ? 0 : query_slot(core, table, number);

	return slot == 0 ? NULL : query_at(core, table, slot);
}

/* --- what one incident is ------------------------------------------------------------------------------- */

static void put_title(struct board *board, const struct incident *incident)
{
	ink_text_or_dash(&board->ink, query_word_zh(query_text(board->core, incident->title)), INK_NAME);
	if (incident->mode == MODE_EXERCISE)
		ink_say(&board->ink, "【演练】");
	if (incident->level > 1)
		ink_sayf(&board->ink, " %u级警情", incident->level);
}

static void put_due(struct board *board, const struct incident *incident)
{
	uint32_t next = query_deadline_next(incident);
	int64_t left_ms;

	if (next == DEADLINE_COUNT) {
		ink_say(&board->ink, "—");
		return;
	}
	left_ms = incident->deadline[next].due_ms - board->now_ms;
	board_word(board, WORDS_DEADLINE_KIND, next);
	ink_say(&board->ink, " ");
	ink_time(&board->ink, incident->deadline[next].due_ms);
	ink_html(&board->ink, left_ms < 0 ? " <b class=\"late\">" : " ");
	ink_plain(&board->ink, " ");
	ink_say(&board->ink, left_ms < 0 ? "已超" : "(还有");
	ink_span(&board->ink, left_ms);
	ink_say(&board->ink, left_ms < 0 ? "" : ")");
	ink_html(&board->ink, left_ms < 0 ? "</b>" : "");
}

static void put_grid(struct board *board, const struct incident *incident)
{
	const struct grid *grid = query_at(board->core, TABLE_GRID, incident->grid);

	if (grid == NULL)
		return;
	board_name(board, TABLE_GRID, incident->grid);
	ink_say(&board->ink, "(");
	board_id(board, TABLE_GRID, incident->grid);
	ink_say(&board->ink, ")");
	if (grid->head == 0)
		return;
	ink_say(&board->ink, " 网格长 ");
	board_person(board, grid->head);
}

static void put_where(struct board *board, const struct incident *incident)
{
	struct ink *ink = &board->ink;

	ink_html(ink, "<p><i>地点</i> ");
	if (board->told.where.len > 0) {
		ink_html(ink, "<b>");
		ink_text(ink, board->told.where, INK_LINE);
		ink_html(ink, "</b> · ");
	}
	if (incident->device != 0) {
		board_name(board, TABLE_DEVICE, incident->device);
		ink_say(ink, "(");
		board_id(board, TABLE_DEVICE, incident->device);
		ink_say(ink, ") · ");
	}
	put_grid(board, incident);
	ink_say(ink, " · ");
	ink_place(ink, &incident->place);
	ink_html(ink, "\n");
}

static void put_told(struct board *board)
{
	struct ink *ink = &board->ink;
	const struct board_told *told = &board->told;

	if (told->caller.len + told->phone.len > 0) {
		ink_html(ink, "<p><i>报告人</i> ");
		ink_text(ink, told->caller, INK_NAME);
		ink_html(ink, " <span class=\"tel\">");
		ink_text(ink, told->phone, INK_NAME);
		ink_html(ink, "</span>\n");
	}
	if (told->text.len > 0) {
		ink_html(ink, "<p><i>情况</i> “");
		ink_text(ink, told->text, INK_TOLD);
		ink_say(ink, "”\n");
	}
}

static void put_need(struct board *board, const struct need *need)
{
	struct ink *ink = &board->ink;

	if (need->kind == STEP_SUPPLY)
		board_item_name(board, need->item);
	else
		board_skills(board, need->skills);
	ink_sayf(ink, "×%u", need->missing);
	if (need->why != WHY_NONE) {
		ink_say(ink, "(");
		board_word(board, WORDS_WHY, need->why);
		ink_say(ink, ")");
	}
}

/* Returns how many requirements are short, of the case and of those merged into it; writes those that are shown, parted by semicolons. */
static uint32_t put_missing(struct board *board, const struct incident *incident, const char *before)
{
	struct query_needs walk = {.incident = incident};
	const struct need *need;
	uint32_t count = 0;

	while ((need = query_needs_next(board->core, &walk)) != NULL) {
		if (need->state != NEED_OPEN || need->missing == 0)
			continue;
		if (count < BOARD_NEEDS_MAX) {
			ink_say(&board->ink, count == 0 ? before : ";");
			put_need(board, need);
		}
		count++;
	}
	if (count > BOARD_NEEDS_MAX)
		ink_sayf(&board->ink, ";另缺 %u 项", count - BOARD_NEEDS_MAX);
	return count;
}

/* --- who was sent ------------------------------------------------------------------------------------------ */

static uint32_t person_behind(const struct core *core, const struct order *order)
{
	const struct unit *unit =
		order->target == TARGET_UNIT ? query_at(core, TABLE_UNIT, order->who) : NULL;
	const struct depot *depot =
		order->target == TARGET_DEPOT ? query_at(core, TABLE_DEPOT, order->who) : NULL;

	if (order->target == TARGET_PERSON)
		return order->who;
	return unit != NULL ? unit->leader : depot != NULL ? depot->keeper : 0;
}

static void put_items(struct board *board, const struct order *order, uint32_t count)
{
	for (uint32_t slot = order->first_supply; slot != 0 && count < BOARD_NEEDS_MAX; count++) {
		const struct supply *supply = query_at(board->core, TABLE_SUPPLY, slot);
		const struct stock *stock = query_at(board->core, TABLE_STOCK, supply->stock);

		ink_say(&board->ink, count == 0 ? "" : "、");
		board_number(board, stock == NULL ? 0 : stock->name, INK_NAME);
		ink_sayf(&board->ink, "×%lld", (long long)supply->quantity);
		board_number(board, stock == NULL ? 0 : stock->unit, INK_NAME);
		slot = supply->next;
	}
}

static void put_task(struct board *board, const struct order *order)
{
	const struct order *loading = record_of(board->core, TABLE_ORDER, order->depot_order);

	if (order->target == TARGET_DEPOT) {
		ink_say(&board->ink, "备货 ");
		put_items(board, order, 0);
	} else if (order->target == TARGET_DEVICE) {
		ink_text_or_dash(
			&board->ink, words_town_zh(query_text(board->core, order->action)), INK_NAME);
	} else if (loading != NULL) {
		ink_say(&board->ink, "从");
		board_name(board, TABLE_DEPOT, loading->who);
		ink_say(&board->ink, "运 ");
		for (const struct order *with = loading; with != NULL;
			with = query_load(board->core, loading, with))
			if (query_order_live(with->state) || with->state == ORDER_DONE)
				put_items(board, with, with != loading);
	} else {
		ink_text_or_dash(&board->ink, query_word_zh(query_text(board->core, order->task)), INK_LINE);
	}
}

/* When it came, or should come. */
static void put_arrival(struct board *board, const struct order *order)
{
	int64_t expected_ms = order->issued_ms + order->travel_ms;

	if (order->arrived_ms != 0) {
		ink_time(&board->ink, order->arrived_ms);
		ink_say(&board->ink, " 到");
	} else if (order->target != TARGET_UNIT || order->travel_ms <= 0) {
		ink_say(&board->ink, "—");
	} else {
		ink_say(&board->ink, "预计 ");
		ink_time(&board->ink, expected_ms);
		if (expected_ms < board->now_ms)
			ink_html(&board->ink, " <b class=\"late\">未报到场</b>");
	}
}

static const enum table table_of[TARGET_COUNT] = {[TARGET_UNIT] = TABLE_UNIT,
	[TARGET_DEPOT] = TABLE_DEPOT,
	[TARGET_DEVICE] = TABLE_DEVICE,
	[TARGET_PERSON] = TABLE_PERSON};

static void put_order(struct board *board, const struct order *order)
{
	struct ink *ink = &board->ink;
	char id[ID_SIZE];

	ink_row(ink);
	ink_cell(ink);
	board_name(board, table_of[order->target], order->who);
	ink_html(ink, " <small>");
	board_id(board, table_of[order->target], order->who);
	ink_say(ink, " ");
	ink_text(ink, ids_write(ID_ORDER, order->r.number, id), INK_NAME);
	ink_html(ink, "</small>");
	ink_cell(ink);
	board_word(board, WORDS_ORDER_STATE, order->state);
	if (order->call_task != 0 && order->answered_ms == 0) {
		ink_say(ink, " 电话");
		ink_text(ink, ids_write(ID_TASK, order->call_task, id), INK_NAME);
	}
	ink_cell(ink);
	put_arrival(board, order);
	ink_cell(ink);
	board_person(board, person_behind(board->core, order));
	ink_cell(ink);
	put_task(board, order);
	ink_row_end(ink);
}

/* Those that have done their part, by name alone; what was declined or recalled is history. */
static void put_finished(struct board *board, const struct incident *incident)
{
	struct ink *ink = &board->ink;
	struct query_orders walk = {.incident = incident};
	const struct order *order;
	uint32_t count = 0;

	while ((order = query_orders_next(board->core, &walk)) != NULL) {
		if (order->state != ORDER_DONE || ++count > BOARD_ORDERS_MAX)
			continue;
		ink_html(ink, count == 1 ? "<p><i>已完成</i> " : "、");
		board_name(board, table_of[order->target], order->who);
	}
	if (count > BOARD_ORDERS_MAX)
		ink_sayf(ink, "等%u项", count);
	if (count > 0)
		ink_html(ink, "\n");
}

static void put_orders(struct board *board, const struct incident *incident)
{
	static const char *const column[] = {
		"派往|sent", "状态|state", "到场|arrival", "负责人 电话|leader", "任务|task", NULL};
	struct query_orders walk = {.incident = incident};
	const struct order *order;
	uint32_t count = 0;

	while ((order = query_orders_next(board->core, &walk)) != NULL) {
		if (!query_order_live(order->state))
			continue;
		if (count == 0)
			ink_table(&board->ink, "orders", column);
		if (count < BOARD_ORDERS_MAX)
			put_order(board, order);
		count++;
	}
	if (count > 0)
		ink_table_end(&board->ink);
	else if (!board_work_done(incident))
		ink_html(&board->ink, "<p class=\"late\">现无力量在场或途中 <small>nobody is there or on the "
				      "way</small>\n");
	ink_left_out(&board->ink, count > BOARD_ORDERS_MAX ? count - BOARD_ORDERS_MAX : 0);
	put_finished(board, incident);
}

/* --- one incident ------------------------------------------------------------------------------------------ */

static void put_case_head(struct board *board, const struct incident *incident)
{
	struct ink *ink = &board->ink;

	ink_sayf(ink, "<section class=\"case\"><h3><b class=\"p%u\">%u</b> ",
		incident->priority <= 2 ? incident->priority : 3u, incident->priority);
	board_incident_id(board, incident->r.number);
	ink_say(ink, " ");
	put_title(board, incident);
	ink_html(ink, " <em>");
	board_word(board, WORDS_INCIDENT_STATE, incident->state);
	ink_html(ink, "</em>");
	if (incident->held)
		ink_html(ink, " <em class=\"late\">等值班员确认</em>");
	if (incident->waiting)
		ink_html(ink, " <em class=\"late\">提醒未确认</em>");
	ink_html(ink, "<span>");
	ink_time(ink, incident->reported_ms != 0 ? incident->reported_ms : incident->opened_ms);
	ink_say(ink, " 起 · ");
	ink_span(ink,
		board->now_ms - (incident->reported_ms != 0 ? incident->reported_ms : incident->opened_ms));
	ink_html(ink, "</span></h3>\n");
}

/* Their numbers stand on other papers. */
static void put_merged(struct board *board, const struct incident *incident)
{
	const struct incident *merged;
	uint32_t cursor = 0, count = 0;

	while ((merged = query_merged(board->core, incident, &cursor)) != NULL &&
		++count <= BOARD_NEEDS_MAX) {
		ink_html(&board->ink, count == 1 ? "<p><i>已并入</i> " : "、");
		board_incident_id(board, merged->r.number);
	}
	if (count > BOARD_NEEDS_MAX)
		ink_say(&board->ink, "等");
	ink_html(&board->ink, count > 0 ? "\n" : "");
}

static void put_case(struct board *board, const struct incident *incident)
{
	const struct board_source *source = &board->view->source;
	struct ink *ink = &board->ink;

	board->told = (struct board_told){.caller = {NULL, 0}};
	if (source->told != NULL)
		board->told = source->told(source->context, incident->r.number);
	put_case_head(board, incident);
	put_where(board, incident);
	put_told(board);
	put_merged(board, incident);
	ink_html(ink, "<p><i>时限</i> ");
	put_due(board, incident);
	if (put_missing(board, incident, " · <b class=\"late\">还缺:") > 0)
		ink_html(ink, "</b>");
	ink_html(ink, "\n");
	put_orders(board, incident);
	ink_html(ink, "<p class=\"hand\">手填:到场 ____:____ 完成 ____:____ 核查人 ____________ "
		      "备注 ______________________</p></section>\n");
}

/* --- the lists ---------------------------------------------------------------------------------------------- */

static uint32_t missing_count(const struct board *board, const struct incident *incident)
{
	struct query_needs walk = {.incident = incident};
	const struct need *need;
	uint32_t count = 0;

	while ((need = query_needs_next(board->core, &walk)) != NULL)
		count += need->state == NEED_OPEN && need->missing > 0;
	return count;
}

/* One line on paper: the clock without what is left of it, the missing as a number. */
static void put_rest(struct board *board, const struct incident *incident)
{
	struct ink *ink = &board->ink;
	uint32_t next = query_deadline_next(incident), missing = missing_count(board, incident);

	if (next < DEADLINE_COUNT) {
		board_word(board, WORDS_DEADLINE_KIND, next);
		ink_say(ink, " ");
		ink_time(ink, incident->deadline[next].due_ms);
		if (incident->deadline[next].due_ms < board->now_ms)
			ink_html(ink, " <b class=\"late\">超</b>");
	}
	ink_cell(ink);
	ink_sayf(ink, missing > 0 ? "出%u 缺%u项" : "出%u", incident->live_orders, missing);
}

static void put_line(struct board *board, const struct incident *incident, bool brief)
{
	struct ink *ink = &board->ink;

	ink_row(ink);
	ink_cell(ink);
	ink_sayf(ink, "%u", incident->priority);
	ink_cell(ink);
	board_incident_id(board, incident->r.number);
	ink_cell(ink);
	put_title(board, incident);
	ink_cell(ink);
	board_name(board, TABLE_GRID, incident->grid);
	ink_cell(ink);
	board_word(board, WORDS_INCIDENT_STATE, incident->state);
	ink_cell(ink);
	ink_time(ink, incident->reported_ms != 0 ? incident->reported_ms : incident->opened_ms);
	ink_cell(ink);
	if (brief) {
		put_rest(board, incident);
	} else {
		put_due(board, incident);
		ink_cell(ink);
		ink_sayf(ink, "出动中%u", incident->live_orders);
		(void)put_missing(board, incident, ",还缺:");
	}
	ink_row_end(ink);
}

/* brief: the last list of its page, which says what is left out. */
static void put_lines(struct board *board, uint32_t from, uint32_t most, bool brief)
{
	static const char *const column[] = {"级|pri", "编号|id", "事件|what", "网格|grid", "状态|state",
		"起始|since", "下一时限|next deadline", "力量|units", NULL};
	uint32_t end = board->urgent_count - from > most ? from + most : board->urgent_count;

	ink_table(&board->ink, brief ? "lines brief" : "lines", column);
	for (uint32_t i = from; i < end; i++)
		put_line(board, query_at(board->core, TABLE_INCIDENT, board->urgent[i].slot), brief);
	ink_table_end(&board->ink);
	ink_left_out(&board->ink, brief ? board->urgent_count - end : 0);
}

/* Behind those that were shown. */
static void put_others(struct board *board, uint32_t from)
{
	if (from == board->urgent_count)
		return;
	ink_heading(&board->ink, "其余未结事件", "the other open incidents", board->urgent_count - from);
	put_lines(board, from, board->view->brief ? BOARD_BRIEF_LINES : BOARD_LINES_MAX, true);
}

static uint32_t put_heading(struct board *board)
{
	ink_heading(&board->ink, "未结事件", "open incidents, most urgent first", board->urgent_count);
	if (board->urgent_count == 0)
		ink_none(&board->ink);
	uint32_t most = board->view->brief ? BOARD_BRIEF_CASES : BOARD_CASES_MAX;

	return board->urgent_count < most ? board->urgent_count : most;
}

void board_cases(struct board *board)
{
	uint32_t full = put_heading(board);

	for (uint32_t i = 0; i < full; i++)
		put_case(board, query_at(board->core, TABLE_INCIDENT, board->urgent[i].slot));
	put_others(board, full);
}

void board_case_lines(struct board *board)
{
	uint32_t full = put_heading(board);

	if (full > 0)
		put_lines(board, 0, full, false);
	put_others(board, full);
}
