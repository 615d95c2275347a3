/* board: the sequence of the paper board, and the small words that all its parts write; see the header. */
#include "board/board.h"

#include <stdlib.h>
#include <string.h>

#include "board/internal.h"
#include "wire/ids.h"
#include "wire/time_text.h"

void board_id(struct board *board, enum table table, uint32_t number)
{
	ink_text(&board->ink, query_id(board->core, table, number), INK_NAME);
}

void board_name(struct board *board, enum table table, uint32_t number)
{
	ink_text(&board->ink, query_name(board->core, table, number), INK_NAME);
}

void board_list_end(struct board *board, uint32_t count)
{
	if (count > 0)
		ink_table_end(&board->ink);
	else
		ink_none(&board->ink);
	ink_left_out(&board->ink, count > BOARD_LIST_MAX ? count - BOARD_LIST_MAX : 0);
}

void board_number(struct board *board, uint32_t text_number, uint32_t characters)
{
	ink_text(&board->ink, query_text(board->core, text_number), characters);
}

void board_word(struct board *board, enum words_set set, uint32_t value)
{
	ink_text(&board->ink, words_zh(set, value), INK_NAME);
}

void board_person(struct board *board, uint32_t number)
{
	const struct person *person = query_at(board->core, TABLE_PERSON, number);

	if (person == NULL) {
		ink_say(&board->ink, "—");
		return;
	}
	board_number(board, person->name, INK_NAME);
	ink_html(&board->ink, " <span class=\"tel\">");
	ink_plain(&board->ink, " ");
	ink_text_or_dash(&board->ink, query_text(board->core, person->phone), INK_NAME);
	ink_html(&board->ink, "</span>");
}

void board_incident_id(struct board *board, uint32_t number)
{
	char id[ID_SIZE];

	ink_text_or_dash(&board->ink, ids_write(ID_INCIDENT, number, id), INK_NAME);
}

void board_item_name(struct board *board, uint32_t item)
{
	uint32_t at = item % ITEMS_KNOWN;

	if (board->item[at] != item || item == 0) {
		board->item[at] = item;
		board->item_name[at] = item;
		for (uint32_t slot = 1; item != 0 && slot <= query_used(board->core, TABLE_STOCK); slot++) {
			const struct stock *stock = query_at(board->core, TABLE_STOCK, slot);

			if (stock == NULL || stock->item != item)
				continue;
			board->item_name[at] = stock->name;
			break;
		}
	}
	board_number(board, board->item_name[at], INK_NAME);
}

void board_skills(struct board *board, uint64_t skills)
{
	bool any = false;

	for (uint32_t bit = 0; bit < 64 && skills >> bit != 0; bit++) {
		if ((skills >> bit & 1) == 0)
			continue;
		if (any)
			ink_say(&board->ink, "+");
		any = ink_text(&board->ink, words_town_zh(query_skill(board->core, bit)), INK_NAME);
	}
}

/* --- the whole page ------------------------------------------------------------------------------------ */

static struct text text_from(const char *terminated)
{
	return (struct text){terminated, terminated == NULL ? 0 : (uint32_t)strlen(terminated)};
}

static const char *const weekday[] = {"", "一", "二", "三", "四", "五", "六", "日"};

/* Of two machines the pages look alike: whose it is, and whether help leaves there. */
void board_machine(struct board *board)
{
	static const struct {
		const char *state, *zh, *en;
	} said[] = {
		{"leads", "值守中(主机)", "leads"},
		{"held", "指令暂停:本机什么也不发出,请先去看另一台",
			"held: nothing is sent; look at the other machine"},
		{"takes", "正在接替值守,尚未发出指令", "about to take over; nothing is sent yet"},
		{"lost", "已不再值守,以另一台的纸面板为准", "leads no more: the other one's board holds"},
		{"stands_by", "备机,不发指令,以主机的纸面板为准",
			"stands by, sends nothing: the board of the one that leads holds"},
	};
	const struct board_view *view = board->view;
	struct ink *ink = &board->ink;
	uint32_t at = 0;

	if (view->state == NULL)
		return;
	while (at + 1 < sizeof said / sizeof said[0] && strcmp(said[at].state, view->state) != 0)
		at++;
	ink_html(ink, at == 0 ? "<p>" : "<p class=\"stale\">");
	ink_say(ink, "本机 ");
	ink_text_or_dash(ink, text_from(view->holder), INK_NAME);
	ink_say(ink, ":");
	ink_both(ink, said[at].zh, said[at].en);
	if (at != 0 && view->leader != NULL && view->holder != NULL &&
		strcmp(view->leader, view->holder) != 0) {
		ink_say(ink, ";主机 ");
		ink_text(ink, text_from(view->leader), INK_NAME);
	}
	ink_html(ink, "</p>");
	ink_plain(ink, "\n");
}

void board_head(struct board *board, const char *zh, const char *en)
{
	struct ink *ink = &board->ink;
	const struct town_state *town = query_town(board->core);
	struct time_parts now = time_split(board->now_ms, town->offset_min);

	ink_html(ink, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\n"
		      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
		      "'unsafe-inline'\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width\">\n");
	if (ink->html && board->view->every_s != 0)
		ink_sayf(ink, "<meta http-equiv=\"refresh\" content=\"%u\">\n", board->view->every_s);
	ink_html(ink, "<title>");
	board_number(board, town->name, INK_NAME);
	ink_sayf(ink, "%s %04d-%02u-%02u %02u:%02u", zh, now.year, now.month, now.day, now.hour, now.minute);
	ink_html(ink, "</title>\n<style>");
	ink_html(ink, board_style);
	ink_html(ink, "</style></head><body>\n<header><div class=\"asof\">截至 <b>");
	if (ink->html) {
		ink_sayf(ink,
			"%02u:%02u</b><small>%d年%u月%u日 星期%s · as of %04d-%02u-%02u</small></div>\n",
			now.hour, now.minute, now.year, now.month, now.day, weekday[now.weekday], now.year,
			now.month, now.day);
		ink_say(ink, "<h1>");
		board_number(board, town->name, INK_NAME);
		ink_say(ink, " ");
		ink_both(ink, zh, en);
		ink_say(ink, "</h1>");
	}
	if (town->demonstration)
		ink_say(ink, ink->html ? "<p class=\"demo\">演示数据,不是真实事件 <small>demonstration, not "
					 "real</small></p>"
				       : "\n【演示数据】");
	board_machine(board);
	ink_html(ink, "</header>");
	ink_say(ink, "\n");
}

void board_tail(struct board *board)
{
	ink_html(&board->ink, "</body></html>\n");
}

enum disp_err board_finish(struct board *board, char **out, size_t *count)
{
	free(board->urgent);
	*out = ink_finish(&board->ink, count);
	return *out != NULL ? DISP_OK : DISP_E_FULL;
}

static void stale_note(struct board *board)
{
	struct ink *ink = &board->ink;
	uint32_t every_s = board->view->every_s;

	if (every_s == 0)
		return;
	ink_sayf(ink,
		"<p class=\"stale\">本页每 %u 秒更新一次。如果上面的时间比挂钟慢 %u 分钟以上,系统可能已停:"
		"照本页打电话、派人,写在最后的空白表上,系统恢复后补录。",
		every_s, every_s / 60 + 2);
	ink_sayf(ink,
		" <small>Written every %u s. If the time above is more than %u min behind the clock on the "
		"wall, the system may be down: go on by telephone with this page, write on the forms at the "
		"end, bring it in afterwards.</small></p>\n",
		every_s, every_s / 60 + 2);
}

/* Where the rest is: a printer needs not print all of it. */
static void where_note(struct board *board)
{
	ink_say(&board->ink,
		board->view->brief
			? "<p>简版:在办事件、时限、力量和待打电话;空白表在最后一页。 <small>the short board; "
			  "forms: the last page</small></p>\n"
			: "<p><b>空白事件表和值班流水在最后两页</b>;待命网格员在其前;只打急需的用简版(board "
			  "show --short)。 <small>forms and log: the last two pages; a short board: board "
			  "show "
			  "--short</small></p>\n");
}

/* What the night needs besides: who could go in large numbers, what there is, whom one calls. */
static void reference(struct board *board)
{
	board_unreached(board);
	board_stock(board);
	board_goods_out(board);
	board_phones(board);
	board_devices(board);
	board_silences(board);
	board_units_many(board);
}

enum disp_err board_render(const struct board_view *view, char **out, size_t *count)
{
	struct board board = {.view = view, .core = view->core, .now_ms = view->now_ms};

	*out = NULL;
	*count = 0;
	if (!board_rank(&board))
		return DISP_E_FULL;
	ink_init(&board.ink, true, BOARD_BYTES_MAX, view->now_ms, query_town(view->core)->offset_min);
	board_head(&board, view->brief ? "值班纸面板(简版)" : "值班纸面板",
		view->brief ? "short paper board" : "paper board");
	stale_note(&board);
	where_note(&board);
	board_in_force(&board);
	board_last_note(&board, false);
	board_cases(&board);
	board_clocks(&board, view->brief ? BOARD_BRIEF_LINES : BOARD_CLOCKS_SOON);
	board_units(&board);
	board_calls(&board, !view->brief);
	if (!view->brief)
		reference(&board);
	board_forms(&board, !view->brief);
	board_tail(&board);
	return board_finish(&board, out, count);
}
