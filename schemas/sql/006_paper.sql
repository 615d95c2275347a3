-- Cases that were run on paper, with their true times; what a verification rested on; cases that were split off.

ALTER TABLE dispatch.incident
	ADD COLUMN done_by    text,
	ADD COLUMN evidence   text,         -- reference of a photo or a document
	ADD COLUMN paper_by   text,         -- who brought it in from paper; NULL: it was run here
	ADD COLUMN paper_at   timestamptz,
	ADD COLUMN split_from text;         -- incident

CREATE OR REPLACE VIEW dispatch.response_times AS
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
		extract(epoch FROM coalesce(CASE WHEN i.paper_at IS NOT NULL THEN i.dispatched_at END, f.ordered_at) - i.opened_at)
			AS first_order_s,
		extract(epoch FROM f.acknowledged_at - i.opened_at) AS first_acknowledged_s,
		extract(epoch FROM f.en_route_at - i.opened_at) AS first_en_route_s,
		extract(epoch FROM coalesce(CASE WHEN i.paper_at IS NOT NULL THEN i.first_arrived_at END, f.arrived_at) - i.opened_at) AS first_arrived_s,
		extract(epoch FROM i.done_at - i.opened_at) AS done_s,
		extract(epoch FROM i.verified_at - i.opened_at) AS verified_s,
		extract(epoch FROM i.closed_at - i.opened_at) AS closed_s
	FROM dispatch.incident i
	LEFT JOIN first f ON f.town_id = i.town_id AND f.incident = i.id;
