/* row_tables_event: the fields of every kind of event; data, no code. */
#include "wire/row_tables.h"

#define STRUCT struct event_clock
static const struct row_field clock_fields[] = {
	AS_TIME(1, "wall", wall_ms),
	PLAIN(2, "rate_milli", rate_milli),
};
#undef STRUCT

#define STRUCT struct event_town
static const struct row_field town_fields[] = {
	PLAIN(1, "code", code),
	PLAIN(2, "name", name),
	PLAIN(3, "offset_min", offset_min),
	PLAIN(4, "demonstration", demonstration),
	ROW_FULL(5, ROW_HASH, SHOW_PLAIN, 0, hash, 0, 0, "hash", NULL),
};
#undef STRUCT

#define STRUCT struct event_grid
static const struct row_field grid_fields[] = {
	PLAIN(1, "code", code),
	PLAIN(2, "name", name),
	PLAIN(3, "parent", parent),
	PLAIN(4, "head", head),
	PLAIN(5, "level", level),
};
#undef STRUCT

#define STRUCT struct event_person
static const struct row_field person_fields[] = {
	PLAIN(1, "id", id),
	PLAIN(2, "name", name),
	PLAIN(3, "phone", phone),
	PLAIN(4, "org", org),
	PLAIN(5, "grid", grid),
	ROW_SHOWN(6, "roles", roles, SHOW_WHO, 0),
};
#undef STRUCT

#define STRUCT struct event_unit
static const struct row_field unit_fields[] = {
	PLAIN(1, "id", id),
	PLAIN(2, "name", name),
	PLAIN(3, "kind", kind),
	PLAIN(4, "team", team),
	ROW_SHOWN(5, "skills", skills, SHOW_SPLIT, 0),
	PLAIN(6, "leader", leader),
	AS_PLACE(7, "home", home),
	AS_MILLI(8, "speed_m_s", speed_mm_s),
	AS_MILLI(9, "turnout_s", turnout_ms),
	PLAIN(10, "shift_from_min", shift_from_min),
	PLAIN(11, "shift_to_min", shift_to_min),
	PLAIN(12, "members", members),
	PLAIN(13, "terminal", terminal),
	ROW_SHOWN(14, "crew", crew, SHOW_SPLIT, 0),
};
#undef STRUCT

#define STRUCT struct event_depot
static const struct row_field depot_fields[] = {
	PLAIN(1, "id", id),
	PLAIN(2, "name", name),
	PLAIN(3, "keeper", keeper),
	AS_PLACE(4, "position", place),
	AS_MILLI(5, "load_s", load_ms),
};
#undef STRUCT

#define STRUCT struct event_stock
static const struct row_field stock_fields[] = {
	PLAIN(1, "depot", depot),
	PLAIN(2, "item", item),
	PLAIN(3, "name", name),
	PLAIN(4, "unit", unit),
	PLAIN(5, "quantity", quantity),
	PLAIN(6, "minimum", minimum),
	AS_TIME(7, "expires", expires_ms),
};
#undef STRUCT

#define STRUCT struct event_device
static const struct row_field device_fields[] = {
	PLAIN(1, "id", id),
	PLAIN(2, "kind", kind),
	PLAIN(3, "name", name),
	PLAIN(4, "grid", grid),
	ROW_SHOWN(5, "actions", actions, SHOW_SPLIT, 0),
	AS_PLACE(6, "position", place),
	AS_MILLI(7, "expect_every_s", expect_every_ms),
};
#undef STRUCT

#define STRUCT struct event_duty
static const struct row_field duty_fields[] = {
	PLAIN(1, "incident_type", incident_type),
	PLAIN(2, "lead", lead),
	PLAIN(3, "assist", assist),
	PLAIN(4, "basis", basis),
	AS_MILLI(5, "receive_s", receive_ms),
	AS_MILLI(6, "dispose_s", dispose_ms),
};
#undef STRUCT

#define STRUCT struct event_retire
static const struct row_field retire_fields[] = {
	PLAIN(1, "id", id),
	AS_WORD(2, "what", what, WORDS_EVENT),
};
#undef STRUCT

#define STRUCT struct event_plan
static const struct row_field plan_fields[] = {
	ROW_FULL(1, ROW_HASH, SHOW_PLAIN, 0, hash, 0, 0, "hash", NULL),
	PLAIN(2, "count", count),
};
#undef STRUCT

#define STRUCT struct event_alarm
static const struct row_field alarm_fields[] = {
	PLAIN(1, "source", source),
	PLAIN(2, "id", id),
	PLAIN(3, "type", type),
	ROW_FULL(4, ROW_IDENTITY, SHOW_PLAIN, 0, identity, 0, 0, "identity", NULL),
	AS_WORD(5, "state", state, WORDS_ALARM_STATE),
	AS_WORD(6, "mode", mode, WORDS_MODE),
	AS_WORD(7, "colour", colour, WORDS_COLOUR),
	PLAIN(8, "has_position", has_place),
	PLAIN(9, "has_value", has_value),
	AS_PLACE(10, "position", place),
	PLAIN(11, "grid", grid),
	AS_TIME(12, "time", time_ms),
	AS_MICRO(13, "confidence", confidence_ppm),
	AS_MICRO(14, "value", value_e6),
	PLAIN(15, "unit", value_unit),
	PLAIN(16, "text", text),
	ROW_SHOWN(17, "media", media, SHOW_SPLIT, 0),
};
#undef STRUCT

#define STRUCT struct event_link
static const struct row_field link_fields[] = {
	PLAIN(1, "id", id),
	AS_WORD(2, "target", target, WORDS_TARGET),
	PLAIN(3, "up", up),
	PLAIN(4, "last_seq", last_seq),
};
#undef STRUCT

#define STRUCT struct event_position
static const struct row_field position_fields[] = {
	PLAIN(1, "unit", unit),
	AS_PLACE(2, "position", place),
	AS_TIME(3, "time", time_ms),
};
#undef STRUCT

#define STRUCT struct event_status
static const struct row_field status_fields[] = {
	PLAIN(1, "unit", unit),
	AS_WORD(2, "state", state, WORDS_UNIT_STATE),
};
#undef STRUCT

#define STRUCT struct event_answer
static const struct row_field answer_fields[] = {
	AS_ID(1, "order", order, ID_ORDER),
	AS_WORD(2, "answer", answer, WORDS_ANSWER),
	PLAIN(3, "who", who),
	PLAIN(4, "reason", reason),
	PLAIN(5, "quantity", quantity),
};
#undef STRUCT

#define STRUCT struct event_notice_answer
static const struct row_field notice_answer_fields[] = {
	AS_ID(1, "notice", notice, ID_NOTICE),
	PLAIN(2, "who", who),
	PLAIN(3, "text", text),
};
#undef STRUCT

#define STRUCT struct event_open
static const struct row_field open_fields[] = {
	PLAIN(1, "type", type),
	PLAIN(2, "title", title),
	AS_PLACE(3, "position", place),
	PLAIN(4, "grid", grid),
	PLAIN(5, "source", source),
	PLAIN(6, "caller", caller),
	PLAIN(7, "phone", phone),
	PLAIN(8, "text", text),
	PLAIN(9, "where", where),
	AS_TIME(10, "reported", reported_ms),
	AS_WORD(11, "mode", mode, WORDS_MODE),
	PLAIN(12, "playbook", playbook),
	PLAIN(13, "said", said),
};
#undef STRUCT

#define STRUCT struct event_act
static const struct row_field act_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	AS_WORD(2, "act", act, WORDS_INCIDENT_ACT),
	AS_WORD(3, "disposition", disposition, WORDS_DISPOSITION),
	PLAIN(4, "level", level),
	AS_ID(5, "other", other, ID_INCIDENT),
	PLAIN(6, "reason", reason),
	PLAIN(7, "device", device),
	PLAIN(8, "evidence", evidence),
};
#undef STRUCT

#define STRUCT struct event_add
static const struct row_field add_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	ROW_SHOWN(2, "skills", skills, SHOW_SPLIT, 0),
	PLAIN(3, "count", count),
};
#undef STRUCT

#define STRUCT struct event_send
static const struct row_field send_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	PLAIN(2, "unit", unit),
	PLAIN(3, "task", task),
	PLAIN(4, "also", also),
};
#undef STRUCT

#define STRUCT struct event_swap
static const struct row_field swap_fields[] = {
	AS_ID(1, "order", order, ID_ORDER),
	PLAIN(2, "unit", unit),
	PLAIN(3, "reason", reason),
};
#undef STRUCT

#define STRUCT struct event_unit_set
static const struct row_field unit_set_fields[] = {
	PLAIN(1, "unit", unit),
	AS_WORD(2, "state", state, WORDS_UNIT_STATE),
	PLAIN(3, "has_position", has_place),
	AS_PLACE(4, "position", place),
	PLAIN(5, "reason", reason),
};
#undef STRUCT

#define STRUCT struct event_device_set
static const struct row_field device_set_fields[] = {
	PLAIN(1, "device", device),
	PLAIN(2, "enabled", enabled),
	PLAIN(3, "reason", reason),
};
#undef STRUCT

#define STRUCT struct event_device_do
static const struct row_field device_do_fields[] = {
	PLAIN(1, "device", device),
	PLAIN(2, "action", action),
	PLAIN(3, "say", say),
	AS_ID(4, "incident", incident, ID_INCIDENT),
};
#undef STRUCT

#define STRUCT struct event_stock_move
static const struct row_field stock_move_fields[] = {
	PLAIN(1, "depot", depot),
	PLAIN(2, "item", item),
	PLAIN(3, "reason", reason),
	AS_WORD(4, "act", act, WORDS_STOCK_ACT),
	PLAIN(5, "quantity", quantity),
	AS_ID(6, "incident", incident, ID_INCIDENT),
};
#undef STRUCT

#define STRUCT struct event_supply
static const struct row_field supply_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	PLAIN(2, "item", item),
	PLAIN(3, "depot", depot),
	PLAIN(4, "quantity", quantity),
	PLAIN(5, "agreed", agreed),
};
#undef STRUCT

#define STRUCT struct event_warning
static const struct row_field warning_fields[] = {
	AS_WORD(1, "colour", colour, WORDS_COLOUR),
	PLAIN(2, "hazard", hazard),
	AS_TIME(3, "until", until_ms),
};
#undef STRUCT

#define STRUCT struct event_release
static const struct row_field release_fields[] = {
	AS_WORD(1, "release", release, WORDS_RELEASE),
	PLAIN(2, "reason", reason),
};
#undef STRUCT

#define STRUCT struct event_response
static const struct row_field response_fields[] = {
	ROW_SHOWN(1, "level", level, SHOW_ROMAN, 0),
	PLAIN(2, "reason", reason),
	PLAIN(3, "agreed", agreed),
};
#undef STRUCT

#define STRUCT struct event_silence
static const struct row_field silence_fields[] = {
	AS_ID(1, "expire", expire, ID_SILENCE),
	PLAIN(2, "source", source),
	PLAIN(3, "type", type),
	PLAIN(4, "grid", grid),
	AS_TIME(5, "until", until_ms),
	PLAIN(6, "reason", reason),
};
#undef STRUCT

#define STRUCT struct event_task
static const struct row_field task_fields[] = {
	AS_ID(1, "task", task, ID_TASK),
	AS_WORD(2, "state", state, WORDS_TASK_STATE),
	PLAIN(3, "note", note),
	PLAIN(4, "who", who),
	PLAIN(5, "silent", silent),
};
#undef STRUCT

#define STRUCT struct event_shift
static const struct row_field shift_fields[] = {
	PLAIN(1, "person", person),
	PLAIN(2, "to", to),
	AS_WORD(3, "act", act, WORDS_SHIFT_ACT),
	PLAIN(4, "note", note),
};
#undef STRUCT

#define STRUCT struct event_ack
static const struct row_field ack_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	PLAIN(2, "note", note),
};
#undef STRUCT

#define STRUCT struct event_fact
static const struct row_field fact_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	AS_WORD(2, "fact", fact, WORDS_FACT),
	PLAIN(3, "text", text),
};
#undef STRUCT

#define STRUCT struct event_report
static const struct row_field report_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	AS_WORD(2, "report", report, WORDS_REPORT),
	PLAIN(3, "to", to),
	PLAIN(4, "text", text),
};
#undef STRUCT

#define STRUCT struct event_paper
static const struct row_field paper_fields[] = {
	PLAIN(1, "type", type),
	PLAIN(2, "title", title),
	AS_PLACE(3, "position", place),
	PLAIN(4, "grid", grid),
	PLAIN(5, "source", source),
	PLAIN(6, "caller", caller),
	PLAIN(7, "phone", phone),
	PLAIN(8, "text", text),
	PLAIN(9, "where", where),
	ROW_SHOWN(10, "units", units, SHOW_SPLIT, 0),
	PLAIN(11, "done_by", done_by),
	PLAIN(12, "verified_by", verified_by),
	AS_TIME(13, "reported", reported_ms),
	AS_TIME(14, "dispatched", dispatched_ms),
	AS_TIME(15, "arrived", arrived_ms),
	AS_TIME(16, "done", done_ms),
	AS_TIME(17, "verified", verified_ms),
	AS_TIME(18, "ended", ended_ms),
	AS_WORD(19, "disposition", disposition, WORDS_DISPOSITION),
	PLAIN(20, "said", said),
};
#undef STRUCT

#define STRUCT struct event_calendar
static const struct row_field calendar_fields[] = {
	PLAIN(1, "weekdays", weekdays),
	PLAIN(2, "from_min", from_min),
	PLAIN(3, "to_min", to_min),
	PLAIN(4, "from2_min", from2_min),
	PLAIN(5, "to2_min", to2_min),
	ROW_SHOWN(6, "rest", rest, SHOW_SPLIT, 0),
	ROW_SHOWN(7, "work", work, SHOW_SPLIT, 0),
};
#undef STRUCT

#define STRUCT struct event_load
static const struct row_field load_fields[] = {
	AS_WORD(1, "what", what, WORDS_EVENT),
	PLAIN(2, "dir", dir),
	ROW_FULL(3, ROW_HASH, SHOW_PLAIN, 0, hash, 0, 0, "hash", NULL),
	PLAIN(4, "count", count),
};
#undef STRUCT

#define STRUCT struct event_key
static const struct row_field key_fields[] = {
	PLAIN(1, "id", id),
	AS_WORD(2, "act", act, WORDS_KEY_ACT),
	AS_WORD(3, "type", kind, WORDS_KEY_KIND),
	AS_WORD(4, "role", role, WORDS_KEY_ROLE),
	ROW_FULL(5, ROW_HASH, SHOW_Z85, 0, public_key, 0, 0, "public", NULL),
	PLAIN(6, "who", who),
	ROW_SHOWN(7, "hash", hash, SHOW_NOT, 0),
	AS_TIME(8, "until", until_ms),
	PLAIN(9, "reason", reason),
};
#undef STRUCT

#define STRUCT struct event_aside
static const struct row_field aside_fields[] = {
	PLAIN(1, "id", id),
	AS_WORD(2, "act", act, WORDS_ASIDE_ACT),
	AS_WORD(3, "from", from, WORDS_ASIDE_FROM),
	AS_WORD(4, "row", row, WORDS_EVENT),
	PLAIN(5, "bytes", bytes),
	PLAIN(6, "times", times),
	PLAIN(7, "reason", reason),
};
#undef STRUCT

#define STRUCT struct event_lead
static const struct row_field lead_fields[] = {
	PLAIN(1, "holder", holder),
	PLAIN(2, "forced", forced),
	PLAIN(3, "reason", reason),
};
#undef STRUCT

/* clang-format off */
const struct row_table row_event_tables[EVENT_KIND_COUNT] = {
	[EVENT_CLOCK] = ROW_TABLE(clock_fields, struct event_clock),
	[EVENT_TOWN] = ROW_TABLE(town_fields, struct event_town),
	[EVENT_GRID] = ROW_TABLE(grid_fields, struct event_grid),
	[EVENT_PERSON] = ROW_TABLE(person_fields, struct event_person),
	[EVENT_UNIT] = ROW_TABLE(unit_fields, struct event_unit),
	[EVENT_DEPOT] = ROW_TABLE(depot_fields, struct event_depot),
	[EVENT_STOCK] = ROW_TABLE(stock_fields, struct event_stock),
	[EVENT_DEVICE] = ROW_TABLE(device_fields, struct event_device),
	[EVENT_DUTY] = ROW_TABLE(duty_fields, struct event_duty),
	[EVENT_RETIRE] = ROW_TABLE(retire_fields, struct event_retire),
	/* EVENT_PLAYBOOK: row_playbook_table */
	[EVENT_PLAN] = ROW_TABLE(plan_fields, struct event_plan),
	[EVENT_ALARM] = ROW_TABLE(alarm_fields, struct event_alarm),
	[EVENT_LINK] = ROW_TABLE(link_fields, struct event_link),
	[EVENT_POSITION] = ROW_TABLE(position_fields, struct event_position),
	[EVENT_STATUS] = ROW_TABLE(status_fields, struct event_status),
	[EVENT_ANSWER] = ROW_TABLE(answer_fields, struct event_answer),
	[EVENT_NOTICE_ANSWER] = ROW_TABLE(notice_answer_fields, struct event_notice_answer),
	[EVENT_OPEN] = ROW_TABLE(open_fields, struct event_open),
	[EVENT_ACT] = ROW_TABLE(act_fields, struct event_act),
	[EVENT_ADD] = ROW_TABLE(add_fields, struct event_add),
	[EVENT_SEND] = ROW_TABLE(send_fields, struct event_send),
	[EVENT_SWAP] = ROW_TABLE(swap_fields, struct event_swap),
	[EVENT_UNIT_SET] = ROW_TABLE(unit_set_fields, struct event_unit_set),
	[EVENT_DEVICE_SET] = ROW_TABLE(device_set_fields, struct event_device_set),
	[EVENT_DEVICE_DO] = ROW_TABLE(device_do_fields, struct event_device_do),
	[EVENT_STOCK_MOVE] = ROW_TABLE(stock_move_fields, struct event_stock_move),
	[EVENT_SUPPLY] = ROW_TABLE(supply_fields, struct event_supply),
	[EVENT_WARNING] = ROW_TABLE(warning_fields, struct event_warning),
	[EVENT_RELEASE] = ROW_TABLE(release_fields, struct event_release),
	[EVENT_SILENCE] = ROW_TABLE(silence_fields, struct event_silence),
	[EVENT_TASK] = ROW_TABLE(task_fields, struct event_task),
	/* EVENT_TICK has no fields */
	[EVENT_RESPONSE] = ROW_TABLE(response_fields, struct event_response),
	[EVENT_SHIFT] = ROW_TABLE(shift_fields, struct event_shift),
	[EVENT_ACK] = ROW_TABLE(ack_fields, struct event_ack),
	[EVENT_FACT] = ROW_TABLE(fact_fields, struct event_fact),
	[EVENT_REPORT] = ROW_TABLE(report_fields, struct event_report),
	[EVENT_PAPER] = ROW_TABLE(paper_fields, struct event_paper),
	[EVENT_CALENDAR] = ROW_TABLE(calendar_fields, struct event_calendar),
	[EVENT_LOAD] = ROW_TABLE(load_fields, struct event_load),
	[EVENT_KEY] = ROW_TABLE(key_fields, struct event_key),
	[EVENT_ASIDE] = ROW_TABLE(aside_fields, struct event_aside),
	[EVENT_LEAD] = ROW_TABLE(lead_fields, struct event_lead),
};
/* clang-format on */
