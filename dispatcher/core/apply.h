/* apply: the parts of core_apply; for core/apply*.c alone. */
#ifndef CORE_APPLY_H
#define CORE_APPLY_H

#include "core/state.h"

/* One effect of a row at work. */
struct apply {
	struct core *core;
	const struct event *event;
	const struct effect *effect;
};

typedef enum disp_err apply_function(struct apply *apply);

/* apply_registry.c */
apply_function apply_registered, apply_retired, apply_plan;

/* apply_town.c */
apply_function apply_device, apply_link, apply_warning, apply_release, apply_response, apply_silence,
	apply_stock, apply_unit_state, apply_unit_place, apply_telling;

/* apply_alarm.c, apply_merge.c */
apply_function apply_alarm, apply_incident_merged, apply_sensor_moved;

/* apply_case.c */
apply_function apply_incident, apply_incident_state, apply_incident_level, apply_incident_climb, apply_step,
	apply_deadline, apply_agenda;

/* apply_order.c */
apply_function apply_need, apply_need_state, apply_order, apply_order_state, apply_supply, apply_supply_state,
	apply_notice, apply_notice_state, apply_notice_try, apply_task, apply_task_state;

/* apply_desk.c */
apply_function apply_shift, apply_alert, apply_bell, apply_presence;

/* apply_paper.c, calendar.c */
apply_function apply_fact, apply_report, apply_incident_times, apply_calendar;

/* apply_key.c */
apply_function apply_key;

/* apply_aside.c */
apply_function apply_aside;

/* A person was at the desk, if the event says so. */
void desk_seen(struct core *core, const struct event *event);
/* Those who were called to the desk need not come, and nobody has: the silence climbs anew for what still waits. */
void desk_unanswered(struct core *core);
void shift_end(struct core *core, struct person *person);
/* The incident's alert goes with it. */
void alert_forget(struct core *core, struct incident *incident);

struct incident *incident_edit(struct core *core, uint32_t number);
/* Puts the incident's clock and its place on the agenda where its fields say. */
void incident_rewind(struct core *core, const struct incident *incident);
/* Fills a zeroed record as EFFECT_INCIDENT says; decide uses it to plan before the record is there. */
void incident_fill(const struct core *core, struct incident *incident, const struct effect_incident *from,
	int64_t at_ms);
/* apply_alone.c: a notice, or a call, that no case remembers is over: it is kept until its room is needed. */
void alone_keep_notice(struct core *core, struct notice *notice);
void alone_keep_task(struct core *core, struct task *task);
/* The oldest of those that are kept, where the table is nearly full. False: there is none, or there is room. */
bool alone_forget(struct core *core);
bool table_nearly_full(const struct core *core, enum table table);
/* Forgets the oldest ended incidents while a table is nearly full. */
void incidents_forget(struct core *core);

#endif
