/* project_rule: what a projection takes over from another one, in the same transaction; no row is read for it. */
#include "store/project_rule.h"

/* A case keeps its own alarms when it is merged; the one that it goes into counts them too, until it is taken out again. */
static const char MERGED[] =
	"UPDATE dispatch.incident t SET alarm_count = CASE WHEN t.alarm_count + d.change < 0 THEN "
	"t.alarm_count "
	"ELSE t.alarm_count + d.change END FROM (SELECT x.id, sum(x.change) AS change FROM (SELECT "
	"coalesce(nullif(m.into, ''), c.merged_into) AS id, CASE WHEN m.into = '' THEN -c.alarm_count ELSE "
	"c.alarm_count END AS change FROM unnest($2::text[], $3::text[]) AS m(incident, \"into\") JOIN "
	"dispatch.incident c ON c.town_id = $1::text AND c.id = m.incident) x GROUP BY x.id) d "
	"WHERE t.town_id = $1::text AND t.id = d.id";

static const char ORDER[] =
	"UPDATE dispatch.order_ t SET mode = c.mode, lon = coalesce(t.lon, c.lon), lat = coalesce(t.lat, "
	"c.lat), "
	"level = coalesce(t.level, c.level) FROM dispatch.incident c WHERE t.town_id = $1::text AND "
	"t.id = ANY($2::text[]) AND t.mode IS NULL AND c.town_id = t.town_id AND c.id = t.incident";

/* The plan of that name that is in force when the case is opened. */
static const char INCIDENT[] =
	"UPDATE dispatch.incident t SET playbook_hash = p.hash FROM dispatch.playbook p WHERE t.town_id = "
	"$1::text AND "
	"t.id = ANY($2::text[]) AND t.playbook_hash IS NULL AND p.town_id = t.town_id AND p.id = t.playbook";

/* One that is open again has not ended. */
static const char REOPENED[] = "UPDATE dispatch.incident t SET closed_at = NULL, closed_by = NULL, "
			       "disposition = NULL WHERE t.town_id = $1::text "
			       "AND t.id = ANY($2::text[]) AND t.closed_at IS NOT NULL AND t.state NOT IN "
			       "('closed', 'cancelled', 'referred')";

static const char SHORTFALL[] =
	"UPDATE dispatch.incident t SET shortfall = (SELECT string_agg(coalesce(n.what, n.id) || ' 缺 ' || "
	"n.missing || "
	"coalesce(' ' || n.why, ''), '; ' ORDER BY length(n.id), n.id) FROM dispatch.need n WHERE n.town_id "
	"= t.town_id "
	"AND n.incident = t.id AND n.state = 'open' AND n.missing > 0) WHERE t.town_id = $1::text AND t.id "
	"IN "
	"(SELECT m.incident FROM dispatch.need m WHERE m.town_id = $1::text AND m.id = ANY($2::text[]))";

/* Of units only, as in dispatch.response_times. */
static const char FIRSTS[] =
	"UPDATE dispatch.incident t SET first_answered_at = f.answered_at, first_en_route_at = "
	"f.en_route_at, "
	"first_arrived_at = f.arrived_at FROM (SELECT o.incident, min(o.answered_at) FILTER (WHERE o.state "
	"NOT IN "
	"('declined', 'expired')) AS answered_at, min(o.en_route_at) AS en_route_at, min(o.arrived_at) AS "
	"arrived_at "
	"FROM dispatch.order_ o WHERE o.town_id = $1::text AND o.kind = 'unit' AND o.incident IN (SELECT "
	"m.incident FROM "
	"dispatch.order_ m WHERE m.town_id = $1::text AND m.id = ANY($2::text[])) GROUP BY o.incident) f "
	"WHERE t.town_id = $1::text AND t.id = f.incident AND (t.first_answered_at, t.first_en_route_at, "
	"t.first_arrived_at) IS DISTINCT FROM (f.answered_at, f.en_route_at, f.arrived_at)";

static const char HOMED[] = "UPDATE dispatch.unit t SET lon = t.home_lon, lat = t.home_lat, position_at = "
			    "NULL WHERE t.town_id = $1::text "
			    "AND t.id = ANY($2::text[])";

static const char RESERVED[] =
	"UPDATE dispatch.stock t SET reserved = coalesce((SELECT sum(s.quantity) FROM dispatch.supply s "
	"WHERE "
	"s.town_id = t.town_id AND s.depot = t.depot AND s.item = t.item AND s.state = 'reserved'), 0) "
	"FROM unnest($2::text[], $3::text[]) AS m(depot, item) WHERE t.town_id = $1::text AND t.depot = "
	"m.depot AND "
	"t.item = m.item";

/* An episode ends for the alarms of the same device and type in the same case. */
static const char CLEARED[] =
	"UPDATE dispatch.alarm t SET cleared_at = (SELECT min(e.received_at) FROM dispatch.alarm e WHERE "
	"e.town_id = t.town_id AND (e.source, e.id) IN (SELECT * FROM unnest($2::text[], $3::text[])) AND "
	"e.source = t.source AND e.type = t.type AND e.incident = t.incident AND e.seq > t.seq) "
	"FROM dispatch.alarm c WHERE c.town_id = $1::text AND (c.source, c.id) IN (SELECT * FROM "
	"unnest($2::text[], "
	"$3::text[])) AND t.town_id = c.town_id AND t.incident = c.incident AND t.source = c.source AND "
	"t.type = c.type AND t.state = 'raised' AND t.cleared_at IS NULL AND t.seq < c.seq";

static const char SUPPLY[] =
	"UPDATE dispatch.supply t SET mode = c.mode, unit = (SELECT s.unit FROM dispatch.stock s WHERE "
	"s.town_id = t.town_id AND s.depot = t.depot AND s.item = t.item) FROM dispatch.incident c "
	"WHERE t.town_id = $1::text AND t.id = ANY($2::text[]) AND (t.mode IS NULL OR t.unit IS NULL) AND "
	"c.town_id = t.town_id AND c.id = t.incident";

/* One that was met in the row that opened the case began with it. */
static const char DEADLINE[] =
	"UPDATE dispatch.deadline t SET mode = c.mode, started_at = coalesce(t.started_at, c.opened_at), "
	"allowed_s = coalesce(t.allowed_s, extract(epoch FROM t.due_at - c.opened_at)::bigint) FROM "
	"dispatch.incident c WHERE t.town_id = $1::text AND t.id = ANY($2::text[]) AND (t.mode IS NULL OR "
	"t.started_at IS NULL) AND c.town_id = t.town_id AND c.id = t.incident";

static const char NOTIFICATION[] =
	"UPDATE dispatch.notification t SET mode = c.mode FROM dispatch.incident c WHERE t.town_id = "
	"$1::text "
	"AND t.id = ANY($2::text[]) AND t.mode IS NULL AND c.town_id = t.town_id AND c.id = t.incident";

/* What is to be loaded for the order `number`. */
#define ITEMS_OF(number)                                                                                     \
	"coalesce((SELECT string_agg(coalesce(s.name, '') || '×' || u.quantity || coalesce(s.unit, ''), "   \
	"'、' ORDER "                                                                                       \
	"BY length(u.id) DESC, u.id DESC) FROM dispatch.supply u LEFT JOIN dispatch.stock s ON s.town_id = " \
	"u.town_id AND s.depot = u.depot AND s.item = u.item WHERE u.town_id = k.town_id AND "               \
	"u.incident = k.incident AND u.order_id = " number "), '')"

/* Whom to telephone, and what to say: the words that the office reads out, as api/show_call.c has them. */
static const char CALL_TASK[] =
	"UPDATE dispatch.call_task t SET name = w.name, phone = w.phone, mode = w.mode, text = w.text FROM "
	"(SELECT k.id, p.name, p.phone, c.mode, '事件' || k.incident || ',' || coalesce(c.title, '') || "
	"',网格' || "
	"coalesce(g.name, '') || coalesce(',报警点' || d.name, '') || '。' || CASE WHEN k.order_id IS NULL "
	"THEN '请答复。' ELSE CASE WHEN o.kind = 'depot' THEN '请备货:' || " ITEMS_OF(
		"o.id") " WHEN "
			"o.carrier_order IS NOT NULL THEN '请先到' || coalesce(h.name, '') || '提货:' "
			"|| " ITEMS_OF("l.id") " || "
					       "',再送往现场' ELSE '派遣任务:' || coalesce(o.task, '') END "
					       "|| '。请答复接受或谢绝。' END AS text "
					       "FROM dispatch.call_task k "
					       "LEFT JOIN dispatch.incident c ON c.town_id = k.town_id AND "
					       "c.id = k.incident "
					       "LEFT JOIN dispatch.grid g ON g.town_id = k.town_id AND g.id "
					       "= c.grid "
					       "LEFT JOIN dispatch.device d ON d.town_id = k.town_id AND "
					       "d.id = c.source "
					       "LEFT JOIN dispatch.order_ o ON o.town_id = k.town_id AND "
					       "o.id = k.order_id "
					       "LEFT JOIN dispatch.order_ l ON l.town_id = k.town_id AND "
					       "l.id = o.carrier_order "
					       "LEFT JOIN dispatch.depot h ON h.town_id = k.town_id AND h.id "
					       "= l.target "
					       "LEFT JOIN dispatch.person p ON p.town_id = k.town_id AND "
					       "p.id = k.person "
					       "WHERE k.town_id = $1::text AND k.id = ANY($2::text[]) AND "
					       "k.text IS NULL AND k.incident IS NOT NULL) w "
					       "WHERE t.town_id = $1::text AND t.id = w.id";

#define RULE(table, after, arrays, sql)                                                                      \
	{                                                                                                    \
		PROJECT_TABLE_##table, PROJECT_TABLE_##after, arrays, sql                                    \
	}

const struct project_rule project_rule[PROJECT_RULE_COUNT] = {
	RULE(MERGED, MERGED, 2, MERGED),
	RULE(ORDER, ORDER, 1, ORDER),
	RULE(HOMED, HOMED, 1, HOMED),
	RULE(INCIDENT, PLAYBOOK, 1, INCIDENT),
	RULE(INCIDENT, PLAYBOOK, 1, REOPENED),
	RULE(NEED, PLAYBOOK, 1, SHORTFALL),
	RULE(ORDER, PLAYBOOK, 1, FIRSTS),
	RULE(STOCK_MOVED, PLAYBOOK, 2, RESERVED),
	RULE(SUPPLY, PLAYBOOK, 1, SUPPLY),
	RULE(DEADLINE, PLAYBOOK, 1, DEADLINE),
	RULE(NOTIFICATION, PLAYBOOK, 1, NOTIFICATION),
	RULE(CALL_TASK, PLAYBOOK, 1, CALL_TASK),
	RULE(CLEARED, CLEARED, 2, CLEARED),
};
