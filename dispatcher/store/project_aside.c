/* project_aside: the rows in dispatch.quarantine that wait for a person: lists them, and does what a person says of one. */
#include "store/project_aside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/project.h"
#include "store/project_sql.h"
#include "store/readback.h"

enum { LIST_COLUMNS = 6 };

static const char LIST[] =
	"SELECT stage, seq, kind, error, octet_length(body), times FROM dispatch.quarantine WHERE town_id = "
	"$1::text AND stream = $2::text AND settled IS NULL ORDER BY seq, stage LIMIT $3::bigint";

static const char SETTLE[] =
	"UPDATE dispatch.quarantine SET settled = $4::text, settled_at = now(), settled_by = $5::text, "
	"settled_reason = $6::text WHERE town_id = $1::text AND stream = $2::text AND seq = $3::bigint AND "
	"settled IS NULL";

static const char INTO_JOURNAL[] =
	"INSERT INTO dispatch.journal (town_id, stream, seq, at, epoch, kind, plan_hash, body, prev_hash, "
	"hash) SELECT town_id, stream, seq, at, epoch, kind, plan_hash, body, prev_hash, hash FROM "
	"dispatch.quarantine WHERE town_id = $1::text AND stream = $2::text AND seq = $3::bigint AND stage = "
	"'journal' ON CONFLICT DO NOTHING";

static const char AGAIN[] =
	"UPDATE dispatch.quarantine SET error = $4::text, set_aside_at = now(), times = times + 1 WHERE "
	"town_id = $1::text AND stream = $2::text AND seq = $3::bigint AND settled IS NULL";

/* --- what is wanted --------------------------------------------------------------------------------- */

static void copy(char to[ASIDE_WORDS_BYTES], struct text from)
{
	snprintf(to, ASIDE_WORDS_BYTES, "%.*s", (int)from.len, from.len > 0 ? from.ptr : "");
}

bool project_aside_want(
	struct project_aside *aside, uint64_t seq, bool drop, struct text by, struct text reason)
{
	struct aside_wanted *wanted = &aside->wanted[aside->wanted_count];

	if (project_aside_is_wanted(aside, seq))
		return true;
	if (aside->wanted_count == ASIDE_WANTED_MAX)
		return false;
	*wanted = (struct aside_wanted){.seq = seq, .drop = drop};
	copy(wanted->by, by);
	copy(wanted->reason, reason);
	aside->wanted_count++;
	return true;
}

bool project_aside_is_wanted(const struct project_aside *aside, uint64_t seq)
{
	for (uint32_t index = 0; index < aside->wanted_count; index++)
		if (aside->wanted[index].seq == seq)
			return true;
	return false;
}

/* It is done, or cannot be; what PostgreSQL has now is asked for at once. */
static void wanted_over(struct project *project)
{
	struct project_aside *aside = &project->aside;

	aside->wanted_count--;
	memmove(aside->wanted, aside->wanted + 1, aside->wanted_count * sizeof(aside->wanted[0]));
	aside->ask = true;
	aside->listed_ms = 0;
	project->state = PROJECT_IDLE;
}

static bool waits_at(const struct project_aside *aside, uint64_t seq, bool journal)
{
	for (uint32_t index = 0; index < aside->count; index++)
		if (aside->row[index].seq == seq && aside->row[index].journal == journal)
			return true;
	return false;
}

/* --- sending ---------------------------------------------------------------------------------------- */

static void owe(struct project *project, bool sent, enum project_state state, int64_t now_ms)
{
	if (!sent || !PQpipelineSync(project->link.pg)) {
		project_drop(project, now_ms, PQerrorMessage(project->link.pg));
		return;
	}
	project->state = state;
	project->refused = false;
	project->link.waiting_since_ms = now_ms;
}

static bool send(struct project *project, const char *sql, const char *const *value, int count)
{
	return PQsendQueryParams(project->link.pg, sql, count, NULL, value, NULL, NULL, 0) == 1;
}

static void send_list(struct project *project, int64_t now_ms)
{
	char limit[16];
	const char *value[3] = {project->config.town_id, project->config.stream, limit};

	snprintf(limit, sizeof(limit), "%d", STORE_ASIDE_MAX);
	project->aside.ask = false;
	project->aside.listed_ms = now_ms;
	owe(project, send(project, LIST, value, 3), PROJECT_ASIDE_LISTING, now_ms);
}

/* The first of the wanted: what stands of it in the journal or in the quarantine, then what is to be done with it. */
static void send_settling(struct project *project, int64_t now_ms)
{
	const struct aside_wanted *wanted = &project->aside.wanted[0];
	char seq[24];
	const char *value[6] = {project->config.town_id, project->config.stream, seq,
		wanted->drop ? "dropped" : "released", wanted->by, wanted->reason};
	bool journal = !wanted->drop && waits_at(&project->aside, wanted->seq, true);
	bool tables = !wanted->drop && waits_at(&project->aside, wanted->seq, false);

	snprintf(seq, sizeof(seq), "%" PRIu64, wanted->seq);
	bool sent = send(project, SETTLE, value, 6);

	if (sent && journal)
		sent = send(project, INTO_JOURNAL, value, 3);
	if (sent && tables)
		sent = project_send_late(project);
	owe(project, sent && project_send_fence(project), PROJECT_ASIDE_SETTLING, now_ms);
}

static void send_refused(struct project *project, int64_t now_ms)
{
	struct project_aside *aside = &project->aside;
	char seq[24];
	const char *value[4] = {project->config.town_id, project->config.stream, seq, project->refusal};

	for (uint32_t index = 0; index < aside->count; index++)
		if (aside->row[index].seq == aside->wanted[0].seq) { /* as it will be listed */
			aside->row[index].times++;
			memcpy(aside->row[index].error, project->refusal, sizeof(project->refusal));
		}
	snprintf(seq, sizeof(seq), "%" PRIu64, aside->wanted[0].seq);
	owe(project, send(project, AGAIN, value, 4) && project_send_fence(project), PROJECT_ASIDE_REFUSED,
		now_ms);
}

bool project_aside_send(struct project *project, bool rows_wait, int64_t now_ms)
{
	struct project_aside *aside = &project->aside;

	if (aside->wanted_count > 0) {
		const struct aside_wanted *wanted = &aside->wanted[0];

		aside->found = false;
		if (wanted->drop || !waits_at(aside, wanted->seq, false))
			send_settling(project, now_ms);
		else
			owe(project,
				readback_send(project->link.pg, project->config.town_id,
					project->config.stream, wanted->seq, 1),
				PROJECT_ASIDE_READING, now_ms);
		return true;
	}
	if (!aside->ask || (rows_wait && now_ms - aside->listed_ms < ASIDE_LIST_EVERY_MS))
		return false;
	send_list(project, now_ms);
	return true;
}

/* --- answers ---------------------------------------------------------------------------------------- */

static void take_list(struct project_aside *aside, const PGresult *result)
{
	aside->count = 0;
	if (PQnfields(result) != LIST_COLUMNS)
		return;
	for (int at = 0; at < PQntuples(result) && aside->count < STORE_ASIDE_MAX; at++) {
		const char *kind = PQgetvalue(result, at, 2);
		struct store_aside *row = &aside->row[aside->count++];

		*row = (struct store_aside){.seq = strtoull(PQgetvalue(result, at, 1), NULL, 10),
			.kind = words_find(WORDS_EVENT, (struct text){kind, (uint32_t)strlen(kind)}),
			.journal = strcmp(PQgetvalue(result, at, 0), "journal") == 0,
			.bytes = (uint32_t)strtoul(PQgetvalue(result, at, 4), NULL, 10),
			.times = (uint32_t)strtoul(PQgetvalue(result, at, 5), NULL, 10)};
		snprintf(row->error, sizeof(row->error), "%s", PQgetvalue(result, at, 3));
	}
}

void project_aside_tuples(struct project *project, const PGresult *result)
{
	struct project_aside *aside = &project->aside;
	struct store_row row;

	if (project->state == PROJECT_ASIDE_LISTING)
		take_list(aside, result);
	if (project->state != PROJECT_ASIDE_READING || PQntuples(result) != 1 ||
		readback_row(result, 0, &row) != DISP_OK || row.seq != aside->wanted[0].seq)
		return;
	fold_begin(&project->rows.fold);
	aside->found = project_row(&project->rows, &row) == DISP_OK;
}

/* Until PostgreSQL is asked again. */
static void forget(struct project_aside *aside, uint64_t seq)
{
	uint32_t kept = 0;

	for (uint32_t index = 0; index < aside->count; index++)
		if (aside->row[index].seq != seq)
			aside->row[kept++] = aside->row[index];
	aside->count = kept;
}

static void settled(struct project *project)
{
	const struct aside_wanted *wanted = &project->aside.wanted[0];

	link_tell(&project->link, STORE_INFO, "row %" PRIu64 " is %s by %s: %s", wanted->seq,
		wanted->drop ? "left out for good" : "written where it was refused",
		wanted->by[0] != '\0' ? wanted->by : "nobody named", wanted->reason);
	forget(&project->aside, wanted->seq);
	wanted_over(project);
	link_succeeded(&project->link);
}

void project_aside_sync(struct project *project, int64_t now_ms)
{
	uint64_t seq = project->aside.wanted_count > 0 ? project->aside.wanted[0].seq : 0;

	if (project->state == PROJECT_ASIDE_LISTING || project->state == PROJECT_ASIDE_REFUSED) {
		if (project->refused)
			link_tell(&project->link, STORE_WARNING, "dispatch.quarantine: %s", project->refusal);
		if (project->state == PROJECT_ASIDE_REFUSED)
			wanted_over(project);
		project->state = PROJECT_IDLE;
	} else if (project->state == PROJECT_ASIDE_READING && project->aside.found && !project->refused) {
		send_settling(project, now_ms);
	} else if (project->state == PROJECT_ASIDE_READING) {
		link_tell(&project->link, STORE_ERROR, "row %" PRIu64 " cannot be read and stays aside", seq);
		wanted_over(project);
	} else if (project->refused) {
		link_tell(&project->link, STORE_ERROR,
			"row %" PRIu64 " was refused again and stays aside: %s", seq, project->refusal);
		send_refused(project, now_ms);
	} else {
		settled(project);
	}
}
