/* project: the projector, a second connection that writes what people query; the journal is not its work. */
#ifndef STORE_PROJECT_H
#define STORE_PROJECT_H

#include "store/cursor.h"
#include "store/journal.h"
#include "store/keep.h"
#include "store/link.h"
#include "store/project_aside.h"
#include "store/project_row.h"

/*
 * One batch at a time: rows after projected_seq, as far as the journal is acknowledged, folded to one row a key,
 * written in one transaction whose first statement moves dispatch.projected_seq from where this batch began; when
 * it stands elsewhere, the transaction fails and the projector asks where it stands. So no row is projected twice,
 * nor by two. Emptying the projections and projected_seq makes them anew from the first row: rows that the local
 * log no longer has are read from the journal.
 * Between two batches, a part of the newest snapshot is sent (keep.h).
 * A batch that PostgreSQL refuses is halved down to the row, which is told of in dispatch.quarantine and passed over.
 */
enum { PROJECT_ROWS_MAX = 512, PROJECT_BYTES_MAX = 4 << 20, PROJECT_FOLD_ROWS_MAX = 8192 };

enum project_state {
	PROJECT_DOWN,
	PROJECT_PREPARING, /* statements, and where the projections stand */
	PROJECT_IDLE,
	PROJECT_WRITING,       /* a batch is under way */
	PROJECT_FETCHING,      /* rows that only the journal has are under way */
	PROJECT_KEEPING,       /* a part of a snapshot is under way */
	PROJECT_PASSING,       /* the row after projected_seq is set aside */
	PROJECT_ASIDE_LISTING, /* of what was set aside, project_aside.c: which rows wait */
	PROJECT_ASIDE_READING, /* one that a person lets in */
	PROJECT_ASIDE_SETTLING,
	PROJECT_ASIDE_REFUSED /* it was refused again; that is noted */
};

struct project {
	struct journal_config config;
	struct link link;
	struct cursor cursor;
	struct keep keep;
	struct project_aside aside;
	bool kept_last; /* a part of a snapshot was sent last: the projections' turn */
	struct project_rows rows;
	enum project_state state;
	uint64_t projected_seq;
	int64_t fence_word;  /* of two daemons: what dispatch.lease said at the set-up (fence.h) */
	uint64_t batch_last; /* of what is under way */
	int64_t batch_at_ms; /* event time of its last row */
	uint32_t rows_max;   /* of the next batch; halved when one was refused */
	bool refused, refused_for_good;
	char refusal[STORE_ERROR_BYTES];
	uint64_t quarantined, unreadable;
	struct array array[PROJECT_COLUMNS_MAX];
};

void project_init(
	struct project *project, const struct journal_config *config, const struct row_names *names);
void project_close(struct project *project);

/* Goes on, up to journal_seq; 0: the journal is not there. Of two daemons, the one that stands by does not connect. */
void project_work(struct project *project, uint64_t journal_seq, int64_t now_ms);
/* The connection is dropped, and tried again; for the files of the projector. */
void project_drop(struct project *project, int64_t now_ms, const char *why);
int64_t project_due_ms(const struct project *project);

#endif
