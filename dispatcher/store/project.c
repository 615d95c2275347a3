/* project: the projector, a second connection that writes what people query; the journal is not its work. */
#include "store/project.h"

#include <inttypes.h>
#include <string.h>

#include "store/project_sql.h"
#include "store/readback.h"

void project_init(struct project *project, const struct journal_config *config, const struct row_names *names)
{
	project->config = *config;
	project->cursor = (struct cursor){.source = config->source};
	project->rows.names = names;
	project->rows_max = PROJECT_ROWS_MAX;
	keep_init(&project->keep, config->ops, config->town_id, config->stream);
	link_init(&project->link, "projections", config->conninfo, config->report, config->report_context);
}

void project_close(struct project *project)
{
	link_close(&project->link);
	cursor_close(&project->cursor);
	keep_close(&project->keep);
	fold_free(&project->rows.fold);
	for (size_t index = 0; index < PROJECT_COLUMNS_MAX; index++)
		array_free(&project->array[index]);
}

int64_t project_due_ms(const struct project *project)
{
	bool settles = project->state == PROJECT_IDLE && project->aside.wanted_count > 0;

	return settles ? INT64_MIN : link_due_ms(&project->link, project->config.stall_ms);
}

void project_drop(struct project *project, int64_t now_ms, const char *why)
{
	link_drop(&project->link, now_ms, why);
	project->state = PROJECT_DOWN;
	cursor_close(&project->cursor);
	keep_restart(&project->keep);
}

/* Another one leads. */
static void stop_for_fence(struct project *project)
{
	link_close(&project->link);
	project->state = PROJECT_DOWN;
	cursor_close(&project->cursor);
	keep_restart(&project->keep);
}

static void drop_refused(struct project *project, int64_t now_ms)
{
	char why[STORE_ERROR_BYTES];

	memcpy(why, project->refusal, sizeof(why));
	project_drop(project, now_ms, why);
}

static void sent(struct project *project, bool ok, enum project_state state, int64_t now_ms)
{
	if (!ok) {
		project_drop(project, now_ms, PQerrorMessage(project->link.pg));
		return;
	}
	project->state = state;
	project->refused = false;
	project->link.waiting_since_ms = now_ms;
}

/* ---- sending ---- */

static bool fold_is_full(const struct fold *fold)
{
	if (fold->used > PROJECT_BYTES_MAX)
		return true;
	for (uint32_t table = 0; table < PROJECT_TABLE_COUNT; table++)
		if (fold->table[table].rows > PROJECT_FOLD_ROWS_MAX)
			return true;
	return false;
}

/*
 * Whether the row must be the first of its batch: the registry's, when the batch has written what takes over from it (see
 * project_rule.h); an officer's act, because a merger and a split take over the counts as they stand; a word that all has been
 * seen, because it is about what waits then.
 */
static bool begins_batch(const struct project *project, const struct store_row *row)
{
	const struct fold_table *table = project->rows.fold.table;
	bool cases = table[PROJECT_TABLE_INCIDENT].rows > 0 || table[PROJECT_TABLE_CALL_TASK].rows > 0 ||
		     table[PROJECT_TABLE_SUPPLY].rows > 0;

	return row->kind == EVENT_ACT || row->kind == EVENT_ACK ||
	       (cases && ((row->kind >= EVENT_GRID && row->kind <= EVENT_DEVICE) ||
				 row->kind == EVENT_PLAYBOOK));
}

static void take_row(struct project *project, const struct store_row *row)
{
	if (project_row(&project->rows, row) != DISP_OK && ++project->unreadable == 1)
		link_tell(&project->link, STORE_WARNING,
			"row %" PRIu64 " is none that this program can read; such rows are not projected",
			row->seq);
	project->batch_last = row->seq;
	project->batch_at_ms = row->at_ms;
}

/* The rows after projected_seq, from the local log; where it has them no longer, they are asked for. */
static void send_next(struct project *project, uint64_t journal_seq, int64_t now_ms)
{
	uint64_t seq = project->projected_seq + 1;
	struct store_row row;
	enum disp_err err = DISP_OK;

	fold_begin(&project->rows.fold);
	for (; err == DISP_OK && seq <= journal_seq && seq - project->projected_seq <= project->rows_max;
		seq++) {
		err = cursor_row(&project->cursor, seq, &row);
		if (err != DISP_OK || (seq > project->projected_seq + 1 && begins_batch(project, &row)))
			break;
		take_row(project, &row);
		if (fold_is_full(&project->rows.fold)) {
			seq++;
			break;
		}
	}
	if (seq > project->projected_seq + 1)
		sent(project, project_send_batch(project, project->projected_seq), PROJECT_WRITING, now_ms);
	else if (err != DISP_OK)
		sent(project,
			readback_send(project->link.pg, project->config.town_id, project->config.stream, seq,
				project->rows_max) &&
				PQpipelineSync(project->link.pg),
			PROJECT_FETCHING, now_ms);
}

static void send_passing(struct project *project, int64_t now_ms)
{
	struct store_row row = {.seq = project->projected_seq + 1, .at_ms = project->batch_at_ms};

	sent(project, project_send_passing(project, &row), PROJECT_PASSING, now_ms);
}

static void send_part(struct project *project, int64_t now_ms)
{
	project->kept_last = true;
	sent(project,
		keep_send(&project->keep, &project->link) && project_send_fence(project) &&
			PQpipelineSync(project->link.pg),
		PROJECT_KEEPING, now_ms);
}

/* ---- what the server says ---- */

static void take_refusal(struct project *project, const PGresult *result)
{
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (project->refused)
		return;
	project->refused = true;
	/* 22012 division_by_zero is ours: somebody else has moved projected_seq */
	project->refused_for_good =
		sqlstate != NULL && strcmp(sqlstate, "22012") != 0 &&
		(strncmp(sqlstate, "22", 2) == 0 || strncmp(sqlstate, "23", 2) == 0 ||
			strncmp(sqlstate, "54", 2) == 0 || strncmp(sqlstate, "P0", 2) == 0);
	if (sqlstate != NULL && strcmp(sqlstate, "22012") == 0)
		text = "another one has written here; looking again";
	strncpy(project->refusal, text == NULL ? PQresultErrorMessage(result) : text, STORE_ERROR_BYTES - 1);
	project->refusal[STORE_ERROR_BYTES - 1] = '\0';
}

/* Rows of the journal that the log no longer has: folded now, written when the Sync has passed. */
static void take_fetched(struct project *project, const PGresult *result)
{
	fold_begin(&project->rows.fold);
	project->batch_last = project->projected_seq;
	for (int index = 0; index < PQntuples(result); index++) {
		struct store_row row;

		if (readback_row(result, index, &row) != DISP_OK || fold_is_full(&project->rows.fold) ||
			(index > 0 && begins_batch(project, &row)))
			break;
		take_row(project, &row);
	}
}

static void take_tuples(struct project *project, const PGresult *result)
{
	if (project->state == PROJECT_PREPARING && PQnfields(result) == KEEP_NEWEST_FIELDS)
		project->keep.kept_seq =
			PQntuples(result) == 1 ? (uint64_t)array_get_i64(PQgetvalue(result, 0, 0)) : 0;
	else if (project->state == PROJECT_PREPARING && PQnfields(result) == FENCE_FIELDS)
		project->fence_word = fence_word(result, 0);
	else if (project->state ==
		 PROJECT_PREPARING) /* the settings', then this one: the last of them counts */
		project->projected_seq = PQntuples(result) == 1 && PQfformat(result, 0) == 1
						 ? (uint64_t)array_get_i64(PQgetvalue(result, 0, 0))
						 : 0;
	else if (project->state == PROJECT_FETCHING)
		take_fetched(project, result);
	else if (project->state >= PROJECT_ASIDE_LISTING)
		project_aside_tuples(project, result);
}

static void take_sync_written(struct project *project)
{
	if (project->state == PROJECT_PASSING) {
		project->quarantined++;
		project->aside.ask = true;
		link_tell(&project->link, STORE_ERROR,
			"row %" PRIu64 " could not be projected and is noted in dispatch.quarantine: %s",
			project->batch_last, project->refusal);
	}
	project->projected_seq = project->batch_last;
	project->rows_max =
		project->rows_max * 2 < PROJECT_ROWS_MAX ? project->rows_max * 2 : PROJECT_ROWS_MAX;
	project->state = PROJECT_IDLE;
	link_succeeded(&project->link);
}

/* Set up. */
static void take_sync_prepared(struct project *project, int64_t now_ms)
{
	struct fence *fence = project->config.fence;

	if (fence != NULL && project->fence_word == FENCE_NOT_YET) {
		project_drop(project, now_ms, "dispatch.lease does not have our epoch yet; looking again");
	} else if (fence != NULL && project->fence_word != FENCE_OURS) {
		fence_lose(fence, &project->link, (uint64_t)project->fence_word);
		stop_for_fence(project);
	} else {
		project->state = PROJECT_IDLE;
		link_succeeded(&project->link);
	}
}

/* Whether it was not what was written that is wrong, but that we write: the next set-up tells. */
static bool may_be_fenced(const struct project *project)
{
	return project->config.fence != NULL && project->refused && !project->refused_for_good;
}

static void take_sync(struct project *project, int64_t now_ms)
{
	uint64_t rows = project->batch_last - project->projected_seq;

	project->link.waiting_since_ms = 0;
	if (may_be_fenced(project)) {
		drop_refused(project, now_ms);
	} else if (project->state >= PROJECT_ASIDE_LISTING) {
		project_aside_sync(project, now_ms);
	} else if (project->state == PROJECT_KEEPING) {
		project->state = PROJECT_IDLE;
		keep_sent(&project->keep, &project->link, project->refused);
	} else if (project->refused && (!project->refused_for_good || project->state != PROJECT_WRITING)) {
		drop_refused(project, now_ms);
	} else if (project->refused && rows > 1) {
		project->rows_max = (uint32_t)(rows / 2);
		project->state = PROJECT_IDLE;
	} else if (project->refused) {
		send_passing(project, now_ms);
	} else if (project->state == PROJECT_FETCHING && rows > 0) {
		sent(project, project_send_batch(project, project->projected_seq), PROJECT_WRITING, now_ms);
	} else if (project->state == PROJECT_FETCHING) {
		project_drop(
			project, now_ms, "the next row stands neither in the local log nor in the journal");
	} else if (project->state == PROJECT_PREPARING) {
		take_sync_prepared(project, now_ms);
	} else {
		take_sync_written(project);
	}
}

static void take_result(struct project *project, const PGresult *result, int64_t now_ms)
{
	switch (PQresultStatus(result)) {
	case PGRES_FATAL_ERROR:
	case PGRES_BAD_RESPONSE:
		take_refusal(project, result);
		break;
	case PGRES_PIPELINE_SYNC:
		take_sync(project, now_ms);
		break;
	case PGRES_TUPLES_OK:
		take_tuples(project, result);
		break;
	default:
		break;
	}
}

static void take_results(struct project *project, int64_t now_ms)
{
	bool nothing = false;

	while (project->link.state == LINK_UP && !PQisBusy(project->link.pg)) {
		PGresult *result = PQgetResult(project->link.pg);

		if (result == NULL && nothing)
			break;
		nothing = result == NULL;
		if (result != NULL)
			take_result(project, result, now_ms);
		PQclear(result);
	}
	if (project->link.state == LINK_UP && PQstatus(project->link.pg) == CONNECTION_BAD)
		project_drop(project, now_ms, PQerrorMessage(project->link.pg));
}

void project_work(struct project *project, uint64_t journal_seq, int64_t now_ms)
{
	bool came_up;

	if (!fence_open(project->config.fence)) {
		if (project->state != PROJECT_DOWN)
			stop_for_fence(project);
		return;
	}
	if (!link_work(&project->link, now_ms, &came_up)) {
		project->state = PROJECT_DOWN;
		return;
	}
	if (came_up) {
		project->aside.ask = true;
		sent(project, project_send_setup(project), PROJECT_PREPARING, now_ms);
	}
	take_results(project, now_ms);
	if (project->link.state != LINK_UP)
		return;
	if (project->link.waiting_since_ms != 0 &&
		now_ms - project->link.waiting_since_ms >= project->config.stall_ms) {
		project_drop(project, now_ms, "owes an answer for too long; the connection is dropped");
		return;
	}
	bool rows_wait = project->projected_seq < journal_seq;

	if (project->state == PROJECT_IDLE)
		(void)project_aside_send(project, rows_wait, now_ms);
	if (project->state == PROJECT_IDLE && keep_due(&project->keep, journal_seq) &&
		!(rows_wait && project->kept_last)) {
		send_part(project, now_ms);
	} else if (project->state == PROJECT_IDLE && rows_wait) {
		project->kept_last = false;
		send_next(project, journal_seq, now_ms);
	}
	link_flush(&project->link, now_ms);
	if (project->link.state != LINK_UP)
		project->state = PROJECT_DOWN;
}
