/* decide: the parts of core_decide; for core/decide*.c and core/plan*.c alone. Nothing here changes the core. */
#ifndef CORE_DECIDE_H
#define CORE_DECIDE_H

#include "core/state.h"

/* One decision at work: what was said so far, and the running numbers it has given out. */
struct decision {
	const struct core *core;
	const struct event *event;
	struct effects *out;
	uint32_t needs, orders, supplies, notices, tasks;
};

typedef void decide_function(struct decision *decision);

/* decide_town.c */
decide_function decide_clock, decide_town, decide_grid, decide_person, decide_unit, decide_depot,
	decide_stock, decide_device, decide_duty, decide_load, decide_lead, decide_retire, decide_playbook,
	decide_plan, decide_link, decide_device_set, decide_stock_move, decide_warning, decide_silence,
	decide_task;

/* decide_response.c: how orders leave, and the town's response level with all that it brings */
decide_function decide_release, decide_response;
/* What the last change of the level has still to say, as much as a row holds. False: nothing. */
bool response_told(struct decision *decision);

/* decide_unit.c */
decide_function decide_position, decide_status, decide_unit_set;

/* decide_alarm.c, decide_act.c, decide_order.c, decide_tick.c */
decide_function decide_alarm, decide_open, decide_act, decide_add, decide_answer, decide_send, decide_swap,
	decide_device_do, decide_supply, decide_notice_answer, decide_tick;

/* decide_desk.c: shifts, alerts, what a person has seen */
decide_function decide_shift, decide_ack;

/* decide_key.c */
decide_function decide_key;

/* decide_aside.c */
decide_function decide_aside;

/* desk_watch.c: what every decision means for the desk; the last to be asked. How many alerts wait. */
void desk_watch(struct decision *decision);
uint32_t desk_waiting(const struct core *core);
/* An alert of an incident, 0: of the desk itself, unless it stands so already. */
void emit_alert(struct decision *decision, uint32_t incident, enum alert cause, enum alert_state to);

/* desk_bell.c: the desk's clocks. False: neither is due. */
bool desk_due(struct decision *decision);
void emit_bell(struct decision *decision, uint32_t count, uint32_t ring, int64_t at_ms);
/* Somebody has given a command: what asked for somebody at the desk ends, and is asked again later. */
void desk_answered(struct decision *decision);

/* decide_paper.c: what people write down: facts, reports, incidents that were run on paper; calendar.c */
decide_function decide_fact, decide_report, decide_paper, decide_calendar;

/* Whether the tables of cases hold whatever one decision can add to them. */
bool cases_room(const struct core *core);
/* A zeroed effect at the end of the list. The caller has seen to the room. */
struct effect *emit(struct decision *decision, enum effect_kind kind);
/*
 * Whether so many more fit and leave room for what the desk has to say, which comes last of all: also for the end of all
 * calls to it, where this is the command that shows that somebody is there again.
 */
enum { ROOM_DESK = 16, ROOM_DESK_CALLS = 3 * 2 * 16 };
bool room_for(const struct decision *decision, uint32_t effects);
void emit_result(struct decision *decision, enum outcome outcome, uint32_t number);
void emit_registered(struct decision *decision, uint32_t number);
void emit_incident_state(struct decision *decision, const struct incident *incident, enum incident_state to,
	enum incident_act act, enum disposition disposition);
void emit_agenda(struct decision *decision, uint32_t incident, bool on, int64_t retry_ms);
void emit_step(struct decision *decision, uint32_t incident, uint32_t step, struct step_mark mark);
void emit_unit_state(struct decision *decision, uint32_t unit, enum unit_state to, int64_t home_ms);
void emit_deadline(struct decision *decision, uint32_t incident, enum deadline_kind kind,
	enum deadline_state state, int64_t due_ms);

/* --- decide_clock.c: what a clock is started, met, stopped and missed by -------------------------- */
void emit_clock(struct decision *decision, uint32_t incident, enum deadline_kind kind, struct deadline clock);
/* When a clock that starts at from_ms runs out: some count in the town's working hours only. */
int64_t clock_due_ms(const struct core *core, const struct playbook *playbook, enum deadline_kind kind,
	int64_t from_ms, int64_t span_ms);
/* How long receiving, disposing, verifying may take: by the playbook, the responsibility list, the town's rule. */
int64_t clock_span_ms(
	const struct core *core, const struct playbook *playbook, uint32_t type, enum deadline_kind kind);
/* What is due by now, the earliest first: a clock, or the next rung. False: nothing. */
bool clock_missed(struct decision *decision, const struct incident *incident);
/* A clock that runs is met, or stopped. One that is late stays late; the due time is kept for a reopening. */
void meet_deadline(struct decision *decision, const struct incident *incident, enum deadline_kind kind);
void stop_deadline(struct decision *decision, const struct incident *incident, enum deadline_kind kind);
/*
 * The clocks of work that is said to be done, and of work that is to be done again: disposal runs on to its first due
 * time; crews leave anew, so that their arrival is due anew. A clock that was late stays late and climbs no second time.
 */
void clocks_done(struct decision *decision, const struct incident *incident);
void clocks_reopened(struct decision *decision, const struct incident *incident);
/* A call task for a person, when there is somebody to call. */
void emit_task(struct decision *decision, uint32_t incident, uint32_t person, uint32_t order, uint32_t notice,
	int64_t due_ms);
/* How long an answer is waited for. */
int64_t answer_ms_of(const struct core *core, const struct playbook *playbook);
/*
 * Ends an order that lives: its unit, material and call task too. `answer` says by what. A crew that is on its way and
 * has no live link is to be called back: a new call task for its leader, about the ended order.
 */
void emit_order_end(struct decision *decision, const struct order *order, enum order_state to,
	enum answer answer, enum why why);
bool order_ended_now(const struct decision *decision, const struct order *order); /* by this decision */

/*
 * A truck that is still to be loaded takes what is asked of its depot later as well: that loading names the first one
 * in depot_order. loading_beside: another live loading that leaves with the truck of `loading`; 0 none.
 */
uint32_t loading_beside(const struct core *core, const struct order *loading);

/* The requirement that the order stood for wants one more again, and the incident its turn of planning. */
void want_again(struct decision *decision, const struct order *order);

/* Local time of day at event time, minutes. */
uint16_t local_minute(const struct core *core, int64_t at_ms);
bool in_hours(uint16_t minute, uint16_t from_min, uint16_t to_min);
/* Straight through the earth, rounded down: never longer than any way over it. */
int64_t chord_mm(const struct place *a, const struct place *b);
uint32_t year_of(int64_t local_ms);

/* decide_tick.c: the matter goes up a rung, and those there are told. `missed`: DEADLINE_COUNT: by hand. */
void climb_incident(
	struct decision *decision, const struct incident *incident, uint8_t missed, int64_t due_ms);

/* --- decide_merge.c: cases that turn out to be one, and one that turns out to be two ---------------- */
/* The case in which this one goes on, itself when it was not merged; NULL: it is forgotten. */
const struct incident *incident_standing(const struct core *core, const struct incident *incident);
/* The cases that stand merged into this one, and into those, in order of slots; *cursor is 0 at first. NULL: no more. */
const struct incident *merged_next(const struct core *core, const struct incident *into, uint32_t *cursor);
/* How a case stands by itself: one that was merged as it stood then, for what it lacks is wanted on. */
uint8_t incident_own_state(const struct incident *incident);
/*
 * The cases that lack something and go on: open ones, each followed by those that stand merged into it. NULL: the first; no more.
 */
const struct incident *short_next(const struct core *core, const struct incident *before);
enum outcome check_merge(const struct incident *incident, const struct incident *into);
enum outcome check_split(const struct core *core, const struct incident *incident, struct text device);
void merge_incident(struct decision *decision, const struct incident *incident, const struct incident *into);
void unmerge_incident(struct decision *decision, const struct incident *incident);
void split_incident(struct decision *decision, const struct incident *incident, struct text device);

/* decide_act.c: closing needs a verified end, or a disposition that says that there was nothing to verify. */
bool may_close(uint8_t state, uint8_t disposition);

/* decide_verify.c: what a verification rests on, and whether this person may give it. */
uint8_t evidence_of(const struct incident *incident, const struct event_act *act);
bool did_the_work(const struct core *core, const struct incident *incident, struct text by);
bool same_person(const struct core *core, uint32_t a, uint32_t b); /* text numbers, each an id or a name */
bool is_of_unit(const struct core *core, const struct unit *unit, uint32_t person_text);
/* decide_unit.c: a unit has come free: the most urgent shortfall that it could end, but `but`'s, is looked at again. */
void offer_unit(struct decision *decision, const struct unit *unit, uint32_t but);

/*
 * decide_effect.c: an incident whose sensors had all cleared is raised again. Actions that had worked are done once
 * more, and what was skipped for them waits again; from the third time on they count as without effect.
 */
void effect_lost(struct decision *decision, const struct incident *incident);

/* What a person tells of a case; all else is its plan's. Texts as they came. */
struct case_told {
	struct text type, title, grid, source;
	const struct place *place;
	int64_t reported_ms;
	uint32_t playbook; /* 0 none */
};
struct effect_incident case_opened(const struct decision *decision, const struct case_told *told);
/* decide_open.c: opens an incident; when orders may leave by themselves they are chosen in this very decision. */
enum { PRIORITY_UNPLANNED = 3 };
void open_incident(struct decision *decision, struct effect_incident opened);
uint32_t plan_for_type(const struct core *core, uint32_t type); /* the plainest; 0 none */
uint32_t next_incident(const struct core *core, int64_t at_ms);
bool incident_room(const struct core *core, int64_t at_ms);

/* decide_notice.c: the one way to tell a person of an incident, and all that an answer ends. */
enum { NOTICE_ROLE_MAX = 16 }; /* persons of one role who are told at once */
struct notice_to {
	uint32_t person, who; /* number; the WHO_* for which the person is told */
	uint32_t step;        /* of the playbook; STEP_NONE */
	int64_t within_ms;    /* in which the tries are spread; 0: rules.notice_ms from one to the next */
	bool told_only;       /* no answer is waited for */
	bool each;            /* the answer of another will not do */
	uint32_t climbed;     /* notice whose person was not reached; 0 */
	uint32_t order;       /* loading whose keeper did not answer; 0 */
};
/* A notice, and a call task where no terminal is live. Its number; 0: no room, nothing was said. */
uint32_t tell_person(struct decision *decision, uint32_t incident, const struct notice_to *to);
/* Everybody of the role to->who, NOTICE_ROLE_MAX at the most. How many. */
uint32_t tell_role(struct decision *decision, uint32_t incident, const struct notice_to *to);
/* Whether everybody told for `who` has to answer, or one is enough. answer: enum step_answer. */
bool answer_of_each(uint8_t answer, uint32_t who);
/* Waits for an answer, or would still take one. */
bool notice_live(const struct notice *notice);
int64_t notice_within_ms(const struct core *core, const struct notice *notice);
/* Its time has come: told again, or not reached, and the name climbs. */
void notice_due(struct decision *decision, const struct notice *notice);
/* decide_call.c: the person of the town who acts at the desk; 0 none. Who works on a case has been told of it. */
uint32_t actor_of(const struct core *core, const struct event *event);
void actor_knows(struct decision *decision);
/*
 * Ends, with this notice, the same person's others, those to others of the step and role where one is enough, and what
 * climbed from all of these. What does not fit is done by plan_incident at the same time stamp, see notices_settle.
 * by: text number of who answered, 0: as the event says; person: their number, 0: nobody we know.
 */
void notice_answered(struct decision *decision, const struct notice *notice, uint32_t by, uint32_t person);
/* What an answer has left over, known from the records alone. False: there is more. */
bool notices_settle(struct decision *decision, const struct incident *incident);
/* The incident is over, and with it its notices and calls. False: there is more. */
bool notices_end(struct decision *decision, const struct incident *incident);
/* After an undone merge: whoever it has kept from being told, or from answering, is told again. False: not all fitted. */
bool notices_again(struct decision *decision, const struct incident *incident);
/* The keeper of a depot has answered: those who were told that he had not may rest. */
void notices_end_about(struct decision *decision, const struct order *loading);

/* decide_depot.c: loadings. What a depot did not give, all or the rest, is wanted again, from another. */
void depot_put_back(struct decision *decision, const struct order *order);
void depot_put_back_rest(struct decision *decision, const struct order *order);
/* A truck that is there has been loaded, whether the keeper has said so or not. */
void depot_loaded(struct decision *decision, const struct order *carrier);
bool depot_loaded_less(struct decision *decision, const struct order *order);
int64_t depot_answer_ms(const struct core *core, const struct playbook *playbook);
/* Why a depot is not asked for this incident: its keeper declined, or keeps silent; WHY_NONE: it may be asked. */
enum why depot_unfit(const struct core *core, const struct incident *incident, uint32_t depot, int64_t at_ms);
/* The time to answer is over and no other depot has it: the same keeper is called again. False: others have it. */
bool depot_asked_again(struct decision *decision, const struct order *loading);
/* The keeper has answered: what was said of the silence is taken back. */
void depot_answered(struct decision *decision, const struct order *loading);

/*
 * decide_late.c: a crew says yes after its time to answer was over: whether it has the job all the same, for nobody has it,
 * or nobody who has answered; and what that ends: the shortfall, or the order of the one who was asked instead.
 */
bool late_yes(const struct core *core, const struct order *order, uint8_t answer);
void late_yes_takes(struct decision *decision, const struct order *order);

/*
 * plan_cover.c: what a case lacks and `into`, in which it goes on, wants or has itself is not looked for; without an `into`
 * (NULL) all is looked for again. False: not all fitted.
 */
bool needs_cover(struct decision *decision, const struct incident *incident, const struct incident *into);

/* decide_climb.c: tells those above somebody who was not reached. The notice that the name climbed to; 0: none above. */
uint32_t climb_notice(struct decision *decision, const struct notice *notice);
uint32_t head_at_level(const struct core *core, uint32_t grid, uint32_t level); /* person; 0 none */

/* match.c: the playbook for an alarm, the most specific one; 0 none. */
struct match_input {
	uint32_t type, grid; /* text number of the type; number of the level-3 grid */
	uint32_t confidence_ppm;
	int64_t value_e6;
	bool has_value;
	struct text value_unit;
	uint32_t colours; /* set of 1 << colour in force, with the alarm's own */
};
struct match_input match_input_of(
	const struct core *core, const struct event_alarm *alarm, const struct device *device);
uint32_t match_playbook(const struct core *core, const struct match_input *input, int64_t at_ms);
enum match_why match_why(const struct core *core, const struct playbook *playbook,
	const struct match_input *input, int64_t at_ms);
uint32_t match_score(const struct core *core, const struct playbook *playbook,
	const struct match_input *input, int64_t at_ms);

/* plan.c: what an incident still wants. `incident` may be a draft that is not in its table yet. */
void plan_incident(struct decision *decision, const struct incident *incident);
/* The same with one requirement more; NULL: none. */
void plan_incident_with(
	struct decision *decision, const struct incident *incident, const struct effect_need *more);

/* One plan in the making. */
enum { PLAN_NEEDS_MAX = SELECT_NEEDS_MAX };
struct plan_need {
	uint32_t number, missing, before, depot_order, item;
	uint64_t skills, substitute;
	int64_t arrive_within_ms;
	uint8_t why;
	bool fresh; /* put up in this very decision */
};
struct plan {
	struct decision *decision;
	const struct incident *incident;
	const struct playbook *playbook; /* NULL: none */
	struct step_mark mark[PLAYBOOK_STEPS_MAX];
	struct plan_need send[PLAN_NEEDS_MAX], supply[PLAN_NEEDS_MAX];
	uint32_t send_count, supply_count;
	uint64_t taken[(SELECT_CANDIDATES_MAX + 64) / 64]; /* units chosen in this decision */
	bool more;                                         /* not all fitted: stay on the agenda */
	bool short_of;
	bool sent; /* an order was issued */
};
void plan_units(struct plan *plan);    /* plan_units.c */
void plan_supplies(struct plan *plan); /* plan_supply.c */
void plan_carriers(struct plan *plan);
void plan_notify(struct plan *plan, uint32_t index); /* plan_notify.c */
/* Keeps the quickest of those who were passed over; the others are counted by reason. */
void plan_pass_over(const struct core *core, struct effect_choice *choice, struct passed passed);
void plan_set_mark(struct plan *plan, uint32_t step, struct step_mark mark);
/* What a depot can still give of an item; and a fresh plan's one need, filled from a depot that can. */
uint32_t stock_available(const struct core *core, uint32_t depot, uint32_t item, int64_t at_ms);
void plan_supply_from(struct plan *plan, uint32_t item, uint32_t quantity, uint32_t number);
void plan_add_need(
	struct plan *plan, const struct effect_need *wanted); /* number and incident are given here */
void plan_order_unit(
	struct plan *plan, const struct plan_need *need, const struct select_pick *pick, uint32_t number);
void plan_need_state(struct plan *plan, struct plan_need *need, uint32_t missing, enum why why);
uint32_t plan_task_of(const struct plan *plan, uint32_t need_number);

/* Who may not be sent, and why; WHY_NONE: may. Charged age of the position in *age_cost_ms. */
enum why unit_unfit(
	const struct core *core, const struct unit *unit, int64_t at_ms, int64_t *age_cost_ms, bool *stale);
int64_t unit_turnout_ms(const struct unit *unit);
int64_t age_of(const struct unit *unit, int64_t at_ms);

#endif
