-- The roles that schemas/sql expects, made by a superuser once a server; no tables, no passwords. May be run again.
--   dispatch_owner   owns the database and its tables; connects only to migrate and to remove old journal rows
--   dispatch_daemon  what the daemon may do: add to the journal, write the projections (a group)
--   dispatch_report  what reporting tools may do: read (a group)
--   dispatch         the daemon's login, a member of dispatch_daemon
DO $$
BEGIN
	IF to_regrole('dispatch_owner') IS NULL THEN CREATE ROLE dispatch_owner LOGIN; END IF;
	IF to_regrole('dispatch_daemon') IS NULL THEN CREATE ROLE dispatch_daemon NOLOGIN; END IF;
	IF to_regrole('dispatch_report') IS NULL THEN CREATE ROLE dispatch_report NOLOGIN; END IF;
	IF to_regrole('dispatch') IS NULL THEN CREATE ROLE dispatch LOGIN; END IF;
END $$;
GRANT dispatch_daemon TO dispatch;
