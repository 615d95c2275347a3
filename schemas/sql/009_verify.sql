-- The check of a stretch of the journal, row by row; what 004's journal_broken says of the first fault, this says of each.

-- What is wrong in (after_seq, to_seq], at most a hundred; none: each row is there, is what its hash was made of, and follows the
-- row before it. Rows set aside count. A column that the hash has in a coarser form must be in the very form that it has it in:
-- event time in whole milliseconds, plan_hash as 32 bytes.
CREATE FUNCTION dispatch.journal_faults(of_town text, of_stream text, after_seq bigint, to_seq bigint)
	RETURNS TABLE (seq bigint, what text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
	r      record;
	next   bigint := after_seq + 1;
	before bytea; -- the hash of row next - 1; NULL: not known
	told   integer := 0;
BEGIN
	IF after_seq = 0 THEN
		before := decode(repeat('00', 32), 'hex');
	ELSE
		SELECT c.hash INTO before FROM dispatch.journal_checkpoint c
			WHERE c.town_id = of_town AND c.stream = of_stream AND c.seq = after_seq;
	END IF;
	FOR r IN
		SELECT j.seq, j.at, j.epoch, j.plan_hash, j.kind, j.body, j.prev_hash, j.hash FROM dispatch.journal j
			WHERE j.town_id = of_town AND j.stream = of_stream AND j.seq >= after_seq AND j.seq <= to_seq
		UNION ALL
		SELECT q.seq, q.at, q.epoch, q.plan_hash, q.kind, q.body, q.prev_hash, q.hash FROM dispatch.quarantine q
			WHERE q.town_id = of_town AND q.stream = of_stream AND q.seq >= after_seq AND q.seq <= to_seq
			AND q.stage = 'journal' AND NOT EXISTS (SELECT FROM dispatch.journal j
				WHERE j.town_id = of_town AND j.stream = of_stream AND j.seq = q.seq)
		ORDER BY seq
	LOOP
		IF r.seq = after_seq THEN
			before := r.hash;
			CONTINUE;
		END IF;
		WHILE next < r.seq AND told < 100 LOOP
			RETURN QUERY SELECT next, 'removed'::text;
			told := told + 1;
			next := next + 1;
			before := NULL;
		END LOOP;
		IF r.hash IS DISTINCT FROM dispatch.journal_hash(r.prev_hash, r.seq, r.at, r.epoch, r.plan_hash, r.kind, r.body)
			OR date_trunc('milliseconds', r.at) <> r.at OR octet_length(r.prev_hash) <> 32
			OR octet_length(r.plan_hash) IS DISTINCT FROM 32 THEN
			RETURN QUERY SELECT r.seq, 'changed'::text;
			told := told + 1;
		ELSIF r.prev_hash <> before THEN
			RETURN QUERY SELECT r.seq, 'follows another row'::text;
			told := told + 1;
		END IF;
		EXIT WHEN told >= 100;
		before := r.hash;
		next := r.seq + 1;
	END LOOP;
	WHILE next <= to_seq AND told < 100 LOOP
		RETURN QUERY SELECT next, 'removed'::text;
		told := told + 1;
		next := next + 1;
	END LOOP;
END $$;

-- The first fault of a whole journal after from_seq, by the same rules; what 004 had did not see all columns.
CREATE OR REPLACE FUNCTION dispatch.journal_broken(of_town text, of_stream text, from_seq bigint DEFAULT 0)
	RETURNS TABLE (seq bigint, what text)
	LANGUAGE sql STABLE AS $$
	SELECT f.seq, f.what FROM dispatch.journal_faults(of_town, of_stream, from_seq,
		(SELECT max(j.seq) FROM dispatch.journal j WHERE j.town_id = of_town AND j.stream = of_stream)) f
		ORDER BY f.seq LIMIT 1
$$;
