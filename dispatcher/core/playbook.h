/* playbook: a response plan as the reader hands it to the core, texts not yet interned; no behaviour. */
#ifndef CORE_PLAYBOOK_H
#define CORE_PLAYBOOK_H

#include "core/types.h"

enum {
	PLAYBOOK_TYPES_MAX = 8,   /* alarm types one playbook matches */
	PLAYBOOK_GRIDS_MAX = 16,  /* grids a playbook is limited to */
	PLAYBOOK_STEPS_MAX = 48,  /* steps of all levels together */
	PLAYBOOK_LEVELS_MAX = 5,  /* level 1 is `steps`, 2..5 are `levels` */
	PLAYBOOK_CLIMB_MAX = 6,   /* rungs of `escalate` */
	PLAYBOOK_HASH_BYTES = 32, /* SHA-256 of the file's bytes */
	PLAYBOOK_DAY_MIN = 24 * 60
};

enum step_kind { STEP_SEND = 1, STEP_SUPPLY = 2, STEP_ACTION = 3, STEP_NOTIFY = 4 };
enum step_when { STEP_AT_ONCE = 0, STEP_NO_EFFECT = 1 };
enum step_effect { EFFECT_NOTHING = 0, EFFECT_CLEARED = 1 };

/*
 * Whose answer is enough: ANSWER_BY_ROLE: one of the duty officers, of the office, of the leaders, of the committee;
 * everybody of the others, who are told because of their own place or people.
 */
enum step_answer { ANSWER_BY_ROLE = 0, ANSWER_ANY = 1, ANSWER_EACH = 2, STEP_ANSWER_COUNT };

/* Who may be told, as bits: a step's `who`, a person's roles, a rung of the climb. */
enum who {
	WHO_DUTY_OFFICER = 1 << 0,
	WHO_OFFICE = 1 << 1,
	WHO_COMMITTEE = 1 << 2,
	WHO_LEADER = 1 << 3,
	WHO_KEEPER = 1 << 4,
	WHO_AUDITOR = 1 << 5,
	WHO_GRID_MEMBER = 1 << 6,
	WHO_GRID_HEAD = 1 << 7,    /* of the incident's level-3 grid; as a role: heads some grid */
	WHO_VILLAGE_HEAD = 1 << 8, /* of its level-2 grid */
	WHO_TOWN_HEAD = 1 << 9,    /* of the level-1 grid */
	WHO_MICRO_HEADS = 1 << 10, /* of all micro-grids below the incident's level-3 grid */
	WHO_ALL_HEADS =
		1 << 11, /* heads of every level-3 grid and every micro-grid: a warning for the whole town */
	WHO_LEAD =
		1
		<< 12, /* the leading department by the responsibility list; as a role: leads a department */
	WHO_ASSIST = 1 << 13 /* the assisting ones */
};

/* One line of `steps` or of a level. Fields that the kind does not use are 0. */
struct step_def {
	uint8_t kind;   /* enum step_kind */
	uint8_t level;  /* 1 .. PLAYBOOK_LEVELS_MAX */
	uint8_t when;   /* enum step_when */
	uint8_t after;  /* STEP_NO_EFFECT: index into step[] of the action that has to fail */
	uint8_t effect; /* STEP_ACTION: enum step_effect, what shows that it worked */
	struct text id; /* may be empty */

	struct text skills;       /* STEP_SEND: words parted by one space; a unit must hold all */
	struct text substitute;   /* STEP_SEND: what is taken when no unit holds `skills`; may be empty */
	uint32_t count;           /* STEP_SEND: 1 .. 64 */
	int64_t arrive_within_ms; /* STEP_SEND: 0 none; late ones still go, and the order says that they are
				     late */

	struct text item;  /* STEP_SUPPLY: item code of stock.csv */
	uint32_t quantity; /* STEP_SUPPLY: 1 .. 10^9 */

	struct text device; /* STEP_ACTION: a device kind, or `self` for the one that raised the alarm */
	struct text action; /* STEP_ACTION: the word in `do`, one of the device's actions */
	struct text say;    /* STEP_ACTION: words for a loudspeaker; may be empty */
	int64_t within_mm;  /* STEP_ACTION: how far the device may stand off; 0 with `self` */
	int64_t effect_within_ms; /* STEP_ACTION: how long the effect may take */

	uint32_t who;             /* STEP_NOTIFY: set of WHO_* */
	int64_t answer_within_ms; /* STEP_NOTIFY: 0: no answer needed */
	uint8_t answer;           /* STEP_NOTIFY: enum step_answer */

	struct text task; /* what the order says; empty: made from the playbook's title */
};

/* A whole playbook. Texts point into memory that the reader owns. */
struct playbook_def {
	struct text id, title;
	uint8_t hash[PLAYBOOK_HASH_BYTES];

	/* match */
	struct text type[PLAYBOOK_TYPES_MAX]; /* full names: alarm.water.person_near */
	uint32_t type_count;
	struct text grid[PLAYBOOK_GRIDS_MAX]; /* empty: everywhere */
	uint32_t grid_count;
	uint32_t confidence_ppm; /* the least; 0 any. 0.6 is 600,000 */
	uint16_t hours_from_min,
		hours_to_min; /* local; from == to or 0 .. 1440: always; from > to: over midnight */
	uint8_t warning;      /* set of 1 << enum colour: a warning of one of these is in force; 0: any */
	uint8_t modes;        /* set of 1 << response level (1 = I .. 4 = IV); 0: any */
	bool has_above, has_below;
	int64_t above_e6, below_e6; /* alarm value x 10^6, strictly above, strictly below */
	struct text value_unit;

	/* correlate, upgrade: 0 where the playbook does not say */
	int64_t correlate_mm, correlate_ms;
	uint32_t upgrade_sensors;
	int64_t upgrade_ms;
	uint8_t upgrade_to;

	/* incident */
	struct text incident_type;
	uint8_t priority;       /* 1 highest .. 5 */
	uint8_t grade;          /* enum grade */
	uint8_t response_level; /* 1 (I) .. 4 (IV) */

	uint8_t release;       /* enum release: RELEASE_AUTO or RELEASE_CONFIRM */
	int64_t confirm_ms;    /* RELEASE_CONFIRM: how long to wait for the officer */
	bool confirm_dispatch; /* then: dispatch (true) or hold */

	struct step_def step[PLAYBOOK_STEPS_MAX];
	uint32_t step_count; /* ordered by level, inside a level as written: this is "playbook order" */

	/* deadlines, 0 none */
	int64_t answer_ms, arrive_ms, receive_ms, dispose_ms, verify_ms;
	int64_t climb_every_ms; /* while disposal is late; 0: it climbs once */
	uint8_t working;        /* set of 1 << enum deadline_kind: these count in working hours only */
	uint32_t climb[PLAYBOOK_CLIMB_MAX]; /* one WHO_* bit each, lowest rung first */
	uint32_t climb_count;
};

#endif
