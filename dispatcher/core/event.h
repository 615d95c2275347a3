/* event: what happened, as the core sees it; the only way in. No behaviour. */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include "core/playbook.h"
#include "core/types.h"
#include "core/words.h"

/*
 * Every event is self-contained: things are named by their ids as texts, so that a stored row means the same
 * whatever is loaded later. Texts point into the sender's bytes and are needed only during the call.
 */
enum event_kind {
	EVENT_NONE,
	EVENT_CLOCK, /* start, a step of the wall clock */
	EVENT_TOWN,  /* who we are */
	EVENT_GRID,  /* registry: one row each, a new one or a changed one */
	EVENT_PERSON,
	EVENT_UNIT,
	EVENT_DEPOT,
	EVENT_STOCK,
	EVENT_DEVICE,
	EVENT_DUTY,     /* one line of the responsibility list */
	EVENT_RETIRE,   /* a registered thing is no longer in the town pack */
	EVENT_PLAYBOOK, /* a playbook, new or changed: in force for incidents from now on */
	EVENT_PLAN,     /* the set of playbooks is whole; carries its hash */
	EVENT_ALARM,
	EVENT_LINK, /* a terminal came or went */
	EVENT_POSITION,
	EVENT_STATUS, /* a unit says what it does */
	EVENT_ANSWER, /* something is said of an order, by its terminal or on its behalf */
	EVENT_NOTICE_ANSWER,
	EVENT_OPEN, /* the officer opens an incident */
	EVENT_ACT,  /* something is done to an incident */
	EVENT_ADD,  /* more help than the playbook asks for */
	EVENT_SEND, /* this unit, now */
	EVENT_SWAP,
	EVENT_UNIT_SET,
	EVENT_DEVICE_SET,
	EVENT_DEVICE_DO,
	EVENT_STOCK_MOVE,
	EVENT_SUPPLY, /* this material, now */
	EVENT_WARNING,
	EVENT_RELEASE,
	EVENT_SILENCE,
	EVENT_TASK,     /* a call task is taken or done */
	EVENT_TICK,     /* core_due_ms has come */
	EVENT_RESPONSE, /* the town's response level is started, changed or ended */
	EVENT_SHIFT,    /* a person comes on duty, goes, hands over, or says that somebody is there */
	EVENT_ACK,      /* a person has seen an alert */
	EVENT_FACT,     /* what only people know of an incident: casualties, cause … */
	EVENT_REPORT,   /* a report of an incident has gone upward */
	EVENT_PAPER,    /* an incident that was run on paper is brought in, with its true times */
	EVENT_CALENDAR, /* working hours, for the slow clocks */
	EVENT_LOAD, /* the playbooks or the town are read, by a person, at the start, on HUP; their rows follow */
	EVENT_KEY, /* a key of a device, a terminal, a gateway, a person is taken in or revoked */
	EVENT_ASIDE, /* a message or a row was set aside; a person lets it in again, or leaves it out for good */
	EVENT_LEAD, /* of two daemons another one leads from here on, by itself or by a person's word */
	EVENT_KIND_COUNT
};

enum {
	EVENT_WORDS_MAX = 16, /* skills of a unit, actions of a device, roles of a person: in one text */
	EVENT_CREW_MAX = 32   /* persons of a crew in one text; the rest is left out */
};

struct event_clock {
	int64_t wall_ms;
	uint32_t rate_milli;
};
struct event_town {
	uint8_t hash
		[PLAYBOOK_HASH_BYTES]; /* of the pack's files; the last row of a load, so it says that all is in */
	struct text code, name;
	int32_t offset_min;
	bool demonstration;
};
struct event_grid {
	struct text code, name, parent, head;
	uint8_t level; /* 1 town, 2 village, 3 grid, 4 micro */
};
struct event_person {
	struct text id, name, phone, org, grid;
	uint32_t roles; /* WHO_* bits */
};
struct event_unit {
	struct text id, name, kind, team;
	struct text skills; /* words parted by one space */
	struct text leader; /* person id of the first member, whom one telephones; may be empty */
	struct place home;
	int32_t speed_mm_s;
	int64_t turnout_ms;
	uint16_t shift_from_min, shift_to_min; /* local; equal: always on duty */
	uint16_t members;
	bool terminal;
	struct text crew; /* person ids of all that are known by name, leader first, parted by one space */
};
struct event_depot {
	struct text id, name, keeper;
	struct place place;
	int64_t load_ms;
};
struct event_stock {
	struct text depot, item, name, unit;
	int64_t quantity, minimum;
	int64_t expires_ms; /* 0 never */
};
struct event_device {
	struct text id, kind, name, grid;
	struct text actions; /* words parted by one space */
	struct place place;
	int64_t expect_every_ms; /* 0: no heartbeat expected */
};
struct event_duty {
	struct text incident_type, lead, assist, basis;
	int64_t receive_ms, dispose_ms;
};
struct event_retire {
	struct text id;
	uint8_t what; /* EVENT_GRID … EVENT_PLAYBOOK */
};
struct event_playbook {
	const struct playbook_def *def;
};
struct event_plan {
	uint8_t hash[PLAYBOOK_HASH_BYTES];
	uint32_t count;
};

struct event_alarm {
	struct text source, id, type;
	uint64_t identity[2]; /* of (source, id): the first 128 bits of SHA-256 over source, 0x00, id */
	uint8_t state;        /* enum alarm_state */
	uint8_t mode;         /* enum mode */
	uint8_t colour;       /* enum colour: weather alarms only */
	bool has_place, has_value;
	struct place place; /* the alarm's own, else the device's registered one, filled by the shell */
	struct text grid;   /* level-3 grid that holds the place, found by geo/ */
	int64_t time_ms;    /* the sender's */
	uint32_t confidence_ppm;
	int64_t value_e6;
	struct text value_unit, text, media; /* media: URLs parted by one space */
};

struct event_link {
	struct text id;
	uint8_t target; /* enum target: unit, depot, device */
	bool up;
	uint64_t last_seq;
};
struct event_position {
	struct text unit;
	struct place place;
	int64_t time_ms;
};
struct event_status {
	struct text unit;
	uint8_t state; /* enum unit_state */
};
struct event_answer {
	uint32_t order;
	uint8_t answer;  /* enum answer */
	struct text who; /* unit, depot or device id that speaks; empty: on its behalf, see `by` */
	struct text reason;
	uint32_t quantity; /* depot: what was loaded, where it is less; 0: all */
};
struct event_notice_answer {
	uint32_t notice;
	struct text who;
	struct text text;
};

struct event_open {
	struct text type, title; /* incident type, as in playbooks */
	struct place place;
	struct text grid, source;               /* source: id of the device that it is about */
	struct text caller, phone, text, where; /* kept as given */
	int64_t reported_ms;                    /* --at; else the event's time */
	uint8_t mode;
	struct text playbook; /* id of the plan that the officer chose; empty: the plainest one of the type */
	struct text
		said; /* the word for the place as it was given, where `where` is the whole name that was found */
};
struct event_act {
	struct text
		device; /* ACT_SPLIT: the sensor whose alarms become a case of their own; empty: undo a merge */
	struct text evidence; /* ACT_VERIFY, ACT_DONE: reference of a photo or a document */
	uint32_t incident;
	uint8_t act;         /* enum incident_act, only those that people do */
	uint8_t disposition; /* ACT_CLOSE */
	uint8_t level;       /* ACT_UPGRADE: to which; 0: the next */
	uint32_t other;      /* ACT_MERGE: into which */
	struct text reason;
};
struct event_add {
	uint32_t incident;
	struct text skills;
	uint32_t count;
};
struct event_send {
	uint32_t incident;
	struct text unit, task;
	bool also; /* although it has a live order */
};
struct event_swap {
	uint32_t order;
	struct text unit;
	struct text reason;
};
struct event_unit_set {
	struct text unit;
	uint8_t state;
	bool has_place;
	struct place place;
	struct text reason;
};
struct event_device_set {
	struct text device;
	bool enabled;
	struct text reason;
};
struct event_device_do {
	struct text device, action, say;
	uint32_t incident; /* 0 none */
};
struct event_stock_move {
	struct text depot, item, reason;
	uint8_t act; /* enum stock_act */
	int64_t quantity;
	uint32_t incident; /* for which it was moved by hand; 0 none */
};
struct event_supply {
	uint32_t incident;
	struct text item, depot;
	uint32_t quantity;
	struct text agreed; /* the person who agreed, where the officer alone may not */
};
struct event_warning {
	uint8_t colour; /* COLOUR_NONE clears */
	struct text hazard;
	int64_t until_ms;
};
struct event_release {
	uint8_t release;
	struct text reason;
};
struct event_response {
	uint8_t level; /* 1 (I) .. 4 (IV); 0: ended */
	struct text reason;
	struct text agreed; /* the person who agreed, where the officer alone may not */
};
struct event_silence {
	uint32_t expire;                /* number of the silence to end now; 0: a new one */
	struct text source, type, grid; /* empty: any; not all three */
	int64_t until_ms;
	struct text reason;
};
struct event_task {
	uint32_t task;
	uint8_t state; /* TASK_TAKEN, TASK_DONE */
	struct text note;
	struct text who; /* TASK_DONE: who answered; empty: the person who was to be called */
	bool silent;     /* TASK_DONE: nobody answered */
};
struct event_shift {
	struct text person, to; /* id or name; empty: who says it. to: SHIFT_HANDOVER */
	uint8_t act;            /* enum shift_act */
	struct text note;
};
struct event_ack {
	uint32_t incident; /* 0: everything that waits, the desk's own alerts too */
	struct text note;
};
struct event_fact {
	uint32_t incident;
	uint8_t fact; /* enum fact */
	struct text text;
};
struct event_report {
	uint32_t incident;
	uint8_t report; /* enum report_kind */
	struct text to, text;
};
/* True times, ms since 1970, none later than now, each not before the one above it; 0: did not happen. */
struct event_paper {
	struct text type, title;
	struct place place;
	struct text grid, source; /* source: id of the device that it is about */
	struct text caller, phone, text, where;
	struct text units; /* ids parted by one space: who was there */
	struct text done_by, verified_by;
	int64_t reported_ms, dispatched_ms, arrived_ms, done_ms, verified_ms, ended_ms;
	uint8_t disposition; /* with ended_ms */
	struct text said;    /* as of event_open */
};
/* Working hours: two spans of the local day (the second may be empty), weekdays as bits (bit 0 is Monday). */
struct event_calendar {
	uint8_t weekdays;
	uint16_t from_min, to_min, from2_min, to2_min;
	struct text rest, work; /* YYYY-MM-DD parted by one space: days that differ from the weekdays */
};

/* What was read and found to be whole; EVENT_PLAN or EVENT_TOWN, the last of its rows, says that all of it is in force. */
struct event_load {
	uint8_t hash[PLAYBOOK_HASH_BYTES];
	struct text dir;
	uint32_t count; /* playbooks, or rows of the pack */
	uint8_t what;   /* EVENT_PLAN or EVENT_TOWN */
};

/* Revoking names the id and the reason alone. No secret is ever here: a public key, or what a token is checked against. */
struct event_key {
	struct text id;                       /* 1 .. KEY_ID_MAX of A-Z a-z 0-9 _ - */
	uint8_t act, kind, role;              /* enum key_act, key_kind, key_role */
	uint8_t public_key[KEY_PUBLIC_BYTES]; /* KEY_CURVE */
	struct text who;                      /* id of the device, unit or depot; id or name of the person */
	struct text hash;                     /* KEY_TOKEN: argon2id string, at most KEY_HASH_MAX */
	int64_t until_ms;                     /* 0: until it is revoked */
	struct text reason;
};

/* ASIDE_FOUND is the daemon's own; to let in or to drop names the id and the reason alone. */
struct event_aside {
	struct text id;    /* of a message: as its file is named; of a row: its seq */
	uint8_t act, from; /* enum aside_act, aside_from */
	uint8_t row;       /* enum event_kind of a row; EVENT_NONE: a message */
	uint32_t bytes;
	uint32_t times;     /* how often it has brought the daemon down, or was refused */
	struct text reason; /* ASIDE_FOUND: what PostgreSQL said; else why */
};

/*
 * The epoch is that of the event. A terminal may hold orders and notices of a daemon that was cut off, of which nobody here
 * knows: numbers go on LEAD_NUMBERS further, so that none of them means two things. How many times so far depends on the epoch:
 * two that go on from the same row, of which one never knew of the other, must not give the same ones.
 */
enum { LEAD_NUMBERS = 10000, LEAD_APART = 8 };
struct event_lead {
	struct text holder; /* the daemon that leads now */
	struct text reason; /* forced: the person's */
	bool forced;        /* a person has seen that the other one is off */
};

struct event {
	uint32_t kind;       /* enum event_kind */
	uint64_t seq;        /* row number in the stream, from 1 */
	uint64_t epoch;      /* of the leader that decided */
	int64_t at_ms;       /* event time, ms since 1970 UTC; never goes back */
	struct text by;      /* the person who acts; empty: a device, a terminal, the clock */
	struct text channel; /* console, phone, radio, terminal, … */
	struct text from; /* where it came in, not who acts: account@unix, key@address; empty: not by HTTP */
	union {
		struct event_clock clock;
		struct event_town town;
		struct event_grid grid;
		struct event_person person;
		struct event_unit unit;
		struct event_depot depot;
		struct event_stock stock;
		struct event_device device;
		struct event_duty duty;
		struct event_retire retire;
		struct event_playbook playbook;
		struct event_plan plan;
		struct event_alarm alarm;
		struct event_link link;
		struct event_position position;
		struct event_status status;
		struct event_answer answer;
		struct event_notice_answer notice_answer;
		struct event_open open;
		struct event_act act;
		struct event_add add;
		struct event_send send;
		struct event_swap swap;
		struct event_unit_set unit_set;
		struct event_device_set device_set;
		struct event_device_do device_do;
		struct event_stock_move stock_move;
		struct event_supply supply;
		struct event_warning warning;
		struct event_release release;
		struct event_response response;
		struct event_silence silence;
		struct event_task task;
		struct event_shift shift;
		struct event_ack ack;
		struct event_fact fact;
		struct event_report report;
		struct event_paper paper;
		struct event_calendar calendar;
		struct event_load load;
		struct event_key key;
		struct event_aside aside;
		struct event_lead lead;
	} u;
};

#endif
