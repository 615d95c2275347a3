-- promises: what those outside have noted, against the tables; a line a promise: its kind, how many violations, in words. Changes nothing.
-- Before it come the tables told, obeyed and shelf; the variables journal, alarm, order_, stock and supply name the tables.

-- The ids that a journal holds, read out of its bytes: the senders' ids end with a z.
CREATE TEMP TABLE kept AS
	SELECT seq, substring(encode(body, 'escape') FROM 'soak-[a-y0-9]+-[0-9]+z') AS id
	FROM :journal WHERE stream = 'actual' AND kind = 'alarm';
CREATE INDEX ON kept (id);
CREATE INDEX ON told (id);
ANALYZE kept;
ANALYZE told;

SELECT 'lost', count(*), 'acknowledged and not in the journal, ' || coalesce(min(id), '')
	FROM told WHERE NOT EXISTS (SELECT FROM kept WHERE kept.id = told.id);
SELECT 'lost', count(*), 'acknowledged under a row that is not theirs, ' || coalesce(min(id), '')
	FROM told WHERE seq > 0 AND NOT EXISTS (SELECT FROM kept WHERE kept.id = told.id AND kept.seq = told.seq);
SELECT 'lost', count(*), 'acknowledged and not in the table of alarms, ' || coalesce(min(id), '')
	FROM told WHERE NOT EXISTS (SELECT FROM :alarm a WHERE a.source = told.source AND a.id = told.id);
SELECT 'double', count(*), 'in the journal more than once, ' || coalesce(min(id), '')
	FROM (SELECT id FROM kept WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1) AS twice;
SELECT 'double', count(*), 'told of two incidents, ' || coalesce(min(id), '')
	FROM (SELECT id FROM told GROUP BY source, id HAVING count(DISTINCT incident) > 1) AS torn;

SELECT 'double', count(*), 'units with two live orders, ' || coalesce(min(target), '')
	FROM (SELECT target FROM :order_ WHERE kind = 'unit' AND state IN ('issued', 'delivered', 'accepted', 'en_route', 'arrived')
		GROUP BY target HAVING count(*) > 1) AS torn;
SELECT 'double', count(*), 'orders issued while the one before of the same unit was live, ' || coalesce(min(id), '')
	FROM (SELECT id, issued_at, lag(least(done_at, ended_at)) OVER unit AS free_at, lag(id) OVER unit AS before
		FROM :order_ WHERE kind = 'unit' WINDOW unit AS (PARTITION BY target ORDER BY substr(id, 2)::bigint)) AS line
	WHERE before IS NOT NULL AND (free_at IS NULL OR free_at > issued_at);
SELECT 'double', count(*), 'orders obeyed twice, by two, or by another than they were for, ' || coalesce(min(id), '')
	FROM (SELECT id FROM obeyed GROUP BY id HAVING count(*) > 1
		UNION SELECT id FROM obeyed o WHERE NOT EXISTS (SELECT FROM :order_ r WHERE r.id = o.id AND r.target = o.target)) AS torn;

SELECT 'negative', count(*), 'stock below nothing, or more of it reserved than there is, ' || coalesce(min(depot || '/' || item), '')
	FROM :stock WHERE quantity < 0 OR reserved < 0 OR reserved > quantity;
SELECT 'negative', count(*), 'more given away than there was, ' || coalesce(min(depot || '/' || item), '')
	FROM (SELECT s.depot, s.item FROM shelf JOIN :supply s USING (depot, item)
		WHERE s.state IN ('reserved', 'issued', 'delivered')
		GROUP BY s.depot, s.item, shelf.quantity HAVING sum(s.quantity) > shelf.quantity) AS torn;
