/* verify: goes through the journal in PostgreSQL for a person who asks, beside all other work; changes nothing. */
#include "store/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/array.h"

enum { PATIENCE_MS = 60000 };

/* The row before the first one that is kept: a checkpoint's, or 0. */
static const char BEGIN[] = "SELECT coalesce((SELECT max(seq) FROM dispatch.journal_checkpoint WHERE town_id "
			    "= $1 AND stream = $2), 0)::bigint";

/* Faults first; then, with an empty text, the row at the end and its hash. */
static const char STRETCH[] = "SELECT seq, what, NULL::bytea FROM dispatch.journal_faults($1::text, "
			      "$2::text, $3::bigint, $4::bigint) "
			      "UNION ALL SELECT k.seq, '', k.hash FROM (SELECT seq, hash FROM "
			      "dispatch.journal WHERE town_id = $1 AND stream = $2 "
			      "AND seq = $4::bigint) k";

void verify_init(
	struct verify *verify, const struct store_config *config, verify_hash_fn *local, void *context)
{
	*verify = (struct verify){
		.town_id = config->town_id, .stream = config->stream, .local = local, .context = context};
	link_init(&verify->link, "verification", config->conninfo, config->report, config->report_context);
}

void verify_close(struct verify *verify)
{
	link_close(&verify->link);
}

void verify_start(struct verify *verify, uint64_t from_seq, uint64_t to_seq)
{
	link_close(&verify->link);
	verify->link.retry_at_ms = 0;
	verify->state = (struct store_verify){
		.running = true, .from_seq = from_seq == 0 ? 1 : from_seq, .to_seq = to_seq};
	verify->state.checked_seq = verify->state.from_seq - 1;
	verify->first_known = from_seq != 0;
	verify->sent_to = 0;
}

static void end(struct verify *verify, const char *why)
{
	snprintf(verify->state.error, sizeof(verify->state.error), "%s", why);
	link_close(&verify->link);
	verify->state.running = false;
	verify->sent_to = 0;
}

static void fault(struct verify *verify, uint64_t seq, const char *what)
{
	struct store_verify *state = &verify->state;

	if (state->fault_count < STORE_FAULTS_MAX) {
		state->fault[state->fault_count].seq = seq;
		snprintf(state->fault[state->fault_count].what, sizeof(state->fault[0].what), "%s", what);
	}
	state->fault_count++;
}

static void ask(struct verify *verify, int64_t now_ms)
{
	struct store_verify *state = &verify->state;
	char after[24], last[24];
	const Oid oid[4] = {OID_TEXT, OID_TEXT, OID_INT8, OID_INT8};
	const char *value[4] = {verify->town_id, verify->stream, after, last};
	uint64_t to = state->to_seq - state->checked_seq > VERIFY_ROWS ? state->checked_seq + VERIFY_ROWS
								       : state->to_seq;
	int sent;

	snprintf(after, sizeof(after), "%" PRIu64, state->checked_seq);
	snprintf(last, sizeof(last), "%" PRIu64, to);
	if (verify->first_known)
		sent = PQsendQueryParams(verify->link.pg, STRETCH, 4, oid, value, NULL, NULL, 0);
	else
		sent = PQsendQueryParams(verify->link.pg, BEGIN, 2, oid, value, NULL, NULL, 0);
	if (sent != 1) {
		end(verify, PQerrorMessage(verify->link.pg));
		return;
	}
	verify->sent_to = to;
	verify->link.waiting_since_ms = now_ms;
	link_flush(&verify->link, now_ms);
}

static uint64_t number_at(const PGresult *result, int row)
{
	uint64_t number = 0;

	for (const char *digit = PQgetvalue(result, row, 0); *digit >= '0' && *digit <= '9'; digit++)
		number = number * 10 + (uint64_t)(*digit - '0');
	return number;
}

/* The hash of the stretch's last row against the local log's: who wrote all anew has hashes that fit each other. */
static void compare_end(struct verify *verify, const PGresult *result, int row)
{
	uint8_t local[STORE_HASH_BYTES];
	char text[2 + 2 * STORE_HASH_BYTES + 1] = "\\x";

	if (verify->local(verify->context, verify->sent_to, local) != DISP_OK)
		return;
	for (uint32_t index = 0; index < STORE_HASH_BYTES; index++)
		snprintf(text + 2 + 2 * (size_t)index, 3, "%02x", local[index]);
	verify->state.compared++;
	if (strcmp(text, PQgetvalue(result, row, 2)) != 0)
		fault(verify, verify->sent_to, "another row than in the local log");
}

static void take_stretch(struct verify *verify, const PGresult *result)
{
	for (int row = 0; row < PQntuples(result); row++) {
		if (PQgetisnull(result, row, 2))
			fault(verify, number_at(result, row), PQgetvalue(result, row, 1));
		else
			compare_end(verify, result, row);
	}
	verify->state.checked_seq = verify->sent_to;
}

static void take_begin(struct verify *verify, const PGresult *result)
{
	verify->first_known = true;
	verify->state.checked_seq = PQntuples(result) == 1 ? number_at(result, 0) : 0;
	verify->state.from_seq = verify->state.checked_seq + 1;
}

/* What has come; false: the answer is not whole yet, or it was the end of it all. */
static bool take(struct verify *verify)
{
	PGresult *result;

	while (!PQisBusy(verify->link.pg) && (result = PQgetResult(verify->link.pg)) != NULL) {
		bool good = PQresultStatus(result) == PGRES_TUPLES_OK;

		if (!good)
			end(verify, PQresultErrorMessage(result));
		else if (!verify->first_known)
			take_begin(verify, result);
		else
			take_stretch(verify, result);
		PQclear(result);
		if (!good)
			return false;
	}
	if (PQisBusy(verify->link.pg))
		return false;
	verify->sent_to = 0;
	verify->link.waiting_since_ms = 0;
	return true;
}

void verify_work(struct verify *verify, int64_t now_ms)
{
	bool came_up;

	if (!verify->state.running)
		return;
	if (verify->link.conninfo == NULL) {
		end(verify, "no PostgreSQL is configured");
		return;
	}
	if (!link_work(&verify->link, now_ms, &came_up)) {
		if (verify->link.state == LINK_IDLE)
			end(verify, verify->link.error[0] != '\0' ? verify->link.error
								  : "PostgreSQL does not answer");
		return;
	}
	if (verify->sent_to != 0 && !take(verify)) {
		if (verify->state.running && now_ms - verify->link.waiting_since_ms > PATIENCE_MS)
			end(verify, "PostgreSQL is silent");
		return;
	}
	if (verify->first_known && verify->state.checked_seq >= verify->state.to_seq)
		end(verify, "");
	else
		ask(verify, now_ms);
}

int64_t verify_due_ms(const struct verify *verify)
{
	return verify->state.running ? link_due_ms(&verify->link, PATIENCE_MS) : INT64_MAX;
}
