/* project_aside: the rows in dispatch.quarantine that wait for a person: lists them, and does what a person says of one. */
#ifndef STORE_PROJECT_ASIDE_H
#define STORE_PROJECT_ASIDE_H

#include "store/link.h"

/*
 * Over the projector's connection, between two batches. One that is let in is written where it was refused: into
 * dispatch.journal, and into the tables as far as later rows have said nothing else; its quarantine row stays, and says who
 * settled it and why. One that is refused again stays and waits on. What was asked for before the connection went is
 * done when it is back; what was asked for before the process ended is not, and the row is found waiting.
 */
enum { ASIDE_WANTED_MAX = 32, ASIDE_WORDS_BYTES = 256, ASIDE_LIST_EVERY_MS = 1000 };

struct aside_wanted {
	uint64_t seq;
	bool drop;
	char by[ASIDE_WORDS_BYTES], reason[ASIDE_WORDS_BYTES];
};

struct project_aside {
	struct store_aside
		row[STORE_ASIDE_MAX]; /* as PostgreSQL last said, by seq, then the journal's first */
	uint32_t count;
	bool ask;                                     /* what it said has changed since */
	int64_t listed_ms;                            /* when it last said so */
	uint64_t journal_saw;                         /* the journal writer's count when it was last asked */
	struct aside_wanted wanted[ASIDE_WANTED_MAX]; /* the first is under way */
	uint32_t wanted_count;
	bool found; /* the row that is to be written was read */
};

struct project;

/* Something to be sent now? Then it was: an answer is owed. journal: rows that the journal writer has set aside. */
bool project_aside_send(struct project *project, bool rows_wait, int64_t now_ms);
/* Answers, while the projector is in one of the states PROJECT_ASIDE_…. */
void project_aside_tuples(struct project *project, const PGresult *result);
void project_aside_sync(struct project *project, int64_t now_ms);

/* Puts it on the list of what is to be done. False: there is no room. */
bool project_aside_want(
	struct project_aside *aside, uint64_t seq, bool drop, struct text by, struct text reason);
/* Whether a person has spoken of this row and it is not done yet. */
bool project_aside_is_wanted(const struct project_aside *aside, uint64_t seq);

#endif
