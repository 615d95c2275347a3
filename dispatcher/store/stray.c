/* stray: rows that a daemon set aside because another one led (dispatch.stray), brought in again by the one who leads now. */
#include "store/stray.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/readback.h"
#include "store/store_internal.h"

enum { HASH_COLUMN = 7 };

/* The columns are those of readback_row. */
static const char PAGE[] =
	"SELECT seq, (extract(epoch FROM at) * 1000)::bigint, epoch, kind, plan_hash, body, prev_hash, hash "
	"FROM (SELECT r.*, sum(octet_length(body)) OVER (ORDER BY epoch, seq, hash) AS bytes FROM (SELECT * "
	"FROM dispatch.stray WHERE town_id = $1 AND stream = $2 AND brought_seq IS NULL AND refused IS NULL "
	"ORDER BY epoch, seq, hash LIMIT $3::bigint) r) page "
	"WHERE bytes - octet_length(body) < $4::bigint ORDER BY epoch, seq, hash";

/* What stands there already was written by somebody who had brought it in, too: it stays. */
static const char MARK[] =
	"UPDATE dispatch.stray s SET brought_seq = i.brought, refused = i.refused FROM unnest($3::bytea[], "
	"$4::bigint[], $5::text[]) AS i(hash, brought, refused) WHERE s.town_id = $1::text AND s.stream = "
	"$2::text AND s.hash = i.hash AND s.brought_seq IS NULL AND s.refused IS NULL";

void stray_init(struct stray *stray, const struct store_config *config)
{
	*stray = (struct stray){
		.town_id = config->town_id, .stream = config->stream, .stall_ms = config->stall_ms};
	link_init(&stray->link, "stray rows", config->conninfo, config->report, config->report_context);
}

static void answer_clear(struct stray *stray)
{
	PQclear(stray->answer);
	stray->answer = NULL;
}

static void page_clear(struct stray *stray)
{
	PQclear(stray->page);
	stray->page = NULL;
	stray->count = stray->index = stray->marked = stray->marking = 0;
}

void stray_close(struct stray *stray)
{
	answer_clear(stray);
	page_clear(stray);
	link_close(&stray->link);
	stray->state = STRAY_WAITS;
	for (size_t index = 0; index < sizeof(stray->array) / sizeof(stray->array[0]); index++)
		array_free(&stray->array[index]);
}

static void drop(struct stray *stray, int64_t now_ms, const char *why)
{
	link_drop(&stray->link, now_ms, why);
	answer_clear(stray);
	stray->state = STRAY_WAITS;
}

static void sent(struct stray *stray, int ok, enum stray_state state, int64_t now_ms)
{
	if (ok != 1) {
		drop(stray, now_ms, PQerrorMessage(stray->link.pg));
		return;
	}
	stray->state = state;
	stray->link.waiting_since_ms = now_ms;
	link_flush(&stray->link, now_ms);
}

static void ask_page(struct stray *stray, int64_t now_ms)
{
	char rows[16], bytes[16];
	const Oid oid[4] = {OID_TEXT, OID_TEXT, 0, 0};
	const char *value[4] = {stray->town_id, stray->stream, rows, bytes};

	snprintf(rows, sizeof(rows), "%d", STRAY_PAGE_ROWS);
	snprintf(bytes, sizeof(bytes), "%d", STRAY_PAGE_BYTES);
	sent(stray, PQsendQueryParams(stray->link.pg, PAGE, 4, oid, value, NULL, NULL, 1), STRAY_READS,
		now_ms);
}

/* ---- handing over ---- */

static void refuse(struct stray *stray, struct store *store, uint64_t seq, const char *what)
{
	stray->outcome[stray->index].refused = true;
	store_tell(store, STORE_ERROR,
		"row %" PRIu64 " of another daemon, in dispatch.stray, cannot be brought in: it %s. It stays "
		"there for a person to look at",
		seq, what);
}

/* The row at stray->index. False: later. */
static bool hand_row(struct stray *stray, struct store *store)
{
	struct store_row row = {0};
	enum disp_err err = readback_row(stray->page, stray->index, &row);

	stray->outcome[stray->index].refused = false;
	if (err != DISP_OK || chain_row_check(&row, row.prev_hash) != DISP_OK) {
		refuse(stray, store, row.seq, "is none that this program writes");
	} else {
		err = store->stray_take(store->stray_context, &row);
		if (err == DISP_E_AGAIN)
			return false;
		if (err != DISP_OK)
			refuse(stray, store, row.seq, "cannot be read");
		else
			stray->brought++;
	}
	stray->outcome[stray->index++].seq = store_last_seq(store);
	return true;
}

static void hand_rows(struct stray *stray, struct store *store, int64_t now_ms)
{
	for (int rows = 0; stray->index < stray->count && rows < STRAY_ROWS_MAX; rows++)
		if (!hand_row(stray, store)) {
			stray->next_ms = now_ms + STRAY_AGAIN_MS;
			return;
		}
	stray->next_ms = now_ms;
}

/* ---- marking ---- */

/*
 * Those of which the journal has what became of them. No fence: a row that is in the journal is there, whoever leads
 * by now.
 */
static void mark(struct stray *stray, uint64_t journal_seq, int64_t now_ms)
{
	static const char REFUSED[] = "cannot be read by the daemon that led";
	const Oid oid[5] = {OID_TEXT, OID_TEXT, OID_BYTEA_ARRAY, OID_INT8_ARRAY, OID_TEXT_ARRAY};
	const char *value[5] = {stray->town_id, stray->stream};
	int length[5] = {0}, format[5] = {0, 0, 1, 1, 1};
	int last = stray->marked;

	array_begin(&stray->array[0], OID_BYTEA);
	array_begin(&stray->array[1], OID_INT8);
	array_begin(&stray->array[2], OID_TEXT);
	for (; last < stray->index && stray->outcome[last].seq <= journal_seq; last++) {
		bool refused = stray->outcome[last].refused;

		array_add(&stray->array[0], PQgetvalue(stray->page, last, HASH_COLUMN),
			(size_t)PQgetlength(stray->page, last, HASH_COLUMN));
		if (refused)
			array_add(&stray->array[1], NULL, 0);
		else
			array_add_i64(&stray->array[1], (int64_t)stray->outcome[last].seq);
		array_add(&stray->array[2], refused ? REFUSED : NULL, refused ? sizeof(REFUSED) - 1 : 0);
	}
	if (last == stray->marked)
		return;
	for (int index = 0; index < 3; index++) {
		array_end(&stray->array[index]);
		value[2 + index] = (const char *)stray->array[index].bytes;
		length[2 + index] = (int)stray->array[index].used;
	}
	stray->marking = last;
	sent(stray, PQsendQueryParams(stray->link.pg, MARK, 5, oid, value, length, format, 1), STRAY_MARKS,
		now_ms);
}

static void marked(struct stray *stray, struct store *store, int64_t now_ms)
{
	stray->marked = stray->marking;
	if (stray->marked < stray->count)
		return;
	if (stray->brought > 0)
		store_tell(store, STORE_INFO,
			"%" PRIu64 " rows of another daemon have been brought in from dispatch.stray",
			stray->brought);
	stray->brought = 0;
	page_clear(stray);
	stray->next_ms = now_ms; /* there may be more */
}

/* ---- what the server says ---- */

/* Not migrated yet: there is nothing to bring in. */
static bool no_table(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state != NULL && (strcmp(state, "42P01") == 0 || strcmp(state, "3F000") == 0);
}

static void take_answer(struct stray *stray, struct store *store, PGresult *result, int64_t now_ms)
{
	enum stray_state of = stray->state;
	ExecStatusType status = PQresultStatus(result);

	stray->link.waiting_since_ms = 0;
	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && !no_table(result)) {
		drop(stray, now_ms, PQresultErrorMessage(result));
		return;
	}
	link_succeeded(&stray->link);
	stray->state = STRAY_WAITS;
	if (of == STRAY_MARKS) {
		marked(stray, store, now_ms);
	} else if (status == PGRES_TUPLES_OK && PQntuples(result) > 0 &&
		   PQntuples(result) <= STRAY_PAGE_ROWS) {
		stray->page = result;
		stray->count = PQntuples(result);
		stray->next_ms = now_ms;
	} else {
		stray->next_ms = now_ms + STRAY_LOOK_MS;
	}
}

static void take_results(struct stray *stray, struct store *store, int64_t now_ms)
{
	while (!PQisBusy(stray->link.pg)) {
		PGresult *one = PQgetResult(stray->link.pg);
		PGresult *answer = stray->answer;

		if (one == NULL) {
			stray->answer = NULL;
			if (answer == NULL)
				drop(stray, now_ms, PQerrorMessage(stray->link.pg));
			else
				take_answer(stray, store, answer, now_ms);
			if (answer != stray->page)
				PQclear(answer);
			return;
		}
		PQclear(answer);
		stray->answer = one;
	}
}

void stray_work(struct stray *stray, struct store *store, int64_t now_ms)
{
	bool came_up;
	bool up = link_work(&stray->link, now_ms, &came_up);

	if (!up) {
		answer_clear(stray);
		stray->state = STRAY_WAITS;
	} else if (stray->state != STRAY_WAITS) {
		take_results(stray, store, now_ms);
	} else if (PQstatus(stray->link.pg) == CONNECTION_BAD) {
		drop(stray, now_ms, PQerrorMessage(stray->link.pg));
	}
	if (stray->state != STRAY_WAITS && stray->link.waiting_since_ms != 0 &&
		now_ms - stray->link.waiting_since_ms >= stray->stall_ms)
		drop(stray, now_ms, "owes an answer for too long; the connection is dropped");
	if (stray->index < stray->count && now_ms >= stray->next_ms)
		hand_rows(stray, store, now_ms);
	if (stray->link.state != LINK_UP || stray->state != STRAY_WAITS)
		return;
	if (stray->page != NULL)
		mark(stray, store->journal.acked_seq, now_ms);
	else if (now_ms >= stray->next_ms)
		ask_page(stray, now_ms);
}

int64_t stray_due_ms(const struct stray *stray)
{
	int64_t due = link_due_ms(&stray->link, stray->stall_ms);
	bool hands = stray->index < stray->count;
	bool asks = stray->page == NULL && stray->state == STRAY_WAITS && stray->link.state == LINK_UP;

	return (hands || asks) && stray->next_ms < due ? stray->next_ms : due;
}
