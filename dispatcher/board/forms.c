/* forms: empty ones at the end of the board, so that a night goes on by hand. */
#include "board/internal.h"

enum { FORMS_PAGE = 3, FORMS = 5, LOG_LINES = 12 };

static void put_form(struct board *board, uint32_t number)
{
	struct ink *ink = &board->ink;

	ink_sayf(ink, "<section class=\"form\"><h3>纸上事件 <small>incident on paper</small> 第 %u 号</h3>\n",
		number);
	ink_say(ink,
		"<table class=\"form\"><tbody>\n"
		"<tr><th>接报时间 <small>reported</small><td>__月__日 __:__<th>类型 "
		"<small>type</small><td>&nbsp;\n"
		"<tr><th>报告人 <small>caller</small><td>&nbsp;<th>电话 <small>phone</small><td>&nbsp;\n"
		"<tr><th>地点 <small>place</small><td colspan=\"3\">&nbsp;\n"
		"<tr><th>情况 <small>what</small><td colspan=\"3\" class=\"tall\">&nbsp;\n"
		"<tr><th>派出 <small>sent</small><td>&nbsp;<th>派出时间 <small>at</small><td>__:__\n"
		"<tr><th>到场 <small>arrived</small><td>__:__<th>完成 <small>done</small><td>__:__ "
		"&emsp;由\n"
		"<tr><th>核查人 <small>verified by</small><td>&nbsp;<th>核查时间 <small>at</small><td>__:__\n"
		"<tr><th>报告了谁 <small>told</small><td colspan=\"3\">&nbsp;\n"
		"</tbody></table></section>\n");
}

static void put_log(struct board *board)
{
	static const char *const column[] = {
		"时间|time", "谁说的|who", "说了什么 做了什么|what", "经手|by", NULL};
	struct ink *ink = &board->ink;

	ink_heading(ink, "值班流水", "log by hand", -1);
	ink_table(ink, "log", column);
	for (uint32_t i = 0; i < LOG_LINES; i++)
		ink_row_empty(ink, 4);
	ink_table_end(ink);
}

void board_forms(struct board *board, bool with_log)
{
	struct ink *ink = &board->ink;
	uint32_t forms = with_log ? FORMS : FORMS_PAGE;

	ink_html(ink, "<div class=\"forms\">");
	ink_heading(ink, "空白表", "forms to go on by hand", -1);
	ink_say(ink, "<p>一事一表,时间写实际发生的时间。系统恢复后照此补录。 <small>One form an incident, "
		     "with its "
		     "true times; bring it in when the system is back.</small></p>\n");
	for (uint32_t number = 1; number <= forms; number++)
		put_form(board, number);
	if (with_log)
		put_log(board);
	ink_html(ink, "</div>\n");
}
