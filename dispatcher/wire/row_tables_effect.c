/* row_tables_effect: the fields of every kind of effect; data, no code. */
#include "wire/row_tables.h"
#include "wire/row_tables_told.h"

#define STRUCT struct effect_result
static const struct row_field result_fields[] = {
	AS_WORD(1, "outcome", outcome, WORDS_OUTCOME),
	AS_WORD(2, "why", why, WORDS_WHY),
	PLAIN(3, "number", number),
};
#undef STRUCT

#define STRUCT struct effect_registered
static const struct row_field registered_fields[] = {
	AS_WORD(1, "what", what, WORDS_EVENT),
	ROW_FULL(2, ROW_U32, SHOW_BY_EVENT, 0, number, offsetof(STRUCT, what), 0, "id", NULL),
};
#undef STRUCT

#define STRUCT struct effect_plan
static const struct row_field plan_fields[] = {PLAIN(1, "count", count)};
#undef STRUCT

#define STRUCT struct effect_alarm
static const struct row_field alarm_fields[] = {
	AS_ID(1, "alarm", number, ID_ALARM),
	AS_NAME(2, "device", device, ROW_NAME_DEVICE),
	AS_ID(3, "incident", incident, ID_INCIDENT),
	AS_ID(4, "silence", silence, ID_SILENCE),
	AS_NAME(5, "playbook", playbook, ROW_NAME_PLAYBOOK),
	AS_WORD(6, "result", result, WORDS_ALARM_RESULT),
	AS_WORD(7, "reason", reject, WORDS_REJECT),
	AS_WORD(8, "state", state, WORDS_ALARM_STATE),
	PLAIN(9, "occurrence", occurrence),
	PLAIN(10, "opened", opened),
	PLAIN(11, "new_sensor", new_sensor),
};
#undef STRUCT

#define STRUCT struct effect_incident
static const struct row_field incident_fields[] = {
	AS_ID(1, "incident", number, ID_INCIDENT),
	AS_NAME(2, "playbook", playbook, ROW_NAME_PLAYBOOK),
	AS_NAME(3, "type", type, ROW_NAME_TEXT),
	AS_NAME(4, "title", title, ROW_NAME_TEXT),
	AS_NAME(5, "grid", grid, ROW_NAME_GRID),
	AS_NAME(6, "device", device, ROW_NAME_DEVICE),
	AS_PLACE(7, "position", place),
	AS_TIME(8, "reported", reported_ms),
	PLAIN(9, "priority", priority),
	AS_WORD(10, "grade", grade, WORDS_GRADE),
	ROW_SHOWN(11, "response_level", response_level, SHOW_ROMAN, 0),
	AS_WORD(12, "mode", mode, WORDS_MODE),
	AS_WORD(13, "release", release, WORDS_RELEASE),
	AS_WORD(14, "why", why, WORDS_WHY),
	PLAIN(15, "paper", paper),
	AS_ID(16, "split_from", split_from, ID_INCIDENT),
};
#undef STRUCT

#define STRUCT struct effect_incident_state
static const struct row_field incident_state_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	AS_WORD(2, "from", from, WORDS_INCIDENT_STATE),
	AS_WORD(3, "to", to, WORDS_INCIDENT_STATE),
	AS_WORD(4, "act", act, WORDS_INCIDENT_ACT),
	AS_WORD(5, "disposition", disposition, WORDS_DISPOSITION),
	PLAIN(6, "evidence", evidence),
};
#undef STRUCT

#define STRUCT struct effect_incident_level
static const struct row_field incident_level_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	PLAIN(2, "level", level),
	PLAIN(3, "by_sensors", by_sensors),
};
#undef STRUCT

#define STRUCT struct effect_incident_climb
static const struct row_field incident_climb_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	PLAIN(2, "rung", rung),
	ROW_SHOWN(3, "deadline", deadline, SHOW_WORD_PLUS, WORDS_DEADLINE_KIND),
	ROW_SHOWN(4, "who", who, SHOW_WHO, 0),
	AS_TIME(5, "due", due_ms),
	AS_TIME(6, "again", again_ms),
};
#undef STRUCT

#define STRUCT struct effect_incident_merged
static const struct row_field incident_merged_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	AS_ID(2, "into", into, ID_INCIDENT),
	PLAIN(3, "rung", rung),
	AS_TIME(4, "again", again_ms),
};
#undef STRUCT

#define STRUCT struct effect_step
static const struct row_field step_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	ROW_SHOWN(2, "step", step, SHOW_STEP, 0),
	AS_WORD(3, "state", state, WORDS_STEP_STATE),
	AS_WORD(4, "why", why, WORDS_WHY),
	PLAIN(5, "progress", progress),
	AS_TIME(6, "due", due_ms),
};
#undef STRUCT

#define STRUCT struct effect_need
static const struct row_field need_fields[] = {
	AS_ID(1, "need", number, ID_NEED),
	AS_ID(2, "incident", incident, ID_INCIDENT),
	ROW_SHOWN(3, "step", step, SHOW_STEP, 0),
	AS_WORD(4, "step_kind", kind, WORDS_STEP_KIND),
	ROW_SHOWN(5, "skills", skills, SHOW_SKILLS, 0),
	ROW_SHOWN(6, "substitute", substitute, SHOW_SKILLS, 0),
	PLAIN(7, "count", count),
	AS_NAME(8, "item", item, ROW_NAME_TEXT),
	AS_MILLI(9, "arrive_within_s", arrive_within_ms),
	AS_ID(10, "depot_order", depot_order, ID_ORDER),
};
#undef STRUCT

#define STRUCT struct effect_need_state
static const struct row_field need_state_fields[] = {
	AS_ID(1, "need", need, ID_NEED),
	AS_ID(2, "incident", incident, ID_INCIDENT),
	AS_WORD(3, "state", state, WORDS_NEED_STATE),
	AS_WORD(4, "why", why, WORDS_WHY),
	PLAIN(5, "missing", missing),
};
#undef STRUCT

#define STRUCT struct passed
static const struct row_field passed_fields[] = {
	AS_NAME(1, "unit", unit, ROW_NAME_UNIT),
	AS_WORD(2, "why", why, WORDS_WHY),
	AS_MILLI(3, "travel_s", travel_ms),
	AS_MILLI(4, "range_m", range_mm),
	AS_NAME(5, "depot", depot, ROW_NAME_DEPOT),
};
#undef STRUCT
static const struct row_table passed_table = ROW_TABLE(passed_fields, struct passed);

#define STRUCT struct effect_choice
static const struct row_field choice_fields[] = {
	AS_ID(1, "need", need, ID_NEED),
	AS_ID(2, "incident", incident, ID_INCIDENT),
	LIST_OF(3, "passed", ROW_LIST_MESSAGE, SHOW_PLAIN, passed, passed_count, CHOICE_PASSED_MAX,
		&passed_table),
	PLAIN(4, "rest_count", rest_count),
	ROW_FULL(5, ROW_BY_WORD, SHOW_PLAIN, WORDS_WHY, rest, 0, WHY_COUNT, "rest", NULL),
};
#undef STRUCT

#define STRUCT struct effect_order
static const struct row_field order_fields[] = {
	AS_ID(1, "order", number, ID_ORDER),
	AS_ID(2, "incident", incident, ID_INCIDENT),
	AS_ID(3, "need", need, ID_NEED),
	AS_WORD(4, "target", target, WORDS_TARGET),
	ROW_FULL(5, ROW_U32, SHOW_BY_TARGET, 0, who, offsetof(STRUCT, target), 0, "who", NULL),
	AS_ID(6, "depot_order", depot_order, ID_ORDER),
	AS_NAME(7, "task", task, ROW_NAME_TEXT),
	AS_NAME(8, "action", action, ROW_NAME_TEXT),
	ROW_SHOWN(9, "step", step, SHOW_STEP, 0),
	AS_MILLI(10, "range_m", range_mm),
	AS_MILLI(11, "travel_s", travel_ms),
	AS_TIME(12, "respond_by", respond_by_ms),
	AS_TIME(13, "arrive_by", arrive_by_ms),
	AS_MILLI(14, "position_age_s", position_age_ms),
	PLAIN(15, "substitute", substitute),
	PLAIN(16, "late", late),
	PLAIN(17, "stale", stale),
	PLAIN(18, "manual", manual),
};
#undef STRUCT

#define STRUCT struct effect_order_state
static const struct row_field order_state_fields[] = {
	AS_ID(1, "order", order, ID_ORDER),
	AS_ID(2, "incident", incident, ID_INCIDENT),
	AS_WORD(3, "from", from, WORDS_ORDER_STATE),
	AS_WORD(4, "to", to, WORDS_ORDER_STATE),
	AS_WORD(5, "answer", answer, WORDS_ANSWER),
	AS_WORD(6, "why", why, WORDS_WHY),
	AS_TIME(7, "respond_by", respond_by_ms),
	AS_ID(8, "task", task, ID_TASK),
};
#undef STRUCT

#define STRUCT struct effect_unit_state
static const struct row_field unit_state_fields[] = {
	AS_NAME(1, "unit", unit, ROW_NAME_UNIT),
	AS_WORD(2, "from", from, WORDS_UNIT_STATE),
	AS_WORD(3, "to", to, WORDS_UNIT_STATE),
	AS_TIME(4, "home", home_ms),
};
#undef STRUCT

#define STRUCT struct effect_unit_place
static const struct row_field unit_place_fields[] = {
	AS_NAME(1, "unit", unit, ROW_NAME_UNIT),
	AS_PLACE(2, "position", place),
	AS_TIME(3, "time", time_ms),
};
#undef STRUCT

#define STRUCT struct effect_supply
static const struct row_field supply_fields[] = {
	AS_ID(1, "supply", number, ID_SUPPLY),
	AS_ID(2, "order", order, ID_ORDER),
	AS_ID(3, "incident", incident, ID_INCIDENT),
	AS_ID(4, "need", need, ID_NEED),
	AS_NAME(5, "stock", stock, ROW_NAME_STOCK),
	PLAIN(6, "quantity", quantity),
};
#undef STRUCT

#define STRUCT struct effect_supply_state
static const struct row_field supply_state_fields[] = {
	AS_ID(1, "supply", supply, ID_SUPPLY),
	AS_ID(2, "order", order, ID_ORDER),
	AS_NAME(3, "stock", stock, ROW_NAME_STOCK),
	AS_WORD(4, "to", to, WORDS_SUPPLY_STATE),
	PLAIN(5, "quantity", quantity),
};
#undef STRUCT

#define STRUCT struct effect_stock
static const struct row_field stock_fields[] = {
	AS_NAME(1, "stock", stock, ROW_NAME_STOCK),
	AS_WORD(2, "act", act, WORDS_STOCK_ACT),
	PLAIN(3, "on_hand", on_hand),
	PLAIN(4, "reserved", reserved),
	AS_ID(5, "incident", incident, ID_INCIDENT),
};
#undef STRUCT

#define STRUCT struct effect_deadline
static const struct row_field deadline_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	AS_WORD(2, "deadline", kind, WORDS_DEADLINE_KIND),
	AS_WORD(3, "state", state, WORDS_DEADLINE_STATE),
	AS_TIME(4, "due", due_ms),
	AS_TIME(5, "own_due", own_ms),
	PLAIN(6, "held", held),
};
#undef STRUCT

#define STRUCT struct effect_device
static const struct row_field device_fields[] = {
	AS_NAME(1, "device", device, ROW_NAME_DEVICE),
	AS_WORD(2, "state", state, WORDS_DEVICE_STATE),
};
#undef STRUCT

#define STRUCT struct effect_link
static const struct row_field link_fields[] = {
	AS_WORD(1, "target", target, WORDS_TARGET),
	ROW_FULL(2, ROW_U32, SHOW_BY_TARGET, 0, who, offsetof(STRUCT, target), 0, "who", NULL),
	PLAIN(3, "up", up),
};
#undef STRUCT

#define STRUCT struct effect_warning
static const struct row_field warning_fields[] = {
	AS_WORD(1, "colour", colour, WORDS_COLOUR),
	AS_NAME(2, "hazard", hazard, ROW_NAME_TEXT),
	AS_TIME(3, "until", until_ms),
};
#undef STRUCT

#define STRUCT struct effect_release
static const struct row_field release_fields[] = {
	AS_WORD(1, "release", release, WORDS_RELEASE),
	PLAIN(2, "kept", kept),
};
#undef STRUCT

#define STRUCT struct effect_response
static const struct row_field response_fields[] = {ROW_SHOWN(1, "level", level, SHOW_ROMAN, 0)};
#undef STRUCT

#define STRUCT struct effect_silence
static const struct row_field silence_fields[] = {
	AS_ID(1, "silence", number, ID_SILENCE),
	PLAIN(2, "active", active),
};
#undef STRUCT

#define STRUCT struct effect_fact
static const struct row_field fact_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	AS_WORD(2, "fact", fact, WORDS_FACT),
};
#undef STRUCT

#define STRUCT struct effect_report
static const struct row_field report_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	AS_WORD(2, "report", report, WORDS_REPORT),
	PLAIN(3, "number", number),
};
#undef STRUCT

#define STRUCT struct effect_incident_times
static const struct row_field incident_times_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	AS_TIME(2, "reported", reported_ms),
	AS_TIME(3, "accepted", accepted_ms),
	AS_TIME(4, "dispatched", dispatched_ms),
	AS_TIME(5, "arrived", arrived_ms),
	AS_TIME(6, "done", done_ms),
	AS_TIME(7, "verified", verified_ms),
	AS_TIME(8, "ended", ended_ms),
	AS_NAME(9, "done_by", done_by, ROW_NAME_TEXT),
	AS_NAME(10, "verified_by", verified_by, ROW_NAME_TEXT),
};
#undef STRUCT

#define STRUCT struct effect_sensor_moved
static const struct row_field sensor_moved_fields[] = {
	AS_ID(1, "from", from, ID_INCIDENT),
	AS_ID(2, "to", to, ID_INCIDENT),
	AS_NAME(3, "device", device, ROW_NAME_DEVICE),
};
#undef STRUCT

#define STRUCT struct effect_calendar
static const struct row_field calendar_fields[] = {PLAIN(1, "days", days)};
#undef STRUCT

#define STRUCT struct effect_agenda
static const struct row_field agenda_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	PLAIN(2, "on", on),
	AS_TIME(3, "retry", retry_ms),
};
#undef STRUCT

#define STRUCT struct effect_key
static const struct row_field key_fields[] = {
	PLAIN(1, "key", key),
	AS_WORD(2, "act", act, WORDS_KEY_ACT),
	AS_WORD(3, "target", target, WORDS_TARGET),
	ROW_FULL(4, ROW_U32, SHOW_BY_TARGET, 0, who, offsetof(STRUCT, target), 0, "who", NULL),
	PLAIN(5, "gone", gone),
};
#undef STRUCT

#define STRUCT struct effect_aside
static const struct row_field aside_fields[] = {
	PLAIN(1, "aside", aside),
	AS_WORD(2, "act", act, WORDS_ASIDE_ACT),
};
#undef STRUCT

/* clang-format off */
const struct row_table row_effect_tables[EFFECT_KIND_COUNT] = {
	[EFFECT_RESULT] = ROW_TABLE(result_fields, struct effect_result),
	[EFFECT_REGISTERED] = ROW_TABLE(registered_fields, struct effect_registered),
	[EFFECT_RETIRED] = ROW_TABLE(registered_fields, struct effect_registered),
	[EFFECT_PLAN] = ROW_TABLE(plan_fields, struct effect_plan),
	[EFFECT_ALARM] = ROW_TABLE(alarm_fields, struct effect_alarm),
	[EFFECT_INCIDENT] = ROW_TABLE(incident_fields, struct effect_incident),
	[EFFECT_INCIDENT_STATE] = ROW_TABLE(incident_state_fields, struct effect_incident_state),
	[EFFECT_INCIDENT_LEVEL] = ROW_TABLE(incident_level_fields, struct effect_incident_level),
	[EFFECT_INCIDENT_CLIMB] = ROW_TABLE(incident_climb_fields, struct effect_incident_climb),
	[EFFECT_INCIDENT_MERGED] = ROW_TABLE(incident_merged_fields, struct effect_incident_merged),
	[EFFECT_STEP] = ROW_TABLE(step_fields, struct effect_step),
	[EFFECT_NEED] = ROW_TABLE(need_fields, struct effect_need),
	[EFFECT_NEED_STATE] = ROW_TABLE(need_state_fields, struct effect_need_state),
	[EFFECT_CHOICE] = ROW_TABLE(choice_fields, struct effect_choice),
	[EFFECT_ORDER] = ROW_TABLE(order_fields, struct effect_order),
	[EFFECT_ORDER_STATE] = ROW_TABLE(order_state_fields, struct effect_order_state),
	[EFFECT_UNIT_STATE] = ROW_TABLE(unit_state_fields, struct effect_unit_state),
	[EFFECT_UNIT_PLACE] = ROW_TABLE(unit_place_fields, struct effect_unit_place),
	[EFFECT_SUPPLY] = ROW_TABLE(supply_fields, struct effect_supply),
	[EFFECT_SUPPLY_STATE] = ROW_TABLE(supply_state_fields, struct effect_supply_state),
	[EFFECT_STOCK] = ROW_TABLE(stock_fields, struct effect_stock),
	[EFFECT_NOTICE] = ROW_TABLE(notice_fields, struct effect_notice),
	[EFFECT_NOTICE_STATE] = ROW_TABLE(notice_state_fields, struct effect_notice_state),
	[EFFECT_TASK] = ROW_TABLE(task_fields, struct effect_task),
	[EFFECT_TASK_STATE] = ROW_TABLE(task_state_fields, struct effect_task_state),
	[EFFECT_DEADLINE] = ROW_TABLE(deadline_fields, struct effect_deadline),
	[EFFECT_DEVICE] = ROW_TABLE(device_fields, struct effect_device),
	[EFFECT_LINK] = ROW_TABLE(link_fields, struct effect_link),
	[EFFECT_WARNING] = ROW_TABLE(warning_fields, struct effect_warning),
	[EFFECT_RELEASE] = ROW_TABLE(release_fields, struct effect_release),
	[EFFECT_SILENCE] = ROW_TABLE(silence_fields, struct effect_silence),
	[EFFECT_AGENDA] = ROW_TABLE(agenda_fields, struct effect_agenda),
	[EFFECT_RESPONSE] = ROW_TABLE(response_fields, struct effect_response),
	[EFFECT_SHIFT] = ROW_TABLE(shift_fields, struct effect_shift),
	[EFFECT_ALERT] = ROW_TABLE(alert_fields, struct effect_alert),
	[EFFECT_BELL] = ROW_TABLE(bell_fields, struct effect_bell),
	[EFFECT_PRESENCE] = ROW_TABLE(presence_fields, struct effect_presence),
	[EFFECT_NOTICE_TRY] = ROW_TABLE(notice_try_fields, struct effect_notice_try),
	[EFFECT_FACT] = ROW_TABLE(fact_fields, struct effect_fact),
	[EFFECT_REPORT] = ROW_TABLE(report_fields, struct effect_report),
	[EFFECT_INCIDENT_TIMES] = ROW_TABLE(incident_times_fields, struct effect_incident_times),
	[EFFECT_SENSOR_MOVED] = ROW_TABLE(sensor_moved_fields, struct effect_sensor_moved),
	[EFFECT_CALENDAR] = ROW_TABLE(calendar_fields, struct effect_calendar),
	[EFFECT_TELLING] = ROW_TABLE(telling_fields, struct effect_telling),
	[EFFECT_KEY] = ROW_TABLE(key_fields, struct effect_key),
	[EFFECT_ASIDE] = ROW_TABLE(aside_fields, struct effect_aside),
};
/* clang-format on */
