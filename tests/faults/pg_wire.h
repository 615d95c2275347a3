/* pg_wire: what client and server of the simulated PostgreSQL share; for them alone. */
#ifndef TESTS_FAULTS_PG_WIRE_H
#define TESTS_FAULTS_PG_WIRE_H

#include <libpq-fe.h>

#include "pg.h"

enum command_kind { COMMAND_QUERY, COMMAND_PREPARE, COMMAND_PREPARED, COMMAND_SYNC };
enum { PQ_FD_FIRST = 200000, PQ_CONNS_MAX = 4096, PQ_PARAMS_MAX = 72, PQ_COLUMNS_MAX = 8 };

/* One statement, or a Sync, as it was sent. */
struct command {
	struct command *next;
	enum command_kind kind;
	const char *text; /* of a query: a constant of the program */
	char name[16];
	int64_t sent_ms;
	int params;
	uint32_t offset[PQ_PARAMS_MAX], length[PQ_PARAMS_MAX]; /* UINT32_MAX: NULL */
	uint8_t bytes[];
};

struct value {
	uint8_t *bytes;
	int length; /* -1: NULL */
};

struct pg_result {
	struct pg_result *next_live, *previous_live;
	ExecStatusType status;
	int rows, columns, format;
	struct value *value; /* [rows * columns] */
	char error[128], sqlstate[8];
	uint32_t node;
};

/* What the server has sent: a result, or the end of a statement's. */
struct item {
	struct item *next;
	struct pg_result *result; /* NULL: the end of one statement */
	int64_t at_ms;
	uint64_t first, last; /* of a Sync: the journal rows that its transaction carried; 0 none */
	int64_t lease_ms;     /* of a Sync: a beat or a take-over that was taken had been sent then; 0 none */
	bool refused;
	bool is_end_query;
};

struct pg_conn {
	struct pg_conn *next;
	uint32_t number, node;
	bool client_gone, server_gone, pipeline, up, nonblocking;
	bool is_journal, told_end;
	int64_t ready_ms;                       /* connecting */
	struct command *sending, **sending_end; /* not flushed */
	struct command *wire, **wire_end;       /* on their way, or waiting for the server */
	struct item *coming, **coming_end;
	uint32_t owed;   /* statements and Syncs without an answer */
	int64_t last_ms; /* nothing overtakes */
	char error[128];
};

/* pg.c: does all that has come in up to a Sync as one transaction, answers. */
void pg_serve(void *conn, uint64_t arg);

/* pg_table.c: one statement; what it changes is staged until pg_commit. NULL result error: status FATAL. */
void pg_begin_work(void);
void pg_commit_work(void);
/* The rows that an "add" or "aside" of the journal carries. False: it is neither. */
bool pg_rows_of(const struct command *command, uint64_t *first, uint64_t *last);
void pg_statement(const struct pg_conn *conn, const struct command *command, struct pg_result *result);

/* pg_stray.c: dispatch.stray. False: no statement about it. */
void pg_stray_begin(void);
void pg_stray_commit(void);
bool pg_stray_statement(const struct command *command, struct pg_result *result);
/* pg_table.c, for it: the rows of the eight arrays from param 2 on, one by one; the form of readback; a number as text. */
struct cells {
	const uint8_t *at;
	uint32_t count;
};
struct cells cells_of(const struct command *command, int param);
const uint8_t *cell_next(struct cells *cells, uint32_t *length); /* *length UINT32_MAX: NULL */
void pg_take_row(struct cells cells[8], struct pg_row *row);
void pg_put_row(struct pg_result *result, int at, const struct pg_row *row);

/* pg_lease.c. The word is as FENCE_WORD of store/fence.h; param: our epoch, then the holder. False: no statement about it. */
void pg_lease_begin(void);
void pg_lease_commit(void);
int64_t pg_lease_word(const struct command *command, int param);
bool pg_lease_statement(const struct command *command, struct pg_result *result);

/* Results. */
struct pg_result *result_new(const struct pg_conn *conn, ExecStatusType status);
void result_shape(struct pg_result *result, int rows, int columns, int format);
void result_put(struct pg_result *result, int row, int column, const void *bytes, int length);
void result_put_i64(struct pg_result *result, int row, int column, int64_t value);
void result_free(struct pg_result *result);
void result_fail(struct pg_result *result, const char *sqlstate, const char *text);

#endif
