/* link: one connection to PostgreSQL that comes up, fails and comes back without ever blocking; sends no statement. */
#ifndef STORE_LINK_H
#define STORE_LINK_H

#include <libpq-fe.h>

#include "store/store.h"

enum {
	LINK_RETRY_MS_MIN = 100, /* doubles to LINK_RETRY_MS_MAX with each failure in a row */
	LINK_RETRY_MS_MAX = 2000,
	LINK_CONNECT_MS = 3000 /* a server that does not answer for so long while connecting */
};

/* The mover is link_work; only it and link_drop change the state. */
enum link_state {
	LINK_IDLE,       /* waits for retry_at_ms */
	LINK_CONNECTING, /* PQconnectPoll is at work */
	LINK_UP          /* the owner may use pg */
};

struct link {
	const char *name; /* for reports and pg_stat_activity: "journal" */
	const char *conninfo;
	store_report_fn *report;
	void *report_context;

	enum link_state state;
	PGconn *pg;
	PostgresPollingStatusType polling;
	int64_t retry_at_ms, retry_ms;
	int64_t waiting_since_ms; /* connecting, or an answer is owed; 0: nothing is owed */
	bool flush;               /* bytes wait to be sent */
	bool down_told;           /* this outage has been reported */
	char error[STORE_ERROR_BYTES];
};

void link_init(
	struct link *link, const char *name, const char *conninfo, store_report_fn *report, void *context);

/* Closes the connection, not waiting, and tries again after the back-off. Why goes to link->error. */
void link_drop(struct link *link, int64_t now_ms, const char *why);
void link_close(struct link *link);

/* The owner has got an answer that counts: the back-off starts anew with the next failure. */
void link_succeeded(struct link *link);

/*
 * link_work - connects, reads what has come and sends what waits.
 * Returns true while the link is up. `came_up`: it has just come up, in nonblocking mode, nothing sent yet.
 */
bool link_work(struct link *link, int64_t now_ms, bool *came_up);

/* Sends what waits as far as the socket takes it. */
void link_flush(struct link *link, int64_t now_ms);

/* False: there is no descriptor now. */
bool link_pollfd(const struct link *link, struct store_pollfd *out);
int64_t link_due_ms(const struct link *link, int64_t stall_ms);

/* One line about this connection; also kept as link->error when it is not STORE_INFO. */
void link_tell(struct link *link, enum store_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
