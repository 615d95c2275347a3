/* project_tables: the projections' tables and columns as the projector writes them; the one list, no behaviour. */
#ifndef STORE_PROJECT_TABLES_H
#define STORE_PROJECT_TABLES_H

#include <stdint.h>

/*
 * X(table, column, type, mode). Types: TEXT, INT, REAL, TIME (from ms), DATE (from ms). Modes:
 *   KEY    in the primary key after town_id; these come first
 *   SET    the last writer wins; nothing written leaves it as it is
 *   FIRST  the first writer wins
 *   ADD    what is written is added
 * A table may stand here twice, where a column is written in two modes: what is written first comes first.
 */
/* clang-format off */
#define PROJECT_INCIDENT(X) \
	X(INCIDENT, id, TEXT, KEY) X(INCIDENT, number, INT, SET) X(INCIDENT, type, TEXT, SET) X(INCIDENT, title, TEXT, SET) \
	X(INCIDENT, playbook, TEXT, SET) X(INCIDENT, priority, INT, SET) X(INCIDENT, grade, TEXT, SET) \
	X(INCIDENT, response_level, TEXT, SET) X(INCIDENT, level, INT, SET) X(INCIDENT, state, TEXT, SET) \
	X(INCIDENT, disposition, TEXT, SET) X(INCIDENT, mode, TEXT, SET) X(INCIDENT, lon, REAL, SET) X(INCIDENT, lat, REAL, SET) \
	X(INCIDENT, grid, TEXT, SET) X(INCIDENT, place, TEXT, SET) X(INCIDENT, text, TEXT, FIRST) X(INCIDENT, caller, TEXT, SET) \
	X(INCIDENT, phone, TEXT, SET) X(INCIDENT, source, TEXT, FIRST) X(INCIDENT, alarm_count, INT, ADD) \
	X(INCIDENT, order_count, INT, ADD) X(INCIDENT, reopened_count, INT, ADD) \
	X(INCIDENT, merged_into, TEXT, SET) X(INCIDENT, referred_to, TEXT, SET) X(INCIDENT, closed_by, TEXT, SET) \
	X(INCIDENT, verified_by, TEXT, SET) X(INCIDENT, reason, TEXT, SET) X(INCIDENT, opened_at, TIME, FIRST) \
	X(INCIDENT, accepted_at, TIME, FIRST) X(INCIDENT, dispatched_at, TIME, FIRST) \
	X(INCIDENT, done_at, TIME, SET) X(INCIDENT, first_arrived_at, TIME, SET) X(INCIDENT, done_by, TEXT, SET) \
	X(INCIDENT, evidence, TEXT, SET) X(INCIDENT, paper_by, TEXT, SET) X(INCIDENT, paper_at, TIME, SET) \
	X(INCIDENT, split_from, TEXT, SET) \
	X(INCIDENT, verified_at, TIME, SET) X(INCIDENT, closed_at, TIME, SET) X(INCIDENT, reopened_at, TIME, SET) \
	X(INCIDENT, alerted_at, TIME, SET) X(INCIDENT, acknowledged_at, TIME, SET) X(INCIDENT, acknowledged_by, TEXT, SET) \
	X(INCIDENT, alert, TEXT, SET) \
	X(INCIDENT, seq, INT, SET)

#define PROJECT_ALARM(X) \
	X(ALARM, source, TEXT, KEY) X(ALARM, id, TEXT, KEY) X(ALARM, type, TEXT, FIRST) X(ALARM, state, TEXT, FIRST) \
	X(ALARM, result, TEXT, FIRST) X(ALARM, incident, TEXT, FIRST) X(ALARM, mode, TEXT, FIRST) \
	X(ALARM, lon, REAL, FIRST) X(ALARM, lat, REAL, FIRST) X(ALARM, grid, TEXT, FIRST) X(ALARM, confidence, REAL, FIRST) \
	X(ALARM, value, REAL, FIRST) X(ALARM, unit, TEXT, FIRST) X(ALARM, text, TEXT, FIRST) X(ALARM, media, TEXT, FIRST) \
	X(ALARM, sent_at, TIME, FIRST) X(ALARM, received_at, TIME, FIRST) \
	X(ALARM, repeats, INT, ADD) X(ALARM, seq, INT, FIRST)

#define PROJECT_INCIDENT_ALARM(X) \
	X(INCIDENT_ALARM, incident, TEXT, KEY) X(INCIDENT_ALARM, source, TEXT, KEY) X(INCIDENT_ALARM, alarm, TEXT, KEY) \
	X(INCIDENT_ALARM, relation, TEXT, SET) X(INCIDENT_ALARM, at, TIME, SET) X(INCIDENT_ALARM, seq, INT, SET)

#define PROJECT_INCIDENT_EVENT(X) \
	X(INCIDENT_EVENT, incident, TEXT, KEY) X(INCIDENT_EVENT, seq, INT, KEY) X(INCIDENT_EVENT, n, INT, KEY) \
	X(INCIDENT_EVENT, at, TIME, SET) X(INCIDENT_EVENT, kind, TEXT, SET) X(INCIDENT_EVENT, text_zh, TEXT, SET) \
	X(INCIDENT_EVENT, text_en, TEXT, SET) X(INCIDENT_EVENT, who, TEXT, SET)

#define PROJECT_UNIT_NEW(X) \
	X(UNIT_NEW, id, TEXT, KEY) X(UNIT_NEW, state, TEXT, FIRST) X(UNIT_NEW, lon, REAL, FIRST) X(UNIT_NEW, lat, REAL, FIRST)

#define PROJECT_UNIT(X) \
	X(UNIT, id, TEXT, KEY) X(UNIT, name, TEXT, SET) X(UNIT, kind, TEXT, SET) X(UNIT, skills, TEXT, SET) X(UNIT, team, TEXT, SET) \
	X(UNIT, members, TEXT, SET) X(UNIT, shift, TEXT, SET) X(UNIT, state, TEXT, SET) X(UNIT, lon, REAL, SET) \
	X(UNIT, lat, REAL, SET) X(UNIT, position_at, TIME, SET) X(UNIT, home_lon, REAL, SET) X(UNIT, home_lat, REAL, SET) \
	X(UNIT, speed_kmh, REAL, SET) X(UNIT, turnout_s, INT, SET) X(UNIT, order_id, TEXT, SET) X(UNIT, incident, TEXT, SET) \
	X(UNIT, terminal, TEXT, SET) X(UNIT, link, TEXT, SET) X(UNIT, link_at, TIME, SET) X(UNIT, reason, TEXT, SET) \
	X(UNIT, state_at, TIME, SET) X(UNIT, seq, INT, SET)

#define PROJECT_NEED(X) \
	X(NEED, id, TEXT, KEY) X(NEED, incident, TEXT, SET) X(NEED, what, TEXT, SET) X(NEED, wanted, INT, SET) \
	X(NEED, missing, INT, SET) X(NEED, state, TEXT, SET) X(NEED, why, TEXT, SET) X(NEED, at, TIME, FIRST) X(NEED, seq, INT, SET)

#define PROJECT_ORDER(X) \
	X(ORDER, id, TEXT, KEY) X(ORDER, incident, TEXT, SET) X(ORDER, kind, TEXT, SET) X(ORDER, target, TEXT, SET) \
	X(ORDER, task, TEXT, SET) X(ORDER, action, TEXT, SET) X(ORDER, state, TEXT, SET) X(ORDER, step, TEXT, SET) \
	X(ORDER, need, TEXT, SET) X(ORDER, level, INT, SET) X(ORDER, mode, TEXT, SET) X(ORDER, lon, REAL, SET) \
	X(ORDER, lat, REAL, SET) X(ORDER, rank, INT, SET) X(ORDER, range_m, REAL, SET) X(ORDER, travel_s, REAL, SET) X(ORDER, substitute, TEXT, SET) \
	X(ORDER, explain, TEXT, SET) X(ORDER, carrier_order, TEXT, SET) X(ORDER, replaces, TEXT, SET) \
	X(ORDER, respond_by, TIME, SET) X(ORDER, arrive_by, TIME, SET) X(ORDER, issued_at, TIME, SET) \
	X(ORDER, delivered_at, TIME, FIRST) X(ORDER, answered_at, TIME, FIRST) X(ORDER, en_route_at, TIME, FIRST) \
	X(ORDER, arrived_at, TIME, FIRST) X(ORDER, done_at, TIME, SET) X(ORDER, ended_at, TIME, SET) X(ORDER, reason, TEXT, SET) \
	X(ORDER, by, TEXT, SET) X(ORDER, channel, TEXT, SET) X(ORDER, seq, INT, SET)

#define PROJECT_DEPOT(X) \
	X(DEPOT, id, TEXT, KEY) X(DEPOT, name, TEXT, SET) X(DEPOT, lon, REAL, SET) X(DEPOT, lat, REAL, SET) \
	X(DEPOT, keeper, TEXT, SET) X(DEPOT, load_s, INT, SET) X(DEPOT, seq, INT, SET)

#define PROJECT_STOCK_NEW(X) \
	X(STOCK_NEW, depot, TEXT, KEY) X(STOCK_NEW, item, TEXT, KEY) X(STOCK_NEW, quantity, INT, FIRST) \
	X(STOCK_NEW, reserved, INT, FIRST)

#define PROJECT_STOCK(X) \
	X(STOCK, depot, TEXT, KEY) X(STOCK, item, TEXT, KEY) X(STOCK, name, TEXT, SET) X(STOCK, quantity, INT, SET) \
	X(STOCK, reserved, INT, SET) X(STOCK, unit, TEXT, SET) X(STOCK, minimum, INT, SET) X(STOCK, expires, DATE, SET) \
	X(STOCK, counted_at, TIME, SET) X(STOCK, updated_at, TIME, SET) X(STOCK, seq, INT, SET)

#define PROJECT_STOCK_MOVED(X) \
	X(STOCK_MOVED, depot, TEXT, KEY) X(STOCK_MOVED, item, TEXT, KEY) X(STOCK_MOVED, quantity, INT, ADD) \
	X(STOCK_MOVED, updated_at, TIME, SET) X(STOCK_MOVED, seq, INT, SET)

#define PROJECT_SUPPLY(X) \
	X(SUPPLY, id, TEXT, KEY) X(SUPPLY, incident, TEXT, SET) X(SUPPLY, item, TEXT, SET) X(SUPPLY, quantity, INT, SET) \
	X(SUPPLY, depot, TEXT, SET) X(SUPPLY, order_id, TEXT, SET) X(SUPPLY, state, TEXT, SET) \
	X(SUPPLY, mode, TEXT, SET) X(SUPPLY, reserved_at, TIME, SET) X(SUPPLY, issued_at, TIME, SET) \
	X(SUPPLY, seq, INT, SET)

#define PROJECT_DEADLINE(X) \
	X(DEADLINE, id, TEXT, KEY) X(DEADLINE, incident, TEXT, SET) X(DEADLINE, kind, TEXT, SET) X(DEADLINE, rung, INT, SET) \
	X(DEADLINE, owner, TEXT, SET) X(DEADLINE, state, TEXT, SET) X(DEADLINE, allowed_s, INT, SET) \
	X(DEADLINE, started_at, TIME, SET) X(DEADLINE, due_at, TIME, SET) X(DEADLINE, ended_at, TIME, SET) \
	X(DEADLINE, climbed_at, TIME, SET) X(DEADLINE, mode, TEXT, SET) X(DEADLINE, seq, INT, SET)

#define PROJECT_NOTIFICATION(X) \
	X(NOTIFICATION, id, TEXT, KEY) X(NOTIFICATION, incident, TEXT, SET) X(NOTIFICATION, person, TEXT, SET) \
	X(NOTIFICATION, role, TEXT, SET) X(NOTIFICATION, state, TEXT, SET) X(NOTIFICATION, channel, TEXT, SET) \
	X(NOTIFICATION, answer, TEXT, SET) X(NOTIFICATION, by, TEXT, SET) X(NOTIFICATION, issued_at, TIME, SET) \
	X(NOTIFICATION, answered_at, TIME, SET) X(NOTIFICATION, answer_by, TIME, SET) X(NOTIFICATION, ended_at, TIME, SET) \
	X(NOTIFICATION, mode, TEXT, SET) X(NOTIFICATION, seq, INT, SET)

#define PROJECT_CALL_TASK(X) \
	X(CALL_TASK, id, TEXT, KEY) X(CALL_TASK, incident, TEXT, SET) X(CALL_TASK, order_id, TEXT, SET) \
	X(CALL_TASK, notification, TEXT, SET) X(CALL_TASK, person, TEXT, SET) X(CALL_TASK, state, TEXT, SET) \
	X(CALL_TASK, result, TEXT, SET) X(CALL_TASK, taken_by, TEXT, SET) X(CALL_TASK, done_by, TEXT, SET) \
	X(CALL_TASK, opened_at, TIME, SET) X(CALL_TASK, due_at, TIME, SET) X(CALL_TASK, taken_at, TIME, SET) \
	X(CALL_TASK, done_at, TIME, SET) X(CALL_TASK, mode, TEXT, SET) X(CALL_TASK, seq, INT, SET)

#define PROJECT_SILENCE(X) \
	X(SILENCE, id, TEXT, KEY) X(SILENCE, device, TEXT, SET) X(SILENCE, type, TEXT, SET) X(SILENCE, grid, TEXT, SET) \
	X(SILENCE, reason, TEXT, SET) X(SILENCE, by, TEXT, SET) X(SILENCE, state, TEXT, SET) X(SILENCE, starts_at, TIME, SET) \
	X(SILENCE, ends_at, TIME, SET) X(SILENCE, expired_at, TIME, SET) X(SILENCE, suppressed_count, INT, ADD) \
	X(SILENCE, seq, INT, SET)

#define PROJECT_WARNING(X) \
	X(WARNING, id, TEXT, KEY) X(WARNING, colour, TEXT, SET) X(WARNING, hazard, TEXT, SET) X(WARNING, state, TEXT, SET) \
	X(WARNING, by, TEXT, SET) X(WARNING, set_at, TIME, SET) X(WARNING, until_at, TIME, SET) X(WARNING, cleared_at, TIME, SET) \
	X(WARNING, seq, INT, SET)

#define PROJECT_GRID(X) \
	X(GRID, id, TEXT, KEY) X(GRID, name, TEXT, SET) X(GRID, level, TEXT, SET) X(GRID, parent, TEXT, SET) X(GRID, head, TEXT, SET) \
	X(GRID, seq, INT, SET)

#define PROJECT_PERSON(X) \
	X(PERSON, id, TEXT, KEY) X(PERSON, name, TEXT, SET) X(PERSON, roles, TEXT, SET) X(PERSON, phone, TEXT, SET) \
	X(PERSON, org, TEXT, SET) X(PERSON, grid, TEXT, SET) X(PERSON, seq, INT, SET)

#define PROJECT_DEVICE_NEW(X) X(DEVICE_NEW, id, TEXT, KEY) X(DEVICE_NEW, state, TEXT, FIRST)

#define PROJECT_DEVICE(X) \
	X(DEVICE, id, TEXT, KEY) X(DEVICE, kind, TEXT, SET) X(DEVICE, name, TEXT, SET) X(DEVICE, lon, REAL, SET) \
	X(DEVICE, lat, REAL, SET) X(DEVICE, grid, TEXT, SET) X(DEVICE, actions, TEXT, SET) X(DEVICE, state, TEXT, SET) \
	X(DEVICE, reason, TEXT, SET) X(DEVICE, by, TEXT, SET) X(DEVICE, expect_every_s, INT, SET) \
	X(DEVICE, last_seen_at, TIME, SET) X(DEVICE, last_alarm_at, TIME, SET) X(DEVICE, silent_at, TIME, SET) \
	X(DEVICE, disabled_at, TIME, SET) X(DEVICE, alarm_count, INT, ADD) X(DEVICE, seq, INT, SET)

#define PROJECT_PLAYBOOK(X) \
	X(PLAYBOOK, id, TEXT, KEY) X(PLAYBOOK, title, TEXT, SET) X(PLAYBOOK, hash, TEXT, SET) X(PLAYBOOK, incident_type, TEXT, SET) \
	X(PLAYBOOK, priority, INT, SET) X(PLAYBOOK, grade, TEXT, SET) X(PLAYBOOK, response_level, TEXT, SET) \
	X(PLAYBOOK, release, TEXT, SET) X(PLAYBOOK, loaded_at, TIME, SET) X(PLAYBOOK, seq, INT, SET)

#define PROJECT_SHIFT_CHANGE(X) \
	X(SHIFT_CHANGE, person, TEXT, KEY) X(SHIFT_CHANGE, seq, INT, KEY) X(SHIFT_CHANGE, act, TEXT, SET) \
	X(SHIFT_CHANGE, at, TIME, SET) X(SHIFT_CHANGE, by, TEXT, SET) X(SHIFT_CHANGE, note, TEXT, SET)

/* No table: what a rule of project_rule.c is told. */
#define PROJECT_MERGED(X) X(MERGED, incident, TEXT, KEY) X(MERGED, into, TEXT, SET)
#define PROJECT_PARTED(X) X(PARTED, incident, TEXT, KEY) X(PARTED, from, TEXT, SET) X(PARTED, device, TEXT, SET)
#define PROJECT_HOMED(X) X(HOMED, unit, TEXT, KEY) X(HOMED, seq, INT, SET)
#define PROJECT_SEEN(X) X(SEEN, at_ms, TEXT, KEY) X(SEEN, by, TEXT, SET)
#define PROJECT_CLEARED(X) X(CLEARED, source, TEXT, KEY) X(CLEARED, id, TEXT, KEY) X(CLEARED, seq, INT, SET)

/*
 * T(ENUM, SQL name) in the order in which they are written; a name of "" is not written, only told to its rule. What
 * takes over a case's state from before this batch comes before INCIDENT; what takes its alarms, before ALARM.
 */
#define PROJECT_TABLES(T) \
	T(MERGED, "") T(SEEN, "") T(ORDER, "order_") T(INCIDENT, "incident") T(PARTED, "") T(ALARM, "alarm") T(INCIDENT_ALARM, "incident_alarm") T(INCIDENT_EVENT, "incident_event") \
	T(NEED, "need") T(HOMED, "") T(UNIT_NEW, "unit") T(UNIT, "unit") T(DEPOT, "depot") T(STOCK_NEW, "stock") T(STOCK, "stock") \
	T(STOCK_MOVED, "stock") T(SUPPLY, "supply") T(DEADLINE, "deadline") T(NOTIFICATION, "notification") \
	T(CALL_TASK, "call_task") T(SILENCE, "silence") T(WARNING, "warning") T(GRID, "grid") T(PERSON, "person") \
	T(DEVICE_NEW, "device") T(DEVICE, "device") T(PLAYBOOK, "playbook") \
	T(SHIFT_CHANGE, "shift_change") T(CLEARED, "")
/* clang-format on */

#define PROJECT_TABLE_ENUM(table, name) PROJECT_TABLE_##table,
enum project_table { PROJECT_TABLES(PROJECT_TABLE_ENUM) PROJECT_TABLE_COUNT };

/* INCIDENT_id, INCIDENT_number, … and INCIDENT_COLUMNS. */
#define PROJECT_COLUMN_ENUM(table, column, type, mode) table##_##column,

#define PROJECT_COLUMNS_ENUM(table, name) enum { PROJECT_##table(PROJECT_COLUMN_ENUM) table##_COLUMNS };
PROJECT_TABLES(PROJECT_COLUMNS_ENUM)

enum project_type { PROJECT_TEXT, PROJECT_INT, PROJECT_REAL, PROJECT_TIME, PROJECT_DATE };
enum project_mode { PROJECT_KEY, PROJECT_SET, PROJECT_FIRST, PROJECT_ADD };
enum { PROJECT_COLUMNS_MAX = 64 };

#define PROJECT_COLUMNS_FIT(table, name)                                                                     \
	_Static_assert(                                                                                      \
		(int)table##_COLUMNS <= (int)PROJECT_COLUMNS_MAX, "no room for the columns of " #table);
PROJECT_TABLES(PROJECT_COLUMNS_FIT)

struct project_column {
	const char *name;
	uint8_t type, mode;
};

struct project_table_def {
	const char *name;
	const struct project_column *column;
	uint32_t column_count, key_count;
};

extern const struct project_table_def project_table[PROJECT_TABLE_COUNT];

#endif
