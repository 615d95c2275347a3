-- Who may speak at a port, and as what: the registry of keys without what tokens are checked against.

CREATE TABLE dispatch.key (
	town_id        text   NOT NULL,
	id             text   NOT NULL,
	role           text,             -- device unit depot gateway reader console pair
	kind           text,             -- curve token
	who            text,             -- device, unit, depot or person
	public_key     text,             -- Z85
	until_at       timestamptz,      -- NULL: until it is revoked
	added_at       timestamptz,
	by             text,
	reason         text,
	revoked_at     timestamptz,
	revoked_by     text,
	revoked_reason text,
	seq            bigint NOT NULL,
	PRIMARY KEY (town_id, id)
);
COMMENT ON TABLE dispatch.key IS 'every key that was ever taken in; one holds while revoked_at is NULL and until_at has not come';
GRANT SELECT, INSERT, UPDATE, DELETE ON dispatch.key TO dispatch_daemon;
GRANT SELECT ON dispatch.key TO dispatch_report;
