/* model: the records that the core keeps. Read them through core/query.h; only core/apply*.c changes them. */
#ifndef CORE_MODEL_H
#define CORE_MODEL_H

#include "core/playbook.h"
#include "core/types.h"
#include "core/words.h"

/*
 * Records hold numbers, never pointers, and are made of zeroed memory, so that their bytes can be hashed and
 * stored. Fields named name, kind, item … without another unit are text numbers.
 */
struct record {
	uint32_t number; /* 0: the slot is free */
	uint32_t slot;   /* its own; of a free one: the next free */
};

enum table {
	TABLE_TOWN,
	TABLE_GRID,
	TABLE_PERSON,
	TABLE_UNIT,
	TABLE_DEPOT,
	TABLE_STOCK,
	TABLE_DEVICE,
	TABLE_DUTY,
	TABLE_PLAYBOOK,
	TABLE_INCIDENT,
	TABLE_NEED,
	TABLE_ORDER,
	TABLE_SUPPLY,
	TABLE_NOTICE,
	TABLE_TASK,
	TABLE_SILENCE,
	TABLE_IDENTITY,
	TABLE_KEY,
	TABLE_ASIDE,
	TABLE_COUNT
};

enum {
	CALENDAR_DAYS_MAX = 128,
	/* days that differ from the weekdays */ WARNINGS_MAX = 16,
	DEVICE_ACTIONS_MAX = 8,
	HAND_OUT_MAX = 128, /* the one that was issued longest ago gives way */
	INCIDENT_SENSORS_MAX = 16,
	LEVEL_CHANGES_MAX = 64, /* the latest */
	DUTY_NONE = 0,
	STEP_RESPONSE = 253, /* a notice: a response level is in force */
	STEP_DESK = 254,     /* a notice: nobody answers at the desk */
	STEP_NONE = 255,
	DEADLINE_NOT_OWN = 1 /* no time that anything is due at */
};

/* Brought in from paper; and in our hands since it was taken up again. */
enum paper { PAPER_NOT, PAPER_BROUGHT_IN, PAPER_TAKEN_UP };

struct warning {
	uint32_t hazard;
	uint32_t colour; /* COLOUR_NONE: free */
	int64_t until_ms;
};

/* Working hours of the town's offices; weekdays 0: no calendar, every minute counts. */
struct calendar {
	uint32_t weekdays; /* bit 0 Monday */
	uint32_t day_count;
	uint16_t from_min, to_min, from2_min, to2_min;
	int32_t day[CALENDAR_DAYS_MAX]; /* local days since 1970 x 2, + 1: a working day; rising */
};

/* When the response level was set; seq: the row that has who, why and who agreed. */
struct level_change {
	int64_t at_ms;
	uint64_t seq;
	uint32_t level, unused;
};

/* What is still to be said of the response level, a slice a row; it says whom the level in force was told, too. */
enum telling_state { TELLING_DONE, TELLING_ENDS, TELLING_PERSONS, TELLING_STATE_COUNT };
struct level_telling {
	uint32_t state;
	uint32_t next; /* the last slot looked at: of a notice that ends, of a person who is told */
	uint32_t over; /* the level before; RESPONSE_CLEAR: there was none */
	uint32_t since,
		until; /* notices above `since` told of what is over, those above `until` of what is in force */
	uint32_t by, agreed; /* persons who set the level, or agreed, and so know of it; 0 none */
	uint32_t by_before, agreed_before; /* the same of what is over */
	uint32_t unused;
};

/* Ended ones that no case remembers, oldest first: they are kept until their room is needed. Slots; 0 none. */
struct alone {
	uint32_t first_notice, last_notice, first_task, last_task;
};

/* What waits for a person at the desk. */
struct desk {
	int64_t seen_ms;     /* when a person last did anything at the console */
	int64_t since_ms;    /* when the oldest alert that waits was raised; 0: none waits */
	int64_t own_ms;      /* the same of the desk's own; 0: none of them waits */
	int64_t bell_ms;     /* when it rings (again); 0 not */
	int64_t presence_ms; /* when somebody must say that they are there; 0: nobody is asked */
	uint32_t waiting;    /* incidents whose alerts nobody has acknowledged */
	uint32_t own;        /* set of 1 << enum alert that are the desk's own and wait */
	uint32_t rings;      /* since somebody was seen */
	uint32_t climbed;    /* rungs */
	uint32_t missed;     /* presence checks in a row */
	uint32_t on_duty;    /* persons */
	uint64_t note_seq;   /* row of the last coming, going or hand-over that left a note; 0: none did */
};

/* What was issued by hand for a case and has not come back. */
struct hand_out {
	uint32_t stock, incident; /* numbers */
	int64_t quantity;         /* 0: free */
	int64_t at_ms;            /* when it was last issued */
};

/* The one record of TABLE_TOWN: all that is not in a table. */
struct town_state {
	struct record r;
	uint32_t code, name;
	int32_t offset_min;
	uint32_t demonstration;
	uint64_t seq;             /* of the last row applied */
	int64_t at_ms;            /* of the last row applied */
	uint64_t epoch;           /* of the last row applied */
	uint64_t alarms;          /* the last number given out */
	uint32_t incidents, year; /* serial inside the year */
	uint32_t needs, orders, supplies, notices, tasks, silences;
	uint32_t release; /* enum release, town-wide */
	uint32_t response_level;
	uint32_t release_kept; /* 1 + enum release that comes back when the response level ends; 0 none */
	uint32_t keys;         /* the last number given out */
	uint32_t asides;       /* the same */
	uint32_t unused;
	uint32_t closed_first,
		closed_last;            /* ended incidents' slots, oldest first: the first to be forgotten */
	uint32_t open_first, open_last; /* the others */
	uint32_t open_count, short_count;
	uint32_t plan_count, identity_next; /* identity_next: slot that the next identity takes */
	uint8_t plan_hash[PLAYBOOK_HASH_BYTES], pack_hash[PLAYBOOK_HASH_BYTES];
	int64_t clock_wall_ms, clock_at_ms; /* at this wall time it was this event time */
	uint64_t count_result[ALARM_RESULT_COUNT];
	struct warning warning[WARNINGS_MAX];
	struct desk desk;
	struct calendar calendar;
	struct level_telling telling;
	struct alone alone;
	struct hand_out hand_out[HAND_OUT_MAX];
	uint64_t level_changes; /* ever; the one of number n is at n % LEVEL_CHANGES_MAX */
	struct level_change level_change[LEVEL_CHANGES_MAX];
};

struct grid {
	struct record r;
	uint32_t code, name, parent, head; /* parent: grid number; head: person number */
	uint32_t level;                    /* 1 town, 2 village, 3 grid, 4 micro */
	uint32_t retired;
};

struct person {
	struct record r;
	uint32_t id, name, phone, org, grid, roles;
	uint32_t unit; /* number of the unit that this person leads; 0 none */
	uint32_t retired;
	int64_t on_duty_ms; /* since when on shift; 0: is not */
};

struct unit {
	struct record r;
	uint32_t id, name, kind, team;
	uint64_t skills;
	uint32_t leader; /* person number */
	uint16_t shift_from_min, shift_to_min;
	int32_t speed_mm_s;
	uint16_t members;
	uint8_t terminal, link, state, retired;
	uint8_t unused[2];
	int64_t turnout_ms;
	struct place home, place;
	int64_t position_ms; /* when `place` was reported; 0: it is taken to be at home */
	int64_t home_ms;     /* returning: when it will be home */
	uint32_t orders;     /* live ones */
	uint32_t sent;       /* orders in all: its load */
	uint32_t last_order; /* slot of the newest order it was given; 0 none */
	uint32_t crew; /* text number: the person ids of its members, parted by one space; 0: not known */
};

struct depot {
	struct record r;
	uint32_t id, name, keeper;
	uint8_t link, retired;
	uint8_t unused[2];
	int64_t load_ms;
	struct place place;
};

struct stock {
	struct record r;
	uint32_t depot, item, name, unit;
	int64_t on_hand, reserved, minimum, expires_ms;
	uint32_t retired, unused;
};

struct device {
	struct record r;
	uint32_t id, kind, name, grid;
	uint32_t action[DEVICE_ACTIONS_MAX];
	uint8_t state, link, retired;
	uint8_t unused[5];
	struct place place;
	int64_t expect_every_ms, seen_ms;
	uint64_t alarms;
};

struct duty {
	struct record r;
	uint32_t incident_type, lead, assist, basis;
	int64_t receive_ms, dispose_ms;
};

struct step {
	uint8_t kind, level, when, after, effect, answer; /* answer: enum step_answer */
	uint8_t unused[2];
	uint32_t id, item, quantity, count, device, action, say, who, task;
	uint32_t self; /* STEP_ACTION: the device that raised the alarm */
	uint64_t skills, substitute;
	int64_t arrive_within_ms, within_mm, effect_within_ms, answer_within_ms;
};

struct playbook {
	struct record r;
	uint32_t id, title, incident_type, value_unit;
	uint8_t hash[PLAYBOOK_HASH_BYTES];
	uint32_t type[PLAYBOOK_TYPES_MAX], grid[PLAYBOOK_GRIDS_MAX]; /* text numbers */
	uint32_t type_count, grid_count, confidence_ppm, step_count, climb_count, upgrade_sensors;
	uint32_t climb[PLAYBOOK_CLIMB_MAX];
	uint16_t hours_from_min, hours_to_min;
	uint8_t warning, modes, has_above, has_below, upgrade_to, priority, grade, response_level;
	uint8_t release, confirm_dispatch, active;
	uint8_t working;    /* set of 1 << enum deadline_kind: these count in working hours only */
	uint32_t incidents; /* that were opened with this version and are still known */
	int64_t above_e6, below_e6, correlate_mm, correlate_ms, upgrade_ms, confirm_ms;
	int64_t answer_ms, arrive_ms, receive_ms, dispose_ms, verify_ms, climb_every_ms;
	struct step step[PLAYBOOK_STEPS_MAX];
};

struct step_mark {
	uint8_t state, why; /* enum step_state, enum why */
	uint8_t unused[2];
	uint32_t progress; /* STEP_NOTIFY: persons looked at so far */
	int64_t due_ms;    /* STEP_ACTION: when the effect must show; 0 none */
};

struct sensor {
	uint32_t device, type; /* text number of the alarm type */
	int64_t at_ms;         /* last raised */
	uint32_t occurrences;
	uint32_t cleared;      /* the episode is over */
	uint32_t from, unused; /* the merged case that brought it; 0: the incident's own */
};

struct deadline {
	int64_t due_ms;
	uint32_t state; /* enum deadline_state */
	uint32_t held;  /* stopped by a merge: it runs on when that is undone */
	int64_t own_ms; /* its own due time, where a merged case has brought an earlier one; 0: the same; DEADLINE_NOT_OWN: none */
};

struct incident {
	struct record r;
	uint32_t playbook, type, title, grid, device, merged_into;
	uint32_t previous, next; /* slots, in the open or in the closed list; 0 none */
	uint32_t first_need, last_need, first_order, last_order, first_notice,
		last_notice; /* slots; 0 none */
	uint32_t done_by;    /* text number: who reported it done */
	uint32_t alarms, live_orders;
	uint32_t sensor_count, device_count; /* episodes kept; devices that raised it in all */
	struct place place;
	int64_t reported_ms, opened_ms, accepted_ms, dispatched_ms, arrived_ms, done_ms, verified_ms,
		ended_ms;
	int64_t last_alarm_ms, retry_ms;
	uint8_t state, disposition, priority, grade, response_level, mode, release, level;
	uint8_t rung, held, agenda, short_of, merged_state, opened_by_person;
	uint8_t paper;   /* enum paper */
	uint8_t waiting; /* an alert waits for a person */
	uint16_t alert;  /* set of 1 << enum alert that stand and nobody has seen; 0: none waits */
	uint16_t report_count[REPORT_COUNT];
	uint32_t acked_by, verified_by; /* text numbers */
	int64_t alert_ms, acked_ms;     /* when the oldest that waits was raised; when a person last saw it */
	int64_t report_ms[REPORT_COUNT];
	uint64_t fact_seq[FACT_COUNT]; /* row that holds the latest text; 0: not known */
	int64_t climb_ms;              /* while disposal is late: when it climbs again; 0 not */
	int64_t over_ms;               /* when it last came to its end, or was reopened; 0: never */
	uint32_t merged_count;         /* cases that stand merged into this very one */
	uint32_t split_from;           /* the case that its first sensor was part of; 0 none */
	uint32_t where;                /* text number: the name of the place; 0: it was given otherwise */
	uint32_t unused;
	struct sensor sensor[INCIDENT_SENSORS_MAX];
	struct deadline deadline[DEADLINE_COUNT];
	struct step_mark mark[PLAYBOOK_STEPS_MAX];
};

struct need {
	struct record r;
	uint32_t incident, next; /* incident number; next need's slot */
	uint32_t count, missing, item, depot_order;
	uint8_t step, kind, state, why;
	uint8_t unused[4];
	uint64_t skills, substitute;
	int64_t arrive_within_ms;
};

struct order {
	struct record r;
	uint32_t incident, need, next; /* next order's slot in the incident */
	uint32_t who, depot_order, task, action;
	uint8_t target, state, step, why, substitute, late, stale, manual;
	uint32_t done_by; /* text number: who reported it done on the holder's behalf; 0 nobody */
	int64_t range_mm, travel_ms, position_age_ms;
	int64_t issued_ms, delivered_ms, answered_ms, en_route_ms, arrived_ms, ended_ms, respond_by_ms,
		arrive_by_ms;
	uint64_t seq; /* of the row that issued it */
	uint64_t epoch;
	uint32_t call_task;    /* number; 0 none */
	uint32_t first_supply; /* slot */
	uint32_t answered_by,
		answered_channel; /* text numbers: who answered last on its behalf, and how; 0 */
	uint64_t said_seq; /* row that said of it: declined, failed or done; 0: none did, others ended it */
};

struct supply {
	struct record r;
	uint32_t order, incident, need, stock, next, state; /* next supply's slot of the order */
	int64_t quantity;
};

struct notice {
	struct record r;
	uint32_t incident, person, unit, who, state, call_task;
	uint32_t next; /* slot: in its incident; without one, among those that have ended */
	uint32_t step;
	uint32_t climbed, by; /* the notice that it climbed from; text number of who answered */
	uint8_t tries, each;
	uint8_t level,
		over;   /* STEP_RESPONSE: the level in force when it was told; the one that is over, 0 none */
	uint32_t told;  /* times so far */
	uint32_t up;    /* where the name has climbed to: a notice to somebody above; 0 nowhere */
	uint32_t order; /* the loading whose keeper did not answer, where that is what is told; 0 none */
	int64_t issued_ms, due_ms, answered_ms;
	uint64_t seq;
};

struct task {
	struct record r;
	uint32_t incident, person, order, notice, state, taken_by;
	uint32_t previous; /* number of the call before it about the same order or notice; 0 none */
	uint32_t next;     /* slot: without an incident, among those that have ended */
	int64_t issued_ms, due_ms, ended_ms;
};

struct silence {
	struct record r;
	uint32_t source, type, grid, reason, by, active;
	int64_t from_ms, until_ms;
	uint64_t count;
};

/* Revoked ones and those past their end stay, so that the record can be read, until their room is needed. */
struct key {
	struct record r;
	uint32_t id, who;    /* text numbers; who: the id of what its role is about; 0 none */
	uint32_t hash;       /* text number: KEY_TOKEN, while it holds */
	uint32_t by, reason; /* text numbers: who took it in, and why */
	uint8_t kind, role, revoked, unused;
	uint8_t public_key[KEY_PUBLIC_BYTES]; /* KEY_CURVE */
	int64_t until_ms;                     /* 0: until it is revoked */
	int64_t added_ms, revoked_ms;
	uint32_t revoked_by, revoked_reason; /* text numbers */
};

/* A message or a row that waits for a person: refused until then. */
struct aside {
	struct record r;
	uint32_t id, reason; /* text numbers */
	uint32_t bytes, times;
	uint8_t from, row, unused[6]; /* row: enum event_kind; 0: a message */
	int64_t at_ms;
	uint64_t seq; /* of the row that told of it */
};

struct identity {
	struct record r;
	uint64_t identity[2];
	int64_t at_ms;
	uint64_t alarm;
	uint32_t incident;
	uint8_t result;
	uint8_t unused[3];
};

#endif
