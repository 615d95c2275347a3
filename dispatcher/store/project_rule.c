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

/*
 * Of units only, as in dispatch.response_times. Case by case: a server that has not counted its tables yet takes `IN (SELECT)`
 * for a join of few rows, and reads all orders once for each order.
 */
static const char FIRSTS[] =
	"UPDATE dispatch.incident t SET first_answered_at = f.answered_at, first_en_route_at = "
	"f.en_route_at, "
	"first_arrived_at = f.arrived_at FROM (SELECT DISTINCT m.incident FROM unnest($2::text[]) AS k(id) "
	"JOIN "
	"dispatch.order_ m ON m.town_id = $1::text AND m.id = k.id) c CROSS JOIN LATERAL (SELECT "
	"min(o.answered_at) FILTER (WHERE o.state NOT IN ('declined', 'expired')) AS answered_at, "
	"min(o.en_route_at) AS en_route_at, min(o.arrived_at) AS arrived_at FROM dispatch.order_ o WHERE "
	"o.town_id = $1::text AND o.incident = c.incident AND o.kind = 'unit') f "
	"WHERE t.town_id = $1::text AND t.id = c.incident AND (t.first_answered_at, t.first_en_route_at, "
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

/* Whom to telephone; what to say is made of the case as it stands when it is asked for (api/say.c). */
static const char CALL_TASK[] =
	"UPDATE dispatch.call_task t SET name = p.name, phone = p.phone, mode = c.mode FROM "
	"dispatch.call_task k "
	"LEFT JOIN dispatch.incident c ON c.town_id = k.town_id AND c.id = k.incident "
	"LEFT JOIN dispatch.person p ON p.town_id = k.town_id AND p.id = k.person "
	"WHERE k.town_id = $1::text AND k.id = ANY($2::text[]) AND k.name IS NULL AND k.person IS NOT NULL "
	"AND t.town_id = k.town_id AND t.id = k.id";

/* Everything that waited was seen at once: more cases than one row can name. */
static const char SEEN[] = "UPDATE dispatch.incident t SET acknowledged_at = to_timestamp(s.at_ms::bigint / "
			   "1000.0), acknowledged_by = "
			   "nullif(s.by, ''), alert = NULL FROM unnest($2::text[], $3::text[]) AS s(at_ms, "
			   "by) WHERE t.town_id = "
			   "$1::text AND t.alert = 'waits'";

/* A sensor's alarms go with it into the case that it has become; they are counted before they go. */
static const char PARTED_COUNT[] =
	"WITH m AS (SELECT p.id, p.past, count(*) AS alarms FROM unnest($2::text[], $3::text[], $4::text[]) "
	"AS "
	"p(id, past, device) JOIN dispatch.alarm a ON a.town_id = $1::text AND a.incident = p.past AND "
	"a.source = "
	"p.device AND a.state = 'raised' GROUP BY p.id, p.past) UPDATE dispatch.incident t SET alarm_count = "
	"coalesce(t.alarm_count, 0) + d.change FROM (SELECT m.id, m.alarms AS change FROM m UNION ALL SELECT "
	"m.past, -m.alarms FROM m) d WHERE t.town_id = $1::text AND t.id = d.id";

static const char PARTED_ALARM[] =
	"UPDATE dispatch.alarm t SET incident = p.id FROM unnest($2::text[], $3::text[], $4::text[]) AS "
	"p(id, past, "
	"device) WHERE t.town_id = $1::text AND t.incident = p.past AND t.source = p.device";

static const char PARTED_JOINED[] =
	"UPDATE dispatch.incident_alarm t SET incident = p.id FROM unnest($2::text[], $3::text[], "
	"$4::text[]) AS "
	"p(id, past, device) WHERE t.town_id = $1::text AND t.incident = p.past AND t.source = p.device";

/* An order that a late yes has put in force again has no end. */
static const char IN_FORCE[] =
	"UPDATE dispatch.order_ t SET ended_at = NULL FROM unnest($2::text[]) AS k(id) WHERE "
	"t.town_id = $1::text AND t.id = k.id AND t.ended_at = 'infinity'";

#define RULE(table, after, arrays, sql)                                                                      \
	{                                                                                                    \
		PROJECT_TABLE_##table, PROJECT_TABLE_##after, arrays, sql                                    \
	}

const struct project_rule project_rule[PROJECT_RULE_COUNT] = {
	RULE(MERGED, MERGED, 2, MERGED),
	RULE(ORDER, ORDER, 1, ORDER),
	RULE(ORDER, ORDER, 1, IN_FORCE),
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
	RULE(SEEN, SEEN, 2, SEEN),
	RULE(PARTED, PARTED, 3, PARTED_COUNT),
	RULE(PARTED, PARTED, 3, PARTED_ALARM),
	RULE(PARTED, PARTED, 3, PARTED_JOINED),
};
