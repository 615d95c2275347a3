/* api: HTTP on a unix socket and TCP, for console, board and scripts. Decides nothing; reads the core as it stands. */
#ifndef API_API_H
#define API_API_H

#include <stddef.h>

#include "core/core.h"
#include "wire/alarm_in.h"
#include "wire/ground.h"
#include "wire/outbox.h"

/*
 * The paths, commands, arguments and answers are in schemas/openapi.yaml. What only reads is answered at once, out of
 * the core, inside libevent's callback. What changes something becomes an event that the shell pulls: api_next
 * until DISP_E_AGAIN, decide and apply, api_prepare for every row whatever its door, api_send when it is durable.
 * One thread, that of the event base. SIGPIPE must be ignored by the process.
 */
struct api;
struct event_base;

enum {
	API_ERROR_SIZE = 256,
	API_ENDPOINT_SIZE = 160,
	API_BODY_MAX = 1 << 20,    /* bytes of a request's body */
	API_CONNECTIONS_MAX = 256, /* both sockets together; more wait in the kernel's queue */
	API_FEEDS_MAX = 64,        /* of these, how many may be live feeds */
	API_ADDRESS_MAX = 32, /* of these, how many may come from one address; and three quarters by TCP */
	API_SHAKES_MAX = 64,  /* TLS handshakes under way, of strangers' addresses; see api/handshake.c */
	API_SHAKES_ADDRESS_MAX = 16,   /* from one address */
	API_FEED_BUFFER_MAX = 1 << 20, /* bytes that wait for one live feed; a slower one is cut off */
	API_OUTPUT_MAX = 64 << 20,     /* bytes that wait for all clients; then lists are answered 503 */
	API_WAITING_MAX = 1024,        /* requests that wait for their rows; then 503 */
	API_ALARMS_KEPT = 4096,        /* the latest, for /v1/alarms */
	API_SILENCES_KEPT = 64,        /* the latest, for those that have ended */
	API_STORY_ROWS_MAX = 2000,     /* rows of one incident's timeline */
	API_FIGURES_MAX = 24
};

/* 0 or NULL: the default, in brackets. Texts are needed only during api_open. */
struct api_config {
	const char *unix_path; /* made with mode 0660; a stale one is replaced [none] */
	const char *tcp;       /* "HOST:PORT", port 0 or * takes a free one [none] */
	const char *
		certificate; /* PEM files: TCP speaks TLS and wants a token; see api/tls.h [TCP is open to anybody] */
	const char *key;
	const uint32_t *
		account; /* [account_count] user ids that may use the unix socket [all that the file's mode lets in] */
	uint32_t account_count;
	int64_t lockout_ms;       /* of a first lock-out after failed tries; see api/guard.h [60,000] */
	uint32_t connections_max; /* [API_CONNECTIONS_MAX] */
	int64_t request_ms; /* from accept, or the last answer, to the end of a request [9,000: it is cut within 10 s] */
	int64_t handshake_ms; /* from accept to the end of the TLS handshake [5,000] */
	int64_t stall_ms;     /* an answer of which nothing is fetched for so long is cut off [9,000] */
	int64_t tick_ms;      /* how often both, and keys that end, are looked at [500] */
};

/* A number to show. name: a literal, snake_case. */
struct api_figure {
	const char *name;
	uint64_t value;
};

/* Of two daemons of one town: which this one is, and what it knows of the other. */
struct api_pair {
	/* "leads", "stands_by", "takes", "held" (leads, but its lease has run out: sends nothing until it knows), "lost";
	 * NULL: there is no other daemon */
	const char *state;
	const char *holder, *leader; /* our name; who dispatch.lease says leads, NULL not known */
	uint64_t epoch;
	int64_t heard_ms,
		behind_ms; /* since the other one said something; since the journal's rows were all followed;
				      * -1 never */
	bool forced;       /* leads by a person's word; PostgreSQL has not been told yet */
	uint64_t stray_rows; /* of our log that the one who leads has not seen */
	bool holder_twice; /* another daemon leads that has our name: one of the two is to be called otherwise */
};

/* What only the program knows. Texts live until the next call of the hook. */
struct api_status {
	const char *version;
	bool island, leader;
	bool conflict; /* the database has other rows than we: it takes none of ours */
	bool fenced;   /* another daemon leads: the database takes nothing of ours, and nothing leaves */
	uint64_t conflict_seq; /* of conflict: from this row on */
	uint64_t epoch, log_seq, journal_seq, projected_seq;
	int64_t lag_ms, uptime_ms;
	int64_t now_ms;                    /* event time */
	uint32_t rate_milli;               /* event time by wall time, x 1000 */
	const char *alarms, *units, *feed; /* endpoints; NULL none */
	const char *server_key;            /* our public key, Z85; NULL: nothing here asks for keys */
	struct api_figure queue[API_FIGURES_MAX], counter[API_FIGURES_MAX];
	uint32_t queue_count, counter_count;
	uint64_t alarms_answered
		[ALARM_RESULT_COUNT]; /* by enum alarm_result: kept ones in all, others since the start */
	struct api_pair pair;
};

/* How far the check of the journal is, and what it found; fault.what is one of its four words, terminated. */
enum { API_FAULTS_MAX = 32, API_FAULT_BYTES = 64 };
struct api_verify {
	bool running;
	uint64_t from_seq, to_seq, checked_seq;
	uint32_t compared, fault_count; /* of these the first API_FAULTS_MAX are told */
	struct {
		uint64_t seq;
		char what[API_FAULT_BYTES];
	} fault[API_FAULTS_MAX];
	char error[API_ERROR_SIZE];
};

/* What became of a reload. Texts live until the next call of a hook. */
struct api_loaded {
	bool ok;
	uint32_t count;     /* playbooks, or rows of the pack */
	struct text detail; /* one line */
	struct text faults; /* lines parted by \n: file:line:column: what */
};

/*
 * What main fills; each gets `context` first. A hook that is NULL answers 503 where it is needed, but for now_ms,
 * which must be there.
 */
struct api_hooks {
	void *context;
	void (*status)(void *context, struct api_status *out); /* *out is zeroed */
	int64_t (*now_ms)(void *context);                      /* event time */

	/* One durable row of the journal, as row_decode takes it; good until the next call. DISP_E_NONE: not there. */
	enum disp_err (*journal_row)(void *context, uint64_t seq, const uint8_t **row, size_t *size);
	/* Begins a check of the journal from this row on, 0: the oldest; and how far it is. */
	void (*verify_start)(void *context, uint64_t from_seq);
	void (*verify)(void *context, struct api_verify *out);
	/* The bytes of a message that was set aside, by its whole id; good until the next call. DISP_E_NONE: there is none. */
	enum disp_err (*aside_read)(void *context, const char *id, const uint8_t **bytes, size_t *count);
	/* Whether a row that PostgreSQL has refused can be written again now, or left out. */
	bool (*aside_ready)(void *context);
	/* The rows that touched an incident, oldest first, into seq[max]; the latest of them when there are more. Returns
	 * how many there are in all. */
	uint32_t (*story)(void *context, uint32_t incident, uint64_t *seq, uint32_t max);
	/* core_decide, now, without applying. out->item[EFFECTS_MAX] is the caller's. */
	enum disp_err (*explain)(void *context, const struct event *event, struct effects *out);
	/* One alarm message into an event, by the rules of the alarms' door; at_ms is put into it. False: *refused is
	 * its reply. Texts live until the next call, or point into bytes. */
	bool (*alarm)(void *context, const void *bytes, uint32_t count, int64_t at_ms, struct event *event,
		struct alarm_reply *refused);
	/* A name of places.csv. */
	bool (*place)(void *context, struct text name, struct place *out);
	/* The playbooks, the town; asked: EVENT_LOAD with who asks and over which channel, who may; it goes on the record. */
	/* As ingest_config's: a request is about to be read; all that the last one led to is done. */
	bool (*begin)(void *context, const void *bytes, size_t count);
	void (*end)(void *context);
	void (*reload)(void *context, const struct event *asked, struct api_loaded *out);
	void (*town_load)(void *context, const struct event *asked, struct text dir, struct api_loaded *out);
	/*
	 * Has this daemon lead by a person's word that the other one is off: EVENT_LEAD with who asks, over which channel,
	 * and the reason; who may. Comes also while it stands by, and only where status says that there is a pair and this
	 * one does not lead well. False: refused, *detail says why.
	 */
	bool (*lead)(void *context, const struct event *asked, struct text *detail);
	/* The named places, from index 0; false: there are no more. The name lives until the next town is loaded. */
	bool (*place_at)(void *context, uint32_t index, struct text *name, struct place *out);
	/* For the daemon's own log; what: a dotted word, text: key=value words without any secret. */
	void (*note)(void *context, const char *what, const char *text);
};

/*
 * api_open - binds and listens.
 *
 * Errors  DISP_E_INPUT  a figure or an address is not usable; DISP_E_IO  the socket or port is taken, no memory;
 *         error[API_ERROR_SIZE] then says it in one English line, terminated.
 * Memory  base, core and ground must live as long; hooks is copied. api_close frees, cuts all clients and removes
 *         the unix socket; NULL may be closed.
 */
enum disp_err api_open(struct api **out, const struct api_config *config, struct event_base *base,
	const struct core *core, const struct ground *ground, const struct api_hooks *hooks,
	char *error) DISP_MUSTCHECK;
void api_close(struct api *api);

/* "unix:PATH" or "https://HOST:PORT" (without TLS "http://…"), the port resolved; "" when it does not listen there. */
/*
 * api_renew - the certificate and its key are read again; connections that stand go on under the old ones.
 *
 * Errors  DISP_E_NONE: nothing here speaks TLS. DISP_E_INPUT: the files cannot be used, error[API_ERROR_SIZE] says which and
 *         why, and the old ones stay.
 */
enum disp_err api_renew(
	struct api *api, const char *certificate, const char *key, char *error) DISP_MUSTCHECK;

const char *api_endpoint_unix(const struct api *api);
const char *api_endpoint_tcp(const struct api *api);

/* Whether api_next may have something; if so the next turn must not wait. */
bool api_ready(const struct api *api);

/*
 * api_hold - what may still be handed in. HOLD_ALL: api_next answers commands 503 with Retry-After and hands out nothing;
 * for alarms the hook `alarm` refuses. HOLD_ORDINARY changes nothing here: an officer's command is never ordinary.
 */
void api_hold(struct api *api, enum hold hold);

/*
 * api_lead - who leads. leads false: commands, alarms, reload and town load are answered 503 `not_leader`, also those that
 * wait for api_next, and new live feeds, which would be silent; what only reads goes on, and POST /v1/lead. At first: true.
 */
void api_lead(struct api *api, bool leads);

/*
 * api_next - the next command or alarm, in the order in which they came.
 *
 * Units   at_ms is event time, the shell's of this turn; put into event->at_ms. seq and epoch are the shell's.
 * Errors  DISP_E_AGAIN  nothing.
 * Memory  texts of *event live until the next api_next. What is handed out is answered by api_send; a client that
 *         has gone before that gets nothing, and one that has gone before api_next has asked nothing.
 */
enum disp_err api_next(
	struct api *api, int64_t at_ms, struct event *event, struct origin *origin) DISP_MUSTCHECK;

/*
 * api_prepare - keeps the alarm for /v1/alarms; puts the answer to a command, the reply to an alarm and a line for
 * live feeds into the outbox under the row's seq. For every row, whatever its door, after core_apply; in recovery
 * with outbox NULL.
 *
 * Shapes  event->seq and event->epoch are set.
 * Errors  DISP_E_FULL  the outbox had no room; the client is answered 503 by its own deadline.
 */
enum disp_err api_prepare(struct api *api, const struct event *event, const struct effects *effects,
	const struct origin *origin, struct outbox *outbox) DISP_MUSTCHECK;

/*
 * api_refuse - a command that never became a row (not the leader, store full): answered at once.
 *
 * Shapes  error: a word; status: of HTTP.
 */
void api_refuse(struct api *api, const struct origin *to, int status, struct text error, struct text detail);

/* One message of the outbox to its client, or to the live feeds. Never waits, never fails. */
void api_send(struct api *api, const struct origin *to, const uint8_t *bytes, uint32_t count);

/* One feed line to all live feeds that have not had this seq. api_send calls it. */
void api_feed(struct api *api, uint64_t seq, const uint8_t *bytes, uint32_t count);

/* Once a turn: reads a little ahead of what api_board will need. */
void api_idle(struct api *api);
/* The paper board as it stands, to be written every so many seconds (0: on request): board_render with what the journal knows. */
enum disp_err api_board(struct api *api, uint32_t every_s, char **out, size_t *count) DISP_MUSTCHECK;

/* What was reported when the incident was opened, into bytes[size], cut at a character; its length, 0: nothing. */
uint32_t api_told(struct api *api, uint32_t incident, char *bytes, uint32_t size);

struct api_counters {
	uint64_t requests, commands, alarms, errors; /* errors: answered with 400 and above */
	uint64_t cut_slow, cut_feeds;                /* clients that were cut off */
	uint64_t gone;                               /* clients that had left before their answer */
	uint64_t unknown, lockouts;                  /* requests without a good token; lock-outs */
	uint64_t shakes_refused;                     /* TLS handshakes that were too many */
	uint64_t cut_keys;                    /* clients that were cut off because their key holds no more */
	uint32_t connections, feeds, waiting; /* now */
};
void api_get_counters(const struct api *api, struct api_counters *out);

#endif
