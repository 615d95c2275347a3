-- Which cases wait for a person's eye: one that was raised and ended by itself does not, whoever acknowledges all others.

ALTER TABLE dispatch.incident ADD COLUMN alert text;  -- waits
COMMENT ON COLUMN dispatch.incident.alert IS 'waits: something about it wants a person''s eye, and nobody has seen it';
UPDATE dispatch.incident SET alert = 'waits'
	WHERE closed_at IS NULL AND alerted_at > coalesce(acknowledged_at, '-infinity');
CREATE INDEX incident_waits ON dispatch.incident (town_id) WHERE alert = 'waits';
