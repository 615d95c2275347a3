-- A journal of :rows rows of a town of its own, and :flips changes to it, one at a time, each looked for and taken back.
CREATE FUNCTION pg_temp.journal_make(rows bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	before bytea := decode(repeat('00', 32), 'hex');
	plan bytea := sha256('plan');
	at timestamptz := '2026-07-01T00:00:00Z';
	body bytea;
	hash bytea;
BEGIN
	FOR n IN 1 .. rows LOOP
		at := at + n % 977 * interval '1 ms';
		body := sha256(int8send(n::bigint));
		hash := dispatch.journal_hash(before, n::bigint, at, (1 + n / 1000)::bigint, plan, 'alarm', body);
		INSERT INTO dispatch.journal VALUES ('t', 'actual', n, at, 1 + n / 1000, 'alarm', plan, body, before, hash);
		before := hash;
	END LOOP;
END $$;

-- One bit of bytes turned.
CREATE FUNCTION pg_temp.turned(bytes bytea) RETURNS bytea LANGUAGE sql VOLATILE AS $$
	SELECT set_bit(bytes, bit, 1 - get_bit(bytes, bit)) FROM (SELECT floor(random() * 8 * octet_length(bytes))::int AS bit) b
$$;

-- Changes one column of one row, looks, and takes the change back. Returns what was not found; NULL: it was.
CREATE FUNCTION pg_temp.flip(n bigint, which text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found bigint;
BEGIN
	UPDATE dispatch.journal SET
		town_id = CASE which WHEN 'town_id' THEN 'u' ELSE town_id END,
		stream = CASE which WHEN 'stream' THEN 'drill' ELSE stream END,
		seq = CASE which WHEN 'seq' THEN seq + 10000000 ELSE seq END,
		at = CASE which WHEN 'at' THEN at + floor(1 + random() * 2000) * interval '1 microsecond' ELSE at END,
		epoch = CASE which WHEN 'epoch' THEN epoch + 1 ELSE epoch END,
		kind = CASE which WHEN 'kind' THEN 'tick' ELSE kind END,
		plan_hash = CASE which WHEN 'plan_hash' THEN pg_temp.turned(plan_hash)
			WHEN 'no plan_hash' THEN NULL ELSE plan_hash END,
		body = CASE which WHEN 'body' THEN pg_temp.turned(body) WHEN 'longer body' THEN body || '\x00' ELSE body END,
		prev_hash = CASE which WHEN 'prev_hash' THEN pg_temp.turned(prev_hash) ELSE prev_hash END,
		hash = CASE which WHEN 'hash' THEN pg_temp.turned(hash) ELSE hash END
		WHERE town_id = 't' AND stream = 'actual' AND seq = n;
	IF which = 'row' THEN
		DELETE FROM dispatch.journal WHERE town_id = 't' AND stream = 'actual' AND seq = n;
	ELSIF which = 'order' THEN
		UPDATE dispatch.journal SET seq = 20000000 WHERE town_id = 't' AND stream = 'actual' AND seq = n;
		UPDATE dispatch.journal SET seq = n WHERE town_id = 't' AND stream = 'actual' AND seq = n + 1;
		UPDATE dispatch.journal SET seq = n + 1 WHERE town_id = 't' AND stream = 'actual' AND seq = 20000000;
	END IF;
	SELECT f.seq INTO found FROM dispatch.journal_faults('t', 'actual', greatest(n - 3, 0), n + 2) f ORDER BY f.seq LIMIT 1;
	RAISE EXCEPTION 'taken back' USING ERRCODE = 'DT000';
EXCEPTION WHEN SQLSTATE 'DT000' THEN
	RETURN CASE WHEN found IS DISTINCT FROM n THEN which || ' of row ' || n END;
END $$;

SET synchronous_commit = off;
ALTER TABLE dispatch.journal DISABLE TRIGGER journal_append_only;
SELECT pg_temp.journal_make(:rows);
ANALYZE dispatch.journal;
SELECT 'whole: ' || count(*) FROM dispatch.journal_faults('t', 'actual', 0, :rows);
SELECT setseed(0.42);
SELECT 'changed: ' || count(*) || ', columns: ' || count(DISTINCT which) || ', not found: ' || count(missed)
	FROM (SELECT which, pg_temp.flip(n, which) AS missed FROM (
		SELECT floor(1 + random() * (:rows - 4))::bigint AS n, (ARRAY['town_id', 'stream', 'seq', 'at', 'epoch', 'kind',
			'plan_hash', 'no plan_hash', 'body', 'longer body', 'prev_hash', 'hash', 'row', 'order'])[1 + i % 14] AS which
			FROM generate_series(1, :flips) AS i OFFSET 0) tries) looked;
SELECT 'whole again: ' || count(*) FROM dispatch.journal_faults('t', 'actual', 0, :rows);
ALTER TABLE dispatch.journal ENABLE ALWAYS TRIGGER journal_append_only;
