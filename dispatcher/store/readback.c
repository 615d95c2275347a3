/* readback: rows fetched from dispatch.journal, for a start without a whole local log; writes nothing. */
#include "store/readback.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "store/array.h"

/* No clock here: time is what was waited for in slices. */
enum { SLICE_MS = 10, COLUMNS = 8, INT8_BYTES = 8 };

/*
 * The sum of the bodies before a row is below $5: a page has at least one row, and at most that much and one more. Each table
 * has a limit of its own, so that both are walked along the key, and no further.
 */
static const char ROWS[] =
	"SELECT seq, (extract(epoch FROM at) * 1000)::bigint, epoch, kind, plan_hash, body, prev_hash, hash "
	"FROM (SELECT r.*, sum(octet_length(body)) OVER (ORDER BY seq) AS bytes FROM ("
	"(SELECT seq, at, epoch, kind, plan_hash, body, prev_hash, hash FROM dispatch.journal "
	"WHERE town_id = $1 AND stream = $2 AND seq >= $3::bigint ORDER BY seq LIMIT $4::bigint) "
	"UNION ALL (SELECT seq, at, epoch, kind, plan_hash, body, prev_hash, hash FROM dispatch.quarantine q "
	"WHERE q.town_id = $1 AND q.stream = $2 AND q.seq >= $3::bigint AND q.stage = 'journal' AND NOT "
	"EXISTS (SELECT FROM dispatch.journal j WHERE j.town_id = $1 AND j.stream = $2 AND j.seq = q.seq) "
	"ORDER BY seq LIMIT $4::bigint) ORDER BY seq LIMIT $4::bigint) r) page "
	"WHERE bytes - octet_length(body) < $5::bigint ORDER BY seq";

bool readback_send(PGconn *pg, const char *town_id, const char *stream, uint64_t from_seq, uint32_t rows_max)
{
	char from[24];
	char limit[16], bytes[16];
	const Oid oid[5] = {OID_TEXT, OID_TEXT};
	const char *value[5] = {town_id, stream, from, limit, bytes};

	snprintf(from, sizeof(from), "%" PRIu64, from_seq);
	snprintf(limit, sizeof(limit), "%" PRIu32, rows_max);
	snprintf(bytes, sizeof(bytes), "%d", READBACK_PAGE_BYTES);
	return PQsendQueryParams(pg, ROWS, 5, oid, value, NULL, NULL, 1) == 1;
}

enum disp_err readback_row(const PGresult *result, int index, struct store_row *row)
{
	static const uint8_t no_hash[STORE_HASH_BYTES];
	bool no_plan = PQgetisnull(result, index, 4);

	if (PQnfields(result) != COLUMNS || PQgetlength(result, index, 0) != INT8_BYTES ||
		PQgetlength(result, index, 1) != INT8_BYTES || PQgetlength(result, index, 2) != INT8_BYTES ||
		(!no_plan && PQgetlength(result, index, 4) != STORE_HASH_BYTES) ||
		PQgetlength(result, index, 6) != STORE_HASH_BYTES ||
		PQgetlength(result, index, 7) != STORE_HASH_BYTES ||
		PQgetlength(result, index, 5) > STORE_ROW_BODY_BYTES_MAX)
		return DISP_E_DAMAGED;
	*row = (struct store_row){.seq = (uint64_t)array_get_i64(PQgetvalue(result, index, 0)),
		.at_ms = array_get_i64(PQgetvalue(result, index, 1)),
		.epoch = (uint64_t)array_get_i64(PQgetvalue(result, index, 2)),
		.kind = words_find(WORDS_EVENT,
			(struct text){PQgetvalue(result, index, 3), (uint32_t)PQgetlength(result, index, 3)}),
		.plan_hash = no_plan ? no_hash : (const uint8_t *)PQgetvalue(result, index, 4),
		.body = (const uint8_t *)PQgetvalue(result, index, 5),
		.size = (uint32_t)PQgetlength(result, index, 5),
		.prev_hash = (const uint8_t *)PQgetvalue(result, index, 6),
		.hash = (const uint8_t *)PQgetvalue(result, index, 7)};
	return row->kind > EVENT_NONE && row->kind < EVENT_KIND_COUNT ? DISP_OK : DISP_E_DAMAGED;
}

void readback_init(struct readback *readback, const struct store_config *config)
{
	*readback = (struct readback){.town_id = config->town_id, .stream = config->stream};
	link_init(&readback->link, "read-back", config->conninfo, config->report, config->report_context);
}

void readback_close(struct readback *readback)
{
	link_close(&readback->link);
}

static void wait_slice(const struct link *link)
{
	struct store_pollfd wanted;
	struct pollfd one = {.fd = -1};

	if (link_pollfd(link, &wanted))
		one = (struct pollfd){.fd = wanted.fd, .events = wanted.events};
	(void)poll(&one, 1, SLICE_MS);
}

/* Brings the connection up within the budget. */
static bool connect_wait(struct readback *readback, int64_t wait_ms, int64_t *now_ms)
{
	bool came_up;

	while (!link_work(&readback->link, *now_ms, &came_up)) {
		if (*now_ms >= wait_ms)
			return false;
		wait_slice(&readback->link);
		*now_ms += SLICE_MS;
	}
	return true;
}

static enum disp_err judge(struct readback *readback, PGresult **result, int64_t now_ms)
{
	const char *state = PQresultErrorField(*result, PG_DIAG_SQLSTATE);

	if (PQresultStatus(*result) == PGRES_TUPLES_OK)
		return DISP_OK;
	/* 42P01 undefined_table, 42703 undefined_column, 3F000 invalid_schema_name: not migrated yet */
	bool none = state != NULL && (strcmp(state, "42P01") == 0 || strcmp(state, "42703") == 0 ||
					     strcmp(state, "3F000") == 0);

	if (!none)
		link_drop(&readback->link, now_ms, PQresultErrorMessage(*result));
	PQclear(*result);
	*result = NULL;
	return none ? DISP_E_NONE : DISP_E_AGAIN;
}

enum disp_err readback_ask(struct readback *readback, readback_ask_fn *ask, const void *context,
	int64_t wait_ms, PGresult **result)
{
	struct link *link = &readback->link;
	int64_t now_ms = 0;
	bool came_up;

	*result = NULL;
	link->retry_at_ms = 0;
	if (link->conninfo == NULL)
		return DISP_E_AGAIN;
again:
	if (!connect_wait(readback, wait_ms, &now_ms))
		return DISP_E_AGAIN;
	if (!ask(link->pg, context)) {
		link_drop(link, now_ms, PQerrorMessage(link->pg));
		goto again;
	}
	while (link_work(link, now_ms, &came_up)) {
		while (!PQisBusy(link->pg)) {
			PGresult *one = PQgetResult(link->pg);

			if (one == NULL)
				return judge(readback, result, now_ms);
			PQclear(*result);
			*result = one;
		}
		if (now_ms >= wait_ms)
			break;
		wait_slice(link);
		now_ms += SLICE_MS;
	}
	PQclear(*result);
	*result = NULL;
	if (now_ms < wait_ms)
		goto again;
	return DISP_E_AGAIN;
}

struct page {
	const struct readback *readback;
	uint64_t from_seq;
};

static bool ask_page(PGconn *pg, const void *context)
{
	const struct page *page = context;

	return readback_send(
		pg, page->readback->town_id, page->readback->stream, page->from_seq, READBACK_ROWS_MAX);
}

enum disp_err readback_page(struct readback *readback, uint64_t from_seq, int64_t wait_ms, PGresult **result)
{
	const struct page page = {readback, from_seq};

	return readback_ask(readback, ask_page, &page, wait_ms, result);
}
