-- A feature that is switched mends nothing of what failed.
DROP TRIGGER event_of_recovery;
CREATE TRIGGER event_of_recovery AFTER UPDATE OF outcome ON deployment
WHEN OLD.outcome IS NULL AND NEW.outcome = 'succeeded' AND NEW.kind NOT IN ('rehearsal', 'stop', 'feature')
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
