/* effect: what was decided, complete enough to be applied, shown and projected without deciding again. */
#ifndef CORE_EFFECT_H
#define CORE_EFFECT_H

#include "core/types.h"
#include "core/words.h"

/*
 * Effects name things by number: registered things (grid, person, unit, depot, stock line, device, playbook
 * version) by their place in the roster, from 1, never reused; cases by running numbers. Incident 2026-000123
 * is 2026000123. 0 is always "none". Numbers become ids through core/query.h.
 */
enum effect_kind {
	EFFECT_NONE,
	EFFECT_RESULT,     /* what became of a command; the first effect of its row */
	EFFECT_REGISTERED, /* the event's row of the town pack is taken in under this number */
	EFFECT_RETIRED,
	EFFECT_PLAN,
	EFFECT_ALARM,
	EFFECT_INCIDENT, /* opened */
	EFFECT_INCIDENT_STATE,
	EFFECT_INCIDENT_LEVEL, /* second, third alarm */
	EFFECT_INCIDENT_CLIMB, /* escalated to the next rung */
	EFFECT_INCIDENT_MERGED,
	EFFECT_STEP,       /* a playbook step of an incident changes state */
	EFFECT_NEED,       /* a requirement is put up */
	EFFECT_NEED_STATE, /* filled, short by how many and why */
	EFFECT_CHOICE,     /* whom the choice passed over, and why */
	EFFECT_ORDER,
	EFFECT_ORDER_STATE,
	EFFECT_UNIT_STATE,
	EFFECT_UNIT_PLACE,
	EFFECT_SUPPLY, /* material reserved for an order */
	EFFECT_SUPPLY_STATE,
	EFFECT_STOCK, /* a stock line's new figures */
	EFFECT_NOTICE,
	EFFECT_NOTICE_STATE,
	EFFECT_TASK, /* call task */
	EFFECT_TASK_STATE,
	EFFECT_DEADLINE,
	EFFECT_DEVICE, /* state or link of a device */
	EFFECT_LINK,   /* a terminal is live or gone */
	EFFECT_WARNING,
	EFFECT_RELEASE,
	EFFECT_SILENCE,
	EFFECT_AGENDA,   /* the incident waits for its turn of planning, or has had it */
	EFFECT_RESPONSE, /* the town's response level */
	EFFECT_SHIFT,
	EFFECT_ALERT,      /* something wants a person's eye, or has had it */
	EFFECT_BELL,       /* the desk is called again: alerts that nobody has acknowledged */
	EFFECT_PRESENCE,   /* when somebody at the desk must next say that they are there */
	EFFECT_NOTICE_TRY, /* a person is told once more */
	EFFECT_FACT,
	EFFECT_REPORT,
	EFFECT_INCIDENT_TIMES, /* the true times of an incident that was run on paper */
	EFFECT_SENSOR_MOVED,   /* a sensor's episode belongs to another incident from now on */
	EFFECT_CALENDAR,       /* the event's working hours are in force */
	EFFECT_TELLING,        /* how far the telling of the response level has come */
	EFFECT_KEY,
	EFFECT_ASIDE,
	EFFECT_KIND_COUNT
};

enum { EFFECTS_MAX = 384, CHOICE_PASSED_MAX = 8 };

struct effect_result {
	uint8_t outcome;
	uint8_t why;
	uint32_t number; /* of what was made or touched */
};
struct effect_registered {
	uint8_t what; /* enum event_kind */
	uint32_t number;
};
struct effect_plan {
	uint32_t count;
};

struct effect_alarm {
	uint64_t number; /* running */
	uint32_t device;
	uint32_t incident; /* opened or joined; 0 none */
	uint32_t silence;  /* ALARM_SUPPRESSED: by which */
	uint32_t playbook; /* that matched; 0 none */
	uint8_t result;    /* enum alarm_result */
	uint8_t reject;    /* enum reject */
	uint8_t state;     /* enum alarm_state */
	bool occurrence;   /* of an episode that was open */
	bool opened;       /* it opened the incident */
	bool new_sensor;   /* first alarm of this device in the incident */
};
struct effect_incident {
	uint32_t number;
	uint32_t playbook; /* version; 0: no plan matched, or opened by hand without one */
	uint32_t type;     /* text number */
	uint32_t title;    /* text number */
	uint32_t grid;     /* level 3 */
	uint32_t device;   /* that raised it, or that it is about when a person opened it; 0 none */
	struct place place;
	int64_t reported_ms;
	uint8_t priority, grade, response_level, mode;
	uint8_t release;     /* enum release: how orders may leave */
	uint8_t why;         /* WHY_HELD: waits for the officer */
	bool paper;          /* was run on paper: nothing is planned for it */
	uint32_t split_from; /* the case that `device` was part of until now; 0 none */
};
struct effect_incident_state {
	uint32_t incident;
	uint8_t from, to, act, disposition;
	uint8_t evidence; /* ACT_VERIFY: set of EVIDENCE_* */
};
struct effect_incident_level {
	uint32_t incident;
	uint8_t level;
	uint8_t by_sensors;
};
struct effect_incident_climb {
	uint32_t incident;
	uint8_t rung;
	uint8_t deadline; /* enum deadline_kind that was missed; DEADLINE_COUNT: by hand */
	uint32_t who;
	int64_t due_ms;   /* when it was due; 0: by hand */
	int64_t again_ms; /* when it climbs again while the work is not done; 0: not by itself */
};
struct effect_incident_merged {
	uint32_t incident, into; /* 0: the merge is undone */
	uint8_t rung;            /* from now on, of `into`; undone: of `incident` */
	int64_t again_ms;        /* the same: when it climbs again */
};
struct effect_step {
	uint32_t incident;
	uint8_t step;
	uint8_t state;
	uint8_t why;
	uint32_t progress;
	int64_t due_ms;
};

struct effect_need {
	uint32_t number, incident;
	uint8_t step; /* index into the playbook; 255: added by the officer */
	uint8_t kind; /* STEP_SEND or STEP_SUPPLY */
	uint64_t skills, substitute;
	uint32_t count;       /* units, or quantity */
	uint32_t item;        /* text number */
	uint32_t depot_order; /* a carrier is wanted for this loading; 0 else */
	int64_t arrive_within_ms;
};
struct effect_need_state {
	uint32_t need, incident;
	uint8_t state;
	uint8_t why;
	uint32_t missing;
};

struct passed {
	uint32_t unit; /* 0: a depot */
	uint8_t why;
	int64_t travel_ms; /* -1: not computed */
	int64_t range_mm;
	uint32_t depot;
};
struct effect_choice {
	uint32_t need, incident;
	uint32_t passed_count;
	struct passed passed[CHOICE_PASSED_MAX]; /* the best that were not taken, quickest first */
	uint32_t rest_count;
	uint32_t rest[WHY_COUNT]; /* how many more, by reason */
};

struct effect_order {
	uint32_t number, incident, need;
	uint8_t target;              /* enum target */
	uint32_t who;                /* unit, depot or device number */
	uint32_t depot_order;        /* a carrier: what it fetches; a loading: with whose truck it goes; 0 */
	uint32_t task;               /* text number */
	uint32_t action;             /* text number: device orders */
	uint8_t step;                /* device orders: the step; 255 none */
	int64_t range_mm, travel_ms; /* as they were when it was chosen; to the depot and on for a carrier */
	int64_t respond_by_ms;       /* 0: no answer is waited for */
	int64_t arrive_by_ms;        /* 0: no limit */
	int64_t position_age_ms;     /* of the position that the choice rests on; -1: assumed at home */
	bool substitute;             /* holds the substitute skills only */
	bool late;                   /* expected after the requirement's limit */
	bool stale;                  /* the position was old, and the age was charged */
	bool manual;                 /* sent by the officer */
};
struct effect_order_state {
	uint32_t order, incident;
	uint8_t from, to, answer, why;
	int64_t respond_by_ms; /* asked again: until when an answer is waited for now; 0: as before */
	uint32_t task;         /* asked again: the open call that is due then; 0 none */
};
struct effect_unit_state {
	uint32_t unit;
	uint8_t from, to;
	int64_t home_ms; /* returning: when it will be home; 0 else */
};
struct effect_unit_place {
	uint32_t unit;
	struct place place;
	int64_t time_ms;
};
struct effect_supply {
	uint32_t number, order, incident, need, stock;
	int64_t quantity;
};
struct effect_supply_state {
	uint32_t supply, order, stock;
	uint8_t to;
	int64_t quantity;
};
struct effect_stock {
	uint32_t stock;
	uint8_t act;
	int64_t on_hand, reserved;
	uint32_t incident; /* for which it was moved by hand; 0 none */
};
struct effect_notice {
	uint32_t number, incident, person, unit; /* unit: whose terminal is told; 0: by telephone */
	uint32_t who;
	uint8_t step;
	int64_t due_ms;   /* of this try; 0: no answer is waited for */
	uint32_t climbed; /* the notice whose person was not reached; 0 none */
	uint8_t tries;    /* that are left after this one */
	bool each;        /* everybody has to answer; else one of the role is enough */
	uint32_t order;   /* the loading whose keeper did not answer, where that is what is told; 0 none */
	uint8_t level;    /* STEP_RESPONSE: the response level that is in force with it */
	uint8_t over;     /* the response level that is over, where that is what is told; 0 none */
};
struct effect_notice_state {
	uint32_t notice, incident;
	uint8_t to;
	uint32_t by;     /* text number: who answered; 0 nobody, or whom the event names */
	uint32_t up;     /* NOTICE_UNREACHED: the notice to somebody above that the name climbs to; 0 none */
	uint32_t person; /* of a notice without an incident: who was told */
};
struct effect_task {
	uint32_t number, incident, person, order, notice;
	int64_t due_ms;
};
struct effect_task_state {
	uint32_t task;
	uint8_t to;
};
struct effect_deadline {
	uint32_t incident;
	uint8_t kind, state;
	int64_t due_ms;
	int64_t own_ms; /* as in the record; DEADLINE_NOT_OWN: it has none of its own */
	bool held;      /* stopped by a merge: it runs on when that is undone */
};
struct effect_device {
	uint32_t device;
	uint8_t state;
};
struct effect_link {
	uint8_t target;
	uint32_t who;
	bool up;
};
struct effect_warning {
	uint8_t colour;
	uint32_t hazard; /* text number */
	int64_t until_ms;
};
struct effect_release {
	uint8_t release;
	uint8_t kept; /* 1 + enum release that comes back when the response level ends; 0 none, set by hand */
};
struct effect_response {
	uint8_t level;
};
struct effect_telling {
	uint8_t state; /* enum telling_state, and the rest as in the record */
	uint8_t over;
	uint32_t next, since, until, by, agreed, by_before, agreed_before;
};
struct effect_silence {
	uint32_t number;
	bool active;
};
struct effect_shift {
	uint32_t person;
	uint8_t act; /* enum shift_act: SHIFT_ON or SHIFT_OFF; a hand-over is both, for two persons */
};
struct effect_alert {
	uint32_t incident; /* 0: the desk's own; with ALERT_SEEN: everything that waits */
	uint8_t cause;     /* enum alert */
	uint8_t to;        /* enum alert_state; ALERT_SEEN is for all causes of the incident */
	bool last;         /* ALERT_ENDED: with it nothing of the incident waits any more */
};
struct effect_bell {
	uint32_t count;  /* alerts that wait */
	uint8_t ring;    /* the how-manieth since somebody was seen, from 1 */
	uint8_t climb;   /* to whom it climbs now: the how-manieth rung, from 1; 0: it only rings */
	int64_t next_ms; /* when it rings again; 0: not by itself */
};
struct effect_presence {
	uint32_t missed; /* in a row */
	int64_t due_ms;  /* when somebody must say so; 0: nobody is asked */
};
struct effect_notice_try {
	uint32_t notice, incident, unit; /* unit: whose terminal is told; 0: by telephone */
	uint8_t tries;                   /* that are left after this one */
	int64_t due_ms;
	uint32_t task; /* the open call that is due then; 0 none */
};
struct effect_fact {
	uint32_t incident;
	uint8_t fact;
};
struct effect_report {
	uint32_t incident;
	uint8_t report;
	uint32_t number; /* the how-manieth of its kind, from 1 */
};
struct effect_incident_times {
	uint32_t incident;
	int64_t reported_ms, accepted_ms, dispatched_ms, arrived_ms, done_ms, verified_ms, ended_ms;
	uint32_t done_by, verified_by; /* text numbers */
};
struct effect_sensor_moved {
	uint32_t from, to, device;
};
struct effect_calendar {
	uint32_t days; /* that differ from the weekdays */
};
struct effect_key {
	uint32_t key;   /* running number */
	uint8_t act;    /* enum key_act */
	uint8_t target; /* enum target: what `who` is */
	uint32_t who;   /* whose it is; 0: nobody's in particular */
	uint32_t gone;  /* running number of one that holds no more and gives way; 0 none */
};
struct effect_aside {
	uint32_t aside; /* running number */
	uint8_t act;    /* enum aside_act */
};
struct effect_agenda {
	uint32_t incident;
	bool on;
	int64_t retry_ms; /* off: look again then; 0 never */
};

struct effect {
	uint32_t kind; /* enum effect_kind */
	union {
		struct effect_result result;
		struct effect_registered registered; /* also retired */
		struct effect_plan plan;
		struct effect_alarm alarm;
		struct effect_incident incident;
		struct effect_incident_state incident_state;
		struct effect_incident_level incident_level;
		struct effect_incident_climb incident_climb;
		struct effect_incident_merged incident_merged;
		struct effect_step step;
		struct effect_need need;
		struct effect_need_state need_state;
		struct effect_choice choice;
		struct effect_order order;
		struct effect_order_state order_state;
		struct effect_unit_state unit_state;
		struct effect_unit_place unit_place;
		struct effect_supply supply;
		struct effect_supply_state supply_state;
		struct effect_stock stock;
		struct effect_notice notice;
		struct effect_notice_state notice_state;
		struct effect_task task;
		struct effect_task_state task_state;
		struct effect_deadline deadline;
		struct effect_device device;
		struct effect_link link;
		struct effect_warning warning;
		struct effect_release release;
		struct effect_response response;
		struct effect_silence silence;
		struct effect_agenda agenda;
		struct effect_shift shift;
		struct effect_alert alert;
		struct effect_bell bell;
		struct effect_presence presence;
		struct effect_notice_try notice_try;
		struct effect_fact fact;
		struct effect_report report;
		struct effect_incident_times incident_times;
		struct effect_sensor_moved sensor_moved;
		struct effect_calendar calendar;
		struct effect_telling telling;
		struct effect_key key;
		struct effect_aside aside;
	} u;
};

/* The effects of one decision, in order. item[EFFECTS_MAX] is owned by the caller. */
struct effects {
	uint32_t count;
	struct effect *item;
};

#endif
