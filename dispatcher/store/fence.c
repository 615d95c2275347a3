/* fence: what is written to PostgreSQL rests on our row of dispatch.lease; takes no lease and raises no beat (seat.h). */
#include "store/fence.h"

#include <inttypes.h>
#include <stdio.h>

#include "store/array.h"

static const char ASK[] =
	"WITH " FENCE_CTE("$1", "$2", "$3") " SELECT " FENCE_WORD("$2") ", (SELECT epoch FROM fence)";

bool fence_ask(const struct fence *fence, PGconn *pg)
{
	const char *value[3] = {fence->town_id, fence->number, fence->holder};

	return PQsendQueryParams(pg, ASK, 3, NULL, value, NULL, NULL, 1) == 1;
}

int64_t fence_word(const PGresult *result, int column)
{
	if (PQntuples(result) != 1 || PQgetisnull(result, 0, column) || PQgetlength(result, 0, column) != 8)
		return FENCE_NOT_YET;
	return array_get_i64(PQgetvalue(result, 0, column));
}

void fence_init(struct fence *fence, const char *town_id, const char *holder)
{
	*fence = (struct fence){.town_id = town_id, .holder = holder};
}

void fence_lead(struct fence *fence, uint64_t epoch)
{
	fence->epoch = epoch;
	fence->lost_to = 0;
	snprintf(fence->number, sizeof(fence->number), "%" PRIu64, epoch);
}

bool fence_open(const struct fence *fence)
{
	return fence == NULL || (fence->epoch != 0 && fence->lost_to == 0);
}

void fence_lose(struct fence *fence, struct link *link, uint64_t epoch)
{
	if (fence->lost_to != 0)
		return;
	fence->lost_to = epoch;
	link_tell(link, STORE_ERROR,
		"FENCED: another daemon leads with epoch %" PRIu64 ", ours is %" PRIu64
		". Nothing more is written to PostgreSQL, and nothing more may leave here",
		epoch, fence->epoch);
}
