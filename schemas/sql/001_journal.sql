-- The schema, its version table, the append-only journal and its checkpoints; not what people query (002).
--
-- How migrations are applied: in the order of their numbers, each file in one transaction of the owner's connection
-- (postgres.migrate_conninfo), followed in that transaction by
--     INSERT INTO dispatch.schema_version (version, name) VALUES (<number>, '<file name>');
-- A number that is already there is skipped. to_regclass('dispatch.schema_version') is null before the first.
-- Roles (ops/postgres-roles.sql): dispatch_owner owns everything here; dispatch_daemon writes; dispatch_report reads.
-- A published file is never edited; what changes is a new number.

CREATE SCHEMA IF NOT EXISTS dispatch;
GRANT USAGE ON SCHEMA dispatch TO dispatch_daemon, dispatch_report;

-- The structure is the database's, not one town's: its rows carry '*'.
CREATE TABLE dispatch.schema_version (
	town_id    text        NOT NULL DEFAULT '*',
	version    integer     NOT NULL,
	name       text        NOT NULL,
	applied_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (town_id, version)
);

-- One row an event: what came in, what the core decided, and the chain over both.
-- Streams: 'actual', and one a drill. The same key with the same hash is a repeat; with another hash, a damage.
CREATE TABLE dispatch.journal (
	town_id   text        NOT NULL,
	stream    text        NOT NULL,
	seq       bigint      NOT NULL CHECK (seq > 0),
	at        timestamptz NOT NULL,                                  -- event time
	epoch     bigint      NOT NULL,                                  -- of the leader that wrote it
	kind      text        NOT NULL,                                  -- the event's kind, a snake_case word
	plan_hash bytea,                                                 -- of the playbooks that decided it
	body      bytea       NOT NULL,                                  -- event and effects, binary
	prev_hash bytea       NOT NULL,
	hash      bytea       NOT NULL CHECK (octet_length(hash) = 32),  -- SHA-256 over prev_hash and this row
	PRIMARY KEY (town_id, stream, seq)
);
CREATE INDEX journal_at ON dispatch.journal (town_id, stream, at);
ALTER TABLE dispatch.journal ALTER COLUMN body SET STORAGE EXTERNAL;  -- short, written once: no compression

-- Where verification starts after old rows were removed: the last row removed, and its hash.
CREATE TABLE dispatch.journal_checkpoint (
	town_id    text        NOT NULL,
	stream     text        NOT NULL,
	seq        bigint      NOT NULL,
	hash       bytea       NOT NULL,
	row_count  bigint      NOT NULL,
	reason     text        NOT NULL,
	removed_by text        NOT NULL DEFAULT session_user,
	removed_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (town_id, stream, seq)
);

-- The past cannot be changed, not even by the owner; only journal_retain below may remove the oldest rows.
CREATE FUNCTION dispatch.journal_refuse() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
	IF TG_OP = 'DELETE' AND current_setting('dispatch.retention', true) = 'running'
	   AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
		RETURN NULL;
	END IF;
	RAISE EXCEPTION 'dispatch.journal is append-only: % refused', TG_OP
		USING ERRCODE = 'insufficient_privilege',
		      HINT = 'old rows are removed only by dispatch.journal_retain(), run by the owner';
END $$;

CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dispatch.journal
	FOR EACH STATEMENT EXECUTE FUNCTION dispatch.journal_refuse();
-- also where triggers are switched to replica mode
ALTER TABLE dispatch.journal ENABLE ALWAYS TRIGGER journal_append_only;

-- Removes the rows of one stream up to and with `last_seq`, and leaves a checkpoint. The owner only. Returns how many.
CREATE FUNCTION dispatch.journal_retain(town text, of_stream text, last_seq bigint, why text) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
	last_hash bytea;
	removed   bigint;
BEGIN
	SELECT j.hash INTO last_hash FROM dispatch.journal j
		WHERE j.town_id = town AND j.stream = of_stream AND j.seq = last_seq;
	IF last_hash IS NULL THEN
		RAISE EXCEPTION 'no row % in stream % of town %', last_seq, of_stream, town;
	END IF;
	PERFORM set_config('dispatch.retention', 'running', true);
	DELETE FROM dispatch.journal j WHERE j.town_id = town AND j.stream = of_stream AND j.seq <= last_seq;
	GET DIAGNOSTICS removed = ROW_COUNT;
	PERFORM set_config('dispatch.retention', '', true);
	INSERT INTO dispatch.journal_checkpoint (town_id, stream, seq, hash, row_count, reason)
		VALUES (town, of_stream, last_seq, last_hash, removed, why);
	RETURN removed;
END $$;
REVOKE EXECUTE ON FUNCTION dispatch.journal_retain(text, text, bigint, text) FROM PUBLIC;

-- The state at one seq, so that a start need not read the whole journal. The newest few are kept.
CREATE TABLE dispatch.snapshot (
	town_id text   NOT NULL,
	stream  text   NOT NULL,
	seq     bigint NOT NULL,
	body    bytea  NOT NULL,
	at      timestamptz,  -- event time of that seq
	PRIMARY KEY (town_id, stream, seq)
);
ALTER TABLE dispatch.snapshot ALTER COLUMN body SET STORAGE EXTERNAL;

GRANT SELECT ON dispatch.schema_version, dispatch.journal_checkpoint TO dispatch_daemon, dispatch_report;
GRANT SELECT, INSERT ON dispatch.journal TO dispatch_daemon;
GRANT SELECT, INSERT, UPDATE, DELETE ON dispatch.snapshot TO dispatch_daemon;
GRANT SELECT ON dispatch.journal, dispatch.snapshot TO dispatch_report;
