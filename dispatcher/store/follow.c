/* follow: what another daemon adds to dispatch.journal, fetched and put into our log; writes nothing to PostgreSQL. */
#include "store/follow.h"

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

void follow_init(struct follow *follow, const struct store_config *config)
{
	*follow = (struct follow){
		.town_id = config->town_id, .stream = config->stream, .stall_ms = config->stall_ms};
	link_init(&follow->link, "follower", config->conninfo, config->report, config->report_context);
}

void follow_begin(struct follow *follow, store_row_fn *take, void *context)
{
	follow->on = true;
	follow->take = take;
	follow->context = context;
}

static void page_clear(struct follow *follow)
{
	PQclear(follow->page);
	follow->page = NULL;
	follow->index = follow->count = 0;
}

void follow_close(struct follow *follow)
{
	page_clear(follow);
	link_close(&follow->link);
	follow->on = false;
	follow->state = FOLLOW_WAITS;
	follow->said.connected = false;
}

/* For good; what has been said stays. */
static void stop(struct follow *follow, enum disp_err why)
{
	follow_close(follow);
	follow->said.stopped = why;
}

/* ---- asking ---- */

static void drop(struct follow *follow, int64_t now_ms, const char *why)
{
	link_drop(&follow->link, now_ms, why);
	follow->said.connected = false;
	if (follow->state != FOLLOW_HANDS)
		follow->state = FOLLOW_WAITS;
}

static void asked(struct follow *follow, bool ok, enum follow_state state, int64_t now_ms)
{
	if (!ok) {
		drop(follow, now_ms, PQerrorMessage(follow->link.pg));
		return;
	}
	follow->state = state;
	follow->asked_ms = now_ms;
	follow->link.waiting_since_ms = now_ms;
	link_flush(&follow->link, now_ms);
}

static void ask_end(struct follow *follow, int64_t now_ms)
{
	const Oid oid[2] = {OID_TEXT, OID_TEXT};
	const char *value[2] = {follow->town_id, follow->stream};

	asked(follow, PQsendQueryParams(follow->link.pg, END, 2, oid, value, NULL, NULL, 1) == 1,
		FOLLOW_ASKS_END, now_ms);
}

static void ask_rows(struct follow *follow, const struct store *store, int64_t now_ms)
{
	asked(follow,
		readback_send(follow->link.pg, follow->town_id, follow->stream, store->last_seq + 1,
			READBACK_ROWS_MAX),
		FOLLOW_ASKS_ROWS, now_ms);
}

static void ask_probe(struct follow *follow, int64_t now_ms)
{
	follow->probe_seq = follow->first_known ? follow->low + (follow->high - follow->low) / 2 : 1;
	asked(follow, readback_send(follow->link.pg, follow->town_id, follow->stream, follow->probe_seq, 1),
		FOLLOW_SEARCHES, now_ms);
}

static void rest(struct follow *follow, int64_t until_ms)
{
	page_clear(follow);
	follow->state = FOLLOW_WAITS;
	follow->next_ms = until_ms;
}

/* ---- a fork ---- */

/* Also of a row that is not durable yet. False: it is not there any more, or cannot be read. */
static bool own_hash(struct store *store, uint64_t seq, uint8_t hash[STORE_HASH_BYTES])
{
	const struct ring_row *recent = ring_find(&store->ring, seq);
	struct log_row found;
	struct store_row row;
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
static void search_begin(struct follow *follow, const struct store *store, uint64_t seq, int64_t now_ms)
{
	page_clear(follow);
	follow->first_known = false;
	follow->suspect_seq = seq;
	follow->low = store->log_first > 0 ? store->log_first : 1;
	follow->high = seq + 1;
	if (follow->low > seq)
		follow->low = seq;
	ask_probe(follow, now_ms);
}

static void search_end(struct follow *follow, struct store *store, uint64_t last)
{
	if (follow->low > last) {
		store_tell(store, STORE_ERROR,
			"the journal is damaged: row %" PRIu64 " does not name the row before it", last + 1);
		stop(follow, DISP_E_DAMAGED);
		return;
	}
	store_tell(store, STORE_ERROR,
		"FORK: from row %" PRIu64 " on the journal has other rows than the local log", follow->low);
	follow->said.forked_seq = follow->low;
	follow_close(follow);
}

/* The first row that the journal has from probe_seq on: its own hash, or the one that it names, may be what is wanted. */
static bool probe_is_ours(struct follow *follow, struct store *store, const PGresult *result)
{
	uint8_t hash[STORE_HASH_BYTES];
	struct store_row row;
	const uint8_t *theirs = NULL;

	if (PQntuples(result) == 1 && readback_row(result, 0, &row) == DISP_OK) {
		if (row.seq == follow->probe_seq)
			theirs = row.hash;
		else if (row.seq == follow->probe_seq + 1)
			theirs = row.prev_hash;
	}
	return theirs != NULL && own_hash(store, follow->probe_seq, hash) &&
	       memcmp(theirs, hash, STORE_HASH_BYTES) == 0;
}

static void take_probe(struct follow *follow, struct store *store, const PGresult *result, int64_t now_ms)
{
	uint64_t last = follow->suspect_seq;
	struct store_row row;

	if (!follow->first_known) {
		if (PQntuples(result) == 1 && readback_row(result, 0, &row) == DISP_OK &&
			row.seq > follow->low && row.seq <= last)
			follow->low = row.seq;
		follow->first_known = true;
	} else if (probe_is_ours(follow, store, result)) {
		follow->low = follow->probe_seq + 1;
	} else {
		follow->high = follow->probe_seq;
	}
	if (follow->low < follow->high)
		ask_probe(follow, now_ms);
	else
		search_end(follow, store, last);
}

/* ---- rows ---- */

static void damaged(struct follow *follow, struct store *store, uint64_t seq, const char *what)
{
	store_tell(store, STORE_ERROR, "the journal is damaged: row %" PRIu64 " %s", seq, what);
	stop(follow, DISP_E_DAMAGED);
}

static void take_end(struct follow *follow, struct store *store, const PGresult *result, int64_t now_ms)
{
	uint8_t hash[STORE_HASH_BYTES];
	bool any = PQntuples(result) == 1 && PQgetlength(result, 0, 1) == STORE_HASH_BYTES;
	uint64_t end = any ? (uint64_t)array_get_i64(PQgetvalue(result, 0, 0)) : 0;

	link_succeeded(&follow->link);
	follow->said.connected = true;
	if (end > store->last_seq) {
		ask_rows(follow, store, now_ms);
		return;
	}
	if (end > 0 && own_hash(store, end, hash) &&
		memcmp(hash, PQgetvalue(result, 0, 1), STORE_HASH_BYTES) != 0) {
		search_begin(follow, store, end, now_ms);
		return;
	}
	follow->journal_seq = end;
	follow->said.reached_ms = follow->asked_ms;
	rest(follow, now_ms + FOLLOW_POLL_MS);
}

/* One row of the page. False: not now, or never; follow->state says what comes next. */
static bool hand_row(struct follow *follow, struct store *store, const struct store_row *row, int64_t now_ms)
{
	enum disp_err err;

	if (row->seq != store->last_seq + 1) {
		if (!follow->hole_told)
			store_tell(store, STORE_WARNING,
				"the journal has no row %" PRIu64 " yet, but later ones",
				store->last_seq + 1);
		follow->hole_told = true;
		rest(follow, now_ms + FOLLOW_POLL_MS);
		return false;
	}
	if (chain_row_check(row, row->prev_hash) != DISP_OK) {
		damaged(follow, store, row->seq, "has not the hash of what it says");
		return false;
	}
	if (memcmp(row->prev_hash, store->last_hash, STORE_HASH_BYTES) != 0) {
		if (follow->index == 0 && store->last_seq > 0)
			search_begin(follow, store, store->last_seq, now_ms);
		else
			damaged(follow, store, row->seq, "does not name the row before it");
		return false;
	}
	err = store_append(
		store, row->seq, row->at_ms, row->epoch, row->kind, row->plan_hash, row->body, row->size);
	if (err == DISP_E_FULL && store_commit(store, now_ms) == DISP_OK)
		err = store_append(store, row->seq, row->at_ms, row->epoch, row->kind, row->plan_hash,
			row->body, row->size);
	if (err != DISP_OK)
		return false; /* the log takes no more now */
	follow->hole_told = false;
	follow->index++;
	follow->page_bytes += row->size;
	follow->journal_seq = row->seq;
	err = follow->take == NULL ? DISP_OK : follow->take(follow->context, row);
	if (err != DISP_OK)
		stop(follow, err);
	return err == DISP_OK;
}

/* All of the page has been handed over. */
static void page_end(struct follow *follow, const struct store *store, int64_t now_ms)
{
	bool full = follow->count == READBACK_ROWS_MAX || follow->page_bytes >= READBACK_PAGE_BYTES;

	if (!full)
		follow->said.reached_ms = follow->asked_ms;
	rest(follow, full ? now_ms : now_ms + FOLLOW_POLL_MS);
	if (full && follow->link.state == LINK_UP)
		ask_rows(follow, store, now_ms);
}

static void hand_rows(struct follow *follow, struct store *store, int64_t now_ms)
{
	uint64_t bytes = 0;
	bool go_on = store_commit(store, now_ms) == DISP_OK; /* what the log refused the last time */

	for (int rows = 0;
		go_on && follow->index < follow->count && rows < FOLLOW_ROWS_MAX && bytes < FOLLOW_BYTES_MAX;
		rows++) {
		struct store_row row;

		if (readback_row(follow->page, follow->index, &row) != DISP_OK) {
			damaged(follow, store, store->last_seq + 1, "is none that this program can read");
			break;
		}
		bytes += row.size;
		go_on = hand_row(follow, store, &row, now_ms);
	}
	if (store_commit(store, now_ms) != DISP_OK)
		follow->next_ms = now_ms + FOLLOW_FULL_MS;
	else if (follow->state == FOLLOW_HANDS && follow->index == follow->count)
		page_end(follow, store, now_ms);
	else if (follow->state == FOLLOW_HANDS)
		follow->next_ms = now_ms;
}

/* ---- what the server says ---- */

/* The whole answer to the one statement under way; owns the result. */
static void take_answer(struct follow *follow, struct store *store, PGresult *result, int64_t now_ms)
{
	follow->link.waiting_since_ms = 0;
	if (PQresultStatus(result) != PGRES_TUPLES_OK) {
		drop(follow, now_ms, PQresultErrorMessage(result));
	} else if (follow->state == FOLLOW_SETS_UP) {
		rest(follow, now_ms);
	} else if (follow->state == FOLLOW_ASKS_END) {
		take_end(follow, store, result, now_ms);
	} else if (follow->state == FOLLOW_SEARCHES) {
		take_probe(follow, store, result, now_ms);
	} else {
		follow->page = result;
		follow->index = 0;
		follow->count = PQntuples(result);
		follow->page_bytes = 0;
		follow->state = FOLLOW_HANDS;
		follow->next_ms = now_ms;
		return;
	}
	PQclear(result);
}

static void take_results(struct follow *follow, struct store *store, int64_t now_ms)
{
	PGresult *answer = NULL;

	if (PQisBusy(follow->link.pg))
		return;
	for (PGresult *one; (one = PQgetResult(follow->link.pg)) != NULL; answer = one)
		PQclear(answer);
	if (answer != NULL)
		take_answer(follow, store, answer, now_ms);
	else
		drop(follow, now_ms, PQerrorMessage(follow->link.pg));
}

static bool asking(const struct follow *follow)
{
	return follow->state != FOLLOW_WAITS && follow->state != FOLLOW_HANDS;
}

static void link_look(struct follow *follow, struct store *store, int64_t now_ms)
{
	bool came_up;

	if (!link_work(&follow->link, now_ms, &came_up)) {
		follow->said.connected = false;
		if (asking(follow))
			follow->state = FOLLOW_WAITS;
		return;
	}
	if (came_up && follow->state == FOLLOW_WAITS) {
		asked(follow, PQsendQueryParams(follow->link.pg, SETTINGS, 0, NULL, NULL, NULL, NULL, 0) == 1,
			FOLLOW_SETS_UP, now_ms);
	} else if (asking(follow)) {
		take_results(follow, store, now_ms);
		if (asking(follow) && follow->link.waiting_since_ms != 0 &&
			now_ms - follow->link.waiting_since_ms >= follow->stall_ms)
			drop(follow, now_ms, "owes an answer for too long; the connection is dropped");
	} else if (PQstatus(follow->link.pg) == CONNECTION_BAD) {
		drop(follow, now_ms, PQerrorMessage(follow->link.pg));
	}
}

void follow_work(struct follow *follow, struct store *store, int64_t now_ms)
{
	if (!follow->on)
		return;
	link_look(follow, store, now_ms);
	if (follow->on && follow->state == FOLLOW_HANDS)
		hand_rows(follow, store, now_ms);
	if (follow->on && follow->state == FOLLOW_WAITS && follow->link.state == LINK_UP &&
		now_ms >= follow->next_ms)
		ask_end(follow, now_ms);
}

int64_t follow_due_ms(const struct follow *follow)
{
	int64_t due = INT64_MAX;

	if (!follow->on)
		return due;
	due = link_due_ms(&follow->link, follow->stall_ms);
	if (follow->state == FOLLOW_HANDS || (follow->state == FOLLOW_WAITS && follow->link.state == LINK_UP))
		due = follow->next_ms < due ? follow->next_ms : due;
	return due;
}
