/* rank: open incidents in the order in which they must be read: those where there is work to do, by priority, soonest clock and age;
 * then those that only wait to be verified or closed. */
#include <stdlib.h>

#include "board/internal.h"

bool board_work_done(const struct incident *incident)
{
	return incident->state == INCIDENT_DONE_REPORTED || incident->state == INCIDENT_VERIFIED;
}

static int by_urgency(const void *left, const void *right)
{
	const struct urgent *a = left, *b = right;

	if (a->done != b->done)
		return a->done ? 1 : -1;
	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

bool board_rank(struct board *board)
{
	const struct core *core = board->core;
	uint32_t slot = query_town(core)->open_first, most = query_used(core, TABLE_INCIDENT);

	board->urgent = calloc((size_t)most + 1, sizeof *board->urgent);
	if (board->urgent == NULL)
		return false;
	while (slot != 0 && board->urgent_count < most) {
		const struct incident *incident = query_at(core, TABLE_INCIDENT, slot);
		uint32_t next = query_deadline_next(incident);

		board->urgent[board->urgent_count++] = (struct urgent){.slot = slot,
			.number = incident->r.number,
			.done = board_work_done(incident),
			.priority = incident->priority == 0 ? UINT32_MAX : incident->priority,
			.due_ms = next == DEADLINE_COUNT ? INT64_MAX : incident->deadline[next].due_ms};
		slot = incident->next;
	}
	qsort(board->urgent, board->urgent_count, sizeof *board->urgent, by_urgency);
	return true;
}
