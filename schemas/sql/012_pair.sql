-- Two daemons over one journal: which of them leads, and what the other one had written on its own.

-- One row a town. The leader raises the beat; the one that stands by, when it has not moved for long enough, sets an epoch of
-- its own. What the leader writes reads this row FOR KEY SHARE in the same transaction. The epoch is part of a unique key,
-- so that setting it is a key update, which waits for those transactions; a beat is none, and waits for nobody.
CREATE TABLE dispatch.lease (
	town_id text        PRIMARY KEY,
	epoch   bigint      NOT NULL CHECK (epoch > 0),
	holder  text        NOT NULL,
	beat    bigint      NOT NULL DEFAULT 0,
	at      timestamptz NOT NULL DEFAULT clock_timestamp(), -- of the last beat, by the server's clock; for people
	UNIQUE (town_id, epoch)
) WITH (fillfactor = 10);
COMMENT ON TABLE dispatch.lease IS 'which of two daemons leads; without a pair there is no row';
COMMENT ON COLUMN dispatch.lease.epoch IS 'rises with each take-over; rows and orders of the leader carry it';
COMMENT ON COLUMN dispatch.lease.beat IS 'rises while the holder is alive and can write';
GRANT SELECT, INSERT, UPDATE ON dispatch.lease TO dispatch_daemon;
GRANT SELECT ON dispatch.lease TO dispatch_report;

-- Rows that a leader wrote to its own log while another one had taken over: no part of the journal. The leader brings them in
-- again, alarms as new events and orders as facts for the officer, and marks them.
CREATE TABLE dispatch.stray (
	town_id     text        NOT NULL,
	stream      text        NOT NULL,
	seq         bigint      NOT NULL,
	at          timestamptz NOT NULL,
	epoch       bigint      NOT NULL,
	kind        text        NOT NULL,
	plan_hash   bytea,
	body        bytea       NOT NULL,
	prev_hash   bytea       NOT NULL,
	hash        bytea       NOT NULL,
	holder      text        NOT NULL,
	set_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
	brought_seq bigint,
	refused     text,
	PRIMARY KEY (town_id, stream, hash)
);
ALTER TABLE dispatch.stray ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX stray_waits ON dispatch.stray (town_id, stream, epoch, seq) WHERE brought_seq IS NULL AND refused IS NULL;
COMMENT ON TABLE dispatch.stray IS 'rows of a leader that had been replaced; a row waits while brought_seq and refused are NULL';
COMMENT ON COLUMN dispatch.stray.holder IS 'the daemon that wrote it, as in dispatch.lease';
COMMENT ON COLUMN dispatch.stray.brought_seq IS 'the row of the journal with which what it says was in';
COMMENT ON COLUMN dispatch.stray.refused IS 'why it cannot be brought in: for a person to look at';
GRANT SELECT, INSERT, UPDATE ON dispatch.stray TO dispatch_daemon;
GRANT SELECT ON dispatch.stray TO dispatch_report;
