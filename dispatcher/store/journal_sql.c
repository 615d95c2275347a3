/* journal_sql: what the journal's writer sends; private to it. */
#include "store/journal_sql.h"

#include <inttypes.h>
#include <string.h>

#include "store/chain.h"
#include "store/readback.h"

enum { PARAMS = 10, ASIDE_PARAMS = 11, FENCE_PARAMS = 2 };

/* The plan must stay a walk along the key, however small the table was when it was made. */
static const char SETTINGS[] =
	"SELECT set_config('enable_seqscan', 'off', false), set_config('enable_hashjoin', 'off', false), "
	"set_config('enable_mergejoin', 'off', false), set_config('enable_bitmapscan', 'off', false), "
	"set_config('enable_sort', 'off', false), "
	"set_config('statement_timeout', '30s', false), set_config('application_name', 'dispatcherd "
	"journal', false)";

/*
 * How many were added, how many were there with the same hash, the first that is there with another. What was there is
 * looked at only when not all were added. "seq >= … ORDER BY seq LIMIT 1" leaves the planner no index but the key's: by
 * "=" it takes journal_at while the table is young, and reads all of it for each row.
 */
#define INPUT                                                                                                \
	"input AS MATERIALIZED (SELECT * FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::text[], " \
	"$7::bytea[], $8::bytea[], $9::bytea[], $10::bytea[]) "                                              \
	"AS t(seq, at_ms, epoch, kind, plan_hash, body, prev_hash, hash)), "
#define ADDED_FROM_INPUT                                                                                     \
	"added AS (INSERT INTO dispatch.journal (town_id, stream, seq, at, epoch, kind, plan_hash, body, "   \
	"prev_hash, hash) SELECT $1::text, $2::text, seq, 'epoch'::timestamptz + at_ms * interval '1 ms', "  \
	"epoch, kind, plan_hash, body, prev_hash, hash FROM input"
#define COUNTS                                                                                               \
	" ON CONFLICT (town_id, stream, seq) DO NOTHING RETURNING seq) "                                     \
	"SELECT (SELECT count(*) FROM added), count(*) FILTER (WHERE j.hash = i.hash), "                     \
	"min(i.seq) FILTER (WHERE j.hash <> i.hash)"
#define THERE                                                                                                \
	" FROM input i CROSS JOIN LATERAL (SELECT k.seq, k.hash "                                            \
	"FROM dispatch.journal k WHERE k.town_id = $1::text AND k.stream = $2::text AND k.seq >= i.seq "     \
	"ORDER BY k.seq LIMIT 1) j "                                                                         \
	"WHERE j.seq = i.seq AND (SELECT count(*) FROM added) < (SELECT count(*) FROM input)"

static const char ADD[] = "WITH " INPUT ADDED_FROM_INPUT COUNTS THERE;

/* Of two daemons: only where dispatch.lease is ours; the fourth column is what it says. */
static const char ADD_FENCED[] = "WITH " FENCE_CTE("$1", "$11",
	"$12") ", " INPUT ADDED_FROM_INPUT " WHERE " FENCE_IS_OURS COUNTS ", " FENCE_WORD("$11") THERE;

#define SET_ASIDE                                                                                            \
	"INSERT INTO dispatch.quarantine (town_id, stream, stage, seq, at, epoch, kind, plan_hash, body, "   \
	"prev_hash, hash, error) SELECT $1::text, $2::text, 'journal', i.seq, 'epoch'::timestamptz + "       \
	"i.at_ms * interval '1 ms', i.epoch, i.kind, i.plan_hash, i.body, i.prev_hash, i.hash, $11::text "   \
	"FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::bytea[], $8::bytea[], "       \
	"$9::bytea[], $10::bytea[]) AS i(seq, at_ms, epoch, kind, plan_hash, body, prev_hash, hash)"

static const char ASIDE[] = SET_ASIDE " ON CONFLICT DO NOTHING";

/* The columns are those of ADD_FENCED. */
static const char ASIDE_FENCED[] = "WITH " FENCE_CTE("$1", "$12",
	"$13") ", aside AS (" SET_ASIDE " WHERE " FENCE_IS_OURS " ON CONFLICT DO NOTHING RETURNING seq) "
	       "SELECT count(*), 0::bigint, NULL::bigint, " FENCE_WORD("$12") " FROM aside";

static const char END[] = "SELECT seq, hash FROM dispatch.journal WHERE town_id = $1 AND stream = $2 "
			  "ORDER BY seq DESC LIMIT 1";

static const Oid ARRAY_OID[8] = {OID_INT8_ARRAY, OID_INT8_ARRAY, OID_INT8_ARRAY, OID_TEXT_ARRAY,
	OID_BYTEA_ARRAY, OID_BYTEA_ARRAY, OID_BYTEA_ARRAY, OID_BYTEA_ARRAY};
static const uint32_t ELEMENT_OID[8] = {
	OID_INT8, OID_INT8, OID_INT8, OID_TEXT, OID_BYTEA, OID_BYTEA, OID_BYTEA, OID_BYTEA};

static void owed(struct journal *journal, int64_t now_ms)
{
	if (journal->link.waiting_since_ms == 0)
		journal->link.waiting_since_ms = now_ms;
}

void journal_send_setup(struct journal *journal, int64_t now_ms)
{
	PGconn *pg = journal->link.pg;
	const char *key[2] = {journal->config.town_id, journal->config.stream};
	const Oid key_oid[2] = {OID_TEXT, OID_TEXT};
	const struct fence *fence = journal->config.fence;
	Oid oid[ASIDE_PARAMS] = {OID_TEXT, OID_TEXT};

	memcpy(oid + 2, ARRAY_OID, sizeof(ARRAY_OID));
	oid[PARAMS] = OID_TEXT;
	/* the lease's lock is held until where the journal ends is known: nobody else writes between the two */
	bool sent = PQenterPipelineMode(pg) &&
		    PQsendQueryParams(pg, SETTINGS, 0, NULL, NULL, NULL, NULL, 0) &&
		    PQsendPrepare(pg, "add", fence == NULL ? ADD : ADD_FENCED, PARAMS, oid) &&
		    PQsendPrepare(pg, "aside", fence == NULL ? ASIDE : ASIDE_FENCED, ASIDE_PARAMS, oid) &&
		    (fence == NULL || fence_ask(fence, pg)) &&
		    PQsendQueryParams(pg, END, 2, key_oid, key, NULL, NULL, 1) && PQpipelineSync(pg);

	if (!sent) {
		link_drop(&journal->link, now_ms, PQerrorMessage(pg));
		return;
	}
	owed(journal, now_ms);
}

static void add_row(struct journal *journal, const struct store_row *row)
{
	const char *kind = chain_kind_word(row->kind);

	array_add_i64(&journal->array[0], (int64_t)row->seq);
	array_add_i64(&journal->array[1], row->at_ms);
	array_add_i64(&journal->array[2], (int64_t)row->epoch);
	array_add(&journal->array[3], kind, strlen(kind));
	array_add(&journal->array[4], row->plan_hash, STORE_HASH_BYTES);
	array_add(&journal->array[5], row->body, row->size);
	array_add(&journal->array[6], row->prev_hash, STORE_HASH_BYTES);
	array_add(&journal->array[7], row->hash, STORE_HASH_BYTES);
}

/* Rows from next_seq on into the arrays. Returns how many; 0: the log does not give it (told). */
static uint32_t fill_arrays(struct journal *journal, uint64_t durable_seq, uint32_t rows_max)
{
	uint64_t last = journal->next_seq;
	struct store_row row;

	for (size_t index = 0; index < 8; index++)
		array_begin(&journal->array[index], ELEMENT_OID[index]);
	for (; last <= durable_seq && last - journal->next_seq < rows_max; last++) {
		enum disp_err err = cursor_row(&journal->cursor, last, &row);

		if (err != DISP_OK && err != DISP_E_NONE) {
			if (journal->unreadable_seq == 0) /* told once */
				link_tell(&journal->link, STORE_ERROR,
					"row %" PRIu64 " cannot be read from the local log", last);
			journal->unreadable_seq = last;
		}
		if (err != DISP_OK)
			break;
		journal->unreadable_seq = 0;
		if (last > journal->next_seq && journal->array[5].used + row.size > JOURNAL_BATCH_BYTES_MAX)
			break;
		add_row(journal, &row);
	}
	for (size_t index = 0; index < 8; index++)
		array_end(&journal->array[index]);
	return (uint32_t)(last - journal->next_seq);
}

static bool send_batch(struct journal *journal, uint32_t rows, int64_t now_ms)
{
	const char *value[ASIDE_PARAMS + FENCE_PARAMS] = {journal->config.town_id, journal->config.stream};
	int length[ASIDE_PARAMS + FENCE_PARAMS] = {0};
	int format[ASIDE_PARAMS + FENCE_PARAMS] = {0};
	const struct fence *fence = journal->config.fence;
	bool aside = journal->state == JOURNAL_SETTING_ASIDE;
	int params = aside ? ASIDE_PARAMS : PARAMS;
	uint32_t slot = (journal->batch_first + journal->batch_count) % JOURNAL_FLIGHT_MAX;

	for (size_t index = 0; index < 8; index++) {
		value[2 + index] = (const char *)journal->array[index].bytes;
		length[2 + index] = (int)journal->array[index].used;
		format[2 + index] = 1;
	}
	value[PARAMS] = journal->refusal;
	if (fence != NULL) {
		value[params++] = fence->number;
		value[params++] = fence->holder;
	}
	if (!PQsendQueryPrepared(
		    journal->link.pg, aside ? "aside" : "add", params, value, length, format, 1) ||
		!PQpipelineSync(journal->link.pg)) {
		link_drop(&journal->link, now_ms, PQerrorMessage(journal->link.pg));
		return false;
	}
	journal->batch[slot] = (struct journal_batch){
		.first = journal->next_seq, .last = journal->next_seq + rows - 1, .aside = aside};
	journal->batch_count++;
	journal->next_seq += rows;
	owed(journal, now_ms);
	return true;
}

/* A row that the log does not give may stand in the journal: then there is nothing to write. */
static bool ask_for_unreadable(struct journal *journal, int64_t now_ms)
{
	uint64_t seq = journal->next_seq;

	if (journal->unreadable_seq != seq || journal->lost_seq == seq || journal->batch_count > 0 ||
		journal->state == JOURNAL_SETTING_ASIDE)
		return false;
	if (!readback_send(journal->link.pg, journal->config.town_id, journal->config.stream, seq, 1) ||
		!PQpipelineSync(journal->link.pg)) {
		link_drop(&journal->link, now_ms, PQerrorMessage(journal->link.pg));
		return false;
	}
	journal->found = false;
	journal->batch[journal->batch_first] =
		(struct journal_batch){.first = seq, .last = seq, .asked = true};
	journal->batch_count++;
	journal->next_seq++;
	owed(journal, now_ms);
	return true;
}

void journal_send_batches(struct journal *journal, uint64_t durable_seq, int64_t now_ms)
{
	while (journal_connected(journal) && journal->next_seq <= durable_seq) {
		bool running = journal->state == JOURNAL_RUNNING;
		uint32_t rows_max = JOURNAL_BATCH_ROWS_MAX;

		if (journal->batch_count >=
			(running && journal->config.fence == NULL ? (uint32_t)JOURNAL_FLIGHT_MAX : 1))
			return;
		if (journal->state == JOURNAL_SETTING_ASIDE)
			rows_max = 1;
		else if (!running && journal->bisect_rows < rows_max)
			rows_max = journal->bisect_rows;
		uint32_t rows = fill_arrays(journal, durable_seq, rows_max);

		if (rows == 0)
			(void)ask_for_unreadable(journal, now_ms);
		if (rows == 0 || !send_batch(journal, rows, now_ms))
			return;
	}
}
