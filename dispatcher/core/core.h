/* core: the whole dispatch decision. Events in, effects out; never the other way. */
#ifndef CORE_CORE_H
#define CORE_CORE_H

#include "core/effect.h"
#include "core/error.h"
#include "core/event.h"
#include "core/model.h"

struct core; /* every table, sized once by core_init; no heap after it */

/* How many of each the tables hold. Beyond them alarms are answered `overloaded`, commands "full". */
struct core_limits {
	uint32_t max[TABLE_COUNT]; /* TABLE_TOWN is always 1 */
	uint32_t texts, text_bytes;
};

/* Room for the town we learned from, with a factor of four and more to spare. */
void core_limits_default(struct core_limits *limits);

/* Rules of decision that are the town's, not a playbook's. Milliseconds, millimetres. */
struct core_rules {
	int64_t identity_keep_ms;        /* how long (source, id) is remembered at least: 24 h */
	int64_t position_fresh_ms;       /* younger positions cost nothing */
	int64_t position_stale_ms;       /* older ones are flagged */
	int64_t position_drop_ms;        /* older ones are left out */
	uint32_t position_cost_permille; /* ms of travel charged for each ms of age above fresh, x 1000 */
	int64_t position_cost_max_ms;
	int64_t answer_ms; /* where the playbook does not say */
	/* Who did not answer is asked again for the same incident after this, then ever more rarely. */
	int64_t ask_again_ms;
	int64_t retry_ms;           /* how often a shortfall is tried again */
	int64_t join_mm, join_ms;   /* correlation where no playbook matched */
	int64_t same_place_mm;      /* a device's next alarm no further off is the same episode */
	int32_t carrier_speed_mm_s; /* for the choice among depots */
	int64_t silent_factor;      /* a device is silent after expect_every x this */

	/* The desk. */
	int64_t bell_ms;     /* an alert that nobody has acknowledged rings again after this */
	uint32_t bell_rings; /* after so many rings without anybody seen, it climbs; and again */
	int64_t presence_ms; /* who is on shift must be seen this often; 0: is not asked */
	int64_t presence_answer_ms;
	uint32_t notice_tries;   /* how often a person is told before the name climbs: 1 .. 9 */
	int64_t notice_ms;       /* between tries, where the playbook does not say */
	int64_t depot_answer_ms; /* how long a depot's keeper may take to answer */
	bool named;              /* commands are taken from persons of the town alone */
	bool evidence; /* a verification without a note, a reference or quiet sensors is refused; else it is marked */
	/* What a response level brings: [1] is I; [0] is none in force. */
	struct core_response {
		uint32_t agree;  /* set of WHO_*: one of these must agree; 0: the officer alone may */
		uint32_t notify; /* set of WHO_* who are told; 0 nobody */
		uint8_t release; /* enum release that is in force with it; RELEASE_COUNT: as it was */
	} response[RESPONSE_COUNT];
};
void core_rules_default(struct core_rules *rules);

/* How long a journey takes. Only core_decide asks; the answer is recorded in the effect. */
struct travel {
	const void *context;
	/* Geodesic or network range and the time at that speed; time below 0: no way. Never quicker than the chord. */
	void (*leg)(const void *context, const struct place *from, const struct place *to, int32_t speed_mm_s,
		int64_t *range_mm, int64_t *time_ms);
};

/* Bytes that core_init needs for these limits. */
uint64_t core_size(const struct core_limits *limits);

/*
 * core_init - an empty core inside `memory`.
 *
 * Memory  `memory` has core_size(limits) zeroed bytes, aligned to 16, and belongs to the core from now on. Rules and
 *         travel are copied; what travel.context points to must live as long.
 * Errors  DISP_E_INPUT: a limit is 0 or too large.
 */
enum disp_err core_init(void *memory, const struct core_limits *limits, const struct core_rules *rules,
	const struct travel *travel, struct core **out) DISP_MUSTCHECK;

/*
 * core_decide - what to do about an event. Chooses, changes nothing: the same core and event give the same effects.
 *
 * Shapes  out->item[EFFECTS_MAX] is the caller's; out->count is set.
 * Errors  DISP_E_FULL: the event does not fit into the tables; out holds an EFFECT_RESULT or an EFFECT_ALARM that says
 *         so, and it is recorded like any other. DISP_E_MORE is never returned: what is left over stands on the
 *         agenda, core_due_ms is then 0, and the next EVENT_TICK at the same at_ms goes on.
 */
enum disp_err core_decide(
	const struct core *core, const struct event *event, struct effects *out) DISP_MUSTCHECK;

/*
 * core_apply - change the state as recorded. Chooses nothing: live and in recovery alike.
 *
 * Errors  DISP_E_DAMAGED: the row names what is not there or does not follow on; the core is then unusable.
 */
enum disp_err core_apply(
	struct core *core, const struct event *event, const struct effects *done) DISP_MUSTCHECK;

/* When an EVENT_TICK is next owed: 0 now, INT64_MAX never, else event time. */
int64_t core_due_ms(const struct core *core);

/* Equal states, equal digests, on any machine. The second computes it from every record. */
uint64_t core_digest(const struct core *core);
uint64_t core_digest_full(const struct core *core);

/*
 * The incremental digest checked a little at a time: looks at the next `records` records after *cursor (0 at first; it
 * goes round). False: a record changed outside of core_apply, or memory is bad; *cursor names it.
 */
bool core_audit(const struct core *core, uint64_t *cursor, uint32_t records);

/* The state as sections of bytes, for a snapshot: fills section[] and returns how many there are. */
enum { CORE_SECTIONS_MAX = TABLE_COUNT + 4 };
struct core_section {
	uint32_t id, record_bytes;
	const void *ptr;
	uint64_t bytes;
};
uint32_t core_save(const struct core *core, struct core_section section[CORE_SECTIONS_MAX]);

/* The reverse, into a fresh core. DISP_E_DAMAGED: of another layout, or beyond the limits. */
enum disp_err core_load(struct core *core, const struct core_section *section, uint32_t count) DISP_MUSTCHECK;

/* Known already? The answer that its repeat gets; false when it is not remembered. */
bool core_alarm_known(
	const struct core *core, const uint64_t identity[2], uint32_t *incident, uint64_t *alarm);

#endif
