/* daemon: what the running program is made of; for the files beside it alone. */
#ifndef DAEMON_H
#define DAEMON_H

#include <event2/event.h>

#include "api/api.h"
#include "board/page_file.h"
#include "bring.h"
#include "clock/clock.h"
#include "config.h"
#include "geo/geo.h"
#include "ingest/ingest.h"
#include "lead.h"
#include "playbook/playbook.h"
#include "shell/recover.h"
#include "shell/shell.h"
#include "shell/story.h"
#include "store/at_work.h"
#include "store/store.h"
#include "town/town.h"
#include "wire/row_core.h"

#define DISPATCHER_VERSION "0.1.0"

enum { WATCHED_MAX = 32 };

/* A descriptor that libevent watches for us; its callback only wakes the loop. */
struct watched {
	int fd;
	short events; /* EV_READ, EV_WRITE */
	struct event *event;
};

enum { WORD_TEXT_MAX = 512 };
/* What a person has said of something that was set aside, until the row that says so is durable. */
enum { SETTLING_MAX = 32 };
struct settling {
	uint64_t seq; /* of that row */
	bool drop;
	char id[AT_WORK_ID_BYTES], by[128], reason[256];
};

struct daemon {
	struct config *config;
	struct geo *geo;
	struct town *town;
	struct ground ground;
	uint8_t town_hash[PLAYBOOK_HASH_BYTES]; /* of our files, as last read */
	uint8_t plan_hash[PLAYBOOK_HASH_BYTES];
	struct core *core;
	void *core_memory;
	uint64_t core_bytes;
	struct store *store;
	struct store_config store_config;
	struct lead lead;
	struct event word; /* EVENT_LEAD of a person; EVENT_NONE: none waits to be put on record */
	char word_text[4][WORD_TEXT_MAX];
	struct at_work *at_work;
	struct story *story;
	struct shell shell;
	struct ingest *ingest;
	struct api *api;
	uint8_t server_key[KEY_PUBLIC_BYTES]; /* public */
	bool keyed;                           /* doors ask for keys */
	struct event_clock_source clock;
	struct event_base *base;
	struct event *timer, *on_term, *on_int, *on_hup;
	struct watched watched[WATCHED_MAX];
	uint32_t watched_count;
	struct row_core row_core; /* what names stands on */
	struct row_names names;
	struct effects scratch_effects; /* of recovery, explain and the background reading of old rows */
	struct row_scratch *row_scratch;
	struct snapshot snapshot; /* while it is being read into the core */
	uint64_t snapshot_seq, story_next, story_end, audit_cursor;
	int64_t snapshot_again_ms; /* real: no sooner, where the last one could not be begun */
	int64_t started_boot_ms, wall_off_ms, checked_ms;
	int64_t caught_up_ms;               /* when PostgreSQL last had all that the log has */
	struct page_file *board;            /* NULL: no paper board is wanted */
	int64_t board_real_ms, board_at_ms; /* of the last page: by our clock, by the town's */
	uint32_t board_incidents;           /* serial of the newest on it */
	int board_error;                    /* errno that was said */
	int64_t head_day;                   /* local day of the last look at the head of the journal */
	bool ending, reload, board_whole;   /* board_whole: made when all rows were known */
	bool board_leads;                   /* made while this one of two led */
	char holder[128];                   /* who we are, of two */
	char town_code[64];                 /* the store keys its rows by it; outlives a reload of the town */
	char detail[4096];
	char *fault_text; /* of the last reload */
	size_t fault_size;
	struct settling settling[SETTLING_MAX];
	uint32_t settling_count;
	int64_t aside_ms;     /* boot time of the last look at what was set aside */
	uint8_t *aside_bytes; /* of the message that was shown last */
};

/* land.c: places, grids and travel, from geo/ and town/. */
void land_fill(struct daemon *daemon);
struct travel land_travel(struct daemon *daemon);

/* start.c: from nothing to listening. False: it was said why. */
bool start_check(struct daemon *daemon);
bool start_run(struct daemon *daemon);
void start_end(struct daemon *daemon);

/* The rows with which a life begins to lead; load: those of the town's and the playbooks' files, too. False: it was said. */
bool start_lead(struct daemon *daemon, bool load);

/*
 * pair.c: without a pair in the configuration this daemon leads from pair_begin on. False: it was said why. pair_watched: at
 * most PAIR_WATCHED into out. pair_force: a person says that the other one is off; context is the daemon; false: *detail says
 * why not.
 */
enum { PAIR_WATCHED = PAIR_FDS + 1 };
bool pair_begin(struct daemon *daemon);
uint32_t pair_watched(const struct daemon *daemon, struct watched *out);
void pair_status(const struct daemon *daemon, struct api_pair *out);
bool pair_force(void *context, const struct event *asked, struct text *detail);
void pair_end(struct daemon *daemon);

/* load.c: the town and the playbooks as files, and as events. False: it was said why, in `out` too. */
bool load_check(struct daemon *daemon);
bool load_first(struct daemon *daemon); /* what load_check has read, and the playbooks, into the core */
void load_again(struct daemon *daemon); /* the playbooks, on HUP */
/* asked: EVENT_LOAD of the person who asks, or our own (the start, HUP), which is on record only where something changes. */
bool load_playbooks(struct daemon *daemon, const struct event *asked, struct api_loaded *out);
bool load_town(struct daemon *daemon, const struct event *asked, const char *dir, struct api_loaded *out);
/* One event of our own, through the shell, when there is room; context is the daemon. */
enum disp_err load_event(void *context, struct event *event);

/* doors.c: ingest and api begin to listen. */
bool doors_open(struct daemon *daemon);
/* The certificate again; it is said in the log what became of it. */
void doors_renew(struct daemon *daemon);

/* keys.c: our pair into *wanted, where a door asks for keys; then the gateway's of a demonstration town. False: it was said why. */
bool keys_load(struct daemon *daemon, struct ingest_config *wanted);
/* Our public key on a line of standard output; where there is no pair yet it is made, and the data folder. */
bool keys_print(const struct daemon *daemon);
bool keys_gateway(struct daemon *daemon);
/* Our pair and the other daemon's key into *wanted, where the line to it asks for keys; the caller wipes secret_key. False: it
 * was said why. */
bool keys_pair(struct daemon *daemon, struct pair_config *wanted);

/* paper.c: the paper board; start_run opens and start_end closes it. real_ms: the boot clock. */
bool paper_open(struct daemon *daemon);
void paper_turn(struct daemon *daemon, int64_t real_ms, int64_t at_ms);
void paper_finish(struct daemon *daemon);
void paper_close(struct daemon *daemon);

/*
 * aside.c: what was set aside. A turn tells the core of what it does not know yet, and does what a person has said; a row that
 * was applied is noted for that. The last two are hooks of the api; what was read is good until the next time.
 */
void aside_turn(struct daemon *daemon, int64_t real_ms, int64_t at_ms);
void aside_note(struct daemon *daemon, const struct event *event);
enum disp_err aside_read(void *context, const char *id, const uint8_t **bytes, size_t *count);
bool aside_ready(void *context);

/* hooks.c: what the api asks of the program. */
struct api_hooks hooks_for(struct daemon *daemon);

/* loop.c: turns until TERM or INT. */
bool loop_open(struct daemon *daemon);
void loop_run(struct daemon *daemon);
void loop_close(struct daemon *daemon);

/* A line of the log: the last durable row and its hash. At the start, the end, and each midnight of the town. */
void daemon_say_head(struct daemon *daemon);

int64_t daemon_now_ms(const struct daemon *daemon);

#endif
