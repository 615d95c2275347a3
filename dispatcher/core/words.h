/* words: every enumeration that crosses a border, and its one spelling; no behaviour beyond look-up. */
#ifndef CORE_WORDS_H
#define CORE_WORDS_H

#include "core/types.h"

enum colour { COLOUR_NONE, COLOUR_BLUE, COLOUR_YELLOW, COLOUR_ORANGE, COLOUR_RED, COLOUR_COUNT };
enum grade { GRADE_NONE, GRADE_GENERAL, GRADE_LARGER, GRADE_MAJOR, GRADE_EXTREME, GRADE_COUNT };
enum release { RELEASE_AUTO, RELEASE_CONFIRM, RELEASE_ADVISE, RELEASE_COUNT };
/* Why a playbook does not answer an alarm; the first of these that does not fit. */
enum match_why {
	MATCH_FITS,
	MATCH_INACTIVE,
	MATCH_TYPE,
	MATCH_CONFIDENCE,
	MATCH_VALUE,
	MATCH_HOURS,
	MATCH_MODES,
	MATCH_WARNING,
	MATCH_GRID,
	MATCH_WHY_COUNT
};

enum { RESPONSE_CLEAR, RESPONSE_COUNT = 5 }; /* response levels: 1 (I) .. 4 (IV); 0: none in force */
enum mode { MODE_ACTUAL, MODE_EXERCISE, MODE_COUNT };

enum alarm_state { ALARM_RAISED, ALARM_CLEARED, ALARM_ALIVE, ALARM_TEST, ALARM_STATE_COUNT };

enum alarm_result { ALARM_ACCEPTED, ALARM_DUPLICATE, ALARM_SUPPRESSED, ALARM_REJECTED, ALARM_RESULT_COUNT };

enum reject {
	REJECT_NONE,
	REJECT_MALFORMED,
	REJECT_TOO_LARGE,
	REJECT_UNKNOWN_SOURCE,
	REJECT_UNKNOWN_TYPE,
	REJECT_BAD_POSITION,
	REJECT_OUTSIDE_TOWN,
	REJECT_BAD_TIME,
	REJECT_TOO_OLD,
	REJECT_NOT_PERMITTED,
	REJECT_OVERLOADED,
	REJECT_NOT_LEADER,
	REJECT_COUNT
};

enum incident_state {
	INCIDENT_NONE,
	INCIDENT_REPORTED,
	INCIDENT_ACCEPTED,
	INCIDENT_DISPATCHED,
	INCIDENT_WORKING,
	INCIDENT_DONE_REPORTED,
	INCIDENT_VERIFIED,
	INCIDENT_CLOSED,
	INCIDENT_CANCELLED,
	INCIDENT_REFERRED,
	INCIDENT_STATE_COUNT
};

enum disposition {
	DISPOSITION_NONE,
	DISPOSITION_RESOLVED,
	DISPOSITION_FALSE,
	DISPOSITION_NUISANCE,
	DISPOSITION_DUPLICATE,
	DISPOSITION_REFERRED,
	DISPOSITION_NO_ACTION,
	DISPOSITION_COUNT
};

/* What an officer, a terminal or a clock does to an incident: the columns of the mover's table. */
enum incident_act {
	ACT_NONE,
	ACT_CONFIRM,
	ACT_REJECT,
	ACT_UPGRADE,
	ACT_ESCALATE,
	ACT_NOTE,
	ACT_DONE,
	ACT_VERIFY,
	ACT_VERIFY_FAILED,
	ACT_REOPEN,
	ACT_CANCEL,
	ACT_REFER,
	ACT_CLOSE,
	ACT_MERGE,
	ACT_SPLIT,
	ACT_DISPATCH, /* the first order was issued */
	ACT_WORK,     /* the first unit arrived */
	ACT_COUNT
};

enum unit_state {
	UNIT_OFF_DUTY,
	UNIT_AVAILABLE,
	UNIT_RESERVED, /* held back by the office: never chosen by itself */
	UNIT_ORDERED,
	UNIT_ACKNOWLEDGED,
	UNIT_EN_ROUTE,
	UNIT_ON_SCENE,
	UNIT_RETURNING,
	UNIT_OUT_OF_SERVICE,
	UNIT_STATE_COUNT
};

enum order_state {
	ORDER_NONE,
	ORDER_ISSUED,
	ORDER_DELIVERED,
	ORDER_ACCEPTED,
	ORDER_EN_ROUTE,
	ORDER_ARRIVED,
	ORDER_DONE,
	ORDER_DECLINED,
	ORDER_EXPIRED,
	ORDER_RECALLED,
	ORDER_FAILED,
	ORDER_STATE_COUNT
};

/* What is said of an order; the words of `answer`, `done` and of the console. */
enum answer {
	ANSWER_NONE,
	ANSWER_ACCEPT,
	ANSWER_DECLINE,
	ANSWER_EN_ROUTE,
	ANSWER_ARRIVED,
	ANSWER_DONE,
	ANSWER_FAILED,
	ANSWER_DELIVERED, /* the terminal has it */
	ANSWER_EXPIRE,    /* the clock: no answer in time */
	ANSWER_RECALL,    /* the office */
	ANSWER_COUNT
};

enum target { TARGET_NONE, TARGET_UNIT, TARGET_DEPOT, TARGET_DEVICE, TARGET_PERSON, TARGET_COUNT };
enum need_state { NEED_NONE, NEED_OPEN, NEED_FILLED, NEED_ENDED, NEED_COVERED, NEED_STATE_COUNT };
enum step_state {
	STEP_IDLE,
	STEP_WAITING,
	STEP_ACTIVE,
	STEP_EFFECTIVE,
	STEP_FAILED,
	STEP_SKIPPED,
	STEP_STATE_COUNT
};
enum supply_state {
	SUPPLY_NONE,
	SUPPLY_RESERVED,
	SUPPLY_ISSUED,
	SUPPLY_RETURNED,
	SUPPLY_RELEASED,
	SUPPLY_STATE_COUNT
};
enum stock_act { STOCK_NONE, STOCK_RECEIVE, STOCK_ISSUE, STOCK_RETURN, STOCK_COUNTED, STOCK_ACT_COUNT };
enum device_state { DEVICE_OK, DEVICE_SILENT, DEVICE_DISABLED, DEVICE_STATE_COUNT };
enum notice_state {
	NOTICE_NONE,
	NOTICE_PENDING,
	NOTICE_ANSWERED,
	NOTICE_UNREACHED,
	NOTICE_ENDED,
	NOTICE_STATE_COUNT
};
enum task_state { TASK_NONE, TASK_OPEN, TASK_TAKEN, TASK_DONE, TASK_CANCELLED, TASK_STATE_COUNT };

enum deadline_kind {
	DEADLINE_RECEIVE,
	DEADLINE_ARRIVE,
	DEADLINE_DISPOSE,
	DEADLINE_VERIFY,
	DEADLINE_CONFIRM,
	DEADLINE_COUNT
};
enum deadline_state {
	DEADLINE_IDLE,
	DEADLINE_RUNNING,
	DEADLINE_MET,
	DEADLINE_LATE,
	DEADLINE_STOPPED,
	DEADLINE_EXPIRED, /* nobody stopped it, and what it waited for was done by time */
	DEADLINE_STATE_COUNT
};

/* What a verification rests on: a set of these. */
enum { EVIDENCE_NOTE = 1 << 0, EVIDENCE_REFERENCE = 1 << 1, EVIDENCE_SENSORS = 1 << 2 };

/* Why a unit or depot was not taken, or why something is missing. */
enum why {
	WHY_NONE,
	WHY_SLOWER,     /* fit, but others arrive sooner */
	WHY_OTHER_NEED, /* spent on another requirement of the same incident */
	WHY_BUSY,       /* has a live order */
	WHY_OFF_DUTY,
	WHY_OFF_SHIFT,
	WHY_OUT_OF_SERVICE,
	WHY_RESERVED,
	WHY_LACKS_SKILL,
	WHY_DECLINED,  /* declined this incident */
	WHY_NO_ANSWER, /* did not answer for this incident */
	WHY_FAILED,    /* broke down on this incident */
	WHY_STALE_POSITION,
	WHY_UNREACHABLE, /* no travel time */
	WHY_NO_STOCK,
	WHY_NO_CARRIER,
	WHY_NO_DEVICE,
	WHY_DEVICE_SILENT,
	WHY_NO_LINK,   /* no live terminal */
	WHY_NO_EFFECT, /* the action was done and changed nothing in time */
	WHY_FEWER_THAN_ASKED,
	WHY_HELD, /* waits for the officer: confirm, or advise only */
	WHY_COUNT
};

enum shift_act { SHIFT_NONE, SHIFT_ON, SHIFT_OFF, SHIFT_HANDOVER, SHIFT_PRESENT, SHIFT_ACT_COUNT };

/* Why an alert stands; an incident has a set of 1 << these. */
enum alert {
	ALERT_OPENED,
	ALERT_HELD,      /* waits for a person's confirmation */
	ALERT_SHORT,     /* a requirement is short */
	ALERT_LATE,      /* a clock was missed */
	ALERT_LEVEL,     /* second, third alarm */
	ALERT_UNREACHED, /* somebody who must know was not reached */
	ALERT_FAILED,    /* an action had no effect, a crew broke down */
	ALERT_PRESENCE,  /* nobody at the desk has said that they are there; the desk's own */
	ALERT_ASIDE,     /* a message or a row was set aside for a person; the desk's own */
	ALERT_COUNT
};
enum alert_state { ALERT_ENDED, ALERT_STANDS, ALERT_SEEN, ALERT_STATE_COUNT };

/* What a report needs and no sensor knows. */
enum fact {
	FACT_CASUALTIES,
	FACT_CAUSE,
	FACT_TREND,
	FACT_SCOPE,
	FACT_LOSS,
	FACT_MEASURES,
	FACT_REQUEST,
	FACT_CONTACT,
	FACT_SIGNER,
	FACT_LESSONS,
	FACT_COUNT
};
enum report_kind { REPORT_FIRST, REPORT_FOLLOWUP, REPORT_FINAL, REPORT_COUNT };

/* Keys: what one is, and what its bearer may do. */
enum { KEY_ID_MAX = 64, KEY_HASH_MAX = 128, KEY_PUBLIC_BYTES = 32 };
enum key_kind { KEY_NONE, KEY_CURVE, KEY_TOKEN, KEY_KIND_COUNT };
enum key_role {
	ROLE_KEY_NONE,
	KEY_DEVICE,  /* alarms of its device alone, and the orders for it */
	KEY_UNIT,    /* the terminal of its unit */
	KEY_DEPOT,   /* the terminal of its depot */
	KEY_GATEWAY, /* alarms of every device, terminals of every unit, depot and device */
	KEY_READER,  /* the feed, and nothing else */
	KEY_CONSOLE, /* HTTP, as its person */
	KEY_PAIR,    /* the other daemon */
	KEY_ROLE_COUNT
};
enum key_state { KEY_VALID, KEY_EXPIRED, KEY_REVOKED, KEY_STATE_COUNT };
enum key_act { KEY_ACT_NONE, KEY_ADD, KEY_REVOKE, KEY_ACT_COUNT };

/* Where what was set aside came from: a door, whose message has brought the daemon down, or where PostgreSQL refused a row. */
enum aside_from {
	ASIDE_FROM_NONE,
	ASIDE_ALARMS,
	ASIDE_UNITS,
	ASIDE_HTTP,
	ASIDE_JOURNAL, /* the row is not in dispatch.journal */
	ASIDE_TABLES,  /* it is, but not in the tables that people query */
	ASIDE_OTHER, /* another daemon decided it, and it is not in force: a person does what it asks for, or not */
	ASIDE_FROM_COUNT
};
enum aside_act { ASIDE_ACT_NONE, ASIDE_FOUND, ASIDE_RELEASE, ASIDE_DROP, ASIDE_ACT_COUNT };

/* What became of a command. */
enum outcome {
	OUTCOME_OK,
	OUTCOME_NOT_FOUND,
	OUTCOME_WRONG_STATE,
	OUTCOME_BUSY, /* the unit has a live order; say so if you mean it */
	OUTCOME_FULL, /* a table is at its limit */
	OUTCOME_INVALID,
	OUTCOME_NOT_PERMITTED,
	OUTCOME_SAME_PERSON, /* the one who verifies is not the one who did the work */
	OUTCOME_NO_STOCK,
	OUTCOME_UNCHANGED,
	OUTCOME_NEEDS_AGREEMENT, /* a leader or the committee must agree: say who did */
	OUTCOME_GONE_TOO_FAR,    /* what is to be undone has gone on since */
	OUTCOME_NO_EVIDENCE,     /* a verification needs a note, a reference, or sensors back to normal */
	OUTCOME_IN_FUTURE,       /* a time that has not come yet */
	OUTCOME_TIME_ORDER,      /* a time before the one that must precede it */
	OUTCOME_TAKEN,           /* an id, or a public key, that is there already */
	OUTCOME_COUNT
};

enum words_set {
	WORDS_COLOUR,
	WORDS_GRADE,
	WORDS_RELEASE,
	WORDS_RESPONSE, /* 0 .. RESPONSE_COUNT - 1 */
	WORDS_MODE,
	WORDS_ALARM_STATE,
	WORDS_ALARM_RESULT,
	WORDS_REJECT,
	WORDS_INCIDENT_STATE,
	WORDS_DISPOSITION,
	WORDS_INCIDENT_ACT,
	WORDS_UNIT_STATE,
	WORDS_ORDER_STATE,
	WORDS_ANSWER,
	WORDS_TARGET,
	WORDS_NEED_STATE,
	WORDS_STEP_STATE,
	WORDS_SUPPLY_STATE,
	WORDS_STOCK_ACT,
	WORDS_DEVICE_STATE,
	WORDS_NOTICE_STATE,
	WORDS_TASK_STATE,
	WORDS_DEADLINE_KIND,
	WORDS_DEADLINE_STATE,
	WORDS_WHY,
	WORDS_OUTCOME,
	WORDS_STEP_KIND,
	WORDS_MATCH,
	WORDS_EVENT,
	WORDS_EFFECT,
	WORDS_SHIFT_ACT,
	WORDS_ALERT,
	WORDS_ALERT_STATE,
	WORDS_FACT,
	WORDS_REPORT,
	WORDS_KEY_KIND,
	WORDS_KEY_ROLE,
	WORDS_KEY_ACT,
	WORDS_KEY_STATE,
	WORDS_ASIDE_FROM,
	WORDS_ASIDE_ACT,
	WORDS_SET_COUNT
};

/* The word for a value, English snake_case, as it stands in messages, rows and commands; "?" outside the set.
 */
struct text words_of(enum words_set set, uint32_t value);

/* The same in Chinese, for screens. */
struct text words_zh(enum words_set set, uint32_t value);

/* The value of a word; UINT32_MAX: not in the set. */
uint32_t words_find(enum words_set set, struct text word);

/* One word of a who-set ("grid_head", "duty_officer", "grid_3" …) as its WHO_* bit; 0: unknown. */
uint32_t words_who(struct text word);
struct text words_who_of(uint32_t bit);
struct text words_who_zh(uint32_t bit);

/* Chinese for a skill, a kind of thing, an action or an incident type, as far as ours go; others come back as they are. */
struct text words_town_zh(struct text word);
/* The way back: the first word with that Chinese; what is none comes back as it is. */
struct text words_town_of_zh(struct text zh);

#endif
