/* journal: the writer of dispatch.journal, from durable rows; decides nothing about release. */
#include "store/journal.h"

#include <inttypes.h>
#include <string.h>

#include "store/journal_sql.h"

void journal_init(struct journal *journal, const struct journal_config *config)
{
	*journal = (struct journal){.config = *config, .cursor = {.source = config->source}, .next_seq = 1};
	link_init(&journal->link, "journal", config->conninfo, config->report, config->report_context);
}

void journal_close(struct journal *journal)
{
	link_close(&journal->link);
	cursor_close(&journal->cursor);
	for (size_t index = 0; index < sizeof(journal->array) / sizeof(journal->array[0]); index++)
		array_free(&journal->array[index]);
}

bool journal_connected(const struct journal *journal)
{
	return journal->state == JOURNAL_RUNNING || journal->state == JOURNAL_BISECTING ||
	       journal->state == JOURNAL_SETTING_ASIDE;
}

static void go_down(struct journal *journal)
{
	journal->state = JOURNAL_DOWN;
	journal->batch_count = 0;
	journal->refused = false;
	journal->next_seq = journal->acked_seq + 1;
	cursor_close(&journal->cursor);
}

static void drop(struct journal *journal, int64_t now_ms, const char *why)
{
	link_drop(&journal->link, now_ms, why);
	go_down(journal);
}

static void stop_for_conflict(struct journal *journal, uint64_t seq, const char *what)
{
	journal->conflict_seq = seq;
	link_tell(&journal->link, STORE_ERROR,
		"CONFLICT at seq %" PRIu64
		": %s. Nothing more is written to this database; help goes on from the "
		"local log. Compare both, then give this daemon the right database or the right data folder",
		seq, what);
	link_close(&journal->link);
	go_down(journal);
	journal->state = JOURNAL_CONFLICT;
}

static void stop_for_fence(struct journal *journal)
{
	link_close(&journal->link);
	go_down(journal);
	journal->state = JOURNAL_FENCED;
}

/* ---- what the server says ---- */

/* What dispatch.lease says; true: it is ours. Else the connection is gone. */
static bool take_fence(struct journal *journal, int64_t word, int64_t now_ms)
{
	if (word == FENCE_OURS)
		return true;
	if (word == FENCE_NOT_YET) {
		drop(journal, now_ms, "dispatch.lease does not have our epoch yet; looking again");
		return false;
	}
	fence_lose(journal->config.fence, &journal->link, (uint64_t)word);
	stop_for_fence(journal);
	return false;
}

static void take_end(struct journal *journal, const PGresult *result)
{
	bool found = PQntuples(result) == 1 && PQgetlength(result, 0, 1) == STORE_HASH_BYTES;

	journal->end_seq = found ? (uint64_t)array_get_i64(PQgetvalue(result, 0, 0)) : 0;
	if (found)
		memcpy(journal->end_hash, PQgetvalue(result, 0, 1), STORE_HASH_BYTES);
}

/* Set up: from where to go on. */
static void begin_running(struct journal *journal, uint64_t first_seq, uint64_t durable_seq)
{
	uint64_t end = journal->end_seq;
	struct store_row row;

	if (end > durable_seq) {
		stop_for_conflict(journal, durable_seq + 1, "PostgreSQL has later rows than the local log");
		return;
	}
	if (end > 0 && cursor_row(&journal->cursor, end, &row) == DISP_OK &&
		memcmp(row.hash, journal->end_hash, STORE_HASH_BYTES) != 0) {
		stop_for_conflict(journal, end, "another row stands in the journal");
		return;
	}
	if (!journal->asked || end < journal->acked_seq)
		journal->acked_seq = end > JOURNAL_BEHIND_ROWS ? end - JOURNAL_BEHIND_ROWS : 0;
	if (first_seq > 0 && journal->acked_seq < first_seq - 1) {
		if (end < first_seq - 1)
			link_tell(&journal->link, STORE_ERROR,
				"rows %" PRIu64 " to %" PRIu64
				" are neither in the journal nor in the local log",
				end + 1, first_seq - 1);
		journal->acked_seq = first_seq - 1;
	}
	journal->asked = true;
	journal->lost_seq = 0;
	journal->next_seq = journal->acked_seq + 1;
	journal->state = JOURNAL_RUNNING;
	link_succeeded(&journal->link);
}

/* A refusal by content will be the same tomorrow; anything else may pass. */
static bool sqlstate_is_content(const char *sqlstate)
{
	static const char class[][3] = {"22", "23", "44", "54", "P0"};

	for (size_t index = 0; sqlstate != NULL && index < sizeof(class) / sizeof(class[0]); index++)
		if (strncmp(sqlstate, class[index], 2) == 0)
			return true;
	return sqlstate != NULL && strcmp(sqlstate, "XX000") == 0;
}

static void take_refusal(struct journal *journal, const PGresult *result)
{
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (journal->refused)
		return;
	journal->refused = true;
	journal->refused_for_good = sqlstate_is_content(PQresultErrorField(result, PG_DIAG_SQLSTATE));
	strncpy(journal->refusal, text == NULL ? PQresultErrorMessage(result) : text, STORE_ERROR_BYTES - 1);
	journal->refusal[STORE_ERROR_BYTES - 1] = '\0';
}

/* The oldest batch's own answer. False: the connection is gone. */
static bool take_counts(struct journal *journal, const PGresult *result, int64_t now_ms)
{
	const struct journal_batch *batch = &journal->batch[journal->batch_first];
	uint64_t rows = batch->last - batch->first + 1;

	if (batch->asked) {
		journal->found = PQntuples(result) == 1 &&
				 (uint64_t)array_get_i64(PQgetvalue(result, 0, 0)) == batch->first;
		return true;
	}
	bool fenced = journal->config.fence != NULL;

	if (PQntuples(result) != 1 || PQnfields(result) != (fenced ? 4 : 3))
		return true;
	if (fenced && !take_fence(journal, fence_word(result, 3), now_ms))
		return false;
	if (batch->aside)
		return true;
	if (!PQgetisnull(result, 0, 2)) {
		stop_for_conflict(journal, (uint64_t)array_get_i64(PQgetvalue(result, 0, 2)),
			"another row stands in the journal");
		return false;
	}
	if ((uint64_t)(array_get_i64(PQgetvalue(result, 0, 0)) + array_get_i64(PQgetvalue(result, 0, 1))) !=
		rows) {
		drop(journal, now_ms, "somebody else writes to the journal; looking again");
		return false;
	}
	return true;
}

static void bisect_begin(struct journal *journal, const struct journal_batch *batch)
{
	uint64_t rows = batch->last - batch->first + 1;

	if (journal->state == JOURNAL_RUNNING)
		journal->bisect_last = journal->next_seq - 1;
	journal->state = rows == 1 ? JOURNAL_SETTING_ASIDE : JOURNAL_BISECTING;
	journal->bisect_rows = (uint32_t)(rows / 2);
}

static void set_aside_done(struct journal *journal)
{
	journal->quarantined++;
	link_tell(&journal->link, STORE_ERROR,
		"row %" PRIu64 " was refused and stands in dispatch.quarantine for a person to look at: %s",
		journal->acked_seq + 1, journal->refusal);
	journal->acked_seq++;
	journal->bisect_rows = 1;
	journal->state = JOURNAL_BISECTING;
}

/* What the log does not give any more, and what of it the journal has. */
static void take_asked(struct journal *journal, uint64_t seq)
{
	if (journal->found) {
		journal->acked_seq = seq;
		return;
	}
	journal->lost_seq = seq;
	link_tell(&journal->link, STORE_ERROR,
		"row %" PRIu64
		" can neither be read from the local log nor is it in the journal; nothing behind it is "
		"written there. Bring the log's segment back from a copy",
		seq);
}

/* The oldest transaction is over. False: the connection is gone. */
static bool take_sync(struct journal *journal, int64_t now_ms)
{
	struct journal_batch batch = journal->batch[journal->batch_first];

	journal->batch_first = (journal->batch_first + 1) % JOURNAL_FLIGHT_MAX;
	journal->batch_count--;
	journal->link.waiting_since_ms = journal->batch_count == 0 ? 0 : now_ms;
	if (journal->refused && (!journal->refused_for_good || batch.aside || batch.asked)) {
		char why[STORE_ERROR_BYTES];

		memcpy(why, journal->refusal, sizeof(why));
		drop(journal, now_ms, why);
		return false;
	}
	if (journal->refused) {
		/* those behind it, sent before we knew, only pass by: they are sent again */
		if (batch.first == journal->acked_seq + 1)
			bisect_begin(journal, &batch);
	} else if (batch.asked) {
		take_asked(journal, batch.first);
	} else if (batch.aside) {
		set_aside_done(journal);
	} else if (batch.first == journal->acked_seq + 1) {
		journal->acked_seq = batch.last;
		journal->bisect_rows *= 2;
		link_succeeded(&journal->link);
	}
	journal->refused = false;
	if (journal->state == JOURNAL_BISECTING && journal->acked_seq >= journal->bisect_last)
		journal->state = JOURNAL_RUNNING;
	if (journal->batch_count == 0)
		journal->next_seq = journal->acked_seq + 1;
	return true;
}

static bool take_preparing(struct journal *journal, const PGresult *result, int64_t now_ms)
{
	if (journal->refused) {
		char why[STORE_ERROR_BYTES];

		memcpy(why, journal->refusal, sizeof(why));
		drop(journal, now_ms, why);
		return false;
	}
	journal->results_seen++;
	if (journal->config.fence != NULL && journal->results_seen == JOURNAL_SETUP_END)
		return take_fence(journal, fence_word(result, 0), now_ms);
	if (journal->results_seen == JOURNAL_SETUP_END + (journal->config.fence != NULL))
		take_end(journal, result);
	return true;
}

/* One result. False: the connection is gone, or has been set up: look again. */
static bool take_result(struct journal *journal, const PGresult *result, int64_t now_ms)
{
	ExecStatusType status = PQresultStatus(result);

	if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_NONFATAL_ERROR)
		take_refusal(journal, result);
	if (journal->state == JOURNAL_PREPARING && status != PGRES_PIPELINE_SYNC)
		return take_preparing(journal, result, now_ms);
	if (status == PGRES_PIPELINE_SYNC)
		return journal->state == JOURNAL_PREPARING || take_sync(journal, now_ms);
	if (status == PGRES_TUPLES_OK)
		return take_counts(journal, result, now_ms);
	return true;
}

static void take_results(struct journal *journal, uint64_t first_seq, uint64_t durable_seq, int64_t now_ms)
{
	bool nothing = false; /* between two statements there is one NULL; two: no more has come */

	while (journal->link.state == LINK_UP && !PQisBusy(journal->link.pg)) {
		PGresult *result = PQgetResult(journal->link.pg);
		bool prepared = result != NULL && journal->state == JOURNAL_PREPARING &&
				PQresultStatus(result) == PGRES_PIPELINE_SYNC;

		if (result == NULL && nothing)
			break;
		nothing = result == NULL;
		bool go_on = nothing || take_result(journal, result, now_ms);

		PQclear(result);
		if (!go_on)
			return;
		if (prepared) {
			journal->link.waiting_since_ms = 0;
			begin_running(journal, first_seq, durable_seq);
		}
	}
	if (journal->link.state == LINK_UP && PQstatus(journal->link.pg) == CONNECTION_BAD)
		drop(journal, now_ms, PQerrorMessage(journal->link.pg));
}

void journal_work(struct journal *journal, uint64_t first_seq, uint64_t durable_seq, int64_t now_ms)
{
	bool came_up;

	if (journal->state == JOURNAL_CONFLICT || journal->state == JOURNAL_FENCED)
		return;
	if (!fence_open(journal->config.fence)) {
		if (journal->config.fence->lost_to != 0) /* the projector has seen it */
			stop_for_fence(journal);
		return;
	}
	if (!link_work(&journal->link, now_ms, &came_up)) {
		if (journal->state != JOURNAL_DOWN)
			go_down(journal);
		return;
	}
	if (came_up) {
		journal->state = JOURNAL_PREPARING;
		journal->results_seen = 0;
		journal->refused = false;
		journal_send_setup(journal, now_ms);
	}
	take_results(journal, first_seq, durable_seq, now_ms);
	if (journal->link.state != LINK_UP)
		return;
	if (journal->link.waiting_since_ms != 0 &&
		now_ms - journal->link.waiting_since_ms >= journal->config.stall_ms) {
		drop(journal, now_ms,
			"owes an answer for too long; the connection is dropped, nothing is cancelled");
		return;
	}
	journal_send_batches(journal, durable_seq, now_ms);
	link_flush(&journal->link, now_ms);
	if (journal->link.state != LINK_UP)
		go_down(journal);
}
