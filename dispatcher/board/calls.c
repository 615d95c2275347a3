/* calls: who must be told on the telephone, who was not reached, and the numbers that a night needs. */
#include "board/internal.h"
#include "core/standing.h"
#include "wire/ids.h"

enum { WORDS_MAX = 600 };

/* Numbers of records with what they are put in order by. */
struct entry {
	int64_t key;
	uint32_t slot;
};

static bool goes_before(const struct entry *a, const struct entry *b)
{
	return a->key != b->key ? a->key < b->key : a->slot < b->slot;
}

/* Keeps the first `most` of those that come, in order; returns how many are kept. */
static uint32_t keep_first(struct entry *list, uint32_t count, uint32_t most, struct entry entry)
{
	uint32_t at = count;

	if (count == most && !goes_before(&entry, &list[most - 1]))
		return count;
	if (count == most)
		at--;
	else
		count++;
	for (; at > 0 && goes_before(&entry, &list[at - 1]); at--)
		list[at] = list[at - 1];
	list[at] = entry;
	return count;
}

/* --- calls to make ----------------------------------------------------------------------------------------- */

static bool call_open(const struct task *task)
{
	return task->state == TASK_OPEN || task->state == TASK_TAKEN;
}

static void put_words(struct board *board, const struct task *task)
{
	const struct board_source *source = &board->view->source;
	struct text words = {NULL, 0};

	if (source->words != NULL)
		words = source->words(source->context, task);
	ink_text_or_dash(&board->ink, words, WORDS_MAX);
}

/* Notices of one incident are all worded alike: said once. */
static bool worded_alike(const struct task *task, const struct task *before)
{
	return before != NULL && task->order == 0 && before->order == 0 && task->incident != 0 &&
	       task->incident == before->incident;
}

static void put_call(struct board *board, const struct task *task, const struct task *before, bool with_words)
{
	struct ink *ink = &board->ink;
	char id[ID_SIZE];

	ink_row(ink);
	ink_cell(ink);
	ink_text(ink, ids_write(ID_TASK, task->r.number, id), INK_NAME);
	ink_cell(ink);
	board_person(board, task->person);
	ink_cell(ink);
	ink_time(ink, task->due_ms);
	if (task->due_ms != 0 && task->due_ms < board->now_ms)
		ink_html(ink, " <b class=\"late\">已过</b>");
	if (task->state == TASK_TAKEN) {
		ink_say(ink, " 由 ");
		board_number(board, task->taken_by, INK_NAME);
		ink_say(ink, " 在打");
	}
	ink_cell(ink);
	if (with_words && worded_alike(task, before))
		ink_say(ink, "〃 同上 ");
	else if (with_words)
		put_words(board, task);
	if (!with_words || worded_alike(task, before))
		board_incident_id(board, query_goes_on(board->core, task->incident));
	if (with_words) {
		ink_cell(ink);
		ink_say(ink, "□");
	}
	ink_row_end(ink);
}

void board_calls(struct board *board, bool with_words)
{
	static const char *const column[] = {
		"编号|id", "打给|call", "限时|by", "怎么说|say", "已答|answered", NULL};
	static const char *const brief[] = {"编号|id", "打给|call", "限时|by", "事件|incident", NULL};
	uint32_t used = query_used(board->core, TABLE_TASK), count = 0, kept = 0;
	uint32_t most = with_words ? BOARD_CALLS_MAX : BOARD_CALLS_BRIEF;
	struct entry list[BOARD_CALLS_MAX];

	if (board->view->brief)
		most = BOARD_BRIEF_LINES;
	for (uint32_t slot = 1; slot <= used; slot++) {
		const struct task *task = query_at(board->core, TABLE_TASK, slot);

		if (task == NULL || !call_open(task))
			continue;
		kept = keep_first(
			list, kept, most, (struct entry){task->due_ms == 0 ? INT64_MAX : task->due_ms, slot});
		count++;
	}
	ink_heading(&board->ink, "待打电话", "calls to make, the soonest first", count);
	if (count == 0) {
		ink_none(&board->ink);
	} else {
		ink_table(&board->ink, "calls", with_words ? column : brief);
		for (uint32_t i = 0; i < kept; i++)
			put_call(board, query_at(board->core, TABLE_TASK, list[i].slot),
				i == 0 ? NULL : query_at(board->core, TABLE_TASK, list[i - 1].slot),
				with_words);
		ink_table_end(&board->ink);
	}
	ink_left_out(&board->ink, count > most ? count - most : 0);
}

/* --- not reached --------------------------------------------------------------------------------------------- */

static bool incident_open(const struct core *core, uint32_t number)
{
	uint32_t slot = number == 0 ? 0 : query_slot(core, TABLE_INCIDENT, number);
	const struct incident *incident = slot == 0 ? NULL : query_at(core, TABLE_INCIDENT, slot);

	return incident != NULL && !query_incident_ended(incident->state);
}

static void put_unreached(struct board *board, const struct notice *notice)
{
	struct ink *ink = &board->ink;

	ink_row(ink);
	ink_cell(ink);
	board_person(board, notice->person);
	ink_cell(ink);
	ink_text_or_dash(ink, words_who_zh(notice->who), INK_NAME);
	ink_cell(ink);
	board_incident_id(board, notice->incident);
	ink_cell(ink);
	ink_time(ink, notice->issued_ms);
	ink_row_end(ink);
}

void board_unreached(struct board *board)
{
	static const char *const column[] = {
		"人员 电话|person", "身份|as", "事件|incident", "通知时间|told at", NULL};
	uint32_t count = 0;

	ink_heading(&board->ink, "未联系到", "not reached", -1);
	for (uint32_t slot = 1; slot <= query_used(board->core, TABLE_NOTICE); slot++) {
		const struct notice *notice = query_at(board->core, TABLE_NOTICE, slot);

		if (notice == NULL || notice->state != NOTICE_UNREACHED ||
			!incident_open(board->core, notice->incident))
			continue;
		if (count == 0)
			ink_table(&board->ink, "unreached", column);
		if (count < BOARD_LIST_MAX)
			put_unreached(board, notice);
		count++;
	}
	board_list_end(board, count);
}

/* --- numbers ---------------------------------------------------------------------------------------------------- */

/* Whom one calls at night, in this order; a person stands under the first that fits. */
static const struct group {
	uint32_t role;
	const char *zh, *en;
} groups[] = {{WHO_DUTY_OFFICER, "值班员", "duty officers"}, {WHO_LEADER, "带班领导", "leaders"},
	{WHO_COMMITTEE | WHO_TOWN_HEAD, "委员会、镇级网格长", "committee, town head"},
	{WHO_OFFICE, "应急办", "office"}, {WHO_KEEPER, "仓库管理员", "keepers"},
	{WHO_VILLAGE_HEAD, "村(社区)网格长", "village heads"}};

enum { GROUPS = sizeof groups / sizeof groups[0] };

static uint32_t group_of(const struct person *person)
{
	for (uint32_t group = 0; group < GROUPS; group++)
		if ((person->roles & groups[group].role) != 0)
			return group;
	return GROUPS;
}

/* The grid that a head heads, or whom a person belongs to. */
static void put_belongs(struct board *board, uint32_t number, const struct person *person)
{
	for (uint32_t slot = 1;
		(person->roles & WHO_VILLAGE_HEAD) != 0 && slot <= query_used(board->core, TABLE_GRID);
		slot++) {
		const struct grid *grid = query_at(board->core, TABLE_GRID, slot);

		if (grid == NULL || grid->retired || grid->level != 2 || grid->head != number)
			continue;
		board_number(board, grid->name, INK_NAME);
		return;
	}
	board_number(board, person->org, INK_NAME);
}

void board_phones(struct board *board)
{
	struct ink *ink = &board->ink;
	uint32_t count = 0;

	ink_heading(ink, "常用电话", "telephone numbers", -1);
	for (uint32_t group = 0; group < GROUPS; group++) {
		bool any = false;

		for (uint32_t slot = 1; slot <= query_used(board->core, TABLE_PERSON); slot++) {
			const struct person *person = query_at(board->core, TABLE_PERSON, slot);

			if (person == NULL || person->retired || person->phone == 0 ||
				group_of(person) != group || ++count > BOARD_PEOPLE_MAX)
				continue;
			if (!any)
				ink_sayf(ink, "<h4>%s <small>%s</small></h4><ul class=\"tels\">",
					groups[group].zh, groups[group].en);
			any = true;
			ink_say(ink, "<li>");
			board_person(board, slot);
			ink_say(ink, " <small>");
			put_belongs(board, slot, person);
			ink_say(ink, "</small>\n");
		}
		if (any)
			ink_say(ink, "</ul>\n");
	}
	ink_left_out(ink, count > BOARD_PEOPLE_MAX ? count - BOARD_PEOPLE_MAX : 0);
}
