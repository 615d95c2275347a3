/* bench: senders, terminals and a bare libpq writer for tests/bench/run; prints one figure a line. Judges nothing. */
#include <jansson.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

enum { WINDOW = 512, CONNECTIONS_MAX = 64, CAMERAS = 1051, UNITS_MAX = 64, ROWS_A_TRANSACTION = 256 };

static double now_s(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

/* $DISPATCH_GATEWAY_KEY_FILE: the daemon's public key, our public key, our secret key. */
static void use_keys(void *socket)
{
	static const int option[] = {ZMQ_CURVE_SERVERKEY, ZMQ_CURVE_PUBLICKEY, ZMQ_CURVE_SECRETKEY};
	const char *path = getenv("DISPATCH_GATEWAY_KEY_FILE");
	FILE *from = path == NULL || path[0] == '\0' ? NULL : fopen(path, "r");
	char line[64];

	for (size_t i = 0; path != NULL && path[0] != '\0' && i < sizeof option / sizeof option[0]; i++) {
		if (from == NULL || fgets(line, sizeof line, from) == NULL)
			fail("no keys");
		line[strcspn(line, "\n")] = '\0';
		if (zmq_setsockopt(socket, option[i], line, strlen(line) + 1) != 0)
			fail("not a key");
	}
	if (from != NULL)
		fclose(from);
}

static void *dial(void *context, const char *endpoint)
{
	void *socket = zmq_socket(context, ZMQ_DEALER);
	int mark = 100000, linger = 0, timeout = 30000;

	if (socket == NULL)
		fail("no socket");
	(void)zmq_setsockopt(socket, ZMQ_SNDHWM, &mark, sizeof mark);
	(void)zmq_setsockopt(socket, ZMQ_RCVHWM, &mark, sizeof mark);
	(void)zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
	(void)zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout, sizeof timeout);
	use_keys(socket);
	if (zmq_connect(socket, endpoint) != 0)
		fail("cannot connect");
	return socket;
}

static void stamp(char out[40])
{
	struct timespec now;
	struct tm parts;
	size_t used;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)gmtime_r(&now.tv_sec, &parts);
	used = strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &parts);
	(void)snprintf(out + used, 40 - used, ".%03ldZ", now.tv_nsec / 1000000);
}

static int write_alarm(char *out, size_t size, const char *run, long number, const char *type)
{
	char time_text[40];

	stamp(time_text);
	return snprintf(out, size,
		"{\"specversion\":\"1.0\",\"id\":\"%s-%ld\",\"source\":\"cam-%04ld\",\"type\":\"%s\","
		"\"time\":\"%s\","
		"\"data\":{\"state\":\"raised\",\"confidence\":0.95,\"text\":\"bench\",\"mode\":\"actual\"}}",
		run, number, number % CAMERAS + 1, type, time_text);
}

/* --- alarms a second, through so many connections, each with a window of unanswered ones ------------ */

static void send_one(void *socket, const char *run, long number)
{
	char bytes[512];
	int count = write_alarm(bytes, sizeof bytes, run, number, "alarm.crop.pest");

	if (zmq_send(socket, bytes, (size_t)count, 0) < 0)
		fail("cannot send");
}

static long take_replies(void *socket, int flags)
{
	char bytes[4096];
	long accepted = 0;

	for (;;) {
		int count = zmq_recv(socket, bytes, sizeof bytes - 1, flags);

		if (count < 0)
			return accepted;
		bytes[count < (int)sizeof bytes ? count : (int)sizeof bytes - 1] = '\0';
		if (strstr(bytes, "\"accepted\"") == NULL)
			fail(bytes);
		accepted++;
		flags = ZMQ_DONTWAIT;
	}
}

static void load(const char *endpoint, int connections, long total)
{
	void *context = zmq_ctx_new(), *socket[CONNECTIONS_MAX];
	zmq_pollitem_t poll_item[CONNECTIONS_MAX];
	long sent = 0, answered = 0, open_count[CONNECTIONS_MAX] = {0};
	char run[64];

	(void)snprintf(run, sizeof run, "load%d-%ld-%ld", connections, (long)time(NULL), (long)getpid());
	for (int index = 0; index < connections; index++) {
		socket[index] = dial(context, endpoint);
		poll_item[index] = (zmq_pollitem_t){.socket = socket[index], .events = ZMQ_POLLIN};
	}
	double began = now_s();

	while (answered < total) {
		for (int index = 0; index < connections; index++)
			for (; open_count[index] < WINDOW && sent < total; open_count[index]++)
				send_one(socket[index], run, sent++);
		if (zmq_poll(poll_item, connections, 30000) <= 0)
			fail("no reply for 30 s");
		for (int index = 0; index < connections; index++) {
			if ((poll_item[index].revents & ZMQ_POLLIN) == 0)
				continue;
			long got = take_replies(socket[index], ZMQ_DONTWAIT);

			answered += got;
			open_count[index] -= got;
		}
	}
	printf("%.1f\n", (double)total / (now_s() - began));
	for (int index = 0; index < connections; index++)
		(void)zmq_close(socket[index]);
	(void)zmq_ctx_term(context);
}

/* --- one alarm at a time: from its sending to the order at a terminal --------------------------------- */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Answers an order with done, so that the crew is free for the next alarm. Returns whether it was an order. */
static int answer(void *socket, const char *bytes, size_t count)
{
	json_t *message = json_loadb(bytes, count, 0, NULL);
	const char *kind = json_string_value(json_object_get(message, "kind"));
	const char *order = json_string_value(json_object_get(message, "order"));
	int is_order = kind != NULL && strcmp(kind, "order") == 0 && order != NULL;
	char reply[256];

	if (is_order) {
		int size = snprintf(reply, sizeof reply, "{\"kind\":\"done\",\"order\":\"%s\"}", order);

		if (zmq_send(socket, reply, (size_t)size, 0) < 0)
			fail("cannot answer");
	}
	json_decref(message);
	return is_order;
}

static void latency(const char *alarms, const char *units, long total)
{
	static const char *const unit[] = {"MED-1", "MED-2", "MED-3"};
	enum { TERMINALS = sizeof unit / sizeof unit[0] };
	void *context = zmq_ctx_new(), *sender = dial(context, alarms), *terminal[TERMINALS];
	zmq_pollitem_t poll_item[TERMINALS + 1];
	double *took = calloc((size_t)total, sizeof *took);
	char run[64], bytes[65536];
	long measured = 0;

	(void)snprintf(run, sizeof run, "lone-%ld-%ld", (long)time(NULL), (long)getpid());
	for (int index = 0; index < TERMINALS; index++) {
		int size = snprintf(bytes, sizeof bytes,
			"{\"kind\":\"hello\",\"unit\":\"%s\",\"last_seq\":0}", unit[index]);

		terminal[index] = dial(context, units);
		poll_item[index] = (zmq_pollitem_t){.socket = terminal[index], .events = ZMQ_POLLIN};
		if (zmq_send(terminal[index], bytes, (size_t)size, 0) < 0)
			fail("cannot say hello");
	}
	poll_item[TERMINALS] = (zmq_pollitem_t){.socket = sender, .events = ZMQ_POLLIN};
	(void)usleep(500000); /* the hellos are rows of their own */
	for (long number = 0; number < total; number++) {
		int size = write_alarm(bytes, sizeof bytes, run, number * 7, "alarm.medical.help");
		double began = now_s();
		int ordered = 0;

		if (zmq_send(sender, bytes, (size_t)size, 0) < 0)
			fail("cannot send");
		while (!ordered) {
			if (zmq_poll(poll_item, TERMINALS + 1, 500) <= 0)
				break; /* it joined an incident nearby, which has its crew */
			for (int index = 0; index < TERMINALS; index++) {
				int count = (poll_item[index].revents & ZMQ_POLLIN) != 0
						    ? zmq_recv(terminal[index], bytes, sizeof bytes, 0)
						    : -1;

				if (count > 0 && answer(terminal[index], bytes, (size_t)count) && !ordered) {
					ordered = 1;
					took[measured++] = now_s() - began;
				}
			}
			if ((poll_item[TERMINALS].revents & ZMQ_POLLIN) != 0)
				(void)zmq_recv(sender, bytes, sizeof bytes, 0);
		}
		(void)usleep(20000); /* let the crew's answer come through: this measures a lone alarm */
	}
	if (measured < total / 4)
		fail("too few alarms led to an order");
	qsort(took, (size_t)measured, sizeof *took, by_value);
	printf("%.3f %.3f\n", took[measured / 2] * 1e3, took[measured * 99 / 100] * 1e3);
	free(took);
	exit(0);
}

/* --- the machine's own limit: the same rows by array statements, so many a transaction ------------------ */

static void run_sql(PGconn *connection, const char *sql)
{
	PGresult *result = PQexec(connection, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
		fail(PQerrorMessage(connection));
	PQclear(result);
}

/* PostgreSQL's binary arrays of one dimension: a head, then each element as length and bytes, all big-endian. */
enum { OID_BYTEA = 17, OID_INT8 = 20, ARRAY_HEAD = 20 };

static char *put32(char *at, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		*at++ = (char)(value >> shift);
	return at;
}

static char *put_head(char *at, uint32_t element, uint32_t count)
{
	at = put32(at, 1);
	at = put32(at, 0);
	at = put32(at, element);
	at = put32(at, count);
	return put32(at, 1);
}

static int put_numbers(char *out, long first)
{
	char *at = put_head(out, OID_INT8, ROWS_A_TRANSACTION);

	for (long index = 0; index < ROWS_A_TRANSACTION; index++) {
		uint64_t number = (uint64_t)(first + index);

		at = put32(at, 8);
		at = put32(at, (uint32_t)(number >> 32));
		at = put32(at, (uint32_t)number);
	}
	return (int)(at - out);
}

static int put_bytes(char *out, long bytes)
{
	char *at = put_head(out, OID_BYTEA, ROWS_A_TRANSACTION);

	for (long index = 0; index < ROWS_A_TRANSACTION; index++) {
		at = put32(at, (uint32_t)bytes);
		memset(at, 'b', (size_t)bytes);
		at += bytes;
	}
	return (int)(at - out);
}

static void check(PGconn *connection, PGresult *result)
{
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail(PQerrorMessage(connection));
	PQclear(result);
}

static void bare(const char *conninfo, long rows, long bytes)
{
	static const char sql[] =
		"INSERT INTO bench_journal SELECT 'yulong', 'actual', s, now(), 1, 'alarm', h, b, h, h "
		"FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS r(s, b, h)";
	static const int binary[3] = {1, 1, 1};
	PGconn *connection = PQconnectdb(conninfo);
	char *array[3];
	int size[3];

	if (PQstatus(connection) != CONNECTION_OK)
		fail(PQerrorMessage(connection));
	run_sql(connection,
		"SET client_min_messages = error; DROP TABLE IF EXISTS bench_journal; CREATE TABLE "
		"bench_journal "
		"(town_id text, stream text, seq bigint, at timestamptz, epoch bigint, kind text, plan_hash "
		"bytea, body bytea, prev_hash bytea, hash bytea, PRIMARY KEY (town_id, stream, seq))");
	check(connection, PQprepare(connection, "bare", sql, 3, NULL));
	for (int index = 0; index < 3; index++)
		array[index] = malloc(ARRAY_HEAD + (size_t)ROWS_A_TRANSACTION * ((size_t)bytes + 64));
	size[1] = put_bytes(array[1], bytes);
	size[2] = put_bytes(array[2], 32);
	double began = now_s();

	for (long done = 0; done < rows; done += ROWS_A_TRANSACTION) {
		size[0] = put_numbers(array[0], done + 1);
		check(connection,
			PQexecPrepared(connection, "bare", 3, (const char *const *)array, size, binary, 0));
	}
	printf("%.1f\n", (double)rows / (now_s() - began));
	run_sql(connection, "DROP TABLE bench_journal");
	PQfinish(connection);
	for (int index = 0; index < 3; index++)
		free(array[index]);
}

/* One row in one commit, so many times: what a lone alarm cannot be quicker than. */
static void commit_one(const char *conninfo, long total)
{
	PGconn *connection = PQconnectdb(conninfo);
	double *took = calloc((size_t)total, sizeof *took);

	if (PQstatus(connection) != CONNECTION_OK)
		fail(PQerrorMessage(connection));
	run_sql(connection, "SET client_min_messages = error; DROP TABLE IF EXISTS bench_commit; CREATE "
			    "TABLE bench_commit (seq bigint PRIMARY KEY, body text)");
	for (long number = 0; number < total; number++) {
		char sql[128];
		double began = now_s();

		(void)snprintf(
			sql, sizeof sql, "INSERT INTO bench_commit VALUES (%ld, repeat('b', 400))", number);
		run_sql(connection, sql);
		took[number] = now_s() - began;
	}
	qsort(took, (size_t)total, sizeof *took, by_value);
	printf("%.3f %.3f\n", took[total / 2] * 1e3, took[total * 99 / 100] * 1e3);
	run_sql(connection, "DROP TABLE bench_commit");
	PQfinish(connection);
	free(took);
}

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "load") == 0)
		load(argv[2], atoi(argv[3]), atol(argv[4]));
	else if (argc == 5 && strcmp(argv[1], "latency") == 0)
		latency(argv[2], argv[3], atol(argv[4]));
	else if (argc == 5 && strcmp(argv[1], "bare") == 0)
		bare(argv[2], atol(argv[3]), atol(argv[4]));
	else if (argc == 4 && strcmp(argv[1], "commit") == 0)
		commit_one(argv[2], atol(argv[3]));
	else
		fail("usage: bench load ENDPOINT CONNECTIONS COUNT | latency ALARMS UNITS COUNT | bare "
		     "CONNINFO ROWS BYTES | "
		     "commit CONNINFO COUNT");
	return 0;
}
