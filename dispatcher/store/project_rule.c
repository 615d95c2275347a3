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
	"UPDATE dispatch.incident t SET shortfall = nullif(t.shortfall, ''), playbook_hash = "
	"coalesce(t.playbook_hash, "
	"(SELECT p.hash FROM dispatch.playbook p WHERE p.town_id = t.town_id AND p.id = t.playbook)) "
	"WHERE t.town_id = $1::text AND t.id = ANY($2::text[]) AND (t.shortfall = '' OR "
	"(t.playbook_hash IS NULL AND t.playbook IS NOT NULL))";

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

#define MODE_OF_CASE(name)                                                                                   \
	"UPDATE dispatch." name " t SET mode = c.mode FROM dispatch.incident c WHERE t.town_id = $1::text "  \
	"AND t.id = ANY($2::text[]) AND t.mode IS NULL AND c.town_id = t.town_id AND c.id = t.incident"

/* Whom to telephone, and what to say: the words that the office reads out, as api/show_call.c has them. */
static const char CALL_TASK[] =
	"UPDATE dispatch.call_task t SET name = w.name, phone = w.phone, mode = w.mode, text = w.text FROM "
	"(SELECT k.id, p.name, p.phone, c.mode, '事件' || k.incident || ',' || coalesce(c.title, '') || "
	"',网格' || "
	"coalesce(g.name, '') || '。' || CASE WHEN k.order_id IS NULL THEN '请答复。' ELSE '派遣任务:' || "
	"coalesce(o.task, '') || '。请答复接受或谢绝。' END AS text FROM dispatch.call_task k "
	"LEFT JOIN dispatch.incident c ON c.town_id = k.town_id AND c.id = k.incident "
	"LEFT JOIN dispatch.grid g ON g.town_id = k.town_id AND g.id = c.grid "
	"LEFT JOIN dispatch.order_ o ON o.town_id = k.town_id AND o.id = k.order_id "
	"LEFT JOIN dispatch.person p ON p.town_id = k.town_id AND p.id = k.person "
	"WHERE k.town_id = $1::text AND k.id = ANY($2::text[]) AND k.text IS NULL AND k.incident IS NOT "
	"NULL) w "
	"WHERE t.town_id = $1::text AND t.id = w.id";

#define RULE(table, after, arrays, sql)                                                                      \
	{                                                                                                    \
		PROJECT_TABLE_##table, PROJECT_TABLE_##after, arrays, sql                                    \
	}

const struct project_rule project_rule[PROJECT_RULE_COUNT] = {
	RULE(MERGED, MERGED, 2, MERGED),
	RULE(ORDER, ORDER, 1, ORDER),
	RULE(INCIDENT, PLAYBOOK, 1, INCIDENT),
	RULE(SUPPLY, PLAYBOOK, 1, SUPPLY),
	RULE(DEADLINE, PLAYBOOK, 1, MODE_OF_CASE("deadline")),
	RULE(NOTIFICATION, PLAYBOOK, 1, MODE_OF_CASE("notification")),
	RULE(CALL_TASK, PLAYBOOK, 1, CALL_TASK),
	RULE(CLEARED, CLEARED, 2, CLEARED),
};
