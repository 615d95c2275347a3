/* pq: libpq as the store calls it, over the simulated server. What the store does not call is not there. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "pg_wire.h"

static struct pg_conn *conns;
static uint32_t node_now, numbers;
static void (*step)(void);
static uint64_t acked[8];
static bool acked_known[8];
void (*pq_wake)(uint32_t node);
void (*pq_leased)(uint32_t node, int64_t sent_ms);

#define CONN(pg)       ((struct pg_conn *)(void *)(pg))
#define RESULT(result) ((struct pg_result *)(uintptr_t)(const void *)(result))

void pq_use(uint32_t node, void (*point)(void))
{
	node_now = node;
	step = point;
}

static void free_conn(struct pg_conn *conn)
{
	struct command *lists[2] = {conn->sending, conn->wire};

	for (int list = 0; list < 2; list++)
		while (lists[list] != NULL) {
			struct command *first = lists[list];

			lists[list] = first->next;
			free(first);
		}
	while (conn->coming != NULL) {
		struct item *item = conn->coming;

		conn->coming = item->next;
		if (item->result != NULL)
			result_free(item->result);
		free(item);
	}
	free(conn);
}

void pq_reset(void)
{
	while (conns != NULL) {
		struct pg_conn *next = conns->next;

		free_conn(conns);
		conns = next;
	}
	numbers = 0;
	memset(acked, 0, sizeof acked);
	memset(acked_known, 0, sizeof acked_known);
}

/* What was flushed may still be done; the rest never left. */
static void client_leaves(struct pg_conn *conn)
{
	conn->client_gone = true;
	conn->up = false;
	if (conn->wire != NULL && sim_one_in(2)) {
		sim_note("pg.orphan", conn->number, 0);
		return;
	}
	conn->server_gone = true;
}

void pq_crash(uint32_t node)
{
	for (struct pg_conn *conn = conns; conn != NULL; conn = conn->next)
		if (conn->node == node && !conn->client_gone)
			client_leaves(conn);
	acked[node] = 0;
	acked_known[node] = false;
}

void pg_kill(void)
{
	for (struct pg_conn *conn = conns; conn != NULL; conn = conn->next) {
		if (conn->server_gone)
			continue;
		conn->server_gone = true;
		snprintf(conn->error, sizeof conn->error,
			"terminating connection due to administrator command");
		if (!conn->client_gone)
			pq_wake(conn->node);
	}
}

bool pq_journal_up(uint32_t node)
{
	for (const struct pg_conn *conn = conns; conn != NULL; conn = conn->next)
		if (conn->node == node && conn->is_journal && !conn->client_gone && !conn->server_gone &&
			conn->told_end)
			return true;
	return false;
}

uint64_t pq_journal_acked(uint32_t node)
{
	return acked[node];
}

/* --- connecting -------------------------------------------------------------------------------------- */

PGconn *PQconnectStartParams(const char *const *keywords, const char *const *values, int expand)
{
	void *arena = memory_leave();
	struct pg_conn *conn = calloc(1, sizeof *conn);

	(void)keywords;
	(void)values;
	(void)expand;
	if (conn == NULL)
		abort();
	conn->number = ++numbers;
	conn->node = node_now;
	conn->ready_ms = sim.now_ms + 2 * pg.faults.latency_ms + sim_between(0, 3);
	conn->sending_end = &conn->sending;
	conn->wire_end = &conn->wire;
	conn->coming_end = &conn->coming;
	conn->next = conns;
	conns = conn;
	memory_enter(arena);
	step();
	return (PGconn *)(void *)conn;
}

static bool is_cut(const struct pg_conn *conn)
{
	return sim.now_ms < pg.faults.cut_until_ms[conn->node];
}

static bool connect_waits(const struct pg_conn *conn)
{
	return sim.now_ms < conn->ready_ms || is_cut(conn) ||
	       (sim.now_ms >= pg.faults.down_until_ms && sim.now_ms < pg.faults.silent_until_ms);
}

static void woken(void *context, uint64_t node)
{
	(void)context;
	pq_wake((uint32_t)node);
}

PostgresPollingStatusType PQconnectPoll(PGconn *pq)
{
	struct pg_conn *conn = CONN(pq);

	step();
	if (connect_waits(conn)) {
		if (sim.now_ms < conn->ready_ms)
			sim_at(conn->ready_ms, woken, NULL, conn->node);
		return PGRES_POLLING_READING;
	}
	if (sim.now_ms < pg.faults.down_until_ms || conn->server_gone) {
		snprintf(conn->error, sizeof conn->error, "connection refused");
		conn->server_gone = true;
		return PGRES_POLLING_FAILED;
	}
	conn->up = true;
	return PGRES_POLLING_OK;
}

ConnStatusType PQstatus(const PGconn *pq)
{
	const struct pg_conn *conn = (const struct pg_conn *)(const void *)pq;

	return conn->server_gone && conn->coming == NULL ? CONNECTION_BAD : CONNECTION_OK;
}

void PQfinish(PGconn *pq)
{
	step();
	client_leaves(CONN(pq));
}

char *PQerrorMessage(const PGconn *pq)
{
	return (char *)(uintptr_t)((const struct pg_conn *)(const void *)pq)->error;
}

int PQsocket(const PGconn *pq)
{
	const struct pg_conn *conn = (const struct pg_conn *)(const void *)pq;

	return conn->server_gone && conn->coming == NULL ? -1 : PQ_FD_FIRST + (int)conn->number;
}

bool pq_ready(int fd)
{
	for (const struct pg_conn *conn = conns; conn != NULL; conn = conn->next) {
		if (conn->number != (uint32_t)(fd - PQ_FD_FIRST))
			continue;
		if (!conn->up)
			return !connect_waits(conn);
		return !is_cut(conn) &&
		       (conn->server_gone || (conn->coming != NULL && conn->coming->at_ms <= sim.now_ms));
	}
	return true;
}

int PQsetnonblocking(PGconn *pq, int on)
{
	CONN(pq)->nonblocking = on != 0;
	return 0;
}

PQnoticeReceiver PQsetNoticeReceiver(PGconn *pq, PQnoticeReceiver receiver, void *context)
{
	(void)pq;
	(void)receiver;
	(void)context;
	return NULL;
}

int PQenterPipelineMode(PGconn *pq)
{
	CONN(pq)->pipeline = true;
	return 1;
}

/* --- sending ------------------------------------------------------------------------------------------ */

static int flush_out(struct pg_conn *conn)
{
	if (conn->server_gone)
		return -1;
	if (conn->sending == NULL)
		return 0;
	*conn->wire_end = conn->sending;
	conn->wire_end = conn->sending_end;
	conn->sending = NULL;
	conn->sending_end = &conn->sending;
	sim_at(sim.now_ms + pg.faults.latency_ms, pg_serve, conn, 0);
	return 0;
}

int PQflush(PGconn *pq)
{
	step();
	int left = flush_out(CONN(pq));

	step();
	return left;
}

static struct command *command_new(
	enum command_kind kind, int params, const char *const *value, const int *length, const int *format)
{
	struct command *command;
	size_t bytes = 0, at = 0;

	if (params > PQ_PARAMS_MAX)
		abort();
	for (int index = 0; index < params; index++)
		bytes += value[index] == NULL                   ? 0
			 : format != NULL && format[index] == 1 ? (size_t)length[index]
								: strlen(value[index]) + 1;
	command = calloc(1, sizeof *command + bytes);
	if (command == NULL)
		abort();
	command->kind = kind;
	command->params = params;
	for (int index = 0; index < params; index++) {
		size_t size = value[index] == NULL                   ? 0
			      : format != NULL && format[index] == 1 ? (size_t)length[index]
								     : strlen(value[index]) + 1;

		command->offset[index] = (uint32_t)at;
		command->length[index] = value[index] == NULL ? UINT32_MAX : (uint32_t)size;
		if (size > 0)
			memcpy(command->bytes + at, value[index], size);
		at += size;
	}
	return command;
}

static int send_command(struct pg_conn *conn, struct command *command)
{
	command->sent_ms = sim.now_ms;
	*conn->sending_end = command;
	conn->sending_end = &command->next;
	conn->owed++;
	if (command->kind == COMMAND_PREPARE && strcmp(command->name, "add") == 0)
		conn->is_journal = true;
	return conn->server_gone ? 0 : 1;
}

int PQsendQueryParams(PGconn *pq, const char *text, int params, const Oid *types, const char *const *value,
	const int *length, const int *format, int result_format)
{
	void *arena = memory_leave();
	struct command *command = command_new(COMMAND_QUERY, params, value, length, format);

	(void)types;
	(void)result_format;
	command->text = text;
	int sent = send_command(CONN(pq), command);

	if (!CONN(pq)->pipeline)
		(void)flush_out(CONN(pq));
	memory_enter(arena);
	step();
	return sent;
}

int PQsendQuery(PGconn *pq, const char *text)
{
	return PQsendQueryParams(pq, text, 0, NULL, NULL, NULL, NULL, 0);
}

int PQsendPrepare(PGconn *pq, const char *name, const char *text, int params, const Oid *types)
{
	void *arena = memory_leave();
	struct command *command = command_new(COMMAND_PREPARE, 0, NULL, NULL, NULL);

	(void)text;
	(void)params;
	(void)types;
	snprintf(command->name, sizeof command->name, "%s", name);
	int sent = send_command(CONN(pq), command);

	memory_enter(arena);
	return sent;
}

int PQsendQueryPrepared(PGconn *pq, const char *name, int params, const char *const *value, const int *length,
	const int *format, int result_format)
{
	void *arena = memory_leave();
	struct command *command = command_new(COMMAND_PREPARED, params, value, length, format);

	(void)result_format;
	snprintf(command->name, sizeof command->name, "%s", name);
	int sent = send_command(CONN(pq), command);

	memory_enter(arena);
	return sent;
}

int PQpipelineSync(PGconn *pq)
{
	void *arena = memory_leave();
	int sent = send_command(CONN(pq), command_new(COMMAND_SYNC, 0, NULL, NULL, NULL));

	memory_enter(arena);
	(void)PQflush(pq);
	return sent;
}

/* --- answers ------------------------------------------------------------------------------------------- */

static bool has_come(const struct pg_conn *conn)
{
	return conn->coming != NULL && conn->coming->at_ms <= sim.now_ms && !is_cut(conn);
}

int PQconsumeInput(PGconn *pq)
{
	step();
	return CONN(pq)->server_gone && CONN(pq)->coming == NULL ? 0 : 1;
}

int PQisBusy(PGconn *pq)
{
	const struct pg_conn *conn = CONN(pq);

	return conn->owed > 0 && !has_come(conn) && !conn->server_gone;
}

/* Rows count without a gap; the first that a life sends are those from which it knows nothing. */
static void take_acked(uint32_t node, const struct item *item)
{
	if (item->last != 0 && !acked_known[node])
		acked[node] = item->first - 1;
	acked_known[node] |= item->last != 0;
	if (!item->refused && item->first <= acked[node] + 1 && item->last > acked[node])
		acked[node] = item->last;
}

PGresult *PQgetResult(PGconn *pq)
{
	struct pg_conn *conn = CONN(pq);
	void *arena = memory_leave();
	struct item *item = has_come(conn) ? conn->coming : NULL;
	struct pg_result *result = NULL;

	if (item != NULL) {
		conn->coming = item->next;
		if (conn->coming == NULL)
			conn->coming_end = &conn->coming;
		result = item->result;
		if (item->is_end_query && conn->owed > 0)
			conn->owed--;
		if (result != NULL && result->status == PGRES_PIPELINE_SYNC && conn->is_journal) {
			conn->told_end = true;
			take_acked(conn->node, item);
		}
		if (item->lease_ms != 0 && pq_leased != NULL)
			pq_leased(conn->node, item->lease_ms);
		free(item);
	}
	memory_enter(arena);
	step();
	return (PGresult *)(void *)result;
}

void PQclear(PGresult *result)
{
	void *arena = memory_leave();

	if (result != NULL)
		result_free(RESULT(result));
	memory_enter(arena);
}

ExecStatusType PQresultStatus(const PGresult *result)
{
	return result == NULL ? PGRES_FATAL_ERROR : RESULT(result)->status;
}

int PQntuples(const PGresult *result)
{
	return result == NULL ? 0 : RESULT(result)->rows;
}

int PQnfields(const PGresult *result)
{
	return RESULT(result)->columns;
}

int PQfformat(const PGresult *result, int column)
{
	(void)column;
	return RESULT(result)->format;
}

static const struct value *value_at(const PGresult *result, int row, int column)
{
	const struct pg_result *from = RESULT(result);

	if (row >= from->rows || column >= from->columns)
		sim_violation(
			"results", "row %d, column %d of %d x %d", row, column, from->rows, from->columns);
	return &from->value[row * from->columns + column];
}

char *PQgetvalue(const PGresult *result, int row, int column)
{
	static char empty[8];
	const struct value *value = value_at(result, row, column);

	return value->length < 0 ? empty : (char *)value->bytes;
}

int PQgetlength(const PGresult *result, int row, int column)
{
	const struct value *value = value_at(result, row, column);

	return value->length < 0 ? 0 : value->length;
}

int PQgetisnull(const PGresult *result, int row, int column)
{
	return value_at(result, row, column)->length < 0;
}

char *PQresultErrorField(const PGresult *result, int field)
{
	struct pg_result *from = RESULT(result);

	if (from == NULL || from->status != PGRES_FATAL_ERROR)
		return NULL;
	return field == PG_DIAG_SQLSTATE          ? from->sqlstate
	       : field == PG_DIAG_MESSAGE_PRIMARY ? from->error
						  : NULL;
}

char *PQresultErrorMessage(const PGresult *result)
{
	static char empty[1];

	return result == NULL ? empty : RESULT(result)->error;
}
