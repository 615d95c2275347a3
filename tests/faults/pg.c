/* pg: the server's side of a connection: transactions in order, answers after a while, and what goes wrong with them. */
#include "pg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "pg_wire.h"

enum { SERVE_AGAIN_MS = 50 };

bool pg_answers(void)
{
	return sim.now_ms >= pg.faults.down_until_ms && sim.now_ms >= pg.faults.silent_until_ms;
}

/* --- results ---------------------------------------------------------------------------------------- */

static struct pg_result *live;

struct pg_result *result_new(const struct pg_conn *conn, ExecStatusType status)
{
	struct pg_result *result = calloc(1, sizeof *result);

	if (result == NULL)
		abort();
	result->status = status;
	result->node = conn->node;
	result->next_live = live;
	if (live != NULL)
		live->previous_live = result;
	live = result;
	return result;
}

void result_free(struct pg_result *result)
{
	for (int index = 0; index < result->rows * result->columns; index++)
		free(result->value[index].bytes);
	free(result->value);
	if (result->previous_live != NULL)
		result->previous_live->next_live = result->next_live;
	else
		live = result->next_live;
	if (result->next_live != NULL)
		result->next_live->previous_live = result->previous_live;
	free(result);
}

void result_shape(struct pg_result *result, int rows, int columns, int format)
{
	result->status = PGRES_TUPLES_OK;
	result->rows = rows;
	result->columns = columns;
	result->format = format;
	result->value = calloc((size_t)(rows * columns) + 1, sizeof *result->value);
	if (result->value == NULL)
		abort();
	for (int index = 0; index < rows * columns; index++)
		result->value[index].length = -1;
}

void result_put(struct pg_result *result, int row, int column, const void *bytes, int length)
{
	struct value *value = &result->value[row * result->columns + column];

	value->bytes = malloc((size_t)length + 1);
	if (value->bytes == NULL)
		abort();
	memcpy(value->bytes, bytes, (size_t)length);
	value->bytes[length] = '\0';
	value->length = length;
}

void result_put_i64(struct pg_result *result, int row, int column, int64_t value)
{
	uint8_t bytes[8];

	for (unsigned index = 0; index < 8; index++)
		bytes[index] = (uint8_t)((uint64_t)value >> (56 - 8 * index));
	result_put(result, row, column, bytes, 8);
}

void result_fail(struct pg_result *result, const char *sqlstate, const char *text)
{
	result->status = PGRES_FATAL_ERROR;
	snprintf(result->sqlstate, sizeof result->sqlstate, "%s", sqlstate);
	snprintf(result->error, sizeof result->error, "%s", text);
}

/* --- serving ---------------------------------------------------------------------------------------- */

static struct item *answer(struct pg_conn *conn, struct pg_result *result, bool ends, int64_t at_ms)
{
	struct item *item = calloc(1, sizeof *item);

	if (item == NULL)
		abort();
	item->result = result;
	item->is_end_query = ends;
	item->at_ms = at_ms;
	*conn->coming_end = item;
	conn->coming_end = &item->next;
	return item;
}

static void drop_wire(struct pg_conn *conn, struct command *until)
{
	while (conn->wire != until) {
		struct command *first = conn->wire;

		conn->wire = first->next;
		free(first);
	}
	if (conn->wire == NULL)
		conn->wire_end = &conn->wire;
}

static void woken(void *context, uint64_t node)
{
	(void)context;
	pq_wake((uint32_t)node);
}

static void lose(struct pg_conn *conn)
{
	sim_note("pg.lost", conn->number, pg.end);
	conn->server_gone = true;
	snprintf(conn->error, sizeof conn->error, "server closed the connection unexpectedly");
	drop_wire(conn, NULL);
	sim_at(sim.now_ms + pg.faults.latency_ms, woken, NULL, conn->node);
}

/* The last command of what is done at once: a Sync, or outside a pipeline any statement. NULL: it has not come. */
static struct command *group_end(const struct pg_conn *conn)
{
	struct command *at = conn->wire;

	while (at != NULL && conn->pipeline && at->kind != COMMAND_SYNC)
		at = at->next;
	return at;
}

static bool writes(const struct command *command)
{
	return command->kind == COMMAND_PREPARED ||
	       (command->kind == COMMAND_QUERY && strncmp(command->text, "SELECT", 6) != 0);
}

/* One transaction: all or nothing. */
static void do_group(struct pg_conn *conn, struct command *end)
{
	bool failed = false, changes = false;
	int64_t at_ms =
		sim.now_ms + pg.faults.latency_ms + (sim_one_in(pg.faults.slow) ? sim_long(50, 3000) : 0);
	bool refuse = sim_one_in(pg.faults.refused);
	uint64_t first = 0, last = 0;
	int64_t lease_ms = 0;

	pg.writer = conn->node;
	at_ms = at_ms < conn->last_ms ? conn->last_ms : at_ms;
	conn->last_ms = at_ms;
	pg_begin_work();
	for (struct command *at = conn->wire;; at = at->next) {
		struct pg_result *result;

		if (at->kind == COMMAND_SYNC)
			break;
		result = result_new(conn, failed ? PGRES_PIPELINE_ABORTED : PGRES_COMMAND_OK);
		if (!failed && refuse && writes(at))
			result_fail(result, "40001", "could not serialize access");
		else if (!failed)
			pg_statement(conn, at, result);
		if (at->kind == COMMAND_QUERY && result->rows == 1 &&
			(strncmp(at->text, "UPDATE dispatch.lease", 21) == 0 ||
				strncmp(at->text, "INSERT INTO dispatch.lease", 26) == 0))
			lease_ms = at->sent_ms;
		failed |= result->status == PGRES_FATAL_ERROR;
		changes |= writes(at);
		(void)pg_rows_of(at, &first, &last);
		(void)answer(conn, result, false, at_ms);
		(void)answer(conn, NULL, true, at_ms);
		if (at == end)
			break;
	}
	if (!failed)
		pg_commit_work();
	else
		pg_begin_work();
	if (changes)
		sim_note(failed ? "pg.rollback" : "pg.commit", conn->number, pg.end);
	if (end->kind == COMMAND_SYNC) {
		struct item *item = answer(conn, result_new(conn, PGRES_PIPELINE_SYNC), true, at_ms);

		item->first = first;
		item->last = last;
		item->refused = failed;
		item->lease_ms = failed ? 0 : lease_ms;
	}
	sim_at(at_ms, woken, NULL, conn->node);
}

void pg_serve(void *context, uint64_t arg)
{
	struct pg_conn *conn = context;
	struct command *end;

	(void)arg;
	if (conn->server_gone || conn->wire == NULL)
		return;
	if (sim.now_ms < pg.faults.down_until_ms) {
		lose(conn);
		return;
	}
	if (sim.now_ms < pg.faults.silent_until_ms) {
		sim_at(pg.faults.silent_until_ms + SERVE_AGAIN_MS, pg_serve, conn, 0);
		return;
	}
	if (sim.now_ms < pg.faults.cut_until_ms[conn->node]) {
		sim_at(pg.faults.cut_until_ms[conn->node] + sim_between(0, SERVE_AGAIN_MS), pg_serve, conn,
			0);
		return;
	}
	while ((end = group_end(conn)) != NULL) {
		struct command *next = end->next;

		if (sim_one_in(pg.faults.lost_before)) {
			lose(conn);
			return;
		}
		do_group(conn, end);
		drop_wire(conn, next);
		if (sim_one_in(pg.faults.lost_after)) { /* committed, and nobody is told */
			conn->coming_end = &conn->coming;
			while (conn->coming != NULL) {
				struct item *item = conn->coming;

				conn->coming = item->next;
				if (item->result != NULL)
					result_free(item->result);
				free(item);
			}
			lose(conn);
			return;
		}
	}
}
