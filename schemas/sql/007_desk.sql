-- The duty officer's desk: who was on duty, and who has seen what.

ALTER TABLE dispatch.incident ADD COLUMN alerted_at timestamptz, ADD COLUMN acknowledged_at timestamptz,
	ADD COLUMN acknowledged_by text;
COMMENT ON COLUMN dispatch.incident.alerted_at IS 'when it last asked for a person''s eye';
COMMENT ON COLUMN dispatch.incident.acknowledged_at IS 'when a person last saw that';

-- One row a person and a coming or going; a hand-over is two.
CREATE TABLE dispatch.shift_change (
	town_id text   NOT NULL,
	person  text   NOT NULL,
	seq     bigint NOT NULL,
	act     text,             -- on off
	at      timestamptz,
	by      text,
	note    text,
	PRIMARY KEY (town_id, person, seq)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON dispatch.shift_change TO dispatch_daemon;
GRANT SELECT ON dispatch.shift_change TO dispatch_report;

CREATE VIEW dispatch.shift AS
	SELECT s.town_id, s.person, p.name, s.at AS on_at, s.off_at
	FROM (SELECT c.town_id, c.person, c.act, c.at,
			lead(c.at) OVER (PARTITION BY c.town_id, c.person ORDER BY c.seq) AS off_at
		FROM dispatch.shift_change c) s
	LEFT JOIN dispatch.person p ON p.town_id = s.town_id AND p.id = s.person
	WHERE s.act = 'on';
COMMENT ON VIEW dispatch.shift IS 'who was on duty from when until when; off_at NULL: still is';
GRANT SELECT ON dispatch.shift TO dispatch_daemon, dispatch_report;
