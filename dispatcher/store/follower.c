/* follower: what another daemon adds to dispatch.journal, fetched and put into our log; writes nothing to PostgreSQL. */
#include "store/follower.h"

#include <inttypes.h>
#include <string.h>

#include "store/array.h"
#include "store/readback.h"
#include "store/store_internal.h"

static const char SETTINGS[] =
	"SELECT set_config('statement_timeout', '30s', false), set_config('enable_seqscan', 'off', false), "
	"set_config('application_name', 'dispatcherd follower', false)";

/* The last row, in the journal or set aside on the way there. */
static const char END[] =
	"SELECT seq, hash FROM ((SELECT seq, hash, 0 AS aside FROM dispatch.journal WHERE town_id = $1 AND "
	"stream = $2 ORDER BY seq DESC LIMIT 1) UNION ALL (SELECT seq, hash, 1 FROM dispatch.quarantine "
	"WHERE town_id = $1 AND stream = $2 AND stage = 'journal' ORDER BY seq DESC LIMIT 1)) ends "
	"ORDER BY seq DESC, aside LIMIT 1";

void follower_init(struct follower *follower, const struct store_config *config)
{
	*follower = (struct follower){
		.town_id = config->town_id, .stream = config->stream, .stall_ms = config->stall_ms};
	link_init(&follower->link, "follower", config->conninfo, config->report, config->report_context);
}

void follower_begin(struct follower *follower, store_row_fn *take, void *context)
{
	follower->on = true;
	follower->take = take;
	follower->context = context;
}

static void page_clear(struct follower *follower)
{
	PQclear(follower->page);
	follower->page = NULL;
	follower->index = follower->count = 0;
}

static void answer_clear(struct follower *follower)
{
	PQclear(follower->answer);
	follower->answer = NULL;
}

void follower_close(struct follower *follower)
{
	answer_clear(follower);
	page_clear(follower);
	link_close(&follower->link);
	follower->on = false;
	follower->state = FOLLOWER_WAITS;
	follower->said.connected = false;
}

/* For good; what has been said stays. */
static void stop(struct follower *follower, enum disp_err why)
{
	follower_close(follower);
	follower->said.stopped = why;
}

/* ---- asking ---- */

static void drop(struct follower *follower, int64_t now_ms, const char *why)
{
	link_drop(&follower->link, now_ms, why);
	answer_clear(follower);
	follower->said.connected = false;
	if (follower->state != FOLLOWER_HANDS)
		follower->state = FOLLOWER_WAITS;
}

static void asked(struct follower *follower, bool ok, enum follower_state state, int64_t now_ms)
{
	if (!ok) {
		drop(follower, now_ms, PQerrorMessage(follower->link.pg));
		return;
	}
	follower->state = state;
	follower->asked_ms = now_ms;
	follower->link.waiting_since_ms = now_ms;
	link_flush(&follower->link, now_ms);
}

static void ask_end(struct follower *follower, int64_t now_ms)
{
	const Oid oid[2] = {OID_TEXT, OID_TEXT};
	const char *value[2] = {follower->town_id, follower->stream};

	asked(follower, PQsendQueryParams(follower->link.pg, END, 2, oid, value, NULL, NULL, 1) == 1,
		FOLLOWER_ASKS_END, now_ms);
}

static void ask_rows(struct follower *follower, const struct store *store, int64_t now_ms)
{
	asked(follower,
		readback_send(follower->link.pg, follower->town_id, follower->stream, store->last_seq + 1,
			READBACK_ROWS_MAX),
		FOLLOWER_ASKS_ROWS, now_ms);
}

static void ask_probe(struct follower *follower, int64_t now_ms)
{
	follower->probe_seq =
		follower->first_known ? follower->low + (follower->high - follower->low) / 2 : 1;
	asked(follower,
		readback_send(follower->link.pg, follower->town_id, follower->stream, follower->probe_seq, 1),
		FOLLOWER_SEARCHES, now_ms);
}

static void rest(struct follower *follower, int64_t until_ms)
{
	page_clear(follower);
	follower->state = FOLLOWER_WAITS;
	follower->next_ms = until_ms;
}

/* ---- a fork ---- */

/* Also of a row that is not durable yet. False: it is not there any more, or cannot be read. */
static bool own_hash(struct store *store, uint64_t seq, uint8_t hash[STORE_HASH_BYTES])
{
	const struct ring_row *recent = ring_find(&store->ring, seq);
	struct log_row found;
	struct store_row row = {0};
	enum disp_err err;

	if (seq == store->last_seq) {
		memcpy(hash, store->last_hash, STORE_HASH_BYTES);
		return true;
	}
	if (recent != NULL) {
		err = chain_row_get(seq, ring_bytes(&store->ring, recent), recent->size, &row);
	} else {
		err = log_read_at(store->log, seq, &found);
		if (err == DISP_OK)
			err = chain_row_get(seq, found.ptr, found.len, &row);
	}
	if (err == DISP_OK)
		memcpy(hash, row.hash, STORE_HASH_BYTES);
	return err == DISP_OK;
}

/* Row seq of ours is not the journal's: which one was the first? */
static void search_begin(struct follower *follower, const struct store *store, uint64_t seq, int64_t now_ms)
{
	page_clear(follower);
	follower->first_known = false;
	follower->suspect_seq = seq;
	follower->low = store->log_first > 0 ? store->log_first : 1;
	follower->high = seq + 1;
	if (follower->low > seq)
		follower->low = seq;
	ask_probe(follower, now_ms);
}

static void search_end(struct follower *follower, struct store *store, uint64_t last)
{
	if (follower->low > last) {
		store_tell(store, STORE_ERROR,
			"the journal is damaged: row %" PRIu64 " does not name the row before it", last + 1);
		stop(follower, DISP_E_DAMAGED);
		return;
	}
	store_tell(store, STORE_ERROR,
		"FORK: from row %" PRIu64 " on the journal has other rows than the local log", follower->low);
	follower->said.forked_seq = follower->low;
	follower_close(follower);
}

/* The first row that the journal has from probe_seq on: its own hash, or the one that it names, may be what is wanted. */
static bool probe_is_ours(struct follower *follower, struct store *store, const PGresult *result)
{
	uint8_t hash[STORE_HASH_BYTES];
	struct store_row row;
	const uint8_t *theirs = NULL;

	if (PQntuples(result) == 1 && readback_row(result, 0, &row) == DISP_OK) {
		if (row.seq == follower->probe_seq)
			theirs = row.hash;
		else if (row.seq == follower->probe_seq + 1)
			theirs = row.prev_hash;
	}
	return theirs != NULL && own_hash(store, follower->probe_seq, hash) &&
	       memcmp(theirs, hash, STORE_HASH_BYTES) == 0;
}

static void take_probe(struct follower *follower, struct store *store, const PGresult *result, int64_t now_ms)
{
	uint64_t last = follower->suspect_seq;
	struct store_row row;

	if (!follower->first_known) {
		if (PQntuples(result) == 1 && readback_row(result, 0, &row) == DISP_OK &&
			row.seq > follower->low && row.seq <= last)
			follower->low = row.seq;
		follower->first_known = true;
	} else if (probe_is_ours(follower, store, result)) {
		follower->low = follower->probe_seq + 1;
	} else {
		follower->high = follower->probe_seq;
	}
	if (follower->low < follower->high)
		ask_probe(follower, now_ms);
	else
		search_end(follower, store, last);
}

/* ---- rows ---- */

static void damaged(struct follower *follower, struct store *store, uint64_t seq, const char *what)
{
	store_tell(store, STORE_ERROR, "the journal is damaged: row %" PRIu64 " %s", seq, what);
	stop(follower, DISP_E_DAMAGED);
}

static void take_end(struct follower *follower, struct store *store, const PGresult *result, int64_t now_ms)
{
	uint8_t hash[STORE_HASH_BYTES];
	bool any = PQntuples(result) == 1 && PQgetlength(result, 0, 1) == STORE_HASH_BYTES;
	uint64_t end = any ? (uint64_t)array_get_i64(PQgetvalue(result, 0, 0)) : 0;

	link_succeeded(&follower->link);
	follower->said.connected = true;
	if (end > store->last_seq) {
		ask_rows(follower, store, now_ms);
		return;
	}
	if (end > 0 && own_hash(store, end, hash) &&
		memcmp(hash, PQgetvalue(result, 0, 1), STORE_HASH_BYTES) != 0) {
		search_begin(follower, store, end, now_ms);
		return;
	}
	follower->journal_seq = end;
	follower->said.reached_ms = follower->asked_ms;
	rest(follower, now_ms + FOLLOWER_POLL_MS);
}

static void hole_look(struct follower *follower, struct store *store, int64_t now_ms)
{
	if (follower->hole_since_ms == 0)
		follower->hole_since_ms = now_ms;
	if (follower->hole_told || now_ms - follower->hole_since_ms < FOLLOWER_HOLE_MS)
		return;
	follower->hole_told = true;
	store_tell(store, STORE_ERROR,
		"the journal has later rows, but not row %" PRIu64
		": nothing can be followed. Was it removed there, a start without DIR/log and the snapshots "
		"here "
		"takes the newest snapshot of PostgreSQL",
		store->last_seq + 1);
}

static void hole_end(struct follower *follower, struct store *store)
{
	if (follower->hole_told)
		store_tell(store, STORE_INFO, "the journal has row %" PRIu64 " again", store->last_seq);
	follower->hole_told = false;
	follower->hole_since_ms = 0;
}

/* One row of the page. False: not now, or never; follower->state says what comes next. */
static bool hand_row(
	struct follower *follower, struct store *store, const struct store_row *row, int64_t now_ms)
{
	enum disp_err err;

	if (row->seq != store->last_seq + 1) {
		hole_look(follower, store, now_ms);
		rest(follower, now_ms + FOLLOWER_POLL_MS);
		return false;
	}
	if (chain_row_check(row, row->prev_hash) != DISP_OK) {
		damaged(follower, store, row->seq, "has not the hash of what it says");
		return false;
	}
	if (memcmp(row->prev_hash, store->last_hash, STORE_HASH_BYTES) != 0) {
		if (follower->index == 0 && store->last_seq > 0)
			search_begin(follower, store, store->last_seq, now_ms);
		else
			damaged(follower, store, row->seq, "does not name the row before it");
		return false;
	}
	err = store_append(
		store, row->seq, row->at_ms, row->epoch, row->kind, row->plan_hash, row->body, row->size);
	if (err == DISP_E_FULL && store_commit(store, now_ms) == DISP_OK)
		err = store_append(store, row->seq, row->at_ms, row->epoch, row->kind, row->plan_hash,
			row->body, row->size);
	if (err != DISP_OK)
		return false; /* the log takes no more now */
	hole_end(follower, store);
	follower->index++;
	follower->page_bytes += row->size;
	follower->journal_seq = row->seq;
	err = follower->take == NULL ? DISP_OK : follower->take(follower->context, row);
	if (err != DISP_OK)
		stop(follower, err);
	return err == DISP_OK;
}

/* All of the page has been handed over. */
static void page_end(struct follower *follower, const struct store *store, int64_t now_ms)
{
	bool full = follower->count == READBACK_ROWS_MAX || follower->page_bytes >= READBACK_PAGE_BYTES;

	if (!full)
		follower->said.reached_ms = follower->asked_ms;
	rest(follower, full ? now_ms : now_ms + FOLLOWER_POLL_MS);
	if (full && follower->link.state == LINK_UP)
		ask_rows(follower, store, now_ms);
}

static void hand_rows(struct follower *follower, struct store *store, int64_t now_ms)
{
	uint64_t bytes = 0;
	bool go_on = store_commit(store, now_ms) == DISP_OK; /* what the log refused the last time */

	for (int rows = 0; go_on && follower->index < follower->count && rows < FOLLOWER_ROWS_MAX &&
			   bytes < FOLLOWER_BYTES_MAX;
		rows++) {
		struct store_row row;

		if (readback_row(follower->page, follower->index, &row) != DISP_OK) {
			damaged(follower, store, store->last_seq + 1, "is none that this program can read");
			break;
		}
		bytes += row.size;
		go_on = hand_row(follower, store, &row, now_ms);
	}
	if (store_commit(store, now_ms) != DISP_OK)
		follower->next_ms = now_ms + FOLLOWER_FULL_MS;
	else if (follower->state == FOLLOWER_HANDS && follower->index == follower->count)
		page_end(follower, store, now_ms);
	else if (follower->state == FOLLOWER_HANDS)
		follower->next_ms = now_ms;
}

/* ---- what the server says ---- */

/* The whole answer to the one statement under way; owns the result. */
static void take_answer(struct follower *follower, struct store *store, PGresult *result, int64_t now_ms)
{
	follower->link.waiting_since_ms = 0;
	if (PQresultStatus(result) != PGRES_TUPLES_OK) {
		drop(follower, now_ms, PQresultErrorMessage(result));
	} else if (follower->state == FOLLOWER_SETS_UP) {
		rest(follower, now_ms);
	} else if (follower->state == FOLLOWER_ASKS_END) {
		take_end(follower, store, result, now_ms);
	} else if (follower->state == FOLLOWER_SEARCHES) {
		take_probe(follower, store, result, now_ms);
	} else {
		follower->page = result;
		follower->index = 0;
		follower->count = PQntuples(result);
		follower->page_bytes = 0;
		follower->state = FOLLOWER_HANDS;
		follower->next_ms = now_ms;
		return;
	}
	PQclear(result);
}

static void take_results(struct follower *follower, struct store *store, int64_t now_ms)
{
	while (!PQisBusy(follower->link.pg)) {
		PGresult *one = PQgetResult(follower->link.pg);
		PGresult *answer = follower->answer;

		if (one == NULL) {
			follower->answer = NULL;
			if (answer != NULL)
				take_answer(follower, store, answer, now_ms);
			else
				drop(follower, now_ms, PQerrorMessage(follower->link.pg));
			return;
		}
		PQclear(answer);
		follower->answer = one;
	}
}

static bool asking(const struct follower *follower)
{
	return follower->state != FOLLOWER_WAITS && follower->state != FOLLOWER_HANDS;
}

static void link_look(struct follower *follower, struct store *store, int64_t now_ms)
{
	bool came_up;

	if (!link_work(&follower->link, now_ms, &came_up)) {
		answer_clear(follower);
		follower->said.connected = false;
		if (asking(follower))
			follower->state = FOLLOWER_WAITS;
		return;
	}
	if (came_up && follower->state == FOLLOWER_WAITS) {
		asked(follower,
			PQsendQueryParams(follower->link.pg, SETTINGS, 0, NULL, NULL, NULL, NULL, 0) == 1,
			FOLLOWER_SETS_UP, now_ms);
	} else if (asking(follower)) {
		take_results(follower, store, now_ms);
		if (asking(follower) && follower->link.waiting_since_ms != 0 &&
			now_ms - follower->link.waiting_since_ms >= follower->stall_ms)
			drop(follower, now_ms, "owes an answer for too long; the connection is dropped");
	} else if (PQstatus(follower->link.pg) == CONNECTION_BAD) {
		drop(follower, now_ms, PQerrorMessage(follower->link.pg));
	}
}

void follower_work(struct follower *follower, struct store *store, int64_t now_ms)
{
	if (!follower->on)
		return;
	link_look(follower, store, now_ms);
	if (follower->on && follower->state == FOLLOWER_HANDS)
		hand_rows(follower, store, now_ms);
	if (follower->on && follower->state == FOLLOWER_WAITS && follower->link.state == LINK_UP &&
		now_ms >= follower->next_ms)
		ask_end(follower, now_ms);
}

int64_t follower_due_ms(const struct follower *follower)
{
	int64_t due = INT64_MAX;

	if (!follower->on)
		return due;
	due = link_due_ms(&follower->link, follower->stall_ms);
	if (follower->state == FOLLOWER_HANDS ||
		(follower->state == FOLLOWER_WAITS && follower->link.state == LINK_UP))
		due = follower->next_ms < due ? follower->next_ms : due;
	return due;
}
