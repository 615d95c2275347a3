-- What reports start from: each case's timeline, and its times to respond; no data of their own.

CREATE VIEW dispatch.incident_timeline AS
	SELECT e.town_id, e.incident, i.title, e.at, e.kind, e.text_zh, e.text_en, e.who, e.seq, e.n, i.mode
	FROM dispatch.incident_event e
	LEFT JOIN dispatch.incident i ON i.town_id = e.town_id AND i.id = e.incident
	ORDER BY e.town_id, e.incident, e.seq, e.n;
COMMENT ON VIEW dispatch.incident_timeline IS 'what happened in each case, in order, in words';

-- Seconds from the first report to each first; NULL: has not happened. Only orders to units answer and travel.
CREATE VIEW dispatch.response_times AS
	WITH first AS (
		SELECT o.town_id, o.incident,
			min(o.issued_at) AS ordered_at,
			min(o.answered_at) FILTER (WHERE o.state NOT IN ('declined', 'expired')) AS acknowledged_at,
			min(o.en_route_at) AS en_route_at,
			min(o.arrived_at) AS arrived_at,
			count(*) AS order_count
		FROM dispatch.order_ o
		WHERE o.kind = 'unit'
		GROUP BY o.town_id, o.incident
	)
	SELECT i.town_id, i.id AS incident, i.type, i.title, i.playbook, i.priority, i.grade, i.grid, i.state, i.disposition,
		i.mode, i.opened_at AS received_at, coalesce(f.order_count, 0) AS order_count,
		extract(epoch FROM i.accepted_at - i.opened_at) AS accepted_s,
		extract(epoch FROM f.ordered_at - i.opened_at) AS first_order_s,
		extract(epoch FROM f.acknowledged_at - i.opened_at) AS first_acknowledged_s,
		extract(epoch FROM f.en_route_at - i.opened_at) AS first_en_route_s,
		extract(epoch FROM f.arrived_at - i.opened_at) AS first_arrived_s,
		extract(epoch FROM i.done_at - i.opened_at) AS done_s,
		extract(epoch FROM i.verified_at - i.opened_at) AS verified_s,
		extract(epoch FROM i.closed_at - i.opened_at) AS closed_s
	FROM dispatch.incident i
	LEFT JOIN first f ON f.town_id = i.town_id AND f.incident = i.id;
COMMENT ON VIEW dispatch.response_times IS 'seconds from the first report of a case to each first';

GRANT SELECT ON dispatch.incident_timeline, dispatch.response_times TO dispatch_daemon, dispatch_report;
