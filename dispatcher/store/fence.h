/* fence: what is written to PostgreSQL rests on our row of dispatch.lease; takes no lease and raises no beat (seat.h). */
#ifndef STORE_FENCE_H
#define STORE_FENCE_H

#include "store/link.h"

/*
 * Each transaction of ours reads the row of dispatch.lease FOR KEY SHARE, and writes only when epoch and holder are ours.
 * A take-over changes the epoch, which is part of a unique key: it waits until our transaction is over, and one that begins
 * later finds another epoch. So not one row of an older epoch is written behind the take-over, however long we were paused.
 * It is the epoch of this life that counts, not the rows': a leader that has restarted writes those of its last life, too.
 */
struct fence {
	const char *town_id, *holder;
	uint64_t epoch;   /* of store_lead; 0: we stand by, and nothing is connected */
	char number[24];  /* epoch, as a parameter */
	uint64_t lost_to; /* the epoch that dispatch.lease has instead; 0: none */
};

/* What a row of dispatch.lease says, as FENCE_WORD gives it. Anything above: the epoch of another one. */
enum { FENCE_OURS = 0, FENCE_NOT_YET = -1 };

/* The name fence in WITH, of the town's row: the lock is taken and kept until the transaction ends. */
#define FENCE_CTE(town, epoch_param, holder_param)                                                           \
	"fence AS MATERIALIZED (SELECT epoch, epoch = " epoch_param "::bigint AND holder = " holder_param    \
	"::text AS ours FROM dispatch.lease WHERE town_id = " town "::text FOR KEY SHARE)"
#define FENCE_IS_OURS "(SELECT ours FROM fence)"
/* A bigint, never NULL. No row, or one below ours: a leader by a person's word, and the row has not heard of it yet. */
#define FENCE_WORD(epoch_param)                                                                              \
	"coalesce((SELECT CASE WHEN ours THEN 0 WHEN epoch >= " epoch_param                                  \
	"::bigint THEN epoch ELSE -1 END FROM fence), -1)"

/* Asks for the word alone: one row of FENCE_FIELDS columns, the first is the word, binary. False: as PQsendQueryParams. */
enum { FENCE_FIELDS = 2 };
bool fence_ask(const struct fence *fence, PGconn *pg);
int64_t fence_word(const PGresult *result, int column);

void fence_init(struct fence *fence, const char *town_id, const char *holder);
void fence_lead(struct fence *fence, uint64_t epoch);

/* Whether PostgreSQL may be written to. NULL: there is no other daemon. */
bool fence_open(const struct fence *fence);

/* Another one leads: for good; told once, by whoever sees it first. */
void fence_lose(struct fence *fence, struct link *link, uint64_t epoch);

#endif
