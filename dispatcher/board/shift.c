/* shift: the hand-over page: what the next officer must know, and signs for; the same words as the board's. */
#include <stdlib.h>

#include "board/internal.h"
#include "wire/time_text.h"

enum { NOTE_LINES = 6 };

static void plain_head(struct board *board)
{
	const struct town_state *town = query_town(board->core);
	char now[TIME_LOCAL_LEN];

	time_format_local(board->now_ms, town->offset_min, now);
	board_number(board, town->name, INK_NAME);
	ink_sayf(&board->ink, " 交接班清单  截至 %.16s", now);
	if (town->demonstration)
		ink_say(&board->ink, "(演示数据)");
	ink_say(&board->ink, "\n");
	board_machine(board);
	ink_say(&board->ink, "\n");
}

/* --- alerts nobody has seen ------------------------------------------------------------------------------ */

void board_last_note(struct board *board, bool always)
{
	const struct board_source *source = &board->view->source;
	uint64_t seq = query_town(board->core)->desk.note_seq;
	struct ink *ink = &board->ink;
	struct board_note note = {.at_ms = 0};

	if (seq != 0 && source->note != NULL)
		note = source->note(source->context, seq);
	uint32_t person = query_find(board->core, TABLE_PERSON, note.by);

	if (note.text.len == 0 && !always)
		return;
	ink_heading(ink, "上次交接班的交代", "what was said with the last change", -1);
	if (note.text.len == 0) {
		ink_none(ink);
		return;
	}
	ink_html(ink, "<p>");
	ink_plain(ink, "  ");
	ink_text(ink, note.text, INK_TOLD);
	ink_html(ink, " <small>");
	ink_say(ink, "(");
	if (person != 0)
		board_person(board, person);
	else
		ink_text_or_dash(ink, note.by, INK_NAME);
	ink_say(ink, ",");
	ink_time(ink, note.at_ms);
	ink_say(ink, ")");
	ink_html(ink, "</small></p>");
	ink_say(ink, "\n");
}

static void put_alerts(struct board *board, const struct incident *incident)
{
	bool any = false;

	for (uint32_t alert = 0; alert < ALERT_COUNT; alert++) {
		if ((incident->alert >> alert & 1) == 0)
			continue;
		ink_say(&board->ink, any ? "、" : "");
		board_word(board, WORDS_ALERT, alert);
		any = true;
	}
}

static void waiting(struct board *board)
{
	static const char *const column[] = {"编号|id", "事件|what", "提醒|alerts", "起|since", NULL};
	struct ink *ink = &board->ink;
	uint32_t count = 0;

	ink_heading(ink, "未确认的提醒", "alerts that nobody has acknowledged", -1);
	for (uint32_t i = 0; i < board->urgent_count; i++) {
		const struct incident *incident =
			query_at(board->core, TABLE_INCIDENT, board->urgent[i].slot);

		if (!incident->waiting || ++count > BOARD_LIST_MAX)
			continue;
		if (count == 1)
			ink_table(ink, "alerts", column);
		ink_row(ink);
		ink_cell(ink);
		board_incident_id(board, incident->r.number);
		ink_cell(ink);
		ink_text_or_dash(ink, query_word_zh(query_text(board->core, incident->title)), INK_NAME);
		ink_cell(ink);
		put_alerts(board, incident);
		ink_cell(ink);
		ink_time(ink, incident->alert_ms);
		ink_row_end(ink);
	}
	board_list_end(board, count);
}

/* --- clocks ------------------------------------------------------------------------------------------------ */

struct running {
	int64_t due_ms;
	uint32_t slot, kind;
};

static int by_due(const void *left, const void *right)
{
	const struct running *a = left, *b = right;

	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return a->slot < b->slot ? -1 : a->slot > b->slot;
}

static void put_clock(struct board *board, const struct running *running)
{
	const struct incident *incident = query_at(board->core, TABLE_INCIDENT, running->slot);
	struct ink *ink = &board->ink;
	int64_t left_ms = running->due_ms - board->now_ms;

	ink_row(ink);
	ink_cell(ink);
	ink_time(ink, running->due_ms);
	ink_cell(ink);
	ink_html(ink, left_ms < 0 ? "<b class=\"late\">" : "");
	ink_say(ink, left_ms < 0 ? "已超" : "还有");
	ink_span(ink, left_ms);
	ink_html(ink, left_ms < 0 ? "</b>" : "");
	ink_cell(ink);
	board_word(board, WORDS_DEADLINE_KIND, running->kind);
	ink_cell(ink);
	board_incident_id(board, incident->r.number);
	ink_say(ink, " ");
	ink_text_or_dash(ink, query_word_zh(query_text(board->core, incident->title)), INK_NAME);
	ink_row_end(ink);
}

static uint32_t gather_clocks(struct board *board, struct running *list)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < board->urgent_count; i++) {
		const struct incident *incident =
			query_at(board->core, TABLE_INCIDENT, board->urgent[i].slot);

		for (uint32_t kind = 0; kind < DEADLINE_COUNT; kind++)
			if (query_deadline_open(incident, kind))
				list[count++] = (struct running){
					incident->deadline[kind].due_ms, board->urgent[i].slot, kind};
	}
	qsort(list, count, sizeof *list, by_due);
	return count;
}

void board_clocks(struct board *board, uint32_t most)
{
	static const char *const column[] = {"到点|due", "还有|left", "时限|clock", "事件|incident", NULL};
	struct running *list = calloc((size_t)board->urgent_count * DEADLINE_COUNT + 1, sizeof *list);
	uint32_t count = list == NULL ? 0 : gather_clocks(board, list);

	ink_heading(&board->ink, "在走的时限", "running clocks, the soonest first", count);
	if (count == 0)
		ink_none(&board->ink);
	else
		ink_table(&board->ink, "clocks", column);
	for (uint32_t i = 0; i < count && i < most; i++)
		put_clock(board, &list[i]);
	if (count > 0)
		ink_table_end(&board->ink);
	ink_left_out(&board->ink, count > most ? count - most : 0);
	free(list);
}

/* --- signing --------------------------------------------------------------------------------------------------- */

static void signing(struct board *board)
{
	static const char *const column[] = {"交班人交代的其他事项|what else must be said", NULL};
	struct ink *ink = &board->ink;

	ink_heading(ink, "交接", "hand-over", -1);
	if (ink->html) {
		ink_table(ink, "log", column);
		for (uint32_t i = 0; i < NOTE_LINES; i++)
			ink_row_empty(ink, 1);
		ink_table_end(ink);
	}
	ink_html(ink, "<p class=\"sign\">");
	ink_say(ink, "交班人 ______________  接班人 ______________  时间 ____月____日 ____:____");
	ink_html(ink, " <small>handed over by, taken over by, at</small></p>");
	ink_say(ink, "\n");
}

enum disp_err board_render_shift(const struct board_view *view, bool html, char **out, size_t *count)
{
	struct board board = {.view = view, .core = view->core, .now_ms = view->now_ms};

	*out = NULL;
	*count = 0;
	if (!board_rank(&board))
		return DISP_E_FULL;
	ink_init(&board.ink, html, BOARD_BYTES_MAX, view->now_ms, query_town(view->core)->offset_min);
	if (html)
		board_head(&board, "交接班清单", "hand-over of the shift");
	else
		plain_head(&board);
	board_in_force(&board);
	board_last_note(&board, true);
	waiting(&board);
	board_case_lines(&board);
	board_clocks(&board, BOARD_CLOCKS_MAX);
	board_calls(&board, false);
	board_unreached(&board);
	board_units_apart(&board);
	board_goods_out(&board);
	board_devices(&board);
	board_silences(&board);
	signing(&board);
	board_tail(&board);
	return board_finish(&board, out, count);
}
