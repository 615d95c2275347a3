-- Columns that nothing says anything about are gone; what the cases' clearing is found by is added.

ALTER TABLE dispatch.alarm DROP COLUMN episode;  -- an episode is a device's alarms of one type in one case, up to cleared_at
ALTER TABLE dispatch.unit DROP COLUMN grid;      -- units belong to a team, not to a grid
ALTER TABLE dispatch.depot DROP COLUMN phone;    -- its keeper's, in dispatch.person
ALTER TABLE dispatch.supply DROP COLUMN returned, DROP COLUMN returned_at, DROP COLUMN by;  -- what comes back is stock
ALTER TABLE dispatch.supply DROP COLUMN range_m, DROP COLUMN travel_s, DROP COLUMN reason, DROP COLUMN arrived_at;  -- its order's
ALTER TABLE dispatch.deadline DROP COLUMN order_id;
ALTER TABLE dispatch.notification DROP COLUMN text, DROP COLUMN rung, DROP COLUMN delivered_at;
ALTER TABLE dispatch.call_task DROP COLUMN text;  -- said from the case as it stands: GET /v1/tasks
ALTER TABLE dispatch.grid DROP COLUMN lon, DROP COLUMN lat, DROP COLUMN outline;  -- in the town pack
ALTER TABLE dispatch.playbook DROP COLUMN body;  -- dispatch.journal has each version whole

-- What a town pack or a plan may say fits.
ALTER TABLE dispatch.unit ALTER COLUMN turnout_s TYPE bigint;
ALTER TABLE dispatch.depot ALTER COLUMN load_s TYPE bigint;
ALTER TABLE dispatch.device ALTER COLUMN expect_every_s TYPE bigint;
ALTER TABLE dispatch.deadline ALTER COLUMN allowed_s TYPE bigint;

COMMENT ON COLUMN dispatch.alarm.cleared_at IS 'of a raised alarm: when its device took it back';
COMMENT ON COLUMN dispatch.order_.rank IS '1: no free unit was nearer; of units chosen by the plan';
COMMENT ON COLUMN dispatch.order_.level IS 'of the case when it was issued';

-- What a case asks for, and what of it could not be found.
CREATE TABLE dispatch.need (
	town_id  text NOT NULL,
	id       text NOT NULL,
	incident text,
	what     text,     -- item, skills
	wanted   bigint,
	missing  bigint,
	state    text,     -- open filled ended
	why      text,     -- why some are missing
	at       timestamptz,
	seq      bigint,
	PRIMARY KEY (town_id, id)
);
CREATE INDEX need_incident ON dispatch.need (town_id, incident);
GRANT SELECT, INSERT, UPDATE, DELETE ON dispatch.need TO dispatch_daemon;
GRANT SELECT ON dispatch.need TO dispatch_report;

CREATE INDEX supply_reserved ON dispatch.supply (town_id, depot, item) WHERE state = 'reserved';
CREATE INDEX alarm_uncleared ON dispatch.alarm (town_id, incident, source, type)
	WHERE state = 'raised' AND cleared_at IS NULL;

-- A snapshot lies in parts of 1 MiB, so that none of them holds anything up; it can be used when all its parts are there.
DROP TABLE dispatch.snapshot;
CREATE TABLE dispatch.snapshot (
	town_id text    NOT NULL,
	stream  text    NOT NULL,
	seq     bigint  NOT NULL,        -- the state after this row
	part    integer NOT NULL CHECK (part >= 0),
	parts   integer NOT NULL CHECK (parts > part),
	at      timestamptz,             -- event time of that row
	hash    bytea   NOT NULL CHECK (octet_length(hash) = 32),  -- of that row: what the next one follows
	body    bytea   NOT NULL,
	PRIMARY KEY (town_id, stream, seq, part)
);
ALTER TABLE dispatch.snapshot ALTER COLUMN body SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, UPDATE, DELETE ON dispatch.snapshot TO dispatch_daemon;
GRANT SELECT ON dispatch.snapshot TO dispatch_report;
