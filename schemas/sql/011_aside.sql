-- What became of a row that PostgreSQL refused: it waits for a person, who has it written again or leaves it out.

ALTER TABLE dispatch.quarantine
	ADD COLUMN times          integer NOT NULL DEFAULT 1,  -- how often it was refused
	ADD COLUMN settled        text CHECK (settled IN ('released', 'dropped')),
	ADD COLUMN settled_at     timestamptz,
	ADD COLUMN settled_by     text,
	ADD COLUMN settled_reason text;
COMMENT ON COLUMN dispatch.quarantine.settled IS
	'NULL: waits for a person; released: written where it was refused; dropped: left out for good';
CREATE INDEX quarantine_waits ON dispatch.quarantine (town_id, stream, seq) WHERE settled IS NULL;
GRANT UPDATE (error, set_aside_at, times, settled, settled_at, settled_by, settled_reason) ON dispatch.quarantine
	TO dispatch_daemon;
