/* seat: the row of dispatch.lease, over a connection of its own; says nothing about who should lead (shell/lease.h). */
#include "store/seat.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/array.h"
#include "store/link.h"

/* A statement ends before we give it up, so that none is taken long after that. */
enum { SEAT_RETRY_MS_MAX = 400, PARAMS_MAX = 5, NUMBER_BYTES = 24, LOOK_FIELDS = 3 };

static const char SETTINGS[] = "SELECT set_config('statement_timeout', '800ms', false), "
			       "set_config('application_name', 'dispatcherd seat', false)";

static const char BEAT[] = "UPDATE dispatch.lease SET beat = beat + 1, at = clock_timestamp() WHERE "
			   "town_id = $1 AND epoch = $2::bigint AND holder = $3 RETURNING 1";

/* A new beat, too: who has seen that the row moves must not think that it stood still. */
static const char TAKE[] =
	"UPDATE dispatch.lease SET epoch = $2::bigint, holder = $3, beat = beat + 1, at = clock_timestamp() "
	"WHERE town_id = $1 AND epoch = $4::bigint AND beat = $5::bigint AND $2::bigint > epoch RETURNING 1";

static const char TAKE_FIRST[] =
	"INSERT INTO dispatch.lease (town_id, epoch, holder) VALUES ($1, $2::bigint, $3) "
	"ON CONFLICT DO NOTHING RETURNING 1";

/*
 * A daemon that was paused in the midst of sending leaves a transaction open that holds the row: for ever, as no timeout of
 * the server counts between two messages of a pipeline. Ended is only who waits for its client, and has for a while; never a
 * commit. In pg_locks the lock of a row shows as RowShareLock of its table.
 */
static const char END_PAUSED[] =
	"SELECT count(pg_terminate_backend(l.pid)) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
	"WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND "
	"l.relation = to_regclass('dispatch.lease') AND l.mode = 'RowShareLock' AND l.granted AND "
	"a.usename = current_user AND l.pid <> pg_backend_pid() AND a.wait_event_type = 'Client' AND "
	"a.xact_start < clock_timestamp() - interval '500 ms'";

/* A statement of its own: what it sees is the row as it is now, also when the one before it had to wait. */
static const char LOOK[] = "SELECT epoch, beat, holder FROM dispatch.lease WHERE town_id = $1";

/* The mover is seat_work; seat_send begins SEAT_ASKED. */
enum seat_state { SEAT_DOWN, SEAT_PREPARING, SEAT_READY, SEAT_ASKED };

struct seat {
	struct link link;
	const char *town_id, *holder;
	enum seat_state state;
	bool refused;
	char refusal[STORE_ERROR_BYTES];
	struct seat_answer answer; /* as far as it has come */
};

enum disp_err seat_open(struct seat **result, const struct store_config *config)
{
	struct seat *seat = calloc(1, sizeof(*seat));

	*result = seat;
	if (seat == NULL)
		return DISP_E_FULL;
	seat->town_id = config->town_id;
	seat->holder = config->holder;
	link_init(&seat->link, "lease", config->conninfo, config->report, config->report_context);
	return DISP_OK;
}

void seat_close(struct seat *seat)
{
	if (seat == NULL)
		return;
	link_close(&seat->link);
	free(seat);
}

/* Somebody may wait for this row before help goes out: the next attempt comes soon. */
static void retry_soon(struct seat *seat)
{
	if (seat->link.retry_ms > SEAT_RETRY_MS_MAX)
		seat->link.retry_ms = SEAT_RETRY_MS_MAX;
}

static void drop(struct seat *seat, int64_t now_ms, const char *why)
{
	link_drop(&seat->link, now_ms, why);
	retry_soon(seat);
}

/* ---- sending ---- */

static bool ask(struct seat *seat, const char *sql, int count, const char *const value[], int format)
{
	return PQsendQueryParams(seat->link.pg, sql, count, NULL, value, NULL, NULL, format) == 1;
}

static bool send_ask(struct seat *seat, enum seat_ask what, const char *const value[PARAMS_MAX], bool first)
{
	if (what == SEAT_BEAT && !ask(seat, BEAT, 3, value, 0))
		return false;
	if (what == SEAT_TAKE && first && !ask(seat, TAKE_FIRST, 3, value, 0))
		return false;
	if (what == SEAT_TAKE && !first &&
		(!ask(seat, END_PAUSED, 0, NULL, 0) || !ask(seat, TAKE, PARAMS_MAX, value, 0)))
		return false;
	return ask(seat, LOOK, 1, value, 1) && PQpipelineSync(seat->link.pg) == 1;
}

bool seat_send(struct seat *seat, enum seat_ask what, uint64_t epoch, uint64_t seen_epoch, uint64_t seen_beat,
	int64_t now_ms)
{
	char number[3][NUMBER_BYTES];
	const char *const value[PARAMS_MAX] = {seat->town_id, number[0], seat->holder, number[1], number[2]};

	if (seat->state != SEAT_READY || what == SEAT_NOTHING)
		return false;
	snprintf(number[0], NUMBER_BYTES, "%" PRIu64, epoch);
	snprintf(number[1], NUMBER_BYTES, "%" PRIu64, seen_epoch);
	snprintf(number[2], NUMBER_BYTES, "%" PRIu64, seen_beat);
	if (!send_ask(seat, what, value, seen_epoch == 0)) {
		drop(seat, now_ms, PQerrorMessage(seat->link.pg));
		seat->state = SEAT_DOWN;
		return false;
	}
	seat->answer = (struct seat_answer){.of = what};
	seat->refused = false;
	seat->state = SEAT_ASKED;
	seat->link.waiting_since_ms = now_ms;
	link_flush(&seat->link, now_ms);
	return true;
}

/* ---- what the server says ---- */

static void take_row(struct seat_answer *answer, const PGresult *result)
{
	if (PQntuples(result) != 1)
		return; /* no row: zeros */
	answer->epoch = (uint64_t)array_get_i64(PQgetvalue(result, 0, 0));
	answer->beat = (uint64_t)array_get_i64(PQgetvalue(result, 0, 1));
	snprintf(answer->holder, sizeof(answer->holder), "%.*s", PQgetlength(result, 0, 2),
		PQgetvalue(result, 0, 2));
}

static void take_refusal(struct seat *seat, const PGresult *result)
{
	if (seat->refused)
		return;
	seat->refused = true;
	snprintf(seat->refusal, sizeof(seat->refusal), "%s", PQresultErrorMessage(result));
}

/* What was sent is over. */
static void take_sync(struct seat *seat, int64_t now_ms)
{
	if (seat->refused) {
		drop(seat, now_ms, seat->refusal);
		return;
	}
	seat->link.waiting_since_ms = 0;
	if (seat->state == SEAT_ASKED)
		link_succeeded(&seat->link);
}

/* True: all of what was sent is answered. */
static bool take_result(struct seat *seat, const PGresult *result, int64_t now_ms)
{
	switch (PQresultStatus(result)) {
	case PGRES_FATAL_ERROR:
	case PGRES_BAD_RESPONSE:
		take_refusal(seat, result);
		return false;
	case PGRES_TUPLES_OK:
		if (seat->state == SEAT_ASKED && PQnfields(result) == LOOK_FIELDS)
			take_row(&seat->answer, result);
		else if (seat->state == SEAT_ASKED) /* the last of them counts: 1 row, it was taken */
			seat->answer.taken = PQntuples(result) == 1;
		return false;
	case PGRES_PIPELINE_SYNC:
		take_sync(seat, now_ms);
		return true;
	default:
		return false;
	}
}

static bool take_results(struct seat *seat, int64_t now_ms)
{
	bool nothing = false, over = false;

	while (!over && seat->link.state == LINK_UP && !PQisBusy(seat->link.pg)) {
		PGresult *result = PQgetResult(seat->link.pg);

		if (result == NULL && nothing)
			break;
		nothing = result == NULL;
		if (result != NULL)
			over = take_result(seat, result, now_ms);
		PQclear(result);
	}
	if (seat->link.state == LINK_UP && PQstatus(seat->link.pg) == CONNECTION_BAD)
		drop(seat, now_ms, PQerrorMessage(seat->link.pg));
	return over;
}

static void prepare(struct seat *seat, int64_t now_ms)
{
	seat->refused = false;
	if (!PQenterPipelineMode(seat->link.pg) || !ask(seat, SETTINGS, 0, NULL, 0) ||
		!PQpipelineSync(seat->link.pg)) {
		drop(seat, now_ms, PQerrorMessage(seat->link.pg));
		return;
	}
	seat->state = SEAT_PREPARING;
	seat->link.waiting_since_ms = now_ms;
}

/* The connection is gone: what was under way has failed. */
static bool gone(struct seat *seat, struct seat_answer *answer)
{
	bool asked = seat->state == SEAT_ASKED;

	seat->state = SEAT_DOWN;
	retry_soon(seat);
	if (asked)
		*answer = (struct seat_answer){.of = seat->answer.of, .failed = true};
	return asked;
}

bool seat_work(struct seat *seat, int64_t now_ms, struct seat_answer *answer)
{
	bool came_up, over = false;

	if (link_work(&seat->link, now_ms, &came_up)) {
		if (came_up)
			prepare(seat, now_ms);
		over = take_results(seat, now_ms);
		if (seat->link.state == LINK_UP && seat->link.waiting_since_ms != 0 &&
			now_ms - seat->link.waiting_since_ms >= SEAT_TIMEOUT_MS)
			drop(seat, now_ms, "owes an answer for too long; the connection is dropped");
		link_flush(&seat->link, now_ms);
	}
	if (seat->link.state != LINK_UP)
		return gone(seat, answer);
	if (!over)
		return false;
	bool asked = seat->state == SEAT_ASKED;

	seat->state = SEAT_READY;
	if (asked)
		*answer = seat->answer;
	return asked;
}

bool seat_pollfd(const struct seat *seat, struct store_pollfd *out)
{
	return link_pollfd(&seat->link, out);
}

int64_t seat_due_ms(const struct seat *seat)
{
	return link_due_ms(&seat->link, SEAT_TIMEOUT_MS);
}
