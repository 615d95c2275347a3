/* duty: what is in force and who is there, at the top of a page. */
#include "board/internal.h"

static const char *const roman[RESPONSE_COUNT] = {"", "Ⅰ级", "Ⅱ级", "Ⅲ级", "Ⅳ级"};

static void box(struct board *board, const char *zh, const char *en)
{
	ink_html(&board->ink, "<div><i>");
	ink_both(&board->ink, zh, en);
	ink_html(&board->ink, "</i> ");
	ink_plain(&board->ink, ":");
}

static void box_end(struct board *board)
{
	ink_html(&board->ink, "</div>");
	ink_say(&board->ink, "\n");
}

void board_warnings(struct board *board)
{
	const struct town_state *town = query_town(board->core);
	bool any = false;

	for (uint32_t i = 0; i < WARNINGS_MAX; i++) {
		const struct warning *warning = &town->warning[i];

		if (warning->colour == COLOUR_NONE)
			continue;
		ink_say(&board->ink, any ? ";" : "");
		any = true;
		ink_text(&board->ink, words_town_zh(query_text(board->core, warning->hazard)), INK_NAME);
		board_word(board, WORDS_COLOUR, warning->colour);
		ink_say(&board->ink, "预警,至 ");
		ink_time(&board->ink, warning->until_ms);
	}
	ink_say(&board->ink, any ? "" : "无");
}

void board_on_duty(struct board *board)
{
	uint32_t count = 0;

	for (uint32_t slot = 1; slot <= query_used(board->core, TABLE_PERSON); slot++) {
		const struct person *person = query_at(board->core, TABLE_PERSON, slot);

		if (person == NULL || person->on_duty_ms == 0 || ++count > BOARD_LIST_MAX)
			continue;
		ink_say(&board->ink, count > 1 ? ";" : "");
		board_person(board, slot);
		ink_say(&board->ink, ",");
		ink_time(&board->ink, person->on_duty_ms);
		ink_say(&board->ink, " 到岗");
	}
	if (count == 0)
		ink_say(&board->ink, "无人签到");
	else if (count > BOARD_LIST_MAX)
		ink_sayf(&board->ink, ";另有 %u 人", count - BOARD_LIST_MAX);
}

/* What rings at the desk and nobody has answered. */
static void desk(struct board *board)
{
	const struct desk *desk = &query_town(board->core)->desk;
	bool any = desk->waiting > 0;

	if (any)
		ink_sayf(&board->ink, "%u 起事件有提醒未确认", desk->waiting);
	for (uint32_t alert = 0; alert < ALERT_COUNT; alert++) {
		if ((desk->own >> alert & 1) == 0)
			continue;
		ink_say(&board->ink, any ? ";" : "");
		board_word(board, WORDS_ALERT, alert);
		any = true;
	}
	if (any && desk->since_ms != 0) {
		ink_say(&board->ink, ",自 ");
		ink_time(&board->ink, desk->since_ms);
		ink_say(&board->ink, " 起");
	}
	ink_say(&board->ink, any ? "" : "无");
}

static uint32_t calls_open(const struct core *core)
{
	uint32_t count = 0;

	for (uint32_t slot = 1; slot <= query_used(core, TABLE_TASK); slot++) {
		const struct task *task = query_at(core, TABLE_TASK, slot);

		count += task != NULL && (task->state == TASK_OPEN || task->state == TASK_TAKEN);
	}
	return count;
}

/* What is open, as numbers, to see at once whether all of it is on the paper. */
static void sums(struct board *board)
{
	const struct town_state *town = query_town(board->core);
	uint32_t late = 0, held = 0;

	for (uint32_t i = 0; i < board->urgent_count; i++) {
		const struct incident *incident =
			query_at(board->core, TABLE_INCIDENT, board->urgent[i].slot);

		late += board->urgent[i].due_ms < board->now_ms;
		held += incident->held != 0;
	}
	ink_sayf(&board->ink, "未结 %u 起,其中缺力量或物资 %u,已超时限 %u,等确认 %u;待打电话 %u 个",
		town->open_count, town->short_count, late, held, calls_open(board->core));
}

static void mode(struct board *board)
{
	const struct board_view *view = board->view;
	const char *said = view->fenced     ? "已被接替:本机不写入,不发指令"
			   : view->conflict ? "记录冲突:数据库不收本机记录"
			   : view->island   ? "孤岛:数据库无应答"
					    : NULL;

	ink_html(&board->ink, said != NULL ? "<b class=\"late\">" : "<b>");
	ink_say(&board->ink, said != NULL ? said : "正常");
	ink_html(&board->ink, "</b>");
}

void board_in_force(struct board *board)
{
	const struct town_state *town = query_town(board->core);
	struct ink *ink = &board->ink;

	ink_html(ink, "<div class=\"force\">\n");
	box(board, "运行", "mode");
	mode(board);
	box_end(board);
	box(board, "派遣方式", "release");
	ink_html(ink, "<b>");
	board_word(board, WORDS_RELEASE, town->release);
	ink_html(ink, "</b>");
	box_end(board);
	box(board, "应急响应", "response");
	ink_html(ink, "<b>");
	ink_say(ink, town->response_level > 0 && town->response_level < RESPONSE_COUNT
			     ? roman[town->response_level]
			     : "未启动");
	ink_html(ink, "</b>");
	box_end(board);
	box(board, "预警", "warnings");
	board_warnings(board);
	box_end(board);
	box(board, "在岗", "on duty");
	board_on_duty(board);
	box_end(board);
	box(board, "未确认提醒", "alerts that wait");
	desk(board);
	box_end(board);
	box(board, "事件", "incidents");
	sums(board);
	box_end(board);
	ink_html(ink, "</div>\n");
}
