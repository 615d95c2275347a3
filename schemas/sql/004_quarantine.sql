-- Rows that PostgreSQL refused, kept for a person to look at; and the check of the journal's hash chain.

-- stage 'journal': the row is not in dispatch.journal. stage 'projection': it is, but its projections are missing.
CREATE TABLE dispatch.quarantine (
	town_id      text        NOT NULL,
	stream       text        NOT NULL,
	stage        text        NOT NULL CHECK (stage IN ('journal', 'projection')),
	seq          bigint      NOT NULL,
	at           timestamptz NOT NULL,
	epoch        bigint      NOT NULL,
	kind         text        NOT NULL,
	plan_hash    bytea,
	body         bytea       NOT NULL,
	prev_hash    bytea,
	hash         bytea       NOT NULL,
	error        text        NOT NULL,
	set_aside_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (town_id, stream, stage, seq)
);
GRANT SELECT, INSERT ON dispatch.quarantine TO dispatch_daemon;
GRANT SELECT ON dispatch.quarantine TO dispatch_report;

-- The hash of a row, from its columns. The bytes: prev_hash (32; zeros for the first row), seq, event time in ms and epoch
-- (8 each, big-endian), plan_hash (32; zeros: none), the kind's word, one zero byte, the body.
CREATE FUNCTION dispatch.journal_hash(prev_hash bytea, seq bigint, at timestamptz, epoch bigint, plan_hash bytea, kind text,
	body bytea) RETURNS bytea
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT sha256(prev_hash || int8send(seq) || int8send((extract(epoch FROM at) * 1000)::bigint) || int8send(epoch)
		|| coalesce(plan_hash, decode(repeat('00', 32), 'hex')) || convert_to(kind, 'UTF8') || '\x00'::bytea || body)
$$;

-- The first row after from_seq whose hash is not that of its columns, or that does not follow the one before it; none:
-- the chain is whole. Rows set aside count as links. The row at from_seq (0: none) is trusted: a checkpoint's, or the first.
CREATE FUNCTION dispatch.journal_broken(of_town text, of_stream text, from_seq bigint DEFAULT 0)
	RETURNS TABLE (seq bigint, what text)
	LANGUAGE sql STABLE AS $$
	WITH link AS (
		SELECT j.seq, j.at, j.epoch, j.plan_hash, j.kind, j.body, j.prev_hash, j.hash
			FROM dispatch.journal j WHERE j.town_id = of_town AND j.stream = of_stream AND j.seq > from_seq
		UNION ALL
		SELECT q.seq, q.at, q.epoch, q.plan_hash, q.kind, q.body, q.prev_hash, q.hash
			FROM dispatch.quarantine q WHERE q.town_id = of_town AND q.stream = of_stream AND q.seq > from_seq
			AND q.stage = 'journal'
			AND NOT EXISTS (SELECT FROM dispatch.journal j
				WHERE j.town_id = of_town AND j.stream = of_stream AND j.seq = q.seq)
	), before AS (
		SELECT l.*, lag(l.seq) OVER w AS seq_before, lag(l.hash) OVER w AS hash_before FROM link l WINDOW w AS (ORDER BY l.seq)
	), trusted AS (
		SELECT c.hash FROM dispatch.journal_checkpoint c
			WHERE c.town_id = of_town AND c.stream = of_stream AND c.seq = from_seq
		UNION ALL
		SELECT j.hash FROM dispatch.journal j
			WHERE j.town_id = of_town AND j.stream = of_stream AND j.seq = from_seq
		UNION ALL
		SELECT decode(repeat('00', 32), 'hex') WHERE from_seq = 0
	)
	SELECT b.seq, CASE
			WHEN b.hash <> dispatch.journal_hash(b.prev_hash, b.seq, b.at, b.epoch, b.plan_hash, b.kind, b.body)
				THEN 'the hash is not that of the row'
			WHEN coalesce(b.seq_before, from_seq) <> b.seq - 1 THEN 'rows are missing before it'
			ELSE 'it does not follow the row before it' END
		FROM before b
		WHERE b.hash <> dispatch.journal_hash(b.prev_hash, b.seq, b.at, b.epoch, b.plan_hash, b.kind, b.body)
			OR coalesce(b.seq_before, from_seq) <> b.seq - 1
			OR b.prev_hash <> coalesce(b.hash_before, (SELECT t.hash FROM trusted t LIMIT 1))
		ORDER BY b.seq LIMIT 1
$$;
