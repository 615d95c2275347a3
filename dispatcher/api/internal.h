/* internal: what an api is made of, for dispatcher/api/ alone. */
#ifndef API_INTERNAL_H
#define API_INTERNAL_H

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "api/api.h"
#include "api/checker.h"
#include "api/guard.h"
#include "api/page.h"
#include "api/tls.h"
#include "wire/pace.h"
#include "wire/json_read.h"
#include "wire/row.h"

enum { COMMAND_BYTES_MAX = 64 * 1024, COMMAND_TOKENS_MAX = 4096, HEADERS_BYTES_MAX = 16 * 1024 };

/* What an origin's flags say at DOOR_API; below: enum outcome of a command. */
enum { FLAG_ALARM = 100, FLAG_FEED = 101 };

/* Who asks. A token's key is named by its running number, and looked up anew each time: it may be revoked meanwhile. */
enum caller_kind { CALLER_ACCOUNT, CALLER_TOKEN, CALLER_ANYBODY };
enum { CALLER_NAME_SIZE = 64, CALLER_FROM_SIZE = 128 };
struct caller {
	uint8_t kind;                /* enum caller_kind */
	uint32_t key;                /* CALLER_TOKEN; else 0 */
	char name[CALLER_NAME_SIZE]; /* the account, the person whose token it is; "": nobody */
	char from[CALLER_FROM_SIZE]; /* account@unix, key@address, anybody@address */
};

/* One of the two doors: the unix socket, and TCP. evhttp's listeners have one callback for all that they accept. */
struct gate {
	struct api *api;
	struct evhttp *http;
	struct evconnlistener *listener; /* evhttp's */
	bool tcp, listening;
};

/* One client. evhttp owns the connection; see conn.c for what is ours. */
enum conn_state { CONN_FREE, CONN_NEW, CONN_READING, CONN_WAITING, CONN_WRITING, CONN_FEED };
struct command;
struct conn {
	struct bufferevent *bev; /* which it is; to be looked into only when told */
	int fd;                  /* our own descriptor of it; -1 none */
	bool told;               /* evhttp will say when it lets go */
	bool tcp;
	bool shaking;                 /* its TLS handshake is under way: it has begun and is not done */
	uint64_t serial;              /* of all connections ever; never 0 */
	uint32_t key;                 /* running number of the key that it has shown last; 0 none */
	struct guard_subject address; /* tcp */
	uint32_t state;               /* enum conn_state */
	uint32_t ticks;               /* that it has left, reading or writing */
	size_t unsent;                /* at the last tick */
	struct evhttp_request *feed;  /* CONN_FEED */
	uint64_t feed_seq;            /* the last one that it was given */
};

/* A request that waits: for api_next (queued), then for its rows to be durable. */
struct waiting {
	struct waiting *next;
	uint64_t ticket;
	struct evhttp_request *http;
	const struct command *command; /* NULL: alarms */
	struct event event;            /* of the command */
	char *memory;                  /* the request's text; malloc */
	char *asked;                   /* of a command: the request as it came; malloc, NULL: nobody guards */
	uint32_t asked_len;
	struct caller caller;
	/* POST /v1/alarms */
	bool is_alarms;
	const char *at, *end;             /* what is not read yet */
	uint32_t lines, answered, handed; /* lines read, with a reply, made events */
	struct evbuffer *reply;           /* in order, up to `answered` */
	struct evbuffer *later; /* refusals of lines whose forerunners wait: line number, length, bytes */
};

struct waiting_list {
	struct waiting *first, *last;
	uint32_t count;
};

/* A kept silence; texts are cut to what is kept here. */
struct kept_silence {
	uint32_t number;                     /* 0: none */
	int64_t from_ms, until_ms, ended_ms; /* ended: 0 while it is in force */
	uint64_t count;
	char source[64], type[64], grid[32], reason[256], by[64];
	uint32_t source_len, type_len, grid_len, reason_len, by_len;
};

/* A kept alarm; texts are cut to what is kept here. */
struct kept_alarm {
	uint64_t number, seq;
	int64_t time_ms, at_ms, value_e6;
	uint32_t incident, silence, confidence_ppm, type;
	struct place place;
	uint8_t state, mode, result, reject;
	bool opened, occurrence, has_value, has_place;
	uint8_t id_len, source_len, unit_len;
	uint16_t text_len;
	uint8_t type_len;
	char id[128], source[128], type_text[64], unit[32], text[256];
};

struct api {
	const struct core *core;
	const struct ground *ground;
	struct api_hooks hooks;
	struct api_config config;
	struct event_base *base;
	struct gate gate[2]; /* unix, tcp */
	struct event *tick, *adopt;
	struct tls *tls; /* NULL: TCP goes without */
	struct door_book *book;
	uint32_t *account; /* [config.account_count] */
	int64_t ticked_ms; /* real time since the start, as the ticks count it */
	char unix_path[API_ENDPOINT_SIZE], endpoint_unix[API_ENDPOINT_SIZE], endpoint_tcp[API_ENDPOINT_SIZE];

	struct text
		tried_with; /* of the command that is being tried: units that go before it; its own bytes */
	struct conn *conn;  /* [config.connections_max] */
	uint32_t conn_count, conn_tcp_count;
	uint64_t conn_serial;
	struct pace shakes; /* of TLS, by address */
	uint32_t ticks_request, ticks_stall, ticks_beat, ticks_shake;
	enum hold hold;
	bool stands_by; /* api_lead(false) */

	struct waiting_list queued, waiting;
	uint64_t ticket;

	struct kept_alarm *kept;      /* [API_ALARMS_KEPT], a ring */
	uint64_t kept_count;          /* ever */
	struct kept_silence *silence; /* [API_SILENCES_KEPT], by number */

	struct api_counters counter;
	char *page;            /* [PAGE_BYTES] */
	char *message;         /* [OUTBOX_MESSAGE_MAX] */
	struct effect *effect; /* [EFFECTS_MAX] for rows and explain */
	struct effect *plan;   /* [EFFECTS_MAX] for what a plan would do */
	struct row_scratch row;
	struct json_token token[COMMAND_TOKENS_MAX];
	struct told *told; /* told.c, by slot of the incident; NULL: none was asked for yet */
	uint32_t told_slot, told_round;
};

/* A request being answered. */
struct request {
	struct api *api;
	struct evhttp_request *http;
	const struct caller *caller;
	struct text id;         /* the path's last part, where the route has one */
	struct evkeyvalq query; /* decoded */
	struct page page;
	struct evbuffer *body; /* of the answer */
	struct text asked;     /* target, line feed, body, cut to what is kept; empty: nobody guards */
};

/* conn.c: clients and their deadlines */
bool conn_open(struct api *api);
struct bufferevent *conn_new(struct event_base *base, void *context);
struct conn *conn_of(struct api *api, struct evhttp_request *http);
bool conn_gone(struct evhttp_request *http); /* the client has closed its end entirely */
void conn_waits(struct api *api, struct evhttp_request *http);
void conn_writes(struct api *api, struct evhttp_request *http);
void conn_feeds(struct api *api, struct evhttp_request *http);
void conn_tick(struct api *api);
void conn_keys_look(struct api *api); /* cuts those whose key holds no more */
void conn_close_all(struct api *api);
struct conn *conn_by_serial(struct api *api, uint64_t serial); /* NULL: it is gone */
void conn_drop(
	struct api *api, struct conn *conn); /* at once; evhttp finds out by itself. Only before a request */
size_t conn_unsent(const struct api *api);   /* bytes that wait for all clients */

/* handshake.c: who may begin TLS, how often and how many at once */
enum disp_err handshake_open(struct api *api, char *error) DISP_MUSTCHECK;

/* caller.c: who asks, and whether that is so; the book is of tries, and of tokens that were right */
enum disp_err caller_open(struct api *api) DISP_MUSTCHECK;
void caller_close(struct api *api); /* who still waits is answered */
/* True: *out says who it is. False: it was answered, or route_serve is called later. */
bool caller_ask(struct gate *gate, struct evhttp_request *http, struct caller *out) DISP_MUSTCHECK;
/* Somebody there has shown a token that was right. */
bool caller_known(struct api *api, const struct guard_subject *address);
/* The key still holds, where it is one. */
bool caller_holds(const struct api *api, const struct caller *caller);
/* Puts who acts and where it came in into the event, which lives no longer than the caller. False: that name is not the
 * caller's to use; it was answered with 403. */
bool caller_signs(struct api *api, struct evhttp_request *http, const struct caller *caller,
	struct event *event) DISP_MUSTCHECK;

/* route.c: from path to function, and the plain answers */
void route(struct evhttp_request *http, void *context); /* context: the gate */
void route_serve(struct api *api, struct evhttp_request *http, const struct caller *caller);
void reply_error(struct api *api, struct evhttp_request *http, int status, const char *error,
	const char *format, ...) __attribute__((format(printf, 5, 6)));
void reply_refused(struct api *api, struct evhttp_request *http, int status, const char *error,
	struct text detail, struct text detail_zh); /* detail_zh may be empty */
/* Chinese for a detail of ours, in out[size]; empty: there is none. */
struct text detail_zh(const char *detail, char *out, size_t size);
void reply_bytes(
	struct api *api, struct evhttp_request *http, int status, const char *type, struct evbuffer *body);
void reply_page(struct request *request); /* 200, JSON, what request->page holds */
const char *ask_text(const struct request *request, const char *key); /* NULL: not given */
/* False: answered with 400 already. *out is left alone when the argument is not given. */
bool ask_word(struct request *request, const char *key, enum words_set set, uint32_t *out);
bool ask_int(struct request *request, const char *key, int64_t min, int64_t max, int64_t *out);
bool ask_bool(struct request *request, const char *key, bool *out);
bool ask_id(struct request *request, enum id_kind kind, const char *key, uint32_t *out);
/* The number in the path, and its slot; 0: answered with 404 already. */
uint32_t path_slot(struct request *request, enum id_kind kind, enum table table);
uint32_t path_thing(struct request *request, enum table table);
struct text text_of(const char *terminated);

/* what GETs call; each answers */
typedef void handler(struct request *request);
handler get_places, get_whoami, get_status, get_alarms, get_incidents, get_incident, get_orders, get_order,
	get_units, get_unit, get_nearest, get_depots, get_depot, get_stock, get_devices, get_device,
	get_playbooks, get_playbook, get_tasks, get_notices, get_warnings, get_response, get_silences,
	get_grids, get_people, get_journal, get_verify, post_verify, get_feed, get_board, get_calendar,
	get_shift, get_on_duty, get_alerts, get_keys, get_asides, get_aside, get_report, post_explain,
	post_alarms, post_reload, post_town_load, post_command, post_lead;

/* lead.c: 503 not_leader, with who leads */
void reply_not_leader(struct api *api, struct evhttp_request *http);
/* member pair: null where there is no other one */
void put_pair(struct page *page, const struct api_pair *pair);

/* reload.c. True: whoever asks may, and stands in the event. False: it was answered. */
bool asked_well(struct request *request, struct event *event);

/* Slots of records for which `pick` is true, the highest number first; *count of them, to be freed; NULL: none. */
typedef bool picker(const struct core *core, const void *record, const void *context);
uint32_t *pick_slots(
	const struct core *core, enum table table, picker *pick, const void *context, uint32_t *count);

/* show_*.c: one record as a JSON object */
void show_need(struct page *page, const struct need *need);
void show_order(struct page *page, const struct order *order);
/* One that would be given: its items are those of `effects`; NULL: as show_order. */
void show_order_planned(struct page *page, const struct order *order, const struct effects *effects);
void put_item_name(struct page *page, uint32_t item);               /* member item_name; null: no item */
void put_title(struct page *page, const struct incident *incident); /* members title, title_zh */
void show_supply(struct page *page, const struct supply *supply);
void show_choice(struct page *page, const struct effect_choice *choice, uint64_t seq, int64_t at_ms);
void show_notice(struct page *page, const struct notice *notice);
/* api: for what was reported, out of the journal; NULL: without it (the effects of api_explain lie where rows are read) */
void show_task(struct page *page, struct api *api, const struct task *task);
void put_words_to_say(struct page *page, struct api *api, const struct task *task); /* say.c: text, text_zh */
void show_deadline(struct page *page, const struct incident *incident, uint32_t kind);
void show_step(
	struct page *page, const struct playbook *playbook, uint32_t index, const struct step_mark *mark);
void show_stock(struct page *page, const struct stock *stock);
void show_warnings(struct page *page);
void put_desk(struct page *page); /* members alerts, oldest_alert_s, on_duty, desk_seen */
void show_alarm(struct page *page, const struct kept_alarm *alarm);
void put_said(
	struct page *page, const struct order *order); /* reason, said_by, said_at; NULL: none of them */
void show_live_orders(struct page *page, enum target target, uint32_t who);
/* The members of an incident, without its brackets. */
void show_incident_members(struct page *page, const struct incident *incident);

/* show_facts.c: verified_by, merged, split_from, climbs_again, facts, reports */
void show_facts(struct page *page, struct api *api, const struct incident *incident);

/* story.c: the parts of an incident that only the journal holds: report, alarm_list, choices, timeline */
void show_story(struct page *page, struct api *api, uint32_t incident);
/* One row as row_json has it; one that is too long only with its head. */
void write_row(struct page *page, struct api *api, const struct event *event, const struct effects *effects);
/* What was decided, readable; of one incident, or (0) all of it. */
void put_lines(struct page *page, const char *key, const struct effects *effects, uint32_t incident);
bool row_read(struct api *api, uint64_t seq, struct event *event, struct effects *effects);

/* silence_ring.c: begun, counted, ended; the ended ones, the newest first, as objects of an open list */
void silence_keep(struct api *api, const struct event *event, const struct effects *effects);
void show_ended_silences(struct page *page, const struct api *api);

/* alarm_ring.c */
void alarm_fill(struct kept_alarm *out, const struct api *api, const struct event *event,
	const struct effect_alarm *said);
void alarm_keep(struct api *api, const struct event *event, const struct effects *effects);

/* opened.c: of an incident opened by hand: which plan it has, and which open ones it may double; adds to the lines too */
struct tell;
void put_opened(
	struct page *page, struct tell *tell, const struct event *event, const struct effects *effects);

/*
 * goes_on.c: member goes_on: what the case that is merged lacks, which is looked for on; to the lines, too, with what the
 * other wants itself.
 */
void put_goes_on(
	struct page *page, struct tell *tell, const struct event *event, const struct effects *effects);

/* ends_with.c: of an act that ends a case, member ends_with_it: who is out for it, and what becomes of each; to the lines, too */
void put_ends_with(struct page *page, struct tell *tell, const struct event *event);
/* Where the work of a case is done or the case over: "calls_ended", and behind what was said how many calls end with it. */
void put_calls_end(
	struct page *page, struct tell *tell, const struct event *event, const struct effects *effects);

/* call_over.c: adds to the lines that nobody was reached, that the order of the call has no answer yet; or, behind a decline
 * that gives a reason, how to say that the crew is not to be sent at all */
void tell_declined(struct tell *tell, const struct core *core, const struct event *event);
void tell_call_over(struct tell *tell, const struct core *core, const struct event *event);

/* supplied.c: adds to the lines which depot loads and which truck drives: what was decided, and what follows from it */
void put_supplied(struct page *page, struct tell *tell, uint32_t incident, const struct effects *done,
	const struct effects *plan);

/* warned.c: members until, response_suggested and playbooks of a warning that is set; to the lines, too */
void put_warned(struct page *page, struct tell *tell, const struct event_warning *warning);

/* verdict.c: what became of a command, or would become of it */
enum verdict_form { VERDICT_WHOLE, VERDICT_SHORT, VERDICT_DRY };
uint8_t verdict_outcome(const struct effects *effects, uint32_t *number); /* enum outcome */
int verdict_status(uint8_t outcome);                                      /* of HTTP */
void write_verdict(struct page *page, struct api *api, const struct command *command,
	const struct event *event, const struct effects *effects, enum verdict_form form);
void reply_dry_run(struct request *request, const struct command *command, struct event *event);

/*
 * uncovered.c: member uncovered: what a command takes from the town: skills of which nobody is left, requirements of
 * other cases that nobody fills now, stocks below their minimum; to the lines, too. done: what was decided; plan: what
 * follows from it; gone: ids of units that are not there any more either, parted by one space; applied: whether `done` is
 * in the core already.
 */
void put_uncovered(struct page *page, struct tell *tell, const struct event *event,
	const struct effects *done, const struct effects *plan, struct text gone, bool applied);
/* proposed.c: of a case that waits for a person: member proposed, what would go; else null. */
void put_proposed(struct page *page, struct api *api, const struct incident *incident);
/* explain.c: members needs (returned: how many stay short) and orders, as effects would make them */
uint32_t put_planned_needs(struct page *page, const struct effects *effects);
void put_planned_orders(struct page *page, const struct effects *effects, int64_t at_ms);

/* answer.c */
struct waiting *waiting_new(
	struct api *api, struct evhttp_request *http, const struct caller *caller, size_t memory);
void waiting_append(struct waiting_list *list, struct waiting *waiting);
void waiting_free(struct waiting *waiting);
void waiting_drop_all(struct api *api);

/* alarms.c: the lines of POST /v1/alarms */
bool alarms_next(struct api *api, struct waiting *waiting, int64_t at_ms, struct event *event);
void alarms_answer(struct api *api, struct waiting *waiting, const uint8_t *bytes, uint32_t count);
bool alarms_done(const struct waiting *waiting);
void alarms_reply(struct api *api, struct waiting *waiting);

#endif
