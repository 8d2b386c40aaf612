-- What visitors were answered, counted by hour, and how far the access log was counted.

CREATE TABLE traffic (
    environment TEXT NOT NULL,
    hour INTEGER NOT NULL,
    class INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    seconds REAL NOT NULL,
    PRIMARY KEY (environment, hour, class, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE traffic_position (
    environment TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL,
    file TEXT,
    anchor TEXT
) STRICT;

-- What people are told. Triggers write it, so that nothing happens without it and nothing is told that did not happen.

CREATE TABLE event (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    environment TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at REAL NOT NULL,
    detail TEXT,
    routed INTEGER NOT NULL DEFAULT 0,
    answered_at REAL,
    answered_by TEXT,
    over_at REAL
) STRICT;
CREATE INDEX event_unrouted ON event (sequence) WHERE routed = 0;
CREATE INDEX event_open ON event (environment, kind) WHERE over_at IS NULL;
CREATE INDEX event_over ON event (environment, over_at) WHERE over_at IS NOT NULL;

-- One message to one route, in the order of the events of its environment.
CREATE TABLE delivery (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    event INTEGER NOT NULL REFERENCES event (sequence),
    environment TEXT NOT NULL,
    route TEXT NOT NULL,
    severity TEXT NOT NULL,
    escalate_at REAL,
    escalate_to TEXT,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL,
    sent_at REAL,
    error TEXT,
    UNIQUE (event, route)
) STRICT;
CREATE INDEX delivery_waiting ON delivery (environment, route, sequence) WHERE state = 'waiting';
CREATE INDEX delivery_escalating ON delivery (escalate_at) WHERE escalate_at IS NOT NULL;

CREATE TRIGGER event_of_begin AFTER INSERT ON deployment
WHEN NEW.kind NOT IN ('backup', 'copy', 'rehearsal')
BEGIN
    INSERT INTO event (environment, kind, subject, at)
    VALUES (NEW.environment, 'started', NEW.timestamp, NEW.started_at);
END;

CREATE TRIGGER event_of_end AFTER UPDATE OF outcome ON deployment
WHEN OLD.outcome IS NULL AND NEW.outcome IS NOT NULL AND NEW.kind <> 'rehearsal'
    AND (NEW.outcome <> 'succeeded' OR NEW.kind NOT IN ('backup', 'copy'))
BEGIN
    INSERT INTO event (environment, kind, subject, at, detail)
    VALUES (NEW.environment,
        CASE
            WHEN NEW.outcome = 'succeeded' THEN 'succeeded'
            WHEN NEW.outcome = 'rolled_back' THEN 'rolled-back'
            WHEN NEW.kind IN ('backup', 'copy') THEN 'backup-failed'
            WHEN CASE WHEN json_valid(NEW.error) THEN json_extract(NEW.error, '$.code') END = 14 THEN 'backup-failed'
            WHEN CASE WHEN json_valid(NEW.error) THEN json_extract(NEW.error, '$.code') END = 16 THEN 'needs-person'
            ELSE 'failed'
        END,
        NEW.timestamp, coalesce(NEW.finished_at, NEW.started_at), NEW.error);
END;

-- A stop mends nothing, and a backup here no copy elsewhere.
CREATE TRIGGER event_of_recovery AFTER UPDATE OF outcome ON deployment
WHEN OLD.outcome IS NULL AND NEW.outcome = 'succeeded' AND NEW.kind NOT IN ('rehearsal', 'stop')
BEGIN
    UPDATE event SET over_at = coalesce(NEW.finished_at, NEW.started_at)
    WHERE environment = NEW.environment AND over_at IS NULL
        AND CASE
            WHEN kind = 'backup-failed' AND EXISTS (
                SELECT 1 FROM deployment AS run WHERE run.timestamp = event.subject AND run.kind = 'copy')
                THEN NEW.kind = 'copy'
            WHEN kind = 'backup-failed' THEN NEW.kind = 'backup' OR EXISTS (
                SELECT 1 FROM backup WHERE backup.deployment = NEW.timestamp)
            WHEN kind = 'refused' THEN NEW.kind IN ('deploy', 'promote')
            WHEN kind IN ('failed', 'rolled-back', 'needs-person') THEN NEW.kind NOT IN ('backup', 'copy')
            ELSE 0
        END;
    INSERT INTO event (environment, kind, subject, at, detail)
    SELECT NEW.environment, 'recovered', kind, over_at, min(sequence)
    FROM event WHERE environment = NEW.environment AND over_at = coalesce(NEW.finished_at, NEW.started_at)
    GROUP BY kind ORDER BY min(sequence);
END;

CREATE TRIGGER event_of_schedule AFTER INSERT ON schedule_run
WHEN NEW.status IS NOT NULL AND NEW.status <> 0
BEGIN
    INSERT INTO event (environment, kind, subject, at, detail)
    VALUES (NEW.environment, 'schedule-failed', NEW.schedule, coalesce(NEW.ended, NEW.started, NEW.due), NEW.log);
END;

CREATE TRIGGER event_of_schedule_recovery AFTER INSERT ON schedule_run
WHEN NEW.status = 0 AND EXISTS (SELECT 1 FROM event WHERE environment = NEW.environment
    AND kind = 'schedule-failed' AND subject = NEW.schedule AND over_at IS NULL)
BEGIN
    INSERT INTO event (environment, kind, subject, at, detail)
    SELECT NEW.environment, 'recovered', 'schedule-failed ' || NEW.schedule, NEW.ended, min(sequence)
    FROM event WHERE environment = NEW.environment AND kind = 'schedule-failed' AND subject = NEW.schedule
        AND over_at IS NULL;
    UPDATE event SET over_at = NEW.ended WHERE environment = NEW.environment AND kind = 'schedule-failed'
        AND subject = NEW.schedule AND over_at IS NULL;
END;
