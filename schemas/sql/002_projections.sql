-- What an office queries and reports on; written from the journal by the daemon, never read back for a decision.
--
-- Ids are the words people use ('2026-000123', 'cam-0417'). States are snake_case words. Times are event times.
-- Positions are degrees, CGCS2000 (EPSG:4490). Units last in names: _m metres, _s seconds.
-- Every column that is not in the key may be NULL, because a row is written piece by piece as the night goes on.
-- `seq` is the journal row that last wrote this one; `mode` is actual or exercise.

-- How far the projections have got.
CREATE TABLE dispatch.projected_seq (
	town_id text   NOT NULL,
	stream  text   NOT NULL,
	seq     bigint NOT NULL,
	at      timestamptz,
	PRIMARY KEY (town_id, stream)
);

-- --- cases ---------------------------------------------------------------------------------------

CREATE TABLE dispatch.incident (
	town_id           text NOT NULL,
	id                text NOT NULL,     -- '2026-000123'
	number            bigint,            -- 123
	type              text,
	title             text,
	playbook          text,
	playbook_hash     text,              -- hex; the version it opened with
	priority          integer,           -- 1 is the most urgent
	grade             text,              -- 特别重大 重大 较大 一般
	response_level    text,              -- I II III IV
	level             integer,           -- of the playbook
	state             text,              -- reported accepted dispatched working done_reported verified closed cancelled referred
	disposition       text,              -- resolved false nuisance duplicate referred no_action
	mode              text,
	lon               double precision,
	lat               double precision,
	grid              text,
	place             text,
	text              text,
	caller            text,
	phone             text,
	source            text,              -- the device or person of the first alarm
	alarm_count       integer,
	order_count       integer,
	shortfall         text,              -- what could not be found, and why
	reopened_count    integer,
	merged_into       text,              -- incident
	referred_to       text,
	closed_by         text,
	verified_by       text,
	reason            text,              -- of the last officer's decision
	opened_at         timestamptz,
	accepted_at       timestamptz,
	dispatched_at     timestamptz,
	first_answered_at timestamptz,
	first_en_route_at timestamptz,
	first_arrived_at  timestamptz,
	done_at           timestamptz,
	verified_at       timestamptz,
	closed_at         timestamptz,
	reopened_at       timestamptz,
	seq               bigint,
	PRIMARY KEY (town_id, id)
);
CREATE INDEX incident_state ON dispatch.incident (town_id, state);
CREATE INDEX incident_opened ON dispatch.incident (town_id, opened_at);

-- One row an accepted or suppressed alarm; (source, id) is its identity.
CREATE TABLE dispatch.alarm (
	town_id     text NOT NULL,
	source      text NOT NULL,           -- device or person
	id          text NOT NULL,           -- the sender's
	type        text,
	state       text,                    -- raised cleared alive test
	result      text,                    -- accepted suppressed
	incident    text,
	episode     text,
	mode        text,
	lon         double precision,
	lat         double precision,
	grid        text,
	confidence  double precision,
	value       double precision,
	unit        text,
	text        text,
	media       text,                    -- JSON array of addresses
	sent_at     timestamptz,             -- what the sender's clock said
	received_at timestamptz,
	cleared_at  timestamptz,
	repeats     integer,                 -- the same identity again
	seq         bigint,
	PRIMARY KEY (town_id, source, id)
);
CREATE INDEX alarm_incident ON dispatch.alarm (town_id, incident);
CREATE INDEX alarm_received ON dispatch.alarm (town_id, received_at);

CREATE TABLE dispatch.incident_alarm (
	town_id  text NOT NULL,
	incident text NOT NULL,
	source   text NOT NULL,
	alarm    text NOT NULL,              -- dispatch.alarm.id
	relation text,                       -- opened joined occurrence merged
	at       timestamptz,
	seq      bigint,
	PRIMARY KEY (town_id, incident, source, alarm)
);
CREATE INDEX incident_alarm_alarm ON dispatch.incident_alarm (town_id, source, alarm);

-- What happened in a case, in words; the nth of the changes of one journal row.
CREATE TABLE dispatch.incident_event (
	town_id  text NOT NULL,
	incident text NOT NULL,
	seq      bigint NOT NULL,
	n        integer NOT NULL,
	at       timestamptz,
	kind     text,
	text_zh  text,
	text_en  text,
	who      text,
	PRIMARY KEY (town_id, incident, seq, n)
);

-- --- help ----------------------------------------------------------------------------------------

CREATE TABLE dispatch.unit (
	town_id       text NOT NULL,
	id            text NOT NULL,
	name          text,
	kind          text,                  -- crew vehicle grid_worker drone volunteer machine
	skills        text,                  -- words, separated by ';'
	team          text,
	members       text,
	shift         text,
	grid          text,
	state         text,                  -- off_duty available reserved ordered acknowledged en_route on_scene returning out_of_service
	lon           double precision,
	lat           double precision,
	position_at   timestamptz,
	home_lon      double precision,
	home_lat      double precision,
	speed_kmh     double precision,
	turnout_s     integer,
	order_id      text,                  -- the live order, if any
	incident      text,
	terminal      text,
	link          text,                  -- live lost none
	link_at       timestamptz,
	reason        text,                  -- out of service: why
	state_at      timestamptz,
	seq           bigint,
	PRIMARY KEY (town_id, id)
);
CREATE INDEX unit_state ON dispatch.unit (town_id, state);

CREATE TABLE dispatch.order_ (
	town_id        text NOT NULL,
	id             text NOT NULL,
	incident       text,
	kind           text,                 -- unit depot device
	target         text,                 -- the unit, depot or device
	task           text,
	action         text,                 -- kind device: what it is to do
	state          text,                 -- issued delivered accepted declined expired recalled en_route arrived done failed
	step           text,                 -- of the playbook
	need           text,                 -- the requirement it fills: skill or item
	level          integer,
	mode           text,
	lon            double precision,
	lat            double precision,
	range_m        double precision,
	travel_s       double precision,
	rank           integer,              -- 1: the best of those free
	substitute     text,                 -- what it stands in for
	explain        text,                 -- why this one, and why not the others (JSON)
	carrier_order  text,                 -- kind depot: the order of the unit that fetches it
	replaces       text,                 -- the order before, after a swap or an expiry
	respond_by     timestamptz,
	arrive_by      timestamptz,
	issued_at      timestamptz,
	delivered_at   timestamptz,
	answered_at    timestamptz,
	en_route_at    timestamptz,
	arrived_at     timestamptz,
	done_at        timestamptz,
	ended_at       timestamptz,          -- declined expired recalled failed
	reason         text,
	by             text,                 -- who answered, or decided
	channel        text,                 -- terminal phone radio
	seq            bigint,
	PRIMARY KEY (town_id, id)
);
CREATE INDEX order_incident ON dispatch.order_ (town_id, incident);
CREATE INDEX order_target ON dispatch.order_ (town_id, target);
CREATE INDEX order_state ON dispatch.order_ (town_id, state);

CREATE TABLE dispatch.depot (
	town_id text NOT NULL,
	id      text NOT NULL,
	name    text,
	lon     double precision,
	lat     double precision,
	keeper  text,
	phone   text,
	load_s  integer,
	seq     bigint,
	PRIMARY KEY (town_id, id)
);

CREATE TABLE dispatch.stock (
	town_id    text NOT NULL,
	depot      text NOT NULL,
	item       text NOT NULL,
	name       text,
	quantity   bigint,                   -- on the shelf, the reserved included
	reserved   bigint,
	unit       text,
	minimum    bigint,
	expires    date,
	counted_at timestamptz,
	updated_at timestamptz,
	seq        bigint,
	PRIMARY KEY (town_id, depot, item)
);

CREATE TABLE dispatch.supply (
	town_id     text NOT NULL,
	id          text NOT NULL,
	incident    text,
	item        text,
	quantity    bigint,
	unit        text,
	depot       text,
	order_id    text,                    -- the order to the depot
	state       text,                    -- reserved issued delivered returned cancelled short
	returned    bigint,
	range_m     double precision,
	travel_s    double precision,
	mode        text,
	reason      text,
	by          text,
	reserved_at timestamptz,
	issued_at   timestamptz,
	arrived_at  timestamptz,
	returned_at timestamptz,
	seq         bigint,
	PRIMARY KEY (town_id, id)
);
CREATE INDEX supply_incident ON dispatch.supply (town_id, incident);

-- --- clocks and calls ----------------------------------------------------------------------------

CREATE TABLE dispatch.deadline (
	town_id    text NOT NULL,
	id         text NOT NULL,
	incident   text,
	order_id   text,
	kind       text,                     -- answer arrive receive dispose verify confirm effect notify
	owner      text,                     -- who must act
	rung       integer,                  -- how far it has climbed
	state      text,                     -- running met missed cancelled
	allowed_s  integer,
	started_at timestamptz,
	due_at     timestamptz,
	ended_at   timestamptz,
	climbed_at timestamptz,
	mode       text,
	seq        bigint,
	PRIMARY KEY (town_id, id)
);
CREATE INDEX deadline_incident ON dispatch.deadline (town_id, incident);
CREATE INDEX deadline_due ON dispatch.deadline (town_id, state, due_at);

CREATE TABLE dispatch.notification (
	town_id      text NOT NULL,
	id           text NOT NULL,
	incident     text,
	person       text,
	role         text,                   -- grid_head duty_officer committee …
	text         text,
	state        text,                   -- issued delivered answered expired climbed cancelled
	channel      text,                   -- terminal phone radio
	rung         integer,
	answer       text,
	by           text,
	mode         text,
	issued_at    timestamptz,
	delivered_at timestamptz,
	answered_at  timestamptz,
	answer_by    timestamptz,
	ended_at     timestamptz,
	seq          bigint,
	PRIMARY KEY (town_id, id)
);
CREATE INDEX notification_incident ON dispatch.notification (town_id, incident);

CREATE TABLE dispatch.call_task (
	town_id      text NOT NULL,
	id           text NOT NULL,
	incident     text,
	order_id     text,
	notification text,
	person       text,
	name         text,
	phone        text,
	text         text,                   -- what must be said
	state        text,                   -- open taken done cancelled
	result       text,
	taken_by     text,
	done_by      text,
	mode         text,
	opened_at    timestamptz,
	due_at       timestamptz,
	taken_at     timestamptz,
	done_at      timestamptz,
	seq          bigint,
	PRIMARY KEY (town_id, id)
);
CREATE INDEX call_task_state ON dispatch.call_task (town_id, state, due_at);

CREATE TABLE dispatch.silence (
	town_id          text NOT NULL,
	id               text NOT NULL,
	device           text,
	type             text,
	grid             text,
	reason           text,
	by               text,
	state            text,               -- active expired
	starts_at        timestamptz,
	ends_at          timestamptz,
	expired_at       timestamptz,
	suppressed_count bigint,
	seq              bigint,
	PRIMARY KEY (town_id, id)
);

CREATE TABLE dispatch.warning (
	town_id    text NOT NULL,
	id         text NOT NULL,
	colour     text,                     -- red orange yellow blue
	hazard     text,
	state      text,                     -- active cleared expired
	by         text,
	set_at     timestamptz,
	until_at   timestamptz,
	cleared_at timestamptz,
	seq        bigint,
	PRIMARY KEY (town_id, id)
);

-- --- the town as it was loaded -------------------------------------------------------------------

CREATE TABLE dispatch.grid (
	town_id text NOT NULL,
	id      text NOT NULL,               -- its code
	name    text,
	level   text,                        -- 1 2 3 micro
	parent  text,
	head    text,                        -- person
	lon     double precision,            -- a point inside
	lat     double precision,
	outline text,                        -- GeoJSON geometry
	seq     bigint,
	PRIMARY KEY (town_id, id)
);

CREATE TABLE dispatch.person (
	town_id text NOT NULL,
	id      text NOT NULL,
	name    text,
	roles   text,                        -- words, separated by ';'
	phone   text,
	org     text,
	grid    text,
	seq     bigint,
	PRIMARY KEY (town_id, id)
);

CREATE TABLE dispatch.device (
	town_id        text NOT NULL,
	id             text NOT NULL,
	kind           text,
	name           text,
	lon            double precision,
	lat            double precision,
	grid           text,
	actions        text,                 -- words, separated by ';'
	state          text,                 -- ok silent disabled
	reason         text,
	by             text,
	expect_every_s integer,
	last_seen_at   timestamptz,
	last_alarm_at  timestamptz,
	silent_at      timestamptz,
	disabled_at    timestamptz,
	alarm_count    bigint,
	seq            bigint,
	PRIMARY KEY (town_id, id)
);

CREATE TABLE dispatch.playbook (
	town_id       text NOT NULL,
	id            text NOT NULL,
	title         text,
	hash          text,                  -- hex
	incident_type text,
	priority      integer,
	grade         text,
	response_level text,
	release       text,                  -- auto confirm
	body          text,                  -- the YAML as loaded
	loaded_at     timestamptz,
	seq           bigint,
	PRIMARY KEY (town_id, id)
);

-- --- who may what --------------------------------------------------------------------------------

GRANT SELECT, INSERT, UPDATE, DELETE ON
	dispatch.projected_seq, dispatch.incident, dispatch.alarm, dispatch.incident_alarm, dispatch.incident_event,
	dispatch.unit, dispatch.order_, dispatch.depot, dispatch.stock, dispatch.supply, dispatch.deadline,
	dispatch.notification, dispatch.call_task, dispatch.silence, dispatch.warning, dispatch.grid, dispatch.person,
	dispatch.device, dispatch.playbook
	TO dispatch_daemon;
GRANT SELECT ON
	dispatch.projected_seq, dispatch.incident, dispatch.alarm, dispatch.incident_alarm, dispatch.incident_event,
	dispatch.unit, dispatch.order_, dispatch.depot, dispatch.stock, dispatch.supply, dispatch.deadline,
	dispatch.notification, dispatch.call_task, dispatch.silence, dispatch.warning, dispatch.grid, dispatch.person,
	dispatch.device, dispatch.playbook
	TO dispatch_report;
